"""Late-payment interest on one invoice: stretches of days at one rate on one base, summed exactly, rounded once.

Conventions (see the worked examples in the tests). `start_after` is the last day in time: interest runs on the days after it, the
last day included. The divisor is 365, in leap years too. A payment counts on its day: that day still bears interest on the old
balance. Base: what is unpaid of the amount incl. VAT. Interest is simple, but for the Dutch yearly addition.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from math import lcm

from sync.dunning.law.days import add_years, half_year_name, half_year_start, next_half_year
from sync.dunning.law.rates import RateMissing, Rates
from sync.dunning.law.rules import Fixing, InterestRule, interest_rules
from sync.dunning.model import HUNDRED_YEARS, Allocation, InterestLine
from sync.ledger.model import ONE_DAY, Cents


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `start` to `end` (both bear interest) at `rate` percent; see `Schedule` for `daily`."""

    rate: Decimal
    start: date
    end: date
    days: int
    daily: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """The stretches of one rule from one day to another.

    One cent owed bears `Stretch.daily / denominator` cents a day, `numerator / denominator` all along: whole numbers, exact.
    """

    stretches: tuple[Stretch, ...]
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Uncomputable:
    """`why`: rate_missing (`missing` names it) or rate_below_floor (`missing` names the first half-year below)."""

    why: str
    missing: str


def round_half_up(numerator: int, denominator: int) -> Cents:
    """A fraction of cents, at least 0, to the cent."""
    return (2 * numerator + denominator) // (2 * denominator)


def percent_on(rule: InterestRule, day: date, rates: Rates) -> Decimal:
    """The rule's percent a year for the half-year of `day`; a negative reference counts as it is. Raises `RateMissing`."""
    percent = rule.flat_rate
    if percent is None:
        percent = rates.on(rule.reference, day) * rule.multiplier + rule.margin
    if rule.round_up_to is not None:
        percent = (percent / rule.round_up_to).to_integral_value(ROUND_CEILING) * rule.round_up_to
    if rule.cap_rule and rule.fixing is Fixing.FLAT:
        percent = min(percent, percent_on(interest_rules()[rule.cap_rule], day, rates))
    return max(percent, Decimal(0))


def schedule(rule: InterestRule, start_after: date, last: date, rates: Rates) -> Schedule | Uncomputable:
    """The stretches of the days after `start_after` up to `last`, remembered in `rates.memo`."""
    key = (rule, start_after, last)
    known = rates.memo.get(key)
    if isinstance(known, Schedule | Uncomputable):
        return known
    found = _schedule(rule, start_after + ONE_DAY, last, rates)
    rates.memo[key] = found
    return found


