"""What the headings of accounting exports mean: synonyms in French and English, by rank, and nothing guessed.

Each target (a column of the contract, or one of `EXTRA`) lists headings in three ranks: those that can mean nothing
else, those that usually mean it, and those that mean it when nothing better is there ("Date", "Montant").
Two headings of the same rank for one target are a question to the person, not a choice of ours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sync.ledger.words import fold
from sync.workbook.contract import TABS_BY_KEY, Type, Who

Kind = Literal["invoices", "contacts", "payments"]
KINDS: tuple[Kind, ...] = ("invoices", "contacts", "payments")
IGNORE = ""  # the target of a heading that people asked to leave alone

# Targets that are no column of their own: what they say ends in another column, or in another tab.
EXTRA: dict[Kind, tuple[str, ...]] = {
    "invoices": (
        "balance", "debit", "credit", "document",
        "contacts.name", "contacts.person", "contacts.email", "contacts.phone", "contacts.address", "contacts.country",
    ),
    "contacts": ("postcode", "city"),
    "payments": ("debit", "credit"),
}  # fmt: skip

_INVOICE = (
    "numéro de facture; numéro facture; n° de facture; n° facture; no facture; no de facture; num facture; facture n°; "
    "numfacture; référence facture; réf facture; invoice number; invoice no; invoice num; invoice #; invoice id; invoice ref",
    "facture; invoice; n° de pièce; n° pièce; no pièce; numéro de pièce; numéro pièce; pièce; piece ref; pièceref; num pièce; "
    "document number; document no; doc number; n° document; n° de document; numéro de document; numéro document",
    "numéro; n°; no; number; référence; réf; reference; ref",
)
_CUSTOMER = (
    "customer id; customerid; customer number; customer no; customer code; code client; numéro client; n° client; no client; "
    "num client; id client; client id; client code; client number; compte client; compte tiers; code tiers; n° tiers; "
    "numéro tiers; compte auxiliaire; comp aux num; compauxnum; account number; account code; debtor number",
    "client; customer; tiers; debtor; compte; account",
    "code",
)
_NAME = (
    "nom du client; nom client; intitulé du tiers; intitulé tiers; libellé tiers; raison sociale; customer name; client name; "
    "comp aux lib; compauxlib; company name; nom du tiers; nom tiers",
    "intitulé; nom; name; société; company; entreprise",
    "",
)
_CONTACT_DETAILS: dict[str, tuple[str, str, str]] = {
    "name": _NAME,
    "person": ("interlocuteur; nom du contact; contact name; contact person", "contact", ""),
    "email": (
        "e-mail; email; courriel; adresse e-mail; adresse email; email address; e-mail address; adresse mail; e-mail client",
        "mail",
        "",
    ),
    "phone": ("téléphone; n° de téléphone; tél; phone; telephone; phone number", "mobile; portable", ""),
    "address": (
        "adresse; adresse postale; address; postal address; billing address; adresse de facturation",
        "rue; street; adresse 1; address 1",
        "",
    ),
    "country": ("pays; code pays; country; country code iso; pays iso", "", ""),
}
_CURRENCY = ("devise; code devise; currency; currency code; idevise", "monnaie", "")
_DEBIT = ("débit; debit; montant débit; debit amount", "", "")
_CREDIT = ("crédit; credit; montant crédit; credit amount", "", "")

SYNONYMS: dict[Kind, dict[str, tuple[str, str, str]]] = {
    "invoices": {
        "invoice": _INVOICE,
        "customer": _CUSTOMER,
        "issued": (
            "date de facture; date facture; date de la facture; invoice date; date d'émission; date émission; issue date; "
            "date of issue; date de facturation; issued on",
            "date de pièce; date pièce; piece date; date de la pièce; date du document; date document; document date; issued",
            "date; date comptable; ecriture date; date écriture",
        ),
        "due": (
            "date d'échéance; date échéance; échéance; due date; date due; payment due date; échéance le; date limite de paiement",
            "due; due on; date de règlement prévue",
            "",
        ),
        "amount": (
            "montant ttc; total ttc; ttc; montant facture; montant de la facture; montant facture ttc; invoice amount; invoice total; "
            "amount incl tax; amount incl vat; total incl tax; total incl vat; gross amount; montant total ttc",
            "net à payer; gross; total amount",
            "montant; amount; total",
        ),
        "currency": _CURRENCY,
        "paid_on": (
            "settled date; settlement date; date de règlement; date règlement; date de paiement; date paiement; payée le; réglée le; "
            "paid on; paid date; date paid; payment date; soldée le; date de solde",
            "",
            "",
        ),
        "applies_to": ("s'impute sur; facture d'origine; applies to; original invoice; avoir sur facture", "", ""),
        "balance": (
            "solde; solde ttc; solde dû; reste dû; reste à payer; restant dû; montant restant dû; solde restant; balance; "
            "open amount; open balance; amount due; balance due; outstanding; outstanding amount; amount outstanding; remaining amount",
            "",
            "",
        ),
        "document": ("type de pièce; type pièce; type de document; type document; document type; doc type; nature de pièce", "type", ""),
        "debit": _DEBIT,
        "credit": _CREDIT,
        **{f"contacts.{key}": ranks for key, ranks in _CONTACT_DETAILS.items()},
    },
    "contacts": {
        "customer": (_CUSTOMER[0], "compte; account; code", "client; customer; tiers; n°; numéro; no; number; id"),
        **_CONTACT_DETAILS,
        "name": (_NAME[0], _NAME[1], "client; customer; libellé"),
        "postcode": ("code postal; cp; postcode; post code; zip; zip code; postal code", "", ""),
        "city": ("ville; city; town; commune", "", ""),
        "company_id": ("siren; n° siren; numéro siren; company number; registration number", "siret; n° siret", ""),
        "terms": ("conditions de règlement; conditions de paiement; délai de paiement; délai de règlement; payment terms", "conditions; terms", ""),
        "payment_means": ("mode de règlement; mode de paiement; moyen de paiement; moyen de règlement; payment method; payment means", "", ""),
        "credit_limit": ("encours autorisé; encours maximum; plafond d'encours; plafond encours; credit limit", "plafond", ""),
        "language": ("langue; language; code langue", "", ""),
    },
    "payments": {
        "paid_on": (
            "date de règlement; date règlement; date de paiement; date paiement; date d'encaissement; date encaissement; "
            "payment date; paid on; date paid; settled date; date received; received on",
            "date de l'opération; date opération; date d'opération; date de valeur; value date; transaction date",
            "date",
        ),
        "invoice": (_INVOICE[0] + "; facture réglée; n° facture réglée", "facture; invoice; pièce réglée", "n° de pièce; n° pièce; pièce"),
        "customer": _CUSTOMER,
        "amount": (
            "montant réglé; montant du règlement; montant payé; montant encaissé; montant du paiement; amount paid; paid amount; "
            "payment amount; amount received",
            "",
            "montant; amount; total",
        ),
        "currency": _CURRENCY,
        "method": ("mode de règlement; mode de paiement; moyen de paiement; type de règlement; payment method; payment type", "mode; method", ""),
        "reference": (
            "référence du règlement; référence règlement; référence de paiement; n° règlement; n° de règlement; payment reference; "
            "payment ref; n° chèque; numéro de chèque; bank reference; référence bancaire",
            "référence; réf; reference; ref",
            "numéro; n°; number",
        ),
        "debit": _DEBIT,
        "credit": _CREDIT,
        "note": ("libellé du règlement; libellé règlement", "libellé; label; description; memo", ""),
    },
}  # fmt: skip

REQUIRED: dict[Kind, tuple[str, ...]] = {
    "invoices": ("invoice", "customer", "issued", "amount"),
    "contacts": ("customer",),
    "payments": ("paid_on", "amount"),
}


@dataclass(frozen=True, slots=True)
class Matching:
    """`targets` by position of the heading in the file; `ignored` headings; `questions` target -> headings that tie."""

    targets: Mapping[int, str]
    ignored: Sequence[str]
    questions: Mapping[str, Sequence[str]]


def targets_of(kind: Kind) -> frozenset[str]:
    """Everything a heading of such an export may be mapped to."""
    people = {column.key for column in TABS_BY_KEY[kind].columns if column.who is Who.PEOPLE}
    return frozenset(people | set(EXTRA[kind]))


def target_named(kind: Kind, name: str) -> str | None:
    """The target a person means by a key or by a heading of the sheet; None when there is none."""
    wanted = fold(name)
    for target in targets_of(kind):
        if fold(target) == wanted:
            return target
    for column in TABS_BY_KEY[kind].columns:
        if column.who is Who.PEOPLE and wanted in (fold(column.en), fold(column.fr)):
            return column.key
    return None


def is_list(kind: Kind, target: str) -> bool:
    return target not in EXTRA[kind] and TABS_BY_KEY[kind].column(target).type is Type.LIST


def _known(kind: Kind) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Folded heading -> (rank, target), best first. The sheet's own headings rank between sure and usual."""
    known: dict[str, list[tuple[int, str]]] = {}
    for target, ranks in SYNONYMS[kind].items():
        for rank, names in zip((0, 2, 3), ranks, strict=True):
            for name in names.split(";"):
                entries = known.setdefault(fold(name), [])
                if all(target != listed for _, listed in entries):
                    entries.append((rank, target))
    for column in TABS_BY_KEY[kind].columns:
        if column.who is Who.PEOPLE:
            for heading in {fold(column.en), fold(column.fr)}:
                if all(target != column.key for _, target in known.get(heading, ())):
                    known.setdefault(heading, []).append((1, column.key))
    return {heading: sorted(ranked) for heading, ranked in known.items() if heading}


