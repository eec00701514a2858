"""The balances of an export, week after week: what is paid is never chased, what is credited counts once."""

from datetime import date
from pathlib import Path

import pytest
from import_story import TODAY, Fed

from sync.ledger.balances import settle

HEADINGS = "Facture;Client;Date;Échéance;Montant TTC;Solde"


@pytest.fixture
def book(tmp_path: Path) -> Fed:
    return Fed(tmp_path)


def export(*lines: str) -> str:
    return "\n".join([HEADINGS, *lines]) + "\n"


def owed(book: Fed) -> dict[str, int]:
    return {number: cents for number, cents in settle(book.ledger()[0], TODAY).open.items() if cents}


def free(book: Fed) -> dict[str, int]:
    return {customer: cents for (customer, _), cents in settle(book.ledger()[0], TODAY).unallocated.items()}


# --- cells that people wrote


def test_a_corrected_due_date_does_not_stop_the_balance_from_being_followed(book: Fed) -> None:
    """16/02 two invoices come in; the clerk moves a due date; 18/03 the export says that both are paid."""
    book.feed(
        export("F1;C1;2026-01-20;2026-02-13;80,00;80,00", "F2;C2;2026-01-20;2026-02-13;90,00;90,00"), today=date(2026, 2, 16)
    )
    book.type("invoices", 0, "due", date(2026, 2, 20))
    report = book.feed(export("F1;C1;2026-01-20;2026-02-13;80,00;0,00", "F2;C2;2026-01-20;2026-02-13;90,00;0,00"))
    assert report.kept == ["F1 Échéance"]
    assert owed(book) == {}


@pytest.mark.parametrize(("column", "value"), [("amount", 70.0), ("currency", "USD")])
def test_beside_an_amount_that_a_person_wrote_a_balance_says_nothing(book: Fed, column: str, value: str | float) -> None:
    lines = "Facture;Client;Date;Montant TTC;Devise;Solde\nF 1;C1;2026-01-20;80,00;EUR;{}\nF;C1;2026-01-20;60,00;EUR;{}\n"
    book.feed(lines.format("80,00", "60,00"))
    book.type("invoices", 0, column, value)
    book.feed(lines.format("20,00", "0,00"))
    assert [(row["invoice"], row["amount"]) for row in book.rows("payments")] == [("F", 60)]  # "F" is not "F 1"


def test_the_payment_is_of_the_customer_that_a_person_wrote(book: Fed) -> None:
    book.feed(export("F1;C1;2026-01-20;2026-02-13;80,00;80,00"))
    book.type_row("contacts", {"customer": "C9"})
    book.type("invoices", 0, "customer", "C9")
    book.feed(export("F1;C1;2026-01-20;2026-02-13;80,00;30,00"))
    assert owed(book) == {"F1": 3000}
    assert not book.ledger()[1]


# --- paid too much, or in words


def test_an_overpaid_invoice_is_settled_and_the_excess_is_its_customer_s(book: Fed) -> None:
    """80,00 invoiced, 100,00 received: nothing is owed, 20,00 are free; again and again, and until they are used."""
    overpaid = export("F4;C2;2026-01-20;2026-02-20;80,00;-20,00")
    assert book.feed(overpaid).settled == ["F4 (100,00\u00a0€)"]
    assert (owed(book), free(book)) == ({}, {"C2": 2000})
    assert book.feed(overpaid, today=date(2026, 3, 25)).is_nothing
    used = export("F4;C2;2026-01-20;2026-02-20;80,00;0,00", "F5;C2;2026-03-01;2026-03-31;50,00;30,00")
    book.feed(used)
    assert (owed(book), free(book)) == ({"F5": 3000}, {})
    assert book.feed(used).is_nothing


def test_an_excess_that_a_person_typed_is_never_taken_back(book: Fed) -> None:
    """The accounts have 80,00 of the 100,00 received so far: they may still book the rest."""
    book.feed(export("F4;C2;2026-01-20;2026-02-20;80,00;80,00"))
    book.type_row("payments", {"paid_on": TODAY, "invoice": "F4", "customer": "C2", "amount": 100.0})
    assert book.feed(export("F4;C2;2026-01-20;2026-02-20;80,00;0,00")).owed_more == ["F4"]
    assert free(book) == {"C2": 2000}


