"""A workbook with a mail server: runs at a given hour, as the scheduled job would, with the real carrier and real SMTP."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sheet import Sheet

from sync.pipeline import Synced, sync
from sync.postroom import Mailing, PostRoom
from sync.resolving import resolve
from sync.run.clock import Clock
from sync.workbook.excel.carrier import Excel

PARIS = ZoneInfo("Europe/Paris")
MONDAY = "2026-02-02 10:00"
KEY = b"journal key"


class Postal(Sheet):
    """`postal.passes(url)` is a run on Monday 2 February 2026 at ten; the Journal is not empty, as after a first run."""

    def __init__(self, folder: Path, language: str = "fr", *, first: bool = False, **settings: object) -> None:
        super().__init__(folder, language, **settings)
        if not first:
            self.add("journal", when="2026-01-02T09:00:00+01:00", status="observed", field="mode", new="auto", customer="")

    def clock(self, at: str = MONDAY) -> Clock:
        moment = datetime.fromisoformat(at).replace(tzinfo=PARIS)
        return Clock(utc_now=lambda: moment)

    def passes(self, smtp: str = "", at: str = MONDAY, run: str = "run", **mailing: str) -> Synced:
        book, clock = Excel(self.path), self.clock(at)
        post = PostRoom(
            workbook=book, clock=clock, outbox=self.outbox, mailing=Mailing(smtp_url=smtp, **mailing)
        )  # fmt: skip
        return sync(book, clock, post, run_id=run, actor="relance", journal_key=KEY)

    def resolves(self, key: str, *, sent: bool, at: str = MONDAY) -> None:
        resolve(Excel(self.path), self.clock(at), key, sent=sent, run_id="r", journal_key=KEY)

    def journal(self, *statuses: str) -> list[Mapping[str, Any]]:
        return [
            row
            for row in self.rows("journal")
            if row["status"] in (statuses or ("reserved", "sent", "failed", "uncertain", "withheld", "bounced"))
        ]

    def acts(self) -> list[str]:
        """ "reserved F-1" for each act of a message, in journal order."""
        return [f"{row['status']} {row['invoices']}" for row in self.journal()]
