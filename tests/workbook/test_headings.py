"""Tabs and headings are found in either language, in any order, case and accents; nothing is guessed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.problems import PROBLEMS, Severity
from sync.workbook.columns_help import help_for
from sync.workbook.contract import CONTACTS, INVOICES, TABS, fold
from sync.workbook.headings import column_index, find_tabs, letter, missing_tabs, recognise


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.key)
def test_no_heading_of_a_tab_means_two_columns(tab):
    seen: dict[str, str] = {}
    for column in tab.columns:
        for heading in {fold(column.en), fold(column.fr)}:
            assert seen.setdefault(heading, column.key) == column.key


def test_no_title_means_two_tabs():
    titles = [(fold(title), tab.key) for tab in TABS for title in (tab.en, tab.fr)]
    assert len({title for title, _ in titles}) == len(set(titles))


@given(st.randoms(use_true_random=False), st.sampled_from(TABS))
def test_headings_are_found_in_any_order_language_case_and_accents(rng: random.Random, tab):
    columns = list(tab.columns)
    rng.shuffle(columns)
    disguises = (str.upper, str.lower, lambda text: f"  {text} ", fold)
    row = [rng.choice(disguises)(rng.choice((column.en, column.fr))) for column in columns]
    layout = recognise(tab, [row])
    assert layout.columns == {column.key: index for index, column in enumerate(columns)}
    assert layout.problems == ()


def test_headings_may_stand_under_a_title():
    layout = recognise(
        INVOICES, [["Suivi des factures"], [], [None, "Facture", "Client", "Date de facture", "Montant TTC", "Humeur"]]
    )
    assert layout.header_row == 3
    assert layout.columns == {"invoice": 1, "customer": 2, "issued": 3, "amount": 4}
    assert layout.foreign == ("Humeur",)


def test_a_heading_found_twice_stops_sending_but_a_second_note_does_not():
    row = ["Facture", "Client", "Date de facture", "Montant TTC", "Échéance", "due date", "Note", "note"]
    problems = {problem.column: problem for problem in recognise(INVOICES, [row]).problems}
    assert (problems["due"].code, problems["due"].severity) == ("column_twice", Severity.STOP)
    assert (problems["note"].code, problems["note"].severity) == ("column_twice", Severity.WARNING)
    assert "F" in problems["due"].what("fr")


def test_a_missing_required_heading_is_a_problem_of_structure():
    (problem,) = recognise(CONTACTS, [["Nom", "E-mail"]]).problems
    assert (problem.code, problem.column, problem.severity) == ("column_missing", "customer", Severity.STOP)


def test_tabs_are_found_by_title_and_the_double_is_told():
    found, problems = find_tabs(["Notes", "FACTURES", "clients", "Invoices"])
    assert found == {"invoices": "FACTURES", "contacts": "clients"}
    assert [problem.code for problem in problems] == ["tab_twice"]
    assert missing_tabs(found) == []
    assert [problem.code for problem in missing_tabs([])] == ["tab_missing"]


@pytest.mark.parametrize(
    "code", ["tab_missing", "tab_renamed", "tab_twice", "column_missing", "column_twice", "formula_not_computed"]
)
def test_the_sentences_of_structure_exist(code):
    assert all(PROBLEMS[code])


@given(st.integers(0, 16_383))
def test_letters_and_positions_are_inverse(index):
    assert column_index(letter(index)) == index


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_column_has_a_note(language):
    for tab in TABS:
        for column in tab.columns:
            assert help_for(tab, column, language)
