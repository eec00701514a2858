"""The cases of today: open invoices placed at the age where each rule of the cadence has something to show.

Ages are counted from the as-of date, so the demo tells the same stories whatever the day it is run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.demo.bills import Bill, weekday
from sync.demo.people import Customer


def ago(as_of: date, days: int) -> date:
    """`days` before the as-of date; after it when negative."""
    return as_of - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Story:
    """An invoice `late` days past its due date (negative: not due yet), with the cells that people filled since.

    Values of `cells` that are numbers under a date column are days before the as-of date.
    `quiet_from` is the age in days, counted from today, since when this invoice is left alone.
    """

    customer: str
    late: int
    amount: int
    cells: dict[str, object] = field(default_factory=dict)
    promised: tuple[int, int] | None = None  # (days ago it was made, days ago it was for; negative: still to come)
    quiet_from: int | None = None
    paid: tuple[int, int] | None = None  # (days ago, cents)
    mess: str = ""


DATES = ("reason_on", "status_on", "hold")

STORIES: tuple[Story, ...] = (
    # one at each step of the cadence
    Story("C0034", -2, 148_400),
    Story("C0012", -1, 23_900),
    Story("C0085", -4, 35_100),
    Story("C0124", -3, 31_400),
    Story("C0031", 5, 31_250),
    Story("C0044", 4, 112_300),
    Story("C0021", 6, 96_500),
    Story("C0058", 2, 204_000),
    Story("C0058", 1, 88_400),
    Story("C0109", 3, 91_200),
    Story("C0091", 24, 16_450),
    Story("C0053", 9, 161_880),
    Story("C0086", 16, 138_650),
    Story("C0093", 17, 64_320),
    Story("C0089", 31, 91_005),
    Story("C0095", 34, 268_400),
    Story("C0098", 49, 233_100, {"reason": "bad faith", "reason_on": 20}),
    Story("C0095", 52, 187_950),
    Story("C0099", 67, 58_730),
    Story("GB405", 24, 131_600),
    Story("GB402", 3, 92_450),
    Story("00205", 19, 214_900),
    Story("P0307", 12, 39_900),
    Story("C0151", 3, 48_360),
    Story("C0152", 3, 26_640),
    # letters that came back, and one nobody knows left
    Story("C0070", 9, 14_260),
    Story("C0072", 8, 158_700),
    # what people said
    Story("C0112", 16, 74_280, {"note": {"fr": "Attend le virement de son client", "en": "Waits for its own client to pay"}}, promised=(6, -5)),
    Story("C0116", 27, 81_900, promised=(17, 6)),
    Story("C0113", 20, 19_450, promised=(9, -2)),
    Story("C0104", 23, 117_360, {"reason": "dispute", "reason_on": 15, "disputed_amount": 32_400}, quiet_from=15),
    Story("C0106", 44, 72_000, {"reason": "dispute", "reason_on": 36}, quiet_from=36),
    Story("C0056", 13, 55_020, {"reason": "says paid", "reason_on": 3}, quiet_from=3),
    Story("C0061", 11, 49_800, {"reason": "not received", "reason_on": 2}, quiet_from=2),
    Story("00208", 21, 103_250, {"reason": "approval pending", "reason_on": 9}, quiet_from=9),
    Story("C0082", 38, 84_600, {"reason": "hardship", "reason_on": 8}, quiet_from=8),
    Story("C0077", 15, 169_900, {"hold": -8, "note": {"fr": "Salon en cours, voir après", "en": "At a trade fair, see afterwards"}}, quiet_from=4),
    Story("C0119", 22, 68_000, paid=(11, 34_000)),
    Story("C0121", 35, 141_700, paid=(20, 60_000)),
    # small sums, and one that the law has closed
    Story("C0063", 6, 420),
    Story("P0307", 775, 18_700, quiet_from=775),
    # mistyped rows
    Story("C0040", 9, 48_700, mess="ambiguous amount"),
    Story("C0052", 18, 25_300, mess="impossible date"),
    Story("C0066", 12, 23_800, mess="duplicate"),
    Story("C0066", 11, 19_950, mess="duplicate of the last"),
    Story("C0075", 22, 33_400, mess="error cell"),
    Story("C0041", 14, 19_100, mess="paid tomorrow"),
    Story("C0015", 26, 71_500, mess="unknown customer"),
    Story("C0018", -21, 40_250, mess="late word"),
    # the end of the road
    Story("C0138", 330, 71_200, {"status": "handed over", "status_on": 240}, quiet_from=240),
    Story("C0138", 298, 66_800, {"status": "court", "status_on": 95}, quiet_from=95),
    Story("C0138", 410, 24_900, {"status": "written off", "status_on": 60}, quiet_from=60),
    Story("C0147", -12, 151_200),
    Story("C0023", -9, 30_100, {"status": "cancelled", "status_on": 15}),
    Story("C0069", -20, 93_600, {"status": "draft"}),
)  # fmt: skip

PLAN_KEPT, PLAN_BROKEN, PLAN_PROPOSED = "C0131", "C0133", "C0082"


def story_bills(customers: dict[str, Customer], as_of: date) -> list[Bill]:
    """The bills of `STORIES`, of the returned bill of exchange, of the procedure and of the two agreements."""
    bills = [_bill(story, customers[story.customer], as_of) for story in STORIES]
    bills += _returned(customers["C0147"], as_of)
    bills += [_unpaid(customers["C0136"], as_of, late, cents) for late, cents in ((190, 121_300), (164, 98_750), (139, 134_200))]
    kept = [_unpaid(customers[PLAN_KEPT], as_of, late, cents) for late, cents in ((152, 182_000), (121, 160_000), (96, 138_000))]
    broken = [_unpaid(customers[PLAN_BROKEN], as_of, late, cents) for late, cents in ((163, 96_000), (131, 104_000))]
    for bill in kept:
        bill.quiet.append((ago(as_of, 85), as_of))
    for bill in broken:
        bill.quiet.append((ago(as_of, 95), ago(as_of, 36)))
    _fill(kept, [(ago(as_of, days), 80_000) for days in (71, 40, 10)])
    _fill(broken, [(ago(as_of, 78), 50_000)])
    return [*bills, *kept, *broken]


def plan_rows(bills: Iterable[Bill], as_of: date) -> list[dict[str, object]]:
    """Instalments of the agreement kept, of the broken one and of one only proposed; `bills` have their numbers."""
    numbers = {
        key: [bill.number for bill in bills if bill.customer.key == key and bill.open_on(ago(as_of, 100)) > 0 and bill.amount > 0]
        for key in (PLAN_KEPT, PLAN_BROKEN, PLAN_PROPOSED)
    }
    rows: list[dict[str, object]] = []
    for day in (70, 40, 9, -22, -52, -82):
        rows.append(_instalment("ECH-1", PLAN_KEPT, numbers[PLAN_KEPT], ago(as_of, 85), ago(as_of, 80), ago(as_of, day), 80_000))
    rows[-1]["discount"] = 9_600
    for day in (77, 46, 16, -15):
        rows.append(
            _instalment("ECH-2", PLAN_BROKEN, numbers[PLAN_BROKEN], ago(as_of, 95), ago(as_of, 92), ago(as_of, day), 50_000)
        )
    proposed = [bill.number for bill in bills if bill.customer.key == PLAN_PROPOSED and bill.cells.get("reason") == "hardship"]
    for day in (-10, -40, -70):
        rows.append(_instalment("ECH-3", PLAN_PROPOSED, proposed, None, None, ago(as_of, day), 28_200))
    return rows


def _instalment(
    plan: str, customer: str, invoices: list[str], agreed: date | None, signed: date | None, due: date, cents: int
) -> dict[str, object]:
    return {
        "plan": plan, "customer": customer, "invoices": ", ".join(invoices), "agreed_on": agreed, "signed_on": signed,
        "due": due, "amount": cents,
    }  # fmt: skip


def _bill(story: Story, customer: Customer, as_of: date) -> Bill:
    due = ago(as_of, story.late)
    bill = Bill(customer, issued_for(due, customer), due, story.amount, mess=story.mess)
    bill.cells = {
        key: ago(as_of, value) if key in DATES and isinstance(value, int) else value for key, value in story.cells.items()
    }
    if story.promised is not None:
        made, until = story.promised
        bill.promise(weekday(ago(as_of, made)), ago(as_of, until))
    if story.quiet_from is not None:
        bill.quiet.append((ago(as_of, story.quiet_from), as_of))
    if story.paid is not None:
        days, cents = story.paid
        bill.payments.append((ago(as_of, days), cents))
    return bill


def issued_for(due: date, customer: Customer) -> date:
    """An issue date whose terms end at `due`, or about there for terms that run to the end of a month."""
    days, _, end = (customer.terms or "30").partition(" ")
    return due - timedelta(days=int(days) + (15 if end == "FM" else 0))


def _unpaid(customer: Customer, as_of: date, late: int, cents: int) -> Bill:
    due = ago(as_of, late)
    return Bill(customer, issued_for(due, customer), due, cents)


def _returned(customer: Customer, as_of: date) -> list[Bill]:
    """A bill of exchange paid on its day and sent back by the bank a week later."""
    bill = _unpaid(customer, as_of, 18, 143_600)
    bill.payments = [(weekday(bill.due), 143_600), (weekday(ago(as_of, 10)), -143_600)]
    return [bill]


def _fill(bills: list[Bill], money: list[tuple[date, int]]) -> None:
    """Spend dated money on the bills in order, oldest first."""
    for day, cents in money:
        for bill in bills:
            part = min(cents, bill.amount - sum(paid for _, paid in bill.payments))
            if part > 0:
                bill.payments.append((day, part))
                cents -= part
