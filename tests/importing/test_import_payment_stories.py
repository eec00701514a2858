"""One payment that the sheet and the accounts tell differently is one payment: never a second row, and doubt is told."""

from pathlib import Path

import pytest
from import_story import TODAY, Fed

from sync.ledger.balances import settle

INVOICES = "Facture;Client;Date;Montant TTC;Solde\nF1;C1;2026-01-10;100,00;{}\nF2;C1;2026-01-10;100,00;100,00\n"
PAID = "Date;Facture;Client;Montant;Référence\n"
ON_ACCOUNT, ON_F1, ON_F2 = (PAID + f"2026-02-27;{number};C1;100,00;\n" for number in ("", "F1", "F2"))


@pytest.fixture
def book(tmp_path: Path) -> Fed:
    book = Fed(tmp_path)
    book.feed(INVOICES.format("100,00"))
    return book


def invoices_paid(book: Fed) -> list[object]:
    return [row.get("invoice") for row in book.rows("payments")]


def test_a_transfer_typed_on_account_is_not_added_again_when_the_export_names_its_invoice(book: Fed) -> None:
    """27/02 the clerk types 100,00 of C1; the export of the week has it on F1."""
    book.type_row("payments", {"paid_on": "27/02/2026", "customer": "C1", "amount": "100"})
    report = book.feed(ON_F1, "payments")
    assert invoices_paid(book) == [None]  # the person's row is theirs
    assert (report.added, report.unchanged) == ([], 1)
    assert report.problems[0].text("fr") == (
        "Ligne 2\u00a0: le règlement du 27/02/2026 figure déjà dans Règlements, sans facture (ligne 2)\u202f; "
        "il n’est pas ajouté une seconde fois. L’export l’affecte à F1\u00a0: écrivez-la sur cette ligne."
    )
    assert not any("Rien à changer" in line for line in report.sentences("fr"))
    again = book.feed(ON_F1, "payments")
    assert (again.is_nothing, again.problems) == (True, [])


def test_a_line_lettered_since_allocates_the_row_it_gave(book: Fed) -> None:
    book.feed(ON_ACCOUNT, "payments")
    report = book.feed(ON_F1, "payments")
    assert (report.added, report.updated) == ([], {"F1": 1})
    assert invoices_paid(book) == ["F1"]
    assert settle(book.ledger()[0], TODAY).open == {"F1": 0, "F2": 10000}
    assert book.feed(ON_F1, "payments").is_nothing


def test_a_person_s_allocation_stands_and_the_other_is_told(book: Fed) -> None:
    book.feed(ON_ACCOUNT, "payments")
    book.type("payments", 0, "invoice", "F2")
    report = book.feed(ON_F1, "payments")
    assert invoices_paid(book) == ["F2"]
    assert [problem.code for problem in report.problems] == ["doubtful_payment"]
    assert "ligne 2 de Règlements, qui dit F2 quand l’export dit F1" in report.problems[0].text("fr")
    book.type("payments", 0, "invoice", "F1")  # the person agrees
    assert not book.feed(ON_F1, "payments").problems
    assert book.feed(ON_F1, "payments").is_nothing
    assert invoices_paid(book) == ["F1"]


def test_an_allocation_that_the_accounts_undid_is_told(book: Fed) -> None:
    book.feed(ON_F1, "payments")
    report = book.feed(ON_ACCOUNT, "payments")
    assert invoices_paid(book) == ["F1"]
    assert [problem.code for problem in report.problems] == ["doubtful_payment"]


def test_a_payment_typed_on_its_invoice_is_known_when_the_export_names_none(book: Fed) -> None:
    book.type_row("payments", {"paid_on": "27/02/2026", "invoice": "F1", "amount": "100"})
    report = book.feed(ON_ACCOUNT, "payments")
    assert (invoices_paid(book), report.problems) == (["F1"], [])
    assert book.feed(ON_ACCOUNT, "payments").is_nothing


def test_two_payments_stay_two(book: Fed) -> None:
    """Two invoices paid the same day; one on account beside one allocated; two transfers of two references."""
    book.feed(ON_F1, "payments")
    book.feed(ON_F2, "payments")
    assert invoices_paid(book) == ["F1", "F2"]
    both = PAID + "2026-03-02;;C1;50,00;VIR 1\n2026-03-02;F1;C1;50,00;VIR 1\n"
    book.feed(both, "payments")
    book.feed(PAID + "2026-03-02;F2;C1;50,00;VIR 2\n", "payments")
    assert invoices_paid(book) == ["F1", "F2", None, "F1", "F2"]
    assert book.feed(both, "payments").is_nothing


def test_a_payment_told_by_a_balance_gets_its_true_day(book: Fed) -> None:
    """The list of 18/03 says that F1 is paid; the payments, brought in later, say since when."""
    book.feed(INVOICES.format("0,00"))
    report = book.feed(ON_F1, "payments")
    assert (report.added, report.updated) == ([], {"F1": 1})
    assert [(row["invoice"], f"{row['paid_on']:%d/%m}") for row in book.rows("payments")] == [("F1", "27/02")]
    assert book.feed(ON_F1, "payments").is_nothing
    assert book.feed(INVOICES.format("0,00")).is_nothing


def test_a_payment_typed_on_an_invoice_that_the_sheet_has_not_is_known_too(book: Fed) -> None:
    book.type_row("payments", {"paid_on": "27/02/2026", "invoice": "F9", "amount": "100"})
    assert book.feed(PAID + "2026-02-27;F9;C1;100,00;\n", "payments").is_nothing
    assert invoices_paid(book) == ["F9"]
