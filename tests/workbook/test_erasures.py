"""Erasures on both carriers: people's cells and the Journal's words, found again wherever their rows have gone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from carriers import Bench, ExcelBench, GoogleBench, columns_of
from sheets_emulator import Emulator

from sync.workbook.tabs import Append, Changes, Erasure

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture(params=["excel", "google"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "excel":
        yield furnished(ExcelBench(tmp_path))
        return
    with Emulator() as emulator:
        yield furnished(GoogleBench(emulator))
        assert emulator.service.mismatches == []


def furnished(bench: Bench) -> Bench:
    bench.init("fr")
    book = bench.book()
    contacts = [{"customer": f"C{n}", "name": f"Client {n}", "email": f"c{n}@example.org", "note": "rappeler"} for n in (1, 2)]
    payments = [{"paid_on": date(2026, 2, n), "customer": f"C{n}", "amount": 5 * n, "reference": f"VIR {n}"} for n in (1, 2)]
    book.write(Changes(appends=[Append(tab="contacts", rows=contacts), Append(tab="payments", rows=payments)]))
    acts = [
        {"when": f"2026-02-10T09:00:0{n}+01:00", "status": "sent", "text": f"Bonjour {n}", "hash": f"seal{n}"} for n in (1, 2)
    ]
    book = bench.book()
    book.append_journal(acts)
    book.lock("test", NOW)
    book.write(Changes())
    book.unlock()
    return bench


ASKED = (
    Erasure("contacts", 2, "C1", "email", "c1@example.org"),
    Erasure("contacts", 2, "C1", "note", "rappeler"),
    Erasure("payments", 2, "", "reference", "VIR 1"),
    Erasure("journal", 2, "seal1", "text", "Bonjour 1", "erased:abc"),
)


def column(bench: Bench, tab: str, name: str) -> list[object]:
    return list(columns_of(bench, tab).columns[name])


def test_what_is_erased_is_gone_and_its_neighbours_stay(bench):
    book = bench.book()
    book.read()
    assert book.write(Changes(erasures=ASKED)).deferred == ()
    assert column(bench, "contacts", "email") == [None, "c2@example.org"]
    assert column(bench, "contacts", "name") == ["Client 1", "Client 2"]
    assert column(bench, "payments", "reference") == [None, "VIR 2"]
    assert column(bench, "journal", "text") == ["erased:abc", "Bonjour 2"]
    book = bench.book()
    book.read()
    again = book.write(Changes(erasures=ASKED[:3]))
    assert (again.cells, again.deferred) == (0, ())


def test_rows_that_moved_since_the_read_are_found_again(bench):
    book = bench.book()
    book.read()
    bench.insert_row("contacts", 2)
    bench.type("contacts", 2, "customer", "C0")
    bench.insert_row("payments", 2)
    bench.type("payments", 2, "customer", "C0")
    assert book.write(Changes(erasures=ASKED)).deferred == ()
    assert column(bench, "contacts", "email") == [None, None, "c2@example.org"]
    assert column(bench, "payments", "reference") == [None, None, "VIR 2"]


def test_a_cell_that_somebody_has_changed_meanwhile_is_left_and_told(bench):
    book = bench.book()
    book.read()
    bench.type("contacts", 2, "email", "nouvelle@example.org")
    assert list(book.write(Changes(erasures=ASKED)).deferred) == ["C1"]
    assert column(bench, "contacts", "email") == ["nouvelle@example.org", "c2@example.org"]
    assert column(bench, "contacts", "note") == [None, "rappeler"]
