"""Money: integer cents inside, text at the edge. Nothing ambiguous is accepted.

`1 234,56 €`, `1.234,56`, `1,234.56`, `1'234.50 CHF`, `(120,00)`, `-120`, `120-` are clear in any language.
`1,234` and `1.234` are not: a thousand, or one and three decimals? They raise `AmbiguousAmount`.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from sync.ledger.cells import Cell, CellError, parse_text
from sync.ledger.codes import CURRENCIES
from sync.ledger.model import Cents
from sync.ledger.words import Language

NARROW_SPACE = "\u202f"  # French thousands
NO_BREAK_SPACE = "\u00a0"  # before € and after CHF


class MoneyError(CellError):
    """An amount that cannot be trusted."""

    code = "unreadable_amount"


class UnreadableAmount(MoneyError):
    code = "unreadable_amount"


class AmbiguousAmount(MoneyError):
    """One separator and three digits: thousands or decimals? the readings are `thousands` and `decimals_*`."""

    code = "ambiguous_amount"


class TooManyDecimals(MoneyError):
    code = "too_many_decimals"


class AmountTooLarge(MoneyError):
    code = "amount_too_large"


class CurrencyMismatch(MoneyError):
    """The sign in the amount cell (`sign`) contradicts the currency of the row (`currency`)."""

    code = "currency_mismatch"


class Amount(NamedTuple):
    """An amount as typed. `sign` is the currency sign or code written beside it, "" when there is none."""

    cents: Cents
    sign: str


_LIMIT = 10**12  # a thousand billion: beyond, a sheet's numbers lose cents
_DOLLARS = "USD CAD AUD NZD HKD SGD BBD BSD BZD BMD FJD JMD KYD LRD NAD SBD TTD TWD XCD MXN ARS CLP COP"
_SIGNS: dict[str, frozenset[str]] = {
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SDG", "SYP"}),
    "$": frozenset(_DOLLARS.split()),
    "US$": frozenset({"USD"}),
    "$US": frozenset({"USD"}),
    "C$": frozenset({"CAD"}),
    "CA$": frozenset({"CAD"}),
    "¥": frozenset({"JPY", "CNY"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "FR.": frozenset({"CHF"}),
    "SFR.": frozenset({"CHF"}),
    "ZŁ": frozenset({"PLN"}),
    "KČ": frozenset({"CZK"}),
    "₹": frozenset({"INR"}),
    "₺": frozenset({"TRY"}),
    "₽": frozenset({"RUB"}),
    "₴": frozenset({"UAH"}),
    "₩": frozenset({"KRW", "KPW"}),
    "₪": frozenset({"ILS"}),
}
_SIGN = r"(?P<{}>[€£¥₹₺₽₴₩₪]|(?:US|CA|C)?\$(?:US)?|kr|s?fr\.|zł|kč|[a-z]{{3}})?"
_SPACED = re.compile(r"[\s\u00a0\u2000-\u200a\u202f]+")
_SHAPE = re.compile(
    rf"(?P<open>\()?(?P<minus1>[+-])? ?{_SIGN.format('before')} ?(?P<minus2>[+-])? ?"
    rf"(?P<digits>[0-9.,'’ ]*[0-9])(?P<minus3>-)? ?{_SIGN.format('after')}(?P<close>\))?",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"-?[0-9]{1,9}[.,][0-9]{2}")
_ALL_SIMPLE = re.compile(rf"(?:{_SIMPLE.pattern}\n)*+{_SIMPLE.pattern}")
_PLAIN = re.compile(r"[0-9]+")
_DECIMALS = re.compile(r"([0-9]*)[.,]([0-9]+)")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)(?:([.,])([0-9]+))?")


def parse_money(cell: Cell, decimals: int = 2) -> Cents:
    """An amount in the smallest unit (cents). Raises a `MoneyError`, or `ErrorCell` for #REF! and its like.

    Native numbers are rounded half away from zero to `decimals`, as the sheet shows them; text may not have more.
    """
    return parse_amount(cell, decimals).cents


def parse_amount(cell: Cell, decimals: int = 2) -> Amount:
    """As `parse_money`, with the currency sign written beside the amount."""
    if isinstance(cell, float):
        return Amount(_native(cell, decimals), "")
    if isinstance(cell, bool):
        raise UnreadableAmount
    if isinstance(cell, int):
        if abs(cell) >= _LIMIT:
            raise AmountTooLarge
        return Amount(cell * _units(decimals), "")
    if not isinstance(cell, str):
        raise UnreadableAmount
    if decimals == 2 and _SIMPLE.fullmatch(cell):  # most amounts of most sheets
        return Amount(int(cell.replace(",", "").replace(".", "")), "")
    return _parse_text(parse_text(cell), decimals)


def native_cents(cells: Sequence[float | None]) -> list[Cents | None] | None:
    """A whole column of native numbers at once, as `parse_money` reads each; None when one of them needs a closer look."""
    found: list[Cents | None] = []
    append = found.append
    for cell in cells:
        if cell is None:
            append(None)
            continue
        scaled = cell * 100
        if not -_LIMIT < cell < _LIMIT:  # NaN too
            return None
        nearest = round(scaled)
        if not -0.25 < scaled - nearest < 0.25:
            return None
        append(nearest)
    return found


def simple_cents(cells: Sequence[str]) -> list[Cents] | None:
    """A whole column of text such as "1234,56" at once, as `parse_money` reads each; None when one is of another form."""
    together = "\n".join(cells)
    if not _ALL_SIMPLE.fullmatch(together):
        return None
    found = list(map(int, together.replace(",", "").replace(".", "").split("\n")))
    return found if len(found) == len(cells) else None  # a cell of two lines is no amount


def _units(decimals: int) -> int:
    return int(10**decimals)


def _native(number: float, decimals: int) -> Cents:
    if not abs(number) < _LIMIT:  # also catches NaN and infinities
        raise UnreadableAmount if number != number else AmountTooLarge
    scaled = number * _units(decimals)
    nearest = round(scaled)
    if abs(scaled - nearest) < 0.25:  # far from a half: no care needed
        return nearest
    return int(Decimal(repr(number)).scaleb(decimals).quantize(Decimal(1), ROUND_HALF_UP))


def _parse_text(text: str, decimals: int) -> Amount:
    shape = _SHAPE.fullmatch(_SPACED.sub(" ", text.replace("\u2212", "-")))
    if shape is None:
        raise UnreadableAmount
    signs = [sign for sign in (shape["before"], shape["after"]) if sign]
    minuses = [mark for mark in (shape["minus1"], shape["minus2"], shape["minus3"]) if mark]
    in_brackets = shape["open"] is not None
    if len(signs) > 1 or len(minuses) + in_brackets > 1 or in_brackets != (shape["close"] is not None):
        raise UnreadableAmount
    sign = signs[0].upper() if signs else ""
    if sign and sign not in _SIGNS and sign not in CURRENCIES:
        raise UnreadableAmount
    cents = _digits(shape["digits"], decimals)
    return Amount(-cents if in_brackets or minuses == ["-"] else cents, sign)


def _digits(digits: str, decimals: int) -> Cents:
    """The digits between sign and currency: plain, with decimals, in thousands, or both."""
    digits = digits.replace("’", "'").strip()
    if _PLAIN.fullmatch(digits):
        return _cents(digits, "", decimals)
    if simple := _DECIMALS.fullmatch(digits):
        whole, fraction = simple.groups()
        if len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
            raise AmbiguousAmount(
                thousands=whole + fraction, decimals_en=f"{whole}.{fraction}", decimals_fr=f"{whole},{fraction}"
            )
        return _cents(whole, fraction, decimals)
    grouped = _GROUPED.fullmatch(digits)
    if grouped is None or (grouped[3] and grouped[3] == grouped[2]) or digits.startswith("0"):
        raise UnreadableAmount
    return _cents(re.sub("[^0-9]", "", grouped[1]), grouped[4] or "", decimals)


def _cents(whole: str, fraction: str, decimals: int) -> Cents:
    if len(fraction) > decimals:
        raise TooManyDecimals
    if len(whole) > 15 or int(whole or "0") >= _LIMIT:
        raise AmountTooLarge
    return int((whole or "0") + fraction.ljust(decimals, "0"))


@cache
def sign_agrees(sign: str, currency: str) -> bool:
    """Whether a sign or code beside an amount ("€", "$", "CHF") can mean `currency`. No sign agrees with any."""
    return not sign or sign == currency or currency in _SIGNS.get(sign, frozenset())


def check_currency(amount: Amount, currency: str) -> Cents:
    """The cents of an amount of that currency. Raises CurrencyMismatch."""
    if not sign_agrees(amount.sign, currency):
        raise CurrencyMismatch(sign=amount.sign, currency=currency)
    return amount.cents


def to_decimal(cents: Cents) -> Decimal:
    """Cents as units: 123456 -> Decimal("1234.56")."""
    return Decimal(cents).scaleb(-2)


def money_text(cents: Cents) -> str:
    """The form of JSON and CSV: 123456 -> "1234.56", -5 -> "-0.05"."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02d}"


