"""What each kind of task of the Today tab is called and asks for, in both languages."""

from enum import StrEnum
from typing import NamedTuple

from sync.ledger.words import Language


class Kind(StrEnum):
    APPROVE = "approve"
    ADDRESS = "address"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    REVIEW = "review"
    DECIDE = "decide"
    LIMITATION = "limitation"
    LAPSED = "lapsed"
    WARNING = "warning"
    PLAN = "plan"
    REPLY = "reply"
    REPLIES = "replies"
    CREDIT = "credit"
    VOLUME = "volume"
    PAYMENTS = "payments"
    PORTFOLIO = "portfolio"
    THANKS = "thanks"


class TaskWords(NamedTuple):
    kind_en: str
    kind_fr: str
    what_en: str
    what_fr: str

    def kind(self, language: Language) -> str:
        return self.kind_fr if language == "fr" else self.kind_en

    def what(self, language: Language) -> str:
        return self.what_fr if language == "fr" else self.what_en


TASK_WORDS: dict[Kind, TaskWords] = {
    Kind.APPROVE: TaskWords(
        "to approve", "à valider",
        "Read the draft on the row of {carrying}, then choose “yes” in Send?.",
        "Relisez le brouillon sur la ligne de {carrying}, puis choisissez «\u00a0oui\u00a0» dans Envoyer\u202f?.",
    ),
    Kind.ADDRESS: TaskWords(
        "address", "adresse",
        "Find a working e-mail address for {name} and type it in the Contacts tab.",
        "Trouvez une adresse e-mail valable pour {name} et saisissez-la dans l’onglet Clients.",
    ),
    Kind.UNCERTAIN: TaskWords(
        "uncertain message", "message incertain",
        "Check in the sent mail whether the message of {date} to {name} left, then choose “sent” or “not sent”.",
        "Vérifiez dans les messages envoyés si celui du {date} à {name} est parti, puis choisissez «\u00a0parti\u00a0» ou «\u00a0non parti\u00a0».",
    ),
    Kind.REFUSED: TaskWords(
        "refused message", "message refusé",
        "The mail server refuses the message to {name}: {cause}. Change the draft on the row of {carrying} or the address, and "
        "it leaves again; else choose “not sent” to try it once more, “sent” if you sent it yourself, “skip” to pass this step.",
        "Le serveur de messagerie refuse le message à {name}\u00a0: {cause}. Modifiez le brouillon sur la ligne de {carrying} ou "
        "l’adresse, et il repartira\u202f; sinon, choisissez «\u00a0non parti\u00a0» pour le tenter encore, «\u00a0parti\u00a0» si vous "
        "l’avez envoyé vous-même, «\u00a0passer\u00a0» pour sauter cette étape.",
    ),
    Kind.REVIEW: TaskWords(
        "review", "point à faire",
        "{name}, {invoices}: “{reason}” since {date}. Take it forward, or change the cell.",
        "{name}, {invoices}\u00a0: «\u00a0{reason}\u00a0» depuis le {date}. Faites avancer le dossier, ou changez la cellule.",
    ),
    Kind.DECIDE: TaskWords(
        "decide", "à décider",
        "All steps are done for {name}: instalment plan, professional, court or write-off?",
        "Toutes les étapes sont faites pour {name}\u00a0: échéancier, professionnel, tribunal ou passage en perte\u202f?",
    ),
    Kind.LIMITATION: TaskWords(
        "limitation", "prescription",
        "Act before {date}: after it the claim on {invoices} can no longer be brought to court.",
        "Agissez avant le {date}\u00a0: ensuite, la créance sur {invoices} sera prescrite.",
    ),
    Kind.LAPSED: TaskWords(
        "limitation", "prescription",
        "The claim on {invoices} has been time-barred since {date}: check what may have interrupted the period, else write it off.",
        "La créance sur {invoices} est prescrite depuis le {date}\u00a0: vérifiez ce qui a pu interrompre le délai, sinon passez-la en perte.",
    ),
    Kind.WARNING: TaskWords("early warning", "alerte", "{name}: {sign}", "{name}\u00a0: {sign}"),
    Kind.PLAN: TaskWords(
        "instalment", "échéance de plan",
        "{name}: the instalment of {date} has not arrived. Call: the plan breaks after {limit}.",
        "{name}\u00a0: l’échéance du {date} n’est pas arrivée. Appelez\u00a0: le plan sera rompu après le {limit}.",
    ),
    Kind.REPLY: TaskWords("reply", "réponse", "Read the reply of {name} and note its outcome.", "{name} a répondu\u00a0: lisez sa réponse et notez-en le résultat."),
    Kind.REPLIES: TaskWords(
        "reply", "réponse",
        "Read the {count} replies of {name} and note what comes of them.",
        "{name} a répondu {count} fois\u00a0: lisez ses réponses et notez ce qu’il en est.",
    ),
    Kind.CREDIT: TaskWords(
        "credit", "à affecter",
        "{name} has {amount} not yet allocated: write the invoice number on the payment (on two rows when it is too large for one), "
        "or in “Applies to” of the credit note.",
        "{name} dispose de {amount} non affectés\u00a0: indiquez le numéro de facture sur le règlement (sur deux lignes s’il la dépasse), "
        "ou dans «\u00a0S’impute sur\u00a0» de l’avoir.",
    ),
    Kind.VOLUME: TaskWords(
        "volume", "volume inhabituel",
        "{count} messages are ready, far more than usual. Choose “done” to let them leave.",
        "{count} messages sont prêts, bien plus que d’habitude. Choisissez «\u00a0fait\u00a0» pour les laisser partir.",
    ),
    Kind.PAYMENTS: TaskWords(
        "payments", "règlements",
        "Type the latest payments, or set payments_as_of in the Settings tab: {count} {count:reminder waits|reminders wait} for them.",
        "Saisissez les derniers règlements, ou renseignez «\u00a0règlements à jour au\u00a0» dans l’onglet Réglages\u00a0: "
        "{count} {count:relance attend|relances attendent}.",
    ),
    Kind.THANKS: TaskWords(
        "thanks", "remerciement",
        "Everything is paid: send these words of thanks if you like.",
        "Tout est réglé\u00a0: envoyez ce mot de remerciement si vous le souhaitez.",
    ),
    Kind.PORTFOLIO: TaskWords(
        "monthly review", "revue mensuelle",
        "Review everything that is open: {count} {count:customer|customers}, {amount}.",
        "Passez en revue tout ce qui est ouvert\u00a0: {count} {count:client|clients}, {amount}.",
    ),
}  # fmt: skip
