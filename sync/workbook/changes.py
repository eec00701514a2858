"""From conclusions to cells: which of our cells hold something else than they should, and nothing more.

Pure: a snapshot and a plan in, `Changes` out. Every value we own is listed here once, per tab.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sync.dunning.model import Decision, InvoiceView, Plan, Profile, Task
from sync.dunning.outcomes import InvoiceUpdate
from sync.dunning.reasons import State
from sync.dunning.tasks import list_invoices
from sync.dunning.why import act_name
from sync.ledger.model import Cents, DraftCells, Invoice, Ledger
from sync.ledger.problems import Problem
from sync.ledger.words import Language, word_for
from sync.workbook.contract import JOURNAL, PROBLEMS_TAB, TABS_BY_KEY, TODAY, Tab, Who
from sync.workbook.tabs import Cell, CellChange, Changes, RawTab, RowInputs, Snapshot, TabRewrite

_DAY_ZERO = date(1899, 12, 30)

_NEXT: dict[State, tuple[str, str]] = {
    State.PAUSED: ("wait", "attendre"),
    State.BLOCKED: ("mend first", "à corriger"),
    State.EXHAUSTED: ("decide", "à décider"),
    State.NONE: ("", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything a run concluded, in the form the sheet needs.

    `drafts` what the draft cells of a row should hold, by invoice number; `released` invoices whose *send?* was acted upon; `closed` why an invoice that is not open rests.
    """

    plan: Plan
    ledger: Ledger
    language: Language
    drafts: Mapping[str, DraftCells] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    handled_today: frozenset[int] = frozenset()
    updates: Sequence[InvoiceUpdate] = ()
    closed: Mapping[str, str] = field(default_factory=dict)
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
    wanted: dict[str, Iterator[tuple[int, Mapping[str, Cell]]]] = {
        "invoices": _invoice_rows(snapshot, outcome),
        "contacts": _contact_rows(snapshot, outcome),
        "payments": ((row, {"suggested": text}) for row, text in _all_rows(snapshot, "payments", outcome.suggestions)),
        "plans": (
            (row, {"state": word_for("plan_state", state, outcome.language) if state else None})
            for row, state in _all_rows(snapshot, "plans", outcome.plan_states)
        ),
        "templates": ((row, {"preview": text}) for row, text in _all_rows(snapshot, "templates", outcome.previews)),
        "settings": ((row, {"meaning": text}) for row, text in _all_rows(snapshot, "settings", outcome.meanings)),
        "cadence": ((row, {}) for row, _ in _all_rows(snapshot, "cadence", {})),
        "reasons": ((row, {}) for row, _ in _all_rows(snapshot, "reasons", {})),
        "rates": ((row, {}) for row, _ in _all_rows(snapshot, "rates", {})),
    }
    for key, rows in wanted.items():
        raw = snapshot.tabs.get(key)
        if raw is not None:
            desk = _Desk(TABS_BY_KEY[key], raw, by_row.get(key, {}))
            for row, values in rows:
                changed = desk.differences(row, values)
                if changed:
                    cells += changed
                    inputs.append(desk.inputs(row, changed))
    rewrites = [
        TabRewrite(tab="today", rows=_today_rows(snapshot.tabs.get("today"), outcome)),
        TabRewrite(tab="problems", rows=_problem_rows(outcome.problems, outcome.language, snapshot)),
    ]
    kept = [rewrite for rewrite in rewrites if rewrite.tab in snapshot.tabs and not _already(snapshot.tabs[rewrite.tab], rewrite)]
    return Changes(cells=cells, inputs=inputs, rewrites=kept)


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


# --- comparing ------------------------------------------------------------------------------------------------------


def same(before: Cell, after: Cell) -> bool:
    """Whether a cell already shows what we would write, whatever its carrier made of it."""
    if after is None or after == "":
        return before is None or before == ""
    if isinstance(after, datetime | date):
        return as_date(before) == (after.date() if isinstance(after, datetime) else after)
    if isinstance(after, int | float) and not isinstance(after, bool):
        return isinstance(before, int | float) and not isinstance(before, bool) and abs(before - after) < 0.005
    return isinstance(before, str) and before.replace("\r\n", "\n").strip() == str(after).strip()


