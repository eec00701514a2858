"""The Today tab: what a person does today, ranked, each with its reason in words.

A task's key says what it is about, so that the next run knows what an outcome answers: the key of a message for a
step of the cadence, `review|…` for everything else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.behaviour.warnings import SIGNS
from sync.dunning.contact_limits import contact_hours_text
from sync.dunning.model import Decision, InvoiceView, Profile, Task
from sync.dunning.reasons import Reason, State
from sync.dunning.refusals import plain_refusal
from sync.dunning.today.keys import REVIEW, key_parts, kind_of, task_key
from sync.dunning.today.making import About, TaskFacts, for_manager, make_task
from sync.dunning.today.replies import quoted, unheard
from sync.dunning.today.words import TASK_WORDS, Kind
from sync.dunning.why import act_name
from sync.ledger.dates import format_date
from sync.ledger.model import UNHANDLED, JournalRow, is_erased
from sync.ledger.money import format_money
from sync.ledger.words import Channel, DelayReason, Language, PlanRowState, word_for
from sync.ledger.words import Kind as CustomerKind

_OF_THE_CUSTOMER = frozenset({Reason.DIRECT_DEBIT, Reason.BILL_ACCEPTED, Reason.DO_NOT_CONTACT})
_FOR_EVER = 365 * 1000  # days
_ONCE = frozenset({  # kinds of tasks that are answered for good
    "promise", "portfolio", "limitation", "reply", "plan", "case", "propose", "broken", "discount", "filing", "vat",
})  # fmt: skip


def tasks_for(
    decisions: Iterable[Decision], views: Iterable[InvoiceView], profiles: Iterable[Profile], facts: TaskFacts
) -> list[Task]:
    """All tasks of the day, most important first; ties by key, so that two runs agree."""
    everything = list(decisions)
    tasks = [task for decision in everything if (task := _of_decision(decision, facts)) is not None]
    tasks += _stale_payments(everything, facts)
    tasks += [_uncertain(key, row, facts) for key, row in facts.history.uncertain.items()]
    looked_at, worked_on = list(views), _disputes_worked_on(facts.history.reviews)
    for view in looked_at:
        tasks += _of_view(view, worked_on, facts)
    tasks += _of_customers(looked_at, facts)
    known = list(profiles)
    for profile in known:
        tasks += _warnings(profile, facts)
    tasks += [task for plan in facts.plans for task in _late_instalments(plan, facts)]
    tasks += _monthly_review(known, facts)
    tasks += _with_options(facts, everything)
    tasks += _replies(frozenset(profile.customer for profile in known if profile.open > 0), facts)
    quiet = timedelta(days=facts.rules.settings.review_days or _FOR_EVER)  # reviews are off: what was answered stays so
    answered = {key for key, day in facts.history.reviews.items() if kind_of(key) in _ONCE or facts.as_of < day + quiet}
    first_of_key = {task.key: task for task in reversed(tasks) if task.key not in answered}
    at_work = {number for key, task in first_of_key.items() if kind_of(key) == "case" for number in task.invoices}
    for number in at_work:  # the case itself still stands there
        first_of_key.pop(task_key(Reason.DISPUTED, number), None)
    return sorted(first_of_key.values(), key=lambda task: (-task.priority, task.key))


def volume_task(count: int, day: date, language: Language) -> Task:
    """So many messages are unusual: a person confirms, for this day only."""
    named = TASK_WORDS[Kind.VOLUME]
    return Task(
        key=task_key("volume", day.isoformat()),
        kind=named.kind(language),
        customer="",
        what=named.what(language).format(count=count),
        priority=100,
    )


def thanks_task(decision: Decision, text: str, language: Language) -> Task:
    """A case is over: a person may thank, with these words."""
    named = TASK_WORDS[Kind.THANKS]
    return Task(
        key=f"{REVIEW}{decision.key}",
        kind=named.kind(language),
        customer=decision.customer,
        invoices=decision.invoices,
        currency=decision.currency,
        what=named.what(language),
        script=text,
        priority=10,
    )


_LEAVES_OR_WAITS = (Reason.STEP_DUE, Reason.STEP_SCHEDULED, Reason.SPACING)  # by itself


def _of_decision(decision: Decision, facts: TaskFacts) -> Task | None:
    if decision.reason is Reason.FOR_A_PERSON:
        return _act(decision, facts)
    if decision.reason in _LEAVES_OR_WAITS:
        return None
    about = About(
        customer=decision.customer, invoices=decision.invoices, currency=decision.currency, amount=decision.amount,
        why=decision.why, priority=decision.priority,
    )  # fmt: skip
    case = (decision.customer, decision.currency)
    if decision.reason in (Reason.AWAITING_APPROVAL, Reason.CADENCE_CHANGED, Reason.DRAFT_OUTDATED):
        return make_task(Kind.APPROVE, decision.key, about, facts, carrying=decision.carrying)
    if decision.reason in (Reason.NO_ADDRESS, Reason.BOUNCED):
        return for_manager(make_task(Kind.ADDRESS, task_key("address", decision.customer), about, facts), facts)
    if decision.reason is Reason.REFUSED:
        cause = plain_refusal(facts.history.refused[decision.key], facts.language)
        return make_task(Kind.REFUSED, decision.key, about, facts, cause=cause, carrying=decision.carrying)
    if decision.reason is Reason.COVERED_BY_CREDIT:
        free = format_money(decision.unallocated, decision.currency, facts.language)
        return make_task(Kind.CREDIT, task_key("credit", *case), replace(about, amount=decision.unallocated), facts, amount=free)
    if decision.state is State.EXHAUSTED:
        task = make_task(Kind.DECIDE, task_key("decide", *case, decision.carrying), about, facts)
        return replace(task, script=facts.options(decision))
    return None


def _act(decision: Decision, facts: TaskFacts) -> Task:
    """A step for a person: what to do, with whom, the words to say, the page to send."""
    act = act_name(decision.channel, facts.language)
    contact = facts.contacts.get(decision.customer)
    phone = contact.phone if contact is not None and decision.channel is Channel.CALL else ""
    colon = " : " if facts.language == "fr" else ": "
    hours = ""
    if contact is not None and contact.kind is CustomerKind.CONSUMER and decision.channel is Channel.CALL:
        hours = contact_hours_text(contact.country or facts.rules.settings.country, contact.kind, Channel.CALL, facts.language)
    return Task(
        key=decision.key,
        kind=word_for("channel", decision.channel, facts.language),
        customer=decision.customer,
        invoices=decision.invoices,
        currency=decision.currency,
        amount=decision.amount,
        what=f"{act}{colon}{facts.name(decision.customer)}" + (f" ({phone})" if phone else "") + (f" · {hours}" if hours else ""),
        why=decision.why,
        script=facts.script(decision),
        file=facts.file(decision),
        priority=decision.priority,
    )


def _stale_payments(decisions: Iterable[Decision], facts: TaskFacts) -> list[Task]:
    """Nothing leaves on old payments: one task, for this day, instead of the same sentence on every row."""
    waiting = sum(decision.reason is Reason.STALE_PAYMENTS for decision in decisions)
    if not waiting:
        return []
    key = task_key("payments", facts.as_of.isoformat())
    return [make_task(Kind.PAYMENTS, key, About(customer="", priority=100), facts, count=waiting)]


def _uncertain(key: str, row: JournalRow, facts: TaskFacts) -> Task:
    about = About(customer=row.customer, invoices=row.invoices, currency=row.currency, amount=row.amount or 0, priority=100)
    return make_task(Kind.UNCERTAIN, key, about, facts, date=format_date(row.when.date(), facts.language))


_NEAR = (30, 90, 180)  # days before the limitation date from which it is told, and told again


def _disputes_worked_on(reviews: Mapping[str, date]) -> Mapping[tuple[str, ...], date]:
    """The last day a person dealt with the disputes of a customer in a currency."""
    found: dict[tuple[str, ...], date] = {}
    for key, day in reviews.items():
        match key_parts(key):
            case ("case", customer, currency, DelayReason.DISPUTE, *_):
                found[customer, currency] = max(day, found.get((customer, currency), day))
    return found


def _of_view(view: InvoiceView, worked_on: Mapping[tuple[str, ...], date], facts: TaskFacts) -> list[Task]:
    """Reviews of what does not end by itself, reasons whose days are over, limitation."""
    as_of, language = facts.as_of, facts.language
    invoice = facts.invoices[view.invoice]
    handling = invoice.handling
    if handling is UNHANDLED and (view.limitation is None or (view.limitation - as_of).days > _NEAR[-1]):
        return []  # as nearly all
    about = About(
        customer=view.customer, invoices=(view.invoice,), currency=view.currency, amount=view.open, why=view.why,
        priority=view.priority,
    )  # fmt: skip
    found: list[Task] = []
    since = facts.since.get(view.invoice)
    if view.reason is Reason.DISPUTED and since is not None:  # a person who has just dealt with the case has reviewed it
        since = max(since, worked_on.get((view.customer, view.currency), since))
    every = facts.rules.settings.review_days
    if view.reason is Reason.DISPUTED and since is not None and every and as_of >= since + timedelta(days=every):
        told = _reason_word(view.reason, language)
        found.append(
            make_task(
                Kind.REVIEW, task_key(view.reason, view.invoice), about, facts,
                reason=told, date=format_date(since, language),
            )
        )  # fmt: skip
    elif handling.reason not in (None, DelayReason.DISPUTE, DelayReason.PROMISED) and view.state is not State.PAUSED:
        route = facts.rules.routes.get(handling.reason) if handling.reason is not None else None
        if route is not None and route.pause and since is not None:
            found.append(
                make_task(
                    Kind.REVIEW, task_key(handling.reason, view.invoice), about, facts,
                    reason=word_for("reason", str(handling.reason), language), date=format_date(since, language),
                )
            )  # fmt: skip
    if view.limitation is not None and view.reason is not Reason.WRITTEN_OFF:
        left = (view.limitation - as_of).days
        if left < 0:
            key = task_key("limitation", view.invoice, 0)
            found.append(make_task(Kind.LAPSED, key, about, facts, date=format_date(view.limitation, language)))
        level = next((days for days in _NEAR if 0 <= left <= days), None)
        if level is not None:
            key = task_key("limitation", view.invoice, level)
            found.append(
                make_task(Kind.LIMITATION, key, replace(about, priority=100), facts, date=format_date(view.limitation, language))
            )
    return found


def _with_options(facts: TaskFacts, decisions: Sequence[Decision]) -> list[Task]:
    """The tasks made elsewhere; one that asks to decide while a step still waits shows what may be decided, too."""
    asked = {key_parts(task.key): task.key for task in facts.more if not task.script}
    options = {
        asked[parts]: facts.options(decision)
        for decision in decisions
        if (parts := ("decide", decision.customer, decision.currency, decision.carrying)) in asked
    }
    return [replace(task, script=options[task.key]) if task.key in options else task for task in facts.more]


def _of_customers(views: Iterable[InvoiceView], facts: TaskFacts) -> list[Task]:
    """What stands on the customer's row is reviewed once for all the invoices that it keeps back, in each currency."""
    every = facts.rules.settings.review_days
    held: dict[tuple[str, str, Reason], list[InvoiceView]] = {}
    for view in views:
        if view.reason in _OF_THE_CUSTOMER and facts.since.get(view.invoice) is not None and every:
            held.setdefault((view.customer, view.currency, view.reason), []).append(view)
    found = []
    for (customer, currency, reason), kept in held.items():
        first = min(day for view in kept if (day := facts.since[view.invoice]) is not None)
        if not every or facts.as_of < first + timedelta(days=every):
            continue
        kept.sort(key=lambda view: (-view.days_late, view.invoice))
        about = About(
            customer=customer, invoices=tuple(view.invoice for view in kept), currency=currency,
            amount=sum(view.open for view in kept), why=kept[0].why, priority=max(view.priority for view in kept),
        )  # fmt: skip
        told = _reason_word(reason, facts.language)
        key = task_key(reason, customer, currency)
        found.append(make_task(Kind.REVIEW, key, about, facts, reason=told, date=format_date(first, facts.language)))
    return found


