"""`init`: a workbook that a person likes to use, new or mended, without touching data.

A new workbook is an empty package mended like any other: one path, so that a second `init` finds nothing to do.
In a person's workbook only what is missing is added: tabs at the end, headings at the right, lists, notes, formats
where there are none. Their own widths, colours, lists, notes and filters stand.

Soft protection. Relance's columns are not locked: a protected sheet forbids sorting, filtering and growing tables,
which people do all day. Typing there raises a warning instead, which says that the cell will be written again.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from lxml import etree

from sync.ledger.words import WORDS, Language
from sync.workbook.columns_help import help_for
from sync.workbook.contract import TABS, TABS_BY_KEY, TODAY, Column, Tab, Type, Who
from sync.workbook.excel.looks import (
    HIDDEN,
    LATENESS,
    NOT_LATE,
    PROBLEM,
    SELDOM,
    TAB_COLOURS,
    cell_look,
    date_format,
    heading_look,
    row_height,
    width,
)
from sync.workbook.excel.notes import add_notes
from sync.workbook.excel.package import CONTENT_TYPES, MAIN, PACKAGE_RELS, RELS, Package, Sheet
from sync.workbook.excel.patch import patch
from sync.workbook.excel.read import ReadTab, read_book
from sync.workbook.excel.shell import ColumnLook, Shell
from sync.workbook.excel.styles import Styles
from sync.workbook.headings import letter
from sync.workbook.messages import say
from sync.workbook.tabs import Cell

__all__ = ["date_format", "new_package", "repair"]

Rows = Sequence[Mapping[str, Cell]]

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_EMPTY_SHEET = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELS}"><sheetData/></worksheet>'.encode()


def new_package() -> Package:
    """A workbook without any sheet yet."""
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{CONTENT_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
            '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK}"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="rId1" Type="{RELS}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><bookViews><workbookView xWindow="0" yWindow="0"'
            ' windowWidth="28800" windowHeight="16000" tabRatio="850"/></bookViews><sheets/></workbook>'
        ),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            target.writestr(info, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + content)
    return Package(out.getvalue())


def repair(package: Package, language: Language, defaults: Mapping[str, Rows]) -> tuple[Package, list[str]]:
    """Add what is missing. Returns the package to save and sentences of what was done (none = nothing to do).

    `defaults` are the rows that a tab starts with when it is added, or stands empty.
    """
    present = set() if not package.sheets() else set(read_book(package).tabs)
    added = {tab.key for tab in TABS if tab.key not in present and _add_sheet(package, tab.title(language))}
    if added:
        package = _settled(package)
    book = read_book(package)
    styles = Styles(package)
    done: list[str] = []
    for tab in TABS:
        if tab.key in book.tabs:
            mended = _Furnisher(package, styles, book.tabs[tab.key], language).furnish(defaults.get(tab.key, ()))
            done += [say("tab_added", language, tab=tab.title(language))] if tab.key in added else mended
    styles.save()
    return (_settled(package) if package.is_changed else package), done


def _settled(package: Package) -> Package:
    """The package as it would be read back from the disk."""
    out = BytesIO()
    package.save(out)
    return Package(out.getvalue())


def _add_sheet(package: Package, title: str) -> bool:
    """A new empty worksheet after the others; False when a sheet of another kind already has that name."""
    root = package.read_tree(package.workbook_part)
    sheets = root.find("{*}sheets")
    if sheets is None or any((sheet.get("name") or "").casefold() == title.casefold() for sheet in sheets):
        return False
    part = package.new_part("xl/worksheets/sheet{}.xml")
    package.write(part, _EMPTY_SHEET)
    package.set_content_type(part, _WORKSHEET)
    relation = package.add_relation(package.workbook_part, "worksheet", part)
    number = max((int(sheet.get("sheetId", "0")) for sheet in sheets), default=0) + 1
    entry = etree.SubElement(sheets, f"{{{etree.QName(root).namespace}}}sheet", name=title, sheetId=str(number))
    entry.set(f"{{{RELS}}}id", relation)
    package.write_tree(package.workbook_part, root)
    return True


class _Furnisher:
    """Mends one tab."""

    def __init__(self, package: Package, styles: Styles, read: ReadTab, language: Language) -> None:
        self.package, self.styles, self.read, self.language = package, styles, read, language
        self.tab: Tab = TABS_BY_KEY[read.raw.key]
        self.sheet: Sheet = read.sheet
        self.header = read.layout.header_row
        self.columns: dict[str, int] = dict(read.layout.columns)

    def furnish(self, rows: Rows) -> list[str]:
        title, language = self.sheet.name, self.language
        done = []
        added = self._headings()
        if added:
            done.append(say("headings_added", language, tab=title, what=", ".join(added)))
        shell = Shell(self.package.read(self.sheet.part))
        looks = self._looks(shell)
        if self._lists(shell):
            done.append(say("lists_added", language, tab=title))
        if looks | self._colours(shell):
            done.append(say("looks_added", language, tab=title))
        if add_notes(self.package, self.sheet, shell, self._notes()):
            done.append(say("notes_added", language, tab=title))
        if shell.is_changed:
            self.package.write(self.sheet.part, shell.data())
        if rows and not len(self.read.raw):
            self._fill(rows)
            done.append(say("rows_added", language, tab=title, count=len(rows)))
        return done

    def _headings(self) -> list[str]:
        """Headings that are missing, after the last used column."""
        missing = [column for column in self.tab.columns if column.key not in self.columns]
        if not missing:
            return []
        start = self.read.width
        texts = {start + offset: column.heading(self.language) for offset, column in enumerate(missing)}
        looks = {
            start + offset: self.styles.look(heading_look(self.tab, column, self.language))
            for offset, column in enumerate(missing)
        }
        done = patch(self.package.read(self.sheet.part), {self.header: texts}, new_style=looks)
        self.package.write(self.sheet.part, done.pieces)
        self.columns |= {column.key: start + offset for offset, column in enumerate(missing)}
        return list(texts.values())

    def _ours(self) -> list[tuple[Column, int]]:
        return [(column, self.columns[column.key]) for column in self.tab.columns]

    def _looks(self, shell: Shell) -> bool:
        looks = {
            index: ColumnLook(
                self.styles.look(cell_look(self.tab, column, self.language)),
                width(self.tab, column),
                hidden=column.key in HIDDEN,
                level=int(f"{self.tab.key}.{column.key}" in SELDOM),
            )
            for column, index in self._ours()
        }
        changed = shell.columns(looks)
        if not self.read.layout.columns:
            shell.row_height()
            changed |= shell.header_height(self.header, 33)
        changed |= shell.freeze(self.header, self._frozen_columns())
        first, last = min(self.columns.values()), max(self.columns.values())
        area = shell.filter(self.header, first, last)
        if area:
            self._name("_xlnm._FilterDatabase", area, hidden=True)
        wide = sum(width(self.tab, column) for column, _ in self._ours())
        if shell.printing(self.sheet.name, pages_wide=2 if wide > 350 else 1):
            titles = [f"A:{letter(frozen - 1)}"] if (frozen := self._frozen_columns()) else []
            self._name("_xlnm.Print_Titles", *titles, f"{self.header}:{self.header}")
            changed = True
        keys = [index for column, index in self._ours() if column.type is Type.KEY]
        changed |= shell.ignore_numbers_as_text(keys, self.header + 1)
        changed |= shell.tab_colour(TAB_COLOURS[self.tab.key])
        return changed or bool(area)

    def _frozen_columns(self) -> int:
        """The key columns, when they stand first."""
        if self.tab is TODAY:
            return 0
        count = 0
        for column in self.tab.columns[:2]:
            if self.columns[column.key] == count and column.required:
                count += 1
            else:
                break
        return min(count, 1) if self.tab.key != "invoices" else count

    def _name(self, name: str, *areas: str, hidden: bool = False) -> None:
        """A name that belongs to the sheet (filter, titles to print), unless the sheet has it."""
        root = self.package.read_tree(self.package.workbook_part)
        position = str(self.sheet.position)
        names = root.find("{*}definedNames")
        namespace = etree.QName(root).namespace
        if names is None:
            names = etree.Element(f"{{{namespace}}}definedNames")
            earlier = ("externalReferences", "functionGroups", "sheets")
            next(node for kind in earlier if (node := root.find(f"{{*}}{kind}")) is not None).addnext(names)
        if any(entry.get("name") == name and entry.get("localSheetId") == position for entry in names):
            return
        entry = etree.SubElement(names, f"{{{namespace}}}definedName", name=name, localSheetId=position)
        if hidden:
            entry.set("hidden", "1")
        quoted = self.sheet.name.replace("'", "''")
        entry.text = ",".join(f"'{quoted}'!" + re.sub(r"([A-Z]+|\d+)", r"$\1", area) for area in areas)
        self.package.write_tree(self.package.workbook_part, root)

    def _lists(self, shell: Shell) -> bool:
        first = self.header + 1
        changed = False
        for column, index in self._ours():
            if shell.has_rule("dataValidations", index, first):
                continue
            rule = _rule_for(column, self.language)
            if rule is not None:
                shell.validation(index, first, rule[0], **rule[1])
                changed = True
        return changed

    def _colours(self, shell: Shell) -> bool:
        first = self.header + 1
        changed = False
        for column, index in self._ours():
            if shell.has_rule("conditionalFormatting", index, first):
                continue
            cell = f"{letter(index)}{first}"
            if column.key == "problem":
                look = self.styles.rule(color=PROBLEM[0], fill=PROBLEM[1])
                shell.colours(index, first, [(f"LEN(TRIM({cell}))>0", look)])
                changed = True
            elif column.key == "days_late":
                rules = [
                    (f"AND(ISNUMBER({cell}),{cell}>={days})", self.styles.rule(color=ink, fill=fill, bold=days > 90))
                    for days, ink, fill in LATENESS
                ]
                rules.append((f"AND(ISNUMBER({cell}),{cell}<1)", self.styles.rule(color=NOT_LATE)))
                shell.colours(index, first, rules)
                changed = True
        return changed

    def _notes(self) -> dict[tuple[int, int], str]:
        texts = {index: help_for(self.tab, column, self.language) for column, index in self._ours()}
        return {(self.header, index): text for index, text in texts.items() if text}

    def _fill(self, rows: Rows) -> None:
        """Starting rows of a tab that holds none."""
        first = self.header + 1
        writes = {
            first + offset: {self.columns[key]: cell for key, cell in row.items() if key in self.columns}
            for offset, row in enumerate(rows)
        }
        dates = date_format(self.language)
        done = patch(
            self.package.read(self.sheet.part),
            writes,
            style_for=lambda style, cell: self.styles.for_value(style, cell, dates),
            heights={first + offset: height for offset, row in enumerate(rows) if (height := row_height(self.tab, row)) != 0},
        )
        self.package.write(self.sheet.part, done.pieces)


def _rule_for(column: Column, language: Language) -> tuple[tuple[str, ...], dict[str, str]] | None:
    """The check of a column: (formulas, attributes). All are warnings: a person may insist."""
    soft = {"errorStyle": "warning", "showErrorMessage": "1", "errorTitle": "Relance"}
    french = language == "fr"
    if column.who is Who.RELANCE:
        said = (
            "Cette colonne est écrite par Relance : ce que vous y saisissez sera remplacé au prochain passage."
            if french
            else "Relance writes this column: what you type here will be replaced by its next run."
        )
        return ("FALSE",), {"type": "custom", **soft, "error": said}
    if column.words:
        words = [word.fr if french else word.en for word in WORDS[column.words]]
        said = "Choisissez un mot de la liste." if french else "Pick a word from the list."
        return ('"' + ",".join(words) + '"',), {"type": "list", **soft, "error": said}
    if column.type is Type.DATE:
        said = (
            "Ce n’est pas une date : saisissez par exemple 31/03/2026." if french else "This is not a date: type 2026-03-31, say."
        )
        return ("32874",), {"type": "date", "operator": "greaterThanOrEqual", **soft, "error": said}
    if column.type in (Type.MONEY, Type.NUMBER):
        said = "Ce n’est pas un nombre." if french else "This is not a number."
        return ("-999999999999", "999999999999"), {"type": "decimal", **soft, "error": said}
    if column.type is Type.INTEGER:
        said = "Ce n’est pas un nombre entier." if french else "This is not a whole number."
        return ("-999999", "999999"), {"type": "whole", **soft, "error": said}
    return None
