"""The results of a batch: CSV, JSON and summary of one scored table, and that no cell can become a formula."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import jsonschema
import polars as pl
import pytest

from partnercheck.errors import AnswersError, UsageError
from partnercheck.problems import Place, problem
from partnercheck.reports.results import (
    Batch,
    as_csv,
    as_json,
    asked_items,
    practice_columns,
    problem_lines,
    score_batch,
    summary,
)
from partnercheck.reports.schemas import schema_of
from partnercheck.sources.plaintable import Table
from rubrics import loaded

RUBRIC = loaded()
KEYS = ("file", "row", "line", "practice", "period", "respondent", "role", "kind")


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows as the reader hands them on; every question at 3 but those named."""
    whole = []
    for number, row in enumerate(rows, 1):
        keys = {
            "file": "t.csv",
            "row": number,
            "line": number + 1,
            "practice": f"P{number}",
            "period": "2026-Q4",
            "respondent": None,
            "role": None,
            "kind": "consensus",
        }
        whole.append(keys | dict.fromkeys(RUBRIC.item_ids, "3") | row)
    return pl.DataFrame(whole, schema_overrides=dict.fromkeys(("respondent", "role", "period"), pl.String))


def batch(*rows: dict[str, Any], profile: str = "full", problems: Any = (), rejected: int = 0, notices: Any = ()) -> Batch:
    read = Table(table(*rows), list(problems), len(rows) + rejected, rejected, list(notices), "Read.", ())
    return score_batch(read, RUBRIC, profile)


ROWS: tuple[dict[str, Any], ...] = (
    {},
    {"who_decides": "1"},
    {"staff_time": "DK", "paying": ""},
    {"kind": "respondent", "respondent": "R1", "role": "nurse", "who_learns": "4"},
)


def test_practices_as_csv_with_the_fixed_columns() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(batch(*ROWS)))))
    assert list(lines[0]) == practice_columns(RUBRIC)
    assert practice_columns(RUBRIC) == [
        "practice", "period", "mode", "respondents", "patients", "weighting", "confirmed_by_patients", "overall", "index", "proposed", "placed",
        "status", "held_back_by", "reason", "report_file", "means", "team", "choices", "means__placed", "team__placed", "choices__placed",
    ]  # fmt: skip
    assert [line["practice"] for line in lines] == ["P1", "P2", "P3"], "respondents are no practices"
    whole, held, short = lines
    assert (whole["overall"], whole["index"], whole["placed"], whole["held_back_by"], whole["reason"], whole["status"]) == (
        "3.0",
        "75",
        "partnership",
        "",
        "",
        "scored",
    )
    assert (held["proposed"], held["placed"], held["held_back_by"]) == ("partnership", "involvement", "who_decides")
    assert held["reason"] == "The score fits Partnership; placed lower because of who decides."
    assert (held["overall"], held["choices"], held["choices__placed"]) == ("2.666666667", "2.0", "involvement")
    assert (short["overall"], short["index"], short["placed"], short["status"]) == ("", "", "", "incomplete")
    assert short["reason"] == "Not enough answers: Time and money (0 of 2)."


def test_an_open_must_have_is_not_told_as_a_low_answer() -> None:
    (line,) = csv.DictReader(io.StringIO(as_csv(batch({"who_learns": "DK"}))))
    assert line["reason"] == "The score fits Partnership; placed lower because of who learns (no answer yet)."


def test_a_practice_in_two_periods_is_said_to_count_twice() -> None:
    lines = summary(batch({"practice": "Elm", "period": "2026-Q3"}, {"practice": "Elm"}))
    assert "Practices by stage (one that stands there for several periods counts each time):" in lines


def test_respondents_as_csv() -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(batch(*ROWS), respondents=True))))
    assert list(lines[0]) == [
        "file",
        "row",
        "practice",
        "period",
        "respondent",
        "role",
        "overall",
        "index",
        "placed",
        "status",
        "means",
        "team",
        "choices",
    ]
    assert [(line["row"], line["respondent"], line["role"]) for line in lines] == [("4", "R1", "nurse")]


def test_json_has_the_published_shape() -> None:
    found = problem(
        "A001", Place("t.csv", 3, None, 2, "paying"), value="x@example.org", shown="x", item="paying", hint="", allowed="0 to 4"
    )
    content = json.loads(as_json(batch(*ROWS, problems=[found], rejected=1), respondents=True))
    jsonschema.validate(content, schema_of("results"))
    assert content["rubric"]["sha256"] == RUBRIC.sha256
    assert content["rows"] == {"read": 5, "scored": 4, "rejected": 1}
    whole, held, short = content["practices"]
    assert whole["overall"] == {
        "score": 3.0,
        "index": 75,
        "proposed": "partnership",
        "placed": "partnership",
        "possible": None,
        "status": "scored",
        "held_back_by": [],
    }
    assert held["overall"]["held_back_by"] == ["who_decides"]
    assert short["overall"]["possible"] == {"low": "involvement", "high": "partnership"}
    assert short["overall"]["held_back_by"] is None
    assert short["domains"][0] == {
        "id": "means",
        "score": None,
        "placed": None,
        "answered": 0,
        "applicable": 2,
        "status": "incomplete",
    }
    assert short["items"][:2] == [
        {"id": "staff_time", "score": None, "state": "dk"},
        {"id": "paying", "score": None, "state": "blank"},
    ]
    assert content["respondents"][0]["respondent"] == "R1"
    assert content["problems"] == [
        {
            "file": "t.csv",
            "row": 2,
            "line": 3,
            "column": "paying",
            "value": "(hidden: looks like an e-mail address)",
            "code": "A001",
            "message": found.sentence,
        }
    ]
    assert "respondents" not in json.loads(as_json(batch(*ROWS)))


