"""The Journal and the Today tab: what was done, what people answer and log, and what a bounce or a doubt changes."""

import json

import openpyxl
import pytest
from plain_book import Book, contact, day, invoice, paid

EN = {"mode": "auto", "language": "en", "freshness_days": None}
COLUMNS = [
    "When", "Run", "Actor", "Customer", "Invoices", "Currency", "Cadence", "Step", "Occurrence", "Channel", "Status", "Amount", "Recipient",
    "Message ID", "Subject", "Text", "Field", "Old", "New", "Note", "Key", "Seal",
]  # fmt: skip
FRENCH = [
    "Quand", "Passage", "Auteur", "Client", "Factures", "Devise", "Scénario", "Étape", "Occurrence", "Canal", "Statut", "Montant", "Destinataire",
    "Identifiant", "Objet", "Texte", "Champ", "Avant", "Après", "Note", "Clé", "Sceau",
]  # fmt: skip
TODAY = [
    "Task",
    "Priority",
    "Kind",
    "Customer",
    "Invoices",
    "Amount",
    "What to do",
    "Why",
    "Script",
    "File",
    "Outcome",
    "Date",
    "Promised amount",
    "Note",
]
TODAY_FR = [
    "Tâche",
    "Priorité",
    "Nature",
    "Client",
    "Factures",
    "Montant",
    "À faire",
    "Pourquoi",
    "Argumentaire",
    "Fichier",
    "Résultat",
    "Date",
    "Montant promis",
    "Note",
]
PROBLEMS = ["Tab", "Row", "Column", "Value", "What is wrong", "What to do", "Code"]
PROBLEMS_FR = ["Onglet", "Ligne", "Colonne", "Valeur", "Anomalie", "Correction", "Code"]


def act(when, status, step=None, **more):
    base = {
        "When": f"{when}T10:00:00+01:00",
        "Run": "r",
        "Actor": "relance",
        "Customer": "C1",
        "Invoices": "F-1",
        "Currency": "EUR",
        "Cadence": "standard",
        "Step": step,
        "Occurrence": 1 if step else None,
        "Channel": "email" if step else None,
        "Status": status,
    }
    return {**base, **more}


def key(step, occurrence=1):
    return f"C1|EUR|standard|F-1|{step}|{occurrence}"


def book(tmp_path, *journal, settings=None, **tabs):
    extra = {"Journal": [dict.fromkeys(COLUMNS) | row for row in journal]} if journal else {}
    return Book(
        tmp_path, **{"Invoices": [invoice()], "Contacts": [contact()], **extra, **tabs}, Settings={**EN, **(settings or {})}
    )


# --- headings of our own tabs


def test_the_headings_of_our_tabs(tmp_path):
    for language, titles, headings in (
        ("en", ("Journal", "Today", "Problems"), (COLUMNS, TODAY, PROBLEMS)),
        ("fr", ("Journal", "À faire", "À corriger"), (FRENCH, TODAY_FR, PROBLEMS_FR)),
    ):
        made = Book(tmp_path, name=f"{language}.xlsx", Invoices=[invoice(amount="x")], Settings={"language": language})
        made.sync("2026-02-10")
        for title, expected in zip(titles, headings, strict=True):
            assert [cell.value for cell in openpyxl.load_workbook(made.path)[title][1]][: len(expected)] == expected


def test_a_message_is_reserved_then_sent_with_the_contracts_key(tmp_path):
    made = book(tmp_path)
    (sent,) = made.sync("2026-02-10")["sent"]
    rows = [row for row in made.rows("Journal") if row["Step"] is not None]
    assert [(row["Status"], row["Customer"], row["Invoices"], row["Currency"], row["Cadence"], row["Step"], row["Occurrence"], row["Channel"]) for row in rows] == [
        ("reserved", "C1", "F-1", "EUR", "standard", 2, 1, "email"), ("sent", "C1", "F-1", "EUR", "standard", 2, 1, "email"),
    ]  # fmt: skip
    assert {row["Key"] for row in rows} == {sent["key"]}
    assert sent["key"].split("|") == ["C1", "EUR", "standard", "F-1", "2", "1"]
    assert (rows[1]["Message ID"], rows[1]["Recipient"]) == (sent["message_id"], "c1@example.org")
    assert rows[1]["Seal"]


