"""How the workbook looks: one calm palette, a format and a width for every column.

People's columns have a dark heading and white cells; Relance's a light heading and tinted cells; an amber heading
asks for an answer (the button, the draft, the outcome of a task).
"""

from collections.abc import Mapping
from typing import Final

from sync.ledger.words import Language
from sync.workbook.contract import TODAY, Column, Tab, Type, Who
from sync.workbook.excel.styles import Look
from sync.workbook.tabs import Cell

INK: Final = "1E4A57"  # the accent: petrol blue
PAPER: Final = "FFFFFF"
LIGHT: Final = "DCE8EB"  # headings of Relance's columns
TINT: Final = "F4F8F9"  # their cells
AMBER: Final = "F3C969"  # headings that ask for an answer
AMBER_TINT: Final = "FEF9EC"
RULE: Final = "E3EAEC"  # thin line under cells

PROBLEM: Final = ("9B2C1F", "FBE3DE")  # ink, fill
LATENESS: Final = (  # from how many days late: ink, fill
    (91, "7A1F14", "F4B6A6"),
    (61, "7A3A0E", "F9CFAE"),
    (31, "6B4E00", "FDE3AE"),
    (1, "5C5200", "FFF6D3"),
)
NOT_LATE: Final = "A3B1B6"

TAB_COLOURS: Final[Mapping[str, str]] = {
    "today": AMBER, "invoices": INK, "contacts": INK, "payments": INK, "plans": INK, "cadence": "8FB3BF",
    "reasons": "8FB3BF", "templates": "8FB3BF", "rates": "8FB3BF", "settings": "8FB3BF", "problems": "C4553F",
    "journal": "A9B7BB",
}  # fmt: skip

_WIDTHS: Final[Mapping[Type, float]] = {
    Type.KEY: 14, Type.TEXT: 20, Type.LONG: 40, Type.DATE: 13, Type.MONEY: 14, Type.NUMBER: 12, Type.INTEGER: 10,
    Type.LIST: 17, Type.URL: 24, Type.EMAILS: 30,
}  # fmt: skip
_OWN_WIDTHS: Final[Mapping[str, float]] = {
    "invoices.currency": 9, "invoices.why": 52, "invoices.problem": 40, "invoices.next_action": 26, "invoices.step": 16,
    "invoices.send": 12, "invoices.subject": 34, "invoices.draft": 44, "invoices.note": 26, "invoices.days_late": 12,
    "invoices.last_step": 13, "invoices.last_contact": 14, "invoices.cadence": 14, "invoices.reason": 19,
    "contacts.name": 28, "contacts.phone": 17, "contacts.address": 34, "contacts.country": 8, "contacts.language": 10,
    "contacts.terms": 12, "contacts.advice": 44, "contacts.problem": 40, "contacts.usual_delay": 18,
    "contacts.natural_person": 13, "contacts.do_not_contact": 14, "contacts.segment_set": 18, "contacts.note": 30,
    "payments.currency": 9, "payments.note": 30, "payments.problem": 40, "payments.method": 14, "payments.reference": 18,
    "plans.invoices": 24, "plans.note": 30, "plans.problem": 40,
    "cadence.cadence": 16, "cadence.when": 10, "cadence.step": 8, "cadence.channel": 27, "cadence.problem": 40,
    "cadence.repeat_every": 15, "cadence.segment": 18,
    "reasons.reason": 24, "reasons.problem": 40, "reasons.owner": 24, "reasons.back_to": 14,
    "templates.language": 10, "templates.subject": 44, "templates.body": 70, "templates.preview": 60, "templates.problem": 36,
    "rates.rate": 28, "rates.source": 60, "rates.problem": 36, "rates.percent": 14,
    "settings.setting": 34, "settings.value": 30, "settings.meaning": 88, "settings.problem": 40,
    "today.task": 12, "today.priority": 9, "today.kind": 22, "today.customer": 24, "today.invoices": 26, "today.what": 44,
    "today.why": 44, "today.script": 36, "today.file": 18, "today.note": 34, "today.amount_promised": 15,
    "problems.tab": 14, "problems.row": 8, "problems.column": 22, "problems.value": 26, "problems.what": 56,
    "problems.fix": 60, "problems.code": 20,
    "journal.when": 27, "journal.run": 18, "journal.recipient": 28, "journal.message_id": 26, "journal.text": 40,
    "journal.key": 30, "journal.hash": 20, "journal.currency": 9, "journal.subject": 34, "journal.note": 30,
}  # fmt: skip
_WRAPPED: Final = frozenset(
    ["today.what", "today.why", "settings.meaning", "settings.value", "templates.body", "problems.what", "problems.fix"]
)  # fmt: skip
# Columns that most rows leave blank: grouped, so that one click folds them away.
SELDOM: Final = frozenset(
    ["invoices.applies_to", "invoices.status_on", "invoices.reason_on", "invoices.disputed_amount",
     "invoices.promised_amount", "invoices.last_step", "invoices.last_contact", "invoices.payment_link",
     "invoices.document_link"]
)  # fmt: skip
# Columns for the program alone.
HIDDEN: Final = frozenset(["mark", "imported", "task"])  # what only the program reads


