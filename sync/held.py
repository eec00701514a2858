"""`relance export`: everything the workbook and the folders beside it hold on one customer, in one readable archive.

For the person who asks what is held about them, and before an erasure. One CSV a tab that says something, all of it again in
`data.json`, the messages as they left, the documents and the files for a professional. A tab's columns that Relance does not
know are named, not copied: it never reads them.
"""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sync.dunning.model import Observation
from sync.dunning.phrases import colon
from sync.errors import UsageError
from sync.ledger.model import JournalRow, Ledger
from sync.ledger.words import Language
from sync.papers import Papers, Shelves, message_files, papers_of, shown
from sync.post.journal import JournalWriter, row_of
from sync.run.clock import Clock
from sync.run.gathering import Gathered, gather
from sync.sentences import sentence
from sync.workbook.contract import TABS, Tab
from sync.workbook.resolve import key_text
from sync.workbook.tabs import Cell, Changes, RawTab, Workbook

Row = Mapping[str, Cell]
_DAY_ZERO = date(1899, 12, 30)  # of the spreadsheets' calendar
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held on a customer: the rows of each tab with their sheet row, the message files, the papers."""

    customer: str
    as_of: date
    language: Language
    rows: Mapping[str, Sequence[tuple[int, Row]]]  # by tab key
    unknown: Mapping[str, Sequence[str]]  # tab key -> headings that Relance does not read
    messages: Sequence[Path] = ()
    papers: Papers = Papers()
    shelves: Shelves = Shelves()

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def everything(gathered: Gathered, customer: str, shelves: Shelves) -> Held:
    """Raises UsageError for a customer of whom nothing is held."""
    ledger = gathered.ledger
    numbers = {invoice.number for invoice in ledger.invoices if invoice.customer == customer}
    found: dict[str, list[tuple[int, Row]]] = {}
    unknown: dict[str, Sequence[str]] = {}
    places = _places_of(ledger, customer, numbers)
    for tab in TABS:
        raw = gathered.snapshot.tabs.get(tab.key)
        if raw is None:
            continue
        chosen = [(row, cells) for row, cells in _rows(raw) if _concerns(tab, row, cells, customer, numbers, places)]
        if chosen:
            found[tab.key] = chosen
            if raw.foreign:
                unknown[tab.key] = raw.foreign
    language = gathered.rules.settings.language
    if not found:
        raise UsageError(sentence("no_such_customer", language, customer=customer))
    ids = {row.message_id for row in rows_of_customer(ledger.journal, customer, numbers) if row.message_id}
    return Held(
        customer=customer, as_of=gathered.as_of, language=language, rows=found, unknown=unknown,
        messages=message_files(shelves.outbox, ids), papers=papers_of(ledger, gathered.rules.cadences, customer, shelves), shelves=shelves,
    )  # fmt: skip


def rows_of_customer(journal: Sequence[JournalRow], customer: str, numbers: set[str]) -> list[JournalRow]:
    return [row for row in journal if row.customer == customer or (not row.customer and not numbers.isdisjoint(row.invoices))]


def _places_of(ledger: Ledger, customer: str, numbers: set[str]) -> set[tuple[str, int]]:
    """(tab, sheet row) of the rows that the ledger knows to be this customer's: problems name rows, payments may name none."""
    places = {("invoices", invoice.row) for invoice in ledger.invoices if invoice.customer == customer}
    places |= {("contacts", contact.row) for contact in ledger.contacts.values() if contact.customer == customer}
    places |= {("payments", one.row) for one in ledger.payments if one.customer == customer or one.invoice in numbers}
    places |= {
        ("plans", one.row) for one in ledger.instalments if one.customer == customer or not numbers.isdisjoint(one.invoices)
    }
    return places


def _concerns(tab: Tab, row: int, cells: Row, customer: str, numbers: set[str], places: set[tuple[str, int]]) -> bool:
    if (tab.key, row) in places or key_text(cells.get("customer")) == customer:
        return tab.key in ("invoices", "contacts", "payments", "plans", "today", "journal")
    if tab.key == "journal":
        return not key_text(cells.get("customer")) and not numbers.isdisjoint(_listed(cells.get("invoices")))
    if tab.key == "payments":
        return key_text(cells.get("invoice")) in numbers
    if tab.key == "problems":
        place = key_text(cells.get("row"))
        titles = {one.key: (one.en, one.fr) for one in TABS}
        return any(
            str(at) == place and key_text(cells.get("tab")) in titles[name] for name, at in places if name in titles
        )  # fmt: skip
    return False


def _listed(cell: Cell) -> set[str]:
    return {part.strip() for part in key_text(cell).split(",")}


def _rows(raw: RawTab) -> list[tuple[int, Row]]:
    return [
        (raw.first_row + index, {key: cells[index] if index < len(cells) else None for key, cells in raw.columns.items()})
        for index in range(len(raw))
    ]


