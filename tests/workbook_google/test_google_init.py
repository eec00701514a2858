"""`init` makes a spreadsheet that people like to use, and leaves what they made themselves."""

import json

import pytest
from carriers import google
from sheets_emulator import OWNER, ROBOT, Emulator

from sync.ledger.words import WORDS
from sync.workbook.contract import TABS, Type, Who
from sync.workbook.google.book import TAB_MARK, column_name

LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])
HEADS = ["Échéance", "N° interne", "facture", "CLIENT", "Montant ttc", "Date de facture", "Commercial"]


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running
        assert running.service.mismatches == []


@pytest.fixture
def own(emulator):
    """A spreadsheet that people have used for years."""
    rows = [["Nos factures clients"], [], HEADS, ["2026-02-28", 17, "F-1", "C1", 120, "2026-01-05", "Léa"]]
    file_id = emulator.create("Suivi", {"Factures": rows, "Budget": [["ne pas toucher"]]}, shared=[ROBOT], locale="fr_FR")
    people = emulator.people.on(file_id)
    people.do(
        "updateCells",
        start={"sheetId": 0, "rowIndex": 2, "columnIndex": 0},
        rows=[{"values": [{"note": "ma note"}]}],
        fields="note",
    )
    return file_id


def bodies(emulator):
    return [json.loads(line.body) for line in emulator.log if line.method == "sheets.spreadsheets.batchUpdate"]


def sheets(emulator, file_id):
    return {one.title: one for one in emulator.spreadsheet(file_id).sheets}


@LANGUAGES
def test_a_new_spreadsheet_is_furnished_in_three_calls(emulator, language):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    book = google(emulator, file_id, language)
    assert len(book.init(language)) == len(TABS)
    assert emulator.methods() == ["get", "values.batchGet", "batchUpdate"]
    assert book.client.counters.largest < 2_000_000
    assert [one.title for one in emulator.spreadsheet(file_id).sheets] == [tab.title(language) for tab in TABS]
    assert book.read().problems == ()
    assert emulator.spreadsheet(file_id).locale == ("fr_FR" if language == "fr" else "en_US")


@LANGUAGES
def test_each_column_has_its_heading_note_format_and_check(emulator, language):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    google(emulator, file_id, language).init(language)
    for tab in TABS:
        sheet = sheets(emulator, file_id)[tab.title(language)]
        assert sheet.grid_properties["frozenRowCount"] == 1
        assert sheet.basic_filter is not None
        assert len(sheet.banded_ranges) == 1
        for place, column in enumerate(tab.columns):
            head, cell = sheet.cell(0, place), sheet.cell(1, place)
            assert head.value == column.heading(language)
            assert head.extra["note"]
            rule = (cell.extra or {}).get("dataValidation")
            if column.words and column.who is not Who.RELANCE:
                offered = [one["userEnteredValue"] for one in rule["condition"]["values"]]
                assert offered == [word.fr if language == "fr" else word.en for word in WORDS[column.words]]
            if rule:
                assert not rule.get("strict")  # a person may insist
            if column.type is Type.DATE:
                assert cell.number_format["type"] == "DATE"
            if column.type is Type.KEY:
                assert cell.number_format["type"] == "TEXT"  # leading zeros stay


def test_what_a_person_types_stays_as_typed(emulator):
    file_id = emulator.create("Neuf", shared=[ROBOT], locale="fr_FR")
    google(emulator, file_id).init("fr")
    people = emulator.people.on(file_id)
    people.fill("Factures", "A2", [["0042", "007", "31/01/2026", "", "1 234,56"]])
    people.fill("Clients", "F2", [["01 99 00 10 10"]])
    people.type("Clients", "F3", "0199001010")
    people.type("Réglages", "B2", "08:30")
    tabs = google(emulator, file_id).read().tabs
    assert tabs["invoices"].columns["invoice"] == ["0042"]
    assert tabs["invoices"].columns["customer"] == ["007"]
    assert tabs["invoices"].columns["amount"] == [1234.56]
    assert str(tabs["invoices"].columns["issued"][0]) == "2026-01-31"
    assert tabs["contacts"].columns["phone"] == ["01 99 00 10 10", "0199001010"]
    assert tabs["settings"].columns["value"][0] == "08:30"


