"""Laws of the calculation, and a second calculation, day by day, that must agree with ours."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import pytest
from dunning.law_builders import contact, day, invoice, rules
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sync.dunning.law.claims import breakdown, claim_for
from sync.dunning.law.days import half_year_start
from sync.dunning.law.interest import Schedule, interest_with_payments, schedule
from sync.dunning.law.rates import Rates
from sync.dunning.law.rules import interest_rules
from sync.dunning.model import Allocation
from sync.ledger.model import Invoice
from sync.ledger.words import Kind

RATES = Rates.load()
FIRST, LAST = date(2016, 1, 1), date(2026, 6, 30)
dates = st.dates(FIRST, LAST)
amounts = st.integers(1, 5_000_000_00)
some_days = st.integers(0, 1500)
moves = st.lists(st.tuples(some_days, st.integers(1, 1_000_000_00)), max_size=4)

PUBLISHED: dict[str, dict[date, Fraction]] = {}
for cells in csv.DictReader((files("sync.dunning.law") / "data" / "reference_rates.csv").read_text("utf-8").splitlines()):
    if cells["rate_percent"]:
        by_day = PUBLISHED.setdefault(cells["rate_name"], {})
        by_day[date.fromisoformat(cells["valid_from"])] = Fraction(cells["rate_percent"])


def naive_rate(country: str, on: date, start: date) -> Fraction:
    """Percent a year on that day, straight from the published table."""
    if country == "GB":
        return PUBLISHED["UK_BOE_REFERENCE"][half_year_start(start)] + 8
    half_year = date(on.year, 1 if on.month < 7 else 7, 1)
    if country == "DE":
        return PUBLISHED["DE_BASISZINSSATZ"][half_year] + 9
    rate = PUBLISHED["ECB_MRO"][half_year]
    if country == "BE":
        halves = (rate + 8) * 2
        return Fraction(-(-halves.numerator // halves.denominator), 2)
    return rate + (10 if country == "FR" else 8)


def rounded(cents: Fraction) -> int:
    whole, rest = divmod(cents, 1)
    return int(whole) + (rest >= Fraction(1, 2))


def naive(
    country: str,
    bill: Invoice,
    payments: list[tuple[date, int]],
    credits: list[tuple[date, int]],
    as_of: date,
    interest_first: bool,
) -> int:
    """Walk through the days one by one, keeping the books as a careful clerk would."""
    owed, added, unpaid, running, total = bill.amount, 0, 0, Fraction(0), 0
    today, start = min([bill.due, *(on for on, _ in (*payments, *credits))]), bill.due + timedelta(1)
    anniversary = bill.due
    while today <= as_of:
        if today > bill.due:
            base = owed + added if owed > 0 else 0
            running += Fraction(base) * naive_rate(country, today, start) / 36500
        owed -= sum(amount for on, amount in credits if on == today)
        for amount in [sum(amount for on, amount in payments if on == today)]:
            if interest_first and amount and today > bill.due:
                cents = rounded(running)
                total, unpaid, running = total + cents, unpaid + cents, Fraction(0)
                for_interest = min(amount, unpaid)
                for_added = min(amount - for_interest, added)
                unpaid, added = unpaid - for_interest, added - for_added
                amount -= for_interest + for_added
            owed -= amount
        if country == "NL" and today > bill.due and (today.month, today.day) == (anniversary.month, anniversary.day):
            cents = rounded(running)
            total, added, unpaid, running = total + cents, added + unpaid + cents, 0, Fraction(0)
        today += timedelta(1)
    return total + rounded(running)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["FR", "DE", "BE", "NL", "GB", "LU"]), dates, amounts, moves, moves, some_days, st.sampled_from(Allocation)
)
def test_the_day_by_day_calculation_agrees(
    country: str,
    due: date,
    amount: int,
    pays: list[tuple[int, int]],
    notes: list[tuple[int, int]],
    length: int,
    allocation: Allocation,
) -> None:
    as_of = due + timedelta(length)
    assume(as_of <= LAST and (due.month, due.day) != (2, 29))
    bill = Invoice(2, "F-1", "C1", due - timedelta(30), due, amount, "EUR")
    payments = [(due + timedelta(n - 20), cents) for n, cents in pays]
    credits = [(due + timedelta(n - 20), cents) for n, cents in notes]
    claim = claim_for(bill, payments, credits, contact(country=country), rules(interest_allocation=allocation), RATES, as_of)
    early = sum(cents for on, cents in payments + credits if on <= due)
    expected = 0 if early >= amount else naive(country, bill, payments, credits, as_of, allocation is Allocation.INTEREST_FIRST)
    assert claim.interest == expected


@given(dates, amounts, some_days, some_days)
def test_splitting_the_period_changes_nothing_before_rounding(due: date, amount: int, one: int, other: int) -> None:
    middle, end = due + timedelta(min(one, other)), due + timedelta(max(one, other))
    assume(end <= LAST)
    rule = interest_rules()["FR_B2B_DEFAULT"]

    def exact(start_after: date, last: date) -> Fraction:
        found = schedule(rule, start_after, last, RATES)
        assert isinstance(found, Schedule)
        return Fraction(amount * found.numerator, found.denominator)

    assert exact(due, end) == exact(due, middle) + exact(middle, end)


@given(dates, amounts, some_days, moves)
def test_interest_is_never_negative_and_never_falls_as_days_pass(
    due: date, amount: int, length: int, pays: list[tuple[int, int]]
) -> None:
    assume(due + timedelta(length + 1) <= LAST)
    bill = Invoice(2, "F-1", "C1", due, due, amount, "EUR")
    payments = [(due + timedelta(n), cents) for n, cents in pays]
    for country in ("FR", "NL"):
        for allocation in Allocation:
            yesterday, today = (
                claim_for(bill, payments, [], contact(country=country), rules(interest_allocation=allocation), RATES, on)
                for on in (due + timedelta(length), due + timedelta(length + 1))
            )
            assert yesterday.interest is not None
            assert today.interest is not None
            assert 0 <= yesterday.interest <= today.interest
            assert all(line.interest >= 0 for line in today.lines)


@given(dates, amounts, some_days)
def test_the_lines_cover_each_late_day_once_and_add_up(due: date, amount: int, length: int) -> None:
    as_of = due + timedelta(length)
    assume(as_of <= LAST)
    bill = Invoice(2, "F-1", "C1", due, due, amount, "EUR")
    claim = claim_for(bill, [], [], contact(), rules(), RATES, as_of)
    assert sum(line.days for line in claim.lines) == length
    next_day = due + timedelta(1)
    for line in claim.lines:
        assert line.start == next_day
        next_day = line.end + timedelta(1)
    assert claim.interest == rounded(sum((line.interest for line in claim.lines), Fraction(0)))
    printed = sum((row.interest for row in breakdown(claim)), Decimal(0))
    assert abs(printed - Decimal(claim.interest or 0) / 100) <= Decimal("0.005") + Decimal("0.0001") * len(claim.lines)


@given(dates, amounts, some_days)
def test_a_payment_of_nothing_is_no_payment(due: date, amount: int, length: int) -> None:
    """The quick way for untouched invoices and the general one are the same calculation."""
    as_of = due + timedelta(length)
    assume(length and as_of <= LAST)
    plan = schedule(interest_rules()["FR_B2B_DEFAULT"], due, as_of, RATES)
    assert isinstance(plan, Schedule)
    bill = Invoice(2, "F-1", "C1", due, due, amount, "EUR")
    quick = claim_for(bill, [], [], contact(), rules(), RATES, as_of)
    general = interest_with_payments("F-1", amount, {}, {}, plan, Allocation.INTEREST_FIRST)
    assert (quick.interest, quick.lines) == general


@pytest.mark.parametrize("allocation", list(Allocation))
def test_paying_the_whole_claim_leaves_nothing_that_grows(allocation: Allocation) -> None:
    """Pay (principal + interest) on the day: the day after, the same sum is still all there is."""
    bill, on = invoice("6000.00", "2026-01-30"), day("2026-03-02")
    claim = claim_for(bill, [], [], contact(), rules(interest_allocation=allocation), RATES, on)
    assert claim.interest is not None
    payments = [(on, bill.amount + claim.interest)]
    later = claim_for(bill, payments, [], contact(), rules(interest_allocation=allocation), RATES, day("2026-06-30"))
    assert later.interest == claim.interest


def test_a_rule_too_low_to_bear_anything_bears_zero_and_not_less() -> None:
    sunk = Rates.load({("FR_LEGAL_PRO", day("2026-01-01")): Decimal("-20")})
    bill = invoice(due="2026-01-31")
    claim = claim_for(bill, [], [], contact(Kind.CONSUMER), rules(), sunk, day("2026-03-01"), notice_on=day("2026-01-31"))
    assert claim.interest == 0
