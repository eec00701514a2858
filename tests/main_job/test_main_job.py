"""The main job on a real workbook: what a person sees in the file, before and after the command."""

import email
from datetime import date
from email import policy

import openpyxl
import pytest
from sheet import Sheet


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "RELANCE_OUTBOX", "RELANCE_SMTP_URL", "RELANCE_JOURNAL_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_late_invoice_gets_its_message_once(tmp_path):
    sheet = Sheet(tmp_path).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30", 240)
    first = sheet.sync("2026-02-02")
    assert [(one["invoices"], one["status"]) for one in first["sent"]] == [(["F-1"], "sent")]
    assert len(sheet.mails()) == 1
    second = sheet.sync("2026-02-02")
    assert (second["sent"], second["written"]["cells"], len(sheet.mails())) == ([], 0, 1)


def test_the_message_names_invoice_amount_and_date(tmp_path):
    sheet = Sheet(tmp_path).contact(name="Les Ateliers Vif").invoice("F-1", "2026-01-30", 1240.5)
    sheet.sync("2026-02-02")
    message = email.message_from_bytes(sheet.mails()[0].read_bytes(), policy=policy.default)
    text = message.get_body(("plain",)).get_content()
    assert "F-1" in text
    assert "1\u202f240,50\u00a0€" in text
    assert "30" in text
    assert message["To"] == "c1@example.org"


