"""Frozen records in bulk: copies with other values, without the cost of a frozen dataclass's own initialiser."""

from collections.abc import Callable, Hashable
from functools import cache
from operator import attrgetter
from typing import TypeVar, cast

T = TypeVar("T")


def changed(record: T, **values: object) -> T:
    """`dataclasses.replace` for a frozen dataclass with slots, about twice as fast: a run copies tens of thousands.

    Every field is copied as it stands; one that the record does not have raises AttributeError.
    """
    kind = type(record)
    made = object.__new__(kind)
    setters, fields = _fields_of(cast(Hashable, kind))
    for put, value in zip(setters, fields(record), strict=True):
        put(made, value)
    slots = vars(kind)
    for name, value in values.items():
        if name not in slots:
            raise AttributeError(name)
        slots[name].__set__(made, value)
    return made


@cache
def _fields_of(kind: Hashable) -> tuple[tuple[Callable[[object, object], None], ...], Callable[[object], tuple[object, ...]]]:
    """The setters of all slots, and what reads them all at once (two at least, else it would give a bare value)."""
    names: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]  # each record of ours has slots
    slots = vars(kind)
    return tuple(slots[name].__set__ for name in names), attrgetter(*names)
