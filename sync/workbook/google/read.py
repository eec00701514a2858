"""Reading tabs: whole columns, in as few `batchGet` calls as their size allows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sync.ledger.problems import Problem
from sync.workbook.contract import JOURNAL, TABS_BY_KEY, Tab, fold
from sync.workbook.google.book import Book, SheetInfo, column_name
from sync.workbook.google.cells import decoded_column, used_length
from sync.workbook.google.client import SheetsClient
from sync.workbook.google.lock import Held, LockLost
from sync.workbook.headings import HEADING_ROWS, Layout, column_index, letter, recognise
from sync.workbook.tabs import Cell, RawTab

MAX_CELLS = 6_000_000  # of the grids asked for in one call; most cells of a grid are empty and cost nothing
_RENDER = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER", "majorDimension": "COLUMNS"}


@dataclass(frozen=True, slots=True)
class ReadTab:
    """One tab as read, and where it stands."""

    raw: RawTab
    sheet: SheetInfo
    layout: Layout
    width: int = 0  # columns up to the last one that holds anything


@dataclass(frozen=True, slots=True)
class Column:
    """What one range gave: where it stood, and its values from the first row on."""

    title: str
    position: int
    values: Sequence[Any]


def read_tabs(client: SheetsClient, spreadsheet_id: str, sheets: Mapping[str, SheetInfo]) -> dict[str, ReadTab]:
    """The tabs {key: sheet}, whole. Raises Refused."""
    found: dict[str, ReadTab] = {}
    for batch in _batches(sheets):
        ranges = [_whole(sheets[key]) for key in batch]
        answers = batch_get(client, spreadsheet_id, ranges)
        for key, answer in zip(batch, answers, strict=True):
            found[key] = _read_tab(TABS_BY_KEY[key], sheets[key], cast(list[list[Any]], answer.get("values", [])))
    return {key: found[key] for key in sheets if key in found}


def batch_get(client: SheetsClient, spreadsheet_id: str, ranges: Sequence[str]) -> list[Mapping[str, Any]]:
    """One `values:batchGet`, by columns; an entry for each range, in order."""
    answer = client.values_batch_get(spreadsheet_id, list(ranges), params=dict(_RENDER))
    return list(answer.get("valueRanges", []))


def _batches(sheets: Mapping[str, SheetInfo]) -> list[list[str]]:
    batches: list[list[str]] = []
    room = 0
    for key, sheet in sheets.items():
        size = sheet.rows * sheet.columns
        if not sheet.is_grid or not size:
            continue
        if size > room:
            batches.append([])
            room = MAX_CELLS
        batches[-1].append(key)
        room -= size
    return batches


def _whole(sheet: SheetInfo) -> str:
    return f"{sheet.quoted}!A1:{letter(sheet.columns - 1)}{sheet.rows}"


def _read_tab(tab: Tab, sheet: SheetInfo, columns: Sequence[Sequence[Any]]) -> ReadTab:
    depth = min(HEADING_ROWS, max((len(column) for column in columns), default=0))
    heads = [[column[row] if row < len(column) and column[row] != "" else None for column in columns] for row in range(depth)]
    layout = recognise(tab, heads)
    cells = {key: _cells(tab, key, columns[at], layout.header_row) for key, at in layout.columns.items()}
    width = max((index + 1 for index, column in enumerate(columns) if column), default=0)
    raw = raw_tab(tab, sheet.title, layout.header_row, cells, layout.columns, layout.foreign)
    return ReadTab(raw, sheet, layout, max(layout.width, width))


def _cells(tab: Tab, key: str, values: Sequence[Any], header_row: int) -> list[Cell]:
    return decoded_column(values[header_row:], tab.column(key).type, fillers=tab is JOURNAL)


def raw_tab(
    tab: Tab, title: str, header_row: int, cells: Mapping[str, list[Cell]], places: Mapping[str, int], foreign: Sequence[str] = ()
) -> RawTab:
    """Columns cut to the last row that says something, all of one length."""
    length = max((used_length(column) for column in cells.values()), default=0)
    even = {key: [*column[:length], *[None] * (length - len(column))] for key, column in cells.items()}
    return RawTab(
        key=tab.key, title=title, columns=even, first_row=header_row + 1, foreign=foreign,
        letters={key: letter(at) for key, at in places.items()},
    )  # fmt: skip


# --- looking again


@dataclass(frozen=True, slots=True)
class Again:
    """A tab looked at again: its cells now, and the columns that can be written by name."""

    raw: RawTab
    sheet: SheetInfo
    names: Mapping[str, str]  # column key -> its named range


def look_again(
    client: SheetsClient,
    spreadsheet_id: str,
    book: Book,
    tabs: Mapping[str, ReadTab],
    wanted: Mapping[str, Collection[str]],
    named: Mapping[str, Collection[str]],
    lock: Held | None = None,
) -> dict[str, Again] | None:
    """The wanted columns of some tabs in one question, those of `named` by their names; and whether `lock` is still ours.

    None when a column no longer stands where it stood: the sheet must be read anew. Raises Refused.
    """
    asked: list[tuple[str, str, str]] = []  # tab, column, range
    for key, columns in wanted.items():
        tab = tabs[key]
        for column in TABS_BY_KEY[key].columns:
            if column.key not in columns or column.key not in tab.layout.columns:
                continue
            name = column_name(key, column.key)
            is_named = column.key in named.get(key, ()) and name in book.names
            place = letter(tab.layout.columns[column.key])
            asked.append((key, column.key, name if is_named else f"{tab.sheet.quoted}!{place}1:{place}"))
    if not asked:
        return {}
    ranges = [text for _, _, text in asked]
    answers = batch_get(client, spreadsheet_id, [*ranges, lock.cell] if lock is not None else ranges)
    if lock is not None and not lock.is_said_by(answers.pop().get("values", [])):
        raise LockLost
    seen: dict[str, dict[str, list[Cell]]] = {key: {} for key in wanted}
    places: dict[str, dict[str, int]] = {key: {} for key in wanted}
    names: dict[str, dict[str, str]] = {key: {} for key in wanted}
    for (key, column_key, text), answer in zip(asked, answers, strict=True):
        tab, found = tabs[key], column_of(answer)
        if found.title != tab.sheet.title or not _has_heading(TABS_BY_KEY[key], column_key, found.values, tab.layout.header_row):
            return None
        seen[key][column_key] = _cells(TABS_BY_KEY[key], column_key, found.values, tab.layout.header_row)
        places[key][column_key] = found.position
        if "!" not in text:
            names[key][column_key] = text
    return {
        key: Again(
            raw_tab(TABS_BY_KEY[key], tabs[key].sheet.title, tabs[key].layout.header_row, seen[key], places[key]),
            tabs[key].sheet,
            names[key],
        )
        for key in wanted
    }


def column_of(answer: Mapping[str, Any]) -> Column:
    """A value range that is one column."""
    title, start = split_range(str(answer["range"]))
    values = answer.get("values", [])
    return Column(title, start, values[0] if values else [])


def split_range(text: str) -> tuple[str, int]:
    """The title and the first column of a range as Google writes it: `'Mes clients'!C1:C1000`."""
    title, _, cells = text.rpartition("!")
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    first = cells.partition(":")[0].rstrip("0123456789")
    return title, column_index(first) if first else 0


def _has_heading(tab: Tab, key: str, values: Sequence[Any], header_row: int) -> bool:
    heading = values[header_row - 1] if len(values) >= header_row else None
    column = tab.column(key)
    return isinstance(heading, str) and fold(heading) in (fold(column.en), fold(column.fr))


def problems_of(tabs: Iterable[ReadTab]) -> list[Problem]:
    return [problem for tab in tabs for problem in tab.layout.problems]
