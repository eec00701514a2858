"""Cells changed inside the XML of one worksheet; every byte of the other cells stays as it was.

The sheet is never parsed as a tree: rows and cells are found by regular expressions over its bytes, which is exact
because inside `sheetData` a "<" only ever opens a tag. A sheet written in another manner (comments, CDATA, cells
without an address, another encoding) is first rewritten in the common one by `regular`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from sync.workbook.excel.cells import cell_xml, escape
from sync.workbook.excel.package import BadPackage, safe_parser, xml_text
from sync.workbook.headings import column_index, letter
from sync.workbook.tabs import Cell

_SHEET_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData\b[^>]*?(/?)>")
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_SPANS = re.compile(rb'\s*\bspans="[^"]*"')
_HEIGHT = re.compile(rb'\s*\bht="[^"]*"')
_CUSTOM_HEIGHT = re.compile(rb'\bcustomHeight="')
_CUSTOM = re.compile(rb'\bcustomFormat="(?:1|true)"')

# Given (style index, value): the style index that shows the value (a date needs a date format).
StyleFor = Callable[[int, Cell], int]


class Irregular(Exception):
    """The bytes are not written in the manner this module expects: call `regular` first."""


@dataclass(slots=True)
class SheetBytes:
    """A sheet as bytes, with the place of its rows: `data[start:end]` is the inside of `sheetData`."""

    data: bytes
    prefix: bytes  # b"" or b"x:"
    start: int
    end: int
    is_empty_tag: bool  # <sheetData/>


@dataclass(slots=True)
class Patched:
    """The new sheet as pieces; `formulas` are the addresses of ours that held a formula."""

    pieces: list[bytes] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)


def open_sheet(data: bytes) -> SheetBytes:
    """Locate the rows. Raises Irregular for another manner of writing, BadPackage for no sheet at all."""
    found = _SHEET_DATA.search(data)
    if found is None:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Irregular("UTF-16")
        raise BadPackage("a worksheet without sheetData")
    prefix, empty = found.group(1), bool(found.group(2))
    if empty:
        return SheetBytes(data, prefix, found.start(), found.end(), True)
    end = data.rfind(b"</" + prefix + b"sheetData")
    if end < 0 or b"<!--" in data or b"<![CDATA[" in data or not _is_utf8(data):
        raise Irregular("comments, CDATA or another encoding")
    return SheetBytes(data, prefix, found.end(), end, False)


def _is_utf8(data: bytes) -> bool:
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w.-]+)["']""", data.removeprefix(b"\xef\xbb\xbf"))
    return declared is None or declared.group(1).lower() in (b"utf-8", b"us-ascii", b"ascii")


