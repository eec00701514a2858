"""An .xlsx file as a package of parts: read whole, changed by part, written with every other part byte for byte.

Untouched members keep their compressed bytes, order, names and dates; so what we do not name cannot change.
"""

import hashlib
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from xml.sax.saxutils import unescape

from lxml import etree

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

MAX_PART = 3 * 1024**3  # bytes of one part once unpacked; the largest honest sheet is well under 1 GB

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class BadPackage(Exception):
    """The file is no .xlsx workbook that we can read; the message is for the log, not for people."""


class Encrypted(BadPackage):
    """The workbook is protected by a password for opening."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet of the workbook. `part` is its name in the package."""

    name: str
    part: str
    position: int  # 0 = first tab, as `localSheetId` counts


def safe_parser() -> etree.XMLParser:
    """No network, no entities, no limit of text size (a sheet is larger than libxml2's default)."""
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=False)


class Package:
    """The parts of one workbook file, held in memory. Changes are kept aside until `save`."""

    def __init__(self, data: bytes) -> None:
        """Raises BadPackage when `data` is no zip of a workbook."""
        if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Encrypted("an OLE container: an encrypted workbook or the old .xls format")
        self.data = data
        self.digest = hashlib.sha256(data).hexdigest()
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise BadPackage(str(error)) from error
        if len(set(self._zip.namelist())) != len(self._zip.namelist()):
            raise BadPackage("two members have the same name")
        self._changed: dict[str, list[bytes]] = {}
        self._added: dict[str, bytes] = {}
        self._removed: set[str] = set()
        if "[Content_Types].xml" not in self:
            raise BadPackage("no [Content_Types].xml")
        self.workbook_part = self._find_workbook()

    def __contains__(self, name: str) -> bool:
        return name in self._added or (name not in self._removed and name in self._zip.NameToInfo)

    @property
    def is_changed(self) -> bool:
        return bool(self._changed or self._added or self._removed)

    def names(self) -> list[str]:
        return [name for name in self._zip.namelist() if name not in self._removed] + list(self._added)

    def read(self, name: str) -> bytes:
        """The part as it will be written. Raises BadPackage when it is missing, damaged or absurdly large."""
        if name in self._added:
            return self._added[name]
        if name in self._changed:
            return b"".join(self._changed[name])
        try:
            if self._zip.getinfo(name).file_size > MAX_PART:
                raise BadPackage(f"{name} is too large")
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
            raise BadPackage(f"{name}: {error}") from error

    def read_tree(self, name: str) -> etree._Element:
        try:
            return etree.fromstring(self.read(name), safe_parser())
        except etree.XMLSyntaxError as error:
            raise BadPackage(f"{name}: {error}") from error

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Replace a part, or add one at the end."""
        pieces = [content] if isinstance(content, bytes) else list(content)
        if name in self._zip.NameToInfo and name not in self._removed:
            self._changed[name] = pieces
        else:
            self._added[name] = b"".join(pieces)

    def write_tree(self, name: str, root: etree._Element) -> None:
        self.write(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    def remove(self, name: str) -> None:
        self._changed.pop(name, None)
        if self._added.pop(name, None) is None:
            self._removed.add(name)

    # --- the parts that tie the others together

    def _find_workbook(self) -> str:
        for kind, target in self._relations("_rels/.rels", ""):
            if kind.endswith("/officeDocument"):
                return target[1]
        raise BadPackage("no workbook part")

    def _relations(self, rels: str, base: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """(type, (id, part name)) of each internal relation of a part in folder `base`."""
        if rels not in self:
            return
        for relation in self.read_tree(rels):
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            part = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            yield relation.get("Type", ""), (relation.get("Id", ""), part)

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """(last word of the type, id, part name) of each internal relation of `part`."""
        base = posixpath.dirname(part)
        return [(kind.rsplit("/", 1)[-1], id_, target) for kind, (id_, target) in self._relations(rels_of(part), base)]

    def sheets(self) -> list[Sheet]:
        """The worksheets in tab order (chart sheets and dialogs are passed over, but count in positions)."""
        parts = {id_: part for kind, id_, part in self.relations(self.workbook_part) if kind == "worksheet"}
        found = []
        entries = self.read_tree(self.workbook_part).iterfind("{*}sheets/{*}sheet")
        for position, entry in enumerate(entries):
            id_ = next((value for name, value in entry.attrib.items() if etree.QName(name).localname == "id"), "")
            part = parts.get(str(id_))
            if part is not None and part in self:
                found.append(Sheet(entry.get("name", ""), part, position))
        return found

    def add_relation(self, part: str, kind: str, target: str) -> str:
        """Relate `part` to `target` (a part name) and return the new id."""
        name = rels_of(part)
        empty = etree.Element(f"{{{PACKAGE_RELS}}}Relationships", nsmap={None: PACKAGE_RELS})
        root = self.read_tree(name) if name in self else empty
        used = {relation.get("Id") for relation in root}
        number = len(used) + 1
        while f"rId{number}" in used:
            number += 1
        relation = etree.SubElement(root, f"{{{PACKAGE_RELS}}}Relationship")
        relation.set("Id", f"rId{number}")
        relation.set("Type", f"{RELS}/{kind}")
        relation.set("Target", "/" + target)
        self.write_tree(name, root)
        return f"rId{number}"

    def remove_relation(self, part: str, target: str) -> None:
        name = rels_of(part)
        ids = {id_ for _, id_, found in self.relations(part) if found == target}
        root = self.read_tree(name)
        for relation in list(root):
            if relation.get("Id") in ids:
                root.remove(relation)
        self.write_tree(name, root)

    def set_content_type(self, part: str, content_type: str | None) -> None:
        """Declare the type of a part; None forgets it."""
        root = self.read_tree("[Content_Types].xml")
        for override in list(root):
            if override.get("PartName") == "/" + part:
                if override.get("ContentType") == content_type:
                    return
                root.remove(override)
        if content_type is not None:
            etree.SubElement(root, f"{{{CONTENT_TYPES}}}Override", PartName="/" + part, ContentType=content_type)
        self.write_tree("[Content_Types].xml", root)

    def set_default_type(self, extension: str, content_type: str) -> None:
        root = self.read_tree("[Content_Types].xml")
        if any((entry.get("Extension") or "").lower() == extension for entry in root):
            return
        entry = etree.Element(f"{{{CONTENT_TYPES}}}Default", Extension=extension, ContentType=content_type)
        root.insert(0, entry)
        self.write_tree("[Content_Types].xml", root)

    def new_part(self, pattern: str) -> str:
        """The first free name of a pattern such as "xl/worksheets/sheet{}.xml"."""
        taken = {name.lower() for name in self._zip.namelist()} | {name.lower() for name in self._added}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    # --- writing

    def save(self, out: IO[bytes]) -> None:
        """Write the package: unchanged members keep their compressed bytes, order and dates."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as target:
            for info in self._zip.infolist():
                if info.filename in self._removed:
                    continue
                if info.filename in self._changed:
                    fresh = zipfile.ZipInfo(info.filename, info.date_time)
                    fresh.compress_type = zipfile.ZIP_DEFLATED
                    fresh.external_attr = info.external_attr
                    _write_pieces(target, fresh, self._changed[info.filename])
                else:
                    self._copy_member(target, info)
            for name, content in self._added.items():
                fresh = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # no clock: the same workbook gives the same bytes
                fresh.compress_type = zipfile.ZIP_DEFLATED
                _write_pieces(target, fresh, [content])

    def _copy_member(self, target: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """Copy the compressed bytes as they are. `zipfile` has no call for it: we add to its own list of members."""
        start = info.header_offset
        header = _LOCAL_HEADER.unpack_from(self.data, start)
        begin = start + _LOCAL_HEADER.size + header[9] + header[10]
        copy = zipfile.ZipInfo(info.filename, info.date_time)
        copy.compress_type = info.compress_type
        copy.external_attr, copy.internal_attr = info.external_attr, info.internal_attr
        copy.create_system, copy.create_version = info.create_system, info.create_version
        copy.extract_version = info.extract_version
        copy.flag_bits = info.flag_bits & ~0x08  # sizes stand in the header, not after the data
        copy.comment = info.comment
        copy.CRC, copy.compress_size, copy.file_size = info.CRC, info.compress_size, info.file_size
        assert target.fp is not None
        copy.header_offset = target.fp.tell()
        target.fp.write(copy.FileHeader(False))
        target.fp.write(memoryview(self.data)[begin : begin + info.compress_size])
        target.filelist.append(copy)
        target.NameToInfo[copy.filename] = copy
        target.start_dir = target.fp.tell()


def _write_pieces(target: zipfile.ZipFile, info: zipfile.ZipInfo, pieces: Iterable[bytes]) -> None:
    waiting: list[bytes] = []
    size = 0
    with target.open(info, "w") as member:
        for piece in pieces:  # a changed sheet is many small pieces: compressed by the megabyte, not one by one
            waiting.append(piece)
            size += len(piece)
            if size > 1 << 20:
                member.write(b"".join(waiting))
                waiting, size = [], 0
        member.write(b"".join(waiting))


def rels_of(part: str) -> str:
    """ "xl/workbook.xml" -> "xl/_rels/workbook.xml.rels"."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def xml_text(escaped: bytes) -> str:
    """The text of an XML fragment without tags."""
    plain = re.sub(rb"<[^>]*>", b"", escaped).decode()
    return unescape(plain, {"&quot;": '"', "&apos;": "'"})
