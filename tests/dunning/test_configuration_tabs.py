"""The Cadence, Reasons, Templates and Rates tabs, and the defaults without them."""

from datetime import date
from decimal import Decimal

import pytest
from raw_tabs import raw

from sync.dunning.configuration import read_rules
from sync.dunning.default_cadences import default_cadences, default_routes
from sync.ledger.problems import Severity
from sync.ledger.words import Approval, Channel, DelayReason, Segment


def rules_of(**tabs):
    return read_rules({key: raw(key, rows) for key, rows in tabs.items()})


def step(number, when, channel="e-mail", cadence="standard", **others):
    return {"cadence": cadence, "step": number, "when": when, "channel": channel, **others}


def codes(rules):
    return [(problem.row, problem.column, problem.code) for problem in rules.problems]


def test_the_default_cadence_is_the_usual_plan():
    standard, soft, firm = default_cadences("fr")
    assert [(one.offset, one.channel) for one in standard.steps] == [
        (-5, Channel.EMAIL), (1, Channel.EMAIL), (7, Channel.CALL), (15, Channel.REGISTERED_LETTER), (30, Channel.CALL),
        (45, Channel.FORMAL_NOTICE), (60, Channel.HAND_OVER),
    ]  # fmt: skip
    assert (standard.segment, soft.segment, firm.segment) == (None, Segment.RELIABLE, Segment.WATCH)
    assert [cadence.name for cadence in default_cadences("en")] == ["standard", "soft", "firm"]


@pytest.mark.parametrize("cadence", default_cadences("fr"), ids=lambda cadence: cadence.name)
def test_every_default_cadence_is_sound(cadence):
    offsets = [one.offset for one in cadence.steps]
    assert [one.number for one in cadence.steps] == list(range(1, len(offsets) + 1))
    assert offsets == sorted(set(offsets))
    written = [one.offset for one in cadence.steps if not one.is_note and one.channel not in (Channel.CALL, Channel.HAND_OVER)]
    assert all(later - earlier >= 7 for earlier, later in zip(written, written[1:], strict=False))  # the default spacing
    assert cadence.steps[-2].channel is Channel.FORMAL_NOTICE
    for one in cadence.steps:
        assert (one.approval is Approval.PERSON) is (one.channel is not Channel.EMAIL)


def test_the_default_tab_written_and_read_back_is_the_default():
    rows = [
        {
            "cadence": cadence.name, "segment": cadence.segment, "step": one.number, "when": f"J{one.offset:+d}",
            "channel": one.channel, "approval": one.approval,
        }
        for cadence in default_cadences("fr")
        for one in cadence.steps
    ]  # fmt: skip
    rules = rules_of(cadence=rows)
    assert rules.problems == ()
    assert [[(one.number, one.offset, one.channel, one.approval) for one in cadence.steps] for cadence in rules.cadences] == [
        [(one.number, one.offset, one.channel, one.approval) for one in cadence.steps] for cadence in default_cadences("fr")
    ]
    assert [(cadence.name, cadence.segment) for cadence in rules.cadences] == [
        (cadence.name, cadence.segment) for cadence in default_cadences("fr")
    ]


@pytest.mark.parametrize(("typed", "offset"), [("J+7", 7), ("j-5", -5), ("D+7", 7), ("J + 30", 30), ("J\u22125", -5)])
def test_when(typed, offset):
    rules = rules_of(cadence=[step(1, typed)])
    assert rules.cadences[0].steps[0].offset == offset


@pytest.mark.parametrize("typed", ["J+0", "J7", "7", 7, "J+", "J+1000", "demain", "K+7", "J+7,5"])
def test_any_other_when_refuses_the_cadence(typed):
    rules = rules_of(cadence=[step(1, typed)])
    assert codes(rules) == [(2, "when", "bad_when")]
    assert rules.refused_cadences == {"standard"}


