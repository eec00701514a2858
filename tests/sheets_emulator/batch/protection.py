"""Requests about protected ranges."""

from __future__ import annotations

from ..a1 import Area
from ..context import Context, shown
from ..errors import ApiError, Json, invalid
from ..grid import Sheet, stored
from ..masks import assign
from .common import new_id, read_mask, read_range, sheet_of


def _find(context: Context, protected_id: int) -> tuple[Sheet, Json]:
    for sheet in context.spreadsheet.sheets:
        for entry in sheet.protected_ranges:
            if entry["protectedRangeId"] == protected_id:
                return sheet, entry
    raise invalid(f"No protected range with id: {protected_id}")


def _kept(wanted: Json) -> Json:
    kept: Json = stored({name: part for name, part in wanted.items() if name not in {"requestingUserCanEdit", "editors"}})
    kept["unprotectedRanges"] = [Area.of_json(one) for one in wanted.get("unprotectedRanges", [])]
    editors = {name: part for name, part in wanted.get("editors", {}).items() if part}
    return {name: part for name, part in kept.items() if part not in (False, [], None)} | {"editors": editors}


def add_protected_range(context: Context, given: Json) -> Json:
    """Protect a range, a named range or a tab; the caller stays an editor."""
    wanted = given.get("protectedRange", {})
    editors = {name: part for name, part in wanted.get("editors", {}).items() if part}
    if wanted.get("warningOnly") and editors:
        raise invalid("A protected range with warningOnly set to true cannot have editors.")
    if "namedRangeId" in wanted:
        named = next((one for one in context.spreadsheet.named_ranges if one["namedRangeId"] == wanted["namedRangeId"]), None)
        if named is None:
            raise invalid(f"No named range with id: {wanted['namedRangeId']}")
        sheet = sheet_of(context, named["range"].sheet_id)
        wanted = {**wanted, "range": named["range"].to_json()}
    else:
        sheet, _ = read_range(context, wanted.get("range"))
    taken = {entry["protectedRangeId"] for one in context.spreadsheet.sheets for entry in one.protected_ranges}
    made = new_id(context, wanted.get("protectedRangeId"), taken, "Protected range")
    entry = {"protectedRangeId": made, **_kept({name: part for name, part in wanted.items() if name != "protectedRangeId"})}
    if not entry.get("warningOnly") and context.email not in entry["editors"].get("users", []):
        entry["editors"] = {**entry["editors"], "users": [*entry["editors"].get("users", []), context.email]}
    sheet.protected_ranges.append(entry)
    reply = shown({name: part for name, part in entry.items() if name != "editors"})
    # Recorded: the reply repeats the editors as they were asked for; reading the file shows the caller among them.
    return {"protectedRange": {**reply, "requestingUserCanEdit": True, "editors": editors}}


def update_protected_range(context: Context, given: Json) -> None:
    """Some fields of a protection."""
    wanted = given.get("protectedRange", {})
    mask = read_mask(given.get("fields"), "ProtectedRange")
    _, entry = _find(context, wanted.get("protectedRangeId", 0))
    _may_change(context, entry)
    kept = entry["protectedRangeId"], entry.get("range")
    fresh = _kept(wanted)
    if entry.get("warningOnly") and fresh["editors"] and "warningOnly" not in mask:
        raise invalid("A protected range with warningOnly set to true cannot have editors.")
    assign(entry, fresh, {name: below for name, below in mask.items() if name != "requestingUserCanEdit"})
    entry["protectedRangeId"] = kept[0]
    entry.setdefault("editors", {})
    if kept[1] is not None:
        entry.setdefault("range", kept[1])


def delete_protected_range(context: Context, given: Json) -> None:
    """The protection goes; the cells stay."""
    sheet, entry = _find(context, given.get("protectedRangeId", 0))
    _may_change(context, entry)
    sheet.protected_ranges.remove(entry)


def _may_change(context: Context, entry: Json) -> None:
    if not context.may_edit(entry):
        raise ApiError(context.switches.protected_status, "You do not have permission to edit this protected range.")


HANDLERS = {
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
}
