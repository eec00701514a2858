"""How soon a consumer may be written to or called again: the caps of `law/data/contact_hours.csv`, on top of the spacing.

For businesses the settings alone decide; for a consumer the stricter of the two holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global

from sync.dunning.history import WRITTEN, History
from sync.dunning.law.contact_hours import contact_cap, contact_rules, may_contact
from sync.dunning.model import Decision, Settings
from sync.ledger.model import Contact, Invoice
from sync.ledger.words import Channel, Kind, Language

_MOST_ZONES = 3  # a country with more has no hour of its own: the company's is taken


def free_from(
    key: tuple[str, str],
    contact: Contact | None,
    channel: Channel,
    invoices: Iterable[Invoice],
    history: History,
    company_country: str,
) -> date:
    """The first day on which the cap lets this channel reach the customer again; date.min when nothing stands against it."""
    cap = contact_cap((contact.country if contact else "") or company_country, contact.kind if contact else None, channel)
    if cap is None:
        return date.min
    most, window = cap
    due = {invoice.number: invoice.due for invoice in invoices}
    if channel in WRITTEN:
        days = [
            one.day
            for one in history.contacts_of(*key)
            if not one.invoices or any(one.day > due.get(number, date.min) for number in one.invoices)
        ]
    else:
        days = list(
            {act.day for number in due for act in history.acts.get(number, ()) if act.channel == channel and not act.passed}
        )
    recent = sorted(days)[-most:]
    return recent[0] + timedelta(days=window) if len(recent) == most else date.min


def reachable(contacts: Mapping[str, Contact], settings: Settings, now: datetime) -> Callable[[Decision], bool]:
    """Whether a consumer may be written to at `now` (aware): the law's and our own hours, in the customer's local time."""
    holidays_of: dict[str, bool] = {}

    def may(decision: Decision) -> bool:
        contact = contacts.get(decision.customer)
        if contact is None or contact.kind is not Kind.CONSUMER:
            return True
        country = contact.country or settings.country
        for zone in zones_of(country, settings.time_zone):
            moment = now.astimezone(ZoneInfo(zone))
            day = f"{country}|{moment.date()}"
            if day not in holidays_of:
                holidays_of[day] = _is_holiday(country, moment.date())
            if not may_contact(country, contact.kind, decision.channel, moment, holidays_of[day]):
                return False
        return True

    return may


_DAYS = {"fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."), "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def contact_hours_text(country: str, kind: Kind | None, channel: Channel, language: Language) -> str:
    """When a customer of this kind may be called, for the person who does it: all rules together, the strictest of each."""
    rules = contact_rules(country, kind, channel)
    if not rules:
        return ""
    days = sorted(frozenset(range(7)).intersection(*(rule.weekdays for rule in rules if rule.weekdays)))
    opens = max((rule.opens for rule in rules if rule.opens is not None), default=None)
    closes = min((rule.closes for rule in rules if rule.closes is not None), default=None)
    cap = contact_cap(country, kind, channel)
    names = _DAYS[language]
    parts = [f"{names[days[0]]}–{names[days[-1]]}"] if days and len(days) < 7 else []
    if opens is not None and closes is not None:
        parts.append(f"{_hour(opens, language)}–{_hour(closes, language)}")
    if not all(rule.holidays for rule in rules):
        parts.append("hors jours fériés" if language == "fr" else "no public holiday")
    if cap is not None:
        most, window = cap
        parts.append(
            f"{most} fois au plus en {window}\u00a0jours" if language == "fr" else f"at most {most} times in {window} days"
        )
    return ", ".join(parts)


def _hour(hour: time, language: Language) -> str:
    if language == "en":
        return f"{hour:%H:%M}"
    return f"{hour.hour}\u00a0h" + (f"\u00a0{hour.minute:02}" if hour.minute else "")


def zones_of(country: str, company_zone: str) -> Sequence[str]:
    """The time zones of a country; the company's where there are too many to tell, or none is known."""
    found = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return found if 0 < len(found) <= _MOST_ZONES else (company_zone,)


def _is_holiday(country: str, day: date) -> bool:
    try:
        return day in holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return False
