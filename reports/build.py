"""The shell of the reports: figures of the day, pages from them, and MkDocs Material to make a site of the pages.

Each build assembles its own folder, so that two builds never meet, and replaces the site only once it is whole.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from reports import handbook
from reports.cash import forecasts
from reports.customers import customer_figures
from reports.kpis import kpis_document, segments_of
from reports.measures import stages
from reports.pages.catalogue import all_pages, navigation
from reports.pages.markup import Markup
from reports.pages.numbers import Numbers
from reports.pages.page import every_figure
from reports.pages.report import Edition, Facts, Reader
from reports.pages.templates import Aside, environment, render
from reports.pages.words import LANGUAGES, SOURCES, Words, words
from reports.portfolio import Portfolio, portfolios
from reports.publication import last_month_end, public_document
from reports.stamping import MODEL, model, stamp
from sync.dunning.agreements.promises import promises
from sync.dunning.behaviour.profiles import profiles
from sync.dunning.conclude import Conclusion, conclude
from sync.dunning.model import Rules, Settings
from sync.dunning.why import explain
from sync.errors import UsageError
from sync.ledger.balances import settle
from sync.ledger.collector import collector_paused
from sync.ledger.model import Ledger
from sync.ledger.problems import Problem
from sync.ledger.words import Language

ROOT = SOURCES.parent
MARK = "data/kpis.json"  # a folder that holds it is a site of ours, and may be replaced
Tell = Callable[[str], None]


@collector_paused()  # neither the ledger nor the pages are in cycles that would outlive the command
def build_site(
    *,
    ledger: Ledger,
    rules: Rules,
    conclusion: Conclusion,
    problems: Sequence[Problem],
    site: Path,
    run_at: datetime,
    edition: str = Edition.INTERNAL.value,
    key: str = "",
    tell: Tell | None = None,
    sources: Path | None = None,
) -> Path:
    """Build the site into `site` and return its first page. `key` makes the names of customers' pages.

    `sources`: a new folder where what MkDocs was given stays, with its configuration, for another builder to try.

    Raises UsageError when the site's libraries are missing, or `site` is a folder with something else in it.
    """
    say = tell or (lambda line: None)
    language = rules.settings.language
    _need_libraries(language)
    _refuse_foreign_folder(site, language)
    if Edition(edition) is Edition.PUBLIC:
        facts = public_facts(ledger=ledger, rules=rules, as_of=conclusion.as_of, problems=problems, run_at=run_at)
    else:
        facts = internal_facts(ledger=ledger, rules=rules, conclusion=conclusion, problems=problems, run_at=run_at, key=key)
    site.parent.mkdir(parents=True, exist_ok=True)
    with nullcontext(str(sources.resolve())) if sources else _folder_beside(site) as folder:
        made = Path(folder) / "site"
        for one in LANGUAGES:
            say(words(language)("progress.pages", language=words(language)(f"language.{one}")))
            _build_language(facts, one, Path(folder) / "docs" / one, made / one, say, None if sources else Aside())
        _write_shared(facts, made)
        _replace(made, site)
    return site / "index.html"


def internal_facts(
    *, ledger: Ledger, rules: Rules, conclusion: Conclusion, problems: Sequence[Problem], run_at: datetime, key: str
) -> Facts:
    """All figures of the day, once for both languages."""
    as_of = conclusion.as_of
    segments = segments_of(conclusion.profiles)
    coming = forecasts(ledger, segments, as_of, rules.settings)
    by_currency = portfolios(ledger, as_of)
    acts = _acts(ledger, by_currency)
    document = kpis_document(
        ledger, segments, ledger.journal, as_of, run_at, settings=rules.settings, forecasts=coming, acts=acts
    )  # fmt: skip
    customers = {currency: customer_figures(portfolio) for currency, portfolio in by_currency.items()}
    secret = key.encode() or secrets.token_bytes(32)
    named = sorted({one.customer for lines in customers.values() for one in lines})
    return Facts(
        document=document, ledger=ledger, rules=rules, problems=problems, portfolios=by_currency, customers=customers,
        conclusions={one: told_in(conclusion, ledger, rules, one) for one in LANGUAGES},
        acts=acts, promises=promises(ledger, settle(ledger, as_of), rules.settings), as_of=as_of,
        run_at=run_at.astimezone(ZoneInfo(rules.settings.time_zone)), edition=Edition.INTERNAL,
        slugs={customer: slug_of(customer, secret) for customer in named},
    )  # fmt: skip


def public_facts(*, ledger: Ledger, rules: Rules, as_of: date, problems: Sequence[Problem], run_at: datetime) -> Facts:
    """The last month-end's figures, rounded and with small cells hidden; no fact of the ledger goes with them."""
    day = last_month_end(as_of)
    conclusion = conclude(ledger, rules, day, check_freshness=False)
    segments = segments_of(conclusion.profiles)
    document = kpis_document(ledger, segments, ledger.journal, day, run_at, settings=rules.settings)
    by_currency = portfolios(ledger, day)
    settings = Settings(
        language=rules.settings.language, currency=rules.settings.currency,
        goal_month_collection=rules.settings.goal_month_collection,
    )  # fmt: skip
    return Facts(
        document=public_document(document, by_currency, _acts(ledger, by_currency), segments),
        ledger=Ledger(contacts={}), rules=Rules(settings=settings, cadences=(), routes={}, templates={}),
        problems=[replace(problem, row=0, value="", params={}) for problem in problems], portfolios={}, customers={},
        conclusions={}, acts={}, promises=(), as_of=day, run_at=run_at.astimezone(ZoneInfo(rules.settings.time_zone)),
        edition=Edition.PUBLIC, slugs={},
    )  # fmt: skip


