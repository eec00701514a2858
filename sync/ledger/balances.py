"""What is owed as of a date: one linear pass over invoices, payments and credit notes.

* An invoice counts from its issue date, unless it is a draft or cancelled; what is dated after the day does not exist.
* Its balance is its amount, less the payments allocated to it, less the credit notes that name it. A payment
  dated before the issue date counts from the issue date; so does a credit note, which is free until then.
* *Paid on* is a payment of the whole balance of that day, where no payment row names the invoice.
* Written off: nothing is open from the day of the status; undated, from the first run that saw it (journal), else `as_of`.
* Free money belongs to a customer and currency: payments without an invoice, payments on documents that do not
  count or on credit notes (a refund takes back the credit), what exceeds an invoice, credit notes that settle none.

Law: the sum of `open`, less `unallocated`, plus `returned`, is the net receivables.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sync.ledger.model import UNHANDLED, Cents, Invoice, JournalRow, Ledger
from sync.ledger.words import Act, Status

CustomerKey = tuple[str, str]  # customer, currency
Span = tuple[date, date | None]  # [start, end): end is excluded; None = still running on the day of the balances


class Move(NamedTuple):
    """What changed the balance of an invoice on a day: money (negative = returned) and credit notes, both positive."""

    day: date
    cash: Cents
    credit: Cents


class InvoiceBalance(NamedTuple):
    """One invoice at the close of the day. A named tuple, because a hundred thousand are made in each run.

    `paid` and `credited` are all that was allocated, beyond the amount too. `cleared_on` is the first day from which
    the balance stays at or below zero, None while something is owed (a written-off balance is not cleared).
    """

    open: Cents
    paid: Cents = 0
    credited: Cents = 0
    cleared_on: date | None = None


_NOTHING = InvoiceBalance(0)
_NOT_COUNTED = frozenset({Status.DRAFT, Status.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Balances at the close of `as_of`. `open` and `invoices` hold every number of the ledger (0 where nothing counts).

    `unallocated` is free money, positive; `returned` is what was returned to a customer beyond it, positive.
    `moves` are in order of day; `written_off` the day an invoice left the receivables.
    """

    as_of: date
    open: Mapping[str, Cents]
    invoices: Mapping[str, InvoiceBalance]
    unallocated: Mapping[CustomerKey, Cents]
    returned: Mapping[CustomerKey, Cents]
    moves: Mapping[str, tuple[Move, ...]]
    written_off: Mapping[str, date]

    def late_spans(self, invoice: Invoice) -> list[Span]:
        """The days on which the invoice was open and late, oldest first. Reopened by a returned payment, it is late again."""
        start = max(invoice.due + timedelta(days=1), invoice.issued)
        moves = self.moves.get(invoice.number, ())
        if len(moves) == 1 and moves[0].day <= start and moves[0].cash + moves[0].credit >= invoice.amount:
            return []  # paid in one go and in time, as most are
        gone = self.written_off.get(invoice.number)
        if start > self.as_of or invoice.amount <= 0 or not _counts(invoice, self.as_of) or (gone is not None and gone <= start):
            return []
        spans: list[Span] = []
        since: date | None = start
        balance = invoice.amount
        for day, cash, credit in moves:
            if gone is not None and day >= gone:
                break
            balance -= cash + credit
            if balance > 0:
                since = since or max(day, start)
            elif since is not None:
                if day > since:
                    spans.append((since, day))
                since = None
        if since is not None:
            spans.append((since, gone))
        return _joined(spans)


