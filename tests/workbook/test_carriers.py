"""The contract that both carriers keep: the same stories on a local workbook and on a Google spreadsheet."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from carriers import Bench, ExcelBench, GoogleBench, columns_of
from sheets_emulator import Emulator

from sync.errors import WorkbookError
from sync.workbook.cells import CUT_MARK, MAX_TEXT
from sync.workbook.contract import JOURNAL, TABS, TABS_BY_KEY
from sync.workbook.tabs import Append, CellChange, Changes, RowInputs, TabRewrite

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture(params=["excel", "google"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """A workbook that nobody has set up."""
    if request.param == "excel":
        yield ExcelBench(tmp_path)
        return
    with Emulator() as emulator:
        yield GoogleBench(emulator)
        assert emulator.service.mismatches == []


@pytest.fixture
def bench(empty: Bench) -> Bench:
    """A furnished workbook with three invoices and two payments."""
    empty.init("fr")
    book = empty.book()
    invoices = [{"invoice": f"00{n}", "customer": "C1", "issued": date(2026, 1, n), "amount": 10.25 * n} for n in (1, 2, 3)]
    payments = [{"paid_on": date(2026, 2, n), "customer": "C1", "amount": 5 * n} for n in (1, 2)]
    book.write(Changes(appends=[Append(tab="invoices", rows=invoices), Append(tab="payments", rows=payments)]))
    return empty


def change(row, key, column, after, before=None, tab="invoices"):
    return CellChange(tab=tab, row=row, key=key, column=column, before=before, after=after)


def column(bench, name, tab="invoices"):
    return list(columns_of(bench, tab).columns[name])


# --- reading


def test_what_was_added_is_read_back_as_it_is(bench):
    tab = columns_of(bench, "invoices")
    assert tab.columns["invoice"] == ["001", "002", "003"]
    assert tab.columns["issued"] == [date(2026, 1, n) for n in (1, 2, 3)]
    assert tab.columns["amount"] == [10.25, 20.5, 30.75]
    assert tab.columns["note"] == [None] * 3
    assert tab.first_row == 2


def test_a_furnished_workbook_has_every_tab_and_heading_and_no_problem(empty):
    empty.book("en").init("en")
    snapshot = empty.book("en").read()
    assert snapshot.problems == ()
    assert set(snapshot.tabs) == {tab.key for tab in TABS}
    for key, tab in snapshot.tabs.items():
        assert list(tab.letters) == [one.key for one in TABS_BY_KEY[key].columns]
        assert tab.title == TABS_BY_KEY[key].en


def test_a_second_init_does_nothing(bench):
    assert bench.book().init("fr") == ()


def test_only_the_asked_tabs_are_read(bench):
    assert set(bench.book().read(["payments", "plans"]).tabs) == {"payments", "plans"}


def test_a_workbook_without_invoices_says_so(empty):
    empty.add_tab("Autre", [["a"], ["b"]])
    snapshot = empty.book().read()
    assert snapshot.tabs == {}
    assert [problem.code for problem in snapshot.problems] == ["tab_missing"]


def test_a_table_that_does_not_begin_at_a1_and_has_columns_of_its_own(empty):
    empty.add_tab(
        "Invoices",
        [
            ["", "", "Nos factures"],
            [],
            ["", "", "amount", "Région", "CLIENT", "Invoice", "Date de facture"],
            ["", "", 12, "Est", "C1", "F-1", date(2026, 1, 5)],
        ],
    )
    snapshot = empty.book("en").read()
    tab = snapshot.tabs["invoices"]
    assert (tab.first_row, tab.columns["invoice"], tab.columns["amount"]) == (4, ["F-1"], [12])
    assert tab.columns["issued"] == [date(2026, 1, 5)]
    assert tab.foreign == ("Région",)
    assert tab.letters["invoice"] == "F"
    assert snapshot.problems == ()


def test_a_missing_and_a_doubled_heading_are_problems(empty):
    empty.add_tab("Invoices", [["Invoice", "Customer", "Amount", "Facture"], ["1", "C1", 3, "2"]])
    found = {(one.code, one.column) for one in empty.book("en").read().problems}
    assert found == {("column_twice", "invoice"), ("column_missing", "issued")}


def test_trailing_blank_rows_are_no_rows_and_blank_rows_between_stay(bench):
    bench.insert_row("invoices", 3)
    assert column(bench, "invoice") == ["001", None, "002", "003"]


# --- writing


def test_a_changed_cell_is_written_and_counted(bench):
    book = bench.book()
    book.read()
    written = book.write(
        Changes(cells=[change(3, "002", "why", "Échue"), change(3, "002", "open", 20.5), change(4, "003", "why", "x")])
    )
    assert (written.cells, written.rows, tuple(written.deferred)) == (3, 2, ())
    assert column(bench, "why") == [None, "Échue", "x"]
    assert column(bench, "open") == [None, 20.5, None]


def test_a_released_button_is_empty(bench):
    bench.type("invoices", 3, "send", "oui")
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(3, "002", "send", None, before="oui")]))
    assert column(bench, "send") == [None] * 3


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1 02", "-12", "@SUM(A1)", '=HYPERLINK("http://x")', "<b>&amp;\n\tok", "0042", "2026-01-01", "  x  "]
)
def test_a_text_is_text_whatever_it_looks_like(bench, text):
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", text)]))
    assert column(bench, "why")[0] == text
    assert bench.formula("invoices", 2, "why") is None


def test_control_characters_go_and_a_text_too_long_is_cut_with_a_mark(bench):
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a\x00\x1bb\ud800"), change(3, "002", "why", "é" * 40_000)]))
    short, long, _ = column(bench, "why")
    assert short == "ab"
    assert len(long) == MAX_TEXT
    assert long.endswith(CUT_MARK)


def test_a_date_is_a_date(bench):
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(2, "001", "action_date", date(2026, 3, 4))]))
    assert column(bench, "action_date") == [date(2026, 3, 4), None, None]


def test_a_row_that_moved_is_found_again_by_its_key(bench):
    book = bench.book()
    book.read()
    bench.insert_row("invoices", 2)
    assert tuple(book.write(Changes(cells=[change(3, "002", "why", "ici")])).deferred) == ()
    assert column(bench, "why") == [None, None, "ici", None]


def test_a_row_that_is_gone_waits(bench):
    book = bench.book()
    book.read()
    bench.delete_row("invoices", 3)
    assert tuple(book.write(Changes(cells=[change(3, "002", "why", "x")])).deferred) == ("002",)
    assert set(column(bench, "why")) == {None}


def test_a_row_that_moved_and_is_there_twice_waits(bench):
    book = bench.book()
    book.read()
    bench.insert_row("invoices", 4)
    bench.type("invoices", 4, "invoice", "999")
    bench.type("invoices", 6, "invoice", "003")
    assert tuple(book.write(Changes(cells=[change(4, "003", "why", "x")])).deferred) == ("003",)
    assert set(column(bench, "why")) == {None}


def test_a_row_whose_inputs_changed_waits_and_the_others_go_on(bench):
    book = bench.book()
    book.read()
    bench.type("invoices", 3, "amount", 999)
    rows = ((2, "001"), (3, "002"))
    inputs = [RowInputs(tab="invoices", row=row, key=key, cells={"amount": 10.25 * (row - 1)}) for row, key in rows]
    written = book.write(Changes(cells=[change(row, key, "why", "x") for row, key in rows], inputs=inputs))
    assert tuple(written.deferred) == ("002",)
    assert column(bench, "why") == ["x", None, None]


def test_a_draft_that_a_person_touched_meanwhile_is_left(bench):
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(2, "001", "draft", "Bonjour")]))
    bench.type("invoices", 2, "draft", "Bonjour chère cliente")
    written = book.write(Changes(cells=[change(2, "001", "draft", "Autre", before="Bonjour"), change(2, "001", "why", "x")]))
    assert tuple(written.deferred) == ("001",)
    assert column(bench, "draft")[0] == "Bonjour chère cliente"
    assert column(bench, "why")[0] is None


def test_a_payment_is_found_again_by_its_cells_when_rows_moved(bench):
    book = bench.book()
    book.read()
    bench.insert_row("payments", 2)
    assert tuple(book.write(Changes(cells=[change(3, "", "suggested", "002", tab="payments")])).deferred) == ()
    assert column(bench, "suggested", "payments") == [None, None, "002"]


def test_a_payment_that_changed_waits(bench):
    book = bench.book()
    book.read()
    bench.type("payments", 3, "amount", 7)
    assert tuple(book.write(Changes(cells=[change(3, "", "suggested", "002", tab="payments")])).deferred) == ("payments!3",)


def test_a_rewritten_tab_holds_the_new_rows_and_no_leftover(bench):
    book = bench.book()
    book.read()
    rows = [{"tab": "Factures", "row": n, "what": "?"} for n in range(5)]
    book.write(Changes(rewrites=[TabRewrite(tab="problems", rows=rows)]))
    assert book.write(Changes(rewrites=[TabRewrite(tab="problems", rows=[{"tab": "Clients", "row": 9}])])).cells > 0
    assert column(bench, "tab", "problems") == ["Clients"]
    assert column(bench, "what", "problems") == [None]


def test_a_rewritten_tab_grows_as_far_as_it_must(bench):
    book = bench.book()
    book.read()
    book.write(Changes(rewrites=[TabRewrite(tab="problems", rows=[{"tab": "Factures", "row": n} for n in range(1200)])]))
    assert column(bench, "row", "problems") == list(range(1200))


def test_what_a_person_writes_into_today_meanwhile_is_never_lost(bench):
    book = bench.book()
    book.read()
    book.write(Changes(rewrites=[TabRewrite(tab="today", rows=[{"task": f"t{n}", "what": f"appeler {n}"} for n in range(4)])]))
    book.read()
    bench.type("today", 3, "outcome", "fait")  # t1, still on the list after
    bench.type("today", 4, "note", "rappeler")  # t2, off the list after
    bench.type("today", 6, "customer", "C1")  # an act of their own
    bench.type("today", 6, "outcome", "promesse")
    rows = [{"task": "t3", "what": "appeler 3"}, {"task": "t1", "what": "appeler 1"}]
    written = book.write(Changes(rewrites=[TabRewrite(tab="today", rows=rows)]))
    tab = columns_of(bench, "today")
    seen = list(zip(*(tab.columns[key] for key in ("task", "customer", "outcome", "note")), strict=True))
    assert seen == [
        ("t3", None, None, None),
        ("t1", None, "fait", None),
        ("t2", None, None, "rappeler"),
        (None, "C1", "promesse", None),
    ]
    assert {"t1", "t2"} <= set(written.deferred)
    # The run has not read them yet: a second write of the same run keeps them too.
    book.write(Changes(rewrites=[TabRewrite(tab="today", rows=rows[:1])]))
    assert {"fait", "promesse"} <= set(column(bench, "outcome", "today"))


def test_an_append_goes_under_the_last_row_whatever_blank_lines_stand_above(bench):
    bench.insert_row("payments", 3)
    book = bench.book()
    book.read()
    book.write(Changes(appends=[Append(tab="payments", rows=[{"paid_on": date(2026, 2, 3), "amount": -1.5}])]))
    assert column(bench, "amount", "payments") == [5, None, 10, -1.5]
    assert column(bench, "paid_on", "payments")[-1] == date(2026, 2, 3)


def test_a_missing_column_or_tab_is_added_when_it_is_needed(empty):
    empty.add_tab(
        "Invoices", [["Invoice", "Customer", "Issue date", "Amount", "Région"], ["F-1", "C1", date(2026, 1, 5), 3, "Est"]]
    )
    book = empty.book("en")
    book.read()
    book.write(
        Changes(
            cells=[change(2, "F-1", "why", "late")],
            rewrites=[TabRewrite(tab="problems", rows=[{"tab": "Invoices", "row": 2}])],
        )
    )
    tab = columns_of(empty, "invoices")
    assert (tab.columns["why"], tab.foreign, tab.columns["invoice"]) == (["late"], ("Région",), ["F-1"])
    assert column(empty, "row", "problems") == [2]


def test_a_cell_that_already_holds_the_value_is_not_written(bench):
    book = bench.book()
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a")]))
    assert book.write(Changes(cells=[change(2, "001", "why", "a", before="a")])).cells == 0


# --- the Journal


def test_journal_rows_are_there_once_and_in_order_for_the_next_run(bench):
    bench.book().append_journal([{"when": "2026-02-10T09:00:00+01:00", "status": "observed", "step": 2, "hash": "a1"}])
    book = bench.book()
    book.read()
    book.append_journal([{"when": "2026-02-10T09:00:01+01:00", "amount": 12.5, "text": "Bonjour\n=A1", "hash": "b2"}])
    book.write(Changes(cells=[change(2, "001", "why", "x")]))
    tab = columns_of(bench, "journal")
    assert tab.columns["hash"] == ["a1", "b2"]
    assert tab.columns["step"] == [2, None]
    assert tab.columns["amount"] == [None, 12.5]
    assert tab.columns["text"] == [None, "Bonjour\n=A1"]
    assert tab.columns["customer"] == [None, None]
    assert set(tab.columns) == {one.key for one in JOURNAL.columns}


# --- one run at a time


def test_a_second_run_is_refused_and_told_since_when(bench):
    first, second = bench.book(), bench.book()
    first.lock("Alice", NOW)
    with pytest.raises(WorkbookError, match=r"Alice.*10/02/2026 09:00"):
        second.lock("Bob", NOW + timedelta(hours=1))
    second.unlock()
    with pytest.raises(WorkbookError):
        second.lock("Bob", NOW + timedelta(hours=1))
    first.unlock()
    second.lock("Bob", NOW)
    second.unlock()
