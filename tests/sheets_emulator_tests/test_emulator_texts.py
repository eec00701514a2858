"""Notations and texts: A1, typed values, number formats, formulas, field masks.  Laws where there are laws."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets_emulator import Emulator
from sheets_emulator.a1 import Area, Block, column_index, column_name, parse_reference, range_name
from sheets_emulator.formats import formatted
from sheets_emulator.formulas import rewrite_after_delete, rewrite_after_insert, shifted
from sheets_emulator.locales import locale_facts
from sheets_emulator.masks import assign, parse_mask, select
from sheets_emulator.parsing import typed

US, FR, DE = locale_facts("en_US"), locale_facts("fr_FR"), locale_facts("de_DE")
TODAY = dt.date(2026, 3, 2)

index = st.integers(0, 3000)


@given(index)
def test_column_names_go_there_and_back(column: int) -> None:
    assert column_index(column_name(column)) == column


@given(st.text(min_size=1, max_size=20).filter(lambda text: "\n" not in text), index, index, st.integers(1, 9), st.integers(1, 9))
def test_a_range_is_read_as_it_was_written(title: str, top: int, left: int, height: int, width: int) -> None:
    block = Block(top, left, top + height, left + width)
    found = parse_reference(range_name(title, block))
    assert found is not None
    assert (found.title, found.area(1)) == (title, Area(1, block.top, block.bottom, block.left, block.right))


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 60), st.integers(1, 9))
def test_deleting_what_was_inserted_changes_nothing(top: int, height: int, at: int, count: int) -> None:
    area = Area(0, top, top + height, 0, 1)
    assert area.after_insert("ROWS", at, count).after_delete("ROWS", at, at + count) == area


@pytest.mark.parametrize(
    ("text", "facts", "value", "shown"),
    [
        ("42", US, 42, "42"),
        ("0042", US, 42, "42"),
        ("-1,234.50", US, -1234.5, "-1,234.50"),
        ("1,23", US, "1,23", "1,23"),
        ("(120.00)", US, -120, "-120"),
        ("$5", US, 5, "$5"),
        ("-$1,234.50", US, -1234.5, "-$1,234.50"),
        ("12%", US, 0.12, "12%"),
        ("1e5", US, 100000, "1.00E+05"),
        (" 7 ", US, 7, "7"),
        ("'0042", US, "0042", "0042"),
        ("true", US, True, "TRUE"),
        ("2020-01-31", US, 43861, "2020-01-31"),
        ("1/31/2020", US, 43861, "1/31/2020"),
        ("31/1/2020", US, "31/1/2020", "31/1/2020"),
        ("Jan 31, 2020", US, 43861, "Jan 31, 2020"),
        ("2020-01-31 18:00", US, 43861.75, "2020-01-31 18:00"),
        ("6:30 PM", US, 0.7708333333333334, "6:30 PM"),
        ("2020-02-30", US, "2020-02-30", "2020-02-30"),
        ("2020-01-31T18:00:00+01:00", US, "2020-01-31T18:00:00+01:00", "2020-01-31T18:00:00+01:00"),
        ("+33 6 12", US, "+33 6 12", "+33 6 12"),
        ("F-104", US, "F-104", "F-104"),
        ("FR76 3000", US, "FR76 3000", "FR76 3000"),
        ("1 234,50", FR, 1234.5, "1\u202f234,50"),
        ("1\u202f234,50 €", FR, 1234.5, "1\u202f234,50 €"),
        ("31/12/2025", FR, 46022, "31/12/2025"),
        ("12/31/2025", FR, "12/31/2025", "12/31/2025"),
        ("1.5", FR, "1.5", "1.5"),
        ("0,5", FR, 0.5, "0,5"),
        ("VRAI", FR, True, "VRAI"),
        ("31.12.2025", DE, 46022, "31.12.2025"),
        ("1.234,5", DE, 1234.5, "1.234,50"),
        ("#N/A", US, None, "#N/A"),
    ],
)
def test_typed_texts(text: str, facts: object, value: object, shown: str) -> None:
    found = typed(text, facts, TODAY)  # type: ignore[arg-type]
    if value is not None:
        assert found.value == value
        assert type(found.value) is type(value)
    assert formatted(found.value, found.number_format, facts) == shown  # type: ignore[arg-type]


@given(st.integers(-(10**14), 10**14) | st.decimals(-(10**6), 10**6, places=2).map(float), st.sampled_from([US, FR, DE]))
def test_a_number_typed_as_it_is_shown_is_the_same_number(number: float, facts: object) -> None:
    shown = formatted(number, None, facts)  # type: ignore[arg-type]
    assert typed(shown, facts, TODAY).value == pytest.approx(number, abs=1e-9)  # type: ignore[arg-type]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_iso_dates_are_days_since_the_end_of_1899(day: dt.date) -> None:
    found = typed(day.isoformat(), FR, TODAY)
    assert found.value == (day - dt.date(1899, 12, 30)).days
    assert formatted(found.value, found.number_format, FR) == day.isoformat()


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "shown"),
    [
        (1234.5, "NUMBER", "#,##0.00", "1,234.50"),
        (0.5, "NUMBER", "0", "1"),
        (1234567, "NUMBER", '0.0,,"M"', "1.2M"),
        (-5, "NUMBER", "0;(0)", "(5)"),
        (0, "NUMBER", '0;-0;"none"', "none"),
        (0.125, "PERCENT", "0.0%", "12.5%"),
        (1234.5, "CURRENCY", "[$€-40C]#,##0.00", "€1,234.50"),
        (12345, "SCIENTIFIC", "0.00E+00", "1.23E+04"),
        (43861.75, "DATE_TIME", "ddd d mmmm yyyy hh:mm", "Fri 31 January 2020 18:00"),
        (43861.75, "DATE_TIME", "M/d/yy h:mm:ss AM/PM", "1/31/20 6:00:00 PM"),
        (1.5, "TIME", "[h]:mm:ss", "36:00:00"),
        (43861, "DATE", "", "1/31/2020"),
        (7, "NUMBER", "[>=10]0;[<10]00", "07"),
        ("x", "TEXT", '"<"@">"', "<x>"),
        (1 / 3, "", "", "0.3333333333"),
        (1 / 1024, "", "", "0.0009765625"),
        (3.14159265358979, "", "", "3.141592654"),
        (1e20, "", "", "1E+20"),
    ],
)
def test_number_formats(value: float | str, kind: str, pattern: str, shown: str) -> None:
    number_format = {"type": kind, "pattern": pattern} if kind else None
    assert formatted(value, number_format, US) == shown


class TestFormulas:
    @pytest.mark.parametrize(
        ("formula", "shown"),
        [
            ("=1+2*3", "7"),
            ("=-2^2", "4"),
            ("=(1+2)*3%", "0.09"),
            ('="a"&"b"&1', "ab1"),
            ("=A1+A2", "30"),
            ("=SUM(A:A)", "60"),
            ("=sum(A1:A2; 5)", "35"),
            ("=AVERAGE(A1:A3)", "20"),
            ('=COUNTIF(A1:A3;">15")', "2"),
            ('=SUMIF(B1:B3,"x*",A1:A3)', "40"),
            ('=IF(A1>5,"big","small")', "big"),
            ('=IFERROR(1/0,"none")', "none"),
            ("=1/0", "#DIV/0!"),
            ("=A1+B1", "#VALUE!"),
            ("=NOPE(1)", "#NAME?"),
            ("=Nowhere!A1", "#REF!"),
            ("=1+", "#ERROR!"),
            ("=C1", "#REF!"),
            ('=VLOOKUP("xz",{"xy",1;"xz",2},2,FALSE)', "2"),
            ("=INDEX(A1:A3,MATCH(20,A1:A3,0))", "20"),
            ('=TEXT(43861,"yyyy-mm-dd")', "2020-01-31"),
            ("=DATE(2020,1,31)", "1/31/2020"),
            ("=ROUND(2.675,2)", "2.68"),
            ("=Other!A1", "7"),
            ("='Other'!$A$1*2", "14"),
            ('=TEXTJOIN("-",TRUE,A1:B2)', "10-xa-20-y"),
            ("=TODAY()", "3/2/2026"),
        ],
    )
    def test_results(self, emulator: Emulator, formula: str, shown: str) -> None:
        emulator.clock.set(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
        emulator.create(tabs={"T": [[10, "xa"], [20, "y"], [30, "xb"]], "Other": [[7]]})
        emulator.people.type("T", "C1", formula)
        assert emulator.people.read("T", "C1") == [[shown]]

    def test_formulas_follow_their_cells(self, emulator: Emulator) -> None:
        emulator.create(tabs={"T": [[1], [2], [3], ["=SUM(A1:A3)", "=$A$2"]], "U": [["=T!A2"]]})
        people = emulator.people
        people.insert_rows("T", 2)
        people.rename_tab("T", "New name")
        assert people.read("New name", "A5:B5", "FORMULA") == [["=SUM(A1:A4)", "=$A$3"]]
        assert people.read("U", "A1", "FORMULA") == [["='New name'!A3"]]
        people.delete_rows("New name", 3)
        assert people.read("U") == [["#REF!"]]
        assert people.read("New name", "A4") == [["4"]]

    def test_dates_stay_dates_in_formulas(self, emulator: Emulator) -> None:
        emulator.create(tabs={"T": [["2026-01-31", "=A1+1", '="due "&A1']]})
        assert emulator.people.read("T") == [["2026-01-31", "2026-02-01", "due 2026-01-31"]]

    @given(st.integers(0, 20), st.integers(1, 5))
    def test_rewriting_there_and_back(self, at: int, count: int) -> None:
        text = '=A5+SUM($B$7:C9)&"A5"&Other!A5'
        there = rewrite_after_insert(text, "T", "T", "ROWS", at, count)
        assert rewrite_after_delete(there, "T", "T", "ROWS", at, at + count) == text

    def test_copies_shift_only_what_is_not_fixed(self) -> None:
        assert shifted("=A1+$A1+A$1+$A$1", 2, 1) == "=B3+$A3+B$1+$A$1"
        assert shifted("=A1", -1, 0) == "=#REF!"


class TestMasks:
    def test_all_the_ways_to_write_one(self) -> None:
        assert parse_mask("a.b,a/c(d,e.f),g") == {"a": {"b": {}, "c": {"d": {}, "e": {"f": {}}}}, "g": {}}
        for text in ("", "a,,b", "a(b", "a)", "a..b"):
            with pytest.raises(ValueError, match="."):
                parse_mask(text)

    def test_selecting_crosses_lists(self) -> None:
        answer = {"sheets": [{"data": [{"rowData": [{"values": [{}, {"note": "n", "x": 1}]}]}], "properties": {}}], "id": 1}
        assert select(answer, parse_mask("sheets.data.rowData.values.note")) == {
            "sheets": [{"data": [{"rowData": [{"values": [{}, {"note": "n"}]}]}]}]
        }

    def test_a_named_field_that_is_absent_is_reset(self) -> None:
        target = {"a": 1, "b": {"c": 2, "d": 3}}
        assign(target, {"b": {"c": 5}}, parse_mask("a,b(c,d)"))
        assert target == {"b": {"c": 5}}
