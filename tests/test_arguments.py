"""Global options before and after the command; nobody else's value is taken for one."""

from __future__ import annotations

from typing import Annotated

import pytest
import typer
from typer.main import get_command

from partnercheck.arguments import arrange
from partnercheck.errors import UsageError

app = typer.Typer(rich_markup_mode=None)
inner = typer.Typer(rich_markup_mode=None)


@app.command()
def report(
    ref: str = "last",
    output: Annotated[str, typer.Option("--output", "-o")] = "",
    practice: str = "",
    strict: Annotated[bool, typer.Option("--strict", "-s")] = False,
) -> None: ...


@inner.command()
def check(file: str, form: Annotated[str, typer.Option("--format")] = "text") -> None: ...


@inner.command()
def show(name: str) -> None: ...


app.add_typer(inner, name="rubric")
TREE = get_command(app)


@pytest.mark.parametrize(
    ("typed", "arranged"),
    [
        ("", ""),
        ("report", "report"),
        ("--plain report", "--plain report"),
        ("report --plain", "--plain report"),
        ("report --screen-reader last", "--screen-reader report last"),
        ("report --data-dir X last --debug", "--data-dir X --debug report last"),
        ("report --data-dir=X", "--data-dir=X report"),
        ("rubric check a.yaml --plain", "--plain rubric check a.yaml"),
        ("rubric --plain check a.yaml", "--plain rubric check a.yaml"),
        ("report --output --plain", "report --output --plain"),
        ("report -o --plain", "report -o --plain"),
        ("report -so --plain", "report -so --plain"),
        ("report -ofile --plain", "--plain report -ofile"),
        ("report -s --plain", "--plain report -s"),
        ("report --output=x --plain", "--plain report --output=x"),
        ("report --practice --data-dir x", "report --practice --data-dir x"),
        ("rubric check --format --debug f", "rubric check --format --debug f"),
        ("report -- --plain", "report -- --plain"),
        ("--plain -- report", "--plain -- report"),
        ("report - --plain", "--plain report -"),
        ("report --unknown --plain", "--plain report --unknown"),
        ("nonsense --plain", "--plain nonsense"),
    ],
)
def test_global_options_come_to_the_front(typed: str, arranged: str) -> None:
    assert arrange(TREE, typed.split()).arranged == tuple(arranged.split())


def test_a_value_of_data_dir_may_be_a_command_s_name() -> None:
    assert arrange(TREE, ["--data-dir", "report", "report"]).arranged == ("--data-dir", "report", "report")


def test_a_global_option_without_its_value_is_said() -> None:
    with pytest.raises(UsageError, match="'--data-dir' needs a value"):
        arrange(TREE, ["report", "--data-dir"])


def test_names_hold_no_values() -> None:
    words = [
        "report",
        "CANARY",
        "-o",
        "CANARY",
        "--practice=CANARY",
        "--CANARY",
        "--data-dir",
        "CANARY",
        "--strict",
        "--",
        "CANARY",
    ]
    names = arrange(TREE, words).names
    assert names == ("report", "-o", "--practice", "(an unknown option)", "--data-dir", "--strict")
