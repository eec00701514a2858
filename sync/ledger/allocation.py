"""Which money settles which invoice, and when: the dated facts from which any day's balances follow.

* An invoice counts from its issue date, unless it is a draft or cancelled; what is dated after the day does not exist.
* A payment that names an invoice settles it, in the invoice's currency, from the later of its date and the issue date; a
  payment of an invoice still to come waits for it.
* A credit note settles the invoice it names from the later of both issue dates; until then, and without one, it is free.
* *Paid on* is a payment of the whole balance of that day, where no payment row names the invoice.
* Free money belongs to a customer and currency: payments without an invoice, payments on documents that do not count or
  on credit notes (a refund takes the credit back, no sooner than it), credit notes that settle none.
* Written off: out of the receivables from the day of the status; undated, from the first run that saw it (Journal), else
  the day itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sync.ledger.model import UNHANDLED, Cents, Invoice, JournalRow, Ledger
from sync.ledger.words import Act, Status

_NOT_COUNTED = frozenset({Status.DRAFT, Status.CANCELLED})


class Move(NamedTuple):
    """What changed the balance of an invoice on a day: money (negative = returned) and credit notes, both positive."""

    day: date
    cash: Cents
    credit: Cents


class FreeMoney(NamedTuple):
    """Money or credit that settles no invoice from that day on; negative = given back, or applied."""

    day: date
    customer: str
    currency: str
    amount: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """`counted` holds the invoices (not the credit notes) that exist on `as_of`, `credit_notes` those that do.

    `moves` are in order of day, one a day; `free` in order of the rows; `written_off` the day an invoice left the receivables.
    """

    as_of: date
    counted: Mapping[str, Invoice]
    credit_notes: Sequence[Invoice]
    moves: Mapping[str, tuple[Move, ...]]
    free: Sequence[FreeMoney]
    written_off: Mapping[str, date]


def counts(row: Invoice, as_of: date) -> bool:
    """Whether a document exists on that day: issued, neither draft nor cancelled."""
    handling = row.handling
    return row.issued <= as_of and (handling is UNHANDLED or handling.status not in _NOT_COUNTED)


def allocate(ledger: Ledger, as_of: date) -> Allocation:
    """Every allocation known on `as_of`, in one pass over invoices, payments and credit notes."""
    counted: dict[str, Invoice] = {}
    credit_notes: list[Invoice] = []
    to_come: set[str] = set()
    for row in ledger.invoices:
        handling = row.handling
        if handling is not UNHANDLED and handling.status in _NOT_COUNTED:
            continue
        if row.issued > as_of:
            to_come.add(row.number)
        elif row.amount > 0:
            counted[row.number] = row
        elif row.amount < 0:
            credit_notes.append(row)
    free: list[FreeMoney] = []
    moves = _Moves()
    _payments(ledger, counted, credit_notes, to_come, as_of, moves, free)
    _credits(counted, credit_notes, moves, free)
    _paid_on(ledger, counted, as_of, moves, free)
    return Allocation(
        as_of=as_of,
        counted=counted,
        credit_notes=credit_notes,
        moves=moves.by_day(),
        free=free,
        written_off=_written_off(ledger, counted, as_of),
    )


_record = tuple.__new__  # what a named tuple's own constructor calls; half the time, for hundreds of thousands


@dataclass(frozen=True, slots=True)
class _Moves:
    """The moves of each invoice as they are found: the `first`, which nearly all have alone, and the `others`."""

    first: dict[str, tuple[Move, ...]] = field(default_factory=dict)
    others: dict[str, list[Move]] = field(default_factory=dict)

    def add(self, number: str, move: Move) -> None:
        if number in self.first:
            self.others.setdefault(number, []).append(move)
        else:
            self.first[number] = (move,)

    def of(self, number: str) -> Sequence[Move]:
        return [*self.first.get(number, ()), *self.others.get(number, ())]

    def by_day(self) -> Mapping[str, tuple[Move, ...]]:
        """In order of day, one a day."""
        return self.first | {number: _by_day(self.of(number)) for number in self.others}


def _payments(
    ledger: Ledger,
    counted: Mapping[str, Invoice],
    credit_notes: Sequence[Invoice],
    to_come: Set[str],
    as_of: date,
    moves: _Moves,
    free: list[FreeMoney],
) -> None:
    first = moves.first
    refunded = {row.number: row.issued for row in credit_notes}
    for payment in ledger.payments:
        day = payment.paid_on
        if day > as_of:
            continue
        number = payment.invoice
        invoice = counted.get(number) if number else None
        if invoice is None or invoice.currency != payment.currency:
            if number not in to_come:
                free.append(FreeMoney(max(day, refunded.get(number, day)), payment.customer, payment.currency, payment.amount))
            continue
        issued = invoice.issued
        move = _record(Move, (day if day > issued else issued, payment.amount, 0))
        if number in first:
            moves.add(number, move)
        else:
            first[number] = (move,)


def _credits(counted: Mapping[str, Invoice], credit_notes: Sequence[Invoice], moves: _Moves, free: list[FreeMoney]) -> None:
    for row in credit_notes:
        target = counted.get(row.applies_to) if row.applies_to else None
        if target is None or target.currency != row.currency:
            free.append(FreeMoney(row.issued, row.customer, row.currency, -row.amount))
            continue
        start = max(row.issued, target.issued)
        moves.add(target.number, Move(start, 0, -row.amount))
        if start > row.issued:
            free.append(FreeMoney(row.issued, row.customer, row.currency, -row.amount))
            free.append(FreeMoney(start, row.customer, row.currency, row.amount))


def _paid_on(ledger: Ledger, counted: Mapping[str, Invoice], as_of: date, moves: _Moves, free: list[FreeMoney]) -> None:
    """The shortcut: an invoice paid, or a credit note refunded, in full that day."""
    shortcuts = [row for row in ledger.invoices if row.paid_on is not None and row.paid_on <= as_of and counts(row, as_of)]
    named = {payment.invoice for payment in ledger.payments} if shortcuts else set()
    for row in shortcuts:
        if row.number in named or row.paid_on is None:
            continue
        day = max(row.paid_on, row.issued)
        if row.amount > 0:
            rest = row.amount - sum(move.credit for move in moves.of(row.number) if move.day <= day)
            if rest > 0:
                moves.add(row.number, Move(day, rest, 0))
        elif row.applies_to not in counted:
            free.append(FreeMoney(day, row.customer, row.currency, row.amount))


def _by_day(own: Iterable[Move]) -> tuple[Move, ...]:
    """One move a day, in order."""
    days: dict[date, tuple[Cents, Cents]] = defaultdict(lambda: (0, 0))
    for day, cash, credit in own:
        before = days[day]
        days[day] = (before[0] + cash, before[1] + credit)
    return tuple(Move(day, *days[day]) for day in sorted(days))


def _written_off(ledger: Ledger, counted: Mapping[str, Invoice], as_of: date) -> dict[str, date]:
    rows = [row for row in counted.values() if row.handling is not UNHANDLED and row.handling.status is Status.WRITTEN_OFF]
    if not rows:
        return {}
    seen = _first_seen_write_offs(ledger.journal)
    days = {row.number: row.handling.status_on or seen.get(row.number, as_of) for row in rows}
    return {row.number: max(days[row.number], row.issued) for row in rows if days[row.number] <= as_of}


def _first_seen_write_offs(journal: Iterable[JournalRow]) -> dict[str, date]:
    seen: dict[str, date] = {}
    for act in journal:
        if act.status is Act.OBSERVED and act.field == "status":
            for number in act.invoices:
                if act.new == Status.WRITTEN_OFF:
                    seen.setdefault(number, act.when.date())
                else:  # reopened since: a later write-off has its own day
                    seen.pop(number, None)
    return seen
