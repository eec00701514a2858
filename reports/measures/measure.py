"""A figure with everything a reader needs to trust it: value, unit, what was divided by what, and why it is missing.

Values are exact (`Fraction`) inside the program and become floats only in `to_json`. Money inside a measure is in units
of the currency (euros), made from integer cents once, by `money`. Whatever people read in percent is a ratio here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import sqrt

from sync.ledger.model import Cents

Number = int | Fraction
Window = tuple[date, date]  # first and last day, both included (kpis §0)
Interval = tuple[float, float]

DAYS = "days"
RATIO = "ratio"
POINTS = "points"
FEW_CASES = "few_cases"  # n < 10: drawn hollow (kpis §0)
FEW = 10
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `value` None always comes with `why_null`; `n` is the number of cases behind it.

    `numerator` and `denominator` are in the unit of what is divided (currency units, counts, or currency units x days);
    `interval` is the Wilson 95 % interval of a rate of counts.
    """

    value: Number | None
    unit: str
    n: int = 0
    numerator: Number | None = None
    denominator: Number | None = None
    window: Window | None = None
    why_null: str = ""
    warnings: tuple[str, ...] = ()
    interval: Interval | None = None

    def to_json(self) -> dict[str, object]:
        """The `M` of the contract for kpis.json: plain numbers, unrounded, never NaN."""
        document: dict[str, object] = {
            "value": as_number(self.value),
            "unit": self.unit,
            "n": self.n,
            "numerator": as_number(self.numerator),
            "denominator": as_number(self.denominator),
            "why_null": self.why_null,
            "warnings": list(self.warnings),
        }
        if self.window is not None:
            document["window"] = [day.isoformat() for day in self.window]
        if self.interval is not None:
            document["interval"] = list(self.interval)
        return document


def as_number(value: Number | None) -> int | float | None:
    """The nearest plain number: 4788.88 for 478888/100."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.denominator == 1 else value.numerator / value.denominator


def units(cents: Cents) -> Fraction:
    """Cents as units of the currency, exact."""
    return Fraction(cents, 100)


def money(cents: Cents, currency: str, *, n: int = 0, window: Window | None = None, warnings: Iterable[str] = ()) -> Measure:
    """An amount. Unit: the currency."""
    return Measure(value=units(cents), unit=currency, n=n, window=window, warnings=tuple(warnings))


def missing(unit: str, why: str, *, n: int = 0, window: Window | None = None, warnings: Iterable[str] = ()) -> Measure:
    """A figure that cannot be computed, and why (kpis §0: never 0, infinity or 100 %)."""
    return Measure(value=None, unit=unit, n=n, window=window, why_null=why, warnings=tuple(warnings))


def ratio(
    numerator: Number,
    denominator: Number,
    *,
    why_null: str,
    n: int = 0,
    unit: str = RATIO,
    times: Number = 1,
    window: Window | None = None,
    warnings: Iterable[str] = (),
) -> Measure:
    """`numerator / denominator x times`; None with `why_null` when the denominator is not positive."""
    ready = tuple(warnings)
    if denominator <= 0:
        return Measure(
            value=None, unit=unit, n=n, numerator=numerator, denominator=denominator, window=window, why_null=why_null,
            warnings=ready,
        )  # fmt: skip
    return Measure(
        value=Fraction(numerator) / Fraction(denominator) * times, unit=unit, n=n, numerator=numerator,
        denominator=denominator, window=window, warnings=ready,
    )  # fmt: skip


def share(hits: int, cases: int, *, why_null: str, window: Window | None = None, warnings: Iterable[str] = ()) -> Measure:
    """A rate of counts with its Wilson 95 % interval; fewer than ten cases carry `few_cases` (kpis §0)."""
    ready = tuple(warnings) + ((FEW_CASES,) if 0 < cases < FEW else ())
    if cases <= 0:
        return Measure(
            value=None, unit=RATIO, n=0, numerator=hits, denominator=cases, window=window, why_null=why_null, warnings=ready
        )
    return Measure(
        value=Fraction(hits, cases), unit=RATIO, n=cases, numerator=hits, denominator=cases, window=window, warnings=ready,
        interval=wilson(hits, cases),
    )  # fmt: skip


def wilson(hits: int, cases: int, z: float = Z95) -> Interval:
    """Wilson score interval of `hits` out of `cases` (cases >= 1), within [0, 1]."""
    rate = hits / cases
    spread = z * z / cases
    centre = (rate + spread / 2) / (1 + spread)
    half = z * sqrt(rate * (1 - rate) / cases + spread / (4 * cases)) / (1 + spread)
    return (0.0 if hits == 0 else max(0.0, centre - half), 1.0 if hits == cases else min(1.0, centre + half))


def quantile(ordered: Sequence[int], q: Fraction) -> Fraction:
    """The q-quantile of sorted whole numbers, linear between neighbours (so that 1/2 is the usual median)."""
    place = q * (len(ordered) - 1)
    below = int(place)
    low = ordered[below]
    high = ordered[min(below + 1, len(ordered) - 1)]
    return low + (high - low) * (place - below)


def document(measures: Mapping[str, Measure]) -> dict[str, object]:
    """Measures by key as plain data."""
    return {key: measure.to_json() for key, measure in measures.items()}
