"""Days of sales outstanding: simple (§3), count-back (§4), best possible and average days delinquent (§5)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reports.calendar import month_of
from reports.measures.measure import DAYS, Measure, Window, missing, ratio, units
from reports.portfolio import Sales
from sync.ledger.model import ONE_DAY, Cents

NO_SALES = "no_sales_in_window"
SHORT_HISTORY = "short_history"
NOTHING_OPEN = "nothing_open"
EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class SalesWindow:
    """Net credit sales of `days` days ending at the as-of date; shorter than asked when history is (`is_short`)."""

    sales: Cents
    days: int
    n: int
    window: Window
    is_short: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        return (SHORT_HISTORY,) if self.is_short else ()


def sales_window(sales: Sales, as_of: int, days: int, first_issue: int | None) -> SalesWindow:
    """§0, §3: the last `days` days, both ends included, at most the history since the currency's first issue date."""
    history = as_of - first_issue + 1 if first_issue is not None and first_issue <= as_of else 0
    used = min(days, history)
    start = as_of - (used or days) + 1
    return SalesWindow(
        sales.net(start, as_of), used, sales.count(start, as_of), (date.fromordinal(start), date.fromordinal(as_of)),
        used < days,
    )  # fmt: skip


def net_sales(sales: Sales, first: date, last: date, currency: str) -> Measure:
    """§3: invoices less credit notes issued in the window, tax included."""
    low, high = first.toordinal(), last.toordinal()
    return Measure(value=units(sales.net(low, high)), unit=currency, n=sales.count(low, high), window=(first, last))


def dso_simple(receivables: Cents, window: SalesWindow) -> Measure:
    """§3: net receivables / net credit sales in the window x days in the window. Unit: days."""
    return _days_of_sales(receivables, window)


def best_possible(not_due: Cents, window: SalesWindow) -> Measure:
    """§5: what DSO would be if nothing were late: not-due receivables / credit sales x days. Unit: days."""
    return _days_of_sales(not_due, window)


def _days_of_sales(balance: Cents, window: SalesWindow) -> Measure:
    warnings = window.warnings
    if window.sales > 0 and balance <= 0:
        warnings += (NOTHING_OPEN,)
        return Measure(
            value=0, unit=DAYS, n=window.n, numerator=units(balance), denominator=units(window.sales), window=window.window,
            warnings=warnings,
        )  # fmt: skip
    return ratio(
        units(balance), units(window.sales), times=window.days, unit=DAYS, n=window.n, window=window.window,
        why_null=NO_SALES, warnings=warnings,
    )  # fmt: skip


def average_days_delinquent(dso: Measure, best: Measure) -> Measure:
    """§5: simple DSO less best possible DSO, same window. Unit: days."""
    if dso.value is None or best.value is None:
        return missing(DAYS, dso.why_null or best.why_null, n=dso.n, window=dso.window, warnings=dso.warnings)
    return Measure(value=dso.value - best.value, unit=DAYS, n=dso.n, window=dso.window, warnings=dso.warnings)


def count_back(receivables: Cents, sales: Sales, as_of: int, first_issue: int | None) -> Measure:
    """§4: walk back month by month, taking each month's sales off the receivables until nothing remains. Unit: days.

    The running month counts its elapsed days, the first month of history all its days. A month without net sales adds
    its days. When history ends first the value is a lower bound, with the warning `exhausted`.
    """
    if first_issue is None or first_issue > as_of:
        return missing(DAYS, NO_SALES)
    end = date.fromordinal(as_of)
    if receivables <= 0:
        return Measure(value=0, unit=DAYS, numerator=units(receivables), window=(end, end), warnings=(NOTHING_OPEN,))
    oldest = date.fromordinal(first_issue).replace(day=1)
    remaining, days, n = receivables, Fraction(0), 0
    first, last = end.replace(day=1), end
    while True:
        sold = sales.net(first.toordinal(), last.toordinal())
        length = (last - first).days + 1
        n += sales.count(first.toordinal(), last.toordinal())
        if sold > 0 and remaining < sold:
            days += Fraction(remaining * length, sold)
            remaining = 0
        else:
            days += length
            remaining -= max(0, sold)
        if remaining == 0 or first <= oldest:
            break
        first, last = month_of(first - ONE_DAY)
    return Measure(
        value=days, unit=DAYS, n=n, numerator=units(receivables), window=(first, end),
        warnings=(EXHAUSTED,) if remaining > 0 else (),
    )  # fmt: skip
