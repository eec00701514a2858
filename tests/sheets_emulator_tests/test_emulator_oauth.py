"""Tokens: a service account's key, keyless federation, and what is refused."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import gspread
import pytest
import requests
from google.auth import identity_pool
from google.auth.exceptions import RefreshError
from gspread.exceptions import APIError
from sheets_emulator import ROBOT, Emulator
from sheets_emulator.clients import SCOPES, authorized_session, gspread_client

SHEETS = "https://www.googleapis.com/auth/spreadsheets"


def test_a_key_gets_a_token_with_its_scopes(emulator: Emulator, client: gspread.Client) -> None:
    client.create("Mine")
    assert [line.method for line in emulator.log][:2] == ["oauth.token", "drive.files.create"]
    assert emulator.log[1].email == ROBOT


def test_federation_through_a_service_account(emulator: Emulator) -> None:
    file_id = emulator.create(tabs={"T": [["x"]]}, shared=[ROBOT])
    credentials = identity_pool.Credentials.from_info(emulator.external_account(), scopes=list(SCOPES))  # type: ignore[no-untyped-call]
    client = gspread.Client(auth=credentials, session=authorized_session(emulator, credentials))
    assert client.open_by_key(file_id).sheet1.acell("A1").value == "x"
    chain = [line.method for line in emulator.log if not line.method.endswith("allowedLocations")]
    assert chain[:3] == ["subject.token", "sts.token", "iam.generateAccessToken"]


def test_scopes_are_enforced(emulator: Emulator) -> None:
    file_id = emulator.create(tabs={"T": [["x"]]})
    client = gspread_client(emulator, scopes=[SHEETS + ".readonly"])
    sheet = client.open_by_key(file_id).sheet1
    with pytest.raises(APIError) as caught:
        sheet.update([["y"]], "A1")
    error = caught.value.response.json()["error"]
    assert (error["code"], error["message"]) == (403, "Request had insufficient authentication scopes.")
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    with pytest.raises(APIError, match="insufficient authentication scopes"):
        client.list_spreadsheet_files()


def test_tokens_expire_on_the_emulators_clock_and_can_be_withdrawn(emulator: Emulator, sheet: gspread.Worksheet) -> None:
    emulator.clock.advance(3600)
    sheet.get("A1")
    emulator.accounts.revoke_all()
    sheet.get("A1")
    assert [line.status for line in emulator.log if line.method.endswith("values.get")] == [401, 200, 401, 200]


@pytest.mark.parametrize(
    ("header", "code", "word"),
    [
        ("", 403, "PERMISSION_DENIED"),
        ("Bearer nonsense", 401, "UNAUTHENTICATED"),
        ("Basic eDp5", 401, "UNAUTHENTICATED"),
        ("Bearer <ACCESS_TOKEN>", 200, ""),
    ],
)
def test_tokens_from_elsewhere(emulator: Emulator, header: str, code: int, word: str) -> None:
    file_id = emulator.create()
    answer = requests.get(f"{emulator.url}/v4/spreadsheets/{file_id}", headers={"Authorization": header}, timeout=10)
    assert answer.status_code == code
    assert answer.json().get("error", {}).get("status", "") == word


def test_a_write_without_a_token_misses_a_credential(emulator: Emulator) -> None:
    answer = requests.post(f"{emulator.url}/v4/spreadsheets", json={}, timeout=10)
    assert (answer.status_code, answer.json()["error"]["details"][0]["reason"]) == (401, "CREDENTIALS_MISSING")


def assertion(**changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ROBOT, "aud": "x", "iat": now, "exp": now + 3600, "scope": SHEETS} | changes

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    return ".".join((part(b'{"alg":"RS256","typ":"JWT"}'), part(json.dumps(claims).encode()), part(b"s" * 256)))


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (assertion(), None),
        (assertion(iat=0, exp=3600), None),
        (assertion(exp=int(time.time()) + 90_000), "invalid_grant"),
        (assertion(iss="nobody"), "invalid_grant"),
        (assertion(scope=""), "invalid_scope"),
        ("not.a.jwt", "invalid_grant"),
        ("", "invalid_grant"),
    ],
)
def test_assertions_must_be_well_formed(emulator: Emulator, given: str, error: str | None) -> None:
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": given}
    answer = requests.post(f"{emulator.url}/token", data=form, timeout=10)
    assert answer.json().get("error") == error
    assert answer.status_code == (400 if error else 200)


def test_times_of_assertions_are_checked_under_a_switch(emulator: Emulator) -> None:
    emulator.switches.checks_assertion_times = True
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion(iat=0, exp=3600)}
    assert requests.post(f"{emulator.url}/token", data=form, timeout=10).json()["error"] == "invalid_grant"


def test_a_token_endpoint_in_trouble(emulator: Emulator) -> None:
    emulator.faults.once(400, on="oauth.token", reason="invalid_grant")
    with pytest.raises(RefreshError, match="invalid_grant"):
        gspread_client(emulator).create("x")
