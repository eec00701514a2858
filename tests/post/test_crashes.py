"""Whatever dies, and whenever: no message is accepted twice, none is lost from the Journal, none that was approved is forgotten."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import crash_runner
import pytest
from carriers import google
from mail_sink import Sink, mail_sink
from postal import KEY, MONDAY, Postal
from sheets_emulator import ROBOT, Emulator

from sync.ledger.model import JournalRow
from sync.pipeline import sync
from sync.post.journal import check_chain
from sync.post.mime import key_digest
from sync.post.unsettled import open_messages
from sync.postroom import PostRoom
from sync.resolving import resolve
from sync.run.clock import Clock
from sync.run.gathering import gather
from sync.workbook.excel.carrier import Excel
from sync.workbook.starting_rows import starting_rows
from sync.workbook.tabs import Append, Changes

pytestmark = pytest.mark.slow
CUSTOMERS = 5
# Every point takes minutes: by default one in a few is tried, all of them with RELANCE_EVERY_POINT=1.
ALL = bool(os.environ.get("RELANCE_EVERY_POINT"))


class Runner:
    """Runs in processes of their own, which may die."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, crash_runner.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2], env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    def __call__(self, path: Path, smtp: str, kill_at: int = 0, **google: object) -> dict[str, object]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(
            json.dumps({"path": str(path), "smtp": smtp, "kill_at": kill_at, "at": MONDAY, **google}) + "\n"
        )
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


@pytest.fixture(scope="module")
def runner():
    running = Runner()
    yield running
    running.close()


@pytest.fixture(scope="module")
def approved(tmp_path_factory) -> Path:
    """A workbook whose drafts a person has all approved: the run to come sends them, two at a time."""
    folder = tmp_path_factory.mktemp("approved")
    postal = Postal(folder, mode="approve", send_batch=2)
    for number in range(CUSTOMERS):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", 100 + number, customer=f"C{number}")
    postal.passes()
    for number in range(CUSTOMERS):
        postal.types("invoices", f"F-{number}", send="oui")
    return folder


def keys() -> list[str]:
    return [f"C{number}|EUR|standard|F-{number}|2|1" for number in range(CUSTOMERS)]


def accepted(sink: Sink) -> Counter[str]:
    by_digest = {key_digest(key): key for key in keys()}
    return Counter(by_digest[str(message["X-Relance-Key"])] for message in sink.messages())


def check(journal: Sequence[JournalRow], sink: Sink, told: str) -> None:
    """The three promises, after the run that follows a crash."""
    taken = accepted(sink)
    assert max(taken.values(), default=0) <= 1, told
    uncertain = open_messages(journal)
    recorded = {row.key for row in journal if str(row.status) == "sent"} | set(uncertain)
    assert set(taken) <= recorded, told
    assert set(keys()) <= set(taken) | set(uncertain), told
    assert check_chain(journal, KEY).is_sound, told


def journal_of(postal: Postal) -> Sequence[JournalRow]:
    return gather(Excel(postal.path), postal.clock()).ledger.journal


def settle_all(postal: Postal, sink: Sink, runner: Runner, told: str) -> None:
    """A person looks at the server's own record and says what became of each; then everything has left once."""
    taken = accepted(sink)
    for key in open_messages(journal_of(postal)):
        postal.resolves(key, sent=key in taken)
    runner(postal.path, sink.url)
    assert accepted(sink) == Counter(dict.fromkeys(keys(), 1)), told


def copy_of(folder: Path, target: Path) -> Postal:
    shutil.copytree(folder, target)
    postal = Postal.__new__(Postal)
    postal.path, postal.outbox, postal.language = target / "book.xlsx", target / "book.outbox", "fr"
    return postal


