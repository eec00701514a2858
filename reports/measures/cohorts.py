"""Recovery by cohort (§8): of the invoices falling due in a month, the share paid k days after their due dates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from reports.calendar import month_of
from reports.measures.measure import RATIO, Measure, missing, ratio, units
from reports.portfolio import Item
from sync.ledger.model import Cents

AGES = (0, 15, 30, 60, 90, 180)
NO_INVOICES = "no_invoice_in_cohort"
NOT_YET = "not_yet_observed"
Reference = Literal["due", "issued"]


def collectable(item: Item) -> Cents:
    """The invoice's amount less its credit notes (write-offs stay in)."""
    amount = item.amount
    for move in item.moves:
        amount -= move[2]
    return amount if amount > 0 else 0


def cohorts(items: Iterable[Item], reference: Reference = "due") -> Mapping[str, Sequence[Item]]:
    """Items by month ("2026-01") of their due date (dunning view) or issue date (billing view), months in order."""
    by_day: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        by_day[item.due if reference == "due" else item.issued].append(item)
    found: dict[str, list[Item]] = {}
    for day in sorted(by_day):
        found.setdefault(f"{date.fromordinal(day):%Y-%m}", []).extend(by_day[day])
    return found


def recovery(cohort: Sequence[Item], as_of: int, ages: Sequence[int] = AGES, reference: Reference = "due") -> dict[int, Measure]:
    """§8: R(c, k) at each age k, cumulative, seen from `as_of`.

    Each invoice counts for at most its amount less its credit notes. A cell is final only when the month has ended and the youngest invoice has reached age k; else it is null with
    `not_yet_observed` (right-censoring). Payment before the reference date counts at k = 0.
    """
    if not cohort:
        return {age: missing(RATIO, NO_INVOICES) for age in ages}
    starts = [item.due if reference == "due" else item.issued for item in cohort]
    youngest = max(starts)
    has_ended = month_of(date.fromordinal(youngest))[1].toordinal() <= as_of
    ripe = [age for age in ages if has_ended and youngest + age <= as_of]
    amount, cash = 0, dict.fromkeys(ripe, 0)
    for item, start in zip(cohort, starts, strict=True):
        most = collectable(item)
        amount += most
        for age in ripe:
            cash[age] += min(most, _received(item, start + age))
    return {
        age: ratio(units(cash[age]), units(amount), why_null=NO_INVOICES, n=len(cohort))
        if age in cash
        else missing(RATIO, NOT_YET, n=len(cohort))
        for age in ages
    }


def _received(item: Item, by: int) -> Cents:
    """Money allocated up to a day, net of returns."""
    total = 0
    for day, cash, _ in item.moves:
        if day > by:
            break
        total += cash
    return total


def at_risk(recovery_90: Measure) -> Measure:
    """§8: 1 - R(c, 90)."""
    if recovery_90.value is None or recovery_90.numerator is None or recovery_90.denominator is None:
        return missing(RATIO, recovery_90.why_null, n=recovery_90.n)
    return ratio(recovery_90.denominator - recovery_90.numerator, recovery_90.denominator, why_null=NO_INVOICES, n=recovery_90.n)
