"""Expected credit loss by a provision matrix (§14), a management estimate and not the accounts; bad-debt ratio (§17)."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reports.measures.measure import FEW, FEW_CASES, Measure, Window, missing, money, ratio, units
from reports.measures.rolls import Roll, loss_rates
from reports.portfolio import BUCKETS, Item, bucket_of, final_level, open_at
from sync.ledger.model import Cents
from sync.ledger.words import Status

TOO_SHORT = "less_than_12_months_of_rolls"
NO_CLOSED_COHORT = "no_closed_cohort_beyond_90_days"
CONFIGURED = "configured_rates"
NO_SALES = "no_sales_in_window"
CLOSED_AFTER = 365
FULL_YEAR = 12


@dataclass(frozen=True, slots=True)
class LossRates:
    """Loss rate of each bucket, None with `why_null` when history is too short and nothing is configured."""

    rates: tuple[Fraction, ...] | None
    why_null: str = ""
    warnings: tuple[str, ...] = ()


def final_loss(items: Iterable[Item], month_ends: Sequence[int], as_of: int) -> Measure:
    """§14: 1 - final recovery of 91+, over closed cohorts.

    `month_ends` rise. A cohort is what was first seen beyond 90 days late at one month-end; it is closed once nothing of it is open, or a
    year after. Recovery is what was paid since, net of returns; the rest is lost, credit notes left out.
    """
    cohorts: dict[int, list[tuple[Item, Cents]]] = defaultdict(list)
    for item in items:
        for end in month_ends[bisect_right(month_ends, item.due + 90) :]:
            if exposure := open_at(item, end):
                cohorts[end].append((item, exposure))
                break
            if not item.moves or item.moves[-1].day <= end:
                break  # nothing can reopen it
    lost = exposed = n = 0
    for end, members in cohorts.items():
        if as_of - end < CLOSED_AFTER and any(final_level(item).open for item, _ in members):
            continue
        for item, exposure in members:
            credit = sum(move.credit for move in item.moves if move.day > end)
            base = max(0, exposure - credit)
            paid = sum(move.cash for move in item.moves if move.day > end)
            exposed += base
            lost += base - max(0, min(base, paid))
            n += 1
    warnings = (FEW_CASES,) if 0 < n < FEW else ()
    return ratio(units(lost), units(exposed), why_null=NO_CLOSED_COHORT, n=n, warnings=warnings)


def rates(months: Sequence[Sequence[Roll]], last: Measure, configured: Sequence[Fraction] | None = None) -> LossRates:
    """§14: from at least twelve months of rolls and the loss of 91+; else the configured rates; else none, and why."""
    if len(months) >= FULL_YEAR and last.value is not None:
        total = [sum(rolls[1:], rolls[0]) for rolls in zip(*months, strict=True)]
        worse = [Fraction(roll.worse, roll.total) if roll.total else Fraction(0) for roll in total[:-1]]
        return LossRates(loss_rates(worse, Fraction(last.value)), warnings=last.warnings)
    if configured is not None:
        return LossRates(tuple(configured), warnings=(CONFIGURED,))
    return LossRates(None, TOO_SHORT if len(months) < FULL_YEAR else last.why_null)


def is_in_court(item: Item, as_of: int) -> bool:
    """§14: litigation, assessed singly."""
    handling = item.handling
    return handling.status is Status.COURT and (handling.status_on is None or handling.status_on.toordinal() <= as_of)


def exposures(items: Iterable[Item], as_of: int, apart: Collection[str] = ()) -> tuple[tuple[Cents, ...], Cents]:
    """§14: open amount by bucket, and the open amount of the invoices assessed singly (`apart`, by number)."""
    found = [0] * len(BUCKETS)
    singly = 0
    for item in items:
        open_now = final_level(item).open
        if item.number in apart:
            singly += open_now
        else:
            found[bucket_of(as_of - item.due)] += open_now
    return tuple(found), singly


def allowance(exposure: Sequence[Cents], found: LossRates, currency: str, forward: Fraction = Fraction(1)) -> Measure:
    """§14: sum over buckets of exposure x loss rate x forward factor (1.00 unless configured)."""
    if found.rates is None:
        return missing(currency, found.why_null)
    total = sum((cents * rate for cents, rate in zip(exposure, found.rates, strict=True)), Fraction(0)) * forward
    return Measure(value=total / 100, unit=currency, numerator=units(sum(exposure)), warnings=found.warnings)


def write_offs(items: Iterable[Item], first: int, last: int) -> tuple[Cents, int]:
    """§17: written off in the window, less what came in it on invoices written off before; and the number written off."""
    total = n = 0
    for item in items:
        gone = item.written_off
        if gone is None or gone > last:
            continue
        if gone >= first:
            settled = sum(move.cash + move.credit for move in item.moves if move.day <= gone)
            total += max(0, item.amount - settled)
            n += 1
        total -= sum(move.cash for move in item.moves if max(first, gone + 1) <= move.day <= last)
    return total, n


def bad_debt(net_write_offs: Cents, n: int, net_sales: Cents, window: Window) -> Measure:
    """§17: net write-offs / credit sales, twelve months."""
    return ratio(units(net_write_offs), units(net_sales), why_null=NO_SALES, n=n, window=window)


def by_bucket(found: LossRates) -> Mapping[str, Measure]:
    """The loss rates, bucket by bucket."""
    if found.rates is None:
        return {bucket: missing("ratio", found.why_null) for bucket in BUCKETS}
    return {
        bucket: Measure(value=rate, unit="ratio", warnings=found.warnings)
        for bucket, rate in zip(BUCKETS, found.rates, strict=True)
    }


def singly_assessed(cents: Cents, currency: str) -> Measure:
    """§14: insolvency, litigation and disputes: taken out of the matrix, assessed one by one."""
    return money(cents, currency)
