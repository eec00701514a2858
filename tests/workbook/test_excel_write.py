"""Writing finds rows again, leaves what changed meanwhile, and puts back exactly what it was asked."""

import os
import stat
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from sync.errors import WorkbookError
from sync.workbook.cells import CUT_MARK, MAX_TEXT
from sync.workbook.excel.carrier import Excel
from sync.workbook.excel.files import backup_path, lock_path
from sync.workbook.tabs import Append, CellChange, Changes, RowInputs, TabRewrite

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    """A furnished workbook with three invoices and two payments."""
    path = tmp_path / "clients.xlsx"
    book = Excel(path)
    book.init("fr")
    book.write(
        Changes(
            appends=[
                Append(
                    tab="invoices",
                    rows=[
                        {"invoice": f"00{n}", "customer": "C1", "issued": date(2026, 1, n), "amount": 10.25 * n}
                        for n in (1, 2, 3)
                    ],
                ),
                Append(
                    tab="payments",
                    rows=[{"paid_on": date(2026, 2, n), "customer": "C1", "amount": 5 * n} for n in (1, 2)],
                ),
            ]
        )
    )
    return path


def change(row, key, column, after, before=None, tab="invoices"):
    return CellChange(tab=tab, row=row, key=key, column=column, before=before, after=after)


def column(path, name, tab="invoices"):
    return list(Excel(path).read([tab]).tabs[tab].columns[name])


def by_hand(path, edit):
    """What a person does in a spreadsheet program meanwhile."""
    book = load_workbook(path)
    edit(book)
    book.save(path)


def test_a_changed_cell_is_written_and_counted(path):
    book = Excel(path)
    book.read()
    written = book.write(
        Changes(cells=[change(3, "002", "why", "Échue"), change(3, "002", "open", 20.5), change(4, "003", "why", "x")])
    )
    assert (written.cells, written.rows, written.deferred) == (3, 2, ())
    assert column(path, "why") == [None, "Échue", "x"]
    assert column(path, "open") == [None, 20.5, None]


def test_a_released_button_is_empty_and_keeps_its_format(path):
    by_hand(path, lambda book: book["Factures"].__setitem__("W3", "oui"))
    before = load_workbook(path)["Factures"]["W3"].fill.fgColor.rgb
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(3, "002", "send", None, before="oui")]))
    assert column(path, "send") == [None] * 3
    assert load_workbook(path)["Factures"]["W3"].fill.fgColor.rgb == before


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1 02", "-12", "@SUM(A1)", '=HYPERLINK("http://x")', "<b>&amp;\n\tok", "_x000D_", "  x  "]
)
def test_a_text_is_text_whatever_it_looks_like(path, text):
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", text)]))
    assert column(path, "why")[0] == text
    sheet = load_workbook(path)["Factures"]
    cell = next(cell for cell in sheet[2] if sheet.cell(1, cell.column).value == "Pourquoi")
    assert cell.data_type != "f"


def test_control_characters_go_and_a_text_too_long_is_cut_with_a_mark(path):
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a\x00\x1bb\ud800"), change(3, "002", "why", "é" * 40_000)]))
    short, long, _ = column(path, "why")
    assert short == "ab"
    assert len(long) == MAX_TEXT
    assert long.endswith(CUT_MARK)


def test_a_row_that_moved_is_found_again_by_its_key(path):
    book = Excel(path)
    book.read()
    by_hand(path, lambda other: other["Factures"].insert_rows(2))
    assert book.write(Changes(cells=[change(3, "002", "why", "ici")])).deferred == ()
    assert column(path, "why") == [None, None, "ici", None]


@pytest.mark.parametrize("gone", ["deleted", "twice"])
def test_a_row_that_is_gone_or_twice_waits(path, gone):
    book = Excel(path)
    book.read()

    def edit(other):
        sheet = other["Factures"]
        if gone == "deleted":
            sheet.delete_rows(3)
        else:
            sheet.insert_rows(2)
            sheet["A2"] = sheet["A5"].value
            sheet["A4"] = "999"
            sheet["A3"] = sheet["A5"].value

    by_hand(path, edit)
    key = "002" if gone == "deleted" else "003"
    assert book.write(Changes(cells=[change(3 if gone == "deleted" else 4, key, "why", "x")])).deferred == (key,)
    assert set(column(path, "why")) == {None}


