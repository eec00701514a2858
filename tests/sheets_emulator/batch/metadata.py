"""Requests about developer metadata."""

from __future__ import annotations

from ..context import Context
from ..errors import Json, invalid
from ..filters import lookup_metadata, metadata_json, read_location
from .common import new_id, read_mask


def create(context: Context, given: Json) -> Json:
    """A key and value on the file, a tab, one row or one column."""
    wanted = given.get("developerMetadata", {})
    if not wanted.get("metadataKey"):
        raise invalid("The developer metadata key must be specified.")
    if wanted.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise invalid("The developer metadata visibility must be specified.")
    taken = {entry["metadataId"] for entry in context.spreadsheet.developer_metadata}
    entry = {
        "metadataId": new_id(context, wanted.get("metadataId"), taken, "Developer metadata"),
        "metadataKey": wanted["metadataKey"],
        **({"metadataValue": wanted["metadataValue"]} if "metadataValue" in wanted else {}),
        "location": read_location(wanted.get("location", {}), context.spreadsheet),
        "visibility": wanted["visibility"],
    }
    context.spreadsheet.developer_metadata.append(entry)
    return {"developerMetadata": metadata_json(entry)}


def _matched(context: Context, filters: list[Json]) -> list[Json]:
    found: list[Json] = []
    for one in filters:
        for entry in lookup_metadata(context, one.get("developerMetadataLookup", {})):
            if not any(entry is other for other in found):
                found.append(entry)
    return found


def update(context: Context, given: Json) -> Json:
    """Some fields of all metadata that the filters match."""
    wanted = given.get("developerMetadata", {})
    mask = read_mask(given.get("fields"), "DeveloperMetadata")
    found = _matched(context, given.get("dataFilters", []))
    if not found:
        raise invalid("No developer metadata matched the data filters.")
    for entry in found:
        for name in ("metadataKey", "metadataValue", "visibility"):
            if name in mask or "*" in mask and name in wanted:
                entry[name] = wanted.get(name, "")
        if "location" in mask:
            entry["location"] = read_location(wanted.get("location", {}), context.spreadsheet)
    return {"developerMetadata": [metadata_json(entry) for entry in found]}


def delete(context: Context, given: Json) -> Json:
    """All metadata that the filter matches goes."""
    found = _matched(context, [given.get("dataFilter", {})])
    for entry in found:
        context.spreadsheet.developer_metadata.remove(entry)
    return {"deletedDeveloperMetadata": [metadata_json(entry) for entry in found]} if found else {}


HANDLERS = {
    "createDeveloperMetadata": create,
    "updateDeveloperMetadata": update,
    "deleteDeveloperMetadata": delete,
}
