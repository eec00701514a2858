"""The commands: the only place that reads the clock, the environment and the arguments."""

import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Literal, NoReturn, ParamSpec

import click

from sync import forgetting, held, pipeline, proposing, shown
from sync.demo.book import demo_day, make_demo
from sync.dossier.build import Order
from sync.dunning.conclude import Foresee
from sync.dunning.configuration import read_rules
from sync.dunning.model import Mode, Settings
from sync.errors import RelanceError, UsageError
from sync.importing.run import Asked
from sync.ledger.dates import format_date
from sync.ledger.model import Ledger
from sync.ledger.words import Act, Language, Segment
from sync.letters.documents.office import KINDS as DOCUMENT_KINDS
from sync.letters.documents.office import Kind as DocumentKind
from sync.letters.documents.office import Made, Request
from sync.letters.documents.press import copy_pages
from sync.letters.documents.words import said, words
from sync.paperwork import Paperwork
from sync.post.journal import check_chain
from sync.postroom import Mailing, PostRoom
from sync.publication import Place, check_publication, repository_visibility
from sync.sentences import sentence
from sync.summary import failure_summary, run_summary
from sync.workbook.addresses import is_google
from sync.workbook.contract import TODAY
from sync.workbook.excel import Excel
from sync.workbook.tabs import Workbook

P = ParamSpec("P")

PROBLEMS_FOUND, USAGE, MAIL_FAILED = 1, 2, 4
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # of --as-of


def _language() -> Language:
    """The language of a message said before the workbook could be read."""
    return "en" if os.environ.get("LANG", "fr").lower().startswith("en") else "fr"


def _is_ci() -> bool:
    return bool(os.environ.get("CI"))


def _as_of(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(sentence("bad_date", _language(), value=value)) from None
    if not EARLIEST <= day <= LATEST:  # rules look years back and ahead, and the calendar of dates ends
        raise click.BadParameter(sentence("far_date", _language(), value=value))
    return day


_workbook = click.argument("workbook")
_as_of_option = click.option(
    "--as-of", callback=_as_of, metavar="DATE", help="Decide as of this day (2026-03-31) instead of today."
)
_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys.")
_output_option = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON into this file.")
_outbox_option = click.option(
    "--outbox", type=click.Path(file_okay=False, path_type=Path), help="Folder for messages when there is no mail server."
)
_documents_option = click.option(
    "--documents", type=click.Path(file_okay=False, path_type=Path), help="Folder for letters and other PDF documents."
)
_site_option = click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), default=Path("build/site"), help="Folder of the site."
)
_edition_option = click.option(
    "--edition", type=click.Choice(["internal", "public"]), default=None, help="Names and worklists, or aggregates only."
)


_summary_option = click.option(
    "--summary", type=click.Path(dir_okay=False, path_type=Path), envvar="GITHUB_STEP_SUMMARY",
    help="Add what was done, in Markdown and without names, to this file (on GitHub: the run's page).",
)  # fmt: skip


def _fails_well(command: Callable[P, None]) -> Callable[P, None]:
    """One sentence and the exit status of the failure, never a trace, for what a person can answer."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        output: Path | None = kwargs.get("output")  # type: ignore[assignment]
        try:
            if kwargs.get("as_json"):
                _refuse_output(output)  # before anything is done
            command(*args, **kwargs)
        except RelanceError as error:
            if kwargs.get("as_json"):
                _print_failure(error, output)
            _tell_failure(error, kwargs.get("summary"))  # type: ignore[arg-type]
            _end(error.exit_status)
        except OSError as error:  # the site, the outbox, the summary: what the carrier does not answer for
            failed = UsageError(sentence("file_failed", _language(), file=error.filename or "?", why=error.strerror or error))
            if kwargs.get("as_json"):
                _print_failure(failed, output)
            _tell_failure(failed, None)
            _end(failed.exit_status)

    return wrapped


def _refuse_output(output: Path | None) -> None:
    """Raises UsageError when the JSON would have nowhere to go."""
    if output is None and _is_ci():
        raise UsageError(sentence("json_needs_output", _language()))
    if output is not None and not (output.parent.is_dir() and os.access(output if output.exists() else output.parent, os.W_OK)):
        raise UsageError(sentence("output_not_writable", _language(), file=output))


def _print_failure(error: RelanceError, output: Path | None) -> None:
    with suppress(UsageError):  # nowhere to print it: the sentence is said anyway
        _refuse_output(output)
        _print_json({"error": str(error), "problems": []}, output)


def _tell_failure(error: RelanceError, summary: Path | None) -> None:
    click.echo(str(error), err=True)
    if os.environ.get("GITHUB_ACTIONS"):  # also at the top of the run's page
        click.echo(f"::error title=Relance::{str(error).replace('%', '%25').replace(chr(10), '%0A')}")
    _summarise(failure_summary(str(error), _language()), summary)


def _summarise(text: str, summary: Path | None) -> None:
    if summary is not None:
        with summary.open("a", encoding="utf-8") as page:
            page.write(f"{text}\n")


def _end(status: int) -> NoReturn:
    """The exit status, also as an output of the workflow's step: the notice of a failure explains it."""
    if os.environ.get("GITHUB_OUTPUT"):
        with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
            outputs.write(f"status={status}\n")
    sys.exit(status)


