"""Parsers of single cells that belong to reading: list words, addresses, links, rates."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from sync.ledger.cells import Cell, CellError, UnreadableNumber, cell_text, parse_number, parse_text, parse_whole
from sync.ledger.codes import parse_country, parse_currency
from sync.ledger.words import WORDS, fold

E = TypeVar("E", bound=StrEnum)

# Forms close to a word of a list, which can mean nothing else.
_ALSO: Mapping[str, Mapping[str, str]] = {
    "yes_no": {"true": "yes", "vrai": "yes", "false": "no", "faux": "no"},
    "status": {
        "ouvert": "open", "annulé": "cancelled", "canceled": "cancelled", "passée en perte": "written off",
        "confié": "handed over", "in court": "court",
    },
    "reason": {"non reçu": "not received", "difficultés": "hardship", "promis": "promised", "dit payé": "says paid"},
    "payment_means": {"check": "cheque", "bank transfer": "transfer"},
    "channel": {
        "courriel": "email", "mail": "email", "recommandée": "registered letter", "lettre": "letter",
        "lettre recommandée": "registered letter", "hand-over": "hand over",
    },
    "segment": {"occasionnelle": "occasional", "nouvelle": "new"},
    "language": {"français": "fr", "french": "fr", "anglais": "en", "english": "en"},
}  # fmt: skip


class UnknownWord(CellError):
    """A word that its list does not have; `allowed_en` and `allowed_fr` are the words it has."""

    code = "unknown_word"


class MisplacedWord(CellError):
    """A word of another column's list; `column_en` and `column_fr` are its headings."""

    code = "misplaced_word"


class PaidInStatus(CellError):
    """ "Paid" is no status: a day says it, or a payment."""

    code = "paid_in_status"


class BadEmail(CellError):
    """`address` is the one of the cell's addresses that cannot be used."""

    code = "bad_email"


class BadLink(CellError):
    code = "bad_link"


class NotPositive(CellError):
    code = "negative_amount"


class OutOfRange(CellError):
    """`low` and `high` are the bounds, both allowed."""

    code = "out_of_range"


class UnreadableRate(CellError):
    code = "unreadable_rate"


@cache
def _word_index(list_name: str) -> Mapping[str, str]:
    index = {fold(text): key for text, key in _ALSO.get(list_name, {}).items()}
    index |= {fold(text): word.key for word in WORDS[list_name] for text in (word.en, word.fr, word.key)}
    return index


def parse_word(cell: Cell, list_name: str) -> str:
    """The key of a list word, in either language, whatever case, accents and spaces.

    Raises `UnknownWord`, or `MisplacedWord` and `PaidInStatus` where one can see what was meant, and `ErrorCell`.
    """
    text = fold(parse_text(cell))
    key = _word_index(list_name).get(text)
    if key is not None:
        return key
    if list_name == "status" and text in _PAID:
        raise PaidInStatus
    if list_name in _BESIDE:
        beside, column_en, column_fr = _BESIDE[list_name]
        if text in _word_index(beside):
            raise MisplacedWord(column_en=column_en, column_fr=column_fr)
    words = WORDS[list_name]
    raise UnknownWord(allowed_en=", ".join(word.en for word in words), allowed_fr=", ".join(word.fr for word in words))


# A list -> the other list that people take it for, with the headings of its column.
_BESIDE = {"status": ("reason", "Delay reason", "Motif du retard"), "reason": ("status", "Status", "Statut")}
_PAID = frozenset(map(fold, ("paid", "settled", "payée", "payé", "soldée", "soldé", "réglée", "réglé", "acquittée", "encaissée")))


def word_parser(list_name: str, kind: type[E]) -> Callable[[Cell], E]:
    """A parser of one list's words, to map over a column."""
    return lambda cell: kind(parse_word(cell, list_name))


def parse_yes_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    return parse_word(cell, "yes_no") == "yes"


def parse_language(cell: Cell) -> str:
    return parse_word(cell, "language")


def parse_currency_cell(cell: Cell) -> str:
    return parse_currency(parse_text(cell))


def parse_country_cell(cell: Cell) -> str:
    return parse_country(parse_text(cell))


_ADDRESS_SEPARATORS = re.compile(r"[,;]")


