"""GitHub's API on loopback, as far as we call it: who can read the repository, and its issues."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Api:
    repository: dict[str, Any] = field(default_factory=lambda: {"private": True, "visibility": "private"})
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    has_issues: bool = True
    url: str = ""


def _handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/repos/example/factures":
                self._answer(200, api.repository)
            elif path == "/repos/example/factures/issues" and api.has_issues:
                self._answer(200, [one for one in api.issues if one["state"] == "open"])
            else:
                self._answer(404, {"message": "Not Found"})

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not api.has_issues:
                self._answer(410, {"message": "Issues are disabled for this repo"})
            elif self.path == "/repos/example/factures/issues":
                number = len(api.issues) + 1
                page = f"https://github.example/example/factures/issues/{number}"
                now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                api.issues.append({**said, "number": number, "state": "open", "updated_at": now, "html_url": page})
                self._answer(201, api.issues[-1])
            else:
                api.comments.append(said["body"])
                self._answer(201, {})

        def _answer(self, status: int, document: object) -> None:
            api.tokens.add(self.headers.get("Authorization", ""))
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def github_api() -> Iterator[Api]:
    api = Api()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
