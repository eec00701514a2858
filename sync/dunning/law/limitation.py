"""When a claim is lost (prescription): the earliest defensible date, what moved it, and how near it is.

The clock starts at the earliest of the issue date and the due date (the sheet has no delivery date, which would be the third), and
follows the law of the company's country and of the customer's: the sooner of the two. A customer of unknown kind is counted as a
business, the common case. What is not proven to interrupt does not: a reminder or a formal notice does nothing in France.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import lru_cache

from sync.dunning.law.days import add_years
from sync.dunning.law.tables import table, table_country
from sync.ledger.model import Cents, Contact, Invoice
from sync.ledger.words import Kind, Status

Day = date  # `Limitation` has a field named `date`


class WarnLevel(IntEnum):
    """How near the date is: at most 180, 90, 30 days left; EXPIRED from the day after it."""

    NONE = 0
    SIX_MONTHS = 1
    THREE_MONTHS = 2
    ONE_MONTH = 3
    EXPIRED = 4


class ActKind(StrEnum):
    """Acts that may start the period again. A creditor's own proposal, an e-mail or a call is none of them."""

    ACKNOWLEDGEMENT = "acknowledgement"  # written and signed by the debtor: a signed plan, C. civ. 2240
    COURT_CLAIM = "court_claim"  # served, not only requested: C. civ. 2241
    ENFORCEMENT = "enforcement"  # conservatory or enforcement measure: C. civ. 2244
    WRITTEN_DEMAND = "written_demand"  # a formal notice: counts in some countries only


class Basis(StrEnum):
    """What the period was counted from; people are shown which one."""

    ISSUED = "issued"
    DUE = "due"
    PART_PAYMENT = "part_payment"
    ACKNOWLEDGEMENT = "acknowledgement"
    COURT_CLAIM = "court_claim"
    ENFORCEMENT = "enforcement"
    WRITTEN_DEMAND = "written_demand"
    UNKNOWN_COUNTRY = "unknown_country"


@dataclass(frozen=True, slots=True)
class LimitationAct:
    """An act about this invoice, on its day."""

    on: date
    kind: ActKind


class Counting(StrEnum):
    DAY = "day"  # same day, N years later
    END_OF_YEAR = "end_of_year"  # from 31 December of the year (BGB 199); a fresh period counts from its own day (BGB 212)
    CALENDAR_YEARS_AFTER = "calendar_years_after"  # the N full calendar years after the year (law of 31 December 1968)


@dataclass(frozen=True, slots=True)
class LimitationRule:
    """One row of `data/limitation.csv`."""

    country: str
    years: int
    counting: Counting
    acknowledgement_interrupts: bool
    written_demand_interrupts: bool
    legal_reference: str
    confidence: str

    def first_end(self, start: date) -> date:
        if self.counting is Counting.DAY:
            return add_years(start, self.years)
        return date(start.year + self.years, 12, 31)

    def end_after(self, act: date) -> date:
        if self.counting is Counting.CALENDAR_YEARS_AFTER:
            return date(act.year + self.years, 12, 31)
        return add_years(act, self.years)

    def heeds(self, basis: Basis) -> bool:
        if basis is Basis.WRITTEN_DEMAND:
            return self.written_demand_interrupts
        return self.acknowledgement_interrupts or basis not in (Basis.PART_PAYMENT, Basis.ACKNOWLEDGEMENT)


@dataclass(frozen=True, slots=True)
class Limitation:
    """`date` is the last day on which the claim can be brought to court; None when no country's period is known.

    `start` and `basis`: the day it was counted from and what happened then.
    """

    date: Day | None
    start: Day
    basis: Basis
    warn_level: WarnLevel
    country: str = ""
    years: int = 0
    legal_reference: str = ""
    confidence: str = ""


@lru_cache(maxsize=512)
def limitation_rules(company_country: str, customer_country: str, kind: Kind | None) -> tuple[LimitationRule, ...]:
    """The periods that may govern the claim: the company's country's and the customer's, each once."""
    word = kind if kind is not None else "unknown"
    countries = dict.fromkeys((table_country(company_country), table_country(customer_country or company_country)))
    return tuple(_rule(row) for country in countries for row in table("limitation") if _is_for(row, country, word))


def _is_for(row: Mapping[str, str], country: str, kind: str) -> bool:
    return row["country"] == country and kind in row["kinds"].split("|")


