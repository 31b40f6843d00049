"""The command line: the commands by name, the global options, and what Typer says in our words.

A command is one file in `commands/` and one line below. Errors end in `boundary`, not here.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from partnercheck import __version__, console
from partnercheck.arguments import Arguments, arrange
from partnercheck.commands import assess, demo, explain, report, rubric, schema, score
from partnercheck.errors import EXIT_INTERRUPTED, EXIT_OK, PartnercheckError, UsageError

TEAMS = "For teams"
FACILITATORS = "For facilitators"
AUTHORS = "For rubric authors"

NAME = "partnercheck"

OVERVIEW = """\
partnercheck shows where a practice stands between consulting its patients and co-designing with them.

  partnercheck demo                         a sample round and its report
  partnercheck assess --answers FILE        the report for your team's answers
  partnercheck report FILE                  the same report in another form, such as --format markdown
  partnercheck explain overall --round FILE how the result came about
  partnercheck score FILE                   many practices at once, from a table
  partnercheck --help                       all commands

With a screen reader, add --plain to any command."""


class Grouped(TyperGroup):
    """A group whose help lists the commands under headings, by whom they are for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        headings: dict[str, list[tuple[str, str]]] = {}
        width = max((len(name) for name in self.list_commands(ctx)), default=0)
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                heading = getattr(command, "rich_help_panel", None) or "Commands"
                line = command.get_short_help_str(300)  # whole: the formatter wraps it
                headings.setdefault(heading, []).append((name.ljust(width), line))
        for heading, lines in headings.items():
            with formatter.section(heading):
                formatter.write_dl(lines)


app = typer.Typer(
    name=NAME,
    cls=Grouped,
    rich_markup_mode=None,  # the same plain text in every terminal, in half the time
    add_completion=False,
    pretty_exceptions_enable=False,  # the boundary shows faults; Typer's own tracebacks could show what was answered
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _tell_version(asked: bool) -> None:
    if asked:
        console.say(f"{NAME} {__version__}")
        raise typer.Exit(EXIT_OK)


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir", metavar="DIR", help="Keep data in this folder. [default: PARTNERCHECK_HOME, or your system's place]"
        ),
    ] = None,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", "--screen-reader", help="One fact a line, without tables or drawings: for screen readers and pipes."
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="After an error, also show where in the program it happened.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and stop.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Add --plain for a screen reader.

    Where does a practice stand between consulting its patients and co-designing with them? Answer together with patients,
    see where you are and why, and choose the next step. Nothing leaves this computer.
    """
    del version  # answered by its callback
    console.settings.data_dir = data_dir
    console.settings.plain = plain or console.plain_by_environment()
    console.settings.debug = debug
    if context.invoked_subcommand is None:
        console.say(OVERVIEW)


# A command a line. The order is the order in the help.
app.command("assess", rich_help_panel=TEAMS)(assess.assess)
app.command("report", rich_help_panel=TEAMS)(report.report)
app.command("explain", rich_help_panel=TEAMS)(explain.explain)
app.command("demo", rich_help_panel=TEAMS)(demo.demo)
app.command("score", rich_help_panel=FACILITATORS)(score.score)
app.add_typer(rubric.app, name="rubric", cls=Grouped, no_args_is_help=False, rich_help_panel=AUTHORS)
app.command("schema", rich_help_panel=AUTHORS)(schema.schema)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; every error comes out as an exception for the boundary."""
    command: Any = get_command(app)
    found: Arguments = arrange(command, arguments)
    console.settings.command = found.names
    try:
        # Not command.main(): it answers errors, interrupts and closed pipes itself, in other words and with other codes.
        with command.make_context(NAME, list(found.arranged)) as context:
            result = command.invoke(context)
    except typer.Exit as ending:
        return ending.exit_code
    except typer.Abort:
        return EXIT_INTERRUPTED
    except typer.TyperException as fault:
        raise _in_our_words(fault) from None
    return result if isinstance(result, int) else EXIT_OK


def _in_our_words(fault: typer.TyperException) -> PartnercheckError:
    """A usage error as one sentence and the way to help."""
    # What was typed may hold anything; line breaks in it would make it look like words of ours.
    sentence = " ".join(fault.format_message().split()).replace("Value error, ", "")
    context = getattr(fault, "ctx", None)
    path = context.command_path if context is not None else NAME
    return UsageError(f"{sentence}\nTry '{path} --help'.")


def help_text(command_path: Sequence[str] = (), width: int = 78) -> str:
    """The help of a command (`["rubric", "check"]`), laid out for `width` columns: what docs/cli.md is made of."""
    command: Any = get_command(app)
    context = command.make_context(NAME, [], resilient_parsing=True, terminal_width=width)
    for name in command_path:
        command = command.commands[name]
        context = command.make_context(name, [], parent=context, resilient_parsing=True)
    return "\n".join(line.rstrip() for line in inspect.cleandoc(context.get_help()).splitlines())


def command_paths() -> list[tuple[str, ...]]:
    """Every command as the words that call it, `()` being the program itself, in the order of the help."""

    def below(command: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        paths = [path]
        for name, inner in getattr(command, "commands", {}).items():
            if not inner.hidden:
                paths += below(inner, (*path, name))
        return paths

    return below(get_command(app), ())
