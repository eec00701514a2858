"""Requests about rows and columns."""

from __future__ import annotations

from ..a1 import Area, Axis, Block
from ..cells import EMPTY, Cell
from ..context import Context
from ..errors import Json, invalid
from ..formats import formatted
from ..grid import COLUMN_WIDTH, Sheet
from ..masks import assign, parse_mask
from ..resource import group_json
from .common import read_mask, read_range, read_span, sheet_of
from .moving import put_shifted


def _word(axis: Axis, plural: bool = False) -> str:
    word = "row" if axis == "ROWS" else "column"
    return word + "s" if plural else word


def _check_whole(context: Context, sheet: Sheet, axis: Axis, first: int, last: int) -> None:
    block = sheet.block(Area(sheet.sheet_id).with_side(axis, first, last))
    context.check_editable(sheet, block)


def insert_dimension(context: Context, given: Json) -> None:
    """Blank rows or columns before an index (at the end, too)."""
    sheet, axis, start, end = read_span(context, given.get("range"))
    inherit = bool(given.get("inheritFromBefore"))
    if start > sheet.count(axis):
        raise invalid(f"range.startIndex is larger than current grid size ({sheet.count(axis)})")
    if start == sheet.count(axis) and not inherit:
        raise invalid("range.startIndex must be less than the grid size if inheritFromBefore is false.")
    if inherit and start == 0:
        raise invalid("Cannot insert dimension at index 0 with inheritFromBefore set to true.")
    context.spreadsheet.insert(sheet, axis, start, end - start, inherit)


def delete_dimension(context: Context, given: Json) -> None:
    """Rows or columns go; at least one stays."""
    sheet, axis, start, end = read_span(context, given.get("range"))
    count = sheet.count(axis)
    if end > count or start >= count:
        index = max(start, count)
        raise invalid(
            f"Cannot delete a {_word(axis)} that doesn't exist. "
            f"Tried to delete {_word(axis)} index {index} but there are only {count} {_word(axis, True)}."
        )
    if end - start >= count:
        raise invalid(f"You can't delete all the {_word(axis, True)} on the sheet.")
    frozen = "frozenRowCount" if axis == "ROWS" else "frozenColumnCount"
    held = sheet.grid_properties.get(frozen, 0)
    lost = max(0, min(end, held) - min(start, held))
    if held and held - lost >= count - (end - start):
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {_word(axis, True)}.")
    _check_whole(context, sheet, axis, start, end)
    context.spreadsheet.delete(sheet, axis, start, end)
    if lost:
        sheet.grid_properties[frozen] = held - lost
        if not sheet.grid_properties[frozen]:
            del sheet.grid_properties[frozen]


def append_dimension(context: Context, given: Json) -> None:
    """Blank rows or columns at the end."""
    sheet = sheet_of(context, given.get("sheetId"))
    axis, length = given.get("dimension"), given.get("length", 0)
    if axis not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified.")
    if length < 1:
        raise invalid("The length must be positive.")
    rows = sheet.row_count + (length if axis == "ROWS" else 0)
    columns = sheet.column_count + (length if axis == "COLUMNS" else 0)
    context.spreadsheet.check_growth(rows * columns - sheet.cell_count)
    sheet.resize(rows, columns)


def move_dimension(context: Context, given: Json) -> None:
    """Rows or columns move; the destination counts as before the move."""
    sheet, axis, start, end = read_span(context, given.get("source"))
    destination = given.get("destinationIndex", 0)
    if end > sheet.count(axis) or not 0 <= destination <= sheet.count(axis):
        raise invalid("The destination index is out of bounds.")
    if start < destination < end:
        raise invalid("The destination index must not be inside the source.")
    _check_whole(context, sheet, axis, start, end)
    order = list(range(sheet.count(axis)))
    moved = order[start:end]
    rest = order[:start] + order[end:]
    at = destination if destination <= start else destination - (end - start)
    order = rest[:at] + moved + rest[at:]
    sheet.reorder(axis, order)
    place = {old: new for new, old in enumerate(order)}

    def follow(area: Area) -> Area | None:
        first, last = area.side(axis)
        if first is None or last is None or area.sheet_id != sheet.sheet_id:
            return area
        # Only what moved as a whole, or lies wholly outside, can follow.
        if start <= first and last <= end or last - first == 1:
            return area.with_side(axis, place[first], place[first] + last - first)
        spots = sorted(place[index] for index in range(first, min(last, len(place))))
        return area.with_side(axis, spots[0], spots[-1] + 1) if spots[-1] - spots[0] == len(spots) - 1 else area

    sheet.move_anchors(follow)
    context.spreadsheet.move_everything(sheet, follow)


def update_dimension_properties(context: Context, given: Json) -> None:
    """Width, height and visibility of rows or columns."""
    sheet, axis, start, end = read_span(context, given.get("range"))
    if end > sheet.count(axis):
        raise invalid(f"range.endIndex[{end}] is after last {_word(axis)} in grid[{sheet.count(axis)}]")
    mask = read_mask(given.get("fields"), "DimensionProperties")
    properties = given.get("properties", {})
    for index in range(start, end):
        props = sheet.dimensions[axis].setdefault(index, {})
        assign(props, properties, mask)
        if not props.get("hiddenByUser", True):
            del props["hiddenByUser"]


