"""kpis.json: every figure of the site as one plain document (the contract's `<site>/data/kpis.json`).

One panel per currency, and within it one per segment, so that numerators and denominators are summed before they are
divided (kpis §0). Nothing here reads the clock: `as_of` and `run_at` are arguments.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from reports.calendar import DAY, Month, months
from reports.measures import ageing, cohorts, collection, concentration, delays, dso, promises
from reports.measures.measure import Measure, document
from reports.portfolio import (
    Balances,
    Item,
    Portfolio,
    Sales,
    balances,
    collector_paused,
    customer_balances,
    final_level,
    portfolios,
)
from sync.ledger.model import JournalRow, Ledger
from sync.ledger.words import Segment

SEGMENTS = tuple(segment.value for segment in Segment)
MONTH_AGES = (0, 30, 60, 90)

SegmentOf = Mapping[tuple[str, str], str]  # (customer, currency) -> segment word; unknown customers are "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What settings add to the figures; every default means "not configured"."""

    promise_grace_days: int = promises.GRACE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One portfolio (a currency or a segment of it) with what its figures share."""

    portfolio: Portfolio
    by_day: Mapping[int, Balances]
    sales: Sales
    cohorts: Mapping[str, Sequence[Item]]
    alive: Mapping[str, Sequence[Item]]  # by month: what was open at its start or issued in it
    journal: Sequence[JournalRow]
    options: Options = field(default_factory=Options)


def kpis_document(
    ledger: Ledger,
    segments: SegmentOf,
    journal: Sequence[JournalRow],
    as_of: date,
    run_at: datetime,
    quality: Mapping[str, int] | None = None,
    options: Options | None = None,
) -> dict[str, object]:
    """All figures as of a date, ready for `json.dumps`: numbers unrounded, never NaN, amounts of buckets as text."""
    chosen = options or Options()
    with collector_paused():
        panels = {
            currency: _currency(portfolio, segments, journal, chosen) for currency, portfolio in portfolios(ledger, as_of).items()
        }
    return {
        "as_of": as_of.isoformat(),
        "run_at": run_at.isoformat(),
        "quality": dict(quality) if quality is not None else data_quality(ledger, as_of),
        "currencies": panels,
    }


def data_quality(ledger: Ledger, as_of: date) -> dict[str, int]:
    """kpis §17: rows left out, payments that name no counted invoice, assumed due dates, customers nobody can write to."""
    numbers = {invoice.number for invoice in ledger.invoices}
    owing = {invoice.customer for invoice in ledger.invoices if invoice.issued <= as_of}
    reachable = {key for key, contact in ledger.contacts.items() if contact.emails or contact.phone or contact.address}
    return {
        "rows_rejected": ledger.rows_rejected,
        "unmatched_payments": sum(payment.invoice not in numbers for payment in ledger.payments if payment.paid_on <= as_of),
        "no_due_date": sum(invoice.due_is_assumed for invoice in ledger.invoices),
        "customers_without_contact": len(owing - reachable),
    }


def _currency(portfolio: Portfolio, segments: SegmentOf, journal: Sequence[JournalRow], options: Options) -> dict[str, object]:
    by_customer = {customer: word for (customer, currency), word in segments.items() if currency == portfolio.currency}
    calendar = months(_first_issue(portfolio), date.fromordinal(portfolio.as_of))
    parts = portfolio.split(by_customer, SEGMENTS, Segment.NEW.value)
    days = _reporting_days(calendar, portfolio.as_of)
    by_segment = {segment: balances(part, days) for segment, part in parts.items()}
    total = [sum(column[1:], column[0]) for column in zip(*by_segment.values(), strict=True)]
    whole = _part(portfolio, calendar, days, total, journal, options)
    panel = _panel(whole)
    panel["months"] = [_month(whole, month) for month in calendar]
    panel["segments"] = {
        segment: _panel(_part(part, calendar, days, by_segment[segment], journal, options)) for segment, part in parts.items()
    }
    panel["stages"] = []
    return panel


def _first_issue(portfolio: Portfolio) -> date | None:
    return date.fromordinal(portfolio.first_issue) if portfolio.first_issue is not None else None


def _reporting_days(calendar: Sequence[Month], as_of: int) -> list[int]:
    """Each month's measuring day, the eve of the first month, and the date of the report; rising."""
    days = {as_of} | {month.as_of.toordinal() for month in calendar}
    if calendar:
        days.add((calendar[0].first - DAY).toordinal())
    return sorted(days)


