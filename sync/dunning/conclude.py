"""The whole conclusion of a run: balances, profiles, law, plans and the engine put together.

`conclude` is a function of the ledger, the rules and the date. It neither renders texts nor decides what leaves.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.agreements.plans import PaymentPlan, PlanState, payment_plans, plan_by_invoice
from sync.dunning.agreements.promises import Promise, promises
from sync.dunning.behaviour.profiles import profiles, segment_observations
from sync.dunning.behaviour.segments import previous_segments
from sync.dunning.calendar import BusinessDays
from sync.dunning.case import Case, Conclusions
from sync.dunning.configuration_changes import configuration_changes
from sync.dunning.engine import decide
from sync.dunning.history import History, read_history
from sync.dunning.law.claims import SILENCED, claim_for
from sync.dunning.law.limitation import ActKind, LimitationAct, is_time_barred, limitation_date
from sync.dunning.law.rates import Rates
from sync.dunning.model import Claim, Decision, InterestUse, InvoiceView, Observation, Profile, Rules, Settings
from sync.dunning.pauses import PauseFacts, reason_since, status_since
from sync.dunning.reasons import Reason, State
from sync.dunning.records import changed
from sync.dunning.term_advice import term_advices
from sync.dunning.why import Words, explain
from sync.ledger.balances import Balances, settle
from sync.ledger.model import UNHANDLED, Contact, CustomerKey, Invoice, Ledger
from sync.ledger.problems import Problem
from sync.ledger.words import Segment, Status

# (ledger, segment by customer and currency, day, settings) -> chance, 0 to 1, of more than 30 days late
Foresee = Callable[[Ledger, Mapping[CustomerKey, Segment], date, Settings], Mapping[str, float]]


def no_foresight(ledger: Ledger, segments: Mapping[CustomerKey, Segment], as_of: date, settings: Settings) -> Mapping[str, float]:
    """Without a forecast the customer's risk orders the day."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What one run concludes, before any text is written. `since` = since when a pause lasts, by invoice or customer."""

    as_of: date
    decisions: Sequence[Decision]
    views: Sequence[InvoiceView]
    profiles: Sequence[Profile]
    plans: Sequence[PaymentPlan]
    promises: Sequence[Promise]
    observations: Sequence[Observation]
    problems: Sequence[Problem]
    balances: Balances
    history: History
    words: Words
    freshness_unknown: bool = False  # it should be checked, and the sheet shows no date of a payment

    def late(self) -> Mapping[CustomerKey, Sequence[str]]:
        """Numbers of the late open invoices by customer and currency."""
        found: dict[CustomerKey, list[str]] = defaultdict(list)
        for view in self.views:
            if view.days_late > 0 and view.open > 0:
                found[view.customer, view.currency].append(view.invoice)
        return found


def conclude(
    ledger: Ledger, rules: Rules, as_of: date, *, check_freshness: bool = True, foresee: Foresee = no_foresight
) -> Conclusion:
    """Everything that follows from the sheet on `as_of`. `check_freshness` False for previews of days to come.

    `foresee` gives the chance of a long delay by invoice number; it only orders what is due.
    """
    settings = rules.settings
    balances = settle(ledger, as_of)
    history = read_history(ledger.journal, as_of)
    plans = payment_plans(ledger, balances, settings)
    inside = {number: plan.next_due for number, plan in plan_by_invoice(plans).items() if plan.pauses}
    known_promises = promises(ledger, balances, settings)
    previous = previous_segments(ledger.journal, as_of)
    known = profiles(ledger, balances, rules, known_promises=known_promises, previous=previous)
    by_key = {(profile.customer, profile.currency): profile for profile in known}
    owed = balances.owed
    segments_seen = segment_observations(known, previous)
    limits = _limitations(owed, ledger.contacts, rules, balances, history, plans, as_of)
    pauses = PauseFacts(
        as_of=as_of,
        rules=rules,
        history=history,
        kept_plans=inside,
        returned=_returned(ledger, as_of),
        time_barred=limits.barred,
        doubtful_customers=ledger.doubtful_customers,
        promises=_by_account(known_promises),
    )
    limit, known_to = settings.freshness_days, _payments_known_to(ledger, rules, as_of)
    case = Case(
        as_of=as_of,
        ledger=ledger,
        rules=rules,
        history=history,
        calendar=BusinessDays(settings.country, settings.region, settings.sending_days),
        pauses=pauses,
        profiles=by_key,
        owed=owed,
        open=balances.open,
        unallocated=balances.unallocated,
        balances=balances,
        claims=_claims(owed, ledger.contacts, rules, balances, history, as_of),
        limitations=limits.dates,
        plans=_in_force(plans),
        broken={number: plan.broken_on for plan in plans if plan.broken_on is not None for number in plan.invoices},
        chances=foresee(ledger, {key: profile.segment for key, profile in by_key.items()}, as_of, settings),
        moved=frozenset(one.customer for one in segments_seen if one.old),
        stale=check_freshness and limit is not None and known_to is not None and (as_of - known_to).days > limit,
    )
    found = decide(case)
    _add_written_off(ledger, balances, pauses, found)
    since = {**_since(owed, ledger.contacts, pauses), **_late_since(found.views, as_of)}
    words = Words(
        settings=settings,
        invoices=ledger.by_number,
        contacts=ledger.contacts,
        since=since,
        as_of=as_of,
    )
    decisions, views = explain(found.decisions, found.views, words)
    observations = [
        *configuration_changes(ledger.journal, rules),
        *_first_sights(ledger, pauses),
        *segments_seen,
        *found.observations,
    ]
    plan_problems = [problem for plan in plans for problem in plan.problems]
    return Conclusion(
        as_of=as_of,
        decisions=decisions,
        views=views,
        profiles=_advised(known, term_advices(owed, ledger.contacts, settings)),
        plans=plans,
        promises=known_promises,
        observations=observations,
        problems=[*found.problems, *plan_problems],
        balances=balances,
        history=history,
        words=words,
        freshness_unknown=limit is not None and known_to is None,
    )