def regular(data: bytes) -> bytes:
    """The same sheet in the common manner: UTF-8, no comments, an address on every row and cell."""
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        raise BadPackage(str(error)) from error
    for node in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        parent = node.getparent()
        if parent is not None:
            etree.strip_tags(parent, node.tag)
    row_number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        row_number = int(row.get("r") or row_number + 1)
        row.set("r", str(row_number))
        column = -1
        for cell in row.iterfind("{*}c"):
            address = re.match(r"([A-Za-z]+)", cell.get("r") or "")
            column = column_index(address.group(1).upper()) if address else column + 1
            cell.set("r", f"{letter(column)}{row_number}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def open_any(data: bytes) -> SheetBytes:
    """`open_sheet`, rewriting the sheet first when it must be."""
    try:
        sheet = open_sheet(data)
        _check_addresses(sheet)
    except Irregular:
        sheet = open_sheet(regular(data))
    return sheet


def _check_addresses(sheet: SheetBytes) -> None:
    """Addresses are all there or all missing in practice, so the first row and cell tell; others raise when met."""
    if sheet.is_empty_tag:
        return
    row = re.compile(rb"<" + sheet.prefix + rb"row\b([^>]*)>").search(sheet.data, sheet.start, sheet.end)
    cell = re.compile(rb"<" + sheet.prefix + rb"c\b([^>]*)>").search(sheet.data, sheet.start, sheet.end)
    if (row and not _ROW_NUMBER.search(row.group(1))) or (cell and not _ADDRESS.search(cell.group(1))):
        raise Irregular("rows or cells without address")


def patch(
    data: bytes,
    writes: Mapping[int, Mapping[int, Cell]],
    *,
    style_for: StyleFor = lambda style, _: style,
    new_style: Mapping[int, int] | None = None,
    heights: Mapping[int, float | None] | None = None,
    since_1904: bool = False,
) -> Patched:
    """Write cells: {row number: {column position: value}}; None empties a cell and keeps its format.

    A new cell takes the style of its row, else of its column; `new_style` (by column) stands before both.
    `heights` are in points, for rows whose height nobody has set; None keeps the present height from growing.
    """
    try:
        return _patch(open_any(data), writes, _RowStyle(style_for, new_style or {}, heights or {}, since_1904))
    except Irregular:
        return _patch(open_sheet(regular(data)), writes, _RowStyle(style_for, new_style or {}, heights or {}, since_1904))


@dataclass(frozen=True, slots=True)
class _RowStyle:
    """How rows are dressed: see `patch`."""

    style_for: StyleFor
    new: Mapping[int, int]
    heights: Mapping[int, float | None]
    since_1904: bool


def _patch(
    sheet: SheetBytes,
    writes: Mapping[int, Mapping[int, Cell]],
    dress: _RowStyle,
) -> Patched:
    sheet = _without_shared_masters(sheet, writes)
    writer = _RowWriter(sheet, dress)
    out = Patched(formulas=writer.formulas)
    head = _with_dimension(sheet.data[: sheet.start], writes)
    todo = sorted(writes)
    p = sheet.prefix
    if sheet.is_empty_tag:
        out.pieces += [head, b"<" + p + b"sheetData>"]
        out.pieces += [writer.new_row(number, writes[number]) for number in todo]
        out.pieces += [b"</" + p + b"sheetData>", sheet.data[sheet.end :]]
        return out
    out.pieces.append(head)
    copied, position = sheet.start, 0
    for match in re.compile(rb"<" + p + rb"row\b([^>]*)>").finditer(sheet.data, sheet.start, sheet.end):
        if position == len(todo):
            break
        address = _ROW_NUMBER.search(match.group(1))
        if address is None:
            raise Irregular("a row without number")
        number = int(address.group(1))
        while position < len(todo) and todo[position] < number:
            out.pieces += [sheet.data[copied : match.start()], writer.new_row(todo[position], writes[todo[position]])]
            copied = match.start()
            position += 1
        if position < len(todo) and todo[position] == number:
            out.pieces.append(sheet.data[copied : match.start()])
            piece, copied = writer.changed_row(match, number, writes[number])
            out.pieces.append(piece)
            position += 1
    out.pieces.append(sheet.data[copied : sheet.end])
    out.pieces += [writer.new_row(number, writes[number]) for number in todo[position:]]
    out.pieces.append(sheet.data[sheet.end :])
    return out


class _RowWriter:
    """Makes new rows and changes existing ones of one sheet."""

    def __init__(self, sheet: SheetBytes, dress: _RowStyle) -> None:
        self.data = sheet.data
        self.prefix = sheet.prefix.decode()
        self.row_end = b"</" + sheet.prefix + b"row>"
        self.cell = re.compile(rb"<" + sheet.prefix + rb"c\s([^>]*)>")
        self.opening = b"<" + sheet.prefix + b"c "
        self.closing = b"</" + sheet.prefix + b"c>"
        self.has_formula = b"<" + sheet.prefix + b"f"
        self.columns = _column_styles(sheet)
        self.dress = dress
        self.formulas: set[str] = set()

    def _xml(self, number: int, column: int, style: int, cell: Cell) -> bytes:
        ref = f"{letter(column)}{number}"
        shown = self.dress.style_for(style, cell)
        return cell_xml(ref, shown, cell, prefix=self.prefix, since_1904=self.dress.since_1904)

    def _new_style(self, column: int, row_style: int | None) -> int:
        if column in self.dress.new:
            return self.dress.new[column]
        return self.columns.get(column, 0) if row_style is None else row_style

    def new_row(self, number: int, cells: Mapping[int, Cell]) -> bytes:
        inside = b"".join(
            self._xml(number, column, self._new_style(column, None), cells[column])
            for column in sorted(cells)
            if cells[column] is not None
        )
        p = self.prefix
        head = f'<{p}row r="{number}"'.encode() + self._height(number, b"")
        return head + b">" + inside + f"</{p}row>".encode() if inside else b""

    def _height(self, number: int, attributes: bytes) -> bytes:
        """Attributes to add to a row, so that it has the height it should."""
        if number not in self.dress.heights or _CUSTOM_HEIGHT.search(attributes):
            return b""
        height = self.dress.heights[number]
        if height is None:
            return b' customHeight="1"' if _HEIGHT.search(attributes) else b' ht="15" customHeight="1"'
        return f' ht="{height:g}"'.encode()

    def changed_row(self, match: re.Match[bytes], number: int, cells: Mapping[int, Cell]) -> tuple[bytes, int]:
        """The row with these cells, and where the old row ends in the data."""
        attributes = match.group(1)
        is_empty = attributes.endswith(b"/")
        attributes = attributes.removesuffix(b"/")
        inside_end = match.end() if is_empty else self.data.find(self.row_end, match.end())
        if inside_end < 0:
            raise BadPackage("a row without end")
        end = inside_end if is_empty else inside_end + len(self.row_end)
        styled = _STYLE.search(attributes) if _CUSTOM.search(attributes) else None
        row_style = int(styled.group(1)) if styled else None
        inside = self._changed_cells(match.end(), inside_end, number, cells, row_style)
        p = self.prefix.encode()
        added = self._height(number, attributes)
        if added.startswith(b" ht="):
            attributes = _HEIGHT.sub(b"", attributes)
        attributes = _SPANS.sub(b"", attributes)  # a hint to readers that new cells would make untrue
        return b"<" + p + b"row" + attributes + added + b">" + inside + self.row_end, end

    def _changed_cells(self, start: int, end: int, number: int, cells: Mapping[int, Cell], row_style: int | None) -> bytes:
        """The inside of a row with these cells; the bytes between them are copied."""
        edits: list[tuple[int, int, bytes]] = []  # (from, to, new bytes)
        last = self._last_column(start, end)
        for column in sorted(cells):
            place = self._find_cell(start, end, f"{letter(column)}{number}") if column <= last else None
            if place is not None:
                edits.append((place[0], place[1], self._replaced(place, number, column, cells[column])))
            elif cells[column] is not None:
                at = end if column > last else self._insertion(start, end, column)
                edits.append((at, at, self._xml(number, column, self._new_style(column, row_style), cells[column])))
        pieces, copied = [], start
        for begin, stop, piece in edits:
            pieces += [self.data[copied:begin], piece]
            copied = stop
        return b"".join([*pieces, self.data[copied:end]])

    def _replaced(self, place: tuple[int, int], number: int, column: int, cell: Cell) -> bytes:
        old = self.data[place[0] : place[1]]
        tag, _, inside = old.partition(b">")
        if self.has_formula in inside:
            self.formulas.add(f"{letter(column)}{number}")
        styled = _STYLE.search(tag)
        return self._xml(number, column, int(styled.group(1)) if styled else 0, cell)

    def _find_cell(self, start: int, end: int, ref: str) -> tuple[int, int] | None:
        """Where the cell of this address stands. A text may hold `r="B2"` too, so the hit must lie in a cell's tag."""
        mark = f' r="{ref}"'.encode()
        at = self.data.find(mark, start, end)
        while at >= 0:
            begin = self.data.rfind(b"<", start, at)
            if self.data.startswith(self.opening, begin) and self.data.find(b">", begin, at) < 0:
                close = self.data.find(b">", at)
                if self.data[close - 1 : close] == b"/":
                    return begin, close + 1
                return begin, self.data.find(self.closing, close) + len(self.closing)
            at = self.data.find(mark, at + 1, end)
        return None

    def _last_column(self, start: int, end: int) -> int:
        """The column of the row's last cell, -1 for none."""
        begin = self.data.rfind(self.opening, start, end)
        return -1 if begin < 0 else self._column_of(self.data[begin : self.data.find(b">", begin)])

    def _insertion(self, start: int, end: int, column: int) -> int:
        """Where a new cell of this column goes: before the first cell at its right."""
        for match in self.cell.finditer(self.data, start, end):
            if self._column_of(match.group(1)) > column:
                return match.start()
        return end

    @staticmethod
    def _column_of(tag: bytes) -> int:
        address = _ADDRESS.search(tag)
        if address is None:
            raise Irregular("a cell without address")
        return column_index(address.group(1).decode())


def _column_styles(sheet: SheetBytes) -> dict[int, int]:
    """Column position -> default style, from `<cols>`; very wide bands are cut at the contract's reach."""
    styles: dict[int, int] = {}
    for match in re.finditer(rb"<" + sheet.prefix + rb"col\b([^>]*)>", sheet.data[: sheet.start]):
        found = {name: int(value) for name, value in re.findall(rb'\b(min|max|style)="(\d+)"', match.group(1))}
        if b"style" in found and b"min" in found and b"max" in found:
            for column in range(found[b"min"] - 1, min(found[b"max"], 1000)):
                styles[column] = found[b"style"]
    return styles


def _with_dimension(head: bytes, writes: Mapping[int, Mapping[int, Cell]]) -> bytes:
    """`<dimension>` stretched to hold the new cells (some readers trust it)."""
    columns = [column for cells in writes.values() for column, cell in cells.items() if cell is not None]
    found = re.search(rb'(<(?:[\w.-]+:)?dimension\b[^>]*\bref=")([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?(")', head)
    if not columns or found is None:
        return head
    left, top = column_index(found.group(2).decode()), int(found.group(3))
    right = column_index((found.group(4) or found.group(2)).decode())
    bottom = int(found.group(5) or found.group(3))
    left, right = min(left, *columns), max(right, *columns)
    top, bottom = min(top, min(writes)), max(bottom, max(writes))
    ref = f"{letter(left)}{top}:{letter(right)}{bottom}".encode()
    return head[: found.start()] + found.group(1) + ref + found.group(6) + head[found.end() :]


# --- formulas shared by several cells


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """A cell with a formula: `data[start:inside]` is its opening tag, `data[inside:end]` what it holds."""

    column: int
    row: int
    start: int
    inside: int
    end: int


def formula_cells(sheet: SheetBytes) -> Iterator[FormulaCell]:
    """Each cell that holds a formula, in order. Costs nothing on a sheet without formulas."""
    data, p = sheet.data, sheet.prefix
    closing = b"</" + p + b"c>"
    for match in re.compile(rb"<" + p + rb"f[\s/>]").finditer(data, sheet.start, sheet.end):
        at = match.start()
        start = data.rfind(b"<" + p + b"c ", sheet.start, at)
        end = data.find(closing, at, sheet.end)
        inside = data.find(b">", start) + 1
        address = _ADDRESS.search(data, start, inside) if start >= 0 else None
        if address is None or end < 0:
            raise Irregular("a formula in a cell without address")
        yield FormulaCell(column_index(address.group(1).decode()), int(address.group(2)), start, inside, end)


def _without_shared_masters(sheet: SheetBytes, writes: Mapping[int, Mapping[int, Cell]]) -> SheetBytes:
    """Where a cell of ours holds the formula that others share, give those others their own copy of it first."""
    data, p = sheet.data, sheet.prefix
    if b't="shared"' not in data:
        return sheet
    element = re.compile(rb"<" + p + rb"f\b([^>]*?)(?:/>|>(.*?)</" + p + rb"f>)", re.DOTALL)
    masters: dict[bytes, tuple[str, str]] = {}
    members: list[tuple[bytes, FormulaCell, re.Match[bytes]]] = []
    for cell in formula_cells(sheet):
        found = element.search(data, cell.inside, cell.end)
        index = re.search(rb'\bsi="(\d+)"', found.group(1)) if found and b't="shared"' in found.group(1) else None
        if found is None or index is None:
            continue
        is_ours = cell.column in writes.get(cell.row, {})
        if found.group(2) and is_ours:
            masters[index.group(1)] = (f"{letter(cell.column)}{cell.row}", xml_text(found.group(2)))
        elif not found.group(2) and not is_ours:
            members.append((index.group(1), cell, found))
    pieces, copied = [], 0
    for number, cell, found in members:
        if number in masters:
            origin, text = masters[number]
            own = _formula_moved(text, origin, f"{letter(cell.column)}{cell.row}")
            pieces += [data[copied : found.start()], b"<" + p + b"f>" + escape(own).encode() + b"</" + p + b"f>"]
            copied = found.end()
    if not pieces:
        return sheet
    return open_sheet(b"".join([*pieces, data[copied:]]))


def _formula_moved(text: str, origin: str, place: str) -> str:
    """A formula as it reads in another cell: its relative references move along."""
    from openpyxl.formula.translate import Translator  # slow to import, and few workbooks need it

    return str(Translator("=" + text, origin=origin).translate_formula(place))[1:]
