"""Ranges: Google's `GridRange` and A1 (or R1C1) notation, both ways.

Rows and columns count from 0 and ranges exclude their end, as in `GridRange`; only texts count from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from .errors import invalid

Axis = Literal["ROWS", "COLUMNS"]

MAX_COLUMNS = 18_278  # ZZZ


@dataclass(frozen=True, slots=True)
class Block:
    """A bounded rectangle of one tab."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def is_empty(self) -> bool:
        return self.height <= 0 or self.width <= 0

    def meets(self, other: Block) -> bool:
        """Whether the two share a cell."""
        return self.top < other.bottom and other.top < self.bottom and self.left < other.right and other.left < self.right

    def holds(self, other: Block) -> bool:
        """Whether the other lies wholly inside."""
        return self.top <= other.top and other.bottom <= self.bottom and self.left <= other.left and other.right <= self.right


@dataclass(frozen=True, slots=True)
class Area:
    """A `GridRange`: a rectangle of one tab; a side that is None is open."""

    sheet_id: int
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> Area:
        """Read a `GridRange`."""
        return cls(
            sheet_id=given.get("sheetId", 0),
            top=given.get("startRowIndex"),
            bottom=given.get("endRowIndex"),
            left=given.get("startColumnIndex"),
            right=given.get("endColumnIndex"),
        )

    def to_json(self) -> dict[str, Any]:
        """Write a `GridRange`; a `sheetId` of 0 is left out, as Google leaves it out."""
        sides = {
            "sheetId": self.sheet_id or None,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return {name: side for name, side in sides.items() if side is not None}

    def block(self, rows: int, columns: int) -> Block:
        """The part that lies on a grid of this size."""
        bottom = rows if self.bottom is None else min(self.bottom, rows)
        right = columns if self.right is None else min(self.right, columns)
        return Block(self.top or 0, self.left or 0, bottom, right)

    def closed(self, rows: int, columns: int) -> Area:
        """The same with every side given."""
        block = self.block(rows, columns)
        return Area(self.sheet_id, block.top, block.bottom, block.left, block.right)

    def side(self, axis: Axis) -> tuple[int | None, int | None]:
        """Start and end along rows or columns."""
        return (self.top, self.bottom) if axis == "ROWS" else (self.left, self.right)

    def with_side(self, axis: Axis, start: int | None, end: int | None) -> Area:
        """The same with another start and end along rows or columns."""
        if axis == "ROWS":
            return replace(self, top=start, bottom=end)
        return replace(self, left=start, right=end)

    def after_insert(self, axis: Axis, at: int, count: int) -> Area:
        """Where the range is once `count` rows or columns were inserted before index `at`."""
        start, end = self.side(axis)
        if start is not None and start >= at:
            start += count
        if end is not None and end > at:
            end += count
        return self.with_side(axis, start, end)

    def after_delete(self, axis: Axis, first: int, last: int) -> Area | None:
        """Where the range is once indexes `first` to `last` (excluded) are gone; None when nothing is left of it."""
        start, end = self.side(axis)
        moved_start = None if start is None else _after_delete(start, first, last)
        moved_end = None if end is None else _after_delete(end, first, last)
        if moved_end is not None and moved_end <= (moved_start or 0):
            return None
        return self.with_side(axis, moved_start, moved_end)


def _after_delete(index: int, first: int, last: int) -> int:
    if index >= last:
        return index - (last - first)
    return min(index, first)


def column_name(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """A is 0."""
    index = 0
    for letter in name.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quote_title(title: str) -> str:
    """A title as answers write it: in quotes only when it needs them."""
    if _PLAIN_TITLE.fullmatch(title) and not _LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def block_name(block: Block) -> str:
    """`A1:B2`, or `A1` for a single cell."""
    start = f"{column_name(block.left)}{block.top + 1}"
    end = f"{column_name(block.right - 1)}{block.bottom}"
    return start if start == end else f"{start}:{end}"


def range_name(title: str, block: Block) -> str:
    """`Sheet1!A1:B2`, as answers write it."""
    return f"{quote_title(title)}!{block_name(block)}"


def area_name(title: str, area: Area) -> str:
    """The same for a range with open sides: `Sheet1!A:B`, `Sheet1!2:3`, `Sheet1`."""
    top, left = area.top or 0, area.left or 0
    if area.bottom is not None and area.right is not None:
        return range_name(title, Block(top, left, area.bottom, area.right))
    if area.right is not None:
        row = "" if area.top is None else str(top + 1)
        return f"{quote_title(title)}!{column_name(left)}{row}:{column_name(area.right - 1)}"
    if area.bottom is not None:
        column = "" if area.left is None else column_name(left)
        return f"{quote_title(title)}!{column}{top + 1}:{area.bottom}"
    if area.top or area.left:
        return f"{quote_title(title)}!{column_name(left)}{top + 1}"
    return quote_title(title)


@dataclass(frozen=True, slots=True)
class Reference:
    """What an A1 text says before any tab is looked up: a title (None: not said) and either sides or a bare name."""

    title: str | None
    name: str | None = None
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None
    is_cell: bool = False
    quoted: bool = False

    def area(self, sheet_id: int) -> Area:
        return Area(sheet_id, self.top, self.bottom, self.left, self.right)


_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]*)?")
_R1C1 = re.compile(r"[Rr]([1-9][0-9]*)[Cc]([1-9][0-9]*)(?::[Rr]([1-9][0-9]*)[Cc]([1-9][0-9]*))?")
_QUOTED = re.compile(r"'((?:[^']|'')*)'(?:!(.*))?", re.DOTALL)


