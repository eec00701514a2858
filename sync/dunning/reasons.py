"""The closed list of reasons: why an invoice or a customer is, or is not, reminded today.

Each reason has one state (what JSON shows) and one sentence in each language, which says the rule and what would
change it. `{names}` are filled by `why`; a sentence must read well on a row of the sheet.
"""

from enum import StrEnum
from typing import NamedTuple

from sync.ledger.words import Language


class State(StrEnum):
    DUE = "due"
    SCHEDULED = "scheduled"
    WAITING = "waiting"
    PAUSED = "paused"
    BLOCKED = "blocked"
    EXHAUSTED = "exhausted"
    NONE = "none"


class Reason(StrEnum):
    STEP_DUE = "step_due"
    AWAITING_APPROVAL = "awaiting_approval"
    FOR_A_PERSON = "for_a_person"
    CADENCE_CHANGED = "cadence_changed"
    DRAFT_OUTDATED = "draft_outdated"
    NOT_DUE = "not_due"
    STEP_SCHEDULED = "step_scheduled"
    SPACING = "spacing"
    BELOW_MINIMUM = "below_minimum"
    CAP_REACHED = "cap_reached"
    OUTSIDE_WINDOW = "outside_window"
    ROW_PROBLEM = "row_problem"
    SETTINGS_PROBLEM = "settings_problem"
    NO_ADDRESS = "no_address"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    STALE_PAYMENTS = "stale_payments"
    STOPPED = "stopped"
    PLAN_EXHAUSTED = "plan_exhausted"
    ON_HOLD = "on_hold"
    PROMISED = "promised"
    DISPUTED = "disputed"
    NOT_RECEIVED = "not_received"
    HARDSHIP = "hardship"
    SAYS_PAID = "says_paid"
    APPROVAL_PENDING = "approval_pending"
    OTHER = "other"
    PLAN_KEPT = "plan_kept"
    DIRECT_DEBIT = "direct_debit"
    BILL_ACCEPTED = "bill_accepted"
    DO_NOT_CONTACT = "do_not_contact"
    INSOLVENT = "insolvent"
    WRITTEN_OFF = "written_off"
    HANDED_OVER = "handed_over"
    IN_COURT = "in_court"
    TIME_BARRED = "time_barred"
    COVERED_BY_CREDIT = "covered_by_credit"
    REPLIED = "replied"
    CHANGED_SINCE_READ = "changed_since_read"


_DUE = (Reason.STEP_DUE, Reason.AWAITING_APPROVAL, Reason.FOR_A_PERSON, Reason.CADENCE_CHANGED, Reason.DRAFT_OUTDATED)
_SCHEDULED = (Reason.NOT_DUE, Reason.STEP_SCHEDULED)
_WAITING = (Reason.SPACING, Reason.BELOW_MINIMUM, Reason.CAP_REACHED, Reason.OUTSIDE_WINDOW)
_BLOCKED = (
    Reason.ROW_PROBLEM, Reason.SETTINGS_PROBLEM, Reason.NO_ADDRESS, Reason.BOUNCED, Reason.UNCERTAIN,
    Reason.REFUSED, Reason.STALE_PAYMENTS, Reason.STOPPED,
)  # fmt: skip


def state_of(reason: Reason) -> State:
    """The state that goes with a reason. PLAN_EXHAUSTED is WAITING until `exhausted_after_days` are over: see the engine."""
    if reason in _DUE:
        return State.DUE
    if reason in _SCHEDULED:
        return State.SCHEDULED
    if reason in _WAITING:
        return State.WAITING
    if reason in _BLOCKED:
        return State.BLOCKED
    if reason is Reason.PLAN_EXHAUSTED:
        return State.EXHAUSTED
    return State.PAUSED


