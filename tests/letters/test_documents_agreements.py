"""Instalment agreement and settlement: what a judge looks for, in both languages, and nothing granted by the program."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from letters.paper import LANGUAGES, account, consumer, joinery, missing, pages, read, with_plan
from story import Story

from sync.dossier.limits import limits_of
from sync.dunning.model import InterestUse
from sync.ledger.words import DelayReason, Language
from sync.letters.documents.agreement import AgreementKind, agreement
from sync.letters.documents.in_words import amount_in_words, number_in_words
from sync.letters.documents.model import DocumentError
from sync.letters.documents.press import Press


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press("fr") as one:
        yield one


def text_of(
    press: Press, story: Story, kind: AgreementKind = "plan", language: Language = "fr", customer: str = "C1", **more: Any
) -> str:
    one = account(story, language, customer, **more)
    return read(press.print(agreement(one.plans[0], kind, one)))


# facts/legal.md 7.5: all that the deed must state
PLAN = {
    "fr": (
        "Atelier Brume", "SIREN 987 654 324", "Menuiserie Laborde", "SIREN 123 456 782", "représenté par", "pouvoir",
        "Origine de la dette", "FA-2025-0810", "11/10/2025", "2 000,00 €", "FA-2025-0931", "1 140,00 €", "FA-2026-0012",
        "reconnaît expressément et sans réserve", "4 120,40 €", "quatre mille cent vingt euros et quarante centimes",
        "interrompt la prescription (article 2240 du code civil)", "10 mars 2026", "1 000,00 €", "10 juin 2026", "1 120,40 €",
        "Total 4 120,40 €", "Imputation des paiements", "108,56 €", "120,00 €", "continuent de courir", "cessent de courir",
        "abandonnées si l'échéancier est entièrement respecté", "FR76 3000 6000 0112 3456 7890 189", "ECH-1",
        "Déchéance du terme", "en demeure", "8 jours", "Garantie", "novation", "Droit applicable", "Juridiction compétente",
        "deux exemplaires originaux", "Données personnelles", "signature", "Aucune remise",
    ),
    "en": (
        "Atelier Brume", "Menuiserie Laborde", "represented by", "power to bind", "Origin of the debt", "FA-2025-0810",
        "€2,000.00", "expressly and without reserve acknowledges", "€4,120.40", "four thousand one hundred and twenty euros and forty cents",
        "interrupts the limitation period", "10 March 2026", "€1,000.00", "10 June 2026", "€1,120.40", "Allocation of payments",
        "€108.56", "continue to run", "stop running", "given up if the schedule is kept", "FR76 3000", "Acceleration",
        "formal notice", "8 days", "Security", "novation", "Governing law", "Competent court", "two originals", "Personal data",
        "No discount is granted",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agreement_states_everything_and_is_a_draft_until_signed(language: Language, press: Press) -> None:
    text = text_of(press, with_plan(joinery()), language=language)
    assert missing(PLAN[language], text) == []
    assert ("PROJET" if language == "fr" else "DRAFT") in text
    assert ("sans valeur avant signature" if language == "fr" else "of no effect before signature") in text


def test_once_signed_it_is_no_draft_any_more(press: Press) -> None:
    text = text_of(press, with_plan(joinery(), agreed_on="2026-02-20", signed_on="2026-02-22"))
    assert "PROJET" not in text
    assert "signé le 22 février 2026" in text


SETTLEMENT = {
    "fr": ("Protocole transactionnel", "2044", "concessions réciproques", "2052", "120,40 €", "cent vingt euros et quarante centimes",
           "cette remise est perdue", "L111-3", "4 000,00 €", "quatre mille euros"),
    "en": ("Settlement agreement", "2044", "mutual concessions", "2052", "€120.40", "the discount is lost", "€4,000.00"),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_settlement_states_the_concessions_of_each_side(language: Language, press: Press) -> None:
    story = with_plan(joinery(), (1000, 1000, 1000, 1000), discount=120.40)
    assert missing(SETTLEMENT[language], text_of(press, story, "settlement", language)) == []


def test_a_discount_beside_a_full_schedule_comes_back_by_credit_note(press: Press) -> None:
    text = text_of(press, with_plan(joinery(), discount=120.40))
    assert "une remise de 120,40 € (cent vingt euros et quarante centimes) par un avoir" in text


def test_a_schedule_may_take_in_interest_and_compensation(press: Press) -> None:
    """4 120.40 + 108.56 + 120.00: then the acknowledged sum is the whole, part by part."""
    text = text_of(press, with_plan(joinery(), (1000, 1000, 1000, 1348.96)))
    assert missing(("4 348,96 €", "principal : 4 120,40 €", "108,56 €", "120,00 €"), text) == []


@pytest.mark.parametrize("amounts", [(1000, 1000, 1000, 1120.39), (4000,), (4120.40, 1)])
def test_a_schedule_that_does_not_add_up_is_refused(amounts: tuple[float, ...]) -> None:
    one = account(with_plan(joinery(), amounts))
    with pytest.raises(DocumentError) as refused:
        agreement(one.plans[0], "plan", one)
    assert "4120.40" in str(refused.value)


def test_a_person_writes_the_sum_and_has_thirty_days(press: Press) -> None:
    story = consumer(Story())
    story.plan("ECH-2", ["P1-1"], [("2026-03-10", 320), ("2026-04-10", 320)], agreed_on=None, customer="P1")
    text = text_of(press, story, customer="P1")
    assert "article 1376" in text
    assert "Je reconnais devoir la somme de six cent quarante euros, soit 640,00 €" in text
    assert "30 jours" in text
    assert "Aucune indemnité forfaitaire ni aucun frais de recouvrement" in text
    assert "40,00 €" not in text.replace("640,00 €", "")
    assert "représenté par" not in text.split("Élodie Pasquet")[1].split("Article 1")[0]


def test_no_agreement_outside_insolvency_proceedings_nor_about_what_is_disputed(press: Press) -> None:
    story = with_plan(joinery().says("FA-2025-0810", reason=DelayReason.DISPUTE))
    one = account(story)
    with pytest.raises(DocumentError):
        agreement(one.plans[0], "plan", one)
    assert "renonce à toute contestation" in text_of(press, story, "settlement")  # that is what a settlement is for
    insolvent = with_plan(joinery())
    insolvent.contacts["C1"] = replace(insolvent.contacts["C1"], insolvent_on=date(2026, 1, 5))
    two = account(insolvent)
    with pytest.raises(DocumentError):
        agreement(two.plans[0], "settlement", two)


def test_a_proposal_is_no_acknowledgement_and_a_signature_is() -> None:
    """Closing list of facts/legal.md, 6."""
    proposed, signed = with_plan(joinery()), with_plan(joinery(), agreed_on="2026-02-20", signed_on="2026-02-22")
    invoice = proposed.invoices["FA-2025-0931"]
    before = limits_of(invoice, account(joinery()).materials)
    assert limits_of(invoice, account(proposed).materials) == before
    after = limits_of(invoice, account(signed).materials)
    assert (after.basis, after.start.isoformat()) == ("acknowledgement", "2026-02-22")


def test_an_agreement_says_nothing_of_interest_that_must_not_be_computed(press: Press) -> None:
    text = text_of(press, with_plan(joinery(interest=InterestUse.NEVER)))
    assert "108,56" not in text


def test_thirty_six_instalments_keep_their_headings(press: Press) -> None:
    story = Story(company="Atelier Brume").invoice("F-1", due="2025-11-10", amount=3600)
    rows = [(f"{2026 + n // 12}-{n % 12 + 1:02d}-28", 100.0) for n in range(2, 38)]
    story.plan("ECH-9", ["F-1"], rows, agreed_on=None)
    one = account(story)
    found = pages(press.print(agreement(one.plans[0], "plan", one)))
    assert sum("Reste à payer ensuite" in page for page in found) == 2
    assert "trois mille six cents euros" in " ".join(found)


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [
        (0, "zéro", "zero"), (21, "vingt et un", "twenty-one"), (71, "soixante et onze", "seventy-one"),
        (80, "quatre-vingts", "eighty"), (81, "quatre-vingt-un", "eighty-one"), (91, "quatre-vingt-onze", "ninety-one"),
        (200, "deux cents", "two hundred"), (201, "deux cent un", "two hundred and one"), (1000, "mille", "one thousand"),
        (1001, "mille un", "one thousand and one"), (80_000, "quatre-vingt mille", "eighty thousand"),
        (200_000, "deux cent mille", "two hundred thousand"), (80_000_000, "quatre-vingts millions", "eighty million"),
        (1_999_999, "un million neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf",
         "one million nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: int, french: str, english: str) -> None:
    assert number_in_words(number, "fr") == french
    assert number_in_words(number, "en") == english


@pytest.mark.parametrize(
    ("cents", "currency", "french", "english"),
    [
        (100, "EUR", "un euro", "one euro"), (101, "EUR", "un euro et un centime", "one euro and one cent"),
        (50, "EUR", "zéro euro et cinquante centimes", "zero euros and fifty cents"),
        (100_000_000, "EUR", "un million d’euros", "one million euros"), (2100, "GBP", "vingt et une livres sterling", "twenty-one pounds sterling"),
        (150, "CHF", "un franc suisse et cinquante centimes", "one Swiss franc and fifty centimes"),
        (1205, "PLN", "douze PLN et 5/100", "twelve PLN and 5/100"),
    ],
)  # fmt: skip
def test_amounts_in_words(cents: int, currency: str, french: str, english: str) -> None:
    assert amount_in_words(cents, currency, "fr") == french
    assert amount_in_words(cents, currency, "en") == english


@given(one=st.integers(0, 10**9), other=st.integers(0, 10**9))
def test_two_numbers_never_share_their_words(one: int, other: int) -> None:
    for language in LANGUAGES:
        same = number_in_words(one, language) == number_in_words(other, language)
        assert same == (one == other)
