"""What leaves and what came of it, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import NamedTuple, Protocol

from sync.dunning.model import Decision
from sync.ledger.words import Act


class Attachment(NamedTuple):
    """A file that goes with a message; `type` is its media type ("application/pdf")."""

    name: str
    content: bytes
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message ready to leave: its decision, the words that stand for it, and whether a person wrote them.

    `thread` holds the Message-IDs of the earlier messages of the same case, oldest first; `code` the transfer code
    shown in the HTML part, as a PNG picture.
    """

    decision: Decision
    subject: str
    text: str
    html: str = ""
    edited: bool = False
    attachments: tuple[Attachment, ...] = ()
    thread: tuple[str, ...] = ()
    code: bytes = b""


class Refusal(NamedTuple):
    """A clear no of the mail server. A temporary one may be tried again at another run.

    `of_address`: it is the address that is wrong, for any message; otherwise it is this message, or we who send it.
    """

    code: int
    reason: str
    temporary: bool
    of_address: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.reason}".strip() if self.code else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What came of one message. `refused` holds the recipients that the server refused, even where others were served."""

    decision: Decision
    message_id: str
    to: tuple[str, ...]
    status: Act  # sent, failed, withheld or uncertain
    note: str = ""
    mark: str = ""  # of a refusal, for the Journal (`sync.dunning.refusals`)
    refused: Mapping[str, Refusal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What one run sent. `stopped` = why the rest was not tried, in words for the log; "" when all were."""

    sendings: Sequence[Sending] = ()
    stopped: str = ""


class Refused(Exception):
    """The other side said no, for this message only, and took nothing."""

    def __init__(self, refusal: Refusal, recipients: Mapping[str, Refusal] | None = None) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.recipients = recipients or {}

    @property
    def temporary(self) -> bool:
        return self.refusal.temporary

    @property
    def is_of_addresses(self) -> bool:
        """Every recipient was refused for being no address: another message to somebody else may well leave."""
        return self.refusal.of_address


class Unreachable(Exception):
    """The server cannot be used now: nothing of the message was handed over, and trying the next one is no use."""


class Uncertain(Exception):
    """The line broke after the message was handed over: whether it was taken cannot be known."""


class Transport(Protocol):
    """Where messages go: the local outbox, or a mail server."""

    def prepare(self) -> None:
        """Make sure that messages can be handed over. Raises `Unreachable` otherwise."""
        ...

    def deliver(self, message: EmailMessage, to: Sequence[str], cc: Sequence[str] = ()) -> Mapping[str, Refusal]:
        """Hand over one message; returns the recipients refused while others were served.

        Raises `Refused` when nothing was taken (all of `to` refused, or the message itself), `Unreachable` when the
        server is gone before the message was handed over, `Uncertain` when it is gone after.
        """
        ...

    def close(self) -> None: ...