def test_a_crash_at_every_point_of_a_run(tmp_path, approved, runner):
    with mail_sink() as sink:
        whole = runner(copy_of(approved, tmp_path / "whole").path, sink.url)
    assert not whole["error"]
    assert len(sink.accepted) == CUSTOMERS
    points = int(str(whole["points"]))
    assert points > 50
    with mail_sink() as sink:
        for point in range(1, points + 1, 1 if ALL else 3):
            postal = copy_of(approved, tmp_path / f"p{point}")
            sink.accepted.clear()
            assert runner(postal.path, sink.url, point)["died"], point
            after = runner(postal.path, sink.url)
            assert not after["error"], (point, after)
            check(journal_of(postal), sink, f"point {point}")
            if point % 4 == 1:
                settle_all(postal, sink, runner, f"point {point}")
            shutil.rmtree(postal.path.parent)


def test_a_run_that_a_person_stops_at_any_point(tmp_path, approved, runner):
    """Ctrl-C: the same promises, and the workbook is free again at once."""
    with mail_sink() as sink:
        for point in range(1, 140, 1 if ALL else 15):
            postal = copy_of(approved, tmp_path / f"c{point}")
            sink.accepted.clear()
            runner(postal.path, sink.url, point, signal=2)
            after = runner(postal.path, sink.url)
            assert not after["error"], (point, after)
            check(journal_of(postal), sink, f"stopped at {point}")
            settle_all(postal, sink, runner, f"stopped at {point}")
            shutil.rmtree(postal.path.parent)


def test_a_disk_that_is_full(tmp_path, approved, runner):
    """From the first byte of the journal to the last of the workbook: the run ends with a sentence, the next one goes on."""
    with mail_sink() as sink:
        sizes = [1, 3_000, 9_000, 30_000, 45_000, 1_000_000]
        told = []
        for size in sizes:
            postal = copy_of(approved, tmp_path / f"d{size}")
            sink.accepted.clear()
            told.append(str(runner(postal.path, sink.url, disk=size)["error"]))
            assert "without a word" not in told[-1], size
            after = runner(postal.path, sink.url)
            assert not after["error"], (size, after)
            check(journal_of(postal), sink, f"{size} bytes")
            settle_all(postal, sink, runner, f"{size} bytes")
        assert [bool(one) for one in told[:2]] == [True, True]
        assert told[-1] == ""


@pytest.mark.parametrize("seed", range(100 if ALL else 5))
def test_a_server_that_misbehaves_and_runs_that_die_again_and_again(tmp_path, approved, runner, seed):
    chance = random.Random(seed)
    postal = copy_of(approved, tmp_path / "book")
    answers = [None, None, None, "drop", "451 later", "421 too many", "stall"]

    def some(*without: str):
        return lambda _: chance.choice([one for one in answers if one not in without])

    sink = Sink(
        on_mail=some("stall"), on_rcpt=some("stall"), on_data=some("stall"), after_data=some("451 later", "421 too many", "stall")
    )
    with mail_sink(sink):
        for _ in range(4):
            runner(postal.path, sink.url, chance.choice([0, *range(1, 160, 3)]))
        sink.on_mail = sink.on_rcpt = sink.on_data = sink.after_data = lambda _: None
        after = runner(postal.path, sink.url)
        assert not after["error"], after
        check(journal_of(postal), sink, f"seed {seed}")
        settle_all(postal, sink, runner, f"seed {seed}")


