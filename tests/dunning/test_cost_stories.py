"""What arrears cost: financing by events, handling, net write-offs."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from dunning.customer_builders import Book, rules_of
from hypothesis import given
from hypothesis import strategies as st

from sync.dunning.behaviour.cost import Cost, cost_of_arrears, overdue_days
from sync.ledger.model import Handling
from sync.ledger.words import Act, Segment, Status

START, END = date(2026, 3, 1), date(2026, 3, 31)


def costs(book, segments=None, start=START, end=END, **setting):
    return cost_of_arrears(book.ledger(), book.balances(end), segments or {}, rules_of(**setting).settings, start)


def test_the_financing_cost_of_the_definitions():
    """62 000 overdue the whole of March at 9 %: 62 000 x 9 % x 31 / 365 = 473.92."""
    book = Book()
    book.bill(date(2026, 2, 1), 62_000_00)
    total = costs(book, cost_of_capital=Decimal(9)).totals["EUR"]
    assert total.financing == Fraction(62_000_00 * 31 * 9, 36500)
    assert (total.total, total.overdue_days) == (473_92, 62_000_00 * 31)


def test_without_a_rate_nothing_is_assumed():
    book = Book()
    book.bill(date(2026, 2, 1), 62_000_00)
    total = costs(book).totals["EUR"]
    assert (total.financing, total.total, total.missing) == (None, None, {"cost_of_capital"})


def test_a_part_payment_a_credit_note_and_a_return_change_the_base_on_their_day():
    book = Book()
    number = book.bill(date(2026, 3, 10), 100_00)
    book.pay(number, 40_00, date(2026, 3, 15))
    book.bill(date(2026, 3, 20), amount=-10_00, applies_to=number, issued=date(2026, 3, 20))
    book.pay(number, 50_00, date(2026, 3, 25))
    book.pay(number, -50_00, date(2026, 3, 30))
    owed = overdue_days(book.invoices[0], book.balances(END), START)
    assert owed == 100_00 * 4 + 60_00 * 5 + 50_00 * 5 + 0 * 5 + 50_00 * 2


def test_the_due_day_itself_costs_nothing():
    book = Book()
    book.bill(END, 100_00)
    assert costs(book).customers == {}


def test_acts_cost_their_unit_price():
    book = Book()
    for channel in ("email", "email", "call", "letter", "registered letter"):
        book.act(date(2026, 3, 5), Act.SENT if channel == "email" else Act.DONE, channel=channel, currency="EUR")
    book.act(date(2026, 3, 5), Act.SENT, channel="email", note="test")
    book.act(date(2026, 3, 5), Act.FAILED, channel="email")
    book.act(date(2026, 2, 28), Act.SENT, channel="email")
    prices = {"cost_email": 10, "cost_call": 5_00, "cost_letter": 6_50, "cost_of_capital": Decimal(5)}
    total = costs(book, **prices).totals["EUR"]
    assert (total.handling, total.acts) == (2 * 10 + 5_00 + 2 * 6_50, 5)


def test_an_act_without_a_unit_cost_makes_the_handling_unknown_and_names_the_setting():
    book = Book()
    book.act(date(2026, 3, 5), Act.DONE, channel="call")
    total = costs(book, cost_email=10, cost_of_capital=Decimal(5)).totals["EUR"]
    assert (total.handling, total.missing) == (None, {"cost_call"})


def test_write_offs_are_net_of_what_came_later():
    book = Book()
    lost = Handling(status=Status.WRITTEN_OFF, status_on=date(2026, 3, 10))
    number = book.bill(date(2026, 1, 1), 100_00, handling=lost)
    book.pay(number, 30_00, date(2026, 2, 1))
    book.pay(number, 20_00, date(2026, 3, 20))
    assert costs(book, cost_of_capital=Decimal(5)).totals["EUR"].write_offs == 70_00 - 20_00
    assert costs(book, start=date(2026, 3, 15)).totals["EUR"].write_offs == -20_00


def test_a_written_off_balance_stops_costing_that_day():
    book = Book()
    book.bill(date(2026, 1, 1), 100_00, handling=Handling(status=Status.WRITTEN_OFF, status_on=date(2026, 3, 11)))
    assert costs(book).totals["EUR"].overdue_days == 100_00 * 10


def test_segments_and_currencies_add_up_apart():
    book = Book()
    book.bill(date(2026, 2, 1), 100_00, customer="A")
    book.bill(date(2026, 2, 1), 200_00, customer="B")
    book.bill(date(2026, 2, 1), 400_00, customer="B", currency="USD")
    found = costs(book, {("A", "EUR"): Segment.WATCH, ("B", "EUR"): Segment.WATCH, ("B", "USD"): Segment.NEW})
    assert found.segments[Segment.WATCH, "EUR"].overdue_days == 300_00 * 31
    assert found.segments[Segment.NEW, "USD"].overdue_days == 400_00 * 31
    assert found.totals["EUR"].overdue_days == 300_00 * 31
    assert list(found.customers) == [("A", "EUR"), ("B", "EUR"), ("B", "USD")]


def test_what_is_unknown_in_one_is_unknown_in_the_sum():
    assert Cost(handling=None).plus(Cost(handling=5)).handling is None
    assert Cost(financing=Fraction(1)).plus(Cost(financing=None)).total is None


MOVES = st.lists(st.tuples(st.integers(-20, 60), st.integers(-80_00, 80_00).filter(bool)), max_size=6)


@given(MOVES, st.integers(-40, 40))
def test_counting_by_events_is_counting_day_by_day(moves, due):
    book = Book()
    number = book.bill(START + timedelta(days=due), 100_00)
    for day, amount in moves:
        book.pay(number, amount, START + timedelta(days=day))
    expected = 0
    for back in range(31):
        day = START + timedelta(days=back)
        if day > book.invoices[0].due:
            expected += book.balances(day).open[number]
    assert overdue_days(book.invoices[0], book.balances(END), START) == expected
