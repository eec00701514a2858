"""Requests about the file and its tabs."""

from __future__ import annotations

import copy
from zoneinfo import ZoneInfo

from ..context import Context, protected
from ..errors import Json, invalid
from ..formulas import rewrite_after_rename
from ..grid import Sheet
from ..locales import is_locale
from ..masks import assign, wants
from ..resource import sheet_properties
from ..styles import pair_colors
from ..workbook import Spreadsheet
from .common import read_mask, sheet_of


def update_spreadsheet_properties(context: Context, given: Json) -> None:
    """Title, locale, time zone and the like."""
    spreadsheet = context.spreadsheet
    properties = pair_colors(given.get("properties", {}))
    mask = read_mask(given.get("fields"), "SpreadsheetProperties")
    if wants(mask, "title"):
        if not properties.get("title"):
            raise invalid("The spreadsheet title cannot be empty.")
        spreadsheet.title = properties["title"]
    if "locale" in mask:
        if not is_locale(properties.get("locale", "")):
            raise invalid(f"Unsupported locale: {properties.get('locale', '')}")
        spreadsheet.locale = properties["locale"]
    if "timeZone" in mask:
        try:
            ZoneInfo(properties.get("timeZone", ""))
        except (KeyError, ValueError, OSError):
            raise invalid(f"Invalid time zone: {properties.get('timeZone', '')}") from None
        spreadsheet.time_zone = properties["timeZone"]
    rest = {name: below for name, below in mask.items() if name not in {"title", "locale", "timeZone", "*"}}
    assign(spreadsheet.properties, properties, rest)


def update_sheet_properties(context: Context, given: Json) -> None:
    """Name, place, size, visibility, colours and frozen parts of a tab."""
    properties = given.get("properties", {})
    mask = read_mask(given.get("fields"), "SheetProperties")
    sheet = sheet_of(context, properties.get("sheetId"), "sheet")
    spreadsheet = context.spreadsheet
    if wants(mask, "title"):
        rename(spreadsheet, sheet, properties.get("title", ""))
    if wants(mask, "index") and ("index" in mask or "index" in properties):
        move_to(spreadsheet, sheet, properties.get("index", 0))
    if wants(mask, "hidden") and properties.get("hidden") and not sheet.is_hidden:
        check_visible_left(spreadsheet, sheet, "You can't hide all the sheets in a document.")
    grid = properties.get("gridProperties", {})
    if wants(mask, "gridProperties"):
        below = mask.get("gridProperties", {})
        update_grid(context, sheet, grid, below)
    for name in ("hidden", "rightToLeft"):
        if name in mask or "*" in mask:
            _set(sheet.properties, name, properties.get(name) or None)
    if {"tabColor", "tabColorStyle", "*"} & set(mask):
        _set_tab_color(sheet, properties, mask)


def _set(target: Json, name: str, value: object) -> None:
    if value is None:
        target.pop(name, None)
    else:
        target[name] = value


def _set_tab_color(sheet: Sheet, properties: Json, mask: Json) -> None:
    chosen = {
        name: properties[name] for name in ("tabColor", "tabColorStyle") if name in properties and (name in mask or "*" in mask)
    }
    if "tabColorStyle" in chosen and not chosen["tabColorStyle"]:
        chosen = {}
    sheet.properties.pop("tabColor", None)
    sheet.properties.pop("tabColorStyle", None)
    sheet.properties.update(pair_colors(chosen))


def rename(spreadsheet: Spreadsheet, sheet: Sheet, title: str) -> None:
    """Give a tab another name; formulas follow."""
    if not title:
        raise invalid("The sheet name cannot be empty.")
    check_title(spreadsheet, title, sheet)
    old, sheet.title = sheet.title, title
    if spreadsheet.has_formulas:
        for other in spreadsheet.sheets:
            for cells in other.rows:
                for column, cell in cells.items():
                    if cell.formula is not None:
                        cells[column] = cell.with_content(None, rewrite_after_rename(cell.formula, old, title))


