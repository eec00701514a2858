"""Instalment plans: what the Plans tab says, filled by the payments, to the state of each instalment and plan.

* A plan without *agreed on* is a proposal: it changes nothing.
* Payments on the plan's invoices from `agreed_on` fill its instalments in date order; a returned payment empties
  them again from the end. A credit note on them makes the last instalments smaller (not that of the plan's discount).
* An instalment is late after `promise_grace_days` unfilled, broken after `broken_plan_days`. A returned payment
  starts the count again from the day it was returned.
* One broken instalment breaks the plan for good: the whole claim stands again and the discount is lost. Only a new
  plan, agreed later, replaces it.
* A plan is binding once signed (`signed_on`): only the signed return acknowledges the debt (C. civ. 2240); the
  acceleration clause needs it too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sync.dunning.model import Settings
from sync.ledger.balances import Balances
from sync.ledger.model import ONE_DAY, Cents, Instalment, Ledger
from sync.ledger.money import money_text
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import PlanRowState


class PlanState(StrEnum):
    PROPOSED = "proposed"
    KEPT = "kept"  # running, nothing late
    LATE = "late"  # an instalment is late, none broken: the pause stays, a person calls
    BROKEN = "broken"
    COMPLETED = "completed"  # every instalment is paid: the discount is due to the customer
    REPLACED = "replaced"  # a later plan has taken all its invoices


@dataclass(frozen=True, slots=True)
class InstalmentView:
    """One row of the Plans tab as of the date. `missing` is what is still to pay on it, `since` the day that counts
    for lateness (its due date, or the day its payment came back)."""

    row: int
    due: date
    amount: Cents
    missing: Cents
    state: PlanRowState
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPlan:
    """One plan as of the date. `total` is the sum of its instalments; `paid` what came since `agreed_on` (at most `total`).

    `pauses` says whether its invoices are left in peace; `discount` is the conditional one, 0 once lost;
    `next_due` the first unfilled instalment (None = none, or broken).
    """

    plan: str
    customer: str
    currency: str
    invoices: tuple[str, ...]
    agreed_on: date | None
    signed_on: date | None
    state: PlanState
    instalments: tuple[InstalmentView, ...]
    total: Cents
    paid: Cents
    discount: Cents
    broken_on: date | None = None
    next_due: date | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def pauses(self) -> bool:
        return self.state in (PlanState.KEPT, PlanState.LATE, PlanState.COMPLETED)

    @property
    def is_binding(self) -> bool:
        return self.signed_on is not None and self.state is not PlanState.PROPOSED


def payment_plans(ledger: Ledger, balances: Balances, settings: Settings) -> Sequence[PaymentPlan]:
    """All plans of the sheet on the day of the balances, in the order of their first row."""
    rows: dict[str, list[Instalment]] = defaultdict(list)
    for instalment in ledger.instalments:
        rows[instalment.plan].append(instalment)
    if not rows:
        return ()
    terms = [_terms(group) for group in rows.values()]
    as_of = balances.as_of
    facts = _Facts(ledger, balances, {number for one in terms for number in one.invoices})
    owner = _owners(terms, as_of)
    return [_view(one, owner, facts, settings, as_of) for one in terms]


def plan_by_invoice(plans: Iterable[PaymentPlan]) -> Mapping[str, PaymentPlan]:
    """The plan in force for each invoice: the last agreed one, kept, late, broken or completed."""
    inside: dict[str, PaymentPlan] = {}
    for plan in sorted(plans, key=lambda one: (one.agreed_on or date.min, one.plan)):
        if plan.state not in (PlanState.PROPOSED, PlanState.REPLACED):
            inside.update(dict.fromkeys(plan.invoices, plan))
    return inside


def plan_row_states(plans: Iterable[PaymentPlan]) -> Mapping[int, PlanRowState]:
    """The *state* cell by sheet row; rows of a proposal have none (the cell stays blank)."""
    return {
        instalment.row: instalment.state
        for plan in plans
        if plan.state is not PlanState.PROPOSED
        for instalment in plan.instalments
    }


@dataclass(frozen=True, slots=True)
class _Terms:
    """The rows of one plan, read together; `rows` by due date then sheet row."""

    plan: str
    rows: tuple[Instalment, ...]
    invoices: tuple[str, ...]
    agreed_on: date | None
    signed_on: date | None
    agree: bool  # the rows say the same customer, invoices and dates

    def is_agreed(self, as_of: date) -> bool:
        return self.agreed_on is not None and self.agreed_on <= as_of


def _terms(group: Sequence[Instalment]) -> _Terms:
    """The earliest *agreed on* and *signed on* stand for the plan: people often fill them on its first row only."""
    rows = tuple(sorted(group, key=lambda one: (one.due, one.row)))
    agreed = {one.agreed_on for one in rows if one.agreed_on}
    signed = {one.signed_on for one in rows if one.signed_on}
    named = [set(one.invoices) for one in rows if one.invoices]
    same = len({one.customer for one in rows}) == 1 and len(agreed) <= 1 and len(signed) <= 1
    return _Terms(
        rows[0].plan,
        rows,
        tuple(dict.fromkeys(number for one in rows for number in one.invoices)),
        min(agreed, default=None),
        min(signed, default=None),
        same and all(names == named[0] for names in named),
    )


def _owners(terms: Sequence[_Terms], as_of: date) -> Mapping[str, tuple[date, str]]:
    """For each invoice, the last agreed plan: (agreed on, plan)."""
    owner: dict[str, tuple[date, str]] = {}
    for one in terms:
        if one.agreed_on is not None and one.agreed_on <= as_of:
            for number in one.invoices:
                owner[number] = max(owner.get(number, (date.min, "")), (one.agreed_on, one.plan))
    return owner


class _Facts:
    """The invoices under a plan, with the money that came and the credit notes that reduce them."""

    def __init__(self, ledger: Ledger, balances: Balances, wanted: set[str]) -> None:
        self.invoices = {one.number: one for one in ledger.invoices if one.number in wanted and one.amount > 0}
        self.moves = {number: balances.moves.get(number, ()) for number in self.invoices}

    def open_before(self, number: str, day: date) -> Cents:
        """What was open at the end of the eve of `day`."""
        gone = sum(move.cash + move.credit for move in self.moves[number] if move.day < day)
        return max(0, self.invoices[number].amount - gone)

    def received(self, numbers: Iterable[str], start: date) -> list[tuple[date, Cents]]:
        """The money from `start` on, summed by day."""
        by_day: dict[date, Cents] = defaultdict(int)
        for number in numbers:
            for move in self.moves.get(number, ()):
                if move.day >= start and move.cash:
                    by_day[move.day] += move.cash
        return sorted(by_day.items())

    def credited(self, numbers: Iterable[str], start: date) -> Cents:
        """The credit notes from `start` on."""
        return sum(move.credit for number in numbers for move in self.moves.get(number, ()) if move.day >= start)


def _view(terms: _Terms, owner: Mapping[str, tuple[date, str]], facts: _Facts, settings: Settings, as_of: date) -> PaymentPlan:
    known = [facts.invoices[number] for number in terms.invoices if number in facts.invoices]
    plan = PaymentPlan(
        plan=terms.plan,
        customer=terms.rows[0].customer,
        currency=known[0].currency if known else settings.currency,
        invoices=terms.invoices,
        agreed_on=terms.agreed_on,
        signed_on=terms.signed_on if terms.signed_on and terms.signed_on <= as_of else None,
        state=PlanState.PROPOSED,
        instalments=tuple(
            InstalmentView(one.row, one.due, one.amount, one.amount, PlanRowState.TO_COME, one.due) for one in terms.rows
        ),
        total=sum(one.amount for one in terms.rows),
        paid=0,
        discount=sum(one.discount for one in terms.rows),
        problems=tuple(_problems(terms, facts, as_of)),
    )
    if not terms.is_agreed(as_of) or terms.agreed_on is None:
        return plan
    events = facts.received(terms.invoices, terms.agreed_on)
    credited = max(0, facts.credited(terms.invoices, terms.agreed_on) - plan.discount)
    return _lived(plan, events, _asked(plan, credited), _is_replaced(terms, owner), settings, as_of)


def _is_replaced(terms: _Terms, owner: Mapping[str, tuple[date, str]]) -> bool:
    return bool(terms.invoices) and all(owner.get(number, ("", terms.plan))[1] != terms.plan for number in terms.invoices)


def _asked(plan: PaymentPlan, credited: Cents) -> Sequence[Cents]:
    """What each instalment still asks for once credit notes have made the last ones smaller."""
    asked: list[Cents] = []
    for view in reversed(plan.instalments):
        cut = min(view.amount, credited)
        credited -= cut
        asked.append(view.amount - cut)
    return asked[::-1]


def _lived(
    plan: PaymentPlan,
    events: Sequence[tuple[date, Cents]],
    asked: Sequence[Cents],
    replaced: bool,
    settings: Settings,
    as_of: date,
) -> PaymentPlan:
    """The plan with its instalments filled by the money, in date order."""
    due_so_far = 0
    views: list[InstalmentView] = []
    broken_on: date | None = None
    received = sum(amount for _, amount in events)
    for view, wanted in zip(plan.instalments, asked, strict=True):
        due_so_far += wanted
        missing = min(wanted, max(0, due_so_far - received))
        gaps = _gaps(due_so_far, view.due, events) if wanted else []
        for start, end in gaps:
            limit = start + timedelta(days=settings.broken_plan_days)
            if (end or as_of) > limit:
                broken_on = min(broken_on or date.max, limit + ONE_DAY)
        since = gaps[-1][0] if gaps and missing else view.due
        state = PlanRowState.KEPT if not missing else PlanRowState.TO_COME
        if missing and as_of > since + timedelta(days=settings.promise_grace_days):
            state = PlanRowState.LATE
        views.append(replace(view, missing=missing, state=state, since=since))
    if broken_on is not None:
        views = [replace(view, state=PlanRowState.BROKEN) if view.missing else view for view in views]
    unfilled = [view for view in views if view.missing]
    if replaced:
        state_of_plan = PlanState.REPLACED
    elif broken_on is not None:
        state_of_plan = PlanState.BROKEN
    elif not unfilled:
        state_of_plan = PlanState.COMPLETED
    else:
        state_of_plan = PlanState.LATE if any(view.state is PlanRowState.LATE for view in views) else PlanState.KEPT
    return replace(
        plan,
        state=state_of_plan,
        instalments=tuple(views),
        paid=max(0, min(received, plan.total)),
        discount=plan.discount if broken_on is None else 0,
        broken_on=broken_on,
        next_due=unfilled[0].due if unfilled and broken_on is None else None,
    )


def _gaps(target: Cents, due: date, events: Sequence[tuple[date, Cents]]) -> list[tuple[date, date | None]]:
    """The stretches, from `due` on, when less than `target` had been received: (start, day it was filled or None)."""
    gaps: list[tuple[date, date | None]] = []
    start: date | None = due
    received = 0
    for day, amount in events:
        received += amount
        if received >= target and start is not None:
            if day > start:
                gaps.append((start, day))
            start = None
        elif received < target and start is None:
            start = max(day, due)
    if start is not None:
        gaps.append((start, None))
    return gaps


def _problems(terms: _Terms, facts: _Facts, as_of: date) -> Iterable[Problem]:
    """What does not hold together, on the plan's first row. None of them ends a pause: doubt sends nothing."""
    row = min(one.row for one in terms.rows)

    def problem(column: str, code: str, value: str = "", **params: str) -> Problem:
        return Problem(tab="plans", row=row, column=column, code=code, value=value, severity=Severity.WARNING, params=params)

    if not terms.agree:
        yield problem("plan", "plan_rows_differ", terms.plan)
    unknown = [number for number in terms.invoices if number not in facts.invoices]
    others = [n for n in terms.invoices if n in facts.invoices and facts.invoices[n].customer != terms.rows[0].customer]
    for number in unknown:
        yield problem("invoices", "plan_unknown_invoice", number)
    for number in others:
        yield problem("invoices", "plan_other_customer", number)
    if len({facts.invoices[number].currency for number in terms.invoices if number in facts.invoices}) > 1:
        yield problem("invoices", "plan_currencies", ", ".join(terms.invoices))
    elif not unknown and not others and terms.agree:
        day = terms.agreed_on if terms.agreed_on is not None and terms.agreed_on <= as_of else as_of + ONE_DAY
        claim = sum(facts.open_before(number, day) for number in terms.invoices)
        total = sum(one.amount for one in terms.rows)
        if claim not in (total, total + sum(one.discount for one in terms.rows)):
            yield problem("amount", "plan_sum", money_text(total), total=money_text(total), claim=money_text(claim))
