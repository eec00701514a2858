"""The ledger as dated events, so that any past day can be recomputed (kpis §0).

Days are ordinals (`date.toordinal`) and money is cents. A `Portfolio` holds one currency up to one as-of date:

* an `Item` is a counted invoice with what settled it, day by day;
* `free` is money and credit that settles no invoice, by customer (positive = we hold it);
* `credit_notes` are all credit notes issued, settling or free: they reduce sales at their issue date.

Which money settles which invoice is told in `sync.ledger.allocation`; the open amount is the amount less what settled it,
nothing from the day it was written off, and never below zero: what exceeds an invoice is unapplied.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.items import CreditNote, Free, Item, Level, Move, allocations, cleared_on, final_level, levels, open_at
from sync.ledger.allocation import allocate
from sync.ledger.collector import collector_paused
from sync.ledger.model import Cents, Ledger

__all__ = [
    "BUCKETS",
    "Balances",
    "CreditNote",
    "Free",
    "Item",
    "Level",
    "Move",
    "Portfolio",
    "Sales",
    "allocations",
    "balances",
    "bucket_of",
    "cleared_on",
    "customer_balances",
    "final_level",
    "levels",
    "open_at",
    "portfolios",
]

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """One currency as of a date. `first_issue` is the first issue date of any counted document, None without one; a part
    of the customers keeps it, because history starts where the currency's does (kpis §3)."""

    currency: str
    as_of: int
    items: Sequence[Item]
    free: Sequence[Free]
    credit_notes: Sequence[CreditNote]
    first_issue: int | None

    def split(self, group_of: Mapping[str, str], groups: Sequence[str], default: str) -> "dict[str, Portfolio]":
        """One portfolio per group; customers that `group_of` does not know belong to `default`."""
        items: dict[str, list[Item]] = {group: [] for group in groups}
        free: dict[str, list[Free]] = {group: [] for group in groups}
        notes: dict[str, list[CreditNote]] = {group: [] for group in groups}
        group = group_of.get
        for item in self.items:
            items[group(item.customer, default)].append(item)
        for move in self.free:
            free[group(move.customer, default)].append(move)
        for note in self.credit_notes:
            notes[group(note.customer, default)].append(note)
        return {
            name: Portfolio(
                currency=self.currency, as_of=self.as_of, items=items[name], free=free[name], credit_notes=notes[name],
                first_issue=self.first_issue,
            )
            for name in groups
        }  # fmt: skip


def portfolios(ledger: Ledger, as_of: date) -> dict[str, Portfolio]:
    """The ledger's events up to `as_of`, one portfolio per currency, in order of currency."""
    with collector_paused():
        return _portfolios(ledger, as_of)


_record = tuple.__new__  # what a named tuple's own constructor calls; half the time, for hundreds of thousands


