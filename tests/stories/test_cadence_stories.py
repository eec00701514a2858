"""Lives of customers under the cadence: each test is one customer, told with dates (rules 1 to 3)."""

import pytest
from story import Story, day

from sync.dunning.model import LateEntry, Mode
from sync.dunning.reasons import State

# Standard cadence: 1 J-5 note, 2 J+1 e-mail, 3 J+7 call, 4 J+15 registered letter, 5 J+30 call, 6 J+45 formal notice, 7 J+60 hand over.
EVERYTHING = ("call", "letter", "registered letter", "formal notice", "hand over")


def test_a_case_that_nobody_pays_goes_through_every_step_once():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-30", amount=500)
    assert story.life("2026-01-05", "2026-04-30") == [
        "2026-01-23 email 1 F-1",  # J-5 is a Sunday: the business day before
        "2026-02-02 email 2 F-1",  # J+1 is a Saturday: the business day after
        "2026-02-06 call 3 F-1",
        "2026-02-16 registered letter 4 F-1",
        "2026-03-02 call 5 F-1",
        "2026-03-16 formal notice 6 F-1",
        "2026-03-31 hand over 7 F-1",
    ]


def test_a_payer_gets_the_note_and_nothing_more():
    story = Story().invoice("F-1", due="2026-01-30").pays(100, on="2026-01-28", invoice="F-1")
    assert story.life("2026-01-05", "2026-03-30") == ["2026-01-23 email 1 F-1"]


def test_an_invoice_is_late_from_the_day_after_its_due_date():
    story = Story().invoice("F-1", due="2026-02-10")
    assert story.view("F-1", "2026-02-10").days_late == 0
    assert story.view("F-1", "2026-02-11").days_late == 1
    assert story.due("2026-02-10") == []
    assert story.due("2026-02-11") == ["email 2 F-1"]


def test_the_first_contact_is_the_first_step_however_late():
    story = Story(does=EVERYTHING).invoice("F-1", due="2025-10-01")
    assert story.life("2026-02-02", "2026-02-09") == [
        "2026-02-02 email 2 F-1",
        "2026-02-03 call 3 F-1",
        "2026-02-09 registered letter 4 F-1",
    ]


@pytest.mark.parametrize(("entry", "cap", "step"), [("first", None, 2), ("match", None, 3), ("match", 2, 2)])
def test_late_entry_match_starts_where_the_age_is_but_never_at_a_persons_step(entry, cap, step):
    soft = next(cadence for cadence in Story().rules.cadences if cadence.segment == "reliable")  # J+3 and J+10 e-mails, J+20 call
    story = Story(late_entry=LateEntry(entry), late_entry_cap=cap).invoice("F-1", due="2026-01-02", cadence=soft.name)
    assert story.decision("2026-02-20").step == step


def test_one_message_lists_all_late_invoices_and_the_oldest_carries():
    story = Story().invoice("F-2", due="2026-02-03").invoice("F-1", due="2026-02-02").invoice("F-3", due="2026-03-30")
    decision = story.decision("2026-02-05")
    assert (decision.carrying, decision.invoices, decision.amount) == ("F-1", ("F-1", "F-2"), 20000)


def test_of_two_invoices_due_the_same_day_the_larger_carries():
    story = Story().invoice("F-1", due="2026-02-02", amount=100).invoice("F-2", due="2026-02-02", amount=300)
    assert story.decision("2026-02-05").carrying == "F-2"


def test_a_younger_invoice_claimed_once_does_not_start_again():
    story = Story(does=("call",)).invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-02-04")
    assert story.life("2026-02-02", "2026-02-05") == ["2026-02-02 email 2 F-1"]
    story.pays(100, on="2026-02-06", invoice="F-1")
    # F-1 is paid: F-2 carries, was never claimed, and its age matches the step the customer has reached.
    assert story.life("2026-02-06", "2026-02-12") == ["2026-02-09 email 2 F-2", "2026-02-11 call 3 F-2"]


def test_from_the_registered_letter_up_only_invoices_already_claimed_are_claimed():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-30")
    story.life("2026-02-02", "2026-02-11")
    story.invoice("F-9", due="2026-02-12")
    decision = story.decision("2026-02-16")
    assert (decision.channel, decision.invoices, decision.also_open) == ("registered letter", ("F-1",), ("F-9",))


def test_written_messages_are_spaced_and_calls_are_not():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-01")
    story.logs("2026-02-04", channel="email", note="written by hand")
    decision = story.decision("2026-02-06")
    assert (decision.state, decision.reason, str(decision.action_date)) == (State.WAITING, "spacing", "2026-02-11")
    assert story.due("2026-02-11") == ["email 2 F-1"]  # equality is enough


