"""Every heading of the contract, copied from its page: recognised in both languages, in any order, on every tab."""

import openpyxl
import pytest
from plain_book import Book, contact, day, invoice

HEADINGS = {
    ("Invoices", "Factures"): [
        ("Invoice", "Facture"), ("Customer", "Client"), ("Issue date", "Date de facture"), ("Due date", "Échéance"), ("Amount", "Montant TTC"),
        ("Currency", "Devise"), ("Applies to", "S'impute sur"), ("Paid on", "Payée le"), ("Status", "Statut"), ("Status date", "Date du statut"),
        ("Delay reason", "Motif du retard"), ("Reason since", "Motif depuis"), ("Disputed amount", "Montant contesté"),
        ("Promised for", "Promesse au"), ("Promised amount", "Montant promis"), ("Hold until", "Suspendue jusqu'au"), ("Cadence", "Scénario"),
        ("Last step (before)", "Dernière étape (avant)"), ("Last contact (before)", "Dernier contact (avant)"),
        ("Payment link", "Lien de paiement"), ("Invoice file", "Lien facture"), ("Note", "Note"), ("Send?", "Envoyer ?"),
        ("Open balance", "Reste dû"), ("Days late", "Jours de retard"), ("Step", "Étape"), ("Next action", "Prochaine action"),
        ("Action date", "Date d'action"), ("Why", "Pourquoi"), ("Priority", "Priorité"), ("Problem", "Problème"), ("Draft subject", "Objet"),
        ("Draft", "Brouillon"),
    ],
    ("Contacts", "Clients"): [
        ("Customer", "Client"), ("Name", "Nom"), ("Contact", "Interlocuteur"), ("E-mail", "E-mail"), ("Cc", "Copie"), ("Phone", "Téléphone"),
        ("Address", "Adresse"), ("Country", "Pays"), ("Kind", "Nature"), ("Natural person", "Personne physique"), ("Language", "Langue"),
        ("Segment (set)", "Segment (imposé)"), ("Cadence", "Scénario"), ("Terms", "Conditions"), ("Payment means", "Moyen de paiement"),
        ("Do not contact", "Ne pas contacter"), ("Account manager", "Chargé de compte"), ("Credit limit", "Encours autorisé"),
        ("Debt ratio", "Taux d'endettement"), ("Current liquidity", "Liquidité immédiate"), ("Monthly capacity", "Capacité mensuelle"),
        ("External score", "Note externe"), ("Guarantee", "Garantie"), ("Interest rate", "Taux convenu"),
        ("Insolvency date", "Procédure collective le"), ("Company ID", "SIREN"), ("Note", "Note"), ("Segment", "Segment"), ("Risk", "Risque"),
        ("Open balance", "Encours"), ("Overdue", "Échu"), ("Usual delay", "Retard habituel"), ("Advice", "Conseil"), ("Problem", "Problème"),
    ],
    ("Payments", "Règlements"): [
        ("Date", "Date"), ("Invoice", "Facture"), ("Customer", "Client"), ("Amount", "Montant"), ("Currency", "Devise"), ("Method", "Mode"),
        ("Reference", "Référence"), ("Note", "Note"), ("Suggested invoice", "Facture suggérée"), ("Problem", "Problème"),
    ],
    ("Plans", "Échéanciers"): [
        ("Plan", "Échéancier"), ("Customer", "Client"), ("Invoices", "Factures"), ("Agreed on", "Accord du"), ("Signed on", "Signé le"),
        ("Due date", "Échéance"), ("Amount", "Montant"), ("Discount if kept", "Remise si respecté"), ("Note", "Note"), ("State", "État"),
        ("Problem", "Problème"),
    ],
    ("Cadence", "Scénario"): [
        ("Cadence", "Scénario"), ("For segment", "Pour segment"), ("Step", "Étape"), ("When", "Quand"), ("Channel", "Canal"),
        ("Template", "Modèle"), ("Approval", "Validation"), ("Minimum", "Minimum"), ("Repeat every (days)", "Répéter tous les (jours)"),
        ("At most", "Au plus"), ("Problem", "Problème"),
    ],
    ("Reasons", "Motifs"): [
        ("Pause", "Suspendre"), ("Owner", "Responsable"), ("Days", "Jours"), ("Back to step", "Retour à l'étape"), ("Problem", "Problème"),
    ],
    ("Templates", "Modèles"): [("Text", "Texte"), ("Preview", "Aperçu"), ("Problem", "Problème")],
    ("Rates", "Taux"): [("Rate", "Taux"), ("From", "À compter du"), ("Percent", "Pourcentage"), ("Source", "Source"), ("Problem", "Problème")],
    ("Today", "À faire"): [
        ("Task", "Tâche"), ("Priority", "Priorité"), ("Kind", "Nature"), ("Customer", "Client"), ("Invoices", "Factures"), ("Amount", "Montant"),
        ("What to do", "À faire"), ("Why", "Pourquoi"), ("Script", "Argumentaire"), ("File", "Fichier"), ("Outcome", "Résultat"),
        ("Date", "Date"), ("Promised amount", "Montant promis"), ("Note", "Note"),
    ],
    ("Problems", "À corriger"): [
        ("Tab", "Onglet"), ("Row", "Ligne"), ("Column", "Colonne"), ("Value", "Valeur"), ("What is wrong", "Anomalie"),
        ("What to do", "Correction"), ("Code", "Code"),
    ],
    ("Journal", "Journal"): [
        ("When", "Quand"), ("Run", "Passage"), ("Actor", "Auteur"), ("Customer", "Client"), ("Invoices", "Factures"), ("Currency", "Devise"),
        ("Cadence", "Scénario"), ("Step", "Étape"), ("Occurrence", "Occurrence"), ("Channel", "Canal"), ("Status", "Statut"),
        ("Amount", "Montant"), ("Recipient", "Destinataire"), ("Message ID", "Identifiant"), ("Subject", "Objet"), ("Text", "Texte"),
        ("Field", "Champ"), ("Old", "Avant"), ("New", "Après"), ("Note", "Note"), ("Key", "Clé"), ("Seal", "Sceau"),
    ],
    ("Settings", "Réglages"): [("Problem", "Problème")],
}  # fmt: skip


