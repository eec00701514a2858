"""Spreadsheets and the Drive they lie in: the emulator's whole state."""

from __future__ import annotations

import copy
import datetime as dt
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .a1 import Area, Axis, Block, area_name, parse_reference, unparsable
from .cells import Cell, Value
from .errors import ApiError, Json, drive_not_found, forbidden, invalid, not_found
from .formulas import rewrite_after_delete, rewrite_after_insert
from .grid import Sheet, map_areas
from .styles import DEFAULT_FORMAT, DEFAULT_THEME

if TYPE_CHECKING:
    from .evaluate import Evaluator

SPREADSHEET_TYPE = "application/vnd.google-apps.spreadsheet"
FOLDER_TYPE = "application/vnd.google-apps.folder"
MAX_CELLS = 10_000_000
#: A spreadsheet that exists and is shared with nobody here; gspread's own suite opens this one to be refused.
PRIVATE_ID = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
WRITERS = {"owner", "organizer", "fileOrganizer", "writer"}


@dataclass
class Spreadsheet:
    """A spreadsheet file; `version` counts changes and keeps computed values fresh."""

    id: str
    title: str
    owner: str
    created: str
    modified: str
    locale: str = "en_US"
    time_zone: str = "Etc/GMT"
    mime_type: str = SPREADSHEET_TYPE
    sheets: list[Sheet] = field(default_factory=list)
    properties: Json = field(default_factory=dict)
    named_ranges: list[Json] = field(default_factory=list)
    developer_metadata: list[Json] = field(default_factory=list)
    permissions: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    file_properties: Json = field(default_factory=dict)
    version: int = 0
    has_formulas: bool = False
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    _evaluator: Evaluator | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.properties:
            self.properties = {
                "autoRecalc": "ON_CHANGE",
                "defaultFormat": copy.deepcopy(DEFAULT_FORMAT),
                "spreadsheetTheme": copy.deepcopy(DEFAULT_THEME),
            }

    # Tabs

    def sheet(self, sheet_id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def sheet_named(self, title: str) -> Sheet | None:
        """By title; exact first, then whatever the case."""
        exact = next((sheet for sheet in self.sheets if sheet.title == title), None)
        folded = title.casefold()
        return exact or next((sheet for sheet in self.sheets if sheet.title.casefold() == folded), None)

    @property
    def cell_count(self) -> int:
        return sum(sheet.cell_count for sheet in self.sheets)

    def check_growth(self, cells: int) -> None:
        """Refuse more cells than a workbook may have; `cells` is the number to be added."""
        if cells > 0 and self.cell_count + cells > MAX_CELLS:
            message = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
            raise invalid(message)

    # Ranges

    def locate(self, text: str) -> tuple[Sheet, Area]:
        """The tab and range that an A1 text names; 400 when there is none."""
        reference = parse_reference(text)
        if reference is None:
            raise unparsable(text)
        if reference.title is not None:
            sheet = self.sheet_named(reference.title)
            if reference.name is not None:
                return self._named(reference.name, text)
            if sheet is None:
                raise unparsable(text)
            return sheet, reference.area(sheet.sheet_id)
        if reference.name is None and (reference.is_cell or self.sheet_named(text) is None):
            return self.sheets[0], reference.area(self.sheets[0].sheet_id)
        named = self.sheet_named(text)
        if named is not None:
            return named, Area(named.sheet_id)
        return self._named(text, text)

    def _named(self, name: str, text: str) -> tuple[Sheet, Area]:
        folded = name.casefold()
        for entry in self.named_ranges:
            if entry["name"].casefold() == folded:
                area: Area = entry["range"]
                sheet = self.sheet(area.sheet_id)
                if sheet is not None and not sheet.block(area).is_empty:
                    return sheet, area
        raise unparsable(text)

    def resolve(self, text: str) -> tuple[Sheet, Block]:
        """The same, cut to the grid; a range that starts beyond it is refused."""
        sheet, area = self.locate(text)
        return sheet, cut_to_grid(sheet, area)

    # Values

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """What a cell amounts to; formulas are computed when first asked for after a change."""
        cell = sheet.cell(row, column)
        if cell.formula is None:
            return cell.value
        return self.evaluator.cell(sheet, row, column)

    @property
    def evaluator(self) -> Evaluator:
        from .evaluate import Evaluator

        if self._evaluator is None or self._evaluator.version != self.version:
            self._evaluator = Evaluator(self, self.version)
        return self._evaluator

    def touch(self) -> None:
        """Something changed."""
        self.version += 1

    def local_now(self) -> dt.datetime:
        """The time on the wall in the spreadsheet's zone, without a zone: what TODAY and NOW show."""
        return self.now().astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    # Rows and columns

    def insert(self, sheet: Sheet, axis: Axis, at: int, count: int, inherit_before: bool = False) -> None:
        """Insert rows or columns; everything anchored, named or referred to follows."""
        self.check_growth(count * (sheet.column_count if axis == "ROWS" else sheet.row_count))
        sheet.insert(axis, at, count, inherit_before)
        self.move_everything(sheet, lambda area: area.after_insert(axis, at, count))
        self._rewrite(lambda text, home: rewrite_after_insert(text, home.title, sheet.title, axis, at, count))

    def delete(self, sheet: Sheet, axis: Axis, first: int, last: int) -> None:
        """Delete rows or columns with all that hangs on them."""
        sheet.delete(axis, first, last)
        self.move_everything(sheet, lambda area: area.after_delete(axis, first, last))
        self._rewrite(lambda text, home: rewrite_after_delete(text, home.title, sheet.title, axis, first, last))

    def move_everything(self, sheet: Sheet, move: Callable[[Area], Area | None]) -> None:
        """Move named ranges and developer metadata that lie on a tab; what loses its range goes."""

        def here(area: Area) -> Area | None:
            return move(area) if area.sheet_id == sheet.sheet_id else area

        for entry in self.named_ranges:
            area: Area = entry["range"]
            # A name whose cells are all gone keeps an empty range: people see #REF!.
            entry["range"] = here(area) or replace(area, bottom=area.top or 0, top=area.top or 0)
        self.developer_metadata = [kept for entry in self.developer_metadata if (kept := map_areas(entry, here))]

    def _rewrite(self, change: Callable[[str, Sheet], str]) -> None:
        if not self.has_formulas:
            return
        for sheet in self.sheets:
            for cells in sheet.rows:
                for column, cell in cells.items():
                    if cell.formula is not None:
                        text = change(cell.formula, sheet)
                        if text != cell.formula:
                            cells[column] = Cell(None, text, cell.extra)

    # Copies

    def clone(self) -> Spreadsheet:
        """A copy that can be changed and thrown away: how a batch of requests is made all or nothing."""
        other = copy.copy(self)
        other.sheets = [sheet.clone() for sheet in self.sheets]
        for name in ("properties", "named_ranges", "developer_metadata"):
            setattr(other, name, copy.deepcopy(getattr(self, name)))
        other._evaluator = None
        return other

    def become(self, other: Spreadsheet) -> None:
        """Take over the content of a copy."""
        for name in ("sheets", "properties", "named_ranges", "developer_metadata", "title", "locale", "time_zone"):
            setattr(self, name, getattr(other, name))
        self.has_formulas = other.has_formulas
        self.version = max(self.version, other.version) + 1
        self._evaluator = None

    # People

    def role(self, email: str) -> str | None:
        """The strongest role that this account has on the file."""
        if email == self.owner:
            return "owner"
        domain = email.rpartition("@")[2]
        ranks = ["reader", "commenter", "writer", "fileOrganizer", "organizer", "owner"]
        found = [
            entry["role"]
            for entry in self.permissions
            if entry.get("emailAddress", "").casefold() == email.casefold()
            or entry["type"] == "anyone"
            or (entry["type"] == "domain" and entry.get("domain") == domain)
        ]
        return max(found, key=ranks.index, default=None)


def cut_to_grid(sheet: Sheet, area: Area) -> Block:
    """A range cut to its grid; refused when it starts beyond the grid."""
    block = sheet.block(area)
    if block.is_empty:
        raise exceeds_grid(sheet, area)
    return block


def exceeds_grid(sheet: Sheet, area: Area) -> ApiError:
    """Google's refusal of cells that do not exist; it names the range as asked for, open sides and all."""
    name = area_name(sheet.title, area)
    size = f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    return invalid(f"Range ({name}) exceeds grid limits. {size}")


class Drive:
    """All files, by id, with the random numbers that name them."""

    def __init__(self, seed: int = 0) -> None:
        self.files: dict[str, Spreadsheet] = {}
        self.random = random.Random(seed)

    def new_id(self) -> str:
        """Forty-four characters starting with 1, like Google's."""
        alphabet = string.ascii_letters + string.digits + "-_"
        while (made := "1" + "".join(self.random.choices(alphabet, k=43))) in self.files:
            pass
        return made

    def new_number(self, taken: set[int]) -> int:
        """An id for a tab, a named range, a protected range…: random, positive, unused."""
        while (made := self.random.randrange(1, 2**31 - 1)) in taken:
            pass
        return made

    def spreadsheet(self, file_id: str, email: str, *, write: bool) -> Spreadsheet:
        """A spreadsheet that the account may read (or write), as the Sheets API answers: 404 unknown, 403 not shared."""
        file = self.files.get(file_id)
        if file_id == PRIVATE_ID:
            raise forbidden()
        if file is None:
            raise not_found()
        role = file.role(email)
        if role is None or (write and role not in WRITERS):
            raise forbidden()
        if file.mime_type != SPREADSHEET_TYPE:
            raise invalid("This operation is not supported for this document")
        return file

    def file(self, file_id: str, email: str) -> Spreadsheet:
        """A file as the Drive API answers: unknown and unshared are both 404."""
        file = self.files.get(file_id)
        if file is None or file.role(email) is None:
            raise drive_not_found(file_id)
        return file
