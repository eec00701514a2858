"""The style sheet of a workbook: formats are looked up and added at the end, never changed."""

import copy
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from lxml import etree

from sync.workbook.excel.package import MAIN, Package
from sync.workbook.tabs import Cell

Shape = tuple[str, tuple[tuple[str, str], ...], tuple["Shape", ...]]

_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_A_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A cell format. Colours are RGB hex ("1F3A5F"), "" = none; `number` is a format code, "" = General."""

    number: str = ""
    bold: bool = False
    italic: bool = False
    color: str = ""
    fill: str = ""
    border: str = ""  # colour of a thin line below
    wrap: bool = False
    align: str = ""  # "left", "center", "right"
    vertical: str = ""
    size: int = 0  # points, 0 = the workbook's own
    indent: int = 0


class Styles:
    """`xl/styles.xml` of one package, loaded when first needed and written back only if something was added."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = next((part for kind, _, part in package.relations(package.workbook_part) if kind == "styles"), "")
        self.is_changed = False
        self._looks: dict[Look, int] = {}
        self._dated: dict[int, int] = {}
        self._shapes: dict[str, dict[Shape, int]] = {}

    @cached_property
    def root(self) -> etree._Element:
        if self.part and self.part in self.package:
            return self.package.read_tree(self.part)
        return etree.fromstring(_EMPTY)

    def _list(self, name: str) -> etree._Element:
        found = self.root.find(f"{{*}}{name}")
        if found is None:
            found = etree.Element(f"{{{self._namespace}}}{name}")
            order = [_ORDER.index(etree.QName(node).localname) for node in self.root if isinstance(node.tag, str)]
            place = sum(1 for position in order if position < _ORDER.index(name))
            self.root.insert(place, found)
        return found

    @property
    def _namespace(self) -> str:
        return etree.QName(self.root).namespace or MAIN

    def _sub(self, parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{self._namespace}}}{name}", attributes)

    def _append(self, name: str, node: etree._Element) -> int:
        """Add to a list unless an equal one stands there; returns its index."""
        group = self._list(name)
        if name not in self._shapes:
            self._shapes[name] = {}
            for index, present in enumerate(group):
                self._shapes[name].setdefault(_shape(present), index)
        known = self._shapes[name]
        shape = _shape(node)
        if shape not in known:
            group.append(node)
            group.set("count", str(len(group)))
            self.is_changed = True
            known[shape] = len(group) - 1
        return known[shape]

    def _number_format(self, code: str) -> int:
        if not code:
            return 0
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        group = self._list("numFmts")
        ids = {node.get("formatCode"): int(node.get("numFmtId", "0")) for node in group}
        if code in ids:
            return ids[code]
        number = max([163, *ids.values()]) + 1
        self._sub(group, "numFmt", numFmtId=str(number), formatCode=code)
        group.set("count", str(len(group)))
        self.is_changed = True
        return number

    def look(self, look: Look) -> int:
        """The index of a cell format that shows `look`."""
        if look not in self._looks:
            self._looks[look] = self._append("cellXfs", self._xf(look))
        return self._looks[look]

    def _xf(self, look: Look) -> etree._Element:
        xf = etree.Element(f"{{{self._namespace}}}xf")
        xf.set("numFmtId", str(self._number_format(look.number)))
        xf.set("fontId", str(self._font(look)))
        xf.set("fillId", str(self._fill(look.fill)))
        xf.set("borderId", str(self._border(look.border)))
        xf.set("xfId", "0")
        for flag, is_set in (
            ("applyNumberFormat", bool(look.number)), ("applyFont", True), ("applyFill", bool(look.fill)),
            ("applyBorder", bool(look.border)), ("applyAlignment", True),
        ):  # fmt: skip
            if is_set:
                xf.set(flag, "1")
        alignment = self._sub(xf, "alignment", vertical=look.vertical or "top")
        if look.align:
            alignment.set("horizontal", look.align)
        if look.wrap:
            alignment.set("wrapText", "1")
        if look.indent:
            alignment.set("indent", str(look.indent))
        return xf

    def _font(self, look: Look) -> int:
        """The workbook's own font, with our weight and colour."""
        fonts = self._list("fonts")
        if len(fonts) == 0:
            self._append("fonts", etree.fromstring(_FONT))
        font = copy.deepcopy(fonts[0])
        for name in ("b", "i", "color"):
            for node in font.findall(f"{{*}}{name}"):
                font.remove(node)
        marks = [self._sub(font, name) for name, is_set in (("b", look.bold), ("i", look.italic)) if is_set]
        for index, mark in enumerate(marks):
            font.insert(index, mark)
        size = font.find("{*}sz")
        if look.size and size is not None:
            size.set("val", str(look.size))
        if look.color:
            color = self._sub(font, "color", rgb="FF" + look.color)
            font.insert(len(marks) + (1 if size is not None else 0), color)
        return self._append("fonts", font)

    def _fill(self, color: str) -> int:
        if not color:
            return 0
        fill = etree.Element(f"{{{self._namespace}}}fill")
        pattern = self._sub(fill, "patternFill", patternType="solid")
        self._sub(pattern, "fgColor", rgb="FF" + color)
        self._sub(pattern, "bgColor", indexed="64")
        return self._append("fills", fill)

    def _border(self, color: str) -> int:
        if not color:
            return 0
        border = etree.Element(f"{{{self._namespace}}}border")
        for side in ("left", "right", "top", "bottom", "diagonal"):
            edge = self._sub(border, side)
            if side == "bottom":
                edge.set("style", "thin")
                self._sub(edge, "color", rgb="FF" + color)
        return self._append("borders", border)

    def rule(self, *, color: str = "", fill: str = "", bold: bool = False) -> int:
        """The index of a differential format, for conditional colours."""
        dxf = etree.Element(f"{{{self._namespace}}}dxf")
        if color or bold:
            font = self._sub(dxf, "font")
            if bold:
                self._sub(font, "b")
            if color:
                self._sub(font, "color", rgb="FF" + color)
        if fill:
            pattern = self._sub(self._sub(dxf, "fill"), "patternFill", patternType="solid")
            self._sub(pattern, "fgColor", rgb="FF" + fill)
            self._sub(pattern, "bgColor", rgb="FF" + fill)
        return self._append("dxfs", dxf)

    def is_date(self, style: int) -> bool:
        """Whether cells of this style show a number as a date."""
        formats = self._list("cellXfs")
        if style >= len(formats):
            return False
        number = int(formats[style].get("numFmtId", "0"))
        if number in _BUILT_IN_DATES:
            return True
        code = next((node.get("formatCode", "") for node in self._list("numFmts") if node.get("numFmtId") == str(number)), "")
        return any(ch in "ymdhs" for ch in _NOT_A_CODE.sub("", code).lower())

    def for_value(self, style: int, cell: Cell, date_format: str) -> int:
        """The style itself, or its twin with a date format when a date would show as a number."""
        if not isinstance(cell, date):
            return style
        if style not in self._dated:
            self._dated[style] = style if self.is_date(style) else self._with_number(style, date_format)
        return self._dated[style]

    def _with_number(self, style: int, code: str) -> int:
        formats = self._list("cellXfs")
        twin = copy.deepcopy(formats[style]) if style < len(formats) else self._xf(Look())
        twin.set("numFmtId", str(self._number_format(code)))
        twin.set("applyNumberFormat", "1")
        return self._append("cellXfs", twin)

    def save(self) -> None:
        """Write the part back if something was added."""
        if not self.is_changed:
            return
        if not self.part:
            self.part = "xl/styles.xml"
            self.package.add_relation(self.package.workbook_part, "styles", self.part)
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
            self.package.set_content_type(self.part, kind)
        self.package.write_tree(self.part, self.root)
        self.is_changed = False


def _shape(node: etree._Element) -> Shape:
    """What an element says, whatever its prefix and the order of its attributes."""
    attributes = tuple(sorted((str(name), str(value)) for name, value in node.attrib.items()))
    children = tuple(_shape(child) for child in node if isinstance(child.tag, str))
    return etree.QName(node).localname, attributes, children


_BUILT_IN = {"0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "@": 49}
_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
_FONT = f'<font xmlns="{MAIN}"><sz val="11"/><name val="Calibri"/><family val="2"/></font>'.encode()
_EMPTY = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()
