"""Every setting in one table: its names, what it holds, what a blank cell means, what it does.

Reading, `init`, the *meaning* column and the reference page derive from `SETTINGS`. The default of a setting is that of
the field of the same name in `sync.dunning.model.Settings`. A setting that is absent has its default; one that is present
but blank is off (`off`), except where nothing can be off (`KEEP`: the default stays).
"""

from dataclasses import dataclass
from datetime import time
from enum import Enum
from functools import cache

from sync.dunning.model import Allocation, InterestUse, LateEntry, Mode, Settings
from sync.dunning.setting_values import (
    BIC,
    COUNTRY,
    CURRENCY,
    DATE,
    DAYS,
    EMAIL,
    IBAN,
    INTEREST_RULE,
    KEY,
    LANGUAGE,
    LONG,
    MONEY,
    PERCENT,
    TERMS,
    TEXT,
    TIME,
    TIME_ZONE,
    YES_NO,
    Kind,
    choice,
    whole,
)  # fmt: skip
from sync.ledger.words import Language, fold


class Keep(Enum):
    """A blank cell cannot switch this setting off."""

    KEEP = "keep"


KEEP = Keep.KEEP
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `name` is the English name and the field of `Settings`; `off` the value of a blank cell."""

    name: str
    name_fr: str
    kind: Kind
    off: object
    meaning_en: str
    meaning_fr: str

    @property
    def default(self) -> object:
        return getattr(_DEFAULTS, self.name)

    @property
    def when_blank(self) -> object:
        return self.default if self.off is KEEP else self.off

    def title(self, language: Language) -> str:
        return self.name_fr if language == "fr" else self.name

    def meaning(self, language: Language) -> str:
        return self.meaning_fr if language == "fr" else self.meaning_en

    def default_text(self, language: Language) -> str:
        """The default as a person would type it, "" where the default is blank."""
        value = self.default
        return "" if value is None or value == "" else self.kind.write(value, language)


_DEFAULTS = Settings()

SETTINGS: tuple[Setting, ...] = (
    # Company
    Setting(
        "company", "société", TEXT, "",
        "Name of your company, as your customers know it.",
        "Nom de votre société, tel que vos clients la connaissent.",
    ),
    Setting(
        "address", "adresse", LONG, "",
        "Postal address, printed on letters.",
        "Adresse postale, imprimée sur les courriers.",
    ),
    Setting(
        "company_id", "SIREN", KEY, "",
        "Registration number of the company.",
        "Numéro SIREN de la société.",
    ),
    Setting(
        "vat_id", "numéro de TVA", KEY, "",
        "VAT number.",
        "Numéro de TVA intracommunautaire.",
    ),
    Setting(
        "sender_name", "nom de l’expéditeur", TEXT, "",
        "Name shown as the sender of e-mails; blank: the company.",
        "Nom affiché comme expéditeur des e-mails\u202f; vide\u00a0: la société.",
    ),
    Setting(
        "sender_email", "e-mail de l’expéditeur", EMAIL, "",
        "Address that e-mails are sent from.",
        "Adresse d’envoi des e-mails.",
    ),
    Setting(
        "reply_to", "répondre à", EMAIL, "",
        "Address that receives the answers; blank: the sender’s.",
        "Adresse qui reçoit les réponses\u202f; vide\u00a0: celle de l’expéditeur.",
    ),
    Setting(
        "iban", "IBAN", IBAN, "",
        "Account to be paid on. It must equal the protected value, otherwise nothing is sent.",
        "Compte à créditer. S’il diffère de la valeur protégée, rien n’est envoyé.",
    ),
    Setting(
        "bic", "BIC", BIC, "",
        "BIC of that account.",
        "BIC de ce compte.",
    ),
    Setting(
        "language", "langue", LANGUAGE, KEEP,
        "Language of this workbook, and of customers whose language is not given.",
        "Langue du classeur, et des clients dont la langue n’est pas indiquée.",
    ),
    Setting(
        "time_zone", "fuseau horaire", TIME_ZONE, KEEP,
        "Time zone that decides which day it is.",
        "Fuseau horaire qui décide du jour qu’il est.",
    ),
    Setting(
        "country", "pays", COUNTRY, KEEP,
        "Country of the company: public holidays, and the law where a customer has no country.",
        "Pays de la société\u00a0: jours fériés, et droit appliqué au client sans pays.",
    ),
    Setting(
        "region", "région", TEXT, "",
        "Region whose own public holidays count too (Moselle, Alsace, BY); blank: none.",
        "Région dont les jours fériés propres comptent aussi (Moselle, Alsace, BY)\u202f; vide\u00a0: aucune.",
    ),
    Setting(
        "currency", "devise", CURRENCY, KEEP,
        "Currency of rows whose Currency cell is blank.",
        "Devise des lignes dont la cellule Devise est vide.",
    ),
    Setting(
        "terms", "conditions de règlement", TERMS, KEEP,
        "Payment terms where neither the invoice nor the customer says: 30, 45 FM (end of month), 30 FM 10.",
        "Conditions de règlement quand ni la facture ni le client n’en donnent\u00a0: 30, 45 FM (fin de mois), 30 FM 10.",
    ),
    # Sending
    Setting(
        "mode", "mode", choice(Mode, {"draft": "brouillon", "approve": "valider", "auto": "automatique"}), Mode.DRAFT,
        "draft: nothing is ever sent. approve: what people ticked is sent. auto: the steps marked automatic are sent too.",
        "brouillon\u00a0: rien n’est jamais envoyé. valider\u00a0: part ce qui a été coché. automatique\u00a0: partent aussi les étapes automatiques.",
    ),
    Setting(
        "stop", "arrêt", YES_NO, False,
        "yes stops all sending at once.",
        "oui arrête aussitôt tout envoi.",
    ),
    Setting(
        "test_address", "adresse de test", EMAIL, "",
        "Every message goes to this address instead of the customer’s; blank: to customers.",
        "Tous les messages partent à cette adresse et non chez le client\u202f; vide\u00a0: chez les clients.",
    ),
    Setting(
        "daily_cap", "plafond par jour", whole(1), None,
        "Most messages sent in a day; blank: no cap.",
        "Nombre maximal de messages par jour\u202f; vide\u00a0: sans plafond.",
    ),
    Setting(
        "send_batch", "taille des lots", whole(1, 500), KEEP,
        "Messages recorded in the Journal together before they leave.",
        "Nombre de messages inscrits ensemble au Journal avant leur départ.",
    ),
    Setting(
        "sending_days", "jours d’envoi", DAYS, EVERY_DAY,
        "Days on which messages may leave; public holidays never count. Blank: every day.",
        "Jours où des messages peuvent partir, hors jours fériés. Vide\u00a0: tous les jours.",
    ),
    Setting(
        "sending_from", "envoi à partir de", TIME, time.min,
        "Messages leave from this time of day on; blank: at any hour.",
        "Les messages partent à partir de cette heure\u202f; vide\u00a0: à toute heure.",
    ),
    Setting(
        "sending_to", "envoi jusqu’à", TIME, time.max,
        "Messages leave until this time of day; blank: until midnight.",
        "Les messages partent jusqu’à cette heure\u202f; vide\u00a0: jusqu’à minuit.",
    ),
    Setting(
        "minimum_customer", "minimum par client", MONEY, 0,
        "No reminder when the message would claim less than this; blank: from the first cent.",
        "Pas de relance si le message réclame moins que ce montant\u202f; vide\u00a0: dès le premier centime.",
    ),
    Setting(
        "minimum_invoice", "minimum par facture", MONEY, 0,
        "An invoice with a smaller balance never causes a reminder by itself; blank: any balance does.",
        "Une facture au solde plus petit ne déclenche pas de relance à elle seule\u202f; vide\u00a0: tout solde compte.",
    ),
    Setting(
        "spacing_days", "jours entre deux messages", whole(0, 365), 0,
        "Fewest days between two written messages to a customer; blank: none.",
        "Nombre minimal de jours entre deux messages écrits à un client\u202f; vide\u00a0: aucun.",
    ),
    Setting(
        "person_grace_days", "délai des personnes", whole(0, 365), None,
        "Days a person has for a call or a letter; then it is passed over. Blank: the plan waits.",
        "Jours laissés à une personne pour un appel ou un courrier, ensuite passé. Vide\u00a0: le scénario attend.",
    ),
    Setting(
        "promise_grace_days", "délai après promesse", whole(0, 365), 0,
        "Days left to the bank after a promised date or an instalment.",
        "Jours laissés à la banque après la date promise ou l’échéance d’un plan.",
    ),
    Setting(
        "review_days", "réexamen tous les", whole(0, 3650), 0,
        "A dispute, a direct debit or a do-not-contact is reviewed every so many days; blank: never.",
        "Litige, prélèvement et «\u00a0ne pas contacter\u00a0» sont réexaminés après ce nombre de jours\u202f; vide\u00a0: jamais.",
    ),
    Setting(
        "reply_pause_days", "pause après réponse", whole(0, 365), 0,
        "Days without reminder after a customer answered; blank: none.",
        "Jours sans relance après la réponse d’un client\u202f; vide\u00a0: aucun.",
    ),
    Setting(
        "payments_as_of", "règlements à jour au", DATE, None,
        "Day up to which all payments are entered; blank: the latest payment of the workbook.",
        "Jour jusqu’auquel tous les règlements sont saisis\u202f; vide\u00a0: le dernier règlement du classeur.",
    ),
    Setting(
        "freshness_days", "fraîcheur des règlements", whole(0, 365), None,
        "No reminder when the payments are older than this many days; blank: not checked.",
        "Pas de relance si les règlements datent de plus de jours que cela\u202f; vide\u00a0: non vérifié.",
    ),
    Setting(
        "late_entry", "entrée en retard", choice(LateEntry, {"first": "première", "match": "selon retard"}), KEEP,
        "An invoice that is already late starts at the first step (first) or at the step of its age (match).",
        "Une facture déjà en retard commence à la première étape (première) ou à celle de son âge (selon retard).",
    ),
    Setting(
        "late_entry_cap", "étape d’entrée maximale", whole(1, 99), None,
        "With match: the highest step to start at; blank: no limit.",
        "Avec «\u00a0selon retard\u00a0»\u00a0: étape la plus haute pour commencer\u202f; vide\u00a0: sans limite.",
    ),
    Setting(
        "exhausted_after_days", "délai après la dernière étape", whole(0, 3650), 0,
        "Days after the last step before you are asked to decide.",
        "Jours après la dernière étape avant de vous demander une décision.",
    ),
    Setting(
        "broken_plan_days", "rupture d’échéancier", whole(0, 365), 0,
        "An instalment so many days late breaks the plan.",
        "Une échéance en retard d’autant de jours rompt l’échéancier.",
    ),
    Setting(
        "volume_guard", "garde-fou de volume", whole(100, 100_000), None,
        "Above this percentage of the usual number of messages, a person is asked first; blank: off.",
        "Au-delà de ce pourcentage du nombre habituel de messages, une personne doit confirmer\u202f; vide\u00a0: désactivé.",
    ),
    # Interest and costs
    Setting(
        "interest", "pénalités", choice(InterestUse, {"never": "jamais", "mention": "mention", "charge": "réclamer"}), InterestUse.NEVER,
        "Late-payment interest and fixed fee: never, mention (they are stated) or charge (they are claimed).",
        "Pénalités et indemnité forfaitaire\u00a0: jamais, mention (elles sont rappelées) ou réclamer (elles sont demandées).",
    ),
    Setting(
        "interest_rule", "règle de pénalités", INTEREST_RULE, "",
        "Name of the rule for all your customers; blank: by the customer’s country and kind.",
        "Nom de la règle pour tous vos clients\u202f; vide\u00a0: selon le pays et la nature du client.",
    ),
    Setting(
        "interest_allocation", "imputation", choice(Allocation, {"principal_first": "capital d’abord", "interest_first": "intérêts d’abord"}), KEEP,
        "What a part payment settles first: principal_first or interest_first.",
        "Ce qu’un règlement partiel paie d’abord\u00a0: capital d’abord ou intérêts d’abord.",
    ),
    Setting(
        "cost_of_capital", "coût du capital", PERCENT, None,
        "What money costs you, in percent a year, for the cost of arrears; blank: not computed.",
        "Coût de votre argent, en pour cent par an, pour le coût des retards\u202f; vide\u00a0: non calculé.",
    ),
    Setting(
        "cost_email", "coût d’un e-mail", MONEY, None,
        "Cost of one e-mail, for the cost of arrears.",
        "Coût d’un e-mail, pour le coût des retards.",
    ),
    Setting(
        "cost_call", "coût d’un appel", MONEY, None,
        "Cost of one call.",
        "Coût d’un appel.",
    ),
    Setting(
        "cost_letter", "coût d’un courrier", MONEY, None,
        "Cost of one letter.",
        "Coût d’un courrier.",
    ),
    Setting(
        "goal_month_collection", "objectif d’encaissement du mois", PERCENT, None,
        "Goal of the month’s collection rate, in percent; blank: no goal shown.",
        "Objectif du taux d’encaissement du mois, en pour cent\u202f; vide\u00a0: aucun objectif affiché.",
    ),
    # Data and site
    Setting(
        "retention_months_texts", "conservation des textes", whole(1, 1200), None,
        "Months after which message texts are erased from the Journal; blank: kept.",
        "Mois après lesquels les textes des messages sont effacés du Journal\u202f; vide\u00a0: conservés.",
    ),
    Setting(
        "retention_months_contacts", "conservation des clients", whole(1, 1200), None,
        "Months without business after which a customer is proposed for erasure; blank: never.",
        "Mois sans activité après lesquels l’effacement d’un client est proposé\u202f; vide\u00a0: jamais.",
    ),
    Setting(
        "site", "site", choice(("internal", "public"), {"internal": "interne", "public": "public"}), "internal",
        "internal: names and worklists, for your staff. public: totals only.",
        "interne\u00a0: noms et listes de travail, pour vos équipes. public\u00a0: totaux seulement.",
    ),
    # Segments
    Setting(
        "segment_months", "profil\u00a0: mois observés", whole(1, 120), KEEP,
        "Months of history that the segments look at.",
        "Mois d’historique que regardent les segments.",
    ),
    Setting(
        "segment_min_invoices", "profil\u00a0: factures minimales", whole(1, 1000), KEEP,
        "A customer with fewer observed invoices is new.",
        "Un client avec moins de factures observées est nouveau.",
    ),
    Setting(
        "reliable_max_days", "fiable\u00a0: retard maximal", whole(0, 365), KEEP,
        "A reliable customer’s usual delay is at most so many days.",
        "Retard habituel maximal d’un client fiable, en jours.",
    ),
    Setting(
        "reliable_max_late_share", "fiable\u00a0: part en retard", whole(0, 100), KEEP,
        "…and at most this percentage of its invoices are late.",
        "… et pourcentage maximal de ses factures en retard.",
    ),
    Setting(
        "watch_min_days", "à surveiller\u00a0: retard minimal", whole(1, 365), KEEP,
        "A usual delay from so many days on puts a customer under watch.",
        "Retard habituel, en jours, à partir duquel un client est à surveiller.",
    ),
    Setting(
        "watch_min_late_share", "à surveiller\u00a0: part en retard", whole(1, 100), KEEP,
        "…or this percentage of late invoices.",
        "… ou pourcentage de ses factures en retard.",
    ),
    Setting(
        "watch_broken_promises", "à surveiller\u00a0: promesses non tenues", whole(1, 100), KEEP,
        "…or so many broken promises.",
        "… ou nombre de promesses non tenues.",
    ),
    Setting(
        "segment_recent_months", "profil\u00a0: mois récents", whole(1, 120), KEEP,
        "Recent months, compared with those before to see a trend.",
        "Mois récents, comparés aux précédents pour voir une tendance.",
    ),
    Setting(
        "segment_margin", "profil\u00a0: marge", whole(0, 100), KEEP,
        "Percentage by which a threshold must be passed before a customer changes segment.",
        "Pourcentage de dépassement d’un seuil avant qu’un client change de segment.",
    ),
    Setting(
        "road_back_invoices", "profil\u00a0: retour", whole(1, 100), KEEP,
        "Invoices paid on time in a row that bring a customer back.",
        "Factures payées à l’heure à la suite qui ramènent un client.",
    ),
    Setting(
        "credit_warning", "alerte d’encours", whole(1, 1000), KEEP,
        "Percentage of the credit limit from which you are warned.",
        "Pourcentage de l’encours autorisé à partir duquel vous êtes averti.",
    ),
    Setting(
        "unusual_order", "commande inhabituelle", whole(100, 100_000), KEEP,
        "An invoice above this percentage of the usual one is pointed out.",
        "Une facture au-delà de ce pourcentage de l’habituelle est signalée.",
    ),
    # Plans and discounts
    Setting(
        "plan_max_months", "échéancier\u00a0: durée maximale", whole(1, 120), KEEP,
        "Longest plan that may be proposed, in months.",
        "Durée maximale d’un échéancier proposé, en mois.",
    ),
    Setting(
        "plan_min_instalment", "échéancier\u00a0: échéance minimale", MONEY, 0,
        "Smallest instalment that may be proposed.",
        "Plus petite échéance proposée.",
    ),
    Setting(
        "plan_max_amount", "échéancier\u00a0: montant maximal", MONEY, None,
        "Largest debt for which a plan may be proposed; blank: no limit.",
        "Plus grosse dette pour laquelle un échéancier est proposé\u202f; vide\u00a0: sans limite.",
    ),
    Setting(
        "plan_first_percent", "échéancier\u00a0: premier versement", whole(0, 100), 0,
        "Percentage of the debt asked as the first instalment.",
        "Pourcentage de la dette demandé au premier versement.",
    ),
    Setting(
        "plan_limitation_days", "échéancier\u00a0: marge avant prescription", whole(0, 3650), 0,
        "A plan ends at least so many days before the claim is time-barred.",
        "Un échéancier finit au moins ce nombre de jours avant la prescription.",
    ),
    Setting(
        "discount_immediate", "remise pour paiement immédiat", PERCENT, None,
        "Discount that may be offered for payment at once, in percent; blank: none.",
        "Remise possible pour un paiement immédiat, en pour cent\u202f; vide\u00a0: aucune.",
    ),
    Setting(
        "discount_plan_kept", "remise si échéancier tenu", PERCENT, None,
        "Discount on the last instalment of a kept plan, in percent; blank: none.",
        "Remise sur la dernière échéance d’un plan tenu, en pour cent\u202f; vide\u00a0: aucune.",
    ),
    Setting(
        "early_discount", "escompte", PERCENT, None,
        "Early-payment discount of your terms, in percent; blank: none.",
        "Escompte pour paiement anticipé de vos conditions, en pour cent\u202f; vide\u00a0: aucun.",
    ),
    Setting(
        "early_discount_days", "escompte\u00a0: jours", whole(1, 365), None,
        "Days after the issue date within which that discount holds.",
        "Jours après la date de facture pendant lesquels l’escompte vaut.",
    ),
    Setting(
        "thank_you", "remerciement", YES_NO, False,
        "yes thanks customers of a closed case by a draft.",
        "oui prépare un mot de remerciement quand un dossier est soldé.",
    ),
    Setting(
        "digest", "résumé", choice(("daily", "weekly"), {"daily": "quotidien", "weekly": "hebdomadaire"}), "",
        "Summary by e-mail to your team: daily or weekly; blank: none.",
        "Résumé par e-mail pour votre équipe\u00a0: quotidien ou hebdomadaire\u202f; vide\u00a0: aucun.",
    ),
    Setting(
        "digest_to", "résumé à", EMAIL, "",
        "Address that receives the summary.",
        "Adresse qui reçoit le résumé.",
    ),
)  # fmt: skip


@cache
def _by_name() -> dict[str, Setting]:
    return {fold(name): setting for setting in SETTINGS for name in (setting.name, setting.name_fr)}


def find_setting(name: str) -> Setting | None:
    """The setting of that name, in either language, whatever case, accents and spaces."""
    return _by_name().get(fold(name))
