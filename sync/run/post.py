"""The post room as a run knows it; `sync.postroom` is the real one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sync.dunning.model import Decision, Task
from sync.ledger.model import JournalRow
from sync.ledger.problems import Problem
from sync.post.model import Outgoing, Posted
from sync.run.clock import Moment
from sync.run.deciding import Run
from sync.run.gathering import Gathered


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
