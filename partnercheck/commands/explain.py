"""`partnercheck explain`: how a result came about."""

from __future__ import annotations

from typing import Annotated

import typer

from partnercheck import console


def explain(
    what: Annotated[
        str | None, typer.Argument(metavar="[WHAT]", help="An area, a question, or 'overall'.", show_default=False)
    ] = None,
    round_: Annotated[
        str | None, typer.Option("--round", metavar="REF", help="Which round: an answers file (a name ending in .yaml).")
    ] = None,
    rubric: Annotated[
        str | None, typer.Option("--rubric", metavar="ID|FILE", help="The rubric to use. [default: the one the file names]")
    ] = None,
) -> None:
    """Show the arithmetic line by line: what counted, what was left out, which must-have held."""
    from partnercheck.commands.showing import find_round
    from partnercheck.reports.explain import explain as lines

    used, assessment = find_round(round_, rubric)
    for line in lines(assessment, used, what):
        console.say(line, prose=True)
