"""Recovery by reminder stage and what actions lead to (§9), from the journal.

The unit is (invoice, first act of a stage); a stage is a step of a cadence on a channel. Later stages hold harder debts:
a stage may be compared with itself over time, not with another one (the caption of the page says so).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from reports.measures.measure import DAYS, Measure, missing, quantile, ratio, share, units
from reports.measures.versions import Version, versions
from reports.portfolio import Item, allocations, open_at
from sync.ledger.model import Cents, JournalRow
from sync.ledger.words import Act

HORIZON = 14
HORIZONS = (7, 14, 30)
NOTHING_MATURED = "no_matured_action"
NOTHING_PAID = "nothing_paid_in_horizon"
NOTHING_RECEIVED = "nothing_paid_in_window"
NO_COST = "action_cost_not_set"
TEST_NOTE = "test"
AUTO_NOTE = "auto"
TEMPORARY_NOTE = "temporary"
OTHER_CHANNEL = "other"  # a person answered a message that waited: its step is closed, and it left by no channel


class Stage(NamedTuple):
    cadence: str
    step: int
    channel: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The first act of a stage on an invoice. `until` is the day of the next stage on it, included in the window; `version`
    is the cadence's when the act was done, None when the Journal does not say."""

    stage: Stage
    item: Item
    sent: int
    until: int | None
    key: str
    exposure: Cents
    version: Version | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What the journal says of the stages: units, acts that failed or bounced (counted apart), answers and promises.

    `answers` and `promised`: ordinals by invoice number, and by customer for rows that name none.
    """

    units: Sequence[Unit]
    failed: Mapping[Stage, int]
    answers: Mapping[str, Sequence[int]]
    promised: Mapping[str, Sequence[int]]


def acts(items: Mapping[str, Item], journal: Sequence[JournalRow], as_of: int) -> Acts:
    """§9: the delivered acts of the steps on the counted invoices. Diverted tests, bounces and failures are no acts."""
    rows = [row for row in journal if row.when.date().toordinal() <= as_of and row.note != TEST_NOTE]
    bounced = {row.key for row in rows if row.status is Act.BOUNCED and row.key and row.note != TEMPORARY_NOTE}
    known = versions(journal, date.fromordinal(as_of))
    touches: dict[str, list[_Touch]] = defaultdict(list)
    failed: dict[Stage, int] = defaultdict(int)
    answers: dict[str, list[int]] = defaultdict(list)
    promised: dict[str, list[int]] = defaultdict(list)
    for order, row in enumerate(rows):
        day = row.when.date().toordinal()
        if row.step is not None and row.status in (Act.SENT, Act.DONE, Act.FAILED):
            stage = Stage(row.cadence, row.step, row.channel or OTHER_CHANNEL)
            if row.status is Act.FAILED or row.key in bounced:
                failed[stage] += any(number in items for number in row.invoices)
                continue
            version = known.of(row)
            for number in row.invoices:
                if number in items:
                    touches[number].append(_Touch(day, order, stage, row.key, version))
        elif _is_answer(row):
            for name in row.invoices or ("customer " + row.customer,):
                answers[name].append(day)
                if row.status is Act.PROMISED:
                    promised[name].append(day)
    failed = {stage: count for stage, count in failed.items() if count}
    units_found = [
        unit
        for number in sorted(touches)
        for unit in _units(items[number], sorted(touches[number], key=lambda one: (one.day, one.order)))
    ]
    return Acts(units=units_found, failed=failed, answers=answers, promised=promised)


def _is_answer(row: JournalRow) -> bool:
    """A human reply (not an automatic one), a promise, or a reason a person logged."""
    if row.status is Act.REPLIED:
        return row.note != AUTO_NOTE
    return row.status is Act.PROMISED or (row.status is Act.OBSERVED and row.field == "reason" and bool(row.new))


def acts_of(whole: Acts, items: Mapping[str, Item]) -> Acts:
    """The acts on a part of the items, or on all; what failed is told for the whole."""
    return replace(whole, units=[unit for unit in whole.units if unit.item.number in items])


class _Touch(NamedTuple):
    """One act on one invoice. `order` is its place in the Journal."""

    day: int
    order: int
    stage: Stage
    key: str
    version: Version | None


def _units(item: Item, touched: Sequence[_Touch]) -> Iterator[Unit]:
    seen: set[Stage] = set()
    for place, touch in enumerate(touched):
        if touch.stage in seen:
            continue
        seen.add(touch.stage)
        following = next((later.day for later in touched[place + 1 :] if later.stage != touch.stage), None)
        exposure = open_at(item, touch.day)
        if exposure > 0:
            yield Unit(touch.stage, item, touch.day, following, touch.key, exposure, touch.version)


def matured(found: Iterable[Unit], as_of: int, horizon: int = HORIZON) -> list[Unit]:
    """§9: only acts whose whole horizon has passed."""
    return [unit for unit in found if unit.sent + horizon <= as_of]


def _attributed(unit: Unit, horizon: int) -> list[tuple[int, Cents]]:
    """Money from the day after the act to the end of the horizon or the day of the next stage: last touch."""
    end = unit.sent + horizon if unit.until is None else min(unit.sent + horizon, unit.until)
    return [(day, cents) for day, cents in allocations(unit.item) if unit.sent < day <= end]


def recovery(found: Sequence[Unit], horizon: int = HORIZON) -> Measure:
    """§9: money attributed to the acts / amount open when they were done. Same-day payments were under way: not credited."""
    cash = sum(max(0, sum(cents for _, cents in _attributed(unit, horizon))) for unit in found)
    exposed = sum(unit.exposure for unit in found)
    return ratio(units(cash), units(exposed), why_null=NOTHING_MATURED, n=len(found))


def paid_share(found: Sequence[Unit], horizon: int = HORIZON) -> Measure:
    """§9: share of the acts followed by full payment in the horizon, by count, with its Wilson interval."""
    hits = sum(sum(cents for _, cents in _attributed(unit, horizon)) >= unit.exposure for unit in found)
    return share(hits, len(found), why_null=NOTHING_MATURED)


def days_to_payment(found: Sequence[Unit], horizon: int = HORIZON) -> Measure:
    """§9: median days from the act to the first money it is credited with. Unit: days."""
    waits = sorted(paid[0][0] - unit.sent for unit in found if (paid := _attributed(unit, horizon)))
    if not waits:
        return missing(DAYS, NOTHING_PAID)
    return Measure(value=quantile(waits, Fraction(1, 2)), unit=DAYS, n=len(waits))


def response(found: Sequence[Unit], journal: Acts, horizon: int = HORIZON) -> Measure:
    """§9: messages with a human reply or a logged contact within the horizon / delivered messages."""
    return _led_to(found, journal.answers, horizon)


def promised(found: Sequence[Unit], journal: Acts, horizon: int = HORIZON) -> Measure:
    """§9: messages that led to a promise within the horizon / delivered messages."""
    return _led_to(found, journal.promised, horizon)


def _led_to(found: Sequence[Unit], days: Mapping[str, Sequence[int]], horizon: int) -> Measure:
    """A message that names several invoices counts once: by its key, else by customer and day."""
    messages: dict[tuple[str, str, int], bool] = {}
    for unit in found:
        name = (unit.key, unit.item.customer, unit.sent)
        known = (*days.get(unit.item.number, ()), *days.get("customer " + unit.item.customer, ()))
        hit = any(unit.sent <= day <= unit.sent + horizon for day in known)
        messages[name] = messages.get(name, False) or hit
    return share(sum(messages.values()), len(messages), why_null=NOTHING_MATURED)


def cost_per_100(found: Sequence[Unit], unit_cost: Cents | None, currency: str, horizon: int = HORIZON) -> Measure:
    """§9: cost of the messages / money attributed to them x 100. Unit: the currency, per 100."""
    if unit_cost is None:
        return missing(currency, NO_COST)
    messages = {(unit.key, unit.item.customer, unit.sent) for unit in found}
    cash = sum(max(0, sum(cents for _, cents in _attributed(unit, horizon))) for unit in found)
    return ratio(units(unit_cost * len(messages)), units(cash), times=100, unit=currency, n=len(messages), why_null=NOTHING_PAID)


def unprompted(items: Iterable[Item], found: Iterable[Unit], first: int, last: int, horizon: int = HORIZON) -> Measure:
    """§9: money received in the window with no act of a step on its invoice in the days before / all money received."""
    touched: dict[str, list[int]] = defaultdict(list)
    for unit in found:
        touched[unit.item.number].append(unit.sent)
    alone = total = n = 0
    for item in items:
        if not item.moves or item.moves[-1].day < first:
            continue
        days = touched.get(item.number, ())
        for day, cents in allocations(item):
            if first <= day <= last:
                total += cents
                n += 1
                if not any(day - horizon <= sent < day for sent in days):
                    alone += cents
    window = (date.fromordinal(first), date.fromordinal(last))
    return ratio(units(alone), units(total), why_null=NOTHING_RECEIVED, n=n, window=window)
