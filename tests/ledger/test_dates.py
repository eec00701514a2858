"""Dates and terms: every form people type, what is refused and why, and the law parse(format(x)) = x."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.cells import CellError
from sync.ledger.dates import FIRST_DAY, LAST_DAY, format_date, format_date_long, parse_date
from sync.ledger.terms import Terms, due_date, parse_terms

MARCH_31 = date(2026, 3, 31)
APRIL_1 = date(2026, 4, 1)

BOTH = [
    (date(2026, 3, 31), MARCH_31),
    (datetime.fromisoformat("2026-03-31 23:59"), MARCH_31),
    (46112, MARCH_31),
    (46112.99, MARCH_31),
    ("2026-03-31", MARCH_31),
    ("2026-3-31", MARCH_31),
    ("2026/03/31", MARCH_31),
    ("2026-03-31T10:00:00", MARCH_31),
    ("2026-03-31 10:00", MARCH_31),
    ("20260331", MARCH_31),
    ("31/03/2026", MARCH_31),
    ("31.03.2026", MARCH_31),
    ("31-03-2026", MARCH_31),
    ("31/3/26", MARCH_31),
    ("31 / 03 / 2026", MARCH_31),
    ("31/03/2026 00:00:00", MARCH_31),
    ("31 mars 2026", MARCH_31),
    ("31 MARS 2026", MARCH_31),
    ("le 31 mars 2026", MARCH_31),
    ("1er avril 2026", APRIL_1),
    ("1 avr. 2026", APRIL_1),
    ("15 févr. 2026", date(2026, 2, 15)),
    ("15 aout 2026", date(2026, 8, 15)),
    ("15 août 2026", date(2026, 8, 15)),
    ("3 juil. 26", date(2026, 7, 3)),
    ("31 March 2026", MARCH_31),
    ("March 31, 2026", MARCH_31),
    ("March 31st 2026", MARCH_31),
    ("Apr. 1, 2026", APRIL_1),
    ("1st April 2026", APRIL_1),
    ("31-Mar-2026", MARCH_31),
    ("31-Mar-26", MARCH_31),
    ("31\u00a0mars\u00a02026", MARCH_31),
    ("29/02/2028", date(2028, 2, 29)),
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("cell", "day"), BOTH)
def test_dates_that_are_clear_in_both_languages(cell, day, language):
    assert parse_date(cell, language) == day


def test_slashes_are_day_first_in_french():
    assert parse_date("03/04/2026", "fr") == date(2026, 4, 3)
    assert parse_date("03.04.2026", "fr") == date(2026, 4, 3)


def test_month_first_is_read_in_english_when_nothing_else_is_possible():
    assert parse_date("03/31/2026", "en") == MARCH_31


REFUSED = [
    ("03/04/2026", "en", "ambiguous_date"),
    ("04/04/2026", "en", "ambiguous_date"),
    ("3.4.2026", "en", "ambiguous_date"),
    ("03-04-26", "en", "ambiguous_date"),
    ("26-03-31", "fr", "ambiguous_date"),
    ("31-03-26", "fr", "ambiguous_date"),
    ("03/31/2026", "fr", "impossible_date"),
    ("31/02/2026", "fr", "impossible_date"),
    ("29/02/2026", "en", "impossible_date"),
    ("2026-13-01", "fr", "impossible_date"),
    ("32 mars 2026", "fr", "impossible_date"),
    ("31/03/0206", "fr", "implausible_date"),
    (date(1899, 12, 30), "fr", "implausible_date"),
    (datetime.fromisoformat("2206-03-31"), "fr", "implausible_date"),
    ("31 mars", "fr", "unreadable_date"),
    ("mars 2026", "fr", "unreadable_date"),
    ("03/2026", "fr", "unreadable_date"),
    ("31 brumaire 2026", "fr", "unreadable_date"),
    ("31 jui 2026", "fr", "unreadable_date"),
    ("demain", "fr", "unreadable_date"),
    ("31/03-2026", "fr", "unreadable_date"),
    ("46112", "fr", "unreadable_date"),
    ("2026-03-31T23:30:00Z", "fr", "unreadable_date"),
    ("", "fr", "unreadable_date"),
    (None, "fr", "unreadable_date"),
    (True, "fr", "unreadable_date"),
    (12.5, "fr", "unreadable_date"),
    (20260331, "fr", "unreadable_date"),
    (float("nan"), "fr", "unreadable_date"),
    (time(8, 30), "fr", "unreadable_date"),
    ("#REF!", "fr", "error_cell"),
    ("#NOM?", "fr", "error_cell"),
    ("Loading...", "en", "error_cell"),
]


@pytest.mark.parametrize(("cell", "language", "code"), REFUSED)
def test_dates_that_are_refused_say_why(cell, language, code):
    with pytest.raises(CellError) as caught:
        parse_date(cell, language)
    assert caught.value.code == code


def test_the_two_readings_of_an_ambiguous_date_are_named():
    with pytest.raises(CellError) as caught:
        parse_date("03/04/2026", "en")
    assert caught.value.params == {
        "one": "2026-04-03",
        "readings_en": "3 April 2026, or 4 March 2026",
        "readings_fr": "le 3 avril 2026, ou le 4 mars 2026",
    }


DAYS = st.dates(FIRST_DAY, LAST_DAY)
LANGUAGES = st.sampled_from(["fr", "en"])


CODES = {code for *_, code in REFUSED}


@given(DAYS, LANGUAGES)
def test_what_is_written_reads_back(day, language):
    assert parse_date(format_date(day, language), language) == day
    assert parse_date(format_date_long(day, language), language) == day
    assert parse_date(day.isoformat(), language) == day
    assert parse_date((day - date(1899, 12, 30)).days, language) == day


@given(DAYS)
def test_an_english_slashed_date_is_read_one_way_or_refused(day):
    text = f"{day:%d/%m/%Y}"
    if day.day <= 12:
        with pytest.raises(CellError):
            parse_date(text, "en")
    else:
        assert parse_date(text, "en") == day


@given(
    st.one_of(
        st.text(),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-z]{1,4}[-/. ][0-9]{1,4}"),
    ),
    LANGUAGES,
)
def test_any_cell_is_a_plausible_day_or_a_stated_refusal(cell, language):
    try:
        assert FIRST_DAY <= parse_date(cell, language) <= LAST_DAY
    except CellError as error:
        refusal = error.code
        assert refusal in CODES


def test_dates_as_people_read_them():
    assert format_date(MARCH_31, "fr") == "31/03/2026"
    assert format_date(MARCH_31, "en") == "31 March 2026"
    assert format_date_long(APRIL_1, "fr") == "1er avril 2026"
    assert format_date_long(MARCH_31, "fr") == "31 mars 2026"


TERMS = [
    ("30", Terms(30)),
    (30, Terms(30)),
    (30.0, Terms(30)),
    ("30 jours", Terms(30)),
    ("30j", Terms(30)),
    ("30 days net", Terms(30)),
    ("45 FM", Terms(45, end_of_month=True)),
    ("45 jours fin de mois", Terms(45, end_of_month=True)),
    ("45 EOM", Terms(45, end_of_month=True)),
    ("45 days end of month", Terms(45, end_of_month=True)),
    ("30 FM 10", Terms(30, end_of_month=True, on=10)),
    ("30 jours fin de mois le 10", Terms(30, end_of_month=True, on=10)),
    ("FM 45", Terms(45, end_of_month=True, month_first=True)),
    ("comptant", Terms(0)),
    ("à réception", Terms(0)),
    ("0", Terms(0)),
]


@pytest.mark.parametrize(("cell", "terms"), TERMS)
def test_terms(cell, terms):
    assert parse_terms(cell) == terms


@pytest.mark.parametrize("cell", ["", None, "bientôt", "30 FM 45", "400", "30 40", "-30", "30,5", True])
def test_terms_that_are_refused(cell):
    with pytest.raises(CellError):
        parse_terms(cell)


@pytest.mark.parametrize(
    ("issued", "terms", "due"),
    [
        ("2026-01-15", "30", "2026-02-14"),
        ("2026-01-15", "45 FM", "2026-03-31"),  # 1 March, then the end of March
        ("2026-01-15", "FM 45", "2026-03-17"),  # 31 January, then 45 days
        ("2026-01-15", "30 FM 10", "2026-03-10"),
        ("2026-12-31", "0", "2026-12-31"),
        ("2026-01-05", "0 FM", "2026-01-31"),
        ("2026-01-05", "0 FM 31", "2026-02-28"),
        ("2027-12-20", "60 FM", "2028-02-29"),
    ],
)
def test_due_dates(issued, terms, due):
    assert due_date(date.fromisoformat(issued), parse_terms(terms)) == date.fromisoformat(due)
