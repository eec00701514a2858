"""CPU seconds of the whole site: `python -m benchmarks.site [5000 20000 100000]`. Internal edition, both languages.

A twentieth as many customers as invoices, each with its page, and a Journal of the steps done on late invoices. From
decoded cells on: reading, deciding, figures, pages, search. A process for each size. The first line tells how fast this
machine is today: seconds for twenty million additions.
"""

import random
import resource
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.measuring import additions, in_its_own_process, peak, table, tell
from benchmarks.portfolio import AS_OF, snapshot
from reports.build import build_site
from sync.dunning.conclude import conclude
from sync.dunning.configuration import read_rules
from sync.ledger.collector import collector_paused
from sync.ledger.model import JournalRow, Ledger
from sync.ledger.reading import read_ledger
from sync.ledger.words import Act

RUN_AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
STEPS = ((1, "email", 1), (2, "email", 7), (3, "call", 15), (4, "registered letter", 30))


def journal(ledger: Ledger, seed: int = 11) -> list[JournalRow]:
    """The steps that a year and a half of runs would have written: each on the invoices that were late that day."""
    rng = random.Random(seed)
    paid = {payment.invoice: payment.paid_on for payment in ledger.payments if payment.invoice}
    rows: list[JournalRow] = []
    for invoice in ledger.invoices:
        end = min(AS_OF, paid.get(invoice.number, AS_OF))
        for step, channel, days in STEPS:
            day = invoice.due + timedelta(days=days)
            if day >= end or (AS_OF - day).days > 550:
                continue
            at = datetime.combine(day, time(8, rng.randrange(60)), UTC)
            key = f"{invoice.customer}|EUR|standard|{invoice.number}|{step}|1"
            status = Act.SENT if channel == "email" else Act.DONE
            rows.append(
                JournalRow(
                    row=0, when=at, run=f"{day}", actor="relance" if channel == "email" else "Camille", customer=invoice.customer,
                    invoices=(invoice.number,), currency="EUR", cadence="standard", step=step, occurrence=1, channel=channel,
                    status=status, key=key,
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: row.when)


def measure(count: int) -> dict[str, float]:
    """Seconds and bytes of one size, in this process and those it starts."""
    cells = snapshot(count, customers=count // 20)
    rules = read_rules(cells.tabs)
    settings = rules.settings
    first, _ = read_ledger(cells.tabs, language="fr", currency="EUR", terms=settings.terms, as_of=AS_OF, real_today=AS_OF)
    acts = journal(first)
    del first
    start, wall = process_time(), perf_counter()
    with collector_paused():  # as the commands do
        ledger, problems = read_ledger(
            cells.tabs, language="fr", currency="EUR", terms=settings.terms, as_of=AS_OF, real_today=AS_OF
        )
        ledger = replace(ledger, journal=acts)
        conclusion = conclude(ledger, rules, AS_OF)
    decided = process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build_site(ledger=ledger, rules=rules, conclusion=conclusion, problems=problems, site=site, run_at=RUN_AT, key="bench")
        own, past = process_time() - start, perf_counter() - wall
        files = [path for path in site.rglob("*") if path.is_file()]
        pages = sum(path.suffix == ".html" for path in files)
        size = sum(path.stat().st_size for path in files)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "CPU, s": own + others.ru_utime + others.ru_stime,
        "of which reading and deciding, s": decided,
        "wall, s": past,
        "customers": count // 20,
        "acts in the Journal": len(acts),
        "pages": pages,
        "site, MB": size / 1e6,
        "peak, MB": max(peak(), others.ru_maxrss / 1024),
    }


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "--one":
        tell(measure(int(sys.argv[2])))
        return
    sizes = [int(size) for size in sys.argv[1:]] or [5_000, 20_000, 100_000]
    columns: list[dict[str, str]] = []
    speeds = [additions()]
    for size in sizes:
        column = in_its_own_process("benchmarks.site", str(size))
        columns.append({**column, "CPU, ms an invoice": f"{float(column['CPU, s']) * 1000 / size:.2f}"})
        speeds.append(additions())
    print(f"Twenty million additions: {', '.join(f'{one:.2f}' for one in speeds)} s before, between and after")
    table("", [f"{size:,} invoices" for size in sizes], columns)


if __name__ == "__main__":
    main()