def test_rows_may_stand_in_any_order_and_blank_approvals_have_their_default():
    rules = rules_of(
        cadence=[
            step(4, "J+15", "Recommandé"),
            step(1, "J-5"),
            {},
            step(3, "J+8"),
            step(2, "J+1", minimum="50", repeat_every=5, repeat_max=3.0),
        ]
    )
    assert rules.problems == ()
    (cadence,) = rules.cadences
    assert [one.approval for one in cadence.steps] == [Approval.AUTO, Approval.AUTO, Approval.ASK, Approval.PERSON]
    assert [one.row for one in cadence.steps] == [3, 6, 5, 2]
    assert (cadence.steps[1].minimum, cadence.steps[1].repeat_every, cadence.steps[1].repeat_max) == (5000, 5, 3)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([step(1, "J+1"), step(3, "J+7")], [(2, "cadence", "cadence_refused"), (3, "step", "steps_not_numbered")]),
        ([step(1, "J+1"), step(1, "J+7")], [(2, "cadence", "cadence_refused"), (3, "step", "steps_not_numbered")]),
        ([step(1, "J+7"), step(2, "J+7")], [(2, "cadence", "cadence_refused"), (3, "when", "days_not_rising")]),
        ([step(1, "J+1"), step(2, "J+7", "pigeon")], [(2, "cadence", "cadence_refused"), (3, "channel", "unknown_word")]),
        ([step(1, "J+1"), step(2, "J+7", None)], [(2, "cadence", "cadence_refused"), (3, "channel", "missing_value")]),
        ([step(1, "J+1", repeat_every=3)], [(2, "repeat_max", "repeat_incomplete")]),
        ([step(1, "J+1", repeat_max=3)], [(2, "repeat_every", "repeat_incomplete")]),
        ([step(1, "J+1", minimum="1,234")], [(2, "minimum", "ambiguous_amount")]),
        (
            [step(1, "J+1", segment="fiable"), step(2, "J+7", segment="nouveau")],
            [(2, "segment", "cadence_of_two_segments"), (3, "segment", "cadence_of_two_segments")],
        ),
    ],
)
def test_a_wrong_step_refuses_its_cadence_and_says_so_on_each_row(rows, expected):
    rules = rules_of(cadence=[*rows, step(1, "J+1", cadence="autre")])
    assert sorted(codes(rules)) == expected
    assert rules.refused_cadences == {"standard"}
    assert not rules.stop_sending


def test_a_refused_cadence_still_holds_its_segment_so_that_no_other_plan_serves_unseen():
    rules = rules_of(cadence=[step(1, "bof", cadence="doux", segment="fiable"), step(1, "J+1", cadence="standard")])
    refused = rules.cadences[0]
    assert (refused.name, refused.segment, refused.steps) == ("doux", Segment.RELIABLE, ())
    assert rules.refused_cadences == {"doux"}


def test_a_step_without_a_cadence_stops_everything():
    rules = rules_of(cadence=[step(1, "J+1"), step(2, "J+7", cadence=None)])
    assert codes(rules) == [(3, "cadence", "missing_value")]
    assert rules.stop_sending


def test_what_only_a_person_may_do_is_never_automatic():
    rules = rules_of(cadence=[step(1, "J+1", "mise en demeure", approval="automatique")])
    assert [(problem.code, problem.severity) for problem in rules.problems] == [("approval_is_person", Severity.WARNING)]
    assert rules.cadences[0].steps[0].approval is Approval.PERSON


def test_a_second_cadence_for_a_segment_is_a_warning():
    rules = rules_of(cadence=[step(1, "J+1", cadence="a", segment="fiable"), step(1, "J+1", cadence="b", segment="fiable")])
    assert [(problem.row, problem.code, problem.severity) for problem in rules.problems] == [
        (3, "segment_of_two_cadences", Severity.WARNING)
    ]


@pytest.mark.parametrize("tab", [[], [{}], [{"problem": "old"}]])
def test_an_empty_tab_means_the_defaults(tab):
    rules = rules_of(cadence=tab, reasons=tab, templates=tab, rates=tab)
    assert rules.cadences == default_cadences("fr")
    assert rules.routes == default_routes("fr")
    assert (rules.templates, rules.rates, rules.problems) == ({}, {}, ())


