"""How a customer's segment moves: loyal, drifting, unreliable, coming back."""

from datetime import date, timedelta

from dunning.customer_builders import TODAY, Book, rules_of
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.dunning.behaviour.habits import Habits
from sync.dunning.behaviour.profiles import profiles, segment_observations
from sync.dunning.behaviour.segments import SegmentRules, automatic_segment, previous_segments
from sync.ledger.model import Handling
from sync.ledger.words import Act, DelayReason, Kind, Segment, Status

RULES = SegmentRules.of(rules_of().settings)


def test_a_loyal_customer_with_one_slip_stays_reliable():
    book = Book()
    book.habit([0, 1, 0, 2, 0, 0, 45, 0, 1, 0, 0, 0])
    assert book.profile().segment is Segment.RELIABLE
    assert book.profile().usual_delay == 0


def test_an_average_payer_is_occasional():
    book = Book()
    book.habit([12, 0, 15, 9, 20, 3, 11, 14])
    assert book.profile().segment is Segment.OCCASIONAL


def test_two_invoices_are_too_few_to_say():
    book = Book()
    book.habit([40, 60])
    profile = book.profile()
    assert profile.segment is Segment.NEW
    assert profile.usual_delay is None


def test_a_drifting_payer_leaves_reliable_before_two_years_of_good_habits_are_forgotten():
    book = Book()
    book.habit([0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 12, 18, 25, 31])
    book.act(date(2026, 1, 5), Act.OBSERVED, field="segment", new="reliable", currency="EUR")
    profile = book.profile()
    assert profile.segment is Segment.OCCASIONAL
    assert "drifting" in profile.signs
    assert "something has changed" in profile.advice


def test_a_customer_always_a_month_late_is_to_watch():
    book = Book()
    book.habit([35, 40, 31, 50, 33])
    assert book.profile().segment is Segment.WATCH


def test_open_invoices_count_with_their_lateness_so_far():
    book = Book()
    for back in (40, 70, 100):
        book.bill(TODAY - timedelta(days=back))
    profile = book.profile()
    assert (profile.segment, profile.usual_delay) == (Segment.WATCH, None)
    assert (profile.open, profile.overdue) == (300_00, 300_00)


def test_disputed_invoices_and_credit_notes_say_nothing_about_habits():
    book = Book()
    book.habit([0, 0, 1, 0])
    for back in (60, 90, 120, 150):
        book.bill(TODAY - timedelta(days=back), handling=Handling(reason=DelayReason.DISPUTE))
    book.bill(TODAY - timedelta(days=90), amount=-50_00)
    assert book.profile().segment is Segment.RELIABLE


def test_drafts_and_cancelled_invoices_make_no_customer():
    book = Book()
    book.bill(TODAY - timedelta(days=90), handling=Handling(status=Status.CANCELLED))
    book.bill(TODAY - timedelta(days=90), handling=Handling(status=Status.DRAFT))
    assert profiles(book.ledger(), book.balances(), rules_of()) == []


def test_a_serial_promiser_is_to_watch_even_with_few_invoices():
    book = Book()
    number = book.bill(date(2026, 3, 1))
    book.promise(date(2026, 3, 10), date(2026, 3, 20), number)
    book.promise(date(2026, 4, 1), date(2026, 4, 10), number)
    profile = book.profile()
    assert (profile.segment, profile.broken_promises) == (Segment.WATCH, 2)
    assert "broken_promises" in profile.signs
    assert "written plan" in profile.advice


def test_a_promise_is_not_held_against_a_customer_whose_money_waits_to_be_matched():
    book = Book()
    number = book.bill(date(2026, 3, 1))
    book.promise(date(2026, 3, 10), date(2026, 3, 20), number)
    book.pay("", 100_00, date(2026, 3, 19))
    assert book.profile().broken_promises == 0


def test_the_road_back_five_good_invoices_then_ten():
    book = Book()
    start = date(2025, 1, 15)
    for month in range(8):  # a bad year
        due = start + timedelta(days=15 * month)
        book.bill(due, paid=due + timedelta(days=50))
    seen = []
    due = date(2025, 9, 1)
    for _ in range(12):
        due += timedelta(days=20)
        book.bill(due, paid=due + timedelta(days=1))
        as_of = due + timedelta(days=2)
        found = profiles(book.ledger(), book.balances(as_of), rules_of())
        book.remember(as_of, list(segment_observations(found, previous_segments(book.journal, as_of))))
        seen.append(found[0].segment)
    assert seen == [Segment.WATCH] * 4 + [Segment.OCCASIONAL] * 5 + [Segment.RELIABLE] * 3


