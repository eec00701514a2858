"""A page ready for its template: panels by currency, each with tiles, figures and the facts its sentences need."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reports.pages.model import Figure, Tile
from reports.pages.report import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What a page shows in one currency. Figures by their short name."""

    currency: str
    tiles: Sequence[Tile] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    def __getattr__(self, name: str) -> object:
        """`panel.overdue` in a template is the fact of that name; an unknown one raises."""
        try:
            return self.facts[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`name` is the file's stem and the template's; `title` replaces the template's own (one page per segment)."""

    name: str
    panels: Sequence[Panel] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    template: str = ""
    tiles: Sequence[Tile] = ()


Builder = Callable[[Reader], Sequence[Page]]


def every_figure(pages: Sequence[Page]) -> Sequence[Figure]:
    """All figures of all pages, each of which has its CSV."""
    found = [figure for page in pages for figure in page.figures.values()]
    found += [figure for page in pages for panel in page.panels for figure in panel.figures.values()]
    return found