_WRITTEN_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@lru_cache(maxsize=4096)  # a message says the same sum several times
def format_money(cents: Cents, currency: str, language: Language) -> str:
    """An amount as people read it: fr "1 234,56 €", en "€1,234.56"; "1 234,56 CHF", "CHF 1,234.56" without a sign.

    The minus is the plain hyphen, so that parse_money(format_money(x)) is x whatever x.
    """
    whole, rest = divmod(abs(cents), 100)
    minus = "-" if cents < 0 else ""
    sign = _WRITTEN_SIGNS.get(currency, currency)
    if language == "fr":
        return f"{minus}{_thousands(whole, NARROW_SPACE)},{rest:02d}{NO_BREAK_SPACE}{sign}"
    gap = "" if currency in _WRITTEN_SIGNS else NO_BREAK_SPACE
    return f"{minus}{sign}{gap}{_thousands(whole, ',')}.{rest:02d}"


def format_number(number: Decimal | int, language: Language, decimals: int | None = None) -> str:
    """A number as people read it (fr "1 234,5", en "1,234.5"), rounded half up to `decimals` when given."""
    value = Decimal(number)
    if decimals is not None:
        value = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(value):f}".partition(".")
    separator, point = (NARROW_SPACE, ",") if language == "fr" else (",", ".")
    text = _thousands(int(whole), separator) + (point + fraction if fraction else "")
    return f"-{text}" if value < 0 else text


def _thousands(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)
