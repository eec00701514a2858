"""A problem is data: what is wrong, where, and what to do, in the reader's language.

`Problem` says where (tab, sheet row, column key, value as typed) and which rule (`code`);
`PROBLEMS` holds the sentence and the advice of each code in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sync.ledger.problem_texts import CELL_PROBLEMS, CONFIGURATION_PROBLEMS, ROW_PROBLEMS
from sync.ledger.problem_texts import ProblemText as ProblemText
from sync.ledger.words import Language


class Severity(StrEnum):
    """ROW keeps the row out of any reminder; WARNING only informs; STOP keeps everything from being sent."""

    WARNING = "warning"
    ROW = "row"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`row` is the sheet's row number (1 = headings), 0 when the whole tab is meant.

    `params` fill the sentence's `{names}`; `value` is what stood in the cell, as text, cut to 200 characters.
    """

    tab: str
    row: int
    column: str
    code: str
    value: str = ""
    severity: Severity = Severity.ROW
    params: Mapping[str, str] = field(default_factory=dict)

    def what(self, language: Language) -> str:
        return _fill(PROBLEMS[self.code].what(language), self)

    def fix(self, language: Language) -> str:
        return _fill(PROBLEMS[self.code].fix(language), self)


def _fill(sentence: str, problem: Problem) -> str:
    return sentence.format_map({"value": problem.value, **problem.params})


