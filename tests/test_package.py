"""The package as it is installed: its public names, and its rubrics wherever it stands."""

from __future__ import annotations

import inspect
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import partnercheck as pc
from running import ROOT

RUBRICS = sorted(path.name for path in (ROOT / "rubrics").glob("*.yaml"))


def python(code: str, cwd: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", code], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Public names


@pytest.mark.parametrize("name", pc.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(pc, name) is not None
    assert name in dir(pc)


def test_the_states_have_the_promised_numbers() -> None:
    assert (pc.NA, pc.DK, pc.BLANK, pc.UNREAD, pc.SPLIT) == (-1, -2, -3, -4, -5)


def test_a_name_that_does_not_exist_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = pc.nonsense  # type: ignore[attr-defined]


PROBLEMS = "import partnercheck.answers as a; assert pc.problems is a.problems, pc.problems; from partnercheck import problems; assert problems is a.problems"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import partnercheck.problems",
        "from partnercheck.problems import CATALOGUE",
        "pc.problems\nimport partnercheck.problems",
        "import partnercheck.problems\npc.problems\nfrom partnercheck.problems import problem",
        "import importlib; importlib.import_module('partnercheck.problems')",
        "from partnercheck import *\nimport partnercheck.problems",
        "pc.load_rubric",
    ],
)
def test_problems_is_the_function_whatever_was_imported_before(before: str) -> None:
    python(f"import partnercheck as pc\n{before}\n{PROBLEMS}", ROOT)


def test_the_module_problems_is_found_by_its_full_name() -> None:
    module = sys.modules["partnercheck.problems"]
    assert module.CATALOGUE
    assert inspect.isfunction(pc.problems)


def test_problems_cannot_be_replaced_by_accident() -> None:
    with pytest.raises(AttributeError, match="public API"):
        pc.problems = print  # type: ignore[assignment]


# Checkout, wheel and source archive


def test_a_checkout_finds_its_rubrics() -> None:
    from partnercheck.rubric.loader import builtin_folder

    assert builtin_folder() == ROOT / "rubrics"
    assert "partnership-journey.yaml" in RUBRICS


def test_an_installed_package_finds_its_rubrics(tmp_path: Path) -> None:
    """The layout of a wheel: rubrics inside the package, none beside it."""
    shutil.copytree(ROOT / "partnercheck", tmp_path / "partnercheck", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "rubrics", tmp_path / "partnercheck" / "rubrics")
    code = "import partnercheck as pc, partnercheck.rubric.loader as l; print(l.builtin_folder()); pc.load_rubric('partnership-journey')"
    assert Path(python(code, tmp_path)) == tmp_path / "partnercheck" / "rubrics"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the built wheel and source archive."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_the_wheel_holds_the_rubrics_and_nothing_else(built: Path) -> None:
    [wheel] = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"partnercheck/rubrics/{name}" for name in RUBRICS} <= names
    assert "partnercheck/py.typed" in names
    assert {name.split("/")[0] for name in names} == {"partnercheck", f"partnercheck-{pc.__version__}.dist-info"}
    assert not [name for name in names if name.endswith((".pyc", ".db", ".log"))]


@pytest.mark.slow
def test_the_wheel_works_where_it_is_unpacked(built: Path, tmp_path: Path) -> None:
    [wheel] = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path)
    assert python(
        "import partnercheck as pc; print(pc.load_rubric('partnership-journey').id, pc.__file__)", tmp_path
    ).split() == [
        "partnership-journey",
        str(tmp_path / "partnercheck" / "__init__.py"),
    ]


@pytest.mark.slow
def test_the_source_archive_can_build_the_wheel(built: Path) -> None:
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        names = {name.partition("/")[2] for name in files.getnames()}
    assert {f"rubrics/{name}" for name in RUBRICS} <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", "constraints.txt", "tests/test_package.py"} <= names


# pyproject.toml


def test_only_dependencies_that_are_used_are_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    modules = {"pyyaml": "yaml"}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "partnercheck").rglob("*.py"))
    for wanted in project["dependencies"]:
        name = wanted.partition(">=")[0].lower()
        module = modules.get(name, name)
        # Narwhals is given the engine at hand by its name.
        assert f"import {module}" in source or f"from {module}" in source or f'"{module}"' in source, f"{name} is not used"
        assert ">=" in wanted
        assert "==" not in wanted
        assert "<" not in wanted


def test_both_entries_lead_to_the_same_function() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"partnercheck": "partnercheck.__main__:main"}
    assert project["dynamic"] == ["version"]
