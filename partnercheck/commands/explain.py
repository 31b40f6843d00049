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
        str,
        typer.Option("--round", metavar="REF", help="Which round: an answers file (a name ending in .yaml).", show_default=False),
    ] = "last",
) -> None:
    """Show the arithmetic line by line: what counted, what was left out, which must-have held."""
    from partnercheck.commands.showing import find_round
    from partnercheck.reports.explain import explain as lines

    rubric, assessment = find_round(round_)
    for line in lines(assessment, rubric, what):
        console.say(line)
