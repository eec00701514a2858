"""What people answer in the Today tab becomes acts and cells (CONTRACT, Today)."""

from dataclasses import replace
from datetime import date

from story import DelayReason, Story, day

from sync.dunning.today.outcomes import Absorbed, absorb
from sync.ledger.model import TodayRow
from sync.ledger.words import Outcome


def answers(story: Story, on: str, **cells: object) -> Absorbed:
    found = story.on(on)
    row = TodayRow(row=2, **{"task": "", "customer": "C1", **cells})  # type: ignore[arg-type]
    claimed = {one.key: one.invoices for one in found.decisions}
    return absorb(replace(story.ledger(), today_rows=[row]), found.late(), claimed, day(on))


def late_story() -> Story:
    return Story().invoice("F-1", due="2026-01-30").invoice("F-2", due="2026-01-30", amount=50)


def test_a_call_that_was_made_is_an_act_of_its_step():
    story = late_story()
    story.live(day("2026-02-02"))
    key = story.decision("2026-02-06").key
    found = answers(story, "2026-02-06", task=key, kind="appel", outcome=Outcome.DONE)
    ((when, act),) = found.acts
    assert (when, act.status, act.channel, act.step, act.invoices) == (date(2026, 2, 6), "done", "call", 3, ("F-1", "F-2"))


def test_a_promise_fills_the_blank_cells_of_every_invoice_and_is_remembered():
    found = answers(
        late_story(), "2026-02-06", outcome=Outcome.PROMISED, kind="call", date=day("2026-02-20"), amount_promised=15000
    )
    assert {(one.invoice, one.column) for one in found.updates} == {
        ("F-1", "reason"), ("F-1", "promised"), ("F-2", "reason"), ("F-2", "promised"),
    }  # fmt: skip
    assert [(act.status, act.new) for _, act in found.acts] == [("done", ""), ("promised", "2026-02-20")]


def test_a_promise_without_a_date_is_asked_again():
    found = answers(late_story(), "2026-02-06", outcome=Outcome.PROMISED)
    assert ([problem.code for problem in found.problems], found.acts, found.handled) == (
        ["promise_without_date"],
        [],
        frozenset(),
    )


def test_a_persons_own_word_is_never_replaced():
    story = late_story().says("F-1", reason=DelayReason.DISPUTE)
    found = answers(story, "2026-02-06", invoices=("F-1",), outcome=Outcome.SAYS_PAID)
    assert found.updates == []


def test_an_unknown_customer_is_a_problem_and_the_row_stays():
    found = answers(late_story(), "2026-02-06", customer="C9", outcome=Outcome.DONE)
    assert ([problem.code for problem in found.problems], found.handled) == (["unknown_customer"], frozenset())


def test_a_letter_logged_by_hand_counts_for_the_spacing():
    story = late_story()
    ((when, act),) = answers(story, "2026-02-01", outcome=Outcome.DONE, kind="courrier").acts
    story.logs(when.isoformat(), act.status, channel=act.channel, invoices=act.invoices)
    assert str(story.decision("2026-02-02").reason) == "spacing"


def test_sent_and_not_sent_settle_a_message_that_was_uncertain():
    story = Story().invoice("F-1", due="2026-01-30")
    key = "C1|EUR|standard|F-1|2|1"
    story.logs("2026-02-02", "reserved", channel="email", step=2, cadence="standard", invoices=("F-1",), key=key)
    sent = answers(story, "2026-02-03", task=key, invoices=("F-1",), outcome=Outcome.SENT).acts[0][1]
    not_sent = answers(story, "2026-02-03", task=key, invoices=("F-1",), outcome=Outcome.NOT_SENT).acts[0][1]
    assert (sent.status, not_sent.status, sent.key) == ("sent", "failed", key)


def test_an_answer_already_in_the_journal_is_not_remembered_twice():
    """A run that died between the Journal and the sheet finds the answer still in its cell."""
    story = late_story()
    ((_, act),) = answers(story, "2026-02-06", outcome=Outcome.DONE, kind="call").acts
    story.logs("2026-02-06", act.status, channel=act.channel, invoices=act.invoices)
    found = answers(story, "2026-02-06", outcome=Outcome.DONE, kind="call")
    assert (found.acts, found.handled) == ([], frozenset({2}))
