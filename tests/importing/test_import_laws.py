"""Laws of imports: whatever the separator, the encoding and the way of writing, the same file is the same rows."""

import csv
import io
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_story import snapshot_after

from sync.errors import UsageError
from sync.importing.export import Imported, understand
from sync.importing.headings import KINDS, REQUIRED, SYNONYMS, match, targets_of
from sync.importing.memory import Memory, digest, recall
from sync.importing.plan import plan_import
from sync.importing.recipe import Recipe
from sync.importing.source import read_source
from sync.importing.values import DateOrder
from sync.ledger.money import format_money
from sync.ledger.words import Language, fold
from sync.workbook.contract import CONTACTS, INVOICES
from sync.workbook.tabs import Changes, RawTab, Snapshot

HEADINGS = ("N° facture", "Code client", "Date de facture", "Échéance", "Montant TTC")
LINES = [("0042", "Été & Fils", "2026-01-15", "2026-02-14", "1234,56"), ("0043", "C2", "2026-02-20", "", "-80,50")]


def read(data: bytes, recipe: Recipe | None = None, language: Language = "fr") -> Imported:
    return understand(read_source(data), "export.csv", "invoices", recipe or Recipe(), language)


def written(lines: list[tuple[str, ...]], delimiter: str = ";") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([HEADINGS, *lines])
    return text.getvalue()


def facts(imported: Imported) -> list[dict[str, object]]:
    return [dict(row.cells) for row in imported.rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separator_and_encoding_change_nothing(delimiter: str, encoding: str) -> None:
    assert facts(read(written(LINES, delimiter).encode(encoding))) == facts(read(written(LINES).encode()))
    assert facts(read(written(LINES).encode()))[0] == {
        "invoice": "0042", "customer": "Été & Fils", "issued": date(2026, 1, 15), "due": date(2026, 2, 14), "amount": 1234.56,
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_change_nothing(ending: str) -> None:
    assert facts(read(written(LINES).replace("\r\n", ending).encode())) == facts(read(written(LINES).encode()))


days = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@given(day=days, order=st.sampled_from(["dmy", "mdy", "ymd"]), mark=st.sampled_from("/-."), padded=st.booleans())
def test_a_stated_order_reads_every_day(day: date, order: DateOrder, mark: str, padded: bool) -> None:
    width = 2 if padded else 1
    parts = {"d": f"{day.day:0{width}d}", "m": f"{day.month:0{width}d}", "y": str(day.year)}
    text = mark.join(parts[letter] for letter in order)
    imported = read(written([("F", "C", text, "", "1,00")]).encode(), Recipe(dates=order))
    assert facts(imported)[0]["issued"] == day


@given(day=days, mark=st.sampled_from("/-."))
def test_without_an_order_a_date_is_read_rightly_or_refused(day: date, mark: str) -> None:
    data = written([("F", "C", day.strftime(f"%d{mark}%m{mark}%Y"), "", "1,00")]).encode()
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(UsageError, match="--dates"):
            read(data)
    else:
        assert facts(read(data))[0]["issued"] == day


@given(cents=st.integers(-(10**9), 10**9), language=st.sampled_from(["fr", "en"]), currency=st.sampled_from(["EUR", "GBP"]))
def test_every_way_of_writing_an_amount_is_read(cents: int, language: Language, currency: str) -> None:
    text = format_money(cents, currency, language)
    assert facts(read(written([("F", "C", "2026-01-15", "", text)]).encode()))[0]["amount"] == cents / 100


keys = st.text(string.ascii_letters + string.digits + "-/ ._", min_size=1, max_size=12).map(str.strip).filter(bool)
lines = st.lists(
    st.tuples(keys, keys, days, st.none() | days, st.integers(-(10**7), 10**7)), max_size=8, unique_by=lambda line: line[0]
)


def exported(rows: list[tuple[str, str, date, date | None, int]]) -> bytes:
    texts = [
        (number, customer, str(issued), str(due or ""), f"{cents / 100:.2f}") for number, customer, issued, due, cents in rows
    ]
    return written([*texts, ("Dernière", "C", "2026-01-01", "", "0.00")]).encode()


EMPTY = Snapshot(
    tabs={
        tab.key: RawTab(key=tab.key, title=tab.fr, columns={column.key: [] for column in tab.columns})
        for tab in (INVOICES, CONTACTS)
    }
)


@given(first=lines, second=lines, full=st.booleans())
def test_an_import_repeated_changes_nothing(
    first: list[tuple[str, str, date, date | None, int]], second: list[tuple[str, str, date, date | None, int]], full: bool
) -> None:
    """Even after other exports, and with lists of open items."""
    sheet = EMPTY
    for rows in (first, second, second, first):
        imported = read(exported(rows))
        open_cents = {str(number): 100 for number in sheet.tabs["invoices"].columns["invoice"]}
        wanted = {"language": "fr", "today": date(2026, 3, 18), "open_cents": open_cents, "full_open_items": full}
        sheet = snapshot_after(sheet, plan_import(sheet, imported, **wanted).changes)
        again = plan_import(sheet, imported, **wanted)
        assert again.changes == Changes()
        assert again.report.is_nothing
    assert len(set(sheet.tabs["invoices"].columns["invoice"])) == len(sheet.tabs["invoices"])


@given(st.dictionaries(st.sampled_from([column.key for column in INVOICES.columns]), st.text()), st.none() | days)
def test_memory_survives_its_cell(values: dict[str, str], absent: date | None) -> None:
    memory = Memory(absent=absent.isoformat() if absent else "").with_values(values)
    assert recall(memory.as_cell()) == memory
    assert all(memory.holds(column, value) for column, value in values.items())
    assert all(len(digest(value)) == 8 for value in values.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_synonym_leads_to_a_column_that_exists_and_no_sure_one_to_two(kind: str) -> None:
    known = {}
    for target, ranks in SYNONYMS[kind].items():  # type: ignore[index]
        assert target in targets_of(kind)  # type: ignore[arg-type]
        for name in ranks[0].split(";"):
            if name.strip():
                assert known.setdefault(fold(name), target) == target, name
    assert set(REQUIRED[kind]) <= set(SYNONYMS[kind])  # type: ignore[index]


@pytest.mark.parametrize(
    ("headings", "targets"),
    [
        ("customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate", "customer invoice issued due amount - paid_on"),
        ("N° pièce;Compte tiers;Intitulé;Date pièce;Échéance;Débit;Crédit;Solde", "invoice customer contacts.name issued due debit credit balance"),
        ("Réf.;Client;Date;Montant HT;TVA;Montant TTC;Reste à payer", "invoice customer issued - - amount balance"),
        ("Invoice No.,Customer,Customer Name,Issue Date,Due Date,Currency,Gross Amount,Balance Due",
         "invoice customer contacts.name issued due currency amount balance"),
        ("Code client;Nom client;Facture;N° facture;Date;Total TTC", "customer contacts.name - invoice issued amount"),
    ],
)  # fmt: skip
def test_usual_headings_are_known(headings: str, targets: str) -> None:
    names = headings.replace(";", ",").split(",")
    matching = match("invoices", names, {})
    assert not matching.questions
    assert [matching.targets.get(place, "-") for place in range(len(names))] == targets.split()
