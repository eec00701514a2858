"""People's own texts: what they can say, and that a bomb in one costs a sentence and not the run."""

import sys
import time

import pytest
from letters.letter_desk import text_of_theirs

from sync.dunning.model import Template
from sync.letters.checking import bare_example, example
from sync.letters.child import Texts
from sync.letters.rendering import Failed, Job, Rendered, Result, render_all

GOOD = text_of_theirs("Bonjour {{ person }},\n\n{{ invoices }}\n\nÀ régler : {{ to_pay }}.", row=3, name="bon")


def result_of(body: str) -> Result:
    return render_all([Job(text_of_theirs(body), example("fr"))])[0]


def text_of(body: str) -> str:
    result = result_of(body)
    assert isinstance(result, Rendered), result
    return result.text


def code_of(body: str) -> str:
    result = result_of(body)
    assert isinstance(result, Failed), result
    return result.failure.code


# What a text can say


def test_a_text_walks_the_invoices_and_prints_facts_in_its_language() -> None:
    body = "{% for invoice in invoices %}{{ loop.index }}. {{ invoice.number }}, {{ invoice.due }} : {{ invoice.open }}\n{% endfor %}"
    assert (
        text_of(body)
        == "1. FA-2026-0143, 11 février 2026 : 1\u202f200,00\u00a0€\n2. FA-2026-0151, 18 février 2026 : 480,00\u00a0€"
    )


def test_a_text_reaches_what_the_contract_names() -> None:
    body = """{{ company }}|{{ customer }}|{{ person }}|{{ total }}|{{ unallocated }}|{{ to_pay }}|{{ interest }}|{{ compensation }}
{{ step }}|{{ as_of }}|{{ payment.iban }}|{{ payment.bic }}|{{ payment.reference }}|{{ payment.link }}|{{ also_open }}
{{ invoices[0].number }}|{{ invoices[0].issued }}|{{ invoices[0].days_late }}|{{ invoices[0].link }}"""
    assert text_of(body).startswith("Atelier Brume|Menuiserie Laborde|Claire Martin|1\u202f680,00\u00a0€|200,00\u00a0€|")


def test_names_behave_as_words() -> None:
    assert text_of('{{ customer | upper }} {{ "chez " + company }} {{ invoices | map(attribute="number") | join(", ") }}') == (
        "MENUISERIE LABORDE chez Atelier Brume FA-2026-0143, FA-2026-0151"
    )


def test_absent_facts_are_false_and_blank() -> None:
    body = "{% if person %}Bonjour {{ person }}{% else %}Bonjour{% endif %}{{ payment.link }}{{ interest }}{% if also_open %}!{% endif %}"
    [result] = render_all([Job(text_of_theirs(body), bare_example("fr"))])
    assert isinstance(result, Rendered)
    assert result.text == "Bonjour"


def test_a_subject_is_one_line() -> None:
    [result] = render_all([Job(text_of_theirs("x", subject="{{ company }}\nBcc: tous@example.org"), example("fr"))])
    assert isinstance(result, Rendered)
    assert result.subject == "Atelier Brume Bcc: tous@example.org"


# What it cannot

REFUSED = {
    "{{ facture }}": "template_unknown_name",
    "{{ invoices[0].montant }}": "template_unknown_name",
    "{{ customer.iban }}": "template_unknown_name",
    "{% for x in invoices %}{{ x.nunber }}{% endfor %}": "template_unknown_name",
    "{{ total | chiffre }}": "template_unknown_filter",
    "{% if person %}Bonjour": "template_syntax",
    "{{ person": "template_syntax",
    "{{ company.__class__ }}": "template_unknown_name",
    "{{ invoices.__class__.__mro__ }}": "template_unknown_name",
    "{{ invoices['__class__'] }}": "template_unknown_name",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}": "template_not_allowed",
    "{{ total.upper() }}": "template_not_allowed",
    "{{ total.format }}": "template_not_allowed",
    "{{ [].append }}": "template_not_allowed",
    "{{ {}.update }}": "template_not_allowed",
    "{{ invoices | map(attribute='__class__') | first }}": "template_unknown_name",
    "{{ person | attr('__class__') }}": "template_unknown_filter",
    "{{ self }}": "template_unknown_name",
    "{{ cycler }}": "template_unknown_name",
    "{{ lipsum }}": "template_unknown_name",
    "{% include 'autre' %}": "template_not_allowed",
    "{% import 'os' as os %}": "template_not_allowed",
    "{% extends 'autre' %}": "template_not_allowed",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}": "template_not_allowed",
    "{{ 1 / 0 }}": "template_failed",
    "{{ total + 1 }}": "template_failed",
    "x" * 25_000: "template_too_long",
}


@pytest.mark.parametrize(("body", "code"), [pytest.param(body, code, id=body[:40]) for body, code in REFUSED.items()])
def test_a_text_that_asks_for_more_is_refused_in_words(body: str, code: str) -> None:
    """Without the child, which adds limits and no rule."""
    answer = Texts().answer("{{ company }}", body, example("fr"))
    assert answer.get("code") == code


