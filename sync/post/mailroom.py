"""Reading the mailbox of a run: from new messages to Journal rows, and how far it was read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr

from sync.ledger.model import JournalRow
from sync.ledger.words import Act
from sync.post.imap import Header, Inbox, Place, parse_place
from sync.post.incoming import HOSTILE, header_text, understand
from sync.post.replies import Known, rows_of
from sync.post.unsettled import open_messages, settled

FIELD = "inbox"  # the Journal's observed row that says how far the mailbox was read
MOST_BODIES = 500  # of one run; the next one goes on from there
FOUND_NOTE = "found in the sent mail"
_RETURNED = ("multipart/report", "message/delivery-status")
_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "bounce")


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose rows these are."""

    when: datetime
    run: str
    actor: str


def read_inbox(
    inbox: Inbox, journal: Sequence[JournalRow], about: Known, sign: Signature, own: Collection[str] = ()
) -> list[JournalRow]:
    """Replies and bounces since the last run, then how far the mailbox was read. Raises Unreachable.

    `own` addresses, in lower case, are ours: a copy of what we wrote is nobody's answer.
    """
    if about.is_empty:
        return []
    before = last_place(journal)
    start, headers = inbox.new(before, _first_sent(journal))
    rows: list[JournalRow] = []
    seen: set[tuple[str, str, str]] = set()
    end, bodies = start.uid, 0
    for header in headers:
        if is_of_interest(header, about) and _sender(header) not in own:
            if bodies == MOST_BODIES:
                break
            bodies += 1
            for row in rows_of(understand(inbox.body(header.uid)), about, sign.when, sign.run, sign.actor):
                identity = (row.message_id, row.recipient, str(row.status))
                if identity not in seen or not row.message_id:  # two answers without an identity are two answers
                    seen.add(identity)
                    rows.append(row)
        end = header.uid
    place = Place(start.validity, end)
    if place != before:
        rows.append(
            JournalRow(
                row=0, when=sign.when, run=sign.run, actor=sign.actor, status=Act.OBSERVED, field=FIELD, new=place.text(),
            )
        )  # fmt: skip
    return rows


def last_place(journal: Sequence[JournalRow]) -> Place:
    return next((parse_place(row.new) for row in reversed(journal) if row.field == FIELD), Place())


def _first_sent(journal: Sequence[JournalRow]) -> date | None:
    return next((row.when.date() for row in journal if row.message_id), None)


def _sender(header: Header) -> str:
    try:
        return parseaddr(header_text(header.message.get("From")))[1].casefold()
    except HOSTILE:
        return ""


def is_of_interest(header: Header, about: Known) -> bool:
    """By its headers: an answer to ours, a customer's address, or what looks like a bounce."""
    message = header.message
    try:
        sender = _sender(header)
        refers = f"{message.get('In-Reply-To', '')} {message.get('References', '')}".split()
        if about.concerns(refers[:100], sender, header_text(message.get("Subject"))):
            return True
        returned = str(message.get("Return-Path", "")).strip() == "<>" or message.get("X-Failed-Recipients") is not None
        return returned or message.get_content_type() in _RETURNED or sender.partition("@")[0].startswith(_DAEMONS)
    except HOSTILE:
        return False


def found_in_sent_mail(inbox: Inbox, journal: Sequence[JournalRow], sign: Signature) -> list[JournalRow]:
    """A row `sent` for each doubtful message that stands in the folder of sent mail. Raises Unreachable."""
    doubtful = open_messages(journal)
    if not doubtful:
        return []
    found = inbox.in_sent_mail([row.message_id for row in doubtful.values()])
    return [
        settled(row, True, sign.when, sign.run, sign.actor, FOUND_NOTE) for row in doubtful.values() if row.message_id in found
    ]
