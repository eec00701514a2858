"""What the law adds to one late invoice: interest and the fixed sum, or why they cannot be told.

`0` means nothing is due; None means it cannot, or must not, be computed (`Claim.why_null`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from sync.dunning.law.compensation import NoCompensation, Tier, sum_due, tiers_for
from sync.dunning.law.interest import Uncomputable, interest_on, interest_with_payments, schedule
from sync.dunning.law.rates import Rates
from sync.dunning.law.rules import InterestRule, NoRule, Starts, choose_rule
from sync.dunning.law.tables import table_country
from sync.dunning.model import Claim, InterestLine, InterestUse, Rules, Settings
from sync.ledger.model import ONE_DAY, Cents, Contact, Invoice
from sync.ledger.words import Kind

Movements = Sequence[tuple[date, Cents]]

NOTHING_DUE = Claim(0, 0)
SILENCED = Claim(None, None, "setting_never")


@dataclass(frozen=True, slots=True)
class _Law:
    """The rule and the fixed sums of one sort of customer. `tiers` None = cannot be told: `tiers_missing`."""

    rule: InterestRule | NoRule
    tiers: tuple[Tier, ...] | None
    tiers_missing: str = ""


def _law(company_country: str, contact: Contact | None, settings: Settings, currency: str) -> _Law:
    if contact is None:
        return _find_law(company_country, None, "", settings.interest_rule, currency)
    country = contact.country or company_country
    return _find_law(country, contact.kind, contact.interest_rate, settings.interest_rule, currency)


@lru_cache(maxsize=4096)
def _find_law(country: str, kind: Kind | None, agreed: str, setting: str, currency: str) -> _Law:
    """The fixed sum is that of the rule's country, so that interest and sum are of one law."""
    country = table_country(country)
    rule = choose_rule(country, kind, agreed, setting)
    if kind is None and isinstance(rule, NoRule):
        return _Law(rule, None)
    try:
        country = rule.country if isinstance(rule, InterestRule) and rule.country != "EU" else country
        return _Law(rule, tiers_for(country, kind, currency))
    except NoCompensation as missing:
        return _Law(rule, None, str(missing))


def claim_for(
    invoice: Invoice,
    payments: Movements,
    credits: Movements,
    contact: Contact | None,
    rules: Rules,
    rates: Rates,
    as_of: date,
    notice_on: date | None = None,
) -> Claim:
    """Interest and fixed sum of `invoice` on `as_of`, that day included.

    `payments` and `credits` are what counts on this invoice, with dates, in cents: positive reduces the debt, a negative payment
    is money returned. Later ones than `as_of` are ignored. `notice_on`: the day a formal notice for it was received (a consumer
    owes nothing before). `Claim.interest` holds all interest since the start: added to (amount - payments - credits), it makes
    what is left to pay, whichever part payments cover first.
    """
    settings = rules.settings
    if settings.interest is InterestUse.NEVER:
        return SILENCED
    due = invoice.due
    if as_of <= due or invoice.amount <= 0:
        return NOTHING_DUE
    debt = _debt_when_late(invoice.amount, payments, credits, due, as_of) if payments or credits else invoice.amount
    if debt <= 0:
        return NOTHING_DUE
    law = _law(settings.country, contact, settings, invoice.currency)
    rule = law.rule
    opening = _opening(invoice, contact, as_of) if contact is not None and contact.insolvent_on is not None else None
    fixed = None if law.tiers is None else sum_due(law.tiers, debt)
    if fixed and opening is not None and opening <= due:
        fixed = 0  # not claimable when proceedings forbade paying on the due date (L441-10 II)
    if isinstance(rule, NoRule):
        return Claim(None, fixed, rule.why, _both(rule.missing, law.tiers_missing))
    # The judgment takes effect at the first hour of its day: that day bears no interest any more.
    last = as_of if opening is None else opening - ONE_DAY
    start_after = _start_after(rule, due, notice_on)
    interest: Cents | None = 0
    lines: tuple[InterestLine, ...] = ()
    why = "rate_missing" if law.tiers_missing else ""
    missing = law.tiers_missing
    if start_after is not None and start_after < last:
        plan = schedule(rule, start_after, last, rates)
        if isinstance(plan, Uncomputable):
            interest, why, missing = None, plan.why, _both(plan.missing, law.tiers_missing)
        elif not payments and not credits and not rule.yearly_compounding:
            interest, lines = interest_on(invoice.number, invoice.amount, plan)
        else:
            interest, lines = interest_with_payments(
                invoice.number,
                invoice.amount - _until(payments, start_after) - _until(credits, start_after),
                _between(payments, start_after, last),
                _between(credits, start_after, last),
                plan,
                settings.interest_allocation,
                rule.yearly_compounding,
            )
    return Claim(interest, fixed, why, missing, lines)


def _both(one: str, other: str) -> str:
    return "; ".join(dict.fromkeys(part for part in (one, other) if part))


def _start_after(rule: InterestRule, due: date, notice_on: date | None) -> date | None:
    """The last day without interest; None = interest never starts."""
    if rule.starts is Starts.DUE:
        return due
    if rule.starts is Starts.NEVER or notice_on is None:
        return None
    return max(due, notice_on + timedelta(days=rule.notice_days))


def _opening(invoice: Invoice, contact: Contact, as_of: date) -> date | None:
    """The opening day of proceedings that this claim is older than (C. com. L622-28); later claims are paid as usual."""
    opening = contact.insolvent_on
    return opening if opening is not None and opening <= as_of and invoice.issued < opening else None


def _until(movements: Movements, day: date) -> Cents:
    return sum(amount for on, amount in movements if on <= day)


def _between(movements: Movements, after: date, last: date) -> dict[date, Cents]:
    by_day: dict[date, Cents] = {}
    for on, amount in movements:
        if after < on <= last:
            by_day[on] = by_day.get(on, 0) + amount
    return by_day


def _debt_when_late(amount: Cents, payments: Movements, credits: Movements, due: date, as_of: date) -> Cents:
    """What was owed at the end of the due date; or, when a payment was returned later, on the first day something was owed."""
    debt = amount - _until(payments, due) - _until(credits, due)
    if debt > 0:
        return debt
    later = sorted((on, cents) for moves in (payments, credits) for on, cents in moves if due < on <= as_of)
    for place, (on, cents) in enumerate(later):
        debt -= cents
        if debt > 0 and (place + 1 == len(later) or later[place + 1][0] > on):
            return debt
    return 0


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One printed line. `interest` has four decimals, in units of the currency, so that a reader can add the lines up."""

    invoice: str
    start: date
    end: date
    days: int
    base: Cents
    rate: Decimal
    interest: Decimal


def four_decimals(cents: Fraction) -> Decimal:
    """Exact cents as units of the currency with four decimals, half up: 998.63 cents -> 9.9863."""
    ten_thousandths = Decimal((2 * cents * 100 + 1).__floor__() // 2)
    return (ten_thousandths / 10_000).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def breakdown(claim: Claim) -> tuple[BreakdownRow, ...]:
    """The lines of a claim as they are printed; their sum, rounded to the cent, is the claim's interest."""
    return tuple(
        BreakdownRow(line.invoice, line.start, line.end, line.days, line.base, line.rate, four_decimals(line.interest))
        for line in claim.lines
    )
