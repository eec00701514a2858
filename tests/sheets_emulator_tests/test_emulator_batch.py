"""Requests of batchUpdate that gspread has no method for, and the rules they share."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ValueInputOption, ValueRenderOption

A1_B3 = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}


def send(sheet: gspread.Worksheet, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    replies: list[dict[str, Any]] = sheet.spreadsheet.batch_update({"requests": list(requests)})["replies"]
    return replies


def refusal(sheet: gspread.Worksheet, body: dict[str, Any]) -> str:
    with pytest.raises(APIError) as caught:
        sheet.spreadsheet.batch_update(body)
    assert caught.value.code == 400
    return str(caught.value.error["message"])


def test_one_bad_request_undoes_them_all(sheet: gspread.Worksheet) -> None:
    fill = {
        "updateCells": {
            "start": {"sheetId": 0},
            "rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}],
            "fields": "*",
        }
    }
    words = refusal(sheet, {"requests": [fill, {"deleteSheet": {"sheetId": 77}}]})
    assert words == "Invalid requests[1].deleteSheet: No sheet with id: 77"
    assert sheet.get_all_values() == [[]]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"requests": []}, "Must specify at least one request."),
        ({}, "Must specify at least one request."),
        (
            {"requests": [{"frobnicate": {}}]},
            "Invalid JSON payload received. Unknown name \"frobnicate\" at 'requests[0]': Cannot find field.",
        ),
        (
            {"requests": [{"mergeCells": {"range": {"rows": 1}}}]},
            "Invalid JSON payload received. Unknown name \"rows\" at 'requests[0].merge_cells.range': Cannot find field.",
        ),
        (
            {"requests": [{"deleteSheet": {"sheetId": "x"}}]},
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
        ),
        (
            {"requests": ["repeatCell"]},
            "Invalid value at 'requests[0]' (type.googleapis.com/google.apps.sheets.v4.BatchUpdateSpreadsheetRequest.Request), \"repeatCell\"",
        ),
        (
            {"requests": [{"addSheet": {}, "deleteSheet": {}}]},
            "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'",
        ),
        (
            {"requests": [{"repeatCell": {"range": A1_B3, "cell": {}}}]},
            "Invalid requests[0].repeatCell: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        (
            {
                "requests": [
                    {"repeatCell": {"range": {"sheetId": 0, "startRowIndex": 1000, "endColumnIndex": 2}, "fields": "note"}}
                ]
            },
            "Invalid requests[0].repeatCell: Range (Sheet1!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            {"requests": [{"repeatCell": {"range": {"sheetId": 0, "startColumnIndex": 26, "endRowIndex": 2}, "fields": "note"}}]},
            "Invalid requests[0].repeatCell: Range (Sheet1!AA1:2) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ({"requests": [{"mergeCells": {"range": {"sheetId": 5}}}]}, "Invalid requests[0].mergeCells: No grid with id: 5"),
    ],
)
def test_refusals_are_worded_as_google_words_them(sheet: gspread.Worksheet, body: dict[str, Any], words: str) -> None:
    assert refusal(sheet, body) == words


def test_a_range_that_only_ends_beyond_the_grid_is_taken(sheet: gspread.Worksheet) -> None:
    area = {"sheetId": 0, "startRowIndex": 998, "endRowIndex": 1003, "startColumnIndex": 0, "endColumnIndex": 1}
    send(sheet, {"repeatCell": {"range": area, "cell": {"userEnteredValue": {"numberValue": 1}}, "fields": "userEnteredValue"}})
    assert sheet.get("A999:A") == [["1"], ["1"]]


def test_cells_of_a_range_without_data_are_cleared(sheet: gspread.Worksheet) -> None:
    sheet.update([["a", "b"], ["c", "d"]], "A1")
    rows = [{"values": [{"userEnteredValue": {"formulaValue": "=2*3"}}]}]
    send(sheet, {"updateCells": {"range": {**A1_B3, "endRowIndex": 2}, "rows": rows, "fields": "userEnteredValue"}})
    assert sheet.get_all_values() == [["6"]]
    words = refusal(
        sheet,
        {
            "requests": [
                {"updateCells": {"range": {**A1_B3, "endColumnIndex": 1}, "rows": [{"values": [{}, {}]}], "fields": "note"}}
            ]
        },
    )
    assert words == "Invalid requests[0].updateCells: Attempting to write column: 1, beyond the last requested column of: 0"


def test_find_and_replace_counts_and_may_read_the_replacement_as_typed(sheet: gspread.Worksheet) -> None:
    sheet.update([["remind F-1", "remind F-2"], ["x", "remind F-1"]], "A1")
    whole = {"find": "remind F-2", "replacement": "2026-12-01", "matchEntireCell": True, "allSheets": True}
    assert send(sheet, {"findReplace": whole}) == [
        {"findReplace": {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1}}
    ]
    assert sheet.get("B1", value_render_option=ValueRenderOption.unformatted) == [[46357]]
    assert send(sheet, {"findReplace": {**whole, "find": "gone"}}) == [{"findReplace": {}}]
    pattern = {"find": "remind (F-\\d)", "replacement": "$1!", "searchByRegex": True, "sheetId": 0}
    assert send(sheet, {"findReplace": pattern})[0]["findReplace"]["occurrencesChanged"] == 2
    assert sheet.get("A1:B2") == [["F-1!", "2026-12-01"], ["x", "F-1!"]]


def test_ranges_rules_and_bands_follow_inserted_rows(sheet: gspread.Worksheet) -> None:
    rule = {"ranges": [A1_B3], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}}
    band = {"range": A1_B3, "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {"green": 1}}}
    replies = send(
        sheet,
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addBanding": {"bandedRange": band}},
        {"addFilterView": {"filter": {"title": "mine", "range": A1_B3}}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 3}}},
    )
    assert replies[1]["addBanding"]["bandedRange"]["bandedRangeId"] > 0
    tab = sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]
    assert tab["conditionalFormats"][0]["ranges"][0]["endRowIndex"] == 5
    assert tab["bandedRanges"][0]["range"]["endRowIndex"] == 5
    assert tab["filterViews"][0]["range"]["endRowIndex"] == 5
    reply = send(sheet, {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})[0]
    assert reply["deleteConditionalFormatRule"]["rule"]["booleanRule"]["condition"]["type"] == "NOT_BLANK"
    assert refusal(sheet, {"requests": [{"deleteConditionalFormatRule": {"index": 0}}]}).endswith(
        "No conditional format on sheet: 0 at index: 0"
    )


def test_filling_pasting_splitting_and_tidying(sheet: gspread.Worksheet) -> None:
    sheet.update([["1"], ["2"]], "A1", value_input_option=ValueInputOption.user_entered)
    source = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    send(
        sheet,
        {"autoFill": {"sourceAndDestination": {"source": source, "dimension": "ROWS", "fillLength": 2}}},
        {"pasteData": {"coordinate": {"sheetId": 0, "columnIndex": 1}, "data": "x;  y  z \nx;w", "delimiter": ";"}},
        {"trimWhitespace": {"range": {"sheetId": 0}}},
    )
    assert sheet.get_all_values() == [["1", "x", "y z"], ["2", "x", "w"], ["3", "", ""], ["4", "", ""]]
    reply = send(
        sheet, {"deleteDuplicates": {"range": {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2, "endRowIndex": 2}}}
    )
    assert reply == [{"deleteDuplicates": {"duplicatesRemovedCount": 1}}]
    send(sheet, {"textToColumns": {"source": {**source, "startColumnIndex": 2, "endColumnIndex": 3}, "delimiterType": "SPACE"}})
    assert sheet.row_values(1) == ["1", "x", "y", "z"]
    down = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    send(
        sheet,
        {"insertRange": {"range": down, "shiftDimension": "ROWS"}},
        {"deleteRange": {"range": down, "shiftDimension": "COLUMNS"}},
    )
    assert sheet.get("A1:C2") == [["x", "y", "z"], ["1", "", "w"]]


def test_borders_are_kept_with_their_widths(sheet: gspread.Worksheet) -> None:
    side = {"style": "SOLID_THICK", "color": {"red": 1}}
    send(sheet, {"updateBorders": {"range": A1_B3, "top": side, "innerVertical": side}})
    found = sheet.spreadsheet.fetch_sheet_metadata(
        {"ranges": "A1:B1", "fields": "sheets.data.rowData.values.userEnteredFormat.borders"}
    )
    left, right = found["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert left["userEnteredFormat"]["borders"]["top"] == {
        "style": "SOLID_THICK",
        "width": 3,
        "color": {"red": 1},
        "colorStyle": {"rgbColor": {"red": 1}},
    }
    assert set(right["userEnteredFormat"]["borders"]) == {"top", "left"}


def test_the_answer_may_hold_the_spreadsheet(sheet: gspread.Worksheet) -> None:
    body = {
        "requests": [{"updateSheetProperties": {"properties": {"sheetId": 0, "title": "T"}, "fields": "title"}}],
        "includeSpreadsheetInResponse": True,
    }
    assert sheet.spreadsheet.batch_update(body)["updatedSpreadsheet"]["sheets"][0]["properties"]["title"] == "T"


def test_row_metadata_stays_with_its_row_and_dies_with_it(sheet: gspread.Worksheet) -> None:
    span = {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    wanted = {"metadataKey": "k", "location": {"dimensionRange": span}, "visibility": "DOCUMENT"}
    made = send(sheet, {"createDeveloperMetadata": {"developerMetadata": wanted}})[0]["createDeveloperMetadata"][
        "developerMetadata"
    ]
    assert made["location"] == {"locationType": "ROW", "dimensionRange": {"dimension": "ROWS", "startIndex": 3, "endIndex": 4}}
    sheet.delete_rows(1, 2)
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{sheet.spreadsheet_id}/developerMetadata/{made['metadataId']}"
    assert sheet.client.request("get", url).json()["location"]["dimensionRange"]["startIndex"] == 1
    sheet.delete_rows(2)
    with pytest.raises(APIError, match="Requested entity was not found."):
        sheet.client.request("get", url)
    wide = {**wanted, "location": {"dimensionRange": {**span, "endIndex": 6}}}
    assert "single row or column" in refusal(sheet, {"requests": [{"createDeveloperMetadata": {"developerMetadata": wide}}]})


def test_objects_are_kept_and_given_back(sheet: gspread.Worksheet) -> None:
    position = {"overlayPosition": {"anchorCell": {"sheetId": 0, "rowIndex": 1, "columnIndex": 1}}}
    reply = send(
        sheet,
        {"addChart": {"chart": {"spec": {"title": "Ageing"}, "position": position}}},
        {"addTable": {"table": {"name": "Invoices", "range": A1_B3}}},
    )
    chart = reply[0]["addChart"]["chart"]["chartId"]
    tab = sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]
    assert (tab["charts"][0]["spec"]["title"], tab["tables"][0]["name"]) == ("Ageing", "Invoices")
    send(sheet, {"deleteEmbeddedObject": {"objectId": chart}}, {"deleteTable": {"tableId": tab["tables"][0]["tableId"]}})
    assert "charts" not in sheet.spreadsheet.fetch_sheet_metadata()["sheets"][0]
