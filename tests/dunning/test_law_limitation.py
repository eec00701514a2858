"""The limitation date: the earliest one that can be defended, and what moves it."""

from datetime import date, timedelta

import pytest
from dunning.law_builders import contact, day, invoice, paid
from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.law.limitation import (
    ActKind,
    Basis,
    Limitation,
    LimitationAct,
    WarnLevel,
    is_time_barred,
    limitation_date,
    warn_level,
)
from sync.ledger.model import Handling
from sync.ledger.words import Kind, Status


def limit(who=None, bill=None, payments=(), acts=(), company="FR", on="2026-02-10") -> Limitation:
    bill = bill or invoice(due="2023-03-31", issued="2023-03-01")
    return limitation_date(bill, contact() if who is None else who, payments, acts, company, day(on))


def act(on: str, kind: ActKind) -> LimitationAct:
    return LimitationAct(day(on), kind)


class TestTheClock:
    def test_a_french_business_claim_is_lost_five_years_after_the_issue_date(self) -> None:
        found = limit(bill=invoice(due="2026-01-29", issued="2026-01-05"))
        assert (found.date, found.start, found.basis) == (day("2031-01-05"), day("2026-01-05"), Basis.ISSUED)

    def test_an_unknown_kind_is_counted_as_a_business(self) -> None:
        bill = invoice(due="2026-01-29", issued="2026-01-05")
        assert limit(contact(None), bill).date == day("2031-01-05")
        assert limitation_date(bill, None, [], [], "FR", day("2026-02-10")).date == day("2031-01-05")

    def test_a_due_date_before_the_issue_date_is_the_start(self) -> None:
        found = limit(bill=invoice(due="2026-01-01", issued="2026-01-05"))
        assert (found.date, found.basis) == (day("2031-01-01"), Basis.DUE)

    @pytest.mark.parametrize(
        ("kind", "country", "expected"),
        [
            (Kind.BUSINESS, "FR", "2028-03-01"),
            (Kind.CONSUMER, "FR", "2025-03-01"),
            (Kind.PUBLIC, "FR", "2027-12-31"),  # four calendar years after 2023
            (Kind.BUSINESS, "DE", "2026-12-31"),  # the claim of March 2023
            (Kind.CONSUMER, "DE", "2026-12-31"),
            (Kind.BUSINESS, "GB", "2029-03-01"),
            (Kind.BUSINESS, "IE", "2029-03-01"),
            (Kind.BUSINESS, "BE", "2028-03-01"),  # low confidence: the shorter of five and ten
            (Kind.CONSUMER, "BE", "2024-03-01"),
            (Kind.BUSINESS, "AT", "2026-03-01"),
            (Kind.CONSUMER, "NL", "2025-03-01"),
            (Kind.BUSINESS, "IT", "2033-03-01"),
            (Kind.CONSUMER, "PT", "2025-03-01"),
        ],
    )
    def test_at_home_each_country_counts_its_own_way(self, kind: Kind, country: str, expected: str) -> None:
        assert limit(contact(kind), company=country).date == day(expected)

    def test_abroad_the_sooner_of_the_two_laws_is_kept(self) -> None:
        german = limit(contact(country="DE"))
        assert (german.date, german.country) == (day("2026-12-31"), "DE")
        british = limit(contact(country="GB"))
        assert (british.date, british.country, british.years) == (day("2028-03-01"), "FR", 5)

    def test_where_no_period_is_known_none_is_told(self) -> None:
        found = limit(contact(country="JP"), company="JP")
        assert (found.date, found.basis, found.warn_level) == (None, Basis.UNKNOWN_COUNTRY, WarnLevel.NONE)
        assert limit(contact(country="JP")).date == day("2028-03-01")  # the company's own law remains

    def test_29_february_becomes_the_28th(self) -> None:
        assert limit(bill=invoice(due="2024-03-31", issued="2024-02-29")).date == day("2029-02-28")
        assert limit(bill=invoice(due="2024-03-31", issued="2024-02-29"), who=contact(Kind.CONSUMER)).date == day("2026-02-28")


