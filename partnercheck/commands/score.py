"""`partnercheck score`: many practices at once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from partnercheck import console
from partnercheck.errors import EXIT_SOME_UNUSABLE


class Format(StrEnum):
    """What results can be written as."""

    summary = "summary"
    csv = "csv"
    json = "json"


Mode = Literal["consensus", "survey"]
Duplicates = Literal["first", "last"]


def score(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables of answers (CSV, TSV); - is standard input.")],
    rubric: Annotated[str, typer.Option("--rubric", metavar="ID|FILE", help="The rubric to use.")] = "partnership-journey",
    mode: Annotated[
        Mode | None,
        typer.Option("--mode", help="A row is a team's agreed answers, or one person's. [default: as the table says]"),
    ] = None,
    profile: Annotated[
        str, typer.Option("--profile", metavar="PROFILE", help="All questions (full), or a shorter check (pulse).")
    ] = "full",
    practice: Annotated[
        str | None, typer.Option("--practice", metavar="NAME", help="Whose answers these are, where no column says.")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="Which quarter, where no column says, such as 2026-Q4.")
    ] = None,
    duplicates: Annotated[
        Duplicates | None,
        typer.Option("--duplicates", help="Of two different rows of one respondent, keep this one. [default: none]"),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="How the file is encoded, such as cp1252.")
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="A summary, the practices as CSV, or everything as JSON.")
    ] = Format.summary,
    respondents: Annotated[
        bool, typer.Option("--respondents", help="Every person's own row too (JSON), or instead (CSV).")
    ] = False,
) -> None:
    """Score tables of answers: a row per team, or a row per respondent."""
    from partnercheck.reports import results
    from partnercheck.rubric.loader import load_rubric
    from partnercheck.sources.plaintable import Choices, read_plain_tables

    used = load_rubric(rubric, data_folder=console.settings.data_dir)
    asked = results.asked_items(used, profile)
    choices = Choices(practice, period, mode, duplicates, encoding)
    table = read_plain_tables(files, used, item_ids=asked, choices=choices)
    batch = results.score_batch(table, used, profile)
    match form:
        case Format.summary:
            text = "\n".join(results.summary(batch))
        case Format.csv:
            text = results.as_csv(batch, respondents=respondents)
        case Format.json:
            text = results.as_json(batch, respondents=respondents)
    console.say(text.rstrip("\n"), prose=form is Format.summary)
    if form is not Format.summary:
        for notice in (batch.first_line, *batch.notices):
            console.notice(notice)
    if form is Format.csv and not respondents and not len(batch.practices):
        console.notice(
            "No row is a team's agreed answers, so there is no practice to list. For single people's rows: --respondents"
        )
    for line in results.problem_lines(batch.problems):
        console.notice(line)
    if batch.problems:
        raise typer.Exit(EXIT_SOME_UNUSABLE)
