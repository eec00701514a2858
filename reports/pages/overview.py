"""The first view: how much, how late, is it getting better, what will come in, who owes most."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from reports.pages import series
from reports.pages.forecast import forecast_figure
from reports.pages.measured import has_warning, quantity, shown, tile, trace
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, Tile, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, months, part, value
from sync.dunning.reasons import State

TEN = 10


def pages(reader: Reader) -> Sequence[Page]:
    panels = [panel(reader, currency) for currency in reader.facts.currencies]
    return [Page(name="index", panels=panels, facts={"goal": goal(reader)})]


def goal(reader: Reader) -> Decimal | None:
    """The month's collection goal in percent, None when the company has set none."""
    return reader.facts.settings.goal_month_collection


def panel(reader: Reader, currency: str) -> Panel:
    figures = {"trend": series.ageing_by_month(reader, currency, "overview-trend")}
    forecast = forecast_figure(reader, currency, "overview-forecast")
    if forecast is not None:
        figures["forecast"] = forecast
    if reader.facts.is_internal:
        figures["largest"] = largest(reader, currency)
    return Panel(currency=currency, tiles=tiles(reader, currency), figures=figures, facts=facts(reader, currency))


def before(reader: Reader, currency: str) -> Mapping[str, object]:
    """The last complete month-end before the day of the report."""
    as_of = reader.facts.as_of.isoformat()
    past = [entry for entry in months(reader.facts.panel(currency)) if str(entry["as_of"]) < as_of]
    return past[-1] if past else {}


def tiles(reader: Reader, currency: str) -> list[Tile]:
    words, panel_ = reader.words, reader.facts.panel(currency)
    old = before(reader, currency)
    here = months(panel_)[-1] if months(panel_) else {}
    month = reader.numbers.month_name(date.fromisoformat(str(old["as_of"]))) if old else ""
    best = shown(reader, part(panel_, "dso_best_possible_90"))
    who_owes = "customers.html" if reader.facts.is_internal else "ageing.html"
    found = [
        tile(reader, "open", part(panel_, "open"), before=part(old, "open"), month=month, href="ageing.html"),
        tile(
            reader, "overdue", part(panel_, "overdue"), before=part(old, "overdue"), month=month, better=False, href=who_owes,
            note=words("tile.overdue_note", rate=shown(reader, part(panel_, "overdue_rate"))),
        ),
        tile(
            reader, "dso_count_back", part(panel_, "dso_count_back"), before=part(old, "dso_count_back"), month=month, better=False,
            href="delays.html", note=words("tile.dso_note", best=best),
        ),
        collection_tile(reader, here),
    ]  # fmt: skip
    coming = forecast_tile(reader, currency)
    if coming is not None:
        found.append(coming)
    if reader.facts.is_internal:
        found.append(actions_tile(reader, currency))
    return found


def collection_tile(reader: Reader, month: Mapping[str, object]) -> Tile:
    words, wanted = reader.words, goal(reader)
    measure = part(month, "collection_rate")
    found, note, tone = value(measure), words("tile.no_goal"), ""
    if wanted is not None:
        note = words("tile.goal", goal=reader.numbers.percent(wanted / 100, 0))
        if found is not None and not month.get("to_date"):
            tone = "better" if Decimal(str(found)) * 100 >= wanted else "worse"
    return Tile(
        key="collection_rate", label=reader.label("collection_rate"), value=shown(reader, measure), note=note,
        change=words(f"change.goal_{tone}") if tone else words("tile.to_date") if month.get("to_date") else "",
        tone="better" if tone == "better" else "worse" if tone == "worse" else "",
        href="recovery.html", definition="collection_rate", trace=trace(reader, measure),
    )  # fmt: skip


def forecast_tile(reader: Reader, currency: str) -> Tile | None:
    forecast = part(reader.facts.panel(currency), "forecast")
    weeks = forecast.get("weeks")
    if not isinstance(weeks, list) or not weeks:
        return None
    total = sum(float(week["p50"]) for week in weeks)
    month = sum(float(week["p50"]) for week in weeks[:4])
    return Tile(
        key="forecast", label=reader.label("forecast"), value=reader.numbers.money(total, currency, 0),
        note=reader.words("tile.forecast_note", month=reader.numbers.money(month, currency, 0)), href="forecast.html",
        definition="forecast",
    )  # fmt: skip


