"""Rows of the Invoices tab: what is read, what is told, what still counts."""

from datetime import date
from decimal import Decimal

import pytest
from raw_tabs import bill, paid, raw, read, told

from sync.ledger.model import NO_DRAFT, UNHANDLED, DraftCells, Handling
from sync.ledger.problems import Severity
from sync.ledger.reading import read_ledger
from sync.ledger.words import DelayReason, Kind, Send, Status
from sync.workbook.contract import INVOICES


def test_a_row_of_text_and_a_row_of_native_cells_say_the_same():
    ledger, problems = read(
        invoices=[
            bill("F-1", issued="31/01/2026", due="28/02/2026", amount="1 234,56 €"),
            bill("F-2", issued=date(2026, 1, 31), due=46081, amount=1234.56),
        ]
    )
    one, other = ledger.invoices
    assert problems == []
    assert (one.issued, one.due, one.amount, one.currency) == (other.issued, other.due, other.amount, other.currency)
    assert (one.due, one.amount) == (date(2026, 2, 28), 123456)
    assert (one.row, other.row) == (2, 3)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("007", "007"),
        (" F-1 ", "F-1"),
        ("F-1\u00a0", "F-1"),
        ("F\u00a01", "F 1"),
        ("F-1\u200b", "F-1"),
        (42.0, "42"),
        (42, "42"),
        (42.5, "42.5"),
        ("=1+1", "=1+1"),
        ("../../etc", "../../etc"),
    ],
)
def test_keys_are_kept_exactly(cell, number):
    ledger, problems = read(invoices=[bill(cell)])
    assert [invoice.number for invoice in ledger.invoices] == [number]
    assert problems == []


@pytest.mark.parametrize("cell", [date(2026, 3, 4), True, 1234567890123456.0])
def test_a_key_the_sheet_has_changed_is_told(cell):
    ledger, problems = read(invoices=[bill(cell)])
    assert ledger.invoices == []
    assert told(problems) == [("invoices", 2, "invoice", "unreadable_key")]


def test_rows_that_nobody_filled_are_skipped_without_a_word():
    rows = [bill(), {}, {"invoice": "  ", "note": ""}, {"open": 12.0, "why": "left over", "draft": "old"}, {"status": None}]
    ledger, problems = read(invoices=rows)
    assert len(ledger.invoices) == 1
    assert (problems, ledger.rows_rejected) == ([], 0)


