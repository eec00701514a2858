"""A run of the demo shows every rule at work: what leaves, what waits for a person, what is left in peace and why."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sync.demo.book import demo_day, make_demo
from sync.dunning.reasons import Reason
from sync.ledger.words import Channel, Language, Segment
from sync.run.clock import Clock
from sync.run.deciding import Run, decide_run
from sync.run.gathering import gather
from sync.workbook.excel.carrier import Excel


def run_of(path: Path, language: Language, day: date) -> Run:
    make_demo(path, language, day)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    clock = Clock(utc_now=lambda: noon)
    return decide_run(gather(Excel(path, language), clock))


@pytest.mark.parametrize(("language", "day"), [("fr", date(2026, 11, 20)), ("en", date(2027, 3, 10))])
def test_every_rule_has_its_case(tmp_path: Path, language: Language, day: date) -> None:
    run = run_of(tmp_path / "demo.xlsx", language, day)
    reasons = Counter(view.reason for view in run.plan.invoices)
    assert reasons[Reason.STEP_DUE] >= 5
    assert reasons[Reason.FOR_A_PERSON] >= 4
    told = {
        Reason.INSOLVENT, Reason.PLAN_KEPT, Reason.DISPUTED, Reason.PROMISED, Reason.BILL_ACCEPTED, Reason.TIME_BARRED,
        Reason.WRITTEN_OFF, Reason.HANDED_OVER, Reason.IN_COURT, Reason.ON_HOLD, Reason.HARDSHIP, Reason.SAYS_PAID,
        Reason.NOT_RECEIVED, Reason.APPROVAL_PENDING, Reason.DO_NOT_CONTACT, Reason.COVERED_BY_CREDIT, Reason.BOUNCED,
        Reason.UNCERTAIN, Reason.NO_ADDRESS, Reason.BELOW_MINIMUM, Reason.ROW_PROBLEM, Reason.NOT_DUE,
    }  # fmt: skip
    assert told <= set(reasons)
    channels = {decision.channel for decision in run.decisions}
    assert {Channel.EMAIL, Channel.CALL, Channel.REGISTERED_LETTER, Channel.FORMAL_NOTICE} <= channels
    assert {profile.segment for profile in run.conclusion.profiles} == set(Segment)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mistyped_rows_are_told_and_nothing_else_is(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path / "demo.xlsx", language, date(2026, 11, 20))
    codes = Counter(problem.code for problem in run.problems)
    assert codes == {
        "unknown_customer_close": 1, "error_cell": 1, "impossible_date": 1, "paid_in_the_future": 1, "duplicate_invoice": 2,
        "ambiguous_amount": 1, "unreadable_date" if language == "fr" else "ambiguous_date": 1, "bad_email": 1,
        "unknown_invoice": 1,
    }  # fmt: skip


def test_the_invented_journal_goes_on_where_the_engine_would(tmp_path: Path) -> None:
    """No step is proposed again, and hardly a customer has changed cadence: the past follows the same rules."""
    run = run_of(tmp_path / "demo.xlsx", "fr", date(2026, 11, 20))
    done = run.conclusion.history.acts
    for decision in run.decisions:
        before = [act.step for act in done.get(decision.carrying, ()) if act.cadence == decision.cadence]
        assert decision.step > max(before, default=0) or decision.reason in (
            Reason.PLAN_EXHAUSTED,
            Reason.BOUNCED,
            Reason.UNCERTAIN,
        )
    assert sum(decision.reason is Reason.CADENCE_CHANGED for decision in run.decisions) <= 2


def test_on_a_sunday_the_demo_is_that_of_friday() -> None:
    assert demo_day(date(2026, 11, 22)) == date(2026, 11, 20)
    assert demo_day(date(2026, 11, 19)) == date(2026, 11, 19)
