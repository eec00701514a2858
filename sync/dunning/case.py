"""What the engine looks at and what it writes down: one run's facts, indexed, and its conclusions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.calendar import BusinessDays
from sync.dunning.history import History
from sync.dunning.model import Cadence, Claim, Decision, InvoiceView, Observation, Profile, Rules
from sync.dunning.pauses import PauseFacts
from sync.ledger.balances import Balances
from sync.ledger.model import Cents, CustomerKey, Invoice, Ledger
from sync.ledger.problems import Problem

Cleared = tuple[date, str, Invoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is known of one run, indexed for the engine.

    `owed` are the invoices with something open, in the order of the rows, `open` how much; `unallocated` free money, positive; `claims` and `limitations` of
    late and open invoices; `stale` = payments are older than the freshness limit.
    """

    as_of: date
    ledger: Ledger
    rules: Rules
    history: History
    calendar: BusinessDays
    pauses: PauseFacts
    profiles: Mapping[CustomerKey, Profile]
    owed: Sequence[Invoice]
    open: Mapping[str, Cents]
    unallocated: Mapping[CustomerKey, Cents]
    balances: Balances
    claims: Mapping[str, Claim]
    limitations: Mapping[str, date | None]
    chances: Mapping[str, float] = field(default_factory=dict)  # of being paid more than 30 days late, where foreseen
    plans: Mapping[CustomerKey, Sequence[PaymentPlan]] = field(default_factory=dict)  # in force, by account
    broken: Mapping[str, date] = field(default_factory=dict)  # invoice -> the day its last plan broke
    moved: frozenset[str] = frozenset()  # customers whose segment this very run finds changed
    stale: bool = False


@dataclass(slots=True)
class AccountRows:
    """The invoices of one customer in one currency: all rows (credit notes too), those with something open, and those not cleared by their due
    date, with the day they were cleared (date.max = not cleared) and their number.
    """

    all: Sequence[Invoice] = ()
    owed: list[Invoice] = field(default_factory=list)
    once_late: list[Cleared] = field(default_factory=list)


@dataclass(slots=True)
class Conclusions:
    """What the engine writes down as it goes through the customers."""

    decisions: list[Decision] = field(default_factory=list)
    views: list[InvoiceView] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _told: set[tuple[str, int, str, str]] = field(default_factory=set)

    def tell_once(self, problem: Problem) -> None:
        """A problem of a cell or a tab that many invoices meet."""
        place = (problem.tab, problem.row, problem.code, problem.value)
        if place not in self._told:
            self._told.add(place)
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Group:
    """Late invoices of one cadence that nothing pauses, with the invoice that carries them."""

    cadence: Cadence
    invoices: tuple[Invoice, ...]  # oldest due first
    carrier: Invoice


def carrying_order(invoice: Invoice, open_: Mapping[str, Cents]) -> tuple[date, int, str]:
    """Oldest due first, then the largest balance, then the number so that the order of rows never matters."""
    return invoice.due, -open_[invoice.number], invoice.number
