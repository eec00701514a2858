"""Promises and whether they were kept, instalment plans, and disputes by age: all three stop reminders."""

from collections.abc import Sequence
from datetime import date

from reports.pages import series
from reports.pages.lists import contested, disputed_part
from reports.pages.measured import tile
from reports.pages.model import Column, Figure, Kind, Raw, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, count, part, value
from sync.dunning.agreements.plans import PlanState
from sync.dunning.agreements.promises import PromiseState

RECENT = 365


def pages(reader: Reader) -> Sequence[Page]:
    return [Page(name="promises", panels=[panel(reader, currency) for currency in reader.facts.currencies])]


def panel(reader: Reader, currency: str) -> Panel:
    found = reader.facts.panel(currency)
    tiles = [
        tile(reader, "promise_kept", part(found, "promise_kept")),
        tile(reader, "promise_kept_amount", part(found, "promise_kept_amount"), is_estimate=True),
        tile(reader, "promise_kept_strict", part(found, "promise_kept_strict")),
        tile(reader, "dispute_rate", part(found, "dispute_rate")),
        tile(reader, "dispute_resolution_days", part(found, "dispute_resolution_days"), is_estimate=True),
        tile(reader, "dispute_open_age", part(found, "dispute_open_age")),
    ]
    figures: dict[str, Figure] = {"states": states(reader, currency)}
    if reader.facts.is_internal:
        figures |= {
            "promises": promises(reader, currency), "plans": plans(reader, currency), "disputes": disputes(reader, currency),
        }  # fmt: skip
    return Panel(currency=currency, tiles=tiles, figures=figures, facts=facts(reader, currency))


def facts(reader: Reader, currency: str) -> dict[str, object]:
    found, own = reader.facts.panel(currency), [one for one in reader.facts.promises if one.currency == currency]
    live = [one for one in own if one.state is PromiseState.OPEN]
    running = [
        one for one in reader.conclusion.plans
        if one.currency == currency and one.state in (PlanState.KEPT, PlanState.LATE)
    ]  # fmt: skip
    open_disputes = contested(reader.facts.portfolios[currency], reader.facts.ledger.journal) if reader.facts.is_internal else ()
    return {
        "judged": count(part(found, "promise_kept")),
        "kept": value(part(found, "promise_kept")) if count(part(found, "promise_kept")) >= 5 else None,
        "live": len(live),
        "live_amount": sum(max(0, one.amount - one.paid) for one in live) / 100,
        "plans": len(running),
        "plans_left": sum(one.total - one.paid for one in running) / 100,
        "late_plans": sum(one.state is PlanState.LATE for one in running),
        "disputes": len(open_disputes),
        "disputed": sum(disputed_part(one) for one in open_disputes) / 100,
        "age": value(part(found, "dispute_open_age")),
    }


def states(reader: Reader, currency: str) -> Figure:
    """How many promises stand in each state, and for how much."""
    words = reader.words
    columns = [
        Column(key="state", label=words("column.state")),
        Column(key="n", label=words("column.promises"), kind=Kind.COUNT),
        Column(key="amount", label=words("column.promised"), kind=Kind.MONEY, currency=currency),
        Column(key="paid", label=words("column.paid"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = []
    for state in PromiseState:
        own = [one for one in reader.facts.promises if one.currency == currency and one.state is state]
        rows.append(
            [words(f"promise.{state.value}"), len(own), sum(one.amount for one in own) / 100, sum(one.paid for one in own) / 100]
        )
    made = table(series.key_of(currency, "promise-states"), words("figure.promise_states"), columns, rows)
    return Figure(key=made.key, table=made, definition="promise_kept")


def promises(reader: Reader, currency: str) -> Figure:
    """The promises of the last year, the ones still running first."""
    words = reader.words
    own = [
        one for one in reader.facts.promises
        if one.currency == currency and (reader.facts.as_of - one.day).days <= RECENT
    ]  # fmt: skip
    own.sort(key=lambda one: (one.state is not PromiseState.OPEN, -one.day.toordinal(), one.customer))
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        Column(key="invoices", label=words("column.invoices")),
        Column(key="made", label=words("column.made_on"), kind=Kind.DATE),
        Column(key="day", label=words("column.promised_for"), kind=Kind.DATE),
        Column(key="amount", label=words("column.promised"), kind=Kind.MONEY, currency=currency),
        Column(key="paid", label=words("column.paid"), kind=Kind.MONEY, currency=currency),
        Column(key="state", label=words("column.state")),
    ]
    rows: list[list[Raw]] = [
        [
            reader.customer(one.customer), ", ".join(one.invoices), one.made_on, one.day, one.amount / 100, one.paid / 100,
            words(f"promise.{one.state.value}"),
        ]
        for one in own
    ]  # fmt: skip
    made = table(series.key_of(currency, "promises"), words("figure.promises"), columns, rows, filters=True)
    return Figure(key=made.key, table=made, definition="promise_kept")


def plans(reader: Reader, currency: str) -> Figure:
    words = reader.words
    columns = [
        Column(key="plan", label=words("column.plan")),
        Column(key="customer", label=words("column.customer")),
        Column(key="agreed", label=words("column.agreed_on"), kind=Kind.DATE),
        Column(key="total", label=words("column.total"), kind=Kind.MONEY, currency=currency),
        Column(key="paid", label=words("column.paid"), kind=Kind.MONEY, currency=currency),
        Column(key="next", label=words("column.next_due"), kind=Kind.DATE),
        Column(key="state", label=words("column.state")),
    ]
    rows: list[list[Raw]] = [
        [
            one.plan, reader.customer(one.customer), one.agreed_on, one.total / 100, one.paid / 100, one.next_due,
            words(f"plan.{one.state.value}"),
        ]
        for one in reader.conclusion.plans
        if one.currency == currency
    ]  # fmt: skip
    made = table(series.key_of(currency, "plans"), words("figure.plans"), columns, rows)
    return Figure(key=made.key, table=made)


def disputes(reader: Reader, currency: str) -> Figure:
    """The oldest first: a dispute has an owner and no end of its own."""
    words, facts_ = reader.words, reader.facts
    found = sorted(contested(facts_.portfolios[currency], facts_.ledger.journal), key=lambda one: (one.opened, one.item.number))
    columns = [
        Column(key="invoice", label=words("column.invoice")),
        Column(key="customer", label=words("column.customer")),
        Column(key="since", label=words("column.since"), kind=Kind.DATE),
        Column(key="age", label=words("column.age_days"), kind=Kind.COUNT),
        Column(key="disputed", label=words("column.disputed"), kind=Kind.MONEY, currency=currency),
    ]
    today = facts_.as_of.toordinal()
    rows: list[list[Raw]] = [
        [
            one.item.number, reader.customer(one.item.customer), date.fromordinal(one.opened), today - one.opened,
            disputed_part(one) / 100,
        ]
        for one in found
    ]  # fmt: skip
    made = table(series.key_of(currency, "disputes"), words("figure.disputes"), columns, rows)
    return Figure(key=made.key, table=made, definition="dispute_rate")
