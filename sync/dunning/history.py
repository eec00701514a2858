"""What the Journal remembers, indexed for the engine: acts by invoice, written contacts, doubts, first sights.

Two kinds of rows never count as an act of a step: those noted `test` (diverted to the test address) and those of a
message that bounced.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.dunning.model import joined_key
from sync.dunning.refusals import refusals
from sync.dunning.today.keys import REVIEW
from sync.ledger.model import JournalRow
from sync.ledger.words import Act, Channel

WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER, Channel.FORMAL_NOTICE})
TEST_NOTE = "test"
GRACE_NOTE = "grace"  # a person's step that nobody did in time and that the program passed
AUTO_NOTE = "auto"  # an answer that a machine wrote
TEMPORARY_NOTE = "temporary"  # a bounce after which the address may still be good
RESOLVED_NOTE = "resolved"  # a person said what became of an uncertain message
# What the program wrote for itself: never erased with people's words, never taken from them.
OWN_NOTES = frozenset({TEST_NOTE, GRACE_NOTE, AUTO_NOTE, TEMPORARY_NOTE, RESOLVED_NOTE})

_OUTCOMES = frozenset({Act.SENT, Act.FAILED, Act.WITHHELD, Act.UNCERTAIN, Act.DONE, Act.SKIPPED})
_DONE = frozenset({Act.SENT, Act.DONE, Act.SKIPPED})


@dataclass(frozen=True, slots=True)
class StepAct:
    """One act of a step on one invoice. `passed` = skipped by the program after the days of grace."""

    day: date
    cadence: str
    step: int
    occurrence: int
    channel: str
    passed: bool


@dataclass(frozen=True, slots=True)
class WrittenContact:
    """A written message to a customer: it sets the spacing unless it only announced a due date."""

    day: date
    invoices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromiseMade:
    made_on: date
    invoices: tuple[str, ...]
    promised: date
    amount: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`acts` by invoice number in journal order; `contacts` by (customer, currency); `uncertain` keys unresolved,
    `doubted` their customers and currencies; `bounced` addresses; `replies` last human reply by customer, `heard` all of them;
    `first_seen` by (invoice, field, value) the day its last stretch of that value began, `last_seen` by (invoice, field) the
    value; `occurrences` highest occurrence used by message base key; `first_act` the day of the oldest journal row.
    """

    acts: Mapping[str, Sequence[StepAct]]
    contacts: Mapping[tuple[str, str], Sequence[WrittenContact]]
    uncertain: Mapping[str, JournalRow]
    doubted: frozenset[tuple[str, str]]
    bounced: Mapping[str, date]
    replies: Mapping[str, date]
    heard: Mapping[str, Sequence[JournalRow]]
    first_seen: Mapping[tuple[str, str, str], date]
    last_seen: Mapping[tuple[str, str], str]
    occurrences: Mapping[str, int]
    promises: Mapping[tuple[str, str], Sequence[PromiseMade]]
    segment_changes: Mapping[str, Sequence[date]]
    reviews: Mapping[str, date]  # task key -> last day a person answered it
    drafts: Mapping[str, str]  # message key -> stored fingerprint of the draft we wrote
    first_act: date | None
    last_act: date | None
    sent_on: Mapping[date, int]  # messages that left, by day
    notices: Mapping[str, date]  # invoice -> its first formal notice, as a step or logged by hand
    tested: frozenset[str] = frozenset()  # keys already sent to the test address
    refused: Mapping[str, JournalRow] = field(default_factory=dict)  # by key: a refusal that forbids to try again

    def seen_since(self, number: str, field: str, value: str) -> date | None:
        """Since when the Journal knows that this cell of an invoice says so; None when it said something else last."""
        return self.first_seen.get((number, field, value)) if self.last_seen.get((number, field)) == value else None

    def contacts_of(self, customer: str, currency: str) -> Sequence[WrittenContact]:
        """Written contacts in that currency, with those that name none (logged by people for the whole customer)."""
        own = self.contacts.get((customer, currency), ())
        general = self.contacts.get((customer, ""), ()) if currency else ()
        return [*own, *general]


def base_key(customer: str, currency: str, cadence: str, carrying: str, step: int) -> str:
    """A message key without its occurrence."""
    return joined_key(customer, currency, cadence, carrying, step)


