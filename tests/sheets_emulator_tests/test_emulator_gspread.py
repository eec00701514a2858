"""Every method of gspread that changes or describes a sheet, against the emulator."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError, SpreadsheetNotFound
from gspread.utils import (
    DateTimeOption,
    Dimension,
    ExportFormat,
    MergeType,
    PasteType,
    ValidationConditionType,
    ValueInputOption,
    ValueRenderOption,
)
from sheets_emulator import Emulator
from sheets_emulator.clients import gspread_client


def metadata(book: gspread.Spreadsheet, **params: str) -> dict[str, object]:
    found: dict[str, object] = dict(book.fetch_sheet_metadata(dict(params) if params else None))
    return found


class TestFiles:
    def test_create_open_list_copy_delete(self, client: gspread.Client) -> None:
        book = client.create("First")
        assert (book.locale, book.timezone, book.sheet1.row_count, book.sheet1.col_count) == ("en_US", "Etc/GMT", 1000, 26)
        assert (book.sheet1.id, book.sheet1.title) == (0, "Sheet1")
        book.sheet1.update([["x"]], "A1")
        twin = client.copy(book.id)
        assert (twin.title, twin.sheet1.acell("A1").value) == ("Copy of First", "x")
        assert [one["name"] for one in client.list_spreadsheet_files()] == ["Copy of First", "First"]
        assert client.open("First").id == book.id
        assert client.open_by_url(book.url).id == book.id
        assert len(client.openall()) == 2
        client.del_spreadsheet(book.id)
        with pytest.raises(SpreadsheetNotFound):
            client.open("First")
        with pytest.raises(SpreadsheetNotFound):
            client.open_by_key(book.id)

    def test_renaming_changes_the_file_and_its_time(self, book: gspread.Spreadsheet) -> None:
        before = book.get_lastUpdateTime()
        book.update_title("Other")
        assert book.get_lastUpdateTime() > before
        assert metadata(book)["properties"]["title"] == "Other"  # type: ignore[index]

    def test_folders(self, client: gspread.Client) -> None:
        folder = client.http_client.request(
            "post",
            "https://www.googleapis.com/drive/v3/files",
            json={"name": "Folder", "mimeType": "application/vnd.google-apps.folder"},
        ).json()["id"]
        inside = client.create("Inside", folder_id=folder)
        client.create("Outside")
        assert [one["id"] for one in client.list_spreadsheet_files(folder_id=folder)] == [inside.id]
        with pytest.raises(APIError, match="File not found: nowhere"):
            client.create("Lost", folder_id="nowhere")

    def test_sharing_and_the_change_of_owner(self, emulator: Emulator, book: gspread.Spreadsheet) -> None:
        other = "other@example.iam.gserviceaccount.com"
        theirs = gspread_client(emulator, other)
        with pytest.raises(PermissionError):
            theirs.open_by_key(book.id)
        book.share(other, perm_type="user", role="reader")
        reader = theirs.open_by_key(book.id)
        with pytest.raises(APIError, match="The caller does not have permission"):
            reader.sheet1.update([["x"]], "A1")
        book.share(other, perm_type="user", role="writer", notify=False)
        reader.sheet1.update([["x"]], "A1")
        permission = next(one for one in book.list_permissions() if one.get("emailAddress") == other)
        book.transfer_ownership(str(permission["id"]))
        reader.accept_ownership(str(permission["id"]))
        assert {one["emailAddress"]: one["role"] for one in book.list_permissions()}[other] == "owner"
        reader.share("example.org", perm_type="domain", role="reader")
        reader.share("", perm_type="anyone", role="reader", with_link=True)
        assert [one["type"] for one in reader.list_permissions()] == ["user", "user", "domain", "anyone"]
        assert len(reader.remove_permissions("relance@test-project.iam.gserviceaccount.com")) == 1

    def test_export_and_import(self, client: gspread.Client, book: gspread.Spreadsheet) -> None:
        book.sheet1.update([["a", 'say "b"'], ["", "c,d"]], "A1")
        assert book.export(ExportFormat.CSV) == b'a,"say ""b"""\r\n,"c,d"'
        assert book.export(ExportFormat.EXCEL).startswith(b"PK")
        client.import_csv(book.id, "k,v\n007,2026-02-03\n")
        tab = client.open_by_key(book.id).sheet1
        assert tab.title == "A book"
        assert tab.get(value_render_option=ValueRenderOption.unformatted) == [["k", "v"], [7, 46056]]
        assert tab.get("B2") == [["2026-02-03"]]


