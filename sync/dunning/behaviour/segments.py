"""Segments: reliable, occasional, watch, new, as small rules over the habits, slow to change and with a road back.

* new: too few invoices to say (`segment_min_invoices`), and no promise broken again and again;
* reliable: median delay at most `reliable_max_days` and at most `reliable_max_late_share` % of invoices late;
* watch: median delay at least `watch_min_days`, or at least `watch_min_late_share` % late with half that delay, or
  `watch_broken_promises` broken promises;
* occasional: the others.

**Hysteresis.** A customer leaves the segment they are in only when the thresholds, moved away by `segment_margin`
percent, are passed: the previous segment is clamped between the verdict of the loosened rules and that of the tightened ones.
**Road back.** N good invoices (`road_back_invoices`, with no more late ones among them than a reliable customer may
have) lift watch to occasional, 2N lift to reliable, whatever the past.
A segment that people set wins. A natural person is never put in `watch` by this program (GDPR art. 22 and CNIL
deliberation 2021-130: no scoring of people): occasional at most, and the advice says that a person may choose.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sync.dunning.behaviour.habits import Habits
from sync.dunning.model import Settings
from sync.ledger.model import Contact, CustomerKey, JournalRow
from sync.ledger.words import Act, Kind, Segment

_ORDER = (Segment.RELIABLE, Segment.OCCASIONAL, Segment.WATCH)
_RANK = {segment: rank for rank, segment in enumerate(_ORDER)}
_BY_WORD = {str(segment): segment for segment in Segment}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days and whole percents; see the module."""

    reliable_days: int
    reliable_share: int
    watch_days: int
    watch_share: int

    def moved(self, percent: int) -> "Thresholds":
        """Every threshold further by `percent` (nearer when negative), by at least one; never below zero."""

        def move(value: int) -> int:
            step = max(1, abs(value * percent) // 100)
            return max(0, value + step if percent > 0 else value - step) if percent else value

        return Thresholds(
            move(self.reliable_days), move(self.reliable_share), max(1, move(self.watch_days)), max(1, move(self.watch_share))
        )


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """The rules of one run: as set, loosened and tightened."""

    normal: Thresholds
    loose: Thresholds
    tight: Thresholds
    enough: int
    broken: int

    @classmethod
    def of(cls, settings: Settings) -> "SegmentRules":
        normal = Thresholds(
            settings.reliable_max_days, settings.reliable_max_late_share, settings.watch_min_days, settings.watch_min_late_share
        )
        margin = settings.segment_margin
        return cls(
            normal, normal.moved(margin), normal.moved(-margin), settings.segment_min_invoices, settings.watch_broken_promises
        )


def is_natural_person(contact: Contact | None) -> bool:
    """A consumer always is; a business when the sheet says so (sole traders); unknown counts as a company."""
    return contact is not None and (contact.natural_person is True or contact.kind is Kind.CONSUMER)


def segment_of(habits: Habits, broken: int, previous: Segment | None, contact: Contact | None, rules: SegmentRules) -> Segment:
    """The segment of a customer in one currency. `broken` promises are those of the window of `segment_months`."""
    if contact is not None and contact.segment_set is not None:
        return contact.segment_set
    found = automatic_segment(habits, broken, previous, rules)
    return Segment.OCCASIONAL if found is Segment.WATCH and is_natural_person(contact) else found


def automatic_segment(habits: Habits, broken: int, previous: Segment | None, rules: SegmentRules) -> Segment:
    """The verdict of the figures alone."""
    if habits.observed == 0 or (habits.observed < rules.enough and previous in (None, Segment.NEW)):
        return Segment.WATCH if broken >= rules.broken and not habits.good_run else Segment.NEW
    best = 2 - habits.good_run  # the road back: at most this rank
    if previous is None or previous is Segment.NEW:
        return _ORDER[min(best, _verdict(habits, broken, rules.normal, rules))]
    low = min(best, _verdict(habits, broken, rules.loose, rules))
    high = min(best, _verdict(habits, broken, rules.tight, rules))
    return _ORDER[min(max(_RANK[previous], low), high)]


def _verdict(habits: Habits, broken: int, limits: Thresholds, rules: SegmentRules) -> int:
    delay, share = habits.delay or 0, habits.late_share
    if broken >= rules.broken or delay >= limits.watch_days or (share >= limits.watch_share and 2 * delay >= limits.watch_days):
        return 2
    return 0 if delay <= limits.reliable_days and share <= limits.reliable_share else 1


def previous_segments(journal: Iterable[JournalRow], as_of: date) -> Mapping[CustomerKey, Segment]:
    """The last segment the journal saw for each customer and currency ("" = all currencies), up to `as_of`.

    Those are `observed` rows of field "segment" whose `new` is a segment. A run of the very day is taken in, so that running twice changes nothing.
    """
    last: dict[CustomerKey, Segment] = {}
    for row in journal:
        if row.field == "segment" and row.status is Act.OBSERVED and row.new in _BY_WORD and row.when.date() <= as_of:
            last[row.customer, row.currency] = _BY_WORD[row.new]
    return last
