"""What people do in the sheet while a program works on it.

Rows count from 1 and columns are letters, as people see them.  Tabs are named by title (or by their index).  Nothing here
passes over HTTP, counts for a quota or asks for permission: a person is at the keyboard.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import batch, values
from .a1 import Area, column_index, quote_title
from .cells import Value
from .context import Clock, Context, Switches
from .drive_people import permission_of
from .errors import Json
from .grid import Sheet
from .workbook import Drive, Spreadsheet, cut_to_grid


class People:
    """Edits by hand in one spreadsheet (by default the one created last)."""

    def __init__(self, drive: Drive, switches: Switches, clock: Clock, file_id: str | None = None) -> None:
        self._drive = drive
        self._switches = switches
        self._clock = clock
        self._file_id = file_id

    def on(self, file_id: str) -> People:
        """The same people in another spreadsheet."""
        return People(self._drive, self._switches, self._clock, file_id)

    @property
    def spreadsheet(self) -> Spreadsheet:
        """The spreadsheet they have open."""
        if self._file_id is not None:
            return self._drive.files[self._file_id]
        return [file for file in self._drive.files.values() if file.sheets][-1]

    def _context(self) -> Context:
        spreadsheet = self.spreadsheet
        return Context(self._drive, spreadsheet, spreadsheet.owner, self._switches, self._clock)

    def _sheet(self, tab: str | int) -> Sheet:
        spreadsheet = self.spreadsheet
        if isinstance(tab, int):
            return spreadsheet.sheets[tab]
        sheet = spreadsheet.sheet_named(tab)
        if sheet is None:
            raise LookupError(f"there is no tab {tab!r}; there are {[one.title for one in spreadsheet.sheets]}")
        return sheet

    def do(self, kind: str, **arguments: Any) -> Json:
        """Any request of `batchUpdate`, by its name."""
        answer = batch.batch_update(self._context(), {"requests": [{kind: arguments}]}, None)
        reply: Json = answer["replies"][0].get(kind, {})
        return reply

    # Cells

    def type(self, tab: str | int, cell: str, text: str | int | float | bool | None) -> None:
        """Type into one cell (None empties it)."""
        self.fill(tab, cell, [["" if text is None else text]])

    def fill(self, tab: str | int, start: str, rows: Sequence[Sequence[Any]]) -> None:
        """Type a block of cells."""
        sheet = self._sheet(tab)
        context = self._context()
        name = f"{quote_title(sheet.title)}!{start}"
        found, area = context.spreadsheet.locate(name)
        height, width = len(rows), max((len(row) for row in rows), default=0)
        values.grow(context, found, (area.top or 0) + height, (area.left or 0) + width)
        body = {"range": name, "values": [list(row) for row in rows]}
        values.update(context, {"valueInputOption": "USER_ENTERED"}, name, body)

    def clear(self, tab: str | int, cells: str) -> None:
        """Delete the values of a range."""
        values.clear(self._context(), f"{quote_title(self._sheet(tab).title)}!{cells}")

    def read(self, tab: str | int, cells: str = "", render: str = "FORMATTED_VALUE") -> list[list[Any]]:
        """The values of a range as a person (or a render option) sees them, trimmed like an answer."""
        name = quote_title(self._sheet(tab).title) + (f"!{cells}" if cells else "")
        found: list[list[Any]] = values.get(self._context(), {"valueRenderOption": render}, name).get("values", [])
        return found

    def value(self, tab: str | int, cell: str) -> Value:
        """The bare value of one cell."""
        context = self._context()
        sheet, area = context.spreadsheet.locate(f"{quote_title(self._sheet(tab).title)}!{cell}")
        block = cut_to_grid(sheet, area)
        return context.spreadsheet.value(sheet, block.top, block.left)

    # Rows and columns

    def sort(self, tab: str | int, column: str, *, descending: bool = False, header_rows: int = 1) -> None:
        """Sort the tab's rows below its header."""
        sheet = self._sheet(tab)
        filled = list(sheet.filled(sheet.block(Area(sheet.sheet_id))))
        bottom = max((row for row, _, _ in filled), default=0) + 1
        if bottom <= header_rows:
            return
        area = Area(sheet.sheet_id, header_rows, bottom, 0, sheet.column_count)
        spec = {"dimensionIndex": column_index(column), "sortOrder": "DESCENDING" if descending else "ASCENDING"}
        self.do("sortRange", range=_explicit(area), sortSpecs=[spec])

    def insert_rows(self, tab: str | int, before: int, count: int = 1) -> None:
        """Insert blank rows above a row."""
        self.do("insertDimension", range=self._span(tab, "ROWS", before - 1, before - 1 + count), inheritFromBefore=before > 1)

    def delete_rows(self, tab: str | int, first: int, count: int = 1) -> None:
        """Delete rows."""
        self.do("deleteDimension", range=self._span(tab, "ROWS", first - 1, first - 1 + count))

    def move_rows(self, tab: str | int, first: int, count: int, before: int) -> None:
        """Drag rows to above another row."""
        self.do("moveDimension", source=self._span(tab, "ROWS", first - 1, first - 1 + count), destinationIndex=before - 1)

    def insert_columns(self, tab: str | int, before: str, count: int = 1) -> None:
        """Insert blank columns left of a column."""
        at = column_index(before)
        self.do("insertDimension", range=self._span(tab, "COLUMNS", at, at + count), inheritFromBefore=at > 0)

    def delete_columns(self, tab: str | int, first: str, count: int = 1) -> None:
        """Delete columns."""
        at = column_index(first)
        self.do("deleteDimension", range=self._span(tab, "COLUMNS", at, at + count))

    def swap_columns(self, tab: str | int, one: str, other: str) -> None:
        """Exchange two columns, as by dragging."""
        low, high = sorted((column_index(one), column_index(other)))
        if low == high:
            return
        self.do("moveDimension", source=self._span(tab, "COLUMNS", high, high + 1), destinationIndex=low)
        self.do("moveDimension", source=self._span(tab, "COLUMNS", low + 1, low + 2), destinationIndex=high + 1)

    def hide_rows(self, tab: str | int, first: int, count: int = 1) -> None:
        """Hide rows."""
        span = self._span(tab, "ROWS", first - 1, first - 1 + count)
        self.do("updateDimensionProperties", range=span, properties={"hiddenByUser": True}, fields="hiddenByUser")

    def _span(self, tab: str | int, axis: str, start: int, end: int) -> Json:
        return {"sheetId": self._sheet(tab).sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}

    # Tabs and the file

    def rename_tab(self, tab: str | int, title: str) -> None:
        """Give a tab another name."""
        properties = {"sheetId": self._sheet(tab).sheet_id, "title": title}
        self.do("updateSheetProperties", properties=properties, fields="title")

    def add_tab(self, title: str, rows: Sequence[Sequence[Any]] = ()) -> None:
        """Add a tab, with rows typed into it."""
        self.do("addSheet", properties={"title": title})
        if rows:
            self.fill(title, "A1", rows)

    def delete_tab(self, tab: str | int) -> None:
        """Delete a tab."""
        self.do("deleteSheet", sheetId=self._sheet(tab).sheet_id)

    def move_tab(self, tab: str | int, index: int) -> None:
        """Drag a tab to another place."""
        properties = {"sheetId": self._sheet(tab).sheet_id, "index": index}
        self.do("updateSheetProperties", properties=properties, fields="index")

    def resize(self, tab: str | int, rows: int, columns: int) -> None:
        """Make a tab this large."""
        grid = {"rowCount": rows, "columnCount": columns}
        properties = {"sheetId": self._sheet(tab).sheet_id, "gridProperties": grid}
        self.do("updateSheetProperties", properties=properties, fields="gridProperties(rowCount,columnCount)")

    def protect(self, tab: str | int, cells: str = "", editors: Sequence[str] = (), *, warning_only: bool = False) -> int:
        """Protect a range (or the tab) against everybody but the owner and these editors; gives the protection's id."""
        sheet = self._sheet(tab)
        name = quote_title(sheet.title) + (f"!{cells}" if cells else "")
        _, area = self.spreadsheet.locate(name)
        wanted: Json = {"range": _explicit(area)}
        wanted |= {"warningOnly": True} if warning_only else {"editors": {"users": list(editors)}}
        reply = self.do("addProtectedRange", protectedRange=wanted)
        return int(reply["protectedRange"]["protectedRangeId"])

    def checkbox(self, tab: str | int, cells: str) -> None:
        """Make tick boxes of a range; unticked ones are FALSE."""
        _, area = self.spreadsheet.locate(f"{quote_title(self._sheet(tab).title)}!{cells}")
        self.do("setDataValidation", range=_explicit(area), rule={"condition": {"type": "BOOLEAN"}, "strict": True})

    def set_locale(self, locale: str) -> None:
        """Change the file's locale."""
        self.do("updateSpreadsheetProperties", properties={"locale": locale}, fields="locale")

    def set_time_zone(self, zone: str) -> None:
        """Change the file's time zone."""
        self.do("updateSpreadsheetProperties", properties={"timeZone": zone}, fields="timeZone")

    def share(self, email: str, role: str = "writer") -> None:
        """Share the file with an account."""
        self.spreadsheet.permissions.append(permission_of(email, "user", role))

    def unshare(self, email: str | None = None) -> None:
        """Stop sharing the file with an account, or with everybody."""
        spreadsheet = self.spreadsheet
        spreadsheet.permissions = [
            entry
            for entry in spreadsheet.permissions
            if entry["role"] == "owner" or (email is not None and entry.get("emailAddress") != email)
        ]

    def delete_file(self) -> None:
        """Delete the whole spreadsheet for good."""
        del self._drive.files[self.spreadsheet.id]


def _explicit(area: Area) -> Json:
    return {**area.to_json(), "sheetId": area.sheet_id}
