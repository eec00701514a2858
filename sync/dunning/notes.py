"""Before anything is late: courtesy notes of invoices, and of the instalments of a plan that is being kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync.dunning.account import Account, approval_of, readiness
from sync.dunning.agreements.instalments import coming_instalment
from sync.dunning.case import Group, carrying_order
from sync.dunning.model import Cadence
from sync.dunning.reasons import Reason
from sync.dunning.steps import NextStep, choose_cadence, note_step
from sync.ledger.model import Invoice
from sync.ledger.words import Approval, Send


def courtesy_notes(account: Account, active: Sequence[tuple[Invoice, Cadence]]) -> None:
    """Messages before the due date; `active` are the open invoices of a customer who is not late anywhere."""
    case = account.case
    coming: dict[str, tuple[Cadence, list[tuple[Invoice, NextStep]]]] = {}
    for invoice, cadence in active:
        done = (act.step for act in case.history.acts.get(invoice.number, ()))
        seed = invoice.handling.last_step or 0
        step = note_step(invoice, cadence, done, case.as_of, case.calendar)
        if step is None or step.step.number <= seed or case.open[invoice.number] < account.settings.minimum_invoice:
            account.not_due(invoice, cadence)
        else:
            coming.setdefault(cadence.name, (cadence, []))[1].append((invoice, step))
    credit = case.unallocated.get(account.key, 0)
    for cadence, entries in coming.values():
        entries.sort(key=lambda entry: carrying_order(entry[0], case.open))
        carrier, first = entries[0]
        invoices = [invoice for invoice, _ in entries]
        group = Group(cadence, tuple(invoices), carrier)
        if carrier.draft.send is Send.SKIP:
            account.found.observations.append(account.skipped(group, first.step, invoices, ""))
            for invoice in invoices:
                account.not_due(invoice, cadence)
            continue
        message, approval = account.message(invoices, credit), approval_of(first.step, False)
        reason = account.obstacle(first.step, message) or readiness(approval, False, account.settings.mode)
        pressed = carrier.draft.send is Send.YES
        account.found.decisions.append(
            account.build(group, first.step, message, first.earliest, approval, reason, approved=pressed)
        )
        for invoice in invoices:
            account.view(invoice, reason, carrying=carrier.number)
            if invoice is not carrier and invoice.draft.send is Send.YES:
                account.tick_problem(invoice)


def instalment_notes(account: Account, resting: Mapping[str, Reason]) -> frozenset[str]:
    """Courtesy notes before the instalments of plans that are being kept; returns the invoices that carry one.

    Nothing about a plan leaves by itself: a person ticks the note, whatever the approval of the cadence's own.
    Another message to this customer today is enough.
    """
    case = account.case
    if account.pause is not None or any((one.customer, one.currency) == account.key for one in account.found.decisions[-2:]):
        return frozenset()
    carrying: set[str] = set()
    for plan in case.plans[account.key]:
        invoices = sorted(
            (one for one in account.open if one.number in plan.invoices), key=lambda one: carrying_order(one, case.open)
        )
        if not invoices or any(resting.get(one.number) is not Reason.PLAN_KEPT for one in invoices):
            continue
        carrier = invoices[0]
        cadence = choose_cadence(carrier, account.contact, account.segment, case.rules.cadences)
        if not isinstance(cadence, Cadence) or cadence.name in case.rules.refused_cadences:
            continue
        coming = coming_instalment(plan, cadence, case.history.acts.get(carrier.number, ()), case.as_of, case.calendar)
        if coming is None:
            continue
        step, day, instalment = coming
        group = Group(cadence, tuple(invoices), carrier)
        if carrier.draft.send is Send.SKIP:
            account.found.observations.append(account.skipped(group, step, invoices, ""))
            continue
        credit = case.unallocated.get(account.key, 0)
        approval = Approval.ASK if step.approval is Approval.AUTO else step.approval
        message = account.message(invoices, credit)._replace(amount=instalment.amount)
        reason = account.obstacle(step, message) or readiness(approval, False, account.settings.mode)
        pressed = carrier.draft.send is Send.YES
        decision = account.build(group, step, message, day, approval, reason, approved=pressed)
        account.found.decisions.append(
            replace(
                decision, to_pay=max(0, instalment.amount - credit), interest=0, compensation=0,
                interest_lines=(), template="", instalment=instalment,
            )
        )  # fmt: skip
        carrying.add(carrier.number)
    return frozenset(carrying)
