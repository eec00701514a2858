"""The emulator's own endpoint, for tests in another process: what `Emulator` offers in Python, over `POST /emulator`.

The body names one call: ``{"do": "people.sort", "arguments": ["Invoices", "B"], "options": {"descending": true}}``.  With
``"after": n`` or ``"before": "values.batchUpdate"`` the call waits for its moment.  `GET /emulator` gives the log.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .errors import Json
from .people import People

if TYPE_CHECKING:
    from .service import Service


class ControlError(ValueError):
    """The body is not a call that can be made."""


def describe_log(service: Service) -> Json:
    """Every request so far."""
    return {
        "requests": [
            {
                "verb": line.verb,
                "path": line.path,
                "method": line.method,
                "email": line.email,
                "status": line.status,
                "sent": line.sent,
                "received": line.received,
                "trouble": line.trouble,
            }
            for line in service.log
        ]
    }


def run(service: Service, body: Json) -> Json:
    """Make the call now, or put it off."""
    call = prepare(
        service, str(body.get("do", "")), list(body.get("arguments", [])), dict(body.get("options", {})), body.get("on")
    )
    if "after" in body:
        service.put_off(call, countdown=int(body["after"]))
        return {"waiting": True}
    if "before" in body:
        service.put_off(call, on=str(body["before"]))
        return {"waiting": True}
    return {"result": call()}


def prepare(service: Service, name: str, arguments: list[Any], options: Json, file_id: str | None) -> Callable[[], Any]:
    """The call that a name such as `people.sort` stands for."""
    part, _, verb = name.partition(".")
    if part == "people" and verb and not verb.startswith("_"):
        people = People(service.drive, service.switches, service.clock, file_id)
        return _bound(people, verb, arguments, options)
    if part == "faults" and verb in {"once", "always", "clear"}:
        return _silent(_bound(service.faults, verb, arguments, options))
    if name == "clock.advance":
        return _silent(_bound(service.clock, "advance", arguments, options))
    if name == "accounts.revoke_all":
        return _silent(service.accounts.revoke_all)
    if name in {"switches", "quotas"}:
        return lambda: _set(getattr(service, name), options)
    raise ControlError(f"there is no call {name!r}")


def _bound(owner: object, verb: str, arguments: list[Any], options: Json) -> Callable[[], Any]:
    method = getattr(owner, verb, None)
    if not callable(method):
        raise ControlError(f"there is no call {verb!r}")
    return lambda: method(*arguments, **options)


def _silent(call: Callable[[], Any]) -> Callable[[], None]:
    def made() -> None:
        call()

    return made


def _set(owner: Any, options: Json) -> Json:
    known = {one.name for one in dataclasses.fields(owner) if not one.name.startswith("_") and one.name != "clock"}
    for name, value in options.items():
        if name not in known:
            raise ControlError(f"there is no {name!r}")
        setattr(owner, name, value)
    return {name: getattr(owner, name) for name in sorted(known)}
