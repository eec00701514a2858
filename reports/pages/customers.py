"""The customers of the internal edition: an index, and one page each: statement, behaviour, promises, what was done."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.customers import CustomerFigures
from reports.pages import series
from reports.pages.measured import is_words, shown, tile
from reports.pages.model import Chart, Column, Figure, Kind, Raw, Series, Tile, table
from reports.pages.overview import next_actions
from reports.pages.page import Page, Panel
from reports.pages.report import Reader
from reports.portfolio import BUCKETS
from sync.dunning.model import Decision, InvoiceView, Profile
from sync.ledger.model import Invoice, JournalRow, Payment
from sync.ledger.words import Act

TOLD = frozenset({Act.SENT, Act.DONE, Act.SKIPPED, Act.FAILED, Act.BOUNCED, Act.UNCERTAIN, Act.REPLIED, Act.PROMISED})
TIMELINE = 60  # lines shown of the past
RECENT = 730  # days of it


def pages(reader: Reader) -> Sequence[Page]:
    """The index; the pages themselves are made one by one (`each`)."""
    if not reader.facts.is_internal:
        return []
    panels = [index(reader, currency) for currency in reader.facts.currencies]
    return [Page(name="customers", panels=panels)]


def index(reader: Reader, currency: str) -> Panel:
    words, lines = reader.words, reader.facts.customers.get(currency, ())
    profiles = {one.customer: one for one in reader.conclusion.profiles if one.currency == currency}
    nexts = next_actions(reader, currency)
    columns = [
        Column(key="customer", label=words("column.customer"), filter=True),
        Column(key="segment", label=words("column.segment")),
        Column(key="open", label=reader.label("open"), kind=Kind.MONEY, currency=currency),
        Column(key="overdue", label=reader.label("overdue"), kind=Kind.MONEY, currency=currency),
        Column(key="oldest", label=words("column.oldest_late"), kind=Kind.COUNT),
        Column(key="delay", label=words("column.usual_delay"), kind=Kind.COUNT),
        Column(key="risk", label=words("column.risk"), kind=Kind.COUNT),
        Column(key="next", label=words("column.next_action")),
    ]
    rows: list[list[Raw]] = []
    for one in lines:
        profile = profiles.get(one.customer)
        rows.append(
            [
                reader.customer(one.customer), words(f"segment.{profile.segment.value}") if profile else "", one.net / 100,
                one.overdue / 100, one.oldest_late, profile.usual_delay if profile else None, profile.risk if profile else None,
                nexts.get(one.customer, ""),
            ]
        )  # fmt: skip
    made = table(series.key_of(currency, "customers"), words("figure.customers"), columns, rows, filters=True)
    late = [one for one in lines if one.is_overdue]
    facts = {"all": len(lines), "late": len(late), "overdue": sum(one.overdue for one in late) / 100}
    return Panel(currency=currency, figures={"all": Figure(key=made.key, table=made)}, facts=facts)


@dataclass(frozen=True, slots=True)
class Files:
    """Each customer's rows, gathered once for all pages."""

    figures: Mapping[str, Sequence[CustomerFigures]]
    invoices: Mapping[str, Mapping[str, Invoice]]
    views: Mapping[str, Sequence[InvoiceView]]
    decisions: Mapping[str, Sequence[Decision]]
    profiles: Mapping[str, Sequence[Profile]]
    journal: Mapping[str, Sequence[JournalRow]]
    payments: Mapping[str, Sequence[Payment]]
    coming: Mapping[str, Mapping[str, str]]  # by currency: what comes next for each customer, or why nothing does


