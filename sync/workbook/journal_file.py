"""Acts written safely before the workbook is saved: a synced side file, one JSON line an act.

The order of steps makes a crash harmless at any point: a line is on the disk before `append` returns; it leaves the
side file only after the workbook that holds it has replaced the old one; until then a reader counts it unless the
Journal tab already has it (same seal; rows without a seal: the same cells). Nothing is lost, nothing counted twice.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from sync.errors import WorkbookError
from sync.ledger.words import Language
from sync.workbook.cells import storable
from sync.workbook.contract import JOURNAL
from sync.workbook.excel.files import sync_folder
from sync.workbook.messages import failure
from sync.workbook.tabs import Cell, RawTab

Row = Mapping[str, Cell]


def side_path(workbook: Path) -> Path:
    return workbook.with_name(f"{workbook.stem}.journal.jsonl")


def append(workbook: Path, rows: Sequence[Row], language: Language) -> None:
    """Add rows and return once they are on the disk. Raises WorkbookError when they cannot be."""
    if not rows:
        return
    path = side_path(workbook)
    is_new = not path.exists()
    lines = "".join(json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    try:
        with path.open("r+b" if not is_new else "xb") as file:
            file.truncate(_sound_length(path))  # half a line of a run that died: its act never began
            file.seek(0, os.SEEK_END)
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)
    except OSError as error:
        raise failure("not_written", language, name=path.name, reason=error.strerror or error) from error


def read(workbook: Path, language: Language) -> list[dict[str, Cell]]:
    """The rows of the side file. Half a line at the end is no row; anything else unreadable raises WorkbookError."""
    path = side_path(workbook)
    rows: list[dict[str, Cell]] = []
    known: dict[str, Cell] = {}  # a message stands there twice, reserved then sent: its words are kept once
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    rows.append(_row(line, known, failure("journal_unreadable", language, name=path.name, line=number)))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failure("not_readable", language, name=path.name) from error
    return rows


def _row(line: bytes, known: dict[str, Cell], unreadable: WorkbookError) -> dict[str, Cell]:
    try:
        row = json.loads(line)
        return {str(key): known.setdefault(cell, cell) if isinstance(cell, str) else cell for key, cell in row.items()}
    except (ValueError, AttributeError) as error:
        raise unreadable from error


def unmerged(rows: Sequence[Row], tab: RawTab | None) -> list[dict[str, Cell]]:
    """The rows of the side file that the Journal tab does not hold yet, as they will be stored."""
    stored = [_plain(row) for row in rows]
    if tab is None or not rows:
        return stored
    seals = set(tab.columns.get("hash", ()))
    held: set[tuple[Cell, ...]] = set()
    if any(not row.get("hash") for row in stored):
        held = {_cells({key: cells[i] for key, cells in tab.columns.items()}) for i in range(len(tab))}
    return [row for row in stored if (row["hash"] not in seals if row.get("hash") else _cells(row) not in held)]


def clear(workbook: Path) -> None:
    """Forget the side file: every row of it is in the workbook on the disk."""
    path = side_path(workbook)
    if path.exists():
        path.unlink()
        sync_folder(path.parent)


def _sound_length(path: Path) -> int:
    content = path.read_bytes()
    return content.rfind(b"\n") + 1


def _plain(row: Row) -> dict[str, Cell]:
    """The row as the Journal tab will give it back: dates as ISO text, blanks left out."""
    cells = ((key, cell.isoformat() if isinstance(cell, date) else storable(cell)) for key, cell in row.items())
    return {key: cell for key, cell in cells if cell is not None}


def _cells(row: Row) -> tuple[Cell, ...]:
    return tuple(storable(row.get(column.key)) for column in JOURNAL.columns)
