"""Cells between Google's JSON and ours: unformatted values in, RAW values out, dates as serial numbers."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sync.ledger.dates import FIRST_DAY, LAST_DAY
from sync.workbook.cells import storable
from sync.workbook.contract import Type
from sync.workbook.tabs import Cell

FILLER = " "  # stands in the blank cells of a journal row: a blank would split the table that Google appends to
_EPOCH = date(1899, 12, 30)
_FIRST, _LAST = (FIRST_DAY - _EPOCH).days, (LAST_DAY - _EPOCH).days


def decoded_column(values: Sequence[Any], kind: Type, *, fillers: bool = False) -> list[Cell]:
    """A column as read with UNFORMATTED_VALUE and SERIAL_NUMBER; numbers in a column of dates are days."""
    types = set(map(type, values))
    if types <= {str}:
        cells: list[Cell] = [value or None for value in values]
    elif kind is Type.DATE:
        memo: dict[Any, Cell] = {}
        for value in set(values):
            memo[value] = value if isinstance(value, bool) else _day(value)
        cells = [value if isinstance(value, bool) else memo[value] for value in values]
    else:
        cells = [_decoded(value) for value in values]
    return [None if cell == FILLER else cell for cell in cells] if fillers else cells


def _decoded(value: Any) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value  # type: ignore[no-any-return]  # JSON knows text, numbers and booleans


def _day(value: Any) -> Cell:
    """A serial number as a date, with its hour when it has one; a number that is no plausible day stays a number."""
    if isinstance(value, str) or not _FIRST <= value < _LAST + 1:
        return _decoded(value)
    day = _EPOCH + timedelta(days=int(value))
    seconds = round((value - int(value)) * 86400)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds) if seconds else day  # noqa: DTZ001  # a cell has no zone


def encoded(cell: Cell) -> str | int | float | bool:
    """A cell as a RAW value: "" empties the cell (null would leave it alone), text stays text whatever it looks like."""
    cell = storable(cell)
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (cell.toordinal() - _EPOCH.toordinal()) + (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86400
    if isinstance(cell, date):
        return cell.toordinal() - _EPOCH.toordinal()
    return cell


def used_length(cells: Sequence[Cell]) -> int:
    """How many cells up to the last that says something; blanks and unticked boxes do not."""
    for index in range(len(cells) - 1, -1, -1):
        cell = cells[index]
        if cell is not None and cell is not False and not (isinstance(cell, str) and not cell.strip()):
            return index + 1
    return 0
