"""The texts that come with Relance, and which of them a step gets when its *Template* cell is blank.

`texts/<language>/<name>.j2` holds a subject line, a blank line and the body; `_name.j2` is a passage that texts share.
A text is chosen by channel, rank among the steps of that channel, and tone: `email_2.firm`, else `email_2`.
"""

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files

from sync.dunning.model import Cadence, Rules, Step, Template
from sync.ledger.words import Channel, DelayReason, Language, Segment, fold
from sync.letters.typography import set_type


class Tone(StrEnum):
    SOFT = "soft"
    STANDARD = "standard"
    FIRM = "firm"


# How many different texts a channel has before the last one serves again.
_RANKS = {
    Channel.EMAIL: ("email", 3),
    Channel.CALL: ("call", 2),
    Channel.LETTER: ("letter", 2),
    Channel.REGISTERED_LETTER: ("registered", 2),
}
_TONES_BY_NAME = {
    **dict.fromkeys(("soft", "softer", "gentle", "souple", "doux", "douce", "amical", "amicale"), Tone.SOFT),
    **dict.fromkeys(("firm", "firmer", "strict", "ferme", "stricte", "renforce"), Tone.FIRM),
}

REASON_TEXTS = {
    DelayReason.NOT_RECEIVED: "reason_not_received",
    DelayReason.DISPUTE: "reason_dispute",
    DelayReason.HARDSHIP: "reason_hardship",
    DelayReason.PROMISED: "reason_promised",
    DelayReason.SAYS_PAID: "reason_says_paid",
    DelayReason.APPROVAL_PENDING: "reason_approval_pending",
}
FIRST_CONTACT = "first_contact"
REPEAT = "email_repeat"
THANK_YOU = "thank_you"
INSTALMENT = "instalment"  # the note before an instalment of a plan
PLAN_OFFER = "plan_offer"


def tone_of(cadence: Cadence) -> Tone:
    """By the segment the cadence is for, else by its own name, else standard."""
    match cadence.segment:
        case Segment.RELIABLE:
            return Tone.SOFT
        case Segment.WATCH:
            return Tone.FIRM
        case None:
            return _TONES_BY_NAME.get(fold(cadence.name), Tone.STANDARD)
        case _:
            return Tone.STANDARD


def builtin_template_name(cadence: Cadence, step: Step) -> str:
    """The text of a step whose *Template* is blank; any cadence, with any steps, gets a sensible one."""
    if step.is_note:
        return _toned("note", tone_of(cadence))
    if step.channel not in _RANKS:
        return step.channel.value.replace(" ", "_")
    word, most = _RANKS[step.channel]
    rank = 1 + sum(
        1 for other in cadence.steps if other.channel is step.channel and not other.is_note and other.number < step.number
    )
    return _toned(f"{word}_{min(rank, most)}", tone_of(cadence))


def _toned(name: str, tone: Tone) -> str:
    toned = f"{name}.{tone}"
    return toned if toned in builtin_names("fr") else name


@cache
def builtin_names(language: Language) -> frozenset[str]:
    """The names of all texts of a language."""
    folder = files("sync.letters") / "texts" / language
    return frozenset(
        f.name.removesuffix(".j2") for f in folder.iterdir() if f.name.endswith(".j2") and not f.name.startswith("_")
    )


@cache
def builtin_text(name: str, language: Language) -> Template:
    """The whole text, shared passages put in, ready to render or to copy into the Templates tab. Raises KeyError."""
    if name not in builtin_names(language):
        raise KeyError(name)
    subject, _, body = _source(name, language).partition("\n\n")
    _, _, subject = subject.partition(":")
    return Template(
        row=0, name=name, language=language, subject=set_type(subject.strip(), language), body=set_type(body, language)
    )


def named_template(name: str, language: Language, rules: Rules) -> Template | None:
    """A text by its name: the Templates tab first (that language, else the company's), then ours; None if nobody has it."""
    for spoken in (language, rules.settings.language):
        if template := rules.templates.get((name, spoken)):
            return template
    return builtin_text(name, language) if name in builtin_names(language) else None


_INCLUDE = re.compile(r'\{% include "(_\w+)" %\}\n?')


def _source(name: str, language: Language) -> str:
    text = (files("sync.letters") / "texts" / language / f"{name}.j2").read_text("utf-8")
    return _INCLUDE.sub(lambda found: _source(found[1], language), text)
