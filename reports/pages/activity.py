"""What is to be done today, what was done and by whom, what waits and why."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from reports.pages import series
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, table
from reports.pages.page import Page, Panel
from reports.pages.report import Reader, month_day, months
from sync.dunning.reasons import State
from sync.ledger.model import JournalRow
from sync.ledger.words import Act, Channel

SHOWN = (Act.SENT, Act.DONE, Act.SKIPPED, Act.FAILED, Act.BOUNCED, Act.UNCERTAIN, Act.WITHHELD, Act.REPLIED, Act.PROMISED)
ROLES = ("first", "second", "third", "fourth", "age-1", "age-3", "age-4")
TEST_NOTE = "test"
_DAY = timedelta(days=1)


def pages(reader: Reader) -> Sequence[Page]:
    panels = [panel(reader, currency) for currency in reader.facts.currencies]
    figures = {"months": by_month(reader)}
    if reader.facts.is_internal:
        figures |= {"actors": by_actor(reader), "outcomes": outcomes(reader)}
    recent = [row for row in acts(reader) if (reader.facts.as_of - row.when.date()).days < 30]
    facts = {
        "recent": len(recent),
        "by_people": sum(row.actor != "relance" for row in recent),
        "failed": sum(row.status in (Act.FAILED, Act.BOUNCED, Act.UNCERTAIN) for row in journal(reader)
                      if (reader.facts.as_of - row.when.date()).days < 30),
    }  # fmt: skip
    return [Page(name="activity", panels=panels if reader.facts.is_internal else (), figures=figures, facts=facts)]


def journal(reader: Reader) -> Sequence[JournalRow]:
    """Acts up to the day of the report; diverted tests are no acts."""
    return [row for row in reader.facts.ledger.journal if row.when.date() <= reader.facts.as_of and row.note != TEST_NOTE]


def acts(reader: Reader) -> Sequence[JournalRow]:
    return [row for row in journal(reader) if row.status in (Act.SENT, Act.DONE) and row.channel]


def panel(reader: Reader, currency: str) -> Panel:
    figures = {"todo": todo(reader, currency), "waiting": waiting(reader, currency)}
    due = [one for one in reader.conclusion.decisions if one.currency == currency and one.state is State.DUE]
    return Panel(currency=currency, figures=figures, facts={
        "due": len(due), "due_amount": sum(one.amount for one in due) / 100,
        "people": sum(one.approval.value == "person" for one in due),
        "resting": sum(one.currency == currency and one.state not in (State.DUE, State.SCHEDULED, State.NONE)
                       for one in reader.conclusion.views),
    })  # fmt: skip


def todo(reader: Reader, currency: str) -> Figure:
    """The day's decisions by priority."""
    words = reader.words
    due = [one for one in reader.conclusion.decisions if one.currency == currency and one.state is State.DUE]
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        Column(key="action", label=words("column.action")),
        Column(key="who", label=words("column.who")),
        Column(key="invoices", label=words("column.invoices"), kind=Kind.COUNT),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=currency),
        Column(key="since", label=words("column.due_since"), kind=Kind.DATE),
        Column(key="priority", label=words("column.priority"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [
            reader.customer(one.customer), words(f"channel.{one.channel.value}"), words(f"approval.{one.approval.value}"),
            len(one.invoices), one.amount / 100, one.action_date, one.priority,
        ]
        for one in sorted(due, key=lambda one: (-one.priority, one.customer))
    ]  # fmt: skip
    made = table(series.key_of(currency, "todo"), words("figure.todo"), columns, rows, filters=True)
    return Figure(key=made.key, table=made)


def waiting(reader: Reader, currency: str) -> Figure:
    """Open invoices that get no message today, by reason."""
    words = reader.words
    views = [one for one in reader.conclusion.views if one.currency == currency and one.open > 0 and one.days_late > 0]
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for view in views:
        if view.state is not State.DUE:
            counts[view.reason.value] += 1
            amounts[view.reason.value] += view.open
    columns = [
        Column(key="reason", label=words("column.why_waiting")),
        Column(key="n", label=words("column.invoices"), kind=Kind.COUNT),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=currency),
    ]
    rows: list[list[Raw]] = [
        [words(f"reason.{reason}"), counts[reason], amounts[reason] / 100]
        for reason in sorted(counts, key=lambda reason: (-amounts[reason], reason))
    ]
    made = table(series.key_of(currency, "waiting"), words("figure.waiting"), columns, rows)
    return Figure(key=made.key, table=made, chart=Chart(x="reason", across=True, series=[Series(column="amount", role="age-1")]))


def by_month(reader: Reader) -> Figure:
    """What went out or was done, by channel."""
    words, done = reader.words, acts(reader)
    present = [channel for channel in Channel if any(row.channel == channel for row in done)]
    columns = [
        Column(key="month", label=words("column.month"), kind=Kind.MONTH),
        *(
            Column(key=channel.value, label=words(f"channel.{channel.value}").capitalize(), kind=Kind.COUNT)
            for channel in present
        ),
    ]
    counts = Counter((row.when.date().replace(day=1), row.channel) for row in done)
    calendar = _months(reader)
    rows: list[list[Raw]] = [[month, *(counts[month, channel.value] for channel in present)] for month in calendar]
    running = (
        frozenset({len(calendar) - 1})
        if calendar and reader.facts.as_of.month == (reader.facts.as_of + _DAY).month
        else frozenset()
    )
    made = table("acts-months", words("figure.acts_months"), columns, rows, hollow=running)
    drawn = [Series(column=channel.value, role=ROLES[place]) for place, channel in enumerate(present)]
    until = words("chart.to_day", day=reader.facts.as_of.day) if running else ""
    chart = Chart(x="month", stacked=True, series=drawn, running=until)
    return Figure(key=made.key, table=made, chart=chart if drawn else None)


def _months(reader: Reader) -> Sequence[date]:
    found: set[date] = set()
    for currency in reader.facts.currencies:
        found |= {month_day(entry) for entry in months(reader.facts.panel(currency))[-13:]}
    return sorted(found)


def by_actor(reader: Reader) -> Figure:
    """Who did what over thirty days."""
    words = reader.words
    recent = [row for row in acts(reader) if (reader.facts.as_of - row.when.date()).days < 30]
    present = [channel for channel in Channel if any(row.channel == channel for row in recent)]
    counts = Counter((row.actor, row.channel) for row in recent)
    columns = [
        Column(key="actor", label=words("column.who")),
        *(
            Column(key=channel.value, label=words(f"channel.{channel.value}").capitalize(), kind=Kind.COUNT)
            for channel in present
        ),
        Column(key="total", label=words("column.total"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [actor, *(counts[actor, channel.value] for channel in present), sum(counts[actor, channel.value] for channel in present)]
        for actor in sorted({actor for actor, _ in counts})
    ]
    made = table("actors", words("figure.actors"), columns, rows)
    return Figure(key=made.key, table=made)


def outcomes(reader: Reader) -> Figure:
    """Every outcome of thirty days, problems included."""
    words = reader.words
    recent = [row for row in journal(reader) if (reader.facts.as_of - row.when.date()).days < 30]
    counts = Counter(row.status for row in recent)
    columns = [
        Column(key="status", label=words("column.outcome")),
        Column(key="n", label=words("column.number"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [[words(f"act.{status.value}"), counts[status]] for status in SHOWN if counts[status]]
    made = table("outcomes", words("figure.outcomes"), columns, rows)
    return Figure(key=made.key, table=made)
