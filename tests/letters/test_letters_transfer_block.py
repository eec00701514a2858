"""The foot of an e-mail that asks for money: there when the text asks for one sum by transfer, and only then."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from letters.letter_desk import INVOICES, SETTINGS, charged, decision, desk

from sync.letters.drafts import Draft, draft_for
from sync.letters.transfer_block import transfer_block


def block(text: str = "", made=None, sources=None, name: str = "email_1"):
    made, sources = made or decision(), sources or desk()
    if not text:
        draft = draft_for(made, sources, name)
        assert isinstance(draft, Draft)
        text = draft.text
    return transfer_block(made, text, sources, "code")


def test_a_reminder_has_its_code_and_says_the_account_once():
    html, picture = block()
    assert picture.startswith(b"\x89PNG")
    assert "1\u202f480,00\u00a0€" in html
    assert "C001" in html
    assert "FR76" not in html  # the text has said it


def test_a_text_of_their_own_without_the_account_gets_it_beside_the_code():
    html, picture = block("Bonjour, merci de régler 1\u202f480,00\u00a0€.")
    assert picture
    assert "FR76 3000 6000 0112 3456 7890 189" in html
    assert "AGRIFRPP" in html


@pytest.mark.parametrize("text", ["Bonjour, où en est la facture ?", "Merci de régler 1\u202f400,00\u00a0€."])
def test_a_text_that_asks_for_nothing_or_for_another_sum_has_none(text):
    assert block(text) == ("", b"")


def test_a_note_that_offers_a_discount_asks_for_two_sums_and_has_none():
    settings = replace(SETTINGS, early_discount=Decimal("1.5"), early_discount_days=20)
    invoices = tuple(replace(one, issued=date(2026, 2, 16), due=date(2026, 3, 18)) for one in INVOICES[:2])
    made = decision(is_note=True, step=1, offset=-5, also_open=(), unallocated=0, to_pay=168000, interest=0, compensation=0)
    assert block(made=made, sources=desk(settings, invoices=invoices), name="note") == ("", b"")
    assert block(made=made, sources=desk(invoices=invoices), name="note")[1]


@pytest.mark.parametrize("name", ["reason_says_paid", "reason_dispute", "reason_hardship"])
def test_an_answer_to_what_a_customer_said_has_none(name):
    made = replace(charged(decision()), template=name)
    assert block(made=made, name=name) == ("", b"")
