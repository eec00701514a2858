"""People's edits, faults of the network and crashes, shuffled around runs on a Google spreadsheet.

After any run that ended: every cell of ours is beside its key, every cell of people's is as they left it, every journal
row is there once. `RELANCE_CHAOS` says how many schedules are tried (`make chaos`: thousands).
"""

import os
from collections.abc import Callable
from contextlib import suppress

import pytest
from google_world import Dead, World, dies_at
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sheets_emulator import Emulator
from sheets_emulator.errors import ApiError
from sheets_emulator.schema import Discovery

from sync.errors import WorkbookError
from sync.workbook.headings import letter

SCHEDULES = int(os.environ.get("RELANCE_CHAOS", "20"))

Act = Callable[[World], object]


def _sort(tab: str, heading: str, *, descending: bool) -> Act:
    return lambda world: world.people.sort(world.sheet(tab).title, letter(world.column(tab, heading)), descending=descending)


def _insert_rows(tab: str, before: int, count: int) -> Act:
    return lambda world: world.people.insert_rows(world.sheet(tab).title, before, count)


def _move_rows(first: int, before: int) -> Act:
    return lambda world: world.people.move_rows(world.sheet("invoices").title, first, 1, before)


def _insert_column(tab: str, before: int) -> Act:
    return lambda world: world.people.insert_columns(world.sheet(tab).title, letter(before % world.sheet(tab).column_count))


def _swap_columns(tab: str, one: int, other: int) -> Act:
    def act(world: World) -> None:
        sheet = world.sheet(tab)
        world.people.swap_columns(sheet.title, letter(one % sheet.column_count), letter(other % sheet.column_count))

    return act


def _rename(tab: str, number: int) -> Act:
    return lambda world: world.people.rename_tab(world.sheet(tab).title, f"{tab} {number}")


def _exchange_names(tab: str) -> Act:
    def act(world: World) -> None:
        ours, theirs = world.sheet(tab).title, "Autre"
        if any(sheet.title == theirs for sheet in world.people.spreadsheet.sheets):
            world.people.rename_tab(theirs, "en attendant")
            world.people.rename_tab(ours, theirs)
            world.people.rename_tab("en attendant", ours)

    return act


def _forget_a_name(index: int) -> Act:
    def act(world: World) -> None:
        names = world.people.spreadsheet.named_ranges
        if names:
            world.people.do("deleteNamedRange", namedRangeId=names[index % len(names)]["namedRangeId"])

    return act


_index = st.integers(0, 40)
_tabs = st.sampled_from(["invoices", "payments", "today", "problems"])
_ANYWHERE = st.one_of(
    st.builds(_sort, st.just("invoices"), st.sampled_from(["Montant TTC", "Facture", "Région"]), descending=st.booleans()),
    st.builds(_sort, st.just("payments"), st.just("Montant"), descending=st.booleans()),
    st.builds(_sort, st.just("today"), st.sampled_from(["Tâche", "À faire"]), descending=st.booleans()),
    st.builds(_insert_rows, _tabs, st.integers(2, 11), st.integers(1, 2)),
    st.builds(_move_rows, st.integers(2, 9), st.sampled_from([2, 12])),
    st.builds(_insert_column, _tabs, st.integers(0, 12)),
    st.builds(_swap_columns, st.sampled_from(["invoices", "today"]), st.integers(0, 14), st.integers(15, 36)),
    st.builds(_rename, _tabs, st.integers(1, 3)),
    st.builds(_exchange_names, st.sampled_from(["invoices", "today"])),
    st.builds(_forget_a_name, _index),
    st.builds(lambda i, n: lambda world: world.write_about(i, "Note", f"note {n}"), _index, _index),
    st.builds(lambda i, n: lambda world: world.write_about(i, "Région", f"ici {n}"), _index, _index),
    st.builds(lambda i, n: lambda world: world.write_about(i, "Montant TTC", 500 + n), _index, _index),
    st.builds(lambda i: lambda world: world.delete_invoice(i), _index),
    st.builds(lambda n: lambda world: world.add_invoice(f"G-{n:02}", n, f"là {n}"), _index),
)  # fmt: skip
# A cell that people and the program both write has no last word within one round trip: these come at other moments.
_SHARED = st.one_of(
    st.builds(lambda i: lambda world: world.write_about(i, "Envoyer ?", "oui"), _index),
    st.builds(lambda i: lambda world: world.answer(i), _index),
)
_LOOKS = ["values.batchGet", "values.append", "spreadsheets.batchUpdate", "spreadsheets.get"]
_TROUBLES = [429, 500, 503, "html", "truncated", "cut", "drop", "commit_then_drop", 401]