def test_a_problem_is_told_in_its_tab_and_in_its_row(tmp_path):
    made = book(tmp_path, Invoices=[invoice(amount="1.234")])
    made.sync("2026-02-10")
    (problem,) = made.rows("Problems")
    assert (problem["Tab"], problem["Row"], problem["Column"], problem["Value"], problem["Code"]) == (
        "Invoices",
        2,
        "Amount",
        "1.234",
        "ambiguous_amount",
    )
    assert problem["What is wrong"] in str(made.rows("Invoices")[0]["Problem"])
    made.type("Invoices", 2, "Amount", 1234)
    made.sync("2026-02-10")
    assert (made.rows("Problems"), made.rows("Invoices")[0]["Problem"]) == ([], None)


# --- a Journal that is already there


def test_acts_of_the_journal_give_the_level(tmp_path):
    made = book(tmp_path, act("2026-02-02", "sent", 2, Key=key(2)), act("2026-02-09", "done", 3, Channel="call", Key=key(3)))
    assert made.decision("2026-02-16")["step"] == 4


def test_a_journal_whose_rows_are_out_of_order_gives_the_same_level(tmp_path):
    made = book(tmp_path, act("2026-02-09", "done", 3, Channel="call", Key=key(3)), act("2026-02-02", "sent", 2, Key=key(2)))
    assert made.decision("2026-02-16")["step"] == 4
    assert made.sync("2026-02-08", status=2)["error"]  # the last act is the latest, wherever it stands
    assert made.decision("2026-02-10")["reason"] == "step_scheduled"


def test_acts_later_than_the_as_of_date_are_not_known_yet(tmp_path):
    made = book(tmp_path, act("2026-02-02", "sent", 2, Key=key(2)), act("2026-02-09", "done", 3, Channel="call", Key=key(3)))
    assert made.decision("2026-02-08")["step"] == 3


def test_a_message_reserved_without_an_outcome_is_uncertain_and_never_sent_again(tmp_path):
    made = book(tmp_path, act("2026-02-02", "reserved", 2, Key=key(2), **{"Message ID": "<x@relance.invalid>"}))
    assert made.why("F-1", "2026-02-10") == ("blocked", "uncertain")
    found = made.sync("2026-02-10")
    assert (found["sent"], made.mails()) == ([], [])
    assert [row["Status"] for row in made.rows("Journal") if row["Key"] == key(2)] == ["reserved", "uncertain"]
    assert [row for row in made.rows("Today") if row["Customer"] == "C1"]


@pytest.mark.parametrize(("outcome", "step"), [("sent", 3), ("not sent", 2)])
def test_a_person_says_what_became_of_an_uncertain_message(tmp_path, outcome, step):
    made = book(tmp_path, act("2026-02-02", "reserved", 2, Key=key(2)))
    made.sync("2026-02-10")
    row = next(index for index, task in enumerate(made.rows("Today"), 2) if task["Customer"] == "C1")
    made.type("Today", row, "Outcome", outcome)
    found = made.sync("2026-02-10")
    assert [one["step"] for one in found["sent"]] == ([2] if outcome == "not sent" else [])
    assert made.decision("2026-02-11")["step"] == (3 if outcome == "not sent" else step)


def test_a_failed_message_may_be_reserved_again(tmp_path):
    made = book(tmp_path, act("2026-02-02", "reserved", 2, Key=key(2)), act("2026-02-02", "failed", 2, Key=key(2)))
    assert [one["step"] for one in made.sync("2026-02-10")["sent"]] == [2]


def test_a_bounce_undoes_the_step_and_blocks_the_address_until_it_changes(tmp_path):
    sent = act("2026-02-02", "sent", 2, Key=key(2), Recipient="c1@example.org")
    made = book(tmp_path, sent, act("2026-02-03", "bounced", 2, Key=key(2), Recipient="c1@example.org"))
    assert made.why("F-1", "2026-02-10") == ("blocked", "bounced")
    assert made.decision("2026-02-10")["step"] == 2
    made.sync("2026-02-10")
    assert [row for row in made.rows("Today") if row["Customer"] == "C1"]
    made.type("Contacts", 2, "E-mail", "new@example.org")
    (again,) = made.sync("2026-02-11")["sent"]
    assert (again["step"], again["to"]) == (2, ["new@example.org"])


def test_a_reply_pauses_the_customer(tmp_path):
    made = book(tmp_path, act("2026-02-02", "sent", 2, Key=key(2)), act("2026-02-05", "replied"))
    assert made.why("F-1", "2026-02-09") == ("paused", "replied")
    assert made.why("F-1", "2026-02-13")[1] != "replied"


