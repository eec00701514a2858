"""An invoice as dated events, and the questions asked of one: what was open, when it was cleared, what was paid.

Days are ordinals (`date.toordinal`) and money is cents. The rules are those of `reports.portfolio`, which makes these.
"""

from typing import NamedTuple

from sync.ledger.model import Cents, Handling


class Move(NamedTuple):
    """What settled an invoice on one day: money allocated (negative = returned) and credit notes applied."""

    day: int
    cash: Cents
    credit: Cents


class Item(NamedTuple):
    """A counted invoice. A named tuple, because a hundred thousand of them are made for each report.

    `moves` are in order of day, none before `issued`. `written_off` is the day it left the receivables.
    """

    number: str
    customer: str
    issued: int
    due: int
    amount: Cents
    moves: tuple[Move, ...]
    written_off: int | None
    handling: Handling


class Free(NamedTuple):
    """Money or credit of a customer that settles no invoice from that day; negative = given back or applied."""

    day: int
    customer: str
    amount: Cents


class CreditNote(NamedTuple):
    day: int
    customer: str
    amount: Cents  # positive


class Level(NamedTuple):
    """The state of an item from a day on."""

    day: int
    open: Cents
    excess: Cents


def levels(item: Item) -> list[Level]:
    """The open amount and the excess from each day on which either may change, the issue day first."""
    days = {item.issued: (0, 0)}
    for move in item.moves:
        days[move.day] = (move.cash, move.credit)
    if item.written_off is not None:
        days.setdefault(item.written_off, (0, 0))
    found: list[Level] = []
    balance = item.amount
    for day in sorted(days):
        cash, credit = days[day]
        balance -= cash + credit
        gone = item.written_off is not None and day >= item.written_off
        found.append(Level(day, 0 if gone else max(0, balance), max(0, -balance)))
    return found


def open_at(item: Item, day: int) -> Cents:
    """The open amount at the close of a day; 0 before the issue."""
    if day < item.issued or (item.written_off is not None and day >= item.written_off):
        return 0
    balance = item.amount
    for when, cash, credit in item.moves:
        if when > day:
            break
        balance -= cash + credit
    return balance if balance > 0 else 0


def cleared_on(item: Item, day: int) -> int | None:
    """First day from which the balance stays at or below zero up to `day`; None when it does not (kpis §5).

    Writing an invoice off does not clear it: the measures of payment behaviour see settled items only.
    """
    balance = item.amount
    cleared: int | None = None
    for when, cash, credit in item.moves:
        if when > day:
            break
        balance -= cash + credit
        if balance > 0:
            cleared = None
        elif cleared is None:
            cleared = when
    return cleared


def allocations(item: Item) -> list[tuple[int, Cents]]:
    """Money allocated, day by day, net of returns; what is paid beyond the invoice's amount settles nothing."""
    if len(item.moves) == 1:
        day, cash, _ = item.moves[0]
        return [(day, min(cash, item.amount))] if cash else []
    found: list[tuple[int, Cents]] = []
    total = counted = 0
    for day, cash, _ in item.moves:
        total += cash
        now = min(total, item.amount)
        if now != counted:
            found.append((day, now - counted))
            counted = now
    return found


def final_level(item: Item) -> Level:
    """The state of an item at the portfolio's date."""
    balance = item.amount
    day = item.issued
    for move in item.moves:
        balance -= move.cash + move.credit
        day = move.day
    gone = item.written_off is not None
    return Level(day, 0 if gone else max(0, balance), max(0, -balance))
