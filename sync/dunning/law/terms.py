"""Whether a due date goes beyond the legal maximum: advice for a person, never a reason to stop (the invoice stays valid)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sync.dunning.law.days import end_of_month
from sync.dunning.law.tables import table, table_country
from sync.ledger.model import Contact, Invoice
from sync.ledger.terms import UnreadableTerms, parse_terms
from sync.ledger.words import Kind


@dataclass(frozen=True, slots=True)
class TermCap:
    """One row of `data/payment_terms.csv`: days after the issue date. `absolute` = no clause may go beyond."""

    country: str
    max_days: int
    max_days_end_of_month: int | None
    absolute: bool
    legal_reference: str
    confidence: str


@dataclass(frozen=True, slots=True)
class TermAdvice:
    """The due date is `days_over` days after `latest`, the last day the law allows on the most generous reading."""

    due: date
    latest: date
    days_over: int
    cap: TermCap


@lru_cache(maxsize=512)
def term_cap(country: str, kind: Kind) -> TermCap | None:
    """The general maximum of a country; None for consumers and where no cap is known."""
    for row in table("payment_terms"):
        if table_country(country) in row["applies_in"].split("|") and kind in row["kinds"].split("|") and row["max_days"]:
            by_month = row["max_days_end_of_month"]
            return TermCap(
                row["country"],
                int(row["max_days"]),
                int(by_month) if by_month else None,
                row["absolute"] == "yes",
                row["legal_reference"],
                row["confidence"],
            )
    return None


def latest_due(issued: date, cap: TermCap, terms: str = "") -> date:
    """The last due date allowed. `terms` as the contact writes them: a plain number of days leaves the end of month out.

    45 days end of month is counted in the two ways admitted (45 days then the end of that month; the end of the month then 45
    days), and the later one is kept.
    """
    by_days = issued + timedelta(days=cap.max_days)
    if cap.max_days_end_of_month is None:
        return by_days
    days = timedelta(days=cap.max_days_end_of_month)
    by_month = max(end_of_month(issued + days), end_of_month(issued) + days)
    try:
        agreed = parse_terms(terms) if terms else None
    except UnreadableTerms:
        agreed = None
    if agreed is None:
        return max(by_days, by_month)
    return by_month if agreed.end_of_month else by_days


def payment_term_advice(invoice: Invoice, contact: Contact | None, company_country: str = "FR") -> TermAdvice | None:
    """Advice when the due date is beyond the legal maximum; None when it is not, or no maximum is known (kind unknown too)."""
    if contact is None or contact.kind is None or invoice.amount <= 0:
        return None
    cap = term_cap(contact.country or company_country, contact.kind)
    if cap is None or invoice.due <= invoice.issued + timedelta(
        days=min(cap.max_days, cap.max_days_end_of_month or cap.max_days)
    ):
        return None
    latest = latest_due(invoice.issued, cap, contact.terms)
    if invoice.due <= latest:
        return None
    return TermAdvice(invoice.due, latest, (invoice.due - latest).days, cap)