def test_one_slip_on_the_road_back_is_forgiven():
    book = Book()
    book.habit([60, 55, 70, 50, 65, 58, 61, 1, 0, 1, 0, 1, 20, 0, 0])
    book.act(date(2025, 12, 1), Act.OBSERVED, field="segment", new="watch", currency="EUR")
    assert book.profile().segment is Segment.OCCASIONAL


def test_good_invoices_paid_before_a_broken_promise_do_not_lead_back():
    book = Book()
    book.habit([60, 55, 70, 50, 65, 0, 0, 0, 0, 0], last_due=date(2026, 3, 1))
    number = book.bill(date(2026, 3, 5))
    book.promise(date(2026, 4, 1), date(2026, 4, 20), number)
    book.pay(number, 100_00, date(2026, 6, 1))
    book.act(date(2025, 12, 1), Act.OBSERVED, field="segment", new="watch", currency="EUR")
    assert book.profile().segment is Segment.WATCH


def test_a_segment_set_by_a_person_wins():
    book = Book()
    book.habit([60, 60, 60, 60])
    book.contact(segment_set=Segment.RELIABLE)
    assert book.profile().segment is Segment.RELIABLE


def test_a_natural_person_is_never_put_to_watch_but_a_person_may_choose_it():
    for who in ({"kind": Kind.CONSUMER}, {"kind": Kind.BUSINESS, "natural_person": True}):
        book = Book()
        book.habit([60, 70, 80, 90])
        book.bill(TODAY - timedelta(days=100))
        book.contact(**who)
        profile = book.profile()
        assert profile.segment is Segment.OCCASIONAL
        assert "Segment (set)" in profile.advice
        assert "nothing follows from the score by itself" in profile.why[-1]
        book.contact(segment_set=Segment.WATCH, **who)
        assert book.profile().segment is Segment.WATCH


def test_unknown_nature_counts_as_a_company():
    book = Book()
    book.habit([60, 70, 80, 90])
    book.contact()
    assert book.profile().segment is Segment.WATCH


def test_a_segment_near_a_threshold_does_not_flap_from_day_to_day():
    """A customer just past the line stays where they are until the margin is passed too."""
    near = Habits(observed=20, late=9, delay=31)
    assert automatic_segment(near, 0, None, RULES) is Segment.WATCH
    assert automatic_segment(near, 0, Segment.OCCASIONAL, RULES) is Segment.OCCASIONAL
    beyond = Habits(observed=20, late=9, delay=38)
    assert automatic_segment(beyond, 0, Segment.OCCASIONAL, RULES) is Segment.WATCH
    below = Habits(observed=20, late=9, delay=28)
    assert automatic_segment(below, 0, Segment.WATCH, RULES) is Segment.WATCH
    assert automatic_segment(Habits(observed=20, late=8, delay=20), 0, Segment.WATCH, RULES) is Segment.OCCASIONAL


def test_only_changed_segments_are_to_be_remembered():
    book = Book()
    book.habit([0, 0, 0, 0])
    found = profiles(book.ledger(), book.balances(), rules_of())
    (seen,) = segment_observations(found, {})
    assert (seen.customer, seen.currency, seen.field, seen.old, seen.new) == ("C1", "EUR", "segment", "", "reliable")
    book.remember(TODAY, [seen])
    assert segment_observations(found, previous_segments(book.journal, TODAY)) == []
    assert previous_segments(book.journal, TODAY - timedelta(days=1)) == {}


HABITS = st.builds(
    lambda observed, late, delay, run: Habits(observed=observed, late=min(late, observed), delay=delay, good_run=run),
    st.integers(0, 40), st.integers(0, 40), st.integers(-20, 120), st.integers(0, 2),
)  # fmt: skip
SEGMENTS = st.sampled_from([None, *Segment])


@given(HABITS, st.integers(0, 4), SEGMENTS)
def test_the_same_facts_twice_change_nothing(habits, broken, previous):
    once = automatic_segment(habits, broken, previous, RULES)
    assert automatic_segment(habits, broken, once, RULES) is once


@given(HABITS, st.integers(0, 4), SEGMENTS, st.integers(0, 60), st.integers(0, 2))
def test_paying_later_never_makes_a_better_segment(habits, broken, previous, later, more):
    order = [Segment.RELIABLE, Segment.OCCASIONAL, Segment.WATCH]
    worse = habits._replace(delay=habits.delay + later, late=min(habits.observed, habits.late + more))
    before, after = automatic_segment(habits, broken, previous, RULES), automatic_segment(worse, broken, previous, RULES)
    if before in order and after in order:
        assert order.index(after) >= order.index(before)


@settings(max_examples=60)
@given(st.lists(st.integers(-10, 120), min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(delays, random):
    book = Book()
    book.habit(delays)
    expected = book.profile()
    random.shuffle(book.invoices)
    random.shuffle(book.payments)
    assert book.profile() == expected
