"""Everything of a worksheet but its cells: columns, panes, lists, colours, print set-up.

The shell is the sheet's XML with `sheetData` emptied: small, so it is edited as a tree; the rows are put back as the
bytes they were. What a person already set (a width, a list, a pane, a filter) is left as it is.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from sync.workbook.excel.package import RELS, safe_parser
from sync.workbook.excel.patch import open_any
from sync.workbook.headings import column_index, letter

LAST_ROW = 1_048_576
_AREA = re.compile(r"\$?([A-Z]+)\$?(\d*)(?::\$?([A-Z]+)\$?(\d*))?")

# The order that the schema asks for.
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "drawingHF", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip


class ColumnLook(NamedTuple):
    """Default style and width (in characters) of a column; `level` 1 = in a group that folds away."""

    style: int
    width: float
    hidden: bool = False
    level: int = 0


class Shell:
    """One worksheet without its rows. `data()` gives the whole sheet again, byte for byte if nothing was changed."""

    def __init__(self, data: bytes) -> None:
        sheet = open_any(data)
        self._original = data
        tag = sheet.prefix + b"sheetData"
        if sheet.is_empty_tag:
            head, self._body, tail = sheet.data[: sheet.start], b"", sheet.data[sheet.end :]
        else:
            opening = sheet.data.rfind(b"<" + tag, 0, sheet.start)
            closing = sheet.data.find(b">", sheet.end) + 1
            head, self._body, tail = sheet.data[:opening], sheet.data[sheet.start : sheet.end], sheet.data[closing:]
        self._tag, self._prefix = tag, sheet.prefix.decode()
        self.root = etree.fromstring(head + b"<" + tag + b"/>" + tail, safe_parser())
        self.is_changed = False

    def data(self) -> bytes:
        if not self.is_changed:
            return self._original
        xml = bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True))
        head, mark, tail = xml.partition(b"<" + self._tag + b"/>")
        assert mark, "sheetData stays an empty tag in the shell"
        return b"".join((head, b"<" + self._tag + b">", self._body, b"</" + self._tag + b">", tail))

    # --- building blocks

    def find(self, name: str) -> etree._Element | None:
        return self.root.find(f"{{*}}{name}")

    def make(self, name: str, **attributes: str) -> etree._Element:
        return etree.Element(f"{{{etree.QName(self.root).namespace}}}{name}", attributes)

    def sub(self, parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        node = self.make(name, **attributes)
        parent.append(node)
        return node

    def place(self, node: etree._Element) -> etree._Element:
        """Put a new child where the schema wants it."""
        rank = _ORDER.index(etree.QName(node).localname)
        before = [child for child in self.root if isinstance(child.tag, str) and _rank(child) <= rank]
        if before:
            before[-1].addnext(node)
        else:
            self.root.insert(0, node)
        self.is_changed = True
        return node

    def ensure(self, name: str, **attributes: str) -> etree._Element:
        found = self.find(name)
        return found if found is not None else self.place(self.make(name, **attributes))

    # --- what init asks for; each returns whether something was added

    def columns(self, looks: dict[int, ColumnLook]) -> bool:
        """Width and default style of columns that have neither of their own."""
        cols = self.find("cols")
        taken = set()
        for col in [] if cols is None else cols:
            taken |= set(range(int(col.get("min", "1")) - 1, min(int(col.get("max", "1")), 2000)))
        missing = sorted(set(looks) - taken)
        if not missing:
            return False
        cols = self.ensure("cols")
        for index in missing:
            look = looks[index]
            attributes = {"min": str(index + 1), "max": str(index + 1), "width": f"{look.width:g}", "customWidth": "1"}
            if look.style:
                attributes["style"] = str(look.style)
            if look.hidden:
                attributes["hidden"] = "1"
            if look.level:
                attributes["outlineLevel"] = str(look.level)
            self.sub(cols, "col", **attributes)
        if any(looks[index].level for index in missing):
            self.ensure("sheetFormatPr", defaultRowHeight="15").set("outlineLevelCol", "1")
        cols[:] = sorted(cols, key=lambda col: int(col.get("min", "1")))
        self.is_changed = True
        return True

    def freeze(self, row: int, columns: int) -> bool:
        """Keep the first `row` rows and `columns` columns in view, unless a pane is set."""
        views = self.ensure("sheetViews")
        view = views.find("{*}sheetView")
        if view is None:
            view = self.sub(views, "sheetView", workbookViewId="0")
        if view.find("{*}pane") is not None:
            return False
        for selection in view.findall("{*}selection"):
            view.remove(selection)
        corner = "bottomRight" if columns else "bottomLeft"
        pane = self.make("pane", ySplit=str(row), topLeftCell=f"{letter(columns)}{row + 1}", activePane=corner, state="frozen")
        if columns:
            pane.set("xSplit", str(columns))
        view.insert(0, pane)
        first = f"{letter(columns)}{row + 1}"
        selection = self.make("selection", pane=corner, activeCell=first, sqref=first)
        pane.addnext(selection)
        self.is_changed = True
        return True

    def filter(self, row: int, first: int, last: int) -> str:
        """A filter over the headings unless there is one or a table; returns its area ("" = none added)."""
        if self.find("autoFilter") is not None or self.find("tableParts") is not None:
            return ""
        area = f"{letter(first)}{row}:{letter(last)}{LAST_ROW}"
        self.place(self.make("autoFilter", ref=area))
        return area

    def has_rule(self, container: str, column: int, first_row: int) -> bool:
        """Whether a list, check or conditional colour already covers cells of a column."""
        if container == "dataValidations":
            nodes: Iterable[etree._Element] = self.root.iter("{*}dataValidation")
        else:
            nodes = self.root.iter("{*}conditionalFormatting")
        for node in nodes:
            areas = node.get("sqref") or "".join(child.text or "" for child in node.iter("{*}sqref"))
            if any(_touches(area, column, first_row) for area in areas.split()):
                return True
        return False

    def validation(self, column: int, first_row: int, formulas: Iterable[str], **attributes: str) -> None:
        group = self.ensure("dataValidations")
        area = f"{letter(column)}{first_row}:{letter(column)}{LAST_ROW}"
        rule = self.sub(group, "dataValidation", allowBlank="1", sqref=area, **attributes)
        for number, formula in enumerate(formulas, 1):
            self.sub(rule, f"formula{number}").text = formula
        group.set("count", str(len(group)))
        self.is_changed = True

    def colours(self, column: int, first_row: int, rules: Iterable[tuple[str, int]], last_column: int | None = None) -> None:
        """Conditional colours: (formula on the first cell, index of the differential format), first match wins."""
        area = f"{letter(column)}{first_row}:{letter(column if last_column is None else last_column)}{LAST_ROW}"
        group = self.place(self.make("conditionalFormatting", sqref=area))
        priority = max((int(rule.get("priority", "0")) for rule in self.root.iter("{*}cfRule")), default=0)
        for formula, look in rules:
            priority += 1
            rule = self.sub(group, "cfRule", type="expression", dxfId=str(look), priority=str(priority), stopIfTrue="1")
            self.sub(rule, "formula").text = formula

    def ignore_numbers_as_text(self, columns: Iterable[int], first_row: int) -> bool:
        """No green corner on keys such as 00123, which are text on purpose."""
        areas = [f"{letter(column)}{first_row}:{letter(column)}{LAST_ROW}" for column in sorted(columns)]
        if not areas or self.find("ignoredErrors") is not None:
            return False
        self.sub(self.place(self.make("ignoredErrors")), "ignoredError", sqref=" ".join(areas), numberStoredAsText="1")
        return True

    def printing(self, title: str, pages_wide: int = 1) -> bool:
        """Landscape A4, so many pages wide, a title and page numbers, unless a print set-up exists."""
        if self.find("pageSetup") is not None:
            return False
        properties = self.find("sheetPr")
        if properties is None:
            properties = self.place(self.make("sheetPr"))
        fit = properties.find("{*}pageSetUpPr")
        if fit is None:
            fit = self.sub(properties, "pageSetUpPr")
        fit.set("fitToPage", "1")
        margins = {"left": "0.4", "right": "0.4", "top": "0.6", "bottom": "0.5", "header": "0.3", "footer": "0.25"}
        self.ensure("pageMargins", **margins)
        setup = {"paperSize": "9", "orientation": "landscape", "fitToWidth": str(pages_wide), "fitToHeight": "0"}
        self.place(self.make("pageSetup", **setup))
        if self.find("headerFooter") is None:
            node = self.place(self.make("headerFooter"))
            self.sub(node, "oddHeader").text = f"&L&B{title.replace('&', '&&')}&R&D"
            self.sub(node, "oddFooter").text = "&C&P / &N"
        return True

    def header_height(self, row: int, points: int) -> bool:
        """Room for headings of two lines, when the row stands there without a height of its own."""
        plain = f'<{self._prefix}row r="{row}">'.encode()
        if not self._body.startswith(plain):
            return False
        high = f'<{self._prefix}row r="{row}" ht="{points}" customHeight="1">'.encode()
        self._body = high + self._body[len(plain) :]
        self.is_changed = True
        return True

    def row_height(self) -> None:
        """Rows take the height of what they hold."""
        self.ensure("sheetFormatPr").set("defaultRowHeight", "15")
        self.is_changed = True

    def tab_colour(self, colour: str) -> bool:
        properties = self.find("sheetPr")
        if properties is None:
            properties = self.place(self.make("sheetPr"))
        if properties.find("{*}tabColor") is not None:
            return False
        properties.insert(0, self.make("tabColor", rgb="FF" + colour))
        self.is_changed = True
        return True

    def legacy_drawing(self, relation: str) -> None:
        self.place(self.make("legacyDrawing", **{f"{{{RELS}}}id": relation}))


def _rank(node: etree._Element) -> int:
    name = etree.QName(node).localname
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _touches(area: str, column: int, first_row: int) -> bool:
    found = _AREA.fullmatch(area)
    if found is None:
        return False
    left = column_index(found.group(1))
    right = column_index(found.group(3)) if found.group(3) else left
    bottom = int(found.group(4) or found.group(2) or LAST_ROW)
    return left <= column <= right and bottom >= first_row
