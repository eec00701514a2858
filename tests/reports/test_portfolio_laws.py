"""A second, naive implementation on random portfolios: it asks every question of every invoice on every day.

The figures of `reports` fold events; these walk. Both must agree exactly, and with the balances of the ledger.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from reports import panels
from reports.calendar import Month, month_of, months
from reports.measures import cohorts, collection, concentration, cost, delays, dso, loss, rolls
from reports.portfolio import BUCKETS, Portfolio, Sales, balances, bucket_of, customer_balances, open_at, portfolios
from sync.dunning.model import Settings
from sync.ledger.balances import settle
from sync.ledger.model import UNHANDLED, Handling, Invoice, Ledger, Payment
from sync.ledger.words import Status

START = date(2025, 11, 20)
LAST = date(2026, 3, 17)
SPAN = (LAST - START).days

days = st.integers(0, SPAN + 10).map(lambda offset: START + timedelta(days=offset))
amounts = st.integers(1, 400)


@st.composite
def invoices(draw: st.DrawFn) -> list[Invoice]:
    found: list[Invoice] = []
    for place in range(draw(st.integers(0, 9))):
        issued = draw(days)
        amount = draw(amounts) * (-1 if place and draw(st.integers(0, 3)) == 0 else 1)
        status = draw(st.sampled_from([Status.OPEN] * 6 + [Status.DRAFT, Status.CANCELLED, Status.WRITTEN_OFF]))
        status_on = draw(st.none() | days)
        found.append(
            Invoice(
                row=place + 2, number=f"F-{place}", customer=draw(st.sampled_from("ABC")), issued=issued,
                due=issued + timedelta(days=draw(st.integers(-3, 60))), amount=amount, currency="EUR",
                applies_to=f"F-{draw(st.integers(0, 9))}" if amount < 0 else "",
                paid_on=draw(st.none() | days) if draw(st.integers(0, 3)) == 0 else None,
                handling=UNHANDLED if status is Status.OPEN else Handling(status=status, status_on=status_on),
            )
        )  # fmt: skip
    return found


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    rows = draw(invoices())
    payments = [
        Payment(
            row=2 + place, paid_on=draw(days), invoice=draw(st.sampled_from(["", *(row.number for row in rows), "UNKNOWN"])),
            customer=draw(st.sampled_from("ABC")), amount=draw(amounts) * draw(st.sampled_from([1, 1, 1, -1])), currency="EUR",
        )
        for place in range(draw(st.integers(0, 9)))
    ]  # fmt: skip
    return Ledger(invoices=rows, payments=payments, contacts={})


@dataclass
class Naive:
    """The rules of §0 written straight down. `today` bounds what is known; `day` is the day that is asked about."""

    ledger: Ledger
    today: date

    def counted(self, day: date, bounded: bool = True) -> list[Invoice]:
        return [
            row
            for row in self.ledger.invoices
            if row.handling.status not in (Status.DRAFT, Status.CANCELLED)
            and row.issued <= (min(day, self.today) if bounded else day)
        ]

    def invoices(self, day: date) -> list[Invoice]:
        return [row for row in self.counted(day) if row.amount > 0]

    def cash(self, row: Invoice, day: date) -> list[tuple[date, int]]:
        """Money on an invoice up to a day, by the day it counts."""
        if row not in self.invoices(day):
            return []
        if any(payment.invoice == row.number for payment in self.ledger.payments):
            paid = [(max(p.paid_on, row.issued), p.amount) for p in self.ledger.payments
                    if p.invoice == row.number and p.paid_on <= self.today]  # fmt: skip
        elif row.paid_on is not None and row.paid_on <= self.today:
            when = max(row.paid_on, row.issued)
            paid = [(when, max(0, row.amount - self.credit(row, when)))]
        else:
            paid = []
        return [(when, amount) for when, amount in paid if when <= day]

    def credit(self, row: Invoice, day: date) -> int:
        return sum(-note.amount for note in self.counted(day) if note.amount < 0 and note.applies_to == row.number)

    def gone(self, row: Invoice) -> date | None:
        if row.handling.status is not Status.WRITTEN_OFF:
            return None
        day = row.handling.status_on or self.today
        return max(day, row.issued) if day <= self.today else None

    def raw(self, row: Invoice, day: date) -> int:
        return row.amount - sum(amount for _, amount in self.cash(row, day)) - self.credit(row, day)

    def open(self, row: Invoice, day: date) -> int:
        gone = self.gone(row)
        if row.issued > day or (gone is not None and gone <= day):
            return 0
        return max(0, self.raw(row, day))

    def cleared(self, row: Invoice, day: date) -> date | None:
        when = row.issued
        found = None
        while when <= day:
            if self.raw(row, when) > 0:
                found = None
            elif found is None:
                found = when
            when += timedelta(days=1)
        return found

    def unapplied(self, day: date) -> int:
        held: dict[str, int] = {}
        known = {row.number for row in self.invoices(self.today)}
        existing = {row.number for row in self.invoices(day)}
        for row in self.invoices(day):
            held[row.customer] = held.get(row.customer, 0) + max(0, -self.raw(row, day))
        named = {payment.invoice for payment in self.ledger.payments}
        issued = {row.number: row.issued for row in self.counted(date.max, bounded=False)}
        for payment in self.ledger.payments:
            when = max(payment.paid_on, issued.get(payment.invoice, payment.paid_on))
            if when <= day and payment.invoice not in known:
                held[payment.customer] = held.get(payment.customer, 0) + payment.amount
        for note in self.counted(day):
            if note.amount < 0 and note.applies_to not in existing:
                refunded = note.paid_on is not None and note.paid_on <= day and note.number not in named
                if not (refunded and note.applies_to not in known):
                    held[note.customer] = held.get(note.customer, 0) - note.amount
        return -sum(max(0, cents) for cents in held.values())

    def sales(self, first: date, last: date) -> int:
        return sum(row.amount for row in self.counted(last) if row.issued >= first)

    def ageing(self, day: date) -> dict[str, tuple[int, int]]:
        found = dict.fromkeys(BUCKETS, (0, 0))
        for row in self.invoices(day):
            late, cents = (day - row.due).days, self.open(row, day)
            name = "not_due" if late < 1 else "1-30" if late < 31 else "31-60" if late < 61 else "61-90" if late < 91 else "91+"
            if cents:
                found[name] = (found[name][0] + cents, found[name][1] + 1)
        return found

    def count_back(self, day: date) -> Fraction | None:
        history = [row.issued for row in self.counted(day)]
        if not history:
            return None
        remaining = sum(cents for cents, _ in self.ageing(day).values()) + self.unapplied(day)
        total = Fraction(0)
        last = day
        while remaining > 0 and last >= month_of(min(history))[0]:
            first = month_of(last)[0]
            sales, length = self.sales(first, last), (last - first).days + 1
            if sales > 0 and sales > remaining:
                total += Fraction(remaining, sales) * length
                remaining = 0
            else:
                total += length
                remaining -= max(0, sales)
            last = first - timedelta(days=1)
        return total


def euros(ledger: Ledger, today: date) -> Portfolio | None:
    return portfolios(ledger, today).get("EUR")


@given(ledgers())
@settings(max_examples=70, deadline=None)
def test_balances_of_every_day_agree_with_the_walk(ledger: Ledger) -> None:
    naive = Naive(ledger, LAST)
    held = euros(ledger, LAST)
    if held is None:
        assert naive.counted(LAST) == []
        return
    asked = [START + timedelta(days=offset) for offset in range(0, SPAN + 1, 7)] + [LAST]
    folded = balances(held, sorted({day.toordinal() for day in asked}))
    for one in folded:
        day = date.fromordinal(one.day)
        expected = naive.ageing(day)
        assert dict(zip(BUCKETS, zip(one.amounts, one.counts, strict=True), strict=True)) == expected
        assert one.unapplied == naive.unapplied(day) <= 0
        assert one.net == sum(cents for cents, _ in expected.values()) + one.unapplied


@given(ledgers())
@settings(max_examples=70, deadline=None)
def test_balances_agree_with_those_of_the_ledger(ledger: Ledger) -> None:
    """The room that decides and the room that reports see the same open amounts, the same free money, the same days."""
    held = euros(ledger, LAST)
    settled = settle(ledger, LAST)
    ours = {item.number: open_at(item, LAST.toordinal()) for item in held.items} if held else {}
    assert {number: cents for number, cents in settled.open.items() if cents} == {n: cents for n, cents in ours.items() if cents}
    if held is None:
        return
    now = balances(held, [LAST.toordinal()])[0]
    assert now.unapplied == -sum(settled.unallocated.values())
    assert now.gross == sum(settled.open.values())
    for item in held.items:
        cleared = delays.cleared_on(item, LAST.toordinal())
        assert (date.fromordinal(cleared) if cleared else None) == settled.invoices[item.number].cleared_on


@given(ledgers())
@settings(max_examples=50, deadline=None)
def test_dso_agrees_with_the_walk(ledger: Ledger) -> None:
    naive = Naive(ledger, LAST)
    held = euros(ledger, LAST)
    if held is None or held.first_issue is None:
        return
    sales = Sales(held)
    for day in (date(2025, 12, 31), date(2026, 2, 28), LAST):
        now = balances(held, [day.toordinal()])[0]
        back = dso.count_back(now.net, sales, day.toordinal(), held.first_issue)
        assert back.value == naive.count_back(day)
        if back.value is None:
            continue
        history = (day - min(row.issued for row in naive.counted(day))).days + 1
        span = min(90, history)
        sold = naive.sales(day - timedelta(days=span - 1), day)
        simple = dso.dso_simple(now.net, dso.sales_window(sales, day.toordinal(), 90, held.first_issue))
        assert simple.value == (None if sold <= 0 else max(Fraction(0), Fraction(now.net * span, sold)))


@given(ledgers())
@settings(max_examples=50, deadline=None)
def test_delays_and_recovery_agree_with_the_walk(ledger: Ledger) -> None:
    naive = Naive(ledger, LAST)
    held = euros(ledger, LAST)
    if held is None:
        return
    first, last = delays.year_to(LAST.toordinal())
    expected = sorted((day - row.due).days for row in naive.invoices(LAST) if (day := naive.cleared(row, LAST)) is not None)
    assert delays.lateness(held.items, first, last) == expected
    for month in months(START, LAST):
        rows = [row for row in naive.invoices(month.as_of) if month.first <= row.due <= month.as_of]
        hits = [row for row in rows if (day := naive.cleared(row, month.as_of)) is not None and day <= row.due]
        count, amount = delays.on_time(held.items, month.first.toordinal(), month.as_of.toordinal())
        assert (count.numerator, count.n) == (len(hits), len(rows))
        assert amount.numerator == Fraction(sum(row.amount for row in hits), 100)
        cohort = [row for row in naive.invoices(LAST) if month.first <= row.due <= month.last]
        cells = cohorts.recovery(cohorts.cohorts(held.items).get(month.key, ()), LAST.toordinal())
        for age, cell in cells.items():
            ripe = cohort and month.last <= LAST and max(row.due for row in cohort) + timedelta(days=age) <= LAST
            total = sum(max(0, row.amount - naive.credit(row, LAST)) for row in cohort)
            if not ripe or total == 0:
                assert cell.value is None
                continue
            got = 0
            for row in cohort:
                paid = sum(c for when, c in naive.cash(row, LAST) if when <= row.due + timedelta(days=age))
                got += min(paid, max(0, row.amount - naive.credit(row, LAST)))
            assert cell.value == Fraction(got, total)


@given(ledgers(), st.integers(0, SPAN - 40))
@settings(max_examples=50, deadline=None)
def test_roll_rates_of_each_bucket_sum_to_one(ledger: Ledger, offset: int) -> None:
    held = euros(ledger, LAST)
    if held is None:
        return
    start = START.toordinal() + offset
    found = rolls.rolls(held.items, start, start + 30)
    before = balances(held, [start])[0]
    assert tuple(roll.total for roll in found) == before.amounts
    assert tuple(roll.n for roll in found) == before.counts
    for fates in rolls.matrix(found).values():
        shares = [fate.value for fate in fates.values()]
        assert all(value is None for value in shares) or sum(value for value in shares if value is not None) == 1
    assert all(min(roll.paid, roll.credited, roll.same, roll.worse, roll.better) >= 0 for roll in found)


@given(ledgers())
@settings(max_examples=40, deadline=None)
def test_daily_overdue_is_the_sum_of_the_days(ledger: Ledger) -> None:
    held = euros(ledger, LAST)
    if held is None:
        return
    span = [LAST.toordinal() - 60 + offset for offset in range(61)]
    assert cost.overdue_cent_days(held.items, span[0], span[-1]) == sum(one.overdue for one in balances(held, span))


@given(ledgers())
@settings(max_examples=40, deadline=None)
def test_segments_add_up_to_the_whole(ledger: Ledger) -> None:
    held = euros(ledger, LAST)
    if held is None:
        return
    asked = sorted({month.as_of.toordinal() for month in months(START, LAST)})
    parts = held.split({"A": "watch", "B": "new"}, ("watch", "new", "reliable"), "reliable")
    columns = zip(*(balances(part, asked) for part in parts.values()), strict=True)
    assert [sum(column[1:], column[0]) for column in columns] == balances(held, asked)
    assert sum(one[0] for one in customer_balances(held).values()) == balances(held, [held.as_of])[0].net


@given(ledgers())
@settings(max_examples=30, deadline=None)
def test_cash_of_the_month_is_never_more_than_its_target_when_nothing_is_overpaid(ledger: Ledger) -> None:
    """Money counts up to each invoice's amount; what is collected on the target stays within it."""
    held = euros(ledger, LAST)
    if held is None or any(payment.amount < 0 for payment in ledger.payments):
        return
    for month in months(START, LAST):
        measured = collection.collection_rate(
            held.items, month.first.toordinal(), month.last.toordinal(), month.as_of.toordinal()
        )
        assert measured.value is None or 0 <= measured.value <= 1


