"""The figures of one currency, or of one segment of it: from its portfolio to measures by name.

A `Part` holds what its figures share, so that each is computed once. Everything is as of the portfolio's date, but the
figures of a month, which are as of that month's measuring day.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reports.calendar import Month
from reports.measures import (
    ageing,
    cohorts,
    collection,
    concentration,
    cost,
    delays,
    disputes,
    dso,
    loss,
    promises,
    rolls,
    stages,
    terms,
)
from reports.measures.measure import Measure, Window
from reports.portfolio import Balances, Item, Portfolio, Sales, customer_balances, final_level
from sync.dunning.agreements.promises import Promise
from sync.dunning.model import Settings
from sync.ledger.model import Cents, JournalRow

Measures = dict[str, Measure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One portfolio with what its figures share. `alive` holds, by month, what was open at its start or issued in it."""

    portfolio: Portfolio
    by_day: Mapping[int, Balances]
    sales: Sales
    promises: Sequence[Promise]
    journal: Sequence[JournalRow]
    settings: Settings
    insolvent: Collection[str]  # customers assessed singly (§14)
    items: Mapping[str, Item]
    cohorts: Mapping[str, Sequence[Item]]  # by month of the due date
    billed: Mapping[str, Sequence[Item]]  # by month of the issue date
    acts: stages.Acts
    alive: Mapping[str, Sequence[Item]]

    @property
    def today(self) -> int:
        return self.portfolio.as_of

    @property
    def currency(self) -> str:
        return self.portfolio.currency

    @property
    def year(self) -> tuple[int, int]:
        return delays.year_to(self.today)


def part_of(
    portfolio: Portfolio,
    calendar: Sequence[Month],
    by_day: Mapping[int, Balances],
    made: Sequence[Promise],
    journal: Sequence[JournalRow],
    settings: Settings,
    insolvent: Collection[str],
    whole: stages.Acts | None = None,
) -> Part:
    """`whole`: the acts of the currency, when this is a part of it."""
    items = {item.number: item for item in portfolio.items}
    return Part(
        portfolio=portfolio,
        by_day=by_day,
        sales=Sales(portfolio),
        promises=made,
        journal=journal,
        settings=settings,
        insolvent=insolvent,
        items=items,
        cohorts=cohorts.cohorts(portfolio.items),
        billed=cohorts.cohorts(portfolio.items, "issued") if calendar else {},
        acts=_acts(items, journal, portfolio.as_of, whole),
        alive=_alive(portfolio, calendar),
    )


def _acts(items: Mapping[str, Item], journal: Sequence[JournalRow], as_of: int, whole: stages.Acts | None) -> stages.Acts:
    if whole is None:
        return stages.acts(items, journal, as_of)
    return stages.acts_of(whole, items)


def _alive(portfolio: Portfolio, calendar: Sequence[Month]) -> Mapping[str, Sequence[Item]]:
    """The items that can matter to each month: issued by its end and not settled for good before its start."""
    found: dict[str, list[Item]] = {month.key: [] for month in calendar}
    if not calendar:
        return found
    starts = [month.first.toordinal() for month in calendar]
    lists = list(found.values())
    for item in portfolio.items:
        low = max(0, bisect_right(starts, item.issued) - 1)
        high = len(lists)
        if final_level(item).open == 0:
            gone = max(item.moves[-1].day if item.moves else item.issued, item.written_off or 0)
            high = bisect_right(starts, gone)
        for place in range(low, high):
            lists[place].append(item)
    return found


def standing(part: Part) -> Measures:
    """§1 to §5, §15, §17: the figures people see first."""
    portfolio, now = part.portfolio, part.by_day[part.today]
    first, last = part.year
    by_customer = customer_balances(portfolio)
    net = {customer: figures[0] for customer, figures in by_customer.items()}
    overdue = {customer: figures[1] for customer, figures in by_customer.items()}
    index = concentration.hhi(net)
    return {
        **balance(now, part.currency),
        **outstanding_days(part, part.today),
        "dso_simple_365": dso.dso_simple(now.net, dso.sales_window(part.sales, part.today, 365, portfolio.first_issue)),
        "days_to_pay": delays.days_to_pay(portfolio.items, first, last),
        "weighted_terms": terms.weighted_terms(portfolio.items, first, last),
        "top10_share": concentration.top_share(net),
        "hhi": index,
        "equivalent_customers": concentration.equivalent_customers(index),
        "top10_share_overdue": concentration.top_share(overdue),
        "hhi_overdue": concentration.hhi(overdue),
    }


