"""Formula texts: reading them into a tree, and rewriting their references when cells move.

Only what tests need is understood: arithmetic, comparison, texts, references (also to other tabs and whole columns), names,
calls and literal arrays.  What cannot be read shows `#ERROR!`, as it would in a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .a1 import Axis, column_index, column_name, quote_title


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference; a missing row or column means all of them."""

    column: int | None
    row: int | None
    fixed_column: bool = False
    fixed_row: bool = False

    @property
    def text(self) -> str:
        column = "" if self.column is None else ("$" if self.fixed_column else "") + column_name(self.column)
        row = "" if self.row is None else ("$" if self.fixed_row else "") + str(self.row + 1)
        return column + row


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference as written: `Tab!$A1:B2`; `sheet` is None when no tab is named."""

    sheet: str | None
    start: Corner
    end: Corner | None = None

    @property
    def text(self) -> str:
        prefix = "" if self.sheet is None else quote_title(self.sheet) + "!"
        return prefix + self.start.text + (":" + self.end.text if self.end else "")


class FormulaError(ValueError):
    """The text is not a formula that can be read."""


_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
_TOKEN = re.compile(
    r"\s*(?:"
    r'(?P<string>"(?:[^"]|"")*")'
    r"|(?P<error>#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|ERROR!))"
    rf"|(?P<ref>(?:(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?(?:{_CELL}(?::{_CELL}|:\$?[A-Za-z]{{1,3}}(?![\w(]))?"
    r"|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[0-9]+:\$?[0-9]+)(?![\w(]))"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>(?:(?:'(?:[^']|'')+'|[A-Za-z_][\w.]*)!)?[^\W\d][\w.]*)"
    r"|(?P<op><=|>=|<>|[-+*/^&=<>%(),;{}:\\])"
    r")"
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([0-9]+)?")


def tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    """(kind, text, start, end) of each token after the leading `=`."""
    place = 1
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        if not found or found.lastgroup is None:
            raise FormulaError(text)
        kind = found.lastgroup
        yield kind, found.group(kind), found.start(kind), found.end(kind)
        place = found.end()


def read_ref(text: str) -> Ref:
    """A reference token."""
    sheet, bang, sides = text.rpartition("!")
    title = None
    if bang:
        title = sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
    start, _, end = sides.partition(":")
    return Ref(title, _read_corner(start), _read_corner(end) if end else None)


def _read_corner(text: str) -> Corner:
    found = _CORNER.fullmatch(text)
    if not found:
        raise FormulaError(text)
    one, letters, two, digits = found.groups()
    fixed_row = bool(two) or (bool(one) and not letters)
    column = column_index(letters) if letters else None
    return Corner(column, int(digits) - 1 if digits else None, bool(one) and bool(letters), fixed_row)


# Rewriting


def _rewrite(text: str, change: Callable[[Ref], Ref | None]) -> str:
    pieces, place = [], 0
    try:
        for kind, token, start, end in tokens(text):
            if kind == "ref":
                changed = change(read_ref(token))
                pieces += [text[place:start], "#REF!" if changed is None else changed.text]
                place = end
    except FormulaError:
        return text
    return "".join(pieces) + text[place:]


def shifted(text: str, rows: int, columns: int) -> str:
    """The formula as it reads when copied so many rows down and columns right."""

    def move(corner: Corner | None) -> Corner | None:
        if corner is None:
            return None
        column, row = corner.column, corner.row
        if column is not None and not corner.fixed_column:
            column += columns
        if row is not None and not corner.fixed_row:
            row += rows
        if (column or 0) < 0 or (row or 0) < 0:
            raise IndexError
        return replace(corner, column=column, row=row)

    def change(ref: Ref) -> Ref | None:
        try:
            start = move(ref.start)
            return None if start is None else replace(ref, start=start, end=move(ref.end))
        except IndexError:
            return None

    return _rewrite(text, change)


def _is_about(ref: Ref, home: str, title: str) -> bool:
    return (home if ref.sheet is None else ref.sheet).casefold() == title.casefold()


def rewrite_after_insert(text: str, home: str, title: str, axis: Axis, at: int, count: int) -> str:
    """The formula of a cell on tab `home` after an insertion on tab `title`."""

    def move(corner: Corner | None) -> Corner | None:
        if corner is None:
            return None
        if axis == "ROWS":
            return replace(corner, row=corner.row + count) if corner.row is not None and corner.row >= at else corner
        return replace(corner, column=corner.column + count) if corner.column is not None and corner.column >= at else corner

    def change(ref: Ref) -> Ref | None:
        start = move(ref.start)
        return replace(ref, start=start, end=move(ref.end)) if start and _is_about(ref, home, title) else ref

    return _rewrite(text, change)


def rewrite_after_delete(text: str, home: str, title: str, axis: Axis, first: int, last: int) -> str:
    """The same after a deletion; a reference whose cells are all gone reads `#REF!`."""
    gone = last - first

    def side(corner: Corner) -> int | None:
        return corner.row if axis == "ROWS" else corner.column

    def put(corner: Corner, index: int) -> Corner:
        return replace(corner, row=index) if axis == "ROWS" else replace(corner, column=index)

    def change(ref: Ref) -> Ref | None:
        if not _is_about(ref, home, title):
            return ref
        start, end = side(ref.start), side(ref.end) if ref.end else side(ref.start)
        if start is None or end is None:
            return ref
        if first <= start and end < last:
            return None
        new_start = start - gone if start >= last else min(start, first)
        new_end = end - gone if end >= last else min(end, first - 1)
        return replace(ref, start=put(ref.start, new_start), end=put(ref.end, new_end) if ref.end else None)

    return _rewrite(text, change)


def rewrite_after_rename(text: str, old: str, new: str) -> str:
    """The formula after a tab was renamed."""

    def change(ref: Ref) -> Ref | None:
        return replace(ref, sheet=new) if ref.sheet is not None and ref.sheet.casefold() == old.casefold() else ref

    return _rewrite(text, change)


# Reading: nodes are tuples whose first member names the kind

Node = tuple[Any, ...]
_LEVELS: list[set[str]] = [{"=", "<>", "<", ">", "<=", ">="}, {"&"}, {"+", "-"}, {"*", "/"}, {"^"}]


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula; raises FormulaError."""
    stream = [(kind, token) for kind, token, _, _ in tokens(text)]
    node, rest = _binary(stream, 0)
    if rest:
        raise FormulaError(text)
    return node