def files(reader: Reader) -> Files:
    facts, conclusion = reader.facts, reader.conclusion
    figures: dict[str, list[CustomerFigures]] = defaultdict(list)
    for currency in facts.currencies:
        for one in facts.customers.get(currency, ()):
            figures[one.customer].append(one)
    invoices: dict[str, dict[str, Invoice]] = defaultdict(dict)
    for invoice in facts.ledger.invoices:
        invoices[invoice.customer][invoice.number] = invoice
    grouped: tuple[dict[str, list[InvoiceView]], dict[str, list[Decision]], dict[str, list[Profile]]]
    grouped = (defaultdict(list), defaultdict(list), defaultdict(list))
    for view in conclusion.views:
        grouped[0][view.customer].append(view)
    for decision in conclusion.decisions:
        grouped[1][decision.customer].append(decision)
    for profile in conclusion.profiles:
        grouped[2][profile.customer].append(profile)
    journal: dict[str, list[JournalRow]] = defaultdict(list)
    for row in facts.ledger.journal:
        if row.status in TOLD and row.when.date() <= facts.as_of and row.note != "test":
            journal[row.customer].append(row)
    payments: dict[str, list[Payment]] = defaultdict(list)
    for payment in facts.ledger.payments:
        if payment.paid_on <= facts.as_of:
            payments[payment.customer].append(payment)
    coming = {currency: next_actions(reader, currency) for currency in facts.currencies}
    return Files(figures, invoices, *grouped, journal, payments, coming)


def each(reader: Reader) -> Iterator[tuple[str, Page]]:
    """(customer, page) for every customer that has a page, in order of customer."""
    known = files(reader)
    for customer in sorted(reader.facts.slugs):
        panels = [panel(reader, known, one) for one in known.figures.get(customer, ())]
        slug = reader.facts.slugs[customer]
        contact = reader.facts.ledger.contacts.get(customer)
        profiles = known.profiles.get(customer, ())
        yield customer, Page(
            name=slug, template="customer", panels=panels, figures={"timeline": timeline(reader, known, customer, slug)},
            facts={
                "key": customer, "name": reader.facts.name(customer), "contact": contact,
                "numbers": list(known.invoices.get(customer, ())), "advice": [one.advice for one in profiles if one.advice],
            },
        )  # fmt: skip


def panel(reader: Reader, known: Files, one: CustomerFigures) -> Panel:
    customer, currency, slug = one.customer, one.currency, reader.facts.slugs[one.customer]
    profile = next((own for own in known.profiles.get(customer, ()) if own.currency == currency), None)
    nexts = [own for own in known.decisions.get(customer, ()) if own.currency == currency]
    figures = {"statement": statement(reader, known, one, slug)}
    if one.balance.gross:
        figures["ageing"] = ageing(reader, one, slug)
    return Panel(currency=currency, tiles=tiles(reader, one, profile), figures=figures, facts={
        "open": one.net / 100, "overdue": one.overdue / 100, "next": nexts[0] if nexts else None,
        "coming": known.coming[currency].get(customer, ""), "told": nexts[0].why if nexts else "",
        "why": list(profile.why) if profile else [], "risk": profile.risk if profile else None,
    })  # fmt: skip


def tiles(reader: Reader, one: CustomerFigures, profile: Profile | None) -> list[Tile]:
    words, numbers = reader.words, reader.numbers
    paid = numbers.short_day(one.last_payment) if one.last_payment else words("customer.none")
    risk = words("tile.risk_note", risk=profile.risk) if profile else ""
    segment = words(f"segment.{profile.segment.value}") if profile else words("customer.none")
    return [
        Tile(key="open", label=reader.label("open"), value=numbers.money(one.net / 100, one.currency, 0)),
        Tile(
            key="overdue", label=reader.label("overdue"), value=numbers.money(one.overdue / 100, one.currency, 0),
            note=words("tile.oldest_note", days=numbers.days(one.oldest_late, 0)) if one.oldest_late else "",
        ),
        tile(reader, "median_days_late", one.median_days_late.to_json(), is_estimate=True, definition="days_late-median"),
        Tile(
            key="on_time", label=reader.label("on_time_share"), value=shown(reader, one.on_time_share.to_json()),
            definition="on_time_share", is_words=is_words(one.on_time_share.to_json()),
        ),
        Tile(key="last", label=words("customer.last_payment"), value=paid),
        Tile(key="segment", label=words("customer.segment"), value=segment, note=risk),
    ]  # fmt: skip


