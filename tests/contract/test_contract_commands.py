"""The commands: exit statuses, JSON, --as-of, the outbox, CI, what a failure says. No trace ever reaches a person."""

import errno
import json
import os
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from click.testing import CliRunner
from plain_book import Book, contact, day, invoice, paid

from sync.cli import main

PLAN_KEYS = {"as_of", "mode", "decisions", "invoices", "customers", "problems"}
DECISION_KEYS = {
    "customer", "currency", "invoices", "also_open", "carrying", "cadence", "step", "occurrence", "channel", "state", "action_date",
    "approval", "amount", "interest", "compensation", "to", "template", "reason", "why", "unallocated", "to_pay", "interest_lines",
}  # fmt: skip
INVOICE_KEYS = {
    "invoice", "customer", "currency", "open", "days_late", "state", "reason", "until", "why", "interest", "compensation",
    "interest_why", "limitation",
}  # fmt: skip
AUTO = {"mode": "auto"}


def simple(tmp_path, **settings):
    return Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Settings={**AUTO, **settings})


def run(*arguments, **environment):
    return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


def one_sentence(result, status):
    assert result.exit_code == status, (result.exit_code, result.output)
    assert isinstance(result.exception, SystemExit)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert len(lines[0]) > 20
    return lines[0]


# --- JSON


def test_the_keys_of_plan(tmp_path):
    plan = simple(tmp_path).plan("2026-02-10")
    assert set(plan) >= PLAN_KEYS
    assert (plan["as_of"], plan["mode"]) == ("2026-02-10", "auto")
    assert set(plan["decisions"][0]) >= DECISION_KEYS
    assert set(plan["invoices"][0]) >= INVOICE_KEYS
    assert set(plan["customers"][0]) >= {"customer", "currency", "segment", "risk", "open", "overdue"}


def test_the_types_of_plan(tmp_path):
    plan = simple(tmp_path).plan("2026-02-10")
    decision, view, customer = plan["decisions"][0], plan["invoices"][0], plan["customers"][0]
    assert (decision["step"], decision["occurrence"], decision["channel"], decision["approval"]) == (2, 1, "email", "auto")
    assert (decision["amount"], decision["to"], decision["cadence"], decision["also_open"]) == (
        "100.00",
        ["c1@example.org"],
        "standard",
        [],
    )
    assert (view["days_late"], view["until"], view["limitation"]) == (10, None, "2031-01-01")
    assert (customer["segment"], type(customer["risk"])) == ("new", int)


def test_the_keys_of_a_problem(tmp_path):
    problem = Book(tmp_path, Invoices=[invoice(amount="1.234")]).plan("2026-02-10")["problems"][0]
    assert set(problem) >= {"tab", "row", "column", "code", "value", "message"}
    assert (problem["tab"], problem["row"], problem["column"], problem["code"], problem["value"]) == (
        "invoices",
        2,
        "amount",
        "ambiguous_amount",
        "1.234",
    )


def test_preview_supposes_that_nobody_pays_and_every_step_is_done(tmp_path):
    preview = simple(tmp_path).plan("2026-02-02", "--days", "20")["preview"]
    assert [one["date"] for one in preview] == [f"2026-02-{number:02d}" for number in range(3, 23)]
    shown = [(one["date"], decision["step"], decision["channel"]) for one in preview for decision in one["decisions"]]
    assert shown == [("2026-02-09", 3, "call"), ("2026-02-16", 4, "registered letter")]
    assert set(preview[6]["decisions"][0]) >= DECISION_KEYS


def test_plan_check_and_report_write_nothing_into_the_workbook(tmp_path):
    book = simple(tmp_path)
    before = book.path.read_bytes()
    book.plan("2026-02-10", "--days", "5")
    book.run("check", "--as-of", "2026-02-10")
    book.run("report", "--as-of", "2026-02-10", "--site", str(tmp_path / "site"))
    assert book.path.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.xlsx", "site"]


