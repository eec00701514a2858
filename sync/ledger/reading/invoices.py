"""The Invoices tab: first its columns and rows are judged (`read_rows`), then, once the payments are known, made (`build`)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.ledger.cells import Cell, parse_exact_text, parse_long_text
from sync.ledger.dates import format_date
from sync.ledger.model import NO_DRAFT, UNHANDLED, Cents, Contact, DraftCells, Handling, Invoice
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, empty_at, flags, picked, records, rows_of
from sync.ledger.reading.context import Closest, Context
from sync.ledger.reading.values import count_parser, parse_currency_cell, parse_link, word_parser
from sync.ledger.terms import Terms, UnreadableTerms, cached_terms, due_date
from sync.ledger.words import DelayReason, Language, Send, Status

PEOPLE = (
    "invoice", "customer", "issued", "due", "amount", "currency", "applies_to", "paid_on", "status", "status_on", "reason",
    "reason_on", "disputed_amount", "promised", "promised_amount", "hold", "cadence", "last_step", "last_contact",
    "payment_link", "document_link", "note",
)  # fmt: skip

ABSENT = "absent:"  # in front of an *Imported* cell: the day (ISO) since when a full list of open items misses the row


@dataclass(slots=True)
class InvoiceRows:
    """The tab by columns. `at` gives the index of each invoice number that is kept; the lists have one item a row.

    `left_out` has the numbers that stand in the sheet but not in the ledger, with their customer when it is clear.
    """

    sheet: Sheet
    numbers: list[str]
    customers: list[str]
    issued: list[date | None]
    due: list[date | None]
    amounts: list[Cents | None]
    currencies: list[str | None]
    applies_to: list[str]
    paid_on: list[date | None]
    assumed: set[int]
    at: dict[str, int]
    left_out: dict[str, str]
    rejected: int


def read_rows(tab: TabLike, contacts: Mapping[str, Contact] | None, context: Context) -> InvoiceRows:
    """Judge the facts of each row: who owes what, since when. Rows that cannot be read are told and left out.

    `contacts` is None when there is no Contacts tab, or an empty one: any customer key is then accepted.
    """
    sheet = context.sheet("invoices", tab)
    currencies = read_currencies(sheet, context)
    numbers, customers = sheet.keys("invoice"), sheet.keys("customer")
    issued = sheet.values("issued", context.parse_day)
    due = sheet.values("due", context.parse_day)
    amounts = sheet.money("amount", currencies) or [None] * sheet.size
    unnamed = empty_at(numbers)
    blank = sheet.blank_rows(unnamed, PEOPLE)
    for key, values in (("invoice", numbers), ("customer", customers), ("issued", issued), ("amount", amounts)):
        sheet.require(key, values, blank)
    facts: tuple[Sequence[object], ...] = (numbers, customers, issued, amounts, currencies)
    unread = {i for column in facts for i in empty_at(column)} | sheet.failed.get("due", set())
    twice = _duplicates(sheet, numbers)
    rejected = (unread | twice) - blank
    dropped = rejected | blank
    at = (
        {number: i for i, number in enumerate(numbers) if i not in dropped}
        if dropped
        else dict(zip(numbers, range(sheet.size), strict=True))
    )
    rows = InvoiceRows(
        sheet=sheet, numbers=numbers, customers=customers, issued=issued, due=due, amounts=amounts, currencies=currencies,
        applies_to=sheet.keys("applies_to"), paid_on=sheet.values("paid_on", context.parse_day), assumed=set(), at=at,
        left_out=_left_out(rejected, numbers, customers), rejected=len(rejected),
    )  # fmt: skip
    _assume_due_dates(rows, contacts or {}, context)
    _check_customers(rows, contacts)
    _check_dates(rows, context)
    _check_amounts(rows)
    _check_credit_notes(rows)
    _check_imported(sheet, rows.paid_on)
    return rows


def read_currencies(sheet: Sheet, context: Context) -> list[str | None]:
    """The currency of each row: blank is the setting, unreadable is None."""
    found = sheet.values("currency", parse_currency_cell)
    if None not in found:
        return found
    failed = sheet.failed.get("currency", ())
    return [currency or (None if i in failed else context.currency) for i, currency in enumerate(found)]


def _check_amounts(rows: InvoiceRows) -> None:
    if 0 in rows.amounts:
        for i in rows.at.values():
            if rows.amounts[i] == 0:
                rows.sheet.problem(i, "amount", "zero_amount", Severity.WARNING)


def _duplicates(sheet: Sheet, numbers: Sequence[str]) -> set[int]:
    """Rows that share a number: all are problems, none is used."""
    named = [number for number in numbers if number]
    if len(set(named)) == len(named):
        return set()
    places: dict[str, list[int]] = {}
    for i, number in enumerate(numbers):
        if number:
            places.setdefault(number, []).append(i)
    found: set[int] = set()
    for same in places.values():
        if len(same) > 1:
            found.update(same)
            for i in same:
                others = ", ".join(str(sheet.row(j)) for j in same[:20] if j != i)
                sheet.problem(i, "invoice", "duplicate_invoice", rows=others)
    return found


def _left_out(rejected: Collection[int], numbers: Sequence[str], customers: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for i in rejected:
        number = numbers[i]
        if number:
            same = found.get(number, customers[i]) == customers[i]
            found[number] = customers[i] if same else ""
    return found


def _assume_due_dates(rows: InvoiceRows, contacts: Mapping[str, Contact], context: Context) -> None:
    """No due date in the sheet: the customer's terms, else those of the settings."""
    known: dict[tuple[date, Terms], date] = {}
    due = rows.due
    for i in [i for i, day in enumerate(due) if day is None]:
        issued = rows.issued[i]
        if issued is None or rows.numbers[i] not in rows.at:
            continue
        contact = contacts.get(rows.customers[i])
        terms = context.terms if contact is None or not contact.terms else _terms_of(contact, context)
        day = known.get((issued, terms))
        if day is None:
            day = known[issued, terms] = due_date(issued, terms)
        due[i] = day
        rows.assumed.add(i)


