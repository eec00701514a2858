"""The one client of Google's API: endpoint, time-outs, patience, counters, and logs without secrets.

gspread's own client waits for ever on a silent server and its backing-off one never gives up. Here a question is asked
again until a budget is spent; an order (anything but GET) is tried once, because the sheet may have changed meanwhile:
its caller looks again before each new try, under the same patience.
"""

import json as jsonlib
import logging
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type

T = TypeVar("T")

GOOGLE = "https://sheets.googleapis.com"
MAX_BODY = 2_000_000  # bytes that Google advises for one request
_LOOPBACK = frozenset(["127.0.0.1", "::1", "localhost"])
_PASSING = frozenset([408, 429, 500, 502, 503, 504])
_log = logging.getLogger("relance.google")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, but for `tries` (of one request). Google itself cuts a request off after 180 s."""

    connect: float = 15.0
    answer: float = 190.0
    tries: int = 8
    waiting: float = 300.0  # of the whole run, together
    first_wait: float = 1.0
    longest_wait: float = 64.0  # its quotas are refilled each minute


@dataclass(slots=True)
class Counters:
    """What a run has cost. `calls` counts every try, `kinds` by the last word of the address."""

    reads: int = 0
    writes: int = 0
    sent: int = 0  # bytes
    received: int = 0
    largest: int = 0  # body sent, bytes
    waited: float = 0.0  # seconds
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        return self.reads + self.writes


class Refused(Exception):
    """Google said no, or nothing. `status` 0: no answer. `cause` is what was caught, if anything."""

    def __init__(self, status: int, message: str, reason: str = "", cause: BaseException | None = None) -> None:
        super().__init__(f"{status} {message}")
        self.status, self.message, self.reason, self.cause = status, message, reason, cause


class Passing(Refused):
    """A refusal that may pass. `perhaps_done`: the order may have been carried out all the same."""

    def __init__(
        self, status: int, message: str, *, perhaps_done: bool, retry_after: float | None = None, reason: str = "",
        cause: BaseException | None = None,
    ) -> None:  # fmt: skip
        super().__init__(status, message, reason, cause)
        self.perhaps_done, self.retry_after = perhaps_done, retry_after


def is_loopback(url: str) -> bool:
    """Whether an address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK


class _Closed(HTTPAdapter):
    """For tests on loopback: nothing else is reachable, so that no token goes to the real Google or to a stranger."""

    def send(self, *_: Any, **__: Any) -> requests.Response:
        raise requests.ConnectionError("only loopback is open")


def _loopback_session(session: requests.Session) -> requests.Session:
    session.trust_env = False
    session.mount("https://", _Closed())
    return session