class _Commands(click.Group):
    """A wrong argument is a failure like the others: one sentence, and JSON where it was asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["relance.json"] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            said = UsageError(_wrong_argument(error))
            if ctx.meta["relance.json"]:
                _print_failure(said, None)
            _tell_failure(said, None)
            _end(USAGE)


def _wrong_argument(error: click.UsageError) -> str:
    """What is wrong with the arguments. Sentences of click itself are English; ours say what they mean."""
    language = _language()
    command = error.ctx.command_path if error.ctx is not None else "relance"
    match error:
        case click.NoSuchOption():
            what = sentence("no_such_option", language, name=error.option_name)
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param is not None and error.ctx is not None else ""
            what = sentence("missing_argument", language, name=name)
        case click.BadParameter(param=click.Parameter(callback=None) as param):
            what = sentence("bad_argument", language, name=param.opts[0], why=error.message)
        case click.BadParameter():
            return error.message
        case _:
            what = error.format_message()
    return f"{what} {sentence('see_help', language, command=command)}"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="relance")
def main() -> None:
    """Amicable collection from the spreadsheet your team already edits."""


def _open(workbook: str) -> Workbook:
    """A carrier for a path or a Google address."""
    if not workbook.strip():
        raise UsageError(sentence("workbook_missing", _language()))
    if is_google(workbook):
        from sync.workbook.google_open import open_google  # its libraries are slow to import

        return open_google(workbook, _language(), os.environ)
    return Excel(Path(workbook), _language())


def _open_to_write(workbook: str, as_of: date | None) -> Workbook:
    """The same; a Google spreadsheet is only ever written as of the real today."""
    book = _open(workbook)
    if as_of is not None and is_google(workbook):
        zone = read_rules(book.read(["settings"]).tabs).settings.time_zone
        if as_of != _clock(None).real_today(zone):
            raise UsageError(sentence("google_another_day", _language(), as_of=as_of.isoformat()))
    return book


def _beside(workbook: str) -> Path:
    """Where the files of a run stand: beside a local workbook, else in the current folder."""
    return Path("relance") if is_google(workbook) else Path(workbook)


def _clock(as_of: date | None) -> pipeline.Clock:
    return pipeline.Clock(utc_now=lambda: datetime.now(UTC), as_of=as_of)


def _foresight() -> Foresee:
    """The forecast's chance of a long delay by invoice, worked out once a run however often it concludes."""
    known: dict[date, Mapping[str, float]] = {}

    def foresee(
        ledger: Ledger, segments: Mapping[tuple[str, str], Segment], as_of: date, settings: Settings
    ) -> Mapping[str, float]:
        if as_of not in known:
            from reports.cash import invoice_outlooks

            known[as_of] = {number: one.late_30 for number, one in invoice_outlooks(ledger, segments, as_of, settings).items()}
        return known[as_of]

    return foresee


def _print_json(document: Mapping[str, Any], output: Path | None) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)


@main.command()
@_workbook
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Language of a new workbook.")
@_fails_well
def init(workbook: str, language: Language | None) -> None:
    """Create or repair tabs, headings, drop-downs, formats and notes; never touches data."""
    chosen: Language = language or _language()
    name = "Google Sheets" if is_google(workbook) else Path(workbook).name
    done = _open(workbook).init(chosen)
    for what in done:
        click.echo(sentence("init_done", chosen, name=name, what=what))
    if not done:
        click.echo(sentence("init_nothing", chosen, name=name))


