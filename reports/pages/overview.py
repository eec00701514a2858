"""The first view: how much, how late, is it getting better, what will come in, who owes most."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from reports.pages import series
from reports.pages.forecast import forecast_figure
from reports.pages.measured import has_warning, quantity, shown, tile, trace
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, Tile, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, months, part, value
from sync.dunning.calendar import BusinessDays
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
    entries = months(panel_)[-13:]
    past = {key: [part(entry, key) for entry in entries] for key in ("open", "overdue", "dso_count_back")}
    found = [
        tile(reader, "open", part(panel_, "open"), before=part(old, "open"), month=month, href="ageing.html", past=past["open"]),
        tile(
            reader, "overdue", part(panel_, "overdue"), before=part(old, "overdue"), month=month, better=False, href=who_owes,
            note=words("tile.overdue_note", rate=shown(reader, part(panel_, "overdue_rate"))), past=past["overdue"],
        ),
        tile(
            reader, "dso_count_back", part(panel_, "dso_count_back"), before=part(old, "dso_count_back"), month=month, better=False,
            href="delays.html", note=words("tile.dso_note", best=best), past=past["dso_count_back"],
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
    done, days = working_days(reader)
    so_far = words("tile.to_date", done=done, days=days) if month.get("to_date") else ""
    return Tile(
        key="collection_rate", label=reader.label("collection_rate"), value=shown(reader, measure), note=note,
        change=words(f"change.goal_{tone}") if tone else so_far, is_words=found is None, share=found,
        goal=float(wanted) / 100 if wanted is not None else None,
        tone="better" if tone == "better" else "worse" if tone == "worse" else "",
        href="recovery.html", definition="collection_rate", trace=trace(reader, measure),
    )  # fmt: skip


def working_days(reader: Reader) -> tuple[int, int]:
    """Working days of the month that have passed, the day of the report included, and all of them (kpis §7)."""
    settings, as_of = reader.facts.settings, reader.facts.as_of
    calendar = BusinessDays(settings.country, settings.region, settings.sending_days)
    length = monthrange(as_of.year, as_of.month)[1]
    days = [day for day in range(1, length + 1) if calendar.is_business_day(as_of.replace(day=day))]
    return sum(day <= as_of.day for day in days), len(days)


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
    """What comes next for each customer, in a few words: the most urgent of its decisions, else why nothing does."""
    words, numbers, found = reader.words, reader.numbers, dict[str, str]()
    rank = {State.DUE: 0, State.WAITING: 1, State.SCHEDULED: 2, State.BLOCKED: 3, State.EXHAUSTED: 4, State.PAUSED: 5}
    for one in sorted(reader.conclusion.decisions, key=lambda one: (rank.get(one.state, 9), one.action_date)):
        if one.currency == currency and one.customer not in found:
            waits = one.state is State.DUE and one.action_date < reader.facts.as_of
            told = words(
                "next.waits" if waits else "next.step", channel=words(f"channel.{one.channel.value}"),
                day=numbers.short_day(one.action_date),
            )  # fmt: skip
            found[one.customer] = told[:1].upper() + told[1:]
    resting = [one for one in reader.conclusion.views if one.currency == currency and one.days_late > 0 and one.open > 0]
    for view in sorted(resting, key=lambda view: -view.open):
        if view.customer not in found:
            reason = words(f"reason.{view.reason.value}")
            until = numbers.short_day(view.until) if view.until else ""
            found[view.customer] = words("next.until", reason=reason, day=until) if until else reason
    return found


def moved(reader: Reader, currency: str) -> Mapping[str, float | None]:
    """How overdue and count-back DSO moved since the last month-end; None where either is unknown."""
    panel_, old = reader.facts.panel(currency), before(reader, currency)
    found: dict[str, float | None] = {}
    for key in ("overdue", "dso_count_back"):
        now, then = value(part(panel_, key)), value(part(old, key))
        found[key] = now - then if now is not None and then is not None else None
    return found


def waiting_today(reader: Reader, currency: str) -> int:
    if not reader.facts.is_internal:
        return 0
    return sum(one.currency == currency and one.state is State.DUE for one in reader.conclusion.decisions)


def four_weeks(reader: Reader, currency: str) -> float | None:
    weeks = part(reader.facts.panel(currency), "forecast").get("weeks")
    return sum(float(week["p50"]) for week in weeks[:4]) if isinstance(weeks, list) and weeks else None


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
        "moved": moved(reader, currency),
        "worst": [(reader.customer(one.customer), one.overdue / 100) for one in top[:3]],
        "worst_share": sum(one.overdue for one in top[:3]) / 100 / overdue if overdue else None,
        "waiting": waiting_today(reader, currency),
        "coming": four_weeks(reader, currency),
        "cost": value(part(panel_, "cost_of_arrears")) if value(part(panel_, "financing_cost")) is not None else None,
        "top_share": sum(one.overdue for one in top) / 100 / overdue if overdue else None,
        "top_count": len(top),
        "dso": shown(reader, part(panel_, "dso_count_back")),
        "is_bound": has_warning(part(panel_, "dso_count_back"), "exhausted"),
        "lateness": quantity(reader, value(part(panel_, "add_90")) or 0, "days"),
    }