class SheetsClient(gspread.HTTPClient):
    """`gspread.HTTPClient` with every request under our rules. `endpoint` other than Google's must be loopback."""

    def __init__(
        self,
        credentials: Credentials,
        endpoint: str = GOOGLE,
        limits: Limits | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        rng: random.Random | None = None,
    ) -> None:
        session = None
        if endpoint != GOOGLE:
            if not is_loopback(endpoint):
                raise ValueError("a Google endpoint other than Google's must be on loopback")
            tokens = Request(_loopback_session(requests.Session()))
            session = _loopback_session(AuthorizedSession(credentials, auth_request=tokens))  # type: ignore[no-untyped-call]  # google-auth has no types
        super().__init__(credentials, session)
        self.endpoint = endpoint.rstrip("/")
        self.limits = limits or Limits()
        self.counters = Counters()
        self._sleep = sleep
        self._rng = rng or random.Random()
        self.set_timeout((self.limits.connect, self.limits.answer))

    # --- one request

    def request(
        self,
        method: str,
        endpoint: str,
        params: MutableMapping[str, Any] | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> requests.Response:
        """A question is repeated with patience, an order is tried once. Raises Refused (Passing for an order)."""
        url = self.endpoint + endpoint[len(GOOGLE) :] if endpoint.startswith(GOOGLE) else endpoint
        query = {**(params or {}), "prettyPrint": "false"}
        sent_headers = dict(headers or {})
        if json is not None:
            data = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            sent_headers["Content-Type"] = "application/json; charset=utf-8"

        def once() -> requests.Response:
            return self._once(method.upper(), url, query, data, sent_headers)

        return self.patiently(once) if method.upper() == "GET" else once()

    def _once(
        self, verb: str, url: str, params: Mapping[str, Any], data: bytes | None, headers: Mapping[str, str]
    ) -> requests.Response:
        size = len(data or b"")
        kind = _kind(url)
        counters = self.counters
        counters.reads, counters.writes = counters.reads + (verb == "GET"), counters.writes + (verb != "GET")
        counters.sent += size
        counters.largest = max(counters.largest, size)
        counters.kinds[kind] += 1
        start = time.monotonic()
        try:
            response = self.session.request(verb, url, params=params, data=data, headers=dict(headers), timeout=self.timeout)
        except RefreshError as error:
            if error.retryable:
                raise Passing(0, "token", perhaps_done=False, reason="token", cause=error) from error
            raise Refused(401, str(error), "token", error) from error
        except GoogleAuthError as error:
            raise Passing(0, "token", perhaps_done=False, reason="token", cause=error) from error
        except requests.RequestException as error:
            _log.info("%s %s: no answer (%s) after %.1f s", verb, kind, type(error).__name__, time.monotonic() - start)
            raise Passing(0, type(error).__name__, perhaps_done=_may_have_arrived(error), cause=error) from error
        counters.received += len(response.content)
        _log.info(
            "%s %s: %d, %d bytes, %.1f s", verb, kind, response.status_code, len(response.content), time.monotonic() - start
        )
        if response.ok:
            return _whole(response)
        raise _refusal(response)

    def batch(self, spreadsheet_id: str, body: Mapping[str, Any], fields: str = "") -> Any:
        """`spreadsheets.batchUpdate` with a field mask on its answer. An order: tried once."""
        params = {"fields": fields} if fields else None
        return self.request("post", SPREADSHEET_BATCH_UPDATE_URL % spreadsheet_id, params=params, json=body).json()

    # --- patience

    def patiently(self, act: Callable[[], T]) -> T:
        """Do it, again while a refusal may pass: full jitter, Retry-After, at most `tries`, within the run's budget.

        Raises Refused (never Passing) when patience is at its end.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(Passing),
            wait=self._wait,
            stop=self._is_enough,
            sleep=self._pause,
            reraise=True,
        )
        try:
            return retrying(act)
        except Passing as error:
            raise Refused(error.status, error.message, error.reason or "patience", error.cause) from error

    def _wait(self, state: RetryCallState) -> float:
        ceiling = min(self.limits.longest_wait, self.limits.first_wait * 2 ** (state.attempt_number - 1))
        error = state.outcome.exception() if state.outcome is not None else None
        asked = error.retry_after if isinstance(error, Passing) else None
        return self._rng.uniform(0, ceiling) + (asked or 0.0)

    def _is_enough(self, state: RetryCallState) -> bool:
        """A full quota is refilled within the minute, so that only the budget ends the waiting for it."""
        error = state.outcome.exception() if state.outcome is not None else None
        is_quota = isinstance(error, Passing) and error.status == 429
        tries = self.limits.tries * (4 if is_quota else 1)
        return state.attempt_number >= tries or self.counters.waited + state.upcoming_sleep > self.limits.waiting

    def _pause(self, seconds: float) -> None:
        self.counters.waited += seconds
        _log.info("waiting %.1f s", seconds)
        self._sleep(seconds)


def _kind(url: str) -> str:
    """What a request is, without the id of the spreadsheet: "values:batchGet"."""
    kind = re.sub(r"^/v4/spreadsheets/[^/:]+[/:]?", "", urlsplit(url).path)
    return re.sub(r"^values/.*(?=:append$)", "values", kind) or "get"


def _may_have_arrived(error: requests.RequestException) -> bool:
    """Whether Google may have got the request: not when no connection was made."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    return "NewConnectionError" not in repr(error) and "NameResolutionError" not in repr(error)


def _whole(response: requests.Response) -> requests.Response:
    """An answer that breaks off is a lost answer."""
    try:
        response.json()
    except ValueError as error:
        raise Passing(response.status_code, "broken answer", perhaps_done=True, cause=error) from error
    return response


def _refusal(response: requests.Response) -> Refused:
    status, message, reason = response.status_code, "", ""
    try:
        error = response.json()["error"]
        message = str(error.get("message", ""))
        reason = next((str(one["reason"]) for one in error.get("details", ()) if "reason" in one), str(error.get("status", "")))
    except (ValueError, KeyError, TypeError, AttributeError):  # a page of a proxy, not JSON
        message = HTTPStatus(status).phrase if status in set(HTTPStatus) else "?"
    if status in _PASSING:
        # 429 and 503 were not carried out; another server error may have struck after the work was done.
        after = _retry_after(response.headers.get("Retry-After", ""))
        return Passing(status, message, perhaps_done=status not in (429, 503), retry_after=after, reason=reason)
    return Refused(status, message, reason)


def _retry_after(text: str) -> float | None:
    """Seconds, from a number or from an HTTP date."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
