"""As much of GitHub's machine as our workflows need: expressions, steps in order, job results, the files of a step.

Steps that use somebody's action are not run: checking out is the clone itself, uv is what made `.venv`, and an upload
copies its folder into `kept`. Everything else is a line of shell, run as GitHub runs it.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
OURS = ROOT / ".github" / "workflows"
TEMPLATE = ROOT / "company-template"
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")


def load(path: Path) -> dict[str, Any]:
    """A workflow; YAML 1.1 reads its `on` as true."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in document.items()}


@dataclass
class Ran:
    """One job: its result as GitHub would give it, what its steps said, what was uploaded."""

    result: str = "success"
    log: str = ""
    summary: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)  # by the step's name
    outputs: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Path] = field(default_factory=dict)  # uploads by name


@dataclass
class Machine:
    """A clean clone with an environment of the locked packages, and what surrounds a run in a company's repository."""

    clone: Path
    temp: Path
    api: str = "http://127.0.0.1:9"
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    event: Mapping[str, Any] = field(default_factory=lambda: {"schedule": "43 8 * * 1-5"})
    around: dict[str, str] = field(default_factory=dict)  # the runner's own environment
    federation: Mapping[str, Any] | None = None  # what Google's action would write for a keyless run

    def run(self, workflow: str, job: str, needs: Mapping[str, Ran] | None = None, **inputs: str) -> Ran:
        """Run a job's steps in order, as GitHub would. `inputs` replace the defaults of a called workflow."""
        shutil.rmtree(self.clone / "build", ignore_errors=True)  # each job has a machine of its own
        document = load(self.clone / ".github" / "workflows" / f"{workflow}.yml")
        plan, ran = document["jobs"][job], Ran()
        called = (document["on"].get("workflow_call") or {}) if isinstance(document["on"], dict) else {}
        given = {name: str(one.get("default", "")) for name, one in (called.get("inputs") or {}).items()} | inputs
        steps: dict[str, dict[str, Any]] = {}
        context: dict[str, Any] = {
            "secrets": self.secrets, "vars": self.variables, "inputs": given, "steps": steps,
            "github": {"token": "ghs-token", "event": self.event}, "job": {"workflow_repository": "o/r", "workflow_sha": "0" * 40},
            "needs": {name: {"result": one.result, "outputs": one.outputs} for name, one in (needs or {}).items()},
        }  # fmt: skip
        for number, step in enumerate(plan["steps"]):
            name = step.get("id") or step.get("name") or step["uses"].partition("@")[0]
            condition = str(step.get("if", "${{ success() }}"))
            if not re.search(r"\b(always|cancelled|failure|success)\(", condition):
                condition = f"success() && ({_inside(condition)})"
            if not self._evaluate(_inside(condition), context, ran):
                steps[name] = {"outcome": "skipped", "outputs": {}}
            elif "run" in step:
                steps[name] = self._shell(step, number, context, ran)
            else:
                steps[name] = self._action(step, context, ran)
            ran.outcomes[str(step.get("name", name))] = steps[name]["outcome"]
            if steps[name]["outcome"] == "failure":
                ran.result = "failure"
        ran.outputs = {key: self.fill(value, context, ran) for key, value in plan.get("outputs", {}).items()}
        return ran

    def goes_on(self, workflow: str, job: str, needs: Mapping[str, Ran]) -> bool:
        """Whether a later job's `if` lets it run."""
        condition = load(self.clone / ".github" / "workflows" / f"{workflow}.yml")["jobs"][job].get("if", "success()")
        context = {"needs": {name: {"result": one.result, "outputs": one.outputs} for name, one in needs.items()}}
        failed = Ran(result="failure" if any(one.result != "success" for one in needs.values()) else "success")
        return bool(self._evaluate(_inside(condition), context, failed))

    def _shell(self, step: Mapping[str, Any], number: int, context: Mapping[str, Any], ran: Ran) -> dict[str, Any]:
        files = {name: self.temp / f"{number}-{name}" for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        event = self.temp / "event.json"
        event.write_text(json.dumps(self.event), encoding="utf-8")
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.temp), "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "4242",
            "GITHUB_REPOSITORY": "example/factures", "GITHUB_SERVER_URL": "https://github.example", "GITHUB_API_URL": self.api,
            "GITHUB_EVENT_PATH": str(event), **{name: str(path) for name, path in files.items()},
            **self.around, **{name: self.fill(value, context, ran) for name, value in step.get("env", {}).items()},
        }  # fmt: skip
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=self.clone, env=environment, capture_output=True, text=True, timeout=300, check=False)
        ran.log += done.stdout + done.stderr
        ran.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        said = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in said)
        return {"outcome": "failure" if done.returncode else "success", "outputs": outputs}

    def _action(self, step: Mapping[str, Any], context: Mapping[str, Any], ran: Ran) -> dict[str, Any]:
        action = step["uses"].partition("@")[0]
        given = {key: self.fill(value, context, ran) for key, value in step.get("with", {}).items()}
        if action == "actions/checkout":
            assert set(given) <= {"persist-credentials"} or (given["repository"], given["ref"]) == ("o/r", "0" * 40)
        if action == "google-github-actions/auth":
            assert given["workload_identity_provider"].startswith("projects/")
            written = self.temp / "gha-creds-0.json"
            written.write_text(json.dumps(self.federation), encoding="utf-8")
            self.around["GOOGLE_APPLICATION_CREDENTIALS"] = str(written)
        if action in ("actions/upload-artifact", "actions/upload-pages-artifact"):
            name = given.get("name", "github-pages")
            kept = self.temp / name
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(self.clone / given["path"], kept)
            ran.kept[name] = kept
        return {"outcome": "success", "outputs": {}}

    def fill(self, value: object, context: Mapping[str, Any], ran: Ran) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self._evaluate(found[1], context, ran)), str(value))

    def _evaluate(self, expression: str, context: Mapping[str, Any], ran: Ran) -> Any:
        """The few operators our expressions have, by way of Python's."""
        failed = ran.result == "failure"
        functions = {
            "success": lambda: not failed, "failure": lambda: failed, "cancelled": lambda: False, "always": lambda: True,
            "hashFiles": lambda pattern: "hash" if any(self.clone.glob(pattern)) else "",
        }  # fmt: skip
        python = {"&&": " and ", "||": " or ", "!": " not "}

        def translate(found: re.Match[str]) -> str:
            token = found[0]
            return repr(_look_up(context, token)) if token[0].isalpha() else python.get(token, token)

        text = re.sub(r"'[^']*'|&&|\|\||!=|!|\b[a-z]+(?:\.[\w-]+)+", translate, expression)
        return eval(text.strip(), {"__builtins__": {}}, functions)


def _inside(expression: str) -> str:
    return expression.strip().removeprefix("${{").removesuffix("}}")


def _look_up(context: Mapping[str, Any], path: str) -> Any:
    """A property that does not exist is an empty string, as on GitHub."""
    head, *names = path.split(".")
    value: Any = context.get(head, {})
    for name in names:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value
