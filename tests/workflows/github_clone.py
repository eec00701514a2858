"""A clean clone to run workflows in, and a company's workbook that is inside its sending hours whenever the test runs."""

import subprocess
import venv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from github_machine import ROOT
from sheet import Sheet

from sync.dunning.calendar import BusinessDays


def clean_clone(folder: Path) -> Path:
    """What is committed, and nothing else. Its `.venv` stands for what the step `make .venv` installs: the packages of
    this environment and the clone's own code, so that no test needs the internet; the step itself is run and finds it done.
    """
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    venv.create(clone / ".venv", symlinks=True)
    here, there = _packages(ROOT / ".venv"), _packages(clone / ".venv")
    (there / "clone.pth").write_text(f"{clone}\n{here}\n", encoding="utf-8")
    command = clone / ".venv" / "bin" / "relance"
    command.write_text(f"#!{clone}/.venv/bin/python\nfrom sync.cli import main\n\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    (clone / ".venv" / ".stamp").touch()
    return clone


def _packages(environment: Path) -> Path:
    return next(environment.glob("lib/python3.*/site-packages"))


def here_at(hour: int) -> tuple[str, datetime]:
    """A time zone where it is now `hour` o'clock, and the present moment there."""
    now = datetime.now(UTC)
    offset = (hour - now.hour + 11) % 24 - 11  # of the zone, in hours: -11 to +12
    return f"Etc/GMT{-offset:+d}", now + timedelta(hours=offset)


def open_country(day: date) -> str:
    """A country where `day` is no public holiday."""
    return next(one for one in ("FR", "JP", "BR", "CA") if day not in BusinessDays(one).holidays_of(day.year))


def company(folder: Path, *, hour: int = 12, **settings: object) -> Sheet:
    """A company whose every day is a sending day; two customers are late, one of them since the day before yesterday."""
    zone, now = here_at(hour)
    today = now.date()
    wanted = {"time_zone": zone, "country": open_country(today), "sending_days": "lun-dim", **settings}
    sheet = Sheet(folder, **wanted).contact("C1", name="Les Ateliers Vif").contact("C2", name="Boulangerie Tournesol")  # type: ignore[arg-type]
    sheet.invoice("F-1", str(today - timedelta(days=2)), 240, "C1")
    return sheet.invoice("F-2", str(today - timedelta(days=3)), 1200, "C2")
