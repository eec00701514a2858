"""The workbook as read: facts, rules and everything wrong with either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.conclude import Foresee, no_foresight
from sync.dunning.configuration import read_rules
from sync.dunning.model import Rules
from sync.dunning.settings import find_setting
from sync.errors import WorkbookError
from sync.ledger.collector import collector_paused
from sync.ledger.dates import format_date
from sync.ledger.model import Ledger
from sync.ledger.problems import Problem, Severity
from sync.ledger.reading import read_ledger
from sync.ledger.words import Language
from sync.letters.checking import check_templates
from sync.run.clock import Clock
from sync.workbook.contract import INVOICES
from sync.workbook.tabs import Snapshot, Workbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The workbook as read: facts, rules and everything wrong with either."""

    as_of: date
    is_today: bool  # as_of is the real today
    snapshot: Snapshot
    ledger: Ledger
    rules: Rules
    previews: Mapping[int, str]  # row of the Templates tab -> its text as an invented customer would read it
    problems: Sequence[Problem]
    foresee: Foresee = no_foresight


def gather(workbook: Workbook, clock: Clock, foresee: Foresee = no_foresight) -> Gathered:
    """Read everything once. Never raises for what a person typed: that is in `problems`."""
    with collector_paused():
        return replace(understand(workbook.read(), clock), foresee=foresee)


def understand(snapshot: Snapshot, clock: Clock) -> Gathered:
    """Facts and rules of a snapshot."""
    rules = read_rules(snapshot.tabs)
    texts = check_templates(rules)
    rules = replace(rules, refused_templates=rules.refused_templates | texts.refused)
    rules, to_come = _without_days_to_come(rules, snapshot, clock)
    settings = rules.settings
    refuse_unreadable(snapshot, settings.language)
    stop = rules.stop_sending or any(problem.severity is Severity.STOP for problem in snapshot.problems)
    rules = replace(rules, stop_sending=stop)
    as_of, real_today = clock.today(settings.time_zone), clock.real_today(settings.time_zone)
    ledger, row_problems = read_ledger(
        snapshot.tabs, language=settings.language, currency=settings.currency, terms=settings.terms, as_of=as_of,
        real_today=real_today,
    )  # fmt: skip
    return Gathered(
        as_of=as_of,
        is_today=as_of == real_today,
        snapshot=snapshot,
        ledger=ledger,
        rules=rules,
        previews={rules.templates[key].row: text for key, text in texts.previews.items()},
        problems=[*snapshot.problems, *_of_other_cells([*rules.problems, *to_come, *texts.problems, *row_problems], snapshot)],
    )


def _without_days_to_come(rules: Rules, snapshot: Snapshot, clock: Clock) -> tuple[Rules, Sequence[Problem]]:
    """Payments known up to a day in the future would switch the freshness check off without a word: told, and not counted."""
    settings = rules.settings
    day, today = settings.payments_as_of, clock.real_today(settings.time_zone)
    if day is None or day <= today:
        return rules, ()
    raw = snapshot.tabs["settings"]
    names = [find_setting(str(cell)) if cell else None for cell in raw.columns.get("setting", ())]
    row = next(raw.first_row + i for i, named in enumerate(names) if named is not None and named.name == "payments_as_of")
    problem = Problem(
        tab="settings", row=row, column="value", code="date_in_future", value=format_date(day, settings.language),
        severity=Severity.WARNING,
    )  # fmt: skip
    return replace(rules, settings=replace(settings, payments_as_of=None)), (problem,)


def _of_other_cells(problems: Sequence[Problem], snapshot: Snapshot) -> list[Problem]:
    """Those that say something new: a formula without a result has been told, and that its cell holds no amount follows."""
    told = {(one.tab, one.row, one.column) for one in snapshot.problems if one.code == "formula_not_computed"}
    return [one for one in problems if (one.tab, one.row, one.column) not in told]


def refuse_unreadable(snapshot: Snapshot, language: Language) -> None:
    """Without a tab of invoices, or without its columns that must be there, nothing can be read."""
    for problem in snapshot.problems:
        if problem.tab == INVOICES.key and problem.code in ("tab_missing", "column_missing"):
            raise WorkbookError(f"{problem.what(language)} {problem.fix(language)}")


def with_stops(gathered: Gathered, stops: Sequence[Problem]) -> Gathered:
    """The same with problems that keep everything from being sent."""
    if not stops:
        return gathered
    rules = replace(gathered.rules, stop_sending=True)
    return replace(gathered, rules=rules, problems=[*gathered.problems, *stops])
