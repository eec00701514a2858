"""The address of a mail server, from one environment variable: `smtp://user:password@host:587`, `imaps://…`."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from sync.errors import UsageError
from sync.ledger.words import Language
from sync.sentences import sentence

_PORTS = {"smtp": 587, "smtps": 465, "imap": 143, "imaps": 993}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`implicit` = TLS from the first byte; otherwise STARTTLS, which only a server of this very machine may lack."""

    host: str
    port: int
    implicit: bool
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""

    @property
    def is_local(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_server(url: str, protocol: str, variable: str, language: Language) -> MailServer:
    """`protocol` is "smtp" or "imap". Raises UsageError, which names the variable and never its value."""

    def refuse(key: str) -> UsageError:
        example = f"{protocol}s://user:password@{protocol}.example.org"
        return UsageError(sentence(key, language, variable=variable, example=example))

    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise refuse("mail_url_bad") from None
    if parts.scheme not in (protocol, f"{protocol}s") or not parts.hostname or parts.query or parts.fragment:
        raise refuse("mail_url_bad")
    if parts.netloc.count("@") > 1:  # a password with its own @, not written %40
        raise refuse("mail_url_bad")
    folder = unquote(parts.path.strip("/"))
    if folder and protocol == "smtp":
        raise refuse("mail_url_bad")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if any(ord(ch) < 32 or ord(ch) == 127 for ch in user + password + folder + parts.hostname):
        raise refuse("mail_url_bad")
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        implicit=parts.scheme.endswith("s"),
        user=user,
        password=password,
        folder=folder,
    )