def test_an_unreadable_row_of_the_journal_stops_its_customer_and_no_other(tmp_path):
    rows = [invoice("F-1"), invoice("F-2", customer="C2")]
    made = book(tmp_path, act("yesterday", "sent", 2), Invoices=rows, Contacts=[contact(), contact("C2")])
    assert [place[0] for place in made.codes("2026-02-10")] == ["journal"]
    assert (made.why("F-1", "2026-02-10"), made.why("F-2", "2026-02-10")) == (("blocked", "row_problem"), ("due", "step_due"))


def test_acts_noted_test_are_no_steps(tmp_path):
    assert book(tmp_path, act("2026-02-02", "sent", 2, Note="test", Key=key(2))).decision("2026-02-10")["step"] == 2


# --- Today: tasks


def called(tmp_path):
    made = book(tmp_path, act("2026-02-02", "sent", 2, Key=key(2)))
    made.sync("2026-02-09")
    return made, next(index for index, row in enumerate(made.rows("Today"), 2) if row["Customer"] == "C1")


def test_a_call_is_a_task_of_today(tmp_path):
    made, row = called(tmp_path)
    task = made.rows("Today")[row - 2]
    assert (task["Kind"], task["Invoices"], task["Amount"], task["Outcome"]) == ("call", "F-1", 100, None)
    assert task["Task"]
    assert task["Script"]


@pytest.mark.parametrize("word", ["done", "fait", "no answer", "sans réponse"])
def test_a_call_done_is_an_act_and_its_row_is_cleared(tmp_path, word):
    made, row = called(tmp_path)
    made.type("Today", row, "Outcome", word)
    made.sync("2026-02-10")
    assert [(str(one["When"])[:10], one["Channel"]) for one in made.rows("Journal") if one["Step"] == 3] == [
        ("2026-02-10", "call")
    ]
    assert made.decision("2026-02-16")["step"] == 4
    assert not [one for one in made.rows("Today") if one["Outcome"]]


def test_a_promise_answered_in_today_stands_on_the_invoice(tmp_path):
    made, row = called(tmp_path)
    made.type("Today", row, "Outcome", "promised").type("Today", row, "Date", day("2026-02-20")).type(
        "Today", row, "Promised amount", 80
    )
    made.sync("2026-02-10")
    (line,) = made.rows("Invoices")
    assert (line["Delay reason"], str(line["Promised for"])[:10], line["Promised amount"]) == ("promised", "2026-02-20", 80)
    assert made.why("F-1", "2026-02-22") == ("paused", "promised")
    (promise,) = [one for one in made.rows("Journal") if one["Status"] == "promised"]
    assert (promise["Amount"], promise["New"]) == (80, "2026-02-20")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("dispute", "disputed"),
        ("litige", "disputed"),
        ("hardship", "hardship"),
        ("dit payée", "says_paid"),
        ("not received", "not_received"),
    ],
)
def test_an_outcome_becomes_the_invoices_reason_where_it_is_blank(tmp_path, word, reason):
    made, row = called(tmp_path)
    made.type("Today", row, "Outcome", word)
    made.sync("2026-02-10")
    assert made.why("F-1", "2026-02-10") == ("paused", reason)


def test_a_persons_own_reason_is_never_replaced(tmp_path):
    made, row = called(tmp_path)
    made.type("Invoices", 2, "Delay reason", "bad faith").type("Today", row, "Outcome", "hardship")
    made.sync("2026-02-10")
    assert made.rows("Invoices")[0]["Delay reason"] == "bad faith"


def test_an_outcome_that_is_no_word_is_a_problem_and_the_row_stays(tmp_path):
    made, row = called(tmp_path)
    made.type("Today", row, "Outcome", "perhaps")
    assert [place[:3] for place in made.codes("2026-02-10")] == [("today", row, "outcome")]
    made.sync("2026-02-10")
    assert [one["Outcome"] for one in made.rows("Today") if one["Customer"] == "C1"] == ["perhaps"]


# --- Today: acts that people log on blank rows


def logged(**cells):
    return {**dict.fromkeys(TODAY), "Customer": "C1", "Outcome": "done", **cells}


