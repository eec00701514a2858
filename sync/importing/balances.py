"""What an export says is still owed, followed by rows of Payments.

An invoice's balance below the sheet's was paid in part: a payment of today says so. Below zero it was paid too much: the
payment says all of it, and what exceeds the invoice is its customer's free money. A credit note that has lost balance
was used or refunded: a negative payment that names it takes the credit back, because the balances of the invoices that
it settled are followed too. A balance above the sheet's is only told: the sheet may know of money that the accounts have
not booked yet. What rows of ours said (marked `balance:` in *Imported*) is undone when the export takes it back.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sync.importing.export import Imported, ImportedRow, LineProblem
from sync.importing.found import Found, Row, cell_of, rows_by_key
from sync.importing.memory import COLUMN, digest
from sync.ledger.cells import CellError, parse_key
from sync.ledger.dates import parse_date
from sync.ledger.model import Cents
from sync.ledger.money import format_money, parse_money
from sync.ledger.reading.values import parse_word
from sync.ledger.words import Language
from sync.workbook.contract import INVOICES
from sync.workbook.tabs import Cell, RawTab, Snapshot

MARK = "balance:"  # in front of the *Imported* cell of a payment that a balance of an export told
_NOTES = {"fr": "Solde de l’export {file}", "en": "Balance of the export {file}"}


def balance_mark(number: str, cents: str) -> str:
    """The *Imported* cell of such a payment: it no longer fits a row whose amount or invoice a person has changed."""
    return MARK + digest(f"{number} {cents}")


@dataclass(frozen=True, slots=True)
class Followed:
    """What balances are compared with: `open_cents` is what the sheet says is still owed, by invoice number."""

    language: Language
    today: date
    open_cents: Mapping[str, Cents]


class Booked:
    """The payments that name a document, summed by its number: `all`, and `ours`, which balances of exports told."""

    def __init__(self, snapshot: Snapshot, language: Language, today: date) -> None:
        self.all: dict[str, Cents] = defaultdict(int)
        self.ours: dict[str, Cents] = defaultdict(int)
        raw = snapshot.tabs.get("payments")
        for index in range(len(raw) if raw is not None else 0):
            if raw is None:
                return
            try:
                number, day = parse_key(cell_of(raw, "invoice", index)), cell_of(raw, "paid_on", index)
                if not number or day is None or parse_date(day, language) > today:
                    continue
                cents = parse_money(cell_of(raw, "amount", index))
            except CellError:
                continue  # the sheet tells it, and withholds what it names
            self.all[number] += cents
            if str(cell_of(raw, COLUMN, index) or "").startswith(MARK):
                self.ours[number] += cents


class Credits:
    """The credit notes of the sheet: which of them are still their customers' credit, and how much."""

    def __init__(self, snapshot: Snapshot, raw: RawTab, language: Language, today: date) -> None:
        self.raw, self.places = raw, rows_by_key(INVOICES, raw)
        self.booked = Booked(snapshot, language, today)
        self.applied = self._applied()

    def _applied(self) -> Mapping[str, Cents]:
        """What credit notes that name an invoice settle of it, by its number."""
        found: dict[str, Cents] = defaultdict(int)
        for index, cell in enumerate(self.raw.columns.get("applies_to", ())):
            if cell is not None and not _is_void(cell_of(self.raw, "status", index)):
                found[_key(cell)] -= min(0, _cents(cell_of(self.raw, "amount", index), 0))
        return found

    def is_open(self, number: str, index: int) -> bool:
        """Whether the row is a credit note with credit left."""
        amount = _cents(cell_of(self.raw, "amount", index), 0)
        return amount < 0 and self.counts(index) and amount - self.booked.all[number] < 0

    def counts(self, index: int) -> bool:
        """False for one that settles an invoice of the sheet, was refunded, or is no document at all."""
        target = cell_of(self.raw, "applies_to", index)
        if target is not None and _key(target) in self.places:
            return False
        return cell_of(self.raw, "paid_on", index) is None and not _is_void(cell_of(self.raw, "status", index))


def _key(cell: Cell) -> str:
    try:
        return parse_key(cell)
    except CellError:
        return ""


def _cents(cell: Cell, otherwise: Cents) -> Cents:
    try:
        return parse_money(cell)
    except CellError:
        return otherwise


