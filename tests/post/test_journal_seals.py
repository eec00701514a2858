"""The Journal is sealed: whoever changes, moves, adds or removes a row is found out at the first such row."""

from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from postal import KEY, Postal

from sync.cli import main
from sync.ledger.model import JournalRow
from sync.ledger.words import Act
from sync.post.journal import JournalWriter, check_chain, digest

WHEN = datetime(2026, 2, 2, 10, tzinfo=UTC)


def journal(count: int = 6, key: bytes = KEY, texts: str = "Bonjour") -> list[JournalRow]:
    writer = JournalWriter(lambda rows: None, [], key)
    writer.write(
        [
            JournalRow(row=0, when=WHEN, status=Act.SENT, customer=f"C{number}", text=f"{texts} {number}")
            for number in range(count)
        ]
    )
    return [replace(row, row=place + 2) for place, row in enumerate(writer.written)]


def test_an_intact_journal_is_sound_and_its_head_is_the_last_seal():
    rows = journal()
    chain = check_chain(rows, KEY)
    assert (chain.is_sound, chain.rows, chain.head) == (True, 6, rows[-1].hash)


@pytest.mark.parametrize("field", ["customer", "recipient", "note", "key", "message_id", "actor", "new", "text", "subject"])
def test_any_changed_cell_is_found_at_its_row(field):
    rows = journal()
    rows[3] = replace(rows[3], **{field: "autre"})
    assert check_chain(rows, KEY).first_altered == rows[3].row


def test_a_removed_a_moved_and_an_added_row_are_found():
    rows = journal()
    assert check_chain([*rows[:2], *rows[3:]], KEY).first_altered == rows[3].row
    assert check_chain([rows[0], rows[2], rows[1], *rows[3:]], KEY).first_altered == rows[2].row
    assert check_chain([*rows, replace(rows[0], row=9)], KEY).first_altered == 9


def test_rows_taken_off_the_end_are_found_by_a_head_noted_elsewhere():
    rows = journal()
    assert check_chain(rows[:-1], KEY).is_sound
    assert check_chain(rows[:-1], KEY, rows[-1].hash).head_missing
    assert check_chain(rows, KEY, rows[2].hash).is_sound


def test_erased_texts_do_not_break_the_chain():
    rows = journal()
    rows[2] = replace(rows[2], text=f"erased:{digest(rows[2].text, KEY)}")
    chain = check_chain(rows, KEY)
    assert (chain.is_sound, chain.erased) == (True, 1)
    rows[2] = replace(rows[2], text=f"erased:{digest('autre chose', KEY)}")
    assert check_chain(rows, KEY).first_altered == rows[2].row


def test_without_the_key_nobody_makes_a_seal():
    assert check_chain(journal(key=b"guess"), KEY).first_altered == 2


def test_a_journal_that_began_before_the_key_is_sound_and_says_so():
    writer = JournalWriter(lambda rows: None, before := journal(3, b""), KEY)
    writer.write([JournalRow(row=0, when=WHEN, status=Act.SENT, customer="C9")])
    chain = check_chain([*before, replace(writer.written[0], row=5)], KEY)
    assert (chain.is_sound, chain.unkeyed) == (True, 3)
    later = JournalWriter(lambda rows: None, writer.written, b"")
    later.write([JournalRow(row=0, when=WHEN, status=Act.SENT)])
    assert check_chain([*before, *writer.written, replace(later.written[0], row=6)], KEY).first_altered == 6


def test_rows_that_were_there_before_relance_have_no_seal():
    old = [JournalRow(row=2, when=WHEN, status=Act.SENT)]
    writer = JournalWriter(lambda rows: None, old, KEY)
    writer.write([JournalRow(row=0, when=WHEN, status=Act.SENT)])
    chain = check_chain([*old, replace(writer.written[0], row=3)], KEY)
    assert (chain.is_sound, chain.unsealed) == (True, 1)


@given(st.text(st.characters(), max_size=60), st.text(max_size=40), st.integers(-(10**9), 10**9))
def test_seals_hold_through_a_real_workbook(tmp_path_factory, text, name, amount):
    """Whatever the words, what the workbook gives back has the seal that was made before it was written."""
    from sync.ledger.reading import read_ledger
    from sync.workbook.excel.carrier import Excel
    from sync.workbook.tabs import Changes

    folder = tmp_path_factory.mktemp("seal")
    book = _empty(folder)
    writer = JournalWriter(Excel(book).append_journal, [], KEY)
    row = JournalRow(
        row=0, when=WHEN, status=Act.SENT, customer="C1", text=text, subject=name, note=name, old=name, new=text, amount=amount,
        invoices=("0012", "F-1"), step=2, occurrence=1,
    )  # fmt: skip
    writer.write([row, replace(row, text="")])
    Excel(book).write(Changes())
    ledger, _ = read_ledger(Excel(book).read().tabs, language="fr", currency="EUR", terms="30", as_of=WHEN.date())
    assert check_chain(ledger.journal, KEY).is_sound


_TEMPLATE: list[bytes] = []


def _empty(folder):  # type: ignore[no-untyped-def]
    from sync.workbook.excel.carrier import Excel

    path = folder / "book.xlsx"
    if not _TEMPLATE:
        Excel(path).init("fr")
        _TEMPLATE.append(path.read_bytes())
    path.write_bytes(_TEMPLATE[0])
    return path


def test_the_command_points_at_the_first_altered_row(tmp_path):
    postal = (
        Postal(tmp_path, first=True)
        .contact()
        .invoice("F-1", "2026-01-30")
        .contact("C2")
        .invoice("F-2", "2026-01-30", customer="C2")
    )
    postal.passes()
    runner = CliRunner(env={"RELANCE_JOURNAL_KEY": KEY.decode()})
    sound = runner.invoke(main, ["verify", str(postal.path)])
    assert (sound.exit_code, "intact" in sound.output) == (0, True), sound.output
    book = openpyxl.load_workbook(postal.path)
    book["Journal"].cell(4, 4).value = "C7"
    book.save(postal.path)
    altered = runner.invoke(main, ["verify", str(postal.path)])
    assert altered.exit_code == 1
    assert "4" in altered.output


def test_the_command_lists_and_settles_uncertain_messages(tmp_path):
    from mail_sink import Sink, mail_sink

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(after_data=lambda number: "drop")) as sink:
        postal.passes(sink.url)
    runner = CliRunner(env={"RELANCE_JOURNAL_KEY": KEY.decode(), "CI": "", "LANG": "fr"})
    told = runner.invoke(main, ["resolve", str(postal.path)])
    assert (told.exit_code, "C1|EUR|standard|F-1|2|1" in told.output) == (0, True), told.output
    hidden = CliRunner(env={"CI": "1"}).invoke(main, ["resolve", str(postal.path)])
    assert "c1@example.org" not in hidden.output
    assert runner.invoke(main, ["resolve", str(postal.path), "9", "sent", "--as-of", "2026-02-03"]).exit_code == 2
    assert runner.invoke(main, ["resolve", str(postal.path), "1", "sent", "--as-of", "2026-02-03"]).exit_code == 0
    assert postal.acts()[-1] == "sent F-1"
    assert runner.invoke(main, ["verify", str(postal.path)]).exit_code == 0
