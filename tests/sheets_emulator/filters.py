"""Data filters and developer metadata lookups: ways to name ranges other than by A1 text."""

from __future__ import annotations

from .a1 import Area, Block
from .context import Context, shown
from .errors import Json, invalid
from .grid import Sheet
from .workbook import Spreadsheet, cut_to_grid


def metadata_json(entry: Json) -> Json:
    """A stored piece of developer metadata as answers show it."""
    return {name: (location_json(part) if name == "location" else part) for name, part in entry.items()}


def location_json(location: Json) -> Json:
    """`{locationType, spreadsheet | sheetId | dimensionRange}` of a stored location."""
    kind, area = location["locationType"], location.get("range")
    if area is None:
        return {"locationType": kind, "spreadsheet": True}
    if kind == "SHEET":
        return {"locationType": kind, "sheetId": area.sheet_id}
    axis = "ROWS" if kind == "ROW" else "COLUMNS"
    start, end = area.side(axis)
    span = {"sheetId": area.sheet_id, "dimension": axis, "startIndex": start, "endIndex": end}
    return {"locationType": kind, "dimensionRange": {name: part for name, part in span.items() if name != "sheetId" or part}}


def read_location(given: Json, spreadsheet: Spreadsheet) -> Json:
    """The stored form of a location in a request; a row or column must be a single one."""
    if span := given.get("dimensionRange"):
        start, end = span.get("startIndex", 0), span.get("endIndex", 0)
        if end - start != 1:
            raise invalid("Developer metadata can only be associated with a single row or column.")
        axis = span.get("dimension")
        if axis not in {"ROWS", "COLUMNS"}:
            raise invalid("A dimension must be specified.")
        sheet = _sheet(spreadsheet, span.get("sheetId", 0))
        if end > sheet.count(axis):
            raise invalid("The dimension range is out of bounds.")
        area = Area(sheet.sheet_id).with_side(axis, start, end)
        return {"locationType": "ROW" if axis == "ROWS" else "COLUMN", "range": area}
    if "sheetId" in given:
        return {"locationType": "SHEET", "range": Area(_sheet(spreadsheet, given["sheetId"]).sheet_id)}
    if given.get("spreadsheet"):
        return {"locationType": "SPREADSHEET"}
    raise invalid("A developer metadata location must be specified.")


def _sheet(spreadsheet: Spreadsheet, sheet_id: int) -> Sheet:
    sheet = spreadsheet.sheet(sheet_id)
    if sheet is None:
        raise invalid(f"No grid with id: {sheet_id}")
    return sheet


def lookup_metadata(context: Context, lookup: Json) -> list[Json]:
    """Stored metadata that a `DeveloperMetadataLookup` matches, in order of creation."""
    found = []
    wanted = read_location(lookup["metadataLocation"], context.spreadsheet) if "metadataLocation" in lookup else None
    for entry in context.spreadsheet.developer_metadata:
        location = entry["location"]
        if lookup.get("locationType", location["locationType"]) != location["locationType"]:
            continue
        if "metadataId" in lookup and lookup["metadataId"] != entry["metadataId"]:
            continue
        if "metadataKey" in lookup and lookup["metadataKey"] != entry["metadataKey"]:
            continue
        if "metadataValue" in lookup and lookup["metadataValue"] != entry.get("metadataValue"):
            continue
        if "visibility" in lookup and lookup["visibility"] != entry["visibility"]:
            continue
        if wanted and not _is_at(location, wanted, lookup.get("locationMatchingStrategy", "")):
            continue
        found.append(entry)
    return found


def _is_at(location: Json, wanted: Json, strategy: str) -> bool:
    here, there = location.get("range"), wanted.get("range")
    if strategy != "INTERSECTING_LOCATION":
        return bool(location == wanted)
    if there is None or here is None:
        return True
    return bool(here.sheet_id == there.sheet_id) and _overlap(here, there)


def _overlap(one: Area, other: Area) -> bool:
    far = 10**9
    return one.block(far, far).meets(other.block(far, far))


def search_metadata(context: Context, filters: list[Json]) -> list[Json]:
    """Metadata that any of the filters matches, with the filters that do."""
    matched: list[Json] = []
    for entry in context.spreadsheet.developer_metadata:
        hits = [one for one in filters if _matches(context, one, entry)]
        if hits:
            matched.append({"developerMetadata": metadata_json(entry), "dataFilters": hits})
    return matched


def _matches(context: Context, data_filter: Json, entry: Json) -> bool:
    if "developerMetadataLookup" in data_filter:
        return any(entry is one for one in lookup_metadata(context, data_filter["developerMetadataLookup"]))
    area = entry["location"].get("range")
    return area is not None and any(
        area.sheet_id == sheet.sheet_id and sheet.block(area).meets(block)
        for sheet, block in filtered_blocks(context, data_filter)
    )


def filtered_blocks(context: Context, data_filter: Json) -> list[tuple[Sheet, Block]]:
    """The ranges that a data filter selects; a lookup that matches several rows selects all of them."""
    if "a1Range" in data_filter:
        return [context.spreadsheet.resolve(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        area = Area.of_json(data_filter["gridRange"])
        sheet = _sheet(context.spreadsheet, area.sheet_id)
        return [(sheet, cut_to_grid(sheet, area))]
    if "developerMetadataLookup" in data_filter:
        blocks = []
        for entry in lookup_metadata(context, data_filter["developerMetadataLookup"]):
            area = entry["location"].get("range")
            sheets = context.spreadsheet.sheets if area is None else [_sheet(context.spreadsheet, area.sheet_id)]
            blocks += [(sheet, sheet.block(area or Area(sheet.sheet_id))) for sheet in sheets]
        return blocks
    raise invalid("Must specify at least one filter criteria in the data filter.")


def filter_json(data_filter: Json) -> Json:
    """A data filter as answers repeat it."""
    return shown(data_filter)
