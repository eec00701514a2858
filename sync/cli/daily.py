"""The commands of every day: check, plan, sync, report, run; and the demo of them all."""

import sys
from datetime import date
from pathlib import Path

import click

from sync.cli.as_json import plan_json, problem_json
from sync.cli.as_text import notes, plan_text, problem_line
from sync.cli.failures import PROBLEMS_FOUND, end, fails_well, print_failure, print_json, tell_failure
from sync.cli.options import (
    as_of_option,
    documents_option,
    edition_option,
    json_option,
    outbox_option,
    output_option,
    site_option,
    summary_option,
    workbook_argument,
)
from sync.cli.program import main
from sync.cli.surroundings import clock_of, is_ci, open_workbook
from sync.cli.working import foresight, report_on, summarise_run, sync_workbook, tell
from sync.demo.book import demo_day, make_demo
from sync.errors import RelanceError
from sync.ledger.words import Act, Language
from sync.run.deciding import decide_run
from sync.run.gathering import gather
from sync.run.preview import preview
from sync.sentences import sentence
from sync.workbook.contract import TODAY


@main.command()
@workbook_argument
@as_of_option
@json_option
@output_option
@fails_well
def check(workbook: str, as_of: date | None, as_json: bool, output: Path | None) -> None:
    """List what is wrong, with the cells. Exit status 1 when there is something."""
    run = decide_run(gather(open_workbook(workbook), clock_of(as_of)))
    language = run.gathered.rules.settings.language
    if as_json:
        document = {
            "as_of": run.gathered.as_of.isoformat(),
            "notes": notes(run),
            "problems": [problem_json(one, language, run.gathered.snapshot) for one in run.problems],
        }
        print_json(document, output)
    elif run.problems:
        click.echo(sentence("found_problems", language, count=len(run.problems)))
        for problem in run.problems:
            click.echo(f"- {problem_line(problem, language, run.gathered.snapshot, names=not is_ci())}")
    else:
        click.echo(sentence("no_problems", language))
    if not as_json:
        for note in notes(run):
            click.echo(note)
    if run.problems:
        sys.exit(PROBLEMS_FOUND)


@main.command()
@workbook_argument
@as_of_option
@click.option("--days", type=click.IntRange(1, 366), default=None, help="Preview the days to come as well.")
@json_option
@output_option
@fails_well
def plan(workbook: str, as_of: date | None, days: int | None, as_json: bool, output: Path | None) -> None:
    """Print today's decisions; writes nothing."""
    gathered = gather(open_workbook(workbook), clock_of(as_of), foresight())
    run = decide_run(gathered)
    ahead = preview(gathered, days) if days else None
    if as_json:
        print_json(plan_json(run, ahead), output)
    else:
        click.echo(plan_text(run, ahead or (), names=not is_ci()))


@main.command()
@workbook_argument
@as_of_option
@json_option
@output_option
@outbox_option
@documents_option
@summary_option
@fails_well
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
    synced = sync_workbook(workbook, as_of, outbox, documents)
    summarise_run(synced, as_of, summary)
    end(tell(synced, workbook, as_json, output, outbox))


@main.command()
@workbook_argument
@as_of_option
@site_option
@edition_option
@click.option(
    "--sources",
    type=click.Path(file_okay=False, path_type=Path),
    help="New folder for what MkDocs was given, to try another builder.",
)
@fails_well
def report(workbook: str, as_of: date | None, site: Path, edition: str | None, sources: Path | None) -> None:
    """Build the KPI site."""
    report_on(workbook, as_of, site, edition, sources=sources)


@main.command()
@workbook_argument
@as_of_option
@json_option
@output_option
@outbox_option
@documents_option
@site_option
@edition_option
@summary_option
@fails_well
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
        synced = sync_workbook(workbook, as_of, outbox, documents)
        summarise_run(synced, as_of, summary)
        status = tell(synced, workbook, as_json, output, outbox)
    except RelanceError as error:
        status, said = error.exit_status, str(error)
        if as_json:
            print_failure(error, output)
        tell_failure(error, summary)
    try:
        report_on(workbook, as_of, site, edition, quiet=as_json)
    except RelanceError as error:
        if not status:
            status = error.exit_status
        if str(error) != said:  # a workbook that cannot be read is said once
            tell_failure(error, summary)
    end(status)


@main.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), help="Where the demo is made.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", help="Language of the workbook and of the site.")
@as_of_option
@fails_well
def demo(folder: Path, language: Language, as_of: date | None) -> None:
    """Make an invented portfolio, run everything on it with a local outbox, build the site, and say where to look."""
    day = as_of or demo_day(clock_of(None).utc_now().date())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("relance-demo.xlsx" if language == "fr" else "relance-demo-en.xlsx")
    make_demo(path, language, day)
    outbox, site = folder / f"{path.stem}.outbox", folder / "site"
    for old in outbox.glob("*.eml"):
        old.unlink()
    synced = sync_workbook(str(path), day, outbox)
    page = report_on(str(path), day, site)
    sent = sum(one.status is Act.SENT for one in synced.sendings)
    click.echo(sentence("demo_book", language, path=path))
    click.echo(sentence("demo_outbox", language, path=outbox, count=sent))
    click.echo(sentence("demo_site", language, path=page))
    click.echo(sentence("demo_today", language, tab=TODAY.title(language)))
    click.echo(sentence("demo_next", language))
