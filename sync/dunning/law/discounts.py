"""Discounts for early payment (escompte) and under a condition (a plan that is kept): arithmetic only, a person decides.

A discount lowers the price, so net amount and VAT fall together: by a credit note, or by the buyer deducting VAT on the lower price.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sync.ledger.model import Cents


def discount_on(amount: Cents, percent: Decimal) -> Cents:
    """Cents taken off `amount`, half up. Raises ValueError when `percent` is not between 0 (excluded) and 100 (excluded)."""
    _check(percent)
    return int((amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def annual_equivalent(percent: Decimal, days_earlier: int) -> Decimal:
    """What the discount costs the seller as a rate a year, in percent: p / (100 - p) x 365 / days, two decimals.

    2 % for payment 20 days earlier is 37.24 % a year. Raises ValueError when nothing is paid earlier.
    """
    _check(percent)
    if days_earlier <= 0:
        raise ValueError(days_earlier)
    return (percent / (100 - percent) * 36500 / days_earlier).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _check(percent: Decimal) -> None:
    if not 0 < percent < 100:
        raise ValueError(percent)


@dataclass(frozen=True, slots=True)
class EarlyOffer:
    """Pay `to_pay` until `pay_by`, that day included, instead of the whole `days_earlier` days later."""

    discount: Cents
    to_pay: Cents
    pay_by: date
    days_earlier: int
    yearly_cost: Decimal  # percent


def early_offer(
    open_amount: Cents, issued: date, due: date, percent: Decimal, days_after_issue: int, as_of: date
) -> EarlyOffer | None:
    """The offer that still stands on `as_of`; None when its day is past or is not before the due date."""
    pay_by = issued + timedelta(days=days_after_issue)
    if as_of > pay_by or pay_by >= due or open_amount <= 0:
        return None
    off = discount_on(open_amount, percent)
    days = (due - pay_by).days
    return EarlyOffer(off, open_amount - off, pay_by, days, annual_equivalent(percent, days))


class ShortPayment(StrEnum):
    DISCOUNT_TAKEN = "discount_taken"  # paid in time: the rest is the discount, a credit note closes it
    DISCOUNT_LATE = "discount_late"  # paid after the date: a person decides whether the rest is a debt
    NOT_A_DISCOUNT = "not_a_discount"


def short_payment(amount: Cents, paid: Cents, paid_on: date, percent: Decimal, pay_by: date) -> ShortPayment:
    """Whether what is missing from a payment is just the discount, to the cent."""
    if paid <= 0 or amount - paid != discount_on(amount, percent):
        return ShortPayment.NOT_A_DISCOUNT
    return ShortPayment.DISCOUNT_TAKEN if paid_on <= pay_by else ShortPayment.DISCOUNT_LATE


@dataclass(frozen=True, slots=True)
class ConditionalDiscount:
    """A discount granted only if the plan is kept to its end."""

    total: Cents
    discount: Cents

    def due(self, kept: bool) -> Cents:
        """What is due in all: the discount is lost with a broken plan."""
        return self.total - self.discount if kept else self.total


def conditional_discount(total: Cents, percent: Decimal) -> ConditionalDiscount:
    """`percent` off `total` on condition."""
    return ConditionalDiscount(total, discount_on(total, percent))