def _rule(row: Mapping[str, str]) -> LimitationRule:
    return LimitationRule(
        row["country"],
        int(row["years"]),
        Counting(row["counting"]),
        row["acknowledgement_interrupts"] == "yes",
        row["written_demand_interrupts"] == "yes",
        row["legal_reference"],
        row["confidence"],
    )


def limitation_date(
    invoice: Invoice,
    contact: Contact | None,
    payments: Sequence[tuple[date, Cents]],
    acts: Sequence[LimitationAct],
    company_country: str,
    as_of: date,
) -> Limitation:
    """The limitation of `invoice` as known on `as_of`. Payments and acts after `as_of`, or after the date itself, change nothing:
    a payment does not revive a lost claim (Cass. 1re civ. 19 May 2021, 19-26.253).

    `payments` are those that name the invoice, in cents; a returned one (negative) takes the latest ones before it away.
    """
    from_issue = invoice.issued <= invoice.due
    start = invoice.issued if from_issue else invoice.due
    basis = Basis.ISSUED if from_issue else Basis.DUE
    rules = limitation_rules(
        company_country, contact.country if contact is not None else "", contact.kind if contact is not None else None
    )
    if not rules:
        return Limitation(None, start, Basis.UNKNOWN_COUNTRY, WarnLevel.NONE)
    court = invoice.handling.status is Status.COURT and invoice.handling.status_on is not None
    if not (payments or acts or court):
        return _undisturbed(rules, start, basis, as_of)
    return _soonest(rules, start, basis, _events(invoice, payments, acts, as_of), as_of)


@lru_cache(maxsize=4096)
def _undisturbed(rules: tuple[LimitationRule, ...], start: date, basis: Basis, as_of: date) -> Limitation:
    """The same for all invoices of a day, as most are: nothing happened since."""
    return _soonest(rules, start, basis, (), as_of)


def _soonest(
    rules: Iterable[LimitationRule], start: date, basis: Basis, events: Sequence[tuple[date, Basis]], as_of: date
) -> Limitation:
    soonest: tuple[date, date, Basis, LimitationRule] | None = None
    for rule in rules:
        end, since, why = _run(rule, start, basis, events)
        if soonest is None or end < soonest[0]:
            soonest = (end, since, why, rule)
    assert soonest is not None  # there is at least one rule
    end, since, why, rule = soonest
    return Limitation(end, since, why, warn_level(end, as_of), rule.country, rule.years, rule.legal_reference, rule.confidence)


def _run(rule: LimitationRule, start: date, basis: Basis, events: Iterable[tuple[date, Basis]]) -> tuple[date, date, Basis]:
    end = rule.first_end(start)
    for on, what in events:
        if on > end:
            break
        if rule.heeds(what) and (fresh := rule.end_after(on)) > end:
            end, start, basis = fresh, on, what
    return end, start, basis


def _events(
    invoice: Invoice, payments: Sequence[tuple[date, Cents]], acts: Sequence[LimitationAct], as_of: date
) -> list[tuple[date, Basis]]:
    events = [(on, Basis.PART_PAYMENT) for on in _standing_payments(payments, as_of)]
    events += [(act.on, Basis(act.kind.value)) for act in acts if act.on <= as_of]
    handling = invoice.handling
    if handling.status is Status.COURT and handling.status_on is not None and handling.status_on <= as_of:
        events.append((handling.status_on, Basis.COURT_CLAIM))
    return sorted(events, key=lambda event: event[0])


def _standing_payments(payments: Sequence[tuple[date, Cents]], as_of: date) -> list[date]:
    """The days of the payments that were not returned since."""
    standing: list[tuple[date, Cents]] = []
    for on, amount in sorted(payment for payment in payments if payment[0] <= as_of):
        if amount > 0:
            standing.append((on, amount))
        returned = -amount
        while returned > 0 and standing:
            day, left = standing.pop()
            if left > returned:
                standing.append((day, left - returned))
            returned -= left
    return [on for on, _ in standing]


def warn_level(end: date, as_of: date) -> WarnLevel:
    """The warning that goes with an end date."""
    left = (end - as_of).days
    if left < 0:
        return WarnLevel.EXPIRED
    if left <= 30:
        return WarnLevel.ONE_MONTH
    if left <= 90:
        return WarnLevel.THREE_MONTHS
    return WarnLevel.SIX_MONTHS if left <= 180 else WarnLevel.NONE


def is_time_barred(limitation: Limitation, kind: Kind | None) -> bool:
    """Whether asking for it must stop: an expired claim on a consumer (asking for it is an offence the DGCCRF pursues)."""
    return kind is Kind.CONSUMER and limitation.warn_level is WarnLevel.EXPIRED
