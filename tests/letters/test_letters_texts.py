"""The words people receive: reviewed as snapshots, and held to laws that no later wording may break."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters.letter_desk import (
    CHARGING,
    CUSTOMER,
    INVOICES,
    SETTINGS,
    SILENT,
    cadence,
    charged,
    decision,
    desk,
    one_invoice,
)
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from sync.dunning.default_cadences import default_cadences
from sync.dunning.model import Cadence, Decision, InterestUse, Step
from sync.ledger.model import Handling
from sync.ledger.words import Channel, Kind, Language, Segment
from sync.letters.checking import word_lists
from sync.letters.drafts import Draft, draft_for
from sync.letters.facts import Sources
from sync.letters.library import REASON_TEXTS, builtin_names, builtin_template_name, builtin_text

LANGUAGES: tuple[Language, ...] = ("fr", "en")
NAMES = sorted(builtin_names("fr"))
EVERY_TEXT = [(name, language) for name in NAMES for language in LANGUAGES]


class TextFile(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def text_file(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


def written(made: object) -> str:
    assert isinstance(made, Draft)
    return f"{made.subject}\n\n{made.text}\n"


def draft(name: str, made: Decision, sources: Sources) -> Draft:
    result = draft_for(made, sources, name)
    assert isinstance(result, Draft)
    return result


CHANNELS = {
    "call": Channel.CALL, "letter": Channel.LETTER, "registered": Channel.REGISTERED_LETTER, "formal": Channel.FORMAL_NOTICE,
    "hand": Channel.HAND_OVER, "review": Channel.REVIEW,
}  # fmt: skip


def channel_of(name: str) -> Channel:
    return CHANNELS.get(name.split("_")[0].split(".")[0], Channel.EMAIL)


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_every_text_as_it_reads(name: str, language: Language, text_file: SnapshotAssertion) -> None:
    """Two invoices with a credit, then one invoice; run with --snapshot-update to accept new words."""
    two = written(draft_for(decision(language, channel=channel_of(name)), desk(), name))
    one = written(draft_for(one_invoice(language, channel=channel_of(name)), desk(), name))
    assert f"{two}\n{'=' * 30}\n\n{one}" == text_file(name=f"{name}.{language}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["email_1", "registered_1", "formal_notice"])
def test_texts_that_charge_interest(name: str, language: Language, text_file: SnapshotAssertion) -> None:
    made = charged(decision(language, channel=channel_of(name)))
    assert written(draft_for(made, desk(CHARGING), name)) == text_file(name=f"{name}.charge.{language}")


def test_both_languages_have_the_same_texts() -> None:
    assert builtin_names("fr") == builtin_names("en")


# Which text a step gets


def names_of(made: Cadence) -> list[str]:
    return [builtin_template_name(made, step) for step in made.steps]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_default_cadences_in_their_three_tones(language: Language) -> None:
    standard, soft, firm = map(names_of, default_cadences(language))
    assert standard == ["note", "email_1", "call_1", "registered_1", "call_2", "formal_notice", "hand_over"]
    assert soft == [
        "note.soft", "email_1.soft", "email_2.soft", "call_1.soft", "letter_1.soft", "call_2.soft", "formal_notice", "hand_over",
    ]  # fmt: skip
    assert firm == ["note.firm", "email_1.firm", "call_1.firm", "registered_1.firm", "call_2.firm", "formal_notice", "hand_over"]


def test_a_cadence_for_anybody_takes_its_tone_from_its_name() -> None:
    assert names_of(cadence("Ferme"))[1] == "email_1.firm"
    assert names_of(cadence("Softer"))[1] == "email_1.soft"
    assert names_of(cadence("Clients de Bordeaux"))[1] == "email_1"


def test_a_fourth_email_gets_the_third_text() -> None:
    four = cadence(steps=((3, Channel.EMAIL), (10, Channel.EMAIL), (20, Channel.EMAIL), (30, Channel.EMAIL)))
    assert names_of(four) == ["email_1", "email_2", "email_3", "email_3"]


@given(
    st.lists(st.sampled_from(Channel), min_size=1, max_size=12),
    st.integers(0, 3),
    st.sampled_from([None, *Segment]),
    st.text(max_size=12),
)
def test_any_step_of_any_cadence_has_a_text_in_both_languages(
    channels: list[Channel], notes: int, segment: Segment | None, name: str
) -> None:
    offsets = [i - notes + (i >= notes) for i in range(len(channels))]
    made = Cadence(
        name=name,
        segment=segment,
        steps=tuple(
            Step(row=0, number=i, offset=offset, channel=channel)
            for i, (offset, channel) in enumerate(zip(offsets, channels, strict=True), 1)
        ),
    )
    for text in names_of(made):
        assert builtin_text(text, "fr").body
        assert builtin_text(text, "en").body


def test_each_reason_that_needs_words_has_them() -> None:
    assert set(REASON_TEXTS.values()) <= set(NAMES)


# What no text may say

EMAILS = [name for name in NAMES if name.startswith(("note", "email", "first", "reason", "thank"))]
AMICABLE = [name for name in NAMES if name not in ("formal_notice", "hand_over")]
STRICTER = {
    "fr": re.compile(r"\b(tribuna\w*|juridiction|justice|avocat\w*|poursui\w*|sous peine|sanctions?|dernier avertissement|immédiatement|frais)\b", re.I),
    "en": re.compile(r"\b(courts?|lawyers?|solicitors?|attorneys?|legal action|sue|penalt\w+|final warning|immediately|fees?)\b", re.I),
}  # fmt: skip


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_no_text_says_what_a_creditor_does_not_write(name: str, language: Language) -> None:
    template = builtin_text(name, language)
    assert not word_lists(language)[1].search(f"{template.subject}\n{template.body}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", AMICABLE)
def test_an_amicable_text_never_threatens(name: str, language: Language) -> None:
    assert not STRICTER[language].search(builtin_text(name, language).body)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EMAILS)
def test_the_subject_of_an_email_discloses_nothing(name: str, language: Language) -> None:
    made = draft(name, decision(language), desk())
    assert made.subject.startswith("Atelier Brume – ")
    assert re.search(r" \[[A-Z2-7]{4}-[A-Z2-7]{4}\]$", made.subject)
    assert not word_lists(language)[0].search(made.subject)
    assert not re.search(r"\d|règlement|paiement|payment", made.subject.rpartition("[")[0])


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_texts_give_dates_and_never_days_late(name: str, language: Language) -> None:
    assert "days_late" not in builtin_text(name, language).body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith(("formal", "hand", "registered", "call", "review"))])
def test_tomorrow_says_the_same_as_today(name: str, language: Language) -> None:
    """Passing days and accruing interest change nothing in what is written before a letter is dated."""
    later = decision(language, interest=999)
    assert draft(name, decision(language), desk()).text == draft(name, later, desk(as_of=desk().as_of.replace(day=28))).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [n for n in NAMES if n != "formal_notice" and n != "hand_over"])
def test_interest_is_not_a_figure_unless_it_is_charged(name: str, language: Language) -> None:
    text = draft(name, decision(language), desk()).text
    assert not re.search(r"(?<!\d)(5|80)[,.](59|00)(?!\d)", text)


INTEREST_WORDS = {"fr": re.compile("pénalités|indemnité"), "en": re.compile("interest|compensation", re.I)}


@pytest.mark.parametrize(("name", "language"), EVERY_TEXT)
def test_no_word_of_interest_when_settings_or_law_say_none(name: str, language: Language) -> None:
    unknown = decision(language, interest=None, compensation=None, interest_lines=())
    assert not INTEREST_WORDS[language].search(draft(name, unknown, desk()).text)
    assert not INTEREST_WORDS[language].search(draft(name, decision(language), desk(SILENT)).text)
    nothing_runs = decision(language, interest=0, compensation=0, interest_lines=())
    assert not INTEREST_WORDS[language].search(draft(name, nothing_runs, desk()).text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["email_2", "registered_1", "formal_notice", "hand_over"])
def test_a_consumer_reads_nothing_of_compensation(name: str, language: Language) -> None:
    consumer = decision(language, kind=Kind.CONSUMER, compensation=0)
    text = draft(name, consumer, desk(customer=replace(CUSTOMER, kind=Kind.CONSUMER))).text
    assert not re.search("indemnité|compensation|professionnels|businesses", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("email", "registered", "letter", "first"))])
def test_what_may_cross_a_payment_says_so(name: str, language: Language) -> None:
    text = draft(name, decision(language), desk()).text
    assert re.search("entre-temps|a croisé|already on its way|has crossed", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", [n for n in NAMES if n.startswith(("note", "email", "registered", "letter", "formal", "call", "first"))]
)
def test_each_claim_names_its_invoices_amounts_and_dates(name: str, language: Language) -> None:
    text = draft(name, decision(language), desk()).text
    for fact in ("FA-2026-0143", "FA-2026-0151"):
        assert fact in text
    for fact in {"fr": ("11/02/2026", "1\u202f480,00\u00a0€"), "en": ("11 Feb 2026", "€1,480.00")}[language]:
        assert fact in text


def test_a_formal_notice_has_every_mention() -> None:
    text = draft("formal_notice", decision(), desk()).text
    for mention in (
        "Le 23 février 2026", "Atelier Brume, 3 quai des Salinières, 33000 Bordeaux, SIREN 987 654 324",
        "Menuiserie Laborde, 12 rue des Tanneurs, 64000 Pau, SIREN 123 456 782", "Montant TTC", "Déjà réglé", "Reste dû",
        "12,15\u00a0%", "12/02/2026", "par jour jusqu’au paiement", "mettons en demeure de nous payer",
        "1\u202f480,00\u00a0€", "quinze jours", "FR76 3000 6000 0112 3456 7890 189", "C001",
        "juridiction compétente", "Hélène Roy, comptabilité clients", "Pièces jointes", "entre-temps",
    ):  # fmt: skip
        assert mention in text, mention


def test_a_natural_person_abroad_has_thirty_days() -> None:
    unknown = desk(customer=replace(CUSTOMER, kind=None))
    assert "thirty days" in draft("formal_notice", decision("en"), unknown).text
    assert "fifteen days" in draft("formal_notice", decision("en"), desk()).text


# Whatever is missing

SPACES_OF_FRENCH = re.compile(r" [:;!?»%€]|« |\w'\w")
LEFTOVERS = re.compile(r"\{\{|\{%|None|\(\)| ,|,,| \.(?!\.)|\n\n\n|^[ -]*$(?<=-)|[^\S\n]$", re.MULTILINE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_text_reads_well_whatever_is_missing(data: st.DataObject) -> None:
    def maybe(text: str) -> str:
        return data.draw(st.sampled_from(["", text]))

    customer = data.draw(st.sampled_from([None, CUSTOMER])) and replace(
        CUSTOMER, name=maybe(CUSTOMER.name), person=maybe(CUSTOMER.person), phone=maybe(CUSTOMER.phone),
        address=maybe(CUSTOMER.address), company_id=maybe(CUSTOMER.company_id), kind=data.draw(st.sampled_from([None, *Kind])),
    )  # fmt: skip
    company = replace(
        SETTINGS, address=maybe(SETTINGS.address), company_id=maybe(SETTINGS.company_id), sender_name=maybe(SETTINGS.sender_name),
        sender_email=maybe(SETTINGS.sender_email), iban=maybe(SETTINGS.iban), bic=maybe(SETTINGS.bic), vat_id=maybe("FR12987654324"),
        interest=data.draw(st.sampled_from(InterestUse)),
    )  # fmt: skip
    invoices = tuple(
        replace(i, handling=Handling(payment_link=maybe("https://pay.example.org/1"), document_link=maybe("https://files.example.org/1")))
        for i in INVOICES
    )  # fmt: skip
    figures = data.draw(st.sampled_from([(None, None), (0, 0), (559, 0), (559, 8000), (0, 8000)]))
    changes = {"interest": figures[0], "compensation": figures[1]} | ({} if figures[0] else {"interest_lines": ()})
    language = data.draw(st.sampled_from(LANGUAGES))
    made = data.draw(st.sampled_from([decision, one_invoice]))(language, **changes)
    sources = desk(company, customer, invoices)
    for name in NAMES:
        written = draft(name, made, sources)
        assert written.text
        assert written.subject
        found = LEFTOVERS.search(written.text)
        assert not found, (name, written.text[max(0, found.start() - 60) : found.end() + 20])
        if language == "fr":
            wrong = SPACES_OF_FRENCH.search(f"{written.subject}\n{written.text}")
            assert not wrong, (name, written.text[max(0, wrong.start() - 40) : wrong.end() + 20])
