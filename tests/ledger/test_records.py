"""Copies of frozen records."""

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from sync.ledger.model import Contact, Invoice
from sync.ledger.records import changed

INVOICE = Invoice(2, "F-1", "C1", date(2026, 1, 31), date(2026, 3, 2), 120_00, "EUR")


def test_a_changed_record_is_what_dataclasses_replace_would_make():
    assert changed(INVOICE, amount=5_00, doubtful=True) == replace(INVOICE, amount=5_00, doubtful=True)
    contact = Contact(row=3, customer="C1", emails=("a@example.org",))
    assert changed(contact, name="Martin") == replace(contact, name="Martin")
    assert changed(contact) == contact


def test_the_record_itself_stays_and_the_copy_is_frozen_too():
    copy = changed(INVOICE, number="F-2")
    assert (INVOICE.number, copy.number) == ("F-1", "F-2")
    with pytest.raises(FrozenInstanceError):
        copy.number = "F-3"  # type: ignore[misc]  # that it cannot be set is what is shown


def test_a_field_that_the_record_does_not_have_is_refused():
    with pytest.raises(AttributeError):
        changed(INVOICE, colour="blue")
