"""One cell of ours as XML.

Text is always stored as text: what starts with `=`, `+`, `-` or `@` can never become a formula.
"""

import re
from datetime import date, datetime

from sync.workbook.cells import storable
from sync.workbook.tabs import Cell

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH_1900 = date(1899, 12, 30).toordinal()
_EPOCH_1904 = date(1904, 1, 1).toordinal()


def escape(text: str) -> str:
    """Text content for XML; "_x0041_" is kept literal (Excel would read it as "A")."""
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def serial(day: date, *, since_1904: bool) -> int | float:
    """The number that stands for a date (or date and time) in a workbook."""
    days = day.toordinal() - (_EPOCH_1904 if since_1904 else _EPOCH_1900)
    if isinstance(day, datetime):
        return days + (day.hour * 3600 + day.minute * 60 + day.second) / 86400
    return days


def cell_xml(ref: str, style: int, cell: Cell, *, prefix: str = "", since_1904: bool = False) -> bytes:
    """The `<c>` element of one cell; an empty cell without style is nothing at all."""
    cell = storable(cell)
    p = prefix
    head = f'<{p}c r="{ref}"' + (f' s="{style}"' if style else "")
    if cell is None:
        return f"{head}/>".encode() if style else b""
    if isinstance(cell, bool):
        return f'{head} t="b"><{p}v>{int(cell)}</{p}v></{p}c>'.encode()
    if isinstance(cell, (int, float)):
        return f"{head}><{p}v>{cell!r}</{p}v></{p}c>".encode()
    if isinstance(cell, date):
        return f"{head}><{p}v>{serial(cell, since_1904=since_1904)!r}</{p}v></{p}c>".encode()
    body = escape(cell)
    return f'{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{body}</{p}t></{p}is></{p}c>'.encode()
