"""Cells compared column by column: what each row is told is what stands in that row, in whatever order it is asked."""

from hypothesis import given
from hypothesis import strategies as st

from sync.workbook.contract import INVOICES
from sync.workbook.differences import Wanted, differences, same
from sync.workbook.tabs import Cell, RawTab

CELLS = st.sampled_from([None, "", "oui", "passer", "texte"])


@given(st.data(), st.lists(CELLS, min_size=1, max_size=6))
def test_a_change_tells_what_stands_in_its_own_row(data: st.DataObject, held: list[Cell]) -> None:
    size = len(held)
    raw = RawTab(
        key="invoices", title="Factures", columns={"invoice": [f"F-{n}" for n in range(size)], "send": held, "why": held}
    )
    order = data.draw(st.permutations(range(size)))
    some = {place: data.draw(CELLS) for place in order[: data.draw(st.integers(0, size))]}
    every = data.draw(st.lists(CELLS, min_size=size, max_size=size))
    changes, inputs = differences(INVOICES, raw, Wanted({"why": every}, {"send": some}))
    told = {(one.column, one.row - raw.first_row): (one.key, one.before, one.after) for one in changes}
    wanted = {("why", place): after for place, after in enumerate(every)} | {
        ("send", place): after for place, after in some.items()
    }
    assert told == {
        (column, place): (f"F-{place}", held[place], after or None)
        for (column, place), after in wanted.items()
        if not same(held[place], after)
    }
    assert [one.row for one in changes] == sorted(one.row for one in changes)
    assert {one.row for one in inputs} == {one.row for one in changes}
