"""Tables, figures and tiles as HTML on one line each, ready to stand in a Markdown page; and the CSV beside a table.

Everything that comes from the sheet passes here, inside raw HTML and escaped: never through Markdown.
"""

import csv
import io
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from reports.charts.plotly import as_script, figure
from reports.charts.svg import NARROW, WIDE, draw
from reports.pages.model import Cell, Chart, Column, Figure, Gap, Kind, Link, Table, Tile, Trace
from reports.pages.numbers import Numbers
from reports.pages.words import Words

DEFINITIONS = "definitions.html"
KEYS = frozenset({"invoice", "plan", "interval"})  # never broken over two lines
LONG = 40  # letters of a cell that a phone may not squeeze into a narrow column


@dataclass(frozen=True, slots=True)
class Markup:
    """Draws one language's pieces. `up` leads from a page to the language's root ("" or "../").

    `carries_csv`: the page holds its tables' CSV itself, instead of a file beside it. A thousand customers would else be
    six thousand files.
    """

    numbers: Numbers
    words: Words
    up: str = ""
    carries_csv: bool = False

    def text(self, cell: Cell, column: Column) -> str:
        """A cell as read on the page, without markup."""
        numbers = self.numbers
        match cell:
            case None:
                return ""
            case Link() | Gap():
                return cell.text
            case str():
                return cell
            case date():
                return numbers.month(cell) if column.kind is Kind.MONTH else numbers.short_day(cell)
        if column.kind is Kind.MONEY:
            return numbers.money(cell, column.currency, column.decimals)
        if column.kind is Kind.PERCENT:
            sign = "\u00a0%" if numbers.language == "fr" else "%"
            return numbers.decimal(cell, column.decimals) + sign
        return numbers.decimal(cell, column.decimals)

    def plain(self, cell: Cell) -> str:
        """A cell as written in the CSV: numbers for a spreadsheet, ISO dates, and no formula."""
        match cell:
            case None:
                return ""
            case Decimal():
                return self.numbers.plain(cell)
            case date():
                return cell.isoformat()
            case Link() | Gap():
                return harmless(cell.text)
        return harmless(cell)

    def heading(self, column: Column) -> str:
        """The CSV's heading carries the unit that the page shows in each cell."""
        unit = "%" if column.kind is Kind.PERCENT else column.currency if column.kind is Kind.MONEY else ""
        return f"{column.label} ({unit})" if unit else column.label

    def csv(self, table: Table) -> str:
        """The table for a spreadsheet of this language (UTF-8 with a mark, its own separator and decimal mark)."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.numbers.separator, lineterminator="\r\n")
        writer.writerow([self.heading(column) for column in table.columns])
        writer.writerows([self.plain(cell) for cell in row] for row in table.rows)
        return "\ufeff" + out.getvalue()

    def table(self, table: Table) -> str:
        heads = "".join(self._head(column) for column in table.columns)
        split = len(table.rows) - table.last
        body = "".join(self._row(row, table, place) for place, row in enumerate(table.rows[:split]))
        foot = "".join(self._row(row, table, split + place) for place, row in enumerate(table.rows[split:]))
        foot = f"<tfoot>{foot}</tfoot>" if foot else ""
        own = ' data-filters="1"' if table.filters else ""
        return (
            f'<div class="table-scroll" tabindex="0" role="group" aria-label="{escape(table.caption)}" data-search-exclude="1">'
            f'<table class="data" id="t-{table.key}"{own}><caption>{escape(table.caption)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>{foot}</table></div>"
        )

    def _head(self, column: Column) -> str:
        classes = ' class="num"' if column.is_number else ""
        narrow = ' data-filter="1"' if column.filter else ""
        return f'<th scope="col"{classes}{narrow}>{escape(column.label)}</th>'

    def _row(self, row: Sequence[Cell], table: Table, place: int) -> str:
        cells = self._cell(row[0], table.columns[0], is_first=True)
        cells += "".join([self._cell(cell, column) for cell, column in zip(row[1:], table.columns[1:], strict=True)])
        return f'<tr class="hollow">{cells}</tr>' if place in table.hollow else f"<tr>{cells}</tr>"

    def _cell(self, cell: Cell, column: Column, *, is_first: bool = False) -> str:
        """One cell. Plain words come first: a site holds half a million cells, most of them words."""
        kind, name = column.kind, "th" if is_first else "td"
        start = f'<{name} scope="row"' if is_first else "<td"
        if isinstance(cell, str) and kind is Kind.TEXT:
            if is_first or column.key in KEYS:
                own = ' class="key"' if column.key in KEYS else ""
            else:
                own = ' class="text long"' if len(cell) > LONG else ' class="text"'
            return f"{start}{own}>{escape(cell)}</{name}>"
        text = escape(self.text(cell, column))
        if isinstance(cell, Link):
            text = f'<a href="{escape(cell.href)}">{text}</a>'
        data = f' data-v="{cell}"' if isinstance(cell, Decimal | date) else ""
        return f"{start}{self._class(cell, column, is_first)}{data}>{text}</{name}>"

    def _class(self, cell: Cell, column: Column, is_first: bool) -> str:
        kind = column.kind
        if column.is_number:
            classes = "num gap" if isinstance(cell, Gap) else "num"
            if isinstance(cell, Decimal):
                if column.shade:
                    classes += f" shade-{min(10, max(0, int(cell / 10)))}"
                elif kind is Kind.MONEY and cell == 0:
                    classes += " zero"  # a dash on the screen: what is owed stands out
            return f' class="{classes}"'
        if column.key in KEYS or kind is Kind.DATE:
            return ' class="key"'
        return ' class="text"' if kind is Kind.TEXT and not is_first else ""

    def figure(self, shown: Figure, caption: str, *, is_open: bool = False, keep: Callable[[str], str] = str) -> str:
        """The finding first, then the drawing, the table and the CSV; Plotly waits for the reader. `keep` may set long pieces aside."""
        words, table, chart = self.words, shown.table, shown.chart
        drawn = script = button = ""
        if chart is not None and has_something(chart, table):
            both = "".join(draw(chart, table, self.numbers, width, table.caption, shown.key) for width in (WIDE, NARROW))
            drawn = keep(f'<div class="chart" data-chart="{shown.key}">{self._legend(shown)}{both}</div>')
            document = as_script(figure(chart, table, self.numbers))
            script = keep(f'<script type="application/json" id="d-{shown.key}">{document}</script>')
            button = f'<button type="button" class="tool" data-interactive="{shown.key}" hidden>{escape(words("ui.interactive"))}</button>'
        links = f'<a class="tool" {self._csv_link(shown)}>{escape(words("ui.csv"))}</a>'
        if shown.definition:
            links += (
                f'<a class="tool" href="{self.up}{DEFINITIONS}#{anchor(shown.definition)}">{escape(words("ui.definition"))}</a>'
            )
        tools = f'<div class="tools" data-search-exclude="1">{button}{links}</div>'
        content = keep(self.table(table))
        if len(table.rows) == table.last:
            tools = content = ""  # an empty table says nothing that the sentence does not
        elif chart is not None:
            expanded = " open" if is_open else ""
            content = f'<details class="figures"{expanded}><summary>{escape(words("ui.table"))}</summary>{content}</details>'
        return (
            f'<figure class="figure" id="f-{shown.key}"><figcaption><span class="figure-title">{escape(table.caption)}</span>'
            f'<span class="finding">{caption}</span></figcaption>{drawn}{tools}{content}{script}</figure>'
        )

    def _csv_link(self, shown: Figure) -> str:
        if not self.carries_csv:
            return f'href="{self.up}data/{shown.key}.csv" download'
        data = b64encode(self.csv(shown.table).encode()).decode()
        return f'href="data:text/csv;charset=utf-8;base64,{data}" download="{shown.key}.csv"'

    def _legend(self, shown: Figure) -> str:
        assert shown.chart is not None
        drawn = [series for series in shown.chart.series if series.style not in ("low", "high")]
        if len(drawn) < 2:
            return ""
        items = "".join(
            f'<li><i class="swatch c-{series.role}"></i>{escape(shown.table.head(series.column).label)}</li>' for series in drawn
        )
        return f'<ul class="legend" aria-hidden="true">{items}</ul>'

    def tiles(self, tiles: Sequence[Tile]) -> str:
        return f'<div class="tiles n{len(tiles)}">{"".join(map(self.tile, tiles))}</div>'

    def tile(self, tile: Tile) -> str:
        """The figure, what it means, where it leads, and where it comes from."""
        words = self.words
        value = f'<span class="tile-value{" words" if tile.is_words else ""}">{escape(tile.value)}</span>'
        label = f'<span class="tile-label">{escape(tile.label)}</span>'
        head = f'<a class="tile-link" href="{self.up}{escape(tile.href)}">{label}{value}</a>' if tile.href else label + value
        note = f'<span class="tile-note">{escape(tile.note)}</span>' if tile.note else ""
        tone = f" {tile.tone}" if tile.tone else ""
        change = f'<span class="tile-change{tone}">{escape(tile.change)}</span>' if tile.change else ""
        drawn = spark(tile.past) + progress(tile)
        small = trace_of(tile.trace, words, self.up, tile.definition)
        return f'<div class="tile" id="k-{tile.key}">{head}{drawn}{change}{note}{small}</div>'


def has_something(chart: Chart, table: Table) -> bool:
    """Whether there is anything to draw: a frame of empty bars is not a chart. A line along zero says something."""
    return any(
        isinstance(cell, Decimal) and (cell or series.style == "line")
        for series in chart.series
        for cell in table.column(series.column)
    )


def spark(past: Sequence[float | None]) -> str:
    """A line of the last month-ends, from zero, for the eye only: the sentence beside it says what moved."""
    known = [value for value in past if value is not None]
    if len(known) < 3 or max(known) <= 0:
        return ""
    low, high = min(0.0, *known), max(known)
    width, height = 92.0, 27.0
    points = [
        (place * width / (len(past) - 1), height - (value - low) / (high - low) * height)
        for place, value in enumerate(past)
        if value is not None
    ]
    path = "L".join(f"{x:.0f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 92 27" aria-hidden="true"><path d="M{path}"/>'
        f'<circle cx="{x:.0f}" cy="{y:.1f}" r="2.4"/></svg>'
    )


def progress(tile: Tile) -> str:
    """How far along a share is, and where it should end."""
    if tile.share is None:
        return ""
    goal = f'<span class="at" style="left:{min(100.0, tile.goal * 100):.1f}%"></span>' if tile.goal is not None else ""
    return f'<span class="progress" aria-hidden="true"><span class="done" style="width:{min(100.0, max(0.0, tile.share * 100)):.1f}%"></span>{goal}</span>'


def anchor(definition: str) -> str:
    """The place of a definition on its page."""
    return definition.replace(".", "-")


def trace_of(trace: Trace, words: Words, up: str, definition: str) -> str:
    """The small print of a figure: how it was computed, on how many cases, over which days."""
    lines = [line for line in (trace.formula, trace.cases, trace.window, *trace.warnings) if line]
    link = f'<a href="{up}{DEFINITIONS}#{anchor(definition)}">{escape(words("ui.definition"))}</a>' if definition else ""
    if not lines and not link:
        return ""
    body = "".join(f"<span>{escape(line)}</span>" for line in lines) + link
    return f'<details class="trace" data-search-exclude="1"><summary>{escape(words("ui.trace"))}</summary><div>{body}</div></details>'


def harmless(text: str) -> str:
    """Text from the sheet that a spreadsheet would run as a formula gets an apostrophe in front."""
    return "'" + text if text[:1] in ("=", "+", "@", "\t", "\r") or (text[:1] == "-" and not _is_dash(text)) else text


def _is_dash(text: str) -> bool:
    return text.strip("-– ") == "" or text[1:2] == " "
