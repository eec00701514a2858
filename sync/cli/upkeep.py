"""The commands that keep a workbook sound: init, unlock, health, publish, verify, resolve."""

import os
import sys
from datetime import date
from pathlib import Path

import click

from sync import resolving
from sync.cli.as_text import chain_lines, uncertain_line
from sync.cli.failures import PROBLEMS_FOUND, end, fails_well, summarise
from sync.cli.options import as_of_option, summary_option, workbook_argument
from sync.cli.program import main
from sync.cli.summary import failure_summary
from sync.cli.surroundings import clock_of, is_ci, journal_key, language_here, new_run_id, open_to_write, open_workbook
from sync.health import health_of
from sync.ledger.dates import format_date
from sync.ledger.words import Language
from sync.post.journal import check_chain
from sync.publication import Place, check_publication, repository_visibility
from sync.resolving import uncertain_messages
from sync.run.gathering import gather
from sync.sentences import sentence
from sync.workbook.addresses import is_google


@main.command()
@workbook_argument
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Language of a new workbook.")
@fails_well
def init(workbook: str, language: Language | None) -> None:
    """Create or repair tabs, headings, drop-downs, formats and notes; never touches data."""
    chosen: Language = language or language_here()
    name = "Google Sheets" if is_google(workbook) else Path(workbook).name
    done = open_workbook(workbook).init(chosen)
    for what in done:
        click.echo(sentence("init_done", chosen, name=name, what=what))
    if not done:
        click.echo(sentence("init_nothing", chosen, name=name))


@main.command()
@workbook_argument
@fails_well
def unlock(workbook: str) -> None:
    """Remove the lock of a run that was cut short. Only when you know that no run is going on."""
    held = open_workbook(workbook).clear_lock()
    if held is None:
        click.echo(sentence("no_lock", language_here()))
    else:
        click.echo(sentence("unlocked", language_here(), owner=held if not is_ci() else "…"))


@main.command()
@workbook_argument
@as_of_option
@summary_option
@fails_well
def health(workbook: str, as_of: date | None, summary: Path | None) -> None:
    """Say when Relance last ran well. Exit status 1 when a whole business day went by without it."""
    found, language = health_of(open_workbook(workbook), clock_of(as_of))
    when = {"day": format_date(found.last.date(), language), "hour": f"{found.last:%H:%M}"} if found.last else {}
    key = "health_never" if found.last is None else "health_missed" if found.missed else "health_good"
    said = sentence(key, language, count=found.missed, **when)
    click.echo(said, err=not found.is_good)
    if not found.is_good:
        summarise(failure_summary(said, language), summary)
        end(PROBLEMS_FOUND)


@main.command()
@click.argument("site", type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "place", type=click.Choice([one.value for one in Place]), required=True, help="Where the site is to go.")
@summary_option
@fails_well
def publish(site: Path, place: str, summary: Path | None) -> None:
    """Check that a site, or a folder of letters, may go there: what names customers never goes where strangers can read."""
    language = language_here()
    address = os.environ.get("RELANCE_SITE_URL", "")
    edition = check_publication(site, Place(place), lambda: repository_visibility(os.environ), language, address)
    click.echo(sentence("publish_good", language, edition=sentence(f"edition_{edition}", language)))


@main.command()
@workbook_argument
@click.option(
    "--head", metavar="SEAL", default="", help="A seal noted earlier (the digest mail gives it): it must still be there."
)
@fails_well
def verify(workbook: str, head: str) -> None:
    """Check the seals of the Journal; exit status 1 when a row was altered."""
    gathered = gather(open_workbook(workbook), clock_of(None))
    language = gathered.rules.settings.language
    chain = check_chain(gathered.ledger.journal, journal_key(), head)
    for line in chain_lines(chain, bool(journal_key()), language):
        click.echo(line)
    if not chain.is_sound:
        sys.exit(PROBLEMS_FOUND)


@main.command()
@workbook_argument
@click.argument("key", required=False)
@click.argument("outcome", required=False, type=click.Choice(["sent", "not-sent"]))
@as_of_option
@fails_well
def resolve(workbook: str, key: str | None, outcome: str | None, as_of: date | None) -> None:
    """Say what became of an uncertain message; without KEY, list them. KEY is a number of that list, or the whole key."""
    is_asking = key is None or outcome is None
    book, clock = open_workbook(workbook) if is_asking else open_to_write(workbook, as_of), clock_of(as_of)
    if key is None or outcome is None:
        uncertain, language = uncertain_messages(book, clock)
        if not uncertain:
            click.echo(sentence("none_uncertain", language))
        for number, row in enumerate(uncertain, 1):
            click.echo(uncertain_line(number, row, names=not is_ci()))
        return
    row, language = resolving.resolve(
        book, clock, key, sent=outcome == "sent", run_id=new_run_id(), journal_key=journal_key()
    )  # fmt: skip
    click.echo(
        sentence("resolved_sent" if outcome == "sent" else "resolved_not_sent", language, invoices=", ".join(row.invoices))
    )
