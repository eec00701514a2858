"""One tab: its cells, its rows and columns, and everything that is anchored to ranges of it.

Stored ranges are `Area` values inside the JSON they belong to; `map_areas` moves them all at once when rows or columns are
inserted or deleted, and `public` turns them into `GridRange` JSON when they are shown.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from .a1 import Area, Axis, Block
from .cells import EMPTY, Cell
from .errors import Json

ROW_HEIGHT = 21
COLUMN_WIDTH = 100


class Sheet:
    """A grid tab; `rows` holds one sparse dict of cells per row, by column index."""

    def __init__(self, sheet_id: int, title: str, rows: int = 1000, columns: int = 26) -> None:
        self.sheet_id = sheet_id
        self.title = title
        self.rows: list[dict[int, Cell]] = [{} for _ in range(rows)]
        self.column_count = columns
        self.properties: Json = {"sheetType": "GRID"}
        self.grid_properties: Json = {}
        self.dimensions: dict[Axis, dict[int, Json]] = {"ROWS": {}, "COLUMNS": {}}
        self.groups: dict[Axis, list[Json]] = {"ROWS": [], "COLUMNS": []}
        self.merges: list[Area] = []
        self.basic_filter: Json | None = None
        self.protected_ranges: list[Json] = []
        self.filter_views: list[Json] = []
        self.conditional_formats: list[Json] = []
        self.banded_ranges: list[Json] = []
        self.tables: list[Json] = []
        self.charts: list[Json] = []
        self.slicers: list[Json] = []

    @property
    def row_count(self) -> int:
        return len(self.rows)

    @property
    def cell_count(self) -> int:
        return self.row_count * self.column_count

    @property
    def is_hidden(self) -> bool:
        return bool(self.properties.get("hidden"))

    def count(self, axis: Axis) -> int:
        return self.row_count if axis == "ROWS" else self.column_count

    def block(self, area: Area) -> Block:
        """The part of a range that lies on this grid."""
        return area.block(self.row_count, self.column_count)

    def cell(self, row: int, column: int) -> Cell:
        return self.rows[row].get(column, EMPTY) if row < len(self.rows) else EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        if cell.is_empty:
            self.rows[row].pop(column, None)
        else:
            self.rows[row][column] = cell

    def filled(self, block: Block) -> Iterator[tuple[int, int, Cell]]:
        """Cells with a value or formula inside a block, row by row."""
        for row in range(block.top, min(block.bottom, self.row_count)):
            cells = self.rows[row]
            for column in sorted(cells):
                if block.left <= column < block.right and not cells[column].is_blank:
                    yield row, column, cells[column]

    # Rows and columns

    def insert(self, axis: Axis, at: int, count: int, inherit_before: bool = False) -> None:
        """Insert rows or columns before index `at`; formats come from the neighbour."""
        model = at - 1 if inherit_before else at
        if axis == "ROWS":
            new = _formats_of(self.rows[model]) if 0 <= model < len(self.rows) else {}
            self.rows[at:at] = [dict(new) for _ in range(count)]
        else:
            for cells in self.rows:
                if cells:
                    _shift_columns(cells, at, count, model)
            self.column_count += count
        moved = {index + count if index >= at else index: props for index, props in self.dimensions[axis].items()}
        self.dimensions[axis] = moved
        self.move_anchors(lambda area: area.after_insert(axis, at, count))

    def delete(self, axis: Axis, first: int, last: int) -> None:
        """Delete rows or columns `first` to `last` (excluded)."""
        if axis == "ROWS":
            del self.rows[first:last]
        else:
            for index, cells in enumerate(self.rows):
                if cells:
                    self.rows[index] = {
                        column - (last - first) if column >= last else column: cell
                        for column, cell in cells.items()
                        if not first <= column < last
                    }
            self.column_count -= last - first
        self.dimensions[axis] = {
            index - (last - first) if index >= last else index: props
            for index, props in self.dimensions[axis].items()
            if not first <= index < last
        }
        self.move_anchors(lambda area: area.after_delete(axis, first, last))

    def reorder(self, axis: Axis, order: list[int]) -> None:
        """Put rows or columns in the given order of old indexes."""
        if axis == "ROWS":
            self.rows = [self.rows[old] for old in order]
        else:
            place = {old: new for new, old in enumerate(order)}
            self.rows = [{place[column]: cell for column, cell in cells.items()} for cells in self.rows]
        props = self.dimensions[axis]
        self.dimensions[axis] = {new: props[old] for new, old in enumerate(order) if old in props}

    def resize(self, rows: int, columns: int) -> None:
        """Grow or cut the grid at its end."""
        if rows > self.row_count:
            self.rows += [{} for _ in range(rows - self.row_count)]
        elif rows < self.row_count:
            self.delete("ROWS", rows, self.row_count)
        if columns > self.column_count:
            self.column_count = columns
        elif columns < self.column_count:
            self.delete("COLUMNS", columns, self.column_count)

    def move_anchors(self, move: Callable[[Area], Area | None]) -> None:
        """Apply a move to every anchored range; what loses its range goes."""
        self.merges = [
            moved for area in self.merges if (moved := move(area)) and not _is_single(moved, self.row_count, self.column_count)
        ]
        for name in ("protected_ranges", "filter_views", "banded_ranges", "tables", "charts", "slicers", "conditional_formats"):
            setattr(self, name, [moved for item in getattr(self, name) if (moved := map_areas(item, move))])
        if self.basic_filter is not None:
            self.basic_filter = map_areas(self.basic_filter, move)
        for axis in self.groups:
            self.groups[axis] = [moved for item in self.groups[axis] if (moved := map_areas(item, move))]

    def clone(self, sheet_id: int | None = None, title: str | None = None) -> Sheet:
        """A copy that shares nothing that can change; with a new id its ranges follow."""
        other = copy.copy(self)
        other.rows = [dict(cells) for cells in self.rows]
        for name in vars(self):
            if name != "rows":
                setattr(other, name, copy.deepcopy(getattr(self, name)))
        if title is not None:
            other.title = title
        if sheet_id is not None:
            other.sheet_id = sheet_id
            other.move_anchors(lambda area: Area(sheet_id, area.top, area.bottom, area.left, area.right))
        return other


def _is_single(area: Area, rows: int, columns: int) -> bool:
    block = area.block(rows, columns)
    return block.height * block.width <= 1


def _formats_of(cells: dict[int, Cell]) -> dict[int, Cell]:
    return {column: made for column, cell in cells.items() if (made := format_only(cell)) is not None}


def format_only(cell: Cell) -> Cell | None:
    """What an inserted neighbour inherits: the format and the validation."""
    kept = {name: part for name, part in (cell.extra or {}).items() if name in {"userEnteredFormat", "dataValidation"}}
    return Cell(extra=kept) if kept else None


def _shift_columns(cells: dict[int, Cell], at: int, count: int, model: int) -> None:
    new = format_only(cells[model]) if model in cells else None
    moved = {column + count if column >= at else column: cell for column, cell in cells.items()}
    if new is not None:
        moved |= {at + offset: new for offset in range(count)}
    cells.clear()
    cells.update(moved)


def map_areas(item: Any, move: Callable[[Area], Area | None]) -> Any:
    """A JSON value with each `Area` in it moved; None when its own range is gone (empty lists of ranges count as gone)."""
    if isinstance(item, Area):
        return move(item)
    if isinstance(item, dict):
        mapped = {}
        for name, part in item.items():
            moved = map_areas(part, move)
            if moved is None and part is not None:
                if isinstance(part, Area) or name in {"ranges", "location"}:
                    return None
                continue
            mapped[name] = moved
        return mapped
    if isinstance(item, list) and item and all(isinstance(part, Area) for part in item):
        return [moved for part in item if (moved := move(part)) is not None] or None
    if isinstance(item, list):
        return [moved for part in item if (moved := map_areas(part, move)) is not None or part is None]
    return item


def public(item: Any) -> Any:
    """A stored JSON value as answers show it."""
    if isinstance(item, Area):
        return item.to_json()
    if isinstance(item, dict):
        return {name: public(part) for name, part in item.items()}
    if isinstance(item, list):
        return [public(part) for part in item]
    return item


def stored(item: Any) -> Any:
    """A JSON value from a request with its `GridRange`s as `Area`s (they stand under `range`, `ranges` or `dataRange`)."""
    if isinstance(item, dict):
        kept: Json = {}
        for name, part in item.items():
            if name in {"range", "dataRange"} and isinstance(part, dict):
                kept[name] = Area.of_json(part)
            elif name == "ranges" and isinstance(part, list):
                kept[name] = [Area.of_json(one) if isinstance(one, dict) else one for one in part]
            else:
                kept[name] = stored(part)
        return kept
    if isinstance(item, list):
        return [stored(part) for part in item]
    return item
