"""After the acts of a run: what the facts are now, and what the sheet should say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sync.dunning.agreements.plans import plan_row_states
from sync.dunning.matching import suggestions
from sync.dunning.model import Decision
from sync.dunning.reasons import Reason, State, state_of
from sync.dunning.settings import find_setting
from sync.dunning.today.outcomes import Absorbed
from sync.dunning.why import closed_sentences
from sync.ledger.model import DraftCells, JournalRow
from sync.ledger.words import Act, Language, Send
from sync.post.model import Sending
from sync.run.answers import NOTHING_ANSWERED
from sync.run.deciding import Run, retold
from sync.run.gathering import Gathered
from sync.workbook.changes import Outcome
from sync.workbook.tabs import Snapshot


@dataclass(frozen=True, slots=True)
class Settled:
    """The facts after the acts of this run; `released` invoices whose button was acted upon."""

    gathered: Gathered
    released: frozenset[str]
    acted: bool


def settled_after(gathered: Gathered, run: Run, new: Sequence[JournalRow], sendings: Sequence[Sending]) -> Settled:
    """`new` are the journal rows that the ledger does not hold yet."""
    left = {sending.decision.carrying for sending in sendings if sending.status is Act.SENT}
    passed = {
        number for one in run.conclusion.observations if one.status == "skipped" and not one.note for number in one.invoices
    }
    carried = {view.invoice: view.carrying for view in run.conclusion.views}
    released = set(run.desk.released) | left
    for invoice in gathered.ledger.invoices:
        if invoice.draft.send is Send.SKIP and (invoice.number in passed or carried.get(invoice.number) in left):
            released.add(invoice.number)
    invoices = [
        replace(invoice, draft=DraftCells() if invoice.number in left else replace(invoice.draft, send=None))
        if invoice.number in released
        else invoice
        for invoice in gathered.ledger.invoices
    ]
    ledger = replace(gathered.ledger, invoices=invoices, journal=[*gathered.ledger.journal, *new])
    return Settled(replace(gathered, ledger=ledger), frozenset(released), bool(new or released))


def held_back(after: Run, told: Sequence[Decision], sendings: Sequence[Sending] = ()) -> Run:
    """Messages that were ready and could not leave (hours, cap, a change meanwhile) say so on their rows."""
    held: dict[str, tuple[Reason, State]] = {one.key: (one.reason, one.state) for one in told if one.state is State.WAITING}
    withheld = (Reason.CHANGED_SINCE_READ, state_of(Reason.CHANGED_SINCE_READ))
    held |= {one.decision.key: withheld for one in sendings if one.status is Act.WITHHELD}
    if not held:
        return after
    waiting = [
        replace(one, reason=held[one.key][0], state=held[one.key][1]) if one.key in held else one for one in after.decisions
    ]
    decisions, views = retold(waiting, replace(after.conclusion, decisions=after.decisions))
    return replace(
        after,
        conclusion=replace(after.conclusion, decisions=decisions, views=views),
        desk=replace(after.desk, decisions=decisions),
    )


def outcome_of(
    after: Run, before: Run | None = None, absorbed: Absorbed = NOTHING_ANSWERED, released: frozenset[str] = frozenset()
) -> Outcome:
    """What the sheet should say after a run. `before` is the run as decided before its messages left."""
    gathered = after.gathered
    drafts = {number: DraftCells() for number in released if before is None or number not in before.desk.released}
    balances = after.conclusion.balances
    return Outcome(
        plan=after.plan,
        ledger=gathered.ledger,
        language=gathered.rules.settings.language,
        drafts={**drafts, **after.desk.cells},
        released=released,
        handled_today=absorbed.handled,
        updates=absorbed.updates,
        closed=closed_sentences(gathered.ledger, balances, gathered.rules.settings.language),
        suggestions={one.row: one.cell for one in suggestions(gathered.ledger, balances, gathered.rules.settings)},
        plan_states={row: str(state) for row, state in plan_row_states(after.conclusion.plans).items()},
        previews=gathered.previews,
        meanings=_meanings(gathered.snapshot, gathered.rules.settings.language),
        balances=balances.open,
        problems=after.problems,
    )


def _meanings(snapshot: Snapshot, language: Language) -> Mapping[int, str]:
    """What each setting means, by row of the Settings tab."""
    raw = snapshot.tabs.get("settings")
    if raw is None:
        return {}
    found = (
        (raw.first_row + index, find_setting(str(cell))) for index, cell in enumerate(raw.columns.get("setting", ())) if cell
    )
    return {row: setting.meaning(language) for row, setting in found if setting is not None}