@given(ledgers())
@settings(max_examples=50, deadline=None)
def test_a_month_looks_at_few_invoices_and_loses_none(ledger: Ledger) -> None:
    """The document keeps, by month, only what can matter to it; the figures are those of all invoices."""
    held = euros(ledger, LAST)
    if held is None or held.first_issue is None:
        return
    calendar = months(date.fromordinal(held.first_issue), LAST)
    asked = sorted({held.as_of, calendar[0].first.toordinal() - 1, *(month.as_of.toordinal() for month in calendar)})
    by_day = {one.day: one for one in balances(held, asked)}
    part = panels.part_of(held, calendar, by_day, (), (), Settings(), frozenset())
    walked = Naive(ledger, LAST)
    for month in calendar:
        first, last, day = month.first.toordinal(), month.last.toordinal(), month.as_of.toordinal()
        figures = panels.month(part, month)
        assert figures["collection_rate"] == collection.collection_rate(held.items, first, last, day)
        gross = sum(row.amount for row in walked.invoices(month.as_of) if row.issued >= month.first)
        begin, end = by_day[first - 1], by_day[day]
        assert figures["cei"].numerator == Fraction(begin.net + gross - end.net, 100)
        lost, _ = loss.write_offs(held.items, first, day)
        net = walked.sales(month.first, month.as_of)
        assert figures["cash_cei"].numerator == Fraction(begin.net + net - lost - end.net, 100)
    expected = [
        rolls.rolls(held.items, month.first.toordinal() - 1, month.last.toordinal()) for month in calendar if not month.to_date
    ]
    assert panels.month_rolls(part, calendar) == expected


@given(st.dictionaries(st.text("ABCDEFGHIJKL", min_size=1, max_size=1), st.integers(-50, 500)))
def test_concentration_bounds(by_customer: dict[str, int]) -> None:
    index, top = concentration.hhi(by_customer), concentration.top_share(by_customer)
    if index.value is None:
        assert top.value is None
    else:
        assert Fraction(10_000, index.n) <= index.value <= 10_000
        assert top.value is not None
        assert 0 < top.value <= 1


@given(st.integers(-400, 400))
def test_every_day_has_one_bucket(late: int) -> None:
    edges = [0, 30, 60, 90]
    assert bucket_of(late) == sum(late > edge for edge in edges)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 1200))
def test_months_are_contiguous_and_end_with_the_report(first: date, length: int) -> None:
    as_of = first + timedelta(days=length)
    found = months(first, as_of)
    assert found[-1].as_of == as_of
    assert sum(month.to_date for month in found) <= 1
    assert all(a.last + timedelta(days=1) == b.first for a, b in zip(found, found[1:], strict=False))
    assert isinstance(found[0], Month)
    assert found[0].first <= first or len(found) >= 24
