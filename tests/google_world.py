"""A small spreadsheet with people in it, for tests that shake it: what people typed is remembered, and compared.

People act on rows by their key, wherever these stand by then. `World.memory` is what every cell of theirs must hold.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from carriers import furnished, google
from sheets_emulator import ROBOT, Emulator
from sheets_emulator.grid import Sheet
from sheets_emulator.workbook import Spreadsheet

from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.google.book import TAB_MARK
from sync.workbook.google.carrier import Google
from sync.workbook.headings import letter
from sync.workbook.tabs import Cell, CellChange, Changes, RawTab, RowInputs, Snapshot, TabRewrite

NOW = datetime(2026, 2, 10, 9, tzinfo=UTC)
FOREIGN = "Région"
KEYS = tuple(f"F-{number:02}" for number in range(1, 9))
REFERENCES = tuple(f"R-{number}" for number in range(1, 5))


class Dead(BaseException):
    """The process was killed."""


@cache
def _small() -> Spreadsheet:
    """A furnished spreadsheet whose tabs are short, with a column and a tab of people's own."""
    with Emulator() as emulator:
        file_id = emulator.create("Clients", shared=[ROBOT])
        emulator.spreadsheet(file_id).become(furnished("fr").clone())
        people = emulator.people.on(file_id)
        for sheet in people.spreadsheet.sheets:
            people.resize(sheet.title, 100 if sheet.title == "Réglages" else 40, sheet.column_count)
        people.insert_columns("Factures", "D")
        people.type("Factures", "D1", FOREIGN)
        people.add_tab("Autre", [["Facture", "à nous"], ["F-01", "ne pas toucher"]])
        people.resize("Autre", 20, 8)
        world = World(emulator, file_id)
        for number, key in enumerate(KEYS):
            world.add_invoice(key, 100 + number, f"région {number}")
        for number, reference in enumerate(REFERENCES):
            row = number + 2
            people.type("Règlements", f"A{row}", date(2026, 1, row).isoformat())
            people.type("Règlements", f"D{row}", 10.5 * row)
            people.type("Règlements", f"G{row}", reference)
        return emulator.spreadsheet(file_id)


