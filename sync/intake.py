"""An accounting export brought into the workbook, under its lock."""

from pathlib import Path

from sync.importing.headings import Kind
from sync.importing.report import Report
from sync.importing.run import Asked, Facts, prepare
from sync.ledger.balances import settle
from sync.ledger.words import Language
from sync.post.journal import JournalWriter, row_of
from sync.run.clock import Clock
from sync.run.gathering import gather
from sync.workbook.tabs import Workbook

IMPORTER = "import"  # run and actor of what an import remembers


def import_file(
    workbook: Workbook, path: Path, kind: Kind, asked: Asked, clock: Clock, *, journal_key: bytes = b""
) -> tuple[Report, Language]:
    """Bring an accounting export in. Raises UsageError with what to add to the command."""
    now = clock.utc_now()
    workbook.lock("import", now)
    try:
        gathered = gather(workbook, clock)
        settings = gathered.rules.settings
        facts = Facts(language=settings.language, today=gathered.as_of, open_cents=settle(gathered.ledger, gathered.as_of).open)
        prepared = prepare(path, kind, gathered.snapshot, asked, facts)
        if prepared.to_remember is not None:
            row = row_of(prepared.to_remember, clock.now(settings.time_zone), IMPORTER, IMPORTER)
            JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write([row])
        workbook.write(prepared.changes)
        return prepared.report, settings.language
    finally:
        workbook.unlock()