class TestTabs:
    def test_add_duplicate_reorder_rename_hide_delete(self, book: gspread.Spreadsheet) -> None:
        one = book.add_worksheet("one", 10, 5)
        book.add_worksheet("two", 10, 5, index=0)
        one.update([["x"]], "B2")
        twin = book.duplicate_sheet(one.id, insert_sheet_index=1, new_sheet_name="twin")
        assert twin.acell("B2").value == "x"
        assert [tab.title for tab in book.worksheets()] == ["two", "twin", "Sheet1", "one"]
        book.reorder_worksheets([book.worksheet("one"), book.worksheet("Sheet1")])
        assert [tab.title for tab in book.worksheets()] == ["one", "Sheet1", "two", "twin"]
        twin.update_title("renamed")
        twin.update_index(0)
        one.hide()
        assert [tab.title for tab in book.worksheets(exclude_hidden=True)] == ["renamed", "Sheet1", "two"]
        one.show()
        book.del_worksheet(one)
        with pytest.raises(APIError, match=rf"deleteSheet: No sheet with id: {one.id}"):
            book.del_worksheet_by_id(one.id)
        with pytest.raises(APIError, match='A sheet with the name "TWO" already exists. Please enter another name.'):
            book.add_worksheet("TWO", 1, 1)

    def test_the_last_visible_tab_stays(self, book: gspread.Spreadsheet) -> None:
        with pytest.raises(APIError, match="You can't hide all the sheets in a document."):
            book.sheet1.hide()
        with pytest.raises(APIError, match="You can't remove all the sheets in a document."):
            book.del_worksheet(book.sheet1)

    def test_copy_to_another_file(self, client: gspread.Client, book: gspread.Spreadsheet) -> None:
        book.sheet1.update([["x"]], "A1")
        other = client.create("Other")
        made = book.sheet1.copy_to(other.id)
        assert made["title"] == "Copy of Sheet1"
        assert other.get_worksheet_by_id(made["sheetId"]).acell("A1").value == "x"

    def test_colours_gridlines_and_freezing(self, sheet: gspread.Worksheet) -> None:
        sheet.update_tab_color("#FF7F00")
        sheet.hide_gridlines()
        sheet.freeze(rows=1, cols=2)
        properties = metadata(sheet.spreadsheet)["sheets"][0]["properties"]  # type: ignore[index]
        assert properties["tabColorStyle"] == {"rgbColor": {"red": 1, "green": 0.49803922}}
        assert properties["gridProperties"] == {
            "rowCount": 1000,
            "columnCount": 26,
            "frozenRowCount": 1,
            "frozenColumnCount": 2,
            "hideGridlines": True,
        }
        sheet.clear_tab_color()
        assert "tabColorStyle" not in metadata(sheet.spreadsheet)["sheets"][0]["properties"]  # type: ignore[index]
        with pytest.raises(APIError, match="You can't freeze all visible rows on the sheet."):
            sheet.freeze(rows=1000)

    def test_locale_and_time_zone(self, book: gspread.Spreadsheet) -> None:
        book.update_locale("fr_FR")
        book.update_timezone("Europe/Paris")
        properties = metadata(book)["properties"]
        assert (properties["locale"], properties["timeZone"]) == ("fr_FR", "Europe/Paris")  # type: ignore[index]
        with pytest.raises(APIError, match="Invalid time zone: Nowhere"):
            book.update_timezone("Nowhere")


