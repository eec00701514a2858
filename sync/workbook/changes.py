"""From conclusions to cells: which of our cells hold something else than they should, and nothing more.

Pure: a snapshot and a plan in, `Changes` out. Every value we own is listed here once, per tab.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.dunning.model import Decision, InvoiceView, Plan, Profile, Task
from sync.dunning.phrases import colon
from sync.dunning.reasons import Reason, State
from sync.dunning.today.making import list_invoices
from sync.dunning.today.outcomes import InvoiceUpdate
from sync.dunning.why import act_name
from sync.ledger.model import Cents, DraftCells, Ledger
from sync.ledger.problems import Problem
from sync.ledger.words import Language, Segment, word_for
from sync.workbook.contract import JOURNAL, PROBLEMS_TAB, TABS_BY_KEY, TODAY, Who
from sync.workbook.differences import Wanted, differences, same
from sync.workbook.tabs import Cell, CellChange, Changes, RawTab, RowInputs, Snapshot, TabRewrite

_NEXT: dict[State, tuple[str, str]] = {
    State.PAUSED: ("wait", "attendre"),
    State.BLOCKED: ("mend first", "à corriger"),
    State.EXHAUSTED: ("decide", "à décider"),
    State.NONE: ("", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything a run concluded, in the form the sheet needs.

    `drafts` what the draft cells of a row should hold, by invoice number; `released` invoices whose *send?* was acted upon;
    `closed` why each invoice that is not open rests (None = it is open), in the order of the ledger.
    """

    plan: Plan
    ledger: Ledger
    language: Language
    drafts: Mapping[str, DraftCells] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    handled_today: frozenset[int] = frozenset()
    updates: Sequence[InvoiceUpdate] = ()
    closed: Sequence[str | None] = ()
    suggestions: Mapping[int, str] = field(default_factory=dict)  # payment row -> suggested invoices
    plan_states: Mapping[int, str] = field(default_factory=dict)  # plans row -> state key
    previews: Mapping[int, str] = field(default_factory=dict)  # templates row -> preview
    meanings: Mapping[int, str] = field(default_factory=dict)  # settings row -> meaning
    balances: Mapping[str, Cents] = field(default_factory=dict)  # invoice -> open, for rows without a view
    problems: Sequence[Problem] = ()


def plan_changes(snapshot: Snapshot, outcome: Outcome) -> Changes:
    """The cells to write for this outcome. An empty `Changes` when the sheet already says it all."""
    cells: list[CellChange] = []
    inputs: list[RowInputs] = []
    by_row = _problems_by_row(outcome.problems, outcome.language)
    states = {row: word_for("plan_state", state, outcome.language) for row, state in outcome.plan_states.items() if state}
    wanted: dict[str, Callable[[RawTab], Wanted]] = {
        "invoices": lambda raw: _invoice_cells(raw, outcome),
        "contacts": lambda raw: _contact_cells(raw, outcome),
        "payments": lambda raw: Wanted({"suggested": _by_row(raw, outcome.suggestions)}),
        "plans": lambda raw: Wanted({"state": _by_row(raw, states)}),
        "templates": lambda raw: Wanted({"preview": _by_row(raw, outcome.previews)}),
        "settings": lambda raw: Wanted({"meaning": _by_row(raw, outcome.meanings)}),
        "cadence": lambda raw: Wanted(),
        "reasons": lambda raw: Wanted(),
        "rates": lambda raw: Wanted(),
    }
    for key, cells_of in wanted.items():
        raw = snapshot.tabs.get(key)
        if raw is not None:
            problems: Mapping[str, Sequence[Cell]] = {"problem": _by_row(raw, by_row.get(key, {}))}
            own = cells_of(raw)
            changed, relied_on = differences(TABS_BY_KEY[key], raw, Wanted({**own.every, **problems}, own.some))
            cells += changed
            inputs += relied_on
    rewrites = [
        TabRewrite(tab="today", rows=_today_rows(snapshot.tabs.get("today"), outcome)),
        TabRewrite(tab="problems", rows=_problem_rows(outcome.problems, outcome.language, snapshot)),
    ]
    kept = [rewrite for rewrite in rewrites if rewrite.tab in snapshot.tabs and not _already(snapshot.tabs[rewrite.tab], rewrite)]
    return Changes(cells=cells, inputs=inputs, rewrites=kept)


