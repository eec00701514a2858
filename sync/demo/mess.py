"""The cells of real sheets: dates as text, amounts as people type them, a copied row, an error, a spare blank line.

Some of it Relance reads without a word; the rest it must report and leave alone. Both are here on purpose.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sync.ledger.words import Language
from sync.workbook.tabs import Cell

Row = dict[str, Cell]
NBSP, NNBSP = "\u00a0", "\u202f"


def typed_amount(cents: int, language: Language, form: int) -> str:
    """An unambiguous amount as text, in one of the forms people type."""
    whole, rest = divmod(cents, 100)
    grouped = f"{whole:,}"
    if language == "fr":
        forms = (
            grouped.replace(",", " ") + f",{rest:02d} €", grouped.replace(",", NBSP) + f",{rest:02d}{NBSP}€",
            grouped.replace(",", NNBSP) + f",{rest:02d}", f"{whole},{rest:02d}", grouped.replace(",", ".") + f",{rest:02d}",
        )  # fmt: skip
    else:
        forms = (
            f"{grouped}.{rest:02d}", f"€{grouped}.{rest:02d}", f"{whole}.{rest:02d}", f"{grouped}.{rest:02d} EUR",
            f" {whole}.{rest:02d}{NBSP}",
        )  # fmt: skip
    return forms[form % len(forms)]


def typed_date(day: date, language: Language, form: int) -> str:
    """An unambiguous date as text: the day first is understood in a French sheet only, ISO in both."""
    iso = day.isoformat()
    forms = [iso, f"{iso} ", f"{NBSP}{iso}"]
    if language == "fr":
        forms += [
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d/%m/%Y} ",
            f"{day:%d-%m-%Y}",
            f"{day:%d.%m.%Y}",
        ]
    return forms[-1 - form % len(forms)]


def retype(rows: list[Row], language: Language, rng: random.Random) -> None:
    """Some settled invoices were typed by hand; Relance reads them as they stand."""
    in_euros = [row for row in rows if "currency" not in row]
    for form, row in enumerate(rng.sample(in_euros, min(26, len(in_euros)))):
        issued, due, amount = row["issued"], row["due"], row["amount"]
        if form % 3 == 0 and isinstance(amount, float):
            row["amount"] = typed_amount(round(amount * 100), language, form // 3)
        elif form % 3 == 1 and isinstance(issued, date) and isinstance(due, date):
            row["issued"], row["due"] = typed_date(issued, language, form // 3), typed_date(due, language, form // 3)
        else:
            row["customer"] = f"{row['customer']}{' ' if form % 2 else NBSP}"


def _ambiguous_amount(row: Row, language: Language, as_of: date) -> None:
    row["amount"] = "1,234" if language == "en" else "1.234"


def _impossible_date(row: Row, language: Language, as_of: date) -> None:
    row["due"] = f"31/02/{as_of.year}" if language == "fr" else f"{as_of.year}-02-31"


def _words_or_two_readings(row: Row, language: Language, as_of: date) -> None:
    """Words instead of a date in French, a date of two readings in English."""
    row["due"] = "fin de mois" if language == "fr" else f"03/04/{as_of.year}"


def _error_cell(row: Row, language: Language, as_of: date) -> None:
    row["amount"] = "#REF!"


def _paid_tomorrow(row: Row, language: Language, as_of: date) -> None:
    row["paid_on"] = as_of + timedelta(days=35)


def _unknown_customer(row: Row, language: Language, as_of: date) -> None:
    row["customer"] = "C0999"


def _as_it_is(row: Row, language: Language, as_of: date) -> None:
    """The number of this row is copied onto the next one: see `spoil`."""


SPOILERS: dict[str, Callable[[Row, Language, date], None]] = {
    "ambiguous amount": _ambiguous_amount,
    "impossible date": _impossible_date,
    "late word": _words_or_two_readings,
    "error cell": _error_cell,
    "paid tomorrow": _paid_tomorrow,
    "unknown customer": _unknown_customer,
    "duplicate": _as_it_is,
    "duplicate of the last": _as_it_is,
}


def spoil(messy: list[tuple[str, Row]], language: Language, as_of: date) -> None:
    """Give each (mess, row) its mistake. The copied row takes the number of the row it was copied from."""
    copied: Cell = None
    for mess, row in messy:
        SPOILERS[mess](row, language, as_of)
        if mess == "duplicate":
            copied = row["invoice"]
    for mess, row in messy:
        if mess == "duplicate of the last":
            row["invoice"] = copied


def with_blank_rows(rows: list[Row]) -> list[Row]:
    """A blank line here and there, as people leave them."""
    spread = list(rows)
    for position in (len(rows) * 3 // 4, len(rows) // 2, len(rows) // 4):
        spread.insert(position, {})
    return spread
