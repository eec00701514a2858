"""Field masks: ``a.b``, ``a/b``, ``a(b,c/d)``, ``*``, several separated by commas.

A mask is a tree of names; an empty tree means everything below.  The same parser serves the `fields` query
parameter (which parts of an answer are sent) and the `fields` member of update requests (which parts are set).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Mask = dict[str, "Mask"]

_TOKEN = re.compile(r"[A-Za-z_@$][\w@$-]*|\*|[(),./]")


def parse_mask(text: str) -> Mask:
    """Parse a mask; raises ValueError when it is not one."""
    compact = re.sub(r"\s+", "", text)
    tokens = _TOKEN.findall(compact)
    if "".join(tokens) != compact or not tokens:
        raise ValueError(f"not a field mask: {text!r}")
    mask, rest = _parse_list(tokens)
    if rest:
        raise ValueError(f"not a field mask: {text!r}")
    return mask


def _parse_list(tokens: list[str]) -> tuple[Mask, list[str]]:
    mask: Mask = {}
    while True:
        below = mask
        while True:
            if not tokens or tokens[0] in "(),./":
                raise ValueError("a name is missing")
            below = below.setdefault(camel(tokens[0]), {})
            tokens = tokens[1:]
            if tokens and tokens[0] in "./":
                tokens = tokens[1:]
                continue
            if tokens and tokens[0] == "(":
                inner, tokens = _parse_list(tokens[1:])
                if not tokens or tokens[0] != ")":
                    raise ValueError("a bracket is not closed")
                _merge(below, inner)
                tokens = tokens[1:]
            break
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
            continue
        return mask, tokens


def _merge(into: Mask, other: Mask) -> None:
    for name, below in other.items():
        _merge(into.setdefault(name, {}), below)


def camel(name: str) -> str:
    """`row_count` and `rowCount` are the same field."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def snake(name: str) -> str:
    """The proto name of a JSON name, as error messages write it."""
    return re.sub(r"([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def select(value: Any, mask: Mask) -> Any:
    """The part of an answer that a mask lets through; lists are crossed silently."""
    if not mask or "*" in mask and not mask["*"]:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    chosen = {}
    for name, item in value.items():
        below = mask.get(name, mask.get("*"))
        if below is not None:
            part = select(item, below)
            if not (isinstance(item, list) and item and below and part == []):
                chosen[name] = part
    return chosen


def leaves(mask: Mask, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Each path that a mask names to its end; `*` is an empty path at its place."""
    for name, below in mask.items():
        if name == "*":
            yield before
        elif below:
            yield from leaves(below, (*before, name))
        else:
            yield (*before, name)


def wants(mask: Mask | None, *path: str) -> bool:
    """Whether an answer cut by this mask may show the path (no mask: yes)."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def assign(target: dict[str, Any], source: dict[str, Any], mask: Mask) -> None:
    """Set in `target` every field the mask names; one that is absent from `source` is reset."""
    for path in leaves(mask):
        if not path:
            target.clear()
            target.update(source)
            continue
        value: Any = source
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        holder = target
        for name in path[:-1]:
            inner = holder.get(name)
            if not isinstance(inner, dict):
                if value is None:
                    break
                inner = holder[name] = {}
            holder = inner
        else:
            if value is None:
                holder.pop(path[-1], None)
            else:
                holder[path[-1]] = value
