"""Adding to the Journal: below the table that starts at the first heading, checked, and never blindly twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gspread.http_client import ParamsType

from sync.workbook.cells import storable
from sync.workbook.contract import JOURNAL
from sync.workbook.google.bodies import parts
from sync.workbook.google.book import SheetInfo
from sync.workbook.google.cells import FILLER, encoded
from sync.workbook.google.client import Passing, SheetsClient
from sync.workbook.google.read import ReadTab, read_tabs, split_range
from sync.workbook.tabs import Cell

Row = Mapping[str, Cell]


class Misplaced(Exception):
    """Google put rows elsewhere than under the table; the message is the range."""


class JournalTab:
    """The Journal of one spreadsheet, as last read. Raises Refused, Misplaced."""

    def __init__(self, client: SheetsClient, spreadsheet_id: str, tab: ReadTab) -> None:
        self._client, self._id, self.tab = client, spreadsheet_id, tab

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows in order; on return each is there once."""
        for part in parts(rows, encoded):
            self._append(part)

    def _append(self, rows: list[Row]) -> None:
        doubt = False

        def act() -> None:
            nonlocal doubt
            waiting = self._missing(rows) if doubt else rows
            if not waiting:
                return
            try:
                self._add(waiting)
            except Passing as error:
                doubt = doubt or error.perhaps_done
                raise

        self._client.patiently(act)
        if doubt:
            self._remove_doubles(rows)

    def _add(self, rows: Sequence[Row]) -> None:
        sheet, layout = self.tab.sheet, self.tab.layout
        body = {"majorDimension": "ROWS", "values": [self._line(row) for row in rows]}
        params: ParamsType = {"valueInputOption": "RAW", "insertDataOption": self._option(), "fields": "tableRange,updates"}
        answer = self._client.values_append(self._id, f"{sheet.quoted}!A{self._anchor()}", params, body)
        place = str(answer.get("updates", {}).get("updatedRange", ""))
        title, first = split_range(place)
        row = _first_row(place)
        if title != sheet.title or first != 0 or row <= layout.header_row:
            raise Misplaced(place)

    def _option(self) -> str:
        """New rows push down whatever stands below, and look like the row above; the first ones would look like headings."""
        return "INSERT_ROWS" if len(self.tab.raw) else "OVERWRITE"

    def _anchor(self) -> int:
        """The heading row; the last row when a blank one above it would end the table too soon."""
        raw = self.tab.raw
        blanks = any(all(cells[i] is None for cells in raw.columns.values()) for i in range(len(raw)))
        return raw.first_row + len(raw) - 1 if blanks else self.tab.layout.header_row

    def _line(self, row: Row) -> list[Any]:
        at = {position: key for key, position in self.tab.layout.columns.items()}
        width = max(at) + 1
        line = [encoded(row.get(at[position])) if position in at else "" for position in range(width)]
        return [FILLER if value == "" else value for value in line]

    # --- after a lost answer

    def _again(self) -> None:
        found = read_tabs(self._client, self._id, {JOURNAL.key: self._sheet()})
        self.tab = found[JOURNAL.key]

    def _sheet(self) -> SheetInfo:
        """The sheet with all its rows now: what was added has made it longer."""
        fields = "sheets(properties(sheetId,title,gridProperties))"
        answer = self._client.fetch_sheet_metadata(self._id, params={"fields": fields})
        old = self.tab.sheet
        for entry in answer.get("sheets", ()):
            own = entry["properties"]
            if own.get("sheetId", 0) == old.sheet_id:
                grid = own["gridProperties"]
                return SheetInfo(old.sheet_id, own["title"], grid["rowCount"], grid["columnCount"], old.marks)
        raise Misplaced(old.title)

    def _missing(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that the Journal does not hold: by their seal, else by all their cells."""
        self._again()
        held = Counter(self._identities())
        missing = []
        for row in rows:
            identity = _identity(row)
            if held[identity] > 0:
                held[identity] -= 1
            else:
                missing.append(row)
        return missing

    def _remove_doubles(self, rows: Sequence[Row]) -> None:
        """An order whose answer was lost may have been carried out late: of sealed rows, the first stays."""
        self._again()
        ours = {_identity(row) for row in rows if row.get("hash")}
        seen: set[object] = set()
        doubles = []
        for index, identity in enumerate(self._identities()):
            if identity in ours and identity in seen:
                doubles.append(self.tab.raw.first_row + index)
            seen.add(identity)
        if doubles:
            requests = [_delete_row(self.tab.sheet.sheet_id, row) for row in reversed(doubles)]
            self._client.batch(self._id, {"requests": requests}, "spreadsheetId")

    def _identities(self) -> Iterator[object]:
        raw = self.tab.raw
        for index in range(len(raw)):
            yield _identity({key: cells[index] for key, cells in raw.columns.items()})


def _identity(row: Row) -> object:
    return row.get("hash") or tuple(_plain(row.get(column.key)) for column in JOURNAL.columns)


def _plain(cell: Cell) -> Cell:
    value = storable(cell)
    return None if isinstance(value, str) and not value.strip() else value


def _first_row(place: str) -> int:
    digits = "".join(ch for ch in place.rpartition("!")[2].partition(":")[0] if ch.isdigit())
    return int(digits) if digits else 0


def _delete_row(sheet_id: int, row: int) -> dict[str, Any]:
    span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
    return {"deleteDimension": {"range": span}}
