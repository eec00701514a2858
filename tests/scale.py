"""How many examples a law tries: a few in `make test`, many when RELANCE_EXAMPLES says so."""

import os


def scaled(count: int) -> int:
    return count * int(os.environ.get("RELANCE_EXAMPLES", "1"))
