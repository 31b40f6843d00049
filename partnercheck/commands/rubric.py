"""`partnercheck rubric`: the rubrics there are, what is in one, what is wrong with one, and the shape of the file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnercheck.console import is_plain, notice, say, settings, width
from partnercheck.errors import EXIT_OK, EXIT_SOME_UNUSABLE, PartnercheckError

if TYPE_CHECKING:
    from partnercheck.rubric.findings import Checked

app = typer.Typer(help="See and check rubrics.", no_args_is_help=True, rich_markup_mode=None)

NAMED = "A rubric's id, or a file: a name with a slash or ending in .yaml."


class Format(StrEnum):
    """How findings are printed."""

    text = "text"
    json = "json"


@app.command("list")
def list_rubrics() -> None:
    """List the rubrics: those built in, then your own."""
    from partnercheck.rubric import loader

    builtin, own = loader.builtin_folder(), loader.own_folder(settings.data_dir)
    found = False
    for origin, folder in (("built in", builtin), ("your own", own)):
        for path in loader.rubric_files(folder):
            found = True
            try:
                rubric = loader.load_rubric(path)
            except PartnercheckError as fault:
                say(f"{path.stem}: cannot be used. {fault.message} See: partnercheck rubric check '{path}'")
                continue
            say(f"{rubric.id} {rubric.version}, {rubric.status}, {rubric.language}, {origin}: {rubric.title}", prose=True)
    if not found:
        notice("There are no rubrics.")
    if not loader.rubric_files(own):
        notice(f"Rubrics of your own go into '{own}'.")


@app.command()
def show(named: Annotated[str, typer.Argument(metavar="[ID]", help=NAMED)] = "partnership-journey") -> None:
    """Show a whole rubric as text: stages, questions, descriptors, resources."""
    from partnercheck.rubric.loader import load_rubric
    from partnercheck.rubric.outline import outline

    say(outline(load_rubric(named, data_folder=settings.data_dir), None if is_plain() else min(width(), 80)))


@app.command()
def check(
    named: Annotated[str, typer.Argument(metavar="FILE", help=NAMED)],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors: exit 1.")] = False,
    layout: Annotated[Format, typer.Option("--format", help="text to read, json for programs.")] = Format.text,
) -> None:
    """Say everything that is wrong with a rubric, and run the worked cases beside it."""
    from partnercheck.rubric.loader import find
    from partnercheck.strictjson import dumps

    checked = _checked(find(named, settings.data_dir))
    if layout is Format.json:
        say(dumps(checked.as_json()))
    else:
        say(checked.as_text())
    raise typer.Exit(EXIT_SOME_UNUSABLE if checked.errors or (strict and checked.problems) else EXIT_OK)


def _checked(path: Path) -> Checked:
    """A rubric's file and the worked cases beside it, read, checked and run."""
    from partnercheck import yamlfile
    from partnercheck.problems import in_order
    from partnercheck.rubric.cases import cases_file, read_cases
    from partnercheck.rubric.findings import Checked
    from partnercheck.rubric.loader import examine

    rubric, problems = examine(*yamlfile.read_file(path))
    beside = cases_file(path)
    if not beside.exists():
        return Checked(str(path), tuple(problems))
    document, faults = yamlfile.read_file(beside)
    cases, more = read_cases(document, rubric)
    faults += more
    if rubric is None or (any(fault.is_error for fault in faults) and not cases):
        return Checked(str(path), (*problems, *in_order(faults)), has_cases=True)
    from partnercheck.scoring.cases import outcomes

    results = outcomes(rubric, cases, document)
    faults += [fault for _, found in results for fault in found]
    failed = sum(bool(found) for _, found in results)
    unread = len(document.data) - len(cases) if isinstance(document.data, list) else 0
    return Checked(str(path), (*problems, *in_order(set(faults))), has_cases=True, run=len(cases), failed=failed, unread=unread)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a rubric file, for editors that check YAML while you type."""
    import json

    from partnercheck.rubric.schema import rubric_schema

    say(json.dumps(rubric_schema(), indent=2, ensure_ascii=False))
