"""The draft of each decision: which text, filled with which facts, under which subject.

`draft_all` is what a run calls; `draft_for` serves one decision, and texts outside the cadence (a reason, a thank-you).
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.dunning.model import Decision, Template
from sync.ledger.words import Channel, DelayReason, Language
from sync.letters.facts import Sources, early_offers, facts_of
from sync.letters.frozen import facts_digest
from sync.letters.labels import labels
from sync.letters.library import (
    FIRST_CONTACT,
    INSTALMENT,
    PLAN_OFFER,
    REASON_TEXTS,
    REPEAT,
    THANK_YOU,
    builtin_template_name,
    builtin_text,
    named_template,
)
from sync.letters.rendering import Failed, Job, Rendered, Result, render_all
from sync.letters.sandbox import TextFailure
from sync.letters.views import Facts

_BY_MAIL = frozenset({*REASON_TEXTS.values(), FIRST_CONTACT, INSTALMENT, PLAN_OFFER, REPEAT, THANK_YOU})
LONG_SILENCE = 30  # days late from which a first contact takes stock instead of supposing an oversight


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text ready for its cell. `facts` is the digest that `frozen.draft_state` compares.

    `template` is the name of the text used; `links` are the only addresses that become links in the HTML part.
    """

    key: str
    language: Language
    channel: Channel
    subject: str
    text: str
    template: str
    facts: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoDraft:
    """The text of this decision cannot be used: nothing is sent, and `failure` says why."""

    key: str
    template: Template
    failure: TextFailure
    part: str = "body"


def draft_all(decisions: Sequence[Decision], sources: Sources) -> list[Draft | NoDraft]:
    """In the order of the decisions; people's own texts are all rendered by one child process."""
    asked = _templates(decisions, sources)
    found = [(d, t) for d, t in zip(decisions, asked, strict=True) if t is not None]
    jobs = [_job(decision, _variant(decision, sources, template), sources) for decision, template in found]
    made = iter(_draft(*each, sources) for each in zip(found, jobs, render_all(jobs), strict=True))
    return [_missing(decision) if template is None else next(made) for decision, template in zip(decisions, asked, strict=True)]


def _templates(decisions: Sequence[Decision], sources: Sources) -> list[Template | None]:
    """`template_of` each decision, looked for once for each step of a cadence."""
    known: dict[tuple[object, ...], Template | None] = {}
    found = []
    for one in decisions:
        step = (one.cadence, one.step, one.template, one.language, one.instalment is None)
        if step not in known:
            known[step] = template_of(one, sources)
        found.append(known[step])
    return found


def draft_for(decision: Decision, sources: Sources, text: str = "") -> Draft | NoDraft:
    """One draft; `text` names another text than the step's (see `text_for_reason`, `library.THANK_YOU`)."""
    if not text:
        return draft_all([decision], sources)[0]
    template = template_of(decision, sources, text)
    if template is None:
        return _missing(replace(decision, template=text))
    job = _job(decision, template, sources)
    return _draft((decision, template), job, render_all([job])[0], sources)


def _job(decision: Decision, template: Template, sources: Sources) -> Job:
    return Job(template, facts_of(decision, sources, template.language))


def _missing(decision: Decision) -> NoDraft:
    """Nobody has a text of that name; `checking` has said so in the Cadence tab."""
    nothing = Template(row=0, name=decision.template, language=decision.language, subject="", body="")
    return NoDraft(key=decision.key, template=nothing, failure=TextFailure("template_missing", name=decision.template))


def text_for_reason(reason: DelayReason, sources: Sources) -> str:
    """The name of the text that answers a reason of delay, "" when there is none."""
    route = sources.rules.routes.get(reason)
    return (route.template if route else "") or REASON_TEXTS.get(reason, "")


def template_of(decision: Decision, sources: Sources, text: str = "") -> Template | None:
    """The text a decision asks for; None for a name nobody has."""
    if decision.instalment is not None and not text:
        return named_template(INSTALMENT, decision.language, sources.rules)
    if name := text or decision.template:
        return named_template(name, decision.language, sources.rules)
    return builtin_text(_step_text(decision, sources), decision.language)


def _step_text(decision: Decision, sources: Sources) -> str:
    for cadence in sources.rules.cadences:
        if cadence.name == decision.cadence:
            for step in cadence.steps:
                if step.number == decision.step:
                    return builtin_template_name(cadence, step)
    raise KeyError(f"{decision.cadence} {decision.step}")


def _variant(decision: Decision, sources: Sources, template: Template) -> Template:
    """An e-mail that is a repeat says so, and a first one about old invoices takes stock with the customer."""
    if decision.channel is not Channel.EMAIL or decision.is_note or decision.template:
        return template
    if decision.occurrence > 1:
        return builtin_text(REPEAT, decision.language)
    oldest = max(sources.views[number].days_late for number in decision.invoices)
    if template.name.startswith("email_1") and oldest > LONG_SILENCE:
        return builtin_text(FIRST_CONTACT, decision.language)
    return template


def _draft(asking: tuple[Decision, Template], job: Job, result: Result, sources: Sources) -> Draft | NoDraft:
    """`asking` is the decision with the text it asks for, of which the job's may be a variant."""
    decision, asked = asking
    if isinstance(result, Failed):
        return NoDraft(key=decision.key, template=job.template, failure=result.failure, part=result.part)
    return Draft(
        key=decision.key,
        language=job.facts.language,
        channel=decision.channel,
        subject=_subject(decision, job, result),
        text=result.text,
        template=job.template.name,
        facts=facts_digest(decision, sources.open_of, asked, sources.settings_digest, _offers(decision, sources)),
        links=links_of(job.facts),
    )


def _offers(decision: Decision, sources: Sources) -> list[str]:
    """What a note announces beside its invoices: discounts with their last day, or the instalment."""
    if not decision.is_note:
        return []
    if (one := decision.instalment) is not None:
        return [f"{one.plan}|{one.due}|{one.amount}"]
    return [f"{number}|{offer.pay_by}|{offer.discount}" for number, offer in early_offers(decision, sources)]


def _subject(decision: Decision, job: Job, result: Rendered) -> str:
    """Never blank. What leaves by e-mail carries its case mark; a step on paper or by telephone has no use for it."""
    subject = result.subject or labels(job.facts.language).default_subject.format(company=job.facts.company)
    by_mail = decision.channel is Channel.EMAIL or job.template.name in _BY_MAIL
    return marked(subject, decision.customer) if by_mail else subject


def links_of(facts: Facts) -> tuple[str, ...]:
    """The web addresses that the sheet gives for these invoices, each once."""
    listed = (*facts.invoices, *facts.also_open)
    found = dict.fromkeys((facts.payment.link, *(line.link for line in listed), *(line.pay_link for line in listed)))
    return tuple(link for link in found if link.startswith("https://"))


def case_mark(customer: str) -> str:
    """What a subject carries so that an answer finds its case: stable, and nothing can be read from it.

    Forty bits of a digest of the customer's key, in groups of four: "K7Q2-M9XD".
    """
    letters = base64.b32encode(hashlib.sha256(customer.encode()).digest()[:5]).decode()
    return f"{letters[:4]}-{letters[4:]}"


def marked(subject: str, customer: str) -> str:
    """The subject with its case mark in brackets at the end, once."""
    mark = f"[{case_mark(customer)}]"
    return subject if mark in subject else f"{subject} {mark}".strip()
