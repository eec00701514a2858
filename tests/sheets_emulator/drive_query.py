"""Drive's search language, as far as conditions joined by `and` or `or` go."""

from __future__ import annotations

import re
from collections.abc import Callable

from .errors import ApiError
from .workbook import Spreadsheet

_CONDITION = re.compile(
    r"\s*(?P<not>not\s+)?(?:(?P<field>\w+)\s*(?P<sign>=|!=|contains|in|<=|>=|<|>|has)\s*(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|true|false)"
    r"|(?P<value2>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s+in\s+(?P<field2>\w+))\s*",
    re.IGNORECASE,
)


def compile_query(text: str) -> Callable[[Spreadsheet, str], bool]:
    """The test that a query stands for; raises 400 for what cannot be read."""
    groups: list[list[Callable[[Spreadsheet, str], bool]]] = [[]]
    place = 0
    text = text.replace("(", " ").replace(")", " ") if "'" not in text and '"' not in text else text
    while True:
        found = _CONDITION.match(text, place)
        if not found:
            raise ApiError(400, "Invalid Value", reason="invalid", location="q")
        groups[-1].append(_condition(found))
        place = found.end()
        if place >= len(text):
            return lambda file, root: any(all(test(file, root) for test in group) for group in groups)
        joint = re.compile(r"(and|or)\b", re.IGNORECASE).match(text, place)
        if not joint:
            raise ApiError(400, "Invalid Value", reason="invalid", location="q")
        if joint.group(1).lower() == "or":
            groups.append([])
        place = joint.end()


def _condition(found: re.Match[str]) -> Callable[[Spreadsheet, str], bool]:
    name = found["field"] or found["field2"]
    sign = (found["sign"] or "in").lower()
    quoted = found["value"] or found["value2"]
    value = re.sub(r"\\(.)", r"\1", quoted[1:-1]) if quoted[0] in "'\"" else quoted.lower()

    def test(file: Spreadsheet, root: str) -> bool:
        if name == "parents":
            wanted = root if value == "root" else value
            return wanted in [root if parent == "root" else parent for parent in file.parents]
        if name in {"owners", "writers", "readers"}:
            return any(entry.get("emailAddress") == value for entry in file.permissions)
        held = {
            "mimeType": file.mime_type,
            "name": file.title,
            "trashed": str(bool(file.file_properties.get("trashed", False))).lower(),
            "starred": str(bool(file.file_properties.get("starred", False))).lower(),
            "modifiedTime": file.modified,
            "createdTime": file.created,
        }.get(name)
        if held is None:
            raise ApiError(400, "Invalid Value", reason="invalid", location="q")
        if sign == "contains":
            return (
                any(word.startswith(value.casefold()) for word in held.casefold().split()) or value.casefold() in held.casefold()
            )
        if name == "name":
            held, wanted = held.casefold(), value.casefold()
        else:
            wanted = value
        return {"=": held == wanted, "!=": held != wanted, "<": held < wanted, ">": held > wanted, "<=": held <= wanted}.get(
            sign, held >= wanted
        )

    return (lambda file, root: not test(file, root)) if found["not"] else test