def _is_void(cell: Cell) -> bool:
    try:
        return cell is not None and parse_word(cell, "status") in ("draft", "cancelled")
    except CellError:
        return False


def follow_balances(credits: Credits, imported: Imported, found: Found, known: Followed) -> None:
    """Add the payments that the export's balances tell of, and tell those that are above the sheet's."""
    follower = _Follower(credits, imported, found, known)
    for row, amount, balance in follower.comparable():
        if amount > 0:
            follower.invoice(row, amount, balance)
        elif amount < 0:
            follower.credit_note(row, amount, balance)


class _Follower:
    def __init__(self, credits: Credits, imported: Imported, found: Found, known: Followed) -> None:
        self.credits, self.imported, self.found, self.known = credits, imported, found, known
        self.raw, self.booked, self.places = credits.raw, credits.booked, credits.places
        self.changed = {(change.key, change.column): change for change in found.cells}
        self.known_keys = self.places.keys() | {row.key for row in imported.rows if row.key}

    def comparable(self) -> Iterator[tuple[ImportedRow, Cents, Cents]]:
        """(row, amount, balance) of the rows whose amount in the sheet is the export's."""
        for row in self.imported.rows:
            amount = row.cells.get("amount")
            if row.balance is None or not isinstance(amount, float) or row.cells.get("paid_on"):
                continue
            if row.key not in self.found.incomparable and len(self.places.get(row.key, ())) < 2:
                yield row, round(amount * 100), row.balance

    def invoice(self, row: ImportedRow, amount: Cents, balance: Cents) -> None:
        owed = self._owed(row.key, amount)
        ours = self.booked.ours[row.key]
        if owed == 0 and balance < 0 and self._settled_without_rows(row.key, amount):
            self.found.problems.append(LineProblem(row.line, "overpaid", {"value": row.key}))
        elif balance < owed or (owed < balance <= 0 and ours > 0):
            self._pay(row, owed - balance, self.found.settled)
        elif balance > owed and row.key in self.places:
            self.found.owed_more.append(row.key)

    def _owed(self, number: str, amount: Cents) -> Cents:
        """What the sheet says is owed once the import is written; negative when its rows say that too much was paid."""
        if number not in self.places:
            return amount - self.booked.all[number]
        owed = self.known.open_cents.get(number, amount)
        change = self.changed.get((number, "amount"))
        before = amount if change is None else _cents(change.before, amount)
        rest = before - self.booked.all[number] - self.credits.applied.get(number, 0)
        return (rest if owed == 0 and rest < 0 else owed) + amount - before

    def _settled_without_rows(self, number: str, amount: Cents) -> bool:
        """By *Paid on*, or a status: a payment row beside it would say something else."""
        return number in self.places and amount > self.booked.all[number] + self.credits.applied.get(number, 0)

    def credit_note(self, row: ImportedRow, amount: Cents, balance: Cents) -> None:
        index = self.places[row.key][0] if row.key in self.places else None
        if index is not None and not self.credits.counts(index):
            return
        if _key(row.cells.get("applies_to")) in self.known_keys:
            return
        left = amount - self.booked.all[row.key]
        if left < balance <= 0:
            self._pay(row, left - balance, self.found.credits_used)
        elif balance < left and self.booked.ours[row.key] < 0:  # used no more
            self._pay(row, min(left - balance, -self.booked.ours[row.key]), self.found.credits_used)
        elif balance > 0:
            self.found.owed_more.append(row.key)

    def _pay(self, row: ImportedRow, cents: Cents, told: list[str]) -> None:
        currency = str(row.cells.get("currency") or "")
        payment: Row = {
            "paid_on": self.known.today, "invoice": row.key, "customer": self._customer(row), "amount": cents / 100,
            "note": _NOTES[self.known.language].format(file=self.imported.file),
            COLUMN: balance_mark(row.key, str(cents)),
        }  # fmt: skip
        if currency:
            payment["currency"] = currency
        self.found.payments.append(payment)
        told.append(f"{row.key} ({format_money(abs(cents), currency or 'EUR', self.known.language)})")

    def _customer(self, row: ImportedRow) -> Cell:
        """Whose the invoice will be: a person may have written another customer than the export's."""
        change = self.changed.get((row.key, "customer"))
        if row.key not in self.places or change is not None:
            return row.cells.get("customer")
        return cell_of(self.raw, "customer", self.places[row.key][0]) or row.cells.get("customer")
