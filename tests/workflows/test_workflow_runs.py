"""The `run:` lines of our workflows, in order, in a clean clone: what the company's people and its debtors would see."""

import os
import re
import subprocess
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from github_api import Api
from github_clone import company, here_at
from github_machine import ROOT, Machine, Ran
from github_site import a_site
from mail_sink import Sink
from sheet import Sheet

# The mail server of the tests takes a password without TLS, on loopback.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

PRIVATE = (
    "Vif", "Tournesol", "c1@example.org", "c2@example.org", "compta@example.org", "fjord-Lune-42", "seal-of-the-journal",
    "key-of-the-pages", "ghs-token", "Atelier Brumaire",
)  # fmt: skip


def assert_discreet(*jobs: Ran) -> None:
    for job in jobs:
        for word in PRIVATE:
            assert word not in job.log + job.summary + str(job.outputs), word


@pytest.fixture(autouse=True)
def _outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith(("RELANCE_", "GITHUB_"))] + ["CI"]:
        monkeypatch.delenv(name, raising=False)


def first_run(machine: Machine) -> None:
    """The first run of a workbook only drafts."""
    assert machine.run("sync", "sync").result == "success"


# --- the run of the day


@pytest.mark.slow
def test_the_day_drafts_first_then_sends_and_keeps_the_site(machine: Machine, tmp_path: Path, sink: Sink) -> None:
    company(tmp_path)
    first = machine.run("daily", "run")
    assert (first.result, sink.recipients()) == ("success", [])
    assert "Premier passage" in first.summary
    second = machine.run("daily", "run")
    assert (second.result, sorted(sink.recipients())) == ("success", ["c1@example.org", "c2@example.org"])
    assert "**2 messages partis.**" in second.summary
    site = second.kept["relance-site"]
    assert (site / "index.html").is_file()
    assert "Tournesol" in "".join(page.read_text(encoding="utf-8") for page in site.rglob("*.html"))
    assert second.outputs == {"status": "0"}
    assert_discreet(first, second)


@pytest.mark.slow
def test_the_site_is_kept_even_when_the_mail_server_refuses_everything(machine: Machine, tmp_path: Path, sink: Sink) -> None:
    company(tmp_path)
    first_run(machine)
    sink.on_rcpt = lambda address: f"550 no such user {address}"
    job = machine.run("daily", "run")
    assert (job.result, job.outputs) == ("failure", {"status": "4"})
    assert (job.kept["relance-site"] / "data" / "kpis.json").is_file()
    assert "| Messages en échec ou au sort incertain | 2 |" in job.summary
    assert machine.goes_on("daily", "notice", {"run": job})
    assert_discreet(job)


@pytest.mark.slow
def test_a_letter_to_print_is_kept_beside_the_site(machine: Machine, tmp_path: Path, api: Api) -> None:
    sheet = company(tmp_path)
    today = here_at(12)[1].date()
    before = {"last_step": 5, "last_contact": today - timedelta(days=12)}
    sheet.invoice("F-3", str(today - timedelta(days=50)), 900, "C1", **before)
    job = machine.run("daily", "run")
    assert job.result == "success"
    assert {path.suffix for path in job.kept["relance-documents"].rglob("*") if path.is_file()} == {".pdf"}
    assert_discreet(job)
    api.repository = {"private": False, "visibility": "public"}
    assert machine.run("daily", "run").kept == {}


@pytest.mark.slow
@pytest.mark.parametrize(("protected", "goes"), [(True, True), (False, False)])
def test_the_site_goes_to_a_host_that_turns_strangers_away(machine: Machine, tmp_path: Path, protected: bool, goes: bool) -> None:
    """`rsync` is a stand-in that notes what it was asked: no other machine is at hand."""
    company(tmp_path)
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "rsync").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/asked\nset -- $5\nstat -c %a "$3" >> {tmp_path}/asked\ncat "$3" >> {tmp_path}/asked\n'
    )
    (tools / "rsync").chmod(0o755)
    machine.around["PATH"] = f"{tools}:{os.environ['PATH']}"
    machine.secrets = {**machine.secrets, "RELANCE_SITE_SSH_KEY": "the-ssh-key"}
    with a_site(protected=protected) as url:
        machine.variables = {
            "RELANCE_SITE_URL": url, "RELANCE_SITE_HOST": "relance@host.example.org:relances/",
            "RELANCE_SITE_KNOWN_HOSTS": "host.example.org ssh-ed25519 AAAA",
        }  # fmt: skip
        job = machine.run("daily", "run")
    assert (job.result == "success", (tmp_path / "asked").exists()) == (goes, goes)
    if goes:
        asked = (tmp_path / "asked").read_text().splitlines()
        assert asked[-5:] == ["--", "build/site/", "relance@host.example.org:relances/", "600", "the-ssh-key"]
        assert "StrictHostKeyChecking=yes" in asked[4]
    else:
        assert "protégez d’abord le dossier par un mot de passe" in job.log
    assert "the-ssh-key" not in job.log
    assert_discreet(job)


