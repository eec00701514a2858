"""Reasons of delay as cases: each goes to its owner, with its deadline, its next action and the words that answer it (rule 5).

The case appears in Today from the first day; once its days are over without an answer, the review of `tasks` takes over and
the cadence resumes at the step its route says.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.conclude import Conclusion
from sync.dunning.matching import Suggestion
from sync.dunning.model import InvoiceView, Rules, Task
from sync.dunning.pauses import reason_of_pause
from sync.dunning.phrases import first_listed
from sync.dunning.reasons import Reason, Sentence, State
from sync.dunning.today.keys import key_parts, task_key
from sync.ledger.dates import format_date
from sync.ledger.model import Cents, Contact, Invoice, Payment
from sync.ledger.money import format_money
from sync.ledger.words import DelayReason, Language, word_for

_CASE, _PROPOSE = "case", "propose"
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCase:
    """The invoices of one customer and currency that one reason keeps back since one day. `deadline` is the owner's last day."""

    key: str
    customer: str
    currency: str
    reason: DelayReason
    invoices: tuple[str, ...]
    amount: Cents
    since: date
    deadline: date
    owner: str
    why: str
    priority: int


def case_proposed(key: str) -> tuple[str, str] | None:
    """The customer and currency of a task that offers plans; None for another task."""
    match key_parts(key):
        case (kind, customer, currency, *_) if kind == _PROPOSE:
            return customer, currency
    return None


def reason_cases(conclusion: Conclusion, rules: Rules) -> list[ReasonCase]:
    """The cases to work on today, by customer, currency and reason. Those whose days are over are reviews, not cases."""
    found: dict[tuple[str, str, DelayReason, date], list[InvoiceView]] = defaultdict(list)
    invoices = conclusion.words.invoices
    for view in conclusion.views:
        reason = invoices[view.invoice].handling.reason
        if reason is None or view.open <= 0 or not _is_open_case(view, invoices[view.invoice], reason):
            continue
        found[view.customer, view.currency, reason, conclusion.words.since.get(view.invoice) or conclusion.as_of].append(view)
    return [
        _case(key, views, rules)
        for key, views in sorted(found.items(), key=lambda item: (item[0][:2], str(item[0][2]), item[0][3]))
    ]


def _is_open_case(view: InvoiceView, invoice: Invoice, reason: DelayReason) -> bool:
    if reason is DelayReason.BAD_FAITH:
        return view.days_late > 0 and (view.state is not State.PAUSED or view.reason is Reason.OTHER)
    if reason is DelayReason.PROMISED and invoice.handling.promised is not None:
        return False  # the promise has its own life
    return view.state is State.PAUSED and view.reason is reason_of_pause(reason)


def _case(key: tuple[str, str, DelayReason, date], views: Sequence[InvoiceView], rules: Rules) -> ReasonCase:
    customer, currency, reason, since = key
    route = rules.routes.get(reason)
    days = route.days if route is not None else rules.settings.review_days
    kind = _PROPOSE if reason is DelayReason.HARDSHIP else _CASE
    return ReasonCase(
        key=task_key(kind, customer, currency, reason, since.isoformat()),
        customer=customer,
        currency=currency,
        reason=reason,
        invoices=tuple(view.invoice for view in sorted(views, key=lambda view: (-view.days_late, view.invoice))),
        amount=sum(view.open for view in views),
        since=since,
        deadline=max(since, since + timedelta(days=days - 1)),
        owner=route.owner if route is not None else "",
        why=views[0].why,
        priority=max(50, *(view.priority for view in views)),
    )