def test_a_row_without_its_facts_is_told_cell_by_cell_and_left_out():
    ledger, problems = read(invoices=[{"note": "à voir"}, bill("F-2", customer=None), bill("F-3", amount=None)])
    assert ledger.invoices == []
    assert ledger.rows_rejected == 3
    assert told(problems) == [
        ("invoices", 2, "invoice", "missing_value"),
        ("invoices", 2, "customer", "missing_value"),
        ("invoices", 2, "issued", "missing_value"),
        ("invoices", 2, "amount", "missing_value"),
        ("invoices", 3, "customer", "missing_value"),
        ("invoices", 4, "amount", "missing_value"),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"issued": "31/02/2026"}, "issued", "impossible_date"),
        ({"due": "bientôt"}, "due", "unreadable_date"),
        ({"amount": "1,234"}, "amount", "ambiguous_amount"),
        ({"amount": "#REF!"}, "amount", "error_cell"),
        ({"amount": "100 $"}, "amount", "currency_mismatch"),
        ({"currency": "EURO"}, "currency", "unknown_currency"),
        ({"invoice": "#N/A"}, "invoice", "error_cell"),
        ({"customer": "#N/A"}, "customer", "error_cell"),
    ],
)
def test_a_fact_that_cannot_be_read_leaves_the_row_out_and_all_others_go_on(cells, column, code):
    ledger, problems = read(invoices=[{**bill("F-1"), **cells}, bill("F-2")])
    assert [invoice.number for invoice in ledger.invoices] == ["F-2"]
    assert told(problems) == [("invoices", 2, column, code)]
    assert problems[0].severity is Severity.ROW
    assert ledger.rows_rejected == 1


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"promised": "demain"}, "promised", "unreadable_date"),
        ({"status": "ouvert ou presque"}, "status", "unknown_word"),
        ({"status": "Soldée"}, "status", "paid_in_status"),
        ({"status": "litige"}, "status", "misplaced_word"),
        ({"reason": "brouillon"}, "reason", "misplaced_word"),
        ({"reason": "grève"}, "reason", "unknown_word"),
        ({"hold": "#REF!"}, "hold", "error_cell"),
        ({"promised_amount": "-5"}, "promised_amount", "negative_amount"),
        ({"disputed_amount": "1.234"}, "disputed_amount", "ambiguous_amount"),
        ({"promised_amount": "5 $"}, "promised_amount", "currency_mismatch"),
        ({"last_step": "deux"}, "last_step", "not_a_whole_number"),
        ({"last_step": 1.5}, "last_step", "not_a_whole_number"),
        ({"last_step": -1}, "last_step", "out_of_range"),
        ({"payment_link": "http://pay.example.org"}, "payment_link", "bad_link"),
        ({"payment_link": "javascript:alert(1)"}, "payment_link", "bad_link"),
        ({"payment_link": "https://a@b.example.org/"}, "payment_link", "bad_link"),
        ({"payment_link": 'https://pay.example.org/"><script>'}, "payment_link", "bad_link"),
        ({"send": "peut-être"}, "send", "unknown_word"),
        ({"paid_on": "03/2026"}, "paid_on", "unreadable_date"),
    ],
)
def test_a_doubtful_cell_keeps_the_invoice_in_the_figures_and_out_of_the_reminders(cells, column, code):
    ledger, problems = read(invoices=[{**bill(), **cells}])
    assert told(problems) == [("invoices", 2, column, code)]
    assert [invoice.doubtful for invoice in ledger.invoices] == [True]
    assert ledger.rows_rejected == 0


def test_numbers_that_stand_twice_are_all_told_and_all_left_out():
    ledger, problems = read(invoices=[bill("F-1"), bill("F-2"), bill("F-1 "), bill("f-1")])
    assert [invoice.number for invoice in ledger.invoices] == ["F-2", "f-1"]
    assert told(problems) == [("invoices", 2, "invoice", "duplicate_invoice"), ("invoices", 4, "invoice", "duplicate_invoice")]
    assert problems[0].params["rows"] == "4"
    assert ledger.rows_rejected == 2


def test_lists_are_read_in_both_languages_whatever_case_accents_and_spaces():
    words = [" LITIGE ", "dispute", "Non  reçue", "non recue", "NOT RECEIVED", "Mauvaise foi"]
    ledger, problems = read(invoices=[bill(f"F-{i}", reason=word) for i, word in enumerate(words)])
    assert problems == []
    assert [invoice.handling.reason for invoice in ledger.invoices] == [
        DelayReason.DISPUTE, DelayReason.DISPUTE, DelayReason.NOT_RECEIVED, DelayReason.NOT_RECEIVED, DelayReason.NOT_RECEIVED,
        DelayReason.BAD_FAITH,
    ]  # fmt: skip


def test_what_people_say_of_an_invoice():
    ledger, problems = read(
        invoices=[
            bill(
                status="contentieux", status_on="02/02/2026", reason="litige", reason_on="03/02/2026", disputed_amount="10",
                promised="04/02/2026", promised_amount="20,5", hold="05/02/2026", cadence="ferme", last_step=2.0,
                last_contact="06/02/2026", payment_link="https://pay.example.org/a?b=1#c", document_link="https://example.org",
                note=" deux\nlignes ", send="OUI", subject="Objet", draft="Bonjour,\r\n\r\nTexte \n", mark="abc",
            )
        ]
    )  # fmt: skip
    assert problems == []
    assert ledger.invoices[0].handling == Handling(
        status=Status.COURT, status_on=date(2026, 2, 2), reason=DelayReason.DISPUTE, reason_on=date(2026, 2, 3),
        disputed_amount=1000, promised=date(2026, 2, 4), promised_amount=2050, hold=date(2026, 2, 5), cadence="ferme",
        last_step=2, last_contact=date(2026, 2, 6), payment_link="https://pay.example.org/a?b=1#c",
        document_link="https://example.org", note="deux\nlignes",
    )  # fmt: skip
    assert ledger.invoices[0].draft == DraftCells(Send.YES, "Objet", "Bonjour,\n\nTexte \n", "abc")


