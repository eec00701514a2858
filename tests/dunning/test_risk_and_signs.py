"""The risk score explained in words, the early-warning signs, and the monthly review."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning.customer_builders import TODAY, Book, rules_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.dunning.agreements.proposals import REFUSALS
from sync.dunning.agreements.proposals import WHY as PLAN_WHY
from sync.dunning.behaviour.profiles import ADVICE, profiles
from sync.dunning.behaviour.risk import SAYS
from sync.dunning.behaviour.warnings import SIGNS, monthly_review, review_act, review_is_due
from sync.dunning.matching import WHY as MATCH_WHY
from sync.ledger.words import Act, Kind

NBSP = "\u00a0"


def test_nothing_known_is_the_middle_and_says_so():
    book = Book()
    book.bill(TODAY + timedelta(days=10))
    profile = book.profile()
    assert (profile.risk, profile.why) == (50, ["Nothing is known yet: the middle of the scale."])


def test_a_perfect_payer_has_no_risk():
    book = Book()
    book.habit([0] * 6)
    assert book.profile().risk == 0
    assert "Usually pays on time." in book.profile().why


def test_the_worst_payer_is_at_a_hundred():
    book = Book()
    for back in range(100, 400, 30):
        book.bill(TODAY - timedelta(days=back))
    book.promise(date(2026, 4, 1), date(2026, 4, 10), "F-0001")
    book.promise(date(2026, 5, 1), date(2026, 5, 10), "F-0001")
    assert book.profile().risk == 100


def test_every_part_is_said_in_words_in_both_languages():
    book = Book()
    book.habit([10, 20, 30, 12])
    book.bill(TODAY - timedelta(days=45), 4000_00)
    book.contact(credit_limit=5000_00, rating=Decimal(40), debt_ratio=Decimal("0.85"), liquidity=Decimal("0.9"), capacity=1000_00)
    assert sorted(book.profile().why) == sorted([
        f"Usually 20{NBSP}days late.",
        f"5{NBSP}invoices of 5 more than 3{NBSP}days late (100%).",
        f"The oldest open invoice is 45{NBSP}days late.",
        "€4,000.00 open, 80% of the credit limit of €5,000.00.",
        "External score of 40 out of 100.",
        "Debt ratio understood as 85%.",
        "Current liquidity of 0.9.",
        "€4,000.00 overdue for a monthly capacity of €1,000.00.",
    ])  # fmt: skip
    french = book.profile(language="fr").why
    assert f"Paie d’ordinaire avec 20{NBSP}jours de retard." in french
    assert f"Encours de 4\u202f000,00{NBSP}€, soit 80{NBSP}% de l’encours autorisé de 5\u202f000,00{NBSP}€." in french
    assert "Liquidité de 0,9." in french


def test_one_day_is_singular():
    book = Book()
    book.habit([1, 1, 1])
    assert f"Usually 1{NBSP}day late." in book.profile().why
    assert f"Paie d’ordinaire avec 1{NBSP}jour de retard." in book.profile(language="fr").why


def test_a_missing_figure_leaves_its_weight_to_the_others():
    book = Book()
    book.habit([0] * 6)
    book.contact(rating=Decimal(0))
    alone = book.profile().risk
    book.contact(rating=Decimal(0), debt_ratio=Decimal(3), liquidity=Decimal("0.2"))
    assert 0 < alone < book.profile().risk < 100


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"rating": Decimal(90)}, {"rating": Decimal(10)}),
        ({"debt_ratio": Decimal("0.5")}, {"debt_ratio": Decimal("1.8")}),
        ({"liquidity": Decimal("1.8")}, {"liquidity": Decimal("0.6")}),
        ({"capacity": 900_00}, {"capacity": 100_00}),
        ({"capacity": 200_00}, {"capacity": 0}),
        ({"credit_limit": 5000_00}, {"credit_limit": 500_00}),
        ({"credit_limit": 600_00}, {"credit_limit": 0}),
    ],
)
def test_worse_figures_make_a_higher_risk(better, worse):
    def risk(figures):
        book = Book()
        book.habit([5, 8, 3, 10, 6])
        book.bill(TODAY - timedelta(days=20), 600_00)
        book.contact(**figures)
        return book.profile().risk

    assert risk(better) < risk(worse)


def test_a_debt_ratio_typed_in_percent_is_understood():
    def why(ratio):
        book = Book()
        book.contact(debt_ratio=Decimal(ratio))
        book.bill(TODAY)
        return book.profile().why

    assert why("65") == why("0.65") == ["Debt ratio understood as 65%."]


def test_figures_typed_in_the_company_currency_say_nothing_of_another():
    book = Book()
    book.bill(TODAY - timedelta(days=50), 900_00, currency="USD")
    book.contact(credit_limit=100_00, capacity=10_00)
    profile = book.profile()
    assert "limit_exceeded" not in profile.signs
    assert not any("limit" in sentence or "capacity" in sentence for sentence in profile.why)


def test_a_natural_person_is_not_judged_on_outside_figures():
    book = Book()
    book.habit([5, 8, 3])
    without = book.profile()
    book.contact(kind=Kind.CONSUMER, rating=Decimal(0), debt_ratio=Decimal(5))
    assert book.profile().risk == without.risk
    assert "External" not in " ".join(book.profile().why)


def test_insolvency_is_a_hundred_from_its_day():
    book = Book()
    book.habit([0] * 6)
    book.contact(insolvent_on=date(2026, 5, 1))
    assert book.profile(date(2026, 4, 30)).risk == 0
    profile = book.profile(date(2026, 5, 1))
    assert (profile.risk, profile.signs[0]) == (100, "insolvency")
    assert profile.advice.startswith("Declare the claim")
    assert "guarantee" not in profile.advice


def test_free_money_lowers_the_exposure_but_not_the_open_balance():
    book = Book()
    book.bill(TODAY + timedelta(days=10), 1000_00)
    book.contact(credit_limit=1000_00)
    assert book.profile().signs == ("limit_near",)
    book.pay("", 300_00, TODAY)
    assert (book.profile().signs, book.profile().open) == ((), 1000_00)


@pytest.mark.parametrize(
    ("open_", "sign"), [(799_99, ()), (800_00, ("limit_near",)), (1000_00, ("limit_near",)), (1000_01, ("limit_exceeded",))]
)
def test_the_credit_limit_warns_at_eighty_percent(open_, sign):
    book = Book()
    book.bill(TODAY + timedelta(days=10), open_)
    book.contact(credit_limit=1000_00)
    assert book.profile().signs == sign


def test_a_first_broken_promise_is_a_sign():
    book = Book()
    number = book.bill(date(2026, 5, 1))
    book.promise(date(2026, 5, 5), date(2026, 5, 20), number)
    assert "first_broken_promise" in book.profile().signs


def test_a_reliable_customer_suddenly_late_is_a_sign():
    book = Book()
    book.habit([0, 1, 0, 2, 0, 0, 0, 1, 0, 0])
    book.bill(TODAY - timedelta(days=13))
    assert book.profile().signs == ()
    assert book.profile(TODAY + timedelta(days=1)).signs == ("later_than_usual",)


def test_an_unusually_large_invoice_is_a_sign():
    book = Book()
    book.habit([0] * 5)
    book.bill(TODAY + timedelta(days=20), 299_99)
    assert book.profile().signs == ()
    book.bill(TODAY + timedelta(days=20), 300_00)
    assert book.profile().signs == ("unusual_order",)


def test_a_payment_short_by_the_early_discount_is_a_sign():
    book = Book()
    number = book.bill(TODAY + timedelta(days=10), 1000_00)
    book.pay(number, 980_00, TODAY)
    assert book.profile(early_discount=Decimal(2)).signs == ("short_payment",)
    assert book.profile(early_discount=Decimal(3)).signs == ()
    assert book.profile().signs == ()


def test_high_risk_advice_leaves_the_decision_to_a_person():
    book = Book()
    for back in range(60, 360, 30):
        book.bill(TODAY - timedelta(days=back))
    book.contact()
    assert "guarantee" in book.profile().advice
    assert "You decide" in book.profile().advice
    book.contact(guarantee="bank guarantee")
    assert "check the guarantee held" in book.profile().advice


@pytest.mark.parametrize("table", [SAYS, SIGNS, ADVICE, REFUSALS, PLAN_WHY, MATCH_WHY])
def test_all_sentences_exist_in_both_languages_with_french_spaces(table):
    for sentence in table.values():
        assert sentence.en.strip()
        for before, mark in re.findall("(.)([:;!?])", sentence.fr):
            assert before == (NBSP if mark == ":" else "\u202f")
        names = re.findall(r"{(\w+)}", sentence.en)
        assert sorted(names) == sorted(re.findall(r"{(\w+)}", sentence.fr))


def test_the_monthly_review_lists_everything_open_the_gravest_first():
    book = Book()
    book.bill(TODAY - timedelta(days=5), 900_00, customer="CALM")
    book.bill(TODAY - timedelta(days=200), 900_00, customer="OLD")
    book.bill(TODAY + timedelta(days=5), 100_00, customer="NOT-DUE")
    book.bill(TODAY, 100_00, paid=TODAY, customer="PAID")
    lines = monthly_review(profiles(book.ledger(), book.balances(), rules_of()))
    assert [line.customer for line in lines] == ["OLD", "CALM", "NOT-DUE"]


def test_the_review_comes_once_a_month():
    book = Book()
    assert review_is_due(book.journal, date(2026, 6, 1))
    book.remember(date(2026, 6, 1), [review_act(date(2026, 6, 1))])
    assert book.journal[0].status is Act.OBSERVED
    assert not review_is_due(book.journal, date(2026, 6, 30))
    assert review_is_due(book.journal, date(2026, 7, 1))


DELAYS = st.lists(st.integers(-10, 150), min_size=1, max_size=10)


@settings(max_examples=60)
@given(DELAYS, st.lists(st.integers(1, 120), min_size=10, max_size=10), st.integers(0, 3), st.booleans())
def test_risk_is_within_bounds_and_never_falls_when_invoices_are_paid_later(delays, later, broken, with_figures):
    def risk(own):
        book = Book()
        last = TODAY - timedelta(days=10)
        for index, delay in enumerate(own):
            due = last - timedelta(days=60 * index)
            book.bill(due, paid=due + timedelta(days=delay))
        number = book.bill(date(2025, 9, 1), 1_00, customer="C1", paid=date(2025, 9, 1))
        for index in range(broken):
            book.promise(date(2025, 10, 1 + index * 8), date(2025, 10, 3 + index * 8), number, amount=50_00)
        if with_figures:
            book.contact(rating=Decimal(60), liquidity=Decimal(1))
        return book.profile().risk

    before, after = risk(delays), risk([delay + more for delay, more in zip(delays, later, strict=False)])
    assert 0 <= before <= after <= 100
