"""What people answered in the sheet, as acts for the Journal and as facts for the decisions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sync.dunning.agreements.offers import OfferDesk, chosen_plans, is_plan_asked
from sync.dunning.conclude import conclude
from sync.dunning.history import WRITTEN
from sync.dunning.model import Observation
from sync.dunning.today.outcomes import Absorbed, absorb
from sync.ledger.model import JournalRow, Ledger
from sync.ledger.words import Act, DelayReason
from sync.post.journal import row_of
from sync.run.clock import Moment
from sync.run.gathering import Gathered
from sync.workbook.resolve import cell_at

NOTHING_ANSWERED = Absorbed()


def absorbed_from(gathered: Gathered) -> Absorbed:
    """The outcomes of the Today tab; a plan that was asked for becomes a row of the Plans tab."""
    if not any(row.outcome is not None for row in gathered.ledger.today_rows):
        return NOTHING_ANSWERED
    found = conclude(gathered.ledger, gathered.rules, gathered.as_of)
    claimed = {decision.key: decision.invoices for decision in found.decisions}
    absorbed = absorb(gathered.ledger, found.late(), claimed, gathered.as_of)
    asked = [row for row in gathered.ledger.today_rows if row.row in absorbed.handled and is_plan_asked(row)]
    if not asked:
        return absorbed
    today = gathered.snapshot.tabs["today"]
    scripts = {row.row: str(cell_at(today, "script", row.row) or "") for row in asked}
    chosen = chosen_plans(asked, OfferDesk.of(gathered.ledger, gathered.rules, found), scripts)
    kept = {row.task for row in asked if row.row in chosen.refused}
    return replace(
        absorbed,
        acts=[(day, act) for day, act in absorbed.acts if act.key not in kept],
        handled=absorbed.handled - chosen.refused,
        problems=[*absorbed.problems, *chosen.problems],
        plans=chosen.rows,
    )


def with_answers(ledger: Ledger, absorbed: Absorbed, written: Sequence[JournalRow]) -> Ledger:
    """The ledger as if the people's answers had already stood in the sheet."""
    if not written and not absorbed.updates:
        return ledger
    cells: dict[str, dict[str, object]] = {}
    for update in absorbed.updates:
        value = DelayReason(str(update.value)) if update.column == "reason" else update.value
        cells.setdefault(update.invoice, {})[update.column] = value
    invoices = [
        replace(invoice, handling=replace(invoice.handling, **cells[invoice.number])) if invoice.number in cells else invoice  # type: ignore[arg-type]
        for invoice in ledger.invoices
    ]
    return replace(ledger, invoices=invoices, journal=[*ledger.journal, *written])


def journal_rows(acts: Sequence[tuple[date, Observation]], moment: Moment) -> list[JournalRow]:
    """Each act at its own day and the present hour."""
    now = moment.now()
    return [
        row_of(one, datetime.combine(day, now.timetz()) if day != now.date() else now, moment.run_id, moment.actor)
        for day, one in acts
    ]


def with_words(rows: Sequence[JournalRow], ledger: Ledger) -> list[JournalRow]:
    """A letter that a person posted is remembered with the words that stood on its row: they are what was posted."""
    if not any(row.channel in WRITTEN and row.key for row in rows):
        return list(rows)
    drafts = {invoice.number: invoice.draft for invoice in ledger.invoices}
    told = []
    for row in rows:
        is_posted = row.channel in WRITTEN and row.step and row.status in (Act.DONE, Act.SENT)
        draft = next((drafts[one] for one in row.invoices if one in drafts and drafts[one].draft), None) if is_posted else None
        told.append(row if draft is None else replace(row, subject=draft.subject, text=draft.draft))
    return told
