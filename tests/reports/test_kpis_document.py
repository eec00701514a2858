"""kpis.json as the contract promises it: keys, units, nulls with their reasons, sums that hold."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from portfolio_builders import act, day, invoice, ledger, payment

from reports.cash import forecasts
from reports.customers import customer_figures
from reports.kpis import data_quality, kpis_document, segments_of
from reports.portfolio import balances, portfolios
from sync.dunning.model import Profile, Settings
from sync.ledger.model import Contact, Handling, Ledger
from sync.ledger.words import Act, DelayReason, Segment, Status

RUN = datetime(2026, 2, 10, 8, 30, tzinfo=UTC)
AS_OF = day("2026-02-10")
MEASURE = {"value", "unit", "n", "numerator", "denominator", "why_null", "warnings"}
BUCKETS = {"not_due", "1-30", "31-60", "61-90", "91+"}


def small() -> Ledger:
    return ledger(
        invoice("F-1", "2025-11-05", "2025-12-05", "120.10", customer="A"), payment("2025-12-20", "F-1", "120.10", customer="A"),
        invoice("F-2", "2025-12-10", "2026-01-09", "200.00", customer="A"), payment("2026-01-09", "F-2", "50.00", customer="A"),
        invoice("F-3", "2026-01-15", "2026-02-14", "300.05", customer="B"),
        invoice("AV-1", "2026-02-01", "2026-02-01", "-20.00", customer="B"),
        invoice("U-1", "2026-01-15", "2026-02-14", "10.00", customer="B", currency="USD"),
    )  # fmt: skip


def made(held: Ledger | None = None, as_of: date = AS_OF, **more: Any) -> dict[str, Any]:
    held = held or small()
    written = kpis_document(held, {("A", "EUR"): "watch"}, held.journal, as_of, RUN, **more)
    return json.loads(json.dumps(written, allow_nan=False))


def test_the_whole_shape() -> None:
    document = made(forecasts=forecasts(small(), {}, AS_OF, Settings()))
    assert document["as_of"] == "2026-02-10"
    assert document["run_at"] == "2026-02-10T08:30:00+00:00"
    assert {"rows_rejected", "unmatched_payments", "no_due_date", "customers_without_contact"} <= document["quality"].keys()
    assert list(document["currencies"]) == ["EUR", "USD"]
    panel = document["currencies"]["EUR"]
    for key in ("open", "overdue", "unapplied"):
        assert panel[key]["unit"] == "EUR"
    for key in ("dso_simple_90", "dso_simple_365", "dso_count_back", "dso_best_possible_90", "add_90"):
        assert panel[key]["unit"] == "days"
    for key in ("overdue_rate", "top10_share", "promise_kept"):
        assert panel[key]["unit"] == "ratio"
    assert panel["hhi"]["unit"] == "points"
    assert {"mean", "median", "weighted"} <= panel["days_late"].keys()
    assert panel["ageing"].keys() == BUCKETS
    assert panel["segments"].keys() == {"reliable", "occasional", "watch", "new"}
    assert [month["month"] for month in panel["months"]] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [month.get("to_date", False) for month in panel["months"]] == [False, False, False, True]
    assert {"0", "30", "60", "90"} <= panel["months"][0]["recovery"].keys()
    for key in ("open", "overdue", "dso_simple_90", "dso_count_back", "cei", "on_time_share", "on_time_share_amount"):
        assert panel["months"][0][key].keys() >= MEASURE
    assert panel["forecast"]["method"] == "due_dates"


def test_every_null_has_a_reason_and_no_number_is_lost() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "value" in node:
                assert node.keys() >= MEASURE
                assert (node["value"] is None) == bool(node["why_null"])
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(made())
    walk(made(replace(small(), invoices=[], payments=[])))


def test_open_is_the_buckets_plus_unapplied_to_the_cent_everywhere() -> None:
    panel = made()["currencies"]["EUR"]
    assert panel["open"]["value"] == 430.05
    assert panel["unapplied"]["value"] == -20
    assert panel["ageing"]["31-60"] == {"count": 1, "amount": "150.00"}
    for part in (panel, *panel["months"], *panel["segments"].values()):
        buckets = sum(Decimal(bucket["amount"]) for bucket in part["ageing"].values())
        assert Decimal(str(part["open"]["value"])) == buckets + Decimal(str(part["unapplied"]["value"]))
    assert panel["overdue_rate"]["value"] == pytest.approx(150 / 450.05)


def test_segments_sum_to_the_currency_and_share_its_history() -> None:
    panel = made()["currencies"]["EUR"]
    watch, new = panel["segments"]["watch"], panel["segments"]["new"]
    assert watch["open"]["value"] + new["open"]["value"] == pytest.approx(panel["open"]["value"])
    assert panel["segments"]["reliable"]["open"]["value"] == 0
    assert new["dso_simple_90"]["window"] == panel["dso_simple_90"]["window"]


def test_each_month_is_as_of_its_own_day() -> None:
    november, december, january, february = made()["currencies"]["EUR"]["months"]
    assert november["open"]["value"] == 120.10
    assert december["as_of"] == "2025-12-31"
    assert (december["open"]["value"], december["on_time_share"]["value"]) == (200, 0)
    assert january["open"]["value"] == 450.05
    assert december["cei"]["value"] == pytest.approx((120.10 + 200 - 200) / (120.10 + 200 - 200))
    assert february["as_of"] == "2026-02-10"
    assert december["recovery"]["30"]["value"] == 1
    assert (january["recovery"]["30"]["value"], january["recovery"]["30"]["n"]) == (0.25, 1)
    assert january["recovery"]["60"]["why_null"] == "not_yet_observed"


def test_a_complete_month_at_the_report_date_is_not_to_date() -> None:
    months = made(as_of=day("2026-01-31"))["currencies"]["EUR"]["months"]
    assert ("to_date" in months[-1], months[-1]["month"]) == (False, "2026-01")


def test_the_past_does_not_move_when_the_future_comes() -> None:
    """A month's figures are the same when the report is made on its last day and a month later."""
    then = made(as_of=day("2026-01-31"))["currencies"]["EUR"]["months"][-1]
    later = made(as_of=AS_OF)["currencies"]["EUR"]["months"][2]
    assert {key: value for key, value in then.items() if key != "recovery"} == {
        key: value for key, value in later.items() if key != "recovery"
    }