def date_format(language: Language) -> str:
    """Day first in French; the month as a word in English, where 03/04 could be two days."""
    return "dd/mm/yyyy" if language == "fr" else "dd mmm yyyy"


def width(tab: Tab, column: Column) -> float:
    return _OWN_WIDTHS.get(f"{tab.key}.{column.key}", _WIDTHS[column.type])


def asks_for_an_answer(tab: Tab, column: Column) -> bool:
    """The cells where a person's word is awaited."""
    return column.who in (Who.BUTTON, Who.BOTH) or (tab is TODAY and column.who is Who.PEOPLE)


def heading_look(tab: Tab, column: Column, language: Language) -> Look:
    """A heading stands over its cells as they do: dates in the middle, amounts at the right."""
    cells = cell_look(tab, column, language)
    color, fill = PAPER, INK
    if asks_for_an_answer(tab, column):
        color, fill = INK, AMBER
    elif column.who is Who.RELANCE:
        color, fill = INK, LIGHT
    return Look(bold=True, color=color, fill=fill, wrap=True, vertical="center", align=cells.align, indent=cells.indent)


def cell_look(tab: Tab, column: Column, language: Language) -> Look:
    number, align, indent = "", "left", 1
    match column.type:
        case Type.DATE:
            number, align, indent = date_format(language), "center", 0
        case Type.MONEY:
            number, align = "#,##0.00", "right"
        case Type.INTEGER:
            number, align, indent = "0", "center", 0
        case Type.NUMBER:
            number, align = "0.##", "right"
        case Type.KEY:
            number = "@"  # leading zeros stay
        case _:
            pass
    fill = ""
    if asks_for_an_answer(tab, column):
        fill = AMBER_TINT
    elif column.who is Who.RELANCE:
        fill = TINT
    wrapped = f"{tab.key}.{column.key}" in _WRAPPED
    return Look(number=number, align=align, fill=fill, border=RULE, wrap=wrapped, vertical="top", indent=indent)


def row_height(tab: Tab, row: Mapping[str, Cell]) -> float | None:
    """Points that a row needs to show its wrapped texts; 0 = nothing to set.

    None: a text of several lines stands in a column that does not wrap (a draft), and the row must not grow with it.
    """
    lines, is_long = 1, False
    for key, cell in row.items():
        if not isinstance(cell, str):
            continue
        column = tab.column(key)
        if f"{tab.key}.{key}" in _WRAPPED:
            room = int(width(tab, column) * 1.1)  # letters are narrower than the digits that widths count
            lines = max(lines, sum(max(1, -(-len(line) // room)) for line in cell.split("\n")))
        elif "\n" in cell:
            is_long = True
    if lines > 1:
        return min(15.0 * lines + 3, 400.0)
    return None if is_long else 0
