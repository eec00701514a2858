"""The Settings tab: both languages, defaults, blank against absent, what a bad or unknown setting does."""

from datetime import time

import pytest
from plain_book import Book, contact, day, invoice

FRENCH = {
    "société": "Atelier Brumaire", "adresse": "1 rue du Pont\n75001 Paris", "SIREN": "732829320", "numéro de TVA": "FR44732829320",
    "nom de l'expéditeur": "Compta", "e-mail de l'expéditeur": "compta@example.org", "répondre à": "compta@example.org",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189", "BIC": "AGRIFRPP", "langue": "français", "fuseau horaire": "Europe/Paris", "pays": "FR",
    "région": "", "devise": "EUR", "conditions de règlement": "30 jours fin de mois", "mode": "automatique", "arrêt": "non",
    "adresse de test": None, "plafond par jour": 200, "taille des lots": 10, "jours d'envoi": "lun-ven", "envoi à partir de": "8h30",
    "envoi jusqu'à": "18:00", "minimum par client": "15,00 €", "minimum par facture": "5", "jours entre deux messages": 7,
    "délai des personnes": 5, "délai après promesse": 2, "réexamen tous les": 14, "pause après réponse": 7,
    "règlements à jour au": "09/02/2026", "fraîcheur des règlements": 7, "entrée en retard": "première", "étape d'entrée maximale": None,
    "délai après la dernière étape": 15, "rupture d'échéancier": 10, "garde-fou de volume": "300 %", "pénalités": "réclamer",
    "règle de pénalités": None, "imputation": "capital d'abord", "coût du capital": "8,5", "coût d'un e-mail": "0,10", "coût d'un appel": 5,
    "coût d'un courrier": "7,50", "objectif d'encaissement du mois": 80, "conservation des textes": 24, "conservation des clients": 36,
    "site": "interne",
}  # fmt: skip

CONTRACT = [
    "company",
    "address",
    "company_id",
    "vat_id",
    "sender_name",
    "sender_email",
    "reply_to",
    "iban",
    "bic",
    "language",
    "time_zone",
    "country",
    "region",
    "currency",
    "terms",
    "mode",
    "stop",
    "test_address",
    "daily_cap",
    "send_batch",
    "sending_days",
    "sending_from",
    "sending_to",
    "minimum_customer",
    "minimum_invoice",
    "spacing_days",
    "person_grace_days",
    "promise_grace_days",
    "review_days",
    "reply_pause_days",
    "payments_as_of",
    "freshness_days",
    "late_entry",
    "late_entry_cap",
    "exhausted_after_days",
    "broken_plan_days",
    "volume_guard",
    "interest",
    "interest_rule",
    "interest_allocation",
    "cost_of_capital",
    "cost_email",
    "cost_call",
    "cost_letter",
    "goal_month_collection",
    "retention_months_texts",
    "retention_months_contacts",
    "site",
]

DEFAULTS = {
    "language": "fr", "time_zone": "Europe/Paris", "country": "FR", "currency": "EUR", "terms": "30", "mode": "brouillon", "daily_cap": 200,
    "send_batch": 10, "sending_days": "lun-ven", "sending_from": "08:30", "sending_to": "18:00", "minimum_customer": 15, "minimum_invoice": 5,
    "spacing_days": 7, "person_grace_days": 5, "promise_grace_days": 2, "review_days": 14, "reply_pause_days": 7, "freshness_days": 7,
    "late_entry": "première", "exhausted_after_days": 15, "broken_plan_days": 10, "volume_guard": 300, "interest": "mention",
    "interest_allocation": "capital d’abord", "site": "interne",
}  # fmt: skip


def book(tmp_path, settings, **more):
    return Book(tmp_path, Invoices=[invoice(**more)], Contacts=[contact()], Settings=settings)


def test_every_setting_of_the_contract_is_known_by_its_english_name(tmp_path):
    rows = [{"Setting": name, "Value": None} for name in CONTRACT]
    found = Book(tmp_path, Invoices=[invoice()], Settings=rows).plan("2026-02-10")
    assert found["problems"] == []


def test_every_setting_and_every_value_in_french(tmp_path):
    sheet = book(tmp_path, FRENCH)
    plan = sheet.plan("2026-02-10")
    assert (plan["problems"], plan["mode"]) == ([], "auto")
    assert plan["decisions"][0]["to_pay"] == "140.33"  # « réclamer » is charge


