"""The statement of an account: what is open, and every movement since the oldest open invoice.

The last balance of the movements is what is open less what is free, to the cent. A write-off is no movement: it is the
company's own book-keeping, and pays nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sync.ledger.model import Cents, Invoice, Payment
from sync.ledger.words import DelayReason
from sync.letters.documents.blocks import Block
from sync.letters.documents.frame import frame, parties
from sync.letters.documents.materials import NOT_COUNTED, Account
from sync.letters.documents.model import Document, file_name
from sync.letters.documents.parts import heading, par, payment, small, table
from sync.letters.documents.words import words
from sync.letters.facts import spaced_iban
from sync.letters.table import one_line

MOST_REFERENCE = 60


@dataclass(frozen=True, slots=True)
class Movement:
    """One line: `cents` raises (invoice, returned payment) or lowers (payment, credit note) what is owed."""

    day: date
    what: str  # a name of the words: invoice, credit_note, payment, returned, refund
    number: str
    cents: Cents


def statement(account: Account) -> Document:
    """All the account in one currency, as of the day."""
    materials, language = account.materials, account.language
    settings, shown = materials.rules.settings, words(language)["statement"]
    sides = parties(settings, account.customer, account.contact, language)
    day = account.long(materials.as_of)
    return Document(
        name=file_name("statement", (account.customer, account.currency), settings.language),
        page="sheet.typ",
        title=shown["title"],
        language=language,
        day=materials.as_of,
        data={
            **frame(settings, language),
            "subtitle": shown["subtitle"].format(day=day),
            "other": {"title": shown["customer"], "lines": sides["debtor"]},
            "blocks": [
                *open_items(account),
                *_movements(account),
                *bank_details(account),
                small(shown["note"].format(day=day)),
            ],
        },
    )


def open_items(account: Account) -> list[Block]:
    """The invoices with something left, and the sums."""
    materials = account.materials
    shown = words(account.language)["statement"]
    owed = account.owed
    if not owed and not account.unallocated:
        return [heading(shown["open"]), par(shown["nothing_open"])]
    rows = []
    for one in owed:
        left = materials.left_on(one)
        late = max(0, (materials.as_of - one.due).days)
        marked = one_line(one.number) + (f" {shown['disputed_mark']}" if one.handling.reason is DelayReason.DISPUTE else "")
        rows.append(
            (
                marked, account.short(one.issued), account.short(one.due), account.money(one.amount),
                account.money(one.amount - left), account.money(left), str(late) if late else "–",
            )
        )  # fmt: skip
    total = sum(materials.left_on(one) for one in owed)
    due = sum(materials.left_on(one) for one in owed if one.due < materials.as_of)
    sums = [(shown["total"], account.money(total)), (shown["overdue"], account.money(due))]
    if account.unallocated:
        sums.append((shown["unallocated"], account.money(-account.unallocated)))
        sums.append((shown["balance"], account.money(total - account.unallocated)))
    found = [heading(shown["open"])]
    if rows:
        found.append(table(shown["open_head"], rows, right=(3, 4, 5, 6), wide=(0,)))
    found.append({"kind": "sums", "rows": [list(row) for row in sums]})
    if any(one.handling.reason is DelayReason.DISPUTE for one in owed):
        found.append(small(shown["disputed_note"]))
    return found


def _movements(account: Account) -> list[Block]:
    moves = movements(account)
    if not moves:
        return []
    shown = words(account.language)["statement"]
    start = min([one.issued for one in account.owed], default=moves[0].day)
    before = sum(one.cents for one in moves if one.day < start)
    balance, rows = before, []
    if before:
        rows.append((account.short(start), shown["brought_forward"], "", "", account.money(before)))
    for one in moves:
        if one.day < start:
            continue
        balance += one.cents
        debit, credit = (account.money(one.cents), "") if one.cents > 0 else ("", account.money(-one.cents))
        label = " ".join(part for part in (shown[one.what], one.number) if part)
        rows.append((account.short(one.day), label, debit, credit, account.money(balance)))
    return [
        heading(shown["movements"].format(day=account.long(start))),
        table(shown["movements_head"], rows, right=(2, 3, 4), wide=(1,)),
    ]


def movements(account: Account) -> Sequence[Movement]:
    """Everything that raised or lowered what the customer owes, by day."""
    materials = account.materials
    invoices = {one.number: one for one in account.invoices}
    found = [_document(one) for one in invoices.values()]
    own = [one for one in materials.ledger.payments if one.paid_on <= materials.as_of and one.currency == account.currency]
    named = {one.invoice for one in materials.ledger.payments if one.invoice}
    for payment_row in own:
        invoice = materials.ledger.by_number.get(payment_row.invoice)
        payer = invoice.customer if invoice is not None else payment_row.customer
        if payer == account.customer and not _is_to_come(invoice, materials.as_of):
            found.append(_payment(payment_row, invoices))
    for one in invoices.values():
        if one.paid_on is not None and one.paid_on <= materials.as_of and one.number not in named:
            found += _paid_in_full(one, account, invoices)
    return sorted(found, key=lambda one: (one.day, -one.cents, one.number))


def _is_to_come(invoice: Invoice | None, as_of: date) -> bool:
    """A payment of an invoice that will count from a later day waits for it."""
    return invoice is not None and invoice.issued > as_of and invoice.handling.status not in NOT_COUNTED


def _document(one: Invoice) -> Movement:
    what = "invoice" if one.amount > 0 else "credit_note"
    settles = f" ({one_line(one.applies_to)})" if one.applies_to else ""
    return Movement(one.issued, what, one_line(one.number) + settles, one.amount)


def _payment(row: Payment, invoices: dict[str, Invoice]) -> Movement:
    invoice = invoices.get(row.invoice)
    day = max(row.paid_on, invoice.issued) if invoice is not None else row.paid_on
    told = [part for part in (one_line(row.invoice), one_line(row.method), one_line(row.reference)[:MOST_REFERENCE]) if part]
    return Movement(day, "payment" if row.amount > 0 else "returned", ", ".join(told), -row.amount)


def _paid_in_full(one: Invoice, account: Account, invoices: dict[str, Invoice]) -> list[Movement]:
    """What *Paid on* stands for, as the balances understand it."""
    if one.amount > 0:
        moves = account.materials.conclusion.balances.moves.get(one.number, ())
        return [Movement(move.day, "payment", one_line(one.number), -move.cash) for move in moves if move.cash]
    settled = invoices.get(one.applies_to)
    if settled is not None and settled.amount > 0:
        return []
    assert one.paid_on is not None
    return [Movement(max(one.paid_on, one.issued), "refund", one_line(one.number), -one.amount)]


def bank_details(account: Account) -> list[Block]:
    """Where to pay, without a sum: the reader decides what is settled."""
    settings = account.materials.rules.settings
    if not settings.iban:
        return []
    shown = words(account.language)["letter"]
    rows = [
        (shown["holder"], one_line(settings.company)), ("IBAN", spaced_iban(settings.iban)), ("BIC", one_line(settings.bic)),
        (shown["reference"], one_line(account.customer)),
    ]  # fmt: skip
    return [payment(shown["pay"], rows)]