def test_a_logged_call_does_not_delay_an_email():
    story = Story().invoice("F-1", due="2026-01-30").logs("2026-02-01", channel="call")
    assert story.due("2026-02-02") == ["email 2 F-1"]


def test_a_message_in_another_currency_does_not_delay():
    story = Story().invoice("F-1", due="2026-01-30").invoice("G-1", due="2026-01-28", currency="GBP")
    assert story.due("2026-02-02") == ["email 2 F-1", "email 2 G-1"]


def test_missed_runs_catch_up_one_step_per_spacing():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-30")
    assert story.life("2026-03-02", "2026-03-20") == [
        "2026-03-02 email 2 F-1",
        "2026-03-03 call 3 F-1",
        "2026-03-09 registered letter 4 F-1",
        "2026-03-10 call 5 F-1",
        "2026-03-16 formal notice 6 F-1",
    ]


def test_a_call_that_nobody_makes_is_skipped_after_its_grace_and_the_plan_goes_on():
    story = Story(does=("registered letter",)).invoice("F-1", due="2026-01-30")
    assert story.life("2026-02-02", "2026-02-20") == [
        "2026-02-02 email 2 F-1",
        "2026-02-12 skipped call 3 F-1",  # due on the 6th, five days of grace
        "2026-02-16 registered letter 4 F-1",
    ]


def test_after_a_passed_step_the_next_is_shown_at_once_and_has_days_of_its_own():
    story = Story().invoice("F-1", due="2026-01-01")
    story.logs("2026-01-02", "sent", channel="email", step=2, cadence="standard", invoices=("F-1",))
    observations = [(one.channel, one.step) for one in story.on("2026-02-05").observations if one.status == "skipped"]
    assert observations == [("call", 3)]  # the letter's day has come too, yet nobody could see it before
    assert story.due("2026-02-05") == ["registered letter 4 F-1"]
    story.live(day("2026-02-05"))
    assert story.due("2026-02-05") == ["registered letter 4 F-1"]
    assert story.life("2026-02-06", "2026-02-11") == ["2026-02-11 skipped registered letter 4 F-1"]


def test_a_formal_notice_is_never_skipped():
    story = Story(does=("call", "registered letter")).invoice("F-1", due="2026-01-30")
    story.life("2026-02-02", "2026-05-29")
    decision = story.decision("2026-05-29")
    assert (decision.channel, decision.state, decision.reason) == ("formal notice", State.DUE, "for_a_person")


def test_after_the_last_step_a_person_decides():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-30")
    story.life("2026-02-02", "2026-03-31")
    waiting, over = story.decision("2026-04-14"), story.decision("2026-04-15")
    assert (waiting.state, waiting.reason) == (State.WAITING, "plan_exhausted")
    assert (over.state, over.reason) == (State.EXHAUSTED, "plan_exhausted")


def test_a_cycle_ends_when_nothing_is_late_and_the_next_one_starts_again():
    story = Story(does=EVERYTHING).invoice("F-1", due="2026-01-30")
    story.life("2026-02-02", "2026-02-17")
    story.pays(100, on="2026-02-18", invoice="F-1")
    story.invoice("F-2", due="2026-03-02", issued="2026-02-20")
    assert story.life("2026-03-01", "2026-03-04") == ["2026-03-01 email 1 F-2", "2026-03-03 email 2 F-2"]


def test_a_returned_payment_reopens_the_invoice_and_the_step_is_a_new_occurrence():
    story = Story().invoice("F-1", due="2026-01-30")
    story.life("2026-02-02", "2026-02-03")
    story.pays(100, on="2026-02-04", invoice="F-1").pays(-100, on="2026-02-20", invoice="F-1")
    decision = story.decision("2026-02-20")
    assert (decision.step, decision.occurrence, decision.state) == (2, 2, State.DUE)


def test_a_returned_payment_while_another_is_late_keeps_the_level():
    story = Story(does=("call",)).invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-01-30", amount=50)
    story.life("2026-02-02", "2026-02-06")
    story.pays(100, on="2026-02-07", invoice="F-1").pays(-100, on="2026-02-12", invoice="F-1")
    decision = story.decision("2026-02-16")
    assert (decision.carrying, decision.step, decision.invoices) == ("F-1", 4, ("F-1", "F-2"))


def test_what_was_done_before_relance_seeds_the_level():
    story = Story().invoice("F-1", due="2026-01-01", last_step=3, last_contact="2026-02-01")
    decision = story.decision("2026-02-06")
    assert (decision.step, decision.channel, str(decision.action_date)) == (4, "registered letter", "2026-02-09")


