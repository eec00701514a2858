"""Late invoices of one customer: grouped by cadence, carried by the oldest, one message each (rules 2 and 3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sync.dunning.account import Account, approval_of, readiness
from sync.dunning.case import Group, carrying_order
from sync.dunning.contact_limits import free_from
from sync.dunning.cycles import NO_LEVEL, Level, last_acts, level_of, reached, running_cycle
from sync.dunning.history import GRACE_NOTE, WRITTEN
from sync.dunning.model import Cadence, Decision, Step
from sync.dunning.pauses import hastened_from, is_consumer, route_ended_on
from sync.dunning.reasons import Reason, State
from sync.dunning.steps import PASSED_AFTER_GRACE, NextStep, StepFacts, formal_from, next_step, spacing_ends, step_day, with_grace
from sync.ledger.model import ONE_DAY, Cents, Invoice
from sync.ledger.words import Approval, Send, Status


class LateInvoices:
    """The decisions about what is late."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.case = account.case

    def conclude(self, active: Sequence[tuple[Invoice, Cadence]]) -> None:
        """One decision for each cadence; `active` are the late invoices that nothing pauses."""
        cycle = running_cycle(self.account.once_late, self.case.balances)
        groups = sorted(self._groups(active), key=lambda group: carrying_order(group.carrier, self.case.open))
        credit = self.case.unallocated.get(self.account.key, 0)
        written_today = False
        for group in groups:
            decision = self._decide_group(group, cycle or self.case.as_of, credit, written_today)
            credit = max(0, credit - decision.amount)
            written_today = written_today or self._is_written_today(decision)
            self.account.found.decisions.append(decision)

    def _is_written_today(self, decision: Decision) -> bool:
        """Whether this message takes the place of another one today: not one that waits for a person since yesterday."""
        if decision.state is not State.DUE or decision.channel not in WRITTEN:
            return False
        return decision.reason is Reason.STEP_DUE or decision.action_date >= self.case.as_of

    def _groups(self, active: Sequence[tuple[Invoice, Cadence]]) -> Iterator[Group]:
        by_cadence: dict[str, tuple[Cadence, list[Invoice]]] = {}
        for invoice, cadence in active:
            by_cadence.setdefault(cadence.name, (cadence, []))[1].append(invoice)
        for cadence, invoices in by_cadence.values():
            ordered = sorted(invoices, key=lambda invoice: carrying_order(invoice, self.case.open))
            carriers = [invoice for invoice in ordered if self._may_carry(invoice)]
            if carriers:
                yield Group(cadence, tuple(ordered), carriers[0])
            else:
                for invoice in ordered:
                    self.account.view(invoice, Reason.BELOW_MINIMUM)

    def _decide_group(self, group: Group, cycle: date, credit: Cents, written_today: bool) -> Decision:
        case, carrier = self.case, group.carrier
        levels = {
            invoice.number: level_of(invoice, case.history.acts.get(invoice.number, ()), cycle) for invoice in group.invoices
        }
        for invoice in group.invoices:
            if invoice is not carrier and invoice.draft.send is Send.YES:
                self.account.tick_problem(invoice)
        facts = self._step_facts(group, cycle)
        level = levels[carrier.number]
        skip_pressed = carrier.draft.send is Send.SKIP
        while True:
            coming = next_step(carrier, level, facts)
            if coming is None:
                return self._exhausted(group, level, credit)
            day = self._action_date(coming)
            claimed, also_open = self._claims(group, levels, coming.step)
            if skip_pressed:
                skip_pressed = False
                note = ""
            elif self._is_passed(coming.step, day, level) and not self._is_held_up(claimed, coming.step, credit):
                note = GRACE_NOTE
            else:
                break
            self.account.found.observations.append(self.account.skipped(group, coming.step, claimed, note))
            level = Level(coming.step.number, case.as_of, 1, passed=note == GRACE_NOTE)
            for invoice in claimed:
                levels[invoice.number] = level
            facts = replace(facts, back_to=None)  # once back there, the case goes on from there
        if small := self._too_small(claimed, also_open, coming.step, credit):
            return self._without(small, group, cycle, credit, written_today)
        return self._decision(group, coming, day, claimed, also_open, cycle, credit, written_today)

    def _step_facts(self, group: Group, cycle: date) -> StepFacts:
        case = self.case
        back_to = None
        ended = route_ended_on(group.carrier, case.pauses)
        if ended is not None and ended[1].back_to is not None:
            acts = case.history.acts.get(group.carrier.number, ())
            if not any(act.day > ended[0] for act in acts):
                back_to = ended[1].back_to
        return StepFacts(
            as_of=case.as_of,
            cadence=group.cadence,
            settings=self.account.settings,
            calendar=case.calendar,
            reached=reached(self.account.all, case.history, group.cadence.name, cycle),
            back_to=back_to,
            resumed_on=self._resumed_on(group.carrier),
            hastened_from=hastened_from(group.carrier, case.pauses),
        )

    def _resumed_on(self, carrier: Invoice) -> date | None:
        """The day after the last pause of this case that has ended by itself, or that a person has lifted."""
        case, as_of = self.case, self.case.as_of
        handling = carrier.handling
        ends: list[date] = []
        if handling.hold is not None and handling.hold < as_of:
            ends.append(handling.hold)
        grace = timedelta(days=self.account.settings.promise_grace_days)
        ends += [
            end
            for one in case.pauses.promises.get(self.account.key, ())
            if (end := min(one.kept_on or date.max, one.day + grace)) < as_of
        ]
        ended = route_ended_on(carrier, case.pauses)
        if ended is not None and ended[1].pause:
            ends.append(ended[0])
        replied = case.history.replies.get(self.account.key[0])
        if replied is not None:
            ends.append(replied + timedelta(days=self.account.settings.reply_pause_days - 1))
        ends += [lifted - ONE_DAY for lifted in self._lifted(carrier)]
        for came_back in (case.broken.get(carrier.number), case.pauses.returned.get(carrier.number)):
            if came_back is not None:  # a plan that broke, a payment that the bank returned
                ends.append(came_back - ONE_DAY)
        past = [end + ONE_DAY for end in ends if end < as_of]
        return max(past, default=None)

    def _lifted(self, carrier: Invoice) -> Iterator[date]:
        """The days on which a person took back the reason or the status of this invoice, today included."""
        handling, history = carrier.handling, self.case.history
        for field, gone, none in (
            ("status", handling.status is Status.OPEN, str(Status.OPEN)),
            ("reason", handling.reason is None, ""),
        ):
            last = history.last_seen.get((carrier.number, field), none)
            if gone and last != none:
                yield self.case.as_of  # this very run is the first to see it
            elif gone and (day := history.first_seen.get((carrier.number, field, none))) is not None:
                yield day

    def _action_date(self, coming: NextStep) -> date:
        """The business day on which the step may be done: its own day, and after the spacing of written messages."""
        free = spacing_ends(self._last_written(), coming.step, self.account.settings)
        if is_consumer(self.account.contact):
            free = max(
                free,
                free_from(
                    self.account.key,
                    self.account.contact,
                    coming.step.channel,
                    self.account.all,
                    self.case.history,
                    self.account.settings.country,
                ),
            )
        return coming.earliest if coming.earliest >= free else self.case.calendar.on_or_after(free)

    def _last_written(self) -> date | None:
        """The last written message that was no note before a due date; contacts before Relance count."""
        contacts = self.case.history.contacts_of(*self.account.key)
        due = {invoice.number: invoice.due for invoice in self.account.all} if contacts else {}
        days = [
            contact.day
            for contact in contacts
            if not contact.invoices or any(contact.day > due.get(number, date.min) for number in contact.invoices)
        ]
        days += [
            invoice.handling.last_contact
            for invoice in self.account.open
            if invoice.handling.last_contact is not None and invoice.handling.last_contact <= self.case.as_of
        ]
        return max(days, default=None)

    def _is_passed(self, step: Step, day: date, level: Level) -> bool:
        """A person's step left undone after its days of grace; never before a run could have shown it."""
        if step.channel not in PASSED_AFTER_GRACE:
            return False
        shown = day
        if level.passed and level.day is not None:
            shown = max(day, level.day)  # nobody saw it before the one that was passed: they come one by one
        if level.step == 0:
            shown = max(day, self.case.history.first_act or self.case.as_of)
        last_day = with_grace(shown, self.account.settings)
        return last_day is not None and self.case.as_of > last_day

    def _is_held_up(self, claimed: Sequence[Invoice], step: Step, credit: Cents) -> bool:
        """Whether something other than time keeps a step from being done: it waits then, and is not passed."""
        return self.account.obstacle(step, self.account.message(claimed, credit)) is not None

    def _too_small(
        self, claimed: Sequence[Invoice], also_open: Sequence[Invoice], step: Step, credit: Cents
    ) -> Sequence[Invoice]:
        """The invoices that a formal step claims alone when they are below the minimum, while others are open beside them."""
        if not any(self._may_carry(invoice) for invoice in also_open):
            return ()
        reason = self.account.obstacle(step, self.account.message(claimed, credit))
        return claimed if reason is Reason.BELOW_MINIMUM else ()

    def _without(self, small: Sequence[Invoice], group: Group, cycle: date, credit: Cents, written_today: bool) -> Decision:
        """A residue that is not worth a formal step rests, and the others are carried without it."""
        for invoice in small:
            self.account.view(invoice, Reason.BELOW_MINIMUM)
        rest = tuple(invoice for invoice in group.invoices if invoice not in small)
        carrier = next(invoice for invoice in rest if self._may_carry(invoice))
        return self._decide_group(Group(group.cadence, rest, carrier), cycle, credit, written_today)

    def _may_carry(self, invoice: Invoice) -> bool:
        return self.case.open[invoice.number] >= self.account.settings.minimum_invoice

    def _claims(self, group: Group, levels: Mapping[str, Level], step: Step) -> tuple[list[Invoice], list[Invoice]]:
        """(claimed, also open). From the registered letter up only invoices that an earlier late step claimed."""
        formal = formal_from(group.cadence)
        left_out = {
            invoice.number for invoice in group.invoices if invoice.draft.send is Send.SKIP and invoice is not group.carrier
        }
        candidates = [invoice for invoice in group.invoices if invoice.number not in left_out]
        if formal is None or step.number < formal:
            return candidates, []
        claimed = [invoice for invoice in candidates if invoice is group.carrier or levels.get(invoice.number, NO_LEVEL).step > 0]
        numbers = {invoice.number for invoice in claimed}
        return claimed, [invoice for invoice in candidates if invoice.number not in numbers]

    def _has_changed(self, group: Group, cycle: date) -> bool:
        """Whether the cadence or the segment changed in this cycle, and nothing has been done since."""
        case, customer = self.case, self.account.key[0]
        last = last_acts(group.invoices, case.history.acts, cycle)
        since = max([cycle, *(act.day for act in last)])
        return (
            any(act.cadence != group.cadence.name for act in last)
            or customer in case.moved
            or any(day >= since for day in case.history.segment_changes.get(customer, ()))
        )

    def _decision(
        self,
        group: Group,
        coming: NextStep,
        day: date,
        claimed: Sequence[Invoice],
        also_open: Sequence[Invoice],
        cycle: date,
        credit: Cents,
        written_today: bool,
    ) -> Decision:
        case, step = self.case, coming.step
        changed = self._has_changed(group, cycle)
        approval = approval_of(step, changed or hastened_from(group.carrier, case.pauses) is not None)
        to_send = self.account.message(claimed, credit)
        if day > case.as_of:
            late_for_spacing = coming.earliest <= case.as_of
            reason = Reason.SPACING if late_for_spacing else Reason.STEP_SCHEDULED
        elif written_today and step.channel in WRITTEN and self.account.settings.spacing_days:
            reason = Reason.SPACING
            day = case.calendar.on_or_after(case.as_of + timedelta(days=self.account.settings.spacing_days))
        else:
            reason = self.account.obstacle(step, to_send) or readiness(approval, changed, self.account.settings.mode)
        decision = self.account.build(
            group, step, to_send, day, approval, reason, also_open=also_open, approved=group.carrier.draft.send is Send.YES
        )
        for invoice in claimed:
            self.account.view(invoice, reason, until=None, carrying=group.carrier.number)
        shown = {invoice.number for invoice in claimed}
        for invoice in group.invoices:
            if invoice.number not in shown:
                self.account.view(invoice, Reason.STEP_SCHEDULED, carrying=group.carrier.number)
        return decision

    def _exhausted(self, group: Group, level: Level, credit: Cents) -> Decision:
        """After the last step: wait `exhausted_after_days`, then a person decides."""
        step = group.cadence.steps[-1]
        done_on = level.day or step_day(group.carrier, step, self.case.calendar)  # undated, before Relance: on its own day
        end = done_on + timedelta(days=self.account.settings.exhausted_after_days)
        for invoice in group.invoices:
            self.account.view(
                invoice, Reason.PLAN_EXHAUSTED, until=end, carrying=group.carrier.number, waiting=self.case.as_of < end
            )
        return self.account.build(
            group, step, self.account.message(group.invoices, credit), end, Approval.PERSON, Reason.PLAN_EXHAUSTED,
            state=State.WAITING if self.case.as_of < end else State.EXHAUSTED,
        )  # fmt: skip
