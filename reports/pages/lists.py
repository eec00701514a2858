"""The lists behind the tiles: what is disputed, invoice by invoice and customer by customer."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from reports.measures.disputes import Dispute, disputes
from reports.portfolio import Portfolio, final_level
from sync.ledger.model import Cents, JournalRow


def contested(portfolio: Portfolio, journal: Sequence[JournalRow]) -> Sequence[Dispute]:
    """The disputes still open on what is still owed."""
    items = {item.number: item for item in portfolio.items}
    found = disputes(items, journal, portfolio.as_of)
    return [one for one in found if one.closed is None and disputed_part(one) > 0]


def disputed_part(one: Dispute) -> Cents:
    return min(one.amount, final_level(one.item).open)


def disputed_by_customer(found: Sequence[Dispute]) -> Mapping[str, Cents]:
    total: dict[str, Cents] = defaultdict(int)
    for one in found:
        total[one.item.customer] += disputed_part(one)
    return total
