"""The emulator as tests use it: start it, order trouble, let people edit, look at the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import TracebackType
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .a1 import quote_title
from .accounts_files import external_account_info, service_account_info
from .context import Clock, Context, Switches
from .drive_people import permission_of
from .faults import Faults
from .grid import Sheet
from .oauth import Accounts
from .people import People
from .quotas import Quotas
from .server import Server
from .service import Logged, Service
from .values import grow, update
from .workbook import Spreadsheet

OWNER = "owner@example.org"
ROBOT = "relance@test-project.iam.gserviceaccount.com"


class Emulator:
    """A Google Sheets (and Drive, and OAuth) on a loopback port.

    ``with Emulator() as emulator:`` starts and stops it.  Its clock stands still unless `running_clock`; `advance` moves it.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        switches: Switches | None = None,
        seed: int = 0,
        quotas: bool = False,
        running_clock: bool = False,
        start: dt.datetime | None = None,
    ) -> None:
        self.switches = switches or Switches()
        self.clock = Clock(running=running_clock, start=start)
        self.service = Service(self.clock, self.switches, seed)
        self.service.quotas.enabled = quotas
        self._port = port
        self._server: Server | None = None

    # Life

    def start(self) -> Emulator:
        """Listen; the port is chosen by the system unless one was given."""
        self._server = Server(self._port, self.service.handle)
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening; stalled requests end."""
        self.service.nap.end()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base URL: `/v4/spreadsheets`, `/drive/v3/files` and `/token` are below it."""
        assert self._server is not None, "the emulator is not started"
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # Parts

    @property
    def faults(self) -> Faults:
        return self.service.faults

    @property
    def quotas(self) -> Quotas:
        return self.service.quotas

    @property
    def accounts(self) -> Accounts:
        return self.service.accounts

    @property
    def log(self) -> list[Logged]:
        """Every request so far, in order of completion."""
        return self.service.log

    @property
    def people(self) -> People:
        """People in the spreadsheet created last; `people.on(id)` for another."""
        return People(self.service.drive, self.switches, self.clock)

    def methods(self) -> list[str]:
        """The method ids of the Sheets and Drive requests so far, short: `values.batchGet`, `files.list`."""
        return [
            line.method.removeprefix("sheets.spreadsheets.").removeprefix("drive.")
            for line in self.log
            if line.method.startswith(("sheets.", "drive."))
        ]

    # Files

    def create(
        self,
        title: str = "Test",
        tabs: Mapping[str, Sequence[Sequence[Any]]] | None = None,
        *,
        owner: str = OWNER,
        shared: Sequence[str] | None = None,
        locale: str = "en_US",
        time_zone: str = "Europe/Paris",
        option: str = "USER_ENTERED",
    ) -> str:
        """A spreadsheet with rows typed into its tabs; shared for writing with these accounts (None: with anyone).  Gives its id."""
        with self.service.lock:
            file = self.service.drive_api.new_file(title, owner)
            file.locale, file.time_zone = locale, time_zone
            readers = (
                [permission_of("", "anyone", "writer")]
                if shared is None
                else [permission_of(one, "user", "writer") for one in shared]
            )
            file.permissions += readers
            context = Context(self.service.drive, file, owner, self.switches, self.clock)
            if tabs:
                file.sheets = []
            for place, (name, rows) in enumerate((tabs or {}).items()):
                taken = {sheet.sheet_id for sheet in file.sheets}
                sheet = Sheet(0 if place == 0 else self.service.drive.new_number(taken), name)
                file.sheets.append(sheet)
                grow(context, sheet, len(rows), max((len(row) for row in rows), default=0))
                if rows:
                    target = f"{quote_title(name)}!A1"
                    update(context, {"valueInputOption": option}, target, {"values": [list(row) for row in rows]})
            return file.id

    def spreadsheet(self, file_id: str) -> Spreadsheet:
        """The stored file."""
        return self.service.drive.files[file_id]

    # Edits at the right moment

    def between(self, request: int, edit: Callable[[], object]) -> None:
        """Run an edit once `request` more Sheets or Drive requests were answered, before the next one is looked at."""
        self.service.put_off(edit, countdown=request)

    def before(self, on: str, edit: Callable[[], object]) -> None:
        """Run an edit right before the next request whose method id contains `on` (or whose verb is `on`)."""
        self.service.put_off(edit, on=on)

    def after(self, on: str, edit: Callable[[], object]) -> None:
        """Run an edit right after the next such request."""
        self.service.put_off(edit, on=on, before=False)

    # Credentials

    def service_account(self, email: str = ROBOT) -> dict[str, str]:
        """The content of a service-account key file that points here."""
        return service_account_info(self.url, email, _private_key())

    def external_account(self, email: str = ROBOT) -> dict[str, Any]:
        """The content of a federation file (through a service account) that points here."""
        return external_account_info(self.url, email)

    def token(self, email: str = ROBOT, scopes: Sequence[str] = ("https://www.googleapis.com/auth/spreadsheets",)) -> str:
        """A ready access token."""
        return self.accounts.issue(email, frozenset(scopes))


@cache
def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()
