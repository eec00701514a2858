"""The service around the APIs: schemas, masks, create, the command line, the endpoint for other processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests
from gspread.exceptions import APIError
from sheets_emulator import Emulator
from sheets_emulator.schema import SchemaMismatch, discovery

ROOT = Path(__file__).parents[2]


def call(emulator: Emulator, verb: str, path: str, **options: Any) -> requests.Response:
    scopes = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
    headers = {"Authorization": f"Bearer {emulator.token(scopes=scopes)}"}
    return requests.request(verb, emulator.url + path, headers=headers, timeout=10, **options)


class TestSchemas:
    def test_every_sheets_method_of_the_document_is_served(self) -> None:
        assert len(discovery("sheets.v4").methods) == 17
        for method in discovery("sheets.v4").methods:
            path = "/" + method.pattern.pattern
            assert method.pattern.match("/v4/spreadsheets") or "spreadsheetId" in path

    def test_every_request_kind_is_known_or_needs_other_products(self) -> None:
        from sheets_emulator.batch import HANDLERS

        kinds = set(discovery("sheets.v4").schemas["Request"]["properties"])
        missing = {kind for kind in kinds - set(HANDLERS) if "DataSource" not in kind and "omment" not in kind}
        assert missing == set()

    def test_an_answer_that_does_not_fit_is_the_emulators_own_fault(self) -> None:
        found = discovery("sheets.v4").match("GET", "/v4/spreadsheets/x/values/A1")
        assert found is not None
        with pytest.raises(SchemaMismatch, match="novel"):
            discovery("sheets.v4").check_answer(found[0], {"range": "A1", "novel": 1})

    def test_unknown_query_parameters_are_refused(self, emulator: Emulator) -> None:
        answer = call(emulator, "GET", f"/v4/spreadsheets/{emulator.create()}?includeGridDate=true")
        assert answer.json()["error"]["message"] == (
            'Invalid JSON payload received. Unknown name "includeGridDate": Cannot bind query parameter. '
            "Field 'includeGridDate' could not be found in request message."
        )

    def test_pythons_booleans_and_wrong_enums(self, emulator: Emulator) -> None:
        path = f"/v4/spreadsheets/{emulator.create(tabs={'T': [['x']]})}"
        assert "data" in call(emulator, "GET", path + "?includeGridData=True").json()["sheets"][0]
        error = call(emulator, "GET", path + "/values/T?majorDimension=DIAGONALS").json()["error"]
        assert error["message"].startswith("Invalid value at 'major_dimension' (type.googleapis.com/google.apps.sheets.v4.")

    def test_masks_that_name_nothing(self, emulator: Emulator) -> None:
        path = f"/v4/spreadsheets/{emulator.create()}?fields="
        assert call(emulator, "GET", path + "namedRanges").json() == {}
        error = call(emulator, "GET", path + "sheets.colour").json()["error"]
        assert error["message"] == "Request contains an invalid argument."
        assert "Cannot find matching fields for path 'colour'" in error["details"][0]["fieldViolations"][0]["description"]

    def test_broken_json(self, emulator: Emulator) -> None:
        answer = call(emulator, "POST", "/v4/spreadsheets", data=b"{nope")
        assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")


def test_a_spreadsheet_made_by_the_sheets_api(emulator: Emulator) -> None:
    body = {
        "properties": {"title": "Made", "locale": "fr_FR", "timeZone": "Europe/Paris"},
        "sheets": [
            {
                "properties": {"title": "Factures", "gridProperties": {"rowCount": 5, "columnCount": 3, "frozenRowCount": 1}},
                "data": [{"startRow": 1, "rowData": [{"values": [{"userEnteredValue": {"numberValue": 1.5}}]}]}],
            },
            {"properties": {"title": "Clients"}},
        ],
    }
    made = call(emulator, "POST", "/v4/spreadsheets", json=body).json()
    assert [tab["properties"]["title"] for tab in made["sheets"]] == ["Factures", "Clients"]
    assert made["spreadsheetUrl"].endswith(made["spreadsheetId"] + "/edit")
    assert call(emulator, "GET", f"/v4/spreadsheets/{made['spreadsheetId']}/values/Factures").json()["values"] == [[], ["1,5"]]
    assert call(emulator, "POST", "/v4/spreadsheets", json={}).json()["properties"]["title"] == "Untitled spreadsheet"


def test_grid_data_says_what_was_entered_and_what_is_seen(emulator: Emulator) -> None:
    file_id = emulator.create(tabs={"T": [["x", "=1/4", "12.5%"]]})
    data = call(emulator, "GET", f"/v4/spreadsheets/{file_id}?includeGridData=true&ranges=T!A1:C1").json()["sheets"][0]["data"][0]
    text, formula, percent = data["rowData"][0]["values"]
    assert (text["userEnteredValue"], text["formattedValue"]) == ({"stringValue": "x"}, "x")
    assert (formula["userEnteredValue"], formula["effectiveValue"]) == ({"formulaValue": "=1/4"}, {"numberValue": 0.25})
    assert percent["effectiveFormat"]["numberFormat"] == {"type": "PERCENT", "pattern": "0.00%"}
    assert len(data["columnMetadata"]) == 3


def test_long_gets_may_travel_as_posts(emulator: Emulator) -> None:
    file_id = emulator.create(tabs={"T": [["x"]]})
    token = emulator.token()
    headers = {"Authorization": f"Bearer {token}", "X-HTTP-Method-Override": "GET"}
    url = f"{emulator.url}/v4/spreadsheets/{file_id}/values:batchGet"
    assert requests.post(url, data={"ranges": ["T!A1", "T!B1"]}, headers=headers, timeout=10).json()["valueRanges"][0][
        "values"
    ] == [["x"]]


def test_unknown_paths_get_a_page(emulator: Emulator) -> None:
    answer = call(emulator, "GET", "/v4/nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")


def test_the_log_tells_methods_and_sizes(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    sheet.update([["x"]], "A1")
    line = emulator.log[-1]
    assert (line.verb, line.method, line.status) == ("PUT", "sheets.spreadsheets.values.update", 200)
    assert line.sent == len(line.body) > 0
    assert emulator.methods()[-2:] == ["get", "values.update"]


class TestOtherProcesses:
    def test_calls_over_http(self, emulator: Emulator, sheet: gspread.Worksheet) -> None:
        def control(**body: Any) -> Any:
            return requests.post(emulator.url + "/emulator", json=body, timeout=10).json()

        assert control(do="people.type", arguments=["Sheet1", "A1", "7"]) == {"result": None}
        assert control(do="people.type", arguments=["Sheet1", "A1", "8"], after=1) == {"waiting": True}
        assert [sheet.acell("A1").value for _ in range(2)] == ["7", "8"]
        control(do="faults.once", arguments=[503], options={"on": "write"})
        with pytest.raises(APIError, match="unavailable"):
            sheet.update([["x"]], "A1")
        assert control(do="switches", options={"protected_status": 403})["result"]["protected_status"] == 403
        assert "there is no call" in control(do="os.system")["error"]
        log = requests.get(emulator.url + "/emulator", timeout=10).json()["requests"]
        assert log[-1]["trouble"] == "status"

    @pytest.mark.parametrize(("module", "folder"), [("tests.sheets_emulator", ROOT), ("sheets_emulator", ROOT / "tests")])
    def test_the_documented_command(self, module: str, folder: Path, tmp_path: Path) -> None:
        key = tmp_path / "key.json"
        command = [sys.executable, "-m", module, "--port", "0", "--key-file", str(key)]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            try:
                client = gspread.service_account(filename=str(key))
                answer = requests.get(f"{url}/v4/spreadsheets/x", headers={"Authorization": "Bearer <ACCESS_TOKEN>"}, timeout=10)
            finally:
                process.terminate()
        assert answer.status_code == 404
        assert client.http_client.auth.service_account_email.endswith("gserviceaccount.com")  # type: ignore[attr-defined]
        assert process.returncode == 0
