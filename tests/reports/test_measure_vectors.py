"""The test vectors of the definitions (kpis §18), and each rule of §0 to §8 and §15 with its edges."""

from decimal import Decimal
from fractions import Fraction

import pytest
from portfolio_builders import act, day, invoice, ledger, number, payment

from reports.calendar import months
from reports.measures import ageing, cohorts, collection, concentration, cost, delays, dso, loss, promises, rolls
from reports.measures.measure import missing, share, wilson
from reports.portfolio import Portfolio, Sales, balances, cleared_on, portfolios
from sync.dunning.agreements.promises import promises as known_promises
from sync.dunning.model import Settings
from sync.ledger.balances import settle
from sync.ledger.model import Handling
from sync.ledger.words import Act, Status

D = "2026-03-31"


def portfolio(*rows: object, as_of: str = D, currency: str = "EUR") -> Portfolio:
    return portfolios(ledger(*rows), day(as_of))[currency]  # type: ignore[arg-type]


def balance(held: Portfolio, at: str = D):  # type: ignore[no-untyped-def]
    return balances(held, [number(at)])[0]


@pytest.fixture
def vector() -> Portfolio:
    """Sales of 70 000, 80 000, 100 000 in January to March; receivables 212 000 by bucket as §18 says.

    What is older than the window was issued before it, and paid down so that the sales of the window are exact.
    """
    return portfolio(
        invoice("NOT-DUE-MAR", "2026-03-10", "2026-04-30", 100_000),
        invoice("NOT-DUE-FEB", "2026-02-10", "2026-04-10", 50_000),
        invoice("LATE-30", "2026-02-11", "2026-03-11", 30_000),
        invoice("LATE-60", "2026-01-15", "2026-02-15", 15_000),
        invoice("LATE-90", "2026-01-02", "2026-01-15", 7_000),
        invoice("PAID-JAN", "2026-01-20", "2026-02-20", 48_000),
        payment("2026-02-20", "PAID-JAN", 48_000),
        invoice("LATE-91", "2025-10-01", "2025-11-01", 10_000),
    )


