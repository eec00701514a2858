"""The kinds of values a setting may hold: how a cell is read, how a default is written, what to say is expected."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stdnum import bic, iban
from stdnum.exceptions import ValidationError

from sync.dunning.law.rules import interest_rules
from sync.ledger.cells import Cell, CellError, parse_key, parse_long_text, parse_number, parse_text
from sync.ledger.codes import parse_country, parse_currency
from sync.ledger.dates import format_date, parse_date
from sync.ledger.model import ONE_DAY, Cents
from sync.ledger.money import format_number, parse_money, to_decimal
from sync.ledger.reading.values import parse_count, parse_email, parse_language, parse_yes_no
from sync.ledger.terms import parse_terms
from sync.ledger.words import Language, fold, word_for


class BadSetting(CellError):
    code = "bad_setting"


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives the value of a cell that is not blank, or raises CellError; `write` the text that reads back as a value.

    `expected_*` end the sentence "this setting holds …".
    """

    read: Callable[[Cell, Language], object]
    expected_en: str
    expected_fr: str
    write: Callable[[object, Language], str] = lambda value, language: str(value)


def _in_any_language(parse: Callable[[Cell], object]) -> Callable[[Cell, Language], object]:
    return lambda cell, language: parse(cell)


TEXT = Kind(_in_any_language(parse_text), "a text", "un texte")
KEY = Kind(_in_any_language(parse_key), "a text", "un texte")
LONG = Kind(_in_any_language(parse_long_text), "a text", "un texte")
EMAIL = Kind(_in_any_language(lambda cell: parse_email(str(cell))), "one e-mail address", "une adresse e-mail")
LANGUAGE = Kind(_in_any_language(parse_language), "fr or en", "fr ou en")
COUNTRY = Kind(
    _in_any_language(lambda cell: parse_country(parse_text(cell))),
    "a country code of two letters (FR)",
    "un code pays de deux lettres (FR)",
)
CURRENCY = Kind(
    _in_any_language(lambda cell: parse_currency(parse_text(cell))),
    "a currency code of three letters (EUR)",
    "un code de devise de trois lettres (EUR)",
)
MONEY = Kind(
    _in_any_language(lambda cell: _not_negative(parse_money(cell))),
    "an amount (15.00)",
    "un montant (15,00)",
    lambda value, language: format_number(to_decimal(value if isinstance(value, int) else 0), language, 2),
)
DATE = Kind(
    lambda cell, language: parse_date(cell, language),
    "a date (2026-03-31)",
    "une date (31/03/2026)",
    lambda value, language: format_date(value, language) if isinstance(value, date) else "",
)
YES_NO = Kind(
    _in_any_language(parse_yes_no),
    "yes or no",
    "oui ou non",
    lambda value, language: word_for("yes_no", "yes" if value else "no", language),
)


def _not_negative(cents: Cents) -> Cents:
    if cents < 0:
        raise BadSetting
    return cents


def whole(low: int, high: int = 10_000) -> Kind:
    """A whole number between two bounds, both allowed."""
    return Kind(
        _in_any_language(partial(parse_count, low=low, high=high)),
        f"a whole number from {low} to {format_number(high, 'en')}",
        f"un nombre entier de {low} à {format_number(high, 'fr')}",
    )


def _percent(cell: Cell) -> Decimal:
    number = parse_number(cell)
    if not 0 <= number <= 100:
        raise BadSetting
    return number


PERCENT = Kind(
    _in_any_language(_percent),
    "a percentage from 0 to 100 (8.5)",
    "un pourcentage de 0 à 100 (8,5)",
    lambda value, language: format_number(value, language) if isinstance(value, Decimal) else "",
)


def _terms(cell: Cell) -> str:
    parse_terms(cell)
    return parse_key(cell)


TERMS = Kind(_in_any_language(_terms), "payment terms (30, 45 FM, 30 FM 10)", "des conditions de règlement (30, 45 FM, 30 FM 10)")


def _time_zone(cell: Cell) -> str:
    name = parse_text(cell)
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, malformed, or the name of a folder
        raise BadSetting from None


TIME_ZONE = Kind(_in_any_language(_time_zone), "a time zone (Europe/Paris)", "un fuseau horaire (Europe/Paris)")


