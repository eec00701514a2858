"""A measure as people read it: the figure, or why there is none, and where it comes from."""

from collections.abc import Sequence
from datetime import date

from reports.pages.model import Gap, Tile, Trace
from reports.pages.report import ENOUGH, M, Reader, count, value

SUPPRESSED = "suppressed"


def is_rate(measure: M) -> bool:
    """A share of cases, which a handful of cases cannot carry."""
    return "interval" in measure


def shown(reader: Reader, measure: M, currency: str = "", *, places: int | None = None, is_estimate: bool = False) -> str:
    """The figure in words. `is_estimate`: a rate by amount that also needs a few cases to mean anything."""
    found = value(measure)
    if found is None:
        return reader.gap(measure).text
    if (is_rate(measure) or is_estimate) and count(measure) < ENOUGH:
        return reader.too_few(count(measure)).text
    return quantity(reader, found, str(measure.get("unit")), places)


def cell(reader: Reader, measure: M, *, is_estimate: bool = False) -> float | Gap:
    """The same for a table: the number, or words."""
    found = value(measure)
    if found is None:
        return reader.gap(measure)
    if (is_rate(measure) or is_estimate) and count(measure) < ENOUGH:
        return reader.too_few(count(measure))
    return found


def quantity(reader: Reader, number: float, unit: str, places: int | None = None) -> str:
    numbers = reader.numbers
    if unit == "ratio":
        return numbers.percent(number, 1 if places is None else places)
    if unit == "days":
        return numbers.days(number, 1 if places is None else places)
    if unit in ("points", "customers"):
        return numbers.decimal(number, (0 if unit == "points" else 1) if places is None else places)
    return numbers.money(number, unit, 0 if places is None else places)


def trace(reader: Reader, measure: M) -> Trace:
    """Numerator / denominator, cases, window and warnings, each as a short sentence."""
    words, numbers = reader.words, reader.numbers
    top, bottom = measure.get("numerator"), measure.get("denominator")
    formula = ""
    if isinstance(top, int | float) and isinstance(bottom, int | float):
        places = 0 if is_rate(measure) else 2
        formula = words("trace.formula", top=numbers.decimal(top, places), bottom=numbers.decimal(bottom, places))
    n = count(measure)
    cases = words("trace.case") if n == 1 else words("trace.cases", n=numbers.decimal(n)) if n else ""
    window = ""
    span = measure.get("window")
    if isinstance(span, list | tuple) and len(span) == 2:
        first, last = (date.fromisoformat(str(day)) for day in span)
        window = words("trace.window", first=numbers.short_day(first), last=numbers.short_day(last))
    interval = measure.get("interval")
    told = [reader.reason(code) for code in _warnings(measure) if code != SUPPRESSED]
    if isinstance(interval, list | tuple) and len(interval) == 2 and n >= ENOUGH:
        low, high = (numbers.percent(float(end), 0) for end in interval)
        told.insert(0, words("trace.interval", low=low, high=high))
    return Trace(formula=formula, cases=cases, window=window, warnings=told)


def _warnings(measure: M) -> list[str]:
    found = measure.get("warnings")
    return [str(code) for code in found] if isinstance(found, list | tuple) else []


def has_warning(measure: M, code: str) -> bool:
    return code in _warnings(measure)


def tile(
    reader: Reader,
    key: str,
    measure: M,
    *,
    label: str = "",
    before: M | None = None,
    month: str = "",
    better: bool | None = None,
    href: str = "",
    note: str = "",
    definition: str = "",
    is_estimate: bool = False,
    suffix: str = "",
    past: Sequence[M] = (),
) -> Tile:
    """A tile of a measure. `before` is the same measure at the end of `month`; `better` True when higher is better; `past`
    the same at the last month-ends."""
    text, tone = change(reader, measure, before, better, month) if before is not None else ("", "")
    prefix = "> " if has_warning(measure, "exhausted") else ""
    return Tile(
        key=key, label=label or reader.label(key), value=prefix + shown(reader, measure, is_estimate=is_estimate) + suffix,
        note=note, change=text, tone="better" if tone == "better" else "worse" if tone == "worse" else "", href=href,
        definition=definition or key, trace=trace(reader, measure), is_words=is_words(measure, is_estimate=is_estimate),
        past=[value(one) for one in past],
    )  # fmt: skip


def is_words(measure: M, *, is_estimate: bool = False) -> bool:
    """Whether `shown` gives a reason instead of a figure."""
    return value(measure) is None or ((is_rate(measure) or is_estimate) and count(measure) < ENOUGH)


def change(reader: Reader, now: M, before: M, better: bool | None, month: str) -> tuple[str, str]:
    """What moved since the month before, in words (an arrow never stands alone), and its tone."""
    new, old = value(now), value(before)
    if new is None or old is None:
        return "", ""
    unit = str(now.get("unit"))
    numbers, words = reader.numbers, reader.words
    moved = new - old
    if unit == "ratio":
        size = words("change.points", n=numbers.points(abs(moved)))
        still = abs(moved) < 0.0005
    elif unit == "days":
        size, still = numbers.days(abs(moved)), abs(moved) < 0.05
    elif unit in ("points", "customers"):
        size, still = numbers.decimal(abs(moved), 0), abs(moved) < 0.5
    else:
        size, still = numbers.money(abs(moved), unit, 0), abs(moved) < 0.5
    if still:
        return words("change.same", month=month), ""
    tone = "" if better is None else "better" if (moved > 0) == better else "worse"
    word = words("change.up" if moved > 0 else "change.down", size=size, month=month)
    return (f"{word} ({words('change.' + tone)})" if tone else word), tone
