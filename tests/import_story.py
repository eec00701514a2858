"""A workbook that is fed exports week after week: the real local carrier, the real reading, a few verbs for stories."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sync.importing.report import Report
from sync.importing.run import Asked, Facts, prepare
from sync.ledger.balances import settle
from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.reading.ledger import read_ledger
from sync.ledger.words import Language
from sync.workbook.excel.carrier import Excel
from sync.workbook.resolve import resolve
from sync.workbook.tabs import Append, Cell, CellChange, Changes, RawTab, Snapshot

TODAY = date(2026, 3, 18)


class Fed:
    """`language` is the sheet's. Every verb reads the file anew, as the command does."""

    def __init__(self, folder: Path, language: Language = "fr") -> None:
        self.folder, self.language = folder, language
        self.carrier = Excel(folder / "factures.xlsx", language)
        self.carrier.init(language)

    def feed(self, text: str | bytes, kind: str = "invoices", today: date = TODAY, **asked: object) -> Report:
        """Import a file of this text, as `relance import csv` does; what was said is remembered."""
        path = self.folder / "export.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        ledger, _ = self.ledger(today)
        facts = Facts(language=self.language, today=today, open_cents=settle(ledger, today).open)
        prepared = prepare(path, kind, self.carrier.read(), Asked(**asked), facts)  # type: ignore[arg-type]
        self.carrier.write(prepared.changes)
        if (note := prepared.to_remember) is not None:
            when = f"{today.isoformat()}T09:00:00+01:00"
            self.carrier.append_journal([{"when": when, "status": note.status, "field": note.field, "new": note.new}])
        return prepared.report

    def ledger(self, today: date = TODAY) -> tuple[Ledger, list[Problem]]:
        return read_ledger(
            self.carrier.read().tabs, language=self.language, currency="EUR", terms="30", as_of=today, real_today=today
        )

    def tab(self, key: str) -> RawTab:
        return self.carrier.read().tabs[key]

    def rows(self, key: str) -> list[dict[str, Cell]]:
        """The filled cells of each row that has any."""
        tab = self.tab(key)
        rows = [
            {name: cells[index] for name, cells in tab.columns.items() if index < len(cells) and cells[index] is not None}
            for index in range(len(tab))
        ]
        return [row for row in rows if row]

    def type(self, tab: str, place: int, column: str, value: Cell) -> None:
        """A person changes a cell of the row at that place (0 = the first)."""
        raw = self.tab(tab)
        key = {"invoices": "invoice", "contacts": "customer"}.get(tab, "")
        before = raw.columns[column][place] if place < len(raw.columns[column]) else None
        change = CellChange(
            tab=tab,
            row=raw.first_row + place,
            key=str(raw.columns[key][place]) if key else "",
            column=column,
            before=before,
            after=value,
        )
        written = self.carrier.write(Changes(cells=[change]))
        assert not written.deferred

    def type_row(self, tab: str, row: Mapping[str, Cell]) -> None:
        self.carrier.write(Changes(appends=[Append(tab=tab, rows=[row])]))


def snapshot_after(snapshot: Snapshot, changes: Changes) -> Snapshot:
    """The tabs as a carrier leaves them: the carriers' own resolution, put into columns."""
    resolved = resolve(changes, snapshot.tabs, snapshot.tabs)
    assert not resolved.deferred
    tabs = {}
    for key, raw in snapshot.tabs.items():
        columns = {name: list(cells) for name, cells in raw.columns.items()}
        size = len(raw) + resolved.new_rows.get(key, 0)
        for cells in columns.values():
            cells.extend([None] * (size - len(cells)))
        for row, values in resolved.writes.get(key, {}).items():
            for name, value in values.items():
                columns[name][row - raw.first_row] = value
        tabs[key] = RawTab(key=key, title=raw.title, columns=columns)
    return Snapshot(tabs=tabs)
