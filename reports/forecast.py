"""Money to come on what is already invoiced: 13 weeks, P10, P50, P90, and an outlook for each open invoice (kpis §16).

For each open invoice the first rule that applies: an open promise or a running plan (its dates, weighted by how often
such promises are kept), a dispute (usual lateness plus the usual time to resolve), else the customer's own lateness.
Customers, not invoices, are drawn: one draw makes all invoices of a customer early or late together. The seed is fixed,
so two runs on the same facts agree. New sales are not in it: the line reads "already invoiced only".
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from reports.lateness import Chance, Habits, observations
from reports.portfolio import Item, Portfolio, open_at
from sync.dunning.agreements.promises import Promise, PromiseState
from sync.dunning.model import Settings
from sync.ledger.model import Cents, Instalment, JournalRow
from sync.ledger.words import Act, DelayReason

WEEKS = 13
DRAWS = 1000
GRID = 100  # strata of a customer's draw
SEED = 20_180_101
FAR = 1100  # days after which "some day" is called never
DEFAULT_RESOLUTION = 30  # days a dispute lasts while none has been closed


class Prospect(NamedTuple):
    """Money expected from one customer: `amount` cents, due that day, with the chance that says when.

    `on` is the day somebody said (promise, instalment), believed with the chance `kept`; `shift` delays the chance (dispute).
    """

    customer: str
    invoice: str
    amount: Cents
    due: int
    chance: Chance
    shift: int = 0
    on: int | None = None
    kept: float = 0.0

    def paid_by(self, day: int) -> float:
        """Chance that the money is there at the close of a day."""
        habit = self.chance.paid_by(day - self.due - self.shift)
        if self.on is None:
            return habit
        return (self.kept if day >= self.on else 0.0) + (1 - self.kept) * (habit if day > self.on else 0.0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What to expect of one open invoice: the day by which payment is as likely as not (None = unlikely at all), and
    the chance, 0 to 1, that it is more than 30 days late when paid, or never paid."""

    expected: date | None
    late_30: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Cents expected from `first` to `last`, both included; `on_due_dates` is the baseline."""

    first: date
    last: date
    p10: Cents
    p50: Cents
    p90: Cents
    on_due_dates: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Dated facts beside the money, as a day knows them.

    `promised`: invoice -> (day, cents or None for all); `kept`: share of promises kept; `disputed`: invoices;
    `resolution`: usual days of a dispute; `groups`: customer -> segment.
    """

    promised: Mapping[str, tuple[int, Cents | None]]
    kept: float
    disputed: frozenset[str]
    resolution: int
    groups: Mapping[str, str]


def said_now(
    made: Iterable[Promise], items: Mapping[str, Item], journal: Iterable[JournalRow], groups: Mapping[str, str], day: int
) -> Said:
    """What the sheet says on the day of the report: promises (cells and journal), disputes, segments."""
    known = list(made)
    promised: dict[str, tuple[int, Cents | None]] = {}
    for one in known:
        if one.state is PromiseState.OPEN and one.deadline.toordinal() >= day:
            for number, part in _shares(one, items, day):
                promised[number] = (one.day.toordinal(), part)
    disputed = frozenset(
        number
        for number, item in items.items()
        if item.handling.reason is DelayReason.DISPUTE
        and (item.handling.reason_on is None or item.handling.reason_on.toordinal() <= day)
    )
    return Said(
        promised=promised, kept=kept_share(known, day), disputed=disputed, resolution=_resolution(journal, day), groups=groups
    )


def said_then(made: Iterable[Promise], items: Mapping[str, Item], journal: Sequence[JournalRow], day: int) -> Said:
    """What the journal had written by a past day. `made` are the promises of the journal alone: a cell bears no date."""
    known = list(made)
    promised: dict[str, tuple[int, Cents | None]] = {}
    for one in known:
        if one.made_on.toordinal() <= day <= one.deadline.toordinal():
            for number, part in _shares(one, items, day):
                promised[number] = (one.day.toordinal(), part)
    disputed: set[str] = set()
    groups: dict[str, str] = {}
    for row in journal:
        if row.status is not Act.OBSERVED or row.when.date().toordinal() > day:
            continue
        if row.field == "segment":
            groups[row.customer] = row.new
        elif row.field == "reason":
            for number in row.invoices:
                (disputed.add if row.new == DelayReason.DISPUTE else disputed.discard)(number)
    return Said(
        promised=promised, kept=kept_share(known, day), disputed=frozenset(disputed), resolution=_resolution(journal, day),
        groups=groups,
    )  # fmt: skip


def _shares(one: Promise, items: Mapping[str, Item], day: int) -> Iterable[tuple[str, Cents]]:
    """A promise fills its invoices oldest due first; the rest of each follows its habit."""
    rest = one.amount - one.paid
    for item in sorted((items[number] for number in one.invoices if number in items), key=lambda item: (item.due, item.number)):
        part = min(rest, open_at(item, day))
        if part > 0:
            yield item.number, part
            rest -= part


