"""Writing the Journal: rows chained one to the other and sealed with a key kept outside the sheet.

The seal of a row covers its cells and the seal before it. Texts enter as digests, so that erasing a message's words
on request leaves the chain whole.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sync.dunning.history import OWN_NOTES
from sync.dunning.model import Observation
from sync.ledger.model import ERASED, JournalRow, is_erased
from sync.ledger.words import Act

ERASABLE = ("text", "subject", "recipient", "note")  # columns that may hold a person's words or address
_TEXTS = (
    "run", "actor", "customer", "currency", "cadence", "channel", "recipient", "message_id", "subject", "text", "field", "old",
    "new", "note", "key",
)  # fmt: skip
_MOST_UNITS = 32_000  # of UTF-16, a little less than any cell holds: a sealed text is never cut by its carrier
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    for name in ERASABLE:
        cells[name] = digest(str(cells[name]), key)
    said = json.dumps([previous, cells], ensure_ascii=False, sort_keys=True)
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def digest(text: str, key: bytes = b"") -> str:
    """The digest that stands for a text in the seal; an erased text keeps it as "erased:<digest>".

    Under the key of the seals, so that an address cannot be found again by trying likely ones.
    """
    if is_erased(text):
        return text.removeprefix(ERASED)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32] if text else ""


def erased(rows: Sequence[JournalRow], wanted: Container[int], key: bytes) -> Mapping[int, Mapping[str, str]]:
    """What replaces the words of the rows at these places of `rows`: place -> column -> "erased:<digest>".

    Blank cells stay, and the notes that the program wrote for itself: a test or an automatic answer remains one.

    Each row keeps the key it was sealed with, so that the chain holds. Raises `BrokenSeal` at a row whose seal does not hold.
    """
    found: dict[int, dict[str, str]] = {}
    last, keys = "", [b"", key] if key else [b""]
    for place, row in enumerate(rows):
        used: bytes | None = keys[-1]
        if row.hash or last:
            used = next((one for one in keys if hmac.compare_digest(seal(row, last, one).encode(), row.hash.encode())), None)
            if used is None:
                raise BrokenSeal(row.row)
        last = row.hash
        if place in wanted:
            texts = {name: str(getattr(row, name)) for name in ERASABLE}
            if row.note in OWN_NOTES:
                del texts["note"]
            found[place] = {
                name: ERASED + digest(text, used or b"") for name, text in texts.items() if text and not is_erased(text)
            }
    return found


class BrokenSeal(ValueError):
    """A row of the Journal does not hold its seal: altered, or sealed with another key than the one given."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def storable(row: JournalRow) -> JournalRow:
    """The row as every carrier gives it back: the seal must be that of what will be read."""
    texts: dict[str, Any] = {name: _storable_text(getattr(row, name)) for name in _TEXTS}
    return replace(row, when=row.when.replace(microsecond=0), **texts)


def _storable_text(text: str) -> str:
    if text.isprintable() and len(text) <= _MOST_UNITS // 2:
        return text if text.strip() else ""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    units = text.encode("utf-16-le")
    if len(units) > 2 * _MOST_UNITS:
        text = units[: 2 * _MOST_UNITS].decode("utf-16-le", "ignore")
    return text if text.strip() else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What checking a journal found. `first_altered` is the sheet's row of the first seal that does not hold, None when
    all do; `unsealed` rows at the start have no seal (they were there before Relance), `unkeyed` ones after them were sealed
    before there was a key.
    """

    rows: int
    head: str  # the last seal: whoever noted it elsewhere can see that no row was taken off the end
    first_altered: int | None = None
    unkeyed: int = 0
    unsealed: int = 0
    erased: int = 0
    head_missing: bool = False

    @property
    def is_sound(self) -> bool:
        return self.first_altered is None and not self.head_missing


def check_chain(rows: Sequence[JournalRow], key: bytes, head: str = "") -> Chain:
    """Compute every seal again, in the order of the sheet. The journal may have begun before a key was set.

    `head` is a seal noted earlier: a journal that no longer has it was cut, or made again.
    """
    gone = bool(head) and all(row.hash != head for row in rows)
    last = ""
    unkeyed = unsealed = 0
    keys = [b"", key] if key else [b""]
    for row in rows:
        if not row.hash and not last:
            unsealed += 1
            continue
        found = next((one for one in keys if hmac.compare_digest(seal(row, last, one).encode(), row.hash.encode())), None)
        if found is None:
            return Chain(
                rows=len(rows), head=_head(rows), first_altered=row.row, unkeyed=unkeyed, unsealed=unsealed, head_missing=gone
            )
        if found == b"":
            unkeyed += 1
        else:
            keys = [key]  # once sealed with the key, always
        last = row.hash
    erased = sum(is_erased(row.text) or is_erased(row.subject) for row in rows)
    return Chain(rows=len(rows), head=_head(rows), unkeyed=unkeyed, unsealed=unsealed, erased=erased, head_missing=gone)


def _head(rows: Sequence[JournalRow]) -> str:
    return rows[-1].hash if rows else ""


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
        """Seal and append; returns once the rows are safe."""
        sealed = []
        last = self._last
        for row in rows:
            row = storable(row)
            row = replace(row, hash=seal(row, last, self._key))
            last = row.hash
            sealed.append(row)
        if sealed:
            self._append([cells_of(row) for row in sealed])
            self._last = last
            self.written += sealed
