"""The mailbox that receives the answers, read without a trace: folders opened read-only, bodies peeked at.

Only the headers of new messages are asked for, in blocks; a body is read when its headers concern us, up to a size, and
its attachments are never opened.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.message import Message
from itertools import islice
from typing import Self

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from sync.post.model import Unreachable
from sync.post.server import MailServer

MOST_BYTES = 262_144  # of one message: an answer fits, an attachment is cut
_HEADER_BYTES = 16_384
_BLOCK = 200  # headers asked for at once
_HEADERS = "MESSAGE-ID IN-REPLY-TO REFERENCES FROM SUBJECT RETURN-PATH CONTENT-TYPE X-FAILED-RECIPIENTS"
_UID = re.compile(rb"\bUID (\d+)")
_ERRORS = (imaplib.IMAP4.error, ImapToolsError, OSError, UnicodeError)
_SENT_NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "envoyés",
    "éléments envoyés",
    "messages envoyés",
    "inbox.sent",
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a folder was read: everything up to `uid` of that incarnation of the folder."""

    validity: str = ""
    uid: int = 0

    def text(self) -> str:
        return f"{self.validity}:{self.uid}"


def parse_place(text: str) -> Place:
    validity, _, uid = text.partition(":")
    return Place(validity, int(uid)) if uid.isdigit() else Place()


@dataclass(frozen=True, slots=True)
class Header:
    """The headers of one message in the folder."""

    uid: int
    message: Message


class Inbox:
    """A connection to the mailbox, as a context. Every method raises `Unreachable` when the server cannot be used."""

    def __init__(
        self,
        server: MailServer,
        token: Callable[[], str] | None = None,
        *,
        timeout: float = 30.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server, self._token, self._timeout, self._context = server, token, timeout, context
        self._box: BaseMailBox | None = None

    def __enter__(self) -> Self:
        with _reachable():
            box = self._connect()
            try:
                self._log_in(box)
            except BaseException:
                _hang_up(box)
                raise
            self._box = box
        return self

    def __exit__(self, *_: object) -> None:
        if self._box is not None:
            _hang_up(self._box)
            self._box = None

    def _log_in(self, box: BaseMailBox) -> None:
        server = self._server
        token = self._token() if self._token is not None else ""
        try:
            if token:
                box.xoauth2(server.user, token, None)
            elif server.user.isascii() and server.password.isascii():
                box.login(server.user, server.password, None)
            else:
                box.login_utf8(server.user, server.password, None)
        except imaplib.IMAP4.abort:  # the line broke
            raise
        except (imaplib.IMAP4.error, ImapToolsError) as error:
            raise Unreachable("IMAP LoginError") from error

    def _connect(self) -> BaseMailBox:
        server = self._server
        context = self._context or ssl.create_default_context()
        if server.implicit:
            return MailBox(server.host, server.port, self._timeout, ssl_context=context)
        if server.is_local:
            box = MailBoxUnencrypted(server.host, server.port, self._timeout)
            try:
                if "STARTTLS" in box.client.capabilities:
                    box.client.starttls(context)
            except BaseException:
                _hang_up(box)
                raise
            return box
        return MailBoxStartTls(server.host, server.port, self._timeout, ssl_context=context)

    def new(self, place: Place, since: date | None) -> tuple[Place, Iterator[Header]]:
        """(where the reading starts, the headers after it). A folder made anew is read from the day `since`."""
        box = self._open()
        folder = self._server.folder or "INBOX"
        with _reachable():
            box.folder.set(folder, readonly=True)
            validity = str(box.folder.status(folder, ["UIDVALIDITY"])["UIDVALIDITY"])
            start = place if place.validity == validity else Place(validity, 0)
            if start.uid:
                found = box.uids(f"UID {start.uid + 1}:*", None)
            else:
                found = box.uids(f"SINCE {_imap_day(since)}" if since else "ALL", None)
            uids = sorted(uid for uid in map(int, found) if uid > start.uid)
        return start, self._headers(uids)

    def _headers(self, uids: Sequence[int]) -> Iterator[Header]:
        coming = iter(uids)
        while block := list(islice(coming, _BLOCK)):
            yield from self._fetch_headers(block)

    def _fetch_headers(self, block: Sequence[int]) -> list[Header]:
        what = f"(UID BODY.PEEK[HEADER.FIELDS ({_HEADERS})]<0.{_HEADER_BYTES}>)"
        with _reachable():
            answers = self._open().client.uid("FETCH", ",".join(map(str, block)), what)[1]
        found = []
        for answer in answers:
            if isinstance(answer, tuple) and (uid := _UID.search(answer[0])):
                found.append(Header(int(uid.group(1)), message_from_bytes(answer[1])))
        return sorted(found, key=lambda one: one.uid)

    def body(self, uid: int) -> bytes:
        """The message, at most `MOST_BYTES` of it; b"" when it has gone meanwhile."""
        with _reachable():
            answers = self._open().client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{MOST_BYTES}>)")[1]
        return next((answer[1] for answer in answers if isinstance(answer, tuple)), b"")

    def in_sent_mail(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Those of the Message-IDs that stand in the folder of sent mail; none when there is no such folder."""
        box = self._open()
        with _reachable():
            folder = _sent_folder(box)
            if folder is None:
                return frozenset()
            box.folder.set(folder, readonly=True)
            return frozenset(one for one in message_ids if _quotable(one) and box.uids(f'HEADER Message-ID "{one}"', None))

    def _open(self) -> BaseMailBox:
        assert self._box is not None, "used outside its context"
        return self._box


@contextlib.contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except _ERRORS as error:
        why = f" {error.verify_message}" if isinstance(error, ssl.SSLCertVerificationError) else ""
        raise Unreachable(f"IMAP {type(error).__name__}{why}") from error


def _hang_up(box: BaseMailBox) -> None:
    with contextlib.suppress(*_ERRORS):
        box.logout()


def _sent_folder(box: BaseMailBox) -> str | None:
    folders = box.folder.list()
    for folder in folders:
        if any(flag.casefold() == "\\sent" for flag in folder.flags):
            return folder.name
    return next((folder.name for folder in folders if folder.name.casefold() in _SENT_NAMES), None)


def _quotable(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _imap_day(day: date) -> str:
    """ "02-Feb-2026": the months of IMAP are English whatever the machine's language."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{day.day:02}-{months[day.month - 1]}-{day.year}"
