"""How soon a consumer may be written to or called again: the caps of `law/data/contact_hours.csv`, on top of the spacing.

For businesses the settings alone decide; for a consumer the stricter of the two holds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
from babel.core import get_global

from sync.dunning.history import WRITTEN, History
from sync.dunning.law.contact_hours import contact_cap, may_contact
from sync.dunning.model import Decision, Settings
from sync.ledger.model import Contact, Invoice
from sync.ledger.words import Channel, Kind

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
        days = list({act.day for number in due for act in history.acts.get(number, ()) if act.channel == channel and not act.passed})
    recent = sorted(days)[-most:]
    return recent[0] + timedelta(days=window) if len(recent) == most else date.min


def reachable(
    contacts: Mapping[str, Contact], settings: Settings, now: datetime
) -> Callable[[Decision], bool]:
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


def zones_of(country: str, company_zone: str) -> Sequence[str]:
    """The time zones of a country; the company's where there are too many to tell, or none is known."""
    found = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return found if 0 < len(found) <= _MOST_ZONES else (company_zone,)


def _is_holiday(country: str, day: date) -> bool:
    try:
        return day in holidays.country_holidays(country, years=day.year)
    except NotImplementedError:
        return False
