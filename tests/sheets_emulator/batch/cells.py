"""Requests about the cells themselves: values, formats, borders, notes, validation, merges."""

from __future__ import annotations

import copy

from ..a1 import Area, Block
from ..cells import MAX_CHARACTERS, Cell
from ..context import Context
from ..errors import Json, invalid
from ..formulas import shifted
from ..grid import Sheet
from ..masks import Mask, assign
from ..styles import pair_colors
from ..values import entered, grow
from .common import read_coordinate, read_mask, read_range, sheet_of

_KEPT = ("note", "dataValidation", "textFormatRuns", "pivotTable", "chipRuns")


def write_cell(context: Context, sheet: Sheet, row: int, column: int, data: Json, mask: Mask) -> None:
    """Set what the mask names in one cell, from a `CellData`; what is named but absent is cleared."""
    cell = sheet.cell(row, column)
    everything = "*" in mask
    if everything or "userEnteredValue" in mask:
        cell = _with_value(context, cell, data.get("userEnteredValue", {}))
    if everything or "userEnteredFormat" in mask:
        held = copy.deepcopy(dict(cell.format))
        below = {} if everything else mask["userEnteredFormat"]
        given = pair_colors(data.get("userEnteredFormat", {}))
        assign(held, given, _with_pairs(below) if below else {"*": {}})
        cell = cell.with_extra("userEnteredFormat", _without_empty(held))
    for name in _KEPT:
        if everything or name in mask:
            cell = cell.with_extra(name, copy.deepcopy(data.get(name)))
    sheet.put(row, column, cell)


def _with_pairs(mask: Mask) -> Mask:
    """A mask that names one of a pair of colour fields names the other, too."""
    paired: Mask = {}
    for name, below in mask.items():
        paired[name] = _with_pairs(below)
        if name.endswith("olor"):
            paired[name + "Style"] = {}
        elif name.endswith("olorStyle"):
            paired[name.removesuffix("Style")] = {}
    return paired


def _without_empty(held: Json) -> Json:
    kept = {name: _without_empty(part) if isinstance(part, dict) and "olor" not in name else part for name, part in held.items()}
    return {name: part for name, part in kept.items() if part != {} or "olor" in name}


