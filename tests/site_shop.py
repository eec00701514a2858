"""Sites for tests: the demo's portfolio (or any ledger) built in memory into a folder, and its pages read back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from lxml import html
from raw_tabs import raw

from reports.build import build_site
from sync.demo.portfolio import portfolio
from sync.dunning.conclude import Conclusion, conclude
from sync.dunning.configuration import read_rules
from sync.dunning.model import Rules
from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.reading import read_ledger
from sync.ledger.words import Language
from sync.workbook.tabs import RawTab

AS_OF = date(2026, 3, 18)
RUN_AT = datetime(2026, 3, 18, 17, 30, tzinfo=UTC)
KEY = "a key for tests"


@dataclass(frozen=True, slots=True)
class Known:
    """What a run knows when it builds a site."""

    ledger: Ledger
    rules: Rules
    conclusion: Conclusion
    problems: Sequence[Problem]


def demo_tabs(language: Language = "fr", as_of: date = AS_OF) -> dict[str, RawTab]:
    return {key: raw(key, rows) for key, rows in portfolio(as_of, language).items()}


def known(tabs: Mapping[str, RawTab], as_of: date = AS_OF) -> Known:
    rules = read_rules(tabs)
    settings = rules.settings
    ledger, problems = read_ledger(
        tabs, language=settings.language, currency=settings.currency, terms=settings.terms, as_of=as_of, real_today=as_of
    )
    return Known(ledger, rules, conclude(ledger, rules, as_of), [*rules.problems, *problems])


def build(of: Known, site: Path, edition: str = "internal", key: str = KEY, said: list[str] | None = None) -> Path:
    lines: list[str] = [] if said is None else said
    build_site(
        ledger=of.ledger, rules=of.rules, conclusion=of.conclusion, problems=of.problems, site=site, run_at=RUN_AT,
        edition=edition, key=key, tell=lines.append,
    )  # fmt: skip
    return site


def pages(site: Path, language: str = "*") -> Iterator[Path]:
    """Every HTML page of the site but the errors' one, in order."""
    yield from (path for path in sorted(site.glob(f"{language}/**/*.html")) if path.name != "404.html")


def page(site: Path, name: str) -> html.HtmlElement:
    return html.fromstring((site / name).read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A shown number as a CSV writes it: no thousands, no unit, an ordinary minus."""
    return re.sub(r"[\u202f\u00a0 €£$%]", "", text).replace("\u2212", "-")
