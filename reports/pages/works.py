"""What works: what came after each step, text, channel and version of a cadence, over acts old enough to judge. Never one
step against another."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from reports.measures import stages
from reports.measures.stages import Stage, Unit
from reports.measures.versions import Version, versions
from reports.pages import series
from reports.pages.markup import has_something
from reports.pages.measured import cell, tile
from reports.pages.model import DASHES, Chart, Column, Figure, Kind, Mark, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import ENOUGH, M, Reader, count, part, value

MONTHS = 12
LINES = ("first", "second", "third", "fourth")


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="works", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    entries = stage_entries(reader, currency)
    figures = {"stages": by_stage(reader, currency, entries)} if entries else {}
    changes: Sequence[Version] = ()
    if reader.facts.is_internal and entries:
        ripe = stages.matured(reader.facts.acts[currency].units, reader.facts.as_of.toordinal())
        changes = relevant_changes(reader, ripe)
        monthly = by_month(reader, currency, ripe, changes)
        if monthly.chart is not None and has_something(monthly.chart, monthly.table):
            figures["months"] = monthly
        figures["answers"] = answers(reader, currency, ripe)
        figures["templates"] = by_template(reader, currency, ripe)
        figures["channels"] = by_channel(reader, currency, ripe)
        figures["versions"] = by_version(reader, currency, ripe, changes)
    unprompted = part(reader.facts.panel(currency), "unprompted_share")
    tiles = [tile(reader, "unprompted_share", unprompted, is_estimate=True)] if unprompted else []
    judged = sum(int(str(entry.get("n", 0))) for entry in entries)
    facts = {
        "judged": judged, "failed": sum(int(str(entry.get("failed", 0))) for entry in entries),
        "unprompted": value(unprompted), "changes": len(changes), "last_change": changes[-1] if changes else None,
    }  # fmt: skip
    return Panel(currency=currency, tiles=tiles, figures=figures, facts=facts)


def stage_entries(reader: Reader, currency: str) -> Sequence[Mapping[str, object]]:
    found = reader.facts.panel(currency).get("stages")
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def relevant_changes(reader: Reader, ripe: Iterable[Unit]) -> Sequence[Version]:
    """The new versions of the cadences that did something in this currency."""
    known = versions(reader.facts.ledger.journal, reader.facts.as_of)
    used = {unit.stage.cadence for unit in ripe}
    return [one for one in known.changes if one.cadence in used]


# --- Columns and cells --------------------------------------------------------------------------------------------


def _names(reader: Reader) -> list[Column]:
    words = reader.words
    return [
        Column(key="cadence", label=words("column.cadence")),
        Column(key="step", label=words("column.step"), kind=Kind.COUNT),
        Column(key="channel", label=words("column.channel")),
    ]


def _rates(reader: Reader, *keys: str) -> list[Column]:
    """A rate, and beside it the range it may stand in."""
    words, found = reader.words, list[Column]()
    for key in keys:
        found.append(Column(key=key, label=words(f"column.{key}"), kind=Kind.PERCENT))
        if key != "recovery_14":
            found.append(Column(key="interval", label=words("column.interval")))
    return found


def _acts(reader: Reader) -> Column:
    return Column(key="n", label=reader.words("column.acts"), kind=Kind.COUNT)


def _rate(reader: Reader, measure: M) -> list[Raw]:
    return [cell(reader, measure), interval(reader, measure)]


def interval(reader: Reader, measure: M) -> str:
    ends = measure.get("interval")
    if count(measure) < ENOUGH or not isinstance(ends, list | tuple):
        return ""
    low, high = (reader.numbers.decimal(float(end) * 100, 0) for end in ends)
    return reader.words("works.interval", low=low, high=high)


def _after(reader: Reader, currency: str, units: Sequence[Unit], key: tuple[object, ...]) -> list[Raw]:
    """Acts, money received, answers and promises with their ranges: what every grouping of acts is judged on."""
    recovery, paid, replied, promised = reader.facts.once(_judge, units, reader.facts.acts[currency], key=(currency, *key))
    return [
        len(units), cell(reader, recovery, is_estimate=True), *_rate(reader, paid), *_rate(reader, replied), *_rate(reader, promised),
    ]  # fmt: skip


def _judge(units: Sequence[Unit], journal: stages.Acts) -> tuple[M, M, M, M]:
    found = (
        stages.recovery(units), stages.paid_share(units), stages.response(units, journal), stages.promised(units, journal),
    )  # fmt: skip
    recovery, paid, replied, promised = (measure.to_json() for measure in found)
    return recovery, paid, replied, promised


def _judged(reader: Reader) -> list[Column]:
    return [_acts(reader), *_rates(reader, "recovery_14", "paid_14", "response_14", "promised_14")]


def _few(sizes: Iterable[int]) -> frozenset[int]:
    return frozenset(place for place, n in enumerate(sizes) if 0 < n < 10)


def _grouped(ripe: Iterable[Unit], key: Callable[[Unit], tuple[object, ...]]) -> list[tuple[tuple[object, ...], list[Unit]]]:
    groups: dict[tuple[object, ...], list[Unit]] = defaultdict(list)
    for unit in ripe:
        groups[key(unit)].append(unit)
    return sorted(groups.items(), key=lambda pair: tuple(map(str, pair[0])))


# --- Figures ------------------------------------------------------------------------------------------------------


def by_stage(reader: Reader, currency: str, entries: Sequence[Mapping[str, object]]) -> Figure:
    """One row per step of a cadence and channel: the money, its range and its price."""
    words = reader.words
    columns = [
        *_names(reader), _acts(reader),
        Column(key="failed", label=words("column.failed"), kind=Kind.COUNT),
        Column(key="recovery", label=words("column.recovery_14"), kind=Kind.PERCENT),
        Column(key="paid", label=words("column.paid_14"), kind=Kind.PERCENT),
    ]  # fmt: skip
    internal = [
        Column(key="interval", label=words("column.interval")),
        Column(key="days", label=words("column.days_to_payment"), kind=Kind.DAYS),
        Column(key="cost", label=words("column.cost_per_100", currency=currency), kind=Kind.MONEY, currency=currency),
    ]
    public = [
        Column(key="response", label=words("column.response_14"), kind=Kind.PERCENT),
        Column(key="promised", label=words("column.promised_14"), kind=Kind.PERCENT),
    ]
    rows: list[list[Raw]] = []
    for entry in entries:
        row: list[Raw] = [
            str(entry["cadence"]), int(str(entry["step"])), words(f"channel.{entry['channel']}"), int(str(entry.get("n", 0))),
            int(str(entry.get("failed", 0))), cell(reader, part(entry, "recovery_14"), is_estimate=True),
            cell(reader, part(entry, "paid_share_14")),
        ]  # fmt: skip
        if reader.facts.is_internal:
            row += [
                interval(reader, part(entry, "paid_share_14")), cell(reader, part(entry, "days_to_payment_14"), is_estimate=True),
                cell(reader, part(entry, "cost_per_100_14")),
            ]  # fmt: skip
        else:
            row += [cell(reader, part(entry, "response_14")), cell(reader, part(entry, "promised_14"))]
        rows.append(row)
    columns += internal if reader.facts.is_internal else public
    few = _few(int(str(entry.get("n", 0))) for entry in entries)
    made = table(series.key_of(currency, "steps"), words("figure.steps"), columns, rows, hollow=few)
    return Figure(key=made.key, table=made, definition="recovery_14")


def answers(reader: Reader, currency: str, ripe: Sequence[Unit]) -> Figure:
    """One row per step: who answered, who promised."""
    columns = [*_names(reader), _acts(reader), *_rates(reader, "response_14", "promised_14")]
    groups = _grouped(ripe, lambda unit: tuple(unit.stage))
    rows: list[list[Raw]] = []
    for _, units in groups:
        n, _, _, _, *rest = _after(reader, currency, units, ("stage", *units[0].stage))
        rows.append([units[0].stage.cadence, units[0].stage.step, reader.words(f"channel.{units[0].stage.channel}"), n, *rest])
    few = _few(len(units) for _, units in groups)
    made = table(series.key_of(currency, "answers"), reader.words("figure.answers"), columns, rows, hollow=few)
    return Figure(key=made.key, table=made, definition="response_14")


def text_of(reader: Reader, unit: Unit, todays: Mapping[Stage, str]) -> str:
    """The name of the text that went out: that of its version, else of today's cadence."""
    words, stage = reader.words, unit.stage
    named = unit.version.templates.get(stage.step) if unit.version is not None else None
    if named is None:
        named = todays.get(stage)
    if named is None:
        return words("works.former")
    return named or words("works.built_in", channel=words(f"channel.{stage.channel}"), step=stage.step)


