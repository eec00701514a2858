"""What is open on a day: payments, credit notes, *Paid on*, statuses, other currencies, and what each message claims."""

import pytest
from plain_book import Book, contact, day, invoice, paid


def opens(book, as_of):
    return {one["invoice"]: one["open"] for one in book.plan(as_of)["invoices"]}


# --- Paid on


def test_paid_on_settles_in_full_from_that_day(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Paid on": day("2026-02-05")})])
    assert opens(book, "2026-02-04") == {"F-1": "100.00"}  # later than the as-of date: not yet paid
    assert opens(book, "2026-02-05") == {}


def test_paid_on_later_than_the_real_today_is_a_problem(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Paid on": day("2098-02-05")})], Contacts=[contact()])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "paid_on")]
    assert book.why("F-1", "2026-02-10") == ("blocked", "row_problem")


def test_payment_rows_win_over_paid_on_and_a_balance_is_a_problem(tmp_path):
    book = Book(
        tmp_path,
        Invoices=[invoice(**{"Paid on": day("2026-02-05")})],
        Payments=[paid("2026-02-04", 40, "F-1")],
        Contacts=[contact()],
    )
    assert book.codes("2026-02-10") == [("invoices", 2, "paid_on", "paid_on_with_balance")]
    assert opens(book, "2026-02-10") == {"F-1": "60.00"}
    assert book.plan("2026-02-10")["decisions"] == []


def test_payment_rows_that_settle_it_leave_no_problem_beside_paid_on(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Paid on": day("2026-02-05")})], Payments=[paid("2026-02-04", 100, "F-1")])
    assert (opens(book, "2026-02-10"), book.codes("2026-02-10")) == ({}, [])


# --- Payments


def test_payments_count_from_their_day_and_later_ones_are_ignored(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Payments=[paid("2026-02-05", 30, "F-1"), paid("2026-02-20", 70, "F-1")])
    assert [opens(book, on) for on in ("2026-02-04", "2026-02-05", "2026-02-19", "2026-02-20")] == [
        {"F-1": "100.00"}, {"F-1": "70.00"}, {"F-1": "70.00"}, {},
    ]  # fmt: skip


def test_a_payment_before_the_issue_date_counts_from_the_issue_date(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Payments=[paid("2025-11-30", 30, "F-1")])
    assert opens(book, "2026-02-10") == {"F-1": "70.00"}


def test_an_invoice_issued_later_than_the_as_of_date_is_not_listed(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2", "2026-03-20")])
    assert opens(book, "2026-02-10") == {"F-1": "100.00"}


def test_a_negative_payment_reopens_the_invoice(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Payments=[paid("2026-02-05", 100, "F-1"), paid("2026-02-15", -100, "F-1")])
    assert (opens(book, "2026-02-10"), opens(book, "2026-02-15")) == ({}, {"F-1": "100.00"})


def test_a_payment_that_names_nobody_is_a_problem(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Payments=[paid("2026-02-05", 30)])
    assert [place[:2] for place in book.codes("2026-02-10")] == [("payments", 2)]


def test_a_payment_of_another_customer_is_a_problem_and_not_allocated(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(), invoice("F-2", customer="C2")], Payments=[paid("2026-02-05", 30, "F-1", "C2")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("payments", 2, "customer")]
    assert opens(book, "2026-02-10") == {"F-1": "100.00", "F-2": "100.00"}


def test_a_payment_on_an_unknown_invoice_is_a_problem_and_free_money(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Payments=[paid("2026-02-05", 30, "F-99", "C1")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("payments", 2, "invoice")]
    assert book.decision("2026-02-10")["unallocated"] == "30.00"


def test_free_money_is_deducted_from_what_is_to_pay_not_from_the_claim(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Payments=[paid("2026-02-05", 30, customer="C1")])
    decision = book.decision("2026-02-10")
    assert (decision["amount"], decision["unallocated"], decision["to_pay"]) == ("100.00", "30.00", "70.00")


def test_free_money_that_covers_the_claim_stops_it(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Payments=[paid("2026-02-05", 100, customer="C1")])
    assert book.why("F-1", "2026-02-10") == ("paused", "covered_by_credit")


def test_what_exceeds_an_invoice_is_free_money(tmp_path):
    book = Book(
        tmp_path, Invoices=[invoice("F-1"), invoice("F-2")], Contacts=[contact()], Payments=[paid("2026-02-05", 120, "F-1")]
    )
    assert book.decision("2026-02-10")["unallocated"] == "20.00"


def test_free_money_in_another_currency_covers_nothing(tmp_path):
    book = Book(
        tmp_path, Invoices=[invoice()], Contacts=[contact()], Payments=[paid("2026-02-05", 500, customer="C1", Currency="USD")]
    )
    assert book.decision("2026-02-10")["unallocated"] == "0.00"


# --- credit notes


def test_a_credit_note_settles_the_invoice_it_names_and_its_excess_is_free(tmp_path):
    credit = invoice("A-1", amount=-130, **{"Applies to": "F-1", "Issue date": day("2026-02-05")})
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2"), credit], Contacts=[contact()])
    assert opens(book, "2026-02-04") == {"F-1": "100.00", "F-2": "100.00"}  # it counts from its issue date
    assert opens(book, "2026-02-10") == {"F-2": "100.00"}
    assert book.decision("2026-02-10")["unallocated"] == "30.00"


def test_a_credit_note_that_names_none_is_free_credit(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("A-1", amount=-30)], Contacts=[contact()])
    assert opens(book, "2026-02-10") == {"F-1": "100.00"}
    assert book.decision("2026-02-10")["to_pay"] == "70.00"


# --- statuses


def test_written_off_leaves_the_receivables_from_its_date(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(Status="written off", **{"Status date": day("2026-02-05")})], Contacts=[contact()])
    assert opens(book, "2026-02-04") == {"F-1": "100.00"}
    assert opens(book, "2026-02-05").get("F-1", "0.00") == "0.00"
    assert sum(float(one["open"]) for one in book.plan("2026-02-05")["customers"]) == 0
    assert book.plan("2026-02-05")["decisions"] == []


@pytest.mark.parametrize(("status", "reason"), [("handed over", "handed_over"), ("court", "in_court")])
def test_handed_over_and_court_stay_in_the_receivables(tmp_path, status, reason):
    book = Book(tmp_path, Invoices=[invoice(Status=status)], Contacts=[contact()])
    assert book.why("F-1", "2026-02-10") == ("paused", reason)
    assert book.plan("2026-02-10")["customers"][0]["open"] == "100.00"


# --- one message per customer and currency


def test_one_entry_and_one_message_per_customer_and_currency(tmp_path):
    rows = [
        invoice("F-1"),
        invoice("F-2", "2026-02-01", 50),
        invoice("F-3", amount=70, Currency="USD"),
        invoice("F-4", customer="C2"),
    ]
    plan = Book(tmp_path, Invoices=rows, Contacts=[contact(), contact("C2")]).plan("2026-02-10")
    assert [(one["customer"], one["currency"], one["invoices"], one["amount"]) for one in plan["decisions"]] == [
        ("C1", "EUR", ["F-1", "F-2"], "150.00"), ("C1", "USD", ["F-3"], "70.00"), ("C2", "EUR", ["F-4"], "100.00"),
    ]  # fmt: skip
    assert [(one["customer"], one["currency"], one["open"], one["overdue"]) for one in plan["customers"]] == [
        ("C1", "EUR", "150.00", "150.00"), ("C1", "USD", "70.00", "70.00"), ("C2", "EUR", "100.00", "100.00"),
    ]  # fmt: skip


# --- minimums


@pytest.mark.parametrize(("amount", "reason"), [(14.99, "below_minimum"), (15, "step_due")])
def test_strictly_below_the_customers_minimum_is_skipped_and_equal_is_reminded(tmp_path, amount, reason):
    book = Book(tmp_path, Invoices=[invoice(amount=amount)], Contacts=[contact()])
    assert book.why("F-1", "2026-02-10") == ("due" if reason == "step_due" else "waiting", reason)


def test_the_customers_minimum_compares_with_the_sum_of_the_message(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1", amount=8), invoice("F-2", amount=7)], Contacts=[contact()])
    assert book.decision("2026-02-10")["reason"] == "step_due"


@pytest.mark.parametrize(("amount", "reason"), [(4.99, "below_minimum"), (5, "step_due")])
def test_an_invoice_below_its_minimum_never_carries(tmp_path, amount, reason):
    book = Book(tmp_path, Invoices=[invoice(amount=amount)], Contacts=[contact()], Settings={"minimum_customer": None})
    assert book.why("F-1", "2026-02-10")[1] == reason


def test_an_invoice_below_its_minimum_is_listed_beside_others(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1", "2026-01-20", 4), invoice("F-2", amount=100)], Contacts=[contact()])
    decision = book.decision("2026-02-10")
    assert (decision["carrying"], decision["invoices"], decision["amount"]) == ("F-2", ["F-1", "F-2"], "104.00")


def test_a_minimum_that_is_present_but_blank_is_off_and_absent_is_its_default(tmp_path):
    rows = [invoice(amount=1)]
    assert Book(tmp_path, Invoices=rows, Contacts=[contact()]).why("F-1", "2026-02-10")[1] == "below_minimum"
    off = Book(tmp_path, Invoices=rows, Contacts=[contact()], Settings={"minimum_customer": None, "minimum_invoice": None})
    assert off.why("F-1", "2026-02-10") == ("due", "step_due")


# --- interest


def test_interest_and_compensation_stand_beside_the_amount_and_are_to_pay_when_charged(tmp_path):
    for use, to_pay in (("mention", "1000.00"), ("charge", None)):
        book = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact()], Settings={"interest": use})
        decision = book.decision("2026-02-10")
        interest, compensation = decision["interest"], decision["compensation"]
        assert (decision["amount"], compensation) == ("1000.00", "40.00")
        assert decision["to_pay"] == (to_pay or f"{1000 + float(interest) + 40:.2f}")
        assert sum(float(line["interest"]) for line in decision["interest_lines"]) == pytest.approx(float(interest), abs=0.005)
        (line,) = decision["interest_lines"]
        assert set(line) == {"invoice", "base", "rate", "from", "to", "days", "interest"}
        assert (line["from"], line["to"], line["days"], line["base"]) == ("2026-02-01", "2026-02-10", 10, "1000.00")


def test_interest_never_silences_both_and_says_so(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Settings={"interest": "never"})
    view, decision = book.view("F-1", "2026-02-10"), book.decision("2026-02-10")
    assert (view["interest"], view["compensation"], view["interest_why"]) == (None, None, "setting_never")
    assert (decision["interest"], decision["compensation"], decision["to_pay"]) == (None, None, "100.00")


def test_an_unknown_kind_says_so_and_a_sum_over_a_null_is_null(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact(Kind=None)], Settings={"interest": "charge"})
    view, decision = book.view("F-1", "2026-02-10"), book.decision("2026-02-10")
    assert (view["interest"], view["interest_why"]) == (None, "kind_unknown")
    assert (decision["interest"], decision["to_pay"]) == (None, "100.00")


def test_an_invoice_that_is_not_late_owes_nothing_more(tmp_path):
    view = Book(tmp_path, Invoices=[invoice(due="2026-03-01")], Contacts=[contact()]).view("F-1", "2026-02-10")
    assert (view["interest"], view["compensation"], view["days_late"], view["interest_why"]) == ("0.00", "0.00", 0, None)


def test_no_compensation_from_a_consumer(tmp_path):
    view = Book(tmp_path, Invoices=[invoice()], Contacts=[contact(Kind="particulier")]).view("F-1", "2026-02-10")
    assert view["compensation"] == "0.00"


def test_free_money_beyond_the_claim_is_deducted_from_interest_too(tmp_path):
    book = Book(
        tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact()], Payments=[paid("2026-02-05", 1010, customer="C1")],
        Settings={"interest": "charge", "freshness_days": None},
    )  # fmt: skip
    decision = book.decision("2026-02-10")
    expected = 1000 - 1010 + float(decision["interest"]) + float(decision["compensation"])
    assert decision["to_pay"] == f"{expected:.2f}"


def test_a_rate_of_the_sheet_replaces_the_shipped_one_and_an_unknown_one_is_a_problem(tmp_path):
    plain = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact()])
    (line,) = plain.decision("2026-02-10")["interest_lines"]
    rates = [
        {"Rate": "ECB_MRO", "From": day("2026-01-01"), "Percent": 5},
        {"Rate": "MOON", "From": day("2026-01-01"), "Percent": 5},
    ]
    book = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact()], Rates=rates)
    assert [place[:3] for place in book.codes("2026-02-10")] == [("rates", 3, "rate")]
    (own,) = book.decision("2026-02-10")["interest_lines"]
    assert (line["rate"], own["rate"]) == ("12.15", "15")


