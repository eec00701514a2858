"""Google's published discovery documents, used both ways.

* A request is read against its schema the way Google's JSON-to-proto parser reads it: `null` means not set, numbers may be
  strings, unknown names and wrong types are refused in Google's own words.
* An answer of the emulator is checked with `jsonschema-rs` against the response schema; a mismatch is a bug of the emulator
  and becomes a 500 that says so.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from .errors import ApiError, Json, invalid
from .masks import Mask, parse_mask, snake

_SCALARS = {
    "int32": "TYPE_INT32",
    "uint32": "TYPE_UINT32",
    "int64": "TYPE_INT64",
    "uint64": "TYPE_UINT64",
    "double": "TYPE_DOUBLE",
    "float": "TYPE_FLOAT",
    "byte": "TYPE_BYTES",
}
# Where the HTTP body is bound to a field of the request message, Google's paths start with that field.
_BODY_FIELD = {"values.update": "data", "values.append": "data", "spreadsheets.create": "spreadsheet"}


# Not in the document, yet taken without a word (and without effect).
_HIDDEN = {("BatchUpdateSpreadsheetRequest", "writeControl")}


class SchemaMismatch(AssertionError):
    """An answer of the emulator does not fit Google's document."""


@dataclass(frozen=True, slots=True)
class Method:
    """One REST method of a discovery document."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    request: str | None
    response: str | None
    parameters: Json = field(hash=False)

    @property
    def name(self) -> str:
        """The method's id without the API: `spreadsheets.values.get`."""
        return self.id.split(".", 1)[1]

    @property
    def is_read(self) -> bool:
        """Whether it counts as a read for the quota (and needs no more than a reader's permission)."""
        return self.verb == "GET" or self.name.endswith(("Get", "GetByDataFilter", "getByDataFilter", "search"))


