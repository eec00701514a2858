"""What every workflow must keep: few rights, secrets where they are needed, thin steps, hours that nobody else picked."""

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from github_machine import OURS, PINNED, ROOT, TEMPLATE, load

from sync.cli import main

TEMPLATES = [TEMPLATE / ".github" / "workflows" / "relance.yml", TEMPLATE / "optional" / "public-figures.yml"]
FILES = [*sorted(OURS.glob("*.yml")), *TEMPLATES]
WRITERS = ("relance run", "relance sync", "relance init")  # what writes to the sheet or sends mail
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return dict(load(path)["jobs"])


def steps(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each step with its job."""
    for job in jobs(path).values():
        for step in job.get("steps", ()):
            yield job, step


@every_file
def test_nothing_is_allowed_that_a_job_does_not_ask_for(path: Path) -> None:
    assert load(path)["permissions"] == {}
    for name, job in jobs(path).items():
        assert set(job["permissions"].values()) <= {"read", "write"}, name
        allowed = {
            "contents": "write" if path.stem == "release" else "read",
            "id-token": "write",
            "issues": "write",
            "pages": "write",
        }
        assert job["permissions"].items() <= allowed.items(), name


@every_file
def test_each_job_ends_by_itself(path: Path) -> None:
    for name, job in jobs(path).items():
        if "uses" not in job:
            assert job["timeout-minutes"] <= (240 if path.stem == "nightly" else 60), name
            assert job["runs-on"] == "ubuntu-24.04", name


@every_file
def test_others_work_is_pinned_by_hash_with_its_version_beside(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        found = re.match(r"\s*(?:- )?uses: (\S+)(.*)", line)
        if found and not found[1].startswith("./"):
            assert PINNED.match(found[1]), line
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", found[2]), line


def test_an_action_has_one_version_everywhere() -> None:
    seen: dict[str, set[str]] = {}
    for path in FILES:
        for found in re.finditer(r"uses: ([^@\s]+)@(\S+ # \S+)", path.read_text(encoding="utf-8")):
            seen.setdefault(found[1], set()).add(found[2])
    assert {name for name, versions in seen.items() if len(versions) > 1} == set()
    assert len(seen) >= 6
    assert all("v0.0.0" not in version for name, versions in seen.items() if "OWNER" not in name for version in versions)


@every_file
def test_checking_out_leaves_no_token_behind(path: Path) -> None:
    for _, step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@every_file
def test_nothing_is_kept_in_a_cache(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "actions/cache" not in text
    for _, step in steps(path):
        if step.get("uses", "").startswith("astral-sh/setup-uv@"):
            assert step["with"]["enable-cache"] is False


@every_file
def test_a_step_is_one_command_that_a_person_can_run(path: Path) -> None:
    targets = set(re.findall(r"^([a-z.]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for _, step in steps(path):
        if "run" not in step:
            continue
        line = step["run"]
        assert "${{" not in line, "an input reaches the shell through env only"
        assert "\n" not in line.strip()
        words = shlex.split(line)
        if words[0] == "make":
            assert words[1] in targets, line
            assert all((ROOT / word.partition("=")[2]).is_file() for word in words[2:]), line
        elif words[0] == ".venv/bin/relance":
            command = main.commands[words[1]]
            known = {one for parameter in command.params if isinstance(parameter, click.Option) for one in parameter.opts}
            assert {word for word in words if word.startswith("--")} <= known, line
        else:
            assert line in (".ci/run", ".github/deliver", "python3 -m sync.notice") or line.startswith("gh release create "), line


@every_file
def test_a_secret_is_seen_by_the_one_step_that_needs_it(path: Path) -> None:
    if path in TEMPLATES:
        return  # it only hands them on
    document = load(path)
    assert "secrets." not in str(document.get("env", ""))
    for name, job in document["jobs"].items():
        around = {key: value for key, value in job.items() if key != "steps"}
        assert "secrets." not in str(around), name
    for job, step in steps(path):
        if "secrets." in str(step):
            assert job["environment"] == "${{ inputs.environment }}"
            assert step["run"].startswith(".venv/bin/relance ") or step["run"] == ".github/deliver"
            without_env = {key: value for key, value in step.items() if key != "env"}
            assert "secrets." not in str(without_env)
            for variable, value in step["env"].items():
                if "secrets." in str(value):
                    assert value == f"${{{{ secrets.{variable} }}}}"


@every_file
def test_beside_secrets_stands_only_what_runs(path: Path) -> None:
    for job in jobs(path).values():
        if "secrets." in str(job) and "steps" in job:
            made = [step["run"] for step in job["steps"] if step.get("run", "").startswith("make")]
            assert made == ["make .venv LOCK=requirements.run.lock"]


def test_all_that_writes_or_sends_shares_one_group_and_waits_its_turn() -> None:
    groups = []
    for path in FILES:
        for job, step in steps(path):
            if any(command in step.get("run", "") for command in WRITERS):
                groups.append(job["concurrency"])
    assert len(groups) == 3
    assert all(group == groups[0] for group in groups)
    assert groups[0]["cancel-in-progress"] is False
    assert groups[0]["queue"] == "max"  # else a third run would throw the second one away


@every_file
def test_the_hour_is_not_the_one_everybody_picks(path: Path) -> None:
    on = load(path)["on"]
    for one in on.get("schedule", ()) if isinstance(on, dict) else ():
        minute = int(one["cron"].split()[0])
        assert minute % 2 == 1
        assert minute % 5 != 0


@every_file
def test_no_stranger_starts_a_run_with_our_rights(path: Path) -> None:
    assert set(load(path)["on"]) <= {"push", "pull_request", "workflow_dispatch", "schedule", "workflow_call"}
    if "pull_request" in load(path)["on"]:
        assert "secrets." not in path.read_text(encoding="utf-8")


@every_file
def test_a_site_is_handed_over_only_after_the_program_agreed(path: Path) -> None:
    for job in jobs(path).values():
        asked = agreed = ""
        for step in job.get("steps", ()):
            if "relance publish" in step.get("run", ""):
                asked, agreed = step["run"], step.get("id", "")
            if step.get("run") == ".github/deliver":
                assert asked.endswith("--to host")
                assert f"steps.{agreed}.outcome == 'success'" in step["if"]
            if step.get("uses", "").startswith("actions/upload-pages-artifact@"):
                assert asked.endswith("--to pages")
                assert "if" not in step
            if step.get("uses", "").startswith("actions/upload-artifact@"):
                assert asked == f".venv/bin/relance publish {step['with']['path']} --to artifact"
                assert f"steps.{agreed}.outcome == 'success'" in step["if"]
                assert step["with"]["retention-days"] <= 7


@pytest.mark.parametrize("name", ["daily", "sync", "health"])
def test_a_failure_is_told_to_people(name: str) -> None:
    found = jobs(OURS / f"{name}.yml")
    (work,) = set(found) - {"notice"}
    assert found["notice"]["needs"] == work
    assert found["notice"]["uses"] == "./.github/workflows/notice.yml"
    assert found["notice"]["with"]["status"] == f"${{{{ needs.{work}.outputs.status }}}}"


# --- the company's own repository


def test_the_company_calls_what_exists_with_what_it_takes_and_the_rights_it_needs() -> None:
    for path in TEMPLATES:
        for name, job in jobs(path).items():
            called = load(OURS / job["uses"].partition("@")[0].rpartition("/")[2])
            wanted = called["on"]["workflow_call"]
            assert set(job["with"]) <= set(wanted["inputs"]), name
            assert list(job["secrets"]) == list(wanted["secrets"]), name
            assert all(value == f"${{{{ secrets.{key} }}}}" for key, value in job["secrets"].items()), name
            needed = {right for inner in called["jobs"].values() for right in inner["permissions"].items()}
            assert set(job["permissions"].items()) == needed, name


def test_each_hour_of_the_company_starts_one_job() -> None:
    document = load(TEMPLATES[0])
    for one in document["on"]["schedule"]:
        started = [name for name, job in document["jobs"].items() if f"github.event.schedule == '{one['cron']}'" in job["if"]]
        assert len(started) == 1, one
        assert one["timezone"] == "Europe/Paris"
    for task in document["on"]["workflow_dispatch"]["inputs"]["task"]["options"]:
        assert sum(f"inputs.task == '{task}'" in job["if"] for job in document["jobs"].values()) == 1, task


def test_the_company_s_repository_cannot_hold_its_customers_data(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text((TEMPLATE / ".gitignore").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    for name in ("factures.xlsx", "export.csv", "README.md", ".github/workflows/relance.yml"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert listed.stdout.split() == [".github/workflows/relance.yml", ".gitignore", "README.md"]


def test_every_secret_is_in_the_guide_and_in_the_company_s_page() -> None:
    names = set(re.findall(r"secrets\.(RELANCE_\w+)", "".join(path.read_text(encoding="utf-8") for path in FILES)))
    names |= set(re.findall(r"vars\.(RELANCE_\w+)", "".join(path.read_text(encoding="utf-8") for path in FILES)))
    assert len(names) == 14
    pages = [TEMPLATE / "README.md", *(ROOT / "site" / "pages" / one / "guide" / "install.md" for one in ("fr", "en"))]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert {name for name in names if name not in text} == set(), page


# --- the workshop


def test_newer_releases_wait_a_week() -> None:
    for folder in (ROOT, TEMPLATE):
        document = yaml.safe_load((folder / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
        assert all(one["cooldown"]["default-days"] >= 7 for one in document["updates"])


def test_what_runs_beside_secrets_is_locked_at_the_versions_we_test() -> None:
    def locked(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))

    run, every = locked("requirements.run.lock"), locked("requirements.lock")
    assert run.items() <= every.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tools = {re.split(r"[\[<>=~]", one)[0] for one in project["dependency-groups"]["dev"] if isinstance(one, str)}
    assert not (tools - {"setuptools", "jsonschema"}) & set(run)
    assert "://" not in (ROOT / "requirements.run.lock").read_text(encoding="utf-8")


def test_zizmor_has_nothing_to_say(tmp_path: Path) -> None:
    """And it would speak: a planted fault is found."""
    command = [str(ROOT / ".venv" / "bin" / "zizmor"), "--quiet", "--offline", "--persona", "pedantic"]
    config = ["--config", str(ROOT / ".github" / "zizmor.yml")]
    clean = subprocess.run([*command, *config, *map(str, FILES)], capture_output=True, text=True, check=False)
    assert clean.returncode == 0, clean.stdout
    planted = tmp_path / "planted.yml"
    planted.write_text(
        (OURS / "daily.yml").read_text(encoding="utf-8").replace('"$RELANCE_WORKBOOK"', "${{ github.event.comment.body }}"),
        encoding="utf-8",
    )
    found = subprocess.run([*command, *config, str(planted)], capture_output=True, text=True, check=False)
    assert found.returncode != 0
    assert "template-injection" in found.stdout
