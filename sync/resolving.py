"""Messages that may or may not have left: a person says what became of them."""

from collections.abc import Sequence

from sync.errors import UsageError
from sync.ledger.model import JournalRow
from sync.ledger.words import Language
from sync.post.journal import JournalWriter
from sync.post.unsettled import open_messages, settled
from sync.run.clock import Clock
from sync.run.gathering import gather
from sync.sentences import sentence
from sync.workbook.tabs import Changes, Workbook


def uncertain_messages(workbook: Workbook, clock: Clock) -> tuple[Sequence[JournalRow], Language]:
    """Messages that may or may not have left, oldest first."""
    gathered = gather(workbook, clock)
    return list(open_messages(gathered.ledger.journal).values()), gathered.rules.settings.language


def resolve(
    workbook: Workbook, clock: Clock, key: str, *, sent: bool, run_id: str, journal_key: bytes = b""
) -> tuple[JournalRow, Language]:
    """A person says what became of an uncertain message. `key` is the message's, or its number in `uncertain_messages`."""
    workbook.lock(f"resolve {run_id}", clock.utc_now())
    try:
        gathered = gather(workbook, clock)
        settings = gathered.rules.settings
        uncertain = open_messages(gathered.ledger.journal)
        if key.isdigit() and 1 <= int(key) <= len(uncertain):
            key = list(uncertain)[int(key) - 1]
        if key not in uncertain:
            raise UsageError(sentence("no_such_uncertain", settings.language))
        row = settled(uncertain[key], sent, clock.now(settings.time_zone), run_id, "person", "resolved")
        JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write([row])
        workbook.write(Changes())
        return row, settings.language
    finally:
        workbook.unlock()
