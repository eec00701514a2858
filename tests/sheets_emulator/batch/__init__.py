"""`spreadsheets.batchUpdate`: every request is applied to a copy, in order; the file takes the copy over only if all succeed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import resource
from ..context import Context
from ..errors import ApiError, Json, invalid
from ..masks import Mask
from . import cells, dimensions, metadata, moving, objects, protection, ranges, search, sheets

Handler = Callable[[Context, Json], Json | None]

HANDLERS: dict[str, Handler] = {
    **sheets.HANDLERS,
    **dimensions.HANDLERS,
    **cells.HANDLERS,
    **moving.HANDLERS,
    **ranges.HANDLERS,
    **protection.HANDLERS,
    **metadata.HANDLERS,
    **search.HANDLERS,
    **objects.HANDLERS,
}


def batch_update(context: Context, body: Json, mask: Mask | None) -> Json:
    """Apply all requests or none; replies mirror the requests, `{}` where there is nothing to say."""
    requests = body.get("requests", [])
    if not requests:
        raise invalid("Must specify at least one request.")
    copy = context.spreadsheet.clone()
    trial = replace(context, spreadsheet=copy)
    replies = [_apply(trial, place, request) for place, request in enumerate(requests)]
    context.spreadsheet.become(copy)
    context.changed()
    answer: Json = {"spreadsheetId": context.spreadsheet.id, "replies": replies}
    if body.get("includeSpreadsheetInResponse"):
        found = [context.spreadsheet.resolve(text) for text in body.get("responseRanges", [])]
        with_data = bool(body.get("responseIncludeGridData"))
        below = mask.get("updatedSpreadsheet") if mask else None
        answer["updatedSpreadsheet"] = resource.spreadsheet_json(context, found or None, with_data, below)
    return answer


def _apply(context: Context, place: int, request: Json) -> Json:
    if not request:
        raise invalid(f"Invalid requests[{place}]: No request set.")
    ((kind, arguments),) = request.items()
    handler = HANDLERS.get(kind)
    if handler is None:
        raise ApiError(501, f"The emulator does not know the request {kind}.", status="UNIMPLEMENTED")
    try:
        reply = handler(context, arguments)
    except ApiError as problem:
        if problem.code == 400:
            raise ApiError(400, f"Invalid requests[{place}].{kind}: {problem.message}", details=problem.details) from problem
        raise
    context.spreadsheet.touch()
    return {} if reply is None else {kind: reply}
