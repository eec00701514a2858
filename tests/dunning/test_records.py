"""Copies of frozen records."""

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from sync.dunning.model import Claim, Decision, InvoiceView
from sync.dunning.reasons import Reason, State
from sync.dunning.records import changed
from sync.ledger.words import Approval, Channel

VIEW = InvoiceView(
    row=2, invoice="F-1", customer="C1", currency="EUR", open=120_00, days_late=3, state=State.DUE, reason=Reason.STEP_DUE
)


def test_a_changed_record_is_what_dataclasses_replace_would_make():
    assert changed(VIEW, why="Because.", open=5_00) == replace(VIEW, why="Because.", open=5_00)
    assert changed(VIEW) == VIEW


def test_the_record_itself_stays_and_the_copy_is_frozen_too():
    copy = changed(VIEW, why="Because.")
    assert (VIEW.why, copy.why) == ("", "Because.")
    with pytest.raises(FrozenInstanceError):
        copy.why = "Why not?"  # type: ignore[misc]  # that it cannot be set is what is shown


def test_a_field_that_the_record_does_not_have_is_refused():
    with pytest.raises(AttributeError):
        changed(VIEW, colour="blue")


def test_a_record_that_is_filled_at_once_has_its_defaults_and_refuses_what_a_dataclass_refuses():
    assert VIEW.claim == Claim(0, 0)
    assert VIEW.until is None
    with pytest.raises(FrozenInstanceError):
        VIEW.why = "Why not?"  # type: ignore[misc]  # that it cannot be set is what is shown
    given = {name: value for name, value in vars(VIEW).items() if name != "row"}
    with pytest.raises(TypeError, match="row"):
        InvoiceView(**given)
    with pytest.raises(TypeError, match="colour"):
        InvoiceView(**given, colour="blue")


def test_a_decision_made_anew_for_another_invoice_has_its_own_key():
    decision = Decision(
        customer="C1", currency="EUR", cadence="Standard", carrying="F-1", invoices=("F-1",), step=1, offset=1,
        channel=Channel.EMAIL, approval=Approval.ASK, state=State.DUE, reason=Reason.STEP_DUE, action_date=date(2026, 1, 5),
        amount=120_00,
    )  # fmt: skip
    assert decision.key == "C1|EUR|Standard|F-1|1|1"
    assert replace(decision, carrying="F-2").key == "C1|EUR|Standard|F-2|1|1"
