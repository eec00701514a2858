"""Who the invented company works with: sixty customers, each with a way of paying.

No name, number or address here exists: telephone numbers are those kept for fiction, postcodes begin with 99,
mail goes to example.org.
"""

import unicodedata
from dataclasses import dataclass

from sync.ledger.words import Kind, Language, PaymentMeans

COMPANY = "Plume & Trombone, imprimeurs"
PUBLIC, CONSUMER = Kind.PUBLIC, Kind.CONSUMER


@dataclass(frozen=True, slots=True)
class Customer:
    """`habit` names a way of paying of `sync.demo.habits`; `monthly` is invoices a month, `size` a usual amount in cents.

    `terms` is "" for the company's own (30 days), else days to pay, with "FM" when they run to the end of the month.
    """

    key: str
    name: str
    person: str
    habit: str
    monthly: float
    size: int
    kind: Kind | None = Kind.BUSINESS
    terms: str = ""
    means: PaymentMeans | None = PaymentMeans.TRANSFER
    country: str = ""
    language: Language = "fr"
    currency: str = "EUR"
    has_email: bool = True

    @property
    def email(self) -> str:
        if not self.has_email:
            return ""
        return f"{'compta' if self.language == 'fr' else 'accounts'}.{slug(self.name)}@example.org"


