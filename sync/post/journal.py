"""Writing the Journal: rows chained one to the other and sealed with a key kept outside the sheet.

The seal of a row covers its cells and the seal before it. Texts enter as digests, so that erasing a message's words
on request leaves the chain whole.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

from sync.dunning.model import Observation
from sync.ledger.model import JournalRow
from sync.ledger.words import Act

_ERASABLE = ("text", "subject")


def row_of(observation: Observation, when: datetime, run: str, actor: str) -> JournalRow:
    """An observation of the engine as a row of the Journal."""
    values = {one.name: getattr(observation, one.name) for one in fields(observation)}
    return JournalRow(row=0, when=when, run=run, actor=actor, **{**values, "status": Act(observation.status)})


def cells_of(row: JournalRow) -> Mapping[str, str | int | float]:
    """A journal row as cells, none blank between two: a blank would split the table when rows are appended."""
    return {
        "when": row.when.isoformat(timespec="seconds"),
        "run": row.run,
        "actor": row.actor,
        "customer": row.customer,
        "invoices": ", ".join(row.invoices),
        "currency": row.currency,
        "cadence": row.cadence,
        "step": row.step if row.step is not None else "",
        "occurrence": row.occurrence if row.occurrence is not None else "",
        "channel": row.channel,
        "status": str(row.status),
        "amount": row.amount / 100 if row.amount is not None else "",
        "recipient": row.recipient,
        "message_id": row.message_id,
        "subject": row.subject,
        "text": row.text,
        "field": row.field,
        "old": row.old,
        "new": row.new,
        "note": row.note,
        "key": row.key,
        "hash": row.hash,
    }


def seal(row: JournalRow, previous: str, key: bytes) -> str:
    """The seal of `row` after the seal `previous`: HMAC-SHA256, hexadecimal."""
    cells = {name: cell for name, cell in cells_of(row).items() if name != "hash"}
    for name in _ERASABLE:
        cells[name] = digest(str(cells[name]))
    said = json.dumps([previous, cells], ensure_ascii=False, sort_keys=True)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def digest(text: str) -> str:
    """The digest that stands for a text in the seal; an erased text keeps it as "erased:<digest>"."""
    if text.startswith("erased:"):
        return text.removeprefix("erased:")
    return hashlib.sha256(text.encode()).hexdigest()[:32] if text else ""


class JournalWriter:
    """Seals rows after the last known one and hands them to the carrier, which returns once they are safe."""

    def __init__(
        self, append: Callable[[Sequence[Mapping[str, str | int | float]]], None], known: Sequence[JournalRow], key: bytes
    ) -> None:
        self._append = append
        self._key = key
        self._last = known[-1].hash if known else ""
        self.written: list[JournalRow] = []

    def write(self, rows: Sequence[JournalRow]) -> None:
        sealed = []
        last = self._last
        for row in rows:
            row = replace(row, hash=seal(row, last, self._key))
            last = row.hash
            sealed.append(row)
        if sealed:
            self._append([cells_of(row) for row in sealed])
            self._last = last
            self.written += sealed
