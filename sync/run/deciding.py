"""All conclusions of the day, with their texts and tasks. Changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.dunning.conclude import Conclusion, conclude
from sync.dunning.model import Decision, InvoiceView, Plan, Task
from sync.dunning.today.making import TaskFacts
from sync.dunning.today.tasks import tasks_for
from sync.dunning.why import explain_decision, explain_view
from sync.ledger.collector import collector_paused
from sync.ledger.problems import Problem
from sync.letters.casework import Casework
from sync.letters.desk import Desk, lay_out
from sync.letters.documents.office import file_of
from sync.letters.facts import sources_of
from sync.run.gathering import Gathered


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run's conclusions with their texts; `tasks` are the rows of the Today tab."""

    gathered: Gathered
    conclusion: Conclusion
    desk: Desk
    tasks: Sequence[Task]
    problems: Sequence[Problem]

    @property
    def decisions(self) -> Sequence[Decision]:
        return self.desk.decisions

    @property
    def plan(self) -> Plan:
        return Plan(
            as_of=self.conclusion.as_of, decisions=self.decisions, invoices=self.conclusion.views,
            profiles=self.conclusion.profiles, tasks=self.tasks, problems=self.problems,
        )  # fmt: skip


def decide_run(gathered: Gathered) -> Run:
    """All conclusions and texts of the day. Changes nothing."""
    with collector_paused():
        return _decide_run(gathered)


def _decide_run(gathered: Gathered) -> Run:
    ledger, rules, as_of = gathered.ledger, gathered.rules, gathered.as_of
    conclusion = conclude(ledger, rules, as_of, foresee=gathered.foresee)
    sources = sources_of(ledger, rules, conclusion.views, as_of)
    desk = lay_out(conclusion.decisions, sources, conclusion.history.refused)
    told, views = retold(desk.decisions, conclusion)
    conclusion = replace(conclusion, decisions=told, views=views)
    desk = replace(desk, decisions=told)
    casework = Casework(ledger, rules, conclusion, sources)
    facts = TaskFacts(
        as_of=as_of,
        rules=rules,
        history=conclusion.history,
        contacts=ledger.contacts,
        invoices=conclusion.words.invoices,
        since=conclusion.words.since,
        plans=conclusion.plans,
        script=lambda decision: desk.scripts.get(decision.key, ""),
        file=lambda decision: file_of(decision, rules.settings.language),
        options=casework.options,
        more=casework.tasks(),
    )
    tasks = tasks_for(told, views, conclusion.profiles, facts)
    problems = [*gathered.problems, *conclusion.problems, *desk.problems]
    return Run(gathered=gathered, conclusion=conclusion, desk=desk, tasks=tasks, problems=distinct(problems))


def retold(decisions: Sequence[Decision], conclusion: Conclusion) -> tuple[Sequence[Decision], Sequence[InvoiceView]]:
    """Decisions and rows whose reason the drafts have changed get their sentence and state anew."""
    before = {decision.key: decision for decision in conclusion.decisions}
    changed = {decision.carrying: decision for decision in decisions if decision.reason is not before[decision.key].reason}
    if not changed:
        return decisions, conclusion.views
    told = [explain_decision(one, conclusion.words) if one.carrying in changed else one for one in decisions]
    by_carrier = {decision.carrying: decision for decision in told if decision.carrying in changed}
    views = [
        explain_view(replace(view, reason=by_carrier[view.carrying].reason, state=by_carrier[view.carrying].state),
                     by_carrier[view.carrying], conclusion.words)
        if view.carrying in by_carrier and view.invoice in by_carrier[view.carrying].invoices
        else view
        for view in conclusion.views
    ]  # fmt: skip
    return told, views


def distinct(problems: Sequence[Problem]) -> list[Problem]:
    """Each problem once, in order: two readings of a cell may find the same."""
    seen: dict[tuple[str, int, str, str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.tab, problem.row, problem.column, problem.code, problem.value), problem)
    return list(seen.values())
