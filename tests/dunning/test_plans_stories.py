"""Instalment plans: proposed, kept, late, broken, completed, replaced."""

from datetime import date

from dunning.customer_builders import Book, rules_of
from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.agreements.plans import PlanState, payment_plans, plan_by_invoice, plan_row_states
from sync.ledger.words import PlanRowState

AGREED = date(2026, 3, 1)
APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
TO_COME, KEPT, LATE, BROKEN = PlanRowState.TO_COME, PlanRowState.KEPT, PlanRowState.LATE, PlanRowState.BROKEN


def planned(agreed_on=AGREED, **more):
    """300 € owed, agreed in three instalments of 100."""
    book = Book()
    number = book.bill(date(2026, 1, 15), 300_00)
    book.plan((APRIL, 100_00), (MAY, 100_00), (JUNE, 100_00), invoices=(number,), agreed_on=agreed_on, **more)
    return book, number


def view(book, as_of, **settings):
    (plan,) = payment_plans(book.ledger(), book.balances(as_of), rules_of(**settings).settings)
    return plan


def rows(plan):
    return [one.state for one in plan.instalments]


def test_a_proposal_changes_nothing():
    book, number = planned(agreed_on=None)
    plan = view(book, date(2026, 5, 20))
    assert (plan.state, plan.pauses, plan.is_binding) == (PlanState.PROPOSED, False, False)
    assert plan_row_states([plan]) == {}
    assert plan_by_invoice([plan]) == {}
    assert plan.problems == ()


def test_a_plan_agreed_later_than_the_date_is_still_a_proposal():
    book, _ = planned()
    assert view(book, date(2026, 2, 28)).state is PlanState.PROPOSED


def test_a_plan_kept_to_its_end():
    book, number = planned(discount=5_00)
    book.invoices[0] = book.invoices[0].__class__(2, number, "C1", date(2025, 12, 15), date(2026, 1, 15), 315_00, "EUR")
    book.pay(number, 100_00, APRIL)
    plan = view(book, date(2026, 4, 20))
    assert (plan.state, rows(plan), plan.next_due, plan.paid) == (PlanState.KEPT, [KEPT, TO_COME, TO_COME], MAY, 100_00)
    assert plan.pauses
    book.pay(number, 100_00, MAY)
    book.pay(number, 100_00, date(2026, 6, 2))
    plan = view(book, date(2026, 6, 20))
    assert (plan.state, rows(plan), plan.next_due) == (PlanState.COMPLETED, [KEPT] * 3, None)
    assert plan.discount == 15_00
    assert plan.problems == ()


def test_money_before_the_agreement_does_not_fill_the_plan():
    book, number = planned()
    book.pay(number, 100_00, date(2026, 2, 20))
    assert rows(view(book, date(2026, 3, 15))) == [TO_COME] * 3


def test_an_instalment_is_late_after_the_grace_and_the_pause_stays():
    book, _ = planned()
    assert view(book, date(2026, 4, 3)).state is PlanState.KEPT
    plan = view(book, date(2026, 4, 4))
    assert (plan.state, rows(plan), plan.pauses) == (PlanState.LATE, [LATE, TO_COME, TO_COME], True)
    assert plan.instalments[0].missing == 100_00


def test_late_then_broken_after_ten_days_for_good():
    book, number = planned(discount=2_00)
    assert view(book, date(2026, 4, 11)).state is PlanState.LATE
    plan = view(book, date(2026, 4, 12))
    assert (plan.state, plan.pauses, plan.broken_on, plan.discount) == (PlanState.BROKEN, False, date(2026, 4, 12), 0)
    assert rows(plan) == [BROKEN] * 3
    book.pay(number, 300_00, date(2026, 4, 15))
    plan = view(book, date(2026, 7, 1))
    assert (plan.state, plan.discount) == (PlanState.BROKEN, 0)


def test_paid_a_few_days_late_the_plan_goes_on():
    book, number = planned()
    book.pay(number, 100_00, date(2026, 4, 11))
    plan = view(book, date(2026, 4, 25))
    assert (plan.state, rows(plan)) == (PlanState.KEPT, [KEPT, TO_COME, TO_COME])


def test_a_partial_payment_fills_what_it_can():
    book, number = planned()
    book.pay(number, 150_00, APRIL)
    plan = view(book, date(2026, 5, 5))
    assert [one.missing for one in plan.instalments] == [0, 50_00, 100_00]
    assert rows(plan) == [KEPT, LATE, TO_COME]


