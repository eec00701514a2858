"""The months before today: what Relance's own rules made it do, day by day, while these bills were being paid.

The steps come from `sync.dunning.steps`, so the invented journal and a real run agree on what is next. People do
their part as people do: most calls and letters within two days, some never, a formal notice only for some.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from sync.demo.bills import Bill
from sync.dunning.calendar import BusinessDays
from sync.dunning.cycles import Level
from sync.dunning.history import GRACE_NOTE, WRITTEN
from sync.dunning.model import Cadence, Settings, Step
from sync.dunning.steps import (
    PASSED_AFTER_GRACE,
    StepFacts,
    choose_cadence,
    formal_from,
    next_step,
    note_step,
    spacing_ends,
)
from sync.ledger.model import ONE_DAY, Contact, Invoice
from sync.ledger.words import Act, Channel, Segment

SETTINGS = Settings()
SEGMENTS = {
    "reliable": Segment.RELIABLE, "debit": Segment.RELIABLE, "bill": Segment.RELIABLE, "bill returned": Segment.RELIABLE,
    "slow": Segment.WATCH, "bad": Segment.WATCH, "promising": Segment.WATCH, "halves": Segment.WATCH, "abandoned": Segment.WATCH,
    "new": Segment.NEW, "consumer": Segment.NEW, "consumer late": Segment.NEW,
}  # fmt: skip
UNDUNNED = frozenset({"debit", "bill"})  # the bank pays: nobody is reminded


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One act of the past, before it becomes a Journal row. `by_person` is False for what Relance did itself."""

    day: date
    status: Act
    bills: tuple[Bill, ...]
    cadence: str = ""
    step: Step | None = None
    occurrence: int = 1
    amount: int | None = None
    new: str = ""
    note: str = ""
    by_person: bool = False

    @property
    def carrying(self) -> Bill:
        return self.bills[0]


@dataclass(slots=True)
class _State:
    """Where one customer stands in one currency while the days go by."""

    levels: dict[str, Level] = field(default_factory=dict)
    notes: dict[str, set[int]] = field(default_factory=dict)
    occurrences: dict[tuple[str, int], int] = field(default_factory=dict)
    reached: int = 0
    last_written: date | None = None
    quiet_until: date | None = None
    waits: tuple[str, int, date, bool] | None = None  # carrier, step, the day a person acts, whether one does


def past_events(bills: Sequence[Bill], cadences: Sequence[Cadence], start: date, as_of: date, rng: random.Random) -> list[Event]:
    """All acts from `start` to the day before `as_of`, in the order of their days."""
    calendar = BusinessDays("FR")
    events: list[Event] = []
    dunned = [bill for bill in bills if bill.amount > 0 and bill.customer.habit not in UNDUNNED and bill.customer.has_email]
    dunned = [bill for bill in dunned if not bill.mess and bill.cells.get("status") not in ("draft", "cancelled")]
    for _, own in groupby(sorted(dunned, key=lambda bill: bill.customer.key), key=lambda bill: bill.customer.key):
        events += _Past(list(own), cadences, calendar, rng).days(start, as_of)
    return sorted(events, key=lambda event: event.day)


