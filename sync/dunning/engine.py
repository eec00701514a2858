"""From facts to decisions: one message per customer, currency and cadence, and a reason for every open invoice.

The rules are those of DESIGN §3. Everything here is a function of the ledger, the rules and the date: two runs on the
same day conclude the same, in whatever order the rows stand.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import log10

from sync.dunning.calendar import ONE_DAY, BusinessDays
from sync.dunning.contact_limits import free_from
from sync.dunning.cycles import NO_LEVEL, Level, Span, cadences_used, cycle_start, level_of, reached
from sync.dunning.history import GRACE_NOTE, WRITTEN, History, base_key
from sync.dunning.instalments import coming_instalment
from sync.dunning.model import Cadence, Claim, Decision, InvoiceView, Mode, Observation, Profile, Rules, Step
from sync.dunning.pauses import PauseFacts, customer_pause, hastened_from, invoice_pause, is_consumer, route_ended_on
from sync.dunning.plans import PaymentPlan
from sync.dunning.reasons import Reason, State, state_of
from sync.dunning.steps import (
    PASSED_AFTER_GRACE,
    NextStep,
    StepFacts,
    choose_cadence,
    formal_from,
    next_note_day,
    next_step,
    note_step,
    spacing_ends,
    with_grace,
)
from sync.ledger.model import Cents, Contact, Invoice, Ledger
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Approval, Channel, Language, Segment, Send

CustomerKey = tuple[str, str]  # customer, currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is known of one run, indexed for the engine.

    `open` by invoice number (> 0 for what is owed); `unallocated` free money, positive; `claims` and `limitations` of
    late and open invoices; `stale` = payments are older than the freshness limit.
    """

    as_of: date
    ledger: Ledger
    rules: Rules
    history: History
    calendar: BusinessDays
    pauses: PauseFacts
    profiles: Mapping[CustomerKey, Profile]
    open: Mapping[str, Cents]
    unallocated: Mapping[CustomerKey, Cents]
    spans: Callable[[Invoice], Sequence[Span]]  # the days on which an invoice was late and open
    claims: Mapping[str, Claim]
    limitations: Mapping[str, date | None]
    chances: Mapping[str, float] = field(default_factory=dict)  # of being paid more than 30 days late, where foreseen
    plans: Mapping[CustomerKey, Sequence[PaymentPlan]] = field(default_factory=dict)  # in force, by account
    broken: Mapping[str, date] = field(default_factory=dict)  # invoice -> the day its last plan broke
    stale: bool = False


