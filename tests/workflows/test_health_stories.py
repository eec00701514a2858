"""When a silent Relance becomes an alert: once a whole business day of the company went by without a good run."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheet import Sheet

from sync.dunning.model import Settings
from sync.health import RUN, WELL, health
from sync.ledger.model import JournalRow
from sync.ledger.words import Act
from sync.pipeline import sync
from sync.postroom import PostRoom
from sync.run.clock import Clock
from sync.workbook.excel.carrier import Excel

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def ran(*moments: str) -> list[JournalRow]:
    return [
        JournalRow(row=number, when=at(one), status=Act.OBSERVED, field=RUN, new=WELL) for number, one in enumerate(moments, 2)
    ]


@pytest.mark.parametrize(
    ("now", "missed"),
    [
        ("2026-02-06 17:59", 0),  # Friday, an hour after the run
        ("2026-02-09 08:00", 0),  # Monday morning: the week-end is no business day
        ("2026-02-09 17:59", 0),  # Monday's sending hours are not over
        ("2026-02-09 18:00", 1),  # they are
        ("2026-02-10 09:00", 1),
        ("2026-02-10 18:27", 2),
        ("2026-05-04 08:00", 12 * 5 - 2),  # twelve weeks without Easter Monday and 1 May
    ],
)
def test_a_business_day_is_missed_when_its_hours_are_over(now: str, missed: int) -> None:
    found = health(ran("2026-01-05 09:00", "2026-02-06 16:58"), Settings(), at(now))
    assert (found.last, found.missed) == (at("2026-02-06 16:58"), missed)
    assert found.is_good is (missed == 0)


def test_a_workbook_that_never_ran_well_is_not_well() -> None:
    failed = [JournalRow(row=2, when=at("2026-02-06 16:58"), status=Act.OBSERVED, field="setting", new="auto", note="mode")]
    assert not health(failed, Settings(), at("2026-02-06 17:00")).is_good


def test_the_company_s_zone_decides_the_day() -> None:
    """Half past midnight in Paris is still yesterday evening in UTC."""
    utc = [JournalRow(row=2, when=datetime.fromisoformat("2026-02-09T23:30:00+00:00"), status=Act.OBSERVED, field=RUN, new=WELL)]
    assert health(utc, Settings(), at("2026-02-10 18:30")).missed == 0


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(0, 40), st.integers(0, 23))
def test_time_only_adds_missed_days_and_a_new_run_forgets_them(day: date, later: int, hour: int) -> None:
    start = datetime(day.year, day.month, day.day, 9, tzinfo=PARIS)
    now = start.replace(hour=hour) + timedelta(days=later + 1)
    row = JournalRow(row=2, when=start, status=Act.OBSERVED, field=RUN, new=WELL)
    first, next_day = health([row], Settings(), now), health([row], Settings(), now + timedelta(days=1))
    assert 0 <= first.missed <= next_day.missed <= first.missed + 1
    again = JournalRow(row=3, when=now, status=Act.OBSERVED, field=RUN, new=WELL)
    assert health([row, again], Settings(), now).missed == 0


# --- the row in the Journal


def run_at(sheet: Sheet, moment: str) -> None:
    book, clock = Excel(sheet.path), Clock(utc_now=lambda: at(moment))
    post = PostRoom(workbook=book, clock=clock, outbox=sheet.outbox)
    sync(book, clock, post, run_id="r", actor="relance", remember_run=True)


def good_runs(sheet: Sheet) -> list[str]:
    return [str(row["when"])[:10] for row in sheet.rows("journal") if row["field"] == RUN]


def test_a_good_run_is_remembered_once_a_day(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30")
    for moment in ("2026-02-02 08:43", "2026-02-02 09:13", "2026-02-02 17:13", "2026-02-03 08:43"):
        run_at(sheet, moment)
    assert good_runs(sheet) == ["2026-02-02", "2026-02-03"]


def test_a_run_that_a_setting_stops_is_not_a_good_one(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path, mode="peut-être").contact().invoice("F-1", "2026-01-30")
    run_at(sheet, "2026-02-02 08:43")
    assert good_runs(sheet) == []
