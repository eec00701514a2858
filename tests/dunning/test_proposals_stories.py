"""Plans to propose: exact sums, within the means, refused with a reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning.customer_builders import Book, rules_of
from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.agreements.plans import PlanState, payment_plans
from sync.dunning.agreements.proposals import REFUSALS, PlanCase, plan_case, propose_plans
from sync.ledger.model import Handling
from sync.ledger.words import DelayReason, Kind

AS_OF = date(2026, 3, 2)
FAR = date(2031, 1, 1)


def offered(total=1200_00, limitation=FAR, setting=None, **case):
    one = PlanCase(customer="C1", currency="EUR", claims=(("F-1", total),), **case)
    return propose_plans(one, rules_of(**(setting or {})).settings, limitation, AS_OF)


def amounts(proposal):
    return [one.amount for one in proposal.instalments]


def refusals(offer):
    return [one.code for one in offer.refusals]


def test_at_once_then_short_then_long():
    at_once, short, long = offered().proposals
    assert [at_once.kind, short.kind, long.kind] == ["at once", "short", "long"]
    assert amounts(at_once) == [1200_00]
    assert amounts(short) == [600_00, 600_00]
    assert amounts(long) == [240_00] + [192_00] * 5
    assert [one.due for one in long.instalments] == [
        date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10), date(2026, 6, 10), date(2026, 7, 10), date(2026, 8, 10),
    ]  # fmt: skip


def test_the_last_instalment_takes_the_rounding():
    *_, long = offered(1000_01).proposals
    assert amounts(long) == [200_00, 160_00, 160_00, 160_00, 160_00, 160_01]


def test_months_end_dates_stay_in_the_month():
    case = PlanCase(customer="C1", currency="EUR", claims=(("F-1", 1200_00),))
    *_, long = propose_plans(case, rules_of().settings, FAR, date(2026, 1, 23)).proposals
    assert [one.due for one in long.instalments][:3] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_the_monthly_capacity_bounds_every_instalment():
    offer = offered(capacity=250_00)
    assert [len(one.instalments) for one in offer.proposals] == [1, 5, 6]
    assert all(max(amounts(one)) <= 250_00 for one in offer.proposals[1:])
    assert "Within the monthly capacity of €250.00." in offer.proposals[1].why


def test_too_low_a_capacity_is_refused_in_words():
    offer = offered(capacity=100_00)
    assert refusals(offer) == ["capacity"]
    assert "€100.00 a month" in offer.refusals[0].why
    assert "12\u00a0instalments" in offer.refusals[0].why
    assert [one.kind for one in offer.proposals] == ["at once"]
    assert refusals(offered(capacity=0)) == ["no_capacity"]


def test_high_risk_halves_the_months_and_asks_more_first():
    *_, long = offered(risk=80).proposals
    assert (len(long.instalments), amounts(long)[0]) == (3, 400_00)
    assert "risk of 80" in long.why


def test_a_natural_person_is_offered_the_same_whatever_the_score():
    assert offered(risk=95, is_natural_person=True).proposals == offered(risk=0, is_natural_person=True).proposals


def test_an_old_debt_has_a_month_less():
    *_, long = offered(days_late=200).proposals
    assert len(long.instalments) == 5


def test_a_plan_ends_well_before_the_limitation_date():
    *_, long = offered(limitation=date(2026, 8, 15)).proposals
    assert long.instalments[-1].due == date(2026, 5, 10)
    assert "limitation date of 15\u00a0August\u00a02026" in long.why


def test_a_limitation_date_too_near_is_refused():
    offer = offered(limitation=date(2026, 6, 1))
    assert refusals(offer) == ["limitation"]
    assert "1\u00a0June\u00a02026" in offer.refusals[0].why


def test_an_unknown_limitation_date_shortens_nothing():
    *_, long = offered(limitation=None).proposals
    assert len(long.instalments) == 6


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"is_insolvent": True}, "insolvent"),
        ({"is_disputed": True}, "disputed"),
        ({"has_running_plan": True}, "running_plan"),
        ({"total": 0}, "nothing_due"),
    ],
)
def test_some_cases_get_no_proposal_at_all(case, code):
    offer = offered(**case)
    assert (offer.proposals, refusals(offer)) == ((), [code])
    assert offer.refusals[0].why == REFUSALS[code].en


def test_after_a_broken_plan_only_payment_at_once_is_offered():
    offer = offered(broken_plans=1)
    assert ([one.kind for one in offer.proposals], refusals(offer)) == (["at once"], ["broken_plan"])


def test_small_and_large_sums_are_not_divided():
    assert refusals(offered(99_99)) == ["too_small"]
    assert refusals(offered(5000_00, setting={"plan_max_amount": 4000_00})) == ["too_large"]


def test_settings_that_leave_no_room_say_so():
    assert refusals(offered(setting={"plan_max_months": 1})) == ["no_plan"]
    assert refusals(offered(setting={"plan_first_percent": 100})) == ["below_minimum"]
    assert refusals(offered(120_00, capacity=45_00)) == ["below_minimum"]


def test_discounts_are_conditional_and_exact():
    at_once, short, long = offered(
        1000_33, setting={"discount_immediate": Decimal(3), "discount_plan_kept": Decimal("1.5")}
    ).proposals
    assert (amounts(at_once), at_once.discount) == ([970_32], 30_01)
    assert (amounts(short), short.discount) == ([500_16, 500_17 - 15_00], 15_00)
    assert "lost otherwise" in long.why
    assert "€30.01 (3%)" in at_once.why


def test_french_sentences():
    at_once, short, _ = offered(setting={"language": "fr"}, capacity=700_00).proposals
    assert at_once.why == "Tout pour le 10/03/2026."
    assert short.why == (
        "2\u00a0échéances jusqu’au 10/04/2026, au plus court selon ses moyens. "
        "Dans la limite de la capacité mensuelle de 700,00\u00a0€."
    )


def test_a_proposal_typed_into_the_plans_tab_holds_together():
    book = Book()
    number = book.bill(date(2026, 1, 15), 1000_33)
    case = PlanCase(customer="C1", currency="EUR", claims=((number, 1000_33),))
    settings = rules_of(discount_plan_kept=Decimal(2)).settings
    *_, long = propose_plans(case, settings, None, AS_OF).proposals
    book.instalments = list(long.rows("P9", case))
    (plan,) = payment_plans(book.ledger(), book.balances(AS_OF), settings)
    assert (plan.state, plan.problems, plan.discount) == (PlanState.PROPOSED, (), 20_01)


def test_the_case_of_a_customer_as_the_sheet_tells_it():
    book = Book()
    first = book.bill(date(2025, 12, 1), 500_00)
    second = book.bill(date(2026, 1, 15), 300_00, handling=Handling(reason=DelayReason.DISPUTE))
    paid = book.bill(date(2026, 1, 15), 300_00, paid=date(2026, 1, 20))
    book.pay(first, 100_00, date(2026, 1, 5))
    book.plan((date(2026, 2, 1), 400_00), invoices=(first,), agreed_on=date(2026, 1, 10))
    book.contact(kind=Kind.CONSUMER, capacity=150_00, insolvent_on=date(2026, 4, 1))
    balances, setting = book.balances(AS_OF), rules_of()
    plans = payment_plans(book.ledger(), balances, setting.settings)
    invoices = {one.number: one for one in book.invoices}
    case = plan_case(book.profile(AS_OF), book.contacts["C1"], invoices.values(), balances, plans)
    assert case.claims == ((first, 400_00), (second, 300_00))
    assert paid not in dict(case.claims)
    assert (case.days_late, case.capacity, case.broken_plans) == (91, 150_00, 1)
    assert (case.is_disputed, case.is_natural_person, case.is_insolvent, case.has_running_plan) == (True, True, False, False)


def test_a_running_plan_is_known():
    book = Book()
    number = book.bill(date(2026, 1, 15), 400_00)
    book.plan((date(2026, 4, 1), 400_00), invoices=(number,), agreed_on=date(2026, 2, 1))
    balances = book.balances(AS_OF)
    plans = payment_plans(book.ledger(), balances, rules_of().settings)
    assert plan_case(book.profile(AS_OF), None, book.invoices, balances, plans).has_running_plan


@given(
    st.integers(1, 5_000_000), st.one_of(st.none(), st.integers(0, 500_000)), st.integers(0, 100), st.integers(0, 900),
    st.one_of(st.none(), st.integers(0, 400)), st.one_of(st.none(), st.decimals(0, 50, places=1)), st.integers(2, 24),
)  # fmt: skip
def test_every_proposal_adds_up_and_keeps_its_bounds(total, capacity, risk, late, left, discount, months):
    limitation = None if left is None else AS_OF + timedelta(days=left)
    setting = {"discount_plan_kept": discount, "discount_immediate": discount, "plan_max_months": months}
    offer = offered(total, limitation, setting, capacity=capacity, risk=risk, days_late=late)
    for proposal in offer.proposals:
        assert sum(amounts(proposal)) + proposal.discount == proposal.total == total
        dues = [one.due for one in proposal.instalments]
        assert dues == sorted(set(dues))
        if len(dues) > 1:
            assert min(amounts(proposal)) >= 50_00
            assert len(dues) <= months
            assert capacity is None or max(amounts(proposal)) <= capacity
            assert limitation is None or dues[-1] <= limitation - timedelta(days=90)
    assert len(offer.proposals) > 1 or offer.refusals
