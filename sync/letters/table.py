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
    line = GAP.join([f"{{:{'>' if i >= first_right else '<'}{width}}}" for i, width in enumerate(widths)])
    lines = [line.format(*cells).rstrip() for cells in (heading, *rows)]
    room = sum(widths[:-1]) + len(GAP) * (len(widths) - 2)
    lines.extend(f"{label.ljust(room)}{GAP}{amount.rjust(amount_width)}" for label, amount in sums)
    return "\n".join(lines)
