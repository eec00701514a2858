"""What commands say to a person at a terminal."""

from collections.abc import Sequence
from datetime import date

from sync.dunning.model import Decision
from sync.dunning.reasons import Reason, State
from sync.dunning.settings import SETTINGS
from sync.ledger.dates import format_date
from sync.ledger.model import JournalRow
from sync.ledger.money import format_money
from sync.ledger.problems import Problem
from sync.ledger.words import Language
from sync.post.journal import Chain
from sync.run.deciding import Run
from sync.sentences import sentence
from sync.workbook.changes import heading
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.tabs import Snapshot

_MODE = next(setting for setting in SETTINGS if setting.name == "mode")


def notes(run: Run) -> list[str]:
    """What a person should know about the whole run, in sentences."""
    language = run.gathered.rules.settings.language
    if run.conclusion.freshness_unknown:
        return [sentence("freshness_unknown", language)]
    return [one.why for one in run.decisions if one.reason is Reason.STALE_PAYMENTS][:1]  # one reason for all: told once


def cell_address(problem: Problem, snapshot: Snapshot) -> str:
    """ "B14", as the spreadsheet calls the cell; "" where a whole row or tab is meant."""
    raw = snapshot.tabs.get(problem.tab)
    letter = raw.letters.get(problem.column, "") if raw is not None else ""
    return f"{letter}{problem.row}" if letter and problem.row else ""


def plan_text(run: Run, preview: Sequence[tuple[date, Sequence[Decision]]] = (), *, names: bool = True) -> str:
    """The plan for a person at a terminal. `names` False (under CI) leaves customers out."""
    settings = run.gathered.rules.settings
    language = settings.language
    due = [decision for decision in run.decisions if decision.state is State.DUE]
    waiting = [decision for decision in run.decisions if decision.state in (State.WAITING, State.SCHEDULED, State.BLOCKED)]
    paused = sum(view.state is State.PAUSED for view in run.conclusion.views)
    lines = [
        sentence(
            "plan_head",
            language,
            day=format_date(run.conclusion.as_of, language),
            mode=_MODE.kind.write(settings.mode, language),
            due=len(due),
            waiting=len(waiting),
            paused=paused,
        )
    ]
    lines += notes(run)
    if run.problems:
        lines.append(sentence("plan_problems", language, count=len(run.problems)))
    lines += [_decision_line(decision, language, names) for decision in sorted(due, key=lambda one: (-one.priority, one.key))]
    for day, decisions in preview:
        lines.append(sentence("preview_head", language, day=format_date(day, language), count=len(decisions)))
        lines += [_decision_line(decision, language, names) for decision in decisions]
    return "\n".join(lines)


def _decision_line(decision: Decision, language: Language, names: bool) -> str:
    invoices = ", ".join(decision.invoices)
    if not names:
        return f"  {invoices}  {decision.reason}"
    amount = format_money(decision.amount, decision.currency, language)
    return f"  {decision.customer}  {invoices}  {amount}  {decision.why}"


def problem_line(problem: Problem, language: Language, snapshot: Snapshot, *, names: bool = True) -> str:
    """One thing to mend, with its cell. Under CI without the value people typed."""
    raw = snapshot.tabs.get(problem.tab)
    where = sentence(
        "problem_line",
        language,
        tab=raw.title if raw is not None else TABS_BY_KEY[problem.tab].title(language),
        cell=cell_address(problem, snapshot) or problem.row or "—",
        column=heading(problem, language) or "—",
        what=problem.what(language) if names else problem.code,
        fix=problem.fix(language) if names else "",
    )
    return where.rstrip()


def uncertain_line(number: int, row: JournalRow, *, names: bool = True) -> str:
    """One uncertain message in a list; the key is what `resolve` takes, as is the number."""
    who = f"  {row.recipient}  {row.key}" if names else ""
    return f"{number}. {row.when.isoformat(timespec='minutes')}  {', '.join(row.invoices)}{who}"


def chain_lines(chain: Chain, has_key: bool, language: Language) -> list[str]:
    """What `verify` says."""
    lines = []
    if chain.first_altered is not None:
        lines.append(sentence("chain_altered", language, row=chain.first_altered))
    elif chain.head_missing:
        lines.append(sentence("chain_head_missing", language))
    else:
        lines.append(sentence("chain_sound", language, count=chain.rows - chain.unsealed, erased=chain.erased))
    if chain.unsealed:
        lines.append(sentence("chain_unsealed", language, count=chain.unsealed))
    if not has_key:
        lines.append(sentence("chain_no_key", language))
    elif chain.unkeyed:
        lines.append(sentence("chain_unkeyed", language, count=chain.unkeyed))
    if chain.head:
        lines.append(sentence("chain_head", language, head=chain.head))
    return lines
