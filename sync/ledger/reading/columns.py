"""Columns of raw cells -> columns of values, with a problem for each cell that cannot be read.

Work goes column by column: a sheet repeats itself (dates, currencies, lists), so each distinct cell is parsed once, and
a column that holds nothing costs nothing.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import compress
from typing import Generic, Protocol, TypeVar

from sync.ledger.cells import Cell, CellError, cell_text, is_blank, parse_key, parse_text
from sync.ledger.dates import format_date
from sync.ledger.money import Amount, CurrencyMismatch, check_currency, native_cents, parse_amount, simple_cents
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Language

T = TypeVar("T")
VALUE_LENGTH = 200  # characters of a cell quoted in a problem


class TabLike(Protocol):
    """One tab as found: a carrier's `RawTab`, or anything shaped like it. `columns[key][i]` is sheet row `first_row + i`."""

    @property
    def columns(self) -> Mapping[str, Sequence[Cell]]: ...
    @property
    def first_row(self) -> int: ...
    def __len__(self) -> int: ...


class _Failure:
    """Stands in a column for a cell that could not be read, until its row has been told."""

    __slots__ = ("error",)

    def __init__(self, error: CellError) -> None:
        self.error = error


class _Memo(dict[Cell, object], Generic[T]):
    """Each distinct cell parsed once; a refusal is remembered like a value."""

    def __init__(self, parse: Callable[[Cell], T], blank: object) -> None:
        super().__init__({None: blank})
        self.parse = parse
        self.blank = blank
        self.failures = 0

    def __missing__(self, cell: Cell) -> object:
        value: object
        if is_blank(cell):
            value = self.blank
        else:
            try:
                value = self.parse(cell)
            except CellError as error:
                value = _Failure(error)
                self.failures += 1
        self[cell] = value
        return value


class Sheet:
    """One tab while it is read. Problems go to the shared list; `bad` has the index of each row with a ROW problem."""

    def __init__(self, key: str, tab: TabLike, problems: list[Problem], language: Language) -> None:
        self.key = key
        self.language = language
        self.first_row = tab.first_row
        self.size = len(tab)
        self.bad: set[int] = set()
        self.failed: dict[str, set[int]] = {}  # by column: cells that hold something unreadable
        self._columns = tab.columns
        self._known: dict[str, Sequence[Cell] | None] = {}
        self._problems = problems

    def row(self, index: int) -> int:
        return self.first_row + index

    def cells(self, key: str) -> Sequence[Cell] | None:
        """The raw cells of a column, one for each row; None when it is absent or holds nothing."""
        if key not in self._known:
            cells = self._columns.get(key, ())
            if cells and len(cells) < self.size:
                cells = [*cells, *[None] * (self.size - len(cells))]
            self._known[key] = None if cells.count(None) == len(cells) else cells
        return self._known[key]

    def cell(self, key: str, index: int) -> Cell:
        cells = self._columns.get(key, ())
        return cells[index] if index < len(cells) else None

    def problem(
        self, index: int, column: str, code: str, severity: Severity = Severity.ROW, value: str | None = None, **params: str
    ) -> None:
        """Tell a problem of one row. `value` defaults to what stands in the cell."""
        if severity is not Severity.WARNING:
            self.bad.add(index)
        shown = self._quoted(self.cell(column, index)) if value is None else value
        self._problems.append(
            Problem(
                tab=self.key, row=self.row(index), column=column, code=code, value=shown[:VALUE_LENGTH],
                severity=severity, params=params,
            )
        )  # fmt: skip

    def _quoted(self, cell: Cell) -> str:
        """What stands in a cell, a native date as people of this language write it."""
        day = cell.date() if isinstance(cell, datetime) else cell
        return format_date(day, self.language) if isinstance(day, date) else cell_text(cell)

    def optional(self, key: str, parse: Callable[[Cell], T], severity: Severity = Severity.ROW) -> list[T | None] | None:
        """A column of values, None where blank or unreadable; None for a column that holds nothing at all."""
        cells = self.cells(key)
        if cells is None:
            return None
        return self._parsed(key, cells, parse, None, severity)  # type: ignore[return-value]  # what `parse` returned

    def values(self, key: str, parse: Callable[[Cell], T], severity: Severity = Severity.ROW) -> list[T | None]:
        """A column of values, None where blank or unreadable."""
        found = self.optional(key, parse, severity)
        return [None] * self.size if found is None else found

    def texts(self, key: str, parse: Callable[[Cell], str] = parse_text, severity: Severity = Severity.ROW) -> list[str]:
        """A column of text or keys, "" where blank or unreadable."""
        cells = self.cells(key)
        if cells is None:
            return [""] * self.size
        if parse in _PLAIN and (plain := _plain_texts(cells)) is not None:
            return plain
        return self._parsed(key, cells, parse, "", severity)  # type: ignore[return-value]  # what `parse` returned

    def keys(self, key: str) -> list[str]:
        """A column of keys, "" where blank or unreadable."""
        return self.texts(key, parse_key)

    def money(self, key: str, currencies: Sequence[str | None]) -> list[int | None] | None:
        """A column of cents, None where blank or unreadable; a sign must agree with the row's currency."""
        cells = self.cells(key)
        if cells is None:
            return None
        kinds = {*map(type, cells)}
        if kinds <= _NUMBERS and (plain := native_cents(cells)) is not None:  # type: ignore[arg-type]  # numbers, see above
            return plain
        if kinds == {str} and (simple := simple_cents(cells)) is not None:  # type: ignore[arg-type]  # text, see above
            return [*simple]
        found: list[int | Amount | None] = self._parsed(key, cells, _cents, None, Severity.ROW)  # type: ignore[assignment]
        result: list[int | None] = found  # type: ignore[assignment]  # the few signed amounts are replaced below
        for index, amount in enumerate(found):
            if type(amount) is Amount:
                result[index] = self._checked(index, key, amount, currencies[index])
        return result

    def _checked(self, index: int, key: str, amount: Amount, currency: str | None) -> int | None:
        if currency is None:  # the currency itself could not be read, and has been told
            return amount.cents
        try:
            return check_currency(amount, currency)
        except CurrencyMismatch as error:
            self.fail(index, key, error)
            return None

    def fail(self, index: int, key: str, error: CellError, severity: Severity = Severity.ROW) -> None:
        """Tell that a cell cannot be read."""
        self.failed.setdefault(key, set()).add(index)
        self.problem(index, key, error.code, severity, **error.params)

    def blank_rows(self, candidates: Iterable[int], people: Iterable[str]) -> set[int]:
        """The rows among `candidates` where every column people type in is blank (an unticked box is blank too)."""
        columns = [cells for key in people if (cells := self.cells(key)) is not None]
        return {i for i in candidates if all(cells[i] is False or is_blank(cells[i]) for cells in columns)}

    def require(self, key: str, values: Sequence[object], skip: Iterable[int]) -> None:
        """A problem for each row (but those in `skip`) whose required cell is blank."""
        skipped = set(skip) | self.failed.get(key, set())
        for index in empty_at(values):
            if index not in skipped:
                self.problem(index, key, "missing_value")

    def _parsed(
        self, key: str, cells: Sequence[Cell], parse: Callable[[Cell], T], blank: object, severity: Severity
    ) -> list[object]:
        memo = _Memo(parse, blank)
        if bool in set(map(type, cells)):  # True == 1 for a dictionary: a truth value is parsed apart
            truths = {truth: _Memo(parse, blank) for truth in (True, False)}
            found = [truths[cell][cell] if type(cell) is bool else memo[cell] for cell in cells]
            memo.failures += sum(apart.failures for apart in truths.values())
        else:
            found = list(map(memo.__getitem__, cells))
        if memo.failures:
            for index, value in enumerate(found):
                if type(value) is _Failure:
                    self.fail(index, key, value.error, severity)
                    found[index] = blank
        return found