def test_a_row_whose_inputs_changed_waits_and_the_others_go_on(path):
    book = Excel(path)
    book.read()
    by_hand(path, lambda other: other["Factures"].__setitem__("E3", 999))
    written = book.write(
        Changes(
            cells=[change(row, key, "why", "x") for row, key in ((2, "001"), (3, "002"))],
            inputs=[
                RowInputs(tab="invoices", row=row, key=key, cells={"amount": 10.25 * (row - 1)})
                for row, key in ((2, "001"), (3, "002"))
            ],
        )
    )
    assert written.deferred == ("002",)
    assert column(path, "why") == ["x", None, None]


def test_a_draft_that_a_person_touched_meanwhile_is_left(path):
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(2, "001", "draft", "Bonjour")]))
    by_hand(path, lambda other: other["Factures"].__setitem__("AG2", "Bonjour chère cliente"))
    written = book.write(Changes(cells=[change(2, "001", "draft", "Autre", before="Bonjour"), change(2, "001", "why", "x")]))
    assert written.deferred == ("001",)
    assert column(path, "draft")[0] == "Bonjour chère cliente"
    assert column(path, "why")[0] is None


def test_a_payment_is_found_again_by_its_cells_when_rows_moved(path):
    book = Excel(path)
    book.read()
    by_hand(path, lambda other: other["Règlements"].insert_rows(2))
    assert book.write(Changes(cells=[change(3, "", "suggested", "002", tab="payments")])).deferred == ()
    assert column(path, "suggested", "payments") == [None, None, "002"]


def test_a_payment_that_changed_or_that_has_a_twin_elsewhere_waits(path):
    book = Excel(path)
    book.read()
    by_hand(path, lambda other: other["Règlements"].__setitem__("D3", 7))
    assert book.write(Changes(cells=[change(3, "", "suggested", "002", tab="payments")])).deferred == ("payments!3",)


def test_a_rewritten_tab_holds_the_new_rows_and_no_leftover(path):
    book = Excel(path)
    book.read()
    book.write(
        Changes(rewrites=[TabRewrite(tab="problems", rows=[{"tab": "Factures", "row": n, "what": "?"} for n in range(5)])])
    )
    assert book.write(Changes(rewrites=[TabRewrite(tab="problems", rows=[{"tab": "Clients", "row": 9}])])).cells > 0
    assert column(path, "tab", "problems") == ["Clients"]
    assert column(path, "what", "problems") == [None]


def test_what_a_person_writes_into_today_meanwhile_is_never_lost(path):
    book = Excel(path)
    book.read()
    tasks = [{"task": f"t{n}", "what": f"appeler {n}"} for n in range(4)]
    book.write(Changes(rewrites=[TabRewrite(tab="today", rows=tasks)]))
    book.read()

    def answers(other):
        sheet = other["À faire"]
        sheet["K3"] = "fait"  # t1, still on the list after
        sheet["N4"] = "rappeler"  # t2, off the list after
        sheet["D6"], sheet["K6"] = "C1", "promesse"  # an act of their own

    by_hand(path, answers)
    rows = [{"task": "t3", "what": "appeler 3"}, {"task": "t1", "what": "appeler 1"}]
    written = book.write(Changes(rewrites=[TabRewrite(tab="today", rows=rows)]))
    tab = Excel(path).read(["today"]).tabs["today"]
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
    tab = Excel(path).read(["today"]).tabs["today"]
    assert {"fait", "promesse"} <= set(tab.columns["outcome"])


def test_an_append_goes_under_the_last_row_and_stretches_the_table(path):
    def with_table(other):
        sheet = other["Règlements"]
        sheet.auto_filter.ref = None
        sheet.add_table(Table(displayName="Regl", ref="A1:K3"))

    by_hand(path, with_table)
    book = Excel(path)
    book.read()
    book.write(Changes(appends=[Append(tab="payments", rows=[{"paid_on": date(2026, 2, 3), "amount": -1.5}])]))
    assert column(path, "amount", "payments") == [5, 10, -1.5]
    assert load_workbook(path)["Règlements"].tables["Regl"].ref == "A1:K4"


def test_dates_written_into_cells_without_a_date_format_are_still_dates(tmp_path):
    path = tmp_path / "b.xlsx"
    book = Workbook()
    book.epoch = datetime.fromisoformat("1904-01-01")
    book.active.title = "Invoices"
    book.active.append(["Invoice", "Customer", "Issue date", "Amount", "Action date"])
    book.active.append(["1", "C1", date(2026, 1, 5), 3, None])
    book.save(path)
    carrier = Excel(path, "en")
    carrier.read()
    carrier.write(Changes(cells=[change(2, "1", "action_date", date(2026, 3, 4))]))
    assert column(path, "action_date") == [date(2026, 3, 4)]
    assert load_workbook(path).active["E2"].value.date() == date(2026, 3, 4)


