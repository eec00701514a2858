"""Balances: stories of what is owed on a day, and laws against a naive calculation day by day."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.ledger.balances import settle
from sync.ledger.model import Handling, Invoice, JournalRow, Ledger, Payment
from sync.ledger.words import Act, Status

JAN_1 = date(2026, 1, 1)


def on(day: int) -> date:
    """Day n of 2026: on(1) is 1 January."""
    return JAN_1 + timedelta(days=day - 1)


def bill(number="F-1", amount=10000, issued=1, due=31, customer="C1", currency="EUR", status=None, status_on=None, **others):
    handling = Handling(status=status, status_on=status_on and on(status_on)) if status else Handling()
    return Invoice(1, number, customer, on(issued), on(due), amount, currency, handling=handling, **others)


def pay(day, amount=10000, invoice="F-1", customer="C1", currency="EUR"):
    return Payment(1, on(day), invoice, customer, amount, currency)


def settled(day, *records, journal=()):
    invoices = [record for record in records if isinstance(record, Invoice)]
    payments = [record for record in records if isinstance(record, Payment)]
    return settle(Ledger(invoices=invoices, payments=payments, contacts={}, journal=journal), on(day))


def spans(balances, invoice):
    return [(start, end) for start, end in balances.late_spans(invoice)]


def test_a_part_payment_leaves_the_rest_open():
    balances = settled(20, bill(), pay(10, 4000))
    assert balances.open == {"F-1": 6000}
    assert balances.invoices["F-1"].paid == 4000
    assert balances.invoices["F-1"].cleared_on is None


def test_what_comes_after_the_day_does_not_exist():
    balances = settled(20, bill(), pay(21), bill("F-2", issued=21))
    assert balances.open == {"F-1": 10000, "F-2": 0}


def test_a_payment_before_the_issue_date_counts_from_the_issue_date():
    before, after = settled(9, bill(issued=10), pay(5)), settled(10, bill(issued=10), pay(5))
    assert (before.open["F-1"], before.unallocated) == (0, {})  # not issued yet: nothing is owed
    assert after.invoices["F-1"].cleared_on == on(10)


def test_an_overpayment_is_free_money():
    balances = settled(20, bill(), pay(10, 12000))
    assert (balances.open["F-1"], balances.unallocated) == (0, {("C1", "EUR"): 2000})


def test_a_credit_note_settles_its_invoice_and_its_excess_is_free():
    balances = settled(20, bill(), bill("A-1", -12000, issued=10, applies_to="F-1"))
    assert balances.invoices["F-1"].credited == 12000
    assert balances.invoices["F-1"].cleared_on == on(10)
    assert balances.unallocated == {("C1", "EUR"): 2000}
    assert settled(9, bill(), bill("A-1", -12000, issued=10, applies_to="F-1")).open["F-1"] == 10000


def test_a_credit_note_alone_is_free_until_it_is_refunded():
    assert settled(20, bill("A-1", -5000)).unallocated == {("C1", "EUR"): 5000}
    assert settled(20, bill("A-1", -5000), pay(15, -2000, "A-1")).unallocated == {("C1", "EUR"): 3000}
    assert settled(20, bill("A-1", -5000, paid_on=on(15))).unallocated == {}


def test_drafts_and_cancelled_invoices_never_count_and_their_payments_are_free():
    for status in (Status.DRAFT, Status.CANCELLED):
        balances = settled(20, bill(status=status), pay(10))
        assert (balances.open["F-1"], balances.unallocated) == (0, {("C1", "EUR"): 10000})


def test_a_written_off_balance_leaves_from_the_day_of_its_status():
    records = bill(status=Status.WRITTEN_OFF, status_on=40), pay(10, 4000)
    assert settled(39, *records).open["F-1"] == 6000
    assert settled(40, *records).open["F-1"] == 0
    assert settled(40, *records).invoices["F-1"].cleared_on is None
    assert settled(60, *records, pay(50, 6000)).unallocated == {}  # money recovered later is not free


def test_an_undated_write_off_counts_from_the_first_run_that_saw_it_else_from_today():
    seen = JournalRow(
        row=2, when=datetime.fromisoformat("2026-02-09T08:00:00+01:00"), status=Act.OBSERVED, field="status", new="written off",
        invoices=("F-1",),
    )  # fmt: skip
    records = (bill(status=Status.WRITTEN_OFF),)
    assert settled(39, *records, journal=[seen]).open["F-1"] == 10000
    assert settled(40, *records, journal=[seen]).open["F-1"] == 0
    assert settled(39, *records).open["F-1"] == 0


def test_handed_over_and_court_stay_owed():
    assert settled(60, bill(status=Status.COURT), bill("F-2", status=Status.HANDED_OVER)).open == {"F-1": 10000, "F-2": 10000}


def test_paid_on_pays_the_balance_of_that_day():
    records = (
        bill(paid_on=on(40)),
        bill("A-1", -3000, issued=20, applies_to="F-1"),
        bill("A-2", -1000, issued=50, applies_to="F-1"),
    )
    assert settled(39, *records).open["F-1"] == 7000
    assert settled(40, *records).invoices["F-1"][:3] == (0, 7000, 3000)
    assert settled(50, *records).unallocated == {("C1", "EUR"): 1000}  # credited after it was paid


def test_cleared_on_is_the_first_day_of_the_last_quiet():
    records = bill(), pay(35), pay(40, -10000), pay(50)
    assert settled(36, *records).invoices["F-1"].cleared_on == on(35)
    assert settled(45, *records).invoices["F-1"].cleared_on is None
    assert settled(60, *records).invoices["F-1"].cleared_on == on(50)


def test_late_from_the_day_after_the_due_date_until_it_is_paid():
    invoice = bill(due=31)
    assert spans(settled(31, invoice), invoice) == []
    assert spans(settled(32, invoice), invoice) == [(on(32), None)]
    assert spans(settled(60, invoice, pay(40)), invoice) == [(on(32), on(40))]
    assert spans(settled(60, invoice, pay(31)), invoice) == []
    assert spans(settled(60, invoice, pay(32)), invoice) == []  # paid on its first late day: never late at the close of a day


def test_a_returned_payment_reopens():
    invoice = bill(due=31)
    assert spans(settled(60, invoice, pay(40), pay(45, -10000)), invoice) == [(on(32), on(40)), (on(45), None)]
    assert spans(settled(60, invoice, pay(20), pay(45, -10000)), invoice) == [(on(45), None)]
    assert spans(settled(60, invoice, pay(20), pay(25, -10000)), invoice) == [(on(32), None)]
    assert spans(settled(60, invoice, pay(40), pay(40, -10000)), invoice) == [(on(32), None)]


def test_a_write_off_ends_the_lateness():
    invoice = bill(due=31, status=Status.WRITTEN_OFF, status_on=40)
    assert spans(settled(60, invoice), invoice) == [(on(32), on(40))]
    assert spans(settled(39, invoice), invoice) == [(on(32), None)]
    early = bill(due=31, status=Status.WRITTEN_OFF, status_on=20)
    assert spans(settled(60, early), early) == []


def test_more_returned_than_received_is_apart():
    balances = settled(20, pay(5, 1000, ""), pay(10, -3000, ""))
    assert (balances.unallocated, balances.returned) == ({}, {("C1", "EUR"): 2000})


# --- Laws ---

DAYS = st.integers(1, 15)
BILLS = st.builds(
    bill, st.sampled_from(["F-1", "F-2", "F-3", "A-1", "A-2"]), st.integers(-300, 300), DAYS, DAYS,
    customer=st.just("C1"), status=st.sampled_from([None, None, Status.DRAFT, Status.CANCELLED, Status.WRITTEN_OFF, Status.COURT]),
    status_on=DAYS, applies_to=st.sampled_from(["", "F-1", "F-2", "A-1"]), paid_on=st.one_of(st.none(), DAYS.map(on)),
)  # fmt: skip
LEDGERS = st.builds(
    lambda bills, payments: Ledger(invoices=bills, payments=payments, contacts={}),
    st.lists(BILLS, max_size=5, unique_by=lambda row: row.number),
    st.lists(st.builds(pay, DAYS, st.integers(-200, 200), st.sampled_from(["F-1", "F-2", "F-3", "A-1", "F-9", ""])), max_size=8),
)


def naive(ledger, day):
    """(open by number, net receivables) at the close of a day, one document at a time, from the rules as written."""
    counted = {
        row.number: row
        for row in ledger.invoices
        if row.issued <= day and row.handling.status not in (Status.DRAFT, Status.CANCELLED)
    }
    named = {payment.invoice for payment in ledger.payments}
    open_ = {row.number: 0 for row in ledger.invoices}
    net = -sum(payment.amount for payment in ledger.payments if payment.paid_on <= day and not _waits(payment, ledger, day))
    for row in counted.values():
        if row.amount <= 0:
            target = counted.get(row.applies_to)
            refunded = row.paid_on is not None and row.paid_on <= day and row.number not in named
            net += 0 if refunded and (target is None or target.amount <= 0) else row.amount
            continue
        credits = [
            (max(note.issued, row.issued), -note.amount)
            for note in counted.values()
            if note.amount < 0 and note.applies_to == row.number
        ]
        balance = row.amount - sum(cents for _, cents in credits)
        balance -= sum(payment.amount for payment in ledger.payments if payment.invoice == row.number and payment.paid_on <= day)
        net += row.amount
        if row.paid_on is not None and row.paid_on <= day and row.number not in named:
            paid_day = max(row.paid_on, row.issued)
            rest = max(0, row.amount - sum(cents for when, cents in credits if when <= paid_day))
            balance -= rest
            net -= rest
        gone = row.handling.status is Status.WRITTEN_OFF and row.handling.status_on <= day
        open_[row.number] = 0 if gone else max(0, balance)
        net -= max(0, balance) if gone else 0
    return open_, net


def _waits(payment, ledger, day):
    """A payment of a document that is not issued yet does not count yet."""
    return any(
        row.number == payment.invoice and row.issued > day and row.handling.status not in (Status.DRAFT, Status.CANCELLED)
        for row in ledger.invoices
    )


@given(LEDGERS, DAYS)
def test_balances_agree_with_a_naive_calculation(ledger, day):
    balances = settle(ledger, on(day))
    open_, net = naive(ledger, on(day))
    assert dict(balances.open) == open_
    assert sum(balances.open.values()) - sum(balances.unallocated.values()) + sum(balances.returned.values()) == net


@given(LEDGERS, DAYS)
def test_late_spans_are_the_days_with_something_open_and_late(ledger, day):
    balances = settle(ledger, on(day))
    for invoice in ledger.invoices:
        late = {d for d in range(1, day + 1) if on(d) > invoice.due and naive(ledger, on(d))[0][invoice.number] > 0}
        inside = {
            d
            for start, end in balances.late_spans(invoice)
            for d in range(1, day + 1)
            if start <= on(d) and (end is None or on(d) < end)
        }
        assert inside == late


@given(LEDGERS, DAYS)
def test_the_order_of_rows_does_not_matter(ledger, day):
    other = Ledger(invoices=ledger.invoices[::-1], payments=ledger.payments[::-1], contacts={})
    one, two = settle(ledger, on(day)), settle(other, on(day))
    assert (one.open, one.invoices, one.unallocated) == (two.open, two.invoices, two.unallocated)
