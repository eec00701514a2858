"""Which of the messages that are ready leave in this run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.dunning.calendar import BusinessDays
from sync.dunning.contact_limits import reachable
from sync.dunning.model import Decision, Task
from sync.dunning.sending import choose, is_unusual, is_window_open
from sync.dunning.today.tasks import volume_task
from sync.ledger.words import Outcome as Answer
from sync.run.clock import Moment
from sync.run.deciding import Run, distinct
from sync.run.post import Post
from sync.sentences import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What leaves in this run, all decisions with the reason of those that wait, and a task when a person must confirm."""

    run: Run
    leaving: Sequence[Decision]
    told: Sequence[Decision]
    tasks: Sequence[Task] = ()
    held: str = ""
    blocked: bool = False  # a text about to leave holds what no text may


def choose_leaving(run: Run, post: Post, moment: Moment) -> Choice:
    """By mode, hours, caps and priority (`sync.dunning.sending`); nothing when a text is refused or the volume is unusual."""
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
        run = replace(run, problems=distinct([*run.problems, *stops]))
        return Choice(run=run, leaving=(), told=told, blocked=True)
    count = sent_today + len(leaving)
    if leaving and is_unusual(count, history.sent_on, moment.as_of, settings):
        task = volume_task(count, moment.as_of, settings.language)
        if not any(row.key == task.key and row.new == Answer.DONE for row in run.gathered.ledger.journal):
            held = sentence("volume_unusual", settings.language, count=count)
            return Choice(run=run, leaving=(), told=told, tasks=[task], held=held)
    return Choice(run=run, leaving=leaving, told=told)
