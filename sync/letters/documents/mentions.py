"""What a formal notice must say, looked for in the words that stand: a person who edits them may drop one unawares.

The page itself always bears the parties, the place and the date, the registered mention and the bank details. Source:
C. civ. 1344 and practice; a missing mention is pointed out to the person who signs, never added to their words.
"""

import re

from sync.dunning.model import Decision
from sync.ledger.money import format_money
from sync.letters.desk import Text
from sync.letters.documents.words import words
from sync.letters.facts import MOST_LISTED, Sources
from sync.letters.table import one_line


def missing_mentions(decision: Decision, text: Text, sources: Sources) -> list[str]:
    """What the words of a formal notice no longer say, in the language of the workbook."""
    settings = sources.rules.settings
    said = words(settings.language)["mentions"]
    body = _plain(f"{text.subject}\n{text.text}")
    patterns = words(decision.language)["mentions"]["patterns"]
    found = [said[name] for name, pattern in patterns.items() if not re.search(pattern, body, re.IGNORECASE)]
    amount = format_money(decision.to_pay, decision.currency, decision.language)
    if _plain(amount) not in body:
        found.append(said["amount"].format(amount=amount))
    absent = [number for number in decision.invoices[:MOST_LISTED] if one_line(number) not in body]
    if absent:
        found.append(said["invoices"].format(invoices=", ".join(absent)))
    if settings.sender_name and one_line(settings.sender_name).split(",")[0] not in body:
        found.append(said["signatory"])
    return found


def _plain(text: str) -> str:
    """With ordinary spaces, each one once."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
