"""How a customer pays, counted: delays, share late, trend, from the invoices themselves.

Robust on purpose: medians and counts, so that one forgotten invoice or one very large one moves nothing. A paid
invoice counts with its delay (days from the due date to the day it was cleared, negative when early); an invoice
still open after its due date counts with its lateness so far, and so does one written off. Apart: disputed invoices,
credit notes, drafts, cancelled ones, and what is not yet due.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sync.dunning.law.discounts import discount_on
from sync.dunning.model import Settings
from sync.ledger.balances import Balances
from sync.ledger.model import ONE_DAY, UNHANDLED, Cents, Contact, CustomerKey, Ledger
from sync.ledger.words import DelayReason, Status

# (day observed, due day, days late, cleared?); days are ordinals; an open invoice is observed on the as-of date.
Observed = tuple[int, int, int, bool]


@dataclass(slots=True)
class Account:
    """The running totals of one customer in one currency; it changes only while `accounts` fills it.

    `oldest_late` is the lateness in days of the oldest undisputed open invoice; `largest_open` the amount of
    the largest open invoice and `amounts` all invoiced amounts of the window, to say what is usual.
    """

    observed: list[Observed]
    amounts: list[Cents]
    open: Cents = 0
    overdue: Cents = 0
    disputed: Cents = 0
    oldest_late: int = 0
    largest_open: Cents = 0
    short_paid: bool = False  # an open balance equal to the early-payment discount


class Habits(NamedTuple):
    """The habits of a customer. Delays in days; None = too little to say. Shares in whole percent.

    `late` counts the invoices more than `reliable_max_days` late, of the `observed` ones. `delay` is the median of all,
    or that of the last `segment_recent_months` if worse. `trend` is the recent median minus the one before.
    `good_run`: 1 when the last N invoices were good, 2 when the last 2N were (see `road_back_invoices`), else 0.
    """

    observed: int = 0
    late: int = 0
    delay: int | None = None
    usual_delay: int | None = None
    trend: int | None = None
    good_run: int = 0

    @property
    def late_share(self) -> int:
        return 100 * self.late // self.observed if self.observed else 0


NO_HABITS = Habits()


class Standing(NamedTuple):
    """All that is known of one customer in one currency. `broken` promises of the window; `exposure` is what they owe,
    free money deducted, never below 0."""

    currency: str
    account: Account
    habits: Habits
    broken: int
    contact: Contact | None
    exposure: Cents
    is_insolvent: bool


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of that month (31 March - 1 month = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - ONE_DAY).day
    return date(year, month + 1, min(day.day, last))


def accounts(ledger: Ledger, balances: Balances, settings: Settings) -> dict[CustomerKey, Account]:
    """The totals of each customer and currency, in one pass over their invoices.

    An account exists for each customer and currency with a row that counts (credit notes too): issued at most on
    the day of the balances, neither draft nor cancelled.
    """
    result: dict[CustomerKey, Account] = {}
    as_of, written_off, by_number = balances.as_of, balances.written_off, balances.invoices
    today = as_of.toordinal()
    window = months_before(as_of, settings.segment_months).toordinal()
    early = settings.early_discount if settings.early_discount and 0 < settings.early_discount < 100 else None
    for key, invoices in ledger.by_account.items():
        account = Account([], [])
        for invoice in invoices:
            if invoice.issued > as_of:
                continue
            handling = invoice.handling
            disputed = False
            if handling is not UNHANDLED:
                status = handling.status
                if status is Status.DRAFT or status is Status.CANCELLED:
                    continue
                disputed = handling.reason is DelayReason.DISPUTE
            result[key] = account
            amount = invoice.amount
            if amount <= 0:
                continue
            open_, _, _, cleared = by_number[invoice.number]
            due = invoice.due.toordinal()
            if open_ == 0 and due <= window:
                continue  # settled before the window: nothing to count
            is_late, in_window = due < today, due > window
            if open_ > 0:
                account.open += open_
                if amount > account.largest_open:
                    account.largest_open = amount
                if early and open_ < amount and open_ == discount_on(amount, early):
                    account.short_paid = True
                if is_late:
                    account.overdue += open_
                    if disputed:
                        account.disputed += open_
                    elif today - due > account.oldest_late:
                        account.oldest_late = today - due
            if in_window:
                account.amounts.append(amount)
            if disputed:
                continue
            if cleared is not None and (not written_off or invoice.number not in written_off):
                if in_window:
                    day = cleared.toordinal()
                    account.observed.append((day, due, day - due, True))
            elif is_late and (in_window or open_ > 0):
                account.observed.append((today, due, today - due, False))
    return result


class HabitRules(NamedTuple):
    """What the statistics look at in one run. `recent_from` is an ordinal day, excluded."""

    recent_from: int
    tolerance: int
    enough: int
    road_back: int
    road_share: int

    @classmethod
    def of(cls, settings: Settings, as_of: date) -> "HabitRules":
        return cls(
            months_before(as_of, settings.segment_recent_months).toordinal(), settings.reliable_max_days,
            settings.segment_min_invoices, settings.road_back_invoices, settings.reliable_max_late_share,
        )  # fmt: skip


def habits(account: Account, last_broken: date | None, rules: HabitRules) -> Habits:
    """The statistics of one account. `last_broken`: the day the last broken promise was to be kept at the latest;
    a good invoice observed before it does not count for the road back."""
    observed = account.observed
    if not observed:
        return NO_HABITS
    observed.sort()
    recent_from, tolerance, enough, _, _ = rules
    delays = sorted([one[2] for one in observed])
    recent = sorted([delay for _, due, delay, _ in observed if due > recent_from])
    cleared = sorted([delay for _, _, delay, done in observed if done])
    delay = _median(delays)
    trend = None
    if len(recent) >= enough:
        recent_median = _median(recent)
        if len(delays) - len(recent) >= enough:
            trend = recent_median - _median(sorted([late for _, due, late, _ in observed if due <= recent_from]))
        delay = max(delay, recent_median)
    return Habits(
        len(delays),
        len(delays) - bisect_right(delays, tolerance),
        delay,
        _median(cleared) if len(cleared) >= enough else None,
        trend,
        _good_run(observed, last_broken, rules),
    )


def _good_run(observed: list[Observed], last_broken: date | None, rules: HabitRules) -> int:
    """2 when the customer has paid 2N good invoices lately, 1 when N, else 0.

    From the latest invoice back, as many late ones are forgiven as a reliable customer may have.
    """
    since = last_broken.toordinal() if last_broken else 0
    good = bad = level = 0
    for day, _, delay, _ in reversed(observed):
        if day <= since or good == 2 * rules.road_back:
            break
        if delay > rules.tolerance:
            bad += 1
            continue
        good += 1
        if good % rules.road_back == 0 and 100 * bad <= rules.road_share * (good + bad):
            level = good // rules.road_back
    return level


def _median(ordered: list[int]) -> int:
    """Of a sorted list that is not empty; between two middle values, their mean rounded down."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) // 2
