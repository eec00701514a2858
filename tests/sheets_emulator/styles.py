"""Formats: the default one, how user-entered ones are kept, and which one is in effect."""

from __future__ import annotations

import copy
import struct
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

DEFAULT_FORMAT: Json = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
}


def _float32(number: float) -> float:
    """The shortest decimal that a 32-bit float prints as: colours travel in 32 bits."""
    packed = struct.pack("f", number)
    (number,) = struct.unpack("f", packed)
    for digits in range(1, 12):
        text = float(f"{number:.{digits}g}")
        if struct.pack("f", text) == packed:
            return text
    return number


def _rgb(red: int, green: int, blue: int) -> Json:
    return {"rgbColor": color_json({"red": red / 255, "green": green / 255, "blue": blue / 255})}


def color_json(color: Mapping[str, Any]) -> Json:
    """A colour as Google gives it back: eight bits a channel, black channels left out."""
    kept: Json = {}
    for name in ("red", "green", "blue"):
        level = min(max(int(float(color.get(name) or 0) * 255 + 1e-4), 0), 255)
        if level:
            kept[name] = 1 if level == 255 else _float32(level / 255)
    return kept


DEFAULT_THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": kind, "color": _rgb(*levels)}
        for kind, levels in [
            ("TEXT", (0, 0, 0)),
            ("BACKGROUND", (255, 255, 255)),
            ("ACCENT1", (66, 133, 244)),
            ("ACCENT2", (234, 67, 53)),
            ("ACCENT3", (251, 188, 4)),
            ("ACCENT4", (52, 168, 83)),
            ("ACCENT5", (255, 109, 1)),
            ("ACCENT6", (70, 189, 198)),
            ("LINK", (17, 85, 204)),
        ]
    ],
}

# Each colour has an old field and a newer "style" field; Google keeps the two in step.
_COLOR_PAIRS = {
    "backgroundColor": "backgroundColorStyle",
    "foregroundColor": "foregroundColorStyle",
    "color": "colorStyle",
    "tabColor": "tabColorStyle",
    "headerColor": "headerColorStyle",
    "firstBandColor": "firstBandColorStyle",
    "secondBandColor": "secondBandColorStyle",
    "footerColor": "footerColorStyle",
}


def pair_colors(given: Any) -> Any:
    """A format as Google stores it: colours in eight bits, old and new colour fields in step (the new one wins)."""
    if isinstance(given, list):
        return [pair_colors(item) for item in given]
    if not isinstance(given, dict):
        return given
    kept: Json = {name: pair_colors(item) for name, item in given.items()}
    for old, new in _COLOR_PAIRS.items():
        style = given.get(new)
        if isinstance(style, dict) and "rgbColor" in style:
            color = color_json(style["rgbColor"] or {})
        elif isinstance(style, dict) and "themeColor" in style:
            kept[old] = _theme_color(style["themeColor"])
            continue
        elif isinstance(given.get(old), dict) and (old != "color" or "rgbColor" not in given[old]):
            color = color_json(given[old])
        else:
            continue
        kept[old] = color
        kept[new] = {"rgbColor": dict(color)}
    return kept


def _theme_color(kind: str) -> Json:
    for entry in DEFAULT_THEME["themeColors"]:
        if entry["colorType"] == kind:
            return dict(entry["color"]["rgbColor"])
    return {}


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Json:
    """One format over another, member by member; colours replace whole."""
    result = copy.deepcopy(dict(base))
    for name, item in over.items():
        if isinstance(item, Mapping) and isinstance(result.get(name), dict) and "olor" not in name:
            result[name] = merged(result[name], item)
        else:
            result[name] = copy.deepcopy(item)
    return result