def recognised(kind: Kind, headings: Iterable[str], mapped: Mapping[str, str]) -> int:
    """How many of these cells look like headings of such an export."""
    known = _known(kind)
    return sum(fold(heading) in known or fold(heading) in mapped for heading in headings if heading.strip())


def match(kind: Kind, headings: Sequence[str], mapped: Mapping[str, str]) -> Matching:
    """Give each heading its target. `mapped` is folded heading -> target (or IGNORE), said by a person: it wins."""
    known = _known(kind)
    targets: dict[int, str] = {}
    free: list[int] = []
    for place, heading in enumerate(headings):
        said = mapped.get(fold(heading))
        if said is None:
            free.append(place)
        elif said != IGNORE:
            targets[place] = said
    questions: dict[str, Sequence[str]] = {}
    for rank in range(4):
        wanted: dict[str, list[int]] = {}
        for place in free:
            for at, target in known.get(fold(headings[place]), ()):
                if at == rank and place not in targets and target not in targets.values() and target not in questions:
                    wanted.setdefault(target, []).append(place)
        for target, places in wanted.items():
            if len(places) == 1:
                targets.setdefault(places[0], target)
            else:
                questions[target] = [headings[place] for place in places]
    ignored = [heading for place, heading in enumerate(headings) if place not in targets and heading.strip()]
    return Matching(targets, ignored, questions)