def kept_share(made: Iterable[Promise], day: int) -> float:
    """Share of the promises kept among those judged by a day, with two imaginary ones (one kept) so that it is never 0 or 1."""
    judged = [one for one in made if one.deadline.toordinal() <= day and one.amount > 0]
    kept = sum(one.state is PromiseState.KEPT for one in judged)
    counted = sum(one.state in (PromiseState.KEPT, PromiseState.PARTLY_KEPT, PromiseState.BROKEN) for one in judged)
    return (kept + 1) / (counted + 2)


def _resolution(journal: Iterable[JournalRow], day: int) -> int:
    """Median days of the disputes that the journal saw end by a day."""
    opened: dict[str, int] = {}
    spans: dict[str, int] = {}
    for row in journal:
        when = row.when.date().toordinal()
        if row.status is Act.OBSERVED and row.field == "reason" and when <= day:
            for number in row.invoices:
                if row.new == DelayReason.DISPUTE:
                    opened.setdefault(number, when)
                elif row.old == DelayReason.DISPUTE and number in opened:
                    spans[number] = when - opened[number]
    ordered = sorted(spans.values())
    return ordered[len(ordered) // 2] if ordered else DEFAULT_RESOLUTION


def habits_at(portfolio: Portfolio, day: int, groups: Mapping[str, str], lost: Sequence[float] | None = None) -> Habits:
    """How customers paid, as a day knew it."""
    return Habits(observations(portfolio.items, day), groups, lost)


def prospects(
    portfolio: Portfolio, day: int, habits: Habits, said: Said, instalments: Sequence[Instalment], settings: Settings
) -> list[Prospect]:
    """Everything open at the close of a day, as money to come. What we already hold for a customer is taken off first."""
    open_ = _open_after_credit(portfolio, day)
    planned, covered = _planned(instalments, portfolio, open_, day, settings, habits, said.kept)
    found = list(planned)
    for item, cents in open_:
        rest = cents - covered.get(item.number, 0)
        if rest <= 0:
            continue
        late = day - item.due
        promise = said.promised.get(item.number)
        if promise is not None:
            on, amount = promise
            part = rest if amount is None else min(rest, amount)
            chance = habits.chance(item.customer, max(late, on - item.due))
            found.append(Prospect(item.customer, item.number, part, item.due, chance, 0, max(on, day + 1), said.kept))
            rest -= part
            if rest <= 0:
                continue
        if item.number in said.disputed:
            shift = said.resolution
            found.append(Prospect(item.customer, item.number, rest, item.due, habits.chance(item.customer, late - shift), shift))
        else:
            found.append(Prospect(item.customer, item.number, rest, item.due, habits.chance(item.customer, late)))
    return found


def _open_after_credit(portfolio: Portfolio, day: int) -> list[tuple[Item, Cents]]:
    """Open items, oldest due first, less the money and credits held for each customer."""
    held: dict[str, Cents] = defaultdict(int)
    for move in portfolio.free:
        if move.day <= day:
            held[move.customer] += move.amount
    found: list[tuple[Item, Cents]] = []
    for item in portfolio.items:
        cents = open_at(item, day)
        if cents > 0:
            found.append((item, cents))
        elif len(item.moves) > 1 or (item.moves and item.moves[0].cash + item.moves[0].credit > item.amount):
            excess = sum(move.cash + move.credit for move in item.moves if move.day <= day) - item.amount
            if excess > 0 and item.issued <= day:
                held[item.customer] += excess
    found.sort(key=lambda pair: (pair[0].due, pair[0].number))
    rest: list[tuple[Item, Cents]] = []
    for item, cents in found:
        used = min(cents, max(0, held.get(item.customer, 0)))
        if used:
            held[item.customer] -= used
        if cents > used:
            rest.append((item, cents - used))
    return rest


def _planned(
    instalments: Sequence[Instalment],
    portfolio: Portfolio,
    open_: Sequence[tuple[Item, Cents]],
    day: int,
    settings: Settings,
    habits: Habits,
    kept: float,
) -> tuple[list[Prospect], dict[str, Cents]]:
    """The instalments still to pay of the plans agreed by a day and not broken, and the balances they stand for."""
    agreed: dict[str, list[Instalment]] = defaultdict(list)
    for row in instalments:
        if row.agreed_on is not None and row.agreed_on.toordinal() <= day:
            agreed[row.plan].append(row)
    found: list[Prospect] = []
    covered: dict[str, Cents] = {}
    if not agreed:
        return found, covered
    by_number = {item.number: item for item in portfolio.items}
    balance = {item.number: cents for item, cents in open_}
    for rows in agreed.values():
        rows = sorted(rows, key=lambda row: (row.due, row.row))
        numbers = [number for number in dict.fromkeys(n for row in rows for n in row.invoices) if number in balance]
        start = min(row.agreed_on for row in rows if row.agreed_on is not None).toordinal()
        paid = sum(
            cash
            for number in dict.fromkeys(n for row in rows for n in row.invoices)
            if number in by_number
            for when, cash, _ in by_number[number].moves
            if start <= when <= day
        )
        missing: list[tuple[int, Cents]] = []
        for row in rows:
            part = min(row.amount, max(0, row.amount - max(0, paid)))
            paid -= row.amount
            if part:
                missing.append((row.due.toordinal(), part))
        if not missing or missing[0][0] + settings.broken_plan_days < day:
            continue  # paid, or broken: its invoices follow their habits again
        left = sum(balance[number] for number in numbers if number not in covered)
        covered.update({number: balance[number] for number in numbers})
        for due, part in missing:
            amount = min(part, left)
            left -= amount
            if amount > 0:
                chance = habits.chance(rows[0].customer, max(day - due, 0))
                found.append(Prospect(rows[0].customer, numbers[0], amount, due, chance, 0, max(due, day + 1), kept))
    return found, covered


def outlooks(found: Iterable[Prospect], portfolio: Portfolio, day: int) -> dict[str, Outlook]:
    """Expected day and chance of more than 30 days late, by open invoice; the latest part of an invoice decides."""
    due = {item.number: item.due for item in portfolio.items}
    results: dict[str, Outlook] = {}
    for one in found:
        limit = due[one.invoice] + 30
        late_30 = 1.0 if limit <= day else min(1.0, max(0.0, 1 - one.paid_by(limit)))
        expected = expected_day(one, day)
        before = results.get(one.invoice)
        if before is not None:
            late_30 = max(late_30, before.late_30)
            expected = None if expected is None or before.expected is None else max(expected, before.expected)
        results[one.invoice] = Outlook(expected, late_30)
    return results


def expected_day(one: Prospect, day: int) -> date | None:
    """First day by which payment is as likely as not."""
    low, high = day + 1, day + FAR
    if one.paid_by(high) < 0.5:
        return None
    while low < high:
        middle = (low + high) // 2
        if one.paid_by(middle) >= 0.5:
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)