def _reason_word(reason: Reason, language: Language) -> str:
    """The words of a pause that lasts until a person ends it."""
    if reason is Reason.DISPUTED:
        return word_for("reason", "dispute", language)
    if reason is Reason.DIRECT_DEBIT:
        return word_for("payment_means", "direct debit", language)
    if reason is Reason.BILL_ACCEPTED:
        return word_for("payment_means", "bill of exchange", language)
    return "ne pas contacter" if language == "fr" else "do not contact"


# Said even when something is overdue: the cadence does not answer them. (An insolvency has its own task, with its deadline.)
_ALWAYS_SAID = frozenset({"limit_exceeded", "short_payment"})


def _warnings(profile: Profile, facts: TaskFacts) -> list[Task]:
    """The early signs about a customer, one task: before anything is overdue, after that the cadence speaks."""
    codes = [
        code
        for code in profile.signs
        if profile.open > 0 and code != "insolvency" and (profile.overdue == 0 or code in _ALWAYS_SAID)
    ]
    if not codes:
        return []
    about = About(
        customer=profile.customer,
        currency=profile.currency,
        amount=profile.open,
        why=profile.advice,
        priority=min(60, profile.risk),
    )
    key = task_key("warning", profile.customer, profile.currency, "+".join(sorted(codes)))
    sign = " ".join(SIGNS[code].text(facts.language) for code in codes)
    return [replace(make_task(Kind.WARNING, key, about, facts, sign=sign), script="\n".join(profile.why))]


