"""From a decision to what its text may say: the same facts in every step, tone and language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from sync.dunning.model import Decision, InterestLine, InterestUse, InvoiceView, Rules
from sync.ledger.dates import format_date, format_date_long
from sync.ledger.model import Cents, Contact, Invoice, Ledger
from sync.ledger.money import format_money, format_number
from sync.ledger.words import Language
from sync.letters.table import aligned, one_line
from sync.letters.views import Company, Customer, Facts, Interest, Invoices, ListedInvoice, Payee, Sum

MOST_LISTED = 150  # invoices of one message; the others are summed, so that a text fits its cell
MOST_LINES = 100  # of an interest calculation
MOST_CHARACTERS = 200  # of a name, 60 of an invoice number


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What all the drafts of a run are made from, indexed once: see `sources_of`."""

    rules: Rules
    as_of: date
    contacts: Mapping[str, Contact]
    invoices: Mapping[str, Invoice]
    views: Mapping[str, InvoiceView]  # by invoice number


def sources_of(ledger: Ledger, rules: Rules, views: Iterable[InvoiceView], as_of: date) -> Sources:
    """`views` are those of the plan being drafted; a decision's invoices are all among them."""
    return Sources(
        rules=rules, as_of=as_of, contacts=ledger.contacts,
        invoices={invoice.number: invoice for invoice in ledger.invoices},
        views={view.invoice: view for view in views},
    )  # fmt: skip


_LABELS: Mapping[Language, Mapping[str, str]] = {
    "fr": {
        "total": "Total",
        "unallocated": "Avoirs et règlements à déduire",
        "interest": "Pénalités de retard au {as_of}",
        "compensation": "Indemnité forfaitaire de recouvrement",
        "to_pay": "À payer",
        "others": "… et {n} autres factures",
    },
    "en": {
        "total": "Total",
        "unallocated": "Less credits and payments on account",
        "interest": "Late-payment interest to {as_of}",
        "compensation": "Fixed compensation for recovery",
        "to_pay": "To pay",
        "others": "… and {n} other invoices",
    },
}


def facts_of(decision: Decision, sources: Sources, language: Language) -> Facts:
    """Everything the text of this decision may say, in the language of the text."""
    currency, settings = decision.currency, sources.rules.settings
    contact = sources.contacts.get(decision.customer)
    charged = settings.interest is InterestUse.CHARGE and not decision.is_note

    def money(cents: Cents) -> str:
        return format_money(cents, currency, language)

    interest = _interest(decision, settings.interest, money(decision.interest) if decision.interest else "", charged, language)
    compensation = money(decision.compensation) if decision.compensation and settings.interest is not InterestUse.NEVER else ""
    sums = _sums(decision, sources.as_of, interest if charged else "", compensation if charged else "", language)
    return Facts(
        language=language,
        company=_company(sources.rules),
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
        as_of=_long(sources.as_of, language),
        payment=_payee(decision, sources),
    )


def _sums(decision: Decision, as_of: date, interest: str, compensation: str, language: Language) -> tuple[Sum, ...]:
    """The foot of the statement: nothing under a single invoice that is owed as it stands."""
    labels = _LABELS[language]

    def money(cents: Cents) -> str:
        return format_money(cents, decision.currency, language)

    extra = []
    if decision.unallocated:
        extra.append(Sum(labels["unallocated"], money(-decision.unallocated)))
    if interest:
        extra.append(Sum(labels["interest"].format(as_of=_short(as_of, language).strip()), interest))
    if compensation:
        extra.append(Sum(labels["compensation"], compensation))
    if not extra and len(decision.invoices) == 1:
        return ()
    total = Sum(labels["total"], money(decision.amount))
    return (total, *extra, Sum(labels["to_pay"], money(decision.to_pay))) if extra else (total,)


def _invoices(
    numbers: Sequence[str], sources: Sources, currency: str, language: Language, sums: tuple[Sum, ...] = ()
) -> Invoices:
    listed = [_listed(number, sources, currency, language) for number in numbers[:MOST_LISTED]]
    if others := numbers[MOST_LISTED:]:
        left = sum(sources.views[number].open for number in others)
        sums = (Sum(_LABELS[language]["others"].format(n=len(others)), format_money(left, currency, language)), *sums)
    return Invoices(listed, language, sums)


