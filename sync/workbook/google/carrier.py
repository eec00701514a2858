"""The carrier of a Google spreadsheet, written to while people work in it.

Read once; look again at keys, inputs and our own cells just before each write; write only what still stands as read;
look once more, and put right what a person's sort or insertion displaced in between, where the cell still holds exactly
what we wrote. Nothing a person typed is ever the target of a guess.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sync.errors import WorkbookError
from sync.ledger.words import Language
from sync.workbook.contract import JOURNAL
from sync.workbook.google import lock as run_lock
from sync.workbook.google.append import append_rows
from sync.workbook.google.book import FIELDS, Book, book_of, tabs_of
from sync.workbook.google.client import Refused, SheetsClient
from sync.workbook.google.errors import says_moved, told
from sync.workbook.google.init import furnish
from sync.workbook.google.journal import JournalTab, Misplaced
from sync.workbook.google.messages import failure, say
from sync.workbook.google.read import ReadTab, problems_of, read_tabs
from sync.workbook.google.write import Job, NeverStill, written_columns
from sync.workbook.headings import missing_tabs
from sync.workbook.starting_rows import starting_rows
from sync.workbook.tabs import Append, Cell, Changes, RawTab, Snapshot, Written

Rows = Sequence[Mapping[str, Cell]]
_log = logging.getLogger("relance.google")
_TRIES = 4  # times that a tab may be renamed under our hands within one act


class Google:
    """A `Workbook` in a Google spreadsheet. Nothing is asked before the first call.

    `email` is the account that the spreadsheet must be shared with, as messages say it; `language` is that of messages
    and of what `init` adds.
    """

    def __init__(self, client: SheetsClient, spreadsheet_id: str, language: Language = "fr", email: str = "") -> None:
        self.client, self.id, self.email = client, spreadsheet_id, email
        self.language: Language = language
        self._book: Book | None = None
        self._is_fresh = False  # the book came with the lock a moment ago
        self._as_read: dict[str, RawTab] = {}
        self._is_pinned = False  # `_as_read` is what the changes of this run are planned from
        self._tabs: dict[str, ReadTab] = {}
        self._lock: run_lock.Held | None = None

    # --- reading

    def read(self, tabs: Sequence[str] | None = None) -> Snapshot:
        """Read the named tabs (keys), or all of them."""
        with self._telling():
            book, found = self._read(None if tabs is None else list(tabs))
        _, twice = tabs_of(book)
        asked = None if tabs is None else set(tabs)
        problems = [problem for problem in twice if asked is None or problem.tab in asked]
        problems += missing_tabs(tabs_of(book)[0], asked)
        problems += problems_of(found.values())
        raws = {key: tab.raw for key, tab in found.items()}
        # Under a lock the changes to come are planned from the first look; later ones only check that it still holds.
        self._as_read = {**self._as_read, **raws} if self._lock is None or not self._is_pinned else {**raws, **self._as_read}
        self._is_pinned = True
        return Snapshot(tabs=raws, problems=tuple(problems))

    def version(self) -> str:
        """Google gives no mark of what a spreadsheet holds: only reading can tell."""
        return ""

    def _read(self, wanted: Sequence[str] | None) -> tuple[Book, dict[str, ReadTab]]:
        def act() -> tuple[Book, dict[str, ReadTab]]:
            book = self._current_book()
            sheets = {key: sheet for key, sheet in tabs_of(book)[0].items() if wanted is None or key in wanted}
            return book, read_tabs(self.client, self.id, sheets)

        book, found = self._while_moving(act)
        self._tabs.update(found)
        return book, found

    def _current_book(self) -> Book:
        """The description of the spreadsheet, read again unless it has just come with the lock."""
        if self._book is None or not self._is_fresh:
            self._book = self._read_book()
        self._is_fresh = False
        return self._book

    def _read_book(self) -> Book:
        return book_of(self.client.fetch_sheet_metadata(self.id, params={"fields": FIELDS}))

    def _while_moving(self, act: Callable[[], tuple[Book, dict[str, ReadTab]]]) -> tuple[Book, dict[str, ReadTab]]:
        """Again when a tab was renamed or cut between two questions."""
        for _ in range(_TRIES):
            try:
                return act()
            except Refused as error:
                if not says_moved(error):
                    raise
                self._is_fresh = False
        raise failure("keeps_changing", self.language, name=self._name())

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Google's refusals as sentences."""
        try:
            yield
        except Refused as error:
            raise told(error, self.language, email=self.email, name=self._name(), was_read=self._book is not None) from error
        except Misplaced as error:
            raise failure("journal_moved", self.language, name=self._name(), place=error) from error
        except run_lock.LockLost as error:
            raise failure("lock_lost", self.language, name=self._name()) from error
        except NeverStill as error:
            raise failure("keeps_changing", self.language, name=self._name()) from error

    def _name(self) -> str:
        return self._book.title if self._book is not None and self._book.title else say("the_spreadsheet", self.language)

    # --- writing

    def write(self, changes: Changes) -> Written:
        """Write only our cells, only where the row still holds its key, its inputs and our own old value."""
        with self._telling():
            self._is_pinned = False
            self._make_ready(changes)
            job = Job(self.client, self.id, changes, self._as_read, self._tabs, self._book, self._lock, self._reread)
            written = job.run()
            self._book = job.book
            for rewrite in changes.rewrites:
                if rewrite.tab in self._tabs:
                    self._as_read[rewrite.tab] = job.remembered(rewrite)
            added = [
                append_rows(self.client, self.id, self._tabs[append.tab], append.rows, self._refreshed)
                for append in changes.appends
                if append.tab in self._tabs and append.tab != JOURNAL.key
            ]
            for append in changes.appends:
                if append.tab == JOURNAL.key:
                    self._append_journal(append.rows)
            if any(number is None for number in added):
                titles = ", ".join(self._tabs[append.tab].sheet.title for append in changes.appends if append.tab in self._tabs)
                raise failure("not_appended", self.language, name=self._name(), tab=titles)
        rows = sum(len(append.rows) for append in changes.appends)
        cells = sum(len([cell for cell in row.values() if cell not in (None, "")]) for one in changes.appends for row in one.rows)
        return Written(cells=written.cells + cells, rows=written.rows + rows, deferred=written.deferred)

    def _make_ready(self, changes: Changes) -> None:
        """Every tab and column that is going to be written exists and was read in this run."""
        needed = written_columns(changes)
        missing = [key for key in needed if key not in self._tabs]
        if missing or self._book is None:
            self._read(sorted(set(needed) | set(self._tabs)))
        lacking = any(
            key not in self._tabs or not columns <= set(self._tabs[key].layout.columns) for key, columns in needed.items()
        )
        if lacking:
            self._furnish(starting_rows(self.language))
            self._read(sorted(set(needed) | set(self._tabs)))
        for key in needed:
            self._as_read.setdefault(key, self._tabs[key].raw)

    def _reread(self, keys: Sequence[str]) -> tuple[Book, dict[str, ReadTab]]:
        self._is_fresh = False
        book, _ = self._read(sorted(keys))
        return book, self._tabs

    def _refreshed(self, key: str) -> ReadTab:
        self._reread([key])
        return self._tabs[key]

    def append_journal(self, rows: Rows) -> None:
        """Add rows to the Journal; on return they are in the sheet, once."""
        if not rows:
            return
        with self._telling():
            self._append_journal(rows)

    def _append_journal(self, rows: Rows) -> None:
        self._make_ready(Changes(appends=[Append(tab=JOURNAL.key, rows=[dict.fromkeys(_JOURNAL_COLUMNS, "x")])]))
        for left in range(_TRIES, 0, -1):
            journal = JournalTab(self.client, self.id, self._tabs[JOURNAL.key])
            try:
                journal.append(rows)
                self._tabs[JOURNAL.key] = journal.tab
                return
            except Refused as error:
                if not says_moved(error) or left == 1:
                    raise
                self._reread([JOURNAL.key])

    # --- making and mending

    def init(self, language: str, defaults: Mapping[str, Rows] | None = None) -> Sequence[str]:
        """Create or repair tabs, headings, drop-downs, formats, notes, protections; never data.

        `defaults` are the rows that an empty tab starts with; None: the usual cadences, reasons and settings. Returns
        sentences of what was done; none means that nothing was written.
        """
        self.language = "en" if language == "en" else "fr"
        with self._telling():
            done = self._furnish(starting_rows(self.language) if defaults is None else defaults)
        self._is_pinned = False  # what was read before has other columns now
        return done

    def _furnish(self, defaults: Mapping[str, Rows]) -> Sequence[str]:
        self._is_fresh = False
        done = furnish(self.client, self.id, lambda: self._read(None), self.language, defaults, self.email)
        self._is_fresh = False
        self._book = None
        self._tabs.clear()
        return done

    # --- one run at a time

    def lock(self, owner: str, now: datetime) -> None:
        """Exclude a second run; the same answer describes the spreadsheet."""
        with self._telling():
            try:
                self._lock, self._book = run_lock.take(self.client, self.id, owner, now, self._read_book)
            except run_lock.Taken as error:
                raise self._locked(error.holder) from error
        self._is_fresh, self._is_pinned = True, False

    def _locked(self, holder: run_lock.Holder) -> WorkbookError:
        since = holder.since
        try:
            moment = datetime.fromisoformat(since)
            since = f"{moment:%d/%m/%Y %H:%M}" if self.language == "fr" else f"{moment:%Y-%m-%d %H:%M}"
        except ValueError:
            pass
        return failure("locked", self.language, owner=holder.owner, name=self._name(), since=since)

    def unlock(self) -> None:
        """Give our lock back. A lock that cannot be removed now expires by itself."""
        if self._lock is None:
            return
        try:
            run_lock.release(self.client, self.id, self._lock.sheet_id)
        except Refused as error:
            _log.warning("the lock could not be removed (%s); it expires by itself", error.status)
        self._lock = None

    def clear_lock(self) -> str | None:
        """Remove the lock of a run that was cut short, whoever held it; gives its owner and since when, None without a lock."""
        with self._telling():
            self._book = self._read_book()
            found = run_lock.find_locks(self._book)
            for sheet, _ in found:
                run_lock.release(self.client, self.id, sheet.sheet_id)
        return f"{found[0][1].owner}, {found[0][1].since}" if found else None


_JOURNAL_COLUMNS = tuple(column.key for column in JOURNAL.columns)
