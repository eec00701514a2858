"""From Google's refusals to the one sentence that says what to do."""

import re

from google.auth.exceptions import RefreshError

from sync.errors import WorkbookError
from sync.ledger.words import Language
from sync.workbook.google.client import Refused
from sync.workbook.google.credentials import SCOPES
from sync.workbook.google.messages import failure, say

_FULL = re.compile(r"number of cells in the workbook above the limit", re.IGNORECASE)
_PROTECTED = re.compile(r"protected (?:cell|range|sheet)|permission to edit this protected", re.IGNORECASE)
_DISABLED = re.compile(r"has not been used in project|it is disabled", re.IGNORECASE)
_UNKNOWN_RANGE = re.compile(
    r"Unable to parse range|exceeds grid limits|tried writing to (?:row|column)|No grid with id|No sheet with id|No named range",
    re.IGNORECASE,
)


def says_moved(error: Refused) -> bool:
    """Whether a refusal means that the sheet is no longer as we saw it: a tab renamed, a column gone, rows cut."""
    return error.status == 400 and _UNKNOWN_RANGE.search(error.message) is not None


def told(error: Refused, language: Language, *, email: str = "", name: str = "", was_read: bool = False) -> WorkbookError:
    """The sentence for people. `was_read`: the spreadsheet could be read before, so a 403 is about writing."""
    who = email or say("the_account", language)
    name = name or say("the_spreadsheet", language)
    code = _code(error, was_read)
    return failure(
        code,
        language,
        who=who,
        name=name,
        status=error.status or type(error.cause).__name__,
        message=error.message[:200],
        scope=SCOPES[0],
    )


def _code(error: Refused, was_read: bool) -> str:
    message, status = error.message, error.status
    if isinstance(error.cause, RefreshError) and error.reason == "token" and status == 401:
        is_federated = any(
            word in message for word in ("invalid_target", "attribute condition", "subject token", "unauthorized_client")
        )
        return "federation_refused" if is_federated else "key_revoked"
    if status == 401:
        return "key_revoked"
    if _PROTECTED.search(message):
        return "protected"
    if _FULL.search(message):
        return "full"
    if status == 403:
        if error.reason == "SERVICE_DISABLED" or _DISABLED.search(message):
            return "api_disabled"
        if error.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" or "scopes" in message:
            return "scope"
        return "read_only" if was_read else "not_shared"
    if status == 404:
        return "sheet_missing"
    if status == 400 and "not supported for this document" in message:
        return "not_a_sheet"
    if status == 429:
        return "rate_limited"
    if status == 0:
        return "no_network"
    return "unavailable" if status >= 500 or status == 408 or error.reason == "patience" else "refused"