class TestVectors:
    def test_receivables_and_ageing(self, vector: Portfolio) -> None:
        now = balance(vector)
        assert now.amounts == (150_000_00, 30_000_00, 15_000_00, 7_000_00, 10_000_00)
        assert now.net == 212_000_00
        assert ageing.overdue_rate(now).value == Fraction(62_000, 212_000)

    def test_dso_simple_best_possible_and_add(self, vector: Portfolio) -> None:
        window = dso.sales_window(Sales(vector), number(D), 90, vector.first_issue)
        simple, best = dso.dso_simple(212_000_00, window), dso.best_possible(150_000_00, window)
        assert simple.value == Fraction(212_000, 250_000) * 90
        assert (simple.window, window.days) == ((day("2026-01-01"), day(D)), 90)
        assert best.value == 54
        assert float(dso.average_days_delinquent(simple, best).value or 0) == pytest.approx(22.32)

    def test_dso_count_back_uses_calendar_days(self, vector: Portfolio) -> None:
        measured = dso.count_back(212_000_00, Sales(vector), number(D), vector.first_issue)
        assert measured.value == 31 + 28 + Fraction(32_000, 70_000) * 31
        assert round(float(measured.value), 1) == 73.2

    def test_cei(self) -> None:
        assert collection.cei(100_000_00, 50_000_00, 90_000_00, 60_000_00).value == Fraction(60, 90)

    def test_promises_by_count_and_amount(self) -> None:
        promised = Handling(promised=day("2026-03-10"), promised_amount=1_000_00)
        later = Handling(promised=day("2026-04-10"), promised_amount=500_00)
        rows = [invoice(key, "2026-01-01", "2026-02-01", 1_000, handling=promised) for key in ("A", "B", "C")]
        said = ledger(
            *rows, invoice("D", "2026-01-01", "2026-02-01", 500, handling=later),
            payment("2026-03-12", "A", 1_000), payment("2026-03-01", "B", 400),
        )  # fmt: skip
        made = known_promises(said, settle(said, day(D)), Settings())
        assert promises.kept_rate(made, day(D)).value == Fraction(1, 3)
        assert promises.kept_rate(made, day(D)).n == 3
        assert promises.kept_rate_amount(made, day(D)).value == Fraction(1_400, 3_000)

    def test_loss_rates_and_allowance(self) -> None:
        tenths = [Fraction(rate, 10) for rate in (1, 3, 5, 6)]
        found = rolls.loss_rates(tenths, Fraction(4, 10))
        assert [float(rate * 100) for rate in found] == pytest.approx([0.36, 3.6, 12, 24, 40])
        exposure = (150_000_00, 30_000_00, 15_000_00, 7_000_00, 10_000_00)
        assert loss.allowance(exposure, loss.LossRates(found), "EUR").value == 9_100

    def test_configured_rates_serve_where_history_is_short_and_say_so(self) -> None:
        none = loss.rates([], missing("ratio", "no_closed_cohort_beyond_90_days"))
        assert (none.rates, none.why_null) == (None, "less_than_12_months_of_rolls")
        given = loss.rates([], missing("ratio", "x"), [Fraction(1, 100)] * 5)
        measured = loss.allowance((100_00,) * 5, given, "EUR", forward=Fraction(2))
        assert (measured.value, measured.warnings) == (10, ("configured_rates",))

    def test_a_final_loss_of_few_cases_warns_all_that_rests_on_it(self) -> None:
        held = portfolio(invoice("F", "2024-01-01", "2024-01-31", 100), payment("2025-06-01", "F", 100))
        ends = [number("2024-05-31"), number("2024-06-30")]
        final = loss.final_loss(held.items, ends, number(D))
        assert (final.value, final.n, final.warnings) == (0, 1, ("few_cases",))
        year = [(rolls.Roll(worse=1, paid=1),) * 5] * 12
        assert loss.allowance((100,) * 5, loss.rates(year, final), "EUR").warnings == ("few_cases",)

    def test_financing_cost(self) -> None:
        window = (day("2026-03-01"), day(D))
        measured = cost.financing(62_000_00 * 31, Decimal(9), "EUR", window)
        assert round(float(measured.value or 0), 2) == 473.92

    def test_hhi_of_three_customers(self) -> None:
        index = concentration.hhi({"A": 50_00, "B": 30_00, "C": 20_00})
        assert index.value == 3_800
        assert round(float(concentration.equivalent_customers(index).value or 0), 1) == 2.6

    def test_zero_sales_is_not_a_number(self) -> None:
        held = portfolio(invoice("OLD", "2025-01-01", "2025-02-01", 5_000))
        window = dso.sales_window(Sales(held), number(D), 90, held.first_issue)
        measured = dso.dso_simple(5_000_00, window)
        assert (measured.value, measured.why_null) == (None, "no_sales_in_window")

    @pytest.mark.parametrize(
        ("due", "bucket"),
        [("2026-03-31", 0), ("2026-03-30", 1), ("2025-12-31", 3), ("2025-12-30", 4), ("2026-03-01", 1), ("2026-02-28", 2)],
    )
    def test_the_due_day_itself_is_not_due_and_90_days_are_not_91(self, due: str, bucket: int) -> None:
        amounts = balance(portfolio(invoice("F", "2025-01-01", due, 1))).amounts
        assert amounts.index(100) == bucket


