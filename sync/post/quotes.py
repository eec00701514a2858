"""The new words of an answer: without the message it answers, without signature, without markup."""

import re
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

MOST_READ = 20_000  # characters looked at
MOST_KEPT = 4_000  # characters shown to a person

# What the library misses: an attribution cut over two or three lines, the signature mark, a telephone's own line.
_ATTRIBUTION = re.compile(
    r"^[ \t>]*(?:Le|On|Am|Il|El)\b[^\n]{0,200}(?:\n[^\n]{0,200}){0,2}?(?:a[ \u00a0]écrit|wrote|schrieb|ha scritto|escribió)[ \u00a0\u202f]?:",
    re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[ \t>]*(?:-{2,}[ \t]?(?:Message d['’]origine|Original Message|Message transféré|Forwarded message|Original-Nachricht)"
    r"|_{10,}[ \t]*$|(?:De|From)[ \u00a0]?:[^\n]{1,200}\n[ \t>]*(?:Envoyé|Date|Sent|À|To)[ \u00a0]?:)",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--[ \u00a0]?$", re.MULTILINE)
_TELEPHONE = re.compile(
    r"^[ \t]*(?:Envoyé (?:de|depuis|à partir de|via)|Sent from|Get Outlook for|Téléchargez Outlook|Obtenir Outlook)\b[^\n]{0,80}$",
    re.MULTILINE | re.IGNORECASE,
)


def new_words(text: str) -> str:
    """What the writer added, at most `MOST_KEPT` characters. When nothing is left, the beginning of what there was."""
    text = _clean(text[:MOST_READ])
    cut = text
    for rule in (_ATTRIBUTION, _ORIGINAL, _SIGNATURE, _TELEPHONE):
        found = rule.search(cut)
        if found is not None:  # an answer written below what it quotes loses the attribution alone
            cut = cut[: found.start()] if cut[: found.start()].strip() else cut[found.end() :]
    lines = [line for line in cut.split("\n") if not line.lstrip().startswith(">")]
    cut = "\n".join(lines).strip()
    reply = EmailReplyParser(languages=["fr", "en"]).parse_reply(cut[:MOST_KEPT]) if cut else ""
    kept = (reply or "").strip() or cut or text.strip()
    return re.sub(r"\n{3,}", "\n\n", kept)[:MOST_KEPT].strip()


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ch for ch in text if ch in "\n\t" or ch.isprintable() or ch in "\u00a0\u202f")


class _Words(HTMLParser):
    """The visible text of an HTML answer; quoted blocks are left out."""

    _HIDDEN = frozenset({"script", "style", "head", "title", "template", "blockquote"})
    _LINES = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "hr"})
    _VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source", "embed"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._LINES and not self._hidden:
            self.pieces.append("\n")
        if tag in self._VOID:
            return
        said = dict(attrs)
        quoted = any(mark in (said.get("class") or "") for mark in ("gmail_quote", "moz-cite", "yahoo_quoted"))
        quoted = quoted or (said.get("id") or "") in ("divRplyFwdMsg", "appendonsend", "mail-editor-reference-message-container")
        hides = tag in self._HIDDEN or quoted
        if len(self._open) < 500:
            self._open.append((tag, hides))
            self._hidden += hides

    def handle_endtag(self, tag: str) -> None:
        if tag in self._LINES and not self._hidden:
            self.pieces.append("\n")
        for place in range(len(self._open) - 1, max(-1, len(self._open) - 30), -1):
            if self._open[place][0] == tag:
                for _, hides in self._open[place:]:
                    self._hidden -= hides
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def text_of_html(html: str) -> str:
    """The words of an HTML part, line by line."""
    reader = _Words()
    reader.feed(html[: 10 * MOST_READ])
    reader.close()
    lines = ("".join(reader.pieces)).replace("\u00a0", " ").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()
