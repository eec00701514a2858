"""The mailbox over TLS and by access token, on Debian's own Dovecot: verified, renewed, refused in one sentence."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from mail_servers import PASSWORD, Certificate, Mailboxes, dovecot, make_certificate
from mail_sink import mail_sink
from postal import Postal

pytestmark = pytest.mark.servers
TUESDAY = "2026-02-03 10:00"


class _Provider(BaseHTTPRequestHandler):
    """Gives tokens, and tells the mail server whose they are."""

    issued: list[str] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/token":
            good = form.get("refresh_token") == ["kept"]
            if good:
                self.issued.append(f"token-{len(self.issued)}")
            self._say(200 if good else 400, {"access_token": self.issued[-1]} if good else {"error": "invalid_grant"})
        else:
            active = form.get("token", [""])[0] in self.issued
            self._say(200, {"active": active, "username": "compta"} if active else {"active": False})

    def _say(self, code: int, answer: dict[str, object]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def provider():
    server = HTTPServer(("127.0.0.1", 0), _Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def secured(tmp_path_factory, certificate, provider):
    with dovecot(tmp_path_factory.mktemp("dovecot"), certificate=certificate, introspection=f"{provider}/introspect") as boxes:
        yield boxes


@pytest.fixture
def postal(tmp_path, secured: Mailboxes) -> Postal:
    """A reminder that left, and its answer in the mailbox."""
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink() as sink:
        postal.passes(sink.url)
    (sent,) = sink.messages()
    secured.drop(
        f"From: c1@example.org\nMessage-ID: <{tmp_path.name}@client.example.org>\nIn-Reply-To: {sent['Message-ID']}\n"
        "Subject: Re: votre compte\n\nLe virement part demain.\n".encode()
    )
    return postal


def address(boxes: Mailboxes, implicit: bool, login: str, host: str = "localhost") -> str:
    return f"imaps://{login}@{host}:{boxes.tls_port}" if implicit else f"imap://{login}@{host}:{boxes.port}"


def answers(postal: Postal) -> list[str]:
    return [row["text"] for row in postal.journal("replied")]


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_answers_are_read_over_verified_tls_with_a_password(postal, secured, certificate, implicit, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    run = postal.passes(imap_url=address(secured, implicit, f"compta:{PASSWORD}"), at=TUESDAY)
    assert (run.stopped, "Le virement part demain." in answers(postal)) == ("", True)


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_answers_are_read_over_tls_with_an_access_token(postal, secured, certificate, provider, implicit, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    oauth = json.dumps({"token_url": f"{provider}/token", "client_id": "id", "refresh_token": "kept"})
    run = postal.passes(imap_url=address(secured, implicit, "compta"), oauth=oauth, at=TUESDAY)
    assert (run.stopped, "Le virement part demain." in answers(postal)) == ("", True)


@pytest.mark.parametrize(
    ("login", "oauth"),
    [("compta:hunter2", ""), ("compta", '{"access_token": "stale-token"}'), ("patron", '{"access_token": "token-0"}')],
    ids=["password", "stale token", "somebody else's token"],
)
def test_a_login_that_is_refused_is_one_sentence_and_holds_all_sending(
    postal, secured, certificate, provider, login, oauth, monkeypatch
):
    _Provider.issued = _Provider.issued or ["token-0"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    with mail_sink() as sink:
        run = postal.passes(sink.url, imap_url=address(secured, True, login), oauth=oauth, at="2026-02-20 10:00")
    assert run.stopped.startswith(
        "le serveur de la boîte de réponses refuse l’identifiant, le mot de passe ou le jeton\u00a0: vérifiez RELANCE_IMAP_URL"
    )
    assert (sink.accepted, answers(postal)) == ([], [])
    assert not any(secret in run.stopped for secret in ("hunter2", "stale-token", "token-0"))


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["unknown authority", "other name"])
def test_a_certificate_that_cannot_be_verified_is_one_sentence(postal, secured, certificate, implicit, host, monkeypatch):
    if host == "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    run = postal.passes(imap_url=address(secured, implicit, f"compta:{PASSWORD}", host), at=TUESDAY)
    assert run.stopped.startswith(
        "le certificat du serveur de la boîte de réponses n’est pas reconnu\u00a0: vérifiez le nom du serveur dans RELANCE_IMAP_URL"
    )
    assert answers(postal) == []


def test_a_folder_that_is_not_there_is_one_sentence(postal, secured, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    run = postal.passes(imap_url=address(secured, True, f"compta:{PASSWORD}") + "/Nulle%20part", at=TUESDAY)
    assert run.stopped.startswith(
        "le serveur de la boîte de réponses n’a pas ce dossier\u00a0: vérifiez la fin de RELANCE_IMAP_URL"
    )
