"""Advice on payment terms, and when a customer may be contacted."""

from datetime import datetime

import pytest
from dunning.law_builders import contact, day, invoice

from sync.dunning.law.contact_hours import contact_cap, may_contact
from sync.dunning.law.terms import latest_due, payment_term_advice, term_cap
from sync.ledger.words import Channel, Kind


class TestTerms:
    def test_sixty_days_is_the_most(self) -> None:
        who = contact(terms="60")
        assert payment_term_advice(invoice(issued="2026-01-10", due="2026-03-11"), who) is None
        advice = payment_term_advice(invoice(issued="2026-01-10", due="2026-03-12"), who)
        assert advice is not None
        assert (advice.latest, advice.days_over, advice.cap.absolute) == (day("2026-03-11"), 1, True)

    @pytest.mark.parametrize(
        ("issued", "latest"),
        [
            ("2026-01-10", "2026-03-17"),  # 28 February by one way, 31 January + 45 days by the other
            ("2026-01-31", "2026-03-31"),  # 17 March + end of month; 31 January + 45 days = 17 March
            ("2026-02-01", "2026-04-14"),
        ],
    )
    def test_45_days_end_of_month_is_counted_both_ways_and_the_later_one_kept(self, issued: str, latest: str) -> None:
        cap = term_cap("FR", Kind.BUSINESS)
        assert cap is not None
        assert latest_due(day(issued), cap, "45 FM") == day(latest)

    def test_an_unsaid_clause_gets_the_most_generous_reading(self) -> None:
        bill = invoice(issued="2026-01-31", due="2026-04-01")  # 60 days; end of month stops on 31 March
        assert payment_term_advice(bill, contact()) is None
        assert payment_term_advice(bill, contact(terms="45 FM")) is not None

    def test_a_public_buyer_has_thirty_days(self) -> None:
        advice = payment_term_advice(invoice(issued="2026-01-01", due="2026-02-15"), contact(Kind.PUBLIC))
        assert advice is not None
        assert advice.latest == day("2026-01-31")

    def test_elsewhere_a_clause_may_go_beyond(self) -> None:
        bill = invoice(issued="2026-01-01", due="2026-04-30")
        advice = payment_term_advice(bill, contact(country="GB"))
        assert advice is not None
        assert not advice.cap.absolute

    @pytest.mark.parametrize("who", [None, contact(None), contact(Kind.CONSUMER), contact(country="US"), contact(country="CH")])
    def test_no_advice_where_no_maximum_is_known(self, who) -> None:
        assert payment_term_advice(invoice(issued="2026-01-01", due="2026-12-31"), who) is None


class TestHours:
    def test_weekdays_from_eight_to_eight(self) -> None:
        for moment, allowed in [
            ("2026-11-20T07:59", False),
            ("2026-11-20T08:00", True),
            ("2026-11-20T19:59", True),
            ("2026-11-20T20:00", False),
        ]:
            answer = may_contact("FR", Kind.BUSINESS, Channel.CALL, datetime.fromisoformat(moment))
            assert (bool(answer), answer.why) == (allowed, "" if allowed else "hour")

    def test_no_sunday_and_no_public_holiday(self) -> None:
        sunday, wednesday = datetime.fromisoformat("2026-11-22T10:00"), datetime.fromisoformat("2026-11-11T10:00")
        assert may_contact("FR", None, Channel.EMAIL, sunday).why == "day"
        assert may_contact("FR", None, Channel.EMAIL, wednesday, is_holiday=True).why == "holiday"

    def test_a_letter_has_no_hour(self) -> None:
        assert may_contact(
            "FR", Kind.CONSUMER, Channel.REGISTERED_LETTER, datetime.fromisoformat("2026-11-22T23:00"), is_holiday=True
        )

    def test_a_countrys_law_comes_on_top(self) -> None:
        night = datetime.fromisoformat("2026-11-20T23:00")
        origins = {rule.origin for rule in [may_contact("BE", Kind.CONSUMER, Channel.CALL, night).rule] if rule}
        assert origins == {"product"}  # the narrower one already says no
        assert may_contact("BE", Kind.CONSUMER, Channel.CALL, night).why == "hour"

    def test_two_calls_and_one_written_contact_a_week(self) -> None:
        assert contact_cap("FR", Kind.CONSUMER, Channel.CALL) == (2, 7)
        assert contact_cap("FR", Kind.BUSINESS, Channel.EMAIL) == (1, 7)
        assert contact_cap("FR", Kind.BUSINESS, Channel.FORMAL_NOTICE) is None
