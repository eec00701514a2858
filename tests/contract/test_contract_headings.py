"""Tabs and headings: either language, any order, case, accents; only the Invoices tab is required."""

from datetime import date, datetime

import openpyxl
import pytest
from plain_book import Book, contact, day, invoice, paid


def test_one_tab_of_five_columns_is_a_workbook(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1", "2026-01-31", 120.5)])
    view = book.view("F-1", "2026-02-10")
    assert (view["customer"], view["currency"], view["open"], view["days_late"]) == ("C1", "EUR", "120.50", 10)
    assert book.run("check", "--as-of", "2026-02-10").exit_code == 0


def test_french_headings_in_another_order_with_other_case_and_no_accents(tmp_path):
    row = {
        "MONTANT ttc": "1 234,56 €", "echeance": "31/01/2026", "Ma colonne": "x", "date de Facture": "02/01/2026", "CLIENT": "C1",
        "  facture ": "0042",
    }  # fmt: skip
    view = Book(tmp_path, Factures=[row]).view("0042", "2026-02-10")
    assert (view["open"], view["days_late"]) == ("1234.56", 10)


def test_titles_in_french_and_english_may_stand_side_by_side(tmp_path):
    book = Book(
        tmp_path,
        FACTURES=[invoice()],
        clients=[contact(Langue="en")],
        Reglements=[{"DATE": day("2026-02-03"), "Facture": "F-1", "Montant": 40}],
    )
    assert book.view("F-1", "2026-02-10")["open"] == "60.00"


def test_the_tab_and_its_table_may_start_lower(tmp_path):
    book = Book(tmp_path)
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Invoices"
    sheet["A1"] = "Atelier Brumaire, open items"
    sheet.merge_cells("A1:E1")
    for column, (heading, cell) in enumerate(invoice().items(), 1):
        sheet.cell(3, column).value = heading
        sheet.cell(4, column).value = cell
    sheet.cell(5, 1).value = "F-2"
    made.save(book.path)
    plan = book.plan("2026-02-10")
    assert [one["invoice"] for one in plan["invoices"]] == ["F-1"]
    assert {one["row"] for one in plan["problems"]} == {5}


def test_hidden_and_filtered_rows_count_like_the_others(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2")])
    made = openpyxl.load_workbook(book.path)
    made["Invoices"].row_dimensions[3].hidden = True
    made["Invoices"].auto_filter.ref = "A1:E3"
    made["Invoices"].auto_filter.add_filter_column(0, ["F-1"])
    made.save(book.path)
    assert [one["invoice"] for one in book.plan("2026-02-10")["invoices"]] == ["F-1", "F-2"]


def test_unknown_tabs_and_columns_are_left_alone(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Our colour": "blue"})], Pivot=[{"a": 1, "b": "=A2*2"}], Contacts=[contact()])
    assert book.plan("2026-02-10")["problems"] == []
    book.sync("2026-02-10")
    assert book.rows("Pivot") == [{"a": 1, "b": "=A2*2"}]
    assert book.rows("Invoices")[0]["Our colour"] == "blue"


@pytest.mark.parametrize(
    "rows",
    [[], [{}], [dict.fromkeys(("Invoice", "Customer", "Issue date", "Due date", "Amount"))]],
    ids=["nothing", "blank", "headings"],
)
def test_a_workbook_without_any_invoice_ends_well_or_says_what_is_missing(tmp_path, rows):
    book = Book(tmp_path, Invoices=rows)
    result = book.run("plan", "--as-of", "2026-02-10", status=None)
    assert result.exit_code in (0, 3)
    assert result.exit_code == 0 or len(result.stderr.strip().splitlines()) == 1


def test_headings_alone_are_an_empty_portfolio(tmp_path):
    book = Book(tmp_path, Invoices=[dict.fromkeys(("Invoice", "Customer", "Issue date", "Due date", "Amount"))])
    plan = book.plan("2026-02-10")
    assert (plan["decisions"], plan["invoices"], plan["customers"], plan["problems"]) == ([], [], [], [])
    book.sync("2026-02-10")
    assert book.run("report", "--as-of", "2026-02-10", "--site", str(tmp_path / "site")).exit_code == 0


def test_a_missing_required_column_is_one_sentence_and_3(tmp_path):
    row = invoice()
    del row["Amount"]
    result = Book(tmp_path, Invoices=[row]).run("plan", "--as-of", "2026-02-10", status=3)
    assert "Montant TTC" in result.stderr


def test_without_a_tab_of_invoices_it_is_3(tmp_path):
    result = Book(tmp_path, Ventes=[invoice()]).run("plan", "--as-of", "2026-02-10", status=3)
    assert "Factures" in result.stderr


def test_a_heading_that_stands_twice_sends_nothing(tmp_path):
    book = Book(tmp_path, Invoices=[{**invoice(), "Montant TTC": 90}], Contacts=[contact()], Settings={"mode": "auto"})
    assert [one["code"] for one in book.plan("2026-02-10")["problems"]] == ["column_twice"]
    book.sync("2026-02-10", status=2)
    assert book.mails() == []


def test_every_optional_column_may_be_named_in_french(tmp_path):
    french = {
        "Devise": "eur", "S'impute sur": None, "Payée le": None, "Statut": "ouverte", "Date du statut": None,
        "Motif du retard": "litige", "Motif depuis": day("2026-02-01"), "Montant contesté": 20, "Promesse au": None,
        "Montant promis": None, "Suspendue jusqu'au": None, "Scénario": None, "Dernière étape (avant)": None,
        "Dernier contact (avant)": None, "Lien de paiement": "https://pay.example.org/1", "Lien facture": None, "Note": "n", "Envoyer ?": None,
    }  # fmt: skip
    book = Book(tmp_path, Factures=[{**invoice(), **french}])
    assert book.plan("2026-02-10")["problems"] == []
    assert book.why("F-1", "2026-02-10") == ("paused", "disputed")


def test_typographic_apostrophes_and_no_break_spaces_in_headings(tmp_path):
    book = Book(tmp_path, Factures=[invoice(**{"Suspendue jusqu’au": day("2026-02-20"), "Envoyer\u202f?": None})])
    assert book.why("F-1", "2026-02-10") == ("paused", "on_hold")


def test_the_reasons_tab_may_call_its_first_column_reason_or_motif(tmp_path):
    for heading in ("Reason", "Motif", "Delay reason", "Motif du retard"):
        book = Book(tmp_path, Invoices=[invoice(**{"Delay reason": "other"})], Reasons=[{heading: "other", "Pause": "no"}])
        assert book.why("F-1", "2026-02-10")[1] != "other", heading
        assert book.plan("2026-02-10")["problems"] == [], heading


def test_the_plans_tab_may_call_its_file_as_the_invoices_do(tmp_path):
    for heading in ("Invoice file", "Lien facture", "Document"):
        row = {
            "Plan": "P1",
            "Customer": "C1",
            "Invoices": "F-1",
            "Agreed on": day("2026-02-05"),
            "Due date": day("2026-03-01"),
            "Amount": 100,
            heading: "ftp://no",
        }
        book = Book(tmp_path, Invoices=[invoice()], Plans=[row])
        assert [one["code"] for one in book.plan("2026-02-10")["problems"]] == ["bad_link"], heading


def test_native_dates_with_a_time_are_days(tmp_path):
    row = invoice(
        **{"Issue date": datetime.fromisoformat("2026-01-01 15:30"), "Due date": datetime.fromisoformat("2026-01-31 23:59")}
    )
    assert Book(tmp_path, Invoices=[row]).view("F-1", "2026-02-01")["days_late"] == 1


def test_a_workbook_of_macros_is_read_and_written(tmp_path):
    book = Book(tmp_path, name="book.xlsm", Invoices=[invoice()], Contacts=[contact()])
    assert book.view("F-1", "2026-02-10")["open"] == "100.00"
    book.sync("2026-02-10")
    assert date.fromisoformat(str(book.rows("Journal")[0]["Quand"])[:10]) == date(2026, 2, 10)


def test_payments_and_contacts_are_read_in_any_order_of_tabs(tmp_path):
    book = Book(tmp_path, Payments=[paid("2026-02-01", 30, "F-1")], Contacts=[contact()], Invoices=[invoice()])
    assert book.view("F-1", "2026-02-10")["open"] == "70.00"
