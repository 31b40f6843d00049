"""`partnercheck assess`: place one team."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partnercheck.errors import UsageError


def assess(
    rubric: Annotated[
        str | None,
        typer.Option(
            "--rubric", metavar="ID|FILE", help="The rubric to use. [default: the answers file's, else partnership-journey]"
        ),
    ] = None,
    practice: Annotated[str | None, typer.Option("--practice", metavar="NAME", help="Whose answers these are.")] = None,
    period: Annotated[str | None, typer.Option("--period", metavar="PERIOD", help="Which quarter, such as 2026-Q4.")] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="PROFILE", help="All questions (full), or a shorter check (pulse).")
    ] = None,
    answers: Annotated[Path | None, typer.Option("--answers", metavar="FILE", help="Read the answers from this file.")] = None,
    with_notes: Annotated[bool, typer.Option("--with-notes", help="Include the notes people wrote.")] = False,
) -> None:
    """Place your team: read the answers you agreed on and print the report."""
    if answers is None:
        raise UsageError(
            "Walking through the questions at the terminal comes with a later version. "
            "For now write your team's answers into a file and use: partnercheck assess --answers FILE"
        )
    from partnercheck.commands.showing import read_round, show_report
    from partnercheck.reports.view import report_view

    used, assessment = read_round(answers, rubric, practice=practice, period=period, profile=profile)
    show_report(report_view(assessment, used, with_notes=with_notes))
