"""Beside the reminders: thanks when a case is over, and the managers' digest."""

from datetime import date

import pytest
from click.testing import CliRunner
from mail_sink import Sink, mail_sink
from postal import KEY, Postal

from sync.cli import main
from sync.ledger.words import Act


@pytest.fixture
def sink():
    with mail_sink() as running:
        yield running


def paid(postal: Postal, on: date, invoice: str = "F-1", amount: float = 100) -> None:
    postal.add("payments", invoice=invoice, amount=amount, paid_on=on)


def test_a_customer_who_paid_after_a_reminder_is_thanked_once(tmp_path, sink):
    postal = Postal(tmp_path, thank_you="oui").contact(person="Mme Noël").invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3))
    for day in ("2026-02-04", "2026-02-05", "2026-02-06"):
        postal.passes(sink.url, f"{day} 10:00")
    reminder, thanks = sink.messages()
    assert "remercions" in thanks.get_body(("plain",)).get_content()
    assert "F-1" in thanks.get_body(("plain",)).get_content()
    (row,) = [row for row in postal.journal("sent") if row["cadence"] == "thanks"]
    assert (row["step"], row["channel"]) == (None, None)


@pytest.mark.parametrize(
    ("amount", "also"), [(60, {}), (100, {"due": "2026-01-25"})], ids=["part payment", "another invoice is late"]
)
def test_nobody_is_thanked_while_something_is_still_owed(tmp_path, sink, amount, also):
    postal = Postal(tmp_path, thank_you="oui").contact().invoice("F-1", "2026-01-30")
    if also:
        postal.invoice("F-2", also["due"])
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3), amount=amount)
    postal.passes(sink.url, "2026-02-04 10:00")
    assert len(sink.accepted) == 1


def test_who_paid_before_being_asked_or_long_ago_is_not_thanked(tmp_path, sink):
    postal = (
        Postal(tmp_path, thank_you="oui")
        .contact()
        .invoice("F-1", "2026-01-30")
        .contact("C2")
        .invoice("F-2", "2026-01-30", customer="C2")
    )
    paid(postal, date(2026, 1, 29), "F-2")
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3))
    postal.passes(sink.url, "2026-02-20 10:00")
    assert sink.recipients() == ["c1@example.org"]


def test_nobody_is_thanked_for_a_credit_note(tmp_path, sink):
    postal = Postal(tmp_path, thank_you="oui").contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    postal.add(
        "invoices", invoice="A-1", customer="C1", issued=date(2026, 2, 3), due=date(2026, 2, 3), amount=-100, applies_to="F-1"
    )
    postal.passes(sink.url, "2026-02-04 10:00")
    assert len(sink.accepted) == 1


def test_in_mode_approve_the_thanks_are_a_task_with_its_words(tmp_path, sink):
    postal = Postal(tmp_path, thank_you="oui", mode="approve").contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    postal.types("invoices", "F-1", send="oui")
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3))
    postal.passes(sink.url, "2026-02-04 10:00")
    (task,) = [row for row in postal.rows("today") if row["kind"] == "remerciement"]
    assert "remercions" in task["script"]
    assert len(sink.accepted) == 1
    postal.types("today", task["task"], outcome="fait")
    postal.passes(sink.url, "2026-02-04 11:00")
    assert not [row for row in postal.rows("today") if row["kind"] == "remerciement"]


def test_thanks_do_not_delay_the_next_reminder(tmp_path, sink):
    postal = Postal(tmp_path, thank_you="oui").contact().invoice("F-1", "2026-01-30").invoice("F-2", "2026-02-05")
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3))
    postal.passes(sink.url, "2026-02-04 10:00")
    run = postal.passes(sink.url, "2026-02-10 10:00")
    assert [one.decision.carrying for one in run.sendings] == ["F-2"]


