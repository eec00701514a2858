"""From cells to the bodies of `values:batchUpdate`: RAW, by columns, null where nothing is to change, under 2 MB each."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sync.workbook.google_book import SheetInfo
from sync.workbook.google_cells import encoded
from sync.workbook.google_client import MAX_BODY
from sync.workbook.google_read import Again
from sync.workbook.tabs import Cell

Rows = Mapping[int, Mapping[str, Cell]]
_ROOM = MAX_BODY * 9 // 10  # what frames the values also has a size
_NULL = len("null,")
_PADDING = 300_000  # bytes of nulls that are worth it to write by name
_GAP = 8  # unchanged cells bridged by nulls rather than by a range of their own
_RANGE = 90  # bytes of a range's frame, about

Chunk = tuple[str, dict[int, Mapping[str, Cell]]]  # tab key, rows


def chunks(writes: Mapping[str, Rows], seen: Mapping[str, Again]) -> Iterator[list[Chunk]]:
    """Groups of rows that fit into one body each; a row is never divided."""
    group: list[Chunk] = []
    room = _ROOM
    for key, rows in writes.items():
        current: dict[int, Mapping[str, Cell]] = {}
        for row in sorted(rows):
            size = sum(_size(value) for value in rows[row].values()) + _RANGE
            if size > room and (current or group):
                yield [*group, (key, current)] if current else group
                group, current, room = [], {}, _ROOM
            current[row] = rows[row]
            room -= size
        if current:
            group.append((key, current))
    if group:
        yield group


def _size(value: Cell) -> int:
    return len(json.dumps(encoded(value), ensure_ascii=False).encode("utf-8", "replace")) + _RANGE // 3


def body(group: Sequence[Chunk], seen: Mapping[str, Again]) -> dict[str, Any]:
    """A fresh body: nothing of it is shared with another try."""
    data: list[dict[str, Any]] = []
    padding = sum(_padding(rows) for _, rows in group)
    for key, rows in group:
        again = seen[key]
        columns: dict[str, dict[int, Cell]] = defaultdict(dict)
        for row, cells in rows.items():
            for column, value in cells.items():
                columns[column][row] = value
        for column, values in columns.items():
            anchor = again.anchors[column]
            is_name = anchor.startswith("relance_")
            if is_name and padding <= _PADDING:
                data.append(_entry(anchor, values, 1))
            else:
                place = again.raw.letters[column]
                data += [_entry(_range(again.sheet, place, run), run, min(run)) for run in _runs(values)]
    return {"valueInputOption": "RAW", "data": data, "includeValuesInResponse": False}


def _padding(rows: Rows) -> int:
    columns = {column for cells in rows.values() for column in cells}
    return max(rows) * len(columns) * _NULL


def _entry(place: str, values: Mapping[int, Cell], first: int) -> dict[str, Any]:
    column = [encoded(values[row]) if row in values else None for row in range(first, max(values) + 1)]
    return {"range": place, "majorDimension": "COLUMNS", "values": [column]}


def _range(sheet: SheetInfo, place: str, run: Mapping[int, Cell]) -> str:
    return f"{sheet.quoted}!{place}{min(run)}:{place}{max(run)}"


def _runs(values: Mapping[int, Cell]) -> Iterator[dict[int, Cell]]:
    """Stretches of one column without a long gap."""
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
