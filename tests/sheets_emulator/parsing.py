"""What a typed text means (`USER_ENTERED`): a number, an amount, a percentage, a date, a boolean, a formula, or just text."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from .cells import Cell, Value, error_of_text
from .formats import EPOCH
from .locales import LocaleFacts


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: a value or a formula, and the number format that typing it so implies."""

    value: Value = None
    formula: str | None = None
    number_format: dict[str, str] | None = None


def typed(text: str, facts: LocaleFacts, today: dt.date) -> Typed:
    """Read a text as if a person typed it into an unformatted cell on that day."""
    if text.startswith("'"):
        return Typed(text[1:])
    if text.startswith("=") and len(text) > 1:
        return Typed(formula=text)
    bare = text.strip()
    if not bare:
        return Typed(text or None)
    upper = bare.upper()
    if upper in {"TRUE", facts.true_word}:
        return Typed(True)
    if upper in {"FALSE", facts.false_word}:
        return Typed(False)
    if error := error_of_text(bare):
        return Typed(error)
    if bare[0] in "+-(0123456789.,$€£¥" or bare[-1] in "€%£" or bare[0].isalpha() or bare.startswith(facts.currency):
        found = _number(bare, facts) or _moment(bare, facts, today)
        if found is not None:
            return found
    if bare.startswith("+") and re.match(r"\+[A-Za-z(]", bare):
        return Typed(formula="=" + bare)
    return Typed(text)


def enter(cell: Cell, text: str, facts: LocaleFacts, today: dt.date) -> Cell:
    """Type a text into a cell that may have a format; a plain-text cell keeps everything as text."""
    kind = (cell.number_format or {}).get("type")
    if kind == "TEXT":
        return cell.with_content(text)
    entry = typed(text, facts, today)
    made = cell.with_content(entry.value, entry.formula)
    if isinstance(entry.value, str) and re.fullmatch(r"https?://[^\s]+", entry.value):
        entered = dict(made.format)
        made = made.with_extra(
            "userEnteredFormat", {**entered, "textFormat": {**entered.get("textFormat", {}), "link": {"uri": entry.value}}}
        )
    if entry.number_format and (
        kind is None or (kind != entry.number_format["type"] and entry.number_format["type"] != "NUMBER")
    ):
        made = made.with_number_format(entry.number_format)
    return made


def _number(text: str, facts: LocaleFacts) -> Typed | None:
    """Numbers with signs, groups, a percent sign, a currency, brackets for negatives, or an exponent."""
    rest, negative = text, False
    if rest.startswith("(") and rest.endswith(")"):
        rest, negative = rest[1:-1].strip(), True
    currency = None
    pattern = re.compile(
        r"(?P<sign>[+-]?)\s*(?P<before>%s)?\s*(?P<sign2>[+-]?)(?P<digits>[^%%]*?)\s*(?P<after>%s|%%)?" % ((_signs(facts),) * 2)
    )
    found = pattern.fullmatch(rest)
    if not found or (found["sign"] and found["sign2"]):
        return None
    negative = negative or "-" in (found["sign"], found["sign2"])
    percent = found["after"] == "%"
    currency = found["before"] or (None if percent else found["after"])
    if found["before"] and found["after"]:
        return None
    read = _digits(found["digits"], facts)
    if read is None:
        return None
    number, grouped, decimals, scientific = read
    if percent:
        number = _tidy(number / 100)
    if negative:
        number = -number
    shown = "#,##0.00" if decimals else "#,##0"
    if currency and percent or scientific and (currency or percent):
        return None
    if percent:
        return Typed(number, number_format={"type": "PERCENT", "pattern": "0.00%" if decimals else "0%"})
    if currency:
        before = bool(found["before"])
        shape = f'"{currency}"{shown}' if before else f'{shown}" {currency}"'
        if before and currency == "$":
            shape = f"[$$]{shown}" if facts.currency != "$" else f'"$"{shown}'
        return Typed(number, number_format={"type": "CURRENCY", "pattern": shape})
    if scientific:
        return Typed(number, number_format={"type": "SCIENTIFIC", "pattern": "0.00E+00"})
    return Typed(number, number_format={"type": "NUMBER", "pattern": shown} if grouped else None)


def _signs(facts: LocaleFacts) -> str:
    return "|".join(re.escape(sign) for sign in dict.fromkeys((facts.currency, "$", "€", "£", "¥")))


def _digits(text: str, facts: LocaleFacts) -> tuple[int | float, bool, int, bool] | None:
    """The number, whether it was grouped, how many decimals, whether it had an exponent."""
    group = f"[{re.escape(facts.groups)}]"
    decimal = re.escape(facts.decimal)
    found = re.fullmatch(rf"(?:(\d{{1,3}}(?:{group}\d{{3}})+)|(\d*))(?:{decimal}(\d*))?(?:[eE]([+-]?\d{{1,3}}))?", text)
    if not found or not (found.group(1) or found.group(2) or found.group(3)):
        return None
    whole = re.sub(group, "", found.group(1)) if found.group(1) else found.group(2) or "0"
    fraction = found.group(3) or ""
    if found.group(4) is not None:
        return _tidy(float(f"{whole}.{fraction or 0}e{found.group(4)}")), bool(found.group(1)), len(fraction), True
    number: int | float = float(f"{whole}.{fraction}") if fraction else int(whole)
    if isinstance(number, int) and number >= 10**15:
        number = float(f"{number:.15g}") if number < 10**300 else float(number)
    return _tidy(number), bool(found.group(1)), len(fraction), False