def _returned(ledger: Ledger, as_of: date) -> Mapping[str, date]:
    """The day of the last returned payment of each invoice."""
    found: dict[str, date] = {}
    for payment in ledger.payments:
        if payment.amount < 0 and payment.invoice and payment.paid_on <= as_of:
            found[payment.invoice] = max(payment.paid_on, found.get(payment.invoice, date.min))
    return found


def _payments_known_to(ledger: Ledger, rules: Rules, as_of: date) -> date | None:
    """The last day on which somebody looked at the money: any date of a payment, or the setting; None when there is none."""
    days = [payment.paid_on for payment in ledger.payments if payment.paid_on <= as_of]
    days += [invoice.paid_on for invoice in ledger.invoices if invoice.paid_on is not None and invoice.paid_on <= as_of]
    if ledger.payments_as_of is not None and ledger.payments_as_of <= as_of:  # rows that cannot be used count here too
        days.append(ledger.payments_as_of)
    if rules.settings.payments_as_of is not None:
        days.append(rules.settings.payments_as_of)
    return max(days, default=None)


def _claims(
    owed: Iterable[Invoice], contacts: Mapping[str, Contact], rules: Rules, balances: Balances, history: History, as_of: date
) -> Mapping[str, Claim]:
    """Interest and compensation of each late invoice; nothing is due on the others."""
    silent = rules.settings.interest is InterestUse.NEVER
    rates = Rates.load(rules.rates)
    claims: dict[str, Claim] = {}
    for invoice in owed:
        if silent:
            claims[invoice.number] = SILENCED
        elif invoice.due < as_of:
            moves = balances.moves.get(invoice.number, ())
            claims[invoice.number] = claim_for(
                invoice,
                [(move.day, move.cash) for move in moves if move.cash],
                [(move.day, move.credit) for move in moves if move.credit],
                contacts.get(invoice.customer),
                rules,
                rates,
                as_of,
                history.notices.get(invoice.number),
            )
    return claims


@dataclass(frozen=True, slots=True)
class _Limits:
    dates: Mapping[str, date | None]
    barred: frozenset[str]


def _limitations(
    owed: Iterable[Invoice],
    contacts: Mapping[str, Contact],
    rules: Rules,
    balances: Balances,
    history: History,
    plans: Iterable[PaymentPlan],
    as_of: date,
) -> _Limits:
    acts: dict[str, list[LimitationAct]] = defaultdict(list)
    for plan in plans:
        if plan.signed_on is not None:
            for number in plan.invoices:
                acts[number].append(LimitationAct(plan.signed_on, ActKind.ACKNOWLEDGEMENT))
    for number, day in history.notices.items():
        acts[number].append(LimitationAct(day, ActKind.WRITTEN_DEMAND))
    dates: dict[str, date | None] = {}
    barred: set[str] = set()
    for invoice in owed:
        contact = contacts.get(invoice.customer)
        moves = balances.moves.get(invoice.number, ())
        paid = [(move.day, move.cash) for move in moves if move.cash] if moves else ()
        limit = limitation_date(invoice, contact, paid, acts.get(invoice.number, ()), rules.settings.country, as_of)
        dates[invoice.number] = limit.date
        if is_time_barred(limit, contact.kind if contact is not None else None):
            barred.add(invoice.number)
    return _Limits(dates, frozenset(barred))


