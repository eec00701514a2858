"""What the commands say to people, in both languages. One place, so that nothing is said in English to a French user."""

from sync.ledger.agreement import agreeing
from sync.ledger.words import Language

_SENTENCES: dict[str, tuple[str, str]] = {
    "sync_in_the_past": (
        "The Journal already holds acts of {last}: a run dated {as_of} would not know them. Use --as-of {last} or later.",
        "Le journal contient déjà des actes du {last}\u00a0: un passage daté du {as_of} les ignorerait. Utilisez --as-of {last} ou plus tard.",
    ),
    "journal_lost": (
        "The Journal is empty, and Relance has written drafts here before: without it a message could leave twice. Bring it back (version history, backup copy). To begin anew on purpose, empty the hidden column “Mark” of the Invoices tab.",
        "Le journal est vide, alors que Relance a déjà écrit des brouillons ici : sans lui, un message pourrait partir deux fois. Rétablissez-le (historique des versions, copie de sauvegarde). Pour repartir de zéro volontairement, videz la colonne masquée « Repère » de l’onglet Factures.",
    ),
    "bad_date": ("“{value}” is not a date: write --as-of 2026-03-31.", "«\u00a0{value}\u00a0» n’est pas une date\u00a0: écrivez --as-of 2026-03-31."),
    "freshness_unknown": (
        "The freshness of payments was not checked: the workbook shows no date of a payment. Set payments_as_of in the Settings tab.",
        "La fraîcheur des règlements n’est pas vérifiée\u00a0: le classeur ne montre aucune date de règlement. Renseignez «\u00a0règlements à jour au\u00a0» dans l’onglet Réglages.",
    ),
    "far_date": (
        "“{value}” is too far away: give a day from 1900-01-01 to 2199-12-31.",
        "«\u00a0{value}\u00a0» est trop loin\u00a0: donnez un jour du 1900-01-01 au 2199-12-31.",
    ),
    "no_such_option": ("There is no option {name}.", "L’option {name} n’existe pas."),
    "missing_argument": ("{name} is missing.", "Il manque {name}."),
    "bad_argument": ("{name} cannot be used: {why}", "{name} est inutilisable\u00a0: {why}"),
    "see_help": ("See `{command} --help`.", "Voir `{command} --help`."),
    "file_failed": (
        "{file} cannot be used ({why}): check the folder, your rights and the room on the disk.",
        "{file} est inutilisable ({why})\u00a0: vérifiez le dossier, vos droits et la place sur le disque.",
    ),
    "output_not_writable": (
        "{file} cannot be written: check the folder of --output and your rights there.",
        "{file} ne peut pas être écrit\u00a0: vérifiez le dossier de --output et vos droits.",
    ),
    "json_needs_output": (
        "Under CI the JSON holds names and addresses: add --output FILE.",
        "En intégration continue, le JSON contient des noms et des adresses\u00a0: ajoutez --output FICHIER.",
    ),
    "settings_stop": (
        "Nothing may be sent: a setting or a cadence cannot be used. See the Problems tab.",
        "Rien ne peut partir\u00a0: un réglage ou un scénario est inutilisable. Voir l’onglet À corriger.",
    ),
    "no_problems": ("No problem found.", "Aucune anomalie."),
    "found_problems": ("{count} {count:thing|things} to mend:", "{count} {count:point|points} à corriger\u00a0:"),
    "problem_line": ("{tab}, {cell}, {column}: {what} {fix}", "{tab}, {cell}, {column}\u00a0: {what} {fix}"),
    "plan_head": ("As of {day}, mode {mode}: {due} to do, {waiting} waiting, {paused} {paused:invoice|invoices} resting.", "Au {day}, mode {mode}\u00a0: {due} à faire, {waiting} en attente, {paused} {paused:facture|factures} en pause."),
    "plan_problems": (
        "{count} {count:thing|things} to mend: `relance check` lists {count:it|them}.",
        "{count} {count:point|points} à corriger\u00a0: `relance check` en donne la liste.",
    ),
    "preview_head": ("{day}: {count} to do", "{day}\u00a0: {count} à faire"),
    "synced": (
        "{cells} {cells:cell|cells} written on {rows} {rows:row|rows}; {sent} {sent:message|messages} sent, {failed} failed or uncertain; {problems} {problems:thing|things} to mend.",
        "{cells} {cells:cellule écrite|cellules écrites} sur {rows} {rows:ligne|lignes}\u202f; {sent} {sent:message parti|messages partis}, {failed} en échec ou {failed:incertain|incertains}\u202f; {problems} {problems:point|points} à corriger.",
    ),
    "deferred": ("{count} {count:row|rows} changed meanwhile, put off to the next run.", "{count} {count:ligne modifiée|lignes modifiées} entre-temps\u00a0: {count:reprise|reprises} au prochain passage."),
    "draft_mode": ("Mode draft: nothing is sent. Set “mode” in the Settings tab to send.", "Mode brouillon\u00a0: rien ne part. Changez «\u00a0mode\u00a0» dans l’onglet Réglages pour envoyer."),
    "none_uncertain": ("No uncertain message.", "Aucun message incertain."),
    "no_such_uncertain": (
        "No uncertain message has that key: run `relance resolve WORKBOOK` to list them.",
        "Aucun message incertain n’a cette clé\u00a0: `relance resolve CLASSEUR` en donne la liste.",
    ),
    "resolved_sent": ("{invoices}: noted as sent.", "{invoices}\u00a0: noté comme parti."),
    "resolved_not_sent": (
        "{invoices}: noted as not sent; the message may leave at the next run.",
        "{invoices}\u00a0: noté comme non parti\u202f; le message pourra partir au prochain passage.",
    ),
    "chain_sound": ("The Journal is intact: {count} sealed {count:row|rows} ({erased} with an erased text).", "Le journal est intact\u00a0: {count} {count:ligne scellée|lignes scellées} ({erased} au texte effacé)."),
    "chain_altered": ("Row {row} of the Journal was altered, moved, or stands after a removed row.", "La ligne {row} du journal a été modifiée ou déplacée, ou suit une ligne supprimée."),
    "chain_head_missing": ("The seal given is no longer in the Journal: rows were taken off its end, or it was made again.", "Le sceau indiqué n’est plus dans le journal\u00a0: des lignes ont été retirées à la fin, ou il a été refait."),
    "chain_unsealed": ("{count} {count:row|rows} at the start without a seal, there before Relance.", "{count} {count:ligne|lignes} au début sans sceau, déjà {count:présente|présentes} avant Relance."),
    "chain_unkeyed": ("{count} {count:row|rows} sealed before RELANCE_JOURNAL_KEY was set.", "{count} {count:ligne scellée|lignes scellées} avant que RELANCE_JOURNAL_KEY soit définie."),
    "chain_no_key": ("RELANCE_JOURNAL_KEY is not set: anyone could seal an altered Journal again.", "RELANCE_JOURNAL_KEY n’est pas définie\u00a0: n’importe qui pourrait sceller de nouveau un journal modifié."),
    "chain_head": ("Last seal: {head}", "Dernier sceau\u00a0: {head}"),
    "mail_url_bad": (
        "{variable} cannot be read. Write it like {example}; in a user or password, @ is %40, / is %2F, # is %23, % is %25.",
        "{variable} est illisible. Écrivez-la comme {example}\u202f; dans l’utilisateur ou le mot de passe, @ s’écrit %40, / %2F, # %23, % %25.",
    ),
    "oauth_bad": (
        "RELANCE_MAIL_OAUTH cannot be read: give JSON (or its base64, or a file) with access_token, or with token_url (https), client_id, client_secret and refresh_token.",
        "RELANCE_MAIL_OAUTH est illisible\u00a0: donnez du JSON (ou son base64, ou un fichier) avec access_token, ou avec token_url (https), client_id, client_secret et refresh_token.",
    ),
    "sender_missing": (
        "Nothing can be sent: fill “sender_email” in the Settings tab.",
        "Rien ne peut partir\u00a0: renseignez «\u00a0e-mail de l’expéditeur\u00a0» dans l’onglet Réglages.",
    ),
    "workbook_missing": (
        "Which workbook? Give a file or the address of a Google Sheet. On GitHub: fill the secret RELANCE_WORKBOOK.",
        "Quel classeur\u202f? Donnez un fichier ou l’adresse d’une feuille Google. Sur GitHub\u00a0: renseignez le secret RELANCE_WORKBOOK.",
    ),
    "no_mail_server": (
        "No mail server: nothing leaves. Fill the secret RELANCE_SMTP_URL; the messages leave at the next run.",
        "Pas de serveur d’envoi\u00a0: rien ne part. Renseignez le secret RELANCE_SMTP_URL\u202f; les messages partiront au prochain passage.",
    ),
    "first_run_drafts": (
        "First run of this workbook: the drafts are written and nothing leaves. Read them; the next run sends.",
        "Premier passage sur ce classeur\u00a0: les brouillons sont écrits et rien ne part. Relisez-les\u202f; le prochain passage enverra.",
    ),
    "volume_unusual": (
        "{count} messages are ready, far more than usual: nothing leaves before someone answers “done” in the Today tab.",
        "{count} messages sont prêts, bien plus que d’habitude\u00a0: rien ne part avant la réponse «\u00a0fait\u00a0» dans l’onglet À faire.",
    ),
    "window_closed": (
        "The sending hours are over: the rest leaves at the next opening.",
        "Les heures d’envoi sont passées\u00a0: la suite partira à la prochaine ouverture.",
    ),
    "settings_changed": (
        "The settings were changed during the run: the rest waits for the next one.",
        "Les réglages ont changé pendant le passage\u00a0: la suite attend le prochain.",
    ),
    "mail_stopped": ("Sending stopped: {reason}. The rest leaves at the next run.", "L’envoi s’est arrêté\u00a0: {reason}. La suite partira au prochain passage."),
    "health_good": ("Last run that went well: {day} at {hour}.", "Dernier passage réussi\u00a0: le {day} à {hour}."),
    "health_missed": (
        "Relance has not run well since {day}, {hour}: {count} business {count:day|days} missed. Open the last failed run, read its first lines, mend what it says, then run it again.",
        "Aucun passage réussi depuis le {day} à {hour}\u00a0: {count} {count:jour ouvré manqué|jours ouvrés manqués}. Ouvrez le dernier passage en échec, lisez ses premières lignes, corrigez ce qu’il indique, puis relancez-le.",
    ),
    "health_never": (
        "No run has gone well yet. Run `relance sync` once by hand and read what it says.",
        "Aucun passage n’a encore réussi. Lancez une fois `relance sync` à la main et lisez ce qu’il répond.",
    ),
    "publish_good": ("This site may go there ({edition} edition).", "Ce site peut y être déposé (édition {edition})."),
    "edition_internal": ("internal", "interne"),
    "edition_public": ("public", "publique"),
    "publish_no_site": (
        "There is nothing in {folder}: build the site first, with `relance report`.",
        "Il n’y a rien dans {folder}\u00a0: construisez d’abord le site avec `relance report`.",
    ),
    "publish_not_public": (
        "This is the internal edition: it names your customers and never goes to a public site. Build the other one: relance report … --edition public.",
        "C’est l’édition interne\u00a0: elle nomme vos clients et ne va jamais sur un site public. Construisez l’autre\u00a0: relance report … --edition public.",
    ),
    "publish_public_repository": (
        "Others than your team can read this repository, and the internal edition names your customers: make the repository private (Settings, General, Danger Zone), or build the public edition.",
        "D’autres que votre équipe peuvent lire ce dépôt, et l’édition interne nomme vos clients\u00a0: rendez le dépôt privé (Settings, General, Danger Zone) ou construisez l’édition publique.",
    ),
    "publish_open_host": (
        "The internal edition names your customers, and its address RELANCE_SITE_URL does not ask strangers for a login (or does not answer): protect the folder with a password first, then run again.",
        "L’édition interne nomme vos clients, et son adresse RELANCE_SITE_URL ne demande pas de mot de passe aux inconnus (ou ne répond pas)\u00a0: protégez d’abord le dossier par un mot de passe, puis relancez.",
    ),
    "publish_unknown_repository": (
        "Nobody can tell whether this repository is private, so the internal edition stays here. In the workflow, give this step GITHUB_TOKEN.",
        "Impossible de savoir si ce dépôt est privé\u00a0: l’édition interne reste ici. Dans le workflow, donnez GITHUB_TOKEN à cette étape.",
    ),
    "outbox": ("Messages are in {folder}.", "Les messages sont dans {folder}."),
    "site_built": ("The site is in {folder}: open {page}.", "Le site est dans {folder}\u00a0: ouvrez {page}."),
    "google_another_day": (
        "A run dated {as_of} is not written to Google, where it would mix with today's: leave out --as-of, or use a local workbook.",
        "Un passage daté du {as_of} ne s’écrit pas dans Google, où il se mêlerait au présent : retirez --as-of, ou utilisez un classeur local.",
    ),
    "no_lock": ("There is no lock.", "Il n’y a pas de verrou."),
    "unlocked": ("The lock of {owner} is removed.", "Le verrou de {owner} est retiré."),
    "init_done": ("{name}: {what}", "{name}\u00a0: {what}"),
    "init_nothing": ("{name} is already complete.", "{name} est déjà complet."),
    "demo_book": ("The workbook:        {path}", "Le classeur\u00a0:         {path}"),
    "demo_site": ("The site:            {path}", "Le site\u00a0:             {path}"),
    "demo_outbox": ("Messages as sent:    {path} ({count} {count:file|files})", "Les messages partis\u00a0: {path} ({count} {count:fichier|fichiers})"),
    "demo_today": ("Start with the tab “{tab}” of the workbook.", "Commencez par l’onglet «\u00a0{tab}\u00a0» du classeur."),
    "demo_next": ("Your own: relance init my-invoices.xlsx, or relance import csv EXPORT my-invoices.xlsx --as invoices.", "Le vôtre\u00a0: relance init mes-factures.xlsx, ou relance import csv EXPORT mes-factures.xlsx --as invoices."),
    "no_such_customer": ("No customer “{customer}” in the workbook.", "Aucun client «\u00a0{customer}\u00a0» dans le classeur."),
    "nothing_open": ("Nothing is open for {customer}.", "Rien ne reste dû par {customer}."),
    "which_currency": ("Several currencies are open: add --currency ({currencies}).", "Plusieurs devises sont ouvertes\u00a0: ajoutez --currency ({currencies})."),
    "not_open_invoices": ("Not open invoices of this customer and currency: {invoices}.", "Pas des factures ouvertes de ce client dans cette devise\u00a0: {invoices}."),
    "no_such_proposal": ("There is no proposal {number}: {count} can be chosen.", "Il n’y a pas de proposition {number}\u00a0: {count} au choix."),
    "propose_count": ("{count} {count:proposal|proposals}.", "{count} {count:proposition|propositions}."),
    "propose_head": ("{customer}: {amount} on {invoices}.", "{customer}\u00a0: {amount} sur {invoices}."),
    "propose_left_out": ("Left out (disputed, handed over or doubtful): {invoices}.", "Laissées de côté (litige, confiées ou douteuses)\u00a0: {invoices}."),
    "propose_next": (
        "To put one in the Plans tab, as proposed: add --choose NUMBER, or --write for the one marked.",
        "Pour en inscrire une dans l’onglet Échéanciers, comme proposée\u00a0: ajoutez --choose NUMÉRO, ou --write pour celle qui est marquée.",
    ),
    "export_head": (
        "What is held on customer {customer} on {day}: {rows} {rows:row|rows}, {messages} {messages:message|messages}, {papers} {papers:document|documents}. All of it stands in data.json; one CSV a tab is easier to read.",
        "Ce qui est détenu sur le client {customer} au {day}\u00a0: {rows} {rows:ligne|lignes}, {messages} {messages:message|messages}, {papers} {papers:document|documents}. Tout est dans data.json\u202f; un CSV par onglet se lit plus facilement.",
    ),
    "export_unknown": (
        "{tab} also has columns of your own that Relance never reads: {columns}. Add what they say.",
        "{tab} comporte aussi des colonnes à vous, que Relance ne lit jamais\u00a0: {columns}. Ajoutez ce qu’elles disent.",
    ),
    "export_done": (
        "{rows} {rows:row|rows}, {messages} {messages:message|messages} and {papers} {papers:document|documents} in {file}.",
        "{rows} {rows:ligne|lignes}, {messages} {messages:message|messages} et {papers} {papers:document|documents} dans {file}.",
    ),
    "forget_owed": (
        "{customer} still owes {invoices}: settle or write off first, or add --force --reason \"why\".",
        "{customer} doit encore {invoices}\u00a0: soldez ou passez en perte d’abord, ou ajoutez --force --reason \"pourquoi\".",
    ),
    "forget_sealed": (
        "The seal of row {row} of the Journal does not hold: set RELANCE_JOURNAL_KEY to the key of this workbook, or see `relance verify`.",
        "Le sceau de la ligne {row} du journal ne tient pas\u00a0: donnez à RELANCE_JOURNAL_KEY la clé de ce classeur, ou voyez `relance verify`.",
    ),
    "forget_nothing": ("Nothing to erase.", "Rien à effacer."),
    "forget_preview": (
        "Would be erased ({customers}): {cells} {cells:cell|cells}, of which the words of {texts} Journal {texts:row|rows}, and {files} {files:file|files}.",
        "Seraient effacés ({customers})\u00a0: {cells} {cells:cellule|cellules}, dont les mots de {texts} {texts:ligne|lignes} du journal, et {files} {files:fichier|fichiers}.",
    ),
    "forget_done": (
        "Erased ({customers}): {cells} {cells:cell|cells}, of which the words of {texts} Journal {texts:row|rows}, and {files} {files:file|files}.",
        "Effacés ({customers})\u00a0: {cells} {cells:cellule|cellules}, dont les mots de {texts} {texts:ligne|lignes} du journal, et {files} {files:fichier|fichiers}.",
    ),
    "forget_next": (
        "Nothing was changed. Add --yes to erase; invoices, payments, dates and amounts stay.",
        "Rien n’a été changé. Ajoutez --yes pour effacer\u202f; factures, règlements, dates et montants restent.",
    ),
    "forget_elsewhere": (
        "Look elsewhere too: the mailbox, printed letters, files put in other folders, archives made by `relance export`, backups, earlier sites, the history of a Google Sheet.",
        "Pensez aussi au reste\u00a0: la boîte e-mail, les courriers imprimés, les fichiers rangés ailleurs, les archives de `relance export`, les sauvegardes, les anciens sites, l’historique d’un Google Sheet.",
    ),
    "export_doubtful": (
        "Not in the archive: {file} may be about another customer whose code is written the same way. Look at it.",
        "Absent de l’archive\u00a0: {file} concerne peut-être un autre client dont le code s’écrit de même. Vérifiez-le.",
    ),
    "forget_doubtful": (
        "Left in place: {file} may be about another customer whose code is written the same way. Look at it, and delete it yourself.",
        "Laissé en place\u00a0: {file} concerne peut-être un autre client dont le code s’écrit de même. Vérifiez-le, et supprimez-le vous-même.",
    ),
    "doubtful_count": (
        "{count} {count:file|files} not told from those of another customer, left alone.",
        "{count} {count:fichier|fichiers} impossible{count:|s} à distinguer de ceux d’un autre client, {count:laissé|laissés} en place.",
    ),
    "forget_file_failed": (
        "Could not be deleted: {file} ({why}). Delete it yourself, or run the command again.",
        "N’a pas pu être supprimé\u00a0: {file} ({why}). Supprimez-le vous-même, ou relancez la commande.",
    ),
    "forget_files_failed": ("{count} {count:file|files} could not be deleted.", "{count} {count:fichier n’a pas pu être supprimé|fichiers n’ont pas pu être supprimés}."),
    "forget_arguments": (
        "Write relance forget CUSTOMER WORKBOOK, or relance forget --expired WORKBOOK.",
        "Écrivez relance forget CLIENT CLASSEUR, ou relance forget --expired CLASSEUR.",
    ),
    "propose_written": (
        "Plan {plan}: {count} {count:row|rows} added to the Plans tab. Type the date in “Agreed on” once the customer has accepted.",
        "Échéancier {plan}\u00a0: {count} {count:ligne ajoutée|lignes ajoutées} à l’onglet Échéanciers. Saisissez «\u00a0Accord du\u00a0» quand le client a accepté.",
    ),
}  # fmt: skip


def sentence(key: str, language: Language, **named: object) -> str:
    """Raises KeyError for an unknown key or a name that the sentence does not get."""
    english, french = _SENTENCES[key]
    return (french if language == "fr" else english).format(**agreeing(named, language))
