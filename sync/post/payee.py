"""Who is paid, and where: compared with a value kept outside the sheet (RELANCE_PAYEE).

Whoever may edit the sheet could otherwise put another account into a setting, a text, a draft or a link, and have
customers pay it. The protected value lists IBANs, hosts of links, and sender addresses (`someone@host`, or `@host` for
all of a host), separated by spaces or commas. Each sort is checked when the list names at least one of that sort.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from stdnum import iban as iban_numbers

from sync.dunning.model import Settings
from sync.ledger.problems import Problem, Severity

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Payee:
    """What is allowed. Hosts and addresses in lower case, IBANs compact."""

    ibans: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    senders: frozenset[str] = frozenset()

    def allows_iban(self, text: str) -> bool:
        return not self.ibans or compact(text) in self.ibans

    def allows_sender(self, email: str) -> bool:
        email = email.casefold()
        return not self.senders or email in self.senders or f"@{email.rpartition('@')[2]}" in self.senders

    def allows_link(self, url: str) -> bool:
        if not self.hosts:
            return True
        try:
            return (urlsplit(url if "://" in url else f"https://{url}").hostname or "").casefold() in self.hosts
        except ValueError:
            return False


def parse_payee(text: str) -> Payee:
    """Items that are IBANs, contain an @, or else name a host; groups of an IBAN may be written apart."""
    ibans = {compact(found) for found in _ibans(text)}
    rest = text
    for found in _ibans(text):
        rest = rest.replace(found, " ")
    words = [word.strip().casefold() for word in re.split(r"[\s,;]+", rest) if word.strip()]
    senders = {word for word in words if "@" in word}
    hosts = {_host(word) for word in words if "@" not in word}
    return Payee(frozenset(ibans), frozenset(hosts - {""}), frozenset(senders))


def _host(word: str) -> str:
    return (urlsplit(word if "://" in word else f"https://{word}").hostname or "").casefold()


def compact(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", text).upper()


def _ibans(text: str) -> list[str]:
    """The stretches of a text that are a valid IBAN, as they are written there."""
    found: list[str] = []
    for candidate in _IBAN.finditer(text):
        words = candidate.group()
        # What follows an IBAN on the same line may look like more of it: take the longest beginning that is valid.
        for end in range(len(words), 14, -1):
            if iban_numbers.is_valid(compact(words[:end])):
                found.append(words[:end])
                break
    return found


def setting_problems(settings: Settings, payee: Payee) -> list[Problem]:
    """Settings that differ from the protected value: nothing may leave at all."""
    found = []
    if settings.iban and not payee.allows_iban(settings.iban):
        found.append(_problem("settings", "payee_iban", settings.iban))
    for email in (settings.sender_email, settings.reply_to):
        if email and not payee.allows_sender(email):
            found.append(_problem("settings", "payee_sender", email))
    return found


def text_problems(texts: Iterable[str], payee: Payee) -> list[Problem]:
    """Accounts and links in the very texts about to leave, whoever wrote them there."""
    found: dict[str, Problem] = {}
    for text in texts:
        for iban in _ibans(text):
            if not payee.allows_iban(iban):
                found.setdefault(compact(iban), _problem("invoices", "payee_iban", iban))
        for url in _URL.findall(text):
            if not payee.allows_link(url):
                found.setdefault(url, _problem("invoices", "payee_link", url))
    return list(found.values())


def _problem(tab: str, code: str, value: str) -> Problem:
    column = "value" if tab == "settings" else "draft"
    return Problem(tab=tab, row=0, column=column, code=code, value=value[:200], severity=Severity.STOP)