class TestRowsAndColumns:
    def test_resize_add_insert_delete(self, sheet: gspread.Worksheet) -> None:
        sheet.resize(5, 3)
        sheet.update([["a", "b", "c"], ["d", "e", "f"]], "A1")
        sheet.insert_row(["new"], index=2)
        assert sheet.col_values(1) == ["a", "new", "d"]
        sheet.insert_cols([["p", "q"]], col=2)
        assert sheet.row_values(1) == ["a", "p", "b", "c"]
        sheet.delete_columns(2)
        sheet.delete_rows(2)
        assert sheet.get_all_values() == [["a", "b", "c"], ["d", "e", "f"]]
        with pytest.raises(APIError, match="Tried to delete row index 5 but there are only 5 rows."):
            sheet.delete_rows(6)

    def test_all_rows_cannot_be_deleted(self, sheet: gspread.Worksheet) -> None:
        sheet.resize(2, 2)
        with pytest.raises(APIError, match="You can't delete all the rows on the sheet."):
            sheet.delete_rows(1, 2)
        sheet.freeze(rows=1)
        with pytest.raises(APIError, match="Sorry, it is not possible to delete all non-frozen rows."):
            sheet.delete_rows(2)

    def test_the_ten_millionth_cell_is_the_last(self, sheet: gspread.Worksheet) -> None:
        words = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
        with pytest.raises(APIError, match=words):
            sheet.resize(rows=400_000)
        with pytest.raises(APIError, match=words):
            sheet.spreadsheet.add_worksheet("big", 10_000, 1_000)

    def test_groups_and_hiding(self, sheet: gspread.Worksheet) -> None:
        sheet.add_dimension_group_rows(0, 4)
        sheet.add_dimension_group_rows(1, 3)
        assert [(group["range"]["startIndex"], group["depth"]) for group in sheet.list_dimension_group_rows()] == [(0, 1), (1, 2)]
        sheet.delete_dimension_group_rows(1, 3)
        assert len(sheet.list_dimension_group_rows()) == 1
        sheet.add_dimension_group_columns(0, 2)
        assert sheet.list_dimension_group_columns()[0]["depth"] == 1
        sheet.hide_rows(0, 1)
        sheet.hide_columns(1, 2)
        sheet.unhide_columns(1, 2)
        sheet.rows_auto_resize(0, 2)
        sheet.columns_auto_resize(0, 2)
        sheet.set_basic_filter("A1:B2")
        data = metadata(sheet.spreadsheet, ranges="Sheet1!A1:B2", fields="sheets.data(rowMetadata,columnMetadata)")
        assert data["sheets"][0]["data"][0]["rowMetadata"] == [{"hiddenByUser": True, "pixelSize": 21}, {"pixelSize": 21}]  # type: ignore[index]