def test_sync_says_what_it_wrote_and_sent(tmp_path):
    found = simple(tmp_path).sync("2026-02-10")
    assert set(found) >= PLAN_KEYS | {"written", "sent"}
    assert set(found["written"]) >= {"cells", "rows", "deferred"}
    (sent,) = found["sent"]
    assert set(sent) >= {
        "customer",
        "currency",
        "cadence",
        "carrying",
        "invoices",
        "step",
        "occurrence",
        "key",
        "message_id",
        "to",
        "status",
    }
    assert (sent["status"], sent["step"], sent["to"]) == ("sent", 2, ["c1@example.org"])
    assert found["decisions"][0]["state"] == "due"  # as decided before sending


def test_output_takes_the_json(tmp_path):
    target = tmp_path / "plan.json"
    result = simple(tmp_path).run("plan", "--as-of", "2026-02-10", "--json", "--output", str(target))
    assert (result.stdout, set(json.loads(target.read_text("utf-8"))) >= PLAN_KEYS) == ("", True)


# --- exit statuses


def test_0_when_rows_have_problems_and_1_only_from_check(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1"), invoice("F-2", amount="x")], Contacts=[contact()])
    assert book.run("plan", "--as-of", "2026-02-10").exit_code == 0
    assert "F-2" not in book.run("sync", "--as-of", "2026-02-10").stdout
    assert book.run("check", "--as-of", "2026-02-10", status=1).exit_code == 1
    assert "E3" in book.run("check", "--as-of", "2026-02-10", status=1).stdout


@pytest.mark.parametrize("command", ["plan", "check", "sync", "report", "run"])
def test_3_when_there_is_no_such_workbook(tmp_path, command):
    assert "absent.xlsx" in one_sentence(run(command, tmp_path / "absent.xlsx"), 3)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
@pytest.mark.parametrize("command", ["plan", "sync", "init"])
def test_3_when_it_is_no_workbook(tmp_path, command, content):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    one_sentence(run(command, path), 3)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "--as-of", "tomorrow"],
        ["plan", "--as-of", "31/03/2026"],
        ["plan", "--days", "0"],
        ["sync", "--as-of", "2026-02-30"],
        ["plan", "--frobnicate"],
    ],
)
def test_2_for_a_wrong_argument(tmp_path, arguments):
    command, *rest = arguments
    one_sentence(run(command, simple(tmp_path).path, *rest), 2)


def test_2_without_a_workbook_or_for_an_unknown_command():
    one_sentence(run("plan"), 2)
    one_sentence(run("plann"), 2)


@pytest.mark.parametrize("command", ["plan", "sync"])
def test_on_2_and_3_the_json_has_error_and_problems(tmp_path, command):
    missing = run(command, tmp_path / "absent.xlsx", "--json")
    assert (missing.exit_code, set(json.loads(missing.stdout))) == (3, {"error", "problems"})


def test_sync_with_a_bad_setting_still_writes_back_ends_with_2_and_says_so_in_the_json(tmp_path):
    book = simple(tmp_path, spacing_days="often")
    found = book.sync("2026-02-10", status=2)
    assert found["error"]
    assert [one["code"] for one in found["problems"]] == ["bad_setting"]
    assert (found["sent"], found["invoices"][0]["reason"]) == ([], "settings_problem")
    assert book.rows("Invoices")[0]["Reste dû"] == 100
    assert book.mails() == []


def test_run_ends_with_the_status_of_sync_and_builds_the_site_all_the_same(tmp_path):
    book = simple(tmp_path, mode="perhaps")
    found = book.json("run", "2026-02-10", "--site", str(tmp_path / "site"), status=2)
    assert found["error"]
    assert (tmp_path / "site" / "data" / "kpis.json").exists()


def test_run_when_sync_is_refused_says_so_in_the_json_and_builds_the_site(tmp_path):
    book = simple(tmp_path)
    book.sync("2026-02-10")
    result = book.run("run", "--as-of", "2026-02-01", "--json", "--site", str(tmp_path / "site"), status=2)
    assert set(json.loads(result.stdout)) >= {"error", "problems"}
    assert (tmp_path / "site" / "data" / "kpis.json").exists()


