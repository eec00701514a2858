"""The same chart for Plotly.js, drawn when the reader asks for it: `{"data", "layout"}` with plain lists.

Colours are not here: each trace carries the role of its colour in `meta`, and the page's script gives it the theme's.
The tests hand each figure to Plotly's own validation; at run time that would cost more than all the rest of a page.
"""

from datetime import date
from decimal import Decimal

import plotly.io

from reports.pages.model import Cell, Chart, Column, Kind, Link, Table
from reports.pages.numbers import Numbers


def figure(chart: Chart, table: Table, numbers: Numbers) -> dict[str, object]:
    """Data and layout as Plotly.js takes them. Values are those of the table, so equal to the CSV's."""
    x = [_category(cell, table.head(chart.x), numbers) for cell in table.column(chart.x)]
    traces: list[dict[str, object]] = []
    low = next((series for series in chart.series if series.style == "low"), None)
    for series in chart.series:
        if series.style in ("low", "high"):
            continue
        values = [_number(cell) for cell in table.column(series.column)]
        trace: dict[str, object] = {
            "type": "bar" if series.style == "bar" else "scatter",
            "name": table.head(series.column).label,
            "x": values if chart.across else x,
            "y": x if chart.across else values,
            "meta": {"role": series.role, "roles": list(chart.row_roles), "hollow": sorted(table.hollow)},
            "hovertemplate": _hover(table.head(series.column), chart.across),
        }
        if chart.across:
            trace["orientation"] = "h"
        if series.style == "line":
            trace |= {
                "mode": "lines+markers",
                "line": {"dash": {"": "solid", "dotted": "dot"}.get(series.dash, series.dash)},
                "connectgaps": False,
            }
        elif low is not None:
            trace["error_y"] = _error(chart, table, series.column)
        traces.append(trace)
    return {"data": traces, "layout": _layout(chart, table, numbers)}


def _error(chart: Chart, table: Table, middle: str) -> dict[str, object]:
    low = next(series.column for series in chart.series if series.style == "low")
    high = next(series.column for series in chart.series if series.style == "high")
    mid = [_number(cell) or 0 for cell in table.column(middle)]
    up = [(_number(cell) or 0) - m for cell, m in zip(table.column(high), mid, strict=True)]
    down = [m - (_number(cell) or 0) for cell, m in zip(table.column(low), mid, strict=True)]
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down}


def _layout(chart: Chart, table: Table, numbers: Numbers) -> dict[str, object]:
    unit = table.head(chart.series[0].column)
    french = numbers.language == "fr"
    values: dict[str, object] = {"rangemode": "tozero", "tickformat": ",.0f"}
    if unit.kind is Kind.PERCENT:
        values |= {"ticksuffix": "\u00a0%" if french else "%"}
    elif unit.kind is Kind.MONEY:
        symbol = numbers.money(0, unit.currency, 0).replace("0", "").strip()
        values |= {"ticksuffix": f"\u00a0{symbol}"} if french else {"tickprefix": symbol}
    if chart.top is not None:
        values["range"] = [0, float(chart.top)]
    names: dict[str, object] = {"type": "category", "automargin": True}
    layout: dict[str, object] = {
        "barmode": "stack" if chart.stacked else "group",
        "separators": ",\u202f" if french else ".,",
        "xaxis": values if chart.across else names,
        "yaxis": names | {"autorange": "reversed"} if chart.across else values,
        "showlegend": len(chart.series) > 1,
        "legend": {"orientation": "h", "y": -0.18},
        "margin": {"l": 64, "r": 16, "t": 16, "b": 48},
        "hovermode": "closest" if chart.across else "x unified",
    }
    shapes: list[dict[str, object]] = []
    if chart.goal is not None:
        level = float(chart.goal)
        shapes.append(
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level, "line": {"dash": "dash", "width": 1}}
        )
    places = [_category(cell, table.head(chart.x), numbers) for cell in table.column(chart.x)] if chart.marks else []
    for mark in chart.marks:
        if mark.x in places:  # a category stands at its number; its band is one wide
            at = places.index(mark.x) - 0.5 + mark.within
            shapes.append(
                {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at, "line": {"dash": "dot", "width": 1}}
            )
    if shapes:
        layout["shapes"] = shapes
    return layout


def _hover(column: Column, across: bool) -> str:
    value = f"%{{{'x' if across else 'y'}:,.{column.decimals}f}}"
    unit = " %" if column.kind is Kind.PERCENT else f" {column.currency}" if column.kind is Kind.MONEY else ""
    return f"{value}{unit}"


def _category(cell: Cell, column: Column, numbers: Numbers) -> str:
    if isinstance(cell, date):
        return numbers.short_month(cell) if column.kind is Kind.MONTH else numbers.short_day(cell)[:5]
    return cell.text if isinstance(cell, Link) else str(cell)


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, Decimal) else None


def as_script(document: dict[str, object]) -> str:
    """The figure in Plotly's own JSON, which can stand inside a `<script>` element: no `<` at all."""
    return str(plotly.io.to_json(document, validate=False, remove_uids=False, engine="json"))