def _todays_texts(reader: Reader) -> Mapping[Stage, str]:
    return {
        Stage(cadence.name, step.number, step.channel.value): step.template
        for cadence in reader.facts.rules.cadences
        for step in cadence.steps
    }


def by_template(reader: Reader, currency: str, ripe: Sequence[Unit]) -> Figure:
    words = reader.words
    todays = _todays_texts(reader)
    texts = {id(unit): text_of(reader, unit, todays) for unit in ripe}
    columns = [Column(key="template", label=words("column.template")), *_judged(reader)]
    groups = _grouped(ripe, lambda unit: (texts[id(unit)],))
    rows: list[list[Raw]] = [
        [str(name), *_after(reader, currency, units, ("text", units[0].item.number, *units[0].stage))]
        for (name,), units in groups
    ]
    few = _few(len(units) for _, units in groups)
    made = table(series.key_of(currency, "templates"), words("figure.templates"), columns, rows, hollow=few)
    return Figure(key=made.key, table=made, definition="recovery_14")


def by_channel(reader: Reader, currency: str, ripe: Sequence[Unit]) -> Figure:
    words = reader.words
    columns = [
        Column(key="channel", label=words("column.channel")),
        Column(key="exposure", label=words("column.exposure"), kind=Kind.MONEY, currency=currency),
        *_judged(reader),
    ]
    groups = _grouped(ripe, lambda unit: (unit.stage.channel,))
    rows: list[list[Raw]] = [
        [
            words(f"channel.{channel}"),
            sum(unit.exposure for unit in units) / 100,
            *_after(reader, currency, units, ("channel", channel)),
        ]
        for (channel,), units in groups
    ]
    few = _few(len(units) for _, units in groups)
    made = table(series.key_of(currency, "channels"), words("figure.channels"), columns, rows, hollow=few)
    return Figure(key=made.key, table=made, definition="recovery_14")


