"""A mail server: one connection, kept for the whole run, TLS verified.

What matters here is the stage at which something goes wrong. Until the server has said 354, nothing was handed over and
the message may be tried again. From the first byte of the message on, only the server's last word tells: without it the
outcome is uncertain.
"""

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from sync.post.model import Refusal, Refused, Uncertain, Unreachable
from sync.post.oauth import xoauth2
from sync.post.server import MailServer

LAST_WORD_SECONDS = 300.0  # a server may examine a message at length before its last word (RFC 5321 says up to 600)
_UTF8 = SMTP.clone(utf8=True, max_line_length=78)
_GONE = 421  # "service not available, closing the connection"
_NOT_LET_IN = (530, 535, 538)  # it wants a login, or a safer one: nothing to do with the message
_STATUS = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
# Said as if for good, and over the next day: a mailbox that is full, the day's allowance used up.
_PASSING = re.compile(r"5\.(?:2\.2|4\.5)\b")
_NOBODY = ((2, 0), (2, 1), (4, 1), (4, 4))  # disabled mailbox; a domain nobody serves (Microsoft's word for an unknown address)
_UNKNOWN = re.compile(
    r"unknown|no such|not exist|invalid recipient|mailbox (?:unavailable|not found)|user not found", re.IGNORECASE
)
_OURS = re.compile(
    r"relay|authenticat|quota|limit|policy|spam|block|denied|listed|reputation|permit|sender|rate|too many|security",
    re.IGNORECASE,
)


