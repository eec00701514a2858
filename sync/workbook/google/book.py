"""The spreadsheet's own description: tabs with their stable ids, and the names of our columns.

A tab of ours carries its key as developer metadata, so that it is found whatever people call it. A column that we write
carries a named range: Google moves the name with the column, so what is written by name never lands in another column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sync.ledger.problems import Problem, Severity
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.headings import find_tabs

TAB_MARK = "relance-tab"  # metadata key; value "invoices:123456", key of the tab and id of its sheet
LOCK_MARK = "relance-lock"
_BOOK = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,index,sheetType,hidden,gridProperties(rowCount,columnCount)),"
    "developerMetadata(metadataKey,metadataValue)),namedRanges"
)
FIELDS = _BOOK
FIELDS_AFTER_BATCH = f"replies,updatedSpreadsheet({_BOOK})"

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetInfo:
    sheet_id: int
    title: str
    rows: int
    columns: int
    marks: Mapping[str, str]  # our developer metadata
    is_grid: bool = True

    @property
    def quoted(self) -> str:
        """The title as ranges need it: always in quotes, since a title such as "CO2" would be read as a cell."""
        return "'" + self.title.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class NamedColumn:
    name_id: str
    name: str
    sheet_id: int
    column: int  # position from 0; -1 when the name is no longer one whole column


@dataclass(frozen=True, slots=True)
class Book:
    title: str
    locale: str
    sheets: Sequence[SheetInfo]
    names: Mapping[str, NamedColumn]

    def sheet(self, sheet_id: int) -> SheetInfo | None:
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def grown(self, sheet_id: int, rows: int) -> "Book":
        """The same book once rows were added to a sheet."""
        sheets = [replace(one, rows=one.rows + rows) if one.sheet_id == sheet_id else one for one in self.sheets]
        return replace(self, sheets=sheets)


def column_name(tab: str, column: str) -> str:
    """The named range of a column of ours."""
    return f"relance_{tab}_{column}"


def tab_mark(tab: str, sheet_id: int) -> str:
    """The mark of a tab. The id is in it: a person's copy of the tab copies the mark, but has another id."""
    return f"{tab}:{sheet_id}"


def book_of(answer: Json) -> Book:
    """From `spreadsheets.get` with FIELDS."""
    properties = answer.get("properties", {})
    sheets = []
    for entry in answer.get("sheets", ()):
        own = entry["properties"]
        grid = own.get("gridProperties", {})
        marks = _marks(entry.get("developerMetadata", ()), own.get("sheetId", 0))
        sheets.append(
            SheetInfo(
                sheet_id=own.get("sheetId", 0), title=own["title"], rows=grid.get("rowCount", 0), columns=grid.get("columnCount", 0),
                marks=marks, is_grid=own.get("sheetType", "GRID") == "GRID",
            )
        )  # fmt: skip
    names = {}
    for entry in answer.get("namedRanges", ()):
        area = entry.get("range", {})
        start, end = area.get("startColumnIndex", 0), area.get("endColumnIndex", -1)
        whole = end == start + 1 and area.get("startRowIndex", 0) == 0 and "endRowIndex" not in area
        named = NamedColumn(entry["namedRangeId"], entry["name"], area.get("sheetId", 0), start if whole else -1)
        names[named.name] = named
    return Book(properties.get("title", ""), properties.get("locale", ""), tuple(sheets), names)


def _marks(entries: Sequence[Json], sheet_id: int) -> dict[str, str]:
    """Our metadata on a sheet; of two of one kind (a copied tab brings the first one's) the one with its own id."""
    found: dict[str, str] = {}
    for entry in entries:
        key, value = str(entry["metadataKey"]), str(entry.get("metadataValue", ""))
        if key not in found or value.endswith(f":{sheet_id}"):
            found[key] = value
    return found


def tabs_of(book: Book) -> tuple[dict[str, SheetInfo], list[Problem]]:
    """{tab key: sheet}: by our mark, else by title in either language; and the tabs found twice."""
    found: dict[str, SheetInfo] = {}
    for sheet in book.sheets:
        key, _, number = sheet.marks.get(TAB_MARK, "").partition(":")
        if key in TABS_BY_KEY and number == str(sheet.sheet_id) and sheet.is_grid:
            found.setdefault(key, sheet)
    marked = {sheet.sheet_id for sheet in found.values()}
    by_title = {sheet.title: sheet for sheet in book.sheets if sheet.is_grid and sheet.sheet_id not in marked}
    titled, problems = find_tabs(by_title)
    for key, title in titled.items():
        if key in found:
            params = {"title": title, "other": found[key].title}
            problems.append(Problem(tab=key, row=0, column="", code="tab_twice", severity=Severity.STOP, params=params))
        else:
            found[key] = by_title[title]
    return found, problems
