"""What a carrier hands over and takes back: tabs as columns of raw cells, changes as values.

A carrier (Excel, Google) knows how to find tabs and headings and how to write cells; it knows no rule of the
domain. A `RawTab` holds one list of cells per *column key* of the contract, all of the same length.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

from sync.ledger.problems import Problem

# As decoded: a native date cell is a date or datetime, or (Google) a serial number in a date column;
# an error cell is its text ("#REF!"); an empty cell is None.
Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTab:
    """One tab as found. `columns[key][i]` stands in sheet row `first_row + i`."""

    key: str  # the contract's key of the tab: "invoices"
    title: str  # as it is called in this workbook
    columns: Mapping[str, Sequence[Cell]]
    first_row: int = 2
    foreign: Sequence[str] = ()  # headings that are not ours, left alone
    letters: Mapping[str, str] = field(default_factory=dict)  # column key -> "C", to name a cell to a person

    def __len__(self) -> int:
        return max((len(cells) for cells in self.columns.values()), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The workbook as read once. A tab that does not exist is absent from `tabs`.

    `problems` are those of structure: a missing required tab or heading, a heading found twice.
    """

    tabs: Mapping[str, RawTab]
    problems: Sequence[Problem] = ()
    version: str = ""  # carrier's own mark of what was read (file digest; nothing on Google)


class CellChange(NamedTuple):
    """One cell of ours to write (a named tuple: a first run makes hundreds of thousands). `row` is where the key stood when read; the carrier finds the row again by `key`.

    `before` is what we read there: a cell that holds something else just before the write is left and deferred.
    `key` is the row's key cell as read ("" for tabs rewritten whole).
    """

    tab: str
    row: int
    key: str
    column: str
    before: Cell
    after: Cell


class RowCells(Mapping[str, Cell]):
    """Some columns of one row of a tab, looked up where they stand: a hundred thousand rows are not copied for a check."""

    __slots__ = ("names", "raw", "row")

    def __init__(self, raw: RawTab, row: int, names: frozenset[str]) -> None:
        self.raw, self.row, self.names = raw, row, names

    def __getitem__(self, column: str) -> Cell:
        if column not in self.names:
            raise KeyError(column)
        cells, index = self.raw.columns[column], self.row - self.raw.first_row
        return cells[index] if index < len(cells) else None

    def __iter__(self) -> Iterator[str]:
        return (column for column in self.raw.columns if column in self.names)

    def __len__(self) -> int:
        return len(self.names)


class RowInputs(NamedTuple):
    """The person's cells of a row that a change relies on: if any differs before the write, the row waits."""

    tab: str
    row: int
    key: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class TabRewrite:
    """A tab that is ours whole (Problems, Today): its rows after the run, as mappings of column key to cell.

    People's cells of Today (outcome, date, amount, note) travel with their task: the planner puts them in `rows`.
    """

    tab: str
    rows: Sequence[Mapping[str, Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Append:
    """Rows to add at the end of an append-only or people's tab (Journal; Plans; imported invoices)."""

    tab: str
    rows: Sequence[Mapping[str, Cell]]


class Erasure(NamedTuple):
    """One cell of people, or of the Journal, emptied or replaced because its words must no longer be held.

    The only change that may touch what people typed or what the Journal says; `relance forget` alone makes them. `key` is
    the row's key cell as read; in the Journal, the row's seal. A cell that holds neither `before` nor `after` is deferred.
    A carrier that keeps a copy of the workbook as it was must not keep one across an erasure.
    """

    tab: str
    row: int
    key: str
    column: str
    before: Cell
    after: Cell = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a run wants to write, as one printable, comparable value."""

    cells: Sequence[CellChange] = ()
    inputs: Sequence[RowInputs] = ()
    rewrites: Sequence[TabRewrite] = ()
    appends: Sequence[Append] = ()
    erasures: Sequence[Erasure] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: `deferred` lists the keys of rows that changed between read and write."""

    cells: int = 0
    rows: int = 0
    deferred: Sequence[str] = field(default_factory=tuple)


class Workbook(Protocol):
    """A carrier. Every method may raise `sync.errors.WorkbookError` with one sentence that says what to do."""

    def read(self, tabs: Sequence[str] | None = None) -> Snapshot:
        """Read the named tabs (keys), or all of them."""
        ...

    def version(self) -> str:
        """The carrier's mark of the workbook as it stands now, to compare with a snapshot's; "" when only reading can tell."""
        ...

    def write(self, changes: Changes) -> Written:
        """Write only our cells, only where the row still holds its key, its inputs and our own old value."""
        ...

    def append_journal(self, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Add rows to the Journal and return once they are safely there (before a message leaves)."""
        ...

    def init(self, language: str) -> Sequence[str]:
        """Create or repair tabs, headings, drop-downs, formats, notes; never touch data. Returns what was done."""
        ...

    def lock(self, owner: str, now: datetime) -> None:
        """Exclude a second run; raises WorkbookError (locked since …) when another run holds it."""
        ...

    def unlock(self) -> None: ...

    def clear_lock(self) -> str | None:
        """Remove a lock, whoever holds it: who and since when, or None when there was none."""
        ...