def as_date(cell: Cell) -> date | None:
    """A date cell as a date: native, or the serial number of a spreadsheet."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < 100_000:
        return _DAY_ZERO + timedelta(days=int(cell))
    return None


class _Desk:
    """One tab being compared: its columns at hand, since every row asks for them."""

    def __init__(self, tab: Tab, raw: RawTab, problems: Mapping[int, str]) -> None:
        self.tab, self.raw, self.problems = tab, raw, problems
        self.keys = raw.columns.get(tab.row_key, ()) if tab.row_key else ()
        self.people = tuple(column.key for column in tab.columns if column.who is Who.PEOPLE and column.key in raw.columns)

    def differences(self, row: int, values: Mapping[str, Cell]) -> list[CellChange]:
        """The cells of ours that do not say it yet; a column that people removed is not written."""
        index = row - self.raw.first_row
        columns = self.raw.columns
        changed = []
        key = None
        for column, after in (*values.items(), ("problem", self.problems.get(row))):
            cells = columns.get(column)
            if cells is None:
                continue
            before = cells[index] if index < len(cells) else None
            if before is after or same(before, after):
                continue
            if key is None:
                key = self._key(index)
            changed.append(CellChange(self.tab.key, row, key, column, before, None if after == "" else after))
        return changed

    def _key(self, index: int) -> str:
        cell = self.keys[index] if index < len(self.keys) else None
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return "" if cell is None else str(cell)

    def inputs(self, row: int, changed: Sequence[CellChange]) -> RowInputs:
        written = {change.column for change in changed}
        columns = self.people if written.isdisjoint(self.people) else tuple(one for one in self.people if one not in written)
        return RowInputs(
            tab=self.tab.key, row=row, key=changed[0].key, cells=_RowCells(self.raw, row - self.raw.first_row, columns)
        )


class _RowCells(Mapping[str, Cell]):
    """Some cells of one row, looked up where they stand: a hundred thousand rows are not copied for a check."""

    __slots__ = ("_columns", "_index", "_raw")

    def __init__(self, raw: RawTab, index: int, columns: tuple[str, ...]) -> None:
        self._raw, self._index, self._columns = raw, index, columns

    def __getitem__(self, column: str) -> Cell:
        if column not in self._columns:
            raise KeyError(column)
        cells = self._raw.columns[column]
        return cells[self._index] if self._index < len(cells) else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def _all_rows(snapshot: Snapshot, key: str, values: Mapping[int, str]) -> Iterator[tuple[int, str | None]]:
    raw = snapshot.tabs.get(key)
    if raw is not None:
        for index in range(len(raw)):
            yield raw.first_row + index, values.get(raw.first_row + index)


# --- invoices -------------------------------------------------------------------------------------------------------


def _invoice_rows(snapshot: Snapshot, outcome: Outcome) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    views = {view.row: view for view in outcome.plan.invoices}
    carried = {decision.carrying: decision for decision in outcome.plan.decisions}
    invoices = {invoice.row: invoice for invoice in outcome.ledger.invoices}
    updates: dict[str, dict[str, Cell]] = defaultdict(dict)
    for update in outcome.updates:
        updates[update.invoice][update.column] = _update_cell(update, outcome.language)
    raw = snapshot.tabs.get("invoices", None)
    if raw is None:
        return
    for index in range(len(raw)):
        row = raw.first_row + index
        invoice, view = invoices.get(row), views.get(row)
        values: dict[str, Cell] = dict(
            _open_values(view, carried, outcome) if view is not None else _closed_values(invoice, outcome)
        )
        if invoice is not None:
            values |= updates.get(invoice.number, {})
            values |= _draft_values(invoice, outcome)
            if invoice.number in outcome.released:
                values["send"] = None
        yield row, values


def _update_cell(update: InvoiceUpdate, language: Language) -> Cell:
    if update.column == "reason":
        return word_for("reason", str(update.value), language)
    if update.column == "promised_amount" and isinstance(update.value, int):
        return update.value / 100
    return update.value


def _open_values(view: InvoiceView, carried: Mapping[str, Decision], outcome: Outcome) -> Mapping[str, Cell]:
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
        if decision.state in (State.BLOCKED, State.EXHAUSTED):
            action = _NEXT[decision.state][language == "fr"]
    else:
        action = _NEXT.get(view.state, ("wait", "attendre"))[language == "fr"] if view.state is not State.SCHEDULED else None
        day = view.until
    return {
        "open": view.open / 100,
        "days_late": view.days_late or None,
        "step": step,
        "next_action": action,
        "action_date": day,
        "why": view.why,
        "priority": view.priority or None,
    }


def _closed_values(invoice: Invoice | None, outcome: Outcome) -> Mapping[str, Cell]:
    nothing: dict[str, Cell] = dict.fromkeys(("open", "days_late", "step", "next_action", "action_date", "why", "priority"))
    if invoice is not None:
        balance = outcome.balances.get(invoice.number)
        nothing["open"] = balance / 100 if balance is not None else None
        nothing["why"] = outcome.closed.get(invoice.number)
    return nothing


def _draft_values(invoice: Invoice, outcome: Outcome) -> Mapping[str, Cell]:
    wanted = outcome.drafts.get(invoice.number)
    if wanted is None:
        return {}
    return {"subject": wanted.subject, "draft": wanted.draft, "mark": wanted.mark}


# --- contacts -------------------------------------------------------------------------------------------------------


def _contact_rows(snapshot: Snapshot, outcome: Outcome) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    by_customer: dict[str, list[Profile]] = defaultdict(list)
    for profile in outcome.plan.profiles:
        by_customer[profile.customer].append(profile)
    rows = {contact.row: contact.customer for contact in outcome.ledger.contacts.values()}
    for row, _ in _all_rows(snapshot, "contacts", {}):
        profiles = by_customer.get(rows.get(row, ""), [])
        # One row per customer: the currency in which most is owed speaks for it.
        main = max(profiles, key=lambda one: (one.open, one.currency), default=None)
        if main is None:
            yield row, dict.fromkeys(("segment", "risk", "open", "overdue", "usual_delay", "advice"))
            continue
        yield (
            row,
            {
                "segment": word_for("segment", main.segment, outcome.language),
                "risk": main.risk,
                "open": main.open / 100,
                "overdue": main.overdue / 100,
                "usual_delay": _delay(main.usual_delay, outcome.language),
                "advice": main.advice,
            },
        )


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


def _problems_by_row(problems: Iterable[Problem], language: Language) -> Mapping[str, Mapping[int, str]]:
    by_row: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for problem in problems:
        sentence = f"{problem.what(language)} {problem.fix(language)}"
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
