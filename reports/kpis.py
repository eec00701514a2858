"""kpis.json: every figure of the site as one plain document (the contract's `<site>/data/kpis.json`).

One panel per currency, and within it one per segment, so that numerators and denominators are summed before they are
divided (kpis §0). Nothing here reads the clock: `as_of` and `run_at` are arguments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from reports import panels
from reports.calendar import DAY, Month, months
from reports.cash import Forecast
from reports.measures import ageing, cohorts, rolls, stages
from reports.measures.measure import document
from reports.portfolio import Portfolio, balances, portfolios
from sync.dunning.agreements.promises import Promise, promises
from sync.dunning.model import Profile, Settings
from sync.ledger.balances import settle
from sync.ledger.collector import collector_paused
from sync.ledger.model import UNHANDLED, JournalRow, Ledger
from sync.ledger.words import Act, Segment

PARTIAL_ROWS = "fewer_than_95_percent_of_rows"
SEGMENTS = tuple(segment.value for segment in Segment)
Segments = Mapping[tuple[str, str], str]  # (customer, currency) -> segment word; unknown customers count as "new"


def segments_of(profiles: Iterable[Profile]) -> Segments:
    """The segment of each customer and currency, as `kpis_document` wants it."""
    return {(profile.customer, profile.currency): profile.segment.value for profile in profiles}


def kpis_document(
    ledger: Ledger,
    segments: Segments,
    journal: Sequence[JournalRow],
    as_of: date,
    run_at: datetime,
    quality: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    forecasts: Mapping[str, Forecast] | None = None,
    acts: Mapping[str, stages.Acts] | None = None,
) -> dict[str, object]:
    """All figures as of a date, ready for `json.dumps`: numbers unrounded, never NaN, amounts of buckets as text.

    `segments` are those of the report's date. `quality` adds to or replaces what the ledger itself shows. `forecasts`
    by currency (see `reports.cash.forecasts`) add the key `forecast` to their panels; `acts` spare reading the journal again.
    """
    known = replace(ledger, journal=journal) if journal is not ledger.journal else ledger
    chosen = settings or Settings()
    with collector_paused():
        made = promises(known, settle(known, as_of), chosen) if _speaks_of_promises(known) else ()
        panels_ = {
            currency: _currency(
                portfolio, known, segments, [one for one in made if one.currency == currency], chosen, (acts or {}).get(currency)
            )
            for currency, portfolio in portfolios(known, as_of).items()
        }
    for currency, forecast in (forecasts or {}).items():
        if currency in panels_:
            panels_[currency]["forecast"] = forecast.to_json()
    shown = {**data_quality(ledger, as_of), **(quality or {})}
    if _is_partial(len(ledger.invoices), shown["rows_rejected"]):
        _warn(panels_)
    return {
        "as_of": as_of.isoformat(),
        "run_at": run_at.isoformat(),
        "quality": {
            **shown,
            "payments_as_of": ledger.payments_as_of.isoformat() if ledger.payments_as_of is not None else None,
        },
        "currencies": panels_,
    }


def _speaks_of_promises(ledger: Ledger) -> bool:
    """A sheet without any promise needs no second balance to judge them."""
    return any(row.status is Act.PROMISED or row.field == "promised" for row in ledger.journal) or any(
        invoice.handling is not UNHANDLED and invoice.handling.promised is not None for invoice in ledger.invoices
    )


def _is_partial(read: int, rejected: int) -> bool:
    """kpis §17: fewer than 95 % of the rows could be used."""
    return 20 * rejected > read + rejected


def _warn(node: object) -> None:
    """Every figure built on fewer than 95 % of the rows says so."""
    if isinstance(node, dict):
        if "why_null" in node:
            node["warnings"].append(PARTIAL_ROWS)
        for child in node.values():
            _warn(child)
    elif isinstance(node, list):
        for child in node:
            _warn(child)


def data_quality(ledger: Ledger, as_of: date) -> dict[str, int]:
    """kpis §17: rows left out, payments that name no known invoice, assumed due dates, customers nobody can write to."""
    numbers = {invoice.number for invoice in ledger.invoices}
    owing = {invoice.customer for invoice in ledger.invoices if invoice.issued <= as_of}
    reachable = {key for key, contact in ledger.contacts.items() if contact.emails or contact.phone or contact.address}
    return {
        "rows_rejected": ledger.rows_rejected,
        "unmatched_payments": sum(payment.invoice not in numbers for payment in ledger.payments if payment.paid_on <= as_of),
        "no_due_date": sum(invoice.due_is_assumed for invoice in ledger.invoices),
        "customers_without_contact": len(owing - reachable),
    }


def _currency(
    portfolio: Portfolio,
    ledger: Ledger,
    segments: Segments,
    made: Sequence[Promise],
    settings: Settings,
    acts: stages.Acts | None = None,
) -> dict[str, object]:
    today = portfolio.as_of
    day = date.fromordinal(today)
    by_customer = {customer: word for (customer, currency), word in segments.items() if currency == portfolio.currency}
    first_issue = date.fromordinal(portfolio.first_issue) if portfolio.first_issue is not None else None
    calendar = months(first_issue, day)
    insolvent = {
        key for key, contact in ledger.contacts.items() if contact.insolvent_on is not None and contact.insolvent_on <= day
    }
    split = portfolio.split(by_customer, SEGMENTS, Segment.NEW.value)
    days = _reporting_days(calendar, today)
    figures = {segment: balances(part, days) for segment, part in split.items()}
    total = [sum(column[1:], column[0]) for column in zip(*figures.values(), strict=True)]
    journal = ledger.journal
    whole = panels.part_of(portfolio, calendar, dict(zip(days, total, strict=True)), made, journal, settings, insolvent, acts)
    panel = _panel(whole)
    panel["months"] = [_month(whole, month) for month in calendar]
    panel["stages"] = [
        {"cadence": stage.cadence, "step": stage.step, "channel": stage.channel, **counts, **document(measures)}
        for stage, measures, counts in panels.stage_entries(whole)
    ]
    panel |= _fates(whole, calendar)
    panel["segments"] = {
        segment: _panel(
            panels.part_of(
                part, (), dict(zip(days, figures[segment], strict=True)),
                [one for one in made if by_customer.get(one.customer, Segment.NEW.value) == segment], journal, settings, insolvent,
                whole.acts,
            )
        )
        for segment, part in split.items()
    }  # fmt: skip
    return panel


def _reporting_days(calendar: Sequence[Month], as_of: int) -> list[int]:
    """Each month's measuring day, the eve of the first month, and the date of the report; rising."""
    days = {as_of} | {month.as_of.toordinal() for month in calendar}
    if calendar:
        days.add((calendar[0].first - DAY).toordinal())
    return sorted(days)


