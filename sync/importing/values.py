"""Texts of an export as cells of the sheet: dates in a stated order, amounts in the file's own convention.

The ledger's strict parsers read everything that is clear. What remains is decided for a whole column: the order of
day and month by the person (`--dates`), the decimal mark by the other amounts of the file when they prove it.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from sync.ledger.cells import CellError
from sync.ledger.dates import AmbiguousDate, parse_date
from sync.ledger.model import Cents
from sync.ledger.money import AmbiguousAmount, UnreadableAmount, parse_amount
from sync.ledger.reading.values import parse_word
from sync.ledger.words import Language, fold, word_for

DateOrder = Literal["dmy", "mdy", "ymd"]
ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")

_PARTS = re.compile(r"([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})(?:[ T].*)?")
_SOLID = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{2})")
_SIDE = re.compile(r"(.*[0-9])\s*(CR?|D[RB]?)\.?", re.IGNORECASE)
_TOTAL = re.compile(r"\s*(?:grand[\s-]+|sous[\s-]*|sub[\s-]*|s/[\s-]*)?tota(?:l|ls|ux)\b", re.IGNORECASE)
_LAST_DECIMALS = re.compile(r"([.,])[0-9]{1,2}\D*$")


def read_date(text: str, order: DateOrder | None) -> date:
    """The day a text means. Raises `DateError`: AmbiguousDate when only the order could tell."""
    parts = _PARTS.fullmatch(text.strip())
    if order is None and parts and len(parts[4]) == 4 and int(parts[1]) == int(parts[3]):
        order = "dmy"  # 01/01/2026 is the same day in either order
    if order is None:
        return parse_date(text, "en")
    if parts and len(parts[1]) <= 2 and (len(parts[4]) in (2, 4) or order == "ymd"):
        return _ordered(parts[1], parts[3], parts[4], order)
    solid = _SOLID.fullmatch(text.strip())
    if solid and order != "ymd":
        try:
            return _ordered(solid[1], solid[2], solid[3], order)
        except CellError:
            return parse_date(text, "en")  # 20260331 is no day 20 of month 26
    return parse_date(text, "en")


def _ordered(one: str, two: str, three: str, order: DateOrder) -> date:
    year, month, day = {"dmy": (three, two, one), "mdy": (three, one, two), "ymd": (one, two, three)}[order]
    full_year = int(year) if len(year) == 4 else 2000 + int(year)
    return parse_date(f"{full_year:04d}-{int(month):02d}-{int(day):02d}", "en")


def is_ambiguous_date(text: str) -> bool:
    try:
        read_date(text, None)
    except AmbiguousDate:
        return True
    except CellError:
        return False
    return False


def order_shown(texts: Iterable[str]) -> DateOrder | None:
    """The one order in which every date of the file exists; None when several are possible, or none."""
    possible = set(ORDERS)
    seen = False
    for text in texts:
        if not _PARTS.fullmatch(text.strip()):
            continue
        seen = True
        possible = {order for order in possible if _reads(text, order)}
    return next(iter(possible)) if seen and len(possible) == 1 else None


def _reads(text: str, order: DateOrder) -> bool:
    try:
        read_date(text, order)
    except CellError:
        return False
    return True


def decimal_mark(texts: Iterable[str]) -> str | None:
    """ "," or "." when some amount of the file ends in one or two decimals after it, and none after the other."""
    marks = {found[1] for text in texts if (found := _LAST_DECIMALS.search(text))}
    return marks.pop() if len(marks) == 1 else None


def read_money(text: str, mark: str | None) -> tuple[int, str]:
    """(cents, currency sign or ""). `mark` settles `1.234` and `1,234`. Raises `MoneyError`."""
    try:
        amount = parse_amount(text)
    except AmbiguousAmount:
        if mark is None or text.count(mark) > 0:
            raise
        # The only separator is not the file's decimal mark: it stands between thousands.
        amount = parse_amount(text.replace("." if mark == "," else ",", ""))
    return amount.cents, amount.sign


def read_balance(text: str, mark: str | None) -> Cents:
    """What is still owed, in cents: `20,00 D` is a debit (owed), `20,00 C` a credit (negative). Raises `MoneyError`."""
    side = _SIDE.fullmatch(text.strip())
    if side is None:
        return read_money(text, mark)[0]
    cents = read_money(side[1], mark)[0]
    if cents < 0:
        raise UnreadableAmount  # a sign and a side: which of them counts?
    return -cents if side[2].upper().startswith("C") else cents


def read_word(list_name: str, text: str, language: Language) -> str | None:
    """The sheet's word for a text that the sheet itself would understand, None when the list has no such word."""
    try:
        return word_for(list_name, parse_word(text, list_name), language)
    except CellError:
        return None


def is_total(text: str) -> bool:
    """Whether a line that begins so is one of sums ("Total", "Sous-total C2")."""
    return _TOTAL.match(text) is not None


CREDIT_NOTES = frozenset(
    map(fold, ("avoir", "avoir client", "facture d'avoir", "credit note", "credit memo", "credit", "av", "cn", "a"))
)


def is_credit_note(text: str) -> bool:
    return fold(text) in CREDIT_NOTES
