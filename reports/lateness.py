"""How late a customer pays, as a distribution: own history shrunk to the segment, given the days already late (kpis §16).

A `Curve` is the share of invoices still unpaid x days after their due date. Invoices that are still open count for
as long as they have been open (product-limit estimate), because leaving them out would make everybody look prompt.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from reports.portfolio import Item, cleared_on

MEMORY = 730  # days of history looked at
SHRINK = 10  # cases of own history worth as much as the segment
SPREAD = 90  # days over which money comes when no history says when


# One observed invoice: twice its days from the due date, plus 1 when it was not paid then but last seen open.
# Whole numbers, because a hundred thousand are sorted for each month-end of a backtest; paid sorts before open.
Observation = int


def paid_after(days: int) -> Observation:
    return 2 * days


def open_after(days: int) -> Observation:
    return 2 * days + 1


class Curve:
    """Survival of invoices by days after the due date; immutable once made."""

    __slots__ = ("_days", "_left", "_paid", "paid")

    def __init__(self, observations: Iterable[Observation]) -> None:
        counts = Counter(observations)
        at_risk = counts.total()
        survival, paid = 1.0, 0
        self._days: list[int] = []
        self._left: list[float] = []
        self._paid: list[int] = []
        for code in sorted(counts):
            seen = counts[code]
            if not code & 1:
                survival *= 1 - seen / at_risk
                paid += seen
                self._days.append(code >> 1)
                self._left.append(survival)
                self._paid.append(paid)
            at_risk -= seen
        self.paid = paid

    def unpaid(self, days: int) -> float:
        """Share still unpaid at the close of that day after the due date."""
        place = bisect_right(self._days, days)
        return self._left[place - 1] if place else 1.0

    def paid_beyond(self, days: int) -> int:
        """Number of invoices seen paid later than that."""
        place = bisect_right(self._days, days)
        return self.paid - (self._paid[place - 1] if place else 0)

    def median(self) -> int | None:
        """First day by which half is paid, None when that was never seen."""
        return next((day for day, left in zip(self._days, self._left, strict=True) if left <= 0.5), None)


NOTHING_SEEN = Curve(())


class Chance(NamedTuple):
    """When an invoice that is `late` days late will be paid: a mixture of curves, each given that it is later than that.

    Without any curve nothing is known beyond `late`: it is never paid with the chance `lost`, else within 90 days.
    """

    late: int
    parts: Sequence[tuple[float, Curve, float]]  # weight, curve, what it left unpaid at `late`
    lost: float

    def paid_by(self, days: int) -> float:
        """Chance of payment by that day after the due date."""
        if days <= self.late:
            return 0.0
        if not self.parts:
            return (1 - self.lost) * min(1.0, (days - self.late) / SPREAD)
        chance = 0.0
        for weight, curve, left in self.parts:
            chance += weight * (1 - curve.unpaid(days) / left)
        return chance


class Habits:
    """The curves known on one day: of each customer, of each segment, of all."""

    __slots__ = ("_all", "_groups", "_lost", "_own", "_segments")

    def __init__(
        self, observations: Mapping[str, Sequence[Observation]], groups: Mapping[str, str], lost: Sequence[float] | None
    ) -> None:
        """`observations` by customer; `groups` customer -> segment; `lost` the loss rate of each ageing bucket, if known."""
        self._groups = groups
        self._lost = lost
        self._own = {customer: Curve(seen) for customer, seen in observations.items()}
        pooled: dict[str, list[Observation]] = defaultdict(list)
        for customer, seen in observations.items():
            pooled[groups.get(customer, "")].extend(seen)
        self._segments = {group: Curve(seen) for group, seen in pooled.items()}
        self._all = Curve(chain.from_iterable(pooled.values()))

    @property
    def is_empty(self) -> bool:
        return self._all.paid == 0

    def of(self, customer: str) -> Curve:
        return self._own.get(customer, NOTHING_SEEN)

    @property
    def overall(self) -> Curve:
        return self._all

    def chance(self, customer: str, late: int) -> Chance:
        """Own curve weighted n / (n + 10), n being the own payments seen beyond `late`; the rest from the segment.

        A segment that has seen nothing beyond `late` gives way to all customers, then to the loss rate of the bucket.
        """
        own = self.of(customer)
        segment = self._segments.get(self._groups.get(customer, ""), NOTHING_SEEN)
        wider = next((curve for curve in (segment, self._all) if curve.paid_beyond(late)), None)
        n = own.paid_beyond(late)
        parts: list[tuple[float, Curve, float]] = []
        if wider is not None:
            weight = own.paid / (own.paid + SHRINK) if n else 0.0
            if n:
                parts.append((weight, own, own.unpaid(late)))
            parts.append((1 - weight, wider, wider.unpaid(late)))
        lost = 1.0
        if self._lost is not None:
            lost = self._lost[0 if late <= 0 else min(4, (late + 29) // 30)]
        return Chance(late, parts, lost)


def observations(items: Iterable[Item], day: int) -> dict[str, list[Observation]]:
    """What a day knows of the invoices issued in the 24 months before it, by customer. Nothing later is looked at.

    Cleared by credit notes alone is no payment and is left out; a written-off invoice was last seen open on that day.
    """
    found: dict[str, list[Observation]] = defaultdict(list)
    oldest = day - MEMORY
    for item in items:
        if not oldest < item.issued <= day:
            continue
        if len(item.moves) == 1 and item.written_off is None:
            when, cash, credit = item.moves[0]
            cleared = when if when <= day and cash + credit >= item.amount else None
            by_money = cash > 0
        else:
            cleared = cleared_on(item, day)
            by_money = any(move.cash > 0 for move in item.moves if move.day <= day)
        if cleared is None:
            end = day if item.written_off is None else min(day, item.written_off)
            found[item.customer].append(open_after(end - item.due))
        elif by_money:
            found[item.customer].append(paid_after(cleared - item.due))
    return found
