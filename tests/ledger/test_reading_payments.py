"""Rows of the Payments, Plans, Journal and Today tabs: which allocations are trusted, whom a wrong row makes doubtful."""

from datetime import date, datetime

import pytest
from raw_tabs import bill, paid, read, told

from sync.ledger.balances import settle
from sync.ledger.problems import Severity
from sync.ledger.words import Act, Outcome

TWO = [bill("F-1", customer="C1"), bill("F-2", customer="C2", currency="CHF")]


def test_a_payment_takes_customer_and_currency_from_the_invoice_it_names():
    ledger, problems = read(invoices=TWO, payments=[paid(invoice="F-2", reference="VIR 1", method="virement", note="x")])
    assert problems == []
    payment = ledger.payments[0]
    assert (payment.customer, payment.currency, payment.amount) == ("C2", "CHF", 10000)
    assert (payment.reference, payment.method, payment.note) == ("VIR 1", "virement", "x")


def test_money_without_an_invoice_is_the_customers_free_money():
    ledger, problems = read(
        invoices=TWO, payments=[paid(invoice=None, customer="C1"), paid(invoice=None, customer="C1", amount="-30")]
    )
    assert problems == []
    assert settle(ledger, date(2026, 3, 1)).unallocated == {("C1", "EUR"): 7000}


@pytest.mark.parametrize(
    ("row", "column", "code", "owner", "doubtful"),
    [
        (paid(invoice="F-1", customer="C2"), "customer", "other_customer", "C2", {"F-1"}),
        (paid(invoice="F-2", currency="EUR"), "currency", "other_currency", "C2", {"F-2"}),
        (paid(invoice="f1", customer="C1"), "invoice", "unknown_invoice_close", "C1", set()),
        (paid(invoice="2026/0042", customer="C1"), "invoice", "unknown_invoice", "C1", set()),
    ],
)
def test_an_allocation_that_cannot_be_trusted_is_told_and_the_money_is_free(row, column, code, owner, doubtful):
    ledger, problems = read(invoices=TWO, payments=[row])
    assert told(problems) == [("payments", 2, column, code)]
    assert [(payment.invoice, payment.customer) for payment in ledger.payments] == [("", owner)]
    assert {invoice.number for invoice in ledger.invoices if invoice.doubtful} == doubtful
    assert ledger.rows_rejected == 0


def test_a_payment_of_an_invoice_that_is_left_out_is_its_customers_free_money():
    ledger, problems = read(invoices=[bill("F-1"), bill("F-1")], payments=[paid(invoice="F-1")])
    assert ("payments", 2, "invoice", "invoice_left_out") in told(problems)
    assert [(payment.invoice, payment.customer) for payment in ledger.payments] == [("", "C1")]


def test_a_payment_that_names_nobody_is_left_out():
    ledger, problems = read(invoices=TWO, payments=[paid(invoice=None), paid(invoice="F-9")])
    assert told(problems) == [
        ("payments", 2, "customer", "payment_for_nobody"),
        ("payments", 3, "invoice", "unknown_invoice"),
    ]
    assert ledger.payments == []
    assert ledger.rows_rejected == 2


@pytest.mark.parametrize(
    "cells", [{"amount": "1,234"}, {"day": "bientôt"}, {"amount": None}, {"day": "#REF!"}, {"currency": "??"}, {"amount": "5 $"}]
)
def test_a_payment_that_cannot_be_read_makes_its_invoice_doubtful_else_its_customer(cells):
    ledger, problems = read(
        invoices=TWO, payments=[paid(**{"invoice": "F-1", **cells}), paid(**{"invoice": None, "customer": "C2", **cells})]
    )
    assert len(problems) == 2
    assert {invoice.number for invoice in ledger.invoices if invoice.doubtful} == {"F-1"}
    assert ledger.doubtful_customers == {"C2"}
    assert ledger.payments == []
    assert ledger.rows_rejected == 2


def test_a_payment_of_a_customer_contacts_does_not_know_is_told_and_counted():
    ledger, problems = read(invoices=[], contacts=[{"customer": "C1"}], payments=[paid(invoice=None, customer="C-1")])
    assert told(problems) == [("payments", 2, "customer", "unknown_customer_close")]
    assert len(ledger.payments) == 1


def test_a_payment_in_the_future_is_a_warning_and_does_not_make_the_sheet_fresh():
    ledger, problems = read(invoices=TWO, payments=[paid("15/01/2026"), paid("15/01/2062")], real_today=date(2026, 3, 1))
    assert [(problem.row, problem.code, problem.severity) for problem in problems] == [
        (3, "payment_in_the_future", Severity.WARNING)
    ]
    assert ledger.payments_as_of == date(2026, 1, 15)
    assert len(ledger.payments) == 2


