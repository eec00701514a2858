"""Texts, tasks and guards: templates, languages, reviews, limitation, unusual volume, servers, the protected payee."""

import email
import json
from datetime import date, timedelta
from email import policy

import pytest
from click.testing import CliRunner
from plain_book import Book, contact, day, invoice, paid

from sync.cli import main

EN = {"mode": "auto", "language": "en", "freshness_days": None, "company": "Atelier Brumaire"}
ANY_HOUR = {"sending_days": None, "sending_from": None, "sending_to": None}
STEPS = [
    {"Cadence": "mine", "Step": 1, "When": "J+1", "Channel": "email", "Template": "hello"},
    {"Cadence": "mine", "Step": 2, "When": "J+9", "Channel": "email"},
]
VARIABLES = [
    "company",
    "customer",
    "person",
    "invoices",
    "also_open",
    "total",
    "unallocated",
    "to_pay",
    "interest",
    "compensation",
    "step",
    "as_of",
    "payment",
]


def book(tmp_path, settings=None, **tabs):
    return Book(tmp_path, **{"Invoices": [invoice()], "Contacts": [contact()], **tabs}, Settings={**EN, **(settings or {})})


def text_of(path):
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    return message, message.get_body(("plain",)).get_content()


def template(text, name="hello", language="en", subject="Your account"):
    return {"Template": name, "Language": language, "Subject": subject, "Text": text}


# --- templates


def test_every_variable_of_the_contract_can_be_used(tmp_path):
    text = "\n".join("{{ " + name + " }}" for name in VARIABLES if name not in ("invoices", "payment"))
    text += "{% for one in invoices %}[{{ one.number }} {{ one.issued }} {{ one.due }} {{ one.open }} {{ one.days_late }} {{ one.link }}]{% endfor %}"
    text += "{{ payment.iban }}{{ payment.bic }}{{ payment.reference }}{{ payment.link }}"
    made = book(tmp_path, Templates=[template(text)], Cadence=STEPS)
    assert made.plan("2026-02-10")["problems"] == []
    made.sync("2026-02-10")
    assert "[F-1" in text_of(made.mails()[0])[1]


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{% if %}", "{{ company.__class__ }}", "{% for i in range(10**9) %}x{% endfor %}", "   "]
)
def test_a_bad_text_stops_only_the_steps_that_use_it(tmp_path, text):
    rows = [invoice("F-1", Cadence="mine"), invoice("F-2", customer="C2", Cadence="other")]
    other = {"Cadence": "other", "Step": 1, "When": "J+1", "Channel": "email"}
    made = book(tmp_path, Invoices=rows, Contacts=[contact(), contact("C2")], Templates=[template(text)], Cadence=[*STEPS, other])
    assert {(one["tab"], one["row"]) for one in made.plan("2026-02-10")["problems"]} == {("templates", 2)}
    assert (made.why("F-1", "2026-02-10"), made.why("F-2", "2026-02-10")) == (
        ("blocked", "settings_problem"),
        ("due", "step_due"),
    )
    assert [one["customer"] for one in made.sync("2026-02-10")["sent"]] == ["C2"]


def test_a_text_that_nobody_wrote_is_a_problem_of_its_step(tmp_path):
    assert {one["tab"] for one in book(tmp_path, Cadence=STEPS).plan("2026-02-10")["problems"]} == {"cadence"}


def test_a_blank_template_is_the_built_in_text_of_the_step(tmp_path):
    made = book(tmp_path)
    made.sync("2026-02-10")
    message, text = text_of(made.mails()[0])
    assert ("F-1" in text, "€100.00" in text, "Atelier Brumaire" in text) == (True, True, True)
    assert message["Subject"]


def test_without_the_companys_name_a_subject_still_begins_with_a_word(tmp_path):
    made = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Settings={"mode": "auto"})
    made.sync("2026-02-10")
    assert text_of(made.mails()[0])[0]["Subject"][0].isalpha()


@pytest.mark.parametrize(("language", "amount"), [("en", "€100.00"), ("fr", "100,00\u00a0€"), (None, "€100.00")])
def test_a_message_is_in_the_customers_language_else_the_workbooks(tmp_path, language, amount):
    made = book(tmp_path, Contacts=[contact(Language=language)])
    made.sync("2026-02-10")
    assert amount in text_of(made.mails()[0])[1]


def test_copies_and_several_recipients(tmp_path):
    made = book(
        tmp_path,
        {"reply_to": "answers@example.org"},
        Contacts=[contact(**{"E-mail": "a@example.org, b@example.org", "Cc": "c@example.org"})],
    )
    made.sync("2026-02-10")
    message, _ = text_of(made.mails()[0])
    assert (message["To"], message["Cc"], message["Reply-To"]) == (
        "a@example.org, b@example.org",
        "c@example.org",
        "answers@example.org",
    )


