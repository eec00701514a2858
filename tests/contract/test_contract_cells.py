"""What cells mean: keys, dates, amounts, list words. What is ambiguous or wrong is told; nothing is guessed."""

from datetime import date

import pytest
from plain_book import Book, contact, day, invoice

FR, EN = {"language": "fr"}, {"language": "en"}


def dated(tmp_path, text, settings):
    return Book(tmp_path, Invoices=[invoice(**{"Issue date": day("2025-01-01"), "Due date": text})], Settings=settings)


# --- dates


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("03/02/2026", date(2026, 2, 3)),
        ("3/2/2026", date(2026, 2, 3)),
        ("03/02/26", date(2026, 2, 3)),
        ("31/01/2026", date(2026, 1, 31)),
        ("2026-02-03", date(2026, 2, 3)),
        ("3 février 2026", date(2026, 2, 3)),
        ("1er fevrier 2026", date(2026, 2, 1)),
    ],
)
def test_in_french_a_date_with_slashes_has_its_day_first(tmp_path, text, due):
    view = dated(tmp_path, text, FR).view("F-1", "2026-03-01")
    assert view["days_late"] == (date(2026, 3, 1) - due).days


@pytest.mark.parametrize("text", ["03/02/2026", "3/2/2026", "12/12/2026", "05/05/2026", "01/12/26"])
def test_in_english_two_numbers_up_to_twelve_are_ambiguous(tmp_path, text):
    book = dated(tmp_path, text, EN)
    assert book.codes("2026-12-31") == [("invoices", 2, "due", "ambiguous_date")]
    assert book.plan("2026-12-31")["problems"][0]["value"] == text
    assert book.plan("2026-12-31")["decisions"] == []


@pytest.mark.parametrize(
    ("text", "late"), [("31/01/2026", 29), ("01/31/2026", 29), ("2026-02-03", 26), ("3 February 2026", 26), ("Feb 3, 2026", 26)]
)
def test_in_english_what_is_clear_is_read(tmp_path, text, late):
    assert dated(tmp_path, text, EN).view("F-1", "2026-03-01")["days_late"] == late


def test_native_dates_are_never_ambiguous(tmp_path):
    assert dated(tmp_path, day("2026-02-03"), EN).view("F-1", "2026-03-01")["days_late"] == 26


@pytest.mark.parametrize("text", ["31/02/2026", "soon", "2026-13-01", "#REF!", "29/02/2026", True])
def test_an_unreadable_due_date_leaves_the_row_out_with_its_cell(tmp_path, text):
    book = dated(tmp_path, text, FR)
    plan = book.plan("2026-03-01")
    assert [(one["tab"], one["row"], one["column"]) for one in plan["problems"]] == [("invoices", 2, "due")]
    assert (plan["invoices"], plan["decisions"]) == ([], [])


def test_the_29th_of_february_of_a_leap_year_is_a_day(tmp_path):
    row = invoice(**{"Issue date": "30/01/2024", "Due date": "29/02/2024"})
    assert Book(tmp_path, Invoices=[row]).view("F-1", "2024-03-01")["days_late"] == 1


# --- amounts


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("1 234,56 €", "1234.56"),
        ("1\u202f234,56\u00a0€", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234,5", "1234.50"),
        ("1 234", "1234.00"),
        ("EUR 12.30", "12.30"),
        (12.345, "12.35"),
        (100, "100.00"),
        (0.1 + 0.2, "0.30"),
    ],
)
def test_amounts_that_are_clear(tmp_path, text, open_):
    assert Book(tmp_path, Invoices=[invoice(amount=text)]).view("F-1", "2026-02-10")["open"] == open_


