"""Which step comes next for a carrying invoice, and on which day at the earliest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.calendar import BusinessDays
from sync.dunning.cycles import Level
from sync.dunning.history import WRITTEN
from sync.dunning.model import NO_BAR, Cadence, LateEntry, Settings, Step
from sync.ledger.model import ONE_DAY, Contact, Invoice
from sync.ledger.words import Approval, Channel, Segment

FORMAL = frozenset({Channel.REGISTERED_LETTER, Channel.FORMAL_NOTICE, Channel.HAND_OVER})
# A call or a letter that nobody did in time is passed; what only a person may decide never is.
PASSED_AFTER_GRACE = frozenset({Channel.CALL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.REVIEW})


def choose_cadence(
    invoice: Invoice, contact: Contact | None, segment: Segment, cadences: Sequence[Cadence]
) -> Cadence | str | None:
    """Invoice, then customer, then the customer's segment, then the first for any segment (DESIGN §3, rule 2).

    Returns the name (str) when a cell names a cadence that does not exist, None when there is no cadence at all.
    """
    for named in (invoice.handling.cadence, contact.cadence if contact is not None else ""):
        if named:
            wanted = named.casefold().replace("|", NO_BAR)
            return next((cadence for cadence in cadences if cadence.name.casefold() == wanted), named)
    for cadence in cadences:
        if cadence.segment is segment:
            return cadence
    return next((cadence for cadence in cadences if cadence.segment is None), None)


def formal_from(cadence: Cadence) -> int | None:
    """Number of the first registered letter, formal notice or hand-over: from there up only invoices already
    claimed are claimed."""
    return next((step.number for step in cadence.late_steps if step.channel in FORMAL), None)


def is_person_step(step: Step) -> bool:
    return step.approval is Approval.PERSON or step.channel is not Channel.EMAIL


@dataclass(frozen=True, slots=True)
class NextStep:
    """`earliest` is the first day on which nothing but the spacing of written messages stands against it."""

    step: Step
    earliest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """What the choice of a step looks at, beside the carrier itself."""

    as_of: date
    cadence: Cadence
    settings: Settings
    calendar: BusinessDays
    reached: int
    back_to: int | None = None  # a reason of delay is over: re-enter here
    resumed_on: date | None = None  # the day after the last pause that has ended
    hastened_from: date | None = None  # bad faith: from then on a step follows the last at once


def step_day(invoice: Invoice, step: Step, calendar: BusinessDays) -> date:
    """The business day on which a step falls: J+n on or after, J-n on or before."""
    day = invoice.due + timedelta(days=step.offset)
    return calendar.on_or_before(day) if step.is_note else calendar.on_or_after(day)


def next_step(carrier: Invoice, level: Level, facts: StepFacts) -> NextStep | None:
    """The step after the carrier's own highest done step; None when the cadence is exhausted.

    With none done: the first J+n, or the step its age matches, at most the highest the customer has reached in this
    cycle (or, with `late_entry = match`, at most `late_entry_cap`, never a person's step). An invoice that no earlier
    step claimed never enters at the registered letter or above.
    """
    steps = facts.cadence.late_steps
    if not steps:
        return None
    if level.step < steps[0].number:
        entry = _entry(carrier, steps, facts)
        return NextStep(entry, _not_before(step_day(carrier, entry, facts.calendar), facts))
    done_on = level.day
    after_done = done_on + ONE_DAY if done_on is not None and not level.passed else None
    following = next((step for step in steps if step.number > level.step), None)
    if facts.back_to is not None and following is not None and facts.back_to < following.number:
        following = next((step for step in steps if step.number >= facts.back_to), following)
    repeated = next((step for step in steps if step.number == level.step), None)
    options: list[NextStep] = []
    if following is not None:
        planned = carrier.due + timedelta(days=following.offset)
        if facts.hastened_from is not None:
            planned = min(planned, facts.hastened_from)
        day = max(planned, after_done or date.min)
        options.append(NextStep(following, _not_before(facts.calendar.on_or_after(day), facts)))
    if repeated is not None and repeated.repeat_every and level.count < repeated.repeat_max and done_on is not None:
        day = done_on + timedelta(days=repeated.repeat_every)
        options.append(NextStep(repeated, _not_before(facts.calendar.on_or_after(day), facts)))
    return min(options, key=lambda option: (option.earliest, -option.step.number), default=None)


def _entry(carrier: Invoice, steps: Sequence[Step], facts: StepFacts) -> Step:
    settings = facts.settings
    if facts.reached:
        allowed = [step for step in steps if step.number <= facts.reached]
    elif settings.late_entry is LateEntry.MATCH:
        cap = settings.late_entry_cap
        allowed = [step for step in steps if not is_person_step(step) and (cap is None or step.number <= cap)]
    else:
        return steps[0]
    formal = formal_from(facts.cadence)
    come = [
        step
        for step in allowed
        if (formal is None or step.number < formal) and step_day(carrier, step, facts.calendar) <= facts.as_of
    ]
    return come[-1] if come else steps[0]


def _not_before(day: date, facts: StepFacts) -> date:
    if facts.resumed_on is None or day >= facts.resumed_on:
        return day
    return facts.calendar.on_or_after(facts.resumed_on)


def note_step(
    invoice: Invoice, cadence: Cadence, done: Iterable[int], facts_day: date, calendar: BusinessDays
) -> NextStep | None:
    """The courtesy note of an invoice not yet due whose day has come and which no later note replaced."""
    done_numbers = frozenset(done)
    if facts_day >= invoice.due:
        return None
    for step in reversed([step for step in cadence.steps if step.is_note]):
        day = max(step_day(invoice, step, calendar), invoice.issued)
        if day <= facts_day:
            return None if step.number in done_numbers else NextStep(step, day)
    return None


def next_note_day(invoice: Invoice, cadence: Cadence, as_of: date, calendar: BusinessDays) -> tuple[Step, date] | None:
    """The next step of an invoice that is not late: its next note, else its first late step."""
    for step in cadence.steps:
        day = step_day(invoice, step, calendar)
        if day > as_of:
            return step, day
    return None


def spacing_ends(last_written: date | None, step: Step, settings: Settings) -> date:
    """First day on which spacing allows this step; calls and internal steps are never delayed."""
    if last_written is None or step.channel not in WRITTEN or not settings.spacing_days:
        return date.min
    return last_written + timedelta(days=settings.spacing_days)


def with_grace(step_date: date, settings: Settings) -> date | None:
    """Last day on which a person's step still waits, None when it waits for ever."""
    if settings.person_grace_days is None:
        return None
    return step_date + timedelta(days=settings.person_grace_days)
