"""The Drive v3 calls that spreadsheet clients need: files, permissions, comments, export; and the v2 upload of a CSV."""

from __future__ import annotations

import copy
import csv
import io
from collections.abc import Callable
from typing import Any

from .context import Clock, Context, Switches
from .drive_export import CSV, TSV, XLSX, delimited, v2_json, workbook_file
from .drive_people import permission_of, root_of, user_json
from .drive_query import compile_query
from .errors import ApiError, Json
from .grid import Sheet
from .values import entered, grow
from .workbook import SPREADSHEET_TYPE, WRITERS, Drive, Spreadsheet


class DriveApi:
    """Drive's methods over the files of one emulator."""

    def __init__(self, drive: Drive, switches: Switches, clock: Clock) -> None:
        self.drive = drive
        self.switches = switches
        self.clock = clock

    # Files

    def new_file(
        self, title: str, owner: str, *, mime_type: str = SPREADSHEET_TYPE, parents: list[str] | None = None
    ) -> Spreadsheet:
        """A new file; a spreadsheet starts with one tab."""
        stamp = self.clock.stamp()
        file = Spreadsheet(self.drive.new_id(), title, owner, stamp, stamp, mime_type=mime_type, now=self.clock.now)
        file.parents = list(parents or [root_of(owner)])
        file.permissions.append(permission_of(owner, "user", "owner"))
        if mime_type == SPREADSHEET_TYPE:
            file.sheets.append(Sheet(0, "Sheet1"))
        self.drive.files[file.id] = file
        return file

    def create(self, email: str, body: Json) -> Json:
        """`files.create`."""
        for parent in body.get("parents", []):
            if parent not in {"root", root_of(email)}:
                self.drive.file(parent, email)
        title = body.get("name", "Untitled")
        file = self.new_file(
            title, email, mime_type=body.get("mimeType", "application/octet-stream"), parents=body.get("parents")
        )
        file.file_properties.update({name: body[name] for name in ("description", "properties", "appProperties") if name in body})
        return self.file_json(file, email)

    def copy(self, email: str, file_id: str, body: Json) -> Json:
        """`files.copy`: everything but the permissions and comments."""
        source = self.drive.file(file_id, email)
        stamp = self.clock.stamp()
        twin = source.clone()
        twin.id, twin.owner, twin.title = self.drive.new_id(), email, body.get("name") or f"Copy of {source.title}"
        twin.created = twin.modified = stamp
        twin.permissions = [permission_of(email, "user", "owner")]
        twin.comments, twin.parents = [], list(body.get("parents") or [root_of(email)])
        self.drive.files[twin.id] = twin
        return self.file_json(twin, email)

    def copy_v2(self, email: str, file_id: str, title: str | None) -> Json:
        """`files.copy` of Drive v2, which older clients call."""
        made = self.copy(email, file_id, {"name": title} if title else {})
        return v2_json(self.drive.files[made["id"]], email)

    def get(self, email: str, file_id: str) -> Json:
        """`files.get`."""
        return self.file_json(self.drive.file(file_id, email), email)

    def update(self, email: str, file_id: str, query: Json, body: Json) -> Json:
        """`files.update`: name, description, bin, folders."""
        file = self._writable(email, file_id)
        if "name" in body:
            file.title = body["name"]
        file.file_properties.update({name: body[name] for name in ("description", "trashed", "starred") if name in body})
        gone = set(query.get("removeParents", "").split(","))
        file.parents = [parent for parent in file.parents if parent not in gone]
        for parent in filter(None, query.get("addParents", "").split(",")):
            if parent not in {"root", root_of(email)}:
                self.drive.file(parent, email)
            file.parents.append(parent)
        file.modified = self.clock.stamp()
        return self.file_json(file, email)

    def delete(self, email: str, file_id: str) -> None:
        """`files.delete`: the owner's alone."""
        file = self.drive.file(file_id, email)
        if file.role(email) != "owner":
            message = "The user does not have sufficient permissions for this file."
            raise ApiError(403, message, reason="insufficientFilePermissions")
        del self.drive.files[file_id]

    def list(self, email: str, query: Json) -> Json:
        """`files.list`: the caller's files, last changed first."""
        matches = compile_query(query["q"]) if query.get("q") else lambda file, root: True
        root = root_of(email)
        mine = [file for file in self.drive.files.values() if _is_listed(file, email) and matches(file, root)]
        mine.sort(key=lambda file: (file.modified, file.created), reverse=True)
        for order in reversed([part.strip() for part in query.get("orderBy", "").split(",") if part.strip()]):
            name, _, way = order.partition(" ")
            keys: dict[str, Callable[[Spreadsheet], Any]] = {
                "name": lambda file: file.title.casefold(),
                "createdTime": lambda file: file.created,
                "modifiedTime": lambda file: file.modified,
            }
            if name in keys:
                mine.sort(key=keys[name], reverse=way == "desc")
        size = query.get("pageSize", 100)
        if not 1 <= size <= 1000:
            message = f"Invalid value '{size}'. Values must be within the range: [1, 1000]"
            raise ApiError(400, message, reason="invalidParameter", location="pageSize")
        token = query.get("pageToken") or "0"
        start = int(token) if token.isdigit() else 0
        answer: Json = {"kind": "drive#fileList"}
        if start + size < len(mine):
            answer["nextPageToken"] = str(start + size)
        answer["incompleteSearch"] = False
        answer["files"] = [self.file_json(file, email) for file in mine[start : start + size]]
        return answer

    def _writable(self, email: str, file_id: str) -> Spreadsheet:
        file = self.drive.file(file_id, email)
        if file.role(email) not in WRITERS:
            message = "The user does not have sufficient permissions for this file."
            raise ApiError(403, message, reason="insufficientFilePermissions")
        return file

    def file_json(self, file: Spreadsheet, email: str) -> Json:
        """The whole `File` resource; the fields asked for are picked later."""
        kind = "spreadsheets" if file.mime_type == SPREADSHEET_TYPE else "file"
        role = file.role(email)
        user = user_json(file.owner)
        return {
            "kind": "drive#file",
            "id": file.id,
            "name": file.title,
            "mimeType": file.mime_type,
            "trashed": bool(file.file_properties.get("trashed", False)),
            "starred": bool(file.file_properties.get("starred", False)),
            "parents": [root_of(email) if parent == "root" else parent for parent in file.parents],
            "version": str(file.version + 1),
            "webViewLink": f"https://docs.google.com/{kind}/d/{file.id}/edit?usp=drivesdk",
            "createdTime": file.created,
            "modifiedTime": file.modified,
            "owners": [user],
            "lastModifyingUser": user,
            "shared": len(file.permissions) > 1,
            "ownedByMe": file.owner == email,
            "capabilities": {
                "canEdit": role in WRITERS,
                "canCopy": True,
                "canDelete": role == "owner",
                "canShare": role in WRITERS,
            },
            "permissions": [dict(entry) for entry in file.permissions],
            "permissionIds": [entry["id"] for entry in file.permissions],
            **{
                name: file.file_properties[name]
                for name in ("description", "properties", "appProperties")
                if name in file.file_properties
            },
        }

    # Permissions

    def list_permissions(self, email: str, file_id: str) -> Json:
        """`permissions.list`."""
        file = self.drive.file(file_id, email)
        return {"kind": "drive#permissionList", "permissions": [dict(entry) for entry in file.permissions]}

    def create_permission(self, email: str, file_id: str, body: Json) -> Json:
        """`permissions.create`: sharing."""
        file = self._writable(email, file_id)
        kind, role = body.get("type"), body.get("role")
        if kind not in {"user", "group", "domain", "anyone"}:
            raise ApiError(400, "The permission type field is required.", reason="required", location="permission.type")
        if role not in {"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"}:
            raise ApiError(400, "The permission role field is required.", reason="required", location="permission.role")
        if role == "owner":
            message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
            raise ApiError(403, message, reason="forbidden", location="transferOwnership")
        address = body.get("emailAddress", "") if kind in {"user", "group"} else body.get("domain", "")
        if kind != "anyone" and not address:
            message = "The specified emailAddress is invalid or not applicable for the given permission type."
            raise ApiError(400, message, reason="invalidSharingRequest")
        entry = permission_of(address, kind, role)
        held = next((one for one in file.permissions if one["id"] == entry["id"]), None)
        if held is not None:
            if held["role"] != "owner":
                held["role"] = role
            return dict(held)
        file.permissions.append(entry)
        return dict(entry)

    def get_permission(self, email: str, file_id: str, permission_id: str) -> Json:
        """`permissions.get`."""
        return dict(self._permission(self.drive.file(file_id, email), permission_id))

    def update_permission(self, email: str, file_id: str, permission_id: str, query: Json, body: Json) -> Json:
        """`permissions.update`: another role, a pending owner, or the change of owner itself."""
        file = self._writable(email, file_id)
        entry = self._permission(file, permission_id)
        if body.get("role") == "owner":
            if not query.get("transferOwnership"):
                message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
                raise ApiError(403, message, reason="forbidden", location="transferOwnership")
            for other in file.permissions:
                if other["role"] == "owner":
                    other["role"] = "writer"
            file.owner = entry.get("emailAddress", file.owner)
            entry.pop("pendingOwner", None)
        if "role" in body:
            entry["role"] = body["role"]
        if "pendingOwner" in body:
            entry["pendingOwner"] = body["pendingOwner"]
        return dict(entry)

    def delete_permission(self, email: str, file_id: str, permission_id: str) -> None:
        """`permissions.delete`."""
        file = self.drive.file(file_id, email)
        entry = self._permission(file, permission_id)
        if file.role(email) not in WRITERS and entry.get("emailAddress") != email:
            message = "The user does not have sufficient permissions for this file."
            raise ApiError(403, message, reason="insufficientFilePermissions")
        if entry["role"] == "owner":
            raise ApiError(403, "The owner of a file cannot be removed.", reason="cannotRemoveOwner")
        file.permissions.remove(entry)

    def _permission(self, file: Spreadsheet, permission_id: str) -> Json:
        for entry in file.permissions:
            if entry["id"] == permission_id:
                return entry
        raise ApiError(404, f"Permission not found: {permission_id}.", reason="notFound", location="permissionId")

    # Comments

    def list_comments(self, email: str, file_id: str) -> Json:
        """`comments.list`."""
        return {"kind": "drive#commentList", "comments": copy.deepcopy(self.drive.file(file_id, email).comments)}

    def create_comment(self, email: str, file_id: str, body: Json) -> Json:
        """`comments.create`."""
        file = self.drive.file(file_id, email)
        stamp = self.clock.stamp()
        comment: Json = {
            "kind": "drive#comment",
            "id": "AAAA" + self.drive.new_id()[1:8],
            "createdTime": stamp,
            "modifiedTime": stamp,
            "author": {name: part for name, part in user_json(email).items() if name in {"kind", "displayName", "me"}},
            "deleted": False,
            "resolved": False,
            **{name: body[name] for name in ("content", "anchor", "quotedFileContent") if name in body},
        }
        file.comments.append(comment)
        return dict(comment)

    # Export and import

    def export(self, email: str, file_id: str, mime_type: str) -> bytes:
        """`files.export`: the first tab as CSV or TSV, or the file as a workbook."""
        file = self.drive.file(file_id, email)
        if mime_type in {CSV, TSV}:
            return delimited(file, "," if mime_type == CSV else "\t")
        if mime_type == XLSX:
            return workbook_file(file)
        raise ApiError(400, "The requested conversion is not supported.", reason="badRequest", location="convertTo")

    def import_csv(self, email: str, file_id: str, data: bytes) -> Json:
        """The v2 upload that replaces a spreadsheet by a CSV: one tab, named like the file, values as typed."""
        file = self._writable(email, file_id)
        sheet = Sheet(self.drive.new_number(set()), file.title)
        file.sheets = [sheet]
        file.named_ranges, file.developer_metadata = [], []
        file.time_zone = "America/Los_Angeles"  # recorded: what a converted upload gets
        context = Context(self.drive, file, email, self.switches, self.clock)
        for row, texts in enumerate(csv.reader(io.StringIO(data.decode("utf-8-sig")))):
            grow(context, sheet, row + 1, len(texts))
            for column, text in enumerate(texts):
                sheet.put(row, column, entered(context, sheet.cell(row, column), text, "USER_ENTERED"))
                file.has_formulas |= sheet.cell(row, column).formula is not None
        context.changed()
        return v2_json(file, email)


def _is_listed(file: Spreadsheet, email: str) -> bool:
    return file.owner == email or any(entry.get("emailAddress", "").casefold() == email.casefold() for entry in file.permissions)
