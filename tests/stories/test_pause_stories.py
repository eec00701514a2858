"""Doubt sends nothing: each reason why a customer is left in peace, and what ends it (rules 4 and 5)."""

import pytest
from story import DelayReason, Kind, PaymentMeans, Status, Story, day

from sync.dunning.reasons import State


def test_a_hold_is_quiet_to_the_end_of_its_day():
    story = Story().invoice("F-1", due="2026-01-30", hold="2026-02-10")
    assert story.why("F-1", "2026-02-10") == "on_hold"
    assert story.due("2026-02-11") == ["email 2 F-1"]


def test_a_dispute_lasts_until_the_cell_changes():
    story = Story().invoice("F-1", due="2026-01-30", reason=DelayReason.DISPUTE).invoice("F-2", due="2026-01-30")
    assert story.why("F-1", "2026-12-31") == "disputed"
    assert story.due("2026-02-02") == ["email 2 F-2"]
    story.says("F-1", reason=None)
    assert story.why("F-1", "2026-02-02") != "disputed"


def test_a_promise_rests_the_whole_customer_in_that_currency():
    story = Story().invoice("F-1", due="2026-01-30", promised="2026-02-10").invoice("F-2", due="2026-01-20")
    story.invoice("G-1", due="2026-01-20", currency="GBP")
    assert story.why("F-2", "2026-02-12") == "promised"  # the date plus two days of grace
    assert str(story.view("F-1", "2026-02-05").until) == "2026-02-12"
    assert story.due("2026-02-05") == ["email 2 G-1"]
    assert story.due("2026-02-13") == ["email 2 F-2 F-1", "email 2 G-1"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (DelayReason.NOT_RECEIVED, "not_received"),
        (DelayReason.HARDSHIP, "hardship"),
        (DelayReason.SAYS_PAID, "says_paid"),
        (DelayReason.APPROVAL_PENDING, "approval_pending"),
    ],
)
def test_a_reason_rests_for_its_days_then_the_plan_goes_on(reason, told):
    story = Story().invoice("F-1", due="2026-01-30", reason=reason, reason_on="2026-02-02")
    days = story.rules.routes[reason].days
    last = story.view("F-1", "2026-02-02").until
    assert (last - day("2026-02-02")).days == days - 1
    assert story.why("F-1", last) == told
    assert story.view("F-1", last.replace(year=2027)).state is not State.PAUSED


def test_bad_faith_does_not_rest():
    story = Story().invoice("F-1", due="2026-01-30", reason=DelayReason.BAD_FAITH)
    assert story.view("F-1", "2026-02-02").state is State.DUE


def test_a_reason_without_a_date_counts_from_the_first_run_that_saw_it():
    story = Story().invoice("F-1", due="2026-01-30", reason=DelayReason.SAYS_PAID)
    story.live(day("2026-02-02"))
    assert story.view("F-1", "2026-02-05").until == story.view("F-1", "2026-02-03").until


def test_a_plan_that_is_kept_rests_its_invoices_and_a_broken_one_gives_them_back():
    story = Story().invoice("F-1", due="2026-01-30", amount=300)
    story.plan("P1", ["F-1"], [("2026-02-15", 150), ("2026-03-15", 150)], agreed_on="2026-02-01")
    assert story.why("F-1", "2026-02-10") == "plan_kept"
    assert story.why("F-1", "2026-02-20") == "plan_kept"  # late, not broken
    assert story.view("F-1", "2026-03-10").state is not State.PAUSED


def test_direct_debit_rests_until_the_bank_returns_it():
    story = Story().contact("C1", payment_means=PaymentMeans.DIRECT_DEBIT).invoice("F-1", due="2026-01-30")
    assert story.why("F-1", "2026-02-02") == "direct_debit"
    story.pays(100, on="2026-01-30", invoice="F-1").pays(-100, on="2026-02-03", invoice="F-1")
    assert story.due("2026-02-04") == ["email 2 F-1"]


def test_an_accepted_bill_rests():
    story = Story().contact("C1", payment_means=PaymentMeans.BILL_OF_EXCHANGE).invoice("F-1", due="2026-01-30")
    assert story.why("F-1", "2026-02-02") == "bill_accepted"


def test_do_not_contact_and_insolvency_rest_everything():
    assert (
        Story().contact("C1", do_not_contact=True).invoice("F-1", due="2026-01-30").why("F-1", "2026-02-02") == "do_not_contact"
    )
    story = Story().contact("C1", insolvent_on=day("2026-02-01")).invoice("F-1", due="2026-01-10")
    assert story.why("F-1", "2026-02-02") == "insolvent"
    assert story.view("F-1", "2026-01-31").state is State.DUE


