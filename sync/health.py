"""Whether Relance still runs: one Journal row a day says that a run went well, and its absence raises an alert.

A scheduler that skips a run, a revoked key, a full lock: nobody notices a reminder that was not sent. The row stands in
the workbook itself, so that the answer does not depend on who runs Relance, nor where.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sync.dunning.calendar import BusinessDays
from sync.dunning.configuration import read_rules
from sync.dunning.model import Observation, Settings
from sync.ledger.model import ONE_DAY, JournalRow
from sync.ledger.reading import read_ledger
from sync.ledger.words import Act, Language
from sync.run.clock import Clock
from sync.workbook.tabs import Workbook

RUN, WELL = "run", "well"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`last` is the latest run that went well, None when there was none; `missed` the business days without any since."""

    last: datetime | None
    missed: int

    @property
    def is_good(self) -> bool:
        return self.last is not None and not self.missed


def went_well(journal: Iterable[JournalRow], as_of: date) -> Observation | None:
    """What the Journal should remember of a good run; None when it already knows one of that day."""
    if any(_is_good_run(row) and row.when.date() == as_of for row in journal):
        return None
    return Observation(customer="", field=RUN, new=WELL)


def health(journal: Iterable[JournalRow], settings: Settings, now: datetime) -> Health:
    """`now` is aware, in the company's zone. A business day is missed once its sending hours are over without a good run."""
    last = max((row.when for row in journal if _is_good_run(row)), default=None)
    if last is None:
        return Health(last=None, missed=0)
    calendar = BusinessDays(settings.country, settings.region, settings.sending_days)
    first, today = last.astimezone(now.tzinfo).date() + ONE_DAY, now.date()
    until = today if now.time() >= settings.sending_to else today - ONE_DAY
    days = (first + ONE_DAY * number for number in range((until - first).days + 1))
    return Health(last=last.astimezone(now.tzinfo), missed=sum(calendar.is_business_day(one) for one in days))


def _is_good_run(row: JournalRow) -> bool:
    return row.status is Act.OBSERVED and row.field == RUN and row.new == WELL


def health_of(workbook: Workbook, clock: Clock) -> tuple[Health, Language]:
    """When Relance last ran well. Reads the Settings and the Journal only."""
    tabs = workbook.read(["settings", "journal"]).tabs
    settings = read_rules(tabs).settings
    now = clock.now(settings.time_zone)
    ledger, _ = read_ledger(tabs, language=settings.language, currency=settings.currency, terms=settings.terms, as_of=now.date())
    return health(ledger.journal, settings, now), settings.language