def balance(now: Balances, currency: str) -> Measures:
    """§1, §2: what is open on a day."""
    return {
        "open": ageing.open_balance(now, currency),
        "overdue": ageing.overdue(now, currency),
        "overdue_30": ageing.overdue_beyond(now, currency, 30),
        "overdue_60": ageing.overdue_beyond(now, currency, 60),
        "overdue_90": ageing.overdue_beyond(now, currency, 90),
        "overdue_rate": ageing.overdue_rate(now),
        "unapplied": ageing.unapplied(now, currency),
    }


def outstanding_days(part: Part, day: int) -> Measures:
    """§3 to §5: the four figures in days that share one window."""
    now = part.by_day[day]
    first_issue = part.portfolio.first_issue
    window = dso.sales_window(part.sales, day, 90, first_issue)
    simple = dso.dso_simple(now.net, window)
    best = dso.best_possible(now.not_due, window)
    return {
        "dso_simple_90": simple,
        "dso_count_back": dso.count_back(now.net, part.sales, day, first_issue),
        "dso_best_possible_90": best,
        "add_90": dso.average_days_delinquent(simple, best),
    }


def days_late(part: Part) -> Measures:
    """§5: days late of the invoices cleared in the last 365 days."""
    first, last = part.year
    span: Window = (date.fromordinal(first), date.fromordinal(last))
    late = delays.lateness(part.portfolio.items, first, last)
    return {
        "mean": delays.days_late_mean(late, span),
        "median": delays.days_late_quantile(late, Fraction(1, 2), span),
        "weighted": delays.days_late_weighted(part.portfolio.items, first, last),
        "p90": delays.days_late_quantile(late, Fraction(9, 10), span),
        "mean_late_only": delays.days_late_floored(late, span),
    }


def behaviour(part: Part) -> Measures:
    """§9, §10, §12, §13, §17: what acts bring, promises, disputes, cost of arrears, bad debt."""
    portfolio, now = part.portfolio, part.by_day[part.today]
    first, last = part.year
    span: Window = (date.fromordinal(first), date.fromordinal(last))
    day = date.fromordinal(part.today)
    net_sales = part.sales.net(first, last)
    contested = disputes.disputes(part.items, part.journal, part.today)
    lost, n_lost = loss.write_offs(portfolio.items, first, last)
    settings = part.settings
    financing = cost.financing(
        cost.overdue_cent_days(portfolio.items, first, last), settings.cost_of_capital, part.currency, span
    )
    by_channel = _unit_costs(settings)
    own = _of_part(part)
    handling = cost.handling(own, by_channel, part.currency, first, last)
    return {
        "unprompted_share": stages.unprompted(portfolio.items, part.acts.units, first, last),
        "promise_kept": promises.kept_rate(part.promises, day),
        "promise_kept_amount": promises.kept_rate_amount(part.promises, day),
        "promise_kept_strict": promises.kept_rate_strict(part.promises, day),
        "dispute_rate": disputes.open_rate(contested, now.gross, part.today),
        "dispute_share_of_overdue": disputes.share_of_overdue(contested, now.overdue, part.today),
        "dispute_incidence": disputes.incidence(contested, net_sales, first, last),
        "dispute_resolution_days": disputes.resolution_days(contested),
        "dispute_open_age": disputes.open_age(contested, part.today),
        "financing_cost": financing,
        "handling_cost": handling,
        "cost_of_arrears": cost.total(financing, handling, lost, part.currency),
        "bad_debt": loss.bad_debt(lost, n_lost, net_sales, span),
    }


def _unit_costs(settings: Settings) -> Mapping[str, Cents | None]:
    """Cost of one act by channel word; every letter costs a letter."""
    letter = settings.cost_letter
    letters = dict.fromkeys(("letter", "registered letter", "formal notice"), letter)
    return {"email": settings.cost_email, "call": settings.cost_call, **letters}


def _of_part(part: Part) -> Sequence[JournalRow]:
    """The acts that concern the part: those on its invoices."""
    items = part.items
    return [row for row in part.journal if any(number in items for number in row.invoices)]


