"""For tests of documents: what a reader finds on the pages, and a customer with everything a document can show."""

import io
from dataclasses import replace
from typing import Any

from pypdf import PdfReader
from story import Kind, Story

from sync.ledger.words import Language
from sync.letters.documents.materials import Account, Materials, materials_of

LANGUAGES: tuple[Language, ...] = ("fr", "en")

COMPANY: dict[str, Any] = {
    "company": "Atelier Brume", "address": "3 quai des Salinières\n33000 Bordeaux", "company_id": "987654324",
    "vat_id": "FR32987654324", "sender_name": "Hélène Roy, comptabilité clients", "sender_email": "compta@example.org",
    "iban": "FR7630006000011234567890189", "bic": "AGRIFRPP",
}  # fmt: skip


def read(pdf: bytes) -> str:
    """All the text of a PDF, spaces settled."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return plain(text)


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").split())


def pages(pdf: bytes) -> list[str]:
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def missing(mentions: tuple[str, ...], text: str) -> list[str]:
    return [mention for mention in mentions if plain(mention) not in text]


def joinery(**settings: Any) -> Story:
    """C1, a joinery: three late invoices, a credit note, a part payment, money to allocate, two acts, a plan proposed."""
    story = Story(**{**COMPANY, **settings})
    story.contact(
        "C1", name="Menuiserie Laborde", person="Claire Martin", phone="05 59 00 00 00", company_id="123456782",
        address="12 rue des Tanneurs\n64000 Pau",
    )  # fmt: skip
    story.invoice("FA-2025-0810", due="2025-11-10", amount=2400)
    story.invoice("FA-2025-0931", due="2025-12-15", amount=1200)
    story.invoice("FA-2026-0012", due="2026-02-11", amount=980.40)
    story.invoice("FA-2026-0044", due="2026-03-31", amount=99, issued="2026-03-01")
    story.invoice("AV-2026-003", due="2026-01-20", issued="2026-01-20", amount=-60, applies_to="FA-2025-0931")
    story.invoice("FA-2025-0400", due="2025-06-11", amount=500, paid_on="2025-07-01")
    story.pays(400, on="2026-01-05", invoice="FA-2025-0810", reference="VIR LABORDE 0105")
    story.pays(50, on="2026-02-01")
    return story


def with_plan(
    story: Story,
    amounts: tuple[float, ...] = (1000, 1000, 1000, 1120.40),
    discount: float = 0,
    agreed_on: str | None = None,
    signed_on: str | None = None,
) -> Story:
    """ECH-1 on the three late invoices (4120.40 open), a month between instalments."""
    rows = [(f"2026-{month:02d}-10", amount) for month, amount in enumerate(amounts, 3)]
    story.plan("ECH-1", ["FA-2025-0810", "FA-2025-0931", "FA-2026-0012"], rows, agreed_on=agreed_on, signed_on=signed_on)
    story.instalments[-1] = replace(story.instalments[-1], discount=round(discount * 100))
    return story


def consumer(story: Story, customer: str = "P1") -> Story:
    """A private person with one late invoice of 640."""
    story.contact(customer, name="Élodie Pasquet", kind=Kind.CONSUMER, address="4 allée des Pins\n40000 Mont-de-Marsan")
    return story.invoice(f"{customer}-1", due="2025-12-31", amount=640, customer=customer)


def materials(story: Story, as_of: str = "2026-02-23") -> Materials:
    return materials_of(story.ledger(), story.rules, story.on(as_of))


def account(
    story: Story, language: Language = "fr", customer: str = "C1", as_of: str = "2026-02-23", currency: str = "EUR"
) -> Account:
    return Account(customer=customer, currency=currency, language=language, materials=materials(story, as_of))
