"""What the benchmarks share: one measure in a process of its own, a table of several, and what the machine is worth now."""

import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from time import process_time


def additions() -> float:
    """Seconds of processor time for twenty million additions: figures of two days are compared through it."""
    start, total = process_time(), 0
    for number in range(20_000_000):
        total += number
    return process_time() - start


def peak() -> float:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tell(figures: Mapping[str, float]) -> None:
    """What a process of its own says, for `in_its_own_process`."""
    for name, value in figures.items():
        print(f"{name}\t{value:.2f}")


def in_its_own_process(module: str, *arguments: str, times: int = 1) -> dict[str, str]:
    """The figures of `python -m module --one …`, so that one size's memory is not counted with another's.

    Of several processes the least of each figure, as `timeit` advises: what is above it is the machine's, not the program's.
    """
    command = [sys.executable, "-m", module, "--one", *arguments]
    found: list[dict[str, str]] = []
    for _ in range(times):
        out = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(dict(line.split("\t") for line in out.stdout.splitlines()))
    return {name: min((one.get(name, "0") for one in found), key=float) for name in found[0]}


def table(title: str, heads: Sequence[str], columns: Sequence[Mapping[str, str]]) -> None:
    """A row a figure, a column a size."""
    print(f"\n| {title} | " + " | ".join(heads) + " |\n|---|" + "---:|" * len(heads))
    for name in dict.fromkeys(name for column in columns for name in column):
        print(f"| {name} | " + " | ".join(column.get(name, "0") for column in columns) + " |", flush=True)
