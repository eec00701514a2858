"""Early-warning signs: codes with one sentence each, from the habits, the exposure and the promises.

They inform; nothing follows from them by itself. The monthly review lists everything open, so that no account is
forgotten because it never raised a sign.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.dunning.behaviour.habits import Account, Standing
from sync.dunning.behaviour.risk import share_of
from sync.dunning.model import Observation, Profile, Settings
from sync.dunning.reasons import Sentence
from sync.ledger.model import Cents, JournalRow
from sync.ledger.words import Act, Segment

DRIFT_DAYS = 7  # how much later than before the last months must be
LATER_THAN_USUAL = 10  # days beyond a reliable customer's own habit
REVIEW_FIELD = "portfolio_review"

SIGNS: Mapping[str, Sentence] = {
    "insolvency": Sentence(
        "Insolvency proceedings are open: declare the claim in time and stop reminding.",
        "Une procédure collective est ouverte\u00a0: déclarez la créance dans les délais et cessez les relances.",
    ),
    "limit_exceeded": Sentence("The credit limit is exceeded.", "L’encours autorisé est dépassé."),
    "limit_near": Sentence("The credit limit is nearly reached.", "L’encours autorisé est presque atteint."),
    "drifting": Sentence(
        "Paid on time until now; the last months are clearly later.",
        "Payait à l’heure jusqu’ici\u202f; les derniers mois sont nettement plus tardifs.",
    ),
    "later_than_usual": Sentence(
        "A reliable customer is later than they have ever been used to: a call may tell why.",
        "Un client fiable dépasse nettement son habitude\u00a0: un appel dira pourquoi.",
    ),
    "first_broken_promise": Sentence("A first promise was not kept.", "Une première promesse n’a pas été tenue."),
    "broken_promises": Sentence("Several promises were not kept.", "Plusieurs promesses n’ont pas été tenues."),
    "unusual_order": Sentence(
        "An open invoice is far larger than this customer’s usual ones.",
        "Une facture ouverte est bien plus élevée que d’habitude pour ce client.",
    ),
    "short_payment": Sentence(
        "A payment falls short by exactly the early-payment discount: check whether it was due before asking for the rest.",
        "Il manque exactement l’escompte à un règlement\u00a0: vérifiez s’il était dû avant de réclamer le solde.",
    ),
}


def signs(standing: Standing, segment: Segment, settings: Settings) -> tuple[str, ...]:
    """The codes that apply, the gravest first."""
    account, habits, exposure = standing.account, standing.habits, standing.exposure
    found: list[str] = []
    if standing.is_insolvent:
        found.append("insolvency")
    limit = standing.contact.credit_limit if standing.contact is not None else None
    if limit is not None and exposure > 0 and standing.currency == settings.currency:
        if exposure > limit:
            found.append("limit_exceeded")
        elif share_of(exposure, limit) >= settings.credit_warning:
            found.append("limit_near")
    if standing.broken:
        found.append("first_broken_promise" if standing.broken == 1 else "broken_promises")
    on_time = settings.reliable_max_days
    if (
        habits.delay is not None
        and (habits.trend or 0) >= DRIFT_DAYS
        and habits.delay - (habits.trend or 0) <= on_time < habits.delay
    ):
        found.append("drifting")
    elif segment is Segment.RELIABLE and account.oldest_late > max(habits.usual_delay or 0, on_time) + LATER_THAN_USUAL:
        found.append("later_than_usual")
    if _is_unusual(account, settings):
        found.append("unusual_order")
    if account.short_paid:
        found.append("short_payment")
    return tuple(found)


def _is_unusual(account: Account, settings: Settings) -> bool:
    """The largest open invoice against the middle one of the window, once there are enough to say what is usual."""
    amounts = account.amounts
    if account.largest_open == 0 or len(amounts) <= settings.segment_min_invoices:
        return False
    amounts.sort()
    return 100 * account.largest_open >= settings.unusual_order * amounts[len(amounts) // 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """A line of the monthly review: one customer and currency with something open."""

    customer: str
    currency: str
    open: Cents
    overdue: Cents
    risk: int
    segment: Segment
    signs: tuple[str, ...]


def monthly_review(profiles: Iterable[Profile]) -> Sequence[ReviewLine]:
    """Everything open, the largest overdue weighted by risk first, ties by customer."""
    lines = [
        ReviewLine(
            customer=one.customer, currency=one.currency, open=one.open, overdue=one.overdue, risk=one.risk,
            segment=one.segment, signs=tuple(one.signs),
        )
        for one in profiles
        if one.open > 0
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (-line.overdue * (line.risk + 1), -line.open, line.customer, line.currency))


def review_is_due(journal: Iterable[JournalRow], as_of: date) -> bool:
    """True until the review of this calendar month is in the Journal (see `review_act`)."""
    month = f"{as_of:%Y-%m}"
    return not any(
        row.field == REVIEW_FIELD and row.new == month and row.status in (Act.OBSERVED, Act.DONE) and row.when.date() <= as_of
        for row in journal
    )


def review_act(as_of: date) -> Observation:
    """The journal row that says the review of this month was put before people."""
    return Observation(customer="", field=REVIEW_FIELD, new=f"{as_of:%Y-%m}")
