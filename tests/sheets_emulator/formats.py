"""Number formats: from a value and a pattern to the text a person sees.

Dates are serial numbers: whole days since 30 December 1899, the fraction being the time of day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from .cells import ErrorValue, Value
from .locales import LocaleFacts

EPOCH = dt.datetime(1899, 12, 30)
DATE_TYPES = {"DATE", "TIME", "DATE_TIME"}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<ampm>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<number>[0#?][0#?,]*(?:\.[0#?]*)?,*(?:E[+-]0+)?|\.[0#?]+)"
    r"|(?P<general>General)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


def number_text(number: float, facts: LocaleFacts) -> str:
    """A number without a format: ten significant digits, whole numbers in full below 10^15."""
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        number = int(number)
    if isinstance(number, int) and abs(number) < 10**15:
        return str(number)
    exact = Decimal(repr(number) if isinstance(number, float) else number)
    magnitude = exact.adjusted()
    if magnitude >= 15 or magnitude < -9:
        mantissa, _, exponent = f"{_rounded(exact.scaleb(-magnitude), 5):f}".partition("e")[0], "", magnitude
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}E{'+' if exponent >= 0 else '-'}{abs(exponent):02d}"
    else:
        text = f"{_rounded(exact, max(9 - magnitude, 0)):f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", facts.decimal)


def _rounded(number: Decimal, places: int) -> Decimal:
    try:
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return number


def default_pattern(kind: str, facts: LocaleFacts) -> str:
    """The pattern of a format that gives only its type."""
    if kind == "CURRENCY":
        return f'"{facts.currency}"#,##0.00' if facts.currency_first else f'#,##0.00" {facts.currency}"'
    return {
        "NUMBER": "#,##0.00",
        "PERCENT": "0.00%",
        "SCIENTIFIC": "0.00E+00",
        "DATE": facts.date_pattern,
        "TIME": facts.time_pattern,
        "DATE_TIME": f"{facts.date_pattern} {facts.time_pattern}",
        "TEXT": "@",
    }.get(kind, "General")


def is_date_format(number_format: Mapping[str, Any] | None) -> bool:
    """Whether a number under this format is shown as a date or time."""
    return bool(number_format) and (number_format or {}).get("type") in DATE_TYPES


def formatted(value: Value, number_format: Mapping[str, Any] | None, facts: LocaleFacts) -> str:
    """The text that a cell shows."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return facts.true_word if value else facts.false_word
    if isinstance(value, ErrorValue):
        return value.text
    pattern = ""
    if number_format:
        pattern = number_format.get("pattern") or default_pattern(number_format.get("type", ""), facts)
    if isinstance(value, str):
        return _text_under(value, pattern)
    if not pattern or pattern.lower() == "general" or number_format and number_format.get("type") == "TEXT" and pattern == "@":
        return number_text(value, facts)
    return _number_under(value, pattern, facts, is_date_format(number_format))


