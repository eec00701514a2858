"""The figures of each customer in one currency, for the internal pages: never part of the public edition."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reports.measures import ageing, delays, dso
from reports.measures.measure import Measure
from reports.portfolio import Balances, CreditNote, Free, Item, Portfolio, Sales, balances, final_level
from sync.ledger.model import Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFigures:
    """One customer as of the portfolio's date. `oldest_late` in days, 0 when nothing is late.

    `is_overdue` leaves out a customer whose free money and credits cover the whole balance (§1).
    """

    customer: str
    currency: str
    balance: Balances
    oldest_late: int
    last_payment: date | None
    median_days_late: Measure
    weighted_days_late: Measure
    on_time_share: Measure
    dso: Measure

    @property
    def net(self) -> Cents:
        return self.balance.net

    @property
    def overdue(self) -> Cents:
        return self.balance.overdue

    @property
    def is_overdue(self) -> bool:
        return self.balance.overdue > 0 and self.balance.net > 0

    def ageing(self) -> dict[str, dict[str, object]]:
        return ageing.ageing(self.balance)


def customer_figures(portfolio: Portfolio) -> list[CustomerFigures]:
    """Every customer of the portfolio: largest overdue first, then largest balance, then by key."""
    items: dict[str, list[Item]] = defaultdict(list)
    free: dict[str, list[Free]] = defaultdict(list)
    notes: dict[str, list[CreditNote]] = defaultdict(list)
    for item in portfolio.items:
        items[item.customer].append(item)
    for move in portfolio.free:
        free[move.customer].append(move)
    for note in portfolio.credit_notes:
        notes[note.customer].append(note)
    found = [
        _figures(
            customer,
            Portfolio(
                currency=portfolio.currency, as_of=portfolio.as_of, items=items.get(customer, ()), free=free.get(customer, ()),
                credit_notes=notes.get(customer, ()), first_issue=portfolio.first_issue,
            ),
        )
        for customer in sorted(items.keys() | free.keys() | notes.keys())
        if customer
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.overdue, -one.net, one.customer))


def _figures(customer: str, own: Portfolio) -> CustomerFigures:
    today = own.as_of
    first, last = delays.year_to(today)
    late = delays.lateness(own.items, first, last)
    by_count, _ = delays.on_time(own.items, first, last)
    (now,) = balances(own, [today])
    return CustomerFigures(
        customer=customer,
        currency=own.currency,
        balance=now,
        oldest_late=max((today - item.due for item in own.items if final_level(item).open), default=0) if now.overdue else 0,
        last_payment=_last_payment(own.items, own.free),
        median_days_late=delays.days_late_quantile(late, Fraction(1, 2)),
        weighted_days_late=delays.days_late_weighted(own.items, first, last),
        on_time_share=by_count,
        dso=dso.count_back(now.net, Sales(own), today, own.first_issue),
    )


def _last_payment(items: Sequence[Item], free: Sequence[Free]) -> date | None:
    days = [move.day for item in items for move in item.moves if move.cash > 0] + [move.day for move in free if move.amount > 0]
    return date.fromordinal(max(days)) if days else None