def test_an_agreed_rate_of_the_customer(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact(**{"Interest rate": "10,5"})])
    assert book.decision("2026-02-10")["interest_lines"][0]["rate"] == "10.5"
    triple = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact(**{"Interest rate": "3x legal"})])
    assert float(triple.decision("2026-02-10")["interest_lines"][0]["rate"]) > 5


@pytest.mark.parametrize(
    ("as_of", "who", "why"),
    [
        ("2099-02-10", {}, "rate_missing"),
        ("2026-02-10", {"Interest rate": "0,5"}, "rate_below_floor"),
        ("2026-02-10", {"Country": "JP"}, "rate_missing"),
    ],
)
def test_why_a_figure_cannot_be_computed(tmp_path, as_of, who, why):
    view = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact(**who)]).view("F-1", as_of)
    assert (view["interest"], view["interest_why"]) == (None, why)


def test_a_part_payment_cuts_the_interest_into_lines(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(amount=1000)], Contacts=[contact()], Payments=[paid("2026-02-05", 400, "F-1")])
    lines = book.decision("2026-02-10")["interest_lines"]
    assert [(one["base"], one["from"], one["to"], one["days"]) for one in lines] == [
        ("1000.00", "2026-02-01", "2026-02-05", 5), ("600.00", "2026-02-06", "2026-02-10", 5),
    ]  # fmt: skip
    assert book.view("F-1", "2026-02-10")["compensation"] == "40.00"
