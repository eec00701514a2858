"""Reference tables drawn from the program itself: settings, shipped cadences, routes, commands, what a text may say."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import get_type_hints

import click

from reports import handbook
from sync.cli import main as relance
from sync.dunning.default_cadences import default_cadences, default_routes
from sync.dunning.reasons import NOTE_DUE, SENTENCES, Reason, Sentence, State, state_of
from sync.dunning.settings import KEEP, SETTINGS, Setting
from sync.ledger.money import format_money
from sync.ledger.words import Language, word_for
from sync.letters.views import SHOWN, VARIABLES, Facts, ListedInvoice

WORDS = Path(__file__).parent.parent / "site" / "texts" / "reference.toml"


@cache
def reference_words() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a cell of several lines or with a bar stays one cell."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split("\n")).replace("|", "\\|")


def pick(pair: Sequence[str], language: Language) -> str:
    return pair[1] if language == "fr" else pair[0]


def picked(en: Sequence[str], fr: Sequence[str], language: Language) -> Sequence[str]:
    return fr if language == "fr" else en


# --- Settings -----------------------------------------------------------------------------------------------------------


def settings_table(argument: str, language: Language) -> str:
    """Name, default, what the cell holds, what it does. The other language's name is understood too."""
    headings = picked(
        ("Setting", "By default", "Holds", "What it does"), ("Réglage", "Par défaut", "Contient", "Ce qu’il fait"), language
    )
    rows = [
        (
            _setting_name(setting, language),
            setting.default_text(language) or "–",
            pick((setting.kind.expected_en, setting.kind.expected_fr), language),
            setting.meaning(language),
        )
        for setting in SETTINGS
    ]
    return table(headings, rows)


def _setting_name(setting: Setting, language: Language) -> str:
    kept = "" if setting.off is not KEEP else " \\*"
    other = f" (`{setting.name}`)" if language == "fr" and setting.name != setting.name_fr else ""
    return f"**{setting.title(language)}**{other}{kept}"


# --- Cadences and reasons -----------------------------------------------------------------------------------------------


def cadences_table(argument: str, language: Language) -> str:
    headings = picked(
        ("Cadence", "For segment", "Step", "When", "Channel", "Approval"),
        ("Scénario", "Pour segment", "Étape", "Quand", "Canal", "Validation"),
        language,
    )
    day, every = pick(("D", "J"), language), pick(("any", "tous"), language)
    rows = [
        (
            cadence.name,
            word_for("segment", cadence.segment, language) if cadence.segment else every,
            str(step.number),
            f"{day}{step.offset:+d}".replace("-", "−"),
            word_for("channel", step.channel, language),
            word_for("approval", step.approval, language),
        )
        for cadence in default_cadences(language)
        for step in cadence.steps
    ]
    return table(headings, rows)


def routes_table(argument: str, language: Language) -> str:
    headings = picked(
        ("Delay reason", "Reminders rest", "Owner", "Comes back after"),
        ("Motif du retard", "Relances suspendues", "Responsable", "Revient après"),
        language,
    )
    days = pick(("days", "jours"), language)
    rows = [
        (
            word_for("reason", reason, language),
            word_for("yes_no", "yes" if route.pause else "no", language),
            route.owner,
            f"{route.days} {days}",
        )
        for reason, route in default_routes(language).items()
    ]
    return table(headings, rows)


# --- The column Why -----------------------------------------------------------------------------------------------------

_EXAMPLES: Mapping[str, tuple[str, str]] = {
    "act": ("E-mail", "E-mail"), "date": ("9 March", "9 mars"), "due": ("2 March", "2 mars"), "carrying": ("A-0412", "A-0412"),
    "since": ("1 March", "1er mars"), "spacing": ("7", "7"), "freshness": ("7", "7"),
}  # fmt: skip


def why_table(argument: str, language: Language) -> str:
    """The sentences of one state (`due`, `paused`…; none: all), filled with an example, and the code that JSON shows."""
    states = (State(argument),) if argument else tuple(State)
    rows = []
    if State.DUE in states:
        rows.append((_example(NOTE_DUE, language), f"`{Reason.STEP_DUE}`"))
    rows += [
        (_example(SENTENCES[reason], language), f"`{reason}`")
        for reason in Reason
        if reason in SENTENCES and state_of(reason) in states
    ]
    return table(picked(("What the cell says", "Code"), ("Ce que dit la cellule", "Code"), language), rows)


