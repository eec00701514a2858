"""Mail servers that answer nonsense, at each word of the conversation: nothing is lost, nothing leaves twice, nothing breaks."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from mail_sink import mail_sink
from postal import Postal

from sync.ledger.words import Act

STAGES = ("banner", "ehlo", "mail", "rcpt", "data", "end")
NONSENSE = {
    "another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "bytes": b"\x00\xff\xfe\x80\r\n",
    "no such number": b"999 what\r\n",
    "an early yes": b"100 go on\r\n",
    "the wrong yes": b"354 again\r\n",
    "nothing": b"\r\n",
    "a line without an end": b"250 " + b"x" * 100_000,
    "lines without an end": b"250-more\r\n" * 500,
    "text": b"Bonjour\r\n",
}


class _Talker(socketserver.StreamRequestHandler):
    """A polite server until the stage where it says its nonsense and hangs up."""

    stage, nonsense = "", b""
    accepted: list[bytes] = []

    def handle(self) -> None:
        if self._says("banner", b"220 mx\r\n"):
            return
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"EHLO" and self._says("ehlo", b"250 mx\r\n"):
                return
            if word == b"MAIL" and self._says("mail", b"250 ok\r\n"):
                return
            if word == b"RCPT" and self._says("rcpt", b"250 ok\r\n"):
                return
            if word == b"DATA":
                if self._says("data", b"354 go\r\n"):
                    return
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    pass
                if part:
                    self.accepted.append(line)
                if self._says("end", b"250 taken\r\n"):
                    return
            if word in (b"RSET", b"NOOP", b"HELO"):
                self._say(b"250 ok\r\n")
            if word == b"QUIT":
                return

    def _says(self, stage: str, polite: bytes) -> bool:
        self._say(self.nonsense if stage == self.stage else polite)
        return stage == self.stage

    def _say(self, words: bytes) -> None:
        with suppress(OSError):
            self.wfile.write(words)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


@contextmanager
def talking(stage: str, nonsense: bytes) -> Iterator[tuple[str, list[bytes]]]:
    handler = type("Talker", (_Talker,), {"stage": stage, "nonsense": nonsense, "accepted": []})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", handler.accepted
        server.shutdown()


CASES = [(stage, nonsense) for stage in STAGES for nonsense in sorted(NONSENSE) if (stage, nonsense) != ("data", "the wrong yes")]


@pytest.mark.parametrize(("stage", "nonsense"), CASES)
def test_nonsense_loses_nothing_and_doubles_nothing(tmp_path, stage, nonsense):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with talking(stage, NONSENSE[nonsense]) as (url, accepted):
        run = postal.passes(url)
    uncertain = [one for one in run.sendings if one.status is Act.UNCERTAIN]
    assert len(uncertain) == (stage == "end")
    assert len(accepted) == (stage == "end")
    assert postal.journal("sent", "bounced") == []
    assert run.some_failed
    with mail_sink() as sink:
        postal.passes(sink.url)
    assert len(sink.accepted) == (stage != "end")


def test_a_no_followed_by_silence_is_still_a_no(tmp_path):
    """The server refuses the recipient for good and hangs up: the address is told, and not tried again."""
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with talking("rcpt", b"550 5.1.1 no such user\r\n") as (url, _):
        run = postal.passes(url)
    assert [one.status for one in run.sendings] == [Act.FAILED]
    assert postal.acts() == ["reserved F-1", "failed F-1", "bounced F-1"]


def test_a_yes_of_another_number_is_a_yes(tmp_path):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        sink.on_rcpt = lambda address: None
        original = type(sink).handle_RCPT

        async def forwards(self, server, session, envelope, address, options):
            await original(self, server, session, envelope, address, options)
            return "252 will try"

        sink.handle_RCPT = forwards.__get__(sink)  # type: ignore[method-assign]
        run = postal.passes(sink.url)
    assert [one.status for one in run.sendings] == [Act.SENT]
    assert postal.journal("bounced") == []
