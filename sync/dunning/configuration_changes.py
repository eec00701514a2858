"""Settings and cadences that changed: the Journal remembers since when the rules are what they are.

What works can only be measured when it is known which cadence was running; and a changed IBAN should leave a trace.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import fields

from sync.dunning.model import Cadence, Observation, Rules, Settings
from sync.ledger.model import JournalRow
from sync.ledger.words import Act

SETTING, CADENCE = "setting", "cadence"
_BAR = " | "
# They change by themselves or every week, and are no rule.
_UNREMEMBERED = frozenset({"payments_as_of"})


def configuration_changes(journal: Iterable[JournalRow], rules: Rules) -> list[Observation]:
    """What the Journal does not know yet. A setting never seen counts as its default; a cadence is always remembered."""
    seen: dict[tuple[str, str], str] = {}
    for row in journal:
        if row.status is Act.OBSERVED and row.field in (SETTING, CADENCE):
            seen[row.field, row.note] = row.new
    usual, now = Settings(), rules.settings
    found = []
    for one in fields(Settings):
        if one.name in _UNREMEMBERED:
            continue
        before = seen.get((SETTING, one.name), _told(getattr(usual, one.name)))
        value = _told(getattr(now, one.name))
        if before != value:
            found.append(Observation(customer="", field=SETTING, old=before, new=value, note=one.name))
    for cadence in rules.cadences:
        before, value = seen.get((CADENCE, cadence.name), ""), version(cadence)
        if before != value:
            found.append(
                Observation(
                    customer="", cadence=cadence.name, field=CADENCE, old=before, new=value, note=cadence.name, text=outline(cadence)
                )
            )  # fmt: skip
    return found


def version(cadence: Cadence) -> str:
    """Eight characters that change when a step's day, channel, approval or text does."""
    said = [
        (step.number, step.offset, step.channel, step.template, step.approval, step.repeat_every, step.repeat_max)
        for step in cadence.steps
    ]
    return hashlib.sha256(repr([tuple(map(str, one)) for one in said]).encode()).hexdigest()[:8]


def outline(cadence: Cadence) -> str:
    """The steps of a version in one line, so that its acts can still be told by their text: "1 J+1 email = polite | 2 …"."""
    return _BAR.join(
        f"{step.number} J{step.offset:+d} {step.channel}" + (f" = {step.template.replace('|', '¦')}" if step.template else "")
        for step in cadence.steps
    )


def templates_in(text: str) -> dict[int, str]:
    """Step -> name of its text ("" = the built-in one), from an `outline`; {} when it is not one."""
    found: dict[int, str] = {}
    for step in text.split(_BAR):
        said, _, template = step.partition(" = ")
        number = said.partition(" ")[0]
        if not number.isdecimal():
            return {}
        found[int(number)] = template
    return found


def _told(value: object) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(map(str, value)))
    return "" if value is None else str(value)
