"""A large invented portfolio as decoded cells, for the benchmarks: N invoices, N payments, N/10 customers."""

import random
from datetime import date, timedelta

from sync.workbook.contract import CONTACTS, INVOICES, PAYMENTS
from sync.workbook.tabs import Cell, RawTab, Snapshot

AS_OF = date(2026, 11, 20)


def snapshot(count: int, seed: int = 7, customers: int = 0) -> Snapshot:
    """As a carrier hands it over after a first run: three years of invoices, about 8 % of them late and open."""
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
