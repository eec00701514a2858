"""All tabs of facts together: contacts, then invoices, then what names them."""

from collections.abc import Mapping
from datetime import date

from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.reading.acts import JournalRows, read_journal, read_today
from sync.ledger.reading.columns import TabLike
from sync.ledger.reading.contacts import read_contacts
from sync.ledger.reading.context import Context
from sync.ledger.reading.invoices import build, read_rows
from sync.ledger.reading.payments import PaymentRows, check_paid_on, read_payments
from sync.ledger.reading.plans import PlanRows, read_plans
from sync.ledger.terms import parse_terms
from sync.ledger.words import Language


def read_ledger(
    tabs: Mapping[str, TabLike],
    *,
    language: Language,
    currency: str,
    terms: str,
    as_of: date,
    real_today: date | None = None,
) -> tuple[Ledger, list[Problem]]:
    """Raw tabs (by key of the contract; those that do not exist are absent) -> the ledger and what is wrong in it.

    `currency` and `terms` are the settings that blank cells mean. `real_today` bounds what may already have happened
    (None: not checked). Problems come in the order of `tabs`, then of their rows. A missing required tab or heading is the carrier's to tell; its rows are then rejected. Never raises on what people type.
    """
    context = Context(
        language=language,
        currency=currency,
        terms=parse_terms(terms),
        as_of=as_of,
        real_today=real_today,
    )
    contacts = read_contacts(tabs["contacts"], context) if "contacts" in tabs else {}
    known = contacts or None  # an empty tab says nothing about who is known
    rows = read_rows(tabs["invoices"], known, context) if "invoices" in tabs else None
    payments = read_payments(tabs["payments"], rows, known, context) if "payments" in tabs else PaymentRows()
    plans = read_plans(tabs["plans"], rows, known, context) if "plans" in tabs else PlanRows()
    journal = read_journal(tabs["journal"], context, rows) if "journal" in tabs else JournalRows()
    today_rows = read_today(tabs["today"], rows, known, context) if "today" in tabs else []
    if rows is not None:
        check_paid_on(rows, payments, context)
    looked_at = [payments.latest, *(rows.paid_on if rows is not None else ())]
    limit = real_today or date.max
    invoices = [] if rows is None else build(rows, payments.named, payments.doubtful_invoices | plans.doubtful_invoices, context)
    # What a doubtful credit note takes off cannot be told: too little, or too much, would be asked of its customer.
    credits_in_doubt = {row.customer for row in invoices if row.amount < 0 and row.doubtful}
    ledger = Ledger(
        invoices=invoices,
        contacts=contacts,
        payments=payments.payments,
        instalments=plans.instalments,
        journal=journal.acts,
        today_rows=today_rows,
        payments_as_of=max((day for day in looked_at if day is not None and day <= limit), default=None),
        doubtful_customers=frozenset(
            payments.doubtful_customers | plans.doubtful_customers | journal.doubtful_customers | credits_in_doubt
        ),
        rows_rejected=payments.rejected + (0 if rows is None else rows.rejected),
    )
    order = tuple(tabs)
    return ledger, sorted(context.problems, key=lambda problem: (order.index(problem.tab), problem.row))
