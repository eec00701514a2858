"""From templates and facts to texts: built-in ones here, people's own in one child process under limits.

`render_all` never raises for a text: each job has its own result, and a text that eats memory or time loses only itself.
"""

import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import jinja2

import sync
from sync.dunning.model import Template
from sync.letters.child import READY
from sync.letters.sandbox import MAX_SUBJECT, MAX_TEXT, TextFailure, compile_text, tidy
from sync.letters.views import Facts, variables

START = 60.0  # seconds to start the child on a busy machine
DEADLINE = 8.0  # seconds of silence after which the child is given up; its own limit is one second of processor time

_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from sync.letters.child import main; main()"


@dataclass(frozen=True, slots=True)
class Job:
    template: Template  # row 0: ours, rendered here; else a person's, rendered in the child
    facts: Facts


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """`part` is the column of the Templates tab at fault: "subject" or "body"."""

    failure: TextFailure
    part: str = "body"


Result = Rendered | Failed


def render_all(jobs: Sequence[Job], *, command: Sequence[str] = (), deadline: float = DEADLINE) -> list[Result]:
    """Results in the order of the jobs. Starts at most one child at a time, and none when every text is built in.

    `command` is the program that renders people's texts (`child.py` by default), `deadline` its seconds of silence.
    """
    results: list[Result | None] = [None] * len(jobs)
    theirs: list[int] = []
    for i, job in enumerate(jobs):
        if job.template.row:
            theirs.append(i)
        else:
            results[i] = render_builtin(job.template, job.facts)
    for i, result in zip(theirs, _render_in_child([jobs[i] for i in theirs], command or child_command(), deadline), strict=True):
        results[i] = result
    return [result for result in results if result is not None]


def render_builtin(template: Template, facts: Facts) -> Result:
    """A text of ours can only be too long (hundreds of invoices with long numbers); any other failure is a bug."""
    compiled = _compiled(template.subject, template.body)
    filled = "".join(compiled.root_render_func(compiled.new_context(variables(facts))))
    subject, _, text = filled.partition(_CUT)
    if len(text) > MAX_TEXT:
        return Failed(TextFailure("template_result_too_long", limit=str(MAX_TEXT)))
    return Rendered(one_subject(subject)[:MAX_SUBJECT], tidy(text))


_CUT = "\f"  # between subject and body, filled in one go; no fact can contain it


@lru_cache(maxsize=256)
def _compiled(subject: str, body: str) -> jinja2.Template:
    return compile_text(subject + _CUT + body)


def one_subject(subject: str) -> str:
    """A subject is one line, whatever a name contained; without the company's name it begins with what followed it."""
    line = " ".join(subject.split("\n")) if "\n" in subject else subject
    rest = line.lstrip(" \u00a0\u202f–—-:,")
    return line if rest == line else rest[:1].upper() + rest[1:]


def child_command() -> list[str]:
    """Isolated from the environment and the user's own packages; finds our code where we found it."""
    return [sys.executable, "-I", "-c", _CHILD, str(Path(sync.__file__).resolve().parent.parent)]


def _render_in_child(jobs: Sequence[Job], command: Sequence[str], deadline: float) -> list[Result]:
    results: dict[int, Result] = {}
    waiting = list(range(len(jobs)))
    while waiting:
        for i, result in zip(waiting, _one_child([jobs[i] for i in waiting], command, deadline), strict=False):
            results[i] = result
        waiting = [i for i in waiting if i not in results]
        if waiting:  # the child stopped at this job: it is the text's fault, the others go on without it
            culprit = jobs[waiting[0]].template
            failed = Failed(TextFailure("template_too_slow"))
            results |= {i: failed for i in waiting if jobs[i].template == culprit}
            waiting = [i for i in waiting if i not in results]
    return [results[i] for i in range(len(jobs))]


def _one_child(jobs: Sequence[Job], command: Sequence[str], deadline: float) -> list[Result]:
    """The results of one child, fewer than the jobs if it died or fell silent. Raises RuntimeError if it cannot start."""
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )  # an empty environment: no secret is there to be found
    lines: Queue[bytes] = Queue()
    threads = [
        threading.Thread(target=_feed, args=(child, jobs), daemon=True),
        threading.Thread(target=_listen, args=(child, lines), daemon=True),
    ]
    for thread in threads:
        thread.start()
    results: list[Result] = []
    try:
        if lines.get(timeout=START) != READY:
            raise RuntimeError("the program that renders people's texts cannot start")
        while len(results) < len(jobs):
            try:
                line = lines.get(timeout=deadline)
            except Empty:
                break
            if not line.endswith(b"\n"):  # b"" or a cut line: the child is dead
                break
            results.append(_result(json.loads(line)))
    finally:
        child.kill()
        child.wait()
        for thread in threads:
            thread.join(timeout=DEADLINE)
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
    return results


def _feed(child: "subprocess.Popen[bytes]", jobs: Sequence[Job]) -> None:
    assert child.stdin is not None
    with suppress(OSError):  # the child died: the reader sees it
        for job in jobs:
            child.stdin.write(pickle.dumps((job.template.subject, job.template.body, job.facts), protocol=5))
        child.stdin.close()


def _listen(child: "subprocess.Popen[bytes]", lines: "Queue[bytes]") -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line)
    lines.put(b"")


def _result(answer: dict[str, Any]) -> Result:
    if "code" in answer:
        return Failed(TextFailure(answer["code"], **answer["params"]), answer["part"])
    return Rendered(one_subject(answer["subject"]), answer["text"])
