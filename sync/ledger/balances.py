"""What is owed as of a date, from the allocations of `sync.ledger.allocation`.

The balance of an invoice is its amount, less the payments allocated to it, less the credit notes that name it; what
exceeds it is free money of its customer. A written-off balance is not open from its day on.

Law: the sum of `open`, less `unallocated`, plus `returned`, is the net receivables.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sync.ledger.allocation import Move, allocate, counts
from sync.ledger.model import ONE_DAY, Cents, CustomerKey, Invoice, Ledger

Span = tuple[date, date | None]  # [start, end): end is excluded; None = still running on the day of the balances


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Balances at the close of `as_of`. `open` and `invoices` hold every number of the ledger (0 where nothing counts);
    `owed` are the invoices with something open, in the order of the rows.

    `unallocated` is free money, positive; `returned` is what was returned to a customer beyond it, positive.
    `moves` are in order of day; `written_off` the day an invoice left the receivables.
    """

    as_of: date
    open: Mapping[str, Cents]
    owed: Sequence[Invoice]
    invoices: Mapping[str, InvoiceBalance]
    unallocated: Mapping[CustomerKey, Cents]
    returned: Mapping[CustomerKey, Cents]
    moves: Mapping[str, tuple[Move, ...]]
    written_off: Mapping[str, date]

    def late_spans(self, invoice: Invoice) -> list[Span]:
        """The days on which the invoice was open and late, oldest first. Reopened by a returned payment, it is late again."""
        start = max(invoice.due + ONE_DAY, invoice.issued)
        moves = self.moves.get(invoice.number, ())
        gone = self.written_off.get(invoice.number)
        if gone is None and len(moves) == 1 and moves[0].cash + moves[0].credit >= invoice.amount:
            day = moves[0].day
            return [(start, day)] if start < day else []  # paid in one go, as most are
        if start > self.as_of or invoice.amount <= 0 or not counts(invoice, self.as_of) or (gone is not None and gone <= start):
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
    allocation = allocate(ledger, as_of)
    counted, moves, written_off = allocation.counted, allocation.moves, allocation.written_off
    free: dict[CustomerKey, Cents] = defaultdict(int)
    for _, customer, currency, amount in allocation.free:
        free[customer, currency] += amount
    open_: dict[str, Cents] = {}
    owed: list[Invoice] = []
    invoices: dict[str, InvoiceBalance] = {}
    for row in ledger.invoices:
        number, amount = row.number, row.amount
        if number not in counted:
            open_[number], invoices[number] = 0, _NOTHING
            continue
        timeline = moves.get(number)
        balance = InvoiceBalance(amount) if timeline is None else _balance(amount, timeline)
        left, paid, credited, _ = balance
        if paid + credited > amount:
            free[row.customer, row.currency] += paid + credited - amount
        if number in written_off:
            left, balance = 0, balance._replace(open=0)
        open_[number], invoices[number] = left, balance
        if left:
            owed.append(row)
    return Balances(
        as_of=as_of,
        open=open_,
        owed=owed,
        invoices=invoices,
        unallocated={key: cents for key, cents in free.items() if cents > 0},
        returned={key: -cents for key, cents in free.items() if cents < 0},
        moves=moves,
        written_off=written_off,
    )


_record = tuple.__new__  # what a named tuple's own constructor calls; half the time, for hundreds of thousands


def _balance(amount: Cents, timeline: tuple[Move, ...]) -> InvoiceBalance:
    if len(timeline) == 1:  # as nearly all
        day, cash, credit = timeline[0]
        left = amount - cash - credit
        return _record(InvoiceBalance, (left, cash, credit, None) if left > 0 else (0, cash, credit, day))
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
