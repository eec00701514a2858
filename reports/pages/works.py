"""What works: what came after each step, channel and cadence, over acts old enough to judge. Never one step against another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from reports.measures import stages
from reports.measures.measure import Measure
from reports.pages import series
from reports.pages.measured import cell, tile
from reports.pages.model import DASHES, Chart, Column, Figure, Kind, Mark, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import ENOUGH, M, Reader, count, part, value
from sync.ledger.model import JournalRow

MONTHS = 12
LINES = ("first", "second", "third", "fourth")


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="works", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    entries = stage_entries(reader, currency)
    figures = {"stages": by_stage(reader, currency, entries)} if entries else {}
    changes: Sequence[tuple[date, str]] = ()
    if reader.facts.is_internal and entries:
        changes = cadence_changes(reader.facts.ledger.journal, currency)
        figures["channels"] = by_channel(reader, currency)
        figures["months"] = by_month(reader, currency, changes)
    unprompted = part(reader.facts.panel(currency), "unprompted_share")
    tiles = [tile(reader, "unprompted_share", unprompted, is_estimate=True)] if unprompted else []
    judged = sum(int(str(entry.get("n", 0))) for entry in entries)
    facts = {
        "judged": judged, "failed": sum(int(str(entry.get("failed", 0))) for entry in entries),
        "unprompted": value(unprompted), "changes": len(changes), "last_change": changes[-1][0] if changes else None,
    }  # fmt: skip
    return Panel(currency=currency, tiles=tiles, figures=figures, facts=facts)


def stage_entries(reader: Reader, currency: str) -> Sequence[Mapping[str, object]]:
    found = reader.facts.panel(currency).get("stages")
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def by_stage(reader: Reader, currency: str, entries: Sequence[Mapping[str, object]]) -> Figure:
    """One row per step of a cadence and channel, counts and intervals printed."""
    words = reader.words
    texts = templates(reader) if reader.facts.is_internal else {}
    columns = [
        Column(key="cadence", label=words("column.cadence")),
        Column(key="step", label=words("column.step"), kind=Kind.COUNT),
        Column(key="channel", label=words("column.channel")),
        Column(key="template", label=words("column.template")),
        Column(key="n", label=words("column.acts"), kind=Kind.COUNT),
        Column(key="failed", label=words("column.failed"), kind=Kind.COUNT),
        Column(key="recovery", label=words("column.recovery_14"), kind=Kind.PERCENT),
        Column(key="paid", label=words("column.paid_14"), kind=Kind.PERCENT),
        Column(key="interval", label=words("column.interval")),
        Column(key="response", label=words("column.response_14"), kind=Kind.PERCENT),
        Column(key="promised", label=words("column.promised_14"), kind=Kind.PERCENT),
        Column(key="days", label=words("column.days_to_payment"), kind=Kind.DAYS),
        Column(key="cost", label=words("column.cost_per_100"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = []
    few = set()
    for place, entry in enumerate(entries):
        n = int(str(entry.get("n", 0)))
        if 0 < n < 10:
            few.add(place)
        stage = (str(entry["cadence"]), int(str(entry["step"])), str(entry["channel"]))
        rows.append(
            [
                stage[0], stage[1], words(f"channel.{stage[2]}"), texts.get(stage, words("works.former")), n,
                int(str(entry.get("failed", 0))),
                cell(reader, part(entry, "recovery_14"), is_estimate=True), cell(reader, part(entry, "paid_share_14")),
                interval(reader, part(entry, "paid_share_14")), cell(reader, part(entry, "response_14")),
                cell(reader, part(entry, "promised_14")), cell(reader, part(entry, "days_to_payment_14"), is_estimate=True),
                cell(reader, part(entry, "cost_per_100_14")),
            ]
        )  # fmt: skip
    made = table(series.key_of(currency, "steps"), words("figure.steps"), columns, rows, hollow=frozenset(few))
    return Figure(key=made.key, table=made, definition="recovery_14")


def interval(reader: Reader, measure: M) -> str:
    ends = measure.get("interval")
    if count(measure) < ENOUGH or not isinstance(ends, list | tuple):
        return ""
    low, high = (reader.numbers.decimal(float(end) * 100, 0) for end in ends)
    return reader.words("works.interval", low=low, high=high)


def templates(reader: Reader) -> Mapping[tuple[str, int, str], str]:
    """The text each step of today's cadences uses; a step that is no longer there has none."""
    return {
        (cadence.name, step.number, step.channel.value): step.template or reader.words("works.built_in")
        for cadence in reader.facts.rules.cadences
        for step in cadence.steps
    }


