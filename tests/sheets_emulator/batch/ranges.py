"""Requests about named ranges, filters, conditional formats and banding."""

from __future__ import annotations

import re

from ..a1 import Area
from ..context import Context, shown
from ..errors import Json, invalid
from ..grid import Sheet, stored
from ..masks import assign
from ..styles import pair_colors
from .common import new_id, read_mask, read_range, sheet_of
from .moving import reorder_rows, sort_order

# Named ranges

_CELL_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*|[0-9].*", re.DOTALL)


def _check_name(context: Context, name: str, but: str | None = None) -> None:
    if not re.fullmatch(r"[^\W]\w*", name) or len(name) > 250 or _CELL_LIKE.fullmatch(name) or name.lower() in {"true", "false"}:
        raise invalid(f"The name '{name}' is not a valid name for a named range.")
    for entry in context.spreadsheet.named_ranges:
        if entry["name"].casefold() == name.casefold() and entry["namedRangeId"] != but:
            raise invalid(f"Cannot add named range with name {name}, a named range with that name already exists.")


def _named(context: Context, name_id: str) -> Json:
    for entry in context.spreadsheet.named_ranges:
        if entry["namedRangeId"] == name_id:
            return entry
    raise invalid(f"No named range with id: {name_id}")


def _area(context: Context, given: Json | None) -> Area:
    sheet, _ = read_range(context, given)
    area = Area.of_json(given or {})
    return area if area.sheet_id == sheet.sheet_id else Area(sheet.sheet_id)


def add_named_range(context: Context, given: Json) -> Json:
    """A name for a range; its id is a text of digits unless one is given."""
    wanted = given.get("namedRange", {})
    _check_name(context, wanted.get("name", ""))
    area = _area(context, wanted.get("range"))
    taken = {entry["namedRangeId"] for entry in context.spreadsheet.named_ranges}
    made = wanted.get("namedRangeId") or str(context.drive.new_number({int(one) for one in taken if one.isdecimal()}))
    if made in taken:
        raise invalid(f"A named range with id {made} already exists.")
    entry = {"namedRangeId": made, "name": wanted["name"], "range": area}
    context.spreadsheet.named_ranges.append(entry)
    return {"namedRange": shown(entry)}


def update_named_range(context: Context, given: Json) -> None:
    """Another name or another range."""
    wanted = given.get("namedRange", {})
    mask = read_mask(given.get("fields"), "NamedRange")
    entry = _named(context, wanted.get("namedRangeId", ""))
    everything = "*" in mask
    if "name" in mask or everything:
        _check_name(context, wanted.get("name", ""), entry["namedRangeId"])
        entry["name"] = wanted["name"]
    if "range" in mask or everything:
        entry["range"] = _area(context, wanted.get("range"))


def delete_named_range(context: Context, given: Json) -> None:
    """A name goes; the cells stay."""
    context.spreadsheet.named_ranges.remove(_named(context, given.get("namedRangeId", "")))


# Filters


def set_basic_filter(context: Context, given: Json) -> None:
    """The tab's filter; sort specs in it sort the rows below its first."""
    wanted = given.get("filter", {})
    sheet, block = read_range(context, wanted.get("range", {}))
    kept = stored(wanted)
    kept["range"] = Area.of_json(wanted.get("range", {})).closed(sheet.row_count, sheet.column_count)
    sheet.basic_filter = kept
    if wanted.get("sortSpecs"):
        body = sheet.block(Area(sheet.sheet_id, block.top + 1, block.bottom, block.left, block.right))
        if not body.is_empty:
            context.check_editable(sheet, body)
            reorder_rows(context, sheet, body, sort_order(context, sheet, body, wanted["sortSpecs"]))
    _hide_filtered(context, sheet, kept)


