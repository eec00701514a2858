"""What the Google carrier says to people, in both languages: each sentence says what to do."""

from sync.errors import WorkbookError
from sync.ledger.words import Language
from sync.workbook.messages import Said

MESSAGES: dict[str, Said] = {
    # who we are
    "no_credentials": Said(
        "Relance has no Google identity: put a service account's key (JSON, or base64 of it) into RELANCE_GOOGLE_CREDENTIALS.",
        "Relance n’a pas d’identité Google : placez la clé d’un compte de service (JSON, ou JSON en base64) "
        "dans RELANCE_GOOGLE_CREDENTIALS.",
    ),
    "credentials_file": Said(
        "The credentials file {path} cannot be read: check GOOGLE_APPLICATION_CREDENTIALS.",
        "Le fichier d’identifiants {path} est illisible : vérifiez GOOGLE_APPLICATION_CREDENTIALS.",
    ),
    "credentials_unreadable": Said(
        "{source} is neither JSON nor base64 of JSON: copy the whole key file into it again.",
        "{source} n’est ni du JSON ni du JSON en base64 : recopiez-y le fichier de clé en entier.",
    ),
    "credentials_incomplete": Said(
        "The credentials in {source} are incomplete: download the file again and copy it whole.",
        "Les identifiants de {source} sont incomplets : téléchargez de nouveau le fichier et recopiez-le en entier.",
    ),
    "credentials_oauth_client": Said(
        "{source} holds an OAuth client, which needs a person at a browser: use the key of a service account instead.",
        "{source} contient un client OAuth, qui demande une personne devant un navigateur : "
        "utilisez plutôt la clé d’un compte de service.",
    ),
    "credentials_type": Said(
        "{source} holds credentials of type “{kind}”, which Relance does not use: give a service account's key or a federation file.",
        "{source} contient des identifiants de type « {kind} », que Relance n’utilise pas : "
        "donnez la clé d’un compte de service ou un fichier de fédération.",
    ),
    "credentials_host": Said(
        "{source} names the server {host}, which is not Google's: download the credentials file again from Google.",
        "{source} désigne le serveur {host}, qui n’est pas à Google : téléchargez de nouveau le fichier auprès de Google.",
    ),
    "key_fields": Said(
        "The key in {source} lacks {what}: download it again (JSON) and copy it whole.",
        "Il manque {what} à la clé de {source} : téléchargez-la de nouveau (JSON) et recopiez-la en entier.",
    ),
    "key_damaged": Said(
        "The private key in {source} is damaged: copy the key file again, or store it as base64.",
        "La clé privée de {source} est abîmée : recopiez le fichier de clé, ou enregistrez-le en base64.",
    ),
    "federation_source": Said(
        "The federation file in {source} takes its token neither from an address nor from a file: make one for GitHub or OIDC.",
        "Le fichier de fédération de {source} ne prend son jeton ni à une adresse ni dans un fichier : "
        "créez-en un pour GitHub ou OIDC.",
    ),
    "federation_direct": Said(
        "The federation file in {source} names no service account, and a sheet is shared with an e-mail address: add one.",
        "Le fichier de fédération de {source} ne nomme aucun compte de service, or une feuille se partage avec une adresse : "
        "ajoutez-en un.",
    ),
    "address": Said(
        "This is not the address of a Google spreadsheet: copy the whole address from the browser (https://docs.google.com/spreadsheets/…).",
        "Ce n’est pas l’adresse d’une feuille Google : copiez l’adresse entière du navigateur (https://docs.google.com/spreadsheets/…).",
    ),
    "endpoint": Said(
        "RELANCE_SHEETS_URL is for tests on this machine only (http://127.0.0.1:PORT): remove it.",
        "RELANCE_SHEETS_URL ne sert qu’aux essais sur cette machine (http://127.0.0.1:PORT) : retirez-la.",
    ),
    # what Google answers
    "key_revoked": Said(
        "Google refuses {who}: the key was revoked, or this machine's clock is wrong. Make a new key, or set the clock.",
        "Google refuse {who} : la clé a été révoquée, ou l’horloge de cette machine est fausse. "
        "Créez une nouvelle clé, ou mettez l’horloge à l’heure.",
    ),
    "federation_refused": Said(
        "Google refuses the keyless identity: check the pool, the provider and the condition on the repository.",
        "Google refuse l’identité sans clé : vérifiez le pool, le fournisseur et la condition sur le dépôt.",
    ),
    "not_shared": Said(
        "Google does not let Relance into the spreadsheet: share it with {who} as an editor.",
        "Google ne laisse pas Relance ouvrir la feuille : partagez-la avec {who}, en éditeur.",
    ),
    "read_only": Said(
        "Relance may read the spreadsheet but not write to it: share it with {who} as an editor, not as a viewer.",
        "Relance peut lire la feuille mais pas y écrire : partagez-la avec {who} en éditeur, pas en lecteur.",
    ),
    "api_disabled": Said(
        "The Google Sheets API is off in the project of {who}: enable it in the Google Cloud console, then try again.",
        "L’API Google Sheets est désactivée dans le projet de {who} : activez-la dans la console Google Cloud, puis réessayez.",
    ),
    "scope": Said(
        "The Google identity may not touch spreadsheets: give its token the scope {scope}.",
        "L’identité Google n’a pas accès aux feuilles de calcul : donnez à son jeton la portée {scope}.",
    ),
    "sheet_missing": Said(
        "There is no such Google spreadsheet: check its address or its id (was it deleted?).",
        "Cette feuille Google n’existe pas : vérifiez son adresse ou son identifiant (a-t-elle été supprimée ?).",
    ),
    "not_a_sheet": Said(
        "This file in Google Drive is not a Google spreadsheet: open it there and choose File > Save as Google Sheets.",
        "Ce fichier de Google Drive n’est pas une feuille Google : ouvrez-le et choisissez Fichier > Enregistrer "
        "au format Google Sheets.",
    ),
    "full": Said(
        "{name} is full (10 million cells): delete unused rows, columns or tabs, then run Relance again.",
        "{name} est pleine (10 millions de cellules) : supprimez des lignes, colonnes ou onglets inutilisés, "
        "puis relancez Relance.",
    ),
    "protected": Said(
        "A protected range of {name} keeps Relance from writing: let {who} edit it (Data > Protected sheets and ranges).",
        "Une plage protégée de {name} empêche Relance d’écrire : autorisez {who} à la modifier "
        "(Données > Protéger des feuilles et des plages).",
    ),
    "rate_limited": Said(
        "Google still refuses more requests after several minutes: another program uses the same account. Try again later.",
        "Google refuse toujours de nouvelles requêtes après plusieurs minutes : un autre programme utilise le même compte. "
        "Réessayez plus tard.",
    ),
    "unavailable": Said(
        "Google Sheets does not answer properly ({status}): try again in a few minutes.",
        "Google Sheets ne répond pas correctement ({status}) : réessayez dans quelques minutes.",
    ),
    "no_network": Said(
        "Google cannot be reached from this machine: check the network, then try again.",
        "Google est injoignable depuis cette machine : vérifiez le réseau, puis réessayez.",
    ),
    "refused": Said(
        "Google refused a request about {name} ({status}: {message}). Nothing more was written; please report this.",
        "Google a refusé une requête sur {name} ({status} : {message}). Plus rien n’a été écrit ; merci de le signaler.",
    ),
    # among people
    "keeps_changing": Said(
        "{name} was changed by people each time Relance tried to write it. Try again in a moment.",
        "{name} a été modifiée à chaque essai d’écriture de Relance. Réessayez dans un instant.",
    ),
    "journal_moved": Said(
        "The Journal of {name} does not hold what was just added ({place}): restore its headings with `relance init`, "
        "then run again.",
        "Le journal de {name} ne contient pas ce qui vient d’y être ajouté ({place}) : rétablissez ses intitulés avec "
        "`relance init`, puis recommencez.",
    ),
    "not_appended": Said(
        "The rows added to the tab {tab} of {name} are not where they should be: look at its end, then run again.",
        "Les lignes ajoutées à l’onglet {tab} de {name} ne sont pas à leur place : regardez la fin de l’onglet, puis recommencez.",
    ),
    "locked": Said(
        "Another run ({owner}) has been using {name} since {since}. Wait until it ends (if it was cut short: relance unlock).",
        "Un autre passage ({owner}) utilise {name} depuis le {since}. Attendez sa fin (s’il a été interrompu : relance unlock).",
    ),
    "lock_lost": Said(
        "The lock of {name} was removed during the run, so another run may have begun: nothing more was written. Run again.",
        "Le verrou de {name} a été retiré pendant le passage, un autre a pu commencer : plus rien n’a été écrit. Recommencez.",
    ),
    "the_spreadsheet": Said("The spreadsheet", "La feuille"),
    "the_account": Said("the service account", "le compte de service"),
    # what `init` reports
    "locale": Said(
        "The spreadsheet's locale is {locale}, where 03/04 is read as 4 March: set it in File > Settings if you type days first.",
        "Les paramètres régionaux de la feuille sont {locale}, où 03/04 se lit 4 mars : choisissez France "
        "dans Fichier > Paramètres.",
    ),
    "protected_added": Said(
        "Tab “{tab}”: soft protection of Relance's columns.", "Onglet « {tab} » : protection souple des colonnes de Relance."
    ),
}


def say(code: str, language: Language, **params: object) -> str:
    said = MESSAGES[code]
    return (said.fr if language == "fr" else said.en).format_map(params)


def failure(code: str, language: Language, **params: object) -> WorkbookError:
    return WorkbookError(say(code, language, **params))
