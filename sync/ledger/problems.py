"""A problem is data: what is wrong, where, and what to do, in the reader's language.

`Problem` says where (tab, sheet row, column key, value as typed) and which rule (`code`);
`PROBLEMS` holds the sentence and the advice of each code in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sync.ledger.words import Language


class Severity(StrEnum):
    """ROW keeps the row out of any reminder; WARNING only informs; STOP keeps everything from being sent."""

    WARNING = "warning"
    ROW = "row"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`row` is the sheet's row number (1 = headings), 0 when the whole tab is meant.

    `params` fill the sentence's `{names}`; `value` is what stood in the cell, as text, cut to 200 characters.
    """

    tab: str
    row: int
    column: str
    code: str
    value: str = ""
    severity: Severity = Severity.ROW
    params: Mapping[str, str] = field(default_factory=dict)

    def what(self, language: Language) -> str:
        return _fill(PROBLEMS[self.code].what(language), self)

    def fix(self, language: Language) -> str:
        return _fill(PROBLEMS[self.code].fix(language), self)


def _fill(sentence: str, problem: Problem) -> str:
    return sentence.format_map({"value": problem.value, **problem.params})


class ProblemText(NamedTuple):
    what_en: str
    fix_en: str
    what_fr: str
    fix_fr: str

    def what(self, language: Language) -> str:
        return self.what_fr if language == "fr" else self.what_en

    def fix(self, language: Language) -> str:
        return self.fix_fr if language == "fr" else self.fix_en


PROBLEMS: dict[str, ProblemText] = {
    "unreadable_date": ProblemText(
        "“{value}” is not a date.",
        "Type the date as 2026-03-31, or pick it in the calendar.",
        "« {value} » n’est pas une date.",
        "Saisissez la date sous la forme 31/03/2026.",
    ),
}
