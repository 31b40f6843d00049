"""What several commands do with a round: find the one that is meant, and put its report on the screen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from partnercheck import console
from partnercheck.errors import UsageError

if TYPE_CHECKING:
    from partnercheck.answers import Assessment
    from partnercheck.reports.view import ReportView
    from partnercheck.rubric.model import Rubric


def find_round(reference: str | None, rubric: str | None = None) -> tuple[Rubric, Assessment]:
    """The rubric and answers of a REF. Rounds are not kept in this version, so a REF is an answers file."""
    if reference is None or not reference.endswith(".yaml"):
        said = f"There is no round '{reference}'. " if reference else ""
        raise UsageError(f"{said}This version keeps no rounds: name your answers file, whose name ends in .yaml.")
    return read_round(Path(reference), rubric)


def read_round(path: Path, rubric: str | None, **given: str | None) -> tuple[Rubric, Assessment]:
    """The rubric and answers of an answers file; what the command line says (`given`) beats it. Tells the remarks."""
    from partnercheck.rubric.loader import load_rubric
    from partnercheck.sources.answersfile import Given, read_answers_file

    folder = console.settings.data_dir
    chosen = load_rubric(rubric, data_folder=folder) if rubric else None
    used, assessment = read_answers_file(path, Given(chosen, data_folder=folder, **given))
    console.show_problems(assessment.remarks)
    return used, assessment


def show_report(view: ReportView) -> None:
    """A report on stdout, in the layout that was asked for."""
    if console.is_plain():
        from partnercheck.reports.formats import as_text

        console.say(as_text(view, "plain").rstrip("\n"))
        return
    from partnercheck.reports.terminal import draw

    draw(view, console.rich_console())
    sys.stdout.flush()
