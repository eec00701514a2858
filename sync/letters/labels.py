"""The few words that stand outside texts: headings and sums of tables, and the word lists that texts are checked with."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sync.ledger.words import Language
from sync.letters.typography import set_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    default_subject: str
    preview_subject: str
    statement_headings: tuple[str, ...]
    total: str
    unallocated: str
    interest: str  # {as_of}
    compensation: str
    to_pay: str
    other_invoices: str  # {n}
    calculation_headings: tuple[str, ...]
    other_periods: str  # {n}
    early_headings: tuple[str, ...]
    schedule_headings: tuple[str, ...]
    schedule_discount: str
    example: dict[str, str]
    disclosing: tuple[str, ...]  # regular expressions
    risky: tuple[str, ...]


@cache
def labels(language: Language) -> Labels:
    source = (files("sync.letters") / "texts" / language / "labels.toml").read_text("utf-8")
    table: dict[str, Any] = tomllib.loads(source)
    statement, calculation, words = table["statement"], table["calculation"], table["words"]

    def typed(text: str) -> str:
        return set_type(text, language)

    return Labels(
        default_subject=typed(table["default_subject"]),
        preview_subject=typed(table["preview_subject"]),
        statement_headings=tuple(map(typed, statement["headings"])),
        total=typed(statement["total"]),
        unallocated=typed(statement["unallocated"]),
        interest=typed(statement["interest"]),
        compensation=typed(statement["compensation"]),
        to_pay=typed(statement["to_pay"]),
        other_invoices=typed(statement["others"]),
        calculation_headings=tuple(map(typed, calculation["headings"])),
        other_periods=typed(calculation["others"]),
        early_headings=tuple(map(typed, table["early"]["headings"])),
        schedule_headings=tuple(map(typed, table["schedule"]["headings"])),
        schedule_discount=typed(table["schedule"]["discount"]),
        example={key: typed(text) for key, text in table["example"].items()},
        disclosing=tuple(words["disclosing"]),
        risky=tuple(words["risky"]),
    )
