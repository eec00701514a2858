"""The words of documents: `texts/<language>/documents.toml`, with French spaces put in when it is loaded.

Tables named `patterns` hold regular expressions and stay as they are typed.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sync.ledger.agreement import agreeing
from sync.ledger.words import Language
from sync.letters.typography import set_type


@cache
def words(language: Language) -> Mapping[str, Any]:
    """{section: {name: text, or list of texts}}. Raises KeyError through `[]` for a name that is not there."""
    source = (files("sync.letters") / "texts" / language / "documents.toml").read_text("utf-8")
    found: Mapping[str, Any] = _typed(tomllib.loads(source), language)
    return found


def _typed(value: Any, language: Language) -> Any:
    match value:
        case str():
            return set_type(value, language)
        case dict():
            return {key: one if key == "patterns" else _typed(one, language) for key, one in value.items()}
        case list():
            return [_typed(one, language) for one in value]
        case _:
            return value


def said(key: str, language: Language, **named: object) -> str:
    """A sentence to the person at the keyboard."""
    text: str = words(language)["said"][key]
    return text.format(**agreeing(named, language))
