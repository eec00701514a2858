"""Copies of frozen records."""

from dataclasses import FrozenInstanceError, replace

import pytest

from sync.dunning.model import InvoiceView
from sync.dunning.reasons import Reason, State
from sync.dunning.records import changed

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
