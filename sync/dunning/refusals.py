"""Messages that the mail server refused: which are not to be tried again as they stand, and why, in plain words.

The Journal's row of a failed message says in its *Old* cell what the server meant: `refused:<digest>` for good, or
`later:<digest>`. The digest is of the recipients and the words: a message with other words, or for another address, is
another try. A server that has said "later" on three days is taken at its word.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sync.ledger.model import JournalRow, is_erased
from sync.ledger.words import Act, Language

REFUSED, LATER = "refused", "later"
MOST_DAYS = 3  # days on which the server may say "later" before a person is asked
MESSAGE = "message"  # the *Field* of the rows that sending writes; an answer of a person has none

_ENDED = (Act.SENT, Act.DONE, Act.SKIPPED)
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_MOST_WORDS = 160


def refusal_mark(*, temporary: bool, recipients: Iterable[str], subject: str, text: str) -> str:
    """What the Journal remembers of a refusal."""
    return f"{LATER if temporary else REFUSED}:{message_digest(recipients, subject, text)}"


def message_digest(recipients: Iterable[str], subject: str, text: str) -> str:
    """Of the very message that a person may change: to whom, and its words."""
    said = json.dumps([sorted(one.casefold() for one in recipients), subject, text], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def refusals(journal: Iterable[JournalRow]) -> Mapping[str, JournalRow]:
    """By message key: the row of the refusal that forbids to try the same message again."""
    found: dict[str, JournalRow] = {}
    days: dict[str, set[date]] = {}
    for row in journal:
        if not row.key:
            continue
        if row.status is Act.FAILED and row.field == MESSAGE:
            kind = row.old.partition(":")[0]
            if kind == LATER:
                days.setdefault(row.key, set()).add(row.when.date())
            if kind == REFUSED or (kind == LATER and len(days[row.key]) >= MOST_DAYS):
                found[row.key] = row
        elif row.status in _ENDED or row.status is Act.FAILED:  # a person said what became of it, or to try again
            found.pop(row.key, None)
            days.pop(row.key, None)
    return found


def refused_in_a_row(journal: Sequence[JournalRow]) -> int:
    """How many messages the server has refused for good since it last took one."""
    count = 0
    for row in reversed(journal):
        if row.field == MESSAGE and row.status is Act.SENT:
            break
        if row.field == MESSAGE and row.status is Act.FAILED:
            if not row.old.startswith(REFUSED):
                break
            count += 1
    return count


def is_refused(row: JournalRow | None, recipients: Iterable[str], subject: str, text: str) -> bool:
    """Whether this very message is the one that was refused."""
    return row is not None and row.old.partition(":")[2] == message_digest(recipients, subject, text)


def may_be_tried(journal: Sequence[JournalRow], key: str) -> bool:
    """For messages beside the cadences: never tried, withheld, or told to come back later."""
    last = next((row for row in reversed(journal) if row.key == key and row.status is not Act.OBSERVED), None)
    if last is None or last.status is Act.WITHHELD:
        return True
    return last.status is Act.FAILED and not last.old.startswith(REFUSED) and key not in refusals(journal)


def without_addresses(words: str) -> str:
    """A server's words as they may stand where nobody would look for an address."""
    return _ADDRESS.sub("…", words)


_CAUSES: Sequence[tuple[re.Pattern[str], str, str]] = (
    (
        re.compile(r"\b5\d\d 5\.(?:3\.4|2\.3)\b|too (?:large|big)|\bsize\b|^552 (?!5\.2\.2)", re.IGNORECASE),
        "it finds the message too large",
        "il trouve le message trop volumineux",
    ),
    (
        re.compile(r"\b5\.7\.2\d\b|\bSPF\b|\bDKIM\b|\bDMARC\b", re.IGNORECASE),
        "the sender’s domain does not prove who it is (SPF, DKIM, DMARC): ask whoever runs your mail",
        "le domaine de l’expéditeur ne prouve pas son identité (SPF, DKIM, DMARC)\u00a0: voyez la personne qui gère votre messagerie",
    ),
    (
        re.compile(r"SMTPUTF8"),
        "it does not take addresses with accents",
        "il n’accepte pas les adresses accentuées",
    ),
    (
        re.compile(r"\b5\.1\.[78]\b|sender|send as", re.IGNORECASE),
        "it does not accept your sender’s address",
        "il n’accepte pas l’adresse de votre expéditeur",
    ),
    (
        re.compile(r"relay|authenticat|\b5\.7\.0\b", re.IGNORECASE),
        "it does not take messages from Relance: ask whoever runs your mail",
        "il n’accepte pas les messages de Relance\u00a0: voyez la personne qui gère votre messagerie",
    ),
    (
        re.compile(r"\b5\.7\.\d+\b|spam|policy|content|block|reputation|listed|virus|junk", re.IGNORECASE),
        "its rules turn this message down (spam filter or security)",
        "ses règles écartent ce message (filtre antispam ou sécurité)",
    ),
)
_OTHER = ("it turns this message down", "il écarte ce message")
_PATIENCE = (f"it has answered “later” on {MOST_DAYS} days", f"il a répondu «\u00a0plus tard\u00a0» {MOST_DAYS} jours de suite")


def plain_refusal(row: JournalRow, language: Language) -> str:
    """Why, for a person; then the server's own words, without addresses."""
    french = language == "fr"
    if row.old.startswith(LATER):
        cause = _PATIENCE
    else:
        cause = next(((en, fr) for pattern, en, fr in _CAUSES if pattern.search(row.note)), _OTHER)
    said = without_addresses(row.note)[:_MOST_WORDS].strip() if not is_erased(row.note) else ""
    words = (f" («\u00a0{said}\u00a0»)" if french else f" (“{said}”)") if said else ""
    return (cause[1] if french else cause[0]) + words
