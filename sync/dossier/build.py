"""Everything known about a claim, as numbered exhibits with their list: what a bailiff, a lawyer or a court asks for."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.dossier.acts import history_sheet, message_sheet, message_title, messages_of, older_messages_sheet, proof_sheet, rows_of
from sync.dossier.exhibits import Exhibit, Numbered, numbered
from sync.dossier.extract import as_lines, as_table, extract
from sync.dossier.sheets import customer_name, index_sheet, invoice_list, limitation_sheet, parties_sheet, plan_sheet, vat_sheet
from sync.dunning.agreements.plans import PlanState
from sync.dunning.model import InterestUse
from sync.dunning.phrases import colon
from sync.errors import UsageError
from sync.ledger.model import JournalRow
from sync.ledger.words import Language
from sync.letters.documents.agreement import agreement
from sync.letters.documents.interest import interest_statement, late_views
from sync.letters.documents.materials import Account, Materials
from sync.letters.documents.model import Document, DocumentError, code_mark, plain_name
from sync.letters.documents.press import Press
from sync.letters.documents.statement import statement
from sync.letters.documents.words import said, words
from sync.letters.table import one_line
from sync.post.journal import check_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """`files` by name, the list of exhibits and the note to the reader included; `left_out` what could not be made, and why."""

    folder: str
    files: Mapping[str, bytes]
    invoices: Sequence[str]
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """For whom, in which language; `journal_key` checks the seals and stays out of the file; `outbox` may hold the very
    message files."""

    customer: str
    language: Language
    journal_key: bytes = b""
    outbox: Path | None = None


Sums = tuple[str, Sequence[tuple[str, str]]]  # currency, (label, amount) with the total last


def build_dossier(order: Order, materials: Materials, press: Press) -> Dossier:
    """Raises UsageError for an unknown customer or one without an invoice."""
    accounts = _accounts(order, materials)
    shown = words(order.language)["dossier"]
    exhibits, left_out = _exhibits(order, accounts, materials)
    listed = list(numbered(exhibits, order.language))
    sums = [_sums(account) for account in accounts]
    index = index_sheet(order.customer, accounts, listed, sums, order.language)
    files = {one.name: _bytes(one, press) for one in listed}
    index_name = f"00_{shown['index']}.pdf"
    files[index_name] = press.print(index)
    files[f"00_{shown['readme_name']}.txt"] = _readme(order, materials, sums, index_name, left_out).encode()
    invoices = [one.number for account in accounts for one in account.owed]
    return Dossier(folder=folder_name(order.customer, materials), files=files, invoices=invoices, left_out=left_out)


def folder_name(customer: str, materials: Materials) -> str:
    """ "C0095_Papeterie-du-Pont": a key that is not plain gets a digest, so that two never share a folder."""
    return f"{plain_name(customer)}_{plain_name(customer_name(customer, materials))}{code_mark(customer)}"


def _accounts(order: Order, materials: Materials) -> list[Account]:
    language = materials.rules.settings.language
    known = order.customer in materials.ledger.contacts or any(
        one.customer == order.customer for one in materials.ledger.invoices
    )
    if not known:
        raise UsageError(said("unknown_customer", language, customer=order.customer))
    accounts = [
        Account(customer=order.customer, currency=currency, language=order.language, materials=materials)
        for currency in materials.currencies_of(order.customer)
    ]
    if not accounts:
        raise UsageError(said("no_invoice", language, customer=order.customer, day=materials.as_of.isoformat()))
    owing = [account for account in accounts if account.owed]
    return owing or accounts[:1]


def _exhibits(order: Order, accounts: Sequence[Account], materials: Materials) -> tuple[list[Exhibit], list[str]]:
    """In the order in which a claim is read: what is owed, what was agreed, what was said, what proves it."""
    language, customer = order.language, order.customer
    shown = words(language)["dossier"]
    found: list[Exhibit] = []
    left_out: list[str] = []
    for account in accounts:
        found.append(_document(shown["statement"].format(currency=account.currency), statement(account)))
        title = shown["invoices"].format(currency=account.currency)
        found.append(_document(title, invoice_list(account, title)))
        if materials.rules.settings.interest is not InterestUse.NEVER and late_views(account):
            found.append(_document(shown["interest"].format(currency=account.currency), interest_statement(account)))
    for account in accounts:
        _add_agreements(account, found, left_out)
    rows = rows_of(customer, materials)
    owed = {one.number for account in accounts for one in account.owed}
    _add_messages(rows, order, owed, materials, found)
    chain = check_chain(materials.ledger.journal, order.journal_key)
    proofs = proof_sheet(customer, rows, chain, bool(order.journal_key), materials, language)
    pairs = extract(customer, materials.ledger.journal)
    found += [
        _document(shown["history_title"], history_sheet(customer, rows, materials, language)),
        _document(shown["proofs"], proofs),
        Exhibit(title=shown["journal_csv"], content=as_table(pairs, language), suffix=".csv"),
        Exhibit(title=shown["journal_lines"], content=as_lines(pairs), suffix=".jsonl"),
        _document(shown["contact_title"], parties_sheet(customer, materials, language)),
        _document(shown["limitation_title"], limitation_sheet(customer, accounts, language)),
    ]
    every = [
        Account(customer=customer, currency=currency, language=language, materials=materials)
        for currency in materials.currencies_of(customer)
    ]
    vat = vat_sheet(customer, every, language)
    found += [_document(shown["vat_title"], vat)] if vat is not None else []
    return found, left_out


def _document(title: str, document: Document) -> Exhibit:
    return Exhibit(title=title, content=document, day=document.day)


def _add_agreements(account: Account, found: list[Exhibit], left_out: list[str]) -> None:
    """Agreed plans; a proposal is no agreement and stays out."""
    shown = words(account.language)["dossier"]
    for plan in account.plans:
        if plan.state is PlanState.PROPOSED:
            continue
        title = shown["agreement"].format(plan=one_line(plan.plan))
        try:
            document = agreement(plan, "plan", account)
        except DocumentError as error:
            left_out.append(shown["readme"]["left_out"].format(what=title, why=error))
        else:
            found.append(Exhibit(title=title, content=document, day=plan.signed_on or plan.agreed_on))
        found.append(_document(shown["followed"].format(plan=one_line(plan.plan)), plan_sheet(plan, account)))


def _add_messages(
    rows: Sequence[JournalRow], order: Order, owed: Collection[str], materials: Materials, found: list[Exhibit]
) -> None:
    """Each message about what is still owed is an exhibit; those about settled invoices share one."""
    language = order.language
    shown = words(language)["dossier"]
    messages = list(messages_of(rows))
    old = [row for row in messages if row.invoices and not set(row.invoices) & set(owed)]
    for row in messages:
        if row in old:
            continue
        day = row.when.date()
        title = message_title(row, language)
        found.append(Exhibit(title=title, content=message_sheet(row, rows, materials, language), day=day))
        file = _message_file(row, order.outbox)
        if file is not None:
            found.append(Exhibit(title=shown["email_file"].format(message=title), content=file, suffix=".eml", day=day))
    if old:
        title = shown["older"]
        found.append(_document(title, older_messages_sheet(title, old, rows, materials, language)))


def _message_file(row: JournalRow, outbox: Path | None) -> bytes | None:
    """The very message, when it went to the local outbox."""
    if outbox is None or not row.message_id:
        return None
    mark = hashlib.sha256(row.message_id.encode()).hexdigest()[:12]
    path = outbox / f"{row.when.date().isoformat()}-{mark}.eml"
    return path.read_bytes() if path.is_file() else None


def _bytes(one: Numbered, press: Press) -> bytes:
    content = one.exhibit.content
    if isinstance(content, bytes):
        return content
    shown = words(content.language)["dossier"]
    marked = {**content.data, "exhibit": shown["exhibit"].format(n=one.number)}
    return press.print(Document(
        name=one.name, page=content.page, title=content.title, language=content.language, day=content.day, data=marked
    ))  # fmt: skip


def _sums(account: Account) -> Sums:
    """What is claimed in one currency; a figure that must not be computed is said, never replaced."""
    shown = words(account.language)["interest"]
    claims = [view.claim for view in late_views(account)]
    principal = sum(account.materials.left_on(one) for one in account.owed) - max(0, account.unallocated)
    interest = None if any(one.interest is None for one in claims) else sum(one.interest or 0 for one in claims)
    fixed = None if any(one.compensation is None for one in claims) else sum(one.compensation or 0 for one in claims)
    rows = [
        (shown["principal"], account.money(principal)),
        (shown["interest"], shown["unknown"] if interest is None else account.money(interest)),
        (shown["compensation"], shown["unknown"] if fixed is None else account.money(fixed)),
    ]
    known = principal + (interest or 0) + (fixed or 0)
    rows.append((shown["total"] if None not in (interest, fixed) else shown["total_known"], account.money(known)))
    return account.currency, rows


def _readme(order: Order, materials: Materials, sums: Sequence[Sums], index: str, left_out: Sequence[str]) -> str:
    shown = words(order.language)["dossier"]["readme"]
    account = Account(customer=order.customer, currency="", language=order.language, materials=materials)
    lines = [
        line.format(
            name=customer_name(order.customer, materials), customer=one_line(order.customer), index=index,
            company=one_line(materials.rules.settings.company), day=account.long(materials.as_of),
            sums="\n".join(f"{currency}  {label}{colon(order.language)}{text}" for currency, rows in sums for label, text in rows),
        )
        for line in shown["lines"]
    ]  # fmt: skip
    lines += ["", *left_out] if left_out else []
    return "\r\n".join("\n".join(lines).split("\n")) + "\r\n"
