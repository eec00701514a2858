"""Values on their way in: a `ValueRange` as rows, and the refusal of what no cell can hold."""

from __future__ import annotations

from typing import Any

from .cells import MAX_CHARACTERS
from .errors import Json, invalid


def read_rows(data: Json) -> list[list[Any]]:
    """The values of a `ValueRange` as rows; nested values and over-long texts are refused."""
    values = data.get("values", [])
    for row, entries in enumerate(values):
        for column, value in enumerate(entries or []):
            if isinstance(value, list | dict):
                kind = "list_value" if isinstance(value, list) else "struct_value"
                raise invalid(f"Invalid values[{row}][{column}]: {kind} {_proto_text(value)}")
            if isinstance(value, str) and len(value) > MAX_CHARACTERS:
                raise invalid(f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single cell.")
    rows: list[list[Any]] = [list(entries or []) for entries in values]
    if data.get("majorDimension") == "COLUMNS":
        height = max((len(entries) for entries in rows), default=0)
        return [[entries[place] if place < len(entries) else None for entries in rows] for place in range(height)]
    return rows


def _proto_text(value: Any, indent: int = 1) -> str:
    """A nested value the way Google prints it in the refusal."""
    pad = "  " * indent
    lines = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += [
                f"{pad}fields {{",
                f'{pad}  key: "{key}"',
                f"{pad}  value {{",
                *_proto_lines(item, indent + 2),
                f"{pad}  }}",
                f"{pad}}}",
            ]
    else:
        for item in value:
            lines += [f"{pad}values {{", *_proto_lines(item, indent + 1), f"{pad}}}"]
    return "{\n" + "".join(line + "\n" for line in lines) + "  " * (indent - 1) + "}\n"


def _proto_lines(item: Any, indent: int) -> list[str]:
    pad = "  " * indent
    if isinstance(item, bool):
        return [f"{pad}bool_value: {str(item).lower()}"]
    if isinstance(item, str):
        return [f'{pad}string_value: "{item}"']
    if isinstance(item, int | float):
        return [f"{pad}number_value: {float(item)}"]
    if item is None:
        return [f"{pad}null_value: NULL_VALUE"]
    kind = "list_value" if isinstance(item, list) else "struct_value"
    return [f"{pad}{kind} " + _proto_text(item, indent + 1).rstrip("\n")]