def _terms_of(contact: Contact, context: Context) -> Terms:
    try:
        return cached_terms(contact.terms)
    except UnreadableTerms:  # a contact made outside reading
        return context.terms


def _check_customers(rows: InvoiceRows, contacts: Mapping[str, Contact] | None) -> None:
    if contacts is None:
        return
    unknown = set(rows.customers) - contacts.keys() - {""}
    if not unknown:
        return
    closest = Closest.customer(contacts)
    advice = {customer: closest.to(customer) for customer in sorted(unknown)}
    for i, customer in enumerate(rows.customers):
        if customer in unknown:
            tell_unknown_customer(rows.sheet, i, advice[customer])


def tell_unknown_customer(sheet: Sheet, index: int, closest: str) -> None:
    if closest:
        sheet.problem(index, "customer", "unknown_customer_close", closest=closest)
    else:
        sheet.problem(index, "customer", "unknown_customer")


def _check_dates(rows: InvoiceRows, context: Context) -> None:
    sheet = rows.sheet
    for i, (issued, due) in enumerate(zip(rows.issued, rows.due, strict=True)):
        if issued is not None and due is not None and due < issued:
            sheet.problem(i, "due", "due_before_issue", Severity.WARNING, format_date(due, sheet.language))
    if context.real_today is not None:
        for i, day in enumerate(rows.paid_on):
            if day is not None and day > context.real_today:
                sheet.problem(i, "paid_on", "paid_in_the_future", value=format_date(day, sheet.language))


def _day_of(imported: str, language: Language) -> str:
    """The day of the list, as people write it; what stands there when someone typed over it."""
    said = imported.removeprefix(ABSENT).partition(" ")[0]
    try:
        return format_date(date.fromisoformat(said), language)
    except ValueError:
        return said or "?"


