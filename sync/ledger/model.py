"""The facts of the sheet as records: every field explained, nothing concluded.

Conventions. Money is integer cents (`Cents`). Dates are calendar dates in the company's time zone.
Ranges of days include the start and exclude the end. An invoice is late from the day *after* its due date.
`row` is the row of the sheet (1 = headings), so that a sentence to a person can point at a cell.
Text cells arrive stripped; a blank cell is "" (text) or None (anything else).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from sync.ledger.words import Act, DelayReason, Kind, Language, Outcome, PaymentMeans, Segment, Send, Status

Cents = int
CustomerKey = tuple[str, str]  # customer, currency: what is owed is never summed over currencies
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Handling:
    """What people say about one invoice beside its facts. Most rows say nothing and share `UNHANDLED`."""

    status: Status = Status.OPEN
    status_on: date | None = None
    reason: DelayReason | None = None
    reason_on: date | None = None
    disputed_amount: Cents | None = None  # None = all of it
    promised: date | None = None
    promised_amount: Cents | None = None  # None = the open balance
    hold: date | None = None  # quiet to the end of that day
    cadence: str = ""
    last_step: int | None = None  # done before Relance
    last_contact: date | None = None
    payment_link: str = ""
    document_link: str = ""
    note: str = ""


UNHANDLED = Handling()


@dataclass(frozen=True, slots=True)
class DraftCells:
    """The draft and the button as they stand on a row; `subject` and `draft` may be ours or a person's."""

    send: Send | None = None
    subject: str = ""
    draft: str = ""
    mark: str = ""  # fingerprint of the draft we wrote there (see sync/letters/drafts.py)


NO_DRAFT = DraftCells()


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice (amount > 0) or a credit note (amount < 0, counting from its issue date)."""

    row: int
    number: str
    customer: str
    issued: date
    due: date
    amount: Cents
    currency: str
    applies_to: str = ""  # the invoice a credit note settles
    paid_on: date | None = None  # shortcut: paid in full that day, if no payment row names the invoice
    due_is_assumed: bool = False  # no due date in the sheet: issue date + terms
    handling: Handling = UNHANDLED
    draft: DraftCells = NO_DRAFT
    doubtful: bool = False  # a cell of this row (or of a payment naming it) cannot be trusted: no reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A customer. `natural_person` None = unknown; `kind` None = unknown."""

    row: int
    customer: str
    name: str = ""
    person: str = ""
    emails: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    phone: str = ""
    address: str = ""
    country: str = ""  # ISO 3166 alpha-2, upper case ("GB"); "" = the company's
    kind: Kind | None = None
    natural_person: bool | None = None
    language: Language | None = None
    segment_set: Segment | None = None
    cadence: str = ""
    terms: str = ""
    payment_means: PaymentMeans | None = None
    do_not_contact: bool = False
    manager: str = ""
    credit_limit: Cents | None = None
    debt_ratio: Decimal | None = None
    liquidity: Decimal | None = None
    capacity: Cents | None = None  # a month
    rating: Decimal | None = None  # 0..100, 100 best
    guarantee: str = ""
    interest_rate: str = ""  # percent a year ("10.5"), or "3x legal"; "" = by law
    insolvent_on: date | None = None
    company_id: str = ""
    note: str = ""
    doubtful: bool = False  # a cell of this row cannot be trusted: no reminder to this customer


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received (amount > 0) or returned (amount < 0).

    `invoice` is "" when not allocated; reading has already cleared an allocation that cannot be trusted.
    """

    row: int
    paid_on: date
    invoice: str
    customer: str
    amount: Cents
    currency: str
    method: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One row of the Plans tab."""

    row: int
    plan: str
    customer: str
    invoices: tuple[str, ...]
    agreed_on: date | None
    signed_on: date | None
    due: date
    amount: Cents
    discount: Cents = 0
    document_link: str = ""
    note: str = ""


ERASED = "erased:"  # before the digest that stands for words of the Journal that must no longer be held


def is_erased(text: str) -> bool:
    """Forgotten on request: nobody can read it any more."""
    return text.startswith(ERASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One act of the append-only journal. `when` is aware. Blank cells are "", None or ()."""

    row: int
    when: datetime
    run: str = ""
    actor: str = ""
    customer: str = ""
    invoices: tuple[str, ...] = ()
    currency: str = ""
    cadence: str = ""
    step: int | None = None
    occurrence: int | None = None
    channel: str = ""  # a word of the list `channel`, or "" for observations
    status: Act
    amount: Cents | None = None
    recipient: str = ""
    message_id: str = ""
    subject: str = ""
    text: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    note: str = ""
    key: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayRow:
    """A row of the Today tab as a person left it. `task` is "" on a row that a person logged from nothing."""

    row: int
    task: str
    kind: str = ""
    customer: str = ""
    invoices: tuple[str, ...] = ()
    outcome: Outcome | None = None
    date: dt.date | None = None
    amount_promised: Cents | None = None
    note: str = ""
    doubtful: bool = False  # a cell of this row cannot be trusted: nothing is applied and the row stays


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything the sheet says, read and typed, in the order of its rows.

    `invoices` has every row whose number, customer, dates and amount can be read (drafts and cancelled ones too);
    `contacts` by customer key; `instalments` in row order; `journal` in journal order.
    `payments_as_of` is the latest date the sheet itself shows money was looked at, None when it shows none.
    """

    invoices: Sequence[Invoice] = ()
    contacts: Mapping[str, Contact]
    payments: Sequence[Payment] = ()
    instalments: Sequence[Instalment] = ()
    journal: Sequence[JournalRow] = ()
    today_rows: Sequence[TodayRow] = ()
    doubtful_customers: frozenset[str] = frozenset()  # an unreadable payment row names the customer and no invoice
    payments_as_of: date | None = None
    rows_rejected: int = 0  # data rows left out of the figures (kpis `quality`)

    @cached_property
    def by_number(self) -> Mapping[str, Invoice]:
        """The invoices and credit notes by their numbers, which are unique."""
        return {invoice.number: invoice for invoice in self.invoices}

    @cached_property
    def by_account(self) -> Mapping[CustomerKey, Sequence[Invoice]]:
        """All the rows of each customer in each currency, in their order."""
        found: dict[CustomerKey, list[Invoice]] = defaultdict(list)
        for invoice in self.invoices:
            found[invoice.customer, invoice.currency].append(invoice)
        return dict(found)
