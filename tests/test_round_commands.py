"""`assess`, `report`, `explain`: what a team types, and what it gets."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import jsonschema
import pytest

from partnercheck.reports.schemas import schema_of
from running import ROOT, call

ELM = str(ROOT / "examples" / "elm-street.yaml")


def test_assess_prints_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "assess", "--answers", ELM)
    assert (ended.code, ended.err) == (0, "")
    text = " ".join(ended.out.split())
    assert (
        "Most of your answers fit Partnership. We place you at Involvement, because of one answer: how close patients are to decisions."
        in text
    )
    assert "No patient has tested this wording yet." in text


@pytest.mark.parametrize("name", ["LINES", "COLUMNS"])
def test_a_screen_size_that_is_no_number(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for size in ("²", "9" * 5000, "wide"):
        monkeypatch.setenv(name, size)
        assert call(capsys, "assess", "--answers", ELM).code == 0


def test_options_beat_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "assess", "--answers", ELM, "--practice", "Oak Hill", "--period", "2027-H1", "--plain")
    assert "Report for Oak Hill." in ended.out
    assert "January to June 2027" in ended.out


def test_assess_with_another_rubric(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from rubrics import write_small

    answers = tmp_path / "a.yaml"
    answers.write_text("practice: Elm\nanswers: {staff_time: 3, paying: 3}\n")
    ended = call(capsys, "assess", "--rubric", str(write_small(tmp_path)), "--answers", str(answers), "--plain")
    assert ended.code == 0
    assert "A small rubric, no period given, agreed by the team." in ended.out


def test_assess_without_answers_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    ended = call(capsys, "assess")
    assert ended.code == 2
    assert "assess --answers FILE" in ended.err


def test_a_faulty_file_lists_everything_and_prints_no_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("practice: Elm\nperiod: soon\nanswers:\n  mat_time: 9\n  mat_tim: 2\n")
    ended = call(capsys, "assess", "--answers", str(path))
    assert (ended.code, ended.out) == (2, "")
    assert [line.split(": ")[1] for line in ended.err.splitlines() if line.startswith(str(path))] == [
        "error A017",
        "error A001",
        "error A010",
    ]
    assert "mat_time: 9" in ended.err, "the line itself is shown"
    assert "Nothing was taken from" in ended.err


@pytest.mark.parametrize("name", ["none.yaml", "folder.yaml", "pipe.yaml"])
def test_what_is_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.yaml").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.yaml")
    ended = call(capsys, "assess", "--answers", str(tmp_path / name))
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1


def test_report_takes_an_answers_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "report", ELM, "--plain").out == call(capsys, "assess", "--answers", ELM, "--plain").out


def test_a_rubric_of_your_own_serves_report_and_explain_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from rubrics import write_small

    rubric = str(write_small(tmp_path))
    answers = tmp_path / "a.yaml"
    answers.write_text("practice: Elm #2\nanswers: {staff_time: 3, paying: 3}\n")
    ended = call(capsys, "report", str(answers), "--rubric", rubric, "--format", "markdown")
    assert (ended.code, ended.out.splitlines()[0]) == (0, "# Elm: A small rubric")
    assert "warning A020" in ended.err
    assert "Time and money (means)" in call(capsys, "explain", "means", "--round", str(answers), "--rubric", rubric).out


@pytest.mark.parametrize("reference", [(), ("current",), ("Elm@2026-Q4",)])
def test_report_of_a_kept_round_comes_later(capsys: pytest.CaptureFixture[str], reference: tuple[str, ...]) -> None:
    ended = call(capsys, "report", *reference)
    assert ended.code == 2
    assert "keeps no rounds" in ended.err


def test_report_as_json_and_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(call(capsys, "report", ELM, "--format", "json").out)
    jsonschema.validate(found, schema_of("report"))
    assert call(capsys, "report", ELM, "--format", "markdown").out.startswith("# Elm Street Surgery: Partnership journey\n")


def test_notes_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("terminal", "markdown", "json"):
        assert "First Tuesday" not in call(capsys, "report", ELM, "--format", form).out
        assert "First Tuesday" in call(capsys, "report", ELM, "--format", form, "--with-notes").out


class TestWriting:
    def test_a_report_as_a_file_is_private_and_whole(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        target = tmp_path / "report.md"
        before = os.umask(0)
        try:
            ended = call(capsys, "report", ELM, "--format", "markdown", "-o", str(target))
        finally:
            os.umask(before)
        assert (ended.code, ended.out) == (0, "")
        assert str(target) in ended.err
        assert target.read_text() == call(capsys, "report", ELM, "--format", "markdown").out
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir()] == ["report.md"]

    def test_a_file_without_a_width_is_plain(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        call(capsys, "report", ELM, "-o", str(tmp_path / "r.txt"))
        assert (tmp_path / "r.txt").read_text() == call(capsys, "report", ELM, "--plain").out

    def test_what_is_there_is_never_overwritten(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        target = tmp_path / "report.md"
        target.write_text("mine")
        ended = call(capsys, "report", ELM, "-o", str(target))
        assert ended.code == 73
        assert target.read_text() == "mine"

    def test_a_name_no_disk_takes(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        ended = call(capsys, "report", ELM, "-o", str(tmp_path / ("x" * 300)))
        assert ended.code == 73
        assert list(tmp_path.iterdir()) == []

    def test_a_disk_that_knows_no_links(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
        target = tmp_path / "report.md"
        assert call(capsys, "report", ELM, "-o", str(target)).code == 0
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        whole = target.read_text()
        assert call(capsys, "report", ELM, "-o", str(target)).code == 73
        assert target.read_text() == whole
        assert [path.name for path in tmp_path.iterdir()] == ["report.md"]

    def test_a_file_that_appears_meanwhile_is_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from partnercheck import files
        from partnercheck.errors import CannotCreate

        target = tmp_path / "report.md"
        monkeypatch.setattr(files, "_refuse_taken", lambda path, **_: path.write_text("somebody else's"))
        with pytest.raises(CannotCreate):
            files.write_atomic(target, "ours")
        assert target.read_text() == "somebody else's"
        assert [path.name for path in tmp_path.iterdir()] == ["report.md"]

    def test_nor_an_input_a_link_or_a_folder(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        answers = tmp_path / "a.yaml"
        answers.write_text(Path(ELM).read_text())
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
        for target in (answers, tmp_path / "link", tmp_path, tmp_path / "missing" / "r.md"):
            assert call(capsys, "report", str(answers), "-o", str(target)).code == 73
        assert answers.read_text() == Path(ELM).read_text()
        assert not (tmp_path / "elsewhere").exists()


class TestExplain:
    def test_everything(self, capsys: pytest.CaptureFixture[str]) -> None:
        out = call(capsys, "explain", "--round", ELM).out
        assert "  Mean of the areas (unrounded): 15.383333333 divided by 6 = 2.563888889, shown as 2.6." in out
        assert "  The score proposes Partnership (from 2.5, below 3.5)." in out
        assert "  Placed: Involvement; held back by how close patients are to decisions." in out
        assert (
            "  The area Learning together (lrn) is at Involvement; at most one stage above that can be placed, which is Partnership."
            in out
        )

    def test_an_area(self, capsys: pytest.CaptureFixture[str]) -> None:
        out = call(capsys, "explain", "soc", "--round", ELM).out
        assert out.splitlines()[0] == "Teamwork and power (soc)"
        assert "  soc_dissent: not agreed: no stage, so not in the mean" in out
        assert "  4 of 5 questions that apply have a stage; 4 are needed." in out
        assert "  Sum 12 divided by 4 = 3, shown as 3.0." in out

    def test_a_question(self, capsys: pytest.CaptureFixture[str]) -> None:
        out = call(capsys, "explain", "lrn_nearness", "--round", ELM).out
        assert "  Your answer: 1." in out
        assert out == call(capsys, "explain", "How close patients are to decisions", "--round", ELM).out, "its name will do"
        assert (
            "  Must-have for Partnership: How close patients are to decisions (lrn_nearness) at Partnership (2.5) or above. It has 1: not in place."
            in out
        )

    def test_something_else_names_the_nearest(self, capsys: pytest.CaptureFixture[str]) -> None:
        ended = call(capsys, "explain", "lrn_nearnes", "--round", ELM)
        assert ended.code == 2
        assert "did you mean 'lrn_nearness'?" in ended.err

    def test_an_incomplete_round(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_text("practice: Elm\nanswers: {mat_time: 2, mat_pay: NA, mat_access: 2}\n")
        out = call(capsys, "explain", "--round", str(path)).out
        assert "  mat_pay: not applicable: left out, and not counted as a question that applies" in out
        assert "  Sum 4 divided by 2 = 2, shown as 2.0." in out
        assert "  So this area has no score." in out
        assert "  With every open answer at the lowest stage: Not yet." in out
        assert "  With every open answer at the highest stage: Co-design partnership." in out

    def test_a_pulse(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_text("practice: Elm\nprofile: pulse\nanswers: {lrn_rhythm: 3}\n")
        out = call(capsys, "explain", "overall", "--round", str(path)).out
        assert "  This was a shorter check: it has no overall score and no placement." in out
        assert "(lrn_rhythm) at Partnership (2.5) or above. It has 3: in place." in out

    def test_weights_are_shown(self, tmp_path: Path) -> None:
        from rubrics import write_small

        write_small(tmp_path)
        path = tmp_path / "a.yaml"
        path.write_text("practice: Elm\nanswers: {who_speaks: 3, who_learns: 2, how_often: 2}\n")
        from partnercheck.reports.explain import explain
        from partnercheck.rubric.loader import load_rubric
        from partnercheck.sources.answersfile import Given, read_answers_file

        rubric, assessment = read_answers_file(path, Given(load_rubric(tmp_path / "small.yaml")))
        lines = explain(assessment, rubric, "team")
        assert "  who_speaks: 3 times weight 2 = 6" in lines
        assert "  Sum 10 divided by 4 = 2.5, shown as 2.5." in lines

    def test_an_area_of_a_pulse(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        path = tmp_path / "a.yaml"
        path.write_text("practice: Elm\nprofile: pulse\nanswers: {lrn_rhythm: 3, lrn_nearness: 3, lrn_trying: 3}\n")
        out = call(capsys, "explain", "lrn", "--round", str(path)).out
        assert "  This was a shorter check: its areas have no score and no placement." in out
        assert "placed at" not in out


def test_sentences_are_wrapped_for_people_and_whole_for_programs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = call(capsys, "explain", "--round", ELM).out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "60")
    wrapped = call(capsys, "explain", "--round", ELM).out
    assert max(map(len, whole.splitlines())) > 60
    assert max(map(len, wrapped.splitlines())) <= 60
    assert " ".join(wrapped.split()) == " ".join(whole.split())
    plain = call(capsys, "explain", "--round", ELM, "--plain").out
    assert plain == whole
