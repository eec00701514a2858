"""The sentences of reading: what is wrong and what to do, for people who know their trade and no programming.

`{value}` is what stood in the cell; the other `{names}` come with the problem. Each code has both languages.
"""

from typing import NamedTuple

from sync.ledger.words import Language


class ProblemText(NamedTuple):
    what_en: str
    fix_en: str
    what_fr: str
    fix_fr: str

    def what(self, language: Language) -> str:
        return self.what_fr if language == "fr" else self.what_en

    def fix(self, language: Language) -> str:
        return self.fix_fr if language == "fr" else self.fix_en


CELL_PROBLEMS: dict[str, ProblemText] = {
    "error_cell": ProblemText(
        "The cell shows an error: “{value}”.",
        "Mend the formula, or type the value in its place.",
        "La cellule affiche une erreur\u00a0: «\u00a0{value}\u00a0».",
        "Corrigez la formule, ou saisissez la valeur à sa place.",
    ),
    "missing_value": ProblemText(
        "This cell must be filled.",
        "Type the value, or delete the whole row if it should not be there.",
        "Cette cellule doit être remplie.",
        "Saisissez la valeur, ou supprimez toute la ligne si elle n’a pas lieu d’être.",
    ),
    "unreadable_value": ProblemText(
        "“{value}” cannot be read.",
        "Type it again as plain text.",
        "«\u00a0{value}\u00a0» est illisible.",
        "Saisissez-le de nouveau, en texte simple.",
    ),
    "unreadable_key": ProblemText(
        "“{value}” was changed by the spreadsheet into a date, a rounded number or a true/false value.",
        "Format the cell as plain text, then type the number or code again exactly as it is.",
        "«\u00a0{value}\u00a0» a été transformé par le tableur en date, en nombre arrondi ou en vrai/faux.",
        "Mettez la cellule au format texte, puis saisissez de nouveau le numéro ou le code tel quel.",
    ),
    "unreadable_number": ProblemText(
        "“{value}” is not a number.",
        "Type digits only, such as 12.5.",
        "«\u00a0{value}\u00a0» n’est pas un nombre.",
        "Saisissez des chiffres seulement, par exemple 12,5.",
    ),
    "not_a_whole_number": ProblemText(
        "“{value}” is not a whole number.",
        "Type a whole number, such as 3.",
        "«\u00a0{value}\u00a0» n’est pas un nombre entier.",
        "Saisissez un nombre entier, par exemple 3.",
    ),
    "out_of_range": ProblemText(
        "“{value}” is not between {low} and {high}.",
        "Type a number from {low} to {high}.",
        "«\u00a0{value}\u00a0» n’est pas compris entre {low} et {high}.",
        "Saisissez un nombre de {low} à {high}.",
    ),
    "unknown_word": ProblemText(
        "“{value}” is not in this column’s list.",
        "Choose one of: {allowed_en}.",
        "«\u00a0{value}\u00a0» ne figure pas dans la liste de cette colonne.",
        "Choisissez parmi\u00a0: {allowed_fr}.",
    ),
    "misplaced_word": ProblemText(
        "“{value}” is not for this column.",
        "Choose it in “{column_en}”, and clear this cell.",
        "«\u00a0{value}\u00a0» n’a pas sa place dans cette colonne.",
        "Choisissez-le dans «\u00a0{column_fr}\u00a0», et videz cette cellule.",
    ),
    "paid_in_status": ProblemText(
        "“{value}” is not a status: a day says when it was paid.",
        "Type that day in “Paid on”, or the payment in the Payments tab, and clear this cell.",
        "«\u00a0{value}\u00a0» n’est pas un statut\u00a0: c’est une date qui le dit.",
        "Indiquez-la dans «\u00a0Payée le\u00a0», ou saisissez le règlement dans Règlements, et videz cette cellule.",
    ),
    "unknown_country": ProblemText(
        "“{value}” is not a country code.",
        "Type the two-letter code: FR, BE, GB, DE…",
        "«\u00a0{value}\u00a0» n’est pas un code pays.",
        "Saisissez le code de deux lettres\u00a0: FR, BE, GB, DE…",
    ),
    "unknown_currency": ProblemText(
        "“{value}” is not the code of a currency in use.",
        "Type the three-letter code: EUR, GBP, CHF… A blank cell means the currency of the Settings tab.",
        "«\u00a0{value}\u00a0» n’est pas le code d’une devise en usage.",
        "Saisissez le code de trois lettres\u00a0: EUR, GBP, CHF… Une cellule vide vaut la devise de l’onglet Réglages.",
    ),
    "unreadable_terms": ProblemText(
        "“{value}” is not understood as payment terms.",
        "Type a number of days (30), “45 EOM” for the end of the month, or “30 EOM 10” for the 10th after it.",
        "«\u00a0{value}\u00a0» n’est pas compris comme conditions de règlement.",
        "Saisissez un nombre de jours (30), «\u00a045 FM\u00a0» pour fin de mois, ou «\u00a030 FM 10\u00a0» pour le 10 qui suit.",
    ),
    "unreadable_rate": ProblemText(
        "“{value}” is not understood as an interest rate.",
        "Type the percentage a year as plain text (10.5), or “3x legal”. Do not format the cell as a percentage.",
        "«\u00a0{value}\u00a0» n’est pas compris comme taux d’intérêt.",
        "Saisissez le pourcentage annuel en texte (10,5), ou «\u00a03x légal\u00a0». N’utilisez pas le format pourcentage.",
    ),
    "bad_email": ProblemText(
        "“{address}” is not a usable e-mail address.",
        "Correct the address. Several addresses in one cell are separated by commas, on one line.",
        "«\u00a0{address}\u00a0» n’est pas une adresse e-mail utilisable.",
        "Corrigez l’adresse. Plusieurs adresses dans une cellule se séparent par des virgules, sur une seule ligne.",
    ),
    "bad_link": ProblemText(
        "“{value}” is not a secure web address.",
        "Paste the whole link; it starts with https:// and holds no space.",
        "«\u00a0{value}\u00a0» n’est pas une adresse web sécurisée.",
        "Collez le lien entier\u202f; il commence par https:// et ne contient pas d’espace.",
    ),
    # Amounts.
    "unreadable_amount": ProblemText(
        "“{value}” is not an amount.",
        "Type digits and two decimals at most, such as 1234.56.",
        "«\u00a0{value}\u00a0» n’est pas un montant.",
        "Saisissez des chiffres et deux décimales au plus, par exemple 1234,56.",
    ),
    "ambiguous_amount": ProblemText(
        "“{value}” can be read in two ways: {thousands}, or {decimals_en}.",
        "Type {thousands} if it is in thousands, otherwise write two decimals.",
        "«\u00a0{value}\u00a0» peut se lire de deux façons\u00a0: {thousands}, ou {decimals_fr}.",
        "Saisissez {thousands} s’il s’agit de milliers, sinon écrivez deux décimales.",
    ),
    "too_many_decimals": ProblemText(
        "“{value}” has more than two decimals.",
        "Round the amount to the cent.",
        "«\u00a0{value}\u00a0» a plus de deux décimales.",
        "Arrondissez le montant au centime.",
    ),
    "amount_too_large": ProblemText(
        "“{value}” is too large to be an amount.",
        "Check the number of digits.",
        "«\u00a0{value}\u00a0» est trop grand pour être un montant.",
        "Vérifiez le nombre de chiffres.",
    ),
    "negative_amount": ProblemText(
        "“{value}” is negative, and this amount cannot be.",
        "Type the amount without a minus sign.",
        "«\u00a0{value}\u00a0» est négatif, et ce montant ne peut pas l’être.",
        "Saisissez le montant sans signe moins.",
    ),
    "zero_amount": ProblemText(
        "The amount is zero: there is nothing to pay.",
        "Check the amount, or leave the row as it is: it causes no reminder.",
        "Le montant est nul\u00a0: il n’y a rien à payer.",
        "Vérifiez le montant, ou laissez la ligne telle quelle\u00a0: elle ne provoque aucune relance.",
    ),
    "currency_mismatch": ProblemText(
        "“{value}” is marked {sign}, but the currency of this row is {currency}.",
        "Correct the Currency cell, or remove the sign from the amount.",
        "«\u00a0{value}\u00a0» porte le signe {sign}, alors que la devise de cette ligne est {currency}.",
        "Corrigez la cellule Devise, ou retirez le signe du montant.",
    ),
    # Dates.
    "unreadable_date": ProblemText(
        "“{value}” is not a date.",
        "Type the date as 2026-03-31, or pick it in the calendar.",
        "«\u00a0{value}\u00a0» n’est pas une date.",
        "Saisissez la date sous la forme 31/03/2026.",
    ),
    "ambiguous_date": ProblemText(
        "“{value}” does not say which number is the month: {readings_en}.",
        "Type the date as year-month-day, such as {one}.",
        "«\u00a0{value}\u00a0» ne dit pas quel nombre est le mois\u00a0: {readings_fr}.",
        "Saisissez la date sous la forme année-mois-jour, par exemple {one}.",
    ),
    "impossible_date": ProblemText(
        "“{value}” does not exist in the calendar.",
        "Check the day and the month.",
        "«\u00a0{value}\u00a0» n’existe pas dans le calendrier.",
        "Vérifiez le jour et le mois (le jour vient en premier).",
    ),
    "implausible_date": ProblemText(
        "“{value}” is outside the years 1990 to 2099.",
        "Check the year.",
        "«\u00a0{value}\u00a0» sort des années 1990 à 2099.",
        "Vérifiez l’année.",
    ),
    "due_before_issue": ProblemText(
        "The due date “{value}” is before the issue date. It is used as it is.",
        "Check both dates.",
        "L’échéance «\u00a0{value}\u00a0» précède la date de facture. Elle est utilisée telle quelle.",
        "Vérifiez les deux dates.",
    ),
    "paid_in_the_future": ProblemText(
        "“{value}” is in the future: nothing can have been paid then.",
        "Correct the date, or clear it until the invoice is paid.",
        "«\u00a0{value}\u00a0» est dans le futur\u00a0: rien n’a pu être payé ce jour-là.",
        "Corrigez la date, ou videz la cellule jusqu’au paiement.",
    ),
    "status_in_the_future": ProblemText(
        "The status has a date in the future, {value}. The invoice counts as open until then, and gets no reminder.",
        "Nothing to do if the date is right; else correct it, or clear Status to remind again.",
        "Le statut porte une date future, le {value}. La facture compte comme ouverte jusque-là, et n’est pas relancée.",
        "Rien à faire si la date est la bonne\u202f; sinon corrigez-la, ou videz Statut pour relancer à nouveau.",
    ),
    "payment_in_the_future": ProblemText(
        "“{value}” is in the future. The payment counts from that day only.",
        "Check the date.",
        "«\u00a0{value}\u00a0» est dans le futur. Le règlement ne compte qu’à partir de ce jour.",
        "Vérifiez la date.",
    ),
}

