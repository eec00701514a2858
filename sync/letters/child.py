"""Inside the child process: renders people's own texts under limits of memory, time and size.

The parent (`rendering.py`) starts it with an empty environment. It reads pickled jobs from its standard input (the parent
is trusted, texts are not) and answers each with one line of JSON, which is all that ever comes back.
"""

import contextlib
import json
import pickle
import signal
import sys
from typing import Any, BinaryIO, NoReturn

from jinja2 import Template

from sync.letters.sandbox import MAX_SUBJECT, TextFailure, compile_text, failure_of, render
from sync.letters.views import Facts, variables

MEMORY = 256 * 1024 * 1024  # bytes of address space, the interpreter's own included
SECONDS = 1.0  # of processor time for one text
TOTAL_SECONDS = 900  # of processor time for the whole batch
READY = b"ready\n"  # the first line of the child
FATAL = ("template_too_slow", "template_too_heavy")  # not tried again for the next customer


class _TooSlow(BaseException):
    """Not an Exception, so that nothing on the way answers it."""


def _ring(signum: int, frame: Any) -> NoReturn:
    raise _TooSlow


def limit_process() -> None:
    """Where the system has no such limits (Windows), the parent's own deadline remains."""
    with contextlib.suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, TOTAL_SECONDS),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with contextlib.suppress(ValueError, OSError):  # a lower limit stands already
                resource.setrlimit(what, (most, most))
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, _ring)


def _timer(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds, seconds / 4 if seconds else 0)


class Texts:
    """Compiled once; a text that failed for a reason of its own is not tried again."""

    def __init__(self) -> None:
        self._compiled: dict[str, Template | TextFailure] = {}

    def _template(self, source: str) -> Template:
        if source not in self._compiled:
            try:
                self._compiled[source] = compile_text(source)
            except TextFailure as failure:
                self._compiled[source] = failure
        found = self._compiled[source]
        if isinstance(found, TextFailure):
            raise found
        return found

    def answer(self, subject: str, body: str, facts: Facts) -> dict[str, Any]:
        part, source = "body", body
        try:
            _timer(SECONDS)
            try:
                values = variables(facts)
                text = render(self._template(body), values)
                part, source = "subject", subject
                return {"subject": render(self._template(subject), values, MAX_SUBJECT), "text": text}
            finally:
                _timer(0)
        except _TooSlow:
            failure = TextFailure("template_too_slow")
        except Exception as error:
            failure = failure_of(error, source)
        if failure.code in FATAL:
            self._compiled[source] = failure
        return {"code": failure.code, "params": failure.params, "part": part}


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """A job is (subject, body, facts); ends with its input."""
    texts = Texts()
    while True:
        try:
            subject, body, facts = pickle.load(jobs)
        except EOFError:
            return
        answers.write(json.dumps(texts.answer(subject, body, facts)).encode() + b"\n")
        answers.flush()


def main() -> None:
    limit_process()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(sys.stdin.buffer, sys.stdout.buffer)
