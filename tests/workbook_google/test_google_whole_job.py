"""The whole job on the demo portfolio, ten days in a row, while a person works in the sheet and the network fails."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from carriers import google
from sheets_emulator import ROBOT, Emulator

from sync.demo.book import demo_contents
from sync.pipeline import sync
from sync.post.journal import check_chain
from sync.postroom import Mailing, PostRoom
from sync.run.clock import Clock
from sync.run.gathering import gather
from sync.workbook.contract import INVOICES, TODAY, Who
from sync.workbook.google.book import tabs_of

FIRST_DAY = date(2026, 11, 16)
PEOPLE = [column.key for column in INVOICES.columns if column.who is Who.PEOPLE]
TROUBLES = [429, 500, 503, "html", "truncated", "cut", "drop", "commit_then_drop"]
MOMENTS = ["values.batchGet", "values.batchUpdate", "values.append", "spreadsheets.batchUpdate"]


class Office:
    """The demo's company with its sheet on the emulator."""

    def __init__(self, emulator, folder):
        self.emulator, self.outbox = emulator, folder / "outbox"
        self.id = emulator.create("Atelier", shared=[ROBOT], locale="fr_FR")
        book = google(emulator, self.id)
        starting, rows = demo_contents("fr", FIRST_DAY)
        book.init("fr", starting)
        book.write(rows)
        self.people = emulator.people.on(self.id)
        self.notes = {}

    def sync(self, day):
        book = google(self.emulator, self.id)
        clock = Clock(utc_now=lambda: datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
        post = PostRoom(workbook=book, clock=clock, outbox=self.outbox, mailing=Mailing(), pages=None)
        synced = sync(book, clock, post, run_id=f"p{day}", actor="relance", journal_key=b"clef")
        return synced, book.client.counters

    def title(self, key="invoices"):
        return tabs_of(google(self.emulator, self.id)._read_book())[0][key].title

    def read(self):
        return google(self.emulator, self.id).read()

    def typed(self):
        """What people typed, by invoice number; rows that share one are compared together."""
        tab = self.read().tabs["invoices"]
        rows = zip(*(tab.columns[key] for key in PEOPLE), strict=True)
        return Counter(rows)

    # --- a person at work

    def sort(self, rng):
        self.people.sort(self.sheet().title, rng.choice("ACDE"), descending=rng.random() < 0.5)

    def insert(self, rng):
        self.people.insert_rows(self.sheet().title, rng.randrange(2, 300), rng.randrange(1, 4))

    def rename(self, rng):
        self.people.rename_tab(self.sheet().title, f"Factures {rng.randrange(1000)}")

    def move(self, rng):
        self.people.swap_columns(self.sheet().title, rng.choice(["I", "J", "K"]), rng.choice(["X", "Y", "AB", "AC"]))

    def sort_today(self, rng):
        self.people.sort(TODAY.fr, "A", descending=rng.random() < 0.5)

    def sheet(self):
        """By its heading, since its title changes."""
        return next(one for one in self.people.spreadsheet.sheets if one.cell(0, 0).value == "Facture")


@pytest.mark.slow
def test_ten_days_among_people_and_faults_do_no_harm(tmp_path):
    with Emulator() as emulator:
        office = Office(emulator, tmp_path)
        rng = random.Random(20)
        calls = []
        for number in range(10):
            day = FIRST_DAY + timedelta(days=number)
            before = office.typed()
            for act in rng.sample([office.sort, office.insert, office.rename, office.move, office.sort_today], 3):
                place = rng.choice([emulator.before, emulator.after])
                place(rng.choice(MOMENTS), lambda act=act: act(rng))
            for _ in range(2):
                emulator.faults.once(rng.choice(TROUBLES), rng.choice(MOMENTS), after=rng.randrange(2))
            _, counters = office.sync(day)
            calls.append(counters.calls)
            emulator.service.hooks.clear()
            emulator.faults.clear()
            after = office.typed()
            blank = tuple([None] * len(PEOPLE))
            assert after - Counter({blank: after[blank]}) == before - Counter({blank: before[blank]})
        assert max(calls) <= 40, calls
        last, _ = office.sync(day)
        last, counters = office.sync(day)
        assert (last.written.cells, tuple(last.written.deferred), last.sendings) == (0, (), ())
        assert counters.calls <= 4
        self_check(office, day)
        assert emulator.service.mismatches == []


def self_check(office, day):
    """Every row says what a fresh conclusion says, every act is in the Journal once, every message left once."""
    clock = Clock(utc_now=lambda: datetime(day.year, day.month, day.day, 10, tzinfo=UTC))
    gathered = gather(google(office.emulator, office.id), clock)
    chain = check_chain(gathered.ledger.journal, b"clef")
    assert chain.is_sound
    seals = [row.hash for row in gathered.ledger.journal if row.hash]
    assert len(seals) == len(set(seals))
    sent = Counter(row.key for row in gathered.ledger.journal if row.status == "sent" and row.message_id)
    assert set(sent.values()) <= {1}
    left = [path.read_bytes() for path in office.outbox.glob("*.eml")]
    assert len(left) == len(set(left))
    assert len(left) >= 5