def test_rows_of_which_nobody_says_anything_share_one_value():
    ledger, _ = read(invoices=[bill("F-1", status="ouverte"), bill("F-2"), bill("F-3", note="x")])
    assert [invoice.handling is UNHANDLED for invoice in ledger.invoices] == [True, True, False]
    assert all(invoice.draft is NO_DRAFT for invoice in ledger.invoices)


def test_a_missing_due_date_is_the_issue_date_plus_the_customers_terms_else_the_settings():
    ledger, problems = read(
        invoices=[bill("F-1", customer="C1"), bill("F-2", customer="C2"), bill("F-3", customer="C2", due="02/02/2026")],
        contacts=[{"customer": "C1"}, {"customer": "C2", "terms": "45 FM"}],
    )
    assert problems == []
    assert [(invoice.due, invoice.due_is_assumed) for invoice in ledger.invoices] == [
        (date(2026, 1, 31), True),
        (date(2026, 2, 28), True),
        (date(2026, 2, 2), False),
    ]


def test_a_due_date_before_the_issue_date_is_a_warning_and_used_as_it_is():
    ledger, problems = read(invoices=[bill(due="31/12/2025")])
    assert told(problems) == [("invoices", 2, "due", "due_before_issue")]
    assert problems[0].severity is Severity.WARNING
    assert (ledger.invoices[0].due, ledger.invoices[0].doubtful) == (date(2025, 12, 31), False)


def test_a_customer_that_contacts_does_not_know_is_told_with_the_nearest_key():
    ledger, problems = read(invoices=[bill("F-1", customer="c1"), bill("F-2", customer="ZZZ")], contacts=[{"customer": "C1"}])
    assert told(problems) == [
        ("invoices", 2, "customer", "unknown_customer_close"),
        ("invoices", 3, "customer", "unknown_customer"),
    ]
    assert "« C1 »" in problems[0].fix("fr").replace("\u00a0", " ")
    assert [invoice.doubtful for invoice in ledger.invoices] == [True, True]


def test_a_name_typed_for_a_key_is_told_with_the_key_unless_two_customers_have_it():
    contacts = [
        {"customer": "C0017", "name": "Boulangerie Martin"},
        {"customer": "C0018", "name": "Garage du Pont"},
        {"customer": "C0019", "name": "GARAGE DU PONT"},
    ]
    bills = [bill("F-1", customer="boulangerie  martin"), bill("F-2", customer="Garage du Pont")]
    _, problems = read(invoices=bills, contacts=contacts)
    assert [problem.code for problem in problems] == ["unknown_customer_close", "unknown_customer"]
    assert "« C0017 »" in problems[0].fix("fr").replace("\u00a0", " ")


def test_of_two_keys_alike_none_is_named():
    _, problems = read(invoices=[bill("F-1", customer="c 1")], contacts=[{"customer": "C1"}, {"customer": "c1"}])
    assert [problem.code for problem in problems] == ["unknown_customer"]


def test_a_contact_that_is_to_come_has_not_taken_place():
    ledger, problems = read(invoices=[bill(last_contact="11/01/2062")], real_today=date(2026, 3, 1))
    assert told(problems) == [("invoices", 2, "last_contact", "date_in_future")]
    assert ledger.invoices[0].handling.last_contact is None


def test_a_stray_truth_value_spoils_no_number_below_it():
    ledger, problems = read(invoices=[bill("F-1", amount=True), bill("F-2", amount=1)])
    assert [invoice.amount for invoice in ledger.invoices] == [100]
    assert told(problems) == [("invoices", 2, "amount", "unreadable_amount")]


def test_a_word_of_another_column_is_told_with_the_heading_of_that_column():
    _, problems = read(invoices=[bill(status="litige")])
    assert problems[0].params == {"column_en": INVOICES.column("reason").en, "column_fr": INVOICES.column("reason").fr}
    _, problems = read(invoices=[bill(reason="annulée")])
    assert problems[0].params == {"column_en": INVOICES.column("status").en, "column_fr": INVOICES.column("status").fr}


