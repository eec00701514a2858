"""What documents about a customer are made from: the sheet's facts and the conclusions of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.behaviour.segments import is_natural_person
from sync.dunning.conclude import Conclusion
from sync.dunning.model import InvoiceView, Rules
from sync.ledger.dates import format_date
from sync.ledger.model import Cents, Contact, Invoice, Ledger
from sync.ledger.money import format_money
from sync.ledger.words import Language, Status
from sync.letters.facts import Sources, sources_of
from sync.letters.views import long_date, short_date

NOT_COUNTED = (Status.DRAFT, Status.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Materials:
    """One day's facts and conclusions. `sources` are those of the drafts, so that a letter and its PDF agree."""

    ledger: Ledger
    rules: Rules
    conclusion: Conclusion
    sources: Sources

    @property
    def as_of(self) -> date:
        return self.conclusion.as_of

    def language_of(self, customer: str) -> Language:
        contact = self.ledger.contacts.get(customer)
        return (contact.language if contact is not None else None) or self.rules.settings.language

    def invoices_of(self, customer: str, currency: str) -> Sequence[Invoice]:
        """Invoices and credit notes that count on the day, oldest issue first."""
        own = [
            one
            for one in self.ledger.invoices
            if one.customer == customer and one.currency == currency and one.issued <= self.as_of
            and one.handling.status not in NOT_COUNTED
        ]  # fmt: skip
        return sorted(own, key=lambda one: (one.issued, one.due, one.number))

    def currencies_of(self, customer: str) -> Sequence[str]:
        """The currencies in which the customer has ever been invoiced or has paid, the company's first."""
        found = {one.currency for one in self.ledger.invoices if one.customer == customer and one.issued <= self.as_of}
        found |= {one.currency for one in self.ledger.payments if one.customer == customer and one.paid_on <= self.as_of}
        return sorted(found, key=lambda one: (one != self.rules.settings.currency, one))

    def left_on(self, invoice: Invoice) -> Cents:
        """What is still owed on it, written off in the books or not: a write-off does not pay a debt."""
        if invoice.amount <= 0:
            return 0
        balance = self.conclusion.balances.invoices[invoice.number]
        return max(0, invoice.amount - balance.paid - balance.credited)


def only_of(customer: str, ledger: Ledger) -> Ledger:
    """The ledger of one customer alone."""
    invoices = [one for one in ledger.invoices if one.customer == customer]
    numbers = {one.number for one in invoices}
    return replace(
        ledger,
        invoices=invoices,
        contacts={code: one for code, one in ledger.contacts.items() if code == customer},
        payments=[one for one in ledger.payments if one.customer == customer or one.invoice in numbers],
        instalments=[one for one in ledger.instalments if one.customer == customer],
        journal=[row for row in ledger.journal if row.customer == customer or not numbers.isdisjoint(row.invoices)],
    )


def materials_of(ledger: Ledger, rules: Rules, conclusion: Conclusion) -> Materials:
    sources = sources_of(ledger, rules, conclusion.views, conclusion.as_of)
    return Materials(ledger=ledger, rules=rules, conclusion=conclusion, sources=sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One customer in one currency, with how its figures are written."""

    customer: str
    currency: str
    language: Language
    materials: Materials

    @property
    def contact(self) -> Contact | None:
        return self.materials.ledger.contacts.get(self.customer)

    @property
    def natural_person(self) -> bool:
        return is_natural_person(self.contact)

    @property
    def unallocated(self) -> Cents:
        """Free money and credits; negative when more was returned than was free."""
        balances, key = self.materials.conclusion.balances, (self.customer, self.currency)
        return balances.unallocated.get(key, 0) - balances.returned.get(key, 0)

    @property
    def invoices(self) -> Sequence[Invoice]:
        return self.materials.invoices_of(self.customer, self.currency)

    @property
    def owed(self) -> Sequence[Invoice]:
        """Invoices with something left, oldest due first."""
        own = [one for one in self.invoices if self.materials.left_on(one) > 0]
        return sorted(own, key=lambda one: (one.due, one.number))

    @property
    def plans(self) -> Sequence[PaymentPlan]:
        return [one for one in self.materials.conclusion.plans if one.customer == self.customer and one.currency == self.currency]

    @property
    def views(self) -> Mapping[str, InvoiceView]:
        return self.materials.sources.views

    def money(self, cents: Cents) -> str:
        return format_money(cents, self.currency, self.language)

    def short(self, day: date) -> str:
        return short_date(day, self.language)

    def long(self, day: date) -> str:
        return long_date(day, self.language)

    def plain_date(self, day: date) -> str:
        return format_date(day, self.language)
