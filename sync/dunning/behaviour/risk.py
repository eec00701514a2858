"""Risk, 0 (none) to 100 (worst), as a weighted mean whose every part is said in words.

Each component gives points from 0 to 100 and a sentence. What is not known has no weight: the others share it. Few
invoices weigh less than many (full weight from `FULL` observed invoices). A lateness can only raise the score.
Behaviour is what the customer did with us; the figures are those people typed in Contacts (debt ratio, current
liquidity, capacity, external score, credit limit). Amounts typed there are in the company's currency and are used
for that currency alone.

For a natural person only their payments to us are counted, never an external figure, and nothing follows from the
score by itself (GDPR art. 22, CNIL deliberation 2021-130). A declared insolvency is 100.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sync.dunning.behaviour.habits import Standing
from sync.dunning.behaviour.segments import is_natural_person
from sync.dunning.model import Settings
from sync.dunning.phrases import counted, days, number, percent
from sync.dunning.reasons import Sentence
from sync.ledger.model import Cents, Contact
from sync.ledger.money import format_money
from sync.ledger.words import Language

FULL = 5  # observed invoices that give behaviour its whole weight
UNKNOWN = 50  # nothing known at all: the middle

# Weights of the components; their sum does not matter.
W_DELAY, W_SHARE, W_OLDEST, W_BROKEN = 25, 10, 15, 15
W_LIMIT, W_RATING, W_DEBT, W_LIQUIDITY, W_CAPACITY = 10, 15, 10, 10, 10

SAYS = {
    "delay": Sentence("Usually {days} late.", "Paie d’ordinaire avec {days} de retard."),
    "on_time": Sentence("Usually pays on time.", "Paie d’ordinaire à l’échéance."),
    "share": Sentence("{late} of {observed} more than {beyond} late ({share}).", "{late} sur {observed} à plus de {beyond} de retard ({share})."),
    "oldest": Sentence("The oldest open invoice is {days} late.", "La plus ancienne facture ouverte a {days} de retard."),
    "limit": Sentence(
        "{open} open, {share} of the credit limit of {limit}.", "Encours de {open}, soit {share} de l’encours autorisé de {limit}."
    ),
    "no_limit": Sentence("{open} open, with no credit allowed.", "Encours de {open}, alors qu’aucun encours n’est autorisé."),
    "rating": Sentence("External score of {rating} out of 100.", "Note externe de {rating} sur 100."),
    "debt": Sentence("Debt ratio understood as {ratio}.", "Taux d’endettement compris comme {ratio}."),
    "liquidity": Sentence("Current liquidity of {ratio}.", "Liquidité de {ratio}."),
    "capacity": Sentence(
        "{overdue} overdue for a monthly capacity of {capacity}.", "{overdue} échus pour une capacité mensuelle de {capacity}."
    ),
    "insolvent": Sentence("Insolvency proceedings are open.", "Une procédure collective est ouverte."),
    "unknown": Sentence(
        "Nothing is known yet: the middle of the scale.", "Rien n’est encore connu\u00a0: le milieu de l’échelle."
    ),
    "person": Sentence(
        "Natural person: only payments to us are counted, and nothing follows from the score by itself.",
        "Personne physique\u00a0: seuls ses paiements chez nous comptent, et la note n’entraîne rien d’elle-même.",
    ),
}  # fmt: skip


class Component(NamedTuple):
    """`weighted` = points (0..100, 100 worst) x weight; `says` its sentence, "" when there is nothing to say."""

    weighted: int
    weight: int
    says: str


class Score(NamedTuple):
    """`value` 0..100; `why` one sentence a component, the heaviest contribution first."""

    value: int
    why: Sequence[str]


def score(standing: Standing, settings: Settings) -> Score:
    """The risk of one customer in one currency, with its reasons in the company's language."""
    language, contact = settings.language, standing.contact
    person = is_natural_person(contact)
    found = _behaviour(standing, settings)
    if contact is not None and not person:
        found += _figures(standing, contact, settings)
    if found:
        found.sort(reverse=True)
        weight = sum([one[1] for one in found])
        value = (sum([one[0] for one in found]) + weight // 2) // weight
        why = [one[2] for one in found if one[2]]
    else:
        value, why = UNKNOWN, [SAYS["unknown"].text(language)]
    if standing.is_insolvent:
        value = 100
        why.insert(0, SAYS["insolvent"].text(language))
    if person:
        why.append(SAYS["person"].text(language))
    return Score(value, why)


def _points(value: int, worst: int, best: int = 0) -> int:
    """Points along a straight line: 0 at `best`, 100 at `worst`, flat beyond."""
    points = 100 * (value - best) // (worst - best)
    return 0 if points < 0 else min(points, 100)


def _behaviour(standing: Standing, settings: Settings) -> list[Component]:
    habits, broken, language = standing.habits, standing.broken, settings.language
    if habits.delay is None:
        return [Component(_points(50 * broken, 100) * W_BROKEN, W_BROKEN, _broken_says(broken, language))] if broken else []
    oldest, watch, part = standing.account.oldest_late, settings.watch_min_days, min(habits.observed, FULL)
    share = _share_says(habits.late, habits.observed, settings.reliable_max_days, language)
    return [
        Component(
            _points(habits.delay, 2 * watch) * W_DELAY * part // FULL, W_DELAY * part // FULL, _delay_says(habits.delay, language)
        ),
        Component(habits.late_share * W_SHARE * part // FULL, W_SHARE * part // FULL, share),
        Component(_points(oldest, 3 * watch) * W_OLDEST, W_OLDEST, _oldest_says(oldest, language)),
        Component(_points(50 * broken, 100) * W_BROKEN, W_BROKEN, _broken_says(broken, language)),
    ]


# The same few sentences come back for thousands of customers.


@cache
def _delay_says(delay: int, language: Language) -> str:
    return SAYS["delay" if delay > 0 else "on_time"].text(language).format(days=days(delay, language))


@cache
def _share_says(late: int, observed: int, beyond: int, language: Language) -> str:
    if not late:
        return ""
    return SAYS["share"].text(language).format(
        late=counted(late, "invoice", "invoices", "facture", "factures", language),
        observed=observed, beyond=days(beyond, language), share=percent(100 * late // observed, language),
    )  # fmt: skip


@cache
def _oldest_says(oldest: int, language: Language) -> str:
    return SAYS["oldest"].text(language).format(days=days(oldest, language)) if oldest else ""


@cache
def _broken_says(broken: int, language: Language) -> str:
    promises = counted(broken, "broken promise", "broken promises", "promesse non tenue", "promesses non tenues", language)
    return f"{promises}." if broken else ""


def _figures(standing: Standing, contact: Contact, settings: Settings) -> list[Component]:
    language, currency = settings.language, standing.currency
    found: list[Component] = []

    def add(name: str, points: int, weight: int, **values: str) -> None:
        found.append(Component(points * weight, weight, SAYS[name].text(language).format(**values)))

    if currency == settings.currency:
        limit, capacity, exposure, overdue = contact.credit_limit, contact.capacity, standing.exposure, standing.account.overdue
        if limit is not None and (limit > 0 or exposure > 0):
            used = share_of(exposure, limit)
            shown = {"open": format_money(exposure, currency, language), "limit": format_money(limit, currency, language)}
            add("limit" if limit > 0 else "no_limit", _points(used, 120, 50), W_LIMIT, share=percent(used, language), **shown)
        if capacity is not None and overdue > 0:
            points = _points(100 * overdue // capacity, 600, 100) if capacity > 0 else 100  # one month to six
            shown = {"overdue": format_money(overdue, currency, language), "capacity": format_money(capacity, currency, language)}
            add("capacity", points, W_CAPACITY, **shown)
    if contact.rating is not None:
        add("rating", 100 - _points(int(contact.rating), 100), W_RATING, rating=number(contact.rating, language))
    if contact.debt_ratio is not None:
        ratio = debt_percent(contact.debt_ratio)
        add("debt", _points(ratio, 200, 50), W_DEBT, ratio=percent(ratio, language))
    if contact.liquidity is not None:
        points = 100 - _points(int(contact.liquidity * 100), 150, 50)
        add("liquidity", points, W_LIQUIDITY, ratio=number(contact.liquidity, language))
    return found


def share_of(exposure: Cents, limit: Cents) -> int:
    """Whole percent of the credit limit in use; a limit of nothing is passed by any exposure."""
    if exposure <= 0:
        return 0
    return 100 * exposure // limit if limit > 0 else 1000


def debt_percent(ratio: Decimal) -> int:
    """The debt ratio in percent. People type 0.65 or 65: up to 10 it is a ratio, above a percentage; the sentence
    shows how it was understood."""
    return int(ratio * 100) if ratio <= 10 else int(ratio)
