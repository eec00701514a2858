"""The whole portfolio: from customers, habits and stories to the rows of every tab that people would have filled."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sync.demo.bills import Bill, due_date, weekday
from sync.demo.company import contact_row, setting_rows
from sync.demo.habits import FIRST_ORDINARY, HABITS, LAST_ORDINARY
from sync.demo.journal import journal_rows
from sync.demo.mess import Row, retype, spoil, with_blank_rows
from sync.demo.past import past_events
from sync.demo.people import CUSTOMERS, Customer
from sync.demo.stories import STORIES, ago, plan_rows, story_bills
from sync.dunning.default_cadences import default_cadences
from sync.dunning.model import Cadence
from sync.ledger.words import Language, PaymentMeans, word_for
from sync.workbook.contract import TABS_BY_KEY, Type

HISTORY_DAYS = 548  # eighteen months of invoices
RELANCE_SINCE = 290  # days of journal: before that, reminders were on paper notes
LAST_RUN = 4  # days ago: what fell due since then is for the run of today
LISTS = {"status": "status", "reason": "reason"}


def portfolio(
    as_of: date, language: Language, seed: int = 20, cadences: Sequence[Cadence] | None = None
) -> Mapping[str, list[Row]]:
    """Rows by tab key, each row a mapping of column key to cell: settings, contacts, invoices, payments, plans, journal.

    The same arguments give the same rows. Money cells are numbers in currency units, dates are dates; a blank line of
    the Invoices tab is an empty mapping. `cadences` are those of the workbook the rows will stand in (None: the usual
    ones): the journal follows them.
    """
    rng = random.Random(seed)
    bills = [*_ordinary_bills(as_of, rng), *story_bills({customer.key: customer for customer in CUSTOMERS}, as_of)]
    bills.sort(key=lambda bill: (bill.issued, bill.customer.key, bill.amount))
    notes = _credit_notes(bills, as_of, rng)
    _number(bills, "F", 4)
    _number(notes, "A", 3)
    for note in notes:
        target = note.cells.pop("settles", None)
        if isinstance(target, Bill):
            note.cells["applies_to"] = target.number
    events = past_events(bills, cadences or default_cadences(language), ago(as_of, RELANCE_SINCE), ago(as_of, LAST_RUN), rng)
    return {
        "settings": setting_rows(language),
        "contacts": [contact_row(customer, language, as_of) for customer in CUSTOMERS],
        "invoices": _invoice_rows([*bills, *notes], language, as_of, rng),
        "payments": _payment_rows(bills, language, as_of, rng),
        "plans": [_cells("plans", row, language) for row in plan_rows(bills, as_of)],
        "journal": journal_rows(events, language, as_of),
    }


def _ordinary_bills(as_of: date, rng: random.Random) -> list[Bill]:
    told = {story.customer for story in STORIES}
    bills = []
    for customer in CUSTOMERS:
        gap = 36 / customer.monthly
        first = ago(as_of, FIRST_ORDINARY.get(customer.habit, HISTORY_DAYS) - rng.randint(0, round(gap)))
        last = ago(as_of, LAST_ORDINARY.get(customer.habit, 1))
        day = first
        while (issued := weekday(day)) <= last:
            bill = Bill(customer, issued, due_date(issued, customer), _amount(customer, rng))
            HABITS[customer.habit](bill, rng, as_of)
            if customer.key in told:
                _settle_before(bill, as_of, rng)
            bills.append(bill)
            day += timedelta(days=max(1, round(gap * rng.uniform(0.55, 1.45))))
    return bills


def _amount(customer: Customer, rng: random.Random) -> int:
    return max(1_500, round(customer.size * math.exp(rng.gauss(0, 0.4))))


def _settle_before(bill: Bill, as_of: date, rng: random.Random) -> None:
    """A customer whose story of today is told elsewhere owes nothing late beside it."""
    if bill.due >= ago(as_of, 1):
        return
    bill.payments = [(min(day, max(bill.due, ago(as_of, rng.randint(2, 14)))), cents) for day, cents in bill.payments]
    settled = bill.payments[-1][0]  # nobody promises what is paid; who pays by the day promised has kept it
    bill.promises = [promise for promise in bill.promises if promise.made_on < settled]
    bill.quiet_customer = [span for span in bill.quiet_customer if span[0] < settled]
    bill.cells.clear()


def _credit_notes(bills: Sequence[Bill], as_of: date, rng: random.Random) -> list[Bill]:
    """A dozen credit notes on settled invoices, taken off what was paid, and two that settle nothing yet."""
    notes = []
    settled = [
        bill for bill in bills if bill.payments and ago(as_of, 500) < bill.due < ago(as_of, 40) and bill.open_on(as_of) == 0
    ]
    for bill in rng.sample([bill for bill in settled if len(bill.payments) == 1], 13):
        cents = bill.amount if rng.random() < 0.2 else round(bill.amount * rng.choice((0.05, 0.1, 0.15, 0.2)))
        day = weekday(min(bill.due + timedelta(days=rng.randint(2, 9)), ago(as_of, 4)))
        paid, _ = bill.payments[0]
        bill.payments = [(max(paid, day), bill.amount - cents)] if cents < bill.amount else []
        bill.credits = [(day, cents)]
        notes.append(Bill(bill.customer, day, day, -cents, cells={"settles": bill}))
    by_key = {customer.key: customer for customer in CUSTOMERS}
    for key, days, cents in (("C0058", 6, 9_600), ("C0104", 12, 15_000)):
        notes.append(Bill(by_key[key], weekday(ago(as_of, days)), weekday(ago(as_of, days)), -cents))
    return sorted(notes, key=lambda note: (note.issued, note.customer.key))


def _number(bills: Iterable[Bill], prefix: str, width: int) -> None:
    """Numbers in the order of issue, from 1 each year."""
    counts: dict[int, int] = {}
    for bill in bills:
        year = bill.issued.year
        counts[year] = counts.get(year, 0) + 1
        bill.number = f"{prefix}{year}-{counts[year]:0{width}d}"


def _invoice_rows(bills: list[Bill], language: Language, as_of: date, rng: random.Random) -> list[Row]:
    for bill in bills:
        if bill.promises and bill.promises[-1].made_on < as_of and bill.open_on(as_of) > 0:
            bill.cells["promised"] = bill.promises[-1].until
    early = [bill for bill in bills if len(bill.payments) == 1 and not bill.credits and bill.payments[0][0] < ago(as_of, 330)]
    for bill in rng.sample(early, min(45, len(early))):
        bill.paid_on = True
        bill.cells["paid_on"] = bill.payments[0][0]
    bills = sorted((bill for bill in bills if bill.issued < as_of), key=lambda bill: (bill.issued, bill.number))
    rows = [_invoice_row(bill, language) for bill in bills]
    retype(
        [row for bill, row in zip(bills, rows, strict=True) if bill.open_on(as_of) == 0 and bill.amount > 0 and not bill.paid_on],
        language,
        rng,
    )
    spoil([(bill.mess, row) for bill, row in zip(bills, rows, strict=True) if bill.mess], language, as_of)
    return with_blank_rows(rows)


def _invoice_row(bill: Bill, language: Language) -> Row:
    facts: dict[str, object] = {
        "invoice": bill.number,
        "customer": bill.customer.key,
        "issued": bill.issued,
        "due": bill.due if bill.amount > 0 else None,
        "amount": bill.amount,
        "currency": bill.customer.currency if bill.customer.currency != "EUR" else None,
    }
    return _cells("invoices", facts | bill.cells, language)


def _cells(tab: str, row: Mapping[str, object], language: Language) -> Row:
    """Cents become numbers, list words the reader's words, a text in two languages the reader's one."""
    cells: Row = {}
    for key, value in row.items():
        column = TABS_BY_KEY[tab].column(key)
        if isinstance(value, dict):
            value = value[language]
        if column.words and isinstance(value, str):
            value = word_for(column.words, value, language)
        if column.type is Type.MONEY and isinstance(value, int):
            value = value / 100
        if isinstance(value, str | int | float | bool | date):
            cells[key] = value
    return cells


def _payment_rows(bills: Sequence[Bill], language: Language, as_of: date, rng: random.Random) -> list[Row]:
    paid = sorted(
        ((day, bill, cents) for bill in bills if not bill.paid_on for day, cents in bill.payments if day < as_of and cents),
        key=lambda entry: (entry[0], entry[1].customer.key, entry[1].number),
    )
    rows: list[Row] = []
    references: dict[tuple[str, date], str] = {}
    for day, bill, cents in paid:
        means = bill.customer.means or PaymentMeans.CARD
        prefix = {
            PaymentMeans.CHEQUE: "CHQ",
            PaymentMeans.DIRECT_DEBIT: "PRLV",
            PaymentMeans.BILL_OF_EXCHANGE: "LCR",
            PaymentMeans.CARD: "CB",
        }
        reference = references.setdefault((bill.customer.key, day), f"{prefix.get(means, 'VIR')} {rng.randint(1, 999_999):07d}")
        row: dict[str, object] = {
            "paid_on": day, "invoice": bill.number, "customer": bill.customer.key, "amount": cents,
            "currency": bill.customer.currency if bill.customer.currency != "EUR" else None,
            "method": word_for("payment_means", means, language), "reference": reference,
        }  # fmt: skip
        if cents < 0:
            row["note"] = {"fr": "Rejet : provision insuffisante", "en": "Returned: insufficient funds"}
        rows.append(_cells("payments", row, language))
    rows += [_cells("payments", row, language) for row in _loose_money(as_of)]
    rows.sort(key=lambda row: str(row["paid_on"]))
    return rows


def _loose_money(as_of: date) -> list[dict[str, object]]:
    """Transfers that nobody has matched yet, one that names no invoice we know, and one on the wrong customer."""
    return [
        {"paid_on": ago(as_of, 1), "customer": "C0089", "amount": 91_005, "reference": "VIR 0481220"},
        {"paid_on": ago(as_of, 3), "customer": "C0121", "amount": 20_000, "reference": "VIR 0480977",
         "note": {"fr": "Acompte ? à vérifier", "en": "Deposit? to check"}},
        {"paid_on": ago(as_of, 5), "customer": "C0081", "amount": 45_500, "reference": "VIR 0480816"},
        {"paid_on": ago(as_of, 8), "customer": "C0085", "invoice": "F2019-0042", "amount": 12_000, "reference": "CHQ 0007781"},
    ]  # fmt: skip
