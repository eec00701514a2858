"""Every figure in words, once: the definitions page is made from this table, and each function's docstring cites its section.

`key` is the key of kpis.json. The formula is a sentence that a manager can check with a calculator. `source` is the
function that computes it ("module.function" of `reports.measures`); a test holds its docstring to the section.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sync.ledger.words import Language

Unit = Literal["currency", "days", "ratio", "points", "customers"]


@dataclass(frozen=True, slots=True)
class Text:
    en: str
    fr: str

    def of(self, language: Language) -> str:
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One figure. `higher_is_better` None = neither. `caution` is what must be read beside it, if anything."""

    key: str
    section: int
    unit: Unit
    higher_is_better: bool | None
    title: Text
    formula: Text
    caution: Text | None = None
    source: str


def _definition(
    key: str,
    section: int,
    unit: Unit,
    better: bool | None,
    source: str,
    title: tuple[str, str],
    formula: tuple[str, str],
    caution: tuple[str, str] | None = None,
) -> Definition:
    return Definition(
        key=key, section=section, unit=unit, higher_is_better=better, source=source, title=Text(*title),
        formula=Text(*formula), caution=Text(*caution) if caution else None,
    )  # fmt: skip


UP, DOWN, NEITHER = True, False, None

DEFINITIONS: Sequence[Definition] = (
    _definition(
        "open", 1, "currency", NEITHER, "ageing.open_balance",
        ("Receivables", "Encours clients"),
        (
            "Open amount of all invoices (amount less payments, credit notes and write-offs to date), less unapplied credits.",
            "Reste dû de toutes les factures (montant moins règlements, avoirs et pertes à date), moins les sommes non imputées.",
        ),
    ),
    _definition(
        "overdue", 1, "currency", DOWN, "ageing.overdue",
        ("Overdue", "Échu"),
        (
            "Open amount of the invoices at least one day past their due date; the due day itself is not late.",
            "Reste dû des factures dont l’échéance est passée d’au moins un jour\u202f; le jour de l’échéance n’est pas un retard.",
        ),
    ),
    _definition(
        "overdue_30", 1, "currency", DOWN, "ageing.overdue_beyond",
        ("Overdue by more than 30 days", "Échu de plus de 30 jours"),
        ("Open amount more than 30 days past due.", "Reste dû échu depuis plus de 30 jours."),
    ),
    _definition(
        "overdue_60", 1, "currency", DOWN, "ageing.overdue_beyond",
        ("Overdue by more than 60 days", "Échu de plus de 60 jours"),
        ("Open amount more than 60 days past due.", "Reste dû échu depuis plus de 60 jours."),
    ),
    _definition(
        "overdue_90", 1, "currency", DOWN, "ageing.overdue_beyond",
        ("Overdue by more than 90 days", "Échu de plus de 90 jours"),
        ("Open amount more than 90 days past due.", "Reste dû échu depuis plus de 90 jours."),
    ),
    _definition(
        "overdue_rate", 1, "ratio", DOWN, "ageing.overdue_rate",
        ("Overdue rate", "Taux d’échu"),
        ("Overdue ÷ receivables before unapplied credits.", "Échu ÷ encours avant déduction des sommes non imputées."),
    ),
    _definition(
        "unapplied", 2, "currency", NEITHER, "ageing.unapplied",
        ("Unapplied credits", "Sommes non imputées"),
        (
            "Payments and credit notes that settle no invoice, and what exceeds an invoice; shown as a negative amount.",
            "Règlements et avoirs qui ne soldent aucune facture, et trop-perçus\u202f; montant négatif.",
        ),
    ),
    _definition(
        "ageing", 2, "currency", NEITHER, "ageing.ageing",
        ("Ageing balance", "Balance âgée"),
        (
            "Open amount by days past due: not due, 1–30, 31–60, 61–90, 91 and more. Buckets plus unapplied credits make the "
            "receivables, to the cent.",
            "Reste dû par jours de retard\u00a0: non échu, 1–30, 31–60, 61–90, 91 et plus. Les tranches plus les sommes non "
            "imputées font l’encours, au centime.",
        ),
    ),
    _definition(
        "dso_simple_90", 3, "days", DOWN, "dso.dso_simple",
        ("DSO, simple (90 days)", "DSO simple (90 jours)"),
        (
            "Receivables ÷ sales of the last 90 days (invoices less credit notes, tax included) × 90.",
            "Encours ÷ ventes des 90 derniers jours (factures moins avoirs, TTC) × 90.",
        ),
        (
            "Rises when sales fall: read it beside the count-back DSO.",
            "Monte quand les ventes baissent\u00a0: à lire avec le DSO par épuisement.",
        ),
    ),
    _definition(
        "dso_simple_365", 3, "days", DOWN, "dso.dso_simple",
        ("DSO, simple (365 days)", "DSO simple (365 jours)"),
        ("Receivables ÷ sales of the last 365 days × 365.", "Encours ÷ ventes des 365 derniers jours × 365."),
    ),
    _definition(
        "dso_count_back", 4, "days", DOWN, "dso.count_back",
        ("DSO, count-back", "DSO par épuisement"),
        (
            "Walk back from today: while the receivables exceed a month’s sales, take them off and add the month’s days; the last "
            "month counts in proportion.",
            "On remonte les mois\u00a0: tant que l’encours dépasse les ventes du mois, on les retire et on compte ses jours\u202f; le "
            "dernier mois compte au prorata.",
        ),
        (
            "When history runs out, it is a lower bound, shown “> n days”.",
            "Si l’historique ne suffit pas, c’est un minimum, affiché «\u202f> n jours\u202f».",
        ),
    ),
    _definition(
        "dso_best_possible_90", 5, "days", DOWN, "dso.best_possible",
        ("Best possible DSO", "Meilleur DSO possible"),
        (
            "Receivables not yet due ÷ sales of the last 90 days × 90: the DSO if nobody were late.",
            "Encours non échu ÷ ventes des 90 derniers jours × 90\u00a0: le DSO si personne n’était en retard.",
        ),
    ),
    _definition(
        "add_90", 5, "days", DOWN, "dso.average_days_delinquent",
        ("Average days delinquent", "Retard moyen de l’encours (ADD)"),
        ("Simple DSO less best possible DSO.", "DSO simple moins meilleur DSO possible."),
    ),
    _definition(
        "days_to_pay", 5, "days", DOWN, "delays.days_to_pay",
        ("Days to pay", "Délai de paiement"),
        (
            "Days from issue to payment, weighted by the money, over the payments of the last 365 days.",
            "Jours entre la facture et son règlement, pondérés par les montants, sur les règlements des 365 derniers jours.",
        ),
        ("Sees paid invoices only.", "Ne voit que les factures payées."),
    ),
    _definition(
        "days_late.mean", 5, "days", DOWN, "delays.days_late_mean",
        ("Days late, mean", "Jours de retard, moyenne"),
        (
            "Mean of (day cleared − due date) over the invoices cleared in the last 365 days; early payment counts as negative.",
            "Moyenne de (jour du solde − échéance) sur les factures soldées des 365 derniers jours\u202f; une avance compte en négatif.",
        ),
        (
            "Sees settled invoices only: read the open overdue beside it.",
            "Ne voit que les factures soldées\u00a0: à lire avec l’échu.",
        ),
    ),
    _definition(
        "days_late.median", 5, "days", DOWN, "delays.days_late_quantile",
        ("Days late, median", "Jours de retard, médiane"),
        (
            "Half of the invoices cleared in the last 365 days were at most this late.",
            "La moitié des factures soldées des 365 derniers jours l’ont été avec ce retard au plus.",
        ),
    ),
    _definition(
        "days_late.p90", 5, "days", DOWN, "delays.days_late_quantile",
        ("Days late, nine out of ten", "Jours de retard, neuf sur dix"),
        (
            "Nine out of ten invoices cleared in the last 365 days were at most this late.",
            "Neuf factures soldées sur dix des 365 derniers jours l’ont été avec ce retard au plus.",
        ),
    ),
    _definition(
        "days_late.weighted", 5, "days", DOWN, "delays.days_late_weighted",
        ("Days late, weighted", "Jours de retard, pondérés"),
        (
            "Days from due date to payment, weighted by the money, over the payments of the last 365 days.",
            "Jours entre l’échéance et le règlement, pondérés par les montants, sur les règlements des 365 derniers jours.",
        ),
    ),
    _definition(
        "days_late.mean_late_only", 5, "days", DOWN, "delays.days_late_floored",
        ("Days late, early payment as zero", "Jours de retard, avances à zéro"),
        ("The same mean, an early payment counting as 0.", "Même moyenne, une avance comptant pour 0."),
    ),
    _definition(
        "on_time_share", 5, "ratio", UP, "delays.on_time",
        ("Paid on time (invoices)", "Payées à l’heure (factures)"),
        (
            "Of the invoices falling due in the month, the share cleared on or before the due date.",
            "Part des factures échues dans le mois qui ont été soldées à l’échéance ou avant.",
        ),
    ),
    _definition(
        "on_time_share_amount", 5, "ratio", UP, "delays.on_time",
        ("Paid on time (amounts)", "Payées à l’heure (montants)"),
        ("The same share, by invoice amount.", "Même part, en montants facturés."),
    ),
    _definition(
        "cei", 6, "ratio", UP, "collection.cei",
        ("Collection effectiveness (CEI)", "Efficacité du recouvrement (CEI)"),
        (
            "(receivables at the start + invoices of the month − receivables at the end) ÷ (start + invoices − not due at the end).",
            "(encours au début + factures du mois − encours à la fin) ÷ (début + factures − non échu à la fin).",
        ),
        (
            "Credit notes and write-offs count as collected. Compare it with its own past, not with a rule of thumb.",
            "Avoirs et pertes comptent comme encaissés. À comparer à son propre passé, pas à un seuil tout fait.",
        ),
    ),
    _definition(
        "cash_cei", 6, "ratio", UP, "collection.cash_cei",
        ("Collection effectiveness in cash", "Efficacité du recouvrement en argent"),
        (
            "The same with sales net of credit notes, and write-offs taken off what was collected.",
            "Même calcul, ventes nettes d’avoirs et pertes retirées de ce qui est encaissé.",
        ),
    ),
    _definition(
        "collection_rate", 7, "ratio", UP, "collection.collection_rate",
        ("Month’s collection rate", "Taux d’encaissement du mois"),
        (
            "Money received in the month on its target ÷ target: what was late on the first day, plus what falls due in the month.",
            "Argent reçu dans le mois sur l’objectif ÷ objectif\u00a0: le retard du premier jour, plus ce qui échoit dans le mois.",
        ),
    ),
    _definition(
        "recovery", 8, "ratio", UP, "cohorts.recovery",
        ("Recovery by cohort", "Recouvrement par génération"),
        (
            "Of the invoices falling due in a month (less their credit notes), the share paid 0, 15, 30, 60, 90, 180 days after.",
            "Part des factures échues un mois donné (avoirs déduits) payée 0, 15, 30, 60, 90, 180 jours après.",
        ),
        (
            "A cell stays blank until the youngest invoice of the month has reached that age.",
            "Une case reste vide tant que la plus jeune facture du mois n’a pas cet âge.",
        ),
    ),
    _definition(
        "recovery_billed", 8, "ratio", UP, "cohorts.recovery",
        ("Recovery by month of billing", "Recouvrement par mois de facturation"),
        (
            "The same for the invoices issued in a month, days counted from the issue date.",
            "Même calcul pour les factures émises un mois donné, jours comptés depuis la facture.",
        ),
    ),
    _definition(
        "at_risk", 8, "ratio", DOWN, "cohorts.at_risk",
        ("At risk", "Part à risque"),
        (
            "1 − the share of the month’s invoices paid 90 days after their due dates.",
            "1 − la part des factures du mois payée 90 jours après l’échéance.",
        ),
    ),
    _definition(
        "recovery_14", 9, "ratio", UP, "stages.recovery",
        ("Recovery by reminder stage", "Recouvrement par étape de relance"),
        (
            "Money received from the day after a reminder to 14 days after it, or to the next stage ÷ amount open that day.",
            "Argent reçu du lendemain de la relance à 14 jours après, ou jusqu’à l’étape suivante ÷ reste dû ce jour-là.",
        ),
        (
            "Later stages hold harder debts: compare a stage with itself over time, never with another one.",
            "Les dernières étapes portent les dettes les plus difficiles\u00a0: une étape se compare à elle-même, jamais à une autre.",
        ),
    ),
    _definition(
        "response_14", 9, "ratio", UP, "stages.response",
        ("Response rate", "Taux de réponse"),
        (
            "Messages followed within 14 days by a human reply or a logged contact ÷ messages delivered; automatic replies left out.",
            "Messages suivis sous 14 jours d’une réponse humaine ou d’un contact noté ÷ messages remis\u202f; réponses automatiques "
            "exclues.",
        ),
    ),
    _definition(
        "promised_14", 9, "ratio", UP, "stages.promised",
        ("Promise rate", "Taux de promesse"),
        (
            "Messages followed within 14 days by a promise to pay ÷ messages delivered.",
            "Messages suivis sous 14 jours d’une promesse de règlement ÷ messages remis.",
        ),
    ),
    _definition(
        "paid_share_14", 9, "ratio", UP, "stages.paid_share",
        ("Invoices paid after a reminder", "Factures payées après relance"),
        (
            "Invoices fully paid within 14 days of a reminder, before the next stage ÷ invoices reminded.",
            "Factures soldées sous 14 jours après la relance, avant l’étape suivante ÷ factures relancées.",
        ),
    ),
    _definition(
        "days_to_payment_14", 9, "days", DOWN, "stages.days_to_payment",
        ("Days from reminder to payment", "Jours entre relance et règlement"),
        (
            "Median days from a reminder to the first money it is credited with, within 14 days.",
            "Médiane des jours entre la relance et le premier argent qui lui est attribué, sous 14 jours.",
        ),
    ),
    _definition(
        "cost_per_100_14", 9, "currency", DOWN, "stages.cost_per_100",
        ("Cost of collecting 100", "Coût pour encaisser 100"),
        (
            "Cost of the messages of a stage ÷ money credited to them within 14 days × 100.",
            "Coût des messages d’une étape ÷ argent qui leur est attribué sous 14 jours × 100.",
        ),
    ),
    _definition(
        "unprompted_share", 9, "ratio", NEITHER, "stages.unprompted",
        ("Paid without a reminder", "Payé sans relance"),
        (
            "Money of the last 365 days on invoices without a reminder in the 14 days before ÷ all money allocated.",
            "Argent des 365 derniers jours sur des factures sans relance dans les 14 jours avant ÷ tout l’argent imputé.",
        ),
    ),
    _definition(
        "promise_kept", 10, "ratio", UP, "promises.kept_rate",
        ("Promises kept", "Promesses tenues"),
        (
            "Promises of which at least 99 % came by their date plus the days of grace ÷ promises judged.",
            "Promesses reçues à 99\u00a0% au moins à leur date plus les jours de grâce ÷ promesses jugées.",
        ),
        (
            "Promises moved before their date are left out here, and count as not kept in the strict rate.",
            "Les promesses déplacées avant leur date sont exclues ici, et non tenues dans le taux strict.",
        ),
    ),
    _definition(
        "promise_kept_amount", 10, "ratio", UP, "promises.kept_rate_amount",
        ("Promises kept (amounts)", "Promesses tenues (montants)"),
        (
            "Money received on judged promises, at most what was promised ÷ money promised.",
            "Argent reçu sur les promesses jugées, au plus la somme promise ÷ argent promis.",
        ),
    ),
    _definition(
        "promise_kept_strict", 10, "ratio", UP, "promises.kept_rate_strict",
        ("Promises kept, strict", "Promesses tenues, taux strict"),
        (
            "Promises kept ÷ promises judged or moved before their date.",
            "Promesses tenues ÷ promesses jugées ou déplacées avant leur date.",
        ),
    ),
    _definition(
        "roll_rates", 11, "ratio", NEITHER, "rolls.matrix",
        ("Roll and cure rates", "Taux de glissement et de guérison"),
        (
            "Of what was open in a bucket at a month-end, by amount: paid, credited or written off, same bucket, worse, or better "
            "one month later; twelve months together.",
            "De ce qui était ouvert dans une tranche en fin de mois, en montants\u00a0: payé, crédité ou passé en perte, même "
            "tranche, pire ou mieux un mois après\u202f; douze mois ensemble.",
        ),
    ),
    _definition(
        "dispute_rate", 12, "ratio", DOWN, "disputes.open_rate",
        ("Disputed share", "Part en litige"),
        (
            "Disputed part of the open amounts ÷ receivables before unapplied credits.",
            "Part contestée des restes dus ÷ encours avant sommes non imputées.",
        ),
    ),
    _definition(
        "dispute_share_of_overdue", 12, "ratio", DOWN, "disputes.share_of_overdue",
        ("Disputed share of the overdue", "Part en litige de l’échu"),
        ("Disputed part of the overdue ÷ overdue.", "Part contestée de l’échu ÷ échu."),
    ),
    _definition(
        "dispute_incidence", 12, "ratio", DOWN, "disputes.incidence",
        ("New disputes", "Nouveaux litiges"),
        (
            "Amount newly disputed in the last 365 days ÷ sales of the same days.",
            "Montant nouvellement contesté sur 365 jours ÷ ventes des mêmes jours.",
        ),
    ),
    _definition(
        "dispute_resolution_days", 12, "days", DOWN, "disputes.resolution_days",
        ("Days to resolve a dispute", "Durée de résolution d’un litige"),
        (
            "Median days from opening to closing; a reopened dispute is the same one, and its clock goes on.",
            "Médiane des jours entre ouverture et clôture\u202f; un litige rouvert reste le même, son horloge continue.",
        ),
    ),
    _definition(
        "dispute_open_age", 12, "days", DOWN, "disputes.open_age",
        ("Age of open disputes", "Âge des litiges ouverts"),
        ("Median age of the disputes still open.", "Âge médian des litiges encore ouverts."),
    ),
    _definition(
        "financing_cost", 13, "currency", DOWN, "cost.financing",
        ("Financing cost of the overdue", "Coût de financement de l’échu"),
        (
            "Sum over the last 365 days of the overdue of each day × the company’s own rate ÷ 365. No rate is assumed.",
            "Somme sur 365 jours de l’échu de chaque jour × le taux propre à l’entreprise ÷ 365. Aucun taux n’est supposé.",
        ),
    ),
    _definition(
        "handling_cost", 13, "currency", DOWN, "cost.handling",
        ("Handling cost", "Coût de traitement"),
        (
            "Acts done in the last 365 days × their unit costs, as set.",
            "Actes des 365 derniers jours × leur coût unitaire, tel que réglé.",
        ),
    ),
    _definition(
        "cost_of_arrears", 13, "currency", DOWN, "cost.total",
        ("Cost of late payment", "Coût des retards"),
        (
            "Financing + handling + net write-offs of the last 365 days. Interest and fixed compensation that could be claimed are "
            "apart, never deducted.",
            "Financement + traitement + pertes nettes des 365 derniers jours. Pénalités et indemnités exigibles à part, jamais "
            "déduites.",
        ),
    ),
    _definition(
        "loss_rates", 14, "ratio", DOWN, "rolls.loss_rates",
        ("Loss rates by bucket", "Taux de perte par tranche"),
        (
            "Loss of 91+ = 1 − what was finally recovered; each earlier bucket: its roll rate × the loss rate of the next one.",
            "Perte des 91+ = 1 − ce qui a finalement été recouvré\u202f; chaque tranche avant\u00a0: son taux de glissement × la perte "
            "de la suivante.",
        ),
        ("Needs twelve months of history.", "Demande douze mois d’historique."),
    ),
    _definition(
        "loss_final_91", 14, "ratio", DOWN, "loss.final_loss",
        ("Final loss beyond 90 days", "Perte finale au-delà de 90 jours"),
        (
            "Of what was once more than 90 days late and is settled, or was so a year ago, the share never recovered.",
            "De ce qui a dépassé 90 jours de retard et est clos, ou l’était il y a un an, la part jamais recouvrée.",
        ),
    ),
    _definition(
        "expected_loss", 14, "currency", DOWN, "loss.allowance",
        ("Expected loss (management estimate)", "Perte attendue (estimation de gestion)"),
        (
            "Sum over the buckets of open amount × loss rate. Insolvent customers, litigation and disputes are assessed one by one.",
            "Somme sur les tranches du reste dû × taux de perte. Procédures collectives, contentieux et litiges sont évalués un à un.",
        ),
        ("An estimate for management, not the accounts.", "Une estimation de gestion, pas la comptabilité."),
    ),
    _definition(
        "assessed_singly", 14, "currency", DOWN, "loss.singly_assessed",
        ("Assessed one by one", "Évalué un à un"),
        (
            "Open amount of insolvent customers, litigation and disputes, left out of the loss rates.",
            "Reste dû des procédures collectives, contentieux et litiges, hors des taux de perte.",
        ),
    ),
    _definition(
        "top10_share", 15, "ratio", DOWN, "concentration.top_share",
        ("Share of the ten largest", "Part des dix premiers"),
        (
            "Ten largest positive customer balances ÷ all positive customer balances.",
            "Dix plus gros soldes clients positifs ÷ tous les soldes clients positifs.",
        ),
    ),
    _definition(
        "top10_share_overdue", 15, "ratio", DOWN, "concentration.top_share",
        ("Share of the ten largest in the overdue", "Part des dix premiers dans l’échu"),
        ("The same, on the overdue.", "Même calcul, sur l’échu."),
    ),
    _definition(
        "hhi", 15, "points", DOWN, "concentration.hhi",
        ("Concentration index (HHI)", "Indice de concentration (HHI)"),
        (
            "Sum of the squares of each customer’s share × 10,000; 10,000 means one customer.",
            "Somme des carrés de la part de chaque client × 10\u202f000\u202f; 10\u202f000 veut dire un seul client.",
        ),
    ),
    _definition(
        "hhi_overdue", 15, "points", DOWN, "concentration.hhi",
        ("Concentration index of the overdue", "Indice de concentration de l’échu"),
        ("The same, on the overdue.", "Même calcul, sur l’échu."),
    ),
    _definition(
        "equivalent_customers", 15, "customers", UP, "concentration.equivalent_customers",
        ("Equivalent customers", "Clients équivalents"),
        (
            "10,000 ÷ index: the number of equal customers that would be as concentrated.",
            "10\u202f000 ÷ indice\u00a0: le nombre de clients égaux qui seraient aussi concentrés.",
        ),
    ),
    _definition(
        "forecast", 16, "currency", NEITHER, "cash.forecasts",
        ("Money to come, 13 weeks", "Encaissements attendus, 13 semaines"),
        (
            "For each open invoice: the promise or plan, weighted by how often they are kept; else, in dispute, usual lateness "
            "plus usual time to resolve; else the customer’s own lateness, completed by that of the segment. A thousand draws "
            "by customer give the usual range (P10 to P90) and the middle (P50).",
            "Pour chaque facture ouverte\u00a0: la promesse ou l’échéancier, pondérés par ceux qui sont tenus\u202f; sinon, en litige, le "
            "retard habituel plus la durée habituelle du litige\u202f; sinon le retard propre au client, complété par celui de son "
            "segment. Mille tirages par client donnent la fourchette (P10 à P90) et le milieu (P50).",
        ),
        (
            "Already invoiced only. Where past forecasts were worse than “everyone pays on the due date”, the due dates are shown.",
            "Déjà facturé seulement. Si les prévisions passées ont fait moins bien que «\u202ftout le monde paie à l’échéance\u202f», "
            "les échéances sont affichées.",
        ),
    ),
    _definition(
        "bad_debt", 17, "ratio", DOWN, "loss.bad_debt",
        ("Bad-debt ratio", "Taux d’impayés définitifs"),
        (
            "Write-offs less what came in later on them ÷ sales, over the last 365 days.",
            "Pertes moins ce qui est rentré ensuite ÷ ventes, sur les 365 derniers jours.",
        ),
    ),
    _definition(
        "weighted_terms", 17, "days", NEITHER, "terms.weighted_terms",
        ("Weighted payment terms", "Délai accordé pondéré"),
        (
            "Days from issue to due date, weighted by amount, over the invoices of the last 365 days. Read the DSO against it.",
            "Jours entre facture et échéance, pondérés par les montants, sur les factures des 365 derniers jours. Le DSO se lit en "
            "regard.",
        ),
    ),
    _definition(
        "net_sales", 3, "currency", NEITHER, "dso.net_sales",
        ("Sales of the month", "Ventes du mois"),
        (
            "Invoices less credit notes issued in the month, tax included.",
            "Factures moins avoirs émis dans le mois, TTC.",
        ),
    ),
)  # fmt: skip

