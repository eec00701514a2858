"""What the commands say to people, in both languages. One place, so that nothing is said in English to a French user."""

from sync.ledger.words import Language

_SENTENCES: dict[str, tuple[str, str]] = {
    "sync_in_the_past": (
        "The Journal already holds acts of {last}: a run dated {as_of} would not know them. Use --as-of {last} or later.",
        "Le journal contient déjà des actes du {last} : un passage daté du {as_of} les ignorerait. Utilisez --as-of {last} ou plus tard.",
    ),
    "bad_date": ("“{value}” is not a date: write --as-of 2026-03-31.", "« {value} » n’est pas une date : écrivez --as-of 2026-03-31."),
    "json_needs_output": (
        "Under CI the JSON holds names and addresses: add --output FILE.",
        "En intégration continue, le JSON contient des noms et des adresses : ajoutez --output FICHIER.",
    ),
    "settings_stop": (
        "Nothing may be sent: a setting or a cadence cannot be used. See the Problems tab.",
        "Rien ne peut partir : un réglage ou un scénario est inutilisable. Voir l’onglet À corriger.",
    ),
    "no_problems": ("No problem found.", "Aucune anomalie."),
    "found_problems": ("{count} thing(s) to mend:", "{count} point(s) à corriger :"),
    "problem_line": ("{tab}, row {row}, {column}: {what} {fix}", "{tab}, ligne {row}, {column} : {what} {fix}"),
    "plan_head": ("As of {day}, mode {mode}: {due} to do, {waiting} waiting, {paused} invoices resting.", "Au {day}, mode {mode} : {due} à faire, {waiting} en attente, {paused} factures en pause."),
    "preview_head": ("{day}: {count} to do", "{day} : {count} à faire"),
    "synced": (
        "{cells} cells written on {rows} rows; {sent} message(s) sent, {failed} failed or uncertain; {problems} thing(s) to mend.",
        "{cells} cellules écrites sur {rows} lignes ; {sent} message(s) parti(s), {failed} en échec ou incertain(s) ; {problems} point(s) à corriger.",
    ),
    "deferred": ("{count} row(s) changed meanwhile: they wait for the next run.", "{count} ligne(s) modifiée(s) entre-temps : reprises au prochain passage."),
    "draft_mode": ("Mode draft: nothing is sent. Set “mode” in the Settings tab to send.", "Mode brouillon : rien ne part. Changez « mode » dans l’onglet Réglages pour envoyer."),
    "outbox": ("Messages are in {folder}.", "Les messages sont dans {folder}."),
    "site_built": ("The site is in {folder}: open {page}.", "Le site est dans {folder} : ouvrez {page}."),
    "init_done": ("{name}: {what}", "{name} : {what}"),
    "init_nothing": ("{name} is already complete.", "{name} est déjà complet."),
    "demo_book": ("The workbook:        {path}", "Le classeur :         {path}"),
    "demo_site": ("The site:            {path}", "Le site :             {path}"),
    "demo_outbox": ("Messages as sent:    {path} ({count} files)", "Les messages partis : {path} ({count} fichiers)"),
    "demo_today": ("Start with the tab “{tab}” of the workbook.", "Commencez par l’onglet « {tab} » du classeur."),
    "demo_next": ("Your own: relance init my-invoices.xlsx, or relance import csv EXPORT my-invoices.xlsx --as invoices.", "Le vôtre : relance init mes-factures.xlsx, ou relance import csv EXPORT mes-factures.xlsx --as invoices."),
}  # fmt: skip


def sentence(key: str, language: Language, **named: object) -> str:
    """Raises KeyError for an unknown key or a name that the sentence does not get."""
    english, french = _SENTENCES[key]
    return (french if language == "fr" else english).format(**named)
