"""A message that came in, understood: an answer, an automatic answer, or a bounce, and which message of ours it is about.

Whatever arrives was written by someone else, sometimes in bad faith: nothing is opened, unpacked or followed, headers
are read as bytes, charsets are guesses, and what cannot be read is simply no text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import Header, decode_header
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from sync.post.quotes import new_words, text_of_html

HOSTILE = (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError)  # what parsing may raise

_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s]{1,200}>")
_KEY = re.compile(r"X-Relance-Key:\s*([0-9a-f]{32})", re.IGNORECASE)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,200}[A-Za-z0-9]")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b|\b([45])\d\d[ -]")
_AUTO_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response)|(?:réponse|message|courriel|mail) (?:automatique|d['’]absence)|out of (?:the )?office"
    r"|(?:notification d['’])?absen(?:ce|te?)\b|en congés?\b|indisponible\b|abwesenheit|accusé de réception|(?:lu|non lu|read|not read) ?:)",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounces?)(?:[+@-]|$)", re.IGNORECASE)
_FAILED_SUBJECT = re.compile(
    r"undeliver|delivery status|deliver.{0,12}fail|fail.{0,12}deliver|returned mail|non remis|échec de (?:la )?remise|non[- ]distribu|mail delivery",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delay|retard|will (?:be )?retr|still trying|sera réessay|warning: could not", re.IGNORECASE)
_MOST_PARTS = 60
_REPORTS = ("message/disposition-notification", "message/delivery-status")  # read, displayed, delivered: said by a machine


class What(StrEnum):
    REPLY = "reply"
    AUTO = "auto"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Failed:
    """An address that a message did not reach. `permanent` False: the server still tries, or the mailbox may recover."""

    address: str
    permanent: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """`refers` are Message-IDs it answers or returns, `keys` the X-Relance-Key of a returned message."""

    what: What
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""
    refers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    failed: tuple[Failed, ...] = ()


def understand(raw: bytes) -> Incoming:
    """Never raises for what a message holds; a message cut short is understood as far as it goes."""
    try:
        message = message_from_bytes(raw)
    except HOSTILE:
        message = message_from_bytes(raw[: max(0, raw.find(b"\n\n"))] or raw[:16_384])
    try:
        return _understand(message)
    except HOSTILE:
        return Incoming(what=What.REPLY, message_id=_first_id(message.get("Message-ID")), sender=_sender(message))


def _understand(message: Message) -> Incoming:
    subject, sender = header_text(message.get("Subject")), _sender(message)
    refers = _ids(message.get("In-Reply-To"), message.get("References"))
    parts = list(_parts(message))
    failed = _failures(parts)
    returned = _returned(parts)
    looks_returned = bool(_POSTMASTER.match(sender)) or (_has_no_path(message) and bool(_FAILED_SUBJECT.search(subject)))
    text = _text(parts)
    report = any(part.get_content_type() in _REPORTS for part in parts)
    if not failed and looks_returned and not _has_arrived(parts):
        failed = _told_failures(message, text, subject)
    if failed:
        refers = (*refers, *_ids(returned), *_ids(text if looks_returned else ""))
        what, keys = What.BOUNCE, tuple(dict.fromkeys(_KEY.findall(f"{returned}\n{text}")))
        text = ""
    else:
        what, keys = (What.AUTO if report or _is_automatic(message, subject, refers) else What.REPLY), ()
        text = new_words(text)
    return Incoming(
        what=what,
        message_id=_first_id(message.get("Message-ID")),
        sender=sender,
        subject=subject[:300],
        text=text,
        refers=tuple(dict.fromkeys(refers)),
        keys=keys,
        failed=failed,
    )


def header_text(value: object) -> str:
    """A header as people read it, on one line, whatever its encoding claims to be."""
    if value is None:
        return ""
    told = []
    try:
        for piece, charset in decode_header(value if isinstance(value, Header) else str(value)):  # bytes of no charset stay bytes
            told.append(piece if isinstance(piece, str) else _decoded(piece, charset))
    except HOSTILE:
        told = [str(value)]
    return " ".join("".join(ch if ch.isprintable() else " " for ch in "".join(told)).split())


def _decoded(data: bytes, charset: str | None) -> str:
    for name in (charset, "utf-8", "cp1252"):
        if name:
            try:
                return data.decode(name)
            except (LookupError, ValueError):
                continue
    return data.decode("utf-8", "replace")


def _sender(message: Message) -> str:
    return parseaddr(header_text(message.get("From")))[1].casefold()[:320]


def _ids(*values: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        if value is not None:
            found |= dict.fromkeys(_ID.findall(str(value)[:20_000])[:50])
    return tuple(found)


def _first_id(value: object) -> str:
    found = _ids(value)
    return found[0] if found else ""


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts in order, a few levels deep and not too many; a returned message is one part, not opened further."""
    stack = [(message, depth)]
    count = 0
    while stack and count < _MOST_PARTS:
        part, level = stack.pop()
        count += 1
        yield part
        payload = part.get_payload()
        if (
            isinstance(payload, list)
            and level < 8
            and part.get_content_type() not in ("message/rfc822", "message/delivery-status")
        ):
            stack += [(one, level + 1) for one in reversed(payload[:_MOST_PARTS]) if isinstance(one, Message)]