def test_a_sync_dated_before_the_last_act_is_refused(tmp_path):
    book = simple(tmp_path)
    book.sync("2026-02-10")
    before = book.path.read_bytes()
    found = book.sync("2026-02-09", status=2)
    assert set(found) >= {"error", "problems"}
    assert book.path.read_bytes() == before
    assert book.plan("2026-02-09")["as_of"] == "2026-02-09"  # looking is allowed


def test_a_run_that_finds_the_lock_ends_with_3_and_says_since_when(tmp_path):
    book = simple(tmp_path)
    import socket

    lock = {"owner": "relance 42", "host": socket.gethostname(), "pid": os.getpid(), "since": "2026-02-10T08:15:00+01:00"}
    (tmp_path / "book.xlsx.lock").write_text(json.dumps(lock), "utf-8")
    assert "10/02/2026 08:15" in one_sentence(run("sync", book.path, "--as-of", "2026-02-10", LANG="fr_FR.UTF-8"), 3)


def test_open_in_libreoffice_is_3_for_sync_and_nothing_for_plan(tmp_path):
    book = simple(tmp_path)
    (tmp_path / ".~lock.book.xlsx#").write_text("Dominique,dominique,desk,2026-02-10,file:///x;", "utf-8")
    assert "Dominique" in one_sentence(run("sync", book.path, "--as-of", "2026-02-10"), 3)
    assert book.plan("2026-02-10")["decisions"]


@pytest.mark.parametrize("where", ["os.replace", "tempfile.mkstemp"])
def test_a_file_or_folder_that_cannot_be_written_is_3(tmp_path, monkeypatch, where):
    book = simple(tmp_path)
    before = book.path.read_bytes()

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(where, refuse)  # a test may run as root, whom no right stops
    one_sentence(run("sync", book.path, "--as-of", "2026-02-10"), 3)
    assert book.path.read_bytes() == before


def test_an_output_that_cannot_be_written_is_one_sentence(tmp_path):
    result = run(
        "plan", simple(tmp_path).path, "--as-of", "2026-02-10", "--json", "--output", tmp_path / "no" / "such" / "plan.json"
    )
    one_sentence(result, 2)


def test_an_outbox_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    result = run("sync", simple(tmp_path).path, "--as-of", "2026-02-10", "--outbox", tmp_path / "file" / "outbox")
    one_sentence(result, result.exit_code)
    assert result.exit_code in (2, 4)


def test_a_summary_that_cannot_be_written_is_one_sentence(tmp_path):
    result = run("sync", simple(tmp_path).path, "--as-of", "2026-02-10", "--summary", tmp_path / "no" / "page.md")
    assert "page.md" in one_sentence(result, 2)


def test_a_folder_that_holds_something_else_is_no_place_for_the_site(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "precious.txt").write_text("x")
    one_sentence(run("report", simple(tmp_path).path, "--as-of", "2026-02-10", "--site", tmp_path / "site"), 2)
    assert (tmp_path / "site" / "precious.txt").read_text() == "x"


def test_a_google_address_is_never_taken_for_a_file(tmp_path):
    result = run("plan", "https://docs.google.com/spreadsheets/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcd/edit")
    assert result.exit_code in (2, 3)
    assert "Traceback" not in result.output


# --- the outbox


def test_the_outbox_stands_beside_the_workbook_one_file_a_message(tmp_path):
    book = Book(
        tmp_path,
        name="Ventes 2026.xlsx",
        Invoices=[invoice(), invoice("F-2", customer="C2")],
        Contacts=[contact(), contact("C2")],
        Settings=AUTO,
    )
    book.sync("2026-02-10")
    assert len(list((tmp_path / "Ventes 2026.outbox").glob("*.eml"))) == 2


