"""Months as the pages count them: calendar months, complete when their last day has passed (inclusive)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, measured at the close of `as_of`: its last day, or earlier while it runs (`to_date`)."""

    first: date
    last: date
    as_of: date

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def to_date(self) -> bool:
        return self.as_of < self.last


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month of `day`."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def months(first_issue: date | None, as_of: date, complete: int = 24) -> Sequence[Month]:
    """The last `complete` complete months since the first issue, oldest first, then the running month if one runs."""
    if first_issue is None or first_issue > as_of:
        return ()
    found: list[Month] = []
    first, last = month_of(as_of)
    if as_of < last:
        found.append(Month(first, last, as_of))
        first, last = month_of(first - DAY)
    while last >= first_issue and sum(not month.to_date for month in found) < complete:
        found.append(Month(first, last, last))
        first, last = month_of(first - DAY)
    return found[::-1]
