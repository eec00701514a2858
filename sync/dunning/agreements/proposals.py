"""Instalment plans to propose to a customer, or the reasons not to. A person chooses, edits and agrees.

A proposal adds up exactly: instalments plus conditional discount = the claim, to the cent; the last instalment takes
the rounding, and the discount, which is due only if every instalment is kept. What is proposed follows from the claim, the
monthly capacity when known, the risk (never for a natural person), the age of the debt and the limitation date:
an unsigned plan does not interrupt it (C. civ. 2240: only the debtor's own acknowledgement does).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sync.dunning.agreements.plans import PaymentPlan
from sync.dunning.behaviour.habits import months_before
from sync.dunning.behaviour.segments import is_natural_person
from sync.dunning.law.discounts import discount_on
from sync.dunning.model import Profile, Settings
from sync.dunning.phrases import counted, day, days, percent
from sync.dunning.reasons import Sentence
from sync.ledger.balances import Balances
from sync.ledger.model import Cents, Contact, Instalment, Invoice
from sync.ledger.money import format_money
from sync.ledger.words import DelayReason, Language

FIRST_PAYMENT_DAYS = 8  # from the proposal to the first payment
HIGH_RISK = 70  # from here on: half the months, a larger first payment
HIGH_RISK_FIRST = 10  # more percent on the first payment
OLD_DEBT_DAYS = 180  # a month less


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCase:
    """What a plan would cover. `claims`: (invoice, open balance), oldest due first. `capacity` a month, None = unknown.
    `broken_plans` counts this customer's earlier ones. `days_late` is that of the oldest claim."""

    customer: str
    currency: str
    claims: tuple[tuple[str, Cents], ...]
    risk: int = 0
    days_late: int = 0
    capacity: Cents | None = None
    broken_plans: int = 0
    has_running_plan: bool = False
    is_insolvent: bool = False
    is_disputed: bool = False
    is_natural_person: bool = False

    @property
    def total(self) -> Cents:
        return sum(amount for _, amount in self.claims)


def plan_case(
    profile: Profile, contact: Contact | None, invoices: Iterable[Invoice], balances: Balances, plans: Iterable[PaymentPlan]
) -> PlanCase:
    """The case of these invoices of one customer and currency (those not open are left out). `plans`: all of the sheet."""
    owed = sorted((one for one in invoices if balances.open[one.number] > 0), key=lambda one: (one.due, one.number))
    own = [plan for plan in plans if plan.customer == profile.customer]
    running = {number for plan in own if plan.pauses for number in plan.invoices}
    insolvent_on = contact.insolvent_on if contact is not None else None
    capacity = contact.capacity if contact is not None else None
    return PlanCase(
        customer=profile.customer,
        currency=profile.currency,
        claims=tuple((one.number, balances.open[one.number]) for one in owed),
        risk=profile.risk,
        days_late=max([(balances.as_of - one.due).days for one in owed], default=0),
        capacity=capacity,
        broken_plans=sum(plan.broken_on is not None for plan in own),
        has_running_plan=any(one.number in running for one in owed),
        is_insolvent=insolvent_on is not None and insolvent_on <= balances.as_of,
        is_disputed=any(one.handling.reason is DelayReason.DISPUTE for one in owed),
        is_natural_person=is_natural_person(contact),
    )


