"""Are people's texts fit to use? Each is filled twice with invented facts before any customer's; a bad one stops its steps."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from sync.dunning.model import InterestLine, Rules, Template
from sync.ledger.money import format_money
from sync.ledger.problems import Problem, Severity
from sync.ledger.words import Language
from sync.letters.labels import labels
from sync.letters.library import named_template
from sync.letters.rendering import Failed, Job, Rendered, Result, render_all
from sync.letters.sandbox import MAX_SOURCE
from sync.letters.table import aligned
from sync.letters.views import (
    ComingInstalment,
    Company,
    Customer,
    Early,
    Facts,
    Interest,
    Invoices,
    ListedInvoice,
    Payee,
    Schedule,
    Sum,
    long_date,
    percent,
    short_date,
)

LANGUAGES: tuple[Language, ...] = ("fr", "en")
PREVIEW = 1500  # characters of the preview column

TemplateKey = tuple[str, Language]


class CheckedTexts(NamedTuple):
    problems: tuple[Problem, ...]
    refused: frozenset[TemplateKey]  # for `Rules.refused_templates`
    previews: dict[TemplateKey, str]  # for the preview column, "" where the text is refused


def check_templates(rules: Rules) -> CheckedTexts:
    """All texts of the Templates tab, in one child process. Texts of ours are not checked here: the tests do it."""
    theirs = [template for template in rules.templates.values() if template.row]
    jobs = [
        Job(t, facts) for t in theirs if len(t.body) <= MAX_SOURCE for facts in (example(t.language), bare_example(t.language))
    ]
    results = iter(render_all(jobs))
    problems: list[Problem] = []
    refused: set[TemplateKey] = set()
    previews: dict[TemplateKey, str] = {}
    for template in theirs:
        key = template.name, template.language
        if len(template.body) > MAX_SOURCE:
            found = [_problem(template, "body", "template_too_long", {"limit": str(MAX_SOURCE)})]
            previews[key] = ""
        else:
            full, bare = next(results), next(results)
            found = list(_faults(template, full, bare))
            previews[key] = _preview(full, template.language)
        if found:
            refused.add(key)
            previews[key] = ""
        problems += [*found, *_warnings(template)]
    problems += _missing(rules)
    refused.update(_unusable(rules, frozenset(refused)))
    return CheckedTexts(tuple(problems), frozenset(refused), previews)


def _missing(rules: Rules) -> Iterator[Problem]:
    """Steps and reasons that name a text nobody has, said where they stand."""
    for cadence in rules.cadences:
        for step in cadence.steps:
            if step.template and named_template(step.template, rules.settings.language, rules) is None:
                yield Problem(
                    tab="cadence", row=step.row, column="template", code="template_missing", value=step.template,
                    params={"name": step.template},
                )  # fmt: skip
    for route in rules.routes.values():
        if route.template and named_template(route.template, rules.settings.language, rules) is None:
            yield Problem(
                tab="reasons", row=0, column="template", code="template_missing", value=route.template,
                params={"name": route.template},
            )  # fmt: skip


def _unusable(rules: Rules, refused: frozenset[TemplateKey]) -> Iterator[TemplateKey]:
    """(name, language) that customers of that language would get no text from: missing, or falling back on a refused one."""
    for name in {step.template for cadence in rules.cadences for step in cadence.steps if step.template}:
        for language in LANGUAGES:
            template = named_template(name, language, rules)
            if template is None or (template.name, template.language) in refused:
                yield name, language


def preview(template: Template) -> str:
    """The subject and text as an invented customer would read them, cut for its cell; "" when the text cannot be used."""
    return _preview(render_all([Job(template, example(template.language))])[0], template.language)


def _preview(result: Result, language: Language) -> str:
    if isinstance(result, Failed):
        return ""
    text = f"{labels(language).preview_subject} {result.subject}\n\n{result.text}"
    return text if len(text) <= PREVIEW else text[: PREVIEW - 1].rstrip() + "…"


def _faults(template: Template, full: Result, bare: Result) -> Iterator[Problem]:
    """One sentence is enough: mending it may mend the others."""
    for result in (full, bare):
        if isinstance(result, Failed):
            yield _problem(template, result.part, result.failure.code, result.failure.params)
            return
    if isinstance(full, Rendered) and not full.text:
        yield _problem(template, "body", "template_empty", {})


def _problem(template: Template, column: str, code: str, params: Mapping[str, str], severity: Severity = Severity.ROW) -> Problem:
    value = (template.subject if column == "subject" else template.body)[:200]
    return Problem(tab="templates", row=template.row, column=column, code=code, value=value, severity=severity, params=params)


def _warnings(template: Template) -> Iterator[Problem]:
    disclosing, risky = word_lists(template.language)
    if found := disclosing.search(template.subject):
        yield _problem(template, "subject", "template_subject_discloses", {"words": found[0]}, Severity.WARNING)
    if found := risky.search(f"{template.subject}\n{template.body}"):
        yield _problem(template, "body", "template_risky_words", {"words": found[0]}, Severity.WARNING)


@cache
def word_lists(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a subject must not disclose, and what a creditor does not write: whole words, whatever the case."""
    words = labels(language)
    return _any(words.disclosing), _any(words.risky)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


