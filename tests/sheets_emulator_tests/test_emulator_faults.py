"""Trouble on order: what the client sees, and whether the write was carried out."""

from __future__ import annotations

import datetime as dt
import threading
import time

import gspread
import pytest
import requests
from gspread.exceptions import APIError
from sheets_emulator import Emulator
from sheets_emulator.clients import gspread_client


@pytest.mark.parametrize(
    ("status", "word"), [(429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE"), (403, "PERMISSION_DENIED")]
)
def test_one_error_then_all_is_well(emulator: Emulator, sheet: gspread.Worksheet, status: int, word: str) -> None:
    emulator.faults.once(status, on="values.update", retry_after=7)
    with pytest.raises(APIError) as caught:
        sheet.update([["x"]], "A1")
    assert caught.value.response.status_code == status
    assert caught.value.error["status"] == word
    assert caught.value.response.headers["Retry-After"] == "7"
    assert sheet.get_all_values() == [[]]
    sheet.update([["x"]], "A1")
    assert sheet.acell("A1").value == "x"


def test_one_401_is_healed_by_google_auth(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.faults.once(401, on="values.get")
    sheet.get("A1")
    assert [line.status for line in emulator.log if line.method.endswith("values.get")] == [401, 200]
    assert sum(line.method == "oauth.token" for line in emulator.log) == 2


def test_drive_tells_of_rate_limits_with_403(emulator: Emulator, client: gspread.Client) -> None:
    emulator.faults.once(429, on="drive.files.list")
    with pytest.raises(APIError) as caught:
        client.list_spreadsheet_files()
    error = caught.value.response.json()["error"]
    assert (error["code"], error["errors"][0]["domain"]) == (403, "usageLimits")


def test_a_page_instead_of_json(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.faults.once("html", status=502)
    with pytest.raises(APIError) as caught:
        sheet.get("A1")
    assert caught.value.code == -1
    assert caught.value.response.status_code == 502
    assert caught.value.response.headers["Content-Type"].startswith("text/html")


def test_json_that_breaks_off(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.faults.once("truncated", on="write")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        sheet.update([["x"]], "A1")
    assert sheet.acell("A1").value == "x"


def test_an_answer_that_breaks_off(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.faults.once("cut")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        sheet.get("A1")


@pytest.mark.parametrize(("trouble", "written"), [("drop", [[]]), ("commit_then_drop", [["x"]])])
def test_a_lost_answer_may_hide_a_committed_write(
    emulator: Emulator, sheet: gspread.Worksheet, trouble: str, written: list[list[str]]
) -> None:
    emulator.faults.once(trouble, on="values.append")  # type: ignore[arg-type]
    with pytest.raises(requests.exceptions.ConnectionError):
        sheet.append_row(["x"])
    assert sheet.get_all_values() == written


def test_a_stall_ends_in_the_clients_time_out(emulator: Emulator, client: gspread.Client, sheet: gspread.Worksheet) -> None:
    client.set_timeout(0.2)
    emulator.faults.once("stall", seconds=30)
    started = time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        sheet.update([["x"]], "A1")
    assert time.monotonic() - started < 5
    client.set_timeout(30)
    assert sheet.get_all_values() == [[]]


def test_trouble_can_wait_for_its_turn(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    fault = emulator.faults.once(500, on="GET", after=1, times=2)
    sheet.get("A1")
    for _ in range(2):
        with pytest.raises(APIError):
            sheet.get("A1")
    sheet.get("A1")
    assert fault.struck == 2


class TestQuotas:
    def test_sixty_reads_a_minute_for_one_account(self, sheet: gspread.Worksheet, emulator: Emulator) -> None:
        emulator.clock.set(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC))
        emulator.quotas.enabled = True
        for _ in range(60):
            sheet.get("A1")
        with pytest.raises(APIError) as caught:
            sheet.get("A1")
        error = caught.value.response.json()["error"]
        assert error["code"] == 429
        assert "limit 'Read requests per minute per user' of service 'sheets.googleapis.com'" in error["message"]
        assert error["details"][0]["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
        sheet.update([["writes have their own"]], "A1")
        emulator.clock.advance(60)
        sheet.get("A1")

    def test_a_batch_counts_as_one_and_accounts_have_their_own(self, emulator: Emulator, sheet: gspread.Worksheet) -> None:
        emulator.clock.set(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC))
        emulator.quotas.enabled, emulator.quotas.per_user, emulator.quotas.per_project = True, 3, 4
        sheet.batch_get(["A1", "B1", "C1"])
        assert emulator.quotas.used("relance@test-project.iam.gserviceaccount.com", read=True) == 1
        emulator.people.share("other@test-project.iam.gserviceaccount.com")
        other = gspread_client(emulator, "other@test-project.iam.gserviceaccount.com").open_by_key(sheet.spreadsheet_id)
        other.values_get("A1")
        sheet.get("A1")
        with pytest.raises(APIError, match="Read requests per minute'"):
            sheet.get("A1")


class TestTwoClients:
    def test_both_see_one_sheet_and_the_last_writer_wins(self, emulator: Emulator) -> None:
        file_id = emulator.create(tabs={"Data": [["key", "value"], ["a", 1]]})
        one = gspread_client(emulator, "one@test-project.iam.gserviceaccount.com").open_by_key(file_id).sheet1
        two = gspread_client(emulator, "two@test-project.iam.gserviceaccount.com").open_by_key(file_id).sheet1
        one.update([[2]], "B2")
        two.update([[3]], "B2")
        assert one.acell("B2").value == "3"
        assert {line.email for line in emulator.log if line.method.startswith("sheets.")} == {
            "one@test-project.iam.gserviceaccount.com",
            "two@test-project.iam.gserviceaccount.com",
        }

    def test_simultaneous_appends_are_put_in_some_order(self, emulator: Emulator) -> None:
        file_id = emulator.create(tabs={"Journal": [["who"]]})
        clients = [gspread_client(emulator, f"robot{number}@example.iam.gserviceaccount.com") for number in range(4)]
        sheets = [client.open_by_key(file_id).sheet1 for client in clients]
        workers = [threading.Thread(target=sheet.append_row, args=([f"r{number}"],)) for number, sheet in enumerate(sheets)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sorted(map(str, sheets[0].col_values(1))) == ["r0", "r1", "r2", "r3", "who"]