def _part(
    portfolio: Portfolio,
    calendar: Sequence[Month],
    days: Sequence[int],
    figures: Sequence[Balances],
    journal: Sequence[JournalRow],
    options: Options,
) -> _Part:
    return _Part(
        portfolio=portfolio,
        by_day=dict(zip(days, figures, strict=True)),
        sales=Sales(portfolio),
        cohorts=cohorts.cohorts(portfolio.items),
        alive=_alive(portfolio, calendar),
        journal=journal,
        options=options,
    )


def _panel(part: _Part) -> dict[str, object]:
    """The figures of a currency or a segment at the date of the report."""
    portfolio, today = part.portfolio, part.portfolio.as_of
    now = part.by_day[today]
    year = dso.sales_window(part.sales, today, 365, portfolio.first_issue)
    first, last = delays.year_to(today)
    span = (date.fromordinal(first), date.fromordinal(last))
    late = delays.lateness(portfolio.items, first, last)
    by_customer = customer_balances(portfolio)
    net = {customer: figures[0] for customer, figures in by_customer.items()}
    overdue = {customer: figures[1] for customer, figures in by_customer.items()}
    made = promises.promises(_by_number(portfolio.items), part.journal, today, part.options.promise_grace_days)
    measures = {
        **_balance(now, portfolio.currency),
        **_outstanding_days(part, today),
        "dso_simple_365": dso.dso_simple(now.net, year),
        "days_to_pay": delays.days_to_pay(portfolio.items, first, last),
        "top10_share": concentration.top_share(net),
        "hhi": concentration.hhi(net),
        "top10_share_overdue": concentration.top_share(overdue),
        "hhi_overdue": concentration.hhi(overdue),
        "promise_kept": promises.kept_rate(made),
        "promise_kept_amount": promises.kept_rate_amount(made),
        "promise_kept_strict": promises.kept_rate_strict(made),
    }
    panel = document(measures)
    panel["ageing"] = ageing.ageing(now)
    panel["days_late"] = document(
        {
            "mean": delays.days_late_mean(late, span),
            "median": delays.days_late_quantile(late, Fraction(1, 2), span),
            "weighted": delays.days_late_weighted(portfolio.items, first, last),
            "p90": delays.days_late_quantile(late, Fraction(9, 10), span),
            "mean_late_only": delays.days_late_floored(late, span),
        }
    )
    return panel


def _balance(now: Balances, currency: str) -> dict[str, Measure]:
    return {
        "open": ageing.open_balance(now, currency),
        "overdue": ageing.overdue(now, currency),
        "overdue_30": ageing.overdue_beyond(now, currency, 30),
        "overdue_60": ageing.overdue_beyond(now, currency, 60),
        "overdue_90": ageing.overdue_beyond(now, currency, 90),
        "overdue_rate": ageing.overdue_rate(now),
        "unapplied": ageing.unapplied(now, currency),
    }


def _outstanding_days(part: _Part, day: int) -> dict[str, Measure]:
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


def _month(part: _Part, month: Month) -> dict[str, object]:
    """One month as its entry of `months`: each figure as of the entry's `as_of`, recovery as of the report's date."""
    first, day = month.first.toordinal(), month.as_of.toordinal()
    begin, end = part.by_day[first - 1], part.by_day[day]
    gross, net = part.sales.gross(first, day), part.sales.net(first, day)
    window = (month.first, month.as_of)
    cohort = part.cohorts.get(month.key, ())
    by_count, by_amount = delays.on_time(cohort, first, day)
    measures = {
        **_balance(end, part.portfolio.currency),
        **_outstanding_days(part, day),
        "cei": collection.cei(begin.net, gross, end.net, end.not_due, window),
        "collection_rate": collection.collection_rate(part.alive[month.key], first, month.last.toordinal(), day),
        "on_time_share": by_count,
        "on_time_share_amount": by_amount,
    }
    entry: dict[str, object] = {"month": month.key, "as_of": month.as_of.isoformat()}
    if month.to_date:
        entry["to_date"] = True
    entry |= document(measures)
    entry["ageing"] = ageing.ageing(end)
    cells = cohorts.recovery(cohort, part.portfolio.as_of)
    entry["recovery"] = {str(age): measure.to_json() for age, measure in cells.items()}
    entry["net_sales"] = net / 100
    return entry


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


def _by_number(items: Iterable[Item]) -> dict[str, Item]:
    return {item.number: item for item in items}
