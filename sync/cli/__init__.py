"""The commands: the only place that reads the clock, the environment and the arguments."""

from sync.cli import customers, daily, imports, upkeep  # noqa: F401  # each adds its commands to the program
from sync.cli.program import main

__all__ = ["main"]