def headings_of(path, title):
    return [cell.value for cell in openpyxl.load_workbook(path)[title][1] if cell.value]


@pytest.mark.parametrize("language", [0, 1], ids=["en", "fr"])
@pytest.mark.parametrize("shape", ["as written", "backwards and in capitals"])
def test_init_adds_no_heading_that_is_there_already(tmp_path, language, shape):
    """What `init` adds is in the other language: had it not known a heading, it would have added it again."""
    given = {}
    for titles, pairs in HEADINGS.items():
        names = [pair[language] for pair in pairs]
        given[titles[language]] = names if shape == "as written" else [name.upper() for name in reversed(names)]
    book = Book(tmp_path)
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, names in given.items():
        made.create_sheet(title).append(names)
    made.save(book.path)
    book.run("init", "--language", "fr" if language == 0 else "en")
    for titles, pairs in HEADINGS.items():
        others = {pair[1 - language] for pair in pairs} - {pair[language] for pair in pairs}
        now = headings_of(book.path, titles[language])
        assert now[: len(pairs)] == given[titles[language]]
        assert not others & set(now[len(pairs) :]), titles


@pytest.mark.parametrize("language", [0, 1], ids=["en", "fr"])
def test_init_writes_the_headings_of_the_contract(tmp_path, language):
    book = Book(tmp_path)
    book.path.unlink()
    book.run("init", "--language", "en" if language == 0 else "fr")
    for titles, pairs in HEADINGS.items():
        assert {pair[language] for pair in pairs} <= set(headings_of(book.path, titles[language])), titles


def test_a_whole_workbook_in_french(tmp_path):
    factures = [
        {"Facture": "F-1", "Client": "C1", "Date de facture": "01/01/2026", "Échéance": "31/01/2026", "Montant TTC": "1 234,56 €", "Devise": "EUR", "Statut": "ouverte", "Scénario": "maison"},
        {"Facture": "F-2", "Client": "C1", "Date de facture": "02/01/2026", "Échéance": "01/02/2026", "Montant TTC": "100,00", "Motif du retard": "litige", "Motif depuis": "03/02/2026"},
        {"Facture": "A-1", "Client": "C1", "Date de facture": "05/01/2026", "Montant TTC": "(34,56)", "S'impute sur": "F-1"},
    ]  # fmt: skip
    clients = [{"Client": "C1", "Nom": "Les Ateliers Vif", "Interlocuteur": "Paul", "E-mail": "c1@example.org", "Pays": "fr", "Nature": "entreprise", "Personne physique": "non", "Langue": "fr", "Conditions": "45 fin de mois", "Moyen de paiement": "virement", "Ne pas contacter": "non", "Encours autorisé": "5 000,00", "Note externe": 70, "Taux convenu": "12,5 %"}]  # fmt: skip
    book = Book(
        tmp_path, Factures=factures, Clients=clients,
        Règlements=[{"Date": "04/02/2026", "Facture": "F-1", "Montant": "200,00 €", "Mode": "virement"}],
        Scénario=[{"Scénario": "maison", "Étape": 1, "Quand": "J+1", "Canal": "e-mail", "Modèle": "bonjour", "Validation": "automatique", "Minimum": "10,00"}],
        Motifs=[{"Motif du retard": "litige", "Suspendre": "oui", "Responsable": "commerce", "Jours": 14}],
        Modèles=[{"Modèle": "bonjour", "Langue": "français", "Objet": "Votre compte", "Texte": "Bonjour {{ person }}, reste {{ to_pay }}."}],
        Taux=[{"Taux": "ecb_mro", "À compter du": "01/01/2026", "Pourcentage": "2,15"}],
        Réglages=[{"Réglage": "mode", "Valeur": "automatique"}, {"Réglage": "société", "Valeur": "Atelier Brumaire"}],
    )  # fmt: skip
    found = book.sync("2026-02-10")
    assert found["problems"] == []
    (sent,) = found["sent"]
    assert (sent["carrying"], sent["cadence"], found["decisions"][0]["amount"]) == ("F-1", "maison", "1000.00")
    row = book.row("Factures", "F-1")
    assert (row["Reste dû"], row["Jours de retard"]) == (1000, 10)
    assert book.row("Factures", "F-2")["Pourquoi"].startswith("En litige")
    assert "Bonjour Paul, reste 1" in book.mails()[0].read_text("utf-8").replace("=\n", "")


def test_the_english_twin_of_it(tmp_path):
    book = Book(
        tmp_path, Invoices=[invoice(amount="€1,234.56", **{"Applies to": None, "Delay reason": None})], Contacts=[contact(Country="GB", Kind="business")],
        Plans=[{"Plan": "P", "Customer": "C1", "Invoices": "F-1", "Agreed on": day("2026-02-05"), "Due date": "2026-03-01", "Amount": "1,234.56"}],
        Settings={"language": "English"},
    )  # fmt: skip
    book.sync("2026-02-10")
    assert (book.why("F-1", "2026-02-10"), book.rows("Plans")[0]["State"]) == (("paused", "plan_kept"), "to come")