@lru_cache(maxsize=512)
def _sections(pattern: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """A pattern cut at its semicolons, each part as (kind, text) tokens."""
    sections: list[tuple[tuple[str, str], ...]] = []
    current: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(pattern):
        kind = found.lastgroup
        if kind is None:
            continue
        text = found.group(kind)
        if kind == "other" and text == ";":
            sections.append(tuple(current))
            current = []
        elif kind in {"quoted", "escaped"}:
            current.append(("literal", text))
        elif kind == "bracket":
            current.append(_bracket(text))
        else:
            current.append(("literal" if kind == "other" and text not in "%" else kind, text))
    sections.append(tuple(current))
    return tuple(sections)


def _bracket(text: str) -> tuple[str, str]:
    if text.startswith("$"):
        return "literal", text[1:].partition("-")[0]
    if re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
        return "elapsed", text.lower()
    if re.match(r"[<>=]", text):
        return "condition", text
    return "colour", text


def _text_under(value: str, pattern: str) -> str:
    sections = _sections(pattern) if pattern else ()
    chosen = (
        sections[3] if len(sections) > 3 else next((part for part in sections if any(kind == "text" for kind, _ in part)), None)
    )
    if chosen is None:
        return value
    return "".join(value if kind == "text" else text if kind == "literal" else "" for kind, text in chosen)


def _number_under(number: float, pattern: str, facts: LocaleFacts, as_date: bool) -> str:
    sections = _sections(pattern)
    section, magnitude = _choose(number, sections)
    kinds = {kind for kind, _ in section}
    if as_date or ("date" in kinds and "number" not in kinds) or "elapsed" in kinds:
        return _date_under(number, section, facts)
    if not kinds & {"number", "text", "general"}:
        return "".join(text for kind, text in section if kind == "literal")
    return _plain_under(magnitude, section, facts)


def _choose(number: float, sections: tuple[tuple[tuple[str, str], ...], ...]) -> tuple[tuple[tuple[str, str], ...], float]:
    for section in sections:
        condition = next((text for kind, text in section if kind == "condition"), None)
        if condition and _holds(number, condition):
            return section, number
    plain = [section for section in sections if not any(kind == "condition" for kind, _ in section)] or [sections[-1]]
    if number < 0 and len(plain) > 1:
        return plain[1], -number
    if number == 0 and len(plain) > 2:
        return plain[2], number
    return plain[0], number


def _holds(number: float, condition: str) -> bool:
    found = re.fullmatch(r"(<=|>=|<>|<|>|=)(-?[\d.]+)", condition)
    if not found:
        return False
    sign, bound = found.group(1), float(found.group(2))
    return {"<": number < bound, ">": number > bound, "<=": number <= bound, ">=": number >= bound, "=": number == bound}.get(
        sign, number != bound
    )


def _plain_under(number: float, section: tuple[tuple[str, str], ...], facts: LocaleFacts) -> str:
    exact = Decimal(repr(number) if isinstance(number, float) else number)
    exact *= 100 ** sum(1 for kind, text in section if kind == "other" and text == "%")
    shape = next((text for kind, text in section if kind == "number"), None)
    negative = exact < 0
    shown, seen = [], False
    for kind, text in section:
        if kind == "number" and text == shape and not seen:
            seen = True
            digits = _digits(abs(exact), text, facts)
            negative = negative and any(digit in "123456789" for digit in digits)
            shown.append(digits)
        elif kind in {"general", "text"}:
            shown.append(number_text(abs(number), facts))
        elif kind in {"literal", "other", "date", "ampm"}:
            shown.append(text)
    return ("-" if negative else "") + "".join(shown)


def _digits(exact: Decimal, shape: str, facts: LocaleFacts) -> str:
    shape, _, exponent_shape = shape.upper().partition("E")
    # Commas at the end divide by a thousand each.
    bare = shape.rstrip(",")
    exact /= 1000 ** (len(shape) - len(bare))
    whole_shape, _, fraction_shape = bare.partition(".")
    if exponent_shape:
        exponent = exact.adjusted() if exact else 0
        exact = _rounded(exact.scaleb(-exponent), len(fraction_shape))
        if exact >= 10:
            exact, exponent = exact / 10, exponent + 1
    text = f"{_rounded(exact, len(fraction_shape)):f}"
    whole, _, fraction = text.partition(".")
    minimum = fraction_shape.count("0")
    while len(fraction) > minimum and fraction.endswith("0"):
        fraction = fraction[:-1]
    zeros = sum(1 for sign in whole_shape if sign == "0")
    whole = whole.rjust(zeros, "0") if whole != "0" or zeros else ""
    if "," in whole_shape:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", facts.group, whole)
    result = whole + (facts.decimal + fraction if fraction else "")
    if exponent_shape:
        width = exponent_shape.count("0")
        sign = "-" if exponent < 0 else "+" if "+" in exponent_shape else ""
        result += f"E{sign}{abs(exponent):0{width}d}"
    return result


def _date_under(serial: float, section: tuple[tuple[str, str], ...], facts: LocaleFacts) -> str:
    hundredths = any(kind == "date" and "." in text for kind, text in section)
    seconds = round(float(serial) * 86_400, 3 if hundredths else None)
    moment = EPOCH + dt.timedelta(seconds=seconds)
    twelve = any(kind == "ampm" for kind, _ in section)
    shown = []
    for place, (kind, text) in enumerate(section):
        if kind == "date":
            shown.append(_date_part(moment, text, _is_minutes(section, place), twelve, facts))
        elif kind == "elapsed":
            total = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[text[0]]
            shown.append(f"{int(total):0{len(text)}d}")
        elif kind == "ampm":
            half = "AM" if moment.hour < 12 else "PM"
            shown.append(half if len(text) > 3 else half[0])
        elif kind in {"literal", "number", "other"}:
            shown.append(text)
    return "".join(shown)


def _is_minutes(section: tuple[tuple[str, str], ...], place: int) -> bool:
    """`m` means minutes right after hours or right before seconds."""
    if section[place][1][0] not in "mM" or len(section[place][1]) > 2:
        return False
    before = [text[0].lower() for kind, text in section[:place] if kind in {"date", "elapsed"}]
    after = [text[0].lower() for kind, text in section[place + 1 :] if kind in {"date", "elapsed"}]
    return (bool(before) and before[-1] == "h") or (bool(after) and after[0] == "s")


def _date_part(moment: dt.datetime, text: str, minutes: bool, twelve: bool, facts: LocaleFacts) -> str:
    letter, length = text[0].lower(), len(text)
    if minutes:
        return f"{moment.minute:0{length}d}"
    if letter == "y":
        return f"{moment.year:04d}" if length > 2 else f"{moment.year % 100:02d}"
    if letter == "m":
        if length >= 5:
            return facts.months[moment.month - 1][:1]
        names = {3: facts.short_months, 4: facts.months}.get(length)
        return names[moment.month - 1] if names else f"{moment.month:0{length}d}"
    if letter == "d":
        names = {3: facts.short_days, 4: facts.days}.get(min(length, 4))
        return names[moment.weekday()] if names else f"{moment.day:0{length}d}"
    if letter == "h":
        hour = (moment.hour % 12 or 12) if twelve else moment.hour
        return f"{hour:0{min(length, 2)}d}"
    whole, _, fraction = text.partition(".")
    second = f"{moment.second:0{min(len(whole), 2)}d}"
    return second + (facts.decimal + f"{moment.microsecond:06d}"[: len(fraction)] if fraction else "")
