"""What an export last gave for each cell of a row, kept in the row's own *Imported* cell.

The memory travels with its row (sorted, moved, copied to another carrier, deleted with the customer) and is written by
the same save as the cells themselves. It holds short digests, not values: enough to know whether a person has changed
a cell since, nothing to read. `absent:2026-03-02` in front: the open items exported that day no longer listed it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sync.ledger.cells import CellError, cell_text, parse_key, parse_number
from sync.ledger.dates import parse_date
from sync.ledger.money import parse_money
from sync.ledger.reading.invoices import ABSENT
from sync.ledger.reading.values import parse_word
from sync.ledger.words import Language
from sync.workbook.contract import Column, Type
from sync.workbook.tabs import Cell

COLUMN = "imported"
_ENTRY = re.compile(r"([a-z_]+):([0-9a-f]{8})")
_ABSENT = re.compile(rf"{ABSENT}(\d{{4}}-\d{{2}}-\d{{2}})")


@dataclass(frozen=True, slots=True)
class Memory:
    """`digests` by column key; `absent` the day (ISO) since which the export misses the row, "" when it has it."""

    digests: Mapping[str, str] = field(default_factory=dict)
    absent: str = ""

    def __bool__(self) -> bool:
        return bool(self.digests)

    def as_cell(self) -> Cell:
        entries = [f"{column}:{digest}" for column, digest in sorted(self.digests.items())]
        return " ".join(([f"{ABSENT}{self.absent}"] if self.absent else []) + entries) or None

    def holds(self, column: str, value: str) -> bool:
        return self.digests.get(column) == digest(value)

    def with_values(self, values: Mapping[str, str]) -> "Memory":
        return replace(self, digests={**self.digests, **{column: digest(value) for column, value in values.items()}})


def recall(cell: Cell) -> Memory:
    """The memory of an *Imported* cell; an empty one for a row that people typed."""
    text = cell if isinstance(cell, str) else ""
    absent = _ABSENT.search(text)
    return Memory(dict(_ENTRY.findall(text)), absent[1] if absent else "")


def digest(value: str) -> str:
    """Eight hexadecimal digits: two values of one cell are mistaken for one another once in four billion."""
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def canonical(cell: Cell, column: Column, language: Language) -> str:
    """What a cell says, however it is typed: 31/03/2026 and the native date, 1 234,50 and 1234.5 are the same."""
    text = cell_text(cell)
    if not text:
        return ""
    try:
        if column.type is Type.DATE:
            return parse_date(cell, language).isoformat()
        if column.type is Type.MONEY:
            return str(parse_money(cell))
        if column.type is Type.KEY:
            return parse_key(cell)
        if column.type in (Type.NUMBER, Type.INTEGER):
            return f"{parse_number(cell).normalize():f}"
        if column.type is Type.LIST:
            return parse_word(cell, column.words)
    except CellError:
        return text
    return text