@dataclass(slots=True)
class Conclusions:
    """What the engine writes down as it goes through the customers."""

    decisions: list[Decision] = field(default_factory=list)
    views: list[InvoiceView] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def decide(case: Case) -> Conclusions:
    """Decisions in the order of customer, currency, cadence; views in the order of the rows."""
    found = Conclusions()
    by_customer: dict[CustomerKey, list[Invoice]] = defaultdict(list)
    for invoice in case.ledger.invoices:
        if invoice.amount > 0:
            by_customer[invoice.customer, invoice.currency].append(invoice)
    for key in sorted(by_customer):
        if any(case.open.get(invoice.number, 0) > 0 for invoice in by_customer[key]):
            _Customer(case, key, by_customer[key], found).conclude()
    found.decisions.sort(key=lambda decision: (decision.customer, decision.currency, decision.cadence, decision.step))
    found.views.sort(key=lambda view: view.row)
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Late invoices of one cadence that nothing pauses, with the invoice that carries them."""

    cadence: Cadence
    invoices: tuple[Invoice, ...]  # oldest due first
    carrier: Invoice


class _Customer:
    """The conclusions for one customer in one currency."""

    def __init__(self, case: Case, key: CustomerKey, invoices: Sequence[Invoice], found: Conclusions) -> None:
        self.case = case
        self.key = key
        self.all = invoices
        self.open = [invoice for invoice in invoices if case.open.get(invoice.number, 0) > 0]
        self.contact: Contact | None = case.ledger.contacts.get(key[0])
        profile = case.profiles.get(key)
        self.segment = profile.segment if profile is not None else Segment.NEW
        self.risk = profile.risk if profile is not None else 50
        self.found = found
        self.settings = case.rules.settings
        self.pause = customer_pause(key, self.contact, case.pauses)
        self.language: Language = (self.contact.language if self.contact else None) or self.settings.language

    # --- the whole customer -------------------------------------------------------------------------------------

    def conclude(self) -> None:
        as_of = self.case.as_of
        late = [invoice for invoice in self.open if invoice.due < as_of]
        quiet = [invoice for invoice in self.open if invoice.due >= as_of]
        active: list[tuple[Invoice, Cadence]] = []
        resting: dict[str, Reason] = {}
        for invoice in self.open:
            pause = invoice_pause(invoice, self.contact, self.case.pauses) or self.pause
            if pause is not None:
                resting[invoice.number] = pause.reason
                self._view(invoice, pause.reason, until=pause.until)
                continue
            cadence = choose_cadence(invoice, self.contact, self.segment, self.case.rules.cadences)
            if isinstance(cadence, str):
                self._unknown_cadence(invoice, cadence)
            elif cadence is None or cadence.name in self.case.rules.refused_cadences:
                self._view(invoice, Reason.SETTINGS_PROBLEM)
            else:
                active.append((invoice, cadence))
        if late:
            self._late([(invoice, cadence) for invoice, cadence in active if invoice.due < as_of])
            for invoice, cadence in active:
                if invoice.due >= as_of:
                    self._not_due(invoice, cadence)
        elif quiet:
            self._notes(active)
        carrying = self._instalments(resting) if self.key in self.case.plans else frozenset()
        for invoice in self.open:
            if invoice.draft.send is Send.YES and invoice.number in resting and invoice.number not in carrying:
                self._tick_problem(invoice)

    def _tick_problem(self, invoice: Invoice) -> None:
        self.found.problems.append(
            Problem(
                tab="invoices", row=invoice.row, column="send", code="tick_not_carrying", value=str(invoice.draft.send),
                severity=Severity.WARNING,
            )
        )  # fmt: skip

    def _unknown_cadence(self, invoice: Invoice, name: str) -> None:
        on_invoice = bool(invoice.handling.cadence)
        row = invoice.row if on_invoice or self.contact is None else self.contact.row
        problem = Problem(
            tab="invoices" if on_invoice else "contacts", row=row, column="cadence", code="unknown_cadence", value=name
        )
        if problem not in self.found.problems:
            self.found.problems.append(problem)
        self._view(invoice, Reason.ROW_PROBLEM)

    # --- late invoices ------------------------------------------------------------------------------------------

    def _late(self, active: Sequence[tuple[Invoice, Cadence]]) -> None:
        cycle = cycle_start((span for invoice in self.all for span in self.case.spans(invoice)), self.case.as_of)
        groups = sorted(self._groups(active), key=lambda group: _carrying_order(group.carrier, self.case.open))
        credit = self.case.unallocated.get(self.key, 0)
        written_today = False
        for group in groups:
            decision = self._decide_group(group, cycle or self.case.as_of, credit, written_today)
            credit = max(0, credit - decision.amount)
            written_today = written_today or (decision.state is State.DUE and decision.channel in WRITTEN)
            self.found.decisions.append(decision)

    def _groups(self, active: Sequence[tuple[Invoice, Cadence]]) -> Iterator[_Group]:
        by_cadence: dict[str, tuple[Cadence, list[Invoice]]] = {}
        for invoice, cadence in active:
            by_cadence.setdefault(cadence.name, (cadence, []))[1].append(invoice)
        for cadence, invoices in by_cadence.values():
            ordered = sorted(invoices, key=lambda invoice: _carrying_order(invoice, self.case.open))
            carriers = [invoice for invoice in ordered if self.case.open[invoice.number] >= self.settings.minimum_invoice]
            if carriers:
                yield _Group(cadence, tuple(ordered), carriers[0])
            else:
                for invoice in ordered:
                    self._view(invoice, Reason.BELOW_MINIMUM)

    def _decide_group(self, group: _Group, cycle: date, credit: Cents, written_today: bool) -> Decision:
        case, carrier = self.case, group.carrier
        levels = {
            invoice.number: level_of(invoice, case.history.acts.get(invoice.number, ()), cycle) for invoice in group.invoices
        }
        for invoice in group.invoices:
            if invoice is not carrier and invoice.draft.send is Send.YES:
                self._tick_problem(invoice)
        facts = self._step_facts(group, cycle)
        level = levels[carrier.number]
        skip_pressed = carrier.draft.send is Send.SKIP
        while True:
            coming = next_step(carrier, level, facts)
            if coming is None:
                return self._exhausted(group, level, credit)
            day = self._action_date(coming)
            if skip_pressed:
                skip_pressed = False
                note = ""
            elif self._is_passed(coming.step, day, level):
                note = GRACE_NOTE
            else:
                break
            claimed, _ = self._claims(group, levels, coming.step)
            self.found.observations.append(self._skipped(group, coming.step, claimed, note))
            level = Level(coming.step.number, case.as_of, 1, passed=note == GRACE_NOTE)
            for invoice in claimed:
                levels[invoice.number] = level
        return self._decision(group, coming, day, levels, cycle, credit, written_today)

    def _step_facts(self, group: _Group, cycle: date) -> StepFacts:
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
            settings=self.settings,
            calendar=case.calendar,
            reached=reached(self.all, case.history, group.cadence.name, cycle),
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
        grace = timedelta(days=self.settings.promise_grace_days)
        ends += [one.day + grace for one in case.pauses.promises.get(self.key, ()) if one.day + grace < as_of]
        ended = route_ended_on(carrier, case.pauses)
        if ended is not None and ended[1].pause:
            ends.append(ended[0])
        replied = case.history.replies.get(self.key[0])
        if replied is not None:
            ends.append(replied + timedelta(days=self.settings.reply_pause_days - 1))
        lifted = case.history.first_seen.get((carrier.number, "reason", ""))
        if lifted is not None:
            ends.append(lifted - ONE_DAY)
        for came_back in (case.broken.get(carrier.number), case.pauses.returned.get(carrier.number)):
            if came_back is not None:  # a plan that broke, a payment that the bank returned
                ends.append(came_back - ONE_DAY)
        past = [end + ONE_DAY for end in ends if end < as_of]
        return max(past, default=None)

    def _action_date(self, coming: NextStep) -> date:
        """The business day on which the step may be done: its own day, and after the spacing of written messages."""
        free = spacing_ends(self._last_written(), coming.step, self.settings)
        if is_consumer(self.contact):
            free = max(
                free, free_from(self.key, self.contact, coming.step.channel, self.all, self.case.history, self.settings.country)
            )
        return coming.earliest if coming.earliest >= free else self.case.calendar.on_or_after(free)

    def _last_written(self) -> date | None:
        """The last written message that was no note before a due date; contacts before Relance count."""
        due = {invoice.number: invoice.due for invoice in self.all}
        days = [
            contact.day
            for contact in self.case.history.contacts_of(*self.key)
            if not contact.invoices or any(contact.day > due.get(number, date.min) for number in contact.invoices)
        ]
        days += [
            invoice.handling.last_contact
            for invoice in self.open
            if invoice.handling.last_contact is not None and invoice.handling.last_contact <= self.case.as_of
        ]
        return max(days, default=None)

    def _is_passed(self, step: Step, day: date, level: Level) -> bool:
        """A person's step left undone after its days of grace; never before a first run could have shown it."""
        if step.channel not in PASSED_AFTER_GRACE:
            return False
        shown = day
        if level.step == 0:
            shown = max(day, self.case.history.first_act or self.case.as_of)
        last_day = with_grace(shown, self.settings)
        return last_day is not None and self.case.as_of > last_day

    def _claims(self, group: _Group, levels: Mapping[str, Level], step: Step) -> tuple[list[Invoice], list[Invoice]]:
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

    def _skipped(self, group: _Group, step: Step, claimed: Sequence[Invoice], note: str) -> Observation:
        base = base_key(*self.key, group.cadence.name, group.carrier.number, step.number)
        occurrence = self.case.history.occurrences.get(base, 0) + 1
        return Observation(
            customer=self.key[0], invoices=tuple(invoice.number for invoice in claimed), currency=self.key[1],
            cadence=group.cadence.name, step=step.number, occurrence=occurrence, channel=str(step.channel),
            status="skipped", amount=sum(self.case.open[invoice.number] for invoice in claimed), note=note,
            key=f"{base}|{occurrence}",
        )  # fmt: skip

    # --- one decision -------------------------------------------------------------------------------------------

    def _decision(
        self,
        group: _Group,
        coming: NextStep,
        day: date,
        levels: Mapping[str, Level],
        cycle: date,
        credit: Cents,
        written_today: bool,
    ) -> Decision:
        case, step = self.case, coming.step
        claimed, also_open = self._claims(group, levels, step)
        changed = bool(cadences_used(group.invoices, case.history.acts, cycle) - {group.cadence.name}) or any(
            changed_on >= cycle for changed_on in case.history.segment_changes.get(self.key[0], ())
        )
        approval = _approval(step, changed or hastened_from(group.carrier, case.pauses) is not None)
        draft = self._build(group, step, claimed, also_open, day, approval, credit)
        if day > case.as_of:
            late_for_spacing = coming.earliest <= case.as_of
            reason = Reason.SPACING if late_for_spacing else Reason.STEP_SCHEDULED
        elif written_today and step.channel in WRITTEN and self.settings.spacing_days:
            reason = Reason.SPACING
            day = case.calendar.on_or_after(case.as_of + timedelta(days=self.settings.spacing_days))
        else:
            reason = self._obstacle(group.cadence, step, draft) or _readiness(draft, changed, self.settings.mode)
        decision = _with(draft, reason, day, approved=group.carrier.draft.send is Send.YES)
        for invoice in claimed:
            self._view(invoice, reason, until=None, carrying=group.carrier.number)
        shown = {invoice.number for invoice in claimed}
        for invoice in group.invoices:
            if invoice.number not in shown:
                self._view(invoice, Reason.STEP_SCHEDULED, carrying=group.carrier.number)
        return decision

    def _build(
        self,
        group: _Group,
        step: Step,
        claimed: Sequence[Invoice],
        also_open: Sequence[Invoice],
        day: date,
        approval: Approval,
        credit: Cents,
    ) -> Decision:
        case = self.case
        amount = sum(case.open[invoice.number] for invoice in claimed)
        claims = [case.claims.get(invoice.number, Claim(0, 0)) for invoice in claimed]
        interest = _sum_or_none([claim.interest for claim in claims])
        compensation = _sum_or_none([claim.compensation for claim in claims])
        unallocated = credit
        charged = self.settings.interest == "charge"
        to_pay = max(0, amount - unallocated + ((interest or 0) + (compensation or 0) if charged else 0))
        base = base_key(*self.key, group.cadence.name, group.carrier.number, step.number)
        bounced = case.history.bounced
        contact = self.contact
        return Decision(
            customer=self.key[0],
            currency=self.key[1],
            cadence=group.cadence.name,
            carrying=group.carrier.number,
            invoices=tuple(invoice.number for invoice in sorted(claimed, key=lambda i: (i.due, i.number))),
            also_open=tuple(invoice.number for invoice in also_open),
            step=step.number,
            offset=step.offset,
            occurrence=case.history.occurrences.get(base, 0) + 1,
            channel=step.channel,
            template=step.template,
            approval=approval,
            state=State.DUE,
            reason=Reason.STEP_DUE,
            action_date=day,
            amount=amount,
            unallocated=unallocated,
            interest=interest,
            compensation=compensation,
            interest_lines=tuple(line for claim in claims for line in claim.lines),
            to_pay=to_pay,
            to=tuple(address for address in (contact.emails if contact else ()) if address.casefold() not in bounced),
            cc=tuple(address for address in (contact.cc if contact else ()) if address.casefold() not in bounced),
            language=self.language,
            kind=contact.kind if contact else None,
            is_note=step.is_note,
            priority=max((self._priority(one) for one in claimed), default=0),
        )

    def _obstacle(self, cadence: Cadence, step: Step, draft: Decision) -> Reason | None:
        """Why a step whose day has come cannot be done, None when it can."""
        case, settings = self.case, self.settings
        if settings.stop:
            return Reason.STOPPED
        refused = (step.template, self.language) in case.rules.refused_templates
        if case.rules.stop_sending or refused:
            return Reason.SETTINGS_PROBLEM
        if case.stale:
            return Reason.STALE_PAYMENTS
        if any(row.customer == self.key[0] and row.currency in (self.key[1], "") for row in case.history.uncertain.values()):
            return Reason.UNCERTAIN
        net = draft.amount - draft.unallocated
        if net <= 0:
            return Reason.COVERED_BY_CREDIT
        if net < max(settings.minimum_customer, step.minimum):
            return Reason.BELOW_MINIMUM
        if step.channel is Channel.EMAIL and not draft.to:
            has_address = self.contact is not None and self.contact.emails
            return Reason.BOUNCED if has_address else Reason.NO_ADDRESS
        return None

    def _exhausted(self, group: _Group, level: Level, credit: Cents) -> Decision:
        """After the last step: wait `exhausted_after_days`, then a person decides."""
        step = group.cadence.steps[-1]
        end = (level.day or self.case.as_of) + timedelta(days=self.settings.exhausted_after_days)
        draft = self._build(group, step, group.invoices, (), end, Approval.PERSON, credit)
        for invoice in group.invoices:
            self._view(invoice, Reason.PLAN_EXHAUSTED, until=end, carrying=group.carrier.number, waiting=self.case.as_of < end)
        state = State.WAITING if self.case.as_of < end else State.EXHAUSTED
        return _with(draft, Reason.PLAN_EXHAUSTED, end, state=state)

    # --- before the due date ------------------------------------------------------------------------------------

    def _notes(self, active: Sequence[tuple[Invoice, Cadence]]) -> None:
        case = self.case
        coming: dict[str, tuple[Cadence, list[tuple[Invoice, NextStep]]]] = {}
        for invoice, cadence in active:
            done = (act.step for act in case.history.acts.get(invoice.number, ()))
            seed = invoice.handling.last_step or 0
            step = note_step(invoice, cadence, done, case.as_of, case.calendar)
            if step is None or step.step.number <= seed or case.open[invoice.number] < self.settings.minimum_invoice:
                self._not_due(invoice, cadence)
            else:
                coming.setdefault(cadence.name, (cadence, []))[1].append((invoice, step))
        credit = case.unallocated.get(self.key, 0)
        for cadence, entries in coming.values():
            entries.sort(key=lambda entry: _carrying_order(entry[0], case.open))
            carrier, first = entries[0]
            invoices = [invoice for invoice, _ in entries]
            group = _Group(cadence, tuple(invoices), carrier)
            draft = self._build(group, first.step, invoices, (), first.earliest, _approval(first.step, False), credit)
            if carrier.draft.send is Send.SKIP:
                self.found.observations.append(self._skipped(group, first.step, invoices, ""))
                for invoice in invoices:
                    self._not_due(invoice, cadence)
                continue
            reason = self._obstacle(cadence, first.step, draft) or _readiness(draft, False, self.settings.mode)
            self.found.decisions.append(_with(draft, reason, first.earliest, approved=carrier.draft.send is Send.YES))
            for invoice in invoices:
                self._view(invoice, reason, carrying=carrier.number)
                if invoice is not carrier and invoice.draft.send is Send.YES:
                    self._tick_problem(invoice)

    # --- instalments of a plan ------------------------------------------------------------------------------------

    def _instalments(self, resting: Mapping[str, Reason]) -> frozenset[str]:
        """Courtesy notes before the instalments of plans that are being kept; returns the invoices that carry one.

        Nothing about a plan leaves by itself: a person ticks the note, whatever the approval of the cadence's own.
        Another message to this customer today is enough.
        """
        case = self.case
        if self.pause is not None or any((one.customer, one.currency) == self.key for one in self.found.decisions[-2:]):
            return frozenset()
        carrying: set[str] = set()
        for plan in case.plans[self.key]:
            invoices = sorted(
                (one for one in self.open if one.number in plan.invoices), key=lambda one: _carrying_order(one, case.open)
            )
            if not invoices or any(resting.get(one.number) is not Reason.PLAN_KEPT for one in invoices):
                continue
            carrier = invoices[0]
            cadence = choose_cadence(carrier, self.contact, self.segment, case.rules.cadences)
            if not isinstance(cadence, Cadence) or cadence.name in case.rules.refused_cadences:
                continue
            coming = coming_instalment(plan, cadence, case.history.acts.get(carrier.number, ()), case.as_of, case.calendar)
            if coming is None:
                continue
            step, day, instalment = coming
            group = _Group(cadence, tuple(invoices), carrier)
            if carrier.draft.send is Send.SKIP:
                self.found.observations.append(self._skipped(group, step, invoices, ""))
                continue
            credit = case.unallocated.get(self.key, 0)
            approval = Approval.ASK if step.approval is Approval.AUTO else step.approval
            draft = replace(
                self._build(group, step, invoices, (), day, approval, credit),
                amount=instalment.amount, to_pay=max(0, instalment.amount - credit), interest=0, compensation=0,
                interest_lines=(), template="", instalment=instalment,
            )  # fmt: skip
            reason = self._obstacle(cadence, step, draft) or _readiness(draft, False, self.settings.mode)
            self.found.decisions.append(_with(draft, reason, day, approved=carrier.draft.send is Send.YES))
            carrying.add(carrier.number)
        return frozenset(carrying)

    def _not_due(self, invoice: Invoice, cadence: Cadence) -> None:
        ahead = next_note_day(invoice, cadence, self.case.as_of, self.case.calendar)
        self._view(invoice, Reason.NOT_DUE, until=ahead[1] if ahead else None)
        if invoice.draft.send is Send.YES:
            self._tick_problem(invoice)

    def _priority(self, invoice: Invoice) -> int:
        """0..100: up to 40 for the amount (log scale, full at 100 000), 30 for the lateness (full at 90 days), 30 for the
        chance of a long delay where it is foreseen, else for the customer's risk."""
        days_late = (self.case.as_of - invoice.due).days
        if days_late <= 0:
            return 0
        amount = min(1.0, log10(1 + self.case.open[invoice.number] / 100) / 5)
        doubt = self.case.chances.get(invoice.number, self.risk / 100)
        return round(40 * amount + 30 * min(days_late, 90) / 90 + 30 * doubt)

    # --- the row ------------------------------------------------------------------------------------------------

    def _view(
        self, invoice: Invoice, reason: Reason, *, until: date | None = None, carrying: str = "", waiting: bool = False
    ) -> None:
        case = self.case
        self.found.views.append(
            InvoiceView(
                row=invoice.row,
                invoice=invoice.number,
                customer=invoice.customer,
                currency=invoice.currency,
                open=case.open[invoice.number],
                days_late=max(0, (case.as_of - invoice.due).days),
                state=State.WAITING if waiting else state_of(reason),
                reason=reason,
                until=until,
                claim=case.claims.get(invoice.number, Claim(0, 0)),
                limitation=case.limitations.get(invoice.number),
                carrying=carrying,
                priority=self._priority(invoice),
            )
        )


def _carrying_order(invoice: Invoice, open_: Mapping[str, Cents]) -> tuple[date, int, str]:
    """Oldest due first, then the largest balance, then the number so that the order of rows never matters."""
    return invoice.due, -open_[invoice.number], invoice.number


def _approval(step: Step, changed: bool) -> Approval:
    if step.channel is not Channel.EMAIL:
        return Approval.PERSON
    return Approval.ASK if changed and step.approval is Approval.AUTO else step.approval


def _readiness(draft: Decision, changed: bool, mode: Mode) -> Reason:
    if draft.approval is Approval.PERSON:
        return Reason.FOR_A_PERSON
    if changed:
        return Reason.CADENCE_CHANGED
    if draft.approval is Approval.ASK or mode is Mode.APPROVE:
        return Reason.AWAITING_APPROVAL
    return Reason.STEP_DUE


def _with(draft: Decision, reason: Reason, day: date, *, state: State | None = None, approved: bool = False) -> Decision:
    return replace(draft, reason=reason, state=state or state_of(reason), action_date=day, approved=approved)


def _sum_or_none(values: Sequence[Cents | None]) -> Cents | None:
    return None if any(value is None for value in values) else sum(value or 0 for value in values)
