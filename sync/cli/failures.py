"""How a command ends badly: one sentence, JSON where it was asked for, the exit status, never a trace."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec

import click

from sync.cli.summary import failure_summary
from sync.cli.surroundings import is_ci, language_here
from sync.errors import RelanceError, UsageError
from sync.sentences import sentence

P = ParamSpec("P")

PROBLEMS_FOUND, USAGE, MAIL_FAILED = 1, 2, 4


def fails_well(command: Callable[P, None]) -> Callable[P, None]:
    """One sentence and the exit status of the failure, never a trace, for what a person can answer."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        output: Path | None = kwargs.get("output")  # type: ignore[assignment]
        try:
            if kwargs.get("as_json"):
                refuse_output(output)  # before anything is done
            command(*args, **kwargs)
        except RelanceError as error:
            if kwargs.get("as_json"):
                print_failure(error, output)
            tell_failure(error, kwargs.get("summary"))  # type: ignore[arg-type]
            end(error.exit_status)
        except BrokenPipeError:  # who reads has seen enough, as `head` does: click leaves in silence
            raise
        except OSError as error:  # the site, the outbox, the summary: what the carrier does not answer for
            failed = UsageError(sentence("file_failed", language_here(), file=error.filename or "?", why=error.strerror or error))
            if kwargs.get("as_json"):
                print_failure(failed, output)
            tell_failure(failed, None)
            end(failed.exit_status)

    return wrapped


def refuse_output(output: Path | None) -> None:
    """Raises UsageError when the JSON would have nowhere to go."""
    if output is None and is_ci():
        raise UsageError(sentence("json_needs_output", language_here()))
    if output is not None and not (output.parent.is_dir() and os.access(output if output.exists() else output.parent, os.W_OK)):
        raise UsageError(sentence("output_not_writable", language_here(), file=output))


def print_json(document: Mapping[str, Any], output: Path | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)


def print_failure(error: RelanceError, output: Path | None) -> None:
    with suppress(UsageError):  # nowhere to print it: the sentence is said anyway
        refuse_output(output)
        print_json({"error": str(error), "problems": []}, output)


def tell_failure(error: RelanceError, summary: Path | None) -> None:
    click.echo(str(error), err=True)
    if os.environ.get("GITHUB_ACTIONS"):  # also at the top of the run's page
        click.echo(f"::error title=Relance::{str(error).replace('%', '%25').replace(chr(10), '%0A')}")
    summarise(failure_summary(str(error), language_here()), summary)


def summarise(text: str, summary: Path | None) -> None:
    if summary is not None:
        with summary.open("a", encoding="utf-8") as page:
            page.write(f"{text}\n")


def end(status: int) -> NoReturn:
    """The exit status, also as an output of the workflow's step: the notice of a failure explains it."""
    if os.environ.get("GITHUB_OUTPUT"):
        with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
            outputs.write(f"status={status}\n")
    sys.exit(status)
