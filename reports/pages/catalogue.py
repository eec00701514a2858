"""The site's pages in the order of its questions: how much and how late, better or not, where to act, what works…"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.pages import (
    activity,
    ageing,
    cost,
    customers,
    definitions,
    delays,
    forecast,
    overview,
    promises,
    quality,
    recovery,
    risk,
    segments,
    works,
)
from reports.pages.page import Builder, Page
from reports.pages.report import Reader


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation: a question, and the pages that answer it ("" = a page on its own)."""

    key: str
    pages: tuple[str, ...]


BUILDERS: tuple[Builder, ...] = (
    overview.pages, ageing.pages, delays.pages, recovery.pages, customers.pages, segments.pages, promises.pages, risk.pages, works.pages,
    activity.pages, forecast.pages, cost.pages, quality.pages, definitions.pages,
)  # fmt: skip
SECTIONS = (
    Section("", ("index",)),
    Section("owed", ("ageing", "delays")),
    Section("better", ("recovery",)),
    Section("act", ("customers", "segments", "promises", "risk")),
    Section("works", ("works", "activity")),
    Section("coming", ("forecast",)),
    Section("costs", ("cost",)),
    Section("trust", ("quality", "definitions")),
)


# Pages whose every figure survives suppression; the others rest on few customers or name them.
PUBLIC: tuple[Builder, ...] = (
    overview.pages, ageing.pages, delays.pages, recovery.pages, segments.pages, works.pages, risk.pages, quality.pages,
    definitions.pages,
)  # fmt: skip


def all_pages(reader: Reader) -> Sequence[Page]:
    builders = BUILDERS if reader.facts.is_internal else PUBLIC
    return [page for build in builders for page in build(reader)]


def navigation(reader: Reader, names: Sequence[str]) -> list[object]:
    """MkDocs' `nav`: sections in order, only the pages that exist in this edition."""
    found: list[object] = []
    for section in SECTIONS:
        own: list[object] = [{reader.words(f"page.{name}"): f"{name}.md"} for name in section.pages if name in names]
        if not own:
            continue
        if section.key:
            found.append({reader.words(f"nav.{section.key}"): own})
        else:
            found += own
    return found
