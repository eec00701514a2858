"""Documents in the daily job: written beside the workbook, named in Today, attached where a step says so, sent by nobody."""

import email
import time
from datetime import date
from email import policy
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from letters.paper import read
from sheet import Sheet

from sync.cli import main
from sync.letters.documents import office, press
from sync.workbook.contract import CADENCE

IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "RELANCE_OUTBOX", "RELANCE_DOCUMENTS", "RELANCE_SMTP_URL", "RELANCE_PAYEE"):
        monkeypatch.delenv(name, raising=False)


def at_the_notice(folder: Path, **settings: object) -> Sheet:
    """F-1 fell due on 30 January; on 20 March the formal notice is the next step."""
    sheet = Sheet(folder, iban=IBAN, address="3 quai des Salinières\n33000 Bordeaux", sender_name="Hélène Roy", **settings)
    sheet.contact(name="Les Ateliers Vif", address="1 rue du Four\n75006 Paris")
    return sheet.invoice("F-1", "2026-01-30", 1200, last_step=5, last_contact="2026-03-01")


def documents(sheet: Sheet) -> list[Path]:
    return sorted(sheet.path.with_name("book.documents").glob("*"))


def run(sheet: Sheet, *arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, [arguments[0], *arguments[1:]], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def the_task(sheet: Sheet) -> Any:
    return next(row for row in sheet.rows("today") if row["kind"] == "mise en demeure")


def test_a_formal_notice_waits_on_paper_and_in_today_and_is_never_sent(tmp_path: Path) -> None:
    """Closing list of facts/legal.md, 1: prepared in full, sent by nobody."""
    sheet = at_the_notice(tmp_path)
    told = sheet.sync("2026-03-20")
    assert told["sent"] == []
    assert sheet.mails() == []
    enclosure, notice = documents(sheet)
    assert notice.name == the_task(sheet)["file"]
    text = read(notice.read_bytes())
    for mention in ("MISE EN DEMEURE", "Les Ateliers Vif", "1 rue du Four", "F-1", "1 200,00 €", "Bordeaux, le 20 mars 2026"):
        assert mention in text


def test_the_same_day_writes_nothing_again_and_the_name_never_changes(tmp_path: Path) -> None:
    sheet = at_the_notice(tmp_path)
    sheet.sync("2026-03-20")
    enclosure, path = documents(sheet)
    before = path.stat().st_mtime_ns, path.read_bytes()
    assert sheet.sync("2026-03-20")["written"]["cells"] == 0
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    sheet.sync("2026-03-23")
    assert documents(sheet) == [enclosure, path]
    assert the_task(sheet)["file"] == path.name


def test_the_calculation_beside_a_notice_says_what_the_notice_says(tmp_path: Path) -> None:
    """Whatever the day it is printed: the words of a notice that waits are frozen, and so is its enclosure."""
    sheet = at_the_notice(tmp_path).invoice("F-2", "2026-03-10", 900)
    sheet.types("invoices", "F-2", reason="litige")
    for day in ("2026-03-20", "2026-03-31"):
        sheet.sync(day)
        enclosure, notice = documents(sheet)
        told = read(enclosure.read_bytes())
        assert "Arrêté au 20 mars 2026" in told
        assert "19,57 €" in told  # 1 200 x 12.15 % x 49 / 365
        assert "19,57 €" in read(notice.read_bytes())
        assert "F-2" not in told
    sheet.add("payments", paid_on=date(2026, 4, 1), invoice="F-1", amount=200)
    sheet.sync("2026-04-02")
    enclosure, notice = documents(sheet)
    assert "Arrêté au 2 avril 2026" in read(enclosure.read_bytes())
    assert "1 000,00 €" in read(notice.read_bytes())


def test_without_interest_a_notice_has_no_calculation(tmp_path: Path) -> None:
    sheet = at_the_notice(tmp_path, interest="jamais")
    sheet.sync("2026-03-20")
    assert [path.name for path in documents(sheet)] == [the_task(sheet)["file"]]


def test_a_persons_own_words_are_those_of_the_letter(tmp_path: Path) -> None:
    sheet = at_the_notice(tmp_path)
    sheet.sync("2026-03-20")
    theirs = sheet["invoices", "F-1", "draft"].replace("quinze jours", "vingt et un jours")
    sheet.types("invoices", "F-1", draft=theirs)
    sheet.sync("2026-03-20")
    assert "vingt et un jours" in read(documents(sheet)[1].read_bytes())


def test_once_posted_the_journal_keeps_the_words(tmp_path: Path) -> None:
    sheet = at_the_notice(tmp_path)
    sheet.sync("2026-03-20")
    words = sheet["invoices", "F-1", "draft"]
    sheet.types("today", the_task(sheet)["task"], outcome="fait", note="RAR 1A 234 567 8901 2")
    sheet.sync("2026-03-20")
    row = next(row for row in sheet.rows("journal") if row["channel"] == "formal notice" and row["status"] == "done")
    assert row["text"] == words
    assert "MISE EN DEMEURE" in row["subject"]


def test_another_account_than_the_protected_one_makes_no_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing list, 8: the account is the one kept outside the sheet."""
    monkeypatch.setenv("RELANCE_PAYEE", "DE89370400440532013000")
    sheet = at_the_notice(tmp_path)
    sheet.run("sync", "--as-of", "2026-03-20", exit_code=2)
    assert documents(sheet) == []
    run(sheet, "document", "notice", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    run(sheet, "dossier", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    assert documents(sheet) == []


def test_an_account_slipped_into_the_words_makes_no_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_PAYEE", IBAN)
    sheet = at_the_notice(tmp_path)
    sheet.sync("2026-03-20")
    theirs = sheet["invoices", "F-1", "draft"] + "\nRéglez plutôt sur DE89 3704 0044 0532 0130 00."
    sheet.types("invoices", "F-1", draft=theirs)
    for path in documents(sheet):
        path.unlink()
    sheet.run("sync", "--as-of", "2026-03-20")
    assert documents(sheet) == []


def test_on_a_machine_that_is_thrown_away_documents_need_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    sheet = at_the_notice(tmp_path)
    sheet.run("sync", "--as-of", "2026-03-20")
    assert documents(sheet) == []
    sheet.run("sync", "--as-of", "2026-03-20", "--documents", str(tmp_path / "kept"))
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_a_step_may_attach_a_statement_or_its_words_on_paper(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path, iban=IBAN).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30", 240)
    attach(sheet, step=2, word="relevé")
    sheet.sync("2026-02-02")
    message = email.message_from_bytes(sheet.mails()[0].read_bytes(), policy=policy.default)
    files = list(message.iter_attachments())
    assert [(one.get_filename(), one.get_content_type()) for one in files] == [
        ("releve-de-compte-2026-02-02.pdf", "application/pdf")
    ]
    text = read(files[0].get_content())
    assert "Relevé de compte" in text
    assert "240,00 €" in text


def attach(sheet: Sheet, step: int, word: str) -> None:
    book = openpyxl.load_workbook(sheet.path)
    tab = book["Scénario"]
    headings = {cell.value: cell.column for cell in tab[1]}
    for row in range(2, tab.max_row + 1):
        if tab.cell(row, headings["Étape"]).value == step:
            tab.cell(row, headings["Joindre"]).value = word
    book.save(sheet.path)


def test_an_unknown_word_to_attach_refuses_the_cadence(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30", 240)
    attach(sheet, step=2, word="roman")
    sheet.run("sync", "--as-of", "2026-02-02", exit_code=2)
    assert sheet.mails() == []
    assert any(row["column"] == "Joindre" for row in sheet.rows("problems"))
    assert CADENCE.columns[-1].key == "attach"


@pytest.mark.parametrize(
    ("kind", "mention"),
    [
        ("letter", "Objet"), ("registered", "Lettre recommandée"), ("notice", "MISE EN DEMEURE"), ("statement", "Relevé de compte"),
        ("interest", "Calcul des pénalités"), ("call", "À dire"), ("hand-over", "Transmission du dossier"),
    ],
)  # fmt: skip
def test_a_person_may_ask_for_any_document(tmp_path: Path, kind: str, mention: str) -> None:
    sheet = at_the_notice(tmp_path)
    said = run(sheet, "document", kind, "C1", str(sheet.path), "--as-of", "2026-03-20")
    assert str(documents(sheet)[0]) in said
    assert mention in read(documents(sheet)[0].read_bytes())
    english = run(sheet, "document", kind, "C1", str(sheet.path), "--as-of", "2026-03-20", "--language", "en")
    assert english
    assert sheet.rows("journal") == []  # asking writes nothing in the workbook


@pytest.mark.parametrize(
    ("facts", "invoice"),
    [
        ({}, {"reason": "litige"}), ({}, {"hold": "2026-12-31"}), ({"insolvent_on": "2026-01-05"}, {}),
        ({}, {"status": "confiée", "status_on": "2026-03-01"}), ({"do_not_contact": "oui"}, {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["letter", "notice", "hand-over", "call"])
def test_nobody_claims_what_rests(tmp_path: Path, facts: dict[str, Any], invoice: dict[str, Any], kind: str) -> None:
    """Closing list, 2: disputed, held, insolvent, handed over. The sentence is the rule's own."""
    sheet = Sheet(tmp_path, iban=IBAN).contact(**facts).invoice("F-1", "2026-01-30", 1200, last_step=5, **invoice)
    said = run(sheet, "document", kind, "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    assert "Rien à réclamer à C1" in said
    assert documents(sheet) == []


def test_a_time_barred_consumer_is_never_written_to(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path).contact(kind="particulier").invoice("F-1", "2023-01-30", 1200, last_step=5)
    run(sheet, "document", "notice", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    assert documents(sheet) == []


def test_a_consumer_is_asked_for_no_cost_and_threatened_with_nothing(tmp_path: Path) -> None:
    """Closing list, 3, 4 and 10."""
    sheet = Sheet(tmp_path, iban=IBAN, interest="réclamer").contact(kind="particulier", name="Élodie Pasquet")
    sheet.invoice("F-1", "2026-01-30", 1200, last_step=5)
    run(sheet, "document", "notice", "C1", str(sheet.path), "--as-of", "2026-03-20")
    text = read(documents(sheet)[0].read_bytes())
    for word in ("40,00", "Indemnité", "frais", "huissier", "commissaire de justice", "saisie", "poursuites", "Banque de France"):
        assert word not in text
    assert "nous nous réservons le droit de nous adresser à la juridiction compétente" in text


def test_without_the_library_one_sentence_and_the_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (press, office):
        monkeypatch.setattr(module, "can_print", lambda: False)
    sheet = at_the_notice(tmp_path)
    sheet.sync("2026-03-20")
    assert the_task(sheet)["file"] is None
    assert documents(sheet) == []
    said = run(sheet, "document", "statement", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    assert "typst" in said
    assert len(said.splitlines()) == 1


def test_unknown_customer_and_missing_plan_say_what_to_do(tmp_path: Path) -> None:
    sheet = at_the_notice(tmp_path)
    assert "NOPE" in run(sheet, "document", "statement", "NOPE", str(sheet.path), exit_code=2)
    assert "Échéanciers" in run(sheet, "document", "plan", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)


def test_people_change_the_pages(tmp_path: Path) -> None:
    """`relance pages` copies them; what a person writes there is what is printed; packages are never downloaded."""
    sheet = at_the_notice(tmp_path)
    run(sheet, "pages", str(sheet.path))
    folder = sheet.path.with_name("book.pages")
    page = folder / "letter.typ"
    page.write_text(page.read_text("utf-8") + "\nSiège social : tour du Moulin.\n", "utf-8")
    run(sheet, "document", "letter", "C1", str(sheet.path), "--as-of", "2026-03-20")
    assert "tour du Moulin" in read(documents(sheet)[0].read_bytes())
    run(sheet, "pages", str(sheet.path))
    assert "tour du Moulin" in page.read_text("utf-8")  # a second copy takes nothing back
    page.write_text('#import "@preview/cetz:0.2.2": *\n', "utf-8")
    assert "letter.typ" in run(sheet, "document", "letter", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)
    page.write_text('#read("/etc/passwd")\n', "utf-8")
    assert "root:" not in run(sheet, "document", "letter", "C1", str(sheet.path), "--as-of", "2026-03-20", exit_code=2)


def test_a_run_without_letters_loads_nothing(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30", 240)
    start = time.process_time()
    sheet.sync("2026-02-02")
    assert documents(sheet) == []
    assert not sheet.path.with_name("book.documents").exists()
    assert time.process_time() - start < 30