Stream = list[tuple[str, str]]


def _binary(stream: Stream, level: int) -> tuple[Node, Stream]:
    if level == len(_LEVELS):
        return _unary(stream)
    node, stream = _binary(stream, level + 1)
    while stream and stream[0][0] == "op" and stream[0][1] in _LEVELS[level]:
        sign = stream[0][1]
        right, stream = _binary(stream[1:], level + 1)
        node = ("binary", sign, node, right)
    return node, stream


def _unary(stream: Stream) -> tuple[Node, Stream]:
    if stream and stream[0] in {("op", "-"), ("op", "+")}:
        node, rest = _unary(stream[1:])
        return ("unary", stream[0][1], node), rest
    node, stream = _atom(stream)
    while stream and stream[0] == ("op", "%"):
        node, stream = ("percent", node), stream[1:]
    return node, stream


def _atom(stream: Stream) -> tuple[Node, Stream]:
    if not stream:
        raise FormulaError("a value is missing")
    (kind, token), rest = stream[0], stream[1:]
    if kind == "number":
        number = float(token)
        return ("value", int(number) if number.is_integer() and "e" not in token.lower() else number), rest
    if kind == "string":
        return ("value", token[1:-1].replace('""', '"')), rest
    if kind == "error":
        return ("error", token), rest
    if kind == "ref":
        return ("ref", read_ref(token)), rest
    if kind == "name":
        return _named(token, rest)
    if token == "(":
        node, rest = _binary(rest, 0)
        return node, _expect(rest, ")")
    if token == "{":
        return _array(rest)
    raise FormulaError(token)


def _named(token: str, rest: Stream) -> tuple[Node, Stream]:
    if rest and rest[0] == ("op", "("):
        arguments, rest = _arguments(rest[1:])
        return ("call", token.upper(), tuple(arguments)), rest
    if token.upper() in {"TRUE", "FALSE"}:
        return ("value", token.upper() == "TRUE"), rest
    return ("name", token), rest


def _arguments(stream: Stream) -> tuple[list[Node], Stream]:
    arguments: list[Node] = []
    if stream and stream[0] == ("op", ")"):
        return arguments, stream[1:]
    while True:
        if stream and stream[0] in {("op", ","), ("op", ";"), ("op", ")")}:
            node: Node = ("missing",)
        else:
            node, stream = _binary(stream, 0)
        arguments.append(node)
        if stream and stream[0] in {("op", ","), ("op", ";")}:
            stream = stream[1:]
            continue
        return arguments, _expect(stream, ")")


def _array(stream: Stream) -> tuple[Node, Stream]:
    rows: list[list[Node]] = [[]]
    while True:
        node, stream = _binary(stream, 0)
        rows[-1].append(node)
        if not stream:
            raise FormulaError("an array is not closed")
        mark, stream = stream[0][1], stream[1:]
        if mark == "}":
            return ("array", tuple(tuple(row) for row in rows)), stream
        if mark == ";":
            rows.append([])


def _expect(stream: Stream, mark: str) -> Stream:
    if not stream or stream[0] != ("op", mark):
        raise FormulaError(f"{mark} is missing")
    return stream[1:]