def test_no_note_for_a_customer_who_is_late_elsewhere():
    story = Story().invoice("F-1", due="2026-01-30", hold="2026-12-31").invoice("F-2", due="2026-02-20")
    assert story.due("2026-02-16") == []


def test_no_note_on_the_due_day():
    story = Story().invoice("F-1", due="2026-02-17", issued="2026-02-17")
    assert story.due("2026-02-17") == []


def test_a_note_lists_the_invoices_whose_day_has_come():
    story = Story().invoice("F-1", due="2026-02-18").invoice("F-2", due="2026-02-19").invoice("F-3", due="2026-03-25")
    assert story.life("2026-02-12", "2026-02-17") == ["2026-02-13 email 1 F-1 F-2"]


def test_a_balance_under_the_minimum_is_not_reminded_and_equality_is():
    assert Story().invoice("F-1", due="2026-01-30", amount=14.99).why("F-1", "2026-02-03") == "below_minimum"
    assert Story().invoice("F-1", due="2026-01-30", amount=15).due("2026-02-03") == ["email 2 F-1"]


def test_small_invoices_never_carry_and_are_listed_beside_others():
    story = Story().invoice("F-1", due="2026-01-20", amount=4.99)
    assert story.why("F-1", "2026-02-03") == "below_minimum"
    story.invoice("F-2", due="2026-01-30", amount=100)
    decision = story.decision("2026-02-03")
    assert (decision.carrying, decision.invoices) == ("F-2", ("F-1", "F-2"))


def test_free_money_that_covers_the_debt_stops_the_reminder():
    story = Story().invoice("F-1", due="2026-01-30").pays(100, on="2026-02-01")
    assert story.why("F-1", "2026-02-03") == "covered_by_credit"


def test_free_money_that_covers_a_part_is_shown():
    decision = Story().invoice("F-1", due="2026-01-30").pays(40, on="2026-02-01").decision("2026-02-03")
    assert (decision.amount, decision.unallocated, decision.to_pay) == (10000, 4000, 6000)


def test_a_step_repeats_as_often_as_its_row_says():
    from dataclasses import replace

    base = Story().rules
    standard = next(cadence for cadence in base.cadences if cadence.segment is None)
    steps = tuple(replace(step, repeat_every=10, repeat_max=3) if step.number == 2 else step for step in standard.steps[:2])
    story = Story(rules=replace(base, cadences=[replace(standard, steps=steps)])).invoice("F-1", due="2026-01-30")
    assert story.life("2026-02-01", "2026-03-30") == [
        "2026-02-02 email 2 F-1",
        "2026-02-12 email 2 F-1",
        "2026-02-23 email 2 F-1",  # ten days later is a Sunday
    ]
    assert [row.occurrence for row in story.journal if row.status == "sent"] == [1, 2, 3]


def test_skip_on_the_carrying_row_passes_the_step_with_a_trace():
    story = Story(approves=False).invoice("F-1", due="2026-01-30").presses("F-1", "skip")
    assert story.life("2026-02-02", "2026-02-02") == ["2026-02-02 skipped email 2 F-1"]
    assert story.decision("2026-02-03").step == 3


def test_skip_on_another_row_leaves_that_invoice_out_once():
    story = Story().invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-01-30", amount=50).presses("F-2", "skip")
    assert story.due("2026-02-02") == ["email 2 F-1"]


def test_a_cadence_that_changes_inside_a_cycle_asks_a_person():
    story = Story().invoice("F-1", due="2026-01-30")
    story.logs("2026-02-02", "sent", channel="email", step=1, cadence="another", invoices=("F-1",))
    decision = story.decision("2026-02-12")
    assert (decision.reason, decision.approval) == ("cadence_changed", "ask")


def test_two_cadences_of_one_customer_do_not_write_on_the_same_day():
    names = [cadence.name for cadence in Story().rules.cadences if cadence.segment is not None]
    story = Story().invoice("F-1", due="2026-01-28").invoice("F-2", due="2026-01-30", cadence=names[0])
    reasons = {one.carrying: str(one.reason) for one in story.on("2026-02-20").decisions}
    assert reasons["F-1"] in ("step_due", "awaiting_approval")
    assert reasons["F-2"] == "spacing"


@pytest.mark.parametrize("mode", list(Mode))
def test_modes_change_what_leaves_not_what_is_decided(mode):
    decision = Story(mode=mode).invoice("F-1", due="2026-01-30").decision("2026-02-03")
    assert decision.state is State.DUE
    assert decision.reason == ("awaiting_approval" if mode is Mode.APPROVE else "step_due")
