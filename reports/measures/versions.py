"""Which version of a cadence an act belongs to (§9): the Journal notes a cadence the first time a run sees it as it is.

A version is told by the eight characters of `sync.dunning.configuration_changes.version`. What a run sends belongs to the
version that this very run saw, wherever the note stands among its rows; other acts to the last version noted before them.
Acts older than the first note are taken for that first version: nothing says that they were another.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sync.dunning.configuration_changes import CADENCE, templates_in
from sync.ledger.model import JournalRow
from sync.ledger.words import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`number` counts a cadence's versions from 1; `templates` by step, {} when the Journal does not say."""

    cadence: str
    code: str
    number: int
    since: datetime
    run: str
    templates: Mapping[int, str]

    @property
    def day(self) -> date:
        return self.since.date()


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of each cadence, in order of time."""

    by_cadence: Mapping[str, Sequence[Version]]

    def of(self, row: JournalRow) -> Version | None:
        """The version in force when the act was done; None for a cadence the Journal has never noted."""
        known = self.by_cadence.get(row.cadence)
        if not known:
            return None
        own = next((one for one in reversed(known) if row.run and one.run == row.run), None)
        if own is not None:
            return own
        return known[max(0, bisect_right(known, row.when, key=lambda one: one.since) - 1)]

    @property
    def changes(self) -> Sequence[Version]:
        """The versions that replaced another, in order of time."""
        later = [one for known in self.by_cadence.values() for one in known[1:]]
        return sorted(later, key=lambda one: (one.since, one.cadence))


def versions(journal: Iterable[JournalRow], as_of: date) -> Versions:
    """Read from the Journal up to `as_of`, that day included."""
    found: dict[str, list[Version]] = defaultdict(list)
    for row in journal:
        if row.status is Act.OBSERVED and row.field == CADENCE and row.when.date() <= as_of:
            known = found[row.cadence]
            if known and known[-1].code == row.new:
                continue
            known.append(
                Version(
                    cadence=row.cadence, code=row.new, number=len(known) + 1, since=row.when, run=row.run,
                    templates=templates_in(row.text) if row.text else {},
                )
            )  # fmt: skip
    return Versions(dict(found))
