"""Requests that copy, cut, fill, paste and sort cells."""

from __future__ import annotations

import csv
import functools
import io
from html.parser import HTMLParser
from typing import Any

from ..a1 import Area, Block
from ..cells import EMPTY, Cell, Value
from ..context import Context
from ..errors import Json, invalid
from ..formulas import shifted
from ..functions import compare
from ..grid import Sheet
from ..values import entered, grow
from .common import read_coordinate, read_range


def put_shifted(sheet: Sheet, row: int, column: int, cell: Cell, down: int, right: int) -> None:
    """Put a cell elsewhere on its tab with its formula as it stands (a move, not a copy)."""
    sheet.put(row + down, column + right, cell)


def _copied(cell: Cell, down: int, right: int) -> Cell:
    return cell.with_content(None, shifted(cell.formula, down, right)) if cell.formula is not None else cell


def _pasted(context: Context, target: Cell, source: Cell, value: Value, kind: str) -> Cell:
    """What a cell is after another was pasted on it."""
    target_format, source_format = dict(target.format), dict(source.format)
    if kind == "PASTE_FORMAT":
        return target.with_extra("userEnteredFormat", source_format)
    if kind == "PASTE_VALUES":
        return target.with_content(value)
    if kind == "PASTE_FORMULA":
        return target.with_content(source.value, source.formula)
    if kind == "PASTE_NO_BORDERS":
        kept = {name: part for name, part in source_format.items() if name != "borders"}
        if "borders" in target_format:
            kept["borders"] = target_format["borders"]
        return source.with_extra("userEnteredFormat", kept)
    if kind == "PASTE_DATA_VALIDATION":
        return target.with_extra("dataValidation", (source.extra or {}).get("dataValidation"))
    if kind == "PASTE_CONDITIONAL_FORMATTING":
        return target
    return source


