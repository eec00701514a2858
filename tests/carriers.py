"""Both carriers behind one bench, so that a contract test is written once: a workbook to run on, and a person's hands.

Rows count from 1 as people see them; columns are named by their key in the contract.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import openpyxl
from sheets_emulator import ROBOT, Emulator
from sheets_emulator.workbook import Spreadsheet

from sync.ledger.words import Language
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.excel.carrier import Excel
from sync.workbook.google.carrier import Google
from sync.workbook.google.client import Limits, SheetsClient
from sync.workbook.google.credentials import find_identity
from sync.workbook.headings import letter
from sync.workbook.tabs import Cell, RawTab, Workbook


def google(emulator: Emulator, file_id: str, language: Language = "fr", limits: Limits | None = None) -> Google:
    """A carrier signed in by a service account's key; it never really sleeps."""
    identity = find_identity({"RELANCE_GOOGLE_CREDENTIALS": json.dumps(emulator.service_account())}, language, on_loopback=True)
    client = SheetsClient(identity.credentials, emulator.url, limits, sleep=emulator.clock.advance)
    return Google(client, file_id, language, identity.email)


@cache
def furnished(language: Language) -> Spreadsheet:
    """A spreadsheet as `init` leaves it; made once, since the emulator takes seconds to format every cell."""
    with Emulator() as emulator:
        file_id = emulator.create("Clients", shared=[ROBOT])
        google(emulator, file_id, language).init(language)
        return emulator.spreadsheet(file_id)


class Bench(Protocol):
    """One workbook. `book()` is a new run's carrier; the others are what a person does meanwhile."""

    def init(self, language: Language) -> None: ...
    def book(self, language: Language = "fr") -> Workbook: ...
    def type(self, tab: str, row: int, column: str, value: Cell) -> None: ...
    def insert_row(self, tab: str, before: int) -> None: ...
    def delete_row(self, tab: str, row: int) -> None: ...
    def add_tab(self, title: str, rows: Sequence[Sequence[Any]]) -> None: ...
    def rename_tab(self, tab: str, title: str) -> None: ...
    def formula(self, tab: str, row: int, column: str) -> str | None: ...


def columns_of(bench: Bench, tab: str) -> RawTab:
    return bench.book().read([tab]).tabs[tab]


class ExcelBench:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "clients.xlsx"

    def book(self, language: Language = "fr") -> Excel:
        return Excel(self.path, language)

    def init(self, language: Language) -> None:
        self.book().init(language)

    def _edit(self, act: Any) -> None:
        book = openpyxl.load_workbook(self.path) if self.path.exists() else openpyxl.Workbook()
        act(book)
        book.save(self.path)

    def _title(self, book: Any, tab: str) -> str:
        own = TABS_BY_KEY[tab]
        return next(title for title in book.sheetnames if title in (own.fr, own.en))

    def _at(self, tab: str, column: str) -> str:
        return columns_of(self, tab).letters[column]

    def type(self, tab: str, row: int, column: str, value: Cell) -> None:
        place = f"{self._at(tab, column)}{row}"
        self._edit(lambda book: setattr(book[self._title(book, tab)][place], "value", value))

    def insert_row(self, tab: str, before: int) -> None:
        self._edit(lambda book: book[self._title(book, tab)].insert_rows(before))

    def delete_row(self, tab: str, row: int) -> None:
        self._edit(lambda book: book[self._title(book, tab)].delete_rows(row))

    def add_tab(self, title: str, rows: Sequence[Sequence[Any]]) -> None:
        def act(book: Any) -> None:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))

        self._edit(act)

    def rename_tab(self, tab: str, title: str) -> None:
        self._edit(lambda book: setattr(book[self._title(book, tab)], "title", title))

    def formula(self, tab: str, row: int, column: str) -> str | None:
        book = openpyxl.load_workbook(self.path)
        cell = book[self._title(book, tab)][f"{self._at(tab, column)}{row}"]
        return str(cell.value) if cell.data_type == "f" else None


class GoogleBench:
    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.id = emulator.create("Clients", shared=[ROBOT])
        self.people = emulator.people.on(self.id)

    def book(self, language: Language = "fr") -> Google:
        return google(self.emulator, self.id, language)

    def init(self, language: Language) -> None:
        self.emulator.spreadsheet(self.id).become(furnished(language).clone())

    def _tab(self, tab: str) -> tuple[str, RawTab]:
        raw = columns_of(self, tab)
        return raw.title, raw

    def type(self, tab: str, row: int, column: str, value: Cell) -> None:
        title, raw = self._tab(tab)
        typed = value.isoformat() if isinstance(value, date) else value
        self.people.type(title, f"{raw.letters[column]}{row}", typed)

    def insert_row(self, tab: str, before: int) -> None:
        self.people.insert_rows(self._tab(tab)[0], before)

    def delete_row(self, tab: str, row: int) -> None:
        self.people.delete_rows(self._tab(tab)[0], row)

    def add_tab(self, title: str, rows: Sequence[Sequence[Any]]) -> None:
        self.people.add_tab(title, [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows])

    def rename_tab(self, tab: str, title: str) -> None:
        self.people.rename_tab(self._tab(tab)[0], title)

    def formula(self, tab: str, row: int, column: str) -> str | None:
        title, raw = self._tab(tab)
        ((found,),) = self.people.read(title, f"{raw.letters[column]}{row}", "FORMULA") or [[""]]
        cell = self.people.spreadsheet.sheet_named(title).cell(row - 1, _position(raw, column))  # type: ignore[union-attr]
        return str(found) if cell.formula is not None else None


def _position(raw: RawTab, column: str) -> int:
    return next(index for index in range(200) if letter(index) == raw.letters[column])
