"""What a request is handled with: who asks, which file, and how the emulator behaves where Google's behaviour is unknown."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from .a1 import Area, Block
from .errors import ApiError, Json
from .grid import Sheet, public
from .locales import LocaleFacts, locale_facts
from .workbook import Drive, Spreadsheet


@dataclass
class Switches:
    """Open questions about Google, each answered either way; a gateway that is safe passes its tests under both.

    The first value of each is the likelier one.
    """

    #: A sort leaves row developer metadata at its position (False), or the metadata moves with the row's content.
    metadata_follows_sort: bool = False
    #: `values.update` past the end of the grid is refused, or grows the grid.
    update_overflow: Literal["refuse", "grow"] = "refuse"
    #: HTTP status of a write into a protected range.
    protected_status: Literal[400, 403] = 400
    #: Whether strict data validation refuses the API's writes of values.
    validation_enforced: bool = False
    #: Whether findReplace reads its replacements as typed text.
    replacement_is_typed: bool = True
    #: Which of several tables in the range `append` continues: the one that ends lowest, or the rightmost.
    append_table: Literal["lowest", "rightmost"] = "lowest"
    #: Whether RAW turns the words TRUE and FALSE into booleans.
    raw_booleans: bool = False
    #: Whether a formula whose result is "" still counts as a non-empty cell when answers are trimmed.
    blank_formula_counts: bool = True
    #: Whether an assertion's times are checked, as Google checks them, or only its form.
    checks_assertion_times: bool = False
    #: Whether tokens that no endpoint of this emulator issued are let in.
    any_token: bool = False


class Clock:
    """The emulator's time: it stands still and is moved by hand, or runs with the machine's clock.

    A standing clock steps by a millisecond at each request, so that modification times differ.
    """

    def __init__(self, *, running: bool, start: dt.datetime | None = None) -> None:
        self._running = running
        self._lock = threading.Lock()
        self._offset = dt.timedelta()
        self._start = start or dt.datetime.now(dt.UTC)

    def now(self) -> dt.datetime:
        """The time now, aware, in UTC."""
        with self._lock:
            base = dt.datetime.now(dt.UTC) if self._running else self._start
            return base + self._offset

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        with self._lock:
            self._offset += dt.timedelta(seconds=seconds)

    def set(self, moment: dt.datetime) -> None:
        """Make it this time (aware)."""
        self.advance((moment - self.now()).total_seconds())

    def step(self) -> None:
        """One request has come in."""
        if not self._running:
            self.advance(0.001)

    def stamp(self) -> str:
        """The time as Drive writes it."""
        return self.now().strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.now().microsecond // 1000:03d}Z"


class Nap:
    """A sleep that ends early when the emulator stops."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def sleep(self, seconds: float) -> None:
        self._over.wait(seconds)

    def end(self) -> None:
        self._over.set()


@dataclass(frozen=True, slots=True)
class Context:
    """One request's surroundings."""

    drive: Drive
    spreadsheet: Spreadsheet
    email: str
    switches: Switches
    clock: Clock
    started: float = field(default_factory=time.monotonic)

    @property
    def facts(self) -> LocaleFacts:
        return locale_facts(self.spreadsheet.locale)

    @property
    def today(self) -> dt.date:
        return self.spreadsheet.local_now().date()

    def changed(self) -> None:
        """The file was modified."""
        self.spreadsheet.touch()
        self.spreadsheet.modified = self.clock.stamp()

    def check_editable(self, sheet: Sheet, block: Block) -> None:
        """Refuse a write that touches a range protected against this account."""
        for entry in sheet.protected_ranges:
            if entry.get("warningOnly") or self.may_edit(entry):
                continue
            free = [sheet.block(area) for area in entry.get("unprotectedRanges", [])]
            touched = sheet.block(self.protected_area(entry, sheet)).meets(block)
            if touched and not any(part.holds(block) for part in free):
                raise protected(self.switches)

    def protected_area(self, entry: Json, sheet: Sheet) -> Area:
        """The range of a protection; one by name follows the name."""
        name = entry.get("namedRangeId")
        if name is not None:
            for named in self.spreadsheet.named_ranges:
                if named["namedRangeId"] == name:
                    area: Area = named["range"]
                    return area
        found: Area = entry.get("range", Area(sheet.sheet_id))
        return found

    def may_edit(self, entry: Json) -> bool:
        """Whether this account is among the editors of a protection (the owner always is)."""
        if self.email == self.spreadsheet.owner or entry.get("warningOnly"):
            return True
        editors = entry.get("editors", {})
        return self.email in editors.get("users", []) or self.email in editors.get("groups", [])


def protected(switches: Switches) -> ApiError:
    """The refusal of a write into a protected range."""
    message = (
        "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
        "if you need to edit."
    )
    return ApiError(switches.protected_status, message)


def shown(item: Json) -> Json:
    """Stored JSON, typed for answers."""
    result: Json = public(item)
    return result