def test_a_preview_stands_beside_each_text(tmp_path):
    made = book(tmp_path, Templates=[template("Hello {{ customer }}")])
    made.sync("2026-02-10")
    assert "Hello " in str(made.rows("Templates")[0]["Preview"])


# --- tasks


def tasks(made, customer="C1"):
    return [row for row in made.rows("Today") if row["Customer"] == customer]


@pytest.mark.parametrize(
    ("who", "more"),
    [
        ({}, {"Delay reason": "dispute", "Reason since": day("2026-02-02")}),
        ({"Payment means": "direct debit"}, {}),
        ({"Do not contact": "yes"}, {}),
    ],
    ids=["dispute", "direct debit", "do not contact"],
)
def test_what_lasts_is_reviewed_every_fourteen_days(tmp_path, who, more):
    made = book(tmp_path, Invoices=[invoice(**more)], Contacts=[contact(**who)])
    seen = []
    made.sync("2026-02-20")
    (task,) = tasks(made)
    row = next(index for index, one in enumerate(made.rows("Today"), 2) if one["Task"] == task["Task"])
    made.type("Today", row, "Outcome", "done")
    made.sync("2026-02-20")
    seen.append(bool(tasks(made)))
    made.sync("2026-03-05")
    seen.append(bool(tasks(made)))
    made.sync("2026-03-06")
    assert (seen, bool(tasks(made))) == ([False, False], True)


def test_reviews_that_are_blank_are_off(tmp_path):
    made = book(tmp_path, {"review_days": None}, Contacts=[contact(**{"Do not contact": "yes"})])
    made.sync("2026-06-10")
    assert tasks(made) == []


def test_tasks_are_ranked(tmp_path):
    rows = [invoice("F-1", amount=100, customer="C1"), invoice("F-2", amount=90_000, customer="C2")]
    made = book(tmp_path, Invoices=rows, Contacts=[contact("C1", **{"E-mail": None}), contact("C2", **{"E-mail": None})])
    made.sync("2026-02-10")
    ranked = [(row["Customer"], row["Priority"]) for row in made.rows("Today") if row["Customer"]]
    assert [customer for customer, _ in ranked] == ["C2", "C1"]
    assert all(0 <= int(str(priority)) <= 100 for _, priority in ranked)


def test_a_payment_without_invoice_gets_a_suggestion(tmp_path):
    made = book(
        tmp_path,
        Invoices=[invoice("F-1", amount=123.45), invoice("F-2", amount=77)],
        Payments=[paid("2026-02-05", 77, customer="C1")],
    )
    made.sync("2026-02-10")
    assert made.rows("Payments")[0]["Suggested invoice"] == "F-2"


def test_contacts_get_what_is_concluded(tmp_path):
    made = book(tmp_path)
    made.sync("2026-02-10")
    row = made.rows("Contacts")[0]
    assert (row["Segment"], row["Open balance"], row["Overdue"]) == ("new", 100, 100)
    assert 0 <= int(str(row["Risk"])) <= 100


# --- guards


def sent_before(days, count, until="2026-02-09"):
    last = day(until)
    return [
        {"When": f"{(last - timedelta(days=ago)).isoformat()}T09:0{number}:00+01:00", "Customer": f"Z{number}", "Invoices": f"Z-{number}", "Currency": "EUR", "Cadence": "standard", "Step": 2, "Occurrence": 1, "Channel": "email", "Status": "sent", "Key": f"Z{number}|EUR|standard|Z-{number}|2|{ago + 1}"}
        for ago in range(days - 1, -1, -1)
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "customers", "guard", "sent"), [(5, 3, 300, 3), (5, 4, 300, 0), (4, 4, 300, 4), (5, 4, None, 4), (5, 4, 400, 4)]
)
def test_the_volume_guard_asks_a_person_above_three_times_the_usual(tmp_path, days, customers, guard, sent):
    made = book(
        tmp_path, {"volume_guard": guard}, Invoices=[invoice(f"F-{index}", customer=f"C{index}") for index in range(customers)],
        Contacts=[contact(f"C{index}") for index in range(customers)], Journal=sent_before(days, 1),
    )  # fmt: skip
    assert len(made.sync("2026-02-10")["sent"]) == sent


