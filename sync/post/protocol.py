"""Sending, at most once: reserve in the Journal, check again, send, record (DESIGN §4).

A row `reserved` is safely in the Journal before the first word to the mail server; a run that dies in between leaves
it without an outcome, and the next run calls the message uncertain instead of sending it again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.errors import HeaderParseError
from email.message import EmailMessage
from itertools import islice

from sync.dunning.history import TEST_NOTE
from sync.dunning.model import Settings
from sync.dunning.refusals import MESSAGE, refusal_mark
from sync.ledger.model import JournalRow
from sync.ledger.words import Act
from sync.post.mime import build, content_digest, message_id
from sync.post.model import Outgoing, Posted, Refusal, Refused, Sending, Transport, Uncertain, Unreachable

Write = Callable[[Sequence[JournalRow]], None]  # returns once the rows are safe in the Journal
ASKED_TO_WAIT = 5  # refusals in a row that concern no address: the server wants us to stop


@dataclass(frozen=True, slots=True)
class Check:
    """What a second look at the workbook says of a batch: `kept` keys may leave; `stop` = why nothing more may."""

    kept: frozenset[str]
    stop: str = ""


Recheck = Callable[[Sequence[Outgoing]], Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One run of sending: how to write, check, and tell the time, and under whose name.

    `refused_before` messages in a row were refused for good by the runs before: the next one alone tells whether that goes on.
    """

    settings: Settings
    transport: Transport
    write: Write
    recheck: Recheck
    now: Callable[[], datetime]
    run: str
    actor: str
    refused_before: int = 0


@dataclass(slots=True)
class _Course:
    """How the run goes so far."""

    sendings: list[Sending] = field(default_factory=list)
    stopped: str = ""
    asked_to_wait: int = 0


def send_all(outgoing: Iterable[Outgoing], this: Round) -> Posted:
    """Send in the order given, in batches of `send_batch`; a message is asked for when its batch comes.

    A server that cannot be reached stops the run before anything more is reserved; an error while writing the Journal
    is raised, and whatever had left by then is uncertain at the next run.
    """
    course = _Course(asked_to_wait=min(this.refused_before, ASKED_TO_WAIT - 1))
    try:
        for batch in _batches(outgoing, max(1, this.settings.send_batch)):
            try:
                this.transport.prepare()
            except Unreachable as error:
                course.stopped = str(error)
            if course.stopped:
                break
            _send_batch(batch, this, course)
            if course.stopped:
                break
    finally:
        this.transport.close()
    return Posted(sendings=course.sendings, stopped=course.stopped)


def _batches(outgoing: Iterable[Outgoing], size: int) -> Iterator[Sequence[Outgoing]]:
    coming = iter(outgoing)
    while batch := list(islice(coming, size)):
        yield batch


def _send_batch(batch: Sequence[Outgoing], this: Round, course: _Course) -> None:
    sound = []
    for one in batch:
        message = _built(one, this)
        if message is None:  # nothing to reserve: it cannot leave at all
            course.sendings.append(_sending(one, this.settings, Act.FAILED, "address"))
        else:
            sound.append((one, message, _reservation(one, this)))
    this.write([row for _, _, row in sound])
    check = this.recheck([one for one, _, _ in sound])
    course.stopped = check.stop
    outcomes: list[JournalRow] = []
    for one, message, row in sound:
        if one.decision.key not in check.kept or course.stopped:
            sending = _sending(one, this.settings, Act.WITHHELD, course.stopped)
        else:
            sending = _send(one, message, this, course)
        course.sendings.append(sending)
        outcomes += _outcome(sending, row, this)
    this.write(outcomes)


