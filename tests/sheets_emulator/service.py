"""The APIs without the network: a request in, a response out, one at a time."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from . import batch, control, filters, resource, values
from .batch.cells import write_cell
from .batch.sheets import check_title, copy_to, new_sheet_id
from .context import Clock, Context, Nap, Switches
from .drive import DriveApi
from .errors import ApiError, Json, not_found
from .faults import Fault, Faults
from .grid import Sheet
from .masks import Mask, select
from .oauth import Accounts, OAuthError
from .quotas import Quotas
from .responses import Response, json_response, page, spoiled, trouble_response
from .schema import Discovery, Method, SchemaMismatch, discovery
from .workbook import Drive

SUBJECT_TOKEN_PATH = "/subject-token"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request; `target` is the path with its query, still quoted."""

    verb: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log; `method` is Google's method id, sizes are in bytes."""

    verb: str
    path: str
    method: str
    email: str
    status: int
    sent: int
    received: int
    body: bytes
    trouble: str = ""


@dataclass
class Hook:
    """An edit that waits for its moment: after `countdown` more requests, or beside one that fits `on`."""

    edit: Callable[[], object]
    countdown: int = -1
    on: str = ""
    before: bool = False


class Service:
    """The state of one emulator and its entry point, `handle`."""

    def __init__(self, clock: Clock, switches: Switches, seed: int) -> None:
        self.clock = clock
        self.switches = switches
        self.lock = threading.RLock()
        self.drive = Drive(seed)
        self.drive_api = DriveApi(self.drive, switches, clock)
        self.accounts = Accounts(clock, switches)
        self.faults = Faults()
        self.quotas = Quotas(clock)
        self.hooks: list[Hook] = []
        self.log: list[Logged] = []
        self.mismatches: list[str] = []
        self.nap = Nap()

    def handle(self, request: Request) -> Response:
        """Answer a request; troubles that were ordered strike here."""
        with self.lock:
            self.clock.step()
            method, run = self._route(request)
            read = method.is_read if isinstance(method, Method) else False
            name = method.id if isinstance(method, Method) else method
            is_api = isinstance(method, Method)
            if is_api:
                self._run_hooks(name, request.verb, before=True)
            fault = self.faults.next(name, request.verb, read=read)
        if fault is not None and fault.trouble in {"slow", "stall"}:
            self.nap.sleep(fault.seconds)
        with self.lock:
            if fault is not None and fault.trouble in {"status", "html", "stall", "drop"}:
                response = trouble_response(fault, name)
            else:
                response = run()
                if fault is not None:
                    response = spoiled(fault, response)
            self._write_log(request, name, response, fault)
            if is_api:
                self._run_hooks(name, request.verb, before=False)
            return response

    def _write_log(self, request: Request, name: str, response: Response, fault: Fault | None) -> None:
        email = ""
        with contextlib.suppress(ApiError):
            email = self.accounts.known(request.header("authorization")).email
        trouble = fault.trouble if fault else ""
        line = Logged(
            request.verb,
            request.target,
            name,
            email,
            response.status,
            len(request.body),
            len(response.body),
            request.body,
            trouble,
        )
        if name != "emulator":
            self.log.append(line)

    def _run_hooks(self, name: str, verb: str, *, before: bool) -> None:
        for hook in list(self.hooks):
            if hook.countdown >= 0:
                if not before:
                    hook.countdown -= 1
                due = hook.countdown == 0
            else:
                due = hook.before == before and (hook.on in name or hook.on == verb)
            if due:
                self.hooks.remove(hook)
                hook.edit()

    # Routing

    def _route(self, request: Request) -> tuple[Method | str, Callable[[], Response]]:
        parts = urlsplit(request.target)
        path = parts.path.replace("//", "/")
        verb = request.header("x-http-method-override").upper() or request.verb
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        body = request.body
        if verb != request.verb and "form-urlencoded" in request.header("content-type"):
            pairs, body = pairs + parse_qsl(body.decode(), keep_blank_values=True), b""
        if path.startswith("/v4/spreadsheets") or path.startswith("/drive/v3/"):
            api = discovery("sheets.v4" if path.startswith("/v4/") else "drive.v3")
            found = api.match(verb, path)
            if found is not None:
                method, raw = found
                named = {name: unquote(text) for name, text in raw.items()}
                return method, lambda: self._api(api, method, named, pairs, body, request.header("authorization"))
            return f"{api.name}.unknown", lambda: page(404, "The requested URL was not found on this server.")
        if path.startswith("/upload/drive/v2/files/") and verb == "PUT":
            return "drive.files.upload", lambda: self._upload(path, body, request.header("authorization"))
        if path.startswith("/drive/v2/files/") and path.endswith("/copy") and verb == "POST":
            return "drive.files.copy_v2", lambda: self._copy_v2(path, body, request.header("authorization"))
        if path.endswith(":generateAccessToken") and verb == "POST":
            account = unquote(path.rpartition("/")[2]).removesuffix(":generateAccessToken")
            return "iam.generateAccessToken", lambda: self._plain(
                lambda: self.accounts.generate_access_token(account, request.header("authorization"), body)
            )
        if path.endswith("/allowedLocations") and verb == "GET":
            return "iam.allowedLocations", lambda: json_response(200, {"locations": [], "encodedLocations": "0x0"})
        if path.endswith("/token") and verb == "POST":
            name = "sts.token" if b"token-exchange" in body else "oauth.token"
            return name, lambda: self._plain(lambda: self.accounts.token(body))
        if path == "/emulator":
            return "emulator", lambda: self._control(request)
        if path == SUBJECT_TOKEN_PATH and verb == "GET":
            return "subject.token", lambda: json_response(200, {"value": self.accounts.subject_token})
        return "unknown", lambda: page(404, "The requested URL was not found on this server.")

    def _control(self, request: Request) -> Response:
        if request.verb == "GET":
            return json_response(200, control.describe_log(self))
        try:
            return json_response(200, control.run(self, json.loads(request.body or b"{}")))
        except (control.ControlError, ApiError, LookupError, TypeError, ValueError) as problem:
            return json_response(400, {"error": str(problem)})

    def put_off(self, edit: Callable[[], object], *, countdown: int = -1, on: str = "", before: bool = True) -> None:
        """Let an edit wait: for so many more API requests, or for one that fits `on`."""
        with self.lock:
            self.hooks.append(Hook(edit, countdown=countdown, on=on, before=before))

    def _plain(self, run: Callable[[], Json]) -> Response:
        try:
            return json_response(200, run())
        except OAuthError as problem:
            return json_response(problem.code, problem.body)
        except ApiError as problem:
            return json_response(problem.code, problem.sheets_body())

    def _upload(self, path: str, body: bytes, authorization: str) -> Response:
        try:
            email = self.accounts.caller(authorization, "drive", "drive.files.update", read=False)
            return json_response(200, self.drive_api.import_csv(email, unquote(path.rpartition("/")[2]), body))
        except ApiError as problem:
            return json_response(problem.code, problem.drive_body())

    def _copy_v2(self, path: str, body: bytes, authorization: str) -> Response:
        try:
            email = self.accounts.caller(authorization, "drive", "drive.files.copy", read=False)
            title = json.loads(body or b"{}").get("title")
            return json_response(200, self.drive_api.copy_v2(email, unquote(path.split("/")[4]), title))
        except ApiError as problem:
            return json_response(problem.code, problem.drive_body())

    def _api(
        self, api: Discovery, method: Method, named: dict[str, str], pairs: list[tuple[str, str]], body: bytes, authorization: str
    ) -> Response:
        pretty = dict(pairs).get("prettyPrint", "true").lower() != "false"
        try:
            email = self.accounts.caller(authorization, api.name, method.id, read=method.is_read)
            if api.name == "sheets":
                self.quotas.count(email, read=method.is_read)
            query = api.read_query(method, pairs)
            message = api.read_body(method, body)
            mask = api.read_fields(method.response, query["fields"]) if query.get("fields") else None
            if api.name == "sheets":
                answer: Any = self._sheets(method, email, named, query, message, mask)
            else:
                answer, mask = self._drive(method, email, named, query, message, mask)
            if isinstance(answer, bytes):
                headers = {"Content-Type": query.get("mimeType", "text/csv"), "Content-Disposition": "attachment"}
                return Response(200, answer, headers)
            if answer is None:
                return Response(204, b"", {"Content-Type": "text/html"})
            api.check_answer(method, answer)
            return json_response(200, select(answer, mask) if mask else answer, pretty)
        except ApiError as problem:
            shown = problem.sheets_body() if api.name == "sheets" else problem.drive_body()
            return json_response(problem.code, shown, pretty)
        except SchemaMismatch as problem:
            self.mismatches.append(str(problem))
            bug = ApiError(500, f"The emulator's answer does not fit Google's document: {problem}")
            return json_response(500, bug.sheets_body(), pretty)

    # Sheets

    def _sheets(self, method: Method, email: str, named: dict[str, str], query: Json, body: Json, mask: Mask | None) -> Json:
        name = method.id.removeprefix("sheets.spreadsheets.")
        if name == "create":
            return self._create(email, body)
        context = self.context(named["spreadsheetId"], email, write=not method.is_read)
        target = named.get("range", "")
        handlers: dict[str, Callable[[], Json]] = {
            "get": lambda: resource.get(context, query, mask),
            "getByDataFilter": lambda: resource.get_by_filter(context, body, mask),
            "batchUpdate": lambda: batch.batch_update(context, body, mask),
            "values.get": lambda: values.get(context, query, target),
            "values.batchGet": lambda: values.batch_get(context, query),
            "values.batchGetByDataFilter": lambda: values.batch_get_by_filter(context, body),
            "values.update": lambda: values.update(context, query, target, body),
            "values.batchUpdate": lambda: values.batch_update(context, body),
            "values.batchUpdateByDataFilter": lambda: values.batch_update_by_filter(context, body),
            "values.append": lambda: values.append(context, query, target, body),
            "values.clear": lambda: values.clear(context, target),
            "values.batchClear": lambda: values.batch_clear(context, body),
            "values.batchClearByDataFilter": lambda: values.batch_clear_by_filter(context, body),
            "developerMetadata.get": lambda: self._metadata(context, named["metadataId"]),
            "developerMetadata.search": lambda: _search(context, body),
            "sheets.copyTo": lambda: self._copy_to(context, named["sheetId"], body),
        }
        return handlers[name]()

    def context(self, file_id: str, email: str, *, write: bool) -> Context:
        """The surroundings of a request about one file."""
        return Context(self.drive, self.drive.spreadsheet(file_id, email, write=write), email, self.switches, self.clock)

    def _create(self, email: str, body: Json) -> Json:
        properties = body.get("properties", {})
        file = self.drive_api.new_file(properties.get("title", "Untitled spreadsheet"), email)
        context = Context(self.drive, file, email, self.switches, self.clock)
        try:
            settings = {
                name: properties[name] for name in ("locale", "timeZone", "autoRecalc", "defaultFormat") if name in properties
            }
            if settings:
                request = {"properties": settings, "fields": ",".join(settings)}
                batch.batch_update(context, {"requests": [{"updateSpreadsheetProperties": request}]}, None)
            if body.get("sheets"):
                self._create_sheets(context, body["sheets"])
            for entry in body.get("namedRanges", []):
                batch.batch_update(context, {"requests": [{"addNamedRange": {"namedRange": entry}}]}, None)
        except ApiError:
            del self.drive.files[file.id]
            raise
        return resource.spreadsheet_json(context, None, False)

    def _create_sheets(self, context: Context, given: list[Json]) -> None:
        file = context.spreadsheet
        file.sheets = []
        for place, entry in enumerate(given):
            wanted = entry.get("properties", {})
            grid = wanted.get("gridProperties", {})
            title = wanted.get("title", f"Sheet{place + 1}")
            check_title(file, title)
            sheet_id = new_sheet_id(context, wanted.get("sheetId", 0 if place == 0 else None))
            sheet = Sheet(sheet_id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
            sheet.grid_properties = {name: part for name, part in grid.items() if name not in {"rowCount", "columnCount"}}
            file.sheets.append(sheet)
            for data in entry.get("data", []):
                for down, row in enumerate(data.get("rowData", [])):
                    for right, cell in enumerate(row.get("values", [])):
                        top, left = data.get("startRow", 0) + down, data.get("startColumn", 0) + right
                        values.grow(context, sheet, top + 1, left + 1)
                        write_cell(context, sheet, top, left, cell, {"*": {}})

    def _metadata(self, context: Context, metadata_id: str) -> Json:
        for entry in context.spreadsheet.developer_metadata:
            if str(entry["metadataId"]) == metadata_id:
                return filters.metadata_json(entry)
        raise not_found()

    def _copy_to(self, context: Context, sheet_id: str, body: Json) -> Json:
        sheet = context.spreadsheet.sheet(int(sheet_id)) if sheet_id.isdigit() else None
        if sheet is None:
            raise not_found()
        return copy_to(context, sheet, self.context(body.get("destinationSpreadsheetId", ""), context.email, write=True))

    # Drive

    def _drive(
        self, method: Method, email: str, named: dict[str, str], query: Json, body: Json, mask: Mask | None
    ) -> tuple[Any, Mask | None]:
        name = method.id.removeprefix("drive.")
        drive, file_id = self.drive_api, named.get("fileId", "")
        permission = named.get("permissionId", "")
        handlers: dict[str, Callable[[], Any]] = {
            "files.create": lambda: drive.create(email, body),
            "files.get": lambda: drive.get(email, file_id),
            "files.list": lambda: drive.list(email, query),
            "files.copy": lambda: drive.copy(email, file_id, body),
            "files.update": lambda: drive.update(email, file_id, query, body),
            "files.delete": lambda: drive.delete(email, file_id),
            "files.export": lambda: drive.export(email, file_id, query.get("mimeType", "")),
            "permissions.list": lambda: drive.list_permissions(email, file_id),
            "permissions.create": lambda: drive.create_permission(email, file_id, body),
            "permissions.get": lambda: drive.get_permission(email, file_id, permission),
            "permissions.update": lambda: drive.update_permission(email, file_id, permission, query, body),
            "permissions.delete": lambda: drive.delete_permission(email, file_id, permission),
            "comments.list": lambda: drive.list_comments(email, file_id),
            "comments.create": lambda: drive.create_comment(email, file_id, body),
            "about.get": lambda: {"kind": "drive#about", "user": {"kind": "drive#user", "emailAddress": email, "me": True}},
        }
        if name not in handlers:
            raise ApiError(501, f"The emulator does not know {method.id}.")
        if mask is None and name.startswith(("comments.", "about.")):
            message = "The 'fields' parameter is required for this method."
            raise ApiError(400, message, reason="required", location="fields")
        return handlers[name](), mask or _DRIVE_DEFAULTS.get(name)


_FILE: Mask = {"kind": {}, "id": {}, "name": {}, "mimeType": {}}
_PERMISSION: Mask = {"kind": {}, "id": {}, "type": {}, "role": {}}
_DRIVE_DEFAULTS: dict[str, Mask] = {
    "files.create": _FILE,
    "files.get": _FILE,
    "files.copy": _FILE,
    "files.update": _FILE,
    "files.list": {"kind": {}, "incompleteSearch": {}, "nextPageToken": {}, "files": _FILE},
    "permissions.list": {"kind": {}, "nextPageToken": {}, "permissions": _PERMISSION},
    "permissions.create": _PERMISSION,
    "permissions.get": _PERMISSION,
    "permissions.update": _PERMISSION,
}


def _search(context: Context, body: Json) -> Json:
    matched = filters.search_metadata(context, body.get("dataFilters", []))
    return {"matchedDeveloperMetadata": matched} if matched else {}