def furnish(emulator: Emulator, sheet: str) -> None:
    """A spreadsheet whose drafts a person has all approved."""
    clock = _clock()
    rows = dict(starting_rows("fr"))
    wanted = {"mode": "valider", "sender_email": "compta@example.org", "fraîcheur des règlements": "", "taille des lots": 2}
    wanted["e-mail de l’expéditeur"] = wanted.pop("sender_email")
    settings = [{**row, "value": wanted.get(str(row["setting"]), row.get("value"))} for row in rows["settings"]]
    book = google(emulator, sheet)
    book.init("fr", {**rows, "settings": settings})
    contacts = [{"customer": f"C{n}", "email": f"c{n}@example.org", "kind": "entreprise"} for n in range(CUSTOMERS)]
    day = clock.today("Europe/Paris")
    bills = [
        {
            "invoice": f"F-{n}",
            "customer": f"C{n}",
            "issued": day.replace(year=2025, month=12),
            "due": day.replace(month=1, day=30),
            "amount": 100 + n,
        }
        for n in range(CUSTOMERS)
    ]
    old = [{"when": "2026-01-02T09:00:00+01:00", "status": "observed", "field": "mode", "new": "auto"}]
    appends = [Append(tab="contacts", rows=contacts), Append(tab="invoices", rows=bills), Append(tab="journal", rows=old)]
    book.write(Changes(appends=appends))
    book = google(emulator, sheet)
    sync(book, clock, PostRoom(workbook=book, clock=clock, outbox=None), run_id="first", actor="relance", journal_key=KEY)
    tab = google(emulator, sheet).read(["invoices"]).tabs["invoices"]
    for n in range(CUSTOMERS):
        emulator.people.on(sheet).type(tab.title, f"{tab.letters['send']}{n + 2}", "oui")


def _clock() -> Clock:
    from datetime import datetime

    from postal import PARIS

    moment = datetime.fromisoformat(MONDAY).replace(tzinfo=PARIS)
    return Clock(utc_now=lambda: moment)


def test_a_crash_at_every_request_of_a_run_on_a_google_sheet(tmp_path, runner):
    with Emulator() as emulator, mail_sink() as sink:
        sheet = emulator.create("Clients", shared=[ROBOT])
        furnish(emulator, sheet)
        approved = emulator.spreadsheet(sheet).clone()
        job = {"google": {"url": emulator.url, "id": sheet, "account": emulator.service_account()}, "unlock": False}
        whole = runner(tmp_path, sink.url, **job)
        assert not whole["error"]
        assert len(sink.accepted) == CUSTOMERS
        points = int(str(whole["points"]))
        assert points > 40
        for point in range(1, points + 1, 1 if ALL else 9):
            emulator.spreadsheet(sheet).become(approved.clone())
            sink.accepted.clear()
            assert runner(tmp_path, sink.url, point, **job)["died"], point
            after = runner(tmp_path, sink.url, **{**job, "unlock": True})
            assert not after["error"], (point, after)
            check(gather(google(emulator, sheet), _clock()).ledger.journal, sink, f"point {point}")
        for key in open_messages(gather(google(emulator, sheet), _clock()).ledger.journal):
            resolve(google(emulator, sheet), _clock(), key, sent=key in accepted(sink), run_id="r", journal_key=KEY)


@pytest.mark.parametrize("seed", range(40 if ALL else 2))
def test_a_server_that_misbehaves_and_runs_that_die_on_a_google_sheet(tmp_path, runner, seed):
    """As on the local workbook: four unlucky runs, then a lucky one, then a person settles what is uncertain."""
    chance = random.Random(seed)
    answers = [None, None, None, "drop", "451 later", "421 too many"]
    with Emulator() as emulator, mail_sink() as sink:
        sheet = emulator.create("Clients", shared=[ROBOT])
        furnish(emulator, sheet)
        job = {"google": {"url": emulator.url, "id": sheet, "account": emulator.service_account()}, "unlock": True}
        sink.on_mail = sink.on_rcpt = sink.on_data = lambda _: chance.choice(answers)
        sink.after_data = lambda _: chance.choice([None, None, "drop"])
        for _ in range(4):
            runner(tmp_path, sink.url, chance.choice([0, *range(1, 90, 2)]), **job)
        sink.on_mail = sink.on_rcpt = sink.on_data = sink.after_data = lambda _: None
        after = runner(tmp_path, sink.url, **job)
        assert not after["error"], after
        journal = gather(google(emulator, sheet), _clock()).ledger.journal
        check(journal, sink, f"seed {seed}")
        taken = accepted(sink)
        for key in open_messages(journal):
            resolve(google(emulator, sheet), _clock(), key, sent=key in taken, run_id="r", journal_key=KEY)
        runner(tmp_path, sink.url, **job)
        assert accepted(sink) == Counter(dict.fromkeys(keys(), 1)), seed
