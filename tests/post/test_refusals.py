"""What the mail server refuses: for good it stops and a person is asked, "later" is tried again a few days, an address is an address."""

import pytest
from mail_sink import mail_sink
from postal import Postal

from sync.dunning.reasons import Reason
from sync.ledger.words import Act

KEY = "C1|EUR|standard|F-1|2|1"
DAYS = ("2026-02-03", "2026-02-04", "2026-02-05", "2026-02-06")


@pytest.fixture
def sink():
    with mail_sink() as running:
        yield running


def task_of(postal: Postal, kind: str = "message refusé"):
    return [row for row in postal.rows("today") if row["kind"] == kind]


def refuse_at(sink, stage: str, answer: str | None) -> None:
    if stage == "mail":
        sink.on_mail = lambda address: answer
    elif stage == "rcpt":
        sink.on_rcpt = lambda address: answer
    elif stage == "data":
        sink.on_data = lambda number: answer


@pytest.mark.parametrize(
    ("stage", "answer", "cause"),
    [
        ("mail", "550 5.7.1 policy of the house", "filtre antispam"),
        ("mail", "550 5.7.60 not allowed to send as this sender", "adresse de votre expéditeur"),
        ("rcpt", "554 5.7.1 <c1@example.org>: Relay access denied", "voyez la personne qui gère votre messagerie"),
        ("rcpt", "550 5.7.26 this mail is unauthenticated (SPF, DKIM)", "ne prouve pas son identité"),
        ("data", "554 5.7.1 not here", "filtre antispam"),
        ("data", "552 5.3.4 message size exceeds the limit", "trop volumineux"),
        ("data", "554 no", "il écarte ce message"),
    ],
)
def test_a_message_refused_for_good_is_not_tried_again_and_a_person_is_told_why(tmp_path, sink, stage, answer, cause):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    refuse_at(sink, stage, answer)
    first = postal.passes(sink.url)
    assert [one.status for one in first.sendings] == [Act.FAILED]
    refuse_at(sink, stage, None)
    for day in DAYS:
        after = postal.passes(sink.url, f"{day} 10:00")
        assert after.sendings == ()
        assert [(one.reason, str(one.state)) for one in after.run.decisions] == [(Reason.REFUSED, "blocked")]
    assert sink.accepted == []
    assert postal.acts() == ["reserved F-1", "failed F-1"]  # the address itself is not at fault
    (task,) = task_of(postal)
    assert task["task"] == KEY
    assert cause in task["what"]
    assert "@" not in task["what"]
    assert "À faire" in postal["invoices", "F-1", "why"]


