"""What `plan` and `sync` show: the JSON of the contract, and a page of plain text for people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sync.dunning.model import Decision, InterestLine, InvoiceView, Profile
from sync.dunning.reasons import State
from sync.ledger.model import Cents, JournalRow
from sync.ledger.money import format_money, money_text
from sync.ledger.problems import Problem
from sync.ledger.words import Language
from sync.pipeline import Synced
from sync.post.journal import Chain
from sync.run.deciding import Run
from sync.sentences import sentence
from sync.workbook.changes import heading
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.tabs import Snapshot

Json = dict[str, Any]


def plan_json(run: Run, preview: Sequence[tuple[date, Sequence[Decision]]] | None = None) -> Json:
    """The document of `relance plan --json`; money is a string, dates are ISO."""
    settings = run.gathered.rules.settings
    document: Json = {
        "as_of": run.conclusion.as_of.isoformat(),
        "mode": str(settings.mode),
        "decisions": [decision_json(decision) for decision in run.decisions],
        "invoices": [_view_json(view) for view in run.conclusion.views],
        "customers": [_profile_json(profile) for profile in run.conclusion.profiles],
        "notes": notes(run),
        "problems": [problem_json(problem, settings.language, run.gathered.snapshot) for problem in run.problems],
    }
    if preview is not None:
        document["preview"] = [
            {"date": day.isoformat(), "decisions": [decision_json(decision) for decision in decisions]}
            for day, decisions in preview
        ]
    return document


def notes(run: Run) -> list[str]:
    """What a person should know about the whole run, in sentences."""
    language = run.gathered.rules.settings.language
    return [sentence("freshness_unknown", language)] if run.conclusion.freshness_unknown else []


def sync_json(synced: Synced) -> Json:
    """The same, as decided before sending, with what was written and sent."""
    return {
        **plan_json(synced.run),
        "written": {"cells": synced.written.cells, "rows": synced.written.rows, "deferred": list(synced.written.deferred)},
        "sent": [
            {
                "customer": one.decision.customer,
                "currency": one.decision.currency,
                "cadence": one.decision.cadence,
                "carrying": one.decision.carrying,
                "invoices": list(one.decision.invoices),
                "step": one.decision.step,
                "occurrence": one.decision.occurrence,
                "key": one.decision.key,
                "message_id": one.message_id,
                "to": list(one.to),
                "status": str(one.status),
            }
            for one in synced.sendings
        ],
    }


def decision_json(decision: Decision) -> Json:
    found: Json = {
        "customer": decision.customer,
        "currency": decision.currency,
        "invoices": list(decision.invoices),
        "also_open": list(decision.also_open),
        "carrying": decision.carrying,
        "cadence": decision.cadence,
        "step": decision.step,
        "occurrence": decision.occurrence,
        "channel": str(decision.channel),
        "state": str(decision.state),
        "action_date": decision.action_date.isoformat(),
        "approval": str(decision.approval),
        "amount": money_text(decision.amount),
        "unallocated": money_text(decision.unallocated),
        "interest": _money(decision.interest),
        "compensation": _money(decision.compensation),
        "interest_lines": [_line_json(line) for line in decision.interest_lines],
        "to_pay": money_text(decision.to_pay),
        "to": list(decision.to),
        "template": decision.template,
        "reason": str(decision.reason),
        "why": decision.why,
        "key": decision.key,
        "priority": decision.priority,
    }
    if (one := decision.instalment) is not None:  # a note before an instalment of a plan: `amount` is the instalment's
        found["instalment"] = {"plan": one.plan, "due": one.due.isoformat(), "number": one.number, "count": one.count}
    return found


def _line_json(line: InterestLine) -> Json:
    return {
        "invoice": line.invoice,
        "base": money_text(line.base),
        "rate": str(line.rate),
        "from": line.start.isoformat(),
        "to": line.end.isoformat(),
        "days": line.days,
        "interest": f"{float(line.interest) / 100:.4f}",
    }


def _view_json(view: InvoiceView) -> Json:
    claim = view.claim
    is_null = claim.interest is None or claim.compensation is None
    return {
        "invoice": view.invoice,
        "customer": view.customer,
        "currency": view.currency,
        "open": money_text(view.open),
        "days_late": view.days_late,
        "state": str(view.state),
        "reason": str(view.reason),
        "until": view.until.isoformat() if view.until else None,
        "why": view.why,
        "interest": _money(claim.interest),
        "compensation": _money(claim.compensation),
        "interest_why": claim.why_null if is_null else None,
        "limitation": view.limitation.isoformat() if view.limitation else None,
        "priority": view.priority,
    }


def _profile_json(profile: Profile) -> Json:
    return {
        "customer": profile.customer,
        "currency": profile.currency,
        "segment": str(profile.segment),
        "risk": profile.risk,
        "open": money_text(profile.open),
        "overdue": money_text(profile.overdue),
    }


def problem_json(problem: Problem, language: Language, snapshot: Snapshot) -> Json:
    return {
        "tab": problem.tab,
        "row": problem.row,
        "column": problem.column,
        "cell": cell_address(problem, snapshot),
        "code": problem.code,
        "value": problem.value,
        "message": f"{problem.what(language)} {problem.fix(language)}",
    }


def cell_address(problem: Problem, snapshot: Snapshot) -> str:
    """ "B14", as the spreadsheet calls the cell; "" where a whole row or tab is meant."""
    raw = snapshot.tabs.get(problem.tab)
    letter = raw.letters.get(problem.column, "") if raw is not None else ""
    return f"{letter}{problem.row}" if letter and problem.row else ""


def _money(cents: Cents | None) -> str | None:
    return None if cents is None else money_text(cents)


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
            day=run.conclusion.as_of.isoformat(),
            mode=settings.mode,
            due=len(due),
            waiting=len(waiting),
            paused=paused,
        )
    ]
    lines += notes(run)
    lines += [_decision_line(decision, language, names) for decision in sorted(due, key=lambda one: (-one.priority, one.key))]
    for day, decisions in preview:
        lines.append(sentence("preview_head", language, day=day.isoformat(), count=len(decisions)))
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
        cell=cell_address(problem, snapshot) or problem.row,
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
