"""The JSON that `plan`, `check` and `sync` print: keys are the contract's; money is a string, dates are ISO."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sync.cli.as_text import cell_address, notes
from sync.dunning.model import Decision, InterestLine, InvoiceView, Profile
from sync.ledger.model import Cents
from sync.ledger.money import money_text
from sync.ledger.problems import Problem
from sync.ledger.words import Language
from sync.pipeline import Synced
from sync.run.deciding import Run
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


def _money(cents: Cents | None) -> str | None:
    return None if cents is None else money_text(cents)