def _with_value(context: Context, cell: Cell, given: Json) -> Cell:
    if "formulaValue" in given:
        context.spreadsheet.has_formulas = True
        formula = given["formulaValue"]
        if not formula.startswith("="):
            raise invalid(f"Invalid formula: {formula}")
        return cell.with_content(None, formula)
    for name in ("stringValue", "boolValue", "numberValue"):
        if name in given:
            if isinstance(given[name], str) and len(given[name]) > MAX_CHARACTERS:
                raise invalid(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
            return entered(context, cell, given[name], "RAW")
    if "errorValue" in given:
        raise invalid("errorValue is read-only.")
    return cell.with_content(None)


def update_cells(context: Context, given: Json) -> None:
    """Rows of cells from a start or into a range; the range's cells without data are cleared of the named fields."""
    mask = read_mask(given.get("fields"), "CellData")
    rows = given.get("rows", [])
    if "range" in given:
        sheet, block = read_range(context, given["range"])
        _fits(rows, block)
    else:
        sheet, top, left = read_coordinate(context, given.get("start"))
        width = max((len(row.get("values", [])) for row in rows), default=0)
        block = Block(top, left, top + len(rows), left + width)
        if block.bottom > sheet.row_count:
            raise invalid(f"Attempting to write row: {sheet.row_count}, beyond the last requested row of: {sheet.row_count - 1}")
        if block.right > sheet.column_count:
            last = sheet.column_count - 1
            raise invalid(f"Attempting to write column: {last + 1}, beyond the last requested column of: {last}")
    context.check_editable(sheet, block)
    by_range = "range" in given
    for row in range(block.top, block.bottom):
        offset = row - block.top
        values = rows[offset].get("values", []) if offset < len(rows) else []
        for column in range(block.left, block.right if by_range else block.left + len(values)):
            place = column - block.left
            write_cell(context, sheet, row, column, values[place] if place < len(values) else {}, mask)


def _fits(rows: list[Json], block: Block) -> None:
    if len(rows) > block.height:
        raise invalid(f"Attempting to write row: {block.bottom}, beyond the last requested row of: {block.bottom - 1}")
    width = max((len(row.get("values", [])) for row in rows), default=0)
    if width > block.width:
        raise invalid(f"Attempting to write column: {block.right}, beyond the last requested column of: {block.right - 1}")


def repeat_cell(context: Context, given: Json) -> None:
    """The same cell all over a range; formulas shift as if copied from its first cell."""
    mask = read_mask(given.get("fields"), "CellData")
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    data = given.get("cell", {})
    formula = data.get("userEnteredValue", {}).get("formulaValue")
    made: Cell | None = None  # what an empty cell becomes: worked out once, whole columns are formatted
    for row in range(block.top, block.bottom):
        for column in range(block.left, block.right):
            is_new = formula is None and column not in sheet.rows[row]
            if is_new and made is not None:
                sheet.put(row, column, made)
                continue
            here = data
            if formula is not None and ("userEnteredValue" in mask or "*" in mask):
                moved = shifted(formula, row - block.top, column - block.left)
                here = {**data, "userEnteredValue": {"formulaValue": moved}}
            write_cell(context, sheet, row, column, here, mask)
            if is_new:
                made = sheet.cell(row, column)


def append_cells(context: Context, given: Json) -> None:
    """Rows of cells after the last row with data, in new rows if need be."""
    mask = read_mask(given.get("fields"), "CellData")
    sheet = sheet_of(context, given.get("sheetId"))
    rows = given.get("rows", [])
    whole = sheet.block(Area(sheet.sheet_id))
    top = max((row for row, _, _ in sheet.filled(whole)), default=-1) + 1
    width = max((len(row.get("values", [])) for row in rows), default=0)
    context.check_editable(sheet, Block(top, 0, top + len(rows), width))
    grow(context, sheet, top + len(rows), width)
    for offset, row in enumerate(rows):
        for column, data in enumerate(row.get("values", [])):
            write_cell(context, sheet, top + offset, column, data, mask)


def set_data_validation(context: Context, given: Json) -> None:
    """A rule for every cell of a range; without a rule, the old ones go."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    rule = given.get("rule")
    if rule is not None and not rule.get("condition", {}).get("type"):
        raise invalid("The data validation rule must have a condition.")
    kept = _shown_rule(rule) if rule else None
    for row in range(block.top, block.bottom):
        for column in range(block.left, block.right):
            cell = sheet.cell(row, column)
            if (
                rule is not None
                and rule["condition"]["type"] == "BOOLEAN"
                and cell.is_blank
                and "values" not in rule["condition"]
            ):
                cell = cell.with_content(False)  # an unticked box is FALSE, not empty
            sheet.put(row, column, cell.with_extra("dataValidation", kept))


def _shown_rule(rule: Json) -> Json:
    return {name: copy.deepcopy(part) for name, part in rule.items() if part is not False}


_BORDERS = ("top", "bottom", "left", "right")


def update_borders(context: Context, given: Json) -> None:
    """Borders around and inside a range."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    for row in range(block.top, block.bottom):
        for column in range(block.left, block.right):
            sides = {
                "top": given.get("top") if row == block.top else given.get("innerHorizontal"),
                "bottom": given.get("bottom") if row == block.bottom - 1 else given.get("innerHorizontal"),
                "left": given.get("left") if column == block.left else given.get("innerVertical"),
                "right": given.get("right") if column == block.right - 1 else given.get("innerVertical"),
            }
            if any(side is not None for side in sides.values()):
                cell = sheet.cell(row, column)
                held = copy.deepcopy(dict(cell.format))
                borders = held.get("borders", {})
                for name in _BORDERS:
                    side = sides[name]
                    if side is not None:
                        borders[name] = pair_colors(_border(side))
                        if side.get("style") in (None, "NONE", "STYLE_UNSPECIFIED"):
                            del borders[name]
                held["borders"] = borders
                sheet.put(row, column, cell.with_extra("userEnteredFormat", _without_empty(held)))


def _border(side: Json) -> Json:
    width = {"SOLID": 1, "DOTTED": 1, "DASHED": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}.get(side.get("style", ""), 1)
    kept: Json = {"style": side.get("style"), "width": width, "color": side.get("color", {})}
    if "colorStyle" in side:
        kept["colorStyle"] = side["colorStyle"]
    return kept


# Merges


def merge_cells(context: Context, given: Json) -> None:
    """Cells become one; only the first value in reading order stays."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    _no_partial_merge(sheet, block)
    frozen = sheet.grid_properties
    for name, low, high, word in (
        ("frozenRowCount", block.top, block.bottom, "rows"),
        ("frozenColumnCount", block.left, block.right, "columns"),
    ):
        if low < frozen.get(name, 0) < high:
            raise invalid(f"You can't merge frozen and non-frozen {word}.")
    sheet.merges = [area for area in sheet.merges if not block.holds(sheet.block(area))]
    kind = given.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_ROWS":
        parts = [Block(row, block.left, row + 1, block.right) for row in range(block.top, block.bottom)]
    elif kind == "MERGE_COLUMNS":
        parts = [Block(block.top, column, block.bottom, column + 1) for column in range(block.left, block.right)]
    else:
        parts = [block]
    for part in parts:
        if part.height * part.width > 1:
            _merge(sheet, part)


def _merge(sheet: Sheet, part: Block) -> None:
    filled = list(sheet.filled(part))
    for place, (row, column, cell) in enumerate(filled):
        if place == 0 and (row, column) != (part.top, part.left):
            sheet.put(part.top, part.left, sheet.cell(part.top, part.left).with_content(cell.value, cell.formula))
        if (row, column) != (part.top, part.left):
            sheet.put(row, column, cell.with_content(None))
    sheet.merges.append(Area(sheet.sheet_id, part.top, part.bottom, part.left, part.right))


def _no_partial_merge(sheet: Sheet, block: Block) -> None:
    for area in sheet.merges:
        other = sheet.block(area)
        if block.meets(other) and not block.holds(other):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")


def unmerge_cells(context: Context, given: Json) -> None:
    """Merged cells of a range come apart."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    _no_partial_merge(sheet, block)
    sheet.merges = [area for area in sheet.merges if not block.holds(sheet.block(area))]


HANDLERS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
}
