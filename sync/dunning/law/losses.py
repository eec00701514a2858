"""What is left to do when a claim is lost or the customer insolvent: filing in time, and the VAT to get back."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sync.dunning.law.days import add_months
from sync.dunning.law.tables import table, table_country
from sync.ledger.model import Cents
from sync.ledger.words import Language


@dataclass(frozen=True, slots=True)
class FilingDeadline:
    """The last day to file a claim in insolvency proceedings, not moved to a working day (the prudent reading)."""

    day: date
    months: int
    from_event: str
    legal_reference: str
    confidence: str


def filing_deadline(published_on: date, proceedings_country: str, creditor_country: str) -> FilingDeadline | None:
    """Counted from the publication of the opening judgment (BODACC in France): two months, four for a creditor abroad.

    Pass the opening day when the publication is not known: it is earlier, so the result is prudent. None = no rule known.
    """
    country = table_country(proceedings_country)
    creditor = "domestic" if table_country(creditor_country) == country else "abroad"
    for row in table("insolvency_filing"):
        if row["country"] == country and row["creditor"] == creditor:
            months = int(row["months"])
            day = add_months(published_on, months)
            return FilingDeadline(day, months, row["from_event"], row["legal_reference"], row["confidence"])
    return None


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to do before VAT is recovered; `text` in the reader's language."""

    key: str
    text: str
    legal_reference: str
    confidence: str


def vat_checklist(country: str, language: Language) -> tuple[ChecklistItem, ...]:
    """What to check and do to recover the VAT of a written-off invoice; one line ("ask") where the rule is not known."""
    wanted = table_country(country)
    rows = [row for row in table("vat_checklist") if row["country"] == wanted]
    rows = rows or [row for row in table("vat_checklist") if row["country"] == "*"]
    return tuple(ChecklistItem(row["key"], row[language], row["legal_reference"], row["confidence"]) for row in rows)


def vat_part(amount_incl_vat: Cents, vat_percent: Decimal) -> Cents:
    """The VAT inside an amount incl. VAT, to the cent, half up: 20 % of 120.00 is 20.00."""
    return int((amount_incl_vat * vat_percent / (100 + vat_percent)).quantize(Decimal(1), ROUND_HALF_UP))


def vat_recovery_deadline(irrecoverable_on: date) -> date:
    """France: 31 December of the second year after the claim was lost (CGI ann. II 208, medium)."""
    return date(irrecoverable_on.year + 2, 12, 31)
