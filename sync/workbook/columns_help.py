"""What each column is for, in the words of the people who fill it: the notes on the headings."""

from typing import NamedTuple

from sync.ledger.words import Language
from sync.workbook.contract import Column, Tab


class Help(NamedTuple):
    en: str
    fr: str


HELP: dict[str, Help] = {}


def help_for(tab: Tab, column: Column, language: Language) -> str:
    said = HELP.get(f"{tab.key}.{column.key}", Help("", ""))
    return said.fr if language == "fr" else said.en
