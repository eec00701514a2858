"""The Payments tab: money received or returned, and the allocation that can be trusted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.ledger.cells import parse_key, parse_long_text
from sync.ledger.dates import format_date
from sync.ledger.model import Cents, Contact, Payment
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, picked, records
from sync.ledger.reading.context import Closest, Context
from sync.ledger.reading.invoices import InvoiceRows, tell_unknown_customer
from sync.ledger.reading.values import parse_currency_cell

PEOPLE = ("paid_on", "invoice", "customer", "amount", "currency", "method", "reference", "note")


@dataclass(slots=True)
class PaymentRows:
    """The payments, and what their rows say beside: `named` invoices (by any row), what is doubtful, the latest date."""

    payments: list[Payment] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    doubtful_invoices: set[str] = field(default_factory=set)
    doubtful_customers: set[str] = field(default_factory=set)
    rejected: int = 0
    latest: date | None = None


def read_payments(
    tab: TabLike, rows: InvoiceRows | None, contacts: Mapping[str, Contact] | None, context: Context
) -> PaymentRows:
    """Each readable row becomes a payment; an allocation that cannot be trusted is cleared and told.

    A payment's currency, when blank, is that of the invoice it names, else the setting.
    """
    sheet = context.sheet("payments", tab)
    found = PaymentRows()
    numbers, customers = sheet.keys("invoice"), sheet.keys("customer")
    days = sheet.values("paid_on", context.parse_day)
    currencies = _currencies(sheet, numbers, rows, context)
    amounts = sheet.money("amount", currencies) or [None] * sheet.size
    unread = [
        i
        for i, (day, amount, currency) in enumerate(zip(days, amounts, currencies, strict=True))
        if day is None or amount is None or currency is None
    ]
    blank = sheet.blank_rows(unread, PEOPLE)
    for key, values in (("paid_on", days), ("amount", amounts)):
        sheet.require(key, values, blank)
    skipped = set(unread)
    found.rejected = len(skipped - blank)
    for i in skipped - blank:
        _doubt(found, rows, numbers[i], customers[i])
    found.named = {number for number in numbers if number}
    known_days = [day for day in days if day is not None]
    if context.real_today is not None:
        known_days = _not_in_the_future(sheet, days, context.real_today)
    found.latest = max(known_days, default=None)
    _allocate(sheet, found, _Columns(numbers, customers, days, amounts, currencies), skipped, rows, contacts)
    return found


@dataclass(frozen=True, slots=True)
class _Columns:
    numbers: list[str]
    customers: list[str]
    days: list[date | None]
    amounts: list[Cents | None]
    currencies: list[str | None]


def _currencies(sheet: Sheet, numbers: list[str], rows: InvoiceRows | None, context: Context) -> list[str | None]:
    typed = sheet.values("currency", parse_currency_cell)
    failed = sheet.failed.get("currency", ())
    at = rows.at if rows is not None else {}
    own = rows.currencies if rows is not None else []
    found: list[str | None] = []
    for i, currency in enumerate(typed):
        if currency is None and i not in failed:
            j = at.get(numbers[i])
            currency = context.currency if j is None else own[j]
        found.append(currency)
    return found


def _not_in_the_future(sheet: Sheet, days: list[date | None], real_today: date) -> list[date]:
    past: list[date] = []
    for i, day in enumerate(days):
        if day is None:
            continue
        if day > real_today:
            sheet.problem(i, "paid_on", "payment_in_the_future", Severity.WARNING, format_date(day, sheet.language))
        else:
            past.append(day)
    return past


def _doubt(found: PaymentRows, rows: InvoiceRows | None, number: str, customer: str) -> None:
    """A row that cannot be trusted: the invoice it names gets no reminder, else the customer."""
    if number and rows is not None and number in rows.at:
        found.doubtful_invoices.add(number)
    elif customer:
        found.doubtful_customers.add(customer)


def _allocate(
    sheet: Sheet,
    found: PaymentRows,
    columns: _Columns,
    skipped: set[int],
    rows: InvoiceRows | None,
    contacts: Mapping[str, Contact] | None,
) -> None:
    """Make the payments; the rows whose allocation is not plainly right are looked at one by one."""
    numbers, customers = columns.numbers, columns.customers
    closest_customer, closest_invoice = Closest.customer(contacts or {}), Closest(list(rows.at) if rows is not None else [])
    dropped = set(skipped)
    for i in _not_plain(columns, rows):
        if i in skipped:
            continue
        if numbers[i]:
            customers[i] = _refuse_allocation(sheet, found, rows, i, columns, closest_invoice)
            numbers[i] = ""
        elif not customers[i]:
            sheet.problem(i, "customer", "payment_for_nobody")
        if not customers[i]:
            found.rejected += 1
            dropped.add(i)
        elif contacts is not None and customers[i] not in contacts:
            tell_unknown_customer(sheet, i, closest_customer.to(customers[i]))
    kept = [i for i in range(sheet.size) if i not in dropped] if dropped else range(sheet.size)
    fields: dict[str, Sequence[object]] = {
        "row": range(sheet.first_row, sheet.first_row + sheet.size),
        "paid_on": columns.days,
        "invoice": numbers,
        "customer": customers,
        "amount": columns.amounts,
        "currency": columns.currencies,
        "method": sheet.texts("method"),
        "reference": sheet.texts("reference", parse_key, Severity.WARNING),
        "note": sheet.texts("note", parse_long_text, Severity.WARNING),
    }
    found.payments = records(Payment, len(kept), picked(fields, kept, sheet.size))


def _not_plain(columns: _Columns, rows: InvoiceRows | None) -> list[int]:
    """The rows that do not simply name an invoice of the same customer and currency. Fills in the customer of the others."""
    if rows is None:
        return list(range(len(columns.numbers)))
    at, owners, invoiced, customers = rows.at, rows.customers, rows.currencies, columns.customers
    found = []
    for i, (number, customer, currency) in enumerate(zip(columns.numbers, customers, columns.currencies, strict=True)):
        j = at.get(number)
        if j is None or currency != invoiced[j] or (customer and customer != owners[j]):
            found.append(i)
        elif not customer:
            customers[i] = owners[j]
    return found


def _refuse_allocation(
    sheet: Sheet, found: PaymentRows, rows: InvoiceRows | None, i: int, columns: _Columns, closest: Closest
) -> str:
    """Tell why the payment is not allocated; returns the customer whose free money it is, "" when nobody's."""
    number, customer = columns.numbers[i], columns.customers[i]
    j = rows.at.get(number) if rows is not None else None
    if j is None or rows is None:
        if rows is not None and number in rows.left_out:
            sheet.problem(i, "invoice", "invoice_left_out")
            return customer or rows.left_out[number]
        near = closest.to(number)
        sheet.problem(i, "invoice", "unknown_invoice_close" if near else "unknown_invoice", closest=near)
        return customer
    found.doubtful_invoices.add(number)
    owner = rows.customers[j]
    if customer and customer != owner:
        sheet.problem(i, "customer", "other_customer", invoice=number, owner=owner)
    else:
        expected = rows.currencies[j] or ""
        sheet.problem(i, "currency", "other_currency", value=columns.currencies[i], invoice=number, expected=expected)
    return customer or owner


def check_paid_on(rows: InvoiceRows, found: PaymentRows, context: Context) -> None:
    """*Paid on* beside payment rows that leave a balance: one of the two is wrong, and the invoice gets no reminder."""
    disputed = [
        (rows.numbers[i], i)
        for i, day in enumerate(rows.paid_on)
        if day is not None and day <= context.as_of and rows.numbers[i] in found.named and rows.at.get(rows.numbers[i]) == i
    ]
    if not disputed:
        return
    settled: dict[str, Cents] = defaultdict(int)
    for payment in found.payments:
        settled[payment.invoice] += payment.amount
    for i, target in enumerate(rows.applies_to):
        if target:
            settled[target] -= rows.amounts[i] or 0
    for number, i in disputed:
        amount = rows.amounts[i] or 0
        if amount > settled[number]:
            day = rows.paid_on[i]
            shown = "" if day is None else format_date(day, context.language)
            rows.sheet.problem(i, "paid_on", "paid_on_with_balance", value=shown)