def _hide_filtered(context: Context, sheet: Sheet, kept: Json | None) -> None:
    for props in sheet.dimensions["ROWS"].values():
        props.pop("hiddenByFilter", None)
    if kept is None:
        return
    hidden: dict[int, set[str]] = {
        int(column): set(one.get("hiddenValues", [])) for column, one in kept.get("criteria", {}).items()
    }
    for spec in kept.get("filterSpecs", []):
        hidden.setdefault(spec.get("columnIndex", 0), set()).update(spec.get("filterCriteria", {}).get("hiddenValues", []))
    block = sheet.block(kept["range"])
    for row in range(block.top + 1, block.bottom):
        for column, values in hidden.items():
            if values and str(context.spreadsheet.value(sheet, row, column) or "") in values:
                sheet.dimensions["ROWS"].setdefault(row, {})["hiddenByFilter"] = True


def clear_basic_filter(context: Context, given: Json) -> None:
    """The tab's filter goes; every row shows again."""
    sheet = sheet_of(context, given.get("sheetId"))
    sheet.basic_filter = None
    _hide_filtered(context, sheet, None)


def _view(context: Context, view_id: int) -> tuple[Sheet, Json]:
    for sheet in context.spreadsheet.sheets:
        for view in sheet.filter_views:
            if view["filterViewId"] == view_id:
                return sheet, view
    raise invalid(f"No filter view with id: {view_id}")


def _view_ids(context: Context) -> set[int]:
    return {view["filterViewId"] for sheet in context.spreadsheet.sheets for view in sheet.filter_views}


def add_filter_view(context: Context, given: Json) -> Json:
    """A saved filter."""
    wanted = stored(given.get("filter", {}))
    if "namedRangeId" in wanted and "range" not in wanted:
        wanted["range"] = _named(context, wanted["namedRangeId"])["range"]
    sheet = sheet_of(context, wanted.get("range", Area(0)).sheet_id)
    wanted["range"] = wanted.get("range", Area(sheet.sheet_id)).closed(sheet.row_count, sheet.column_count)
    view = {"filterViewId": new_id(context, wanted.get("filterViewId"), _view_ids(context), "Filter view")}
    view |= {"title": wanted.get("title", f"Filter {len(sheet.filter_views) + 1}"), **wanted, **view}
    sheet.filter_views.append(view)
    return {"filter": shown(view)}


def update_filter_view(context: Context, given: Json) -> None:
    """Some fields of a saved filter."""
    wanted = stored(given.get("filter", {}))
    mask = read_mask(given.get("fields"), "FilterView")
    _, view = _view(context, wanted.get("filterViewId", 0))
    kept = view["filterViewId"], view["range"]
    assign(view, wanted, mask)
    view["filterViewId"] = kept[0]
    view.setdefault("range", kept[1])


def duplicate_filter_view(context: Context, given: Json) -> Json:
    """A copy of a saved filter."""
    sheet, view = _view(context, given.get("filterId", 0))
    twin = {**view, "filterViewId": new_id(context, None, _view_ids(context), ""), "title": f"Copy of {view.get('title', '')}"}
    sheet.filter_views.append(twin)
    return {"filter": shown(twin)}


def delete_filter_view(context: Context, given: Json) -> None:
    """A saved filter goes."""
    sheet, view = _view(context, given.get("filterId", 0))
    sheet.filter_views.remove(view)


# Conditional formats: rules are known by their index on their tab


def _rule(context: Context, given: Json) -> Json:
    rule: Json = stored(pair_colors(given))
    if not rule.get("ranges"):
        raise invalid("At least one range must be specified.")
    sheet_of(context, rule["ranges"][0].sheet_id)
    if len({area.sheet_id for area in rule["ranges"]}) > 1:
        raise invalid("All ranges of a rule must be on the same sheet.")
    if "booleanRule" not in rule and "gradientRule" not in rule:
        raise invalid("A rule must be specified.")
    return rule


