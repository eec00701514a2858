"""Why nothing leaves: promises, holds, reasons, plans, direct debit, law, freshness. Each with the day it ends."""

import pytest
from plain_book import Book, contact, day, invoice, paid

DUE = ("due", "step_due")


def one(tmp_path, settings=None, who=None, payments=(), **more):
    tabs = {
        "Invoices": [invoice(**more)],
        "Contacts": [contact(**(who or {}))],
        "Settings": {"language": "en", **(settings or {})},
    }
    if payments:
        tabs["Payments"] = list(payments)
    return Book(tmp_path, **tabs)


# --- hold


def test_a_hold_is_quiet_to_the_end_of_its_day(tmp_path):
    book = one(tmp_path, **{"Hold until": day("2026-02-10")})
    assert [book.why("F-1", on) for on in ("2026-02-09", "2026-02-10", "2026-02-11")] == [
        ("paused", "on_hold"),
        ("paused", "on_hold"),
        DUE,
    ]
    assert book.view("F-1", "2026-02-09")["until"] == "2026-02-10"


def test_a_hold_ends_by_itself_with_a_notice_on_its_row(tmp_path):
    book = one(tmp_path, **{"Hold until": day("2026-02-10")})
    assert "10 February 2026" in book.view("F-1", "2026-02-11")["why"]
    assert "10 February 2026" not in book.view("F-1", "2026-03-11")["why"]


# --- promises


def test_a_promise_quiets_the_whole_customer_and_currency_to_its_day_plus_grace(tmp_path):
    rows = [
        invoice("F-1", **{"Promised for": day("2026-02-10")}),
        invoice("F-2"),
        invoice("F-3", Currency="USD"),
        invoice("F-4", customer="C2"),
    ]
    book = Book(tmp_path, Invoices=rows, Contacts=[contact(), contact("C2")])
    assert [book.why(number, "2026-02-12") for number in ("F-1", "F-2", "F-3", "F-4")] == [("paused", "promised")] * 2 + [DUE] * 2
    assert book.view("F-1", "2026-02-12")["until"] == "2026-02-12"  # its date plus grace (2)
    assert book.why("F-1", "2026-02-13") == DUE


@pytest.mark.parametrize(("grace", "last"), [(5, "2026-02-15"), (0, "2026-02-10"), (None, "2026-02-10")])
def test_the_grace_of_a_promise_is_a_setting_and_blank_is_none(tmp_path, grace, last):
    book = one(tmp_path, {"promise_grace_days": grace}, **{"Promised for": day("2026-02-10")})
    assert book.view("F-1", "2026-02-10")["until"] == last
    assert book.why("F-1", last) == ("paused", "promised")


def test_a_promise_that_was_kept_leaves_nothing(tmp_path):
    book = one(tmp_path, payments=[paid("2026-02-09", 100, "F-1")], **{"Promised for": day("2026-02-10")})
    assert book.plan("2026-02-11")["invoices"] == []


# --- delay reasons


@pytest.mark.parametrize("reason", ["not received", "hardship", "says paid", "approval pending", "other", "promised"])
def test_a_reason_pauses_for_its_days_from_the_first_day_seen_then_is_a_task(tmp_path, reason):
    book = one(tmp_path, **{"Delay reason": reason, "Reason since": day("2026-02-02")})
    book = Book(
        tmp_path, Invoices=book.rows("Invoices"), Contacts=[contact()], Reasons=[{"Reason": reason, "Pause": "yes", "Days": 5}]
    )
    assert book.why("F-1", "2026-02-02")[0] == "paused"
    last = book.view("F-1", "2026-02-02")["until"]
    assert last in ("2026-02-06", "2026-02-07")
    assert book.why("F-1", last)[0] == "paused"
    assert book.why("F-1", "2026-02-09") == DUE


def test_a_dispute_lasts_until_the_cell_changes(tmp_path):
    book = one(tmp_path, **{"Delay reason": "litige", "Reason since": day("2026-02-02")})
    assert book.why("F-1", "2026-02-02") == ("paused", "disputed")
    assert book.why("F-1", "2030-02-02") == ("paused", "disputed")
    assert book.view("F-1", "2026-02-10")["until"] is None
    assert book.type("Invoices", 2, "Delay reason", None).why("F-1", "2026-02-10") == DUE