class _Past:
    """The past of one customer: one state, walked from day to day."""

    def __init__(self, bills: list[Bill], cadences: Sequence[Cadence], calendar: BusinessDays, rng: random.Random) -> None:
        self.bills = bills
        self.customer = bills[0].customer
        self.invoices = {
            bill.number: Invoice(0, bill.number, self.customer.key, bill.issued, bill.due, bill.amount, self.customer.currency)
            for bill in bills
        }
        segment = SEGMENTS.get(self.customer.habit, Segment.OCCASIONAL)
        chosen = choose_cadence(self.invoices[bills[0].number], Contact(row=0, customer=self.customer.key), segment, cadences)
        assert isinstance(chosen, Cadence)
        self.cadence = chosen
        self.calendar = calendar
        self.rng = rng
        self.state = _State()

    def days(self, start: date, as_of: date) -> Iterator[Event]:
        yield from self._promises(start, as_of)
        day = start
        while day < as_of:
            if self.calendar.is_business_day(day):
                yield from self._day(day)
            day += ONE_DAY

    def _promises(self, start: date, as_of: date) -> Iterator[Event]:
        for bill in self.bills:
            for promise in bill.promises:
                if start <= promise.made_on < as_of:
                    yield Event(
                        day=promise.made_on, status=Act.PROMISED, bills=(bill,), amount=promise.amount,
                        new=promise.until.isoformat(), by_person=True,
                    )  # fmt: skip

    def _day(self, day: date) -> Iterator[Event]:
        open_ = [bill for bill in self.bills if bill.open_on(day) > 0]
        late = [bill for bill in open_ if bill.due < day]
        if not late:
            self.state.levels.clear()
            self.state.reached = 0
            yield from self._notes(open_, day)
            return
        quiet = any(first <= day <= last for bill in self.bills for first, last in bill.quiet_customer)
        if quiet or (self.state.quiet_until is not None and day <= self.state.quiet_until):
            return
        active = sorted((bill for bill in late if not bill.is_quiet(day)), key=lambda bill: (bill.due, -bill.open_on(day)))
        carriers = [bill for bill in active if bill.open_on(day) >= SETTINGS.minimum_invoice]
        if carriers and sum(bill.open_on(day) for bill in active) >= SETTINGS.minimum_customer:
            yield from self._late(carriers[0], active, day)

    def _notes(self, open_: list[Bill], day: date) -> Iterator[Event]:
        for bill in sorted(open_, key=lambda bill: bill.due):
            done = self.state.notes.setdefault(bill.number, set())
            coming = note_step(self.invoices[bill.number], self.cadence, done, day, self.calendar)
            if coming is not None and not bill.is_quiet(day):
                done.add(coming.step.number)
                yield self._event(day, Act.SENT, (bill,), coming.step)

    def _late(self, carrier: Bill, active: list[Bill], day: date) -> Iterator[Event]:
        level = self.state.levels.get(carrier.number, Level())
        facts = StepFacts(as_of=day, cadence=self.cadence, settings=SETTINGS, calendar=self.calendar, reached=self.state.reached)
        coming = next_step(self.invoices[carrier.number], level, facts)
        if coming is None:
            return
        step = coming.step
        free = spacing_ends(self.state.last_written, step, SETTINGS)
        if day < coming.earliest or day < free:
            return
        if step.channel is Channel.EMAIL:
            yield self._done(day, Act.SENT, self._claimed(carrier, active, step), step)
            if self.rng.random() < 0.13:
                yield from self._reply(carrier, day)
        elif self._person_acts(carrier, step, day):
            yield self._done(day, Act.DONE, self._claimed(carrier, active, step), step, by_person=True)
        elif self._is_passed(step, day):
            yield self._done(day, Act.SKIPPED, self._claimed(carrier, active, step), step, note=GRACE_NOTE)

    def _reply(self, carrier: Bill, day: date) -> Iterator[Event]:
        answered = self.calendar.on_or_after(day + timedelta(days=self.rng.randint(1, 2)))
        self.state.quiet_until = answered + timedelta(days=SETTINGS.reply_pause_days - 1)
        yield Event(day=answered, status=Act.REPLIED, bills=(carrier,))

    def _person_acts(self, carrier: Bill, step: Step, day: date) -> bool:
        """Decided once for a carrier and a step: on which day somebody does it, if anybody does."""
        waits = self.state.waits
        if waits is None or waits[:2] != (carrier.number, step.number):
            if step.channel in PASSED_AFTER_GRACE:
                wait, acts = self.rng.choices((0, 1, 2), (6, 3, 1))[0], self.rng.random() < 0.86
            else:
                wait, acts = self.rng.randint(3, 9), self.rng.random() < 0.6
            waits = (carrier.number, step.number, day + timedelta(days=wait), acts)
            self.state.waits = waits
        return waits[3] and day >= waits[2]

    def _is_passed(self, step: Step, day: date) -> bool:
        grace = SETTINGS.person_grace_days
        assert self.state.waits is not None
        return step.channel in PASSED_AFTER_GRACE and grace is not None and day > self.state.waits[2] + timedelta(days=grace)

    def _claimed(self, carrier: Bill, active: list[Bill], step: Step) -> tuple[Bill, ...]:
        """The carrier first; from the registered letter up only what an earlier late step claimed."""
        formal = formal_from(self.cadence)
        first_late = self.cadence.late_steps[0].number
        others = [bill for bill in active if bill is not carrier]
        if formal is not None and step.number >= formal:
            others = [bill for bill in others if self.state.levels.get(bill.number, Level()).step >= first_late]
        return (carrier, *others)

    def _done(
        self, day: date, status: Act, bills: tuple[Bill, ...], step: Step, *, note: str = "", by_person: bool = False
    ) -> Event:
        for bill in bills:
            self.state.levels[bill.number] = Level(step.number, day, 1, passed=note == GRACE_NOTE)
        self.state.reached = max(self.state.reached, step.number)
        self.state.waits = None
        if step.channel in WRITTEN and status is not Act.SKIPPED:
            self.state.last_written = day
        return self._event(day, status, bills, step, note=note, by_person=by_person)

    def _event(
        self, day: date, status: Act, bills: tuple[Bill, ...], step: Step, *, note: str = "", by_person: bool = False
    ) -> Event:
        base = (bills[0].number, step.number)
        self.state.occurrences[base] = self.state.occurrences.get(base, 0) + 1
        return Event(
            day=day, status=status, bills=bills, cadence=self.cadence.name, step=step, occurrence=self.state.occurrences[base],
            amount=sum(bill.open_on(day) for bill in bills), note=note, by_person=by_person,
        )  # fmt: skip
