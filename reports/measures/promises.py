"""Promises to pay and how they were kept (§10).

A promise is (invoice, amount, date, day it was made). They come from the journal (`promised` rows) and from the
invoices' own cells. A promise cell without its day counts from *Reason since* when the reason is "promised", else from
the first run that saw it, else from the invoice's issue date: the earliest day it can have been made.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from reports.measures.measure import Measure, ratio, share, units
from reports.portfolio import Item, allocations, open_at
from sync.ledger.model import Cents, JournalRow
from sync.ledger.words import Act, DelayReason

KEPT_SHARE = Fraction(99, 100)
GRACE_DAYS = 2
NOTHING_JUDGED = "no_promise_judged"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly kept"
    BROKEN = "broken"
    RENEGOTIATED = "renegotiated"  # replaced before its date
    WITHDRAWN = "withdrawn"  # taken back by us before its date
    CREDITED = "credited"  # a credit note covered it

    @property
    def is_judged(self) -> bool:
        return self in (PromiseState.KEPT, PromiseState.PARTLY, PromiseState.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise on one invoice, in ordinals and cents. `level` counts promises after a broken one, from 1."""

    invoice: str
    customer: str
    amount: Cents
    date: int
    made_on: int
    paid: Cents = 0
    state: PromiseState = PromiseState.OPEN
    level: int = 1


@dataclass(frozen=True, slots=True)
class _Made:
    made_on: int
    date: int | None  # None = the promise was taken back
    amount: Cents | None


def promises(items: Mapping[str, Item], journal: Iterable[JournalRow], as_of: int, grace: int = GRACE_DAYS) -> list[Promise]:
    """§10: every promise made up to `as_of`, judged once its date plus `grace` days is at most `as_of`.

    In order of invoice, then of the day made. `items` are the counted invoices of one currency, by number.
    """
    made = _from_journal(items, journal, as_of)
    for number, item in items.items():
        handling = item.handling
        if handling.promised is None:
            continue
        promised = handling.promised.toordinal()
        if any(one.date == promised for one in made.get(number, ())):
            continue
        start = item.issued
        if handling.reason is DelayReason.PROMISED and handling.reason_on is not None:
            start = handling.reason_on.toordinal()
        if start <= as_of:
            made[number].append(_Made(start, promised, handling.promised_amount))
    found: list[Promise] = []
    for number in sorted(made):
        found += _chain(items[number], sorted(made[number], key=lambda one: one.made_on), as_of, grace)
    return found


def _from_journal(items: Mapping[str, Item], journal: Iterable[JournalRow], as_of: int) -> dict[str, list[_Made]]:
    made: dict[str, list[_Made]] = defaultdict(list)
    for row in journal:
        day = row.when.date().toordinal()
        if day > as_of:
            continue
        if row.status is Act.OBSERVED and row.field == "promised":
            for number in row.invoices:
                if number in items:
                    promised = _iso(row.new)
                    if promised is None or not any(one.date == promised for one in made[number]):
                        made[number].append(_Made(day, promised, items[number].handling.promised_amount if promised else None))
        elif row.status is Act.PROMISED and (promised := _iso(row.new)) is not None:
            concerned = [items[number] for number in row.invoices if number in items]
            for item, amount in _shared(concerned, row.amount, day):
                made[item.number].append(_Made(day, promised, amount))
    return made


def _shared(items: Sequence[Item], amount: Cents | None, day: int) -> list[tuple[Item, Cents | None]]:
    """One amount promised for several invoices fills them oldest due first."""
    if amount is None or len(items) <= 1:
        return [(item, amount) for item in items]
    found: list[tuple[Item, Cents | None]] = []
    for item in sorted(items, key=lambda one: (one.due, one.number)):
        part = min(amount, open_at(item, day))
        if part > 0:
            found.append((item, part))
            amount -= part
    return found


def _iso(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


def _chain(item: Item, made: Sequence[_Made], as_of: int, grace: int) -> list[Promise]:
    """The promises of one invoice: one open at a time, a new one replaces the old."""
    found: list[Promise] = []
    level = 1
    for place, one in enumerate(made):
        if one.date is None:
            continue
        following = next((later for later in made[place + 1 :] if (later.date, later.amount) != (one.date, one.amount)), None)
        amount = one.amount if one.amount is not None else _owed_before(item, one.made_on)
        if amount <= 0:
            continue
        promise = _judge(
            Promise(invoice=item.number, customer=item.customer, amount=amount, date=one.date, made_on=one.made_on, level=level),
            item, following, as_of, grace,
        )  # fmt: skip
        if found and found[-1].date == promise.date and found[-1].amount == promise.amount:
            continue  # the same promise told twice
        found.append(promise)
        if promise.state in (PromiseState.BROKEN, PromiseState.PARTLY):
            level += 1
    return found


def _owed_before(item: Item, day: int) -> Cents:
    """The balance a promise without an amount is about: what was open before the money of that day."""
    return item.amount if day <= item.issued else open_at(item, day - 1)


def _judge(promise: Promise, item: Item, following: _Made | None, as_of: int, grace: int) -> Promise:
    end = promise.date + grace
    replaced = following is not None and following.made_on <= promise.date
    until = min(end, following.made_on) if replaced and following is not None else end
    paid = sum(cents for day, cents in allocations(item) if promise.made_on <= day <= min(until, as_of))
    promise = replace(promise, paid=max(0, paid))
    if promise.paid >= KEPT_SHARE * promise.amount:
        return replace(promise, state=PromiseState.KEPT if end <= as_of else PromiseState.OPEN)
    if replaced and following is not None:
        return replace(promise, state=PromiseState.WITHDRAWN if following.date is None else PromiseState.RENEGOTIATED)
    if end > as_of:
        return promise
    credited = sum(move.credit for move in item.moves if promise.made_on <= move.day <= end)
    if credited + promise.paid >= KEPT_SHARE * promise.amount:
        return replace(promise, state=PromiseState.CREDITED)
    return replace(promise, state=PromiseState.PARTLY if promise.paid > 0 else PromiseState.BROKEN)


def kept_rate(made: Iterable[Promise]) -> Measure:
    """§10: kept / judged, by count."""
    judged = [promise for promise in made if promise.state.is_judged]
    kept = sum(promise.state is PromiseState.KEPT for promise in judged)
    return share(kept, len(judged), why_null=NOTHING_JUDGED)


def kept_rate_amount(made: Iterable[Promise]) -> Measure:
    """§10: sum of min(paid, promised) / sum promised, over judged promises."""
    judged = [promise for promise in made if promise.state.is_judged]
    paid = sum(min(promise.paid, promise.amount) for promise in judged)
    return ratio(units(paid), units(sum(promise.amount for promise in judged)), why_null=NOTHING_JUDGED, n=len(judged))


def kept_rate_strict(made: Iterable[Promise]) -> Measure:
    """§10: kept / judged, a renegotiated promise counting as not kept."""
    counted = [promise for promise in made if promise.state.is_judged or promise.state is PromiseState.RENEGOTIATED]
    kept = sum(promise.state is PromiseState.KEPT for promise in counted)
    return share(kept, len(counted), why_null=NOTHING_JUDGED)
