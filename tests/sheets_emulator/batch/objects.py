"""Requests about charts, slicers and tables: they are kept and given back; the emulator draws nothing."""

from __future__ import annotations

from ..a1 import Area, Block
from ..context import Context, shown
from ..errors import Json, invalid
from ..formats import formatted
from ..grid import Sheet, stored
from ..masks import assign
from ..styles import color_json, pair_colors
from .common import new_id, read_mask, read_range, sheet_of


def _of(context: Context, kind: str, key: str, wanted: object) -> tuple[Sheet, Json]:
    for sheet in context.spreadsheet.sheets:
        for item in getattr(sheet, kind):
            if item[key] == wanted:
                return sheet, item
    raise invalid(f"No {kind[:-1]} with id: {wanted}")


def _ids(context: Context) -> set[int]:
    charts = {item["chartId"] for sheet in context.spreadsheet.sheets for item in sheet.charts}
    return charts | {item["slicerId"] for sheet in context.spreadsheet.sheets for item in sheet.slicers}


def _anchor(context: Context, position: Json) -> Sheet:
    cell = position.get("overlayPosition", {}).get("anchorCell", {})
    return sheet_of(context, cell.get("sheetId", position.get("sheetId")))


def add_chart(context: Context, given: Json) -> Json:
    """A chart on a tab."""
    wanted = given.get("chart", {})
    sheet = _anchor(context, wanted.get("position", {}))
    chart = {"chartId": new_id(context, wanted.get("chartId"), _ids(context), "Chart"), **stored(wanted)}
    sheet.charts.append(chart)
    return {"chart": shown(chart)}


def update_chart(context: Context, given: Json) -> None:
    """Another specification for a chart."""
    _, chart = _of(context, "charts", "chartId", given.get("chartId"))
    chart["spec"] = given.get("spec", {})


def add_slicer(context: Context, given: Json) -> Json:
    """A slicer on a tab."""
    wanted = given.get("slicer", {})
    sheet = _anchor(context, wanted.get("position", {}))
    slicer = {"slicerId": new_id(context, wanted.get("slicerId"), _ids(context), "Slicer"), **stored(wanted)}
    sheet.slicers.append(slicer)
    return {"slicer": shown(slicer)}


def update_slicer(context: Context, given: Json) -> None:
    """Some fields of a slicer's specification."""
    _, slicer = _of(context, "slicers", "slicerId", given.get("slicerId"))
    assign(slicer.setdefault("spec", {}), stored(given.get("spec", {})), read_mask(given.get("fields"), "SlicerSpec"))


def delete_object(context: Context, given: Json) -> None:
    """A chart or slicer goes."""
    wanted = given.get("objectId")
    for sheet in context.spreadsheet.sheets:
        for items, key in ((sheet.charts, "chartId"), (sheet.slicers, "slicerId")):
            for item in items:
                if item[key] == wanted:
                    items.remove(item)
                    return
    raise invalid(f"No embedded object with id: {wanted}")


def move_object(context: Context, given: Json) -> Json:
    """Another place for a chart or slicer."""
    wanted = given.get("objectId")
    for sheet in context.spreadsheet.sheets:
        for items, key in ((sheet.charts, "chartId"), (sheet.slicers, "slicerId")):
            for item in items:
                if item[key] == wanted:
                    item["position"] = given.get("newPosition", {})
                    return {"position": item["position"]}
    raise invalid(f"No embedded object with id: {wanted}")


def update_border(context: Context, given: Json) -> None:
    """The frame of a chart."""
    _, chart = _of(context, "charts", "chartId", given.get("objectId"))
    chart["border"] = given.get("border", {})


_TABLE_COLORS = {
    "headerColorStyle": {"rgbColor": color_json({"red": 53 / 255, "green": 104 / 255, "blue": 84 / 255})},
    "firstBandColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
    "secondBandColorStyle": {"rgbColor": color_json({"red": 246 / 255, "green": 248 / 255, "blue": 249 / 255})},
}


def add_table(context: Context, given: Json) -> Json:
    """A table over a range: columns named by its first row, banded; a header at the top of the tab is frozen."""
    wanted = given.get("table", {})
    sheet, block = read_range(context, wanted.get("range"))
    if any(sheet.block(table["range"]).meets(block) for table in sheet.tables):
        raise invalid("A table cannot overlap another table.")
    number = context.drive.new_number(_ids(context))
    made = wanted.get("tableId") or str(number)
    area = Area(sheet.sheet_id, block.top, block.bottom, block.left, block.right)
    colors = pair_colors(wanted.get("rowsProperties") or _TABLE_COLORS)
    styles = {name: part for name, part in colors.items() if name.endswith("Style")}
    table = {
        "tableId": made,
        "name": wanted.get("name") or f"Table{len(sheet.tables) + 1}",
        "range": area,
        "rowsProperties": styles,
        "columnProperties": _columns(context, sheet, block, wanted.get("columnProperties", [])),
    }
    sheet.tables.append(table)
    band = {"bandedRangeId": number, "range": area, "rowProperties": colors, "bandedRangeReference": made}
    sheet.banded_ranges.append(band)
    if block.top == 0:
        sheet.grid_properties.setdefault("frozenRowCount", 1)
    return {"table": shown(table)}


def _columns(context: Context, sheet: Sheet, block: Block, given: list[Json]) -> list[Json]:
    known = {column.get("columnIndex", 0): column for column in given}
    columns = []
    for offset in range(block.width):
        value = context.spreadsheet.value(sheet, block.top, block.left + offset)
        title = formatted(value, None, context.facts) or f"Column {offset + 1}"
        place = {"columnIndex": offset} if offset else {}
        columns.append({**place, "columnName": title, **known.get(offset, {})})
    return columns


def update_table(context: Context, given: Json) -> None:
    """Some fields of a table."""
    wanted = stored(given.get("table", {}))
    _, table = _of(context, "tables", "tableId", wanted.get("tableId"))
    kept = table["tableId"]
    assign(table, wanted, read_mask(given.get("fields"), "Table"))
    table["tableId"] = kept
    for sheet in context.spreadsheet.sheets:
        for band in sheet.banded_ranges:
            if band.get("bandedRangeReference") == kept:
                band["range"] = table["range"]


def delete_table(context: Context, given: Json) -> None:
    """The table goes, and its cells are cleared."""
    sheet, table = _of(context, "tables", "tableId", given.get("tableId"))
    for row, column, cell in list(sheet.filled(sheet.block(table["range"]))):
        sheet.put(row, column, cell.with_content(None))
    sheet.tables.remove(table)
    sheet.banded_ranges = [band for band in sheet.banded_ranges if band.get("bandedRangeReference") != table["tableId"]]


HANDLERS = {
    "addChart": add_chart,
    "updateChartSpec": update_chart,
    "addSlicer": add_slicer,
    "updateSlicerSpec": update_slicer,
    "deleteEmbeddedObject": delete_object,
    "updateEmbeddedObjectPosition": move_object,
    "updateEmbeddedObjectBorder": update_border,
    "addTable": add_table,
    "updateTable": update_table,
    "deleteTable": delete_table,
}
