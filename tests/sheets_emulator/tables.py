"""Where `append` believes a table to be.

Recorded: a table is a region of filled cells without a blank row or column between; a blank cell in a single row splits it.
Only a table that the range touches counts; an empty range whose neighbours are filled has none.
"""

from __future__ import annotations

from .a1 import Block
from .grid import Sheet


def region_around(sheet: Sheet, row: int, column: int) -> Block:
    """The region of filled cells around a filled cell: grown while a cell next to it (also diagonally) is filled."""
    block = Block(row, column, row + 1, column + 1)
    while True:
        top, bottom, left, right = block.top, block.bottom, block.left, block.right
        while _row_filled(sheet, top - 1, left, right):
            top -= 1
        while _row_filled(sheet, bottom, left, right):
            bottom += 1
        while _column_filled(sheet, left - 1, top, bottom):
            left -= 1
        while _column_filled(sheet, right, top, bottom):
            right += 1
        grown = Block(top, left, bottom, right)
        if grown == block:
            return block
        block = grown


def _row_filled(sheet: Sheet, row: int, left: int, right: int) -> bool:
    if not 0 <= row < sheet.row_count:
        return False
    return any(left - 1 <= column <= right and not cell.is_blank for column, cell in sheet.rows[row].items())


def _column_filled(sheet: Sheet, column: int, top: int, bottom: int) -> bool:
    if not 0 <= column < sheet.column_count:
        return False
    near = range(max(top - 1, 0), min(bottom + 1, sheet.row_count))
    return any(column in sheet.rows[row] and not sheet.rows[row][column].is_blank for row in near)


def tables_in(sheet: Sheet, asked: Block) -> list[Block]:
    """Every table that shares a filled cell with the range."""
    found: list[Block] = []
    row = asked.top
    while row < asked.bottom:
        for column in sorted(sheet.rows[row]):
            if not asked.left <= column < asked.right or sheet.rows[row][column].is_blank:
                continue
            here = Block(row, column, row + 1, column + 1)
            if not any(table.holds(here) for table in found):
                found.append(region_around(sheet, row, column))
        row += 1
    return found


def table_for_append(sheet: Sheet, asked: Block, choice: str) -> Block | None:
    """The table that `append` continues, or None."""
    tables = tables_in(sheet, asked)
    if choice == "lowest":
        return max(tables, key=lambda table: (table.bottom, table.right), default=None)
    return max(tables, key=lambda table: (table.right, table.bottom), default=None)
