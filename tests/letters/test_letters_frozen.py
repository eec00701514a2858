"""A draft is theirs once touched: when ours stands, when it is rewritten, when a person's waits."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters.letter_desk import AS_OF, SETTINGS, SILENT, decision, desk, text_of_theirs

from sync.dunning.model import Decision
from sync.ledger.model import DraftCells
from sync.ledger.words import Channel
from sync.letters.drafts import Draft, draft_for
from sync.letters.frozen import DraftState, StoredDraft, draft_state, text_digest


def facts_of(made: Decision | None = None, **sources: Any) -> str:
    draft = draft_for(made or decision(), desk(**sources))
    assert isinstance(draft, Draft)
    return draft.facts


# What is a change of facts


def test_passing_days_and_accruing_interest_are_no_change() -> None:
    later = decision(interest=9999, interest_lines=(), action_date=AS_OF.replace(day=28), to_pay=999, priority=7, why="autre")
    assert facts_of(later, as_of=AS_OF.replace(day=28), late=5) == facts_of()


CHANGES: dict[str, dict[str, Any]] = {
    "an invoice less": {"invoices": ("FA-2026-0143",)},
    "an invoice more in the account": {"also_open": ()},
    "another step": {"step": 3},
    "another occurrence": {"occurrence": 2},
    "another channel": {"channel": Channel.LETTER},
    "another recipient": {"to": ("autre@example.org",)},
    "another copy": {"cc": ("chef@example.org",)},
    "a credit used": {"unallocated": 0},
    "compensation that can no longer be asked": {"compensation": None},
    "interest that can no longer be computed": {"interest": None},
    "another language": {"language": "en"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_is_said_is_a_change(change: str) -> None:
    assert facts_of(decision(**CHANGES[change])) != facts_of()


def test_a_part_payment_is_a_change() -> None:
    assert facts_of(left={"FA-2026-0143": 60000}) != facts_of()
    assert facts_of(left={"FA-2026-0160": 100}) != facts_of()


def test_another_iban_or_use_of_interest_is_a_change() -> None:
    assert facts_of(settings=replace(SETTINGS, iban="DE89370400440532013000")) != facts_of()
    assert facts_of(settings=SILENT) != facts_of()
    assert facts_of(settings=replace(SETTINGS, daily_cap=1)) == facts_of()


def test_another_wording_is_a_change() -> None:
    first, second = (desk(templates=(text_of_theirs(body),)) for body in ("Bonjour", "Bonsoir"))
    made = [draft_for(decision(template="maison"), sources) for sources in (first, second)]
    assert len({draft.facts for draft in made if isinstance(draft, Draft)}) == 2


# Whose draft it is

OURS, THEIRS, AGAIN = (
    DraftCells(subject="Objet", draft="Bonjour"),
    DraftCells(subject="Objet", draft="Salut"),
    DraftCells(subject="Objet", draft="Coucou"),
)


def stored(facts: str, cells: DraftCells, edited: bool = False) -> StoredDraft:
    return StoredDraft(facts, text_digest(cells.subject, cells.draft), edited)


def test_the_life_of_a_draft() -> None:
    assert draft_state(DraftCells(), (), "f1") is DraftState.FRESH
    written = (stored("f1", OURS),)
    assert draft_state(OURS, written, "f1") is DraftState.FROZEN
    assert draft_state(OURS, written, "f2") is DraftState.FRESH
    assert draft_state(THEIRS, written, "f1") is DraftState.EDITED
    assert draft_state(THEIRS, written, "f2") is DraftState.EDITED_OUTDATED
    assert draft_state(DraftCells(), written, "f1") is DraftState.FRESH  # cleared: the person wants ours again


def test_an_edited_draft_that_was_flagged_waits_until_it_is_edited_again() -> None:
    flagged = (stored("f1", OURS), stored("f2", THEIRS, edited=True))
    assert draft_state(THEIRS, flagged, "f2") is DraftState.EDITED_OUTDATED
    assert draft_state(AGAIN, flagged, "f2") is DraftState.EDITED
    assert draft_state(AGAIN, flagged, "f3") is DraftState.EDITED_OUTDATED


def test_a_person_who_undoes_an_edit_has_our_draft_again() -> None:
    met = (stored("f1", OURS), stored("f1", THEIRS, edited=True))
    assert draft_state(OURS, met, "f1") is DraftState.FROZEN
    assert draft_state(OURS, met, "f2") is DraftState.FRESH


def test_a_text_we_never_wrote_is_a_persons() -> None:
    assert draft_state(THEIRS, (), "f1") is DraftState.EDITED


@given(st.text(alphabet="ab \n\t", max_size=40), st.sampled_from(["\r\n", "\r"]))
def test_what_a_spreadsheet_does_to_line_ends_is_no_edit(text: str, ending: str) -> None:
    shown = DraftCells(subject="Objet ", draft=text.replace("\n", f" {ending}") + "\n\n")
    expected = DraftState.FROZEN if (shown.subject.strip() or text.strip()) else DraftState.FRESH
    assert draft_state(shown, (StoredDraft("f1", text_digest("Objet", text)),), "f1") is expected


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([OURS, THEIRS, AGAIN]), st.booleans()), max_size=6),
    st.sampled_from("ab"),
)
def test_an_edited_text_is_never_taken_for_ours(history: list[tuple[str, DraftCells, bool]], now: str) -> None:
    remembered_drafts = tuple(stored(facts, cells, edited) for facts, cells, edited in history)
    edited = DraftCells(subject="Objet", draft="Écrit à la main")
    assert draft_state(edited, remembered_drafts, now) in (DraftState.EDITED, DraftState.EDITED_OUTDATED)
