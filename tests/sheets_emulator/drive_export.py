"""Files leaving as CSV or as a workbook, and the v2 answer to a CSV coming in."""

from __future__ import annotations

import csv
import io

import openpyxl

from .a1 import Area, Block
from .drive_people import permission_id_of, user_json
from .errors import Json
from .formats import formatted
from .grid import Sheet
from .locales import locale_facts
from .workbook import Spreadsheet

CSV, TSV = "text/csv", "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _shown_rows(file: Spreadsheet, sheet: Sheet) -> list[list[str]]:
    facts = locale_facts(file.locale)
    whole = sheet.block(Area(sheet.sheet_id))
    held = list(sheet.filled(whole))
    extent = Block(0, 0, max((row for row, _, _ in held), default=-1) + 1, max((column for _, column, _ in held), default=-1) + 1)
    rows = [["" for _ in range(extent.width)] for _ in range(extent.height)]
    for row, column, cell in held:
        number_format = cell.number_format
        if cell.formula is not None and number_format is None:
            number_format = file.evaluator.implied_format(sheet, row, column)
        rows[row][column] = formatted(file.value(sheet, row, column), number_format, facts)
    return rows


def delimited(file: Spreadsheet, mark: str) -> bytes:
    """The first tab as people see it, without a line end after the last row."""
    text = io.StringIO()
    csv.writer(text, delimiter=mark, lineterminator="\r\n").writerows(_shown_rows(file, file.sheets[0]))
    return text.getvalue().removesuffix("\r\n").encode()


def workbook_file(file: Spreadsheet) -> bytes:
    """All tabs as an .xlsx workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in file.sheets:
        page = book.create_sheet(sheet.title[:31])
        for row, column, cell in sheet.filled(sheet.block(Area(sheet.sheet_id))):
            value = cell.formula or cell.value
            page.cell(row + 1, column + 1, value if isinstance(value, str | int | float | bool) else str(value))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


_EXPORTS = {
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def v2_json(file: Spreadsheet, email: str) -> Json:
    """The file as Drive v2 describes it after an upload."""
    user = {name: part for name, part in user_json(email).items() if name != "me"}
    user |= {"isAuthenticatedUser": True, "picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"}}
    export = f"https://docs.google.com/spreadsheets/export?id={file.id}&exportFormat="
    link = f"https://www.googleapis.com/drive/v2/files/{file.id}"
    return {
        "kind": "drive#file",
        "id": file.id,
        "etag": f'"{file.version}"',
        "selfLink": link,
        "alternateLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit?usp=drivesdk",
        "embedLink": f"https://docs.google.com/spreadsheets/d/{file.id}/htmlembed?ouid={permission_id_of(email)}",
        "thumbnailLink": f"https://docs.google.com/feeds/vt?gd=true&id={file.id}&v=1&s=0&sz=s220",
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{file.mime_type}",
        "exportLinks": {kind: export + ending for kind, ending in _EXPORTS.items()},
        "title": file.title,
        "mimeType": file.mime_type,
        "labels": {"starred": False, "hidden": False, "trashed": False, "restricted": False, "viewed": True},
        "createdDate": file.created,
        "modifiedDate": file.modified,
        "modifiedByMeDate": file.modified,
        "lastViewedByMeDate": file.modified,
        "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
        "version": str(file.version + 1),
        "parents": [
            {
                "kind": "drive#parentReference",
                "id": parent,
                "selfLink": f"{link}/parents/{parent}",
                "parentLink": f"https://www.googleapis.com/drive/v2/files/{parent}",
                "isRoot": True,
            }
            for parent in file.parents
        ],
        "userPermission": {
            "kind": "drive#permission",
            "etag": '"me"',
            "id": "me",
            "selfLink": f"{link}/permissions/me",
            "role": "owner",
            "type": "user",
            "pendingOwner": False,
        },
        "quotaBytesUsed": "1024",
        "fileSize": "1024",
        "ownerNames": [file.owner],
        "owners": [user],
        "lastModifyingUserName": email,
        "lastModifyingUser": user,
        "capabilities": {"canCopy": True, "canEdit": True},
        "editable": True,
        "copyable": True,
        "copyRequiresWriterPermission": False,
        "writersCanShare": True,
        "shared": len(file.permissions) > 1,
        "explicitlyTrashed": False,
        "appDataContents": False,
        "spaces": ["drive"],
    }
