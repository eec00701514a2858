"""The carrier for the address or the id of a Google spreadsheet."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from gspread.exceptions import NoValidUrlKeyFound
from gspread.utils import extract_id_from_url

from sync.errors import UsageError
from sync.ledger.words import Language
from sync.workbook.google.carrier import Google
from sync.workbook.google.client import GOOGLE, SheetsClient, is_loopback
from sync.workbook.google.credentials import find_identity
from sync.workbook.google.messages import say

ENDPOINT_VARIABLE = "RELANCE_SHEETS_URL"


def spreadsheet_id(text: str, language: Language) -> str:
    """The id in an address, or the id itself. Raises UsageError."""
    text = text.strip()
    if "://" not in text:
        return text
    parts = urlsplit(text)
    try:
        if parts.hostname in ("docs.google.com", "spreadsheets.google.com", "drive.google.com"):
            return str(extract_id_from_url(text))
    except NoValidUrlKeyFound:
        pass
    raise UsageError(say("address", language))


def open_google(text: str, language: Language, environ: Mapping[str, str]) -> Google:
    """The carrier for an address or an id; asks Google nothing yet. Raises UsageError."""
    endpoint = environ.get(ENDPOINT_VARIABLE, "").strip() or GOOGLE
    if endpoint != GOOGLE and not is_loopback(endpoint):
        raise UsageError(say("endpoint", language))
    number = spreadsheet_id(text, language)
    identity = find_identity(environ, language, on_loopback=endpoint != GOOGLE)
    return Google(SheetsClient(identity.credentials, endpoint), number, language, identity.email)
