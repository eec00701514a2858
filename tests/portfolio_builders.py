"""Short words to write a portfolio in a test: amounts in units, dates in ISO."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sync.ledger.model import UNHANDLED, Cents, Handling, Invoice, JournalRow, Ledger, Payment
from sync.ledger.words import Act


def day(text: str) -> date:
    return date.fromisoformat(text)


def number(text: str) -> int:
    return day(text).toordinal()


def cents(amount: str | int) -> Cents:
    return int(Decimal(str(amount)) * 100)


def invoice(
    key: str,
    issued: str,
    due: str,
    amount: str | int,
    *,
    customer: str = "C1",
    currency: str = "EUR",
    applies_to: str = "",
    paid_on: str | None = None,
    handling: Handling = UNHANDLED,
) -> Invoice:
    return Invoice(
        row=2, number=key, customer=customer, issued=day(issued), due=day(due), amount=cents(amount), currency=currency,
        applies_to=applies_to, paid_on=day(paid_on) if paid_on else None, handling=handling,
    )  # fmt: skip


def payment(paid_on: str, key: str, amount: str | int, *, customer: str = "C1", currency: str = "EUR") -> Payment:
    return Payment(row=2, paid_on=day(paid_on), invoice=key, customer=customer, amount=cents(amount), currency=currency)


def ledger(*rows: Invoice | Payment, journal: tuple[JournalRow, ...] = ()) -> Ledger:
    return Ledger(
        invoices=[row for row in rows if isinstance(row, Invoice)],
        payments=[row for row in rows if isinstance(row, Payment)],
        contacts={},
        journal=journal,
    )


def act(when: str, status: Act, *numbers: str, step: int | None = None, **cells: object) -> JournalRow:
    """A journal row; `numbers` are the invoices it names."""
    moment = datetime.combine(day(when), datetime.min.time(), UTC)
    defaults: dict[str, object] = {"customer": "C1", "currency": "EUR", "cadence": "standard", "channel": "email"}
    return JournalRow(row=2, when=moment, status=status, invoices=numbers, step=step, **{**defaults, **cells})  # type: ignore[arg-type]
