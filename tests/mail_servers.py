"""Debian's own mail servers on loopback: Exim takes, delivers and bounces; Dovecot shows the mailboxes by IMAP."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

_SBIN = "/usr/sbin:/sbin"
PASSWORD = "mot-de-passe"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SBIN}")
        if found:
            return found
    raise FileNotFoundError(f"{names[0]} is not installed (.ci/run installs it)")


def _delivers_as() -> str:
    """Nobody delivers mail as root."""
    return "mail" if os.geteuid() == 0 else getpass.getuser()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            line.settimeout(5)
            if line.recv(10):
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text() if log.exists() else ''}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Mailboxes:
    """Mailboxes of example.org as Maildir folders, shown by Dovecot."""

    root: Path
    port: int
    tls_port: int = 0

    def url(self, user: str = "compta") -> str:
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}"

    def drop(self, raw: bytes | EmailMessage, user: str = "compta", folder: str = "") -> None:
        """Put a message into a mailbox, as new mail."""
        data = raw if isinstance(raw, bytes) else raw.as_bytes()
        box = self.root / user / (f".{folder}" if folder else "")
        for part in ("tmp", "new", "cur"):
            (box / part).mkdir(parents=True, exist_ok=True)
        number = len(list((box / "new").iterdir())) + len(list((box / "cur").iterdir()))
        path = box / "new" / f"{time.time_ns()}.{number}.example"
        path.write_bytes(data)
        _share(self.root)

    def flags(self, user: str = "compta") -> list[str]:
        """The names of the message files: Maildir keeps what was seen or deleted in them."""
        return sorted(path.name for part in ("new", "cur") for path in (self.root / user / part).iterdir())


def _share(root: Path) -> None:
    if os.geteuid() == 0:
        user = _delivers_as()
        for path in (root, *root.rglob("*")):
            with contextlib.suppress(FileNotFoundError):
                shutil.chown(path, user, user)


def _open_way(folder: Path) -> None:
    """Let the delivering user walk down to a folder that pytest made for its owner alone."""
    if os.geteuid() == 0:
        for path in (folder, *folder.parents):
            if path != Path("/") and path.stat().st_uid == os.geteuid() and "pytest" in str(path):
                path.chmod(path.stat().st_mode | 0o055)


@dataclass(frozen=True)
class Certificate:
    """A server's own, for localhost; `path` is also the authority that trusts it."""

    path: Path
    key: Path


def make_certificate(folder: Path) -> Certificate:
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", made.key, "-out", made.path],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


def _tls(certificate: Certificate | None) -> str:
    return (
        f"ssl = required\nssl_cert = <{certificate.path}\nssl_key = <{certificate.key}" if certificate is not None else "ssl = no"
    )


def _oauth(folder: Path, introspection: str) -> str:
    """Tokens are shown to the provider, as large ones have it."""
    if not introspection:
        return ""
    config = folder / "oauth2.conf.ext"
    config.write_text(
        f"introspection_url = {introspection}\nintrospection_mode = post\nusername_attribute = username\n"
        "active_attribute = active\nactive_value = true\nforce_introspection = yes\n"
    )
    config.chmod(0o644)
    return f"auth_mechanisms = plain login xoauth2\npassdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {config}\n}}\n"


@contextmanager
def dovecot(folder: Path, *, certificate: Certificate | None = None, introspection: str = "") -> Iterator[Mailboxes]:
    """`introspection` is where a provider says whose a token is; with a `certificate` nothing is said in clear."""
    folder.mkdir(parents=True, exist_ok=True)
    root, port, tls_port, log = (
        folder / "mail",
        _free_port(),
        _free_port() if certificate is not None else 0,
        folder / "dovecot.log",
    )
    root.mkdir()
    _open_way(folder)
    _share(root)
    user = _delivers_as()
    own = (
        ""
        if os.geteuid() == 0
        else f"default_internal_user = {user}\ndefault_login_user = {user}\nservice anvil {{ chroot = }}\n"
    )
    config = folder / "dovecot.conf"
    config.write_text(
        f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {log}
protocols = imap
listen = 127.0.0.1
{_tls(certificate)}
disable_plaintext_auth = {"no" if certificate is None else "yes"}
mail_location = maildir:{root}/%n
mail_uid = {user}
mail_gid = {user}
first_valid_uid = 1
{own}{_oauth(folder, introspection)}passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={root}/%n
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""
    )
    process = subprocess.Popen([_program("dovecot"), "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=log.open("ab"))
    try:
        _wait_for(port, process, log)
        yield Mailboxes(root, port, tls_port)
    finally:
        _stop(process)


@contextmanager
def exim(folder: Path, boxes: Mailboxes, users: tuple[str, ...]) -> Iterator[str]:
    """An SMTP address that takes anything for example.org, delivers to `users` and sends a bounce for the others."""
    folder.mkdir(parents=True, exist_ok=True)
    _open_way(folder)
    port, user, log = _free_port(), _delivers_as(), folder / "exim.log"
    (folder / "users").write_text("".join(f"{one}: {one}\n" for one in users))
    for name in ("spool", "log"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    config = folder / "exim.conf"
    config.write_text(
        f"""primary_hostname = mx.example.org
exim_user = {user}
exim_group = {user}
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
pid_file_path = {folder}/spool/exim.pid
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
smtp_accept_queue_per_connection = 0
smtp_accept_max = 50
queue_run_max = 5
acl_smtp_rcpt = everyone
tls_advertise_hosts =
keep_environment =
never_users =
deliver_drop_privilege = true
host_lookup =
rfc1413_query_timeout = 0s
smtp_enforce_sync = false
begin acl
everyone:
  accept
begin routers
known:
  driver = accept
  local_parts = lsearch;{folder}/users
  transport = box
gone:
  driver = redirect
  data = :fail: No such user here
  allow_fail
begin transports
box:
  driver = appendfile
  directory = {boxes.root}/${{lookup{{$local_part}}lsearch{{{folder}/users}}}}
  maildir_format
  create_directory
  directory_mode = 0777
  mode = 0666
begin retry
* * F,1h,1m
"""
    )
    config.chmod(0o644)
    process = subprocess.Popen(
        [_program("exim4", "exim"), "-C", str(config), "-bdf", "-q1m"], stdout=subprocess.DEVNULL, stderr=log.open("ab")
    )
    try:
        _wait_for(port, process, log)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        _stop(process)


def wait_until(happens, seconds: float = 20.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.1)
