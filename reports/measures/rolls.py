"""What became of the items of each bucket from one month-end to the next (§11), and the loss rates that follow (§14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.measures.measure import Measure, ratio, units
from reports.portfolio import BUCKETS, Item, bucket_of, open_at
from sync.ledger.model import Cents

NOTHING_IN_BUCKET = "nothing_in_bucket"
FATES = ("paid", "credited", "same", "worse", "better")


@dataclass(frozen=True, slots=True)
class Roll:
    """Amounts of one bucket at t by fate at t+1, in cents: the five sum to what was open at t.

    `better` needs a due date moved between both days; the sheet keeps the last due date only, so it is 0 today.
    """

    paid: Cents = 0
    credited: Cents = 0  # credit notes and write-offs
    same: Cents = 0
    worse: Cents = 0
    better: Cents = 0
    n: int = 0

    @property
    def total(self) -> Cents:
        return self.paid + self.credited + self.same + self.worse + self.better

    def __add__(self, other: "Roll") -> "Roll":
        return Roll(
            self.paid + other.paid, self.credited + other.credited, self.same + other.same, self.worse + other.worse,
            self.better + other.better, self.n + other.n,
        )  # fmt: skip

    def share(self, fate: str) -> Measure:
        """§11: share of the amount open at t that met this fate (`worse` = roll rate, `paid` = cure rate)."""
        return ratio(units(getattr(self, fate)), units(self.total), why_null=NOTHING_IN_BUCKET, n=self.n)


NO_ROLL = Roll()


def rolls(items: Iterable[Item], start: int, end: int) -> tuple[Roll, ...]:
    """§11: one `Roll` per bucket of `start`, by amount, item by item. A part payment goes to `paid`, its rest to its bucket.

    A balance that grew (money returned) counts for what was open at the start; the growth enters with the next month.
    """
    cells = [[0] * 6 for _ in BUCKETS]
    for item in items:
        before = open_at(item, start)
        if before <= 0:
            continue
        bucket, later = bucket_of(start - item.due), bucket_of(end - item.due)
        row = cells[bucket]
        row[5] += 1
        rest = min(before, open_at(item, end))
        row[2 if later == bucket else 3 if later > bucket else 4] += rest
        gone = before - rest
        if not gone:
            continue
        credit = sum(move.credit for move in item.moves if start < move.day <= end)
        if item.written_off is not None and start < item.written_off <= end:
            cash = sum(move.cash for move in item.moves if start < move.day <= end)
            credit = max(credit, gone - max(0, cash))
        credited = max(0, min(gone, credit))
        row[0] += gone - credited
        row[1] += credited
    return tuple(Roll(*row) for row in cells)


def smoothed(months: Sequence[Sequence[Roll]], last: int = 12) -> tuple[Roll, ...]:
    """§11: the last months together, weighted by amount (sums before shares). Empty without months."""
    found = [NO_ROLL] * len(BUCKETS)
    for month in months[-last:]:
        found = [a + b for a, b in zip(found, month, strict=True)]
    return tuple(found)


def loss_rates(worse: Sequence[Fraction], last: Fraction) -> tuple[Fraction, ...]:
    """§14: loss(b) = roll(b) x loss(b+1), from the roll rates of the four first buckets and the loss of 91+.

    Rolls of 10, 30, 50, 60 % and a loss of 40 % give 0.36, 3.6, 12, 24, 40 %.
    """
    found = [last]
    for rate in reversed(worse):
        found.append(rate * found[-1])
    return tuple(reversed(found))


def matrix(found: Sequence[Roll]) -> dict[str, dict[str, Measure]]:
    """§11: the shares by bucket and fate; each row sums to 1 or is empty."""
    return {bucket: {fate: roll.share(fate) for fate in FATES} for bucket, roll in zip(BUCKETS, found, strict=True)}