def _add_written_off(ledger: Ledger, balances: Balances, pauses: PauseFacts, found: Conclusions) -> None:
    """A written-off invoice is out of the receivables, yet its row explains itself."""
    if not balances.written_off:
        return
    for invoice in ledger.invoices:
        if invoice.number in balances.written_off:
            found.views.append(
                InvoiceView(
                    row=invoice.row, invoice=invoice.number, customer=invoice.customer, currency=invoice.currency, open=0,
                    days_late=0, state=State.PAUSED, reason=Reason.WRITTEN_OFF,
                )
            )  # fmt: skip
    found.views.sort(key=lambda view: view.row)


def _since(owed: Iterable[Invoice], contacts: Mapping[str, Contact], pauses: PauseFacts) -> Mapping[str, date | None]:
    """Since when people's word stands, for the sentences and the reviews."""
    since: dict[str, date | None] = {}
    for invoice in owed:
        if invoice.handling is not UNHANDLED:
            since[invoice.number] = reason_since(invoice, pauses) if invoice.handling.reason is not None else None
            if invoice.handling.status is not Status.OPEN:
                since[invoice.number] = status_since(invoice, pauses)
    for contact in contacts.values():
        if contact.insolvent_on is not None:
            since[contact.customer] = contact.insolvent_on
        elif contact.customer in pauses.history.replies:
            since[contact.customer] = pauses.history.replies[contact.customer]
    return since


_WITHOUT_A_DAY = (Reason.DIRECT_DEBIT, Reason.BILL_ACCEPTED, Reason.DO_NOT_CONTACT)


def _late_since(views: Iterable[InvoiceView], as_of: date) -> Mapping[str, date | None]:
    """A pause that the customer's row makes bears no date: its reviews count from the due date of what is late."""
    return {
        view.invoice: as_of - timedelta(days=view.days_late)
        for view in views
        if view.reason in _WITHOUT_A_DAY and view.days_late > 0
    }


def _first_sights(ledger: Ledger, pauses: PauseFacts) -> list[Observation]:
    """Statuses and reasons that came or went since the Journal last saw them: it remembers the day."""
    found: list[Observation] = []
    last = pauses.history.last_seen
    remembered = {number for number, field in last if field in ("status", "reason")}
    for invoice in ledger.invoices:
        handling = invoice.handling
        if handling is UNHANDLED and invoice.number not in remembered:
            continue
        for field, now, none in (("status", str(handling.status), str(Status.OPEN)), ("reason", str(handling.reason or ""), "")):
            before = last.get((invoice.number, field))
            if now != (none if before is None else before):
                found.append(_sight(invoice, field, before or "", now))
    return found


def _sight(invoice: Invoice, field: str, old: str, new: str) -> Observation:
    return Observation(
        customer=invoice.customer, invoices=(invoice.number,), currency=invoice.currency, field=field, old=old, new=new
    )


def _advised(known: Sequence[Profile], advices: Mapping[CustomerKey, str]) -> Sequence[Profile]:
    """The profiles with what else there is to say about an account."""
    if not advices:
        return known
    return [
        changed(one, advice=f"{one.advice} {said}".strip()) if (said := advices.get((one.customer, one.currency))) else one
        for one in known
    ]


def _in_force(plans: Iterable[PaymentPlan]) -> Mapping[CustomerKey, Sequence[PaymentPlan]]:
    """The plans that are being kept, whose next instalment is worth a courtesy note."""
    found: dict[CustomerKey, list[PaymentPlan]] = defaultdict(list)
    for plan in plans:
        if plan.state is PlanState.KEPT:
            found[plan.customer, plan.currency].append(plan)
    return found


def _by_account(known: Iterable[Promise]) -> Mapping[CustomerKey, Sequence[Promise]]:
    found: dict[CustomerKey, list[Promise]] = defaultdict(list)
    for one in known:
        found[one.customer, one.currency].append(one)
    return found