PROBLEMS: dict[str, ProblemText] = {
    **CELL_PROBLEMS,
    **ROW_PROBLEMS,
    **CONFIGURATION_PROBLEMS,
    # The workbook's structure, found by its carriers.
    "tab_missing": ProblemText(
        "The tab “{en}” is missing.",
        "Run `relance init` to add it, or give your tab that name.",
        "L’onglet « {fr} » est introuvable.",
        "Lancez `relance init` pour l’ajouter, ou donnez ce nom à votre onglet.",
    ),
    "tab_renamed": ProblemText(
        "The tab “{value}” has the headings of “{en}” and another name: nothing in it is read.",
        "Give it back the name “{en}”, or change its headings if Relance should leave it alone. Nothing is sent until then.",
        "L’onglet «\u00a0{value}\u00a0» a les intitulés de «\u00a0{fr}\u00a0» sous un autre nom\u00a0: rien n’y est lu.",
        "Rendez-lui le nom «\u00a0{fr}\u00a0», ou changez ses intitulés si Relance doit le laisser de côté. Rien ne part d’ici là.",
    ),
    "tab_twice": ProblemText(
        "“{title}” and “{other}” are the same tab for Relance.",
        "Rename the one that Relance should leave alone.",
        "« {title} » et « {other} » désignent le même onglet pour Relance.",
        "Renommez celui que Relance doit laisser de côté.",
    ),
    "column_missing": ProblemText(
        "The column “{en}” is missing from the tab “{tab_en}”.",
        "Run `relance init` to add it, or give your column that heading.",
        "La colonne « {fr} » manque dans l’onglet « {tab_fr} ».",
        "Lancez `relance init` pour l’ajouter, ou donnez cet intitulé à votre colonne.",
    ),
    "column_twice": ProblemText(
        "The heading “{en}” stands twice in the tab “{tab_en}” (again in column {second}).",
        "Rename the column that Relance should leave alone.",
        "L’intitulé « {fr} » figure deux fois dans l’onglet « {tab_fr} » (de nouveau en colonne {second}).",
        "Renommez la colonne que Relance doit laisser de côté.",
    ),
    "formula_not_computed": ProblemText(
        "The formula “{value}” has no result yet.",
        "Open the workbook in Excel or LibreOffice and save it, then run Relance again.",
        "La formule « {value} » n’a pas encore de résultat.",
        "Ouvrez le classeur dans Excel ou LibreOffice, enregistrez-le, puis lancez de nouveau Relance.",
    ),
    # Instalment plans.
    "plan_rows_differ": ProblemText(
        "The rows of the plan “{value}” do not name the same customer, invoices or dates of agreement.",
        "Give every row of the plan the same customer, invoices, “Agreed on” and “Signed on”, or use another plan number.",
        "Les lignes de l’échéancier « {value} » n’indiquent pas le même client, les mêmes factures ou les mêmes dates d’accord.",
        "Indiquez partout le même client, les mêmes factures, « Accord du » et « Signé le », ou un autre numéro d’échéancier.",
    ),
    "plan_unknown_invoice": ProblemText(
        "The plan names the invoice “{value}”, which is not among the invoices.",
        "Correct the number in “Invoices”, separated by commas.",
        "L’échéancier cite la facture « {value} », introuvable parmi les factures.",
        "Corrigez le numéro dans « Factures » (séparez-les par des virgules).",
    ),
    "plan_other_customer": ProblemText(
        "The invoice “{value}” belongs to another customer than the plan.",
        "Correct the customer or the invoices of the plan.",
        "La facture « {value} » appartient à un autre client que celui de l’échéancier.",
        "Corrigez le client ou les factures de l’échéancier.",
    ),
    "plan_currencies": ProblemText(
        "The invoices of this plan are in several currencies.",
        "Make one plan for each currency.",
        "Les factures de cet échéancier sont dans plusieurs devises.",
        "Établissez un échéancier par devise.",
    ),
    "plan_sum": ProblemText(
        "The instalments add up to {total}, but {claim} was open on these invoices when the plan was agreed.",
        "Correct the amounts so that the instalments, with the discount if any, add up to what is owed.",
        "Les échéances font {total} au total, alors que {claim} restaient dus sur ces factures à la date de l’accord.",
        "Corrigez les montants : les échéances, avec la remise éventuelle, doivent faire exactement la somme due.",
    ),
    # Texts of the Templates tab.
    "template_syntax": ProblemText(
        "The text cannot be understood at line {line}: “{excerpt}”.",
        "Check the braces there: {{{{ customer }}}} prints a name, {{% if person %}} … {{% endif %}} opens and closes a passage.",
        "Le texte est incompréhensible à la ligne {line} : « {excerpt} ».",
        "Vérifiez les accolades : {{{{ customer }}}} imprime un nom, {{% if person %}} … {{% endif %}} ouvre et ferme un passage.",
    ),
    "template_unknown_name": ProblemText(
        "The text uses the name “{name}”, which does not exist.",
        "Correct the name; the guide lists those a text can use: company, customer, person, invoices, total, to_pay…",
        "Le texte emploie le nom « {name} », qui n’existe pas.",
        "Corrigez ce nom ; le guide donne ceux qu’un texte peut employer : company, customer, person, invoices, total, to_pay…",
    ),
    "template_unknown_filter": ProblemText(
        "The text uses the filter “{name}”, which texts do not have.",
        "Remove “| {name}”; the usual ones are upper, lower, capitalize, length, first, last, join and default.",
        "Le texte emploie le filtre « {name} », que les textes n’ont pas.",
        "Retirez « | {name} » ; les filtres usuels sont upper, lower, capitalize, length, first, last, join et default.",
    ),
    "template_not_allowed": ProblemText(
        "Line {line} of the text asks for something a text may not do.",
        "Keep to the names and filters of the guide; a text calls no function and does no large calculation.",
        "La ligne {line} du texte demande une chose qu’un texte n’a pas le droit de faire.",
        "Tenez-vous aux noms et filtres du guide ; un texte n’appelle aucune fonction et ne fait pas de grands calculs.",
    ),
    "template_too_long": ProblemText(
        "The text is longer than {limit} characters.",
        "Shorten it, or split it over two steps.",
        "Le texte dépasse {limit} caractères.",
        "Raccourcissez-le, ou répartissez-le sur deux étapes.",
    ),
    "template_result_too_long": ProblemText(
        "Once filled in, the text is longer than {limit} characters.",
        "Shorten it, and check what is repeated between {{% for %}} and {{% endfor %}}.",
        "Une fois rempli, le texte dépasse {limit} caractères.",
        "Raccourcissez-le et vérifiez ce qui se répète entre {{% for %}} et {{% endfor %}}.",
    ),
    "template_too_slow": ProblemText(
        "The text takes too long to fill in and was stopped.",
        "Look for {{% for %}} loops inside one another and remove them.",
        "Le texte est trop long à remplir ; il a été arrêté.",
        "Cherchez les boucles {{% for %}} imbriquées et retirez-les.",
    ),
    "template_too_heavy": ProblemText(
        "The text takes too much memory to fill in and was stopped.",
        "Look for a passage that grows at each turn of a {{% for %}} loop and remove it.",
        "Le texte demande trop de mémoire ; il a été arrêté.",
        "Cherchez un passage qui grossit à chaque tour d’une boucle {{% for %}} et retirez-le.",
    ),
    "template_too_nested": ProblemText(
        "The text has too many passages inside one another.",
        "Remove some of the {{% if %}}, {{% for %}} or brackets.",
        "Le texte comporte trop de passages imbriqués.",
        "Retirez une partie des {{% if %}}, des {{% for %}} ou des parenthèses.",
    ),
    "template_failed": ProblemText(
        "The text cannot be filled in with an invented example.",
        "Look for calculations or filters applied to a value of another kind, and simplify them.",
        "Le texte ne peut pas être rempli avec un exemple inventé.",
        "Cherchez les calculs ou les filtres appliqués à une valeur d’une autre nature, et simplifiez-les.",
    ),
    "template_empty": ProblemText(
        "The text is empty once filled in.",
        "Write what the customer should read.",
        "Le texte est vide une fois rempli.",
        "Écrivez ce que le client doit lire.",
    ),
    "template_missing": ProblemText(
        "No text is called “{name}”.",
        "Write that text in the Templates tab, correct the name, or leave the cell blank for the usual text.",
        "Aucun texte ne s’appelle «\u00a0{name}\u00a0».",
        "Écrivez ce texte dans l’onglet Modèles, corrigez le nom, ou laissez la cellule vide pour le texte habituel.",
    ),
    "template_subject_discloses": ProblemText(
        "The subject says “{words}”, which anyone who sees the mailbox can read.",
        "Keep the subject neutral, as in “Your account with us”, and say the rest in the text.",
        "L’objet dit « {words} », que peut lire toute personne qui voit la boîte de réception.",
        "Gardez un objet neutre, par exemple « Votre compte client », et dites le reste dans le texte.",
    ),
    "template_risky_words": ProblemText(
        "The text says “{words}”, which a creditor should not write in an amicable reminder.",
        "Say it in neutral words; collection costs may not be charged, and enforcement may not be announced.",
        "Le texte dit « {words} », qu’un créancier ne devrait pas écrire dans une relance amiable.",
        "Employez des mots neutres : les frais de relance ne peuvent être réclamés, ni une exécution forcée annoncée.",
    ),
    # Imports.
    "not_in_export": ProblemText(
        "The list of open items of {since} no longer has this row: what it leaves open is not reminded.",
        "Type its payment or the date in “Paid on” (for a credit note, the invoice in “Applies to”); the next list that has it again "
        "lifts this.",
        "La liste des factures ouvertes du {since} ne contient plus cette ligne\u00a0: ce qui en dépend n’est pas relancé.",
        "Saisissez son règlement ou la date dans «\u00a0Payée le\u00a0» (pour un avoir, la facture dans «\u00a0S’impute sur\u00a0»)\u202f; "
        "la prochaine liste qui la contient lèvera cette retenue.",
    ),
    # Answers and buttons.
    "unknown_proposal": ProblemText(
        "“{value}” is not the number of a plan that was offered.",
        "Type in Note one of the numbers of the script, or leave it blank for the usual one.",
        "«\u00a0{value}\u00a0» n’est pas le numéro d’un échéancier proposé.",
        "Notez l’un des numéros de l’argumentaire, ou laissez la note vide pour celui d’usage.",
    ),
    "tick_not_carrying": ProblemText(
        "“{value}” in Send? stands on a row whose message is carried by another, or that gets none today.",
        "Empty the cell; the row that carries the message says so in “Next action”.",
        "«\u00a0{value}\u00a0» dans Envoyer\u202f? figure sur une ligne dont le message est porté par une autre, ou qui n’en a pas aujourd’hui.",
        "Videz la cellule\u00a0; la ligne qui porte le message l’indique dans «\u00a0Prochaine action\u00a0».",
    ),
    "promise_without_date": ProblemText(
        "A promise needs its date.",
        "Type in “Date” the day on which the customer says they will pay.",
        "Une promesse a besoin de sa date.",
        "Saisissez dans «\u00a0Date\u00a0» le jour où le client dit qu’il paiera.",
    ),
    "promise_of_which_currency": ProblemText(
        "“{value}” owes in several currencies: the amount promised may be of either.",
        "Name in Invoices those that were promised.",
        "«\u00a0{value}\u00a0» doit dans plusieurs devises\u00a0: on ne sait à laquelle se rapporte le montant promis.",
        "Indiquez dans Factures celles qui sont concernées.",
    ),
    "date_in_future": ProblemText(
        "“{value}” is in the future: nothing can have been done that day.",
        "Type the day on which it was done, or leave the cell blank for today.",
        "«\u00a0{value}\u00a0» est dans le futur\u00a0: rien n’a pu être fait ce jour-là.",
        "Saisissez le jour où cela a été fait, ou laissez la cellule vide pour aujourd’hui.",
    ),
}
