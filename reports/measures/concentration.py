"""Concentration of the receivables (§15): share of the ten largest customers, Herfindahl index."""

from collections.abc import Mapping
from fractions import Fraction

from reports.measures.measure import POINTS, Measure, missing, ratio, units
from sync.ledger.model import Cents

NO_BALANCES = "no_positive_balance"
FEW_CUSTOMERS = "fewer_than_10_customers"


def largest(by_customer: Mapping[str, Cents], top: int = 10) -> list[tuple[str, Cents]]:
    """§15: the largest positive balances, largest first; ties by customer key, so that reruns agree."""
    positive = [(customer, cents) for customer, cents in by_customer.items() if cents > 0]
    return sorted(positive, key=lambda pair: (-pair[1], pair[0]))[:top]


def top_share(by_customer: Mapping[str, Cents], top: int = 10) -> Measure:
    """§15: ten largest positive customer balances / all positive balances; `n` = customers that owe.

    With fewer than ten customers it reads "top n of n": warning `fewer_than_10_customers`, no trend.
    """
    positive = [cents for cents in by_customer.values() if cents > 0]
    warnings = (FEW_CUSTOMERS,) if 0 < len(positive) < top else ()
    head = sum(cents for _, cents in largest(by_customer, top))
    return ratio(units(head), units(sum(positive)), why_null=NO_BALANCES, n=len(positive), warnings=warnings)


def hhi(by_customer: Mapping[str, Cents]) -> Measure:
    """§15: sum of squared shares x 10 000. Unit: points, 0 to 10 000."""
    positive = [cents for cents in by_customer.values() if cents > 0]
    if not positive:
        return missing(POINTS, NO_BALANCES)
    squares, total = sum(cents * cents for cents in positive), sum(positive)
    return Measure(
        value=Fraction(squares * 10_000, total * total), unit=POINTS, n=len(positive), numerator=Fraction(squares, 10_000),
        denominator=Fraction(total * total, 10_000),
    )  # fmt: skip


def equivalent_customers(index: Measure) -> Measure:
    """§15: 10 000 / HHI, the number of equal customers that would be as concentrated. Unit: customers."""
    if index.value is None:
        return missing("customers", index.why_null)
    return Measure(value=10_000 / Fraction(index.value), unit="customers", n=index.n)