def _check_imported(sheet: Sheet, paid_on: Sequence[date | None]) -> None:
    """An invoice that a list of open items no longer has was perhaps paid: it waits until a person says."""
    for i, cell in enumerate(sheet.cells("imported") or ()):
        if isinstance(cell, str) and cell.startswith(ABSENT) and paid_on[i] is None:
            sheet.problem(i, "imported", "not_in_export", value="", since=_day_of(cell, sheet.language))


def _check_credit_notes(rows: InvoiceRows) -> None:
    """An *Applies to* that cannot be trusted is cleared: the credit is free, and neither document is sure."""
    sheet = rows.sheet
    for i in rows_of(rows.applies_to):
        target, amount = rows.applies_to[i], rows.amounts[i]
        if amount is None or rows.at.get(rows.numbers[i]) != i:
            continue
        code = _credit_problem(rows, i, target)
        if code:
            j = rows.at.get(target)
            value, words = _credit_words(rows, i, j, code)
            sheet.problem(i, "applies_to", code, Severity.WARNING if amount >= 0 else Severity.ROW, value, **words)
            rows.applies_to[i] = ""
            if j is not None and amount < 0 and code != "credit_on_credit":
                sheet.bad.add(j)


def _credit_problem(rows: InvoiceRows, i: int, target: str) -> str:
    if (rows.amounts[i] or 0) >= 0:
        return "applies_to_on_invoice"
    j = rows.at.get(target)
    if j is None:
        return "invoice_left_out" if target in rows.left_out else "unknown_invoice"
    if (rows.amounts[j] or 0) <= 0:
        return "credit_on_credit"
    if rows.customers[j] != rows.customers[i]:
        return "other_customer"
    return "" if rows.currencies[j] == rows.currencies[i] else "other_currency"


def _credit_words(rows: InvoiceRows, i: int, j: int | None, code: str) -> tuple[str | None, dict[str, str]]:
    """What the sentence of the problem quotes: the customer or the currency where they differ, else the cell (None)."""
    if j is not None and code == "other_customer":
        return rows.customers[i], {"invoice": rows.numbers[j], "owner": rows.customers[j]}
    if j is not None and code == "other_currency":
        return rows.currencies[i] or "", {"invoice": rows.numbers[j], "expected": rows.currencies[j] or ""}
    return None, {}


def build(rows: InvoiceRows, named: Collection[str], doubtful: Collection[str], context: Context) -> list[Invoice]:
    """The invoices that are kept, in the order of their rows.

    `named` are the numbers that any Payments row names (*Paid on* is not read there); `doubtful` those named by a
    payment or plan row that cannot be trusted.
    """
    sheet = rows.sheet
    handling, drafts = _handling(rows, context), _drafts(sheet)
    paid_on: Sequence[date | None] = rows.paid_on
    if named and any(paid_on):
        paid_on = [None if number in named else day for number, day in zip(rows.numbers, paid_on, strict=True)]
    bad = sheet.bad | {i for number in doubtful if (i := rows.at.get(number)) is not None}
    kept = list(rows.at.values())
    columns: dict[str, Sequence[object]] = {
        "row": range(sheet.first_row, sheet.first_row + sheet.size),
        "number": rows.numbers,
        "customer": rows.customers,
        "issued": rows.issued,
        "due": rows.due,
        "amount": rows.amounts,
        "currency": rows.currencies,
        "applies_to": rows.applies_to,
        "paid_on": paid_on,
        "due_is_assumed": flags(rows.assumed, sheet.size),
        "handling": handling,
        "draft": drafts,
        "doubtful": flags(bad, sheet.size),
    }
    return records(Invoice, len(kept), picked(columns, kept, sheet.size))