class TestCells:
    def test_merging(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["a", "b", "x"], ["c", "d", "y"]], "A1")
        sheet.merge_cells("A1:B2", MergeType.merge_rows)
        assert sheet.get("A1:C2") == [["a", "", "x"], ["c", "", "y"]]
        assert sheet.get("A1:C2", combine_merged_cells=True) == [["a", "a", "x"], ["c", "c", "y"]]
        with pytest.raises(APIError, match="You must select all cells in a merged range to merge or unmerge them."):
            sheet.unmerge_cells("A1:A2")
        sheet.unmerge_cells("A1:B2")
        sheet.merge_cells("A1:B2")
        assert metadata(sheet.spreadsheet)["sheets"][0]["merges"] == [  # type: ignore[index]
            {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
        ]

    def test_sorting_puts_blanks_last_and_numbers_first(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["b"], [""], [10], ["a"], [9], [True]], "A1")
        sheet.sort((1, "asc"), range="A1:A6")
        assert sheet.get("A1:A6") == [["9"], ["10"], ["a"], ["b"], ["TRUE"]]
        sheet.sort((1, "des"), range="A1:A6")
        assert sheet.get("A1:A6") == [["TRUE"], ["b"], ["a"], ["10"], ["9"]]

    def test_notes(self, sheet: gspread.Worksheet) -> None:
        sheet.insert_note("B2", "remember")
        sheet.update_notes({"A1": "one", "C3": "three"})
        assert sheet.get_notes() == [["one"], ["", "remember"], ["", "", "three"]]
        assert sheet.get_note("B2") == "remember"
        sheet.clear_notes(["A1", "B2", "C3"])
        assert sheet.get_notes() == [[]]

    def test_formats_and_number_formats(self, sheet: gspread.Worksheet) -> None:
        sheet.update([[1234.5, 0.125, 46056]], "A1")
        sheet.format("A1", {"numberFormat": {"type": "CURRENCY", "pattern": '#,##0.00 "€"'}, "textFormat": {"bold": True}})
        sheet.batch_format(
            [
                {"range": "B1", "format": {"numberFormat": {"type": "PERCENT"}}},
                {"range": "C1", "format": {"numberFormat": {"type": "DATE", "pattern": "dd/mm/yyyy"}}},
            ]
        )
        assert sheet.get("A1:C1") == [["1,234.50 €", "12.50%", "03/02/2026"]]
        sheet.format("A1", {"textFormat": {"italic": True}})
        data = metadata(sheet.spreadsheet, ranges="Sheet1!A1", fields="sheets.data.rowData.values.userEnteredFormat.textFormat")
        cell = data["sheets"][0]["data"][0]["rowData"][0]["values"][0]  # type: ignore[index]
        assert cell["userEnteredFormat"]["textFormat"] == {"italic": True}

    def test_copy_and_cut(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["1", "=A1*2"]], "A1", value_input_option=ValueInputOption.user_entered)
        sheet.copy_range("A1:B1", "A2:B4")
        assert sheet.get("B1:B4", value_render_option=ValueRenderOption.formula) == [["=A1*2"], ["=A2*2"], ["=A3*2"], ["=A4*2"]]
        sheet.copy_range("B1:B2", "D1", paste_type=PasteType.values)
        assert sheet.get("D1:D2", value_render_option=ValueRenderOption.formula) == [[2], [2]]
        sheet.cut_range("D1:D2", "F1")
        assert sheet.get("D1:F2") == [["", "", "2"], ["", "", "2"]]

    def test_find_records_and_helpers(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["k", "v"], ["a", 1], ["b", 2]], "A1")
        found = sheet.find("b")
        assert found is not None
        assert found.address == "A3"
        assert sheet.get_all_records() == [{"k": "a", "v": 1}, {"k": "b", "v": 2}]
        sheet.update_cells([gspread.Cell(2, 2, "11"), gspread.Cell(3, 1, "bb")])
        assert sheet.get_all_values() == [["k", "v"], ["a", "11"], ["bb", "2"]]
        assert sheet.expand("A1") == [["k", "v"], ["a", "11"], ["bb", "2"]]
        sheet.clear()
        assert sheet.get_all_values() == [[]]

    def test_validation_filters_and_named_ranges(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["k", "v"], ["a", 1]], "A1")
        sheet.add_validation("C2:C4", ValidationConditionType.one_of_list, ["yes", "no"], strict=True, showCustomUi=True)
        sheet.set_basic_filter()
        assert metadata(sheet.spreadsheet)["sheets"][0]["basicFilter"]["range"]["endRowIndex"] == 1000  # type: ignore[index]
        sheet.clear_basic_filter()
        made = sheet.define_named_range("A1:B2", "Data")
        assert sheet.get("Data") == [["k", "v"], ["a", "1"]]
        sheet.insert_rows([[]], 1)
        assert sheet.spreadsheet.list_named_ranges()[0]["range"]["startRowIndex"] == 1
        with pytest.raises(APIError, match="Cannot add named range with name Data, a named range with that name already exists."):
            sheet.define_named_range("A1", "Data")
        sheet.delete_named_range(made["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"])
        assert sheet.spreadsheet.list_named_ranges() == []

    def test_protected_ranges(self, sheet: gspread.Worksheet) -> None:
        reply = sheet.add_protected_range("A1:B2", editor_users_emails=["a@example.org"], description="keep")
        made = reply["replies"][0]["addProtectedRange"]["protectedRange"]
        assert made["requestingUserCanEdit"] is True
        listed = sheet.spreadsheet.list_protected_ranges(0)
        assert listed[0]["description"] == "keep"
        assert "relance@test-project.iam.gserviceaccount.com" in listed[0]["editors"]["users"]
        sheet.delete_protected_range(made["protectedRangeId"])
        assert sheet.spreadsheet.list_protected_ranges(0) == []

    def test_reading_options(self, sheet: gspread.Worksheet) -> None:
        sheet.update([["2026-02-03", "=1/0"]], "A1", value_input_option=ValueInputOption.user_entered)
        assert sheet.batch_get(
            ["A1", "B1"],
            major_dimension=Dimension.cols,
            value_render_option=ValueRenderOption.unformatted,
            date_time_render_option=DateTimeOption.formatted_string,
        ) == [[["2026-02-03"]], [["#DIV/0!"]]]