@pytest.mark.parametrize(
    ("status", "told"),
    [(Status.HANDED_OVER, "handed_over"), (Status.COURT, "in_court"), (Status.WRITTEN_OFF, "written_off")],
)
def test_a_status_rests_from_its_date(status, told):
    story = Story().invoice("F-1", due="2026-01-30", status=status, status_on="2026-02-10")
    assert story.why("F-1", "2026-02-12") == told
    assert story.due("2026-02-05") == ["email 2 F-1"]


def test_drafts_and_cancelled_invoices_are_never_listed():
    story = (
        Story().invoice("F-1", due="2026-01-30", status=Status.DRAFT).invoice("F-2", due="2026-01-30", status=Status.CANCELLED)
    )
    assert story.on("2026-02-02").views == []


def test_a_time_barred_consumer_claim_is_never_asked_again():
    story = Story().contact("C1", kind=Kind.CONSUMER).invoice("F-1", due="2024-01-31", issued="2024-01-01")
    assert story.why("F-1", "2025-12-31") != "time_barred"
    assert story.why("F-1", "2026-01-02") == "time_barred"


def test_old_payments_block_everything():
    story = Story(freshness_days=7).invoice("F-1", due="2026-01-30").pays(10, on="2026-01-20", customer="C2")
    assert story.why("F-1", "2026-02-03") == "stale_payments"
    assert Story(freshness_days=7).invoice("F-1", due="2026-01-30").due("2026-02-03") == ["email 2 F-1"]  # no date: not checked


def test_stop_blocks_everything():
    assert Story(stop=True).invoice("F-1", due="2026-01-30").why("F-1", "2026-02-03") == "stopped"


def test_no_address_is_blocked_and_not_passed():
    story = Story().contact("C1", emails=()).invoice("F-1", due="2026-01-30")
    assert story.life("2026-02-01", "2026-02-28") == []
    assert story.decision("2026-02-28").reason == "no_address"


def test_a_bounce_undoes_the_step_and_blocks_the_address_until_it_changes():
    story = Story().invoice("F-1", due="2026-01-30")
    story.live(day("2026-02-02"))
    sent = story.journal[-1]
    story.logs("2026-02-02", "bounced", channel="email", step=2, recipient="c1@example.org", key=sent.key, invoices=("F-1",))
    assert story.decision("2026-02-10").reason == "bounced"
    story.contact("C1", emails=("new@example.org",))
    decision = story.decision("2026-02-10")
    assert (decision.step, decision.occurrence, decision.to) == (2, 2, ("new@example.org",))


def test_a_message_that_may_have_left_blocks_the_customer_until_a_person_says():
    story = Story().invoice("F-1", due="2026-01-30")
    story.logs(
        "2026-02-02", "reserved", channel="email", step=2, cadence="standard", invoices=("F-1",), key="C1|EUR|standard|F-1|2|1"
    )
    assert story.decision("2026-02-03").reason == "uncertain"
    story.logs(
        "2026-02-03", "failed", channel="email", step=2, cadence="standard", invoices=("F-1",), key="C1|EUR|standard|F-1|2|1"
    )
    assert story.due("2026-02-04") == ["email 2 F-1"]


def test_a_reply_rests_the_customer_for_some_days():
    story = Story().invoice("F-1", due="2026-01-30").logs("2026-02-01", "replied")
    assert story.why("F-1", "2026-02-07") == "replied"
    assert story.due("2026-02-09") == ["email 2 F-1"]


def test_a_doubtful_row_gets_no_letter():
    from dataclasses import replace

    story = Story().invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-01-30")
    story.invoices["F-1"] = replace(story.invoices["F-1"], doubtful=True)
    assert story.why("F-1", "2026-02-03") == "row_problem"
    assert story.due("2026-02-03") == ["email 2 F-2"]


def test_an_unknown_cadence_is_a_problem_of_its_row():
    story = Story().invoice("F-1", due="2026-01-30", cadence="no such")
    conclusion = story.on("2026-02-03")
    assert [problem.code for problem in conclusion.problems] == ["unknown_cadence"]
    assert conclusion.views[0].reason == "row_problem"


def test_a_tick_on_a_row_that_does_not_carry_is_a_problem():
    story = Story().invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-02-01").presses("F-2", "yes")
    assert [problem.code for problem in story.on("2026-02-03").problems] == ["tick_not_carrying"]
