"""The `spreadsheets.values` methods: reading, writing, appending and clearing values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .a1 import Block, column_name, range_name
from .cells import Cell
from .context import Context
from .errors import ApiError, Json, invalid
from .filters import filter_json, filtered_blocks
from .grid import Sheet
from .incoming import read_rows
from .parsing import enter
from .rendering import value_range
from .tables import table_for_append
from .validation import check_validation
from .workbook import cut_to_grid

# Reading


def get(context: Context, query: Json, range_text: str) -> Json:
    """`values.get`."""
    sheet, block = context.spreadsheet.resolve(range_text)
    return value_range(context, sheet, block, query)


def batch_get(context: Context, query: Json) -> Json:
    """`values.batchGet`: one entry for each range, in order."""
    found = [context.spreadsheet.resolve(text) for text in query.get("ranges", [])]
    answer: Json = {"spreadsheetId": context.spreadsheet.id}
    if found:
        answer["valueRanges"] = [value_range(context, sheet, block, query) for sheet, block in found]
    return answer


def batch_get_by_filter(context: Context, body: Json) -> Json:
    """`values.batchGetByDataFilter`."""
    filters = body.get("dataFilters", [])
    if not filters:
        raise invalid("Must specify at least one data filter.")
    matched = []
    for data_filter in filters:
        for sheet, block in filtered_blocks(context, data_filter):
            matched.append({"valueRange": value_range(context, sheet, block, body), "dataFilters": [filter_json(data_filter)]})
    answer: Json = {"spreadsheetId": context.spreadsheet.id}
    if matched:
        answer["valueRanges"] = matched
    return answer


# Writing


@dataclass(slots=True)
class Tally:
    """What several writes touched together."""

    rows: set[tuple[int, int]] = field(default_factory=set)
    columns: set[tuple[int, int]] = field(default_factory=set)
    cells: int = 0
    sheets: set[int] = field(default_factory=set)

    def totals(self, answer: Json) -> None:
        counts = {
            "totalUpdatedRows": len(self.rows),
            "totalUpdatedColumns": len(self.columns),
            "totalUpdatedCells": self.cells,
            "totalUpdatedSheets": len(self.sheets),
        }
        answer.update({name: count for name, count in counts.items() if count})


@dataclass(frozen=True, slots=True)
class Write:
    """A checked write: `entries` are (row, column, value) for every cell that is not null."""

    sheet: Sheet
    block: Block
    entries: list[tuple[int, int, Any]]

    def counts(self, tally: Tally | None = None) -> Json:
        rows = {row for row, _, _ in self.entries}
        columns = {column for _, column, _ in self.entries}
        if tally is not None:
            tally.rows |= {(self.sheet.sheet_id, row) for row in rows}
            tally.columns |= {(self.sheet.sheet_id, column) for column in columns}
            tally.cells += len(self.entries)
            if self.entries:
                tally.sheets.add(self.sheet.sheet_id)
        counts = {"updatedRows": len(rows), "updatedColumns": len(columns), "updatedCells": len(self.entries)}
        return {name: count for name, count in counts.items() if count}


def update(context: Context, query: Json, range_text: str, body: Json) -> Json:
    """`values.update`."""
    option = _input_option(query.get("valueInputOption"))
    _same_range(range_text, body)
    write = plan(context, range_text, body)
    apply(context, write, option)
    answer = _update_json(context, write)
    if query.get("includeValuesInResponse"):
        answer["updatedData"] = value_range(context, write.sheet, write.block, query, prefix="response")
    return answer


def batch_update(context: Context, body: Json) -> Json:
    """`values.batchUpdate`: every range is checked before the first is written."""
    option = _input_option(body.get("valueInputOption"))
    writes = []
    for place, data in enumerate(body.get("data", [])):
        try:
            writes.append(plan(context, data.get("range", ""), data))
        except ApiError as problem:
            raise _named_place(f"data[{place}]", problem) from problem
    tally, responses = Tally(), []
    for write in writes:
        apply(context, write, option)
    for write in writes:
        answer = _update_json(context, write, tally)
        if body.get("includeValuesInResponse"):
            answer["updatedData"] = value_range(context, write.sheet, write.block, body, prefix="response")
        responses.append(answer)
    result: Json = {"spreadsheetId": context.spreadsheet.id}
    tally.totals(result)
    if responses:
        result["responses"] = responses
    return result


def batch_update_by_filter(context: Context, body: Json) -> Json:
    """`values.batchUpdateByDataFilter`: each entry goes to every range its filter matches."""
    option = _input_option(body.get("valueInputOption"))
    planned = []
    for place, data in enumerate(body.get("data", [])):
        for sheet, block in filtered_blocks(context, data.get("dataFilter", {})):
            try:
                write = plan(context, range_name(sheet.title, block), data, (sheet, block))
            except ApiError as problem:
                raise _named_place(f"data[{place}]", problem) from problem
            planned.append((data["dataFilter"], write))
    for _, write in planned:
        apply(context, write, option)
    tally, responses = Tally(), []
    for data_filter, write in planned:
        answer = _update_json(context, write, tally)
        del answer["spreadsheetId"]
        answer["dataFilter"] = filter_json(data_filter)
        if body.get("includeValuesInResponse"):
            answer["updatedData"] = value_range(context, write.sheet, write.block, body, prefix="response")
        responses.append(answer)
    result: Json = {"spreadsheetId": context.spreadsheet.id}
    tally.totals(result)
    if responses:
        result["responses"] = responses
    return result


def _same_range(range_text: str, body: Json) -> None:
    if body.get("range", range_text) != range_text:
        raise invalid(f"Request range[{range_text}] does not match value's range[{body['range']}]")


def _named_place(place: str, problem: ApiError) -> ApiError:
    """A refusal that says which part of a batch it is about."""
    return ApiError(problem.code, f"Invalid {place}: {problem.message}", details=problem.details)


def _update_json(context: Context, write: Write, tally: Tally | None = None) -> Json:
    answer = {"spreadsheetId": context.spreadsheet.id, "updatedRange": range_name(write.sheet.title, write.block)}
    return answer | write.counts(tally)


def _input_option(option: str | None) -> str:
    if option in (None, "INPUT_VALUE_OPTION_UNSPECIFIED"):
        raise invalid("'valueInputOption' is required but not specified")
    return str(option)


def plan(context: Context, range_text: str, data: Json, target: tuple[Sheet, Block] | None = None) -> Write:
    """Check a write against its range, the grid, protections and sizes, without writing."""
    rows = read_rows(data)
    if target is None:
        sheet, area = context.spreadsheet.locate(range_text)
        block = cut_to_grid(sheet, area)
        single = area.bottom == block.top + 1 and area.right == block.left + 1
    else:
        (sheet, block), single = target, False
    height, width = len(rows), max((len(row) for row in rows), default=0)
    extent = Block(block.top, block.left, block.top + max(height, 1), block.left + max(width, 1))
    if single:
        # A single cell is only a starting point: the grid is the limit, if anything is.
        grows = context.switches.update_overflow == "grow"
        bottom, right = (extent.bottom, extent.right) if grows else (sheet.row_count, sheet.column_count)
    else:
        bottom, right = block.bottom, block.right
    if extent.bottom > bottom:
        raise invalid(f"Requested writing within range [{range_text}], but tried writing to row [{bottom + 1}]")
    if extent.right > right:
        raise invalid(f"Requested writing within range [{range_text}], but tried writing to column [{column_name(right)}]")
    context.check_editable(sheet, extent)
    entries = _entries(rows, extent.top, extent.left)
    check_validation(context, sheet, entries)
    return Write(sheet, extent, entries)


def _entries(rows: list[list[Any]], top: int, left: int) -> list[tuple[int, int, Any]]:
    return [
        (top + row, left + column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    ]


def apply(context: Context, write: Write, option: str) -> None:
    """Put the values of a checked write into their cells."""
    sheet = write.sheet
    if write.block.bottom > sheet.row_count or write.block.right > sheet.column_count:
        grow(context, sheet, write.block.bottom, write.block.right)
    for row, column, value in write.entries:
        made = entered(context, sheet.cell(row, column), value, option)
        sheet.put(row, column, made)
        if made.formula is not None:
            context.spreadsheet.has_formulas = True
    context.changed()


def entered(context: Context, cell: Cell, value: Any, option: str) -> Cell:
    """The cell once a JSON value was entered; numbers and booleans keep their type under both options."""
    if isinstance(value, str):
        if option == "USER_ENTERED":
            return enter(cell, value, context.facts, context.today)
        if context.switches.raw_booleans and value in {"TRUE", "FALSE"}:
            return cell.with_content(value == "TRUE")
        return cell.with_content(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return cell.with_content(value)


def grow(context: Context, sheet: Sheet, rows: int, columns: int) -> None:
    """Make the grid at least this large."""
    rows, columns = max(rows, sheet.row_count), max(columns, sheet.column_count)
    context.spreadsheet.check_growth(rows * columns - sheet.cell_count)
    sheet.resize(rows, columns)


def append(context: Context, query: Json, range_text: str, body: Json) -> Json:
    """`values.append`: find a table in the range, write below it from its first column."""
    option = _input_option(query.get("valueInputOption"))
    _same_range(range_text, body)
    sheet, asked = context.spreadsheet.resolve(range_text)
    rows = read_rows(body)
    height, width = len(rows), max((len(row) for row in rows), default=0)
    table = table_for_append(sheet, asked, context.switches.append_table)
    top, left = (table.bottom, table.left) if table else (asked.top, asked.left)
    extent = Block(top, left, top + max(height, 1), left + max(width, 1))
    context.check_editable(sheet, extent)
    if query.get("insertDataOption") == "INSERT_ROWS" and table and height and top < sheet.row_count:
        context.spreadsheet.insert(sheet, "ROWS", top, height, inherit_before=True)
    elif extent.bottom > sheet.row_count or extent.right > sheet.column_count:
        grow(context, sheet, extent.bottom, extent.right)
    grow(context, sheet, extent.bottom, extent.right)
    entries = _entries(rows, top, left)
    check_validation(context, sheet, entries)
    write = Write(sheet, extent, entries)
    apply(context, write, option)
    answer: Json = {"spreadsheetId": context.spreadsheet.id}
    if table:
        answer["tableRange"] = range_name(sheet.title, table)
    answer["updates"] = _update_json(context, write)
    if query.get("includeValuesInResponse"):
        answer["updates"]["updatedData"] = value_range(context, sheet, extent, query, prefix="response")
    return answer


# Clearing


def clear(context: Context, range_text: str) -> Json:
    """`values.clear`: values go, formats and validations stay."""
    sheet, block = context.spreadsheet.resolve(range_text)
    context.check_editable(sheet, block)
    _clear(context, [(sheet, block)])
    return {"spreadsheetId": context.spreadsheet.id, "clearedRange": range_name(sheet.title, block)}


def batch_clear(context: Context, body: Json) -> Json:
    """`values.batchClear`."""
    blocks = []
    for place, text in enumerate(body.get("ranges", [])):
        try:
            blocks.append(context.spreadsheet.resolve(text))
        except ApiError as problem:
            raise _named_place(f"range[{place}]", problem) from problem
    return _cleared(context, blocks)


def batch_clear_by_filter(context: Context, body: Json) -> Json:
    """`values.batchClearByDataFilter`."""
    blocks = [found for data_filter in body.get("dataFilters", []) for found in filtered_blocks(context, data_filter)]
    return _cleared(context, blocks)


def _cleared(context: Context, blocks: list[tuple[Sheet, Block]]) -> Json:
    for sheet, block in blocks:
        context.check_editable(sheet, block)
    _clear(context, blocks)
    answer: Json = {"spreadsheetId": context.spreadsheet.id}
    if blocks:
        answer["clearedRanges"] = [range_name(sheet.title, block) for sheet, block in blocks]
    return answer


def _clear(context: Context, blocks: list[tuple[Sheet, Block]]) -> None:
    for sheet, block in blocks:
        for row, column, cell in list(sheet.filled(block)):
            sheet.put(row, column, cell.with_content(None))
    context.changed()