def statement(reader: Reader, known: Files, one: CustomerFigures, slug: str) -> Figure:
    """What is open, oldest first, with the state of each invoice and why."""
    words = reader.words
    invoices = known.invoices.get(one.customer, {})
    columns = [
        Column(key="invoice", label=words("column.invoice")),
        Column(key="issued", label=words("column.issued"), kind=Kind.DATE),
        Column(key="due", label=words("column.due"), kind=Kind.DATE),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=one.currency),
        Column(key="open", label=words("column.open"), kind=Kind.MONEY, currency=one.currency),
        Column(key="late", label=words("column.days_late"), kind=Kind.COUNT),
        Column(key="why", label=words("column.why")),
    ]
    views = [view for view in known.views.get(one.customer, ()) if view.currency == one.currency and view.open]
    views.sort(
        key=lambda view: (invoices[view.invoice].due, view.invoice) if view.invoice in invoices else (date.max, view.invoice)
    )
    rows: list[list[Raw]] = []
    for view in views:
        invoice = invoices.get(view.invoice)
        rows.append(
            [
                view.invoice, invoice.issued if invoice else None, invoice.due if invoice else None,
                invoice.amount / 100 if invoice else None, view.open / 100, view.days_late, view.why,
            ]
        )  # fmt: skip
    if one.balance.unapplied:
        rows.append([words("row.unapplied"), None, None, None, one.balance.unapplied / 100, None, ""])
    rows.append([words("row.total"), None, None, None, one.net / 100, None, ""])
    caption = words("customer.statement_caption")
    made = table(f"{slug}-{one.currency.lower()}-statement", caption, columns, rows, last=1)
    return Figure(key=made.key, table=made)


def ageing(reader: Reader, one: CustomerFigures, slug: str) -> Figure:
    words = reader.words
    columns = [
        Column(key="bucket", label=words("column.bucket")),
        Column(key="amount", label=words("column.amount"), kind=Kind.MONEY, currency=one.currency),
        Column(key="count", label=words("column.invoices"), kind=Kind.COUNT),
    ]
    rows: list[list[Raw]] = [
        [series.bucket_label(reader, bucket), cents / 100, count]
        for bucket, cents, count in zip(BUCKETS, one.balance.amounts, one.balance.counts, strict=True)
    ]
    made = table(f"{slug}-{one.currency.lower()}-ageing", words("figure.ageing_buckets"), columns, rows)
    return Figure(
        key=made.key, table=made, definition="ageing",
        chart=Chart(x="bucket", across=True, row_roles=series.AGE_ROLES, series=[Series(column="amount", role="age-2")]),
    )  # fmt: skip


def timeline(reader: Reader, known: Files, customer: str, slug: str) -> Figure:
    """Acts, answers, promises and payments, the latest first."""
    words, numbers = reader.words, reader.numbers
    since = reader.facts.as_of.toordinal() - RECENT
    lines: list[tuple[date, str, str, str]] = []
    for row in known.journal.get(customer, ()):
        day = row.when.date()
        if day.toordinal() < since:
            continue
        what = words(f"act.{row.status.value}")
        if row.channel:
            channel = words(f"channel.{row.channel}")
            step = words("event.step", channel=channel, step=row.step) if row.step is not None else channel
            what = f"{what} – {step}"
        if row.status is Act.PROMISED and row.new:
            amount = numbers.money(row.amount / 100, row.currency or reader.facts.settings.currency) if row.amount else ""
            what = words("event.promise", amount=amount, day=_day(reader, row.new))
        lines.append((day, what, ", ".join(row.invoices), row.actor))
    for payment in known.payments.get(customer, ()):
        if payment.paid_on.toordinal() >= since:
            kind = words("event.returned" if payment.amount < 0 else "event.payment")
            amount = numbers.money(payment.amount / 100, payment.currency)
            lines.append((payment.paid_on, f"{kind} – {amount}", payment.invoice, payment.method))
    lines.sort(key=lambda line: line[0], reverse=True)
    columns = [
        Column(key="when", label=words("column.when"), kind=Kind.DATE),
        Column(key="event", label=words("column.event")),
        Column(key="invoices", label=words("column.invoices")),
        Column(key="who", label=words("column.who")),
    ]
    made = table(f"{slug}-timeline", words("figure.timeline"), columns, lines[:TIMELINE])
    return Figure(key=made.key, table=made)


def _day(reader: Reader, text: str) -> str:
    try:
        return reader.numbers.short_day(date.fromisoformat(text))
    except ValueError:
        return text
