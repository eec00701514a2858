"""Payments have no key: a line of the export is known again by all it says.

The row's *Imported* cell holds the digest of the line, so a payment that a person allocates or corrects in the sheet
is still known the next week. A payment typed by hand before the export had it (same day, amount and invoice) is
recognised and marked, not added twice. Two equal lines in one file are two payments.

Accounts letter a payment days after they booked it: the same line then names an invoice, and no longer has the same
digest. What the file does not hold word for word is therefore looked for once more, by day, customer and amount:

    the sheet's row                            the line names an invoice       the line names none
    imported without an invoice, untouched     allocated as the line says      (known by its digest)
    imported, allocated or changed by hand     known when they agree, else     left alone, told
                                               left alone, told
    typed without an invoice                   known, told                     known
    typed on an invoice                        another payment                 known
    told by a balance, untouched               its true day is written
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.importing.balances import balance_mark
from sync.importing.export import Imported, ImportedRow, LineProblem
from sync.importing.found import Found, Row, cell_of
from sync.importing.memory import COLUMN, canonical, digest
from sync.importing.messages import say
from sync.ledger.cells import CellError, cell_text, parse_key
from sync.ledger.dates import format_date
from sync.ledger.words import Language
from sync.workbook.contract import PAYMENTS
from sync.workbook.tabs import Cell, CellChange, RawTab

_IDENTITY = ("paid_on", "invoice", "customer", "amount", "currency", "reference")
_TYPED = ("paid_on", "invoice", "amount")  # what a person surely typed of a payment on an invoice
_LINE = "line:"  # in front of the digest


@dataclass(frozen=True, slots=True)
class _Known:
    """A row of the sheet: `said` are the canonical texts of its identity, `mark` its *Imported* cell."""

    index: int
    said: Mapping[str, str]
    mark: str

    @property
    def is_imported(self) -> bool:
        return self.mark.startswith(_LINE)

    @property
    def was_without_invoice(self) -> bool:
        """Imported without an invoice; what stands there now was written since, or nothing was."""
        return self.mark == _mark({**self.said, "invoice": ""})


def plan_payments(raw: RawTab, invoices: RawTab | None, imported: Imported, language: Language, found: Found) -> None:
    """Fill `found` with the rows to add, the cells to write on rows that are known, and what is to be told."""
    _Payments(raw, _owners(invoices), language, found).go(imported.rows)


def _owners(invoices: RawTab | None) -> Mapping[str, str]:
    """Customer of each invoice of the sheet."""
    owners: dict[str, str] = {}
    for index in range(len(invoices) if invoices is not None else 0):
        if invoices is None:
            break
        try:
            owners.setdefault(parse_key(cell_of(invoices, "invoice", index)), parse_key(cell_of(invoices, "customer", index)))
        except CellError:
            continue
    return owners


class _Payments:
    def __init__(self, raw: RawTab, owners: Mapping[str, str], language: Language, found: Found) -> None:
        self.raw, self.owners, self.language, self.found = raw, owners, language, found
        self.by_mark: dict[str, list[_Known]] = defaultdict(list)
        # By (customer, amount), and by (invoice, amount) for an invoice whose customer the sheet does not know.
        self.by_sum: dict[tuple[str, str], list[_Known]] = defaultdict(list)
        self.by_invoice: dict[tuple[str, str], list[_Known]] = defaultdict(list)
        self.taken: set[int] = set()  # one row answers for one line
        for index in range(len(raw)):
            cells = {key: cell_of(raw, key, index) for key in (*_IDENTITY, COLUMN)}
            if any(cells[key] is not None for key in _TYPED):
                known = _Known(index, self._said(cells), cell_text(cells[COLUMN]))
                self.by_sum[self._sum(known.said)].append(known)
                self.by_invoice[known.said["invoice"], known.said["amount"]].append(known)
                if known.is_imported:
                    self.by_mark[known.mark].append(known)

    def _said(self, cells: Mapping[str, Cell]) -> Mapping[str, str]:
        return {key: canonical(cells.get(key), PAYMENTS.column(key), self.language) for key in _IDENTITY}

    def _sum(self, said: Mapping[str, str]) -> tuple[str, str]:
        return self.owners.get(said["invoice"], "") or said["customer"], said["amount"]

    def go(self, rows: Sequence[ImportedRow]) -> None:
        """First the lines known word for word, so that no other line takes their rows."""
        others: list[tuple[ImportedRow, Mapping[str, str]]] = []
        for row in rows:
            said = self._said(row.cells)
            if same := self.by_mark.get(_mark(said)):
                self.taken.add(same.pop(0).index)
                self.found.unchanged += 1
            else:
                others.append((row, said))
        for row, said in others:
            if not self._recognise(row, said):
                cells: Row = {key: value for key, value in row.cells.items() if value is not None}
                self.found.rows.append({**cells, COLUMN: _mark(said)})
                self.found.added.append(_label(row))

    def _recognise(self, row: ImportedRow, said: Mapping[str, str]) -> bool:
        named = self.by_invoice.get((said["invoice"], said["amount"]), ()) if said["invoice"] else ()
        near = [known for known in (*named, *self.by_sum.get(self._sum(said), ())) if known.index not in self.taken]
        for test, act in (*self._sure(said), *self._likely(said)):
            known = next((known for known in near if test(known)), None)
            if known is not None:
                self.taken.add(known.index)
                act(row, known, _mark(said))
                return True
        return False

    def _sure(self, said: Mapping[str, str]) -> Sequence[tuple["_Test", "_Act"]]:
        def typed(known: _Known) -> bool:
            return not known.is_imported and all(known.said[key] == said[key] for key in ("paid_on", "invoice"))

        def allocated_alike(known: _Known) -> bool:
            return (
                known.is_imported
                and known.mark != _mark(known.said)
                and _same_day(known, said)
                and known.said["invoice"] == said["invoice"]
            )

        def of_a_balance(known: _Known) -> bool:
            is_ours = bool(said["invoice"]) and known.mark == balance_mark(said["invoice"], said["amount"])
            return is_ours and known.said["invoice"] == said["invoice"] and said["paid_on"] <= known.said["paid_on"]

        return ((typed, self._known), (allocated_alike, self._known), (of_a_balance, self._dated))

    def _likely(self, said: Mapping[str, str]) -> Sequence[tuple["_Test", "_Act"]]:
        def unallocated(known: _Known) -> bool:
            return known.was_without_invoice and not known.said["invoice"] and _same_day(known, said)

        def typed_on_account(known: _Known) -> bool:
            return not known.mark and not known.said["invoice"] and known.said["paid_on"] == said["paid_on"]

        def typed_on_an_invoice(known: _Known) -> bool:
            return not known.mark and known.said["paid_on"] == said["paid_on"]

        def told_otherwise(known: _Known) -> bool:
            changed = known.was_without_invoice or not known.said["invoice"] or not said["invoice"]
            return known.is_imported and changed and _same_day(known, said)

        if not said["invoice"]:
            return ((typed_on_an_invoice, self._known), (told_otherwise, self._doubtful))
        return ((unallocated, self._allocated), (typed_on_account, self._without_invoice), (told_otherwise, self._doubtful))

    # what is done with a row that is recognised

    def _write(self, known: _Known, column: str, after: Cell) -> None:
        before = cell_of(self.raw, column, known.index)
        self.found.cells.append(
            CellChange(tab="payments", row=self.raw.first_row + known.index, key="", column=column, before=before, after=after)
        )

    def _known(self, row: ImportedRow, known: _Known, mark: str) -> None:
        self._write(known, COLUMN, mark)
        self.found.unchanged += 1

    def _changed(self, row: ImportedRow, known: _Known, mark: str, column: str) -> None:
        self._write(known, column, row.cells.get(column))
        self._write(known, COLUMN, mark)
        self.found.updated[_label(row)] = self.found.updated.get(_label(row), 0) + 1

    def _allocated(self, row: ImportedRow, known: _Known, mark: str) -> None:
        self._changed(row, known, mark, "invoice")

    def _dated(self, row: ImportedRow, known: _Known, mark: str) -> None:
        self._changed(row, known, mark, "paid_on")

    def _without_invoice(self, row: ImportedRow, known: _Known, mark: str) -> None:
        self._known(row, known, mark)
        self._tell(row, known, "known_without_invoice")

    def _doubtful(self, row: ImportedRow, known: _Known, mark: str) -> None:
        self.found.unchanged += 1
        self._tell(row, known, "doubtful_payment")

    def _tell(self, row: ImportedRow, known: _Known, code: str) -> None:
        day = row.cells.get("paid_on")
        shown = format_date(day, self.language) if isinstance(day, date) else cell_text(day)
        nothing = say("no_invoice", self.language)
        params = {
            "value": shown, "row": str(self.raw.first_row + known.index), "there": known.said["invoice"] or nothing,
            "invoice": cell_text(row.cells.get("invoice")) or nothing,
        }  # fmt: skip
        self.found.problems.append(LineProblem(row.line, code, params))


_Test = Callable[[_Known], bool]
_Act = Callable[[ImportedRow, _Known, str], None]


def _label(row: ImportedRow) -> str:
    return str(row.cells.get("reference") or row.cells.get("invoice") or row.cells.get("customer") or "?")


def _mark(said: Mapping[str, str]) -> str:
    return _LINE + digest("\x1f".join(said[key] for key in _IDENTITY))


def _same_day(known: _Known, said: Mapping[str, str]) -> bool:
    """The same day, and neither currency nor reference against it: two transfers of a day have two references."""
    alike = all(known.said[key] == said[key] or not known.said[key] or not said[key] for key in ("currency", "reference"))
    return alike and known.said["paid_on"] == said["paid_on"]
