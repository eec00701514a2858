"""The paper itself: what a window shows, what a banking app reads, what an edited notice has lost, two hundred invoices."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import segno
from letters.letter_desk import AS_OF, CHARGING, CUSTOMER, SETTINGS, charged, decision, desk, line, one_invoice
from letters.paper import LANGUAGES, account, consumer, joinery, pages, plain, read, with_plan
from pypdf import PdfReader

from sync.dunning.model import Decision, Settings
from sync.ledger.model import Contact, Invoice
from sync.ledger.words import Channel, Language
from sync.letters.desk import Text
from sync.letters.documents.agreement import agreement
from sync.letters.documents.interest import interest_statement
from sync.letters.documents.letter import letter
from sync.letters.documents.mentions import missing_mentions
from sync.letters.documents.model import Document, DocumentError, printable
from sync.letters.documents.press import Press, copy_pages
from sync.letters.documents.statement import statement
from sync.letters.documents.transfer import Transfer
from sync.letters.drafts import Draft, draft_for
from sync.letters.facts import Sources

MM = 72 / 25.4


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press("fr") as one:
        yield one


def notice(sources: Sources, made: Decision | None = None, words: str = "") -> Document:
    made = made or charged(decision(channel=Channel.FORMAL_NOTICE))
    draft = draft_for(made, sources, "formal_notice")
    assert isinstance(draft, Draft)
    return letter(made, Text(draft.subject, words or draft.text), sources)


def shown(pdf: bytes, left: float, top: float, right: float, bottom: float) -> str:
    """The text of the first page whose start lies in this rectangle, in millimetres from the top left corner."""
    found: list[str] = []
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    height = float(page.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        x = (cm[0] * tm[4] + cm[2] * tm[5] + cm[4]) / MM
        y = (height - (cm[1] * tm[4] + cm[3] * tm[5] + cm[5])) / MM
        if text.strip() and left <= x <= right and top <= y <= bottom:
            found.append(text)

    page.extract_text(visitor_text=visit)
    return plain(" ".join(found))


# A letter of 210 x 99 mm slides in its envelope of 220 x 110: what the window may show, at one end or the other.
FRENCH = (90, 34, 200, 90)  # 100 x 45 mm, 20 mm from the right and from the bottom
BRITISH = (10, 44, 110, 90)  # 90 x 35 mm, 20 mm from the left and from the bottom
ALWAYS = {"right": (100, 55, 190, 79), "left": (20, 55, 100, 79)}  # what every such window shows, wherever the letter is


@pytest.mark.parametrize(
    ("settings", "window", "side"),
    [(SETTINGS, FRENCH, "right"), (replace(SETTINGS, country="GB", vat_id="GB123456789"), BRITISH, "left")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_window_shows_the_address_and_nothing_else(
    press: Press, settings: Settings, window: tuple[float, ...], side: str, language: Language
) -> None:
    """No word of the debt can be read on the envelope; and the whole address can."""
    made = decision(language, channel=Channel.FORMAL_NOTICE)
    pdf = press.print(notice(desk(replace(settings, sender_name="Hélène Roy, comptabilité clients et recouvrement")), made))
    address = "Menuiserie Laborde Claire Martin 12 rue des Tanneurs 64000 Pau"
    assert shown(pdf, *window) == address
    assert shown(pdf, *ALWAYS[side]) == address


def test_six_lines_of_address_still_fit(press: Press) -> None:
    customer = replace(CUSTOMER, address="Zone artisanale\nBâtiment C\nEntrée 4\n12 rue des Tanneurs\n64000 Pau", country="BE")
    text = shown(press.print(notice(desk(customer=customer))), *ALWAYS["right"])
    assert text.startswith("Menuiserie Laborde Claire Martin Zone artisanale")
    assert text.endswith("64000 Pau BELGIQUE")


def test_a_foreign_address_ends_with_its_country(press: Press) -> None:
    customer = replace(CUSTOMER, address="12 Tanner Street\nLondon SE1 3LE", country="GB")
    assert shown(press.print(notice(desk(customer=customer))), *ALWAYS["right"]).endswith("ROYAUME-UNI")


# --- the transfer code (facts/legal.md 10)

GOOD = Transfer("SARL Dupont & Fils", "FR76 3000 6000 0112 3456 7890 189", "", 104_999, "EUR", "RF30FA20260123")


def test_the_code_is_the_one_of_the_standard() -> None:
    payload = "BCD\n002\n1\nSCT\n\nSARL Dupont & Fils\nFR7630006000011234567890189\nEUR1049.99\n\nRF30FA20260123"
    code = GOOD.code()
    assert code is not None
    assert (code.error, code.version <= 13) == ("M", True)
    assert code.matrix == segno.make_qr(payload, error="m", boost_error=False, mask=code.mask).matrix
    assert GOOD.svg().startswith("<svg")


@pytest.mark.parametrize(
    "change",
    [
        {"iban": "FR7630006000011234567890188"}, {"iban": ""}, {"currency": "GBP"}, {"currency": "CHF"}, {"amount": 0},
        {"amount": -5}, {"amount": 100_000_000_000}, {"name": ""}, {"name": "\u4e2d" * 70, "reference": "\u4e2d" * 140},
    ],
)  # fmt: skip
def test_in_doubt_there_is_no_code(change: dict[str, object]) -> None:
    other = replace(GOOD, **change)  # type: ignore[arg-type]
    assert other.code() is None
    assert other.svg() == ""


def test_a_wrong_creditor_reference_is_plain_text() -> None:
    code = replace(GOOD, reference="RF00BAD").code()
    assert code is not None
    payload = "BCD\n002\n1\nSCT\n\nSARL Dupont & Fils\nFR7630006000011234567890189\nEUR1049.99\n\n\nRF00BAD"
    assert code.matrix == segno.make_qr(payload, error="m", boost_error=False, mask=code.mask).matrix


def test_the_code_stands_only_beside_the_very_sum_of_the_text() -> None:
    """A person who asks for another sum in their own words gets no code for ours."""
    sources = desk(CHARGING)
    ours = notice(sources)
    assert any(block.get("code") for block in ours.data["blocks"])
    text = draft_for(charged(decision(channel=Channel.FORMAL_NOTICE)), sources, "formal_notice")
    assert isinstance(text, Draft)
    theirs = notice(sources, words=text.text.replace("1\u202f565,59", "1\u202f500,00"))
    payment = next(block for block in theirs.data["blocks"] if block["kind"] == "payment")
    assert payment["code"] == ""
    assert not any("1\u202f565,59" in cell for row in payment["rows"] for cell in row)


def test_an_iban_the_text_forgot_is_added_and_a_wrong_one_gets_no_code() -> None:
    added = notice(desk(CHARGING), words="Madame, Monsieur,\n\nNous vous mettons en demeure.\n\nAtelier Brume")
    payment = next(block for block in added.data["blocks"] if block["kind"] == "payment")
    assert ["IBAN", "FR76 3000 6000 0112 3456 7890 189"] in payment["rows"]
    wrong = notice(desk(replace(CHARGING, iban="FR7630006000011234567890188")))
    assert not any(block.get("code") for block in wrong.data["blocks"])


# --- mentions


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_notice_lacks_nothing_and_an_emptied_one_everything(language: Language) -> None:
    sources = desk(CHARGING)
    made = charged(decision(language, channel=Channel.FORMAL_NOTICE))
    draft = draft_for(made, sources, "formal_notice")
    assert isinstance(draft, Draft)
    assert missing_mentions(made, Text(draft.subject, draft.text), sources) == []
    assert len(missing_mentions(made, Text("", ""), sources)) == 7


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("quinze jours", "le délai laissé"), ("1\u202f565,59", "la somme demandée (1\u202f565,59\u00a0€)"),
        ("FA-2026-0151", "les factures FA-2026-0151"), ("Hélène Roy", "qui signe"), ("juridiction", "la suite (juridiction compétente)"),
    ],
)  # fmt: skip
def test_a_mention_taken_out_is_named(words: str, what: str) -> None:
    sources = desk(CHARGING)
    made = charged(decision(channel=Channel.FORMAL_NOTICE))
    draft = draft_for(made, sources, "formal_notice")
    assert isinstance(draft, Draft)
    cut = draft.text.replace(words, "…")
    assert missing_mentions(made, Text(draft.subject, cut), sources) == [what]


# --- long and odd


def test_two_hundred_invoices_all_stand_on_the_letter(press: Press) -> None:
    invoices = tuple(
        Invoice(n + 2, f"FA-2026-{n:04d}", "C001", date(2026, 1, 2), date(2026, 1, 20), 10_000 + n, "EUR") for n in range(200)
    )
    total = sum(one.amount for one in invoices)
    made = decision(
        channel=Channel.FORMAL_NOTICE, invoices=tuple(one.number for one in invoices), also_open=(), carrying="FA-2026-0000",
        amount=total, to_pay=total, unallocated=0,
        interest_lines=tuple(line(one.number, one.amount, date(2026, 1, 21), AS_OF, 34) for one in invoices),
    )  # fmt: skip
    found = pages(press.print(notice(desk(invoices=invoices), made)))
    whole = " ".join(found)
    assert all(f"FA-2026-{n:04d}" in whole for n in range(200))
    assert "Annexe" in whole
    listing = [page for page in found if page.count("FA-2026-") > 20 and "02/01/2026" in page]
    assert len(listing) > 4
    assert all("Montant TTC" in page for page in listing)


def test_a_name_no_font_has_is_said_in_one_sentence(press: Press) -> None:
    with pytest.raises(DocumentError) as refused:
        press.print(notice(desk(customer=replace(CUSTOMER, name="王小明"))))
    assert "王" in str(refused.value)
    assert "police" in str(refused.value)


def test_greek_and_cyrillic_print(press: Press) -> None:
    assert "Αθήνα Киев Łódź" in read(press.print(notice(desk(customer=replace(CUSTOMER, name="Αθήνα Киев Łódź")))))


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x00b", "a\ue000b", "a\U0001f600b", "a\ufe0fb", "a\u2066b"])
def test_nothing_hidden_is_printed(text: str) -> None:
    assert printable(text) == "ab"
    assert printable("\u2028\t") == "  "


def test_an_own_page_that_reads_badly_aloud_is_still_an_archive(tmp_path: Path) -> None:
    copy_pages(tmp_path)
    page = tmp_path / "letter.typ"
    page.write_text(page.read_text("utf-8").replace("heading(level: 1,", "heading(level: 3,"), "utf-8")
    with Press("fr", tmp_path) as own:
        pdf = own.print(notice(desk()))
    packet = PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "pdfuaid" not in packet


def test_a_logo_of_the_company_stands_on_its_letters(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    )
    with Press("fr", tmp_path) as own:
        with_logo = own.print(notice(desk()))
    with Press("fr") as ours:
        assert with_logo != ours.print(notice(desk()))
    assert "Menuiserie Laborde" in shown(with_logo, *ALWAYS["right"])


def test_one_invoice_makes_one_page(press: Press) -> None:
    made = one_invoice(channel=Channel.LETTER)
    draft = draft_for(made, desk(), "letter_1")
    assert isinstance(draft, Draft)
    assert len(pages(press.print(letter(made, Text(draft.subject, draft.text), desk())))) == 1


def test_a_hand_over_is_addressed_by_hand(press: Press) -> None:
    """The Contacts tab holds customers only: the letter to the professional must not carry the debtor's address."""
    customer: Contact = CUSTOMER
    made = decision(channel=Channel.HAND_OVER)
    draft = draft_for(made, desk(customer=customer), "hand_over")
    assert isinstance(draft, Draft)
    pdf = press.print(letter(made, Text(draft.subject, draft.text), desk(customer=customer)))
    assert shown(pdf, *FRENCH) == ""


