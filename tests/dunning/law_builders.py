"""Small records for the tests of the law: only what a case is about."""

from datetime import date
from decimal import Decimal
from typing import Any

from sync.dunning.model import Rules, Settings
from sync.ledger.model import Contact, Invoice
from sync.ledger.words import Kind


def day(text: str) -> date:
    return date.fromisoformat(text)


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def invoice(amount: str = "1000.00", due: str = "2025-09-30", issued: str = "", currency: str = "EUR", **more: Any) -> Invoice:
    due_on = day(due)
    return Invoice(2, "F-1", "C1", day(issued) if issued else due_on, due_on, cents(amount), currency, **more)


def contact(kind: Kind | None = Kind.BUSINESS, country: str = "", **more: Any) -> Contact:
    return Contact(row=2, customer="C1", kind=kind, country=country, **more)


def rules(**settings: Any) -> Rules:
    return Rules(settings=Settings(**settings), cadences=(), routes={}, templates={})


def paid(*movements: tuple[str, str]) -> list[tuple[date, int]]:
    return [(day(on), cents(amount)) for on, amount in movements]