@pytest.mark.parametrize("contacts", [None, [], [{"name": None}]])
def test_without_contacts_any_customer_is_accepted(contacts):
    _, problems = read(invoices=[bill()], **({} if contacts is None else {"contacts": contacts}))
    assert problems == []


def test_currencies_are_codes_or_plain_signs_and_blank_is_the_setting():
    ledger, problems = read(
        invoices=[bill("F-1"), bill("F-2", currency="chf"), bill("F-3", currency="£", amount="£5"), bill("F-4", currency="€")]
    )
    assert problems == []
    assert [invoice.currency for invoice in ledger.invoices] == ["EUR", "CHF", "GBP", "EUR"]


CREDIT = {"number": "A-1", "amount": "-40,00"}


def test_a_credit_note_names_the_invoice_it_settles():
    ledger, problems = read(invoices=[bill("F-1"), bill(**CREDIT, applies_to="F-1")])
    assert problems == []
    assert ledger.invoices[1].applies_to == "F-1"
    assert ledger.invoices[1].amount == -4000


@pytest.mark.parametrize(
    ("rows", "code", "doubtful"),
    [
        ([bill("F-1"), bill(**CREDIT, applies_to="F-9")], "unknown_invoice", [False, True]),
        ([bill("F-1", customer="C2"), bill(**CREDIT, applies_to="F-1")], "other_customer", [True, True]),
        ([bill("F-1", currency="CHF"), bill(**CREDIT, applies_to="F-1")], "other_currency", [True, True]),
        ([bill("F-1", amount="-5"), bill(**CREDIT, applies_to="F-1")], "credit_on_credit", [False, True]),
        ([bill("F-1", amount="1,234"), bill(**CREDIT, applies_to="F-1")], "invoice_left_out", [True]),
        ([bill("F-1"), bill("F-2", applies_to="F-1")], "applies_to_on_invoice", [False, False]),
    ],
)
def test_a_credit_that_cannot_be_placed_is_free_and_nothing_it_touches_is_sure(rows, code, doubtful):
    ledger, problems = read(invoices=rows)
    assert code in [problem.code for problem in problems]
    assert all(invoice.applies_to == "" for invoice in ledger.invoices)
    assert [invoice.doubtful for invoice in ledger.invoices] == doubtful


@pytest.mark.parametrize(
    ("invoice", "said"),
    [
        ({"customer": "C2"}, "“C1” is not the customer of the invoice F-1, which belongs to C2."),
        ({"currency": "CHF"}, "The amount is in EUR, but the invoice F-1 is in CHF."),
        ({"amount": "-5"}, "“F-1” is itself a credit note: this one cannot settle it."),
    ],
)
def test_a_misplaced_credit_note_is_told_in_a_whole_sentence(invoice, said):
    _, problems = read(invoices=[bill("F-1", **invoice), bill(**CREDIT, applies_to="F-1")])
    assert [problem.what("en") for problem in problems if problem.column == "applies_to"] == [said]
    assert all("{" not in problem.what("fr") + problem.fix("fr") for problem in problems)


def test_paid_on_is_read_only_where_no_payment_names_the_invoice():
    ledger, problems = read(
        invoices=[bill("F-1", paid_on="20/01/2026"), bill("F-2", paid_on="20/01/2026")], payments=[paid(invoice="F-2")]
    )
    assert problems == []
    assert [invoice.paid_on for invoice in ledger.invoices] == [date(2026, 1, 20), None]
    assert ledger.payments_as_of == date(2026, 1, 20)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([paid(amount="60")], True),
        ([paid(amount="60"), paid(amount="40")], False),
        ([paid(amount="100"), paid(amount="-100", day="20/02/2026")], True),
        ([paid(amount="cent")], True),
    ],
)
def test_paid_on_beside_payments_that_leave_a_balance_is_told(others, expected):
    ledger, problems = read(invoices=[bill(paid_on="20/01/2026")], payments=others)
    assert (("invoices", 2, "paid_on", "paid_on_with_balance") in told(problems)) is expected
    assert ledger.invoices[0].doubtful is expected


