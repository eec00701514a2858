"""Which invoice an unallocated payment may settle: suggested with a reason, never applied."""

from datetime import date, timedelta
from decimal import Decimal
from time import process_time

from dunning.customer_builders import TODAY, Book, rules_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.dunning.matching import suggestions, words_of
from sync.ledger.balances import settle

DUE = date(2026, 5, 1)


def suggested(book, **setting):
    return suggestions(book.ledger(), book.balances(), rules_of(**setting).settings)


def test_the_number_in_the_reference():
    book = Book()
    book.bill(DUE, 100_00, number="FA-2026/012")
    book.bill(DUE, 100_00, number="FA-2026/013")
    book.pay("", 100_00, TODAY, reference="VIR Règlt. fa2026 013 merci")
    (one,) = suggested(book)
    assert (one.cell, one.confidence, one.rest) == ("FA-2026/013", 99, 0)
    assert one.why == "The reference names FA-2026/013."


def test_two_numbers_in_the_reference():
    book = Book()
    for number in ("FA-101", "FA-102", "FA-103"):
        book.bill(DUE, 100_00, number=number)
    book.pay("", 150_00, TODAY, reference="FA-101 + FA-103")
    (one,) = suggested(book)
    assert (one.cell, one.confidence, one.rest) == ("FA-101, FA-103", 90, 50_00)
    assert one.why == "The reference names FA-101 and FA-103."


def test_a_number_inside_a_longer_one_is_not_a_number():
    book = Book()
    book.bill(DUE, 100_00, number="1234")
    book.pay("", 55_00, TODAY, reference="REF 912345")
    assert suggested(book) == []


def test_leading_zeros_count():
    book = Book()
    book.bill(DUE, 100_00, number="0012")
    book.bill(DUE, 200_00, number="12")
    book.pay("", 70_00, TODAY, reference="facture 0012")
    (one,) = suggested(book)
    assert one.cell == "0012"


def test_a_short_number_needs_a_known_customer():
    book = Book()
    book.bill(DUE, 100_00, number="12")
    book.pay("", 55_00, TODAY, customer="", reference="12")
    assert suggested(book) == []
    book.pay("", 55_00, TODAY, customer="C1", reference="12")
    (one,) = suggested(book)
    assert (one.row, one.cell) == (3, "12")


def test_the_number_of_another_customer_is_not_suggested():
    book = Book()
    book.bill(DUE, 100_00, number="FA-101", customer="C2")
    book.pay("", 100_00, TODAY, reference="FA-101")
    assert suggested(book) == []


def test_exactly_one_open_invoice_of_the_sum():
    book = Book()
    book.bill(DUE, 100_00)
    number = book.bill(DUE, 250_00)
    book.pay(number, 50_00, DUE)
    book.pay("", 200_00, TODAY)
    (one,) = suggested(book)
    assert (one.cell, one.confidence) == (number, 90)


def test_of_several_the_oldest_and_it_says_so():
    book = Book()
    book.bill(DUE, 100_00, number="LATER")
    book.bill(DUE - timedelta(days=30), 100_00, number="OLDEST")
    book.pay("", 100_00, TODAY)
    (one,) = suggested(book)
    assert (one.cell, one.confidence) == ("OLDEST", 65)
    assert "so are others" in one.why


def test_two_payments_are_not_both_given_the_same_invoice():
    book = Book()
    book.bill(DUE - timedelta(days=30), 100_00, number="A")
    book.bill(DUE, 100_00, number="B")
    book.pay("", 100_00, TODAY)
    book.pay("", 100_00, TODAY - timedelta(days=1))
    first, second = suggested(book)
    assert (first.row, first.cell, second.row, second.cell) == (3, "A", 2, "B")


def test_the_early_discount_deducted():
    book = Book()
    number = book.bill(DUE, 1000_00)
    book.pay("", 980_00, TODAY)
    (one,) = suggested(book, early_discount=Decimal(2))
    assert (one.cell, one.rest) == (number, 20_00)
    assert "early-payment discount" in one.why


