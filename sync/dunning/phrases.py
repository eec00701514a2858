"""Numbers inside the sentences of this room: days, percentages, dates, lists, in French and English.

Money is written by `sync.ledger.money.format_money`.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sync.ledger.words import Language

NBSP = "\u00a0"
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip


def days(count: int, language: Language) -> str:
    """A number of days in words: "1 day", "12 jours"."""
    return counted(count, "day", "days", "jour", "jours", language)


def months(count: int, language: Language) -> str:
    return counted(count, "month", "months", "mois", "mois", language)


def counted(count: int, one_en: str, many_en: str, one_fr: str, many_fr: str, language: Language) -> str:
    """`count` with its noun: French is singular below two, English at exactly one."""
    if language == "fr":
        return f"{count}{NBSP}{one_fr if abs(count) < 2 else many_fr}"
    return f"{count}{NBSP}{one_en if abs(count) == 1 else many_en}"


def percent(value: int | Decimal, language: Language) -> str:
    """20 -> "20 %" or "20%"; a Decimal loses its trailing zeros."""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return f"{text.replace('.', ',')}{NBSP}%" if language == "fr" else f"{text}%"


def number(value: Decimal, language: Language) -> str:
    text = f"{value.normalize():f}"
    return text.replace(".", ",") if language == "fr" else text


def day(value: date, language: Language) -> str:
    """31/03/2026 in French, 31 March 2026 in English: neither can be misread."""
    return f"{value:%d/%m/%Y}" if language == "fr" else f"{value.day}{NBSP}{_MONTHS_EN[value.month - 1]}{NBSP}{value.year}"


def listed(items: Sequence[str], language: Language) -> str:
    """F-1, F-2 et F-3; "" for none."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'et' if language == 'fr' else 'and'} {items[-1]}"


def first_listed(items: Sequence[str], most: int, language: Language) -> str:
    """F-1, F-2 et F-3 … (+4): `most` of them by name, the others counted."""
    shown = listed(items[:most], language)
    return shown if len(items) <= most else f"{shown} … (+{len(items) - most})"


def colon(language: Language) -> str:
    """Between a label and what it says."""
    return f"{NBSP}: " if language == "fr" else ": "