class Smtp:
    """A `Transport`. Nothing is opened before `prepare` or the first `deliver`."""

    def __init__(
        self,
        server: MailServer,
        token: Callable[[], str] | None = None,
        *,
        timeout: float = 30.0,
        last_word: float = LAST_WORD_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._token = token
        self._timeout = timeout
        self._last_word = last_word
        self._context = context
        self._smtp: smtplib.SMTP | None = None

    def prepare(self) -> None:
        """Open the connection, or see that the one we have still answers."""
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                if self._smtp.noop()[0] == 250:
                    return
            self._drop()
        self._open()

    def deliver(self, message: EmailMessage, to: Sequence[str], cc: Sequence[str] = ()) -> Mapping[str, Refusal]:
        to, cc = [_ascii_domain(one) for one in to], [_ascii_domain(one) for one in cc]
        utf8 = not all(one.isascii() for one in (*to, *cc))
        data = message.as_bytes(policy=_UTF8 if utf8 else None)
        try:
            refused = self._envelope(message, data, to, cc, utf8)
        except (smtplib.SMTPServerDisconnected, OSError):
            # Servers close a line that was quiet, or that has carried its share of messages. Nothing was handed over.
            self._drop()
            self._open()
            try:
                refused = self._envelope(message, data, to, cc, utf8)
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                self._drop()
                self._open()  # a server that still answers hangs up on this message only: the others may leave
                raise Refused(Refusal(_GONE, _name(error), True)) from error
        self._hand_over(data)
        return refused

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._drop()

    # --- the connection

    def _open(self) -> None:
        server = self._server
        smtp: smtplib.SMTP
        try:
            if server.implicit:
                smtp = smtplib.SMTP_SSL(server.host, server.port, _hello(), timeout=self._timeout, context=self._tls())
            else:
                smtp = smtplib.SMTP(server.host, server.port, _hello(), timeout=self._timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(_name(error)) from error
        try:
            self._introduce(smtp)
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            raise Unreachable(_name(error)) from error
        except Unreachable:
            smtp.close()
            raise
        self._smtp = smtp

    def _introduce(self, smtp: smtplib.SMTP) -> None:
        server = self._server
        smtp.ehlo_or_helo_if_needed()
        if not server.implicit:
            if smtp.has_extn("starttls"):
                smtp.starttls(context=self._tls())
                smtp.ehlo()
            elif not server.is_local:
                raise Unreachable("no STARTTLS")
        if self._token is not None:
            said = xoauth2(server.user, self._token())
            smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")
        elif server.user and (server.user + server.password).isascii():
            smtp.login(server.user, server.password)
        elif server.user:  # the library knows ASCII only
            said = base64.b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
            code, answer = smtp.docmd("AUTH", f"PLAIN {said}")
            if code not in (235, 503):
                raise smtplib.SMTPAuthenticationError(code, answer)

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    # --- one message

    def _envelope(
        self, message: EmailMessage, data: bytes, to: Sequence[str], cc: Sequence[str], utf8: bool
    ) -> Mapping[str, Refusal]:
        """Everything up to the word 354. Raises Refused, or the error of a line that broke."""
        if self._smtp is None:
            self._open()
        smtp = self._smtp
        assert smtp is not None
        options = [f"SIZE={len(data)}"] if smtp.has_extn("size") else []
        if utf8:
            if not smtp.has_extn("smtputf8"):
                raise Refused(Refusal(0, "SMTPUTF8", False))
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        sender = _ascii_domain(parseaddr(str(message["From"]))[1])
        self._expect(smtp.mail(sender, options))
        refused: dict[str, Refusal] = {}
        for one in (*to, *cc):
            code, said = _understood(smtp.rcpt(one))
            if code // 100 != 2:
                refused[one] = _of_recipient(_refusal(code, said))
        if all(one in refused for one in to):
            self._start_over()
            whole = next((refused[one] for one in to if not refused[one].of_address), refused[to[0]])
            raise Refused(whole._replace(temporary=any(refused[one].temporary for one in to)), refused)
        self._expect(smtp.docmd("DATA"), 354)
        return refused

    def _expect(self, answer: tuple[int, bytes], wanted: int = 250) -> None:
        if answer[0] == wanted:
            return
        code, said = _understood(answer)
        if code // 100 == 2:
            raise smtplib.SMTPServerDisconnected(f"{code}")
        if code in _NOT_LET_IN:
            raise Unreachable(f"SMTP {code}")
        self._start_over()
        raise Refused(_refusal(code, said))

    def _start_over(self) -> None:
        """Forget the message. A server that hangs up right after its no has said no all the same."""
        try:
            if self._smtp is not None:
                self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _hand_over(self, data: bytes) -> None:
        """The message itself and the server's last word."""
        smtp = self._smtp
        assert smtp is not None
        # smtplib's own way of sending a body, taken apart: dots doubled at the start of lines, then the final dot.
        body = data.replace(b"\r\n.", b"\r\n..")
        body = b"." + body if body.startswith(b".") else body
        end = b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            smtp.send(body + end)
            if smtp.sock is not None:
                smtp.sock.settimeout(self._last_word)
            code, said = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Uncertain(_name(error)) from error
        if code == _GONE:
            self._drop()
        if code // 100 == 2:
            return
        if code // 100 not in (4, 5):  # no language of mail: it may have been taken
            self._drop()
            raise Uncertain(f"{code}")
        raise Refused(_refusal(code, said))


def _understood(answer: tuple[int, bytes]) -> tuple[int, bytes]:
    """An answer that is one; raises the error of a broken line for a farewell, and for what no mail server says."""
    if answer[0] == _GONE or answer[0] // 100 not in (2, 4, 5):
        raise smtplib.SMTPServerDisconnected(f"{answer[0]}")
    return answer


def _refusal(code: int, said: bytes) -> Refusal:
    reason = " ".join("".join(ch if ch.isprintable() else " " for ch in said.decode("utf-8", "replace")).split())
    return Refusal(code, reason[:200], code // 100 == 4 or bool(_PASSING.match(reason)))


def _of_recipient(refusal: Refusal) -> Refusal:
    """Whether the recipient is no address, or the server turns down the message and says so at its recipient.

    The enhanced status tells (RFC 3463): classes 1 and 2 are of the address and its mailbox. Without one, the words.
    """
    status = _STATUS.match(refusal.reason)
    if status is not None:
        subject, detail = int(status[1]), int(status[2])
        known = (subject == 1 and detail not in (7, 8)) or (subject, detail) in _NOBODY
        of_address = known or bool(_UNKNOWN.search(refusal.reason))
    elif refusal.code in (550, 551, 553, 556):
        of_address = bool(_UNKNOWN.search(refusal.reason)) or not _OURS.search(refusal.reason)
    else:
        of_address = refusal.code == 501 or bool(_UNKNOWN.search(refusal.reason))
    return refusal._replace(of_address=of_address or refusal.temporary)


def _name(error: Exception) -> str:
    """What went wrong, for a log: never the server's words at login, which may repeat the user."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{type(error).__name__} {error.verify_message}"
    return type(error).__name__


def _ascii_domain(address: str) -> str:
    """The address with its domain as DNS knows it; the part before the @ is the server's affair."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError:
        return address


def _hello() -> str:
    """The name to greet with. Asking DNS for one can take a minute and changes nothing."""
    name = socket.gethostname()
    return name if name.isascii() and name.strip() else "localhost"
