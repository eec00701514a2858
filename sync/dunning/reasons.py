"""The closed list of reasons: why an invoice or a customer is, or is not, reminded today.

Each reason has one state (what JSON shows) and one sentence in each language, which says the rule and what would
change it. `{names}` are filled by `why`; a sentence must read well on a row of the sheet.
"""

from enum import StrEnum
from typing import NamedTuple

from sync.ledger.words import Language


class State(StrEnum):
    DUE = "due"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    PAUSED = "paused"
    BLOCKED = "blocked"
    EXHAUSTED = "exhausted"
    NONE = "none"


class Reason(StrEnum):
    STEP_DUE = "step_due"
    AWAITING_APPROVAL = "awaiting_approval"
    FOR_A_PERSON = "for_a_person"
    CADENCE_CHANGED = "cadence_changed"
    DRAFT_OUTDATED = "draft_outdated"
    NOT_DUE = "not_due"
    STEP_SCHEDULED = "step_scheduled"
    SPACING = "spacing"
    BELOW_MINIMUM = "below_minimum"
    CAP_REACHED = "cap_reached"
    OUTSIDE_WINDOW = "outside_window"
    ROW_PROBLEM = "row_problem"
    SETTINGS_PROBLEM = "settings_problem"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    STALE_PAYMENTS = "stale_payments"
    STOPPED = "stopped"
    PLAN_EXHAUSTED = "plan_exhausted"
    ON_HOLD = "on_hold"
    PROMISED = "promised"
    DISPUTED = "disputed"
    NOT_RECEIVED = "not_received"
    HARDSHIP = "hardship"
    SAYS_PAID = "says_paid"
    APPROVAL_PENDING = "approval_pending"
    OTHER = "other"
    PLAN_KEPT = "plan_kept"
    DIRECT_DEBIT = "direct_debit"
    BILL_ACCEPTED = "bill_accepted"
    DO_NOT_CONTACT = "do_not_contact"
    INSOLVENT = "insolvent"
    WRITTEN_OFF = "written_off"
    HANDED_OVER = "handed_over"
    IN_COURT = "in_court"
    TIME_BARRED = "time_barred"
    COVERED_BY_CREDIT = "covered_by_credit"
    REPLIED = "replied"
    CHANGED_SINCE_READ = "changed_since_read"


_DUE = (Reason.STEP_DUE, Reason.AWAITING_APPROVAL, Reason.FOR_A_PERSON, Reason.CADENCE_CHANGED, Reason.DRAFT_OUTDATED)
_SCHEDULED = (Reason.NOT_DUE, Reason.STEP_SCHEDULED)
_WAITING = (Reason.SPACING, Reason.BELOW_MINIMUM, Reason.CAP_REACHED, Reason.OUTSIDE_WINDOW)
_BLOCKED = (
    Reason.ROW_PROBLEM, Reason.SETTINGS_PROBLEM, Reason.NO_ADDRESS, Reason.BOUNCED, Reason.UNCERTAIN,
    Reason.STALE_PAYMENTS, Reason.STOPPED,
)  # fmt: skip


def state_of(reason: Reason) -> State:
    """The state that goes with a reason. PLAN_EXHAUSTED is WAITING until `exhausted_after_days` are over: see the engine."""
    if reason in _DUE:
        return State.DUE
    if reason in _SCHEDULED:
        return State.SCHEDULED
    if reason in _WAITING:
        return State.WAITING
    if reason in _BLOCKED:
        return State.BLOCKED
    if reason is Reason.PLAN_EXHAUSTED:
        return State.EXHAUSTED
    return State.PAUSED


class Sentence(NamedTuple):
    en: str
    fr: str

    def text(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


SENTENCES: dict[Reason, Sentence] = {}