def parse_reference(text: str) -> Reference | None:
    """Split an A1 text; None when it cannot be one."""
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        title = quoted.group(1).replace("''", "'")
        if quoted.group(2) is None:
            return Reference(title, quoted=True)
        return _parse_sides(title, quoted.group(2))
    title_part, bang, rest = text.rpartition("!")
    if bang:
        return _parse_sides(title_part, rest) if title_part else None
    return _parse_sides(None, text)


def _parse_sides(title: str | None, text: str) -> Reference | None:
    if not text:
        return None
    if found := _R1C1.fullmatch(text):
        top, left = int(found.group(1)) - 1, int(found.group(2)) - 1
        bottom, right = int(found.group(3) or top + 1), int(found.group(4) or left + 1)
        return Reference(title, top=top, left=left, bottom=bottom, right=right, is_cell=found.group(3) is None)
    corners = [_corner(part) for part in text.split(":")]
    if len(corners) > 2 or any(corner is None for corner in corners):
        return Reference(title, name=text)
    (column, row), *others = [corner for corner in corners if corner is not None]
    if not others:
        if column is None or row is None:
            return Reference(title, name=text)
        return Reference(title, top=row, bottom=row + 1, left=column, right=column + 1, is_cell=True)
    return _span(title, text, column, row, *others[0])


def _corner(text: str) -> tuple[int | None, int | None] | None:
    found = _CORNER.fullmatch(text)
    if not found or not text:
        return None
    letters, digits = found.groups()
    return (column_index(letters) if letters else None), (int(digits) - 1 if digits else None)


def _span(
    title: str | None, text: str, column: int | None, row: int | None, column2: int | None, row2: int | None
) -> Reference | None:
    if column is None and column2 is not None and row is not None:
        column, row, column2, row2 = column2, row2, column, row
    top, bottom = _ordered(row, row2)
    left, right = _ordered(column, column2)
    if (row is None and row2 is None) and (column is None or column2 is None):
        return Reference(title, name=text)
    return Reference(title, top=top, bottom=bottom, left=left, right=right)


def _ordered(one: int | None, other: int | None) -> tuple[int | None, int | None]:
    if one is not None and other is not None:
        return min(one, other), max(one, other) + 1
    return (one if one is not None else other), None


def unparsable(text: str) -> Exception:
    """Google's refusal of a range it cannot read, or whose tab it does not know."""
    return invalid(f"Unable to parse range: {text}")
