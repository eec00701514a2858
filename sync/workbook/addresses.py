"""Which argument names a Google spreadsheet, and which a file. Without Google's libraries, which are slow to import."""

import re
from pathlib import Path

_ID = re.compile(r"[A-Za-z0-9_-]{25,100}")


def is_google(text: str) -> bool:
    """Whether a WORKBOOK argument is an address or an id of Google's rather than a path."""
    text = text.strip()
    if "://" in text:
        return True
    return _ID.fullmatch(text) is not None and not Path(text).exists()
