"""Words can be erased; what the program noted for itself stays, and so does what it means."""

import pytest
from click.testing import CliRunner
from mail_sink import mail_sink
from postal import KEY, Postal

from sync.cli import main
from sync.dunning.history import OWN_NOTES
from sync.dunning.reasons import Reason
from sync.ledger.model import is_erased
from sync.post.journal import check_chain
from sync.run.gathering import gather
from sync.workbook.excel.carrier import Excel


@pytest.fixture
def sink():
    with mail_sink() as running:
        yield running


def forgets(postal: Postal, monkeypatch: pytest.MonkeyPatch) -> None:
    """On request, while money is owed; then the customer is back."""
    for name in ("CI", "RELANCE_OUTBOX", "RELANCE_SMTP_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELANCE_JOURNAL_KEY", KEY.decode())
    asked = ["forget", "C1", str(postal.path), "--yes", "--force", "--reason", "demande", "--as-of", "2026-02-02"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    postal.types("contacts", "C1", email="c1@example.org")


def journal_of(postal: Postal):
    return gather(Excel(postal.path), postal.clock()).ledger.journal


def test_a_test_message_whose_words_were_erased_is_still_no_step(tmp_path, sink, monkeypatch):
    postal = Postal(tmp_path, test_address="essai@example.org").contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    forgets(postal, monkeypatch)
    rows = [row for row in journal_of(postal) if row.key and row.status in ("reserved", "sent")]
    assert [(row.note, is_erased(row.text), is_erased(row.recipient)) for row in rows] == [("test", True, True)] * 2
    assert check_chain(journal_of(postal), KEY).is_sound
    postal.types("settings", "adresse de test", value=None)
    postal.passes(sink.url)
    assert sink.recipients() == ["essai@example.org", "c1@example.org"]


@pytest.mark.parametrize("outcome", ["sent", "uncertain"])
def test_a_real_message_whose_words_were_erased_is_not_sent_again(tmp_path, sink, monkeypatch, outcome):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.after_data = lambda number: "drop" if outcome == "uncertain" else None
    postal.passes(sink.url)
    sink.after_data = lambda number: None
    forgets(postal, monkeypatch)
    assert check_chain(journal_of(postal), KEY).is_sound
    for day in ("2026-02-02 11:00", "2026-02-03 10:00"):
        assert postal.passes(sink.url, day).sendings == ()
    assert len(sink.accepted) == 1


def test_a_refused_message_whose_words_were_erased_is_not_tried_again(tmp_path, sink, monkeypatch):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 spam from <c1@example.org>"
    postal.passes(sink.url)
    sink.on_data = lambda number: None
    forgets(postal, monkeypatch)
    after = postal.passes(sink.url)
    assert ([one.reason for one in after.run.decisions], sink.accepted) == ([Reason.REFUSED], [])
    (task,) = [row for row in postal.rows("today") if row["kind"] == "message refusé"]
    assert "erased" not in task["what"]
    assert "c1@example.org" not in str([(row["note"], row["recipient"], row["new"]) for row in postal.rows("journal")])


@pytest.mark.parametrize("note", sorted(OWN_NOTES))
def test_a_persons_note_is_never_taken_for_one_of_ours(tmp_path, sink, note):
    """Somebody who logs a letter and types "test" has still written a letter."""
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    postal.add("today", customer="C1", kind="courrier", outcome="fait", note=note)
    run = postal.passes(sink.url)
    assert run.run.conclusion.history.contacts_of("C1", "EUR")
    assert sink.accepted == []  # the letter sets the spacing


@pytest.mark.parametrize(("status", "note"), [("replied", "auto"), ("bounced", "temporary")])
def test_an_automatic_answer_or_a_delay_remains_one(tmp_path, sink, monkeypatch, status, note):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    postal.add(
        "journal", when="2026-01-31T10:00:00+01:00", status=status, customer="C1", invoices="F-1", recipient="c1@example.org",
        text="absent", note=note,
    )  # fmt: skip
    forgets(postal, monkeypatch)
    history = postal.passes(sink.url).run.conclusion.history
    assert (history.replies, history.bounced) == ({}, {})
    assert sink.recipients() == ["c1@example.org"]