def check_title(spreadsheet: Spreadsheet, title: str, but: Sheet | None = None) -> None:
    """Refuse a name that another tab has, or that is too long."""
    if any(sheet is not but and sheet.title.casefold() == title.casefold() for sheet in spreadsheet.sheets):
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if len(title) > 100:
        raise invalid("The sheet name cannot be greater than 100 characters.")


def move_to(spreadsheet: Spreadsheet, sheet: Sheet, index: int) -> None:
    """Put a tab before the one that is now at this index."""
    if index < 0 or index > len(spreadsheet.sheets):
        raise invalid(f"Sheet index {index} is out of bounds.")
    before = spreadsheet.sheets.index(sheet)
    # The index counts tabs as they stand before the move.
    spreadsheet.sheets.remove(sheet)
    spreadsheet.sheets.insert(index - 1 if index > before + 1 else index if index <= before else before, sheet)


def check_visible_left(spreadsheet: Spreadsheet, sheet: Sheet, message: str) -> None:
    """Refuse what would leave no tab to be seen."""
    if not any(other is not sheet and not other.is_hidden for other in spreadsheet.sheets):
        raise invalid(message)


def update_grid(context: Context, sheet: Sheet, grid: Json, mask: Json) -> None:
    """Size and other grid properties; a frozen part must leave something to scroll."""
    whole = not mask or "*" in mask
    rows = grid.get("rowCount", sheet.row_count) if whole else grid.get("rowCount", 0) if "rowCount" in mask else sheet.row_count
    columns = (
        grid.get("columnCount", sheet.column_count)
        if whole
        else grid.get("columnCount", 0)
        if "columnCount" in mask
        else sheet.column_count
    )
    frozen_rows = (
        grid.get("frozenRowCount", 0) if whole or "frozenRowCount" in mask else sheet.grid_properties.get("frozenRowCount", 0)
    )
    frozen_columns = (
        grid.get("frozenColumnCount", 0)
        if whole or "frozenColumnCount" in mask
        else sheet.grid_properties.get("frozenColumnCount", 0)
    )
    if rows < 1:
        raise invalid("You can't delete all the rows on the sheet.")
    if columns < 1:
        raise invalid("You can't delete all the columns on the sheet.")
    if frozen_rows and frozen_rows >= rows:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if frozen_columns and frozen_columns >= columns:
        raise invalid("You can't freeze all visible columns on the sheet.")
    spreadsheet = context.spreadsheet
    spreadsheet.check_growth(rows * columns - sheet.cell_count)
    if columns > 18_278:
        raise invalid("The sheet cannot have more than 18278 columns.")
    if rows < sheet.row_count:
        spreadsheet.delete(sheet, "ROWS", rows, sheet.row_count)
    if columns < sheet.column_count:
        spreadsheet.delete(sheet, "COLUMNS", columns, sheet.column_count)
    sheet.resize(rows, columns)
    for name in ("frozenRowCount", "frozenColumnCount", "hideGridlines", "rowGroupControlAfter", "columnGroupControlAfter"):
        if whole or name in mask:
            _set(sheet.grid_properties, name, grid.get(name) or None)


def add_sheet(context: Context, given: Json) -> Json:
    """A new tab: 1000 by 26 unless said otherwise, at the end unless said otherwise."""
    spreadsheet = context.spreadsheet
    properties = given.get("properties", {})
    title = properties.get("title")
    if title is None:
        number = len(spreadsheet.sheets) + 1
        while spreadsheet.sheet_named(f"Sheet{number}"):
            number += 1
        title = f"Sheet{number}"
    check_title(spreadsheet, title)
    grid = properties.get("gridProperties", {})
    rows, columns = grid.get("rowCount", 1000), grid.get("columnCount", 26)
    if rows < 1 or columns < 1:
        raise invalid("The sheet must have at least one row and one column.")
    spreadsheet.check_growth(rows * columns)
    sheet = Sheet(new_sheet_id(context, properties.get("sheetId")), title, rows, columns)
    rest = {name: part for name, part in grid.items() if name not in {"rowCount", "columnCount"} and part}
    sheet.grid_properties.update(rest)
    if properties.get("hidden"):
        sheet.properties["hidden"] = True
    if properties.get("rightToLeft"):
        sheet.properties["rightToLeft"] = True
    _set_tab_color(sheet, properties, {"*": {}})
    index = properties.get("index", len(spreadsheet.sheets))
    if not 0 <= index <= len(spreadsheet.sheets):
        raise invalid(f"Sheet index {index} is out of bounds.")
    spreadsheet.sheets.insert(index, sheet)
    return {"properties": sheet_properties(context, sheet)}


