"""Texts outside the cadence: the answer to a reason of delay, a plan that is proposed. Drafts for a person, never sent from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.dunning.model import Decision
from sync.dunning.reasons import Reason, State
from sync.ledger.model import Cents
from sync.ledger.money import format_money
from sync.ledger.words import Approval, Channel, DelayReason, Language
from sync.letters.drafts import text_for_reason
from sync.letters.facts import Sources, facts_of
from sync.letters.labels import labels
from sync.letters.library import PLAN_OFFER, named_template
from sync.letters.rendering import Job, Rendered, render_all
from sync.letters.table import aligned
from sync.letters.views import Schedule, short_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A plan to write about: (due date, amount) of each instalment, and the discount if all are kept."""

    instalments: Sequence[tuple[date, Cents]]
    discount: Cents = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One text asked for: the answer to `reason`, or the letter of a plan when `offered` is given. `key` finds it again."""

    key: str
    customer: str
    currency: str
    invoices: tuple[str, ...]
    reason: DelayReason | None = None
    offered: Offered | None = None


def write_answers(asked: Sequence[Asked], sources: Sources) -> Mapping[str, str]:
    """The texts by key, subject first; all of people's own texts in one go. A text that cannot be used is left out."""
    jobs: list[tuple[str, Job]] = []
    for one in asked:
        job = _job(one, sources)
        if job is not None:
            jobs.append((one.key, job))
    made = render_all([job for _, job in jobs])
    return {
        key: f"{result.subject}\n\n{result.text}"
        for (key, _), result in zip(jobs, made, strict=True)
        if isinstance(result, Rendered)
    }


def _job(asked: Asked, sources: Sources) -> Job | None:
    name = PLAN_OFFER if asked.offered is not None else text_for_reason(asked.reason, sources) if asked.reason else ""
    contact = sources.contacts.get(asked.customer)
    language: Language = (contact.language if contact else None) or sources.rules.settings.language
    template = named_template(name, language, sources.rules) if name else None
    if template is None or (name, template.language) in sources.rules.refused_templates:
        return None
    facts = facts_of(_decision(asked, language, sources), sources, template.language)
    if asked.offered is not None:
        facts = replace(facts, schedule=_schedule(asked.offered, asked.currency, template.language))
    return Job(template, facts)


def _decision(asked: Asked, language: Language, sources: Sources) -> Decision:
    """What the text needs to know, as if a message were due."""
    amount = sum(sources.open_of(number) for number in asked.invoices)
    return Decision(
        customer=asked.customer, currency=asked.currency, cadence="", carrying=asked.invoices[0], invoices=asked.invoices,
        step=0, offset=0, channel=Channel.EMAIL, approval=Approval.PERSON, state=State.DUE, reason=Reason.FOR_A_PERSON,
        action_date=sources.as_of, amount=amount, to_pay=amount, language=language,
    )  # fmt: skip


def _schedule(offered: Offered, currency: str, language: Language) -> Schedule:
    def money(cents: Cents) -> str:
        return format_money(cents, currency, language)

    words = labels(language)
    rows = [(str(n), short_date(day, language), money(cents)) for n, (day, cents) in enumerate(offered.instalments, 1)]
    sums = [(words.schedule_discount, money(-offered.discount))] if offered.discount else []
    return Schedule(aligned(words.schedule_headings, rows, 1, sums), str(len(rows)), money(offered.discount) if sums else "")
