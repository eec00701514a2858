"""Which files on this machine are about one customer: messages of the outbox, PDF documents, files for a professional.

Names say whose a document is (`sync.letters.documents.model.file_name`). Two codes that are written the same way in a file name
("A/1" and "A-1") are told apart by the digest at its end; what cannot be told apart is named and left to a person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from sync.dunning.model import Cadence, joined_key
from sync.dunning.today.keys import REVIEW
from sync.ledger.model import JournalRow, Ledger
from sync.ledger.words import Channel, Language
from sync.letters.documents.model import LETTERS, code_mark, file_name, plain_name

_LANGUAGES: tuple[Language, ...] = ("fr", "en")
_ABOUT_A_STEP = (*LETTERS, Channel.CALL, "interest")
_MOST_OCCURRENCES = 3  # of one step, when documents are told apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where the files stand; None = there is no such folder here."""

    outbox: Path | None = None
    documents: Path | None = None
    dossiers: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Files about one customer; `doubtful` ones may be about another customer whose code is written the same way."""

    documents: tuple[Path, ...] = ()
    dossiers: tuple[Path, ...] = ()
    doubtful: tuple[Path, ...] = ()

    @property
    def all(self) -> tuple[Path, ...]:
        return self.documents + self.dossiers


def papers_of(ledger: Ledger, cadences: Sequence[Cadence], customer: str, shelves: Shelves) -> Papers:
    """The documents and files for a professional of one customer, as their names say."""
    plain = plain_name(customer)
    others = {one for one in _codes(ledger) if one != customer and plain_name(one).casefold() == plain.casefold()}
    documents = [path for path in _files(shelves.documents, "*.pdf") if _starts(path.name, plain)]
    dossiers = [path for path in _entries(shelves.dossiers) if _starts(path.name, plain)]
    if not others:
        return Papers(documents=tuple(documents), dossiers=tuple(_below(dossiers)))
    own = _names(ledger, cadences, customer)
    foreign = {name for one in others for name in _names(ledger, cadences, one)}
    if mark := code_mark(customer):
        mine = [path for path in dossiers if _is_marked(path, {mark})]
    else:  # a plain code bears no mark: what bears another's is theirs
        mine = [path for path in dossiers if not _is_marked(path, {code_mark(one) for one in others})]
    return Papers(
        documents=tuple(path for path in documents if path.name in own),
        dossiers=tuple(_below(mine)),
        doubtful=tuple(path for path in documents if path.name not in own | foreign),
    )


def written_before(path: Path, day: date) -> bool:
    """Whether the file is older than that day: a document that has not changed is not written again."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date() < day


def papers_before(shelves: Shelves, day: date) -> list[Path]:
    """Every document, and every file for a professional, last written before that day."""
    found = [*_files(shelves.documents, "*.pdf"), *_below(_entries(shelves.dossiers))]
    return [path for path in found if written_before(path, day)]


def message_files(outbox: Path | None, ids: set[str]) -> list[Path]:
    """The files of the outbox that hold one of these messages."""
    if outbox is None or not outbox.is_dir() or not ids:
        return []
    found = []
    for path in sorted(outbox.glob("*.eml")):
        with path.open("rb") as file:
            headers = BytesHeaderParser(policy=policy.default).parse(file)
        if str(headers["Message-ID"] or "").strip() in ids:
            found.append(path)
    return found


def remove(paths: Iterable[Path], shelves: Shelves) -> list[tuple[Path, str]]:
    """Delete the files, and the folders of a dossier that are empty then. Returns what could not be deleted, and why."""
    failed = []
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            failed.append((path, error.strerror or str(error)))
    for folder in sorted({path.parent for path in paths} - {shelves.documents, shelves.outbox, shelves.dossiers}):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return failed


def shown(path: Path, shelves: Shelves) -> str:
    """A file as a person finds it: the folder it stands in and its name."""
    for shelf in (shelves.outbox, shelves.documents, shelves.dossiers):
        if shelf is not None and path.is_relative_to(shelf):
            return str(Path(shelf.name) / path.relative_to(shelf))
    return str(path)


def _codes(ledger: Ledger) -> set[str]:
    return {*ledger.contacts, *(one.customer for one in ledger.invoices), *(row.customer for row in ledger.journal)} - {""}


def _starts(name: str, plain: str) -> bool:
    return name.casefold().startswith(f"{plain}_".casefold())


def _files(folder: Path | None, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern)) if folder is not None and folder.is_dir() else []


def _entries(folder: Path | None) -> list[Path]:
    """Each dossier: its folder, its zip."""
    return [path for path in _files(folder, "*") if path.is_dir() or path.suffix == ".zip"]


def _below(entries: Iterable[Path]) -> Iterator[Path]:
    """The files of a dossier, those that people added too."""
    for entry in entries:
        yield from sorted(path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]


def _names(ledger: Ledger, cadences: Sequence[Cadence], customer: str) -> set[str]:
    """The names that documents of this customer have, as far as the sheet and the Journal know."""
    currencies = {one.currency for one in ledger.invoices if one.customer == customer}
    plans = {one.plan for one in ledger.instalments if one.customer == customer}
    found: set[tuple[str, tuple[str, ...], str]] = {
        (kind, (customer, currency), "") for kind in ("statement", "interest") for currency in currencies
    }
    found |= {(kind, (customer, plan), "") for kind in ("plan", "settlement") for plan in plans}
    for row in ledger.journal:
        if row.customer == customer and row.key:
            found |= {(kind, (customer, number), row.key) for number in row.invoices for kind in _ABOUT_A_STEP}
    for invoice in ledger.invoices:  # asked for before the step was done
        if invoice.customer == customer:
            keys = {
                joined_key(customer, invoice.currency, cadence.name, invoice.number, step.number, occurrence)
                for cadence in cadences
                for step in cadence.steps
                for occurrence in range(1, _MOST_OCCURRENCES + 1)
            }
            found |= {(kind, (customer, invoice.number), key) for key in keys for kind in _ABOUT_A_STEP}
    return {file_name(str(kind), parts, language, key) for kind, parts, key in found for language in _LANGUAGES}


def letters_of(rows: Iterable[JournalRow], shelves: Shelves) -> list[Path]:
    """The letters that these rows of the Journal remember."""
    if shelves.documents is None:
        return []
    names = {
        file_name(kind, (row.customer, number), language, row.key)
        for row in rows
        if row.key and not row.key.startswith(REVIEW) and row.channel in _ABOUT_A_STEP
        for number in row.invoices
        for kind in (row.channel, "interest")
        for language in _LANGUAGES
    }
    return [path for name in sorted(names) if (path := shelves.documents / name).is_file()]


def _is_marked(path: Path, marks: Iterable[str]) -> bool:
    stem = path.name.removesuffix(".zip")
    return any(mark and stem.endswith(mark) for mark in marks)
