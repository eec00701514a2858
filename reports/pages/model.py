"""What a page is made of, as values: tables, charts drawn from them, tiles. Language-free but for their ready labels.

One `Table` feeds the page's table, its CSV, its SVG and its Plotly figure, so that they cannot differ. Numbers are
rounded once, when a table is made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from reports.pages.numbers import Quantity, rounded


class Kind(StrEnum):
    """How a column is written and sorted. PERCENT cells hold percentages (57.9), ready rounded."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    DAYS = "days"
    COUNT = "count"
    DATE = "date"
    MONTH = "month"


PLACES = {Kind.MONEY: 2, Kind.PERCENT: 1, Kind.DAYS: 1, Kind.COUNT: 0}


@dataclass(frozen=True, slots=True)
class Link:
    """A word that leads somewhere. `href` is relative to the page."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Words in the place of a number: why there is none."""

    text: str


Cell = str | Decimal | date | Link | Gap | None
Raw = Quantity | str | date | Link | Gap | None  # before it is made ready
Dash = Literal["", "dash", "dotted"]
DASHES: tuple[Dash, ...] = ("", "dash", "dotted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`shade` paints the cells of a matrix from 0 to 100 %; `places` decimals instead of the kind's own."""

    key: str
    label: str
    kind: Kind = Kind.TEXT
    currency: str = ""
    places: int | None = None
    shade: bool = False
    filter: bool = False

    @property
    def decimals(self) -> int:
        return PLACES.get(self.kind, 0) if self.places is None else self.places

    @property
    def is_number(self) -> bool:
        return self.kind in PLACES

    def cell(self, value: Raw) -> Cell:
        """A value made ready: ratios become percentages, numbers are rounded once."""
        if value is None or isinstance(value, str | date | Link | Gap):
            return value
        if self.kind is Kind.PERCENT:
            return rounded(rounded(value, 9) * 100, self.decimals)
        return rounded(value, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of ready cells, in the order of `columns`. `last` rows at the end (a total) stay there when people sort."""

    key: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    last: int = 0
    hollow: frozenset[int] = frozenset()  # rows that are not final or rest on few cases
    filters: bool = False  # offer a box to narrow the rows

    def column(self, key: str) -> Sequence[Cell]:
        place = next(place for place, column in enumerate(self.columns) if column.key == key)
        return [row[place] for row in self.rows[: len(self.rows) - self.last]]

    def head(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def table(
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Raw]],
    *,
    last: int = 0,
    hollow: frozenset[int] = frozenset(),
    filters: bool = False,
) -> Table:
    """A table from raw values. A reason is given once in a row, where it first applies. Raises ValueError when a row does
    not fit the columns."""
    ready = [_once([column.cell(value) for column, value in zip(columns, row, strict=True)]) for row in rows]
    return Table(key=key, caption=caption, columns=columns, rows=ready, last=last, hollow=hollow, filters=filters)


def _once(row: Sequence[Cell]) -> Sequence[Cell]:
    """The same words in cell after cell say no more than once."""
    if sum(isinstance(cell, Gap) for cell in row) < 2:
        return row
    return [None if isinstance(cell, Gap) and place and cell in row[:place] else cell for place, cell in enumerate(row)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One column of the table as drawn. `role` names a colour of the theme; `dash` and `marker` are the second channel."""

    column: str
    role: str
    style: Literal["bar", "line", "low", "high"] = "bar"
    dash: Dash = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened at a place of the x axis (a change of cadence). `within` is how much of it had passed (0 to 1)."""

    x: str
    label: str
    within: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """How a table is drawn. `x` is the column of the axis. `stacked` bars; else side by side or lines.

    `goal` a level to reach, in the unit of the axis. Rows in the table's `hollow` are drawn hollow. `across` lays bars on
    their side, for long names.
    """

    x: str
    series: Sequence[Series]
    stacked: bool = False
    across: bool = False
    row_roles: Sequence[str] = ()  # a colour for each row of a single series, where the rows are ordered
    goal: Decimal | None = None
    goal_label: str = ""
    marks: Sequence[Mark] = ()
    running: str = ""  # "au 20": until which day of the last month, when it is not over
    top: Decimal | None = None  # fixed end of the axis (100 for shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A table, the chart drawn from it if any, and the definition it rests on. The finding in words is the page's."""

    key: str
    table: Table
    chart: Chart | None = None
    definition: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)  # what the caption needs to say the finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where a figure comes from, ready to be read: numerator / denominator, n, window; and warnings in words."""

    formula: str = ""
    cases: str = ""
    window: str = ""
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure of a first view. `href` is its list; `definition` its definition."""

    key: str
    label: str
    value: str
    note: str = ""
    change: str = ""
    tone: Literal["", "better", "worse"] = ""
    href: str = ""
    definition: str = ""
    trace: Trace = Trace()
    is_words: bool = False  # the value is a reason, not a figure: written smaller
    past: Sequence[float | None] = ()  # the same figure at the last month-ends, the latest last: a small line without words
    share: float | None = None  # 0 to 1, drawn as a bar; `goal` is where it should end
    goal: float | None = None
