"""`score` and `demo`: a table in, a summary, CSV or JSON out; every row scored or named."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from partnercheck.reports.schemas import schema_of
from rubrics import loaded, write_small
from running import ROOT, call

TWELVE = str(ROOT / "examples" / "twelve-practices.csv")
ITEMS = loaded().item_ids


@pytest.fixture
def rubric(tmp_path: Path) -> str:
    return str(write_small(tmp_path))


def table(folder: Path, *rows: str, header: str = "practice,period") -> str:
    """A table of the small rubric: each row is its keys and one answer for all questions."""
    path = folder / "table.csv"
    lines = [f"{header},{','.join(ITEMS)}"]
    lines += [f"{keys},{','.join([answer] * len(ITEMS))}" for keys, _, answer in (row.rpartition(",") for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def test_the_example_table(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "score", TWELVE)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == "Read as 12 teams' agreed answers, one row each. If these are single people's answers: --mode survey"
    assert "Rows: 12 read, 12 scored, 0 rejected." in lines
    assert "  Involvement: 6" in lines


def test_csv_and_json_hold_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(csv.DictReader(io.StringIO(call(capsys, "score", TWELVE, "--format", "csv").out)))
    content = json.loads(call(capsys, "score", TWELVE, "--format", "json").out)
    jsonschema.validate(content, schema_of("results"))
    assert len(lines) == len(content["practices"]) == content["rows"]["scored"] == 12
    for line, entry in zip(lines, content["practices"], strict=True):
        assert line["practice"] == entry["practice"]
        assert line["overall"] == ("" if entry["overall"]["score"] is None else str(entry["overall"]["score"]))
        assert line["placed"] == (entry["overall"]["placed"] or "")
        assert [line[domain["id"]] for domain in entry["domains"]] == [
            "" if domain["score"] is None else str(domain["score"]) for domain in entry["domains"]
        ]


def test_bad_cells_and_rows_are_named_and_the_rest_is_scored(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str
) -> None:
    path = Path(table(tmp_path, "Elm,2026-Q4,3", "Oak,2026-Q4,2", ",2026-Q4,1", "Ash,soon,3"))
    text = path.read_text().replace("Oak,2026-Q4,2,2", "Oak,2026-Q4,2,2-3")
    path.write_text(text + "Fir,2026-Q4,3\n")
    ended = call(capsys, "score", str(path), "--rubric", rubric)
    assert ended.code == 1
    assert "Rows: 5 read, 2 scored, 3 rejected." in ended.out
    assert "Cells that could not be read and count as missing: 1." in ended.out
    rows = [line.split(", ")[1] for line in ended.err.splitlines()]
    assert rows == ["row 2", "row 3", "row 4", "row 5"]
    assert (
        "column paying: error A002: '2-3' is not an answer to 'paying'; a spreadsheet probably turned this into a date."
        in ended.err
    )
    content = json.loads(call(capsys, "score", str(path), "--rubric", rubric, "--format", "json").out)
    assert [(found["row"], found["line"]) for found in content["problems"]] == [(2, 3), (3, 4), (4, 5), (5, 6)]
    assert content["rows"] == {"read": 5, "scored": 2, "rejected": 3}


def test_single_people_are_scored_one_by_one(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = table(tmp_path, "Elm,P1,nurse,3", "Elm,P2,patient_partner,2", header="practice,respondent,role")
    ended = call(capsys, "score", path, "--rubric", rubric)
    assert ended.code == 0
    assert "2 people were scored one by one." in ended.out
    assert "P1" not in call(capsys, "score", path, "--rubric", rubric, "--format", "json").out
    content = json.loads(call(capsys, "score", path, "--rubric", rubric, "--format", "json", "--respondents").out)
    jsonschema.validate(content, schema_of("results"))
    assert content["practices"] == []
    assert [(row["respondent"], row["role"], row["overall"]["score"]) for row in content["respondents"]] == [
        ("P1", "nurse", 3.0),
        ("P2", "patient_partner", 2.0),
    ]
    lines = call(capsys, "score", path, "--rubric", rubric, "--format", "csv", "--respondents").out.splitlines()
    assert len(lines) == 3
    empty = call(capsys, "score", path, "--rubric", rubric, "--format", "csv")
    assert "--respondents" in empty.err


def test_a_team_and_people_in_one_table(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = table(tmp_path, "Elm,consensus,3", "Elm,nurse,2", header="practice,role")
    content = json.loads(call(capsys, "score", path, "--rubric", rubric, "--format", "json", "--respondents").out)
    assert (len(content["practices"]), len(content["respondents"])) == (1, 1)


def test_the_mode_can_be_said(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = table(tmp_path, "Elm,2026-Q4,3")
    assert "1 person was scored" in call(capsys, "score", path, "--rubric", rubric, "--mode", "survey").out
    assert "1 team's agreed answers" in call(capsys, "score", path, "--rubric", rubric).out


def test_a_pulse(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    ended = call(capsys, "score", table(tmp_path, "Elm,2026-Q4,3"), "--rubric", rubric, "--profile", "pulse")
    assert ended.code == 0
    assert "The profile 'pulse' has no score and no placement." in ended.out
    assert call(capsys, "score", TWELVE, "--profile", "puls").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("score",),
        ("score", "none.csv"),
        ("score", TWELVE, "--rubric", "nowhere"),
        ("score", TWELVE, "--period", "soon"),
        ("score", TWELVE, "--mode", "team"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    ended = call(capsys, *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err


def test_no_usable_row_is_refused_with_its_reasons(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    ended = call(capsys, "score", table(tmp_path, "Elm,2026-Q4,x"), "--rubric", rubric)
    assert (ended.code, ended.out) == (2, "")
    assert "No row could be scored." in ended.err
    assert ended.err.count("A001") == len(ITEMS)


def test_unknown_columns_are_listed_and_never_copied_out(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = table(tmp_path, "Elm,canary@example.org,3", header="practice,E-mail address")
    for form in ("summary", "csv", "json"):
        ended = call(capsys, "score", path, "--rubric", rubric, "--format", form)
        assert "canary" not in ended.out + ended.err
    assert "E-mail address" in call(capsys, "score", path, "--rubric", rubric).out
    for form in ("csv", "json"):
        assert "E-mail address" in call(capsys, "score", path, "--rubric", rubric, "--format", form).err


def test_two_files_that_look_alike_by_name_are_two_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = Path(table(tmp_path, "Elm,2026-Q4,DK")).read_text()
    Path("a^[.csv").write_text(text.replace(",DK", ",3").replace("2026-Q4,3", "2026-Q4,DK"))
    Path("a\x1b.csv").write_text(text.replace("Elm", "Oak"))
    ended = call(capsys, "score", "a^[.csv", "a\x1b.csv", "--rubric", rubric, "--format", "json")
    content = json.loads(ended.out)
    assert content["rows"] == {"read": 2, "scored": 2, "rejected": 0}
    assert [entry["practice"] for entry in content["practices"]] == ["Elm", "Oak"]


def test_one_file_by_two_names_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = Path(table(tmp_path, "Elm,2026-Q4,3"))
    (tmp_path / "hard.csv").hardlink_to(path)
    (tmp_path / "soft.csv").symlink_to(path)
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for other in ("hard.csv", "soft.csv", "table.csv"):
        ended = call(capsys, "score", str(path), str(tmp_path / other), "--rubric", rubric)
        assert (ended.code, ended.out) == (2, "")
        assert "named twice" in ended.err
    assert call(capsys, "score", str(tmp_path / "loop.csv"), "--rubric", rubric).code in (2, 74)


def test_respondents_are_not_named_unless_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path, rubric: str) -> None:
    path = table(tmp_path, "Elm,CANARY,nurse,3", "Elm,CANARY,nurse,2", "Elm,P2,nurse,2", header="practice,respondent,role")
    for form in ("summary", "csv", "json"):
        ended = call(capsys, "score", path, "--rubric", rubric, "--format", form)
        assert ended.code == 1
        assert "CANARY" not in ended.out + ended.err


def test_a_million_bad_cells_share_their_words() -> None:
    from partnercheck.problems import Place, problem

    first, second = (problem("A003", Place(row=row), item="paying", allowed="0 to 4") for row in (1, 2))
    assert first.message is second.message


def test_demo_shows_a_round_and_a_cohort_and_keeps_nothing(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    ended = call(capsys, "demo")
    assert (ended.code, ended.err) == (0, "")
    assert "Elm Street Surgery" in ended.out
    assert "WHERE YOU ARE" in ended.out
    assert "Practices by stage:" in ended.out
    assert list(own_home.iterdir()) == []
    plain = call(capsys, "demo", "--plain")
    assert "Where you are." in plain.out
    assert "─" not in plain.out
