"""The file for a professional: complete, numbered, the same twice, about one customer only, and sent by nobody."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from letters.paper import LANGUAGES, consumer, joinery, materials, missing, pages, read, with_plan
from sheet import Sheet
from story import Status, Story

from sync.cli import main
from sync.dossier.build import Dossier, Order, build_dossier
from sync.dossier.package import write, zipped
from sync.errors import UsageError
from sync.ledger.model import JournalRow
from sync.ledger.words import Language
from sync.letters.documents.press import Press
from sync.post.journal import cells_of, seal

KEY = b"a key kept outside the sheet"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press("fr") as one:
        yield one


def sealed(story: Story, key: bytes = KEY) -> Story:
    last, rows = "", []
    for row in story.journal:
        rows.append(replace(row, hash=seal(row, last, key)))
        last = rows[-1].hash
    story.journal = rows
    return story


def told() -> Story:
    """The joinery with a signed plan, messages with their words, a bounce, a call, a letter, another customer between them."""
    story = with_plan(joinery(), agreed_on="2026-02-20", signed_on="2026-02-22")
    story.contact("C2", name="Carrelages Verdier", phone="01 02 03 04 05").invoice(
        "V-1", due="2026-01-05", amount=77, customer="C2"
    )
    invoices = ("FA-2025-0810",)
    mail = {
        "channel": "email",
        "invoices": invoices,
        "recipient": "c1@example.org",
        "step": 2,
        "cadence": "standard",
        "key": "k1",
    }
    story.logs("2025-11-12", "reserved", message_id="<m1@example.org>", **mail)
    story.logs(
        "2025-11-12", "sent", message_id="<m1@example.org>", subject="Votre compte", text="Bonjour,\n\nPremier mot.", **mail
    )
    story.logs("2025-11-13", "bounced", message_id="<m1@example.org>", **mail)
    story.logs("2025-11-14", "sent", customer="C2", channel="email", invoices=("V-1",), text="Secret de Verdier")
    story.logs("2025-11-18", "done", channel="call", invoices=invoices, note="promet de rappeler")
    story.logs("2025-11-20", "promised", invoices=invoices, new="2025-12-01", field="promised")
    story.logs(
        "2025-11-25", "replied", channel="email", invoices=invoices, recipient="claire@example.org", text="Je règle lundi."
    )
    story.logs(
        "2025-12-02", "done", channel="registered letter", invoices=invoices, subject="Relevé des factures",
        text="Madame, Monsieur,\n\nLettre du deux décembre.", note="1A 234 567 8901 2", step=4, cadence="standard", key="k2",
    )  # fmt: skip
    story.logs("2025-08-01", "sent", channel="email", invoices=("FA-2025-0400",), subject="Ancienne", text="Message ancien.")
    story.logs("2026-01-15", "observed", invoices=invoices, field="reason", new="dispute")
    story.logs("2026-01-16", "sent", channel="email", invoices=invoices, note="test", text="Message d'essai")
    return sealed(story)


def made(press: Press, story: Story, language: Language = "fr", customer: str = "C1", key: bytes = KEY) -> Dossier:
    order = Order(customer=customer, language=language, journal_key=key)
    return build_dossier(order, materials(story), press)


def text_of(dossier: Dossier, part: str) -> str:
    return read(next(content for name, content in sorted(dossier.files.items()) if part in name))


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("fr", ("Releve-de-compte-EUR", "Liste-des-factures", "Calcul-des-penalites", "Accord-ECH-1", "Suivi-de-l-accord-ECH-1", "E-mail-du-12-novembre-2025",
                "Reponse-du-client", "Recommande-du-2-decembre-2025", "Messages-sur-des-factures-reglees", "Historique-complet",
                "Preuves-d-envoi", "Extrait-du-journal-lisible", "Extrait-du-journal-exact", "Fiche-des-parties",
                "Dates-de-prescription")),
        ("en", ("Statement-of-account-EUR", "List-of-invoices", "Calculation-of-late-payment-interest", "Agreement-ECH-1", "What-became-of-agreement-ECH-1",
                "Email-of-12-November-2025", "Answer-from-the-customer", "Registered-letter-of-2-December-2025",
                "Messages-about-invoices-settled", "Full-history", "Proof-of-sendings", "Journal-extract-to-read",
                "Journal-extract-exact", "The-parties", "Limitation-dates")),
    ],
)  # fmt: skip
def test_the_exhibits_are_numbered_in_the_order_of_a_claim(press: Press, language: Language, titles: tuple[str, ...]) -> None:
    dossier = made(press, told(), language)
    names = sorted(name for name in dossier.files if not name.startswith("00_"))
    assert [title in name for name, title in zip(names, titles, strict=True)] == [True] * len(titles)
    word = "Pièce n°" if language == "fr" else "Exhibit no."
    index = text_of(dossier, "00_bordereau" if language == "fr" else "00_list")
    for number, name in enumerate(names, 1):
        assert f"_{number:02d}_" in name.replace("-", "_")
        assert name in index.replace(" ", "")
        if name.endswith(".pdf"):
            first = pages(dossier.files[name])[0]
            assert f"{word} {number}" in first
            assert len(first) > 200, name  # the number does not stand alone on a page
    assert missing(("4 070,40 €", "108,56 €", "120,00 €", "4 298,96 €"), index) == [] or language == "en"
    assert ("À joindre par vos soins" if language == "fr" else "To be added by you") in index


def test_each_message_is_there_as_it_was_sent_with_what_became_of_it(press: Press) -> None:
    dossier = made(press, told())
    mail = text_of(dossier, "E-mail-du-12")
    for mention in ("Premier mot.", "c1@example.org", "Votre compte", "<m1@example.org>", "non remis", "12/11/2025 10:00"):
        assert mention in mail
    letter = text_of(dossier, "Recommande-du-2")
    assert "Lettre du deux décembre." in letter
    assert "1A 234 567 8901 2" in letter
    assert "Je règle lundi." in text_of(dossier, "Reponse-du-client")
    assert "Message ancien." in text_of(dossier, "Messages-sur")
    history = text_of(dossier, "Historique")
    for mention in ("promet de rappeler", "promesse de règlement", "motif du retard : litige", "réponse du client"):
        assert mention in history
    assert not any("Message d'essai" in read(content) for name, content in dossier.files.items() if name.endswith(".pdf"))


def test_an_erased_text_stays_erased(press: Press) -> None:
    story = told()
    story.journal = [replace(row, text="erased:0123456789abcdef") if "Premier" in row.text else row for row in story.journal]
    mail = text_of(made(press, story), "E-mail-du-12")
    assert "effacé du journal à la demande" in mail
    assert "0123456789abcdef" in mail


def test_every_seal_of_the_extract_can_be_computed_again(press: Press) -> None:
    dossier = made(press, told())
    name = next(name for name in dossier.files if name.endswith(".jsonl"))
    rows = {row.hash: row for row in told().journal}
    lines = [json.loads(line) for line in dossier.files[name].decode().splitlines()]
    assert len(lines) == len([row for row in rows.values() if row.customer == "C1"])
    for line in lines:
        row: JournalRow = rows[line["hash"]]
        assert {key: line[key] for key in cells_of(row)} == cells_of(row)
        assert seal(row, line["previous"], KEY) == line["hash"]


@pytest.mark.parametrize(("key", "sentence"), [(KEY, "chaîne intacte"), (b"", "ne correspond plus à son sceau")])
def test_the_proof_says_what_the_seals_are_worth(press: Press, key: bytes, sentence: str) -> None:
    text = text_of(made(press, told(), key=key), "Preuves")
    assert sentence in text
    assert ("Aucune clé n'est en place" in text) == (not key)


def test_the_table_for_a_spreadsheet_holds_no_formula(press: Press) -> None:
    story = joinery().logs("2026-01-05", "done", channel="call", invoices=("FA-2025-0810",), note='=HYPERLINK("http://x")')
    dossier = made(press, story)
    name = next(name for name in dossier.files if name.endswith(".csv"))
    cells = [cell for row in csv.reader(io.StringIO(dossier.files[name].decode("utf-8-sig")), delimiter=";") for cell in row]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_nobody_else_is_in_the_file_nor_any_score_nor_the_key(press: Press) -> None:
    """Closing list of facts/legal.md, 9 and 12."""
    story = told()
    story.contacts["C1"] = replace(story.contacts["C1"], note="Client désagréable", rating=None)
    dossier = made(press, story)
    for name, content in dossier.files.items():
        text = read(content) if name.endswith(".pdf") else content.decode()
        for word in ("Verdier", "V-1", "01 02 03 04 05", "désagréable", "Risque", "Segment", KEY.decode()):
            assert word not in text, (name, word)


def test_limitation_dates_say_from_what_they_are_counted(press: Press) -> None:
    """Closing list, 6 and 7: only the signed plan restarts the period, and the basis is printed."""
    signed = text_of(made(press, told()), "Dates-de-prescription")
    assert "reconnaissance signée le 22/02/2026" in signed
    assert "22/02/2031" in signed
    proposed = text_of(made(press, with_plan(joinery())), "Dates-de-prescription")
    assert "reconnaissance signée le" not in proposed
    assert "date de la facture, 15/11/2025" in proposed
    assert "paiement partiel du 05/01/2026" in proposed


def test_a_proposal_is_no_exhibit_and_a_wrong_plan_is_said_to_be_left_out(press: Press) -> None:
    assert not any("ECH-1" in name for name in made(press, with_plan(joinery())).files)
    wrong = made(press, with_plan(joinery(), (1, 2), agreed_on="2026-02-20"))
    assert not any("_Accord-ECH-1" in name for name in wrong.files)
    assert any("ECH-1" in line for line in wrong.left_out)
    assert "ECH-1" in wrong.files["00_LISEZ-MOI.txt"].decode()


def test_a_broken_agreement_says_since_when_and_what_was_paid(press: Press) -> None:
    story = with_plan(joinery(), agreed_on="2026-02-20", signed_on="2026-02-22").pays(
        1000, on="2026-03-09", invoice="FA-2025-0810"
    )
    order = Order(customer="C1", language="fr")
    text = text_of(build_dossier(order, materials(story, "2026-05-15"), press), "Suivi-de-l-accord")
    for mention in ("10/03/2026", "tenue", "rompue", "Payé depuis l'accord 1 000,00 €", "rompu depuis le 21 avril 2026"):
        assert mention in text


def test_a_consumer_is_claimed_no_fixed_sum(press: Press) -> None:
    readme = made(press, consumer(Story()), customer="P1").files["00_LISEZ-MOI.txt"].decode()
    assert "Indemnités forfaitaires\u00a0: 0,00\u00a0€" in readme


def test_an_unknown_kind_has_no_figure_but_a_sentence(press: Press) -> None:
    story = Story().contact("C1", kind=None).invoice("F-1", due="2025-11-10", amount=1000)
    readme = made(press, story).files["00_LISEZ-MOI.txt"].decode()
    assert "Pénalités de retard\u00a0: non calculé" in readme


def test_at_write_off_the_vat_list_is_there_and_the_debt_still_is(press: Press) -> None:
    story = Story().invoice("F-1", due="2025-01-31", amount=100, status=Status.WRITTEN_OFF, status_on="2026-01-05")
    dossier = made(press, story)
    vat = text_of(dossier, "Recuperation-de-la-TVA")
    for mention in ("F-1", "05/01/2026", "100,00 €", "31/12/2028", "272", "duplicata"):
        assert mention in vat
    assert "100,00 €" in text_of(dossier, "bordereau")
    assert not any("TVA" in name for name in made(press, joinery()).files)


def test_insolvency_gives_the_last_day_to_file(press: Press) -> None:
    story = joinery()
    story.contacts["C1"] = replace(story.contacts["C1"], insolvent_on=date(2026, 1, 20))
    assert "au plus tard le 20 mars 2026" in text_of(made(press, story), "Dates-de-prescription")


def test_the_same_facts_make_the_same_bytes(press: Press, tmp_path: Path) -> None:
    one, two = made(press, told()), made(press, told())
    assert one == two
    assert zipped(one.files, one.folder) == zipped(dict(reversed(list(two.files.items()))), two.folder)
    archive = write(one.files, tmp_path / one.folder)
    first = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert hashlib.sha256(write(two.files, tmp_path / one.folder).read_bytes()).hexdigest() == first
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == sorted(opened.namelist())
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_making_it_again_replaces_its_files_and_keeps_a_persons(tmp_path: Path) -> None:
    folder = tmp_path / "C1"
    write({"a.txt": b"1", "b.txt": b"2"}, folder)
    (folder / "Piece-99_Bon-de-livraison.pdf").write_bytes(b"theirs")
    write({"a.txt": b"3"}, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["Piece-99_Bon-de-livraison.pdf", "a.txt"]
    assert (folder / "a.txt").read_bytes() == b"3"


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "", ".hidden", "c:\\x", "a\nb"])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the name itself is the message
        write({name: b""}, tmp_path / "d")


@pytest.mark.parametrize("customer", ["../../etc/passwd", "..\\..\\x", "/abs", "C:1", "con", "\u202egpj", "a\nb"])
def test_a_hostile_key_makes_a_plain_folder(press: Press, customer: str, tmp_path: Path) -> None:
    story = (
        Story().contact(customer, name="../../Évadé", emails=()).invoice("../F", due="2026-01-05", amount=10, customer=customer)
    )
    story.plan("../../P", ["../F"], [("2026-03-01", 10)], agreed_on="2026-02-01", customer=customer)
    dossier = made(press, story, customer=customer)
    write(dossier.files, tmp_path / dossier.folder)
    assert {path.parent.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".zip"} == {dossier.folder}
    assert sorted(path.parent for path in tmp_path.rglob("*.zip")) == [tmp_path]


def test_nobody_known_makes_no_file(press: Press) -> None:
    with pytest.raises(UsageError):
        made(press, joinery(), customer="NOPE")
    with pytest.raises(UsageError):
        made(press, joinery().contact("C9"), customer="C9")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_writes_one_folder_and_one_zip_and_touches_nothing_else(
    tmp_path: Path, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CI", "GITHUB_ACTIONS", "RELANCE_PAYEE", "RELANCE_OUTBOX"):
        monkeypatch.delenv(name, raising=False)
    sheet = Sheet(tmp_path).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30", 240)
    sheet.sync("2026-02-02")
    before, mails = sheet.path.read_bytes(), len(sheet.mails())
    arguments = ["dossier", "C1", str(sheet.path), "--as-of", "2026-02-03", "--language", language]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "confiée" in result.output
    assert "F-1" in result.output
    assert sheet.path.read_bytes() == before
    assert len(sheet.mails()) == mails
    folder = tmp_path / "book.dossiers"
    assert sorted(path.name for path in folder.iterdir()) == ["C1_Les-Ateliers-Vif", "C1_Les-Ateliers-Vif.zip"]
    assert any(path.suffix == ".eml" for path in (folder / "C1_Les-Ateliers-Vif").iterdir())  # the very message, from the outbox


def test_once_handed_over_the_internal_cadence_stops(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30", 240, status="confiée", status_on="2026-02-01")
    sheet.sync("2026-03-20")
    assert sheet.mails() == []
    assert sheet.plan("2026-05-01")["decisions"] == []
    assert sheet.plan("2026-05-01")["invoices"][0]["reason"] == "handed_over"
