"""A small invented desk: a company, a customer, two late invoices, and the decision to write about them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sync.dunning.model import Cadence, Decision, InterestLine, InterestUse, InvoiceView, Rules, Settings, Step, Template
from sync.dunning.reasons import Reason, State
from sync.ledger.model import Contact, Handling, Invoice, Ledger
from sync.ledger.words import Approval, Channel, Kind, Language, Segment
from sync.letters.facts import Sources, sources_of

AS_OF = date(2026, 2, 23)

SETTINGS = Settings(
    company="Atelier Brume", address="3 quai des Salinières\n33000 Bordeaux", company_id="987 654 324",
    sender_name="Hélène Roy, comptabilité clients", sender_email="compta@example.org",
    iban="FR7630006000011234567890189", bic="AGRIFRPP",
)  # fmt: skip

CUSTOMER = Contact(
    row=2, customer="C001", name="Menuiserie Laborde", person="Claire Martin", emails=("claire@example.org",),
    phone="05 59 00 00 00", address="12 rue des Tanneurs\n64000 Pau", company_id="123 456 782", kind=Kind.BUSINESS,
)  # fmt: skip

INVOICES = (
    Invoice(2, "FA-2026-0143", "C001", date(2026, 1, 12), date(2026, 2, 11), 120000, "EUR",
            handling=Handling(document_link="https://files.example.org/143.pdf")),
    Invoice(3, "FA-2026-0151", "C001", date(2026, 1, 19), date(2026, 2, 18), 58000, "EUR"),
    Invoice(4, "FA-2026-0160", "C001", date(2026, 2, 19), date(2026, 3, 31), 9900, "EUR"),
)  # fmt: skip
OPEN = {"FA-2026-0143": (120000, 12), "FA-2026-0151": (48000, 5), "FA-2026-0160": (9900, 0)}

STEPS = (
    (-5, Channel.EMAIL), (1, Channel.EMAIL), (7, Channel.CALL), (15, Channel.REGISTERED_LETTER), (30, Channel.CALL),
    (45, Channel.FORMAL_NOTICE), (60, Channel.HAND_OVER),
)  # fmt: skip


def cadence(name: str = "standard", segment: Segment | None = None, steps: tuple[tuple[int, Channel], ...] = STEPS) -> Cadence:
    return Cadence(
        name=name, segment=segment,
        steps=tuple(Step(row=0, number=i, offset=offset, channel=channel) for i, (offset, channel) in enumerate(steps, 1)),
    )  # fmt: skip


def line(invoice: str, base: int, start: date, end: date, days: int) -> InterestLine:
    return InterestLine(invoice, base, Decimal("12.15"), start, end, days)


LINES = (
    line("FA-2026-0143", 120000, date(2026, 2, 12), AS_OF, 12),
    line("FA-2026-0151", 48000, date(2026, 2, 19), AS_OF, 5),
)


def decision(language: Language = "fr", **changes: Any) -> Decision:
    """Two invoices claimed, one more open, a credit of 200 euros, 12 and 5 days of interest."""
    made = Decision(
        customer="C001", currency="EUR", cadence="standard", carrying="FA-2026-0143",
        invoices=("FA-2026-0143", "FA-2026-0151"), also_open=("FA-2026-0160",), step=2, offset=1,
        channel=Channel.EMAIL, approval=Approval.ASK, state=State.DUE, reason=Reason.STEP_DUE, action_date=AS_OF,
        amount=168000, unallocated=20000, interest=559, compensation=8000, interest_lines=LINES, to_pay=148000,
        to=("claire@example.org",), language=language, kind=Kind.BUSINESS,
    )  # fmt: skip
    return replace(made, **changes)


def one_invoice(language: Language = "fr", **changes: Any) -> Decision:
    """The second invoice alone, owed as it stands."""
    return decision(language, **{
        "invoices": ("FA-2026-0151",), "carrying": "FA-2026-0151", "also_open": (), "amount": 48000, "unallocated": 0,
        "to_pay": 48000, "interest": 80, "compensation": 4000, "interest_lines": LINES[1:], **changes,
    })  # fmt: skip


def charged(made: Decision) -> Decision:
    """The same under `interest = charge`."""
    return replace(made, to_pay=made.to_pay + (made.interest or 0) + (made.compensation or 0))


def desk(
    settings: Settings = SETTINGS, customer: Contact | None = CUSTOMER, invoices: tuple[Invoice, ...] = INVOICES,
    templates: tuple[Template, ...] = (), cadences: tuple[Cadence, ...] = (cadence(),), late: int = 0, as_of: date = AS_OF,
    left: dict[str, int] | None = None,
) -> Sources:  # fmt: skip
    """`late` is added to the days of every invoice; `left` replaces open balances."""
    views = [
        InvoiceView(
            row=invoice.row, invoice=invoice.number, customer=invoice.customer, currency=invoice.currency,
            open=(left or {}).get(invoice.number, OPEN.get(invoice.number, (invoice.amount, 3))[0]),
            days_late=OPEN.get(invoice.number, (0, 3))[1] + late, state=State.DUE, reason=Reason.STEP_DUE,
        )
        for invoice in invoices
    ]  # fmt: skip
    rules = Rules(
        settings=settings, cadences=cadences, routes={},
        templates={(template.name, template.language): template for template in templates},
    )  # fmt: skip
    ledger = Ledger(invoices=invoices, contacts={customer.customer: customer} if customer else {})
    return sources_of(ledger, rules, views, as_of)


CHARGING = replace(SETTINGS, interest=InterestUse.CHARGE)
SILENT = replace(SETTINGS, interest=InterestUse.NEVER)


def text_of_theirs(
    body: str, subject: str = "{{ company }}", row: int = 2, language: Language = "fr", name: str = "maison"
) -> Template:
    return Template(row=row, name=name, language=language, subject=subject, body=body)
