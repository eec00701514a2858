"""Which tab and which column is ours: titles and headings in either language, in any order, case or accents.

Neutral: works on titles and rows of plain values, whatever the carrier.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sync.ledger.problems import Problem, Severity
from sync.workbook.contract import TABS, TABS_BY_KEY, Tab, fold

HEADING_ROWS = 10  # people keep a title or a logo above their table


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a tab's columns stand. `header_row` counts from 1, column positions from 0."""

    header_row: int
    columns: Mapping[str, int]
    foreign: Sequence[str] = ()
    width: int = 0  # columns up to the last heading, ours or not
    problems: Sequence[Problem] = field(default_factory=tuple)


@cache
def letter(index: int) -> str:
    """0 -> "A", 26 -> "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


@cache
def column_index(name: str) -> int:
    """ "A" -> 0, "AA" -> 26."""
    index = 0
    for ch in name:
        index = index * 26 + ord(ch) - 64
    return index - 1


@cache
def _titles() -> Mapping[str, Tab]:
    return {fold(title): tab for tab in TABS for title in (tab.en, tab.fr)}


@cache
def _headings(tab: Tab) -> Mapping[str, str]:
    return {fold(heading): column.key for column in tab.columns for heading in (column.en, column.fr, *column.also)}


def find_tabs(titles: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    """Which title carries which tab: {tab key: title}, and the tabs found twice (the first one is used)."""
    found: dict[str, str] = {}
    problems = []
    for title in titles:
        tab = _titles().get(fold(title))
        if tab is None:
            continue
        if tab.key in found:
            params = {"title": title, "other": found[tab.key]}
            problems.append(Problem(tab=tab.key, row=0, column="", code="tab_twice", severity=Severity.STOP, params=params))
        else:
            found[tab.key] = title
    return found, problems


def missing_tabs(found: Iterable[str], wanted: Iterable[str] | None = None) -> list[Problem]:
    """Required tabs that are not there."""
    present, asked = set(found), None if wanted is None else set(wanted)
    return [
        Problem(tab=tab.key, row=0, column="", code="tab_missing", severity=Severity.STOP, params={"en": tab.en, "fr": tab.fr})
        for tab in TABS
        if tab.required and tab.key not in present and (asked is None or tab.key in asked)
    ]


def renamed_tabs(lost: Iterable[str], heads: Mapping[str, Sequence[Sequence[object]]]) -> list[Problem]:
    """Tabs that hold nothing (`lost`) while rows stand under most of their headings in a tab of a foreign title:
    payments, or acts of the Journal, that would go unread without a word. `heads`: the first rows of these, by title.
    """
    problems = []
    for tab in (TABS_BY_KEY[key] for key in lost):
        for title, rows in heads.items():
            layout = recognise(tab, rows)
            holds_rows = any(cell not in (None, "") for row in rows[layout.header_row :] for cell in row)
            if holds_rows and 3 * len(layout.columns) >= 2 * len(tab.columns) and not layout.problems:
                params = {"en": tab.en, "fr": tab.fr}
                one = Problem(
                    tab=tab.key, row=0, column="", code="tab_renamed", value=title, severity=Severity.STOP, params=params
                )
                problems.append(one)
                break
    return problems


def recognise(tab: Tab, rows: Sequence[Sequence[object]]) -> Layout:
    """The layout of a tab from its first rows: the row with most of our headings is the heading row.

    No heading at all: header row 1 and no column. A heading found twice is a problem and the first one counts;
    a note found twice harms nobody, anything else stops sending, because the other column may be the true one.
    """
    known = _headings(tab)
    best, best_row = 0, 0
    for position, row in enumerate(rows[:HEADING_ROWS]):
        score = len({known[folded] for cell in row if isinstance(cell, str) and (folded := fold(cell)) in known})
        if score > best:
            best, best_row = score, position
    header = rows[best_row] if rows else ()
    columns: dict[str, int] = {}
    foreign: list[str] = []
    problems: list[Problem] = []
    width = 0
    for index, cell in enumerate(header):
        text = cell if isinstance(cell, str) else "" if cell is None else str(cell)
        if not text.strip():
            continue
        width = index + 1
        key = known.get(fold(text))
        if key is None:
            foreign.append(text)
        elif key in columns:
            severity = Severity.WARNING if key == "note" else Severity.STOP
            problems.append(_of_column(tab, key, "column_twice", best_row + 1, severity, second=letter(index)))
        else:
            columns[key] = index
    holds_nothing = not tab.required and not any(isinstance(cell, str) and cell.strip() for row in rows for cell in row)
    for column in tab.columns if not holds_nothing else ():  # a blank tab means what a missing one does
        if column.required and column.key not in columns:
            problems.append(_of_column(tab, column.key, "column_missing", best_row + 1, Severity.STOP))
    return Layout(best_row + 1, columns, tuple(foreign), width, tuple(problems))


def _of_column(tab: Tab, key: str, code: str, row: int, severity: Severity, **params: str) -> Problem:
    column = tab.column(key)
    names = {"en": column.en, "fr": column.fr, "tab_en": tab.en, "tab_fr": tab.fr, **params}
    return Problem(tab=tab.key, row=row, column=key, code=code, value=column.en, severity=severity, params=names)
