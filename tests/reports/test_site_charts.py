"""Drawings: well-formed, labels that do not cover one another, the same figures for Plotly."""

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st
from scale import scaled

from reports.charts.plotly import as_script, figure
from reports.charts.scale import Scale, spread, ticks
from reports.charts.svg import NARROW, WIDE, draw
from reports.pages.markup import Markup, harmless
from reports.pages.model import Chart, Column, Kind, Series, Table, table
from reports.pages.numbers import Numbers, rounded
from reports.pages.words import LANGUAGES, typographic, words

numbers = st.decimals(-(10**9), 10**9, places=2, allow_nan=False).map(float)  # cents at the least


@given(numbers, numbers)
def test_ticks_rise_evenly_and_cover_the_values(a: float, b: float) -> None:
    low, high = min(a, b, 0.0), max(a, b, 0.0)
    found = ticks(low, high)
    assert found[0] <= low + 1e-6 * abs(low)
    assert found[-1] >= high - 1e-6 * abs(high)
    assert 2 <= len(found) <= 8
    steps = [later - earlier for earlier, later in pairwise(found)]
    assert min(steps) == pytest.approx(max(steps), rel=1e-6)


@given(st.lists(st.floats(0, 300), max_size=12))
def test_labels_keep_their_distance_and_their_order(wanted: list[float]) -> None:
    found = spread(wanted, 15, 0, 300)
    assert len(found) == len(wanted)
    order = sorted(range(len(wanted)), key=lambda place: (found[place], wanted[place]))
    for one, following in pairwise(order):
        assert found[following] - found[one] >= 15 - 1e-9
        assert wanted[one] <= wanted[following] + 1e-9


def test_a_scale_puts_the_ends_at_the_ends() -> None:
    scale = Scale(0, 200, 270, -250)
    assert (scale(0), scale(200), scale(100)) == (270, 20, 145)


cells = st.one_of(st.none(), st.decimals(0, 10**6, places=2, allow_nan=False))


@st.composite
def drawn(draw_: st.DrawFn) -> tuple[Chart, Table]:
    rows = draw_(st.lists(st.tuples(cells, cells), min_size=1, max_size=14))
    columns = [
        Column(key="month", label="Month", kind=Kind.MONTH),
        Column(key="a", label='One <&> "two"', kind=Kind.MONEY, currency="EUR"),
        Column(key="b", label="Other", kind=Kind.MONEY, currency="EUR"),
    ]
    lines = [[date(2025 + place // 12, place % 12 + 1, 1), *row] for place, row in enumerate(rows)]
    style = draw_(st.sampled_from(["bar", "line"]))
    across = style == "bar" and draw_(st.booleans())
    series = [Series(column="a", role="first", style=style), Series(column="b", role="second", style=style)]
    made = table("t", "A title & more", columns, lines, hollow=frozenset({len(rows) - 1}))
    return Chart(x="month", series=series, stacked=style == "bar" and draw_(st.booleans()), across=across), made


@trials(max_examples=scaled(60))
@given(drawn(), st.sampled_from(LANGUAGES), st.sampled_from([WIDE, NARROW]))
def test_a_drawing_is_one_well_formed_line_that_has_a_name(given_: tuple[Chart, Table], language: str, width: int) -> None:
    chart, made = given_
    text = draw(chart, made, Numbers(language), width, made.caption, "t")
    assert "\n" not in text
    assert "nan" not in text
    root = ElementTree.fromstring(text)
    assert root.attrib["role"] == "img"
    title = root[0]
    assert title.text == "A title & more"
    assert root.attrib["aria-labelledby"] == title.attrib["id"]


@trials(max_examples=scaled(40))
@given(drawn(), st.sampled_from(LANGUAGES))
def test_plotly_accepts_the_figure_and_draws_the_table_s_numbers(given_: tuple[Chart, Table], language: str) -> None:
    chart, made = given_
    document = figure(chart, made, Numbers(language))
    go.Figure(document)  # raises for a property that Plotly does not know
    for trace, series in zip(document["data"], chart.series, strict=True):
        values = trace["x"] if chart.across else trace["y"]
        assert values == [None if cell is None else float(cell) for cell in made.column(series.column)]
    assert "<" not in as_script(document)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (1234.56, "1\u202f234,56\u00a0€", "€1,234.56"),
        (-0.004, "0,00\u00a0€", "€0.00"),
        (-12, "\u221212,00\u00a0€", "\u2212€12.00"),
    ],
)
def test_money_as_each_language_writes_it(value: float, french: str, english: str) -> None:
    assert [Numbers(language).money(value, "EUR") for language in LANGUAGES] == [french, english]


def test_dates_percentages_and_days_as_each_language_writes_them() -> None:
    fr, en = (Numbers(language) for language in LANGUAGES)
    assert [one.day(date(2026, 3, 1)) for one in (fr, en)] == ["1er mars 2026", "1\u00a0March 2026"]
    assert [one.percent(0.579) for one in (fr, en)] == ["57,9\u00a0%", "57.9%"]
    assert [one.days(1.5) for one in (fr, en)] == ["1,5\u00a0jour", "1.5\u00a0days"]
    assert [one.compact(40_000, "EUR") for one in (fr, en)] == ["40\u00a0k€", "€40K"]
    assert [one.money(12, "GBP", 0) for one in (fr, en)] == ["12\u00a0£", "£12"]


def test_french_spaces_are_put_where_authors_type_plain_ones() -> None:
    assert (
        typographic("Où agir ? « Ici » : 5 % ; 3 € !", "fr")
        == "Où agir\u202f? «\u00a0Ici\u00a0»\u00a0: 5\u00a0%\u202f; 3\u00a0€\u202f!"
    )
    assert typographic("Where to act? “Here”: 5%", "en") == "Where to act? “Here”: 5%"


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False), st.integers(0, 2))
def test_rounding_is_never_minus_zero_and_is_stable(value: object, places: int) -> None:
    found = rounded(value, places)  # type: ignore[arg-type]
    assert rounded(found, places) == found
    assert str(found) not in ("-0", "-0.0", "-0.00")


@pytest.mark.parametrize("text", ["=1+1", "+33", "@cmd", "-2+3", "\tx", "\r=1"])
def test_nothing_in_a_csv_can_become_a_formula(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["Durand", "E-mail", "–", "F-1", ""])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_csv_is_what_each_language_s_spreadsheet_reads() -> None:
    columns = [Column(key="name", label="Name"), Column(key="amount", label="Amount", kind=Kind.MONEY, currency="EUR")]
    made = table("t", "T", columns, [["A; B, C", 1234.5]])
    told = [Markup(numbers=Numbers(language), words=words(language)).csv(made) for language in LANGUAGES]
    assert told == ['\ufeffName;Amount (EUR)\r\n"A; B, C";1234,50\r\n', '\ufeffName,Amount (EUR)\r\n"A; B, C",1234.50\r\n']