def _listed(number: str, sources: Sources, currency: str, language: Language) -> ListedInvoice:
    invoice, view = sources.invoices[number], sources.views[number]
    handling = invoice.handling
    return ListedInvoice(
        number=one_line(number)[:60],
        issued=_long(invoice.issued, language),
        due=_long(invoice.due, language),
        open=format_money(view.open, currency, language),
        days_late=view.days_late,
        link=handling.document_link,
        pay_link=handling.payment_link,
        amount=format_money(invoice.amount, currency, language),
        paid=format_money(invoice.amount - view.open, currency, language),
        issued_short=_short(invoice.issued, language),
        due_short=_short(invoice.due, language),
    )


@lru_cache(maxsize=4096)
def _long(day: date, language: Language) -> str:
    return format_date_long(day, language)


@lru_cache(maxsize=4096)
def _short(day: date, language: Language) -> str:
    """As narrow as can be without ambiguity: fr "31/03/2026", en "31 Mar 2026"."""
    if language == "fr":
        return format_date(day, "fr")
    number, month, year = format_date(day, "en").split(" ")
    return f"{number:>2} {month[:3]} {year}"


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


def _payee(decision: Decision, sources: Sources) -> Payee:
    """The reference is the invoice's number, or the customer's key when the message claims several."""
    settings = sources.rules.settings
    links = {sources.invoices[number].handling.payment_link for number in decision.invoices}
    return Payee(
        iban=spaced_iban(settings.iban),
        bic=one_line(settings.bic),
        reference=one_line(decision.invoices[0] if len(decision.invoices) == 1 else decision.customer)[:60],
        link=links.pop() if len(links) == 1 else "",
    )


@lru_cache(maxsize=16)
def spaced_iban(iban: str) -> str:
    """In groups of four, as on a bank statement."""
    plain = "".join(iban.split())
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def _interest(decision: Decision, use: InterestUse, amount: str, charged: bool, language: Language) -> Interest:
    if use is InterestUse.NEVER or decision.interest is None or decision.is_note:
        return Interest()
    lines = decision.interest_lines
    if not lines:
        return Interest(amount, applies=True, charged=charged)
    currency = decision.currency
    last = {line.invoice: line for line in lines}  # the latest stretch of each invoice says what a day costs now
    daily = sum((line.interest / line.days for line in last.values() if line.days), Fraction(0))
    cents = round(daily)
    return Interest(
        amount,
        applies=True,
        charged=charged,
        daily=format_money(cents, currency, language) if cents else "",
        detail=_calculation(lines, currency, language),
    )


_CALCULATION: Mapping[Language, tuple[str, ...]] = {
    "fr": ("Facture", "Base", "Taux annuel", "Du", "Au", "Jours", "Pénalités"),
    "en": ("Invoice", "Base", "Yearly rate", "From", "To", "Days", "Interest"),
}


def _calculation(lines: Sequence[InterestLine], currency: str, language: Language) -> str:
    """One line for each stretch of days at one rate on one base; both dates included."""
    rows = [
        (
            one_line(line.invoice)[:60],
            format_money(line.base, currency, language),
            percent(line.rate, language),
            _short(line.start, language),
            _short(line.end, language),
            str(line.days),
            format_money(round(line.interest), currency, language),
        )
        for line in lines[:MOST_LINES]
    ]
    others = lines[MOST_LINES:]
    left = round(sum((line.interest for line in others), Fraction(0)))
    sums = [(f"… + {len(others)}", format_money(left, currency, language))] if others else []
    return aligned(_CALCULATION[language], rows, 6, sums)


def percent(rate: Decimal, language: Language) -> str:
    """fr "12,15 %", en "12.15%"."""
    number = format_number(rate.normalize() if rate else rate, language)
    return f"{number}\u00a0%" if language == "fr" else f"{number}%"
