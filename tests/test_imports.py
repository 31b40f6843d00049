"""Who may import whom: the rooms of the house, and the few doors that heavy libraries come in by.

The rules are read from the source by `ast`, imports inside functions and for type checkers included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from running import ROOT

PACKAGE = ROOT / "partnercheck"

# From the top down. A module imports from its own floor and the floors below. What is not listed stands in the way.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli", "boundary", "arguments"),
    ("commands",),
    ("prompts", "interview", "sources", "reports", "store", "forms"),
    ("disclosure",),
    ("measures",),
    ("scoring",),
    ("answers",),
    ("rubric",),
    ("yamlfile", "problems", "errors", "console", "clean", "files", "folding", "periods", "places", "strictjson"),
)

# A library, and the rooms it may be imported in.
DOORS: dict[str, tuple[str, ...]] = {
    "typer": ("cli", "commands"),
    "rich": ("console", "prompts", "reports.terminal"),
    "yaml": ("yamlfile",),
    "sqlite3": ("store",),
    "jinja2": ("reports", "forms"),
    "prompt_toolkit": ("prompts",),
    "pydantic": ("rubric", "reports.schemas"),
    "platformdirs": ("places",),
    "pyphen": ("rubric.readability",),
    "narwhals": ("answers", "scoring", "measures", "sources", "commands", "reports.results"),
    # Where files are read and written; and scoring's one door to the engine at hand, for callers who bring plain rows.
    "polars": ("sources", "commands", "scoring.score"),
}

# Nothing here ever connects to anything.
NEVER = ("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "webbrowser", "pickle", "marshal", "shelve")


def floor(room: str) -> int:
    """The floor a module stands on, counted from the top; `cli`, `scoring.score`."""
    for number, rooms in enumerate(FLOORS):
        if room.partition(".")[0] in rooms:
            return number
    raise AssertionError(f"partnercheck/{room}: on which floor does it stand? Say so in FLOORS.")


def imports(source: str, module: str) -> Iterator[tuple[int, str]]:
    """Every module a source imports, with its line; `from partnercheck import x` gives `partnercheck.x`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = module.split(".")[: -node.level]
                base = ".".join(["partnercheck", *above, *([base] if base else [])])
            if base == "partnercheck":
                for alias in node.names:
                    yield node.lineno, f"partnercheck.{alias.name}"
            else:
                yield node.lineno, base
        elif (
            isinstance(node, ast.Call) and _is_dynamic_import(node.func) and node.args and isinstance(node.args[0], ast.Constant)
        ):
            yield node.lineno, str(node.args[0].value)


def _is_dynamic_import(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in ("import_module", "__import__")


def violations(source: str, module: str) -> list[str]:
    """What a module imports and may not; `module` is its name within the package, such as `reports.terminal`."""
    found = []
    for line, name in imports(source, module):
        top, _, inner = name.partition(".")
        if top == "partnercheck":
            if inner in ("", "__version__"):
                continue
            if floor(inner) < floor(module):
                found.append(f"{module}:{line}: imports {name}, which stands above it")
        elif top in NEVER:
            found.append(f"{module}:{line}: imports {top}")
        elif top in DOORS and not _is_within(module, DOORS[top]):
            found.append(f"{module}:{line}: imports {top}; only {', '.join(DOORS[top])} may")
    return found


def _is_within(module: str, rooms: Iterable[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            yield name, path


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_run_downward_and_through_the_doors(module: str, path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8"), module) == []


def test_the_package_itself_imports_only_when_a_name_is_used() -> None:
    names = [name for _, name in imports((PACKAGE / "__init__.py").read_text(encoding="utf-8"), "")]
    assert {name for name in names if not name.startswith("partnercheck")} == {"sys", "types", "importlib"}


# The checker itself


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("scoring.score", "from partnercheck.reports import view"),
        ("scoring.score", "from partnercheck import cli"),
        ("scoring.score", "import partnercheck.commands.demo as demo"),
        ("scoring.score", "def f():\n    from partnercheck.measures.agreement import x"),
        ("scoring.score", "if TYPE_CHECKING:\n    from partnercheck.disclosure import x"),
        ("scoring.score", "from ..measures import agreement"),
        ("scoring.score", "from importlib import import_module\nimport_module('partnercheck.cli')"),
        ("clean", "from partnercheck.rubric.model import Rubric"),
        ("commands.report", "import partnercheck.cli"),
        ("commands.report", "from partnercheck.boundary import run"),
        ("commands.report", "import yaml"),
        ("commands.report", "from rich.table import Table"),
        ("reports.view", "import rich"),
        ("reports.view", "import typer"),
        ("reports.view", "def f():\n    import polars as pl"),
        ("scoring.whatif", "import polars"),
        ("scoring.score", "__import__('sqlite3')"),
        ("rubric.loader", "import yaml"),
        ("files", "import urllib.request"),
        ("console", "from socket import socket"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str) -> None:
    assert len(violations(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "scoring.score",
            "import narwhals as nw\nfrom partnercheck.rubric.model import Rubric\nfrom partnercheck import __version__",
        ),
        ("scoring.score", "from . import whatif\nfrom .score import score"),
        (
            "cli",
            "import typer\nfrom typer.core import TyperGroup\nfrom partnercheck.commands import report\nfrom partnercheck import console",
        ),
        ("commands.score", "def f():\n    import polars"),
        ("reports.terminal", "from rich.table import Table"),
        ("reports.view", "from partnercheck.sources.answersfile import x\nimport json, sqlglot, yamllint"),
        ("yamlfile", "import yaml"),
        ("store", "import sqlite3"),
    ],
)
def test_what_is_allowed_is_not_found(module: str, source: str) -> None:
    assert violations(source, module) == []


def test_a_module_on_no_floor_is_noticed() -> None:
    with pytest.raises(AssertionError, match="on which floor"):
        violations("from partnercheck.utils import x", "cli")
