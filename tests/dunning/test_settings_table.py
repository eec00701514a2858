"""The Settings tab: names in both languages, every kind of value, what blank and wrong mean."""

from dataclasses import fields
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from raw_tabs import raw

from sync.dunning.configuration import read_rules
from sync.dunning.model import Allocation, InterestUse, LateEntry, Mode, Settings
from sync.dunning.settings import SETTINGS, find_setting
from sync.ledger.problems import Severity
from sync.ledger.words import fold


def rules_of(*rows, **others):
    """Rules of a Settings tab given as (name, value) pairs."""
    tab = raw("settings", [{"setting": name, "value": value} for name, value in rows])
    return read_rules({"settings": tab, **others})


def test_the_table_has_every_field_of_the_settings_and_no_two_names_alike():
    assert [setting.name for setting in SETTINGS if not hasattr(Settings(), setting.name)] == []
    assert {setting.name for setting in SETTINGS} == {field.name for field in fields(Settings)}
    names = [{fold(setting.name), fold(setting.name_fr)} for setting in SETTINGS]
    assert sum(map(len, names)) == len(set().union(*names))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_defaults_as_written_in_a_new_workbook_read_back_as_the_defaults(language):
    rows = [(setting.title(language), setting.default_text(language)) for setting in SETTINGS if setting.name != "language"]
    rules = rules_of(*rows, ("language", language))
    assert rules.problems == ()
    assert rules.settings == Settings(language=language)
    assert not rules.stop_sending


def test_without_a_tab_or_a_row_everything_has_its_default():
    assert read_rules({}).settings == Settings()
    assert rules_of().settings == Settings()


READ = [
    ("Société", "Atelier du Port", "company", "Atelier du Port"),
    ("COMPANY", "Atelier", "company", "Atelier"),
    ("Daily cap", 50.0, "daily_cap", 50),
    ("plafond par jour", "50", "daily_cap", 50),
    ("mode", "AUTO", "mode", Mode.AUTO),
    ("mode", "Valider", "mode", Mode.APPROVE),
    ("arrêt", "oui", "stop", True),
    ("stop", True, "stop", True),
    ("sending_days", "mon-sat", "sending_days", frozenset(range(6))),
    ("jours d'envoi", "lundi - jeudi", "sending_days", frozenset(range(4))),
    ("jours d’envoi", "mar, jeu et sam", "sending_days", frozenset({1, 3, 5})),
    ("sending_days", "sat to mon", "sending_days", frozenset({5, 6, 0})),
    ("sending_from", "9h", "sending_from", time(9)),
    ("sending_from", "8h05", "sending_from", time(8, 5)),
    ("sending_from", time(7, 45), "sending_from", time(7, 45)),
    ("sending_from", 0.375, "sending_from", time(9)),
    ("sending_from", timedelta(hours=6), "sending_from", time(6)),
    ("minimum par client", "1 234,50 €", "minimum_customer", 123450),
    ("minimum_invoice", 0, "minimum_invoice", 0),
    ("payments_as_of", date(2026, 2, 1), "payments_as_of", date(2026, 2, 1)),
    ("règlements à jour au", "01/02/2026", "payments_as_of", date(2026, 2, 1)),
    ("late_entry", "match", "late_entry", LateEntry.MATCH),
    ("interest", "jamais", "interest", InterestUse.NEVER),
    ("interest_allocation", "interest first", "interest_allocation", Allocation.INTEREST_FIRST),
    ("cost_of_capital", "4,5 %", "cost_of_capital", Decimal("4.5")),
    ("iban", "FR76 3000 6000 0112 3456 7890 189", "iban", "FR7630006000011234567890189"),
    ("country", "uk", "country", "GB"),
    ("region", "BY", "region", None),
    ("terms", 45.0, "terms", "45"),
    ("interest_rule", "fr_b2b_default", "interest_rule", "FR_B2B_DEFAULT"),
    ("time_zone", "America/Guadeloupe", "time_zone", "America/Guadeloupe"),
    ("company_id", 732829320.0, "company_id", "732829320"),
    ("digest", "hebdomadaire", "digest", "weekly"),
]


