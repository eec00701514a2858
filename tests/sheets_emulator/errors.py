"""Refusals, as the two APIs word them.

Every failure inside the emulator is an `ApiError`; the server turns it into a body.  Sheets answers
``{"error": {code, message, status, details?}}``; Drive adds ``errors`` with a domain and a reason.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

STATUS_OF_CODE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class ApiError(Exception):
    """A refusal with its HTTP code; `reason` and `location` are used by Drive's bodies only."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: str | None = None,
        details: list[Json] | None = None,
        reason: str = "",
        location: str = "",
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or STATUS_OF_CODE.get(code, "UNKNOWN")
        self.details = details
        self.reason = reason
        self.location = location

    def sheets_body(self) -> Json:
        """The body as sheets.googleapis.com sends it."""
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def drive_body(self) -> Json:
        """The body as www.googleapis.com/drive sends it."""
        shown = "Invalid Credentials" if self.code == 401 else self.message
        entry: Json = {"message": shown, "domain": "global", "reason": self.reason or _drive_reason(self.code)}
        if self.code in {403, 429} and "ateLimit" in entry["reason"]:
            entry["domain"] = "usageLimits"
        if self.location:
            parameter = self.location == "fileId" or self.reason != "authError"
            entry |= {"location": self.location, "locationType": "parameter" if parameter else "header"}
        error: Json = {"code": self.code, "message": self.message, "errors": [entry]}
        if self.code == 401 or self.details:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return {"error": error}


def _drive_reason(code: int) -> str:
    return {
        400: "badRequest",
        401: "authError",
        403: "insufficientFilePermissions",
        404: "notFound",
        429: "rateLimitExceeded",
        500: "internalError",
        503: "backendError",
    }.get(code, "badRequest")


def invalid(message: str, violations: list[tuple[str, str]] | None = None) -> ApiError:
    """A 400; with violations it carries Google's `BadRequest` detail."""
    details = None
    if violations:
        listed = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
        details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}]
    return ApiError(400, message, details=details)


def not_found() -> ApiError:
    """An unknown spreadsheet, or an unknown path below one."""
    return ApiError(404, "Requested entity was not found.")


def forbidden() -> ApiError:
    """A spreadsheet that exists but is not shared with the caller."""
    return ApiError(403, "The caller does not have permission")


def drive_not_found(file_id: str) -> ApiError:
    """Drive's own words for an unknown or unshared file."""
    return ApiError(404, f"File not found: {file_id}.", reason="notFound", location="fileId")


def unauthenticated() -> ApiError:
    """A bearer token that is unknown, expired or withdrawn."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, message, reason="authError", location="Authorization")


def no_credential(method: str, service: str) -> ApiError:
    """No token at all, on a method that needs a person or a service account."""
    message = (
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "CREDENTIALS_MISSING",
        "domain": "googleapis.com",
        "metadata": {"method": method, "service": service},
    }
    return ApiError(401, message, details=[detail], reason="required", location="Authorization")


def unregistered() -> ApiError:
    """No token at all, on a method that an API key could be enough for."""
    message = (
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API."
    )
    return ApiError(403, message, reason="forbidden")


def insufficient_scopes(method: str, service: str) -> ApiError:
    """A valid token whose scopes do not cover the method."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"method": method, "service": service},
    }
    return ApiError(403, "Request had insufficient authentication scopes.", details=[detail], reason="insufficientPermissions")


def quota_exceeded(kind: str, limit: str, value: int, project: str = "relance-test") -> ApiError:
    """A 429; `kind` is `Read` or `Write`, `limit` is `per minute` or `per minute per user`."""
    metric = f"{kind} requests"
    name = f"{metric} {limit}"
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{name}' of service 'sheets.googleapis.com' "
        f"for consumer 'project_number:{project}'."
    )
    unit = "1/min/{project}/{user}" if limit.endswith("user") else "1/min/{project}"
    camel = "".join(word.capitalize() for word in name.split())
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
            "quota_limit": camel,
            "quota_limit_value": str(value),
            "quota_unit": unit,
            "quota_location": "global",
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{project}",
        },
    }
    return ApiError(429, message, details=[detail])


def drive_rate_limited() -> ApiError:
    """Drive reports its rate limits as 403."""
    return ApiError(403, "User Rate Limit Exceeded", reason="userRateLimitExceeded")