@main.command()
@_workbook
@_fails_well
def unlock(workbook: str) -> None:
    """Remove the lock of a run that was cut short. Only when you know that no run is going on."""
    held = _open(workbook).clear_lock()
    if held is None:
        click.echo(sentence("no_lock", _language()))
    else:
        click.echo(sentence("unlocked", _language(), owner=held if not _is_ci() else "…"))


@main.command()
@_workbook
@_as_of_option
@_json_option
@_output_option
@_fails_well
def check(workbook: str, as_of: date | None, as_json: bool, output: Path | None) -> None:
    """List what is wrong, with the cells. Exit status 1 when there is something."""
    run = pipeline.decide_run(pipeline.gather(_open(workbook), _clock(as_of)))
    language = run.gathered.rules.settings.language
    if as_json:
        document = {
            "as_of": run.gathered.as_of.isoformat(),
            "notes": shown.notes(run),
            "problems": [shown.problem_json(one, language, run.gathered.snapshot) for one in run.problems],
        }
        _print_json(document, output)
    elif run.problems:
        click.echo(sentence("found_problems", language, count=len(run.problems)))
        for problem in run.problems:
            click.echo(f"- {shown.problem_line(problem, language, run.gathered.snapshot, names=not _is_ci())}")
    else:
        click.echo(sentence("no_problems", language))
    if not as_json:
        for note in shown.notes(run):
            click.echo(note)
    if run.problems:
        sys.exit(PROBLEMS_FOUND)


@main.command()
@_workbook
@_as_of_option
@click.option("--days", type=click.IntRange(1, 366), default=None, help="Preview the days to come as well.")
@_json_option
@_output_option
@_fails_well
def plan(workbook: str, as_of: date | None, days: int | None, as_json: bool, output: Path | None) -> None:
    """Print today's decisions; writes nothing."""
    gathered = pipeline.gather(_open(workbook), _clock(as_of), _foresight())
    run = pipeline.decide_run(gathered)
    ahead = pipeline.preview(gathered, days) if days else None
    if as_json:
        _print_json(shown.plan_json(run, ahead), output)
    else:
        click.echo(shown.plan_text(run, ahead or (), names=not _is_ci()))


@main.command()
@_workbook
@_as_of_option
@_json_option
@_output_option
@_outbox_option
@_documents_option
@_summary_option
@_fails_well
def sync(
    workbook: str,
    as_of: date | None,
    as_json: bool,
    output: Path | None,
    outbox: Path | None,
    documents: Path | None,
    summary: Path | None,
) -> None:
    """Write next actions and drafts back, and send what may leave."""
    synced = _sync(workbook, as_of, outbox, documents)
    _summarise_run(synced, as_of, summary)
    _end(_tell(synced, workbook, as_json, output, outbox))


def _summarise_run(synced: pipeline.Synced, as_of: date | None, summary: Path | None) -> None:
    _summarise(run_summary(synced, _clock(as_of).now(synced.run.gathered.rules.settings.time_zone)), summary)


@main.command()
@_workbook
@_as_of_option
@_site_option
@_edition_option
@click.option(
    "--sources",
    type=click.Path(file_okay=False, path_type=Path),
    help="New folder for what MkDocs was given, to try another builder.",
)
@_fails_well
def report(workbook: str, as_of: date | None, site: Path, edition: str | None, sources: Path | None) -> None:
    """Build the KPI site."""
    _report(workbook, as_of, site, edition, sources=sources)


@main.command()
@_workbook
@_as_of_option
@_json_option
@_output_option
@_outbox_option
@_documents_option
@_site_option
@_edition_option
@_summary_option
@_fails_well
def run(
    workbook: str,
    as_of: date | None,
    as_json: bool,
    output: Path | None,
    outbox: Path | None,
    documents: Path | None,
    site: Path,
    edition: str | None,
    summary: Path | None,
) -> None:
    """Both: `sync`, then `report`. A failed sending never prevents the report."""
    said = ""
    try:
        synced = _sync(workbook, as_of, outbox, documents)
        _summarise_run(synced, as_of, summary)
        status = _tell(synced, workbook, as_json, output, outbox)
    except RelanceError as error:
        status, said = error.exit_status, str(error)
        if as_json:
            _print_failure(error, output)
        _tell_failure(error, summary)
    try:
        _report(workbook, as_of, site, edition, quiet=as_json)
    except RelanceError as error:
        if not status:
            status = error.exit_status
        if str(error) != said:  # a workbook that cannot be read is said once
            _tell_failure(error, summary)
    _end(status)


