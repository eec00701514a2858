"""Figures that several pages share: what is owed by bucket and month, and the small builders of their columns."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reports.pages.measured import cell
from reports.pages.model import DASHES, Chart, Column, Figure, Gap, Kind, Raw, Series, table
from reports.pages.report import M, Reader, month_day, months, part
from reports.portfolio import BUCKETS

AGE_ROLES = ("age-0", "age-1", "age-2", "age-3", "age-4")


def key_of(currency: str, name: str) -> str:
    return f"{currency.lower()}-{name}"


def bucket_label(reader: Reader, bucket: str) -> str:
    return reader.words(f"bucket.{bucket}")


def amount(ageing: Mapping[str, object], bucket: str) -> float | None:
    """The amount of a bucket in currency units, None when it is hidden."""
    found = part(ageing, bucket).get("amount", "0")
    return None if found is None else float(str(found))


def amount_cell(reader: Reader, ageing: Mapping[str, object], bucket: str) -> float | Gap:
    found = amount(ageing, bucket)
    return Gap(reader.reason("suppressed")) if found is None else found


def count_cell(reader: Reader, ageing: Mapping[str, object], bucket: str) -> int | Gap:
    found = part(ageing, bucket).get("count", 0)
    return found if isinstance(found, int) else Gap(reader.reason("suppressed"))


def measure_of(entry: Mapping[str, object], *keys: str) -> M:
    return part(entry, *keys)


def ageing_by_month(reader: Reader, currency: str, name: str = "ageing-months", last: int = 13) -> Figure:
    """One stacked bar per month-end; the running month at its date, marked "to date"."""
    words = reader.words
    entries = months(reader.facts.panel(currency))[-last:]
    columns = [
        Column(key="month", label=words("column.month"), kind=Kind.MONTH),
        *(Column(key=bucket, label=bucket_label(reader, bucket), kind=Kind.MONEY, currency=currency) for bucket in BUCKETS),
        Column(key="overdue", label=reader.label("overdue"), kind=Kind.MONEY, currency=currency),
        Column(key="total", label=words("column.total"), kind=Kind.MONEY, currency=currency),
        Column(key="rate", label=reader.label("overdue_rate"), kind=Kind.PERCENT),
    ]
    rows: list[list[Raw]] = []
    for entry in entries:
        ageing = part(entry, "ageing")
        amounts = [amount(ageing, bucket) for bucket in BUCKETS]
        known = [found for found in amounts if found is not None]
        total = sum(known) if len(known) == len(BUCKETS) else cell(reader, measure_of(entry, "open"))
        cells = [amount_cell(reader, ageing, bucket) for bucket in BUCKETS]
        rows.append(
            [
                month_day(entry),
                *cells,
                cell(reader, measure_of(entry, "overdue")),
                total,
                cell(reader, measure_of(entry, "overdue_rate")),
            ]
        )
    shown = table(key_of(currency, name), words("figure.ageing_months"), columns, rows, hollow=to_date_rows(entries))
    drawn = [Series(column=bucket, role=role) for bucket, role in zip(BUCKETS, AGE_ROLES, strict=True)]
    if not reader.facts.is_internal:  # a hidden bucket would look like an empty one
        drawn = [Series(column="not_due", role="age-0"), Series(column="overdue", role="age-2")]
    chart = Chart(x="month", stacked=True, series=drawn, running=running(reader, entries))
    return Figure(key=shown.key, table=shown, definition="ageing", chart=chart)


def running(reader: Reader, entries: Sequence[Mapping[str, object]]) -> str:
    """Until which day the last month has been measured, "" when it is over."""
    if not entries or not entries[-1].get("to_date"):
        return ""
    return reader.words("chart.to_day", day=reader.facts.as_of.day)


def to_date_rows(entries: Sequence[Mapping[str, object]]) -> frozenset[int]:
    """The running month: not final, drawn hollow."""
    return frozenset(place for place, entry in enumerate(entries) if entry.get("to_date"))


def monthly(
    reader: Reader,
    currency: str,
    name: str,
    caption: str,
    columns: Sequence[tuple[str, str, str]],
    *,
    definition: str = "",
    last: int = 13,
    goal: object = None,
    is_estimate: bool = False,
    style: str = "line",
) -> Figure:
    """Measures month by month as lines: `columns` are (measure key, kind, colour role)."""
    words = reader.words
    entries = months(reader.facts.panel(currency))[-last:]
    heads = [Column(key="month", label=words("column.month"), kind=Kind.MONTH)]
    heads += [Column(key=key, label=reader.label(key), kind=Kind(kind), currency=currency) for key, kind, _ in columns]
    rows: list[list[Raw]] = [
        [month_day(entry), *(cell(reader, measure_of(entry, key), is_estimate=is_estimate) for key, _, _ in columns)]
        for entry in entries
    ]
    shown = table(key_of(currency, name), caption, heads, rows, hollow=to_date_rows(entries))
    series = [
        Series(column=key, role=role, style="bar" if style == "bar" else "line", dash=DASHES[number % 3])
        for number, (key, _, role) in enumerate(columns)
    ]  # fmt: skip
    chart = Chart(x="month", series=series, running=running(reader, entries), goal=Decimal(str(goal)) if goal is not None else None,
                  goal_label=words("chart.goal", goal=reader.numbers.decimal(Decimal(str(goal)), 0)) if goal is not None else "")  # fmt: skip
    return Figure(key=shown.key, table=shown, chart=chart, definition=definition)
