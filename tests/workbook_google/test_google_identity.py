"""Who Relance is for Google: keys and federation files as people and secret stores hand them over."""

import base64
import json
from pathlib import Path

import pytest
from sheets_emulator import ROBOT, Emulator

from sync.errors import UsageError
from sync.workbook.google.carrier import Google
from sync.workbook.google.client import SheetsClient
from sync.workbook.google.credentials import OWN_VARIABLE, SCOPES, USUAL_VARIABLE, find_identity, repaired_key


@pytest.fixture(scope="module")
def emulator():
    with Emulator() as running:
        yield running


@pytest.fixture
def key(emulator):
    return emulator.service_account()


def identity(text: str, language="en", **environ):
    return find_identity({OWN_VARIABLE: text, **environ}, language, on_loopback=True)


def refused(text: str, **environ) -> str:
    with pytest.raises(UsageError) as caught:
        identity(text, **environ)
    return str(caught.value)


DAMAGES = {
    "as it is": json.dumps,
    "indented": lambda info: json.dumps(info, indent=2),
    "base64": lambda info: base64.b64encode(json.dumps(info).encode()).decode(),
    "base64 in lines": lambda info: base64.encodebytes(json.dumps(info).encode()).decode(),
    "base64 with a mark of order": lambda info: base64.b64encode(b"\xef\xbb\xbf" + json.dumps(info).encode()).decode(),
    "quoted once more": lambda info: json.dumps(json.dumps(info)),
    "in single quotes": lambda info: f"'{json.dumps(info)}'",
    "escaped quotes": lambda info: json.dumps(info).replace('"', '\\"'),
    "newlines escaped twice": lambda info: json.dumps({**info, "private_key": info["private_key"].replace("\n", "\\n")}),
    "real newlines inside the text": lambda info: json.dumps(info).replace("\\n", "\n"),
    "newlines become spaces": lambda info: json.dumps({**info, "private_key": info["private_key"].replace("\n", " ")}),
    "newlines lost": lambda info: json.dumps({**info, "private_key": info["private_key"].replace("\n", "")}),
    "carriage returns": lambda info: json.dumps({**info, "private_key": info["private_key"].replace("\n", "\r\n")}),
}


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_key_survives_what_secret_stores_do_to_it(emulator, key, damage):
    found = identity(DAMAGES[damage](key))
    assert found.email == ROBOT
    sheet = emulator.create("x", shared=[ROBOT])
    client = SheetsClient(found.credentials, emulator.url)
    assert Google(client, sheet).read(["journal"]).tabs == {}


def test_a_key_repaired_twice_is_the_same_key(key):
    assert repaired_key(repaired_key(key["private_key"])) == repaired_key(key["private_key"])


def test_a_file_is_read_and_our_own_variable_comes_first(emulator, key, tmp_path: Path):
    path = tmp_path / "key.json"
    path.write_text(json.dumps({**key, "client_email": "other@test-project.iam.gserviceaccount.com"}), "utf-8")
    assert find_identity({USUAL_VARIABLE: str(path)}, "en", on_loopback=True).email.startswith("other@")
    assert identity(json.dumps(key), **{USUAL_VARIABLE: str(path)}).email == ROBOT


def test_keyless_federation_reads_a_sheet(emulator):
    found = identity(json.dumps(emulator.external_account()))
    assert found.email == ROBOT
    sheet = emulator.create("x", shared=[ROBOT])
    Google(SheetsClient(found.credentials, emulator.url), sheet).read(["journal"])
    assert [line.method for line in emulator.log][-4:-1] == ["subject.token", "sts.token", "iam.generateAccessToken"]


def test_only_the_scope_of_spreadsheets_is_asked_for(emulator, key):
    found = identity(json.dumps(key))
    client = SheetsClient(found.credentials, emulator.url)
    Google(client, emulator.create("x", shared=[ROBOT])).read(["journal"])
    assert emulator.accounts.tokens[found.credentials.token].scopes == set(SCOPES)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"}, "damaged"),
        ({"private_key": ""}, "lacks private_key"),
        ({"client_email": None}, "lacks client_email"),
        ({"token_uri": "https://thief.example.org/token"}, "thief.example.org"),
        ({"type": "impersonated_service_account"}, "impersonated_service_account"),
        ({"type": None}, "?"),
    ],
)
def test_a_key_that_is_not_right_is_told(key, change, words):
    assert words in refused(json.dumps({**key, **change}))


@pytest.mark.parametrize("text", ["hello", "{", "[]", "12", base64.b64encode(b"\x00\x01").decode()])
def test_what_is_no_key_is_told_without_being_shown(text):
    said = refused(text)
    assert "neither JSON nor base64" in said
    assert f" {text} " not in said


def test_an_oauth_client_is_not_a_key():
    assert "service account" in refused(json.dumps({"installed": {"client_id": "1", "client_secret": "s"}}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"credential_source": {"executable": {"command": "curl thief"}}}, "neither from an address nor from a file"),
        ({"credential_source": {"url": "https://thief.example.org/token"}}, "thief.example.org"),
        ({"token_url": "https://thief.example.org/sts"}, "thief.example.org"),
        ({"service_account_impersonation_url": "https://thief.example.org/x"}, "thief.example.org"),
        ({"service_account_impersonation_url": None}, "names no service account"),
    ],
)
def test_a_federation_file_that_would_send_tokens_elsewhere_is_refused(emulator, change, words):
    assert words in refused(json.dumps({**emulator.external_account(), **change}))


def test_loopback_addresses_count_in_tests_only(key):
    with pytest.raises(UsageError, match="127.0.0.1"):
        find_identity({OWN_VARIABLE: json.dumps(key)}, "fr")


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(UsageError, match="GOOGLE_APPLICATION_CREDENTIALS"):
        find_identity({USUAL_VARIABLE: str(tmp_path / "none.json")}, "fr")


def test_no_secret_is_in_any_sentence(key):
    for text in (json.dumps({**key, "token_uri": ""}), json.dumps(key)[:-30], json.dumps({**key, "private_key": "SECRETKEY"})):
        said = refused(text)
        assert "SECRETKEY" not in said
        assert key["private_key"][60:90] not in said
