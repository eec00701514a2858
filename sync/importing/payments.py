"""Payments have no key: a line of the export is known again by all it says.

The row's *Imported* cell holds the digest of the line, so a payment that a person allocates or corrects in the sheet
is still known the next week. A payment typed by hand before the export had it (same day, amount and invoice) is
recognised and marked, not added twice. Two equal lines in one file are two payments.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sync.importing.export import Imported
from sync.importing.memory import COLUMN, canonical, digest
from sync.ledger.words import Language
from sync.workbook.contract import PAYMENTS
from sync.workbook.tabs import Cell, CellChange, RawTab

_IDENTITY = ("paid_on", "invoice", "customer", "amount", "currency", "reference")
_TYPED = ("paid_on", "invoice", "amount")  # what a person surely typed of a payment on an invoice
_LOOSE = ("paid_on", "customer", "amount")  # of money on account
Row = dict[str, Cell]


def plan_payments(raw: RawTab, imported: Imported, language: Language) -> tuple[list[CellChange], list[Row], int]:
    """(marks to set on rows that people typed, rows to add, lines already in the sheet)."""
    marks: Counter[str] = Counter()
    unmarked: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index in range(len(raw)):
        cells = {key: column[index] if index < len(column) else None for key, column in raw.columns.items()}
        mark = cells.get(COLUMN)
        if isinstance(mark, str) and mark.startswith("line:"):
            marks[mark] += 1
        elif any(cells.get(key) is not None for key in _TYPED):
            unmarked[_identity(cells, language)].append(index)
    changes: list[CellChange] = []
    rows: list[Row] = []
    unchanged = 0
    for row in imported.rows:
        mark = _mark(row.cells, language)
        if marks[mark] > 0:
            marks[mark] -= 1
            unchanged += 1
        elif typed := unmarked.get(_identity(row.cells, language)):
            place = raw.first_row + typed.pop(0)
            changes.append(CellChange(tab="payments", row=place, key="", column=COLUMN, before=None, after=mark))
            unchanged += 1
        else:
            rows.append({**{key: value for key, value in row.cells.items() if value is not None}, COLUMN: mark})
    return changes, rows, unchanged


def _mark(cells: Mapping[str, Cell], language: Language) -> str:
    return "line:" + digest("\x1f".join(_said(cells, key, language) for key in _IDENTITY))


def _identity(cells: Mapping[str, Cell], language: Language) -> tuple[str, ...]:
    keys = _TYPED if cells.get("invoice") else _LOOSE
    return tuple(_said(cells, key, language) for key in keys)


def _said(cells: Mapping[str, Cell], key: str, language: Language) -> str:
    return canonical(cells.get(key), PAYMENTS.column(key), language)