def test_names_of_settings_in_any_case_and_without_accents(tmp_path):
    assert book(tmp_path, {"  MODE ": "APPROVE"}).plan("2026-02-10")["mode"] == "approve"
    assert book(tmp_path, {"Arret": "OUI"}).why("F-1", "2026-02-10")[1] == "stopped"


def test_init_writes_the_defaults_of_the_contract(tmp_path):
    sheet = Book(tmp_path, Invoices=[invoice()])
    sheet.run("init", "--language", "fr")
    french = {row["Réglage"]: row["Valeur"] for row in sheet.rows("Réglages")}
    from_english = Book(tmp_path, name="en.xlsx", Invoices=[invoice()])
    from_english.run("init", "--language", "en")
    english = [row["Setting"] for row in from_english.rows("Settings")]
    assert set(CONTRACT) <= set(english)
    values = dict(zip(english, french.values(), strict=True))
    assert {name: values[name] for name in DEFAULTS} == DEFAULTS
    assert [values[name] for name in ("stop", "test_address", "payments_as_of", "late_entry_cap", "cost_of_capital")] == [
        "non",
        None,
        None,
        None,
        None,
    ]


def test_an_unknown_setting_is_a_problem_in_its_row_and_nothing_more(tmp_path):
    sheet = book(tmp_path, {"mode": "auto", "colour": "blue"})
    assert sheet.codes("2026-02-10") == [("settings", 3, "setting", "unknown_setting")]
    assert len(sheet.sync("2026-02-10")["sent"]) == 1
    assert sheet.rows("Settings")[1]["Problème"]


BAD = {
    "language": "de", "time_zone": "Mars/Base", "country": "Narnia", "currency": "euros", "terms": "soon", "mode": "perhaps", "stop": "maybe",
    "test_address": "nobody", "daily_cap": "many", "send_batch": 0, "sending_days": "someday", "sending_from": "25:00", "sending_to": "noonish",
    "minimum_customer": "1,234", "minimum_invoice": -1, "spacing_days": "often", "person_grace_days": "-1", "promise_grace_days": "x",
    "review_days": 1.5, "reply_pause_days": "week", "payments_as_of": "yesterday", "freshness_days": True, "late_entry": "later",
    "late_entry_cap": 0, "exhausted_after_days": "#REF!", "broken_plan_days": "ten", "volume_guard": "lots", "interest": "always",
    "interest_rule": "LAW_OF_THE_SEA", "interest_allocation": "both", "iban": "FR7630006000011234567890188", "bic": "X", "site": "open",
    "sender_email": "a@", "reply_to": "a b",
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_a_known_setting_with_a_bad_value_stops_sending_and_never_reading(tmp_path, name, value):
    plan = book(tmp_path, {"mode": "auto", name: value} if name != "mode" else {name: value}).plan("2026-02-10")
    row = 2 if name == "mode" else 3
    assert [(one["tab"], one["row"]) for one in plan["problems"]] == [("settings", row)]
    assert plan["decisions"][0]["reason"] == "settings_problem"
    assert (plan["decisions"][0]["state"], plan["invoices"][0]["open"]) == ("blocked", "100.00")


def test_a_setting_that_stands_twice_with_two_values_stops_sending(tmp_path):
    rows = [
        {"Setting": "mode", "Value": "auto"},
        {"Setting": "spacing_days", "Value": 7},
        {"Setting": "jours entre deux messages", "Value": 0},
    ]
    assert (
        Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Settings=rows).why("F-1", "2026-02-10")[1]
        == "settings_problem"
    )


# --- blank against absent


def test_mode_is_draft_by_default_and_when_blank(tmp_path):
    for settings in ({}, {"mode": None}, {"language": "en"}):
        sheet = book(tmp_path, settings)
        assert sheet.plan("2026-02-10")["mode"] == "draft"
        assert (sheet.sync("2026-02-10")["sent"], sheet.mails()) == ([], [])


def test_interest_blank_is_off_and_absent_is_mention(tmp_path):
    assert book(tmp_path, {"interest": None}).view("F-1", "2026-02-10")["interest_why"] == "setting_never"
    assert book(tmp_path, {}).view("F-1", "2026-02-10")["compensation"] == "40.00"


def test_sending_days_blank_are_every_day(tmp_path):
    due = {"due": "2026-01-30"}  # J+1 is a Saturday
    assert book(tmp_path, {}, **due).decision("2026-01-31")["action_date"] == "2026-02-02"
    assert book(tmp_path, {"sending_days": None}, **due).decision("2026-01-31")["action_date"] == "2026-01-31"
    assert book(tmp_path, {"sending_days": "mon-sat"}, **due).decision("2026-01-31")["action_date"] == "2026-01-31"


