"""Numbers and dates as people read them in French and English (Babel), and as a spreadsheet reads them from a CSV."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_currency, format_decimal, get_currency_symbol

from sync.ledger.words import Language

LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
Quantity = int | float | Fraction | Decimal
_NARROW, _NO_BREAK, _MINUS = "\u202f", "\u00a0", "\u2212"


def rounded(value: Quantity, places: int) -> Decimal:
    """Half-even at `places` decimals: the one value that the table, the chart and the CSV show."""
    if isinstance(value, Fraction):
        number = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        number = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    found = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return found + 0 if found else abs(found)  # never "-0"


def symbol_of(currency: str) -> str:
    """ "£" in both languages: a page of pounds already says so, and "£GB" in every cell is noise."""
    return get_currency_symbol(currency, locale="en_GB")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Formats of one language. Ratios come in as ratios and leave as percentages; money is in units of the currency.

    `is_whole`: no decimals anywhere, for figures that are rounded anyway.
    """

    language: Language
    is_whole: bool = False

    @property
    def locale(self) -> Locale:
        return Locale.parse(LOCALES[self.language])

    def decimal(self, value: Quantity, places: int = 0) -> str:
        places = 0 if self.is_whole else places
        text = format_decimal(rounded(value, places), format="#,##0." + "0" * places, locale=self.locale)
        return text.replace("-", _MINUS)

    def money(self, value: Quantity, currency: str, places: int = 2) -> str:
        """ "1 234,56 €" or "€1,234.56"."""
        places = 0 if self.is_whole else places
        pattern = "#,##0." + "0" * places if places else "#,##0"
        pattern = f"{pattern}{_NO_BREAK}¤" if self.language == "fr" else f"¤{pattern}"
        text = format_currency(rounded(value, places), currency, format=pattern, locale=self.locale, currency_digits=False)
        return text.replace(get_currency_symbol(currency, locale=self.locale), symbol_of(currency)).replace("-", _MINUS)

    def compact(self, value: Quantity, currency: str) -> str:
        """An axis label: "40 k€", "€40K"."""
        number = rounded(value, 0)
        if abs(number) < 1000:
            return self.money(number, currency, 0)
        if self.language == "fr":
            symbol = symbol_of(currency)
            for size, letter in ((1_000_000, "M"), (1000, "k")):
                if abs(number) >= size:
                    shown = number / size
                    places = 0 if shown == shown.to_integral_value() else 1
                    return f"{self.decimal(shown, places)}{_NO_BREAK}{letter}{symbol}"
        return format_compact_currency(number, currency, locale=self.locale, fraction_digits=1 if number % 1000 else 0)

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
        return format_date(value, "dd/MM/y", locale=self.locale)

    def month(self, value: date) -> str:
        """ "novembre 2026"."""
        return format_date(value, "MMMM y", locale=self.locale)

    def month_name(self, value: date) -> str:
        """ "octobre", where the year goes without saying."""
        return format_date(value, "MMMM", locale=self.locale)

    def short_month(self, value: date) -> str:
        """ "nov. 26" for an axis or a table."""
        return format_skeleton("yyMMM", value, locale=self.locale)

    def plain(self, value: Decimal) -> str:
        """A number as this language's spreadsheet reads it from a CSV: no thousands, its own decimal mark."""
        text = format(rounded(value, 0) if self.is_whole else value, "f")
        return text.replace(".", ",") if self.language == "fr" else text

    @property
    def separator(self) -> str:
        """Field separator of a CSV that opens right in this language's spreadsheet."""
        return ";" if self.language == "fr" else ","
