"""What a person answers in Today, and what follows from it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from story import Story, day

from sync.dunning.today.outcomes import Absorbed, absorb, note_words
from sync.ledger.model import TodayRow
from sync.ledger.words import DelayReason, Outcome
from sync.post.journal import row_of


def answered(story: Story, on: str, **said) -> Absorbed:
    """A row typed by hand at the foot of Today, its acts in the Journal."""
    ledger = replace(story.ledger(), today_rows=[TodayRow(row=2, task="", kind="appel", customer="C1", **said)])
    found = absorb(ledger, story.on(on).late(), {}, day(on))
    for _, act in found.acts:
        when = datetime.combine(day(on), datetime.min.time(), tzinfo=UTC).replace(hour=12)
        story.journal.append(replace(row_of(act, when, "run", "x"), row=len(story.journal) + 2))
    return found


def test_a_promise_made_before_anything_is_late_stands_for_all_that_is_owed():
    story = Story().invoice("F-1", due="2026-01-31", amount=500)
    answered(story, "2026-01-30", outcome=Outcome.PROMISED, date=date(2026, 2, 20))
    (promise,) = story.on("2026-02-02").promises
    assert (promise.currency, promise.amount, promise.state) == ("EUR", 500_00, "open")
    assert story.view("F-1", "2026-02-02").reason == "promised"


def test_an_amount_promised_by_a_customer_of_two_currencies_is_asked_about():
    story = Story().invoice("E-1", due="2026-01-31", amount=1000).invoice("U-1", due="2026-01-31", amount=600, currency="USD")
    found = answered(story, "2026-03-02", outcome=Outcome.PROMISED, date=date(2026, 3, 6), amount_promised=500_00)
    assert [(one.column, one.code) for one in found.problems] == [("invoices", "promise_of_which_currency")]
    assert (found.acts, found.handled) == ([], frozenset())
    found = answered(
        story, "2026-03-02", outcome=Outcome.PROMISED, date=date(2026, 3, 6), amount_promised=500_00, invoices=("E-1",)
    )
    assert [(act.status, act.currency) for _, act in found.acts if act.status == "promised"] == [("promised", "EUR")]


def test_after_a_promise_that_was_kept_the_step_counts_from_the_day_of_the_money():
    story = Story(does=()).invoice("F-1", due="2026-01-31", amount=1000)
    story.life("2026-02-01", "2026-02-03")
    story.says("F-1", reason=DelayReason.PROMISED, promised="2026-03-06", promised_amount=500_00)
    story.life("2026-02-04", "2026-03-04")
    story.pays(500, on="2026-03-05", invoice="F-1")
    shown = [story.decision(on).action_date for on in ("2026-03-06", "2026-03-09", "2026-03-11")]
    assert shown == [date(2026, 3, 6)] * 3


def test_a_late_plan_is_not_called_kept():
    story = Story().invoice("F-1", due="2026-01-10", amount=300)
    story.plan("P1", ["F-1"], [("2026-03-02", 150), ("2026-04-02", 150)], agreed_on="2026-02-01")
    assert "respecté" in story.view("F-1", "2026-03-02").why
    late = story.view("F-1", "2026-03-06")
    assert (late.reason, "n’est pas arrivée" in late.why, "respecté" in late.why) == ("plan_kept", True, False)


def test_free_money_is_told_before_the_age_of_the_payments():
    story = Story(freshness_days=7).invoice("F-1", due="2026-01-31", amount=100).pays(100, on="2026-02-03")
    assert story.why("F-1", "2026-03-10") == "covered_by_credit"


def test_a_note_of_an_answer_is_read_in_the_language_of_the_page():
    assert note_words("chèque le 1er mars; says paid", "fr") == "chèque le 1er mars; dit payée"
    assert note_words("promised", "en") == "promised"
    assert note_words("rappeler mardi; matin", "fr") == "rappeler mardi; matin"
