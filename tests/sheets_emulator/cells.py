"""What one cell holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_CHARACTERS = 50_000

_ERROR_TEXTS = {
    "ERROR": "#ERROR!",
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
    "LOADING": "Loading...",
}


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """The outcome of a formula that failed."""

    kind: str
    message: str = ""

    @property
    def text(self) -> str:
        return _ERROR_TEXTS[self.kind]


def error_of_text(text: str) -> ErrorValue | None:
    """`#N/A` and its kin, typed by hand."""
    return next((ErrorValue(kind) for kind, shown in _ERROR_TEXTS.items() if shown == text), None)


Value = str | bool | int | float | ErrorValue | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as entered, or a formula; and, in `extra`, what `CellData` calls userEnteredFormat, note, dataValidation, …"""

    value: Value = None
    formula: str | None = None
    extra: Mapping[str, Any] | None = None

    @property
    def is_blank(self) -> bool:
        """No value and no formula (a format or note may remain)."""
        return self.formula is None and (self.value is None or self.value == "")

    @property
    def is_empty(self) -> bool:
        """Nothing at all."""
        return self.is_blank and not self.extra

    @property
    def format(self) -> Mapping[str, Any]:
        """The user-entered format."""
        found: Mapping[str, Any] = (self.extra or {}).get("userEnteredFormat", {})
        return found

    @property
    def number_format(self) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.format.get("numberFormat")
        return found

    def with_content(self, value: Value, formula: str | None = None) -> Cell:
        """The same cell with another value; formats and notes stay."""
        return Cell(None if value == "" else value, formula, self.extra)

    def with_extra(self, name: str, part: Any) -> Cell:
        """The same cell with one member of `extra` set, or dropped when empty."""
        extra = dict(self.extra or {})
        if part in (None, "", {}, []):
            extra.pop(name, None)
        else:
            extra[name] = part
        return Cell(self.value, self.formula, extra or None)

    def with_number_format(self, number_format: Mapping[str, Any] | None) -> Cell:
        """The same cell with another number format."""
        entered = dict(self.format)
        if number_format is None:
            entered.pop("numberFormat", None)
        else:
            entered["numberFormat"] = dict(number_format)
        return self.with_extra("userEnteredFormat", entered)


EMPTY = Cell()