def _tidy(number: float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number


_TIME = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?\s*([AaPp][Mm])?")


def _moment(text: str, facts: LocaleFacts, today: dt.date) -> Typed | None:
    """A date, a time, or both separated by a space."""
    if _TIME.fullmatch(text):
        return _time(text, facts)
    day_text, clock_text = text, ""
    parts = re.fullmatch(r"(.*?)\s+(\d{1,2}:\d{2}.*)", text)
    if parts:
        day_text, clock_text = parts.groups()
    found = _date(day_text, facts, today)
    if found is None:
        return None
    day, pattern = found
    serial: float = (dt.datetime.combine(day, dt.time()) - EPOCH).days
    if not clock_text:
        return Typed(serial, number_format={"type": "DATE", "pattern": pattern})
    clock = _time(clock_text, facts)
    if clock is None or not isinstance(clock.value, int | float) or clock.value >= 1 or clock.number_format is None:
        return None
    full = f"{pattern} {clock.number_format['pattern']}"
    return Typed(_tidy(serial + clock.value), number_format={"type": "DATE_TIME", "pattern": full})


def _time(text: str, facts: LocaleFacts) -> Typed | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = int(found.group(1)), int(found.group(2)), float(found.group(3) or 0)
    half = (found.group(4) or "").lower()
    if minutes > 59 or seconds >= 60 or (half and not 1 <= hours <= 12):
        return None
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    pattern = "h:mm" + (":ss" if found.group(3) else "") + (" am/pm" if half else "")
    if hours > 23:
        pattern = "[h]:mm:ss"
    elif not half and len(found.group(1)) == 2:
        pattern = "h" + pattern
    return Typed(_tidy((hours * 3600 + minutes * 60 + seconds) / 86_400), number_format={"type": "TIME", "pattern": pattern})


def _date(text: str, facts: LocaleFacts, today: dt.date) -> tuple[dt.date, str] | None:
    if found := re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", text):
        mark = found.group(2)
        pattern = f"yyyy{mark}{'m' * len(found.group(3))}{mark}{'d' * len(found.group(4))}"
        return _calendar(int(found.group(1)), int(found.group(3)), int(found.group(4)), pattern)
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?", text):
        return _short_date(found, facts, today)
    return _named_month(text, facts, today)


def _short_date(found: re.Match[str], facts: LocaleFacts, today: dt.date) -> tuple[dt.date, str] | None:
    first, mark, second, year_text = found.groups()
    own_mark = next((sign for sign in facts.date_pattern if sign in "/.-"), "/")
    if mark == "." and own_mark != ".":
        return None  # 1.5 is not a date where dates have slashes
    if year_text is None and mark == "." == facts.decimal:
        return None
    month_first = facts.order.index("m") < facts.order.index("d")
    month, day = (first, second) if month_first else (second, first)
    year = today.year if year_text is None else _century(year_text)
    letters = ("M" * len(first), "d" * len(second)) if month_first else ("d" * len(first), "M" * len(second))
    pattern = mark.join((*letters, "y" * len(year_text)) if year_text else letters)
    return _calendar(year, int(month), int(day), pattern)


def _century(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 30 else 1900)


def _named_month(text: str, facts: LocaleFacts, today: dt.date) -> tuple[dt.date, str] | None:
    names = {name.casefold().rstrip("."): number + 1 for number, name in enumerate(facts.months)}
    names |= {name.casefold().rstrip("."): number + 1 for number, name in enumerate(facts.short_months)}
    for shape, pattern in (
        (r"(?P<month>[^\W\d]+)\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?", "{month} d"),
        (r"(?P<day>\d{1,2})[\s-](?P<month>[^\W\d]+)\.?(?:[\s-](?P<year>\d{4}))?", "d {month}"),
    ):
        found = re.fullmatch(shape, text)
        if found and (month := names.get(found["month"].casefold())):
            word = "mmmm" if found["month"].casefold() in {name.casefold() for name in facts.months} else "mmm"
            shown = pattern.format(month=word)
            if found["year"]:
                shown += (", " if pattern.startswith("{") else " ") + "yyyy"
            return _calendar(int(found["year"] or today.year), month, int(found["day"]), shown)
    return None


def _calendar(year: int, month: int, day: int, pattern: str) -> tuple[dt.date, str] | None:
    if not 1 <= month <= 12 or not 1900 <= year <= 9999 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return dt.date(year, month, day), pattern