class TestOpenAmount:
    """What is open on a day, rebuilt from dated facts (§0)."""

    def test_a_payment_before_the_issue_counts_from_the_issue(self) -> None:
        held = portfolio(invoice("F", "2026-03-10", "2026-03-20", 100), payment("2026-03-01", "F", 100))
        assert [one.net for one in balances(held, [number("2026-03-05"), number("2026-03-10")])] == [0, 0]
        assert cleared_on(held.items[0], number(D)) == number("2026-03-10")

    def test_an_overpaid_invoice_stops_at_zero_and_the_excess_is_unapplied(self) -> None:
        now = balance(portfolio(invoice("F", "2026-01-01", "2026-02-01", 100), payment("2026-01-15", "F", 130)))
        assert (now.gross, now.unapplied, now.net) == (0, -30_00, -30_00)

    def test_a_credit_note_settles_its_invoice_and_its_excess_is_free(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100), invoice("CN", "2026-02-10", "2026-02-10", -130, applies_to="F")
        )
        assert [(b.gross, b.unapplied) for b in balances(held, [number("2026-02-09"), number("2026-02-10")])] == [
            (100_00, 0), (0, -30_00)]  # fmt: skip

    def test_a_credit_note_is_free_before_its_invoice_exists(self) -> None:
        held = portfolio(
            invoice("F", "2026-02-10", "2026-03-10", 100), invoice("CN", "2026-02-01", "2026-02-01", -30, applies_to="F")
        )
        assert [(b.gross, b.unapplied) for b in balances(held, [number("2026-02-09"), number("2026-02-10")])] == [
            (0, -30_00), (70_00, 0)]  # fmt: skip

    def test_money_without_an_invoice_or_for_one_that_does_not_count_is_unapplied(self) -> None:
        draft = Handling(status=Status.DRAFT)
        now = balance(
            portfolio(
                invoice("F", "2026-01-01", "2026-02-01", 100), invoice("D", "2026-01-01", "2026-02-01", 50, handling=draft),
                payment("2026-02-01", "", 20), payment("2026-02-02", "D", 50),
            )
        )  # fmt: skip
        assert (now.gross, now.unapplied) == (100_00, -70_00)

    def test_a_customers_money_back_never_makes_unapplied_positive(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100, customer="C2"),
            payment("2026-02-01", "", 20), payment("2026-02-02", "", -30), payment("2026-02-03", "", 5, customer="C2"),
        )  # fmt: skip
        days = [number(text) for text in ("2026-02-01", "2026-02-02", "2026-02-03")]
        assert [one.unapplied for one in balances(held, days)] == [-20_00, 0, -5_00]

    def test_drafts_cancelled_rows_and_the_future_do_not_exist(self) -> None:
        held = portfolios(
            ledger(
                invoice("A", "2026-01-01", "2026-02-01", 1, handling=Handling(status=Status.DRAFT)),
                invoice("B", "2026-01-01", "2026-02-01", 2, handling=Handling(status=Status.CANCELLED)),
                invoice("C", "2026-04-01", "2026-05-01", 4),
            ),
            day(D),
        )
        assert held == {}

    def test_paid_on_pays_the_whole_balance_of_that_day(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100, paid_on="2026-02-10"),
            invoice("CN", "2026-01-20", "2026-01-20", -40, applies_to="F"),
        )
        assert held.items[0].moves[-1].cash == 60_00
        assert [one.net for one in balances(held, [number("2026-02-09"), number("2026-02-10")])] == [60_00, 0]

    def test_paid_on_is_read_only_when_no_payment_names_the_invoice(self) -> None:
        held = portfolio(invoice("F", "2026-01-01", "2026-02-01", 100, paid_on="2026-02-10"), payment("2026-02-01", "F", 30))
        assert balance(held).net == 70_00

    def test_a_write_off_leaves_from_its_date_and_stays_in_sales(self) -> None:
        lost = Handling(status=Status.WRITTEN_OFF, status_on=day("2026-03-15"))
        held = portfolio(invoice("F", "2026-01-01", "2026-02-01", 100, handling=lost))
        assert [one.net for one in balances(held, [number("2026-03-14"), number("2026-03-15")])] == [100_00, 0]
        assert Sales(held).net(number("2026-01-01"), number(D)) == 100_00

    def test_each_currency_has_its_own_portfolio(self) -> None:
        held = portfolios(
            ledger(invoice("F", "2026-01-01", "2026-02-01", 1), invoice("G", "2026-01-01", "2026-02-01", 2, currency="USD")),
            day(D),
        )
        assert {currency: balance(one).net for currency, one in held.items()} == {"EUR": 1_00, "USD": 2_00}