def parse_email(text: str) -> str:
    """One address, syntax only (nothing is looked up). A line break inside is refused: it would forge a mail header."""
    if "\n" in text or "\r" in text:
        raise BadEmail(address=cell_text(text))
    address = cell_text(text)
    try:
        if plain := _PLAIN_LOCAL.fullmatch(address):  # only its domain, which many share, needs the library
            return f"{plain[1]}@{_domain(plain[2])}"
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        raise BadEmail(address=address[:100]) from None


_PLAIN_LOCAL = re.compile(r"([A-Za-z0-9_+-]{1,30}(?:\.[A-Za-z0-9_+-]{1,30})?)@([^@]{1,190})", re.ASCII)


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """The domain as the library writes it. Raises EmailNotValidError."""
    return validate_email(f"a@{domain}", check_deliverability=False).domain


def parse_emails(cell: Cell) -> tuple[str, ...]:
    """Addresses separated by commas, each once, in order. One bad address refuses the cell."""
    if not isinstance(cell, str):
        raise BadEmail(address=cell_text(cell))
    parse_text(cell)  # an error cell says so
    pieces = [piece.strip() for piece in _ADDRESS_SEPARATORS.split(cell.strip())]
    return tuple(dict.fromkeys(parse_email(piece) for piece in pieces if piece))


_LINK = re.compile(r"https://[\w.-]+(?::[0-9]{1,5})?(?:[/?#][^\s<>\"\\]*)?")


def parse_link(cell: Cell) -> str:
    """An https address without user name, spaces, quotes. Raises BadLink."""
    text = parse_text(cell)
    if not _LINK.fullmatch(text) or len(text) > 2000:
        raise BadLink
    return text


def parse_count(cell: Cell, low: int = 0, high: int = 10_000) -> int:
    """A whole number from `low` to `high`."""
    number = parse_whole(cell)
    if not low <= number <= high:
        raise OutOfRange(low=str(low), high=str(high))
    return number


def count_parser(low: int, high: int) -> Callable[[Cell], int]:
    return partial(parse_count, low=low, high=high)


def parse_score(cell: Cell) -> Decimal:
    """0 to 100."""
    number = parse_number(cell)
    if not 0 <= number <= 100:
        raise OutOfRange(low="0", high="100")
    return number


_TIMES_LEGAL = re.compile(r"([0-9](?:[.,][0-9])?)(?:x|×|\*|fois)(?:le)?(?:taux)?(?:(?:d'|de)?intérêt)?(?:legal|légal)(?:rate)?")


def parse_interest_rate(cell: Cell) -> str:
    """ "10.5" (percent a year) or "3x legal". Raises UnreadableRate.

    A native number under 1 is refused: it is either half a percent, or 50 % of a cell formatted in percent.
    """
    if isinstance(cell, str):
        times = _TIMES_LEGAL.fullmatch(re.sub(r"\s", "", parse_text(cell)).casefold())
        if times:
            return f"{times[1].replace(',', '.')}x legal"
    try:
        rate = parse_number(cell)
    except UnreadableNumber:
        raise UnreadableRate from None
    if not 0 <= rate <= 100 or (not isinstance(cell, str) and 0 < rate < 1):
        raise UnreadableRate
    return f"{rate.normalize():f}"


_LIST_SEPARATORS = re.compile(r"[,;\n]")


def _cut(text: str, odd: re.Pattern[str]) -> Iterator[str]:
    at = 0
    while at < len(text):
        known = odd.match(text, at)
        end = _LIST_SEPARATORS.search(text, at) if known is None else None
        piece = known[1] if known is not None else text[at : end.start() if end else len(text)].strip()
        at = known.end() if known is not None else end.end() if end else len(text)
        if piece:
            yield piece


def keys_with_separators(keys: Iterable[str]) -> re.Pattern[str] | None:
    """What finds the keys that themselves hold a separator ("2026,001") in a list; None when there are none, as is usual."""
    odd = sorted({key for key in keys if _LIST_SEPARATORS.search(key)}, key=len, reverse=True)
    return re.compile(rf"\s*({'|'.join(map(re.escape, odd))})\s*(?:[,;\n]|$)") if odd else None


def split_keys(text: str, odd: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """Several keys in one cell, separated by commas: "F-1, F-2" -> ("F-1", "F-2"), each once, in order.

    `odd` (see `keys_with_separators`) finds the known keys that a comma must not cut in two.
    """
    if odd is not None:
        return tuple(dict.fromkeys(_cut(text, odd)))
    return tuple(dict.fromkeys(key for piece in _LIST_SEPARATORS.split(text) if (key := piece.strip())))
