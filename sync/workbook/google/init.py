"""`init` for a Google spreadsheet: new tabs, or a person's own mended, without touching data.

One look and one all-or-nothing request: tabs, headings with notes, lists, formats, colours, protections. In a tab that
people have, only what is missing is added; their widths, colours, lists, notes and filters stand.

Relance's columns ask before a person types there (a soft protection): a hard one would also stop people sorting their
own table. The Journal alone is closed to all but the account, and the file's owner.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.ledger.words import Language
from sync.workbook import messages
from sync.workbook.columns_help import help_for
from sync.workbook.contract import JOURNAL, TABS, TODAY, Column, Tab, Who
from sync.workbook.excel.looks import HIDDEN, SELDOM, TAB_COLOURS, cell_look
from sync.workbook.google.book import TAB_MARK, Book, SheetInfo, column_name, tab_mark, tabs_of
from sync.workbook.google.cells import encoded
from sync.workbook.google.client import Passing, Refused, SheetsClient
from sync.workbook.google.looks import (
    banding,
    cell_format,
    color,
    heading_format,
    number_format,
    pixels,
    rules,
    validation,
)
from sync.workbook.google.messages import say
from sync.workbook.google.read import ReadTab, batch_get
from sync.workbook.google.write import naming
from sync.workbook.headings import letter
from sync.workbook.tabs import Cell

Rows = Sequence[Mapping[str, Cell]]
Request = dict[str, Any]
Read = Callable[[], tuple[Book, dict[str, ReadTab]]]

_ROWS = {"invoices": 1000, "contacts": 500, "payments": 1000, "journal": 500}
_FORMAT = "userEnteredFormat(numberFormat,horizontalAlignment,verticalAlignment,wrapStrategy,backgroundColorStyle)"
_HEADING = (
    "userEnteredValue,note,userEnteredFormat(textFormat,backgroundColorStyle,horizontalAlignment,verticalAlignment,wrapStrategy)"
)
_NEEDED = frozenset(
    ["addSheet", "createDeveloperMetadata", "updateCells", "appendDimension", "addNamedRange", "updateNamedRange"]
)
_REFUSED_ONE = re.compile(r"requests\[(\d+)\]")
_HEADS = (
    "sheets(properties(sheetId,gridProperties(frozenRowCount)),protectedRanges(range,description),conditionalFormats(ranges),"
    "basicFilter(range),tables(tableId),data(startRow,rowData(values(note,dataValidation(condition(type)),userEnteredFormat(numberFormat)))))"
)


def furnish(
    client: SheetsClient, spreadsheet_id: str, read: Read, language: Language, defaults: Mapping[str, Rows], email: str
) -> Sequence[str]:
    """Add what is missing; sentences of what was done. Raises Refused."""
    told: list[str] = []

    def act() -> None:
        book, tabs = read()
        plan = _plan(client, spreadsheet_id, book, tabs, language, defaults, email)
        if not told:
            told.extend(plan.done)
        _send(client, spreadsheet_id, plan.requests)

    client.patiently(act)
    return tuple(told)


def _send(client: SheetsClient, spreadsheet_id: str, requests: Sequence[Request]) -> None:
    """All in one; a matter of looks that Google refuses on a person's tab (a merged cell in the way) is left out."""
    left = list(requests)
    while left:
        try:
            client.batch(spreadsheet_id, {"requests": left}, "spreadsheetId")
            return
        except Passing:
            raise
        except Refused as error:
            found = _REFUSED_ONE.search(error.message) if error.status == 400 else None
            if found is None or int(found[1]) >= len(left) or next(iter(left[int(found[1])])) in _NEEDED:
                raise
            del left[int(found[1])]


