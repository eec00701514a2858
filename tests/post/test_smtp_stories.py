"""Messages over real SMTP on loopback, with a real workbook: what leaves, what the Journal says of it."""

import pytest
from click.testing import CliRunner
from mail_sink import Sink, mail_sink
from postal import KEY, Postal

from sync.cli import main
from sync.dunning.reasons import Reason
from sync.errors import UsageError, WorkbookError
from sync.ledger.words import Act
from sync.pipeline import sync
from sync.postroom import Mailing, PostRoom
from sync.workbook.excel.carrier import Excel


@pytest.fixture
def sink():
    with mail_sink() as running:
        yield running


def test_a_late_invoice_is_reserved_then_sent_once(tmp_path, sink):
    postal = Postal(tmp_path).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30", 240)
    first = postal.passes(sink.url)
    assert [one.status for one in first.sendings] == [Act.SENT]
    assert postal.acts() == ["reserved F-1", "sent F-1"]
    again = postal.passes(sink.url)
    assert (again.sendings, len(sink.accepted)) == ((), 1)
    assert sink.recipients() == ["c1@example.org"]


def test_the_first_run_of_a_workbook_only_drafts(tmp_path, sink):
    postal = Postal(tmp_path, first=True).contact().invoice("F-1", "2026-01-30")
    held = postal.passes(sink.url)
    assert (held.sendings, sink.accepted) == ((), [])
    assert "Premier passage" in held.held
    assert "F-1" in postal["invoices", "F-1", "draft"]
    assert len(postal.passes(sink.url).sendings) == 1


def test_the_first_run_after_an_import_only_drafts_too(tmp_path, sink):
    postal = Postal(tmp_path, first=True).contact()
    export = tmp_path / "export.csv"
    export.write_text(
        "N° de facture;Code client;Date facture;Echeance;Montant TTC\nF-1;C1;02/01/2026;30/01/2026;100,00\n", "utf-8"
    )
    postal_import = CliRunner().invoke(
        main, ["import", "csv", str(export), str(postal.path), "--as", "invoices", "--dates", "dmy"]
    )
    assert postal_import.exit_code == 0, postal_import.output
    held = postal.passes(sink.url)
    assert (held.sendings, sink.accepted) == ((), [])
    assert "Premier passage" in held.held


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_a_sheet_that_fails_between_two_writes_loses_and_doubles_nothing(tmp_path, sink, fails_at):
    postal = Postal(tmp_path, send_batch=1)
    for number in range(2):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", 200 - number, customer=f"C{number}")

    class Failing(Excel):
        writes = 0

        def append_journal(self, rows):
            if any(row["status"] in ("reserved", "sent") for row in rows):
                Failing.writes += 1
                if Failing.writes == fails_at:
                    raise WorkbookError("the disk is full")
            super().append_journal(rows)

    book, clock = Failing(postal.path), postal.clock()
    with pytest.raises(WorkbookError):
        sync(
            book,
            clock,
            PostRoom(workbook=book, clock=clock, outbox=None, mailing=Mailing(smtp_url=sink.url)),
            run_id="r",
            actor="relance",
            journal_key=KEY,
        )
    left = len(sink.accepted)
    assert left == fails_at // 2
    postal.passes(sink.url)
    uncertain = len(postal.journal("uncertain"))
    assert uncertain == (fails_at in (2, 4))
    assert len(sink.accepted) == len(set(sink.recipients()))
    assert len(sink.accepted) == 2


def test_a_date_other_than_today_never_uses_the_server(tmp_path, sink):
    from dataclasses import replace

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    book, clock = Excel(postal.path), replace(postal.clock(), as_of=__import__("datetime").date(2026, 2, 3))
    post = PostRoom(workbook=book, clock=clock, outbox=postal.outbox, mailing=Mailing(smtp_url=sink.url))
    sync(book, clock, post, run_id="r", actor="relance")
    assert (sink.accepted, len(postal.mails())) == ([], 1)


def test_one_connection_carries_the_whole_run_in_batches(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=2)
    for number in range(5):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    postal.passes(sink.url)
    assert (len(sink.accepted), sink.connections) == (5, 1)
    statuses = [act.split()[0] for act in postal.acts()]
    assert statuses == ["reserved"] * 2 + ["sent"] * 2 + ["reserved"] * 2 + ["sent"] * 2 + ["reserved", "sent"]