def _text(parts: list[Message]) -> str:
    """The first plain part that says something, else the words of the HTML one."""
    html = ""
    for part in parts:
        kind = part.get_content_type()
        if part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        said = _decoded(payload[:400_000], _charset(part))
        if kind == "text/plain" and said.strip():
            return said
        html = html or said
    return text_of_html(html) if html else ""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except HOSTILE:
        return None


def _failures(parts: list[Message]) -> tuple[Failed, ...]:
    """The recipients of the message/delivery-status part (RFC 3464)."""
    found: dict[str, Failed] = {}
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            address = _recipient(block.get("Final-Recipient")) or _recipient(block.get("Original-Recipient"))
            action = str(block.get("Action", "")).strip().casefold()
            status = str(block.get("Status", "")).strip()
            if not address or action not in ("failed", "delayed"):
                continue
            why = header_text(block.get("Diagnostic-Code"))[:200] or status
            found[address] = Failed(address, action == "failed" and not status.startswith("4"), why)
    return tuple(found.values())


def _has_arrived(parts: list[Message]) -> bool:
    """Whether it reports that a message was delivered, or handed on."""
    blocks = [block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)]
    return any(str(block.get("Action", "")).strip().casefold() in ("delivered", "relayed", "expanded") for block in blocks)


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in (payload if isinstance(payload, list) else [])[:100] if isinstance(block, Message)]


def _recipient(value: object) -> str:
    """ "rfc822; someone@example.org" """
    found = _ADDRESS.search(str(value or "").partition(";")[2] or str(value or ""))
    return found.group().casefold() if found else ""


def _returned(parts: list[Message]) -> str:
    """The headers of the message that a bounce gives back."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                return "\n".join(f"{name}: {value}" for name, value in inner[0].items() if len(str(value)) < 5000)[:20_000]
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return _decoded(payload[:20_000], None)
    return ""


def _told_failures(message: Message, text: str, subject: str) -> tuple[Failed, ...]:
    """A bounce in plain words: addresses it names, permanent only when a status of the class 5 says so."""
    named = [one.casefold() for one in _ADDRESS.findall(header_text(message.get("X-Failed-Recipients")))]
    named = named or [one.casefold() for one in _ADDRESS.findall(text[:20_000])[:20]]
    classes = {first or second for first, second in _STATUS.findall(text[:20_000])}
    delayed = "4" in classes or bool(_DELAYED.search(subject)) or bool(_DELAYED.search(text[:2_000]))
    permanent = "5" in classes and not _DELAYED.search(subject) if classes else bool(named) and not delayed
    return tuple(Failed(one, permanent) for one in dict.fromkeys(named))


def _has_no_path(message: Message) -> bool:
    return str(message.get("Return-Path", "")).strip() == "<>"


def _is_automatic(message: Message, subject: str, refers: tuple[str, ...]) -> bool:
    """RFC 3834's own header first; then what older programs say.

    A list says nothing of an answer: a mailbox behind a group gets all its mail that way, people's answers too.
    """
    submitted = str(message.get("Auto-Submitted", "")).partition(";")[0].strip().casefold()
    if submitted and submitted != "no":
        return True
    precedence = str(message.get("Precedence", "")).strip().casefold()
    if precedence in ("bulk", "junk", "auto_reply"):
        return True
    if not refers and (precedence == "list" or message.get("List-Id") is not None):
        return True
    if any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From")):
        return True
    suppressed = str(message.get("X-Auto-Response-Suppress", "")).casefold()
    return _has_no_path(message) or "all" in suppressed or bool(_AUTO_SUBJECT.match(subject))
