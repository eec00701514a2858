"""The blocks that documents are made of, as data for `common.typ`."""

from collections.abc import Sequence
from typing import Any

from sync.letters.documents.blocks import Block

Cells = Sequence[str]


def heading(text: str, level: int = 2) -> Block:
    return {"kind": "heading", "text": text, "level": level}


def par(*lines: str) -> Block:
    return {"kind": "par", "lines": list(lines)}


def small(*lines: str) -> Block:
    return {"kind": "small", "lines": list(lines)}


def bullets(items: Sequence[str]) -> Block:
    return {"kind": "list", "ordered": False, "items": list(items)}


def checks(items: Sequence[str]) -> Block:
    """Lines with a square to tick."""
    return {"kind": "checks", "items": list(items)}


def pairs(rows: Sequence[Cells]) -> Block:
    """Labels and values; a row without a value is left out."""
    return {"kind": "pairs", "rows": [list(row) for row in rows if row[1]]}


def table(
    head: Cells, rows: Sequence[Cells], *, right: Sequence[int] = (), sums: Sequence[Cells] = (), wide: Sequence[int] = (0,)
) -> Block:
    """`right` the columns set to the right, `wide` those that share the room left, `sums` (label, amount) under the last one."""
    return {
        "kind": "table",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "sums": [list(row) for row in sums],
        "right": [i in right for i in range(len(head))],
        "wide": list(wide),
    }


def ruled(label: str, count: int = 1) -> Block:
    """Room to write by hand: a label and empty lines."""
    return {"kind": "ruled", "label": label, "count": count}


def payment(title: str, rows: Sequence[Cells], **more: Any) -> Block:
    return {"kind": "payment", "title": title, "rows": [list(row) for row in rows if row[1]], **more}