class Discovery:
    """A discovery document: its methods, its schemas, and the two checks."""

    def __init__(self, name: str) -> None:
        source = files("googleapiclient") / "discovery_cache" / "documents" / f"{name}.json"
        self.document: Json = json.loads(source.read_text(encoding="utf-8"))
        self.schemas: Json = self.document["schemas"]
        self.name: str = self.document["name"]
        # Drive passes over names it does not know; Sheets refuses them.
        self.is_strict = self.name == "sheets"
        base = self.document["servicePath"]
        self.methods = sorted(
            (self._method(entry, base) for entry in _methods(self.document)),
            key=lambda method: (-len(re.sub(r"\(\?P<\w+>[^)]*\)", "", method.pattern.pattern)), method.id),
        )
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._definitions = {key: _json_schema(schema) for key, schema in self.schemas.items()}

    def _method(self, entry: Json, base: str) -> Method:
        path = re.escape("/" + base + str(entry.get("flatPath") or entry["path"]))
        path = re.sub(r"\\\{(\w+)\\\}", lambda m: f"(?P<{m.group(1)}>{'[^/]+' if m.group(1) == 'range' else '[^/:]+'})", path)
        path = path.replace(r"(?P<range>[^/]+):", r"(?P<range>[^/]+):")
        return Method(
            id=entry["id"],
            verb=entry["httpMethod"],
            pattern=re.compile(path + r"\Z"),
            request=entry.get("request", {}).get("$ref"),
            response=entry.get("response", {}).get("$ref"),
            parameters=entry.get("parameters", {}),
        )

    def match(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method that a verb and a raw (still quoted) path name, with the raw path parameters."""
        for method in self.methods:
            if method.verb == verb and (found := method.pattern.match(path)):
                return method, found.groupdict()
        return None

    def knows_path(self, path: str) -> bool:
        """Whether some verb is served at this path."""
        return any(method.pattern.match(path) for method in self.methods)

    def read_query(self, method: Method, pairs: list[tuple[str, str]]) -> Json:
        """Query parameters, typed; repeated ones become lists; unknown ones are refused as Google refuses them."""
        known = {**self.document["parameters"], **method.parameters}
        read: Json = {}
        violations: list[tuple[str, str]] = []
        for name, text in pairs:
            declared = known.get(name)
            if declared is None or declared.get("location") == "path":
                if not self.is_strict:
                    continue
                text = (
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message."
                )
                violations.append(("", text))
                continue
            value = _read_parameter(snake(name), declared, text, violations, self._package())
            if declared.get("repeated"):
                read.setdefault(name, []).append(value)
            else:
                read[name] = value
        _refuse(violations)
        return read

    def read_body(self, method: Method, body: bytes) -> Json:
        """The request's message, cleaned of nulls; refuses what the proto parser would refuse."""
        if method.request is None:
            return {}
        if not body.strip():
            return {}
        try:
            parsed = json.loads(body)
        except ValueError as problem:
            raise invalid(f"Invalid JSON payload received. {_json_problem(problem)}") from problem
        if not isinstance(parsed, dict):
            raise invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.')
        violations: list[tuple[str, str]] = []
        root = next((name for suffix, name in _BODY_FIELD.items() if method.id.endswith(suffix)), "")
        read = self._read_message(parsed, method.request, root, violations)
        _refuse(violations)
        return read

    def _proto_type(self, schema: str) -> str:
        name = "BatchUpdateSpreadsheetRequest.Request" if schema == "Request" else schema
        return f"type.googleapis.com/{self._package()}.{name}"

    def _package(self) -> str:
        return "google.apps.sheets.v4" if self.name == "sheets" else f"google.apps.{self.name}.v3"

    def _read_message(self, value: Json, schema: str, path: str, violations: list[tuple[str, str]]) -> Json:
        declared = self.schemas[schema].get("properties", {})
        read: Json = {}
        for name, item in value.items():
            known = name if name in declared else next((key for key in declared if snake(key) == name), None)
            if known is None and (not self.is_strict or (schema, name) in _HIDDEN):
                continue
            if known is None:
                place = f" at '{path}'" if path else ""
                text = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
                violations.append((path, text))
            elif item is not None:
                if schema == "Request" and read:
                    text = f"Invalid value at '{path}' (oneof), oneof field 'kind' is already set. Cannot set '{known}'"
                    violations.append((path, text))
                inner = f"{path}.{snake(known)}" if path else snake(known)
                owner = f"{schema}.{known[:1].upper()}{known[1:]}"
                read[known] = self._read_value(item, declared[known], inner, owner, violations)
        return read

    def _read_value(self, value: Any, declared: Json, path: str, owner: str, violations: list[tuple[str, str]]) -> Any:
        kind = declared.get("type")
        if value is None:
            return None
        if "$ref" in declared:
            if isinstance(value, dict):
                return self._read_message(value, declared["$ref"], path, violations)
            return _wrong(path, self._proto_type(declared["$ref"]), value, violations)
        if kind == "array":
            if not isinstance(value, list):
                return self._wrong_element(value, declared["items"], path, violations)
            items = declared["items"]
            if items.get("type") == "any":
                return value  # nulls in a row of values mean "leave this cell alone"
            return [self._read_value(item, items, f"{path}[{place}]", owner, violations) for place, item in enumerate(value)]
        if kind == "object":
            if isinstance(value, dict):
                return value
            return _wrong(path, "type.googleapis.com/google.protobuf.Struct", value, violations)
        if kind == "any":
            return value
        return _read_scalar(value, declared, path, f"type.googleapis.com/{self._package()}.{owner}", violations)

    def _wrong_element(self, value: Any, items: Json, path: str, violations: list[tuple[str, str]]) -> Any:
        if items.get("type") in {"array", "any"}:
            return _wrong(path, "type.googleapis.com/google.protobuf.ListValue", value, violations)
        if "$ref" in items and isinstance(value, dict):
            # The proto parser takes a lone message for a list of one.
            return [self._read_message(value, items["$ref"], path, violations)]
        if "$ref" in items:
            return _wrong(path, self._proto_type(items["$ref"]), value, violations)
        return [_read_scalar(value, items, path, "", violations)]

    def read_fields(self, schema: str | None, text: str) -> Mask:
        """The `fields` query parameter; a name that the answer cannot have is refused."""
        try:
            mask = parse_mask(text)
        except ValueError:
            raise self._bad_fields(text) from None
        if schema is not None:
            self._check_mask(mask, {"$ref": schema})
        return mask

    def _check_mask(self, mask: Mask, declared: Json) -> None:
        while declared.get("type") == "array":
            declared = declared["items"]
        if "$ref" in declared:
            declared = self.schemas[declared["$ref"]]
        properties = declared.get("properties")
        for name, below in mask.items():
            if name == "*" or declared.get("type") == "any" or "additionalProperties" in declared:
                continue
            if not properties or name not in properties:
                raise self._bad_fields(name)
            self._check_mask(below, properties[name])

    def _bad_fields(self, name: str) -> ApiError:
        if self.name != "sheets":
            text = f"Invalid field selection {name}"
            return ApiError(400, text, reason="invalidParameter", location="fields")
        description = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{name}'."
        return invalid("Request contains an invalid argument.", [(name, description)])

    def unknown_field(self, schema: str, mask: Mask, before: str = "") -> str | None:
        """The first path of an update mask that the message does not have."""
        properties: Json = self.schemas[schema].get("properties", {})
        for name, below in mask.items():
            if name == "*":
                continue
            if name not in properties:
                return before + snake(name)
            inner = properties[name].get("$ref")
            found = self.unknown_field(inner, below, f"{before}{snake(name)}.") if below and inner else None
            if found:
                return found
        return None

    def check_answer(self, method: Method, answer: Any) -> None:
        """Raise `SchemaMismatch` when an answer does not fit the document."""
        if method.response is None:
            if answer not in (None, {}):
                raise SchemaMismatch(f"{method.id} has no answer in the document")
            return
        validator = self._validators.get(method.response)
        if validator is None:
            schema = {"$ref": f"#/$defs/{method.response}", "$defs": self._definitions}
            validator = self._validators[method.response] = jsonschema_rs.Draft202012Validator(schema)
        problem = next(iter(validator.iter_errors(answer)), None)
        if problem is not None:
            raise SchemaMismatch(f"{method.id}: {'/'.join(map(str, problem.instance_path))}: {problem.message}"[:2000])


@cache
def discovery(name: str) -> Discovery:
    """`sheets.v4` or `drive.v3`, loaded once."""
    return Discovery(name)


def _methods(resource: Json) -> list[Json]:
    found = list(resource.get("methods", {}).values())
    for inner in resource.get("resources", {}).values():
        found += _methods(inner)
    return found


def _json_schema(declared: Json) -> Json:
    """A discovery schema as JSON Schema; names that are not declared are refused."""
    if "$ref" in declared:
        return {"$ref": f"#/$defs/{declared['$ref']}"}
    kind = declared.get("type")
    if kind == "any":
        return {}
    if kind == "array":
        items = _json_schema(declared["items"])
        return {"type": "array", "items": items} if items else {"type": "array"}
    if kind == "object":
        schema: Json = {"type": "object"}
        if "properties" in declared:
            schema["properties"] = {name: _json_schema(inner) for name, inner in declared["properties"].items()}
            schema["additionalProperties"] = False
        return schema
    if kind == "string" and declared.get("format") in {"int64", "uint64"}:
        return {"type": ["string", "integer"]}
    schema = {"type": kind}
    if "enum" in declared:
        schema["enum"] = declared["enum"]
    return schema


def _refuse(violations: list[tuple[str, str]]) -> None:
    if violations:
        raise invalid("\n".join(text for _, text in violations), violations)


def _wrong(path: str, kind: str, value: Any, violations: list[tuple[str, str]]) -> None:
    shown = json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        text = f"Invalid JSON payload received. Unknown name \"{path.rsplit('.', 1)[-1]}\" at '{path.rpartition('.')[0]}': "
        text += "Proto field is not repeating, cannot start list."
    elif isinstance(value, dict):
        text = f"Invalid value at '{path}' ({kind}), Starting an object on a scalar field"
    else:
        text = f"Invalid value at '{path}' ({kind}), {shown}"
    violations.append((path, text))


def _read_scalar(value: Any, declared: Json, path: str, owner: str, violations: list[tuple[str, str]]) -> Any:
    kind, shape = declared.get("type"), declared.get("format", "")
    if kind == "boolean":
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        return _wrong(path, "TYPE_BOOL", value, violations)
    if kind == "integer" or shape in {"int64", "uint64"}:
        number = _whole(value)
        if number is None:
            return _wrong(path, _SCALARS.get(shape, "TYPE_INT32"), value, violations)
        return number if kind == "integer" else str(number)
    if kind == "number":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        try:
            return float(value) if isinstance(value, str) else _wrong(path, _SCALARS.get(shape, "TYPE_DOUBLE"), value, violations)
        except ValueError:
            return _wrong(path, _SCALARS.get(shape, "TYPE_DOUBLE"), value, violations)
    if "enum" in declared:
        if isinstance(value, str) and value in declared["enum"]:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(declared["enum"]):
            return declared["enum"][value]
        return _wrong(path, owner, value, violations)
    if isinstance(value, str):
        return value
    return _wrong(path, "TYPE_STRING", value, violations)


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return None


def _read_parameter(path: str, declared: Json, text: str, violations: list[tuple[str, str]], package: str) -> Any:
    kind = declared.get("type")
    if kind == "boolean":
        # Python clients send True and False; Google takes them.
        if text.lower() in {"true", "false", "1", "0", ""}:
            return text.lower() in {"true", "1", ""}
        return _wrong(path, "TYPE_BOOL", text, violations)
    if kind == "integer":
        return int(text) if re.fullmatch(r"-?\d+", text) else _wrong(path, "TYPE_INT32", text, violations)
    if "enum" in declared:
        if text in declared["enum"]:
            return text
        name = "".join(part.capitalize() for part in path.split("_"))
        for prefix in ("Response",):
            name = name.removeprefix(prefix)
        return _wrong(path, f"type.googleapis.com/{package}.{name}", text, violations)
    return text


def _json_problem(problem: ValueError) -> str:
    if isinstance(problem, json.JSONDecodeError):
        near = problem.doc[problem.pos : problem.pos + 20].splitlines()[:1]
        return f"Unexpected token.\n{near[0] if near else ''}\n^"
    return "Unexpected token."
