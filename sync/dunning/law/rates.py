"""Reference rates by half-year: the shipped table, replaced row by row by the Rates tab. A missing rate is never guessed.

A series has one of three periods (see `data/rate_names.csv`): `half_year` (a row on each 1 January and 1 July), `calendar_year`
(each 1 January) and `on_change` (a row holds until the next one; the last row holds to the end of its own half-year only, because
nobody has said yet that it still stands).
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache

from sync.dunning.law.days import half_year_name, half_year_start, next_half_year
from sync.dunning.law.tables import table
from sync.ledger.words import Language


class RateMissing(LookupError):
    """No value is known for `name` in `half_year` ("2026-H2", or "2027" for a yearly rate). `str()` says both."""

    def __init__(self, name: str, half_year: str) -> None:
        super().__init__(f"{name} {half_year}")
        self.name = name
        self.half_year = half_year


class RateTableError(ValueError):
    """The shipped table itself is wrong: a mistake in a release, never in a workbook."""


class Period(StrEnum):
    HALF_YEAR = "half_year"
    CALENDAR_YEAR = "calendar_year"
    ON_CHANGE = "on_change"


@dataclass(frozen=True, slots=True)
class RateProblem:
    """A row that cannot be used. `code`: unknown_rate, duplicate_rate, not_a_period_start, not_a_number, rate_gap."""

    name: str
    valid_from: date | None
    code: str


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row of the table. `percent` None = known to be missing."""

    name: str
    valid_from: date
    percent: Decimal | None
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class _Series:
    period: Period
    starts: tuple[date, ...]
    percents: Mapping[date, Decimal | None]

    def row_for(self, day: date) -> date | None:
        """The start of the row that holds on `day`, None when there is none."""
        if self.period is Period.ON_CHANGE:
            place = bisect_right(self.starts, day)
            if place == 0 or (place == len(self.starts) and day >= next_half_year(self.starts[-1])):
                return None
            return self.starts[place - 1]
        start = date(day.year, 1, 1) if self.period is Period.CALENDAR_YEAR else half_year_start(day)
        return start if start in self.percents else None


def periods() -> Mapping[str, Period]:
    """The known rate names, with how often each one changes."""
    return {row["rate_name"]: Period(row["period"]) for row in table("rate_names")}


def rate_names() -> tuple[str, ...]:
    """The names a Rates tab may use, in the table's order."""
    return tuple(periods())


def check_rows(rows: Iterable[tuple[str, date, Decimal | None]]) -> tuple[RateProblem, ...]:
    """What is wrong with a table of (name, valid from, percent), in row order, gaps last.

    A percent of None (known to be missing) is no problem; nor is a series that stops early: asking beyond its end is.
    """
    known = periods()
    found: list[RateProblem] = []
    seen: dict[str, set[date]] = {}
    for name, valid_from, percent in rows:
        if name not in known:
            found.append(RateProblem(name, valid_from, "unknown_rate"))
            continue
        dates = seen.setdefault(name, set())
        if valid_from in dates:
            found.append(RateProblem(name, valid_from, "duplicate_rate"))
        dates.add(valid_from)
        if not _is_period_start(valid_from, known[name]):
            found.append(RateProblem(name, valid_from, "not_a_period_start"))
        if percent is not None and not percent.is_finite():
            found.append(RateProblem(name, valid_from, "not_a_number"))
    for name, dates in seen.items():
        found += [RateProblem(name, gap, "rate_gap") for gap in _gaps(dates, known[name])]
    return tuple(found)


def _is_period_start(day: date, period: Period) -> bool:
    if period is Period.CALENDAR_YEAR:
        return (day.month, day.day) == (1, 1)
    return period is Period.ON_CHANGE or day == half_year_start(day)


def _gaps(dates: set[date], period: Period) -> list[date]:
    if period is Period.ON_CHANGE:
        return []
    wanted, last, gaps = min(dates), max(dates), []
    while wanted < last:
        wanted = date(wanted.year + 1, 1, 1) if period is Period.CALENDAR_YEAR else next_half_year(wanted)
        if wanted <= last and wanted not in dates:
            gaps.append(wanted)
    return gaps


