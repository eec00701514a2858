"""Arguments and options that several commands share."""

from datetime import date
from pathlib import Path

import click

from sync.cli.surroundings import language_here
from sync.sentences import sentence

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # of --as-of


def _as_of(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(sentence("bad_date", language_here(), value=value)) from None
    if not EARLIEST <= day <= LATEST:  # rules look years back and ahead, and the calendar of dates ends
        raise click.BadParameter(sentence("far_date", language_here(), value=value))
    return day


workbook_argument = click.argument("workbook")
as_of_option = click.option(
    "--as-of", callback=_as_of, metavar="DATE", help="Decide as of this day (2026-03-31) instead of today."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys.")
output_option = click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON into this file.")
outbox_option = click.option(
    "--outbox", type=click.Path(file_okay=False, path_type=Path), help="Folder for messages when there is no mail server."
)
documents_option = click.option(
    "--documents", type=click.Path(file_okay=False, path_type=Path), help="Folder for letters and other PDF documents."
)
site_option = click.option(
    "--site", type=click.Path(file_okay=False, path_type=Path), default=Path("build/site"), help="Folder of the site."
)
edition_option = click.option(
    "--edition", type=click.Choice(["internal", "public"]), default=None, help="Names and worklists, or aggregates only."
)
summary_option = click.option(
    "--summary", type=click.Path(dir_okay=False, path_type=Path), envvar="GITHUB_STEP_SUMMARY",
    help="Add what was done, in Markdown and without names, to this file (on GitHub: the run's page).",
)  # fmt: skip