def test_the_option_wins_over_the_environment_over_the_place_beside(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    run("sync", simple(tmp_path / "a").path, "--as-of", "2026-02-10", RELANCE_OUTBOX=str(one))
    assert len(list(one.glob("*.eml"))) == 1
    run("sync", simple(tmp_path / "b").path, "--as-of", "2026-02-10", "--outbox", two, RELANCE_OUTBOX=str(one))
    assert (len(list(one.glob("*.eml"))), len(list(two.glob("*.eml")))) == (1, 1)
    assert not list(tmp_path.glob("*/book.outbox"))


# --- --as-of


def test_as_of_replaces_the_date_everywhere(tmp_path):
    book = simple(tmp_path, time_zone="Pacific/Auckland")
    book.sync("2026-02-10")
    whens = [str(row["Quand"]) for row in book.rows("Journal")]
    assert {when[:10] for when in whens} == {"2026-02-10"}
    assert {when[-6:] for when in whens} == {"+13:00"}
    now = datetime.now(UTC) + timedelta(hours=13)
    assert (
        abs(
            (
                datetime.fromisoformat(whens[-1]).replace(tzinfo=None) - now.replace(tzinfo=None, year=2026, month=2, day=10)
            ).total_seconds()
        )
        % 86400
        < 7300
    )


@pytest.mark.parametrize("as_of", ["1999-12-31", "2026-02-10", "2028-02-29", "2099-12-31"])
def test_any_as_of_date_is_answered(tmp_path, as_of):
    book = simple(tmp_path)
    assert book.plan(as_of, "--days", "3")["as_of"] == as_of
    book.run("check", "--as-of", as_of)
    book.sync(as_of)


@pytest.mark.parametrize("as_of", ["1900-01-01", "2199-12-31"])
def test_the_site_of_a_far_day_is_built(tmp_path, as_of):
    simple(tmp_path).run("report", "--as-of", as_of, "--site", str(tmp_path / "site"))


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31"])
def test_an_absurd_as_of_date_is_answered_or_refused_in_a_sentence(tmp_path, as_of):
    book = simple(tmp_path)
    for command in ("plan", "check", "sync", "report"):
        result = run(command, book.path, "--as-of", as_of, *(["--site", tmp_path / "site"] if command == "report" else []))
        assert result.exit_code in (0, 2), (command, result.exit_code, result.output, result.exception)
        assert result.exception is None or isinstance(result.exception, SystemExit)


def test_today_is_the_companys(tmp_path, monkeypatch):
    from sync.cli import surroundings

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 2, 10, 11, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(surroundings, "datetime", Clock)
    seen = {}
    for zone in ("Pacific/Auckland", "Europe/Paris", "America/New_York"):
        book = Book(tmp_path, Invoices=[invoice()], Settings={"time_zone": zone})
        seen[zone] = json.loads(run("plan", book.path, "--json").stdout)["as_of"]
    assert seen == {"Pacific/Auckland": "2026-02-11", "Europe/Paris": "2026-02-10", "America/New_York": "2026-02-10"}


# --- CI


def test_under_ci_no_name_and_no_address_is_printed(tmp_path):
    book = Book(
        tmp_path,
        Invoices=[invoice("F-1", customer="DURAND"), invoice("F-2", amount="x", customer="DURAND")],
        Contacts=[contact("DURAND", Name="Boulangerie Durand")],
        Settings=AUTO,
    )
    said = ""
    for command in ("plan", "check", "sync", "run"):
        extra = ["--site", str(tmp_path / "site")] if command == "run" else []
        result = run(command, book.path, "--as-of", "2026-02-10", *extra, CI="true")
        said += result.output + result.stderr
    assert "urand" not in said.casefold().replace(str(tmp_path), "")
    assert "example.org" not in said
    assert "€" not in said  # counts and invoice numbers at most


@pytest.mark.parametrize("command", ["plan", "check", "sync"])
def test_under_ci_json_needs_output_and_nothing_is_done_without(tmp_path, command):
    book = simple(tmp_path)
    before = book.path.read_bytes()
    result = run(command, book.path, "--as-of", "2026-02-10", "--json", CI="true")
    one_sentence(result, 2)
    assert (book.path.read_bytes(), book.mails()) == (before, [])
    target = tmp_path / "out.json"
    assert run(command, book.path, "--as-of", "2026-02-10", "--json", "--output", target, CI="true").exit_code == 0
    assert json.loads(target.read_text("utf-8"))


# --- init


@pytest.mark.parametrize("language", ["fr", "en"])
def test_init_makes_every_tab_and_is_idempotent(tmp_path, language):
    path = tmp_path / "new.xlsx"
    assert run("init", path, "--language", language).exit_code == 0
    titles = {
        "fr": {"Factures", "Clients", "Règlements", "Échéanciers", "Scénario", "Motifs", "Modèles", "Taux", "Réglages", "À faire", "À corriger", "Journal"},
        "en": {"Invoices", "Contacts", "Payments", "Plans", "Cadence", "Reasons", "Templates", "Rates", "Settings", "Today", "Problems", "Journal"},
    }  # fmt: skip
    assert set(openpyxl.load_workbook(path).sheetnames) == titles[language]
    before = path.read_bytes()
    assert run("init", path, "--language", language).exit_code == 0
    assert path.read_bytes() == before
    plan = json.loads(run("plan", path, "--as-of", "2026-02-10", "--json").stdout)
    assert (plan["invoices"], plan["problems"], plan["mode"]) == ([], [], "draft")


def test_init_repairs_and_never_touches_data(tmp_path):
    book = simple(tmp_path)
    book.run("init", "--language", "en")
    assert [{key: row[key] for key in invoice()} for row in book.rows("Invoices")] == [
        {**invoice(), "Issue date": datetime.fromisoformat("2026-01-01"), "Due date": datetime.fromisoformat("2026-01-31")}
    ]
    assert book.rows("Settings")[0]["Setting"] == "mode"
    assert len(book.rows("Settings")) == 1  # a setting that is absent keeps its default
    assert book.decision("2026-02-10")["reason"] == "step_due"


def test_init_never_fills_a_blank_setting(tmp_path):
    book = simple(tmp_path, daily_cap=None)
    book.run("init", "--language", "en")
    assert {row["Setting"]: row["Value"] for row in book.rows("Settings")} == {"mode": "auto", "daily_cap": None}


# --- import


def test_import_brings_an_export_in_and_can_be_run_again(tmp_path):
    book = Book(tmp_path, Invoices=[invoice("F-1")], Contacts=[contact()])
    export = tmp_path / "export.csv"
    export.write_text("Invoice;Customer;Issue date;Due date;Amount\nF-2;C1;2026-01-05;2026-02-04;250,00\n", "utf-8")
    for _ in range(2):
        result = run("import", "csv", export, book.path, "--as", "invoices", "--as-of", "2026-02-10")
        assert result.exit_code == 0, result.output
    assert [(one["invoice"], one["open"]) for one in book.plan("2026-02-10")["invoices"]] == [
        ("F-1", "100.00"),
        ("F-2", "250.00"),
    ]


def test_import_of_a_file_that_says_nothing_is_one_sentence(tmp_path):
    export = tmp_path / "export.csv"
    export.write_bytes(b"\xff\xfe\x00")
    one_sentence(run("import", "csv", export, simple(tmp_path).path, "--as", "invoices", "--as-of", "2026-02-10"), 2)


def test_the_site_has_the_figures(tmp_path):
    book = Book(tmp_path, Invoices=[invoice()], Contacts=[contact()], Payments=[paid("2026-02-05", 40, "F-1")])
    book.run("report", "--as-of", "2026-02-10", "--site", str(tmp_path / "site"))
    found = json.loads((tmp_path / "site" / "data" / "kpis.json").read_text("utf-8"))
    assert (found["as_of"], found["currencies"]["EUR"]["open"]["value"]) == ("2026-02-10", 60)
    assert day(found["as_of"])
