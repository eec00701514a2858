"""What a text may say: small views, already in the letter's language, that print as people expect.

`{{ company }}` prints the name and `{{ company.address }}` the address; `{{ invoices }}` prints the whole statement and
`{% for invoice in invoices %}` walks it. An absent fact is "" and is false in `{% if %}`. The attributes listed in
`SHOWN` are all that a text can reach: the sandbox refuses every other.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from sync.dunning.model import InterestLine
from sync.dunning.records import filled_at_once
from sync.ledger.dates import format_date, format_date_long
from sync.ledger.model import Cents
from sync.ledger.money import format_money, format_number
from sync.ledger.words import Language
from sync.letters.labels import labels
from sync.letters.table import aligned, one_line

MOST_NUMBER = 60  # characters of an invoice number
MOST_LINES = 100  # of an interest calculation


class Company(str):
    """The creditor: prints as its name. `sender` is the person who signs."""

    __slots__ = ("address", "company_id", "email", "sender", "vat_id")

    address: str
    company_id: str
    email: str
    sender: str
    vat_id: str

    def __new__(
        cls, name: str, address: str = "", company_id: str = "", email: str = "", sender: str = "", vat_id: str = ""
    ) -> "Company":
        view = super().__new__(cls, name)
        view.address, view.company_id, view.email, view.sender, view.vat_id = address, company_id, email, sender, vat_id
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.address, self.company_id, self.email, self.sender, self.vat_id)


class Customer(str):
    """Who owes: prints as its name, or its key when it has none. `kind` is business, consumer, public or ""."""

    __slots__ = ("address", "company_id", "key", "kind", "phone")

    address: str
    company_id: str
    key: str
    kind: str
    phone: str

    def __new__(
        cls, name: str, address: str = "", company_id: str = "", key: str = "", kind: str = "", phone: str = ""
    ) -> "Customer":
        view = super().__new__(cls, name)
        view.address, view.company_id, view.key, view.kind, view.phone = address, company_id, key, kind, phone
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.address, self.company_id, self.key, self.kind, self.phone)


@dataclass(frozen=True, slots=True)
class ListedInvoice:
    """One line of the statement; prints as its number. `link` is the invoice file, `pay_link` where it can be paid."""

    number: str
    issued_on: date
    due_on: date
    open_cents: Cents
    amount_cents: Cents
    days_late: int  # 0 until late; a text that prints it is true on one day only
    link: str
    pay_link: str
    currency: str
    language: Language

    def __str__(self) -> str:
        return self.number

    @property
    def issued(self) -> str:
        """ "12 janvier 2026" """
        return long_date(self.issued_on, self.language)

    @property
    def due(self) -> str:
        return long_date(self.due_on, self.language)

    @property
    def open(self) -> str:
        return format_money(self.open_cents, self.currency, self.language)

    @property
    def amount(self) -> str:
        return format_money(self.amount_cents, self.currency, self.language)

    @property
    def paid(self) -> str:
        """Payments and credit notes so far."""
        return format_money(self.amount_cents - self.open_cents, self.currency, self.language)


@lru_cache(maxsize=4096)
def long_date(day: date, language: Language) -> str:
    return format_date_long(day, language)


@lru_cache(maxsize=4096)
def short_date(day: date, language: Language) -> str:
    """As narrow as can be without ambiguity: fr "31/03/2026", en "31 Mar 2026"."""
    if language == "fr":
        return format_date(day, "fr")
    number, month, year = format_date(day, "en").split(" ")
    return f"{number} {month[:3]} {year}"


class Sum(NamedTuple):
    label: str
    amount: str


class Invoices(tuple[ListedInvoice, ...]):
    """Invoices in the order of the letter, oldest due first: prints as the statement with its sums."""

    language: Language
    sums: tuple[Sum, ...]

    def __new__(cls, listed: Iterable[ListedInvoice] = (), language: Language = "fr", sums: tuple[Sum, ...] = ()) -> "Invoices":
        view = super().__new__(cls, listed)
        view.language, view.sums = language, sums
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (tuple(self), self.language, self.sums)

    def __str__(self) -> str:
        """Number, issue date, due date, open amount; then the sums."""
        if not self:
            return ""
        heading = labels(self.language).statement_headings
        rows = [(line.number, *line_dates(line), line.open) for line in self]
        return aligned((*heading[:3], heading[5]), rows, 1, self.sums)

    @property
    def detail(self) -> str:
        """The statement with the amount and what was paid of each invoice."""
        if not self:
            return ""
        rows = [(line.number, *line_dates(line), line.amount, line.paid, line.open) for line in self]
        return aligned(labels(self.language).statement_headings, rows, 3, self.sums)

    @property
    def numbers(self) -> str:
        """ "A, B et C" """
        *others, last = [line.number for line in self] or [""]
        return f"{', '.join(others)} {'et' if self.language == 'fr' else 'and'} {last}" if others else last


def line_dates(line: ListedInvoice) -> tuple[str, str]:
    return short_date(line.issued_on, line.language), short_date(line.due_on, line.language)


class Interest(str):
    """Late-payment interest so far: prints as an amount, "" when none can or may be shown.

    `applies`: the law and the settings allow the letter to say that late payment costs interest.
    `charged`: the amount is asked for, not only mentioned. `daily` is what one more day adds; `detail` the calculation.
    """

    __slots__ = ("applies", "charged", "currency", "language", "lines")

    applies: bool
    charged: bool
    lines: tuple[InterestLine, ...]
    currency: str
    language: Language

    def __new__(
        cls,
        amount: str = "",
        applies: bool = False,
        charged: bool = False,
        lines: tuple[InterestLine, ...] = (),
        currency: str = "EUR",
        language: Language = "fr",
    ) -> "Interest":
        view = super().__new__(cls, amount)
        view.applies, view.charged, view.lines, view.currency, view.language = applies, charged, lines, currency, language
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.applies, self.charged, self.lines, self.currency, self.language)

    @property
    def daily(self) -> str:
        """The latest stretch of each invoice says what a day costs now."""
        last = {line.invoice: line for line in self.lines}
        cents = round(sum((line.interest / line.days for line in last.values() if line.days), Fraction(0)))
        return format_money(cents, self.currency, self.language) if cents else ""

    @property
    def detail(self) -> str:
        """One line for each stretch of days at one rate on one base, both dates included.

        Four decimals, so that the lines of an invoice add up to its interest, which alone is rounded to the cent.
        """
        if not self.lines:
            return ""
        words = labels(self.language)
        rows = [
            (
                one_line(line.invoice)[:MOST_NUMBER],
                format_money(line.base, self.currency, self.language),
                percent(line.rate, self.language),
                short_date(line.start, self.language),
                short_date(line.end, self.language),
                str(line.days),
                exact_money(line.interest, self.currency, self.language),
            )
            for line in self.lines[:MOST_LINES]
        ]
        others = self.lines[MOST_LINES:]
        left = sum((line.interest for line in others), Fraction(0))
        sums = [Sum(words.other_periods.format(n=len(others)), exact_money(left, self.currency, self.language))] if others else []
        return aligned(words.calculation_headings, rows, 6, sums)


def exact_money(cents: Fraction, currency: str, language: Language) -> str:
    """A positive amount with four decimals, half up: "40,7441 €"."""
    whole, rest = divmod((cents * 200 + 1) // 2, 100)
    return re.sub(r"(\d)(\D*)$", rf"\g<1>{rest:02}\2", format_money(whole, currency, language))


class Early(str):
    """The early-payment discount that still stands: prints as a table (invoice, until, open, discount, to pay), "" when none.

    `rate` is the discount in percent.
    """

    __slots__ = ("rate",)

    rate: str

    def __new__(cls, table: str = "", rate: str = "") -> "Early":
        view = super().__new__(cls, table)
        view.rate = rate
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.rate)


class ComingInstalment(str):
    """The instalment that a note announces: prints as its amount, "" elsewhere. Number `number` of `of`."""

    __slots__ = ("due", "number", "of", "plan")

    due: str
    number: str
    of: str
    plan: str

    def __new__(cls, amount: str = "", due: str = "", number: str = "", of: str = "", plan: str = "") -> "ComingInstalment":
        view = super().__new__(cls, amount)
        view.due, view.number, view.of, view.plan = due, number, of, plan
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.due, self.number, self.of, self.plan)


class Schedule(str):
    """An instalment plan that is proposed: prints as a table of dates and amounts, "" in any other text.

    `discount` is what is taken off if every instalment is kept ("" = nothing), `number` how many instalments.
    """

    __slots__ = ("discount", "number")

    discount: str
    number: str

    def __new__(cls, table: str = "", number: str = "", discount: str = "") -> "Schedule":
        view = super().__new__(cls, table)
        view.number, view.discount = number, discount
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.number, self.discount)


def percent(rate: Decimal, language: Language) -> str:
    """fr "12,15 %", en "12.15%"."""
    number = format_number(rate.normalize() if rate else rate, language)
    return f"{number}\u00a0%" if language == "fr" else f"{number}%"


@dataclass(frozen=True, slots=True)
class Payee:
    """How to pay: the IBAN in groups of four, the reference to quote, one link when one page takes it all."""

    iban: str = ""
    bic: str = ""
    reference: str = ""
    link: str = ""


@filled_at_once
@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything one text may say, by the names of the contract (`payment` is the payee)."""

    language: Language
    company: Company
    customer: Customer
    person: str = ""
    invoices: Invoices
    also_open: Invoices = Invoices()
    total: str
    unallocated: str = ""
    to_pay: str
    interest: Interest = Interest()
    compensation: str = ""
    step: int
    as_of: str
    payment: Payee = Payee()
    early: Early = Early()
    instalment: ComingInstalment = ComingInstalment()
    schedule: Schedule = Schedule()


VARIABLES = (
    "company", "customer", "person", "invoices", "also_open", "total", "unallocated", "to_pay", "interest",
    "compensation", "step", "as_of", "payment", "early", "instalment", "schedule",
)  # fmt: skip

SHOWN: Mapping[type, frozenset[str]] = {
    Company: frozenset(Company.__slots__),
    Customer: frozenset(Customer.__slots__),
    ListedInvoice: frozenset({"number", "issued", "due", "open", "days_late", "link", "pay_link", "amount", "paid"}),
    Invoices: frozenset({"detail", "numbers"}),
    Interest: frozenset({"applies", "charged", "daily", "detail"}),
    Payee: frozenset(Payee.__slots__),
    Early: frozenset(Early.__slots__),
    ComingInstalment: frozenset(ComingInstalment.__slots__),
    Schedule: frozenset(Schedule.__slots__),
}


_VALUES = attrgetter(*VARIABLES)


def variables(facts: Facts) -> dict[str, Any]:
    """The names a template sees."""
    return dict(zip(VARIABLES, _VALUES(facts), strict=True))