def test_blank_payment_rows_are_skipped():
    ledger, problems = read(invoices=TWO, payments=[{}, paid(), {"suggested": "F-1"}])
    assert (len(ledger.payments), problems) == (1, [])


# --- Plans ---

INSTALMENT = {"plan": "P1", "customer": "C1", "invoices": "F-1, F-2;F-3", "due": "01/04/2026", "amount": "50"}


def test_an_instalment():
    ledger, problems = read(invoices=[bill()], plans=[{**INSTALMENT, "agreed_on": "01/03/2026", "discount": "5"}, {}])
    assert problems == []
    plan = ledger.instalments[0]
    assert (plan.invoices, plan.due, plan.amount, plan.discount) == (("F-1", "F-2", "F-3"), date(2026, 4, 1), 5000, 500)
    assert (plan.agreed_on, plan.signed_on) == (date(2026, 3, 1), None)


@pytest.mark.parametrize(
    "cells", [{"due": "bientôt"}, {"amount": "1,234"}, {"amount": "-5"}, {"plan": None}, {"agreed_on": "oui"}]
)
def test_an_instalment_that_cannot_be_read_makes_its_invoices_doubtful(cells):
    ledger, problems = read(invoices=[bill("F-1"), bill("F-4")], plans=[{**INSTALMENT, **cells}])
    assert len(problems) == 1
    assert [invoice.doubtful for invoice in ledger.invoices] == [True, False]
    assert ledger.instalments == []


# --- Journal ---

ACT = {
    "when": "2026-02-10T09:00:00+01:00",
    "status": "sent",
    "customer": "C1",
    "invoices": "F-1, F-2",
    "step": 2,
    "channel": "email",
}


def test_an_act_is_read_as_it_was_sealed():
    ledger, problems = read(journal=[{**ACT, "text": " tel\nquel ", "amount": "120.00", "occurrence": 1.0}, {}])
    assert problems == []
    act = ledger.journal[0]
    assert act.when == datetime.fromisoformat("2026-02-10T09:00:00+01:00")
    assert (act.status, act.invoices, act.step, act.occurrence, act.channel) == (Act.SENT, ("F-1", "F-2"), 2, 1, "email")
    assert (act.text, act.amount) == (" tel\nquel ", 12000)


@pytest.mark.parametrize(
    "cells", [{"when": "hier"}, {"when": "2026-02-10T09:00:00"}, {"when": None}, {"status": "envoyé ?"}, {"status": None}]
)
def test_an_act_that_cannot_be_read_may_hide_a_message_sent(cells):
    ledger, problems = read(journal=[{**ACT, **cells}, {**ACT, "customer": None, **cells}])
    assert ledger.journal == []
    assert ledger.doubtful_customers == {"C1"}
    assert [problem.severity for problem in problems] == [Severity.ROW, Severity.STOP]


# --- Today ---


def test_answers_and_logged_acts():
    ledger, problems = read(
        invoices=[bill()],
        today=[
            {
                "task": "call|C1",
                "kind": "Appel à passer",
                "customer": "C1",
                "outcome": "promesse",
                "date": "10/03/2026",
                "amount_promised": "50",
            },
            {"task": "call|C2", "kind": "Appel à passer", "customer": "C2"},
            {"customer": "C1", "kind": "Recommandé", "outcome": "fait", "invoices": "F-1"},
            {},
        ],
    )
    answer, waiting, logged = ledger.today_rows
    assert problems == []
    assert (answer.outcome, answer.date, answer.amount_promised) == (Outcome.PROMISED, date(2026, 3, 10), 5000)
    assert (waiting.outcome, waiting.doubtful) == (None, False)
    assert (logged.task, logged.kind, logged.outcome, logged.invoices) == ("", "registered letter", Outcome.DONE, ("F-1",))


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"customer": "C9"}, "customer", "unknown_customer"),
        ({"customer": None}, "customer", "missing_value"),
        ({"outcome": "oui"}, "outcome", "unknown_word"),
        ({"outcome": None}, "outcome", "missing_value"),
        ({"kind": "pigeon"}, "kind", "unknown_word"),
        ({"invoices": "zzzz"}, "invoices", "unknown_invoice"),
        ({"date": "hier"}, "date", "unreadable_date"),
    ],
)
def test_a_logged_act_that_is_not_understood_stays(cells, column, code):
    ledger, problems = read(invoices=[bill()], today=[{"customer": "C1", "kind": "appel", "outcome": "fait", **cells}])
    assert told(problems) == [("today", 2, column, code)]
    assert [row.doubtful for row in ledger.today_rows] == [True]
