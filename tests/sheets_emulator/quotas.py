"""Google's minute quotas, counted on the emulator's clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .context import Clock
from .errors import quota_exceeded


@dataclass
class Quotas:
    """Reads and writes a minute, for each account and for the whole project; off until `enabled`.

    Windows are whole minutes of the emulator's clock; a batch counts as one; refused requests do not count.
    """

    clock: Clock
    enabled: bool = False
    per_user: int = 60
    per_project: int = 300
    _minute: int = -1
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, email: str, *, read: bool) -> None:
        """Count a request, or refuse it with 429."""
        if not self.enabled:
            return
        minute = int(self.clock.now().timestamp() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()
        kind = "Read" if read else "Write"
        if self._counts[kind, email] >= self.per_user:
            raise quota_exceeded(kind, "per minute per user", self.per_user)
        if self._counts[kind, ""] >= self.per_project:
            raise quota_exceeded(kind, "per minute", self.per_project)
        self._counts[kind, email] += 1
        self._counts[kind, ""] += 1

    def used(self, email: str, *, read: bool) -> int:
        """How many requests of this minute an account has used."""
        return self._counts["Read" if read else "Write", email]
