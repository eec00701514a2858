"""A decision and its words as a MIME message: plain text and HTML from one source."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, quote
from html import escape
from typing import Any

from sync.dunning.model import Settings
from sync.post.model import Attachment, Outgoing


class _Words(BaseHeader):
    """A header written as it stands and folded between its words.

    The library would encode a long Message-ID, which no reader would know again, and it loses spaces where it cuts a
    long name with accents.
    """

    max_count = 1

    @classmethod
    def parse(cls, string: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"] = None  # read by the library's own folding only
        kwds["decoded"] = string

    def fold(self, *, policy: Policy) -> str:
        lines = [f"{self.name}:"]
        for word in str(self).split():
            if len(lines[-1]) + len(word) < 78 or lines == [f"{self.name}:"]:
                lines[-1] += f" {word}"
            else:
                lines.append(f" {word}")
        return policy.linesep.join(lines) + policy.linesep


class _Registry(HeaderRegistry):
    """The library makes a class anew for each header of each message; a dozen classes serve them all."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        known = name.lower()
        if known not in self._made:
            self._made[known] = super().__getitem__(name)
        return self._made[known]


def _headers() -> HeaderRegistry:
    registry = _Registry()
    for name in ("from", "in-reply-to", "references", "message-id"):
        registry.map_to_type(name, _Words)
    return registry


_POLICY = SMTP.clone(max_line_length=78, header_factory=_headers())
_NOTICE = (
    "max-width: 560px; margin: 12px auto; padding: 10px 20px; background: #fff4ce; color: #1f2328; border-radius: 4px; "
    "font-family: -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; font-size: 14px"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
MOST_REFERENCES = 10
CODE_ID = "virement@relance.invalid"  # the transfer code's picture, inside its own message
NO_SENDER = "relance@example.org"  # only ever in the local outbox: a mail server is refused without a sender


def message_id(key: str, sender: str, *, test: bool = False) -> str:
    """Deterministic: the same message key has the same Message-ID, whoever builds it and whenever.

    A message diverted to the test address has another one: the real message may still leave after it.
    """
    domain = sender.rpartition("@")[2] or "relance.invalid"
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    return f"<{hashlib.sha256(f'{key}|test'.encode() if test else key.encode()).hexdigest()[:32]}@{domain}>"


def key_digest(key: str) -> str:
    """What X-Relance-Key carries: some relays rewrite the Message-ID."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def one_line(text: str) -> str:
    """Text for a header: nothing in it can end the header or hide."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())


def address(email: str) -> Address:
    """An address for a header. Raises ValueError for what is no address: nothing can smuggle a second one in."""
    return Address(addr_spec=email)


def _sender(email: str, name: str) -> str:
    """Our name and address as they stand in the header; a name brings neither a line break nor a second address."""
    spec, name = address(email).addr_spec, one_line(name)[:120]
    if not name:
        return spec
    return f'"{quote(name)}" <{spec}>' if name.isascii() else f"{Header(name, 'utf-8', 70).encode(linesep='')} <{spec}>"


def build(outgoing: Outgoing, settings: Settings, now: datetime, *, test_address: str = "") -> EmailMessage:
    """The message as it leaves. With `test_address` it is diverted, and says so in its subject and first line."""
    decision = outgoing.decision
    subject, text, html = outgoing.subject, outgoing.text, outgoing.html
    to, cc = decision.to, decision.cc
    if test_address:
        french = decision.language == "fr"
        meant = ", ".join((*decision.to, *decision.cc)) or "—"
        notice = f"[Essai — destinataire prévu : {meant}]" if french else f"[Test — meant for: {meant}]"
        text, html = f"{notice}\n\n{text}", _with_notice(html, notice)
        subject = f"[{'Essai' if french else 'Test'}] {subject}"
        to, cc = (test_address,), ()
    message = start(settings, to, cc, subject, now)
    message["Message-ID"] = message_id(decision.key, settings.sender_email, test=bool(test_address))
    for name, value in thread_headers(outgoing.thread).items():
        message[name] = value
    message["X-Relance-Key"] = key_digest(f"{decision.key}|test" if test_address else decision.key)
    fill(message, text, html, outgoing.attachments, outgoing.code)
    return message


def start(settings: Settings, to: Sequence[str], cc: Sequence[str], subject: str, now: datetime) -> EmailMessage:
    """The headers that every message of ours has, but its Message-ID."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _sender(settings.sender_email or NO_SENDER, settings.sender_name or settings.company)
    message["To"] = [address(one) for one in to]
    if cc:
        message["Cc"] = [address(one) for one in cc]
    if settings.reply_to:
        message["Reply-To"] = address(settings.reply_to)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(now)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Relance-Date"] = now.date().isoformat()
    return message


def fill(message: EmailMessage, text: str, html: str, attachments: Sequence[Attachment] = (), code: bytes = b"") -> None:
    """Quoted-printable throughout: no relay has a reason to change it, and no line is too long."""
    message.set_content(_plain(text), cte="quoted-printable")
    if html:
        message.add_alternative(_plain(html), subtype="html", cte="quoted-printable")
        if code:
            part = message.get_body(("html",))
            assert isinstance(part, EmailMessage)
            part.add_related(code, "image", "png", cid=f"<{CODE_ID}>", disposition="inline", filename="virement.png")
    for one in attachments:
        main, _, sub = one.type.partition("/")
        message.add_attachment(one.content, maintype=main, subtype=sub or "octet-stream", filename=one_line(one.name)[:120])


def thread_headers(thread: Sequence[str]) -> dict[str, str]:
    """In-Reply-To and References: the first message of the case and the latest ones."""
    known = [
        one for one in dict.fromkeys(thread) if one.startswith("<") and one.endswith(">") and one.isascii() and " " not in one
    ]
    if not known:
        return {}
    kept = known if len(known) <= MOST_REFERENCES else [known[0], *known[-(MOST_REFERENCES - 1) :]]
    return {"In-Reply-To": kept[-1], "References": " ".join(kept)}


def content_digest(outgoing: Outgoing) -> str:
    """A digest of all that the message says: what the reservation in the Journal binds."""
    parts = [outgoing.subject.encode(), outgoing.text.encode(), outgoing.html.encode(), outgoing.code]
    for one in outgoing.attachments:
        parts += [one.name.encode(), one.content]
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()[:32]


def _plain(text: str) -> str:
    """Without what no mail may hold: lone surrogates and control characters (line ends and tabs stay)."""
    clean = text.encode("utf-8", "replace").decode()
    return _CONTROL.sub("", clean)


def _with_notice(html: str, notice: str) -> str:
    """The notice right after the opening of the body, whatever style that tag carries."""
    start_of_body = html.find("<body")
    end = html.find(">", start_of_body) + 1 if start_of_body >= 0 else 0
    return f'{html[:end]}<p style="{_NOTICE}">{escape(notice)}</p>{html[end:]}' if html else ""
