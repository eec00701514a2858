"""The sentences of an import, in both languages. `{names}` are filled by `say`."""

from sync.ledger.agreement import agreeing
from sync.ledger.words import Language

NBSP, NNBSP = "\u00a0", "\u202f"

SENTENCES: dict[str, tuple[str, str]] = {
    # refusals: what to do
    "map_form": (
        "--map “{text}” is not understood. Write --map \"Heading of the file=column\".",
        "--map «\u00a0{text}\u00a0» n’est pas compris. Écrivez --map \"Intitulé du fichier=colonne\".",
    ),
    "map_target": (
        "--map: there is no column “{name}”. The columns are: {known}.",
        "--map\u00a0: il n’y a pas de colonne «\u00a0{name}\u00a0». Les colonnes sont\u00a0: {known}.",
    ),
    "map_heading": (
        "--map: the file has no column headed “{heading}”. Its columns are: {headings}.",
        "--map\u00a0: le fichier n’a pas de colonne «\u00a0{heading}\u00a0». Ses colonnes sont\u00a0: {headings}.",
    ),
    "empty": (
        "{file} holds no line to import.",
        "{file} ne contient aucune ligne à importer.",
    ),
    "missing": (
        "No column of {file} is known to give: {targets}. Its columns are: {headings}. Say which, for example {example}.",
        "Aucune colonne de {file} n’est reconnue pour\u00a0: {targets}. Ses colonnes sont\u00a0: {headings}. Dites laquelle, par exemple {example}.",
    ),
    "tie": (
        "Several columns of {file} could give {target}: {headings}. Choose one, for example {example}.",
        "Plusieurs colonnes de {file} peuvent donner {target}\u00a0: {headings}. Choisissez, par exemple {example}.",
    ),
    "dates": (
        "The dates of {file} can be read in two ways: {value} is {readings}. Add --dates dmy (day first) or --dates mdy (month first).",
        "Les dates de {file} se lisent de deux façons\u00a0: {value} est {readings}. Ajoutez --dates dmy (jour d’abord) ou --dates mdy (mois d’abord).",
    ),
    "dates_hint": (
        " Other dates of the file only exist with --dates {order}.",
        " D’autres dates du fichier n’existent qu’avec --dates {order}.",
    ),
    "no_tab": (
        "The workbook has no {tab} tab: run `relance init` first.",
        "Le classeur n’a pas d’onglet {tab}\u00a0: lancez d’abord `relance init`.",
    ),
    # what was done
    "read": (
        "{file}: {lines} read ({encoding}, separator {delimiter}).",
        "{file}\u00a0: {lines} {count:lue|lues} ({encoding}, séparateur {delimiter}).",
    ),
    "read_masculine": (
        "{file}: {lines} read ({encoding}, separator {delimiter}).",
        "{file}\u00a0: {lines} {count:lu|lus} ({encoding}, séparateur {delimiter}).",
    ),
    "dry": (
        "Nothing to change: the workbook already says all of it.",
        "Rien à changer\u00a0: le classeur dit déjà tout cela.",
    ),
    "added": ("Added: {rows} ({keys}).", "{count:Ajout|Ajouts}\u00a0: {rows} ({keys})."),
    "updated": (
        "Updated: {rows}, {cells} {cells:cell|cells} ({keys}).",
        "{count:Mise à jour|Mises à jour}\u00a0: {rows}, {cells} {cells:cellule|cellules} ({keys}).",
    ),
    "unchanged": ("Already as in the export: {rows}.", "Déjà {count:conforme|conformes} à l’export\u00a0: {rows}."),
    "contacts": (
        "New {rows:customer|customers}: {rows} ({keys}). Fill in {rows:the e-mail address|their e-mail addresses}.",
        "{rows:Nouveau client|Nouveaux clients}\u00a0: {rows} ({keys}). Complétez {rows:son adresse|leurs adresses} e-mail.",
    ),
    "kept": (
        "Left as people wrote {rows:it|them}: {rows} {rows:cell|cells} ({cells}).",
        "{rows:Cellule laissée telle que vous l’avez écrite|Cellules laissées telles que vous les avez écrites}\u00a0: {rows} ({cells}).",
    ),
    "absent": (
        "No longer in the list of open items, withheld until somebody says why: {rows} ({keys}).",
        "{count:Absente|Absentes} de la liste des factures ouvertes, {count:retenue|retenues} jusqu’à ce que quelqu’un dise pourquoi\u00a0: {rows} ({keys}).",
    ),
    "back": ("In the list again: {rows} ({keys}).", "De nouveau dans la liste\u00a0: {rows} ({keys})."),
    "settled": (
        "Paid, in part or in full, according to the balance of the export; a payment of today was added for each: {rows} ({keys}).",
        "{count:Payée|Payées}, en tout ou partie, d’après le solde de l’export\u202f; un règlement daté d’aujourd’hui est ajouté pour chacune\u00a0: {rows} ({keys}).",
    ),
    "credits_used": (
        "Credit notes whose balance in the export has changed, a payment of today that names each says so: {count} ({keys}).",
        "{count:Avoir dont le solde a changé|Avoirs dont le solde a changé} dans l’export, un règlement daté d’aujourd’hui le dit\u00a0: {count} ({keys}).",
    ),
    "owed_more": (
        "The export says that more is owed than the sheet does; nothing was written, check the payments: {rows} ({keys}).",
        "L’export dit qu’il reste plus à payer que la feuille\u202f; rien n’a été écrit, vérifiez les règlements\u00a0: {rows} ({keys}).",
    ),
    "ignored": ("Columns not used: {headings}.", "Colonnes non utilisées\u00a0: {headings}."),
    "used": ("Columns used: {pairs}.", "Colonnes utilisées\u00a0: {pairs}."),
    "and_more": ("{shown} and {count} more", "{shown} et {count} {count:autre|autres}"),
    "lines": ("Lines of the file to look at: {lines}.", "Lignes du fichier à revoir\u00a0: {lines}."),
    "line": ("Line {line}: {what}", "Ligne {line}\u00a0: {what}"),
    # what is wrong with a line
    "no_key": ("no {column}; left out.", "pas de {column}\u202f; laissée de côté."),
    "twice": ("{value} stands on several lines that differ (also line {other}); all left out.",
              "{value} figure sur plusieurs lignes différentes (aussi ligne {other})\u202f; toutes laissées de côté."),
    "twice_in_sheet": ("{value} stands twice in the sheet; nothing was written for it.",
                       "{value} figure deux fois dans la feuille\u202f; rien n’a été écrit pour elle."),
    "total": ("a line of totals; left out.", "ligne de total\u202f; laissée de côté."),
    "balance": ("{column} “{value}” is not understood; what is still owed was not followed.",
                "{column} «\u00a0{value}\u00a0» n’est pas compris\u202f; le reste à payer n’a pas été suivi."),
    "overpaid": ("{value} is overpaid in the export, and settled in the sheet without a payment row; the excess was not written.",
                 "{value} est payée en trop dans l’export, et soldée dans la feuille sans ligne de règlement\u202f; l’excédent n’a pas été écrit."),
    "foreign_word": ("{column} “{value}” is none of the words of the list; that cell was left alone.",
                     "{column} «\u00a0{value}\u00a0» n’est pas un mot de la liste\u202f; cette cellule a été laissée telle quelle."),
    "known_without_invoice": (
        "the payment of {value} stands in Payments already, without an invoice (row {row}); not added again. The export allocates it to {invoice}: write it in that row.",
        "le règlement du {value} figure déjà dans Règlements, sans facture (ligne {row})\u202f; il n’est pas ajouté une seconde fois. L’export l’affecte à {invoice}\u00a0: écrivez-la sur cette ligne."),
    "doubtful_payment": (
        "the payment of {value} looks like row {row} of Payments, which says {there} where the export says {invoice}; nothing was written. Correct that row, or add the payment if it is another one.",
        "le règlement du {value} ressemble à la ligne {row} de Règlements, qui dit {there} quand l’export dit {invoice}\u202f; rien n’a été écrit. Corrigez cette ligne, ou ajoutez le règlement si c’en est un autre."),
    "no_invoice": ("no invoice", "aucune facture"),
    "unreadable": ("{column} “{value}” is not understood; written as it is, for you to mend in the sheet.",
                   "{column} «\u00a0{value}\u00a0» n’est pas compris\u202f; écrit tel quel, à corriger dans la feuille."),
}  # fmt: skip


def say(code: str, language: Language, **names: object) -> str:
    """The sentence, its words agreeing with its numbers, with the spaces that French puts before its punctuation."""
    english, french = SENTENCES[code]
    names = agreeing(names, language)
    if language == "en":
        return english.format(**names)
    spaced = (
        french.replace(" :", f"{NBSP}:").replace(" ;", f"{NNBSP};").replace("«\u00a0", f"«{NBSP}").replace("\u00a0»", f"{NBSP}»")
    )
    return spaced.format(**names)
