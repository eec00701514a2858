"""The configuration tabs (Settings, Cadence, Reasons, Templates, Rates) -> `Rules`.

A bad setting, step, reason or text stops sending where it matters, never reading: what cannot be told stops everything.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import holidays

from sync.dunning.cadence_table import read_cadences
from sync.dunning.default_cadences import default_routes
from sync.dunning.law.rates import Rates, periods
from sync.dunning.model import ReasonRoute, Rules, Settings, Template
from sync.dunning.settings import Setting, find_setting
from sync.ledger.cells import Cell, CellError, cell_text, is_blank, parse_exact_text, parse_number, parse_text
from sync.ledger.dates import format_date
from sync.ledger.problems import Problem, Severity
from sync.ledger.reading.columns import Sheet, TabLike
from sync.ledger.reading.context import Context
from sync.ledger.reading.values import count_parser, parse_language, parse_yes_no, word_parser
from sync.ledger.terms import Terms
from sync.ledger.words import DelayReason, Language, fold


def read_rules(tabs: Mapping[str, TabLike], language: Language | None = None) -> Rules:
    """All configuration as understood. `language` overrides the setting of that name (None: the workbook's own).

    A tab that is missing or empty means its defaults.
    """
    settings, problems = _read_settings(tabs.get("settings"), language)
    context = Context(
        language=settings.language, currency=settings.currency, terms=Terms(0), as_of=date.min, real_today=None, problems=problems
    )
    cadences = read_cadences(tabs.get("cadence"), context)
    routes = _read_reasons(tabs["reasons"], context) if "reasons" in tabs else default_routes(settings.language)
    templates, refused_templates = _read_templates(tabs["templates"], context) if "templates" in tabs else ({}, set())
    rates = _read_rates(tabs["rates"], context) if "rates" in tabs else {}
    return Rules(
        settings=settings,
        cadences=tuple(cadences.cadences),
        routes=routes,
        templates=templates,
        rates=rates,
        refused_cadences=frozenset(cadences.refused),
        refused_templates=frozenset(refused_templates),
        stop_sending=cadences.stop or any(problem.severity is Severity.STOP for problem in problems),
        problems=tuple(problems),
    )


# --- Settings -----------------------------------------------------------------------------------------------------------


def _read_settings(tab: TabLike | None, language: Language | None) -> tuple[Settings, list[Problem]]:
    """Two passes: the language first (dates and words depend on it), then everything."""
    context = Context(language="fr", currency="EUR", terms=Terms(0), as_of=date.min, real_today=None)
    if tab is None:
        return (Settings() if language is None else Settings(language=language)), context.problems
    sheet = context.sheet("settings", tab)
    names = sheet.texts("setting")
    rows = _rows_by_setting(sheet, names)
    chosen = language or _language(sheet, rows)
    values: dict[str, object] = {}
    at: dict[str, int] = {}
    for name, (setting, i) in rows.items():
        at[name] = i
        cell = sheet.cell("value", i)
        if is_blank(cell):
            values[name] = setting.when_blank
            continue
        try:
            values[name] = setting.kind.read(cell, chosen)
        except CellError:
            _tell_bad(sheet, i, setting)
    if language is not None:
        values["language"] = language
    settings = replace(Settings(), **values)  # type: ignore[arg-type]  # each kind gives its field's type, see the table's test
    return _checked_together(sheet, settings, at), context.problems


def _rows_by_setting(sheet: Sheet, names: list[str]) -> dict[str, tuple[Setting, int]]:
    """The row of each setting; unknown names are told, and so is one that stands twice with different values."""
    rows: dict[str, tuple[Setting, int]] = {}
    for i, name in enumerate(names):
        setting = find_setting(name) if name else None
        if setting is None:
            if name or not is_blank(sheet.cell("value", i)):
                sheet.problem(i, "setting", "unknown_setting" if name else "missing_value", Severity.WARNING)
            continue
        if setting.name in rows:
            _, first = rows[setting.name]
            same = cell_text(sheet.cell("value", first)) == cell_text(sheet.cell("value", i))
            severity = Severity.WARNING if same else Severity.STOP
            sheet.problem(i, "setting", "duplicate_setting", severity, rows=str(sheet.row(first)))
            continue
        rows[setting.name] = (setting, i)
    return rows


def _language(sheet: Sheet, rows: Mapping[str, tuple[Setting, int]]) -> Language:
    default: Language = Settings().language
    if "language" not in rows:
        return default
    try:
        return "en" if parse_language(sheet.cell("value", rows["language"][1])) == "en" else "fr"
    except CellError:
        return default  # told with the other bad values


def _tell_bad(sheet: Sheet, index: int, setting: Setting) -> None:
    kind = setting.kind
    sheet.problem(
        index, "value", "bad_setting", Severity.STOP, setting_en=setting.name, setting_fr=setting.name_fr,
        expected_en=kind.expected_en, expected_fr=kind.expected_fr,
    )  # fmt: skip


def _checked_together(sheet: Sheet, settings: Settings, at: Mapping[str, int]) -> Settings:
    """Settings that contradict each other: hours that never open, a region the country does not have."""
    if settings.sending_from >= settings.sending_to:
        for name in ("sending_from", "sending_to"):
            if name in at:
                sheet.problem(at[name], "value", "hours_never_open", Severity.STOP)
    region = settings.region.upper() if len(settings.region) <= 3 else settings.region
    if region and not _is_region(settings.country, region):
        sheet.problem(at["region"], "value", "unknown_region", Severity.STOP, country=settings.country)
        region = ""
    return replace(settings, region=region)


def _is_region(country: str, region: str) -> bool:
    """Whether public holidays are known for this part of the country."""
    try:
        holidays.country_holidays(country, subdiv=region)
    except NotImplementedError:
        return False
    return True


# --- Reasons ------------------------------------------------------------------------------------------------------------


def _read_reasons(tab: TabLike, context: Context) -> dict[DelayReason, ReasonRoute]:
    """The default routes, replaced by the rows. A row that cannot be read pauses: nothing leaves on a doubtful route."""
    sheet = context.sheet("reasons", tab)
    people = ("reason", "pause", "owner", "days", "template", "back_to")
    blank = sheet.blank_rows(range(sheet.size), people)
    reasons = sheet.values("reason", word_parser("reason", DelayReason), Severity.STOP)  # which one was meant?
    pauses, owners = sheet.values("pause", parse_yes_no), sheet.texts("owner")
    days, back_to = sheet.values("days", count_parser(0, 3650)), sheet.values("back_to", count_parser(1, 99))
    templates = sheet.texts("template")
    routes = default_routes(context.language)
    seen: dict[DelayReason, int] = {}
    for i, reason in enumerate(reasons):
        if i in blank:
            continue
        if reason is None:
            if i not in sheet.failed.get("reason", ()):
                sheet.problem(i, "reason", "missing_value", Severity.STOP)
            continue
        if reason in seen:
            sheet.problem(i, "reason", "duplicate_reason", Severity.STOP, rows=str(sheet.row(seen[reason])))
            continue
        seen[reason] = i
        pause, default = pauses[i], routes[reason]
        routes[reason] = ReasonRoute(
            reason=reason,
            pause=True if i in sheet.bad else default.pause if pause is None else pause,
            owner=owners[i],
            days=default.days if (number := days[i]) is None else number,
            template=templates[i],
            back_to=back_to[i],
        )
    return routes


# --- Templates ----------------------------------------------------------------------------------------------------------

_LANGUAGES: tuple[Language, ...] = ("fr", "en")


def _read_templates(tab: TabLike, context: Context) -> tuple[dict[tuple[str, Language], Template], set[tuple[str, Language]]]:
    """The texts as typed (their syntax is judged where they are rendered), and those that must not be used."""
    sheet = context.sheet("templates", tab)
    names = sheet.texts("template")
    languages = sheet.values("language", parse_language)
    subjects, bodies = sheet.texts("subject"), sheet.texts("body", parse_exact_text)
    blank = sheet.blank_rows(range(sheet.size), ("template", "language", "subject", "body"))
    for key, values in (("template", names), ("language", languages), ("body", bodies)):
        sheet.require(key, values, blank)
    templates: dict[tuple[str, Language], Template] = {}
    refused: set[tuple[str, Language]] = set()
    for i, (name, typed) in enumerate(zip(names, languages, strict=True)):
        if not name:
            continue
        affected: tuple[Language, ...] = _LANGUAGES if typed is None else ("en",) if typed == "en" else ("fr",)
        for language in affected:
            text = (name, language)
            if text in templates:
                sheet.problem(i, "template", "duplicate_template", rows=str(templates[text].row))
            if i in sheet.bad:
                refused.add(text)
            if typed is not None and text not in templates:
                templates[text] = Template(row=sheet.row(i), name=name, language=language, subject=subjects[i], body=bodies[i])
    return templates, refused


# --- Rates --------------------------------------------------------------------------------------------------------------


def _rate_name(cell: Cell) -> str:
    name = next((known for known in periods() if fold(known) == fold(parse_text(cell))), None)
    if name is None:
        raise UnknownRate(known=", ".join(periods()))
    return name


class UnknownRate(CellError):
    code = "unknown_rate"


def _read_rates(tab: TabLike, context: Context) -> dict[tuple[str, date], Decimal]:
    """Rows that replace or complete the shipped table; a wrong row is told and the shipped figure stands."""
    sheet = context.sheet("rates", tab)
    names, starts = sheet.values("rate", _rate_name), sheet.values("from", context.parse_day)
    percents = sheet.values("percent", parse_number)
    blank = sheet.blank_rows(range(sheet.size), ("rate", "from", "percent", "source"))
    for key, values in (("rate", names), ("from", starts), ("percent", percents)):
        sheet.require(key, values, blank)
    found: dict[tuple[str, date], Decimal] = {}
    rows: dict[tuple[str, date], int] = {}
    for i, (name, start, percent) in enumerate(zip(names, starts, percents, strict=True)):
        if name is None or start is None or percent is None:
            continue
        if not -10 <= percent <= 100:
            sheet.problem(i, "percent", "out_of_range", low="-10", high="100")
        elif (name, start) in rows:
            sheet.problem(i, "rate", "duplicate_rate", rows=str(sheet.row(rows[name, start])))
        else:
            rows[name, start] = i
            found[name, start] = percent
    if found:
        _tell_unfit(sheet, found, rows)
    return found


def _tell_unfit(sheet: Sheet, found: Mapping[tuple[str, date], Decimal], rows: Mapping[tuple[str, date], int]) -> None:
    """Rows that the calculation cannot use together with the shipped table: a date that starts no period, a period left out."""
    for problem in Rates.load(found).problems:
        if problem.valid_from is None:
            continue
        later = [i for (name, start), i in rows.items() if name == problem.name and start >= problem.valid_from]
        if problem.code == "not_a_period_start":
            sheet.problem(rows[problem.name, problem.valid_from], "from", "not_a_period_start", Severity.WARNING)
        elif problem.code == "rate_gap" and later:
            day = problem.valid_from
            sheet.problem(
                later[0],
                "from",
                "rate_gap",
                Severity.WARNING,
                rate=problem.name,
                day_en=format_date(day, "en"),
                day_fr=format_date(day, "fr"),
            )
