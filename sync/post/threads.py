"""Which messages of the Journal belong to one case: the successive reminders stand in one thread of the mailbox."""

from collections import defaultdict
from collections.abc import Sequence

from sync.dunning.history import TEST_NOTE
from sync.dunning.model import Decision
from sync.ledger.model import JournalRow
from sync.ledger.words import Act


class Threads:
    """The Message-IDs that left, by invoice, oldest first."""

    def __init__(self, journal: Sequence[JournalRow]) -> None:
        bounced = {row.key for row in journal if row.status is Act.BOUNCED and row.key}
        self._ids: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, row in enumerate(journal):
            left = row.status is Act.SENT and row.message_id and row.step is not None
            if left and row.note != TEST_NOTE and row.key not in bounced:
                for number in row.invoices:
                    self._ids[number].append((place, row.message_id))

    def of(self, decision: Decision) -> tuple[str, ...]:
        """A case is told by the invoices that an earlier message claimed and this one still does."""
        found = {entry for number in decision.invoices for entry in self._ids.get(number, ())}
        return tuple(dict.fromkeys(name for _, name in sorted(found)))
