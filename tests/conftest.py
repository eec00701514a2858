"""For all tests: the same examples in every run, and none of the machine's own configuration.

`make test` must not fail by chance; searching for new examples is what `make laws` and `make chaos` are for, at night.
"""

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("search" if os.environ.get("RELANCE_EXAMPLES") else "steady")

_OURS = ("RELANCE_", "GOOGLE_APPLICATION_CREDENTIALS", "GITHUB_", "CI")


_ASKED = ("RELANCE_EXAMPLES", "RELANCE_EVERY_POINT", "RELANCE_CHAOS")  # how far a person wants to search


def pytest_configure() -> None:
    """Before the first fixture, those of a whole module or session too."""
    for name in list(os.environ):
        if name.startswith(_OURS) and name not in _ASKED:
            del os.environ[name]
