"""Cases in the Today tab of a real workbook: who does what by when, with the words, and what an answer changes."""

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from sheet import Sheet

from sync.cli import main


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "RELANCE_OUTBOX", "RELANCE_SMTP_URL", "RELANCE_JOURNAL_KEY"):
        monkeypatch.delenv(name, raising=False)


def tasks(sheet: Sheet, start: str) -> list[dict[str, Any]]:
    return [dict(row) for row in sheet.rows("today") if str(row["task"]).startswith(start)]


def only(sheet: Sheet, start: str) -> dict[str, Any]:
    (found,) = tasks(sheet, start)
    return found


def test_each_reason_goes_to_its_owner_with_a_deadline_and_words(tmp_path):
    reasons = {
        "non reçue": ("facturation", "08/02/2026"), "litige": ("commerce", "15/02/2026"), "dit payée": ("comptabilité", "06/02/2026"),
        "validation en cours": ("commerce", "11/02/2026"), "difficulté": ("crédit client", "11/02/2026"),
    }  # fmt: skip
    sheet = Sheet(tmp_path)
    for number, reason in enumerate(reasons):
        sheet.contact(f"C{number}", name=f"Client {number}")
        sheet.invoice(
            f"F-{number}", "2026-01-30", 300, f"C{number}", reason=reason, document_link=f"https://files.example.org/{number}.pdf"
        )
    sheet.sync("2026-02-02")
    for number, (reason, (owner, deadline)) in enumerate(reasons.items()):
        (task,) = [
            row for row in sheet.rows("today") if row["customer"] == f"C{number}" and str(row["task"]).startswith("review|")
        ]
        assert f"Responsable\u00a0: {owner}, au plus tard le {deadline}." in task["what"], reason
        assert f"F-{number}" in task["script"], reason
    resend = only(sheet, "review|case|C0")
    assert "https://files.example.org/0.pdf" in resend["script"]


def test_says_paid_looks_for_the_money_first(tmp_path):
    sheet = Sheet(tmp_path).contact("C1").contact("C2")
    sheet.invoice("F-1", "2026-01-30", 240, reason="dit payée").invoice("F-2", "2026-01-30", 99, "C2", reason="dit payée")
    sheet.add("payments", paid_on=date(2026, 1, 29), customer="C1", amount=240, reference="VIR F 1")
    sheet.sync("2026-02-02")
    found, missing = only(sheet, "review|case|C1"), only(sheet, "review|case|C2")
    assert found["script"].startswith("Règlement du 29/01/2026, 240,00\u00a0€ (ligne 2 de Règlements)")
    assert missing["script"].startswith("Aucun règlement sans facture ne correspond")


