"""`partnercheck demo`: what it looks like, with made-up answers."""

from __future__ import annotations

from partnercheck import console

ROUND, TABLE = "elm-street.yaml", "twelve-practices.csv"


def demo() -> None:
    """Show a sample round and a sample table of practices; nothing is kept."""
    from partnercheck.commands.showing import find_round, show_report
    from partnercheck.places import shipped
    from partnercheck.reports.view import report_view

    folder = shipped("examples")
    console.say("A demonstration. The practices and their answers are invented. Nothing is kept.")
    console.say()
    console.say("First, one team: the answers that a practice agreed on in one meeting, and its report.")
    rubric, assessment = find_round(str(folder / ROUND))
    show_report(report_view(assessment, rubric))
    console.say()
    console.say("Then, twelve practices at once: a table with one row for each, and its summary.")
    console.say()
    from partnercheck.commands.score import score

    score([folder / TABLE])
    console.say()
    console.say(
        "Now with your own: write your answers into a copy of the first file, and use  partnercheck assess --answers FILE"
    )
    console.say(f"The two files are in {folder}")
