"""Raw tabs for tests: written as rows, handed over as columns, as a carrier would."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.reading import read_ledger
from sync.workbook.contract import TABS_BY_KEY
from sync.workbook.tabs import Cell, RawTab

AS_OF = date(2026, 3, 1)
Row = Mapping[str, Cell]


def raw(key: str, rows: Sequence[Row], first_row: int = 2) -> RawTab:
    """A tab with every column of the contract; cells a row does not mention are empty."""
    keys = [column.key for column in TABS_BY_KEY[key].columns]
    unknown = {name for row in rows for name in row} - set(keys)
    assert not unknown, f"no such column in {key}: {unknown}"
    columns = {name: [row.get(name) for row in rows] for name in keys}
    return RawTab(key=key, title=TABS_BY_KEY[key].en, columns=columns, first_row=first_row)


def read(
    language: str = "fr", as_of: date = AS_OF, real_today: date | None = None, **tabs: Sequence[Row]
) -> tuple[Ledger, list[Problem]]:
    """`read(invoices=[...], payments=[...])` with the usual settings."""
    return read_ledger(
        {key: raw(key, rows) for key, rows in tabs.items()},
        language=language,
        currency="EUR",
        terms="30",
        as_of=as_of,
        real_today=real_today,
    )


def bill(
    number: Cell = "F-1", customer: Cell = "C1", issued: Cell = "01/01/2026", amount: Cell = "100,00", **others: Cell
) -> Row:
    return {"invoice": number, "customer": customer, "issued": issued, "amount": amount, **others}


def paid(day: Cell = "15/01/2026", invoice: Cell = "F-1", amount: Cell = "100,00", **others: Cell) -> Row:
    return {"paid_on": day, "invoice": invoice, "amount": amount, **others}


def told(problems: Iterable[Problem]) -> list[tuple[str, int, str, str]]:
    """Problems as (tab, row, column, code)."""
    return [(problem.tab, problem.row, problem.column, problem.code) for problem in problems]
