"""Which rule applies to whom, and how an agreed rate is read."""

from decimal import Decimal

import pytest
from dunning.law_builders import contact

from sync.dunning.law.rules import (
    AgreedRate,
    NoRule,
    Starts,
    find_rule,
    interest_rules,
    parse_agreed_rate,
    references_in_use,
    rule_for,
)
from sync.dunning.model import Settings
from sync.ledger.model import Contact
from sync.ledger.words import Kind


def rule_id(customer: Contact | None, company: str = "FR", setting: str = "") -> str:
    rule = find_rule(company, customer, Settings(interest_rule=setting))
    return f"{rule.why}:{rule.missing}" if isinstance(rule, NoRule) else rule.rule_id


@pytest.mark.parametrize(
    ("kind", "country", "expected"),
    [
        (Kind.BUSINESS, "", "FR_B2B_DEFAULT"),
        (Kind.BUSINESS, "FR", "FR_B2B_DEFAULT"),
        (Kind.PUBLIC, "", "FR_PUBLIC"),
        (Kind.CONSUMER, "", "FR_B2C_LEGAL"),
        (Kind.BUSINESS, "DE", "DE_B2B"),
        (Kind.CONSUMER, "DE", "DE_B2C"),
        (Kind.PUBLIC, "DE", "DE_B2B"),
        (Kind.BUSINESS, "GB", "UK_B2B"),
        (Kind.CONSUMER, "GB", "UK_B2C"),
        (Kind.BUSINESS, "PT", "EU_DIRECTIVE_DEFAULT"),
        (Kind.BUSINESS, "AT", "AT_B2B"),
        (Kind.BUSINESS, "CH", "CH_ALL"),
        (Kind.BUSINESS, "IE", "rate_missing:IE_B2B_HALF_YEAR"),  # counsel decides
        (Kind.BUSINESS, "PL", "rate_missing:PL business"),  # its own central bank's rate, not in the table
        (Kind.CONSUMER, "ES", "rate_missing:ES consumer"),
        (Kind.BUSINESS, "US", "rate_missing:US business"),
        (None, "", "kind_unknown:"),
        (None, "DE", "kind_unknown:"),
    ],
)
def test_by_law_the_customers_country_and_kind_decide(kind: Kind | None, country: str, expected: str) -> None:
    assert rule_id(contact(kind, country)) == expected


def test_a_customer_without_contact_row_is_of_unknown_kind() -> None:
    assert rule_id(None) == "kind_unknown:"
    assert rule_for("FR", None, Settings()) is None


def test_a_blank_country_is_the_companys() -> None:
    assert rule_id(contact(), company="BE") == "BE_B2B"


def test_the_setting_stands_for_the_kind_it_is_made_for_and_no_other() -> None:
    assert rule_id(contact(country="DE"), setting="FR_B2B_DEFAULT") == "FR_B2B_DEFAULT"
    assert rule_id(contact(Kind.CONSUMER), setting="FR_B2B_DEFAULT") == "FR_B2C_LEGAL"
    assert rule_id(contact(Kind.PUBLIC), setting="FR_B2B_3X_LEGAL") == "FR_PUBLIC"
    assert rule_id(contact(None), setting="FR_B2B_DEFAULT") == "kind_unknown:"
    assert rule_id(contact(country="IE"), setting="IE_B2B_HALF_YEAR") == "IE_B2B_HALF_YEAR"
    assert rule_id(contact(country="GB"), setting="UK_B2B_HALF_YEAR") == "UK_B2B_HALF_YEAR"


def test_an_unknown_rule_computes_nothing_rather_than_another_rule() -> None:
    assert rule_id(contact(), setting="FR_B2B") == "rate_missing:FR_B2B"


def test_the_contract_rule_without_an_agreed_rate_falls_back_to_the_law() -> None:
    assert rule_id(contact(), setting="FR_B2B_CONTRACT") == "FR_B2B_DEFAULT"


def test_what_was_agreed_with_the_customer_wins_over_the_setting() -> None:
    agreed = rule_for("FR", contact(interest_rate="10,5 %"), Settings(interest_rule="FR_B2B_DEFAULT"))
    assert agreed is not None
    assert agreed.flat_rate == Decimal("10.5")
    assert (agreed.floor_rate, agreed.floor_multiplier) == ("FR_LEGAL_PRO", 3)


def test_the_law_fixes_the_rate_of_a_public_buyer_whatever_was_agreed() -> None:
    assert rule_id(contact(Kind.PUBLIC, interest_rate="5")) == "FR_PUBLIC"


def test_a_rate_agreed_with_a_consumer_still_waits_for_the_formal_notice_and_has_no_business_floor() -> None:
    agreed = rule_for("FR", contact(Kind.CONSUMER, interest_rate="4"), Settings())
    assert agreed is not None
    assert (agreed.starts, agreed.floor_rate) == (Starts.NOTICE, "")


def test_an_unreadable_agreed_rate_is_named() -> None:
    assert rule_id(contact(interest_rate="as usual")) == "rate_missing:“as usual”"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("10.5", AgreedRate(percent=Decimal("10.5"))),
        ("100", AgreedRate(percent=Decimal(100))),
        ("10,5\u00a0%", AgreedRate(percent=Decimal("10.5"))),
        ("3x legal", AgreedRate(times_legal=Decimal(3))),
        ("3x légal", AgreedRate(times_legal=Decimal(3))),
        ("3 × taux légal", AgreedRate(times_legal=Decimal(3))),
        ("3 fois le taux d'intérêt légal", AgreedRate(times_legal=Decimal(3))),
        ("4 X LEGAL", AgreedRate(times_legal=Decimal(4))),
    ],
)
def test_an_agreed_rate_is_read_as_people_write_it(text: str, expected: AgreedRate | None) -> None:
    assert parse_agreed_rate(text) == expected


@pytest.mark.parametrize("text", ["-3", "101", "1000", "legal", "3x", "10.5.2", "ECB", "1e3"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_agreed_rate(text)


def test_every_rule_says_its_source_and_how_sure_it_is() -> None:
    for rule in interest_rules().values():
        assert rule.source, rule.rule_id
        assert rule.legal_reference, rule.rule_id
        assert rule.confidence in {"high", "medium", "low"}, rule.rule_id


def test_at_most_one_rule_by_default_for_each_country_and_kind() -> None:
    for kind in Kind:
        countries = [c for r in interest_rules().values() if r.by_default and kind in r.kinds for c in r.applies_in]
        assert len(countries) == len(set(countries))


def test_the_rates_in_use_are_those_of_the_customers() -> None:
    customers = [contact(), contact(Kind.CONSUMER), contact(country="GB"), contact(None), contact(interest_rate="12")]
    assert references_in_use(customers, Settings()) == {"ECB_MRO", "FR_LEGAL_PRO", "UK_BOE_REFERENCE"}
