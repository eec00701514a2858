"""The key of a task that is no step of a cadence: what it is about, in parts that can be told apart again.

    task_key("case", "C1", "EUR", "dispute", "2026-02-02")  ->  "review|case|C1|EUR|dispute|2026-02-02"
    key_parts("review|case|C1|EUR|dispute|2026-02-02")      ->  ("case", "C1", "EUR", "dispute", "2026-02-02")

A part may hold any text: a bar or a backslash of its own has a backslash before it.
"""

import re

REVIEW = "review|"

_PART = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)


def task_key(*parts: object) -> str:
    """The first part is the kind of task."""
    return REVIEW + "|".join(re.sub(r"[|\\]", r"\\\g<0>", str(part)) for part in parts)


def key_parts(key: str) -> tuple[str, ...]:
    """The parts that `task_key` was given; () for any other key."""
    if not key.startswith(REVIEW):
        return ()
    found, at = [], len(REVIEW)
    while match := _PART.match(key, at):
        found.append(re.sub(r"\\(.)", r"\1", match[0], flags=re.DOTALL))
        at = match.end() + 1
        if at > len(key):
            break
    return tuple(found)


def kind_of(key: str) -> str:
    """The kind of task, its first part; "" for any other key."""
    return next(iter(key_parts(key)), "")