class TestDsoEdges:
    def test_short_history_uses_the_days_there_are(self) -> None:
        held = portfolio(invoice("F", "2026-03-22", "2026-04-22", 100))
        window = dso.sales_window(Sales(held), number(D), 90, held.first_issue)
        measured = dso.dso_simple(100_00, window)
        assert (measured.value, measured.warnings) == (10, ("short_history",))

    def test_nothing_open_is_zero_with_a_warning(self) -> None:
        held = portfolio(invoice("F", "2025-01-01", "2026-02-01", 100), invoice("G", "2026-02-01", "2026-03-01", 10))
        window = dso.sales_window(Sales(held), number(D), 90, held.first_issue)
        assert dso.dso_simple(-5, window).value == 0
        assert dso.dso_simple(-5, window).warnings == ("nothing_open",)
        assert dso.count_back(0, Sales(held), number(D), held.first_issue).value == 0

    def test_credit_notes_reduce_sales_at_their_issue_date(self) -> None:
        held = portfolio(invoice("F", "2026-01-10", "2026-02-10", 100), invoice("CN", "2026-02-10", "2026-02-10", -30))
        sales = Sales(held)
        assert sales.net(number("2026-01-01"), number("2026-02-09")) == 100_00
        assert sales.net(number("2026-01-01"), number("2026-02-10")) == 70_00

    def test_count_back_of_the_running_month_uses_its_elapsed_days(self) -> None:
        held = portfolio(invoice("F", "2026-03-02", "2026-04-02", 100), as_of="2026-03-10")
        assert dso.count_back(50_00, Sales(held), number("2026-03-10"), held.first_issue).value == 5

    def test_a_month_without_sales_adds_its_days_and_subtracts_nothing(self) -> None:
        held = portfolio(invoice("F", "2026-01-10", "2026-02-10", 100), invoice("CN", "2026-02-10", "2026-02-10", -10))
        assert dso.count_back(50_00, Sales(held), number(D), held.first_issue).value == 31 + 28 + Fraction(50, 100) * 31

    def test_count_back_beyond_history_is_a_lower_bound(self) -> None:
        held = portfolio(invoice("F", "2026-02-10", "2026-03-10", 100))
        measured = dso.count_back(150_00, Sales(held), number(D), held.first_issue)
        assert (measured.value, measured.warnings) == (31 + 28, ("exhausted",))

    def test_count_back_stops_as_soon_as_nothing_remains(self) -> None:
        held = portfolio(invoice("F", "2026-02-10", "2026-03-10", 100), invoice("E", "2025-01-01", "2025-01-02", 1))
        assert dso.count_back(100_00, Sales(held), number(D), held.first_issue).value == 31 + 28


class TestDelays:
    def test_cleared_is_the_first_day_from_which_the_balance_stays_at_zero(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100),
            payment("2026-02-01", "F", 100), payment("2026-02-11", "F", -100), payment("2026-03-01", "F", 100),
        )  # fmt: skip
        item = held.items[0]
        assert cleared_on(item, number("2026-02-10")) == number("2026-02-01")
        assert cleared_on(item, number("2026-02-15")) is None
        assert cleared_on(item, number(D)) == number("2026-03-01")

    def test_days_late_are_signed_and_weighted_by_money(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100), payment("2026-01-31", "F", 100),
            invoice("G", "2026-01-01", "2026-02-01", 300), payment("2026-02-11", "G", 300),
        )  # fmt: skip
        first, last = delays.year_to(number(D))
        late = delays.lateness(held.items, first, last)
        assert late == [-1, 10]
        assert delays.days_late_mean(late).value == Fraction(9, 2)
        assert delays.days_late_quantile(late, Fraction(1, 2)).value == Fraction(9, 2)
        assert delays.days_late_weighted(held.items, first, last).value == Fraction(-100 + 3000, 400)
        assert delays.days_to_pay(held.items, first, last).value == Fraction(100 * 30 + 300 * 41, 400)
        assert delays.days_late_floored(late).value == 5

    def test_the_window_is_closed_on_both_ends(self) -> None:
        held = portfolio(
            invoice("F", "2025-01-01", "2025-03-01", 1), payment("2025-04-01", "F", 1),
            invoice("G", "2025-01-01", "2025-03-01", 1), payment("2025-03-31", "G", 1),
            invoice("H", "2025-01-01", "2025-03-01", 1), payment(D, "H", 1),
        )  # fmt: skip
        first, last = delays.year_to(number(D))
        assert delays.lateness(held.items, first, last) == [31, 395]

    def test_on_time_share_by_count_and_amount(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-03-10", 100), payment("2026-03-10", "F", 100),
            invoice("G", "2026-01-01", "2026-03-10", 300), payment("2026-03-11", "G", 300),
            invoice("H", "2026-01-01", "2026-04-10", 300), payment("2026-03-11", "H", 300),
        )  # fmt: skip
        count, amount = delays.on_time(held.items, number("2026-03-01"), number(D))
        assert (count.value, count.n, amount.value) == (Fraction(1, 2), 2, Fraction(1, 4))
        assert count.warnings == ("few_cases",)

    def test_no_invoice_due_is_no_share(self) -> None:
        count, amount = delays.on_time([], number("2026-03-01"), number(D))
        assert (count.value, amount.value, count.why_null) == (None, None, "no_invoice_due_in_month")


