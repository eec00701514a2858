"""What leaves and what came of it, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from sync.dunning.model import Decision
from sync.ledger.words import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready to leave: its decision, the words that stand for it, and whether a person wrote them."""

    decision: Decision
    subject: str
    text: str
    html: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What came of one message."""

    decision: Decision
    message_id: str
    to: tuple[str, ...]
    status: Act  # sent, failed, withheld or uncertain
    note: str = ""


class Refused(Exception):
    """The other side said no, for this message only. `temporary`: it may be tried again at another run."""

    def __init__(self, reason: str, *, temporary: bool) -> None:
        super().__init__(reason)
        self.temporary = temporary


class Transport(Protocol):
    """Where messages go: the local outbox, or a mail server."""

    def deliver(self, message: EmailMessage, recipients: Sequence[str]) -> None:
        """Hand over one message. Raises `Refused` for a clear no; any other error leaves the outcome uncertain."""
        ...

    def close(self) -> None: ...
