"""One import from the command's arguments to what it would change; the shell writes it.

prepared = prepare(path, "invoices", snapshot, Asked(maps=("Montant TTC=amount",)), facts)
workbook.write(prepared.changes); journal prepared.to_remember, when there is one; show prepared.report
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sync.dunning.model import Observation
from sync.importing.export import read_export
from sync.importing.headings import Kind
from sync.importing.plan import plan_import
from sync.importing.recipe import recipe_field, remembered, told
from sync.importing.report import Report
from sync.importing.values import DateOrder
from sync.ledger.model import Cents
from sync.ledger.words import Language
from sync.workbook.tabs import Changes, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the person said in the command; `maps` as typed ("Montant TTC=amount")."""

    maps: tuple[str, ...] = ()
    dates: DateOrder | None = None
    full_open_items: bool = False
    new_contacts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the workbook says today: its language, the day, and what is still owed by invoice number."""

    language: Language
    today: date
    open_cents: Mapping[str, Cents]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """`to_remember` is the Journal's note of what was said about headings and dates, None when it knows already."""

    changes: Changes
    report: Report
    to_remember: Observation | None


def prepare(path: Path, kind: Kind, snapshot: Snapshot, asked: Asked, facts: Facts) -> Prepared:
    """Read the file and plan the import. Writes nothing. Raises UsageError with what to add to the command."""
    before = remembered(_journal(snapshot), kind)
    recipe = told(before, kind, asked.maps, asked.dates, facts.language)
    imported = read_export(path, kind, recipe, facts.language)
    plan = plan_import(
        snapshot, imported, language=facts.language, today=facts.today, open_cents=facts.open_cents,
        full_open_items=asked.full_open_items, new_contacts=asked.new_contacts,
    )  # fmt: skip
    note = None
    if recipe.as_text() != before.as_text():
        note = Observation(customer="", status="observed", field=recipe_field(kind), old=before.as_text(), new=recipe.as_text())
    return Prepared(changes=plan.changes, report=plan.report, to_remember=note)


def _journal(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The (field, new) cells of the Journal, oldest first."""
    raw = snapshot.tabs.get("journal")
    if raw is not None:
        for name, text in zip(raw.columns.get("field", ()), raw.columns.get("new", ()), strict=False):
            if isinstance(name, str) and isinstance(text, str):
                yield name, text
