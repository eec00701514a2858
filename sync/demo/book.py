"""The demo portfolio as a workbook: a new file, furnished by `init`, filled with the invented rows."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sync.demo.portfolio import portfolio
from sync.dunning.calendar import BusinessDays
from sync.dunning.default_cadences import default_cadences
from sync.dunning.settings import find_setting
from sync.ledger.words import Language
from sync.workbook.excel.carrier import Excel
from sync.workbook.excel.files import backup_path, lock_path
from sync.workbook.journal_file import side_path
from sync.workbook.starting_rows import Rows, starting_rows
from sync.workbook.tabs import Append, Changes


def demo_day(today: date) -> date:
    """The day itself, or the last business day before it: at the week-end nothing would leave, and a demo should show it."""
    return BusinessDays("FR").on_or_before(today)


def demo_contents(language: Language, as_of: date) -> tuple[Mapping[str, Rows], Changes]:
    """What `init` fills the demo's tabs with, and the rows to add then."""
    tabs = portfolio(as_of, language, cadences=default_cadences(language))
    filled = {
        setting.name: row["value"] for row in tabs["settings"] if (setting := find_setting(str(row["setting"]))) is not None
    }
    usual = starting_rows(language)
    settings = []
    for row in usual["settings"]:
        setting = find_setting(str(row["setting"]))
        settings.append({**row, "value": filled[setting.name]} if setting is not None and setting.name in filled else row)
    appends = [Append(tab=key, rows=rows) for key, rows in tabs.items() if key != "settings"]
    return {**usual, "settings": settings}, Changes(appends=appends)


def make_demo(path: Path, language: Language, as_of: date) -> None:
    """Replace `path` by a fresh demo workbook dated relative to `as_of`. Raises WorkbookError when it cannot be written."""
    for old in (path, backup_path(path), lock_path(path), side_path(path)):
        old.unlink(missing_ok=True)
    starting, rows = demo_contents(language, as_of)
    book = Excel(path, language)
    book.init(language, starting)
    book.write(rows)
