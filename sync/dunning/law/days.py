"""Calendar arithmetic of the law: half-years, same day years later, ends of month."""

from calendar import monthrange
from datetime import date


def half_year_start(day: date) -> date:
    """1 January or 1 July."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def next_half_year(day: date) -> date:
    """The first day of the half-year after the one of `day`."""
    return date(day.year, 7, 1) if day.month <= 6 else date(day.year + 1, 1, 1)


def half_year_name(day: date) -> str:
    """The name people read: "2026-H2"."""
    return f"{day.year}-H{1 if day.month <= 6 else 2}"


def add_months(day: date, months: int) -> date:
    """Same day, `months` later; the last day of the month when that day does not exist."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def add_years(day: date, years: int) -> date:
    """Same day, `years` later; 29 February becomes 28 February (the prudent day for a limitation)."""
    if day.month == 2 and day.day == 29:
        return add_months(day, 12 * years)
    return day.replace(year=day.year + years)


def end_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return date(day.year, day.month, monthrange(day.year, day.month)[1])
