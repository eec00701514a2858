"""The ISO codes agree with Babel's; whole columns read at once say what their cells say one by one."""

from dataclasses import fields

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.cells import CellError, is_error, many_lines, one_line, parse_key
from sync.ledger.codes import COUNTRIES, CURRENCIES, parse_country, parse_currency
from sync.ledger.model import Invoice, Payment
from sync.ledger.money import native_cents, parse_money, simple_cents
from sync.ledger.reading.columns import records


def in_use():
    """(country, currency) of today, as Babel has them."""
    for country, currencies in get_global("territory_currencies").items():
        for code, _, end, tender in currencies:
            if end is None and tender:
                yield country, code


def test_every_country_with_a_currency_is_known():
    of_no_country = {
        "AC",
        "CP",
        "DG",
        "EA",
        "EU",
        "IC",
        "TA",
        "UN",
        "XK",
    }  # dependencies and unions, without an ISO code of their own
    assert {country for country, _ in in_use()} - of_no_country - COUNTRIES == set()
    assert len(COUNTRIES) == 249


def test_every_currency_of_a_country_is_known():
    assert {code for country, code in in_use() if country in COUNTRIES} - CURRENCIES == set()


@pytest.mark.parametrize(("typed", "code"), [("fr", "FR"), ("UK", "GB"), ("Belgique", "BE"), ("pays-bas", "NL"), ("el", "GR")])
def test_countries_as_people_type_them(typed, code):
    assert parse_country(typed) == code


@pytest.mark.parametrize("typed", ["", "XX", "FRF", "Atlantide"])
def test_what_is_no_country_or_currency(typed):
    for parse in (parse_country, parse_currency):
        with pytest.raises(CellError):
            parse(typed)


def test_old_currencies_are_refused():
    with pytest.raises(CellError):
        parse_currency("FRF")


NUMBERS = st.lists(st.one_of(st.none(), st.floats(), st.integers(), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))))


@given(NUMBERS)
def test_a_column_of_numbers_is_read_as_its_cells_are(cells):
    found = native_cents(cells)
    if found is not None:
        assert found == [None if cell is None else parse_money(cell) for cell in cells]


SIMPLE = st.from_regex(r"-?[0-9]{1,9}[.,][0-9]{2}", fullmatch=True)


@given(st.lists(st.one_of(SIMPLE, st.sampled_from(["1,234", "1 234,56", "", "1,00\n2,00", "5", "٣,00"])), min_size=1))
def test_a_column_of_text_is_read_as_its_cells_are(cells):
    found = simple_cents(cells)
    if found is not None:
        assert found == [parse_money(cell) for cell in cells]


@given(st.lists(SIMPLE, min_size=1))
def test_a_column_of_plain_amounts_is_read_at_once(cells):
    assert simple_cents(cells) is not None


@pytest.mark.parametrize("kind", [Invoice, Payment])
def test_records_filled_by_column_are_those_made_one_by_one(kind):
    columns = {field.name: [f"{field.name} {i}" for i in range(3)] for field in fields(kind)}
    made = records(kind, 3, columns)
    assert made == [kind(**{name: column[i] for name, column in columns.items()}) for i in range(3)]
    assert len({hash(record) for record in made}) == 3


@given(st.text())
def test_clean_text_has_no_control_character_and_cleaning_twice_changes_nothing(text):
    for clean in (one_line(text), many_lines(text)):
        assert not {ch for ch in clean if ord(ch) < 32 and ch not in "\n\t"}
        clean.encode("utf-8")
    assert one_line(one_line(text)) == one_line(text)
    assert "\n" not in one_line(text)
    assert parse_key(one_line(text)) == one_line(text) or is_error(text)


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#NAME?", "#NOM?", "#VALUE!", "#DIV/0!", "#ERROR!", "#SPILL!", "Loading...", "Err:502", " #ref! "]
)
def test_what_sheets_show_for_errors(text):
    assert is_error(text)


@pytest.mark.parametrize("text", ["#1", "#42", "F-#REF", "Loading dock", "Err", "# N/A"])
def test_ordinary_text_is_no_error(text):
    assert not is_error(text)
