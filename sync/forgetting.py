"""`relance forget`: the personal data of one customer erased, or of all whose time is over; the accounts stay.

What goes: who to write to and how, notes, drafts, references of payments, the words and addresses in the Journal, the copies of
messages in the outbox, the documents and the files for a professional on this machine. What stays: the customer's key, the invoices, the payments, the dates and amounts, and the Journal's
chain, where each erased text leaves its digest. The name and registration number of a natural person go too.
A preview says what would go; nothing is erased without `--yes`, nor while money is owed without a reason.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sync.dunning.behaviour.habits import months_before
from sync.dunning.configuration_changes import CADENCE
from sync.dunning.model import Observation
from sync.dunning.phrases import colon
from sync.errors import UsageError
from sync.held import rows_of_customer
from sync.ledger.balances import settle
from sync.ledger.model import Contact, JournalRow
from sync.ledger.words import Kind, Language
from sync.papers import Shelves, letters_of, message_files, papers_before, papers_of, remove, shown
from sync.post.journal import BrokenSeal, JournalWriter, erased, row_of
from sync.run.clock import Clock
from sync.run.gathering import Gathered, gather
from sync.sentences import sentence
from sync.workbook.contract import CONTACTS, INVOICES, JOURNAL, PAYMENTS, PLANS, TABS_BY_KEY, TODAY
from sync.workbook.resolve import cell_at, key_text
from sync.workbook.tabs import Changes, Erasure, Workbook

_CONTACT = ("person", "email", "cc", "phone", "address", "note", "imported")
_PERSON = ("name", "company_id")  # of a natural person
_INVOICE = ("note", "subject", "draft", "mark", "payment_link")
_PAYMENT = ("reference", "note")
_PLAN = ("document_link", "note")
_TODAY = ("what", "why", "script", "file", "note")
_OURS = ("forgotten", "exported")  # the proof that somebody's right was served stays
_FLAGS = frozenset({"", "test", "grace", "auto", "temporary", "resolved"})  # notes of ours that the engine reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What goes, or went: cells by (tab, column), files, customers concerned. `done` False = only a preview.

    `doubtful` files stay: they may be about another customer. `failed` could not be deleted, each with the reason.
    """

    language: Language
    customers: tuple[str, ...]
    erasures: tuple[Erasure, ...] = ()
    files: tuple[Path, ...] = ()
    doubtful: tuple[Path, ...] = ()
    failed: tuple[tuple[Path, str], ...] = ()
    shelves: Shelves = Shelves()
    texts: int = 0  # Journal rows whose words go
    done: bool = False
    deferred: tuple[str, ...] = ()

    @property
    def by_column(self) -> Mapping[tuple[str, str], int]:
        return dict(Counter((one.tab, one.column) for one in self.erasures))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One customer, or ("" with `expired`) everything that the retention settings no longer allow."""

    customer: str = ""
    expired: bool = False
    reason: str = ""  # why a customer who still owes is erased
    force: bool = False


@dataclass(slots=True)
class _Found:
    erasures: list[Erasure] = field(default_factory=list)
    texts: set[int] = field(default_factory=set)  # places in the Journal
    all_words: set[int] = field(default_factory=set)  # those whose recipient and note go too
    files: list[Path] = field(default_factory=list)
    doubtful: list[Path] = field(default_factory=list)


def forget(
    workbook: Workbook, clock: Clock, asked: Asked, shelves: Shelves, *, yes: bool, run_id: str, journal_key: bytes = b""
) -> Erased:
    """Preview, or erase with `yes`. Raises UsageError: unknown customer, money owed, a Journal that cannot be sealed again."""
    if not yes:
        return _planned(gather(workbook, clock), asked, shelves, journal_key)
    workbook.lock(f"forget {run_id}", clock.utc_now())
    try:
        workbook.write(Changes())  # acts that wait beside the workbook go into its Journal, where they can be erased
        gathered = gather(workbook, clock)
        plan = _planned(gathered, asked, shelves, journal_key)
        if not plan.erasures and not plan.files:
            return plan
        written = workbook.write(Changes(erasures=plan.erasures))
        failed = remove(plan.files, shelves)
        if gathered.ledger.journal:
            now = clock.now(gathered.rules.settings.time_zone)
            rows = [
                row_of(
                    Observation(customer=one, field="forgotten", new=gathered.as_of.isoformat(), note=asked.reason),
                    now,
                    run_id,
                    "forget",
                )
                for one in plan.customers
            ]
            JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write(rows)
            workbook.write(Changes())
        return replace(plan, done=True, deferred=tuple(written.deferred), failed=tuple(failed))
    finally:
        workbook.unlock()


def _planned(gathered: Gathered, asked: Asked, shelves: Shelves, key: bytes) -> Erased:
    language = gathered.rules.settings.language
    found = _Found()
    if asked.expired:
        customers = expired_customers(gathered)
        _old_texts(gathered, found, shelves)
    else:
        _refuse(gathered, asked)
        customers = (asked.customer,)
    for customer in customers:
        _customer(gathered, customer, found, shelves)
    rows = [gathered.ledger.journal[place] for place in sorted(found.texts)]
    found.files += [*message_files(shelves.outbox, {row.message_id for row in rows} - {""}), *letters_of(rows, shelves)]
    _journal(gathered, found, key)
    return Erased(
        language=language, customers=customers, erasures=tuple(found.erasures), files=tuple(dict.fromkeys(found.files)),
        doubtful=tuple(dict.fromkeys(found.doubtful)), shelves=shelves, texts=len(found.texts),
    )  # fmt: skip


def _refuse(gathered: Gathered, asked: Asked) -> None:
    """An unknown customer; one who still owes, unless a reason says why."""
    language, ledger = gathered.rules.settings.language, gathered.ledger
    numbers = {invoice.number for invoice in ledger.invoices if invoice.customer == asked.customer}
    if asked.customer not in ledger.contacts and not numbers and not rows_of_customer(ledger.journal, asked.customer, numbers):
        raise UsageError(sentence("no_such_customer", language, customer=asked.customer))
    balances = settle(ledger, gathered.as_of)
    owed = sorted(number for number in numbers if balances.open.get(number, 0) > 0)
    if owed and not (asked.force and asked.reason.strip()):
        raise UsageError(sentence("forget_owed", language, customer=asked.customer, invoices=", ".join(owed[:6])))


def expired_customers(gathered: Gathered) -> tuple[str, ...]:
    """Customers who owe nothing and with whom nothing happened for `retention_months_contacts`, and who still have something to erase."""
    months = gathered.rules.settings.retention_months_contacts
    if months is None:
        return ()
    ledger, limit = gathered.ledger, months_before(gathered.as_of, months)
    balances = settle(ledger, gathered.as_of)
    last: dict[str, date] = {}
    customer_of = {invoice.number: invoice.customer for invoice in ledger.invoices}
    owing = {customer_of[number] for number, cents in balances.open.items() if cents > 0 and number in customer_of}

    def seen(customer: str, day: date) -> None:
        last[customer] = max(last.get(customer, day), day)

    for invoice in ledger.invoices:
        seen(invoice.customer, max(invoice.issued, invoice.due))
    for payment in ledger.payments:
        seen(payment.customer or customer_of.get(payment.invoice, ""), payment.paid_on)
    for row in ledger.journal:
        if row.customer and row.field not in ("segment", *_OURS):  # what we noted by ourselves is no business
            seen(row.customer, row.when.date())
    return tuple(
        sorted(
            customer
            for customer, contact in ledger.contacts.items()
            if customer not in owing and customer in last and last[customer] < limit and _is_known(contact)
        )
    )


def _is_known(contact: Contact) -> bool:
    return bool(contact.emails or contact.phone or contact.person or contact.address or contact.cc or contact.note)


def _customer(gathered: Gathered, customer: str, found: _Found, shelves: Shelves) -> None:
    ledger = gathered.ledger
    numbers = {invoice.number for invoice in ledger.invoices if invoice.customer == customer}
    contact = ledger.contacts.get(customer)
    columns = _CONTACT + (_PERSON if _may_be_a_person(contact) else ())
    _cells(gathered, CONTACTS.key, [contact.row] if contact is not None else [], columns, found)
    _cells(gathered, INVOICES.key, [one.row for one in ledger.invoices if one.customer == customer], _INVOICE, found)
    own = [one.row for one in ledger.payments if one.customer == customer or one.invoice in numbers]
    _cells(gathered, PAYMENTS.key, own, _PAYMENT, found)
    _cells(gathered, PLANS.key, [one.row for one in ledger.instalments if one.customer == customer], _PLAN, found)
    today = gathered.snapshot.tabs.get(TODAY.key)
    if today is not None:
        rows = [today.first_row + i for i, cell in enumerate(today.columns.get("customer", ())) if key_text(cell) == customer]
        _cells(gathered, TODAY.key, rows, _TODAY, found)
    papers = papers_of(ledger, gathered.rules.cadences, customer, shelves)
    found.files += papers.all
    found.doubtful += papers.doubtful
    for place, row in enumerate(ledger.journal):
        if row.field in _OURS:
            continue
        if row.customer == customer or (not row.customer and not numbers.isdisjoint(row.invoices)):
            found.texts.add(place)
            found.all_words.add(place)


def _may_be_a_person(contact: Contact | None) -> bool:
    """A natural person, or somebody of whom the sheet does not say that it is a company."""
    if contact is None:
        return False
    if contact.natural_person is not None:
        return contact.natural_person
    return contact.kind in (None, Kind.CONSUMER)


def _cells(gathered: Gathered, tab_key: str, rows: Iterable[int], columns: Sequence[str], found: _Found) -> None:
    raw = gathered.snapshot.tabs.get(tab_key)
    if raw is None:
        return
    row_key = TABS_BY_KEY[tab_key].row_key
    for row in rows:
        key = key_text(cell_at(raw, row_key, row)) if row_key else ""
        for column in columns:
            before = cell_at(raw, column, row)
            if before not in (None, ""):
                found.erasures.append(Erasure(tab_key, row, key, column, before))


def _old_texts(gathered: Gathered, found: _Found, shelves: Shelves) -> None:
    """The words of messages whose time is over, and what was set on paper as long ago."""
    months = gathered.rules.settings.retention_months_texts
    if months is None:
        return
    limit = months_before(gathered.as_of, months)
    found.files += papers_before(shelves, limit)
    found.texts |= {
        place
        for place, row in enumerate(gathered.ledger.journal)
        if row.when.date() < limit and row.field != CADENCE and (row.text or row.subject)  # a cadence's steps are no message
    }


def _journal(gathered: Gathered, found: _Found, key: bytes) -> None:
    """The words of the Journal replaced by their digests; only message texts where the retention of texts alone is over."""
    raw = gathered.snapshot.tabs.get(JOURNAL.key)
    journal: Sequence[JournalRow] = gathered.ledger.journal
    if raw is None or not found.texts:
        return
    try:
        words = erased(journal, found.texts, key)
    except BrokenSeal as error:
        raise UsageError(sentence("forget_sealed", gathered.rules.settings.language, row=error.row)) from error
    kept: set[int] = set()
    for place, cells in words.items():
        row = journal[place]
        for column, after in cells.items():
            if column in ("recipient", "note") and place not in found.all_words:
                continue
            if column == "note" and row.note in _FLAGS:
                continue
            found.erasures.append(Erasure(JOURNAL.key, row.row, row.hash, column, cell_at(raw, column, row.row), after))
            kept.add(place)
    found.texts = kept


def lines(result: Erased, *, names: bool = True) -> Sequence[str]:
    """What the command says: counts by tab and column, never a value; each file by its name, counts only under CI."""
    language = result.language
    doubtful = [sentence("forget_doubtful", language, file=shown(path, result.shelves)) for path in result.doubtful]
    if doubtful and not names:
        doubtful = [sentence("doubtful_count", language, count=len(doubtful))]
    if not result.erasures and not result.files:
        return [sentence("forget_nothing", language), *doubtful]
    head = "forget_done" if result.done else "forget_preview"
    who = ", ".join(result.customers[:20]) if names else str(len(result.customers))
    told = [sentence(head, language, customers=who, cells=len(result.erasures), texts=result.texts, files=len(result.files))]
    for (tab_key, column), count in result.by_column.items():
        tab = TABS_BY_KEY[tab_key]
        told.append(f"- {tab.title(language)}, {tab.column(column).heading(language)}{colon(language)}{count}")
    failed = dict(result.failed)
    if names:
        told += [f"- {shown(path, result.shelves)}" for path in result.files if path not in failed]
        told += [
            sentence("forget_file_failed", language, file=shown(path, result.shelves), why=why) for path, why in failed.items()
        ]
    elif failed:
        told.append(sentence("forget_files_failed", language, count=len(failed)))
    told += doubtful
    if result.deferred:
        told.append(sentence("deferred", language, count=len(result.deferred)))
    told.append(sentence("forget_elsewhere" if result.done else "forget_next", language))
    return told
