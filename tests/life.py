"""A customer's life told on a real workbook: what a person types, what leaves, what the Today tab newly asks.

    life = Life(tmp_path).contact(name="Ateliers Vif").invoice("F-1", "2026-01-30", 1200)
    assert life.day("2026-02-02") == ["envoyé 2 : F-1"]
    assert life.day("2026-02-06") == ["à faire : appel (F-1)"]
    life.answers("appel", outcome="promesse", date=date(2026, 2, 20))

Each day is a run of the scheduled job (`relance sync`); nothing is simulated but the dates.
"""

from typing import Any

from sheet import Sheet

_ROUTINE = ("revue mensuelle", "monthly review")


class Life(Sheet):
    """Messages and tasks as lines; a task is told on the first day it stands there."""

    def day(self, when: str) -> list[str]:
        """Run the job; what left, then what Today newly asks, in its order."""
        sent = [f"envoyé {one['step']} : {' '.join(one['invoices'])}" for one in self.sync(when)["sent"]]
        asked = []
        for row in self.rows("today"):
            key = str(row["task"])
            if key not in self._seen and row["kind"] not in _ROUTINE:
                asked.append(f"à faire : {row['kind']}" + (f" ({row['invoices']})" if row["invoices"] else ""))
            self._seen.add(key)
        return sent + asked

    def days(self, *when: str) -> dict[str, list[str]]:
        """Several runs; only the days on which something happened."""
        told = {day: self.day(day) for day in when}
        return {day: lines for day, lines in told.items() if lines}

    @property
    def _seen(self) -> set[str]:
        self.__dict__.setdefault("seen", set())
        return self.__dict__["seen"]  # type: ignore[no-any-return]

    def answers(self, kind: str, **cells: Any) -> "Life":
        """A person answers the task of that kind (the only one, or the first)."""
        key = next(str(row["task"]) for row in self.rows("today") if row["kind"] == kind)
        self.types("today", key, **cells)
        return self

    def task(self, kind: str) -> dict[str, Any]:
        return dict(next(row for row in self.rows("today") if row["kind"] == kind))

    def types_everywhere(self, tab: str, column: str, value: Any) -> "Life":
        """The same cell on every row of a tab, as when a date is filled down."""
        self.desk.fill_down(tab, column, value)
        return self

    def letters(self) -> list[str]:
        """The texts of the messages that left, in the order of their files."""
        from email import message_from_bytes, policy

        found = []
        for path in self.mails():
            body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
            found.append(body.get_content() if body is not None else "")
        return found
