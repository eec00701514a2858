"""Dates: native cells, serial numbers, ISO and the written forms of both languages. Nothing ambiguous is accepted.

In French, `03/04/2026` is 3 April. In English it may be 3 April or 4 March: it raises `AmbiguousDate`, as any date
whose two first numbers are both at most 12, equal ones too: one rule, easily told. ISO and native dates are never ambiguous.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache, partial

from sync.ledger.cells import Cell, CellError, parse_text
from sync.ledger.terms import Terms as Terms
from sync.ledger.terms import due_date as due_date
from sync.ledger.terms import parse_terms as parse_terms
from sync.ledger.words import Language, fold


class DateError(CellError):
    """A date that cannot be trusted."""

    code = "unreadable_date"


class UnreadableDate(DateError):
    code = "unreadable_date"


class AmbiguousDate(DateError):
    """`one` is a reading (ISO form); `readings_en` and `readings_fr` tell both."""

    code = "ambiguous_date"


class ImpossibleDate(DateError):
    """The form is clear, the day does not exist (31/02/2026)."""

    code = "impossible_date"


class ImplausibleDate(DateError):
    """A day before 1990 or from 2100 on: a slip of the keyboard."""

    code = "implausible_date"


FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2099, 12, 31)

_EPOCH = date(1899, 12, 30)  # day 0 of Excel and Google Sheets
_SERIALS = range((FIRST_DAY - _EPOCH).days, (LAST_DAY - _EPOCH).days + 1)

_MONTHS = (
    "janvier janv jan january",
    "fevrier fevr fev february feb",
    "mars mar march",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout aug august",
    "septembre sept sep september",
    "octobre oct october",
    "novembre nov november",
    "decembre dec december",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_MONTH_NAMES: dict[Language, str] = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}

_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_NUMBERS = re.compile(r"([0-9]{1,2}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})(?: [0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_DAY_FIRST = re.compile(r"(?:le )?([0-9]{1,2})(?:er|st|nd|rd|th)?[ -]([^\W\d_]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})", re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.IGNORECASE)


def parse_date(cell: Cell, language: Language) -> date:
    """The day a cell means. Raises a `DateError`, or `ErrorCell` for #REF! and its like.

    Hours are dropped. A two-digit year is of this century.
    """
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, bool):
        raise UnreadableDate
    if isinstance(cell, int | float):
        return _from_serial(cell)
    return _from_text(parse_text(cell), language)


def date_parser(language: Language) -> Callable[[Cell], date]:
    """`parse_date` for one language, to map over a column."""
    return partial(parse_date, language=language)


def _from_serial(serial: int | float) -> date:
    if not _SERIALS.start <= serial < _SERIALS.stop:  # also catches NaN
        raise UnreadableDate
    return _EPOCH + timedelta(days=int(serial))


def _from_text(text: str, language: Language) -> date:
    if iso := _ISO.fullmatch(text):
        return _day(int(iso[1]), int(iso[3]), int(iso[4]))
    if numbers := _NUMBERS.fullmatch(text):
        return _from_numbers(int(numbers[1]), int(numbers[3]), numbers[4], numbers[2], language)
    if compact := _COMPACT.fullmatch(text):
        return _day(int(compact[1]), int(compact[2]), int(compact[3]))
    if words := _DAY_FIRST.fullmatch(text):
        return _day(_year(words[3]), _month(words[2]), int(words[1]))
    if words := _MONTH_FIRST.fullmatch(text):
        return _day(int(words[3]), _month(words[1]), int(words[2]))
    raise UnreadableDate


def _from_numbers(first: int, second: int, year_text: str, separator: str, language: Language) -> date:
    year = _year(year_text)
    if separator == "-" and len(year_text) == 2:
        _refuse_short_iso(first, second, int(year_text))
    if language == "fr" or first > 12:
        return _day(year, second, first)
    if second > 12:
        return _day(year, first, second)
    raise _ambiguous(_day(year, second, first), _day(year, first, second))


def _refuse_short_iso(first: int, second: int, last: int) -> None:
    """26-03-31 may be 31 March 2026 or 26 March 2031: both orders are in use with hyphens."""
    try:
        one, other = date(2000 + last, second, first), date(2000 + first, second, last)
    except ValueError:
        return
    if one != other:
        raise _ambiguous(one, other)


def _ambiguous(one: date, other: date) -> AmbiguousDate:
    if one == other:
        english, french = (
            f"{format_date_long(one, 'en')} in both orders",
            f"le {format_date_long(one, 'fr')} dans les deux ordres",
        )
    else:
        english = f"{format_date_long(one, 'en')}, or {format_date_long(other, 'en')}"
        french = f"le {format_date_long(one, 'fr')}, ou le {format_date_long(other, 'fr')}"
    return AmbiguousDate(one=one.isoformat(), readings_en=english, readings_fr=french)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(name: str) -> int:
    month = _MONTH_OF.get(fold(name))
    if month is None:
        raise UnreadableDate
    return month


def _day(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ImpossibleDate from None
    return _plausible(found)


def _plausible(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise ImplausibleDate


def _month_name(day: date, language: Language) -> str:
    return _MONTH_NAMES[language].split()[day.month - 1]


@lru_cache(maxsize=4096)  # a hundred thousand rows name a few hundred days
@lru_cache(maxsize=4096)
def format_date(day: date, language: Language) -> str:
    """The short form that reads back in its language: fr "31/03/2026", en "31 March 2026"."""
    if language == "fr":
        return f"{day:%d/%m/%Y}"
    return f"{day.day} {_month_name(day, 'en')} {day.year}"


def format_date_long(day: date, language: Language) -> str:
    """The form of letters: fr "1er avril 2026", "31 mars 2026"; en "31 March 2026"."""
    if language == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        return f"{number} {_month_name(day, 'fr')} {day.year}"
    return format_date(day, "en")