def test_relances_columns_only_warn_and_the_journal_is_closed(emulator):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    google(emulator, file_id).init("fr")
    for tab in TABS:
        protected = sheets(emulator, file_id)[tab.fr].protected_ranges
        if tab.key == "journal":
            (only,) = protected
            assert not only.get("warningOnly")
            assert only["editors"]["users"] == [ROBOT]
            continue
        covered = {column for one in protected for column in range(one["range"].left, one["range"].right)}
        assert all(one["warningOnly"] for one in protected)
        assert covered == {place for place, column in enumerate(tab.columns) if column.who is Who.RELANCE}


def test_technical_columns_are_hidden_and_colours_follow_the_days_late(emulator):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    google(emulator, file_id).init("fr")
    sheet = sheets(emulator, file_id)["Factures"]
    place = {column.key: index for index, column in enumerate(TABS[1].columns)}
    assert sheet.dimensions["COLUMNS"][place["mark"]]["hiddenByUser"]
    kinds = [one["booleanRule"]["condition"]["type"] for one in sheet.conditional_formats]
    assert kinds == ["NUMBER_GREATER_THAN_EQ"] * 4 + ["NUMBER_LESS", "NOT_BLANK"] or "NOT_BLANK" in kinds
    strongest = next(
        one for one in sheet.conditional_formats if one["booleanRule"]["condition"]["type"] == "NUMBER_GREATER_THAN_EQ"
    )
    assert strongest["booleanRule"]["condition"]["values"][0]["userEnteredValue"] == "91"


def test_a_second_init_asks_and_writes_nothing(emulator, own):
    for file_id in (own, emulator.create("Neuf", shared=[ROBOT])):
        google(emulator, file_id).init("fr")
        before = emulator.spreadsheet(file_id).version
        assert google(emulator, file_id).init("fr") == ()
        assert emulator.spreadsheet(file_id).version == before


def test_a_sheet_that_people_have_is_adopted(emulator, own):
    people = emulator.people.on(own)
    done = google(emulator, own).init("fr")
    assert any("Factures" in said and "intitulés" in said for said in done)
    sheet = sheets(emulator, own)["Factures"]
    assert [sheet.cell(2, place).value for place in range(7)] == HEADS
    assert people.read("Factures", "A4:G4", "UNFORMATTED_VALUE")[0][1:5] == [17, "F-1", "C1", 120]
    assert sheet.cell(2, 0).extra["note"] == "ma note"
    assert sheet.cell(2, 2).extra["note"]  # the heading had none
    tab = google(emulator, own).read().tabs["invoices"]
    assert (tab.first_row, tab.foreign) == (4, ("N° interne", "Commercial"))
    assert {column.key for column in TABS[1].columns} == set(tab.columns)
    assert people.read("Budget") == [["ne pas toucher"]]
    assert sheet.grid_properties["frozenRowCount"] == 3
    assert sheet.banded_ranges == []  # their looks stand


def test_tabs_are_found_again_whatever_people_call_them(emulator, own):
    google(emulator, own).init("fr")
    people = emulator.people.on(own)
    people.rename_tab("Factures", "Ventes 2026")
    people.rename_tab("Clients", "Factures")  # the most misleading name there is
    people.rename_tab("Journal", "CO2")  # reads like a cell
    snapshot = google(emulator, own).read()
    assert snapshot.tabs["invoices"].title == "Ventes 2026"
    assert snapshot.tabs["contacts"].title == "Factures"
    google(emulator, own).append_journal([{"when": "2026-02-10T09:00:00+01:00", "hash": "a"}])
    assert people.value("CO2", "V2") == "a"
    assert google(emulator, own).init("fr") == ()


