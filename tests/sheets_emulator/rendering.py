"""Values on their way out: render options, trimming, the `ValueRange` they travel in."""

from __future__ import annotations

from typing import Any

from .a1 import Block, range_name
from .cells import Cell
from .context import Context
from .errors import Json
from .formats import formatted, is_date_format
from .grid import Sheet


def value_range(context: Context, sheet: Sheet, block: Block, options: Json, prefix: str = "") -> Json:
    """A block as a `ValueRange`; `values` is absent when everything in it is empty."""

    def option(name: str, default: str) -> str:
        chosen = options.get(prefix + name[:1].upper() + name[1:] if prefix else name, default)
        return str(chosen)

    major = option("majorDimension", "ROWS") if not prefix else "ROWS"
    if major == "DIMENSION_UNSPECIFIED":
        major = "ROWS"
    render = option("valueRenderOption", "FORMATTED_VALUE")
    dates = option("dateTimeRenderOption", "SERIAL_NUMBER")
    rows = _rendered(context, sheet, block, render, dates)
    if major == "COLUMNS":
        rows = _transposed(rows)
    answer: Json = {"range": range_name(sheet.title, block), "majorDimension": major}
    if rows:
        answer["values"] = rows
    return answer


def _rendered(context: Context, sheet: Sheet, block: Block, render: str, dates: str) -> list[list[Any]]:
    """Rows cut after their last non-empty cell, without the empty rows at the end."""
    rows: list[list[Any]] = []
    for row in range(block.top, block.bottom):
        cells = sheet.rows[row]
        shown: dict[int, Any] = {}
        for column in range(block.left, block.right) if block.right - block.left < len(cells) else tuple(cells):
            cell = cells.get(column)
            if cell is not None and block.left <= column < block.right and not cell.is_blank:
                value = render_cell(context, sheet, row, column, cell, render, dates)
                if value != "" or (cell.formula is not None and context.switches.blank_formula_counts):
                    shown[column - block.left] = value
        rows.append([shown.get(column, "") for column in range(max(shown) + 1)] if shown else [])
    while rows and not rows[-1]:
        rows.pop()
    return rows


def render_cell(context: Context, sheet: Sheet, row: int, column: int, cell: Cell, render: str, dates: str) -> Any:
    """One cell under a render option."""
    if render == "FORMULA" and cell.formula is not None:
        return cell.formula
    spreadsheet = context.spreadsheet
    value = spreadsheet.value(sheet, row, column)
    number_format = cell.number_format
    if cell.formula is not None and number_format is None:
        number_format = spreadsheet.evaluator.implied_format(sheet, row, column)
    if render == "FORMATTED_VALUE":
        return formatted(value, number_format, context.facts)
    if isinstance(value, str | bool) or value is None:
        return "" if value is None else value
    if isinstance(value, int | float):
        if dates == "FORMATTED_STRING" and is_date_format(number_format):
            return formatted(value, number_format, context.facts)
        return value
    return value.text


def _transposed(rows: list[list[Any]]) -> list[list[Any]]:
    width = max((len(row) for row in rows), default=0)
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    for column in columns:
        while column and column[-1] == "":
            column.pop()
    while columns and not columns[-1]:
        columns.pop()
    return columns
