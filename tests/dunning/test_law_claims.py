"""What the law adds to a late invoice: the traps, each told as a case."""

from decimal import Decimal

import pytest
from dunning.law_builders import cents, contact, day, invoice, paid, rules

from sync.dunning.law.claims import breakdown, claim_for
from sync.dunning.law.rates import Rates
from sync.dunning.model import Allocation, Claim, InterestUse
from sync.ledger.words import Kind

RATES = Rates.load()
H2 = {("FR_LEGAL_PRO", day("2026-07-01")): Decimal("2.50")}


def figures(claim: Claim) -> tuple[str | None, str | None, str, str]:
    def money(amount: int | None) -> str | None:
        return None if amount is None else f"{Decimal(amount) / 100:.2f}"

    return money(claim.interest), money(claim.compensation), claim.why_null, claim.missing


def asked(on: str, bill=None, who=None, payments=(), credits=(), rates=RATES, notice=None, **settings) -> Claim:
    who = contact() if who is None else who
    return claim_for(
        bill or invoice(), payments, credits, who, rules(**settings), rates, day(on), day(notice) if notice else None
    )


class TestWhenNothingIsDue:
    def test_on_the_due_date_and_before(self) -> None:
        assert figures(asked("2025-09-30")) == ("0.00", "0.00", "", "")
        assert figures(asked("2025-09-01")) == ("0.00", "0.00", "", "")

    def test_the_first_late_day_bears_one_day_and_the_fixed_sum(self) -> None:
        assert figures(asked("2025-10-01")) == ("0.33", "40.00", "", "")  # 1000 x 12.15 % / 365

    def test_paid_in_time_however_late_one_looks(self) -> None:
        assert figures(asked("2026-03-01", payments=paid(("2025-09-30", "1000.00")))) == ("0.00", "0.00", "", "")

    def test_cancelled_in_time_by_a_credit_note(self) -> None:
        assert figures(asked("2026-03-01", credits=paid(("2025-09-15", "1000.00")))) == ("0.00", "0.00", "", "")

    def test_a_credit_note_owes_nothing(self) -> None:
        assert figures(asked("2026-03-01", invoice("-50.00"))) == ("0.00", "0.00", "", "")

    def test_an_unknown_kind_owes_nothing_either_before_it_is_late(self) -> None:
        assert figures(asked("2025-09-30", who=contact(None))) == ("0.00", "0.00", "", "")


class TestWhatMustNotBeComputed:
    def test_the_setting_never_silences_both(self) -> None:
        silent = asked("2025-12-01", interest=InterestUse.NEVER)
        assert figures(silent) == (None, None, "setting_never", "")

    def test_an_unknown_kind_gets_neither_rate_nor_fixed_sum(self) -> None:
        assert figures(asked("2025-12-01", who=contact(None))) == (None, None, "kind_unknown", "")
        assert figures(asked("2025-12-01", who=contact(None, interest_rate="12"))) == (None, None, "kind_unknown", "")
        assert claim_for(invoice(), [], [], None, rules(), RATES, day("2025-12-01")) == Claim(None, None, "kind_unknown")

    def test_three_times_the_legal_rate_stops_where_the_legal_rate_is_missing(self) -> None:
        clause = contact(interest_rate="3x legal")
        assert figures(asked("2026-06-30", who=clause))[2:] == ("", "")
        assert figures(asked("2026-07-01", who=clause)) == (None, "40.00", "rate_missing", "FR_LEGAL_PRO 2026-H2")
        assert asked("2026-07-01", who=clause, rates=Rates.load(H2)).interest is not None

    def test_no_rate_is_carried_into_a_new_year(self) -> None:
        assert figures(asked("2026-12-31"))[2] == ""
        assert figures(asked("2027-01-01")) == (None, "40.00", "rate_missing", "ECB_MRO 2027-H1")

    def test_a_country_without_rule_is_named(self) -> None:
        assert figures(asked("2025-12-01", who=contact(country="US"))) == (None, None, "rate_missing", "US business")

    def test_a_fixed_sum_in_another_currency_needs_a_rate_nobody_gave(self) -> None:
        """The 40 to 100 pounds of a British customer invoiced in euros; the interest itself needs no exchange rate."""
        claim = asked("2025-12-01", who=contact(country="GB"))
        assert figures(claim) == ("20.81", None, "rate_missing", "GBP/EUR")  # 62 d at 4.25 + 8 %


