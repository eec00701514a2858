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
    """ARTIFACT: kept with the run, for those who may read the repository. PAGES: a site that anyone can read."""

    ARTIFACT = "artifact"
    PAGES = "pages"


Visibility = Callable[[], str]  # "private", "public", "internal", or "" when nobody can tell


def check_publication(site: Path, place: Place, visibility: Visibility, language: Language) -> str:
    """The edition that may go to `place`. Raises UsageError when it may not, or cannot be told."""
    edition = edition_of(site, language)
    if edition == PUBLIC:
        return edition
    if place is Place.PAGES:
        raise UsageError(sentence("publish_not_public", language))
    seen = visibility()
    if seen != "private":
        raise UsageError(sentence("publish_public_repository" if seen else "publish_unknown_repository", language))
    return edition


def edition_of(site: Path, language: Language) -> str:
    """What the site says of itself. A site that says nothing counts as internal."""
    try:
        document = json.loads((site / "data" / "kpis.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError(sentence("publish_no_site", language, folder=site)) from None
    said = document.get("edition") if isinstance(document, dict) else None
    return said if said == PUBLIC else "internal"


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