def test_a_missing_column_or_tab_is_added_when_it_is_needed(tmp_path):
    path = tmp_path / "b.xlsx"
    book = Workbook()
    book.active.title = "Factures"
    book.active.append(["Facture", "Client", "Date de facture", "Montant TTC", "Humeur"])
    book.active.append(["1", "C1", date(2026, 1, 5), 3, "bonne"])
    book.save(path)
    carrier = Excel(path)
    carrier.read()
    carrier.write(Changes(cells=[change(2, "1", "why", "x")], rewrites=[TabRewrite(tab="today", rows=[{"task": "t"}])]))
    assert column(path, "why") == ["x"]
    assert column(path, "task", "today") == ["t"]
    assert load_workbook(path)["Factures"]["E2"].value == "bonne"


def test_a_formula_of_ours_that_others_share_is_given_to_them_first(path):
    def formulas(other):
        sheet = other["Factures"]
        for row in (2, 3, 4):
            sheet[f"X{row}"] = f"=E{row}*2"
            sheet[f"AK{row}"] = f"=E{row}*2"

    by_hand(path, formulas)
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet2.xml"
    xml = parts[name].decode()
    for row in (2, 3, 4):
        xml = xml.replace(f"<f>E{row}*2</f><v></v>", f"<f>E{row}*2</f><v>{row}</v>").replace(
            f"<f>E{row}*2</f><v/>", f"<f>E{row}*2</f><v>{row}</v>"
        )
    first, rest = xml.index("<f>E2*2</f>"), '<f t="shared" si="0"/>'
    xml = xml[:first] + '<f t="shared" ref="X2:AK4" si="0">E2*2</f>' + xml[first + len("<f>E2*2</f>") :]
    for row in (3, 4):
        xml = xml.replace(f"<f>E{row}*2</f>", rest)
    parts[name] = xml.encode()
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
    carrier = Excel(path)
    carrier.read()
    assert carrier.write(Changes(cells=[change(2, "001", "open", 1.5, before=2)])).deferred == ()
    sheet = load_workbook(path)["Factures"]
    assert [sheet[f"X{row}"].value for row in (2, 3, 4)] == [1.5, "=E3*2", "=E4*2"]
    assert [load_workbook(path, data_only=True)["Factures"][f"X{row}"].value for row in (3, 4)] == [3, 4]


@pytest.mark.parametrize(
    "disguise",
    [
        lambda xml: xml.replace("<c ", "<!-- c --><c ", 1),
        lambda xml: xml.replace(' r="B2"', "").replace(' r="A2"', ""),
        lambda xml: __import__("re").sub(r'<row r="\d+"', "<row", xml),
        lambda xml: xml.replace('r="A2"', "r='A2'").replace('r="A1"', "r='A1'"),
        lambda xml: __import__("re").sub(r"<(/?)(?!\?)", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
    ],
    ids=["comments", "no addresses", "no row numbers", "single quotes", "prefix"],
)
def test_sheets_written_in_another_manner_are_patched_too(tmp_path, disguise):
    path = tmp_path / "b.xlsx"
    book = Workbook()
    book.active.title = "Invoices"
    book.active.append(["Invoice", "Customer", "Issue date", "Amount", "Why", "Mine"])
    book.active.append(["1", "C1", date(2026, 1, 5), 3, None, "=D2*2"])
    book.active.append(["2", "C1", date(2026, 1, 6), 4, "old", "keep"])
    book.save(path)
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = disguise(parts["xl/worksheets/sheet1.xml"].decode()).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    carrier = Excel(path, "en")
    carrier.read()
    carrier.write(Changes(cells=[change(2, "1", "why", "a"), change(3, "2", "why", "b", before="old")]))
    assert column(path, "why") == ["a", "b"]
    sheet = load_workbook(path).active
    assert [sheet["F2"].value, sheet["F3"].value] == ["=D2*2", "keep"]


# --- the file


def test_the_copy_of_before_the_run_is_kept_through_several_writes(path):
    before = path.read_bytes()
    os.chmod(path, 0o640)
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a")]))
    book.write(Changes(cells=[change(3, "002", "why", "b")]))
    assert backup_path(path).read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_save_that_fails_leaves_the_workbook_and_no_litter(path, monkeypatch):
    before, names = path.read_bytes(), set(os.listdir(path.parent))
    book = Excel(path)
    book.read()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(WorkbookError, match="No space left"):
        book.write(Changes(cells=[change(2, "001", "why", "a")]))
    assert path.read_bytes() == before
    assert set(os.listdir(path.parent)) == names


def test_a_person_who_saves_at_the_last_moment_is_not_overwritten(path, monkeypatch):
    book = Excel(path)
    book.read()
    verify, saved = Excel._verify, []

    def and_meanwhile(self, package, resolved):
        verify(self, package, resolved)
        if not saved:
            saved.append(by_hand(path, lambda other: other["Factures"].__setitem__("V2", "note de dernière minute")))

    monkeypatch.setattr(Excel, "_verify", and_meanwhile)
    book.write(Changes(cells=[change(2, "001", "why", "a")]))
    assert column(path, "note")[0] == "note de dernière minute"
    assert column(path, "why")[0] == "a"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("~$clients.xlsx", bytes([5]) + b"Alice" + bytes(160), "Excel par Alice"),
        (".~lock.clients.xlsx#", b",bob,poste,10.02.2026 09:00,file:///x;", "LibreOffice par bob"),
    ],
)
def test_a_workbook_that_is_open_elsewhere_is_not_written(path, name, content, said):
    before = path.read_bytes()
    book = Excel(path)
    book.read()
    (path.parent / name).write_bytes(content)
    for act in (
        lambda: book.write(Changes(cells=[change(2, "001", "why", "a")])),
        lambda: book.lock("run", NOW),
        lambda: book.init("fr"),
    ):
        with pytest.raises(WorkbookError, match=said):
            act()
    assert path.read_bytes() == before


