"""Speed of documents: `python -m benchmarks.documents`. CPU milliseconds and KB for each kind, the first one apart.

The customer has six late invoices, a part payment and two half-years of interest: what a usual document shows.
"""

from dataclasses import replace
from datetime import date, timedelta
from time import process_time

from sync.dunning.conclude import conclude
from sync.dunning.configuration import read_rules
from sync.dunning.model import InterestUse, Rules
from sync.ledger.model import Contact, Instalment, Invoice, Ledger, Payment
from sync.ledger.words import Kind, Language
from sync.letters.documents.materials import Materials, materials_of
from sync.letters.documents.office import KINDS, Desks, Request, documents_for
from sync.letters.documents.press import Press

AS_OF = date(2026, 3, 20)
ROUNDS = 20


def case() -> tuple[Materials, Desks]:
    invoices = [
        Invoice(
            n + 2, f"F-{n}", "C1", AS_OF - timedelta(days=200 - 20 * n), AS_OF - timedelta(days=170 - 20 * n), 120_000 + n, "EUR"
        )
        for n in range(6)
    ]
    total = sum(one.amount for one in invoices) - 20_000
    rows = [
        Instalment(
            row=n + 2, plan="ECH-1", customer="C1", invoices=tuple(one.number for one in invoices), agreed_on=None, signed_on=None,
            due=AS_OF + timedelta(days=30 * n), amount=total // 6 + (total % 6 if n == 6 else 0),
        )
        for n in range(1, 7)
    ]  # fmt: skip
    contact = Contact(
        row=2, customer="C1", name="Menuiserie Laborde", person="Claire Martin", address="12 rue des Tanneurs\n64000 Pau",
        kind=Kind.BUSINESS,
    )  # fmt: skip
    ledger = Ledger(
        invoices=invoices, contacts={"C1": contact}, instalments=rows,
        payments=[Payment(2, AS_OF - timedelta(days=60), "F-0", "C1", 20_000, "EUR")],
    )  # fmt: skip
    rules = with_company(read_rules({}))
    conclusion = conclude(ledger, rules, AS_OF, check_freshness=False)
    return materials_of(ledger, rules, conclusion), Desks(decisions=conclusion.decisions)


def with_company(rules: Rules) -> Rules:
    return replace(
        rules,
        settings=replace(
            rules.settings, company="Atelier Brume", address="3 quai des Salinières\n33000 Bordeaux",
            iban="FR7630006000011234567890189", interest=InterestUse.CHARGE,
        ),
    )  # fmt: skip


def main() -> None:
    materials, desks = case()
    languages: tuple[Language, ...] = ("fr", "en")
    print("| document | first, ms | each, ms | KB |")
    print("|---|---:|---:|---:|")
    with Press("fr") as press:
        for kind in KINDS:
            for language in languages:
                request = Request(kind=kind, customer="C1", language=language)
                start = process_time()
                content = press.print(documents_for(request, desks, materials)[0])
                first = process_time() - start
                start = process_time()
                for n in range(ROUNDS):
                    document = documents_for(request, desks, materials)[0]
                    data = {**document.data, "foot": f"{document.data['foot']} {n}"}  # a different document each time
                    press.print(type(document)(
                        name=document.name, page=document.page, title=document.title, language=language, day=document.day, data=data
                    ))  # fmt: skip
                each = (process_time() - start) / ROUNDS
                print(f"| {kind} {language} | {1000 * first:.0f} | {1000 * each:.0f} | {len(content) / 1024:.0f} |")


if __name__ == "__main__":
    main()
