"""Payment terms (§17), to read DSO against."""

from collections.abc import Iterable
from datetime import date

from reports.measures.measure import DAYS, Measure, ratio, units
from reports.portfolio import Item

NO_INVOICES = "no_invoice_in_window"


def weighted_terms(items: Iterable[Item], first: int, last: int) -> Measure:
    """§17: sum of amount x (due - issue) / sum of amounts, over the invoices issued in the window. Unit: days."""
    weighted = total = n = 0
    for item in items:
        if first <= item.issued <= last:
            weighted += item.amount * (item.due - item.issued)
            total += item.amount
            n += 1
    window = (date.fromordinal(first), date.fromordinal(last))
    return ratio(units(weighted), units(total), why_null=NO_INVOICES, unit=DAYS, n=n, window=window)
