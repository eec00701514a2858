"""An invoice of the demo while it is being told: what it is, who pays it when, and what people said about it.

Mutable on purpose: habits, stories and credit notes each add their part before it becomes rows.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.demo.people import Customer
from sync.ledger.model import ONE_DAY


@dataclass(slots=True)
class Promise:
    """`made_on` and `until` are days; the customer is left alone from the one to the other plus two days of grace."""

    made_on: date
    until: date
    amount: int


@dataclass(slots=True)
class Bill:
    """`payments` are (day, cents) and may lie in the future: rows stop at the as-of date.

    `cells` are people's cells of the Invoices tab by column key, list words by their English key.
    `credits` are (day, cents) of credit notes that settle it.
    `quiet` are stretches (first day, last day) without a reminder for this invoice; `quiet_customer` for all of them.
    """

    customer: Customer
    issued: date
    due: date
    amount: int
    number: str = ""
    payments: list[tuple[date, int]] = field(default_factory=list)
    credits: list[tuple[date, int]] = field(default_factory=list)
    cells: dict[str, object] = field(default_factory=dict)
    quiet: list[tuple[date, date]] = field(default_factory=list)
    quiet_customer: list[tuple[date, date]] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    mess: str = ""  # a name of `sync.demo.mess.SPOILERS`: what somebody mistyped on this row
    paid_on: bool = False  # the payment is told by the Paid on cell alone

    def open_on(self, day: date) -> int:
        """Cents left after what was paid and credited to the end of `day`; 0 before the issue date."""
        if day < self.issued:
            return 0
        settled = sum(cents for when, cents in (*self.payments, *self.credits) if when <= day)
        return self.amount - settled

    def is_quiet(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.quiet)

    def promise(self, made_on: date, until: date, amount: int | None = None) -> None:
        self.promises.append(Promise(made_on, until, self.amount if amount is None else amount))
        self.quiet_customer.append((made_on, until + timedelta(days=2)))


def due_date(issued: date, customer: Customer) -> date:
    """Issue date plus the customer's terms; "FM" runs on to the end of the month."""
    days, _, end = (customer.terms or "30").partition(" ")
    due = issued + timedelta(days=int(days))
    if end == "FM":
        due = (due.replace(day=1) + timedelta(days=32)).replace(day=1) - ONE_DAY
    return due


def weekday(day: date) -> date:
    """The day itself, or the Monday after it: banks book nothing at the week-end."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
