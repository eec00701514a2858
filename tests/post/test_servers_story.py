"""The whole story on Debian's own servers: sent by Exim, bounced, answered, paused, resumed; read by Dovecot's IMAP."""

from email.message import EmailMessage

import pytest
from mail_servers import Mailboxes, dovecot, exim, wait_until
from postal import Postal

from sync.dunning.reasons import Reason
from sync.ledger.words import Act

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def boxes_of_all(tmp_path_factory):
    with dovecot(tmp_path_factory.mktemp("dovecot")) as boxes:
        yield boxes


@pytest.fixture
def boxes(boxes_of_all, request):
    """A mailbox of this test's own."""
    return boxes_of_all


def answer(to: EmailMessage, text: str, sender: str = "c1@example.org", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "compta@example.org", f"Re: {to['Subject']}"
    message["Message-ID"] = f"<{abs(hash((text, sender)))}@client.example.org>"
    message["In-Reply-To"] = message["References"] = str(to["Message-ID"])
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_sent_bounced_answered_paused_resumed(tmp_path, boxes: Mailboxes):
    postal = Postal(tmp_path, sender_email="compta@example.org")
    postal.contact("C1").invoice("F-1", "2026-01-30").contact("C2", email="parti@example.org").invoice(
        "F-2", "2026-01-30", customer="C2"
    )
    imap = boxes.url()
    with exim(tmp_path / "exim", boxes, ("compta", "c1")) as smtp:
        first = postal.passes(smtp, imap_url=imap)
        assert (first.stopped, first.held) == ("", "")
        assert [one.status for one in first.sendings] == [Act.SENT] * 2
        wait_until(lambda: (boxes.root / "c1").exists() and boxes.flags("c1") and boxes.flags("compta"))
    import email
    from email import policy

    raw = next((boxes.root / "c1" / "new").iterdir()).read_bytes()
    received = email.message_from_bytes(raw, policy=policy.default)
    assert "F-1" in received.get_body(("plain",)).get_content()
    before = boxes.flags()

    # The next morning the bounce is there: the address is not used again, a person gets the task.
    second = postal.passes(imap_url=imap, at="2026-02-03 10:00")
    (bounce,) = postal.journal("bounced")
    assert (bounce["recipient"], bounce["invoices"]) == ("parti@example.org", "F-2")
    reasons = {one.customer: one.reason for one in second.run.decisions}
    assert reasons["C2"] is Reason.BOUNCED

    # The customer answers: pause and task, with the new words only.
    reply = answer(
        received,
        "Bonjour,\n\nle virement part vendredi.\n\nLe lun. 2 févr. 2026 à 10:00, Atelier\u00a0<compta@example.org>\na écrit :\n> F-1",
    )
    boxes.drop(reply)
    third = postal.passes(imap_url=imap, at="2026-02-04 10:00")
    (row,) = postal.journal("replied")
    assert (row["customer"], row["step"], row["text"]) == ("C1", 2, "Bonjour,\n\nle virement part vendredi.")
    assert {view.invoice: view.reason for view in third.run.conclusion.views}["F-1"] is Reason.REPLIED
    (task,) = [row for row in postal.rows("today") if row["kind"] == "réponse"]
    assert "le virement part vendredi" in task["script"]

    # Read again: nothing twice. Nothing in the mailbox was marked or deleted.
    postal.passes(imap_url=imap, at="2026-02-04 11:00")
    assert len(postal.journal("replied")) == 1
    assert [name.partition(":2,")[0] for name in boxes.flags()][: len(before)] == [name.partition(":2,")[0] for name in before]
    assert not any("S" in name.partition(":2,")[2] or "T" in name.partition(":2,")[2] for name in boxes.flags())

    # After the days of pause the plan goes on.
    fourth = postal.passes(imap_url=imap, at="2026-02-12 10:00")
    assert {view.invoice: view.reason for view in fourth.run.conclusion.views}["F-1"] is not Reason.REPLIED


def test_two_answers_of_one_day_and_our_own_copy_are_told_apart(tmp_path, boxes: Mailboxes):
    from mail_sink import mail_sink

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    (sent,) = sink.messages()
    boxes.drop(answer(sent, "Je paie vendredi."), "copies")
    boxes.drop(answer(sent, "Bien noté, merci.", "compta@example.org"), "copies")
    boxes.drop(answer(sent, "Plutôt lundi, désolé."), "copies")
    postal.passes(imap_url=boxes.url("copies"), at="2026-02-03 10:00")
    assert [row["text"] for row in postal.journal("replied")] == ["Je paie vendredi.", "Plutôt lundi, désolé."]
    (task,) = [row for row in postal.rows("today") if row["kind"] == "réponse"]
    assert "vendredi" in task["script"]
    assert "lundi" in task["script"]


def test_an_uncertain_message_found_in_the_sent_mail_is_settled(tmp_path, boxes: Mailboxes):
    from mail_sink import Sink, mail_sink

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(after_data=lambda number: "drop")) as sink:
        postal.passes(sink.url)
    assert postal.acts()[-1] == "uncertain F-1"
    postal.passes(imap_url=boxes.url("sentbox"))
    assert postal.acts()[-1] == "uncertain F-1"
    boxes.drop(sink.accepted[0][2], "sentbox", "Sent")
    postal.passes(imap_url=boxes.url("sentbox"))
    assert postal.acts()[-1] == "sent F-1"


def test_a_mailbox_that_cannot_be_read_holds_all_sending(tmp_path):
    from mail_sink import mail_sink

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        run = postal.passes(sink.url, imap_url="imap://a:b@127.0.0.1:1")
    assert (run.sendings, sink.accepted, run.some_failed) == ((), [], True)
    assert "IMAP" in run.stopped


def test_ten_thousand_messages_and_hostile_ones_among_them_are_survived(tmp_path, boxes: Mailboxes):
    from mail_sink import mail_sink

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    (sent,) = sink.messages()
    new = boxes.root / "flood" / "new"
    boxes.drop(answer(sent, "Je paie demain."), "flood")
    for number in range(10_000):
        forged = f"In-Reply-To: <{number:032x}@example.org>\n" if number % 2 else ""
        (new / f"1000000000.{number:05}.example").write_bytes(
            f"From: spam{number}@spam.example\nMessage-ID: <{number}@spam.example>\n{forged}Subject: offer\n\nbuy".encode()
        )
    boxes.drop(
        b"From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: failed\n\n" + b"c1@example.org 550 5.1.1 " * 30_000, "flood"
    )
    run = postal.passes(imap_url=boxes.url("flood"), at="2026-02-03 10:00")
    assert run.stopped == ""
    assert [row["text"] for row in postal.journal("replied")] == ["Je paie demain."]
    (place,) = [row["new"] for row in postal.rows("journal") if row["field"] == "inbox"]
    assert place.endswith(":10002")
    postal.passes(imap_url=boxes.url("flood"), at="2026-02-03 11:00")
    assert len(postal.journal("replied")) == 1


def test_more_bounces_than_a_run_reads_are_read_by_the_next(tmp_path, boxes: Mailboxes, monkeypatch):
    from mail_sink import mail_sink

    from sync.post import mailroom

    monkeypatch.setattr(mailroom, "MOST_BODIES", 3)
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    (sent,) = sink.messages()
    for number in range(7):
        boxes.drop(answer(sent, f"Message {number}", f"a{number}@example.org"), "many")
    for hour in (10, 11, 12):
        postal.passes(imap_url=boxes.url("many"), at=f"2026-02-03 {hour}:00")
    assert sorted(row["text"] for row in postal.journal("replied")) == [f"Message {number}" for number in range(7)]