def test_a_returned_payment_empties_the_instalment_and_the_days_count_from_then():
    book, number = planned()
    book.pay(number, 100_00, APRIL)
    book.pay(number, -100_00, date(2026, 4, 20))
    plan = view(book, date(2026, 4, 21))
    assert (plan.state, plan.instalments[0].since) == (PlanState.KEPT, date(2026, 4, 20))
    assert view(book, date(2026, 4, 23)).state is PlanState.LATE
    assert view(book, date(2026, 5, 1)).state is PlanState.BROKEN


def test_the_days_before_broken_are_a_setting():
    book, _ = planned()
    assert view(book, date(2026, 4, 12), broken_plan_days=30).state is PlanState.LATE


def test_a_later_plan_replaces_a_broken_one():
    book, number = planned()
    book.plan((date(2026, 7, 1), 300_00), invoices=(number,), agreed_on=date(2026, 6, 1), plan="P2")
    old, new = payment_plans(book.ledger(), book.balances(date(2026, 6, 10)), rules_of().settings)
    assert (old.state, new.state) == (PlanState.REPLACED, PlanState.KEPT)
    assert plan_by_invoice([old, new])[number].plan == "P2"


def test_a_plan_binds_once_signed():
    book, _ = planned(signed_on=date(2026, 3, 10))
    assert not view(book, date(2026, 3, 9)).is_binding
    assert view(book, date(2026, 3, 10)).is_binding


def test_instalments_that_do_not_add_up_are_a_problem():
    book = Book()
    number = book.bill(date(2026, 1, 15), 300_00)
    book.plan((APRIL, 100_00), (MAY, 100_00), invoices=(number,), agreed_on=AGREED)
    (problem,) = view(book, date(2026, 3, 2)).problems
    assert (problem.code, problem.tab, problem.row) == ("plan_sum", "plans", 2)
    assert "200.00" in problem.what("en")
    assert "300.00" in problem.what("en")


def test_a_plan_adds_up_with_its_discount_too():
    book = Book()
    number = book.bill(date(2026, 1, 15), 300_00)
    book.plan((APRIL, 145_00), (MAY, 145_00), invoices=(number,), agreed_on=AGREED, discount=5_00)
    assert view(book, date(2026, 3, 2)).problems == ()


def test_unknown_invoices_and_other_customers_are_problems():
    book = Book()
    other = book.bill(date(2026, 1, 15), 300_00, customer="C2")
    book.plan((APRIL, 300_00), invoices=("F-404", other), agreed_on=AGREED)
    assert {one.code for one in view(book, date(2026, 3, 2)).problems} == {"plan_unknown_invoice", "plan_other_customer"}


def test_rows_that_disagree_are_a_problem_and_the_earliest_agreement_stands():
    book = Book()
    number = book.bill(date(2026, 1, 15), 200_00)
    book.plan((APRIL, 100_00), invoices=(number,), agreed_on=AGREED)
    book.plan((MAY, 100_00), invoices=(number,), agreed_on=date(2026, 3, 9))
    plan = view(book, date(2026, 3, 2))
    assert [one.code for one in plan.problems] == ["plan_rows_differ"]
    assert plan.agreed_on == AGREED


def test_an_agreement_typed_on_the_first_row_only_stands_for_all():
    book = Book()
    number = book.bill(date(2026, 1, 15), 200_00)
    book.plan((APRIL, 100_00), invoices=(number,), agreed_on=AGREED)
    book.plan((MAY, 100_00), invoices=(number,), agreed_on=None)
    plan = view(book, date(2026, 3, 2))
    assert (plan.state, plan.problems) == (PlanState.KEPT, ())


PAYMENTS = st.lists(st.tuples(st.integers(1, 150), st.integers(-50_00, 200_00).filter(bool)), max_size=8)


@given(PAYMENTS, st.integers(0, 200))
def test_a_broken_plan_stays_broken_and_the_sums_hold(payments, later):
    book, number = planned()
    for day, amount in payments:
        book.pay(number, amount, date.fromordinal(AGREED.toordinal() + day))
    as_of = date.fromordinal(AGREED.toordinal() + later)
    plan = view(book, as_of)
    assert plan.paid + sum(one.missing for one in plan.instalments) == plan.total
    assert all(0 <= one.missing <= one.amount for one in plan.instalments)
    if plan.state is PlanState.BROKEN:
        assert view(book, date.fromordinal(as_of.toordinal() + 30)).state is PlanState.BROKEN


@given(st.permutations(range(3)), PAYMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(order, payments, random):
    book, number = planned()
    for day, amount in payments:
        book.pay(number, amount, date.fromordinal(AGREED.toordinal() + day))
    as_of = date(2026, 5, 15)
    expected = view(book, as_of)
    book.instalments = [book.instalments[index] for index in order]
    random.shuffle(book.payments)
    assert view(book, as_of) == expected
