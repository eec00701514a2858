"""Letters on paper: what must stand on them, in both languages, whatever a name holds."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from letters.letter_desk import AS_OF, CHARGING, CUSTOMER, SETTINGS, charged, decision, desk
from pypdf import PdfReader

from sync.dunning.model import Decision
from sync.ledger.words import Channel, Language
from sync.letters.desk import Text
from sync.letters.documents.letter import letter
from sync.letters.documents.model import Document, decision_file
from sync.letters.documents.press import Press
from sync.letters.drafts import Draft, draft_for
from sync.letters.facts import Sources

LANGUAGES: tuple[Language, ...] = ("fr", "en")


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press("fr") as one:
        yield one


def read(pdf: bytes) -> str:
    """All the text of a PDF, spaces settled."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2011", "-").split())


TEXTS = {Channel.LETTER: "letter_1", Channel.REGISTERED_LETTER: "registered_1", Channel.FORMAL_NOTICE: "formal_notice",
         Channel.HAND_OVER: "hand_over"}  # fmt: skip


def made(made: Decision, sources: Sources) -> Document:
    draft = draft_for(made, sources, TEXTS[made.channel])
    assert isinstance(draft, Draft)
    return letter(made, Text(draft.subject, draft.text, draft.links), sources)


def formal_notice(language: Language, sources: Sources | None = None) -> Document:
    notice = charged(decision(language, channel=Channel.FORMAL_NOTICE, step=6))
    return made(notice, sources or desk(CHARGING))


MANDATORY = {  # facts/legal.md 7.4
    "fr": (
        "Bordeaux, le 23 février 2026", "MISE EN DEMEURE", "Lettre recommandée avec avis de réception",
        "Atelier Brume", "3 quai des Salinières", "SIREN 987 654 324", "Menuiserie Laborde", "12 rue des Tanneurs",
        "SIREN 123 456 782", "FA-2026-0143", "12/01/2026", "11/02/2026", "1 200,00 €", "FA-2026-0151", "580,00 €", "100,00 €",
        "480,00 €", "12,15 %", "12/02/2026", "5,59 €", "0,56 € par jour", "Indemnité forfaitaire de recouvrement", "80,00 €",
        "1 565,59 €", "nous vous mettons en demeure de nous payer", "quinze jours", "FR76 3000 6000 0112 3456 7890 189",
        "C001", "juridiction compétente", "Hélène Roy, comptabilité clients", "Pièces jointes", "entre-temps",
    ),
    "en": (
        "Bordeaux, 23 February 2026", "FORMAL NOTICE", "By registered post with acknowledgement of receipt",
        "Atelier Brume", "Company no. 987 654 324", "Menuiserie Laborde", "FA-2026-0143", "12 Jan 2026", "11 Feb 2026",
        "€1,200.00", "€480.00", "12.15%", "€5.59", "€0.56 a day", "Fixed compensation for recovery", "€80.00", "€1,565.59",
        "We hereby give you formal notice to pay us", "fifteen days", "FR76 3000 6000 0112 3456 7890 189", "C001",
        "competent court", "Hélène Roy", "Enclosures", "in the meantime",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_formal_notice_bears_every_mandatory_mention(language: Language, press: Press) -> None:
    text = read(press.print(formal_notice(language)))
    assert [mention for mention in MANDATORY[language] if mention not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.REGISTERED_LETTER, Channel.HAND_OVER])
def test_letters_say_who_writes_what_is_due_and_how_to_pay(channel: Channel, language: Language, press: Press) -> None:
    text = read(press.print(made(decision(language, channel=channel), desk())))
    for mention in ("Atelier Brume", "FA-2026-0143", "FA-2026-0151", "Menuiserie Laborde", "C001"):
        assert mention in text
    assert ("FR76 3000" in text) == (channel is not Channel.HAND_OVER)


def test_the_same_letter_has_the_same_bytes_and_is_an_archive(press: Press) -> None:
    one = press.print(formal_notice("fr"))
    with Press("fr") as another:
        assert another.print(formal_notice("fr")) == one
    reader = PdfReader(io.BytesIO(one))
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date() == AS_OF
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet


HOSTILE = '#danger *x* $y$ `z` <a@b> @ref \\ // #import "@preview/x:0.1.0" [[ ]] {{ 7*7 }}'


def test_a_hostile_name_prints_as_it_stands(press: Press) -> None:
    customer = replace(CUSTOMER, name=HOSTILE, address="*1 rue* #set text(1pt)\n64000 $Pau$")
    text = read(press.print(made(decision(channel=Channel.LETTER), desk(customer=customer))))
    assert HOSTILE.replace(" ", "") in text.replace(" ", "")
    assert "*1 rue* #set text(1pt)" in text


def test_directions_controls_and_pictograms_leave_no_trace(press: Press) -> None:
    customer = replace(CUSTOMER, name="Bou\u202elangerie\u0007 \U0001f956 Lune\ue000")
    text = read(press.print(made(decision(channel=Channel.LETTER), desk(customer=customer))))
    assert "Bou langerie Lune" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_iban_nor_address_the_letter_still_stands(language: Language, press: Press) -> None:
    sources = desk(replace(SETTINGS, iban="", bic="", address="", sender_name=""), replace(CUSTOMER, address="", person=""))
    text = read(press.print(made(decision(language, channel=Channel.FORMAL_NOTICE), sources)))
    assert "IBAN" not in text
    assert "Menuiserie Laborde" in text
    assert "C001" in text


def test_file_names_stay_in_their_folder_and_differ() -> None:
    names = {
        decision_file(decision(channel=Channel.LETTER, customer=customer, carrying=carrying), "fr")
        for customer in ("../../etc", "..\\..", "C/1", "C 1", "", "con", "é" * 300, "\u202egpj.exe")
        for carrying in ("F-1", "/F-1", ".")
    }
    assert len(names) == 24
    for name in names:
        assert name.endswith(".pdf")
        assert not set(name) & set('/\\:*?"<>| ')
        assert not name.startswith(".")
        assert len(name) < 130
    assert decision_file(decision(channel=Channel.EMAIL), "fr") == ""