def by_channel(reader: Reader, currency: str) -> Figure:
    words, facts = reader.words, reader.facts
    acts = facts.acts[currency]
    groups: dict[str, list[stages.Unit]] = defaultdict(list)
    for unit in stages.matured(acts.units, facts.as_of.toordinal()):
        groups[unit.stage.channel].append(unit)
    columns = [
        Column(key="channel", label=words("column.channel")),
        Column(key="n", label=words("column.acts"), kind=Kind.COUNT),
        Column(key="exposure", label=words("column.exposure"), kind=Kind.MONEY, currency=currency),
        Column(key="recovery", label=words("column.recovery_14"), kind=Kind.PERCENT),
        Column(key="response", label=words("column.response_14"), kind=Kind.PERCENT),
        Column(key="promised", label=words("column.promised_14"), kind=Kind.PERCENT),
    ]
    rows: list[list[Raw]] = []
    for channel, units in sorted(groups.items()):
        found = [
            stages.recovery(units).to_json(), stages.response(units, acts).to_json(), stages.promised(units, acts).to_json(),
        ]  # fmt: skip
        cells = [cell(reader, measure, is_estimate=True) for measure in found]
        rows.append([words(f"channel.{channel}"), len(units), sum(unit.exposure for unit in units) / 100, *cells])
    made = table(series.key_of(currency, "channels"), words("figure.channels"), columns, rows)
    return Figure(key=made.key, table=made, definition="recovery_14")


def by_month(reader: Reader, currency: str, changes: Sequence[tuple[date, str]]) -> Figure:
    """The busiest steps month by month, each against its own past; a mark where a cadence changed."""
    words, facts, numbers = reader.words, reader.facts, reader.numbers
    ripe = stages.matured(facts.acts[currency].units, facts.as_of.toordinal())
    counts: dict[stages.Stage, int] = defaultdict(int)
    cells: dict[tuple[date, stages.Stage], list[stages.Unit]] = defaultdict(list)
    for unit in ripe:
        counts[unit.stage] += 1
        cells[date.fromordinal(unit.sent).replace(day=1), unit.stage].append(unit)
    shown_stages = sorted(counts, key=lambda stage: (-counts[stage], stage))[:3]
    months = sorted({month for month, _ in cells})[-MONTHS:]
    columns = [Column(key="month", label=words("column.sent_month"), kind=Kind.MONTH)]
    for stage in shown_stages:
        label = words("works.stage", cadence=stage.cadence, step=stage.step, channel=words(f"channel.{stage.channel}"))
        columns.append(Column(key=f"{stage.cadence}-{stage.step}-{stage.channel}", label=label, kind=Kind.PERCENT))
        columns.append(
            Column(
                key=f"{stage.cadence}-{stage.step}-{stage.channel}-n", label=words("column.acts_of", stage=label), kind=Kind.COUNT
            )
        )
    rows: list[list[Raw]] = []
    for month in months:
        row: list[Raw] = [month]
        for stage in shown_stages:
            units = cells.get((month, stage), [])
            row += [cell(reader, recovery_of(units).to_json(), is_estimate=True), len(units)]
        rows.append(row)
    made = table(series.key_of(currency, "steps-months"), words("figure.steps_months"), columns, rows)
    marks = [Mark(x=numbers.short_month(day.replace(day=1)), label=words("works.changed", cadence=name)) for day, name in changes]
    drawn = [
        Series(column=f"{stage.cadence}-{stage.step}-{stage.channel}", role=role, style="line", dash=dash)
        for stage, role, dash in zip(shown_stages, LINES, DASHES, strict=False)
    ]
    chart = Chart(x="month", series=drawn, marks=marks) if drawn and len(months) > 1 else None
    return Figure(key=made.key, table=made, definition="recovery_14", chart=chart)


def recovery_of(units: Sequence[stages.Unit]) -> Measure:
    return stages.recovery(units)


def cadence_changes(journal: Iterable[JournalRow], currency: str) -> Sequence[tuple[date, str]]:
    """The days on which a step of a cadence was first done on another channel than before: a new version of it."""
    last: dict[tuple[str, int], str] = {}
    found: dict[tuple[date, str], None] = {}
    for row in journal:
        if row.step is None or not row.cadence or not row.channel or row.currency not in ("", currency):
            continue
        key = (row.cadence, row.step)
        if last.setdefault(key, row.channel) != row.channel:
            last[key] = row.channel
            found[row.when.date().replace(day=1), row.cadence] = None
    return sorted(found)
