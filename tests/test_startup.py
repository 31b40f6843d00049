"""What is imported, and what is not, by the time a command has answered. Habit 9: heavy imports inside the verb."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from running import ROOT

PROBE = """
import json, sys
before = set(sys.modules)
{work}
sys.stdout.flush()
sys.stderr.write("\\nMODULES" + json.dumps(sorted(set(sys.modules) - before)))
"""
COMMAND = """
from partnercheck.__main__ import main
sys.argv = ["partnercheck", *{words!r}]
main()
"""
ENGINES = {"polars", "narwhals", "pandas", "pyarrow", "duckdb", "numpy"}
HEAVY = {*ENGINES, "jinja2", "prompt_toolkit", "sqlite3", "fastexcel", "xlsxwriter"}


def imported(work: str) -> set[str]:
    """The modules that a piece of work brings in."""
    # Coverage of child processes would count among the modules.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(work=work)], capture_output=True, text=True, cwd=ROOT, env=env, timeout=60, check=True
    )
    return set(json.loads(done.stderr.partition("MODULES")[2]))


def after(*words: str) -> set[str]:
    return imported(COMMAND.format(words=list(words)))


def test_version_imports_nothing() -> None:
    loaded = after("--version")
    assert {"partnercheck", "partnercheck.__main__"} <= loaded
    assert not {name for name in loaded if name.startswith("partnercheck.")} - {"partnercheck.__main__"}
    assert not loaded & {"typer", "pydantic", "rich", "typing", "re", "dataclasses", "pathlib", *HEAVY}


def test_help_needs_only_the_parser() -> None:
    assert not after("--help") & {"pydantic", "yaml", "rich.table", "partnercheck.rubric.model", "platformdirs", *HEAVY}


@pytest.mark.parametrize("words", [(), ("assess", "--help"), ("--plain", "--version")])
def test_the_way_to_a_command_is_light(words: tuple[str, ...]) -> None:
    # Typer itself brings pydantic in as soon as it has a command to run.
    assert not after(*words) & {"yaml", "rich.table", "partnercheck.rubric.model", "platformdirs", *HEAVY}


def test_listing_rubrics_needs_no_engine() -> None:
    assert not after("rubric", "list") & HEAVY


def test_importing_the_package_is_nearly_free() -> None:
    loaded = imported("import partnercheck")
    assert loaded <= {"partnercheck", "types"}


def test_a_name_of_the_package_brings_only_what_it_needs() -> None:
    loaded = imported("import partnercheck as pc\npc.RubricError")
    assert {name for name in loaded if name.startswith("partnercheck")} == {"partnercheck", "partnercheck.errors"}
    assert not imported("import partnercheck as pc\npc.load_rubric") & HEAVY