def test_an_excess_beside_paid_on_is_told(book: Fed) -> None:
    book.feed(export("F4;C2;2026-01-20;2026-02-20;80,00;80,00"))
    book.type("invoices", 0, "paid_on", date(2026, 3, 2))
    report = book.feed(export("F4;C2;2026-01-20;2026-02-20;80,00;-20,00"))
    assert "payée en trop" in report.problems[0].text("fr")
    assert not book.rows("payments")


def test_a_balance_that_cannot_be_read_is_told_and_a_side_is_understood(book: Fed) -> None:
    lines = [
        ("F4", "soldée"),
        ("F5", ""),
        ("F6", "-"),
        ("F7", "0,00 C"),
        ("F8", "30,00 D"),
        ("F9", "10,00 CR"),
        ("F0", "-5,00 C"),
    ]
    report = book.feed(export(*(f"{number};C3;2026-01-20;2026-02-20;80,00;{text}" for number, text in lines)))
    assert [(problem.line, problem.code) for problem in report.problems] == [(2, "balance"), (4, "balance"), (8, "balance")]
    assert report.problems[0].text("fr").startswith("Ligne 2\u00a0: Solde «\u00a0soldée\u00a0» n’est pas compris")
    assert owed(book) == {"F4": 8000, "F5": 8000, "F6": 8000, "F8": 3000, "F0": 8000}
    assert free(book) == {"C3": 1000}


# --- credit notes


def test_a_credit_note_used_in_the_accounts_counts_once(book: Fed) -> None:
    """300,00 less a credit note of 50,00: 250,00 are owed, and no credit is left beside."""
    both = export("F3;C2;2026-01-10;2026-02-13;300,00;250,00", "AV3;C2;2026-01-20;;-50,00;0,00")
    report = book.feed(both)
    assert report.credits_used == ["AV3 (50,00\u00a0€)"]
    assert (owed(book), free(book)) == ({"F3": 25000}, {})
    assert not book.ledger()[1]
    assert book.feed(both, today=date(2026, 3, 25)).is_nothing
    undone = export("F3;C2;2026-01-10;2026-02-13;300,00;250,00", "AV3;C2;2026-01-20;;-50,00;-50,00")
    book.feed(undone)  # no longer lettered
    assert free(book) == {"C2": 5000}
    assert book.feed(undone).is_nothing


def test_a_credit_note_used_later_and_in_part(book: Fed) -> None:
    book.feed(export("F3;C2;2026-01-10;2026-02-13;300,00;300,00", "AV3;C2;2026-01-20;;-50,00;-50,00"))
    assert free(book) == {"C2": 5000}
    book.feed(export("F3;C2;2026-01-10;2026-02-13;300,00;270,00", "AV3;C2;2026-01-20;;-50,00;-20,00"))
    assert (owed(book), free(book)) == ({"F3": 27000}, {"C2": 2000})


def test_a_credit_note_that_names_its_invoice_needs_no_payment(book: Fed) -> None:
    lines = "Facture;Client;Date;Montant TTC;Solde;S'impute sur\nF3;C2;2026-01-10;300,00;{};\nAV3;C2;2026-01-20;-50,00;{};F3\n"
    book.feed(lines.format("300,00", "-50,00"))
    report = book.feed(lines.format("250,00", "0,00"))
    assert not report.credits_used
    assert owed(book) == {"F3": 25000}


def test_a_credit_note_that_left_the_list_of_open_items_is_told_like_an_invoice(book: Fed) -> None:
    first = export("F3;C2;2026-01-10;2026-02-13;300,00;300,00", "AV3;C2;2026-01-20;;-50,00;-50,00")
    book.feed(first, full_open_items=True)
    second = export("F3;C2;2026-01-10;2026-02-13;300,00;250,00")
    assert book.feed(second, full_open_items=True).absent == ["AV3"]
    assert [problem.code for problem in book.ledger()[1]] == ["not_in_export"]
    assert book.feed(second, full_open_items=True).is_nothing
    book.type_row("payments", {"paid_on": TODAY, "invoice": "AV3", "customer": "C2", "amount": -50.0})
    book.feed(second, full_open_items=True)
    assert not book.ledger()[1]
    assert (owed(book), free(book)) == ({"F3": 25000}, {})
