"""Whatever is wrong with a spreadsheet, its sharing or its network: one sentence that says what to do, and status 3."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from carriers import furnished, google
from click.testing import CliRunner, Result
from sheets_emulator import ROBOT, Emulator

from sync.cli import main
from sync.errors import WorkbookError
from sync.workbook.google.carrier import Google
from sync.workbook.google.client import Limits, Refused
from sync.workbook.google.errors import told
from sync.workbook.google.messages import MESSAGES
from sync.workbook.tabs import CellChange, Changes

SHORT = Limits(connect=2, answer=0.4, tries=3, waiting=20)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running
        assert running.service.mismatches == []


@pytest.fixture
def sheet(emulator: Emulator) -> str:
    """The id of a furnished spreadsheet with one invoice."""
    file_id = emulator.create("Clients", shared=[ROBOT])
    emulator.spreadsheet(file_id).become(furnished("fr").clone())
    emulator.people.on(file_id).fill("Factures", "A2", [["F-1", "C1", "2026-01-05", "2026-02-05", 120]])
    return file_id


@pytest.fixture
def relance(emulator: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Callable[..., Result]:
    """A command, as the scheduler runs it."""
    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "RELANCE_SMTP_URL", "RELANCE_JOURNAL_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELANCE_SHEETS_URL", emulator.url)
    monkeypatch.setenv("RELANCE_GOOGLE_CREDENTIALS", json.dumps(emulator.service_account()))
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def said(result: Result, status: int = 3) -> str:
    assert result.exit_code == status, result.output
    text = result.output.strip()
    assert "\n" not in text, text
    return text


# --- through the commands


def test_a_spreadsheet_that_is_not_shared(emulator, relance):
    private = emulator.create("Privé", shared=[])
    text = said(relance("sync", private))
    assert ROBOT in text
    assert "partagez-la" in text


def test_a_spreadsheet_shared_for_reading_only(emulator, sheet, relance):
    people = emulator.people.on(sheet)
    people.unshare(ROBOT)
    people.share(ROBOT, "reader")
    assert relance("plan", sheet).exit_code == 0
    text = said(relance("sync", sheet))
    assert ROBOT in text
    assert "éditeur" in text


def test_a_spreadsheet_that_does_not_exist(relance):
    assert "n’existe pas" in said(relance("plan", "1" + "x" * 43))


def test_an_empty_spreadsheet(emulator, relance):
    empty = emulator.create("Vide", shared=[ROBOT])
    assert "Factures" in said(relance("plan", empty))


def test_a_tab_that_was_renamed_is_still_found(emulator, sheet, relance):
    emulator.people.on(sheet).rename_tab("Factures", "Ventes à crédit")
    assert relance("plan", sheet).exit_code == 0
    assert relance("sync", sheet).exit_code == 0
    assert emulator.people.on(sheet).value("Ventes à crédit", "X2") == 120


def test_a_heading_that_is_gone(emulator, sheet, relance):
    emulator.people.on(sheet).type("Factures", "E1", "Total")
    assert "Montant TTC" in said(relance("sync", sheet))


def test_a_protected_tab(emulator, sheet, relance):
    emulator.people.on(sheet).protect("Factures")
    text = said(relance("sync", sheet))
    assert "protégée" in text
    assert ROBOT in text


def test_a_full_spreadsheet(emulator, sheet, relance):
    file, people = emulator.spreadsheet(sheet), emulator.people.on(sheet)
    for title in ("Archives", "Fin"):
        people.add_tab(title)
        people.resize(title, 1, 1)
    people.resize("Archives", (10_000_000 - file.cell_count) // 5000, 5000)
    people.resize("Fin", 1, 1 + 10_000_000 - file.cell_count)
    assert file.cell_count == 10_000_000
    assert "10 millions de cellules" in said(relance("sync", sheet))


def test_a_key_that_was_revoked(emulator, sheet, relance):
    emulator.faults.always("status", "oauth.token").status = 400
    emulator.faults.pending[0].reason = "invalid_grant"
    assert "horloge" in said(relance("plan", sheet))


def test_another_address_is_no_spreadsheet(relance):
    assert "adresse" in said(relance("plan", "https://docs.google.com/document/d/abc/edit"), 2)
    assert "adresse" in said(relance("plan", "https://example.org/spreadsheets/d/" + "x" * 44), 2)


def test_the_endpoint_of_tests_is_never_another_machine(sheet, relance, monkeypatch):
    monkeypatch.setenv("RELANCE_SHEETS_URL", "http://sheets.example.org")
    assert "RELANCE_SHEETS_URL" in said(relance("plan", sheet), 2)


def test_another_day_than_today_is_not_written(emulator, sheet, relance):
    before = len(emulator.log)
    assert "--as-of" in said(relance("sync", sheet, "--as-of", "2026-01-01"), 2)
    assert all(line.verb == "GET" for line in emulator.log[before:] if line.method.startswith("sheets."))
    assert relance("plan", sheet, "--as-of", "2026-03-01").exit_code == 0


def test_unlock_removes_the_lock_of_a_run_that_was_cut_short(emulator, sheet, relance):
    google(emulator, sheet).lock("Alice", datetime(2026, 2, 10, 9, tzinfo=UTC))
    assert "Alice" in relance("unlock", sheet).output
    assert "pas de verrou" in relance("unlock", sheet).output


def test_the_sentence_is_in_the_readers_language(relance, monkeypatch):
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert "There is no such Google spreadsheet" in said(relance("plan", "1" + "x" * 43))


# --- a network that gives up, without waiting for it


def _fails(book: Google) -> str:
    with pytest.raises(WorkbookError) as caught:
        book.read()
    return str(caught.value)


def test_a_rate_limit_that_lasts_ends_in_one_sentence(emulator, sheet):
    emulator.faults.always(429, retry_after=7)
    book = google(emulator, sheet)
    assert "nouvelles requêtes" in _fails(book)
    assert book.client.counters.calls <= 4 * book.client.limits.tries
    assert book.client.counters.waited <= book.client.limits.waiting


def test_the_minutes_quota_is_waited_for(emulator, sheet):
    emulator.quotas.enabled, emulator.quotas.per_user = True, 1
    for _ in range(20):  # whatever the jitter
        book = google(emulator, sheet)
        assert len(book.read().tabs["invoices"]) == 1
        assert book.client.counters.waited > 0


@pytest.mark.parametrize("trouble", [503, "html", "truncated", "cut", "drop"])
def test_a_server_that_stays_ill(emulator, sheet, trouble):
    emulator.faults.always(trouble)
    text = _fails(google(emulator, sheet, limits=SHORT))
    assert "réessayez" in text


def test_a_server_that_never_answers(emulator, sheet):
    emulator.faults.always("stall", seconds=3)
    assert "injoignable" in _fails(google(emulator, sheet, limits=SHORT))


def test_nothing_listens(emulator, sheet):
    book = google(emulator, sheet, limits=SHORT)
    emulator.stop()
    assert "injoignable" in _fails(book)
    emulator.start()


@pytest.mark.parametrize("trouble", [429, 500, 503, "html", "truncated", "cut", "drop", "commit_then_drop", 401])
@pytest.mark.parametrize("on", ["get", "values.batchGet", "values.batchUpdate", "spreadsheets.batchUpdate", "values.append"])
def test_any_trouble_that_passes_is_not_noticed(emulator, sheet, trouble, on):
    book = google(emulator, sheet)
    emulator.faults.once(trouble, on, times=2 if trouble != 401 else 1)
    book.lock("run", datetime(2026, 2, 10, tzinfo=UTC))
    book.read()
    book.append_journal([{"when": "2026-02-10T09:00:00+01:00", "hash": "a"}, {"when": "2026-02-10T09:00:00+01:00", "hash": "b"}])
    change = CellChange(tab="invoices", row=2, key="F-1", column="action_date", before=None, after=date(2026, 3, 1))
    assert tuple(book.write(Changes(cells=[change])).deferred) == ()
    book.unlock()
    after = google(emulator, sheet).read().tabs
    assert after["journal"].columns["hash"] == ["a", "b"]
    assert after["invoices"].columns["action_date"] == [date(2026, 3, 1)]
    assert [one.title for one in emulator.spreadsheet(sheet).sheets if "lock" in one.title] == []


# --- the sentences themselves


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            Refused(403, "Google Sheets API has not been used in project 1 before or it is disabled.", "SERVICE_DISABLED"),
            "enable",
        ),
        (Refused(403, "Request had insufficient authentication scopes.", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "auth/spreadsheets"),
        (Refused(400, "This operation is not supported for this document"), "Save as Google Sheets"),
        (Refused(401, "Request had invalid authentication credentials."), "revoked"),
        (Refused(400, "Invalid requests[3]: something new"), "something new"),
    ],
)
def test_each_refusal_has_its_sentence(error, words):
    assert words in str(told(error, "en", email="robot@example.org"))


def test_sentences_are_well_set_in_both_languages():
    for code, one in MESSAGES.items():
        assert not re.search(r" [:;!?»]|« ", one.fr), code
        assert not re.search(r"\u00a0|[éèà]", one.en), code
        assert set(re.findall(r"{\w+}", one.fr)) == set(re.findall(r"{\w+}", one.en)), code
