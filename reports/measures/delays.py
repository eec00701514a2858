"""How long customers take, seen on what was paid or cleared (§5): days to pay, days late, on-time share.

These see settled items only, so they look good while bad debts stay open: pages show the open overdue beside them.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from reports.measures.measure import DAYS, Measure, Window, missing, quantile, ratio, share, units
from reports.portfolio import Item, allocations, cleared_on

NOTHING_PAID = "nothing_paid_in_window"
NOTHING_CLEARED = "nothing_cleared_in_window"
NOTHING_DUE = "no_invoice_due_in_month"
YEAR = 365


def year_to(as_of: int) -> tuple[int, int]:
    """D-364 ... D, both included."""
    return as_of - YEAR + 1, as_of


def days_to_pay(items: Iterable[Item], first: int, last: int) -> Measure:
    """§5: sum of allocated money x (payment day - issue day) / allocated money, payments in the window. Unit: days."""
    return _weighted(items, first, last, from_due=False)


def days_late_weighted(items: Iterable[Item], first: int, last: int) -> Measure:
    """§5: the same from the due date, signed: paying early is negative. Unit: days."""
    return _weighted(items, first, last, from_due=True)


def _weighted(items: Iterable[Item], first: int, last: int, *, from_due: bool) -> Measure:
    weighted = total = n = 0
    for item in items:
        if not item.moves or item.moves[-1].day < first:
            continue
        start = item.due if from_due else item.issued
        for day, cents in allocations(item):
            if first <= day <= last:
                weighted += cents * (day - start)
                total += cents
                n += 1
    return ratio(units(weighted), units(total), why_null=NOTHING_PAID, unit=DAYS, n=n, window=_window(first, last))


def lateness(items: Iterable[Item], first: int, last: int) -> list[int]:
    """Days late, signed, of each invoice cleared in the window (cleared up to `last`), sorted."""
    found: list[int] = []
    for item in items:
        if not item.moves or item.moves[-1].day < first:
            continue
        day = cleared_on(item, last)
        if day is not None and first <= day:
            found.append(day - item.due)
    found.sort()
    return found


def days_late_mean(late: Sequence[int], window: Window | None = None) -> Measure:
    """§5: plain mean over the cleared invoices. Unit: days."""
    return ratio(sum(late), len(late), why_null=NOTHING_CLEARED, unit=DAYS, n=len(late), window=window)


def days_late_quantile(late: Sequence[int], q: Fraction, window: Window | None = None) -> Measure:
    """§5: median (q = 1/2) or P90 (q = 9/10) over the cleared invoices. Unit: days."""
    if not late:
        return missing(DAYS, NOTHING_CLEARED, window=window)
    return Measure(value=quantile(late, q), unit=DAYS, n=len(late), window=window)


def days_late_floored(late: Sequence[int], window: Window | None = None) -> Measure:
    """§5: the late-only variant: early payments count as 0, and the page says so. Unit: days."""
    floored = [max(0, days) for days in late]
    return ratio(sum(floored), len(floored), why_null=NOTHING_CLEARED, unit=DAYS, n=len(floored), window=window)


def on_time(items: Iterable[Item], first: int, as_of: int) -> tuple[Measure, Measure]:
    """§5: of the invoices falling due from `first` to `as_of`, those cleared by their due date: by count and by amount.

    Seen as of `as_of`: an invoice whose payment was returned by then is not cleared.
    """
    n = hits = total = paid = 0
    for item in items:
        if not (first <= item.due <= as_of and item.issued <= as_of):
            continue
        n += 1
        total += item.amount
        day = cleared_on(item, as_of)
        if day is not None and day <= item.due:
            hits += 1
            paid += item.amount
    window = _window(first, as_of)
    return (
        share(hits, n, why_null=NOTHING_DUE, window=window),
        ratio(units(paid), units(total), why_null=NOTHING_DUE, n=n, window=window),
    )


def _window(first: int, last: int) -> Window:
    return date.fromordinal(first), date.fromordinal(last)
