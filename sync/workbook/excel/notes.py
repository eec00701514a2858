"""Notes on headings: a comments part and its drawing, made new or added to those of a person."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from sync.workbook.excel.package import MAIN, Package, Sheet
from sync.workbook.excel.shell import Shell
from sync.workbook.headings import letter

_AUTHOR = "Relance"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"

Place = tuple[int, int]  # (row number, column position)


def add_notes(package: Package, sheet: Sheet, shell: Shell, notes: Mapping[Place, str]) -> bool:
    """Put a note on each cell that has none. True when something was added."""
    present = {kind: part for kind, _, part in package.relations(sheet.part)}
    comments, drawing = present.get("comments", ""), present.get("vmlDrawing", "")
    if bool(comments) != bool(drawing) or (drawing and shell.find("legacyDrawing") is None):
        return False  # a drawing of another kind (form controls): the notes would not show, so leave it alone
    root = package.read_tree(comments) if comments else _no_comments()
    taken = {comment.get("ref") for comment in root.iterfind("{*}commentList/{*}comment")}
    fresh = {place: text for place, text in notes.items() if f"{letter(place[1])}{place[0]}" not in taken}
    if not fresh:
        return False
    _append_comments(root, fresh)
    if comments:
        package.write_tree(comments, root)
        package.write(drawing, _with_shapes(package.read(drawing), fresh, sheet.position))
        return True
    comments, drawing = package.new_part("xl/comments{}.xml"), package.new_part("xl/drawings/vmlDrawing{}.vml")
    package.write_tree(comments, root)
    package.write(drawing, _with_shapes(_NO_SHAPES % (sheet.position + 1), fresh, sheet.position))
    package.set_content_type(comments, _COMMENTS)
    package.set_default_type("vml", _VML)
    package.add_relation(sheet.part, "comments", comments)
    shell.legacy_drawing(package.add_relation(sheet.part, "vmlDrawing", drawing))
    return True


def _no_comments() -> etree._Element:
    return etree.fromstring(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())


def _append_comments(root: etree._Element, notes: Mapping[Place, str]) -> None:
    namespace = etree.QName(root).namespace
    authors, group = root.find("{*}authors"), root.find("{*}commentList")
    assert authors is not None
    assert group is not None
    names = [author.text for author in authors]
    if _AUTHOR not in names:
        etree.SubElement(authors, f"{{{namespace}}}author").text = _AUTHOR
        names.append(_AUTHOR)
    for (row, column), text in sorted(notes.items()):
        comment = etree.SubElement(group, f"{{{namespace}}}comment")
        comment.set("ref", f"{letter(column)}{row}")
        comment.set("authorId", str(names.index(_AUTHOR)))
        run = etree.SubElement(etree.SubElement(comment, f"{{{namespace}}}text"), f"{{{namespace}}}r")
        look = etree.SubElement(run, f"{{{namespace}}}rPr")
        etree.SubElement(look, f"{{{namespace}}}sz").set("val", "10")
        etree.SubElement(look, f"{{{namespace}}}rFont").set("val", "Calibri")
        body = etree.SubElement(run, f"{{{namespace}}}t")
        body.text = text
        body.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _with_shapes(drawing: bytes, notes: Mapping[Place, str], position: int) -> bytes:
    """The drawing with one hidden box a note. Bytes, because what Excel writes here is not always well-formed."""
    number = 1024 * (position + 1)
    while b"_x0000_s%d" % (number + 1) in drawing:
        number += len(notes) + 100
    boxes = []
    for (row, column), text in sorted(notes.items()):
        number += 1
        lines = sum(max(1, -(-len(line) // 38)) for line in text.split("\n"))
        anchor = f"{column + 1}, 10, {row - 1}, 6, {column + 4}, 10, {row + lines + 1}, 6"
        boxes.append(_SHAPE.format(number=number, anchor=escape(anchor), row=row - 1, column=column, height=14 * lines + 12))
    end = drawing.rfind(b"</xml")
    return drawing[:end] + "".join(boxes).encode() + drawing[end:]


_NO_SHAPES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%d"/>'
    b'</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    b' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:2pt;'
    'width:220pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#f7fbfc" strokecolor="#8fb3bf"'
    ' o:insetmode="auto"><v:fill color2="#f7fbfc"/><v:shadow on="t" color="#c9d6da" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
