"""How promises to pay were kept (§10), from the promises as the cadence judges them (`sync.dunning.agreements.promises`).

A promise counts once its date plus `promise_grace_days` is at most the as-of date. Renegotiated ones (replaced before
their date) are left out, and count as not kept in the strict rate; withdrawn or credited ones are left out of both.
"""

from collections.abc import Iterable
from datetime import date

from reports.measures.measure import Measure, ratio, share, units
from sync.dunning.agreements.promises import Promise, PromiseState

NOTHING_JUDGED = "no_promise_judged"
_JUDGED = (PromiseState.KEPT, PromiseState.PARTLY_KEPT, PromiseState.BROKEN)


def judged(made: Iterable[Promise], as_of: date) -> list[Promise]:
    """§10: the promises that can be judged on a day and were neither replaced nor taken back before."""
    return [one for one in made if one.state in _JUDGED and one.deadline <= as_of and one.amount > 0]


def kept_rate(made: Iterable[Promise], as_of: date) -> Measure:
    """§10: kept / judged, by count."""
    found = judged(made, as_of)
    return share(sum(one.state is PromiseState.KEPT for one in found), len(found), why_null=NOTHING_JUDGED)


def kept_rate_amount(made: Iterable[Promise], as_of: date) -> Measure:
    """§10: sum of min(paid, promised) / sum promised, over the judged promises."""
    found = judged(made, as_of)
    paid = sum(min(one.paid, one.amount) for one in found)
    return ratio(units(paid), units(sum(one.amount for one in found)), why_null=NOTHING_JUDGED, n=len(found))


def kept_rate_strict(made: Iterable[Promise], as_of: date) -> Measure:
    """§10: kept / judged, a renegotiated promise counting as not kept."""
    known = list(made)
    found = judged(known, as_of)
    moved = sum(one.state is PromiseState.RENEGOTIATED and one.amount > 0 for one in known)
    return share(sum(one.state is PromiseState.KEPT for one in found), len(found) + moved, why_null=NOTHING_JUDGED)
