"""Trouble on order: what goes wrong, on which request, how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Trouble = Literal["status", "html", "truncated", "cut", "stall", "slow", "drop", "commit_then_drop"]


@dataclass
class Fault:
    """One kind of trouble.

    * `status`: an error of that HTTP status with Google's body; the request is not carried out.
    * `html`: the same with a page instead of JSON.
    * `truncated`: carried out, but the JSON of the answer breaks off (the length header fits what is sent).
    * `cut`: carried out, but the connection closes in the middle of the answer.
    * `slow`: carried out after `seconds`.
    * `stall`: not carried out; silence for `seconds`, then the connection closes.
    * `drop`: not carried out; the connection closes without an answer.
    * `commit_then_drop`: carried out; the connection closes without an answer.

    `on` selects requests: part of the method's id (`values.batchUpdate`, `drive.files`, `oauth.token`), an HTTP verb, or
    `read`/`write`; empty means every API request.  `after` passes over that many first; `times` is how often it strikes.
    """

    trouble: Trouble
    status: int = 503
    on: str = ""
    after: int = 0
    times: int = 1
    seconds: float = 0.0
    retry_after: str | None = None
    reason: str = ""
    struck: int = field(default=0, init=False)

    def meets(self, method: str, verb: str, *, read: bool) -> bool:
        """Whether a request is of the kind this fault waits for."""
        if not self.on:
            return not method.startswith(("oauth.", "sts.", "iam."))
        if self.on in {"read", "write"}:
            return method.startswith("sheets.") and (self.on == "read") == read
        return self.on == verb or self.on in method


class Faults:
    """The list of pending trouble of one emulator; the first that fits a request strikes."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def once(
        self,
        trouble: Trouble | int,
        on: str = "",
        *,
        after: int = 0,
        times: int = 1,
        status: int = 503,
        seconds: float = 0.0,
        retry_after: str | int | None = None,
        reason: str = "",
    ) -> Fault:
        """Order trouble for the next fitting request (`times` of them); a number is short for `status` with that number."""
        given = None if retry_after is None else str(retry_after)
        kind: Trouble = "status" if isinstance(trouble, int) else trouble
        fault = Fault(kind, trouble if isinstance(trouble, int) else status, on, after, times, seconds, given, reason)
        self.pending.append(fault)
        return fault

    def always(
        self, trouble: Trouble | int, on: str = "", *, seconds: float = 0.0, retry_after: str | int | None = None
    ) -> Fault:
        """The same for every fitting request, until `clear`."""
        return self.once(trouble, on, times=10**9, seconds=seconds, retry_after=retry_after)

    def clear(self) -> None:
        """No more trouble."""
        self.pending.clear()

    def next(self, method: str, verb: str, *, read: bool) -> Fault | None:
        """The fault that strikes this request, used up by one."""
        for fault in list(self.pending):
            if fault.meets(method, verb, read=read):
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.struck += 1
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None
