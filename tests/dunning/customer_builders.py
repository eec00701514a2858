"""A small account book for stories about one customer: invoices paid so many days after their due date."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from sync.dunning.agreements.promises import promises
from sync.dunning.behaviour.profiles import profiles
from sync.dunning.model import Observation, Profile, Rules, Settings
from sync.ledger.balances import Balances, settle
from sync.ledger.model import Contact, Handling, Instalment, Invoice, JournalRow, Ledger, Payment
from sync.ledger.words import Act

TODAY = date(2026, 6, 30)
PARIS = timezone(timedelta(hours=2))


def rules_of(**settings: Any) -> Rules:
    return Rules(settings=Settings(**{"language": "en", **settings}), cadences=(), routes={}, templates={})


class Book:
    """Rows are added as the story tells them; `ledger()` is what the sheet would say."""

    def __init__(self) -> None:
        self.invoices: list[Invoice] = []
        self.payments: list[Payment] = []
        self.instalments: list[Instalment] = []
        self.journal: list[JournalRow] = []
        self.contacts: dict[str, Contact] = {}

    def bill(self, due: date, amount: int = 100_00, paid: date | None = None, customer: str = "C1", **more: Any) -> str:
        """An invoice of `amount` cents, paid in full on `paid` (None = not paid)."""
        number = more.pop("number", f"F-{len(self.invoices) + 1:04d}")
        handling = more.pop("handling", Handling())
        currency = more.pop("currency", "EUR")
        issued = more.pop("issued", due - timedelta(days=30))
        self.invoices.append(
            Invoice(len(self.invoices) + 2, number, customer, issued, due, amount, currency, handling=handling, **more)
        )
        if paid is not None:
            self.pay(number, amount, paid, customer=customer, currency=currency)
        return number

    def habit(self, delays: list[int], last_due: date = date(2026, 6, 1), every: int = 30, **more: Any) -> None:
        """One invoice every `every` days, the last due on `last_due`, paid so many days after their due date."""
        for back, delay in enumerate(reversed(delays)):
            due = last_due - timedelta(days=every * back)
            self.bill(due, paid=due + timedelta(days=delay), **more)

    def pay(self, number: str, amount: int, on: date, customer: str = "C1", currency: str = "EUR", reference: str = "") -> None:
        self.payments.append(Payment(len(self.payments) + 2, on, number, customer, amount, currency, reference=reference))

    def contact(self, customer: str = "C1", **more: Any) -> None:
        self.contacts[customer] = Contact(row=2, customer=customer, **more)

    def plan(self, *rows: tuple[date, int], invoices: tuple[str, ...], agreed_on: date | None, **more: Any) -> None:
        """Instalments (due, cents) of one plan."""
        plan = more.pop("plan", "P1")
        signed_on = more.pop("signed_on", agreed_on)
        for due, amount in rows:
            self.instalments.append(
                Instalment(
                    row=len(self.instalments) + 2, plan=plan, customer="C1", invoices=invoices, agreed_on=agreed_on,
                    signed_on=signed_on, due=due, amount=amount, **more,
                )
            )  # fmt: skip

    def act(self, on: date, status: Act, **more: Any) -> None:
        when = datetime(on.year, on.month, on.day, 9, tzinfo=PARIS)
        self.journal.append(JournalRow(row=len(self.journal) + 2, when=when, status=status, **{"customer": "C1", **more}))

    def promise(self, made_on: date, for_day: date, *invoices: str, amount: int | None = None) -> None:
        self.act(made_on, Act.PROMISED, invoices=invoices, currency="EUR", new=for_day.isoformat(), amount=amount)

    def remember(self, on: date, seen: list[Observation]) -> None:
        """What the program asks the journal to remember, written there."""
        for one in seen:
            self.act(
                on, Act(one.status), customer=one.customer, currency=one.currency, invoices=one.invoices,
                field=one.field, old=one.old, new=one.new, amount=one.amount,
            )  # fmt: skip

    def ledger(self) -> Ledger:
        return Ledger(
            invoices=self.invoices, contacts=self.contacts, payments=self.payments,
            instalments=self.instalments, journal=self.journal,
        )  # fmt: skip

    def balances(self, as_of: date = TODAY) -> Balances:
        return settle(self.ledger(), as_of)

    def profile(self, as_of: date = TODAY, **settings: Any) -> Profile:
        """The only profile of the book."""
        (found,) = profiles(self.ledger(), self.balances(as_of), rules_of(**settings))
        return found

    def promised(self, as_of: date = TODAY, **settings: Any) -> Any:
        return promises(self.ledger(), self.balances(as_of), rules_of(**settings).settings)
