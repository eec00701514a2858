"""The lock installs on anybody's machine: hashes for all, an address of none, and every need of pyproject in it."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def _entries() -> dict[str, tuple[Requirement, str]]:
    """Locked requirements by name, each with its text."""
    entries = {}
    for text in LOCK.replace(" \\\n", " ").splitlines():
        requirement = Requirement(text.split(" --hash=")[0])
        entries[canonicalize_name(requirement.name)] = (requirement, text)
    return entries


def test_the_lock_names_no_address_and_no_option() -> None:
    assert "://" not in LOCK
    assert "file:" not in LOCK
    assert " @ " not in LOCK
    assert not re.search(r"^\s*(#|-(?!-hash=sha256:[0-9a-f]{64}( \\)?$))", LOCK, re.MULTILINE)


def test_each_requirement_is_pinned_and_hashed() -> None:
    for name, (requirement, text) in _entries().items():
        assert str(requirement.specifier).startswith("=="), name
        assert "--hash=sha256:" in text, name


def test_everything_pyproject_asks_for_is_locked_at_a_version_it_accepts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    locked = _entries()
    for text in wanted:
        asked = Requirement(text)
        name = canonicalize_name(asked.name)
        assert name in locked, f"{name} is not locked: run `make lock`"
        version = str(locked[name][0].specifier).removeprefix("==")
        assert asked.specifier.contains(version), f"{name} {version} is not {asked.specifier}: run `make lock`"
