"""Laws of balances: after an import, the sheet says of each customer what the export says, and once is enough."""

from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from import_story import snapshot_after

from sync.importing.export import Imported, understand
from sync.importing.plan import ImportPlan, plan_import
from sync.importing.recipe import Recipe
from sync.importing.source import read_source
from sync.ledger.balances import Balances, settle
from sync.ledger.reading.ledger import read_ledger
from sync.workbook.contract import CONTACTS, INVOICES, PAYMENTS
from sync.workbook.tabs import Changes, RawTab, Snapshot

TODAY = date(2026, 3, 18)
EMPTY = Snapshot(
    tabs={
        tab.key: RawTab(key=tab.key, title=tab.fr, columns={column.key: [] for column in tab.columns})
        for tab in (INVOICES, CONTACTS, PAYMENTS)
    }
)


def exported(amounts: list[tuple[str, int]], balances: list[int]) -> Imported:
    lines = [
        f"D{place};{customer};2026-01-15;{amount / 100:.2f};{balance / 100:.2f}"
        for place, ((customer, amount), balance) in enumerate(zip(amounts, balances, strict=True))
    ]
    text = "\n".join(["Facture;Client;Date facture;Montant TTC;Solde", *lines])
    return understand(read_source(text.encode()), "export.csv", "invoices", Recipe(), "fr")


def settled(sheet: Snapshot) -> Balances:
    ledger, _ = read_ledger(sheet.tabs, language="fr", currency="EUR", terms="30", as_of=TODAY, real_today=TODAY)
    return settle(ledger, TODAY)


def planned(sheet: Snapshot, imported: Imported) -> ImportPlan:
    return plan_import(sheet, imported, language="fr", today=TODAY, open_cents=settled(sheet).open)


def nets(sheet: Snapshot) -> dict[str, int]:
    """What each customer owes, less the credit it has."""
    balances = settled(sheet)
    found: dict[str, int] = defaultdict(int)
    for invoice in balances.owed:
        found[invoice.customer] += balances.open[invoice.number]
    for sign, money in ((-1, balances.unallocated), (1, balances.returned)):
        for (customer, _), cents in money.items():
            found[customer] += sign * cents
    return {customer: cents for customer, cents in found.items() if cents}


@st.composite
def two_weeks(draw: st.DrawFn) -> tuple[list[tuple[str, int]], list[list[int]]]:
    """Documents, and their balances in two exports: each time something was paid, too much was, or credit was used."""
    documents = draw(
        st.lists(st.tuples(st.sampled_from(["C1", "C2"]), st.integers(-9_999, 9_999).filter(bool)), min_size=1, max_size=6)
    )
    first = [draw(st.integers(-5_000, amount) if amount > 0 else st.integers(amount, 0)) for _, amount in documents]
    second = [
        draw(st.integers(-5_000, before) if before > 0 else st.integers(before, 0)) for before in first
    ]  # an excess or a credit is used up; a debt is paid
    return documents, [first, second]


@given(two_weeks())
def test_each_customer_owes_what_the_export_says_and_once_is_enough(
    weeks: tuple[list[tuple[str, int]], list[list[int]]],
) -> None:
    documents, exports = weeks
    sheet = EMPTY
    for balances in exports:
        imported = exported(documents, balances)
        sheet = snapshot_after(sheet, planned(sheet, imported).changes)
        said: dict[str, int] = defaultdict(int)
        for (customer, _), balance in zip(documents, balances, strict=True):
            said[customer] += balance
        assert nets(sheet) == {customer: cents for customer, cents in said.items() if cents}
        assert planned(sheet, imported).changes == Changes()
