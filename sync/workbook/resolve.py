"""From changes to cells: rows found again just before the write, rows that changed meanwhile left for the next run.

Neutral: compares the tabs as they were read with the tabs as they are now; a carrier then writes the result.

A row is found again by its key cell. Where a tab has no key (payments, instalments, steps), by the people's cells
that stood in it. What is found twice, or not at all, is deferred.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.workbook.cells import same_cell, storable
from sync.workbook.contract import JOURNAL, TABS_BY_KEY, Tab, Who
from sync.workbook.tabs import Append, Cell, CellChange, Changes, Erasure, RawTab, RowCells, RowInputs, TabRewrite

Signature = tuple[Cell, ...]


@dataclass(slots=True)
class Resolved:
    """`writes[tab][row][column key]` is the value to write; rows and columns that already hold it are not listed."""

    writes: dict[str, dict[int, dict[str, Cell]]] = field(default_factory=dict)
    deferred: list[str] = field(default_factory=list)
    new_rows: dict[str, int] = field(default_factory=dict)  # rows added at the end, by tab

    @property
    def cells(self) -> int:
        return sum(len(cells) for rows in self.writes.values() for cells in rows.values())

    @property
    def rows(self) -> int:
        return sum(len(rows) for rows in self.writes.values())

    def put(self, tab: str, row: int, column: str, value: Cell) -> None:
        self.writes.setdefault(tab, {}).setdefault(row, {})[column] = value


def key_text(cell: Cell) -> str:
    """A key cell as compared: a number typed as a number is its digits, spaces around are nothing."""
    value = storable(cell)
    return "" if value is None else str(value).strip()


def cell_at(tab: RawTab, column: str, row: int) -> Cell:
    """The cell of a sheet row; None outside the tab or in a column that it has not."""
    index = row - tab.first_row
    cells = tab.columns.get(column, ())
    return cells[index] if 0 <= index < len(cells) else None


def resolve(changes: Changes, as_read: Mapping[str, RawTab], now: Mapping[str, RawTab]) -> Resolved:
    """What to write into the workbook as it is `now`. Tabs and columns that are absent get nothing."""
    out = Resolved()
    _resolve_cells(changes, as_read, now, out)
    _resolve_erasures(changes.erasures, as_read, now, out)
    ends: dict[str, int] = {}
    for rewrite in changes.rewrites:
        if rewrite.tab in now:
            _rewrite(rewrite, as_read.get(rewrite.tab), now[rewrite.tab], out)
            ends[rewrite.tab] = now[rewrite.tab].first_row + len(rewrite.rows)
    for append in changes.appends:
        if append.tab in now:
            end = ends.setdefault(append.tab, now[append.tab].first_row + len(now[append.tab]))
            ends[append.tab] = _append(append, now[append.tab], end, out)
    return out


# --- single cells


def _resolve_cells(changes: Changes, as_read: Mapping[str, RawTab], now: Mapping[str, RawTab], out: Resolved) -> None:
    finders: dict[str, _Finder] = {}
    for tab_key in {change.tab for change in changes.cells} & set(now):
        finders[tab_key] = _Finder(TABS_BY_KEY[tab_key], as_read.get(tab_key, now[tab_key]), now[tab_key])
    places: dict[tuple[str, int, str], int | None] = {}  # where a row stands now; None: it waits for the next run
    for change in changes.cells:
        if change.tab not in finders:
            continue
        at = (change.tab, change.row, change.key)
        if at not in places:
            places[at] = finders[change.tab].find(change.row, change.key)
        place = places[at]
        if place is not None and not _is_expected(cell_at(now[change.tab], change.column, place), change):
            places[at] = None
    untouched = {key: _untouched(as_read.get(key), now[key]) for key in finders}
    for inputs in changes.inputs:
        at = (inputs.tab, inputs.row, inputs.key)
        place = places.get(at)
        if place is not None and not _still_stand(inputs, now[inputs.tab], place, as_read, untouched[inputs.tab]):
            places[at] = None
    for change in changes.cells:
        place = places.get((change.tab, change.row, change.key))
        if place is None or change.column not in now[change.tab].columns:
            continue
        if not same_cell(cell_at(now[change.tab], change.column, place), change.after):
            out.put(change.tab, place, change.column, change.after)
    out.deferred += sorted({key or f"{tab}!{row}" for (tab, row, key), place in places.items() if place is None})


def _untouched(as_read: RawTab | None, now: RawTab) -> frozenset[str]:
    """The columns that hold from top to bottom exactly what was read, seen at once instead of row by row."""
    if as_read is None or as_read.first_row != now.first_row:
        return frozenset()
    return frozenset(
        column
        for column, cells in as_read.columns.items()
        if cells == now.columns.get(column) and bool not in {*map(type, cells)}  # True == 1, in a list too
    )


def _still_stand(inputs: RowInputs, now: RawTab, place: int, as_read: Mapping[str, RawTab], untouched: frozenset[str]) -> bool:
    """Whether people's cells of a row, which stands at `place` now, are what the change relied on."""
    cells = inputs.cells
    if isinstance(cells, RowCells) and cells.raw is as_read.get(inputs.tab) and cells.row == place and cells.names <= untouched:
        return True
    return all(same_cell(cell_at(now, column, place), cell) for column, cell in cells.items())


