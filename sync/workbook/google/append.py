"""Adding rows to a tab of people (imports, instalments): after the last row with data, whatever blank lines stand above.

`values:append` would look for a table and stop at the first blank line, in the middle of people's rows; `appendCells`
goes below the last row that holds anything, decided by Google when it is carried out.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sync.workbook.cells import storable
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.google.bodies import parts
from sync.workbook.google.cells import encoded
from sync.workbook.google.client import Passing, SheetsClient
from sync.workbook.google.read import ReadTab
from sync.workbook.tabs import Cell, RawTab

Row = Mapping[str, Cell]


def append_rows(
    client: SheetsClient, spreadsheet_id: str, tab: ReadTab, rows: Sequence[Row], refreshed: Callable[[str], ReadTab]
) -> int | None:
    """Add rows in order; how many were added, None when they are not seen where they should be. Raises Refused."""
    key = TABS_BY_KEY[tab.raw.key].key
    for part in parts(rows, lambda cell: _cell(encoded(cell))):
        before = _counted(tab.raw, part)
        doubt = False

        def act(part: list[Row] = part, before: Counter[object] = before) -> None:
            nonlocal doubt, tab
            waiting = part
            if doubt:
                tab = refreshed(key)
                waiting = _missing(part, before, _counted(tab.raw, part))
            if not waiting:
                return
            places = tab.layout.columns
            request = {
                "sheetId": tab.sheet.sheet_id,
                "rows": [{"values": _line(row, places)} for row in waiting],
                "fields": "userEnteredValue",
            }
            try:
                client.batch(spreadsheet_id, {"requests": [{"appendCells": request}]}, "spreadsheetId")
            except Passing as error:
                doubt = doubt or error.perhaps_done
                raise

        client.patiently(act)
        tab = refreshed(key)
        if _missing(part, before, _counted(tab.raw, part)):
            return None
    return len(rows)


def _counted(raw: RawTab, rows: Sequence[Row]) -> Counter[object]:
    """How often each of the rows stands in the tab already, by the cells that it gives."""
    found: Counter[object] = Counter()
    for columns in {tuple(sorted(row)) for row in rows}:
        cells = [raw.columns.get(column) for column in columns]
        for index in range(len(raw)):
            found[_identity(columns, [column[index] if column is not None else None for column in cells])] += 1
    return found


def _identity(columns: Sequence[str], cells: Sequence[Cell]) -> object:
    return tuple((column, encoded(cell)) for column, cell in zip(columns, cells, strict=True) if storable(cell) is not None)


def _missing(rows: Sequence[Row], before: Counter[object], now: Counter[object]) -> list[Row]:
    added = now - before
    missing = []
    for row in rows:
        columns = sorted(row)
        identity = _identity(columns, [row[column] for column in columns])
        if added[identity] > 0:
            added[identity] -= 1
        elif identity:
            missing.append(row)
    return missing


def _line(row: Row, places: Mapping[str, int]) -> list[Mapping[str, Any]]:
    at = {places[key]: encoded(cell) for key, cell in row.items() if key in places and storable(cell) is not None}
    return [_cell(at[position]) if position in at else {} for position in range(max(at, default=-1) + 1)]


def _cell(value: str | int | float | bool) -> Mapping[str, Any]:
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}
