"""The Journal and Today tabs: what was done, and what people answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sync.ledger.cells import Cell, CellError, cell_text, parse_long_text
from sync.ledger.model import Cents, Contact, JournalRow, TodayRow
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, rows_of
from sync.ledger.reading.context import Closest, Context
from sync.ledger.reading.invoices import InvoiceRows, tell_unknown_customer
from sync.ledger.reading.plans import parse_keys
from sync.ledger.reading.values import count_parser, keys_with_separators, parse_word, split_keys, word_parser
from sync.ledger.words import Act, Channel, Outcome

T = TypeVar("T")


class UnreadableMoment(CellError):
    """A Journal time is ISO 8601 with its offset, as Relance writes it."""

    code = "journal_row_unreadable"


class UnknownAct(CellError):
    code = "journal_row_unreadable"


@dataclass(slots=True)
class JournalRows:
    acts: list[JournalRow] = field(default_factory=list)
    doubtful_customers: set[str] = field(default_factory=set)


def _moment(cell: Cell) -> datetime:
    if isinstance(cell, str):
        try:
            found = datetime.fromisoformat(cell.strip())
        except ValueError:
            raise UnreadableMoment from None
        if found.tzinfo is not None:
            return found
    raise UnreadableMoment


def _act(cell: Cell) -> Act:
    try:
        return Act(cell_text(cell))
    except ValueError:
        raise UnknownAct from None


def _exactly(cell: Cell) -> str:
    """Journal text is sealed: it is taken as it stands."""
    return cell if isinstance(cell, str) else cell_text(cell)


def _channel(cell: Cell) -> str:
    return parse_word(cell, "channel")


def read_journal(tab: TabLike, context: Context, rows: InvoiceRows | None = None) -> JournalRows:
    """The acts in the order of their rows.

    A row that cannot be read may hide a message already sent: its customer gets none, and when it names nobody,
    nothing is sent at all.
    """
    sheet = context.sheet("journal", tab)
    found = JournalRows()
    text = {
        key: sheet.texts(key, _exactly)
        for key in (
            "run", "actor", "customer", "currency", "cadence", "recipient", "message_id", "subject", "text", "field", "old", "new",
            "note", "key", "hash",
        )
    }  # fmt: skip
    invoices = sheet.texts("invoices", parse_keys)
    customers = text["customer"]
    odd = keys_with_separators(rows.numbers if rows is not None else ())
    blank = sheet.blank_rows(
        [i for i, when in enumerate(sheet.cells("when") or [None] * sheet.size) if when is None], tab.columns
    )
    moments = _strict(sheet, "when", _moment, customers, blank)
    acts = _strict(sheet, "status", _act, customers, blank)
    amounts = sheet.money("amount", [None] * sheet.size) or [None] * sheet.size
    steps, occurrences = sheet.values("step", count_parser(0, 999)), sheet.values("occurrence", count_parser(0, 9999))
    channels = sheet.texts("channel", _channel)
    for i, (when, status) in enumerate(zip(moments, acts, strict=True)):
        if when is None or status is None or i in sheet.bad:
            if i not in blank and customers[i]:
                found.doubtful_customers.add(customers[i])
            continue
        found.acts.append(
            JournalRow(
                row=sheet.row(i), when=when, status=status, invoices=split_keys(invoices[i], odd), step=steps[i],
                occurrence=occurrences[i], channel=channels[i], amount=amounts[i],
                **{key: column[i] for key, column in text.items()},
            )
        )  # fmt: skip
    return found


def _strict(sheet: Sheet, key: str, parse: Callable[[Cell], T], customers: Sequence[str], blank: set[int]) -> list[T | None]:
    """A column that each row must have; when the row names nobody, its problem stops everything."""
    result: list[T | None] = []
    for i, cell in enumerate(sheet.cells(key) or [None] * sheet.size):
        value: T | None = None
        if i not in blank:
            try:
                value = parse(cell)
            except CellError as error:
                sheet.problem(i, key, error.code, Severity.ROW if customers[i] else Severity.STOP)
        result.append(value)
    return result


TODAY_COLUMNS = ("task", "kind", "customer", "invoices", "outcome", "date", "amount_promised", "note")


def read_today(
    tab: TabLike, rows: InvoiceRows | None, contacts: Mapping[str, Contact] | None, context: Context
) -> list[TodayRow]:
    """The rows as people left them. A row with a problem is `doubtful`: nothing is applied and it stays.

    On a row without a task (an act that a person logs) *Kind* is a word of the channel list.
    """
    sheet = context.sheet("today", tab)
    tasks, customers = sheet.keys("task"), sheet.keys("customer")
    kinds = sheet.texts("kind")
    odd = keys_with_separators(rows.numbers if rows is not None else ())
    invoices = [split_keys(text, odd) for text in sheet.texts("invoices", parse_keys)]
    outcomes = sheet.values("outcome", word_parser("outcome", Outcome))
    days = sheet.values("date", context.parse_day)
    amounts: list[Cents | None] = sheet.money("amount_promised", [None] * sheet.size) or [None] * sheet.size
    notes = sheet.texts("note", parse_long_text, Severity.WARNING)
    blank = sheet.blank_rows([i for i, task in enumerate(tasks) if not task], TODAY_COLUMNS)
    for i in rows_of(amounts):
        if (amounts[i] or 0) < 0:
            sheet.problem(i, "amount_promised", "negative_amount")
    logged = [i for i, task in enumerate(tasks) if not task and i not in blank]
    _check_logged(sheet, logged, customers, outcomes, invoices, rows, contacts)
    for i in logged:
        kinds[i] = _logged_kind(sheet, i, kinds[i])
    return [
        TodayRow(
            row=sheet.row(i), task=tasks[i], kind=kinds[i], customer=customers[i], invoices=invoices[i], outcome=outcomes[i],
            date=days[i], amount_promised=amounts[i], note=notes[i], doubtful=i in sheet.bad,
        )
        for i in range(sheet.size)
        if i not in blank
    ]  # fmt: skip


def _check_logged(
    sheet: Sheet,
    logged: Sequence[int],
    customers: Sequence[str],
    outcomes: Sequence[Outcome | None],
    invoices: Sequence[tuple[str, ...]],
    rows: InvoiceRows | None,
    contacts: Mapping[str, Contact] | None,
) -> None:
    known = set(contacts) if contacts is not None else set(rows.customers if rows is not None else ())
    closest_customer = Closest.customer(contacts) if contacts is not None else Closest(sorted(known))
    closest_invoice = Closest(list(rows.at) if rows is not None else [])
    for i in logged:
        if not customers[i]:
            sheet.problem(i, "customer", "missing_value")
        elif customers[i] not in known:
            tell_unknown_customer(sheet, i, closest_customer.to(customers[i]))
        if outcomes[i] is None and i not in sheet.failed.get("outcome", ()):
            sheet.problem(i, "outcome", "missing_value")
        for number in invoices[i]:
            j = rows.at.get(number) if rows is not None else None
            if rows is None or j is None:
                near = closest_invoice.to(number)
                code = "unknown_invoice_close" if near else "unknown_invoice"
                sheet.problem(i, "invoices", code, value=number, closest=near)
            elif customers[i] and rows.customers[j] != customers[i]:
                sheet.problem(i, "invoices", "other_customer", value=customers[i], invoice=number, owner=rows.customers[j])


def _logged_kind(sheet: Sheet, index: int, kind: str) -> str:
    if not kind:
        return ""
    try:
        return Channel(parse_word(kind, "channel"))
    except CellError as error:
        sheet.fail(index, "kind", error)
        return kind
