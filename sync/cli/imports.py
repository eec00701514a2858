"""`relance import csv`: the export of an accounting program, every week."""

from datetime import date
from pathlib import Path
from typing import Literal

import click

from sync.cli.failures import fails_well
from sync.cli.options import as_of_option, workbook_argument
from sync.cli.program import main
from sync.cli.surroundings import clock_of, is_ci, journal_key, language_here, open_to_write
from sync.importing.run import Asked
from sync.intake import import_file
from sync.workbook.addresses import is_google
from sync.workbook.excel.carrier import Excel


@main.group(name="import")
def import_() -> None:
    """Bring in the exports of an accounting program."""


@import_.command(name="csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@workbook_argument
@click.option(
    "--as", "kind", type=click.Choice(["invoices", "contacts", "payments"]), required=True, help="What one line of the file is."
)
@click.option(
    "--map", "maps", multiple=True, metavar="HEADING=COLUMN", help="Say what a heading means; remembered for next time."
)
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of day, month and year in the file.")
@click.option("--full-open-items", is_flag=True, help="The file lists all open items: flag invoices that it no longer has.")
@click.option("--new-contacts/--no-new-contacts", default=True, help="Add a contact row for each unknown customer.")
@as_of_option
@fails_well
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
        Excel(Path(workbook), language_here()).init(language_here())
    asked = Asked(maps=maps, dates=dates, full_open_items=full_open_items, new_contacts=new_contacts)
    report, language = import_file(open_to_write(workbook, as_of), file, kind, asked, clock_of(as_of), journal_key=journal_key())
    for line in report.sentences(language, names=not is_ci()):
        click.echo(line)
