"""What late payment costs, month by month; what the law would let the company claim stands apart and is never netted."""

from collections.abc import Sequence
from datetime import date

from reports.measures import cost as measures
from reports.measures import loss
from reports.pages import series
from reports.pages.markup import has_something
from reports.pages.measured import cell, tile
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, month_day, months, part, value
from sync.ledger.model import Cents

PARTS = ("financing_cost", "handling_cost")


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="cost", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    found = reader.facts.panel(currency)
    known = [value(part(found, key)) is not None for key in PARTS]
    tiles = [tile(reader, key, part(found, key)) for key in ("cost_of_arrears", *PARTS, "bad_debt")]
    if not any(known):
        tiles = tiles[1:]  # a total of nothing but losses would pass for the cost of lateness
    figures = {"parts": parts(reader, currency)}
    if reader.facts.is_internal:
        monthly = by_month(reader, currency)
        if monthly.chart is not None and has_something(monthly.chart, monthly.table):
            figures["months"] = monthly
        figures["claimable"] = claimable(reader, currency)
    interest, fixed, unknown = claims(reader, currency)
    return Panel(currency=currency, tiles=tiles, figures=figures, facts={
        "total": value(part(found, "cost_of_arrears")), "losses": losses(reader, currency), "financing": value(part(found, "financing_cost")),
        "handling": value(part(found, "handling_cost")), "rate": reader.facts.settings.cost_of_capital,
        "interest": interest / 100, "fixed": fixed / 100, "unknown": unknown,
    })  # fmt: skip


def parts(reader: Reader, currency: str) -> Figure:
    """The year's cost by nature."""
    words, found = reader.words, reader.facts.panel(currency)
    columns = [
        Column(key="nature", label=words("column.nature")),
        Column(key="amount", label=words("column.amount_year"), kind=Kind.MONEY, currency=currency),
    ]
    total, lost = value(part(found, "cost_of_arrears")) or 0, losses(reader, currency)
    rows: list[list[Raw]] = [[reader.label(key), cell(reader, part(found, key))] for key in PARTS]
    rows += [[words("row.losses"), lost], [words("row.total"), total]]
    made = table(series.key_of(currency, "cost"), words("figure.cost"), columns, rows, last=1)
    return Figure(
        key=made.key, table=made, definition="cost_of_arrears",
        chart=Chart(x="nature", across=True, series=[Series(column="amount", role="first")]),
    )  # fmt: skip


def losses(reader: Reader, currency: str) -> float:
    """What the year's cost holds beside its two other parts: net write-offs."""
    found = reader.facts.panel(currency)
    return (value(part(found, "cost_of_arrears")) or 0) - sum(value(part(found, key)) or 0 for key in PARTS)


def by_month(reader: Reader, currency: str) -> Figure:
    words, facts = reader.words, reader.facts
    settings, portfolio = facts.settings, facts.portfolios[currency]
    letters: dict[str, Cents | None] = dict.fromkeys(("letter", "registered letter", "formal notice"), settings.cost_letter)
    unit_costs = {"email": settings.cost_email, "call": settings.cost_call, **letters}
    columns = [
        Column(key="month", label=words("column.month"), kind=Kind.MONTH),
        *(Column(key=key, label=reader.label(key), kind=Kind.MONEY, currency=currency) for key in PARTS),
        Column(key="losses", label=words("row.losses"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = []
    entries = months(facts.panel(currency))[-12:]
    own = [row for row in facts.ledger.journal if row.currency in ("", currency)]
    for entry in entries:
        first = month_day(entry)
        low, high = first.toordinal(), date.fromisoformat(str(entry["as_of"])).toordinal()
        span = (first, date.fromisoformat(str(entry["as_of"])))
        cent_days = facts.once(measures.overdue_cent_days, portfolio.items, low, high, key=(currency, low, high))
        financing = measures.financing(cent_days, settings.cost_of_capital, currency, span)
        handling = facts.once(measures.handling, own, unit_costs, currency, low, high, key=(currency, low, high))
        lost, _ = facts.once(loss.write_offs, portfolio.items, low, high, key=(currency, low, high))
        rows.append([first, cell(reader, financing.to_json()), cell(reader, handling.to_json()), lost / 100])
    made = table(
        series.key_of(currency, "cost-months"), words("figure.cost_months"), columns, rows, hollow=series.to_date_rows(entries)
    )
    drawn = [Series(column=key, role=role) for key, role in zip((*PARTS, "losses"), ("first", "second", "age-4"), strict=True)]
    chart = Chart(x="month", stacked=True, series=drawn, running=series.running(reader, entries))
    return Figure(key=made.key, table=made, definition="cost_of_arrears", chart=chart)


def claims(reader: Reader, currency: str) -> tuple[Cents, Cents, int]:
    """Interest and fixed sums that late invoices would carry, in cents, and how many cannot be computed."""
    views = [view for view in reader.conclusion.views if view.currency == currency and view.days_late > 0 and view.open > 0]
    interest = sum(view.claim.interest or 0 for view in views)
    fixed = sum(view.claim.compensation or 0 for view in views)
    return interest, fixed, sum(view.claim.interest is None for view in views)


def claimable(reader: Reader, currency: str) -> Figure:
    words = reader.words
    interest, fixed, _ = claims(reader, currency)
    columns = [
        Column(key="nature", label=words("column.nature")),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = [
        [words("row.interest"), interest / 100], [words("row.compensation"), fixed / 100], [words("row.total"), (interest + fixed) / 100],
    ]  # fmt: skip
    made = table(series.key_of(currency, "claimable"), words("figure.claimable"), columns, rows, last=1)
    return Figure(key=made.key, table=made)