class TestAgreedRates:
    def test_ten_and_a_half_percent_is_above_three_times_the_legal_rate_of_2025_h2(self) -> None:
        assert figures(asked("2025-12-31", who=contact(interest_rate="10.5")))[:3] == ("26.47", "40.00", "")  # 92 days

    def test_equal_to_the_floor_is_valid_and_just_below_is_not(self) -> None:
        floor = "8.28"  # 3 x 2.76 in 2025-H2
        assert figures(asked("2025-12-31", who=contact(interest_rate=floor)))[2] == ""
        below = asked("2025-12-31", who=contact(interest_rate="8.27"))
        assert figures(below) == (None, "40.00", "rate_below_floor", "2025-H2")

    def test_a_clause_can_fall_below_in_one_of_the_half_years(self) -> None:
        bill = invoice(due="2025-05-30")  # 2025-H1: floor 11.13; 2025-H2: 8.28
        assert figures(asked("2025-08-29", bill, contact(interest_rate="10")))[2:] == ("rate_below_floor", "2025-H1")

    def test_two_times_the_legal_rate_is_below_the_floor_whatever_the_rate_is(self) -> None:
        assert figures(asked("2025-12-31", who=contact(interest_rate="2x legal")))[2] == "rate_below_floor"

    def test_an_unchecked_floor_blocks_the_figure_until_the_legal_rate_is_known(self) -> None:
        bill, clause = invoice(due="2026-07-31"), contact(interest_rate="10.5")
        assert figures(asked("2026-10-31", bill, clause)) == (None, "40.00", "rate_missing", "FR_LEGAL_PRO 2026-H2")
        assert figures(asked("2026-10-31", bill, clause, rates=Rates.load(H2))) == ("26.47", "40.00", "", "")

    def test_below_the_floor_is_said_even_when_another_floor_is_missing(self) -> None:
        bill = invoice(due="2026-06-29")
        assert figures(asked("2026-10-31", bill, contact(interest_rate="7")))[2:] == ("rate_below_floor", "2026-H1")

    def test_one_agreed_rate_makes_one_line_across_half_years(self) -> None:
        claim = asked("2026-02-28", who=contact(interest_rate="12"))
        assert [(row.start, row.end, row.rate) for row in breakdown(claim)] == [(day("2025-10-01"), day("2026-02-28"), 12)]

    def test_a_rate_agreed_with_a_belgian_consumer_is_cut_to_the_rate_between_businesses(self) -> None:
        claim = asked("2025-12-31", who=contact(Kind.CONSUMER, "BE", interest_rate="15"), notice="2025-10-01")
        assert [row.rate for row in breakdown(claim)] == [Decimal("10.5")]


class TestFrozenOrByHalfYear:
    def test_each_half_year_has_its_own_line_even_at_the_same_rate(self) -> None:
        lines = breakdown(asked("2026-01-31"))
        assert [(row.start, row.end, row.rate) for row in lines] == [
            (day("2025-10-01"), day("2025-12-31"), Decimal("12.15")),
            (day("2026-01-01"), day("2026-01-31"), Decimal("12.15")),
        ]

    def test_a_french_public_buyer_keeps_the_rate_of_the_start(self) -> None:
        claim = asked("2025-12-31", invoice(due="2025-03-31"), contact(Kind.PUBLIC))
        assert [(row.days, row.rate) for row in breakdown(claim)] == [(275, Decimal("11.15"))]
        assert claim.compensation == 4000

    def test_a_british_debt_due_on_31_december_takes_the_rate_observed_that_day(self) -> None:
        """Interest starts on 1 January: reference of 31 December 2024, 4.75. Due a day earlier: that of 30 June, 5.25."""
        for due, rate in (("2024-12-31", "12.75"), ("2024-12-30", "13.25")):
            claim = asked("2025-09-18", invoice(due=due, currency="GBP"), contact(country="GB"))
            assert [row.rate for row in breakdown(claim)] == [Decimal(rate)]

    def test_the_other_reading_of_the_british_law_is_a_setting(self) -> None:
        bill = invoice(due="2024-12-31", currency="GBP")
        claim = asked("2025-09-18", bill, contact(country="GB"), interest_rule="UK_B2B_HALF_YEAR")
        assert [row.rate for row in breakdown(claim)] == [Decimal("12.75"), Decimal("12.25")]

    def test_a_frozen_rate_needs_no_later_table(self) -> None:
        bill = invoice(due="2026-09-30", currency="GBP")
        assert asked("2027-06-30", bill, contact(country="GB")).interest is not None