ROW_PROBLEMS: dict[str, ProblemText] = {
    "duplicate_invoice": ProblemText(
        "The number “{value}” stands on several rows (also row {rows}); none of them is used.",
        "Give each invoice its own number, or delete the rows too many.",
        "Le numéro «\u00a0{value}\u00a0» figure sur plusieurs lignes (aussi ligne {rows})\u202f; aucune n’est utilisée.",
        "Donnez à chaque facture son propre numéro, ou supprimez les lignes en trop.",
    ),
    "duplicate_customer": ProblemText(
        "The customer “{value}” stands on several rows (also row {rows}); nobody can tell which address is right.",
        "Keep one row for this customer.",
        "Le client «\u00a0{value}\u00a0» figure sur plusieurs lignes (aussi ligne {rows})\u202f; on ne peut savoir quelle adresse est la bonne.",
        "Gardez une seule ligne pour ce client.",
    ),
    "unknown_customer": ProblemText(
        "The customer “{value}” is not in the Contacts tab.",
        "Add a row for this customer in Contacts, or correct the key.",
        "Le client «\u00a0{value}\u00a0» ne figure pas dans l’onglet Clients.",
        "Ajoutez une ligne pour ce client dans Clients, ou corrigez le code.",
    ),
    "unknown_customer_close": ProblemText(
        "The customer “{value}” is not in the Contacts tab.",
        "Did you mean “{closest}”? Correct the key, or add this customer in Contacts.",
        "Le client «\u00a0{value}\u00a0» ne figure pas dans l’onglet Clients.",
        "Vouliez-vous dire «\u00a0{closest}\u00a0»\u202f? Corrigez le code, ou ajoutez ce client dans Clients.",
    ),
    "unknown_invoice": ProblemText(
        "The invoice “{value}” is not in the Invoices tab.",
        "Correct the number, or clear the cell if no invoice is meant.",
        "La facture «\u00a0{value}\u00a0» ne figure pas dans l’onglet Factures.",
        "Corrigez le numéro, ou videz la cellule si aucune facture n’est visée.",
    ),
    "unknown_invoice_close": ProblemText(
        "The invoice “{value}” is not in the Invoices tab.",
        "Did you mean “{closest}”? Correct the number, or clear the cell if no invoice is meant.",
        "La facture «\u00a0{value}\u00a0» ne figure pas dans l’onglet Factures.",
        "Vouliez-vous dire «\u00a0{closest}\u00a0»\u202f? Corrigez le numéro, ou videz la cellule si aucune facture n’est visée.",
    ),
    "invoice_left_out": ProblemText(
        "The row of the invoice “{value}” has a problem of its own, so nothing can be settled against it.",
        "Mend the row of that invoice first (see the Problems tab).",
        "La ligne de la facture «\u00a0{value}\u00a0» a elle-même une anomalie\u00a0: rien ne peut lui être imputé.",
        "Corrigez d’abord la ligne de cette facture (voir l’onglet À corriger).",
    ),
    "other_customer": ProblemText(
        "“{value}” is not the customer of the invoice {invoice}, which belongs to {owner}.",
        "Correct the customer or the invoice. Until then the amount is not allocated.",
        "«\u00a0{value}\u00a0» n’est pas le client de la facture {invoice}, qui est celle de {owner}.",
        "Corrigez le client ou la facture. D’ici là, le montant n’est pas imputé.",
    ),
    "other_currency": ProblemText(
        "The amount is in {value}, but the invoice {invoice} is in {expected}.",
        "Correct the currency or the invoice. Until then the amount is not allocated.",
        "Le montant est en {value}, alors que la facture {invoice} est en {expected}.",
        "Corrigez la devise ou la facture. D’ici là, le montant n’est pas imputé.",
    ),
    "payment_for_nobody": ProblemText(
        "This payment names neither an invoice nor a customer.",
        "Type the invoice, or at least the customer who paid.",
        "Ce règlement n’indique ni facture ni client.",
        "Indiquez la facture, ou au moins le client qui a payé.",
    ),
    "paid_on_with_balance": ProblemText(
        "The invoice is marked paid on {value}, but its payments leave a balance.",
        "Enter the missing payment in the Payments tab, or clear this cell.",
        "La facture est marquée payée le {value}, mais ses règlements laissent un solde.",
        "Saisissez le règlement manquant dans l’onglet Règlements, ou videz cette cellule.",
    ),
    "applies_to_on_invoice": ProblemText(
        "Only a credit note (a negative amount) applies to an invoice; “{value}” is not read.",
        "Clear this cell, or make the amount negative if this is a credit note.",
        "Seul un avoir (montant négatif) s’impute sur une facture\u202f; «\u00a0{value}\u00a0» n’est pas lu.",
        "Videz cette cellule, ou rendez le montant négatif s’il s’agit d’un avoir.",
    ),
    "credit_on_credit": ProblemText(
        "“{value}” is itself a credit note: this one cannot settle it.",
        "Type the number of the invoice that this credit note reduces, or clear the cell.",
        "«\u00a0{value}\u00a0» est lui-même un avoir\u00a0: celui-ci ne peut s’y imputer.",
        "Saisissez le numéro de la facture que cet avoir réduit, ou videz la cellule.",
    ),
    "journal_row_unreadable": ProblemText(
        "This row of the Journal was changed and cannot be read: “{value}”. It may hide a message already sent.",
        "Undo the change from the version history of the sheet. The Journal is written by Relance only.",
        "Cette ligne du Journal a été modifiée et n’est plus lisible\u00a0: «\u00a0{value}\u00a0». Elle peut cacher un message déjà parti.",
        "Annulez la modification dans l’historique des versions. Seul Relance écrit dans le Journal.",
    ),
}

