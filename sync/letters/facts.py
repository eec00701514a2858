"""From a decision to what its text may say: the same facts in every step, tone and language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sync.dunning.law.discounts import EarlyOffer, early_offer
from sync.dunning.model import Decision, InterestUse, InvoiceView, Rules
from sync.ledger.model import Cents, Contact, Invoice, Ledger
from sync.ledger.money import format_money
from sync.ledger.words import Language
from sync.letters.frozen import settings_digest
from sync.letters.labels import labels
from sync.letters.table import aligned, one_line
from sync.letters.views import (
    MOST_NUMBER,
    ComingInstalment,
    Company,
    Customer,
    Early,
    Facts,
    Interest,
    Invoices,
    ListedInvoice,
    Payee,
    Sum,
    long_date,
    percent,
    short_date,
)

MOST_LISTED = 150  # invoices of one message; the others are summed, so that a text fits its cell
MOST_CHARACTERS = 200  # of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What all the drafts of a run are made from, indexed once: see `sources_of`."""

    rules: Rules
    as_of: date
    contacts: Mapping[str, Contact]
    invoices: Mapping[str, Invoice]
    views: Mapping[str, InvoiceView]  # by invoice number
    company: Company
    settings_digest: str  # of the settings that a text prints

    def open_of(self, number: str) -> Cents:
        return self.views[number].open


def sources_of(ledger: Ledger, rules: Rules, views: Iterable[InvoiceView], as_of: date) -> Sources:
    """`views` are those of the plan being drafted; a decision's invoices are all among them."""
    return Sources(
        rules=rules, as_of=as_of, contacts=ledger.contacts,
        invoices=ledger.by_number,
        views={view.invoice: view for view in views},
        company=_company(rules),
        settings_digest=settings_digest(rules.settings),
    )  # fmt: skip


def facts_of(decision: Decision, sources: Sources, language: Language) -> Facts:
    """Everything the text of this decision may say, in the language of the text."""
    currency, settings = decision.currency, sources.rules.settings
    contact = sources.contacts.get(decision.customer)
    charged = settings.interest is InterestUse.CHARGE and not decision.is_note

    def money(cents: Cents) -> str:
        return format_money(cents, currency, language)

    interest = _interest(decision, settings.interest, language)
    compensation = money(decision.compensation) if decision.compensation and settings.interest is not InterestUse.NEVER else ""
    sums = _sums(decision, sources.as_of, interest if charged else "", compensation if charged else "", language)
    return Facts(
        language=language,
        company=sources.company,
        customer=_customer(decision.customer, contact),
        person=one_line(contact.person) if contact else "",
        invoices=_invoices(decision.invoices, sources, decision.currency, language, sums),
        also_open=_invoices(decision.also_open, sources, decision.currency, language),
        total=money(decision.amount),
        unallocated=money(decision.unallocated) if decision.unallocated else "",
        to_pay=money(decision.to_pay),
        interest=interest,
        compensation=compensation,
        step=decision.step,
        as_of=long_date(sources.as_of, language),
        payment=payee_of(decision, sources),
        early=_early(decision, sources, language),
        instalment=_instalment(decision, language),
    )


def early_offers(decision: Decision, sources: Sources) -> Sequence[tuple[str, EarlyOffer]]:
    """The early-payment discounts that a courtesy note may still announce, by invoice."""
    settings = sources.rules.settings
    rate, days = settings.early_discount, settings.early_discount_days
    if not decision.is_note or decision.instalment is not None or not rate or not days:
        return ()
    found = []
    for number in decision.invoices[:MOST_LISTED]:
        invoice = sources.invoices[number]
        offer = early_offer(sources.open_of(number), invoice.issued, invoice.due, rate, days, sources.as_of)
        if offer is not None:
            found.append((number, offer))
    return found


def _early(decision: Decision, sources: Sources, language: Language) -> Early:
    offers = early_offers(decision, sources)
    rate = sources.rules.settings.early_discount
    if not offers or rate is None:
        return Early()

    def money(cents: Cents) -> str:
        return format_money(cents, decision.currency, language)

    rows = [
        (
            one_line(number)[:MOST_NUMBER], short_date(offer.pay_by, language), money(-offer.discount), money(offer.to_pay),
        )
        for number, offer in offers
    ]  # fmt: skip
    return Early(aligned(labels(language).early_headings, rows, 2), percent(rate, language))


