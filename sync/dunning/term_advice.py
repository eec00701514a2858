"""Payment terms longer than the law allows, said in the advice about a customer: the invoice stays valid, the terms should change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sync.dunning.law.terms import payment_term_advice
from sync.dunning.model import Settings
from sync.dunning.phrases import counted, first_listed
from sync.dunning.reasons import Sentence
from sync.ledger.model import Contact, CustomerKey, Invoice

_MOST_NAMED = 3
_ADVICE = Sentence(
    "Payment term beyond the legal maximum ({days} at most over) on {invoices}: agree on shorter terms.",
    "Délai de paiement au-delà du maximum légal (jusqu’à {days} de trop) sur {invoices}\u00a0: revoyez les conditions.",
)


def term_advices(owed: Iterable[Invoice], contacts: Mapping[str, Contact], settings: Settings) -> Mapping[CustomerKey, str]:
    """One sentence for each account that has open invoices with too long a term."""
    found: dict[CustomerKey, list[tuple[str, int]]] = defaultdict(list)
    for invoice in owed:
        if not invoice.due_is_assumed:
            advice = payment_term_advice(invoice, contacts.get(invoice.customer), settings.country)
            if advice is not None:
                found[invoice.customer, invoice.currency].append((invoice.number, advice.days_over))
    language = settings.language
    told = {}
    for key, invoices in found.items():
        numbers = [number for number, _ in invoices]
        shown = first_listed(numbers, _MOST_NAMED, language)
        over = counted(max(days for _, days in invoices), "day", "days", "jour", "jours", language)
        told[key] = _ADVICE.text(language).format(days=over, invoices=shown)
    return told