def test_a_profile_has_no_scores() -> None:
    frame = table({}).select(*KEYS, "who_decides", "who_learns", "who_designs")
    found = score_batch(Table(frame, [], 1, 0, [], "Read.", ()), RUBRIC, "pulse")
    entry = json.loads(as_json(found))["practices"][0]
    assert entry["overall"]["status"] == "profile"
    assert entry["overall"]["score"] is None
    assert {domain["status"] for domain in entry["domains"]} == {"profile"}
    lines = summary(found)
    assert "The profile 'pulse' has no score and no placement." in lines
    assert "Must-haves in place, of 1:" in lines
    assert "  who decides (for Partnership): 1" in lines
    assert "  who designs (for Co-design partnership): 0" in lines
    (line,) = csv.DictReader(io.StringIO(as_csv(found)))
    assert (line["status"], line["means__placed"], line["team__placed"], line["choices__placed"]) == ("profile", "", "", "")


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    assert asked_items(RUBRIC, "full") == RUBRIC.item_ids
    with pytest.raises(UsageError, match="did you mean 'pulse'"):
        asked_items(RUBRIC, "puls")


def test_a_row_without_one_readable_answer_is_rejected_and_named() -> None:
    unreadable = dict.fromkeys(RUBRIC.item_ids, "?")
    found = batch({}, unreadable)
    assert json.loads(as_json(found))["rows"] == {"read": 2, "scored": 1, "rejected": 1}
    assert [entry.code for entry in found.problems].count("A001") == len(RUBRIC.item_ids)
    assert [(entry.code, entry.place.row) for entry in found.problems if entry.code == "T034"] == [("T034", 2)]
    with pytest.raises(AnswersError) as refused:
        batch(unreadable)
    assert len(refused.value.problems) == len(RUBRIC.item_ids) + 1


def test_the_summary_says_what_was_understood_and_what_came_out() -> None:
    found = problem("A001", Place("t.csv", 3, None, 2, "paying"), value="x", shown="x", item="paying", hint="", allowed="0 to 4")
    lines = summary(batch(*ROWS, problems=[found], rejected=1, notices=["These two look like one."]))
    assert lines[0] == "Read."
    assert (
        "Numbers were read as: 0 = Not yet, 1 = Consultation, 2 = Involvement, 3 = Partnership, 4 = Co-design partnership."
        in lines
    )
    assert "Rows: 5 read, 4 scored, 1 rejected." in lines
    assert "These two look like one." in lines
    assert "  Partnership: 1" in lines
    assert "  Involvement: 1" in lines
    assert "  Not enough answers: 1" in lines
    assert "  who decides: one practice" in lines
    assert any(line.startswith("1 person was scored one by one.") for line in lines)
    assert lines[-1].startswith("To put right: one problem")


def test_a_summary_without_problems_names_none() -> None:
    text = "\n".join(summary(batch({})))
    assert "To put right" not in text
    assert "could not be read" not in text
    assert "held" not in text


@pytest.mark.parametrize("text", ["=2+2", "+1", "-1", "@sum", "  =2", "＝2", "－5", '=HYPERLINK("x")', "+cmd|' /C calc'!A0"])
def test_a_name_that_could_be_a_formula_is_marked(text: str) -> None:
    assert next(csv.DictReader(io.StringIO(as_csv(batch({"practice": text})))))["practice"] == "'" + text


def test_hostile_names_stay_in_their_cell() -> None:
    for name in ('a","b', "a;b", "<b>x</b>", "'quoted'", "a, b"):
        text = as_csv(batch({"practice": name}))
        assert len(text.splitlines()) == 2
        assert list(csv.reader(io.StringIO(text)))[1][0] == name


def test_problem_lines_show_the_first_and_say_how_many_more() -> None:
    found = [
        problem("A001", Place("t.csv", n + 1, None, n, "paying"), shown="x", item="paying", hint="", allowed="0 to 4")
        for n in range(1, 61)
    ]
    lines = problem_lines(found)
    assert lines[0] == "t.csv, row 1, line 2, column paying: error A001: 'x' is not an answer to 'paying'. Allowed: 0 to 4."
    assert lines[-1] == "… and 10 more. All of them: --format json"
    assert len(lines) == 51