def _example(sentence: Sentence, language: Language) -> str:
    sums = {name: format_money(cents, "EUR", language) for name, cents in (("minimum", 1500), ("credit", 12000))}
    return sentence.text(language).format(**{name: pick(pair, language) for name, pair in _EXAMPLES.items()}, **sums)


# --- Commands -----------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    """("import csv", the command): every command that can be typed, groups opened."""
    yield from _commands(relance, "")


def _commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def commands_table(argument: str, language: Language) -> str:
    """One heading a command, with its usage, its sentence and its options as `--help` shows them."""
    parts = []
    for name, command in commands():
        context = click.Context(command, info_name=f"relance {name}")
        usage = " ".join(["relance", name, *command.collect_usage_pieces(context)]).replace(" [OPTIONS]", "")
        parts.append(f"## relance {name}\n\n```text\n{usage}\n```\n\n{command_sentence(name, command, language)}")
        rows = [
            (_code(record[0]), option_sentence(name, option, record[1], language))
            for option in command.get_params(context)
            if isinstance(option, click.Option) and "--help" not in option.opts and (record := option.get_help_record(context))
        ]
        if rows:
            parts.append(table(picked(("Option", "Effect"), ("Option", "Effet"), language), rows))
    return "\n\n".join(parts)


def _code(text: str) -> str:
    """A bar between backticks would end the cell."""
    return f"<code>{escape(text).replace('|', '&#124;')}</code>"


def command_sentence(name: str, command: click.Command, language: Language) -> str:
    """The French sentence when there is one, else the command's own help."""
    own = " ".join((command.help or "").split())
    return str(reference_words()["commands"].get(name, own)) if language == "fr" else own


def option_sentence(name: str, option: click.Option, help_text: str, language: Language) -> str:
    words = reference_words()["options"]
    if language == "fr":
        return str(words.get(f"{name} {option.opts[0]}") or words.get(option.opts[0]) or help_text)
    return help_text


# --- What a text may say ------------------------------------------------------------------------------------------------


def variable_names() -> Iterator[str]:
    """`company`, `company.address`, …, `invoice.number` (a line of `invoices`): all that a template can reach."""
    kinds = get_type_hints(Facts)
    for name in VARIABLES:
        yield name
        yield from _attributes(name, kinds[name])
        if name == "invoices":
            yield from _attributes("invoice", ListedInvoice)


def _attributes(name: str, kind: type) -> Iterator[str]:
    yield from (f"{name}.{attribute}" for attribute in sorted(SHOWN.get(kind, frozenset())))


def variables_table(argument: str, language: Language) -> str:
    """A variable that nobody has explained stands alone; a test tells."""
    words = reference_words()["variables"]
    rows = []
    for name in variable_names():
        pair = words.get(name)
        rows.append((f"`{{{{ {name} }}}}`", pick(pair, language) if isinstance(pair, list) else ""))
    return table(picked(("Variable", "Prints"), ("Variable", "Donne"), language), rows)


# --- The pages themselves -----------------------------------------------------------------------------------------------


def guides_table(argument: str, language: Language) -> str:
    """The guides by shelf, with what each is for. Links are relative to the guides' folder."""
    rows = [
        (
            handbook.shelf_title(leaf.shelf, language),
            f"[{leaf.title}]({'' if folder == 'guide' else f'../{folder}/'}{stem}.md)",
            leaf.summary,
        )
        for leaf in handbook.leaves(language)
        for folder, stem in [leaf.name.split("/", 1)]
        if folder != "decisions" and leaf.name != "guide/index"
    ]
    return table(picked(("For", "Page", "What it says"), ("Pour", "Page", "Ce qu’elle dit"), language), rows)


def decisions_table(argument: str, language: Language) -> str:
    """The decision notes, by the place of their sources: `handbook` makes links to pages of them."""
    rows = [
        (f"[{leaf.title}](../../../{leaf.name}.md)",)
        for leaf in handbook.leaves(language)
        if leaf.shelf == "decisions" and not leaf.name.endswith("/index")
    ]
    return table(picked(("Decision",), ("Décision (en anglais)",), language), rows)


PROGRAM_TABLES: Mapping[str, Callable[[str, Language], str]] = {
    "settings": settings_table,
    "cadences": cadences_table,
    "routes": routes_table,
    "why": why_table,
    "commands": commands_table,
    "variables": variables_table,
    "guides": guides_table,
    "decisions": decisions_table,
}
