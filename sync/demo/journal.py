"""The past acts as rows of the Journal, as the runs of those days would have written them."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync.demo.past import Event
from sync.dunning.model import Step
from sync.ledger.words import Act, Channel, Language, word_for
from sync.workbook.tabs import Cell

Row = dict[str, Cell]
PARIS = ZoneInfo("Europe/Paris")
BOUNCED, UNCERTAIN = "C0070", "C0072"  # the last message to these came back, or nobody knows whether it left
RUN_AT, OFFICE_AT = time(8, 41), time(14, 5)
CLERK = {"fr": "Camille Buvard", "en": "Camille Buvard"}


def journal_rows(events: Sequence[Event], language: Language, as_of: date) -> list[Row]:
    """Rows in the order of time; a message is a reservation and its outcome."""
    last = {event.carrying.customer.key: event for event in events if event.status is Act.SENT}
    dated: list[tuple[datetime, Row]] = []
    for count, event in enumerate(event for event in events if event.day < as_of):
        at = _moment(event, count)
        row = _row(event, language)
        customer = event.carrying.customer.key
        if event.status is Act.REPLIED and customer in (BOUNCED, UNCERTAIN) and event.day >= last[customer].day:
            continue  # nobody answers a message that has not arrived
        if event.status is not Act.SENT:
            dated.append((at, row))
            continue
        doubtful = customer == UNCERTAIN and last[customer] is event
        dated.append((at, row | {"status": str(Act.RESERVED)}))
        dated.append((at + timedelta(seconds=2), row | {"status": str(Act.UNCERTAIN if doubtful else Act.SENT)}))
        if customer == BOUNCED and last[customer] is event:
            dated.append((at + timedelta(minutes=4), row | {"status": str(Act.BOUNCED), "note": "550 5.1.1"}))
    dated.sort(key=lambda entry: entry[0])
    return [{"when": at.isoformat(), "run": f"{at:%Y-%m-%d} {'08:41' if at.hour < 12 else '17:12'}", **row} for at, row in dated]


def _moment(event: Event, count: int) -> datetime:
    """Relance acts in the morning run, people in the afternoon; seconds keep the order of the day's acts."""
    start = datetime.combine(event.day, OFFICE_AT if event.by_person or event.status is Act.REPLIED else RUN_AT, PARIS)
    return start + timedelta(seconds=5 * (count % 60))


def _row(event: Event, language: Language) -> Row:
    customer = event.carrying.customer
    row: Row = {
        "actor": CLERK[language] if event.by_person else "relance",
        "customer": customer.key,
        "invoices": ", ".join(bill.number for bill in event.bills),
        "currency": customer.currency,
        "status": str(event.status),
        "note": event.note or None,
    }
    if event.amount is not None:
        row["amount"] = event.amount / 100
    if event.status is Act.PROMISED:
        row |= {"field": "promised", "new": event.new, "channel": word_for("channel", Channel.CALL, language)}
    if event.status is Act.REPLIED:
        row |= {"recipient": customer.email, "channel": word_for("channel", Channel.EMAIL, language)}
    if event.step is None:
        return row
    carrying = event.carrying.number
    key = "|".join((customer.key, customer.currency, event.cadence, carrying, str(event.step.number), str(event.occurrence)))
    row |= {
        "cadence": event.cadence, "step": event.step.number, "occurrence": event.occurrence,
        "channel": word_for("channel", event.step.channel, language), "key": key,
    }  # fmt: skip
    if event.status is Act.SENT:
        digest = hashlib.sha256(key.encode()).hexdigest()[:24]
        row |= {
            "recipient": customer.email, "message_id": f"<{digest}@plume-trombone.example.org>",
            "subject": subject(event.step, [bill.number for bill in event.bills], customer.language if language == "fr" else "en"),
        }  # fmt: skip
    return row


def subject(step: Step, numbers: Sequence[str], language: Language) -> str:
    """The subject line that the message of that day had; no word of debt shows on a preview."""
    shown = numbers[0] if len(numbers) == 1 else f"{numbers[0]} (+{len(numbers) - 1})"
    if language == "fr":
        return f"Facture {shown}\u00a0: prochaine échéance" if step.is_note else f"Facture {shown}\u00a0: point sur le règlement"
    return f"Invoice {shown}: coming due" if step.is_note else f"Invoice {shown}: your account with us"
