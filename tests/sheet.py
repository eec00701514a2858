"""A real workbook for tests of the whole job: made by `init`, filled, edited as a person would, run by the commands."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner

from sync.cli import main
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.excel import Excel
from sync.workbook.starting_rows import starting_rows
from sync.workbook.tabs import Append, Changes

DEFAULT_SETTINGS = {"company": "Atelier Brumaire", "sender_email": "compta@example.org", "mode": "auto", "freshness_days": ""}


class Sheet:
    """`sheet.run("sync", "--as-of", "2026-02-03")` calls the command; `sheet["invoices", "F-1", "why"]` reads a cell."""

    def __init__(self, folder: Path, language: str = "fr", **settings: object) -> None:
        self.path = folder / "book.xlsx"
        self.outbox = folder / "book.outbox"
        self.language = language
        wanted = {**DEFAULT_SETTINGS, **settings}
        rows = dict(starting_rows(language))  # type: ignore[arg-type]
        from sync.dunning.settings import find_setting

        rows["settings"] = [
            {**row, "value": wanted[setting.name]}
            if (setting := find_setting(str(row["setting"]))) is not None and setting.name in wanted
            else row
            for row in rows["settings"]
        ]
        Excel(self.path, language).init(language, rows)  # type: ignore[arg-type]

    def add(self, tab: str, **cells: Any) -> "Sheet":
        Excel(self.path).write(Changes(appends=[Append(tab=tab, rows=[cells])]))
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

    def _find(self, sheet: Any, tab: str, key: str) -> int:
        contract = TABS_BY_KEY[tab]
        column = self._column(sheet, tab, contract.row_key or contract.columns[0].key)
        return next(row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, column).value) == key)

    def _column(self, sheet: Any, tab: str, key: str) -> int:
        heading = TABS_BY_KEY[tab].column(key).heading(self.language)  # type: ignore[arg-type]
        return next(cell.column for cell in sheet[1] if cell.value == heading)

    def types(self, tab: str, key: str, **cells: Any) -> "Sheet":
        book = openpyxl.load_workbook(self.path)
        sheet = book[TABS_BY_KEY[tab].title(self.language)]  # type: ignore[arg-type]
        row = self._find(sheet, tab, key)
        for column, value in cells.items():
            sheet.cell(row, self._column(sheet, tab, column)).value = value
        book.save(self.path)
        return self

    def __getitem__(self, place: tuple[str, str, str]) -> Any:
        tab, key, column = place
        sheet = openpyxl.load_workbook(self.path)[TABS_BY_KEY[tab].title(self.language)]  # type: ignore[arg-type]
        return sheet.cell(self._find(sheet, tab, key), self._column(sheet, tab, column)).value

    def rows(self, tab: str) -> list[Mapping[str, Any]]:
        raw = Excel(self.path).read([tab]).tabs[tab]
        return [{key: cells[index] for key, cells in raw.columns.items()} for index in range(len(raw))]

    # --- as the scheduled job

    def run(self, command: str, *arguments: str, exit_code: int = 0) -> str:
        result = CliRunner().invoke(main, [command, str(self.path), *arguments], catch_exceptions=False)
        assert result.exit_code == exit_code, result.output
        return result.stdout if "--json" in arguments and result.exit_code == 0 else result.output

    def plan(self, day: str, *arguments: str) -> dict[str, Any]:
        return dict(json.loads(self.run("plan", "--as-of", day, "--json", *arguments)))

    def sync(self, day: str, exit_code: int = 0) -> dict[str, Any]:
        return dict(json.loads(self.run("sync", "--as-of", day, "--json", exit_code=exit_code)))

    def mails(self) -> list[Path]:
        return sorted(self.outbox.glob("*.eml"))
