"""The prose of the pages: Jinja templates in `site/pages/<language>/`, given figures, tiles and formats to call."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup as Safe

from reports.pages.markup import Markup
from reports.pages.model import Figure
from reports.pages.page import Page, Panel
from reports.pages.report import Reader
from reports.pages.words import SOURCES, typographic
from sync.ledger.words import Language

_SPACES = re.compile(r"[ \t\n]+")  # never the unbreakable ones


class _Prose(FileSystemLoader):
    """Templates with the spaces of their language, so that authors type plain ones."""

    def __init__(self, language: Language) -> None:
        super().__init__(SOURCES / "pages" / language)
        self.language = language

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, fresh = super().get_source(environment, template)
        return typographic(source, self.language), path, fresh


def environment(reader: Reader) -> Environment:
    """Names and filters that the templates use. An unknown name stops the build rather than leave a hole in a sentence."""
    loader: BaseLoader = _Prose(reader.language)
    env = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, lstrip_blocks=True, auto_reload=False)
    numbers = reader.numbers
    env.filters |= {
        "money": lambda value, currency, places=0: numbers.money(value, currency, places),
        "percent": lambda value, places=1: numbers.percent(value, places),
        "points": lambda value, places=1: numbers.points(abs(value), places),
        "days": lambda value, places=1: numbers.days(value, places),
        "number": lambda value, places=0: numbers.decimal(value, places),
        "day": lambda value: numbers.day(_date(value)),
        "month": lambda value: numbers.month(_date(value)),
    }
    env.globals |= {"words": reader.words, "Decimal": Decimal}
    return env


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


LONG = 1_000  # characters of a table or a drawing that Markdown and the search need not read


_KEPT = re.compile(r"<div>(RELANCE-PIECE-\d+-)</div>")


@dataclass(slots=True)
class Aside:
    """Tables and drawings kept out of the Markdown: a mark stands there until the page is built."""

    pieces: dict[str, str] = field(default_factory=dict)

    def keep(self, text: str) -> str:
        """The text itself, or the mark that stands for it."""
        if len(text) < LONG:
            return text
        mark = f"RELANCE-PIECE-{len(self.pieces)}-"
        self.pieces[mark] = text
        return f"<div>{mark}</div>"

    def put_back(self, page: str) -> str:
        return _KEPT.sub(lambda found: self.pieces[found[1]], page)


def render(page: Page, reader: Reader, env: Environment, up: str = "", suffix: str = "md", aside: Aside | None = None) -> str:
    """A page's Markdown, or the HTML of a page that is stamped. `up` leads from it to the language's root."""
    markup = Markup(numbers=reader.numbers, words=reader.words, up=up, carries_csv=suffix == "html")

    def figure(shown: Figure, caller: Callable[[], str], is_open: bool = False) -> Safe:
        caption = _SPACES.sub(" ", str(caller())).strip(" ")
        return Safe(markup.figure(shown, caption, is_open=is_open, keep=aside.keep if aside is not None else str))

    context: dict[str, Any] = {
        "page": page,
        "panels": page.panels,
        "figures": page.figures,
        "figure": figure,
        "tiles": lambda panel: Safe(markup.tiles(panel.tiles)),
        "page_tiles": Safe(markup.tiles(page.tiles)) if page.tiles else "",
        "heading": lambda panel: Safe(_heading(panel, page, reader)),
        "stamp": Safe(_stamp(reader)),
        "is_internal": reader.facts.is_internal,
        "as_of": reader.facts.as_of,
        **page.facts,
    }
    return env.get_template(f"{page.template or page.name}.{suffix}").render(context)


def _heading(panel: Panel, page: Page, reader: Reader) -> str:
    """Several currencies are never added: each has its own part of the page."""
    if len(page.panels) < 2:
        return ""
    label = reader.words("ui.currency", currency=panel.currency)
    return f'\n<h2 class="currency" id="{panel.currency.lower()}">{label}</h2>\n'


def _stamp(reader: Reader) -> str:
    """Which day the page speaks of, and when it was made: on screen and on paper."""
    day = reader.numbers.day(reader.facts.as_of)
    made = reader.facts.run_at
    text = reader.words("ui.stamp", day=day, made=reader.numbers.short_day(made.date()), hour=f"{made:%H:%M}")
    kind = reader.words(f"edition.{reader.facts.edition.value}")
    return f'<p class="stamp" data-search-exclude="1"><span>{text}</span> <span class="edition">{kind}</span></p>'