def _schedule(rule: InterestRule, first: date, last: date, rates: Rates) -> Schedule | Uncomputable:
    try:
        if below := _first_below_floor(rule, first, last, rates):
            return Uncomputable("rate_below_floor", below)
        parts = _parts(rule, first, last, rates)
    except RateMissing as missing:
        return Uncomputable("rate_missing", str(missing))
    ratios = [percent.as_integer_ratio() for percent, _, _ in parts]
    common = lcm(*[denominator for _, denominator in ratios])
    stretches = tuple(
        [
            Stretch(percent, start, end, (end - start).days + 1, numerator * (common // denominator))
            for (percent, start, end), (numerator, denominator) in zip(parts, ratios, strict=True)
        ]
    )
    return Schedule(stretches, sum([s.daily * s.days for s in stretches]), common * HUNDRED_YEARS)


def _half_years(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The parts of `first`..`last` (both included), one per half-year."""
    while first <= last:
        end = min(last, next_half_year(first) - ONE_DAY)
        yield first, end
        first = end + ONE_DAY


def _parts(rule: InterestRule, first: date, last: date, rates: Rates) -> list[tuple[Decimal, date, date]]:
    """(percent a year, first day, last day) of each stretch. Raises `RateMissing`."""
    if rule.fixing is Fixing.START or (rule.fixing is Fixing.FLAT and not rule.cap_rule):
        return [(percent_on(rule, first, rates), first, last)]
    parts = [(percent_on(rule, start, rates), start, end) for start, end in _half_years(first, last)]
    if rule.reference and rates.holds_by_half_year(rule.reference):
        return parts
    merged = parts[:1]  # a rate that is not published each half-year makes one line for as long as it stands
    for percent, start, end in parts[1:]:
        if merged[-1][0] == percent:
            merged[-1] = (percent, merged[-1][1], end)
        else:
            merged.append((percent, start, end))
    return merged


def _first_below_floor(rule: InterestRule, first: date, last: date, rates: Rates) -> str:
    """The first half-year in which the agreed rate is under its floor, "" when it never is.

    Three times the legal rate is its own floor: nothing to look up. A half-year below is told even when another one's floor is
    missing; otherwise raises `RateMissing` for the missing one, because an unchecked clause must not be asked for.
    """
    if not rule.floor_rate or (rule.flat_rate is None and rule.multiplier >= rule.floor_multiplier):
        return ""
    missing: RateMissing | None = None
    for start, _ in _half_years(first, last):
        try:
            if percent_on(rule, start, rates) < rates.on(rule.floor_rate, start) * rule.floor_multiplier:
                return half_year_name(half_year_start(start))
        except RateMissing as error:
            missing = missing or error
    if missing is not None:
        raise missing
    return ""


def interest_on(number: str, base: Cents, plan: Schedule) -> tuple[Cents, tuple[InterestLine, ...]]:
    """Simple interest on a base that does not change: cents, and one line per stretch."""
    lines = tuple([InterestLine(number, base, s.rate, s.start, s.end, s.days) for s in plan.stretches])
    return round_half_up(base * plan.numerator, plan.denominator), lines


@dataclass(slots=True)
class _Account:
    """The running debt: unpaid principal, interest added to the base, interest rounded and unpaid, interest still exact
    (`running / denominator` cents)."""

    principal: Cents
    denominator: int
    capital: Cents = 0
    carried: Cents = 0
    running: int = 0
    rounded: Cents = 0  # all the interest rounded so far, paid or not
    principal_paid: Cents = 0
    capital_paid: Cents = 0
    carried_paid: Cents = 0

    @property
    def base(self) -> Cents:
        return self.principal + self.capital if self.principal > 0 else 0

    def round_now(self) -> None:
        cents = round_half_up(self.running, self.denominator)
        self.running = 0
        self.rounded += cents
        self.carried += cents

    def compound(self) -> None:
        self.round_now()
        self.capital, self.carried = self.capital + self.carried, 0

    def pay(self, amount: Cents, allocation: Allocation) -> None:
        if allocation is Allocation.INTEREST_FIRST and amount > 0:
            self.round_now()
            interest = min(amount, self.carried)
            self.carried, self.carried_paid = self.carried - interest, self.carried_paid + interest
            amount -= interest
            added = min(amount, self.capital)
            self.capital, self.capital_paid = self.capital - added, self.capital_paid + added
            amount -= added
            self.principal_paid += amount
        elif amount < 0:
            amount += self._give_back(-amount)
        self.principal -= amount

    def _give_back(self, returned: Cents) -> Cents:
        """Money that comes back out takes the way it came, backwards: from the principal, then from what was added to the
        base, then from the interest, which bears none. Returns what is not owed on the principal.
        """
        of_principal = min(returned, self.principal_paid)
        self.principal_paid -= of_principal
        added = min(returned - of_principal, self.capital_paid)
        self.capital, self.capital_paid = self.capital + added, self.capital_paid - added
        interest = min(returned - of_principal - added, self.carried_paid)
        self.carried, self.carried_paid = self.carried + interest, self.carried_paid - interest
        return added + interest


def interest_with_payments(
    number: str,
    principal: Cents,
    payments: Mapping[date, Cents],
    credits: Mapping[date, Cents],
    plan: Schedule,
    allocation: Allocation,
    yearly_compounding: bool = False,
) -> tuple[Cents, tuple[InterestLine, ...]]:
    """Interest on a base that changes: all of it, what payments already covered included, so that (amount - payments + interest)
    is what is left to pay under either allocation.

    `plan` has at least one day; `principal` is owed when it starts. `payments` and `credits` (positive reduces, negative adds
    back) fall on its days and change the base from the next one. A credit note always reduces the principal.
    """
    first, last = plan.stretches[0].start, plan.stretches[-1].end
    years = set(_year_ends(first, last)) if yearly_compounding else set()
    cuts = sorted({day for day in (*payments, *credits, *years) if first <= day <= last} | {s.end for s in plan.stretches})
    account, lines, stretches = _Account(principal, plan.denominator), [], iter(plan.stretches)
    stretch, start = next(stretches), first
    for end in cuts:
        days = (end - start).days + 1
        if base := account.base:
            account.running += base * stretch.daily * days
            lines.append(InterestLine(number, base, stretch.rate, start, end, days))
        account.principal -= credits.get(end, 0)
        if end in payments:
            account.pay(payments[end], allocation)
        if end in years:
            account.compound()
        start = end + ONE_DAY
        if end == stretch.end:
            stretch = next(stretches, stretch)
    account.round_now()
    return account.rounded, tuple(lines)


def _year_ends(first: date, last: date) -> Iterator[date]:
    """The last day of each full year of interest (BW 6:119a: the year's interest is then added to the base)."""
    before, year = first - ONE_DAY, 1
    while (end := add_years(before, year)) <= last:
        yield end
        year += 1