@dataclass(frozen=True, slots=True)
class Due:
    due: date
    amount: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """`kind`: "at once", "short" (as few instalments as the means allow) or "long" (as many as the settings allow)."""

    kind: str
    instalments: tuple[Due, ...]
    discount: Cents  # lost if one instalment is broken
    total: Cents  # instalments + discount
    why: str

    def rows(self, plan: str, case: PlanCase) -> Sequence[Instalment]:
        """As rows of the Plans tab: no date of agreement, so nothing changes until a person types one."""
        last = len(self.instalments) - 1
        return [
            Instalment(
                row=0, plan=plan, customer=case.customer, invoices=tuple(number for number, _ in case.claims),
                agreed_on=None, signed_on=None, due=one.due, amount=one.amount,
                discount=self.discount if index == last else 0,
            )
            for index, one in enumerate(self.instalments)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no plan (or nothing at all) is proposed: a code of `REFUSALS` and its sentence."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What to put before a person. With a refusal of the plan, payment at once may still be offered."""

    proposals: tuple[Proposal, ...] = ()
    refusals: tuple[Refusal, ...] = ()


REFUSALS = {
    "nothing_due": Sentence("Nothing is open.", "Il ne reste rien à payer."),
    "insolvent": Sentence(
        "Insolvency proceedings are open: nothing may be agreed outside them; declare the claim.",
        "Une procédure collective est ouverte\u00a0: aucun accord n’est possible en dehors\u202f; déclarez la créance.",
    ),
    "disputed": Sentence(
        "An invoice is disputed: settle the dispute first, a plan would acknowledge what is contested.",
        "Une facture est contestée\u00a0: réglez d’abord le litige, un échéancier reconnaîtrait ce qui est contesté.",
    ),
    "running_plan": Sentence("A plan is already running.", "Un échéancier est déjà en cours."),
    "broken_plan": Sentence(
        "An earlier plan was broken: a new one is for a person to grant, with a guarantee.",
        "Un échéancier précédent a été rompu\u00a0: seule une personne peut en accorder un autre, avec une garantie.",
    ),
    "limitation": Sentence(
        "The claim lapses on {limitation}: an unsigned plan does not stop that; have the debt acknowledged in writing, or act, first.",
        "La créance se prescrit le {limitation}\u00a0: un échéancier non signé n’y change rien\u202f; "
        "faites d’abord reconnaître la dette par écrit, ou agissez.",
    ),
    "capacity": Sentence(
        "At {capacity} a month, {total} would take {needed}, beyond the {allowed} allowed.",
        "À {capacity} par mois, {total} demanderaient {needed}, au-delà des {allowed} permises.",
    ),
    "no_capacity": Sentence(
        "The monthly capacity is nil: a plan could not be kept.", "La capacité mensuelle est nulle\u00a0: un échéancier ne serait pas tenu."
    ),
    "too_small": Sentence(
        "{total} is too little to divide: an instalment is at least {minimum}.",
        "{total} est trop peu pour être étalé\u00a0: une échéance est d’au moins {minimum}.",
    ),
    "below_minimum": Sentence(
        "No division keeps every instalment at {minimum} or more.",
        "Aucun découpage ne laisse chaque échéance à {minimum} au moins.",
    ),
    "no_plan": Sentence(
        "The settings leave room for a single payment only.", "Les réglages ne laissent place qu’à un seul versement."
    ),
    "too_large": Sentence(
        "{total} is above the {maximum} that a plan may cover without management’s agreement.",
        "{total} dépassent les {maximum} qu’un échéancier peut couvrir sans l’accord de la direction.",
    ),
}  # fmt: skip
_FATAL = ("nothing_due", "insolvent", "disputed", "running_plan")

WHY = {
    "at once": Sentence("Everything by {last}.", "Tout pour le {last}."),
    "discount_at_once": Sentence(
        "A discount of {discount} ({rate}) if it arrives in time.", "Remise de {discount} ({rate}) si le règlement arrive à temps."
    ),
    "short": Sentence("{payments} until {last}, the shortest their means allow.", "{payments} jusqu’au {last}, au plus court selon ses moyens."),
    "long": Sentence("{payments} until {last}, the longest allowed.", "{payments} jusqu’au {last}, la durée la plus longue permise."),
    "discount_plan": Sentence(
        "A discount of {discount} ({rate}) if every instalment is kept; lost otherwise.",
        "Remise de {discount} ({rate}) si toutes les échéances sont tenues\u202f; perdue sinon.",
    ),
    "capacity": Sentence("Within the monthly capacity of {capacity}.", "Dans la limite de la capacité mensuelle de {capacity}."),
    "risk": Sentence("Shorter and with a larger first payment: risk of {risk} out of 100.", "Plus court et avec un premier versement plus élevé\u00a0: risque de {risk} sur 100."),
    "age": Sentence("A month less: {days} late already.", "Un mois de moins\u00a0: déjà {days} de retard."),
    "limitation": Sentence(
        "Ends well before the limitation date of {limitation}.", "Se termine bien avant la prescription du {limitation}."
    ),
}  # fmt: skip


@dataclass(slots=True)
class _Bounds:
    """How long a plan may be, and what shortened it."""

    payments: int
    first_percent: int
    by_limitation: bool = False
    reasons: list[str] = field(default_factory=list)


def propose_plans(case: PlanCase, settings: Settings, limitation: date | None, as_of: date) -> Offer:
    """Up to three proposals: at once, short, long; or refusals in words. Nothing here binds or is sent."""
    language = settings.language
    refused = [*_refused(case, settings)]
    if any(code in _FATAL for code in refused):
        return Offer(refusals=tuple(Refusal(code, REFUSALS[code].text(language)) for code in refused))
    at_once = _at_once(case, settings, as_of)
    bounds = _bounds(case, settings, limitation, as_of)
    if bounds.payments < 2 and bounds.by_limitation:
        refused.append("limitation")
    lengths = [] if refused else [n for n in range(2, bounds.payments + 1) if _fits(case, settings, n, bounds.first_percent)]
    if not refused and not lengths:
        refused.append(_why_none(case, settings, bounds.payments))
    kinds = {"short": lengths[0], "long": lengths[-1]} if lengths else {}
    if len(set(kinds.values())) == 1:
        kinds.pop("long")
    plans = [_plan(case, settings, kind, count, bounds, limitation, as_of) for kind, count in kinds.items()]
    said = tuple(Refusal(code, _refusal(code, case, settings, limitation, bounds.payments)) for code in refused)
    return Offer((at_once, *plans), said)


def _refused(case: PlanCase, settings: Settings) -> Iterable[str]:
    if case.total <= 0:
        yield "nothing_due"
    if case.is_insolvent:
        yield "insolvent"
    if case.is_disputed:
        yield "disputed"
    if case.has_running_plan:
        yield "running_plan"
    if case.broken_plans:
        yield "broken_plan"
    if settings.plan_max_amount is not None and case.total > settings.plan_max_amount:
        yield "too_large"
    if case.capacity is not None and case.capacity <= 0:
        yield "no_capacity"


def _bounds(case: PlanCase, settings: Settings, limitation: date | None, as_of: date) -> _Bounds:
    bounds = _Bounds(settings.plan_max_months, settings.plan_first_percent)
    if case.risk >= HIGH_RISK and not case.is_natural_person:
        bounds.payments = max(2, (bounds.payments + 1) // 2)
        bounds.first_percent = min(50, bounds.first_percent + HIGH_RISK_FIRST)
        bounds.reasons.append("risk")
    if case.days_late > OLD_DEBT_DAYS and bounds.payments > 2:
        bounds.payments -= 1
        bounds.reasons.append("age")
    if limitation is not None:
        latest = limitation - timedelta(days=settings.plan_limitation_days)
        while bounds.payments and _due(as_of, bounds.payments - 1) > latest:
            bounds.payments -= 1
            bounds.by_limitation = True
        if bounds.by_limitation:
            bounds.reasons.append("limitation")
    return bounds


def _due(as_of: date, index: int) -> date:
    """The first payment after `FIRST_PAYMENT_DAYS`, then the same day of each month."""
    return months_before(as_of + timedelta(days=FIRST_PAYMENT_DAYS), -index)


def _split(case: PlanCase, count: int, first_percent: int, discount: Cents) -> list[Cents]:
    """A first payment, then equal ones; the last takes the remaining cents, less the discount."""
    first = max(case.total * first_percent // 100, case.total // count)
    if case.capacity is not None:
        first = min(first, case.capacity)
    each = (case.total - first) // (count - 1)
    return [first, *[each] * (count - 2), case.total - first - each * (count - 2) - discount]


def _discount(case: PlanCase, rate: Decimal | None) -> Cents:
    return discount_on(case.total, rate) if rate is not None and 0 < rate < 100 else 0


def _fits(case: PlanCase, settings: Settings, count: int, first_percent: int) -> bool:
    amounts = _split(case, count, first_percent, _discount(case, settings.discount_plan_kept))
    within = case.capacity is None or max(amounts) <= case.capacity
    return within and min(amounts) >= max(1, settings.plan_min_instalment)


def _why_none(case: PlanCase, settings: Settings, payments: int) -> str:
    """No number of instalments fits: the code of the reason."""
    if payments < 2:
        return "no_plan"
    if case.total < 2 * settings.plan_min_instalment:
        return "too_small"
    if case.capacity is not None and case.capacity * payments < case.total - _discount(case, settings.discount_plan_kept):
        return "capacity"
    return "below_minimum"


def _at_once(case: PlanCase, settings: Settings, as_of: date) -> Proposal:
    language, rate = settings.language, settings.discount_immediate
    discount = _discount(case, rate)
    due = as_of + timedelta(days=FIRST_PAYMENT_DAYS)
    why = [WHY["at once"].text(language).format(last=day(due, language))]
    if discount and rate is not None:
        shown = {"discount": format_money(discount, case.currency, language), "rate": percent(rate, language)}
        why.append(WHY["discount_at_once"].text(language).format(**shown))
    return Proposal(
        kind="at once", instalments=(Due(due, case.total - discount),), discount=discount, total=case.total, why=" ".join(why)
    )


def _plan(
    case: PlanCase, settings: Settings, kind: str, count: int, bounds: _Bounds, limitation: date | None, as_of: date
) -> Proposal:
    language, currency, rate = settings.language, case.currency, settings.discount_plan_kept
    discount = _discount(case, rate)
    amounts = _split(case, count, bounds.first_percent, discount)
    instalments = tuple(Due(_due(as_of, index), one) for index, one in enumerate(amounts))
    shown = {
        "payments": counted(count, "instalment", "instalments", "échéance", "échéances", language),
        "last": day(instalments[-1].due, language),
        "discount": format_money(discount, currency, language),
        "rate": percent(rate, language) if rate is not None else "",
        "capacity": format_money(case.capacity or 0, currency, language),
        "risk": str(case.risk),
        "days": days(case.days_late, language),
        "limitation": day(limitation, language) if limitation is not None else "",
    }
    said = [kind, *["discount_plan"] * bool(discount), *["capacity"] * (case.capacity is not None), *bounds.reasons]
    why = " ".join(WHY[name].text(language).format(**shown) for name in said)
    return Proposal(kind=kind, instalments=instalments, discount=discount, total=case.total, why=why)


def _refusal(code: str, case: PlanCase, settings: Settings, limitation: date | None, payments: int) -> str:
    language: Language = settings.language
    amount, capacity = case.total - _discount(case, settings.discount_plan_kept), case.capacity or 0
    needed = -(-amount // capacity) if capacity > 0 else 0

    def shown(cents: Cents) -> str:
        return format_money(cents, case.currency, language)

    return REFUSALS[code].text(language).format(
        limitation=day(limitation, language) if limitation is not None else "",
        capacity=shown(capacity), total=shown(case.total), minimum=shown(settings.plan_min_instalment),
        maximum=shown(settings.plan_max_amount or 0),
        needed=counted(needed, "instalment", "instalments", "échéances", "échéances", language),
        allowed=counted(payments, "instalment", "instalments", "échéances", "échéances", language),
    )  # fmt: skip