class TestParticularRates:
    def test_a_negative_reference_is_added_and_not_taken_as_zero(self) -> None:
        claim = asked("2021-12-31", invoice(due="2020-12-31"), contact(country="DE"))
        assert {row.rate for row in breakdown(claim)} == {Decimal("8.12")}
        assert claim.interest == 8120  # a whole year

    @pytest.mark.parametrize(
        ("on", "rate"),
        [("2025-10-01", "10.5"), ("2025-05-01", "11.5"), ("2024-10-01", "12.5"), ("2023-10-01", "12"), ("2022-10-01", "8")],
    )
    def test_belgium_rounds_up_to_the_half_point_and_leaves_whole_ones(self, on: str, rate: str) -> None:
        """2.15, 3.15, 4.25, 4.00 and 0.00 of the ECB, plus 8."""
        claim = asked(on, invoice(due=f"{on[:4]}-{int(on[5:7]) - 1:02d}-15"), contact(country="BE"))
        assert [row.rate for row in breakdown(claim)] == [Decimal(rate)]

    def test_leap_years_divide_by_365_too(self) -> None:
        claim = asked("2024-12-31", invoice(due="2023-12-31"), contact(interest_rate="20"))
        assert claim.interest == 20055  # 366 / 365 of 200.00

    def test_the_dutch_year_is_added_to_the_base(self) -> None:
        bill = invoice("10000.00", "2024-01-31")
        claim = asked("2025-07-31", bill, contact(country="NL"))
        assert claim.interest == cents("1840.71")  # simple interest would give 1 773.78
        assert [(row.start, row.base) for row in breakdown(claim)][3:] == [
            (day("2025-02-01"), cents("11229.36")),
            (day("2025-07-01"), cents("11229.36")),
        ]
        assert asked("2025-07-31", bill, contact(country="LU")).interest == cents("1773.78")

    def test_a_dutch_year_from_29_february_ends_on_the_28th(self) -> None:
        claim = asked("2025-03-01", invoice("10000.00", "2024-02-29"), contact(country="NL"))
        assert breakdown(claim)[-1].start == day("2025-03-01")
        assert breakdown(claim)[-1].base > cents("10000.00")


class TestConsumers:
    def test_nothing_without_a_formal_notice(self) -> None:
        assert figures(asked("2026-03-10", who=contact(Kind.CONSUMER))) == ("0.00", "0.00", "", "")

    def test_nothing_even_where_the_rate_is_missing(self) -> None:
        assert figures(asked("2026-11-10", who=contact(Kind.CONSUMER))) == ("0.00", "0.00", "", "")

    def test_the_legal_rate_from_the_day_after_the_notice(self) -> None:
        claim = asked("2026-03-10", invoice("800.00", "2025-06-30"), contact(Kind.CONSUMER), notice="2025-12-10")
        assert figures(claim) == ("5.23", "0.00", "", "")

    def test_a_notice_before_the_due_date_does_not_bring_it_forward(self) -> None:
        early = asked("2026-03-10", who=contact(Kind.CONSUMER), notice="2025-09-01")
        assert breakdown(early)[0].start == day("2025-10-01")

    def test_a_belgian_consumer_has_fourteen_days_after_the_notice(self) -> None:
        claim = asked("2025-12-31", who=contact(Kind.CONSUMER, "BE"), notice="2025-10-01")
        assert breakdown(claim)[0].start == day("2025-10-16")

    def test_a_yearly_rate_makes_one_line_as_long_as_it_stands(self) -> None:
        claim = asked("2026-08-01", who=contact(Kind.CONSUMER, "BE"), notice="2025-11-16")
        assert [(row.start, row.end, row.rate) for row in breakdown(claim)] == [
            (day("2025-12-01"), day("2026-08-01"), Decimal("4.50"))  # 4.50 in 2025 and in 2026
        ]

    def test_a_british_consumer_never_owes_any_by_itself(self) -> None:
        bill = invoice(currency="GBP")
        assert figures(asked("2026-03-10", bill, contact(Kind.CONSUMER, "GB"), notice="2025-10-01")) == ("0.00", "0.00", "", "")

    def test_a_swiss_debtor_owes_five_percent_from_the_demand_and_no_fixed_sum(self) -> None:
        for kind in (Kind.BUSINESS, Kind.CONSUMER, None):
            who, bill = contact(kind, "CH"), invoice(currency="CHF")
            assert figures(asked("2025-12-31", bill, who)) == ("0.00", "0.00", "", "")
            assert figures(asked("2025-12-31", bill, who, notice="2025-09-30")) == ("12.60", "0.00", "", "")


