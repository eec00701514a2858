"""The four segments of customers: compared, then one page each."""

from collections.abc import Sequence

from reports.pages import series
from reports.pages.measured import cell, shown, tile
from reports.pages.model import Chart, Column, Figure, Kind, Link, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, part, value
from reports.portfolio import BUCKETS
from sync.ledger.words import Segment

MEASURES = (
    ("open", Kind.MONEY), ("overdue", Kind.MONEY), ("overdue_rate", Kind.PERCENT), ("dso_count_back", Kind.DAYS),
    ("days_to_pay", Kind.DAYS), ("weighted_terms", Kind.DAYS), ("promise_kept", Kind.PERCENT), ("bad_debt", Kind.PERCENT),
)  # fmt: skip


PUBLISHED = 6  # of them in the public edition: promises and losses rest on few customers


def pages(reader: Reader) -> Sequence[Page]:
    currencies = reader.facts.currencies
    found = [Page(name="segments", panels=[panel(reader, currency) for currency in currencies])]
    for segment in Segment if reader.facts.is_internal else ():
        name = reader.words(f"segment.{segment.value}")
        own = [one_panel(reader, currency, segment) for currency in currencies]
        facts = {"segment": segment.value, "name": name, "meaning": reader.words(f"segment_meaning.{segment.value}")}
        found.append(Page(name=f"segment-{segment.value}", template="segment", panels=own, facts=facts))
    return found


def panel(reader: Reader, currency: str) -> Panel:
    words, is_internal = reader.words, reader.facts.is_internal
    segments = part(reader.facts.panel(currency), "segments")
    measures = MEASURES if is_internal else MEASURES[:PUBLISHED]
    columns = [
        Column(key="segment", label=words("column.segment")),
        *(Column(key=key, label=reader.label(key), kind=kind, currency=currency) for key, kind in measures),
        Column(key="median", label=reader.label("median_days_late"), kind=Kind.DAYS),
    ]
    rows: list[list[Raw]] = []
    for segment in Segment:
        own = part(segments, segment.value)
        name = words(f"segment.{segment.value}")
        label = Link(name, f"segment-{segment.value}.html") if is_internal else name
        rows.append(
            [label, *(cell(reader, part(own, key)) for key, _ in measures), cell(reader, part(own, "days_late", "median"))]
        )
    comparison = table(series.key_of(currency, "segments"), words("figure.segments"), columns, rows)
    figures = {"comparison": Figure(key=comparison.key, table=comparison, definition="overdue_rate")}
    if is_internal:
        figures["ageing"] = ageing(reader, currency)
    overdue = {segment.value: value(part(segments, segment.value, "overdue")) or 0 for segment in Segment}
    total = sum(overdue.values())
    worst = max(overdue, key=lambda key: overdue[key])
    facts = {
        "worst": words(f"segment.{worst}"), "worst_overdue": overdue[worst], "worst_share": overdue[worst] / total if total else None,
        "total": total,
    }  # fmt: skip
    return Panel(currency=currency, figures=figures, facts=facts)


def ageing(reader: Reader, currency: str) -> Figure:
    """The buckets of each segment, as one stacked bar each."""
    words = reader.words
    segments = part(reader.facts.panel(currency), "segments")
    columns = [
        Column(key="segment", label=words("column.segment")),
        *(
            Column(key=bucket, label=series.bucket_label(reader, bucket), kind=Kind.MONEY, currency=currency)
            for bucket in BUCKETS
        ),
    ]
    rows: list[list[Raw]] = [
        [
            words(f"segment.{segment.value}"),
            *(series.amount_cell(reader, part(segments, segment.value, "ageing"), bucket) for bucket in BUCKETS),
        ]
        for segment in Segment
    ]
    made = table(series.key_of(currency, "segments-ageing"), words("figure.segments_ageing"), columns, rows)
    drawn = [Series(column=bucket, role=role) for bucket, role in zip(BUCKETS, series.AGE_ROLES, strict=True)]
    return Figure(
        key=made.key, table=made, chart=Chart(x="segment", across=True, stacked=True, series=drawn), definition="ageing"
    )


def one_panel(reader: Reader, currency: str, segment: Segment) -> Panel:
    words = reader.words
    own = part(reader.facts.panel(currency), "segments", segment.value)
    tiles = [
        tile(reader, "open", part(own, "open")),
        tile(
            reader,
            "overdue",
            part(own, "overdue"),
            note=words("tile.overdue_note", rate=shown(reader, part(own, "overdue_rate"))),
        ),
        tile(reader, "dso_count_back", part(own, "dso_count_back")),
        tile(reader, "days_to_pay", part(own, "days_to_pay"), is_estimate=True),
        tile(reader, "median_days_late", part(own, "days_late", "median"), is_estimate=True, definition="days_late-median"),
        tile(reader, "promise_kept", part(own, "promise_kept")),
    ]
    figures = {"ageing": bucket_bars(reader, currency, segment)}
    if reader.facts.is_internal:
        figures["customers"] = customers(reader, currency, segment)
    return Panel(currency=currency, tiles=tiles, figures=figures, facts={
        "open": value(part(own, "open")) or 0, "overdue": value(part(own, "overdue")) or 0, "rate": value(part(own, "overdue_rate")),
        "of_all": value(part(reader.facts.panel(currency), "overdue")) or 0,
    })  # fmt: skip


def bucket_bars(reader: Reader, currency: str, segment: Segment) -> Figure:
    words = reader.words
    ageing_ = part(reader.facts.panel(currency), "segments", segment.value, "ageing")
    columns = [
        Column(key="bucket", label=words("column.bucket")),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=currency),
        Column(key="count", label=words("column.invoices"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [
            series.bucket_label(reader, bucket),
            series.amount_cell(reader, ageing_, bucket),
            series.count_cell(reader, ageing_, bucket),
        ]
        for bucket in BUCKETS
    ]
    made = table(series.key_of(currency, f"segment-{segment.value}-ageing"), words("figure.ageing_buckets"), columns, rows)
    return Figure(
        key=made.key, table=made, definition="ageing",
        chart=Chart(x="bucket", across=True, row_roles=series.AGE_ROLES, series=[Series(column="amount", role="age-2")]),
    )  # fmt: skip


def customers(reader: Reader, currency: str, segment: Segment) -> Figure:
    words = reader.words
    members = {one.customer: one for one in reader.conclusion.profiles if one.currency == currency and one.segment is segment}
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        Column(key="overdue", label=reader.label("overdue"), kind=Kind.MONEY, currency=currency),
        Column(key="open", label=reader.label("open"), kind=Kind.MONEY, currency=currency),
        Column(key="delay", label=words("column.usual_delay"), kind=Kind.COUNT),
        Column(key="risk", label=words("column.risk"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [
            reader.customer(one.customer),
            one.overdue / 100,
            one.net / 100,
            members[one.customer].usual_delay,
            members[one.customer].risk,
        ]
        for one in reader.facts.customers.get(currency, ())
        if one.customer in members
    ]
    made = table(
        series.key_of(currency, f"segment-{segment.value}-customers"),
        words("figure.segment_customers"),
        columns,
        rows,
        filters=True,
    )
    return Figure(key=made.key, table=made)
