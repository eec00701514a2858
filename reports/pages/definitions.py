"""The definitions page, made from the same table as the code, and the glossary of the site's own words."""

from collections.abc import Mapping, Sequence

from reports.definitions import DEFINITIONS
from reports.pages.page import Page
from reports.pages.report import Reader

THEMES: Sequence[tuple[str, Sequence[int]]] = (
    ("owed", (0, 1, 2)), ("delays", (3, 4, 5)), ("collection", (6, 7, 8)), ("works", (9,)), ("promises", (10, 12)),
    ("coming", (16,)), ("risk", (11, 14, 15)), ("cost", (13, 17)),
)  # fmt: skip


def pages(reader: Reader) -> Sequence[Page]:
    themes = []
    for theme, sections in THEMES:
        entries = [entry(reader, one) for one in DEFINITIONS if one.section in sections]
        if entries:
            themes.append({"title": reader.words(f"theme.{theme}"), "entries": entries})
    return [Page(name="definitions", facts={"themes": themes})]


def entry(reader: Reader, one: object) -> Mapping[str, object]:
    from reports.definitions import Definition

    assert isinstance(one, Definition)
    language = reader.language
    better = {True: "up", False: "down", None: "none"}[one.higher_is_better]
    return {
        "anchor": one.key.replace(".", "-"),
        "title": one.title.of(language),
        "formula": one.formula.of(language),
        "caution": one.caution.of(language) if one.caution is not None else "",
        "better": reader.words(f"better.{better}"),
        "unit": reader.words(f"unit.{one.unit}"),
        "key": one.key,
    }