CONFIGURATION_PROBLEMS: dict[str, ProblemText] = {
    "payee_iban": ProblemText(
        "The account “{value}” is not the protected one: nothing is sent.",
        "Check who wrote it, in the settings or in that text, and put the company’s own IBAN back. A true change is made in RELANCE_PAYEE too.",
        "Le compte «\u00a0{value}\u00a0» n’est pas celui qui est protégé\u00a0: rien n’est envoyé.",
        "Cherchez qui l’a saisi, dans les réglages ou dans ce texte, et remettez l’IBAN de la société. Un vrai changement se fait aussi dans RELANCE_PAYEE.",
    ),
    "payee_sender": ProblemText(
        "The sender “{value}” is not a protected one: nothing is sent.",
        "Put the company’s own address back. A true change is made in RELANCE_PAYEE too.",
        "L’expéditeur «\u00a0{value}\u00a0» ne fait pas partie des adresses protégées\u00a0: rien n’est envoyé.",
        "Remettez l’adresse de la société. Un vrai changement se fait aussi dans RELANCE_PAYEE.",
    ),
    "payee_link": ProblemText(
        "The link “{value}” leads to a site that is not protected: nothing is sent.",
        "Correct the link in the invoice, the text or the draft. A new site of yours is added to RELANCE_PAYEE.",
        "Le lien «\u00a0{value}\u00a0» mène à un site qui n’est pas protégé\u00a0: rien n’est envoyé.",
        "Corrigez le lien dans la facture, le texte ou le brouillon. Un nouveau site à vous s’ajoute à RELANCE_PAYEE.",
    ),
    "unknown_setting": ProblemText(
        "“{value}” is not a setting.",
        "Correct the name, or delete the row: it has no effect.",
        "«\u00a0{value}\u00a0» n’est pas un réglage.",
        "Corrigez le nom, ou supprimez la ligne\u00a0: elle est sans effet.",
    ),
    "bad_setting": ProblemText(
        "“{value}” does not suit {setting_en}. Nothing is sent until it is corrected.",
        "Type {expected_en}.",
        "«\u00a0{value}\u00a0» ne convient pas à «\u00a0{setting_fr}\u00a0». Rien n’est envoyé avant correction.",
        "Saisissez {expected_fr}.",
    ),
    "duplicate_setting": ProblemText(
        "“{value}” already stands in row {rows}.",
        "Keep one of the two rows.",
        "«\u00a0{value}\u00a0» figure déjà ligne {rows}.",
        "Gardez une seule des deux lignes.",
    ),
    "hours_never_open": ProblemText(
        "With these two times, messages could never leave.",
        "Make sending_from earlier than sending_to.",
        "Avec ces deux heures, aucun message ne pourrait partir.",
        "Faites commencer l’envoi avant l’heure où il finit.",
    ),
    "unknown_region": ProblemText(
        "“{value}” is not a region of {country} that has public holidays of its own.",
        "Correct the region, or clear the cell.",
        "«\u00a0{value}\u00a0» n’est pas une région de {country} ayant ses propres jours fériés.",
        "Corrigez la région, ou videz la cellule.",
    ),
    "unknown_cadence": ProblemText(
        "There is no cadence named “{value}”.",
        "Choose a cadence of the Cadence tab, or clear the cell.",
        "Aucun scénario ne s’appelle «\u00a0{value}\u00a0».",
        "Choisissez un scénario de l’onglet Scénario, ou videz la cellule.",
    ),
    "bad_when": ProblemText(
        "“{value}” is not a day of the cadence.",
        "Type J-5 for five days before the due date, or J+7 for seven days after it.",
        "«\u00a0{value}\u00a0» n’est pas un jour de scénario.",
        "Saisissez J-5 pour cinq jours avant l’échéance, ou J+7 pour sept jours après.",
    ),
    "steps_not_numbered": ProblemText(
        "“{value}” stands where step {expected} is expected.",
        "Number the steps of each cadence 1, 2, 3… without a gap and each once.",
        "«\u00a0{value}\u00a0» se trouve là où l’étape {expected} est attendue.",
        "Numérotez les étapes de chaque scénario 1, 2, 3… sans trou ni doublon.",
    ),
    "days_not_rising": ProblemText(
        "“{value}” does not come after {previous}, the day of the step before.",
        "Give each step a later day than the one before.",
        "«\u00a0{value}\u00a0» ne vient pas après {previous}, le jour de l’étape précédente.",
        "Donnez à chaque étape un jour plus tardif que la précédente.",
    ),
    "repeat_incomplete": ProblemText(
        "A repeated step needs both cells: every how many days, and at most how often.",
        "Fill “Repeat every (days)” and “At most”, or clear both.",
        "Une étape répétée demande les deux cellules\u00a0: tous les combien de jours, et combien de fois au plus.",
        "Remplissez «\u00a0Répéter tous les (jours)\u00a0» et «\u00a0Au plus\u00a0», ou videz les deux.",
    ),
    "cadence_of_two_segments": ProblemText(
        "The rows of the cadence {cadence} name several segments.",
        "Write the same segment on each row, or make a cadence for each segment.",
        "Les lignes du scénario {cadence} nomment plusieurs segments.",
        "Écrivez le même segment sur chaque ligne, ou faites un scénario par segment.",
    ),
    "no_cadence": ProblemText(
        "No cadence is for the segment “{segment_en}”: its customers get no reminder.",
        "Add a cadence for that segment, or one whose “For segment” is blank: it serves everyone else.",
        "Aucun scénario ne convient au segment «\u00a0{segment_fr}\u00a0»\u00a0: ses clients ne sont pas relancés.",
        "Ajoutez un scénario pour ce segment, ou un scénario dont «\u00a0Pour segment\u00a0» est vide\u00a0: il sert à tous les autres.",
    ),
    "cadence_refused": ProblemText(
        "The cadence {cadence} is not used, because another of its rows has a problem.",
        "Correct the other row. Until then this cadence sends nothing.",
        "Le scénario {cadence} n’est pas utilisé, car une autre de ses lignes a une anomalie.",
        "Corrigez l’autre ligne. D’ici là, ce scénario n’envoie rien.",
    ),
    "segment_of_two_cadences": ProblemText(
        "The segment “{value}” already has the cadence {other}, which serves.",
        "Keep one cadence for each segment.",
        "Le segment «\u00a0{value}\u00a0» a déjà le scénario {other}, qui s’applique.",
        "Gardez un scénario par segment.",
    ),
    "approval_is_person": ProblemText(
        "“{value}” has no effect: calls, letters, notices and hand-overs are always done by a person.",
        "Choose “person”, or clear the cell.",
        "«\u00a0{value}\u00a0» est sans effet\u00a0: appels, courriers, mises en demeure et remises sont toujours faits par une personne.",
        "Choisissez «\u00a0par une personne\u00a0», ou videz la cellule.",
    ),
    "duplicate_reason": ProblemText(
        "The reason “{value}” already stands in row {rows}.",
        "Keep one row for each reason.",
        "Le motif «\u00a0{value}\u00a0» figure déjà ligne {rows}.",
        "Gardez une seule ligne par motif.",
    ),
    "duplicate_template": ProblemText(
        "The text “{value}” already stands in row {rows} in that language.",
        "Keep one row for each text and language.",
        "Le texte «\u00a0{value}\u00a0» figure déjà ligne {rows} dans cette langue.",
        "Gardez une seule ligne par texte et par langue.",
    ),
    "unknown_rate": ProblemText(
        "“{value}” is not the name of a rate.",
        "Use one of: {known}.",
        "«\u00a0{value}\u00a0» n’est pas le nom d’un taux.",
        "Utilisez l’un de ces noms\u00a0: {known}.",
    ),
    "not_a_period_start": ProblemText(
        "“{value}” is not the first day of a period of this rate: the row is not used.",
        "Type 1 January or 1 July (1 January for a yearly rate).",
        "«\u00a0{value}\u00a0» n’est pas le premier jour d’une période de ce taux\u00a0: la ligne n’est pas utilisée.",
        "Saisissez un 1er janvier ou un 1er juillet (1er janvier pour un taux annuel).",
    ),
    "rate_gap": ProblemText(
        "{rate} has no value from {day_en} although a later one is given.",
        "Add a row for that date; until then no interest is computed over it.",
        "{rate} n’a pas de valeur à partir du {day_fr}, alors qu’une valeur postérieure est saisie.",
        "Ajoutez une ligne à cette date\u202f; d’ici là, aucun intérêt n’est calculé sur cette période.",
    ),
    "duplicate_rate": ProblemText(
        "“{value}” already has a value from that date in row {rows}.",
        "Keep one of the two rows.",
        "«\u00a0{value}\u00a0» a déjà une valeur à cette date, ligne {rows}.",
        "Gardez une seule des deux lignes.",
    ),
}