def test_a_credit_note_completes_the_payments_beside_paid_on():
    _, problems = read(invoices=[bill(paid_on="20/01/2026"), bill(**CREDIT, applies_to="F-1")], payments=[paid(amount="60")])
    assert problems == []


def test_paid_on_after_the_day_of_the_run_says_nothing_yet_but_after_the_real_today_it_is_wrong():
    rows = [bill(paid_on="15/03/2026")]
    early, problems = read(invoices=rows, real_today=date(2026, 4, 1))
    assert problems == []
    assert early.invoices[0].paid_on == date(2026, 3, 15)
    ledger, problems = read(invoices=rows, real_today=date(2026, 3, 1))
    assert told(problems) == [("invoices", 2, "paid_on", "paid_in_the_future")]
    assert ledger.invoices[0].doubtful
    assert ledger.payments_as_of is None


def test_a_status_to_come_stops_reminders_at_once_and_the_figures_on_its_day():
    rows = [bill(status="confiée", status_on="15/03/2026"), bill(invoice="F-2", status="ouverte", status_on="15/03/2026")]
    ledger, problems = read(invoices=rows, real_today=date(2026, 3, 1))
    assert told(problems) == [("invoices", 2, "status_on", "status_in_the_future")]
    assert [one.doubtful for one in ledger.invoices] == [True, False]
    assert read(invoices=rows, real_today=date(2026, 3, 15))[1] == []


def test_control_characters_and_half_characters_are_dropped():
    ledger, problems = read(
        invoices=[bill(note="a\x00b\x1b[31m\u202ec\ud800", draft="x\x07y")],
        contacts=[{"customer": "C1", "name": "Nom\r\nBcc: x\x0b"}],
    )
    assert problems == []
    assert ledger.invoices[0].handling.note == "ab[31mc"
    assert ledger.invoices[0].draft.draft == "xy"
    assert ledger.contacts["C1"].name == "Nom Bcc: x"


def test_a_cell_of_fifty_thousand_characters_survives_and_is_quoted_short():
    long = "é" * 50_000
    ledger, problems = read(invoices=[bill(draft=long, note=long), bill("F-2", amount=long)])
    assert ledger.invoices[0].draft.draft == long
    assert len(problems[0].value) == 200


def test_every_problem_names_its_row_even_below_a_title():
    tab = raw("invoices", [bill(), bill("F-2", amount="x")], first_row=7)
    _, problems = read_ledger({"invoices": tab}, language="fr", currency="EUR", terms="30", as_of=date(2026, 3, 1))
    assert told(problems) == [("invoices", 8, "amount", "unreadable_amount")]


# --- Contacts ---


def test_a_contact_as_typed():
    ledger, problems = read(
        contacts=[
            {
                "customer": "007", "name": "Les Ateliers", "person": "Mme Durand", "email": "a@example.org, b@example.org",
                "cc": "c@example.org", "phone": "06 12 34 56 78", "address": "1 rue du Port\n29000 Quimper", "country": "uk",
                "kind": "Particulier", "language": "EN", "segment_set": "à surveiller", "cadence": "ferme", "terms": "30 FM 10",
                "payment_means": "LCR", "do_not_contact": "non", "manager": "d@example.org", "credit_limit": "1 000 €",
                "debt_ratio": "0,6", "liquidity": 1.5, "capacity": 200, "rating": "55", "guarantee": "caution",
                "interest_rate": "10,5 %", "insolvent_on": "01/02/2026", "company_id": 732829320.0, "note": "x",
            }
        ]
    )  # fmt: skip
    contact = ledger.contacts["007"]
    assert problems == []
    assert contact.emails == ("a@example.org", "b@example.org")
    assert (contact.kind, contact.natural_person, contact.country, contact.language) == (Kind.CONSUMER, True, "GB", "en")
    assert (contact.credit_limit, contact.capacity, contact.rating) == (100000, 20000, Decimal(55))
    assert (contact.debt_ratio, contact.liquidity, contact.interest_rate) == (Decimal("0.6"), Decimal("1.5"), "10.5")
    assert (contact.terms, contact.company_id, contact.do_not_contact) == ("30 FM 10", "732829320", False)
    assert (contact.insolvent_on, contact.doubtful) == (date(2026, 2, 1), False)