def month(part: Part, of: Month) -> Measures:
    """The figures of one month as of its measuring day (§1 to §7)."""
    first, day = of.first.toordinal(), of.as_of.toordinal()
    begin, end = part.by_day[first - 1], part.by_day[day]
    gross, net = part.sales.gross(first, day), part.sales.net(first, day)
    window: Window = (of.first, of.as_of)
    alive = part.alive[of.key]
    by_count, by_amount = delays.on_time(part.cohorts.get(of.key, ()), first, day)
    lost, _ = loss.write_offs((item for item in alive if item.written_off is not None), first, day)
    return {
        **balance(end, part.currency),
        **outstanding_days(part, day),
        "cei": collection.cei(begin.net, gross, end.net, end.not_due, window),
        "cash_cei": collection.cash_cei(begin.net, net, lost, end.net, end.not_due, window),
        "collection_rate": collection.collection_rate(alive, first, of.last.toordinal(), day),
        "on_time_share": by_count,
        "on_time_share_amount": by_amount,
        "net_sales": dso.net_sales(part.sales, of.first, of.as_of, part.currency),
    }


def recovery(part: Part, of: Month) -> Measures:
    """§8: recovery of the invoices falling due in a month, as of the report's date."""
    cells = cohorts.recovery(part.cohorts.get(of.key, ()), part.today)
    return {str(age): cell for age, cell in cells.items()}


def recovery_billed(part: Part, of: Month) -> Measures:
    """§8: the billing view: the same for the invoices issued in a month, days counted from the issue."""
    cells = cohorts.recovery(part.billed.get(of.key, ()), part.today, reference="issued")
    return {str(age): cell for age, cell in cells.items()}


def month_rolls(part: Part, calendar: Sequence[Month]) -> list[tuple[rolls.Roll, ...]]:
    """§11: what became of each bucket over each complete month, oldest first."""
    return [rolls.rolls(part.alive[of.key], of.first.toordinal() - 1, of.last.toordinal()) for of in calendar if not of.to_date]


@dataclass(frozen=True, slots=True)
class Loss:
    """§14: the provision matrix of a currency."""

    rates: Mapping[str, Measure]
    allowance: Measure
    singly: Measure
    final: Measure


def expected_loss(part: Part, calendar: Sequence[Month], months: Sequence[tuple[rolls.Roll, ...]]) -> Loss:
    """§14: loss rates drawn from the roll rates, and the allowance. Insolvency, litigation and disputes stand apart."""
    contested = {one.item.number for one in disputes.disputes(part.items, part.journal, part.today) if one.closed is None}
    apart = {
        item.number
        for item in part.portfolio.items
        if item.number in contested or item.customer in part.insolvent or loss.is_in_court(item, part.today)
    }
    ends = [of.last.toordinal() for of in calendar if not of.to_date]
    final = loss.final_loss(part.portfolio.items, ends, part.today)
    found = loss.rates(months, final)
    exposure, singly = loss.exposures(part.portfolio.items, part.today, apart)
    return Loss(
        loss.by_bucket(found),
        loss.allowance(exposure, found, part.currency),
        loss.singly_assessed(singly, part.currency),
        final,
    )


def stage_entries(part: Part) -> list[tuple[stages.Stage, dict[str, Measure], dict[str, int]]]:
    """§9: each stage's figures over its matured acts, with the acts that failed or bounced counted apart."""
    found = part.acts
    costs = _unit_costs(part.settings)
    names = sorted({unit.stage for unit in found.units} | found.failed.keys())
    entries = []
    for name in names:
        own = [unit for unit in found.units if unit.stage == name]
        measures: Measures = {}
        for horizon in stages.HORIZONS:
            ripe = stages.matured(own, part.today, horizon)
            measures[f"recovery_{horizon}"] = stages.recovery(ripe, horizon)
        ripe = stages.matured(own, part.today)
        measures["response_14"] = stages.response(ripe, found)
        measures["promised_14"] = stages.promised(ripe, found)
        measures["paid_share_14"] = stages.paid_share(ripe)
        measures["cost_per_100_14"] = stages.cost_per_100(ripe, costs.get(name.channel), part.currency)
        measures["days_to_payment_14"] = stages.days_to_payment(ripe)
        entries.append((name, measures, {"n": len(ripe), "failed": found.failed.get(name, 0)}))
    return entries