@pytest.mark.parametrize("text", ["1,234", "1.234", "1.234 €", "€1,234"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_separator_and_three_digits_is_ambiguous_in_any_language(tmp_path, text, language):
    book = Book(tmp_path, Invoices=[invoice(amount=text)], Settings={"language": language})
    assert book.codes("2026-02-10") == [("invoices", 2, "amount", "ambiguous_amount")]


@pytest.mark.parametrize("text", ["(120,00)", "-120", "-120,00 €", "120-", "\u2212120"])
def test_brackets_and_minus_are_a_credit_note(tmp_path, text):
    book = Book(tmp_path, Invoices=[invoice("F-1", amount=500), invoice("A-1", amount=text)], Contacts=[contact()])
    plan = book.plan("2026-02-10")
    assert plan["problems"] == []
    assert plan["decisions"][0]["unallocated"] == "120.00"


@pytest.mark.parametrize(
    ("amount", "currency"), [("100 €", "USD"), ("$100", "EUR"), ("100 €", "GBP"), ("£100", None), ("100 CHF", None)]
)
def test_a_sign_that_contradicts_the_currency_is_a_problem(tmp_path, amount, currency):
    book = Book(tmp_path, Invoices=[invoice(amount=amount, Currency=currency)])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "amount")]


def test_a_blank_currency_is_that_of_the_settings(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2", Currency="usd")], Settings={"currency": "CHF"})
    assert [one["currency"] for one in book.plan("2026-02-10")["invoices"]] == ["CHF", "USD"]


@pytest.mark.parametrize("amount", ["abc", "12,34,56", True, "#N/A", "1e5", "12 €€"])
def test_an_amount_that_is_none_is_a_problem_of_its_cell(tmp_path, amount):
    assert [place[:3] for place in Book(tmp_path, Invoices=[invoice(amount=amount)]).codes("2026-02-10")] == [
        ("invoices", 2, "amount")
    ]


@pytest.mark.parametrize("amount", [10**15, 1e300, "9" * 40, -(10**14), float("1e-9")])
def test_absurd_amounts_never_break_a_run(tmp_path, amount):
    book = Book(
        tmp_path, Invoices=[invoice("F-1", amount=amount), invoice("F-2")], Contacts=[contact()], Settings={"mode": "auto"}
    )
    book.run("check", "--as-of", "2026-02-10", status=None)
    book.sync("2026-02-10", status=None)
    assert "F-2" in [one["invoice"] for one in book.plan("2026-02-10")["invoices"]]


# --- keys


def test_keys_keep_their_leading_zeros_and_a_number_is_its_digits(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("0042", customer="007"), invoice(43, customer="007")], Contacts=[contact("007")])
    assert [(one["invoice"], one["customer"]) for one in book.plan("2026-02-10")["invoices"]] == [("0042", "007"), ("43", "007")]


def test_rows_sharing_a_number_are_all_problems_and_all_left_out(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2"), invoice("F-1"), invoice(" F-1 ")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", row, "invoice") for row in (2, 4, 5)]
    assert [one["invoice"] for one in book.plan("2026-02-10")["invoices"]] == ["F-2"]


@pytest.mark.parametrize("heading", ["Invoice", "Customer", "Issue date", "Amount"])
def test_a_required_cell_left_blank_is_a_problem_of_that_cell(tmp_path, heading):
    keys = {"Invoice": "invoice", "Customer": "customer", "Issue date": "issued", "Amount": "amount"}
    book = Book(tmp_path, Invoices=[{**invoice("F-1"), heading: None}, invoice("F-2")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, keys[heading])]
    assert [one["invoice"] for one in book.plan("2026-02-10")["invoices"]] == ["F-2"]


def test_blank_rows_between_others_are_nothing(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), {}, {"Customer": "  "}, invoice("F-2")])
    plan = book.plan("2026-02-10")
    assert ([one["invoice"] for one in plan["invoices"]], plan["problems"]) == (["F-1", "F-2"], [])


def test_a_customer_that_contacts_do_not_have_is_a_problem_and_blocks(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(customer="C9")], Contacts=[contact("C1")])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "customer")]
    assert book.why("F-1", "2026-02-10") == ("blocked", "row_problem")


# --- list words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("open", "no_address"), ("Ouverte", "no_address"), (None, "no_address"),
        ("handed over", "handed_over"), ("CONFIÉE", "handed_over"), ("confiee", "handed_over"),
        ("court", "in_court"), ("contentieux", "in_court"),
    ],
)  # fmt: skip
def test_a_status_in_either_language(tmp_path, word, expected):
    assert Book(tmp_path, Invoices=[invoice(Status=word)]).why("F-1", "2026-02-10")[1] == expected


