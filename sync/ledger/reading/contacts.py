"""The Contacts tab: who the customers are. A problem in a row makes the whole contact doubtful: no reminder goes there."""

from collections.abc import Sequence

from sync.ledger.cells import Cell, parse_key, parse_long_text, parse_number
from sync.ledger.model import Contact
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, flags, picked, records
from sync.ledger.reading.context import Context
from sync.ledger.reading.values import (
    parse_country_cell,
    parse_email,
    parse_emails,
    parse_interest_rate,
    parse_language,
    parse_score,
    parse_yes_no,
    word_parser,
)
from sync.ledger.terms import parse_terms
from sync.ledger.words import Kind, PaymentMeans, Segment

PEOPLE = (
    "customer", "name", "person", "email", "cc", "phone", "address", "country", "kind", "natural_person", "language",
    "segment_set", "cadence", "terms", "payment_means", "do_not_contact", "manager", "credit_limit", "debt_ratio", "liquidity",
    "capacity", "rating", "guarantee", "interest_rate", "insolvent_on", "company_id", "note",
)  # fmt: skip


def read_contacts(tab: TabLike, context: Context) -> dict[str, Contact]:
    """The contacts by customer key, in the order of their rows.

    A key that stands twice keeps its first row, doubtful: which of the addresses is right cannot be told.
    """
    sheet = context.sheet("contacts", tab)
    customers = sheet.keys("customer")
    unnamed = [i for i, customer in enumerate(customers) if not customer]
    sheet.require("customer", customers, sheet.blank_rows(unnamed, PEOPLE))
    values = _columns(sheet, context)
    kinds, persons = values["kind"], values["natural_person"]
    for i, kind in enumerate(kinds):
        if kind is Kind.CONSUMER and persons[i] is None:
            persons[i] = True
    _tell_duplicates(sheet, customers)
    first: dict[str, int] = {}
    for i, customer in enumerate(customers):
        if customer:
            first.setdefault(customer, i)
    columns: dict[str, Sequence[object]] = {
        "row": range(sheet.first_row, sheet.first_row + sheet.size),
        "customer": customers,
        **values,
        "doubtful": flags(sheet.bad, sheet.size),
    }
    kept = list(first.values())
    return dict(zip(first, records(Contact, len(kept), picked(columns, kept, sheet.size)), strict=True))


def _columns(sheet: Sheet, context: Context) -> dict[str, list]:  # type: ignore[type-arg]  # a list of each field's own type
    currencies: Sequence[str | None] = [context.currency] * sheet.size
    nothing: list[None] = [None] * sheet.size
    warning = Severity.WARNING
    values: dict[str, Sequence[object]] = {
        "name": sheet.texts("name"),
        "person": sheet.texts("person"),
        "emails": _emails(sheet, "email"),
        "cc": _emails(sheet, "cc"),
        "phone": sheet.texts("phone", severity=warning),
        "address": sheet.texts("address", parse_long_text),
        "country": sheet.texts("country", parse_country_cell),
        "kind": sheet.values("kind", word_parser("kind", Kind)),
        "natural_person": sheet.values("natural_person", parse_yes_no),
        "language": sheet.values("language", parse_language),
        "segment_set": sheet.values("segment_set", word_parser("segment", Segment)),
        "cadence": sheet.texts("cadence"),
        "terms": sheet.texts("terms", _terms),
        "payment_means": sheet.values("payment_means", word_parser("payment_means", PaymentMeans)),
        "do_not_contact": [bool(value) for value in sheet.values("do_not_contact", parse_yes_no)],
        "manager": sheet.texts("manager", _manager, warning),
        "credit_limit": sheet.money("credit_limit", currencies) or nothing,
        "debt_ratio": sheet.values("debt_ratio", parse_number),
        "liquidity": sheet.values("liquidity", parse_number),
        "capacity": sheet.money("capacity", currencies) or nothing,
        "rating": sheet.values("rating", parse_score),
        "guarantee": sheet.texts("guarantee", severity=warning),
        "interest_rate": sheet.texts("interest_rate", parse_interest_rate),
        "insolvent_on": sheet.values("insolvent_on", context.parse_day),
        "company_id": sheet.texts("company_id", parse_key, warning),
        "note": sheet.texts("note", parse_long_text, warning),
    }
    return {key: list(column) for key, column in values.items()}


def _emails(sheet: Sheet, key: str) -> list[tuple[str, ...]]:
    return [addresses or () for addresses in sheet.values(key, parse_emails)]


def _terms(cell: Cell) -> str:
    """The text of terms that can be understood. Raises UnreadableTerms."""
    parse_terms(cell)
    return parse_key(cell)


def _manager(cell: Cell) -> str:
    return parse_email(cell if isinstance(cell, str) else str(cell))


def _tell_duplicates(sheet: Sheet, customers: Sequence[str]) -> None:
    places: dict[str, list[int]] = {}
    for i, customer in enumerate(customers):
        if customer:
            places.setdefault(customer, []).append(i)
    for same in places.values():
        for i in same if len(same) > 1 else ():
            sheet.problem(i, "customer", "duplicate_customer", rows=", ".join(str(sheet.row(j)) for j in same[:20] if j != i))