@cache
def example(language: Language) -> Facts:
    """An invented customer with everything a text can say."""
    words, as_of = labels(language), date(2026, 2, 23)
    listed = (
        _listed("FA-2026-0143", date(2026, 1, 12), date(2026, 2, 11), 120000, 120000, 12, language),
        _listed("FA-2026-0151", date(2026, 1, 19), date(2026, 2, 18), 48000, 58000, 5, language),
    )
    lines = (
        _line("FA-2026-0143", 120000, date(2026, 2, 12), as_of, 12),
        _line("FA-2026-0151", 48000, date(2026, 2, 19), as_of, 5),
    )
    interest = round(sum((line.interest for line in lines), Fraction(0)))

    def money(cents: int) -> str:
        return format_money(cents, "EUR", language)

    return Facts(
        language=language,
        company=Company(words.example["company"], words.example["address"], "987 654 324", "compta@example.org", words.example["sender"]),
        customer=Customer(words.example["customer"], words.example["customer_address"], "123 456 782", "C001", "business", "05 59 00 00 00"),
        person=words.example["person"],
        invoices=Invoices(
            listed, language,
            (Sum(words.total, money(168000)), Sum(words.unallocated, money(-20000)), Sum(words.to_pay, money(148000))),
        ),
        also_open=Invoices([_listed("FA-2026-0160", date(2026, 2, 19), date(2026, 3, 31), 9900, 9900, 0, language)], language),
        total=money(168000),
        unallocated=money(20000),
        to_pay=money(148000),
        interest=Interest(money(interest), True, False, lines, "EUR", language),
        compensation=money(8000),
        step=2,
        as_of=long_date(as_of, language),
        payment=Payee("FR76 3000 6000 0112 3456 7890 189", "AGRIFRPP", "C001", "https://pay.example.org/c001"),
        early=Early(aligned(words.early_headings, [("FA-2026-0143", short_date(as_of, language), money(-2400), money(117600))], 2), percent(Decimal(2), language)),
        instalment=ComingInstalment(money(56000), long_date(date(2026, 3, 5), language), "1", "3", "P-C001"),
        schedule=Schedule(aligned(words.schedule_headings, [("1", short_date(date(2026, 3, 5), language), money(56000))], 1), "1", money(1680)),
    )  # fmt: skip


@cache
def bare_example(language: Language) -> Facts:
    """A customer of whom nothing is known but one invoice: what a text must also survive."""
    words = labels(language)
    amount = format_money(5000, "EUR", language)
    return Facts(
        language=language,
        company=Company(words.example["company"]),
        customer=Customer("C002", key="C002"),
        invoices=Invoices([_listed("17", date(2026, 1, 5), date(2026, 2, 4), 5000, 5000, 19, language, link="")], language),
        total=amount,
        to_pay=amount,
        step=1,
        as_of=long_date(date(2026, 2, 23), language),
        payment=Payee(reference="17"),
    )


def _listed(
    number: str,
    issued: date,
    due: date,
    left: int,
    amount: int,
    days: int,
    language: Language,
    link: str = "https://files.example.org/",
) -> ListedInvoice:
    return ListedInvoice(number, issued, due, left, amount, days, link and f"{link}{number}.pdf", "", "EUR", language)


def _line(number: str, base: int, start: date, end: date, days: int) -> InterestLine:
    rate = Decimal("12.15")
    return InterestLine(number, base, rate, start, end, days)
