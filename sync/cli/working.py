"""What `sync`, `report`, `run` and `demo` have in common: one real run, one site, and what is said of them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from sync import pipeline
from sync.cli.as_json import sync_json
from sync.cli.as_text import notes
from sync.cli.failures import MAIL_FAILED, USAGE, print_json, summarise
from sync.cli.summary import run_summary
from sync.cli.surroundings import (
    clock_of,
    is_ci,
    journal_key,
    mailing,
    new_run_id,
    open_to_write,
    open_workbook,
    outbox_of,
    paperwork_of_run,
    site_key,
)
from sync.dunning.conclude import Foresee
from sync.dunning.model import Mode, Settings
from sync.ledger.model import Ledger
from sync.ledger.words import Act, Language, Segment
from sync.letters.documents.office import Made
from sync.letters.documents.words import said
from sync.paperwork import Paperwork
from sync.pipeline import Synced
from sync.postroom import PostRoom
from sync.run.deciding import decide_run
from sync.run.gathering import gather
from sync.sentences import sentence


def sync_workbook(workbook: str, as_of: date | None, outbox: Path | None, documents: Path | None = None) -> Synced:
    """A real run on the workbook, and the documents it asks for."""
    book, clock = open_to_write(workbook, as_of), clock_of(as_of)
    paper = paperwork_of_run(workbook, documents)
    post = PostRoom(
        workbook=book, clock=clock, outbox=outbox_of(workbook, outbox), mailing=mailing(),
        pages=paper.pages if paper is not None else None,
    )  # fmt: skip
    synced = pipeline.sync(
        book, clock, post, run_id=new_run_id(), actor="relance", journal_key=journal_key(), remember_run=True, foresee=foresight()
    )
    if paper is not None:
        _tell_made(paper.of_run(synced.run), paper, synced.run.gathered.rules.settings.language)
    return synced


def _tell_made(made: Made, paper: Paperwork, language: Language) -> None:
    if made.written:
        click.echo(said("documents_made", language, count=len(made.written), folder=paper.folder), err=True)
    for failure in made.failed if not is_ci() else ():
        click.echo(failure, err=True)


def foresight() -> Foresee:
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


def tell(synced: Synced, workbook: str, as_json: bool, output: Path | None, outbox: Path | None) -> int:
    """Say what was done; returns the exit status."""
    rules = synced.run.gathered.rules
    language = rules.settings.language
    if as_json:
        error = {"error": sentence("settings_stop", language)} if synced.is_stopped else {}
        print_json({**error, **sync_json(synced)}, output)
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
        if sent and not (mailing().smtp_url and synced.run.gathered.is_today):
            click.echo(sentence("outbox", language, folder=outbox_of(workbook, outbox)))
        elif not sent and rules.settings.mode is Mode.DRAFT:
            click.echo(sentence("draft_mode", language))
        if synced.held:
            click.echo(synced.held)
        for note in notes(synced.run):
            click.echo(note)
    if synced.stopped:
        click.echo(sentence("mail_stopped", language, reason=synced.stopped), err=True)
    if synced.is_stopped:
        click.echo(sentence("settings_stop", language), err=True)
        return USAGE
    return MAIL_FAILED if synced.some_failed else 0


def summarise_run(synced: Synced, as_of: date | None, summary: Path | None) -> None:
    summarise(run_summary(synced, clock_of(as_of).now(synced.run.gathered.rules.settings.time_zone)), summary)


def report_on(
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

    gathered = gather(open_workbook(workbook), clock_of(as_of))
    run = decide_run(gathered)
    page = build_site(
        ledger=gathered.ledger,
        rules=gathered.rules,
        conclusion=run.conclusion,
        problems=run.problems,
        site=site,
        run_at=clock_of(None).utc_now(),
        edition=edition or gathered.rules.settings.site,
        key=site_key(),
        tell=lambda line: click.echo(line, err=True),
        sources=sources,
    )
    click.echo(sentence("site_built", gathered.rules.settings.language, folder=site, page=page), err=quiet)
    return page
