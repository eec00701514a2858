"""One raw cell -> one value: text, keys, numbers. Money and dates have their own modules.

Small parsers raise a `CellError` whose class says why (one class per code of `PROBLEMS`); the row readers collect.
A cell may hold anything a carrier decodes: text, a number, a boolean, a date, a time, or nothing.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import ClassVar

Cell = object  # str | int | float | bool | date | datetime | time | None, as decoded by a carrier


class CellError(ValueError):
    """A cell that cannot be read. `code` is a key of `PROBLEMS`; `params` fill its sentence."""

    code: ClassVar[str] = "unreadable_value"

    def __init__(self, **params: str) -> None:
        super().__init__(self.code)
        self.params: Mapping[str, str] = params


class ErrorCell(CellError):
    """The sheet itself shows an error (#REF!, #N/A, Loading…)."""

    code = "error_cell"


class UnreadableKey(CellError):
    """A key that the sheet has changed into something else: a date, a truth value, a rounded number."""

    code = "unreadable_key"


class UnreadableNumber(CellError):
    code = "unreadable_number"


class NotWhole(CellError):
    code = "not_a_whole_number"


# Excel and Sheets in English and French, then LibreOffice ("Err:502"). Sheets shows "Loading..." while it computes.
_ERROR = re.compile(
    r"#(?:REF|N/A|N/D|NA|NAME|NOM|VALUE|VALEUR|DIV/0|NUM|NOMBRE|NULL|NUL|ERROR|ERREUR|SPILL|EPARS|CALC|BLOCKED|FIELD|CONNECT"
    r"|UNKNOWN|BUSY|GETTING_DATA)[!?]?|ERR:\d{3}|LOADING(?:\.{3}|…)|CHARGEMENT(?:\.{3}|…)",
    re.IGNORECASE,
)

# Control and invisible direction characters, and half characters that cannot be written as UTF-8.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff"
_UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_INVISIBLE}]")
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
_SPACES = re.compile(r"\s+")

_USUAL_SPACES = "\n\t\u00a0\u202f"  # ordinary in a text, though not printable

_MAX_EXACT = 10**15  # a sheet keeps fifteen digits of a number; more are already lost


def is_blank(cell: Cell) -> bool:
    """Nothing, or text made of spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_error(text: str) -> bool:
    """Whether the text is what a sheet shows for a formula that failed (or has not finished)."""
    return len(text) < 20 and _ERROR.fullmatch(text.strip()) is not None


def cell_text(cell: Cell) -> str:
    """A cell as a person would quote it, on one line: for problems and for text columns."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return one_line(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MAX_EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return one_line(str(cell))


def one_line(text: str) -> str:
    """Text on one line, without control characters, spaces trimmed and made plain."""
    if text.isprintable():  # no control character, no space but the plain one
        return text.strip()
    return _SPACES.sub(" ", _UNWANTED.sub("", text)).strip()


def many_lines(text: str) -> str:
    """Text of several lines: control characters go, line breaks become \\n, nothing else changes (drafts are compared)."""
    plain = text
    for space in _USUAL_SPACES:
        plain = plain.replace(space, " ")
    if plain.isprintable():  # several times faster than the search below
        return text
    return _UNWANTED.sub("", _LINE_BREAKS.sub("\n", text))


def parse_text(cell: Cell) -> str:
    """One line of text; "" when blank. Raises ErrorCell."""
    text = cell_text(cell)
    if text and is_error(text):
        raise ErrorCell
    return text


def parse_long_text(cell: Cell) -> str:
    """Text of several lines, trimmed; "" when blank. Raises ErrorCell."""
    return parse_exact_text(cell).strip()


def parse_exact_text(cell: Cell) -> str:
    """A draft or a template, as it stands, outer spaces and blank lines too; "" when blank. Raises ErrorCell."""
    if not isinstance(cell, str):
        return parse_text(cell)
    if is_error(cell):
        raise ErrorCell
    text = many_lines(cell)
    return text if text.strip() else ""


def parse_key(cell: Cell) -> str:
    """A key exactly as typed (leading zeros too), without outer spaces; a native whole number 42.0 is "42"; "" when blank.

    Raises UnreadableKey for what a sheet has changed: "3-4" become a date, a number of more than fifteen digits.
    """
    if isinstance(cell, str) or cell is None:
        return parse_text(cell)
    if isinstance(cell, bool):
        raise UnreadableKey
    if isinstance(cell, int | float) and abs(cell) < _MAX_EXACT:
        return cell_text(cell)
    raise UnreadableKey


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,12}(?:[.,][0-9]{1,12})?|[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,12})?)")


def parse_number(cell: Cell) -> Decimal:
    """A ratio, a score or a percentage ("12,5 %" is 12.5). One separator only, read as the decimal mark.

    Raises UnreadableNumber, ErrorCell.
    """
    if isinstance(cell, bool):
        raise UnreadableNumber
    if isinstance(cell, int | float | Decimal):
        try:
            number = Decimal(str(cell))
        except InvalidOperation:  # pragma: no cover - str() of a number is always a decimal
            raise UnreadableNumber from None
        if not number.is_finite() or abs(number) >= _MAX_EXACT:
            raise UnreadableNumber
        return number
    text = parse_text(cell).replace("\u2212", "-").removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(text):
        raise UnreadableNumber
    return Decimal(text.replace(" ", "").replace(",", "."))


def parse_whole(cell: Cell) -> int:
    """A whole number. Raises NotWhole, ErrorCell."""
    try:
        number = parse_number(cell)
    except UnreadableNumber:
        raise NotWhole from None
    if number != number.to_integral_value():
        raise NotWhole
    return int(number)
