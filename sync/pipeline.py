"""Gather, decide, apply: the whole story of a run.

`gather` reads the workbook; `decide_run` concludes and drafts; `sync` absorbs what people answered, sends what may
leave, concludes again and writes back. A dry run stops before the first change and has computed the same values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.dunning.conclude import Foresee, no_foresight
from sync.dunning.reasons import Reason, State
from sync.dunning.today.outcomes import Absorbed
from sync.errors import UsageError
from sync.health import went_well
from sync.ledger.problems import Severity
from sync.ledger.words import Act
from sync.post.journal import JournalWriter
from sync.post.model import Posted, Sending
from sync.run.answers import NOTHING_ANSWERED, absorbed_from, journal_rows, with_answers, with_words
from sync.run.choosing import choose_leaving
from sync.run.clock import Clock, Moment
from sync.run.deciding import Run, decide_run, distinct
from sync.run.gathering import Gathered, gather, with_stops
from sync.run.outcome import held_back, outcome_of, settled_after
from sync.run.post import Extras, Post
from sync.sentences import sentence
from sync.workbook.changes import is_bare, plan_changes
from sync.workbook.plan_rows import plan_append
from sync.workbook.tabs import Changes, Workbook, Written


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
        _refuse_a_lost_journal(gathered)
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
    gathered, absorbed = _hear(gathered, moment, writer)
    gathered = with_stops(gathered, post.problems(gathered, moment))
    known = len(writer.written)  # the ledger holds these rows; those to come are added once all is done

    run = decide_run(gathered)
    writer.write(journal_rows([(moment.as_of, one) for one in run.conclusion.observations], moment))
    choice = choose_leaving(run, post, moment)
    journal = [*gathered.ledger.journal, *writer.written[known:]]
    extras = Extras() if choice.blocked else post.extras(choice.run, journal, moment)
    posted = Posted()
    if (choice.leaving or extras.outgoing) and not held and not news.stopped:
        posted = post.send(choice.leaving, choice.run, writer.write, moment, extras.outgoing)

    settled = settled_after(gathered, choice.run, writer.written[known:], posted.sendings)
    after = decide_run(settled.gathered) if settled.acted or choice.run is not run else run
    after = held_back(after, choice.told, posted.sendings)
    tasks = [*choice.tasks, *after.tasks, *extras.tasks]
    after = replace(after, tasks=tasks, problems=distinct([*after.problems, *choice.run.problems]))
    changes = plan_changes(gathered.snapshot, outcome_of(after, choice.run, absorbed, settled.released))
    if absorbed.plans:
        changes = replace(changes, appends=[*changes.appends, plan_append(absorbed.plans)])
    return Synced(
        run=choice.run, changes=changes, written=workbook.write(changes), sendings=posted.sendings,
        held=(held if choice.leaving else "") or choice.held, stopped=posted.stopped or news.stopped,
    )  # fmt: skip


def _hear(gathered: Gathered, moment: Moment, writer: JournalWriter) -> tuple[Gathered, Absorbed]:
    """What people answered in Today becomes rows of the Journal, and facts for the decisions to come."""
    gathered = replace(gathered, ledger=with_answers(gathered.ledger, NOTHING_ANSWERED, writer.written))
    known = len(writer.written)
    absorbed = absorbed_from(gathered)
    writer.write(with_words(journal_rows(absorbed.acts, moment), gathered.ledger))
    ledger = with_answers(gathered.ledger, absorbed, writer.written[known:])
    return replace(gathered, ledger=ledger, problems=[*gathered.problems, *absorbed.problems]), absorbed


def _refuse_the_past(gathered: Gathered, moment: Moment) -> None:
    """Acts are remembered in order: a run dated before the last of them would decide on what it does not know.

    Rows about no customer (a setting seen, an import) are no acts: an old export can be played at its own dates.
    """
    last = max((row.when.date() for row in gathered.ledger.journal if row.customer), default=None)
    if last is not None and moment.as_of < last:
        raise UsageError(
            sentence("sync_in_the_past", gathered.rules.settings.language, as_of=moment.as_of.isoformat(), last=last.isoformat())
        )


def _refuse_a_lost_journal(gathered: Gathered) -> None:
    """Each run that writes a draft has written in the Journal before: drafts without it are a tab that somebody deleted."""
    ledger = gathered.ledger
    if not ledger.journal and any(invoice.draft.mark for invoice in ledger.invoices):
        raise UsageError(sentence("journal_lost", gathered.rules.settings.language))


def _remember(workbook: Workbook, gathered: Gathered, moment: Moment, writer: JournalWriter) -> None:
    """Last of all, once everything is in the sheet: this run went well."""
    well = went_well(gathered.ledger.journal, moment.as_of)
    if well is not None:
        writer.write(journal_rows([(moment.as_of, well)], moment))
        workbook.write(Changes())
