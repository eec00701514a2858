"""A case that comes back to work: what was not done meanwhile is shown again, not passed over; a residue blocks nobody."""

from dataclasses import replace
from datetime import date

import pytest
from raw_tabs import raw
from story import Story, day

from sync.dunning.configuration import read_rules
from sync.dunning.reasons import State
from sync.ledger.allocation import allocate
from sync.ledger.balances import settle
from sync.ledger.words import DelayReason, Segment, Status


def at_work() -> Story:
    story = Story().contact("C1", segment_set=Segment.OCCASIONAL).invoice("F-1", due="2026-01-31", amount=500)
    assert story.life("2026-02-01", "2026-02-05") == ["2026-02-02 email 2 F-1"]
    return story


@pytest.mark.parametrize(
    ("paused", "lifted"),
    [
        ({"reason": DelayReason.DISPUTE}, {"reason": None}),
        ({"reason": DelayReason.DISPUTE, "reason_on": "2026-02-06"}, {"reason": None, "reason_on": None}),
        ({"status": Status.HANDED_OVER}, {"status": Status.OPEN}),
    ],
    ids=["dispute", "dated dispute", "handed over"],
)
def test_a_reason_or_status_that_a_person_takes_back_shows_the_step_that_fell_into_it(paused, lifted):
    story = at_work().says("F-1", **paused)
    assert story.life("2026-02-06", "2026-04-10") == []
    story.says("F-1", **lifted)
    assert story.life("2026-04-11", "2026-04-15") == []
    assert story.due("2026-04-15") == ["call 3 F-1"]


def test_a_hold_cleared_early_passes_one_step_at_most():
    story = at_work().says("F-1", hold="2026-12-31")
    story.life("2026-02-06", "2026-04-10")
    story.says("F-1", hold=None)
    assert story.life("2026-04-13", "2026-04-17") == ["2026-04-13 skipped call 3 F-1"]
    assert story.due("2026-04-17") == ["registered letter 4 F-1"]


@pytest.mark.parametrize(
    "settings", [{"stop": True}, {"freshness_days": 7, "payments_as_of": date(2026, 1, 25)}], ids=["stopped", "old payments"]
)
def test_a_step_that_nobody_can_do_waits_and_is_not_passed(settings):
    story = at_work()
    story.rules = replace(story.rules, settings=replace(story.rules.settings, **settings))
    assert story.life("2026-02-06", "2026-04-10") == []
    assert story.decision("2026-04-10").step == 3


def test_a_step_covered_by_free_money_waits_and_is_not_passed():
    story = at_work().pays(500, on="2026-02-05")
    assert story.life("2026-02-06", "2026-04-10") == []
    assert (story.decision("2026-04-10").step, story.decision("2026-04-10").reason) == (3, "covered_by_credit")


def test_a_residue_at_the_formal_step_rests_and_the_next_invoice_is_reminded():
    story = Story(does=("call", "registered letter")).contact("C1", segment_set=Segment.OCCASIONAL)
    story.invoice("F-1", due="2026-01-31", amount=100)
    story.life("2026-02-01", "2026-03-04")  # e-mail, call, registered letter, call
    story.pays(90, on="2026-03-05", invoice="F-1").invoice("F-2", due="2026-03-20", amount=5000)
    assert story.view("F-1", "2026-03-23").reason == "below_minimum"
    assert story.life("2026-03-23", "2026-03-23") == ["2026-03-23 email 2 F-2"]


def test_a_route_back_to_a_step_for_a_person_ends_even_when_nobody_does_it():
    rules = read_rules({"reasons": raw("reasons", [{"reason": "mauvaise foi", "pause": "non", "days": 3, "back_to": 3}])})
    story = Story(rules=rules, does=["call", "registered letter"]).contact("C1", segment_set=Segment.OCCASIONAL)
    story.invoice("F-1", due="2026-01-01", amount=500)
    story.life("2026-01-02", "2026-01-20")
    story.says("F-1", reason=DelayReason.BAD_FAITH)
    story.does = set()
    assert len(story.live(day("2026-01-30"))) <= 1


def test_a_reason_typed_again_counts_from_the_day_it_came_back():
    story = at_work().says("F-1", reason=DelayReason.SAYS_PAID)
    story.live(day("2026-02-06"))
    story.says("F-1", reason=None)
    story.live(day("2026-02-07"))
    story.says("F-1", reason=DelayReason.SAYS_PAID)
    view = story.view("F-1", "2026-02-16")
    assert (view.reason, view.until) == ("says_paid", date(2026, 2, 20))


