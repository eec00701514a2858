"""Would the forecast have been right? The same forecast at past month-ends, with the facts known then (kpis §16).

Nothing dated after an origin is looked at when its forecast is made. Judged are the weeks that have passed since: error
and bias of P50, how often the truth fell between P10 and P90, against "everyone pays on the due date"; and, in
days, the expected day of each invoice against the due date, the global median and the customer's own median.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reports.calendar import months
from reports.forecast import WEEKS, Prospect, Said, baseline, expected_day, habits_at, prospects, simulate, weeks
from reports.lateness import Habits
from reports.portfolio import Item, Move, Portfolio, allocations, cleared_on, open_at
from sync.dunning.model import Settings
from sync.ledger.model import Cents, Instalment

LARGE = 20_000  # invoices from which a backtest looks at fewer origins and draws, to stay within seconds
SAMPLE = 1500  # invoices judged in days at one origin, evenly taken
NEVER = date.max.toordinal()
ENOUGH = 30  # payments seen before the first origin
METHODS = ("model", "due_date", "global_median", "customer_median")


def origins(portfolio: Portfolio) -> list[int]:
    """The past month-ends to forecast from: the last twelve (six in a large portfolio), a week or more ago; rising."""
    if portfolio.first_issue is None:
        return []
    known = months(date.fromordinal(portfolio.first_issue), date.fromordinal(portfolio.as_of))
    ends = [month.last.toordinal() for month in known if not month.to_date]
    return [day for day in ends if day + 7 <= portfolio.as_of][-(6 if len(portfolio.items) >= LARGE else 12) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One past month-end: cents that came in the weeks judged, absolute errors and signed sums, weeks inside P10-P90."""

    day: int
    weeks: int
    actual: Cents
    error: Cents
    baseline_error: Cents
    bias: Cents
    baseline_bias: Cents
    inside: int
    lively: int
    days_error: tuple[int, ...]  # sum of absolute errors in days, in the order of METHODS
    n: int  # invoices judged in days


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """All origins together. Ratios are None when nothing came (WAPE, bias) or nothing was judged (coverage, MAE)."""

    origins: tuple[Origin, ...]
    weeks: int
    wape: float | None
    baseline_wape: float | None
    bias: float | None
    baseline_bias: float | None
    coverage: float | None
    mae_days: dict[str, float] | None
    n: int

    @property
    def beats_baseline(self) -> bool:
        """True when it was no worse than "everyone pays on the due date"."""
        return self.wape is not None and self.baseline_wape is not None and self.wape <= self.baseline_wape


def backtest(
    portfolio: Portfolio,
    said: Sequence[tuple[int, Said]],
    instalments: Sequence[Instalment],
    settings: Settings,
) -> Backtest:
    """Forecasts at the origins of `said` (rising days, each with what was said by then), judged by what came since."""
    found: list[Origin] = []
    draws = 100 if len(portfolio.items) >= LARGE else 300
    settled = settled_on(portfolio.items, instalments)
    for day, then in said:
        open_then, habits = forecast_at(portfolio, settled, day, then, instalments, settings)
        if habits.overall.paid >= ENOUGH:
            found.append(_judge(portfolio, open_then, habits, day, draws))
    return _together(found)


def settled_on(items: Sequence[Item], instalments: Sequence[Instalment]) -> list[int]:
    """The day after which each item matters to no forecast: paid to the cent, in no plan. `NEVER` when it may matter."""
    planned = {number for row in instalments for number in row.invoices}
    return [
        item.moves[-1].day
        if item.moves
        and sum([move.cash + move.credit for move in item.moves]) == item.amount
        and min(item.moves, key=_cash).cash >= 0
        and item.number not in planned
        else NEVER
        for item in items
    ]


def _cash(move: Move) -> Cents:
    return move.cash


