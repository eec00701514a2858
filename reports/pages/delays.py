"""Three DSOs side by side, how long customers take to pay, and how late: median and P90 beside the mean."""

from collections.abc import Sequence

from reports.measures import delays as measures
from reports.pages import series
from reports.pages.measured import cell, shown, tile
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, count, part, value

SPREAD = ((None, -8), (-7, -1), (0, 0), (1, 7), (8, 15), (16, 30), (31, 60), (61, None))  # days late, both ends included


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="delays", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    words, found = reader.words, reader.facts.panel(currency)
    late = part(found, "days_late")
    tiles = [
        tile(reader, "dso_count_back", part(found, "dso_count_back")),
        tile(reader, "dso_simple_90", part(found, "dso_simple_90")),
        tile(reader, "dso_best_possible_90", part(found, "dso_best_possible_90")),
        tile(reader, "days_to_pay", part(found, "days_to_pay"), is_estimate=True,
             note=words("tile.terms_note", terms=shown(reader, part(found, "weighted_terms")))),
        tile(reader, "median_days_late", part(late, "median"), is_estimate=True, definition="days_late-median",
             note=words("tile.p90_note", p90=shown(reader, part(late, "p90")))),
        tile(reader, "add_90", part(found, "add_90")),
    ]  # fmt: skip
    figures = {
        "dso": series.monthly(
            reader, currency, "dso", words("figure.dso"),
            [("dso_count_back", "days", "first"), ("dso_simple_90", "days", "second"), ("dso_best_possible_90", "days", "third")],
            definition="dso_count_back",
        ),
        "compared": compared(reader, currency),
    }  # fmt: skip
    if reader.facts.is_internal and count(part(late, "median")):
        figures["spread"] = spread(reader, currency)
    return Panel(currency=currency, tiles=tiles, figures=figures, facts=facts(reader, currency))


def compared(reader: Reader, currency: str) -> Figure:
    """Each figure in days with its numerator, its denominator and its number of cases."""
    words, found = reader.words, reader.facts.panel(currency)
    late = part(found, "days_late")
    keys = (
        "dso_count_back",
        "dso_simple_90",
        "dso_simple_365",
        "dso_best_possible_90",
        "add_90",
        "days_to_pay",
        "weighted_terms",
    )
    measures_ = [(reader.label(key), part(found, key)) for key in keys]
    measures_ += [(reader.label(f"days_late.{key}"), part(late, key)) for key in ("mean", "median", "p90", "weighted")]
    fractions = [
        Column(key="top", label=words("column.numerator"), kind=Kind.COUNT),
        Column(key="bottom", label=words("column.denominator"), kind=Kind.COUNT),
    ]
    is_internal = reader.facts.is_internal  # the public document has no numerator
    columns = [
        Column(key="measure", label=words("column.measure")),
        Column(key="value", label=words("column.days"), kind=Kind.DAYS),
        *(fractions if is_internal else ()),
        Column(key="n", label=words("column.cases"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = []
    for label, measure in measures_:
        parts: list[Raw] = [_number(measure.get("numerator")), _number(measure.get("denominator"))] if is_internal else []
        rows.append([label, cell(reader, measure), *parts, count(measure)])
    made = table(series.key_of(currency, "delays"), words("figure.delays"), columns, rows)
    return Figure(key=made.key, table=made, definition="days_late-median")


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) else None


def spread(reader: Reader, currency: str) -> Figure:
    """How many invoices were settled how late, over a year: the tail that a mean hides."""
    words = reader.words
    portfolio = reader.facts.portfolios[currency]
    late = measures.lateness(portfolio.items, *measures.year_to(portfolio.as_of))
    columns = [
        Column(key="lateness", label=words("column.lateness")),
        Column(key="n", label=words("column.invoices"), kind=Kind.COUNT),
        Column(key="share", label=words("column.share"), kind=Kind.PERCENT),
    ]
    rows: list[list[Raw]] = []
    for low, high in SPREAD:
        n = sum((low is None or days >= low) and (high is None or days <= high) for days in late)
        rows.append([words(f"lateness.{'' if low is None else low}_{'' if high is None else high}"), n, n / len(late)])
    made = table(series.key_of(currency, "lateness"), words("figure.lateness"), columns, rows)
    return Figure(
        key=made.key, table=made, definition="days_late-median",
        chart=Chart(x="lateness", across=True, series=[Series(column="n", role="first")]),
    )  # fmt: skip


def facts(reader: Reader, currency: str) -> dict[str, object]:
    found = reader.facts.panel(currency)
    keys = ("dso_count_back", "dso_simple_90", "dso_best_possible_90", "add_90", "days_to_pay", "weighted_terms")
    late = part(found, "days_late")
    enough = count(part(late, "median")) >= 5
    return {
        **{key: value(part(found, key)) for key in keys},
        "median": value(part(late, "median")) if enough else None,
        "p90": value(part(late, "p90")) if enough else None,
        "mean": value(part(late, "mean")) if enough else None,
        "n": count(part(late, "median")),
    }
