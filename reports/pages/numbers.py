"""Numbers and dates as people read them in French and English (Babel), and as a spreadsheet reads them from a CSV."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from sync.ledger.words import Language

LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
Quantity = int | float | Fraction | Decimal
_NO_BREAK, _MINUS = "\u00a0", "\u2212"
_LOCALES = {language: Locale.parse(name) for language, name in LOCALES.items()}
_SEPARATORS = {
    language: str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale), "-": _MINUS})
    for language, locale in _LOCALES.items()
}


def rounded(value: Quantity, places: int) -> Decimal:
    """Half-even at `places` decimals: the one value that the table, the chart and the CSV show."""
    if isinstance(value, Fraction):
        number = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    found = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return found + 0 if found else abs(found)  # never "-0"


@cache
def symbol_of(currency: str) -> str:
    """ "£" in both languages: a page of pounds already says so, and "£GB" in every cell is noise."""
    return get_currency_symbol(currency, locale="en_GB")


@cache
def _short_month(value: date, language: Language) -> str:
    return format_skeleton("yyMMM", value, locale=_LOCALES[language])


@cache
def _long_month(value: date, language: Language) -> str:
    return format_date(value, "MMMM y", locale=_LOCALES[language])


@dataclass(frozen=True, slots=True)
class Numbers:
    """Formats of one language. Ratios come in as ratios and leave as percentages; money is in units of the currency.

    `is_whole`: no decimals anywhere, for figures that are rounded anyway.
    """

    language: Language
    is_whole: bool = False

    @property
    def locale(self) -> Locale:
        return _LOCALES[self.language]

    def decimal(self, value: Quantity, places: int = 0) -> str:
        """ "1 234,5" or "1,234.5": the separators are Babel's, put by hand because a site holds half a million numbers."""
        places = 0 if self.is_whole else places
        text = f"{rounded(value, places):,.{places}f}"
        return text.translate(_SEPARATORS[self.language])

    def money(self, value: Quantity, currency: str, places: int = 2) -> str:
        """ "1 234,56 €" or "€1,234.56"."""
        text = self.decimal(value, places)
        symbol = symbol_of(currency)
        if self.language == "fr":
            return f"{text}{_NO_BREAK}{symbol}"
        return f"{_MINUS}{symbol}{text[1:]}" if text.startswith(_MINUS) else f"{symbol}{text}"

    def compact(self, value: Quantity, currency: str) -> str:
        """An axis label: "40 k€", "€40K"."""
        number = rounded(value, 0)
        for size, letters in ((1_000_000, {"fr": "M", "en": "M"}), (1000, {"fr": "k", "en": "K"})):
            if abs(number) >= size:
                shown = number / size
                text = self.decimal(shown, 0 if shown == shown.to_integral_value() else 1)
                if self.language == "fr":
                    return f"{text}{_NO_BREAK}{letters['fr']}{symbol_of(currency)}"
                return f"{symbol_of(currency)}{text}{letters['en']}"
        return self.money(number, currency, 0)

    def percent(self, ratio: Quantity, places: int = 1) -> str:
        """ "57,9 %" from 0.579."""
        sign = f"{_NO_BREAK}%" if self.language == "fr" else "%"
        return self.decimal(Decimal(str(float(ratio))) * 100, places) + sign

    def points(self, ratio: Quantity, places: int = 1) -> str:
        """A difference of ratios as percentage points, without the sign of percent: "2,4"."""
        return self.decimal(Decimal(str(float(ratio))) * 100, places)

    def days(self, value: Quantity, places: int = 1) -> str:
        """ "57,0 jours", "57.0 days"."""
        number = rounded(value, 0 if self.is_whole else places)
        one = abs(number) < 2 if self.language == "fr" else abs(number) == 1
        word = ("jour" if one else "jours") if self.language == "fr" else ("day" if one else "days")
        return f"{self.decimal(number, places)}{_NO_BREAK}{word}"

    def day(self, value: date) -> str:
        """ "20 novembre 2026", the first of a month as "1er"."""
        if self.language == "fr" and value.day == 1:
            return "1er " + format_date(value, "MMMM y", locale=self.locale)
        return format_date(value, "d MMMM y", locale=self.locale).replace(" ", _NO_BREAK, 1)

    def short_day(self, value: date) -> str:
        """ "20/11/2026" in both languages' own order (day first in both)."""
        return f"{value.day:02}/{value.month:02}/{value.year}"

    def month(self, value: date) -> str:
        """ "novembre 2026"."""
        return _long_month(value, self.language)

    def month_name(self, value: date) -> str:
        """ "octobre", where the year goes without saying."""
        return format_date(value, "MMMM", locale=self.locale)

    def short_month(self, value: date) -> str:
        """ "nov. 2026" for an axis or a table."""
        return _short_month(value, self.language)

    def plain(self, value: Decimal) -> str:
        """A number as this language's spreadsheet reads it from a CSV: no thousands, its own decimal mark."""
        text = format(rounded(value, 0) if self.is_whole else value, "f")
        return text.replace(".", ",") if self.language == "fr" else text

    @property
    def separator(self) -> str:
        """Field separator of a CSV that opens right in this language's spreadsheet."""
        return ";" if self.language == "fr" else ","
