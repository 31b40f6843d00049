"""`partnercheck rubric`: what authors and facilitators see, and the exit codes scripts rely on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rubrics import edited, small_rubric, write_small
from running import ROOT, call

CASES = """\
- {name: Together, answers: {who_decides: 3}, expect: {overall: none, placed: none}}
- {name: Alone, answers: {}, expect: {placed: none}}
"""


# check


def test_a_rubric_without_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ended = call(capsys, "rubric", "check", str(write_small(tmp_path)))
    assert (ended.code, ended.out, ended.err) == (0, "Nothing wrong. There are no worked cases beside it.\n", "")


def test_findings_are_printed_with_place_source_and_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(edited("ask: Who speaks", "txt: Who speaks", edited("status: active", "status: draft")))
    ended = call(capsys, "rubric", "check", str(path))
    line = 1 + path.read_text().split("txt:")[0].count("\n")
    assert ended.code == 1
    assert f"{path}:4:9: warning R035: the rubric is marked 'draft'\n    status: draft\n    → It can be used" in ended.out
    assert f"{path}:{line}:9: error R012: unknown key 'txt' in item 'who_speaks' (did you mean 'ask'?)\n" in ended.out
    assert "    txt: Who speaks at the meetings?\n" in ended.out
    assert ended.out.endswith("2 errors, 1 warning. There are no worked cases beside it.\n")
    assert ended.err == ""


def test_warnings_alone_are_fine_unless_strict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(write_small(tmp_path, status="draft"))
    assert call(capsys, "rubric", "check", path).code == 0
    assert call(capsys, "rubric", "check", path, "--strict").code == 1
    assert call(capsys, "rubric", "check", str(write_small(tmp_path)), "--strict").code == 0


def test_the_worked_cases_beside_it_are_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path)
    (tmp_path / "small.cases.yaml").write_text(CASES)
    ended = call(capsys, "rubric", "check", str(path))
    assert (ended.code, ended.out) == (0, "Nothing wrong. 2 worked cases, all as expected.\n")


def test_a_failing_case_is_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path)
    (tmp_path / "small.cases.yaml").write_text(CASES.replace("{placed: none}", "{placed: codesign}"))
    ended = call(capsys, "rubric", "check", str(path))
    assert ended.code == 1
    assert "small.cases.yaml:2:47: error C009: case 'Alone' fails: placed should be codesign, but is none\n" in ended.out
    assert ended.out.endswith("1 error. 2 worked cases, 1 not as expected.\n")


def test_cases_are_not_run_for_a_rubric_with_errors(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path, title='""')
    (tmp_path / "small.cases.yaml").write_text(CASES)
    ended = call(capsys, "rubric", "check", str(path))
    assert ended.code == 1
    assert ended.out.endswith("1 error. The worked cases were not run.\n")


@pytest.mark.parametrize("cases", ["[]\n", "x: 1\n", "- {name: a, answers: {nobody: 1}, expect: {placed: none}}\n"])
def test_cases_that_cannot_be_read_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path, cases: str) -> None:
    path = write_small(tmp_path)
    (tmp_path / "small.cases.yaml").write_text(cases)
    ended = call(capsys, "rubric", "check", str(path))
    assert re.search(r"small\.cases\.yaml:1:\d+: (error|warning) [CY]0", ended.out)
    assert ended.out.endswith("The worked cases were not run.\n")


def test_findings_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path, status="draft", title='"A \u202e word"')
    (tmp_path / "small.cases.yaml").write_text(CASES.replace("{placed: none}", "{placed: codesign}"))
    ended = call(capsys, "rubric", "check", str(path), "--format", "json")
    told = json.loads(ended.out, parse_constant=pytest.fail)
    assert ended.code == 1
    assert {key: told[key] for key in ("format", "file", "cases")} == {
        "format": 1,
        "file": str(path),
        "cases": {"run": 2, "failed": 1},
    }
    assert [(entry["code"], entry["severity"], entry["line"], entry["column"]) for entry in told["problems"]] == [
        ("R035", "warning", 4, 9),
        ("R046", "warning", 5, 8),
        ("C009", "error", 2, 47),
    ]
    assert set(told["problems"][0]) == {"code", "severity", "file", "line", "column", "message", "fix", "source"}
    assert told["problems"][1]["source"] == 'title: "A <U+202E> word"'


def test_a_built_in_rubric_is_checked_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "rubric", "check", "partnership-journey", "--strict")
    assert ended.code == 0
    assert re.fullmatch(r"Nothing wrong\. \d+ worked cases, all as expected\.\n", ended.out)


@pytest.mark.parametrize("name", ["none.yaml", "no-such-rubric", "folder/", "a\x1b[2Jb", "none.yml"])
def test_what_is_not_there_ends_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    ended = call(capsys, "rubric", "check", name if "yaml" not in name else str(tmp_path / name))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
    assert "\x1b" not in ended.err


def test_a_slip_in_a_name_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean 'partnership-journey'?" in call(capsys, "rubric", "show", "partnership-jorney").err


def test_hostile_text_is_shown_and_cannot_act(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path, **{"a\u202eb": "1", "id": '"\u202e[bold]x"', "status": '"\\e]52;c;x\\a"'})
    for words in (("check", str(path)), ("check", str(path), "--format", "json"), ("show", str(path))):
        ended = call(capsys, "rubric", *words)
        assert ended.code in (1, 2)
        assert not set(ended.out + ended.err) & set("\x1b\x07\u202e\x9b")


def test_a_flood_of_findings_is_cut_on_the_screen_and_whole_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write_small(tmp_path, profiles="{pulse: [" + ", ".join(f"nobody_{number}" for number in range(3000)) + "]}")
    assert (
        "… and 2,000 more findings; --format json lists them all.\n3,000 errors."
        in call(capsys, "rubric", "check", str(path)).out
    )
    assert len(json.loads(call(capsys, "rubric", "check", str(path), "--format", "json").out)["problems"]) == 3000


# list


def test_the_rubrics_there_are(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    folder = own_home / "rubrics"
    folder.mkdir()
    write_small(folder, language="de", status="draft")
    (folder / "broken.yaml").write_text("format: 1\n")
    (folder / "small.cases.yaml").write_text(CASES)
    ended = call(capsys, "rubric", "list")
    assert ended.code == 0
    assert re.search(r"^partnership-journey \d+\.\d+\.\d+, active, en, built in: Partnership journey$", ended.out, re.MULTILINE)
    assert "small 1.0.0, draft, de, your own: A small rubric\n" in ended.out
    assert "broken: cannot be used." in ended.out
    assert ".cases" not in ended.out


def test_without_rubrics_of_ones_own_it_says_where_they_go(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    assert str(own_home / "rubrics") in call(capsys, "rubric", "list").err.replace("\n", "")


def test_listing_loads_no_engine() -> None:
    program = (
        "import sys; from partnercheck import boundary, cli; boundary.run(lambda: cli.run(['rubric', 'list']));"
        "print(sorted({'polars', 'narwhals', 'jinja2', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.endswith("[]\n")


# show, schema


def test_a_whole_rubric_as_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ended = call(capsys, "rubric", "show", str(write_small(tmp_path)))
    assert ended.code == 0
    for told in (
        "A small rubric\n==============\nsmall, version 1.0.0, active, language en\n5 stages, 3 areas, 7 questions\n",
        "3  Partnership (partnership)\n   Patients share in the choices.\n   Must-haves:\n   - who learns (who_learns): at least 2, Involvement\n",
        "Area 2 of 3: The team (team)\n",
        "2. Are patients thanked and paid? [paying]\n   Asks about the last 12 months. 'Not applicable' is allowed.\n   0  There is no thanks or money.\n",
        "Counts 2 times.",
        "A must-have.",
        "- Patients and carers: Patient partner (patient_partner), Carer or family\n  (carer)\n",
        "- pulse, 3 questions: who_learns, who_decides, who_designs\n",
        "A guide to time and money [guide-one]\n",
        "  https://example.org/time\n",
        "- someone2020: Someone A. A paper. 2020. doi 10.1000/1\n",
    ):
        assert told in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_only_addresses_are_wider_than_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "rubric", "show", "partnership-journey")
    assert all(len(line) <= 80 or "https://" in line for line in ended.out.splitlines())
    assert ended.out.count("   0  ") == 26


def test_a_broken_rubric_is_not_shown_but_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ended = call(capsys, "rubric", "show", str(write_small(tmp_path, title='""')))
    assert (ended.code, ended.out) == (2, "")
    assert "error R004" in ended.err
    assert "cannot be used: 1 error." in ended.err


def test_texts_in_several_paragraphs_keep_them(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = small_rubric(about=">-\n  One.\n\n  Two.")
    (tmp_path / "small.yaml").write_text(text)
    assert "\nOne.\nTwo.\n" in call(capsys, "rubric", "show", str(tmp_path / "small.yaml")).out


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "rubric", "schema")
    assert json.loads(ended.out)["title"] == "partnercheck rubric, format 1"


def test_show_for_a_screen_reader_is_one_fact_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "rubric", "show", "--plain")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert "==" not in ended.out
    assert "--" not in ended.out
    assert all(line == line.strip() for line in lines)
    assert "3 Patient partners are part of the team that plans changes. They are there each time, like any other member." in lines