class TestInsolvency:
    def test_interest_stops_at_the_opening_judgment(self) -> None:
        stopped = asked("2026-03-01", who=contact(insolvent_on=day("2025-10-31")))
        assert figures(stopped) == ("9.99", "40.00", "", "")  # 30 days, to 30 October
        assert stopped == asked("2025-10-30")

    def test_no_fixed_sum_when_the_law_forbade_paying_on_the_due_date(self) -> None:
        assert figures(asked("2026-03-01", invoice(issued="2025-08-30"), contact(insolvent_on=day("2025-09-15")))) == (
            "0.00", "0.00", "", ""
        )  # fmt: skip

    def test_opened_on_the_due_date_forbids_it_and_the_day_after_does_not(self) -> None:
        bill = invoice(issued="2025-08-30")
        sums = [asked("2026-03-01", bill, contact(insolvent_on=day(on))).compensation for on in ("2025-09-30", "2025-10-01")]
        assert sums == [0, 4000]

    def test_an_opening_that_is_not_yet_known_changes_nothing(self) -> None:
        assert asked("2025-10-30", who=contact(insolvent_on=day("2025-10-31"))) == asked("2025-10-30")

    def test_what_was_invoiced_after_the_opening_is_paid_as_usual(self) -> None:
        assert figures(asked("2025-10-30", who=contact(insolvent_on=day("2025-01-15"))))[0] == "9.99"


