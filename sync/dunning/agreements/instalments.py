"""The courtesy note before an instalment of a plan, at the pace of the cadence's own note (`J-n`, counted from the instalment).

* It announces the next unfilled instalment of a plan that is being kept; once one is late, a person calls instead.
* It stands for one instalment only: an act of the note's step since that instalment's window opened means that it was done.
* A plan agreed inside the window needs no note: the customer has just said yes.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.calendar import BusinessDays
from sync.dunning.history import StepAct
from sync.dunning.model import Cadence, InstalmentDue, Step
from sync.ledger.model import ONE_DAY
from sync.ledger.words import Channel


def coming_instalment(
    plan: PaymentPlan, cadence: Cadence, acts: Sequence[StepAct], as_of: date, calendar: BusinessDays
) -> tuple[Step, date, InstalmentDue] | None:
    """(step of the note, its day, the instalment) when the note may be done on `as_of`. `acts` are those of the carrier."""
    step = next((one for one in reversed(cadence.steps) if one.is_note and one.channel is Channel.EMAIL), None)
    number = next((place for place, one in enumerate(plan.instalments) if one.missing), None)
    if step is None or number is None or plan.agreed_on is None:
        return None
    view = plan.instalments[number]
    day = calendar.on_or_before(view.due + timedelta(days=step.offset))
    if number:
        day = max(day, plan.instalments[number - 1].due + ONE_DAY)
    if not day <= as_of < view.due or plan.agreed_on >= day:
        return None
    if any(act.step == step.number and act.day >= day for act in acts):
        return None
    return step, day, InstalmentDue(plan.plan, view.due, view.missing, number + 1, len(plan.instalments))