def test_other_words_or_another_address_make_it_leave_again(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    postal.passes(sink.url)
    sink.on_data = lambda number: None
    postal.types("invoices", "F-1", draft="Bonjour, merci de nous dire où en est la facture F-1.")
    postal.passes(sink.url)
    assert sink.messages()[0].get_body(("plain",)).get_content().startswith("Bonjour, merci de nous dire")
    assert task_of(postal) == []

    other = Postal(tmp_path / "other", sender_email="compta@example.org") if (tmp_path / "other").mkdir() is None else None
    assert other is not None
    other.contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    other.passes(sink.url)
    sink.on_data = lambda number: None
    sink.accepted.clear()
    other.types("contacts", "C1", email="neuf@example.org")
    other.passes(sink.url)
    assert sink.recipients() == ["neuf@example.org"]


def test_edited_words_that_are_refused_too_wait_again(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    postal.passes(sink.url)
    postal.types("invoices", "F-1", draft="Un autre texte.")
    assert len(postal.passes(sink.url).sendings) == 1
    assert postal.passes(sink.url).sendings == ()
    assert len(task_of(postal)) == 1


@pytest.mark.parametrize(
    ("outcome", "left", "acts"),
    [
        ("non parti", 1, ["reserved F-1", "failed F-1", "failed F-1", "reserved F-1", "sent F-1"]),
        ("parti", 0, ["reserved F-1", "failed F-1", "sent F-1"]),
        ("fait", 0, ["reserved F-1", "failed F-1"]),
        ("passer", 0, ["reserved F-1", "failed F-1"]),
    ],
)
def test_a_person_settles_a_refused_message_in_today(tmp_path, sink, outcome, left, acts):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    postal.passes(sink.url)
    sink.on_data = lambda number: None
    postal.types("today", KEY, outcome=outcome)
    after = postal.passes(sink.url)
    assert (len(sink.accepted), task_of(postal)) == (left, [])
    assert postal.acts() == acts
    if outcome == "parti":  # the message that a person sent counts for the spacing too
        assert after.run.conclusion.history.contacts_of("C1", "EUR")


def test_an_approval_stays_while_its_message_is_refused(tmp_path, sink):
    postal = Postal(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    postal.types("invoices", "F-1", send="oui")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    postal.passes(sink.url)
    postal.passes(sink.url)
    assert postal["invoices", "F-1", "send"] == "oui"
    sink.on_data = lambda number: None
    postal.types("today", KEY, outcome="non parti")
    postal.passes(sink.url)
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_later_is_tried_again_and_after_three_days_a_person_is_asked(tmp_path, sink, stage):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    refuse_at(sink, stage, "451 4.7.1 come back later")
    tried = [len(postal.passes(sink.url, at).sendings) for at in ("2026-02-02 10:00", "2026-02-02 15:00")]
    tried += [len(postal.passes(sink.url, f"{day} 10:00").sendings) for day in DAYS]
    assert tried == [1, 1, 1, 1, 0, 0]
    (task,) = task_of(postal)
    assert "plus tard" in task["what"]
    refuse_at(sink, stage, None)
    postal.types("today", KEY, outcome="non parti")
    postal.passes(sink.url, "2026-02-06 11:00")
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("answer", ["552 5.2.2 mailbox full", "550 5.4.5 daily sending quota exceeded"])
def test_what_passes_by_itself_is_tried_again_whatever_its_number(tmp_path, sink, answer):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: answer
    postal.passes(sink.url)
    assert postal.acts() == ["reserved F-1", "failed F-1"]
    sink.on_rcpt = lambda address: None
    postal.passes(sink.url, "2026-02-03 10:00")
    assert sink.recipients() == ["c1@example.org"]


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 user unknown", "550 no such user", "550 no", "553 invalid recipient", "550 5.2.1 disabled", "501 bad address",
        "550 5.4.1 Recipient address rejected: Access denied", "550 5.5.0 mailbox unavailable", "554 user unknown",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_told_as_such(tmp_path, sink, answer):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: answer
    after = postal.passes(sink.url)
    assert postal.acts() == ["reserved F-1", "failed F-1", "bounced F-1"]
    assert len(task_of(postal, "adresse")) == 1
    assert task_of(postal) == []
    assert after.some_failed


def test_a_missing_or_wrong_address_is_a_task_for_the_account_manager(tmp_path, sink):
    postal = Postal(tmp_path).contact("C1", email="", name="Vif", manager="paul@example.org").invoice("F-1", "2026-01-30")
    postal.contact("C2", name="Rif", manager="anne@example.org").invoice("F-2", "2026-01-30", customer="C2")
    sink.on_rcpt = lambda address: "550 5.1.1 user unknown"
    postal.passes(sink.url)
    assert sorted(row["what"] for row in task_of(postal, "adresse")) == [
        "Trouvez une adresse e-mail valable pour Rif et saisissez-la dans l’onglet Clients. Pour anne@example.org.",
        "Trouvez une adresse e-mail valable pour Vif et saisissez-la dans l’onglet Clients. Pour paul@example.org.",
    ]


def test_a_server_that_turns_everything_down_does_not_cost_the_customers_their_addresses(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=50)
    for number in range(12):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    sink.on_rcpt = lambda address: "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain"
    run = postal.passes(sink.url)
    assert [one.status for one in run.sendings] == [Act.FAILED] * 5 + [Act.WITHHELD] * 7
    assert "un message après l’autre" in run.stopped
    assert postal.journal("bounced") == []
    for hour in (11, 12):  # one message asks whether the server still does: its customers are not all turned into tasks
        run = postal.passes(sink.url, f"2026-02-02 {hour}:00")
        assert [one.status for one in run.sendings] == [Act.FAILED] + [Act.WITHHELD] * (17 - hour)
    sink.on_rcpt = lambda address: None
    assert len(task_of(postal)) == 7
    for row in task_of(postal):
        postal.types("today", row["task"], outcome="non parti")
    postal.passes(sink.url, "2026-02-02 13:00")
    assert len(sink.accepted) == 12


@pytest.mark.parametrize("answer", ["530 5.7.0 authentication required", "535 5.7.8 wrong"])
def test_a_server_that_wants_a_login_blames_no_message(tmp_path, sink, answer):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_mail = lambda address: answer
    run = postal.passes(sink.url)
    assert run.stopped.endswith(f"vérifiez RELANCE_SMTP_URL (SMTP {answer[:3]})")
    sink.on_mail = lambda address: None
    assert len(postal.passes(sink.url).sendings) == 1


def test_a_server_that_hangs_up_on_one_message_takes_the_others(tmp_path, sink):
    postal = Postal(tmp_path)
    for number in range(4):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", 900 - number, customer=f"C{number}")
    sink.on_rcpt = lambda address: "drop" if address.startswith("c0") else None
    run = postal.passes(sink.url)
    assert run.stopped == ""
    assert [one.status for one in run.sendings] == [Act.FAILED, Act.SENT, Act.SENT, Act.SENT]
    assert sink.recipients() == ["c1@example.org", "c2@example.org", "c3@example.org"]


def test_a_test_message_that_is_refused_does_not_hold_the_real_one(tmp_path, sink):
    postal = Postal(tmp_path, test_address="essai@example.org").contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 looks like spam"
    postal.passes(sink.url)
    assert postal.passes(sink.url).sendings == ()
    sink.on_data = lambda number: None
    postal.types("settings", "adresse de test", value=None)
    postal.passes(sink.url)
    assert sink.recipients() == ["c1@example.org"]
