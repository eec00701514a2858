"""Which text a decision gets, under which subject, and what happens to a text that cannot be used."""

import time
from dataclasses import replace
from datetime import date

from letters.letter_desk import CUSTOMER, INVOICES, SETTINGS, cadence, decision, desk, one_invoice, text_of_theirs

from sync.dunning.model import Decision, ReasonRoute
from sync.ledger.model import Handling, Invoice
from sync.ledger.words import Channel, DelayReason, Segment
from sync.letters.drafts import Draft, NoDraft, case_mark, draft_all, draft_for, text_for_reason
from sync.letters.facts import MOST_LISTED, Sources
from sync.letters.library import THANK_YOU


def draft(made: Decision, sources: Sources, text: str = "") -> Draft:
    result = draft_for(made, sources, text)
    assert isinstance(result, Draft)
    return result


def test_a_blank_template_gives_the_text_of_the_step() -> None:
    assert draft(decision(), desk()).template == "email_1"
    assert draft(decision(step=3, channel=Channel.CALL), desk()).template == "call_1"
    firm = desk(cadences=(cadence("standard", Segment.WATCH),))
    assert draft(decision(), firm).template == "email_1.firm"


def test_a_text_of_the_sheet_wins_and_may_bear_the_name_of_ours() -> None:
    theirs = text_of_theirs("Bonjour, {{ to_pay }} s'il vous plaît.", name="email_1")
    assert draft(decision(template="email_1"), desk(templates=(theirs,))).text == "Bonjour, 1\u202f480,00\u00a0€ s'il vous plaît."
    assert draft(decision(template="email_1"), desk()).template == "email_1"


def test_a_text_without_the_customers_language_is_taken_in_the_companys() -> None:
    """The facts then speak the language of the text."""
    theirs = text_of_theirs("Payez avant le {{ invoices[0].due }}")
    made = draft(decision("en", template="maison"), desk(templates=(theirs,)))
    assert (made.text, made.language) == ("Payez avant le 11 février 2026", "fr")


def test_a_first_contact_about_an_old_invoice_takes_stock() -> None:
    assert draft(decision(), desk(late=18)).template == "email_1"  # 30 days late
    assert draft(decision(), desk(late=19)).template == "first_contact"
    assert draft(decision(step=3, channel=Channel.CALL), desk(late=60)).template == "call_1"


def test_a_step_taken_again_says_so() -> None:
    assert draft(decision(occurrence=2), desk()).template == "email_repeat"
    assert draft(decision(occurrence=2, step=4, channel=Channel.REGISTERED_LETTER), desk()).template == "registered_1"


def test_the_choice_of_a_variant_leaves_the_facts_alone() -> None:
    assert draft(decision(), desk(late=18)).facts == draft(decision(), desk(late=19)).facts


def test_an_email_bears_its_case_mark_once_and_a_letter_does_not() -> None:
    mark = case_mark("C001")
    assert draft(decision(), desk()).subject.endswith(f" [{mark}]")
    assert mark not in draft(decision(step=4, channel=Channel.REGISTERED_LETTER), desk()).subject
    theirs = text_of_theirs("Bonjour", subject=f"Votre compte [{mark}]")
    assert draft(decision(template="maison"), desk(templates=(theirs,))).subject == f"Votre compte [{mark}]"
    assert case_mark("C002") != mark


def test_a_blank_subject_becomes_a_neutral_one() -> None:
    made = draft(decision(template="maison"), desk(templates=(text_of_theirs("Bonjour", subject=""),)))
    assert made.subject == f"Atelier Brume – votre compte [{case_mark('C001')}]"


def test_a_text_that_fails_costs_its_own_drafts_only() -> None:
    bad, good = text_of_theirs("{{ facture }}", name="bad"), text_of_theirs("{{ total }}", row=3, name="good")
    sources = desk(templates=(bad, good))
    made = draft_all([decision(template="bad"), decision(), decision(template="good"), decision(template="bad")], sources)
    assert [type(each) for each in made] == [NoDraft, Draft, Draft, NoDraft]
    assert isinstance(made[0], NoDraft)
    assert (made[0].template, made[0].failure.code, made[0].failure.params) == (bad, "template_unknown_name", {"name": "facture"})


