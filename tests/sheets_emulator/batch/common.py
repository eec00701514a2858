"""What the handlers of requests share: finding tabs and blocks, reading masks, making ids."""

from __future__ import annotations

from ..a1 import Area, Axis, Block
from ..context import Context
from ..errors import Json, invalid
from ..grid import Sheet
from ..masks import Mask, parse_mask
from ..schema import discovery
from ..workbook import exceeds_grid


def sheet_of(context: Context, sheet_id: int | None, noun: str = "grid") -> Sheet:
    """The tab with this id (0 when none is given)."""
    sheet = context.spreadsheet.sheet(sheet_id or 0)
    if sheet is None:
        raise invalid(f"No {noun} with id: {sheet_id or 0}")
    return sheet


def read_range(context: Context, given: Json | None) -> tuple[Sheet, Block]:
    """The tab and the block of a `GridRange`: refused when it starts beyond the grid, cut when only its end lies there."""
    if given is None:
        raise invalid("No range specified.")
    area = Area.of_json(given)
    sheet = sheet_of(context, area.sheet_id)
    for side, start, end in (("Row", area.top, area.bottom), ("Column", area.left, area.right)):
        if (start or 0) < 0 or (end or 0) < 0:
            raise invalid(f"GridRange.start{side}Index[{start}] must not be negative.")
        if start is not None and end is not None and end < start:
            raise invalid(f"GridRange.end{side}Index[{end}] must not be before GridRange.start{side}Index[{start}].")
    if (area.top or 0) >= sheet.row_count or (area.left or 0) >= sheet.column_count:
        raise exceeds_grid(sheet, area)
    return sheet, sheet.block(area)


def read_coordinate(context: Context, given: Json | None) -> tuple[Sheet, int, int]:
    """The tab, row and column of a `GridCoordinate`."""
    given = given or {}
    sheet = sheet_of(context, given.get("sheetId"))
    row, column = given.get("rowIndex", 0), given.get("columnIndex", 0)
    if row >= sheet.row_count:
        raise invalid(f"GridCoordinate.rowIndex[{row}] is after last row in grid[{sheet.row_count - 1}]")
    if column >= sheet.column_count:
        raise invalid(f"GridCoordinate.columnIndex[{column}] is after last column in grid[{sheet.column_count - 1}]")
    return sheet, row, column


def read_span(context: Context, given: Json | None) -> tuple[Sheet, Axis, int, int]:
    """The tab, axis, start and end of a `DimensionRange`; open sides reach the edges of the grid."""
    if given is None:
        raise invalid("No range specified.")
    sheet = sheet_of(context, given.get("sheetId"))
    axis = given.get("dimension")
    if axis not in ("ROWS", "COLUMNS"):
        raise invalid("No dimension specified.")
    start, end = given.get("startIndex", 0), given.get("endIndex", sheet.count(axis))
    if start < 0:
        raise invalid(f"range.startIndex[{start}] cannot be less than 0")
    if end <= start:
        raise invalid(f"range.endIndex[{end}] must be after range.startIndex[{start}]")
    return sheet, axis, start, end


def read_mask(text: str | None, schema: str) -> Mask:
    """The `fields` of an update request; it must name something, and only fields that the message has."""
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        mask = parse_mask(text)
    except ValueError:
        raise invalid(f"Invalid field: {text}") from None
    unknown = discovery("sheets.v4").unknown_field(schema, mask)
    if unknown is not None:
        raise invalid(f"Invalid field: {unknown}")
    return mask


def new_id(context: Context, wanted: int | None, taken: set[int], what: str) -> int:
    """An unused id; a wanted one that is taken is refused."""
    if wanted is None:
        return context.drive.new_number(taken)
    if wanted in taken:
        raise invalid(f"{what} with id {wanted} already exists.")
    return wanted
