"""The workbook as a file: opened elsewhere, locked by another run, replaced at once with a copy of what was there.

Beside `invoices.xlsx` may stand: `invoices.bak.xlsx` (the workbook as people left it before the last run),
`invoices.xlsx.lock` (a run is going on), `invoices.journal.jsonl` (acts not yet in the Journal tab).
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sync.ledger.words import Language
from sync.workbook.messages import failure

LOCK_HOURS = 6  # a run takes minutes; a lock older than this belongs to a machine that went away
_HALF_WRITTEN_SECONDS = 60  # a lock that says nothing may be one that is being written


def backup_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.bak{path.suffix}")


def lock_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in the folder survive a power cut (where the system can)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- open in another program


def refuse_if_open(path: Path, language: Language) -> None:
    """Raises WorkbookError when Excel or LibreOffice has the workbook open (both leave a file beside it)."""
    excel = path.with_name(f"~${path.name}")
    if excel.exists():
        raise failure("open_in_excel", language, name=path.name, file=excel.name, by=_by(_excel_user(excel), language))
    libre = path.with_name(f".~lock.{path.name}#")
    if libre.exists():
        who = _libreoffice_user(libre)
        raise failure("open_in_libreoffice", language, name=path.name, file=libre.name, by=_by(who, language))


def _by(user: str, language: Language) -> str:
    if not user:
        return ""
    return f" par {user}" if language == "fr" else f" by {user}"


def _excel_user(file: Path) -> str:
    """The owner file starts with the length of the name and the name."""
    try:
        data = file.read_bytes()
    except OSError:  # Excel on Windows shares it with nobody
        return ""
    name = data[1 : 1 + data[0]].decode("cp1252", "replace") if data else ""
    return re.sub(r"[^\w .@-]", "", name).strip()[:60]


def _libreoffice_user(file: Path) -> str:
    """ "name,login,host,date,profile;": the name may be blank, then the login says who."""
    try:
        fields = file.read_text("utf-8", "replace").split(",")
    except OSError:
        return ""
    name = next((field for field in fields[:2] if field.strip()), "")
    return re.sub(r"[^\w .@-]", "", name).strip()[:60]


# --- one run at a time


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds the lock file, as JSON in it. `since` is ISO 8601 with offset."""

    owner: str
    host: str
    pid: int
    since: str

    def text(self) -> str:
        return json.dumps({"owner": self.owner, "host": self.host, "pid": self.pid, "since": self.since})


def take_lock(path: Path, owner: str, now: datetime, language: Language) -> Lock:
    """Create the lock file, or raise WorkbookError saying since when another run holds it.

    The file appears whole (a link to a finished one), so that nobody reads half a lock. A lock is broken when its
    process is gone from this machine, or when it is older than LOCK_HOURS by the clock of the file system: `now` is
    only told to people, since a run may be dated otherwise.
    """
    mine = Lock(owner, socket.gethostname(), os.getpid(), now.isoformat(timespec="seconds"))
    file = lock_path(path)
    try:
        draft = _write_beside(file, mine.text())
    except OSError as error:
        raise failure("not_written", language, name=path.name, reason=error.strerror or error) from error
    try:
        for _ in range(3):
            if _link_new(draft, file):
                return mine
            held = _read_lock(file)
            if not _is_stale(held, _age(file, draft)):
                break
            _break_lock(file, held)
        held = _read_lock(file)
        since = _readable(held.since, language) if held else "?"
        raise failure("locked", language, name=path.name, owner=held.owner if held else "?", since=since, file=file.name)
    finally:
        draft.unlink(missing_ok=True)


def drop_lock(path: Path, mine: Lock) -> None:
    """Remove the lock file if it is still this run's."""
    if _read_lock(lock_path(path)) == mine:
        lock_path(path).unlink(missing_ok=True)