def read_history(journal: Iterable[JournalRow], as_of: date) -> History:
    """Index the rows dated at most `as_of`, in one pass."""
    acts: dict[str, list[StepAct]] = defaultdict(list)
    contacts: dict[tuple[str, str], list[WrittenContact]] = defaultdict(list)
    pending: dict[str, JournalRow] = {}
    bounced: dict[str, date] = {}
    replies: dict[str, date] = {}
    heard: dict[str, list[JournalRow]] = defaultdict(list)
    first_seen: dict[tuple[str, str, str], date] = {}
    last_seen: dict[tuple[str, str], str] = {}
    occurrences: dict[str, int] = {}
    promises: dict[tuple[str, str], list[PromiseMade]] = defaultdict(list)
    segment_changes: dict[str, list[date]] = defaultdict(list)
    reviews: dict[str, date] = {}
    drafts: dict[str, str] = {}
    sent_on: dict[date, int] = defaultdict(int)
    notices: dict[str, date] = {}
    tested: set[str] = set()
    rows = [row for row in journal if row.when.date() <= as_of]
    bounced_keys = {row.key for row in rows if row.status is Act.BOUNCED and row.key and not _is_temporary(row)}
    for row in rows:
        day = row.when.date()
        is_test = row.note == TEST_NOTE
        if row.key and row.step is not None and row.status in _OUTCOMES | {Act.RESERVED}:
            if row.status is Act.RESERVED or row.status is Act.UNCERTAIN:
                pending[row.key] = row
            else:
                pending.pop(row.key, None)
        if row.status in _DONE:
            if row.key.startswith(REVIEW):
                reviews[row.key] = day
            if row.status is Act.SENT and is_test:
                tested.add(row.key)
            elif row.status is Act.SENT:
                sent_on[day] += 1
            if row.step is not None and row.key:
                base, _, number = row.key.rpartition("|")
                if number.isdigit() and (not is_test):
                    occurrences[base] = max(occurrences.get(base, 0), int(number))
            if is_test or (row.key and row.key in bounced_keys):
                continue
            if row.step is not None:
                act = StepAct(
                    day, row.cadence, row.step, row.occurrence or 1, row.channel,
                    row.status is Act.SKIPPED and row.note == GRACE_NOTE,
                )  # fmt: skip
                for number in row.invoices:
                    acts[number].append(act)
            if row.channel == Channel.FORMAL_NOTICE and row.status is not Act.SKIPPED:
                for number in row.invoices:
                    notices[number] = min(day, notices.get(number, day))
            if row.channel in WRITTEN and row.status is not Act.SKIPPED:
                contacts[row.customer, row.currency].append(WrittenContact(day, row.invoices))
        elif row.status is Act.BOUNCED and row.recipient and not _is_temporary(row):
            bounced[row.recipient.casefold()] = day
        elif row.status is Act.REPLIED and row.customer and row.note != AUTO_NOTE:
            replies[row.customer] = day
            heard[row.customer].append(row)
        elif row.status is Act.PROMISED:
            made = _promise(row, day)
            if made is not None:
                promises[row.customer, row.currency].append(made)
        elif row.status is Act.OBSERVED:
            if row.field == "segment" and row.old:  # the first sight is no change
                segment_changes[row.customer].append(day)
            elif row.field == "draft":
                drafts[row.key] = row.new
            elif row.field == "review":
                reviews[row.key] = day
            for number in row.invoices:
                if last_seen.get((number, row.field)) != row.new:
                    first_seen[number, row.field, row.new] = day
                    last_seen[number, row.field] = row.new
    return History(
        acts=acts,
        contacts=contacts,
        uncertain=pending,
        doubted=frozenset((row.customer, row.currency) for row in pending.values()),
        bounced=bounced,
        replies=replies,
        heard=heard,
        first_seen=first_seen,
        last_seen=last_seen,
        occurrences=occurrences,
        promises=promises,
        segment_changes=segment_changes,
        reviews=reviews,
        drafts=drafts,
        first_act=rows[0].when.date() if rows else None,
        last_act=rows[-1].when.date() if rows else None,
        sent_on=sent_on,
        notices=notices,
        tested=frozenset(tested),
        refused=refusals(rows),
    )


def _is_temporary(row: JournalRow) -> bool:
    return row.note == TEMPORARY_NOTE


def _promise(row: JournalRow, day: date) -> PromiseMade | None:
    try:
        promised = date.fromisoformat(row.new)
    except ValueError:
        return None
    return PromiseMade(day, row.invoices, promised, row.amount)
