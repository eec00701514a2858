"""Business days of the company: its sending days that are no public holiday of its country and region."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class BusinessDays:
    """`weekdays` holds Monday = 0 … Sunday = 6; never empty.

    A country the holiday library does not know has no public holidays here; `known_country` says so.
    """

    country: str
    region: str = ""
    weekdays: frozenset[int] = frozenset(range(5))
    _holidays: dict[int, frozenset[date]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def known_country(self) -> bool:
        return self.country in holidays.list_supported_countries(include_aliases=True)

    @property
    def known_region(self) -> bool:
        regions: Iterable[str] = holidays.list_supported_countries(include_aliases=True).get(self.country, [])
        return not self.region or self.region in regions

    def holidays_of(self, year: int) -> frozenset[date]:
        if year not in self._holidays:
            days: Iterable[date] = ()
            if self.known_country:
                days = holidays.country_holidays(
                    self.country, subdiv=self.region if self.region and self.known_region else None, years=year
                )
            self._holidays[year] = frozenset(days)
        return self._holidays[year]

    def is_business_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays_of(day.year)

    def on_or_after(self, day: date) -> date:
        while not self.is_business_day(day):
            day += ONE_DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_business_day(day):
            day -= ONE_DAY
        return day
