"""Requests that look through cells: find and replace, trim, remove duplicates."""

from __future__ import annotations

import re

from ..a1 import Area, Block
from ..cells import EMPTY, Cell
from ..context import Context
from ..errors import Json, invalid
from ..formats import formatted
from ..grid import Sheet
from ..values import entered
from .common import read_range, sheet_of


def find_replace(context: Context, given: Json) -> Json:
    """Replace texts; the reply counts what changed."""
    find = given.get("find", "")
    if not find:
        raise invalid("The find string must not be empty.")
    pattern = _pattern(given, find)
    replacement = given.get("replacement", "")
    by_regex = given.get("searchByRegex")
    replacement = re.sub(r"\$(\d)", r"\\\1", replacement) if by_regex else replacement.replace("\\", "\\\\")
    values = formulas = occurrences = 0
    rows: set[tuple[int, int]] = set()
    sheets: set[int] = set()
    for sheet, block in _places(context, given):
        for row, column, cell in list(sheet.filled(block)):
            changed, count = _replaced(context, cell, pattern, replacement, given)
            if count and changed is not None:
                context.check_editable(sheet, Block(row, column, row + 1, column + 1))
                sheet.put(row, column, changed)
                occurrences += count
                rows.add((sheet.sheet_id, row))
                sheets.add(sheet.sheet_id)
                values, formulas = values + (cell.formula is None), formulas + (cell.formula is not None)
    counts = {
        "valuesChanged": values,
        "formulasChanged": formulas,
        "rowsChanged": len(rows),
        "sheetsChanged": len(sheets),
        "occurrencesChanged": occurrences,
    }
    return {name: count for name, count in counts.items() if count}


def _pattern(given: Json, find: str) -> re.Pattern[str]:
    text = find if given.get("searchByRegex") else re.escape(find)
    if given.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, 0 if given.get("matchCase") else re.IGNORECASE)
    except re.error as problem:
        raise invalid(f"Invalid regular expression: {problem}") from problem


def _places(context: Context, given: Json) -> list[tuple[Sheet, Block]]:
    if "range" in given:
        return [read_range(context, given["range"])]
    if given.get("allSheets"):
        return [(sheet, sheet.block(Area(sheet.sheet_id))) for sheet in context.spreadsheet.sheets]
    if "sheetId" in given:
        sheet = sheet_of(context, given["sheetId"])
        return [(sheet, sheet.block(Area(sheet.sheet_id)))]
    raise invalid("A scope must be specified: range, sheetId or allSheets.")


def _replaced(context: Context, cell: Cell, pattern: re.Pattern[str], replacement: str, given: Json) -> tuple[Cell | None, int]:
    if cell.formula is not None:
        if not given.get("includeFormulas"):
            return None, 0
        text, count = pattern.subn(replacement, cell.formula)
        return cell.with_content(None, text), count
    shown = formatted(cell.value, cell.number_format, context.facts)
    text, count = pattern.subn(replacement, shown)
    option = "USER_ENTERED" if context.switches.replacement_is_typed else "RAW"
    made = entered(context, cell, text, option)
    if made.formula is not None:
        context.spreadsheet.has_formulas = True
    return made, count


def trim_whitespace(context: Context, given: Json) -> Json:
    """Spaces at both ends go, those inside become single."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    changed = 0
    for row, column, cell in list(sheet.filled(block)):
        if isinstance(cell.value, str):
            text = " ".join(cell.value.split())
            if text != cell.value:
                sheet.put(row, column, cell.with_content(text))
                changed += 1
    return {"cellsChangedCount": changed} if changed else {}


def delete_duplicates(context: Context, given: Json) -> Json:
    """Rows that equal an earlier one in the compared columns go; those below move up."""
    sheet, block = read_range(context, given.get("range"))
    context.check_editable(sheet, block)
    columns: set[int] = set()
    for span in given.get("comparisonColumns", []):
        columns |= set(range(span.get("startIndex", block.left), span.get("endIndex", block.right)))
    columns = columns or set(range(block.left, block.right))
    seen: set[tuple[str, ...]] = set()
    kept: list[dict[int, Cell]] = []
    for row in range(block.top, block.bottom):
        values = [context.spreadsheet.value(sheet, row, column) for column in sorted(columns)]
        key = tuple(repr(value.casefold() if isinstance(value, str) else value) for value in values)
        if key not in seen:
            seen.add(key)
            kept.append({c: cell for c, cell in sheet.rows[row].items() if block.left <= c < block.right})
    for place in range(block.height):
        row = block.top + place
        for column in range(block.left, block.right):
            sheet.put(row, column, kept[place].get(column, EMPTY) if place < len(kept) else EMPTY)
    removed = block.height - len(kept)
    return {"duplicatesRemovedCount": removed} if removed else {}


HANDLERS = {
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "deleteDuplicates": delete_duplicates,
}