class TestWhatMovesIt:
    def test_a_part_payment_starts_the_period_again(self) -> None:
        found = limit(payments=paid(("2024-06-15", "100")))
        assert (found.date, found.start, found.basis) == (day("2029-06-15"), day("2024-06-15"), Basis.PART_PAYMENT)

    def test_a_payment_that_was_returned_is_no_acknowledgement(self) -> None:
        payments = paid(("2023-06-15", "100"), ("2024-06-15", "250"), ("2024-06-20", "-250"))
        assert limit(payments=payments).date == day("2028-06-15")

    def test_a_signed_plan_and_a_court_claim_start_it_again(self) -> None:
        for kind in (ActKind.ACKNOWLEDGEMENT, ActKind.COURT_CLAIM, ActKind.ENFORCEMENT):
            assert limit(acts=[act("2025-09-10", kind)]).date == day("2030-09-10")

    def test_the_court_status_of_the_invoice_counts_from_its_date(self) -> None:
        bill = invoice(due="2023-03-31", issued="2023-03-01", handling=Handling(status=Status.COURT, status_on=day("2025-09-10")))
        assert limit(bill=bill).date == day("2030-09-10")
        assert limit(bill=bill, on="2025-09-09").date == day("2028-03-01")

    @pytest.mark.parametrize(
        ("country", "moved"),
        [("FR", False), ("DE", False), ("UK", False), ("BE", False), ("NL", True), ("IT", True), ("ES", True)],
    )
    def test_a_formal_notice_counts_in_some_countries_only(self, country: str, moved: bool) -> None:
        notice = [act("2025-09-10", ActKind.WRITTEN_DEMAND)]
        assert (limit(acts=notice, company=country).date != limit(company=country).date) is moved

    def test_a_written_demand_to_a_french_public_body_counts(self) -> None:
        found = limit(contact(Kind.PUBLIC), acts=[act("2025-09-10", ActKind.WRITTEN_DEMAND)])
        assert found.date == day("2029-12-31")

    def test_a_payment_after_expiry_revives_nothing(self) -> None:
        found = limit(contact(Kind.CONSUMER), payments=paid(("2025-03-02", "10")))
        assert (found.date, found.warn_level) == (day("2025-03-01"), WarnLevel.EXPIRED)
        assert limit(contact(Kind.CONSUMER), payments=paid(("2025-03-01", "10"))).date == day("2027-03-01")  # the last day

    def test_an_act_that_has_not_happened_yet_moves_nothing(self) -> None:
        later = [act("2026-02-11", ActKind.ACKNOWLEDGEMENT)]
        assert limit(acts=later, payments=paid(("2026-02-11", "10"))).date == day("2028-03-01")

    def test_a_german_acknowledgement_counts_from_its_day_and_never_shortens(self) -> None:
        assert limit(acts=[act("2023-06-01", ActKind.ACKNOWLEDGEMENT)], company="DE").date == day("2026-12-31")
        assert limit(acts=[act("2025-06-01", ActKind.ACKNOWLEDGEMENT)], company="DE").date == day("2028-06-01")

    @given(
        st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(ActKind)), max_size=6), st.sampled_from(["FR", "DE", "NL", "UK"])
    )
    def test_no_act_ever_shortens_the_period(self, offsets: list[tuple[int, ActKind]], country: str) -> None:
        acts = [LimitationAct(day("2023-03-01") + timedelta(n), kind) for n, kind in offsets]
        with_acts, without = limit(acts=acts, company=country, on="2035-01-01"), limit(company=country, on="2035-01-01")
        assert with_acts.date is not None
        assert without.date is not None
        assert with_acts.date >= without.date


class TestWarnings:
    @pytest.mark.parametrize(
        ("left", "level"),
        [
            (181, WarnLevel.NONE),
            (180, WarnLevel.SIX_MONTHS),
            (91, WarnLevel.SIX_MONTHS),
            (90, WarnLevel.THREE_MONTHS),
            (31, WarnLevel.THREE_MONTHS),
            (30, WarnLevel.ONE_MONTH),
            (0, WarnLevel.ONE_MONTH),  # the last day is still in time
            (-1, WarnLevel.EXPIRED),
        ],
    )
    def test_six_three_and_one_months_before_and_after_the_last_day(self, left: int, level: WarnLevel) -> None:
        end = date(2026, 11, 21)
        assert warn_level(end, end - timedelta(left)) is level

    def test_an_expired_consumer_claim_must_not_be_asked_for(self) -> None:
        consumer = limit(contact(Kind.CONSUMER))
        assert is_time_barred(consumer, Kind.CONSUMER)
        assert not is_time_barred(limit(contact(Kind.CONSUMER), on="2025-03-01"), Kind.CONSUMER)

    def test_an_expired_business_claim_is_warned_about_and_not_blocked(self) -> None:
        business = limit(on="2030-01-01")
        assert business.warn_level is WarnLevel.EXPIRED
        assert not is_time_barred(business, Kind.BUSINESS)
        assert not is_time_barred(business, None)
