"""How to read this company's exports: what people said once, kept in the Journal for the next time.

The Journal is the one place that survives with either carrier (a side file would stay on the machine of the person
who imported); the last `observed` row whose field is "import invoices" (or contacts, payments) holds the recipe.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.errors import UsageError
from sync.importing.headings import IGNORE, Kind, target_named, targets_of
from sync.importing.messages import say
from sync.importing.values import ORDERS, DateOrder
from sync.ledger.words import Language, fold

_IGNORED = frozenset({"", "ignore", "ignorer", "-"})


@dataclass(frozen=True, slots=True)
class Recipe:
    """`columns` is folded heading -> target, or IGNORE; `names` the headings as people wrote them.

    `said_now` are the headings of this very command: one that the file has not is a slip.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    said_now: frozenset[str] = frozenset()

    def as_text(self) -> str:
        """What the Journal keeps; "" when nothing was said."""
        if not self.columns and self.dates is None:
            return ""
        columns = {self.names.get(heading, heading): target for heading, target in self.columns.items()}
        said = {"columns": columns, "dates": self.dates}
        return json.dumps(said, ensure_ascii=False, sort_keys=True)


def recipe_field(kind: Kind) -> str:
    """The Journal's `field` of a recipe."""
    return f"import {kind}"


def remembered(journal: Iterable[tuple[str, str]], kind: Kind) -> Recipe:
    """The last recipe among the Journal's (field, new) cells; an empty one when there is none that can be read."""
    found = Recipe()
    for name, text in journal:
        if name == recipe_field(kind):
            found = _from_text(text, kind) or found
    return found


def _from_text(text: str, kind: Kind) -> Recipe | None:
    try:
        said = json.loads(text)
        columns = {str(heading): str(target) for heading, target in dict(said["columns"]).items()}
        dates = next((order for order in ORDERS if order == said["dates"]), None)
    except (ValueError, KeyError, TypeError):
        return None
    known = targets_of(kind) | {IGNORE}
    kept = {heading: target for heading, target in columns.items() if target in known}
    return Recipe(
        {fold(heading): target for heading, target in kept.items()}, dates, {fold(heading): heading for heading in kept}
    )


def told(before: Recipe, kind: Kind, maps: Sequence[str], dates: DateOrder | None, language: Language) -> Recipe:
    """The recipe of this import: what is remembered, with what is said now (`"Montant TTC=amount"`) on top.

    A target said now for one heading is taken from the heading that had it. Raises UsageError.
    """
    columns, names = dict(before.columns), dict(before.names)
    now: set[str] = set()
    for text in maps:
        heading, equals, name = (part.strip() for part in text.rpartition("="))
        if not equals or not fold(heading):
            raise UsageError(say("map_form", language, text=text))
        target = IGNORE if name.casefold() in _IGNORED else target_named(kind, name)
        if target is None:
            known = ", ".join(sorted(targets_of(kind)))
            raise UsageError(say("map_target", language, name=name, known=known))
        if target != IGNORE:
            columns = {other: had for other, had in columns.items() if had != target}
        columns[fold(heading)] = target
        names[fold(heading)] = heading
        now.add(fold(heading))
    kept = {heading: names[heading] for heading in columns if heading in names}
    return Recipe(columns, dates or before.dates, kept, frozenset(now))
