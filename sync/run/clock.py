"""The only source of time in a run, and the moment at which it acts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The only source of time: the real one, and the date a person asked for instead (`--as-of`)."""

    utc_now: Callable[[], datetime]
    as_of: date | None = None

    def today(self, time_zone: str) -> date:
        return self.as_of or self.real_today(time_zone)

    def real_today(self, time_zone: str) -> date:
        return self.utc_now().astimezone(ZoneInfo(time_zone)).date()

    def now(self, time_zone: str) -> datetime:
        """The present hour in the company's zone, dated `as_of`."""
        now = self.utc_now().astimezone(ZoneInfo(time_zone))
        return now if self.as_of is None else now.replace(year=self.as_of.year, month=self.as_of.month, day=self.as_of.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who runs and when. `now()` is aware, in the company's zone, and dated `as_of`; `is_today` = as_of is the real today."""

    as_of: date
    now: Callable[[], datetime]
    is_today: bool
    run_id: str
    actor: str = "relance"
