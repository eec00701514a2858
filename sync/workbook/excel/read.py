"""Reading a workbook fast: values by calamine, and the two things it hides by a scan of the bytes.

calamine gives "" both for an error cell (`#REF!`) and for a formula without a stored result. Neither may read as
empty, so both are looked for in the sheet's XML: the error becomes its text, the formula becomes its own text
("=C2+30", which no date or amount can be) and a problem `formula_not_computed`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from sync.ledger.problems import Problem
from sync.workbook.contract import TABS_BY_KEY, Tab
from sync.workbook.excel.package import BadPackage, Package, Sheet, xml_text
from sync.workbook.excel.patch import FormulaCell, Irregular, SheetBytes, formula_cells, open_any, open_sheet, regular
from sync.workbook.headings import HEADING_ROWS, Layout, column_index, find_tabs, letter, missing_tabs, recognise, renamed_tabs
from sync.workbook.tabs import Cell, RawTab

MAX_CELLS = 60_000_000  # of the rectangle around a sheet's cells; calamine holds it whole (about 2 GB)
_MISSED = ("contacts", "payments", "journal")  # what these hold changes what is asked of people, and whether it was already

_VALUE = re.compile(rb"<(?:[\w.-]+:)?v\b[^>]*>([^<]*)<")
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f\b[^>]*>([^<]*)<")
_ROW = re.compile(rb'row [^>]*?\br="(\d+)"')
_FAR_ADDRESS = re.compile(rb'r="[A-Z]{3}\d')
_FAR_CELL = re.compile(rb'<[^<>]*\br="([A-Z]{3})(\d+)"[^<>]*(?<!/)>')
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')


@dataclass(frozen=True, slots=True)
class ReadTab:
    """One tab as read, and where it stands in the file."""

    raw: RawTab
    sheet: Sheet
    layout: Layout
    width: int = 0  # columns up to the last one that holds anything
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class ReadBook:
    tabs: Mapping[str, ReadTab]
    problems: Sequence[Problem]  # of structure first, then of cells
    digest: str


class TooWide(BadPackage):
    """A stray cell far away makes the sheet too large to hold; the message is "sheet!cell"."""


def read_book(
    package: Package, wanted: Iterable[str] | None = None, columns: Mapping[str, Collection[str]] | None = None
) -> ReadBook:
    """The wanted tabs (keys; None = all) that exist, and the problems of structure of those tabs.

    `columns` limits what is read of a tab, for one who looks at a few cells only. Raises BadPackage when the file cannot be read.
    """
    asked = None if wanted is None else set(wanted)
    sheets = {sheet.name: sheet for sheet in package.sheets()}
    found, twice = find_tabs(sheets)
    problems: list[Problem] = [problem for problem in twice if asked is None or problem.tab in asked]
    problems += missing_tabs(found, asked)
    tabs: dict[str, ReadTab] = {}
    chosen = {key: title for key, title in found.items() if asked is None or key in asked}
    if chosen:
        try:
            with CalamineWorkbook.from_filelike(BytesIO(package.data)) as book:
                for key, title in chosen.items():
                    xml = package.read(sheets[title].part)
                    _refuse_giants(sheets[title], xml)
                    only = None if columns is None else columns.get(key)
                    tabs[key] = _read_tab(TABS_BY_KEY[key], sheets[title], book.get_sheet_by_name(title), xml, only)
        except CalamineError as error:
            raise BadPackage(str(error)) from error
    lost = [key for key in _MISSED if asked is None and (key not in tabs or not len(tabs[key].raw))]
    if lost and len(found) < len(sheets):
        problems += renamed_tabs(lost, _heads(package, [sheet for name, sheet in sheets.items() if name not in found.values()]))
    for tab in tabs.values():
        problems += tab.layout.problems
    for tab in tabs.values():
        problems += tab.problems
    return ReadBook(tabs, problems, package.digest)


def _heads(package: Package, sheets: Sequence[Sheet]) -> dict[str, list[list[object]]]:
    """The first rows of some sheets; a sheet that cannot be read, or holds no cells, is none of ours."""
    heads: dict[str, list[list[object]]] = {}
    with suppress(CalamineError), CalamineWorkbook.from_filelike(BytesIO(package.data)) as book:
        for sheet in sheets:
            with suppress(CalamineError, BadPackage):
                _refuse_giants(sheet, package.read(sheet.part))
                rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=True, nrows=HEADING_ROWS)
                heads[sheet.name] = [list(row) for row in rows]
    return heads


def _read_tab(tab: Tab, sheet: Sheet, source: CalamineSheet, xml: bytes, only: Collection[str] | None) -> ReadTab:
    top, left = source.start or (0, 0)
    rows = _Rows(source, top, left)
    layout = recognise(tab, rows.first(HEADING_ROWS))
    columns = rows.columns({key: at for key, at in layout.columns.items() if only is None or key in only}, layout.header_row)
    problems = _reveal(tab, layout, columns, xml)
    length = max((_used(cells) for cells in columns.values()), default=0)
    for cells in columns.values():
        del cells[length:]
        cells.extend([None] * (length - len(cells)))
    raw = RawTab(
        key=tab.key,
        title=sheet.name,
        columns=columns,
        first_row=layout.header_row + 1,
        foreign=layout.foreign,
        letters={key: letter(index) for key, index in layout.columns.items()},
    )
    return ReadTab(raw, sheet, layout, max(layout.width, source.end[1] + 1 if source.end else 0), problems)


def _refuse_giants(sheet: Sheet, xml: bytes) -> None:
    """calamine holds the whole rectangle around the used cells: one stray cell far to the right would cost gigabytes."""
    last = _ROW.search(xml, max(xml.rfind(b"<row "), xml.rfind(b":row "), 0))
    rows = int(last.group(1)) if last else 0
    if rows * 16_384 <= MAX_CELLS:
        return
    far = _FAR_CELL.search(xml) if _FAR_ADDRESS.search(xml) else None  # the cheap question first
    if far is not None and rows * column_index(far.group(1).decode()) > MAX_CELLS:
        raise TooWide(f"{sheet.name}!{(far.group(1) + far.group(2)).decode()}")


class _Rows:
    """The rows of a calamine sheet, taken once, as columns counted from A and rows from 1."""

    def __init__(self, source: CalamineSheet, top: int, left: int) -> None:
        # Rows before the first used one are left out by `iter_rows`; columns before it too.
        self.rows = source.to_python(skip_empty_area=True)
        self.top, self.left = top, left

    def first(self, count: int) -> list[list[object]]:
        blank: list[list[object]] = [[] for _ in range(min(self.top, count))]
        return blank + [[None] * self.left + [_decoded(cell) for cell in row] for row in self.rows[: max(count - self.top, 0)]]

    def columns(self, places: Mapping[str, int], header_row: int) -> dict[str, list[Cell]]:
        data = self.rows[max(header_row - self.top, 0) :]
        return {key: _decoded_column([row[index - self.left] for row in data]) for key, index in places.items()}


Value = str | float | int | bool | date | datetime | time | timedelta


def _decoded_column(values: list[Value]) -> list[Cell]:
    """A column at once: most hold one type, and many hold nothing."""
    types = set(map(type, values))
    if types <= {str, date}:
        return [value or None for value in values] if any(values) else [None] * len(values)  # type: ignore[misc]
    return [_decoded(value) for value in values]


def _decoded(value: Value) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, (time, timedelta)):
        return str(value)  # a time alone is nothing of ours: shown as typed, refused by the reader of the column
    return value


def _used(cells: Sequence[Cell]) -> int:
    """How many cells up to the last one that holds something (blanks count as nothing)."""
    for index in range(len(cells) - 1, -1, -1):
        cell = cells[index]
        if cell is not None and not (isinstance(cell, str) and not cell.strip()):
            return index + 1
    return 0


def _reveal(tab: Tab, layout: Layout, columns: Mapping[str, list[Cell]], xml: bytes) -> list[Problem]:
    """Put errors and unfinished formulas into `columns` where calamine saw nothing; returns the problems."""
    if not columns or (b"<f" not in xml and b":f" not in xml and b't="e"' not in xml):
        return []
    try:
        return _reveal_in(tab, layout, columns, open_any(xml))
    except Irregular:
        return _reveal_in(tab, layout, columns, open_sheet(regular(xml)))


def _reveal_in(tab: Tab, layout: Layout, columns: Mapping[str, list[Cell]], sheet: SheetBytes) -> list[Problem]:
    keys = {index: key for key, index in layout.columns.items() if key in columns}
    problems = []
    for column, row, text in _errors(sheet):
        if column in keys and row > layout.header_row:
            _put(columns[keys[column]], row - layout.header_row - 1, text)
    for cell in formula_cells(sheet):
        if cell.column not in keys or cell.row <= layout.header_row or _has_result(sheet.data, cell):
            continue
        key = keys[cell.column]
        formula = _FORMULA.search(sheet.data, cell.inside, cell.end)
        text = "=" + xml_text(formula.group(1)) if formula else "="
        _put(columns[key], cell.row - layout.header_row - 1, text)
        problems.append(Problem(tab=tab.key, row=cell.row, column=key, code="formula_not_computed", value=text[:200]))
    return problems


def _has_result(data: bytes, cell: FormulaCell) -> bool:
    """Whether the file stores what the formula gives; a stored empty text (t="str") is a result."""
    value = _VALUE.search(data, cell.inside, cell.end)
    if value is None:
        return False
    return bool(value.group(1)) or b't="str"' in data[cell.start : cell.inside]


def _errors(sheet: SheetBytes) -> list[tuple[int, int, str]]:
    data, found = sheet.data, []
    at = data.find(b't="e"', sheet.start, sheet.end)
    while at >= 0:
        address = _ADDRESS.search(data, data.rfind(b"<", 0, at), data.find(b">", at))
        value = _VALUE.search(data, at, data.find(b"</" + sheet.prefix + b"c>", at))
        if address is None:
            raise Irregular("an error in a cell without address")
        text = xml_text(value.group(1)) if value else "#N/A"
        found.append((column_index(address.group(1).decode()), int(address.group(2)), text))
        at = data.find(b't="e"', at + 1, sheet.end)
    return found


def _put(cells: list[Cell], index: int, text: str) -> None:
    if index >= len(cells):  # calamine's rectangle ends before a cell that it takes for empty
        cells.extend([None] * (index + 1 - len(cells)))
    cells[index] = text
