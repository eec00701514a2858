"""Business days of the company: its sending days that are no public holiday of its country and region."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import holidays

from sync.ledger.model import ONE_DAY


@dataclass(frozen=True)
class BusinessDays:
    """`weekdays` holds Monday = 0 … Sunday = 6; never empty.

    A country the holiday library does not know has no public holidays here; an unknown region has its country's.
    """

    country: str
    region: str = ""
    weekdays: frozenset[int] = frozenset(range(5))
    _holidays: dict[int, frozenset[date]] = field(default_factory=dict, repr=False, compare=False)
    _following: dict[date, date] = field(default_factory=dict, repr=False, compare=False)  # `on_or_after`, once asked

    def holidays_of(self, year: int) -> frozenset[date]:
        if year not in self._holidays:
            self._holidays[year] = frozenset(_public_holidays(self.country, self.region, year))
        return self._holidays[year]

    @property
    def known_region(self) -> bool:
        """Whether the holidays of this region are known; a company without a region has its country's."""
        if not self.region:
            return True
        try:
            holidays.country_holidays(self.country, subdiv=self.region, years=2026)
        except NotImplementedError:
            return False
        return True

    def is_business_day(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays_of(day.year)

    def on_or_after(self, day: date) -> date:
        found = self._following.get(day)
        if found is None:
            found = day
            while not self.is_business_day(found):
                found += ONE_DAY
            self._following[day] = found
        return found

    def on_or_before(self, day: date) -> date:
        while not self.is_business_day(day):
            day -= ONE_DAY
        return day


def _public_holidays(country: str, region: str, year: int) -> Iterable[date]:
    for subdivision in (region or None, None):
        # Asking for the list of countries would import every one of them.
        with suppress(NotImplementedError):
            return holidays.country_holidays(country, subdiv=subdivision, years=year)
    return ()
