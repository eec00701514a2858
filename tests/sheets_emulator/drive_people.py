"""Accounts and permissions as Drive describes them."""

from __future__ import annotations

from .errors import Json


def root_of(email: str) -> str:
    """The id of an account's own folder."""
    return "0A" + format(sum(ord(letter) * 31**place for place, letter in enumerate(email)) % 36**12, "014d")[:14] + "Uk9PVA"


def user_json(email: str) -> Json:
    """Drive's `User` for an account."""
    return {
        "kind": "drive#user",
        "displayName": email,
        "me": True,
        "permissionId": permission_id_of(email),
        "emailAddress": email,
    }


def permission_id_of(address: str) -> str:
    """A stable number for an address, as Google has one for each account."""
    number = 0
    for letter in address.casefold():
        number = (number * 257 + ord(letter)) % 10**20
    return f"{number:020d}"


def permission_of(address: str, kind: str, role: str) -> Json:
    """A `Permission` for an account, a group, a domain or anyone."""
    made = "anyoneWithLink" if kind == "anyone" else permission_id_of(address) + ("k" if kind == "domain" else "")
    entry: Json = {"kind": "drive#permission", "id": made, "type": kind, "role": role}
    if kind in {"user", "group"}:
        entry |= {"emailAddress": address, "displayName": address.partition("@")[0], "deleted": False, "pendingOwner": False}
    elif kind == "domain":
        entry |= {"domain": address, "displayName": address, "allowFileDiscovery": False}
    else:
        entry |= {"allowFileDiscovery": False}
    return entry
