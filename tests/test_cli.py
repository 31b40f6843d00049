"""The command line as people use it: words, exit codes, options before and after."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
import typer

import partnercheck
from partnercheck import cli, console
from partnercheck.__main__ import main
from partnercheck.places import data_dir
from partnercheck.reports import schemas
from running import call, start

Capture = pytest.CaptureFixture[str]
CANARY = "Mrs-Smith-said-no-81c2"


# The overview and the help


def test_alone_it_prints_what_one_can_do(capsys: Capture) -> None:
    done = call(capsys)
    assert done.code == 0
    assert "partnercheck demo" in done.out
    assert "--plain" in done.out
    assert done.err == ""


def test_every_command_of_the_overview_exists() -> None:
    lines = [line.split() for line in cli.OVERVIEW.splitlines() if line.startswith("  partnercheck")]
    named = {words[1] for words in lines if not words[1].startswith("-")}
    assert named <= {path[0] for path in cli.command_paths() if path}


def test_the_first_line_of_the_help_is_for_screen_readers(capsys: Capture) -> None:
    done = call(capsys, "--help")
    assert done.code == 0
    words = done.out.partition("\n\n")[2].lstrip().splitlines()[0]
    assert "--plain" in words
    assert "screen reader" in words


def test_help_groups_the_commands_by_whom_they_are_for(capsys: Capture) -> None:
    out = call(capsys, "--help").out
    teams, facilitators, authors = (out.index(f"\n{heading}:\n") for heading in (cli.TEAMS, cli.FACILITATORS, cli.AUTHORS))
    assert teams < out.index("  assess ") < facilitators < out.index("  score ") < authors < out.index("  schema ")
    assert "..." not in out.partition(cli.TEAMS)[2]


@pytest.mark.parametrize("path", cli.command_paths(), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...], capsys: Capture) -> None:
    done = call(capsys, *path, "--help")
    assert done.code == 0
    assert done.out.startswith(f"Usage: {' '.join(('partnercheck', *path))}")
    assert done.err == ""
    assert done == call(capsys, *path, "-h")
    assert cli.help_text(path).split() == done.out.split()


@pytest.mark.parametrize("words", [("--version",), ("--plain", "--version"), ("--version", "--debug")])
def test_version(words: tuple[str, ...], capsys: Capture) -> None:
    done = call(capsys, *words)
    assert (done.code, done.out, done.err) == (0, f"partnercheck {partnercheck.__version__}\n", "")


def test_version_and_module_as_programs() -> None:
    assert start("--version").out == f"partnercheck {partnercheck.__version__}\n"
    done = start("asess")
    assert (done.code, done.out) == (2, "")
    assert done.err == "No such command 'asess'. Did you mean 'assess'?\nTry 'partnercheck --help'.\n"


def test_main_answers_version_itself_and_hands_on_the_rest(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    for words, code in ((["--version"], 0), (["schema", "answers"], 0), (["nonsense"], 2)):
        monkeypatch.setattr(sys, "argv", ["partnercheck", *words])
        assert main() == code
    assert capsys.readouterr().out.startswith(f"partnercheck {partnercheck.__version__}\n{{")


def test_what_no_command_returns_is_no_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def ending(_name: str) -> dict[str, object]:
        raise typer.Abort if _name == "answers" else typer.Exit(75)

    monkeypatch.setattr(schemas, "schema_of", ending)
    assert call(capsys, "schema", "answers").code == 130
    assert call(capsys, "schema", "results").code == 75


# Where data lives


def test_the_data_directory(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    assert data_dir(Path("chosen")) == Path("chosen")
    assert data_dir() == own_home
    monkeypatch.delenv("PARTNERCHECK_HOME")
    assert data_dir().name == "partnercheck"
    assert data_dir().is_absolute()


# Wrong usage


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["asess"], "No such command 'asess'. Did you mean 'assess'?\nTry 'partnercheck --help'."),
        (["schema"], "Missing argument 'WHAT'."),
        (["schema", "reslts"], "Try 'partnercheck schema --help'."),
        (["schema", "answers", "more"], "Got unexpected extra argument(s) (more)"),
        (["schema", "--wat"], "No such option: --wat"),
        (["--data-dir"], "Option '--data-dir' needs a value after it.\nTry 'partnercheck --help'."),
        (["schema", "answers", "--data-dir"], "Option '--data-dir' needs a value after it."),
        (["--plain=yes", "schema"], "Option '--plain' does not take a value."),
    ],
)
def test_wrong_usage_is_a_sentence_and_the_way_to_help(words: list[str], sentence: str, capsys: Capture) -> None:
    done = call(capsys, *words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert done.err.count("\n") == 2
    assert "Value error" not in done.err


@pytest.mark.parametrize(
    "hostile", ["\x1b[31mred", "\x1b]8;;http://x\x07", "a\nTry 'rm -rf'", "\u202eright", "\x9b2J", "--\x1b[2J", "-\x1b"]
)
@pytest.mark.parametrize("before", [(), ("schema",), ("schema", "answers")])
def test_what_is_typed_cannot_act(before: tuple[str, ...], hostile: str, capsys: Capture) -> None:
    done = call(capsys, *before, hostile)
    assert done.code == 2
    assert not set(done.err) & set("\x1b\x07\x9b\u202e")
    assert done.err.count("\n") == 2


# Global options


@pytest.mark.parametrize(
    "words",
    [("--plain", "schema", "answers"), ("schema", "--plain", "answers"), ("schema", "answers", "--screen-reader")],
)
def test_plain_before_and_after(words: tuple[str, ...], capsys: Capture) -> None:
    assert call(capsys, *words).code == 0
    assert console.settings.plain
    assert console.is_plain()


def test_options_of_one_run_do_not_stay(capsys: Capture) -> None:
    call(capsys, "--plain", "--debug", "--data-dir", "x", "schema", "answers")
    assert (console.settings.plain, console.settings.debug, console.settings.data_dir) == (True, True, Path("x"))
    call(capsys, "schema", "answers")
    assert (console.settings.plain, console.settings.debug, console.settings.data_dir) == (False, False, None)


@pytest.mark.parametrize(
    ("name", "value", "is_plain"),
    [
        ("PARTNERCHECK_PLAIN", "1", True),
        ("PARTNERCHECK_PLAIN", "0", False),
        ("PARTNERCHECK_PLAIN", "", False),
        ("TERM", "dumb", True),
    ],
)
def test_plain_by_the_environment(
    name: str, value: str, is_plain: bool, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv(name, value)
    assert call(capsys).code == 0
    assert console.settings.plain is is_plain


@pytest.mark.parametrize(
    "env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"FORCE_COLOR": "1"}, {"COLUMNS": "1"}, {"COLUMNS": "0", "LINES": "0"}]
)
def test_no_escape_sequence_whatever_the_terminal(env: dict[str, str]) -> None:
    done = start("--help", env=env)
    assert done.code == 0
    assert "\x1b" not in done.out + done.err


@pytest.mark.parametrize(("columns", "width"), [("1", 40), ("60", 60), ("500", 120), ("nonsense", 80)])
def test_the_width_to_lay_out_for(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert console.width() == width


# A mistake of ours, from the command line to the log


def test_a_bug_in_a_command_tells_no_answer(own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def boom(name: str) -> dict[str, object]:
        raise ValueError(f"{name} {CANARY}")

    monkeypatch.setattr(schemas, "schema_of", boom)
    done = call(capsys, "--plain", "schema", "answers", "--data-dir", str(own_home / CANARY))
    log = (own_home / CANARY / "error.log").read_text(encoding="utf-8")
    assert done.code == 70
    assert CANARY not in done.out + log + done.err.replace(str(own_home / CANARY), "")
    assert "command --plain schema --data-dir\n" in log
    assert "partnercheck/commands/schema.py:" in log
    debugged = call(capsys, "--debug", "schema", "answers")
    assert f"ValueError: answers {CANARY}" in debugged.err


# Schemas


@pytest.mark.parametrize("what", ["results", "report", "rubric", "answers"])
def test_schema_prints_a_valid_schema(what: str, capsys: Capture) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    done = call(capsys, "schema", what)
    assert (done.code, done.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(done.out))


def test_the_schema_of_an_answers_file() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(schemas.answers_schema())
    good = {
        "practice": "Elm Street", "period": "2026-Q4", "present": {"nurse": 1, "patient_partner": 2},
        "answers": {"mat_time": 2, "tec_data": "DK", "mat_pay": {"answer": "NA", "reason": "The law."}}, "x-own": 1,
    }  # fmt: skip
    assert list(validator.iter_errors(good)) == []
    for key, value in {"answers": {"A": 1}, "present": {"nurse": -1}, "practise": "x", "confirmed_by_patients": "maybe"}.items():
        assert list(validator.iter_errors({**good, key: value})), key


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_schemas_are_written_in_ascii_if_the_screen_knows_no_more() -> None:
    done = start("schema", "results", env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    json.loads(done.out)