def _is_expected(cell: Cell, change: CellChange) -> bool:
    """Whether a cell is as it was read; one that says already what it should is no surprise either."""
    return same_cell(cell, change.before) or same_cell(cell, change.after)


def _resolve_erasures(
    erasures: Sequence[Erasure], as_read: Mapping[str, RawTab], now: Mapping[str, RawTab], out: Resolved
) -> None:
    """Cells found again one by one: in the Journal by the row's seal, elsewhere like any other row."""
    finders: dict[str, _Finder] = {}
    sealed: dict[str, int] = {}
    if JOURNAL.key in now and any(one.tab == JOURNAL.key for one in erasures):
        journal = now[JOURNAL.key]
        sealed = {key_text(cell): journal.first_row + i for i, cell in enumerate(journal.columns.get("hash", ()))}
    missed: set[str] = set()
    for one in erasures:
        if one.tab not in now or one.column not in now[one.tab].columns:
            continue
        if one.tab == JOURNAL.key:
            row = sealed.get(one.key) if one.key else one.row
        else:
            if one.tab not in finders:
                finders[one.tab] = finder = _Finder(TABS_BY_KEY[one.tab], as_read.get(one.tab, now[one.tab]), now[one.tab])
                going = {other.column for other in erasures if other.tab == one.tab}
                finder.people = [column for column in finder.people if column not in going]  # half done, a row is still itself
            row = finders[one.tab].find(one.row, one.key)
        cell = cell_at(now[one.tab], one.column, row) if row is not None else None
        if row is None or not (same_cell(cell, one.before) or same_cell(cell, one.after)):
            missed.add(one.key or f"{one.tab}!{one.row}")
        elif not same_cell(cell, one.after):
            out.put(one.tab, row, one.column, one.after)
    out.deferred += sorted(missed)


