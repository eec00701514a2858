"""Reading and writing values, as recorded exchanges and Google's documents have it."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import DateTimeOption, Dimension, InsertDataOption, ValueInputOption, ValueRenderOption
from sheets_emulator import Emulator


def test_an_empty_range_has_no_values_at_all(sheet: gspread.Worksheet) -> None:
    answer = sheet.spreadsheet.values_get("Sheet1!A1:B2")
    assert answer == {"range": "Sheet1!A1:B2", "majorDimension": "ROWS"}


def test_rows_are_cut_after_their_last_cell_and_trailing_rows_vanish(sheet: gspread.Worksheet) -> None:
    sheet.update([["A1", "B1", "", "D1"], ["", "b2", "", ""], ["", "", "", ""], ["A4", "", "", ""], ["", "", "", ""]], "A1")
    assert sheet.spreadsheet.values_get("Sheet1")["values"] == [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4"]]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("A:A", "Sheet1!A1:A1000"),
        ("Sheet1!A1:1", "Sheet1!A1:Z1"),
        ("Sheet1!B2:C", "Sheet1!B2:C1000"),
        ("Sheet1!2:3", "Sheet1!A2:Z3"),
        ("Sheet1!D4:A1", "Sheet1!A1:D4"),
        ("Sheet1!R2C3", "Sheet1!C2"),
        ("'sheet1'!$A$1", "Sheet1!A1"),
        ("Sheet1!A1:ZZ5000", "Sheet1!A1:Z1000"),
    ],
)
def test_the_answer_names_the_asked_range_cut_to_the_grid(sheet: gspread.Worksheet, asked: str, answered: str) -> None:
    assert sheet.spreadsheet.values_get(asked)["range"] == answered


@pytest.mark.parametrize("asked", ["Nowhere!A1", "A0", "Sheet1!", "Sheet1!A1:B2:C3", "!A1", "nothing"])
def test_an_unknown_range_is_a_400_not_a_404(sheet: gspread.Worksheet, asked: str) -> None:
    with pytest.raises(APIError) as caught:
        sheet.spreadsheet.values_get(asked)
    assert caught.value.code == 400
    assert caught.value.error["message"] == f"Unable to parse range: {asked}"


def test_reading_beyond_the_grid_is_refused_in_googles_words(sheet: gspread.Worksheet) -> None:
    with pytest.raises(APIError, match=r"Range \(Sheet1!A1001:B1002\) exceeds grid limits. Max rows: 1000, max columns: 26"):
        sheet.get("A1001:B1002")


def test_titles_are_quoted_only_when_they_need_it(book: gspread.Spreadsheet) -> None:
    ranges = []
    for title in ("Plain_1", "D3", "it's", "with space", "Échéances", "R1C1"):
        book.add_worksheet(title, 5, 5)
        quoted = title.replace("'", "''")
        ranges.append(book.values_get(f"'{quoted}'!A1")["range"])
    assert ranges == ["Plain_1!A1", "'D3'!A1", "'it''s'!A1", "'with space'!A1", "'Échéances'!A1", "'R1C1'!A1"]


def test_an_unquoted_title_that_looks_like_a_cell_is_a_cell(book: gspread.Spreadsheet) -> None:
    book.add_worksheet("D3", 5, 5)
    assert book.values_get("D3")["range"] == "Sheet1!D3"
    assert book.values_get("'D3'")["range"] == "'D3'!A1:E5"


def test_columns_as_the_major_dimension(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", ""]], "A1")
    assert sheet.get("A1:C3", major_dimension=Dimension.cols) == [["a", "c"], ["b"]]
    sheet.update([["x", "y"], ["z"]], "E1", major_dimension=Dimension.cols)
    assert sheet.get("E1:F2") == [["x", "z"], ["y"]]


def test_raw_keeps_texts_and_typing_reads_them(sheet: gspread.Worksheet) -> None:
    texts = ["0042", "=1+1", "2020-01-01", "TRUE", "2,000,000.01"]
    sheet.update([texts], "A1")
    assert sheet.get("A1:E1", value_render_option=ValueRenderOption.unformatted) == [texts]
    sheet.update([texts], "A2", value_input_option=ValueInputOption.user_entered)
    assert sheet.get("A2:E2", value_render_option=ValueRenderOption.unformatted) == [[42, 2, 43831, True, 2000000.01]]
    assert sheet.get("A2:E2") == [["42", "2", "2020-01-01", "TRUE", "2,000,000.01"]]
    assert sheet.get("A2:E2", value_render_option=ValueRenderOption.formula) == [[42, "=1+1", 43831, True, 2000000.01]]


def test_dates_as_text_only_where_values_are_unformatted(sheet: gspread.Worksheet) -> None:
    sheet.update([["2020-01-01"]], "A1", value_input_option=ValueInputOption.user_entered)

    def read(render: ValueRenderOption, dates: DateTimeOption) -> object:
        return sheet.get("A1", value_render_option=render, date_time_render_option=dates)[0][0]

    assert read(ValueRenderOption.unformatted, DateTimeOption.serial_number) == 43831
    assert read(ValueRenderOption.unformatted, DateTimeOption.formatted_string) == "2020-01-01"
    assert read(ValueRenderOption.formatted, DateTimeOption.serial_number) == "2020-01-01"


def test_null_leaves_a_cell_alone_and_empty_text_empties_it(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b", "c"]], "A1")
    answer = sheet.update([[None, "", "C"]], "A1:C1")
    assert sheet.get("A1:C1") == [["a", "", "C"]]
    assert (answer["updatedRange"], answer["updatedCells"], answer["updatedColumns"]) == ("Sheet1!A1:C1", 2, 2)


def test_counts_of_a_batch_are_of_distinct_rows_and_columns(sheet: gspread.Worksheet) -> None:
    answer = sheet.batch_update([{"range": "A1:B1", "values": [[1, 2]]}, {"range": "A3:B3", "values": [[3, 4]]}])
    assert answer["totalUpdatedRows"] == 2
    assert answer["totalUpdatedColumns"] == 2
    assert answer["totalUpdatedCells"] == 4
    assert answer["totalUpdatedSheets"] == 1


@pytest.mark.parametrize(
    ("target", "rows", "words"),
    [
        ("A1:B1", [[1, 2, 3]], "Requested writing within range ['Sheet1'!A1:B1], but tried writing to column [C]"),
        ("A1:B1", [[1], [2]], "Requested writing within range ['Sheet1'!A1:B1], but tried writing to row [2]"),
        ("A999", [[1], [2], [3]], "Requested writing within range ['Sheet1'!A999], but tried writing to row [1001]"),
        ("A1001", [[1]], "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_data_that_do_not_fit_are_refused(sheet: gspread.Worksheet, target: str, rows: list[list[int]], words: str) -> None:
    with pytest.raises(APIError) as caught:
        sheet.update(rows, target)
    assert caught.value.error["message"] == words
    assert sheet.get_all_values() == [[]]


def test_a_start_whose_data_overflow_the_grid_may_grow_it(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.switches.update_overflow = "grow"
    sheet.update([[1], [2], [3]], "A999")
    assert sheet.spreadsheet.values_get("Sheet1!A1:A")["range"] == "Sheet1!A1:A1001"


def test_a_batch_with_one_bad_range_writes_nothing(sheet: gspread.Worksheet) -> None:
    with pytest.raises(APIError, match=r"Invalid data\[1\]: Unable to parse range: Nowhere!A1"):
        sheet.spreadsheet.values_batch_update(
            {
                "valueInputOption": "RAW",
                "data": [{"range": "Sheet1!A1", "values": [["x"]]}, {"range": "Nowhere!A1", "values": [["y"]]}],
            }
        )
    assert sheet.get_all_values() == [[]]


def test_texts_longer_than_a_cell_are_refused(sheet: gspread.Worksheet) -> None:
    sheet.update([["x" * 50_000]], "A1")
    with pytest.raises(APIError, match="more than the maximum of 50000 characters in a single cell"):
        sheet.update([["x" * 50_001]], "A1")


def test_values_must_be_a_list_of_lists_of_scalars(sheet: gspread.Worksheet) -> None:
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{sheet.spreadsheet_id}/values/A1"

    def refuse(values: object) -> dict[str, object]:
        with pytest.raises(APIError) as caught:
            sheet.client.request("put", url, params={"valueInputOption": "RAW"}, json={"values": values})
        error: dict[str, object] = caught.value.response.json()["error"]
        return error

    text = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    error = refuse("X")
    assert error["message"] == text
    assert error["details"] == [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "data.values", "description": text}]}
    ]
    assert "'data.values[0]'" in str(refuse(["x"])["message"])
    assert str(refuse([[["x"]]])["message"]).startswith("Invalid values[0][0]: list_value {")


def test_an_input_option_must_be_given(sheet: gspread.Worksheet) -> None:
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{sheet.spreadsheet_id}/values/A1"
    with pytest.raises(APIError, match="'valueInputOption' is required but not specified"):
        sheet.client.request("put", url, json={"values": [[1]]})


def test_clearing_keeps_formats_and_names_the_cleared_range(sheet: gspread.Worksheet) -> None:
    sheet.update([["2020-01-01"]], "A1", value_input_option=ValueInputOption.user_entered)
    assert sheet.batch_clear(["A1:B2", "C:C"])["clearedRanges"] == ["Sheet1!A1:B2", "Sheet1!C1:C1000"]
    sheet.update([[43831]], "A1")
    assert sheet.get("A1") == [["2020-01-01"]]
    with pytest.raises(APIError, match=r"Invalid range\[0\]: Range \(Sheet1!A1001:ZZ\) exceeds grid limits"):
        sheet.batch_clear(["A1001:ZZ"])


class TestAppend:
    def test_a_blank_cell_splits_the_table(self, sheet: gspread.Worksheet) -> None:
        assert "tableRange" not in sheet.append_row(["x", "", "y"])
        answer = sheet.append_row(["x", "", "y"])
        assert (answer["tableRange"], answer["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2:E2")

    def test_an_anchor_keeps_the_column(self, sheet: gspread.Worksheet) -> None:
        sheet.append_row(["x", "", "y"])
        answer = sheet.append_row(["x", "", "y"], table_range="A1")
        assert (answer["tableRange"], answer["updates"]["updatedRange"]) == ("Sheet1!A1", "Sheet1!A2:C2")

    @pytest.mark.parametrize(
        ("asked", "start"),
        [("Sheet1", "B7"), ("B4", "B7"), ("C5:D5", "B7"), ("B2:D4", "B7"), ("A3:G10", "B7"), ("A1", "A3"), ("E4", "E4")],
    )
    def test_the_examples_of_googles_guide(self, sheet: gspread.Worksheet, asked: str, start: str) -> None:
        sheet.batch_update(
            [
                {"range": "A1:C2", "values": [["x", "y", "z"], ["x", "y", "z"]]},
                {"range": "B4:D6", "values": [["x", "y", ""], ["", "y", "z"], ["", "x", "y"]]},
            ]
        )
        answer = sheet.spreadsheet.values_append(asked, {"valueInputOption": "RAW"}, {"values": [["new"]]})
        assert answer["updates"]["updatedRange"] == f"Sheet1!{start}"

    def test_it_grows_the_grid_at_its_end(self, sheet: gspread.Worksheet) -> None:
        sheet.resize(2, 2)
        sheet.update([["a", "b"], ["c", "d"]], "A1")
        assert sheet.append_row(["e", "f", "g"])["updates"]["updatedRange"] == "Sheet1!A3:C3"
        assert sheet.spreadsheet.values_get("Sheet1")["range"] == "Sheet1!A1:C3"

    def test_overwriting_takes_a_note_below_the_table_and_inserting_does_not(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["h"], ["1"], [""], ["note"]], "A1")
        sheet.append_rows([["2"], ["3"], ["4"]], table_range="A1")
        assert sheet.col_values(1) == ["h", "1", "2", "3", "4"]
        sheet.update([["h"], ["1"], [""], ["note"], [""]], "A1")
        sheet.append_rows([["2"], ["3"]], table_range="A1", insert_data_option=InsertDataOption.insert_rows)
        assert sheet.col_values(1) == ["h", "1", "2", "3", "", "note"]

    def test_the_choice_among_tables_is_a_switch(self, emulator: Emulator, sheet: gspread.Worksheet) -> None:
        sheet.update([["a", "", "note"], ["b"]], "A1")
        assert sheet.append_row(["c"])["tableRange"] == "Sheet1!A1:A2"
        emulator.switches.append_table = "rightmost"
        assert sheet.append_row(["d"])["tableRange"] == "Sheet1!C1"


class TestDataFilters:
    def test_values_by_row_metadata(self, book: gspread.Spreadsheet, sheet: gspread.Worksheet) -> None:
        sheet.update([["a", 1], ["b", 2], ["c", 3]], "A1")
        location = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
        wanted = {"metadataKey": "invoice", "metadataValue": "b", "location": location, "visibility": "DOCUMENT"}
        book.batch_update({"requests": [{"createDeveloperMetadata": {"developerMetadata": wanted}}]})
        by_key = {"developerMetadataLookup": {"metadataKey": "invoice", "metadataValue": "b"}}
        sheet.insert_rows([["new", 0]], row=1)

        url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/values:batchGetByDataFilter"
        found = sheet.client.request("post", url, json={"dataFilters": [by_key]}).json()["valueRanges"]
        assert found[0]["valueRange"]["values"] == [["b", "2"]]

        url = url.replace("Get", "Update")
        data = [{"dataFilter": by_key, "majorDimension": "ROWS", "values": [[None, 22]]}]
        answer = sheet.client.request("post", url, json={"valueInputOption": "RAW", "data": data}).json()
        assert answer["responses"][0]["updatedRange"] == "Sheet1!A3:B3"
        assert sheet.col_values(2) == ["0", "1", "22", "3"]

        sheet.delete_rows(3)
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{book.id}/developerMetadata:search"
        assert sheet.client.request("post", url, json={"dataFilters": [by_key]}).json() == {}