def test_a_temporary_refusal_is_tried_again_later_and_an_accepted_message_never(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: "451 4.7.1 come back later"
    first = postal.passes(sink.url)
    assert first.some_failed
    assert [(one.status, one.note) for one in first.sendings] == [(Act.FAILED, "451 4.7.1 come back later")]
    sink.on_rcpt = lambda address: None
    postal.passes(sink.url)
    postal.passes(sink.url)
    assert len(sink.accepted) == 1
    assert postal.acts() == ["reserved F-1", "failed F-1", "reserved F-1", "sent F-1"]


def test_a_permanently_refused_address_is_not_used_again_and_goes_to_a_person(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: "550 5.1.1 no such user"
    postal.passes(sink.url)
    assert postal.acts() == ["reserved F-1", "failed F-1", "bounced F-1"]
    sink.on_rcpt = lambda address: None
    after = postal.passes(sink.url, "2026-02-03 10:00")
    assert sink.accepted == []
    assert [one.reason for one in after.run.decisions] == [Reason.BOUNCED]
    assert "adresse" in [row["kind"] for row in postal.rows("today")]
    postal.types("contacts", "C1", email="neuf@example.org")
    postal.passes(sink.url, "2026-02-03 10:00")
    assert sink.recipients() == ["neuf@example.org"]


def test_one_refused_recipient_of_several_does_not_stop_the_others_nor_undo_the_step(tmp_path, sink):
    postal = Postal(tmp_path).contact(email="bon@example.org, faux@example.org").invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: "550 no" if address.startswith("faux") else None
    postal.passes(sink.url)
    assert postal.acts() == ["reserved F-1", "sent F-1", "bounced F-1"]
    assert postal.passes(sink.url, "2026-02-03 10:00").sendings == ()
    assert sink.recipients() == ["bon@example.org"]


def test_copies_alone_do_not_make_a_message(tmp_path, sink):
    postal = Postal(tmp_path).contact(cc="chef@example.org").invoice("F-1", "2026-01-30")
    sink.on_rcpt = lambda address: "450 busy" if address.startswith("c1") else None
    assert [one.status for one in postal.passes(sink.url).sendings] == [Act.FAILED]
    sink.on_rcpt = lambda address: None
    postal.passes(sink.url)
    assert sink.recipients() == ["c1@example.org", "chef@example.org"]


def test_a_line_broken_after_the_message_leaves_it_uncertain_for_a_person(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.after_data = lambda number: "drop"
    broken = postal.passes(sink.url)
    assert [one.status for one in broken.sendings] == [Act.UNCERTAIN]
    assert broken.some_failed
    sink.after_data = lambda number: None
    for day in ("2026-02-03 10:00", "2026-02-20 10:00"):
        after = postal.passes(sink.url, day)
        assert after.sendings == ()
        assert [one.reason for one in after.run.decisions] == [Reason.UNCERTAIN]
    assert len(sink.accepted) == 1
    (task,) = [row for row in postal.rows("today") if row["kind"] == "message incertain"]
    assert task["task"] == "C1|EUR|standard|F-1|2|1"


@pytest.mark.parametrize(("outcome", "sent"), [("parti", 1), ("non parti", 2)])
def test_a_person_settles_an_uncertain_message_in_the_today_tab(tmp_path, sink, outcome, sent):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.after_data = lambda number: "drop"
    postal.passes(sink.url)
    sink.after_data = lambda number: None
    postal.types("today", "C1|EUR|standard|F-1|2|1", outcome=outcome)
    postal.passes(sink.url)
    assert len(sink.accepted) == sent
    ids = {str(message["Message-ID"]) for message in sink.messages()}
    assert len(ids) == 1  # the same message, should both arrive: a mailbox shows one


@pytest.mark.parametrize("sent", [True, False])
def test_a_person_settles_an_uncertain_message_by_the_command(tmp_path, sink, sent):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.after_data = lambda number: "drop"
    postal.passes(sink.url)
    sink.after_data = lambda number: None
    postal.resolves("1", sent=sent)
    postal.passes(sink.url)
    assert len(sink.accepted) == (1 if sent else 2)
    with pytest.raises(UsageError):
        postal.resolves("1", sent=True)


def test_a_line_that_closes_between_two_messages_is_opened_again(tmp_path, sink):
    postal = Postal(tmp_path)
    for number in range(4):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    closed = iter([None, "drop", None, None, "421 too many", None, None])
    sink.on_mail = lambda address: next(closed, None)
    run = postal.passes(sink.url)
    assert [one.status for one in run.sendings] == [Act.SENT] * 4
    assert (len(sink.accepted), sink.connections) == (4, 3)


def test_a_server_that_is_away_reserves_nothing_and_says_so(tmp_path):
    with mail_sink() as sink:
        url = sink.url
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    run = postal.passes(url)
    assert (run.sendings, run.some_failed) == ([], True)
    assert run.stopped == (
        "le serveur de messagerie ne répond pas\u00a0: vérifiez RELANCE_SMTP_URL, ou attendez son retour (ConnectionRefusedError)"
    )
    assert postal.acts() == []


def test_a_server_that_says_later_to_everything_is_left_alone(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=50)
    for number in range(12):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    sink.on_mail = lambda address: "452 4.3.1 enough"
    run = postal.passes(sink.url)
    assert run.stopped
    assert [one.status for one in run.sendings] == [Act.FAILED] * 5 + [Act.WITHHELD] * 7
    sink.on_mail = lambda address: None
    postal.passes(sink.url)
    assert len(sink.accepted) == 12


def test_a_message_refused_as_such_is_failed(tmp_path, sink):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    sink.on_data = lambda number: "554 5.7.1 not here"
    assert [(one.status, one.note) for one in postal.passes(sink.url).sendings] == [(Act.FAILED, "554 5.7.1 not here")]


def test_a_payment_typed_while_the_messages_are_reserved_withholds_its_message_only(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=2)
    for number in range(4):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")

    def someone_pays(number):
        if number == 2:
            postal.add("payments", invoice="F-3", amount=100, paid_on=__import__("datetime").date(2026, 2, 2))

    sink.on_data = someone_pays
    run = postal.passes(sink.url)
    assert [(one.decision.carrying, one.status) for one in run.sendings] == [
        ("F-0", Act.SENT), ("F-1", Act.SENT), ("F-2", Act.SENT), ("F-3", Act.WITHHELD)
    ]  # fmt: skip
    assert postal.passes(sink.url).sendings == ()
    assert postal["invoices", "F-3", "open"] in (0, None)


@pytest.mark.parametrize(
    "said",
    [{"hold": __import__("datetime").date(2026, 3, 1)}, {"reason": "litige"}, {"send": "passer"}, {"draft": "autre texte"}],
)
def test_a_pause_a_button_or_an_edit_made_meanwhile_withholds_the_message(tmp_path, sink, said):
    postal = Postal(tmp_path, send_batch=1)
    postal.contact("C0").invoice("F-0", "2026-01-29", customer="C0").contact("C1").invoice("F-1", "2026-01-30")

    def someone_types(number):
        if number == 1:
            postal.types("invoices", "F-1", **said)

    sink.on_data = someone_types
    run = postal.passes(sink.url)
    assert {one.decision.carrying: one.status for one in run.sendings} == {"F-0": Act.SENT, "F-1": Act.WITHHELD}


def test_what_a_person_types_in_today_during_the_run_is_kept_and_heeded(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=1)
    postal.contact("C0").invoice("F-0", "2026-01-29", 900, customer="C0").contact("C1").invoice("F-1", "2026-01-20")
    postal.contact("C2").invoice("F-2", "2026-01-30", customer="C2")
    sink.on_rcpt = lambda address: "550 no" if address.startswith("c1") else None
    postal.passes(sink.url)
    sink.on_rcpt = lambda address: None
    postal.contact("C3").invoice("F-3", "2026-02-01", 50, customer="C3").contact("C4").invoice(
        "F-4", "2026-02-01", 40, customer="C4"
    )
    (task,) = [row for row in postal.rows("today") if row["kind"] == "adresse"]

    def someone_answers(number):
        if len(sink.accepted) == 2:
            postal.types("today", task["task"], outcome="fait", note="appelé")

    sink.on_data = someone_answers
    run = postal.passes(sink.url, "2026-02-03 10:00")
    assert [one.status for one in run.sendings] == [Act.SENT] * 2
    assert postal["today", task["task"], "note"] == "appelé"
    assert postal["today", task["task"], "outcome"] == "fait"
    postal.passes(sink.url, "2026-02-03 11:00")
    assert [row["note"] for row in postal.rows("journal") if row["field"] == "review"] == ["appelé"]


def test_stop_typed_during_the_run_halts_everything_at_once(tmp_path, sink):
    postal = Postal(tmp_path, send_batch=2)
    for number in range(9):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")

    def someone_stops(number):
        if number == 2:
            postal.types("settings", "arrêt", value="oui")

    sink.on_data = someone_stops
    run = postal.passes(sink.url)
    assert len(sink.accepted) == 2
    assert [one.status for one in run.sendings] == [Act.SENT] * 2 + [Act.WITHHELD] * 2
    assert "réglages ont changé" in run.stopped
    assert len(postal.journal("reserved")) == 4
    assert postal.passes(sink.url).sendings == ()
    sink.on_data = lambda number: None
    postal.types("settings", "arrêt", value="non")
    postal.passes(sink.url)
    assert len(sink.accepted) == 9


def test_the_daily_cap_lets_the_most_important_leave_and_resumes_the_next_days(tmp_path, sink):
    postal = Postal(tmp_path, daily_cap=2)
    for number in range(5):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", 20 * 5**number, customer=f"C{number}")
    postal.passes(sink.url)
    assert sink.recipients() == ["c4@example.org", "c3@example.org"]
    assert postal.passes(sink.url).sendings == ()
    assert "plafond" in str(postal["invoices", "F-0", "why"]) or "autorisé" in str(postal["invoices", "F-0", "why"])
    postal.passes(sink.url, "2026-02-03 10:00")
    postal.passes(sink.url, "2026-02-04 10:00")
    assert sink.recipients()[2:] == ["c2@example.org", "c1@example.org", "c0@example.org"]


@pytest.mark.parametrize("at", ["2026-02-02 08:29", "2026-02-02 18:00", "2026-01-31 10:00", "2026-04-06 10:00"])
def test_outside_the_window_weekends_and_holidays_nothing_leaves(tmp_path, sink, at):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-20")
    assert postal.passes(sink.url, at).sendings == ()
    assert sink.accepted == []


def test_the_sending_hours_are_those_of_the_company_wherever_the_machine_is(tmp_path, sink):
    """Half past five in the evening in Paris is half past twelve in Cayenne, and ten in the morning is six."""
    postal = Postal(tmp_path, time_zone="America/Cayenne").contact().invoice("F-1", "2026-01-20")
    assert postal.passes(sink.url, "2026-02-02 10:00").sendings == ()
    assert "Hors des jours et heures" in postal["invoices", "F-1", "why"]
    run = postal.passes(sink.url, "2026-02-02 17:30")
    assert [one.status for one in run.sendings] == [Act.SENT]
    assert str(sink.messages()[0]["Date"]).endswith("-0300")


def test_unusual_volume_waits_for_a_person_and_only_for_that_day(tmp_path, sink):
    postal = Postal(tmp_path)
    for day in range(5, 17):
        postal.add(
            "journal", when=f"2026-01-{day:02}T10:00:00+01:00", status="sent", customer="C9", channel="email", key=f"k{day}"
        )
    for number in range(8):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    held = postal.passes(sink.url)
    assert (held.sendings, sink.accepted) == ((), [])
    assert "inhabitu" in held.held or "plus que d’habitude" in held.held
    (task,) = [row for row in postal.rows("today") if str(row["task"]).startswith("review|volume|")]
    postal.types("today", task["task"], outcome="fait")
    postal.passes(sink.url)
    assert len(sink.accepted) == 8
    assert not [row for row in postal.rows("today") if str(row["task"]).startswith("review|volume|")]


def test_an_unusual_volume_that_a_person_passes_over_stays_held(tmp_path, sink):
    postal = Postal(tmp_path)
    for day in range(5, 17):
        postal.add(
            "journal", when=f"2026-01-{day:02}T10:00:00+01:00", status="sent", customer="C9", channel="email", key=f"k{day}"
        )
    for number in range(8):
        postal.contact(f"C{number}").invoice(f"F-{number}", "2026-01-30", customer=f"C{number}")
    postal.passes(sink.url)
    postal.types("today", "review|volume|2026-02-02", outcome="passer")
    assert postal.passes(sink.url).sendings == ()


def test_the_test_address_takes_everything_visibly_and_counts_for_nothing(tmp_path, sink):
    postal = Postal(tmp_path, test_address="essai@example.org").contact(cc="chef@example.org").invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    postal.passes(sink.url)
    assert sink.recipients() == ["essai@example.org"]
    (message,) = sink.messages()
    assert str(message["To"]) == "essai@example.org"
    assert message["Cc"] is None
    assert str(message["Subject"]).startswith("[Essai]")
    for kind in ("plain", "html"):
        assert "destinataire prévu : c1@example.org, chef@example.org" in message.get_body((kind,)).get_content()
    assert [row["note"] for row in postal.journal("sent")] == ["test"]
    postal.types("settings", "adresse de test", value=None)
    postal.passes(sink.url)
    assert sink.recipients()[1:] == ["c1@example.org", "chef@example.org"]
    first, second = sink.messages()
    assert first["Message-ID"] != second["Message-ID"]


def test_an_uncertain_test_that_a_person_calls_sent_is_no_step(tmp_path, sink):
    postal = Postal(tmp_path, test_address="essai@example.org").contact().invoice("F-1", "2026-01-30")
    sink.after_data = lambda number: "drop"
    postal.passes(sink.url)
    sink.after_data = lambda number: None
    postal.types("today", "C1|EUR|standard|F-1|2|1", outcome="parti")
    postal.types("settings", "adresse de test", value=None)
    postal.passes(sink.url)
    assert sink.recipients() == ["essai@example.org", "c1@example.org"]


def test_the_reminders_of_one_case_stand_in_one_thread(tmp_path, sink):
    postal = Postal(tmp_path, person_grace_days=0).contact().invoice("F-1", "2026-01-30")
    postal.add("cadence", cadence="courte", step=1, when="J+1", channel="e-mail", approval="automatique")
    postal.add("cadence", cadence="courte", step=2, when="J+8", channel="e-mail", approval="automatique")
    postal.add("cadence", cadence="courte", step=3, when="J+16", channel="e-mail", approval="automatique")
    postal.types("contacts", "C1", cadence="courte")
    for day in ("2026-02-02", "2026-02-09", "2026-02-16"):
        postal.passes(sink.url, f"{day} 10:00")
    first, second, third = sink.messages()
    assert first["References"] is None
    assert str(second["In-Reply-To"]) == str(first["Message-ID"])
    assert str(third["References"]).split() == [str(first["Message-ID"]), str(second["Message-ID"])]
    marks = {str(message["Subject"])[-12:] for message in (first, second, third)}
    assert len(marks) == 1


@pytest.mark.parametrize(
    ("payee", "leaves"),
    [
        ("FR7630006000011234567890189 pay.example.org @example.org", True),
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("DE89370400440532013000", False),
        ("@ailleurs.example", False),
        ("autre@example.org", False),
    ],
)
def test_an_account_or_sender_that_is_not_the_protected_one_stops_everything(tmp_path, sink, payee, leaves):
    postal = Postal(tmp_path, iban="FR7630006000011234567890189").contact().invoice("F-1", "2026-01-30")
    run = postal.passes(sink.url, payee=payee)
    assert len(sink.accepted) == leaves
    if not leaves:
        assert [one.reason for one in run.run.decisions] == [Reason.SETTINGS_PROBLEM]
        assert any(str(row["code"]).startswith("payee_") for row in postal.rows("problems"))


@pytest.mark.parametrize(
    "draft",
    ["Merci de payer sur DE89 3704 0044 0532 0130 00.", "Réglez ici : https://pay.evil.example/x", "voir www.evil.example"],
)
def test_an_account_or_link_slipped_into_a_draft_stops_everything(tmp_path, sink, draft):
    postal = Postal(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30")
    payee = "FR7630006000011234567890189 pay.example.org"
    postal.passes(sink.url, payee=payee)
    postal.types("invoices", "F-1", draft=draft, send="oui")
    postal.passes(sink.url, payee=payee)
    assert sink.accepted == []
    assert [row["code"] for row in postal.rows("problems") if str(row["code"]).startswith("payee_")]
    postal.types(
        "invoices", "F-1", draft="Réglez ici : https://pay.example.org/x ou FR76 3000 6000 0112 3456 7890 189", send="oui"
    )
    postal.passes(sink.url, payee=payee)
    assert len(sink.accepted) == 1


def test_two_runs_started_together_send_once(tmp_path):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    second: list[object] = []

    def another_run(number):
        try:
            second.append(postal.passes(sink.url, run="other"))
        except WorkbookError as error:
            second.append(str(error))

    with mail_sink(Sink(on_data=another_run)) as sink:
        postal.passes(sink.url)
    assert len(sink.accepted) == 1
    assert isinstance(second[0], str)
    assert "run" in second[0]


def test_a_returned_payment_makes_a_second_sending_of_the_step_a_new_occurrence(tmp_path, sink):
    from datetime import date

    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    postal.passes(sink.url)
    postal.add("payments", invoice="F-1", amount=100, paid_on=date(2026, 2, 3))
    postal.passes(sink.url, "2026-02-03 10:00")
    postal.add("payments", invoice="F-1", amount=-100, paid_on=date(2026, 2, 24))
    for day in ("2026-02-24", "2026-02-25", "2026-02-26"):
        postal.passes(sink.url, f"{day} 10:00")
    keys = [row["key"] for row in postal.journal("sent")]
    assert keys == ["C1|EUR|standard|F-1|2|1", "C1|EUR|standard|F-1|2|2"]
    assert len({str(message["Message-ID"]) for message in sink.messages()}) == 2
