"""What late payment costs the company (§13): financing, handling, net write-offs. What the law lets it claim is apart."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reports.measures.measure import Measure, Number, Window, missing, units
from reports.portfolio import Item, levels
from sync.ledger.model import Cents, JournalRow
from sync.ledger.words import Act

NO_RATE = "cost_of_capital_not_set"
NO_COSTS = "action_costs_not_set"


def overdue_cent_days(items: Iterable[Item], first: int, last: int) -> int:
    """§13: sum over the days of the window, both included, of the overdue amount at each close of day, in cents x days."""
    total = 0
    for item in items:
        start = max(first, item.due + 1, item.issued)
        if start > last:
            continue
        if item.written_off is None and len(item.moves) == 1 and item.moves[0].cash + item.moves[0].credit == item.amount:
            end = min(last + 1, item.moves[0].day)
            total += item.amount * max(0, end - start)
            continue
        found = levels(item)
        for place, level in enumerate(found):
            until = found[place + 1].day if place + 1 < len(found) else last + 1
            total += level.open * max(0, min(until, last + 1) - max(level.day, start))
    return total


def financing(cent_days: int, rate: Decimal | None, currency: str, window: Window) -> Measure:
    """§13: sum over days of overdue x rate / 365. `rate` is the firm's own, in percent a year; none is assumed.

    62 000 late for 31 days at 9 % cost 473.92.
    """
    if rate is None:
        return missing(currency, NO_RATE, window=window)
    value = Fraction(cent_days, 100) * Fraction(rate) / 36_500
    return Measure(value=value, unit=currency, numerator=Fraction(cent_days, 100), window=window)


def handling(
    journal: Iterable[JournalRow], unit_costs: Mapping[str, Cents | None], currency: str, first: int, last: int
) -> Measure:
    """§13: sum of the unit costs of the acts done in the window. `unit_costs` by channel word; a channel without one is free."""
    window = (date.fromordinal(first), date.fromordinal(last))
    if all(cost is None for cost in unit_costs.values()):
        return missing(currency, NO_COSTS, window=window)
    total = n = 0
    for row in journal:
        if row.status in (Act.SENT, Act.DONE) and row.currency in ("", currency) and row.note != "test":
            cost = unit_costs.get(row.channel)
            if cost is not None and first <= row.when.date().toordinal() <= last:
                total += cost
                n += 1
    return Measure(value=units(total), unit=currency, n=n, window=window)


def total(financing_cost: Measure, handling_cost: Measure, net_write_offs: Cents, currency: str) -> Measure:
    """§13: financing + handling + net write-offs of the window; a part that is not configured is left out, with a warning."""
    value: Number = units(net_write_offs)
    warnings: tuple[str, ...] = ()
    for part in (financing_cost, handling_cost):
        if part.value is None:
            warnings += (part.why_null,)
        else:
            value += part.value
    return Measure(value=value, unit=currency, window=financing_cost.window, warnings=warnings)
