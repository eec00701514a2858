"""A document before it is set: which page, which data, dated when, named how."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sync.dunning.model import Decision
from sync.errors import UsageError
from sync.ledger.words import Channel, Language
from sync.letters.table import one_line

LETTERS = (Channel.LETTER, Channel.REGISTERED_LETTER, Channel.FORMAL_NOTICE, Channel.HAND_OVER)


class DocumentError(UsageError):
    """The document cannot be made: what to do, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`page` names a template of `pages/` ("letter.typ"), `data` is what it shows: JSON values only, never markup.

    `day` is the document's own date: the PDF bears it, so that the same document always has the same bytes.
    """

    name: str  # of the file, without folder
    page: str
    title: str
    language: Language
    day: date
    data: Mapping[str, Any]


_KINDS: Mapping[str, tuple[str, str]] = {
    "letter": ("letter", "courrier"),
    "registered letter": ("registered-letter", "recommande"),
    "formal notice": ("formal-notice", "mise-en-demeure"),
    "hand over": ("hand-over", "remise"),
    "statement": ("statement", "releve-de-compte"),
    "interest": ("interest", "calcul-des-penalites"),
    "plan": ("instalment-agreement", "echeancier"),
    "settlement": ("settlement", "protocole-transactionnel"),
    "call": ("call-sheet", "fiche-d-appel"),
}


def file_name(kind: str, parts: tuple[str, ...], language: Language, key: str = "") -> str:
    """ "C0053_F2026-0012_mise-en-demeure_1f3a09c2.pdf": nothing a person typed can leave the folder.

    The digest of `key` (default: all the parts) keeps apart what plain letters cannot.
    """
    word = _KINDS[kind][language == "fr"]
    mark = hashlib.sha256("|".join((kind, key or "|".join(parts))).encode()).hexdigest()[:8]
    return "_".join((*(plain_name(part) for part in parts if part), word, mark)) + ".pdf"


def plain_name(text: str, most: int = 40) -> str:
    """A piece of a file name: letters, digits, hyphens and inner dots; never empty, never hidden, never a device's name."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "-")).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", folded)
    plain = re.sub(r"\.{2,}", ".", plain)[:most].strip("-.")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain):
        plain = f"{plain}-"
    return plain or "x"


def code_mark(code: str) -> str:
    """What a name of files ends with when `plain_name` changes the code it begins with, so that two never share it; else ""."""
    return "" if plain_name(code) == code else f"_{hashlib.sha256(code.encode()).hexdigest()[:8]}"


def decision_file(decision: Decision, language: Language) -> str:
    """The PDF of a decision that a person carries out, "" when it has none. A function of its key, so it stays the same."""
    if decision.channel not in LETTERS:
        return ""
    return file_name(decision.channel.value, (decision.customer, decision.carrying), language, decision.key)


def printable(text: str) -> str:
    """Without what no page can or should show: control and direction characters, private ones, pictograms.

    Line ends stay. A direction character could make an amount read backwards.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for ch in text.replace("\r\n", "\n").replace("\r", "\n"):
        kind = unicodedata.category(ch)
        if ch in "\n\u00a0\u202f" or (kind[0] != "C" and kind not in ("Zl", "Zp") and not _is_pictogram(ch, kind)):
            kept.append(ch)
        elif ch == "\t" or kind in ("Zl", "Zp"):
            kept.append(" ")
    return "".join(kept)


def _is_pictogram(ch: str, kind: str) -> bool:
    return (kind == "So" and ch > "\u2bff") or "\ufe00" <= ch <= "\ufe0f"


def clean(value: Any) -> Any:
    """`printable` on every text of JSON-like data."""
    match value:
        case str():
            return printable(value)
        case Mapping():
            return {key: clean(one) for key, one in value.items()}
        case list() | tuple():
            return [clean(one) for one in value]
        case _:
            return value


def address_lines(text: str, most: int = 5) -> list[str]:
    """An address as typed, line by line; what exceeds the window joins the last line."""
    lines = [line for line in map(one_line, text.splitlines()) if line]
    if len(lines) == 1 and lines[0].count(",") in (1, 2):
        lines = [part.strip() for part in lines[0].rsplit(",", 1)]
    if len(lines) > most:
        lines = [*lines[: most - 1], ", ".join(lines[most - 1 :])]
    return lines