def _instalment(decision: Decision, language: Language) -> ComingInstalment:
    one = decision.instalment
    if one is None:
        return ComingInstalment()
    return ComingInstalment(
        format_money(one.amount, decision.currency, language), long_date(one.due, language), str(one.number), str(one.count),
        one_line(one.plan)[:MOST_NUMBER],
    )  # fmt: skip


def _sums(decision: Decision, as_of: date, interest: str, compensation: str, language: Language) -> tuple[Sum, ...]:
    """The foot of the statement: nothing under a single invoice that is owed as it stands."""
    words = labels(language)

    def money(cents: Cents) -> str:
        return format_money(cents, decision.currency, language)

    extra = []
    if decision.unallocated:
        extra.append(Sum(words.unallocated, money(-decision.unallocated)))
    if interest:
        extra.append(Sum(words.interest.format(as_of=short_date(as_of, language)), interest))
    if compensation:
        extra.append(Sum(words.compensation, compensation))
    if not extra and len(decision.invoices) == 1:
        return ()
    total = Sum(words.total, money(decision.amount))
    return (total, *extra, Sum(words.to_pay, money(decision.to_pay))) if extra else (total,)


def _invoices(
    numbers: Sequence[str], sources: Sources, currency: str, language: Language, sums: tuple[Sum, ...] = ()
) -> Invoices:
    listed = [_listed(number, sources, currency, language) for number in numbers[:MOST_LISTED]]
    if others := numbers[MOST_LISTED:]:
        left = sum(sources.views[number].open for number in others)
        sums = (Sum(labels(language).other_invoices.format(n=len(others)), format_money(left, currency, language)), *sums)
    return Invoices(listed, language, sums)


def _listed(number: str, sources: Sources, currency: str, language: Language) -> ListedInvoice:
    invoice = sources.invoices[number]
    view = sources.views[number]
    return ListedInvoice(
        one_line(number)[:MOST_NUMBER], invoice.issued, invoice.due, view.open, invoice.amount, view.days_late,
        invoice.handling.document_link, invoice.handling.payment_link, currency, language,
    )  # fmt: skip


def _company(rules: Rules) -> Company:
    settings = rules.settings
    return Company(
        one_line(settings.company)[:MOST_CHARACTERS],
        address=_address(settings.address),
        company_id=one_line(settings.company_id),
        email=settings.reply_to or settings.sender_email,
        sender=one_line(settings.sender_name),
        vat_id=one_line(settings.vat_id),
    )


def _customer(key: str, contact: Contact | None) -> Customer:
    if contact is None:
        return Customer(one_line(key)[:MOST_CHARACTERS], key=key)
    return Customer(
        one_line(contact.name or key)[:MOST_CHARACTERS],
        address=_address(contact.address),
        company_id=one_line(contact.company_id),
        key=one_line(key)[:MOST_CHARACTERS],
        kind=contact.kind.value if contact.kind else "",
        phone=one_line(contact.phone),
    )


def _address(address: str) -> str:
    """On one line, as inside a sentence."""
    return ", ".join(line for line in map(one_line, address.splitlines()[:8]) if line)[: 2 * MOST_CHARACTERS]


def payee_of(decision: Decision, sources: Sources) -> Payee:
    """The reference is the invoice's number, or the customer's key when the message claims several."""
    settings = sources.rules.settings
    links = {sources.invoices[number].handling.payment_link for number in decision.invoices}
    return Payee(
        iban=spaced_iban(settings.iban),
        bic=one_line(settings.bic),
        reference=one_line(decision.invoices[0] if len(decision.invoices) == 1 else decision.customer)[:MOST_NUMBER],
        link=links.pop() if len(links) == 1 else "",
    )


@lru_cache(maxsize=16)
def spaced_iban(iban: str) -> str:
    """In groups of four, as on a bank statement."""
    plain = "".join(iban.split())
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _interest(decision: Decision, use: InterestUse, language: Language) -> Interest:
    if use is InterestUse.NEVER or decision.interest is None or decision.is_note:
        return Interest()
    if not (decision.interest or decision.compensation):  # nothing runs: a letter must not say that something does
        return Interest()
    amount = format_money(decision.interest, decision.currency, language) if decision.interest else ""
    charged = use is InterestUse.CHARGE
    return Interest(amount, True, charged, decision.interest_lines, decision.currency, language)
