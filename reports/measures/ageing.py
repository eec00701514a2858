"""Open, overdue, overdue rate (§1) and the ageing balance (§2), from the balances of one day."""

from reports.measures.measure import Measure, money, ratio, units
from reports.portfolio import BUCKETS, Balances

NO_RECEIVABLES = "no_open_invoices"
DEPTHS = {30: 2, 60: 3, 90: 4}  # days past due -> first bucket beyond


def open_balance(balance: Balances, currency: str) -> Measure:
    """§1-2: receivables net of unapplied credits = the buckets plus `unapplied`, to the cent."""
    return money(balance.net, currency, n=sum(balance.counts))


def overdue(balance: Balances, currency: str) -> Measure:
    """§1: open amount at least one day past due, credits not deducted."""
    return money(balance.overdue, currency, n=sum(balance.counts[1:]))


def overdue_beyond(balance: Balances, currency: str, depth: int) -> Measure:
    """§1: open amount more than 30, 60 or 90 days past due."""
    first = DEPTHS[depth]
    return money(sum(balance.amounts[first:]), currency, n=sum(balance.counts[first:]))


def overdue_rate(balance: Balances) -> Measure:
    """§1: overdue / gross receivables (the buckets alone)."""
    return ratio(units(balance.overdue), units(balance.gross), why_null=NO_RECEIVABLES, n=sum(balance.counts))


def unapplied(balance: Balances, currency: str) -> Measure:
    """§0, §2: credits and money that settle no invoice, at most 0."""
    return money(balance.unapplied, currency)


def ageing(balance: Balances) -> dict[str, dict[str, object]]:
    """§2: number and amount of each bucket, by due date; 90 days past due is in 61-90."""
    return {
        bucket: {"count": count, "amount": f"{amount // 100}.{amount % 100:02d}"}
        for bucket, amount, count in zip(BUCKETS, balance.amounts, balance.counts, strict=True)
    }