def test_profiles_give_the_segments() -> None:
    profile = Profile(customer="A", currency="EUR", segment=Segment.WATCH, risk=50, open=0, overdue=0, usual_delay=None)
    assert segments_of([profile]) == {("A", "EUR"): "watch"}


def test_quality_counts_what_cannot_be_trusted() -> None:
    held = replace(
        small(),
        contacts={"A": Contact(row=2, customer="A", emails=("a@example.org",))},
        invoices=[*small().invoices, replace(small().invoices[0], number="F-9", due_is_assumed=True)],
        payments=[*small().payments, payment("2026-02-01", "", 5), payment("2026-02-02", "GONE", 5)],
        rows_rejected=3,
    )
    assert data_quality(held, AS_OF) == {
        "rows_rejected": 3, "unmatched_payments": 2, "no_due_date": 1, "customers_without_contact": 1,
    }  # fmt: skip
    assert made(held, quality={"rows_rejected": 7})["quality"]["rows_rejected"] == 7


def test_figures_on_fewer_than_95_percent_of_the_rows_say_so() -> None:
    assert made(quality={"rows_rejected": 0})["currencies"]["EUR"]["open"]["warnings"] == []
    panel = made(quality={"rows_rejected": 1})["currencies"]["EUR"]
    assert panel["open"]["warnings"] == panel["months"][0]["open"]["warnings"] == ["fewer_than_95_percent_of_rows"]


def test_the_figures_of_each_customer() -> None:
    held = portfolios(small(), AS_OF)["EUR"]
    first, second = customer_figures(held)
    assert (first.customer, first.overdue, first.net, first.oldest_late, first.is_overdue) == ("A", 150_00, 150_00, 32, True)
    assert first.last_payment == day("2026-01-09")
    assert (first.median_days_late.value, first.on_time_share.numerator, first.on_time_share.n) == (15, 0, 2)
    assert (second.customer, second.net, second.is_overdue) == ("B", 280_05, False)
    assert sum(one.net for one in (first, second)) == balances(held, [held.as_of])[0].net


def test_a_customer_whose_free_money_covers_all_is_not_overdue() -> None:
    held = portfolios(ledger(invoice("F", "2025-12-01", "2026-01-01", 100), payment("2026-02-01", "", 100)), AS_OF)["EUR"]
    (only,) = customer_figures(held)
    assert (only.overdue, only.net, only.is_overdue) == (100_00, 0, False)


def test_a_promise_typed_in_the_cells_without_its_day_is_judged_from_the_issue() -> None:
    said = Handling(promised=day("2026-01-20"), promised_amount=200_00)
    held = ledger(
        invoice("F-1", "2025-12-01", "2026-01-01", 200, handling=said), payment("2026-01-15", "F-1", 200),
        invoice("F-2", "2025-12-01", "2026-01-01", 200, handling=said),
    )  # fmt: skip
    panel = made(held)["currencies"]["EUR"]
    assert (panel["promise_kept"]["value"], panel["promise_kept"]["n"]) == (0.5, 2)


