"""What people answered in the Today tab, turned into acts of the Journal and into cells of the invoices.

A row without a task is an act that a person logs by hand. What cannot be understood is a problem and its row stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.history import OWN_NOTES, TEST_NOTE, read_history
from sync.dunning.model import Observation
from sync.dunning.today.keys import REVIEW
from sync.ledger.model import Cents, Instalment, Invoice, Ledger, TodayRow
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import WORDS, DelayReason, Language, Outcome, word_for

_AS_REASON = {
    Outcome.DISPUTE: DelayReason.DISPUTE,
    Outcome.HARDSHIP: DelayReason.HARDSHIP,
    Outcome.SAYS_PAID: DelayReason.SAYS_PAID,
    Outcome.NOT_RECEIVED: DelayReason.NOT_RECEIVED,
    Outcome.PROMISED: DelayReason.PROMISED,
}


@dataclass(frozen=True, slots=True)
class InvoiceUpdate:
    """A cell of an invoice that an outcome fills, because it was blank."""

    invoice: str
    column: str
    value: str | date | Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed:
    """`handled` holds the sheet rows of Today whose outcome is now in the Journal: they are cleared."""

    acts: Sequence[tuple[date, Observation]] = ()  # the day of the act, the act
    updates: Sequence[InvoiceUpdate] = ()
    handled: frozenset[int] = frozenset()
    problems: Sequence[Problem] = ()
    plans: Sequence[Instalment] = ()  # chosen among those offered, to be added to the Plans tab


def absorb(
    ledger: Ledger, late: Mapping[tuple[str, str], Sequence[str]], claimed: Mapping[str, Sequence[str]], as_of: date
) -> Absorbed:
    """`late` lists the late open invoices by (customer, currency), for rows that name none; `claimed` what the message of
    a key claims: a task names a dozen invoices at most.
    """
    acts: list[tuple[date, Observation]] = []
    updates: list[InvoiceUpdate] = []
    handled: set[int] = set()
    problems: list[Problem] = []
    invoices = ledger.by_number
    # A run may have died after the Journal and before the sheet: its answers still stand in their cells.
    known = {
        (row.when.date(), row.customer, row.invoices, str(row.status), row.channel, row.key, row.new, row.note)
        for row in ledger.journal
    }
    history = read_history(ledger.journal, as_of)
    uncertain = history.uncertain
    for row in ledger.today_rows:
        if row.outcome is None or row.doubtful:  # a cell of the row cannot be read: it is told, and the row stays
            continue
        doubtful = uncertain.get(row.task)
        if doubtful is not None:  # what that very message claimed, whatever has been paid since
            row = replace(row, invoices=tuple(number for number in doubtful.invoices if number in invoices))
        elif row.task:
            named: Sequence[str] = row.invoices
            if not named or any(number not in invoices for number in named):  # more than the row could name
                named = claimed.get(row.task) or [number for number in row.invoices if number in invoices]
            row = replace(row, invoices=tuple(named))
        problem = _refusal(row, ledger, late, as_of)
        if problem is not None:
            problems.append(problem)
            continue
        handled.add(row.row)
        found = _acts(row, invoices, late, as_of)
        if doubtful is not None and doubtful.note == TEST_NOTE:  # it went to the test address, or nowhere: no step either way
            found = [(day, replace(act, note=TEST_NOTE)) for day, act in found]
        about = doubtful or history.refused.get(row.task)
        if about is not None:  # the task's own nature is no channel; a message said to have left counts as one
            found = [(day, replace(act, channel=about.channel) if act.status == "sent" else act) for day, act in found]
        acts += [act for act in found if _identity(*act) not in known]
        updates += _updates(row, invoices, late)
    return Absorbed(acts=acts, updates=updates, handled=frozenset(handled), problems=problems)


def _identity(day: date, act: Observation) -> tuple[object, ...]:
    return day, act.customer, act.invoices, act.status, act.channel, act.key, act.new, act.note


def _refusal(row: TodayRow, ledger: Ledger, late: Mapping[tuple[str, str], Sequence[str]], as_of: date) -> Problem | None:
    invoices = ledger.by_number

    def problem(column: str, code: str, value: str) -> Problem:
        return Problem(tab="today", row=row.row, column=column, code=code, value=value, severity=Severity.WARNING)

    known = row.task or row.customer in ledger.contacts or any(one.customer == row.customer for one in ledger.invoices)
    if not known:
        return problem("customer", "unknown_customer", row.customer)
    for number in row.invoices:
        if number not in invoices or invoices[number].customer != row.customer:
            return problem("invoices", "unknown_invoice", number)
    if row.outcome is Outcome.PROMISED:
        if row.date is None:
            return problem("date", "promise_without_date", "")
        if row.amount_promised is not None and len(_numbers(row, invoices, late)) > 1:  # of which debt is it?
            return problem("invoices", "promise_of_which_currency", row.customer)
    elif row.date is not None and row.date > as_of:
        return problem("date", "date_in_future", row.date.isoformat())
    return None


def _numbers(
    row: TodayRow, invoices: Mapping[str, Invoice], late: Mapping[tuple[str, str], Sequence[str]]
) -> dict[str, list[str]]:
    """Invoice numbers by currency: those named, else all the late ones of the customer."""
    found: dict[str, list[str]] = {}
    if row.invoices:
        for number in row.invoices:
            found.setdefault(invoices[number].currency, []).append(number)
        return found
    for (customer, currency), numbers in late.items():
        if customer == row.customer:
            found[currency] = list(numbers)
    if not found and row.outcome is Outcome.PROMISED:  # nothing is late yet: the promise is about all they owe
        found = {one.currency: [] for one in invoices.values() if one.customer == row.customer and one.amount > 0}
    return found or {"": []}


def _channel(kind: str) -> str:
    """The channel a person wrote in Kind, in either language; "" for anything else."""
    wanted = kind.strip().casefold()
    for word in WORDS["channel"]:
        if wanted in (word.key, word.en.casefold(), word.fr.casefold()):
            return word.key
    return ""


def _theirs(note: str) -> str:
    """A person's note is never one of ours: who types "test" says something, and their act counts all the same."""
    return f"“{note}”" if note in OWN_NOTES else note


