"""The rows a new workbook starts with: every setting with its default, the cadences, the routes of reasons."""

from collections.abc import Mapping, Sequence

from sync.dunning.default_cadences import default_cadences, default_routes
from sync.dunning.settings import SETTINGS
from sync.ledger.words import Language, word_for
from sync.workbook.tabs import Cell

Rows = Sequence[Mapping[str, Cell]]


def default_rows(language: Language) -> Mapping[str, Rows]:
    """By tab key. Texts and rates start empty: the built-in ones apply until a row replaces them."""
    return {"settings": _settings(language), "cadence": _cadence(language), "reasons": _reasons(language)}


def _settings(language: Language) -> Rows:
    return [
        {"setting": one.title(language), "value": one.default_text(language), "meaning": one.meaning(language)} for one in SETTINGS
    ]


def _cadence(language: Language) -> Rows:
    return [
        {
            "cadence": cadence.name,
            "segment": word_for("segment", cadence.segment, language) if cadence.segment else None,
            "step": step.number,
            "when": f"J{step.offset:+d}",
            "channel": word_for("channel", step.channel, language),
            "approval": word_for("approval", step.approval, language),
        }
        for cadence in default_cadences(language)
        for step in cadence.steps
    ]


def _reasons(language: Language) -> Rows:
    return [
        {
            "reason": word_for("reason", route.reason, language),
            "pause": word_for("yes_no", "yes" if route.pause else "no", language),
            "owner": route.owner,
            "days": route.days,
            "back_to": route.back_to,
        }
        for route in default_routes(language).values()
    ]