def clear_lock(path: Path) -> str | None:
    """Remove the lock file, whoever made it; gives its owner and since when, None when there is none."""
    file = lock_path(path)
    held = _read_lock(file)
    if not file.exists():
        return None
    file.unlink(missing_ok=True)
    return f"{held.owner}, {held.since}" if held is not None else "?"


def _write_beside(file: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as draft:
        draft.write(text)
    return Path(name)


def _link_new(draft: Path, file: Path) -> bool:
    """Give `draft` the name `file` unless that name is taken."""
    try:
        os.link(draft, file)
        return True
    except FileExistsError:
        return False
    except OSError:  # a file system without links (some network shares): create exclusively, then fill
        try:
            with file.open("x", encoding="utf-8") as out:
                out.write(draft.read_text("utf-8"))
            return True
        except FileExistsError:
            return False


def _read_lock(file: Path) -> Lock | None:
    """None when there is no lock, or one that says nothing."""
    try:
        data = json.loads(file.read_text("utf-8"))
        return Lock(str(data["owner"]), str(data["host"]), int(data["pid"]), str(data["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _age(file: Path, fresh: Path) -> float:
    """Seconds between a lock and a file made just now; 0 when the lock is gone meanwhile."""
    try:
        return fresh.stat().st_mtime - file.stat().st_mtime
    except FileNotFoundError:
        return 0


def _is_stale(held: Lock | None, age: float) -> bool:
    if held is None:
        return age > _HALF_WRITTEN_SECONDS
    is_dead = held.host == socket.gethostname() and not _is_alive(held.pid)
    return is_dead or age > LOCK_HOURS * 3600


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # os.kill would end the process there: only the age tells
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _break_lock(file: Path, held: Lock | None) -> None:
    """Take a stale lock away; if another run replaced it in between, give that one back."""
    aside = file.with_name(f".{file.name}.{os.getpid()}.stale")
    try:
        os.rename(file, aside)
    except FileNotFoundError:
        return
    if _read_lock(aside) != held:
        with contextlib.suppress(FileExistsError):
            os.link(aside, file)
    aside.unlink(missing_ok=True)


def _readable(since: str, language: Language) -> str:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        return since
    return f"{moment:%d/%m/%Y %H:%M}" if language == "fr" else f"{moment:%Y-%m-%d %H:%M}"


# --- replaced at once


def replace_file(path: Path, save: Callable[[IO[bytes]], None], check: Callable[[Path], bool], *, backup: bool) -> str | None:
    """Write a new file beside `path`, then give it its name; returns the digest of the new file.

    `check` sees the finished new file just before the exchange and says whether to go on: None is returned when not,
    and the workbook is as it was. A crash at any point leaves the old file or the new one, whole. The mode of the old
    file is kept. OSError leaves no trace either.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            save(out)
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
            _keep_owner(path, fresh)
        else:
            umask = os.umask(0)
            os.umask(umask)
            fresh.chmod(stat.S_IMODE(0o666 & ~umask))
        digest = digest_of(fresh)
        if not check(fresh):
            return None
        if backup and path.exists():
            _copy_aside(path, backup_path(path))
        os.replace(fresh, path)
        sync_folder(path.parent)
        return digest
    finally:
        fresh.unlink(missing_ok=True)


def _keep_owner(path: Path, fresh: Path) -> None:
    """A run by another user (root, a service) leaves the workbook to its owner, where the system lets it."""
    if os.name == "nt":
        return
    was = path.stat()
    if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
        with contextlib.suppress(PermissionError):
            os.chown(fresh, was.st_uid, was.st_gid)


def _copy_aside(path: Path, target: Path) -> None:
    """Copy so that `target` is always a whole copy: the earlier one until the new one is complete."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}.", suffix=target.suffix, dir=target.parent)
    copy = Path(name)
    try:
        with os.fdopen(handle, "wb") as out, path.open("rb") as source:
            shutil.copyfileobj(source, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        shutil.copystat(path, copy)
        os.replace(copy, target)
    finally:
        copy.unlink(missing_ok=True)
