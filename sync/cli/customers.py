"""The commands about one customer: documents, the file for a professional, plans, data held and erased."""

from datetime import date
from pathlib import Path

import click

from sync import forgetting, held, proposing
from sync.cli.failures import USAGE, end, fails_well, print_json, refuse_output
from sync.cli.options import as_of_option, documents_option, json_option, outbox_option, output_option, workbook_argument
from sync.cli.program import main
from sync.cli.surroundings import (
    clock_of,
    is_ci,
    journal_key,
    language_here,
    new_run_id,
    open_to_write,
    open_workbook,
    outbox_of,
    paperwork_of,
    shelves_of,
)
from sync.dossier.build import Order
from sync.errors import UsageError
from sync.ledger.words import Language
from sync.letters.documents.office import KINDS as DOCUMENT_KINDS
from sync.letters.documents.office import Kind as DocumentKind
from sync.letters.documents.office import Request
from sync.letters.documents.press import copy_pages
from sync.letters.documents.words import said, words
from sync.run.deciding import decide_run
from sync.run.gathering import gather
from sync.sentences import sentence


@main.command()
@click.argument("kind", type=click.Choice(list(DOCUMENT_KINDS)))
@click.argument("customer")
@workbook_argument
@as_of_option
@click.option("--plan", default="", help="Which plan of the Plans tab, when the customer has several.")
@click.option("--currency", default=None, help="Only this currency.")
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Another language than the customer's.")
@documents_option
@fails_well
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
    run = decide_run(gather(open_workbook(workbook), clock_of(as_of)))
    paper = paperwork_of(workbook, documents)
    request = Request(kind=kind, customer=customer, plan=plan, language=language, currency=currency)
    made, paths = paper.asked(request, run)
    told = run.gathered.rules.settings.language
    for path in paths if not is_ci() else ():
        click.echo(said("document_made" if path in made.written else "document_same", told, path=path))
    for failure in made.failed:
        raise UsageError(failure)


@main.command()
@click.argument("customer")
@workbook_argument
@as_of_option
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the file is made.")
@click.option("--language", type=click.Choice(["fr", "en"]), default=None, help="Another language than the workbook's.")
@outbox_option
@fails_well
def dossier(
    customer: str, workbook: str, as_of: date | None, folder: Path | None, language: Language | None, outbox: Path | None
) -> None:
    """Make the file for a professional about a customer: a folder and a zip of numbered exhibits. Nothing is sent."""
    run = decide_run(gather(open_workbook(workbook), clock_of(as_of)))
    paper = paperwork_of(workbook, None)
    told = run.gathered.rules.settings.language
    order = Order(customer=customer, language=language or told, journal_key=journal_key(), outbox=outbox_of(workbook, outbox))
    made, archive = paper.dossier(order, run, folder or paper.dossiers)
    shown_words = words(told)["dossier"]["readme"]
    if not is_ci():
        click.echo(shown_words["made"].format(folder=archive.with_suffix(""), count=len(made.files), zip=archive.name))
        for line in made.left_out:
            click.echo(line)
    if made.invoices:
        click.echo(shown_words["then"].format(invoices=", ".join(made.invoices)))


@main.command()
@workbook_argument
@fails_well
def pages(workbook: str) -> None:
    """Copy the page templates beside the workbook, where you can change letterhead, layout and clauses."""
    paper = paperwork_of(workbook, None)
    copied = copy_pages(paper.pages)
    click.echo(said("pages_copied", language_here(), count=len(copied), folder=paper.pages))


@main.command()
@click.argument("customer")
@workbook_argument
@click.option("--currency", default="", help="When the customer owes in several.")
@click.option("--invoice", "invoices", multiple=True, metavar="NUMBER", help="Only these invoices; otherwise all that are late.")
@click.option("--choose", "number", type=click.IntRange(1, 99), default=None, help="Write this proposal in the Plans tab.")
@click.option("--write", "write_", is_flag=True, help="Write the proposal that is marked in the Plans tab.")
@as_of_option
@json_option
@output_option
@fails_well
def propose(
    customer: str, workbook: str, currency: str, invoices: tuple[str, ...], number: int | None, write_: bool, as_of: date | None,
    as_json: bool, output: Path | None,
) -> None:  # fmt: skip
    """Instalment plans that CUSTOMER can keep, or why none; writes one only with --choose or --write."""
    asked = proposing.Asked(customer=customer, currency=currency, invoices=invoices)
    is_writing = write_ or number is not None
    book, clock = open_to_write(workbook, as_of) if is_writing else open_workbook(workbook), clock_of(as_of)
    if is_writing:
        found = proposing.write(book, clock, asked, number, run_id=new_run_id(), journal_key=journal_key())
    else:
        found = proposing.look(book, clock, asked)
    if as_json:
        print_json(proposing.document(found), output)
    else:
        click.echo("\n".join(proposing.lines(found, names=not is_ci())))


_dossiers_option = click.option(
    "--dossiers", type=click.Path(file_okay=False, path_type=Path), help="Folder of the files for a professional."
)


@main.command()
@click.argument("customer")
@workbook_argument
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The ZIP file to write.")
@outbox_option
@documents_option
@_dossiers_option
@as_of_option
@fails_well
def export(
    customer: str,
    workbook: str,
    output: Path,
    outbox: Path | None,
    documents: Path | None,
    dossiers: Path | None,
    as_of: date | None,
) -> None:
    """Everything held on CUSTOMER: rows of every tab, Journal, messages, documents, in one readable ZIP file."""
    refuse_output(output)
    found = held.export(
        open_to_write(workbook, as_of),
        clock_of(as_of),
        customer,
        shelves_of(workbook, outbox, documents, dossiers),
        output,
        run_id=new_run_id(),
        journal_key=journal_key(),
    )
    click.echo("\n".join(held.lines(found, output, names=not is_ci())))


@main.command()
@click.argument("names", nargs=-1, metavar="[CUSTOMER] WORKBOOK")
@click.option("--expired", is_flag=True, help="Whatever the retention settings no longer allow, instead of one customer.")
@click.option("--yes", is_flag=True, help="Erase; without it, only say what would go.")
@click.option("--force", is_flag=True, help="Even while something is owed; needs --reason.")
@click.option("--reason", default="", help="Why, kept in the Journal.")
@outbox_option
@documents_option
@_dossiers_option
@as_of_option
@fails_well
def forget(
    names: tuple[str, ...], expired: bool, yes: bool, force: bool, reason: str, outbox: Path | None, documents: Path | None,
    dossiers: Path | None, as_of: date | None,
) -> None:  # fmt: skip
    """Erase the personal data of CUSTOMER, files too; invoices, payments, dates and amounts stay. Previews unless --yes."""
    if len(names) != (1 if expired else 2):
        raise UsageError(sentence("forget_arguments", language_here()))
    customer, workbook = ("", names[0]) if expired else names
    asked = forgetting.Asked(customer=customer, expired=expired, reason=reason, force=force)
    result = forgetting.forget(
        open_to_write(workbook, as_of) if yes else open_workbook(workbook),
        clock_of(as_of),
        asked,
        shelves_of(workbook, outbox, documents, dossiers),
        yes=yes,
        run_id=new_run_id(),
        journal_key=journal_key(),
    )
    click.echo("\n".join(forgetting.lines(result, names=not is_ci())))
    if result.failed:
        end(USAGE)
