"""HTTP on loopback: one thread a connection, keep-alive, and the ways a connection can fail."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .responses import Response
from .service import Request

Handle = Callable[[Request], Response]


class Server(ThreadingHTTPServer):
    """The listening socket; it never leaves the machine."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle_api = handle
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        """Serve in the background."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is nobody's error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        body = self._body()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            response = self.server.handle_api(Request(self.command, self.path, headers, body))
        except Exception as problem:
            text = f"The emulator failed: {type(problem).__name__}: {problem}"
            error = {"error": {"code": 500, "message": text, "status": "INTERNAL"}}
            response = Response(500, json.dumps(error).encode(), {"Content-Type": "application/json; charset=UTF-8"})
        if response.drop:
            self._hang_up()
            return
        self._answer(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            chunks = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                chunks.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(chunks)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if response.cut:
            self.wfile.write(response.body[: len(response.body) // 2])
            self.wfile.flush()
            self._hang_up()
            return
        self.wfile.write(response.body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def version_string(self) -> str:
        return "ESF"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the emulator keeps its own log."""
