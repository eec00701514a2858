"""From cells to the bodies of `values:batchUpdate`: RAW, by columns, null where nothing is to change, under 2 MB each."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.workbook.google.cells import encoded
from sync.workbook.google.client import MAX_BODY
from sync.workbook.google.read import Again
from sync.workbook.headings import column_index, letter
from sync.workbook.tabs import Cell

Row = Mapping[str, Cell]
Rows = Mapping[int, Row]
_ROOM = MAX_BODY - 60_000
_NULL = len("null,")
_PADDING = 600_000  # bytes of nulls that are worth it to write by name
_GAP = 8  # unchanged cells bridged by nulls rather than by a range of their own
_RANGE = 110  # bytes of a range's frame, at most
_ALONE = 3  # changed cells in a column that are not worth a range of their own


@dataclass(slots=True)
class Group:
    """Rows that fit into one body, by tab. `size`: its bytes, about."""

    tabs: dict[str, dict[int, Mapping[str, Cell]]] = field(default_factory=dict)
    size: int = 0
    _last: dict[tuple[str, str], int] = field(default_factory=dict)

    def cost(self, key: str, row: int, cells: Mapping[str, Cell]) -> int:
        """What one more row adds: its cells, and a frame where one does not go on from the row above."""
        total, frames = 0, 0
        for column, value in cells.items():
            gap = row - self._last.get((key, column), -_GAP - 1) - 1
            total += _size(value) + (gap * _NULL if gap <= _GAP else 0)
            frames += gap > _GAP
        return total + min(frames, 2) * _RANGE + frames * _NULL

    def add(self, key: str, row: int, cells: Mapping[str, Cell], cost: int) -> None:
        self.tabs.setdefault(key, {})[row] = cells
        self.size += cost
        for column in cells:
            self._last[key, column] = row


def groups(writes: Mapping[str, Rows]) -> Iterator[Group]:
    """Groups of rows that fit into one body each; a row is never divided."""
    group = Group()
    for key, rows in writes.items():
        for row in sorted(rows):
            cost = group.cost(key, row, rows[row])
            if group.tabs and group.size + cost > _ROOM:
                yield group
                group = Group()
                cost = group.cost(key, row, rows[row])
            group.add(key, row, rows[row], cost)
    if group.tabs:
        yield group


_json = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder at each call


def parts(rows: Sequence[Row], encode: Callable[[Cell], Any]) -> Iterator[list[Row]]:
    """Rows to append, in order, as many at a time as fit into one body. `encode`: a cell as it will be sent."""
    part: list[Row] = []
    room = MAX_BODY * 9 // 10
    for row in rows:
        size = len(json.dumps([encode(cell) for cell in row.values()], ensure_ascii=False).encode("utf-8", "replace")) + 200
        if part and size > room:
            yield part
            part, room = [], MAX_BODY * 9 // 10
        part.append(row)
        room -= size
    if part:
        yield part


def _size(value: Cell) -> int:
    """Bytes of a cell in JSON, with its comma."""
    value = encoded(value)
    if isinstance(value, str):
        return len(_json(value).encode("utf-8", "replace")) + 1
    return len(repr(value)) + 1


def body(group: Group, seen: Mapping[str, Again]) -> dict[str, Any]:
    """A fresh body: nothing of it is shared with another try."""
    data: list[dict[str, Any]] = []
    padding = sum(_padding(rows) for rows in group.tabs.values())
    by_name = padding <= _PADDING and group.size + padding <= _ROOM
    for key, rows in group.tabs.items():
        again = seen[key]
        columns: dict[str, dict[int, Cell]] = defaultdict(dict)
        for row, cells in rows.items():
            for column, value in cells.items():
                columns[column][row] = value
        named = columns.keys() & again.names.keys() if by_name else set()
        data += [_entry(again.names[column], values, 1) for column, values in columns.items() if column in named]
        data += _absolute(again, {column: values for column, values in columns.items() if column not in named})
    return {"valueInputOption": "RAW", "data": data, "includeValuesInResponse": False}


def _absolute(again: Again, columns: Mapping[str, Mapping[int, Cell]]) -> Iterator[dict[str, Any]]:
    """By letters: long stretches as columns, what stands alone as rows, so that a thin change has few frames."""
    alone: dict[int, dict[int, Cell]] = defaultdict(dict)  # row -> position -> value
    for column, values in columns.items():
        place = again.raw.letters[column]
        for run in _runs(values):
            if len(run) > _ALONE:
                yield _entry(f"{again.sheet.quoted}!{place}{min(run)}:{place}{max(run)}", run, min(run))
            else:
                for row, value in run.items():
                    alone[row][column_index(place)] = value
    for row, cells in alone.items():
        for stretch in _runs(cells):
            first, last = min(stretch), max(stretch)
            line = [encoded(stretch[at]) if at in stretch else None for at in range(first, last + 1)]
            place = f"{again.sheet.quoted}!{letter(first)}{row}:{letter(last)}{row}"
            yield {"range": place, "majorDimension": "ROWS", "values": [line]}


def _padding(rows: Rows) -> int:
    columns = {column for cells in rows.values() for column in cells}
    return max(rows) * len(columns) * _NULL


def _entry(place: str, values: Mapping[int, Cell], first: int) -> dict[str, Any]:
    column = [encoded(values[row]) if row in values else None for row in range(first, max(values) + 1)]
    return {"range": place, "majorDimension": "COLUMNS", "values": [column]}


def _runs(values: Mapping[int, Cell]) -> Iterator[dict[int, Cell]]:
    """Stretches of one column (or of one row) without a long gap."""
    run: dict[int, Cell] = {}
    last = 0
    for row in sorted(values):
        if run and row - last > _GAP:
            yield run
            run = {}
        run[row] = values[row]
        last = row
    if run:
        yield run
