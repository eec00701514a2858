"""French spaces and apostrophes, put into our texts when they are loaded: sources are typed with plain ones."""

import re

from sync.ledger.words import Language

NARROW = "\u202f"
NO_BREAK = "\u00a0"

_CODE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=\w)'$")
_FRENCH = (
    (re.compile(r" ([;!?])"), NARROW + r"\1"),
    (re.compile(r" ([:»%€])"), NO_BREAK + r"\1"),
    (re.compile("« "), f"«{NO_BREAK}"),
)


def set_type(source: str, language: Language) -> str:
    """Words only, never between the braces of a template."""
    parts = _CODE.split(source)
    for i in range(0, len(parts), 2):
        parts[i] = _APOSTROPHE.sub("’", parts[i])
        if language == "fr":
            for pattern, replacement in _FRENCH:
                parts[i] = pattern.sub(replacement, parts[i])
    return "".join(parts)
