"""What late payment costs the company: financing, handling, net write-offs (facts/kpis.md §13).

* Financing = for each day, what is overdue at its close, times `cost_of_capital` / 365. Counted by events, not day by
  day: between two events an invoice owes the same sum. Without that setting it is None: no rate is assumed.
* Handling = the acts in the Journal times their unit costs. A kind of act without a unit cost makes the sum None
  and is named in `missing`.
* Net write-offs = what was open when an invoice was written off in the window, less what came on it afterwards.

What the customer may owe by law (interest, compensation) is another matter and never deducted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sync.dunning.history import TEST_NOTE
from sync.dunning.model import Settings
from sync.ledger.balances import Balances
from sync.ledger.model import ONE_DAY, Cents, CustomerKey, Invoice, Ledger
from sync.ledger.words import Act, Channel, Segment

YEAR = 365
_UNIT_COST: Mapping[str, str] = {
    Channel.EMAIL: "cost_email",
    Channel.CALL: "cost_call",
    Channel.LETTER: "cost_letter",
    Channel.REGISTERED_LETTER: "cost_letter",
    Channel.FORMAL_NOTICE: "cost_letter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of arrears of a customer, a segment or a currency, in exact cents (Fraction) and whole cents.

    `overdue_days` is the sum over the days of the window of what was overdue (cents x days). `missing` names the
    settings without which a part is None.
    """

    financing: Fraction | None = Fraction(0)
    handling: Cents | None = 0
    write_offs: Cents = 0
    overdue_days: int = 0
    acts: int = 0
    missing: frozenset[str] = frozenset()

    @property
    def total(self) -> Cents | None:
        """Financing (rounded to the cent) + handling + net write-offs; None when a part is unknown."""
        if self.financing is None or self.handling is None:
            return None
        return round(self.financing) + self.handling + self.write_offs

    def plus(self, other: "Cost") -> "Cost":
        """Both together; what is unknown in one is unknown in the sum."""
        unknown = self.financing is None or other.financing is None
        return Cost(
            financing=None if unknown else (self.financing or Fraction(0)) + (other.financing or Fraction(0)),
            handling=None if self.handling is None or other.handling is None else self.handling + other.handling,
            write_offs=self.write_offs + other.write_offs,
            overdue_days=self.overdue_days + other.overdue_days,
            acts=self.acts + other.acts,
            missing=self.missing | other.missing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """By customer and currency, by segment and currency (customers without a known segment are left out), by currency."""

    customers: Mapping[CustomerKey, Cost]
    segments: Mapping[tuple[Segment, str], Cost]
    totals: Mapping[str, Cost]


def cost_of_arrears(
    ledger: Ledger, balances: Balances, segments: Mapping[CustomerKey, Segment], settings: Settings, start: date
) -> Costs:
    """The cost from `start` to the day of the balances, both included. `segments`: those of the profiles.

    Acts and unit costs are in the company's currency: an act that names no currency counts there.
    """
    overdue: dict[CustomerKey, int] = {}
    lost: dict[CustomerKey, Cents] = {}
    for invoice in ledger.invoices:
        if invoice.amount <= 0 or invoice.issued > balances.as_of:
            continue
        key = (invoice.customer, invoice.currency)
        owed = overdue_days(invoice, balances, start)
        if owed:
            overdue[key] = overdue.get(key, 0) + owed
        gone = balances.written_off.get(invoice.number)
        if gone is not None:
            lost[key] = lost.get(key, 0) + _net_write_off(invoice, gone, balances, start)
    acts = _acts(ledger, settings, start, balances.as_of)
    rate = Fraction(settings.cost_of_capital) / 100 if settings.cost_of_capital is not None else None
    customers = {
        key: _cost(overdue.get(key, 0), acts.get(key, {}), lost.get(key, 0), rate, settings)
        for key in sorted({*overdue, *acts, *lost})
    }
    by_segment: dict[tuple[Segment, str], Cost] = {}
    totals: dict[str, Cost] = {}
    for key, cost in customers.items():
        totals[key[1]] = totals[key[1]].plus(cost) if key[1] in totals else cost
        if key in segments:
            group = (segments[key], key[1])
            by_segment[group] = by_segment[group].plus(cost) if group in by_segment else cost
    return Costs(customers=customers, segments=by_segment, totals=totals)


def overdue_days(invoice: Invoice, balances: Balances, start: date) -> int:
    """Sum of cents overdue at the close of each day from `start` to the day of the balances (cents x days)."""
    end = balances.as_of + ONE_DAY
    gone = balances.written_off.get(invoice.number)
    if gone is not None and gone < end:
        end = gone
    day = max(start, invoice.due + ONE_DAY, invoice.issued)
    if day >= end:
        return 0
    balance, total = invoice.amount, 0
    for move in balances.moves.get(invoice.number, ()):
        if move.day > day:
            until = min(move.day, end)
            total += max(0, balance) * (until - day).days
            day = until
        balance -= move.cash + move.credit
    return total + max(0, balance) * (end - day).days


def _net_write_off(invoice: Invoice, gone: date, balances: Balances, start: date) -> Cents:
    """Written off in the window: what was open that day; recovered in the window: deducted, whenever it was lost."""
    balance, recovered = invoice.amount, 0
    for move in balances.moves.get(invoice.number, ()):
        if move.day < gone:
            balance -= move.cash + move.credit
        elif move.day >= start:
            recovered += move.cash
    return (max(0, balance) if gone >= start else 0) - recovered


def _acts(ledger: Ledger, settings: Settings, start: date, end: date) -> Mapping[CustomerKey, Mapping[str, int]]:
    """Acts really done in the window: by customer and currency, how many for each cost setting."""
    counts: dict[CustomerKey, dict[str, int]] = {}
    for row in ledger.journal:
        cost = _UNIT_COST.get(row.channel) if row.status in (Act.SENT, Act.DONE) else None
        if cost is None or row.note == TEST_NOTE or not start <= row.when.date() <= end:
            continue
        of_customer = counts.setdefault((row.customer, row.currency or settings.currency), {})
        of_customer[cost] = of_customer.get(cost, 0) + 1
    return counts


def _cost(overdue: int, acts: Mapping[str, int], lost: Cents, rate: Fraction | None, settings: Settings) -> Cost:
    unit: Mapping[str, Cents | None] = {
        "cost_email": settings.cost_email, "cost_call": settings.cost_call, "cost_letter": settings.cost_letter,
    }  # fmt: skip
    missing = {name for name in acts if unit[name] is None}
    handling = None if missing else sum(count * (unit[name] or 0) for name, count in acts.items())
    if rate is None and overdue:
        missing.add("cost_of_capital")
    return Cost(
        financing=None if rate is None else overdue * rate / YEAR,
        handling=handling,
        write_offs=lost,
        overdue_days=overdue,
        acts=sum(acts.values()),
        missing=frozenset(missing),
    )
