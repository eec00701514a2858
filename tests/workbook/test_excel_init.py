"""A new workbook holds what a person needs, in either language, and is mended without touching data."""

import zipfile
from datetime import date

import pytest
from lxml import etree
from openpyxl import load_workbook

from sync.dunning.settings import SETTINGS
from sync.ledger.words import WORDS
from sync.workbook.contract import TABS, Type, Who
from sync.workbook.excel.carrier import Excel
from sync.workbook.tabs import Append, Changes

LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])


@pytest.fixture
def made(tmp_path):
    def make(language):
        path = tmp_path / f"{language}.xlsx"
        assert Excel(path).init(language)
        return path

    return make


@LANGUAGES
def test_a_new_workbook_has_every_tab_and_heading_in_order(made, language):
    book = load_workbook(made(language))
    assert book.sheetnames == [tab.title(language) for tab in TABS]
    for tab in TABS:
        headings = [cell.value for cell in book[tab.title(language)][1]]
        assert headings == [column.heading(language) for column in tab.columns]


@LANGUAGES
def test_a_new_workbook_is_read_without_any_problem(made, language):
    snapshot = Excel(made(language), language).read()
    assert snapshot.problems == ()
    assert len(snapshot.tabs["settings"]) == len(SETTINGS)
    assert len(snapshot.tabs["cadence"]) > 15
    assert len(snapshot.tabs["reasons"]) == len(WORDS["reason"])
    assert len(snapshot.tabs["templates"]) == len(snapshot.tabs["rates"]) == 0


@LANGUAGES
def test_lists_offer_the_words_of_the_language(made, language):
    book = load_workbook(made(language))
    for tab in TABS:
        rules = book[tab.title(language)].data_validations.dataValidation
        lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules if rule.type == "list"}
        sheet = book[tab.title(language)]
        for index, column in enumerate(tab.columns, 1):
            if column.words and column.who is not Who.RELANCE:
                words = [word.fr if language == "fr" else word.en for word in WORDS[column.words]]
                formula = lists[sheet.cell(2, index).coordinate]
                assert formula == '"' + ",".join(words) + '"'
                assert len(formula) <= 257  # Excel refuses longer lists


@LANGUAGES
def test_every_heading_has_a_note_and_is_frozen_and_filtered(made, language):
    book = load_workbook(made(language))
    for tab in TABS:
        sheet = book[tab.title(language)]
        assert all(cell.comment is not None and cell.comment.text for cell in sheet[1])
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"


@LANGUAGES
def test_formats_fit_the_type_of_the_column(made, language):
    path = made(language)
    row = {"invoice": "007", "customer": "C1", "issued": date(2026, 1, 31), "amount": 1234.5, "days_late": 3}
    Excel(path, language).write(Changes(appends=[Append(tab="invoices", rows=[row])]))
    sheet = load_workbook(path)["Factures" if language == "fr" else "Invoices"]
    assert (sheet["A2"].value, sheet["A2"].number_format) == ("007", "@")
    assert sheet["C2"].number_format == ("dd/mm/yyyy" if language == "fr" else "dd mmm yyyy")
    assert sheet["E2"].number_format == "#,##0.00"
    assert sheet["Y2"].fill.fgColor.rgb != sheet["A2"].fill.fgColor.rgb  # Relance's cells are tinted


@LANGUAGES
def test_typing_in_a_column_of_relance_only_warns(made, language):
    book = load_workbook(made(language))
    for tab in TABS:
        sheet = book[tab.title(language)]
        assert not sheet.protection.sheet
        rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for index, column in enumerate(tab.columns, 1):
            if column.who is Who.RELANCE:
                rule = rules[sheet.cell(2, index).coordinate]
                assert (rule.errorStyle, rule.formula1) == ("warning", "FALSE")
            elif column.type is Type.DATE:
                assert rules[sheet.cell(2, index).coordinate].type == "date"


@LANGUAGES
def test_the_same_workbook_is_made_twice_and_a_second_init_changes_no_byte(made, tmp_path, language):
    path, twin = made(language), tmp_path / "twin.xlsx"
    Excel(twin).init(language)
    content = path.read_bytes()
    assert twin.read_bytes() == content
    assert Excel(path).init(language) == ()
    assert path.read_bytes() == content


def test_an_emptied_heading_comes_back_at_the_right_and_data_stay(made):
    path = made("fr")
    Excel(path).write(Changes(appends=[Append(tab="invoices", rows=[{"invoice": "1", "customer": "C1", "note": "ici"}])]))
    book = load_workbook(path)
    sheet = book["Factures"]
    note = next(cell for cell in sheet[1] if cell.value == "Note")
    note.value = "Mes remarques"
    book.save(path)
    assert any("Note" in said for said in Excel(path).init("fr"))
    tab = Excel(path).read(["invoices"]).tabs["invoices"]
    assert tab.foreign == ("Mes remarques",)
    assert tab.columns["note"] == [None]
    assert load_workbook(path)["Factures"][f"{note.column_letter}2"].value == "ici"
    assert Excel(path).init("fr") == ()


def test_settings_that_a_person_changed_or_removed_are_not_put_back(made):
    path = made("fr")
    book = load_workbook(path)
    sheet = book["Réglages"]
    sheet.delete_rows(3, 40)
    sheet["B2"] = "Imprimerie du Lac"
    book.save(path)
    Excel(path).init("fr")
    tab = Excel(path).read(["settings"]).tabs["settings"]
    assert tab.columns["value"][0] == "Imprimerie du Lac"
    assert len(tab) < len(SETTINGS)


def test_a_default_that_is_blank_is_what_a_blank_cell_means():
    """`init` lists every setting; a listed setting without a value must mean its default."""
    for setting in SETTINGS:
        if setting.default_text("fr") == "":
            assert setting.when_blank == setting.default or not setting.when_blank, setting.name


@LANGUAGES
def test_every_part_of_a_new_workbook_is_declared_and_well_formed(made, language):
    with zipfile.ZipFile(made(language)) as book:
        names = set(book.namelist())
        types = etree.fromstring(book.read("[Content_Types].xml"))
        declared = {entry.get("PartName", "").lstrip("/") for entry in types if entry.get("PartName")}
        by_extension = {entry.get("Extension") for entry in types if entry.get("Extension")}
        assert declared <= names
        assert all(name in declared or name.rsplit(".", 1)[-1] in by_extension for name in names)
        for name in names:
            etree.fromstring(book.read(name))
            if name.endswith(".rels"):
                for relation in etree.fromstring(book.read(name)):
                    assert relation.get("Target").lstrip("/") in names | {n.removeprefix("xl/") for n in names}


def test_formats_are_shared_and_a_repair_adds_none_twice(made):
    path = made("fr")
    with zipfile.ZipFile(path) as book:
        styles = etree.fromstring(book.read("xl/styles.xml"))
    for name in ("fonts", "fills", "borders", "cellXfs", "dxfs"):
        nodes = [etree.tostring(node, method="c14n") for node in styles.iterfind(f"{{*}}{name}/*")]
        assert len(nodes) == len(set(nodes)) == int(styles.find(f"{{*}}{name}").get("count"))
