"""Promises to pay: from the invoice cells and the Journal to a state as of a date (facts/kpis.md §10).

A promise is a sum, for a day, made on a day, for one or several invoices. It is judged once its day plus
`promise_grace_days` has come: kept from 99 % of the sum, partly kept above zero, else broken. A new promise that touches one
of its invoices replaces it: before its day it was renegotiated; after, the old one stays broken and the new one is
one level higher.

In the Journal a promise is a row `promised` whose `new` is the day (ISO) and `amount` the sum (blank = all that was
open); an `observed` row of field "promised" remembers a change of the invoice's own cell, with `new` "" when a person
took the promise away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sync.dunning.model import Observation, Settings
from sync.ledger.balances import Balances
from sync.ledger.model import UNHANDLED, Cents, CustomerKey, Ledger
from sync.ledger.words import Act, Status


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"
    WITHDRAWN = "withdrawn"  # taken away by us, or covered by a credit note: neither kept nor broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`invoices` () = whatever the customer owes in that currency. `amount` is resolved, never blank; `paid` counts
    from `made_on` to the day plus grace. `level` 1 = first, 2 = after a broken one, and so on.

    `live_until` is the last quiet day (day plus grace) while the promise stands, None when it no longer does.
    """

    customer: str
    currency: str
    invoices: tuple[str, ...]
    amount: Cents
    day: date
    made_on: date
    paid: Cents = 0
    state: PromiseState = PromiseState.OPEN
    level: int = 1
    live_until: date | None = None
    deadline: date = date.max
    kept_on: date | None = None  # the day the money was there

    def is_live(self, as_of: date) -> bool:
        """True to the end of `live_until`, that day included."""
        return self.live_until is not None and as_of <= self.live_until

    def is_broken(self, as_of: date) -> bool:
        """Not fully kept and its last day of grace is over: what the segments and warnings count."""
        return self.state in (PromiseState.BROKEN, PromiseState.PARTLY_KEPT) and as_of > self.deadline


@dataclass(frozen=True, slots=True)
class _Said:
    """A promise as somebody gave it, before it is resolved. `day` None = taken away."""

    made_on: date
    order: int
    customer: str
    currency: str
    invoices: tuple[str, ...]
    day: date | None
    amount: Cents | None


def promises(ledger: Ledger, balances: Balances, settings: Settings) -> Sequence[Promise]:
    """All promises known on the day of the balances, by customer, currency, then in the order they were made."""
    as_of = balances.as_of
    said = _said(ledger, as_of)
    if not said:
        return ()
    money = _Money(ledger, balances, said)
    by_account: dict[CustomerKey, list[_Said]] = defaultdict(list)
    for one in said:
        by_account[one.customer, one.currency].append(one)
    return [
        promise
        for key in sorted(by_account)
        for promise in _account(sorted(by_account[key], key=lambda one: (one.made_on, one.order)), money, settings, as_of)
    ]


def broken_by_account(found: Iterable[Promise], since: date, as_of: date) -> Mapping[CustomerKey, Sequence[Promise]]:
    """The broken promises whose day is after `since`, by customer and currency, oldest first."""
    broken: dict[CustomerKey, list[Promise]] = defaultdict(list)
    for promise in found:
        if promise.day > since and promise.is_broken(as_of):
            broken[promise.customer, promise.currency].append(promise)
    return {key: sorted(group, key=lambda one: one.deadline) for key, group in broken.items()}


def promise_act(
    customer: str, currency: str, invoices: Sequence[str], day: date, amount: Cents | None, note: str = "", channel: str = ""
) -> Observation:
    """The journal row of a promise somebody made, in the one shape this module reads back."""
    return Observation(
        customer=customer, currency=currency, invoices=tuple(invoices), channel=channel,
        status=str(Act.PROMISED), field="promised", new=day.isoformat(), amount=amount, note=note,
    )  # fmt: skip