def new_sheet_id(context: Context, wanted: int | None) -> int:
    """An id for a tab: the wanted one if it is free, else a random one."""
    taken = {sheet.sheet_id for sheet in context.spreadsheet.sheets}
    if wanted is None:
        return context.drive.new_number(taken)
    if wanted < 0:
        raise invalid(f"Sheet id {wanted} must be non-negative.")
    if wanted in taken:
        raise invalid(f"Sheet with id {wanted} already exists.")
    return wanted


def delete_sheet(context: Context, given: Json) -> None:
    """A tab goes, with all that names it; the last one stays."""
    spreadsheet = context.spreadsheet
    sheet_id = given.get("sheetId", 0)
    sheet = spreadsheet.sheet(sheet_id)
    if sheet is None:
        raise invalid(f"No sheet with id: {sheet_id}")
    if len(spreadsheet.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    check_visible_left(spreadsheet, sheet, "You can't remove all the visible sheets in a document.")
    for entry in sheet.protected_ranges:
        if not entry.get("warningOnly") and not context.may_edit(entry):
            raise protected(context.switches)
    spreadsheet.sheets.remove(sheet)
    spreadsheet.named_ranges = [entry for entry in spreadsheet.named_ranges if entry["range"].sheet_id != sheet_id]
    spreadsheet.developer_metadata = [
        entry for entry in spreadsheet.developer_metadata if getattr(entry["location"].get("range"), "sheet_id", None) != sheet_id
    ]


def duplicate_sheet(context: Context, given: Json) -> Json:
    """A copy of a tab within the file."""
    spreadsheet = context.spreadsheet
    source = sheet_of(context, given.get("sourceSheetId"))
    spreadsheet.check_growth(source.cell_count)
    title = given.get("newSheetName") or copy_title(spreadsheet, source.title)
    check_title(spreadsheet, title)
    twin = copy_into(context, source, new_sheet_id(context, given.get("newSheetId")), title)
    spreadsheet.sheets.insert(given.get("insertSheetIndex", 0), twin)
    return {"properties": sheet_properties(context, twin)}


def copy_title(spreadsheet: Spreadsheet, title: str) -> str:
    """`Copy of X`, `Copy of X 2`…"""
    made, number = f"Copy of {title}", 2
    while spreadsheet.sheet_named(made):
        made, number = f"Copy of {title} {number}", number + 1
    return made


def copy_into(context: Context, source: Sheet, sheet_id: int, title: str) -> Sheet:
    """A copy of a tab with ids of its own for what has ids."""
    twin = source.clone(sheet_id, title)
    for entries, name in (
        (twin.protected_ranges, "protectedRangeId"),
        (twin.banded_ranges, "bandedRangeId"),
        (twin.charts, "chartId"),
    ):
        for entry in entries:
            entry[name] = context.drive.new_number(set())
    for view in twin.filter_views:
        view["filterViewId"] = context.drive.new_number(set())
    for table in twin.tables:
        table["tableId"] = str(context.drive.new_number(set()))
    return twin


def copy_to(context: Context, source: Sheet, destination: Context) -> Json:
    """`sheets.copyTo`: the tab arrives last in the other file, as `Copy of …`."""
    target = destination.spreadsheet
    target.check_growth(source.cell_count)
    twin = copy_into(destination, source, new_sheet_id(destination, None), copy_title(target, source.title))
    twin.properties.pop("hidden", None)
    target.sheets.append(twin)
    target.has_formulas = target.has_formulas or context.spreadsheet.has_formulas
    destination.changed()
    return copy.deepcopy(sheet_properties(destination, twin))


HANDLERS = {
    "updateSpreadsheetProperties": update_spreadsheet_properties,
    "updateSheetProperties": update_sheet_properties,
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
}