def auto_resize(context: Context, given: Json) -> None:
    """A guess at the width that the texts need (Google measures fonts; the emulator counts characters)."""
    span = given.get("dimensions")
    if span is None:
        raise invalid("No dimensions specified.")
    sheet, axis, start, end = read_span(context, span)
    if axis == "ROWS":
        return
    for column in range(start, min(end, sheet.column_count)):
        widest = 0.0
        for row in range(sheet.row_count):
            cell = sheet.rows[row].get(column)
            if cell is not None and not cell.is_blank:
                text = formatted(context.spreadsheet.value(sheet, row, column), cell.number_format, context.facts)
                widest = max(widest, *(_text_width(line) for line in text.split("\n")))
        width = round(widest) + 6 if widest else COLUMN_WIDTH
        sheet.dimensions[axis].setdefault(column, {})["pixelSize"] = width


def _text_width(line: str) -> float:
    return sum(8.481 if letter.isupper() else 6.2 for letter in line)


# Groups


def _groups_json(sheet: Sheet, axis: Axis) -> Json:
    groups = [group_json(group, axis) for group in sheet.groups[axis]]
    return {"dimensionGroups": groups} if groups else {}


def add_group(context: Context, given: Json) -> Json:
    """Rows or columns are grouped; depths say how groups nest."""
    sheet, axis, start, end = read_span(context, given.get("range"))
    area = Area(sheet.sheet_id).with_side(axis, start, end)
    sheet.groups[axis].append({"range": area, "depth": 1})
    sheet.grid_properties["rowGroupControlAfter" if axis == "ROWS" else "columnGroupControlAfter"] = True
    _level(sheet, axis)
    return _groups_json(sheet, axis)


def _level(sheet: Sheet, axis: Axis) -> None:
    groups = sheet.groups[axis]
    groups.sort(key=lambda group: (group["range"].side(axis)[0], -(group["range"].side(axis)[1])))
    for place, group in enumerate(groups):
        first, last = group["range"].side(axis)
        around = [one for one in groups[:place] if one["range"].side(axis)[0] <= first and last <= one["range"].side(axis)[1]]
        group["depth"] = len(around) + 1


def delete_group(context: Context, given: Json) -> Json:
    """The deepest group over the range goes; larger groups are cut."""
    sheet, axis, start, end = read_span(context, given.get("range"))
    over = [group for group in sheet.groups[axis] if group["range"].side(axis)[0] < end and start < group["range"].side(axis)[1]]
    if not over:
        raise invalid("There is no group to delete in the range.")
    deepest = max(group["depth"] for group in over)
    for group in [group for group in over if group["depth"] == deepest]:
        first, last = group["range"].side(axis)
        sheet.groups[axis].remove(group)
        for left, right in ((first, start), (end, last)):
            if left < right:
                area = Area(sheet.sheet_id).with_side(axis, left, right)
                sheet.groups[axis].append({"range": area, "depth": group["depth"]})
    _level(sheet, axis)
    return _groups_json(sheet, axis)


def update_group(context: Context, given: Json) -> None:
    """A group is opened or closed; closing hides its rows or columns."""
    wanted = given.get("dimensionGroup", {})
    sheet, axis, start, end = read_span(context, wanted.get("range"))
    mask = parse_mask(given.get("fields") or "*")
    for group in sheet.groups[axis]:
        if group["range"].side(axis) == (start, end) and group["depth"] == wanted.get("depth", group["depth"]):
            assign(group, {"collapsed": wanted.get("collapsed") or None}, {"collapsed": {}} if mask else {})
            for index in range(start, end):
                props = sheet.dimensions[axis].setdefault(index, {})
                if group.get("collapsed"):
                    props["hiddenByUser"] = True
                else:
                    props.pop("hiddenByUser", None)
            return
    raise invalid("There is no such group.")


# Parts of rows and columns


def insert_range(context: Context, given: Json) -> None:
    """Blank cells push the others down or right."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    if given.get("shiftDimension", "ROWS") == "COLUMNS":
        context.spreadsheet.check_growth(block.width * sheet.row_count)
        _shift_cells(sheet, block, 0, block.width, block.top, block.bottom)
    else:
        context.spreadsheet.check_growth(block.height * sheet.column_count)
        _shift_cells(sheet, block, block.height, 0, block.left, block.right)


def _shift_cells(sheet: Sheet, block: Block, down: int, right: int, low: int, high: int) -> None:
    taken: list[tuple[int, int, Cell]] = []
    for row in range(block.top, sheet.row_count):
        for column in sorted(sheet.rows[row]):
            if (down and low <= column < high) or (right and low <= row < high and column >= block.left):
                taken.append((row, column, sheet.rows[row][column]))
    for row, column, _ in taken:
        sheet.put(row, column, EMPTY)
    lowest = max((row for row, _, _ in taken), default=0) + down + 1
    rightmost = max((column for _, column, _ in taken), default=0) + right + 1
    sheet.resize(max(lowest, sheet.row_count), max(rightmost, sheet.column_count))
    for row, column, cell in taken:
        put_shifted(sheet, row, column, cell, down, right)


def delete_range(context: Context, given: Json) -> None:
    """Cells go and the others close up from below or from the right."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    by_columns = given.get("shiftDimension", "ROWS") == "COLUMNS"
    for row in range(block.top, block.bottom if by_columns else sheet.row_count):
        for column in sorted(sheet.rows[row]):
            if column < block.left or (not by_columns and column >= block.right):
                continue
            cell = sheet.rows[row].pop(column)
            if by_columns and column >= block.right:
                put_shifted(sheet, row, column, cell, 0, -block.width)
            elif not by_columns and row >= block.bottom:
                put_shifted(sheet, row, column, cell, -block.height, 0)


HANDLERS = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize,
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
    "updateDimensionGroup": update_group,
    "insertRange": insert_range,
    "deleteRange": delete_range,
}
