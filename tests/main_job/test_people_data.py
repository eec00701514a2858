"""The rights of the people whose data these are: everything shown on demand, erased on demand, and a Journal that still holds."""

import csv
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sheet import Sheet

from sync.cli import main
from sync.workbook.excel.files import backup_path

SECRETS = ("dupont.marie", "06 12 34 56 78", "Marie Dupont", "rue des Lilas", "appelle après 18 h", "VIR DUPONT")


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "RELANCE_OUTBOX", "RELANCE_SMTP_URL", "RELANCE_JOURNAL_KEY"):
        monkeypatch.delenv(name, raising=False)


def command(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def life(folder: Path, **settings: object) -> Sheet:
    """A consumer reminded once, who has paid; and somebody else, who must be left alone."""
    sheet = Sheet(folder, **settings)
    sheet.contact("D1", name="Marie Dupont", person="Marie Dupont", email="dupont.marie@example.org", phone="06 12 34 56 78",
                  address="3 rue des Lilas", kind="particulier", note="appelle après 18 h")  # fmt: skip
    sheet.contact("E1", name="Éts Martin", email="martin@example.org")
    sheet.invoice("F-1", "2026-01-30", 240, "D1", note="voir Marie Dupont").invoice("G-1", "2026-01-30", 100, "E1")
    assert len(sheet.sync("2026-02-02")["sent"]) == 2
    sheet.add("payments", paid_on=date(2026, 2, 5), invoice="F-1", amount=240, reference="VIR DUPONT MARIE")
    sheet.sync("2026-02-06")
    return sheet


def everywhere(sheet: Sheet) -> str:
    """All that the workbook, its copies and the outbox hold, as text."""
    folder = sheet.path.parent
    said = []
    for path in folder.rglob("*"):
        if path.suffix in (".xlsx", ".bak") or path.name.endswith(".xlsx~"):
            with zipfile.ZipFile(path) as book:
                said += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        elif path.is_file():
            said.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(said)


def test_the_archive_holds_every_row_and_message_of_the_customer_and_of_nobody_else(tmp_path):
    sheet = life(tmp_path)
    target = tmp_path / "dupont.zip"
    command("export", "D1", str(sheet.path), "--output", str(target), "--as-of", "2026-02-10")
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        document = json.loads(archive.read("data.json"))
        contacts = list(csv.reader(io.StringIO(archive.read("Clients.csv").decode("utf-8-sig")), delimiter=";"))
        whole = "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    assert {"data.json", "LISEZMOI.txt", "Clients.csv", "Factures.csv", "Règlements.csv", "Journal.csv"} <= set(names)
    assert [len(document["tabs"][key]) for key in ("contacts", "invoices", "payments")] == [1, 1, 1]
    assert document["tabs"]["invoices"][0]["due"] == "2026-01-30"
    assert contacts[1][contacts[0].index("E-mail")] == "dupont.marie@example.org"
    assert len(document["messages"]) == 1
    assert any(row["status"] == "sent" and "F-1" in row["text"] for row in document["tabs"]["journal"])
    assert "martin" not in whole.casefold()
    assert [row["field"] for row in sheet.rows("journal")][-1] == "exported"


def test_nothing_of_the_archive_becomes_a_formula(tmp_path):
    sheet = life(tmp_path).types("contacts", "D1", note="=HYPERLINK(1)")
    target = tmp_path / "d.zip"
    command("export", "D1", str(sheet.path), "--output", str(target), "--as-of", "2026-02-10")
    with zipfile.ZipFile(target) as archive:
        assert (
            ";'=HYPERLINK(1)" in archive.read("Clients.csv").decode("utf-8-sig")
            or "HYPERLINK" not in archive.read("Clients.csv").decode()
        )


def test_forgetting_is_previewed_then_leaves_nothing_to_read_and_a_sound_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("RELANCE_JOURNAL_KEY", "une clé gardée ailleurs")
    sheet = life(tmp_path)
    before = everywhere(sheet)
    assert all(secret in before for secret in SECRETS)
    preview = command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10")
    assert "--yes" in preview
    assert not any(secret in preview for secret in SECRETS)
    assert everywhere(sheet) == before
    said = command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes", "--reason", "demande du 9 février")
    assert "Clients, E-mail\u00a0: 1" in said
    after = everywhere(sheet)
    assert [secret for secret in SECRETS if secret in after] == []
    assert "martin@example.org" in after
    assert not backup_path(sheet.path).exists()
    assert "intact" in command("verify", str(sheet.path))
    row = sheet.rows("journal")[-1]
    assert (row["field"], row["customer"], row["note"]) == ("forgotten", "D1", "demande du 9 février")
    kept = {key: sheet["invoices", "F-1", key] for key in ("invoice", "customer", "amount")}
    assert kept == {"invoice": "F-1", "customer": "D1", "amount": 240}
    assert [(one["invoice"], one["amount"]) for one in sheet.rows("payments")] == [("F-1", 240)]
    assert "Rien à effacer" in command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes")
    sheet.sync("2026-02-11")
    assert "intact" in command("verify", str(sheet.path))


# --- what stands on the machine beside the workbook


def paper_life(folder: Path, *codes: str, **settings: object) -> Sheet:
    """Customers of whom letters, statements and files for a professional were made; all have paid since."""
    sheet = Sheet(folder, **settings)
    for code in codes:
        sheet.contact(
            code, name=f"Maison {code}", email="a@example.org", address="1 rue Haute, 33000 Bordeaux", kind="particulier"
        )
        sheet.invoice(f"F-{code}", "2026-01-30", 240, code)
    sheet.sync("2026-02-02")
    for code in codes:
        for kind in ("notice", "statement", "interest"):
            command("document", kind, code, str(sheet.path), "--as-of", "2026-02-03")
        command("dossier", code, str(sheet.path), "--as-of", "2026-02-03")
        sheet.add("payments", paid_on=date(2026, 2, 5), invoice=f"F-{code}", amount=240)
    sheet.sync("2026-02-06")
    return sheet


def papers(sheet: Sheet) -> set[str]:
    folder = sheet.path.parent
    return {str(path.relative_to(folder)) for shelf in folder.glob("book.*/") for path in shelf.rglob("*") if path.is_file()}


def dossier_of(sheet: Sheet, code: str) -> Path:
    return next(
        path for path in (sheet.path.parent / "book.dossiers").iterdir() if path.is_dir() and f"Maison-{code}" in path.name
    )


def test_the_archive_holds_the_documents_and_the_file_for_a_professional(tmp_path):
    sheet = paper_life(tmp_path, "D1", "E1")
    (dossier_of(sheet, "D1") / "bon de livraison.pdf").write_bytes(b"ajout de la main")
    said = command("export", "D1", str(sheet.path), "--output", str(tmp_path / "d.zip"), "--as-of", "2026-02-10")
    with zipfile.ZipFile(tmp_path / "d.zip") as archive:
        names = archive.namelist()
        document = json.loads(archive.read("data.json"))
    assert len([name for name in names if name.startswith("documents/D1_")]) == 3
    assert len(document["documents"]) == 3
    assert "dossiers/D1_Maison-D1.zip" in names
    assert "dossiers/D1_Maison-D1/bon de livraison.pdf" in names
    assert not [name for name in names if "E1" in name]
    assert f"{len(document['documents']) + len(document['dossiers'])} documents" in said


def test_forgetting_names_every_file_then_leaves_none_and_touches_no_other(tmp_path):
    sheet = paper_life(tmp_path, "D1", "E1")
    (dossier_of(sheet, "D1") / "bon de livraison.pdf").write_bytes(b"ajout de la main")
    before = papers(sheet)
    mine = {name for name in before if "D1" in name}
    assert len(mine) > 15
    preview = command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10")
    assert papers(sheet) == before
    assert {f"- {name}" for name in mine} <= set(preview.splitlines())
    assert not [line for line in preview.splitlines() if "E1" in line]
    command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes")
    kept = papers(sheet)
    assert {name for name in before - mine if not name.endswith(".eml")} <= kept
    assert not [name for name in kept if "D1" in name]
    assert len([name for name in kept if "outbox" in name]) == 1  # the message to the other customer
    assert not (tmp_path / "book.dossiers" / "D1_Maison-D1").exists()


def test_codes_written_the_same_way_are_told_apart_or_named(tmp_path):
    sheet = paper_life(tmp_path, "A-1", "A/1")
    old = tmp_path / "book.documents" / "A-1_F-old_courrier_00000000.pdf"  # of a workbook that is gone
    old.write_bytes(b"%PDF")
    before = papers(sheet)
    theirs = {path.name for path in (tmp_path / "book.documents").iterdir()} - {old.name}
    said = command("forget", "A/1", str(sheet.path), "--as-of", "2026-02-10", "--yes")
    assert f"Laissé en place\u00a0: book.documents/{old.name}" in said
    gone = {name for name in before - papers(sheet) if not name.endswith(".eml")}
    assert len([name for name in gone if "book.documents" in name]) == len(theirs) // 2
    assert all("A-1_Maison-A-1_" in name for name in gone if "book.dossiers" in name)
    assert (tmp_path / "book.dossiers" / "A-1_Maison-A-1.zip").exists()
    command("forget", "A-1", str(sheet.path), "--as-of", "2026-02-10", "--yes")
    assert [name for name in papers(sheet) if "A-1" in name] == [f"book.documents/{old.name}"]


def test_what_cannot_be_deleted_is_said_and_the_rest_goes(tmp_path, monkeypatch):
    sheet = paper_life(tmp_path, "D1")
    stuck = next((tmp_path / "book.documents").glob("D1_*.pdf"))
    stuck.unlink()
    stuck.mkdir()  # a folder of that name cannot be deleted as a file
    (stuck / "x").write_bytes(b"")
    said = command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes", code=2)
    assert f"N’a pas pu être supprimé\u00a0: book.documents/{stuck.name}" in said
    assert sheet["contacts", "D1", "email"] is None
    assert papers(sheet) == {f"book.documents/{stuck.name}/x"}
    monkeypatch.setenv("CI", "1")
    counted = command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes", code=2)
    assert "D1" not in counted
    assert "1 fichier n’a pas pu être supprimé" in counted


def test_retention_takes_the_papers_as_old_as_the_texts(tmp_path):
    sheet = paper_life(tmp_path, "D1", retention_months_texts=6)
    recent = next((tmp_path / "book.documents").glob("*_releve-de-compte_*.pdf"))
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != recent:
            os.utime(path, (1770000000, 1770000000))  # 2 February 2026
    preview = command("forget", "--expired", str(sheet.path), "--as-of", "2026-09-10")
    assert "mise-en-demeure" in preview
    assert recent.name not in preview
    command("forget", "--expired", str(sheet.path), "--as-of", "2026-09-10", "--yes")
    assert papers(sheet) == {f"book.documents/{recent.name}"}
    assert sheet["contacts", "D1", "email"] == "a@example.org"


def test_who_still_owes_is_not_forgotten_without_a_reason(tmp_path):
    sheet = life(tmp_path)
    refused = command("forget", "E1", str(sheet.path), "--as-of", "2026-02-10", "--yes", code=2)
    assert "G-1" in refused
    command("forget", "E1", str(sheet.path), "--as-of", "2026-02-10", "--yes", "--force", code=2)
    command("forget", "E1", str(sheet.path), "--as-of", "2026-02-10", "--yes", "--force", "--reason", "dette éteinte")
    assert sheet["contacts", "E1", "email"] is None
    assert sheet["contacts", "E1", "name"] == "Éts Martin"  # a company's name is no personal data
    assert sheet["contacts", "D1", "email"] == "dupont.marie@example.org"


def test_a_journal_sealed_with_another_key_is_not_touched(tmp_path, monkeypatch):
    monkeypatch.setenv("RELANCE_JOURNAL_KEY", "la bonne")
    sheet = life(tmp_path)
    monkeypatch.setenv("RELANCE_JOURNAL_KEY", "une autre")
    before = sheet.path.read_bytes()
    assert "RELANCE_JOURNAL_KEY" in command("forget", "D1", str(sheet.path), "--as-of", "2026-02-10", "--yes", code=2)
    assert sheet.path.read_bytes() == before


def test_retention_erases_old_texts_and_quiet_customers_and_nothing_younger(tmp_path):
    sheet = life(tmp_path, retention_months_texts=6, retention_months_contacts=24)
    assert "Rien à effacer" in command("forget", "--expired", str(sheet.path), "--as-of", "2026-08-01")
    assert "--yes" in command("forget", "--expired", str(sheet.path), "--as-of", "2026-08-10")
    command("forget", "--expired", str(sheet.path), "--as-of", "2026-08-10", "--yes")

    def texts() -> list[Any]:
        return [row["text"] for row in sheet.rows("journal") if row["status"] == "sent"]

    assert [text.startswith("erased:") for text in texts()] == [True, True]
    assert [row["recipient"] for row in sheet.rows("journal") if row["status"] == "sent"] == [
        "dupont.marie@example.org",
        "martin@example.org",
    ]
    assert sheet["contacts", "D1", "email"] == "dupont.marie@example.org"
    command("forget", "--expired", str(sheet.path), "--as-of", "2028-03-01", "--yes")
    assert sheet["contacts", "D1", "email"] is None
    assert sheet["contacts", "E1", "email"] == "martin@example.org"  # still owes
    assert "intact" in command("verify", str(sheet.path))


def test_the_command_says_how_to_be_called(tmp_path):
    assert "--expired" in command("forget", "D1", code=2)
    sheet = life(tmp_path)
    assert "PERSONNE" in command("forget", "PERSONNE", str(sheet.path), code=2)
    assert "PERSONNE" in command("export", "PERSONNE", str(sheet.path), "--output", str(tmp_path / "x.zip"), code=2)
    assert not (tmp_path / "x.zip").exists()