def test_once_confirmed_the_unusual_volume_leaves(tmp_path):
    made = book(
        tmp_path, Invoices=[invoice(f"F-{index}", customer=f"C{index}") for index in range(4)],
        Contacts=[contact(f"C{index}") for index in range(4)], Journal=sent_before(5, 1),
    )  # fmt: skip
    made.sync("2026-02-10")
    row = next(index for index, one in enumerate(made.rows("Today"), 2) if str(one["Task"]).startswith("review|volume"))
    made.type("Today", row, "Outcome", "done")
    assert len(made.sync("2026-02-10")["sent"]) == 4


def test_another_day_never_uses_the_server(tmp_path):
    made = book(tmp_path, {"sender_email": "compta@example.org"})
    result = CliRunner().invoke(
        main, ["sync", str(made.path), "--as-of", "2026-02-10"], env={"RELANCE_SMTP_URL": "smtp://127.0.0.1:9"}
    )
    assert (result.exit_code, len(made.mails())) == (0, 1)


def test_the_first_run_that_would_reach_a_server_only_drafts_and_a_server_that_is_away_is_4(tmp_path):
    due = (date.today() - timedelta(days=20)).isoformat()  # noqa: DTZ011 - only a real today uses the server
    made = book(tmp_path, {"sender_email": "compta@example.org", **ANY_HOUR}, Invoices=[invoice(due=due)])
    server = {"RELANCE_SMTP_URL": "smtp://127.0.0.1:9"}
    first = CliRunner().invoke(main, ["sync", str(made.path), "--json"], env=server)
    assert (first.exit_code, json.loads(first.stdout)["sent"]) == (0, [])
    assert made.rows("Invoices")[0]["Draft"]
    second = CliRunner().invoke(main, ["sync", str(made.path), "--json"], env=server)
    assert second.exit_code == 4
    assert {one["status"] for one in json.loads(second.stdout)["sent"]} <= {"failed", "withheld"}
    assert made.mails() == []


@pytest.mark.parametrize("url", ["nonsense", "http://mail.example.org", "smtp://", "smtp://user:p@ss:word@host:port"])
def test_an_address_of_a_server_that_cannot_be_read_is_2(tmp_path, url):
    made = book(tmp_path, {"sender_email": "compta@example.org", **ANY_HOUR})
    made.sync("2026-02-10")
    result = CliRunner().invoke(main, ["sync", str(made.path)], env={"RELANCE_SMTP_URL": url})
    assert result.exit_code in (0, 2)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "p@ss" not in result.output


def test_an_account_that_is_not_the_protected_one_stops_sending(tmp_path):
    iban = "FR7630006000011234567890189"
    for payee, sent in ((iban, 1), ("DE89370400440532013000", 0)):
        folder = tmp_path / payee
        folder.mkdir()
        made = book(folder, {"iban": iban})
        result = CliRunner().invoke(
            main, ["sync", str(made.path), "--as-of", "2026-02-10", "--json"], env={"RELANCE_PAYEE": payee}
        )
        assert (result.exit_code, len(json.loads(result.stdout)["sent"]), len(made.mails())) == (0 if sent else 2, sent, sent)
        assert ("error" in json.loads(result.stdout)) == (not sent)


def test_a_journal_that_somebody_altered_shows(tmp_path):
    made = book(tmp_path)
    made.sync("2026-02-10")
    assert made.run("verify").exit_code == 0
    row = next(index for index, one in enumerate(made.rows("Journal"), 2) if one["Status"] == "sent")
    made.type("Journal", row, "Recipient", "other@example.org")
    assert made.run("verify", status=1).exit_code == 1


def test_a_row_that_changes_between_read_and_write_is_never_overwritten(tmp_path):
    """The people's cells of a workbook are the same before and after a run."""
    made = book(tmp_path, Payments=[paid("2026-02-05", 10, "F-1", Note="=1")])
    typed = {title: [list(row.values())[:4] for row in made.rows(title)] for title in ("Invoices", "Contacts", "Payments")}
    made.sync("2026-02-10")
    assert {title: [list(row.values())[:4] for row in made.rows(title)] for title in typed} == typed


# --- limitation


@pytest.mark.parametrize(
    ("as_of", "warned"), [("2025-07-15", False), ("2025-08-05", True), ("2025-11-05", True), ("2026-01-05", True)]
)
def test_limitation_warns_at_six_three_and_one_months(tmp_path, as_of, warned):
    made = book(
        tmp_path,
        {"mode": "draft"},
        Invoices=[
            invoice(due="2024-01-31", **{"Delay reason": "dispute", "Issue date": day("2024-01-31"), "Reason since": day(as_of)})
        ],
        Contacts=[contact(Kind="consumer")],
    )
    assert made.view("F-1", as_of)["limitation"] == "2026-01-31"
    made.sync(as_of)
    assert any("limitation" in str(row["Task"]) for row in tasks(made)) == warned