class TestCollection:
    def test_cei_over_100_is_shown_and_flagged(self) -> None:
        assert collection.cei(100, 0, -50, 0).warnings == ("over_100_percent",)

    def test_cei_without_anything_to_collect(self) -> None:
        assert collection.cei(0, 100, 100, 100).value is None

    def test_cash_cei_does_not_praise_credit_notes_nor_write_offs(self) -> None:
        classic = collection.cei(100_00, 50_00, 90_00, 40_00)
        cash = collection.cash_cei(100_00, 30_00, 10_00, 90_00, 40_00)
        assert classic.value == Fraction(60, 110)
        assert cash.value == Fraction(30, 90)

    def test_the_months_target_is_what_is_late_plus_what_falls_due(self) -> None:
        held = portfolio(
            invoice("LATE", "2026-01-01", "2026-02-28", 100), payment("2026-03-05", "LATE", 40),
            invoice("DUE", "2026-02-01", "2026-03-20", 200), payment("2026-02-20", "DUE", 50),
            invoice("NEW", "2026-03-02", "2026-03-25", 50), payment("2026-03-25", "NEW", 50),
            invoice("LATER", "2026-03-02", "2026-04-25", 500), payment("2026-03-25", "LATER", 500),
        )  # fmt: skip
        measured = collection.collection_rate(held.items, number("2026-03-01"), number(D), number(D))
        assert (measured.numerator, measured.denominator, measured.n) == (90, 100 + 150 + 50, 3)


class TestCohorts:
    def rows(self) -> Portfolio:
        return portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100), payment("2026-01-20", "F", 60), payment("2026-03-03", "F", 40),
            invoice("G", "2026-01-01", "2026-02-15", 100), payment("2026-02-20", "G", 130),
            invoice("CN", "2026-02-25", "2026-02-25", -20, applies_to="G"),
        )  # fmt: skip

    def test_recovery_is_cumulative_capped_and_net_of_credit_notes(self) -> None:
        cells = cohorts.recovery(cohorts.cohorts(self.rows().items)["2026-02"], number(D))
        assert (cells[0].value, cells[15].value, cells[30].value) == (Fraction(60, 180), Fraction(140, 180), 1)

    def test_a_cell_that_is_not_ripe_is_blank(self) -> None:
        cells = cohorts.recovery(cohorts.cohorts(self.rows().items)["2026-02"], number(D))
        assert (cells[60].value, cells[60].why_null) == (None, "not_yet_observed")  # the youngest is 44 days old
        early = cohorts.recovery(cohorts.cohorts(self.rows().items)["2026-02"], number("2026-02-27"))
        assert early[0].value is None  # the month has not ended

    def test_billing_cohorts_start_from_the_issue(self) -> None:
        cells = cohorts.recovery(cohorts.cohorts(self.rows().items, "issued")["2026-01"], number(D), reference="issued")
        assert (cells[0].value, cells[30].value, cells[60].value) == (0, Fraction(60, 180), Fraction(140, 180))
        assert cohorts.at_risk(cells[60]).value == Fraction(40, 180)


