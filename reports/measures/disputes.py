"""Disputes (§12): what is disputed now, how much was newly disputed, how long they last.

A dispute is the delay reason "dispute" of an invoice. It opens on *Reason since*, else on the first run that saw it
(journal), and closes on the run that saw the reason gone. Reopened, it is the same dispute and its clock continues.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reports.measures.measure import DAYS, Measure, Window, missing, quantile, ratio, units
from reports.portfolio import Item, final_level
from sync.ledger.model import Cents, JournalRow
from sync.ledger.words import Act, DelayReason

NO_RECEIVABLES = "no_open_invoices"
NOTHING_OVERDUE = "nothing_overdue"
NO_SALES = "no_sales_in_window"
NOTHING_CLOSED = "no_dispute_closed"
NOTHING_DISPUTED = "no_open_dispute"


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute: the disputed amount when known, ordinals of its days; `closed` None while it lasts."""

    item: Item
    amount: Cents
    opened: int
    closed: int | None


def disputes(items: Mapping[str, Item], journal: Iterable[JournalRow], as_of: int) -> list[Dispute]:
    """§12: every dispute of the counted invoices known by `as_of`, in order of invoice."""
    opened: dict[str, int] = {}
    closed: dict[str, int] = {}
    for row in journal:
        day = row.when.date().toordinal()
        if row.status is not Act.OBSERVED or row.field != "reason" or day > as_of:
            continue
        for number in row.invoices:
            if row.new == DelayReason.DISPUTE:
                opened.setdefault(number, day)
                closed.pop(number, None)
            elif row.old == DelayReason.DISPUTE:
                opened.setdefault(number, day)
                closed[number] = day
    found: list[Dispute] = []
    for number, item in items.items():
        handling = item.handling
        disputed_now = handling.reason is DelayReason.DISPUTE
        since = handling.reason_on.toordinal() if handling.reason_on is not None else None
        if disputed_now and (since is None or since <= as_of):
            start = min(day for day in (opened.get(number), since, as_of) if day is not None)
            found.append(Dispute(item, _disputed(item), start, None))
        elif number in closed:
            found.append(Dispute(item, _disputed(item), opened[number], closed[number]))
    return sorted(found, key=lambda one: one.item.number)


def _disputed(item: Item) -> Cents:
    return item.amount if item.handling.disputed_amount is None else min(item.amount, item.handling.disputed_amount)


def disputed_open(found: Iterable[Dispute], as_of: int, *, only_late: bool = False) -> tuple[Cents, int]:
    """§12: disputed part of what is open, the disputed amount only; and the number of invoices."""
    total = n = 0
    for one in found:
        if one.closed is None and not (only_late and one.item.due >= as_of):
            part = min(one.amount, final_level(one.item).open)
            total += part
            n += part > 0
    return total, n


def open_rate(found: Iterable[Dispute], gross: Cents, as_of: int) -> Measure:
    """§12: disputed open amount / gross receivables."""
    part, n = disputed_open(found, as_of)
    return ratio(units(part), units(gross), why_null=NO_RECEIVABLES, n=n)


def share_of_overdue(found: Iterable[Dispute], overdue: Cents, as_of: int) -> Measure:
    """§12: disputed part of the overdue amount / overdue."""
    part, n = disputed_open(found, as_of, only_late=True)
    return ratio(units(part), units(overdue), why_null=NOTHING_OVERDUE, n=n)


def incidence(found: Iterable[Dispute], net_sales: Cents, first: int, last: int) -> Measure:
    """§12: amount newly disputed in the window / credit sales in the window."""
    new = [one for one in found if first <= one.opened <= last]
    window: Window = (date.fromordinal(first), date.fromordinal(last))
    return ratio(units(sum(one.amount for one in new)), units(net_sales), why_null=NO_SALES, n=len(new), window=window)


def resolution_days(found: Iterable[Dispute]) -> Measure:
    """§12: median of closed - opened, over closed disputes. Unit: days."""
    spans = sorted(one.closed - one.opened for one in found if one.closed is not None)
    if not spans:
        return missing(DAYS, NOTHING_CLOSED)
    return Measure(value=quantile(spans, Fraction(1, 2)), unit=DAYS, n=len(spans))


def open_age(found: Iterable[Dispute], as_of: int) -> Measure:
    """§12: median age of the disputes still open, never mixed with the closed ones. Unit: days."""
    ages = sorted(as_of - one.opened for one in found if one.closed is None and final_level(one.item).open > 0)
    if not ages:
        return missing(DAYS, NOTHING_DISPUTED)
    return Measure(value=quantile(ages, Fraction(1, 2)), unit=DAYS, n=len(ages))