class Sentence(NamedTuple):
    en: str
    fr: str

    def text(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


SENTENCES: dict[Reason, Sentence] = {
    Reason.STEP_DUE: Sentence(
        "{act} has been due since {date}: {carrying} was to be paid on {due}. A payment, a promise, a dispute or a hold stops it.",
        "{act}\u00a0: à faire depuis le {date}, car {carrying} était à régler le {due}. Un règlement, une promesse, un litige ou une suspension l’arrête.",
    ),
    Reason.AWAITING_APPROVAL: Sentence(
        "{act} has been ready since {date} and waits for a person: choose “yes” in Send? to let it leave, “skip” to pass it.",
        "{act}\u00a0: prêt depuis le {date}, en attente d’une personne. Choisissez «\u00a0oui\u00a0» dans Envoyer\u202f? pour le laisser partir, «\u00a0passer\u00a0» pour l’ignorer.",
    ),
    Reason.FOR_A_PERSON: Sentence(
        "{act} has been waiting for a person since {date}: it is in the Today tab. Give its outcome there; “skip” passes it.",
        "{act}\u00a0: à faire par une personne depuis le {date}, voir l’onglet À faire. Notez-y le résultat\u202f; «\u00a0passer\u00a0» l’ignore.",
    ),
    Reason.CADENCE_CHANGED: Sentence(
        "The cadence or the segment of this customer changed during the reminders: check the text, then choose “yes” in Send?.",
        "Le scénario ou le segment de ce client a changé en cours de relance\u00a0: vérifiez le texte, puis choisissez «\u00a0oui\u00a0» dans Envoyer\u202f?.",
    ),
    Reason.DRAFT_OUTDATED: Sentence(
        "The draft was edited and the facts have changed since: correct it, or empty the cell to get a new one, then choose “yes” in Send?.",
        "Le brouillon a été modifié et les faits ont changé depuis\u00a0: corrigez-le, ou videz la cellule pour en obtenir un nouveau, puis choisissez «\u00a0oui\u00a0» dans Envoyer\u202f?.",
    ),
    Reason.NOT_DUE: Sentence(
        "Not late yet: to be paid by {due}. Next contact planned on {date}.",
        "Pas encore échue\u00a0: à régler au plus tard le {due}. Prochain contact prévu le {date}.",
    ),
    Reason.STEP_SCHEDULED: Sentence(
        "{act} is planned on {date}, counted from the due date of {carrying}.",
        "{act}\u00a0: pour le {date}, à compter de l’échéance de {carrying}.",
    ),
    Reason.SPACING: Sentence(
        "{act} waits until {date}: at least {spacing} days between two written messages to one customer.",
        "{act}\u00a0: attend le {date}, car deux écrits au même client sont espacés d’au moins {spacing} jours.",
    ),
    Reason.BELOW_MINIMUM: Sentence(
        "The amount is under the minimum for a reminder ({minimum}). It leaves when more is owed.",
        "Le montant est inférieur au minimum d’une relance ({minimum}). Elle partira quand le dû sera plus élevé.",
    ),
    Reason.CAP_REACHED: Sentence(
        "The number of messages allowed in a day is reached: it leaves on the next sending day, by priority.",
        "Le nombre de messages autorisé par jour est atteint\u00a0: celui-ci partira au prochain jour d’envoi, par ordre de priorité.",
    ),
    Reason.OUTSIDE_WINDOW: Sentence(
        "Now is outside the sending days and hours of the Settings tab: it leaves at the next opening.",
        "Hors des jours et heures d’envoi de l’onglet Réglages\u00a0: il partira à la prochaine ouverture.",
    ),
    Reason.ROW_PROBLEM: Sentence(
        "Something on this row, its customer or a payment naming it cannot be trusted: see the Problems tab. No reminder until it is mended.",
        "Cette ligne, son client ou un règlement qui la cite n’est pas fiable\u00a0: voir l’onglet À corriger. Aucune relance avant correction.",
    ),
    Reason.SETTINGS_PROBLEM: Sentence(
        "A setting, a cadence or a text cannot be used: see the Problems tab. Nothing leaves because of it.",
        "Un réglage, un scénario ou un texte est inutilisable\u00a0: voir l’onglet À corriger. Rien ne part à cause de cela.",
    ),
    Reason.NO_ADDRESS: Sentence(
        "{act} cannot leave: this customer has no e-mail address in the Contacts tab.",
        "{act}\u00a0: impossible, ce client n’a pas d’adresse e-mail dans l’onglet Clients.",
    ),
    Reason.BOUNCED: Sentence(
        "The last message came back: the address does not exist. Correct it in the Contacts tab.",
        "Le dernier message est revenu\u00a0: l’adresse n’existe pas. Corrigez-la dans l’onglet Clients.",
    ),
    Reason.UNCERTAIN: Sentence(
        "A message to this customer may or may not have left. Say “sent” or “not sent” in the Today tab; nothing leaves meanwhile.",
        "Un message à ce client est peut-être parti. Indiquez «\u00a0parti\u00a0» ou «\u00a0non parti\u00a0» dans l’onglet À faire\u202f; rien ne part d’ici là.",
    ),
    Reason.REFUSED: Sentence(
        "The mail server refuses this message: the Today tab says why. Other words or another address, and it leaves again.",
        "Le serveur de messagerie refuse ce message\u00a0: l’onglet À faire dit pourquoi. Avec un autre texte ou une autre adresse, il repartira.",
    ),
    Reason.STALE_PAYMENTS: Sentence(
        "The last payments entered are older than {freshness} days: enter the recent ones, or set payments_as_of in the Settings tab.",
        "Les derniers règlements saisis ont plus de {freshness} jours\u00a0: saisissez les récents, ou renseignez «\u00a0règlements à jour au\u00a0» dans l’onglet Réglages.",
    ),
    Reason.STOPPED: Sentence(
        "Sending is stopped by the setting “stop”. Empty it to resume.",
        "Les envois sont arrêtés par le réglage «\u00a0arrêt\u00a0». Videz-le pour reprendre.",
    ),
    Reason.PLAN_EXHAUSTED: Sentence(
        "All steps of the cadence are done. A decision is due on {date}: instalment plan, professional, court or write-off.",
        "Toutes les étapes du scénario sont faites. À décider le {date}\u00a0: échéancier, professionnel, tribunal ou passage en perte.",
    ),
    Reason.ON_HOLD: Sentence(
        "On hold to the end of {date}, as typed on this row. Reminders resume by themselves the next day.",
        "Suspendue jusqu’au soir du {date}, comme indiqué sur cette ligne. Les relances reprennent d’elles-mêmes le lendemain.",
    ),
    Reason.PROMISED: Sentence(
        "A payment is promised: reminders to this customer rest to the end of {date}, days of grace included.",
        "Un règlement est promis\u00a0: les relances de ce client sont en pause jusqu’au soir du {date}, délai de grâce compris.",
    ),
    Reason.DISPUTED: Sentence(
        "Disputed: this invoice stays in the figures and out of the reminders until the delay reason is changed.",
        "En litige\u00a0: cette facture reste dans les chiffres et hors des relances tant que le motif n’est pas changé.",
    ),
    Reason.NOT_RECEIVED: Sentence(
        "The customer says that the invoice was not received: send it again. Reminders rest to the end of {date}.",
        "Le client dit ne pas avoir reçu la facture\u00a0: renvoyez-la. Les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.HARDSHIP: Sentence(
        "The customer is in difficulty: propose an instalment plan. Reminders rest to the end of {date}.",
        "Le client est en difficulté\u00a0: proposez un échéancier. Les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.SAYS_PAID: Sentence(
        "The customer says it is paid: look for the money. Reminders rest to the end of {date}.",
        "Le client dit avoir payé\u00a0: recherchez le règlement. Les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.APPROVAL_PENDING: Sentence(
        "The customer is approving the invoice: help it along. Reminders rest to the end of {date}.",
        "Le client valide la facture\u00a0: aidez-le à avancer. Les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.OTHER: Sentence(
        "A delay reason was noted: reminders rest to the end of {date}.",
        "Un motif de retard est noté\u00a0: les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.PLAN_KEPT: Sentence(
        "Under an instalment plan that is being kept: out of the reminders. Next instalment on {date}.",
        "Dans un échéancier respecté\u00a0: hors des relances. Prochaine échéance du plan le {date}.",
    ),
    Reason.DIRECT_DEBIT: Sentence(
        "Paid by direct debit: no reminder unless the bank returns it (a negative payment on this invoice).",
        "Réglée par prélèvement\u00a0: pas de relance, sauf rejet de la banque (un règlement négatif sur cette facture).",
    ),
    Reason.BILL_ACCEPTED: Sentence(
        "Paid by an accepted bill of exchange: no reminder unless it is returned (a negative payment on this invoice).",
        "Réglée par LCR acceptée\u00a0: pas de relance, sauf rejet (un règlement négatif sur cette facture).",
    ),
    Reason.DO_NOT_CONTACT: Sentence(
        "This customer is marked “do not contact” in the Contacts tab: a person follows the case.",
        "Ce client est marqué «\u00a0ne pas contacter\u00a0» dans l’onglet Clients\u00a0: une personne suit le dossier.",
    ),
    Reason.INSOLVENT: Sentence(
        "Insolvency proceedings since {since}: no reminder. File the claim with the court’s representative in time.",
        "Procédure collective depuis le {since}\u00a0: aucune relance. Déclarez la créance dans les délais.",
    ),
    Reason.WRITTEN_OFF: Sentence(
        "Written off: out of the receivables and of the reminders.",
        "Passée en perte\u00a0: hors de l’encours et des relances.",
    ),
    Reason.HANDED_OVER: Sentence(
        "Handed over to a professional: the internal reminders have stopped.",
        "Confiée à un professionnel\u00a0: les relances internes sont arrêtées.",
    ),
    Reason.IN_COURT: Sentence(
        "In court: the internal reminders have stopped.",
        "Au contentieux\u00a0: les relances internes sont arrêtées.",
    ),
    Reason.TIME_BARRED: Sentence(
        "The time to claim this debt from a consumer is over: asking for it again is forbidden.",
        "Cette créance sur un particulier est prescrite\u00a0: il est interdit de la réclamer encore.",
    ),
    Reason.COVERED_BY_CREDIT: Sentence(
        "Money or credit notes not yet allocated ({credit}) cover the amount: allocate them in the Payments tab, or in “Applies to” of the credit note.",
        "Des règlements ou avoirs non affectés ({credit}) couvrent le montant\u00a0: affectez-les dans l’onglet Règlements, ou par «\u00a0S’impute sur\u00a0» de l’avoir.",
    ),
    Reason.REPLIED: Sentence(
        "The customer answered on {since}: read the reply. Reminders rest to the end of {date}.",
        "Le client a répondu le {since}\u00a0: lisez sa réponse. Les relances sont en pause jusqu’au soir du {date}.",
    ),
    Reason.CHANGED_SINCE_READ: Sentence(
        "This row changed while the program was working: it is taken up again at the next run.",
        "Cette ligne a changé pendant le passage du programme\u00a0: elle sera reprise au prochain passage.",
    ),
}

# A plan whose instalments are all paid has no next date; what is left is the discount that was promised.
PLAN_LATE = Sentence(
    "Under an instalment plan whose instalment of {date} has not arrived: out of the reminders until the plan breaks.",
    "Dans un échéancier dont l’échéance du {date} n’est pas arrivée\u00a0: hors des relances tant que le plan n’est pas rompu.",
)
PLAN_DONE = Sentence(
    "Every instalment of the plan was kept: what is left is the discount promised. Grant it by a credit note.",
    "Toutes les échéances du plan sont tenues\u00a0: il ne reste que la remise promise. Accordez-la par un avoir.",
)

# A courtesy note leaves before the due date: its sentence cannot say that the invoice was to be paid.
NOTE_DUE = Sentence(
    "{act}: a courtesy note before {due}, the due date of {carrying}. A payment stops it.",
    "{act}\u00a0: rappel de courtoisie avant le {due}, échéance de {carrying}. Un règlement l’arrête.",
)

# An invoice that the message mentions without claiming it: its own steps start when the older ones are settled.
ALSO_OPEN = Sentence(
    "Mentioned as also open in the message carried by {carrying}; its own reminders start after it.",
    "Citée comme aussi ouverte dans le message porté par {carrying}\u00a0; ses propres relances viendront ensuite.",
)
