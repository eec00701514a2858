"""What a workbook says is read as it stands; what it does not say is never read as empty."""

import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from sync.errors import WorkbookError
from sync.ledger.problems import Severity
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.excel.carrier import Excel

HEADINGS = ["Invoice", "Customer", "Issue date", "Due date", "Amount", "Note"]


def book_of(path, *rows, headings=HEADINGS, title="Invoices"):
    book = Workbook()
    book.active.title = title
    for row in (headings, *rows):
        book.active.append(row)
    book.save(path)
    return path


def edit(path, part, change):
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def invoices(path):
    return Excel(path, "en").read().tabs["invoices"]


def test_native_cells_come_back_as_what_they_are(tmp_path):
    path = book_of(
        tmp_path / "b.xlsx",
        ["007", "C1", date(2026, 1, 5), datetime.fromisoformat("2026-01-06T10:30"), 12.5, True],
        ["8", 9, None, None, 100, "  x "],
    )
    tab = invoices(path)
    assert tab.columns["invoice"] == ["007", "8"]
    assert tab.columns["customer"] == ["C1", 9]
    assert isinstance(tab.columns["customer"][1], int)
    assert tab.columns["issued"] == [date(2026, 1, 5), None]
    assert tab.columns["due"] == [datetime.fromisoformat("2026-01-06T10:30"), None]
    assert tab.columns["amount"] == [12.5, 100]
    assert tab.columns["note"] == [True, "  x "]
    assert tab.letters["amount"] == "E"


