"""Computing formulas, lazily: a cell is computed when it is asked for, once per version of the spreadsheet."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .a1 import Area, Block
from .cells import ErrorValue, Value, error_of_text
from .formats import formatted, is_date_format
from .formulas import FormulaError, Node, Ref, parse
from .functions import FUNCTIONS, Failure, Matrix, compare, number_of, text_of
from .grid import Sheet
from .locales import LocaleFacts, locale_facts

if TYPE_CHECKING:
    from .workbook import Spreadsheet

_CIRCLE = ErrorValue("REF", "Circular dependency detected. To resolve with iterative calculation, see File > Settings.")


@dataclass(frozen=True, slots=True)
class Range:
    """A reference to cells, looked into only as far as needed."""

    evaluator: Evaluator
    sheet: Sheet
    block: Block

    def filled(self) -> Iterator[Value]:
        """The values of the cells that hold something."""
        for row, column, _ in self.sheet.filled(self.block):
            yield self.evaluator.cell(self.sheet, row, column)

    def matrix(self) -> Matrix:
        """Rows of values, blanks as None."""
        block = self.block
        return [
            [self.evaluator.cell(self.sheet, row, column) for column in range(block.left, block.right)]
            for row in range(block.top, block.bottom)
        ]

    def single(self) -> Value:
        """The value of a one-cell reference; of a larger one, its first."""
        return self.evaluator.cell(self.sheet, self.block.top, self.block.left)


Result = Value | Matrix | Range


class Evaluator:
    """The computed values of one version of a spreadsheet."""

    def __init__(self, spreadsheet: Spreadsheet, version: int) -> None:
        self.spreadsheet = spreadsheet
        self.version = version
        self._known: dict[tuple[int, int, int], Value] = {}
        self._running: set[tuple[int, int, int]] = set()

    @property
    def facts(self) -> LocaleFacts:
        return locale_facts(self.spreadsheet.locale)

    def cell(self, sheet: Sheet, row: int, column: int) -> Value:
        """The value of a cell, computed if it is a formula."""
        cell = sheet.cell(row, column)
        if cell.formula is None:
            return cell.value
        key = (sheet.sheet_id, row, column)
        if key in self._known:
            return self._known[key]
        if key in self._running:
            return _CIRCLE
        self._running.add(key)
        try:
            value = self._compute(cell.formula, sheet, row, column)
        finally:
            self._running.discard(key)
        self._known[key] = value
        return value

    def _compute(self, formula: str, sheet: Sheet, row: int, column: int) -> Value:
        try:
            result = Scope(self, sheet, row, column).run(parse(formula))
        except FormulaError:
            return ErrorValue("ERROR", "Formula parse error.")
        except Failure as failure:
            return failure.error
        except RecursionError:
            return ErrorValue("REF", "Too deep.")
        value = scalar(result)
        return 0 if value is None else value

    def implied_format(self, sheet: Sheet, row: int, column: int, depth: int = 0) -> Mapping[str, Any] | None:
        """The number format a formula takes from what it refers to, when its cell has none of its own."""
        cell = sheet.cell(row, column)
        if cell.number_format or cell.formula is None or depth > 20:
            return cell.number_format
        try:
            return self._format_of(parse(cell.formula), Scope(self, sheet, row, column), depth)
        except (FormulaError, Failure):
            return None

    def _format_of(self, node: Node, scope: Scope, depth: int) -> Mapping[str, Any] | None:
        kind = node[0]
        if kind == "ref":
            found = scope.run(node)
            return (
                self.implied_format(found.sheet, found.block.top, found.block.left, depth + 1)
                if isinstance(found, Range)
                else None
            )
        if kind == "unary":
            return self._format_of(node[2], scope, depth)
        if kind == "binary" and node[1] in "+-*/":
            left, right = self._format_of(node[2], scope, depth), self._format_of(node[3], scope, depth)
            if node[1] == "-" and left and right and left.get("type") == "DATE":
                return None
            return left or (right if node[1] != "/" else None)
        if kind == "call":
            if node[1] in {"DATE", "TODAY", "EDATE", "EOMONTH", "WORKDAY"}:
                return {"type": "DATE", "pattern": self.facts.date_pattern}
            if node[1] == "NOW":
                return {"type": "DATE_TIME", "pattern": f"{self.facts.date_pattern} {self.facts.time_pattern}"}
            if node[1] in {"SUM", "MIN", "MAX", "AVERAGE", "MEDIAN", "ROUND", "ABS", "SUMIF"} and node[2]:
                return self._format_of(node[2][-1 if node[1] == "SUMIF" else 0], scope, depth)
            if node[1] in {"IF", "IFERROR"} and len(node[2]) > 1:
                return self._format_of(node[2][1 if node[1] == "IF" else 0], scope, depth)
        return None


def scalar(result: Result) -> Value:
    """The single value of a result: its top-left one."""
    if isinstance(result, Range):
        return result.single()
    if isinstance(result, list):
        return result[0][0] if result and result[0] else None
    return result


class Scope:
    """Where a formula stands, and the running of its tree."""

    def __init__(self, evaluator: Evaluator, sheet: Sheet, row: int, column: int) -> None:
        self.evaluator = evaluator
        self.spreadsheet: Spreadsheet = evaluator.spreadsheet
        self.facts: LocaleFacts = evaluator.facts
        self.sheet = sheet
        self.row = row
        self.column = column

    def run(self, node: Node) -> Result:
        """The value of a node; raises Failure with the error it amounts to."""
        kind = node[0]
        if kind == "value":
            value: Value = node[1]
            return value
        if kind == "missing":
            return None
        if kind == "error":
            raise Failure(error_of_text(node[1]) or ErrorValue("ERROR"))
        if kind == "ref":
            return self._range(node[1])
        if kind == "name":
            return self._name(node[1])
        if kind == "array":
            return [[self.value(part) for part in row] for row in node[1]]
        if kind == "percent":
            return number_of(self.value(node[1]), self.facts) / 100
        if kind == "unary":
            number = number_of(self.value(node[2]), self.facts)
            return -number if node[1] == "-" else number
        if kind == "binary" and node[1] == "&":
            return self.text(node[2]) + self.text(node[3])
        if kind == "binary":
            return self._binary(node[1], self.value(node[2]), self.value(node[3]))
        function = FUNCTIONS.get(node[1])
        if function is None:
            raise Failure(ErrorValue("NAME", f"Unknown function: '{node[1]}'."))
        try:
            return function(self, node[2])
        except (IndexError, TypeError, ValueError, OverflowError) as problem:
            if isinstance(problem, IndexError):
                raise Failure(ErrorValue("N_A", f"Wrong number of arguments to {node[1]}.")) from problem
            raise Failure(ErrorValue("VALUE", f"Function {node[1]} got an unexpected value.")) from problem

    def value(self, node: Node) -> Value:
        """The single value of a node; an error in it is raised."""
        value = scalar(self.run(node))
        if isinstance(value, ErrorValue):
            raise Failure(value)
        return value

    def number(self, node: Node) -> int | float:
        return number_of(self.value(node), self.facts)

    def text(self, node: Node) -> str:
        """A node as text; a date in a cell reads as the cell shows it."""
        value = self.value(node)
        if node[0] == "ref" and isinstance(value, int | float):
            found = self.run(node)
            if isinstance(found, Range):
                number_format = self.evaluator.implied_format(found.sheet, found.block.top, found.block.left)
                if is_date_format(number_format):
                    return formatted(value, number_format, self.facts)
        return text_of(value, self.facts)

    def values(self, node: Node) -> Iterator[Value]:
        """All values that an argument holds, blanks left out."""
        result = self.run(node)
        if isinstance(result, Range):
            yield from result.filled()
        elif isinstance(result, list):
            yield from (value for row in result for value in row if value is not None)
        elif result is not None:
            yield result

    def matrix(self, node: Node) -> Matrix:
        """An argument as rows of values."""
        result = self.run(node)
        if isinstance(result, Range):
            return result.matrix()
        return result if isinstance(result, list) else [[result]]

    def is_reference(self, node: Node) -> bool:
        return node[0] in {"ref", "name"}

    def _range(self, ref: Ref) -> Range:
        sheet = self.sheet if ref.sheet is None else self.spreadsheet.sheet_named(ref.sheet)
        if sheet is None:
            raise Failure(ErrorValue("REF", f"Unresolved sheet name '{ref.sheet}'."))
        start, end = ref.start, ref.end or ref.start
        area = Area(
            sheet.sheet_id,
            top=_least(start.row, end.row) if start.row is not None else None,
            bottom=None if start.row is None or end.row is None else max(start.row, end.row) + 1,
            left=_least(start.column, end.column) if start.column is not None else None,
            right=None if start.column is None or end.column is None else max(start.column, end.column) + 1,
        )
        return self._cut(sheet, area)

    def _cut(self, sheet: Sheet, area: Area) -> Range:
        block = sheet.block(area)
        if block.is_empty:
            raise Failure(ErrorValue("REF", "Reference does not exist."))
        return Range(self.evaluator, sheet, block)

    def _name(self, name: str) -> Range:
        folded = name.rpartition("!")[2].casefold()
        for entry in self.spreadsheet.named_ranges:
            if entry["name"].casefold() == folded:
                area: Area = entry["range"]
                sheet = self.spreadsheet.sheet(area.sheet_id)
                if sheet is not None:
                    return self._cut(sheet, area)
        raise Failure(ErrorValue("NAME", f"Unknown range name: '{name.upper()}'."))

    def _binary(self, sign: str, left: Value, right: Value) -> Value:
        if sign in {"=", "<>", "<", ">", "<=", ">="}:
            order = compare(left, right)
            return {"=": order == 0, "<>": order != 0, "<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[sign]
        one, two = number_of(left, self.facts), number_of(right, self.facts)
        if sign == "/":
            if two == 0:
                raise Failure(ErrorValue("DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."))
            return tidy(one / two)
        try:
            return tidy(_ARITHMETIC[sign](one, two))
        except OverflowError:
            raise Failure(ErrorValue("NUM", "The result is too large.")) from None


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul, "^": operator.pow}


def _least(one: int, other: int | None) -> int:
    return one if other is None else min(one, other)


def tidy(number: Any) -> int | float:
    """Whole floats as integers; complex results are an error."""
    if isinstance(number, complex):
        raise Failure(ErrorValue("NUM", "The result is not a real number."))
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number
