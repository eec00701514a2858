"""Is it getting better: the recovery of each month's due invoices, what is not yet known left blank."""

from collections.abc import Sequence

from reports.measures.cohorts import AGES
from reports.pages import series
from reports.pages.measured import cell
from reports.pages.model import Column, Figure, Gap, Kind, Raw, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, count, month_day, months, part, value


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="recovery", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    words, goal = reader.words, reader.facts.settings.goal_month_collection
    figures = {
        "triangle": triangle(reader, currency),
        "curve": series.monthly(
            reader, currency, "on-time", words("figure.on_time"),
            [("on_time_share", "percent", "first"), ("on_time_share_amount", "percent", "second")], definition="on_time_share",
        ),
        "collection": series.monthly(
            reader, currency, "collection", words("figure.collection"), [("collection_rate", "percent", "first")],
            definition="collection_rate", goal=goal, style="bar",
        ),
        "cei": series.monthly(
            reader, currency, "cei", words("figure.cei"),
            [("cei", "percent", "first"), ("cash_cei", "percent", "second")], definition="cei",
        ),
    }  # fmt: skip
    return Panel(currency=currency, figures=figures, facts=facts(reader, currency))


def triangle(reader: Reader, currency: str) -> Figure:
    """A shaded matrix: due months down, days after the due date across. A blank cell is not yet known, never zero."""
    words = reader.words
    entries = months(reader.facts.panel(currency))[-13:]
    columns = [
        Column(key="month", label=words("column.due_month"), kind=Kind.MONTH),
        Column(key="n", label=words("column.invoices"), kind=Kind.COUNT),
        *(Column(key=str(age), label=words("column.after_days", n=age), kind=Kind.PERCENT, shade=True) for age in AGES),
    ]
    rows: list[list[Raw]] = []
    for entry in entries:
        measures = [part(entry, "recovery", str(age)) for age in AGES]
        cells = [
            Gap("") if measure.get("why_null") == "not_yet_observed" else cell(reader, measure, is_estimate=True)
            for measure in measures
        ]
        rows.append([month_day(entry), count(measures[0]), *cells])
    shown = table(series.key_of(currency, "recovery"), words("figure.triangle"), columns, rows)
    return Figure(key=shown.key, table=shown, definition="recovery")


def facts(reader: Reader, currency: str) -> dict[str, object]:
    """The last two months whose recovery at 30 days is known, and the same a year before."""
    known = [
        (month_day(entry), found)
        for entry in months(reader.facts.panel(currency))
        if (found := value(part(entry, "recovery", "30"))) is not None and count(part(entry, "recovery", "30")) >= 5
    ]
    here = months(reader.facts.panel(currency))[-1] if months(reader.facts.panel(currency)) else {}
    return {
        "last": known[-1] if known else None,
        "before": known[-4] if len(known) > 3 else None,
        "collection": value(part(here, "collection_rate")),
        "collection_month": month_day(here) if here else None,
        "to_date": bool(here.get("to_date")),
        "goal": reader.facts.settings.goal_month_collection,
        "on_time": value(part(here, "on_time_share")) if count(part(here, "on_time_share")) >= 5 else None,
    }
