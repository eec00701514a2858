"""The sentence on each row and each decision: the rule that applies, and what would change it (rule 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.model import Decision, InvoiceView, Settings
from sync.dunning.reasons import ALSO_OPEN, NOTE_DUE, PLAN_DONE, SENTENCES, Reason, State
from sync.ledger.balances import Balances
from sync.ledger.dates import format_date
from sync.ledger.model import Contact, Invoice, Ledger
from sync.ledger.money import format_money
from sync.ledger.words import Language, Status, word_for

_SEE = {"en": "Carried by invoice {carrying}: see its row. ", "fr": "Portée par la facture {carrying}\u00a0: voir sa ligne. "}
_NO_DATE = {"en": "a date to be set", "fr": "une date à fixer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What sentences are filled from."""

    settings: Settings
    invoices: Mapping[str, Invoice]
    contacts: Mapping[str, Contact]
    since: Mapping[str, date | None]  # invoice or customer -> since when its pause lasts
    as_of: date | None = None  # None: nothing is said of the time left

    @property
    def language(self) -> Language:
        return self.settings.language

    def day(self, day: date | None) -> str:
        return format_date(day, self.language) if day is not None else _NO_DATE[self.language]


def act_name(channel: str, language: Language) -> str:
    """The channel as the start of a sentence: "E-mail", "Registered letter", "Mise en demeure"."""
    word = word_for("channel", channel, language)
    if channel == "email":
        word = "e-mail"
    return word[:1].upper() + word[1:]


def explain_decision(decision: Decision, words: Words) -> Decision:
    """The decision with its `why`."""
    carrier = words.invoices[decision.carrying]
    settings = words.settings
    note = decision.is_note and decision.reason is Reason.STEP_DUE
    text = (
        (NOTE_DUE if note else SENTENCES[decision.reason])
        .text(words.language)
        .format(
            act=act_name(decision.channel, words.language),
            date=words.day(decision.action_date),
            since=words.day(words.since.get(decision.customer)),
            due=words.day(carrier.due),
            carrying=decision.carrying,
            spacing=settings.spacing_days,
            minimum=format_money(settings.minimum_customer, decision.currency, words.language),
            freshness=settings.freshness_days,
            credit=format_money(decision.unallocated, decision.currency, words.language),
        )
    )
    return replace(decision, why=text)


LIMITATION_DAYS = 180  # before the limitation date, from which every row says it
_LIMITATION = {
    "en": (" Limitation: {date}, in {days} days.", " Time-barred since {date}."),
    "fr": (" Prescription le {date}, dans {days} jours.", " Prescrite depuis le {date}."),
}


_HOLD_OVER = {
    "en": " Its hold ended on {date}.",
    "fr": " Sa suspension a pris fin le {date}.",
}
_NEWS_DAYS = 14  # so long a row says that its hold is over
_RUNNING = (State.DUE, State.SCHEDULED, State.WAITING)


def explain_view(view: InvoiceView, carrying: Decision | None, words: Words) -> InvoiceView:
    """The row with its `why`: its message's own sentence on the carrying row, a pointer on the others; then that its
    hold is over, and the limitation, once near."""
    told = _explain_view(view, carrying, words)
    hold = words.invoices[view.invoice].handling.hold
    is_news = hold is not None and words.as_of is not None and 0 < (words.as_of - hold).days <= _NEWS_DAYS
    if is_news and view.state in _RUNNING:
        told = replace(told, why=told.why + _HOLD_OVER[words.language].format(date=words.day(hold)))
    if view.limitation is None or words.as_of is None or view.reason in (Reason.TIME_BARRED, Reason.WRITTEN_OFF):
        return told
    left = (view.limitation - words.as_of).days
    if left > LIMITATION_DAYS:
        return told
    said = _LIMITATION[words.language][left < 0].format(date=words.day(view.limitation), days=left)
    return replace(told, why=told.why + said)


def _explain_view(view: InvoiceView, carrying: Decision | None, words: Words) -> InvoiceView:
    language = words.language
    if carrying is not None and view.reason is carrying.reason:
        if view.invoice == carrying.carrying:
            return replace(view, why=carrying.why)
        return replace(view, why=_SEE[language].format(carrying=carrying.carrying).strip())
    if carrying is not None and view.reason is Reason.STEP_SCHEDULED and view.invoice not in carrying.invoices:
        return replace(view, why=ALSO_OPEN.text(language).format(carrying=carrying.carrying))
    if view.reason is Reason.PLAN_KEPT and view.until is None:
        return replace(view, why=PLAN_DONE.text(language))
    invoice = words.invoices[view.invoice]
    settings = words.settings
    minimum = settings.minimum_invoice if view.reason is Reason.BELOW_MINIMUM else settings.minimum_customer
    text = (
        SENTENCES[view.reason]
        .text(language)
        .format(
            act=act_name(carrying.channel, language) if carrying else "",
            date=words.day(view.until or (carrying.action_date if carrying else None)),
            since=words.day(words.since.get(view.invoice) or words.since.get(view.customer)),
            due=words.day(invoice.due),
            carrying=view.carrying or view.invoice,
            spacing=settings.spacing_days,
            minimum=format_money(minimum, view.currency, language),
            freshness=settings.freshness_days,
            credit="",
        )
    )
    return replace(view, why=text)


def explain(
    decisions: Sequence[Decision], views: Sequence[InvoiceView], words: Words
) -> tuple[list[Decision], list[InvoiceView]]:
    """Both with their sentences, in the same order."""
    told = [explain_decision(decision, words) for decision in decisions]
    by_carrier = {(decision.customer, decision.carrying): decision for decision in told}
    return told, [explain_view(view, by_carrier.get((view.customer, view.carrying)), words) for view in views]


_CLOSED: dict[str, tuple[str, str]] = {
    "paid": ("Settled on {date}.", "Soldée le {date}."),
    "credit": ("Credit note.", "Avoir."),
    "draft": ("Draft: not counted.", "Brouillon\u00a0: non comptée."),
    "cancelled": ("Cancelled: not counted.", "Annulée\u00a0: non comptée."),
}


def closed_sentences(ledger: Ledger, balances: Balances, language: Language) -> Mapping[str, str]:
    """Why an invoice that is not open rests, by number: every row explains itself."""
    french = language == "fr"
    told: dict[str, str] = {}
    for invoice in ledger.invoices:
        balance = balances.invoices.get(invoice.number)
        if invoice.handling.status in (Status.DRAFT, Status.CANCELLED):
            told[invoice.number] = _CLOSED[str(invoice.handling.status)][french]
        elif invoice.amount < 0:
            told[invoice.number] = _CLOSED["credit"][french]
        elif balance is not None and balance.cleared_on is not None:
            told[invoice.number] = _CLOSED["paid"][french].format(date=format_date(balance.cleared_on, language))
    return told