def _late_instalments(plan: PaymentPlan, facts: TaskFacts) -> list[Task]:
    """An instalment that is late and has not yet broken its plan: a call may save it."""
    if not plan.pauses:
        return []
    return [
        make_task(
            Kind.PLAN,
            task_key("plan", plan.plan, one.due.isoformat()),
            About(customer=plan.customer, invoices=plan.invoices, currency=plan.currency, amount=one.missing, priority=70),
            facts,
            date=format_date(one.due, facts.language),
            limit=format_date(one.since + timedelta(days=facts.rules.settings.broken_plan_days), facts.language),
        )
        for one in plan.instalments
        if one.state is PlanRowState.LATE
    ]


def _monthly_review(profiles: Sequence[Profile], facts: TaskFacts) -> list[Task]:
    """Once a calendar month, everything open is looked at; one task for each currency."""
    found = []
    for currency in sorted({profile.currency for profile in profiles if profile.open > 0}):
        amount = sum(profile.open for profile in profiles if profile.currency == currency)
        count = sum(profile.currency == currency and profile.open > 0 for profile in profiles)
        found.append(
            make_task(
                Kind.PORTFOLIO, task_key("portfolio", f"{facts.as_of:%Y-%m}", currency),
                About(customer="", currency=currency, amount=amount), facts,
                count=count, amount=format_money(amount, currency, facts.language),
            )
        )  # fmt: skip
    return found


def _replies(owing: frozenset[str], facts: TaskFacts) -> list[Task]:
    """The answers of each customer that nobody has noted yet, with their words.

    What is older than the days of review is history: what it led to stands in the sheet. A customer who owes nothing any
    more has often just said so: theirs stand for the days of a pause, at the foot of the list.
    """
    settings = facts.rules.settings
    found = []
    for customer, replies in facts.history.heard.items():
        days = (settings.review_days or _FOR_EVER) if customer in owing else settings.reply_pause_days
        oldest = facts.as_of - timedelta(days=days)
        key, waiting = unheard(
            [row for row in replies if row.when.date() >= oldest and not is_erased(row.text)], facts.history.reviews
        )
        if waiting:
            about = About(customer=customer, priority=90 if customer in owing else 20)
            kind = Kind.REPLY if len(waiting) == 1 else Kind.REPLIES
            contact = facts.contacts.get(customer)
            known = [one.casefold() for one in (*contact.emails, *contact.cc)] if contact is not None else []
            task = for_manager(make_task(kind, key, about, facts, count=str(len(waiting))), facts)
            found.append(replace(task, script=quoted(waiting, known, facts.language)))
    return found
