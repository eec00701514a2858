"""The lines of an export that are no rows, words that are nearly ours, and what the report says of all that."""

from pathlib import Path

import pytest
from import_story import Fed


@pytest.fixture
def book(tmp_path: Path) -> Fed:
    return Fed(tmp_path)


@pytest.mark.parametrize(
    "total", ["Total;;;150,00", ";;Total;150,00", ";;;150,00", "Sous-total C1;;C1;150,00", "28/02/2026;;C1;"]
)
def test_totals_of_payments_are_left_out_and_told(book: Fed, total: str) -> None:
    report = book.feed(f"Date;Facture;Client;Montant\n27/02/2026;;C1;100,00\n28/02/2026;;C2;50,00\n{total}\n", "payments")
    assert [row["amount"] for row in book.rows("payments")] == [100, 50]
    assert [problem.line for problem in report.problems] == [4]
    assert "laissée de côté" in report.problems[0].text("fr")


@pytest.mark.parametrize("total", ["Total C2;C2;;50,00", "SOUS-TOTAL;C2;Total;50,00", "Subtotal C2;C2;;50,00", ";;Total;150,00"])
def test_totals_of_invoices_are_left_out_and_told(book: Fed, total: str) -> None:
    report = book.feed(f"Facture;Client;Date;Montant TTC\nTotal-1;C1;2026-01-15;100,00\nF2;C2;;50,00\n{total}\n")
    assert [row["invoice"] for row in book.rows("invoices")] == ["Total-1", "F2"]  # a number, with its day; a day forgotten
    assert [problem.line for problem in report.problems] == [4]


def test_a_language_is_read_as_the_sheet_reads_it(book: Fed) -> None:
    report = book.feed(
        "Code client;Nom;Langue\nC1;Acme;Anglais\nC2;Léon;Français\nC3;Bob;en\nC4;Ute;Deutsch\nC5;Zoé;\n", "contacts"
    )
    assert [row.get("language") for row in book.rows("contacts")] == ["en", "fr", "en", None, None]
    assert [(problem.line, problem.code) for problem in report.problems] == [(5, "foreign_word")]
    assert not [problem for problem in book.ledger()[1] if problem.column == "language"]


def test_an_odd_word_does_not_empty_the_cell_that_stands(book: Fed) -> None:
    book.feed("Code client;Langue\nC1;Anglais\nC2;fr\n", "contacts")
    report = book.feed("Code client;Langue\nC1;???\nC2;fr\n", "contacts")
    assert book.rows("contacts")[0]["language"] == "en"
    assert report.is_nothing


def test_a_status_column_with_words_of_the_program_stays_the_program_s(book: Fed) -> None:
    report = book.feed("Facture;Client;Date;TTC;Statut\nF-1;C1;2026-01-15;10,00;Validée\nF-2;C1;2026-01-15;10,00;Annulée\n")
    assert "Statut" in report.ignored


def test_the_report_agrees_in_gender_and_number(book: Fed) -> None:
    first = "Facture;Client;Date;Échéance;Montant TTC\nF1;C1;2026-01-15;2026-02-14;{}\n"
    said = [
        book.feed(first.format("100,00")).sentences("fr"),
        book.feed(first.format("120,00")).sentences("fr"),
        book.feed("Code client;Nom\nC1;Rabot\nC2;Siphon\n", "contacts").sentences("fr"),
        book.feed("Date;Client;Montant\n2026-02-27;C1;10,00\n", "payments").sentences("fr"),
    ]
    assert [lines[0].partition("\u00a0: ")[2].partition(" (")[0] for lines in said] == [
        "1 facture lue", "1 facture lue", "2 clients lus", "1 règlement lu",
    ]  # fmt: skip
    assert "Mise à jour\u00a0: 1 facture, 1 cellule (F1)." in said[1]
    assert any(line.startswith("Nouveau client\u00a0: 1 (C1). Complétez son adresse e-mail.") for line in said[0])
    english = book.feed(first.format("130,00")).sentences("en")
    assert "Updated: 1 invoice, 1 cell (F1)." in english
