"""gspread, untouched, talking to the emulator: an adapter sends what is meant for Google to loopback."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.crypt import RSASigner
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from requests.adapters import HTTPAdapter

from .emulator import ROBOT, Emulator

SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")


class LoopbackAdapter(HTTPAdapter):
    """Swaps the authority of each URL for the emulator's."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._base = urlsplit(url)

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        parts = urlsplit(request.url or "")
        request.url = parts._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        return super().send(request, **options)


def authorized_session(emulator: Emulator, credentials: Any) -> AuthorizedSession:
    """A session in which even google-auth's own calls (tokens, allowed locations) stay on loopback."""
    for_tokens = requests.Session()
    for_tokens.mount("https://", LoopbackAdapter(emulator.url))
    session = AuthorizedSession(credentials, auth_request=Request(for_tokens))  # type: ignore[no-untyped-call]
    session.mount("https://", LoopbackAdapter(emulator.url))
    return session


@cache
def _signer(private_key: str) -> Any:
    """Reading a key takes a tenth of a second; the emulator has but one."""
    return RSASigner.from_string(private_key)  # type: ignore[no-untyped-call]


def gspread_client(emulator: Emulator, email: str = ROBOT, scopes: Sequence[str] = SCOPES) -> gspread.Client:
    """A gspread client signed in with a service account's key, by the whole token dance."""
    info = emulator.service_account(email)
    credentials = service_account.Credentials(  # type: ignore[no-untyped-call]
        _signer(info["private_key"]), email, info["token_uri"], scopes=list(scopes)
    )
    client = gspread.Client(auth=credentials, session=authorized_session(emulator, credentials))
    client.set_timeout(30)
    return client
