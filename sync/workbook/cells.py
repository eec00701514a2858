"""Values as a workbook can hold them, whatever the carrier: cleaned, and compared as they will be read back."""

import math
import re
from datetime import date, datetime
from typing import Final

from sync.workbook.tabs import Cell

MAX_TEXT: Final = 32_767  # what an Excel cell holds, in UTF-16 units (a Google cell holds more)
CUT_MARK: Final = " […]"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FIRST_SAFE_DAY = date(1900, 3, 1)  # before it Excel's calendar is wrong


def storable(cell: Cell) -> Cell:
    """The cell as the file can hold it and as it is read back: "" is None, 12.0 is 12, illegal characters are gone."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        return clean_text(cell) or None
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        cell = cell.replace(tzinfo=None, microsecond=0)
        if cell.hour == cell.minute == cell.second == 0:
            return _storable_day(cell.date())
        return cell if cell.date() >= _FIRST_SAFE_DAY else cell.isoformat(" ")
    if isinstance(cell, date):
        return _storable_day(cell)
    return cell


def _storable_day(day: date) -> Cell:
    return day if day >= _FIRST_SAFE_DAY else day.isoformat()


def clean_text(text: str) -> str:
    """Without characters that XML forbids, line ends as "\\n", cut (with a mark) to what a cell holds."""
    if len(text) <= MAX_TEXT // 2 and text.isprintable():
        return text
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - len(CUT_MARK))].decode("utf-16-le", "ignore") + CUT_MARK


def same_cell(one: Cell, other: Cell) -> bool:
    """Whether two cells hold the same thing, however typed by the carrier (12 and 12.0; "" and None)."""
    if one is other or (type(one) is type(other) and one == other):
        return True
    one, other = storable(one), storable(other)
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return one == other
