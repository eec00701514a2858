"""Responses: JSON as Google formats it, error pages, and what ordered trouble makes of an answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

from .errors import ApiError, drive_rate_limited, quota_exceeded
from .faults import Fault


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response, and what the wire should do to it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: bool = False


def json_response(status: int, body: Any, pretty: bool = True) -> Response:
    """An answer or error as Google's servers send JSON."""
    text = _pretty(body, "\n") + "\n" if pretty else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "Vary": "Origin, X-Origin, Referer",
        "Cache-Control": "private",
        "X-Content-Type-Options": "nosniff",
    }
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return Response(status, text.encode("utf-8", "surrogatepass"), headers)


def _pretty(body: Any, line: str) -> str:
    """Like `json.dumps(indent=2)`, which leaves C and takes seconds for a large sheet."""
    deeper = line + "  "
    if isinstance(body, str):
        return encode_basestring(body)
    if isinstance(body, dict) and body:
        members = [f"{encode_basestring(name)}: {_pretty(item, deeper)}" for name, item in body.items()]
        return "{" + deeper + ("," + deeper).join(members) + line + "}"
    if isinstance(body, list) and body:
        items = [encode_basestring(item) if isinstance(item, str) else _pretty(item, deeper) for item in body]
        return "[" + deeper + ("," + deeper).join(items) + line + "]"
    return json.dumps(body)


def page(status: int, sentence: str) -> Response:
    """An error page in HTML."""
    text = (
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
        f"  <title>Error {status}</title>\n  <p><b>{status}.</b> <ins>That’s an error.</ins>\n  <p>{sentence}\n"
    )
    return Response(status, text.encode(), {"Content-Type": "text/html; charset=UTF-8"})


_SENTENCES = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    500: "Internal error encountered.",
    502: "Bad Gateway",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


def trouble_response(fault: Fault, method: str) -> Response:
    """What a client gets instead of an answer."""
    if fault.trouble in {"stall", "drop"}:
        return Response(0, b"", drop=True)
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
    if fault.trouble == "html":
        sentence = "The server encountered a temporary error and could not complete your request."
        shown = page(fault.status, f"{sentence}<p>Please try again in 30 seconds.")
        return Response(shown.status, shown.body, shown.headers | headers)
    if method.startswith(("oauth.", "sts.")):
        response = json_response(
            fault.status, {"error": fault.reason or "internal_failure", "error_description": "Trouble on order."}
        )
    elif method.startswith("drive."):
        problem = drive_rate_limited() if fault.status == 429 else ApiError(fault.status, _SENTENCES.get(fault.status, "Error"))
        response = json_response(problem.code, problem.drive_body())
    else:
        kind = "Read" if ".get" in method or "batchGet" in method else "Write"
        limited = quota_exceeded(kind, "per minute per user", 60)
        problem = limited if fault.status == 429 else ApiError(fault.status, _SENTENCES.get(fault.status, "Error"))
        response = json_response(problem.code, problem.sheets_body())
    return Response(response.status, response.body, response.headers | headers)


def spoiled(fault: Fault, response: Response) -> Response:
    """An answer that suffers on its way."""
    if fault.trouble == "truncated":
        return Response(response.status, response.body[: len(response.body) // 2], response.headers)
    if fault.trouble == "cut":
        return Response(response.status, response.body, response.headers, cut=True)
    if fault.trouble == "commit_then_drop":
        return Response(response.status, response.body, response.headers, drop=True)
    return response
