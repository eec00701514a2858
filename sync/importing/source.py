"""The file itself: its bytes as text, its text as lines of cells. No meaning is given to anything here."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = ";,\t|"
_SAMPLE = 40  # lines looked at to find the separator


@dataclass(frozen=True, slots=True)
class Line:
    """One record. `number` is the line of the file on which it starts, as an editor shows it."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Source:
    encoding: str
    delimiter: str
    lines: Sequence[Line]  # blank ones left out


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding). A byte order mark decides; else UTF-8 when it is valid, else Windows-1252, which always is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        # The five bytes that Windows-1252 leaves undefined become a mark that a person can see.
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def find_delimiter(text: str) -> str:
    """The separator that cuts most lines into the same number of cells, more than one; a comma when none does."""
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths = Counter(len(row) for row, _ in zip(rows, range(_SAMPLE), strict=False) if row)
        width, lines = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(0, 0))
        score = lines * (width - 1) if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def read_source(data: bytes) -> Source:
    """Cells as text, trimmed of outer spaces; Excel's `="0042"` (text kept as text) is 0042."""
    text, encoding = decode(data)
    delimiter = find_delimiter(text)
    # A cell may hold a whole letter: csv's own limit of 128 KiB would refuse the file.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    start = 1
    for row in reader:
        cells = [_clean(cell) for cell in row]
        if any(cells):
            lines.append(Line(start, cells))
        start = reader.line_num + 1
    return Source(encoding, delimiter, lines)


def _clean(cell: str) -> str:
    text = cell.strip().strip("\u00a0\ufeff")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text