def _by_row(raw: RawTab, values: Mapping[int, str]) -> list[Cell]:
    """A column of the values that sheet rows have, None in the others."""
    if not values:
        return [None] * len(raw)
    return [values.get(row) for row in range(raw.first_row, raw.first_row + len(raw))]


def is_bare(snapshot: Snapshot) -> bool:
    """Whether the workbook has no place for what a run writes: a tab that is ours whole is missing, or a tab of theirs has
    none of our columns, as in one made by hand. A single column that people removed is their choice and stays away.
    """
    if any(tab.key not in snapshot.tabs for tab in (TODAY, PROBLEMS_TAB, JOURNAL)):
        return True
    for key, raw in snapshot.tabs.items():
        ours = {column.key for column in TABS_BY_KEY[key].columns if column.who is not Who.PEOPLE}
        if ours.isdisjoint(raw.columns):
            return True
    return False


# --- invoices -------------------------------------------------------------------------------------------------------


_SHOWN = ("open", "days_late", "step", "next_action", "action_date", "why", "priority")


def _invoice_cells(raw: RawTab, outcome: Outcome) -> Wanted:
    """Most rows are settled: their balance and one sentence. The open ones then say all the rest."""
    every: dict[str, list[Cell]] = {key: [None] * len(raw) for key in _SHOWN}
    open_, why = every["open"], every["why"]
    first_row, balances = raw.first_row, outcome.balances
    for invoice, closed in zip(outcome.ledger.invoices, outcome.closed, strict=True):
        place = invoice.row - first_row
        open_[place] = balances[invoice.number] / 100
        why[place] = closed
    carried = {decision.carrying: decision for decision in outcome.plan.decisions}
    columns = [every[key] for key in _SHOWN]
    for view in outcome.plan.invoices:
        for column, cell in zip(columns, _open_cells(view, carried, outcome), strict=True):
            column[view.row - first_row] = cell
    some: dict[str, dict[int, Cell]] = defaultdict(dict)
    by_number = outcome.ledger.by_number
    for update in outcome.updates:
        if update.invoice in by_number:
            some[update.column][by_number[update.invoice].row - first_row] = _update_cell(update, outcome.language)
    for number, draft in outcome.drafts.items():
        if number in by_number:
            place = by_number[number].row - first_row
            some["subject"][place], some["draft"][place], some["mark"][place] = draft.subject, draft.draft, draft.mark
    some["send"] = {by_number[number].row - first_row: None for number in outcome.released if number in by_number}
    return Wanted(every, some)


def _update_cell(update: InvoiceUpdate, language: Language) -> Cell:
    if update.column == "reason":
        return word_for("reason", str(update.value), language)
    if update.column == "promised_amount" and isinstance(update.value, int):
        return update.value / 100
    return update.value


def _open_cells(view: InvoiceView, carried: Mapping[str, Decision], outcome: Outcome) -> tuple[Cell, ...]:
    """The cells of an open invoice, in the order of `_SHOWN`."""
    decision = carried.get(view.carrying)
    language = outcome.language
    carries = decision is not None and decision.carrying == view.invoice
    step: Cell = None
    action: Cell = None
    day: Cell = None
    if decision is not None and not carries:
        action = f"voir {view.carrying}" if language == "fr" else f"see {view.carrying}"
    elif decision is not None:
        step = f"{decision.step} · {'J' if language == 'fr' else 'D'}{decision.offset:+d}"
        action, day = act_name(decision.channel, language), decision.action_date
        if decision.reason is Reason.PLAN_EXHAUSTED:  # from the day of the last step on, though the day to decide is to come
            action = _NEXT[State.EXHAUSTED][language == "fr"]
        elif decision.state is State.BLOCKED:
            action = _NEXT[State.BLOCKED][language == "fr"]
    else:
        action = _NEXT.get(view.state, ("wait", "attendre"))[language == "fr"] if view.state is not State.SCHEDULED else None
        day = view.until
    return view.open / 100, view.days_late or None, step, action, day, view.why, view.priority or None


# --- contacts -------------------------------------------------------------------------------------------------------


