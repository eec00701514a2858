"""Where a built site may go. The internal edition names customers: it never leaves for a place that strangers can read.

When nobody can tell whether a place is private, the answer is no.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from sync.errors import UsageError
from sync.ledger.words import Language
from sync.sentences import sentence

PUBLIC = "public"
_PATIENCE_S = 20


class Place(StrEnum):
    """ARTIFACT: kept with the run, for those who may read the repository. HOST: a site behind a login. PAGES: for anyone."""

    ARTIFACT = "artifact"
    HOST = "host"
    PAGES = "pages"


Visibility = Callable[[], str]  # "private", "public", "internal", or "" when nobody can tell


def check_publication(site: Path, place: Place, visibility: Visibility, language: Language, address: str = "") -> str:
    """The edition that may go to `place`. `address` is the site's own, for a HOST. Raises UsageError when it may not."""
    edition = edition_of(site, language)
    if edition == PUBLIC:
        return edition
    if place is Place.PAGES:
        raise UsageError(sentence("publish_not_public", language))
    seen = visibility()
    if seen != "private":
        raise UsageError(sentence("publish_public_repository" if seen else "publish_unknown_repository", language))
    if place is Place.HOST and not asks_for_a_login(address):
        raise UsageError(sentence("publish_open_host", language))
    return edition


def edition_of(site: Path, language: Language) -> str:
    """What the folder says of itself. One that says nothing (letters, an older site) counts as internal."""
    if not site.is_dir() or not any(site.iterdir()):
        raise UsageError(sentence("publish_no_site", language, folder=site))
    try:
        document = json.loads((site / "data" / "kpis.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "internal"
    said = document.get("edition") if isinstance(document, dict) else None
    return said if said == PUBLIC else "internal"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A redirection is an answer to look at."""


def asks_for_a_login(address: str) -> bool:
    """Whether a stranger is turned away: refused, or sent to another host to sign in. A page, or no answer, is no."""
    if not _is_safe(address):
        return False
    try:
        with urllib.request.build_opener(_Stay).open(address, timeout=_PATIENCE_S):
            return False
    except urllib.error.HTTPError as answer:
        there = urlsplit(answer.headers.get("Location", "")).hostname
        is_elsewhere = 300 <= answer.code < 400 and there is not None and there != urlsplit(address).hostname
        return answer.code in (401, 403) or is_elsewhere
    except (OSError, ValueError):
        return False


def repository_visibility(environment: Mapping[str, str]) -> str:
    """Who can read the repository of this GitHub run, from the event that started it or, for a schedule, from GitHub's API."""
    return _from_event(environment.get("GITHUB_EVENT_PATH", "")) or _from_api(environment)


def _from_event(path: str) -> str:
    if not path:
        return ""
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return _told(event.get("repository") if isinstance(event, dict) else None)


def _from_api(environment: Mapping[str, str]) -> str:
    api, repository = environment.get("GITHUB_API_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    token = environment.get("GITHUB_TOKEN", "")
    if not (token and repository and _is_safe(api)):
        return ""
    request = urllib.request.Request(f"{api}/repos/{repository}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            return _told(json.load(answer))
    except (OSError, ValueError, urllib.error.URLError):
        return ""


def _told(repository: object) -> str:
    """`visibility` where GitHub says it, else from `private`; an enterprise's "internal" repository is not private."""
    if not isinstance(repository, dict):
        return ""
    seen = repository.get("visibility")
    if isinstance(seen, str) and seen:
        return seen
    private = repository.get("private")
    return "" if not isinstance(private, bool) else "private" if private else PUBLIC


def _is_safe(url: str) -> bool:
    """A token travels over TLS, or stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))