def note_words(note: str, language: Language) -> str:
    """The note of an answer as people read it: what they typed, then the outcome they chose, in the language of the page."""
    typed, _, chosen = note.rpartition("; ")
    if chosen not in set(Outcome):
        return note
    return "; ".join(part for part in (typed, word_for("outcome", chosen, language)) if part)


def _acts(
    row: TodayRow, invoices: Mapping[str, Invoice], late: Mapping[tuple[str, str], Sequence[str]], as_of: date
) -> list[tuple[date, Observation]]:
    day = as_of if row.outcome is Outcome.PROMISED else row.date or as_of
    note = "; ".join(part for part in (_theirs(row.note), str(row.outcome) if row.outcome is not Outcome.DONE else "") if part)
    found: list[tuple[date, Observation]] = []
    message = row.task.split("|")
    is_step = len(message) == 6 and message[4].isdigit() and message[5].isdigit()
    if row.task.startswith(REVIEW) and not is_step:  # a customer's code may be "review" too
        found.append(
            (
                day,
                Observation(
                    customer=row.customer, invoices=row.invoices, field="review", new=str(row.outcome), note=note, key=row.task
                ),
            )
        )
    elif is_step:
        status = {Outcome.SENT: "sent", Outcome.NOT_SENT: "failed", Outcome.SKIP: "skipped"}.get(
            row.outcome or Outcome.DONE, "done"
        )
        found.append(
            (
                day,
                Observation(
                    customer=row.customer, invoices=row.invoices, currency=message[1], cadence=message[2], step=int(message[4]),
                    occurrence=int(message[5]), channel=_channel(row.kind), status=status, note=note, key=row.task,
                ),
            )
        )  # fmt: skip
    else:
        for currency, numbers in _numbers(row, invoices, late).items():
            found.append(
                (
                    day,
                    Observation(
                        customer=row.customer, invoices=tuple(numbers), currency=currency, channel=_channel(row.kind),
                        status="done", note=note, key=row.task,
                    ),
                )
            )  # fmt: skip
    if row.outcome is Outcome.PROMISED and row.date is not None:
        for currency, numbers in _numbers(row, invoices, late).items():
            found.append(
                (
                    day,
                    Observation(
                        customer=row.customer, invoices=tuple(numbers), currency=currency, status="promised",
                        amount=row.amount_promised, field="promised", new=row.date.isoformat(), note=_theirs(row.note),
                    ),
                )
            )  # fmt: skip
    return found


def _updates(
    row: TodayRow, invoices: Mapping[str, Invoice], late: Mapping[tuple[str, str], Sequence[str]]
) -> list[InvoiceUpdate]:
    """Cells that are blank on every invoice concerned; a person's own words are never replaced."""
    reason = _AS_REASON.get(row.outcome) if row.outcome is not None else None
    if reason is None:
        return []
    found: list[InvoiceUpdate] = []
    for numbers in _numbers(row, invoices, late).values():
        for number in numbers:
            handling = invoices[number].handling
            if handling.reason is None:
                found.append(InvoiceUpdate(number, "reason", str(reason)))
            if row.outcome is Outcome.PROMISED and handling.promised is None and row.date is not None:
                found.append(InvoiceUpdate(number, "promised", row.date))
                if row.amount_promised is not None and handling.promised_amount is None and len(numbers) == 1:
                    found.append(InvoiceUpdate(number, "promised_amount", row.amount_promised))
    return found