def _reservation(one: Outgoing, this: Round) -> JournalRow:
    """`new` binds all that the message says; `note` marks a message diverted to the test address."""
    decision, settings = one.decision, this.settings
    test = bool(settings.test_address)
    is_step = decision.step > 0  # thanks and digests are no act of a cadence: they set no spacing and pass no step
    return JournalRow(
        row=0, when=this.now(), run=this.run, actor=this.actor, customer=decision.customer, invoices=decision.invoices,
        currency=decision.currency, cadence=decision.cadence, step=decision.step if is_step else None,
        occurrence=decision.occurrence if is_step else None, channel=str(decision.channel) if is_step else "",
        status=Act.RESERVED, amount=decision.amount if is_step else None,
        recipient=settings.test_address or ", ".join((*decision.to, *decision.cc)),
        message_id=message_id(decision.key, settings.sender_email, test=test), subject=one.subject, text=one.text,
        field=MESSAGE, new=content_digest(one), note=TEST_NOTE if test else "", key=decision.key,
    )  # fmt: skip


def _built(one: Outgoing, this: Round) -> EmailMessage | None:
    """None when an address is none: reading refuses those, and no other may reach a server either."""
    try:
        return build(one, this.settings, this.now(), test_address=this.settings.test_address)
    except (ValueError, IndexError, HeaderParseError):
        return None


def _send(one: Outgoing, message: EmailMessage, this: Round, course: _Course) -> Sending:
    settings = this.settings
    to, cc = (one.decision.to, one.decision.cc) if not settings.test_address else ((settings.test_address,), ())
    try:
        refused = this.transport.deliver(message, to, cc)
    except Refused as refusal:
        _count_refusal(refusal, course)
        mark = "" if refusal.is_of_addresses and not refusal.temporary else _mark(one, refusal, (*to, *cc))
        return replace(_sending(one, settings, Act.FAILED, str(refusal), refusal.recipients), mark=mark)
    except Unreachable as error:
        course.stopped = str(error)
        return _sending(one, settings, Act.FAILED, str(error))
    except Uncertain as error:
        return _sending(one, settings, Act.UNCERTAIN, str(error))
    course.asked_to_wait = 0
    told = "; ".join(f"{recipient}: {why}" for recipient, why in refused.items())
    return _sending(one, settings, Act.SENT, told, refused)


def _mark(one: Outgoing, refusal: Refused, recipients: Sequence[str]) -> str:
    return refusal_mark(temporary=refusal.temporary, recipients=recipients, subject=one.subject, text=one.text)


def _count_refusal(refusal: Refused, course: _Course) -> None:
    """A server that says no whoever the recipient is has had enough for now, or wants nothing of us."""
    if not refusal.is_of_addresses and not (refusal.temporary and refusal.recipients):
        course.asked_to_wait += 1
        if course.asked_to_wait >= ASKED_TO_WAIT:
            course.stopped = str(refusal)
    else:
        course.asked_to_wait = 0


def _sending(
    one: Outgoing, settings: Settings, status: Act, note: str = "", refused: Mapping[str, Refusal] | None = None
) -> Sending:
    test = bool(settings.test_address)
    return Sending(
        decision=one.decision, message_id=message_id(one.decision.key, settings.sender_email, test=test),
        to=(settings.test_address,) if test else one.decision.to, status=status, note=note, refused=refused or {},
    )  # fmt: skip


def _outcome(sending: Sending, reservation: JournalRow, this: Round) -> list[JournalRow]:
    """The outcome, then a bounce for each recipient that the server refused for good: that address is not used again.

    The bounce carries no key: it does not undo a step that reached others, and a message that reached nobody is
    `failed` already.
    """
    is_test = reservation.note == TEST_NOTE
    note = TEST_NOTE if is_test and sending.status in (Act.SENT, Act.UNCERTAIN) else sending.note
    rows = [replace(reservation, when=this.now(), status=sending.status, note=note, old=sending.mark)]
    if not is_test:
        rows += [
            replace(
                reservation, when=this.now(), status=Act.BOUNCED, recipient=recipient, note=str(why), key="", subject="", text="",
                field="", old="", new="", step=None, occurrence=None,
            )
            for recipient, why in sending.refused.items()
            if why.of_address and not why.temporary
        ]  # fmt: skip
    return rows
