"""The public edition's figures: month-ends only, rounded, small cells hidden together with what would give them away.

A cell may be shown when at least five customers stand behind it and none holds more than 60 % of it. What is hidden in
a sum whose total is shown must itself be such a group, else one more cell is hidden with it. Only the measures named
here are published, without numerators or denominators; names of cadences become letters. Pages are then made from this
document alone: nothing else of the ledger is within their reach.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import floor, log10

from reports.calendar import DAY, month_of
from reports.measures.stages import Acts, Stage
from reports.portfolio import BUCKETS, Portfolio, bucket_of, final_level, open_at
from sync.ledger.model import Cents

FEWEST = 5
LARGEST_SHARE = 0.6
SUPPRESSED = "suppressed"
COUNTS = 5  # numbers of cases are rounded to the nearest five
Cell = Mapping[str, Cents]  # what each customer puts into a cell
Document = dict[str, object]

BALANCES = ("open", "overdue", "overdue_30", "overdue_60", "overdue_90", "overdue_rate")
DELAYS = ("dso_simple_90", "dso_simple_365", "dso_count_back", "dso_best_possible_90", "add_90", "days_to_pay", "weighted_terms")
OF_NOT_DUE = ("dso_best_possible_90", "add_90", "overdue_rate")
OF_MONTH = ("cei", "cash_cei", "collection_rate")
OF_COHORT = ("on_time_share", "on_time_share_amount")
AGES = ("recovery", "recovery_billed")


def last_month_end(day: date) -> date:
    """The last day of a month that is at most `day`."""
    first, last = month_of(day)
    return last if day == last else first - DAY


def may_show(cell: Cell) -> bool:
    """At least five customers, none above 60 % (amounts that reduce the cell count by their size)."""
    sizes = [abs(cents) for cents in cell.values() if cents]
    return len(sizes) >= FEWEST and max(sizes) <= LARGEST_SHARE * sum(sizes)


def hidden_with(cells: Sequence[Cell]) -> frozenset[int]:
    """Which cells of a sum to hide when its total is shown: the unsafe ones, and enough others to cover them.

    Empty cells are hidden only to cover: a zero tells that nobody is there, which is no secret of anyone's amount.
    """
    hidden = {place for place, cell in enumerate(cells) if any(cell.values()) and not may_show(cell)}
    if not hidden:
        return frozenset()
    others = sorted((place for place in range(len(cells)) if place not in hidden), key=lambda place: sum(cells[place].values()))
    while others and not (len(hidden) > 1 and may_show(_together(cells[place] for place in hidden))):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def _together(cells: Iterable[Cell]) -> Cell:
    total: dict[str, Cents] = defaultdict(int)
    for cell in cells:
        for customer, cents in cell.items():
            total[customer] += cents
    return total


def step_of(total: float) -> float:
    """Amounts are rounded to two figures of the total: a thousand when some ten thousands are owed."""
    return 10.0 ** max(0, floor(log10(total)) - 1) if total >= 10 else 1.0


def public_document(
    document: Mapping[str, object],
    portfolios: Mapping[str, Portfolio],
    acts: Mapping[str, Acts],
    groups: Mapping[tuple[str, str], str],
) -> Document:
    """kpis.json for everybody: the same shape; a currency whose receivables are not safe to show is left out."""
    panels = _branch(document, "currencies")
    shown = {
        currency: _Currency(portfolio, acts[currency], groups).panel(_branch(panels, currency))
        for currency, portfolio in portfolios.items()
        if may_show(_open_now(portfolio))
    }
    quality = dict(_branch(document, "quality"))
    return {
        "as_of": document["as_of"],
        "run_at": document["run_at"],
        "edition": "public",
        "quality": quality,
        "currencies": shown,
    }


def _branch(node: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = node.get(key)
    return found if isinstance(found, Mapping) else {}


def _open_now(portfolio: Portfolio) -> Cell:
    cell: dict[str, Cents] = defaultdict(int)
    for item in portfolio.items:
        cell[item.customer] += final_level(item).open
    return {customer: cents for customer, cents in cell.items() if cents}


class _Currency:
    """One currency's figures made public. `cells[day][bucket]` = open amount by customer."""

    def __init__(self, portfolio: Portfolio, acts: Acts, groups: Mapping[tuple[str, str], str]) -> None:
        self.portfolio, self.acts = portfolio, acts
        self.group = {customer: word for (customer, currency), word in groups.items() if currency == portfolio.currency}
        self.total = sum(_open_now(portfolio).values()) / 100
        self.step = step_of(self.total)
        self.by_due: dict[str, dict[str, Cents]] = defaultdict(lambda: defaultdict(int))
        self.by_issue: dict[str, dict[str, Cents]] = defaultdict(lambda: defaultdict(int))
        for item in portfolio.items:
            self.by_due[f"{date.fromordinal(item.due):%Y-%m}"][item.customer] += item.amount
            self.by_issue[f"{date.fromordinal(item.issued):%Y-%m}"][item.customer] += item.amount

    def buckets(self, day: int, segment: str | None = None) -> list[dict[str, Cents]]:
        cells: list[dict[str, Cents]] = [defaultdict(int) for _ in BUCKETS]
        for item in self.portfolio.items:
            if item.issued > day or (segment is not None and self.group.get(item.customer, "new") != segment):
                continue
            if item.moves and item.moves[-1].day <= day and final_level(item).open == 0:
                continue
            cents = open_at(item, day)
            if cents:
                cells[bucket_of(day - item.due)][item.customer] += cents
        return cells

    def panel(self, panel: Mapping[str, object]) -> Document:
        day = self.portfolio.as_of
        found: Document = self._standing(panel, self.buckets(day), BALANCES + DELAYS)
        found["days_late"] = {
            key: self._measure(_branch(_branch(panel, "days_late"), key))
            for key in ("mean", "median", "weighted", "p90", "mean_late_only")
        }
        concentration = _branch(panel, "top10_share")
        cases = concentration.get("n")
        found["top10_share"] = self._measure(concentration, isinstance(cases, int) and cases >= 4 * FEWEST)
        found["unprompted_share"] = self._measure(_branch(panel, "unprompted_share"))
        months = panel.get("months")
        entries = [entry for entry in months if isinstance(entry, Mapping)] if isinstance(months, list) else []
        ends = {str(entry["month"]): self.buckets(date.fromisoformat(str(entry["as_of"])).toordinal()) for entry in entries}
        found["months"] = [self._month(entry, ends[str(entry["month"])]) for entry in entries if not entry.get("to_date")]
        found["roll_rates"] = self._rolls(_branch(panel, "roll_rates"), list(ends.values())[-12:])
        found["stages"] = self._stages(panel.get("stages"))
        found["segments"] = self._segments(_branch(panel, "segments"))
        return found

    def _standing(self, node: Mapping[str, object], cells: Sequence[Cell], keys: Sequence[str]) -> Document:
        """Balances, ageing and delays of one day. `open` is the sum of the buckets: credits are few people's, and left out."""
        total, overdue = _together(cells), _together(cells[1:])
        whole = may_show(total)
        split = whole and not hidden_with([cells[0], overdue])
        hidden = frozenset(place + 1 for place in hidden_with(cells[1:])) if split else frozenset(range(len(BUCKETS)))
        found: Document = {"unapplied": self._hidden(_branch(node, "unapplied"))}
        for key in keys:
            measure = _branch(node, key)
            allowed = whole and (
                split or key in ("open", "dso_simple_90", "dso_simple_365", "dso_count_back", "days_to_pay", "weighted_terms")
            )
            if key in ("overdue_30", "overdue_60", "overdue_90"):
                allowed = allowed and not hidden
            found[key] = self._measure(measure, allowed, value=sum(total.values()) / 100 if key == "open" else None)
        ageing = _branch(node, "ageing")
        found["ageing"] = {
            bucket: {"count": None, "amount": None}
            if place in hidden
            else {
                "count": self._count(_branch(ageing, bucket).get("count")),
                "amount": f"{self._amount(sum(cells[place].values()) / 100):.2f}",
            }
            for place, bucket in enumerate(BUCKETS)
        }
        return found

    def _month(self, entry: Mapping[str, object], cells: Sequence[Cell]) -> Document:
        key = str(entry["month"])
        due, issued = self.by_due.get(key, {}), self.by_issue.get(key, {})
        found: Document = {"month": key, "as_of": entry["as_of"]}
        found |= self._standing(entry, cells, (*BALANCES, "dso_simple_90", "dso_count_back", "dso_best_possible_90", "add_90"))
        whole = may_show(_together(cells))
        for name in OF_MONTH:
            found[name] = self._measure(_branch(entry, name), whole and may_show(due))
        for name in OF_COHORT:
            found[name] = self._measure(_branch(entry, name), may_show(due))
        for name, cohort in zip(AGES, (due, issued), strict=True):
            cells_ = _branch(entry, name)
            found[name] = {age: self._measure(_branch(cells_, age), may_show(cohort)) for age in cells_}
        return found

    def _rolls(self, node: Mapping[str, object], ends: Sequence[Sequence[Cell]]) -> Document:
        found: Document = {}
        for place, bucket in enumerate(BUCKETS):
            allowed = may_show(_together(cells[place] for cells in ends))
            fates = _branch(node, bucket)
            found[bucket] = {fate: self._measure(_branch(fates, fate), allowed) for fate in fates}
        return found

    def _stages(self, entries: object) -> list[Document]:
        exposed: dict[Stage, dict[str, Cents]] = defaultdict(lambda: defaultdict(int))
        for unit in self.acts.units:
            exposed[unit.stage][unit.item.customer] += unit.exposure
        known = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
        letters = {name: chr(ord("A") + place % 26) for place, name in enumerate(sorted({str(one["cadence"]) for one in known}))}
        found: list[Document] = []
        for entry in known:
            stage = Stage(str(entry["cadence"]), int(str(entry["step"])), str(entry["channel"]))
            if not may_show(exposed.get(stage, {})):
                continue
            shown: Document = {"cadence": letters[stage.cadence], "step": stage.step, "channel": stage.channel}
            for key, node in entry.items():
                if key in ("n", "failed"):
                    shown[key] = self._count(node)
                elif isinstance(node, Mapping):
                    shown[key] = self._measure(node)
            found.append(shown)
        return found

    def _segments(self, nodes: Mapping[str, object]) -> Document:
        """Balance and overdue of each segment, each hidden with its own cover; what is not due is their difference, so it
        decides with the overdue.
        """
        cells = {segment: self.buckets(self.portfolio.as_of, segment) for segment in nodes}
        whole: list[Cell] = [_together(own) for own in cells.values()]
        overdue: list[Cell] = [_together(own[1:]) for own in cells.values()]
        not_due: list[Cell] = [own[0] for own in cells.values()]
        no_open = self._cover(whole, frozenset())
        no_overdue: frozenset[int] = frozenset()
        while (more := self._cover(overdue, no_overdue) | self._cover(not_due, no_overdue)) != no_overdue:
            no_overdue = more
        found: Document = {}
        for place, (segment, node) in enumerate(nodes.items()):
            own = node if isinstance(node, Mapping) else {}
            is_open, is_late = place not in no_open, place not in no_overdue
            total = sum(whole[place].values()) / 100
            found[segment] = {
                "open": self._measure(_branch(own, "open"), is_open, value=total),
                "overdue": self._measure(_branch(own, "overdue"), is_late),
                "overdue_rate": self._measure(_branch(own, "overdue_rate"), is_open and is_late),
                **{key: self._measure(_branch(own, key), is_open) for key in ("dso_count_back", "days_to_pay", "weighted_terms")},
                "days_late": {"median": self._measure(_branch(_branch(own, "days_late"), "median"), is_open)},
            }
        return found

    @staticmethod
    def _cover(cells: Sequence[Cell], hidden: frozenset[int]) -> frozenset[int]:
        """`hidden`, the unsafe cells, and enough others that what is hidden is safe as a group."""
        wanted = set(hidden) | set(hidden_with(cells))
        others = sorted(
            (place for place in range(len(cells)) if place not in wanted), key=lambda place: sum(cells[place].values())
        )
        while wanted and others and not (len(wanted) > 1 and may_show(_together(cells[place] for place in wanted))):
            wanted.add(others.pop(0))
        return frozenset(wanted)

    def _measure(self, measure: Mapping[str, object], allowed: bool = True, value: float | None = None) -> Document:
        """The measure rounded by its unit, without what it was divided by; hidden when not allowed."""
        if not measure:
            return {}
        number = measure.get("value") if value is None else value
        unit = str(measure.get("unit"))
        cases = measure.get("n")
        is_rate = "interval" in measure
        if not allowed or (is_rate and isinstance(cases, int) and cases < FEWEST):
            return self._hidden(measure)
        rounded: float | None = None
        if isinstance(number, int | float):
            rounded = (
                self._amount(number)
                if unit == self.portfolio.currency
                else round(number, 2)
                if unit == "ratio"
                else round(number)
            )
        warnings = measure.get("warnings")
        return {
            "value": rounded, "unit": unit, "n": self._count(cases), "numerator": None, "denominator": None,
            "why_null": measure.get("why_null", ""), "warnings": list(warnings) if isinstance(warnings, list) else [],
        }  # fmt: skip

    def _hidden(self, measure: Mapping[str, object]) -> Document:
        return {
            "value": None, "unit": str(measure.get("unit", self.portfolio.currency)), "n": 0, "numerator": None,
            "denominator": None, "why_null": SUPPRESSED, "warnings": [],
        }  # fmt: skip

    def _amount(self, number: float) -> float:
        return round(number / self.step) * self.step

    @staticmethod
    def _count(found: object) -> int:
        return round(found / COUNTS) * COUNTS if isinstance(found, int) else 0