@pytest.mark.parametrize(("name", "cell", "field", "value"), [row for row in READ if row[0] != "region"])
def test_values_as_people_type_them(name, cell, field, value):
    rules = rules_of((name, cell))
    assert rules.problems == ()
    assert getattr(rules.settings, field) == value


def test_a_region_must_be_one_of_the_country():
    good = rules_of(("country", "DE"), ("region", "by"))
    assert (good.settings.region, good.problems) == ("BY", ())
    bad = rules_of(("region", "Atlantide"))
    assert ([problem.code for problem in bad.problems], bad.stop_sending) == (["unknown_region"], True)


OFF = {
    "daily_cap": None, "freshness_days": None, "volume_guard": None, "person_grace_days": None, "minimum_customer": 0,
    "spacing_days": 0, "mode": Mode.DRAFT, "interest": InterestUse.NEVER, "stop": False, "sending_days": frozenset(range(7)),
    "sending_from": time.min, "sending_to": time.max, "language": "fr", "currency": "EUR", "terms": "30", "send_batch": 10,
}  # fmt: skip


@pytest.mark.parametrize("cell", [None, "", "  "])
@pytest.mark.parametrize(("name", "off"), OFF.items())
def test_a_setting_that_is_there_but_blank_is_off(name, off, cell):
    rules = rules_of((name, cell))
    assert rules.problems == ()
    assert getattr(rules.settings, name) == off


BAD = [
    ("mode", "envoyer"), ("daily_cap", "beaucoup"), ("daily_cap", 0), ("daily_cap", 1.5), ("sending_days", "lun-xyz"),
    ("sending_from", "25:00"), ("sending_from", True), ("minimum_customer", "1,234"), ("minimum_customer", "-5"), ("iban", "FR7630006000011234567890188"),
    ("bic", "ABC"), ("sender_email", "nobody"), ("test_address", "a@example.org, b@example.org"), ("country", "Atlantide"),
    ("currency", "EURO"), ("terms", "bientôt"), ("time_zone", "Paris"), ("time_zone", "../etc/passwd"), ("language", "de"),
    ("stop", "peut-être"), ("payments_as_of", "hier"), ("interest_rule", "FR_RIEN"), ("cost_of_capital", "120"), ("company", "#REF!"),
    ("volume_guard", "#N/A"), ("site", "publique ?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "cell"), BAD)
def test_a_bad_value_stops_sending_keeps_the_default_and_says_what_is_expected(name, cell):
    rules = rules_of((name, cell), ("send_batch", 3))
    (problem,) = rules.problems
    assert (problem.tab, problem.row, problem.column, problem.code) == ("settings", 2, "value", "bad_setting")
    assert problem.severity is Severity.STOP
    assert rules.stop_sending
    assert getattr(rules.settings, name) == getattr(Settings(), name)
    assert rules.settings.send_batch == 3
    assert find_setting(name).kind.expected_fr in problem.fix("fr")


def test_an_unknown_setting_is_a_warning_in_its_row_and_nothing_more():
    rules = rules_of(("relance_speed", "fast"), (None, "orphan"), (None, None))
    assert [(problem.row, problem.code, problem.severity) for problem in rules.problems] == [
        (2, "unknown_setting", Severity.WARNING),
        (3, "missing_value", Severity.WARNING),
    ]
    assert not rules.stop_sending


def test_a_setting_on_two_rows_stops_sending_when_they_differ():
    assert not rules_of(("mode", "draft"), ("Mode", "draft")).stop_sending
    rules = rules_of(("daily_cap", 10), ("plafond par jour", 20))
    assert (rules.problems[0].code, rules.stop_sending) == ("duplicate_setting", True)


def test_hours_that_never_open_stop_sending():
    rules = rules_of(("sending_from", "18:00"), ("sending_to", "08:00"))
    assert ([problem.code for problem in rules.problems], rules.stop_sending) == (["hours_never_open"] * 2, True)


def test_the_language_of_the_workbook_decides_how_its_dates_are_read():
    rows = [("payments_as_of", "03/04/2026")]
    assert rules_of(*rows).settings.payments_as_of == date(2026, 4, 3)
    assert rules_of(*rows, ("language", "en")).problems[0].code == "bad_setting"
    assert rules_of(*rows, ("langue", "anglais")).stop_sending
