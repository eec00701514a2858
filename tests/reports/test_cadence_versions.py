"""When a team edits the Cadence tab, the acts before and after are told apart: in the Journal, in the figures, on the page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
from lxml import html
from portfolio_builders import act, day, invoice, ledger, number
from sheet import Sheet

from reports.measures import stages
from reports.measures.versions import versions
from reports.portfolio import portfolios
from sync.dunning.configuration_changes import CADENCE, outline, templates_in, version
from sync.dunning.default_cadences import default_cadences
from sync.ledger.model import JournalRow
from sync.ledger.words import Act


def noted(when: str, code: str, *, run: str = "", old: str = "", text: str = "") -> JournalRow:
    return act(when, Act.OBSERVED, field=CADENCE, old=old, new=code, run=run, text=text, customer="", channel="")


def sent(when: str, invoice_number: str, *, run: str = "") -> JournalRow:
    return act(when, Act.SENT, invoice_number, step=1, run=run, key=f"{invoice_number}|{when}")


class TestFromTheJournal:
    def test_an_act_belongs_to_the_last_version_noted_before_it(self) -> None:
        known = versions([noted("2026-01-05", "aaaa"), noted("2026-02-10", "bbbb", old="aaaa")], day("2026-12-31"))
        numbers = [known.of(sent(when, "F")).number for when in ("2026-01-06", "2026-02-09", "2026-02-10", "2026-03-01")]  # type: ignore[union-attr]
        assert numbers == [1, 1, 2, 2]
        assert [(one.number, one.day) for one in known.changes] == [(2, day("2026-02-10"))]

    def test_what_a_run_sends_belongs_to_the_version_it_saw_wherever_it_noted_it(self) -> None:
        later = noted("2026-02-10", "bbbb", run="r2", old="aaaa")
        late_note = JournalRow(**{**_cells(later), "when": later.when + timedelta(hours=1)})  # type: ignore[arg-type]
        known = versions([noted("2026-01-05", "aaaa", run="r1"), late_note], day("2026-12-31"))
        assert known.of(sent("2026-02-10", "F", run="r2")).number == 2  # type: ignore[union-attr]
        assert known.of(sent("2026-02-10", "F", run="by hand")).number == 1  # type: ignore[union-attr]

    def test_what_came_before_the_first_note_is_taken_for_that_version_and_the_first_note_is_no_change(self) -> None:
        known = versions([noted("2026-02-10", "aaaa")], day("2026-12-31"))
        assert known.of(sent("2025-06-01", "F")).number == 1  # type: ignore[union-attr]
        assert known.changes == []

    def test_a_version_of_the_future_is_not_known_yet(self) -> None:
        journal = [noted("2026-01-05", "aaaa"), noted("2026-02-10", "bbbb", old="aaaa")]
        assert versions(journal, day("2026-02-09")).changes == []

    def test_a_cadence_the_journal_never_noted_has_no_version(self) -> None:
        assert versions([], day("2026-12-31")).of(sent("2026-01-06", "F")) is None

    def test_units_carry_their_version(self) -> None:
        rows = [invoice(f"F-{n}", "2026-01-01", "2026-01-10", 100) for n in (1, 2)]
        journal = [
            noted("2026-01-05", "aaaa"),
            sent("2026-01-11", "F-1"),
            noted("2026-02-10", "bbbb", old="aaaa"),
            sent("2026-02-11", "F-2"),
        ]
        held = portfolios(ledger(*rows), day("2026-03-31"))["EUR"]
        found = stages.acts({item.number: item for item in held.items}, journal, number("2026-03-31"))
        told = [(unit.item.number, unit.version.number) for unit in found.units if unit.version is not None]
        assert told == [("F-1", 1), ("F-2", 2)]


def _cells(row: JournalRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}


def test_the_outline_of_a_cadence_gives_back_the_texts_of_its_steps() -> None:
    for cadence in default_cadences("fr"):
        assert templates_in(outline(cadence)) == {step.number: step.template for step in cadence.steps}
    assert templates_in("1 J+1 email = ferme | 3 J+9 call") == {1: "ferme", 3: ""}
    assert templates_in("anything else") == {}


def test_a_version_changes_with_a_day_a_channel_a_text_and_not_with_a_row() -> None:
    from dataclasses import replace

    cadence = default_cadences("fr")[0]
    first = cadence.steps[0]
    for changed in (replace(first, offset=first.offset - 1), replace(first, template="autre")):
        assert version(replace(cadence, steps=(changed, *cadence.steps[1:]))) != version(cadence)
    assert version(replace(cadence, steps=(replace(first, row=99), *cadence.steps[1:]))) == version(cadence)


# --- The whole way: a team, a workbook, a run, an edit, a run, the site -------------------------------------------------


def a_batch(sheet: Sheet, prefix: str, due: str) -> None:
    for n in range(6):
        sheet.contact(f"{prefix}{n}", name=f"Client {prefix}{n}", segment_set="nouveau").invoice(
            f"{prefix}-{n}", due, 200 + n, customer=f"{prefix}{n}"
        )


def edit_cadence(path: Path, step: int, cells: Mapping[str, object]) -> None:
    """As a person does it: the row of the step of the standard cadence, in the Cadence tab."""
    book = openpyxl.load_workbook(path)
    tab = book["Scénario"]
    place = {cell.value: cell.column for cell in tab[1]}
    row = next(
        row for row in range(2, tab.max_row + 1)
        if (tab.cell(row, place["Scénario"]).value, tab.cell(row, place["Étape"]).value) == ("standard", step)
    )  # fmt: skip
    for heading, value in cells.items():
        tab.cell(row, place[heading]).value = value
    book.save(path)


def rows_of(page: Path, table: str) -> Sequence[Sequence[str]]:
    (found,) = html.fromstring(page.read_text(encoding="utf-8")).xpath(f"//table[@id='t-{table}']")
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in found.xpath("./tbody/tr")]


def test_a_team_that_edits_the_cadence_sees_what_came_before_and_after(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path)
    a_batch(sheet, "A", "2026-01-30")
    assert len(sheet.sync("2026-02-03")["sent"]) == 6
    sheet.add("templates", template="ton-ferme", language="fr", subject="Rappel", body="Bonjour, merci de régler {{ to_pay }}.")
    edit_cadence(sheet.path, 2, {"Modèle": "ton-ferme"})
    a_batch(sheet, "B", "2026-02-27")
    assert {one["customer"] for one in sheet.sync("2026-03-02")["sent"]} >= {f"B{n}" for n in range(6)}
    for n in range(4):
        sheet.add("payments", paid_on=date(2026, 3, 9), invoice=f"B-{n}", amount=200 + n)

    observed = [row for row in sheet.rows("journal") if row["field"] == "cadence" and row["cadence"] == "standard"]
    assert [bool(row["old"]) for row in observed] == [False, True]
    assert observed[0]["new"] == observed[1]["old"] != observed[1]["new"]
    assert "ton-ferme" in str(observed[1]["text"])

    sheet.run("report", "--as-of", "2026-03-31", "--site", str(tmp_path / "site"))
    page = tmp_path / "site" / "fr" / "works.html"
    versions_ = [row[:7] for row in rows_of(page, "eur-versions") if row[1] == "2"]
    assert versions_ == [
        ["standard", "2", "e-mail", "1 – avant", "6", "0,0\u00a0%", "0,0\u00a0%"],
        ["standard", "2", "e-mail", "2 – depuis le 02/03/2026", "6", "66,3\u00a0%", "66,7\u00a0%"],
    ]
    texts = {row[0]: row[1] for row in rows_of(page, "eur-templates")}
    assert texts["ton-ferme"] == "6"
    assert texts["Texte fourni – e-mail, étape 2"] == "6"
    document = html.fromstring(page.read_text(encoding="utf-8"))
    assert "le 2\u00a0mars 2026" in document.xpath("//figure[@id='f-eur-steps-months']")[0].text_content()
    figure = document.xpath("//figure[@id='f-eur-steps-months']")[0]
    assert [node.text for node in figure.xpath(".//*[@class='mark-label']")] == ["standard modifié le 02/03"] * 2
    assert '"dash":"dot"' in figure.xpath(".//script")[0].text
    then = date(2026, 3, 1)
    assert datetime.fromisoformat(str(observed[1]["when"])).date() > then
