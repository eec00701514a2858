"""Whose draft is it? Ours and still true, ours and out of date, or a person's.

Nothing is hidden in the text people read: two digests are remembered beside it (see `desk`), of the facts it states and
of the text as it stood. An edited text that was met and flagged is remembered too, so that a person who edits again
after seeing the flag has answered it.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from sync.dunning.model import Decision, Settings, Template
from sync.ledger.model import Cents, DraftCells

PRINTED_SETTINGS = (
    "company", "address", "company_id", "vat_id", "sender_name", "sender_email", "reply_to", "iban", "bic", "interest",
)  # fmt: skip


class DraftState(StrEnum):
    FRESH = "fresh"  # write ours: there is none, it was cleared, or ours is out of date
    FROZEN = "frozen"  # ours, and nothing it says has changed: leave it
    EDITED = "edited"  # a person's, and the facts have not changed: send it as it stands
    EDITED_OUTDATED = "edited_outdated"  # a person's, on other facts: leave it, flag it, wait


class StoredDraft(NamedTuple):
    """What we remember of a draft: the digest of its facts, of the text as it stood, and whether a person had edited it."""

    facts: str
    text: str
    edited: bool = False


def facts_digest(
    decision: Decision, open_of: Callable[[str], Cents], template: Template, settings: str, offers: Sequence[str] = ()
) -> str:
    """A digest of what the draft says, not of how old it is: neither days nor accrued interest count.

    `open_of` gives the open balance of each invoice the decision names, `settings` the `settings_digest`. `template` is
    the text asked for (not the variant that lateness or repetition chose), so that passing days leave the digest alone.
    `offers` are what the text announces beside the invoices: an offer that has lapsed makes the draft out of date.
    """
    said: tuple[object, ...] = (
        decision.key, decision.channel, decision.language, decision.to, decision.cc, decision.unallocated,
        [(number, open_of(number)) for number in decision.invoices],
        [(number, open_of(number)) for number in decision.also_open],
        decision.interest is None, decision.compensation, template_digest(template), settings,
    )  # fmt: skip
    if offers:
        said = (*said, *offers)
    return _digest(_json(said))


@lru_cache(maxsize=512)
def template_digest(template: Template) -> str:
    return _digest(_json([template.name, template.language, template.subject, template.body]))


def settings_digest(settings: Settings) -> str:
    """Of the settings that texts print: a draft with an old IBAN is out of date."""
    return _digest(_json([getattr(settings, name) for name in PRINTED_SETTINGS]))


def text_digest(subject: str, text: str) -> str:
    """Blind to what spreadsheets change by themselves: line endings, spaces at line ends, blank lines at both ends."""
    return _digest(f"[{_json(_settled(subject))}, {_json(_settled(text))}]")


def _settled(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join([line.rstrip() for line in text.split("\n")]).strip()


_json = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes an encoder at each call


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def draft_state(cells: DraftCells, stored: Sequence[StoredDraft], digest: str) -> DraftState:
    """What to do with the cells as they stand. `stored` is what we remember for this key, oldest first.

    A text of ours is as good as its facts. A person's text was written on the facts of the last draft we remember that
    it differs from. With nothing remembered, a text in the cells is a person's own and stands.
    """
    if not (_settled(cells.subject) or _settled(cells.draft)):
        return DraftState.FRESH
    now = text_digest(cells.subject, cells.draft)
    for draft in reversed(stored):
        if draft.text == now and not draft.edited:
            return DraftState.FROZEN if draft.facts == digest else DraftState.FRESH
    basis = next((draft.facts for draft in reversed(stored) if draft.text != now), digest)
    return DraftState.EDITED if basis == digest else DraftState.EDITED_OUTDATED
