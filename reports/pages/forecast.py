"""What will come in: thirteen weeks on what is already invoiced, and how such forecasts have done before."""

from collections.abc import Mapping, Sequence
from datetime import date

from reports.pages.model import Chart, Column, Figure, Gap, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, part
from reports.pages.series import key_of

METHODS = ("model", "due_date", "global_median", "customer_median")


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="forecast", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    found = part(reader.facts.panel(currency), "forecast")
    figures: dict[str, Figure] = {}
    weeks = forecast_figure(reader, currency, "forecast-weeks")
    if weeks is not None:
        figures["weeks"] = weeks
        figures["backtest"] = backtest_figure(reader, currency, found)
    return Panel(currency=currency, figures=figures, facts=facts(found))


def facts(found: Mapping[str, object]) -> dict[str, object]:
    test = part(found, "backtest")
    weeks = _weeks(found)
    return {
        "known": bool(weeks),
        "total": sum(float(str(week["p50"])) for week in weeks),
        "low": sum(float(str(week["p10"])) for week in weeks),
        "high": sum(float(str(week["p90"])) for week in weeks),
        "month": sum(float(str(week["p50"])) for week in weeks[:4]),
        "later": float(str(found.get("later", 0) or 0)),
        "open": float(str(found.get("open", 0) or 0)),
        "by_habits": found.get("method") == "habits",
        "why": str(found.get("why_due_dates", "")),
        "wape": test.get("wape"),
        "wape_due": test.get("wape_due_dates"),
        "bias": test.get("bias"),
        "coverage": test.get("coverage"),
        "origins": len(_list(test.get("origins"))),
        "n": test.get("n"),
    }


def _weeks(found: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    return [week for week in _list(found.get("weeks")) if isinstance(week, Mapping)]


def _list(found: object) -> Sequence[object]:
    return found if isinstance(found, list | tuple) else ()


def forecast_figure(reader: Reader, currency: str, name: str) -> Figure | None:
    """The usual week (P50) as a bar, the likely range (P10 to P90) as a whisker."""
    words = reader.words
    found = part(reader.facts.panel(currency), "forecast")
    weeks = _weeks(found)
    if not weeks:
        return None
    columns = [Column(key="week", label=words("column.week_of"), kind=Kind.DATE)]
    columns += [
        Column(key=key, label=words(f"column.{key}"), kind=Kind.MONEY, currency=currency, places=0)
        for key in ("p50", "p10", "p90", "on_due_dates")
    ]
    rows: list[list[Raw]] = [
        [
            date.fromisoformat(str(week["from"])), float(str(week["p50"])), float(str(week["p10"])), float(str(week["p90"])),
            float(str(week["on_due_dates"])),
        ]
        for week in weeks
    ]  # fmt: skip
    shown = table(key_of(currency, name), words("figure.forecast"), columns, rows)
    drawn = [Series(column="p50", role="first")]
    if found.get("method") == "habits":
        drawn += [Series(column="p10", role="first", style="low"), Series(column="p90", role="first", style="high")]
    return Figure(key=shown.key, table=shown, definition="forecast", chart=Chart(x="week", series=drawn))


def backtest_figure(reader: Reader, currency: str, found: Mapping[str, object]) -> Figure:
    """The forecast against the naive ones: error in money, error in days."""
    words = reader.words
    test = part(found, "backtest")
    days = part(test, "mae_days")
    columns = [
        Column(key="method", label=words("column.method")),
        Column(key="error", label=words("column.error"), kind=Kind.PERCENT),
        Column(key="bias", label=words("column.bias"), kind=Kind.PERCENT),
        Column(key="days", label=words("column.error_days"), kind=Kind.DAYS),
    ]
    money = {"model": (test.get("wape"), test.get("bias")), "due_date": (test.get("wape_due_dates"), test.get("bias_due_dates"))}
    none = Gap(words("why.not_measured"))
    rows: list[list[Raw]] = [
        [words(f"method.{name}"), *(_or(one, none) for one in money.get(name, (None, None))), _or(days.get(name), none)]
        for name in METHODS
    ]
    shown = table(key_of(currency, "backtest"), words("figure.backtest"), columns, rows)
    return Figure(key=shown.key, table=shown, definition="forecast")


def _or(found: object, none: Gap) -> float | Gap:
    return float(found) if isinstance(found, int | float) else none
