"""How far the forecast was off: `python -m benchmarks.forecast [WORKBOOK.xlsx --as-of DATE]`, the demo's portfolio without one.

At each past month-end the forecast is made again with what was known that day (splits in order of time, no look-ahead:
`tests/reports/test_cash_forecast.py` plants a future and asks that nothing moves), then judged by what came since.
Prints, for each currency: the mean absolute error in days of the day on which an invoice is paid, for the model and for the
three simple guesses; the error of the weekly sums; the share of weeks inside the range of 80 %; and each origin.
"""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from reports.backtest import METHODS, Backtest
from reports.cash import forecasts
from reports.kpis import segments_of
from sync.dunning.conclude import conclude
from sync.dunning.configuration import read_rules
from sync.ledger.reading import read_ledger
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.excel.carrier import Excel
from sync.workbook.tabs import RawTab

TITLES = {
    "model": "the forecast", "due_date": "everyone on the due date", "global_median": "the median lateness of all",
    "customer_median": "the customer's own median lateness",
}  # fmt: skip


def demo(today: date) -> Mapping[str, RawTab]:
    """The tabs of the demo, as a run would read them."""
    from sync.demo.portfolio import portfolio

    found = {}
    for key, rows in portfolio(today, "fr").items():
        columns = {column.key: [row.get(column.key) for row in rows] for column in TABS_BY_KEY[key].columns}
        found[key] = RawTab(key=key, title=TABS_BY_KEY[key].title("fr"), columns=columns)
    return found


def backtests(tabs: Mapping[str, RawTab], as_of: date) -> dict[str, Backtest]:
    rules = read_rules(tabs)
    settings = rules.settings
    ledger, _ = read_ledger(
        tabs, language=settings.language, currency=settings.currency, terms=settings.terms, as_of=as_of, real_today=as_of
    )
    profiles = conclude(ledger, rules, as_of, check_freshness=False).profiles
    return {currency: one.backtest for currency, one in forecasts(ledger, segments_of(profiles), as_of, settings).items()}


def told(currency: str, test: Backtest) -> str:
    """The table of one currency, as Markdown."""
    if test.mae_days is None or test.wape is None or test.baseline_wape is None:
        return f"{currency}: too little history to test a forecast.\n"
    lines = [
        f"{currency}: {len(test.origins)} month-ends, {test.n} invoices paid since, {test.weeks} weeks", "",
        "| method | error in days, mean absolute | error of weekly sums (WAPE) | bias |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    sums = {"model": (test.wape, test.bias), "due_date": (test.baseline_wape, test.baseline_bias)}
    for name in METHODS:
        wape, bias = sums.get(name, (None, None))
        cells = ["" if one is None else f"{one:.1%}" for one in (wape, bias)]
        lines.append(f"| {TITLES[name]} | {test.mae_days[name]:.2f} | {cells[0]} | {cells[1]} |")
    if test.coverage is not None:
        lines += ["", f"Weeks inside the range P10 to P90: {test.coverage:.1%} (80 % wanted)."]
    lines += ["", "| made on | weeks judged | came in | forecast off by | due dates off by |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {date.fromordinal(one.day)} | {one.weeks} | {one.actual / 100:,.0f} | {one.error / 100:,.0f} | {one.baseline_error / 100:,.0f} |"
        for one in test.origins
    ]
    return "\n".join([*lines, ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("workbook", type=Path, nargs="?")
    parser.add_argument("--as-of", type=date.fromisoformat, default=datetime.now(UTC).date())
    asked = parser.parse_args()
    tabs = demo(asked.as_of) if asked.workbook is None else Excel(asked.workbook).read().tabs
    for currency, test in backtests(tabs, asked.as_of).items():
        print(told(currency, test))
    return 0


if __name__ == "__main__":
    sys.exit(main())
