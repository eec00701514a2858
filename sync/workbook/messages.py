"""What a carrier says to people, in both languages: each sentence says what to do."""

from typing import NamedTuple

from sync.errors import WorkbookError
from sync.ledger.words import Language


class Said(NamedTuple):
    en: str
    fr: str


MESSAGES: dict[str, Said] = {
    "not_found": Said(
        "There is no workbook {name}: check the path, or run `relance init {name}` to make one.",
        "Le classeur {name} est introuvable : vérifiez le chemin, ou lancez `relance init {name}` pour le créer.",
    ),
    "not_readable": Said(
        "{name} cannot be opened: another program holds it, or you may not read it. Close it and try again.",
        "{name} ne peut pas être ouvert : un autre programme l’utilise, ou vous n’avez pas le droit de le lire. "
        "Fermez-le puis réessayez.",
    ),
    "not_a_workbook": Said(
        "{name} is not a sound .xlsx workbook. Open it in Excel or LibreOffice and save it as .xlsx; "
        "the copy before the last run is {backup}.",
        "{name} n’est pas un classeur .xlsx valide. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en .xlsx ; "
        "la copie d’avant le dernier passage est {backup}.",
    ),
    "never_a_workbook": Said(
        "{name} is not a sound .xlsx workbook. Open it in Excel or LibreOffice and save it as .xlsx.",
        "{name} n’est pas un classeur .xlsx valide. Ouvrez-le dans Excel ou LibreOffice et enregistrez-le en .xlsx.",
    ),
    "old_format": Said(
        "{name} is in a format that Relance does not read. Save it as .xlsx and give that file instead.",
        "{name} est dans un format que Relance ne lit pas. Enregistrez-le en .xlsx et indiquez ce fichier.",
    ),
    "encrypted": Said(
        "{name} is protected by a password (or is an old .xls file). Save a copy as .xlsx without a password for opening.",
        "{name} est protégé par un mot de passe (ou c’est un ancien fichier .xls). "
        "Enregistrez-en une copie en .xlsx sans mot de passe à l’ouverture.",
    ),
    "too_wide": Said(
        "{name}: the cell {cell} stands so far from the others that the sheet cannot be held in memory. Delete its column.",
        "{name} : la cellule {cell} est si loin des autres que la feuille ne tient pas en mémoire. Supprimez sa colonne.",
    ),
    "open_in_excel": Said(
        "{name} is open in Excel{by}. Save and close it, then run Relance again (if nobody has it open, delete {file}).",
        "{name} est ouvert dans Excel{by}. Enregistrez-le et fermez-le, puis lancez de nouveau Relance "
        "(si personne ne l’a ouvert, supprimez {file}).",
    ),
    "open_in_libreoffice": Said(
        "{name} is open in LibreOffice{by}. Save and close it, then run Relance again (if nobody has it open, delete {file}).",
        "{name} est ouvert dans LibreOffice{by}. Enregistrez-le et fermez-le, puis lancez de nouveau Relance "
        "(si personne ne l’a ouvert, supprimez {file}).",
    ),
    "locked": Said(
        "Another run ({owner}) has been using {name} since {since}. Wait until it ends (if it was cut short, delete {file}).",
        "Un autre passage ({owner}) utilise {name} depuis le {since}. Attendez sa fin (s’il a été interrompu, supprimez {file}).",
    ),
    "keeps_changing": Said(
        "{name} was saved by someone else each time Relance tried to write it. Try again in a moment.",
        "{name} a été enregistré par quelqu’un à chaque essai d’écriture. Réessayez dans un instant.",
    ),
    "not_written": Said(
        "{name} could not be saved ({reason}). Nothing was changed: check the disk and your rights on the folder.",
        "{name} n’a pas pu être enregistré ({reason}). Rien n’a été modifié : vérifiez le disque et vos droits sur le dossier.",
    ),
    "not_as_written": Said(
        "{name}: the cell {cell} would not read back as written, so nothing was saved. Please report this with a copy.",
        "{name} : la cellule {cell} ne se relirait pas comme écrite, rien n’a donc été enregistré. "
        "Merci de le signaler avec une copie du classeur.",
    ),
    "journal_unreadable": Said(
        "Line {line} of {name} cannot be read. This file holds acts not yet in the Journal tab: restore it before running again.",
        "La ligne {line} de {name} est illisible. Ce fichier contient des actes pas encore reportés dans l’onglet Journal : "
        "restaurez-le avant un nouveau passage.",
    ),
    # what `init` reports
    "tab_added": Said("Tab “{tab}” added.", "Onglet « {tab} » ajouté."),
    "headings_added": Said("Tab “{tab}”: headings added: {what}.", "Onglet « {tab} » : intitulés ajoutés : {what}."),
    "rows_added": Said("Tab “{tab}”: {count} rows filled in.", "Onglet « {tab} » : {count} lignes remplies."),
    "lists_added": Said("Tab “{tab}”: drop-downs and checks added.", "Onglet « {tab} » : listes et contrôles ajoutés."),
    "notes_added": Said("Tab “{tab}”: notes on the headings added.", "Onglet « {tab} » : notes d’en-tête ajoutées."),
    "looks_added": Said("Tab “{tab}”: formats added.", "Onglet « {tab} » : mise en forme complétée."),
}


def say(code: str, language: Language, **params: object) -> str:
    said = MESSAGES[code]
    return (said.fr if language == "fr" else said.en).format_map(params)


def failure(code: str, language: Language, **params: object) -> WorkbookError:
    return WorkbookError(say(code, language, **params))