class TestStages:
    """Recovery by stage (§9): matured acts only, last touch, no credit for what was under way."""

    def stage(self, step: int, *journal: Any, rows: Any = ()) -> dict[str, Any]:
        held = ledger(invoice("F", "2025-11-01", "2025-12-01", 100), *rows, journal=journal)
        found = [one for one in made(held)["currencies"]["EUR"]["stages"] if one["step"] == step]
        assert len(found) == 1
        return found[0]

    def test_money_of_the_day_is_not_credited_and_the_horizon_is_included(self) -> None:
        sent = act("2026-01-02", Act.SENT, "F", step=1, key="K1")
        one = self.stage(
            1, sent, rows=(payment("2026-01-02", "F", 10), payment("2026-01-16", "F", 30), payment("2026-01-17", "F", 40))
        )
        assert (one["cadence"], one["step"], one["channel"], one["n"]) == ("standard", 1, "email", 1)
        assert one["recovery_14"]["value"] == pytest.approx(30 / 90)
        assert one["recovery_7"]["value"] == 0

    def test_the_next_stage_takes_over_after_its_day(self) -> None:
        first, second = (
            act("2026-01-02", Act.SENT, "F", step=1, key="K1"),
            act("2026-01-09", Act.DONE, "F", step=2, channel="call"),
        )
        rows = (payment("2026-01-09", "F", 20), payment("2026-01-10", "F", 30))
        assert self.stage(1, first, second, rows=rows)["recovery_14"]["numerator"] == 20
        assert self.stage(2, first, second, rows=rows)["recovery_14"]["numerator"] == 30

    def test_only_matured_acts_enter(self) -> None:
        one = self.stage(1, act("2026-01-28", Act.SENT, "F", step=1, key="K1"))
        assert (one["n"], one["recovery_14"]["value"], one["recovery_14"]["why_null"]) == (0, None, "no_matured_action")

    def test_bounced_failed_and_diverted_messages_are_no_acts(self) -> None:
        one = self.stage(
            1,
            act("2026-01-02", Act.SENT, "F", step=1, key="K1"), act("2026-01-03", Act.BOUNCED, "F", step=1, key="K1"),
            act("2026-01-04", Act.FAILED, "F", step=1, key="K2"),
            act("2026-01-05", Act.SENT, "F", step=1, key="K3", note="test"),
        )  # fmt: skip
        assert (one["n"], one["failed"]) == (0, 2)

    def test_a_repeat_is_no_new_unit_and_a_reply_counts_once_for_a_message(self) -> None:
        more = (invoice("G", "2025-11-01", "2025-12-01", 100),)
        one = self.stage(
            1,
            act("2026-01-02", Act.SENT, "F", "G", step=1, key="K1"), act("2026-01-10", Act.SENT, "F", "G", step=1, key="K2"),
            act("2026-01-05", Act.REPLIED), act("2026-01-06", Act.REPLIED, note="auto"),
            rows=more,
        )  # fmt: skip
        assert (one["n"], one["response_14"]["n"], one["response_14"]["value"]) == (2, 1, 1)

    def test_cost_of_100_and_money_that_came_by_itself(self) -> None:
        held = ledger(
            invoice("F", "2025-11-01", "2025-12-01", 100), payment("2026-01-10", "F", 50), payment("2026-02-01", "F", 30),
            journal=(act("2026-01-02", Act.SENT, "F", step=1, key="K1"),),
        )  # fmt: skip
        panel = made(held, settings=Settings(cost_email=25))["currencies"]["EUR"]
        assert panel["stages"][0]["cost_per_100_14"]["value"] == 0.5
        assert panel["unprompted_share"]["value"] == 30 / 80

    def test_an_automatic_reply_is_no_response_and_a_promise_is_one(self) -> None:
        sent = act("2026-01-02", Act.SENT, "F", step=1, key="K1")
        assert self.stage(1, sent, act("2026-01-03", Act.REPLIED, note="auto"))["response_14"]["value"] == 0
        promised = self.stage(1, sent, act("2026-01-16", Act.PROMISED, "F", new="2026-01-30"))
        assert (promised["response_14"]["value"], promised["promised_14"]["value"]) == (1, 1)


