"""The Plans tab: one instalment a row. A row that cannot be trusted makes the invoices it names doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync.ledger.cells import Cell, parse_key, parse_long_text
from sync.ledger.model import Contact, Instalment
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, rows_of
from sync.ledger.reading.context import Closest, Context
from sync.ledger.reading.invoices import InvoiceRows, tell_unknown_customer
from sync.ledger.reading.values import keys_with_separators, parse_link, split_keys

PEOPLE = ("plan", "customer", "invoices", "agreed_on", "signed_on", "due", "amount", "discount", "document_link", "note")


@dataclass(slots=True)
class PlanRows:
    instalments: list[Instalment] = field(default_factory=list)
    doubtful_invoices: set[str] = field(default_factory=set)
    doubtful_customers: set[str] = field(default_factory=set)


def parse_keys(cell: Cell) -> str:
    """Several keys in one cell, on one line or several: the text to split."""
    return parse_long_text(cell) if isinstance(cell, str) else parse_key(cell)


def read_plans(tab: TabLike, rows: InvoiceRows | None, contacts: Mapping[str, Contact] | None, context: Context) -> PlanRows:
    """Amounts are in the currency of the plan's first invoice, else of the settings.

    Whether the rows of a plan agree with each other and with its invoices is judged where plans are (`dunning`).
    """
    sheet = context.sheet("plans", tab)
    found = PlanRows()
    plans, customers = sheet.keys("plan"), sheet.keys("customer")
    odd = keys_with_separators(rows.numbers if rows is not None else ())
    named = [split_keys(text, odd) for text in sheet.texts("invoices", parse_keys)]
    blank = sheet.blank_rows([i for i, plan in enumerate(plans) if not plan], PEOPLE)
    due = sheet.values("due", context.parse_day)
    currencies = _currencies(named, rows, context)
    amounts = sheet.money("amount", currencies) or [None] * sheet.size
    discounts = sheet.money("discount", currencies) or [None] * sheet.size
    agreed, signed = sheet.values("agreed_on", context.parse_day), sheet.values("signed_on", context.parse_day)
    links, notes = sheet.texts("document_link", parse_link), sheet.texts("note", parse_long_text, Severity.WARNING)
    for key, values in (("plan", plans), ("customer", customers), ("invoices", named), ("due", due), ("amount", amounts)):
        sheet.require(key, [value or None if key == "invoices" else value for value in values], blank)
    for key, money in (("amount", amounts), ("discount", discounts)):
        for i in rows_of(money):
            if (money[i] or 0) < 0:
                sheet.problem(i, key, "negative_amount")
    _check_customers(sheet, customers, contacts)
    for i in range(sheet.size):
        if i in blank:
            continue
        day, amount = due[i], amounts[i]
        if i in sheet.bad or day is None or amount is None:
            found.doubtful_invoices.update(named[i])
            if customers[i] and not named[i]:
                found.doubtful_customers.add(customers[i])
            continue
        found.instalments.append(
            Instalment(
                row=sheet.row(i), plan=plans[i], customer=customers[i], invoices=named[i], agreed_on=agreed[i],
                signed_on=signed[i], due=day, amount=amount, discount=discounts[i] or 0, document_link=links[i], note=notes[i],
            )
        )  # fmt: skip
    return found


def _currencies(named: Sequence[tuple[str, ...]], rows: InvoiceRows | None, context: Context) -> list[str | None]:
    at = rows.at if rows is not None else {}
    own = rows.currencies if rows is not None else []
    return [
        own[at[numbers[0]]] if numbers and numbers[0] in at else context.currency  # the invoice's, else the setting
        for numbers in named
    ]


def _check_customers(sheet: Sheet, customers: Sequence[str], contacts: Mapping[str, Contact] | None) -> None:
    if contacts is None:
        return
    closest = Closest.customer(contacts)
    for i, customer in enumerate(customers):
        if customer and customer not in contacts:
            tell_unknown_customer(sheet, i, closest.to(customer))
