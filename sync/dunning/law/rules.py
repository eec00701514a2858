"""Which interest rule applies to a customer.

The choice, from the most particular to the most general:

1. what was agreed with this customer (`Contact.interest_rate`: "10.5" or "3x legal"), except with a public buyer, whose rate the
   law fixes;
2. the setting `interest_rule`, for the customers of the kind it is made for (a business rule never reaches a consumer);
3. the rule of the **customer's** country and kind (a blank country is the company's). A debtor abroad is asked for what its own
   law gives: the sum least open to dispute, and the one its court applies by itself. A company whose contracts choose another law
   says so with the setting.

An unknown kind has no rule: a business rate or the fixed sum must never be asked from a consumer by mistake.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache

from sync.dunning.law.tables import table, table_country
from sync.dunning.model import Settings
from sync.ledger.model import Contact
from sync.ledger.words import Kind


class Fixing(StrEnum):
    """How long the rate of a day stays."""

    HALF_YEAR = "half_year"  # each day carries the rate of its own half-year
    START = "start"  # the rate of the first interest day stays until payment
    FLAT = "flat"  # a rate written in the law or in the contract
    AGREED = "agreed"  # a contract rate that the contact must give
    UNDECIDED = "undecided"  # the sources contradict each other: counsel decides
    NONE = "none"  # no interest by law


class Starts(StrEnum):
    """The day after which interest runs."""

    DUE = "due"
    NOTICE = "notice"  # receipt of the formal notice
    NEVER = "never"


# Identity is equality (and a fast key): a rule is either a row of the table or cached by what was agreed.
@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class InterestRule:
    """One row of `data/interest_rules.csv`: rate = reference x multiplier + margin, rounded up to a step where the law says so.

    `kinds` holds None where the rule also stands for a customer of unknown kind. `notice_days` come on top of the notice.
    `floor_rate` x `floor_multiplier`: an agreed rate below it is not valid. `cap_rule`: an agreed rate is cut to that rule's.
    """

    rule_id: str
    country: str
    applies_in: frozenset[str]
    kinds: frozenset[Kind | None]
    by_default: bool
    reference: str = ""
    margin: Decimal = Decimal(0)
    multiplier: Decimal = Decimal(1)
    flat_rate: Decimal | None = None
    round_up_to: Decimal | None = None
    fixing: Fixing
    starts: Starts
    notice_days: int = 0
    yearly_compounding: bool = False
    floor_rate: str = ""
    floor_multiplier: Decimal = Decimal(0)
    cap_rule: str = ""
    legal_reference: str = ""
    source: str = ""
    confidence: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class NoRule:
    """Why no rule applies. `why` is "kind_unknown", or "rate_missing" with `missing` in words."""

    why: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """What a contract says: `percent` a year, or `times_legal` the French legal rate for professionals."""

    percent: Decimal | None = None
    times_legal: Decimal | None = None


_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d+)?|100)\s*%?")
_TIMES_LEGAL = re.compile(
    r"(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:x|×|\*|fois)\s*(?:le\s+)?(?:taux\s+)?(?:d.int[eé]r[eê]t\s+)?l[eé]gal(?:\s+rate)?",
    re.IGNORECASE,
)


def parse_agreed_rate(text: str) -> AgreedRate | None:
    """Reads `10.5`, `10,5 %`, `3x legal`, `3 × légal`, `3 fois le taux légal`. None for "". ValueError for anything else."""
    plain = " ".join(text.split())
    if not plain:
        return None
    if found := _PERCENT.fullmatch(plain):
        return AgreedRate(percent=Decimal(found[1].replace(",", ".")))
    if found := _TIMES_LEGAL.fullmatch(plain):
        return AgreedRate(times_legal=Decimal(found[1].replace(",", ".")))
    raise ValueError(text)


@cache
def interest_rules() -> Mapping[str, InterestRule]:
    """Every rule of the table by its id: what the setting `interest_rule` may say."""
    return {row["rule_id"]: _rule(row) for row in table("interest_rules")}


def _rule(cells: Mapping[str, str]) -> InterestRule:
    kinds = frozenset(None if word == "unknown" else Kind(word) for word in cells["kinds"].split("|"))
    return InterestRule(
        rule_id=cells["rule_id"],
        country=cells["country"],
        applies_in=frozenset(cells["applies_in"].split("|")),
        kinds=kinds,
        by_default=cells["by_default"] == "yes",
        reference=cells["reference_rate"],
        margin=Decimal(cells["margin_points"]),
        multiplier=Decimal(cells["multiplier"]),
        flat_rate=Decimal(cells["flat_rate"]) if cells["flat_rate"] else None,
        round_up_to=Decimal(cells["round_up_to"]) if cells["round_up_to"] else None,
        fixing=Fixing(cells["fixing"]),
        starts=Starts(cells["starts"]),
        notice_days=int(cells["notice_days"]),
        yearly_compounding=cells["compounding"] == "yearly",
        floor_rate=cells["floor_rate"],
        floor_multiplier=Decimal(cells["floor_multiplier"] or 0),
        cap_rule=cells["cap_rule"],
        legal_reference=cells["legal_reference"],
        source=cells["source"],
        confidence=cells["confidence"],
        notes=cells["notes"],
    )


def country_of(creditor_country: str, debtor: Contact | None) -> str:
    """The customer's country as the tables write it; the company's when the contact says none."""
    return table_country((debtor.country if debtor is not None else "") or creditor_country)


def find_rule(creditor_country: str, debtor: Contact | None, settings: Settings) -> InterestRule | NoRule:
    """The rule for this customer, or why there is none."""
    kind = debtor.kind if debtor is not None else None
    agreed = debtor.interest_rate if debtor is not None else ""
    return choose_rule(country_of(creditor_country, debtor), kind, agreed, settings.interest_rule)


def rule_for(creditor_country: str, debtor: Contact | None, settings: Settings) -> InterestRule | None:
    """The rule for this customer; None when its kind is unknown, or no rule of its country is known (`find_rule` says which)."""
    found = find_rule(creditor_country, debtor, settings)
    return found if isinstance(found, InterestRule) else None


@lru_cache(maxsize=4096)
def choose_rule(country: str, kind: Kind | None, agreed_text: str, setting: str) -> InterestRule | NoRule:
    """`find_rule` on the four things that matter; `country` as the tables write it."""
    by_law = _by_law(country, kind)
    if kind is None:
        return by_law or NoRule("kind_unknown")
    try:
        agreed = parse_agreed_rate(agreed_text)
    except ValueError:
        return NoRule("rate_missing", f"“{agreed_text}”")
    if agreed is not None and (kind is not Kind.PUBLIC or by_law is None):
        return _agreed_rule(agreed, country, kind, by_law)
    if setting:
        chosen = interest_rules().get(setting)
        if chosen is None:
            return NoRule("rate_missing", setting)
        if kind in chosen.kinds and chosen.fixing is not Fixing.AGREED:
            by_law = chosen
    if by_law is None:
        return NoRule("rate_missing", f"{country} {kind}")
    if by_law.fixing is Fixing.UNDECIDED:
        return NoRule("rate_missing", f"{by_law.rule_id}_HALF_YEAR")
    return by_law


def _by_law(country: str, kind: Kind | None) -> InterestRule | None:
    for rule in interest_rules().values():
        if rule.by_default and country in rule.applies_in and kind in rule.kinds:
            return rule
    return None


def _agreed_rule(agreed: AgreedRate, country: str, kind: Kind, by_law: InterestRule | None) -> InterestRule:
    """The contract's rate. It takes its start and compounding from the law of the kind, and the French floor in France."""
    rules = interest_rules()
    contract = rules["FR_B2B_CONTRACT" if agreed.times_legal is None else "FR_B2B_3X_LEGAL"]
    if by_law is not None:
        contract = replace(
            contract, notice_days=by_law.notice_days, yearly_compounding=by_law.yearly_compounding, cap_rule=by_law.cap_rule
        )
    if agreed.times_legal is None:
        contract = replace(contract, rule_id="AGREED_RATE", fixing=Fixing.FLAT, flat_rate=agreed.percent)
    else:
        contract = replace(contract, multiplier=agreed.times_legal)
    if country != "FR" or kind is not Kind.BUSINESS:
        contract = replace(contract, floor_rate="", legal_reference="", source="", notes="")
    return replace(
        contract,
        country=country,
        applies_in=frozenset({country}),
        kinds=frozenset({kind}),
        starts=Starts.NOTICE if kind is Kind.CONSUMER or (by_law is not None and by_law.starts is Starts.NOTICE) else Starts.DUE,
    )


def references_in_use(contacts: Iterable[Contact], settings: Settings) -> frozenset[str]:
    """The names of the rates that these customers' rules need (for `rates.expiring`)."""
    found = {find_rule(settings.country, contact, settings) for contact in contacts}
    rules = [rule for rule in found if isinstance(rule, InterestRule)]
    return frozenset(name for rule in rules for name in (rule.reference, rule.floor_rate) if name)
