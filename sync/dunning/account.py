"""One customer in one currency: what every conclusion about it shares — its facts, a decision, a row, a problem."""

from collections.abc import Sequence
from datetime import date
from math import log10
from typing import NamedTuple

from sync.dunning.case import AccountRows, Case, Conclusions, Group
from sync.dunning.history import base_key
from sync.dunning.model import Cadence, Claim, Decision, InterestUse, InvoiceView, Mode, Observation, Step
from sync.dunning.pauses import customer_pause
from sync.dunning.reasons import Reason, State, state_of
from sync.dunning.steps import next_note_day
from sync.ledger.model import Cents, Contact, CustomerKey, Invoice
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Approval, Channel, Language, Segment, Send, word_for

_NO_CLAIM = Claim(0, 0)


class Message(NamedTuple):
    """What a message would claim and from whom, before anything is said of when. `credit` is free money, positive."""

    claimed: Sequence[Invoice]
    amount: Cents
    credit: Cents
    to: tuple[str, ...]


class Account:
    """The customer's facts at hand; `found` collects what is concluded."""

    def __init__(self, case: Case, key: CustomerKey, rows: AccountRows, found: Conclusions) -> None:
        self.case = case
        self.key = key
        self.all = rows.all
        self.open = rows.owed
        self.once_late = rows.once_late
        self.contact: Contact | None = case.ledger.contacts.get(key[0])
        profile = case.profiles.get(key)
        self.segment = profile.segment if profile is not None else Segment.NEW
        self.risk = profile.risk if profile is not None else 50
        self.found = found
        self.settings = case.rules.settings
        self.pause = customer_pause(key, self.contact, case.pauses)
        self.language: Language = (self.contact.language if self.contact else None) or self.settings.language

    # --- a decision

    def message(self, claimed: Sequence[Invoice], credit: Cents) -> Message:
        open_ = self.case.open
        emails = self.contact.emails if self.contact else ()
        return Message(claimed, sum([open_[invoice.number] for invoice in claimed]), credit, self._reachable(emails))

    def _reachable(self, addresses: tuple[str, ...]) -> tuple[str, ...]:
        bounced = self.case.history.bounced
        return tuple([one for one in addresses if one.casefold() not in bounced]) if bounced else addresses

    def build(
        self,
        group: Group,
        step: Step,
        message: Message,
        day: date,
        approval: Approval,
        reason: Reason,
        *,
        state: State | None = None,
        also_open: Sequence[Invoice] = (),
        approved: bool = False,
    ) -> Decision:
        case = self.case
        claimed, amount, credit, to = message
        claims = [case.claims.get(invoice.number, _NO_CLAIM) for invoice in claimed]
        interest = _sum_or_none([claim.interest for claim in claims])
        compensation = _sum_or_none([claim.compensation for claim in claims])
        charged = self.settings.interest is InterestUse.CHARGE
        to_pay = max(0, amount - credit + ((interest or 0) + (compensation or 0) if charged else 0))
        base = base_key(*self.key, group.cadence.name, group.carrier.number, step.number)
        contact = self.contact
        return Decision(
            customer=self.key[0],
            currency=self.key[1],
            cadence=group.cadence.name,
            carrying=group.carrier.number,
            invoices=tuple([number for _, number in sorted([(invoice.due, invoice.number) for invoice in claimed])]),
            also_open=tuple([invoice.number for invoice in also_open]),
            step=step.number,
            offset=step.offset,
            occurrence=case.history.occurrences.get(base, 0) + 1,
            channel=step.channel,
            template=step.template,
            approval=approval,
            state=state or state_of(reason),
            reason=reason,
            action_date=day,
            amount=amount,
            unallocated=credit,
            interest=interest,
            compensation=compensation,
            interest_lines=tuple([line for claim in claims for line in claim.lines]),
            to_pay=to_pay,
            to=to,
            cc=self._reachable(contact.cc) if contact else (),
            language=self.language,
            kind=contact.kind if contact else None,
            is_note=step.is_note,
            priority=max(map(self.priority, claimed), default=0),
            approved=approved,
        )

    def obstacle(self, step: Step, message: Message) -> Reason | None:
        """Why a step whose day has come cannot be done, None when it can."""
        case, settings = self.case, self.settings
        if settings.stop:
            return Reason.STOPPED
        refused = (step.template, self.language) in case.rules.refused_templates
        if case.rules.stop_sending or refused:
            return Reason.SETTINGS_PROBLEM
        if not case.history.doubted.isdisjoint((self.key, (self.key[0], ""))):
            return Reason.UNCERTAIN
        net = message.amount - message.credit
        if net <= 0:
            return Reason.COVERED_BY_CREDIT
        if case.stale:
            return Reason.STALE_PAYMENTS
        if net < max(settings.minimum_customer, step.minimum):
            return Reason.BELOW_MINIMUM
        if step.channel is Channel.EMAIL and not message.to:
            has_address = self.contact is not None and self.contact.emails
            return Reason.BOUNCED if has_address else Reason.NO_ADDRESS
        return None

    def skipped(self, group: Group, step: Step, claimed: Sequence[Invoice], note: str) -> Observation:
        base = base_key(*self.key, group.cadence.name, group.carrier.number, step.number)
        occurrence = self.case.history.occurrences.get(base, 0) + 1
        return Observation(
            customer=self.key[0], invoices=tuple(invoice.number for invoice in claimed), currency=self.key[1],
            cadence=group.cadence.name, step=step.number, occurrence=occurrence, channel=str(step.channel),
            status="skipped", amount=sum(self.case.open[invoice.number] for invoice in claimed), note=note,
            key=f"{base}|{occurrence}",
        )  # fmt: skip

    # --- a row

    def view(
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
                claim=case.claims.get(invoice.number, _NO_CLAIM),
                limitation=case.limitations.get(invoice.number),
                carrying=carrying,
                priority=self.priority(invoice),
            )
        )

    def not_due(self, invoice: Invoice, cadence: Cadence) -> None:
        ahead = next_note_day(invoice, cadence, self.case.as_of, self.case.calendar)
        self.view(invoice, Reason.NOT_DUE, until=ahead[1] if ahead else None)
        if invoice.draft.send is Send.YES:
            self.tick_problem(invoice)

    def priority(self, invoice: Invoice) -> int:
        """0..100: up to 40 for the amount (log scale, full at 100 000), 30 for the lateness (full at 90 days), 30 for the
        chance of a long delay where it is foreseen, else for the customer's risk."""
        days_late = (self.case.as_of - invoice.due).days
        if days_late <= 0:
            return 0
        amount = min(1.0, log10(1 + self.case.open[invoice.number] / 100) / 5)
        doubt = self.case.chances.get(invoice.number, self.risk / 100)
        return round(40 * amount + 30 * min(days_late, 90) / 90 + 30 * doubt)

    # --- a problem

    def tick_problem(self, invoice: Invoice) -> None:
        self.found.problems.append(
            Problem(
                tab="invoices", row=invoice.row, column="send", code="tick_not_carrying", value=word_for("send", str(invoice.draft.send), self.settings.language),
                severity=Severity.WARNING,
            )
        )  # fmt: skip

    def no_cadence(self, invoice: Invoice) -> None:
        """Nothing in the Cadence tab is for this customer: told once, for the whole tab."""
        words = {"segment_en": word_for("segment", self.segment, "en"), "segment_fr": word_for("segment", self.segment, "fr")}
        problem = Problem(
            tab="cadence",
            row=0,
            column="segment",
            code="no_cadence",
            severity=Severity.WARNING,
            value=str(self.segment),
            params=words,
        )
        self.found.tell_once(problem)
        self.view(invoice, Reason.SETTINGS_PROBLEM)

    def unknown_cadence(self, invoice: Invoice, name: str) -> None:
        on_invoice = bool(invoice.handling.cadence)
        row = invoice.row if on_invoice or self.contact is None else self.contact.row
        problem = Problem(
            tab="invoices" if on_invoice else "contacts", row=row, column="cadence", code="unknown_cadence", value=name
        )
        self.found.tell_once(problem)
        self.view(invoice, Reason.ROW_PROBLEM)


def approval_of(step: Step, changed: bool) -> Approval:
    if step.channel is not Channel.EMAIL:
        return Approval.PERSON
    return Approval.ASK if changed and step.approval is Approval.AUTO else step.approval


def readiness(approval: Approval, changed: bool, mode: Mode) -> Reason:
    if approval is Approval.PERSON:
        return Reason.FOR_A_PERSON
    if changed:
        return Reason.CADENCE_CHANGED
    if approval is Approval.ASK or mode is Mode.APPROVE:
        return Reason.AWAITING_APPROVAL
    return Reason.STEP_DUE


def _sum_or_none(values: Sequence[Cents | None]) -> Cents | None:
    return None if None in values else sum(filter(None, values))
