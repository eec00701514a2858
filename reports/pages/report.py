"""What all pages read: the figures, the facts behind them, who reads and in which language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, cast

from reports.customers import CustomerFigures
from reports.definitions import BY_KEY, REASONS
from reports.measures.stages import Acts
from reports.pages.model import Gap, Link
from reports.pages.numbers import Numbers
from reports.pages.words import Words
from reports.portfolio import Portfolio
from sync.dunning.agreements.promises import Promise
from sync.dunning.conclude import Conclusion
from sync.dunning.model import Rules, Settings
from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.words import Language

T = TypeVar("T")


class Edition(StrEnum):
    """INTERNAL names everybody and opens from a folder; PUBLIC holds rounded aggregates of month-ends."""

    INTERNAL = "internal"
    PUBLIC = "public"


M = Mapping[str, object]  # a measure as in kpis.json
ENOUGH = 5  # a rate on fewer cases is not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything known about the day, whatever the language. `document` is kpis.json."""

    document: Mapping[str, object]
    ledger: Ledger
    rules: Rules
    conclusions: Mapping[Language, Conclusion]  # the same, told in each language
    problems: Sequence[Problem]
    portfolios: Mapping[str, Portfolio]
    customers: Mapping[str, Sequence[CustomerFigures]]  # by currency, the most overdue first; empty in the public edition
    acts: Mapping[str, Acts]  # what the journal says of the steps, by currency
    promises: Sequence[Promise]
    as_of: date
    run_at: datetime
    edition: Edition
    slugs: Mapping[str, str]  # customer -> page name, empty in the public edition
    made: dict[tuple[object, ...], object] = field(default_factory=dict, repr=False, compare=False)

    def once(self, make: Callable[..., T], *arguments: object, key: tuple[object, ...]) -> T:
        """`make(*arguments)`, computed for the first language and kept for the other under its name and `key`."""
        place = (make.__module__, make.__qualname__, *key)
        if place not in self.made:
            self.made[place] = make(*arguments)
        return cast(T, self.made[place])

    @property
    def settings(self) -> Settings:
        return self.rules.settings

    @property
    def is_internal(self) -> bool:
        return self.edition is Edition.INTERNAL

    @property
    def currencies(self) -> Sequence[str]:
        """The company's own currency first, then the others."""
        panels = self.document["currencies"]
        assert isinstance(panels, Mapping)
        return sorted(panels, key=lambda currency: (currency != self.settings.currency, currency))

    def panel(self, currency: str) -> Mapping[str, object]:
        panels = self.document["currencies"]
        assert isinstance(panels, Mapping)
        found = panels[currency]
        assert isinstance(found, Mapping)
        return found

    def name(self, customer: str) -> str:
        contact = self.ledger.contacts.get(customer)
        return (contact.name if contact is not None else "") or customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One language's view of the facts."""

    facts: Facts
    language: Language
    words: Words
    numbers: Numbers

    @property
    def conclusion(self) -> Conclusion:
        return self.facts.conclusions[self.language]

    def customer(self, customer: str) -> Link | str:
        """The customer's name, leading to its page where there is one."""
        slug = self.facts.slugs.get(customer)
        name = self.facts.name(customer)
        return Link(name, f"customers/{slug}.html") if slug else name

    def label(self, key: str) -> str:
        """A figure's name: the page's short one, else the title of its definition."""
        short = f"measure.{key}"
        return self.words(short) if self.words.has(short) else BY_KEY[key].title.of(self.language)

    def reason(self, code: str) -> str:
        """Why a figure is missing, or what to mind about it, as a sentence's start; "" for an unknown code."""
        if self.words.has(f"why.{code}"):
            return self.words(f"why.{code}")
        text = REASONS[code].of(self.language) if code in REASONS else ""
        return text[:1].upper() + text[1:]

    def gap(self, measure: M) -> Gap:
        """Why a figure is missing, in words."""
        return Gap(self.reason(str(measure.get("why_null") or "")) or self.words("why.none"))

    def too_few(self, n: int) -> Gap:
        return Gap(self.words("why.too_few", n=n) if n != 1 else self.words("why.one_case"))


def part(panel: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    """A branch of the document, {} when it does not exist."""
    found: object = panel
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def value(measure: M) -> float | None:
    found = measure.get("value")
    return float(found) if isinstance(found, int | float) else None


def count(measure: M) -> int:
    found = measure.get("n")
    return found if isinstance(found, int) else 0


def months(panel: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = panel.get("months")
    return found if isinstance(found, Sequence) and not isinstance(found, str) else ()


def month_day(entry: Mapping[str, object]) -> date:
    """First day of a month's entry."""
    return date.fromisoformat(f"{entry['month']}-01")
