"""Addresses of servers, tokens, certificates: read exactly, refused in a sentence, never shown."""

import json
import ssl
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_sink import Sink, mail_sink
from postal import Postal

from sync.errors import UsageError
from sync.ledger.words import Act
from sync.post.model import Unreachable
from sync.post.oauth import token_source
from sync.post.server import parse_server
from sync.post.smtp import Smtp

_TYPED = st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc",))


@given(user=st.text(_TYPED, min_size=1, max_size=20), password=st.text(_TYPED, max_size=20))
def test_user_and_password_come_back_as_they_were(user, password):
    server = parse_server(f"smtps://{quote(user, safe='')}:{quote(password, safe='')}@mail.example.org", "smtp", "V", "en")
    assert (server.user, server.password, server.port, server.implicit) == (user, password, 465, True)
    assert "password" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://:25", "smtp://h:abc", "smtp://h:99999", "smtp://a@b:secret@h",
        "smtp://h/path", "smtp://h?x=1", "smtp://u:secret#1@h:25", "imap://h", "smtp://u:se%0acret@h", "smtp://[::1", "smtp://u:secret@",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_a_sentence_that_shows_nothing(url):
    with pytest.raises(UsageError) as refused:
        parse_server(url, "smtp", "RELANCE_SMTP_URL", "fr")
    assert "RELANCE_SMTP_URL" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_local_servers_are_told_from_others():
    told = {
        url: parse_server(url, "smtp", "V", "en").is_local
        for url in ("smtp://localhost", "smtp://127.0.0.9:25", "smtp://[::1]", "smtp://mail.example.org")
    }
    assert list(told.values()) == [True, True, True, False]


@pytest.mark.parametrize(
    "text", ["", "nothing", "{}", '{"token_url": "http://provider.example"}', '{"access_token": 3}', "[1]", "/no/such/file"]
)
def test_a_token_source_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        token_source(text, "en")


class _Provider(BaseHTTPRequestHandler):
    asked: list[dict[str, list[str]]] = []

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(form)
        good = form.get("client_secret") == ["secret"]
        answer = json.dumps({"access_token": "fresh", "expires_in": 3600} if good else {"error": "invalid_client"}).encode()
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider():
    _Provider.asked = []
    server = HTTPServer(("127.0.0.1", 0), _Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/token"
    server.shutdown()
    server.server_close()


def test_a_token_is_renewed_when_it_expires_and_not_before(provider):
    source = token_source(
        json.dumps({"token_url": provider, "client_id": "id", "client_secret": "secret", "refresh_token": "r"}), "en"
    )
    seconds = iter([0.0, 10.0, 4000.0, 4000.0])
    assert [source.token(lambda: next(seconds)) for _ in range(3)] == ["fresh"] * 3
    assert len(_Provider.asked) == 2
    assert _Provider.asked[0]["grant_type"] == ["refresh_token"]


def test_a_provider_that_refuses_stops_the_sending_and_its_secret_is_not_told(provider):
    source = token_source(json.dumps({"token_url": provider, "client_id": "id", "client_secret": "wrong-secret"}), "en")
    with pytest.raises(Unreachable) as refused:
        source.token(lambda: 0.0)
    assert "invalid_client" in str(refused.value)
    assert "wrong-secret" not in f"{refused.value}{source}"


@pytest.mark.parametrize(("secret", "leaves"), [("secret", True), ("wrong", False)])
def test_messages_leave_by_xoauth2(tmp_path, provider, secret, leaves):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    oauth = json.dumps({"token_url": provider, "client_id": "id", "client_secret": secret, "refresh_token": "r"})
    with mail_sink(Sink(users={"compta@example.org": "fresh"})) as sink:
        run = postal.passes(sink.url.replace("://", "://compta%40example.org@"), oauth=oauth)
    assert (len(sink.accepted), bool(run.stopped)) == (leaves, not leaves)
    assert postal.acts() == (["reserved F-1", "sent F-1"] if leaves else [])


def test_a_token_that_the_server_refuses_stops_the_sending(tmp_path):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(users={"compta@example.org": "fresh"})) as sink:
        run = postal.passes(sink.url.replace("://", "://compta%40example.org@"), oauth='{"access_token": "stale-token"}')
    assert sink.accepted == []
    assert "SMTPAuthenticationError" in run.stopped
    assert "stale-token" not in run.stopped


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return serving, folder / "cert.pem"


@pytest.mark.parametrize("implicit", [True, False])
def test_messages_leave_over_verified_tls_with_a_login(tmp_path, certificate, implicit, monkeypatch):
    serving, authority = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(users={"compta": "p@ss:é"}), tls=serving, implicit=implicit) as sink:
        run = postal.passes(f"{'smtps' if implicit else 'smtp'}://compta:p%40ss%3A%C3%A9@localhost:{sink.port}")
    assert [one.status for one in run.sendings] == [Act.SENT], run.stopped


@pytest.mark.parametrize("implicit", [True, False])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_cannot_be_verified_stops_the_sending(tmp_path, certificate, implicit, host, monkeypatch):
    serving, authority = certificate
    if host == "127.0.0.1":  # a known authority, another name
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(), tls=serving, implicit=implicit) as sink:
        run = postal.passes(f"{'smtps' if implicit else 'smtp'}://{host}:{sink.port}")
    assert (sink.accepted, postal.acts()) == ([], [])
    assert run.stopped.startswith("le certificat du serveur de messagerie n’est pas reconnu\u00a0: vérifiez le nom du serveur")
    assert "SSL_CERT_FILE" in run.stopped
    assert "SSLCertVerificationError" in run.stopped


def test_a_server_elsewhere_without_starttls_is_refused(monkeypatch):
    with mail_sink() as sink:
        server = parse_server(sink.url, "smtp", "V", "en")
        monkeypatch.setattr(type(server), "is_local", property(lambda self: False))
        with pytest.raises(Unreachable, match="STARTTLS"):
            Smtp(server).prepare()


def test_a_wrong_password_is_not_told(tmp_path):
    postal = Postal(tmp_path).contact().invoice("F-1", "2026-01-30")
    with mail_sink(Sink(users={"compta": "right"})) as sink:
        run = postal.passes(sink.url.replace("://", "://compta:hunter2@"))
    assert "SMTPAuthenticationError" in run.stopped
    assert "hunter2" not in run.stopped


def test_a_server_that_never_answers_is_given_up(tmp_path):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = parse_server(f"smtp://127.0.0.1:{silent.getsockname()[1]}", "smtp", "V", "en")
        with pytest.raises(Unreachable, match="SMTPServerDisconnected"):
            Smtp(server, timeout=0.2).prepare()


def test_a_last_word_that_never_comes_is_an_uncertain_message():
    from datetime import UTC, datetime

    from sync.dunning.model import Settings
    from sync.post.mime import fill, start
    from sync.post.model import Uncertain

    with mail_sink(Sink(after_data=lambda number: "stall")) as sink:
        message = start(Settings(sender_email="a@example.org"), ["c@example.org"], (), "x", datetime(2026, 2, 2, tzinfo=UTC))
        fill(message, "x", "")
        smtp = Smtp(parse_server(sink.url, "smtp", "V", "en"), last_word=0.3)
        with pytest.raises(Uncertain, match="SMTPServerDisconnected"):
            smtp.deliver(message, ["c@example.org"])
        smtp.close()
    assert len(sink.accepted) == 1