@pytest.mark.parametrize(
    ("kind", "typed", "person"),
    [
        ("consumer", None, True),
        ("consumer", "no", False),
        ("business", None, None),
        (None, "oui", True),
        (None, True, True),
        (None, None, None),
    ],
)
def test_a_consumer_is_a_natural_person_unless_the_sheet_says_otherwise(kind, typed, person):
    ledger, _ = read(contacts=[{"customer": "C1", "kind": kind, "natural_person": typed}])
    assert ledger.contacts["C1"].natural_person is person


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"email": "nobody"}, "email", "bad_email"),
        ({"email": "a@example.org b@example.org"}, "email", "bad_email"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "email", "bad_email"),
        ({"email": "a@localhost"}, "email", "bad_email"),
        ({"email": 12}, "email", "bad_email"),
        ({"cc": "a@@example.org"}, "cc", "bad_email"),
        ({"country": "Atlantis"}, "country", "unknown_country"),
        ({"kind": "ami"}, "kind", "unknown_word"),
        ({"terms": "bientôt"}, "terms", "unreadable_terms"),
        ({"interest_rate": 0.1}, "interest_rate", "unreadable_rate"),
        ({"interest_rate": "beaucoup"}, "interest_rate", "unreadable_rate"),
        ({"rating": 101}, "rating", "out_of_range"),
        ({"do_not_contact": "peut-être"}, "do_not_contact", "unknown_word"),
        ({"insolvent_on": "2026"}, "insolvent_on", "unreadable_date"),
    ],
)
def test_a_contact_with_a_wrong_cell_is_told_and_gets_no_reminder(cells, column, code):
    ledger, problems = read(contacts=[{"customer": "C1", **cells}])
    assert told(problems) == [("contacts", 2, column, code)]
    assert ledger.contacts["C1"].doubtful


def test_a_wrong_address_of_our_own_manager_is_only_a_warning():
    ledger, problems = read(contacts=[{"customer": "C1", "manager": "Julie"}])
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert not ledger.contacts["C1"].doubtful


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("3x legal", "3x legal"),
        ("3 × légal", "3x legal"),
        ("3 fois le taux légal", "3x legal"),
        (12, "12"),
        ("10.50", "10.5"),
        ("0", "0"),
    ],
)
def test_agreed_rates(typed, read_as):
    ledger, problems = read(contacts=[{"customer": "C1", "interest_rate": typed}])
    assert problems == []
    assert ledger.contacts["C1"].interest_rate == read_as


def test_a_customer_on_two_rows_keeps_the_first_and_is_doubtful():
    ledger, problems = read(contacts=[{"customer": "C1", "name": "Un"}, {"customer": "C1", "name": "Deux"}])
    assert [code for *_, code in told(problems)] == ["duplicate_customer"] * 2
    assert (ledger.contacts["C1"].name, ledger.contacts["C1"].doubtful) == ("Un", True)


def test_a_column_of_unticked_boxes_does_not_make_rows():
    ledger, problems = read(contacts=[{"customer": "C1", "do_not_contact": True}, *[{"do_not_contact": False}] * 50])
    assert problems == []
    assert ledger.contacts["C1"].do_not_contact


def test_an_invoice_of_nothing_is_a_warning_and_owes_nothing():
    ledger, problems = read(invoices=[bill(amount=0)])
    assert [(problem.code, problem.severity) for problem in problems] == [("zero_amount", Severity.WARNING)]
    assert not ledger.invoices[0].doubtful


def test_a_native_date_is_quoted_as_its_readers_write_it():
    for cell in (date(2062, 3, 15), 59245):
        _, problems = read(invoices=[bill(paid_on=cell)], real_today=date(2026, 3, 1))
        assert problems[0].value == "15/03/2062"


def test_no_key_is_proposed_when_two_are_as_near():
    contacts = [{"customer": "C0099"}, {"customer": "C0199"}]
    _, problems = read(invoices=[bill(customer="C0999")], contacts=contacts)
    assert [problem.code for problem in problems] == ["unknown_customer"]
