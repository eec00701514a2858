"""The sentence on each row and each decision: the rule that applies, and what would change it (rule 8)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.dunning.model import Decision, InvoiceView, Settings
from sync.dunning.reasons import ALSO_OPEN, NOTE_DUE, PLAN_DONE, PLAN_LATE, SENTENCES, Reason, State
from sync.dunning.records import changed
from sync.ledger.agreement import agreeing
from sync.ledger.balances import Balances
from sync.ledger.dates import format_date
from sync.ledger.model import UNHANDLED, Contact, Invoice, Ledger
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


class _Facts:
    """What a sentence may name, put into words only when it does: it names two or three facts of nine."""

    __slots__ = ("_facts",)

    def __init__(self, **facts: Callable[[], object]) -> None:
        self._facts = facts

    def __getitem__(self, name: str) -> object:
        return self._facts[name]()


def explain_decision(decision: Decision, words: Words) -> Decision:
    """The decision with its `why`."""
    settings, language, currency = words.settings, words.language, decision.currency
    note = decision.is_note and decision.reason is Reason.STEP_DUE
    facts = _Facts(
        act=lambda: act_name(decision.channel, language),
        date=lambda: words.day(decision.action_date),
        since=lambda: words.day(words.since.get(decision.customer)),
        due=lambda: words.day(words.invoices[decision.carrying].due),
        carrying=lambda: decision.carrying,
        spacing=lambda: settings.spacing_days,
        minimum=lambda: format_money(settings.minimum_customer, currency, language),
        freshness=lambda: settings.freshness_days,
        credit=lambda: format_money(decision.unallocated, currency, language),
    )
    sentence = NOTE_DUE if note else SENTENCES[decision.reason]
    return changed(decision, why=sentence.text(language).format_map(facts))


LIMITATION_DAYS = 180  # before the limitation date, from which every row says it
_LIMITATION = {
    "en": (" Limitation: {date}, in {days} {days:day|days}.", " Time-barred since {date}."),
    "fr": (" Prescription le {date}, dans {days} {days:jour|jours}.", " Prescrite depuis le {date}."),
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
    why = _why_of(view, carrying, words)
    hold = words.invoices[view.invoice].handling.hold
    is_news = hold is not None and words.as_of is not None and 0 < (words.as_of - hold).days <= _NEWS_DAYS
    if is_news and view.state in _RUNNING:
        why += _HOLD_OVER[words.language].format(date=words.day(hold))
    if view.limitation is not None and words.as_of is not None and view.reason not in (Reason.TIME_BARRED, Reason.WRITTEN_OFF):
        left = (view.limitation - words.as_of).days
        if left <= LIMITATION_DAYS:
            why += _LIMITATION[words.language][left < 0].format_map(
                agreeing({"date": words.day(view.limitation), "days": left}, words.language)
            )
    return changed(view, why=why)


def _why_of(view: InvoiceView, carrying: Decision | None, words: Words) -> str:
    language = words.language
    if carrying is not None and view.reason is carrying.reason:
        if view.invoice == carrying.carrying:
            return carrying.why
        return _SEE[language].format(carrying=carrying.carrying).strip()
    if carrying is not None and view.reason is Reason.STEP_SCHEDULED and view.invoice not in carrying.invoices:
        return ALSO_OPEN.text(language).format(carrying=carrying.carrying)
    if view.reason is Reason.PLAN_KEPT and view.until is None:
        return PLAN_DONE.text(language)
    if view.reason is Reason.PLAN_KEPT and view.until is not None and words.as_of is not None and view.until < words.as_of:
        return PLAN_LATE.text(language).format(date=words.day(view.until))
    settings = words.settings
    minimum = settings.minimum_invoice if view.reason is Reason.BELOW_MINIMUM else settings.minimum_customer
    facts = _Facts(
        act=lambda: act_name(carrying.channel, language) if carrying else "",
        date=lambda: words.day(view.until or (carrying.action_date if carrying else None)),
        since=lambda: words.day(words.since.get(view.invoice) or words.since.get(view.customer)),
        due=lambda: words.day(words.invoices[view.invoice].due),
        carrying=lambda: view.carrying or view.invoice,
        spacing=lambda: settings.spacing_days,
        minimum=lambda: format_money(minimum, view.currency, language),
        freshness=lambda: settings.freshness_days,
        credit=lambda: "",
    )
    return SENTENCES[view.reason].text(language).format_map(facts)


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


def closed_sentences(ledger: Ledger, balances: Balances, language: Language) -> Sequence[str | None]:
    """Why an invoice that is not open rests, None for one that is, in the order of the ledger: every row explains itself."""
    french = language == "fr"
    told: list[str | None] = []
    paid: dict[date, str] = {}  # one sentence a day, however many invoices were settled on it
    for invoice in ledger.invoices:
        handling = invoice.handling
        if handling is not UNHANDLED and handling.status in (Status.DRAFT, Status.CANCELLED):
            told.append(_CLOSED[str(handling.status)][french])
        elif invoice.amount < 0:
            told.append(_CLOSED["credit"][french])
        elif (day := balances.invoices[invoice.number].cleared_on) is not None:
            if day not in paid:
                paid[day] = _CLOSED["paid"][french].format(date=format_date(day, language))
            told.append(paid[day])
        else:
            told.append(None)
    return told
