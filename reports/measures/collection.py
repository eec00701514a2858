"""Collection effectiveness of a month (§6) and the month's collection rate (§7)."""

from collections.abc import Iterable
from datetime import date

from reports.measures.measure import Measure, Window, ratio, units
from reports.portfolio import Item, allocations, open_at
from sync.ledger.model import Cents

NOTHING_COLLECTABLE = "nothing_collectable"
OVER_100 = "over_100_percent"


def cei(begin: Cents, sales: Cents, end: Cents, end_not_due: Cents, window: Window | None = None) -> Measure:
    """§6: (receivables at the start + sales - receivables at the end) / (start + sales - not due at the end).

    `sales` are the invoices issued, gross: in the classic form a credit note or a write-off counts as collected.
    Above 1 only with unapplied credits, flagged `over_100_percent`.
    """
    return _flagged(begin + sales - end, begin + sales - end_not_due, window)


def cash_cei(
    begin: Cents, net_sales: Cents, write_offs: Cents, end: Cents, end_not_due: Cents, window: Window | None = None
) -> Measure:
    """§6: the same with sales net of credit notes, and write-offs taken off what was collected."""
    return _flagged(begin + net_sales - write_offs - end, begin + net_sales - end_not_due, window)


def _flagged(collected: Cents, collectable: Cents, window: Window | None) -> Measure:
    warnings = (OVER_100,) if 0 < collectable < collected else ()
    return ratio(units(collected), units(collectable), why_null=NOTHING_COLLECTABLE, window=window, warnings=warnings)


def collection_rate(items: Iterable[Item], first: int, last: int, as_of: int) -> Measure:
    """§7: money received from `first` to `as_of` on the month's target / the target.

    Target: what is late on the first day (due before it), what falls due up to `last`, and the invoices both issued and
    due within the month, from the day they are issued.
    """
    target = received = n = 0
    for item in items:
        if item.due > last or item.issued > as_of:
            continue
        collectable = item.amount if item.issued >= first else open_at(item, first - 1)
        if collectable <= 0:
            continue
        target += collectable
        n += 1
        received += sum(cents for day, cents in allocations(item) if first <= day <= as_of)
    window = (date.fromordinal(first), date.fromordinal(as_of))
    return ratio(units(received), units(target), why_null=NOTHING_COLLECTABLE, n=n, window=window)
