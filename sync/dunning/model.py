"""What we conclude: settings as understood, the cadence, decisions. Frozen values, printable and comparable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from sync.dunning.reasons import Reason, State
from sync.dunning.records import filled_at_once
from sync.ledger.model import Cents
from sync.ledger.problems import Problem
from sync.ledger.words import Approval, Attach, Channel, DelayReason, Kind, Language, Segment


class Mode(StrEnum):
    DRAFT = "draft"
    APPROVE = "approve"
    AUTO = "auto"


class InterestUse(StrEnum):
    NEVER = "never"
    MENTION = "mention"
    CHARGE = "charge"


class Allocation(StrEnum):
    PRINCIPAL_FIRST = "principal_first"
    INTEREST_FIRST = "interest_first"


class LateEntry(StrEnum):
    FIRST = "first"
    MATCH = "match"


NO_BAR = "¦"  # what a bar inside a part of a key becomes


def joined_key(*parts: object) -> str:
    """A key of several parts. A bar inside a part would make two of it, so it becomes a broken one."""
    texts = [str(part) for part in parts]
    joined = "|".join(texts)
    if joined.count("|") < len(texts):  # no part has a bar of its own, as nearly always
        return joined
    return "|".join([text.replace("|", NO_BAR) for text in texts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The Settings tab as understood; an absent setting has its default, a blank one is off (None or "")."""

    company: str = ""
    address: str = ""
    company_id: str = ""
    vat_id: str = ""
    sender_name: str = ""
    sender_email: str = ""
    reply_to: str = ""
    iban: str = ""
    bic: str = ""
    language: Language = "fr"
    time_zone: str = "Europe/Paris"
    country: str = "FR"
    region: str = ""
    currency: str = "EUR"
    terms: str = "30"
    mode: Mode = Mode.DRAFT
    stop: bool = False
    test_address: str = ""
    daily_cap: int | None = 200
    send_batch: int = 10
    sending_days: frozenset[int] = frozenset(range(5))  # Monday = 0
    sending_from: time = time(8, 30)
    sending_to: time = time(18, 0)
    minimum_customer: Cents = 1500
    minimum_invoice: Cents = 500
    spacing_days: int = 7
    person_grace_days: int | None = 5
    promise_grace_days: int = 2
    review_days: int = 14
    reply_pause_days: int = 7
    payments_as_of: date | None = None
    freshness_days: int | None = 7
    late_entry: LateEntry = LateEntry.FIRST
    late_entry_cap: int | None = None
    exhausted_after_days: int = 15
    broken_plan_days: int = 10
    volume_guard: int | None = 300  # percent of the usual
    interest: InterestUse = InterestUse.MENTION
    interest_rule: str = ""
    interest_allocation: Allocation = Allocation.PRINCIPAL_FIRST
    cost_of_capital: Decimal | None = None  # percent a year
    cost_email: Cents | None = None
    cost_call: Cents | None = None
    cost_letter: Cents | None = None
    goal_month_collection: Decimal | None = None  # percent
    retention_months_texts: int | None = None
    retention_months_contacts: int | None = None
    site: str = "internal"
    # Segment thresholds (see sync/dunning/behaviour/segments.py)
    segment_months: int = 24
    segment_min_invoices: int = 3
    reliable_max_days: int = 3
    reliable_max_late_share: int = 20  # percent of invoices
    watch_min_days: int = 30
    watch_min_late_share: int = 60
    watch_broken_promises: int = 2
    segment_recent_months: int = 6
    segment_margin: int = 25  # percent by which a threshold must be passed to leave a segment
    road_back_invoices: int = 5
    credit_warning: int = 80  # percent of the credit limit
    unusual_order: int = 300  # percent of the usual invoice
    # Plans and discounts (see sync/dunning/agreements/plans.py)
    plan_max_months: int = 6
    plan_min_instalment: Cents = 5000
    plan_max_amount: Cents | None = None
    plan_first_percent: int = 20
    plan_limitation_days: int = 90  # a plan ends at least so long before the limitation date
    discount_immediate: Decimal | None = None  # percent
    discount_plan_kept: Decimal | None = None
    early_discount: Decimal | None = None
    early_discount_days: int | None = None
    thank_you: bool = False
    digest: str = ""  # "", "daily", "weekly"
    digest_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a cadence. `offset` is n of J+n (n >= 1), or minus n of J-n (n >= 1), in days from the due date."""

    row: int  # row of the Cadence tab, 0 for a built-in one
    number: int
    offset: int
    channel: Channel
    template: str = ""  # "" = the built-in text of the step
    approval: Approval = Approval.ASK
    minimum: Cents = 0
    repeat_every: int | None = None
    repeat_max: int = 1
    attach: Attach | None = None  # what goes with the e-mail

    @property
    def is_note(self) -> bool:
        """A courtesy note before the due date."""
        return self.offset < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Steps numbered 1..n with rising offsets. `segment` None = for any customer."""

    name: str
    segment: Segment | None
    steps: tuple[Step, ...]
    late_steps: tuple[Step, ...] = field(init=False, repr=False, compare=False)  # those of J+n, asked for at every decision

    def __post_init__(self) -> None:
        object.__setattr__(self, "late_steps", tuple(step for step in self.steps if not step.is_note))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRoute:
    """How a reason of delay routes a case. `days` until review; `back_to` None = the level reached."""

    reason: DelayReason
    pause: bool
    owner: str = ""
    days: int = 14
    template: str = ""
    back_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text of the Templates tab (row > 0) or a built-in one (row 0)."""

    row: int
    name: str
    language: Language
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All configuration of the workbook, as understood.

    `refused` names the cadences and templates that cannot be used: (tab, name) -> why they stop sending.
    A refused cadence also stands in `cadences`, without steps, so that its segment never falls back on another plan unseen.
    `stop_sending`: a configuration problem that stops everything.
    """

    settings: Settings
    cadences: Sequence[Cadence]
    routes: Mapping[DelayReason, ReasonRoute]
    templates: Mapping[tuple[str, Language], Template]
    rates: Mapping[tuple[str, date], Decimal] = field(default_factory=dict)  # Rates tab rows: (name, from) -> percent
    refused_cadences: frozenset[str] = frozenset()
    refused_templates: frozenset[tuple[str, Language]] = frozenset()
    stop_sending: bool = False
    problems: Sequence[Problem] = ()