def _acts(ledger: Ledger, by_currency: Mapping[str, Portfolio]) -> Mapping[str, stages.Acts]:
    return {
        currency: stages.acts({item.number: item for item in portfolio.items}, ledger.journal, portfolio.as_of)
        for currency, portfolio in by_currency.items()
    }


def slug_of(customer: str, secret: bytes) -> str:
    """The name of a customer's page: keyed, so that an address tells nothing and cannot be guessed from a list of names."""
    return hmac.new(secret, customer.encode(), hashlib.sha256).hexdigest()[:16]


def told_in(conclusion: Conclusion, ledger: Ledger, rules: Rules, language: Language) -> Conclusion:
    """The same conclusion with its sentences in another language than the company's."""
    if language == rules.settings.language:
        return conclusion
    settings = replace(rules.settings, language=language)
    decisions, views = explain(conclusion.decisions, conclusion.views, replace(conclusion.words, settings=settings))
    known = profiles(
        ledger, conclusion.balances, replace(rules, settings=settings),
        previous={(one.customer, one.currency): one.segment for one in conclusion.profiles},
    )  # fmt: skip
    return replace(conclusion, decisions=decisions, views=views, profiles=known)


def _need_libraries(language: Language) -> None:
    if any(find_spec(name) is None for name in ("mkdocs", "material")):
        raise UsageError(words(language)("progress.no_libraries"))


def _refuse_foreign_folder(site: Path, language: Language) -> None:
    """A folder that holds anything but a site of ours is never emptied."""
    if site.exists() and (not site.is_dir() or (any(site.iterdir()) and not (site / MARK).exists())):
        raise UsageError(words(language)("progress.foreign_folder", folder=site))


def _build_language(facts: Facts, language: Language, docs: Path, out: Path, say: Tell, aside: Aside | None) -> None:
    reader = Reader(
        facts=facts, language=language, words=words(language), numbers=Numbers(language, is_whole=not facts.is_internal)
    )
    docs.mkdir(parents=True)
    pages = all_pages(reader)
    env = environment(reader)
    for page in pages:
        (docs / f"{page.name}.md").write_text(render(page, reader, env, aside=aside), encoding="utf-8")
    markup = Markup(numbers=reader.numbers, words=reader.words)
    data = docs / "data"
    data.mkdir()
    for figure in every_figure(pages):
        (data / f"{figure.key}.csv").write_text(markup.csv(figure.table), encoding="utf-8", newline="")
    handbook.place(language, docs)
    if not facts.is_internal:
        _unlink_missing(docs)
    if facts.slugs:
        (docs / "customers").mkdir()
        (docs / f"{MODEL}.md").write_text(model(), encoding="utf-8")
    _run_mkdocs(_configuration(reader, [page.name for page in pages], docs, out), docs.parent)
    if aside is not None:
        _put_back(aside, [out / f"{page.name}.html" for page in pages])
    if facts.slugs:
        told = words(facts.settings.language)  # the log speaks the company's language, whichever pages are made
        stamp(reader, out, lambda done, of: say(told("progress.customers", done=done, of=of)))
    for name in ("sitemap.xml", "sitemap.xml.gz"):  # nothing is to be indexed
        (out / name).unlink(missing_ok=True)


