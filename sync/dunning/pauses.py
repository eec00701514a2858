"""Why an invoice is not reminded at all, whatever its step: doubt, people's word, agreements, law.

Rules 4 and 5 of the cadence. The first reason that applies wins, in the order of the functions below; those of the
whole customer come from `customer_pause`.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.agreements.promises import Promise
from sync.dunning.history import History
from sync.dunning.model import ReasonRoute, Rules
from sync.dunning.reasons import Reason
from sync.ledger.model import UNHANDLED, Contact, Invoice
from sync.ledger.words import DelayReason, Kind, PaymentMeans, Status


@dataclass(frozen=True, slots=True)
class Pause:
    """`until` is the last quiet day, None when only a person ends it. `since` feeds the review tasks."""

    reason: Reason
    until: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseFacts:
    """What the pauses of one run look at. `kept_plan_until`: invoice -> next instalment date of a plan that is not broken."""

    as_of: date
    rules: Rules
    history: History
    kept_plans: Mapping[str, date | None]
    returned: Mapping[str, date]  # invoice -> day of its last returned payment
    time_barred: Set[str]  # invoices
    doubtful_customers: frozenset[str]
    promises: Mapping[tuple[str, str], Sequence[Promise]]  # by customer and currency


_BY_STATUS = {
    Status.WRITTEN_OFF: Reason.WRITTEN_OFF,
    Status.HANDED_OVER: Reason.HANDED_OVER,
    Status.COURT: Reason.IN_COURT,
}
_BY_REASON = {
    DelayReason.NOT_RECEIVED: Reason.NOT_RECEIVED,
    DelayReason.HARDSHIP: Reason.HARDSHIP,
    DelayReason.PROMISED: Reason.PROMISED,
    DelayReason.SAYS_PAID: Reason.SAYS_PAID,
    DelayReason.APPROVAL_PENDING: Reason.APPROVAL_PENDING,
    DelayReason.OTHER: Reason.OTHER,
    DelayReason.BAD_FAITH: Reason.OTHER,
}
_BY_MEANS = {PaymentMeans.DIRECT_DEBIT: Reason.DIRECT_DEBIT, PaymentMeans.BILL_OF_EXCHANGE: Reason.BILL_ACCEPTED}


def reason_of_pause(reason: DelayReason) -> Reason:
    """How a row says that a reason of delay keeps it back."""
    return Reason.DISPUTED if reason is DelayReason.DISPUTE else _BY_REASON[reason]


def invoice_pause(invoice: Invoice, contact: Contact | None, facts: PauseFacts) -> Pause | None:
    """The pause of this invoice alone, or None."""
    handling, as_of = invoice.handling, facts.as_of
    by_status = _BY_STATUS.get(handling.status) if handling is not UNHANDLED else None
    if by_status is not None and (handling.status_on is None or handling.status_on <= as_of):
        return Pause(by_status, since=status_since(invoice, facts))
    if invoice.doubtful:
        return Pause(Reason.ROW_PROBLEM)
    if invoice.number in facts.time_barred:
        return Pause(Reason.TIME_BARRED)
    if handling.reason is DelayReason.DISPUTE:
        return Pause(Reason.DISPUTED, since=reason_since(invoice, facts))
    if handling.hold is not None and as_of <= handling.hold:
        return Pause(Reason.ON_HOLD, until=handling.hold)
    if invoice.number in facts.kept_plans:
        return Pause(Reason.PLAN_KEPT, until=facts.kept_plans[invoice.number])
    if contact is not None and contact.payment_means in _BY_MEANS and invoice.number not in facts.returned:
        return Pause(_BY_MEANS[contact.payment_means], since=invoice.due)
    return _routed(invoice, facts)


def _routed(invoice: Invoice, facts: PauseFacts) -> Pause | None:
    """A reason other than a dispute pauses for the days of its route, from the first day it was seen."""
    reason = invoice.handling.reason
    route = facts.rules.routes.get(reason) if reason is not None else None
    if reason is None or route is None or not route.pause:
        return None
    if reason is DelayReason.PROMISED and invoice.handling.promised is not None:
        return None  # the promise itself pauses, for the whole customer
    since = reason_since(invoice, facts)
    until = since + timedelta(days=route.days - 1)  # the day it was seen is the first of its days
    return Pause(_BY_REASON[reason], until=until, since=since) if facts.as_of <= until else None


def route_ended_on(invoice: Invoice, facts: PauseFacts) -> tuple[date, ReasonRoute] | None:
    """When the pause of this invoice's reason is over, with its route; None while it lasts or without one."""
    reason = invoice.handling.reason
    route = facts.rules.routes.get(reason) if reason is not None else None
    if reason is None or reason is DelayReason.DISPUTE or route is None:
        return None
    if reason is DelayReason.PROMISED and invoice.handling.promised is not None:
        return None  # the promise itself paused, for the whole customer
    since = reason_since(invoice, facts)
    end = since + timedelta(days=route.days - 1) if route.pause else since
    return (end, route) if facts.as_of > end or not route.pause else None


def hastened_from(invoice: Invoice, facts: PauseFacts) -> date | None:
    """The shorter path of bad faith: since when the steps of this invoice follow each other at once, None = at their pace.

    A person wrote that reason; spacing, the order of the steps and what belongs to people stay as they are.
    """
    if invoice.handling.reason is not DelayReason.BAD_FAITH:
        return None
    route = facts.rules.routes.get(DelayReason.BAD_FAITH)
    return None if route is not None and route.pause else reason_since(invoice, facts)


def reason_since(invoice: Invoice, facts: PauseFacts) -> date:
    """The day typed, else the first run that saw the reason, else today."""
    handling = invoice.handling
    if handling.reason is None:
        return facts.as_of
    seen = facts.history.seen_since(invoice.number, "reason", str(handling.reason))
    return handling.reason_on or seen or facts.as_of


def status_since(invoice: Invoice, facts: PauseFacts) -> date:
    seen = facts.history.seen_since(invoice.number, "status", str(invoice.handling.status))
    return invoice.handling.status_on or seen or facts.as_of


def live_promise(key: tuple[str, str], facts: PauseFacts) -> date | None:
    """The last quiet day of a live promise of this customer and currency: its date plus the days of grace."""
    live = [one.live_until for one in facts.promises.get(key, ()) if one.live_until is not None and one.is_live(facts.as_of)]
    return max(live, default=None)


def customer_pause(
    key: tuple[str, str],
    contact: Contact | None,
    facts: PauseFacts,
) -> Pause | None:
    """The pause of the whole customer in this currency, or None."""
    customer = key[0]
    if customer in facts.doubtful_customers or (contact is not None and contact.doubtful):
        return Pause(Reason.ROW_PROBLEM)
    if contact is not None:
        if contact.insolvent_on is not None and contact.insolvent_on <= facts.as_of:
            return Pause(Reason.INSOLVENT, since=contact.insolvent_on)
        if contact.do_not_contact:
            return Pause(Reason.DO_NOT_CONTACT)
    promised_until = live_promise(key, facts)
    if promised_until is not None:
        return Pause(Reason.PROMISED, until=promised_until)
    replied = facts.history.replies.get(customer)
    if replied is not None:
        until = replied + timedelta(days=facts.rules.settings.reply_pause_days - 1)
        if facts.as_of <= until:
            return Pause(Reason.REPLIED, until=until, since=replied)
    return None


def is_consumer(contact: Contact | None) -> bool:
    return contact is not None and contact.kind is Kind.CONSUMER
