"""Numbers and amounts in words, as an acknowledgement of debt writes them, in French and English."""

from sync.ledger.model import Cents
from sync.ledger.words import Language

MOST = 10**12  # a billion in French, a trillion in English: beyond any invoice

_FR_SMALL = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_EN_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

# (one, several) of the unit and of its hundredth; a currency that is not here is written with its code.
_NAMES: dict[str, dict[Language, tuple[str, str, str, str]]] = {
    "EUR": {"fr": ("euro", "euros", "centime", "centimes"), "en": ("euro", "euros", "cent", "cents")},
    "GBP": {"fr": ("livre sterling", "livres sterling", "penny", "pence"), "en": ("pound sterling", "pounds sterling", "penny", "pence")},
    "USD": {"fr": ("dollar des États-Unis", "dollars des États-Unis", "cent", "cents"), "en": ("US dollar", "US dollars", "cent", "cents")},
    "CHF": {"fr": ("franc suisse", "francs suisses", "centime", "centimes"), "en": ("Swiss franc", "Swiss francs", "centime", "centimes")},
}  # fmt: skip
_FEMININE = ("livre sterling",)


def number_in_words(number: int, language: Language) -> str:
    """1980 -> "mille neuf cent quatre-vingts", "one thousand nine hundred and eighty". Raises ValueError outside 0..MOST."""
    if not 0 <= number < MOST:
        raise ValueError(number)
    return _french(number) if language == "fr" else _english(number)


def amount_in_words(cents: Cents, currency: str, language: Language) -> str:
    """120050 -> "mille deux cents euros et cinquante centimes", "one thousand two hundred euros and fifty cents"."""
    if cents < 0:
        raise ValueError(cents)
    whole, rest = divmod(cents, 100)
    names = _NAMES.get(currency)
    if names is None:
        joined = "et" if language == "fr" else "and"
        return f"{number_in_words(whole, language)} {currency}" + (f" {joined} {rest}/100" if rest else "")
    one, several, small_one, small_several = names[language]
    words = number_in_words(whole, language)
    if language == "fr":
        if one in _FEMININE and words.endswith("un"):
            words = words.removesuffix("un") + "une"
        unit = one if whole < 2 else several  # zero and one are singular
        if whole and whole % 1_000_000 == 0:
            unit = f"d’{unit}" if unit[0] in "aeiouéÉ" else f"de {unit}"
    else:
        unit = one if whole == 1 else several
    told = f"{words} {unit}"
    if rest:
        small = small_one if rest == 1 else small_several
        told += f" {'et' if language == 'fr' else 'and'} {number_in_words(rest, language)} {small}"
    return told


def _french(number: int) -> str:
    if number < 100:
        return _french_tens(number)
    for size, name in ((1_000_000_000, "milliard"), (1_000_000, "million")):
        if number >= size:
            many, rest = divmod(number, size)
            head = f"{_french(many)} {name}{'s' if many > 1 else ''}"
            return f"{head} {_french(rest)}" if rest else head
    if number >= 1000:
        many, rest = divmod(number, 1000)
        # "quatre-vingts" and "cents" lose their s before mille, which is a number; not before millions, which are nouns
        head = "mille" if many == 1 else f"{_bare(_french(many))} mille"
        return f"{head} {_french(rest)}" if rest else head
    many, rest = divmod(number, 100)
    head = "cent" if many == 1 else f"{_FR_SMALL[many]} cent"
    if rest:
        return f"{head} {_french_tens(rest)}"
    return head if many == 1 else f"{head}s"


def _bare(words: str) -> str:
    if words.endswith(("quatre-vingts", "cents")):
        return words[:-1]
    return words


def _french_tens(number: int) -> str:
    if number < 20:
        return _FR_SMALL[number]
    if number == 80:
        return "quatre-vingts"
    if number > 80:
        return f"quatre-vingt-{_FR_SMALL[number - 80]}"
    tens = 60 if number >= 60 else number // 10 * 10
    rest = number - tens
    if rest == 0:
        return _FR_TENS[tens]
    joined = " et " if rest in (1, 11) else "-"
    return f"{_FR_TENS[tens]}{joined}{_FR_SMALL[rest]}"


def _english(number: int) -> str:
    for size, name in ((1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand")):
        if number >= size:
            many, rest = divmod(number, size)
            head = f"{_english(many)} {name}"
            if not rest:
                return head
            return f"{head}{' and' if rest < 100 else ''} {_english(rest)}"
    if number >= 100:
        many, rest = divmod(number, 100)
        head = f"{_EN_SMALL[many]} hundred"
        return f"{head} and {_english(rest)}" if rest else head
    if number < 20:
        return _EN_SMALL[number]
    tens, rest = divmod(number, 10)
    return _EN_TENS[tens] + (f"-{_EN_SMALL[rest]}" if rest else "")