def _said(ledger: Ledger, as_of: date) -> list[_Said]:
    """What the Journal and the cells say, the same promise once."""
    said: list[_Said] = []
    seen: dict[str, list[date]] = defaultdict(list)  # invoice (customer, when it names none) -> days the journal knows
    currencies = _currencies(ledger)
    for row in ledger.journal:
        is_promise = row.status is Act.PROMISED or (row.status is Act.OBSERVED and row.field == "promised")
        made_on = row.when.date()
        if not is_promise or made_on > as_of:
            continue
        day = _iso(row.new)
        if day is None and (row.new or row.status is Act.PROMISED):
            continue  # not a day: a note of a person, nothing to judge
        if day is not None and all(day in seen[name] for name in row.invoices or (row.customer,)):
            continue
        if day is not None:
            for name in row.invoices or (row.customer,):
                seen[name].append(day)
        currency = row.currency or next((currencies[number] for number in row.invoices if number in currencies), "")
        said.append(_Said(made_on, row.row, row.customer, currency, row.invoices, day, row.amount))
    for invoice in ledger.invoices:
        handling = invoice.handling
        if handling is UNHANDLED or handling.promised is None or invoice.amount <= 0 or invoice.issued > as_of:
            continue
        if handling.status in (Status.DRAFT, Status.CANCELLED):
            continue
        if handling.promised in seen[invoice.number] or handling.promised in seen[invoice.customer]:
            continue
        # Undated, it was made after what the journal knows of this invoice; with nothing known, at any time since the issue.
        undated = as_of if seen[invoice.number] else invoice.issued
        made_on = min(handling.reason_on or undated, handling.promised, as_of)
        order = 1_000_000_000 + invoice.row  # after what the journal says of the same day
        said.append(
            _Said(
                made_on, order, invoice.customer, invoice.currency, (invoice.number,), handling.promised, handling.promised_amount
            )
        )
    return said


def _currencies(ledger: Ledger) -> Mapping[str, str]:
    needed = {
        number
        for row in ledger.journal
        if not row.currency and (row.status is Act.PROMISED or row.field == "promised")
        for number in row.invoices
    }
    return {invoice.number: invoice.currency for invoice in ledger.invoices if invoice.number in needed} if needed else {}


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class _Money:
    """What came on the promised invoices, by day."""

    def __init__(self, ledger: Ledger, balances: Balances, said: Sequence[_Said]) -> None:
        wanted = {number for one in said for number in one.invoices}
        whole = {(one.customer, one.currency) for one in said if not one.invoices}
        self.moves = balances.moves
        self.amounts: dict[str, Cents] = {}
        self.by_account: dict[CustomerKey, list[str]] = defaultdict(list)
        for invoice in ledger.invoices:
            key = (invoice.customer, invoice.currency)
            if invoice.amount > 0 and (invoice.number in wanted or key in whole) and invoice.issued <= balances.as_of:
                self.amounts[invoice.number] = invoice.amount
                self.by_account[key].append(invoice.number)

    def numbers(self, one: _Said) -> Sequence[str]:
        if one.invoices:
            return [number for number in one.invoices if number in self.amounts]
        return self.by_account.get((one.customer, one.currency), [])

    def open_before(self, number: str, day: date) -> Cents:
        """What was open at the end of the eve of `day`."""
        gone = sum(move.cash + move.credit for move in self.moves.get(number, ()) if move.day < day)
        return max(0, self.amounts[number] - gone)

    def received(self, number: str, start: date, end: date) -> tuple[Cents, Cents]:
        """(paid, credited) in start..end, both included, returns deducted."""
        moves = [move for move in self.moves.get(number, ()) if start <= move.day <= end]
        return sum(move.cash for move in moves), sum(move.credit for move in moves)

    def complete_on(self, numbers: Sequence[str], start: date, amount: Cents) -> date:
        """The first day from `start` on which 99 % of the amount had come."""
        paid = 0
        for day, cash in sorted(
            (move.day, move.cash) for number in numbers for move in self.moves.get(number, ()) if move.day >= start
        ):
            paid += cash
            if 100 * paid >= 99 * amount:
                return day
        return start