def test_a_dispute_pauses_its_invoice_and_no_other(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1", **{"Delay reason": "dispute"}), invoice("F-2")], Contacts=[contact()])
    assert (book.why("F-1", "2026-02-10"), book.why("F-2", "2026-02-10")) == (("paused", "disputed"), DUE)
    assert book.decision("2026-02-10")["invoices"] == ["F-2"]


def test_without_a_date_a_reason_counts_from_the_first_run_that_saw_it(tmp_path):
    book = Book(
        tmp_path, Invoices=[invoice(**{"Delay reason": "says paid"})], Contacts=[contact()],
        Reasons=[{"Reason": "says paid", "Pause": "yes", "Days": 5}],
    )  # fmt: skip
    book.sync("2026-02-10")
    seen = [row for row in book.rows("Journal") if row["Champ"] == "reason"]
    assert [(row["Statut"], row["Après"], str(row["Quand"])[:10]) for row in seen] == [("observed", "says paid", "2026-02-10")]
    assert book.why("F-1", "2026-02-12") == ("paused", "says_paid")
    assert book.why("F-1", "2026-02-20") == DUE


# --- direct debit, bills


@pytest.mark.parametrize(("means", "reason"), [("direct debit", "direct_debit"), ("LCR", "bill_accepted")])
def test_a_negative_payment_on_the_invoice_lifts_direct_debit_or_a_bill(tmp_path, means, reason):
    payments = [paid("2026-02-02", 100, "F-1"), paid("2026-02-06", -100, "F-1")]
    book = Book(
        tmp_path, Invoices=[invoice("F-1"), invoice("F-2")], Contacts=[contact(**{"Payment means": means})], Payments=payments
    )
    assert book.why("F-2", "2026-02-10") == ("paused", reason)
    assert book.why("F-1", "2026-02-10") == DUE


# --- the customer


def test_insolvency_from_its_day(tmp_path):
    book = one(tmp_path, who={"Insolvency date": day("2026-02-10")})
    assert (book.why("F-1", "2026-02-09"), book.why("F-1", "2026-02-10")) == (DUE, ("paused", "insolvent"))


def test_a_time_barred_consumer_claim(tmp_path):
    rows = [invoice("F-1", "2023-01-31", customer="C1"), invoice("F-2", "2023-01-31", customer="C2")]
    book = Book(tmp_path, Invoices=rows, Contacts=[contact("C1", Kind="consumer"), contact("C2", Kind="business")])
    assert book.why("F-1", "2026-02-10") == ("paused", "time_barred")
    assert book.why("F-2", "2026-02-10") == DUE
    assert book.view("F-1", "2026-02-10")["limitation"] < "2026-02-10"


def test_no_address_blocks_an_e_mail_and_is_not_passed(tmp_path):
    book = one(tmp_path, who={"E-mail": None, "Account manager": "chef@example.org"})
    assert book.why("F-1", "2026-02-10") == ("blocked", "no_address")
    assert book.why("F-1", "2026-06-10") == ("blocked", "no_address")
    book.sync("2026-02-10")
    assert [(task["Customer"], task["Invoices"]) for task in book.rows("Today") if task["Customer"]] == [("C1", "F-1")]


# --- freshness


def test_payments_older_than_the_limit_send_nothing(tmp_path):
    rows = [invoice("F-1"), invoice("F-0", customer="C2")]
    book = Book(tmp_path, Invoices=rows, Contacts=[contact(), contact("C2")], Payments=[paid("2026-02-03", 10, "F-0")])
    assert book.why("F-1", "2026-02-10") == DUE  # seven days: not older than the limit
    assert book.why("F-1", "2026-02-11") == ("blocked", "stale_payments")
    (note,) = book.plan("2026-02-11")["notes"]  # nothing leaves for anyone: said once for all, not only row by row
    assert "payments_as_of" in note or "règlements à jour au" in note


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"freshness_days": None}, "step_due"),
        ({"freshness_days": 30}, "step_due"),
        ({"payments_as_of": day("2026-03-01")}, "step_due"),
        ({"payments_as_of": "2026-02-21"}, "stale_payments"),
        ({}, "stale_payments"),
    ],
)
def test_freshness_is_a_setting_and_blank_is_off(tmp_path, settings, reason):
    rows = [invoice("F-1"), invoice("F-0", customer="C2", **{"Paid on": day("2026-02-03")})]
    book = Book(tmp_path, Invoices=rows, Contacts=[contact(), contact("C2")], Settings={"language": "en", **settings})
    assert book.why("F-1", "2026-03-01")[1] == reason


