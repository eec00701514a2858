"""Exports of accounting programs, week after week: what comes in, what changes, what people's hands keep."""

from datetime import date
from pathlib import Path

import pytest
from import_story import TODAY, Fed

from sync.errors import UsageError

SAGE = (
    "Échéancier clients;;;;;\r\n"
    "Édité le 18/03/2026;;;;;\r\n"
    "\r\n"
    "N° pièce;Compte tiers;Intitulé du tiers;Date de pièce;Date d'échéance;Montant TTC\r\n"
    "00012;411PETRIN;Boulangerie Pétrin;15/01/2026;14/02/2026;1 234,56\r\n"
    "00013;411RABOT;Menuiserie Rabot;28/02/2026;30/03/2026;1.180,00 €\r\n"
    ";;;;Total;2 414,56\r\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Fed:
    return Fed(tmp_path)


def week(*lines: str) -> str:
    return "Numéro de facture;Code client;Date de facture;Échéance;Montant TTC\n" + "\n".join(lines) + "\n"


FIRST = week("F-1;C1;2026-01-15;2026-02-14;120,00", "F-2;C2;2026-02-20;2026-03-22;80,50")


def test_a_french_list_with_titles_and_totals_comes_in_as_it_stands(book: Fed) -> None:
    report = book.feed(SAGE.encode("cp1252"), dates="dmy")
    assert (report.encoding, report.delimiter) == ("Windows-1252", ";")
    assert [{key: cell for key, cell in row.items() if key != "imported"} for row in book.rows("invoices")] == [
        {"invoice": "00012", "customer": "411PETRIN", "issued": date(2026, 1, 15), "due": date(2026, 2, 14), "amount": 1234.56},
        {"invoice": "00013", "customer": "411RABOT", "issued": date(2026, 2, 28), "due": date(2026, 3, 30), "amount": 1180},
    ]
    assert [(row["customer"], row["name"]) for row in book.rows("contacts")] == [
        ("411PETRIN", "Boulangerie Pétrin"), ("411RABOT", "Menuiserie Rabot"),
    ]  # fmt: skip
    assert [problem.line for problem in report.problems] == [7]  # the total
    assert not book.ledger()[1]


def test_the_same_file_twice_changes_nothing(book: Fed) -> None:
    book.feed(FIRST)
    before = book.carrier.path.read_bytes()
    report = book.feed(FIRST)
    assert report.is_nothing
    assert report.unchanged == 2
    assert book.carrier.path.read_bytes() == before


def test_next_week_brings_new_rows_and_what_the_accounts_corrected(book: Fed) -> None:
    book.feed(FIRST)
    report = book.feed(
        week("F-1;C1;2026-01-15;2026-02-28;120,00", "F-2;C2;2026-02-20;2026-03-22;80,50", "F-3;C1;2026-03-01;;99,00")
    )
    assert report.added == ["F-3"]
    assert report.updated == {"F-1": 1}
    assert book.rows("invoices")[0]["due"] == date(2026, 2, 28)


def test_what_a_person_changed_stays_whatever_the_export_says(book: Fed) -> None:
    book.feed(FIRST)
    book.type("invoices", 0, "due", date(2026, 3, 1))
    for due in ("2026-02-14", "2026-04-30", "2026-05-31"):
        report = book.feed(week(f"F-1;C1;2026-01-15;{due};120,00", "F-2;C2;2026-02-20;2026-03-22;80,50"))
        assert report.kept == ["F-1 Échéance"]
        assert book.rows("invoices")[0]["due"] == date(2026, 3, 1)


def test_a_cell_that_a_person_emptied_stays_empty(book: Fed) -> None:
    book.feed(FIRST)
    book.type("invoices", 0, "due", None)
    book.feed(FIRST)
    assert "due" not in book.rows("invoices")[0]


def test_the_same_value_typed_otherwise_is_no_change_of_a_person(book: Fed) -> None:
    book.feed(FIRST)
    book.type("invoices", 0, "due", "14/02/2026 ")
    book.type("invoices", 0, "amount", "120,00 €")
    report = book.feed(week("F-1;C1;2026-01-15;2026-02-28;130,00"))
    assert report.updated == {"F-1": 2}
    assert book.rows("invoices")[0]["amount"] == 130


def test_when_the_accounts_come_round_to_what_the_person_typed_they_lead_again(book: Fed) -> None:
    book.feed(FIRST)
    book.type("invoices", 0, "due", date(2026, 3, 1))
    book.feed(week("F-1;C1;2026-01-15;2026-03-01;120,00"))
    report = book.feed(week("F-1;C1;2026-01-15;2026-03-15;120,00"))
    assert report.updated == {"F-1": 1}
    assert book.rows("invoices")[0]["due"] == date(2026, 3, 15)


def test_a_row_typed_by_hand_is_completed_and_never_overwritten(book: Fed) -> None:
    book.type_row("invoices", {"invoice": "F-1", "customer": "C9", "issued": date(2026, 1, 15), "amount": 120.0})
    report = book.feed(FIRST)
    row = book.rows("invoices")[0]
    assert (row["customer"], row["due"]) == ("C9", date(2026, 2, 14))
    assert report.kept == ["F-1 Client"]
    assert report.added == ["F-2"]


def test_people_s_other_cells_are_not_touched(book: Fed) -> None:
    book.feed(FIRST)
    book.type("invoices", 0, "note", "Appeler Odile")
    book.type("invoices", 0, "reason", "litige")
    book.feed(week("F-1;C1;2026-01-15;2026-02-28;130,00"))
    row = book.rows("invoices")[0]
    assert (row["note"], row["reason"], row["amount"]) == ("Appeler Odile", "litige", 130)


# --- lists of open items


def test_an_invoice_that_left_the_list_of_open_items_is_withheld_until_it_returns(book: Fed) -> None:
    book.feed(FIRST)
    report = book.feed(week("F-2;C2;2026-02-20;2026-03-22;80,50"), full_open_items=True)
    assert report.absent == ["F-1"]
    ledger, problems = book.ledger()
    assert [(problem.row, problem.code) for problem in problems] == [(2, "not_in_export")]
    assert f"du {TODAY:%d/%m/%Y} ne contient" in problems[0].what("fr")
    assert [invoice.number for invoice in ledger.invoices if invoice.doubtful] == ["F-1"]
    assert book.feed(week("F-2;C2;2026-02-20;2026-03-22;80,50"), full_open_items=True).is_nothing
    report = book.feed(FIRST, full_open_items=True)
    assert report.back == ["F-1"]
    ledger, problems = book.ledger()
    assert not problems
    assert not any(invoice.doubtful for invoice in ledger.invoices)


def test_an_ordinary_export_withholds_nothing(book: Fed) -> None:
    book.feed(FIRST)
    assert not book.feed(week("F-2;C2;2026-02-20;2026-03-22;80,50")).absent
    assert not book.ledger()[1]


def test_paid_invoices_and_rows_typed_by_hand_are_not_missed(book: Fed) -> None:
    book.feed(FIRST)
    book.type_row("invoices", {"invoice": "H-1", "customer": "C1", "issued": date(2026, 1, 5), "amount": 50.0})
    book.type_row("payments", {"paid_on": date(2026, 3, 2), "invoice": "F-1", "customer": "C1", "amount": 120.0})
    assert not book.feed(week("F-2;C2;2026-02-20;2026-03-22;80,50"), full_open_items=True).absent


def test_once_its_payment_is_typed_a_withheld_invoice_is_at_rest(book: Fed) -> None:
    book.feed(FIRST)
    only_second = week("F-2;C2;2026-02-20;2026-03-22;80,50")
    book.feed(only_second, full_open_items=True)
    book.type_row("payments", {"paid_on": date(2026, 3, 16), "invoice": "F-1", "customer": "C1", "amount": 120.0})
    book.feed(only_second, full_open_items=True)
    assert not book.ledger()[1]


# --- balances


def test_a_lower_balance_is_a_part_payment_and_is_written_once(book: Fed) -> None:
    export = "Facture;Code client;Date facture;Montant TTC;Solde\nF-1;C1;2026-01-15;120,00;45,00\n"
    report = book.feed(export)
    assert len(report.settled) == 1
    assert [(row["invoice"], row["amount"], row["paid_on"]) for row in book.rows("payments")] == [("F-1", 75, TODAY)]
    assert book.feed(export, today=date(2026, 3, 25)).is_nothing
    book.feed(export.replace("45,00", "0,00"), today=date(2026, 3, 25))
    assert [row["amount"] for row in book.rows("payments")] == [75, 45]


def test_a_balance_above_the_sheet_s_is_told_and_never_written(book: Fed) -> None:
    """The money may have come this morning and not be booked yet."""
    export = "Facture;Code client;Date facture;Montant TTC;Solde\nF-1;C1;2026-01-15;120,00;120,00\n"
    book.feed(export)
    book.type_row("payments", {"paid_on": TODAY, "invoice": "F-1", "customer": "C1", "amount": 50.0})
    report = book.feed(export)
    assert report.owed_more == ["F-1"]
    assert len(book.rows("payments")) == 1


# --- what cannot be known is asked for


def test_dates_of_two_readings_are_refused_and_the_answer_is_kept(book: Fed) -> None:
    export = "Facture;Client;Date facture;TTC\nF-1;C1;03/04/2026;10,00\nF-2;C1;25/04/2026;10,00\n"
    with pytest.raises(UsageError, match="--dates dmy") as refused:
        book.feed(export)
    assert "03/04/2026" in str(refused.value)
    assert not book.rows("invoices")
    book.feed(export, dates="dmy")
    assert [row["issued"] for row in book.rows("invoices")] == [date(2026, 4, 3), date(2026, 4, 25)]
    assert book.feed(export).is_nothing  # no need to say it again


def test_a_column_that_cannot_be_known_is_asked_for_and_the_answer_is_kept(book: Fed) -> None:
    export = "Facture;Client;Date facture;Restant dû au jour;Chiffre\nF-1;C1;2026-01-15;x;12,50\n"
    with pytest.raises(UsageError, match=r"--map .*=amount") as refused:
        book.feed(export)
    assert "Chiffre" in str(refused.value)
    book.feed(export, maps=("Chiffre=amount",))
    assert book.rows("invoices")[0]["amount"] == 12.5
    assert book.feed(export).is_nothing
    kept = [row["new"] for row in book.rows("journal") if row["field"] == "import invoices"]
    assert len(kept) == 1
    assert "Chiffre" in str(kept[0])


def test_two_columns_that_could_be_the_amount_are_a_question(book: Fed) -> None:
    export = "Facture;Client;Date facture;Montant TTC;Total TTC\nF-1;C1;2026-01-15;10,00;11,00\n"
    with pytest.raises(UsageError, match="Montant TTC, Total TTC"):
        book.feed(export)
    book.feed(export, maps=("Total TTC=amount",))
    assert book.rows("invoices")[0]["amount"] == 11


@pytest.mark.parametrize("said", ["Montant TTC", "=amount", "Rien=amount", "Montant TTC=couleur"])
def test_a_map_that_means_nothing_is_refused_in_one_sentence(book: Fed, said: str) -> None:
    with pytest.raises(UsageError, match="--map") as refused:
        book.feed(FIRST, maps=(said,))
    assert "\n" not in str(refused.value)


def test_a_column_may_be_left_alone_for_good(book: Fed) -> None:
    book.feed(FIRST, maps=("Échéance=",))
    assert "due" not in book.rows("invoices")[0]
    book.feed(FIRST)
    assert "due" not in book.rows("invoices")[0]


def test_a_status_of_the_accounting_program_is_not_ours(book: Fed) -> None:
    export = "Facture;Client;Date facture;TTC;Statut\nF-1;C1;2026-01-15;10,00;Validée\n"
    assert "Statut" in book.feed(export).ignored
    own = "Facture;Client;Date facture;TTC;Statut\nF-2;C1;2026-01-15;10,00;cancelled\n"
    book.feed(own)
    assert [row.get("status") for row in book.rows("invoices")] == [None, "annulée"]


# --- doubtful cells


def test_a_cell_that_is_not_understood_stands_in_the_sheet_with_a_problem(book: Fed) -> None:
    """The row is not lost: the sheet reports it, and what the person then types is theirs."""
    export = week("F-1;C1;2026-01-15;fin février;120,00")
    report = book.feed(export)
    assert "fin février" in report.problems[0].text("fr")
    assert [(problem.column, problem.value) for problem in book.ledger()[1]] == [("due", "fin février")]
    book.type("invoices", 0, "due", date(2026, 2, 28))
    book.feed(export)
    assert book.rows("invoices")[0]["due"] == date(2026, 2, 28)


def test_amounts_are_read_in_the_file_s_own_convention(book: Fed) -> None:
    book.feed('Invoice number,Customer ID,Invoice date,Amount\nA,C1,2026-01-15,"1,234"\nB,C1,2026-01-15,12.50\n')
    book.feed("Invoice number;Customer ID;Invoice date;Amount\nC;C1;2026-01-15;1.234\nD;C1;2026-01-15;12,50\n")
    report = book.feed("Invoice number;Customer ID;Invoice date;Amount\nE;C1;2026-01-15;1.234\n")
    assert [row["amount"] for row in book.rows("invoices")] == [1234, 12.5, 1234, 12.5, "1.234"]
    assert len(report.problems) == 1


def test_two_lines_of_one_number_that_differ_are_left_out(book: Fed) -> None:
    report = book.feed(
        week("F-1;C1;2026-01-15;;60,00", "F-1;C1;2026-01-15;;40,00", "F-2;C1;2026-01-15;;5,00", "F-2;C1;2026-01-15;;5,00")
    )
    assert report.added == ["F-2"]
    assert [problem.code for problem in report.problems] == ["twice"]


def test_debit_and_credit_make_one_amount_and_a_credit_note_is_negative(book: Fed) -> None:
    book.feed("Pièce;Compte;Date;Débit;Crédit\nF-1;C1;2026-01-15;120,00;\nA-1;C1;2026-01-20;;20,00\n")
    book.feed("Type;Facture;Client;Date facture;TTC\nAvoir;A-2;C1;2026-01-21;15,00\nFacture;F-2;C1;2026-01-21;15,00\n")
    assert [row["amount"] for row in book.rows("invoices")] == [120, -20, -15, 15]


def test_nothing_from_an_export_becomes_a_formula(book: Fed) -> None:
    book.feed('Facture;Client;Date facture;TTC;Note\n"=1+1";C1;2026-01-15;10,00;"=HYPERLINK(""x"")"\n')
    assert [(row["invoice"], row["note"]) for row in book.rows("invoices")] == [("=1+1", '=HYPERLINK("x")')]


def test_text_kept_as_text_by_excel_is_that_text(book: Fed) -> None:
    book.feed('Facture;Client;Date facture;TTC\n"=""0042""";C1;2026-01-15;10,00\n')
    assert book.rows("invoices")[0]["invoice"] == "0042"


# --- contacts and payments


def test_contacts_follow_their_export_and_keep_what_people_typed(book: Fed) -> None:
    first = "Compte tiers;Raison sociale;E-mail;Adresse;Code postal;Ville;Pays\nC1;Rabot;rabot@example.org;1 rue du Bois;99100;Copeaux;France\n"
    book.feed(first, "contacts")
    row = book.rows("contacts")[0]
    assert (row["name"], row["address"], row["country"]) == ("Rabot", "1 rue du Bois\n99100 Copeaux", "FR")
    book.type("contacts", 0, "email", "odile@example.org")
    book.feed(first.replace("rabot@", "compta@").replace("Rabot", "Rabot SAS"), "contacts")
    row = book.rows("contacts")[0]
    assert (row["name"], row["email"]) == ("Rabot SAS", "odile@example.org")


def test_a_customer_described_later_gets_what_the_first_export_did_not_know(book: Fed) -> None:
    book.feed(FIRST)
    assert [row["customer"] for row in book.rows("contacts")] == ["C1", "C2"]
    book.feed("Compte tiers;Nom;Mail\nC2;Siphon;siphon@example.org\n", "contacts")
    assert book.rows("contacts")[1]["email"] == "siphon@example.org"


PAID = "Date de règlement;Facture;Code client;Montant;Référence\n2026-03-02;F-1;C1;60,00;VIR 01\n2026-03-02;F-1;C1;60,00;VIR 01\n"


def test_payments_come_in_once_and_two_equal_ones_are_two(book: Fed) -> None:
    book.feed(FIRST)
    assert len(book.feed(PAID, "payments").added) == 2
    assert book.feed(PAID, "payments").is_nothing
    assert len(book.rows("payments")) == 2
    assert settled(book) == {"F-1": 0, "F-2": 8050}


def test_a_payment_that_a_person_allocated_is_known_again(book: Fed) -> None:
    book.feed(FIRST)
    export = "Date;Client;Montant\n2026-03-02;C2;80,50\n"
    book.feed(export, "payments")
    book.type("payments", 0, "invoice", "F-2")
    assert book.feed(export, "payments").is_nothing
    assert settled(book)["F-2"] == 0


def test_a_payment_typed_before_the_export_had_it_is_not_added_again(book: Fed) -> None:
    book.feed(FIRST)
    book.type_row("payments", {"paid_on": "02/03/2026", "invoice": "F-1", "amount": "60,00 €"})
    report = book.feed(PAID, "payments")
    assert len(report.added) == 1
    assert settled(book)["F-1"] == 0
    assert book.feed(PAID, "payments").is_nothing


def settled(book: Fed) -> dict[str, int]:
    from sync.ledger.balances import settle

    ledger, _ = book.ledger()
    return dict(settle(ledger, TODAY).open)


# --- the command's words


def test_what_was_done_is_told_in_both_languages_without_names_where_asked(book: Fed) -> None:
    report = book.feed(SAGE, dates="dmy")
    french, english = "\n".join(report.sentences("fr")), "\n".join(report.sentences("en"))
    assert "2\u00a0factures" in french or "2 factures" in french
    assert "Added: 2 invoices (00012, 00013)" in english
    public = "\n".join(report.sentences("en", names=False))
    assert "411PETRIN" not in public
    assert "Added: 2 invoices (00012, 00013)" in public


def test_a_file_that_is_not_there_is_one_sentence(book: Fed, tmp_path: Path) -> None:
    from sync.importing.export import read_export
    from sync.importing.recipe import Recipe

    with pytest.raises(UsageError, match="rien.csv"):
        read_export(tmp_path / "rien.csv", "invoices", Recipe(), "fr")
    with pytest.raises(UsageError, match="aucune ligne"):
        book.feed("Facture;Client;Date facture;TTC\n")