@dataclass
class World:
    """One spreadsheet and its people."""

    emulator: Emulator
    id: str
    memory: dict[str, dict[str, Any]] = field(default_factory=dict)  # invoice -> people's cells
    said: list[str] = field(default_factory=list)  # what people wrote into Today, each text unlike any other
    journal: list[str] = field(default_factory=list)  # seals in the order they were safe
    perhaps: set[str] = field(default_factory=set)  # seals of a run that died while adding them
    passage: int = 0
    news: int = 0  # what there is to write about every row; a run without news has nothing to do
    released: set[str] = field(default_factory=set)  # buttons that the run may release
    number: int = 0

    @classmethod
    def new(cls, emulator: Emulator) -> "World":
        file_id = emulator.create("Clients", shared=[ROBOT])
        emulator.spreadsheet(file_id).become(_small().clone())
        world = cls(emulator, file_id)
        for number, key in enumerate(KEYS):
            world.memory[key] = {"Montant TTC": 100 + number, FOREIGN: f"région {number}", "Note": None, "Envoyer ?": None}
        return world

    # --- where things stand

    @property
    def people(self) -> Any:
        return self.emulator.people.on(self.id)

    def sheet(self, tab: str) -> Sheet:
        """A tab by our mark, whatever its title; "Autre" is the people's."""
        file = self.emulator.spreadsheet(self.id)
        for entry in file.developer_metadata:
            if entry["metadataKey"] == TAB_MARK and entry["metadataValue"].startswith(f"{tab}:"):
                sheet = file.sheet(int(entry["metadataValue"].partition(":")[2]))
                if sheet is not None:
                    return sheet
        raise LookupError(tab)

    def column(self, tab: str, heading: str) -> int:
        sheet = self.sheet(tab)
        for column in range(sheet.column_count):
            if sheet.cell(0, column).value == heading:
                return column
        raise LookupError(heading)

    def row(self, tab: str, heading: str, value: str) -> int | None:
        """The row number, as people count, of the row whose cell says so."""
        sheet, column = self.sheet(tab), self.column(tab, heading)
        return next((row + 1 for row in range(1, sheet.row_count) if sheet.cell(row, column).value == value), None)

    def rows(self, tab: str) -> Iterator[dict[str, Any]]:
        """Each row as {heading: value}, blank cells left out."""
        sheet = self.sheet(tab)
        heads = {column: str(sheet.cell(0, column).value) for column in range(sheet.column_count) if sheet.cell(0, column).value}
        for row in range(1, sheet.row_count):
            yield {head: value for column, head in heads.items() if (value := sheet.cell(row, column).value) not in (None, "")}

    def type(self, tab: str, row: int, heading: str, value: Any) -> None:
        self.people.type(self.sheet(tab).title, f"{letter(self.column(tab, heading))}{row}", value)

    # --- what people do

    def pick(self, index: int) -> str | None:
        keys = sorted(self.memory)
        return keys[index % len(keys)] if keys else None

    def write_about(self, index: int, heading: str, text: Any) -> None:
        key = self.pick(index)
        row = self.row("invoices", "Facture", key) if key is not None else None
        if key is not None and row is not None:
            self.type("invoices", row, heading, text)
            self.memory[key][heading] = text

    def add_invoice(self, key: str, amount: float, region: str) -> None:
        sheet, column = self.sheet("invoices"), self.column("invoices", "Facture")
        last = max((row for row in range(sheet.row_count) if sheet.rows[row] and not _is_blank(sheet, row)), default=0)
        row = last + 2
        if row > sheet.row_count:
            return
        del column
        for heading, value in (
            ("Facture", key),
            ("Client", "C1"),
            ("Date de facture", "2026-01-05"),
            ("Montant TTC", amount),
            (FOREIGN, region),
        ):
            self.type("invoices", row, heading, value)
        self.memory[key] = {"Montant TTC": amount, FOREIGN: region, "Note": None, "Envoyer ?": None}

    def delete_invoice(self, index: int) -> None:
        key = self.pick(index)
        row = self.row("invoices", "Facture", key) if key is not None else None
        if key is not None and row is not None and len(self.memory) > 2:
            self.people.delete_rows(self.sheet("invoices").title, row)
            del self.memory[key]

    def answer(self, index: int) -> None:
        """Somebody writes a note beside a task of Today."""
        sheet, task = self.sheet("today"), self.column("today", "Tâche")
        rows = [row for row in range(1, sheet.row_count) if sheet.cell(row, task).value]
        note = self.column("today", "Note")
        free = [row for row in rows if sheet.cell(row, note).is_blank]
        if free:
            self.number += 1
            text = f"dit {self.number}"
            self.type("today", free[index % len(free)] + 1, "Note", text)
            self.said.append(text)

    # --- a run

    def book(self) -> Google:
        return google(self.emulator, self.id)

    def run(self, book: Google | None = None) -> Changes:
        """What a run does: lock, read, remember, look again, write, unlock."""
        book = book or self.book()
        self.passage += 1
        book.lock("passage", NOW + timedelta(days=self.passage))
        try:
            snapshot = book.read()
            changes = self.plan(snapshot)
            self.append(book, f"a{self.passage}")
            book.read()  # before messages leave
            self.append(book, f"b{self.passage}")
            self.written = book.write(changes)
            return changes
        finally:
            book.unlock()

    def append(self, book: Google, seal: str) -> None:
        self.perhaps |= {f"{seal}.1", f"{seal}.2"}
        book.append_journal([{"when": "2026-02-10T09:00:00+01:00", "status": "observed", "hash": f"{seal}.{n}"} for n in (1, 2)])
        self.perhaps -= {f"{seal}.1", f"{seal}.2"}
        self.journal += [f"{seal}.1", f"{seal}.2"]

    def plan(self, snapshot: Snapshot) -> Changes:
        """Cells of ours that name the row they belong to, so that a misplaced one is known from its text."""
        cells: list[CellChange] = []
        inputs: list[RowInputs] = []
        invoices = snapshot.tabs["invoices"]
        for row, key, now in _rows(invoices, "invoice"):
            wanted: dict[str, Cell] = {
                "why": f"{key} : {now['amount']} {self.news}", "open": ours(key), "mark": f"{key}#{now['amount']}", "action_date": date(2026, 1, 1 + ours(key) % 28),
            }  # fmt: skip
            maker = str(now["mark"] or key).partition("#")[0]  # as the real run tells its own drafts from a person's
            if now["draft"] is None or str(now["draft"]).startswith(f"{maker} "):
                wanted |= {"draft": f"{key} brouillon {now['amount']}", "subject": f"{key} objet"}
            if now["send"] == "oui":
                wanted["send"] = None
                self.released.add(key)
            self._change("invoices", row, key, now, wanted, cells, inputs)
        for row, _, now in _rows(snapshot.tabs["payments"], "reference"):
            self._change("payments", row, "", now, {"suggested": f"{now['reference']} suggérée"}, cells, inputs)
        return Changes(cells=cells, inputs=inputs, rewrites=[self._today(snapshot), self._problems(snapshot)])

    def _change(
        self, tab: str, row: int, key: str, now: dict[str, Cell], wanted: dict[str, Cell], cells: list[CellChange], inputs: list[RowInputs]
    ) -> None:  # fmt: skip
        changed = {column: value for column, value in wanted.items() if now[column] != value}
        cells += [CellChange(tab, row, key, column, now[column], value) for column, value in changed.items()]
        people = {one.key for one in TABS_BY_KEY[tab].columns if one.who == "P"} - set(changed)
        if changed:
            inputs.append(RowInputs(tab=tab, row=row, key=key, cells={name: now[name] for name in people if name in now}))

    def _today(self, snapshot: Snapshot) -> TabRewrite:
        held = {key: now for _, key, now in _rows(snapshot.tabs["today"], "task")}
        rows: list[dict[str, Cell]] = []
        for _, key, now in _rows(snapshot.tabs["invoices"], "invoice"):
            task = f"t-{key}"
            rows.append({"task": task, "what": f"{task} : {now['amount']} {self.news}", "note": held.pop(task, {}).get("note")})
        rows += [{"task": task, "what": f"{task} : partie", "note": now["note"]} for task, now in held.items() if now.get("note")]
        return TabRewrite(tab="today", rows=rows)

    def _problems(self, snapshot: Snapshot) -> TabRewrite:
        return TabRewrite(
            tab="problems",
            rows=[{"tab": "Factures", "what": f"{key} ?"} for _, key, _ in _rows(snapshot.tabs["invoices"], "invoice")][:3],
        )

    # --- what must hold

    def check_people(self) -> None:
        """Each cell of people's is as they left it; a button may be released only if the run saw it pressed."""
        seen = {row["Facture"]: row for row in self.rows("invoices") if "Facture" in row}
        assert set(seen) == set(self.memory)
        for key, cells in self.memory.items():
            for heading, value in cells.items():
                found = seen[key].get(heading)
                if heading == "Envoyer ?" and key in self.released and value == "oui" and found is None:
                    cells[heading] = None
                else:
                    assert found == value, (key, heading, found, value)
        self.released.clear()
        foreign = next(one for one in self.emulator.spreadsheet(self.id).sheets if one.cell(1, 1).value == "ne pas toucher")
        assert [[foreign.cell(r, c).value for c in range(3)] for r in range(3)] == [
            ["Facture", "à nous", None],
            ["F-01", "ne pas toucher", None],
            [None] * 3,
        ]
        payments = {row["Référence"]: row for row in self.rows("payments") if "Référence" in row}
        assert {reference: row.get("Montant") for reference, row in payments.items()} == {
            r: 10.5 * (n + 2) for n, r in enumerate(REFERENCES)
        }
        notes = sorted(str(row["Note"]) for row in self.rows("today") if "Note" in row)
        assert notes == sorted(self.said), (notes, self.said)

    def check_ours(self) -> None:
        """Each cell of ours is beside its key, or blank."""
        for row in self.rows("invoices"):
            key = row.get("Facture")
            for heading, prefix in (("Pourquoi", f"{key} : "), ("Repère", f"{key}#"), ("Objet", f"{key} objet")):
                assert heading not in row or (key is not None and str(row[heading]).startswith(prefix)), (
                    key,
                    heading,
                    row[heading],
                )
            assert "Reste dû" not in row or (key is not None and row["Reste dû"] == ours(key)), (key, row["Reste dû"])
            if "Brouillon" in row and not str(row["Brouillon"]).startswith("de ma main"):
                assert str(row["Brouillon"]).startswith(f"{key} brouillon"), (key, row["Brouillon"])
        for row in self.rows("payments"):
            reference = row.get("Référence")
            assert "Facture suggérée" not in row or row["Facture suggérée"] == f"{reference} suggérée", row
        for row in self.rows("today"):
            if "À faire" in row:
                assert str(row["À faire"]).startswith(f"{row.get('Tâche')} : "), row

    def check_journal(self) -> None:
        """Every row that was safe is there once, in order; one of a run that died is there once or not at all."""
        seals = [str(row["Sceau"]) for row in self.rows("journal") if "Sceau" in row]
        assert len(seals) == len(set(seals)), seals
        assert [one for one in seals if one not in self.perhaps] == self.journal, (seals, self.journal)
        whole = [row for row in self.rows("journal") if "Sceau" in row]
        assert all(row.get("Statut") == "observed" for row in whole)


def ours(key: str) -> int:
    """A number that belongs to a key."""
    return zlib.crc32(key.encode()) % 100_000 + 1


def _rows(tab: RawTab, key: str) -> Iterator[tuple[int, str, dict[str, Cell]]]:
    for index, cell in enumerate(tab.columns.get(key, ())):
        if cell is not None:
            yield tab.first_row + index, str(cell), {name: cells[index] for name, cells in tab.columns.items()}


def _is_blank(sheet: Sheet, row: int) -> bool:
    return all(cell.is_blank for cell in sheet.rows[row].values())


def dies_at(book: Google, request: int, *, after: bool) -> None:
    """Let the process die at a request: before it is sent, or once it was answered; nothing more is asked then."""
    client: Any = book.client
    once: Callable[..., Any] = client._once
    count = 0

    def counted(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count > request or (count == request and not after):
            raise Dead
        answer = once(*arguments)
        if count == request:
            raise Dead
        return answer

    client._once = counted
