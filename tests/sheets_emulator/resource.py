"""The `Spreadsheet` resource: properties, tabs and, when asked for, the data of their grids."""

from __future__ import annotations

from typing import Any

from .a1 import Area, Axis, Block
from .cells import Cell, ErrorValue, Value
from .context import Context, shown
from .errors import Json
from .filters import filtered_blocks, metadata_json
from .formats import formatted
from .grid import COLUMN_WIDTH, ROW_HEIGHT, Sheet
from .masks import Mask, wants
from .styles import color_json, merged

_LINK_COLOR = color_json({"red": 17 / 255, "green": 85 / 255, "blue": 204 / 255})
_PLAIN_PARTS = ("note", "dataValidation", "textFormatRuns", "pivotTable", "chipRuns")


def sheet_properties(context: Context, sheet: Sheet) -> Json:
    """`SheetProperties`, in the order Google writes them."""
    properties: Json = {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": context.spreadsheet.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": sheet.row_count, "columnCount": sheet.column_count, **sheet.grid_properties},
    }
    return properties | {name: part for name, part in sheet.properties.items() if name != "sheetType"}


def get(context: Context, query: Json, mask: Mask | None) -> Json:
    """`spreadsheets.get`; a field mask decides about grid data, else `includeGridData` does."""
    ranges = [context.spreadsheet.resolve(text) for text in query.get("ranges", [])]
    with_data = wants(mask, "sheets", "data") if mask else bool(query.get("includeGridData"))
    return spreadsheet_json(context, ranges if query.get("ranges") else None, with_data, mask)


def get_by_filter(context: Context, body: Json, mask: Mask | None) -> Json:
    """`spreadsheets.getByDataFilter`."""
    filters = body.get("dataFilters", [])
    blocks = [found for data_filter in filters for found in filtered_blocks(context, data_filter)]
    with_data = wants(mask, "sheets", "data") if mask else bool(body.get("includeGridData"))
    return spreadsheet_json(context, blocks if filters else None, with_data, mask)


def spreadsheet_json(
    context: Context, ranges: list[tuple[Sheet, Block]] | None, with_data: bool, mask: Mask | None = None
) -> Json:
    """The resource; with ranges, only their tabs."""
    spreadsheet = context.spreadsheet
    sheets = []
    for sheet in spreadsheet.sheets:
        blocks = None if ranges is None else [block for owner, block in ranges if owner is sheet]
        if blocks == []:
            continue
        sheets.append(_sheet_json(context, sheet, blocks, with_data, mask))
    answer: Json = {
        "spreadsheetId": spreadsheet.id,
        "properties": {
            "title": spreadsheet.title,
            "locale": spreadsheet.locale,
            "autoRecalc": spreadsheet.properties["autoRecalc"],
            "timeZone": spreadsheet.time_zone,
            **{name: part for name, part in spreadsheet.properties.items() if name != "autoRecalc"},
        },
        "sheets": sheets,
    }
    if spreadsheet.named_ranges:
        answer["namedRanges"] = [shown(entry) for entry in spreadsheet.named_ranges]
    answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{spreadsheet.id}/edit"
    metadata = [metadata_json(entry) for entry in spreadsheet.developer_metadata if "range" not in entry["location"]]
    if metadata:
        answer["developerMetadata"] = metadata
    return answer


def _sheet_json(context: Context, sheet: Sheet, blocks: list[Block] | None, with_data: bool, mask: Mask | None) -> Json:
    answer: Json = {"properties": sheet_properties(context, sheet)}
    if with_data:
        whole = Block(0, 0, sheet.row_count, sheet.column_count)
        data_mask = (mask or {}).get("sheets", {}).get("data") if mask and "sheets" in mask else None
        answer["data"] = [grid_data(context, sheet, block, data_mask) for block in blocks or [whole]]
    if sheet.merges:
        answer["merges"] = [area.to_json() for area in sheet.merges]
    for name, items in (
        ("conditionalFormats", sheet.conditional_formats),
        ("filterViews", sheet.filter_views),
        ("charts", sheet.charts),
        ("bandedRanges", sheet.banded_ranges),
        ("rowGroups", [group_json(group, "ROWS") for group in sheet.groups["ROWS"]]),
        ("columnGroups", [group_json(group, "COLUMNS") for group in sheet.groups["COLUMNS"]]),
        ("slicers", sheet.slicers),
        ("tables", sheet.tables),
    ):
        if items:
            answer[name] = [shown(item) for item in items]
    if sheet.protected_ranges:
        answer["protectedRanges"] = [protected_json(context, entry) for entry in sheet.protected_ranges]
    if sheet.basic_filter is not None:
        answer["basicFilter"] = shown(sheet.basic_filter)
    metadata = [
        metadata_json(entry)
        for entry in context.spreadsheet.developer_metadata
        if entry["location"]["locationType"] == "SHEET" and entry["location"]["range"].sheet_id == sheet.sheet_id
    ]
    if metadata:
        answer["developerMetadata"] = metadata
    return answer


def protected_json(context: Context, entry: Json) -> Json:
    """A protected range as the caller sees it."""
    answer = shown({name: part for name, part in entry.items() if name not in {"editors", "requestingUserCanEdit"}})
    if context.may_edit(entry):
        answer["requestingUserCanEdit"] = True
        editors = entry.get("editors", {})
        answer["editors"] = {name: list(part) for name, part in editors.items() if part}
        users = answer["editors"].setdefault("users", [])
        if context.spreadsheet.owner not in users:
            users.append(context.spreadsheet.owner)
    return answer


