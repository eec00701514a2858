"""A law: whatever a run writes, everything of other people in the file stays as it was."""

import zipfile
from datetime import date
from io import BytesIO, UnsupportedOperation
from pathlib import Path
from tempfile import TemporaryDirectory

from foreign_workbook import ROWS, make_foreign
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sync.workbook.cells import same_cell, storable
from sync.workbook.excel.carrier import Excel
from sync.workbook.excel.package import Package
from sync.workbook.tabs import Append, CellChange, Changes, RowInputs, TabRewrite

OURS = {"A": "invoice", "B": "customer", "C": "issued", "D": "due", "E": "amount", "G": "open", "H": "why", "I": "days_late"}
SHEET = "xl/worksheets/sheet1.xml"


def members(path: Path) -> dict[str, tuple[bytes, int, tuple[int, ...]]]:
    with zipfile.ZipFile(path) as book:
        return {info.filename: (book.read(info), info.compress_type, info.date_time) for info in book.infolist()}


def cells(xml: bytes) -> dict[str, tuple[dict[str, str], bytes]]:
    """Address -> attributes and content of each cell, read by another parser than the one that writes."""
    root = etree.fromstring(xml)
    return {
        cell.get("r"): (dict(cell.attrib), b"".join(etree.tostring(child, method="c14n") for child in cell))
        for cell in root.iter("{*}c")
    }


def column_of(address: str) -> str:
    return address.rstrip("0123456789")


def without_cells(xml: bytes) -> bytes:
    """All that the sheet holds beside its rows: formats, lists, sparklines, panes (the used area may grow)."""
    root = etree.fromstring(xml)
    root.find("{*}sheetData").clear()
    dimension = root.find("{*}dimension")
    root.remove(dimension)
    return etree.tostring(root, method="c14n")


def rows_without_cells(xml: bytes) -> dict[str, dict[str, str]]:
    return {row.get("r"): {k: v for k, v in row.attrib.items() if k != "spans"} for row in etree.fromstring(xml).iter("{*}row")}


values = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(
        ["=1+1", "+33", "-5", "@SUM(A1)", '"><c r="Z9"/>', "</t></is></c>", "_x0041_", "é\r\nè", "]]>", ' r="H3" ', "\x00\x0b"]
    ),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
)
changes = st.dictionaries(st.tuples(st.integers(2, ROWS + 1), st.sampled_from(["open", "why", "days_late"])), values, min_size=1)


@settings(deadline=None, max_examples=60)
@given(changes)
def test_foreign_parts_and_cells_are_the_same_after_any_write(wanted):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clients.xlsx"
        make_foreign(path)
        before = members(path)
        book = Excel(path)
        keys = book.read().tabs["invoices"].columns["invoice"]
        written = book.write(
            Changes(
                cells=[
                    CellChange(tab="invoices", row=row, key=keys[row - 2], column=column, before=None, after=value)
                    for (row, column), value in wanted.items()
                ]
            )
        )
        after = members(path)

        assert written.deferred == ()
        assert list(after) == list(before)
        for name in set(before) - {SHEET, "xl/workbook.xml", "xl/styles.xml"}:
            assert after[name] == before[name], name
        old, new = cells(before[SHEET][0]), cells(after[SHEET][0])
        assert {a: c for a, c in new.items() if column_of(a) not in "GHI"} == {
            a: c for a, c in old.items() if column_of(a) not in "GHI"
        }
        assert without_cells(after[SHEET][0]) == without_cells(before[SHEET][0])
        assert_only_recalculation(before["xl/workbook.xml"][0], after["xl/workbook.xml"][0])
        assert_styles_only_added(before["xl/styles.xml"][0], after["xl/styles.xml"][0])

        read = Excel(path).read().tabs["invoices"]
        for (row, column), value in wanted.items():
            stored = storable(value)
            found = read.columns[column][row - 2]
            assert same_cell(found, value) or (isinstance(stored, str) and not stored.strip()), (found, value)
        assert [str(cell) for cell in read.columns["due"]] == [
            str(date.fromordinal(date(2026, 1, 30 + 1).toordinal() + n)) for n in range(ROWS)
        ]


def assert_only_recalculation(before: bytes, after: bytes) -> None:
    old, new = etree.fromstring(before), etree.fromstring(after)
    for root in (old, new):
        for mark in root.findall("{*}calcPr"):
            root.remove(mark)
    assert etree.tostring(new, method="c14n") == etree.tostring(old, method="c14n")
    assert etree.fromstring(after).find("{*}calcPr").get("fullCalcOnLoad") == "1"