@pytest.mark.parametrize("word", ["draft", "brouillon", "cancelled", "annulée", "Annulee"])
def test_draft_and_cancelled_never_count(tmp_path, word):
    plan = Book(tmp_path, Invoices=[invoice(Status=word)]).plan("2026-02-10")
    assert (plan["invoices"], plan["decisions"], plan["problems"]) == ([], [], [])


REASONS = {
    "not received": "not_received", "non reçue": "not_received", "dispute": "disputed", "Litige": "disputed", "hardship": "hardship",
    "difficulté": "hardship", "promised": "promised", "promesse": "promised", "says paid": "says_paid", "dit payee": "says_paid",
    "approval pending": "approval_pending", "validation en cours": "approval_pending",
}  # fmt: skip


@pytest.mark.parametrize(("word", "reason"), REASONS.items())
def test_a_delay_reason_in_either_language_pauses(tmp_path, word, reason):
    book = Book(tmp_path, Invoices=[invoice(**{"Delay reason": word})], Contacts=[contact()])
    assert book.why("F-1", "2026-02-10") == ("paused", reason)


def test_a_word_that_its_list_does_not_have_is_a_problem_and_no_reminder(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Delay reason": "holidays"})], Contacts=[contact()])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "reason")]
    assert book.why("F-1", "2026-02-10") == ("blocked", "row_problem")


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("direct debit", "direct_debit"),
        ("prélèvement", "direct_debit"),
        ("bill of exchange", "bill_accepted"),
        ("lcr", "bill_accepted"),
        ("virement", "step_due"),
        ("chèque", "step_due"),
        ("carte", "step_due"),
    ],
)
def test_means_of_payment_in_either_language(tmp_path, word, reason):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact(**{"Payment means": word})])
    assert book.why("F-1", "2026-02-10")[1] == reason


@pytest.mark.parametrize("word", ["yes", "Oui", True])
def test_yes_in_either_language_or_a_ticked_box(tmp_path, word):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact(**{"Do not contact": word})])
    assert book.why("F-1", "2026-02-10") == ("paused", "do_not_contact")


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("30", date(2026, 1, 31)),
        (30, date(2026, 1, 31)),
        ("45 FM", date(2026, 2, 28)),
        ("45 fin de mois", date(2026, 2, 28)),
        ("30 FM 10", date(2026, 2, 10)),
        ("45 end of month", date(2026, 2, 28)),
    ],
)
def test_a_blank_due_date_is_the_issue_date_and_the_terms(tmp_path, terms, due):
    row = invoice(**{"Issue date": day("2026-01-01"), "Due date": None})
    book = Book(tmp_path, Invoices=[row], Contacts=[contact(Terms=terms)])
    assert book.view("F-1", "2026-03-31")["days_late"] == (date(2026, 3, 31) - due).days


def test_without_terms_those_of_the_settings_hold(tmp_path):
    row = invoice(**{"Issue date": day("2026-01-01"), "Due date": None})
    assert Book(tmp_path, Invoices=[row]).view("F-1", "2026-02-01")["days_late"] == 1
    assert Book(tmp_path, Invoices=[row], Settings={"terms": "10"}).view("F-1", "2026-02-01")["days_late"] == 21


def test_a_due_date_before_the_issue_date_is_a_warning_and_used(tmp_path):
    book = Book(tmp_path, Invoices=[invoice(**{"Issue date": day("2026-02-05")})], Contacts=[contact()])
    assert [place[:3] for place in book.codes("2026-02-10")] == [("invoices", 2, "due")]
    assert book.view("F-1", "2026-02-10")["days_late"] == 10
    assert book.why("F-1", "2026-02-10") == ("due", "step_due")


@pytest.mark.parametrize("address", ["a@example.org, b@example.org", "a@example.org,b@example.org"])
def test_several_addresses_in_one_cell(tmp_path, address):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact(**{"E-mail": address})])
    assert book.decision("2026-02-10")["to"] == ["a@example.org", "b@example.org"]


def test_a_bad_address_blocks_its_customer_and_no_other(tmp_path):
    book = Book(
        tmp_path,
        Invoices=[invoice(), invoice("F-2", customer="C2")],
        Contacts=[contact(**{"E-mail": "no at sign"}), contact("C2")],
    )
    assert book.why("F-1", "2026-02-10") == ("blocked", "row_problem")
    assert book.why("F-2", "2026-02-10") == ("due", "step_due")