@pytest.mark.slow
def test_in_a_public_repository_the_internal_site_is_not_kept(machine: Machine, tmp_path: Path, api: Api) -> None:
    company(tmp_path)
    api.repository = {"private": False, "visibility": "public"}
    job = machine.run("daily", "run")
    assert (job.result, job.kept) == ("failure", {})
    assert "rendez le dépôt privé" in job.log
    assert_discreet(job)


def test_a_sheet_that_cannot_be_read_leaves_one_sentence_and_no_site(machine: Machine) -> None:
    machine.secrets = {**machine.secrets, "RELANCE_WORKBOOK": str(machine.temp / "absent.xlsx")}
    job = machine.run("daily", "run")
    assert (job.result, job.outputs, job.kept) == ("failure", {"status": "3"}, {})
    assert "Traceback" not in job.log
    assert job.log.count("::error title=Relance::") == 1
    assert "Relance n’a pas terminé" in job.summary


def test_a_forgotten_secret_is_named(machine: Machine) -> None:
    machine.secrets = {}
    job = machine.run("sync", "sync")
    assert (job.result, job.outputs) == ("failure", {"status": "2"})
    assert "RELANCE_WORKBOOK" in job.log
    english = machine.run("sync", "sync", language="en")
    assert "fill the secret RELANCE_WORKBOOK" in english.log


# --- the run of the hour


def test_an_approval_given_at_ten_leaves_at_eleven_and_once(machine: Machine, tmp_path: Path, sink: Sink) -> None:
    sheet = company(tmp_path, mode="approve")
    jobs = [machine.run("sync", "sync")]
    assert "| En attente de votre accord | 2 |" in jobs[0].summary
    sheet.types("invoices", "F-1", send="oui")
    jobs.append(machine.run("sync", "sync"))
    assert sink.recipients() == ["c1@example.org"]
    jobs.append(machine.run("sync", "sync"))  # late, doubled
    assert sink.recipients() == ["c1@example.org"]
    assert {job.result for job in jobs} == {"success"}
    assert_discreet(*jobs)


def test_a_run_that_comes_at_night_sends_nothing(machine: Machine, tmp_path: Path, sink: Sink) -> None:
    """GitHub counts in its own hours; the company's zone decides."""
    company(tmp_path, hour=3)
    first_run(machine)
    job = machine.run("sync", "sync")
    assert (job.result, sink.recipients()) == ("success", [])
    assert "Hors des heures d’envoi" in job.summary
    assert "| Prêts, pour le mode ou l’heure qui envoie | 2 |" in job.summary


def test_a_wrong_password_is_told_without_it(machine: Machine, tmp_path: Path, sink: Sink) -> None:
    company(tmp_path)
    first_run(machine)
    sink.users = {"compta@example.org": "another one"}
    job = machine.run("sync", "sync")
    assert (job.result, job.outputs, sink.recipients()) == ("failure", {"status": "4"}, [])
    assert "Des messages ne sont pas partis" in job.summary
    assert_discreet(job)


def test_without_a_mail_server_nothing_counts_as_sent(machine: Machine, tmp_path: Path) -> None:
    sheet = company(tmp_path)
    machine.secrets = {**machine.secrets, "RELANCE_SMTP_URL": ""}
    first_run(machine)
    job = machine.run("sync", "sync")
    assert "Pas de serveur d’envoi" in job.summary
    assert not [row for row in sheet.rows("journal") if row["status"] in ("reserved", "sent")]
    assert not sheet.outbox.exists()


# --- the evening's look and the notice


def aged(sheet: Sheet, days: int) -> None:
    """The Journal as it would stand had its last good run been `days` days ago."""
    when = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    sheet.add("journal", when=when, status="observed", field="run", new="well", customer="")


def test_the_evening_finds_a_good_day(machine: Machine, tmp_path: Path) -> None:
    company(tmp_path)
    first_run(machine)
    job = machine.run("health", "health")
    assert (job.result, machine.goes_on("health", "notice", {"health": job})) == ("success", False)
    assert "Dernier passage réussi" in job.log


