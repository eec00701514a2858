"""An access token for XOAUTH2, from the source that RELANCE_MAIL_OAUTH names.

The source is JSON (or its base64, or the path of a file that holds it): either `{"access_token": "…"}`, or what a
provider gives for renewal: `token_url`, `client_id`, `client_secret` and `refresh_token` (without a refresh token, the
client's own grant, with its `scope`). The token is asked for when a connection opens, and kept until it expires.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sync.errors import UsageError
from sync.ledger.words import Language
from sync.post.model import Unreachable
from sync.sentences import sentence

_LOCAL = ("127.0.0.1", "localhost", "::1")
_ASKED = ("client_id", "client_secret", "refresh_token", "scope")


@dataclass(slots=True)
class TokenSource:
    """`token(clock())` gives a token good for at least a minute. Raises Unreachable when the provider gives none."""

    fields: Mapping[str, str] = field(repr=False)
    timeout: float = 30.0
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def token(self, clock: Callable[[], float]) -> str:
        """`clock` counts seconds, from any start."""
        if "access_token" in self.fields:
            return self.fields["access_token"]
        if not self._token or clock() >= self._until:
            self._token, lasts = self._ask()
            self._until = clock() + lasts - 60
        return self._token

    def _ask(self) -> tuple[str, float]:
        import requests  # slow to import, and few mailboxes need a token

        form = {name: self.fields[name] for name in _ASKED if self.fields.get(name)}
        form["grant_type"] = "refresh_token" if "refresh_token" in form else "client_credentials"
        try:
            answer = requests.post(self.fields["token_url"], data=form, timeout=self.timeout, allow_redirects=False)
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unreachable(f"token: {type(error).__name__}") from None
        token = told.get("access_token") if isinstance(told, dict) else None
        if answer.status_code != 200 or not isinstance(token, str) or not token.isprintable():
            why = told.get("error", "") if isinstance(told, dict) else ""
            raise Unreachable(f"token: {answer.status_code} {str(why)[:60]}".strip())
        return token, float(told.get("expires_in") or 3600)


def token_source(text: str, language: Language) -> TokenSource:
    """Raises UsageError when the text is no source; its content is never shown."""
    try:
        told = json.loads(_json_of(text.strip()))
    except (ValueError, OSError):
        told = None
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise UsageError(sentence("oauth_bad", language))
    if "access_token" not in told:
        address = urlsplit(told.get("token_url", ""))
        if not (address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOCAL)):
            raise UsageError(sentence("oauth_bad", language))
    return TokenSource(told)


def _json_of(text: str) -> str:
    if text.startswith("{"):
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return Path(text).read_text("utf-8")


def xoauth2(user: str, token: str) -> str:
    """The client's answer of the XOAUTH2 mechanism, before base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"
