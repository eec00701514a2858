"""The spreadsheet of a whole life, on an emulated Google over HTTP, with the person who types into it.

Relance writes a Google spreadsheet as of the real today only: the machine's clock is set to each day of the life, at ten.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from carriers import furnished, google
from sheets_emulator import ROBOT, Emulator
from sheets_emulator.a1 import Area
from sheets_emulator.people import People
from sheets_emulator.workbook import Spreadsheet

from sync.dunning.settings import find_setting
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.headings import letter
from sync.workbook.tabs import RawTab

_ZONE = ZoneInfo("Europe/Paris")


class GoogleDesk:
    """A furnished spreadsheet shared with the robot; what people type passes by no network."""

    def __init__(self, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
        self.emulator = emulator
        self.id = emulator.create("Atelier", shared=[ROBOT], locale="fr_FR")
        self.language = "fr"
        self.people: People = emulator.people.on(self.id)
        monkeypatch.setenv("RELANCE_SHEETS_URL", emulator.url)
        monkeypatch.setenv("RELANCE_GOOGLE_CREDENTIALS", json.dumps(emulator.service_account()))

    @property
    def address(self) -> str:
        return f"https://docs.google.com/spreadsheets/d/{self.id}/edit"

    def init(self, language: str, settings: Mapping[str, object]) -> None:
        self.language = language
        self.emulator.spreadsheet(self.id).become(_short(language).clone())
        for row, name in _setting_rows(language):
            if name in settings:
                self._type("settings", row, "value", settings[name])

    def add(self, tab: str, cells: Mapping[str, Any]) -> None:
        row = next(row for row in range(1, self._sheet(tab).row_count + 1) if self._is_free(tab, row))
        for column, value in cells.items():
            self._type(tab, row, column, value)

    def type(self, tab: str, key: str, cells: Mapping[str, Any]) -> None:
        row = self._find(tab, key)
        for column, value in cells.items():
            self._type(tab, row, column, value)

    def fill_down(self, tab: str, column: str, value: Any) -> None:
        for row in range(2, self._sheet(tab).row_count + 1):
            if not self._is_free(tab, row):
                self._type(tab, row, column, value)

    def cell(self, tab: str, key: str, column: str) -> Any:
        raw = self.read(tab)
        return raw.columns[column][self._find(tab, key) - raw.first_row]

    def read(self, tab: str) -> RawTab:
        return google(self.emulator, self.id).read([tab]).tabs[tab]

    @contextmanager
    def on(self, day: str) -> Iterator[None]:
        morning = datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=10), _ZONE)
        with time_machine.travel(morning, tick=True):
            yield

    def _sheet(self, tab: str) -> Any:
        found = self.people.spreadsheet.sheet_named(TABS_BY_KEY[tab].title(self.language))  # type: ignore[arg-type]
        assert found is not None, tab
        return found

    def _column(self, tab: str, column: str) -> int:
        sheet, heading = self._sheet(tab), TABS_BY_KEY[tab].column(column).heading(self.language)  # type: ignore[arg-type]
        return next(at for at in range(sheet.column_count) if sheet.cell(0, at).value == heading)

    def _find(self, tab: str, key: str) -> int:
        """The row, as people count, whose key cell says so."""
        sheet, contract = self._sheet(tab), TABS_BY_KEY[tab]
        at = self._column(tab, contract.row_key or contract.columns[0].key)
        return next(row + 1 for row in range(1, sheet.row_count) if str(sheet.cell(row, at).value) == key)

    def _is_free(self, tab: str, row: int) -> bool:
        return all(cell.is_blank for cell in self._sheet(tab).rows[row - 1].values())

    def _type(self, tab: str, row: int, column: str, value: Any) -> None:
        typed = value.isoformat() if isinstance(value, date) else value
        self.people.type(self._sheet(tab).title, f"{letter(self._column(tab, column))}{row}", typed)


@cache
def _short(language: str) -> Spreadsheet:
    """A new spreadsheet with forty free rows a tab: the emulator shows a thousand rows of every column at each reading."""
    with Emulator() as emulator:
        file_id = emulator.create("Atelier", shared=[ROBOT], locale="fr_FR")
        emulator.spreadsheet(file_id).become(furnished(language).clone())  # type: ignore[arg-type]
        people = emulator.people.on(file_id)
        for sheet in people.spreadsheet.sheets:
            filled = [row for row, _, _ in sheet.filled(sheet.block(Area(sheet.sheet_id)))]
            people.resize(sheet.title, max(filled, default=0) + 41, sheet.column_count)
        return emulator.spreadsheet(file_id)


@cache
def _setting_rows(language: str) -> list[tuple[int, str]]:
    """(row, name) of each setting of a new spreadsheet."""
    sheet = furnished(language).sheet_named(TABS_BY_KEY["settings"].title(language))  # type: ignore[arg-type]
    assert sheet is not None
    found = ((row + 1, find_setting(str(sheet.cell(row, 0).value))) for row in range(1, sheet.row_count))
    return [(row, setting.name) for row, setting in found if setting is not None]