def test_all_that_is_open_or_all_that_is_late():
    book = Book()
    for amount in (10_00, 20_00, 30_00, 40_00, 50_00):
        book.bill(DUE, amount)
    book.pay("", 150_00, TODAY)
    (one,) = suggested(book)
    assert (len(one.invoices), one.why) == (5, "All that is open adds up to this sum.")
    book.bill(TODAY + timedelta(days=20), 70_00)
    (one,) = suggested(book)
    assert (len(one.invoices), one.why) == (5, "All that is late adds up to this sum.")


def test_a_sum_of_three_and_of_four():
    book = Book()
    for amount in (11_00, 23_00, 47_00, 95_00, 191_00, 383_00):
        book.bill(DUE, amount)
    book.pay("", 11_00 + 47_00 + 191_00, TODAY)
    (three,) = suggested(book)
    assert (three.invoices, three.confidence) == (("F-0001", "F-0003", "F-0005"), 75)
    book.payments.clear()
    book.pay("", 23_00 + 47_00 + 95_00 + 383_00, TODAY)
    (four,) = suggested(book)
    assert four.invoices == ("F-0002", "F-0003", "F-0004", "F-0006")


def test_a_sum_found_twice_is_less_sure():
    book = Book()
    for amount in (10_00, 40_00, 20_00, 30_00, 500_00):
        book.bill(DUE, amount)
    book.pay("", 50_00, TODAY)
    (one,) = suggested(book)
    assert (one.invoices, one.confidence) == (("F-0001", "F-0002"), 50)


def test_the_customer_by_their_name_in_the_reference():
    book = Book()
    book.bill(DUE, 120_00, customer="C7")
    book.bill(DUE, 120_00, customer="C8")
    book.contact("C7", name="Établissements Dürand & Fils SARL")
    book.contact("C8", name="Menuiserie du Lac")
    book.pay("", 120_00, TODAY, customer="", reference="VIREMENT ETABLISSEMENTS DURAND FILS")
    (one,) = suggested(book, language="fr")
    assert (one.customer, one.confidence) == ("C7", 80)
    assert one.why == "La référence cite le client. F-0001 reste due pour exactement cette somme."


def test_without_a_customer_the_only_invoice_of_the_sum():
    book = Book()
    number = book.bill(DUE, 123_45)
    book.pay("", 123_45, TODAY, customer="")
    (one,) = suggested(book)
    assert (one.cell, one.confidence) == (number, 40)
    book.bill(DUE, 123_45, customer="C2")
    assert suggested(book) == []


def test_nothing_fits_nothing_is_said():
    book = Book()
    book.bill(DUE, 100_00)
    book.pay("", 77_00, TODAY)
    book.pay("", -50_00, TODAY)
    book.pay("", 100_00, TODAY + timedelta(days=1))
    book.pay("", 100_00, TODAY, currency="USD")
    assert suggested(book) == []


def test_words_are_compared_without_case_or_accents():
    assert words_of("Règlt. FA-2026/012") == ["reglt", "fa", "2026", "012"]


def test_a_thousand_equal_invoices_are_searched_in_no_time():
    book = Book()
    for index in range(1000):
        book.bill(DUE, 100_00 + index % 3)
    for _ in range(20):
        book.pay("", 399_99, TODAY)
    ledger = book.ledger()
    balances = settle(ledger, TODAY)
    start = process_time()
    suggestions(ledger, balances, rules_of().settings)
    assert process_time() - start < 2


@settings(max_examples=80)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(1, 200), st.randoms(use_true_random=False))
def test_a_suggested_sum_is_right_and_does_not_depend_on_the_order_of_rows(amounts, paid, random):
    book = Book()
    for index, amount in enumerate(amounts):
        book.bill(DUE + timedelta(days=index), amount * 100)
    book.pay("", paid * 100, TODAY)
    found = suggested(book)
    for one in found:
        assert one.rest == 0
        assert sum(book.balances().open[number] for number in one.invoices) == paid * 100
    random.shuffle(book.invoices)
    assert suggested(book) == found
    if any(a + b == paid for i, a in enumerate(amounts) for b in amounts[i + 1 :]) or paid in amounts:
        assert found
