"""The limitation of one invoice with what it was counted from, by the same acts as the rows of the sheet."""

from sync.dunning.law.limitation import ActKind, Limitation, LimitationAct, limitation_date
from sync.ledger.model import Invoice
from sync.ledger.words import Channel
from sync.letters.documents.materials import Materials


def limits_of(invoice: Invoice, materials: Materials) -> Limitation:
    """Only a signed plan acknowledges the debt; a proposal, an e-mail or a call never does."""
    conclusion = materials.conclusion
    acts = [
        LimitationAct(plan.signed_on, ActKind.ACKNOWLEDGEMENT)
        for plan in conclusion.plans
        if plan.signed_on is not None and invoice.number in plan.invoices
    ]
    acts += [
        LimitationAct(act.day, ActKind.WRITTEN_DEMAND)
        for act in conclusion.history.acts.get(invoice.number, ())
        if act.channel == Channel.FORMAL_NOTICE and not act.passed
    ]
    moves = conclusion.balances.moves.get(invoice.number, ())
    paid = [(move.day, move.cash) for move in moves if move.cash]
    contact = materials.ledger.contacts.get(invoice.customer)
    return limitation_date(invoice, contact, paid, acts, materials.rules.settings.country, conclusion.as_of)
