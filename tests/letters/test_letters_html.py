"""The HTML part: the text as it stands, with a real table, and nothing that loads from afar."""

import re
from xml.etree import ElementTree

import pytest
from letters.letter_desk import decision, desk

from sync.ledger.words import Language
from sync.letters.drafts import Draft, draft_for
from sync.letters.library import builtin_names
from sync.letters.mail_html import html_of


def page_of(text: str, links: tuple[str, ...] = ()) -> str:
    return html_of(text, subject="Objet", language="fr", links=links)


def tables_of(html: str) -> list[list[list[str]]]:
    """Cells of each table, row by row."""
    found = re.findall(r"<table.*?</table>", html, re.DOTALL)
    trees = [ElementTree.fromstring(table.replace("&nbsp;", "\u00a0")) for table in found]
    return [[["".join(cell.itertext()) for cell in row] for row in tree.iter("tr")] for tree in trees]


def test_the_statement_becomes_a_real_table() -> None:
    made = draft_for(decision(also_open=()), desk(), "email_1")
    assert isinstance(made, Draft)
    html = page_of(made.text)
    assert tables_of(html) == [
        [
            ["Facture", "Émise le", "Échéance", "Reste dû"],
            ["FA-2026-0143", "12/01/2026", "11/02/2026", "1\u202f200,00\u00a0€"],
            ["FA-2026-0151", "19/01/2026", "18/02/2026", "480,00\u00a0€"],
            ["Total", "1\u202f680,00\u00a0€"],
            ["Avoirs et règlements à déduire", "-200,00\u00a0€"],
            ["À payer", "1\u202f480,00\u00a0€"],
        ]
    ]
    assert html.count('scope="col"') == 4
    assert html.count('colspan="3"') == 3


def test_a_table_that_a_person_edited_is_still_a_table() -> None:
    edited = "Bonjour,\nVoici :\nFacture   Échéance     Reste dû\nF-1       11/02/2026    100,00 €\n\nMerci"
    html = page_of(edited)
    assert tables_of(html) == [[["Facture", "Échéance", "Reste dû"], ["F-1", "11/02/2026", "100,00 €"]]]
    assert "Voici" in html
    assert "Merci" in html


def test_two_spaces_after_a_full_stop_are_no_table() -> None:
    assert not tables_of(page_of("Bonjour.  Merci.\nBien à vous.  Claire"))


def test_lists_and_line_ends_are_kept() -> None:
    html = page_of("Trois cas :\n- un\n- deux\n\nClaire\nComptabilité")
    assert len(re.findall("<li", html)) == 2
    assert re.search(r"Claire<br>\s*Comptabilité", html)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(builtin_names("fr")))
def test_no_image_no_remote_style_no_script(name: str, language: Language) -> None:
    made = draft_for(decision(language), desk(), name)
    assert isinstance(made, Draft)
    html = html_of(made.text, subject=made.subject, language=language, links=made.links)
    assert not re.search(r"<(img|link|script|iframe|form|object|video|audio)|url\(|@import", html)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) <= set(made.links)
    assert f'<html lang="{language}">' in html


def test_it_reads_on_a_phone_and_in_the_dark() -> None:
    html = page_of("Bonjour")
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
    assert 'name="color-scheme" content="light dark"' in html
    assert "<body>" in html  # plain, so that a notice of test can be put first
    assert 'style="' in html  # inlined for the clients that drop style sheets


def test_line_endings_of_every_system_read_the_same() -> None:
    assert page_of("a\r\n\r\nb\r\nc") == page_of("a\n\nb\nc") == page_of("a\r\rb\rc")
