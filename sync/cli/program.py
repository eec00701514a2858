"""The program `relance`: its commands join it when their modules are imported."""

from typing import Any

import click

from sync.cli.failures import USAGE, end, print_failure, tell_failure
from sync.cli.surroundings import language_here
from sync.errors import UsageError
from sync.sentences import sentence


class Commands(click.Group):
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
                print_failure(said, None)
            tell_failure(said, None)
            end(USAGE)


def _wrong_argument(error: click.UsageError) -> str:
    """What is wrong with the arguments. Sentences of click itself are English; ours say what they mean."""
    language = language_here()
    command = error.ctx.command_path if error.ctx is not None else "relance"
    match error:
        case click.NoSuchOption():
            what = sentence("no_such_option", language, name=error.option_name)
        case click.MissingParameter(param=click.Option() as option):
            what = sentence("missing_argument", language, name=option.opts[0])
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


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="relance")
def main() -> None:
    """Amicable collection from the spreadsheet your team already edits."""