def _cents(cell: Cell) -> int | Amount:
    """Cents, or the whole `Amount` when a sign has yet to be compared with the row's currency."""
    amount = parse_amount(cell)
    return amount if amount.sign else amount.cents


_NUMBERS = {int, float, type(None)}
_PLAIN = (parse_text, parse_key)
_SUSPECT = ("#", "err:", "loading", "chargement")


def _plain_texts(cells: Sequence[Cell]) -> list[str] | None:
    """A column of ordinary text, trimmed at once; None when a cell needs a closer look."""
    if not {*map(type, cells)} <= {str, type(None)}:
        return None
    together = "".join(filter(None, cells))  # type: ignore[arg-type]  # all are text, see above
    if not together.isprintable():
        return None
    folded = together.casefold()
    if any(mark in folded for mark in _SUSPECT):
        return None
    if None in cells:
        return [cell.strip() if cell else "" for cell in cells]  # type: ignore[attr-defined]
    return list(map(str.strip, cells))  # type: ignore[arg-type]


def empty_at(values: Sequence[object]) -> list[int]:
    """The indexes that hold nothing: None, or "" in a column of text."""
    if None not in values and "" not in values:
        return []
    return [i for i, value in enumerate(values) if value is None or value == ""]


def rows_of(values: Sequence[object]) -> Iterator[int]:
    """The indexes of the rows that say something."""
    return compress(range(len(values)), values)


def records(kind: type[T], size: int, columns: Mapping[str, Iterable[object]]) -> list[T]:
    """`size` records of a frozen dataclass with slots, filled field by field; `columns` gives every field.

    Not one call of `kind(...)` a row: a frozen dataclass's own initialiser is four times slower, and a sheet has
    hundreds of thousands of rows.
    """
    slots = vars(kind)
    made = [object.__new__(kind) for _ in range(size)]
    for name in kind.__slots__:  # type: ignore[attr-defined]  # each record of the ledger has slots
        deque(map(slots[name].__set__, made, columns[name]), maxlen=0)
    return made


def picked(columns: Mapping[str, Sequence[object]], kept: Sequence[int], size: int) -> Mapping[str, Sequence[object]]:
    """The columns with the rows of `kept` only (in that order)."""
    if len(kept) == size:
        return columns
    return {name: [column[i] for i in kept] for name, column in columns.items()}


def flags(rows: Iterable[int], size: int) -> list[bool]:
    """A column that is true at some rows."""
    found = [False] * size
    for i in rows:
        found[i] = True
    return found
