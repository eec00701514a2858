"""What typing and showing depend on: separators, the order of dates, month names, currency signs, the words for true and false."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_currency_symbol, get_territory_currencies

_BOOLEANS = {
    "fr": ("VRAI", "FAUX"),
    "de": ("WAHR", "FALSCH"),
    "es": ("VERDADERO", "FALSO"),
    "it": ("VERO", "FALSO"),
    "pt": ("VERDADEIRO", "FALSO"),
    "nl": ("WAAR", "ONWAAR"),
}
_SPACES = "\u0020\u00a0\u202f"


@dataclass(frozen=True, slots=True)
class LocaleFacts:
    """One spreadsheet locale; `order` is the order of typed dates, `date_pattern` the default one in Sheets' letters."""

    name: str
    decimal: str
    group: str
    groups: str
    order: str
    date_pattern: str
    time_pattern: str
    currency: str
    currency_first: bool
    true_word: str
    false_word: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]

    @property
    def list_separator(self) -> str:
        """What separates the arguments of a formula."""
        return ";" if self.decimal == "," else ","


def is_locale(name: str) -> bool:
    """Whether a spreadsheet may have this locale."""
    try:
        Locale.parse(name)
    except (ValueError, UnknownLocaleError):
        return False
    return True


@cache
def locale_facts(name: str) -> LocaleFacts:
    """The facts of a locale such as `fr_FR`, `en_US` or `de`."""
    locale = Locale.parse(name)
    symbols = locale.number_symbols.get("latn", {})
    pattern = re.sub(r"[^\dyMd/.\-]", "", locale.date_formats["short"].pattern)
    pattern = re.sub(r"y+", "yyyy", pattern)
    territory = locale.territory or _likely_territory(name)
    currencies = get_territory_currencies(territory) if territory else ["USD"]
    symbol = get_currency_symbol(currencies[-1], locale=locale) if currencies else "$"
    true_word, false_word = _BOOLEANS.get(locale.language, ("TRUE", "FALSE"))
    group = symbols.get("group", ",")
    clock = locale.time_formats["medium"].pattern
    return LocaleFacts(
        name=name,
        decimal=symbols.get("decimal", "."),
        group=group,
        groups=_SPACES if group in _SPACES else group,
        order="".join(dict.fromkeys(letter.lower() for letter in pattern if letter in "yMd")),
        date_pattern=pattern,
        time_pattern="h:mm:ss am/pm" if "a" in clock else "HH:mm:ss",
        currency=symbol,
        currency_first=locale.currency_formats["standard"].pattern.startswith("¤"),
        true_word=true_word,
        false_word=false_word,
        months=tuple(locale.months["format"]["wide"][month] for month in range(1, 13)),
        short_months=tuple(locale.months["format"]["abbreviated"][month] for month in range(1, 13)),
        days=tuple(locale.days["format"]["wide"][day] for day in range(7)),
        short_days=tuple(locale.days["format"]["abbreviated"][day] for day in range(7)),
    )


def _likely_territory(name: str) -> str | None:
    likely: str = get_global("likely_subtags").get(name, "")
    return likely.rpartition("_")[2] or None