def test_a_letter_that_people_log_counts_for_the_spacing_and_its_row_is_cleared(tmp_path):
    made = book(tmp_path, Today=[logged(Kind="letter", Note="by hand")])
    assert made.sync("2026-02-10")["sent"] == []
    assert made.why("F-1", "2026-02-10") == ("waiting", "spacing")
    (row,) = [one for one in made.rows("Journal") if one["Channel"] == "letter"]
    assert (str(row["When"])[:10], row["Status"], row["Invoices"], row["Note"]) == ("2026-02-10", "done", "F-1", "by hand")
    assert not [one for one in made.rows("Today") if one["Outcome"]]
    assert made.why("F-1", "2026-02-17") == ("due", "step_due")


def test_a_call_that_people_log_delays_nothing(tmp_path):
    made = book(tmp_path, Today=[logged(Kind="appel", Invoices="F-1", Date=day("2026-02-09"))])
    assert len(made.sync("2026-02-10")["sent"]) == 1
    assert [str(one["When"])[:10] for one in made.rows("Journal") if one["Channel"] == "call"] == ["2026-02-09"]


@pytest.mark.parametrize(
    "cells", [{"Customer": "C77"}, {"Outcome": "perhaps"}, {"Invoices": "F-99"}, {"Kind": "pigeon"}, {"Customer": None}]
)
def test_what_cannot_be_understood_is_a_problem_and_the_row_stays(tmp_path, cells):
    made = book(tmp_path, Today=[logged(Kind="call"), logged(Kind="call", **cells) if "Kind" not in cells else logged(**cells)])
    made.sync("2026-02-10")
    assert [one["Tab"] for one in made.rows("Problems")] == ["Today"]
    left = [one for one in made.rows("Today") if one["Outcome"]]
    assert [{name: left[0][name] for name in cells}] == [cells]


def test_a_promise_that_people_log_quiets_the_customer(tmp_path):
    made = book(tmp_path, Today=[logged(Kind="call", Outcome="promesse", Date=day("2026-02-20"))])
    assert made.sync("2026-02-10")["sent"] == []
    assert made.why("F-1", "2026-02-22") == ("paused", "promised")


# --- drafts


def test_a_draft_stays_while_days_pass_and_changes_with_the_balance(tmp_path):
    made = book(tmp_path, settings={"mode": "draft"})
    made.sync("2026-02-02")
    before = made.rows("Invoices")[0]["Draft"]
    made.sync("2026-02-20")
    assert made.rows("Invoices")[0]["Draft"] == before
    made.add("Payments", paid("2026-02-20", 40, "F-1"))
    made.sync("2026-02-20")
    assert made.rows("Invoices")[0]["Draft"] != before


def test_a_draft_that_a_person_edited_is_never_overwritten_and_is_the_text_that_leaves(tmp_path):
    made = book(tmp_path, settings={"mode": "approve"})
    made.sync("2026-02-02")
    made.type("Invoices", 2, "Draft", "Dear Paul, my own words.").type("Invoices", 2, "Send?", "yes")
    assert len(made.sync("2026-02-03")["sent"]) == 1
    assert "my own words" in made.mails()[0].read_text("utf-8")


def test_a_second_run_of_the_same_day_changes_nothing(tmp_path):
    made = book(
        tmp_path,
        Invoices=[invoice("F-1"), invoice("F-2", amount="x"), invoice("F-3", customer="C2", **{"Delay reason": "dispute"})],
        Contacts=[contact(), contact("C2")],
    )
    made.sync("2026-02-10")
    before = made.path.read_bytes()
    again = made.sync("2026-02-10")
    assert (again["sent"], again["written"]["cells"], made.path.read_bytes()) == ([], 0, before)


def test_hostile_names_become_neither_formulas_nor_headers(tmp_path):
    made = book(tmp_path, Contacts=[contact(Contact="<script>alert(1)</script>")])
    file = openpyxl.load_workbook(made.path)
    file["Contacts"]["B2"].value = '=HYPERLINK("http://x")\nBcc: spy@example.org'
    file["Contacts"]["B2"].data_type = "s"  # text that looks like a formula
    file.save(made.path)
    made.sync("2026-02-10")
    head = made.mails()[0].read_text("utf-8").split("\n\n")[0]
    assert "Bcc:" not in [line[:4] for line in head.splitlines()]
    for sheet in openpyxl.load_workbook(made.path):
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], sheet.title
    assert json.dumps(made.plan("2026-02-11"))
