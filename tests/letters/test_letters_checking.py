"""The Templates tab: each text that cannot be used has its row, its column and a sentence; each that can, a preview."""

from dataclasses import replace

import pytest
from letters.letter_desk import cadence, desk, text_of_theirs

from sync.dunning.model import ReasonRoute, Rules, Template
from sync.ledger.problems import Severity
from sync.ledger.words import DelayReason, Language
from sync.letters.checking import check_templates, preview
from sync.letters.library import builtin_names, builtin_text


def rules(*templates: Template) -> Rules:
    return desk(templates=templates).rules


def test_good_texts_have_previews_and_no_problem() -> None:
    good = text_of_theirs("Bonjour {{ person }},\n\n{{ invoices }}", subject="{{ company }} – votre compte")
    problems, refused, previews = check_templates(rules(good))
    assert (problems, refused) == ((), frozenset())
    assert previews["maison", "fr"].startswith("Objet\u00a0: Atelier Brume – votre compte\n\nBonjour Claire Martin,\n\nFacture")
    assert preview(good) == previews["maison", "fr"]


def test_bad_texts_are_refused_where_they_stand() -> None:
    templates = (
        text_of_theirs("{{ facture }}", row=2, name="nom"),
        text_of_theirs("Bonjour\n{% if person %}", row=3, name="syntaxe"),
        text_of_theirs("x" * 21_000, row=4, name="long"),
        text_of_theirs("Bonjour", "{{ sujet }}", row=5, name="objet"),
        text_of_theirs("{% if person %}Bonjour {{ person }}{% else %}{{ personne }}{% endif %}", row=6, name="branche"),
        text_of_theirs("{# rien #}", row=7, name="vide"),
        text_of_theirs("{{ 'a' * 10**9 }}", row=8, name="bombe"),
        text_of_theirs("Bonjour {{ person }}", row=9, name="bon"),
    )
    problems, refused, previews = check_templates(rules(*templates))
    assert [(p.tab, p.row, p.column, p.code) for p in problems] == [
        ("templates", 2, "body", "template_unknown_name"),
        ("templates", 3, "body", "template_syntax"),
        ("templates", 4, "body", "template_too_long"),
        ("templates", 5, "subject", "template_unknown_name"),
        ("templates", 6, "body", "template_unknown_name"),
        ("templates", 7, "body", "template_empty"),
        ("templates", 8, "body", "template_not_allowed"),
    ]
    assert refused == {(template.name, "fr") for template in templates if template.name != "bon"}
    assert [name for (name, _), text in previews.items() if text] == ["bon"]
    for problem in problems:
        for language in ("fr", "en"):
            assert "{" not in problem.what(language).replace("{% for %}", "").replace("{% if person %}", "")
            assert problem.fix(language)
    assert "« facture »" in problems[0].what("fr").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "subject", "body", "codes"),
    [
        ("fr", "Facture impayée", "Bonjour", ["template_subject_discloses"]),
        ("fr", "Relance : 120,00 € en retard", "Bonjour", ["template_subject_discloses"]),
        ("fr", "Votre compte", "Des frais de relance de 15 euros seront ajoutés.", ["template_risky_words"]),
        ("fr", "Votre compte", "Un huissier passera.", ["template_risky_words"]),
        ("fr", "Votre compte", "L’indemnité forfaitaire pour frais de recouvrement est due.", []),
        ("fr", "Votre compte", "Nous nous réservons le droit de saisir la juridiction compétente.", []),
        ("en", "Your overdue invoice", "Hello", ["template_subject_discloses"]),
        ("en", "Your account", "A late fee applies and bailiffs will call.", ["template_risky_words"]),
        ("en", "Your account", "Please see the latest statement.", []),
    ],
)
def test_words_that_harm_are_a_warning_and_stop_nothing(language: Language, subject: str, body: str, codes: list[str]) -> None:
    template = text_of_theirs(body, subject, language=language)
    problems, refused, _ = check_templates(rules(template))
    assert [problem.code for problem in problems] == codes
    assert all(problem.severity is Severity.WARNING for problem in problems)
    assert not refused


def using(template: str, *templates: Template, language: Language = "fr") -> Rules:
    """A cadence whose first step names `template`, and a route that does."""
    made = cadence()
    steps = (replace(made.steps[0], row=5, template=template), *made.steps[1:])
    found = rules(*templates)
    route = ReasonRoute(reason=DelayReason.HARDSHIP, pause=True, template=template)
    return replace(
        found,
        cadences=(replace(made, steps=steps),),
        routes={route.reason: route},
        settings=replace(found.settings, language=language),
    )


def test_a_step_that_names_a_text_nobody_wrote_is_said_where_it_stands() -> None:
    problems, refused, _ = check_templates(using("introuvable"))
    assert [(p.tab, p.row, p.column, p.code) for p in problems] == [
        ("cadence", 5, "template", "template_missing"),
        ("reasons", 0, "template", "template_missing"),
    ]
    assert refused == {("introuvable", "fr"), ("introuvable", "en")}


def test_a_step_may_name_a_text_of_ours() -> None:
    assert check_templates(using("email_2.firm")) == ((), frozenset(), {})


def test_a_language_that_falls_back_on_a_refused_text_is_refused_too() -> None:
    bad = text_of_theirs("{{ facture }}")
    assert check_templates(using("maison", bad)).refused == {("maison", "fr"), ("maison", "en")}
    only_english = text_of_theirs("Hello", language="en")
    assert check_templates(using("maison", bad, only_english)).refused == {("maison", "fr")}
    assert check_templates(using("maison", only_english)).refused == {("maison", "fr")}  # the company speaks French


def test_no_text_in_the_sheet_means_no_child_and_no_problem() -> None:
    assert check_templates(rules()) == ((), frozenset(), {})


def test_our_own_texts_copied_into_the_sheet_are_accepted() -> None:
    """What `builtin_text` gives is whole and within the limits, so that people can start from it."""
    copies = [
        replace(builtin_text(name, language), row=row)
        for row, (name, language) in enumerate(((n, x) for n in sorted(builtin_names("fr")) for x in ("fr", "en")), 2)
    ]
    problems, refused, previews = check_templates(rules(*copies))
    assert not refused
    assert {problem.code for problem in problems} <= {"template_subject_discloses"}  # the subjects of letters on paper
    assert all(previews.values())
