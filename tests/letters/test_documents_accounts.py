"""Statement, interest and call sheet: every figure adds up, in both languages, and nothing is guessed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters.paper import LANGUAGES, account, consumer, joinery, missing, pages, read
from story import Status, Story

from sync.dunning.law.claims import breakdown
from sync.dunning.model import InterestUse
from sync.ledger.words import Language
from sync.letters.documents.call import call_sheet
from sync.letters.documents.interest import interest_statement, late_views
from sync.letters.documents.model import DocumentError
from sync.letters.documents.press import Press
from sync.letters.documents.statement import movements, statement


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press("fr") as one:
        yield one


STATEMENT = {
    "fr": (
        "Relevé de compte", "Arrêté au 23 février 2026", "Atelier Brume", "SIREN 987 654 324", "Menuiserie Laborde",
        "FA-2025-0810", "10/11/2025", "2 400,00 €", "400,00 €", "2 000,00 €", "105", "AV-2026-003 (FA-2025-0931)",
        "Total des factures 4 120,40 €", "Avoirs et règlements à déduire -50,00 €", "Solde du compte 4 070,40 €",
        "VIR LABORDE 0105", "FR76 3000 6000 0112 3456 7890 189", "n'est pas une facture",
    ),
    "en": (
        "Statement of account", "As at 23 February 2026", "Company no. 987 654 324", "FA-2025-0810", "10 Nov 2025",
        "€2,400.00", "€2,000.00", "Total of the invoices €4,120.40", "Balance of the account €4,070.40", "VIR LABORDE 0105",
        "FR76 3000 6000 0112 3456 7890 189", "is not an invoice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_shows_what_is_open_and_how_it_came_about(language: Language, press: Press) -> None:
    text = read(press.print(statement(account(joinery(), language))))
    assert missing(STATEMENT[language], text) == []
    assert "FA-2026-0044" not in text  # issued later than the day
    assert "FA-2025-0400" not in text  # settled before the oldest open invoice was issued


def test_a_settled_account_says_so(press: Press) -> None:
    story = Story().invoice("F-1", due="2026-01-31", amount=100).pays(100, on="2026-02-02", invoice="F-1")
    assert "Le compte est soldé" in read(press.print(statement(account(story))))


def test_a_write_off_pays_nothing(press: Press) -> None:
    """It is the company's own book-keeping: on the customer's statement the debt is still there."""
    story = Story().invoice("F-1", due="2025-01-31", amount=100, status=Status.WRITTEN_OFF, status_on="2026-01-05")
    assert "Solde" in (text := read(press.print(statement(account(story)))))
    assert "F-1" in text
    assert "100,00 €" in text
    assert "perte" not in text


days = st.integers(0, 400).map(lambda n: (date(2025, 1, 1) + timedelta(days=n)).isoformat())
cents = st.integers(1, 500_000)


@settings(max_examples=60, deadline=None)
@given(
    invoices=st.lists(st.tuples(days, cents, st.booleans(), st.sampled_from([None, *Status])), max_size=7),
    money=st.lists(st.tuples(days, st.integers(-90_000, 300_000).filter(bool), st.integers(-1, 6)), max_size=7),
    credits=st.lists(st.tuples(days, cents, st.integers(-1, 6)), max_size=3),
)
def test_the_last_balance_of_the_movements_is_the_balance_of_the_account(
    invoices: list[tuple[str, int, bool, Status | None]],
    money: list[tuple[str, int, int]],
    credits: list[tuple[str, int, int]],
) -> None:
    """Whatever was invoiced, credited, paid, returned or written off."""
    story = Story()
    for place, (due, amount, shortcut, status) in enumerate(invoices):
        cells = {"status": status} if status is not None else {}
        story.invoice(f"F{place}", due=due, issued=due, amount=amount / 100, paid_on="2025-12-01" if shortcut else None, **cells)
    for place, (day, amount, target) in enumerate(credits):
        story.invoice(f"A{place}", due=day, issued=day, amount=-amount / 100, applies_to=f"F{target}" if target >= 0 else "")
    for day, amount, target in money:
        story.pays(amount / 100, on=day, invoice=f"F{target}" if 0 <= target < len(invoices) else "")
    one = account(story, as_of="2026-01-15")
    owed = sum(one.materials.left_on(invoice) for invoice in one.invoices)
    assert sum(move.cents for move in movements(one)) == owed - one.unallocated


INTEREST = {
    "fr": (
        "Calcul des pénalités de retard", "Arrêté au 23 février 2026, ce jour compris", "FA-2025-0810", "77,36 €", "40,00 €",
        "11/11/2025", "31/12/2025", "51", "12,15 %", "40,7441", "Pénalités de retard 108,56 €", "120,00 €", "4 298,96 €",
        "Chaque jour de plus ajoute 1,37 €", "BCE, opérations principales de refinancement + 10 points",
        "Code de commerce L441-10 II", "2025-H2", "2,15 %", "base × taux × jours / 365",
    ),
    "en": (
        "Calculation of late-payment interest", "To 23 February 2026, that day included", "€77.36", "€40.00", "11 Nov 2025",
        "12.15%", "40.7441", "€108.56", "€4,298.96", "Each further day adds €1.37", "ECB, main refinancing operations + 10 points",
        "2025-H2", "base × rate × days / 365",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_interest_statement_can_be_done_again_by_its_reader(language: Language, press: Press) -> None:
    text = read(press.print(interest_statement(account(joinery(), language))))
    assert missing(INTEREST[language], text) == []


def test_the_printed_lines_add_up_to_the_interest() -> None:
    for view in late_views(account(joinery())):
        total = sum((row.interest for row in breakdown(view.claim)), Decimal(0))
        assert abs(total * 100 - (view.claim.interest or 0)) <= Decimal("0.51")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_customer_or_a_missing_rate_gets_no_figure(language: Language, press: Press) -> None:
    """Never a business rate for who may be a consumer, never the last rate carried on."""
    story = Story().contact("C1", kind=None).invoice("F-1", due="2025-11-10", amount=1000)
    text = read(press.print(interest_statement(account(story, language))))
    assert ("la nature du client" if language == "fr" else "the kind of customer") in text
    assert "40,00" not in text
    assert "40.00" not in text
    late = Story().invoice("F-1", due="2029-11-10", amount=1000)
    text = read(press.print(interest_statement(account(late, language, as_of="2030-02-01"))))
    assert ("non calculé" if language == "fr" else "not computed") in text
    assert "2029- H2" in text or "2029-H2" in text


def test_a_consumer_owes_no_fixed_sum_and_nothing_before_the_notice(press: Press) -> None:
    text = read(press.print(interest_statement(account(consumer(Story()), customer="P1"))))
    assert "Indemnités forfaitaires 0,00 €" in text
    assert "Pénalités de retard 0,00 €" in text
    assert "L441-10" not in text


def test_a_company_that_claims_no_interest_makes_no_calculation() -> None:
    with pytest.raises(DocumentError):
        interest_statement(account(joinery(interest=InterestUse.NEVER)))


def test_a_rate_still_to_be_verified_says_so(press: Press) -> None:
    story = Story().invoice("F-1", due="2026-07-10", amount=1000)
    text = read(press.print(interest_statement(account(story, as_of="2026-09-01"))))
    assert "à vérifier avant production" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_sheet_says_whom_to_call_what_was_said_and_what_to_say(language: Language, press: Press) -> None:
    story = joinery().logs("2026-02-12", "done", channel="call", invoices=("FA-2025-0810",), note="rappeler après 14 h")
    decision = story.decision("2026-02-23")
    one = account(story, language)
    text = read(press.print(call_sheet(decision, "AVANT D’APPELER\n- Facture sous les yeux\n\nBonjour.", one)))
    for mention in (
        "Claire Martin",
        "05 59 00 00 00",
        "Menuiserie Laborde",
        "rappeler après 14 h",
        "Avant d'appeler",
        "Bonjour.",
    ):
        assert mention in text


def test_a_long_statement_repeats_its_headings_and_numbers_its_pages(press: Press) -> None:
    story = Story(company="Atelier Brume")
    for n in range(180):
        story.invoice(f"F-{n:04d}", due="2026-01-10", issued="2025-12-10", amount=10 + n)
    found = pages(press.print(statement(account(story))))
    assert len(found) > 6
    assert all(f"page {n} sur {len(found)}" in page for n, page in enumerate(found, 1))
    with_rows = [page for page in found if "F-0" in page]
    assert all("Échéance" in page or "Opération" in page for page in with_rows)
    assert all(any(f"F-{n:04d}" in page for page in found) for n in range(180))


def test_two_currencies_are_two_statements(press: Press) -> None:
    story = Story().invoice("F-1", due="2026-01-10", amount=100).invoice("G-1", due="2026-01-10", amount=70, currency="GBP")
    text = read(press.print(statement(account(story, "en", currency="GBP"))))
    assert "£70.00" in text
    assert "F-1" not in text
