"""Writing among people: look, write what still stands, look again, put right; until a look finds nothing to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sync.workbook.cells import storable
from sync.workbook.contract import JOURNAL, TABS_BY_KEY, Who
from sync.workbook.google.bodies import Group, body, groups
from sync.workbook.google.book import Book, NamedColumn, column_name
from sync.workbook.google.client import Passing, Refused, SheetsClient
from sync.workbook.google.errors import says_moved
from sync.workbook.google.lock import Held, LockLost
from sync.workbook.google.read import Again, ReadTab, look_again
from sync.workbook.google.track import Track
from sync.workbook.resolve import Resolved, cell_at, resolve
from sync.workbook.tabs import Append, Cell, Changes, RawTab, TabRewrite, Written

BODIES_PER_LOOK = 8  # a usual run has one, right after its look; the first run of a large sheet stays within 15 calls
_MOVES = 8  # times that tabs or columns may be moved under our hands
_SETTLING = 6  # looks without anything gained
_EFFORTS = 3  # times that one cell is written; what does not take then is left

Writes = dict[str, dict[int, dict[str, Cell]]]


class NeverStill(Exception):
    """People change the sheet each time we look."""


def written_columns(changes: Changes) -> dict[str, set[str]]:
    """{tab: column keys that are written}."""
    needed: dict[str, set[str]] = {}
    for change in changes.cells:
        needed.setdefault(change.tab, set()).add(change.column)
    for erasure in changes.erasures:
        needed.setdefault(erasure.tab, set()).add(erasure.column)
        if erasure.tab == JOURNAL.key:  # a row of the Journal is found again by its seal
            needed[erasure.tab].add("hash")
    blocks: list[TabRewrite | Append] = [*changes.rewrites, *changes.appends]
    for block in blocks:
        columns = needed.setdefault(block.tab, set())
        for row in block.rows:
            columns |= {column for column, cell in row.items() if storable(cell) is not None}
    return needed


@dataclass(slots=True)
class _Rewriting:
    """A tab that is ours whole: what it shall hold, and which rows are not news when they are found in it."""

    target: TabRewrite
    known: RawTab


@dataclass(slots=True)
class Job:
    """One write. `reread` reads tabs and book anew when something has moved."""

    client: SheetsClient
    id: str
    changes: Changes
    as_read: Mapping[str, RawTab]
    tabs: dict[str, ReadTab]
    book: Book | None
    lock: Held | None
    reread: Callable[[Sequence[str]], tuple[Book, dict[str, ReadTab]]]
    _columns: dict[str, frozenset[str]] = field(default_factory=dict)
    _tracks: dict[str, Track] = field(default_factory=dict)
    _rewritings: dict[str, _Rewriting] = field(default_factory=dict)
    _touched: dict[str, None] = field(default_factory=dict)  # rows of a rewritten tab that a person changed meanwhile
    _first: Resolved | None = None
    _efforts: dict[tuple[str, int, str, Cell], int] = field(default_factory=dict)

    def run(self) -> Written:
        """Raises Refused, LockLost, NeverStill."""
        self._prepare()
        if not self._columns:
            return Written()
        deferred = self.client.patiently(self._rounds)
        first = self._first or Resolved()
        return Written(cells=first.cells, rows=first.rows, deferred=tuple(deferred))

    def _prepare(self) -> None:
        own = replace(self.changes, appends=())
        self._columns = {key: frozenset(columns) for key, columns in written_columns(own).items()}
        for rewrite in self.changes.rewrites:
            raw = self.as_read.get(rewrite.tab, self.tabs[rewrite.tab].raw)
            self._columns[rewrite.tab] = frozenset(raw.columns)  # rows move as a whole
            self._rewritings[rewrite.tab] = _Rewriting(rewrite, raw)
        rewritten = set(self._rewritings)
        self._tracks = {key: Track(TABS_BY_KEY[key], columns) for key, columns in self._columns.items() if key not in rewritten}

    # --- rounds

    def _rounds(self) -> Sequence[str]:
        """Look and write until a look finds nothing to do; entered again after a lost answer."""
        least, restless = 0, 0
        while True:
            seen = self._look()
            resolved, writes = self._to_write({key: again.raw for key, again in seen.items()})
            if self._first is None:
                self._first = resolved
            left = sum(len(cells) for rows in writes.values() for cells in rows.values())
            if not left:
                return resolved.deferred
            restless = restless + 1 if least and left >= least else 0
            least = min(left, least or left)
            if restless > _SETTLING:
                raise NeverStill
            self._make_room(writes)
            for group in islice(groups(writes), BODIES_PER_LOOK):
                if not self._send(group, seen):
                    break

    def _send(self, group: Group, seen: Mapping[str, Again]) -> bool:
        """Write one body; False when the sheet is no longer as seen, and nothing was written."""
        for key, rows in group.tabs.items():
            if key in self._tracks:
                self._tracks[key].sent(rows)
            for row, cells in rows.items():
                for column, value in cells.items():
                    effort = (key, row, column, storable(value))
                    self._efforts[effort] = self._efforts.get(effort, 0) + 1
        try:
            self.client.values_batch_update(self.id, body(group, seen))
        except Passing:
            raise
        except Refused as error:
            if not says_moved(error):
                raise
            self._read_anew()
            return False
        return True

    def _to_write(self, now: Mapping[str, RawTab]) -> tuple[Resolved, Writes]:
        rewrites = [one.target for one in self._rewritings.values()]
        known = {**self.as_read, **{key: one.known for key, one in self._rewritings.items()}}
        resolved = resolve(replace(self.changes, rewrites=(), appends=()), self.as_read, now)
        whole = resolve(Changes(rewrites=rewrites), known, now)
        self._touched |= dict.fromkeys(whole.deferred)
        resolved.writes |= whole.writes
        resolved.deferred += self._touched
        writes: Writes = {key: {row: dict(cells) for row, cells in rows.items()} for key, rows in resolved.writes.items()}
        for key, one in self._rewritings.items():
            if key in writes:
                writes[key] = self._whole_rows(key, one, now[key], writes[key])
        for key, track in self._tracks.items():
            for row, cells in track.looked(now[key]).items():
                planned = writes.setdefault(key, {}).setdefault(row, {})
                for column, value in cells.items():
                    planned.setdefault(column, value)
        return resolved, self._worth_it(writes)

    def _whole_rows(
        self, key: str, one: _Rewriting, now: RawTab, rows: Mapping[int, Mapping[str, Cell]]
    ) -> dict[int, dict[str, Cell]]:
        """Rows of a tab of ours are written whole, so that a sort in between cannot mix two tasks."""
        last = max([now.first_row + len(now) - 1, *rows])
        lines = []
        for row in range(now.first_row, last + 1):
            line = {column: cell_at(now, column, row) for column in now.columns} | dict(rows.get(row, {}))
            lines.append(line)
        whole = {row: lines[row - now.first_row] for row in rows}
        while lines and all(storable(cell) is None for cell in lines[-1].values()):
            lines.pop()
        one.target = TabRewrite(tab=key, rows=lines)
        held = {column: [*one.known.columns.get(column, [None] * len(one.known))] for column in now.columns}
        for column, cells in held.items():
            cells += [line[column] for line in lines] + list(now.columns[column])
        one.known = replace(one.known, columns=held)
        return whole

    def _worth_it(self, writes: Writes) -> Writes:
        """Without the cells that were written several times and still read otherwise."""
        if not self._efforts:
            return writes
        kept: Writes = {}
        for key, rows in writes.items():
            for row, cells in rows.items():
                left = {c: v for c, v in cells.items() if self._efforts.get((key, row, c, storable(v)), 0) < _EFFORTS}
                if left:
                    kept.setdefault(key, {})[row] = left
        return kept

    def remembered(self, rewrite: TabRewrite) -> RawTab:
        """A tab that we rewrote is, from now on, as we asked; what a person put into it is still new to the run."""
        raw = self.tabs[rewrite.tab].raw
        return replace(raw, columns={key: [row.get(key) for row in rewrite.rows] for key in raw.columns})

    # --- looking

    def _look(self) -> dict[str, Again]:
        for _ in range(_MOVES):
            try:
                self._name_columns()
                assert self.book is not None
                self._check_lock()
                seen = look_again(self.client, self.id, self.book, self.tabs, self._wanted(), self._columns, self.lock)
            except Passing:
                raise
            except Refused as error:
                if not says_moved(error):
                    raise
                seen = None
            if seen is not None:
                return seen
            self._read_anew()
        raise NeverStill

    def _wanted(self) -> dict[str, frozenset[str]]:
        """Per tab: what finds a row again, what people typed, and what is written."""
        wanted = {}
        for key, columns in self._columns.items():
            tab = TABS_BY_KEY[key]
            people = {column.key for column in tab.columns if column.who is Who.PEOPLE}
            wanted[key] = columns | people | ({tab.row_key} if tab.row_key else set())
        return wanted

    def _read_anew(self) -> None:
        self.book, self.tabs = self.reread(list(self._columns))
        for key, columns in list(self._columns.items()):
            if key not in self.tabs:  # a person deleted the tab: there is nothing to write there
                del self._columns[key]
                self._tracks.pop(key, None)
                self._rewritings.pop(key, None)
            elif key in self._rewritings:
                self._columns[key] = columns & set(self.tabs[key].layout.columns)

    def _check_lock(self) -> None:
        if self.lock is not None and self.book is not None and self.book.sheet(self.lock.sheet_id) is None:
            raise LockLost

    # --- names and room

    def _name_columns(self) -> None:
        """Each column that is written has its named range, on the column where it stands."""
        if self.book is None:
            self.book, self.tabs = self.reread(list(self._columns))
        requests = []
        for key, columns in self._columns.items():
            tab = self.tabs[key]
            for column in sorted(columns):
                at = tab.layout.columns.get(column)
                if at is not None:
                    requests += naming(self.book, column_name(key, column), tab.sheet.sheet_id, at)
        if not requests:
            return
        self.client.patiently(lambda: self._send_names(requests))

    def _send_names(self, requests: list[dict[str, Any]]) -> None:
        try:
            self.client.batch(self.id, {"requests": requests}, "spreadsheetId")
        except Passing:
            raise
        except Refused as error:
            if error.status != 400:
                raise
        # Whether done, or refused because a lost answer or another hand was first: what stands there is read again.
        self._read_anew()

    def _make_room(self, writes: Writes) -> None:
        """Rows at the end of a tab for what goes beyond its grid, formatted like the row before."""
        assert self.book is not None
        for key, rows in writes.items():
            sheet = self.book.sheet(self.tabs[key].sheet.sheet_id)
            if sheet is None or max(rows) <= sheet.rows:
                continue
            number = max(max(rows) - sheet.rows, 100)
            source = {"sheetId": sheet.sheet_id, "startRowIndex": sheet.rows - 1, "endRowIndex": sheet.rows}
            target = {"sheetId": sheet.sheet_id, "startRowIndex": sheet.rows, "endRowIndex": sheet.rows + number}
            requests: list[dict[str, Any]] = [
                {"appendDimension": {"sheetId": sheet.sheet_id, "dimension": "ROWS", "length": number}},
                *({"copyPaste": {"source": source, "destination": target, "pasteType": kind}}
                  for kind in ("PASTE_FORMAT", "PASTE_DATA_VALIDATION")),
            ]  # fmt: skip
            self.client.batch(self.id, {"requests": requests}, "spreadsheetId")
            self.book = self.book.grown(sheet.sheet_id, number)


def naming(book: Book, name: str, sheet_id: int, column: int) -> list[dict[str, Any]]:
    """The request that gives a column its name; none when it has it."""
    area = {"sheetId": sheet_id, "startColumnIndex": column, "endColumnIndex": column + 1}
    held: NamedColumn | None = book.names.get(name)
    if held is None:
        return [{"addNamedRange": {"namedRange": {"name": name, "range": area}}}]
    if (held.sheet_id, held.column) == (sheet_id, column):
        return []
    return [{"updateNamedRange": {"namedRange": {"namedRangeId": held.name_id, "name": name, "range": area}, "fields": "range"}}]