class TestDisputesAndCosts:
    def test_only_the_disputed_part_counts(self) -> None:
        contested = Handling(reason=DelayReason.DISPUTE, reason_on=day("2026-01-05"), disputed_amount=40_00)
        held = ledger(
            invoice("F", "2025-12-01", "2026-01-01", 100, handling=contested), invoice("G", "2026-01-20", "2026-02-20", 100)
        )
        panel = made(held)["currencies"]["EUR"]
        assert panel["dispute_rate"]["value"] == 0.2
        assert panel["dispute_share_of_overdue"]["value"] == 0.4
        assert panel["dispute_incidence"]["value"] == 0.2
        assert panel["dispute_open_age"]["value"] == 36

    def test_a_reopened_dispute_is_the_same_and_its_clock_goes_on(self) -> None:
        seen = [
            act("2026-01-01", Act.OBSERVED, "F", field="reason", new="dispute"),
            act("2026-01-05", Act.OBSERVED, "F", field="reason", old="dispute"),
            act("2026-01-08", Act.OBSERVED, "F", field="reason", new="dispute"),
            act("2026-01-31", Act.OBSERVED, "F", field="reason", old="dispute"),
        ]
        held = ledger(invoice("F", "2025-12-01", "2026-01-01", 100), journal=tuple(seen))
        panel = made(held)["currencies"]["EUR"]
        assert (panel["dispute_resolution_days"]["value"], panel["dispute_rate"]["value"]) == (30, 0)

    def test_costs_are_not_guessed(self) -> None:
        panel = made()["currencies"]["EUR"]
        assert panel["financing_cost"]["why_null"] == "cost_of_capital_not_set"
        assert panel["handling_cost"]["why_null"] == "action_costs_not_set"
        assert panel["cost_of_arrears"]["warnings"] == ["cost_of_capital_not_set", "action_costs_not_set"]

    def test_financing_and_handling_and_write_offs(self) -> None:
        lost = Handling(status=Status.WRITTEN_OFF, status_on=day("2026-01-11"))
        held = ledger(
            invoice("F", "2025-12-01", "2026-01-01", 3650, handling=lost), payment("2026-01-20", "F", 650),
            journal=(act("2026-01-03", Act.SENT, "F", step=1), act("2026-01-05", Act.DONE, "F", step=2, channel="call")),
        )  # fmt: skip
        chosen = Settings(cost_of_capital=Decimal(10), cost_email=50, cost_call=400)
        panel = made(held, settings=chosen)["currencies"]["EUR"]
        assert panel["financing_cost"]["value"] == pytest.approx(3650 * 9 * 0.10 / 365)  # late from 2 to 10 January
        assert panel["handling_cost"]["value"] == 4.5
        assert panel["bad_debt"]["value"] == pytest.approx(3000 / 3650)
        assert panel["cost_of_arrears"]["value"] == pytest.approx(9 + 4.5 + 3000)

    def test_less_than_a_year_of_rolls_gives_no_loss_rate(self) -> None:
        panel = made()["currencies"]["EUR"]
        assert panel["expected_loss"]["why_null"] == "less_than_12_months_of_rolls"
        row = panel["roll_rates"]["not_due"]
        assert sum(fate["value"] for fate in row.values()) == pytest.approx(1)


def test_loss_rates_come_from_a_year_of_rolls() -> None:
    """Each month one invoice is paid when due, one ends 91+ late and is half lost: rolls of 1/2 at the first bucket only."""
    rows: list[Any] = []
    for month in range(1, 25):
        year, of_year = divmod(month - 1, 12)
        first = date(2024 + year, of_year + 1, 1)
        due = date.fromordinal(first.toordinal() + 14)
        rows.append(invoice(f"OK-{month}", str(first), str(due), 100))
        rows.append(payment(str(due), f"OK-{month}", 100))
        rows.append(invoice(f"BAD-{month}", str(first), str(due), 100))
        paid = date.fromordinal(due.toordinal() + 150)
        rows.append(payment(str(paid), f"BAD-{month}", 50))
        if paid <= AS_OF:
            rows[-2] = replace(
                rows[-2], handling=Handling(status=Status.WRITTEN_OFF, status_on=date.fromordinal(paid.toordinal() + 1))
            )
    panel = made(ledger(*rows))["currencies"]["EUR"]
    assert panel["loss_final_91"]["value"] == pytest.approx(0.5)
    assert panel["loss_rates"]["91+"]["value"] == pytest.approx(0.5)
    assert panel["loss_rates"]["61-90"]["value"] <= 0.5
    assert panel["expected_loss"]["unit"] == "EUR"
    assert panel["expected_loss"]["value"] > 0
