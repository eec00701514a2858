"""Tasks that follow from an account rather than from a step: plans, insolvency, write-offs, rates about to run out, a phase that drags on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sync.dunning.agreements.plans import PaymentPlan, PlanState
from sync.dunning.agreements.promises import Promise
from sync.dunning.conclude import Conclusion
from sync.dunning.law.days import half_year_start
from sync.dunning.law.losses import filing_deadline, vat_checklist, vat_recovery_deadline
from sync.dunning.law.rates import RateExpiry, Rates, expiring
from sync.dunning.law.rules import references_in_use
from sync.dunning.model import Decision, InterestUse, InvoiceView, Rules, Task
from sync.dunning.phrases import first_listed
from sync.dunning.reasons import Reason, Sentence, State
from sync.dunning.today.keys import task_key
from sync.ledger.dates import format_date
from sync.ledger.model import Cents, Ledger
from sync.ledger.money import format_money
from sync.ledger.words import Channel, Language, Status

PLAN_NEWS_DAYS = 30  # a broken or completed plan is news for so long
WRITE_OFF_NEWS_DAYS = 90
RATE_WARNING_DAYS = 45
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class _Say:
    kind: Sentence
    what: Sentence


_BROKEN = _Say(
    Sentence("broken plan", "échéancier rompu"),
    Sentence(
        "The plan {plan} of {name} has been broken since {date}: {amount} stands again{discount}. Tell them in writing; reminders resume where they were.",
        "{name}\u00a0: l’échéancier {plan} est rompu depuis le {date}. {amount} redeviennent exigibles{discount}. Prévenez ce client par écrit\u202f; les relances reprennent où elles en étaient.",
    ),
)
_WITHOUT = Sentence(", without the discount", ", sans la remise")
_PROMISE = _Say(
    Sentence("broken promise", "promesse non tenue"),
    Sentence(
        "{name} had promised {amount} on {invoices} by {date}: call to know why.{again}",
        "{name} avait promis {amount} sur {invoices} pour le {date}\u00a0: appelez pour comprendre.{again}",
    ),
)
_PROMISE_PART = Sentence(
    "{name} had promised {promised} on {invoices} by {date} and has paid {paid}: {amount} is missing. Call to know why.{again}",
    "{name} avait promis {promised} sur {invoices} pour le {date} et a versé {paid}\u00a0: il manque {amount}. Appelez pour comprendre.{again}",
)
_AGAIN = Sentence(
    " Promise number {level} not kept: ask for a written plan rather than another one.",
    " Promesse nº\u00a0{level} non tenue\u00a0: demandez un échéancier écrit plutôt qu’une autre.",
)
_DISCOUNT = _Say(
    Sentence("discount to grant", "remise à accorder"),
    Sentence(
        "{name} has kept the plan {plan}: grant the discount of {amount} by a credit note on {invoices}.",
        "{name} a tenu l’échéancier {plan}\u00a0: accordez la remise de {amount} par un avoir sur {invoices}.",
    ),
)
_PROPOSED = _Say(
    Sentence("proposed plan", "échéancier proposé"),
    Sentence(
        "The plan {plan} is proposed to {name}. Send it; once they have agreed, type the date in “Agreed on” (and “Signed on” for the signed return). Nothing changes before.",
        "L’échéancier {plan} est proposé à {name}. Envoyez-le\u202f; une fois accepté, saisissez la date dans «\u00a0Accord du\u00a0» (et «\u00a0Signé le\u00a0» au retour signé). D’ici là, rien ne change.",
    ),
)
_FILING = _Say(
    Sentence("claim to declare", "créance à déclarer"),
    Sentence(
        "{name}: insolvency opened on {opened}. Declare {amount} ({invoices}) by {date}. {law}",
        "{name}\u00a0: procédure collective ouverte le {opened}. Déclarez {amount} ({invoices}) au plus tard le {date}. {law}",
    ),
)
_FILING_UNKNOWN = Sentence(
    "{name}: insolvency opened on {opened}. Ask at once how and by when to declare {amount} ({invoices}): the deadline of this country is not in the tables.",
    "{name}\u00a0: procédure collective ouverte le {opened}. Demandez sans attendre comment et avant quand déclarer {amount} ({invoices})\u00a0: le délai de ce pays n’est pas dans les tables.",
)
_FILING_LATE = Sentence(
    "{name}: insolvency opened on {opened}. The time to declare {amount} ({invoices}) ended on {date}: ask a lawyer at once whether it can still be declared late. {law}",
    "{name}\u00a0: procédure collective ouverte le {opened}. Le délai pour déclarer {amount} ({invoices}) est passé depuis le {date}\u00a0: demandez sans attendre à un avocat si un relevé de forclusion est encore possible. {law}",
)
_FILING_LAW = Sentence(
    "{months} months, counted here from the opening, which is earlier than the publication ({reference}).",
    "{months}\u00a0mois, comptés ici depuis l’ouverture, antérieure à la publication ({reference}).",
)
_WRITE_OFF = _Say(
    Sentence("VAT to recover", "TVA à récupérer"),
    Sentence(
        "{name}: {invoices} written off. Recover the VAT by {date}, with the list beside.",
        "{name}\u00a0: passage en perte ({invoices}). Récupérez la TVA au plus tard le {date}, en suivant la liste ci-contre.",
    ),
)
_WRITE_OFF_ELSEWHERE = Sentence(
    "{name}: {invoices} written off. Recover the VAT in time, with the list beside.",
    "{name}\u00a0: passage en perte ({invoices}). Récupérez la TVA dans les délais, en suivant la liste ci-contre.",
)
_RATE = _Say(
    Sentence("rate to enter", "taux à saisir"),
    Sentence(
        "No value of {rate} from {date} on: interest is not computed then. Enter it in the Rates tab. Source: {place}.",
        "Le taux {rate} n’a pas de valeur à partir du {date}\u00a0: les intérêts ne seront pas calculés. Saisissez-la dans l’onglet Taux. Source\u00a0: {place}.",
    ),
)
_DRAGGING = _Say(
    Sentence("decide", "à décider"),
    Sentence(
        "The internal phase has been over for {name} since {date} and the step “{act}” is still to be done: professional, court, plan or write-off?",
        "La phase interne est terminée pour {name} depuis le {date}, et l’étape «\u00a0{act}\u00a0» reste à faire\u00a0: professionnel, tribunal, échéancier ou passage en perte\u202f?",
    ),
)


@dataclass(frozen=True, slots=True)
class _About:
    customer: str
    currency: str = ""
    invoices: tuple[str, ...] = ()
    amount: Cents = 0
    priority: int = 60


@dataclass(frozen=True, slots=True)
class _Desk:
    ledger: Ledger
    rules: Rules
    conclusion: Conclusion

    @property
    def language(self) -> Language:
        return self.rules.settings.language

    @property
    def as_of(self) -> date:
        return self.conclusion.as_of

    def task(self, say: _Say, key: str, about: _About, what: Sentence | None = None, script: str = "", **named: str) -> Task:
        contact = self.ledger.contacts.get(about.customer)
        words = {
            "name": (contact.name if contact is not None else "") or about.customer,
            "invoices": first_listed(about.invoices, _MOST_NAMED, self.language),
            "amount": format_money(about.amount, about.currency, self.language) if about.currency else "",
            **named,
        }
        return Task(
            key=key, kind=say.kind.text(self.language), customer=about.customer, invoices=about.invoices, currency=about.currency,
            amount=about.amount, what=(what or say.what).text(self.language).format(**words), script=script, priority=about.priority,
        )  # fmt: skip

    def day(self, day: date) -> str:
        return format_date(day, self.language)


def account_tasks(ledger: Ledger, rules: Rules, conclusion: Conclusion) -> list[Task]:
    """All of them; the ranking and what was answered already are the business of `tasks_for`."""
    desk = _Desk(ledger, rules, conclusion)
    return [
        *(task for plan in conclusion.plans for task in _plan_tasks(plan, desk)),
        *_broken_promises(desk),
        *_filings(desk),
        *_write_offs(desk),
        *_rates(desk),
        *_dragging(desk),
    ]


# --- plans ----------------------------------------------------------------------------------------------------------------


def _plan_tasks(plan: PaymentPlan, desk: _Desk) -> Iterable[Task]:
    open_ = desk.conclusion.balances.open
    left = sum(max(0, open_.get(number, 0)) for number in plan.invoices)
    about = _About(plan.customer, plan.currency, plan.invoices, left)
    if left <= 0:
        return
    if plan.state is PlanState.BROKEN and plan.broken_on is not None:
        if (desk.as_of - plan.broken_on).days <= PLAN_NEWS_DAYS:
            had_discount = any(row.plan == plan.plan and row.discount for row in desk.ledger.instalments)
            without = _WITHOUT.text(desk.language) if had_discount else ""
            key, date_ = task_key("broken", plan.plan), desk.day(plan.broken_on)
            yield desk.task(_BROKEN, key, about, plan=plan.plan, date=date_, discount=without)
    elif plan.state is PlanState.COMPLETED and plan.discount:
        granted = _About(plan.customer, plan.currency, plan.invoices, min(left, plan.discount))
        yield desk.task(_DISCOUNT, task_key("discount", plan.plan), granted, plan=plan.plan)
    elif plan.state is PlanState.PROPOSED and max(one.due for one in plan.instalments) >= desk.as_of:
        yield desk.task(_PROPOSED, task_key("proposed", plan.plan), about, plan=plan.plan)


def _broken_promises(desk: _Desk) -> Iterable[Task]:
    """The last promise of each account, once its grace is over and something of it is still open and asked for."""
    last: dict[tuple[str, str], Promise] = {}
    for promise in desk.conclusion.promises:
        known = last.get((promise.customer, promise.currency))
        if known is None or promise.day >= known.day:
            last[promise.customer, promise.currency] = promise
    asked = (
        {view.invoice: view.open for view in desk.conclusion.views if view.days_late > 0 and view.state is not State.PAUSED}
        if last
        else {}
    )
    for (customer, currency), promise in last.items():
        open_ = tuple(number for number in promise.invoices if number in asked)
        if not promise.is_broken(desk.as_of) or not open_ or (desk.as_of - promise.deadline).days > PLAN_NEWS_DAYS:
            continue
        again = _AGAIN.text(desk.language).format(level=promise.level) if promise.level > 1 else ""
        missing = min(max(0, promise.amount - promise.paid), sum(asked[number] for number in open_))
        about = _About(customer, currency, open_, missing, 65)
        key = task_key("promise", customer, currency, promise.day.isoformat())
        what = _PROMISE_PART if promise.paid > 0 else None
        money = {"promised": min(promise.amount, promise.paid + missing), "paid": promise.paid}  # nobody owes more than that
        told = {name: format_money(cents, currency, desk.language) for name, cents in money.items()}
        yield desk.task(_PROMISE, key, about, what, date=desk.day(promise.day), again=again, **told)


# --- insolvency and losses ------------------------------------------------------------------------------------------------


def _filings(desk: _Desk) -> Iterable[Task]:
    """The claim to declare: until somebody says that it was done, also after the deadline (relief may be asked)."""
    by_account: dict[tuple[str, str], list[InvoiceView]] = defaultdict(list)
    for view in desk.conclusion.views:
        if view.reason is Reason.INSOLVENT:
            by_account[view.customer, view.currency].append(view)
    settings = desk.rules.settings
    for (customer, currency), views in by_account.items():
        contact = desk.ledger.contacts[customer]
        opened = contact.insolvent_on
        if opened is None:
            continue
        about = _About(customer, currency, tuple(view.invoice for view in views), sum(view.open for view in views), 100)
        key = task_key("filing", customer, currency, opened.isoformat())
        limit = filing_deadline(opened, contact.country or settings.country, settings.country)
        if limit is None:
            yield desk.task(_FILING, key, about, _FILING_UNKNOWN, opened=desk.day(opened))
        else:
            law = _FILING_LAW.text(desk.language).format(months=limit.months, reference=limit.legal_reference)
            what = _FILING_LATE if limit.day < desk.as_of else None
            yield desk.task(_FILING, key, about, what, opened=desk.day(opened), date=desk.day(limit.day), law=law)


def _write_offs(desk: _Desk) -> Iterable[Task]:
    """VAT of the invoices written off lately, one task a customer and currency and day."""
    country = desk.rules.settings.country
    found: dict[tuple[str, str, date], list[str]] = defaultdict(list)
    for view in desk.conclusion.views:
        if view.reason is Reason.WRITTEN_OFF:
            handling, history = desk.conclusion.words.invoices[view.invoice].handling, desk.conclusion.history
            day = handling.status_on or history.seen_since(view.invoice, "status", str(Status.WRITTEN_OFF)) or desk.as_of
            if 0 <= (desk.as_of - day).days <= WRITE_OFF_NEWS_DAYS:
                found[view.customer, view.currency, day].append(view.invoice)
    for (customer, currency, day), numbers in sorted(found.items()):
        items = vat_checklist(country, desk.language)
        script = "\n".join(f"☐ {item.text}" + (f" ({item.legal_reference})" if item.legal_reference else "") for item in items)
        about = _About(customer, currency, tuple(numbers), priority=40)
        deadline = vat_recovery_deadline(day) if country == "FR" else None
        what, named = (_WRITE_OFF.what, {"date": desk.day(deadline)}) if deadline is not None else (_WRITE_OFF_ELSEWHERE, {})
        yield desk.task(_WRITE_OFF, task_key("vat", customer, currency, day.isoformat()), about, what, script, **named)


# --- rates ----------------------------------------------------------------------------------------------------------------


def rate_warnings(ledger: Ledger, rules: Rules, as_of: date) -> Sequence[RateExpiry]:
    """The rates in use that have no value today or will have none within `RATE_WARNING_DAYS`."""
    if rules.settings.interest is InterestUse.NEVER:
        return ()
    names = references_in_use(ledger.contacts.values(), rules.settings)
    return expiring(Rates.load(rules.rates), as_of, sorted(names), RATE_WARNING_DAYS) if names else ()


def _rates(desk: _Desk) -> Iterable[Task]:
    for one in rate_warnings(desk.ledger, desk.rules, desk.as_of):
        half_year = half_year_start(one.needed_from)  # a rate that is missing today is the same task tomorrow
        yield desk.task(
            _RATE, task_key("rate", one.name, half_year.isoformat()), _About("", priority=60),
            rate=one.name, date=desk.day(one.needed_from),
            place=one.official_place_fr if desk.language == "fr" else one.official_place,
        )  # fmt: skip


# --- a phase that drags on ------------------------------------------------------------------------------------------------


def phase_end(decision: Decision, conclusion: Conclusion, rules: Rules) -> date | None:
    """The day on which the internal phase of a case ends at the latest, whatever was left undone; None without a last step.

    The last step's own day and the days before a decision, counted from the due date of the carrying invoice.
    """
    cadence = next((one for one in rules.cadences if one.name == decision.cadence), None)
    if cadence is None or not cadence.steps:
        return None
    due = conclusion.words.invoices[decision.carrying].due
    return due + timedelta(days=cadence.steps[-1].offset + rules.settings.exhausted_after_days)


def _dragging(desk: _Desk) -> Iterable[Task]:
    """A formal notice or a hand-over waits for a person for ever; the phase itself does not."""
    for decision in desk.conclusion.decisions:
        if decision.reason is not Reason.FOR_A_PERSON or decision.channel not in (Channel.FORMAL_NOTICE, Channel.HAND_OVER):
            continue
        end = phase_end(decision, desk.conclusion, desk.rules)
        begun = decision.action_date + timedelta(days=desk.rules.settings.exhausted_after_days)
        if end is not None and desk.as_of >= max(end, begun):
            about = _About(decision.customer, decision.currency, decision.invoices, decision.amount, decision.priority)
            key = task_key("decide", decision.customer, decision.currency, decision.carrying)
            act = {"formal notice": Sentence("formal notice", "mise en demeure")}.get(
                str(decision.channel), Sentence("hand-over", "remise à un professionnel")
            )
            yield desk.task(_DRAGGING, key, about, date=desk.day(max(end, begun)), act=act.text(desk.language))


_OPTIONS = Sentence("The choices:", "Les choix possibles\u00a0:")
_OPTION_PLAN = Sentence("• a plan", "• un échéancier")
_OPTION_OUT = Sentence(
    "• hand over to a professional: type “handed over” in Status on the rows; the internal reminders stop",
    "• confier à un professionnel\u00a0: «\u00a0confiée\u00a0» dans Statut\u202f; les relances internes s’arrêtent",
)
_OPTION_COURT = Sentence(
    "• go to court before {date} (limitation): “court” in Status; a reminder or a formal notice does not interrupt it everywhere",
    "• agir en justice avant le {date} (prescription)\u00a0: «\u00a0contentieux\u00a0» dans Statut\u202f; une relance ou une mise en demeure ne l’interrompt pas partout",
)
_OPTION_LOSS = Sentence(
    "• write off: “written off” in Status with its date; the list to recover the VAT follows",
    "• passer en perte\u00a0: «\u00a0perte\u00a0» dans Statut, avec sa date\u202f; la liste pour récupérer la TVA suivra",
)


def options_script(
    decision: Decision, plan_lines: Sequence[str], limitations: Mapping[str, date | None], language: Language
) -> str:
    """What a person may decide at the end of the internal phase, with the figures of this case."""
    limit = min((day for number in decision.invoices if (day := limitations.get(number)) is not None), default=None)
    lines = [_OPTIONS.text(language), _OPTION_OUT.text(language)]
    if limit is not None:
        lines.append(_OPTION_COURT.text(language).format(date=format_date(limit, language)))
    lines += [_OPTION_LOSS.text(language), _OPTION_PLAN.text(language) + ("\u00a0:" if language == "fr" else ":"), *plan_lines]
    return "\n".join(lines)
