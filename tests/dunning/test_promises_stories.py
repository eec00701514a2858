"""Promises from the cells and the journal, judged as facts/kpis.md §10 says."""

from datetime import date, timedelta

from dunning.customer_builders import Book, rules_of

from sync.dunning.agreements.promises import PromiseState, broken_by_account, promise_act
from sync.ledger.model import Handling
from sync.ledger.words import Act

DUE, MADE, DAY = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 20)


def promised_book(amount=1000_00, promised=None):
    book = Book()
    number = book.bill(DUE, amount)
    book.promise(MADE, DAY, number, amount=promised)
    return book, number


def states(book, as_of):
    return [one.state for one in book.promised(as_of)]


def test_open_until_the_last_day_of_grace_then_broken():
    book, number = promised_book()
    (promise,) = book.promised(date(2026, 3, 21))
    assert (promise.state, promise.amount, promise.live_until) == (PromiseState.OPEN, 1000_00, date(2026, 3, 22))
    (promise,) = book.promised(date(2026, 3, 22))
    assert promise.state is PromiseState.BROKEN  # judged at the close of that day...
    assert promise.is_live(date(2026, 3, 22))  # ...and quiet to its end
    assert not promise.is_broken(date(2026, 3, 22))
    (promise,) = book.promised(date(2026, 3, 23))
    assert promise.is_broken(date(2026, 3, 23))
    assert not promise.is_live(date(2026, 3, 23))


def test_the_four_promises_of_the_definitions():
    """1 000 paid 1 000; 1 000 paid 400; 1 000 paid 0; one of 500 not yet due: 1 of 3 kept, 46.7 % of the sums."""
    book = Book()
    numbers = [book.bill(DUE, amount) for amount in (1000_00, 1000_00, 1000_00, 500_00)]
    for number, day in zip(numbers, (DAY, DAY, DAY, date(2026, 5, 1)), strict=True):
        book.promise(MADE, day, number)
    book.pay(numbers[0], 1000_00, DAY)
    book.pay(numbers[1], 400_00, DAY)
    found = book.promised(date(2026, 3, 31))
    assert [one.state for one in found] == [
        PromiseState.KEPT, PromiseState.PARTLY_KEPT, PromiseState.BROKEN, PromiseState.OPEN,
    ]  # fmt: skip
    assert [one.paid for one in found] == [1000_00, 400_00, 0, 0]


def test_ninety_nine_percent_within_the_grace_is_kept():
    book, number = promised_book()
    book.pay(number, 990_00, date(2026, 3, 22))
    assert states(book, date(2026, 4, 1)) == [PromiseState.KEPT]
    book, number = promised_book()
    book.pay(number, 989_99, date(2026, 3, 22))
    assert states(book, date(2026, 4, 1)) == [PromiseState.PARTLY_KEPT]


def test_money_before_the_promise_or_after_the_grace_does_not_count():
    book, number = promised_book(promised=600_00)
    book.pay(number, 400_00, date(2026, 3, 9))
    book.pay(number, 600_00, date(2026, 3, 23))
    assert states(book, date(2026, 4, 1)) == [PromiseState.BROKEN]


def test_a_returned_payment_breaks_the_promise():
    book, number = promised_book()
    book.pay(number, 1000_00, date(2026, 3, 18))
    book.pay(number, -1000_00, date(2026, 3, 21))
    assert states(book, date(2026, 4, 1)) == [PromiseState.BROKEN]


def test_a_new_promise_before_the_day_renegotiates_the_old_one():
    book, number = promised_book()
    book.promise(date(2026, 3, 18), date(2026, 4, 5), number)
    first, second = book.promised(date(2026, 3, 25))
    assert (first.state, first.live_until) == (PromiseState.RENEGOTIATED, None)
    assert (second.state, second.level) == (PromiseState.OPEN, 1)


def test_a_new_promise_after_the_day_leaves_the_old_one_broken_and_is_of_the_next_level():
    book, number = promised_book()
    book.promise(date(2026, 3, 25), date(2026, 4, 5), number)
    book.promise(date(2026, 4, 10), date(2026, 4, 20), number)
    found = book.promised(date(2026, 4, 11))
    assert [(one.state, one.level) for one in found] == [
        (PromiseState.BROKEN, 1), (PromiseState.BROKEN, 2), (PromiseState.OPEN, 3),
    ]  # fmt: skip


