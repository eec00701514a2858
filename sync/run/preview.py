"""The days to come, supposing that nobody pays and every step is done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sync.dunning.conclude import Conclusion, conclude
from sync.dunning.model import Decision, Observation
from sync.dunning.reasons import State
from sync.ledger.model import JournalRow
from sync.post.journal import row_of
from sync.run.gathering import Gathered


def preview(gathered: Gathered, days: int) -> list[tuple[date, Sequence[Decision]]]:
    """The decisions due on each of the days to come, supposing that nobody pays and every step is done."""
    as_of = gathered.as_of
    journal = list(gathered.ledger.journal)
    today = conclude(gathered.ledger, gathered.rules, as_of)
    shown: list[tuple[date, Sequence[Decision]]] = []
    journal += _as_done(today, as_of)
    for number in range(1, days + 1):
        day = as_of + timedelta(days=number)
        found = conclude(replace(gathered.ledger, journal=journal), gathered.rules, day, check_freshness=False)
        shown.append((day, [decision for decision in found.decisions if decision.state is State.DUE]))
        journal += _as_done(found, day)
    return shown


def _as_done(found: Conclusion, day: date) -> list[JournalRow]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    done = [
        Observation(
            customer=one.customer, invoices=one.invoices, currency=one.currency, cadence=one.cadence, step=one.step,
            occurrence=one.occurrence, channel=str(one.channel), status="done", key=one.key,
        )
        for one in found.decisions
        if one.state is State.DUE
    ]  # fmt: skip
    return [row_of(observation, noon, "", "") for observation in [*found.observations, *done]]