_WINDOW = "values.batchUpdate"  # right before it, nothing but the next look can tell what a person did
_MOMENTS_AND_ACTS = st.one_of(
    st.tuples(_ANYWHERE, st.just(_WINDOW), st.integers(0, 1), st.booleans()),
    st.tuples(_ANYWHERE, st.sampled_from(_LOOKS), st.integers(0, 3), st.booleans()),
    st.tuples(_SHARED, st.sampled_from(["spreadsheets.batchUpdate", "values.append"]), st.just(0), st.booleans()),
)


class Chaos(RuleBasedStateMachine):
    """One spreadsheet's bad week."""

    @initialize()
    def open(self) -> None:
        self.emulator = Emulator().start()
        self.world = World.new(self.emulator)
        self.death: tuple[int, bool] | None = None

    @rule(act=_ANYWHERE | _SHARED)
    def edit(self, act: Act) -> None:
        self._do(act)

    def _do(self, act: Act) -> None:
        """A person tries; what Google does not let them do, or what is no longer there, they leave."""
        with suppress(ApiError, LookupError):
            act(self.world)

    @rule(acts=st.lists(_MOMENTS_AND_ACTS, min_size=1, max_size=3))
    def run_among_people(self, acts: list[tuple[Act, str, int, bool]]) -> None:
        for act, on, nth, before in acts:
            self._put_off(act, on, nth, before)
        self.run()

    def _put_off(self, act: Act, on: str, nth: int, before: bool) -> None:
        place = self.emulator.before if before else self.emulator.after
        if nth:
            place(on, lambda: self._put_off(act, on, nth - 1, before))
        else:
            place(on, lambda: self._do(act))

    @rule(trouble=st.sampled_from(_TROUBLES), on=st.sampled_from([*_LOOKS, "values.batchUpdate", ""]), after=st.integers(0, 3))
    def trouble(self, trouble: int | str, on: str, after: int) -> None:
        self.emulator.faults.once(trouble, on, after=after)

    @rule(request=st.integers(1, 12), after=st.booleans())
    def crash(self, request: int, after: bool) -> None:
        self.death = (request, after)

    @rule()
    def run(self) -> None:
        self.world.news += 1
        self._run()
        self._check()

    def _run(self) -> None:
        book = self.world.book()
        if self.death is not None:
            dies_at(book, self.death[0], after=self.death[1])
        try:
            self.world.run(book)
        except Dead:
            self.emulator.service.hooks.clear()
            self.emulator.faults.clear()
            self.death = None
            self.world.run()  # the next run, once the lock has expired
        except WorkbookError:
            self.emulator.service.hooks.clear()  # too much at once: one sentence, and the next run goes on
            self.world.run()
        self.death = None

    def _check(self) -> None:
        self.world.check_people()
        self.world.check_ours()
        self.world.check_journal()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.emulator.service.hooks.clear()
            self.emulator.faults.clear()
            self.world.run()
            self._check()
            self.world.run()
            assert (self.world.written.cells, tuple(self.world.written.deferred)) == (0, ()), "the second run is quiet"
            assert self.emulator.service.mismatches == []
        finally:
            self.emulator.stop()


def test_no_schedule_of_edits_faults_and_crashes_does_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Discovery, "check_answer", lambda *_: None)  # half the time, and the emulator's tests do it
    run_state_machine_as_test(
        Chaos,
        settings=settings(
            max_examples=SCHEDULES,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )
