"""The summary that managers receive: figures, tasks, what is wrong, the head of the Journal. No customer is named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sync.dunning.model import Decision, Settings, Task
from sync.dunning.reasons import Reason, State
from sync.dunning.refusals import may_be_tried
from sync.ledger.dates import format_date
from sync.ledger.model import Cents, JournalRow
from sync.ledger.money import format_money
from sync.ledger.words import Act, Approval, Channel, Language

CADENCE = "digest"

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "subject": "{company}: collection on {day}",
        "open": "Open", "overdue": "of which overdue",
        "figures": "Where things stand",
        "since": "Since {day}",
        "sent": "Messages sent", "failed": "Refused by the mail server", "bounced": "Came back", "replied": "Answers received",
        "uncertain": "Uncertain (say in the Today tab whether they left)",
        "tasks": "To do today", "problems": "Things to mend, see the Problems tab",
        "nothing": "Nothing waits for a person today.",
        "site": "All figures: {site}",
        "head": "Last seal of the Journal ({rows} rows). Keep this message: “relance verify --head” shows that nothing was altered since.",
    },
    "fr": {
        "subject": "{company} : recouvrement au {day}",
        "open": "Encours", "overdue": "dont échu",
        "figures": "La situation",
        "since": "Depuis le {day}",
        "sent": "Messages partis", "failed": "Refusés par le serveur", "bounced": "Revenus", "replied": "Réponses reçues",
        "uncertain": "Incertains (à dire partis ou non dans l’onglet À faire)",
        "tasks": "À faire aujourd’hui", "problems": "Points à corriger, voir l’onglet À corriger",
        "nothing": "Rien n’attend une personne aujourd’hui.",
        "site": "Tous les chiffres : {site}",
        "head": "Dernier sceau du journal ({rows} lignes). Gardez ce message : « relance verify --head » montre que rien n’a été modifié depuis.",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a digest tells: `open` and `overdue` by currency, the tasks of the day, how many problems, the journal so far."""

    as_of: date
    open: Mapping[str, Cents]
    overdue: Mapping[str, Cents]
    tasks: Sequence[Task]
    problems: int
    journal: Sequence[JournalRow]
    site: str = ""


def digest_due(settings: Settings, journal: Sequence[JournalRow], as_of: date) -> Decision | None:
    """The digest of this day or week, None when there is none to send or it has been sent."""
    to = tuple(one.strip() for one in settings.digest_to.split(",") if one.strip())
    if not settings.digest or not to:
        return None
    year, week, _ = as_of.isocalendar()
    period = as_of.isoformat() if settings.digest == "daily" else f"{year}-W{week:02}"
    decision = Decision(
        customer="", currency="", cadence=CADENCE, carrying=period, invoices=(), step=0, offset=0, channel=Channel.EMAIL,
        approval=Approval.AUTO, state=State.DUE, reason=Reason.STEP_DUE, action_date=as_of, amount=0, to=to,
        language=settings.language,
    )  # fmt: skip
    return decision if may_be_tried(journal, decision.key) else None


def digest_text(standing: Standing, settings: Settings) -> tuple[str, str]:
    """(subject, text)."""
    language = settings.language
    words = _WORDS[language]
    day = format_date(standing.as_of, language)
    colon = " : " if language == "fr" else ": "
    lines = [words["figures"], ""]
    for currency in sorted(standing.open, key=lambda one: (one != settings.currency, one)):
        total = format_money(standing.open[currency], currency, language)
        late = format_money(standing.overdue.get(currency, 0), currency, language)
        lines.append(f"- {words['open']}{colon}{total}, {words['overdue']} {late}")
    since = _last_digest(standing.journal)
    lines += ["", words["since"].format(day=format_date(since, language)) if since else "", ""] if since else [""]
    counts = _counts(standing.journal, since)
    lines += [f"- {words[name]}{colon}{counts[name]}" for name in ("sent", "failed", "bounced", "replied") if counts[name]]
    if counts["uncertain"]:
        lines.append(f"- {words['uncertain']}{colon}{counts['uncertain']}")
    kinds = Counter(task.kind for task in standing.tasks)
    if kinds:
        lines += ["", f"{words['tasks']}{colon}{sum(kinds.values())}", ""]
        lines += [f"- {kind}{colon}{count}" for kind, count in kinds.most_common()]
    else:
        lines += ["", words["nothing"]]
    if standing.problems:
        lines += ["", f"{words['problems']}{colon}{standing.problems}"]
    if standing.site:
        lines += ["", words["site"].format(site=standing.site)]
    seal = next((row.hash for row in reversed(standing.journal) if row.hash), "")
    if seal:
        lines += ["", words["head"].format(rows=len(standing.journal)), "", seal]
    subject = words["subject"].format(company=settings.company or "Relance", day=day)
    return subject, "\n".join(_without_double_blanks(lines))


def _last_digest(journal: Sequence[JournalRow]) -> date | None:
    return next((row.when.date() for row in reversed(journal) if row.cadence == CADENCE and row.status is Act.SENT), None)


def _counts(journal: Sequence[JournalRow], since: date | None) -> Counter[str]:
    """Messages of the cadences only; uncertain ones whatever their date."""
    found: Counter[str] = Counter()
    uncertain: set[str] = set()
    for row in journal:
        if row.key and row.step and row.status in (Act.UNCERTAIN, Act.RESERVED):
            uncertain.add(row.key)
        elif row.key:
            uncertain.discard(row.key)
        if (since is None or row.when.date() >= since) and row.customer:
            found[str(row.status)] += 1
    found["uncertain"] = len(uncertain)
    return found


def _without_double_blanks(lines: Sequence[str]) -> list[str]:
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
