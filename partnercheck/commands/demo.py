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
    console.say("A demonstration. The practices and their answers are invented. Nothing is kept.", prose=True)
    console.say()
    console.say("First, one team: the answers that a practice agreed on in one meeting, and its report.", prose=True)
    rubric, assessment = find_round(str(folder / ROUND))
    show_report(report_view(assessment, rubric))
    console.say()
    console.say("Then, twelve practices at once: a table with one row for each, and its summary.", prose=True)
    console.say()
    from partnercheck.commands.score import score

    score([folder / TABLE])
    console.say()
    console.say("Now with your own. Copy the first file, write your answers into the copy, and call:")
    console.say("  partnercheck assess --answers YOUR-COPY.yaml")
    console.say(f"The first file: {folder / ROUND}")
    console.say(f"The table: {folder / TABLE}")