def actions_tile(reader: Reader, currency: str) -> Tile:
    due = [one for one in reader.conclusion.decisions if one.currency == currency and one.state is State.DUE]
    by_hand = sum(str(one.approval) == "person" for one in due)
    return Tile(
        key="actions", label=reader.label("actions"), value=reader.numbers.decimal(len(due)),
        note=reader.words("tile.actions_note", people=by_hand, amount=reader.numbers.money(sum(one.amount for one in due) / 100, currency, 0)),
        href="activity.html#todo",
    )  # fmt: skip


def largest(reader: Reader, currency: str) -> Figure:
    """The ten largest overdue customers, with what to do next."""
    words = reader.words
    columns = [
        Column(key="customer", label=words("column.customer")),
        Column(key="overdue", label=reader.label("overdue"), kind=Kind.MONEY, currency=currency),
        Column(key="open", label=reader.label("open"), kind=Kind.MONEY, currency=currency),
        Column(key="oldest", label=words("column.oldest_late"), kind=Kind.COUNT),
        Column(key="segment", label=words("column.segment")),
        Column(key="next", label=words("column.next_action")),
    ]
    nexts = next_actions(reader, currency)
    segments = {one.customer: one.segment for one in reader.conclusion.profiles if one.currency == currency}
    lines = [one for one in reader.facts.customers.get(currency, ()) if one.is_overdue][:TEN]
    rows: list[list[Raw]] = [
        [
            reader.customer(one.customer), one.overdue / 100, one.net / 100, one.oldest_late,
            words(f"segment.{segments[one.customer].value}") if one.customer in segments else "",
            nexts.get(one.customer, words("next.none")),
        ]
        for one in lines
    ]  # fmt: skip
    shown_ = table(series.key_of(currency, "largest"), words("figure.largest"), columns, rows)
    return Figure(
        key=shown_.key, table=shown_, definition="overdue",
        chart=Chart(x="customer", across=True, series=[Series(column="overdue", role="age-2")]),
    )  # fmt: skip


def next_actions(reader: Reader, currency: str) -> Mapping[str, str]:
    """What comes next for each customer, in a few words: the most urgent of its decisions."""
    found: dict[str, str] = {}
    rank = {State.DUE: 0, State.WAITING: 1, State.SCHEDULED: 2, State.BLOCKED: 3, State.EXHAUSTED: 4, State.PAUSED: 5}
    for one in sorted(reader.conclusion.decisions, key=lambda one: (rank.get(one.state, 9), one.action_date)):
        if one.currency == currency:
            day = reader.numbers.short_day(one.action_date)
            told = reader.words("next.step", channel=reader.words(f"channel.{one.channel.value}"), day=day)
            found.setdefault(one.customer, told)
    return found


def facts(reader: Reader, currency: str) -> dict[str, object]:
    panel_ = reader.facts.panel(currency)
    old = before(reader, currency)
    top = [one for one in reader.facts.customers.get(currency, ()) if one.is_overdue][:TEN]
    overdue = value(part(panel_, "overdue")) or 0
    return {
        "hidden": value(part(panel_, "overdue")) is None,
        "overdue": overdue,
        "open": value(part(panel_, "open")) or 0,
        "rate": value(part(panel_, "overdue_rate")),
        "old_rate": value(part(old, "overdue_rate")),
        "old_month": old.get("as_of"),
        "beyond_90": value(part(panel_, "overdue_90")) or 0,
        "top_share": sum(one.overdue for one in top) / 100 / overdue if overdue else None,
        "top_count": len(top),
        "dso": shown(reader, part(panel_, "dso_count_back")),
        "is_bound": has_warning(part(panel_, "dso_count_back"), "exhausted"),
        "lateness": quantity(reader, value(part(panel_, "add_90")) or 0, "days"),
    }
