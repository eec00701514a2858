"""What a text may say: small views, already in the letter's language, that print as people expect.

`{{ company }}` prints the name and `{{ company.address }}` the address; `{{ invoices }}` prints the whole statement and
`{% for invoice in invoices %}` walks it. An absent fact is "" and is false in `{% if %}`. The attributes listed in
`SHOWN` are all that a text can reach: the sandbox refuses every other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sync.ledger.words import Language
from sync.letters.table import aligned


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
    """One line of the statement. `link` is the invoice file, `pay_link` the page where it can be paid."""

    number: str
    issued: str  # "12 janvier 2026"
    due: str
    open: str  # "1 200,00 €"
    days_late: int  # 0 until late; a text that prints it is true on one day only
    link: str
    pay_link: str
    amount: str
    paid: str  # payments and credit notes so far
    issued_short: str  # "12/01/2026"
    due_short: str

    def __str__(self) -> str:
        return self.number


class Sum(NamedTuple):
    label: str
    amount: str


_HEADINGS: Mapping[Language, tuple[str, ...]] = {
    "fr": ("Facture", "Émise le", "Échéance", "Montant TTC", "Déjà réglé", "Reste dû"),
    "en": ("Invoice", "Issued", "Due", "Amount", "Paid so far", "Still open"),
}


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
        heading = _HEADINGS[self.language]
        rows = [(line.number, line.issued_short, line.due_short, line.open) for line in self]
        return aligned((*heading[:3], heading[5]), rows, 1, self.sums)

    @property
    def detail(self) -> str:
        """The statement with the amount and what was paid of each invoice."""
        if not self:
            return ""
        rows = [(line.number, line.issued_short, line.due_short, line.amount, line.paid, line.open) for line in self]
        return aligned(_HEADINGS[self.language], rows, 3, self.sums)

    @property
    def numbers(self) -> str:
        return ", ".join(line.number for line in self)


class Interest(str):
    """Late-payment interest so far: prints as an amount, "" when none can or may be shown.

    `applies`: the law and the settings allow the letter to say that late payment costs interest.
    `charged`: the amount is asked for, not only mentioned. `daily` is what one more day adds; `detail` the calculation.
    """

    __slots__ = ("applies", "charged", "daily", "detail")

    applies: bool
    charged: bool
    daily: str
    detail: str

    def __new__(
        cls, amount: str = "", applies: bool = False, charged: bool = False, daily: str = "", detail: str = ""
    ) -> "Interest":
        view = super().__new__(cls, amount)
        view.applies, view.charged, view.daily, view.detail = applies, charged, daily, detail
        return view

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.applies, self.charged, self.daily, self.detail)


@dataclass(frozen=True, slots=True)
class Payee:
    """How to pay: the IBAN in groups of four, the reference to quote, one link when one page takes it all."""

    iban: str = ""
    bic: str = ""
    reference: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
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


VARIABLES = (
    "company", "customer", "person", "invoices", "also_open", "total", "unallocated", "to_pay", "interest",
    "compensation", "step", "as_of", "payment",
)  # fmt: skip

SHOWN: Mapping[type, frozenset[str]] = {
    Company: frozenset(Company.__slots__),
    Customer: frozenset(Customer.__slots__),
    ListedInvoice: frozenset(ListedInvoice.__slots__),
    Invoices: frozenset({"detail", "numbers"}),
    Interest: frozenset(Interest.__slots__),
    Payee: frozenset(Payee.__slots__),
}


def variables(facts: Facts) -> dict[str, Any]:
    """The names a template sees."""
    return {name: getattr(facts, name) for name in VARIABLES}
