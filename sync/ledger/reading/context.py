"""What every tab's reader needs to know beside its own cells."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher, get_close_matches

from sync.ledger.cells import Cell
from sync.ledger.dates import date_parser
from sync.ledger.model import Contact
from sync.ledger.problems import Problem
from sync.ledger.reading.columns import Sheet, TabLike
from sync.ledger.terms import Terms
from sync.ledger.words import Language, fold

_MAX_GUESSES = 50  # closest names are looked for in so many rows: a column pasted wrong must not take minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The settings that reading depends on, and the list where problems go."""

    language: Language
    currency: str
    terms: Terms
    as_of: date
    real_today: date | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def parse_day(self) -> Callable[[Cell], date]:
        return date_parser(self.language)

    def sheet(self, key: str, tab: TabLike) -> Sheet:
        return Sheet(key, tab, self.problems, self.language)


class Closest:
    """ "Did you mean": the known key that differs only by case or spaces, or that goes by that name, else the nearest one;
    "" when none is near. `names`: (name, key).
    """

    def __init__(self, known: Sequence[str], names: Iterable[tuple[str, str]] = ()) -> None:
        self._known = known
        self._names = names
        self._folded: Mapping[str, str] | None = None
        self._asked = 0

    @classmethod
    def customer(cls, contacts: Mapping[str, Contact]) -> "Closest":
        """Among the customers' keys, for their names too."""
        return cls(list(contacts), [(one.name, one.customer) for one in contacts.values() if one.name])

    def to(self, text: str) -> str:
        if self._folded is None:
            self._folded = _alone(self._names) | _alone((key, key) for key in self._known)
        same = self._folded.get(fold(text))
        if same is not None:
            return same
        self._asked += 1
        if self._asked > _MAX_GUESSES or len(self._known) > 20_000 or len(text) > 60:
            return ""
        near = get_close_matches(text, self._known, n=2, cutoff=0.8)
        if len(near) == 2 and _likeness(text, near[0]) == _likeness(text, near[1]):
            return ""  # two keys are as near: naming one would be a guess
        return near[0] if near else ""


def _alone(known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keys by a word for them, whatever its case; "" for one that several share: naming one would be a guess."""
    found: dict[str, str] = {}
    for word, key in known:
        found[fold(word)] = key if found.get(fold(word), key) == key else ""
    return found


def _likeness(text: str, key: str) -> float:
    return SequenceMatcher(None, key, text).ratio()