def test_the_row_says_what_comes_next_and_why(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30").invoice("F-2", "2026-02-01")
    sheet.sync("2026-02-02")
    assert sheet["invoices", "F-1", "next_action"] == "Appel"
    assert sheet["invoices", "F-1", "open"] == 100
    assert sheet["invoices", "F-2", "next_action"] == "voir F-1"
    assert "06/02/2026" in sheet["invoices", "F-1", "why"]


def test_nothing_is_sent_in_draft_mode_and_the_draft_is_there_to_read(tmp_path):
    sheet = Sheet(tmp_path, mode="draft").contact().invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    assert sheet.mails() == []
    assert "F-1" in sheet["invoices", "F-1", "draft"]


def test_an_untouched_draft_is_frozen_while_days_pass(tmp_path):
    sheet = Sheet(tmp_path, mode="draft").contact().invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    before = sheet["invoices", "F-1", "draft"]
    sheet.sync("2026-02-20")
    assert sheet["invoices", "F-1", "draft"] == before


def test_a_press_on_send_lets_that_draft_leave_and_releases_the_button(tmp_path):
    sheet = Sheet(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30")
    assert sheet.sync("2026-02-02")["sent"] == []
    sheet.types("invoices", "F-1", send="oui")
    assert len(sheet.sync("2026-02-02")["sent"]) == 1
    assert sheet["invoices", "F-1", "send"] is None
    assert sheet["invoices", "F-1", "draft"] is None


def test_a_press_where_no_draft_stood_does_not_count(tmp_path):
    sheet = Sheet(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30", send="oui")
    assert sheet.sync("2026-02-02")["sent"] == []
    assert sheet["invoices", "F-1", "send"] is None


def test_an_edited_draft_is_sent_as_edited(tmp_path):
    sheet = Sheet(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    sheet.types("invoices", "F-1", draft="Bonjour Paul, un mot de ma main.", send="oui")
    sheet.sync("2026-02-03")
    assert "un mot de ma main" in sheet.mails()[0].read_text()


def test_an_edited_draft_whose_facts_changed_waits_until_it_is_pressed_again(tmp_path):
    sheet = Sheet(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    sheet.types("invoices", "F-1", draft="Bonjour Paul, un mot de ma main.", send="oui")
    sheet.add("payments", invoice="F-1", amount=40, paid_on=__import__("datetime").date(2026, 2, 2))
    assert sheet.sync("2026-02-03")["sent"] == []
    assert sheet["invoices", "F-1", "draft"] == "Bonjour Paul, un mot de ma main."
    assert sheet["invoices", "F-1", "send"] is None
    assert sheet.plan("2026-02-03")["decisions"][0]["reason"] == "draft_outdated"
    sheet.types("invoices", "F-1", send="oui")
    assert len(sheet.sync("2026-02-03")["sent"]) == 1


def test_skip_passes_the_step_with_a_trace_and_releases_the_button(tmp_path):
    sheet = Sheet(tmp_path, mode="approve").contact().invoice("F-1", "2026-01-30", send="passer")
    sheet.sync("2026-02-02")
    assert sheet["invoices", "F-1", "send"] is None
    assert [row["status"] for row in sheet.rows("journal") if row["step"] == 2] == ["skipped"]
    assert sheet.plan("2026-02-03")["decisions"][0]["step"] == 3


def test_no_cell_typed_by_a_person_ever_changes(tmp_path):
    from sync.workbook.contract import TABS_BY_KEY, Who

    sheet = (
        Sheet(tmp_path)
        .contact(note="ne pas brusquer")
        .invoice("F-1", "2026-01-30", note="=SOMME(A1)")
        .invoice("F-2", "2026-02-28")
    )
    sheet.invoice("0042", "2026-01-15", 80, customer="C9").invoice("F-4", "2026-01-15", "1.234")

    def typed() -> dict[tuple[str, int, str], object]:
        found = {}
        for tab in ("invoices", "contacts", "payments", "settings", "cadence"):
            columns = {column.key for column in TABS_BY_KEY[tab].columns if column.who is Who.PEOPLE}
            for index, row in enumerate(sheet.rows(tab)):
                found |= {(tab, index, key): value for key, value in row.items() if key in columns}
        return found

    before = typed()
    for day in ("2026-02-02", "2026-02-06", "2026-02-20"):
        sheet.sync(day)
    assert typed() == before


def test_what_is_wrong_is_told_in_its_row_and_in_its_tab(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30", "1.234").invoice("F-2", "2026-01-30")
    sheet.sync("2026-02-02")
    assert "1.234" in sheet["invoices", "F-1", "problem"]
    assert [row["code"] for row in sheet.rows("problems")] == ["ambiguous_amount"]
    assert [one["invoices"] for one in sheet.plan("2026-02-03")["decisions"]] == [["F-2"]]
    assert "1.234" in sheet.run("check", "--as-of", "2026-02-03", exit_code=1)


def test_a_bad_setting_stops_sending_not_writing(tmp_path):
    sheet = Sheet(tmp_path, spacing_days="souvent").contact().invoice("F-1", "2026-01-30")
    sheet.run("sync", "--as-of", "2026-02-02", exit_code=2)
    assert sheet.mails() == []
    assert sheet["invoices", "F-1", "open"] == 100


def test_a_person_answers_today_and_the_case_moves_on(tmp_path):
    sheet = Sheet(tmp_path).contact(phone="01 99 00 10 10").invoice("F-1", "2026-01-30", 300)
    sheet.sync("2026-02-02")
    sheet.sync("2026-02-06")
    (task,) = [row for row in sheet.rows("today") if row["kind"] == "appel"]
    assert "01 99 00 10 10" in task["what"]
    assert "F-1" in task["script"]
    sheet.types("today", task["task"], outcome="promesse", date=__import__("datetime").date(2026, 2, 13))
    sheet.sync("2026-02-06")
    assert sheet["invoices", "F-1", "reason"] == "promesse"
    assert str(sheet["invoices", "F-1", "promised"])[:10] == "2026-02-13"
    assert [row["kind"] for row in sheet.rows("today") if row["kind"] == "appel"] == []
    assert sheet.plan("2026-02-10")["invoices"][0]["reason"] == "promised"


def test_a_run_dated_before_the_last_act_is_refused(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    assert "2026-02-02" in sheet.run("sync", "--as-of", "2026-02-01", exit_code=2)


def test_an_english_workbook_speaks_english(tmp_path):
    sheet = Sheet(tmp_path, language="en").contact(kind="business").invoice("F-1", "2026-01-30")
    sheet.sync("2026-02-02")
    assert sheet["invoices", "F-1", "next_action"] == "Call"
    assert "planned on" in sheet["invoices", "F-1", "why"]
    assert "Dear" in sheet.mails()[0].read_text() or "Hello" in sheet.mails()[0].read_text()


def test_the_preview_tells_the_days_to_come(tmp_path):
    sheet = Sheet(tmp_path).contact().invoice("F-1", "2026-01-30")
    found = sheet.plan("2026-02-02", "--days", "14")["preview"]
    steps = {one["date"]: [decision["step"] for decision in one["decisions"]] for one in found if one["decisions"]}
    assert steps == {"2026-02-06": [3], "2026-02-16": [4]}


def test_a_missing_invoices_tab_is_one_sentence(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Autre chose"
    book.save(tmp_path / "x.xlsx")
    from click.testing import CliRunner

    from sync.cli import main

    result = CliRunner().invoke(main, ["plan", str(tmp_path / "x.xlsx")])
    assert result.exit_code == 3
    assert "Factures" in result.output


def test_under_ci_no_name_and_no_address_is_printed(tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")
    sheet = Sheet(tmp_path).contact("SECRETCLIENT", name="Nom Secret").invoice("F-1", "2026-01-30", customer="SECRETCLIENT")
    sheet.invoice("F-2", "2026-01-30", "1.234", customer="SECRETCLIENT")
    said = sheet.run("plan", "--as-of", "2026-02-02") + sheet.run("sync", "--as-of", "2026-02-02")
    said += sheet.run("check", "--as-of", "2026-02-02", exit_code=1)
    assert "SECRETCLIENT" not in said
    assert "Nom Secret" not in said
    assert "example.org" not in said
    assert "--output" in sheet.run("plan", "--as-of", "2026-02-02", "--json", exit_code=2)


def test_a_last_step_that_is_skipped_says_what_comes_next_in_the_same_run(tmp_path):
    sheet = Sheet(tmp_path).contact("C1").invoice("F-1", "2025-11-28", 300, last_step=6, last_contact=date(2026, 1, 5))
    sheet.sync("2026-02-02")
    assert sheet["invoices", "F-1", "next_action"] == "Remise à un professionnel"
    sheet.types("invoices", "F-1", send="passer")
    sheet.sync("2026-02-03")
    first = sheet["invoices", "F-1", "next_action"], sheet["invoices", "F-1", "action_date"], sheet["invoices", "F-1", "why"]
    sheet.sync("2026-02-03")
    assert first[0] == "à décider"
    assert first == (
        sheet["invoices", "F-1", "next_action"], sheet["invoices", "F-1", "action_date"], sheet["invoices", "F-1", "why"],
    )  # fmt: skip