def _account(said: Sequence[_Said], money: _Money, settings: Settings, as_of: date) -> Iterable[Promise]:
    """The promises of one customer and currency: each judged on its own, then against the ones that followed."""
    judged = [
        _followed(_judged(one, money, settings, as_of), later, one.day)
        for one, later in zip(said, _next_about_the_same(said), strict=True)
        if one.day is not None
    ]
    return _levelled(judged)


def _next_about_the_same(said: Sequence[_Said]) -> Sequence[_Said | None]:
    """For each, the first one after it that shares an invoice with it; one that names none is about all of them."""
    found: list[_Said | None] = []
    by_invoice: dict[str, int] = {}
    whole = following = len(said)
    for place in range(len(said) - 1, -1, -1):
        one = said[place]
        after = min([whole, *(by_invoice.get(number, whole) for number in one.invoices)]) if one.invoices else following
        found.append(said[after] if after < len(said) else None)
        following = place
        by_invoice.update(dict.fromkeys(one.invoices, place))
        if not one.invoices:
            whole = place
    return found[::-1]


def _judged(one: _Said, money: _Money, settings: Settings, as_of: date) -> Promise:
    assert one.day is not None
    deadline = one.day + timedelta(days=settings.promise_grace_days)
    numbers = money.numbers(one)
    amount = one.amount
    if amount is None:
        amount = sum(money.open_before(number, one.made_on) for number in numbers)
    received = [money.received(number, one.made_on, deadline) for number in numbers]
    paid, credit = sum(cash for cash, _ in received), sum(credited for _, credited in received)
    state = PromiseState.OPEN
    if 100 * paid >= 99 * amount:
        state = PromiseState.KEPT
    elif credit and 100 * (paid + credit) >= 99 * amount:
        state = PromiseState.WITHDRAWN
    elif as_of >= deadline:
        state = PromiseState.PARTLY_KEPT if paid > 0 else PromiseState.BROKEN
    kept_on = money.complete_on(numbers, one.made_on, amount) if state is PromiseState.KEPT else None
    stands = state is PromiseState.OPEN or (as_of == deadline and state in (PromiseState.BROKEN, PromiseState.PARTLY_KEPT))
    return Promise(
        customer=one.customer, currency=one.currency, invoices=one.invoices, amount=amount, day=one.day,
        made_on=one.made_on, paid=max(0, paid), state=state, deadline=deadline, live_until=deadline if stands else None,
        kept_on=kept_on,
    )  # fmt: skip


def _followed(promise: Promise, later: _Said | None, day: date) -> Promise:
    """A promise replaced or withdrawn before it could be judged."""
    if later is None or promise.state is PromiseState.KEPT or later.made_on > day:
        return replace(promise, live_until=None) if later is not None else promise
    return replace(promise, state=PromiseState.WITHDRAWN if later.day is None else PromiseState.RENEGOTIATED, live_until=None)


def _levelled(judged: Sequence[Promise]) -> Sequence[Promise]:
    """Each promise one level above the highest broken one before it on the same invoices."""
    levelled: list[Promise] = []
    by_invoice: dict[str, int] = {}
    whole = highest = 0  # the highest level broken for all the invoices, and for any
    for one in judged:
        broken = max([whole, *(by_invoice.get(number, 0) for number in one.invoices)]) if one.invoices else highest
        promise = replace(one, level=broken + 1) if broken else one
        levelled.append(promise)
        if promise.state in (PromiseState.BROKEN, PromiseState.PARTLY_KEPT):
            highest = max(highest, promise.level)
            whole = whole if promise.invoices else max(whole, promise.level)
            for number in promise.invoices:
                by_invoice[number] = max(by_invoice.get(number, 0), promise.level)
    return levelled
