"""The guides, the reference and the decisions: pages written by hand, without a figure, the same in both editions.

They live in `site/pages/<language>/{guide,reference,decisions}/` and read well on a forge too; `place` copies them into
the assembled tree and `navigation` lists them. A page says its shelf in its front matter:

    ---
    title: Chaque matin
    shelf: staff
    order: 20
    ---
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from reports.pages.words import SOURCES, typographic
from sync.ledger.words import Language

FOLDERS = ("guide", "reference", "decisions")
SHELVES: Mapping[str, tuple[str, str]] = {
    "staff": ("Edit the sheet", "Tenir la feuille"),
    "cases": ("Cases and rules", "Cas et règles"),
    "tune": ("Tune the reminders", "Régler les relances"),
    "managers": ("Read the figures", "Lire les chiffres"),
    "install": ("Install", "Installer"),
    "develop": ("Develop", "Développer"),
    "reference": ("Reference", "Référence"),
    "decisions": ("Decisions", "Décisions"),
}
_USUAL_SHELF = {"guide": "cases", "reference": "reference", "decisions": "decisions"}
_TITLE = ("Guides", "Mode d’emploi")
_LAST = 999
_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_PICTURE = re.compile(r"^!\[([^\]]+)\]\(([^)\s]+)\)$", re.MULTILINE)
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`|<!--.*?-->)", re.DOTALL | re.MULTILINE)
# Links that are right from a page's place among the sources, and what they are in the site.
_MOVED = (("../../../assets/", "../../assets/"), ("../../../decisions/", "../decisions/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page. `name` is its place in the tree of its language, without suffix; `text` is Markdown as a builder wants it."""

    name: str
    title: str
    shelf: str
    order: int
    text: str
    summary: str = ""


def leaves(language: Language) -> Sequence[Leaf]:
    """All pages of one language in the order of the navigation. Raises ValueError for a page without a title."""
    found = [*_own(language), *_decisions(language)]
    shelves = list(SHELVES)
    return sorted(found, key=lambda leaf: (shelves.index(leaf.shelf), leaf.order, leaf.name))


def place(language: Language, docs: Path) -> None:
    """Write the pages of one language into the assembled tree."""
    for leaf in leaves(language):
        path = docs / f"{leaf.name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(leaf.text, encoding="utf-8")


def navigation(language: Language) -> list[object]:
    """MkDocs' `nav` of the guides: one section, its first page, then a closed group for each shelf."""
    pages = leaves(language)
    inside: list[object] = [{leaf.title: f"{leaf.name}.md"} for leaf in pages if leaf.name == "guide/index"]
    for shelf, titles in SHELVES.items():
        own: list[object] = [
            {leaf.title: f"{leaf.name}.md"} for leaf in pages if leaf.shelf == shelf and leaf.name != "guide/index"
        ]
        if own:
            inside.append({_in(titles, language): own})
    return [{_in(_TITLE, language): inside}] if inside else []


def shelf_title(shelf: str, language: Language) -> str:
    return _in(SHELVES[shelf], language)


def _in(pair: tuple[str, str], language: Language) -> str:
    return pair[1] if language == "fr" else pair[0]


def _own(language: Language) -> Iterator[Leaf]:
    root = SOURCES / "pages" / language
    for folder in FOLDERS:
        for path in sorted((root / folder).glob("*.md")):
            yield _leaf(path, f"{folder}/{path.stem}", _USUAL_SHELF[folder], language)


def _leaf(path: Path, name: str, usual_shelf: str, language: Language) -> Leaf:
    source = path.read_text(encoding="utf-8")
    front = _FRONT.match(source)
    facts = dict(_facts(front[1])) if front else {}
    if front is None or not facts.get("title"):
        raise ValueError(f"{path}: its front matter has no title")
    shelf, title = facts.get("shelf", usual_shelf), typographic(facts["title"], language)
    return Leaf(
        name=name,
        title=title,
        shelf=shelf if shelf in SHELVES else usual_shelf,
        order=int(facts.get("order", _LAST)),
        text=_front(title) + _spaced(_moved(source[front.end() :]), language),
        summary=typographic(facts.get("summary", ""), language),
    )


def _facts(front: str) -> Iterator[tuple[str, str]]:
    """Plain `key: words` lines. Not YAML: French puts a colon in the middle of a sentence."""
    for line in front.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()


def _front(title: str) -> str:
    return f"---\n{yaml.safe_dump({'title': title}, allow_unicode=True)}---\n"


def _decisions(language: Language) -> Iterator[Leaf]:
    """The notes of `site/decisions/`, in English in both trees; the French one says so to screen readers."""
    for path in sorted((SOURCES / "decisions").glob("*.md")):
        heading, _, rest = path.read_text(encoding="utf-8").partition("\n")
        title = heading.removeprefix("# ")
        body = f"# {title}\n{rest}"
        if language == "fr":
            body = f'<div lang="en" markdown="1">\n\n{body}\n\n</div>\n'
        front = yaml.safe_dump({"title": title}, allow_unicode=True)
        yield Leaf(name=f"decisions/{path.stem}", title=title, shelf="decisions", order=_LAST, text=f"---\n{front}---\n{body}")


def _moved(text: str) -> str:
    """Links as they are in the site; each picture leads to itself, larger, and loads when it is about to be seen."""
    for among_sources, in_site in _MOVED:
        text = text.replace(among_sources, in_site)
    return _PICTURE.sub(r"[![\1](\2){ loading=lazy }](\2)", text)


def _spaced(text: str, language: Language) -> str:
    """The spaces of French before its punctuation, everywhere but in code."""
    parts = _CODE.split(text)
    return "".join(part if place % 2 else typographic(part, language) for place, part in enumerate(parts))
