"""From raw cells to typed facts and problems. Reading never guesses: what is ambiguous or wrong is told, not repaired."""

from sync.ledger.reading.columns import TabLike
from sync.ledger.reading.ledger import read_ledger

__all__ = ["TabLike", "read_ledger"]
