"""A plan followed one instalment after the other: a note before, a call when late, everything back when it breaks."""

from story import Approval, Channel, DelayReason, PaymentMeans, Story, day

from sync.dunning.reasons import State


def planned(**settings: object) -> Story:
    """F-1 of 300, reminded once, then a plan of three months agreed on 10 February."""
    story = Story(**settings).invoice("F-1", due="2026-01-30", amount=300)
    assert story.life("2026-02-02", "2026-02-03") == ["2026-02-02 email 2 F-1"]
    rows = [("2026-02-27", 100), ("2026-03-31", 100), ("2026-04-30", 100)]
    return story.plan("P1", ["F-1"], rows, agreed_on="2026-02-10")


def test_each_instalment_is_announced_once_and_only_with_a_tick():
    story = planned(approves=True)
    note = story.decision("2026-02-23")
    assert (note.instalment.due, note.instalment.number, note.amount, note.to_pay) == (day("2026-02-27"), 1, 10000, 10000)
    assert (note.approval, note.reason, note.is_note) == (Approval.ASK, "awaiting_approval", True)
    assert story.why("F-1", "2026-02-23") == "plan_kept"
    assert story.life("2026-02-11", "2026-02-26") == ["2026-02-20 email 1 F-1"]
    story.pays(100, on="2026-02-26", invoice="F-1")
    assert story.life("2026-02-27", "2026-03-30") == ["2026-03-26 email 1 F-1"]
    keys = [row.key for row in story.journal if row.status == "sent"]
    assert len(keys) == len(set(keys)) == 3


def test_nobody_ticks_and_nothing_leaves():
    story = planned()
    story.approves = False
    assert story.life("2026-02-11", "2026-02-27") == []


def test_a_plan_agreed_just_before_its_first_instalment_needs_no_note():
    story = Story().invoice("F-1", due="2026-01-30", amount=200)
    story.plan("P1", ["F-1"], [("2026-02-13", 100), ("2026-03-13", 100)], agreed_on="2026-02-11")
    assert story.life("2026-02-11", "2026-02-13") == []


def test_no_note_when_the_money_is_there_or_the_customer_owes_something_else():
    assert planned().pays(100, on="2026-02-18", invoice="F-1").on("2026-02-23").decisions == []
    story = planned().invoice("F-2", due="2026-02-15")
    assert [one.instalment for one in story.on("2026-02-23").decisions] == [None]


def test_a_disputed_invoice_silences_the_note_of_its_plan():
    story = planned().says("F-1", reason=DelayReason.DISPUTE)
    assert story.on("2026-02-23").decisions == []


def test_a_late_instalment_is_for_a_call_and_a_broken_one_gives_everything_back():
    story = planned(approves=True)
    story.life("2026-02-11", "2026-03-02")
    assert story.why("F-1", "2026-03-02") == "plan_kept"  # late since 1 March, broken after 9 March
    assert story.on("2026-03-09").decisions == []
    decision = story.decision("2026-03-10")
    assert (decision.step, decision.channel, decision.amount) == (3, Channel.CALL, 30000)
    assert story.on("2026-03-10").plans[0].discount == 0


def test_a_broken_plan_resumes_at_the_level_reached_not_at_the_first_step():
    story = Story(does=["call", "registered letter"]).invoice("F-1", due="2026-01-30", amount=300)
    told = story.life("2026-02-01", "2026-02-16")
    assert told[-1] == "2026-02-16 registered letter 4 F-1"
    story.plan("P1", ["F-1"], [("2026-03-10", 150), ("2026-04-10", 150)], agreed_on="2026-02-20")
    story.approves = False
    assert story.life("2026-02-20", "2026-04-03") == ["2026-03-23 call 5 F-1"]  # broken on Saturday 21 March


def test_one_instalment_kept_then_missed_leaves_only_the_rest():
    story = planned()
    story.approves = False
    story.pays(100, on="2026-02-27", invoice="F-1")
    assert story.life("2026-02-11", "2026-04-11") == []
    decision = story.decision("2026-04-13")
    assert (decision.amount, decision.instalment, decision.state) == (20000, None, State.DUE)


def test_a_direct_debit_waits_for_its_date_and_comes_back_when_rejected():
    story = Story().contact("C1", payment_means=PaymentMeans.DIRECT_DEBIT).invoice("F-1", due="2026-01-30")
    assert story.life("2026-01-20", "2026-02-05") == []
    story.pays(100, on="2026-01-30", invoice="F-1").pays(-100, on="2026-02-09", invoice="F-1")
    assert story.life("2026-02-06", "2026-02-10") == ["2026-02-09 email 2 F-1"]


def test_an_accepted_bill_comes_back_when_it_is_returned():
    story = Story().contact("C1", payment_means=PaymentMeans.BILL_OF_EXCHANGE).invoice("F-1", due="2026-01-30")
    assert story.life("2026-01-20", "2026-02-05") == []
    story.pays(100, on="2026-01-30", invoice="F-1").pays(-100, on="2026-02-09", invoice="F-1")
    assert story.life("2026-02-06", "2026-02-10") == ["2026-02-09 email 2 F-1"]