def _iban(cell: Cell) -> str:
    try:
        return str(iban.validate(parse_key(cell)))
    except ValidationError:
        raise BadSetting from None


def _bic(cell: Cell) -> str:
    try:
        return str(bic.validate(parse_key(cell)))
    except ValidationError:
        raise BadSetting from None


IBAN = Kind(_in_any_language(_iban), "a valid IBAN (its check digits are verified)", "un IBAN valide (sa clé est vérifiée)")
BIC = Kind(_in_any_language(_bic), "a BIC of 8 or 11 characters", "un BIC de 8 ou 11 caractères")


def _interest_rule(cell: Cell) -> str:
    name = parse_text(cell).upper()
    if name not in interest_rules():
        raise BadSetting
    return name


INTEREST_RULE = Kind(
    _in_any_language(_interest_rule), "the name of a rule (FR_B2B_DEFAULT)", "le nom d’une règle (FR_B2B_DEFAULT)"
)

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:hH.]([0-9]{2})?)?(?::[0-9]{2})?")


def _time(cell: Cell) -> time:
    """A native time, a fraction of a day (0.5 is noon), or text: 08:30, 8h30, 18h."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, timedelta):
        return _fraction(cell / ONE_DAY)
    if isinstance(cell, float) and not isinstance(cell, bool):
        return _fraction(cell)
    found = _CLOCK.fullmatch(parse_text(cell).replace(" ", "")) if isinstance(cell, str) else None
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise BadSetting
    return time(int(found[1]), int(found[2] or 0))


def _fraction(day: float) -> time:
    minutes = round(day * 24 * 60) if 0 <= day < 1 else -1
    if not 0 <= minutes < 24 * 60:
        raise BadSetting
    return time(*divmod(minutes, 60))


TIME = Kind(
    _in_any_language(_time),
    "a time of day (08:30)",
    "une heure (08:30)",
    lambda value, language: f"{value:%H:%M}" if isinstance(value, time) else "",
)

_DAY_NAMES: Mapping[Language, str] = {"fr": "lun mar mer jeu ven sam dim", "en": "mon tue wed thu fri sat sun"}
_FULL_DAY_NAMES = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "monday tuesday wednesday thursday friday saturday sunday",
    "l ma me j v s d",
)
_DAY_OF = {name: i for names in (*_DAY_NAMES.values(), *_FULL_DAY_NAMES) for i, name in enumerate(names.split())}
_RANGE = re.compile(r"\s*(?:-|–|\bto\b|\bau\b|\bà\b)\s*")


def _days(cell: Cell) -> frozenset[int]:
    """ "mon-fri", "lun-ven", "mar, jeu": Monday is 0. A range may run over the end of the week."""
    found: set[int] = set()
    for piece in re.split(r"[,;]|\bet\b|\band\b", parse_text(cell).casefold()):
        ends = [_DAY_OF.get(fold(name)) for name in _RANGE.split(piece.strip().removesuffix("."))]
        match ends:
            case [int() as day]:
                found.add(day)
            case [int() as first, int() as last]:
                found |= {(first + i) % 7 for i in range((last - first) % 7 + 1)}
            case _:
                raise BadSetting
    return frozenset(found)


def _write_days(value: object, language: Language) -> str:
    days = sorted(value) if isinstance(value, frozenset) else []
    names = _DAY_NAMES[language].split()
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[days[0]]}-{names[days[-1]]}"
    return ", ".join(names[day] for day in days)


DAYS = Kind(_in_any_language(_days), "days of the week (mon-fri)", "des jours de la semaine (lun-ven)", _write_days)


def choice(values: type[StrEnum] | tuple[str, ...], french: Mapping[str, str]) -> Kind:
    """One word of a short list; `french` maps each English word to the French one (both are always understood)."""
    index: dict[str, str] = {}
    for value in values:
        for word in (value, french.get(value, value)):
            index[fold(word)] = value

    def read(cell: Cell, language: Language) -> object:
        value = index.get(fold(parse_text(cell)))
        if value is None:
            raise BadSetting
        return value

    return Kind(
        read,
        "one of: " + ", ".join(values),
        "l’un de ces mots\u00a0: " + ", ".join(french.get(value, value) for value in values),
        lambda value, language: french.get(str(value), str(value)) if language == "fr" else str(value),
    )