@cache
def shipped_rows() -> tuple[RateRow, ...]:
    """The shipped table with its sources. Raises `RateTableError` when it is not fit to compute with."""
    rows: list[RateRow] = []
    for cells in table("reference_rates"):
        try:
            percent = Decimal(cells["rate_percent"]) if cells["rate_percent"] else None
            valid_from = date.fromisoformat(cells["valid_from"])
        except (InvalidOperation, ValueError) as error:
            raise RateTableError(f"reference_rates.csv: {cells}") from error
        rows.append(RateRow(cells["rate_name"], valid_from, percent, cells["source"], cells["confidence"]))
    problems = check_rows((row.name, row.valid_from, row.percent) for row in rows)
    if problems:
        raise RateTableError(f"reference_rates.csv: {problems}")
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates of a run. `problems` are the rows of the Rates tab that could not be used.

    `memo` keeps what was already computed from these very rates (see `interest.py`); it is no part of the value.
    """

    series: Mapping[str, _Series]
    problems: tuple[RateProblem, ...] = ()
    memo: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, overrides: Mapping[tuple[str, date], Decimal] | None = None) -> "Rates":
        """The shipped table, with `overrides` ((name, valid from) -> percent) added to it or put in place of its rows.

        A wrong override never raises: it is listed in `problems`. One that is not a number makes its half-year missing,
        because the person meant to replace the shipped value.
        """
        known = periods()
        percents: dict[str, dict[date, Decimal | None]] = {name: {} for name in known}
        for row in shipped_rows():
            percents[row.name][row.valid_from] = row.percent
        problems = [p for p in check_rows((n, d, v) for (n, d), v in (overrides or {}).items()) if p.code != "rate_gap"]
        refused = {(p.name, p.valid_from) for p in problems if p.code != "not_a_number"}
        for (name, valid_from), percent in (overrides or {}).items():
            if (name, valid_from) not in refused:
                percents[name][valid_from] = percent if percent.is_finite() else None
        after = check_rows((name, day, value) for name, by_day in percents.items() for day, value in by_day.items())
        problems += [p for p in after if p.code == "rate_gap"]
        series = {name: _Series(known[name], tuple(sorted(by_day)), by_day) for name, by_day in percents.items()}
        return cls(series, tuple(problems))

    def on(self, name: str, day: date) -> Decimal:
        """Percent a year of `name` for the half-year of `day`. Raises `RateMissing`; KeyError for an unknown name."""
        series = self.series[name]
        start = series.row_for(day)
        percent = None if start is None else series.percents[start]
        if percent is None:
            raise RateMissing(name, str(day.year) if series.period is Period.CALENDAR_YEAR else half_year_name(day))
        return percent

    def holds_by_half_year(self, name: str) -> bool:
        """Whether the rate is published anew each half-year, so that a calculation shows one line for each."""
        return self.series[name].period is Period.HALF_YEAR


def official_place(name: str, language: Language) -> str:
    """Where a rate is published, in words."""
    column = "official_place_fr" if language == "fr" else "official_place"
    return next(row[column] for row in table("rate_names") if row["rate_name"] == name)


@dataclass(frozen=True, slots=True)
class RateExpiry:
    """A rate that will be, or already is, unknown. `needed_from`: first day without a value; `days_left` <= 0 = missing today."""

    name: str
    needed_from: date
    days_left: int
    official_place: str
    official_place_fr: str


def expiring(rates: Rates, today: date, names: Iterable[str] | None = None, within_days: int = 45) -> tuple[RateExpiry, ...]:
    """The rates of `names` (default: all) without a value within `within_days` of `today`, the soonest first.

    Pass the names in use (`rules.references_in_use`): a company without Dutch consumers needs no warning about Dutch rates.
    """
    places = {row["rate_name"]: (row["official_place"], row["official_place_fr"]) for row in table("rate_names")}
    found: list[RateExpiry] = []
    for name in rate_names() if names is None else names:
        day = today
        while day <= today + timedelta(days=within_days):
            try:
                rates.on(name, day)
            except RateMissing:
                found.append(RateExpiry(name, day, (day - today).days, *places[name]))
                break
            day = next_half_year(day)
    return tuple(sorted(found, key=lambda expiry: (expiry.needed_from, expiry.name)))
