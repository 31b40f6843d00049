"""`partnercheck schema`: the shapes of our files, for editors and for programs that read our output."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from partnercheck.console import say


class What(StrEnum):
    """The files that have a schema."""

    results = "results"
    report = "report"
    rubric = "rubric"
    answers = "answers"


def schema(what: Annotated[What, typer.Argument(metavar="WHAT", help="Which file: results, report, rubric or answers.")]) -> None:
    """Print the JSON Schema of a file this program reads or writes."""
    import json

    from partnercheck.reports.schemas import schema_of

    say(json.dumps(schema_of(what.value), indent=2, ensure_ascii=False))
