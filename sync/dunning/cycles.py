"""How far a customer has come: the running cycle, the level of each invoice, the highest step reached.

A cycle of a customer in one currency starts on the first day with a late open invoice and ends on the first day
without one. Only acts of the running cycle give a level: after a quiet spell everything starts again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from sync.dunning.history import History, StepAct
from sync.ledger.balances import Balances, Span
from sync.ledger.model import Invoice


def cycle_start(spans: Iterable[Span], as_of: date) -> date | None:
    """First day of the cycle that runs on `as_of`, None when no invoice is late and open that day."""
    start: date | None = None
    end: date | None = date.min
    for span_start, span_end in sorted(spans, key=itemgetter(0)):
        if span_start > as_of:
            break
        if end is not None and span_start > end:
            start, end = None, date.min
        start = start or span_start
        if end is not None:
            end = None if span_end is None else max(end, span_end)
    if start is None or (end is not None and end <= as_of):
        return None
    return start


def running_cycle(once_late: Iterable[tuple[date, str, Invoice]], balances: Balances) -> date | None:
    """The `cycle_start` of these invoices on the day of the balances, looking no further back than it reaches.

    Each comes with the day it was cleared (date.max = not yet) and its number. What was cleared before the cycle found
    so far cannot have been part of it, nor anything cleared earlier still.
    """
    spans: list[Span] = []
    start: date | None = None
    for cleared, _, invoice in sorted(once_late, reverse=True):
        if start is not None and cleared < start:
            break
        own = balances.late_spans(invoice)
        if own and (start is None or own[0][0] < start):  # else it lies within the cycle found so far
            spans += own
            start = cycle_start(spans, balances.as_of)
    return start


@dataclass(frozen=True, slots=True)
class Level:
    """The highest step done for one invoice in this cycle. `day` None = seeded by a person without a date.

    `passed` = the program skipped it after the days of grace. `count` = how often the step was done.
    """

    step: int = 0
    day: date | None = None
    count: int = 0
    passed: bool = False


NO_LEVEL = Level()


def level_of(invoice: Invoice, acts: Sequence[StepAct], cycle: date) -> Level:
    """Acts before Relance (`last_step`) seed the level; acts of the cycle raise it."""
    seed = invoice.handling.last_step or 0
    in_cycle = [act for act in acts if act.day >= cycle]
    step = max((act.step for act in in_cycle), default=0)
    if seed >= step:
        if not seed:
            return NO_LEVEL
        repeats = [act for act in in_cycle if act.step == seed]
        last = max((act.day for act in repeats), default=invoice.handling.last_contact)
        return Level(seed, last, 1 + len(repeats))
    at_step = [act for act in in_cycle if act.step == step]
    latest = max(at_step, key=lambda act: act.day)
    return Level(step, latest.day, len(at_step), all(act.passed for act in at_step if act.day == latest.day))


def reached(invoices: Iterable[Invoice], history: History, cadence: str, cycle: date) -> int:
    """The highest step done in this cycle for a customer, currency and cadence, by invoices now paid too."""
    highest = 0
    for invoice in invoices if history.acts else ():
        for act in history.acts.get(invoice.number, ()):
            if act.day >= cycle and act.cadence == cadence:
                highest = max(highest, act.step)
    return highest


def last_acts(invoices: Iterable[Invoice], acts: Mapping[str, Sequence[StepAct]], cycle: date) -> list[StepAct]:
    """The last act of each of these invoices in this cycle that was not merely passed for want of time."""
    found = []
    for invoice in invoices:
        own = [act for act in acts.get(invoice.number, ()) if act.day >= cycle and act.cadence and not act.passed]
        if own:
            found.append(max(own, key=lambda act: act.day))
    return found