def test_with_no_date_of_payment_at_all_freshness_is_not_checked_and_it_says_so(tmp_path):
    book = one(tmp_path)
    assert book.why("F-1", "2026-03-01") == DUE
    for command in ("plan", "check", "sync"):
        result = book.run(command, "--as-of", "2026-03-01", status=None)
        assert "fresh" in (result.stdout + result.stderr), command


def test_it_says_nothing_when_freshness_is_off(tmp_path):
    assert "fresh" not in one(tmp_path, {"freshness_days": None}).run("plan", "--as-of", "2026-03-01").output


# --- plans


def plan_rows(*instalments, agreed="2026-02-03", **more):
    return [
        {"Plan": "P1", "Customer": "C1", "Invoices": "F-1, F-2", "Agreed on": day(agreed) if agreed else None, "Due date": day(due), "Amount": amount, **more}
        for due, amount in instalments
    ]  # fmt: skip


def with_plan(tmp_path, rows, payments=()):
    return Book(
        tmp_path,
        Invoices=[invoice("F-1"), invoice("F-2")],
        Contacts=[contact()],
        Plans=rows,
        Payments=[paid("2026-01-15", 1, customer="C9"), *payments],
        Settings={"language": "en", "freshness_days": None},
    )


def test_a_kept_plan_pauses_its_invoices(tmp_path):
    book = with_plan(tmp_path, plan_rows(("2026-02-20", 100), ("2026-03-20", 100)))
    assert [book.why(number, "2026-02-10") for number in ("F-1", "F-2")] == [("paused", "plan_kept")] * 2


def test_a_plan_that_is_only_proposed_pauses_nothing(tmp_path):
    assert with_plan(tmp_path, plan_rows(("2026-02-20", 200), agreed=None)).why("F-1", "2026-02-10") == DUE


def test_payments_from_the_agreement_fill_the_instalments_in_date_order(tmp_path):
    payments = [paid("2026-02-02", 50, "F-1"), paid("2026-02-18", 75, "F-2")]  # the first came before the agreement
    rows = plan_rows(("2026-02-20", 75), ("2026-03-20", 75))
    book = with_plan(tmp_path, rows, payments)
    book.sync("2026-02-24")
    assert [row["State"] for row in book.rows("Plans")] == ["kept", "to come"]


def test_an_instalment_is_late_after_the_grace_and_keeps_the_pause_with_a_task(tmp_path):
    book = with_plan(tmp_path, plan_rows(("2026-02-20", 100), ("2026-03-20", 100)))
    book.sync("2026-02-22")  # two days of grace, their last included
    assert [row["State"] for row in book.rows("Plans")] == ["to come", "to come"]
    book.sync("2026-02-23")
    assert [row["State"] for row in book.rows("Plans")] == ["late", "to come"]
    assert book.why("F-1", "2026-02-23") == ("paused", "plan_kept")
    assert [row for row in book.rows("Today") if row["Customer"] == "C1"]


def test_a_plan_is_broken_after_ten_days_and_its_invoices_return(tmp_path):
    book = with_plan(tmp_path, plan_rows(("2026-02-20", 100), ("2026-03-20", 100)))
    assert book.why("F-1", "2026-03-02") == ("paused", "plan_kept")
    assert book.why("F-1", "2026-03-03") == DUE
    book.sync("2026-03-03")
    assert [row["State"] for row in book.rows("Plans")][0] == "broken"


# --- stops


def test_stop_sends_nothing(tmp_path):
    assert one(tmp_path, {"stop": "yes"}).why("F-1", "2026-02-10") == ("blocked", "stopped")
    assert one(tmp_path, {"arrêt": "oui"}).why("F-1", "2026-02-10") == ("blocked", "stopped")
    assert one(tmp_path, {"stop": None}).why("F-1", "2026-02-10") == DUE