def simulate(found: Iterable[Prospect], day: int, draws: int = DRAWS, seed: int = SEED) -> list[list[Cents]]:
    """Weekly sums of each draw: `draws` rising sums per week, ready for quantiles."""
    by_customer: dict[str, list[Prospect]] = defaultdict(list)
    for one in found:
        by_customer[one.customer].append(one)
    random = Random(seed)
    # One long line of random strata; each customer reads it from another place, so no two share a draw.
    line = random.choices(range(GRID), k=draws + max(4096, 2 * len(by_customer)))
    places = random.sample(range(len(line) - draws), len(by_customer))
    sums = [[0] * draws for _ in range(WEEKS)]
    ends = [day + 7 * (week + 1) for week in range(WEEKS)]
    grid = [(place + 0.5) / GRID for place in range(GRID)]
    for start, customer in zip(places, sorted(by_customer), strict=True):
        outcomes: list[list[tuple[int, Cents]]] = [[] for _ in range(GRID)]
        for one in by_customer[customer]:
            place = 0
            for week, end in enumerate(ends):
                reached = bisect_left(grid, one.paid_by(end))
                if reached > place:
                    comes = (week, one.amount)
                    for outcome in outcomes[place:reached]:
                        outcome.append(comes)
                    place = reached
                    if place == GRID:
                        break
        for draw, stratum in enumerate(line[start : start + draws]):
            for week, cents in outcomes[stratum]:
                sums[week][draw] += cents
    for week_sums in sums:
        week_sums.sort()
    return sums


def baseline(found: Iterable[Prospect], day: int) -> list[Cents]:
    """ "Everyone pays on the due date": by week; what is already late comes in the first one."""
    sums = [0] * WEEKS
    for one in found:
        week = max(0, one.due - day - 1) // 7
        if week < WEEKS:
            sums[week] += one.amount
    return sums


def weeks(sums: Sequence[Sequence[Cents]], on_due_dates: Sequence[Cents], day: int) -> tuple[Week, ...]:
    """P10, P50 and P90 of each week from rising sums."""
    return tuple(
        Week(
            first=date.fromordinal(day + 7 * week + 1),
            last=date.fromordinal(day + 7 * week + 7),
            p10=_rank(ordered, 0.1),
            p50=_rank(ordered, 0.5),
            p90=_rank(ordered, 0.9),
            on_due_dates=on_due_dates[week],
        )
        for week, ordered in enumerate(sums)
    )


def _rank(ordered: Sequence[Cents], share: float) -> Cents:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