def forecast_at(
    portfolio: Portfolio,
    settled: Sequence[int],
    day: int,
    then: Said,
    instalments: Sequence[Instalment],
    settings: Settings,
) -> tuple[list[Prospect], Habits]:
    """What a past day would have expected, and the habits it knew. `settled` only spares looking at what was over."""
    habits = habits_at(portfolio, day, then.groups)
    still = [item for item, over in zip(portfolio.items, settled, strict=True) if over > day >= item.issued]
    return prospects(replace(portfolio, items=still), day, habits, then, instalments, settings), habits


def _judge(portfolio: Portfolio, open_then: Sequence[Prospect], habits: Habits, day: int, draws: int) -> Origin:
    passed = min(WEEKS, (portfolio.as_of - day) // 7)
    on_due = baseline(open_then, day)
    shown = weeks(simulate(open_then, day, draws), on_due, day)[:passed]
    came = _came({one.invoice for one in open_then}, portfolio.items, day, passed)
    lively = [(week, real) for week, real in zip(shown, came, strict=True) if week.p90 > 0 or real > 0]
    errors, n = _errors_in_days(open_then, habits, portfolio, day)
    return Origin(
        day=day,
        weeks=passed,
        actual=sum(came),
        error=sum(abs(week.p50 - real) for week, real in zip(shown, came, strict=True)),
        baseline_error=sum(abs(week.on_due_dates - real) for week, real in zip(shown, came, strict=True)),
        bias=sum(week.p50 - real for week, real in zip(shown, came, strict=True)),
        baseline_bias=sum(week.on_due_dates - real for week, real in zip(shown, came, strict=True)),
        inside=sum(week.p10 <= real <= week.p90 for week, real in lively),
        lively=len(lively),
        days_error=errors,
        n=n,
    )


def _came(numbers: set[str], items: Iterable[Item], day: int, passed: int) -> list[Cents]:
    """Money that really came on those invoices, by week after the origin."""
    came = [0] * passed
    end = day + 7 * passed
    for item in items:
        if item.moves and item.moves[-1].day > day and item.number in numbers:
            for when, cents in allocations(item):
                if day < when <= end:
                    came[(when - day - 1) // 7] += cents
    return came


def _errors_in_days(open_then: Sequence[Prospect], habits: Habits, portfolio: Portfolio, day: int) -> tuple[tuple[int, ...], int]:
    """Absolute errors in days over the invoices paid since, summed by method. No guess may be in the past."""
    judged = open_then[:: len(open_then) // SAMPLE + 1]
    wanted = {one.invoice for one in judged}
    by_number = {item.number: item for item in portfolio.items if item.number in wanted}
    everyone = habits.overall.median() or 0
    errors = [0] * len(METHODS)
    n = 0
    for one in judged:
        item = by_number[one.invoice]
        paid = cleared_on(item, portfolio.as_of)
        if paid is None or paid <= day or not open_at(item, day):
            continue
        own = habits.of(item.customer).median()
        guesses = (
            _half(one, day),
            item.due,
            item.due + everyone,
            item.due + (everyone if own is None else own),
        )
        for place, guess in enumerate(guesses):
            errors[place] += abs(max(guess, day + 1) - paid)
        n += 1
    return tuple(errors), n


def _half(one: Prospect, day: int) -> int:
    expected = expected_day(one, day)
    return expected.toordinal() if expected is not None else day + 7 * WEEKS


def _together(found: Sequence[Origin]) -> Backtest:
    actual = sum(one.actual for one in found)
    judged = sum(one.weeks for one in found)
    n = sum(one.n for one in found)
    lively = sum(one.lively for one in found)

    def over_actual(cents: Cents) -> float | None:
        return cents / actual if actual > 0 else None

    return Backtest(
        origins=tuple(found),
        weeks=judged,
        wape=over_actual(sum(one.error for one in found)),
        baseline_wape=over_actual(sum(one.baseline_error for one in found)),
        bias=over_actual(sum(one.bias for one in found)),
        baseline_bias=over_actual(sum(one.baseline_bias for one in found)),
        coverage=sum(one.inside for one in found) / lively if lively else None,
        mae_days={
            name: sum(one.days_error[place] for one in found) / n for place, name in enumerate(METHODS)
        } if n else None,
        n=n,
    )  # fmt: skip
