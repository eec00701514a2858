"""The fixed sum for recovery costs: once per late invoice, between businesses and with public buyers, never from a consumer.

The sum is in the currency of the debtor's law. No exchange rate is known here, so an invoice in another currency has none.
The caps a consumer's contract may reach (Belgium, the Netherlands) are `contract_cap`: never due by law, never added by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from sync.dunning.law.tables import table
from sync.ledger.model import Cents
from sync.ledger.words import Kind


class NoCompensation(LookupError):
    """No sum can be told; `str()` says what is missing."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of `data/compensation.csv`. Cents; `debt_to` None = no upper end, included otherwise."""

    currency: str
    debt_from: Cents
    debt_to: Cents | None
    fixed: Cents
    percent_of_excess: Decimal
    excess_over: Cents
    minimum: Cents
    cap: Cents | None

    def sum_for(self, debt: Cents) -> Cents:
        """Fixed part, plus the percentage of what exceeds `excess_over`, within the minimum and the cap."""
        if not self.percent_of_excess:
            return self.fixed
        excess = max(0, debt - self.excess_over) * self.percent_of_excess / 100
        total = self.fixed + int(excess.quantize(Decimal(1), ROUND_HALF_UP))
        return max(self.minimum, total if self.cap is None else min(total, self.cap))


def _cents(text: str) -> Cents:
    return int(Decimal(text) * 100)


def _tier(cells: Mapping[str, str]) -> Tier:
    return Tier(
        cells["currency"],
        _cents(cells["debt_from"]),
        _cents(cells["debt_to"]) if cells["debt_to"] else None,
        _cents(cells["fixed_amount"]),
        Decimal(cells["percent_of_excess"]),
        _cents(cells["excess_over"]),
        _cents(cells["minimum"]),
        _cents(cells["cap"]) if cells["cap"] else None,
    )


@lru_cache(maxsize=512)
def _tiers(country: str, kind: Kind | None, basis: frozenset[str]) -> tuple[Tier, ...]:
    word = kind if kind is not None else "unknown"
    return tuple(
        _tier(row)
        for row in table("compensation")
        if country in row["applies_in"].split("|") and word in row["kinds"].split("|") and row["basis"] in basis
    )


_BY_LAW = frozenset({"by_law"})
_BY_CONTRACT = frozenset({"clause", "letter"})


def _among(tiers: tuple[Tier, ...], debt: Cents) -> Cents:
    for tier in tiers:
        if tier.debt_from <= debt and (tier.debt_to is None or debt <= tier.debt_to):
            return tier.sum_for(debt)
    return 0


def tiers_for(country: str, kind: Kind | None, currency: str) -> tuple[Tier, ...]:
    """The sums due by law, by size of the debt; () where nothing ever is.

    Raises `NoCompensation` when the country has no row, or its sum is in another currency.
    """
    if kind is Kind.CONSUMER:
        return ()
    tiers = _tiers(country, kind, _BY_LAW)
    if not tiers:
        raise NoCompensation(f"{country} {kind}")
    if all(tier.fixed == 0 for tier in tiers):
        return ()
    if tiers[0].currency != currency:
        raise NoCompensation(f"{tiers[0].currency}/{currency}")
    return tiers


def sum_due(tiers: tuple[Tier, ...], debt: Cents) -> Cents:
    """Cents due by law on one late invoice. `debt`: what was owed on it when it became late."""
    return _among(tiers, debt) if debt > 0 else 0


def contract_cap(country: str, kind: Kind, debt: Cents) -> Cents | None:
    """The most a contract clause (BE) or the legal letter (NL) may ask from a consumer, in cents; None = no such rule known.

    Information for the person who writes the letter; the program never adds it. Belgium: book XIX CDE; Netherlands: BIK 2012.
    """
    tiers = _tiers(country, kind, _BY_CONTRACT)
    return _among(tiers, debt) if tiers else None
