"""What every document has around its body: who writes, to whom, from where, and the words of the page."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sync.dunning.model import Settings
from sync.dunning.phrases import colon
from sync.ledger.model import Contact
from sync.ledger.words import Language
from sync.letters.documents.model import address_lines
from sync.letters.documents.words import words
from sync.letters.table import one_line

# Where the window of a usual business envelope is: on the left in these countries, on the right elsewhere.
_WINDOW_LEFT = frozenset({"GB", "IE", "US", "CA", "DE", "AT", "NL", "DK", "SE", "NO", "FI", "PL", "CZ"})
_TOWN = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5}\s+(\D.*)")


def frame(settings: Settings, language: Language) -> dict[str, Any]:
    """The data that `common.typ` needs on every page."""
    shown = words(language)["letter"]
    ids = [
        *([shown["company_id"].format(id=grouped(settings.company_id))] if settings.company_id else []),
        *([shown["vat_id"].format(id=one_line(settings.vat_id))] if settings.vat_id else []),
    ]
    email = settings.reply_to or settings.sender_email
    address = address_lines(settings.address)
    name = one_line(settings.company)
    return {
        "company": {"name": name, "address": address, "ids": [*ids, *([email] if email else [])]},
        "window": "left" if settings.country in _WINDOW_LEFT else "right",
        "foot": " · ".join(part for part in (name, ", ".join(address), *ids) if part),
        "words": {**shown, "colon": colon(language)},
    }


def recipient(customer: str, contact: Contact | None, settings: Settings, language: Language) -> list[str]:
    """At most six lines: name, person, address, country when it is another one."""
    if contact is None:
        return [one_line(customer)]
    name, person = one_line(contact.name or customer), one_line(contact.person)
    country = ""
    if contact.country and contact.country != settings.country:
        country = country_name(contact.country, language).upper()
    head = [name, *([person] if person and person != name else [])]
    lines = address_lines(contact.address, 6 - len(head) - bool(country))
    return [*head, *lines, *([country] if country and lines else [])]


def parties(settings: Settings, customer: str, contact: Contact | None, language: Language) -> Mapping[str, list[str]]:
    """Creditor and debtor with all that identifies them, line by line; what is missing is left out."""
    shown = words(language)["letter"]
    creditor = [one_line(settings.company), *address_lines(settings.address)]
    if settings.company_id:
        creditor.append(shown["company_id"].format(id=grouped(settings.company_id)))
    if settings.vat_id:
        creditor.append(shown["vat_id"].format(id=one_line(settings.vat_id)))
    debtor = [one_line(contact.name or customer) if contact is not None else one_line(customer)]
    if contact is not None:
        debtor += address_lines(contact.address)
        if contact.country and contact.country != settings.country:
            debtor.append(country_name(contact.country, language))
        if contact.company_id:
            debtor.append(shown["customer_id"].format(id=grouped(contact.company_id)))
    return {"creditor": creditor, "debtor": debtor}


def place_of(address: str) -> str:
    """The town of an address, after its postcode; "" when it cannot be told."""
    for line in reversed(address.splitlines()):
        for part in reversed(line.split(",")):
            if found := _TOWN.fullmatch(part.strip()):
                return one_line(found[1])
    return ""


def place_and_date(settings: Settings, date: str, language: Language) -> str:
    place = place_of(settings.address)
    shown = words(language)["letter"]
    text: str = shown["from"].format(place=place, date=date) if place else shown["from_nowhere"].format(date=date)
    return text


@lru_cache(maxsize=256)
def country_name(code: str, language: Language) -> str:
    """ "GB" -> "Royaume-Uni"; the code itself when it is unknown."""
    from babel import Locale  # slow to import, and most runs print nothing

    return Locale(language).territories.get(code, code) or code


def grouped(number: str) -> str:
    """A SIREN as people read it: "123 456 782"; anything else as it is typed."""
    plain = "".join(number.split())
    if plain.isdigit() and len(plain) in (9, 14):
        return "\u00a0".join(part for part in (plain[:3], plain[3:6], plain[6:9], plain[9:]) if part)
    return one_line(number)
