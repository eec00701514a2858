"""What a run did, in Markdown for people: the page that GitHub shows under a run.

Counts only. Whoever may see the workflow's page may not always see the sheet: no name, address, amount or invoice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sync.dunning.calendar import BusinessDays
from sync.dunning.model import Decision, Mode
from sync.dunning.phrases import day
from sync.dunning.reasons import Reason, State
from sync.dunning.sending import is_window_open
from sync.ledger.agreement import agreeing
from sync.ledger.words import Act, Language
from sync.letters.typography import set_type
from sync.pipeline import Synced
from sync.workbook.contract import TABS_BY_KEY, TODAY

_TEXTS: Mapping[str, tuple[str, str]] = {
    "title": ("Relance, run of {day} at {hour}", "Relance, passage du {day} à {hour}"),
    "head_sent": ("**{count} {count:message|messages} sent.**", "**{count} {count:message parti|messages partis}.**"),
    "head_draft": (
        "**Draft mode: drafts are ready in the sheet, nothing is sent.**",
        "**Mode brouillon\u00a0: les brouillons sont prêts dans la feuille, rien ne part.**",
    ),
    "head_closed": ("**Outside the sending hours: nothing was sent.**", "**Hors des heures d'envoi\u00a0: rien n'est parti.**"),
    "head_none": ("**No message had to leave.**", "**Aucun message n'avait à partir.**"),
    "head_stop": (
        "**Nothing may be sent before a setting or a cadence is mended: see the tab “{problems}”.**",
        "**Rien ne peut partir avant la correction d'un réglage ou d'un scénario\u00a0: voyez l'onglet «\u00a0{problems}\u00a0».**",
    ),
    "head_failed": (
        "**Some messages did not leave, or nobody knows whether they did: see the tabs “Journal” and “{today}”.**",
        "**Des messages ne sont pas partis, ou leur sort est incertain\u00a0: voyez les onglets «\u00a0Journal\u00a0» et «\u00a0{today}\u00a0».**",
    ),
    "count": ("Count", "Nombre"),
    "sent": ("Messages sent", "Messages partis"),
    "failed": ("Messages failed or uncertain", "Messages en échec ou au sort incertain"),
    "withheld": ("Withheld: something changed just before", "Retenus\u00a0: la situation a changé juste avant l'envoi"),
    "ready": ("Ready, for the mode or the hour that sends", "Prêts, pour le mode ou l'heure qui envoie"),
    "approval": ("Waiting for your approval", "En attente de votre accord"),
    "person": ("For a person: calls, letters, decisions", "Pour une personne\u00a0: appels, courriers, décisions"),
    "waiting": ("Put off: spacing, hours, daily limit", "Remis à plus tard\u00a0: délai, horaires, plafond du jour"),
    "blocked": ("Blocked: something to mend first", "Bloqués\u00a0: un point à corriger d'abord"),
    "deferred": ("Rows that someone was editing, for the next run", "Lignes en cours de modification, pour le prochain passage"),
    "cells": ("Cells brought up to date", "Cellules mises à jour"),
    "problems": ("Things to mend", "Points à corriger"),
    "where": ("To mend, by tab: {tabs}.", "À corriger, par onglet\u00a0: {tabs}."),
    "next": ("Start with the tab “{today}” of the sheet.", "Commencez par l'onglet «\u00a0{today}\u00a0» de la feuille."),
    "failed_title": ("Relance did not finish", "Relance n'a pas terminé"),
}


def run_summary(synced: Synced, now: datetime) -> str:
    """The page of a run that reached its end, even with messages that failed. `now` is in the company's zone."""
    settings = synced.run.gathered.rules.settings
    language = settings.language
    hour = f"{now.hour} h {now:%M}" if language == "fr" else f"{now:%H:%M}"
    lines = [f"## {_say('title', language, day=day(synced.run.gathered.as_of, language), hour=hour)}", "", _head(synced, now), ""]
    lines += [f"| | {_say('count', language)} |", "| --- | ---: |"]
    lines += [f"| {_say(key, language)} | {count} |" for key, count in _counts(synced)]
    tabs = Counter(problem.tab for problem in synced.run.problems)
    if tabs:
        told = ", ".join(f"{TABS_BY_KEY[tab].title(language)} {count}" for tab, count in sorted(tabs.items()))
        lines += ["", _say("where", language, tabs=told)]
    lines += ["", _say("next", language, today=TODAY.title(language))]
    return "\n".join(lines) + "\n"


def failure_summary(said: str, language: Language) -> str:
    """The page of a run that could not go on; `said` is the sentence of its error."""
    return f"## {_say('failed_title', language)}\n\n{said}\n"


def _head(synced: Synced, now: datetime) -> str:
    """The one line to read."""
    rules = synced.run.gathered.rules
    language = rules.settings.language
    sent = _with_status(synced, {Act.SENT})
    if synced.is_stopped:
        return _say("head_stop", language, problems=TABS_BY_KEY["problems"].title(language))
    if synced.some_failed:
        return _say("head_failed", language, today=TODAY.title(language))
    if synced.held:
        return f"**{synced.held}**"
    if sent:
        return _say("head_sent", language, count=sent)
    if rules.settings.mode is Mode.DRAFT:
        return _say("head_draft", language)
    calendar = BusinessDays(rules.settings.country, rules.settings.region, rules.settings.sending_days)
    if synced.run.gathered.is_today and not is_window_open(now, rules.settings, calendar):
        return _say("head_closed", language)
    return _say("head_none", language)


def _counts(synced: Synced) -> Sequence[tuple[str, int]]:
    """Lines of the table; a zero is worth saying only for what is sent, failed or to mend."""
    run, tried = synced.run, {one.decision.key for one in synced.sendings}
    left = [decision for decision in run.decisions if decision.key not in tried]
    table = [
        ("sent", _with_status(synced, {Act.SENT})),
        ("failed", _with_status(synced, {Act.FAILED, Act.UNCERTAIN})),
        ("withheld", _with_status(synced, {Act.WITHHELD})),
        ("ready", _because(left, {Reason.STEP_DUE})),
        ("approval", _because(left, {Reason.AWAITING_APPROVAL, Reason.CADENCE_CHANGED, Reason.DRAFT_OUTDATED})),
        ("person", _because(left, {Reason.FOR_A_PERSON})),
        ("waiting", sum(one.state is State.WAITING for one in left)),
        ("blocked", sum(one.state is State.BLOCKED for one in left)),
        ("deferred", len(synced.written.deferred)),
        ("cells", synced.written.cells),
        ("problems", len(run.problems)),
    ]
    return [(key, count) for key, count in table if count or key in ("sent", "failed", "problems")]


def _because(decisions: Iterable[Decision], reasons: set[Reason]) -> int:
    return sum(decision.reason in reasons for decision in decisions)


def _with_status(synced: Synced, acts: set[Act]) -> int:
    return sum(one.status in acts for one in synced.sendings)


def _say(key: str, language: Language, **named: object) -> str:
    english, french = _TEXTS[key]
    return set_type((french if language == "fr" else english).format(**agreeing(named, language)), language)