def test_a_credit_note_for_the_whole_sum_is_neither_kept_nor_broken():
    book, number = promised_book()
    book.bill(date(2026, 3, 15), amount=-1000_00, applies_to=number, issued=date(2026, 3, 15))
    assert states(book, date(2026, 4, 1)) == [PromiseState.WITHDRAWN]


def test_a_promise_taken_away_by_us_before_its_day_is_withdrawn():
    book, number = promised_book()
    book.act(date(2026, 3, 15), Act.OBSERVED, field="promised", invoices=(number,), currency="EUR", old=DAY.isoformat(), new="")
    assert states(book, date(2026, 4, 1)) == [PromiseState.WITHDRAWN]


def test_a_cell_that_the_journal_already_knows_is_one_promise():
    book = Book()
    number = book.bill(DUE, handling=Handling(promised=DAY))
    book.promise(MADE, DAY, number)
    (promise,) = book.promised(date(2026, 3, 15))
    assert promise.made_on == MADE


def test_a_cell_alone_is_a_promise_of_the_open_balance():
    book = Book()
    number = book.bill(DUE, 300_00, handling=Handling(promised=DAY, reason_on=MADE))
    book.pay(number, 100_00, date(2026, 3, 5))
    (promise,) = book.promised(date(2026, 3, 15))
    assert (promise.invoices, promise.amount, promise.made_on, promise.state) == ((number,), 200_00, MADE, PromiseState.OPEN)
    assert promise.live_until == DAY + timedelta(days=2)


def test_one_promise_for_two_invoices_is_judged_on_both():
    book = Book()
    first, second = book.bill(DUE, 300_00), book.bill(DUE, 200_00)
    book.promise(MADE, DAY, first, second, amount=400_00)
    book.pay(second, 200_00, DAY)
    book.pay(first, 200_00, DAY)
    (promise,) = book.promised(date(2026, 4, 1))
    assert (promise.state, promise.paid) == (PromiseState.KEPT, 400_00)


def test_a_promise_that_names_no_invoice_covers_all_the_customer_owes():
    book = Book()
    book.bill(DUE, 300_00)
    book.bill(DUE, 200_00)
    book.bill(DUE, 700_00, customer="C2")
    book.promise(MADE, DAY)
    (promise,) = book.promised(date(2026, 4, 1))
    assert (promise.amount, promise.state) == (500_00, PromiseState.BROKEN)


def test_what_was_not_yet_said_is_unknown():
    book, _ = promised_book()
    assert book.promised(MADE - timedelta(days=1)) == ()


def test_what_is_no_day_is_no_promise():
    book = Book()
    number = book.bill(DUE)
    book.act(MADE, Act.PROMISED, invoices=(number,), currency="EUR", new="next week")
    assert book.promised(date(2026, 4, 1)) == ()


def test_a_promise_written_by_this_module_is_read_back():
    book = Book()
    number = book.bill(DUE, 300_00)
    book.remember(MADE, [promise_act("C1", "EUR", [number], DAY, 120_00, channel="call")])
    (promise,) = book.promised(date(2026, 3, 12))
    assert (promise.day, promise.amount, promise.made_on) == (DAY, 120_00, MADE)


def test_broken_promises_of_the_window_by_customer():
    book, number = promised_book()
    book.promise(date(2026, 3, 25), date(2026, 4, 5), number)
    as_of = date(2026, 6, 1)
    broken = broken_by_account(book.promised(as_of), date(2026, 3, 31), as_of)
    assert [one.day for one in broken["C1", "EUR"]] == [date(2026, 4, 5)]


def test_grace_is_a_setting():
    book, _ = promised_book()
    (promise,) = book.promised(date(2026, 3, 22), promise_grace_days=5)
    assert (promise.state, promise.live_until) == (PromiseState.OPEN, date(2026, 3, 25))
    assert rules_of().settings.promise_grace_days == 2
