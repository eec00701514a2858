"""A decision and its words as a MIME message: plain text and HTML from one source."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from sync.dunning.model import Settings
from sync.post.model import Outgoing

_POLICY = SMTP.clone(max_line_length=78)


def message_id(key: str, sender: str) -> str:
    """Deterministic: the same message key has the same Message-ID, whoever builds it and whenever."""
    domain = sender.rpartition("@")[2] or "relance.invalid"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def address(email: str, name: str = "") -> Address:
    """An address for a header; a name never brings a line break or a second address with it."""
    clean = " ".join("".join(ch if ch.isprintable() else " " for ch in name).split())
    return Address(display_name=clean, addr_spec=email)


def build(outgoing: Outgoing, settings: Settings, now: datetime, *, test_address: str = "") -> EmailMessage:
    """The message as it leaves. With `test_address` it is diverted, and says so in its subject and first line."""
    decision = outgoing.decision
    message = EmailMessage(policy=_POLICY)
    subject, text, html = outgoing.subject, outgoing.text, outgoing.html
    to, cc = decision.to, decision.cc
    if test_address:
        french = decision.language == "fr"
        meant = ", ".join(decision.to) or "—"
        notice = f"[Essai — destinataire prévu : {meant}]" if french else f"[Test — meant for: {meant}]"
        text, html = f"{notice}\n\n{text}", html.replace("<body>", f"<body><p>{escape(notice)}</p>", 1)
        subject = f"[{'Essai' if french else 'Test'}] {subject}"
        to, cc = (test_address,), ()
    message["From"] = address(settings.sender_email or "relance@example.org", settings.sender_name or settings.company)
    message["To"] = [address(one) for one in to]
    if cc:
        message["Cc"] = [address(one) for one in cc]
    if settings.reply_to:
        message["Reply-To"] = address(settings.reply_to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(decision.key, settings.sender_email)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Relance-Key"] = hashlib.sha256(decision.key.encode()).hexdigest()[:32]
    message["X-Relance-Date"] = now.date().isoformat()
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message
