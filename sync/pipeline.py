"""Gather, decide, apply: the whole story of a run.

`gather` reads the workbook; `decide_run` concludes and drafts; `sync` absorbs what people answered, sends what may
leave, concludes again and writes back. A dry run stops before the first change and has computed the same values.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from sync.dunning.calendar import BusinessDays
from sync.dunning.conclude import Conclusion, Foresee, conclude, no_foresight
from sync.dunning.configuration import read_rules
from sync.dunning.contact_limits import reachable
from sync.dunning.history import WRITTEN
from sync.dunning.matching import suggestions
from sync.dunning.model import Decision, InvoiceView, Observation, Plan, Rules, Task
from sync.dunning.offers import OfferDesk, chosen_plans, is_plan_asked
from sync.dunning.outcomes import Absorbed, absorb
from sync.dunning.plans import plan_row_states
from sync.dunning.reasons import Reason, State, state_of
from sync.dunning.sending import choose, is_unusual, is_window_open
from sync.dunning.settings import find_setting
from sync.dunning.tasks import TaskFacts, tasks_for, volume_task
from sync.dunning.why import closed_sentences, explain_decision, explain_view
from sync.errors import UsageError, WorkbookError
from sync.health import Health, health, went_well
from sync.importing.headings import Kind
from sync.importing.report import Report
from sync.importing.run import Asked, Facts, prepare
from sync.ledger.balances import settle
from sync.ledger.model import DraftCells, JournalRow, Ledger
from sync.ledger.problems import Problem, Severity
from sync.ledger.reading import read_ledger
from sync.ledger.words import Act, DelayReason, Language, Send
from sync.ledger.words import Outcome as Answer
from sync.letters.casework import Casework
from sync.letters.checking import check_templates
from sync.letters.desk import Desk, lay_out
from sync.letters.documents.office import file_of
from sync.letters.facts import sources_of
from sync.post.journal import JournalWriter, row_of
from sync.post.model import Outgoing, Posted, Sending
from sync.post.unsettled import open_messages, settled
from sync.sentences import sentence
from sync.workbook.changes import Outcome, is_bare, plan_changes
from sync.workbook.contract import INVOICES
from sync.workbook.plan_rows import plan_append
from sync.workbook.resolve import cell_at
from sync.workbook.tabs import Changes, Snapshot, Workbook, Written


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a real run did. `run` is as decided before sending."""

    run: Run
    changes: Changes
    written: Written
    sendings: Sequence[Sending] = ()
    held: str = ""  # why messages that were ready did not leave, a sentence
    stopped: str = ""  # what broke the sending off

    @property
    def some_failed(self) -> bool:
        return bool(self.stopped) or any(sending.status in (Act.FAILED, Act.UNCERTAIN) for sending in self.sendings)

    @property
    def is_stopped(self) -> bool:
        """A setting or a cadence keeps everything from being sent."""
        stops = self.run.gathered.rules.stop_sending or any(one.severity is Severity.STOP for one in self.run.problems)
        return stops or self._is_left_without_cadence

    @property
    def _is_left_without_cadence(self) -> bool:
        """Refused cadences keep invoices from any decision, and no other message may leave now or later."""
        refused = any(view.reason is Reason.SETTINGS_PROBLEM and not view.carrying for view in self.run.conclusion.views)
        return refused and all(one.state in (State.BLOCKED, State.EXHAUSTED) for one in self.run.decisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The only source of time: the real one, and the date a person asked for instead (`--as-of`)."""

    utc_now: Callable[[], datetime]
    as_of: date | None = None

    def today(self, time_zone: str) -> date:
        return self.as_of or self.real_today(time_zone)

    def real_today(self, time_zone: str) -> date:
        return self.utc_now().astimezone(ZoneInfo(time_zone)).date()

    def now(self, time_zone: str) -> datetime:
        """The present hour in the company's zone, dated `as_of`."""
        now = self.utc_now().astimezone(ZoneInfo(time_zone))
        return now if self.as_of is None else now.replace(year=self.as_of.year, month=self.as_of.month, day=self.as_of.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who runs and when. `now()` is aware, in the company's zone, and dated `as_of`; `is_today` = as_of is the real today."""

    as_of: date
    now: Callable[[], datetime]
    is_today: bool
    run_id: str
    actor: str = "relance"


NOTHING_ANSWERED = Absorbed()
IMPORTER = "import"  # run and actor of what an import remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Acts that the Journal does not hold yet: what came in, what an earlier run left open. `stopped` holds all sending."""

    rows: Sequence[JournalRow] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Messages beside the cadences, and tasks for those that a person sends."""

    outgoing: Sequence[Outgoing] = ()
    tasks: Sequence[Task] = ()


class Post(Protocol):
    """The post room of a run, as the pipeline knows it (`sync.postroom`)."""

    def news(self, gathered: Gathered, moment: Moment) -> News: ...

    def problems(self, gathered: Gathered, moment: Moment) -> Sequence[Problem]:
        """What stops all sending, before anything is decided."""
        ...

    def text_problems(self, leaving: Sequence[Decision], run: Run) -> Sequence[Problem]:
        """What stops all sending, in the texts about to leave."""
        ...

    def may_send(self, gathered: Gathered, moment: Moment) -> str:
        """Why nothing leaves in this run, a sentence; "" when messages may."""
        ...

    def extras(self, run: Run, journal: Sequence[JournalRow], moment: Moment) -> Extras:
        """Thanks and the digest; `journal` is as it stands now."""
        ...

    def send(
        self,
        leaving: Sequence[Decision],
        run: Run,
        write: Callable[[Sequence[JournalRow]], None],
        moment: Moment,
        extras: Sequence[Outgoing] = (),
    ) -> Posted: ...


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of cells are read and none is garbage: the cyclic collector would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def gather(workbook: Workbook, clock: Clock, foresee: Foresee = no_foresight) -> Gathered:
    """Read everything once. Never raises for what a person typed: that is in `problems`."""
    with _no_garbage_collection():
        return replace(understand(workbook.read(), clock), foresee=foresee)


def understand(snapshot: Snapshot, clock: Clock) -> Gathered:
    """Facts and rules of a snapshot."""
    rules = read_rules(snapshot.tabs)
    texts = check_templates(rules)
    rules = replace(rules, refused_templates=rules.refused_templates | texts.refused)
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
        problems=[*snapshot.problems, *_of_other_cells([*rules.problems, *texts.problems, *row_problems], snapshot)],
    )


def _of_other_cells(problems: Sequence[Problem], snapshot: Snapshot) -> list[Problem]:
    """Those that say something new: a formula without a result has been told, and that its cell holds no amount follows."""
    told = {(one.tab, one.row, one.column) for one in snapshot.problems if one.code == "formula_not_computed"}
    return [one for one in problems if (one.tab, one.row, one.column) not in told]


def refuse_unreadable(snapshot: Snapshot, language: Language) -> None:
    """Without a tab of invoices, or without its columns that must be there, nothing can be read."""
    for problem in snapshot.problems:
        if problem.tab == INVOICES.key and problem.code in ("tab_missing", "column_missing"):
            raise WorkbookError(f"{problem.what(language)} {problem.fix(language)}")


def decide_run(gathered: Gathered) -> Run:
    """All conclusions and texts of the day. Changes nothing."""
    with _no_garbage_collection():
        return _decide_run(gathered)


def _decide_run(gathered: Gathered) -> Run:
    ledger, rules, as_of = gathered.ledger, gathered.rules, gathered.as_of
    conclusion = conclude(ledger, rules, as_of, foresee=gathered.foresee)
    sources = sources_of(ledger, rules, conclusion.views, as_of)
    desk = lay_out(conclusion.decisions, ledger.invoices, sources)
    told, views = _retold(desk.decisions, conclusion)
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
    return Run(gathered=gathered, conclusion=conclusion, desk=desk, tasks=tasks, problems=_distinct(problems))


def _retold(decisions: Sequence[Decision], conclusion: Conclusion) -> tuple[Sequence[Decision], Sequence[InvoiceView]]:
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


def _distinct(problems: Sequence[Problem]) -> list[Problem]:
    seen: dict[tuple[str, int, str, str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.tab, problem.row, problem.column, problem.code, problem.value), problem)
    return list(seen.values())


def preview(gathered: Gathered, days: int) -> list[tuple[date, Sequence[Decision]]]:
    """The decisions due on each of the days to come, supposing that nobody pays and every step is done."""
    as_of = gathered.as_of
    journal = list(gathered.ledger.journal)
    today = conclude(gathered.ledger, gathered.rules, as_of)
    shown: list[tuple[date, Sequence[Decision]]] = []
    journal += _as_done(today, as_of)
    for number in range(1, days + 1):
        day = as_of + timedelta(days=number)
        found = conclude(replace(gathered.ledger, journal=journal), gathered.rules, day, check_freshness=False)
        shown.append((day, [decision for decision in found.decisions if decision.state is State.DUE]))
        journal += _as_done(found, day)
    return shown


def _as_done(found: Conclusion, day: date) -> list[JournalRow]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    done = [
        Observation(
            customer=one.customer, invoices=one.invoices, currency=one.currency, cadence=one.cadence, step=one.step,
            occurrence=one.occurrence, channel=str(one.channel), status="done", key=one.key,
        )
        for one in found.decisions
        if one.state is State.DUE
    ]  # fmt: skip
    return [row_of(observation, noon, "", "") for observation in [*found.observations, *done]]


def import_file(
    workbook: Workbook, path: Path, kind: Kind, asked: Asked, clock: Clock, *, journal_key: bytes = b""
) -> tuple[Report, Language]:
    """Bring an accounting export in. Raises UsageError with what to add to the command."""
    now = clock.utc_now()
    workbook.lock("import", now)
    try:
        gathered = gather(workbook, clock)
        settings = gathered.rules.settings
        facts = Facts(language=settings.language, today=gathered.as_of, open_cents=settle(gathered.ledger, gathered.as_of).open)
        prepared = prepare(path, kind, gathered.snapshot, asked, facts)
        if prepared.to_remember is not None:
            row = row_of(prepared.to_remember, clock.now(settings.time_zone), IMPORTER, IMPORTER)
            JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write([row])
        workbook.write(prepared.changes)
        return prepared.report, settings.language
    finally:
        workbook.unlock()


def sync(
    workbook: Workbook,
    clock: Clock,
    post: Post,
    *,
    run_id: str,
    actor: str,
    journal_key: bytes = b"",
    remember_run: bool = False,
    foresee: Foresee = no_foresight,
) -> Synced:
    """A real run: what people answered, what may leave, and the sheet written back. Raises RelanceError.

    `remember_run`: a run of today that went well leaves a row in the Journal, once a day (`sync.health`).
    """
    workbook.lock(f"{actor} {run_id}", clock.utc_now())
    try:
        gathered = gather(workbook, clock, foresee)
        zone = gathered.rules.settings.time_zone
        moment = Moment(as_of=gathered.as_of, now=lambda: clock.now(zone), is_today=gathered.is_today, run_id=run_id, actor=actor)
        _refuse_the_past(gathered, moment)
        if is_bare(gathered.snapshot):
            workbook.init(gathered.rules.settings.language)
            gathered = gather(workbook, clock, foresee)
        writer = JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key)
        synced = _sync(workbook, gathered, moment, post, writer)
        if remember_run and moment.is_today and not synced.some_failed and not synced.is_stopped:
            _remember(workbook, gathered, moment, writer)
        return synced
    finally:
        workbook.unlock()


def _sync(workbook: Workbook, gathered: Gathered, moment: Moment, post: Post, writer: JournalWriter) -> Synced:
    held = post.may_send(gathered, moment)  # before the Journal gets its first rows
    news = post.news(gathered, moment)
    writer.write(news.rows)
    gathered = replace(gathered, ledger=with_answers(gathered.ledger, NOTHING_ANSWERED, writer.written))
    known = len(writer.written)
    absorbed = _absorbed(gathered)
    writer.write(_with_words(_rows(absorbed.acts, moment), gathered.ledger))
    gathered = replace(
        gathered,
        ledger=with_answers(gathered.ledger, absorbed, writer.written[known:]),
        problems=[*gathered.problems, *absorbed.problems],
    )
    gathered = _with_stops(gathered, post.problems(gathered, moment))
    known = len(writer.written)
    run = decide_run(gathered)
    writer.write(_rows([(moment.as_of, one) for one in run.conclusion.observations], moment))
    choice = _choose(run, post, moment)
    journal = [*gathered.ledger.journal, *writer.written[known:]]
    extras = Extras() if choice.blocked else post.extras(choice.run, journal, moment)
    may_leave = (choice.leaving or extras.outgoing) and not held and not news.stopped
    posted = post.send(choice.leaving, choice.run, writer.write, moment, extras.outgoing) if may_leave else Posted()
    sendings, stopped = posted.sendings, posted.stopped or news.stopped
    settled = _settled(gathered, choice.run, writer.written[known:], sendings)
    after = decide_run(settled.gathered) if settled.acted or choice.run is not run else run
    after = _held_back(after, choice.told, sendings)
    after = replace(
        after, tasks=[*choice.tasks, *after.tasks, *extras.tasks], problems=_distinct([*after.problems, *choice.run.problems])
    )
    changes = plan_changes(gathered.snapshot, outcome_of(after, choice.run, absorbed, settled.released))
    if absorbed.plans:
        changes = replace(changes, appends=[*changes.appends, plan_append(absorbed.plans)])
    written = workbook.write(changes)
    held = held if choice.leaving else ""
    return Synced(run=choice.run, changes=changes, written=written, sendings=sendings, held=held or choice.held, stopped=stopped)


def _remember(workbook: Workbook, gathered: Gathered, moment: Moment, writer: JournalWriter) -> None:
    """Last of all, once everything is in the sheet: this run went well."""
    well = went_well(gathered.ledger.journal, moment.as_of)
    if well is not None:
        writer.write(_rows([(moment.as_of, well)], moment))
        workbook.write(Changes())


def health_of(workbook: Workbook, clock: Clock) -> tuple[Health, Language]:
    """When Relance last ran well. Reads the Settings and the Journal only."""
    tabs = workbook.read(["settings", "journal"]).tabs
    settings = read_rules(tabs).settings
    now = clock.now(settings.time_zone)
    ledger, _ = read_ledger(tabs, language=settings.language, currency=settings.currency, terms=settings.terms, as_of=now.date())
    return health(ledger.journal, settings, now), settings.language


def uncertain_messages(workbook: Workbook, clock: Clock) -> tuple[Sequence[JournalRow], Language]:
    """Messages that may or may not have left, oldest first."""
    gathered = gather(workbook, clock)
    return list(open_messages(gathered.ledger.journal).values()), gathered.rules.settings.language


def resolve(
    workbook: Workbook, clock: Clock, key: str, *, sent: bool, run_id: str, journal_key: bytes = b""
) -> tuple[JournalRow, Language]:
    """A person says what became of an uncertain message. `key` is the message's, or its number in `uncertain_messages`."""
    workbook.lock(f"resolve {run_id}", clock.utc_now())
    try:
        gathered = gather(workbook, clock)
        settings = gathered.rules.settings
        uncertain = open_messages(gathered.ledger.journal)
        if key.isdigit() and 1 <= int(key) <= len(uncertain):
            key = list(uncertain)[int(key) - 1]
        if key not in uncertain:
            raise UsageError(sentence("no_such_uncertain", settings.language))
        row = settled(uncertain[key], sent, clock.now(settings.time_zone), run_id, "person", "resolved")
        JournalWriter(workbook.append_journal, gathered.ledger.journal, journal_key).write([row])
        workbook.write(Changes())
        return row, settings.language
    finally:
        workbook.unlock()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What leaves in this run, all decisions with the reason of those that wait, and a task when a person must confirm."""

    run: Run
    leaving: Sequence[Decision]
    told: Sequence[Decision]
    tasks: Sequence[Task] = ()
    held: str = ""
    blocked: bool = False  # a text about to leave holds what no text may


def _choose(run: Run, post: Post, moment: Moment) -> _Choice:
    settings, history = run.gathered.rules.settings, run.conclusion.history
    calendar = BusinessDays(settings.country, settings.region, settings.sending_days)
    sent_today = history.sent_on.get(moment.as_of, 0)
    leaving, told = choose(
        run.decisions, settings, sent_today=sent_today,
        window_open=not moment.is_today or is_window_open(moment.now(), settings, calendar),
        may_reach=reachable(run.gathered.ledger.contacts, settings, moment.now()) if moment.is_today else None,
    )  # fmt: skip
    leaving = [decision for decision in leaving if not settings.test_address or decision.key not in history.tested]
    stops = post.text_problems(leaving, run)
    if stops:
        run = replace(run, problems=_distinct([*run.problems, *stops]))
        return _Choice(run=run, leaving=(), told=told, blocked=True)
    count = sent_today + len(leaving)
    if leaving and is_unusual(count, history.sent_on, moment.as_of, settings):
        task = volume_task(count, moment.as_of, settings.language)
        if not any(row.key == task.key and row.new == Answer.DONE for row in run.gathered.ledger.journal):
            held = sentence("volume_unusual", settings.language, count=count)
            return _Choice(run=run, leaving=(), told=told, tasks=[task], held=held)
    return _Choice(run=run, leaving=leaving, told=told)


def _with_stops(gathered: Gathered, stops: Sequence[Problem]) -> Gathered:
    if not stops:
        return gathered
    rules = replace(gathered.rules, stop_sending=True)
    return replace(gathered, rules=rules, problems=[*gathered.problems, *stops])


def _absorbed(gathered: Gathered) -> Absorbed:
    if not any(row.outcome is not None for row in gathered.ledger.today_rows):
        return NOTHING_ANSWERED
    found = conclude(gathered.ledger, gathered.rules, gathered.as_of)
    claimed = {decision.key: decision.invoices for decision in found.decisions}
    absorbed = absorb(gathered.ledger, found.late(), claimed, gathered.as_of)
    asked = [row for row in gathered.ledger.today_rows if row.row in absorbed.handled and is_plan_asked(row)]
    if not asked:
        return absorbed
    today = gathered.snapshot.tabs["today"]
    scripts = {row.row: str(cell_at(today, "script", row.row) or "") for row in asked}
    chosen = chosen_plans(asked, OfferDesk.of(gathered.ledger, gathered.rules, found), scripts)
    kept = {row.task for row in asked if row.row in chosen.refused}
    return replace(
        absorbed,
        acts=[(day, act) for day, act in absorbed.acts if act.key not in kept],
        handled=absorbed.handled - chosen.refused,
        problems=[*absorbed.problems, *chosen.problems],
        plans=chosen.rows,
    )


def _refuse_the_past(gathered: Gathered, moment: Moment) -> None:
    """Acts are remembered in order: a run dated before the last of them would decide on what it does not know.

    Rows about no customer (a setting seen, an import) are no acts: an old export can be played at its own dates.
    """
    last = max((row.when.date() for row in gathered.ledger.journal if row.customer), default=None)
    if last is not None and moment.as_of < last:
        raise UsageError(
            sentence("sync_in_the_past", gathered.rules.settings.language, as_of=moment.as_of.isoformat(), last=last.isoformat())
        )


def _rows(acts: Sequence[tuple[date, Observation]], moment: Moment) -> list[JournalRow]:
    """Each act at its own day and the present hour."""
    now = moment.now()
    return [
        row_of(one, datetime.combine(day, now.timetz()) if day != now.date() else now, moment.run_id, moment.actor)
        for day, one in acts
    ]


def _with_words(rows: Sequence[JournalRow], ledger: Ledger) -> list[JournalRow]:
    """A letter that a person posted is remembered with the words that stood on its row: they are what was posted."""
    if not any(row.channel in WRITTEN and row.key for row in rows):
        return list(rows)
    drafts = {invoice.number: invoice.draft for invoice in ledger.invoices}
    told = []
    for row in rows:
        parts = row.key.split("|")
        posted = row.channel in WRITTEN and row.status in (Act.DONE, Act.SENT) and len(parts) == 6
        draft = drafts.get(parts[3]) if posted else None
        told.append(row if draft is None else replace(row, subject=draft.subject, text=draft.draft))
    return told


def with_answers(ledger: Ledger, absorbed: Absorbed, written: Sequence[JournalRow]) -> Ledger:
    """The ledger as if the people's answers had already stood in the sheet."""
    if not written and not absorbed.updates:
        return ledger
    cells: dict[str, dict[str, object]] = {}
    for update in absorbed.updates:
        value = DelayReason(str(update.value)) if update.column == "reason" else update.value
        cells.setdefault(update.invoice, {})[update.column] = value
    invoices = [
        replace(invoice, handling=replace(invoice.handling, **cells[invoice.number])) if invoice.number in cells else invoice  # type: ignore[arg-type]
        for invoice in ledger.invoices
    ]
    return replace(ledger, invoices=invoices, journal=[*ledger.journal, *written])


@dataclass(frozen=True, slots=True)
class _Settled:
    """The facts after the acts of this run; `released` invoices whose button was acted upon."""

    gathered: Gathered
    released: frozenset[str]
    acted: bool


def _settled(gathered: Gathered, run: Run, new: Sequence[JournalRow], sendings: Sequence[Sending]) -> _Settled:
    """`new` are the journal rows that the ledger does not hold yet."""
    left = {sending.decision.carrying for sending in sendings if sending.status is Act.SENT}
    passed = {
        number for one in run.conclusion.observations if one.status == "skipped" and not one.note for number in one.invoices
    }
    carried = {view.invoice: view.carrying for view in run.conclusion.views}
    released = set(run.desk.released) | left
    for invoice in gathered.ledger.invoices:
        if invoice.draft.send is Send.SKIP and (invoice.number in passed or carried.get(invoice.number) in left):
            released.add(invoice.number)
    invoices = [
        replace(invoice, draft=DraftCells() if invoice.number in left else replace(invoice.draft, send=None))
        if invoice.number in released
        else invoice
        for invoice in gathered.ledger.invoices
    ]
    ledger = replace(gathered.ledger, invoices=invoices, journal=[*gathered.ledger.journal, *new])
    return _Settled(replace(gathered, ledger=ledger), frozenset(released), bool(new or released))


def _held_back(after: Run, told: Sequence[Decision], sendings: Sequence[Sending] = ()) -> Run:
    """Messages that were ready and could not leave (hours, cap, a change meanwhile) say so on their rows."""
    held = {decision.key: decision.reason for decision in told if decision.state is State.WAITING}
    held |= {one.decision.key: Reason.CHANGED_SINCE_READ for one in sendings if one.status is Act.WITHHELD}
    if not held:
        return after
    waiting = [
        replace(one, reason=held[one.key], state=state_of(held[one.key])) if one.key in held else one for one in after.decisions
    ]
    decisions, views = _retold(waiting, replace(after.conclusion, decisions=after.decisions))
    return replace(
        after,
        conclusion=replace(after.conclusion, decisions=decisions, views=views),
        desk=replace(after.desk, decisions=decisions),
    )


def outcome_of(
    after: Run, before: Run | None = None, absorbed: Absorbed = NOTHING_ANSWERED, released: frozenset[str] = frozenset()
) -> Outcome:
    """What the sheet should say after a run. `before` is the run as decided before its messages left."""
    gathered = after.gathered
    drafts = {number: DraftCells() for number in released if before is None or number not in before.desk.released}
    balances = after.conclusion.balances
    return Outcome(
        plan=after.plan,
        ledger=gathered.ledger,
        language=gathered.rules.settings.language,
        drafts={**drafts, **after.desk.cells},
        released=released,
        handled_today=absorbed.handled,
        updates=absorbed.updates,
        closed=closed_sentences(gathered.ledger, balances, gathered.rules.settings.language),
        suggestions={one.row: one.cell for one in suggestions(gathered.ledger, balances, gathered.rules.settings)},
        plan_states={row: str(state) for row, state in plan_row_states(after.conclusion.plans).items()},
        previews=gathered.previews,
        meanings=_meanings(gathered.snapshot, gathered.rules.settings.language),
        balances=balances.open,
        problems=after.problems,
    )


def _meanings(snapshot: Snapshot, language: Language) -> Mapping[int, str]:
    """What each setting means, by row of the Settings tab."""
    raw = snapshot.tabs.get("settings")
    if raw is None:
        return {}
    found = (
        (raw.first_row + index, find_setting(str(cell))) for index, cell in enumerate(raw.columns.get("setting", ())) if cell
    )
    return {row: setting.meaning(language) for row, setting in found if setting is not None}
