"""Where a site may go; in doubt, nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest
from github_api import Api
from github_site import a_site

from sync.errors import UsageError
from sync.publication import Place, asks_for_a_login, check_publication, edition_of, repository_visibility


def site(folder: Path, **document: Any) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "kpis.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("edition", "place", "seen", "goes"),
    [
        ("public", Place.PAGES, "public", True),
        ("public", Place.ARTIFACT, "public", True),
        ("public", Place.PAGES, "", True),
        ("internal", Place.ARTIFACT, "private", True),
        ("internal", Place.ARTIFACT, "public", False),
        ("internal", Place.ARTIFACT, "internal", False),  # a whole enterprise reads it
        ("internal", Place.ARTIFACT, "", False),
        ("internal", Place.PAGES, "private", False),
        ("PUBLIC", Place.PAGES, "private", False),
        (None, Place.PAGES, "private", False),
        (["public"], Place.PAGES, "private", False),
    ],
)
def test_the_internal_edition_goes_to_private_places_only(
    tmp_path: Path, edition: object, place: Place, seen: str, goes: bool
) -> None:
    made = site(tmp_path, edition=edition)
    if goes:
        assert check_publication(made, place, lambda: seen, "fr") == edition
    else:
        with pytest.raises(UsageError):
            check_publication(made, place, lambda: seen, "fr")


def test_a_folder_that_is_no_site_goes_nowhere(tmp_path: Path) -> None:
    for absent in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError, match="relance report"):
            edition_of(absent, "fr")


def test_letters_and_older_sites_count_as_internal(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF")
    assert edition_of(tmp_path, "en") == "internal"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kpis.json").write_text("[1", encoding="utf-8")
    assert edition_of(tmp_path, "en") == "internal"
    (tmp_path / "data" / "kpis.json").write_text("[]", encoding="utf-8")
    assert edition_of(tmp_path, "en") == "internal"


@pytest.mark.parametrize(
    ("repository", "seen"),
    [
        ({"private": True}, "private"),
        ({"private": False}, "public"),
        ({"private": True, "visibility": "internal"}, "internal"),
        ({"private": True, "visibility": "private"}, "private"),
        ({"private": "true"}, ""),
        ({}, ""),
        ("private", ""),
    ],
)
def test_the_event_or_else_the_api_says_who_can_read_the_repository(tmp_path: Path, api: Api, repository: Any, seen: str) -> None:
    event = tmp_path / "event.json"
    around = {
        "GITHUB_EVENT_PATH": str(event), "GITHUB_API_URL": api.url, "GITHUB_REPOSITORY": "example/factures",
        "GITHUB_TOKEN": "ghs-token",
    }  # fmt: skip
    api.repository = {}
    event.write_text(json.dumps({"repository": repository}), encoding="utf-8")
    assert repository_visibility(around) == seen
    api.repository = repository
    event.write_text(json.dumps({"schedule": "43 8 * * 1-5"}), encoding="utf-8")  # a schedule says nothing of the repository
    assert repository_visibility(around) == seen


@pytest.mark.parametrize(
    "changed",
    [
        {"GITHUB_TOKEN": ""},
        {"GITHUB_REPOSITORY": ""},
        {"GITHUB_API_URL": ""},
        {"GITHUB_API_URL": "http://api.example.org"},
        {"GITHUB_API_URL": "http://127.0.0.1:9"},
        {"GITHUB_REPOSITORY": "example/absent"},
    ],
)
def test_when_nobody_can_tell_the_answer_is_empty(api: Api, changed: dict[str, str]) -> None:
    around = {"GITHUB_API_URL": api.url, "GITHUB_REPOSITORY": "example/factures", "GITHUB_TOKEN": "ghs-token"}
    assert repository_visibility(around) == "private"
    assert repository_visibility({**around, **changed}) == ""


def test_outside_github_nobody_can_tell() -> None:
    assert repository_visibility({}) == ""


# --- a host of one's own


@pytest.mark.parametrize(
    ("status", "location", "asks"),
    [
        (401, "", True),
        (403, "", True),
        (302, "https://login.example.org/?back=relances", True),
        (302, "/relances/index.html", False),
        (301, "", False),
        (200, "", False),
        (404, "", False),  # it would be there once delivered
        (500, "", False),
    ],
)
def test_a_host_is_protected_when_a_stranger_is_turned_away(tmp_path: Path, status: int, location: str, asks: bool) -> None:
    made = site(tmp_path, edition="internal")
    with a_site(status=status, location=location) as url:
        assert asks_for_a_login(url) is asks
        if asks:
            assert check_publication(made, Place.HOST, lambda: "private", "fr", url) == "internal"
        else:
            with pytest.raises(UsageError, match="mot de passe"):
                check_publication(made, Place.HOST, lambda: "private", "fr", url)
        with pytest.raises(UsageError):
            check_publication(made, Place.HOST, lambda: "public", "fr", url)


@pytest.mark.parametrize("address", ["", "http://host.example.org/", "ftp://127.0.0.1/", "http://127.0.0.1:9/", "nonsense"])
def test_a_host_that_cannot_be_asked_is_not_protected(address: str) -> None:
    assert not asks_for_a_login(address)
