"""People edit the sheet between two requests of a program."""

from __future__ import annotations

import gspread
import pytest
from gspread.exceptions import APIError
from gspread.utils import ValueRenderOption
from sheets_emulator import Emulator
from sheets_emulator.clients import gspread_client

ROWS: list[list[str | int]] = [
    ["Invoice", "Customer", "Amount"],
    ["F-3", "Cerise", 30],
    ["F-1", "Abricot", 10],
    ["F-2", "Banane", 20],
]


@pytest.fixture
def invoices(emulator: Emulator) -> gspread.Worksheet:
    file_id = emulator.create(tabs={"Invoices": ROWS, "Notes": [["hello"]]})
    return gspread_client(emulator).open_by_key(file_id).worksheet("Invoices")


def test_a_sort_between_read_and_write_misplaces_a_naive_write(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    emulator.between(1, lambda: emulator.people.sort("Invoices", "A"))
    row = [line[0] for line in invoices.get("A1:C4")].index("F-3") + 1
    invoices.update([["reminded"]], f"D{row}")
    assert emulator.people.read("Invoices", "A2:D4") == [
        ["F-1", "Abricot", "10", "reminded"],
        ["F-2", "Banane", "20"],
        ["F-3", "Cerise", "30"],
    ]


def test_edits_run_between_the_requests_they_are_meant_for(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    emulator.between(2, lambda: emulator.people.type("Invoices", "C2", "31"))
    seen = [invoices.acell("C2").value for _ in range(3)]
    assert seen == ["30", "30", "31"]
    emulator.before("values.get", lambda: emulator.people.type("Invoices", "C2", "32"))
    emulator.after("values.get", lambda: emulator.people.type("Invoices", "C2", "33"))
    assert [invoices.acell("C2").value for _ in range(2)] == ["32", "33"]


def test_every_kind_of_edit(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    people = emulator.people
    people.insert_rows("Invoices", before=3, count=2)
    assert invoices.col_values(1) == ["Invoice", "F-3", "", "", "F-1", "F-2"]
    people.delete_rows("Invoices", 3, 2)
    people.move_rows("Invoices", 4, 1, before=2)
    assert invoices.col_values(1) == ["Invoice", "F-2", "F-3", "F-1"]
    people.swap_columns("Invoices", "A", "C")
    assert invoices.row_values(1) == ["Amount", "Customer", "Invoice"]
    people.insert_columns("Invoices", before="B")
    assert invoices.row_values(1) == ["Amount", "", "Customer", "Invoice"]
    people.delete_columns("Invoices", "B")
    people.rename_tab("Invoices", "Factures")
    assert [tab.title for tab in invoices.spreadsheet.worksheets()] == ["Factures", "Notes"]
    with pytest.raises(APIError, match="Unable to parse range: 'Invoices'"):
        invoices.get("A1")
    people.clear("Factures", "A2:A4")
    assert people.read("Factures", "A1:A4") == [["Amount"]]
    people.delete_tab("Notes")
    people.add_tab("Neuf", [["x"]])
    people.move_tab("Neuf", 0)
    assert [tab.title for tab in invoices.spreadsheet.worksheets()] == ["Neuf", "Factures"]


def test_typed_values_are_read_in_the_files_locale(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    emulator.people.set_locale("fr_FR")
    emulator.people.type("Invoices", "C2", "1 234,50 €")
    emulator.people.type("Invoices", "C3", "31/12/2025")
    assert invoices.get("C2:C3", value_render_option=ValueRenderOption.unformatted) == [[1234.5], [46022]]
    assert invoices.get("C2:C3") == [["1\u202f234,50 €"], ["31/12/2025"]]


def test_tick_boxes_are_false_before_they_are_ticked(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    emulator.people.checkbox("Invoices", "D2:D1000")
    emulator.people.type("Invoices", "D3", True)
    assert invoices.get("D2:D4", value_render_option=ValueRenderOption.unformatted) == [[False], [True], [False]]
    assert invoices.get("D2:D3") == [["FALSE"], ["TRUE"]]
    assert invoices.append_row(["F-9"])["updates"]["updatedRange"] == "Invoices!A1001"


class TestProtection:
    def test_the_owner_may_and_others_may_not(self, emulator: Emulator, invoices: gspread.Worksheet) -> None:
        emulator.people.protect("Invoices", "A2:A4")
        with pytest.raises(APIError) as caught:
            invoices.update([["F-0"]], "A2")
        assert caught.value.code == 400
        assert "You are trying to edit a protected cell or object." in caught.value.error["message"]
        invoices.update([["ok"]], "D2")
        emulator.people.type("Invoices", "A2", "F-33")
        assert invoices.acell("A2").value == "F-33"

    def test_the_status_is_a_switch(self, emulator: Emulator, invoices: gspread.Worksheet) -> None:
        emulator.switches.protected_status = 403
        emulator.people.protect("Invoices")
        with pytest.raises(APIError) as caught:
            invoices.delete_rows(2)
        assert (caught.value.code, caught.value.error["status"]) == (403, "PERMISSION_DENIED")

    def test_warnings_and_named_editors_do_not_refuse(self, emulator: Emulator, invoices: gspread.Worksheet) -> None:
        emulator.people.protect("Invoices", "A:A", warning_only=True)
        emulator.people.protect("Invoices", "B:B", editors=["relance@test-project.iam.gserviceaccount.com"])
        invoices.update([["a", "b"]], "A2")
        assert invoices.row_values(2)[:2] == ["a", "b"]


class TestMetadata:
    @pytest.mark.parametrize(("follows", "row"), [(False, 2), (True, 4)])
    def test_a_sort_leaves_row_metadata_or_takes_it_along(
        self, emulator: Emulator, invoices: gspread.Worksheet, follows: bool, row: int
    ) -> None:
        emulator.switches.metadata_follows_sort = follows
        location = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}
        wanted = {"metadataKey": "key", "metadataValue": "F-3", "location": location, "visibility": "DOCUMENT"}
        invoices.spreadsheet.batch_update({"requests": [{"createDeveloperMetadata": {"developerMetadata": wanted}}]})
        emulator.people.sort("Invoices", "A")
        url = f"https://sheets.googleapis.com/v4/spreadsheets/{invoices.spreadsheet_id}/developerMetadata:search"
        lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "key"}}]}
        found = invoices.client.request("post", url, json=lookup).json()["matchedDeveloperMetadata"][0]
        assert found["developerMetadata"]["location"]["dimensionRange"]["startIndex"] == row - 1


def test_a_file_can_be_unshared_or_deleted_under_the_program(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    emulator.people.unshare()
    with pytest.raises(APIError) as caught:
        invoices.get("A1")
    assert (caught.value.code, caught.value.error["message"]) == (403, "The caller does not have permission")
    emulator.people.delete_file()
    with pytest.raises(APIError) as caught:
        invoices.get("A1")
    assert (caught.value.code, caught.value.error["message"]) == (404, "Requested entity was not found.")


def test_strict_validation_is_enforced_or_not(emulator: Emulator, invoices: gspread.Worksheet) -> None:
    invoices.add_validation("D2:D4", gspread.utils.ValidationConditionType.one_of_list, ["yes", "skip"], strict=True)
    invoices.update([["perhaps"]], "D2")
    emulator.switches.validation_enforced = True
    with pytest.raises(APIError, match="violates the data validation rules"):
        invoices.update([["perhaps"]], "D3")
    invoices.update([["yes"]], "D3")