def test_a_copy_of_a_tab_is_a_persons_own(emulator, own):
    google(emulator, own).init("fr")
    people = emulator.people.on(own)
    people.do("duplicateSheet", sourceSheetId=sheets(emulator, own)["Factures"].sheet_id, newSheetName="Sauvegarde")
    copied = sheets(emulator, own)["Sauvegarde"].sheet_id
    mark = next(one for one in emulator.spreadsheet(own).developer_metadata if one["metadataValue"].startswith("invoices:"))
    people.do("createDeveloperMetadata", developerMetadata={
        "metadataKey": TAB_MARK, "metadataValue": mark["metadataValue"], "location": {"sheetId": copied}, "visibility": "DOCUMENT",
    })  # fmt: skip
    snapshot = google(emulator, own).read()
    assert snapshot.tabs["invoices"].title == "Factures"
    assert snapshot.problems == ()


def test_a_second_tab_with_our_title_is_a_problem_and_the_marked_one_counts(emulator, own):
    google(emulator, own).init("fr")
    people = emulator.people.on(own)
    people.rename_tab("Factures", "Ancien")
    people.add_tab("Factures", [["Facture", "Client", "Date de facture", "Montant TTC"]])
    snapshot = google(emulator, own).read()
    assert snapshot.tabs["invoices"].title == "Ancien"
    assert [problem.code for problem in snapshot.problems] == ["tab_twice"]


def test_a_heading_that_was_emptied_comes_back_at_the_right(emulator, own):
    google(emulator, own).init("fr")
    people = emulator.people.on(own)
    letters = google(emulator, own).read().tabs["invoices"].letters
    people.type("Factures", f"{letters['note']}3", "Mes remarques")
    people.type("Factures", f"{letters['note']}4", "ici")
    assert any("Note" in said for said in google(emulator, own).init("fr"))
    tab = google(emulator, own).read().tabs["invoices"]
    assert "Mes remarques" in tab.foreign
    assert tab.columns["note"] == [None]
    assert people.value("Factures", f"{letters['note']}4") == "ici"


def test_a_matter_of_looks_that_google_refuses_does_not_stop_the_rest(emulator, own):
    people = emulator.people.on(own)
    people.protect("Budget", editors=[OWNER])
    file_id = emulator.create("Neuf", shared=[ROBOT])
    book = google(emulator, file_id)
    batch = book.client.batch

    def strict(spreadsheet_id, body, fields=""):
        for request in body["requests"]:
            if "addBanding" in request:
                request["addBanding"] = {"bandedRange": {"range": {"sheetId": 999_999}}}
                break
        return batch(spreadsheet_id, body, fields)

    book.client.batch = strict
    assert len(book.init("fr")) == len(TABS)
    assert book.read().problems == ()


def test_every_column_that_a_run_writes_has_its_name(emulator):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    google(emulator, file_id).init("fr")
    names = {entry["name"] for entry in emulator.spreadsheet(file_id).named_ranges}
    wanted = {
        column_name(tab.key, one.key) for tab in TABS if tab.key != "journal" for one in tab.columns if one.who is not Who.PEOPLE
    }
    assert wanted <= names


@pytest.mark.parametrize("trouble", ["commit_then_drop", "drop", 503, "truncated"])
def test_a_lost_answer_makes_no_tab_twice(emulator, trouble):
    file_id = emulator.create("Neuf", shared=[ROBOT])
    emulator.faults.once(trouble, "spreadsheets.batchUpdate")
    assert len(google(emulator, file_id).init("fr")) == len(TABS)
    assert len(emulator.spreadsheet(file_id).sheets) == len(TABS)
    assert google(emulator, file_id).init("fr") == ()


def test_american_settings_are_told_when_days_come_first(emulator):
    file_id = emulator.create("US", {"Invoices": [["Invoice"], ["1"]]}, shared=[ROBOT], locale="en_US")
    assert any("03/04" in said for said in google(emulator, file_id).init("fr"))
    assert emulator.spreadsheet(file_id).locale == "en_US"
