"""Which cells of a tab say something else than they should: compared column by column, told row by row.

Pure. A first run writes hundreds of thousands of cells, and the runs after it compare as many that have not changed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter

from sync.workbook.contract import Tab, Who
from sync.workbook.tabs import Cell, CellChange, RawTab, RowCells, RowInputs

_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the cells of one tab should say: in `every` a value for each row, in `some` for a few rows, by their place
    (0 = the first row under the headings); the other cells of such a column stay as they are.
    """

    every: Mapping[str, Sequence[Cell]] = field(default_factory=dict)
    some: Mapping[str, Mapping[int, Cell]] = field(default_factory=dict)


def differences(tab: Tab, raw: RawTab, wanted: Wanted) -> tuple[list[CellChange], list[RowInputs]]:
    """The cells to write, in the order of the rows, and what each of these rows relies on.

    A column that people removed is not written.
    """
    size, keys = len(raw), _keys(tab, raw)
    people = frozenset(column.key for column in tab.columns if column.who is Who.PEOPLE and column.key in raw.columns)
    written: dict[int, set[str]] = defaultdict(set)  # people's columns that are written too, by row
    changes: list[CellChange] = []
    for column, places, after in _columns(wanted, size):
        cells = raw.columns.get(column)
        if cells is None:
            continue
        is_whole = len(cells) == size and isinstance(places, range)
        before = cells if is_whole else [cells[i] if i < len(cells) else None for i in places]
        made = [
            (tab.key, raw.first_row + place, keys[place], column, old, None if new == "" else new)
            for place, old, new in zip(places, before, after, strict=True)
            if old is not new and (new != "" if old is None else _differs(old, new))
        ]
        changes += map(_cell_change, made)
        if column in people:
            for change in made:
                written[change[1]].add(column)
    changes.sort(key=itemgetter(1))
    inputs = []
    for row in dict.fromkeys(map(itemgetter(1), changes)):
        columns = people - written[row] if row in written else people
        inputs.append(RowInputs(tab.key, row, keys[row - raw.first_row], RowCells(raw, row, columns)))
    return changes, inputs


# From its six values in one: what the named tuple's own constructor calls, at a third of its cost a cell.
_cell_change: Callable[[tuple[Cell, ...]], CellChange] = partial(tuple.__new__, CellChange)


def _columns(wanted: Wanted, size: int) -> Iterator[tuple[str, Sequence[int], Sequence[Cell]]]:
    """Each column with the places of its values."""
    for column, values in wanted.every.items():
        yield column, range(size), values
    for column, cells in wanted.some.items():
        yield column, list(cells), list(cells.values())


def _keys(tab: Tab, raw: RawTab) -> list[str]:
    """The key cell of each row as text, "" where there is none."""
    cells: Iterable[Cell] = raw.columns.get(tab.row_key, ()) if tab.row_key else ()
    keys = [cell if type(cell) is str else _key(cell) for cell in cells]
    return keys + [""] * (len(raw) - len(keys))


def _key(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _differs(before: Cell, after: Cell) -> bool:
    """Not `same`; the common case first: a cell that says exactly this already."""
    return not (type(before) is type(after) and before == after) and not same(before, after)


def same(before: Cell, after: Cell) -> bool:
    """Whether a cell already shows what we would write, whatever its carrier made of it."""
    if after is None or after == "":
        return before is None or before == ""
    if isinstance(after, datetime | date):
        return as_date(before) == (after.date() if isinstance(after, datetime) else after)
    if isinstance(after, int | float) and not isinstance(after, bool):
        return isinstance(before, int | float) and not isinstance(before, bool) and abs(before - after) < 0.005
    return isinstance(before, str) and before.replace("\r\n", "\n").strip() == str(after).strip()


def as_date(cell: Cell) -> date | None:
    """A date cell as a date: native, or the serial number of a spreadsheet."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < 100_000:
        return _DAY_ZERO + timedelta(days=int(cell))
    return None