@main.command()
@_workbook
@_as_of_option
@_summary_option
@_fails_well
def health(workbook: str, as_of: date | None, summary: Path | None) -> None:
    """Say when Relance last ran well. Exit status 1 when a whole business day went by without it."""
    found, language = pipeline.health_of(_open(workbook), _clock(as_of))
    when = {"day": format_date(found.last.date(), language), "hour": f"{found.last:%H:%M}"} if found.last else {}
    key = "health_never" if found.last is None else "health_missed" if found.missed else "health_good"
    said = sentence(key, language, count=found.missed, **when)
    click.echo(said, err=not found.is_good)
    if not found.is_good:
        _summarise(failure_summary(said, language), summary)
        _end(PROBLEMS_FOUND)


@main.command()
@click.argument("site", type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "place", type=click.Choice([one.value for one in Place]), required=True, help="Where the site is to go.")
@_summary_option
@_fails_well
def publish(site: Path, place: str, summary: Path | None) -> None:
    """Check that a site, or a folder of letters, may go there: what names customers never goes where strangers can read."""
    language = _language()
    address = os.environ.get("RELANCE_SITE_URL", "")
    edition = check_publication(site, Place(place), lambda: repository_visibility(os.environ), language, address)
    click.echo(sentence("publish_good", language, edition=sentence(f"edition_{edition}", language)))


def _outbox_of(workbook: str, outbox: Path | None) -> Path | None:
    """The folder for messages without a mail server; None on GitHub, whose machine is gone after the run."""
    chosen = outbox or os.environ.get("RELANCE_OUTBOX")
    if chosen:
        return Path(chosen)
    if os.environ.get("GITHUB_ACTIONS"):
        return None
    path = _beside(workbook)
    return path.with_name(f"{path.stem}.outbox")


def _paperwork(workbook: str, documents: Path | None, *, asked: bool = False) -> Paperwork | None:
    """Documents beside the workbook; None on GitHub, whose machine is gone after the run, unless a folder is given."""
    chosen = documents or os.environ.get("RELANCE_DOCUMENTS")
    if not chosen and not asked and os.environ.get("GITHUB_ACTIONS"):
        return None
    path = _beside(workbook)
    folder = Path(chosen) if chosen else path.with_name(f"{path.stem}.documents")
    return Paperwork(folder=folder, pages=path.with_name(f"{path.stem}.pages"), payee=os.environ.get("RELANCE_PAYEE", ""))


def _sync(workbook: str, as_of: date | None, outbox: Path | None, documents: Path | None = None) -> pipeline.Synced:
    run_id = _run_id()

    book, clock = _open_to_write(workbook, as_of), _clock(as_of)
    paper = _paperwork(workbook, documents)
    post = PostRoom(
        workbook=book, clock=clock, outbox=_outbox_of(workbook, outbox), mailing=_mailing(),
        pages=paper.pages if paper is not None else None,
    )  # fmt: skip
    synced = pipeline.sync(
        book, clock, post, run_id=run_id, actor="relance", journal_key=_journal_key(), remember_run=True, foresee=_foresight()
    )
    if paper is not None:
        _tell_made(paper.of_run(synced.run), paper, synced.run.gathered.rules.settings.language)
    return synced


def _tell_made(made: Made, paper: Paperwork, language: Language) -> None:
    if made.written:
        click.echo(said("documents_made", language, count=len(made.written), folder=paper.folder), err=True)
    for failure in made.failed if not _is_ci() else ():
        click.echo(failure, err=True)


def _run_id() -> str:
    return os.environ.get("GITHUB_RUN_ID") or secrets.token_hex(4)


def _mailing() -> Mailing:
    return Mailing(
        smtp_url=os.environ.get("RELANCE_SMTP_URL", ""),
        imap_url=os.environ.get("RELANCE_IMAP_URL", ""),
        oauth=os.environ.get("RELANCE_MAIL_OAUTH", ""),
        payee=os.environ.get("RELANCE_PAYEE", ""),
        site_url=os.environ.get("RELANCE_SITE_URL", ""),
    )


def _journal_key() -> bytes:
    return os.environ.get("RELANCE_JOURNAL_KEY", "").encode()