def _contact_cells(raw: RawTab, outcome: Outcome) -> Wanted:
    """One row per customer: the currency in which most is owed speaks for it."""
    main: dict[str, Profile] = {}
    for profile in outcome.plan.profiles:
        known = main.setdefault(profile.customer, profile)
        if (profile.open, profile.currency) > (known.open, known.currency):
            main[profile.customer] = profile
    language = outcome.language
    segments = {segment: word_for("segment", segment, language) for segment in Segment}
    every: dict[str, list[Cell]] = {
        key: [None] * len(raw) for key in ("segment", "risk", "open", "overdue", "usual_delay", "advice")
    }
    for contact in outcome.ledger.contacts.values():
        one = main.get(contact.customer)
        if one is not None:
            place = contact.row - raw.first_row
            every["segment"][place], every["risk"][place] = segments[one.segment], one.risk
            every["open"][place], every["overdue"][place] = one.open / 100, one.overdue / 100
            every["usual_delay"][place], every["advice"][place] = _delay(one.usual_delay, language), one.advice
    return Wanted(every)


def _delay(days: int | None, language: Language) -> str | None:
    if days is None:
        return None
    if days <= 0:
        return "à l’heure" if language == "fr" else "on time"
    unit = ("jour" if language == "fr" else "day") + ("s" if days > 1 else "")
    return f"{days} {unit}"


# --- tabs that are ours whole ---------------------------------------------------------------------------------------


def _today_rows(raw: RawTab | None, outcome: Outcome) -> list[Mapping[str, Cell]]:
    """Tasks with what people have typed beside them; rows they logged that could not be understood stay at the end."""
    typed: dict[str, dict[str, Cell]] = {}
    logged: list[Mapping[str, Cell]] = []
    people = ("outcome", "date", "amount_promised", "note")
    if raw is not None:
        for index in range(len(raw)):
            row = {key: cells[index] if index < len(cells) else None for key, cells in raw.columns.items()}
            if raw.first_row + index in outcome.handled_today:
                continue
            task = str(row.get("task") or "")
            if task:
                typed[task] = {key: row.get(key) for key in people}
            elif any(cell not in (None, "") for cell in row.values()):
                logged.append(row)
    rows: list[Mapping[str, Cell]] = [{**_task_cells(task), **typed.pop(task.key, {})} for task in outcome.plan.tasks]
    return rows + logged


def _task_cells(task: Task) -> dict[str, Cell]:
    return {
        "task": task.key,
        "priority": task.priority,
        "kind": task.kind,
        "customer": task.customer,
        "invoices": list_invoices(task.invoices),
        "amount": task.amount / 100 if task.amount else None,
        "what": task.what,
        "why": task.why or None,
        "script": task.script or None,
        "file": task.file or None,
    }


def _problem_rows(problems: Iterable[Problem], language: Language, snapshot: Snapshot) -> list[Mapping[str, Cell]]:
    return [
        {
            "tab": snapshot.tabs[problem.tab].title if problem.tab in snapshot.tabs else TABS_BY_KEY[problem.tab].title(language),
            "row": problem.row or None,
            "column": heading(problem, language),
            "value": problem.value or None,
            "what": problem.what(language),
            "fix": problem.fix(language),
            "code": problem.code,
        }
        for problem in sorted(problems, key=lambda one: (list(TABS_BY_KEY).index(one.tab), one.row, one.column, one.code))
    ]


def heading(problem: Problem, language: Language) -> str | None:
    """The heading of the column a problem points at, as people know it."""
    tab = TABS_BY_KEY[problem.tab]
    return next((column.heading(language) for column in tab.columns if column.key == problem.column), problem.column or None)


# Sentences that speak of "this cell" and do not name it.
_OF_THE_CELL = frozenset({"missing_value", "error_cell"})


def _problems_by_row(problems: Iterable[Problem], language: Language) -> Mapping[str, Mapping[int, str]]:
    by_row: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        sentence = f"{problem.what(language)} {problem.fix(language)}"
        if problem.code in _OF_THE_CELL:  # "This cell must be filled": in a cell of its own, one must say which
            sentence = f"{heading(problem, language)}{colon(language)}{sentence}"
        if sentence not in by_row[problem.tab][problem.row]:
            by_row[problem.tab][problem.row].append(sentence)
    return {tab: {row: "\n".join(sentences) for row, sentences in rows.items()} for tab, rows in by_row.items()}


def _already(raw: RawTab, rewrite: TabRewrite) -> bool:
    if len(raw) != len(rewrite.rows):
        return False
    return all(
        same(cells[index] if index < len(cells) else None, row.get(key))
        for key, cells in raw.columns.items()
        for index, row in enumerate(rewrite.rows)
    )
