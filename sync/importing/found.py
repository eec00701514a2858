"""What one import comes to, as it is gone through, and the two ways of looking into a tab."""

from dataclasses import dataclass, field

from sync.importing.export import LineProblem
from sync.ledger.cells import CellError, parse_key
from sync.workbook.contract import Tab
from sync.workbook.tabs import Cell, CellChange, RawTab

Row = dict[str, Cell]


@dataclass(slots=True)
class Found:
    """What one import comes to, as it is gone through."""

    cells: list[CellChange] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    incomparable: set[str] = field(default_factory=set)  # invoices whose amount or currency is a person's
    absent: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    credits_used: list[str] = field(default_factory=list)
    owed_more: list[str] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def cell_of(raw: RawTab, column: str, index: int) -> Cell:
    cells = raw.columns.get(column, ())
    return cells[index] if index < len(cells) else None


def rows_by_key(tab: Tab, raw: RawTab) -> dict[str, list[int]]:
    """Indexes of the rows by key; a key that cannot be read names no row."""
    found: dict[str, list[int]] = {}
    for index, cell in enumerate(raw.columns.get(tab.row_key, ())):
        try:
            key = parse_key(cell)
        except CellError:
            continue
        if key:
            found.setdefault(key, []).append(index)
    return found
