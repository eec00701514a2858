"""A customer's life told in a test: facts with dates, then what Relance does day after day.

    story = Story(mode="auto")
    story.invoice("F-1", due="2026-01-31", amount=120)
    assert story.life("2026-02-01", "2026-02-12") == ["2026-02-02 email 1 F-1", "2026-02-09 call 2 F-1"]

Every day the rules conclude; messages that may leave are sent, a person does the calls and letters of `does`, and the
Journal remembers. Nothing else is simulated: the engine is the real one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync.dunning.conclude import Conclusion, conclude
from sync.dunning.configuration import read_rules
from sync.dunning.model import Decision, InvoiceView, Mode, Observation, Rules
from sync.dunning.reasons import State
from sync.ledger.model import NO_DRAFT, UNHANDLED, Contact, DraftCells, Handling, Instalment, Invoice, JournalRow, Ledger, Payment
from sync.ledger.words import Act, Approval, Channel, DelayReason, Kind, PaymentMeans, Segment, Send, Status
from sync.post.journal import row_of

DEFAULT_RULES = read_rules({})


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


class Story:
    """Customer C1 unless another is named; amounts in units of the currency."""

    def __init__(self, does: Iterable[str] = (), approves: bool = True, rules: Rules | None = None, **settings: Any) -> None:
        base = rules or DEFAULT_RULES
        quiet: dict[str, Any] = {"freshness_days": None}
        self.rules = replace(base, settings=replace(base.settings, **{"mode": Mode.AUTO, **quiet, **settings}))
        self.does = {Channel(channel) for channel in does}
        self.approves = approves
        self.invoices: dict[str, Invoice] = {}
        self.contacts: dict[str, Contact] = {}
        self.payments: list[Payment] = []
        self.instalments: list[Instalment] = []
        self.journal: list[JournalRow] = []

    # --- facts

    def contact(self, customer: str = "C1", **facts: Any) -> "Story":
        facts.setdefault("emails", (f"{customer.lower()}@example.org",))
        facts.setdefault("kind", Kind.BUSINESS)
        self.contacts[customer] = Contact(row=len(self.contacts) + 2, customer=customer, **facts)
        return self

    def invoice(self, number: str, *, due: str, amount: float = 100, customer: str = "C1", issued: str | None = None,
                currency: str = "EUR", applies_to: str = "", paid_on: str | None = None, **handling: Any) -> "Story":  # fmt: skip
        if customer not in self.contacts:
            self.contact(customer)
        dates = {"status_on", "reason_on", "promised", "hold", "last_contact"}
        said = {name: day(value) if name in dates and value is not None else value for name, value in handling.items()}
        self.invoices[number] = Invoice(
            row=len(self.invoices) + 2, number=number, customer=customer,
            issued=day(issued) if issued else day(due) - timedelta(days=30), due=day(due), amount=round(amount * 100),
            currency=currency, applies_to=applies_to, paid_on=day(paid_on) if paid_on else None,
            handling=Handling(**said) if said else UNHANDLED,
        )  # fmt: skip
        return self

    def says(self, number: str, **handling: Any) -> "Story":
        """A person changes cells of an invoice."""
        dates = {"status_on", "reason_on", "promised", "hold"}
        said = {name: day(value) if name in dates and value is not None else value for name, value in handling.items()}
        invoice = self.invoices[number]
        self.invoices[number] = replace(invoice, handling=replace(invoice.handling, **said))
        return self

    def presses(self, number: str, send: str | None) -> "Story":
        invoice = self.invoices[number]
        self.invoices[number] = replace(invoice, draft=DraftCells(send=Send(send)) if send else NO_DRAFT)
        return self

    def pays(
        self, amount: float, *, on: str, invoice: str = "", customer: str = "C1", currency: str = "EUR", reference: str = ""
    ) -> "Story":
        self.payments.append(
            Payment(len(self.payments) + 2, day(on), invoice, customer, round(amount * 100), currency, reference=reference)
        )
        return self

    def plan(self, name: str, invoices: Sequence[str], rows: Sequence[tuple[str, float]], *, agreed_on: str | None,
             signed_on: str | None = None, customer: str = "C1") -> "Story":  # fmt: skip
        for due, amount in rows:
            self.instalments.append(
                Instalment(
                    row=len(self.instalments) + 2, plan=name, customer=customer, invoices=tuple(invoices),
                    agreed_on=day(agreed_on) if agreed_on else None, signed_on=day(signed_on) if signed_on else None,
                    due=day(due), amount=round(amount * 100),
                )
            )  # fmt: skip
        return self

    def logs(self, on: str, status: str = "done", **facts: Any) -> "Story":
        """An act in the Journal, as a person or an earlier run left it."""
        facts.setdefault("customer", "C1")
        facts.setdefault("currency", "EUR")
        when = datetime.combine(day(on), datetime.min.time(), tzinfo=UTC).replace(hour=10)
        self.journal.append(JournalRow(row=len(self.journal) + 2, when=when, status=Act(status), **facts))
        return self

    # --- conclusions

    def ledger(self) -> Ledger:
        return Ledger(
            invoices=list(self.invoices.values()), contacts=self.contacts, payments=self.payments,
            instalments=self.instalments, journal=self.journal,
        )  # fmt: skip

    def on(self, when: str | date) -> Conclusion:
        return conclude(self.ledger(), self.rules, day(when))

    def view(self, number: str, when: str | date) -> InvoiceView:
        return next(view for view in self.on(when).views if view.invoice == number)

    def why(self, number: str, when: str | date) -> str:
        return str(self.view(number, when).reason)

    def decision(self, when: str | date, customer: str = "C1") -> Decision:
        found = [one for one in self.on(when).decisions if one.customer == customer]
        assert len(found) == 1, found
        return found[0]

    def due(self, when: str | date) -> list[str]:
        return [told(one) for one in self.on(when).decisions if one.state is State.DUE]

    # --- days that pass

    def life(self, start: str, end: str) -> list[str]:
        """What happens from `start` to `end` included, one line an act: "2026-02-02 email 1 F-1"."""
        lines: list[str] = []
        today = day(start)
        while today <= day(end):
            lines += [f"{today} {line}" for line in self.live(today)]
            today += timedelta(days=1)
        return lines

    def live(self, today: date) -> list[str]:
        conclusion = self.on(today)
        noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
        lines = []
        for observation in conclusion.observations:
            self.journal.append(replace(row_of(observation, noon, "run", "relance"), row=len(self.journal) + 2))
            if observation.status == "skipped":
                lines.append(f"skipped {observation.channel} {observation.step} {' '.join(observation.invoices)}")
                for number in observation.invoices:
                    self.presses(number, None)
        for one in conclusion.decisions:
            status = self._act(one)
            if status is None:
                continue
            act = Observation(
                customer=one.customer, invoices=one.invoices, currency=one.currency, cadence=one.cadence, step=one.step,
                occurrence=one.occurrence, channel=str(one.channel), status=status, amount=one.amount, key=one.key,
            )  # fmt: skip
            self.journal.append(replace(row_of(act, noon, "run", "relance"), row=len(self.journal) + 2))
            lines.append(told(one))
            for number in one.invoices:
                self.presses(number, None)
        return lines

    def _act(self, decision: Decision) -> str | None:
        if decision.state is not State.DUE:
            return None
        if decision.approval is Approval.PERSON:
            return "done" if decision.channel in self.does else None
        return "sent" if decision.approval is Approval.AUTO or self.approves else None


def told(decision: Decision) -> str:
    return f"{decision.channel} {decision.step} {' '.join(decision.invoices)}"


__all__ = ["Approval", "Channel", "DelayReason", "Kind", "PaymentMeans", "Segment", "Status", "Story", "day", "told"]