def by_version(reader: Reader, currency: str, ripe: Sequence[Unit], changes: Sequence[Version]) -> Figure:
    """The steps of cadences that changed, before and after: the only rows that may be set against each other."""
    words, numbers = reader.words, reader.numbers
    changed = {one.cadence for one in changes}
    columns = [*_names(reader), Column(key="version", label=words("column.version")), *_judged(reader)]
    rows: list[list[Raw]] = []
    sizes: list[int] = []
    own = [unit for unit in ripe if unit.stage.cadence in changed and unit.version is not None]
    for _, units in _grouped(own, lambda unit: (*unit.stage, unit.version.number if unit.version else 0)):
        stage, version = units[0].stage, units[0].version
        assert version is not None
        since = (
            words("works.first_version") if version.number == 1 else words("works.version", day=numbers.short_day(version.day))
        )
        rows.append(
            [
                stage.cadence,
                stage.step,
                words(f"channel.{stage.channel}"),
                f"{version.number} – {since}",
                *_after(reader, currency, units, ("version", *stage, version.number)),
            ]
        )
        sizes.append(len(units))
    made = table(series.key_of(currency, "versions"), words("figure.versions"), columns, rows, hollow=_few(sizes))
    return Figure(key=made.key, table=made, definition="recovery_14")


def by_month(reader: Reader, currency: str, ripe: Sequence[Unit], changes: Sequence[Version]) -> Figure:
    """The busiest steps month by month, each against its own past; a mark on the day a cadence changed."""
    words, numbers = reader.words, reader.numbers
    counts: dict[Stage, int] = defaultdict(int)
    cells: dict[tuple[date, Stage], list[Unit]] = defaultdict(list)
    for unit in ripe:
        counts[unit.stage] += 1
        cells[date.fromordinal(unit.sent).replace(day=1), unit.stage].append(unit)
    shown_stages = sorted(counts, key=lambda stage: (-counts[stage], stage))[:3]
    months = sorted({month for month, _ in cells})[-MONTHS:]
    columns = [Column(key="month", label=words("column.sent_month"), kind=Kind.MONTH)]
    for stage in shown_stages:
        label = words("works.stage", cadence=stage.cadence, step=stage.step, channel=words(f"channel.{stage.channel}"))
        columns.append(Column(key=_key(stage), label=label, kind=Kind.PERCENT))
        columns.append(Column(key=f"{_key(stage)}-n", label=words("column.acts_of", stage=label), kind=Kind.COUNT))
    rows: list[list[Raw]] = []
    for month in months:
        row: list[Raw] = [month]
        for stage in shown_stages:
            units = cells.get((month, stage), [])
            row += [cell(reader, stages.recovery(units).to_json(), is_estimate=True), len(units)]
        rows.append(row)
    made = table(series.key_of(currency, "steps-months"), words("figure.steps_months"), columns, rows)
    marks = [
        Mark(
            x=numbers.short_month(one.day.replace(day=1)), within=(one.day.day - 1) / monthrange(one.day.year, one.day.month)[1],
            label=words("works.changed", cadence=one.cadence, day=f"{one.day:%d/%m}"),
        )
        for one in changes
    ]  # fmt: skip
    drawn = [
        Series(column=_key(stage), role=role, style="line", dash=dash)
        for stage, role, dash in zip(shown_stages, LINES, DASHES, strict=False)
    ]
    chart = Chart(x="month", series=drawn, marks=marks) if drawn and len(months) > 1 else None
    return Figure(key=made.key, table=made, definition="recovery_14", chart=chart)


def _key(stage: Stage) -> str:
    return f"{stage.cadence}-{stage.step}-{stage.channel}"
