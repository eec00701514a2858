"""How a task of the Today tab is made: the facts it draws on, what it is about, its sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.history import History
from sync.dunning.model import Decision, Rules, Task
from sync.dunning.today.words import TASK_WORDS, Kind
from sync.ledger.agreement import agreeing
from sync.ledger.model import Cents, Contact, Invoice
from sync.ledger.words import Language

_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What tasks are made from. `script` gives the words of a call or letter, already in the customer's language."""

    as_of: date
    rules: Rules
    history: History
    contacts: Mapping[str, Contact]
    invoices: Mapping[str, Invoice]
    since: Mapping[str, date | None]
    plans: Sequence[PaymentPlan]
    script: Callable[[Decision], str]
    file: Callable[[Decision], str]
    options: Callable[[Decision], str] = lambda _: ""  # what may be decided at the end of the steps
    more: Sequence[Task] = ()  # tasks made elsewhere: reasons of delay, plans, losses

    @property
    def language(self) -> Language:
        return self.rules.settings.language

    def name(self, customer: str) -> str:
        contact = self.contacts.get(customer)
        return (contact.name if contact is not None else "") or customer


def list_invoices(numbers: Sequence[str]) -> str:
    """ "F-1, F-2 … (+3)": at most a dozen numbers."""
    shown = ", ".join(numbers[:_MOST_NAMED])
    return shown if len(numbers) <= _MOST_NAMED else f"{shown} … (+{len(numbers) - _MOST_NAMED})"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a task is about: the columns of its row that do not depend on its kind."""

    customer: str
    invoices: Sequence[str] = ()
    currency: str = ""
    amount: Cents = 0
    why: str = ""
    priority: int = 0


def make_task(kind: Kind, key: str, about: About, facts: TaskFacts, **named: str | int) -> Task:
    """`named` fills the sentence of the kind, besides the customer's name and the invoices; whole numbers make words agree."""
    text = TASK_WORDS[kind]
    what = text.what(facts.language).format_map(
        {"name": facts.name(about.customer), "invoices": list_invoices(about.invoices), **agreeing(named, facts.language)}
    )
    return Task(
        key=key,
        kind=text.kind(facts.language),
        customer=about.customer,
        invoices=tuple(about.invoices),
        currency=about.currency,
        amount=about.amount,
        what=what,
        why=about.why,
        priority=about.priority,
    )


def for_manager(task: Task, facts: TaskFacts) -> Task:
    """The customer's account manager is named, where the Contacts tab has one."""
    contact = facts.contacts.get(task.customer)
    if contact is None or not contact.manager:
        return task
    return replace(task, what=f"{task.what} {'Pour' if facts.language == 'fr' else 'For'} {contact.manager}.")