# --- the archive ----------------------------------------------------------------------------------------------------------


def pack(held: Held) -> bytes:
    """The archive as a ZIP file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_files(held).items()):
            archive.writestr(zipfile.ZipInfo(name, (held.as_of.year, held.as_of.month, held.as_of.day, 0, 0, 0)), content)
    return target.getvalue()


def _files(held: Held) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    document: dict[str, Any] = {"customer": held.customer, "as_of": held.as_of.isoformat(), "tabs": {}}
    for tab in TABS:
        rows = held.rows.get(tab.key)
        if rows:
            document["tabs"][tab.key] = [{"row": row, **_said(tab, cells)} for row, cells in rows]
            files[f"{_plain(tab.title(held.language))}.csv"] = _csv(tab, rows, held.language)
    for path in held.messages:
        files[f"messages/{path.name}"] = path.read_bytes()
    document["messages"] = [path.name for path in held.messages]
    for name, paths, shelf in (
        ("documents", held.papers.documents, held.shelves.documents),
        ("dossiers", held.papers.dossiers, held.shelves.dossiers),
    ):
        found = {path.relative_to(shelf).as_posix(): path for path in paths} if shelf is not None else {}
        files |= {f"{name}/{inner}": path.read_bytes() for inner, path in found.items()}
        document[name] = list(found)
    files["data.json"] = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    files["LISEZMOI.txt" if held.language == "fr" else "README.txt"] = _readme(held).encode()
    return files


def _said(tab: Tab, cells: Row) -> dict[str, Any]:
    return {key: _value(tab, key, cell) for key, cell in cells.items() if cell not in (None, "")}


def _value(tab: Tab, key: str, cell: Cell) -> Any:
    """A cell as JSON: dates are ISO, also those that a carrier gives as the serial number of its calendar."""
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if tab.column(key).type == "date" and isinstance(cell, int | float) and not isinstance(cell, bool):
        return (_DAY_ZERO + timedelta(days=int(cell))).isoformat()
    return cell


def _csv(tab: Tab, rows: Sequence[tuple[int, Row]], language: Language) -> bytes:
    """With headings as in the sheet; readable by a spreadsheet (a mark of UTF-8 in front), where no text becomes a formula."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    columns = [column for column in tab.columns if any(column.key in cells for _, cells in rows)]
    writer.writerow([column.heading(language) for column in columns])
    for _, cells in rows:
        writer.writerow([_text(_value(tab, column.key, cells.get(column.key)), language) for column in columns])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _text(value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and language == "fr":
        return f"{value}".replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _plain(title: str) -> str:
    return title.replace("/", "-")


def _readme(held: Held) -> str:
    lines = [
        sentence(
            "export_head",
            held.language,
            customer=held.customer,
            day=held.as_of.isoformat(),
            rows=held.count,
            messages=len(held.messages),
            papers=len(held.papers.all),
        )
    ]
    titles = {tab.key: tab.title(held.language) for tab in TABS}
    lines += [f"- {titles[key]}{colon(held.language)}{len(rows)}" for key, rows in held.rows.items()]
    for key, headings in held.unknown.items():
        lines.append(sentence("export_unknown", held.language, tab=titles[key], columns=", ".join(headings)))
    lines += [sentence("export_doubtful", held.language, file=shown(path, held.shelves)) for path in held.papers.doubtful]
    return "\n".join(lines) + "\n"


# --- the command ----------------------------------------------------------------------------------------------------------


def export(
    workbook: Workbook, clock: Clock, customer: str, shelves: Shelves, target: Path, *, run_id: str, journal_key: bytes = b""
) -> Held:
    """Save the archive, and remember in the Journal that it was made (reading about people is an act)."""
    workbook.lock(f"export {run_id}", clock.utc_now())
    try:
        gathered = gather(workbook, clock)
        held = everything(gathered, customer, shelves)
        target.write_bytes(pack(held))
        if gathered.ledger.journal:  # a first row would tell the next run that it is not the first
            row = row_of(
                Observation(customer=customer, field="exported", new=gathered.as_of.isoformat()),
                clock.now(gathered.rules.settings.time_zone), run_id, "export",
            )  # fmt: skip
            JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write([row])
            workbook.write(Changes())
        return held
    finally:
        workbook.unlock()


def lines(held: Held, target: Path, *, names: bool = True) -> Sequence[str]:
    """What the command says. `names` False (under CI): counts only."""
    told = [
        sentence(
            "export_done", held.language, rows=held.count, messages=len(held.messages), papers=len(held.papers.all), file=target
        )
    ]
    if held.papers.doubtful and not names:
        told.append(sentence("doubtful_count", held.language, count=len(held.papers.doubtful)))
    elif names:
        told += [sentence("export_doubtful", held.language, file=shown(path, held.shelves)) for path in held.papers.doubtful]
    return told
