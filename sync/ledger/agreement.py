"""Numbers that make the words beside them agree: "{count} {count:ligne|lignes}" says "1 ligne", "2 lignes", "0 ligne".

French is singular below two, English at exactly one.
"""

from collections.abc import Mapping
from typing import Any

from sync.ledger.words import Language


class _French(int):
    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        return (one if abs(self) < 2 else many) if bar else int.__format__(self, form)


class _English(int):
    def __format__(self, form: str) -> str:
        one, bar, many = form.partition("|")
        return (one if abs(self) == 1 else many) if bar else int.__format__(self, form)


def agreeing(named: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """The values of a sentence, whose whole numbers choose between two forms written "{name:one|many}"."""
    kind = _French if language == "fr" else _English
    return {name: kind(value) if type(value) is int else value for name, value in named.items()}
