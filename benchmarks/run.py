"""Speed and memory of the main job: `python -m benchmarks.run [10000 100000]`. CPU seconds, peak memory of a process each.

From decoded cells to the cell changes: read, check, plan, draft, diff. Then the KPI history of 36 month-ends. Twice: a
portfolio as first read, and one in the middle of its life, with every capability at work (`benchmarks.portfolio.lively`).
The first line is a loop of twenty million additions: what this machine is worth at this moment. Each figure is the least of
five fresh processes.
"""

import gc
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from time import process_time
from typing import TypeVar

from benchmarks.measuring import additions, in_its_own_process, peak, table, tell
from benchmarks.portfolio import AS_OF, lively, snapshot
from reports.calendar import months
from reports.measures import dso
from reports.measures.ageing import ageing
from reports.portfolio import Sales, balances, portfolios
from sync.ledger.model import Ledger
from sync.run.clock import Clock
from sync.run.deciding import decide_run
from sync.run.gathering import understand
from sync.run.outcome import outcome_of
from sync.workbook.changes import plan_changes
from sync.workbook.tabs import Snapshot

T = TypeVar("T")


def timed(name: str, work: Callable[[], T], figures: dict[str, float]) -> T:
    start = process_time()
    result = work()
    figures[name] = process_time() - start
    return result


def history(ledger: Ledger) -> list[object]:
    """Ageing, simple and count-back DSO at 36 month-ends, from the ledger on."""
    found: list[object] = []
    for portfolio in portfolios(ledger, AS_OF).values():
        days = [month.as_of.toordinal() for month in months(date.fromordinal(portfolio.first_issue or 1), AS_OF, 36)][-36:]
        sales = Sales(portfolio)
        for day, balance in zip(days, balances(portfolio, days), strict=True):
            window = dso.sales_window(sales, day, 90, portfolio.first_issue)
            counted = dso.count_back(balance.net, sales, day, portfolio.first_issue)
            found.append((ageing(balance), dso.dso_simple(balance.net, window), counted))
    return found


def measure(count: int, make: Callable[[int], Snapshot]) -> dict[str, float]:
    cells = make(count)
    clock = Clock(utc_now=lambda: datetime(2026, 11, 20, 9, tzinfo=UTC), as_of=AS_OF)
    figures: dict[str, float] = {}
    base = peak()
    gc.disable()  # as the commands do while they read
    gathered = timed("read and check", lambda: understand(cells, clock), figures)
    run = timed("plan and draft", lambda: decide_run(gathered), figures)
    changes = timed("diff", lambda: plan_changes(cells, outcome_of(run)), figures)
    figures["total"] = sum(figures.values())
    timed("36 month-ends of ageing and DSO", lambda: history(gathered.ledger), figures)
    figures["cells before, MB"] = base
    figures["peak, MB"] = peak()
    figures["decisions"] = len(run.decisions)
    figures["drafts"] = len(run.desk.texts)
    figures["changes"] = len(changes.cells)
    figures["tasks"] = len(run.tasks)
    reasons = Counter(str(view.reason) for view in run.conclusion.views)
    return figures | {f"- {reason}": count for reason, count in reasons.most_common()}


TIMES = 5
PORTFOLIOS: dict[str, Callable[[int], Snapshot]] = {"as first read": snapshot, "with everything at work": lively}


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] == "--one":
        tell(measure(int(sys.argv[2]), PORTFOLIOS[sys.argv[3]]))
        return
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    print(f"Twenty million additions: {additions():.2f} s of processor time.")
    for portfolio in PORTFOLIOS:
        columns = [in_its_own_process("benchmarks.run", str(size), portfolio, times=TIMES) for size in sizes]
        table(portfolio, [f"{size:,} invoices" for size in sizes], columns)


if __name__ == "__main__":
    main()
