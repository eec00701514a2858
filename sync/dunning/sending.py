"""Which of the due messages may leave now: mode, approvals, sending hours, the daily cap, the unusual volume."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

from sync.dunning.calendar import BusinessDays
from sync.dunning.model import Decision, Mode, Settings
from sync.dunning.reasons import Reason, State, state_of
from sync.ledger.words import Approval, Channel

USUAL_WINDOW_DAYS = 60
USUAL_MIN_DAYS = 5


def is_window_open(now: datetime, settings: Settings, calendar: BusinessDays) -> bool:
    """Whether `now`, in the company's zone, is a sending day and hour (the closing time itself is outside)."""
    return calendar.is_business_day(now.date()) and settings.sending_from <= now.time() < settings.sending_to


def usual_volume(sent_on: Mapping[date, int], as_of: date) -> float | None:
    """Median of messages a sending day over the last 60 days; None with fewer than 5 such days."""
    start = as_of - timedelta(days=USUAL_WINDOW_DAYS)
    days = [count for day, count in sent_on.items() if start <= day < as_of and count]
    return float(median(days)) if len(days) >= USUAL_MIN_DAYS else None


def is_unusual(count: int, sent_on: Mapping[date, int], as_of: date, settings: Settings) -> bool:
    """More messages than `volume_guard` percent of the usual: a person must confirm first."""
    usual = usual_volume(sent_on, as_of)
    return settings.volume_guard is not None and usual is not None and count * 100 > usual * settings.volume_guard


def may_leave(decision: Decision, mode: Mode) -> bool:
    """Whether mode and approval let this message leave by the program; `approved` was checked against its draft."""
    if decision.state is not State.DUE or decision.channel is not Channel.EMAIL or decision.reason is Reason.DRAFT_OUTDATED:
        return False
    if mode is Mode.DRAFT or decision.approval is Approval.PERSON:
        return False
    if decision.approved:
        return True
    return mode is Mode.AUTO and decision.approval is Approval.AUTO


def choose(
    decisions: Sequence[Decision],
    settings: Settings,
    *,
    sent_today: int,
    window_open: bool,
    may_reach: Callable[[Decision], bool] | None = None,
) -> tuple[list[Decision], list[Decision]]:
    """(to send now by priority, all decisions with the reason of those that must wait). `may_reach` False: not at this hour."""
    ready = sorted(
        (decision for decision in decisions if may_leave(decision, settings.mode)),
        key=lambda decision: (-decision.priority, decision.key),
    )
    room = len(ready) if settings.daily_cap is None else max(0, settings.daily_cap - sent_today)
    waiting: dict[str, Reason] = {}
    if not window_open:
        waiting = {decision.key: Reason.OUTSIDE_WINDOW for decision in ready}
    else:
        waiting = {one.key: Reason.OUTSIDE_WINDOW for one in ready if may_reach is not None and not may_reach(one)}
        reached = [one for one in ready if one.key not in waiting]
        waiting |= {one.key: Reason.CAP_REACHED for one in reached[room:]}
    told = [
        replace(decision, reason=waiting[decision.key], state=state_of(waiting[decision.key]))
        if decision.key in waiting
        else decision
        for decision in decisions
    ]
    return [decision for decision in ready if decision.key not in waiting], told
