"""Documents fail when they are out of date."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

import partnercheck
from partnercheck import cli
from partnercheck.arguments import arrange
from running import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted({ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")})


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_cli", ROOT / "docs" / "generate_cli.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def blocks(text: str, *languages: str) -> list[str]:
    """The code blocks of a Markdown text in one of these languages."""
    return [
        body for language, body in re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL) if language in languages
    ]


def command_lines(text: str) -> list[str]:
    """Every call of partnercheck in a document: lines of shell blocks, and `partnercheck …` in a sentence."""
    lines = [line for body in blocks(text, "sh", "console", "bash") for line in body.splitlines()]
    lines += re.findall(r"`(partnercheck [^`\n]+)`", text)
    calls = [re.sub(r"^(\$ |uvx )", "", line.strip()) for line in lines]
    return [line for line in calls if re.match(r"partnercheck\b", line)]


def test_the_page_of_commands_is_up_to_date() -> None:
    page = ROOT / "docs" / "cli.md"
    assert page.read_text(encoding="utf-8") == generator().document(), "run 'make docs' and look at what changed"


def test_the_page_of_commands_can_be_checked_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = generator()
    monkeypatch.setattr(module, "TARGET", tmp_path / "cli.md")
    monkeypatch.setattr(sys, "argv", ["generate_cli.py", "--check"])
    assert module.main() == 1
    monkeypatch.setattr(sys, "argv", ["generate_cli.py"])
    assert module.main() == 0
    monkeypatch.setattr(sys, "argv", ["generate_cli.py", "--check"])
    assert module.main() == 0
    capsys.readouterr()


@pytest.mark.parametrize("path", cli.command_paths(), ids=" ".join)
def test_every_command_and_option_is_explained(path: tuple[str, ...]) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert f"## {' '.join(('partnercheck', *path))}\n" in text
    command = get_command(cli.app)
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert command.help, f"partnercheck {' '.join(path)} has no help"
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"partnercheck {' '.join(path)}: {parameter.name} has no help"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_in_documents_exist(document: Path) -> None:
    for line in command_lines(document.read_text(encoding="utf-8")):
        words = shlex.split(line, comments=True)[1:]
        for end in ("|", ">", "&&", "2>", "<"):
            words = words[: words.index(end)] if end in words else words
        names = arrange(get_command(cli.app), words).names
        assert "(an unknown option)" not in names, line
        path = tuple(name for name in names if not name.startswith("-"))
        # A word in capitals stands for something else: `partnercheck COMMAND`.
        assert path or not words or words[0].startswith("-") or words[0].isupper(), line
        assert path in cli.command_paths(), line
        is_group = any(other[:-1] == path for other in cli.command_paths() if other)
        if path and is_group and words[-1] != path[-1]:
            assert all(word.startswith("-") or word.isupper() for word in words[words.index(path[-1]) + 1 :]), line


def test_the_readme_leads_with_the_two_commands_a_fresh_machine_needs() -> None:
    assert blocks(README, "sh")[0] == "make demo\nmake test\n"


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_makefile_has_them(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert f"make {target} " in done.stdout


def test_the_readme_is_honest() -> None:
    text = " ".join(README.split())
    for words in ("No patient has tested this wording yet", "What the number is not", "--plain", "no network connection"):
        assert words in text


def test_the_readme_s_python_uses_names_that_exist() -> None:
    names = set(re.findall(r"\bpc\.(\w+)", "".join(blocks(README, "python"))))
    assert names
    assert names <= set(partnercheck.__all__)


def test_the_readme_s_answers_can_be_read(tmp_path: Path) -> None:
    from partnercheck.sources.answersfile import read_answers_file

    target = tmp_path / "ours.yaml"
    target.write_text(blocks(README, "yaml")[0], encoding="utf-8")
    _, assessment = read_answers_file(target)
    assert assessment.practice == "Elm Street Surgery"


def test_the_changelog_has_this_version() -> None:
    assert re.search(
        rf"^## \[{re.escape(partnercheck.__version__)}\] - \d{{4}}-\d\d-\d\d$",
        (ROOT / "CHANGELOG.md").read_text("utf-8"),
        re.MULTILINE,
    )


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_constraints_hold_versions_only() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
