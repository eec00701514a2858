"""The tab contract: every tab and column, from which reading, writing, `init` and the reference page derive.

Public: other people's tools may rely on it. A column is added at the end of its tab; a key never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sync.ledger.words import Language
from sync.ledger.words import fold as fold  # headings are compared as words are


class Type(StrEnum):
    KEY = "key"  # text kept exactly, leading zeros too
    TEXT = "text"
    LONG = "long"  # text of several lines
    DATE = "date"
    MONEY = "money"  # two decimals
    NUMBER = "number"
    INTEGER = "integer"
    LIST = "list"
    URL = "url"
    EMAILS = "emails"  # several, separated by commas


class Who(StrEnum):
    PEOPLE = "P"
    RELANCE = "R"
    BOTH = "R+P"  # written by Relance, a person's edit stands
    BUTTON = "P+R"  # pressed by people, released by Relance


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    en: str
    fr: str
    type: Type
    who: Who
    words: str = ""  # name of the list in `sync.ledger.words.WORDS`
    required: bool = False
    also: tuple[str, ...] = ()  # other headings it is known by: that of the same thing in another tab

    def heading(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True, eq=False)  # one object a tab: hashing thirty columns at each look-up is slow
class Tab:
    key: str
    en: str
    fr: str
    columns: tuple[Column, ...]
    row_key: str = ""  # column that finds a row again; "" where the tab is ours whole
    required: bool = False

    def title(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en

    def column(self, key: str) -> Column:
        """Raises KeyError for an unknown key."""
        return _columns_by_key(self)[key]


@cache
def _columns_by_key(tab: Tab) -> Mapping[str, Column]:
    return {column.key: column for column in tab.columns}


P, R, RP, PR = Who.PEOPLE, Who.RELANCE, Who.BOTH, Who.BUTTON
T = Type

INVOICES = Tab(
    "invoices", "Invoices", "Factures",
    (
        Column("invoice", "Invoice", "Facture", T.KEY, P, required=True),
        Column("customer", "Customer", "Client", T.KEY, P, required=True),
        Column("issued", "Issue date", "Date de facture", T.DATE, P, required=True),
        Column("due", "Due date", "Échéance", T.DATE, P),
        Column("amount", "Amount", "Montant TTC", T.MONEY, P, required=True),
        Column("currency", "Currency", "Devise", T.TEXT, P),
        Column("applies_to", "Applies to", "S'impute sur", T.KEY, P),
        Column("paid_on", "Paid on", "Payée le", T.DATE, P),
        Column("status", "Status", "Statut", T.LIST, P, "status"),
        Column("status_on", "Status date", "Date du statut", T.DATE, P),
        Column("reason", "Delay reason", "Motif du retard", T.LIST, P, "reason"),
        Column("reason_on", "Reason since", "Motif depuis", T.DATE, P),
        Column("disputed_amount", "Disputed amount", "Montant contesté", T.MONEY, P),
        Column("promised", "Promised for", "Promesse au", T.DATE, P),
        Column("promised_amount", "Promised amount", "Montant promis", T.MONEY, P),
        Column("hold", "Hold until", "Suspendue jusqu'au", T.DATE, P),
        Column("cadence", "Cadence", "Scénario", T.TEXT, P),
        Column("last_step", "Last step (before)", "Dernière étape (avant)", T.INTEGER, P),
        Column("last_contact", "Last contact (before)", "Dernier contact (avant)", T.DATE, P),
        Column("payment_link", "Payment link", "Lien de paiement", T.URL, P),
        Column("document_link", "Invoice file", "Lien facture", T.URL, P),
        Column("note", "Note", "Note", T.TEXT, P),
        Column("send", "Send?", "Envoyer ?", T.LIST, PR, "send"),
        Column("open", "Open balance", "Reste dû", T.MONEY, R),
        Column("days_late", "Days late", "Jours de retard", T.INTEGER, R),
        Column("step", "Step", "Étape", T.TEXT, R),
        Column("next_action", "Next action", "Prochaine action", T.TEXT, R),
        Column("action_date", "Action date", "Date d'action", T.DATE, R),
        Column("why", "Why", "Pourquoi", T.TEXT, R),
        Column("priority", "Priority", "Priorité", T.INTEGER, R),
        Column("problem", "Problem", "Problème", T.TEXT, R),
        Column("subject", "Draft subject", "Objet", T.TEXT, RP),
        Column("draft", "Draft", "Brouillon", T.LONG, RP),
        Column("imported", "Imported", "Importé", T.TEXT, R),
        # Hidden: fingerprint of the facts and of our text, so that a person's edit is known from ours.
        Column("mark", "Mark", "Repère", T.TEXT, R),
    ),
    row_key="invoice", required=True,
)  # fmt: skip

CONTACTS = Tab(
    "contacts", "Contacts", "Clients",
    (
        Column("customer", "Customer", "Client", T.KEY, P, required=True),
        Column("name", "Name", "Nom", T.TEXT, P),
        Column("person", "Contact", "Interlocuteur", T.TEXT, P),
        Column("email", "E-mail", "E-mail", T.EMAILS, P),
        Column("cc", "Cc", "Copie", T.EMAILS, P),
        Column("phone", "Phone", "Téléphone", T.TEXT, P),
        Column("address", "Address", "Adresse", T.LONG, P),
        Column("country", "Country", "Pays", T.TEXT, P),
        Column("kind", "Kind", "Nature", T.LIST, P, "kind"),
        Column("natural_person", "Natural person", "Personne physique", T.LIST, P, "yes_no"),
        Column("language", "Language", "Langue", T.LIST, P, "language"),
        Column("segment_set", "Segment (set)", "Segment (imposé)", T.LIST, P, "segment"),
        Column("cadence", "Cadence", "Scénario", T.TEXT, P),
        Column("terms", "Terms", "Conditions", T.TEXT, P),
        Column("payment_means", "Payment means", "Moyen de paiement", T.LIST, P, "payment_means"),
        Column("do_not_contact", "Do not contact", "Ne pas contacter", T.LIST, P, "yes_no"),
        Column("manager", "Account manager", "Chargé de compte", T.EMAILS, P),
        Column("credit_limit", "Credit limit", "Encours autorisé", T.MONEY, P),
        Column("debt_ratio", "Debt ratio", "Taux d'endettement", T.NUMBER, P),
        Column("liquidity", "Current liquidity", "Liquidité immédiate", T.NUMBER, P),
        Column("capacity", "Monthly capacity", "Capacité mensuelle", T.MONEY, P),
        Column("rating", "External score", "Note externe", T.NUMBER, P),
        Column("guarantee", "Guarantee", "Garantie", T.TEXT, P),
        Column("interest_rate", "Interest rate", "Taux convenu", T.TEXT, P),
        Column("insolvent_on", "Insolvency date", "Procédure collective le", T.DATE, P),
        Column("company_id", "Company ID", "SIREN", T.KEY, P),
        Column("note", "Note", "Note", T.TEXT, P),
        Column("segment", "Segment", "Segment", T.LIST, R, "segment"),
        Column("risk", "Risk", "Risque", T.INTEGER, R),
        Column("open", "Open balance", "Encours", T.MONEY, R),
        Column("overdue", "Overdue", "Échu", T.MONEY, R),
        Column("usual_delay", "Usual delay", "Retard habituel", T.TEXT, R),
        Column("advice", "Advice", "Conseil", T.TEXT, R),
        Column("problem", "Problem", "Problème", T.TEXT, R),
        Column("imported", "Imported", "Importé", T.TEXT, R),
    ),
    row_key="customer",
)  # fmt: skip

# A payment has no key of its own: its row is found again by its position and its cells.
PAYMENTS = Tab(
    "payments", "Payments", "Règlements",
    (
        Column("paid_on", "Date", "Date", T.DATE, P, required=True),
        Column("invoice", "Invoice", "Facture", T.KEY, P),
        Column("customer", "Customer", "Client", T.KEY, P),
        Column("amount", "Amount", "Montant", T.MONEY, P, required=True),
        Column("currency", "Currency", "Devise", T.TEXT, P),
        Column("method", "Method", "Mode", T.TEXT, P),
        Column("reference", "Reference", "Référence", T.KEY, P),
        Column("note", "Note", "Note", T.TEXT, P),
        Column("suggested", "Suggested invoice", "Facture suggérée", T.TEXT, R),
        Column("problem", "Problem", "Problème", T.TEXT, R),
        Column("imported", "Imported", "Importé", T.TEXT, R),
    ),
)  # fmt: skip

PLANS = Tab(
    "plans", "Plans", "Échéanciers",
    (
        Column("plan", "Plan", "Échéancier", T.KEY, P, required=True),
        Column("customer", "Customer", "Client", T.KEY, P, required=True),
        Column("invoices", "Invoices", "Factures", T.TEXT, P, required=True),
        Column("agreed_on", "Agreed on", "Accord du", T.DATE, P),
        Column("signed_on", "Signed on", "Signé le", T.DATE, P),
        Column("due", "Due date", "Échéance", T.DATE, P, required=True),
        Column("amount", "Amount", "Montant", T.MONEY, P, required=True),
        Column("discount", "Discount if kept", "Remise si respecté", T.MONEY, P),
        Column("document_link", "Document", "Document", T.URL, P, also=("Invoice file", "Lien facture")),
        Column("note", "Note", "Note", T.TEXT, P),
        Column("state", "State", "État", T.LIST, R, "plan_state"),
        Column("problem", "Problem", "Problème", T.TEXT, R),
    ),
)  # fmt: skip

CADENCE = Tab(
    "cadence", "Cadence", "Scénario",
    (
        Column("cadence", "Cadence", "Scénario", T.TEXT, P, required=True),
        Column("segment", "For segment", "Pour segment", T.LIST, P, "segment"),
        Column("step", "Step", "Étape", T.INTEGER, P, required=True),
        Column("when", "When", "Quand", T.TEXT, P, required=True),
        Column("channel", "Channel", "Canal", T.LIST, P, "channel", required=True),
        Column("template", "Template", "Modèle", T.TEXT, P),
        Column("approval", "Approval", "Validation", T.LIST, P, "approval"),
        Column("minimum", "Minimum", "Minimum", T.MONEY, P),
        Column("repeat_every", "Repeat every (days)", "Répéter tous les (jours)", T.INTEGER, P),
        Column("repeat_max", "At most", "Au plus", T.INTEGER, P),
        Column("problem", "Problem", "Problème", T.TEXT, R),
        Column("attach", "Attach", "Joindre", T.LIST, P, "attach"),
    ),
)  # fmt: skip

REASONS = Tab(
    "reasons", "Reasons", "Motifs",
    (
        Column("reason", "Delay reason", "Motif du retard", T.LIST, P, "reason", required=True, also=("Reason", "Motif")),
        Column("pause", "Pause", "Suspendre", T.LIST, P, "yes_no"),
        Column("owner", "Owner", "Responsable", T.TEXT, P),
        Column("days", "Days", "Jours", T.INTEGER, P),
        Column("template", "Template", "Modèle", T.TEXT, P),
        Column("back_to", "Back to step", "Retour à l'étape", T.INTEGER, P),
        Column("problem", "Problem", "Problème", T.TEXT, R),
    ),
    row_key="reason",
)  # fmt: skip

TEMPLATES = Tab(
    "templates", "Templates", "Modèles",
    (
        Column("template", "Template", "Modèle", T.TEXT, P, required=True),
        Column("language", "Language", "Langue", T.LIST, P, "language", required=True),
        Column("subject", "Subject", "Objet", T.TEXT, P),
        Column("body", "Text", "Texte", T.LONG, P, required=True),
        Column("preview", "Preview", "Aperçu", T.LONG, R),
        Column("problem", "Problem", "Problème", T.TEXT, R),
    ),
)  # fmt: skip

RATES = Tab(
    "rates", "Rates", "Taux",
    (
        Column("rate", "Rate", "Taux", T.TEXT, P, required=True),
        Column("from", "From", "À compter du", T.DATE, P, required=True),
        Column("percent", "Percent", "Pourcentage", T.NUMBER, P, required=True),
        Column("source", "Source", "Source", T.TEXT, P),
        Column("problem", "Problem", "Problème", T.TEXT, R),
    ),
)  # fmt: skip

SETTINGS = Tab(
    "settings", "Settings", "Réglages",
    (
        Column("setting", "Setting", "Réglage", T.TEXT, P, required=True),
        Column("value", "Value", "Valeur", T.TEXT, P),
        Column("meaning", "Meaning", "Signification", T.TEXT, R),
        Column("problem", "Problem", "Problème", T.TEXT, R),
    ),
    row_key="setting",
)  # fmt: skip

TODAY = Tab(
    "today", "Today", "À faire",
    (
        Column("task", "Task", "Tâche", T.KEY, R),
        Column("priority", "Priority", "Priorité", T.INTEGER, R),
        Column("kind", "Kind", "Nature", T.TEXT, R),
        Column("customer", "Customer", "Client", T.KEY, R),
        Column("invoices", "Invoices", "Factures", T.TEXT, R),
        Column("amount", "Amount", "Montant", T.MONEY, R),
        Column("what", "What to do", "À faire", T.TEXT, R),
        Column("why", "Why", "Pourquoi", T.TEXT, R),
        Column("script", "Script", "Argumentaire", T.LONG, R),
        Column("file", "File", "Fichier", T.TEXT, R),
        Column("outcome", "Outcome", "Résultat", T.LIST, P, "outcome"),
        Column("date", "Date", "Date", T.DATE, P),
        Column("amount_promised", "Promised amount", "Montant promis", T.MONEY, P),
        Column("note", "Note", "Note", T.TEXT, P),
    ),
    row_key="task",
)  # fmt: skip

PROBLEMS_TAB = Tab(
    "problems", "Problems", "À corriger",
    (
        Column("tab", "Tab", "Onglet", T.TEXT, R),
        Column("row", "Row", "Ligne", T.INTEGER, R),
        Column("column", "Column", "Colonne", T.TEXT, R),
        Column("value", "Value", "Valeur", T.TEXT, R),
        Column("what", "What is wrong", "Anomalie", T.TEXT, R),
        Column("fix", "What to do", "Correction", T.TEXT, R),
        Column("code", "Code", "Code", T.TEXT, R),
    ),
)  # fmt: skip

JOURNAL = Tab(
    "journal", "Journal", "Journal",
    (
        Column("when", "When", "Quand", T.TEXT, R),  # ISO 8601 with offset, as text: a date cell has no offset
        Column("run", "Run", "Passage", T.TEXT, R),
        Column("actor", "Actor", "Auteur", T.TEXT, R),
        Column("customer", "Customer", "Client", T.KEY, R),
        Column("invoices", "Invoices", "Factures", T.TEXT, R),
        Column("currency", "Currency", "Devise", T.TEXT, R),
        Column("cadence", "Cadence", "Scénario", T.TEXT, R),
        Column("step", "Step", "Étape", T.INTEGER, R),
        Column("occurrence", "Occurrence", "Occurrence", T.INTEGER, R),
        Column("channel", "Channel", "Canal", T.LIST, R, "channel"),
        Column("status", "Status", "Statut", T.TEXT, R),
        Column("amount", "Amount", "Montant", T.MONEY, R),
        Column("recipient", "Recipient", "Destinataire", T.TEXT, R),
        Column("message_id", "Message ID", "Identifiant", T.TEXT, R),
        Column("subject", "Subject", "Objet", T.TEXT, R),
        Column("text", "Text", "Texte", T.LONG, R),
        Column("field", "Field", "Champ", T.TEXT, R),
        Column("old", "Old", "Avant", T.TEXT, R),
        Column("new", "New", "Après", T.TEXT, R),
        Column("note", "Note", "Note", T.TEXT, R),
        Column("key", "Key", "Clé", T.TEXT, R),
        Column("hash", "Seal", "Sceau", T.TEXT, R),
    ),
)  # fmt: skip

TABS: tuple[Tab, ...] = (
    TODAY, INVOICES, CONTACTS, PAYMENTS, PLANS, CADENCE, REASONS, TEMPLATES, RATES, SETTINGS, PROBLEMS_TAB, JOURNAL,
)  # fmt: skip
TABS_BY_KEY: Mapping[str, Tab] = {tab.key: tab for tab in TABS}
