"""The HTML part of a message, made from the very text of the draft: what a person read or edited is what leaves.

The text is plain: paragraphs, line ends, lists ("- ", "1. ") and aligned columns, which become a real table. Nothing
else is markup, so a name with stars, brackets or tags prints as it is. No image, no remote style, nothing that tracks.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import css_inline
from jinja2 import Environment, Template
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markupsafe import Markup

from sync.ledger.words import Language

_CELLS = re.compile(r" {2,}")
_FIGURE = re.compile(r"-?[€£$]?(?:[A-Z]{3}\s)?[\d\s.,]+(?:€|%|[A-Z]{3})?")  # an amount, a rate, a number of days; no date


_DATE = 12  # characters of a date as the statements write it


def html_of(text: str, *, subject: str, language: Language, links: Sequence[str] = (), foot: str = "") -> str:
    """A whole document, styles inlined. Only the addresses in `links` become links, and they show in full.

    `foot` is HTML of ours that ends the page.
    """
    body = "\n".join(_block(lines) for lines in _blocks(text.replace("\r\n", "\n").replace("\r", "\n")))
    page = _shell().render(
        subject=subject, language=language, css=Markup(_css()), body=Markup(_linked(body, links)), foot=Markup(foot)
    )
    return _inliner().inline(page)


@cache
def _shell() -> Template:
    source = (files("sync.letters") / "pages" / "mail.html.j2").read_text("utf-8")
    return Environment(autoescape=True).from_string(source)


@cache
def _css() -> str:
    return (files("sync.letters") / "pages" / "mail.css").read_text("utf-8")


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(["list", "newline"])


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines: those that are aligned in columns apart from the others."""
    runs: list[list[str]] = []
    aligned_before: bool | None = None
    for line in text.split("\n"):
        aligned = len(_cells(line)) > 1
        if aligned != aligned_before:
            runs.append([])
        runs[-1].append(line)
        aligned_before = aligned
    return runs


def _cells(line: str) -> list[str]:
    return _CELLS.split(line.strip(" \t"))


def _block(lines: list[str]) -> str:
    rows = [_cells(line) for line in lines]
    if len(rows) > 1 and len(rows[0]) > 2 and all(len(row) <= len(rows[0]) for row in rows):
        return _table(rows)
    return str(_markdown().render("\n".join(lines)))


def _table(rows: list[list[str]]) -> str:
    """The first row heads the columns; a shorter row is a sum, whose label spans all columns but the last."""
    width = len(rows[0])
    heading, *others = rows
    whole = [row for row in others if len(row) == width]
    kinds = [_kind([row[i] for row in whole]) if i else "" for i in range(width - 1)] + ["amount"]
    last = len(others) - 1
    body = []
    for i, cells in enumerate(others):
        if len(cells) == width:
            body.append(f"<tr>{''.join(_cell('td', cell, kind) for cell, kind in zip(cells, kinds, strict=True))}</tr>")
        else:
            label, amount = " ".join(cells[:-1]), cells[-1]
            mark = ' class="last"' if i == last else ""
            body.append(
                f'<tr{mark}><td class="sum" colspan="{width - 1}">{escapeHtml(label)}</td>'
                f'<td class="sum amount">{escapeHtml(amount)}</td></tr>'
            )
    head = "".join(_cell("th", cell, kind, ' scope="col"') for cell, kind in zip(heading, kinds, strict=True))
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(body)}\n</tbody>\n</table>"


def _kind(column: Sequence[str]) -> str:
    """Figures to the right; dates on one line, however narrow the screen."""
    if all(_FIGURE.fullmatch(cell) for cell in column):
        return "middle"
    return "date" if all(len(cell) <= _DATE for cell in column) else ""


def _cell(tag: str, text: str, kind: str, more: str = "") -> str:
    return f"<{tag}{more}{f' class={chr(34)}{kind}{chr(34)}' if kind else ''}>{escapeHtml(text)}</{tag}>"


def _linked(html: str, links: Sequence[str]) -> str:
    known = sorted({escapeHtml(link) for link in links if link.startswith("https://")}, key=len, reverse=True)
    if not known:
        return html
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, known))})(?=[\s<).,;]|$)")
    return pattern.sub(lambda found: f'<a href="{found[0]}" rel="noopener noreferrer">{found[0]}</a>', html)