LOOPS = "".join(f"{{% for x{i} in '0123456789' %}}" for i in range(12))
ENDS = "{% endfor %}" * 12
BOMBS = {
    "a string times a billion": ("{{ 'a' * 10**9 }}", "template_not_allowed"),
    "a billion spaces": ("{{ 'a' | center(1000000000) }}", "template_unknown_filter"),
    "a format of a billion": ("{{ '%1000000000d' | format(1) }}", "template_unknown_filter"),
    "a modulo of a billion": ("{{ '%1000000000d' % 1 }}", "template_not_allowed"),
    "a tower of powers": ("{{ 9**9**9 }}", "template_not_allowed"),
    "a huge range": ("{% for i in range(10**12) %}{% endfor %}", "template_not_allowed"),
    "silent loops in loops": (f"{LOOPS}{ENDS}", "template_too_slow"),
    "talking loops in loops": (f"{LOOPS}aaaaaaaaaa{ENDS}", "template_result_too_long"),
    "a word that doubles": ("{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 60, "template_too_heavy"),
    "a list that doubles": ("{% set a = [1, 2] %}" + "{% set a = a + a %}" * 60, "template_too_heavy"),
    "a replacement that grows": (
        "{{ 'aaaaaaaa'" + " | replace('a', 'aaaaaaaa')" * 12 + " }}",
        "template_too_heavy or template_too_slow",
    ),
    "a join that grows": (
        "{% set a = 'abcdefgh' %}" + "{% set a = a | join(a) %}" * 6,
        "template_too_heavy or template_too_slow",
    ),
    "five thousand brackets": ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "template_too_nested"),
    "thirty passages deep": ("{% for x in invoices %}" * 30 + "{% endfor %}" * 30, "template_too_nested"),
    "a bomb in a constant": ("{% if false %}{{ ('a' ~ 'b') * 10**9 }}{% endif %}fin", ""),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_sentence_within_seconds_and_harms_no_other_text(name: str) -> None:
    body, code = BOMBS[name]
    bomb = text_of_theirs(body, row=2, name="bombe")
    good = Job(GOOD, example("fr"))
    before = time.monotonic()
    results = render_all([good, Job(bomb, example("fr")), good, Job(bomb, bare_example("fr")), good])
    assert time.monotonic() - before < 12  # some three on a machine that does nothing else
    for i in (0, 2, 4):
        assert isinstance(results[i], Rendered)
    for i in (1, 3):
        bombed = results[i]
        assert (bombed.failure.code if isinstance(bombed, Failed) else "") in code.split(" or ")


def test_many_customers_of_one_bomb_cost_one_bomb() -> None:
    bomb = text_of_theirs(f"{LOOPS}{ENDS}")
    before = time.process_time(), time.monotonic()
    results = render_all([Job(bomb, example("fr"))] * 200)
    assert all(isinstance(result, Failed) and result.failure.code == "template_too_slow" for result in results)
    assert time.monotonic() - before[1] < 12


def test_a_bomb_in_the_subject_is_the_subjects_fault() -> None:
    [result] = render_all([Job(text_of_theirs("Bonjour", subject="{{ total * 10**9 }}"), example("fr"))])
    assert isinstance(result, Failed)
    assert (result.failure.code, result.part) == ("template_not_allowed", "subject")


# When the child itself misbehaves: real programs in its place, that answer one job and then fall silent or die

SILENT_AFTER_ONE = """
import sys, time
out = sys.stdout.buffer
out.write(b'ready\\n{"subject": "s", "text": "t"}\\n'); out.flush()
time.sleep(60)
"""


@pytest.mark.parametrize("program", [SILENT_AFTER_ONE, SILENT_AFTER_ONE.replace("time.sleep(60)", "sys.exit(1)")])
def test_a_child_that_stops_costs_the_text_it_stopped_at(program: str) -> None:
    texts = [text_of_theirs(f"{i}", row=i, name=f"t{i}") for i in (2, 3, 4)]
    jobs = [
        Job(texts[0], example("fr")),
        Job(texts[1], example("fr")),
        Job(texts[1], bare_example("fr")),
        Job(texts[2], example("fr")),
    ]
    results = render_all(jobs, command=[sys.executable, "-c", program], deadline=0.5)
    assert [type(result) for result in results] == [Rendered, Failed, Failed, Rendered]


def test_a_child_that_cannot_start_is_a_failure_of_the_program() -> None:
    with pytest.raises(RuntimeError, match="cannot start"):
        render_all([Job(GOOD, example("fr"))], command=[sys.executable, "-c", "raise SystemExit(1)"])


def test_the_child_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_SMTP_URL", "smtp://u:p@example.org")
    program = "import os, json; print('ready'); print(json.dumps({'subject': str(len(os.environ.get('RELANCE_SMTP_URL', ''))), 'text': 't'}), flush=True)"
    [result] = render_all([Job(GOOD, example("fr"))], command=[sys.executable, "-c", program])
    assert result == Rendered("0", "t")


def test_built_in_texts_start_no_child() -> None:
    ours = Template(row=0, name="x", language="fr", subject="{{ company }}", body="{{ to_pay }}")
    [result] = render_all([Job(ours, example("fr"))], command=["/does/not/exist"])
    assert isinstance(result, Rendered)
