"""The rows that a new workbook starts with: the usual cadences, the routes of reasons, every setting with its default.

Templates and Rates start empty: the built-in texts and the shipped table apply until a row replaces them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sync.dunning.default_cadences import default_cadences, default_routes
from sync.dunning.model import Cadence, Step
from sync.dunning.setting_values import MONEY
from sync.dunning.settings import SETTINGS, Setting
from sync.ledger.money import to_decimal
from sync.ledger.words import Language, word_for
from sync.workbook.tabs import Cell

Rows = Sequence[Mapping[str, Cell]]


def starting_rows(language: Language) -> Mapping[str, Rows]:
    """{tab key: rows} in the workbook's language."""
    return {
        "cadence": [_step_row(cadence, step, language) for cadence in default_cadences(language) for step in cadence.steps],
        "reasons": [
            {
                "reason": word_for("reason", reason, language),
                "pause": word_for("yes_no", "yes" if route.pause else "no", language),
                "owner": route.owner,
                "days": route.days,
                "template": route.template,
                "back_to": route.back_to,
            }
            for reason, route in default_routes(language).items()
        ],
        "settings": [
            {"setting": setting.title(language), "value": _value(setting, language), "meaning": setting.meaning(language)}
            for setting in SETTINGS
        ],
    }


def _step_row(cadence: Cadence, step: Step, language: Language) -> Mapping[str, Cell]:
    day = "J" if language == "fr" else "D"
    return {
        "cadence": cadence.name,
        "segment": word_for("segment", cadence.segment, language) if cadence.segment else None,
        "step": step.number,
        "when": f"{day}{step.offset:+d}",
        "channel": word_for("channel", step.channel, language),
        "template": step.template,
        "approval": word_for("approval", step.approval, language),
        "minimum": float(to_decimal(step.minimum)) if step.minimum else None,
        "repeat_every": step.repeat_every,
        "repeat_max": step.repeat_max if step.repeat_every else None,
        "attach": word_for("attach", step.attach, language) if step.attach else None,
    }


def _value(setting: Setting, language: Language) -> Cell:
    """The default as a person would type it: a number is a number, so that the workbook shows it their way."""
    if setting.name == "language":
        return language
    value = setting.default
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return setting.default_text(language) or None
    return float(to_decimal(value)) if setting.kind is MONEY and isinstance(value, int) else float(value)
