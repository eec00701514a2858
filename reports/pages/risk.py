"""Risk: how much rests on few customers, who exceeds a limit, how lateness worsens, and what may be lost."""

from collections.abc import Sequence

from reports.measures import loss, rolls
from reports.pages import series
from reports.pages.lists import contested
from reports.pages.measured import cell, tile
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, part, value
from reports.portfolio import BUCKETS


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="risk", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    found = reader.facts.panel(currency)
    if not reader.facts.is_internal:
        tiles = [tile(reader, "top10_share", part(found, "top10_share"), note=reader.words("tile.top10_share_note"))]
        return Panel(
            currency=currency, tiles=tiles, figures={"rolls": roll_rates(reader, currency)}, facts=facts(reader, currency)
        )
    tiles = [
        tile(reader, key, part(found, key), note=reader.words(f"tile.{key}_note"))
        for key in ("top10_share", "top10_share_overdue", "equivalent_customers", "expected_loss", "assessed_singly", "bad_debt")
    ]
    figures = {
        "largest": largest(reader, currency), "limits": limits(reader, currency), "rolls": roll_rates(reader, currency),
        "matrix": matrix(reader, currency),
    }  # fmt: skip
    return Panel(currency=currency, tiles=tiles, figures=figures, facts=facts(reader, currency))


def facts(reader: Reader, currency: str) -> dict[str, object]:
    found = reader.facts.panel(currency)
    over = [one for one in exposures(reader, currency) if one[1] > one[2]]
    return {
        "top": value(part(found, "top10_share")),
        "equivalent": value(part(found, "equivalent_customers")),
        "over": len(over),
        "warning": reader.facts.settings.credit_warning,
        "over_amount": sum(net - limit for _, net, limit in over) / 100,
        "loss": value(part(found, "expected_loss")),
        "singly": value(part(found, "assessed_singly")),
        "worse": value(part(found, "roll_rates", "1-30", "worse")),
        "cured": value(part(found, "roll_rates", "1-30", "paid")),
    }


def largest(reader: Reader, currency: str) -> Figure:
    """The ten largest balances and the share of each."""
    words = reader.words
    lines = sorted(reader.facts.customers.get(currency, ()), key=lambda one: (-one.net, one.customer))
    positive = [one for one in lines if one.net > 0]
    total = sum(one.net for one in positive)
    columns = [
        Column(key="customer", label=words("column.customer")),
        Column(key="open", label=reader.label("open"), kind=Kind.MONEY, currency=currency),
        Column(key="share", label=words("column.share"), kind=Kind.PERCENT),
        Column(key="overdue", label=reader.label("overdue"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = [
        [reader.customer(one.customer), one.net / 100, one.net / total, one.overdue / 100] for one in positive[:10]
    ]
    made = table(series.key_of(currency, "concentration"), words("figure.concentration"), columns, rows)
    return Figure(
        key=made.key, table=made, definition="top10_share",
        chart=Chart(x="customer", across=True, series=[Series(column="open", role="first")]),
    )  # fmt: skip


def exposures(reader: Reader, currency: str) -> list[tuple[str, int, int]]:
    """(customer, net balance, limit) of the customers that have a limit, the fullest first. In cents."""
    contacts = reader.facts.ledger.contacts
    found = []
    for one in reader.facts.customers.get(currency, ()):
        contact = contacts.get(one.customer)
        if contact is not None and contact.credit_limit and one.net > 0 and currency == reader.facts.settings.currency:
            found.append((one.customer, one.net, contact.credit_limit))
    return sorted(found, key=lambda one: (-one[1] / one[2], one[0]))


def limits(reader: Reader, currency: str) -> Figure:
    words = reader.words
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        Column(key="open", label=reader.label("open"), kind=Kind.MONEY, currency=currency),
        Column(key="limit", label=words("column.limit"), kind=Kind.MONEY, currency=currency),
        Column(key="used", label=words("column.used"), kind=Kind.PERCENT),
        Column(key="room", label=words("column.room"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = [
        [reader.customer(customer), net / 100, limit / 100, net / limit, (limit - net) / 100]
        for customer, net, limit in exposures(reader, currency)
        if 100 * net >= reader.facts.settings.credit_warning * limit
    ]
    made = table(series.key_of(currency, "limits"), words("figure.limits"), columns, rows, filters=True)
    return Figure(key=made.key, table=made)


def roll_rates(reader: Reader, currency: str) -> Figure:
    """From one month-end to the next, by amount: each row sums to 100 %."""
    words, found = reader.words, part(reader.facts.panel(currency), "roll_rates")
    columns = [
        Column(key="bucket", label=words("column.at_month_end")),
        *(
            Column(key=fate, label=words(f"fate.{fate}"), kind=Kind.PERCENT, shade=True)
            for fate in rolls.FATES
            if fate != "better"
        ),
    ]
    rows: list[list[Raw]] = [
        [
            series.bucket_label(reader, bucket),
            *(cell(reader, part(found, bucket, fate), is_estimate=True) for fate in rolls.FATES if fate != "better"),
        ]
        for bucket in BUCKETS
    ]
    made = table(series.key_of(currency, "roll-rates"), words("figure.roll_rates"), columns, rows)
    return Figure(key=made.key, table=made, definition="roll_rates")


def matrix(reader: Reader, currency: str) -> Figure:
    """The provision matrix: exposure, loss rate and estimate by bucket, and the total."""
    words, facts_ = reader.words, reader.facts
    found = facts_.panel(currency)
    rates = part(found, "loss_rates")
    columns = [
        Column(key="bucket", label=words("column.bucket")),
        Column(key="exposure", label=words("column.exposure"), kind=Kind.MONEY, currency=currency),
        Column(key="rate", label=words("column.loss_rate"), kind=Kind.PERCENT),
        Column(key="loss", label=words("column.expected_loss"), kind=Kind.MONEY, currency=currency),
    ]
    exposure = [cents / 100 for cents in facts_.once(exposure_by_bucket, reader, currency, key=(currency,))]
    rows: list[list[Raw]] = []
    for bucket, amount in zip(BUCKETS, exposure, strict=True):
        rate = value(part(rates, bucket))
        lost = amount * rate if rate is not None else None
        rows.append([series.bucket_label(reader, bucket), amount, cell(reader, part(rates, bucket)), lost])
    rows.append([words("row.total"), sum(exposure), None, cell(reader, part(found, "expected_loss"))])
    made = table(series.key_of(currency, "provision"), words("figure.provision"), columns, rows, last=1)
    return Figure(key=made.key, table=made, definition="expected_loss")


def exposure_by_bucket(reader: Reader, currency: str) -> Sequence[int]:
    """Open amounts in the matrix: what is insolvent, disputed or in court is assessed one by one."""
    facts_ = reader.facts
    portfolio = facts_.portfolios[currency]
    disputed = {one.item.number for one in contested(portfolio, facts_.ledger.journal)}
    insolvent = {
        key for key, contact in facts_.ledger.contacts.items()
        if contact.insolvent_on is not None and contact.insolvent_on <= facts_.as_of
    }  # fmt: skip
    apart = {
        item.number for item in portfolio.items
        if item.number in disputed or item.customer in insolvent or loss.is_in_court(item, portfolio.as_of)
    }  # fmt: skip
    return loss.exposures(portfolio.items, portfolio.as_of, apart)[0]