def _panel(part: panels.Part) -> dict[str, object]:
    """The figures of a currency or a segment at the date of the report."""
    return {
        **document(panels.standing(part)),
        **document(panels.behaviour(part)),
        "ageing": ageing.ageing(part.by_day[part.today]),
        "days_late": document(panels.days_late(part)),
    }


def _month(part: panels.Part, month: Month) -> dict[str, object]:
    """One entry of `months`: each figure as of the entry's `as_of`, recovery as of the report's date."""
    recovery = panels.recovery(part, month)
    return {
        "month": month.key,
        "as_of": month.as_of.isoformat(),
        **({"to_date": True} if month.to_date else {}),
        **document(panels.month(part, month)),
        "ageing": ageing.ageing(part.by_day[month.as_of.toordinal()]),
        "recovery": document(recovery),
        "at_risk": cohorts.at_risk(recovery["90"]).to_json(),
        "recovery_billed": document(panels.recovery_billed(part, month)),
    }


def _fates(part: panels.Part, calendar: Sequence[Month]) -> dict[str, object]:
    """Roll rates of the last complete months and the provision matrix drawn from them (§11, §14)."""
    by_month = panels.month_rolls(part, calendar)
    found = panels.expected_loss(part, calendar, by_month)
    smooth = rolls.matrix(rolls.smoothed(by_month)) if by_month else {}
    return {
        "roll_rates": {bucket: document(fates) for bucket, fates in smooth.items()},
        "loss_rates": document(found.rates),
        "loss_final_91": found.final.to_json(),
        "expected_loss": found.allowance.to_json(),
        "assessed_singly": found.singly.to_json(),
    }
