"""The main job on an emulated Google spreadsheet: `python -m benchmarks.google [1000 10000 100000]`.

API calls, bytes, waiting and CPU of our side (the emulator runs in a process of its own): a first run, which writes every
row; a run on the next day's edits; a run with nothing to do. Nothing leaves the machine.
"""

import gc
import json
import multiprocessing
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.measuring import peak, table
from benchmarks.portfolio import AS_OF, snapshot
from sync.pipeline import sync
from sync.postroom import Mailing, PostRoom
from sync.run.clock import Clock
from sync.workbook.google.carrier import Google
from sync.workbook.google.cells import encoded
from sync.workbook.google.client import SheetsClient
from sync.workbook.google.credentials import OWN_VARIABLE, find_identity
from sync.workbook.headings import column_index

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # the emulator is a test's


def serve(pipe: Connection, count: int) -> None:
    """The emulator with a furnished, filled spreadsheet; then edits of people on demand."""
    from sheets_emulator import ROBOT, Emulator
    from sheets_emulator.cells import Cell
    from sheets_emulator.schema import Discovery

    Discovery.check_answer = lambda *_: None  # type: ignore[method-assign]  # Google's document is for the tests
    with Emulator() as emulator:
        file_id = emulator.create("Mesure", shared=[ROBOT], locale="fr_FR")
        book = _book(emulator.url, json.dumps(emulator.service_account()), file_id)
        book.init("fr")
        places = {key: tab.letters for key, tab in book.read().tabs.items()}
        file = emulator.spreadsheet(file_id)
        for key, tab in snapshot(count).tabs.items():
            sheet = file.sheet_named(tab.title)
            assert sheet is not None
            sheet.resize(max(sheet.row_count, len(tab) + 1), sheet.column_count)
            for column, cells in tab.columns.items():
                at = column_index(places[key][column])
                for row, cell in enumerate(cells, 1):
                    if cell is not None:
                        sheet.rows[row][at] = Cell(encoded(cell))
        file.touch()
        pipe.send((emulator.url, json.dumps(emulator.service_account()), file_id))
        people = emulator.people.on(file_id)
        while pipe.recv() == "edit":
            title, last = "Factures", count // 2
            for row in range(2, min(last, 200), 3):
                people.type(title, f"{places['invoices']['note']}{row}", "vu au téléphone")
                people.type(title, f"{places['invoices']['amount']}{row}", 1000 + row)
            people.insert_rows(title, last)
            pipe.send("edited")


def _book(url: str, key: str, file_id: str) -> Google:
    identity = find_identity({OWN_VARIABLE: key}, "fr", on_loopback=True)
    return Google(SheetsClient(identity.credentials, url), file_id, "fr", identity.email)


def one_run(make: Callable[[], Google]) -> dict[str, float]:
    """A whole `sync` in draft mode; figures of our side."""
    book = make()
    clock = Clock(utc_now=lambda: datetime(AS_OF.year, AS_OF.month, AS_OF.day, 9, tzinfo=UTC))
    post = PostRoom(workbook=book, clock=clock, outbox=None, mailing=Mailing(), pages=None)
    cpu, wall = process_time(), perf_counter()
    synced = sync(book, clock, post, run_id="mesure", actor="relance")
    counters = book.client.counters
    return {
        "API calls": counters.calls,
        "of which reads": counters.kinds["values:batchGet"] + counters.kinds["get"],
        "of which writes": counters.kinds["values:batchUpdate"] + counters.kinds["values:append"] + counters.kinds["batchUpdate"],
        "largest body, MB": counters.largest / 1e6,
        "sent, MB": counters.sent / 1e6,
        "received, MB": counters.received / 1e6,
        "cells written": synced.written.cells,
        "CPU of our side, s": process_time() - cpu,
        "elapsed, s (with the emulator)": perf_counter() - wall,
        "peak memory, MB": peak(),
    }


def measure(count: int) -> list[dict[str, float]]:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, count), daemon=True)
    server.start()
    url, key, file_id = ours.recv()
    runs = []
    for edits in (False, True, False):
        if edits:
            ours.send("edit")
            ours.recv()
        runs.append(one_run(lambda: _book(url, key, file_id)))
        gc.collect()
    ours.send("stop")
    server.join(10)
    return runs


def main() -> None:
    """A table for each size."""
    for size in [int(one) for one in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        runs: list[dict[str, Any]] = measure(size)
        columns = [{name: f"{value:,.2f}".removesuffix(".00") for name, value in run.items()} for run in runs]
        table(f"{size:,} invoices", ["first run", "after edits", "nothing to do"], columns)


if __name__ == "__main__":
    main()
