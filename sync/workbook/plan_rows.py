"""Instalments as rows to add to the Plans tab."""

from collections.abc import Iterable, Mapping

from sync.ledger.model import Instalment
from sync.workbook.contract import PLANS
from sync.workbook.tabs import Append, Cell


def plan_append(instalments: Iterable[Instalment]) -> Append:
    """The rows as a person would type them: *agreed on* stays blank, so that nothing follows from them yet."""
    return Append(tab=PLANS.key, rows=[_cells(one) for one in instalments])


def _cells(one: Instalment) -> Mapping[str, Cell]:
    return {
        "plan": one.plan,
        "customer": one.customer,
        "invoices": ", ".join(one.invoices),
        "agreed_on": one.agreed_on,
        "signed_on": one.signed_on,
        "due": one.due,
        "amount": one.amount / 100,
        "discount": one.discount / 100 if one.discount else None,
        "note": one.note or None,
    }
