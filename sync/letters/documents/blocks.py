"""The text of a letter as blocks to set: paragraphs, lists, tables.

The text is plain, as a person read or edited it. Columns are cells two or more spaces apart (see `table.aligned`); the
first row of a table heads it and a shorter row is a sum. Nothing in it is markup.
"""

import re
from typing import Any

Block = dict[str, Any]

_CELLS = re.compile(r" {2,}")
_FIGURE = re.compile(r"-?[€£$]?(?:[A-Z]{3}\s)?[\d\s.,]+(?:€|%|[A-Z]{3})?")  # an amount, a rate, a number of days; no date
_ITEM = re.compile(r"(-|\d{1,2}[.)]) +(.+)")


def blocks_of(text: str) -> list[Block]:
    """`{"kind": "par", "lines"}`, `{"kind": "list", "ordered", "items"}`, `{"kind": "table", "head", "rows", "sums", "right"}`."""
    found: list[Block] = []
    for lines in _paragraphs(text.replace("\r\n", "\n").replace("\r", "\n")):
        found += _blocks(lines)
    return found


def _paragraphs(text: str) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            runs[-1].append(line.rstrip())
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _cells(line: str) -> list[str]:
    return _CELLS.split(line.strip())


def _blocks(lines: list[str]) -> list[Block]:
    rows = [_cells(line) for line in lines]
    start = next((i for i, row in enumerate(rows) if len(row) > 2), None)
    if start is not None:
        table = rows[start:]
        if len(table) > 1 and all(1 < len(row) <= len(table[0]) for row in table):
            return [*_words(lines[:start]), _table(table)]
    return _words(lines)


def _words(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    for line in lines:
        item = _ITEM.fullmatch(line.strip())
        last = found[-1] if found else None
        if item:
            ordered = item[1] != "-"
            if last is None or last["kind"] != "list" or last["ordered"] != ordered:
                found.append({"kind": "list", "ordered": ordered, "items": []})
            found[-1]["items"].append(item[2])
        elif last is None or last["kind"] == "list":
            found.append({"kind": "par", "lines": [line.strip()]})
        else:
            last["lines"].append(line.strip())
    return found


def _table(rows: list[list[str]]) -> Block:
    head, *others = rows
    width = len(head)
    whole = [row for row in others if len(row) == width]
    sums = [[" ".join(row[:-1]), row[-1]] for row in others if len(row) < width]
    right = [bool(whole) and all(_FIGURE.fullmatch(row[i]) for row in whole) for i in range(width)]
    right[0], right[-1] = False, True
    return {"kind": "table", "head": head, "rows": whole, "sums": sums, "right": right}
