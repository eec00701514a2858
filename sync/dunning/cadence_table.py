"""The Cadence tab -> cadences. One wrong row refuses its whole cadence: half a plan is no plan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.dunning.default_cadences import default_approval, default_cadences
from sync.dunning.model import NO_BAR, Cadence, Step
from sync.ledger.cells import Cell, CellError, parse_text
from sync.ledger.model import Cents
from sync.ledger.problems import Severity
from sync.ledger.reading.columns import Sheet, TabLike, rows_of
from sync.ledger.reading.context import Context
from sync.ledger.reading.values import count_parser, word_parser
from sync.ledger.words import Approval, Attach, Channel, Segment, fold

PEOPLE = (
    "cadence", "segment", "step", "when", "channel", "template", "approval", "minimum", "repeat_every", "repeat_max",
    "attach",
)  # fmt: skip


class BadWhen(CellError):
    """*When* is J-n before the due date or J+n after it, n from 1 to 999 (D+7 too)."""

    code = "bad_when"


_WHEN = re.compile(r"[JD]\s?([+-])\s?([0-9]{1,3})", re.IGNORECASE)


def parse_when(cell: Cell) -> int:
    """ "J+7" -> 7, "J-5" -> -5. Raises BadWhen."""
    found = _WHEN.fullmatch(parse_text(cell).replace("\u2212", "-").replace("–", "-"))
    if found is None or int(found[2]) == 0:
        raise BadWhen
    return int(found[1] + found[2])


@dataclass(slots=True)
class CadenceRows:
    """`cadences` also holds the refused ones, without steps, so that a segment never falls back on another plan unseen.

    `stop`: a wrong row names no cadence, so nobody can tell which one it spoils.
    """

    cadences: list[Cadence] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    stop: bool = False


@dataclass(frozen=True, slots=True)
class _Columns:
    numbers: list[int | None]
    offsets: list[int | None]
    channels: list[Channel | None]
    segments: list[Segment | None]
    templates: list[str]
    approvals: list[Approval | None]
    minimums: list[Cents | None]
    every: list[int | None]
    most: list[int | None]
    attach: list[Attach | None]


def read_cadences(tab: TabLike | None, context: Context) -> CadenceRows:
    """The cadences in the order of their first rows; the default ones when the tab is missing or empty."""
    if tab is None:
        return CadenceRows(list(default_cadences(context.language)))
    sheet = context.sheet("cadence", tab)
    names = [name.replace("|", NO_BAR) for name in sheet.texts("cadence")]  # it becomes part of keys
    blank = sheet.blank_rows(range(sheet.size), PEOPLE)
    if len(blank) == sheet.size:
        return CadenceRows(list(default_cadences(context.language)))
    columns = _Columns(
        numbers=sheet.values("step", count_parser(1, 99)),
        offsets=sheet.values("when", parse_when),
        channels=sheet.values("channel", word_parser("channel", Channel)),
        segments=sheet.values("segment", word_parser("segment", Segment)),
        templates=sheet.texts("template"),
        approvals=sheet.values("approval", word_parser("approval", Approval)),
        minimums=sheet.money("minimum", [None] * sheet.size) or [None] * sheet.size,
        every=sheet.values("repeat_every", count_parser(1, 999)),
        most=sheet.values("repeat_max", count_parser(1, 99)),
        attach=sheet.values("attach", word_parser("attach", Attach)),
    )
    required = (("cadence", names), ("step", columns.numbers), ("when", columns.offsets), ("channel", columns.channels))
    for key, values in required:
        sheet.require(key, values, blank)
    _check_rows(sheet, columns)
    found = CadenceRows()
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        if name:
            groups.setdefault(fold(name), []).append(i)
        elif i not in blank:
            found.stop = True
    for rows in groups.values():
        _add(sheet, names[rows[0]], rows, columns, found)
    _check_segments(sheet, found.cadences, {name: rows[0] for name, rows in groups.items()})
    return found


def _check_rows(sheet: Sheet, columns: _Columns) -> None:
    for i, (every, most) in enumerate(zip(columns.every, columns.most, strict=True)):
        told = i in sheet.failed.get("repeat_every", ()) or i in sheet.failed.get("repeat_max", ())
        if not told and ((every is None and most is not None and most > 1) or (every is not None and most is None)):
            sheet.problem(i, "repeat_max" if most is None else "repeat_every", "repeat_incomplete")
    for i in rows_of(columns.minimums):
        if (columns.minimums[i] or 0) < 0:
            sheet.problem(i, "minimum", "negative_amount")
    for i, (channel, approval) in enumerate(zip(columns.channels, columns.approvals, strict=True)):
        if channel not in (None, Channel.EMAIL) and approval not in (None, Approval.PERSON):
            sheet.problem(i, "approval", "approval_is_person", Severity.WARNING)


def _add(sheet: Sheet, name: str, rows: list[int], columns: _Columns, found: CadenceRows) -> None:
    """One cadence from its rows, in order of step; refused when a row is wrong or the steps do not follow."""
    segments = {segment for i in rows if (segment := columns.segments[i]) is not None}
    if len(segments) > 1:
        for i in rows:
            sheet.problem(i, "segment", "cadence_of_two_segments", cadence=name)
    if not any(i in sheet.bad for i in rows):
        _check_order(sheet, rows, columns)
    segment = next(iter(sorted(segments)), None)
    if any(i in sheet.bad for i in rows):
        for i in rows:
            if i not in sheet.bad:
                sheet.problem(i, "cadence", "cadence_refused", cadence=name)
        found.refused.add(name)
        found.cadences.append(Cadence(name=name, segment=segment, steps=()))
        return
    ordered = sorted(rows, key=lambda i: columns.numbers[i] or 0)
    offsets = [columns.offsets[i] or 0 for i in ordered]
    first_late = next((offset for offset in offsets if offset > 0), None)
    steps = []
    for i, offset in zip(ordered, offsets, strict=True):
        channel = columns.channels[i] or Channel.EMAIL
        approval = columns.approvals[i] or default_approval(channel, offset, is_first_late=offset == first_late)
        steps.append(
            Step(
                row=sheet.row(i), number=columns.numbers[i] or 0, offset=offset, channel=channel, template=columns.templates[i],
                approval=approval if channel is Channel.EMAIL else Approval.PERSON, minimum=columns.minimums[i] or 0,
                repeat_every=columns.every[i], repeat_max=columns.most[i] or 1,
                attach=columns.attach[i],
            )
        )  # fmt: skip
    found.cadences.append(Cadence(name=name, segment=segment, steps=tuple(steps)))


def _check_order(sheet: Sheet, rows: list[int], columns: _Columns) -> None:
    """Steps are numbered 1..n, each once, and their days rise."""
    ordered = sorted(rows, key=lambda i: columns.numbers[i] or 0)
    previous: int | None = None
    for expected, i in enumerate(ordered, 1):
        offset = columns.offsets[i] or 0
        if columns.numbers[i] != expected:
            sheet.problem(i, "step", "steps_not_numbered", expected=str(expected))
            return
        if previous is not None and offset <= previous:
            sheet.problem(i, "when", "days_not_rising", previous=f"J{previous:+d}")
        previous = offset


def _check_segments(sheet: Sheet, cadences: list[Cadence], first_rows: Mapping[str, int]) -> None:
    """Two cadences for one segment: the first serves, and a person should know."""
    taken: dict[Segment, str] = {}
    for cadence in cadences:
        if cadence.segment is None:
            continue
        other = taken.setdefault(cadence.segment, cadence.name)
        if other != cadence.name:
            row = first_rows[fold(cadence.name)]
            sheet.problem(row, "segment", "segment_of_two_cadences", Severity.WARNING, cadence=cadence.name, other=other)