@dataclass(slots=True)
class _Plan:
    requests: list[Request] = field(default_factory=list)
    done: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a tab of a person has already: by position, of the heading row and of the first row below."""

    notes: frozenset[int]
    checked: frozenset[int]
    formatted: frozenset[int]
    coloured: frozenset[int]
    protected: frozenset[int]
    frozen_rows: int
    has_filter: bool


def _plan(
    client: SheetsClient, spreadsheet_id: str, book: Book, tabs: Mapping[str, ReadTab], language: Language,
    defaults: Mapping[str, Rows], email: str,
) -> _Plan:  # fmt: skip
    plan = _Plan()
    heads = _read_heads(client, spreadsheet_id, tabs)
    blank = _blank_sheet(client, spreadsheet_id, book, tabs)
    taken = {sheet.sheet_id for sheet in book.sheets}
    titles = {sheet.title.casefold() for sheet in book.sheets if blank is None or sheet is not blank}
    new_id = 100
    if blank is not None and language == "fr" and not book.locale.startswith("fr"):
        plan.requests.append({"updateSpreadsheetProperties": {"properties": {"locale": "fr_FR"}, "fields": "locale"}})
    for place, tab in enumerate(TABS):
        if tab.key in tabs:
            maker = _Maker(tab, language, tabs[tab.key].sheet, book, email)
            plan.done += maker.mend(tabs[tab.key], heads[tab.key], defaults.get(tab.key, ()))
        elif tab.title(language).casefold() in titles:
            continue  # a chart or another kind of sheet has that name
        else:
            while new_id in taken:
                new_id += 1
            use = blank if blank is not None and place == 0 else None
            sheet_id = use.sheet_id if use is not None else new_id
            taken.add(sheet_id)
            rows = defaults.get(tab.key, ())
            size = max(_ROWS.get(tab.key, 200), len(rows) + 100)
            sheet = SheetInfo(sheet_id, tab.title(language), size, len(tab.columns), {})
            maker = _Maker(tab, language, sheet, book, email)
            maker.make(rows, is_there=use is not None, index=place if not tabs else None)
            plan.done.append(messages.say("tab_added", language, tab=sheet.title))
        plan.requests += maker.requests
    if plan.requests and blank is None and language == "fr" and book.locale.startswith("en_US"):
        plan.done.append(say("locale", language, locale=book.locale))
    return plan


def _blank_sheet(client: SheetsClient, spreadsheet_id: str, book: Book, tabs: Mapping[str, ReadTab]) -> SheetInfo | None:
    """The empty first tab of a new spreadsheet, which becomes ours."""
    grids = [sheet for sheet in book.sheets if sheet.is_grid and not sheet.marks]
    if tabs or len(grids) != 1 or tabs_of(book)[0]:
        return None
    only = grids[0]
    (answer,) = batch_get(client, spreadsheet_id, [f"{only.quoted}!A1:{letter(only.columns - 1)}{only.rows}"])
    return None if answer.get("values") else only


def _read_heads(client: SheetsClient, spreadsheet_id: str, tabs: Mapping[str, ReadTab]) -> dict[str, _Head]:
    if not tabs:
        return {}
    # A range for each tab, so that nothing else comes along; the row below the headings shows what the columns have.
    ranges = [
        f"{tab.sheet.quoted}!A{tab.layout.header_row}:{letter(max(tab.sheet.columns - 1, 0))}{min(tab.layout.header_row + 1, tab.sheet.rows)}"
        for tab in tabs.values()
    ]
    answer = client.fetch_sheet_metadata(spreadsheet_id, params={"ranges": ranges, "fields": _HEADS})
    by_id = {entry["properties"].get("sheetId", 0): entry for entry in answer.get("sheets", ())}
    return {key: _head(by_id.get(tab.sheet.sheet_id, {}), tab.sheet.columns) for key, tab in tabs.items()}


def _head(entry: Mapping[str, Any], columns: int) -> _Head:
    rows = [row.get("values", []) for data in entry.get("data", ()) for row in data.get("rowData", ())]
    top, below = (rows[0] if rows else []), (rows[1] if len(rows) > 1 else [])

    def having(cells: Sequence[Mapping[str, Any]], *path: str) -> frozenset[int]:
        found = set()
        for index, cell in enumerate(cells):
            part: Any = cell
            for name in path:
                part = part.get(name, {}) if isinstance(part, Mapping) else {}
            if part:
                found.add(index)
        return frozenset(found)

    def covered(areas: Sequence[Mapping[str, Any]]) -> frozenset[int]:
        spans = (range(area.get("startColumnIndex", 0), area.get("endColumnIndex", columns)) for area in areas)
        return frozenset(index for span in spans for index in span)

    return _Head(
        notes=having(top, "note"),
        checked=having(below, "dataValidation"),
        formatted=having(below, "userEnteredFormat", "numberFormat"),
        coloured=covered([area for rule in entry.get("conditionalFormats", ()) for area in rule.get("ranges", ())]),
        protected=covered([one.get("range", {}) for one in entry.get("protectedRanges", ())]),
        frozen_rows=entry.get("properties", {}).get("gridProperties", {}).get("frozenRowCount", 0),
        has_filter=bool(entry.get("basicFilter") or entry.get("tables")),
    )


class _Maker:
    """The requests of one tab."""

    def __init__(self, tab: Tab, language: Language, sheet: SheetInfo, book: Book, email: str) -> None:
        self.tab, self.language, self.sheet, self.book, self.email = tab, language, sheet, book, email
        self.requests: list[Request] = []
        self.header = 1  # row number
        self.columns: dict[str, int] = {}

    def add(self, kind: str, **arguments: Any) -> None:
        self.requests.append({kind: arguments})

    # --- a new tab

    def make(self, rows: Rows, *, is_there: bool, index: int | None) -> None:
        tab, sheet = self.tab, self.sheet
        grid = {
            "rowCount": sheet.rows, "columnCount": sheet.columns, "frozenRowCount": 1,
            "frozenColumnCount": {"invoices": 2, "contacts": 1, "payments": 0}.get(tab.key, 0),
        }  # fmt: skip
        properties = {
            "sheetId": sheet.sheet_id, "title": sheet.title, "gridProperties": grid, "tabColorStyle": color(TAB_COLOURS[tab.key]),
            **({"index": index} if index is not None else {}),
        }  # fmt: skip
        if is_there:
            self.add("updateSheetProperties", properties=properties, fields="title,gridProperties,tabColorStyle")
        else:
            self.add("addSheet", properties=properties)
        self._mark()
        self.columns = {column.key: position for position, column in enumerate(tab.columns)}
        self._headings(tab.columns, 0)
        for column in tab.columns:
            self._look(column)
        self._fold()
        self._check(tab.columns)
        self._colour(tab.columns)
        self._protect(tab.columns)
        band = {"range": self._area(first=1), "rowProperties": banding()}
        self.add("addBanding", bandedRange=band)
        self.add("setBasicFilter", filter={"range": self._area(first=0)})
        self._names()
        self._fill(rows)

    # --- a person's tab

    def mend(self, read: ReadTab, head: _Head, rows: Rows) -> list[str]:
        tab, language, title = self.tab, self.language, self.sheet.title
        self.header = read.layout.header_row
        self.columns = dict(read.layout.columns)
        was_blank = not read.layout.columns
        done: list[str] = []
        if self.sheet.marks.get(TAB_MARK) != tab_mark(tab.key, self.sheet.sheet_id):
            self._mark()
        missing = [column for column in tab.columns if column.key not in self.columns]
        if missing:
            start = read.width
            if start + len(missing) > self.sheet.columns:
                more = start + len(missing) - self.sheet.columns
                self.add("appendDimension", sheetId=self.sheet.sheet_id, dimension="COLUMNS", length=more)
            self.columns |= {column.key: start + offset for offset, column in enumerate(missing)}
            self._headings(missing, start)
            for column in missing:
                self._look(column)
            done.append(
                messages.say("headings_added", language, tab=title, what=", ".join(one.heading(language) for one in missing))
            )
        new = {column.key for column in missing}
        old = [column for column in tab.columns if column.key not in new]
        notes = [column for column in old if self.columns[column.key] not in head.notes]
        for column in notes:
            self._note(column)
        plain = [column for column in old if self.columns[column.key] not in head.formatted and self._number_format(column)]
        for column in plain:
            self.add(
                "repeatCell",
                range=self._column(column),
                cell={"userEnteredFormat": {"numberFormat": self._number_format(column)}},
                fields="userEnteredFormat.numberFormat",
            )
        free = [column for column in tab.columns if self.columns[column.key] not in head.checked]
        lists = self._check(free)
        colours = self._colour([column for column in tab.columns if self.columns[column.key] not in head.coloured])
        shields = self._protect([column for column in tab.columns if self.columns[column.key] not in head.protected])
        if head.frozen_rows < self.header <= 5:
            grid = {"frozenRowCount": self.header}
            self.add(
                "updateSheetProperties",
                properties={"sheetId": self.sheet.sheet_id, "gridProperties": grid},
                fields="gridProperties.frozenRowCount",
            )
        if not head.has_filter and was_blank:
            self.add("setBasicFilter", filter={"range": self._area(first=self.header - 1)})
        self._names()
        done += [messages.say("lists_added", language, tab=title)] if lists else []
        done += [messages.say("looks_added", language, tab=title)] if plain or colours else []
        done += [messages.say("notes_added", language, tab=title)] if notes else []
        done += [say("protected_added", language, tab=title)] if shields else []
        if rows and not len(read.raw):
            self._fill(rows)
            done.append(messages.say("rows_added", language, tab=title, count=len(rows)))
        return done

    # --- parts

    def _area(self, first: int, last: int | None = None) -> dict[str, int]:
        """All our columns from row index `first`."""
        positions = self.columns.values()
        area = {"sheetId": self.sheet.sheet_id, "startRowIndex": first}
        area |= {"startColumnIndex": min(positions), "endColumnIndex": max(positions) + 1}
        return area if last is None else {**area, "endRowIndex": last}

    def _column(self, column: Column) -> dict[str, int]:
        """A column below its heading, to the end of the sheet."""
        at = self.columns[column.key]
        return {"sheetId": self.sheet.sheet_id, "startRowIndex": self.header, "startColumnIndex": at, "endColumnIndex": at + 1}

    def _span(self, column: Column) -> dict[str, Any]:
        at = self.columns[column.key]
        return {"sheetId": self.sheet.sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}

    def _mark(self) -> None:
        mark = {
            "metadataKey": TAB_MARK, "metadataValue": tab_mark(self.tab.key, self.sheet.sheet_id),
            "location": {"sheetId": self.sheet.sheet_id}, "visibility": "DOCUMENT",
        }  # fmt: skip
        self.add("createDeveloperMetadata", developerMetadata=mark)

    def _headings(self, columns: Sequence[Column], start: int) -> None:
        cells = [
            {
                "userEnteredValue": {"stringValue": column.heading(self.language)},
                "note": help_for(self.tab, column, self.language),
                "userEnteredFormat": heading_format(self.tab, column, self.language),
            }
            for column in columns
        ]
        place = {"sheetId": self.sheet.sheet_id, "rowIndex": self.header - 1, "columnIndex": start}
        self.add("updateCells", start=place, rows=[{"values": cells}], fields=_HEADING)

    def _note(self, column: Column) -> None:
        place = {"sheetId": self.sheet.sheet_id, "rowIndex": self.header - 1, "columnIndex": self.columns[column.key]}
        cell = {"note": help_for(self.tab, column, self.language)}
        self.add("updateCells", start=place, rows=[{"values": [cell]}], fields="note")

    def _number_format(self, column: Column) -> Mapping[str, Any] | None:
        return number_format(column, cell_look(self.tab, column, self.language))

    def _look(self, column: Column) -> None:
        look = {"userEnteredFormat": cell_format(self.tab, column, self.language)}
        self.add("repeatCell", range=self._column(column), cell=look, fields=_FORMAT)
        properties: dict[str, Any] = {"pixelSize": pixels(self.tab, column)}
        if column.key in HIDDEN:
            properties["hiddenByUser"] = True
        self.add("updateDimensionProperties", range=self._span(column), properties=properties, fields=",".join(properties))

    def _fold(self) -> None:
        """Columns that most rows leave blank are grouped, so that one click folds them away."""
        seldom = sorted(self.columns[column.key] for column in self.tab.columns if f"{self.tab.key}.{column.key}" in SELDOM)
        for start, end in _runs(seldom):
            span = {"sheetId": self.sheet.sheet_id, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}
            self.add("addDimensionGroup", range=span)

    def _check(self, columns: Sequence[Column]) -> bool:
        found = False
        for column in columns:
            rule = validation(column, self.language)
            if rule is not None:
                self.add("setDataValidation", range=self._column(column), rule=rule)
                found = True
        return found

    def _colour(self, columns: Sequence[Column]) -> bool:
        found = False
        for column in columns:
            for index, rule in enumerate(rules(column)):
                self.add("addConditionalFormatRule", rule={"ranges": [self._column(column)], "booleanRule": rule}, index=index)
                found = True
        return found

    def _protect(self, columns: Sequence[Column]) -> bool:
        """Soft on Relance's columns, hard on the Journal."""
        french = self.language == "fr"
        if self.tab is JOURNAL:
            if len(columns) < len(self.tab.columns):
                return False
            said = "Journal scellé de Relance" if french else "Relance's sealed journal"
            editors = {"users": [self.email]} if self.email else {}
            whole = {"range": {"sheetId": self.sheet.sheet_id}, "description": said, "warningOnly": False, "editors": editors}
            self.add("addProtectedRange", protectedRange=whole)
            return True
        said = (
            "Écrit par Relance : sera remplacé au prochain passage"
            if french
            else "Written by Relance: its next run will replace it"
        )
        ours = sorted(self.columns[column.key] for column in columns if column.who is Who.RELANCE)
        for start, end in _runs(ours):
            area = {"sheetId": self.sheet.sheet_id, "startColumnIndex": start, "endColumnIndex": end}
            self.add("addProtectedRange", protectedRange={"range": area, "description": said, "warningOnly": True})
        return bool(ours)

    def _names(self) -> None:
        """A named range for each column that a run writes: Google moves it with the column."""
        for column in self.tab.columns:
            if self.tab is not JOURNAL and (column.who is not Who.PEOPLE or self.tab is TODAY):
                name = column_name(self.tab.key, column.key)
                self.requests += naming(self.book, name, self.sheet.sheet_id, self.columns[column.key])

    def _fill(self, rows: Rows) -> None:
        """Starting rows of a tab that holds none: values only, so that formats stand."""
        if not rows:
            return
        last = self.header + len(rows)
        if last > self.sheet.rows:
            self.add("appendDimension", sheetId=self.sheet.sheet_id, dimension="ROWS", length=last - self.sheet.rows)
        at = {self.columns[key]: key for row in rows for key in row if key in self.columns}
        for start, end in _runs(sorted(at)):  # a person's column in between is not touched
            lines = [{"values": [_value(row.get(at[position])) for position in range(start, end)]} for row in rows]
            place = {"sheetId": self.sheet.sheet_id, "rowIndex": self.header, "columnIndex": start}
            self.add("updateCells", start=place, rows=lines, fields="userEnteredValue")


def _value(cell: Cell) -> dict[str, Any]:
    value = encoded(cell)
    if value == "":
        return {}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}


def _runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """[3, 4, 5, 9] -> [(3, 6), (9, 10)]."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
