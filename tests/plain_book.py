"""A workbook as an outsider makes it: plain openpyxl, only the tabs and headings they typed, run by the real commands.

Rows are dictionaries from the heading (as typed) to the cell. Nothing here knows the program's own names of columns,
and `init` is never run: what a test asserts is what the public contract promises to somebody who has only that page.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from sync.cli import main

Row = Mapping[str, object]


def day(text: str) -> date:
    return date.fromisoformat(text)


def invoice(
    number: object = "F-1", due: str = "2026-01-31", amount: object = 100, customer: str = "C1", **more: object
) -> dict[str, object]:
    """An English row; `more` by heading. Issued thirty days before it is due, unless it says otherwise."""
    row = {
        "Invoice": number, "Customer": customer, "Issue date": date.fromordinal(day(due).toordinal() - 30), "Due date": day(due),
        "Amount": amount,
    }  # fmt: skip
    return {**row, **more}


def contact(customer: str = "C1", **more: object) -> dict[str, object]:
    return {
        "Customer": customer,
        "Name": f"Company {customer}",
        "E-mail": f"{customer.lower()}@example.org",
        "Kind": "business",
        **more,
    }


def paid(on: str, amount: object, invoice: str | None = None, customer: str | None = None, **more: object) -> dict[str, object]:
    return {"Date": day(on), "Invoice": invoice, "Customer": customer, "Amount": amount, **more}


class Book:
    """`Book(tmp_path, Invoices=[…], Contacts=[…], Settings={…})`; a tab is a list of rows, Settings may be a mapping."""

    def __init__(self, folder: Path, name: str = "book.xlsx", **tabs: Sequence[Row] | Mapping[str, object]) -> None:
        self.path = folder / name
        self.outbox = folder / f"{self.path.stem}.outbox"
        book = openpyxl.Workbook()
        if tabs:
            book.remove(book.active)  # type: ignore[arg-type]
        for title, rows in tabs.items():
            write_tab(book, title.replace("_", " "), rows)
        book.save(self.path)

    # --- the commands

    def run(self, command: str, *arguments: str, status: int | None = 0, input: str | None = None) -> Result:
        """The command on this workbook; no trace may ever reach a person, whatever the exit status."""
        result = CliRunner().invoke(main, [command, str(self.path), *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        assert "Traceback" not in result.output + result.stderr
        assert status is None or result.exit_code == status, (result.exit_code, result.output, result.stderr)
        return result

    def json(self, command: str, as_of: str, *arguments: str, status: int | None = 0) -> dict[str, Any]:
        result = self.run(command, "--as-of", as_of, "--json", *arguments, status=status)
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def plan(self, as_of: str, *arguments: str, status: int | None = 0) -> dict[str, Any]:
        return self.json("plan", as_of, *arguments, status=status)

    def sync(self, as_of: str, *arguments: str, status: int | None = 0) -> dict[str, Any]:
        return self.json("sync", as_of, *arguments, status=status)

    def view(self, number: str, as_of: str) -> dict[str, Any]:
        """The entry of one invoice in `plan --json`."""
        (found,) = [one for one in self.plan(as_of)["invoices"] if one["invoice"] == number]
        return dict(found)

    def why(self, number: str, as_of: str) -> tuple[str, str]:
        view = self.view(number, as_of)
        return view["state"], view["reason"]

    def decision(self, as_of: str) -> dict[str, Any]:
        (found,) = self.plan(as_of)["decisions"]
        return dict(found)

    def codes(self, as_of: str) -> list[tuple[str, int, str, str]]:
        """(tab, row, column, code) of each problem."""
        return [(one["tab"], one["row"], one["column"], one["code"]) for one in self.plan(as_of)["problems"]]

    def mails(self) -> list[Path]:
        return sorted(self.outbox.glob("*.eml")) if self.outbox.exists() else []

    # --- the file, as a person sees it

    def rows(self, title: str) -> list[dict[str, object]]:
        sheet = openpyxl.load_workbook(self.path)[title]
        headings, *rows = list(sheet.iter_rows(values_only=True))
        return [dict(zip(map(str, headings), row, strict=True)) for row in rows if any(cell is not None for cell in row)]

    def row(self, title: str, key: str) -> dict[str, object]:
        """The row whose first cell is `key`."""
        return next(row for row in self.rows(title) if str(next(iter(row.values()))) == key)

    def type(self, title: str, row: int, heading: str, value: object) -> "Book":
        """A person types into a cell of the saved file."""
        book = openpyxl.load_workbook(self.path)
        sheet = book[title]
        headings = [cell.value for cell in sheet[1]]
        sheet.cell(row, headings.index(heading) + 1 if heading in headings else len(headings) + 1).value = value  # type: ignore[assignment]
        if heading not in headings:
            sheet.cell(1, len(headings) + 1).value = heading
        book.save(self.path)
        return self

    def add(self, title: str, *rows: Row) -> "Book":
        """A person adds rows under the last one, and the tab when it is not there."""
        book = openpyxl.load_workbook(self.path)
        if title not in book.sheetnames:
            write_tab(book, title, rows)
        else:
            sheet = book[title]
            headings = [cell.value for cell in sheet[1]]
            last = max((cell.row for line in sheet.iter_rows() for cell in line if cell.value is not None), default=1)
            for offset, row in enumerate(rows, 1):
                for heading, value in row.items():
                    sheet.cell(last + offset, headings.index(heading) + 1).value = value  # type: ignore[assignment]
        book.save(self.path)
        return self


def write_tab(book: openpyxl.Workbook, title: str, rows: Sequence[Row] | Mapping[str, object]) -> None:
    sheet = book.create_sheet(title)
    if isinstance(rows, Mapping):
        rows = [{"Setting": name, "Value": value} for name, value in rows.items()]
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
