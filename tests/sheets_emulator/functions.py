"""The functions that formulas may call, and how values turn into numbers, texts and orders."""

from __future__ import annotations

import calendar
import datetime as dt
import fnmatch
import math
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any

from .cells import ErrorValue, Value
from .formats import EPOCH, formatted
from .formulas import Node
from .locales import LocaleFacts
from .parsing import typed

if TYPE_CHECKING:
    from .evaluate import Result, Scope

Matrix = list[list[Value]]
Number = int | float


class Failure(Exception):
    """An error value on its way up."""

    def __init__(self, error: ErrorValue) -> None:
        super().__init__(error.text)
        self.error = error


def fail(kind: str, message: str = "") -> Failure:
    """`raise fail("N_A")`."""
    return Failure(ErrorValue(kind, message))


def number_of(value: Value, facts: LocaleFacts) -> Number:
    """A value where a number is wanted."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None or value == "":
        return 0
    if isinstance(value, ErrorValue):
        raise Failure(value)
    read = typed(value, facts, dt.date(2000, 1, 1)).value
    if isinstance(read, int | float) and not isinstance(read, bool):
        return read
    raise fail("VALUE", f"Function expects number values. But '{value}' is a text and cannot be coerced to a number.")


def text_of(value: Value, facts: LocaleFacts) -> str:
    """A value where a text is wanted."""
    if isinstance(value, ErrorValue):
        raise Failure(value)
    return formatted(value, None, facts)


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1; numbers come before texts, texts before booleans; case does not count; blank equals 0 and ''."""
    left = _zero_like(right) if left is None else left
    right = _zero_like(left) if right is None else right
    one, two = _rank(left), _rank(right)
    return (one > two) - (one < two)


def _zero_like(other: Value) -> Value:
    if isinstance(other, bool):
        return False
    return "" if isinstance(other, str) else 0


def _rank(value: Value) -> tuple[int, Any]:
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value if isinstance(value, int | float) else 0


