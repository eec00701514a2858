"""The drafts of a run: which text stands for each decision, which cells to write, which approvals count.

An approval counts only for the very draft that stood on the row when it was pressed: ours with the same facts, or a
person's own text written on the same facts. Anything else releases the button and says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.dunning.model import Decision
from sync.dunning.reasons import Reason, State
from sync.dunning.refusals import is_refused
from sync.ledger.model import DraftCells, JournalRow
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Channel, Send
from sync.letters.drafts import Draft, NoDraft, draft_all
from sync.letters.facts import Sources
from sync.letters.frozen import DraftState, StoredDraft, draft_state, text_digest

_DRAFTED = (State.DUE, State.BLOCKED)
_SPOKEN = (Channel.CALL, Channel.REVIEW, Channel.HAND_OVER)


@dataclass(frozen=True, slots=True)
class Text:
    """What would leave for one decision; `edited` = a person's own words."""

    subject: str
    text: str
    links: tuple[str, ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`decisions` with their approvals judged; `texts` and `scripts` by decision key; `cells` what the draft cells of an
    invoice should hold; `released` invoices whose *send?* no longer stands for what is there.
    """

    decisions: Sequence[Decision]
    texts: Mapping[str, Text] = field(default_factory=dict)
    scripts: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, DraftCells] = field(default_factory=dict)
    released: frozenset[str] = frozenset()
    problems: Sequence[Problem] = ()


def lay_out(decisions: Sequence[Decision], sources: Sources, refused: Mapping[str, JournalRow]) -> Desk:
    """Judge every draft of the run; clear those of ours that stand for nothing any more.

    `refused`: by decision key, what the mail server does not take as it stands (`History.refused`).
    """
    wanted = [
        decision
        for decision in decisions
        if decision.state in _DRAFTED and decision.reason not in (Reason.SETTINGS_PROBLEM, Reason.STOPPED)
    ]
    drafts = draft_all(wanted, sources)
    made = {draft.key: draft for draft in drafts}
    told: list[Decision] = []
    texts: dict[str, Text] = {}
    scripts: dict[str, str] = {}
    cells: dict[str, DraftCells] = {}
    released: set[str] = set()
    problems: list[Problem] = []
    for decision in decisions:
        key = decision.key
        draft = made.get(key)
        if draft is None:
            if decision.approved:
                released.add(decision.carrying)
            told.append(_approved(decision, False))
        elif isinstance(draft, NoDraft):
            problems.append(_unusable(draft))
            told.append(replace(decision, reason=Reason.SETTINGS_PROBLEM, state=State.BLOCKED, approved=False))
        elif decision.channel in _SPOKEN:
            scripts[key] = draft.text
            if decision.channel is Channel.HAND_OVER:  # a letter too, though no cell of the row holds it
                texts[key] = Text(draft.subject, draft.text, draft.links)
            told.append(decision)
        else:
            judged, text, cell, release = _judge(decision, draft, sources.invoices[decision.carrying].draft)
            if _is_refused(judged, text, refused.get(key), sources.rules.settings.test_address):
                judged = replace(judged, reason=Reason.REFUSED, state=State.BLOCKED)
            told.append(judged)
            texts[key] = text
            cells[decision.carrying] = cell
            if release:
                released.add(decision.carrying)
            if decision.channel is not Channel.EMAIL:
                scripts[key] = text.text
    kept = {decision.carrying for decision in told}
    for number, invoice in sources.invoices.items():
        if invoice.draft.mark and number not in cells and number not in kept and is_ours(invoice.draft):
            cells[number] = DraftCells()
    return Desk(decisions=told, texts=texts, scripts=scripts, cells=cells, released=frozenset(released), problems=problems)


def _judge(decision: Decision, draft: Draft, cell: DraftCells) -> tuple[Decision, Text, DraftCells, bool]:
    """(decision, the text that stands, what the cells should hold, whether the button is released)."""
    stored = read_mark(cell.mark)
    state = draft_state(cell, stored, draft.facts)
    pressed = cell.send is Send.YES
    theirs = Text(cell.subject, cell.draft, draft.links, edited=True)
    if state is DraftState.FROZEN:
        return _approved(decision, pressed), Text(cell.subject, cell.draft, draft.links), cell, False
    if state is DraftState.FRESH:
        mark = write_mark([StoredDraft(draft.facts, text_digest(draft.subject, draft.text))])
        ours = DraftCells(cell.send, draft.subject, draft.text, mark)
        return _approved(decision, False), Text(draft.subject, draft.text, draft.links), ours, pressed
    if state is DraftState.EDITED:
        return _approved(decision, pressed), theirs, cell, False
    now = StoredDraft(draft.facts, text_digest(cell.subject, cell.draft), edited=True)
    seen = bool(stored) and stored[-1] == now
    if seen and pressed:  # the person was shown the flag and pressed again: it is their decision
        return _approved(decision, True), theirs, cell, False
    outdated = _approved(decision, False)
    if decision.state is State.DUE:
        outdated = replace(outdated, reason=Reason.DRAFT_OUTDATED)
    first = [one for one in stored if not one.edited][:1]
    return outdated, theirs, replace(cell, mark=write_mark([*first, now])), pressed


def _is_refused(decision: Decision, text: Text, refusal: JournalRow | None, test: str) -> bool:
    """Whether the mail server has refused this very message."""
    if decision.state is not State.DUE or decision.channel is not Channel.EMAIL:
        return False
    recipients = (test,) if test else (*decision.to, *decision.cc)
    return is_refused(refusal, recipients, text.subject, text.text)


def _approved(decision: Decision, approved: bool) -> Decision:
    return decision if decision.approved is approved else replace(decision, approved=approved)


def is_ours(cell: DraftCells) -> bool:
    """Whether the text in the cells is exactly what we wrote there."""
    now = text_digest(cell.subject, cell.draft)
    return any(one.text == now and not one.edited for one in read_mark(cell.mark))


def read_mark(mark: str) -> tuple[StoredDraft, ...]:
    """The drafts remembered on a row, oldest first: "facts:text" and, once flagged, ";facts:text:edited"."""
    found = []
    for part in mark.split(";"):
        facts, _, rest = part.partition(":")
        text, _, edited = rest.partition(":")
        if facts and text:
            found.append(StoredDraft(facts, text, edited == "edited"))
    return tuple(found)


def write_mark(stored: Sequence[StoredDraft]) -> str:
    return ";".join(f"{one.facts}:{one.text}{':edited' if one.edited else ''}" for one in stored)


def _unusable(draft: NoDraft) -> Problem:
    return Problem(
        tab="templates",
        row=draft.template.row,
        column=draft.part,
        code=draft.failure.code,
        value=draft.template.name,
        severity=Severity.ROW,
        params=draft.failure.params,
    )
