"""From an export to changes of the workbook: new rows, cells that nobody touched since, and what to tell.

Pure: a snapshot and an export in, `Changes` and a report out. The rule of one cell, with what the sheet says (`now`),
what the export says (`new`) and what an export last gave (`memory`):

    now = new                   agreed; remembered
    now = memory, new differs   the export's turn: written
    now is blank, no memory     filled
    anything else               a person wrote it: left alone, told

The same file twice changes nothing: after the first time every cell is agreed, or a person's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.errors import UsageError
from sync.importing.balances import Credits, Followed, follow_balances
from sync.importing.export import Imported, ImportedRow, LineProblem
from sync.importing.found import Found, Row, cell_of, rows_by_key
from sync.importing.memory import COLUMN, Memory, canonical, recall
from sync.importing.messages import say
from sync.importing.payments import plan_payments
from sync.importing.report import Report
from sync.ledger.model import Cents
from sync.ledger.words import Language
from sync.workbook.contract import TABS_BY_KEY, Tab
from sync.workbook.tabs import Append, Cell, CellChange, Changes, RawTab, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What to hand to the carrier's `write`, and what to tell. `changes` is empty when the workbook says it all."""

    changes: Changes
    report: Report


def plan_import(
    snapshot: Snapshot,
    imported: Imported,
    *,
    language: Language,
    today: date,
    open_cents: Mapping[str, Cents],
    full_open_items: bool = False,
    new_contacts: bool = True,
) -> ImportPlan:
    """What importing would change. `open_cents` is what the sheet says is still owed, by invoice number.

    `full_open_items`: the export lists everything that is open, so an open invoice that an earlier export brought and
    that this one misses is withheld. Raises UsageError when the tab is missing.
    """
    raw = snapshot.tabs.get(imported.kind)
    tab = TABS_BY_KEY[imported.kind]
    if raw is None:
        raise UsageError(say("no_tab", language, tab=tab.title(language)))
    found = Found(problems=list(imported.problems))
    if imported.kind == "payments":
        plan_payments(raw, snapshot.tabs.get("invoices"), imported, language, found)
    else:
        _Matcher(tab, raw, imported, language, found).go()
    if imported.kind == "invoices":
        invoices = _Invoices(snapshot, raw, imported, language, today, open_cents, found)
        credits = Credits(snapshot, raw, language, today)
        if full_open_items:
            invoices.mark_absent(credits)
        invoices.welcome_back()
        follow_balances(credits, imported, found, Followed(language, today, open_cents))
        if new_contacts:
            invoices.introduce_customers()
    appends = [(imported.kind, found.rows), ("contacts", found.contacts), ("payments", found.payments)]
    changes = Changes(cells=_merged(found.cells), appends=tuple(Append(tab=key, rows=rows) for key, rows in appends if rows))
    return ImportPlan(changes=changes, report=_report(imported, found))


def _report(imported: Imported, found: Found) -> Report:
    return Report(
        kind=imported.kind, file=imported.file, encoding=imported.encoding, delimiter=imported.delimiter,
        lines=imported.lines, columns=imported.columns, ignored=imported.ignored,
        added=found.added, updated=found.updated, unchanged=found.unchanged, kept=found.kept,
        contacts=[str(row["customer"]) for row in found.contacts], absent=found.absent, back=found.back,
        settled=found.settled, credits_used=found.credits_used, owed_more=found.owed_more, problems=found.problems,
    )  # fmt: skip


def _merged(cells: Sequence[CellChange]) -> tuple[CellChange, ...]:
    """One change a cell: the last one said, from what stood there first."""
    by_place: dict[tuple[str, int, str], CellChange] = {}
    for change in cells:
        place = (change.tab, change.row, change.column)
        before = by_place[place].before if place in by_place else change.before
        by_place[place] = change._replace(before=before)
    return tuple(change for change in by_place.values() if change.before != change.after)


