"""The emulator by itself: ``python -m tests.sheets_emulator --port 8080`` (or, with tests/ on the path, ``-m sheets_emulator``)."""

from __future__ import annotations

import argparse
import json
import signal
import threading
from pathlib import Path

from .emulator import ROBOT, Emulator


def main() -> None:
    """Serve until interrupted; prints the base URL."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--quotas", action="store_true", help="enforce Google's minute quotas")
    parser.add_argument("--any-token", action="store_true", help="let every bearer token in")
    parser.add_argument("--key-file", type=Path, help="write a service-account key file that points here")
    arguments = parser.parse_args()
    emulator = Emulator(port=arguments.port, quotas=arguments.quotas, running_clock=True)
    emulator.switches.any_token = arguments.any_token
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with emulator:
        if arguments.key_file:
            arguments.key_file.write_text(json.dumps(emulator.service_account(ROBOT), indent=2), encoding="utf-8")
        print(emulator.url, flush=True)
        over.wait()


if __name__ == "__main__":
    main()
