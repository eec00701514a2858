"""What each column is for, in the words of the people who fill it: the notes on the headings."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sync.ledger.words import Language
from sync.workbook.contract import Column, Tab, Who

_WRITTEN_BY_RELANCE = {"en": "Written by Relance.", "fr": "Écrit par Relance."}


@cache
def _texts(language: Language) -> Mapping[str, Mapping[str, str]]:
    source = files(__package__).joinpath(f"columns_help_{language}.toml").read_text("utf-8")
    return tomllib.loads(source)


def help_for(tab: Tab, column: Column, language: Language) -> str:
    """The note of a column, with a word on who writes it. Raises KeyError for a column without a note."""
    texts = _texts(language)
    own = texts[tab.key].get(column.key) or texts["any"][column.key]
    said = _WRITTEN_BY_RELANCE[language]
    mixed_or_told = column.who is not Who.RELANCE or said in own or column.key in texts["any"]
    return own if mixed_or_told or tab.key in ("journal", "problems") else f"{own}\n{said}"