class _Matcher:
    """Invoices or contacts: rows found by their key, cell by cell."""

    def __init__(self, tab: Tab, raw: RawTab, imported: Imported, language: Language, found: Found) -> None:
        self.tab, self.raw, self.imported, self.language, self.found = tab, raw, imported, language, found

    def go(self) -> None:
        places = rows_by_key(self.tab, self.raw)
        for row in self.imported.rows:
            indexes = places.get(row.key, [])
            if not indexes:
                self._add(row)
            elif len(indexes) > 1:
                self.found.problems.append(LineProblem(row.line, "twice_in_sheet", {"value": row.key}))
            else:
                self._compare(row, indexes[0])

    def _add(self, row: ImportedRow) -> None:
        said = {key: self._said(value, key) for key, value in row.cells.items() if value is not None}
        cells = {key: value for key, value in row.cells.items() if value is not None}
        self.found.rows.append({**cells, COLUMN: Memory().with_values(said).as_cell()})
        self.found.added.append(row.key)

    def _said(self, cell: Cell, key: str) -> str:
        return canonical(cell, self.tab.column(key), self.language)

    def _compare(self, row: ImportedRow, index: int) -> None:
        memory = recall(cell_of(self.raw, COLUMN, index))
        agreed: dict[str, str] = {}
        written = 0
        for key, value in row.cells.items():
            if key == self.tab.row_key or key not in self.raw.columns:
                continue
            before = cell_of(self.raw, key, index)
            now, new = self._said(before, key), self._said(value, key)
            if now == new:
                agreed |= {key: new} if new or key in memory.digests else {}
            elif (new and not now and key not in memory.digests) or memory.holds(key, now):
                agreed[key] = new
                written += 1
                self._change(row, index, key, before, value)
            elif new or key in memory.digests:
                heading = self.tab.column(key).heading(self.language)
                self.found.kept.append(f"{row.key} {heading}")
                if key in ("amount", "currency"):
                    self.found.incomparable.add(row.key)
        after = memory.with_values(agreed)
        if after != memory:
            self._change(row, index, COLUMN, cell_of(self.raw, COLUMN, index), after.as_cell())
        if written:
            self.found.updated[row.key] = written
        else:
            self.found.unchanged += 1

    def _change(self, row: ImportedRow, index: int, key: str, before: Cell, after: Cell) -> None:
        self.found.cells.append(
            CellChange(tab=self.tab.key, row=self.raw.first_row + index, key=row.key, column=key, before=before, after=after)
        )


class _Invoices:
    """What only invoices have: lists of open items, balances, customers nobody knows yet."""

    def __init__(
        self,
        snapshot: Snapshot,
        raw: RawTab,
        imported: Imported,
        language: Language,
        today: date,
        open_cents: Mapping[str, Cents],
        found: Found,
    ) -> None:
        self.snapshot, self.raw, self.imported, self.language = snapshot, raw, imported, language
        self.today, self.open_cents, self.found = today, open_cents, found
        self.places = rows_by_key(TABS_BY_KEY["invoices"], raw)
        self.listed = {row.key for row in imported.rows}
        # A line that was left out for its own mistake still lists its invoice.
        self.listed |= {problem.params["value"] for problem in imported.problems if problem.code == "twice"}

    def _memories(self) -> Iterator[tuple[str, int, Memory]]:
        for number, indexes in self.places.items():
            for index in indexes:
                if memory := recall(cell_of(self.raw, COLUMN, index)):
                    yield number, index, memory

    def mark_absent(self, credits: Credits) -> None:
        """Open invoices and credit notes that an export brought once and that the full list misses now; cleared ones lose the mark."""
        for number, index, memory in self._memories():
            is_open = self.open_cents.get(number, 0) > 0 or credits.is_open(number, index)
            if is_open and number not in self.listed and not memory.absent:
                self._remember(number, index, replace(memory, absent=self.today.isoformat()))
                self.found.absent.append(number)
            elif memory.absent and not is_open and number not in self.listed:
                self._remember(number, index, replace(memory, absent=""))

    def welcome_back(self) -> None:
        for number, index, memory in self._memories():
            if memory.absent and number in self.listed:
                self._remember(number, index, replace(self._latest(index, memory), absent=""))
                self.found.back.append(number)

    def _latest(self, index: int, memory: Memory) -> Memory:
        """The memory as the comparison of cells has just left it."""
        for change in self.found.cells:
            if change.column == COLUMN and change.row == self.raw.first_row + index:
                return recall(change.after)
        return memory

    def _remember(self, number: str, index: int, memory: Memory) -> None:
        self.found.cells.append(
            CellChange(
                tab="invoices", row=self.raw.first_row + index, key=number, column=COLUMN,
                before=cell_of(self.raw, COLUMN, index), after=memory.as_cell(),
            )
        )  # fmt: skip

    def introduce_customers(self) -> None:
        """A row of Contacts for each customer nobody has described yet, with what the export says of them."""
        raw = self.snapshot.tabs.get("contacts")
        if raw is None:
            return
        tab = TABS_BY_KEY["contacts"]
        known = set(rows_by_key(tab, raw))
        new: dict[str, Row] = {}
        for row in self.imported.rows:
            customer = row.cells.get("customer")
            if isinstance(customer, str) and customer not in known:
                new.setdefault(customer, {"customer": customer}).update(row.contact)
        for cells in new.values():
            said = {key: canonical(value, tab.column(key), self.language) for key, value in cells.items()}
            self.found.contacts.append({**cells, COLUMN: Memory().with_values(said).as_cell()})