_WHAT: Mapping[DelayReason, Sentence] = {
    DelayReason.NOT_RECEIVED: Sentence(
        "Send {invoices} again to {name} and ask for a payment date.", "Renvoyez {invoices} à {name} et demandez une date de règlement."
    ),
    DelayReason.DISPUTE: Sentence(
        "Settle the dispute of {name} on {invoices}: credit note, proof of delivery, or a clear no.",
        "Réglez avec {name} le litige sur {invoices}\u00a0: avoir, preuve de livraison, ou refus motivé.",
    ),
    DelayReason.HARDSHIP: Sentence(
        "Propose an instalment plan to {name}: write the number chosen below in Note, then choose “done” to put it in the Plans tab.",
        "Proposez un échéancier à {name}\u00a0: notez dans Note le numéro choisi ci-contre, puis «\u00a0fait\u00a0» l’inscrit dans l’onglet Échéanciers.",
    ),
    DelayReason.PROMISED: Sentence(
        "{name} promised to pay {invoices} without a date: ask for one and type it in “Promised for”.",
        "{name} a promis de régler {invoices} sans donner de date\u00a0: demandez-la et saisissez-la dans «\u00a0Promesse au\u00a0».",
    ),
    DelayReason.SAYS_PAID: Sentence(
        "Look for the money first: {name} says {invoices} is paid.", "Cherchez d’abord l’argent\u00a0: {name} dit avoir réglé {invoices}."
    ),
    DelayReason.BAD_FAITH: Sentence(
        "Decide about {name}: the next steps follow at once. Gather order, delivery and messages for {invoices}.",
        "Décidez pour {name}\u00a0: les étapes suivantes s’enchaînent. Réunissez commande, livraison et échanges pour {invoices}.",
    ),
    DelayReason.APPROVAL_PENDING: Sentence(
        "Help {invoices} through the approval at {name}: who signs, when, and what is missing?",
        "Aidez {invoices} à passer la validation chez {name}\u00a0: qui signe, quand, que manque-t-il\u202f?",
    ),
    DelayReason.OTHER: Sentence(
        "Take the case of {name} forward: {invoices}.", "{name}\u00a0: faites avancer le dossier ({invoices})."
    ),
}  # fmt: skip
_FOR = Sentence(" For {owner}, by {date}.", " Responsable\u00a0: {owner}, au plus tard le {date}.")
_BY = Sentence(" By {date}.", " Au plus tard le {date}.")
_KIND_PROPOSE = Sentence("plan to propose", "échéancier à proposer")
_FOUND = Sentence(
    "Payment of {date}, {amount} (row {row} of Payments): {why} ({confidence}\u00a0% sure)",
    "Règlement du {date}, {amount} (ligne {row} de Règlements)\u00a0: {why} (sûr à {confidence}\u00a0%)",
)
_FREE = Sentence(
    "Payment of {date}, {amount} (row {row} of Payments): not allocated.",
    "Règlement du {date}, {amount} (ligne {row} de Règlements)\u00a0: non affecté.",
)
_NOT_FOUND = Sentence(
    "No payment without an invoice matches: look in the bank statement, then ask for the proof of payment.",
    "Aucun règlement sans facture ne correspond\u00a0: voyez le relevé bancaire, puis demandez la preuve du paiement.",
)


def reason_tasks(
    cases: Iterable[ReasonCase], scripts: Mapping[str, str], contacts: Mapping[str, Contact], language: Language
) -> list[Task]:
    """One task a case. `scripts` by key: what was found, what can be proposed, the words of the answer."""
    return [_task(case, scripts.get(case.key, ""), contacts.get(case.customer), language) for case in cases]


def _task(case: ReasonCase, script: str, contact: Contact | None, language: Language) -> Task:
    name = (contact.name if contact is not None else "") or case.customer
    numbers = first_listed(case.invoices, _MOST_NAMED, language)
    deadline = format_date(case.deadline, language)
    ending = (
        _FOR.text(language).format(owner=case.owner, date=deadline) if case.owner else _BY.text(language).format(date=deadline)
    )
    propose = case.reason is DelayReason.HARDSHIP
    return Task(
        key=case.key,
        kind=_KIND_PROPOSE.text(language) if propose else word_for("reason", str(case.reason), language),
        customer=case.customer,
        invoices=case.invoices,
        currency=case.currency,
        amount=case.amount,
        what=_WHAT[case.reason].text(language).format(name=name, invoices=numbers) + ending,
        why=case.why,
        script=script,
        priority=case.priority,
    )


def money_lines(
    case: ReasonCase, suggestions: Iterable[Suggestion], payments: Mapping[int, Payment], language: Language
) -> list[str]:
    """The payments that may be the money a customer says they sent, the surest first; else what to do without one."""
    wanted = frozenset(case.invoices)
    own = {row: one for row, one in payments.items() if not one.invoice and one.amount > 0 and one.currency == case.currency}
    matched = sorted(
        (one for one in suggestions if one.row in own and (one.customer == case.customer or wanted & set(one.invoices))),
        key=lambda one: (-len(wanted & set(one.invoices)), -one.confidence, one.row),
    )

    def line(text: Sentence, row: int, **named: object) -> str:
        payment = own[row]
        amount = format_money(payment.amount, payment.currency, language)
        return text.text(language).format(date=format_date(payment.paid_on, language), amount=amount, row=row, **named)

    lines = [line(_FOUND, one.row, why=one.why.rstrip("."), confidence=one.confidence) for one in matched]
    told = {one.row for one in matched}
    lines += [line(_FREE, row) for row, one in own.items() if one.customer == case.customer and row not in told]
    return lines[:10] or [_NOT_FOUND.text(language)]