def test_an_answered_case_is_not_asked_again_and_the_reminders_come_back_after_its_days(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30", 240, reason="non reçue")
    sheet.sync("2026-02-02")
    sheet.types("today", only(sheet, "review|case|")["task"], outcome="fait", note="renvoyée")
    sheet.sync("2026-02-03")
    assert tasks(sheet, "review|case|") == []
    assert sheet.sync("2026-02-08")["sent"] == []
    assert [one["step"] for one in sheet.sync("2026-02-09")["sent"]] == [2]


def test_hardship_offers_plans_and_done_writes_the_chosen_one(tmp_path):
    sheet = Sheet(tmp_path, discount_plan_kept=2).contact(name="Ateliers Vif", capacity=400)
    sheet.invoice("F-1", "2026-01-30", 1200).invoice("F-2", "2026-01-20", 300).types("invoices", "F-1", reason="difficulté")
    sheet.sync("2026-02-10")
    task = only(sheet, "review|propose|")
    assert "1. Tout pour le 18/02/2026." in task["script"]
    assert "18/05/2026\u00a0: 345,00\u00a0€" in task["script"]
    sheet.types("today", task["task"], outcome="fait", note="n° 9")
    sheet.sync("2026-02-10")
    assert [row["code"] for row in sheet.rows("problems")] == ["unknown_proposal"]
    assert sheet.rows("plans") == []
    sheet.types("today", task["task"], outcome="fait", note="n° 2")
    sheet.sync("2026-02-10")
    rows = sheet.rows("plans")
    assert [row["amount"] for row in rows] == [375, 375, 375, 345]
    assert [row["discount"] for row in rows] == [None, None, None, 30]
    assert {row["agreed_on"] for row in rows} == {None}
    sheet.sync("2026-02-11")
    assert tasks(sheet, "review|propose|") == []
    assert rows[0]["plan"] in only(sheet, "review|proposed|")["what"]
    assert sheet["invoices", "F-2", "next_action"] != "attendre"  # only proposed: nothing changes


def test_propose_says_why_not_and_writes_on_demand(tmp_path):
    sheet = Sheet(tmp_path).contact(name="Ateliers Vif").invoice("F-1", "2026-01-30", 900)
    run = CliRunner()

    def propose(*arguments: str, code: int = 0) -> str:
        result = run.invoke(main, ["propose", "C1", str(sheet.path), "--as-of", "2026-02-10", *arguments], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    assert "--choose" in propose()
    assert sheet.rows("plans") == []
    assert "C1-260210" in propose("--write")
    assert [row["plan"] for row in sheet.rows("plans")] == ["C1-260210"] * 2
    assert "C1-260210-2" in propose("--choose", "1")
    assert "proposition 8" in propose("--choose", "8", code=2)
    assert "1. " in propose("--invoice", "F-1")
    sheet.types("contacts", "C1", insolvent_on=date(2026, 2, 1))
    assert "procédure collective" in propose("--json")


def test_a_claim_to_declare_and_the_vat_of_a_loss_have_their_deadlines(tmp_path):
    sheet = Sheet(tmp_path).contact("C1", insolvent_on=date(2026, 2, 1)).contact("C2")
    sheet.invoice("F-1", "2026-01-30", 500).invoice("F-2", "2025-06-30", 80, "C2", status="perte", status_on=date(2026, 1, 31))
    sheet.sync("2026-02-02")
    filing, vat = only(sheet, "review|filing|"), only(sheet, "review|vat|")
    assert "au plus tard le 01/04/2026" in filing["what"]
    assert "500,00" in filing["what"]
    assert "au plus tard le 31/12/2028" in vat["what"]
    assert "duplicata" in vat["script"]
    sheet.sync("2026-04-01")
    assert "au plus tard le 01/04/2026" in only(sheet, "review|filing|")["what"]
    sheet.sync("2026-04-02")
    assert "est passé depuis le 01/04/2026" in only(sheet, "review|filing|")["what"]
    assert "forclusion" in only(sheet, "review|filing|")["what"]


@pytest.mark.parametrize("name", ["Ambulances de l’Est", "Le Bistrot", "Établissements Roche", "Hôtel du Lac"])
def test_no_sentence_of_today_stumbles_over_a_name(tmp_path, name):
    """Names come without “de” or “à” contracted wrongly, whatever letter they begin with."""
    reasons = ["non reçue", "litige", "difficulté", "promesse", "dit payée", "validation en cours", "autre", "mauvaise foi"]
    sheet = Sheet(tmp_path)
    for number, reason in enumerate(reasons):
        sheet.contact(f"C{number}", name=name).invoice(f"F-{number}", "2026-01-30", 100, f"C{number}", reason=reason)
    sheet.contact("D1", name=name, insolvent_on=date(2026, 1, 20)).invoice("G-1", "2026-01-30", 100, "D1")
    sheet.contact("D2", name=name).invoice("G-2", "2025-12-30", 100, "D2", status="perte", status_on=date(2026, 1, 30))
    sheet.sync("2026-02-02")
    said = [str(row["what"]) for row in sheet.rows("today") if row["customer"]]
    assert len(said) >= 10
    assert not [what for what in said if f" de {name}" in what or f" du {name}" in what]


def test_the_internal_phase_ends_on_its_day_even_when_a_formal_notice_was_left_undone(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2025-11-28", 500, last_step=5, last_contact=date(2025, 12, 29))
    sheet.sync("2026-02-10")
    assert tasks(sheet, "review|decide|") == []
    sheet.sync("2026-02-11")  # J+60 and 15 days
    assert "mise en demeure" in only(sheet, "review|decide|")["what"]


def test_the_decision_shows_its_choices_with_their_figures(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2025-11-28", 500, last_step=7, last_contact=date(2026, 1, 27))
    sheet.sync("2026-02-20")
    script = only(sheet, "review|decide|")["script"]
    assert "confiée" in script
    assert "prescription" in script
    assert "1. Tout pour le 28/02/2026." in script


def test_a_courtesy_note_gives_the_early_payment_discount_with_its_arithmetic(tmp_path):
    sheet = Sheet(tmp_path, early_discount=2, early_discount_days=30).contact()
    sheet.add("invoices", invoice="F-1", customer="C1", issued=date(2026, 1, 10), due=date(2026, 2, 13), amount=1000)
    sheet.sync("2026-02-06")
    (mail,) = sheet.mails()
    from email import message_from_bytes, policy

    text = message_from_bytes(mail.read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    assert "escompte de 2\u00a0%" in text
    assert "980,00\u00a0€" in text
    assert "09/02/2026" in text


def test_the_note_of_an_instalment_leaves_once_after_a_tick(tmp_path):
    sheet = Sheet(tmp_path).contact(name="Ateliers Vif").invoice("F-1", "2026-01-30", 300)
    for due, amount in ((date(2026, 2, 27), 150), (date(2026, 3, 31), 150)):
        sheet.add("plans", plan="P1", customer="C1", invoices="F-1", agreed_on=date(2026, 2, 2), due=due, amount=amount)
    assert sheet.sync("2026-02-20")["sent"] == []
    assert "150,00" in sheet["invoices", "F-1", "draft"]
    assert sheet["invoices", "F-1", "next_action"] == "attendre"
    sheet.types("invoices", "F-1", send="oui")
    (sent,) = sheet.sync("2026-02-20")["sent"]
    assert sent["invoices"] == ["F-1"]
    assert sheet.sync("2026-02-23")["sent"] == []
    assert sheet.rows("problems") == []
    assert sheet["invoices", "F-1", "draft"] is None


HOSTILE = ["A|B", "C\\", "a\\|b", "review", "review|propose|X", "=1+1", "Été, {name} 100 %"]


@pytest.mark.parametrize("code", HOSTILE)
def test_a_plan_is_chosen_in_today_whatever_the_customer_is_called(tmp_path, code):
    sheet = Sheet(tmp_path).contact(code, email="c1@example.org", name="Garage du Port")
    sheet.contact("A", email="a@example.org").invoice("F-2", "2026-01-30", 700, "A", reason="difficulté")
    sheet.invoice("F-1", "2026-01-30", 900, code, reason="difficulté")
    sheet.sync("2026-02-02")
    (asked,) = [row for row in sheet.rows("today") if row["customer"] == code and row["kind"] == "échéancier à proposer"]
    sheet.types("today", asked["task"], outcome="fait", note="2")
    sheet.sync("2026-02-03")
    rows = sheet.rows("plans")
    assert {row["customer"] for row in rows} == {code}
    assert sum(row["amount"] for row in rows) == 900
    assert [row["invoices"] for row in rows][0] == "F-1"
    sheet.sync("2026-02-04")
    kinds = {str(row["customer"]): row["kind"] for row in sheet.rows("today")}
    assert (kinds[code], kinds["A"]) == ("échéancier proposé", "échéancier à proposer")


@pytest.mark.parametrize("code", HOSTILE)
def test_a_call_is_answered_whatever_the_customer_is_called(tmp_path, code):
    sheet = Sheet(tmp_path).contact(code, email="c1@example.org").invoice("F|1", "2026-01-30", 900, code)
    sheet.sync("2026-02-02")
    sheet.sync("2026-02-06")
    (asked,) = [row for row in sheet.rows("today") if row["kind"] == "appel"]
    sheet.types("today", asked["task"], outcome="promesse", date=date(2026, 2, 20))
    sheet.sync("2026-02-09")
    assert sheet["invoices", "F|1", "promised"].date() == date(2026, 2, 20)
    assert [row["step"] for row in sheet.rows("journal") if row["channel"] == "call"] == [3]
    assert not [row for row in sheet.rows("today") if row["kind"] == "appel"]


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"payment_means": "LCR"}, "LCR"),
        ({"payment_means": "prélèvement"}, "prélèvement"),
        ({"do_not_contact": "oui"}, "ne pas contacter"),
    ],
)
def test_what_the_customers_row_says_is_reviewed_once_for_all_its_invoices(tmp_path, cells, word):
    sheet = Sheet(tmp_path).contact(name="Ateliers d’Orgeval", **cells)
    for number in range(1, 16):
        sheet.invoice(f"F-{number:02}", "2026-01-30", 100)
    sheet.invoice("G-1", "2026-01-30", 50, currency="GBP")
    assert sheet.sync("2026-02-06")["sent"] == []
    assert tasks(sheet, "review|") == tasks(sheet, "review|portfolio")  # two weeks are not over
    sheet.sync("2026-02-13")
    pounds, euros = sorted((row for row in tasks(sheet, "review|") if row["customer"] == "C1"), key=lambda row: row["amount"])
    assert (pounds["invoices"], euros["amount"]) == ("G-1", 1500)
    assert "F-12 … (+3)" in euros["what"]
    assert word in euros["what"]
    sheet.types("today", euros["task"], outcome="fait").types("today", pounds["task"], outcome="fait")
    sheet.sync("2026-02-16")
    assert not [row for row in tasks(sheet, "review|") if row["customer"] == "C1"]
    sheet.sync("2026-03-02")
    assert len([row for row in tasks(sheet, "review|") if row["customer"] == "C1"]) == 2


def test_a_promise_kept_in_part_says_what_is_missing_and_never_more_than_is_owed(tmp_path):
    sheet = Sheet(tmp_path).contact(name="Bar des Amis").invoice("F-1", "2026-01-30", 800)
    sheet.types("invoices", "F-1", promised=date(2026, 2, 13), promised_amount=5000, reason_on=date(2026, 2, 6))
    sheet.sync("2026-02-09")
    sheet.add("payments", paid_on=date(2026, 2, 12), invoice="F-1", amount=300)
    sheet.sync("2026-02-16")
    said = only(sheet, "review|promise|")["what"].replace("\u00a0", " ")
    assert "avait promis 800,00 € sur F-1 pour le 13/02/2026 et a versé 300,00 € : il manque 500,00 €." in said


def test_a_broken_plan_speaks_of_a_discount_only_where_there_was_one(tmp_path):
    sheet = Sheet(tmp_path).contact().contact("C2").invoice("F-1", "2026-01-30", 300).invoice("F-2", "2026-01-30", 300, "C2")
    for customer, number, discount in (("C1", "F-1", None), ("C2", "F-2", 10)):
        sheet.add(
            "plans", plan=f"P-{customer}", customer=customer, invoices=number, agreed_on=date(2026, 2, 3), due=date(2026, 2, 10),
            amount=300 - (discount or 0), discount=discount,
        )  # fmt: skip
    sheet.sync("2026-02-25")
    said = {row["customer"]: row["what"] for row in tasks(sheet, "review|broken|")}
    assert ["sans la remise" in said[customer] for customer in ("C1", "C2")] == [False, True]


def test_the_end_of_the_internal_phase_shows_the_choices_while_a_notice_still_waits(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2025-11-28", 500, last_step=5, last_contact=date(2025, 12, 29))
    sheet.sync("2026-03-30")
    script = only(sheet, "review|decide|")["script"]
    assert "confier à un professionnel" in script
    assert "un échéancier" in script


def test_old_payments_are_one_task_of_the_day_and_fresh_ones_end_it(tmp_path):
    sheet = Sheet(tmp_path, freshness_days=7).contact("C1").contact("C2")
    sheet.invoice("F-1", "2026-01-30", 240).invoice("F-2", "2026-01-30", 99, "C2")
    sheet.add("payments", paid_on=date(2026, 1, 12), customer="C1", amount=5)
    sheet.sync("2026-02-02")
    task = only(sheet, "review|payments")
    assert task["what"].replace("\u00a0", " ") == (
        "Saisissez les derniers règlements, ou renseignez « règlements à jour au » dans l’onglet Réglages : 2 relances attendent."
    )
    assert sheet.rows("today")[0]["task"] == task["task"]  # first of all, because nothing leaves before
    sheet.add("payments", paid_on=date(2026, 2, 2), customer="C2", amount=99, invoice="F-2")
    sheet.sync("2026-02-02")
    assert tasks(sheet, "review|payments") == []


def test_payments_known_up_to_a_day_to_come_are_told_and_not_believed(tmp_path):
    sheet = Sheet(tmp_path, freshness_days=7, payments_as_of=date(2062, 1, 25)).contact("C1").invoice("F-1", "2026-01-30", 240)
    sheet.add("payments", paid_on=date(2026, 1, 12), customer="C1", amount=5)
    sheet.sync("2026-02-02")
    assert ("Réglages", "date_in_future") in [(row["tab"], row["code"]) for row in sheet.rows("problems")]
    assert only(sheet, "review|payments")