def assert_styles_only_added(before: bytes, after: bytes) -> None:
    """What was at an index is still there: additions stand at the end of their lists."""
    old, new = etree.fromstring(before), etree.fromstring(after)
    for name in ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
        was, now = (
            [etree.tostring(node, method="c14n2", strip_text=True) for node in root.iterfind(f"{{*}}{name}/*")]
            for root in (old, new)
        )
        assert now[: len(was)] == was


def test_init_in_a_persons_workbook_adds_and_changes_nothing_of_theirs(tmp_path):
    path = tmp_path / "clients.xlsx"
    make_foreign(path)
    before = members(path)
    assert Excel(path).init("fr")
    after = members(path)

    mended = {SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    notes = {"xl/comments/comment1.xml", "xl/drawings/commentsDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels"}
    for name in set(before) - mended - notes:
        assert after[name] == before[name], name
    old, new = cells(before[SHEET][0]), cells(after[SHEET][0])
    assert {address: new[address] for address in old} == old
    assert {int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for address in set(new) - set(old)} == {1}
    assert not {column_of(address) for address in set(new) - set(old)} & {column_of(address) for address in old}
    assert rows_without_cells(after[SHEET][0]) == rows_without_cells(before[SHEET][0])
    assert b"appeler avant midi" in after["xl/comments/comment1.xml"][0]
    assert_styles_only_added(before["xl/styles.xml"][0], after["xl/styles.xml"][0])
    sheet = etree.fromstring(after[SHEET][0])
    assert sheet.find("{*}extLst") is not None
    assert [col.get("width") for col in sheet.iter("{*}col") if col.get("min") == "6"] == ["33"]


def test_a_second_init_changes_no_byte(tmp_path):
    path = tmp_path / "clients.xlsx"
    make_foreign(path)
    Excel(path).init("fr")
    once = path.read_bytes()
    assert Excel(path).init("fr") == ()
    assert path.read_bytes() == once


def test_a_run_that_has_nothing_to_say_leaves_the_file_alone(tmp_path):
    path = tmp_path / "clients.xlsx"
    make_foreign(path)
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    book = Excel(path)
    book.read()
    same = CellChange(tab="invoices", row=2, key="001", column="why", before="someone else's", after="x")
    assert book.write(Changes()).cells == 0
    assert book.write(Changes(cells=[same])).deferred == ("001",)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, moment)


def test_a_whole_run_of_all_kinds_of_changes_keeps_the_persons_sheets(tmp_path):
    path = tmp_path / "clients.xlsx"
    make_foreign(path)
    Excel(path).init("fr")
    before = members(path)
    book = Excel(path)
    book.read()
    book.append_journal([{"when": "2026-02-10T09:00:00+01:00", "hash": "abc", "status": "sent", "amount": 12.5}])
    book.write(
        Changes(
            cells=[CellChange(tab="invoices", row=3, key="002", column="draft", before=None, after="Bonjour,\n\nMerci.")],
            inputs=[RowInputs(tab="invoices", row=3, key="002", cells={"amount": 201, "due": date(2026, 2, 1)})],
            rewrites=[TabRewrite(tab="today", rows=[{"task": "t1", "what": "Appeler"}])],
            appends=[Append(tab="payments", rows=[{"paid_on": date(2026, 2, 9), "invoice": "001", "amount": 100.5}])],
        )
    )
    after = members(path)
    old, new = cells(before[SHEET][0]), cells(after[SHEET][0])
    assert {address: new[address] for address in old} == old
    assert len(set(new) - set(old)) == 1
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert after["xl/charts/chart1.xml"] == before["xl/charts/chart1.xml"]


class _Pipe(BytesIO):
    """A stream that cannot go back, as a web server or a pipe: sizes then stand after the data in a zip."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise UnsupportedOperation

    def tell(self) -> int:
        raise UnsupportedOperation


def test_a_package_written_by_a_stream_keeps_every_member(tmp_path):
    source = tmp_path / "clients.xlsx"
    make_foreign(source)
    pipe = _Pipe()
    with zipfile.ZipFile(source) as book, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as out:
        for name in book.namelist():
            out.writestr(name, book.read(name))
        out.writestr("docProps/été.xml", "<a/>")
    package = Package(pipe.getvalue())
    package.write("xl/media/logo.png", b"another")
    package.remove("docProps/core.xml")
    package.write("xl/new.bin", b"new")
    saved = BytesIO()
    package.save(saved)
    with zipfile.ZipFile(BytesIO(pipe.getvalue())) as old, zipfile.ZipFile(saved) as new:
        assert new.testzip() is None
        kept = [name for name in old.namelist() if name != "docProps/core.xml"]
        assert new.namelist() == [*kept, "xl/new.bin"]
        assert {name: new.read(name) for name in kept if "logo" not in name} == {n: old.read(n) for n in kept if "logo" not in n}
        assert (new.read("xl/media/logo.png"), new.read("xl/new.bin")) == (b"another", b"new")
