"""A Google Sheets API v4 emulator for tests: stateful, over real HTTP on loopback.

Run it with ``python -m tests.sheets_emulator --port 8080`` from the project's root; in a test, use `Emulator`.
"""

from .context import Clock, Switches
from .emulator import OWNER, ROBOT, Emulator
from .faults import Fault, Faults
from .people import People
from .service import Logged

__all__ = ["OWNER", "ROBOT", "Clock", "Emulator", "Fault", "Faults", "Logged", "People", "Switches"]
