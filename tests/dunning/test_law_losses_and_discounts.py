"""Insolvency filing, VAT of lost claims, and the arithmetic of discounts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from dunning.law_builders import cents, day
from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.law.discounts import (
    ShortPayment,
    annual_equivalent,
    conditional_discount,
    discount_on,
    early_offer,
    short_payment,
)
from sync.dunning.law.losses import filing_deadline, vat_checklist, vat_part, vat_recovery_deadline


class TestLosses:
    def test_two_months_to_file_and_four_from_abroad(self) -> None:
        home = filing_deadline(day("2025-12-31"), "FR", "FR")
        abroad = filing_deadline(day("2025-12-31"), "FR", "BE")
        assert home is not None
        assert abroad is not None
        assert (home.day, abroad.day) == (day("2026-02-28"), day("2026-04-30"))

    def test_no_deadline_is_invented_for_another_country(self) -> None:
        assert filing_deadline(day("2026-01-10"), "DE", "FR") is None

    def test_the_checklist_has_the_same_points_in_both_languages(self) -> None:
        for country in ("FR", "GB", "US"):
            french, english = vat_checklist(country, "fr"), vat_checklist(country, "en")
            assert [item.key for item in french] == [item.key for item in english]
            assert all(a.text != b.text for a, b in zip(french, english, strict=True))

    def test_the_french_duplicate_quotes_the_statement_the_law_requires(self) -> None:
        text = next(item.text for item in vat_checklist("FR", "fr") if item.key == "duplicate")
        assert "qui ne peut faire l’objet d’une déduction (article 272 du CGI)" in text

    def test_an_unknown_country_sends_to_the_accountant(self) -> None:
        assert [item.key for item in vat_checklist("US", "en")] == ["ask"]

    def test_vat_inside_an_amount(self) -> None:
        assert vat_part(cents("120.00"), Decimal(20)) == cents("20.00")
        assert vat_part(cents("100.00"), Decimal("5.5")) == cents("5.21")

    def test_two_years_to_recover(self) -> None:
        assert vat_recovery_deadline(day("2026-03-15")) == day("2028-12-31")


class TestDiscounts:
    def test_two_percent_for_twenty_days_costs_37_percent_a_year(self) -> None:
        assert annual_equivalent(Decimal(2), 20) == Decimal("37.24")

    @pytest.mark.parametrize(("percent", "days"), [("0", 20), ("100", 20), ("-2", 20), ("2", 0), ("2", -5)])
    def test_a_senseless_discount_is_refused(self, percent: str, days: int) -> None:
        with pytest.raises(ValueError, match="."):
            annual_equivalent(Decimal(percent), days)

    def test_an_offer_says_what_to_pay_and_until_when(self) -> None:
        offer = early_offer(cents("1234.56"), day("2026-01-01"), day("2026-01-31"), Decimal(2), 10, day("2026-01-11"))
        assert offer is not None
        assert (offer.discount, offer.to_pay, offer.pay_by) == (cents("24.69"), cents("1209.87"), day("2026-01-11"))
        assert (offer.days_earlier, offer.yearly_cost) == (20, Decimal("37.24"))

    def test_no_offer_after_its_day_nor_when_it_is_not_early(self) -> None:
        amount, issued, due = cents("100"), day("2026-01-01"), day("2026-01-31")
        assert early_offer(amount, issued, due, Decimal(2), 10, day("2026-01-12")) is None
        assert early_offer(amount, issued, due, Decimal(2), 30, day("2026-01-05")) is None

    def test_a_short_payment_equal_to_the_discount_is_recognised_and_a_late_one_is_left_to_a_person(self) -> None:
        bill, net, by = cents("1234.56"), cents("1209.87"), day("2026-01-11")
        assert short_payment(bill, net, by, Decimal(2), by) is ShortPayment.DISCOUNT_TAKEN
        assert short_payment(bill, net, by + timedelta(1), Decimal(2), by) is ShortPayment.DISCOUNT_LATE
        assert short_payment(bill, net - 1, by, Decimal(2), by) is ShortPayment.NOT_A_DISCOUNT

    def test_a_conditional_discount_is_lost_with_a_broken_plan(self) -> None:
        offer = conditional_discount(cents("1000.00"), Decimal("7.5"))
        assert (offer.due(kept=True), offer.due(kept=False)) == (cents("925.00"), cents("1000.00"))

    @given(st.integers(1, 10**9), st.decimals("0.01", "99.99", places=2))
    def test_a_discount_is_never_more_than_the_price(self, amount: int, percent: Decimal) -> None:
        assert 0 <= discount_on(amount, percent) <= amount
