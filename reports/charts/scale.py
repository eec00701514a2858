"""Axes: where ticks fall and where values stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels along an axis of `length`, `low` at `start`. Going up the page when `length` is negative."""

    low: float
    high: float
    start: float
    length: float

    def __call__(self, value: Decimal | float) -> float:
        span = self.high - self.low or 1.0
        return self.start + self.length * (float(value) - self.low) / span


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round steps (1, 2, 2.5, 5 x 10^n) that cover `low`..`high`, both ends included."""
    if high <= low:
        high = low + 1
    rough = (high - low) / wanted
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places for labels as near as possible to where they are wanted, `gap` apart, within `low`..`high`."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = [0.0] * len(wanted)
    previous = low - gap
    for place in order:
        found[place] = previous = max(wanted[place], previous + gap)
    following = high + gap
    for place in reversed(order):
        found[place] = following = min(found[place], following - gap)
    return found
