"""From facts to decisions: one message per customer, currency and cadence, and a reason for every open invoice.

The rules are those of DESIGN §3. Everything here is a function of the ledger, the rules and the date: two runs on the
same day conclude the same, in whatever order the rows stand.
"""

from collections import defaultdict
from datetime import date

from sync.dunning.account import Account
from sync.dunning.case import AccountRows, Case, Conclusions
from sync.dunning.late import LateInvoices
from sync.dunning.model import Cadence
from sync.dunning.notes import courtesy_notes, instalment_notes
from sync.dunning.pauses import invoice_pause
from sync.dunning.reasons import Reason
from sync.dunning.steps import choose_cadence
from sync.ledger.model import CustomerKey, Invoice
from sync.ledger.words import Send


def decide(case: Case) -> Conclusions:
    """Decisions in the order of customer, currency, cadence; views in the order of the rows."""
    found = Conclusions()
    rows = _rows_by_account(case)
    for key in sorted(rows):
        _conclude(Account(case, key, rows[key], found))
    found.decisions.sort(key=lambda decision: (decision.customer, decision.currency, decision.cadence, decision.step))
    found.views.sort(key=lambda view: view.row)
    return found


def _rows_by_account(case: Case) -> dict[CustomerKey, AccountRows]:
    """The invoices of every customer and currency with something open: most have nothing, and their rows are left alone."""
    found: dict[CustomerKey, AccountRows] = defaultdict(AccountRows)
    for invoice in case.owed:
        found[invoice.customer, invoice.currency].owed.append(invoice)
    balances, by_account = case.balances.invoices, case.ledger.by_account
    for key, own in found.items():
        own.all = by_account[key]
        for invoice in own.all:
            cleared = balances[invoice.number].cleared_on
            if (cleared is None or cleared > invoice.due) and invoice.amount > 0:
                own.once_late.append((cleared or date.max, invoice.number, invoice))
    return found


def _conclude(account: Account) -> None:
    as_of = account.case.as_of
    late = [invoice for invoice in account.open if invoice.due < as_of]
    quiet = [invoice for invoice in account.open if invoice.due >= as_of]
    active: list[tuple[Invoice, Cadence]] = []
    resting: dict[str, Reason] = {}
    for invoice in account.open:
        pause = invoice_pause(invoice, account.contact, account.case.pauses) or account.pause
        if pause is not None:
            resting[invoice.number] = pause.reason
            account.view(invoice, pause.reason, until=pause.until)
            continue
        cadence = choose_cadence(invoice, account.contact, account.segment, account.case.rules.cadences)
        if isinstance(cadence, str):
            account.unknown_cadence(invoice, cadence)
        elif cadence is None:
            account.no_cadence(invoice)
        elif cadence.name in account.case.rules.refused_cadences:
            account.view(invoice, Reason.SETTINGS_PROBLEM)
        else:
            active.append((invoice, cadence))
    if late:
        LateInvoices(account).conclude([(invoice, cadence) for invoice, cadence in active if invoice.due < as_of])
        for invoice, cadence in active:
            if invoice.due >= as_of:
                account.not_due(invoice, cadence)
    elif quiet:
        courtesy_notes(account, active)
    carrying = instalment_notes(account, resting) if account.key in account.case.plans else frozenset()
    for invoice in account.open:
        if invoice.draft.send is Send.YES and invoice.number in resting and invoice.number not in carrying:
            account.tick_problem(invoice)
