"""Who we are for Google: a service account's key, keyless federation, or this machine's own identity.

The type written in the file decides on the class: google-auth's own loader follows any address that a file names, which
would send a token to whoever wrote the file. Every failure is one sentence that says what to do.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import google.auth
from google.auth import identity_pool
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

from sync.errors import UsageError
from sync.ledger.words import Language
from sync.workbook.google.client import is_loopback
from sync.workbook.google.messages import say

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
OWN_VARIABLE, USUAL_VARIABLE = "RELANCE_GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"
_SUBJECT_HOSTS = (".actions.githubusercontent.com", "169.254.169.254", "metadata.google.internal")
_KEY_FIELDS = ("client_email", "private_key", "token_uri")
_PEM = re.compile(r"(-----BEGIN (?:RSA )?PRIVATE KEY-----)(.*?)(-----END (?:RSA )?PRIVATE KEY-----)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Identity:
    """`email` is the address that a sheet must be shared with ("" when Google alone knows it); `source` says where from."""

    credentials: Credentials
    email: str
    source: str


def find_identity(
    environ: Mapping[str, str], language: Language, *, on_loopback: bool = False, home: Path | None = None
) -> Identity:
    """The first of: our own variable (JSON or base64 of it), Google's usual variable (a file), gcloud's file, the machine.

    `on_loopback`: token addresses on this machine are accepted, for tests. Raises UsageError.
    """
    own = environ.get(OWN_VARIABLE, "").strip()
    if own:
        return _from_text(own, OWN_VARIABLE, language, on_loopback)
    path = environ.get(USUAL_VARIABLE, "").strip()
    if path:
        return _from_text(_read(Path(path), language), USUAL_VARIABLE, language, on_loopback)
    usual = _gcloud_file(environ, home)
    if usual is not None and usual.is_file():
        return _from_text(_read(usual, language), "gcloud", language, on_loopback)
    try:
        found, _ = google.auth.default(scopes=SCOPES)
    except (DefaultCredentialsError, GoogleAuthError) as error:
        raise UsageError(say("no_credentials", language)) from error
    return Identity(found, str(getattr(found, "service_account_email", "") or "").replace("default", ""), "machine")


def _gcloud_file(environ: Mapping[str, str], home: Path | None) -> Path | None:
    folder = environ.get("CLOUDSDK_CONFIG")
    if folder:
        return Path(folder) / "application_default_credentials.json"
    base = home or (Path(environ["HOME"]) if environ.get("HOME") else None)
    return base / ".config" / "gcloud" / "application_default_credentials.json" if base else None


def _read(path: Path, language: Language) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(say("credentials_file", language, path=path)) from error


def _from_text(text: str, source: str, language: Language, on_loopback: bool) -> Identity:
    info = _parsed(text)
    if info is None:
        raise UsageError(say("credentials_unreadable", language, source=source))
    kind = info.get("type") or next((one for one in ("installed", "web") if one in info), "")
    try:
        match kind:
            case "service_account":
                return _service_account(info, source, language, on_loopback)
            case "external_account":
                return _federated(info, source, language, on_loopback)
            case "authorized_user":
                found = user_credentials.Credentials.from_authorized_user_info(info, scopes=list(SCOPES))  # type: ignore[no-untyped-call]
                return Identity(found, "", source)
    except (ValueError, GoogleAuthError, KeyError) as error:
        raise UsageError(say("credentials_incomplete", language, source=source)) from error
    code = "credentials_oauth_client" if kind in ("installed", "web") else "credentials_type"
    raise UsageError(say(code, language, source=source, kind=str(kind)[:40] or "?"))


def _parsed(text: str) -> dict[str, Any] | None:
    """JSON, base64 of JSON, or JSON whose newlines a secret store has damaged."""
    for candidate in (text, _decoded(text)):
        if not candidate:
            continue
        for repaired in (candidate, _one_line_keys(candidate)):
            try:
                found = json.loads(repaired, strict=False)
            except ValueError:
                continue
            if isinstance(found, str):  # quoted once more by a shell or a YAML file
                return _parsed(found)
            if isinstance(found, dict):
                return found
    return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8-sig")
    except (binascii.Error, ValueError):
        return ""


def _one_line_keys(text: str) -> str:
    """Backslashes before an n that were doubled or lost, single quotes around everything."""
    stripped = text.strip().strip("'")
    return stripped.replace('\\"', '"') if stripped.startswith('{\\"') else stripped


def repaired_key(key: str) -> str:
    """A private key as PEM again: escaped newlines, spaces for newlines, carriage returns, no newline at all."""
    plain = key.replace("\\r", "").replace("\\n", "\n").replace("\\n", "\n").replace("\r", "")
    found = _PEM.search(plain)
    if found is None:
        return plain
    body = "".join(found[2].replace("\\", "").split())
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"{found[1]}\n{lines}\n{found[3]}\n"


def _service_account(info: dict[str, Any], source: str, language: Language, on_loopback: bool) -> Identity:
    missing = [name for name in _KEY_FIELDS if not info.get(name)]
    if missing:
        raise UsageError(say("key_fields", language, source=source, what=", ".join(missing)))
    if not _is_google(str(info["token_uri"]), on_loopback):
        raise UsageError(say("credentials_host", language, source=source, host=urlsplit(str(info["token_uri"])).hostname or "?"))
    whole = {**info, "private_key": repaired_key(str(info["private_key"]))}
    try:
        found = service_account.Credentials.from_service_account_info(whole, scopes=list(SCOPES))  # type: ignore[no-untyped-call]
    except (ValueError, GoogleAuthError) as error:
        raise UsageError(say("key_damaged", language, source=source)) from error
    return Identity(found, str(info["client_email"]), source)


def _federated(info: dict[str, Any], source: str, language: Language, on_loopback: bool) -> Identity:
    place = info.get("credential_source") or {}
    if not isinstance(place, dict) or "executable" in place or "environment_id" in place or not ({"url", "file"} & set(place)):
        raise UsageError(say("federation_source", language, source=source))
    for name in ("token_url", "service_account_impersonation_url"):
        url = str(info.get(name) or "")
        if url and not _is_google(url, on_loopback):
            raise UsageError(say("credentials_host", language, source=source, host=urlsplit(url).hostname or "?"))
    subject = str(place.get("url") or "")
    host = urlsplit(subject).hostname or ""
    if subject and not (host.endswith(_SUBJECT_HOSTS) or (on_loopback and is_loopback(subject))):
        raise UsageError(say("credentials_host", language, source=source, host=host or "?"))
    email = str(info.get("service_account_impersonation_url") or "").rpartition("/")[2].partition(":")[0]
    if not email:
        raise UsageError(say("federation_direct", language, source=source))
    found = identity_pool.Credentials.from_info(info, scopes=list(SCOPES))  # type: ignore[no-untyped-call]
    return Identity(found, email, source)


def _is_google(url: str, on_loopback: bool) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if on_loopback and is_loopback(url):
        return True
    return parts.scheme == "https" and (host.endswith(".googleapis.com") or host == "accounts.google.com")
