"""The table of reference rates: what it knows, what it refuses, and when it warns."""

from datetime import date
from decimal import Decimal

import pytest
from dunning.law_builders import day

from sync.dunning.law.rates import RateMissing, Rates, check_rows, expiring, rate_names, shipped_rows


@pytest.fixture(scope="module")
def rates() -> Rates:
    return Rates.load({})


@pytest.mark.parametrize(
    ("name", "on", "percent"),
    [
        ("ECB_MRO", "2025-06-30", "3.15"),
        ("ECB_MRO", "2025-07-01", "2.15"),
        ("DE_BASISZINSSATZ", "2016-12-31", "-0.88"),
        ("UK_BOE_REFERENCE", "2025-01-01", "4.75"),  # observed on 31 December 2024
        ("BE_LEGAL_CIVIL", "2026-12-31", "4.50"),  # a yearly rate holds to 31 December
        ("NL_LEGAL_CIVIL", "2019-05-06", "2.00"),  # unchanged since 2015
        ("NL_LEGAL_CIVIL", "2023-06-30", "4.00"),
        ("NL_LEGAL_CIVIL", "2023-07-01", "6.00"),
    ],
)
def test_a_day_carries_the_rate_of_its_period(rates: Rates, name: str, on: str, percent: str) -> None:
    assert rates.on(name, day(on)) == Decimal(percent)


@pytest.mark.parametrize(
    ("name", "on", "half_year"),
    [
        ("FR_LEGAL_PRO", "2026-07-01", "2026-H2"),  # in the table, and known to be missing
        ("ECB_MRO", "2027-01-01", "2027-H1"),  # beyond the last row
        ("ECB_MRO", "2014-12-31", "2014-H2"),  # before the first one
        ("BE_LEGAL_CIVIL", "2027-02-01", "2027"),
        ("NL_LEGAL_CIVIL", "2026-07-01", "2026-H2"),  # nobody has said that the last row still stands
        ("AT_BASE_RATE", "2026-03-01", "2026-H1"),  # known name, table not supplied
    ],
)
def test_a_missing_rate_is_named_and_never_carried_forward(rates: Rates, name: str, on: str, half_year: str) -> None:
    with pytest.raises(RateMissing) as missing:
        rates.on(name, day(on))
    assert (missing.value.name, missing.value.half_year) == (name, half_year)
    assert str(missing.value) == f"{name} {half_year}"


def test_a_row_of_the_rates_tab_fills_or_replaces() -> None:
    rates = Rates.load({("FR_LEGAL_PRO", day("2026-07-01")): Decimal("2.55"), ("ECB_MRO", day("2026-07-01")): Decimal("2.25")})
    assert rates.on("FR_LEGAL_PRO", day("2026-11-20")) == Decimal("2.55")
    assert rates.on("ECB_MRO", day("2026-11-20")) == Decimal("2.25")
    assert rates.on("ECB_MRO", day("2026-06-30")) == Decimal("2.15")
    assert rates.problems == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("FR_LEGAL", day("2026-07-01"), Decimal("2.5")), "unknown_rate"),
        (("FR_LEGAL_PRO", day("2026-08-01"), Decimal("2.5")), "not_a_period_start"),
        (("BE_LEGAL_CIVIL", day("2027-07-01"), Decimal("2.5")), "not_a_period_start"),
        (("FR_LEGAL_PRO", day("2026-07-01"), Decimal("NaN")), "not_a_number"),
        (("FR_LEGAL_PRO", day("2027-07-01"), Decimal("2.5")), "rate_gap"),  # 2027-H1 is skipped
    ],
)
def test_a_wrong_row_is_a_problem_and_the_others_stand(row: tuple[str, date, Decimal], code: str) -> None:
    name, valid_from, percent = row
    rates = Rates.load({(name, valid_from): percent, ("ECB_MRO", day("2027-01-01")): Decimal("2.00")})
    assert [problem.code for problem in rates.problems] == [code]
    assert rates.on("ECB_MRO", day("2027-03-01")) == 2


def test_an_unreadable_replacement_does_not_leave_the_old_value_in_force() -> None:
    rates = Rates.load({("ECB_MRO", day("2026-01-01")): Decimal("NaN")})
    with pytest.raises(RateMissing, match="ECB_MRO 2026-H1"):
        rates.on("ECB_MRO", day("2026-03-01"))


def test_duplicates_and_gaps_are_found() -> None:
    first, third = day("2025-01-01"), day("2026-01-01")
    found = check_rows([("ECB_MRO", first, Decimal(3)), ("ECB_MRO", first, Decimal(4)), ("ECB_MRO", third, Decimal(2))])
    assert [(problem.code, problem.valid_from) for problem in found] == [
        ("duplicate_rate", first),
        ("rate_gap", day("2025-07-01")),
    ]


def test_the_shipped_table_says_where_each_value_comes_from() -> None:
    rows = shipped_rows()
    assert {row.name for row in rows} <= set(rate_names())
    assert all(row.source and row.confidence in {"high", "medium", "low", "missing"} for row in rows)
    assert [row.confidence for row in rows if row.percent is None] == ["missing", "missing"]


def test_the_german_rate_moves_exactly_as_the_ecb_rate(rates: Rates) -> None:
    """BGB 247: a cross-check of two series that come from different places."""
    starts = [date(year, month, 1) for year in range(2016, 2027) for month in (1, 7)][1:]
    gaps = {rates.on("ECB_MRO", start) - rates.on("DE_BASISZINSSATZ", start) for start in starts}
    assert gaps == {Decimal("0.88")}


def test_a_rate_that_ends_soon_is_announced_once_with_its_official_place(rates: Rates) -> None:
    names = ["ECB_MRO", "FR_LEGAL_PRO", "UK_BOE_REFERENCE"]
    assert expiring(rates, day("2026-03-01"), ["ECB_MRO"]) == ()
    found = expiring(rates, day("2026-11-21"), names)
    assert [(e.name, e.needed_from, e.days_left) for e in found] == [
        ("FR_LEGAL_PRO", day("2026-11-21"), 0),  # already missing
        ("ECB_MRO", day("2027-01-01"), 41),
        ("UK_BOE_REFERENCE", day("2027-01-01"), 41),
    ]
    assert "Journal officiel" in found[0].official_place