def test_public_holidays_of_the_country_and_region_are_no_business_days(tmp_path):
    due = {"due": "2026-04-02"}  # J+1 is Good Friday: a holiday of the Moselle, not of France; Easter Monday is everyone's
    assert book(tmp_path, {}, **due).decision("2026-04-10")["action_date"] == "2026-04-03"
    assert book(tmp_path, {"region": "Moselle"}, **due).decision("2026-04-10")["action_date"] == "2026-04-07"
    assert book(tmp_path, {"country": "US"}, **due).decision("2026-04-10")["action_date"] == "2026-04-03"
    assert book(tmp_path, {"country": "GB", "region": "ENG"}, **due).decision("2026-04-10")["action_date"] == "2026-04-07"


def test_the_currency_and_the_terms_of_the_company(tmp_path):
    sheet = book(tmp_path, {"currency": "gbp", "terms": "45 FM"}, **{"Due date": None, "Issue date": day("2026-01-01")})
    assert (sheet.view("F-1", "2026-03-02")["currency"], sheet.view("F-1", "2026-03-02")["days_late"]) == ("GBP", 2)


def test_a_region_that_the_country_does_not_have_stops_sending(tmp_path):
    assert book(tmp_path, {"region": "Atlantis"}).why("F-1", "2026-02-10")[1] == "settings_problem"


@pytest.mark.parametrize("cell", ["08:30", "8h30", "8:30", "08:30:00", 8.5 / 24, time(8, 30)])
def test_times_as_people_type_them(tmp_path, cell):
    assert book(tmp_path, {"sending_from": cell}).plan("2026-02-10")["problems"] == []


def test_the_meaning_of_each_setting_is_written_beside_it(tmp_path):
    sheet = book(tmp_path, {"language": "en", "mode": "draft", "daily_cap": 3})
    sheet.sync("2026-02-10")
    assert all(row["Meaning"] for row in sheet.rows("Settings"))


# --- the daily cap, sending hours


def test_the_daily_cap_lets_the_first_by_priority_leave(tmp_path):
    rows = [
        invoice("F-1", customer="C1", amount=100),
        invoice("F-2", customer="C2", amount=9000),
        invoice("F-3", customer="C3", amount=500),
    ]
    sheet = Book(
        tmp_path, Invoices=rows, Contacts=[contact("C1"), contact("C2"), contact("C3")], Settings={"mode": "auto", "daily_cap": 1}
    )
    assert [one["customer"] for one in sheet.sync("2026-02-10")["sent"]] == ["C2"]
    assert sheet.sync("2026-02-10")["sent"] == []  # the cap is of the day
    assert [one["customer"] for one in sheet.sync("2026-02-11")["sent"]] == ["C3"]


def test_the_sending_hours_are_checked_only_when_the_date_is_today(tmp_path, monkeypatch):
    from datetime import UTC, datetime

    from sync.cli import surroundings

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 2, 10, 20, 30, tzinfo=UTC).astimezone(tz)  # 21:30 in Paris

    monkeypatch.setattr(surroundings, "datetime", Clock)
    assert book(tmp_path, {"mode": "auto"}).sync("2026-02-10")["sent"] == []
    assert len(book(tmp_path, {"mode": "auto"}).sync("2026-02-11")["sent"]) == 1
    assert len(book(tmp_path, {"mode": "auto", "sending_to": None}).sync("2026-02-10")["sent"]) == 1


# --- the test address


def test_under_a_test_address_the_act_is_noted_test_and_is_no_step(tmp_path):
    sheet = book(tmp_path, {"mode": "auto", "test_address": "me@example.org", "language": "en"})
    (sent,) = sheet.sync("2026-02-10")["sent"]
    assert sent["to"] == ["me@example.org"]
    assert "c1@example.org" not in sheet.mails()[0].read_text("utf-8").split("\n\n")[0]
    acts = [(row["Status"], row["Note"]) for row in sheet.rows("Journal") if row["Step"] == 2]
    assert ("sent", "test") in acts
    assert sheet.decision("2026-02-11")["step"] == 2
    sheet.type("Settings", 3, "Value", None)
    assert [one["to"] for one in sheet.sync("2026-02-11")["sent"]] == [["c1@example.org"]]
