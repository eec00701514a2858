"""The forecast: habits, promises, plans, disputes; a backtest that cannot see the future (kpis §16)."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portfolio_builders import act, day, invoice, ledger, number, payment

from reports.backtest import backtest, forecast_at, origins, settled_on
from reports.cash import NOT_TESTED, WORSE, forecasts, invoice_outlooks, written_promises
from reports.forecast import Prospect, baseline, habits_at, prospects, said_then, simulate, weeks
from reports.lateness import Chance, Curve, Habits, open_after, paid_after
from reports.portfolio import portfolios
from sync.dunning.model import Settings
from sync.ledger.balances import settle
from sync.ledger.model import Handling, Instalment, Invoice, Ledger, Payment
from sync.ledger.words import Act, DelayReason

AS_OF = day("2026-03-31")


def trade(pay_late: dict[str, int], *, months: int = 12, until: date = AS_OF, spread: int = 4, seed: int = 7) -> Ledger:
    """Each customer gets an invoice a week at 30 days and pays about `pay_late` days after the due date."""
    random = Random(seed)
    rows: list[Invoice | Payment] = []
    for customer, late in pay_late.items():
        for week in range(months * 4):
            issued = until - timedelta(days=7 * week + 1)
            due = issued + timedelta(days=30)
            key = f"{customer}-{week}"
            rows.append(invoice(key, str(issued), str(due), 1000, customer=customer))
            paid = max(issued, due + timedelta(days=late + random.randint(-spread, spread)))
            if paid <= until:
                rows.append(payment(str(paid), key, 1000, customer=customer))
    return ledger(*rows)


LATE_PAYERS = trade({"C1": 20, "C2": 25, "C3": 0, "C4": 15, "C5": 30})


class TestCurve:
    def test_without_open_invoices_it_is_the_plain_share(self) -> None:
        curve = Curve([paid_after(days) for days in (-5, 0, 10, 10)])
        assert [curve.unpaid(days) for days in (-6, -5, 0, 9, 10)] == pytest.approx([1, 0.75, 0.5, 0.5, 0])
        assert (curve.median(), curve.paid_beyond(0), curve.paid) == (0, 2, 4)

    def test_an_invoice_still_open_counts_as_long_as_it_was_seen(self) -> None:
        """Two paid on day 0 of four, one open since day 5, one paid on day 10: of two left, one; then all."""
        curve = Curve([paid_after(0), paid_after(0), open_after(5), paid_after(10)])
        assert curve.unpaid(9) == pytest.approx(0.5)
        assert curve.unpaid(10) == pytest.approx(0)
        assert Curve([paid_after(0), open_after(5)]).unpaid(100) == pytest.approx(0.5)

    def test_an_invoice_already_late_draws_from_what_was_later(self) -> None:
        habits = Habits({"A": [paid_after(days) for days in (0, 10, 20, 40)]}, {}, None)
        chance = habits.chance("A", 15)
        assert chance.paid_by(15) == 0
        assert chance.paid_by(20) == pytest.approx(0.5)
        assert chance.paid_by(40) == pytest.approx(1)

    def test_a_customers_own_history_weighs_n_over_n_plus_10(self) -> None:
        own = [paid_after(30)] * 10
        others = [paid_after(0)] * 990
        chance = Habits({"A": own, "B": others}, {}, None).chance("A", -30)
        assert chance.paid_by(0) == pytest.approx(0.5 * 0.99)

    def test_a_segment_answers_before_all_customers(self) -> None:
        seen = {"B": [paid_after(0)] * 50, "C": [paid_after(60)] * 50}
        habits = Habits(seen, {"A": "watch", "C": "watch", "B": "reliable"}, None)
        assert habits.chance("A", -30).paid_by(59) == 0

    def test_nothing_seen_beyond_is_the_loss_rate_of_the_bucket(self) -> None:
        habits = Habits({"A": [paid_after(0)] * 5}, {}, (0.0, 0.0, 0.0, 0.2, 0.5))
        assert habits.chance("A", 200).paid_by(10_000) == pytest.approx(0.5)
        assert habits.chance("A", 70).paid_by(70 + 45) == pytest.approx(0.4)
        assert Habits({"A": [paid_after(0)]}, {}, None).chance("A", 200).paid_by(10_000) == 0

    @given(
        st.lists(st.tuples(st.integers(-30, 120), st.booleans()), min_size=1, max_size=40),
        st.integers(-40, 130), st.integers(-40, 130), st.integers(-40, 130),
    )  # fmt: skip
    def test_a_chance_rises_from_0_to_at_most_1(self, seen: list[tuple[int, bool]], late: int, one: int, two: int) -> None:
        observed = [paid_after(days) if paid else open_after(days) for days, paid in seen]
        chance = Habits({"A": observed}, {}, None).chance("A", late)
        low, high = sorted((one, two))
        assert -1e-9 <= chance.paid_by(low) <= chance.paid_by(high) + 1e-9 <= 1 + 1e-6


class TestRules:
    """The first rule that applies: promise, plan, dispute, habit."""

    def outlook(self, *rows: Invoice | Payment, **cells: object) -> dict[str, tuple[date | None, float]]:
        base = LATE_PAYERS
        full = replace(base, invoices=[*base.invoices, *[r for r in rows if isinstance(r, Invoice)]], **cells)  # type: ignore[arg-type]
        found = invoice_outlooks(full, {}, AS_OF, Settings())
        return {key: (one.expected, one.late_30) for key, one in found.items() if key.startswith("NEW")}

    def test_a_habit_says_due_date_plus_usual_lateness(self) -> None:
        (expected, late_30) = self.outlook(invoice("NEW", "2026-03-20", "2026-04-20", 100))["NEW"]
        assert expected is not None
        assert timedelta(days=15) <= expected - day("2026-04-20") <= timedelta(days=26)
        assert 0 <= late_30 < 0.5

    def test_more_than_30_days_late_already_is_certain(self) -> None:
        assert self.outlook(invoice("NEW", "2026-01-01", "2026-02-01", 100))["NEW"][1] == 1.0

    def test_a_promise_is_believed_as_far_as_promises_are_kept(self) -> None:
        said = Handling(promised=day("2026-06-20"), reason=DelayReason.PROMISED, reason_on=day("2026-03-25"))
        kept = [
            invoice(f"OLD-{n}", "2026-01-01", "2026-02-01", 1, paid_on="2026-02-20",
                    handling=Handling(promised=day("2026-02-20"), reason=DelayReason.PROMISED, reason_on=day("2026-02-10")))
            for n in range(8)
        ]  # fmt: skip
        found = self.outlook(invoice("NEW", "2026-03-01", "2026-03-20", 100, handling=said), *kept)
        assert found["NEW"][0] == day("2026-06-20")

    def test_a_plan_is_paid_by_instalments(self) -> None:
        plan = [
            Instalment(row=2 + n, plan="P", customer="C1", invoices=("NEW",), agreed_on=day("2026-03-20"), signed_on=None,
                       due=day(due), amount=50_00)
            for n, due in enumerate(("2026-05-10", "2026-06-10"))
        ]  # fmt: skip
        full = replace(
            LATE_PAYERS, invoices=[*LATE_PAYERS.invoices, invoice("NEW", "2026-01-01", "2026-02-01", 100)], instalments=plan
        )
        held = portfolios(full, AS_OF)["EUR"]
        habits = habits_at(held, held.as_of, {})
        said = said_then([], {}, [], held.as_of)
        own = [one for one in prospects(held, held.as_of, habits, said, plan, Settings()) if one.invoice == "NEW"]
        assert [(one.amount, one.on) for one in own] == [(50_00, number("2026-05-10")), (50_00, number("2026-06-10"))]
        late = [replace(plan[0], due=day("2026-03-10"), agreed_on=day("2026-03-01")), plan[1]]
        broken = [one for one in prospects(held, held.as_of, habits, said, late, Settings()) if one.invoice == "NEW"]
        assert [(one.amount, one.on) for one in broken] == [(100_00, None)]

    def test_a_dispute_adds_the_time_it_takes(self) -> None:
        plain = self.outlook(invoice("NEW", "2026-03-20", "2026-04-20", 100))["NEW"][0]
        contested = Handling(reason=DelayReason.DISPUTE, reason_on=day("2026-03-25"))
        slow = self.outlook(invoice("NEW", "2026-03-20", "2026-04-20", 100, handling=contested))["NEW"][0]
        assert plain is not None
        assert slow == plain + timedelta(days=30)

    def test_money_already_held_is_not_expected_again(self) -> None:
        rows = [*LATE_PAYERS.invoices, *LATE_PAYERS.payments]
        more = ledger(*rows, payment("2026-03-30", "", 700, customer="C1"))
        before = forecasts(LATE_PAYERS, {}, AS_OF, Settings())["EUR"].open
        assert forecasts(more, {}, AS_OF, Settings())["EUR"].open == before - 700_00


class TestWeeks:
    def test_the_same_facts_give_the_same_weeks(self) -> None:
        one, two = (forecasts(LATE_PAYERS, {}, AS_OF, Settings())["EUR"] for _ in range(2))
        assert one == two

    def test_13_weeks_of_7_days_from_tomorrow(self) -> None:
        shown = forecasts(LATE_PAYERS, {}, AS_OF, Settings())["EUR"].weeks
        assert len(shown) == 13
        assert shown[0].first == AS_OF + timedelta(days=1)
        assert all((week.last - week.first).days == 6 for week in shown)
        assert all(a.last + timedelta(days=1) == b.first for a, b in zip(shown, shown[1:], strict=False))
        assert all(0 <= week.p10 <= week.p50 <= week.p90 for week in shown)

    def test_a_certain_payment_is_in_its_week_in_every_draw(self) -> None:
        sure = Chance(0, [(1.0, Curve([paid_after(10)]), 1.0)], 0.0)
        sums = simulate([Prospect("A", "F", 500, 100, sure)], 100, draws=50)
        assert [set(week) for week in sums] == [{0}, {500}] + [{0}] * 11

    def test_a_customers_invoices_move_together(self) -> None:
        """Two invoices of one customer come in the same draws; those of two customers do not."""
        half = Chance(0, [(1.0, Curve([paid_after(3), paid_after(10)]), 1.0)], 0.0)
        together = simulate([Prospect("A", "F", 1, 0, half), Prospect("A", "G", 1, 0, half)], 0, draws=400)
        apart = simulate([Prospect("A", "F", 1, 0, half), Prospect("B", "G", 1, 0, half)], 0, draws=400)
        assert set(together[0]) == {0, 2}
        assert set(apart[0]) == {0, 1, 2}

    def test_the_baseline_puts_what_is_late_in_the_first_week(self) -> None:
        none = Chance(0, [], 1.0)
        dues = {-40: 0, 0: 0, 1: 0, 7: 0, 8: 1, 91: 12}
        for due, week in dues.items():
            sums = baseline([Prospect("A", "F", 5, due, none)], 0)
            assert sums.index(5) == week
        assert sum(baseline([Prospect("A", "F", 5, 92, none)], 0)) == 0


class TestBacktest:
    def test_it_beats_due_dates_where_people_pay_late(self) -> None:
        found = forecasts(LATE_PAYERS, {}, AS_OF, Settings())["EUR"]
        test = found.backtest
        assert found.why_baseline == ""
        assert test.wape is not None
        assert test.baseline_wape is not None
        assert test.wape < test.baseline_wape
        assert test.mae_days is not None
        assert test.mae_days["model"] < test.mae_days["due_date"]

    def test_where_everyone_pays_on_the_day_it_is_no_worse_than_the_due_dates(self) -> None:
        found = forecasts(trade(dict.fromkeys("ABCDE", 0), spread=0), {}, AS_OF, Settings())["EUR"]
        assert found.backtest.wape == found.backtest.baseline_wape == 0
        assert found.why_baseline == ""

    def test_a_forecast_that_was_worse_is_not_shown(self) -> None:
        """Fifty invoices paid 40 days late, then all on the day: habits mislead, due dates are right, and are shown."""
        rows: list[Invoice | Payment] = []
        for n in range(50):
            rows.append(invoice(f"OLD-{n}", "2025-10-01", "2025-10-31", 10))
            rows.append(payment("2025-12-10", f"OLD-{n}", 10))
        new = trade(dict.fromkeys("ABCDE", 0), months=4, spread=0)
        rows += [one for one in new.invoices if one.issued >= day("2025-12-15")]
        rows += [one for one in new.payments if one.invoice in {row.number for row in rows if isinstance(row, Invoice)}]
        found = forecasts(ledger(*rows), {}, AS_OF, Settings())["EUR"]
        assert found.why_baseline == WORSE
        assert all(week.p10 == week.p50 == week.p90 == week.on_due_dates for week in found.weeks)

    def test_too_little_history_shows_due_dates_and_says_so(self) -> None:
        found = forecasts(ledger(invoice("F", "2026-03-01", "2026-04-03", 100)), {}, AS_OF, Settings())["EUR"]
        assert found.why_baseline == NOT_TESTED
        assert [week.p50 for week in found.weeks][:2] == [100_00, 0]
        assert found.outlooks == {}

    def test_no_origin_knows_what_came_after_it(self) -> None:
        """Plant a future after an origin: its forecast must not move by a cent, nor any chance by a hair."""
        origin = day("2025-12-31")
        cells = Handling(promised=day("2026-02-01"), reason=DelayReason.DISPUTE, reason_on=day("2026-01-10"))
        planted = [
            *(payment("2026-01-05", f"C1-{week}", 900, customer="C1") for week in range(10, 20)),
            *(invoice(f"X-{n}", "2026-01-02", "2026-01-03", 9999, customer="C1", paid_on="2026-03-30") for n in range(20)),
            invoice("CN", "2026-01-02", "2026-01-02", -500, customer="C2", applies_to="C2-14"),
            payment("2026-01-02", "", 5000, customer="C3"),
        ]
        journal = (
            act("2026-01-15", Act.PROMISED, "C1-14", new="2026-01-20", customer="C1"),
            act("2026-01-16", Act.OBSERVED, "C1-15", field="reason", new="dispute", customer="C1"),
            act("2026-01-17", Act.OBSERVED, field="segment", new="watch", customer="C2"),
        )
        rows = [replace(one, handling=cells) if one.number == "C1-16" else one for one in LATE_PAYERS.invoices]
        plan = [
            Instalment(row=2 + n, plan="P", customer="C1", invoices=("C1-14",), agreed_on=day("2025-12-29"), signed_on=None,
                       due=day(due), amount=500_00)
            for n, due in enumerate(("2026-01-25", "2026-02-25"))
        ]  # fmt: skip
        with_future = replace(ledger(*rows, *LATE_PAYERS.payments, *planted), journal=journal, instalments=plan)
        then = ledger(
            *(one for one in LATE_PAYERS.invoices if one.issued <= origin),
            *(one for one in LATE_PAYERS.payments if one.paid_on <= origin),
        )
        then = replace(then, instalments=plan)
        seen = self.seen_at(with_future, origin, AS_OF)
        assert seen == self.seen_at(then, origin, origin)
        assert [amount for key, amount, _ in seen[0] if key == "C1-14"] == [500_00, 500_00]

    @staticmethod
    def seen_at(full: Ledger, origin: date, as_of: date) -> tuple[list[tuple[str, int, list[float]]], object]:
        held, at = portfolios(full, as_of)["EUR"], origin.toordinal()
        items = {item.number: item for item in held.items}
        said = said_then(written_promises(full, settle(full, as_of), Settings()), items, full.journal, at)
        settled = settled_on(held.items, full.instalments)
        open_then, _ = forecast_at(held, settled, at, said, full.instalments, Settings())
        plain = [(one.invoice, one.amount, [one.paid_by(at + step) for step in range(0, 120, 3)]) for one in open_then]
        return plain, weeks(simulate(open_then, at, 100), baseline(open_then, at), at)

    def test_origins_are_past_month_ends_with_a_week_to_judge(self) -> None:
        held = portfolios(LATE_PAYERS, AS_OF)["EUR"]
        found = origins(held)
        assert len(found) <= 12
        assert date.fromordinal(found[-1]) == day("2026-02-28")

    def test_coverage_counts_only_weeks_in_which_something_could_come(self) -> None:
        held = portfolios(LATE_PAYERS, AS_OF)["EUR"]
        items = {item.number: item for item in held.items}
        test = backtest(held, [(at, said_then([], items, [], at)) for at in origins(held)], [], Settings())
        assert all(origin.inside <= origin.lively <= origin.weeks for origin in test.origins)
        assert any(origin.lively < origin.weeks for origin in test.origins)