def test_a_text_nobody_wrote_gives_no_draft() -> None:
    for made in (draft_for(decision(template="introuvable"), desk()), draft_for(decision(), desk(), "introuvable")):
        assert isinstance(made, NoDraft)
        assert (made.failure.code, made.failure.params) == ("template_missing", {"name": "introuvable"})


def test_a_reason_is_answered_by_its_route_or_by_our_text() -> None:
    sources = desk()
    assert text_for_reason(DelayReason.HARDSHIP, sources) == "reason_hardship"
    assert text_for_reason(DelayReason.BAD_FAITH, sources) == ""
    assert "échéancier" in draft(decision(), sources, "reason_hardship").text
    route = ReasonRoute(reason=DelayReason.HARDSHIP, pause=True, template="maison")
    routed = replace(sources, rules=replace(sources.rules, routes={DelayReason.HARDSHIP: route}))
    assert text_for_reason(DelayReason.HARDSHIP, routed) == "maison"


def test_thanks_name_what_was_paid() -> None:
    assert "les factures FA-2026-0143 et FA-2026-0151" in draft(decision(), desk(), THANK_YOU).text


def test_one_invoice_owed_as_it_stands_has_no_sums() -> None:
    text = draft(one_invoice(), desk()).text
    assert "Total" not in text
    assert "À payer" not in text


def test_the_reference_is_the_invoice_or_the_customer() -> None:
    assert "référence à indiquer\u00a0: FA-2026-0151" in draft(one_invoice(), desk()).text
    assert "référence à indiquer\u00a0: C001" in draft(decision(), desk()).text


def test_one_page_that_takes_it_all_is_one_link_else_each_invoice_has_its_own() -> None:
    def paying(*links: str) -> str:
        invoices = tuple(replace(i, handling=Handling(payment_link=link)) for i, link in zip(INVOICES, links, strict=True))
        return draft(decision(also_open=()), desk(invoices=invoices)).text

    assert paying("https://p.example.org", "https://p.example.org", "").count("https://p.example.org") == 1
    assert "- facture FA-2026-0151\u00a0: https://p.example.org/2" in paying(
        "https://p.example.org/1", "https://p.example.org/2", ""
    )


def test_a_customer_without_a_contact_row_is_named_by_its_key() -> None:
    assert "Bonjour,\n" in draft(decision(), desk(customer=None)).text
    assert "C001" in draft(decision(step=3, channel=Channel.CALL), desk(customer=None)).subject


def test_hundreds_of_invoices_fit_a_cell_and_are_all_counted() -> None:
    invoices = tuple(Invoice(i, f"F-{i:05}", "C001", date(2026, 1, 5), date(2026, 2, 4), 10000, "EUR") for i in range(2, 602))
    numbers = tuple(invoice.number for invoice in invoices)
    made = decision(invoices=numbers, also_open=(), carrying=numbers[0], amount=6000000, to_pay=5980000)
    for text in ("email_1", "formal_notice", "call_1"):
        written = draft(made, desk(invoices=invoices), text).text
        assert len(written) < 30_000
        assert f"… et {600 - MOST_LISTED} autres factures" in written
        assert "60\u202f000,00\u00a0€" in written


def test_an_absurdly_long_name_is_cut() -> None:
    made = draft(decision(), desk(replace(SETTINGS, company="x" * 5000), replace(CUSTOMER, name="y" * 40_000)))
    assert len(made.subject) < 250


def test_drafts_are_fast() -> None:
    """Measured at some 9,000 a second of processor time; the bound leaves room for a slow machine."""
    made, sources = [decision()] * 2000, desk()
    draft_all(made[:10], sources)
    best = min(_seconds(made, sources) for _ in range(3))
    assert 2000 / best > 2000


def _seconds(made: list[Decision], sources: Sources) -> float:
    before = time.process_time()
    draft_all(made, sources)
    return time.process_time() - before
