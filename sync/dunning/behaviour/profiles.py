"""One profile for each customer and currency: habits, segment, risk, signs and advice put together."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sync.dunning.agreements.promises import Promise, broken_by_account, promises
from sync.dunning.behaviour.habits import Account, HabitRules, Standing, accounts, habits, months_before
from sync.dunning.behaviour.risk import score
from sync.dunning.behaviour.segments import SegmentRules, is_natural_person, previous_segments, segment_of
from sync.dunning.behaviour.warnings import signs
from sync.dunning.model import Observation, Profile, Rules, Settings
from sync.dunning.reasons import Sentence
from sync.ledger.balances import Balances
from sync.ledger.model import Cents, Contact, CustomerKey, Ledger
from sync.ledger.words import Language, Segment

HIGH_RISK, SOME_RISK = 70, 50

ADVICE: Mapping[str, Sentence] = {
    "insolvency": Sentence(
        "Declare the claim to the proceedings in time; ask for payment on delivery from now on.",
        "Déclarez la créance à la procédure dans les délais\u202f; demandez désormais un paiement comptant.",
    ),
    "limit_exceeded": Sentence(
        "Credit limit exceeded: decide whether to stop further credit, raise the limit or ask for a guarantee.",
        "Encours autorisé dépassé\u00a0: décidez s’il faut suspendre le crédit, relever l’encours ou demander une garantie.",
    ),
    "guarantee": Sentence(
        "High risk: consider a guarantee or payment in advance, and shorter terms. You decide.",
        "Risque élevé\u00a0: envisagez une garantie ou un paiement d’avance, et des délais plus courts. À vous de décider.",
    ),
    "guaranteed": Sentence(
        "High risk: check the guarantee held, and consider payment in advance and shorter terms. You decide.",
        "Risque élevé\u00a0: vérifiez la garantie détenue, envisagez un paiement d’avance et des délais plus courts. À vous de décider.",
    ),
    "shorter": Sentence(
        "Consider a down payment on the next orders and shorter terms. You decide.",
        "Envisagez un acompte sur les prochaines commandes et des délais plus courts. À vous de décider.",
    ),
    "limit_near": Sentence(
        "Credit limit nearly reached: agree on a payment before the next delivery.",
        "Encours autorisé presque atteint\u00a0: convenez d’un règlement avant la prochaine livraison.",
    ),
    "drifting": Sentence(
        "Call before the delay grows: something has changed.", "Appelez avant que le retard ne s’installe\u00a0: quelque chose a changé."
    ),
    "later_than_usual": Sentence(
        "Call in a friendly tone: this is not like them.", "Appelez avec bienveillance\u00a0: ce n’est pas dans ses habitudes."
    ),
    "broken_promises": Sentence(
        "Ask for a written plan rather than another promise.", "Demandez un échéancier écrit plutôt qu’une nouvelle promesse."
    ),
    "unusual_order": Sentence(
        "Check the unusually large invoice with the customer before its due date.",
        "Vérifiez avec le client, avant l’échéance, la facture d’un montant inhabituel.",
    ),
    "short_payment": Sentence(
        "Check the discount deducted before asking for the rest.", "Vérifiez l’escompte déduit avant de réclamer le solde."
    ),
    "person": Sentence(
        "Natural person: kept out of the firmer path; only a person may choose it, in Segment (set).",
        "Personne physique\u00a0: jamais mise d’office sur le parcours ferme\u202f; seule une personne peut le choisir, dans Segment (imposé).",
    ),
    "person_plan": Sentence("Offer a plan within their means.", "Proposez un échéancier à sa portée."),
}  # fmt: skip


def profiles(
    ledger: Ledger,
    balances: Balances,
    rules: Rules,
    *,
    known_promises: Sequence[Promise] | None = None,
    previous: Mapping[CustomerKey, Segment] | None = None,
) -> Sequence[Profile]:
    """Every customer and currency with an invoice or credit note that counts, sorted by customer then currency.

    As of the day of the balances. `known_promises` and `previous` segments are found in the ledger when not given.
    `open` is the sum of the open invoices, free money not deducted; the exposure against a credit limit deducts it.
    """
    settings, as_of = rules.settings, balances.as_of
    if known_promises is None:
        known_promises = promises(ledger, balances, settings)
    if previous is None:
        previous = previous_segments(ledger.journal, as_of)
    since = months_before(as_of, settings.segment_months)
    broken = broken_by_account(_held_against(known_promises, balances.unallocated), since, as_of)
    segment_rules, habit_rules = SegmentRules.of(settings), HabitRules.of(settings, as_of)
    found = accounts(ledger, balances, settings)
    return [
        _profile(
            key, found[key], ledger.contacts.get(key[0]), broken.get(key, ()), balances.unallocated.get(key, 0) - balances.returned.get(key, 0),
            previous.get(key) or previous.get((key[0], "")), segment_rules, habit_rules, settings, as_of,
        )
        for key in sorted(found)
    ]  # fmt: skip


def _held_against(known: Iterable[Promise], unallocated: Mapping[CustomerKey, Cents]) -> Iterable[Promise]:
    """Money received and not yet matched may be the promised one: such a promise is not held against the customer."""
    return (one for one in known if unallocated.get((one.customer, one.currency), 0) < max(1, one.amount - one.paid))


def _profile(
    key: CustomerKey, account: Account, contact: Contact | None, broken_promises: Sequence[Promise], free: Cents,
    previous: Segment | None, segment_rules: SegmentRules, habit_rules: HabitRules, settings: Settings, as_of: date,
) -> Profile:  # fmt: skip
    customer, currency = key
    broken = len(broken_promises)
    counted = habits(account, broken_promises[-1].deadline if broken_promises else None, habit_rules)
    insolvent = contact is not None and contact.insolvent_on is not None and contact.insolvent_on <= as_of
    standing = Standing(currency, account, counted, broken, contact, max(0, account.open - free), insolvent)
    segment = segment_of(counted, broken, previous, contact, segment_rules)
    risk = score(standing, settings)
    codes = signs(standing, segment, settings)
    return Profile(
        customer=customer,
        currency=currency,
        segment=segment,
        risk=risk.value,
        open=account.open,
        overdue=account.overdue,
        usual_delay=counted.usual_delay,
        broken_promises=broken,
        why=risk.why,
        advice=advise(segment, risk.value, codes, contact, account.overdue, settings.language),
        signs=codes,
    )


def advise(segment: Segment, risk: int, codes: Sequence[str], contact: Contact | None, overdue: Cents, language: Language) -> str:
    """What a person may do, in words; "" when there is nothing to say. A person decides, always."""
    chosen: list[str] = []
    if is_natural_person(contact):
        if risk >= SOME_RISK and (contact is None or contact.segment_set is None):
            chosen.append("person")
        if overdue > 0 and (risk >= SOME_RISK or "broken_promises" in codes):
            chosen.append("person_plan")
        chosen += [code for code in codes if code in ("later_than_usual", "unusual_order", "short_payment")]
    else:
        chosen += [code for code in codes if code in ("insolvency", "limit_exceeded")]
        if risk >= HIGH_RISK and "insolvency" not in codes:
            chosen.append("guaranteed" if contact is not None and contact.guarantee else "guarantee")
        elif (risk >= SOME_RISK or segment is Segment.WATCH) and "insolvency" not in codes and segment is not Segment.NEW:
            chosen.append("shorter")
        chosen += [code for code in codes if code in ADVICE and code not in chosen]
    return " ".join([ADVICE[code].text(language) for code in chosen])


def segment_observations(found: Iterable[Profile], previous: Mapping[CustomerKey, Segment]) -> Sequence[Observation]:
    """The journal rows that remember the segments seen for the first time or changed (they feed the hysteresis)."""
    return [
        Observation(
            customer=one.customer, currency=one.currency, field="segment",
            old=str(previous.get((one.customer, one.currency), "")), new=str(one.segment),
        )
        for one in found
        if previous.get((one.customer, one.currency)) is not one.segment
    ]  # fmt: skip
