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