def _portfolios(ledger: Ledger, as_of: date) -> dict[str, Portfolio]:
    allocation = allocate(ledger, as_of)
    items: dict[str, list[Item]] = defaultdict(list)
    first: dict[str, int] = {}
    no_moves: tuple[Move, ...] = ()
    written_off = allocation.written_off
    for number, invoice in allocation.counted.items():
        issued = invoice.issued.toordinal()
        currency = invoice.currency
        if issued < first.get(currency, issued + 1):
            first[currency] = issued
        own = allocation.moves.get(number)
        moves = no_moves
        if own is not None and len(own) == 1:  # paid in one go, as nearly all
            ((paid, cash, credit),) = own
            moves = (_record(Move, (paid.toordinal(), cash, credit)),)
        elif own is not None:
            moves = tuple([Move(paid.toordinal(), cash, credit) for paid, cash, credit in own])
        gone = written_off.get(number) if written_off else None
        items[currency].append(
            _record(
                Item, (
                    number, invoice.customer, issued, invoice.due.toordinal(), invoice.amount, moves,
                    None if gone is None else gone.toordinal(), invoice.handling,
                ),
            )
        )  # fmt: skip
    notes: dict[str, list[CreditNote]] = defaultdict(list)
    for row in allocation.credit_notes:
        day = row.issued.toordinal()
        notes[row.currency].append(CreditNote(day, row.customer, -row.amount))
        first[row.currency] = min(first.get(row.currency, day), day)
    free: dict[str, list[Free]] = defaultdict(list)
    for when, customer, currency, amount in allocation.free:
        free[currency].append(Free(when.toordinal(), customer, amount))
    return {
        currency: Portfolio(
            currency=currency, as_of=as_of.toordinal(), items=items.get(currency, ()), free=sorted(free.get(currency, ())),
            credit_notes=notes.get(currency, ()), first_issue=first.get(currency),
        )
        for currency in sorted(items.keys() | notes.keys() | free.keys())
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balances:
    """The receivables at the close of a day: open amount and number of open invoices in each bucket of `BUCKETS`.

    `unapplied` is at most 0; `net` = the buckets plus `unapplied`, to the cent.
    """

    day: int
    amounts: tuple[Cents, ...]
    counts: tuple[int, ...]
    unapplied: Cents

    @property
    def gross(self) -> Cents:
        return sum(self.amounts)

    @property
    def net(self) -> Cents:
        return sum(self.amounts) + self.unapplied

    @property
    def not_due(self) -> Cents:
        return self.amounts[0]

    @property
    def overdue(self) -> Cents:
        return sum(self.amounts[1:])

    def __add__(self, other: "Balances") -> "Balances":
        return Balances(
            self.day,
            tuple(a + b for a, b in zip(self.amounts, other.amounts, strict=True)),
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            self.unapplied + other.unapplied,
        )


def bucket_of(days_past_due: int) -> int:
    """Index in `BUCKETS`: the due day itself is not due, 90 days past due is in 61-90 (kpis §2)."""
    if days_past_due <= 0:
        return 0
    return min(4, (days_past_due + 29) // 30)


def balances(portfolio: Portfolio, days: Sequence[int]) -> list[Balances]:
    """The balances at the close of each of `days` (rising, none after the portfolio's own date).

    Events are folded by (reporting day, due day), so the work is the number of invoices plus the number of distinct due
    days times the number of reporting days, never their product with the invoices.
    """
    if not days:
        return []
    changes: dict[int, list[int]] = defaultdict(lambda: [0, 0])  # by due day * width + reporting day: amount, number
    excess: dict[str, list[tuple[int, Cents]]] = defaultdict(list)
    first, index = _slots(portfolio, days)
    end = len(days)
    width = end + 1
    for item in portfolio.items:
        _, customer, issued, due, amount, moves, written_off, _ = item
        opened = index[issued - first]
        base = due * width
        if written_off is None:
            if not moves:
                if opened < end:
                    change = changes[base + opened]
                    change[0] += amount
                    change[1] += 1
                continue
            if len(moves) == 1:
                day, cash, credit = moves[0]
                if cash + credit == amount:
                    closed = index[day - first]
                    if closed != opened:
                        change = changes[base + opened]
                        change[0] += amount
                        change[1] += 1
                        if closed < end:
                            change = changes[base + closed]
                            change[0] -= amount
                            change[1] -= 1
                    continue
        _fold_levels(item, index, first, end, changes, excess)
    return _unfold(days, changes, _unapplied(portfolio, days, index, first, excess))


def _slots(portfolio: Portfolio, days: Sequence[int]) -> tuple[int, list[int]]:
    """A first day, and for each day from it the index of the first reporting day at or after it (len(days) = beyond)."""
    starts = [days[0]]
    if portfolio.first_issue is not None:
        starts.append(portfolio.first_issue)
    if portfolio.free:
        starts.append(min(move.day for move in portfolio.free))
    first, last = min(starts), max(portfolio.as_of, days[-1])
    index: list[int] = []
    for place, day in enumerate(days):
        index += [place] * (day - first + 1 - len(index))
    index += [len(days)] * (last - first + 1 - len(index))
    return first, index


def _fold_levels(
    item: Item,
    index: Sequence[int],
    first: int,
    end: int,
    changes: dict[int, list[int]],
    excess: dict[str, list[tuple[int, Cents]]],
) -> None:
    """The differences of one item between reporting days; only the last state before each of them matters."""
    base = item.due * (end + 1)
    states: dict[int, Level] = {}
    for level in levels(item):
        states[index[level.day - first]] = level
    was_open = was_excess = 0
    for place, (_, now_open, now_excess) in states.items():
        if place >= end:
            break
        if now_open != was_open:
            change = changes[base + place]
            change[0] += now_open - was_open
            change[1] += (now_open > 0) - (was_open > 0)
            was_open = now_open
        if now_excess != was_excess:
            excess[item.customer].append((place, now_excess - was_excess))
            was_excess = now_excess


def _unapplied(
    portfolio: Portfolio,
    days: Sequence[int],
    index: Sequence[int],
    first: int,
    excess: Mapping[str, list[tuple[int, Cents]]],
) -> list[Cents]:
    """What we hold for customers at each reporting day, as a negative amount.

    A customer's money back (a negative row that names no invoice) uses up what we hold for that customer, never more.
    """
    held: dict[str, dict[int, Cents]] = defaultdict(lambda: defaultdict(int))
    for day, customer, amount in portfolio.free:
        held[customer][index[day - first]] += amount
    for customer, changes in excess.items():
        for place, amount in changes:
            held[customer][place] += amount
    totals = [0] * (len(days) + 1)
    for changes_of_customer in held.values():
        pool = shown = 0
        for place in sorted(changes_of_customer):
            pool += changes_of_customer[place]
            now = max(0, pool)
            totals[place] -= now - shown
            shown = now
    running = 0
    found: list[Cents] = []
    for change in totals[: len(days)]:
        running += change
        found.append(running)
    return found


def _unfold(
    days: Sequence[int],
    changes: Mapping[int, Sequence[int]],
    unapplied: Sequence[Cents],
) -> list[Balances]:
    by_place: list[list[tuple[int, Cents, int]]] = [[] for _ in days]
    for key, (amount, count) in changes.items():
        due, place = divmod(key, len(days) + 1)
        by_place[place].append((due, amount, count))
    by_due: dict[int, tuple[Cents, int]] = {}
    found: list[Balances] = []
    for place, day in enumerate(days):
        for due, amount, count in by_place[place]:
            before = by_due.get(due, (0, 0))
            after = (before[0] + amount, before[1] + count)
            if after == (0, 0):
                by_due.pop(due, None)
            else:
                by_due[due] = after
        sums, numbers = [0] * 5, [0] * 5
        for due, (amount, count) in by_due.items():
            late = day - due
            bucket = 0 if late <= 0 else min(4, (late + 29) // 30)
            sums[bucket] += amount
            numbers[bucket] += count
        found.append(Balances(day, tuple(sums), tuple(numbers), unapplied[place]))
    return found


class Sales:
    """Credit sales by day, summed over any window (kpis §3): invoices and credit notes at their issue dates."""

    __slots__ = ("_days", "_gross", "_notes", "_numbers")

    def __init__(self, portfolio: Portfolio) -> None:
        gross: dict[int, Cents] = defaultdict(int)
        notes: dict[int, Cents] = defaultdict(int)
        numbers: dict[int, int] = defaultdict(int)
        for item in portfolio.items:
            gross[item.issued] += item.amount
            numbers[item.issued] += 1
        for note in portfolio.credit_notes:
            notes[note.day] += note.amount
        self._days = sorted(gross.keys() | notes.keys())
        self._gross, self._notes, self._numbers = [0], [0], [0]
        for day in self._days:
            self._gross.append(self._gross[-1] + gross.get(day, 0))
            self._notes.append(self._notes[-1] + notes.get(day, 0))
            self._numbers.append(self._numbers[-1] + numbers.get(day, 0))

    def _span(self, first: int, last: int) -> tuple[int, int]:
        return bisect_left(self._days, first), bisect_right(self._days, last)

    def gross(self, first: int, last: int) -> Cents:
        """Invoices issued from `first` to `last`, both included."""
        low, high = self._span(first, last)
        return self._gross[high] - self._gross[low] if high > low else 0

    def net(self, first: int, last: int) -> Cents:
        """Invoices less credit notes issued from `first` to `last`, both included."""
        low, high = self._span(first, last)
        return self.gross(first, last) - (self._notes[high] - self._notes[low] if high > low else 0)

    def count(self, first: int, last: int) -> int:
        """Number of invoices issued from `first` to `last`, both included."""
        low, high = self._span(first, last)
        return self._numbers[high] - self._numbers[low] if high > low else 0


def customer_balances(portfolio: Portfolio) -> dict[str, tuple[Cents, Cents]]:
    """Net balance and overdue amount of each customer at the portfolio's date, customers in order."""
    day = portfolio.as_of
    gross: dict[str, Cents] = defaultdict(int)
    late: dict[str, Cents] = defaultdict(int)
    held: dict[str, Cents] = defaultdict(int)
    for item in portfolio.items:
        state = final_level(item)
        if state.open:
            gross[item.customer] += state.open
            if item.due < day:
                late[item.customer] += state.open
        if state.excess:
            held[item.customer] += state.excess
    for move in portfolio.free:
        held[move.customer] += move.amount
    return {
        customer: (gross.get(customer, 0) - max(0, held.get(customer, 0)), late.get(customer, 0))
        for customer in sorted(gross.keys() | held.keys())
    }
