"""One run at a time: a hidden tab whose title Google lets exist only once.

`addSheet` with a title that is taken is refused by the server, so of two runs at the same moment one is refused. The tab
says who holds it and until when; an expired one is removed and replaced in one all-or-nothing request, which fails for
the second of two runs that try.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sync.workbook.google.book import FIELDS_AFTER_BATCH, LOCK_MARK, Book, SheetInfo, book_of
from sync.workbook.google.client import Passing, Refused, SheetsClient

LOCK_TITLE = "relance-lock"
LOCK_HOURS = 6  # a run takes minutes; an older lock belongs to a run that was cut short


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. Times are ISO 8601 with offset; `nonce` tells two runs of one owner apart."""

    owner: str
    since: str
    until: str
    nonce: str

    def text(self) -> str:
        return json.dumps({"owner": self.owner, "since": self.since, "until": self.until, "nonce": self.nonce})


@dataclass(frozen=True, slots=True)
class Held:
    """Our lock: the tab that is it, and what its cell says."""

    sheet_id: int
    holder: Holder

    @property
    def cell(self) -> str:
        return f"'{LOCK_TITLE}'!A1"

    def is_said_by(self, values: Sequence[Sequence[Any]]) -> bool:
        """Whether the cell, as read, still names this run."""
        return bool(values and values[0] and values[0][0] == self.holder.nonce)


class LockLost(Exception):
    """Our lock is gone, or is another run's."""


class Taken(Exception):
    """Another run holds the lock."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(holder.owner)
        self.holder = holder


def find_locks(book: Book) -> list[tuple[SheetInfo, Holder]]:
    """The tabs that are locks, by their mark or by their title."""
    return [(one, _holder(one)) for one in book.sheets if LOCK_MARK in one.marks or one.title.casefold() == LOCK_TITLE]


def take(
    client: SheetsClient, spreadsheet_id: str, owner: str, now: datetime, read_book: Callable[[], Book]
) -> tuple[Held, Book]:
    """Take the lock; gives the book too, which the same answer tells. Raises Taken, Refused.

    `now` is aware; `read_book()` reads the description of the spreadsheet.
    """
    until = now + timedelta(hours=LOCK_HOURS)
    mine = Holder(owner, now.isoformat(timespec="seconds"), until.isoformat(timespec="seconds"), secrets.token_hex(8))
    wanted = secrets.randbelow(2**30) + 2**30
    others: list[SheetInfo] = []

    def act() -> tuple[Held, Book]:
        nonlocal others
        try:
            answer = client.batch(spreadsheet_id, _taking(wanted, mine, others), FIELDS_AFTER_BATCH)
            return Held(wanted, mine), book_of(answer["updatedSpreadsheet"])
        except Passing:
            raise
        except Refused as error:
            if error.status != 400:
                raise
            # The title is taken (perhaps by ourselves: an answer was lost), or another run has just broken the old lock.
            found = find_locks(book := read_book())
            if any(holder.nonce == mine.nonce for _, holder in found):
                return Held(wanted, mine), book
            alive = [holder for _, holder in found if not _is_over(holder, now)]
            if alive:
                raise Taken(alive[0]) from error
            if not found and not others:
                raise
            others = [sheet for sheet, _ in found]
            raise Passing(409, "lock", perhaps_done=False, reason="lock", cause=error) from error

    held, book = client.patiently(act)
    rivals = [holder for sheet, holder in find_locks(book) if sheet.sheet_id != held.sheet_id and not _is_over(holder, now)]
    if rivals:  # a person renamed the other run's lock
        release(client, spreadsheet_id, held.sheet_id)
        raise Taken(rivals[0])
    return held, book


def release(client: SheetsClient, spreadsheet_id: str, sheet_id: int) -> None:
    """Remove a lock by the id of its tab: never another run's. Raises Refused."""

    def act() -> None:
        try:
            client.batch(spreadsheet_id, {"requests": [{"deleteSheet": {"sheetId": sheet_id}}]}, "spreadsheetId")
        except Passing:
            raise
        except Refused as error:
            if error.status != 400:  # no such tab: it is gone already
                raise

    client.patiently(act)


def _taking(sheet_id: int, mine: Holder, others: list[SheetInfo]) -> dict[str, Any]:
    grid = {"rowCount": 1, "columnCount": 1}
    properties = {"sheetId": sheet_id, "title": LOCK_TITLE, "hidden": True, "gridProperties": grid}
    cell = {"userEnteredValue": {"stringValue": mine.nonce}}
    requests: list[Mapping[str, Any]] = [{"deleteSheet": {"sheetId": one.sheet_id}} for one in others]
    requests += [
        {"addSheet": {"properties": properties}},
        {"createDeveloperMetadata": {"developerMetadata": {
            "metadataKey": LOCK_MARK, "metadataValue": mine.text(), "location": {"sheetId": sheet_id}, "visibility": "DOCUMENT",
        }}},
        {"updateCells": {
            "start": {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}, "rows": [{"values": [cell]}],
            "fields": "userEnteredValue",
        }},
    ]  # fmt: skip
    return {"requests": requests, "includeSpreadsheetInResponse": True}


def _holder(sheet: SheetInfo) -> Holder:
    """What a lock says; one that says nothing is held by nobody known, for as long as it stands."""
    try:
        said = json.loads(sheet.marks.get(LOCK_MARK, ""))
        return Holder(str(said["owner"]), str(said["since"]), str(said["until"]), str(said["nonce"]))
    except (ValueError, KeyError, TypeError):
        return Holder("?", "?", "", "")


def _is_over(holder: Holder, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(holder.until) <= now
    except (ValueError, TypeError):
        return False