def _joined(spans: list[Span]) -> list[Span]:
    """Closed and reopened on the same day is one span."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1][1] == span[0]:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def settle(ledger: Ledger, as_of: date) -> Balances:
    """The balances at the close of `as_of`."""
    counted = {row.number: row for row in ledger.invoices if row.amount > 0 and _counts(row, as_of)}
    free: dict[CustomerKey, Cents] = defaultdict(int)
    moves = _payments(ledger, counted, as_of, free)
    _credit_notes(ledger, counted, as_of, moves, free)
    written_off = _written_off(ledger, counted, as_of)
    open_: dict[str, Cents] = {}
    invoices: dict[str, InvoiceBalance] = {}
    timelines: dict[str, tuple[Move, ...]] = {}
    for row in ledger.invoices:
        number, amount = row.number, row.amount
        if counted.get(number) is not row:
            open_[number], invoices[number] = 0, _NOTHING
            continue
        own = moves.get(number)
        if own is None:
            balance = InvoiceBalance(amount)
        else:
            timelines[number] = timeline = tuple(own) if len(own) == 1 else _by_day(own)
            balance = _balance(amount, timeline)
            excess = balance.paid + balance.credited - amount
            if excess > 0:
                free[row.customer, row.currency] += excess
        if number in written_off:
            balance = balance._replace(open=0)
        open_[number] = balance.open
        invoices[number] = balance
    return Balances(
        as_of=as_of,
        open=open_,
        invoices=invoices,
        unallocated={key: cents for key, cents in free.items() if cents > 0},
        returned={key: -cents for key, cents in free.items() if cents < 0},
        moves=timelines,
        written_off=written_off,
    )


def _counts(row: Invoice, as_of: date) -> bool:
    handling = row.handling
    return row.issued <= as_of and (handling is UNHANDLED or handling.status not in _NOT_COUNTED)


def _payments(
    ledger: Ledger, counted: Mapping[str, Invoice], as_of: date, free: dict[CustomerKey, Cents]
) -> dict[str, list[Move]]:
    """File each payment under its invoice, or as free money. A payment of an invoice still to come waits for it."""
    moves: dict[str, list[Move]] = {}
    to_come = {row.number for row in ledger.invoices if row.issued > as_of and _counts(row, row.issued)}
    for payment in ledger.payments:
        day = payment.paid_on
        if day > as_of:
            continue
        number = payment.invoice
        invoice = counted.get(number) if number else None
        if invoice is None or invoice.currency != payment.currency:
            if number in to_come:
                continue
            free[payment.customer, payment.currency] += payment.amount
            continue
        move = Move(day if day > invoice.issued else invoice.issued, payment.amount, 0)
        own = moves.get(number)
        if own is None:
            moves[number] = [move]
        else:
            own.append(move)
    return moves


def _credit_notes(
    ledger: Ledger,
    counted: Mapping[str, Invoice],
    as_of: date,
    moves: dict[str, list[Move]],
    free: dict[CustomerKey, Cents],
) -> None:
    """File each credit note under the invoice it settles, or as free credit; then what *Paid on* says was paid or refunded."""
    shortcuts = [row for row in ledger.invoices if row.paid_on is not None and row.paid_on <= as_of and _counts(row, as_of)]
    named = {payment.invoice for payment in ledger.payments} if shortcuts else set()
    for row in ledger.invoices:
        if row.amount >= 0 or not _counts(row, as_of):
            continue
        target = counted.get(row.applies_to) if row.applies_to else None
        if target is None or target.currency != row.currency:
            free[row.customer, row.currency] -= row.amount
        else:
            moves.setdefault(target.number, []).append(Move(max(row.issued, target.issued), 0, -row.amount))
    for row in shortcuts:
        if row.number in named:
            continue
        if row.amount > 0:
            _pay_in_full(row, moves)
        elif counted.get(row.applies_to) is None:
            free[row.customer, row.currency] += row.amount


def _pay_in_full(row: Invoice, moves: dict[str, list[Move]]) -> None:
    assert row.paid_on is not None
    day = max(row.paid_on, row.issued)
    own = moves.setdefault(row.number, [])
    rest = row.amount - sum(move.credit for move in own if move.day <= day)
    if rest > 0:
        own.append(Move(day, rest, 0))


def _by_day(own: Iterable[Move]) -> tuple[Move, ...]:
    """One move a day, in order."""
    days: dict[date, Move] = {}
    for move in own:
        before = days.get(move.day)
        days[move.day] = move if before is None else Move(move.day, before.cash + move.cash, before.credit + move.credit)
    return tuple(days[day] for day in sorted(days))


def _balance(amount: Cents, timeline: tuple[Move, ...]) -> InvoiceBalance:
    paid = credited = 0
    cleared: date | None = None
    for day, cash, credit in timeline:
        paid += cash
        credited += credit
        if paid + credited < amount:
            cleared = None
        elif cleared is None:
            cleared = day
    return InvoiceBalance(max(0, amount - paid - credited), paid, credited, cleared)


def _written_off(ledger: Ledger, counted: Mapping[str, Invoice], as_of: date) -> dict[str, date]:
    """The day each written-off invoice left the receivables: the date typed, else the first run that saw it, else `as_of`."""
    rows = [row for row in counted.values() if row.handling is not UNHANDLED and row.handling.status is Status.WRITTEN_OFF]
    if not rows:
        return {}
    seen = _first_seen_write_offs(ledger.journal)
    days = {row.number: row.handling.status_on or seen.get(row.number, as_of) for row in rows}
    return {row.number: max(days[row.number], row.issued) for row in rows if days[row.number] <= as_of}


def _first_seen_write_offs(journal: Iterable[JournalRow]) -> dict[str, date]:
    seen: dict[str, date] = {}
    for act in journal:
        if act.status is Act.OBSERVED and act.field == "status" and act.new == Status.WRITTEN_OFF:
            for number in act.invoices:
                seen.setdefault(number, act.when.date())
    return seen
