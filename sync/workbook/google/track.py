"""What we have just written, and where it is seen next: the check after the write, and what may be put right.

Google has no condition on a write: between the last look and the write a person may sort, insert or delete rows. What
we wrote then stands beside another key. A row is known by its key, so the next look shows it; it is put right only
where the cell still holds exactly what we wrote.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.workbook.cells import same_cell, storable
from sync.workbook.contract import Tab, Who
from sync.workbook.resolve import key_text
from sync.workbook.tabs import Cell, RawTab

Identity = tuple[object, int]  # the key (or the people's cells) of a row, and which of several alike
Writes = Mapping[int, Mapping[str, Cell]]  # row -> column key -> value

_OURS = (Who.RELANCE, Who.BOTH)


@dataclass(slots=True)
class Track:
    """One tab while it is being written."""

    tab: Tab
    columns: frozenset[str]  # those that are written, in any row
    _first_row: int = 2
    _rows: dict[Identity, int] = field(default_factory=dict)  # where each row stood at the last look
    _expected: dict[str, list[Cell]] = field(default_factory=dict)  # what the columns shall hold at those places
    _values: dict[str, set[Cell]] = field(default_factory=lambda: defaultdict(set))
    _places: dict[tuple[int, str], Cell] = field(default_factory=dict)

    def looked(self, now: RawTab) -> dict[int, dict[str, Cell]]:
        """Cells that hold what we wrote for another row: row -> column -> what to put back. Remembers what was seen."""
        identities = list(self.identities(now))
        fixes = self._displaced(now, identities) if self._places else {}
        self._first_row = now.first_row
        self._rows = {identity: index for index, identity in enumerate(identities)}
        self._expected = {name: list(now.columns[name]) for name in now.columns if name in self.columns}
        self._expect(fixes)
        return fixes

    def sent(self, writes: Writes) -> None:
        """Remember a write that is about to be made on the sheet as it was last looked at."""
        self._expect(writes)
        for row, changed in writes.items():
            for column, value in changed.items():
                self._values[column].add(storable(value))
                self._places[row, column] = value

    def _expect(self, writes: Writes) -> None:
        for row, changed in writes.items():
            for column, value in changed.items():
                self._expected[column][row - self._first_row] = value

    def _displaced(self, now: RawTab, identities: Sequence[Identity]) -> dict[int, dict[str, Cell]]:
        fixes: dict[int, dict[str, Cell]] = {}
        before = [self._rows.get(identity) for identity in identities]
        for name, values in self._values.items():
            expected = self._expected.get(name, ())
            for index, found in enumerate(now.columns.get(name, ())):
                place = before[index]
                wanted = expected[place] if place is not None else None
                if found is wanted or same_cell(found, wanted) or storable(found) not in values:
                    continue
                row = now.first_row + index
                if self._is_ours(name, place is not None) or self._stands_where_written(row, name, found):
                    fixes.setdefault(row, {})[name] = wanted
        return fixes

    def _is_ours(self, column: str, is_known: bool) -> bool:
        return is_known and self.tab.column(column).who in _OURS

    def _stands_where_written(self, row: int, column: str, found: Cell) -> bool:
        return (row, column) in self._places and same_cell(self._places[row, column], found)

    def identities(self, now: RawTab) -> Iterable[Identity]:
        """Who each row is: its key, else the cells that people wrote in it; several alike are counted from the top."""
        keys = now.columns.get(self.tab.row_key, ()) if self.tab.row_key else ()
        people = [
            now.columns[column.key]
            for column in self.tab.columns
            if column.who is Who.PEOPLE and column.key in now.columns and column.key not in self.columns
        ]
        seen: Counter[object] = Counter()
        for index in range(len(now)):
            key = key_text(keys[index]) if keys else ""
            who: object = key or tuple(storable(column[index]) for column in people)
            seen[who] += 1
            yield who, seen[who]
