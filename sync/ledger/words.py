"""The closed lists of the sheet: each value in English and French, and the enum the code uses.

The value of each enum member is the English word of the contract; it is also what JSON shows.
Drop-downs, reading and writing all derive from `WORDS`.
"""

import unicodedata
from enum import StrEnum
from typing import Literal, NamedTuple

Language = Literal["en", "fr"]


class Status(StrEnum):
    OPEN = "open"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written off"
    HANDED_OVER = "handed over"
    COURT = "court"


class DelayReason(StrEnum):
    NOT_RECEIVED = "not received"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    PROMISED = "promised"
    SAYS_PAID = "says paid"
    BAD_FAITH = "bad faith"
    APPROVAL_PENDING = "approval pending"
    OTHER = "other"


class Send(StrEnum):
    """The *send?* button of an invoice row; a blank cell is None."""

    YES = "yes"
    SKIP = "skip"


class Kind(StrEnum):
    BUSINESS = "business"
    CONSUMER = "consumer"
    PUBLIC = "public"


class PaymentMeans(StrEnum):
    TRANSFER = "transfer"
    CARD = "card"
    CHEQUE = "cheque"
    DIRECT_DEBIT = "direct debit"
    BILL_OF_EXCHANGE = "bill of exchange"


class Segment(StrEnum):
    RELIABLE = "reliable"
    OCCASIONAL = "occasional"
    WATCH = "watch"
    NEW = "new"


class Channel(StrEnum):
    EMAIL = "email"
    CALL = "call"
    LETTER = "letter"
    REGISTERED_LETTER = "registered letter"
    FORMAL_NOTICE = "formal notice"
    REVIEW = "review"
    HAND_OVER = "hand over"


class Approval(StrEnum):
    AUTO = "auto"
    ASK = "ask"
    PERSON = "person"


class Attach(StrEnum):
    """What goes with the e-mail of a step."""

    STATEMENT = "statement"
    LETTER = "letter"


class PlanRowState(StrEnum):
    TO_COME = "to come"
    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"


class Outcome(StrEnum):
    """What a person answers on a Today row."""

    DONE = "done"
    NO_ANSWER = "no answer"
    PROMISED = "promised"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    SAYS_PAID = "says paid"
    NOT_RECEIVED = "not received"
    SENT = "sent"
    NOT_SENT = "not sent"
    SKIP = "skip"


class Act(StrEnum):
    """Status of a Journal row."""

    RESERVED = "reserved"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    WITHHELD = "withheld"
    BOUNCED = "bounced"
    REPLIED = "replied"
    DONE = "done"
    SKIPPED = "skipped"
    PROMISED = "promised"
    OBSERVED = "observed"


class Word(NamedTuple):
    key: str
    en: str
    fr: str


def _words(*rows: tuple[str, str, str]) -> tuple[Word, ...]:
    return tuple(Word(*row) for row in rows)


WORDS: dict[str, tuple[Word, ...]] = {
    "yes_no": _words(("yes", "yes", "oui"), ("no", "no", "non")),
    "status": _words(
        ("open", "open", "ouverte"),
        ("draft", "draft", "brouillon"),
        ("cancelled", "cancelled", "annulée"),
        ("written off", "written off", "perte"),
        ("handed over", "handed over", "confiée"),
        ("court", "court", "contentieux"),
    ),
    "reason": _words(
        ("not received", "not received", "non reçue"),
        ("dispute", "dispute", "litige"),
        ("hardship", "hardship", "difficulté"),
        ("promised", "promised", "promesse"),
        ("says paid", "says paid", "dit payée"),
        ("bad faith", "bad faith", "mauvaise foi"),
        ("approval pending", "approval pending", "validation en cours"),
        ("other", "other", "autre"),
    ),
    "send": _words(("yes", "yes", "oui"), ("skip", "skip", "passer")),
    "kind": _words(
        ("business", "business", "entreprise"), ("consumer", "consumer", "particulier"), ("public", "public", "public")
    ),
    "payment_means": _words(
        ("transfer", "transfer", "virement"),
        ("card", "card", "carte"),
        ("cheque", "cheque", "chèque"),
        ("direct debit", "direct debit", "prélèvement"),
        ("bill of exchange", "bill of exchange", "LCR"),
    ),
    "segment": _words(
        ("reliable", "reliable", "fiable"),
        ("occasional", "occasional", "occasionnel"),
        ("watch", "watch", "à surveiller"),
        ("new", "new", "nouveau"),
    ),
    "channel": _words(
        ("email", "email", "e-mail"),
        ("call", "call", "appel"),
        ("letter", "letter", "courrier"),
        ("registered letter", "registered letter", "recommandé"),
        ("formal notice", "formal notice", "mise en demeure"),
        ("review", "review", "point interne"),
        ("hand over", "hand over", "remise à un professionnel"),
    ),
    "approval": _words(("auto", "auto", "automatique"), ("ask", "ask", "à valider"), ("person", "person", "par une personne")),
    "attach": _words(("statement", "statement", "relevé"), ("letter", "letter", "courrier")),
    "plan_state": _words(
        ("to come", "to come", "à venir"),
        ("kept", "kept", "tenue"),
        ("late", "late", "en retard"),
        ("broken", "broken", "rompue"),
    ),
    "outcome": _words(
        ("done", "done", "fait"),
        ("no answer", "no answer", "sans réponse"),
        ("promised", "promised", "promesse"),
        ("dispute", "dispute", "litige"),
        ("hardship", "hardship", "difficulté"),
        ("says paid", "says paid", "dit payée"),
        ("not received", "not received", "non reçue"),
        ("sent", "sent", "parti"),
        ("not sent", "not sent", "non parti"),
        ("skip", "skip", "passer"),
    ),
    "language": _words(("fr", "fr", "fr"), ("en", "en", "en")),
}


def word_for(list_name: str, key: str, language: Language) -> str:
    """The word people read for `key`. Raises KeyError for a key that is not in the list."""
    for word in WORDS[list_name]:
        if word.key == key:
            return word.fr if language == "fr" else word.en
    raise KeyError(f"{key!r} is not in the list {list_name!r}")


def fold(text: str) -> str:
    """A word, heading or title as compared: no case, accents, spaces or punctuation ("Reste dû " -> "restedu")."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if ch.isalnum())
