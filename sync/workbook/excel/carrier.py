"""The carrier of a local .xlsx workbook: reads it fast, changes only our own cells inside the file.

A person's workbook is never saved by a library: what such a library does not know (sparklines, cached results of
formulas, pictures of charts) it loses. Cells are patched in the sheet's XML and everything else is copied as bytes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sync.errors import WorkbookError
from sync.ledger.words import Language
from sync.workbook import journal_file
from sync.workbook.cells import same_cell, storable
from sync.workbook.contract import JOURNAL, PROBLEMS_TAB, TABS_BY_KEY, TODAY
from sync.workbook.excel.after import after_patch, recalculate_on_opening
from sync.workbook.excel.files import (
    Lock,
    backup_path,
    clear_lock,
    digest_of,
    drop_lock,
    refuse_if_open,
    replace_file,
    take_lock,
)
from sync.workbook.excel.init import date_format, new_package, repair
from sync.workbook.excel.looks import row_height
from sync.workbook.excel.package import BadPackage, Encrypted, Package
from sync.workbook.excel.patch import patch
from sync.workbook.excel.read import ReadBook, ReadTab, TooWide, read_book
from sync.workbook.excel.styles import Styles
from sync.workbook.messages import failure
from sync.workbook.resolve import Resolved, cell_at, resolve
from sync.workbook.starting_rows import starting_rows
from sync.workbook.tabs import Append, Cell, Changes, RawTab, Snapshot, TabRewrite, Written

FORMATS = (".xlsx", ".xlsm")
_TRIES = 3  # a person saving at the very moment of the exchange makes us begin again

Rows = Sequence[Mapping[str, Cell]]


class Excel:
    """A `Workbook` in a local file. Nothing is opened before the first call.

    `language` is that of messages and of what `init` or a repair adds.
    """

    def __init__(self, path: Path | str, language: Language = "fr") -> None:
        self.path = Path(path).resolve()  # through a link, so that the link stays and the lock is one
        self.language: Language = language
        self._as_read: dict[str, RawTab] = {}
        self._book: ReadBook | None = None  # the last book read, good while the file has its digest
        self._own_digest = ""  # of the file that this run wrote last: no need to keep a copy of it
        self._lock: Lock | None = None
        self._first_look: str | None = None  # digest of the file that the changes of this run are planned from

    # --- reading

    def read(self, tabs: Sequence[str] | None = None) -> Snapshot:
        """Read the named tabs (keys), or all of them; the Journal includes acts that wait in the side file."""
        package = self._load()
        wanted = None if tabs is None else list(tabs)
        self._book = self._read_book(package, wanted)
        raws = {key: tab.raw for key, tab in self._book.tabs.items()}
        # Under the lock the changes to come are planned from the first look; later ones only check that it still holds.
        is_later = self._lock is not None and self._first_look is not None
        self._as_read = {**raws, **self._as_read} if is_later else {**self._as_read, **raws}
        if not is_later:
            self._first_look = package.digest
        if wanted is None or JOURNAL.key in wanted:
            waiting = journal_file.unmerged(journal_file.read(self.path, self.language), raws.get(JOURNAL.key))
            if waiting:
                raws[JOURNAL.key] = _with_rows(raws.get(JOURNAL.key), waiting, JOURNAL.title(self.language))
        return Snapshot(tabs=raws, problems=tuple(self._book.problems), version=package.digest)

    def version(self) -> str:
        """The digest of the file; "" while it cannot be read (someone is saving it)."""
        try:
            return digest_of(self.path)
        except OSError:
            return ""

    def _load(self) -> Package:
        name = self.path.name
        if self.path.suffix.lower() not in FORMATS:
            raise failure("old_format", self.language, name=name)
        try:
            return Package(self.path.read_bytes())
        except FileNotFoundError as error:
            raise failure("not_found", self.language, name=name) from error
        except OSError as error:
            raise failure("not_readable", self.language, name=name) from error
        except Encrypted as error:
            raise failure("encrypted", self.language, name=name) from error
        except BadPackage as error:
            raise self._unsound() from error

    def _read_book(
        self, package: Package, wanted: Sequence[str] | None, columns: Mapping[str, Collection[str]] | None = None
    ) -> ReadBook:
        try:
            return read_book(package, wanted, columns)
        except TooWide as error:
            raise failure("too_wide", self.language, name=self.path.name, cell=error) from error
        except BadPackage as error:
            raise self._unsound() from error

    def _unsound(self) -> WorkbookError:
        backup = backup_path(self.path)
        if not backup.exists():
            return failure("never_a_workbook", self.language, name=self.path.name)
        return failure("not_a_workbook", self.language, name=self.path.name, backup=backup.name)

    # --- writing

    def write(self, changes: Changes) -> Written:
        """Write only our cells, only where the row still holds its key, its inputs and our own old value.

        Acts waiting in the side file are put into the Journal tab by the same save. The file is exchanged at once;
        when someone saves it meanwhile, everything is resolved again on the new copy.
        """
        waiting = journal_file.read(self.path, self.language)
        needed = _tabs_of(changes) | ({JOURNAL.key} if waiting else set())
        for _ in range(_TRIES):
            refuse_if_open(self.path, self.language)
            package = self._load()
            original = package.digest
            package, book = self._ready(package, needed, changes)
            now = {key: tab.raw for key, tab in book.tabs.items()}
            journal = Append(tab=JOURNAL.key, rows=journal_file.unmerged(waiting, now.get(JOURNAL.key)))
            whole = replace(changes, appends=(*changes.appends, journal)) if journal.rows else changes
            resolved = resolve(whole, {**now, **self._unread(book)}, now)
            if self._save(package, book, resolved, original):
                journal_file.clear(self.path)
                if changes.erasures:  # what was erased must not live on in the copy
                    backup_path(self.path).unlink(missing_ok=True)
                self._remember(changes, now)
                return Written(cells=resolved.cells, rows=resolved.rows, deferred=tuple(resolved.deferred))
        raise failure("keeps_changing", self.language, name=self.path.name)

    def _unread(self, book: ReadBook) -> dict[str, RawTab]:
        """The tabs as they were read; none when the file has not changed since."""
        return {} if self._book is book and book.digest == self._first_look else self._as_read

    def _ready(self, package: Package, needed: set[str], changes: Changes) -> tuple[Package, ReadBook]:
        """The workbook as it is now, with every tab and column that is going to be written."""
        known = self._book
        if known is not None and known.digest == package.digest and needed <= set(known.tabs):
            book = known
        else:
            book = self._read_book(package, sorted(needed))
        if _lacks_something(changes, needed, book):
            package = self._repaired(package)[0]
            book = self._read_book(package, sorted(needed))
        return package, book

    def _save(self, package: Package, book: ReadBook, resolved: Resolved, original: str) -> bool:
        """Patch, exchange, verify. False when the file changed under our hands (nothing was written)."""
        if not resolved.writes and package.digest == original:
            return True
        styles = Styles(package)
        for key, rows in resolved.writes.items():
            self._patch_tab(package, styles, book.tabs[key], rows)
        styles.save()
        recalculate_on_opening(package)

        def is_sound(fresh: Path) -> bool:
            self._verify(Package(fresh.read_bytes()), resolved)
            return digest_of(self.path) == original

        try:
            digest = replace_file(self.path, package.save, is_sound, backup=original != self._own_digest)
        except OSError as error:
            raise failure("not_written", self.language, name=self.path.name, reason=error.strerror or error) from error
        if digest is None:
            self._book = None
            return False
        self._own_digest = digest
        self._book = None
        return True

    def _patch_tab(self, package: Package, styles: Styles, tab: ReadTab, rows: Mapping[int, Mapping[str, Cell]]) -> None:
        at = tab.layout.columns
        writes = {row: {at[column]: value for column, value in cells.items()} for row, cells in rows.items()}
        dates = date_format(self.language)
        done = patch(
            package.read(tab.sheet.part),
            writes,
            style_for=lambda style, cell: styles.for_value(style, cell, dates),
            heights=_heights(tab.raw, rows),
            since_1904=_since_1904(package),
        )
        package.write(tab.sheet.part, done.pieces)
        after_patch(package, tab, writes, done.formulas)

    def _verify(self, package: Package, resolved: Resolved) -> None:
        """Raises WorkbookError when a cell of the finished file does not read back as it was written."""
        columns = {key: {column for cells in rows.values() for column in cells} for key, rows in resolved.writes.items()}
        book = self._read_book(package, sorted(columns), columns)
        for key, rows in resolved.writes.items():
            tab = book.tabs[key].raw
            for row, cells in rows.items():
                for column, value in cells.items():
                    if not _reads_back(cell_at(tab, column, row), value):
                        cell = f"{tab.title}!{tab.letters.get(column, '?')}{row}"
                        raise failure("not_as_written", self.language, name=self.path.name, cell=cell)

    def _remember(self, changes: Changes, now: Mapping[str, RawTab]) -> None:
        """A tab that we rewrote is, from now on, as we asked; what a person put into it is still new to us."""
        for rewrite in changes.rewrites:
            if rewrite.tab in now:
                columns = {key: [row.get(key) for row in rewrite.rows] for key in now[rewrite.tab].columns}
                self._as_read[rewrite.tab] = replace(now[rewrite.tab], columns=columns)

    def append_journal(self, rows: Rows) -> None:
        """Add rows to the Journal; on return they are on the disk, in the side file that the next write merges."""
        journal_file.append(self.path, rows, self.language)

    # --- making and mending

    def init(self, language: str, defaults: Mapping[str, Rows] | None = None) -> Sequence[str]:
        """Create the workbook, or repair it: tabs, headings, drop-downs, formats, notes; never data.

        `defaults` are the rows that an empty tab starts with; None: the usual cadences, reasons and settings. Returns sentences of what was done; none means that the file was not touched at all.
        """
        self.language = "en" if language == "en" else "fr"
        if self.path.suffix.lower() not in FORMATS:
            raise failure("old_format", self.language, name=self.path.name)
        refuse_if_open(self.path, self.language)
        is_new = not self.path.exists()
        if is_new and self.path.suffix.lower() != ".xlsx":
            raise failure("old_format", self.language, name=self.path.name)  # macros come from Excel alone
        before = new_package() if is_new else self._load()
        package, done = self._repaired(before, defaults)
        if not done:
            return ()

        def is_unchanged(fresh: Path) -> bool:
            self._read_book(Package(fresh.read_bytes()), None)
            return not self.path.exists() if is_new else digest_of(self.path) == before.digest

        try:
            digest = replace_file(self.path, package.save, is_unchanged, backup=not is_new)
        except OSError as error:
            raise failure("not_written", self.language, name=self.path.name, reason=error.strerror or error) from error
        if digest is None:
            raise failure("keeps_changing", self.language, name=self.path.name)
        self._own_digest, self._book = digest, None
        return done

    def _repaired(self, package: Package, defaults: Mapping[str, Rows] | None = None) -> tuple[Package, list[str]]:
        try:
            return repair(package, self.language, starting_rows(self.language) if defaults is None else defaults)
        except BadPackage as error:
            raise self._unsound() from error

    # --- one run at a time

    def lock(self, owner: str, now: datetime) -> None:
        """Exclude a second run, and refuse early when the workbook is open in Excel or LibreOffice."""
        refuse_if_open(self.path, self.language)
        self._first_look = None
        self._lock = take_lock(self.path, owner, now, self.language)

    def unlock(self) -> None:
        if self._lock is not None:
            drop_lock(self.path, self._lock)
            self._lock = None

    def clear_lock(self) -> str | None:
        """Remove the lock file, whoever made it; gives its owner and since when, None when there is none."""
        return clear_lock(self.path)


def _heights(tab: RawTab, rows: Mapping[int, Mapping[str, Cell]]) -> dict[int, float | None]:
    """Row heights: for the whole row in the tabs that are ours; elsewhere a draft must not make its row grow."""
    own = TABS_BY_KEY[tab.key]
    if own.key in (TODAY.key, PROBLEMS_TAB.key):
        whole = {row: {**{key: cell_at(tab, key, row) for key in tab.columns}, **cells} for row, cells in rows.items()}
        return {row: row_height(own, cells) or 15.0 for row, cells in whole.items()}
    return {row: None for row, cells in rows.items() if row_height(own, cells) is None}


def _tabs_of(changes: Changes) -> set[str]:
    named = [change.tab for change in changes.cells]
    named += [rewrite.tab for rewrite in changes.rewrites] + [append.tab for append in changes.appends]
    named += [erasure.tab for erasure in changes.erasures]
    return set(named)


def _lacks_something(changes: Changes, needed: set[str], book: ReadBook) -> bool:
    """Whether a change has no tab or column to go to."""
    if needed - set(book.tabs):
        return True
    asked = {(change.tab, change.column) for change in changes.cells}
    blocks: list[TabRewrite | Append] = [*changes.rewrites, *changes.appends]
    for block in blocks:
        asked |= {(block.tab, column) for row in block.rows for column, cell in row.items() if storable(cell) is not None}
    if JOURNAL.key in needed:
        asked |= {(JOURNAL.key, column.key) for column in JOURNAL.columns}
    return any(column not in book.tabs[tab].layout.columns for tab, column in asked)


def _with_rows(tab: RawTab | None, rows: Rows, title: str) -> RawTab:
    columns = {}
    for column in TABS_BY_KEY[JOURNAL.key].columns:
        held = list(tab.columns.get(column.key, [None] * len(tab))) if tab is not None else []
        columns[column.key] = [*held, *(row.get(column.key) for row in rows)]
    base = tab if tab is not None else RawTab(key=JOURNAL.key, title=title, columns={})
    return replace(base, columns=columns)


def _reads_back(found: Cell, written: Cell) -> bool:
    """Whether the file gives back what was meant; blanks alone count as nothing, seconds may be rounded."""
    wanted = storable(written)
    if isinstance(wanted, str) and not wanted.strip():
        return found is None or (isinstance(found, str) and not found.strip())
    if isinstance(found, datetime) and isinstance(wanted, datetime):
        return abs(found - wanted) < timedelta(seconds=1.5)
    return same_cell(found, wanted)


def _since_1904(package: Package) -> bool:
    properties = package.read_tree(package.workbook_part).find("{*}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")