def criterion(wanted: Value, facts: LocaleFacts) -> Callable[[Value], bool]:
    """The test that COUNTIF and its kin make of their second argument."""
    if not isinstance(wanted, str):
        return lambda value: value is not None and compare(value, wanted) == 0
    found = re.fullmatch(r"(<=|>=|<>|<|>|=)?(.*)", wanted, re.DOTALL)
    assert found
    sign, text = found.group(1) or "=", found.group(2)
    read = typed(text, facts, dt.date(2000, 1, 1)).value if text else None
    if sign in {"=", "<>"} and isinstance(read, str):
        pattern = re.compile(fnmatch.translate(read.casefold().replace("[", "[[]")))
        return lambda value: (isinstance(value, str) and bool(pattern.match(value.casefold()))) == (sign == "=")

    def holds(value: Value) -> bool:
        if text == "":
            return (value is None or value == "") == (sign == "=")
        if isinstance(value, str) != isinstance(read, str) or value is None:
            return sign == "<>"
        order = compare(value, read)
        return {"=": order == 0, "<>": order != 0, "<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[sign]

    return holds


def _numbers(scope: Scope, nodes: Iterable[Node]) -> Iterator[Number]:
    """Numbers among the arguments; texts and booleans inside references do not count."""
    for node in nodes:
        direct = not scope.is_reference(node)
        for value in scope.values(node):
            if isinstance(value, ErrorValue):
                raise Failure(value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield value
            elif direct:
                yield number_of(value, scope.facts)


def _tidy(number: Number) -> Number:
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number


def _sum(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    numbers = list(_numbers(scope, nodes))
    return _tidy(math.fsum(numbers)) if any(isinstance(number, float) for number in numbers) else sum(numbers)


def _average(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    numbers = list(_numbers(scope, nodes))
    if not numbers:
        raise fail("DIVIDE_BY_ZERO", "Evaluation of function AVERAGE caused a divide by zero error.")
    return _tidy(math.fsum(numbers) / len(numbers))


def _round(rounding: str) -> Callable[[Scope, tuple[Node, ...]], Result]:
    def run(scope: Scope, nodes: tuple[Node, ...]) -> Result:
        number = scope.number(nodes[0])
        places = int(scope.number(nodes[1])) if len(nodes) > 1 else 0
        rounded = Decimal(repr(number)).quantize(Decimal(1).scaleb(-places), rounding=rounding)
        return _tidy(float(rounded))

    return run


def _if(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    if _truth(scope, nodes[0]):
        return scope.run(nodes[1])
    return scope.run(nodes[2]) if len(nodes) > 2 else False


def _truth(scope: Scope, node: Node) -> bool:
    value = scope.value(node)
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        raise fail("VALUE")
    return bool(value)


def _ifs(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    for place in range(0, len(nodes) - 1, 2):
        if _truth(scope, nodes[place]):
            return scope.run(nodes[place + 1])
    raise fail("N_A", "No match")


def _iferror(kinds: set[str] | None) -> Callable[[Scope, tuple[Node, ...]], Result]:
    def run(scope: Scope, nodes: tuple[Node, ...]) -> Result:
        try:
            return scope.value(nodes[0])
        except Failure as failure:
            if kinds is not None and failure.error.kind not in kinds:
                raise
            return scope.run(nodes[1]) if len(nodes) > 1 else None

    return run


def _tests(scope: Scope, nodes: tuple[Node, ...]) -> Iterator[bool]:
    for node in nodes:
        for value in scope.values(node):
            if isinstance(value, ErrorValue):
                raise Failure(value)
            if not isinstance(value, str):
                yield bool(value)


def _is(check: Callable[[Value], bool]) -> Callable[[Scope, tuple[Node, ...]], Result]:
    def run(scope: Scope, nodes: tuple[Node, ...]) -> Result:
        try:
            return check(scope.value(nodes[0]))
        except Failure as failure:
            return check(failure.error)

    return run


def _rows_where(scope: Scope, nodes: tuple[Node, ...]) -> tuple[list[bool], int]:
    """For pairs of (range, criterion): which cells of the flattened ranges pass all."""
    passed: list[bool] = []
    for place in range(0, len(nodes) - 1, 2):
        holds = criterion(scope.value(nodes[place + 1]), scope.facts)
        marks = [holds(value) for row in scope.matrix(nodes[place]) for value in row]
        passed = marks if not passed else [one and two for one, two in zip(passed, marks, strict=True)]
    return passed, sum(passed)


def _sumif(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    passed, _ = _rows_where(scope, nodes[:2])
    return _sum_where(scope, nodes[2] if len(nodes) > 2 else nodes[0], passed)


def _sum_where(scope: Scope, node: Node, passed: list[bool]) -> Number:
    values = [value for row in scope.matrix(node) for value in row]
    chosen = [
        value
        for value, keep in zip(values, passed, strict=False)
        if keep and isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return _tidy(math.fsum(chosen))


def _lookup_place(values: list[Value], wanted: Value, mode: int) -> int:
    if mode == 0:
        for place, value in enumerate(values):
            if value is not None and type(value) is not ErrorValue and compare(value, wanted) == 0:
                return place
        raise fail("N_A", f"Did not find value '{wanted}' in the lookup.")
    best = -1
    for place, value in enumerate(values):
        if value is not None and compare(value, wanted) * mode <= 0:
            best = place
    if best < 0:
        raise fail("N_A", f"Did not find value '{wanted}' in the lookup.")
    return best


def _vlookup(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    rows = scope.matrix(nodes[1])
    sorted_range = _truth(scope, nodes[3]) if len(nodes) > 3 else True
    place = _lookup_place([row[0] for row in rows], scope.value(nodes[0]), 1 if sorted_range else 0)
    column = int(scope.number(nodes[2])) - 1
    if not 0 <= column < len(rows[0]):
        raise fail("REF", "VLOOKUP evaluates to an out of bounds range.")
    return rows[place][column]


def _xlookup(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    keys = [value for row in scope.matrix(nodes[1]) for value in row]
    results = [value for row in scope.matrix(nodes[2]) for value in row]
    try:
        return results[_lookup_place(keys, scope.value(nodes[0]), 0)]
    except Failure:
        if len(nodes) > 3:
            return scope.run(nodes[3])
        raise


def _match(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    values = [value for row in scope.matrix(nodes[1]) for value in row]
    mode = int(scope.number(nodes[2])) if len(nodes) > 2 else 1
    return _lookup_place(values, scope.value(nodes[0]), mode) + 1


def _index(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    rows = scope.matrix(nodes[0])
    row = int(scope.number(nodes[1])) if len(nodes) > 1 else 1
    column = int(scope.number(nodes[2])) if len(nodes) > 2 else 1
    if len(rows) == 1 and len(nodes) == 2:
        row, column = 1, row
    if row > len(rows) or column > len(rows[0]):
        raise fail("REF", "Function INDEX parameter is out of range.")
    return rows[max(row, 1) - 1][max(column, 1) - 1]


def _place(name: str) -> Callable[[Scope, tuple[Node, ...]], Result]:
    def run(scope: Scope, nodes: tuple[Node, ...]) -> Result:
        if not nodes:
            return (scope.row if name == "row" else scope.column) + 1
        block = getattr(scope.run(nodes[0]), "block", None)
        if block is None:
            raise fail("VALUE")
        return int(block.top if name == "row" else block.left) + 1

    return run


def _date(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    year, month, day = (int(scope.number(node)) for node in nodes[:3])
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return (dt.datetime(year, month, 1) - EPOCH).days + day - 1


def _day_of(scope: Scope, node: Node) -> dt.datetime:
    return EPOCH + dt.timedelta(days=float(scope.number(node)))


def _months_later(scope: Scope, nodes: tuple[Node, ...], end: bool) -> Result:
    day = _day_of(scope, nodes[0])
    total = day.year * 12 + day.month - 1 + int(scope.number(nodes[1]))
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return (dt.datetime(year, month + 1, last if end else min(day.day, last)) - EPOCH).days


def _join(scope: Scope, separator: str, nodes: Iterable[Node], keep_blank: bool = False) -> str:
    parts = [text_of(value, scope.facts) for node in nodes for row in scope.matrix(node) for value in row]
    return separator.join(part for part in parts if part or keep_blank)


def _mid(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    start = int(scope.number(nodes[1])) - 1
    return scope.text(nodes[0])[start : start + int(scope.number(nodes[2]))]


def _find(scope: Scope, nodes: tuple[Node, ...], fold: bool) -> Result:
    needle, hay = scope.text(nodes[0]), scope.text(nodes[1])
    start = int(scope.number(nodes[2])) - 1 if len(nodes) > 2 else 0
    place = hay.casefold().find(needle.casefold(), start) if fold else hay.find(needle, start)
    if place < 0:
        raise fail("VALUE", f"In FIND evaluation, cannot find '{needle}' within '{hay}'.")
    return place + 1


def _text(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    return formatted(scope.value(nodes[0]), {"pattern": scope.text(nodes[1])}, scope.facts)


def _sumproduct(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    grids = [[value for row in scope.matrix(node) for value in row] for node in nodes]
    total = 0.0
    for group in zip(*grids, strict=True):
        factors = [value if isinstance(value, int | float) and not isinstance(value, bool) else 0 for value in group]
        total += math.prod(factors)
    return _tidy(total)


def _side(scope: Scope, nodes: tuple[Node, ...], right: bool) -> Result:
    count = int(scope.number(nodes[1])) if len(nodes) > 1 else 1
    text = scope.text(nodes[0])
    return (text[-count:] if count else "") if right else text[:count]


def _root(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    number = scope.number(nodes[0])
    if number < 0:
        raise fail("NUM", "Function SQRT parameter 1 value is negative.")
    return _tidy(math.sqrt(number))


def _modulo(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    divisor = scope.number(nodes[1])
    if divisor == 0:
        raise fail("DIVIDE_BY_ZERO", "Function MOD parameter 2 cannot be zero.")
    return _tidy(scope.number(nodes[0]) % divisor)


def _na(scope: Scope, nodes: tuple[Node, ...]) -> Result:
    raise fail("N_A")


FUNCTIONS: dict[str, Callable[[Scope, tuple[Node, ...]], Result]] = {
    "SUM": _sum,
    "AVERAGE": _average,
    "MIN": lambda scope, nodes: min(_numbers(scope, nodes), default=0),
    "MAX": lambda scope, nodes: max(_numbers(scope, nodes), default=0),
    "MEDIAN": lambda scope, nodes: _tidy(statistics.median(list(_numbers(scope, nodes)))),
    "PRODUCT": lambda scope, nodes: _tidy(math.prod(_numbers(scope, nodes))),
    "SUMPRODUCT": _sumproduct,
    "COUNT": lambda scope, nodes: sum(
        1 for node in nodes for value in scope.values(node) if isinstance(value, int | float) and not isinstance(value, bool)
    ),
    "COUNTA": lambda scope, nodes: sum(1 for node in nodes for _ in scope.values(node)),
    "COUNTBLANK": lambda scope, nodes: sum(value in (None, "") for row in scope.matrix(nodes[0]) for value in row),
    "COUNTIF": lambda scope, nodes: _rows_where(scope, nodes[:2])[1],
    "COUNTIFS": lambda scope, nodes: _rows_where(scope, nodes)[1],
    "SUMIF": _sumif,
    "SUMIFS": lambda scope, nodes: _sum_where(scope, nodes[0], _rows_where(scope, nodes[1:])[0]),
    "IF": _if,
    "IFS": _ifs,
    "IFERROR": _iferror(None),
    "IFNA": _iferror({"N_A"}),
    "AND": lambda scope, nodes: all(list(_tests(scope, nodes))),
    "OR": lambda scope, nodes: any(list(_tests(scope, nodes))),
    "NOT": lambda scope, nodes: not _truth(scope, nodes[0]),
    "TRUE": lambda scope, nodes: True,
    "FALSE": lambda scope, nodes: False,
    "NA": _na,
    "ISBLANK": _is(lambda value: value is None),
    "ISNUMBER": _is(lambda value: isinstance(value, int | float) and not isinstance(value, bool)),
    "ISTEXT": _is(lambda value: isinstance(value, str)),
    "ISLOGICAL": _is(lambda value: isinstance(value, bool)),
    "ISERROR": _is(lambda value: isinstance(value, ErrorValue)),
    "ISNA": _is(lambda value: isinstance(value, ErrorValue) and value.kind == "N_A"),
    "ROUND": _round(ROUND_HALF_UP),
    "ROUNDUP": _round(ROUND_UP),
    "ROUNDDOWN": _round(ROUND_DOWN),
    "TRUNC": _round(ROUND_DOWN),
    "ABS": lambda scope, nodes: abs(scope.number(nodes[0])),
    "INT": lambda scope, nodes: math.floor(scope.number(nodes[0])),
    "MOD": _modulo,
    "POWER": lambda scope, nodes: _tidy(scope.number(nodes[0]) ** scope.number(nodes[1])),
    "SQRT": _root,
    "LEN": lambda scope, nodes: len(scope.text(nodes[0])),
    "LEFT": lambda scope, nodes: _side(scope, nodes, right=False),
    "RIGHT": lambda scope, nodes: _side(scope, nodes, right=True),
    "MID": _mid,
    "TRIM": lambda scope, nodes: " ".join(scope.text(nodes[0]).split()),
    "UPPER": lambda scope, nodes: scope.text(nodes[0]).upper(),
    "LOWER": lambda scope, nodes: scope.text(nodes[0]).lower(),
    "PROPER": lambda scope, nodes: scope.text(nodes[0]).title(),
    "CONCATENATE": lambda scope, nodes: _join(scope, "", nodes),
    "CONCAT": lambda scope, nodes: _join(scope, "", nodes[:2]),
    "JOIN": lambda scope, nodes: _join(scope, scope.text(nodes[0]), nodes[1:], keep_blank=True),
    "TEXTJOIN": lambda scope, nodes: _join(scope, scope.text(nodes[0]), nodes[2:], keep_blank=not _truth(scope, nodes[1])),
    "SUBSTITUTE": lambda scope, nodes: scope.text(nodes[0]).replace(scope.text(nodes[1]), scope.text(nodes[2])),
    "FIND": lambda scope, nodes: _find(scope, nodes, fold=False),
    "SEARCH": lambda scope, nodes: _find(scope, nodes, fold=True),
    "REPT": lambda scope, nodes: scope.text(nodes[0]) * int(scope.number(nodes[1])),
    "CHAR": lambda scope, nodes: chr(int(scope.number(nodes[0]))),
    "TEXT": _text,
    "VALUE": lambda scope, nodes: scope.number(nodes[0]),
    "HYPERLINK": lambda scope, nodes: scope.value(nodes[1] if len(nodes) > 1 else nodes[0]),
    "DATE": _date,
    "YEAR": lambda scope, nodes: _day_of(scope, nodes[0]).year,
    "MONTH": lambda scope, nodes: _day_of(scope, nodes[0]).month,
    "DAY": lambda scope, nodes: _day_of(scope, nodes[0]).day,
    "DAYS": lambda scope, nodes: int(scope.number(nodes[0])) - int(scope.number(nodes[1])),
    "EDATE": lambda scope, nodes: _months_later(scope, nodes, end=False),
    "EOMONTH": lambda scope, nodes: _months_later(scope, nodes, end=True),
    "TODAY": lambda scope, nodes: (scope.spreadsheet.local_now() - EPOCH).days,
    "NOW": lambda scope, nodes: (scope.spreadsheet.local_now() - EPOCH).total_seconds() / 86_400,
    "VLOOKUP": _vlookup,
    "XLOOKUP": _xlookup,
    "MATCH": _match,
    "INDEX": _index,
    "ROW": _place("row"),
    "COLUMN": _place("column"),
    "ARRAYFORMULA": lambda scope, nodes: scope.run(nodes[0]),
}