def _tell(synced: pipeline.Synced, workbook: str, as_json: bool, output: Path | None, outbox: Path | None) -> int:
    """Say what was done; returns the exit status."""
    rules = synced.run.gathered.rules
    language = rules.settings.language
    if as_json:
        error = {"error": sentence("settings_stop", language)} if synced.is_stopped else {}
        _print_json({**error, **shown.sync_json(synced)}, output)
    else:
        sent = sum(one.status is Act.SENT for one in synced.sendings)
        failed = sum(one.status in (Act.FAILED, Act.UNCERTAIN) for one in synced.sendings)
        click.echo(
            sentence(
                "synced", language, cells=synced.written.cells, rows=synced.written.rows, sent=sent, failed=failed,
                problems=len(synced.run.problems),
            )
        )  # fmt: skip
        if synced.written.deferred:
            click.echo(sentence("deferred", language, count=len(synced.written.deferred)))
        if sent and not (_mailing().smtp_url and synced.run.gathered.is_today):
            click.echo(sentence("outbox", language, folder=_outbox_of(workbook, outbox)))
        elif not sent and rules.settings.mode is Mode.DRAFT:
            click.echo(sentence("draft_mode", language))
        if synced.held:
            click.echo(synced.held)
        for note in shown.notes(synced.run):
            click.echo(note)
    if synced.stopped:
        click.echo(sentence("mail_stopped", language, reason=synced.stopped), err=True)
    if synced.is_stopped:
        click.echo(sentence("settings_stop", language), err=True)
        return USAGE
    return MAIL_FAILED if synced.some_failed else 0


def _report(
    workbook: str,
    as_of: date | None,
    site: Path,
    edition: str | None = None,
    *,
    quiet: bool = False,
    sources: Path | None = None,
) -> Path:
    """Build the site; returns its first page. `quiet`: standard output belongs to the JSON."""
    from reports.build import build_site  # the site's libraries are an extra, and slow to import

    gathered = pipeline.gather(_open(workbook), _clock(as_of))
    run = pipeline.decide_run(gathered)
    page = build_site(
        ledger=gathered.ledger,
        rules=gathered.rules,
        conclusion=run.conclusion,
        problems=run.problems,
        site=site,
        run_at=datetime.now(UTC),
        edition=edition or gathered.rules.settings.site,
        key=os.environ.get("RELANCE_SITE_KEY", ""),
        tell=lambda line: click.echo(line, err=True),
        sources=sources,
    )
    click.echo(sentence("site_built", gathered.rules.settings.language, folder=site, page=page), err=quiet)
    return page


@main.command()
@_workbook
@click.argument("key", required=False)
@click.argument("outcome", required=False, type=click.Choice(["sent", "not-sent"]))
@_as_of_option
@_fails_well
def resolve(workbook: str, key: str | None, outcome: str | None, as_of: date | None) -> None:
    """Say what became of an uncertain message; without KEY, list them. KEY is a number of that list, or the whole key."""
    is_asking = key is None or outcome is None
    book, clock = _open(workbook) if is_asking else _open_to_write(workbook, as_of), _clock(as_of)
    if key is None or outcome is None:
        uncertain, language = pipeline.uncertain_messages(book, clock)
        if not uncertain:
            click.echo(sentence("none_uncertain", language))
        for number, row in enumerate(uncertain, 1):
            click.echo(shown.uncertain_line(number, row, names=not _is_ci()))
        return
    row, language = pipeline.resolve(
        book, clock, key, sent=outcome == "sent", run_id=_run_id(), journal_key=_journal_key()
    )  # fmt: skip
    click.echo(
        sentence("resolved_sent" if outcome == "sent" else "resolved_not_sent", language, invoices=", ".join(row.invoices))
    )


@main.command()
@_workbook
@click.option(
    "--head", metavar="SEAL", default="", help="A seal noted earlier (the digest mail gives it): it must still be there."
)
@_fails_well
def verify(workbook: str, head: str) -> None:
    """Check the seals of the Journal; exit status 1 when a row was altered."""
    gathered = pipeline.gather(_open(workbook), _clock(None))
    language = gathered.rules.settings.language
    chain = check_chain(gathered.ledger.journal, _journal_key(), head)
    for line in shown.chain_lines(chain, bool(_journal_key()), language):
        click.echo(line)
    if not chain.is_sound:
        sys.exit(PROBLEMS_FOUND)