def test_a_second_write_off_has_its_own_day():
    story = Story().invoice("F-1", due="2025-12-31", amount=500).says("F-1", status=Status.WRITTEN_OFF)
    story.live(day("2026-01-10"))
    story.says("F-1", status=Status.OPEN)
    story.live(day("2026-02-01"))
    story.says("F-1", status=Status.WRITTEN_OFF)
    story.live(day("2026-04-15"))
    assert allocate(story.ledger(), day("2026-04-15")).written_off == {"F-1": date(2026, 4, 15)}
    assert settle(story.ledger(), day("2026-03-31")).open == {"F-1": 500_00}


def test_a_last_step_done_before_relance_without_a_date_does_not_wait_for_ever():
    story = Story().invoice("F-1", due="2025-01-31", amount=5000, last_step=7)
    decision = story.decision("2026-02-02")
    assert (decision.state, decision.action_date) == (State.EXHAUSTED, story.decision("2026-06-02").action_date)


def test_a_letter_that_nobody_prints_does_not_keep_another_cadence_silent():
    cadences = read_rules({}).cadences
    other = replace(next(one for one in cadences if one.segment is None or one.segment is Segment.OCCASIONAL), name="other")
    rules = replace(read_rules({}), cadences=[*cadences, other])
    story = Story(rules=rules, does=("call", "registered letter")).contact("C1", segment_set=Segment.OCCASIONAL)
    story.invoice("F-1", due="2026-01-02", amount=500, cadence="other")
    story.life("2026-01-03", "2026-03-10")  # up to the formal notice, which nobody sends
    assert story.decision("2026-03-10").channel == "formal notice"
    story.invoice("F-2", due="2026-04-01", amount=5000)
    assert any("email" in line and "F-2" in line for line in story.life("2026-04-02", "2026-04-20"))


def test_the_last_returned_payment_counts_in_whatever_order_the_rows_stand():
    story = at_work()
    for amount, on in ((500, "2026-02-06"), (-500, "2026-02-10"), (500, "2026-03-01"), (-500, "2026-03-20")):
        story.pays(amount, on=on, invoice="F-1")
    expected = story.view("F-1", "2026-03-25"), story.due("2026-03-25")
    story.payments.reverse()
    assert (story.view("F-1", "2026-03-25"), story.due("2026-03-25")) == expected


def test_a_plan_whose_invoice_a_credit_note_settles_is_complete():
    story = Story().invoice("F-1", due="2026-01-10", amount=300)
    story.plan("P1", ["F-1"], [("2026-02-01", 100), ("2026-03-01", 100), ("2026-04-01", 100)], agreed_on="2026-01-20")
    story.pays(100, on="2026-02-01", invoice="F-1").invoice(
        "A-1", due="2026-02-15", issued="2026-02-15", amount=-200, applies_to="F-1"
    )
    (plan,) = story.on("2026-03-20").plans
    assert (plan.state, [one.missing for one in plan.instalments]) == ("completed", [0, 0, 0])


def test_a_credit_note_makes_the_last_instalments_smaller():
    story = Story().invoice("F-1", due="2026-01-10", amount=300)
    story.plan("P1", ["F-1"], [("2026-02-01", 100), ("2026-03-01", 100), ("2026-04-01", 100)], agreed_on="2026-01-20")
    story.invoice("A-1", due="2026-02-15", issued="2026-02-15", amount=-120, applies_to="F-1")
    (plan,) = story.on("2026-01-25").plans
    assert [one.missing for one in plan.instalments] == [100_00, 100_00, 100_00]
    story.pays(100, on="2026-02-01", invoice="F-1")
    (plan,) = story.on("2026-02-20").plans
    assert [one.missing for one in plan.instalments] == [0, 80_00, 0]


def test_a_bar_in_the_name_of_a_cadence_splits_no_key():
    steps = [
        {"cadence": "B2B|France", "step": 1, "when": "J+1", "channel": "e-mail", "approval": "auto"},
        {"cadence": "B2B|France", "step": 2, "when": "J+7", "channel": "e-mail", "approval": "auto"},
    ]
    rules = read_rules({"cadence": raw("cadence", steps)})
    story = Story(rules=rules).invoice("F-1", due="2026-01-30", amount=100, cadence="b2b|france")
    assert story.life("2026-02-01", "2026-02-10") == ["2026-02-02 email 1 F-1", "2026-02-09 email 2 F-1"]
