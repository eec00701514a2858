"""Invoices as aligned text: cells of a line are two or more spaces apart, which is how `mail_html` finds them again."""

from collections.abc import Sequence

GAP = "  "
SHORT_LABEL = 30  # a longer label takes a line of its own width, without pushing the columns apart


def one_line(text: str) -> str:
    """A value that cannot break a line nor a column: runs of white space and control characters become one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = "".join(ch if ch.isprintable() or ch in "\u00a0\u202f" else " " for ch in text)
    return " ".join(part for part in kept.split(" ") if part)


def aligned(heading: Sequence[str], rows: Sequence[Sequence[str]], right: int, sums: Sequence[tuple[str, str]] = ()) -> str:
    """Lines of text with the last `right` columns set to the right; `sums` (label, amount) stand under the last one.

    A heading and each row have the same number of cells.
    """
    columns = list(zip(heading, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    amount_width = max([widths[-1], *(len(amount) for _, amount in sums)])
    widths[-1] = amount_width
    first_right = len(widths) - right
    lines = []
    for cells in (heading, *rows):
        parts = [
            cell.rjust(w) if i >= first_right else cell.ljust(w) for i, (cell, w) in enumerate(zip(cells, widths, strict=True))
        ]
        lines.append(GAP.join(parts).rstrip())
    room = sum(widths[:-1]) + len(GAP) * (len(widths) - 2)
    lines.extend(f"{label.ljust(room)}{GAP}{amount.rjust(amount_width)}" for label, amount in sums)
    return "\n".join(lines)
