"""Ways of paying: each habit settles a bill, or leaves it, as such customers do.

A delay is in calendar days after the due date. Those who need reminding pay a few days after a step of the usual
cadence (J+1, J+7, J+15, J+30, J+45), so that the statistics by stage have something true to say.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sync.demo.bills import Bill, weekday

Habit = Callable[[Bill, random.Random, date], None]
Windows = tuple[tuple[int, int, float], ...]  # (first delay, last delay, weight)

ON_TIME: Windows = ((-9, -3, 0.3), (-2, 0, 0.55), (1, 2, 0.15))
REMINDED: Windows = ((-5, 0, 0.5), (2, 6, 0.26), (8, 12, 0.16), (16, 22, 0.08))
SLOW: Windows = ((0, 3, 0.1), (3, 7, 0.2), (8, 13, 0.3), (17, 25, 0.24), (32, 40, 0.16))
BAD: Windows = ((9, 14, 0.12), (17, 26, 0.28), (32, 41, 0.32), (47, 58, 0.28))
OFFICIAL: Windows = ((-3, 2, 0.5), (5, 14, 0.35), (15, 28, 0.15))


def delay_of(windows: Windows, rng: random.Random) -> int:
    first, last, _ = rng.choices(windows, weights=[weight for *_, weight in windows])[0]
    return rng.randint(first, last)


def pay(bill: Bill, delay: int, cents: int | None = None) -> None:
    day = weekday(max(bill.issued, bill.due + timedelta(days=delay)))
    bill.payments.append((day, bill.amount - sum(paid for _, paid in bill.payments) if cents is None else cents))


def _paying(windows: Windows) -> Habit:
    def habit(bill: Bill, rng: random.Random, as_of: date) -> None:
        pay(bill, delay_of(windows, rng))

    return habit


def at_the_due_date(bill: Bill, rng: random.Random, as_of: date) -> None:
    """Direct debit and bills of exchange: the bank pays on the day."""
    pay(bill, 0)


def disputing(bill: Bill, rng: random.Random, as_of: date) -> None:
    """One invoice in four is contested a week after it fell due, and settled a month or two later."""
    if rng.random() > 0.25:
        pay(bill, delay_of(REMINDED, rng))
        return
    settled = rng.randint(28, 62)
    opened = bill.due + timedelta(days=rng.randint(4, 9))
    bill.quiet.append((opened, bill.due + timedelta(days=settled + 10)))
    pay(bill, settled)
    if opened < as_of <= bill.payments[-1][0]:
        bill.cells |= {"reason": "dispute", "reason_on": opened}


def promising(bill: Bill, rng: random.Random, as_of: date) -> None:
    """Promises on the telephone a week after the due date; keeps two promises out of three, and a part of some others."""
    if rng.random() < 0.45:
        pay(bill, delay_of(REMINDED, rng))
        return
    made = rng.randint(8, 11)
    until = made + rng.randint(6, 12)
    kept = rng.random() < 0.66
    bill.promise(weekday(bill.due + timedelta(days=made)), weekday(bill.due + timedelta(days=until)))
    if not kept and made % 2 == 0:
        pay(bill, until - 1, 100 * round(bill.amount / 200))
    pay(bill, until + (rng.randint(-2, 1) if kept else rng.randint(12, 24)))


def by_halves(bill: Bill, rng: random.Random, as_of: date) -> None:
    """A first part when reminded, the rest weeks later."""
    if rng.random() < 0.4:
        pay(bill, delay_of(REMINDED, rng))
        return
    first = rng.randint(3, 12)
    pay(bill, first, 100 * round(bill.amount * rng.choice((0.4, 0.5, 0.6)) / 100))
    pay(bill, first + rng.randint(9, 33))


def until_the_court(bill: Bill, rng: random.Random, as_of: date) -> None:
    """Paid slowly, then not at all during the seven months before today: the procedure opened four months ago."""
    if bill.due < as_of - timedelta(days=210):
        pay(bill, delay_of(REMINDED, rng))


HABITS: dict[str, Habit] = {
    "reliable": _paying(ON_TIME),
    "occasional": _paying(REMINDED),
    "slow": _paying(SLOW),
    "bad": _paying(BAD),
    "public": _paying(OFFICIAL),
    "consumer": _paying(REMINDED),
    "consumer late": _paying(SLOW),
    "new": _paying(REMINDED),
    "debit": at_the_due_date,
    "bill": at_the_due_date,
    "bill returned": at_the_due_date,
    "disputing": disputing,
    "promising": promising,
    "halves": by_halves,
    "plan kept": _paying(SLOW),
    "plan broken": _paying(SLOW),
    "insolvent": until_the_court,
    "abandoned": _paying(SLOW),
}

# Nobody in a procedure, under an agreement or given up buys any more: their last ordinary invoice is that old.
LAST_ORDINARY: dict[str, int] = {"plan kept": 240, "plan broken": 240, "insolvent": 165, "abandoned": 420}
FIRST_ORDINARY: dict[str, int] = {"new": 62}