def test_a_formula_without_a_stored_result_is_a_problem_and_never_an_empty_cell(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1", date(2026, 1, 5), "=C2+30", '=IF(1<2,"&","")', None])
    snapshot = Excel(path, "en").read()
    assert snapshot.tabs["invoices"].columns["due"] == ["=C2+30"]
    assert snapshot.tabs["invoices"].columns["amount"] == ['=IF(1<2,"&","")']
    assert [(p.code, p.row, p.column, p.severity) for p in snapshot.problems] == [
        ("formula_not_computed", 2, "due", Severity.ROW),
        ("formula_not_computed", 2, "amount", Severity.ROW),
    ]


def test_a_stored_result_is_read_and_an_empty_text_is_a_result(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1", date(2026, 1, 5), "=C2+30", 10, '=""'])
    edit(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: (
            xml.replace("<f>C2+30</f><v></v>", "<f>C2+30</f><v>46057</v>")
            .replace("<f>C2+30</f><v/>", "<f>C2+30</f><v>46057</v>")
            .replace('<c r="F2">', '<c r="F2" t="str">')
        ),
    )
    snapshot = Excel(path, "en").read()
    assert snapshot.tabs["invoices"].columns["due"] == [46057]
    assert snapshot.tabs["invoices"].columns["note"] == [None]
    assert snapshot.problems == ()


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_cell_is_its_text(tmp_path, error):
    path = book_of(
        tmp_path / "b.xlsx", ["1", "C1", date(2026, 1, 5), None, 77, None], ["2", "C1", date(2026, 1, 5), None, 5, None]
    )
    edit(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace('<c r="E2" t="n"><v>77</v>', f'<c r="E2" t="e"><v>{error}</v>')
    )
    assert invoices(path).columns["amount"] == [error, 5]


def test_an_error_in_the_last_row_is_not_trimmed(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1", date(2026, 1, 5), None, 77, None])
    edit(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace("</sheetData>", '<row r="4"><c r="E4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>'),
    )
    tab = invoices(path)
    assert tab.columns["amount"] == [77, None, "#DIV/0!"]
    assert {len(cells) for cells in tab.columns.values()} == {3}


def test_trailing_blank_rows_are_trimmed_and_blank_rows_between_stay(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1"], [], ["2", "C2"], [" "], [None])
    assert invoices(path).columns["invoice"] == ["1", None, "2"]


def test_hidden_merged_and_filtered_rows_come_back_normally(tmp_path):
    path = tmp_path / "b.xlsx"
    book = Workbook()
    sheet = book.active
    sheet.title = "Invoices"
    for row in (HEADINGS, ["1", "C1"], ["2", "C2"], ["3", "C3"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:F4"
    sheet.merge_cells("F2:F4")
    sheet.sheet_state = "visible"
    book.save(path)
    assert invoices(path).columns["customer"] == ["C1", "C2", "C3"]


def test_dates_counted_from_1904_are_the_same_days(tmp_path):
    path = tmp_path / "b.xlsx"
    book = Workbook()
    book.epoch = datetime.fromisoformat("1904-01-01")
    book.active.title = "Invoices"
    for row in (HEADINGS, ["1", "C1", date(2026, 1, 5)]):
        book.active.append(row)
    book.save(path)
    assert invoices(path).columns["issued"] == [date(2026, 1, 5)]


def test_a_table_that_does_not_begin_at_a1(tmp_path):
    path = book_of(
        tmp_path / "b.xlsx", [], [None, None, *HEADINGS], [None, None, "1", "C1", date(2026, 1, 5), "#", 12], headings=[]
    )
    tab = invoices(path)
    assert tab.first_row == 4
    assert tab.columns["invoice"] == ["1"]
    assert tab.letters["invoice"] == "C"


def test_only_the_asked_tabs_are_read(tmp_path):
    path = tmp_path / "b.xlsx"
    Excel(path, "fr").init("fr")
    assert set(Excel(path).read(["payments", "plans"]).tabs) == {"payments", "plans"}


def test_a_workbook_without_invoices_says_so(tmp_path):
    snapshot = Excel(book_of(tmp_path / "b.xlsx", title="Autre")).read()
    assert snapshot.tabs == {}
    assert [problem.code for problem in snapshot.problems] == ["tab_missing"]


def test_a_stray_cell_far_away_is_refused_before_it_fills_the_memory(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1"])
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(3, 5000))
    stray = '<row r="5000"><c r="XFD5000"><v>1</v></c></row>'
    edit(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", rows + stray + "</sheetData>"))
    with pytest.raises(WorkbookError, match="XFD5000"):
        Excel(path, "en").read()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a sound"),
        (b"PK\x03\x04 broken", "not a sound"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (b"<html>", "not a sound"),
    ],
)
def test_what_is_no_workbook_is_said_in_a_sentence(tmp_path, content, said):
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=said):
        Excel(path, "en").read()


def test_a_damaged_sheet_is_said_in_a_sentence(tmp_path):
    path = book_of(tmp_path / "b.xlsx", ["1", "C1"])
    edit(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    with pytest.raises(WorkbookError, match="valide"):
        Excel(path, "fr").read()


def test_a_missing_file_and_another_format_say_what_to_do(tmp_path):
    with pytest.raises(WorkbookError, match="relance init"):
        Excel(tmp_path / "none.xlsx", "en").read()
    with pytest.raises(WorkbookError, match="Enregistrez-le en .xlsx"):
        Excel(tmp_path / "old.ods", "fr").read()


PAYMENT_HEADINGS = [column.en for column in TABS_BY_KEY["payments"].columns]


@pytest.mark.parametrize("own", [False, True], ids=["gone", "made anew and blank"])
def test_payments_under_another_title_stop_sending_instead_of_going_unread(tmp_path, own):
    book = Workbook()
    book.active.title = "Invoices"
    book.active.append(HEADINGS)
    for title in ("Money in", *(["Payments"] if own else [])):
        book.create_sheet(title).append(PAYMENT_HEADINGS)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert Excel(path, "en").read().problems == ()  # a model kept aside, without a row, hides nothing
    book["Money in"].append([date(2026, 1, 15), "F-1", None, 100])
    book.save(path)
    (problem,) = Excel(path, "en").read().problems
    assert (problem.tab, problem.code, problem.value, problem.severity) == ("payments", "tab_renamed", "Money in", Severity.STOP)
    if own:
        book["Payments"].append([date(2026, 1, 16), "F-2", None, 100])
        book.save(path)
        assert Excel(path, "en").read().problems == ()  # a tab in use, and last year's put away
