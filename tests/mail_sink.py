"""A mail server on loopback for tests: it keeps what it accepts, and can be told how to answer."""

import asyncio
import email
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Answer = str | None  # None = accept


@dataclass
class Sink:
    """`on_rcpt(address)` and `on_data(number)` give an SMTP answer, or None to accept; "drop" closes the line instead."""

    accepted: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    on_mail: Callable[[str], Answer] = lambda address: None
    on_rcpt: Callable[[str], Answer] = lambda address: None
    on_data: Callable[[int], Answer] = lambda number: None
    after_data: Callable[[int], Answer] = lambda number: None  # the message is kept, then this is said ("drop": nothing)
    users: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    tried: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def messages(self) -> list[EmailMessage]:
        return [email.message_from_bytes(data, policy=policy.default) for _, _, data in self.accepted]  # type: ignore[misc]

    def recipients(self) -> list[str]:
        return [one for _, to, _ in self.accepted for one in to]

    # --- aiosmtpd's hooks

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        answer = self.on_mail(address)
        if answer == "drop":
            _drop(server)
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        answer = self.on_rcpt(address)
        if answer == "drop":
            _drop(server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.tried += 1
        answer = self.on_data(self.tried)
        if answer == "drop":
            _drop(server)
        if answer is not None:
            return answer
        assert isinstance(envelope.content, bytes)
        self.accepted.append((envelope.mail_from or "", list(envelope.rcpt_tos), envelope.content))
        last = self.after_data(self.tried)
        if last == "drop":
            _drop(server)
        if last == "stall":
            await asyncio.sleep(30)
        return last or "250 taken"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        user, password = data.login.decode(), data.password.decode()
        return AuthResult(success=self.users.get(user) == password, handled=False)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        import base64

        said = base64.b64decode(args[1]).decode()
        user, bearer = said.split("\x01")[:2]
        good = self.users.get(user.removeprefix("user=")) == bearer.removeprefix("auth=Bearer ")
        if not good:
            await server.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
            await server._reader.readline()  # type: ignore[union-attr]
        return AuthResult(success=good, handled=False)


def _drop(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()


class _Controller(Controller):
    def __init__(self, sink: Sink, options: dict[str, Any], context: ssl.SSLContext | None) -> None:
        self.options = options
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        super().__init__(sink, hostname="127.0.0.1", port=port, ready_timeout=20, ssl_context=context)

    def factory(self) -> SMTP:
        return SMTP(self.handler, enable_SMTPUTF8=True, hostname="sink.example.org", **self.options)


@contextmanager
def mail_sink(sink: Sink | None = None, *, tls: ssl.SSLContext | None = None, implicit: bool = False) -> Iterator[Sink]:
    sink = sink or Sink()
    options: dict[str, Any] = {}
    if sink.users:
        options |= {
            "authenticator": sink.authenticate,
            "auth_required": True,
            "auth_require_tls": tls is not None and not implicit,
        }
    if tls is not None and not implicit:
        options |= {"tls_context": tls, "require_starttls": True}
    controller = _Controller(sink, options, tls if implicit else None)
    controller.start()
    sink.connections, sink.port = 0, controller.port
    try:
        yield sink
    finally:
        controller.stop(no_assert=True)