class _Finder:
    """Finds the rows of one tab again."""

    def __init__(self, tab: Tab, as_read: RawTab, now: RawTab) -> None:
        self.is_same = as_read is now
        self.as_read, self.now = as_read, now
        self.row_key = tab.row_key if tab.row_key in now.columns else ""
        self.people = [column.key for column in tab.columns if column.who is Who.PEOPLE and column.key in now.columns]
        self._by_key: dict[str, list[int]] | None = None
        self._by_signature: dict[Signature, list[int]] | None = None

    def find(self, row: int, key: str) -> int | None:
        """Where the row stands now, or None when that cannot be told."""
        if self.row_key:
            wanted = key.strip()
            if key_text(cell_at(self.now, self.row_key, row)) == wanted:
                return row
            return self._only(self._keys().get(wanted, []))
        if self.is_same:
            return row
        wanted_cells = self._signature(self.as_read, row)
        if self._signature(self.now, row) == wanted_cells:
            return row
        return self._only(self._signatures().get(wanted_cells, []))

    @staticmethod
    def _only(rows: Sequence[int]) -> int | None:
        return rows[0] if len(rows) == 1 else None

    def _keys(self) -> dict[str, list[int]]:
        if self._by_key is None:
            self._by_key = defaultdict(list)
            for index, cell in enumerate(self.now.columns[self.row_key]):
                self._by_key[key_text(cell)].append(self.now.first_row + index)
        return self._by_key

    def _signature(self, tab: RawTab, row: int) -> Signature:
        return tuple(storable(cell_at(tab, column, row)) for column in self.people)

    def _signatures(self) -> dict[Signature, list[int]]:
        if self._by_signature is None:
            self._by_signature = defaultdict(list)
            for row in range(self.now.first_row, self.now.first_row + len(self.now)):
                self._by_signature[self._signature(self.now, row)].append(row)
        return self._by_signature


# --- whole tabs


def _rewrite(rewrite: TabRewrite, as_read: RawTab | None, now: RawTab, out: Resolved) -> None:
    """Rows of ours from the top, leftovers cleared; only cells that differ are written.

    Rows that a person touched since the read keep what the person wrote: in the row of the same task when it is
    still there, else as a row of their own at the end. They are deferred: the next run reads them.
    """
    tab = TABS_BY_KEY[rewrite.tab]
    rows = [dict(row) for row in rewrite.rows]
    if as_read is not None and as_read is not now:
        for touched in _touched_rows(tab, as_read, now):
            task = key_text(touched.get(tab.row_key)) if tab.row_key else ""
            mine = [row for row in rows if task and key_text(row.get(tab.row_key)) == task]
            people = {key: cell for key, cell in touched.items() if tab.column(key).who is Who.PEOPLE}
            if mine:
                mine[0].update(people)
            else:
                rows.append(touched)
            out.deferred.append(task or tab.key)
    for index in range(max(len(rows), len(now))):
        wanted: Mapping[str, Cell] = rows[index] if index < len(rows) else {}
        for column in now.columns:
            value = wanted.get(column)
            if not same_cell(cell_at(now, column, now.first_row + index), value):
                out.put(tab.key, now.first_row + index, column, value)
    out.new_rows[tab.key] = max(len(rows) - len(now), 0)


def _touched_rows(tab: Tab, as_read: RawTab, now: RawTab) -> list[dict[str, Cell]]:
    """The rows whose people's cells are not as they were read (a tab that is ours whole has none)."""
    people = [column.key for column in tab.columns if column.who is Who.PEOPLE and column.key in now.columns]
    if not people:
        return []
    # On a row without a task, people write in our columns too: they log an act from nothing.
    before = Counter(_row_identity(tab, row, people) for row in _rows_of(as_read))
    touched = []
    for row in _rows_of(now):
        identity = _row_identity(tab, row, people)
        if before[identity] > 0:
            before[identity] -= 1
        elif any(cell is not None for cell in identity):
            touched.append(row)
    return touched


def _row_identity(tab: Tab, row: Mapping[str, Cell], people: Iterable[str]) -> Signature:
    task = key_text(row.get(tab.row_key)) if tab.row_key else ""
    if task:
        return (task, *(storable(row.get(column)) for column in people))
    return (None, *(storable(row.get(column.key)) for column in tab.columns))


def _rows_of(tab: RawTab) -> list[dict[str, Cell]]:
    return [{key: cells[index] for key, cells in tab.columns.items()} for index in range(len(tab))]


def _append(append: Append, now: RawTab, start: int, out: Resolved) -> int:
    for offset, row in enumerate(append.rows):
        for column, value in row.items():
            if column in now.columns and storable(value) is not None:
                out.put(append.tab, start + offset, column, value)
    out.new_rows[append.tab] = out.new_rows.get(append.tab, 0) + len(append.rows)
    return start + len(append.rows)