def every_document() -> list[Document]:
    """Each kind of document, in both languages, about a company and about a person."""
    found = []
    for language in LANGUAGES:
        story = with_plan(joinery())
        own = account(story, language)
        plan = own.plans[0]
        found += [statement(own), interest_statement(own), agreement(plan, "plan", own), agreement(plan, "settlement", own)]
        person = account(consumer(joinery()), language, customer="P1")
        found += [statement(person), interest_statement(person)]
    return found


def test_every_document_is_an_archive_that_can_be_read_aloud(press: Press) -> None:
    """ISO 19005-2 level A and ISO 14289-1: what a validator looks for that does not need one. The press itself refuses to set
    what breaks either standard; this shows that it was asked to, and that nothing is left to the reader's machine."""
    documents = [*every_document(), notice(desk())]
    assert len(documents) == 13
    for document in documents:
        reader = PdfReader(io.BytesIO(press.print(document)))
        root: Any = reader.trailer["/Root"]
        packet = root["/Metadata"].get_data().decode()
        for mark in (
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ):
            assert mark in packet, (document.name, mark)
        (intent,) = root["/OutputIntents"]
        assert intent["/S"] == "/GTS_PDFA1"
        assert len(intent["/DestOutputProfile"].get_data()) > 100
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert root["/Lang"].startswith(document.language)
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert document.title in str(reader.metadata.title if reader.metadata else "")
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
        assert "/OpenAction" not in root
        assert not reader.is_encrypted
        for page in reader.pages:
            for font in page["/Resources"]["/Font"].values():
                below = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"]), document.name
                assert "/ToUnicode" in font, document.name
