"""One emulator per test, and gspread signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import gspread
import pytest
from sheets_emulator import Emulator
from sheets_emulator.clients import gspread_client


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running
        assert running.service.mismatches == []


@pytest.fixture
def client(emulator: Emulator) -> gspread.Client:
    return gspread_client(emulator)


@pytest.fixture
def book(client: gspread.Client) -> gspread.Spreadsheet:
    return client.create("A book")


@pytest.fixture
def sheet(book: gspread.Spreadsheet) -> gspread.Worksheet:
    return book.sheet1