def copy_paste(context: Context, given: Json) -> None:
    """Copy a range; a destination that is a multiple of it is filled with repeats, a smaller one is enlarged."""
    source_sheet, source = read_range(context, given.get("source"))
    sheet, destination = read_range(context, given.get("destination"))
    kind = given.get("pasteType", "PASTE_NORMAL")
    transpose = given.get("pasteOrientation") == "TRANSPOSE"
    height, width = (source.width, source.height) if transpose else (source.height, source.width)
    bottom = destination.top + max(destination.height // height, 1) * height
    right = destination.left + max(destination.width // width, 1) * width
    block = Block(destination.top, destination.left, bottom, right)
    context.check_editable(sheet, block)
    grow(context, sheet, block.bottom, block.right)
    taken = {
        (row, column): (
            source_sheet.cell(source.top + row, source.left + column),
            context.spreadsheet.value(source_sheet, source.top + row, source.left + column),
        )
        for row in range(source.height)
        for column in range(source.width)
    }
    for row in range(block.top, block.bottom):
        for column in range(block.left, block.right):
            down, across = (row - block.top) % height, (column - block.left) % width
            key = (across, down) if transpose else (down, across)
            cell, value = taken[key]
            moved = _copied(cell, row - source.top - key[0], column - source.left - key[1])
            sheet.put(row, column, _pasted(context, sheet.cell(row, column), moved, value, kind))
    if kind in {"PASTE_NORMAL", "PASTE_NO_BORDERS"} and not transpose:
        _copy_merges(source_sheet, source, sheet, block)


def _copy_merges(source_sheet: Sheet, source: Block, sheet: Sheet, block: Block) -> None:
    merges = [source_sheet.block(area) for area in source_sheet.merges if source.holds(source_sheet.block(area))]
    sheet.merges = [
        area for area in sheet.merges if not block.holds(sheet.block(area)) or (sheet is source_sheet and block == source)
    ]
    if sheet is source_sheet and block == source:
        return
    for top in range(block.top, block.bottom, source.height):
        for left in range(block.left, block.right, source.width):
            down, right = top - source.top, left - source.left
            sheet.merges += [
                Area(sheet.sheet_id, one.top + down, one.bottom + down, one.left + right, one.right + right) for one in merges
            ]


def cut_paste(context: Context, given: Json) -> None:
    """Move a range; formulas keep their texts."""
    source_sheet, source = read_range(context, given.get("source"))
    sheet, top, left = read_coordinate(context, given.get("destination"))
    block = Block(top, left, top + source.height, left + source.width)
    context.check_editable(source_sheet, source)
    context.check_editable(sheet, block)
    grow(context, sheet, block.bottom, block.right)
    kind = given.get("pasteType", "PASTE_NORMAL")
    taken = [
        (row, column, source_sheet.cell(row, column), context.spreadsheet.value(source_sheet, row, column))
        for row in range(source.top, source.bottom)
        for column in range(source.left, source.right)
    ]
    if kind != "PASTE_FORMAT":
        for row, column, _, _ in taken:
            source_sheet.put(row, column, EMPTY)
    for row, column, cell, value in taken:
        target = (top + row - source.top, left + column - source.left)
        sheet.put(*target, _pasted(context, sheet.cell(*target), cell, value, kind))


def paste_data(context: Context, given: Json) -> None:
    """Paste delimited text (or an HTML table), as typed."""
    sheet, top, left = read_coordinate(context, given.get("coordinate"))
    data = given.get("data", "")
    if given.get("html"):
        rows = _html_rows(data)
    elif given.get("delimiter"):
        rows = list(csv.reader(io.StringIO(data), delimiter=given["delimiter"]))
    else:
        raise invalid("One of html or delimiter must be specified.")
    width = max((len(row) for row in rows), default=0)
    block = Block(top, left, top + len(rows), left + width)
    context.check_editable(sheet, block)
    grow(context, sheet, block.bottom, block.right)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = (top + row, left + column)
            sheet.put(*place, entered(context, sheet.cell(*place), text, "USER_ENTERED"))
            context.spreadsheet.has_formulas |= sheet.cell(*place).formula is not None


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def _html_rows(text: str) -> list[list[str]]:
    parser = _Table()
    parser.feed(text)
    return parser.rows or [[text]]


def text_to_columns(context: Context, given: Json) -> None:
    """Split the texts of one column at a delimiter into the columns to its right."""
    sheet, block = read_range(context, given.get("source"))
    if block.width != 1:
        raise invalid("The source must be a single column.")
    marks = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " ", "CUSTOM": given.get("delimiter", ",")}
    mark = marks.get(given.get("delimiterType", "AUTODETECT"))
    for row in range(block.top, block.bottom):
        value = sheet.cell(row, block.left).value
        if isinstance(value, str):
            used = mark or next((one for one in ",;|\t " if one in value), ",")
            parts = value.split(used)
            grow(context, sheet, 0, block.left + len(parts))
            context.check_editable(sheet, Block(row, block.left, row + 1, block.left + len(parts)))
            for offset, part in enumerate(parts):
                place = (row, block.left + offset)
                sheet.put(*place, entered(context, sheet.cell(*place), part, "USER_ENTERED"))


def auto_fill(context: Context, given: Json) -> None:
    """Continue the numbers, dates or pattern of a source into the cells next to it."""
    if "sourceAndDestination" in given:
        pair = given["sourceAndDestination"]
        sheet, source = read_range(context, pair.get("source"))
        length, by_rows = pair.get("fillLength", 0), pair.get("dimension") == "ROWS"
    else:
        sheet, whole = read_range(context, given.get("range"))
        held = [row for row, _, _ in sheet.filled(whole)]
        last = max(held, default=whole.top)
        source = Block(whole.top, whole.left, last + 1, whole.right)
        length, by_rows = whole.bottom - source.bottom, True
    alternate = bool(given.get("useAlternateSeries"))
    count = source.height if by_rows else source.width
    lines = range(source.left, source.right) if by_rows else range(source.top, source.bottom)
    for line in lines:
        first = source.top if by_rows else source.left
        cells = [sheet.cell(first + place, line) if by_rows else sheet.cell(line, first + place) for place in range(count)]
        for step in range(1, abs(length) + 1):
            offset = count + step - 1 if length > 0 else -step
            cell = _continued(cells, offset, by_rows, alternate)
            row, column = (first + offset, line) if by_rows else (line, first + offset)
            if row < 0 or column < 0:
                raise invalid("The fill length reaches beyond the grid.")
            context.check_editable(sheet, Block(row, column, row + 1, column + 1))
            grow(context, sheet, row + 1, column + 1)
            sheet.put(row, column, cell)


def _continued(cells: list[Cell], offset: int, by_rows: bool, alternate: bool) -> Cell:
    model = cells[offset % len(cells)]
    if model.formula is not None:
        move = offset - offset % len(cells)
        return _copied(model, move if by_rows else 0, 0 if by_rows else move)
    numbers: list[Any] = [cell.value for cell in cells]
    dated = (model.number_format or {}).get("type") == "DATE"
    if all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        if len(numbers) > 1:
            step = numbers[1] - numbers[0]
            if all(after - before == step for before, after in zip(numbers, numbers[1:], strict=False)):
                return model.with_content(numbers[0] + step * offset)
        elif dated or alternate:
            return model.with_content(numbers[0] + offset)
    return model


# Sorting


def sort_order(context: Context, sheet: Sheet, block: Block, specs: list[Json]) -> list[int]:
    """The rows of a block in sorted order; blanks come last whatever the direction; equal rows keep their order."""

    def before(one: int, other: int) -> int:
        for spec in specs:
            column = spec.get("dimensionIndex", 0)
            left, right = context.spreadsheet.value(sheet, one, column), context.spreadsheet.value(sheet, other, column)
            blank = ((left in (None, "")) > (right in (None, ""))) - ((left in (None, "")) < (right in (None, "")))
            order = blank or compare(left, right) * (-1 if spec.get("sortOrder") == "DESCENDING" else 1)
            if order:
                return order
        return 0

    return sorted(range(block.top, block.bottom), key=functools.cmp_to_key(before))


def reorder_rows(context: Context, sheet: Sheet, block: Block, order: list[int]) -> None:
    """Move the cells of a block's rows into a new order of rows; what lies beside the block stays."""
    taken = {row: {c: cell for c, cell in sheet.rows[row].items() if block.left <= c < block.right} for row in order}
    for place, old in enumerate(order):
        row = block.top + place
        kept = {column: cell for column, cell in sheet.rows[row].items() if not block.left <= column < block.right}
        moved = {column: _copied(cell, row - old, 0) for column, cell in taken[old].items()}
        sheet.rows[row] = kept | moved
    if context.switches.metadata_follows_sort:
        place_of = {old: block.top + place for place, old in enumerate(order)}
        for entry in context.spreadsheet.developer_metadata:
            location = entry["location"]
            if location["locationType"] == "ROW" and location["range"].sheet_id == sheet.sheet_id:
                row = location["range"].top
                if row in place_of:
                    location["range"] = location["range"].with_side("ROWS", place_of[row], place_of[row] + 1)


def sort_range(context: Context, given: Json) -> None:
    """Sort the rows of a range by some of its columns."""
    sheet, block = read_range(context, given.get("range"))
    specs = given.get("sortSpecs", [])
    if not specs:
        raise invalid("At least one sort spec must be specified.")
    for spec in specs:
        column = spec.get("dimensionIndex", 0)
        if not block.left <= column < block.right:
            raise invalid(f"sortSpecs.dimensionIndex[{column}] must be within the range.")
    if any(block.meets(sheet.block(area)) for area in sheet.merges):
        raise invalid("You can't perform a sort on a range that contains vertical merges.")
    context.check_editable(sheet, block)
    reorder_rows(context, sheet, block, sort_order(context, sheet, block, specs))


def randomize_range(context: Context, given: Json) -> None:
    """Shuffle the rows of a range."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    order = list(range(block.top, block.bottom))
    context.drive.random.shuffle(order)
    reorder_rows(context, sheet, block, order)


HANDLERS = {
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "pasteData": paste_data,
    "textToColumns": text_to_columns,
    "autoFill": auto_fill,
    "sortRange": sort_range,
    "randomizeRange": randomize_range,
}
