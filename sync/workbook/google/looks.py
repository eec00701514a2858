"""The looks of the workbook as Google's JSON: the same palette, widths and formats as the local workbook's."""

from collections.abc import Mapping
from typing import Any

from sync.ledger.words import WORDS, Language
from sync.workbook.contract import Column, Tab, Type, Who
from sync.workbook.excel.looks import LATENESS, NOT_LATE, PROBLEM, cell_look, heading_look, width
from sync.workbook.excel.styles import Look

Json = Mapping[str, Any]
_BAND = "FBFCFD"
_PIXELS = 7.3  # of one unit of width


def color(hexadecimal: str) -> Json:
    parts = (int(hexadecimal[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return {"rgbColor": dict(zip(("red", "green", "blue"), (round(part, 4) for part in parts), strict=True))}


def number_format(column: Column, look: Look) -> Json | None:
    """How the cells of a column show, and how Google reads what is typed into them.

    Text that people type stays text: without this format Google makes a time of 08:30, a number of a telephone number.
    """
    if column.who is Who.PEOPLE and column.type in (Type.TEXT, Type.EMAILS) and column.key != "note":
        return {"type": "TEXT", "pattern": "@"}
    if not look.number:
        return None
    match column.type:
        case Type.DATE:
            return {"type": "DATE", "pattern": look.number}
        case Type.KEY:
            return {"type": "TEXT", "pattern": "@"}
        case _:
            return {"type": "NUMBER", "pattern": look.number}


def cell_format(tab: Tab, column: Column, language: Language) -> Json:
    look = cell_look(tab, column, language)
    numbers = number_format(column, look)
    return {
        **({"numberFormat": numbers} if numbers else {}),
        "horizontalAlignment": look.align.upper(),
        "verticalAlignment": "TOP",
        "wrapStrategy": "WRAP" if look.wrap else "CLIP",
        **({"backgroundColorStyle": color(look.fill)} if look.fill else {}),
    }


def heading_format(tab: Tab, column: Column, language: Language) -> Json:
    look = heading_look(tab, column, language)
    return {
        "textFormat": {"bold": True, "foregroundColorStyle": color(look.color)},
        "backgroundColorStyle": color(look.fill),
        "horizontalAlignment": look.align.upper(),
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
    }


def pixels(tab: Tab, column: Column) -> int:
    return round(width(tab, column) * _PIXELS)


def validation(column: Column, language: Language) -> Json | None:
    """The check of a column of people; every one only warns, a person may insist. None for free text."""
    french = language == "fr"
    if column.who is Who.RELANCE:
        return None
    if column.words:
        words = [{"userEnteredValue": word.fr if french else word.en} for word in WORDS[column.words]]
        said = "Choisissez un mot de la liste." if french else "Pick a word from the list."
        return {
            "condition": {"type": "ONE_OF_LIST", "values": words},
            "inputMessage": said,
            "strict": False,
            "showCustomUi": True,
        }
    if column.type is Type.DATE:
        said = "Une date, par exemple 31/03/2026." if french else "A date: 2026-03-31, say."
        return {"condition": {"type": "DATE_IS_VALID"}, "inputMessage": said, "strict": False}
    if column.type in (Type.MONEY, Type.NUMBER, Type.INTEGER):
        said = "Un nombre." if french else "A number."
        bounds = [{"userEnteredValue": "-999999999999"}, {"userEnteredValue": "999999999999"}]
        return {"condition": {"type": "NUMBER_BETWEEN", "values": bounds}, "inputMessage": said, "strict": False}
    return None


def rules(column: Column) -> list[Json]:
    """Conditional colours, the strongest first."""
    if column.key == "problem":
        return [_rule("NOT_BLANK", None, PROBLEM[0], PROBLEM[1])]
    if column.key == "days_late":
        late = [_rule("NUMBER_GREATER_THAN_EQ", str(days), ink, fill, bold=days > 90) for days, ink, fill in LATENESS]
        return [*late, _rule("NUMBER_LESS", "1", NOT_LATE)]
    return []


def _rule(kind: str, value: str | None, ink: str, fill: str = "", *, bold: bool = False) -> Json:
    condition: dict[str, Any] = {"type": kind}
    if value is not None:
        condition["values"] = [{"userEnteredValue": value}]
    text = {"foregroundColorStyle": color(ink), **({"bold": True} if bold else {})}
    look = {"textFormat": text, **({"backgroundColorStyle": color(fill)} if fill else {})}
    return {"condition": condition, "format": look}


def banding() -> Json:
    return {"firstBandColorStyle": color("FFFFFF"), "secondBandColorStyle": color(_BAND)}