@pytest.mark.parametrize(("days", "said"), [(None, "Aucun passage n’a encore réussi"), (3, "2 jours ouvrés manqués")])
def test_a_day_without_a_good_run_becomes_an_issue(
    machine: Machine, tmp_path: Path, api: Api, days: int | None, said: str
) -> None:
    sheet = company(tmp_path)
    if days is not None:
        aged(sheet, days)
    job = machine.run("health", "health")
    assert (job.result, job.outputs) == ("failure", {"status": "1"})
    assert said in job.log
    assert said in job.summary
    assert machine.goes_on("health", "notice", {"health": job})
    told = machine.run("notice", "notice", status=job.outputs["status"])
    assert [issue["title"] for issue in api.issues] == ["Relance ne tourne plus depuis un jour ouvré"]
    assert "https://github.example/example/factures/actions/runs/4242" in api.issues[0]["body"]
    assert api.tokens == {"Bearer ghs-token"}
    assert_discreet(job, told)


def test_an_hourly_failure_is_told_once_a_day_while_its_issue_is_open(machine: Machine, api: Api) -> None:
    for _ in range(3):
        assert machine.run("notice", "notice", status="3").result == "success"
    assert (len(api.issues), api.comments) == (1, [])
    api.issues[0]["updated_at"] = "2026-01-02T08:00:00Z"
    machine.run("notice", "notice", status="3")
    assert (len(api.issues), len(api.comments)) == (1, 1)
    machine.run("notice", "notice", status="2")
    api.issues[0]["state"] = "closed"
    machine.run("notice", "notice", status="3")
    assert [issue["title"][:33] for issue in api.issues] == [
        "Relance n’a pas pu lire ou écrire",
        "Relance attend un réglage\u00a0: rien ",
        "Relance n’a pas pu lire ou écrire",
    ]


def test_where_issues_are_switched_off_the_notice_is_on_the_run_s_page(machine: Machine, api: Api) -> None:
    api.has_issues = False
    job = machine.run("notice", "notice", status="", language="en")
    assert job.result == "success"
    assert "Relance could not start" in job.summary
    assert "Traceback" not in job.log


# --- public figures, our own checks


@pytest.mark.slow
def test_only_the_public_edition_reaches_pages(machine: Machine, tmp_path: Path) -> None:
    company(tmp_path)
    job = machine.run("publish", "build")
    assert job.result == "success"
    pages = job.kept["github-pages"]
    every = b"".join(path.read_bytes() for path in pages.rglob("*") if path.is_file())
    for word in ("Tournesol", "Ateliers Vif", "c1@example.org"):
        assert word.encode() not in every
    assert_discreet(job)


def test_a_release_brings_a_company_s_repository_that_calls_it(clone: Path) -> None:
    commit = "4b" * 20
    environment = {
        "PATH": os.environ["PATH"], "GITHUB_REPOSITORY": "relance-editor/relance", "GITHUB_SHA": commit,
        "GITHUB_REF_NAME": "v1.4.0",
    }  # fmt: skip
    subprocess.run(["make", "company"], cwd=clone, env=environment, check=True)
    with zipfile.ZipFile(clone / "build" / "relance-entreprise.zip") as brought:
        names = {name for name in brought.namelist() if not name.endswith("/")}
        text = brought.read(".github/workflows/relance.yml").decode()
    assert names >= {".github/workflows/relance.yml", ".github/dependabot.yml", ".gitignore", "README.md"}
    calls = re.findall(r"uses: (\S+) # (\S+)", text)
    assert {call for call, _ in calls} == {
        f"relance-editor/relance/.github/workflows/{one}.yml@{commit}" for one in ("daily", "sync", "health", "prepare")
    }
    assert {version for _, version in calls} == {"v1.4.0"}
    bad = subprocess.run(
        ["make", "company"],
        cwd=clone,
        env={**environment, "GITHUB_REF_NAME": "v1|x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bad.returncode != 0
    assert "Say which release" in bad.stderr


def test_the_checks_of_ci_are_the_commands_a_person_runs(clone: Path, tmp_path: Path) -> None:
    """`.ci/run` itself, with everything installed and `make` noting what it is asked."""
    tools = tmp_path / "bin"
    tools.mkdir()
    wanted = re.findall(r'^  "([^:"]+):', (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    for name in {names.split()[0] for names in wanted} - {"make"}:
        (tools / name).symlink_to("/bin/true")
    (tools / "make").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    (tools / "make").chmod(0o755)
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run([".ci/run"], cwd=clone, env=environment, check=True, timeout=120)
    assert (tmp_path / "asked").read_text() == ".venv\ncheck workflows test\n"
