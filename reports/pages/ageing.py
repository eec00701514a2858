"""The ageing balance: by bucket, by month, by customer, what is disputed apart."""

from collections.abc import Sequence

from reports.pages import series
from reports.pages.lists import contested, disputed_by_customer
from reports.pages.measured import cell
from reports.pages.model import Chart, Column, Figure, Gap, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, part, value
from reports.portfolio import BUCKETS


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="ageing", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    figures = {"buckets": buckets(reader, currency), "months": series.ageing_by_month(reader, currency)}
    if reader.facts.is_internal:
        figures["customers"] = by_customer(reader, currency)
    return Panel(currency=currency, figures=figures, facts=facts(reader, currency))


def buckets(reader: Reader, currency: str) -> Figure:
    """Amount, share and number by bucket; the unapplied line makes the buckets sum to what is owed net."""
    words, panel_ = reader.words, reader.facts.panel(currency)
    ageing = part(panel_, "ageing")
    amounts = [series.amount_cell(reader, ageing, bucket) for bucket in BUCKETS]
    counts = [series.count_cell(reader, ageing, bucket) for bucket in BUCKETS]
    known = [found for found in amounts if not isinstance(found, Gap)]
    gross = sum(known)
    is_whole = len(known) == len(BUCKETS)
    columns = [
        Column(key="bucket", label=words("column.bucket")),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=currency),
        Column(key="share", label=words("column.share"), kind=Kind.PERCENT),
        Column(key="count", label=words("column.invoices"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [
            series.bucket_label(reader, bucket), found,
            found / gross if gross and is_whole and not isinstance(found, Gap) else None, n,
        ]
        for bucket, found, n in zip(BUCKETS, amounts, counts, strict=True)
    ]  # fmt: skip
    last = 1
    if reader.facts.is_internal:
        last = 2
        unapplied = value(part(panel_, "unapplied")) or 0
        rows.append([words("row.unapplied"), unapplied, None, None])
        rows.append([words("row.net"), gross + unapplied, None, sum(n for n in counts if isinstance(n, int))])
    else:
        rows.append([words("row.total"), cell(reader, part(panel_, "open")), None, None])
    shown = table(series.key_of(currency, "ageing-buckets"), words("figure.ageing_buckets"), columns, rows, last=last)
    return Figure(
        key=shown.key, table=shown, definition="ageing",
        chart=Chart(x="bucket", across=True, row_roles=series.AGE_ROLES, series=[Series(column="amount", role="age-2")]),
    )  # fmt: skip


def by_customer(reader: Reader, currency: str) -> Figure:
    """Each customer's line, what is disputed beside it; the total at the end."""
    words, facts_ = reader.words, reader.facts
    disputed = disputed_by_customer(contested(facts_.portfolios[currency], facts_.ledger.journal))
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        *(
            Column(key=bucket, label=series.bucket_label(reader, bucket), kind=Kind.MONEY, currency=currency)
            for bucket in BUCKETS
        ),
        Column(key="unapplied", label=words("row.unapplied_short"), kind=Kind.MONEY, currency=currency),
        Column(key="net", label=words("row.net_short"), kind=Kind.MONEY, currency=currency),
        Column(key="disputed", label=words("column.of_which_disputed"), kind=Kind.MONEY, currency=currency),
    ]
    lines = [one for one in facts_.customers.get(currency, ()) if one.balance.gross or one.balance.unapplied]
    rows: list[list[Raw]] = [
        [
            reader.customer(one.customer), *(cents / 100 for cents in one.balance.amounts), one.balance.unapplied / 100,
            one.net / 100, disputed.get(one.customer, 0) / 100,
        ]
        for one in lines
    ]  # fmt: skip
    sums = [sum(column) / 100 for column in zip(*(one.balance.amounts for one in lines), strict=True)] or [0.0] * len(BUCKETS)
    rows.append(
        [
            words("row.total"), *sums, sum(one.balance.unapplied for one in lines) / 100, sum(one.net for one in lines) / 100,
            sum(disputed.values()) / 100,
        ]
    )  # fmt: skip
    shown = table(
        series.key_of(currency, "ageing-customers"), words("figure.ageing_customers"), columns, rows, last=1, filters=True
    )
    return Figure(key=shown.key, table=shown, definition="ageing")


def facts(reader: Reader, currency: str) -> dict[str, object]:
    panel_ = reader.facts.panel(currency)
    ageing = part(panel_, "ageing")
    late = {bucket: series.amount(ageing, bucket) or 0.0 for bucket in BUCKETS[1:]}
    heaviest = max(late, key=lambda bucket: late[bucket])
    is_internal = reader.facts.is_internal
    found = contested(reader.facts.portfolios[currency], reader.facts.ledger.journal) if is_internal else ()
    return {
        "overdue": value(part(panel_, "overdue")),
        "rate": value(part(panel_, "overdue_rate")),
        "heaviest": series.bucket_label(reader, heaviest),
        "heaviest_amount": late[heaviest],
        "unapplied": -(value(part(panel_, "unapplied")) or 0),
        "disputed": sum(disputed_by_customer(found).values()) / 100,
        "dispute_rate": value(part(panel_, "dispute_rate")),
        "disputes": len(found),
        "customers": len([one for one in reader.facts.customers.get(currency, ()) if one.is_overdue]),
    }
