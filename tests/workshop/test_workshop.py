"""The workshop as a newcomer meets it: a list of commands, a run bit, and no trace of somebody's machine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_make_alone_lists_the_commands() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in ("demo", ".venv", "test", "check", "lock"):
        assert f"make {command} " in shown


def test_continuous_integration_is_one_command_that_can_be_run() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    subprocess.run(["bash", "-n", str(run)], check=True)
    assert "make check workflows test" in run.read_text(encoding="utf-8")


def test_python_without_ensurepip_is_told_what_to_install(tmp_path: Path) -> None:
    """Debian's python3 comes without it; the traceback of `venv` helps nobody."""
    bare = tmp_path / "python3"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexit 0\n')
    bare.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    made = subprocess.run(["make", ".venv", "UV=", f"PYTHON={bare}"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert "apt-get install python3-venv" in made.stderr


@pytest.mark.parametrize("trace", [r"(?<![\w.])/(work|root|farm)/", r"://[\w.-]*(pypi|npmjs|pythonhosted)\.org"])
def test_no_file_names_a_machine_or_a_registry(trace: str) -> None:
    for path in _tracked():
        if path == Path(__file__):
            continue
        found = re.search(trace, path.read_text(encoding="utf-8", errors="ignore"))
        assert found is None, f"{path.relative_to(ROOT)}: {found}"