def test_managers_get_a_digest_a_day_with_the_head_of_the_journal_and_no_name(tmp_path, sink):
    postal = Postal(tmp_path, digest="quotidien", digest_to="direction@example.org").contact(name="Les Ateliers Vif")
    postal.invoice("F-1", "2026-01-30", 240)
    postal.passes(sink.url)
    postal.passes(sink.url)
    postal.passes(sink.url, "2026-02-03 10:00", site_url="https://kpi.example.org/")
    digests = [message for message in sink.messages() if message["To"] == "direction@example.org"]
    assert len(digests) == 2
    text = digests[1].get_body(("plain",)).get_content()
    assert "240,00" in text
    assert "Messages partis" in text
    assert "https://kpi.example.org/" in text
    assert "Ateliers Vif" not in text
    head = text.split()[-1]
    assert len(head) == 64
    told = CliRunner(env={"RELANCE_JOURNAL_KEY": KEY.decode()}).invoke(main, ["verify", str(postal.path), "--head", head])
    assert told.exit_code == 0, told.output


def test_a_weekly_digest_leaves_once_a_week(tmp_path, sink):
    postal = Postal(tmp_path, digest="hebdomadaire", digest_to="direction@example.org").contact().invoice("F-1", "2026-03-30")
    for day in range(2, 14):
        postal.passes(sink.url, f"2026-02-{day:02} 10:00")
    assert sink.recipients() == ["direction@example.org"] * 2


@pytest.mark.parametrize("setting", [{"mode": "draft"}, {"stop": "oui"}])
def test_no_digest_leaves_when_nothing_may(tmp_path, sink, setting):
    postal = (
        Postal(tmp_path, digest="quotidien", digest_to="direction@example.org", **setting).contact().invoice("F-1", "2026-01-30")
    )
    postal.passes(sink.url)
    assert sink.accepted == []


def test_a_digest_whose_fate_is_unknown_is_not_sent_again(tmp_path):
    postal = Postal(tmp_path, digest="quotidien", digest_to="direction@example.org").contact().invoice("F-1", "2026-03-30")
    with mail_sink(Sink(after_data=lambda number: "drop")) as sink:
        run = postal.passes(sink.url)
        assert [one.status for one in run.sendings] == [Act.UNCERTAIN]
        postal.passes(sink.url)
    assert len(sink.accepted) == 1


def test_thanks_that_are_told_later_leave_another_day_and_refused_ones_never(tmp_path, sink):
    postal = Postal(tmp_path, thank_you="oui").contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    paid(postal, date(2026, 2, 3))
    sink.on_rcpt = lambda address: "451 4.7.1 later"
    postal.passes(sink.url, "2026-02-04 10:00")
    sink.on_rcpt = lambda address: None
    sink.on_data = lambda number: "554 5.7.1 spam"
    assert [one.status for one in postal.passes(sink.url, "2026-02-05 10:00").sendings] == [Act.FAILED]
    sink.on_data = lambda number: None
    assert postal.passes(sink.url, "2026-02-05 11:00").sendings == ()
    assert len(sink.accepted) == 1


def test_a_digest_that_is_refused_waits_for_the_next_one(tmp_path, sink):
    postal = Postal(tmp_path, digest="quotidien", digest_to="direction@example.org").contact().invoice("F-1", "2026-03-30")
    sink.on_data = lambda number: "554 5.7.1 spam"
    assert [one.status for one in postal.passes(sink.url).sendings] == [Act.FAILED]
    sink.on_data = lambda number: None
    assert postal.passes(sink.url, "2026-02-02 11:00").sendings == ()
    postal.passes(sink.url, "2026-02-03 10:00")
    assert sink.recipients() == ["direction@example.org"]


def test_a_digest_that_is_told_later_leaves_the_same_day(tmp_path, sink):
    postal = Postal(tmp_path, digest="quotidien", digest_to="direction@example.org").contact().invoice("F-1", "2026-03-30")
    sink.on_rcpt = lambda address: "451 4.7.1 later"
    postal.passes(sink.url)
    sink.on_rcpt = lambda address: None
    postal.passes(sink.url, "2026-02-02 11:00")
    assert sink.recipients() == ["direction@example.org"]