def add_conditional_format(context: Context, given: Json) -> None:
    """A rule at an index, pushing the later ones down."""
    rule = _rule(context, given.get("rule", {}))
    rules = sheet_of(context, rule["ranges"][0].sheet_id).conditional_formats
    index = given.get("index", 0)
    if index > len(rules):
        raise invalid(f"No conditional format on sheet: {rule['ranges'][0].sheet_id} at index: {index}")
    rules.insert(index, rule)


def _at(rules: list[Json], index: int, sheet_id: int) -> Json:
    if not 0 <= index < len(rules):
        raise invalid(f"No conditional format on sheet: {sheet_id} at index: {index}")
    return rules[index]


def update_conditional_format(context: Context, given: Json) -> Json:
    """Replace the rule at an index, or move it."""
    index = given.get("index", 0)
    if "rule" in given:
        rule = _rule(context, given["rule"])
        rules = sheet_of(context, given.get("sheetId", rule["ranges"][0].sheet_id)).conditional_formats
        old = _at(rules, index, given.get("sheetId", 0))
        rules[index] = rule
        return {"oldRule": shown(old), "newRule": shown(rule), **({"newIndex": index} if index else {})}
    rules = sheet_of(context, given.get("sheetId")).conditional_formats
    rule = _at(rules, index, given.get("sheetId", 0))
    new = given.get("newIndex", 0)
    rules.remove(rule)
    rules.insert(new, rule)
    reply: Json = {"newRule": shown(rule)}
    reply |= {"oldIndex": index} if index else {}
    return reply | ({"newIndex": new} if new else {})


def delete_conditional_format(context: Context, given: Json) -> Json:
    """The rule at an index goes; later ones move up."""
    rules = sheet_of(context, given.get("sheetId")).conditional_formats
    rule = _at(rules, given.get("index", 0), given.get("sheetId", 0))
    rules.remove(rule)
    return {"rule": shown(rule)}


# Banding


def _band(context: Context, band_id: int) -> tuple[Sheet, Json]:
    for sheet in context.spreadsheet.sheets:
        for band in sheet.banded_ranges:
            if band["bandedRangeId"] == band_id:
                return sheet, band
    raise invalid(f"No banding with id: {band_id}")


def add_banding(context: Context, given: Json) -> Json:
    """Alternating colours; two bandings may not overlap."""
    wanted = given.get("bandedRange", {})
    sheet, block = read_range(context, wanted.get("range"))
    if any(sheet.block(band["range"]).meets(block) for band in sheet.banded_ranges):
        raise invalid("You cannot add alternating background colors to a range that already has alternating background colors.")
    taken = {band["bandedRangeId"] for one in context.spreadsheet.sheets for band in one.banded_ranges}
    kept = stored(pair_colors(wanted))
    kept["range"] = kept["range"].closed(sheet.row_count, sheet.column_count)
    band = {"bandedRangeId": new_id(context, wanted.get("bandedRangeId"), taken, "Banding"), **kept}
    band["bandedRangeReference"] = str(band["bandedRangeId"])
    sheet.banded_ranges.append(band)
    return {"bandedRange": shown(band)}


def update_banding(context: Context, given: Json) -> None:
    """Some fields of a banding."""
    wanted = stored(pair_colors(given.get("bandedRange", {})))
    mask = read_mask(given.get("fields"), "BandedRange")
    _, band = _band(context, wanted.get("bandedRangeId", 0))
    kept = band["bandedRangeId"], band["range"]
    assign(band, wanted, mask)
    band["bandedRangeId"] = kept[0]
    band.setdefault("range", kept[1])


def delete_banding(context: Context, given: Json) -> None:
    """Alternating colours go."""
    sheet, band = _band(context, given.get("bandedRangeId", 0))
    sheet.banded_ranges.remove(band)


HANDLERS = {
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "duplicateFilterView": duplicate_filter_view,
    "deleteFilterView": delete_filter_view,
    "addConditionalFormatRule": add_conditional_format,
    "updateConditionalFormatRule": update_conditional_format,
    "deleteConditionalFormatRule": delete_conditional_format,
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": delete_banding,
}