def slug(name: str) -> str:
    """The words of a name as an address holds them, cut at a whole word."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("’", " ")).encode("ascii", "ignore").decode()
    words = "".join(ch if ch.isalnum() else " " for ch in plain).split()
    kept: list[str] = []
    for word in words:
        if len(word) > 2 and word not in _SMALL_WORDS and sum(map(len, kept)) + len(word) <= 24:
            kept.append(word)
    return "-".join(kept)


_SMALL_WORDS = frozenset({"les", "des", "aux", "mme", "ltd", "gmbh", "qui"})


C = Customer
DEBIT, LCR, CHEQUE, CARD = PaymentMeans.DIRECT_DEBIT, PaymentMeans.BILL_OF_EXCHANGE, PaymentMeans.CHEQUE, PaymentMeans.CARD

CUSTOMERS: tuple[Customer, ...] = (
    # pay on the day, or before
    C("C0012", "Boulangerie Pétrin & Filles", "Mme Odile Levain", "reliable", 1.0, 21_000),
    C("C0015", "Cabinet Dossier & Soufflet, avocats", "Me Blaise Soufflet", "reliable", 1.2, 64_000),
    C("C0018", "Fromagerie du Pis-Aller", "M. Lucien Faisselle", "reliable", 0.7, 38_000),
    C("C0021", "Hôtel des Trois Valises", "Mme Solange Groom", "reliable", 1.1, 87_000, terms="45 FM"),
    C("C0023", "Clinique vétérinaire Patte-Blanche", "Dr Irma Museau", "reliable", 0.7, 29_000),
    C("C0027", "Librairie du Chat Qui Souligne", "Mme Flora Marque-Page", "reliable", 1.0, 45_000),
    C("C0031", "Optique Loin-de-Près", "M. Aimé Monture", "reliable", 0.6, 26_000),
    C("C0034", "Cidrerie Pomme d’Amont", "M. Gaël Pressoir", "reliable", 0.8, 112_000),
    C("C0036", "Architectes du Plan Bis", "Mme Ysé Calque", "reliable", 0.9, 53_000),
    C("C0040", "Bureau d’études Mètre Étalon", "M. Côme Pied-à-Coulisse", "reliable", 0.7, 41_000),
    C("C0041", "Pharmacie du Cachet Rond", "Mme Reine Pilulier", "reliable", 0.6, 18_500),
    C("C0044", "Chocolaterie Fève Qui Peut", "M. Anselme Ganache", "reliable", 0.9, 96_000),
    # late now and then, pay when reminded
    C("C0052", "Garage de la Clé de Douze", "M. Firmin Cardan", "occasional", 0.9, 24_000),
    C("C0053", "Brasserie du Houblon Perché", "Mme Nine Chope", "occasional", 1.0, 135_000),
    C("C0056", "Pépinière Racine Carrée", "M. Sylvain Tuteur", "occasional", 0.7, 52_000),
    C("C0058", "Agence Point-Virgule", "Mme Inès Guillemet", "occasional", 1.3, 178_000),
    C("C0061", "Traiteur de l’Assiette Volante", "M. Basile Cloche", "occasional", 0.9, 47_000),
    C("C0063", "Fleuriste Tige & Sépale", "Mme Rose Sécateur", "occasional", 0.6, 16_000),
    C("C0066", "Auto-école du Point Mort", "M. Régis Créneau", "occasional", 0.6, 22_000),
    C("C0069", "Studio Pixel de Terre", "M. Noé Tramé", "occasional", 0.9, 88_000),
    C("C0070", "Serrurerie du Demi-Tour", "Mme Colette Pêne", "occasional", 0.5, 13_500, means=CHEQUE),
    C("C0072", "Camping des Sardines Tendues", "M. Yann Piquet", "occasional", 0.7, 143_000),
    C("C0075", "Salle de sport Gainage & Goûter", "Mme Maud Haltère", "occasional", 0.6, 31_000),
    C("C0077", "Vins Bouchon-Dufût", "M. Octave Dufût", "occasional", 0.9, 157_000, terms="45 FM"),
    # slow, and slower
    C("C0081", "Transports Kilomètre Zéro", "Mme Berthe Essieu", "slow", 1.0, 92_000, terms="45 FM"),
    C("C0082", "Plomberie Siphon Frères", "M. Achille Siphon", "slow", 0.7, 27_000),
    C("C0085", "Électricité Courant d’Air", "M. Hector Fusible", "slow", 0.7, 33_000),
    C("C0086", "Théâtre du Strapontin", "Mme Sarah Trois-Coups", "slow", 0.8, 121_000),
    C("C0089", "Meubles Tiroir-Secret", "M. Marin Tenon", "slow", 0.6, 76_000),
    C("C0091", "Nettoyage Plumeau Vif", "Mme Lise Serpillon", "slow", 0.6, 19_000),
    C("C0093", "Déménagements Piano Dessous", "M. Igor Sangle", "bad", 0.7, 58_000),
    C("C0095", "Négoce Pâlevent & Compagnie", "M. Edmond Pâlevent", "bad", 0.8, 214_000),
    C("C0098", "Événementiel Petit Four", "Mme Prune Paillette", "bad", 0.8, 186_000),
    C("C0099", "Scierie du Copeau Doré", "M. Gaston Aubier", "bad", 0.5, 49_000, means=CHEQUE),
    # dispute, promise, pay by halves
    C("C0104", "Informatique Octet Majeur", "M. Gilles Nibble", "disputing", 1.0, 104_000),
    C("C0106", "Location Pelle & Mêle", "Mme Ida Godet", "disputing", 0.7, 67_000),
    C("C0109", "Verrerie du Cul-de-Bouteille", "M. Silvère Canne", "disputing", 0.5, 83_000),
    C("C0112", "Maçonnerie Moellon & Truelle", "M. Ernest Moellon", "promising", 0.9, 61_000),
    C("C0113", "Coiffure de l’Épi Rebelle", "Mme Zoé Bigoudi", "promising", 0.6, 17_500),
    C("C0116", "Couvreurs du Toit d’Encre", "M. Paulin Faîtage", "promising", 0.8, 72_000),
    C("C0119", "Poissonnerie de l’Arête Fine", "M. Malo Écaille", "halves", 0.7, 34_000),
    C("C0121", "Conserverie Bocal & Couvercle", "Mme Agathe Bocal", "halves", 0.8, 128_000),
    C("C0124", "Maraîchers du Radis Tardif", "M. Clovis Fane", "halves", 0.6, 29_500),
    # an agreement kept, one broken; a procedure; the end of the road
    C("C0131", "Cirque Balustrade", "Mme Alba Trapèze", "plan kept", 0.5, 165_000),
    C("C0133", "Cordonnerie Semelle au Vent", "M. Joris Alène", "plan broken", 0.5, 98_000),
    C("C0136", "Ambulances du Feu Orange", "M. Denis Civière", "insolvent", 0.7, 116_000),
    C("C0138", "Reliure Dos Carré", "Mme Elvire Nerf", "abandoned", 0.4, 74_000),
    # other ways to pay
    C("C0141", "Assurances du Parapluie Percé", "M. Hugues Franchise", "debit", 1.1, 56_000, means=DEBIT),
    C("C0142", "Laiterie de la Vache Pensive", "Mme Perrine Caillé", "debit", 0.8, 79_000, means=DEBIT),
    C("C0145", "Quincaillerie Écrou & Rondelle", "M. Félix Rondelle", "bill", 0.9, 139_000, terms="60", means=LCR),
    C("C0147", "Emballages Carton-Pâte", "Mme Lou Rabat", "bill returned", 0.8, 148_000, terms="60", means=LCR),
    # public bodies; numbers with zeros in front, as their own programs give them
    C("00205", "Commune de Sainte-Rature-sur-Marge", "Mme Line Cadastre", "public", 0.9, 189_000, kind=PUBLIC),
    C("00208", "Lycée Honoré-Papyrus", "M. Paul Intendant", "public", 0.6, 97_000, kind=PUBLIC),
    # private persons: wedding cards, visiting cards, a book of poems
    C("P0301", "Mme Aglaé Virgulin", "", "consumer", 0.25, 23_000, kind=CONSUMER, means=CARD),
    C("P0304", "M. Hyacinthe Ratureau", "", "consumer", 0.25, 41_000, kind=CONSUMER, means=CHEQUE),
    C("P0307", "Mme Capucine Buvardot", "", "consumer late", 0.2, 36_000, kind=CONSUMER, means=CARD),
    # abroad
    C("GB402", "Inkwell & Thistle Ltd", "Mr Rupert Quillfeather", "occasional", 0.9, 84_000, country="GB", language="en", currency="GBP"),
    C("GB405", "Puddlecombe Stationers Ltd", "Ms Hetty Blotter", "slow", 0.6, 118_000, country="GB", language="en", currency="GBP"),
    C("DE411", "Klammer & Locher GmbH", "Herr Jost Klammer", "reliable", 0.6, 152_000, country="DE", language="en"),
    # came last month
    C("C0151", "Savonnerie de la Bulle Carrée", "M. Ambroise Mousse", "new", 1.4, 57_000, kind=None, means=None),
    C("C0152", "Apiculture du Bourdon Distrait", "Mme Mélina Cadre", "new", 1.2, 28_000, has_email=False),
)  # fmt: skip
