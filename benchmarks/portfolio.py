"""A large invented portfolio as decoded cells, for the benchmarks: N invoices, N payments, N/10 customers."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sync.workbook.contract import CONTACTS, INVOICES, JOURNAL, PAYMENTS, PLANS, SETTINGS, Tab
from sync.workbook.tabs import Cell, RawTab, Snapshot

AS_OF = date(2026, 11, 20)
Row = Mapping[str, Cell]


def snapshot(count: int, seed: int = 7, customers: int = 0) -> Snapshot:
    """Three years of invoices, about 8 % of them late and open; no case, no plan, no history of reminders."""
    rng = random.Random(seed)
    customers = customers or max(1, count // 10)
    invoices: dict[str, list[Cell]] = {column.key: [] for column in INVOICES.columns}
    payments: dict[str, list[Cell]] = {column.key: [] for column in PAYMENTS.columns}
    start = AS_OF - timedelta(days=36 * 30)
    for number in range(count):
        issued = start + timedelta(days=rng.randrange(36 * 30))
        due = issued + timedelta(days=30)
        amount = rng.randrange(3_000, 900_000) / 100
        customer = f"C{rng.randrange(customers):05d}"
        row: dict[str, Cell] = {"invoice": f"F{number:06d}", "customer": customer, "issued": issued, "due": due, "amount": amount}
        for key, cells in invoices.items():
            cells.append(row.get(key))
        is_open = due >= AS_OF or rng.random() < 0.085
        paid = due + timedelta(days=max(-20, int(rng.gauss(4, 12))))
        half = is_open and rng.random() < 0.3
        receipt: dict[str, Cell] = {
            "paid_on": min(paid, AS_OF),
            "invoice": None if is_open and not half else row["invoice"],
            "customer": customer if is_open and not half else None,
            "amount": round(amount / 2, 2) if half else (0.01 if is_open else amount),
        }
        for key, cells in payments.items():
            cells.append(receipt.get(key))
    contacts: dict[str, list[Cell]] = {column.key: [] for column in CONTACTS.columns}
    for number in range(customers):
        contact: dict[str, Cell] = {
            "customer": f"C{number:05d}", "name": f"Client {number}", "email": f"client{number}@example.org", "kind": "entreprise",
        }  # fmt: skip
        for key, cells in contacts.items():
            cells.append(contact.get(key))
    return Snapshot(
        tabs={
            "invoices": RawTab(key="invoices", title="Factures", columns=invoices),
            "contacts": RawTab(key="contacts", title="Clients", columns=contacts),
            "payments": RawTab(key="payments", title="Règlements", columns=payments),
        }
    )


def lively(count: int, seed: int = 7) -> Snapshot:
    """The same portfolio in the middle of its life, with every capability at work.

    Of the open invoices: 6 % with a reason, 4 % promised, 2 % held, and a written contact on half of the others; 1 % under
    an instalment plan; one in ten with balance-sheet figures, a limit or a guarantee; consumers, public
    bodies and customers abroad; discounts, thanks and interest on.
    """
    base = snapshot(count, seed)
    rng = random.Random(seed + 1)
    tabs = dict(base.tabs)
    invoices = {key: list(cells) for key, cells in base.tabs["invoices"].columns.items()}
    contacts = {key: list(cells) for key, cells in base.tabs["contacts"].columns.items()}
    paid = {str(number) for number in base.tabs["payments"].columns["invoice"] if number}
    journal, plans, planned = [], [], set[Cell]()
    for index, number in enumerate(invoices["invoice"]):
        customer, due = invoices["customer"][index], invoices["due"][index]
        assert isinstance(due, date)
        days = (AS_OF - due).days
        if str(number) in paid or days <= 0:
            continue
        lot = rng.random()
        if lot < 0.06:
            invoices["reason"][index] = rng.choice(("litige", "difficulté", "dit payée", "non reçue"))
            invoices["reason_on"][index] = AS_OF - timedelta(days=rng.randrange(30))
        elif lot < 0.10:
            invoices["promised"][index] = AS_OF + timedelta(days=rng.randrange(-40, 20))
        elif lot < 0.12:
            invoices["hold"][index] = AS_OF + timedelta(days=rng.randrange(1, 30))
        elif lot < 0.56:
            journal.append(_contact(str(customer), str(number), due + timedelta(days=min(days, rng.randrange(1, 20)))))
        elif lot < 0.58 and customer not in planned and rng.random() < 0.5:
            planned.add(customer)
            amount = invoices["amount"][index]
            assert isinstance(amount, float)
            plans += _plan(len(planned), str(customer), str(number), amount, rng)
    for index in range(len(contacts["customer"])):
        contacts["kind"][index] = rng.choices(("entreprise", "particulier", "public"), (88, 8, 4))[0]
        contacts["country"][index] = rng.choices((None, "BE", "DE", "GB"), (94, 3, 2, 1))[0]
        if rng.random() < 0.1:
            figures = {"debt_ratio": 0.7, "liquidity": 0.9, "capacity": 1500, "rating": 60, "credit_limit": 20_000}
            for key, value in figures.items():
                contacts[key][index] = value
    settings = {
        "interest": "mention", "cost_of_capital": 6, "discount_immediate": 2, "discount_plan_kept": 2, "early_discount": 1,
        "thank_you": "oui", "cost_email": 1, "cost_call": 8, "cost_letter": 7,
    }  # fmt: skip
    tabs["invoices"] = RawTab(key="invoices", title="Factures", columns=invoices)
    tabs["contacts"] = RawTab(key="contacts", title="Clients", columns=contacts)
    tabs["journal"] = _tab(JOURNAL, sorted(journal, key=lambda row: str(row["when"])))
    tabs["plans"] = _tab(PLANS, plans)
    tabs["settings"] = _tab(SETTINGS, [{"setting": name, "value": value} for name, value in settings.items()])
    return Snapshot(tabs=tabs)


def _contact(customer: str, number: str, day: date) -> Row:
    return {
        "when": f"{day.isoformat()}T09:00:00+01:00", "run": "r", "actor": "relance", "customer": customer, "invoices": number,
        "currency": "EUR", "cadence": "standard", "step": 1, "occurrence": 1, "channel": "email", "status": "sent",
        "key": f"{customer}|EUR|standard|{number}|1|1",
    }  # fmt: skip


def _plan(number: int, customer: str, invoice: str, amount: float, rng: random.Random) -> list[Row]:
    """Four months from a day not long ago: some are kept up to now, some have just missed one."""
    agreed = AS_OF - timedelta(days=rng.randrange(10, 45))
    parts = [round(amount / 4, 2)] * 3
    parts.append(round(amount - sum(parts), 2))
    return [
        {
            "plan": f"P{number}", "customer": customer, "invoices": invoice, "agreed_on": agreed, "signed_on": agreed,
            "due": agreed + timedelta(days=30 * month), "amount": part,
        }
        for month, part in enumerate(parts, 1)
    ]  # fmt: skip


def _tab(tab: Tab, rows: Sequence[Row]) -> RawTab:
    return RawTab(
        key=tab.key, title=tab.fr, columns={column.key: [row.get(column.key) for row in rows] for column in tab.columns}
    )
