"""Who asks: token endpoints for a service account's key and for keyless federation, and the check of each request's token.

Every well-formed service-account assertion is accepted: there is no register of keys, so its signature is not checked, but its
shape and its scopes are (and its times, under a switch).
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from .context import Clock, Switches
from .errors import ApiError, Json, insufficient_scopes, no_credential, unauthenticated, unregistered

LIFETIME = 3599
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
DRIVE = "https://www.googleapis.com/auth/drive"
_SHEETS_SCOPES = {SPREADSHEETS, DRIVE, f"{DRIVE}.file", "https://spreadsheets.google.com/feeds"}
_SHEETS_READ = _SHEETS_SCOPES | {f"{SPREADSHEETS}.readonly", f"{DRIVE}.readonly"}
_DRIVE_SCOPES = {
    DRIVE,
    f"{DRIVE}.file",
    f"{DRIVE}.appdata",
    "https://docs.google.com/feeds",
    "https://spreadsheets.google.com/feeds",
}
_DRIVE_READ = _DRIVE_SCOPES | {f"{DRIVE}.readonly", f"{DRIVE}.metadata.readonly", f"{DRIVE}.metadata"}
#: What gspread's recorded exchanges carry in place of a token; stands for one account with every scope.
PLACEHOLDER = "<ACCESS_TOKEN>"
PLACEHOLDER_EMAIL = "recorded@emulator.iam.gserviceaccount.com"


class OAuthError(Exception):
    """A refusal of the token endpoint: `{"error", "error_description"}`."""

    def __init__(self, error: str, description: str, code: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class Token:
    """An issued access token."""

    email: str
    scopes: frozenset[str]
    expires: dt.datetime


class Accounts:
    """All tokens in circulation."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches
        self.tokens: dict[str, Token] = {}
        self.subject_token = _unsigned_jwt(
            {"sub": "repo:example/relance:ref:refs/heads/main", "iss": "https://token.example.org"}
        )

    # Issuing

    def issue(self, email: str, scopes: frozenset[str], prefix: str = "ya29.c.") -> str:
        """A fresh token for an account."""
        token = prefix + secrets.token_urlsafe(48)
        self.tokens[token] = Token(email, scopes, self.clock.now() + dt.timedelta(seconds=LIFETIME))
        return token

    def revoke_all(self) -> None:
        """Withdraw every token: each is answered with 401 from now on."""
        self.tokens.clear()

    def token(self, body: bytes) -> Json:
        """The OAuth token endpoint (and the token exchange of the federation)."""
        form = {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
        if not form and body.lstrip().startswith(b"{"):
            form = {name: str(value) for name, value in json.loads(body).items()}
        grant = form.get("grant_type") or form.get("grantType", "")
        if grant == JWT_BEARER:
            return self._for_assertion(form.get("assertion", ""))
        if grant == TOKEN_EXCHANGE:
            return self._exchange(form)
        if grant == "refresh_token" and form.get("refresh_token"):
            return self._answer("person@example.org", frozenset(form.get("scope", f"{SPREADSHEETS} {DRIVE}").split()))
        if not grant:
            raise OAuthError("invalid_request", "Required parameter is missing: grant_type")
        raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _for_assertion(self, assertion: str) -> Json:
        claims = read_assertion(assertion, check_times=self.switches.checks_assertion_times)
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes and "target_audience" not in claims:
            raise OAuthError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return self._answer(str(claims.get("sub") or claims["iss"]), scopes)

    def _answer(self, email: str, scopes: frozenset[str]) -> Json:
        return {"access_token": self.issue(email, scopes), "expires_in": LIFETIME, "token_type": "Bearer"}

    def _exchange(self, form: dict[str, str]) -> Json:
        for name in ("audience", "subject_token", "subject_token_type"):
            if not form.get(name):
                raise OAuthError("invalid_request", f'Invalid value for "{name}".')
        if not form["audience"].startswith("//iam.googleapis.com/"):
            raise OAuthError(
                "invalid_request",
                'Invalid value for "audience". This value should be the full resource name of the Identity Provider.',
            )
        if form["subject_token"] != self.subject_token:
            raise OAuthError("invalid_grant", "The given credential is rejected by the attribute condition.")
        scopes = frozenset(form.get("scope", PLATFORM).split())
        token = self.issue("principal://" + form["audience"].lstrip("/"), scopes, "ya29.d.")
        return {
            "access_token": token,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            "token_type": "Bearer",
            "expires_in": LIFETIME,
        }

    def generate_access_token(self, account: str, authorization: str, body: bytes) -> Json:
        """`serviceAccounts/{account}:generateAccessToken`, the last step of federation through a service account."""
        caller = self.known(authorization)
        if PLATFORM not in caller.scopes and "https://www.googleapis.com/auth/iam" not in caller.scopes:
            raise insufficient_scopes(
                "google.iam.credentials.v1.IAMCredentials.GenerateAccessToken", "iamcredentials.googleapis.com"
            )
        request = json.loads(body or b"{}")
        scopes = request.get("scope") or []
        if not scopes:
            raise ApiError(400, "Request contains an invalid argument.")
        token = self.issue(account, frozenset(scopes))
        return {"accessToken": token, "expireTime": self.tokens[token].expires.strftime("%Y-%m-%dT%H:%M:%SZ")}

    # Checking

    def known(self, authorization: str) -> Token:
        """The token of an `Authorization` header; 403 without one, 401 for one that does not do."""
        scheme, _, text = authorization.strip().partition(" ")
        if PLACEHOLDER in (text, authorization.strip()):
            return Token(PLACEHOLDER_EMAIL, frozenset({SPREADSHEETS, DRIVE}), dt.datetime.max.replace(tzinfo=dt.UTC))
        if not authorization.strip():
            raise unregistered()
        token = self.tokens.get(text) if scheme.lower() == "bearer" else None
        if token is None and self.switches.any_token and text:
            return Token("anyone@example.org", frozenset({SPREADSHEETS, DRIVE}), dt.datetime.max.replace(tzinfo=dt.UTC))
        if token is None and scheme.lower() == "bearer" and text.count(".") == 2:
            token = self._self_signed(text)
        if token is None or token.expires <= self.clock.now():
            raise unauthenticated()
        return token

    def _self_signed(self, text: str) -> Token | None:
        """A service account may use a signed JWT as its token; then the scopes stand in it."""
        try:
            claims = read_assertion(text, check_times=True)
        except OAuthError:
            return None
        scopes = frozenset(str(claims.get("scope", "")).split()) or frozenset({SPREADSHEETS, DRIVE})
        return Token(str(claims["iss"]), scopes, dt.datetime.fromtimestamp(float(claims["exp"]), dt.UTC))

    def caller(self, authorization: str, service: str, method: str, *, read: bool) -> str:
        """The account behind a request; 401 or 403 when its token does not do."""
        if not authorization.strip() and not (read and service == "sheets"):
            raise no_credential(method, f"{service}.googleapis.com")
        token = self.known(authorization)
        reading, writing = (_SHEETS_READ, _SHEETS_SCOPES) if service == "sheets" else (_DRIVE_READ, _DRIVE_SCOPES)
        if not token.scopes & (reading if read else writing):
            raise insufficient_scopes(method, f"{service}.googleapis.com")
        return token.email


def read_assertion(assertion: str, *, check_times: bool) -> dict[str, Any]:
    """The claims of a service-account assertion; refused when it is not well-formed (or, if checked, not current)."""
    parts = assertion.split(".")
    if len(parts) != 3 or not all(parts):
        raise OAuthError("invalid_grant", "Invalid JWT: Token must be a valid JWT.")
    try:
        header, claims = (json.loads(_decode(part)) for part in parts[:2])
        signature = _decode(parts[2])
    except ValueError:
        raise OAuthError("invalid_grant", "Invalid JWT: Failed to decode the token.") from None
    if not isinstance(header, dict) or header.get("alg") != "RS256" or len(signature) < 128:
        raise OAuthError("invalid_grant", "Invalid JWT Signature.")
    if not isinstance(claims, dict) or "@" not in str(claims.get("iss", "")):
        raise OAuthError("invalid_grant", "Invalid grant: account not found")
    try:
        issued, expires = float(claims["iat"]), float(claims["exp"])
    except (KeyError, TypeError, ValueError):
        raise OAuthError("invalid_grant", "Invalid JWT: 'iat' and 'exp' must be given.") from None
    # The signer used the machine's clock, not the emulator's.
    now = time.time()
    late = check_times and (expires <= now or issued > now + 300)
    if late or not 0 < expires - issued <= 3900:
        raise OAuthError(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
            "Check your iat and exp values in the JWT claim.",
        )
    return claims


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _unsigned_jwt(claims: Json) -> str:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    header = part(json.dumps({"alg": "RS256", "typ": "JWT"}).encode())
    return ".".join((header, part(json.dumps(claims).encode()), part(secrets.token_bytes(256))))
