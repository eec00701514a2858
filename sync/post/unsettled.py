"""Messages whose fate nobody recorded, and what a person says of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sync.dunning.history import TEST_NOTE
from sync.ledger.model import JournalRow
from sync.ledger.words import Act

OPEN = (Act.RESERVED, Act.UNCERTAIN)
ENDS = (Act.SENT, Act.FAILED, Act.WITHHELD, Act.DONE, Act.SKIPPED)


def open_messages(journal: Sequence[JournalRow]) -> Mapping[str, JournalRow]:
    """By key: the last row of each message that is reserved or uncertain."""
    found: dict[str, JournalRow] = {}
    for row in journal:
        if row.key and row.status in OPEN:
            found[row.key] = row
        elif row.key and row.status in ENDS:
            found.pop(row.key, None)
    return found


def unsettled(journal: Sequence[JournalRow], when: datetime, run: str, actor: str) -> list[JournalRow]:
    """A row `uncertain` for each reservation that an earlier run left without an outcome."""
    return [
        replace(row, row=0, when=when, run=run, actor=actor, status=Act.UNCERTAIN, hash="")
        for row in open_messages(journal).values()
        if row.status is Act.RESERVED
    ]


def settled(row: JournalRow, sent: bool, when: datetime, run: str, actor: str, note: str) -> JournalRow:
    """What became of an uncertain message. A message diverted to the test address stays marked so."""
    return replace(
        row,
        row=0,
        when=when,
        run=run,
        actor=actor,
        status=Act.SENT if sent else Act.FAILED,
        note=TEST_NOTE if row.note == TEST_NOTE else note,
        hash="",
    )
