"""A chart as SVG, drawn without a browser: the first view, which needs no script.

Colours are CSS classes of the theme, so that light, dark and print share one drawing. Each drawing is made twice, for
a wide page and for a phone: text keeps its size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

from reports.charts.scale import Scale, spread, ticks
from reports.pages.model import Chart, Column, Gap, Kind, Link, Series, Table
from reports.pages.numbers import Numbers
from sync.dunning.phrases import colon

WIDE, NARROW = 880, 358
_LETTER = 6.3  # width of a usual letter at 13 px
_LINE = 15.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """The inner rectangle of a drawing: pixels of its sides, and its axis of values."""

    left: float
    right: float
    top: float
    bottom: float
    values: Scale


@dataclass(frozen=True, slots=True)
class _Drawing:
    chart: Chart
    table: Table
    numbers: Numbers
    width: int
    height: int

    @property
    def is_wide(self) -> bool:
        return self.width >= 600

    @property
    def rows(self) -> int:
        return len(self.table.rows) - self.table.last

    @property
    def unit(self) -> Column:
        return self.table.head(self.chart.series[0].column)

    @property
    def is_monthly(self) -> bool:
        return self.table.head(self.chart.x).kind is Kind.MONTH

    def label(self, place: int) -> str:
        value = self.table.column(self.chart.x)[place]
        if isinstance(value, date):
            return self.numbers.short_month(value) if self.is_monthly else self.numbers.short_day(value)[:5]
        return value.text if isinstance(value, Link) else str(value)

    def under(self, place: int) -> tuple[str, str]:
        """What stands under the axis, on two lines: a month, and its year where it begins or the day it has reached."""
        value = self.table.column(self.chart.x)[place]
        if not isinstance(value, date) or not self.is_monthly:
            return self.label(place), ""
        name, _, year = self.numbers.short_month(value).rpartition(" ")
        if self.chart.running and place == self.rows - 1:
            return name, self.chart.running
        return name, year if value.month == 1 or place == 0 else ""

    def axis(self, value: float, *, is_last: bool = False) -> str:
        """A tick. Days are named once, at the top."""
        unit = self.unit
        if unit.kind is Kind.MONEY:
            return self.numbers.compact(value, unit.currency)
        if unit.kind is Kind.DAYS and is_last:
            return self.numbers.days(value, 0)
        text = self.numbers.decimal(value, 0 if value == int(value) else 1)
        if unit.kind is Kind.PERCENT:
            return text + ("\u00a0%" if self.numbers.language == "fr" else "%")
        return text

    def told(self, place: int, column: Column, value: Decimal) -> str:
        """What a pointer resting on the point reads."""
        return f"{self.label(place)}, {column.label}{colon(self.numbers.language)}{self.shown(value, column)}"

    def shown(self, value: Decimal, column: Column) -> str:
        if column.kind is Kind.MONEY:
            return self.numbers.money(value, column.currency, column.decimals)
        if column.kind is Kind.PERCENT:
            return self.numbers.percent(value / 100, column.decimals)
        return self.numbers.decimal(value, column.decimals)

    def beside(self, value: Decimal, largest: float) -> str:
        """A figure beside its bar: cents only where amounts are small. The table has them all."""
        if self.unit.kind is Kind.MONEY and largest >= 100:
            return self.numbers.money(value, self.unit.currency, 0)
        return self.shown(value, self.unit)


def height_of(chart: Chart, table: Table, width: int) -> int:
    rows = len(table.rows) - table.last
    if chart.across:
        return 30 + rows * (30 if width >= 600 else 44)
    second = 14 if table.head(chart.x).kind is Kind.MONTH else 0
    return (300 if width >= 600 else 240) + second


def draw(chart: Chart, table: Table, numbers: Numbers, width: int, title: str, ident: str) -> str:
    """One `<svg>` on one line. `title` names it to a screen reader; `ident` makes its ids unique on the page."""
    drawing = _Drawing(chart, table, numbers, width, height_of(chart, table, width))
    body = "".join(_across(drawing) if chart.across else _upright(drawing))
    kind = "wide" if drawing.is_wide else "narrow"
    return (
        f'<svg class="drawing {kind}" viewBox="0 0 {width} {drawing.height}" role="img" aria-labelledby="{ident}-{kind}">'
        f'<title id="{ident}-{kind}">{escape(title)}</title>{body}</svg>'
    )


def _decimals(values: Sequence[object]) -> list[Decimal | None]:
    return [value if isinstance(value, Decimal) else None for value in values]


def _extent(drawing: _Drawing) -> tuple[float, float]:
    chart = drawing.chart
    columns = [_decimals(drawing.table.column(series.column)) for series in chart.series]
    if chart.stacked:
        tops = [sum((column[row] or Decimal(0) for column in columns), Decimal(0)) for row in range(drawing.rows)]
    else:
        tops = [value for column in columns for value in column if value is not None]
    known = [float(value) for value in tops] + [0.0]
    if chart.goal is not None:
        known.append(float(chart.goal))
    return min(known), float(chart.top) if chart.top is not None else max(known)


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, text: str, classes: str = "", anchor: str = "") -> str:
    own = f' class="{classes}"' if classes else ""
    end = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{own}{end}>{escape(text)}</text>'


def _upright(drawing: _Drawing) -> Iterator[str]:
    chart = drawing.chart
    low, high = _extent(drawing)
    steps = ticks(low, high)
    told = [drawing.axis(step, is_last=step == steps[-1]) for step in steps]
    left = 10 + max(map(len, told)) * _LETTER
    names = [drawing.table.head(series.column).label for series in _named(drawing)]
    right = drawing.width - (30 + max(len(name) for name in names) * _LETTER if drawing.is_wide and len(names) > 1 else 6)
    top = 26.0 if chart.marks or chart.goal is not None else 12.0
    bottom = drawing.height - (40.0 if drawing.is_monthly else 26.0)
    frame = _Frame(left, right, top, bottom, Scale(steps[0], steps[-1], bottom, top - bottom))
    for step, text in zip(steps, told, strict=True):
        y = frame.values(step)
        if step:
            yield f'<path class="grid" d="M{_n(left)} {_n(y)}H{_n(right)}"/>'
        yield _text(left - 8, y + 4, text, "tick", "end")
    band = (right - left) / max(1, drawing.rows)
    yield from _x_labels(drawing, frame, band)
    if any(series.style == "bar" for series in chart.series):
        yield from _bars(drawing, frame, band)
        yield from _masked(drawing, frame, band)
    yield f'<path class="base" d="M{_n(left)} {_n(frame.values(0))}H{_n(right)}"/>'
    yield from _whiskers(drawing, frame, band)
    for series in chart.series:
        if series.style == "line":
            yield from _line(drawing, frame, band, series)
    yield from _level(drawing, frame)
    yield from _marks(drawing, frame, band)
    if drawing.is_wide and len(names) > 1:
        yield from _direct_labels(drawing, frame, band)


def _named(drawing: _Drawing) -> list[Series]:
    """The series that deserve a name: those drawn at least once."""
    return [
        series
        for series in drawing.chart.series
        if series.style not in ("low", "high")
        and any(isinstance(cell, Decimal) and (cell or series.style == "line") for cell in drawing.table.column(series.column))
    ]


def _x_labels(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    labels = [drawing.under(place) for place in range(drawing.rows)]
    longest = max((len(first) for first, _ in labels), default=1)
    every = max(1, -(-int(longest * _LETTER + 8) // max(1, int(band))))
    shown = sorted(range(drawing.rows - 1, -1, -every))
    year = ""
    for place in shown:
        first, second = labels[place]
        x = frame.left + band * (place + 0.5)
        yield _text(x, frame.bottom + 18, first, "tick", "middle")
        if every > 1 and drawing.is_monthly and not (drawing.chart.running and place == drawing.rows - 1):
            own = drawing.label(place).rpartition(" ")[2]  # a January may be among the labels left out
            second, year = (own, own) if own != year else ("", year)
        if second:
            yield _text(x, frame.bottom + 33, second, "tick", "middle")


def _masked(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    """A month whose figures are kept back is not an empty one: the place of its bar says why."""
    columns = [drawing.table.column(series.column) for series in drawing.chart.series]
    for place in range(drawing.rows):
        cells = [column[place] for column in columns]
        gap = next((cell for cell in cells if isinstance(cell, Gap)), None)
        if gap is not None and not any(isinstance(cell, Decimal) for cell in cells):
            x, y = frame.left + band * (place + 0.5) + 4, frame.bottom - 8
            yield f'<text class="hidden" transform="translate({_n(x)} {_n(y)}) rotate(-90)">{escape(gap.text)}</text>'


def _bars(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    chart, table = drawing.chart, drawing.table
    series = [one for one in chart.series if one.style == "bar"]
    columns = [_decimals(table.column(one.column)) for one in series]
    share = 1 if chart.stacked else len(series)
    width = min(46.0, band * 0.72) / share
    for place in range(drawing.rows):
        base = Decimal(0)
        middle = frame.left + band * (place + 0.5)
        hollow = " hollow" if place in table.hollow else ""
        for number, (one, column) in enumerate(zip(series, columns, strict=True)):
            value = column[place]
            if value is None or value == 0:
                continue
            start = base if chart.stacked else Decimal(0)
            y0, y1 = frame.values(start), frame.values(start + value)
            x = middle - width * share / 2 + (0 if chart.stacked else number * width)
            told = drawing.told(place, table.head(one.column), value)
            title = f"<title>{escape(told)}</title>" if drawing.is_wide else ""
            yield (
                f'<rect class="bar c-{one.role}{hollow}" x="{_n(x)}" y="{_n(min(y0, y1))}" width="{_n(width)}" '
                f'height="{_n(max(1.0, abs(y0 - y1)))}">{title}</rect>'
            )
            if chart.stacked:
                base += value


def _whiskers(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    low = next((series for series in drawing.chart.series if series.style == "low"), None)
    high = next((series for series in drawing.chart.series if series.style == "high"), None)
    if low is None or high is None:
        return
    ends = zip(_decimals(drawing.table.column(low.column)), _decimals(drawing.table.column(high.column)), strict=True)
    for place, (first, last) in enumerate(ends):
        if first is None or last is None:
            continue
        x, y0, y1 = frame.left + band * (place + 0.5), frame.values(first), frame.values(last)
        yield f'<path class="whisker" d="M{_n(x)} {_n(y0)}V{_n(y1)}M{_n(x - 5)} {_n(y0)}h10M{_n(x - 5)} {_n(y1)}h10"/>'


def _line(drawing: _Drawing, frame: _Frame, band: float, series: Series) -> Iterator[str]:
    table = drawing.table
    path, pen = "", "M"
    points: list[tuple[int, Decimal, float, float]] = []
    for place, value in enumerate(_decimals(table.column(series.column))):
        if value is None:
            pen = "M"
            continue
        x, y = frame.left + band * (place + 0.5), frame.values(value)
        path += f"{pen}{_n(x)} {_n(y)}"
        pen = "L"
        points.append((place, value, x, y))
    dash = f" {series.dash}" if series.dash else ""
    yield f'<path class="line c-{series.role}{dash}" d="{path}"/>'
    for number, (place, value, x, y) in enumerate(points):
        hollow = place in table.hollow
        if drawing.is_wide or hollow or number == len(points) - 1:
            told = drawing.told(place, table.head(series.column), value)
            title = f"<title>{escape(told)}</title>" if drawing.is_wide else ""
            own = " hollow" if hollow else ""
            yield f'<circle class="dot c-{series.role}{own}" cx="{_n(x)}" cy="{_n(y)}" r="{4 if hollow else 3}">{title}</circle>'


def _level(drawing: _Drawing, frame: _Frame) -> Iterator[str]:
    goal = drawing.chart.goal
    if goal is not None:
        y = frame.values(goal)
        yield f'<path class="goal" d="M{_n(frame.left)} {_n(y)}H{_n(frame.right)}"/>'
        yield _text(frame.left + 4, y - 6, drawing.chart.goal_label, "goal-label")


def _marks(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    labels = [drawing.label(place) for place in range(drawing.rows)]
    for mark in drawing.chart.marks:
        if mark.x in labels:
            x = frame.left + band * (labels.index(mark.x) + mark.within)
            yield f'<path class="mark" d="M{_n(x)} {_n(frame.top - 8)}V{_n(frame.bottom)}"/>'
            is_late = x + 5 + len(mark.label) * _LETTER > frame.right
            yield _text(x + (-5 if is_late else 5), frame.top - 8, mark.label, "mark-label", "end" if is_late else "")


def _direct_labels(drawing: _Drawing, frame: _Frame, band: float) -> Iterator[str]:
    """The name of each series beside its last value, spread so that none covers another."""
    chart, table = drawing.chart, drawing.table
    found: list[tuple[str, str, float]] = []
    base = Decimal(0)
    for series in _named(drawing):
        values = _decimals(table.column(series.column))
        last = next((value for value in reversed(values) if value is not None), Decimal(0))
        if chart.stacked and series.style == "bar":
            last = values[-1] or Decimal(0)
            wanted = frame.values(base + last / 2)
            base += last
        else:
            wanted = frame.values(last)
        found.append((series.role, table.head(series.column).label, wanted))
    if chart.stacked:
        found.reverse()  # labels that want the same place keep the order of the bars
    places = spread([wanted for _, _, wanted in found], _LINE, frame.top + 4, frame.bottom - 4)
    for (role, name, _), y in zip(found, places, strict=True):
        if chart.stacked:
            yield f'<rect class="bar c-{role}" x="{_n(frame.right + 8)}" y="{_n(y - 5)}" width="10" height="10"/>'
        yield _text(frame.right + (23 if chart.stacked else 8), y + 4, name, f"name t-{role}")


def _across(drawing: _Drawing) -> Iterator[str]:
    """Bars on their side: the name at the left (above the bar on a phone), the value at its end."""
    chart, table = drawing.chart, drawing.table
    low, high = _extent(drawing)
    longest = max((len(drawing.label(place)) for place in range(drawing.rows)), default=1)
    left = min(270.0, 14 + longest * _LETTER) if drawing.is_wide else 2.0
    room = 12 + len(drawing.beside(Decimal(str(max(high, 0))), high)) * (_LETTER + 1)
    scale = Scale(min(low, 0.0), high or 1.0, left, drawing.width - left - room)
    step = 30.0 if drawing.is_wide else 44.0
    columns = [_decimals(table.column(series.column)) for series in chart.series]
    for place in range(drawing.rows):
        y = 8 + place * step
        name = drawing.label(place)
        if drawing.is_wide:
            short = name if len(name) <= 40 else name[:39] + "…"
            yield _text(left - 10, y + 15, short, "category", "end")
        else:
            yield _text(2, y + 11, name if len(name) <= 48 else name[:47] + "…", "category")
        start = Decimal(0)
        top = y + (2 if drawing.is_wide else 16)
        hollow = " hollow" if place in table.hollow else ""
        for series, column in zip(chart.series, columns, strict=True):
            value = column[place]
            if value is None or value == 0:
                continue
            x0, x1 = scale(start), scale(start + value)
            role = chart.row_roles[place] if chart.row_roles else series.role
            yield (
                f'<rect class="bar c-{role}{hollow}" x="{_n(min(x0, x1))}" y="{_n(top)}" '
                f'width="{_n(max(1.0, abs(x1 - x0)))}" height="18"/>'
            )
            start += value if chart.stacked else Decimal(0)
        if any(column[place] is not None for column in columns):
            known = [column[place] or Decimal(0) for column in columns]
            end = sum(known, Decimal(0)) if chart.stacked else known[-1]
            yield _text(scale(max(end, Decimal(0))) + 8, top + 13, drawing.beside(end, high), "value")
    if drawing.is_wide:
        yield f'<path class="base" d="M{_n(left)} 4V{_n(drawing.height - 22)}"/>'