def _handling(rows: InvoiceRows, context: Context) -> Sequence[Handling]:
    """One `Handling` for each row that says something, the shared `UNHANDLED` for the others."""
    sheet, day = rows.sheet, context.parse_day
    columns: tuple[list[object] | None, ...] = (
        _not_open(sheet.optional("status", word_parser("status", Status))),
        _any(sheet.optional("status_on", day)),
        _any(sheet.optional("reason", word_parser("reason", DelayReason))),
        _any(sheet.optional("reason_on", day)),
        _any(_not_negative(sheet, "disputed_amount", sheet.money("disputed_amount", rows.currencies))),
        _any(sheet.optional("promised", day)),
        _any(_not_negative(sheet, "promised_amount", sheet.money("promised_amount", rows.currencies))),
        _any(sheet.optional("hold", day)),
        _any(sheet.texts("cadence") if sheet.cells("cadence") else None),
        _any(sheet.optional("last_step", count_parser(0, 99))),
        _any(sheet.optional("last_contact", day)),
        _any(_texts(sheet, "payment_link", parse_link)),
        _any(_texts(sheet, "document_link", parse_link)),
        _any(sheet.texts("note", parse_long_text, Severity.WARNING) if sheet.cells("note") else None),
    )
    touched = sorted({i for column in columns if column is not None for i in rows_of(column)})
    if not touched:
        return [UNHANDLED] * sheet.size
    found = [UNHANDLED] * sheet.size
    defaults = [UNHANDLED.status, None, None, None, None, None, None, None, "", None, None, "", "", ""]
    full = [[default] * sheet.size if column is None else column for column, default in zip(columns, defaults, strict=True)]
    for i in touched:
        status, *others = (column[i] for column in full)
        found[i] = Handling(status or Status.OPEN, *others)  # type: ignore[arg-type]  # columns stand in the order of the fields
    _check_status_dates(sheet, found, touched, context)
    return found


def _check_status_dates(sheet: Sheet, found: list[Handling], rows: Iterable[int], context: Context) -> None:
    """A status that is to come: the figures wait for its day, the reminders stop at once, for a person has decided. A
    contact that is to come has not taken place.
    """
    today = context.real_today
    for i in rows if today is not None else ():
        contact = found[i].last_contact
        if contact is not None and today is not None and contact > today:
            sheet.problem(i, "last_contact", "date_in_future", value=format_date(contact, sheet.language))
            found[i] = replace(found[i], last_contact=None)
        day = found[i].status_on
        if found[i].status is not Status.OPEN and day is not None and today is not None and day > today:
            sheet.problem(i, "status_on", "status_in_the_future", value=format_date(day, sheet.language))


def _not_open(column: list[Status | None] | None) -> list[object] | None:
    """An open status says nothing more than a blank cell."""
    if column is None or not any(column):
        return None
    return [None if status is Status.OPEN else status for status in column]


def _any(column: Sequence[object] | None) -> list[object] | None:
    return list(column) if column is not None and any(column) else None


def _texts(sheet: Sheet, key: str, parse: Callable[[Cell], str]) -> list[str] | None:
    return sheet.texts(key, parse) if sheet.cells(key) else None


def _not_negative(sheet: Sheet, key: str, column: list[Cents | None] | None) -> list[Cents | None] | None:
    if column is not None:
        for i in rows_of(column):
            if (column[i] or 0) < 0:
                sheet.problem(i, key, "negative_amount")
                column[i] = None
    return column


def _drafts(sheet: Sheet) -> Sequence[DraftCells]:
    """The draft and its button, exactly as they stand; rows without share `NO_DRAFT`."""
    send = sheet.optional("send", word_parser("send", Send))
    subject, draft, mark = (
        sheet.texts(key, parse_exact_text) if sheet.cells(key) else None for key in ("subject", "draft", "mark")
    )
    found = [NO_DRAFT] * sheet.size
    for i in {i for column in (send, subject, draft, mark) if column is not None for i in rows_of(column)}:
        found[i] = DraftCells(
            send[i] if send else None, subject[i] if subject else "", draft[i] if draft else "", mark[i] if mark else ""
        )
    return found
