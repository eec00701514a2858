"""Which message of ours an incoming one is about, and the Journal row it makes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.dunning.history import AUTO_NOTE, TEMPORARY_NOTE, TEST_NOTE
from sync.dunning.refusals import without_addresses
from sync.ledger.model import Contact, Invoice, JournalRow
from sync.ledger.words import Act
from sync.post.incoming import Failed, Incoming, What
from sync.post.mime import key_digest

_MARK = re.compile(r"\[[A-Z2-7]{4}-[A-Z2-7]{4}\]")
_LEFT = (Act.SENT, Act.UNCERTAIN, Act.RESERVED)


@dataclass(frozen=True, slots=True)
class Known:
    """What we sent and to whom, indexed once for a run. `by_id` and the others give a Journal row of the message."""

    by_id: Mapping[str, JournalRow]
    by_key: Mapping[str, JournalRow]  # X-Relance-Key
    by_mark: Mapping[str, JournalRow]  # the case mark of a subject: its latest message
    by_recipient: Mapping[str, JournalRow]  # the latest message to an address
    customers: Mapping[str, frozenset[str]]  # by address of the Contacts tab
    numbers: Mapping[str, Sequence[str]]  # invoice numbers by customer
    seen: frozenset[tuple[str, str]]  # (Message-ID, address) of what the Journal has already

    @property
    def is_empty(self) -> bool:
        return not self.by_id

    def concerns(self, refers: Iterable[str], sender: str, subject: str = "") -> bool:
        """Whether a message is worth reading: it answers one of ours, bears a case mark, or comes from a customer."""
        answers = any(one in self.by_id for one in refers) or any(mark in self.by_mark for mark in _MARK.findall(subject))
        return answers or sender in self.customers


def known(journal: Sequence[JournalRow], contacts: Iterable[Contact], invoices: Iterable[Invoice]) -> Known:
    by_id: dict[str, JournalRow] = {}
    by_key: dict[str, JournalRow] = {}
    by_mark: dict[str, JournalRow] = {}
    by_recipient: dict[str, JournalRow] = {}
    seen: set[tuple[str, str]] = set()
    for row in journal:
        if row.status in (Act.REPLIED, Act.BOUNCED) and row.message_id:
            seen.add((row.message_id, row.recipient.casefold()))
        if row.status not in _LEFT or not row.message_id or row.note == TEST_NOTE:
            continue
        by_id[row.message_id] = row
        by_key[key_digest(row.key)] = row
        for mark in _MARK.findall(row.subject):
            by_mark[mark] = row
        for address in row.recipient.split(","):
            by_recipient[address.strip().casefold()] = row
    customers: dict[str, set[str]] = defaultdict(set)
    for contact in contacts:
        for address in (*contact.emails, *contact.cc):
            customers[address.casefold()].add(contact.customer)
    numbers: dict[str, list[str]] = defaultdict(list)
    for invoice in invoices:
        numbers[invoice.customer].append(invoice.number)
    return Known(
        by_id=by_id, by_key=by_key, by_mark=by_mark, by_recipient=by_recipient,
        customers={address: frozenset(found) for address, found in customers.items()}, numbers=numbers, seen=frozenset(seen),
    )  # fmt: skip


def rows_of(incoming: Incoming, about: Known, when: datetime, run: str, actor: str) -> list[JournalRow]:
    """The Journal rows of one incoming message; none when it is not about a message of ours."""
    if incoming.what is What.BOUNCE:
        return _bounces(incoming, about, when, run, actor)
    row = _answered(incoming, about, when)
    if row is None or (incoming.message_id, incoming.sender) in about.seen:
        return []
    return [
        replace(
            row, row=0, when=when, run=run, actor=actor, status=Act.REPLIED, amount=None, recipient=incoming.sender,
            message_id=incoming.message_id, subject=incoming.subject, text=incoming.text, field="", old="", new="",
            note=AUTO_NOTE if incoming.what is What.AUTO else "", hash="",
        )
    ]  # fmt: skip


def _answered(incoming: Incoming, about: Known, when: datetime) -> JournalRow | None:
    """By the thread, else by the case mark, else by the sender and an invoice number.

    Nobody but our correspondent has the mark, whatever address they write from: a bookkeeper, another telephone.
    """
    for one in reversed(incoming.refers):
        if one in about.by_id:
            return about.by_id[one]
    customers = about.customers.get(incoming.sender, frozenset())
    for mark in _MARK.findall(incoming.subject):
        row = about.by_mark.get(mark)
        if row is not None:
            return row
    said = f"{incoming.subject}\n{incoming.text}"
    for customer in sorted(customers):
        named = [number for number in about.numbers.get(customer, ()) if _names(said, number)]
        if named:
            last = about.by_recipient.get(incoming.sender)
            if last is not None and last.customer == customer and set(named) & set(last.invoices):
                return last
            return JournalRow(row=0, when=when, status=Act.REPLIED, customer=customer, invoices=tuple(named), channel="email")
    return None


def _names(text: str, number: str) -> bool:
    """Whether a text names an invoice: the whole number, not a part of a longer one; a bare short figure names nothing."""
    if len(number) < 3:
        return False
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(number)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def _bounces(incoming: Incoming, about: Known, when: datetime, run: str, actor: str) -> list[JournalRow]:
    """One row for each address that failed. Only a bounce of every recipient undoes the step: its row carries the key."""
    row = next((about.by_id[one] for one in incoming.refers if one in about.by_id), None)
    row = row or next((about.by_key[one] for one in incoming.keys if one in about.by_key), None)
    found: list[JournalRow] = []
    for failed in incoming.failed:
        about_row = row or about.by_recipient.get(failed.address)
        if about_row is None or (incoming.message_id, failed.address) in about.seen:
            continue
        recipients = {one.strip().casefold() for one in about_row.recipient.split(",")}
        if failed.address not in recipients:
            continue
        found.append(_bounce(about_row, failed, incoming, when, run, actor, alone=_all_failed(recipients, incoming)))
    return found


def _all_failed(recipients: set[str], incoming: Incoming) -> bool:
    return recipients <= {one.address for one in incoming.failed if one.permanent}


def _bounce(
    row: JournalRow, failed: Failed, incoming: Incoming, when: datetime, run: str, actor: str, *, alone: bool
) -> JournalRow:
    return replace(
        row, row=0, when=when, run=run, actor=actor, status=Act.BOUNCED, amount=None, recipient=failed.address,
        message_id=incoming.message_id or row.message_id, subject="", text="", field="", old="", new=without_addresses(failed.why),
        note="" if failed.permanent else TEMPORARY_NOTE, key=row.key if alone else "", hash="",
        step=row.step if alone else None, occurrence=row.occurrence if alone else None,
    )  # fmt: skip