class TestEdgesThatAreEasilyLost:
    def test_what_exceeds_the_invoice_weighs_nothing(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100), payment("2026-02-01", "F", 60), payment("2026-02-11", "F", 60)
        )
        first, last = delays.year_to(number(D))
        assert delays.days_late_weighted(held.items, first, last).value == Fraction(40 * 10, 100)

    def test_an_invoice_due_on_the_last_day_belongs_to_the_months_target(self) -> None:
        held = portfolio(invoice("F", "2026-02-01", D, 100), invoice("G", "2026-02-01", "2026-04-01", 100))
        measured = collection.collection_rate(held.items, number("2026-03-01"), number(D), number(D))
        assert (measured.denominator, measured.n) == (100, 1)

    def test_a_cell_is_final_on_the_very_day_the_youngest_reaches_the_age(self) -> None:
        held = portfolio(invoice("F", "2026-01-01", "2026-02-28", 100), payment("2026-03-30", "F", 100))
        cohort = cohorts.cohorts(held.items)["2026-02"]
        assert cohorts.recovery(cohort, number("2026-03-30"))[30].value == 1
        assert cohorts.recovery(cohort, number("2026-03-29"))[30].value is None

    def test_money_returned_never_makes_a_roll_larger_than_what_was_open(self) -> None:
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100), payment("2026-02-10", "F", 60), payment("2026-03-10", "F", -60)
        )
        found = rolls.rolls(held.items, number("2026-02-28"), number(D))
        assert (found[1].total, found[1].worse, found[1].paid) == (40_00, 40_00, 0)

    def test_credit_notes_and_write_offs_are_not_paid(self) -> None:
        lost = Handling(status=Status.WRITTEN_OFF, status_on=day("2026-03-20"))
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100, handling=lost), payment("2026-03-10", "F", 30),
            invoice("CN", "2026-03-05", "2026-03-05", -10, applies_to="F"),
        )  # fmt: skip
        found = rolls.rolls(held.items, number("2026-02-28"), number(D))
        assert (found[1].paid, found[1].credited) == (30_00, 70_00)

    def test_a_promise_kept_early_is_judged_on_its_day_and_a_moved_one_counts_in_the_strict_rate(self) -> None:
        said = Handling(promised=day("2026-03-30"), promised_amount=100_00, reason_on=day("2026-03-01"))
        journal = (
            act("2026-03-01", Act.PROMISED, "G", new="2026-03-10", amount=100_00),
            act("2026-03-05", Act.PROMISED, "G", new="2026-03-12", amount=100_00),
        )
        rows = (
            invoice("F", "2026-01-01", "2026-02-01", 100, handling=said), payment("2026-03-05", "F", 100),
            invoice("G", "2026-01-01", "2026-02-01", 100),
        )  # fmt: skip
        held = ledger(*rows, journal=journal)
        for asked, n, strict in (("2026-03-31", 1, 2), ("2026-04-01", 2, 3)):
            made = known_promises(held, settle(held, day(asked)), Settings())
            assert (promises.kept_rate(made, day(asked)).n, promises.kept_rate_strict(made, day(asked)).n) == (n, strict)

    def test_money_before_a_write_off_is_no_recovery(self) -> None:
        lost = Handling(status=Status.WRITTEN_OFF, status_on=day("2026-03-15"))
        held = portfolio(
            invoice("F", "2026-01-01", "2026-02-01", 100, handling=lost),
            payment("2026-03-10", "F", 30), payment("2026-03-20", "F", 20),
        )  # fmt: skip
        assert loss.write_offs(held.items, number("2026-03-01"), number(D)) == (50_00, 1)
        assert loss.write_offs(held.items, number("2026-03-16"), number(D)) == (-20_00, 0)


class TestConcentrationAndCounts:
    def test_top_10_with_fewer_customers_says_so(self) -> None:
        measured = concentration.top_share({"A": 5, "B": 5, "C": -3})
        assert (measured.value, measured.n, measured.warnings) == (1, 2, ("fewer_than_10_customers",))

    def test_ties_are_in_order_of_customer(self) -> None:
        assert concentration.largest({"B": 5, "A": 5, "C": 9}, 2) == [("C", 9), ("A", 5)]

    def test_nobody_owes(self) -> None:
        assert concentration.hhi({"A": -1}).value is None
        assert concentration.top_share({}).value is None

    def test_wilson_interval_of_a_known_case(self) -> None:
        low, high = wilson(1, 3)
        assert (round(low, 4), round(high, 4)) == (0.0615, 0.7923)
        assert wilson(0, 5)[0] == 0
        assert wilson(5, 5)[1] == 1

    def test_a_rate_of_nothing_is_none(self) -> None:
        assert share(0, 0, why_null="nothing").why_null == "nothing"


class TestMonths:
    def test_the_running_month_comes_last_and_only_while_it_runs(self) -> None:
        running = months(day("2025-12-15"), day("2026-02-10"))
        assert [(month.key, month.to_date) for month in running] == [("2025-12", False), ("2026-01", False), ("2026-02", True)]
        complete = months(day("2025-12-15"), day("2026-01-31"))
        assert [(month.key, month.to_date) for month in complete] == [("2025-12", False), ("2026-01", False)]

    def test_at_most_24_complete_months(self) -> None:
        found = months(day("2020-01-01"), day("2026-02-10"))
        assert (len(found), found[0].key) == (25, "2024-02")

    def test_no_invoice_no_month(self) -> None:
        assert months(None, day(D)) == ()