@main.command()
@click.argument("kind", type=click.Choice(list(DOCUMENT_KINDS)))
@click.argument("customer")
@_workbook
@_as_of_option
@click.option("--plan", default="", help="Which plan of the Plans tab, when the customer has several.")
@click.option("--currency", default=None, help="Only this currency.")
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Another language than the customer's.")
@_documents_option
@_fails_well
def document(
    kind: DocumentKind,
    customer: str,
    workbook: str,
    as_of: date | None,
    plan: str,
    currency: str | None,
    language: Language | None,
    documents: Path | None,
) -> None:
    """Make a PDF about a customer: letter, registered, notice, statement, interest, plan, settlement, call, hand-over."""
    run = pipeline.decide_run(pipeline.gather(_open(workbook), _clock(as_of)))
    paper = _paperwork(workbook, documents, asked=True)
    assert paper is not None
    request = Request(kind=kind, customer=customer, plan=plan, language=language, currency=currency)
    made, paths = paper.asked(request, run)
    told = run.gathered.rules.settings.language
    for path in paths if not _is_ci() else ():
        click.echo(said("document_made" if path in made.written else "document_same", told, path=path))
    for failure in made.failed:
        raise UsageError(failure)


@main.command()
@click.argument("customer")
@_workbook
@_as_of_option
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the file is made.")
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Another language than the workbook's.")
@_outbox_option
@_fails_well
def dossier(
    customer: str, workbook: str, as_of: date | None, folder: Path | None, language: Language | None, outbox: Path | None
) -> None:
    """Make the file for a professional about a customer: a folder and a zip of numbered exhibits. Nothing is sent."""
    run = pipeline.decide_run(pipeline.gather(_open(workbook), _clock(as_of)))
    paper = _paperwork(workbook, None, asked=True)
    assert paper is not None
    told = run.gathered.rules.settings.language
    order = Order(customer=customer, language=language or told, journal_key=_journal_key(), outbox=_outbox_of(workbook, outbox))
    made, archive = paper.dossier(order, run, folder or paper.folder.with_suffix(".dossiers"))
    shown_words = words(told)["dossier"]["readme"]
    if not _is_ci():
        click.echo(shown_words["made"].format(folder=archive.with_suffix(""), count=len(made.files), zip=archive.name))
        for line in made.left_out:
            click.echo(line)
    if made.invoices:
        click.echo(shown_words["then"].format(invoices=", ".join(made.invoices)))


@main.command()
@_workbook
@_fails_well
def pages(workbook: str) -> None:
    """Copy the page templates beside the workbook, where you can change letterhead, layout and clauses."""
    paper = _paperwork(workbook, None, asked=True)
    assert paper is not None
    copied = copy_pages(paper.pages)
    click.echo(said("pages_copied", _language(), count=len(copied), folder=paper.pages))


@main.command()
@click.argument("customer")
@_workbook
@click.option("--currency", default="", help="When the customer owes in several.")
@click.option("--invoice", "invoices", multiple=True, metavar="NUMBER", help="Only these invoices; otherwise all that are late.")
@click.option("--choose", "number", type=click.IntRange(1, 99), default=None, help="Write this proposal in the Plans tab.")
@click.option("--write", "write_", is_flag=True, help="Write the proposal that is marked in the Plans tab.")
@_as_of_option
@_json_option
@_output_option
@_fails_well
def propose(
    customer: str, workbook: str, currency: str, invoices: tuple[str, ...], number: int | None, write_: bool, as_of: date | None,
    as_json: bool, output: Path | None,
) -> None:  # fmt: skip
    """Instalment plans that CUSTOMER can keep, or why none; writes one only with --choose or --write."""
    asked = proposing.Asked(customer=customer, currency=currency, invoices=invoices)
    is_writing = write_ or number is not None
    book, clock = _open_to_write(workbook, as_of) if is_writing else _open(workbook), _clock(as_of)
    if is_writing:
        found = proposing.write(book, clock, asked, number, run_id=_run_id(), journal_key=_journal_key())
    else:
        found = proposing.look(book, clock, asked)
    if as_json:
        _print_json(proposing.document(found), output)
    else:
        click.echo("\n".join(proposing.lines(found, names=not _is_ci())))