HUNDRED_YEARS = 36500  # what percent x days are divided by


class InterestLine(NamedTuple):
    """One stretch of days at one rate on one base. `start` and `end` are both interest days (inclusive).

    A named tuple, because tens of thousands are made in a run.
    """

    invoice: str
    base: Cents
    rate: Decimal  # percent a year
    start: date
    end: date
    days: int

    @property
    def interest(self) -> Fraction:
        """Cents, exact; a year has 365 days, leap years too."""
        numerator, denominator = self.rate.as_integer_ratio()
        return Fraction(self.base * self.days * numerator, HUNDRED_YEARS * denominator)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the law adds to one late invoice. None = cannot or must not be computed: see `why_null`.

    `why_null`: "rate_missing" (with `missing` naming the rate and half-year), "rate_below_floor", "kind_unknown",
    "setting_never" or "".
    """

    interest: Cents | None
    compensation: Cents | None
    why_null: str = ""
    missing: str = ""
    lines: tuple[InterestLine, ...] = ()


@filled_at_once
@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the payment history of a customer in one currency says. `why` lists each component of the score in words."""

    customer: str
    currency: str
    segment: Segment
    risk: int  # 0..100, 100 = worst
    open: Cents
    overdue: Cents
    usual_delay: int | None  # median days late of cleared invoices, None when too few
    broken_promises: int = 0
    why: Sequence[str] = ()
    advice: str = ""
    signs: Sequence[str] = ()  # early-warning codes


@filled_at_once
@dataclass(frozen=True, kw_only=True)
class InvoiceView:
    """One open invoice as of the date: its state and the figures that the row and JSON show."""

    row: int
    invoice: str
    customer: str
    currency: str
    open: Cents
    days_late: int
    state: State
    reason: Reason
    until: date | None = None
    why: str = ""
    claim: Claim = Claim(0, 0)
    limitation: date | None = None
    carrying: str = ""  # the invoice whose row carries this one's message
    priority: int = 0


@dataclass(frozen=True, slots=True)
class InstalmentDue:
    """The instalment of a plan that a courtesy note announces. `amount` is what is still to pay on it; number 1..count."""

    plan: str
    due: date
    amount: Cents
    number: int
    count: int


@filled_at_once
@dataclass(frozen=True, kw_only=True)
class Decision:
    """One message or act for one customer, currency and cadence."""

    customer: str
    currency: str
    cadence: str
    carrying: str
    invoices: tuple[str, ...]  # claimed, oldest due first
    also_open: tuple[str, ...] = ()
    step: int
    offset: int
    occurrence: int = 1
    channel: Channel
    template: str = ""
    approval: Approval
    state: State
    reason: Reason
    why: str = ""
    action_date: date
    amount: Cents  # open balance of the claimed invoices
    unallocated: Cents = 0  # free money and credits, positive
    interest: Cents | None = 0
    compensation: Cents | None = 0
    interest_lines: tuple[InterestLine, ...] = ()
    to_pay: Cents = 0
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    language: Language = "fr"
    kind: Kind | None = None
    priority: int = 0
    is_note: bool = False
    approved: bool = False  # a person ticked this very draft
    instalment: InstalmentDue | None = None  # the note announces this instalment, not the invoices
    # Identifies the message for ever: customer, currency, cadence, carrying invoice, step, occurrence.
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = joined_key(self.customer, self.currency, self.cadence, self.carrying, self.step, self.occurrence)
        object.__setattr__(self, "key", key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A row of the Today tab."""

    key: str
    kind: str
    customer: str
    invoices: tuple[str, ...] = ()
    currency: str = ""
    amount: Cents = 0
    what: str = ""
    why: str = ""
    script: str = ""
    file: str = ""
    priority: int = 0


@filled_at_once
@dataclass(frozen=True, kw_only=True)
class Observation:
    """Something the engine saw for the first time and asks the journal to remember (a status, a reason, a skip).

    `text` holds what a version of a cadence said (see `configuration_changes.outline`).
    """

    customer: str
    invoices: tuple[str, ...] = ()
    currency: str = ""
    cadence: str = ""
    step: int | None = None
    occurrence: int | None = None
    channel: str = ""
    status: str = "observed"
    amount: Cents | None = None
    text: str = ""
    field: str = ""
    old: str = ""
    new: str = ""
    note: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All conclusions of one run, in a stable order."""

    as_of: date
    decisions: Sequence[Decision]
    invoices: Sequence[InvoiceView]
    profiles: Sequence[Profile]
    tasks: Sequence[Task] = ()
    observations: Sequence[Observation] = ()
    problems: Sequence[Problem] = ()
