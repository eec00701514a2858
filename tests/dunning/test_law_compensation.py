"""The fixed sum by country, kind and size of the debt, and the caps a consumer's contract may reach."""

import pytest
from dunning.law_builders import cents

from sync.dunning.law.compensation import NoCompensation, contract_cap, sum_due, tiers_for
from sync.dunning.law.tables import table
from sync.ledger.words import Kind


@pytest.mark.parametrize("country", ["FR", "DE", "BE", "LU", "NL", "ES", "IT", "AT", "PT", "PL"])
def test_forty_euros_between_businesses_and_from_public_buyers(country: str) -> None:
    for kind in (Kind.BUSINESS, Kind.PUBLIC):
        assert sum_due(tiers_for(country, kind, "EUR"), 1) == 4000
        assert sum_due(tiers_for(country, kind, "EUR"), cents("250000")) == 4000


@pytest.mark.parametrize("country", sorted({row["country"] for row in table("compensation")} | {"US", "ES", "JP"}))
def test_never_from_a_consumer_anywhere(country: str) -> None:
    assert sum_due(tiers_for(country, Kind.CONSUMER, "EUR"), cents("5000")) == 0


@pytest.mark.parametrize(("debt", "sum_"), [("1000.00", 4000), ("1000.01", 7000), ("10000.00", 7000), ("10000.01", 10000)])
def test_irish_tiers(debt: str, sum_: int) -> None:
    assert sum_due(tiers_for("IE", Kind.BUSINESS, "EUR"), cents(debt)) == sum_


def test_no_debt_no_sum() -> None:
    assert sum_due(tiers_for("FR", Kind.BUSINESS, "EUR"), 0) == 0


def test_another_currency_or_an_unknown_country_is_said() -> None:
    with pytest.raises(NoCompensation, match="EUR/USD"):
        tiers_for("FR", Kind.BUSINESS, "USD")
    with pytest.raises(NoCompensation, match="US business"):
        tiers_for("US", Kind.BUSINESS, "USD")


@pytest.mark.parametrize(
    ("country", "debt", "cap"),
    [
        ("BE", "100.00", "20.00"),
        ("BE", "215.00", "36.50"),
        ("BE", "500.00", "65.00"),
        ("BE", "100000.00", "2000.00"),
        ("NL", "100.00", "40.00"),  # the minimum
        ("NL", "2500.00", "375.00"),
        ("NL", "5000.00", "625.00"),
        ("NL", "10000.00", "875.00"),
        ("NL", "200000.00", "2775.00"),
        ("NL", "5000000.00", "6775.00"),
    ],
)
def test_the_caps_of_belgian_and_dutch_consumer_contracts(country: str, debt: str, cap: str) -> None:
    assert contract_cap(country, Kind.CONSUMER, cents(debt)) == cents(cap)


def test_no_cap_is_known_elsewhere() -> None:
    assert contract_cap("FR", Kind.CONSUMER, 10000) is None
    assert contract_cap("NL", Kind.BUSINESS, 10000) is None
