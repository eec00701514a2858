"""Two runs never hold one spreadsheet: the server refuses the second, whatever the moment."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from carriers import google
from sheets_emulator import ROBOT, Emulator

from sync.errors import WorkbookError
from sync.workbook.google.lock import LOCK_HOURS, LOCK_TITLE
from sync.workbook.tabs import CellChange, Changes

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=LOCK_HOURS, minutes=1)


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running


@pytest.fixture
def sheet(emulator):
    rows = [["Facture", "Client", "Date de facture", "Montant TTC", "Pourquoi"], ["F-1", "C1", "2026-01-05", 3, ""]]
    return emulator.create("Clients", {"Factures": rows}, shared=[ROBOT])


def locks(emulator, sheet):
    return [one for one in emulator.spreadsheet(sheet).sheets if one.title == LOCK_TITLE]


def take_at_once(emulator, sheet, now, count=8):
    """Several runs at the same moment; the owners that hold the lock afterwards."""
    books = [google(emulator, sheet) for _ in range(count)]
    for book in books:
        book.client._pause = lambda seconds: None
        book.read([])  # each has its token
    start = threading.Barrier(count)
    won = []

    def run(number):
        start.wait()
        try:
            books[number].lock(f"run {number}", now)
        except WorkbookError:
            return
        won.append(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


def test_of_many_runs_at_once_one_holds_the_lock(emulator, sheet):
    for _ in range(5):
        won = take_at_once(emulator, sheet, NOW)
        assert len(won) == 1
        assert len(locks(emulator, sheet)) == 1
        google(emulator, sheet).clear_lock()


def test_of_many_runs_that_find_an_expired_lock_one_takes_it(emulator, sheet):
    google(emulator, sheet).lock("cut short", NOW)
    assert len(take_at_once(emulator, sheet, LATER)) == 1
    assert len(locks(emulator, sheet)) == 1


def test_a_lock_holds_until_it_expires_and_says_since_when(emulator, sheet):
    google(emulator, sheet).lock("Alice", NOW)
    with pytest.raises(WorkbookError, match=r"Alice.*10/02/2026 09:00.*relance unlock"):
        google(emulator, sheet).lock("Bob", LATER - timedelta(minutes=2))
    google(emulator, sheet).lock("Bob", LATER)


def test_a_run_that_lost_its_lock_does_not_remove_the_other_runs(emulator, sheet):
    first, second = google(emulator, sheet), google(emulator, sheet)
    first.lock("Alice", NOW)
    second.lock("Bob", LATER)
    first.unlock()
    assert len(locks(emulator, sheet)) == 1
    second.unlock()
    assert locks(emulator, sheet) == []


@pytest.mark.parametrize("trouble", ["commit_then_drop", "drop", "truncated", 500])
def test_a_lost_answer_neither_locks_us_out_nor_lets_two_in(emulator, sheet, trouble):
    first, second = google(emulator, sheet), google(emulator, sheet)
    emulator.faults.once(trouble, "spreadsheets.batchUpdate")
    first.lock("Alice", NOW)
    with pytest.raises(WorkbookError):
        second.lock("Bob", NOW)
    emulator.faults.once(trouble, "spreadsheets.batchUpdate")
    first.unlock()
    assert locks(emulator, sheet) == []


def test_a_run_whose_lock_was_cleared_writes_nothing_more(emulator, sheet):
    first = google(emulator, sheet)
    first.lock("Alice", NOW)
    first.read()
    google(emulator, sheet).clear_lock()
    change = CellChange(tab="invoices", row=2, key="F-1", column="why", before=None, after="x")
    with pytest.raises(WorkbookError, match="verrou"):
        first.write(Changes(cells=[change]))
    google(emulator, sheet).lock("Bob", NOW)
    with pytest.raises(WorkbookError, match="verrou"):
        first.write(Changes(cells=[change]))
    assert emulator.people.on(sheet).value("Factures", "E2") is None


def test_a_lock_that_a_person_renamed_still_counts(emulator, sheet):
    google(emulator, sheet).lock("Alice", NOW)
    emulator.people.on(sheet).rename_tab(LOCK_TITLE, "c'est quoi ?")
    with pytest.raises(WorkbookError, match="Alice"):
        google(emulator, sheet).lock("Bob", NOW)
    assert locks(emulator, sheet) == []


def test_a_tab_of_a_person_with_that_name_is_told_not_removed(emulator, sheet):
    emulator.people.on(sheet).add_tab(LOCK_TITLE, [["à moi"]])
    with pytest.raises(WorkbookError):
        google(emulator, sheet).lock("Bob", NOW)
    assert len(locks(emulator, sheet)) == 1


def test_the_lock_is_hidden_from_people_and_one_call(emulator, sheet):
    book = google(emulator, sheet)
    book.lock("Alice", NOW)
    assert locks(emulator, sheet)[0].is_hidden
    book.read()
    assert emulator.methods() == ["batchUpdate", "values.batchGet"]  # the description came with the lock
