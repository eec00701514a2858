"""A real workbook for tests of the whole job: made by `init`, filled, edited as a person would, run by the commands.

On either carrier: a `Desk` is the file and the hands of the person who has it open, the `Sheet` what a test says.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import openpyxl
from click.testing import CliRunner

from sync.cli import main
from sync.dunning.settings import find_setting
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.excel.carrier import Excel
from sync.workbook.starting_rows import starting_rows
from sync.workbook.tabs import Append, Changes, RawTab

DEFAULT_SETTINGS = {"company": "Atelier Brumaire", "sender_email": "compta@example.org", "mode": "auto", "freshness_days": ""}


class Desk(Protocol):
    """One workbook on its carrier. Columns are named by their key in the contract, rows by the text of their key cell."""

    @property
    def address(self) -> str:
        """The workbook as the commands are told."""
        ...

    def init(self, language: str, settings: Mapping[str, object]) -> None:
        """A new workbook with those settings."""
        ...

    def add(self, tab: str, cells: Mapping[str, Any]) -> None: ...
    def type(self, tab: str, key: str, cells: Mapping[str, Any]) -> None: ...
    def fill_down(self, tab: str, column: str, value: Any) -> None:
        """The same cell on every row that says something."""
        ...

    def cell(self, tab: str, key: str, column: str) -> Any: ...
    def read(self, tab: str) -> RawTab: ...
    def on(self, day: str) -> AbstractContextManager[None]:
        """While the commands run as of that day."""
        ...


class ExcelDesk:
    """A file beside which people work with openpyxl, as any program of theirs would."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "book.xlsx"
        self.language = "fr"

    @property
    def address(self) -> str:
        return str(self.path)

    def init(self, language: str, settings: Mapping[str, object]) -> None:
        self.language = language
        rows = dict(starting_rows(language))  # type: ignore[arg-type]
        rows["settings"] = [
            {**row, "value": settings[setting.name]}
            if (setting := find_setting(str(row["setting"]))) is not None and setting.name in settings
            else row
            for row in rows["settings"]
        ]
        Excel(self.path, language).init(language, rows)  # type: ignore[arg-type]

    def add(self, tab: str, cells: Mapping[str, Any]) -> None:
        Excel(self.path).write(Changes(appends=[Append(tab=tab, rows=[cells])]))

    def type(self, tab: str, key: str, cells: Mapping[str, Any]) -> None:
        with self._open(tab) as sheet:
            row = self._find(sheet, tab, key)
            for column, value in cells.items():
                sheet.cell(row, self._column(sheet, tab, column)).value = value

    def fill_down(self, tab: str, column: str, value: Any) -> None:
        with self._open(tab) as sheet:
            at = self._column(sheet, tab, column)
            for row in range(2, sheet.max_row + 1):
                if sheet.cell(row, 1).value is not None:
                    sheet.cell(row, at).value = value

    def cell(self, tab: str, key: str, column: str) -> Any:
        sheet = openpyxl.load_workbook(self.path)[self._title(tab)]
        return sheet.cell(self._find(sheet, tab, key), self._column(sheet, tab, column)).value

    def read(self, tab: str) -> RawTab:
        return Excel(self.path).read([tab]).tabs[tab]

    def on(self, day: str) -> AbstractContextManager[None]:
        return nullcontext()  # a file may be run as of any day

    @contextmanager
    def _open(self, tab: str) -> Iterator[Any]:
        book = openpyxl.load_workbook(self.path)
        yield book[self._title(tab)]
        book.save(self.path)

    def _title(self, tab: str) -> str:
        return TABS_BY_KEY[tab].title(self.language)  # type: ignore[arg-type]

    def _find(self, sheet: Any, tab: str, key: str) -> int:
        contract = TABS_BY_KEY[tab]
        column = self._column(sheet, tab, contract.row_key or contract.columns[0].key)
        return next(row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, column).value) == key)

    def _column(self, sheet: Any, tab: str, key: str) -> int:
        heading = TABS_BY_KEY[tab].column(key).heading(self.language)  # type: ignore[arg-type]
        return next(cell.column for cell in sheet[1] if cell.value == heading)


class Sheet:
    """`sheet.run("sync", "--as-of", "2026-02-03")` calls the command; `sheet["invoices", "F-1", "why"]` reads a cell."""

    def __init__(self, folder: Path, language: str = "fr", desk: Desk | None = None, **settings: object) -> None:
        self.path = folder / "book.xlsx"
        self.outbox = folder / "book.outbox"
        self.language = language
        self.desk = desk or ExcelDesk(folder)
        self.desk.init(language, {**DEFAULT_SETTINGS, **settings})

    def add(self, tab: str, **cells: Any) -> "Sheet":
        self.desk.add(tab, cells)
        return self

    def contact(self, customer: str = "C1", **cells: Any) -> "Sheet":
        return self.add(
            "contacts", **{"customer": customer, "email": f"{customer.lower()}@example.org", "kind": "entreprise", **cells}
        )

    def invoice(self, number: str, due: str, amount: float = 100, customer: str = "C1", **cells: Any) -> "Sheet":
        day = date.fromisoformat(due)
        issued = date(day.year - (day.month == 1), 12 if day.month == 1 else day.month - 1, min(day.day, 28))
        return self.add(
            "invoices", **{"invoice": number, "customer": customer, "issued": issued, "due": day, "amount": amount, **cells}
        )

    # --- as a person with the file open

    def types(self, tab: str, key: str, **cells: Any) -> "Sheet":
        self.desk.type(tab, key, cells)
        return self

    def __getitem__(self, place: tuple[str, str, str]) -> Any:
        return self.desk.cell(*place)

    def rows(self, tab: str) -> list[Mapping[str, Any]]:
        raw = self.desk.read(tab)
        return [{key: cells[index] for key, cells in raw.columns.items()} for index in range(len(raw))]

    # --- as the scheduled job

    def run(self, command: str, *arguments: str, exit_code: int = 0) -> str:
        return self._invoke([command, self.desk.address, *arguments], exit_code)

    def about(self, command: str, customer: str, *arguments: str, exit_code: int = 0) -> str:
        """A command whose first argument is a customer."""
        return self._invoke([command, customer, self.desk.address, *arguments], exit_code)

    def _invoke(self, arguments: list[str], exit_code: int) -> str:
        day = arguments[arguments.index("--as-of") + 1] if "--as-of" in arguments else ""
        with self.desk.on(day) if day else nullcontext():
            result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == exit_code, result.output
        return result.stdout if "--json" in arguments and result.exit_code == 0 else result.output

    def plan(self, day: str, *arguments: str) -> dict[str, Any]:
        return dict(json.loads(self.run("plan", "--as-of", day, "--json", *arguments)))

    def sync(self, day: str, exit_code: int = 0) -> dict[str, Any]:
        return dict(json.loads(self.run("sync", "--as-of", day, "--json", "--outbox", str(self.outbox), exit_code=exit_code)))

    def mails(self) -> list[Path]:
        return sorted(self.outbox.glob("*.eml"))