BY_KEY: Mapping[str, Definition] = {definition.key: definition for definition in DEFINITIONS}

# What each reason of a missing figure (`why_null`) and each warning means, for the pages.
REASONS: Mapping[str, Text] = {
    "no_open_invoices": Text("no open invoice", "aucune facture ouverte"),
    "nothing_overdue": Text("nothing is overdue", "rien n’est échu"),
    "no_sales_in_window": Text("no sales in the window", "aucune vente sur la période"),
    "nothing_open": Text("nothing is owed: shown as 0", "rien n’est dû\u00a0: affiché 0"),
    "short_history": Text("shorter history than the window", "historique plus court que la période"),
    "exhausted": Text("history runs out: a lower bound", "historique épuisé\u00a0: un minimum"),
    "nothing_paid_in_window": Text("nothing was paid in the window", "aucun règlement sur la période"),
    "nothing_cleared_in_window": Text("no invoice was cleared in the window", "aucune facture soldée sur la période"),
    "no_invoice_due_in_month": Text("no invoice fell due in the month", "aucune facture échue dans le mois"),
    "nothing_collectable": Text("nothing to collect", "rien à encaisser"),
    "over_100_percent": Text(
        "above 100 %: credits that settle no invoice", "au-dessus de 100\u00a0%\u00a0: des sommes non imputées"
    ),
    "no_invoice_in_cohort": Text("no invoice in the cohort", "aucune facture dans la génération"),
    "not_yet_observed": Text("too early to say", "trop tôt pour le dire"),
    "no_matured_action": Text("no reminder is old enough", "aucune relance n’est assez ancienne"),
    "nothing_paid_in_horizon": Text("nothing was paid after a reminder", "aucun règlement après relance"),
    "action_cost_not_set": Text("the cost of an act is not set", "le coût d’un acte n’est pas réglé"),
    "no_promise_judged": Text("no promise to judge yet", "aucune promesse à juger"),
    "nothing_in_bucket": Text("the bucket was empty", "la tranche était vide"),
    "no_dispute_closed": Text("no dispute was closed", "aucun litige clos"),
    "no_open_dispute": Text("no open dispute", "aucun litige ouvert"),
    "cost_of_capital_not_set": Text("the cost of capital is not set", "le coût du capital n’est pas réglé"),
    "action_costs_not_set": Text("the costs of acts are not set", "les coûts des actes ne sont pas réglés"),
    "less_than_12_months_of_rolls": Text("less than twelve months of history", "moins de douze mois d’historique"),
    "no_closed_cohort_beyond_90_days": Text("nothing beyond 90 days is closed yet", "rien au-delà de 90 jours n’est encore clos"),
    "configured_rates": Text("configured rates, not history", "taux réglés, non observés"),
    "no_positive_balance": Text("no customer owes anything", "aucun client ne doit rien"),
    "fewer_than_10_customers": Text("fewer than ten customers", "moins de dix clients"),
    "no_invoice_in_window": Text("no invoice in the window", "aucune facture sur la période"),
    "fewer_than_95_percent_of_rows": Text("built on fewer than 95 % of the rows", "calculé sur moins de 95\u00a0% des lignes"),
    "few_cases": Text("few cases", "peu de cas"),
    "worse_than_due_dates": Text(
        "past forecasts were worse than the due dates", "les prévisions passées ont fait moins bien que les échéances"
    ),
    "too_little_history_to_test": Text(
        "too little history to test a forecast", "trop peu d’historique pour éprouver une prévision"
    ),
}