def test_a_reason_row_replaces_its_default_and_the_others_stay():
    rules = rules_of(
        reasons=[
            {"reason": "litige", "pause": "oui", "owner": "Ventes", "days": 21, "template": "t", "back_to": 2},
            {"reason": "autre"},
        ]
    )
    route = rules.routes[DelayReason.DISPUTE]
    assert (route.pause, route.owner, route.days, route.template, route.back_to) == (True, "Ventes", 21, "t", 2)
    assert rules.routes[DelayReason.OTHER].days == default_routes("fr")[DelayReason.OTHER].days
    assert rules.routes.keys() == set(DelayReason)
    assert rules.problems == ()


def test_a_wrong_reason_row_pauses_and_an_unknown_reason_stops():
    rules = rules_of(reasons=[{"reason": "mauvaise foi", "pause": "bof"}])
    assert codes(rules) == [(2, "pause", "unknown_word")]
    assert (rules.routes[DelayReason.BAD_FAITH].pause, rules.stop_sending) == (True, False)
    for row in ({"reason": "grève", "pause": "non"}, {"pause": "non"}):
        assert rules_of(reasons=[row]).stop_sending
    assert rules_of(reasons=[{"reason": "litige"}, {"reason": "dispute"}]).stop_sending


def test_texts_are_read_as_they_stand():
    rules = rules_of(
        templates=[
            {"template": "rappel", "language": "FR", "subject": "Rappel {{ company }}", "body": "Bonjour,\r\n\n{{ total }}\n"}
        ]
    )
    text = rules.templates["rappel", "fr"]
    assert (text.row, text.subject, text.body) == (2, "Rappel {{ company }}", "Bonjour,\n\n{{ total }}\n")
    assert rules.refused_templates == frozenset()


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        ({"template": "a", "language": "de", "body": "x"}, {("a", "fr"), ("a", "en")}),
        ({"template": "a", "language": None, "body": "x"}, {("a", "fr"), ("a", "en")}),
        ({"template": "a", "language": "fr", "body": None}, {("a", "fr")}),
        ({"template": "a", "language": "fr", "body": "#REF!"}, {("a", "fr")}),
        ({"template": "ok", "language": "fr", "body": "again"}, {("ok", "fr")}),
    ],
)
def test_a_wrong_text_stops_only_what_uses_it(row, refused):
    rules = rules_of(templates=[{"template": "ok", "language": "fr", "body": "x"}, row])
    assert len(rules.problems) == 1
    assert rules.refused_templates == refused
    assert not rules.stop_sending


def test_rates_replace_the_shipped_ones_by_name_and_date():
    rules = rules_of(
        rates=[
            {"rate": "ecb_mro", "from": "01/07/2026", "percent": "2,15"},
            {"rate": "FR_LEGAL_PRO", "from": date(2026, 7, 1), "percent": 2.7},
        ]
    )
    assert rules.problems == ()
    assert rules.rates == {("ECB_MRO", date(2026, 7, 1)): Decimal("2.15"), ("FR_LEGAL_PRO", date(2026, 7, 1)): Decimal("2.7")}


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"rate": "EURIBOR"}, "rate", "unknown_rate"),
        ({"percent": "deux"}, "percent", "unreadable_number"),
        ({"percent": 200}, "percent", "out_of_range"),
        ({"from": "bof"}, "from", "unreadable_date"),
        ({"percent": None}, "percent", "missing_value"),
    ],
)
def test_a_wrong_rate_is_told_and_not_used(row, column, code):
    rules = rules_of(rates=[{"rate": "ECB_MRO", "from": "01/07/2026", "percent": "2,15", **row}])
    assert codes(rules) == [(2, column, code)]
    assert rules.rates == {}


def test_a_rate_twice_keeps_the_first():
    row = {"rate": "ECB_MRO", "from": "01/07/2026", "percent": "2,15"}
    rules = rules_of(rates=[row, {**row, "percent": 3}])
    assert codes(rules) == [(3, "rate", "duplicate_rate")]
    assert rules.rates == {("ECB_MRO", date(2026, 7, 1)): Decimal("2.15")}
