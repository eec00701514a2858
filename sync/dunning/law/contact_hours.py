"""When and how often a customer may be contacted: days, hours and caps by country, kind and channel, as dated data.

Every row of `data/contact_hours.csv` that matches must allow the moment: a country's law comes on top of the product's own rule.
"""

from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from sync.dunning.law.tables import table, table_country
from sync.ledger.words import Channel, Kind

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class ContactRule:
    """One row. `opens` is allowed, `closes` is not; None = any hour. `weekdays` Monday = 0, empty = any day.

    `max_contacts` in any `per_days` days, None = no cap. `origin`: "law", or "product" for our own prudence.
    """

    weekdays: frozenset[int]
    opens: time | None
    closes: time | None
    holidays: bool
    max_contacts: int | None
    per_days: int | None
    origin: str
    legal_reference: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Permission:
    """True when allowed. Else `why`: "day", "hour" or "holiday", and the rule that says so."""

    allowed: bool
    why: str = ""
    rule: ContactRule | None = None

    def __bool__(self) -> bool:
        return self.allowed


@lru_cache(maxsize=512)
def contact_rules(country: str, kind: Kind | None, channel: Channel) -> tuple[ContactRule, ...]:
    """The rows for this country (ISO 3166), kind and channel."""
    word = kind if kind is not None else "unknown"
    return tuple(
        ContactRule(
            frozenset(_DAYS.index(day) for day in row["days"].split("|") if day),
            time.fromisoformat(row["opens"]) if row["opens"] else None,
            time.fromisoformat(row["closes"]) if row["closes"] else None,
            row["holidays"] == "yes",
            int(row["max_contacts"]) if row["max_contacts"] else None,
            int(row["per_days"]) if row["per_days"] else None,
            row["origin"],
            row["legal_reference"],
            row["confidence"],
        )
        for row in table("contact_hours")
        if row["countries"] in ("*", table_country(country))
        and word in row["kinds"].split("|")
        and channel in row["channels"].split("|")
    )


def may_contact(country: str, kind: Kind | None, channel: Channel, moment: datetime, is_holiday: bool = False) -> Permission:
    """Whether the customer may be contacted at `moment`, in the customer's local time. `is_holiday`: a public holiday there."""
    for rule in contact_rules(country, kind, channel):
        if rule.weekdays and moment.weekday() not in rule.weekdays:
            return Permission(False, "day", rule)
        if is_holiday and not rule.holidays:
            return Permission(False, "holiday", rule)
        hour = moment.time()
        if (rule.opens is not None and hour < rule.opens) or (rule.closes is not None and hour >= rule.closes):
            return Permission(False, "hour", rule)
    return Permission(True)


def contact_cap(country: str, kind: Kind | None, channel: Channel) -> tuple[int, int] | None:
    """(contacts, days): the tightest cap, e.g. (2, 7) = two in seven days. None when there is none."""
    caps = [
        (rule.max_contacts, rule.per_days)
        for rule in contact_rules(country, kind, channel)
        if rule.max_contacts is not None and rule.per_days is not None
    ]
    return min(caps, key=lambda cap: cap[0] / cap[1]) if caps else None
