"""`partnercheck report`: a report once more."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from partnercheck import console


class Format(StrEnum):
    """What a report can be written as."""

    terminal = "terminal"
    markdown = "markdown"
    json = "json"


def report(
    ref: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="Which round: an answers file (a name ending in .yaml).")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.terminal,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")] = None,
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="ID|FILE", help="The rubric to use. [default: the one the file names]")
    ] = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help="Include the notes people wrote.")] = False,
) -> None:
    """Print a report: where you are, why, and possible next steps."""
    from partnercheck.commands.showing import find_round, show_report
    from partnercheck.files import write_atomic
    from partnercheck.reports.formats import as_text
    from partnercheck.reports.view import report_view

    used, assessment = find_round(ref, rubric)
    view = report_view(assessment, used, with_notes=with_notes)
    if output is not None:
        write_atomic(output, as_text(view, form.value), inputs=(Path(ref or ""),))
        console.notice(f"The report is in '{output}'.")
    elif form is Format.terminal:
        show_report(view)
    else:
        console.say(as_text(view, form.value).rstrip("\n"))
