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


def find_round(reference: str) -> tuple[Rubric, Assessment]:
    """The rubric and answers of a REF. Rounds are not kept in this version, so a REF is an answers file."""
    from partnercheck.sources.answersfile import Given, read_answers_file

    if not reference.endswith(".yaml"):
        raise UsageError(
            f"There is no round '{reference}': this version keeps no rounds. Name an answers file, whose name ends in .yaml; "
            "docs/answers-file.md shows one."
        )
    return read_answers_file(Path(reference), Given(data_folder=console.settings.data_dir))


def show_report(view: ReportView) -> None:
    """A report on stdout, in the layout that was asked for."""
    if console.is_plain():
        from partnercheck.reports.formats import as_text

        console.say(as_text(view, "plain").rstrip("\n"))
        return
    from partnercheck.reports.terminal import draw

    draw(view, console.rich_console())
    sys.stdout.flush()