def group_json(group: Json, axis: Axis) -> Json:
    """A dimension group as answers show it."""
    area: Area = group["range"]
    start, end = area.side(axis)
    span = {"sheetId": area.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
    answer: Json = {"range": {name: part for name, part in span.items() if name != "sheetId" or part}, "depth": group["depth"]}
    if group.get("collapsed"):
        answer["collapsed"] = True
    return answer


# Grid data


def grid_data(context: Context, sheet: Sheet, block: Block, mask: Mask | None) -> Json:
    """A `GridData`: rows to the last that holds anything, cells to the last in each row."""
    answer: Json = {}
    if block.top:
        answer["startRow"] = block.top
    if block.left:
        answer["startColumn"] = block.left
    rows = []
    if wants(mask, "rowData"):
        cell_mask = _below(mask, "rowData", "values")
        for row in range(block.top, block.bottom):
            held = [column for column in sheet.rows[row] if block.left <= column < block.right]
            last = max(held, default=block.left - 1)
            values = [_cell_json(context, sheet, row, column, cell_mask) for column in range(block.left, last + 1)]
            rows.append({"values": values} if values else {})
        while rows and not rows[-1]:
            rows.pop()
    if rows:
        answer["rowData"] = rows
    for axis, name, first, last in (
        ("ROWS", "rowMetadata", block.top, block.bottom),
        ("COLUMNS", "columnMetadata", block.left, block.right),
    ):
        if wants(mask, name):
            answer[name] = [_dimension_json(context, sheet, axis, index) for index in range(first, last)]  # type: ignore[arg-type]
    return answer


def _below(mask: Mask | None, *path: str) -> Mask | None:
    for name in path:
        if not mask or "*" in mask:
            return None
        mask = mask.get(name)
    return mask or None


def _dimension_json(context: Context, sheet: Sheet, axis: Axis, index: int) -> Json:
    props: Json = dict(sheet.dimensions[axis].get(index, {}))
    props.setdefault("pixelSize", ROW_HEIGHT if axis == "ROWS" else COLUMN_WIDTH)
    kind = "ROW" if axis == "ROWS" else "COLUMN"
    metadata = [
        metadata_json(entry)
        for entry in context.spreadsheet.developer_metadata
        if entry["location"]["locationType"] == kind
        and entry["location"]["range"].sheet_id == sheet.sheet_id
        and entry["location"]["range"].side(axis)[0] == index
    ]
    return props | ({"developerMetadata": metadata} if metadata else {})


def _cell_json(context: Context, sheet: Sheet, row: int, column: int, mask: Mask | None) -> Json:
    cell = sheet.cell(row, column)
    if cell.is_empty:
        return {}
    spreadsheet = context.spreadsheet
    answer: Json = {}
    number_format = cell.number_format
    if not cell.is_blank:
        value = spreadsheet.value(sheet, row, column)
        if cell.formula is not None:
            answer["userEnteredValue"] = {"formulaValue": cell.formula}
            number_format = number_format or spreadsheet.evaluator.implied_format(sheet, row, column)
        else:
            answer["userEnteredValue"] = extended_value(value, entered=True)
        answer["effectiveValue"] = extended_value(value)
        answer["formattedValue"] = formatted(value, number_format, context.facts)
    extra = cell.extra or {}
    if "userEnteredFormat" in extra:
        answer["userEnteredFormat"] = dict(extra["userEnteredFormat"])
    if wants(mask, "effectiveFormat"):
        answer["effectiveFormat"] = effective_format(context, cell, number_format)
    link = _hyperlink(cell)
    if link:
        answer["hyperlink"] = link
    answer |= {name: extra[name] for name in _PLAIN_PARTS if name in extra}
    return answer


def extended_value(value: Value, entered: bool = False) -> Json:
    """An `ExtendedValue`."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, ErrorValue):
        if entered:
            return {"stringValue": value.text}
        return {"errorValue": {"type": value.kind, **({"message": value.message} if value.message else {})}}
    return {"stringValue": value or ""}


def effective_format(context: Context, cell: Cell, number_format: Any) -> Json:
    """The default format under the user-entered one."""
    base: Json = context.spreadsheet.properties["defaultFormat"]
    effective = merged(base, cell.format)
    if number_format:
        effective["numberFormat"] = dict(number_format)
    link = _hyperlink(cell)
    if link:
        # A link colours and underlines its text in the effective format alone, unless the cell says otherwise.
        own = cell.format.get("textFormat", {})
        looks = {"link": {"uri": link}, "underline": own.get("underline", True)}
        if "foregroundColor" not in own:
            looks |= {"foregroundColor": _LINK_COLOR, "foregroundColorStyle": {"rgbColor": _LINK_COLOR}}
        effective["textFormat"] |= looks
    if "horizontalAlignment" not in effective and not cell.is_blank:
        value = cell.value
        number = isinstance(value, int | float) and not isinstance(value, bool)
        effective["horizontalAlignment"] = "CENTER" if isinstance(value, bool) else "RIGHT" if number else "LEFT"
    return {**effective, "hyperlinkDisplayType": "LINKED" if link else "PLAIN_TEXT"}


def _hyperlink(cell: Cell) -> str:
    formula = cell.formula or ""
    if formula.upper().startswith("=HYPERLINK("):
        parts = formula[len("=HYPERLINK(") :].split('"')
        return parts[1] if len(parts) > 1 else ""
    link = cell.format.get("textFormat", {}).get("link", {}).get("uri", "")
    return str(link)
