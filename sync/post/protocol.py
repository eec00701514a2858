"""Sending, at most once: reserve in the Journal, send, record (DESIGN §4).

A row `reserved` is safely in the Journal before the first word to the mail server; a run that dies in between leaves
it without an outcome, and the next run calls the message uncertain instead of sending it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sync.dunning.history import TEST_NOTE
from sync.dunning.model import Settings
from sync.ledger.model import JournalRow
from sync.ledger.words import Act
from sync.post.mime import build, message_id
from sync.post.model import Outgoing, Refused, Sending, Transport

StillTrue = Callable[[Sequence[Outgoing]], frozenset[str]]  # keys whose facts have not changed since they were decided


def send_all(
    outgoing: Sequence[Outgoing],
    settings: Settings,
    transport: Transport,
    write: Callable[[Sequence[JournalRow]], None],
    still_true: StillTrue,
    *,
    now: Callable[[], datetime],
    run: str,
    actor: str,
) -> list[Sending]:
    """Send in the order given, in batches of `send_batch`. `write` returns once rows are safe in the Journal."""
    sendings: list[Sending] = []
    size = max(1, settings.send_batch)
    try:
        for start in range(0, len(outgoing), size):
            batch = outgoing[start : start + size]
            rows = {one.decision.key: _reservation(one, settings, now(), run, actor) for one in batch}
            write(list(rows.values()))
            kept = still_true(batch)
            outcomes: list[JournalRow] = []
            for one in batch:
                sending = _send(one, settings, transport, now()) if one.decision.key in kept else _withheld(one, settings)
                sendings.append(sending)
                outcomes.append(replace(rows[one.decision.key], when=now(), status=sending.status, note=_note(sending, settings)))
            write(outcomes)
    finally:
        transport.close()
    return sendings


def _reservation(one: Outgoing, settings: Settings, when: datetime, run: str, actor: str) -> JournalRow:
    decision = one.decision
    return JournalRow(
        row=0, when=when, run=run, actor=actor, customer=decision.customer, invoices=decision.invoices,
        currency=decision.currency, cadence=decision.cadence, step=decision.step, occurrence=decision.occurrence,
        channel=str(decision.channel), status=Act.RESERVED, amount=decision.amount,
        recipient=settings.test_address or ", ".join(decision.to),
        message_id=message_id(decision.key, settings.sender_email), subject=one.subject, text=one.text, key=decision.key,
    )  # fmt: skip


def _send(one: Outgoing, settings: Settings, transport: Transport, when: datetime) -> Sending:
    message = build(one, settings, when, test_address=settings.test_address)
    recipients = (settings.test_address,) if settings.test_address else (*one.decision.to, *one.decision.cc)
    try:
        transport.deliver(message, recipients)
    except Refused as refusal:
        return _sending(one, settings, Act.FAILED, str(refusal))
    except OSError as error:  # the line broke: whether the message was taken cannot be known
        return _sending(one, settings, Act.UNCERTAIN, type(error).__name__)
    return _sending(one, settings, Act.SENT)


def _withheld(one: Outgoing, settings: Settings) -> Sending:
    return _sending(one, settings, Act.WITHHELD)


def _sending(one: Outgoing, settings: Settings, status: Act, note: str = "") -> Sending:
    to = (settings.test_address,) if settings.test_address else one.decision.to
    return Sending(
        decision=one.decision, message_id=message_id(one.decision.key, settings.sender_email), to=to, status=status, note=note
    )


def _note(sending: Sending, settings: Settings) -> str:
    return TEST_NOTE if settings.test_address and sending.status is Act.SENT else sending.note
