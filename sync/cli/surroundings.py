"""What surrounds a command: the clock, the environment, the carrier, and where its files stand."""

import os
import secrets
from datetime import UTC, date, datetime
from pathlib import Path

from sync.dunning.configuration import read_rules
from sync.errors import UsageError
from sync.ledger.words import Language
from sync.papers import Shelves
from sync.paperwork import Paperwork
from sync.postroom import Mailing
from sync.run.clock import Clock
from sync.sentences import sentence
from sync.workbook.addresses import is_google
from sync.workbook.excel.carrier import Excel
from sync.workbook.tabs import Workbook


def language_here() -> Language:
    """The language of a message said before the workbook could be read."""
    return "en" if os.environ.get("LANG", "fr").lower().startswith("en") else "fr"


def is_ci() -> bool:
    return bool(os.environ.get("CI"))


def clock_of(as_of: date | None) -> Clock:
    return Clock(utc_now=lambda: datetime.now(UTC), as_of=as_of)


def open_workbook(workbook: str) -> Workbook:
    """A carrier for a path or a Google address."""
    if not workbook.strip():
        raise UsageError(sentence("workbook_missing", language_here()))
    if is_google(workbook):
        from sync.workbook.google.open import open_google  # its libraries are slow to import

        return open_google(workbook, language_here(), os.environ)
    return Excel(Path(workbook), language_here())


def open_to_write(workbook: str, as_of: date | None) -> Workbook:
    """The same; a Google spreadsheet is only ever written as of the real today."""
    book = open_workbook(workbook)
    if as_of is not None and is_google(workbook):
        zone = read_rules(book.read(["settings"]).tabs).settings.time_zone
        if as_of != clock_of(None).real_today(zone):
            raise UsageError(sentence("google_another_day", language_here(), as_of=as_of.isoformat()))
    return book


def _beside(workbook: str) -> Path:
    """Where the files of a run stand: beside a local workbook, else in the current folder."""
    return Path("relance") if is_google(workbook) else Path(workbook)


def outbox_of(workbook: str, outbox: Path | None) -> Path | None:
    """The folder for messages without a mail server; None on GitHub, whose machine is gone after the run."""
    chosen = outbox or os.environ.get("RELANCE_OUTBOX")
    if chosen:
        return Path(chosen)
    if os.environ.get("GITHUB_ACTIONS"):
        return None
    path = _beside(workbook)
    return path.with_name(f"{path.stem}.outbox")


def paperwork_of(workbook: str, documents: Path | None) -> Paperwork:
    """Documents beside the workbook, unless a folder is given."""
    chosen = documents or os.environ.get("RELANCE_DOCUMENTS")
    path = _beside(workbook)
    folder = Path(chosen) if chosen else path.with_name(f"{path.stem}.documents")
    return Paperwork(folder=folder, pages=path.with_name(f"{path.stem}.pages"), payee=os.environ.get("RELANCE_PAYEE", ""))


def paperwork_of_run(workbook: str, documents: Path | None) -> Paperwork | None:
    """The same for what nobody asked for; None on GitHub, whose machine is gone after the run, unless a folder is given."""
    is_lost = os.environ.get("GITHUB_ACTIONS") and not (documents or os.environ.get("RELANCE_DOCUMENTS"))
    return None if is_lost else paperwork_of(workbook, documents)


def shelves_of(workbook: str, outbox: Path | None, documents: Path | None, dossiers: Path | None) -> Shelves:
    """The folders that hold files about customers, made or not."""
    paper = paperwork_of(workbook, documents)
    return Shelves(outbox=outbox_of(workbook, outbox), documents=paper.folder, dossiers=dossiers or paper.dossiers)


def new_run_id() -> str:
    return os.environ.get("GITHUB_RUN_ID") or secrets.token_hex(4)


def mailing() -> Mailing:
    return Mailing(
        smtp_url=os.environ.get("RELANCE_SMTP_URL", ""),
        imap_url=os.environ.get("RELANCE_IMAP_URL", ""),
        oauth=os.environ.get("RELANCE_MAIL_OAUTH", ""),
        payee=os.environ.get("RELANCE_PAYEE", ""),
        site_url=os.environ.get("RELANCE_SITE_URL", ""),
    )


def journal_key() -> bytes:
    return os.environ.get("RELANCE_JOURNAL_KEY", "").encode()


def site_key() -> str:
    """The key of the site's pseudonyms."""
    return os.environ.get("RELANCE_SITE_KEY", "")
