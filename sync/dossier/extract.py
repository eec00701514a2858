"""The journal of one customer as files: exact lines with seals, and a table for a spreadsheet.

Rows of other customers stay out. Each line carries the seal of the row before it in the whole journal, so that its own
seal can be computed again with the key and without those rows.
"""

import csv
import io
import json
from collections.abc import Sequence

from sync.ledger.model import JournalRow
from sync.ledger.words import Language
from sync.post.journal import cells_of
from sync.workbook.contract import JOURNAL

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def extract(customer: str, journal: Sequence[JournalRow]) -> Sequence[tuple[JournalRow, str]]:
    """(row, the seal before it), in the order of the journal. What the program thinks of the customer (its segment) is no act,
    and is nobody else's business: each row proves itself with the seal before it, whichever are left out."""
    found, previous = [], ""
    for row in journal:
        if row.customer == customer and row.field != "segment":
            found.append((row, previous))
        previous = row.hash or previous
    return found


def as_lines(rows: Sequence[tuple[JournalRow, str]]) -> bytes:
    """One JSON object a line: the very cells that the seal covers, `hash` and `previous`."""
    lines = [json.dumps({**cells_of(row), "previous": previous}, ensure_ascii=False, sort_keys=True) for row, previous in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def as_table(rows: Sequence[tuple[JournalRow, str]], language: Language) -> bytes:
    """A CSV with the headings of the tab. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    writer.writerow([column.heading(language) for column in JOURNAL.columns])
    for row, _ in rows:
        cells = cells_of(row)
        writer.writerow([_guarded(cells[column.key], language) for column in JOURNAL.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _guarded(cell: str | int | float, language: Language) -> str:
    if isinstance(cell, float):
        text = f"{cell:.2f}"
        return text.replace(".", ",") if language == "fr" else text
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
