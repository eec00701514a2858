"""The local outbox: one .eml file a message, for a run without a mail server."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

from sync.post.model import Refusal, Unreachable


class Outbox:
    """Writes messages into a folder, which it makes. A file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(error.strerror or str(error)) from error

    def deliver(self, message: EmailMessage, to: Sequence[str], cc: Sequence[str] = ()) -> Mapping[str, Refusal]:
        """`to` and `cc` stand in the headers already: a file has no envelope."""
        # The name is a digest: a key holds what people typed, and may hold a path.
        digest = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:12]
        day = str(message["X-Relance-Date"] or "message")
        path = self.folder / f"{day}-{digest}.eml"
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(message.as_bytes())
            os.replace(part, path)
        except OSError as error:
            raise Unreachable(error.strerror or str(error)) from error
        return {}

    def close(self) -> None:
        """Nothing is kept open."""
