"""The words of the pages: `site/texts/<language>.toml` for labels, `site/pages/<language>/` for prose and captions."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sync.ledger.words import Language

SOURCES = Path(__file__).parent.parent.parent / "site"
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The labels of one language, by dotted key. A key that does not exist raises KeyError: no page shows a raw key."""

    language: Language
    labels: Mapping[str, str]

    def __call__(self, key: str, **named: object) -> str:
        text = self.labels[key]
        return text.format(**named) if named else text

    def has(self, key: str) -> bool:
        return key in self.labels


@cache
def words(language: Language) -> Words:
    path = SOURCES / "texts" / f"{language}.toml"
    labels = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return Words(language, {key: typographic(text, language) for key, text in labels.items()})


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = str(value)
    return found


_BEFORE = re.compile(r" ([;!?»%€])")
_COLON = re.compile(r" :(?=\s|$)", re.MULTILINE)


def typographic(text: str, language: Language) -> str:
    """French spaces: narrow and unbreakable before ; ! ?, unbreakable before : % € and inside guillemets."""
    if language != "fr":
        return text
    text = _BEFORE.sub(lambda found: ("\u202f" if found[1] in ";!?" else "\u00a0") + found[1], text)
    return _COLON.sub("\u00a0:", text).replace("« ", "«\u00a0")
