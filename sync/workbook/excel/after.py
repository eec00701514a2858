"""What must follow a patch elsewhere in the package: the calculation chain, recalculation on opening, tables.

- A cell of ours that held a formula leaves `calcChain`; Excel calls a chain with a missing formula damaged. The chain
  is dropped whole: it is a cache that Excel builds again.
- Formulas of people may depend on our cells. Their stored results stay as they are in the file, and the workbook is
  marked `fullCalcOnLoad`, so that Excel and LibreOffice compute them again when a person opens it.
- Rows added under an Excel table or inside a filter belong to it, as when a person types them.
"""

import re
from collections.abc import Mapping

from lxml import etree

from sync.workbook.excel.package import Package
from sync.workbook.excel.read import ReadTab
from sync.workbook.headings import column_index, letter
from sync.workbook.tabs import Cell

_A_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_AREA = re.compile(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)")


def after_patch(package: Package, tab: ReadTab, writes: Mapping[int, Mapping[int, Cell]], formulas: set[str]) -> None:
    """Bring the rest of the package in line with cells that were just written in `tab`."""
    if formulas:
        _drop_calculation_chain(package)
    last = max((row for row, cells in writes.items() if any(cell is not None for cell in cells.values())), default=0)
    _stretch_tables(package, tab, last)


def _drop_calculation_chain(package: Package) -> None:
    for kind, _, part in package.relations(package.workbook_part):
        if kind == "calcChain":
            package.remove_relation(package.workbook_part, part)
            package.set_content_type(part, None)
            package.remove(part)


def recalculate_on_opening(package: Package) -> None:
    """Mark the workbook, if it holds any formula at all."""
    root = package.read_tree(package.workbook_part)
    properties = root.find("{*}calcPr")
    if properties is not None and properties.get("fullCalcOnLoad") in ("1", "true"):
        return
    if not any(_has_formula(package.read(sheet.part)) for sheet in package.sheets()):
        return
    data = package.read(package.workbook_part)
    found = re.search(rb"<(?:[\w.-]+:)?calcPr\b[^>]*?(?=/?>)", data)
    if found is not None:
        tag = re.sub(rb'\s+fullCalcOnLoad="[^"]*"', b"", found.group(0)).rstrip() + b' fullCalcOnLoad="1"'
        package.write(package.workbook_part, data[: found.start()] + tag + data[found.end() :])
        return
    earlier = ("definedNames", "externalReferences", "functionGroups", "sheets")  # schema order, nearest first
    places = [node for name in earlier if (node := root.find(f"{{*}}{name}")) is not None]
    if places:
        place = places[0]
        namespace = etree.QName(root).namespace
        place.addnext(etree.Element(f"{{{namespace}}}calcPr", fullCalcOnLoad="1"))
        package.write_tree(package.workbook_part, root)


def _has_formula(sheet: bytes) -> bool:
    return any(mark in sheet for mark in (b"<f>", b"<f ", b":f>", b":f "))


def _stretch_tables(package: Package, tab: ReadTab, last: int) -> None:
    """Tables (ListObjects) that hold our headings and end just above the rows we added reach down to them."""
    header, end = tab.layout.header_row, tab.raw.first_row + len(tab.raw) - 1
    for kind, _, part in package.relations(tab.sheet.part):
        if kind != "table":
            continue
        root = package.read_tree(part)
        area = _AREA.fullmatch(root.get("ref", ""))
        if area is None or int(area.group(2)) != header or root.get("totalsRowCount", "0") != "0":
            continue
        bottom = int(area.group(4))
        columns = range(column_index(area.group(1)), column_index(area.group(3)) + 1)
        if bottom >= last or bottom < end or not any(index in columns for index in tab.layout.columns.values()):
            continue
        _set_bottom(root, last)
        for inner in root.iterfind("{*}autoFilter"):
            _set_bottom(inner, last)
        package.write_tree(part, root)


def _set_bottom(node: etree._Element, row: int) -> None:
    area = _AREA.fullmatch(node.get("ref", ""))
    if area is not None:
        node.set("ref", f"{area.group(1)}{area.group(2)}:{letter(column_index(area.group(3)))}{row}")
