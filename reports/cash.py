"""The forecast as the pages and the sheet ask for it: per currency, with its backtest, and an outlook per invoice.

The forecast shown is the model's only where the backtest says it was no worse than "everyone pays on the due date";
else the due dates are shown, and the page says why (kpis §16).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reports.backtest import METHODS, Backtest, backtest, origins
from reports.forecast import (
    DRAWS,
    Outlook,
    Said,
    Week,
    baseline,
    habits_at,
    outlooks,
    prospects,
    said_now,
    said_then,
    simulate,
    weeks,
)
from reports.lateness import Habits
from reports.portfolio import Portfolio, portfolios
from sync.dunning.agreements.promises import Promise, promises
from sync.dunning.model import Settings
from sync.ledger.balances import Balances, settle
from sync.ledger.collector import collector_paused
from sync.ledger.model import UNHANDLED, Cents, Ledger
from sync.ledger.words import Act

WORSE = "worse_than_due_dates"
NOT_TESTED = "too_little_history_to_test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Thirteen weeks on what is already invoiced in one currency.

    `why_baseline` is "" when the model is shown; else P10, P50 and P90 of each week are the due dates' own sum.
    `later` is what is expected after the last week or never: the open amount less the sum of the weekly P50.
    """

    currency: str
    as_of: date
    weeks: tuple[Week, ...]
    open: Cents
    why_baseline: str
    backtest: Backtest
    outlooks: Mapping[str, Outlook]

    @property
    def later(self) -> Cents:
        return self.open - sum(week.p50 for week in self.weeks)

    def to_json(self) -> dict[str, object]:
        """For kpis.json: amounts in currency units; no invoice is named."""
        test = self.backtest
        return {
            "method": "due_dates" if self.why_baseline else "habits",
            "why_due_dates": self.why_baseline,
            "open": self.open / 100,
            "later": self.later / 100,
            "weeks": [
                {
                    "from": week.first.isoformat(),
                    "to": week.last.isoformat(),
                    "p10": week.p10 / 100,
                    "p50": week.p50 / 100,
                    "p90": week.p90 / 100,
                    "on_due_dates": week.on_due_dates / 100,
                }
                for week in self.weeks
            ],
            "backtest": {
                "origins": [date.fromordinal(origin.day).isoformat() for origin in test.origins],
                "weeks": test.weeks,
                "wape": test.wape,
                "wape_due_dates": test.baseline_wape,
                "bias": test.bias,
                "bias_due_dates": test.baseline_bias,
                "coverage": test.coverage,
                "n": test.n,
                "mae_days": {name: test.mae_days[name] for name in METHODS} if test.mae_days is not None else None,
            },
        }


def forecasts(
    ledger: Ledger,
    segments: Mapping[tuple[str, str], str],
    as_of: date,
    settings: Settings,
    lost: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Forecast]:
    """The forecast of each currency (§16). `segments` as of the date; `lost` = loss rates by bucket and currency, if known."""
    with collector_paused():
        balances = settle(ledger, as_of)
        made = promises(ledger, balances, settings)
        written = written_promises(ledger, balances, settings)
        return {
            currency: _forecast(portfolio, ledger, made, written, segments, settings, (lost or {}).get(currency))
            for currency, portfolio in portfolios(ledger, as_of).items()
        }


def invoice_outlooks(
    ledger: Ledger, segments: Mapping[tuple[str, str], str], as_of: date, settings: Settings
) -> dict[str, Outlook]:
    """Expected day and chance of more than 30 days late of every open invoice, without weeks nor backtest: for the sheet."""
    with collector_paused():
        made = promises(ledger, settle(ledger, as_of), settings)
        found: dict[str, Outlook] = {}
        for portfolio in portfolios(ledger, as_of).values():
            said, habits = _present(portfolio, ledger, made, segments, None)
            if not habits.is_empty:
                open_now = prospects(portfolio, portfolio.as_of, habits, said, ledger.instalments, settings)
                found |= outlooks(open_now, portfolio, portfolio.as_of)
        return found


def _present(
    portfolio: Portfolio,
    ledger: Ledger,
    made: Iterable[Promise],
    segments: Mapping[tuple[str, str], str],
    lost: Sequence[float] | None,
) -> tuple[Said, Habits]:
    groups = {customer: word for (customer, currency), word in segments.items() if currency == portfolio.currency}
    own = [one for one in made if one.currency == portfolio.currency]
    items = {item.number: item for item in portfolio.items}
    said = said_now(own, items, ledger.journal, groups, portfolio.as_of)
    return said, habits_at(portfolio, portfolio.as_of, groups, lost)


def _forecast(
    portfolio: Portfolio,
    ledger: Ledger,
    made: Sequence[Promise],
    written: Sequence[Promise],
    segments: Mapping[tuple[str, str], str],
    settings: Settings,
    lost: Sequence[float] | None,
) -> Forecast:
    today = portfolio.as_of
    said, habits = _present(portfolio, ledger, made, segments, lost)
    open_now = prospects(portfolio, today, habits, said, ledger.instalments, settings)
    on_due = baseline(open_now, today)
    items = {item.number: item for item in portfolio.items}
    own = [one for one in written if one.currency == portfolio.currency]
    then = [(day, said_then(own, items, ledger.journal, day)) for day in origins(portfolio)]
    test = backtest(portfolio, then, ledger.instalments, settings)
    shown = weeks(simulate(open_now, today, DRAWS), on_due, today)
    why = "" if test.beats_baseline else NOT_TESTED if test.wape is None else WORSE
    if why:
        shown = tuple(replace(week, p10=week.on_due_dates, p50=week.on_due_dates, p90=week.on_due_dates) for week in shown)
    return Forecast(
        currency=portfolio.currency,
        as_of=date.fromordinal(today),
        weeks=shown,
        open=sum(one.amount for one in open_now),
        why_baseline=why,
        backtest=test,
        outlooks={} if habits.is_empty else outlooks(open_now, portfolio, today),
    )


def written_promises(ledger: Ledger, balances: Balances, settings: Settings) -> Sequence[Promise]:
    """The promises that the journal dates, without the cells: what a past day can be said to have known."""
    if not any(row.status is Act.PROMISED or row.field == "promised" for row in ledger.journal):
        return ()
    plain = [
        invoice if invoice.handling.promised is None else replace(invoice, handling=UNHANDLED) for invoice in ledger.invoices
    ]
    return promises(replace(ledger, invoices=plain), balances, settings)
