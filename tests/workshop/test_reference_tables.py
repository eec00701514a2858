"""The tables that the program knows are written into the pages by a command, and a stale page is told."""

from pathlib import Path

import pytest

from reports.reference import TABLES, main, refreshed
from sync.ledger.words import WORDS
from sync.workbook.contract import INVOICES, TABS_BY_KEY

ASKED = "# Factures\n\n<!-- generated: columns invoices fr -->\n<!-- end generated -->\n\nFin.\n"


def test_a_page_gets_the_table_it_asks_for_and_keeps_its_own_words() -> None:
    page = refreshed(ASKED)
    assert page.startswith("# Factures\n")
    assert page.endswith("\n\nFin.\n")
    for column in INVOICES.columns:
        assert f"| **{column.fr}** |" in page


def test_writing_twice_changes_nothing() -> None:
    assert refreshed(refreshed(ASKED)) == refreshed(ASKED)


def test_a_table_nobody_knows_is_an_error_not_a_hole() -> None:
    with pytest.raises(KeyError):
        refreshed(ASKED.replace("columns invoices", "moods"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_table_is_a_table_in_both_languages(language: str) -> None:
    asked = [f"columns {key}" for key in TABS_BY_KEY] + [f"words {name}" for name in WORDS]
    asked += [name for name in TABLES if name not in ("columns", "words")]
    for what in asked:
        page = refreshed(f"<!-- generated: {what} {language} -->\n<!-- end generated -->")
        lines = [line for line in page.splitlines() if line.startswith("|")]
        assert len(lines) > 2, what
        assert len({line.replace("\\|", "").count("|") for line in lines}) == 1, what


def test_check_names_the_stale_page_and_the_command_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "site" / "fr" / "factures.md"
    page.parent.mkdir(parents=True)
    page.write_text(ASKED, encoding="utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "site/fr/factures.md" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == ASKED  # looking is not writing
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