class TestPartPayments:
    BILL = invoice("6000.00", "2026-01-30")

    def test_interest_first_pays_the_interest_accrued_to_the_cent_and_leaves_more_principal(self) -> None:
        """31 d x 6000 x 12.15 % / 365 = 61.9151 -> 61.92 is paid first; 1 938.08 goes to the principal, 4 061.92 is left.

        88 d x 4061.92 = 118.9864 -> 118.99. In all 180.91; with principal_first 179.09.
        """
        payments = paid(("2026-03-02", "2000.00"))
        claim = asked("2026-05-29", self.BILL, payments=payments, interest_allocation=Allocation.INTEREST_FIRST)
        assert [(row.base, row.interest) for row in breakdown(claim)] == [
            (cents("6000.00"), Decimal("61.9151")),
            (cents("4061.92"), Decimal("118.9864")),
        ]
        assert claim.interest == cents("180.91")
        left_to_pay = cents("6000.00") - cents("2000.00") + claim.interest
        assert left_to_pay == cents("4061.92") + cents("118.99")

    def test_a_payment_that_comes_back_takes_the_way_it_came_and_interest_bears_none(self) -> None:
        """Of 2 000.00, 61.92 had paid interest: 1 938.08 is owed again on the principal, and bears interest; 61.92 does not."""
        payments = [*paid(("2026-03-02", "2000.00")), *paid(("2026-03-12", "-2000.00"))]
        claim = asked("2026-05-29", self.BILL, payments=payments, interest_allocation=Allocation.INTEREST_FIRST)
        assert [row.base for row in breakdown(claim)] == [cents("6000.00"), cents("4061.92"), cents("6000.00")]

    def test_a_payment_smaller_than_the_interest_leaves_the_principal_whole(self) -> None:
        payments = paid(("2026-03-02", "20.00"))
        claim = asked("2026-05-29", self.BILL, payments=payments, interest_allocation=Allocation.INTEREST_FIRST)
        assert [row.base for row in breakdown(claim)] == [cents("6000.00")] * 2

    def test_a_dutch_payment_covers_running_interest_then_added_interest_then_principal(self) -> None:
        """On 31 January 2025 the first year's 1 229.36 was added to the base; ten days later 10 500.00 comes in.

        10 d x 11229.36 x 11.15 % / 365 = 34.3034 -> 34.30 first, then 1 229.36, then 9 236.34 of principal: 763.66 is left.
        """
        bill, payments = invoice("10000.00", "2024-01-31"), paid(("2025-02-10", "10500.00"))
        claim = asked("2025-02-20", bill, contact(country="NL"), payments=payments, interest_allocation=Allocation.INTEREST_FIRST)
        assert [row.base for row in breakdown(claim)][-2:] == [cents("11229.36"), cents("763.66")]

    def test_a_credit_note_reduces_the_principal_under_either_allocation(self) -> None:
        credits = paid(("2026-03-02", "2000.00"))
        for allocation in Allocation:
            assert asked("2026-05-29", self.BILL, credits=credits, interest_allocation=allocation).interest == cents("179.09")

    def test_payments_of_one_day_are_one_payment(self) -> None:
        for allocation in Allocation:
            one = asked("2026-05-29", self.BILL, payments=paid(("2026-03-02", "2000.00")), interest_allocation=allocation)
            two = asked(
                "2026-05-29",
                self.BILL,
                payments=paid(("2026-03-02", "500"), ("2026-03-02", "1500")),
                interest_allocation=allocation,
            )
            assert one == two

    def test_a_later_payment_is_not_known_yet(self) -> None:
        assert asked("2026-05-29", self.BILL, payments=paid(("2026-05-30", "6000.00"))) == asked("2026-05-29", self.BILL)

    def test_paid_late_in_full_the_interest_stands_still(self) -> None:
        payments = paid(("2026-03-02", "6000.00"))
        assert asked("2026-03-02", self.BILL, payments=payments) == asked("2026-06-15", self.BILL, payments=payments)
        assert figures(asked("2026-06-15", self.BILL, payments=payments))[:2] == ("61.92", "40.00")

    def test_a_payment_returned_after_the_due_date_makes_the_invoice_late(self) -> None:
        payments = paid(("2026-01-15", "6000.00"), ("2026-02-10", "-6000.00"))
        claim = asked("2026-02-20", self.BILL, payments=payments)
        assert breakdown(claim)[0].start == day("2026-02-11")
        assert claim.compensation == 4000
        assert figures(asked("2026-02-09", self.BILL, payments=payments))[:2] == ("0.00", "0.00")

    def test_an_overpaid_invoice_bears_nothing(self) -> None:
        assert asked("2026-06-15", self.BILL, payments=paid(("2026-01-31", "7000.00"))).interest == 200  # one day


class TestFixedSums:
    @pytest.mark.parametrize(
        ("amount", "sum_"), [("999.99", "40.00"), ("1000.00", "70.00"), ("9999.99", "70.00"), ("10000.00", "100.00")]
    )
    def test_british_tiers(self, amount: str, sum_: str) -> None:
        claim = asked("2025-12-01", invoice(amount, currency="GBP"), contact(country="GB"))
        assert claim.compensation == cents(sum_)

    def test_the_tier_is_that_of_the_debt_when_it_became_late(self) -> None:
        bill, who = invoice("10500.00", currency="GBP"), contact(country="GB")
        before = asked("2025-12-01", bill, who, payments=paid(("2025-09-30", "600.00")))
        after = asked("2025-12-01", bill, who, payments=paid(("2025-10-01", "9900.00")))
        assert (before.compensation, after.compensation) == (7000, 10000)

    def test_once_per_invoice_whatever_was_paid(self) -> None:
        assert asked("2025-12-01", payments=paid(("2025-10-05", "300"), ("2025-10-20", "300"))).compensation == 4000
