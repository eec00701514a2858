"""Amounts: every form people type, what is refused and why, and the law parse(format(x)) = x."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.cells import CellError
from sync.ledger.money import (
    CurrencyMismatch,
    check_currency,
    format_money,
    format_number,
    money_text,
    parse_amount,
    parse_money,
    to_decimal,
)

READ = [
    (1234.56, 123456),
    (1234, 123400),
    (-120, -12000),
    (0, 0),
    (0.1 + 0.2, 30),
    (119.99999999999999, 12000),
    (10.005, 1001),  # as a sheet shows it
    (-10.005, -1001),
    (1.115, 112),
    ("1234,56", 123456),
    ("1234.56", 123456),
    ("1234", 123400),
    ("1 234,56 €", 123456),
    ("1\u202f234,56\u00a0€", 123456),
    ("1\u00a0234.56", 123456),
    ("12 345 678", 1234567800),
    ("1.234,56", 123456),
    ("1,234.56", 123456),
    ("1.234.567", 123456700),
    ("1,234,567.8", 123456780),
    ("1'234.50", 123450),
    ("1’234,50 CHF", 123450),
    ("0,5", 50),
    (",50", 50),
    (".5", 50),
    ("(120,00)", -12000),
    ("(120,00 €)", -12000),
    ("€(120)", None),  # brackets hold the whole amount
    ("-120", -12000),
    ("120-", -12000),
    ("- 120,00", -12000),
    ("\u2212120,00", -12000),
    ("-€120", -12000),
    ("€-120", -12000),
    ("+120", 12000),
    ("EUR 1,50", 150),
    ("1,50 EUR", 150),
    ("£1,234.56", 123456),
    ("$5", 500),
    ("5 $US", 500),
    ("250 kr", 25000),
    ("00120", 12000),
    ("  120  ", 12000),
]


@pytest.mark.parametrize(("cell", "cents"), [row for row in READ if row[1] is not None])
def test_amounts_that_are_clear(cell, cents):
    assert parse_money(cell) == cents


REFUSED = [
    ("1,234", "ambiguous_amount"),
    ("1.234", "ambiguous_amount"),
    ("12.345", "ambiguous_amount"),
    ("-1,234 €", "ambiguous_amount"),
    ("0,125", "too_many_decimals"),
    ("1234,567", "too_many_decimals"),
    ("1.234,567", "too_many_decimals"),
    ("1 234,5678", "too_many_decimals"),
    ("12 34", "unreadable_amount"),
    ("1 23 456", "unreadable_amount"),
    ("1.234.56", "unreadable_amount"),
    ("1,234,56", "unreadable_amount"),
    ("1,234.567,89", "unreadable_amount"),
    ("0.123.456", "unreadable_amount"),
    ("(-120)", "unreadable_amount"),
    ("(120", "unreadable_amount"),
    ("--120", "unreadable_amount"),
    ("-120-", "unreadable_amount"),
    ("€120 €", "unreadable_amount"),
    ("1e3", "unreadable_amount"),
    ("12 %", "unreadable_amount"),
    ("120.", "unreadable_amount"),
    ("douze", "unreadable_amount"),
    ("120 XYZ", "unreadable_amount"),
    ("١٢٠", "unreadable_amount"),
    ("", "unreadable_amount"),
    (None, "unreadable_amount"),
    (True, "unreadable_amount"),
    (date(2026, 1, 1), "unreadable_amount"),
    (float("nan"), "unreadable_amount"),
    (float("inf"), "amount_too_large"),
    (1e12, "amount_too_large"),
    ("9" * 40, "amount_too_large"),
    ("#REF!", "error_cell"),
    ("#N/A", "error_cell"),
    ("#VALEUR!", "error_cell"),
    ("Loading...", "error_cell"),
    ("Err:502", "error_cell"),
]


@pytest.mark.parametrize(("cell", "code"), [*REFUSED, ("€(120)", "unreadable_amount")])
def test_amounts_that_are_refused_say_why(cell, code):
    with pytest.raises(CellError) as caught:
        parse_money(cell)
    assert caught.value.code == code


def test_the_two_readings_of_an_ambiguous_amount_are_named():
    with pytest.raises(CellError) as caught:
        parse_money("1.234")
    assert caught.value.params == {"thousands": "1234", "decimals_en": "1.234", "decimals_fr": "1,234"}


@pytest.mark.parametrize(
    ("cell", "currency", "agrees"),
    [
        ("5 €", "EUR", True),
        ("5 €", "USD", False),
        ("$5", "USD", True),
        ("$5", "CAD", True),
        ("$5", "EUR", False),
        ("US$5", "CAD", False),
        ("£5", "GBP", True),
        ("5 CHF", "CHF", True),
        ("5 chf", "CHF", True),
        ("5 CHF", "EUR", False),
        ("5 kr", "SEK", True),
        ("5", "XPF", True),
    ],
)
def test_a_sign_that_contradicts_the_currency_is_refused(cell, currency, agrees):
    amount = parse_amount(cell)
    if agrees:
        assert check_currency(amount, currency) == 500
    else:
        with pytest.raises(CurrencyMismatch):
            check_currency(amount, currency)


@pytest.mark.parametrize(
    ("cents", "currency", "fr", "en"),
    [
        (123456, "EUR", "1\u202f234,56\u00a0€", "€1,234.56"),
        (-5, "EUR", "-0,05\u00a0€", "-€0.05"),
        (100000000, "GBP", "1\u202f000\u202f000,00\u00a0£", "£1,000,000.00"),
        (123456, "CHF", "1\u202f234,56\u00a0CHF", "CHF\u00a01,234.56"),
        (-123456, "CHF", "-1\u202f234,56\u00a0CHF", "-CHF\u00a01,234.56"),
    ],
)
def test_amounts_as_people_read_them(cents, currency, fr, en):
    assert format_money(cents, currency, "fr") == fr
    assert format_money(cents, currency, "en") == en


CENTS = st.integers(-(10**13), 10**13)


CODES = {code for *_, code in REFUSED}


@given(CENTS, st.sampled_from(["EUR", "USD", "GBP", "CHF", "SEK", "JPY"]), st.sampled_from(["fr", "en"]))
def test_what_is_written_reads_back(cents, currency, language):
    amount = parse_amount(format_money(cents, currency, language))
    assert check_currency(amount, currency) == cents


@given(CENTS)
def test_json_and_decimals_read_back(cents):
    assert parse_money(money_text(cents)) == cents
    assert to_decimal(cents) * 100 == cents
    assert money_text(cents) == str(to_decimal(cents))


@given(st.integers(-(10**11), 10**11))
def test_native_numbers_of_two_decimals_are_exact(cents):
    assert parse_money(cents / 100) == cents


@given(
    st.one_of(
        st.text(), st.floats(), st.booleans(), st.none(), st.dates(), st.times(), st.from_regex(r"[-(]?[0-9., ']{1,12}[€)]?")
    )
)
def test_any_cell_is_an_amount_or_a_stated_refusal(cell):
    try:
        assert isinstance(parse_money(cell), int)
    except CellError as error:
        refusal = error.code
        assert refusal in CODES


def test_numbers_as_people_read_them():
    assert format_number(Decimal("12.15"), "fr") == "12,15"
    assert format_number(1234567, "fr") == "1\u202f234\u202f567"
    assert format_number(Decimal("-1234.5"), "en") == "-1,234.5"
    assert format_number(Decimal("66.666"), "en", 1) == "66.7"