@main.command()
@click.argument("customer")
@_workbook
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP file to write.")
@_outbox_option
@_as_of_option
@_fails_well
def export(customer: str, workbook: str, output: Path, outbox: Path | None, as_of: date | None) -> None:
    """Everything held on CUSTOMER: rows of every tab, Journal, messages, in one readable ZIP file."""
    _refuse_output(output)
    found = held.export(
        _open(workbook),
        _clock(as_of),
        customer,
        _outbox_of(workbook, outbox),
        output,
        run_id=_run_id(),
        journal_key=_journal_key(),
    )
    click.echo(sentence("export_done", found.language, rows=found.count, messages=len(found.messages), file=output))


@main.command()
@click.argument("names", nargs=-1, metavar="[CUSTOMER] WORKBOOK")
@click.option("--expired", is_flag=True, help="Whatever the retention settings no longer allow, instead of one customer.")
@click.option("--yes", is_flag=True, help="Erase; without it, only say what would go.")
@click.option("--force", is_flag=True, help="Even while something is owed; needs --reason.")
@click.option("--reason", default="", help="Why, kept in the Journal.")
@_outbox_option
@_as_of_option
@_fails_well
def forget(
    names: tuple[str, ...], expired: bool, yes: bool, force: bool, reason: str, outbox: Path | None, as_of: date | None
) -> None:
    """Erase the personal data of CUSTOMER; invoices, payments, dates and amounts stay. Previews unless --yes."""
    if len(names) != (1 if expired else 2):
        raise UsageError(sentence("forget_arguments", _language()))
    customer, workbook = ("", names[0]) if expired else names
    asked = forgetting.Asked(customer=customer, expired=expired, reason=reason, force=force)
    result = forgetting.forget(
        _open(workbook), _clock(as_of), asked, _outbox_of(workbook, outbox), yes=yes, run_id=_run_id(), journal_key=_journal_key()
    )
    click.echo("\n".join(forgetting.lines(result, names=not _is_ci())))


@main.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), help="Where the demo is made.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", help="Language of the workbook and of the site.")
@_as_of_option
@_fails_well
def demo(folder: Path, language: Language, as_of: date | None) -> None:
    """Make an invented portfolio, run everything on it with a local outbox, build the site, and say where to look."""
    day = as_of or demo_day(datetime.now(UTC).date())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("relance-demo.xlsx" if language == "fr" else "relance-demo-en.xlsx")
    make_demo(path, language, day)
    outbox, site = folder / f"{path.stem}.outbox", folder / "site"
    for old in outbox.glob("*.eml"):
        old.unlink()
    synced = _sync(str(path), day, outbox)
    page = _report(str(path), day, site)
    sent = sum(one.status is Act.SENT for one in synced.sendings)
    click.echo(sentence("demo_book", language, path=path))
    click.echo(sentence("demo_outbox", language, path=outbox, count=sent))
    click.echo(sentence("demo_site", language, path=page))
    click.echo(sentence("demo_today", language, tab=TODAY.title(language)))
    click.echo(sentence("demo_next", language))


@main.group(name="import")
def import_() -> None:
    """Bring in the exports of an accounting program."""


@import_.command(name="csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_workbook
@click.option(
    "--as", "kind", type=click.Choice(["invoices", "contacts", "payments"]), required=True, help="What one line of the file is."
)
@click.option(
    "--map", "maps", multiple=True, metavar="HEADING=COLUMN", help="Say what a heading means; remembered for next time."
)
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of day, month and year in the file.")
@click.option("--full-open-items", is_flag=True, help="The file lists all open items: flag invoices that it no longer has.")
@click.option("--new-contacts/--no-new-contacts", default=True, help="Add a contact row for each unknown customer.")
@_as_of_option
@_fails_well
def import_csv(
    file: Path,
    workbook: str,
    kind: Literal["invoices", "contacts", "payments"],
    maps: tuple[str, ...],
    dates: Literal["dmy", "mdy", "ymd"] | None,
    full_open_items: bool,
    new_contacts: bool,
    as_of: date | None,
) -> None:
    """Add new rows, and update imported cells that no person has changed since. Can be run every week."""
    if not is_google(workbook) and not Path(workbook).exists():
        Excel(Path(workbook), _language()).init(_language())
    asked = Asked(maps=maps, dates=dates, full_open_items=full_open_items, new_contacts=new_contacts)
    report, language = pipeline.import_file(
        _open_to_write(workbook, as_of), file, kind, asked, _clock(as_of), journal_key=_journal_key()
    )
    for line in report.sentences(language, names=not _is_ci()):
        click.echo(line)