def test_a_second_run_is_refused_and_told_since_when(path):
    first, second = Excel(path), Excel(path)
    first.lock("Alice", NOW)
    with pytest.raises(WorkbookError, match=r"Alice.*10/02/2026 09:00"):
        second.lock("Bob", NOW + timedelta(hours=1))
    second.unlock()
    assert lock_path(path).exists()
    first.unlock()
    assert not lock_path(path).exists()
    second.lock("Bob", NOW)
    second.unlock()


def test_a_lock_of_another_machine_expires_and_one_of_a_dead_process_does_not_count(path):
    Excel(path).lock("Alice", NOW)
    text = lock_path(path).read_text()
    lock_path(path).write_text(text.replace('"host": "', '"host": "elsewhere-'))
    made = lock_path(path).stat().st_mtime
    os.utime(lock_path(path), (made, made - 5 * 3600))
    with pytest.raises(WorkbookError):
        Excel(path).lock("Bob", NOW + timedelta(days=30))  # a run may be dated otherwise: its date breaks no lock
    os.utime(lock_path(path), (made, made - 7 * 3600))
    Excel(path).lock("Bob", NOW)
    assert '"Bob"' in lock_path(path).read_text()

    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    lock_path(path).write_text(text.replace(f'"pid": {os.getpid()}', f'"pid": {child}'))
    Excel(path).lock("Carol", NOW)
    assert '"Carol"' in lock_path(path).read_text()


def test_a_lock_that_says_nothing_is_held_until_it_is_old(path):
    lock_path(path).write_text("")
    with pytest.raises(WorkbookError, match="autre passage"):
        Excel(path).lock("Bob", NOW)
    made = lock_path(path).stat().st_mtime
    os.utime(lock_path(path), (made, made - 120))
    Excel(path).lock("Bob", NOW)


def test_a_link_to_the_workbook_stays_a_link(path):
    link = path.parent / "raccourci.xlsx"
    link.symlink_to(path)
    book = Excel(link)
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a")]))
    assert link.is_symlink()
    assert column(path, "why")[0] == "a"


def test_verification_refuses_a_file_that_would_not_read_back(path, monkeypatch):
    before = path.read_bytes()
    book = Excel(path)
    book.read()
    monkeypatch.setattr("sync.workbook.excel.carrier.cell_at", lambda *_: "something else")
    with pytest.raises(WorkbookError, match="AC2"):
        book.write(Changes(cells=[change(2, "001", "why", "a")]))
    assert path.read_bytes() == before


def test_a_cell_that_already_holds_the_value_is_not_written(path):
    book = Excel(path)
    book.read()
    book.write(Changes(cells=[change(2, "001", "why", "a")]))
    before = path.read_bytes()
    assert book.write(Changes(cells=[change(2, "001", "why", "a", before="a")])).cells == 0
    assert path.read_bytes() == before
