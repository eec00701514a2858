"""The invented company's settings and its contacts tab."""

from datetime import date

from sync.demo.mess import Row
from sync.demo.people import COMPANY, CUSTOMERS, Customer
from sync.demo.stories import ago
from sync.ledger.words import Kind, Language, word_for

RATINGS = {"reliable": 82, "debit": 78, "bill": 71, "public": 90, "occasional": 61, "slow": 43, "bad": 24, "insolvent": 6}
DEBT = {"reliable": 38.0, "occasional": 64.5, "slow": 112.0, "bad": 187.5, "insolvent": 340.0}
NO_REMINDERS, BAD_ADDRESS = "C0091", "C0085"

SETTINGS: tuple[tuple[str, str, str], ...] = (
    ("company", COMPANY, COMPANY),
    ("address", "7, passage de la Marge\n99140 Encreville", "7, passage de la Marge\n99140 Encreville\nFrance"),
    ("company_id", "000000018", "000000018"),
    ("vat_id", "FR66000000018", "FR66000000018"),
    ("sender_name", "Camille Buvard, comptabilité clients", "Camille Buvard, accounts receivable"),
    ("sender_email", "compta@example.org", "compta@example.org"),
    ("reply_to", "compta@example.org", "compta@example.org"),
    ("iban", "FR7630006000011234567890189", "FR7630006000011234567890189"),
    ("language", "fr", "en"),
    ("time_zone", "Europe/Paris", "Europe/Paris"),
    ("country", "FR", "FR"),
    ("currency", "EUR", "EUR"),
    ("terms", "30", "30"),
    ("mode", "auto", "auto"),
    ("volume_guard", "", ""),  # the demo catches up four days at once, which the guard would rightly ask about
    # The demo is run at any hour; a real company leaves the working hours that are the default.
    ("sending_from", "00:00", "00:00"),
    ("sending_to", "23:59", "23:59"),
    ("interest", "mention", "mention"),
    ("cost_of_capital", "6", "6"),
    ("cost_email", "0,05", "0.05"),
    ("cost_call", "4", "4"),
    ("cost_letter", "7,50", "7.50"),
    ("goal_month_collection", "85", "85"),
)


def setting_rows(language: Language) -> list[Row]:
    """The settings that this company has filled, by their English names; all others keep their defaults."""
    return [{"setting": name, "value": french if language == "fr" else english} for name, french, english in SETTINGS]


def contact_row(customer: Customer, language: Language, as_of: date) -> Row:
    place = CUSTOMERS.index(customer)
    french = customer.language == "fr"
    row: Row = {
        "customer": customer.key,
        "name": customer.name,
        "person": customer.person or None,
        "email": customer.email.replace("@", "@@") if customer.key == BAD_ADDRESS else customer.email or None,
        "phone": f"01 99 00 {place // 10 + 10:02d} {place:02d}" if french else f"+44 20 7946 0{place:03d}",
        "address": _address(customer, place),
        "country": customer.country or None,
        "kind": word_for("kind", customer.kind, language) if customer.kind else None,
        "terms": customer.terms or None,
        "payment_means": word_for("payment_means", customer.means, language) if customer.means else None,
        # A French sheet writes to the French by default, and an English one to everybody in English.
        "language": "en" if not french and language == "fr" else None,
        "manager": "camille.buvard@example.org" if customer.size > 100_000 else None,
        "credit_limit": float(round(customer.size * customer.monthly * 3 / 50_000) * 500) or None,
        "rating": RATINGS.get(customer.habit),
        "debt_ratio": DEBT.get(customer.habit),
    }
    if customer.kind is Kind.CONSUMER:
        row |= {"natural_person": word_for("yes_no", "yes", language), "credit_limit": None}
    if customer.key == NO_REMINDERS:
        row |= {
            "do_not_contact": word_for("yes_no", "yes", language),
            "note": "Passer par le service commercial" if language == "fr" else "Goes through the sales team",
        }
    if customer.habit == "insolvent":
        row |= {"insolvent_on": ago(as_of, 120), "note": "Créance déclarée" if language == "fr" else "Claim filed"}
    if customer.habit == "bad":
        row["guarantee"] = "caution du dirigeant" if language == "fr" and place % 2 else None
    return {key: cell for key, cell in row.items() if cell is not None}


STREETS = ("rue du Parchemin", "place de la Gomme", "quai des Brouillons", "allée du Papier Mâché", "rue de la Virgule",
           "impasse du Point Final", "boulevard des Ratures", "chemin de l’Encrier")  # fmt: skip
TOWNS = ("99140 Encreville", "99220 Bourg-la-Page", "99310 Saint-Signet", "99450 Marge-sur-Ligne", "99560 Val-Buvard")


def _address(customer: Customer, place: int) -> str:
    if customer.country == "GB":
        return f"{place} Quill Lane\nPuddlecombe ZZ9 {place % 9}ZZ"
    if customer.country == "DE":
        return f"Tintenweg {place}\n00999 Papierhausen"
    return f"{3 + place * 2}, {STREETS[place % len(STREETS)]}\n{TOWNS[place % len(TOWNS)]}"