_LINK = re.compile(r"\[([^\]\n]+)\]\(([^)#\s:]+\.md)(?:#[^)\s]*)?\)")


def _unlink_missing(docs: Path) -> None:
    """A guide may speak of a page that the public edition does not have: the words stay, the link goes."""
    for path in docs.rglob("*.md"):
        text = path.read_text(encoding="utf-8")

        def kept(link: re.Match[str], folder: Path = path.parent) -> str:
            return link[0] if (folder / link[2]).exists() else link[1]

        shown = _LINK.sub(kept, text)
        if shown != text:
            path.write_text(shown, encoding="utf-8")


def _put_back(aside: Aside, built: Sequence[Path]) -> None:
    for path in built:
        path.write_text(aside.put_back(path.read_text(encoding="utf-8")), encoding="utf-8")


def _folder_beside(site: Path) -> tempfile.TemporaryDirectory[str]:
    """On the site's own disk, so that the new site takes its place by a rename."""
    return tempfile.TemporaryDirectory(prefix=f".{site.name}-", dir=site.parent.resolve())


def _configuration(reader: Reader, names: Sequence[str], docs: Path, out: Path) -> Mapping[str, object]:
    """What differs from `mkdocs.yml`: the folders, the language, the navigation, the words of the frame."""
    label = reader.words
    company = reader.facts.settings.company
    return {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "site_name": f"{label('site.name')} – {company}" if company and reader.facts.is_internal else label("site.name"),
        "site_description": label("site.description"),
        "docs_dir": str(docs),
        "site_dir": str(out),
        "theme": {"language": reader.language, "custom_dir": str(SOURCES / "theme"), "palette": _palette(label)},
        "nav": [*navigation(reader, names), *handbook.navigation(reader.language)],
        "copyright": label("site.footer", made=reader.numbers.day(reader.facts.run_at.date())),
        "extra": {
            "as_of": reader.numbers.day(reader.facts.as_of),
            "edition": reader.facts.edition.value,
            "alternate": [{"lang": one, "name": words(one)("language.own"), "link": f"../{one}/"} for one in LANGUAGES],
            "ui": {
                key: label(f"ui.{key}")
                for key in (
                    "search",
                    "to_light",
                    "to_dark",
                    "to_system",
                    "filter",
                    "close",
                    "table",
                    "loading",
                    "static",
                    "interactive",
                    "sort",
                    "rows",
                    "no_row",
                )
            },
        },
    }


def _palette(label: Words) -> Sequence[Mapping[str, object]]:
    """Light, dark or the device's choice; each button says what it leads to."""
    return [
        {"media": "(prefers-color-scheme)", "toggle": {"icon": "material/theme-light-dark", "name": label("ui.to_light")}},
        {"media": "(prefers-color-scheme: light)", "scheme": "default",
         "toggle": {"icon": "material/weather-sunny", "name": label("ui.to_dark")}},
        {"media": "(prefers-color-scheme: dark)", "scheme": "slate",
         "toggle": {"icon": "material/weather-night", "name": label("ui.to_system")}},
    ]  # fmt: skip


def _run_mkdocs(configuration: Mapping[str, object], folder: Path) -> None:
    """One quiet MkDocs build."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    path = folder / f"mkdocs.{Path(str(configuration['docs_dir'])).name}.yml"
    path.write_text(yaml.safe_dump(dict(configuration), allow_unicode=True, sort_keys=False), encoding="utf-8")
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    build(load_config(str(path)))


def _write_shared(facts: Facts, made: Path) -> None:
    """What both languages share: the figures as data, the assets, and a first page that leads to the company's language."""
    data = made / "data"
    data.mkdir(parents=True, exist_ok=True)
    text = json.dumps(facts.document, ensure_ascii=False, indent=1, allow_nan=False)
    (data / "kpis.json").write_text(text + "\n", encoding="utf-8")
    shutil.copytree(SOURCES / "assets", made / "assets", dirs_exist_ok=True)
    first = (SOURCES / "root.html").read_text(encoding="utf-8")
    (made / "index.html").write_text(first.replace("{language}", facts.settings.language), encoding="utf-8")
    for language in LANGUAGES:
        index = made / language / "search" / "search_index.json"
        (index.parent / "search_index.js").write_text(f"var __index = {index.read_text(encoding='utf-8')}", encoding="utf-8")


def _replace(made: Path, site: Path) -> None:
    """The old site goes only when the new one is whole."""
    if site.exists():
        shutil.rmtree(site)
    shutil.move(made, site)
