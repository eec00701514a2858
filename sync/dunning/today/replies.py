"""Answers that nobody has dealt with yet: which they are, and how a task quotes them.

A task stands for all the answers of a customer since the last one that a person noted, and bears the key of the newest:
one that arrives while the task is being answered is a task of its own at the next run.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sync.dunning.today.keys import task_key
from sync.ledger.dates import format_date
from sync.ledger.model import JournalRow
from sync.ledger.words import Language

MOST_QUOTED = 12_000  # characters of one task: a cell holds them, whoever wrote a novel
_NO_TEXT = {"en": "(no text: open the mailbox)", "fr": "(sans texte\u00a0: ouvrez la boîte)"}
_EARLIER = {"en": "({n} earlier ones: see the Journal tab)", "fr": "({n} plus anciennes\u00a0: voir l’onglet Journal)"}


def unheard(replies: Sequence[JournalRow], answered: Mapping[str, date]) -> tuple[str, Sequence[JournalRow]]:
    """(key of the task, the answers it quotes, oldest first) of one customer; ("", ()) when all are dealt with.

    `replies` are in the order of the Journal, `answered` the keys of the tasks that people dealt with.
    """
    keys = _keys(replies)
    start = max((place + 1 for place, key in enumerate(keys) if key in answered), default=0)
    return (keys[-1], replies[start:]) if start < len(replies) else ("", ())


def _keys(replies: Sequence[JournalRow]) -> list[str]:
    """The second answer of a day has its number, and so on."""
    found: list[str] = []
    count: dict[date, int] = {}
    for row in replies:
        day = row.when.date()
        count[day] = count.get(day, 0) + 1
        number = (count[day],) if count[day] > 1 else ()
        found.append(task_key("reply", row.customer, day.isoformat(), *number))
    return found


def quoted(replies: Sequence[JournalRow], known: Sequence[str], language: Language) -> str:
    """Their words, oldest first; who wrote and when where there are several, or where the address is not a known one."""
    heads = len(replies) > 1 or any(row.recipient.casefold() not in known for row in replies)
    told = [_one(row, heads, language) for row in replies]
    kept: list[str] = []
    room = MOST_QUOTED
    for text in reversed(told):
        if kept and len(text) > room:
            break
        kept.insert(0, text[:MOST_QUOTED])
        room -= len(text) + 2
    if left := len(told) - len(kept):
        kept.insert(0, _EARLIER[language].format(n=left))
    return "\n\n".join(kept)


def _one(row: JournalRow, head: bool, language: Language) -> str:
    text = row.text.strip() or _NO_TEXT[language]
    if not head:
        return text
    day, hour = format_date(row.when.date(), language), f"{row.when:%H:%M}"
    return f"— {day}, {hour}, {row.recipient}\n{text}"
