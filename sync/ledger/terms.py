"""Payment terms: "30", "45 FM" (end of month), "30 FM 10" (then the 10th), "FM 45" -> a due date.

"45 days end of month" has two admitted computations in France: 45 days then the end of the month (`45 FM`, the
reading of the words in their order), or the end of the month then 45 days (`FM 45`). A sheet says which one it means.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sync.ledger.cells import Cell, CellError, cell_text
from sync.ledger.model import ONE_DAY
from sync.ledger.words import fold


class UnreadableTerms(CellError):
    code = "unreadable_terms"


@dataclass(frozen=True, slots=True)
class Terms:
    """`days` after the issue date; then the end of that month when `end_of_month`; then day `on` of the next month.

    `month_first`: the end of the issue month comes first, and the days after it.
    """

    days: int
    end_of_month: bool = False
    on: int | None = None
    month_first: bool = False


_WORDS = {
    "findumois": "fm", "findemois": "fm", "endofmonth": "fm", "eom": "fm", "fm": "fm", "fdm": "fm",
    "jours": "", "jour": "", "days": "", "day": "", "j": "", "d": "", "net": "", "nets": "", "le": "", "the": "", "on": "",
}  # fmt: skip
_ON_RECEIPT = {"comptant", "areception", "reception", "onreceipt", "uponreceipt", "immediate", "cash"}
_PIECES = re.compile(r"[0-9]+|fin de mois|fin du mois|end of month|[^\W\d_]+", re.IGNORECASE)


def parse_terms(cell: Cell) -> Terms:
    """Raises UnreadableTerms. More than a year is refused; a day of the month is 1 to 31."""
    text = cell_text(cell)
    if fold(text) in _ON_RECEIPT:
        return Terms(0)
    if _PIECES.sub("", text).strip(" .,"):
        raise UnreadableTerms
    pieces = [piece if piece.isdigit() else _WORDS.get(fold(piece), "?") for piece in _PIECES.findall(text)]
    match [piece for piece in pieces if piece]:
        case [days] if days.isdigit():
            terms = Terms(int(days))
        case [days, "fm"] if days.isdigit():
            terms = Terms(int(days), end_of_month=True)
        case [days, "fm", on] if days.isdigit() and on.isdigit():
            terms = Terms(int(days), end_of_month=True, on=int(on))
        case ["fm"]:
            terms = Terms(0, end_of_month=True)
        case ["fm", days] if days.isdigit():
            terms = Terms(int(days), end_of_month=True, month_first=True)
        case _:
            raise UnreadableTerms
    if terms.days > 365 or (terms.on is not None and not 1 <= terms.on <= 31):
        raise UnreadableTerms
    return terms


@cache
def cached_terms(text: str) -> Terms:
    """`parse_terms` for the few distinct texts of a sheet. Raises UnreadableTerms."""
    return parse_terms(text)


def due_date(issued: date, terms: Terms) -> date:
    """The last day to pay. Day 31 in a short month is that month's last day."""
    if terms.month_first:
        return _end_of_month(issued) + timedelta(days=terms.days)
    due = issued + timedelta(days=terms.days)
    if terms.end_of_month:
        due = _end_of_month(due)
    if terms.on is not None:
        following = due + ONE_DAY
        due = following.replace(day=min(terms.on, monthrange(following.year, following.month)[1]))
    return due


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
