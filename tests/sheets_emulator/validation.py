"""Data validation, for the switch under which it refuses the API's writes."""

from __future__ import annotations

from typing import Any

from .context import Context
from .errors import Json, invalid
from .grid import Sheet


def check_validation(context: Context, sheet: Sheet, entries: list[tuple[int, int, Any]]) -> None:
    """Refuse values that a strict rule of their cell does not allow, if the switch says that Google does."""
    if not context.switches.validation_enforced:
        return
    for row, column, value in entries:
        rule = (sheet.cell(row, column).extra or {}).get("dataValidation")
        if rule and rule.get("strict") and value != "" and not allowed(rule, value):
            raise invalid("The data you entered violates the data validation rules set on this cell.")


def allowed(rule: Json, value: Any) -> bool:
    """Whether a rule lets a value in; kinds of rule that are not lists or tick boxes let everything in."""
    condition = rule.get("condition", {})
    choices = [entry.get("userEnteredValue", "") for entry in condition.get("values", [])]
    if condition.get("type") == "ONE_OF_LIST":
        return str(value) in choices
    if condition.get("type") == "BOOLEAN":
        return str(value) in choices if choices else isinstance(value, bool) or str(value).upper() in {"TRUE", "FALSE"}
    return True
