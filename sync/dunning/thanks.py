"""A word of thanks when a case is over: everything that was asked for has been paid."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sync.dunning.history import TEST_NOTE, History
from sync.dunning.model import Decision, Settings
from sync.dunning.reasons import Reason, State
from sync.dunning.refusals import may_be_tried
from sync.ledger.balances import Balances
from sync.ledger.model import Contact, JournalRow, Ledger
from sync.ledger.words import Act, Approval, Channel, Status

CADENCE = "thanks"  # no cadence of anyone's: the key of such a message can be taken for no step
FRESH_DAYS = 7  # thanks that come later would only puzzle


def thanks_due(ledger: Ledger, balances: Balances, history: History, settings: Settings, as_of: date) -> list[Decision]:
    """A message for each customer and currency whose reminded invoices were all paid in the last few days.

    Nothing while anything of that customer is late, doubted or disputed, nor twice for the same payment.
    """
    invoices = ledger.by_number
    asked = _asked(ledger.journal)
    busy = {(one.customer, one.currency) for one in ledger.invoices if _is_unsettled(one.number, one.due, balances, as_of)}
    found = []
    for (customer, currency), numbers in sorted(asked.items()):
        contact = ledger.contacts.get(customer)
        claimed = [number for number in numbers if number in invoices]
        if (customer, currency) in busy or not claimed or contact is None or not _may_be_thanked(contact, history):
            continue
        if any(number in balances.written_off or invoices[number].handling.status is not Status.OPEN for number in claimed):
            continue
        paid = [day for number in claimed if (day := balances.invoices[number].cleared_on) is not None]
        if len(paid) < len(claimed) or not as_of - timedelta(days=FRESH_DAYS) <= max(paid) <= as_of:
            continue
        last = [number for number in claimed if balances.invoices[number].cleared_on == max(paid)]
        if not any(move.cash > 0 and move.day == max(paid) for number in last for move in balances.moves[number]):
            continue  # a credit note settled it: nobody has paid
        if max(paid) < min(numbers[number] for number in last):
            continue  # paid before anybody asked
        decision = _thanks(customer, currency, sorted(last), contact, settings, as_of)
        if may_be_tried(ledger.journal, decision.key):
            found.append(decision)
    return found


def _asked(journal: Sequence[JournalRow]) -> Mapping[tuple[str, str], Mapping[str, date]]:
    """By customer and currency: the invoices that a message claimed, with the day of the last one."""
    found: dict[tuple[str, str], dict[str, date]] = defaultdict(dict)
    for row in journal:
        if row.status is Act.SENT and row.step and row.note != TEST_NOTE:
            for number in row.invoices:
                found[row.customer, row.currency][number] = row.when.date()
    return found


def _is_unsettled(number: str, due: date, balances: Balances, as_of: date) -> bool:
    return balances.open.get(number, 0) > 0 and due < as_of


def _may_be_thanked(contact: Contact, history: History) -> bool:
    return bool(
        not contact.do_not_contact
        and contact.insolvent_on is None
        and not contact.doubtful
        and any(address.casefold() not in history.bounced for address in contact.emails)
    )


def _thanks(customer: str, currency: str, numbers: Sequence[str], contact: Contact, settings: Settings, as_of: date) -> Decision:
    return Decision(
        customer=customer, currency=currency, cadence=CADENCE, carrying=numbers[-1], invoices=tuple(numbers), step=0, offset=0,
        channel=Channel.EMAIL, approval=Approval.AUTO, state=State.DUE, reason=Reason.STEP_DUE, action_date=as_of, amount=0,
        to=contact.emails, language=contact.language or settings.language, kind=contact.kind, is_note=True,
    )  # fmt: skip
